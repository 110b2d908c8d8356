"""From the results of jobs to one version: the document, and the data of the figures."""

from __future__ import annotations

import datetime
import hashlib
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from reportgen import __version__
from reportgen.catalogue.arrayrows import array_row
from reportgen.catalogue.promised import promised_of
from reportgen.catalogue.rows import FunctionRow, all_rows
from reportgen.catalogue.supported import integer_row
from reportgen.catalogue.targets import library_version as installed_library
from reportgen.core.model import Case, Place, RunRequest, TargetSpec
from reportgen.core.plan import input_digests
from reportgen.measure.environments import installed_versions, machine_provenance
from reportgen.measure.jobs import ORACLE_PACKAGES, PACKAGE, installed
from reportgen.resources import data_dir
from reportgen.results import tables
from reportgen.results.store import SCHEMA

if TYPE_CHECKING:
    from reportgen.measure.runner import Plan


@dataclass
class Measured:
    """Results by job id; ``reruns`` by target: a row a case that was run again, in the plan's order."""

    results: dict[str, dict[str, Any]] = field(default_factory=dict)
    reruns: dict[str, list[dict[str, Any]]] = field(default_factory=dict)


@lru_cache(maxsize=1)
def rendering_digest() -> str:
    """SHA-256 of what turns results into pages: two runs with the same one need not render again."""
    digest = hashlib.sha256(__version__.encode())
    files = [
        *(PACKAGE / "render").rglob("*.py"),
        *(PACKAGE / "results").rglob("*.py"),
        *(PACKAGE / "core").rglob("*.py"),
    ]
    files += [p for p in data_dir("templates").rglob("*") if p.is_file()]
    for path in sorted(files):
        digest.update(path.name.encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()


def assemble(
    plan: Plan, measured: Measured, request: RunRequest, seconds: float, name: str
) -> tuple[dict[str, Any], dict[str, dict[str, Any]]]:
    """The results document (see ``docs/results.md``) and the profile of each function.

    ``name`` is the plan's digest.
    """
    pairs = [(case, measured.results[job.id]) for job, case in plan.cases]
    targets = target_entries(plan, pairs, measured)
    versions = {t["name"]: version_cells(t) for t in targets}
    rows = [dict(r, library_version=versions[r["target"]](r["dtype"])) for _, result in pairs for r in result["rows"]]
    special = unique_rows((r for _, result in pairs for r in result["special"]), tables.SPECIAL_COLUMNS)
    problems = unique_rows((r for _, x in pairs for r in x.get("problems", ())), tables.PROBLEM_COLUMNS)
    document = {
        "schema": SCHEMA,
        "label": request.label,
        "generator": {"name": "reportgen", "version": __version__},
        "depth": request.depth,
        "specs": [
            {"name": s.name, "file": s.path.rsplit("/", 1)[-1], "title": s.title, "description": s.description,
             "sha256": s.sha256, "pages": list(s.pages), "inputs": input_digests(s)} for s in plan.specs
        ],
        "functions": [function_entry(all_rows()[name]) for name in dict.fromkeys(c.function for c, _ in pairs)],
        "targets": targets,
        "measurements": tables.table(tables.MEASUREMENT_COLUMNS, rows),
        "agreement": tables.table(tables.AGREEMENT_COLUMNS, (r for _, x in pairs for r in x["agreement"])),
        "special": tables.table(tables.SPECIAL_COLUMNS, special),
        "self_agreement": tables.table(
            tables.SELF_AGREEMENT_COLUMNS, (r for _, x in pairs for r in x["self_agreement"])
        ),
        "subnormals": tables.table(
            tables.SUBNORMAL_COLUMNS, (r for _, x in pairs for r in x.get("subnormals", ()))
        ),
        "problems": tables.table(tables.PROBLEM_COLUMNS, problems),
        "rewrites": tables.table(tables.REWRITE_COLUMNS, (r for _, x in pairs for r in x.get("rewrites", ()))),
        "gates": tables.table(tables.GATE_COLUMNS, ()),
        "contradictions": tables.table(tables.CONTRADICTION_COLUMNS, ()),
        "meaning": meaning_entries(plan, measured),
        "surface": surface_entry(plan, measured),
        "provenance": provenance(plan, pairs, name),
        "determinism": tables.table(tables.DETERMINISM_COLUMNS, determinism_rows(plan, measured, pairs)),
        "timing": {
            "seconds": round(seconds, 3),
            "table": tables.table(tables.TIMING_COLUMNS, (r for _, x in pairs for r in x["timing"])),
        },
    }  # fmt: skip
    return document, profiles_of(pairs)


def version_cells(target: dict[str, Any]) -> Callable[[str], str]:
    """The cell ``library_version`` by dtype: NumPy's bfloat16 is ml_dtypes's, and the row says so."""
    version: str = target["version"]
    if target["library"] != "numpy" or target["mode"] == "recorded":
        return lambda dtype: version
    extra = installed("ml_dtypes")
    return lambda dtype: f"{version} + ml_dtypes {extra}" if dtype == "bfloat16" else version


def unique_rows(rows: Any, columns: tuple[str, ...]) -> list[dict[str, Any]]:
    """Rows without repeats (two specs may measure one function's special cases, or the same problems)."""
    seen: dict[tuple[Any, ...], dict[str, Any]] = {}
    for row in rows:
        seen.setdefault(tuple(row.get(c) for c in columns), row)
    return list(seen.values())


def function_entry(row: FunctionRow) -> dict[str, Any]:
    """A catalogue row as it is stored with the results."""
    entry = asdict(row)
    entry["monotone"] = [[repr(a), repr(b), sign] for a, b, sign in row.monotone]
    entry["limits"] = [[repr(low), repr(high)] for low, high in row.limits]
    integers = integer_row(row.name)
    if integers is not None:
        known = {(s.sentence, s.source) for s in row.specials}
        rules = [asdict(s) for s in integers.specials if (s.sentence, s.source) not in known]
        entry["specials"] = [*entry["specials"], *rules]
    arrays = array_row(row.name)
    entry["arrays"] = None
    if arrays is not None:
        entry["arrays"] = {
            "programs": dict(arrays.programs), "returns": dict(arrays.returns), "exact": arrays.exact,
            "condition": arrays.condition,
        }  # fmt: skip
    entry["promised"] = [promise.stored() for promise in promised_of(row.name)]
    return entry


def target_entries(plan: Plan, pairs: list[tuple[Case, dict[str, Any]]], measured: Measured) -> list[dict[str, Any]]:
    """Every target with its status and provenance, and the recorded ones."""
    hellos: dict[str, dict[str, Any]] = {}
    for _, result in pairs:
        for name, hello in result["targets"].items():
            hellos.setdefault(name, hello)
    for job in plan.determinism:
        for name, hello in measured.results[job.id]["targets"].items():
            hellos.setdefault(name, hello)
    entries = []
    for name, spec in plan.targets.items():
        hello = hellos.get(name, {"status": "failed", "reason": "no case was measured on it", "provenance": {}})
        entries.append(
            {
                "name": name, "library": spec.library, "mode": spec.mode, "device": spec.device,
                "version": library_version(spec, hello["provenance"]), "status": hello["status"],
                "reason": hello["reason"], "sentence": spec.sentence, "env": dict(spec.env),
                "options": dict(spec.options), "expect": dict(spec.expect), "provenance": hello["provenance"],
                "base": spec.base, "pinned": spec.version, "fingerprint": plan.fingerprints[name],
                "environment": environment_entry(spec, plan.places.get(name)),
            }
        )  # fmt: skip
    known = set(plan.targets)
    for _, result in pairs:
        for row in result["rows"]:
            if row["target"] not in known:
                known.add(row["target"])
                entries.append(recorded_entry(row["target"]))
    return entries


def environment_entry(spec: TargetSpec, place: Place | None) -> dict[str, Any] | None:
    """What is installed in a target's own environment; None for the one that reportgen runs in."""
    if not spec.pinned:
        return None
    found = place or Place()
    return {"identity": found.identity, "packages": [list(p) for p in found.packages], "asked": list(spec.packages)}


def library_version(target: TargetSpec, provenance: dict[str, Any]) -> str:
    """The version that the worker found, else the release that was asked for, else the installed one, if any."""
    found = provenance.get("version") or target.version
    if not found:
        distribution = installed_library(target.library)
        found = distribution[1] if distribution else ""
    return str(found)


def recorded_entry(name: str) -> dict[str, Any]:
    library, _, version = name.removesuffix(" (recorded)").partition("@")
    return {
        "name": name, "library": library, "mode": "recorded", "device": "", "version": version, "status": "ok",
        "reason": "", "sentence": f"Values printed elsewhere by {library} {version}; not measured here.",
        "env": {}, "options": {}, "expect": {}, "provenance": {}, "base": "", "pinned": "", "fingerprint": "",
        "environment": None,
    }  # fmt: skip


def meaning_entries(plan: Plan, measured: Measured) -> list[dict[str, Any]]:
    """The literal questions, line by line, with every target's answer."""
    from reportgen.measure.meaning import join_answers

    return join_answers([measured.results[job.id] for job in plan.meaning])


def surface_entry(plan: Plan, measured: Measured) -> dict[str, Any] | None:
    """What the libraries offer and what became of each name; None where no spec asks for the page."""
    from reportgen.measure.surface import stored_surface

    return stored_surface([measured.results[job.id] for job in plan.surface]) if plan.surface else None


def provenance(plan: Plan, pairs: list[tuple[Case, dict[str, Any]]], name: str) -> dict[str, Any]:
    counts = {key: sum(r["counts"][key] for _, r in pairs) for key in ("samples", "confirmed", "undecided")}
    failures = [
        {"function": case.function, "dtype": case.dtype, "target": target, "reasons": reasons}
        for case, result in pairs
        for target, reasons in sorted(result["failures"].items())
    ]
    return {
        "time": datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds"),
        "plan": name,
        "machine": machine_provenance(),
        "oracle": {name: installed(name) for name in ORACLE_PACKAGES},
        "counts": counts,
        "failures": failures,
        "software": {"reportgen": __version__, **installed_versions()},
    }


def determinism_rows(plan: Plan, measured: Measured, pairs: list[tuple[Case, dict[str, Any]]]) -> list[dict[str, Any]]:
    """``run`` findings: comparisons of a repetition in one process and of one in a fresh process, added."""
    again: dict[tuple[str, str], dict[str, Any]] = {}
    for target, found in measured.reruns.items():
        sources = [j.id for j, c in plan.cases if target in c.targets and target in measured.results[j.id]["reran"]]
        for source, row in zip(sources, found, strict=True):
            again[source, target] = row
    rows = []
    for (job, _), (_, stored) in zip(plan.cases, pairs, strict=True):
        for row in stored["runs"]:
            merged = dict(row)
            fresh = again.get((job.id, row["target"]), {})
            if fresh.get("differs") and not merged["run_differs"]:
                merged.update({k: fresh.get(k) for k in ("input", "first_output", "second_output")})
            merged["run_differs"] += fresh.get("differs", 0)
            merged["run_tested"] += fresh.get("tested", 0)
            rows.append(merged)
    return rows + [row for job in plan.determinism for row in measured.results[job.id]["rows"]]


def profiles_of(pairs: list[tuple[Case, dict[str, Any]]]) -> dict[str, dict[str, Any]]:
    """Per function the figures' data of all its cases."""
    out: dict[str, dict[str, Any]] = {}
    for case, result in pairs:
        profile = out.setdefault(case.function, {"function": case.function, "cases": []})
        if result["profile"]:
            profile["cases"].append(result["profile"])
    return out
