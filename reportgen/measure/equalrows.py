"""Rows about values of any dtype: right or wrong for integers and bool, agreement of targets, self-agreement.

Used where results are no real floating-point numbers: conversions between dtypes, and functions of integers.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from reportgen.core.agreement import compared_pairs
from reportgen.core.dtypes import Dtype, IntegerFormat
from reportgen.core.floats import Bool, Format
from reportgen.core.model import REGIMES, Case, TargetSpec
from reportgen.measure.judging import exact_text
from reportgen.measure.natives import real_part, same, spelled, steps
from reportgen.measure.report_rows import case_key
from reportgen.oracle.casts import exact_integers

Spelling = Callable[[int], str]
"""The text of the input with a number."""


@dataclass(frozen=True)
class EqualJudged:
    """Results of one target on one path that are right or wrong.

    ``point`` numbers each result's input; ``computed`` and ``expected`` are arrays of one dtype over the results
    (integers, or truth values as float64), ``regime`` the index of each result's regime, negative where nothing is
    defined.
    ``order`` ranks inputs of equally wrong results (smaller first), ``context`` says where an element stood.
    """

    path: str
    point: Any
    computed: Any
    expected: Any
    regime: Any
    order: Any
    context: Callable[[int], str]


def equal_rows(judged: EqualJudged, spelling: Spelling) -> list[dict[str, Any]]:
    """One row a regime that occurs and one for all: how many are right, and the one that is farthest off."""
    wrong = np.asarray(judged.computed != judged.expected, bool)
    off = {
        i: abs(int(judged.computed[i]) - int(judged.expected[i]))
        for i in np.flatnonzero(wrong & (judged.regime >= 0)).tolist()
    }
    rows = []
    for number, regime in [*enumerate(REGIMES), (-1, "all")]:
        chosen = judged.regime >= 0 if regime == "all" else judged.regime == number
        if chosen.any():
            rows.append(_equal_row(judged, spelling, regime, chosen, wrong & chosen, off))
    return rows


def _equal_row(
    judged: EqualJudged, spelling: Spelling, regime: str, chosen: Bool, wrong: Bool, off: dict[int, int]
) -> dict[str, Any]:
    count = int(chosen.sum())
    row: dict[str, Any] = {"path": judged.path, "metric": "equal", "regime": regime, "samples": count}
    row.update(correctly_rounded=count - int(wrong.sum()), max_abs=0.0)
    places = np.flatnonzero(wrong).tolist()
    if places:
        worst = min(places, key=lambda i: (-off[i], judged.order[i], i))
        row.update(
            max_abs=float(off[worst]),
            worst_input=spelling(int(judged.point[worst])),
            worst_output=str(int(judged.computed[worst])),
            worst_context=judged.context(worst),
            exact=exact_text(exact_integers([int(judged.expected[worst])])),
            settled_by="rational",
        )
    return row


def largest_gap(a: Any, b: Any, fmt: Dtype) -> tuple[float | None, float | None]:
    """The largest absolute and relative difference of two targets' finite results (real parts of complex ones)."""
    if isinstance(fmt, IntegerFormat):
        gaps = [(abs(p - q), max(abs(p), abs(q), 1)) for p, q in zip(a.tolist(), b.tolist(), strict=True) if p != q]
        return float(max((g for g, _ in gaps), default=0)), max((g / m for g, m in gaps), default=0.0)
    finite = np.isfinite(a) & np.isfinite(b)
    if not finite.any():
        return None, None
    x, y = real_part(a[finite]), real_part(b[finite])
    with np.errstate(over="ignore"):
        gap = np.minimum(np.abs(x - y), np.finfo(np.float64).max)
        larger = np.maximum(np.maximum(np.abs(x), np.abs(y)), np.finfo(np.float64).tiny)
        return float(gap.max()), float(np.abs(x / larger - y / larger).max())


def native_pairs(
    case: Case,
    values: dict[str, Any],
    formats: dict[str, Dtype],
    right: Callable[[str, int], bool | None],
    spelling: Spelling,
    targets: Mapping[str, TargetSpec],
) -> list[dict[str, Any]]:
    """Agreement of the targets that answered in one dtype, in the form of the table ``agreement``.

    ``right`` says whether a target's result at an index is the required one, or None where nothing is defined.
    """
    out = []
    for first, second in compared_pairs(values, targets):
        fmt = formats[first]
        if fmt != formats[second]:
            continue
        a, b = values[first], values[second]
        unequal = np.flatnonzero(~same(a, b))
        row = case_key(case, "")
        del row["target"]
        absolute, relative = largest_gap(a[unequal], b[unequal], fmt) if len(unequal) else (0.0, 0.0)
        nan = np.isnan(a) != np.isnan(b) if a.dtype.kind in "fc" else np.zeros(1, bool)
        row.update(first=first, second=second, equal=len(a) - len(unequal), compared=len(a))
        row.update(nan_differs=int(nan.sum()), max_distance=0, nearer="same", max_abs=absolute, max_rel=relative)
        if len(unequal):
            distance = steps(a[unequal], b[unequal], fmt)
            place = max(range(len(distance)), key=lambda i: (distance[i], -i))
            index = int(unequal[place])
            row.update(max_distance=distance[place], input=spelling(index), nearer=_nearer(right, first, second, index))
            row.update(first_output=spelled(a[index]), second_output=spelled(b[index]))
        out.append(row)
    return out


def _nearer(right: Callable[[str, int], bool | None], first: str, second: str, index: int) -> str:
    verdicts = right(first, index), right(second, index)
    if None in verdicts:
        return "undecided"
    if verdicts[0] == verdicts[1]:
        return "same"
    return "first" if verdicts[0] else "second"


def self_row(
    case: Case,
    target: str,
    check: str,
    reference: Any,
    others: Sequence[tuple[Callable[[int], str], Any]],
    fmt: Dtype,
    spelling: Spelling,
) -> dict[str, Any]:
    """One check of self-agreement: ``others`` holds results in other circumstances, with the words for where.

    An input counts once, however many of the circumstances change its result; the farthest is shown.
    """
    differs = np.zeros(len(reference), bool)
    shown: tuple[int, dict[str, Any]] = (-1, {})
    for context, values in others:
        apart = np.flatnonzero(~same(reference, values))
        differs[apart] = True
        for index, distance in zip(apart.tolist(), steps(reference[apart], values[apart], fmt), strict=True):
            if distance > shown[0]:
                cells = {"input": spelling(index), "context": context(index)}
                cells |= {"first_output": spelled(reference[index]), "second_output": spelled(values[index])}
                shown = distance, cells
    row = dict(case_key(case, target), **shown[1])
    count = int(differs.sum())
    if check == "run":
        row.pop("context", None)
        return {**row, "run_differs": count, "run_tested": len(reference)}
    return {**row, "check": check, "differs": count, "tested": len(reference), "max_ulp_apart": max(shown[0], 0)}


def at(words: str) -> Callable[[int], str]:
    """The words for where, with the number of the element."""
    return lambda i: f"{words} at {i}"


def is_truth_value(fmt: Dtype) -> bool:
    """Whether results of this dtype are right or wrong rather than near or far."""
    return isinstance(fmt, IntegerFormat) or (isinstance(fmt, Format) and fmt.name == "bool")


def empty_result() -> dict[str, Any]:
    """What is stored of a case, with nothing in it yet."""
    return {
        "rows": [], "agreement": [], "special": [], "self_agreement": [], "runs": [], "profile": None,
        "counts": {"samples": 0, "confirmed": 0, "undecided": 0}, "failures": {}, "rerun": {}, "timing": [],
    }  # fmt: skip
