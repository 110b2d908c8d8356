"""Exact log-sum-exps and softmax: Arb balls, at a precision that grows until every value is settled.

With m the largest element and r = Σ exp(xᵢ − m) over all elements but one that is m, log-sum-exp is m + log1p(r),
softmax exp(xᵢ − m)/(1 + r) and log-softmax (xᵢ − m) − log1p(r): every term is positive, and what is lost where the
two parts of a sum cancel shows in the ball's radius. Two kinds of values are exact: a single number among −∞, and the
softmax of equal numbers, 1/k (by the theorem of Lindemann and Weierstrass there are no others).

Conditions: P. Blanchard, D. J. Higham & N. J. Higham, *Accurately computing the log-sum-exp and softmax functions*,
IMA J. Numer. Anal. 41 (2021), §3: softmax p is the gradient of log-sum-exp. There a change of the data is measured by
its largest component; here each element changes by one part in 1/u of itself, so that elements without weight do not
count: log-sum-exp changes by Σpⱼ|xⱼ|, log pᵢ by (1 − 2pᵢ)|xᵢ| + Σpⱼ|xⱼ|, to which |y| is added for the rounding of the
result. No C is below the smallest normal number, under which half the smallest subnormal is a rounding error like any
other.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np
from flint import arb, ctx

from reportgen.core.dtypes import DTYPES
from reportgen.core.floats import F64, FORMATS, I64, Bool, Exact, Format
from reportgen.core.problems import Arrays
from reportgen.oracle.arrays.moments import OVERFLOW, size_of
from reportgen.oracle.arrays.reference import ArrayReference, chosen_positions
from reportgen.oracle.arrays.sums import lanes, result_shape
from reportgen.oracle.enclosure import PRECISION_LIMIT
from reportgen.oracle.rationals import put
from reportgen.oracle.settle import Point, settle_ball, settle_rational

FIRST_PRECISION = 192
Found = tuple[Exact, F64]
"""Exact values and conditions, one an element asked for."""


@contextmanager
def precision(bits: int) -> Iterator[None]:
    """Arb's precision (global to the process) for a while."""
    before = ctx.prec
    ctx.prec = bits
    try:
        yield
    finally:
        ctx.prec = before


class Terms:
    """The exponentials of the numbers of a lane, at Arb's present precision; −∞ has the weight 0."""

    def __init__(self, lane: F64) -> None:
        numbers = lane[np.isfinite(lane)]
        first = int(np.argmax(numbers))
        self.top = arb(float(numbers[first]))
        self.rest = sum(map(self.weight, np.delete(numbers, first).tolist()), arb(0))
        self.log = self.rest.log1p()

    def weight(self, v: float) -> Any:
        """exp(v − m)."""
        return (arb(v) - self.top).exp()

    def log_sum(self) -> Any:
        return self.top + self.log

    def share(self, v: float) -> Any:
        return self.weight(v) / (1 + self.rest)

    def log_share(self, v: float) -> Any:
        return (arb(v) - self.top) - self.log


def settled(lane: F64, wanted: list[Any], ball: Callable[[Terms, Any], Any]) -> list[Point | None]:
    """The points of ``ball(terms, w)`` for each w that is wanted; None where no precision settles it."""
    points: list[Point | None] = [None] * len(wanted)
    left, bits = list(range(len(wanted))), FIRST_PRECISION
    while left and bits <= PRECISION_LIMIT:
        with precision(bits):
            terms = Terms(lane)
            for i in left:
                points[i] = settle_ball(ball(terms, wanted[i]))
        left, bits = [i for i in left if points[i] is None], 2 * bits
    return points


def shares(lane: F64) -> F64:
    """Softmax in float64, for conditions only (right to ten digits)."""
    with np.errstate(under="ignore"):
        weights = np.exp(lane - lane.max())
    return np.asarray(weights / weights.sum())


def weighted(lane: F64) -> float:
    """Σ pⱼ|xⱼ| over the finite elements."""
    p = shares(lane)
    return float((p * np.abs(np.where(np.isfinite(lane), lane, 0.0))).sum())


def store(out: Exact, i: int, point: Point | None) -> None:
    """A settled value; an exact zero (the logarithm of 1) may have either sign, as no standard says which."""
    if point is None:
        out.undecided[i] = True
        return
    put(out, i, point)
    out.either_zero[i] = point.hi == 0


def exact_number(value: float) -> Point:
    """The point of a number that float64 holds."""
    return settle_rational(*value.as_integer_ratio())


