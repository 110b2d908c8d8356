"""Exact products: significands multiplied as integers, exponents added."""

from __future__ import annotations

import math

import numpy as np

from reportgen.core.floats import F64, FORMATS, Exact, round_exact, scale
from reportgen.core.problems import Arrays
from reportgen.oracle.arrays.reference import ArrayReference, chosen_positions
from reportgen.oracle.arrays.sums import lanes, result_shape
from reportgen.oracle.rationals import put
from reportgen.oracle.settle import settle_interval


def integers_of(values: F64) -> tuple[list[int], int]:
    """(integers, exponent): the product of finite numbers is that of the integers times 2^exponent."""
    mantissa, exponent = np.frexp(values)
    whole = np.ldexp(mantissa, 53).astype(np.int64)
    return whole.tolist(), int(exponent.astype(np.int64).sum()) - 53 * len(values)


def tree(factors: list[int]) -> int:
    """The product of integers, halves first: long numbers meet numbers as long. That of none is 1."""
    if not factors:
        return 1
    while len(factors) > 1:
        pairs = [a * b for a, b in zip(factors[::2], factors[1::2], strict=False)]
        factors = pairs + ([factors[-1]] if len(factors) % 2 else [])
    return factors[0]


def special_product(lane: F64) -> float | None:
    """What numbers of which some are NaN, infinite or zero multiply to (IEEE 754, 6.1 and 6.3); None of others."""
    infinite, zero = bool(np.isinf(lane).any()), bool((lane == 0).any())
    if np.isnan(lane).any() or (infinite and zero):
        return math.nan
    if not infinite and not zero:
        return None
    negative = bool(np.signbit(lane).sum() % 2)
    return math.copysign(math.inf if infinite else 0.0, -1.0 if negative else 1.0)


def conditions(exact: Exact, count: F64) -> F64:
    """C = n·|y| for products of n factors; NaN where the product is no number, or beyond float64."""
    with np.errstate(all="ignore"):
        found = count * np.abs(scale(exact.hi, exact.exp2))
    return np.where(np.isfinite(found), found, np.nan)


def product(arrays: Arrays, limit: int) -> dict[str, ArrayReference]:
    """Products along ``axis`` (a parameter, None for all); C = n·|y|. The product of no numbers is 1."""
    x = arrays.values["x"]
    axis = arrays.parameters.get("axis")
    shape = result_shape(x, axis)
    chosen = chosen_positions(shape, limit, "product")
    rows = lanes(x, axis)[chosen]
    exact = Exact.empty(len(chosen))
    for i, lane in enumerate(rows):
        special = special_product(lane)
        if special is not None:
            exact.hi[i] = special
            continue
        factors, exponent = integers_of(lane)
        value = tree(factors)
        settled = settle_interval(value, value, exponent)
        assert settled is not None
        put(exact, i, settled)
    condition = conditions(exact, np.full(len(chosen), float(rows.shape[1])))
    extra = on_the_way(arrays, rows, exact)
    return {"": ArrayReference(shape, chosen, exact, condition, "rational", extra=extra)}


def on_the_way(arrays: Arrays, rows: F64, exact: Exact) -> dict[str, float]:
    """The marks ``overflow on the way`` and ``underflow on the way``: the product of the first factors, taken in order,
    leaves the dtype's numbers although the result is a normal one."""
    fmt = FORMATS[arrays.dtype]
    result = round_exact(exact, fmt).nearest
    usable = np.isfinite(rows).all(-1) & (rows != 0).all(-1) & np.isfinite(result) & (np.abs(result) >= fmt.min_normal)
    with np.errstate(all="ignore"):
        logs = np.log2(np.abs(rows))
    if not usable.any() or not rows.shape[1]:
        return {}
    running = np.cumsum(logs[usable], axis=-1)
    found = {}
    if (running > fmt.emax + 1).any():
        found["overflow on the way"] = 1.0
    if (running < fmt.emin - fmt.p).any():
        found["underflow on the way"] = 1.0
    return found


REFERENCES = {"prod": product}
