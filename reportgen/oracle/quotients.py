"""Integer quotients and remainders on whole arrays, exactly: int64 steps on mantissas and the two-part quotient.

Arguments are finite float64 arrays, the divisor not 0. As in :mod:`kernels`, ``ok`` is False where the parts do not
hold the value, and the caller falls back on rationals.
"""

from __future__ import annotations

import numpy as np

from reportgen.core.floats import F64, I64
from reportgen.oracle.kernels import Parts, add, divide, of_values

_WORD = 62
"""Bits that a non-negative int64 holds with one to spare."""


def _odd_mantissa(x: F64) -> tuple[I64, I64]:
    """(m, e) with |x| = m·2^e, m odd and below 2^53, or 0."""
    mantissa, exponent = np.frexp(np.abs(x))
    whole = np.ldexp(mantissa, 53).astype(np.int64)
    # The lowest set bit of an int64 below 2^53 is a float64, and its exponent the number of zeros below it.
    zeros = np.frexp((whole & -whole).astype(np.float64))[1].astype(np.int64) - 1
    zeros = np.where(whole == 0, 0, zeros)
    return whole >> zeros, exponent.astype(np.int64) - 53 + zeros


def fmod(x: F64, y: F64) -> Parts:
    """x - trunc(x/y)·y, which binary64 always holds; a zero has the sign of x.

    With x = X·2^a and y = Y·2^b: for a >= b the remainder is (X·2^(a-b) mod Y)·2^b, the power being worked off in steps
    that fit a word; for a < b it is (X mod Y·2^(b-a))·2^a, where a modulus beyond a word exceeds X.
    """
    (X, a), (Y, b) = _odd_mantissa(x), _odd_mantissa(y)
    Y = np.maximum(Y, 1)
    width = np.frexp(Y.astype(np.float64))[1].astype(np.int64)
    up = np.where(a < b, np.minimum(b - a, _WORD), 0)
    beyond = up + width > _WORD
    modulus = np.where(beyond, 1, Y << np.where(beyond, 0, up))
    rest = np.where(beyond, X, X % modulus)
    gap = np.maximum(a - b, 0)
    active = np.flatnonzero((gap > 0) & (rest > 0))
    while len(active):
        step = np.minimum(gap[active], _WORD - width[active])
        rest[active] = (rest[active] << step) % Y[active]
        gap[active] -= step
        active = active[(gap[active] > 0) & (rest[active] > 0)]
    value = np.ldexp(rest.astype(np.float64), np.minimum(a, b).astype(np.int32))
    return of_values(np.copysign(value, x))


def remainder(x: F64, y: F64) -> Parts:
    """x - floor(x/y)·y: the former, plus y where it is not 0 and of the other sign; a zero has the sign of y."""
    rest = fmod(x, y).hi
    other = (rest != 0) & (np.signbit(rest) != np.signbit(y))
    out = add(rest, np.where(other, y, 0.0))
    out.hi = np.where(rest == 0, np.copysign(0.0, y), out.hi)
    return out


def floor_divide(x: F64, y: F64) -> Parts:
    """floor(x/y) from the quotient's correctly rounded pair and the sign of what is left of it.

    Below 2^53 the pair decides alone: if hi is no integer, no integer lies between it and x/y. From there to 2^105
    hi is an integer and the same holds for lo. Larger quotients are declined.
    """
    parts = divide(x, y)
    sign = np.copysign(1.0, x) * np.copysign(1.0, y)
    reach = np.clip(parts.exp2, -60, 200).astype(np.int32)
    tiny = (parts.exp2 < -60) & (x != 0)
    hi = np.where(tiny, np.copysign(0.5, sign), np.ldexp(parts.hi, reach))
    lo = np.where(tiny, 0.0, np.ldexp(parts.lo, reach))
    low_tail = np.where(lo != 0, np.sign(lo), parts.rem)
    small = np.abs(hi) < 2.0**53
    below = np.floor(hi)
    first = np.where(small & (below == hi) & ~tiny & (low_tail < 0), hi - 1, below)
    second = np.floor(lo)
    second = np.where((second == lo) & (parts.rem < 0), lo - 1, second)
    mantissa, _ = np.frexp(first)
    room = np.spacing(np.abs(first)) * np.where(np.abs(mantissa) == 0.5, 0.25, 0.5)
    out = of_values(np.where(first == 0, np.copysign(0.0, sign), first))
    out.lo = np.where(small, 0.0, second)
    fits = small | ((np.abs(second) < room) & (np.abs(lo) < 2.0**52) & (parts.exp2 < 150))
    out.ok = parts.ok & fits
    return out


def truncatediv(x: F64, y: F64) -> Parts:
    """trunc(x/y): the floor of |x|/|y| with the quotient's sign."""
    out = floor_divide(np.abs(x), np.abs(y))
    negative = np.signbit(x) != np.signbit(y)
    out.hi, out.lo = np.where(negative, -out.hi, out.hi), np.where(negative, -out.lo, out.lo)
    return out


KERNELS = {"fmod": fmod, "remainder": remainder, "floor_divide": floor_divide, "truncatediv": truncatediv}