def log_sum_exp(lane: F64) -> tuple[float | Point | None, float]:
    """The exact value of one lane (a float where it is NaN or infinite, None where undecided) and its condition."""
    if np.isnan(lane).any():
        return float("nan"), float("nan")
    if (lane == np.inf).any():
        return float("inf"), float("nan")
    numbers = lane[np.isfinite(lane)]
    if not len(numbers):
        return float("-inf"), float("nan")
    if len(numbers) == 1:
        return exact_number(float(numbers[0])), 2 * abs(float(numbers[0]))
    point = settled(lane, [None], lambda terms, _: terms.log_sum())[0]
    return point, weighted(lane) + (abs(size_of(point)) if point else 0.0)


def total(arrays: Arrays, limit: int) -> dict[str, ArrayReference]:
    """Log-sum-exp along ``axis`` (None for all); that of no elements is −∞."""
    x, axis = arrays.values["x"], arrays.parameters.get("axis")
    shape = result_shape(x, axis)
    chosen = chosen_positions(shape, limit, "logsumexp")
    rows = [lanes(x, axis)[position] for position in chosen.tolist()]
    found = _reference(arrays, shape, chosen, [log_sum_exp(row) for row in rows])
    found[""].extra = {OVERFLOW: float(any(_sum_overflows(row, arrays.dtype) for row in rows))}
    return found


def _sum_overflows(lane: F64, dtype: str) -> bool:
    """Whether Σ exp(xⱼ − m), which is at least 1, is beyond the largest number of a dtype."""
    if not np.isfinite(lane).any() or not (lane < np.inf).all():
        return False
    return bool(1.0 / shares(lane).max() > FORMATS[dtype].max_finite)


def _reference(
    arrays: Arrays, shape: tuple[int, ...], chosen: I64, found: list[tuple[float | Point | None, float]]
) -> dict[str, ArrayReference]:
    fmt = DTYPES[arrays.dtype]
    assert isinstance(fmt, Format)
    exact = Exact.empty(len(chosen))
    for i, (value, _) in enumerate(found):
        if isinstance(value, float):
            exact.hi[i] = value
        else:
            store(exact, i, value)
    condition = np.maximum(np.array([c for _, c in found], np.float64), fmt.min_normal)  # NaN stays NaN
    return {"": ArrayReference(shape, chosen, exact, condition, "arb")}


def elements_by_lane(shape: tuple[int, ...], axis: int, chosen: I64) -> dict[int, list[tuple[int, int]]]:
    """For each lane of an array along ``axis``: which chosen elements (by their number) lie where on it."""
    at = np.array(np.unravel_index(chosen, shape)).reshape(len(shape), -1)
    along = at[axis]
    others = [i for i in range(len(shape)) if i != axis % len(shape)]
    lane = np.zeros(len(chosen), np.int64)
    for i in others:
        lane = lane * shape[i] + at[i]
    out: dict[int, list[tuple[int, int]]] = {}
    for number, (which, where) in enumerate(zip(lane.tolist(), along.tolist(), strict=True)):
        out.setdefault(which, []).append((number, where))
    return out


Whole = Callable[[F64, list[int]], list[tuple[float | Point | None, float]]]


def _along(solve: Whole, salt: str) -> Callable[[Arrays, int], dict[str, ArrayReference]]:
    """A reference of the operand's shape from what ``solve`` finds at places of one lane."""

    def find(arrays: Arrays, limit: int) -> dict[str, ArrayReference]:
        x, axis = arrays.values["x"], arrays.parameters.get("axis")
        if axis is None:
            axis = -1
        chosen = chosen_positions(x.shape, limit, salt)
        rows = lanes(x, axis)
        found: list[tuple[float | Point | None, float]] = [(None, np.nan)] * len(chosen)
        for which, elements in elements_by_lane(x.shape, axis, chosen).items():
            for (number, _), value in zip(elements, solve(rows[which], [k for _, k in elements]), strict=True):
                found[number] = value
        return _reference(arrays, x.shape, chosen, found)

    return find


def softmax(lane: F64, places: list[int]) -> list[tuple[float | Point | None, float]]:
    """exp(xᵢ)/Σ exp(xⱼ) at places of a lane: as IEEE 754 evaluates that where an element is NaN or infinite."""
    unclear = _without_weights(lane, places, lambda v: float("nan") if v == np.inf else 0.0)
    if unclear is not None:
        return unclear
    values = [float(lane[k]) for k in places]
    numbers = lane[np.isfinite(lane)]
    if (numbers == numbers[0]).all():
        points: list[Any] = [settle_rational(1, len(numbers)) if np.isfinite(v) else 0.0 for v in values]
    else:
        finite = settled(lane, [v for v in values if np.isfinite(v)], lambda terms, v: terms.share(v))
        points = _filled(values, finite, 0.0)
    p, whole = shares(lane), weighted(lane)
    conditions = [
        p[k] * (1 + (1 - 2 * p[k]) * abs(lane[k]) + whole) if np.isfinite(lane[k]) else np.nan for k in places
    ]
    return list(zip(points, map(float, conditions), strict=True))


