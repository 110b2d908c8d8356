"""When an enclosure decides a value: one (hi, lo) pair and one sign of the remainder for its every point.

Two forms of the same rule: :func:`settle_interval` in integers, which is the definition, and
:func:`settled_floats`, a vectorised test for Arb's usual case that may say no too often but never yes wrongly. What
it declines goes to the former.

The canonical form of a non-zero value v with 2^E <= |hi| < 2^(E+1): ``exp2`` is 0 if |E| <= 900 and E otherwise,
``hi`` is v·2^-exp2 rounded to nearest (ties to even) binary64, ``lo`` is what remains rounded likewise (0 where
that underflows), ``rem`` the sign of the rest. |v| outside 2^±32768 is stored at that bound with ``rem`` pointing
outwards.
"""

from __future__ import annotations

from math import ldexp
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from reportgen.core.floats import EXPONENT_LIMIT, F64, Bool

UNSCALED_LIMIT = 900
"""Values whose exponent is beyond ± this are stored with hi in [1, 2) and an ``exp2``."""

_COARSEST = 1 << 16


class Point(NamedTuple):
    """One settled value: (hi + lo)·2^exp2 and the sign of the remainder."""

    hi: float
    lo: float
    exp2: int
    rem: int


ZERO = Point(0.0, 0.0, 0, 0)


def round_bits(n: int, shift: int) -> int:
    """n / 2^shift rounded to the nearest integer, ties to even; n >= 0, shift >= 1."""
    quotient = n >> shift
    rest = n - (quotient << shift)
    half = 1 << (shift - 1)
    return quotient + (rest > half or (rest == half and quotient & 1))


def _nearest(n: int, least_shift: int) -> int:
    """n >= 0 rounded to 53 bits, or to a multiple of 2^least_shift if that is coarser; ties to even."""
    shift = max(n.bit_length() - 53, least_shift)
    if shift <= 0:
        return n
    if shift > n.bit_length() + 1:
        return 0
    return round_bits(n, shift) << shift


def _signed_nearest(n: int, least_shift: int) -> int:
    return _nearest(n, least_shift) if n >= 0 else -_nearest(-n, least_shift)


def _beyond(a: int, b: int, e: int) -> Point | None:
    """The stored form of an interval that lies wholly outside 2^±EXPONENT_LIMIT, else None."""
    top = a.bit_length() + e - 1
    if top > EXPONENT_LIMIT or (top == EXPONENT_LIMIT and a & (a - 1)):
        return Point(1.0, 0.0, EXPONENT_LIMIT, 1)
    if b.bit_length() + e <= -EXPONENT_LIMIT:
        return Point(1.0, 0.0, -EXPONENT_LIMIT, -1)
    return None


def _exact_ldexp(n: int, e: int) -> float:
    """n·2^e where that is a binary64 number; n may be longer than 53 bits if its low bits are zero."""
    extra = abs(n).bit_length() - 53
    return ldexp(n >> extra, e + extra) if extra > 0 else ldexp(n, e)


def settle_interval(a: int, b: int, e: int) -> Point | None:
    """The one :class:`Point` of all reals in [a, b]·2^e, a <= b, or None if they do not share one.

    Rounding is monotone: if both ends round to one hi, so does every point between; the same holds for lo.
    """
    if a <= 0 <= b:
        return ZERO if a == b else None
    if b < 0:
        mirrored = settle_interval(-b, -a, e)
        return mirrored and Point(-mirrored.hi, -mirrored.lo, mirrored.exp2, -mirrored.rem)
    outside = _beyond(a, b, e)
    if outside is not None:
        return outside
    if b.bit_length() - a.bit_length() > 1:
        return None
    high = _nearest(a, 0)
    if high != _nearest(b, 0):
        return None
    exponent = high.bit_length() - 1 + e
    exp2 = exponent if abs(exponent) > UNSCALED_LIMIT else 0
    least = exp2 - 1074 - e
    rest_a, rest_b = a - high, b - high
    low = _signed_nearest(rest_a, least)
    if low != _signed_nearest(rest_b, least):
        return None
    if rest_a == low == rest_b:
        rem = 0
    elif rest_a > low:
        rem = 1
    elif rest_b < low:
        rem = -1
    else:
        return None
    return Point(_exact_ldexp(high, e - exp2), _exact_ldexp(low, e - exp2), exp2, rem)


