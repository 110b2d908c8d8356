"""Exact sums: accumulated by ``math.fsum``, twice."""

from __future__ import annotations

import math
from collections.abc import Iterable
from math import prod

import numpy as np

from reportgen.core.floats import F64, Exact
from reportgen.core.problems import Arrays
from reportgen.oracle.arrays.reference import ArrayReference, chosen_positions


def exact_sum(values: Iterable[float]) -> tuple[float, float, int]:
    """(hi, lo, sign of the rest) of the sum of finite float64 numbers.

    ``math.fsum`` is correctly rounded (Shewchuk 1997), so that hi is the sum rounded to nearest, lo the rounded rest
    and a third sum says on which side of hi + lo the exact value lies.
    """
    listed = list(values)
    hi = math.fsum(listed)
    lo = math.fsum([*listed, -hi])
    rest = math.fsum([*listed, -hi, -lo])
    return hi, lo, (rest > 0) - (rest < 0)


def lanes(values: F64, axis: int | None) -> F64:
    """The array with the axis that is combined last and all others joined: shape (results, n)."""
    if axis is None:
        return values.reshape(1, -1)
    moved = np.moveaxis(values, axis, -1)
    return moved.reshape(-1, moved.shape[-1])


def result_shape(values: F64, axis: int | None) -> tuple[int, ...]:
    """The shape that is left when an axis (or all) is combined."""
    return () if axis is None else tuple(s for i, s in enumerate(values.shape) if i != axis % values.ndim)


def total(arrays: Arrays, limit: int) -> dict[str, ArrayReference]:
    """Sums along ``axis`` (a parameter, None for all): NaN and infinities as IEEE 754 adds them; C = Σ|xᵢ|."""
    x = arrays.values["x"]
    axis = arrays.parameters.get("axis")
    shape = result_shape(x, axis)
    chosen = chosen_positions(shape, limit, "sum")
    exact, condition = Exact.empty(len(chosen)), np.empty(len(chosen))
    rows = lanes(x, axis)
    assert len(rows) == prod(shape)
    for i, position in enumerate(chosen.tolist()):
        lane = rows[position]
        if np.isfinite(lane).all():
            exact.hi[i], exact.lo[i], exact.rem[i] = exact_sum(lane.tolist())
            condition[i] = math.fsum(np.abs(lane).tolist())
        else:
            with np.errstate(invalid="ignore"):
                exact.hi[i] = lane[~np.isfinite(lane)].sum()  # NaN, or the infinity that all of them are
            condition[i] = np.nan
    return {"": ArrayReference(shape, chosen, exact, condition, "rational")}


REFERENCES = {"sum": total}
