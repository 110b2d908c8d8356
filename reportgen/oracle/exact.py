"""Scores in rational arithmetic, for what is printed as a maximum; and exact maxima and minima of arrays."""

from __future__ import annotations

from fractions import Fraction
from math import isinf, isnan

import numpy as np

from reportgen.core.floats import F64, FORMATS, Exact, Format

SATURATION = 1023
"""Scores stop at 2^1023 (:data:`reportgen.core.floats.SATURATED_SCORE`)."""


def _two_to(exponent: int) -> Fraction:
    return Fraction(1 << exponent) if exponent >= 0 else Fraction(1, 1 << -exponent)


def exact_value(y: Exact) -> Fraction:
    """(hi + lo)·2^exp2 of the one finite point in ``y``; what ``rem`` stands for is below 2^-106 of it and left out."""
    return (Fraction(float(y.hi[0])) + Fraction(float(y.lo[0]))) * _two_to(int(y.exp2[0]))


def _exponent(size: Fraction) -> int:
    """floor(log2(size)), size > 0."""
    e = size.numerator.bit_length() - size.denominator.bit_length()
    return e if size >= _two_to(e) else e - 1


def exact_ulp_error(computed: float, y: Exact, fmt: Format) -> Fraction | None:
    """|computed - y| / ulp(y) exactly, as in the design's definition; None if exactly one or both are NaN.

    Args:
        computed: a value of ``fmt``, infinities allowed.
        y: the exact value, one point (arrays of length 1), settled.

    An infinity stands at 2^(emax+1) and a larger exact value is clamped there; exact zero takes the smallest
    subnormal as its ulp; scores stop at 2^1023. If y stands just below a power of two that hi + lo equals
    (``rem`` points inwards), its ulp is that of the lower binade.
    """
    hi = float(y.hi[0])
    if isnan(computed) or isnan(hi):
        return None
    end = _two_to(fmt.emax + 1)
    value = (end if hi > 0 else -end) if isinf(hi) else exact_value(y)
    inwards = int(y.rem[0]) * (1 if value > 0 else -1) < 0
    size = abs(value)
    if size == 0:
        exponent = fmt.emin
    else:
        exponent = _exponent(size)
        exponent -= inwards and size == _two_to(exponent)
    exponent = min(max(exponent, fmt.emin), fmt.emax)
    value = max(-end, min(end, value))
    at = (end if computed > 0 else -end) if isinf(computed) else Fraction(computed)
    error = abs(at - value) / _two_to(exponent - fmt.p + 1)
    return min(error, _two_to(SATURATION))


def exact_extreme(values: F64, largest: bool) -> Exact:
    """The exact maximum (or minimum) of a non-empty float64 array, as one point.

    NaN if any element is NaN. A zero result has the sign that all zeros of the array share; if both occur it is
    +0 and marked ``either_zero``, since no standard says which of them is the larger. Raises ValueError if empty.
    """
    values = np.asarray(values, np.float64).ravel()
    if not len(values):
        raise ValueError("the maximum of no numbers")
    if np.isnan(values).any():
        return Exact.of_values(np.array([np.nan]))
    # Ordinals are integers: no floating-point comparison of the library under test takes part.
    ranks = FORMATS["float64"].ordinal(values)
    best = ranks.max() if largest else ranks.min()
    chosen = values[ranks == best]
    out = Exact.of_values(chosen[:1])
    if best == 0 and len(np.unique(np.signbit(chosen))) == 2:
        out.hi[0] = 0.0
        out.either_zero[0] = True
    return out
