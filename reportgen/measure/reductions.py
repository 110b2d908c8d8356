"""Reductions that select an element (``max``, ``min``): the exact result is known, so there is right or wrong."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from reportgen.catalogue.rows import FunctionRow
from reportgen.catalogue.specials import resolve_reduction
from reportgen.core.arrays import VARIANTS, generate, spelled
from reportgen.core.floats import F64, FORMATS, Exact, Format
from reportgen.core.metrics import score
from reportgen.core.model import Case
from reportgen.measure.bench import Bench, Reply, Request
from reportgen.measure.judging import Judged, draft_rows, exact_text, finish_rows, hexfloat
from reportgen.measure.report_rows import agrees, case_key, compared_pairs, expected_text, refused_row
from reportgen.oracle.cache import CachedOracle
from reportgen.oracle.exact import exact_extreme


@dataclass(frozen=True)
class Array:
    """One generated array, the required result of the reduction on it, and the number of the rule that says so."""

    spelling: str
    values: F64
    exact: float
    either_zero: bool
    rule: int


def arrays_of(case: Case, row: FunctionRow, fmt: Format) -> list[Array]:
    """The arrays of a case, variant by variant and size by size."""
    detail: dict[str, Any] = dict(case.inputs.detail)
    out = []
    for group in detail["arrays"]:
        for variant in VARIANTS[group]:
            for size in detail["sizes"]:
                values = generate(variant, case.seed, size, fmt)
                exact = exact_extreme(values, largest=row.name == "max")
                rule = int(resolve_reduction(row, values).rule[0])
                name = spelled(variant, case.seed, size)
                out.append(Array(name, values, float(exact.hi[0]), bool(exact.either_zero[0]), rule))
    return out


def measure_reduction(case: Case, row: FunctionRow, bench: Bench, oracle: CachedOracle) -> dict[str, Any]:
    """Measure one reduction on every target; the same stored form as an elementwise case."""
    fmt = FORMATS[case.dtype]
    arrays = arrays_of(case, row, fmt)
    y = Exact.of_values(np.array([a.exact for a in arrays]))
    y.either_zero = np.array([a.either_zero for a in arrays])
    rows: list[dict[str, Any]] = []
    special: list[dict[str, Any]] = []
    answered: dict[str, F64] = {}
    for target in case.targets:
        replies = ask_all(bench, row, fmt, arrays, target)
        refused = next((r for r in replies if not r.outcome.ok), None)
        if refused is not None:
            rows.append(refused_row(case, row.kind, target, refused.outcome.status, refused.outcome.reason))
            continue
        results = answered[target] = np.array([r.values[0] for r in replies])
        rows += target_rows(case, bench, target, arrays, results, y, fmt)
        special += special_rows(case, row, target, arrays, results)
    pairs = compared_pairs(case, answered, dict.fromkeys(answered, fmt), y, lambda i: arrays[i].spelling)
    return {
        "rows": rows, "agreement": [row for row, _ in pairs], "special": special,
        "self_agreement": [], "runs": [], "profile": None,
        "counts": {"samples": len(arrays), "confirmed": 0, "undecided": 0}, "failures": {}, "rerun": {}, "timing": [],
    }  # fmt: skip


def ask_all(bench: Bench, row: FunctionRow, fmt: Format, arrays: list[Array], target: str) -> list[Reply]:
    """One request an array, until one is refused."""
    replies: list[Reply] = []
    for array in arrays:
        request = Request(row, fmt, (array.values,), reduce=True)
        replies.append(bench.ask(request, [target])[target])
        if not replies[-1].outcome.ok:
            break
    return replies


def target_rows(
    case: Case, bench: Bench, target: str, arrays: list[Array], results: F64, y: Exact, fmt: Format
) -> list[dict[str, Any]]:
    """Statistics over the arrays: ``special`` where an element is NaN or infinite, else ``normal``."""
    # The regime of a reduction is that of its elements; their largest magnitude stands for all of them.
    stand_in = np.array([np.nan if not np.isfinite(a.values).all() else 1.0 for a in arrays])
    scores = score((stand_in,), results, y, fmt, fmt)
    points = np.arange(len(arrays), dtype=np.int64)
    every = np.ones(len(arrays), bool)
    judged = Judged("body", (), results, points, every, every, scores, fmt, lambda i: "the whole array")
    common = dict(
        case_key(case, target), kind="reduction", result_dtype=fmt.name, device=bench.targets[target].device,
        depth=case.depth, coverage="sampled", status="ok", seed=case.seed, distribution="given",
        shape=" ".join(sorted({str(len(a.values)) for a in arrays}, key=int)),
    )  # fmt: skip
    drafts = draft_rows(judged, y)
    finished = finish_rows(drafts, {int(p): y[p : p + 1] for p in points}, dict.fromkeys(points.tolist(), "selection"))
    rows = [{**common, **cells} for cells in finished]
    for row in rows:
        point = row.pop("_point", None)
        row.pop("_ties", None)
        if point is not None:
            row["worst_input"] = arrays[point].spelling
            row["exact"] = exact_text(y[point : point + 1])
    return rows


def special_rows(case: Case, row: FunctionRow, target: str, arrays: list[Array], results: F64) -> list[dict[str, Any]]:
    """One row for each array with NaN, infinities or signed zeros."""
    out = []
    for array, result in zip(arrays, results, strict=True):
        if array.rule < 0:
            continue
        rule = row.specials[array.rule]
        out.append(
            {
                "function": row.name, "dtype": case.dtype, "target": target, "path": "body",
                "input": array.spelling, "expected": expected_text(array.exact, array.either_zero),
                "got": hexfloat(result),
                "sentence": rule.sentence, "source": rule.source,
                "agrees": int(agrees(float(result), array.exact, array.either_zero)), "result_dtype": case.dtype,
            }
        )  # fmt: skip
    return out
