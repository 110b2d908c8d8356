"""Exact sums, means and sums of segments: mantissas are added as integers, exponent by exponent.

A float64 number is M·2^e with an integer M of at most 53 bits. The halves of M are added up for each e (and segment) in
float64, where every partial sum is an integer below 2^53 and thus exact; what remains is arithmetic of Python's
integers. Nothing rounds and nothing can overflow. (The idea of a long accumulator: Kulisch, *Computer Arithmetic and
Validity*, 2nd ed., ch. 8.)
"""

from __future__ import annotations

import math
from collections.abc import Iterable

import numpy as np

from reportgen.core.floats import F64, FORMATS, I64, Exact, round_exact
from reportgen.core.problems import Arrays
from reportgen.oracle.arrays.reference import ArrayReference, chosen_positions
from reportgen.oracle.rationals import put
from reportgen.oracle.settle import Point, settle_interval, settle_rational

PIECE = 1 << 20
"""Elements that are added at once: 2^20 halves of at most 27 bits stay below 2^53."""
LOW_BITS = 27


def exact_sum(values: Iterable[float]) -> tuple[float, float, int]:
    """(hi, lo, sign of the rest) of the sum of finite float64 numbers whose partial sums stay in range.

    ``math.fsum`` is correctly rounded (Shewchuk 1997), so that hi is the sum rounded to nearest, lo the rounded rest
    and a third sum says on which side of hi + lo the exact value lies.
    """
    listed = list(values)
    hi = math.fsum(listed)
    lo = math.fsum([*listed, -hi])
    rest = math.fsum([*listed, -hi, -lo])
    return hi, lo, (rest > 0) - (rest < 0)


