"""What a measuring process does with a job."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from reportgen.catalogue.arrayrows import ARRAY_KINDS
from reportgen.catalogue.rows import FunctionRow, all_rows
from reportgen.core.dtypes import DTYPES, kind_of
from reportgen.core.errors import OracleDisagreement, ReportgenError
from reportgen.measure.bench import Bench, Request
from reportgen.measure.elementwise import measure
from reportgen.measure.engine import Job, Setting
from reportgen.measure.jobs import pack_arrays, unpack_arrays
from reportgen.measure.judging import hex_tuple, hexfloat
from reportgen.measure.meaning import asked
from reportgen.measure.report_rows import refused_row
from reportgen.measure.selfcheck import PLACES, compare, placed, taken
from reportgen.measure.surface import SURFACE_LIMIT, walked
from reportgen.oracle.cache import CachedOracle


def perform(job: Job, bench: Bench, oracle: CachedOracle, setting: Setting) -> dict[str, Any]:
    """The stored result of one job. Raises OracleDisagreement; every other trouble is rows with a status."""
    if job.kind == "measure":
        return measured(job, bench, oracle)
    if job.kind == "rerun":
        return rerun(job, bench)
    if job.kind == "surface":
        return surface(job, bench)
    if job.kind == "determinism":
        from reportgen.measure import determinism

        return determinism.measure([bench.targets[name] for name in job.targets], bench.workdir, places=bench.places)
    return meaning(job, bench)


def measured(job: Job, bench: Bench, oracle: CachedOracle) -> dict[str, Any]:
    case = job.case
    if case is None:
        raise ReportgenError("a measuring job needs a case")
    row = all_rows()[case.function]
    bench.launch(case.targets)
    try:
        result = measurer(row, case.dtype)(case, row, bench, oracle)
    except BaseException:
        bench.close()  # answers to requests under way must not be taken for answers to the next case's
        raise
    arrays = result["rerun"]
    result["reran"] = [name.removeprefix("target:") for name in arrays if name.startswith("target:")]
    result["rerun"] = pack_arrays(arrays) if arrays else ""
    result["targets"] = hellos(bench, case.targets)
    return result


def measurer(row: FunctionRow, dtype: str) -> Callable[..., dict[str, Any]]:
    """What measures a row in a dtype."""
    if row.kind == "cast":
        from reportgen.measure.casts import measure_casts

        return measure_casts
    kind = kind_of(dtype)
    if row.kind in ARRAY_KINDS and kind in ("real", "complex"):
        from reportgen.measure.arrays.case import measure_arrays

        return measure_arrays
    if kind == "complex":
        from reportgen.measure.complexcase import measure_complex

        return measure_complex
    if kind != "real":
        from reportgen.measure.integers import measure_integers

        return measure_integers
    return measure


def failed(job: Job, error: Exception) -> dict[str, Any]:
    """The stored form of a case that could not be measured at all: a failed row a target."""
    if job.kind == "determinism":
        from reportgen.measure import determinism

        return determinism.failed(job.targets, f"measuring ended with {type(error).__name__}: {error}")
    if isinstance(error, OracleDisagreement) or job.case is None:
        raise error
    row = all_rows()[job.case.function]
    reason = f"measuring ended with {type(error).__name__}: {error}"
    rows = [refused_row(job.case, row.kind, t, "failed", " ".join(reason.split())[:300]) for t in job.case.targets]
    return {
        "rows": rows, "agreement": [], "special": [], "self_agreement": [], "runs": [], "profile": None, "timing": [],
        "counts": {"samples": 0, "confirmed": 0, "undecided": 0}, "failures": {}, "rerun": "", "reran": [],
        "targets": {},
    }  # fmt: skip


def hellos(bench: Bench, targets: Iterable[str]) -> dict[str, dict[str, Any]]:
    """What is known of the case's targets: status, reason and provenance."""
    out = {}
    for target in targets:
        outcome = bench.hello(target)
        out[target] = {"status": outcome.status, "reason": outcome.reason, "provenance": outcome.reply}
    return out


def rerun(job: Job, bench: Bench) -> dict[str, Any]:
    """Evaluate every case's position inputs on one target in a fresh process, and compare with the first results."""
    rows: list[dict[str, Any]] = []
    spec = bench.targets[job.target]
    with TemporaryDirectory(dir=bench.workdir) as folder, Bench([spec], Path(folder), bench.places) as fresh:
        for name, dtype, packed in job.arrays:
            arrays = unpack_arrays(packed)
            first = arrays[f"target:{job.target}"]
            args = tuple(arrays[f"x{i}"] for i in range(len(arrays)) if f"x{i}" in arrays)
            base = Request(all_rows()[name], DTYPES[dtype])
            reply = fresh.ask(placed(PLACES[0], args, base), [job.target])[job.target]
            if not reply.outcome.ok or reply.fmt is None:
                rows.append({"reason": reply.outcome.reason})
                continue
            values = taken(PLACES[0], reply.values, len(args[0]))
            finding = compare("run", first, [("fresh", lambda i: "a fresh process", values)], reply.fmt)
            row: dict[str, Any] = {"differs": finding.differs, "tested": finding.tested}
            if finding.index is not None:
                row["input"] = hex_tuple([a[finding.index] for a in args])
                row["first_output"], row["second_output"] = hexfloat(finding.first), hexfloat(finding.second)
            rows.append(row)
    return {"rows": rows}


def meaning(job: Job, bench: Bench) -> dict[str, Any]:
    """The literal questions, executed on one target."""
    outcome = bench.hello(job.target)
    if outcome.ok:
        outcome = asked(bench.workers[job.target])
    return {
        "target": job.target,
        "status": outcome.status,
        "reason": outcome.reason,
        "lines": outcome.reply.get("lines", []) if outcome.ok else [],
    }


def surface(job: Job, bench: Bench) -> dict[str, Any]:
    """The public names of one target's library."""
    outcome = bench.hello(job.target)
    if outcome.ok:
        outcome = bench.workers[job.target].request({"op": "surface"}, SURFACE_LIMIT)
    return walked(bench.targets[job.target].library, outcome)