def settle_centre(man: int, exp: int, radius: int, radius_exp: int) -> Point | None:
    """:func:`settle_interval` of man·2^exp ± radius·2^radius_exp (radius >= 0)."""
    if radius == 0:
        return settle_interval(man, man, exp)
    if abs(man).bit_length() + exp <= radius.bit_length() - 1 + radius_exp:
        return None  # the ball holds zero
    shift = radius_exp - exp
    if shift >= 0:
        wide = radius << shift
        return settle_interval(man - wide, man + wide, exp)
    if shift < -_COARSEST:
        # A far smaller radius is rounded up: still an enclosure, and no number grows beyond bounds.
        radius, shift = (radius >> (-_COARSEST - shift)) + 1, -_COARSEST
    return settle_interval((man << -shift) - radius, (man << -shift) + radius, exp + shift)


def settle_rational(numerator: int, denominator: int) -> Point:
    """The :class:`Point` of numerator / denominator (denominator > 0); always settled."""
    if numerator == 0:
        return ZERO
    if denominator & (denominator - 1) == 0:
        settled = settle_interval(numerator, numerator, 1 - denominator.bit_length())
        assert settled is not None
        return settled
    extra = 192
    while True:
        shift = max(0, extra - numerator.bit_length() + denominator.bit_length())
        quotient, rest = divmod(numerator << shift, denominator)
        settled = settle_interval(quotient, quotient + (rest != 0), -shift)
        if settled is not None:
            return settled
        extra *= 2


def settled_floats(hi: F64, lo: F64, rest: F64, radius: F64) -> tuple[Bool, NDArray[np.int8]]:
    """Where a ball is settled, from its parts as binary64; and the sign of the remainder there.

    ``hi`` is the midpoint rounded to nearest, ``lo`` the rounded midpoint of (ball - hi), ``rest`` that of (ball -
    hi - lo), each conversion within half an ulp, ``radius`` the last ball's radius. Points where anything is near a
    bound (subnormal numbers, halves of an ulp, a remainder near zero, exact values) are declined.
    """
    with np.errstate(all="ignore"):
        size = np.abs(hi)
        ok = (size > 2.0**-UNSCALED_LIMIT) & (size < 2.0**UNSCALED_LIMIT)
        size_lo = np.abs(lo)
        ok &= (size_lo < _half_gap(size)) & (size_lo > 2.0**-960)
        size_rest = np.abs(rest) * (1 + 2.0**-50)
        ok &= size_rest + radius < _half_gap(size_lo)
        # 2^-40 of slack covers the roundings of rest and radius on the way to binary64, and of this line.
        ok &= size_rest * (1 - 2.0**-40) > radius
        ok &= size_rest > 2.0**-1000
    return ok, np.where(ok, np.sign(rest), 0).astype(np.int8)


def _half_gap(size: F64) -> F64:
    """Half the distance from ``size`` to its nearer neighbour, less a part in 2^40: below it, rounding is certain."""
    mantissa, _ = np.frexp(size)
    gap: F64 = np.spacing(size) * np.where(mantissa == 0.5, 0.25, 0.5) * (1 - 2.0**-40)
    return gap


def settle_ball(ball: Any) -> Point | None:
    """The :class:`Point` of an Arb ball (``flint.arb``), or None if it does not decide one."""
    if not ball.is_finite():
        return None
    man, exp = ball.mid().man_exp()
    radius, radius_exp = ball.rad().man_exp()
    return settle_centre(int(man), int(exp), int(radius), int(radius_exp))
