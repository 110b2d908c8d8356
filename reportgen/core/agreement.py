"""How two targets' results for the same inputs compare: bitwise, by distance, and against the truth."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .floats import F64, Bool, Exact, Format
from .metrics import signed_ulp_error


@dataclass(frozen=True)
class Agreement:
    """Comparison of two targets over the same inputs.

    ``max_distance`` is in steps of the format's ordinals over pairs where both are numbers (infinity is
    one step beyond the largest finite value), at ``index``; ``nan_differs`` counts pairs with one NaN.
    ``max_abs``/``max_rel`` are taken over pairs of finite numbers; relative to the larger magnitude.
    ``nearer`` is ``first``, ``second``, ``same`` or ``undecided``, at ``index``.
    """

    compared: int
    equal: int
    nan_differs: int
    max_distance: int
    index: int | None
    nearer: str
    max_abs: float | None
    max_rel: float | None


def bitwise_equal(a: F64, b: F64) -> Bool:
    """Equal as bit patterns, but all NaNs alike; +0 and -0 differ."""
    return ((a == b) & (np.signbit(a) == np.signbit(b))) | (np.isnan(a) & np.isnan(b))


def agree(a: F64, b: F64, y: Exact, fmt: Format) -> Agreement:
    """Compare two result arrays (float64 values representable in ``fmt``) of the same inputs."""
    equal = bitwise_equal(a, b)
    nan_a, nan_b = np.isnan(a), np.isnan(b)
    numbers = ~(nan_a | nan_b)
    nan_differs = int((nan_a != nan_b).sum())
    finite = np.isfinite(a) & np.isfinite(b)
    max_abs = max_rel = None
    if finite.any():
        with np.errstate(over="ignore", invalid="ignore"):
            gap = np.minimum(np.abs(a[finite] - b[finite]), np.finfo(np.float64).max)
            larger = np.maximum(np.abs(a[finite]), np.abs(b[finite]))
            larger = np.where(larger > 0, larger, 1.0)
            relative = np.abs(a[finite] / larger - b[finite] / larger)
        max_abs, max_rel = float(gap.max()), float(relative.max())
    distance = np.where(numbers, np.abs(fmt.ordinal(a) - fmt.ordinal(b)), -1)
    if fmt.name == "float64":
        apart = numbers & (np.signbit(a) != np.signbit(b))
        wide = np.abs(fmt.ordinal(a)).astype(np.float64) + np.abs(fmt.ordinal(b)).astype(np.float64)
        distance = np.where(apart & (wide > 2.0**62), np.iinfo(np.int64).max, distance)
    index: int | None = None
    nearer = "same"
    unequal = np.flatnonzero(~equal)
    if len(unequal):
        index = int(unequal[np.argmax(distance[unequal])])
        nearer = nearer_of(a, b, y, fmt, index)
    largest = int(distance[index]) if index is not None else 0
    return Agreement(len(a), int(equal.sum()), nan_differs, max(largest, 0), index, nearer, max_abs, max_rel)


def nearer_of(a: F64, b: F64, y: Exact, fmt: Format, index: int) -> str:
    """Which of the two results at ``index`` is nearer the exact value."""
    point = slice(index, index + 1)
    if y.undecided[index]:
        return "undecided"
    if np.isnan(y.hi[index]):
        right = np.isnan(a[index]), np.isnan(b[index])
    else:
        first, second = (np.abs(signed_ulp_error(v[point], y[point], fmt))[0] for v in (a, b))
        first, second = (np.inf if np.isnan(e) else e for e in (first, second))
        right = bool(first < second), bool(second < first)
    if right[0] == right[1]:
        return "same"
    return "first" if right[0] else "second"
