"""Exact cumulative sums and products, at chosen positions only."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from reportgen.core.floats import F64, I64, Exact
from reportgen.core.problems import Arrays
from reportgen.oracle.arrays.factors import conditions, integers_of, special_product, tree
from reportgen.oracle.arrays.reference import ArrayReference, chosen_positions
from reportgen.oracle.arrays.sums import infinite_total, lanes, point_of, segment_totals, sizes
from reportgen.oracle.rationals import put
from reportgen.oracle.settle import settle_interval


def by_lane(shape: tuple[int, ...], axis: int, positions: I64) -> Iterator[tuple[int, I64, I64]]:
    """(lane, indices in that lane ascending, where each stands among ``positions``) for every lane that is looked at.

    Lanes run along ``axis``, numbered as in :func:`reportgen.oracle.arrays.sums.lanes`.
    """
    if not len(positions):
        return
    at = np.array(np.unravel_index(positions, shape))
    others = np.delete(at, axis, axis=0)
    left = tuple(np.delete(np.array(shape), axis))
    lane = np.ravel_multi_index(tuple(others), left) if left else np.zeros(len(positions), np.int64)
    for number in np.unique(lane).tolist():
        place = np.flatnonzero(lane == number)
        place = place[np.argsort(at[axis][place], kind="stable")]
        yield int(number), at[axis][place], place


def cumulative_sum(arrays: Arrays, limit: int) -> dict[str, ArrayReference]:
    """Sums of the elements up to each position along ``axis`` (a parameter); C = Σ|xᵢ| of these elements."""
    x = arrays.values["x"]
    axis = int(arrays.parameters.get("axis", 0)) % x.ndim
    chosen = chosen_positions(x.shape, limit, "scan")
    exact, condition = Exact.empty(len(chosen)), np.full(len(chosen), np.nan)
    rows = lanes(x, axis)
    for number, ends, place in by_lane(x.shape, axis, chosen):
        lane = rows[number][: ends[-1] + 1]
        finite = np.isfinite(lane)
        segments = np.searchsorted(ends, np.arange(len(lane)))
        parts, exponent = segment_totals(np.where(finite, lane, 0.0), segments, len(ends))
        with np.errstate(over="ignore"):
            within = np.cumsum(sizes(np.where(finite, lane, 0.0), segments, len(ends)))
        zero = np.cumsum(np.bincount(segments[lane != 0], minlength=len(ends))) == 0
        total = 0
        for i, (end, at) in enumerate(zip(ends.tolist(), place.tolist(), strict=True)):
            total += parts[i]
            if finite[: end + 1].all():
                put(exact, at, point_of(total, exponent))
                condition[at] = within[i] if np.isfinite(within[i]) else np.nan
                exact.either_zero[at] = zero[i]
            else:
                exact.hi[at] = infinite_total(lane[: end + 1])
    return {"": ArrayReference(x.shape, chosen, exact, condition, "rational")}


def cumulative_product(arrays: Arrays, limit: int) -> dict[str, ArrayReference]:
    """Products of the elements up to each position along ``axis`` (a parameter); C = n·|y|, n the number of factors."""
    x = arrays.values["x"]
    axis = int(arrays.parameters.get("axis", 0)) % x.ndim
    chosen = chosen_positions(x.shape, limit, "scan")
    exact, count = Exact.empty(len(chosen)), np.ones(len(chosen))
    rows = lanes(x, axis)
    for number, ends, place in by_lane(x.shape, axis, chosen):
        running_products(rows[number], ends, place, exact)
        count[place] = ends + 1.0
    return {"": ArrayReference(x.shape, chosen, exact, conditions(exact, count), "rational")}


def running_products(lane: F64, ends: I64, place: I64, exact: Exact) -> None:
    """Store the products of the elements up to each of ``ends`` at ``place``."""
    value, exponent, start = 1, 0, 0
    for end, at in zip((ends + 1).tolist(), place.tolist(), strict=True):
        special = special_product(lane[:end])
        if special is not None:
            exact.hi[at] = special
            continue
        factors, more = integers_of(lane[start:end])
        value, exponent, start = value * tree(factors), exponent + more, end
        settled = settle_interval(value, value, exponent)
        assert settled is not None
        put(exact, at, settled)


REFERENCES = {"cumsum": cumulative_sum, "cumprod": cumulative_product}
