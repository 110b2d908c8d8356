"""The judge of results whose elements have exact values of their own: reductions, scans and products.

Every judged element is scored in ulp like any result, and ``bound_ratio`` is the largest |error| / (u·C), u the unit
roundoff of the result's dtype and C the element's condition (see ``docs/methodology.md``). Elements with C = 0 must be
exact: any error there counts as an infinite ratio, printed as the largest float.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from reportgen.core.dtypes import ComplexFormat, Dtype
from reportgen.core.floats import F64, FORMATS, Exact, Format, scale
from reportgen.core.metrics import REGIME_INDEX, score
from reportgen.measure.arrays.asking import Output
from reportgen.measure.equalrows import EqualJudged, equal_rows, is_truth_value
from reportgen.measure.judging import Judged, apart, draft_rows, finish_rows
from reportgen.oracle.arrays.reference import ArrayReference

LARGEST = float(np.finfo(np.float64).max)


def judge(
    outputs: dict[str, Output], references: dict[str, ArrayReference], special: bool, spelling: str
) -> list[dict[str, Any]]:
    """Rows (without the case's key) of one target's results for one problem.

    ``spelling`` is the text of the problem's operands, ``special`` whether it has an element that is NaN or infinite.
    Raises ValueError where a result has not the shape that it must have.
    """
    rows: list[dict[str, Any]] = []
    for name, reference in references.items():
        output = outputs[name]
        if output.values.shape != reference.shape:
            raise ValueError(f"the result has shape {output.values.shape} where {reference.shape} was expected")
        rows += element_rows(output, reference, special, spelling)
    return rows


def element_rows(output: Output, reference: ArrayReference, special: bool, spelling: str) -> list[dict[str, Any]]:
    """Rows of one result: metric ``ulp`` (``equal`` for integers and bool; ``re`` and ``im`` for complex ones)."""
    computed = output.flat[reference.positions]
    if is_truth_value(output.fmt):
        return _equal(computed, output.fmt, reference, special, spelling)
    if isinstance(output.fmt, ComplexFormat):
        assert reference.imag is not None
        parts = (("re", computed.real, reference.exact), ("im", computed.imag, reference.imag))
        return [row for word, values, y in parts
                for row in _scored(word, values, y, output.fmt.part, reference, special, spelling)]  # fmt: skip
    assert isinstance(output.fmt, Format)
    return _scored("ulp", computed, reference.exact, output.fmt, reference, special, spelling)


def place(reference: ArrayReference) -> Callable[[int], str]:
    """Where a judged element stands in the result, in words."""

    def words(i: int) -> str:
        if not reference.shape:
            return "the whole array"
        at = np.unravel_index(int(reference.positions[i]), reference.shape)
        return f"element ({', '.join(str(int(k)) for k in at)})"

    return words


def _scored(
    metric: str, computed: F64, y: Exact, fmt: Format, reference: ArrayReference, special: bool, spelling: str
) -> list[dict[str, Any]]:
    # The regime of a combination is that of its elements; one stand-in argument carries it.
    stand_in = np.full(len(computed), np.nan if special else 1.0)
    scores = score((stand_in,), computed, y, fmt, FORMATS["float64"])
    scores.regime[:] = REGIME_INDEX["special" if special else "normal"]
    points = np.arange(len(computed), dtype=np.int64)
    every = np.ones(len(computed), bool)
    judged = Judged("body", (), computed, points, every, every, scores, fmt, place(reference))
    drafts = draft_rows(judged, y)
    wanted = {int(c) for d in drafts for c in d.candidates}
    rows = finish_rows(drafts, {p: y[p : p + 1] for p in wanted}, dict.fromkeys(wanted, reference.settled_by))
    ratio = bound_ratio(computed, y, reference.condition, fmt)
    amplified = amplification(scores.magnitude, y, reference.condition)
    for row in rows:
        row.update(metric=metric, bound_ratio=ratio, condition=amplified)
        row.pop("_ties", None)
        if row.pop("_point", None) is not None:
            row["worst_input"] = spelling
    return rows


def bound_ratio(computed: F64, y: Exact, condition: F64, fmt: Format) -> float | None:
    """The largest |error| / (u·C) over finite results with a condition; None where there is none.

    A C between zero and the smallest normal number counts as that number: nearer than half a subnormal step no result
    can come (Higham, *Accuracy and Stability of Numerical Algorithms*, 2nd ed., section 2.2, eq. 2.8).
    """
    gap, exponent = apart(computed, y)
    with np.errstate(all="ignore"):
        unit = np.where(condition > 0, np.maximum(condition, fmt.min_normal), condition)
        # u·C may be too small for float64, and the error as well.
        ratio = np.where(exponent < 0, scale(gap, exponent + fmt.p) / unit, gap / unit * 2.0**fmt.p)
        ratio = np.where((condition == 0) & (gap > 0), LARGEST, np.where(gap == 0, 0.0, ratio))
    ratio = np.where(np.isnan(condition), np.nan, ratio)
    usable = ratio[~np.isnan(ratio)]
    return float(min(usable.max(), LARGEST)) if len(usable) else None


def amplification(magnitude: F64, y: Exact, condition: F64) -> float | None:
    """C/|y| of the element with the largest error: by how much the data amplify an error of one part in C."""
    usable = np.isfinite(magnitude) & ~np.isnan(condition) & np.isfinite(y.hi)
    if not usable.any():
        return None
    worst = int(np.argmax(np.where(usable, magnitude, -1.0)))
    with np.errstate(all="ignore"):
        ratio = condition[worst] / abs(float(scale(y.hi, y.exp2)[worst]))
    return min(float(ratio), LARGEST) if not np.isnan(ratio) else None


def _equal(computed: Any, fmt: Dtype, reference: ArrayReference, special: bool, spelling: str) -> list[dict[str, Any]]:
    expected = reference.exact.hi.astype(computed.dtype)
    regime = np.full(len(computed), REGIME_INDEX["special" if special else "normal"])
    points = np.arange(len(computed), dtype=np.int64)
    judged = EqualJudged("body", points, computed, expected, regime, points, place(reference))
    return equal_rows(judged, lambda i: spelling)