def log_softmax(lane: F64, places: list[int]) -> list[tuple[float | Point | None, float]]:
    """xᵢ − log Σ exp(xⱼ) at places of a lane: as IEEE 754 evaluates that where an element is NaN or infinite."""
    unclear = _without_weights(lane, places, lambda v: float("nan") if v == np.inf else float("-inf"))
    if unclear is not None:
        return unclear
    values = [float(lane[k]) for k in places]
    if np.isfinite(lane).sum() == 1:
        points: list[Any] = [exact_number(0.0) if np.isfinite(v) else float("-inf") for v in values]
    else:
        finite = settled(lane, [v for v in values if np.isfinite(v)], lambda terms, v: terms.log_share(v))
        points = _filled(values, finite, float("-inf"))
    p, whole = shares(lane), weighted(lane)
    own = [abs(size_of(q)) if isinstance(q, Point) else np.nan for q in points]
    conditions = [size + (1 - 2 * p[k]) * abs(lane[k]) + whole if np.isfinite(lane[k]) else np.nan
                  for size, k in zip(own, places, strict=True)]  # fmt: skip
    return list(zip(points, map(float, conditions), strict=True))


def _without_weights(
    lane: F64, places: list[int], beside: Callable[[float], float]
) -> list[tuple[float | Point | None, float]] | None:
    """The values where the weights are no numbers: a NaN, a +∞, or nothing but −∞ among the elements; else None."""
    if np.isnan(lane).any() or not (lane > -np.inf).any():
        return [(float("nan"), float("nan"))] * len(places)
    if (lane == np.inf).any():
        return [(beside(float(lane[k])), float("nan")) for k in places]
    return None


def _filled(values: list[float], finite: list[Point | None], else_: float) -> list[Any]:
    """The points of the finite values, and what the others have."""
    points = iter(finite)
    return [next(points) if np.isfinite(v) else else_ for v in values]


def cumulative(lane: F64, places: list[int]) -> list[tuple[float | Point | None, float]]:
    """Log-sum-exp of the first k + 1 elements for every place k of a lane."""
    size, numbers = _prefix_conditions(lane), np.cumsum(np.isfinite(lane))
    spoilt = _first(np.isnan(lane)), _first(lane == np.inf)
    found: dict[int, tuple[float | Point | None, float]] = {}
    left = []
    for k in sorted(set(places)):
        if k >= min(spoilt):
            found[k] = (float("nan") if k >= spoilt[0] else float("inf"), float("nan"))
        elif numbers[k] < 2:
            found[k] = log_sum_exp(lane[: k + 1])
        else:
            left.append(k)
    bits = FIRST_PRECISION
    while left and bits <= PRECISION_LIMIT:
        with precision(bits):
            points = dict(zip(left, map(settle_ball, _prefix_sums(lane, left)), strict=True))
        found |= {k: (q, size[k] + abs(size_of(q))) for k, q in points.items() if q is not None}
        left, bits = [k for k, q in points.items() if q is None], 2 * bits
    found |= {k: (None, float("nan")) for k in left}
    return [found[k] for k in places]


def _first(found: Bool) -> int:
    """The first place that was found, or one behind all."""
    return int(np.argmax(found)) if found.any() else len(found)


def _prefix_sums(lane: F64, places: list[int]) -> list[Any]:
    """Balls of log-sum-exp at ascending places: one pass, the largest element of each prefix kept apart."""
    out, wanted = [], iter([*places, -1])
    at = next(wanted)
    top, rest = arb(0), arb(0)
    largest = -np.inf
    for k, v in enumerate(lane[: places[-1] + 1].tolist()):
        if np.isfinite(v):
            if v > largest:
                # The former largest element joins the rest, which is from now on relative to the new one.
                new = arb(v)
                rest = arb(0) if largest == -np.inf else (rest + 1) * (top - new).exp()
                top, largest = new, v
            else:
                rest += (arb(v) - top).exp()
        if k == at:
            out.append(top + rest.log1p())
            at = next(wanted)
    return out


def _prefix_conditions(lane: F64) -> F64:
    """Σ pⱼ|xⱼ| of every prefix, right to ten digits."""
    with np.errstate(all="ignore"):
        usable = np.where(np.isfinite(lane), lane, -np.inf)
        weights = np.logaddexp.accumulate(usable)
        sizes = np.logaddexp.accumulate(usable + np.log(np.abs(np.where(np.isfinite(lane), lane, 0.0))))
        return np.where(np.isfinite(sizes), np.exp(sizes - weights), 0.0)


REFERENCES = {
    "logsumexp": total,
    "softmax": _along(softmax, "softmax"),
    "log_softmax": _along(log_softmax, "log_softmax"),
    "cumulative_logsumexp": _along(cumulative, "cumulative_logsumexp"),
}