def segment_totals(values: F64, segments: I64, count: int) -> tuple[list[int], int]:
    """(integers, exponent): the exact sum of segment i is integers[i]·2^exponent.

    Args:
        values: finite float64 numbers, shape (n,).
        segments: the segment of each, shape (n,), in [0, count).
        count: how many segments there are; those without elements sum to 0.
    """
    mantissa, exponent = np.frexp(values)
    used = values != 0
    if not used.any():
        return [0] * count, 0
    low = int(exponent[used].min())
    width = int(exponent[used].max()) - low + 1
    upper, lower = np.zeros(count * width, np.int64), np.zeros(count * width, np.int64)
    for start in range(0, len(values), PIECE):
        piece = slice(start, start + PIECE)
        whole = np.ldexp(mantissa[piece], 53).astype(np.int64)
        place = np.where(used[piece], segments[piece] * width + (exponent[piece] - low), segments[piece] * width)
        upper += np.bincount(place, whole >> LOW_BITS, count * width).astype(np.int64)
        lower += np.bincount(place, whole & ((1 << LOW_BITS) - 1), count * width).astype(np.int64)
    totals = [0] * count
    for at in np.flatnonzero((upper != 0) | (lower != 0)).tolist():
        totals[at // width] += ((int(upper[at]) << LOW_BITS) + int(lower[at])) << (at % width)
    return totals, low - 53


def point_of(value: int, exponent: int, divisor: int = 1) -> Point:
    """value·2^exponent / divisor, settled."""
    if divisor == 1:
        settled = settle_interval(value, value, exponent)
        assert settled is not None
        return settled
    if exponent >= 0:
        return settle_rational(value << exponent, divisor)
    return settle_rational(value, divisor << -exponent)


def sizes(values: F64, segments: I64, count: int) -> F64:
    """Σ|xᵢ| of each segment in float64, right to three digits; NaN where that is beyond float64."""
    if not len(values):
        return np.zeros(count)
    scale = int(np.frexp(np.abs(values).max())[1])
    with np.errstate(over="ignore"):
        total = np.ldexp(np.bincount(segments, np.ldexp(np.abs(values), -scale), count), scale)
    return np.where(np.isinf(total), np.nan, total)


def lanes(values: F64, axis: int | None) -> F64:
    """The array with the axis that is combined last and all others joined: shape (results, n)."""
    if axis is None:
        return values.reshape(1, -1)
    moved = np.moveaxis(values, axis, -1)
    return moved.reshape(math.prod(moved.shape[:-1]), moved.shape[-1])


def result_shape(values: F64, axis: int | None) -> tuple[int, ...]:
    """The shape that is left when an axis (or all) is combined."""
    return () if axis is None else tuple(s for i, s in enumerate(values.shape) if i != axis % values.ndim)


def infinite_total(lane: F64) -> float:
    """What numbers add up to of which some are NaN or infinite: NaN, or the infinity that all of these are."""
    other = lane[~np.isfinite(lane)]
    alike = bool((other == other[0]).all())
    return float(other[0]) if alike else math.nan


def settled_sums(values: F64, segments: I64, count: int, divisors: list[int] | None = None) -> tuple[Exact, F64]:
    """Exact sums (or quotients of them) of segments of any numbers, and Σ|xᵢ| (divided likewise).

    NaN and infinities count as IEEE 754 adds them, the condition is NaN there. A sum of zeros may have either sign:
    it depends on where a library begins.
    """
    finite = np.isfinite(values)
    numbers = values if finite.all() else np.where(finite, values, 0.0)
    totals, exponent = segment_totals(numbers, segments, count)
    exact = Exact.empty(count)
    divisors = divisors or [1] * count
    for i, (total, divisor) in enumerate(zip(totals, divisors, strict=True)):
        put(exact, i, point_of(total, exponent, divisor))
    condition = sizes(numbers, segments, count) / np.array(divisors, np.float64)
    for i in np.flatnonzero(exact.hi == 0).tolist():
        exact.either_zero[i] = not values[segments == i].any()
    for i in np.unique(segments[~finite]).tolist():
        exact.put(i, Exact.of_values(np.array([infinite_total(values[segments == i])]))[0])
        condition[i] = np.nan
    return exact, condition


def along_axis(arrays: Arrays, limit: int, mean: bool) -> dict[str, ArrayReference]:
    """Sums or means of the operand ``x`` along the parameter ``axis`` (None: of all elements)."""
    x = arrays.values["x"]
    axis = arrays.parameters.get("axis")
    shape = result_shape(x, axis)
    chosen = chosen_positions(shape, limit, "sum")
    rows = lanes(x, axis)[chosen]
    count, n = rows.shape
    if mean and n == 0:
        return {"": undefined(shape, chosen)}
    segments = np.repeat(np.arange(count, dtype=np.int64), n)
    exact, condition = settled_sums(rows.reshape(-1), segments, count, [n] * count if mean else None)
    return {"": ArrayReference(shape, chosen, exact, condition, "rational", extra=on_the_way(arrays, rows, exact))}


def undefined(shape: tuple[int, ...], chosen: I64) -> ArrayReference:
    """0/0: the mean of no numbers."""
    nan = np.full(len(chosen), np.nan)
    return ArrayReference(shape, chosen, Exact.of_values(nan), nan, "rational")


def on_the_way(arrays: Arrays, rows: F64, exact: Exact) -> dict[str, float]:
    """The mark ``overflow on the way``: sums of parts are beyond the dtype's numbers, the result is not."""
    fmt = FORMATS[arrays.dtype]
    fits = np.isfinite(round_exact(exact, fmt).nearest)
    with np.errstate(all="ignore"):  # float64's own overflow is one, too
        parts = np.maximum(np.where(rows > 0, rows, 0.0).sum(-1), -np.where(rows < 0, rows, 0.0).sum(-1))
    over = fits & np.isfinite(rows).all(-1) & (parts > fmt.max_finite)
    return {"overflow on the way": 1.0} if over.any() else {}


def total(arrays: Arrays, limit: int) -> dict[str, ArrayReference]:
    """Sums along ``axis`` (a parameter, None for all): NaN and infinities as IEEE 754 adds them; C = Σ|xᵢ|."""
    return along_axis(arrays, limit, mean=False)


def mean(arrays: Arrays, limit: int) -> dict[str, ArrayReference]:
    """Means along ``axis`` (a parameter, None for all), as exact quotients; C = Σ|xᵢ| / n. The mean of none is NaN."""
    return along_axis(arrays, limit, mean=True)


def segment_sum(arrays: Arrays, limit: int) -> dict[str, ArrayReference]:
    """Sums of the elements of ``x`` that have the same number in ``s``; the parameter ``k`` says how many numbers."""
    x, s = arrays.values["x"], np.asarray(arrays.values["s"], np.int64)
    count = int(arrays.parameters["k"])
    chosen = chosen_positions((count,), limit, "segments")
    exact, condition = settled_sums(x, s, count)
    return {"": ArrayReference((count,), chosen, exact[chosen], condition[chosen], "rational")}


REFERENCES = {"sum": total, "mean": mean, "segment_sum": segment_sum}
