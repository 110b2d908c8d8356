"""What the libraries offer, asked of their workers, and what became of each name (``catalogue/surface.py``)."""

from __future__ import annotations

import shutil
from collections.abc import Iterable
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

from reportgen.catalogue.exclusions import OUTSIDE, lists
from reportgen.catalogue.rows import all_rows
from reportgen.catalogue.surface import Reason, Surface, judge
from reportgen.core.model import Outcome, TargetSpec
from reportgen.results.tables import table

LIBRARIES = ("numpy", "tensorflow", "scipy")
SURFACE_LIMIT = 120.0
NAME_COLUMNS = ("namespace", "name", "kind", "status", "functions", "via", "reason")


def one_per_library(targets: Iterable[TargetSpec]) -> list[TargetSpec]:
    """The first plain target of each library (eager, on the CPU), else its first one."""
    found: dict[str, TargetSpec] = {}
    for target in targets:
        plain = target.mode == "eager" and target.device == "CPU"
        known = found.get(target.library)
        if known is None or (plain and (known.mode, known.device) != ("eager", "CPU")):
            found[target.library] = target
    return [found[name] for name in LIBRARIES if name in found]


def walked(library: str, outcome: Outcome) -> dict[str, Any]:
    """The stored result of a walk: ``{"library", "status", "reason", "surface"}``."""
    return {
        "library": library,
        "status": outcome.status,
        "reason": outcome.reason,
        "surface": outcome.reply["surface"] if outcome.ok else None,
    }


def walk_libraries(libraries: Iterable[str] = LIBRARIES) -> list[dict[str, Any]]:
    """Ask a worker of each library for its public names; libraries that cannot be had say why."""
    from reportgen.measure.bench import Bench
    from reportgen.measure.engine import scratch_folder

    scratch = scratch_folder()
    found = []
    try:
        targets = [TargetSpec(f"{library} (names)", library) for library in libraries]
        with Bench(targets, Path(mkdtemp(dir=scratch))) as bench:
            for target in targets:
                outcome = bench.hello(target.name)
                if outcome.ok:
                    outcome = bench.workers[target.name].request({"op": "surface"}, SURFACE_LIMIT)
                found.append(walked(target.library, outcome))
    finally:
        shutil.rmtree(scratch, ignore_errors=True)
    return found


def judged(asked: Iterable[dict[str, Any]]) -> Surface:
    """The walks that came back, against the catalogue and the lists."""
    return judge([a["surface"] for a in asked if a["surface"]], all_rows().values(), lists())


def stored_surface(asked: list[dict[str, Any]]) -> dict[str, Any]:
    """``results.json``'s ``surface`` (see ``docs/results.md``): names refer to namespaces and reasons by number."""
    surface = judged(asked)
    namespaces = {pair: number for number, pair in enumerate(surface.namespaces)}
    reasons: dict[Reason, int] = {}
    rows = []
    for name in surface.names:
        number = None if name.reason is None else reasons.setdefault(name.reason, len(reasons))
        rows.append(
            {
                "namespace": namespaces[name.library, name.namespace], "name": name.name, "kind": name.kind,
                "status": name.status, "functions": list(name.functions), "via": name.via, "reason": number,
            }
        )  # fmt: skip
    return {
        "libraries": [
            {
                "library": a["library"], "version": surface.versions.get(a["library"], ""), "status": a["status"],
                "reason": a["reason"], "compared": lists().checked.get(a["library"], ""),
            }
            for a in asked
        ],
        "namespaces": [{"library": library, "name": name} for library, name in surface.namespaces],
        "reasons": [{"group": r.group, "sentence": r.sentence} for r in reasons],
        "names": table(NAME_COLUMNS, rows),
        "stale": [{"path": s.path, "gone": s.gone, "what": s.what} for s in surface.stale],
        "outside": [{"namespaces": names, "reason": reason} for names, reason in OUTSIDE.items()],
    }  # fmt: skip
