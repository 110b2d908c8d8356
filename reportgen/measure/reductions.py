"""Reductions that select an element (``max``, ``min``): the exact result is known, so there is right or wrong."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from reportgen.catalogue.rows import FunctionRow
from reportgen.core.arrays import VARIANTS, generate, spelled
from reportgen.core.floats import F64, FORMATS, Exact, Format
from reportgen.core.metrics import score
from reportgen.core.model import Case
from reportgen.oracle.cache import CachedOracle

from .bench import Bench, Reply, Request
from .judging import Judged, draft_rows, exact_text, finish_rows, hexfloat
from .report_rows import agrees, case_key, expected_text, refused_row

SELECT = {"max": np.max, "min": np.min}


@dataclass(frozen=True)
class Array:
    """One generated array and the exact result of the reduction on it."""

    spelling: str
    values: F64
    exact: float
    either_zero: bool


def arrays_of(case: Case, fmt: Format) -> list[Array]:
    """The arrays of a case, variant by variant and size by size."""
    detail: dict[str, Any] = dict(case.inputs.detail)
    out = []
    for group in detail["arrays"]:
        for variant in VARIANTS[group]:
            for size in detail["sizes"]:
                values = generate(variant, case.seed, size, fmt)
                result, either = extreme(case.function, values)
                out.append(Array(spelled(variant, case.seed, size), values, result, either))
    return out


def extreme(function: str, values: F64) -> tuple[float, bool]:
    """Exact ``max`` or ``min``: NaN if any element is NaN; a zero of either sign where both signs tie."""
    if np.isnan(values).any():
        return float("nan"), False
    result = float(SELECT[function](values))
    zeros = values[values == 0]
    either = result == 0 and bool(np.signbit(zeros).any() != np.signbit(zeros).all())
    return result, either


def measure_reduction(case: Case, row: FunctionRow, bench: Bench, oracle: CachedOracle) -> dict[str, Any]:
    """Measure one reduction on every target; the same stored form as an elementwise case."""
    fmt = FORMATS[case.dtype]
    arrays = arrays_of(case, fmt)
    y = Exact.of_values(np.array([a.exact for a in arrays]))
    y.either_zero = np.array([a.either_zero for a in arrays])
    rows: list[dict[str, Any]] = []
    special: list[dict[str, Any]] = []
    for target in case.targets:
        replies = ask_all(bench, row, fmt, arrays, target)
        refused = next((r for r in replies if not r.outcome.ok), None)
        if refused is not None:
            rows.append(refused_row(case, row.kind, target, refused.outcome.status, refused.outcome.reason))
            continue
        results = np.array([r.values[0] for r in replies])
        rows += target_rows(case, bench, target, arrays, results, y, fmt)
        special += special_rows(case, row, target, arrays, results)
    return {
        "rows": rows, "agreement": [], "special": special, "self_agreement": [], "runs": [], "profile": None,
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
    judged = Judged("body", (), results, points, np.ones(len(arrays), bool), scores, fmt, lambda i: "the whole array")
    common = dict(
        case_key(case, target), kind="reduction", result_dtype=fmt.name, device=bench.targets[target].device,
        depth=case.depth, coverage="sampled", status="ok", seed=case.seed, distribution="given",
        shape=" ".join(sorted({str(len(a.values)) for a in arrays}, key=int)),
    )  # fmt: skip
    drafts = draft_rows(judged, y, common)
    rows = finish_rows(drafts, {int(p): y[p : p + 1] for p in points}, "selection")
    for row in rows:
        point = row.pop("_point", None)
        if point is not None:
            row["worst_input"] = arrays[point].spelling
            row["exact"] = exact_text(y[point : point + 1])
    return rows


def special_rows(case: Case, row: FunctionRow, target: str, arrays: list[Array], results: F64) -> list[dict[str, Any]]:
    """One row for each array with NaN, infinities or signed zeros."""
    out = []
    for array, result in zip(arrays, results, strict=True):
        rule = rule_for(row, array)
        if rule is None:
            continue
        point = Exact.of_values(np.array([array.exact]))
        point.either_zero = np.array([array.either_zero])
        out.append(
            {
                "function": row.name, "dtype": case.dtype, "target": target, "path": "body",
                "input": array.spelling, "expected": expected_text(array.exact, point), "got": hexfloat(result),
                "sentence": rule.sentence, "source": rule.source,
                "agrees": int(agrees(float(result), array.exact, array.either_zero)),
            }
        )  # fmt: skip
    return out


def rule_for(row: FunctionRow, array: Array) -> Any:
    """The special case that decides this array: of a NaN, of zeros of both signs, or of infinities."""
    values = array.values
    if np.isnan(values).any():
        wanted = "nan"
    elif array.either_zero:
        wanted = "zero"
    elif np.isinf(values).any():
        wanted = "inf"
    else:
        return None
    return next((s for s in row.specials if any(wanted in text for text in (*s.when, s.then))), None)
