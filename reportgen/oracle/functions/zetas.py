"""The Hurwitz zeta function zeta(s, q), s > 1, and the polygamma functions of order n = 0, 1, 2 …

q <= 0 is meant only where s is an integer and q is not, and polygamma of x <= 0 likewise: the special-case tables take
the rest. For q = f - N < 0 with 0 < f < 1, the terms before and after f give (DLMF 25.11.4)

    zeta(s, q) = zeta(s, f) + (-1)^s·(zeta(s, 1 - f) - zeta(s, 1 - q)),

and polygamma(n, x) = (-1)^(n+1)·n!·zeta(n + 1, x) for n >= 1 (DLMF 5.15.1, 25.11.12).

Enclosures are Arb's zeta of positive arguments. The word of record does not use mpmath's ``zeta`` and ``polygamma``,
which state no error, manage a few hundred points a second and lose their digits for large parameters: it is the
formula of Euler and Maclaurin in mpmath's arithmetic. (q + t)^-s and psi'(t) are completely monotone, so that the
remainder is smaller than the first term left out (DLMF 2.10(i), 25.11.5).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from math import factorial, lgamma
from typing import Any

import numpy as np
from flint import arb
from mpmath import mp, mpf

from reportgen.core.floats import F64, Bool
from reportgen.oracle import rationals
from reportgen.oracle.approx import GUARD, Approx, Real, signed_parts
from reportgen.oracle.functions.series import UNKNOWN, within
from reportgen.oracle.known import Known
from reportgen.oracle.namespace import ExpressionError
from reportgen.oracle.settle import Point, settle_interval

Ball = Any
LARGEST_ORDER = 1e6
"""Orders s and n beyond this are settled by inequalities or not at all."""
_MOST_TERMS = 4000
_OUT = 33000.0
"""Bits beyond which a value is outside the stored range with room to spare."""


# -- what follows from inequalities --------------------------------------------------------------------------
def _log2_power(q: F64, s: F64) -> F64:
    """log2 of q^-s for q > 0, to a part in 2^45."""
    near = (q > 0.5) & (q < 2)
    with np.errstate(all="ignore"):
        logarithm = np.where(near, np.log1p(np.where(near, q - 1, 0.0)) * 1.4426950408889634, np.log2(q))
        return np.asarray(-s * logarithm)


def _log2_zeta(s: F64, q: F64) -> F64:
    """B with 2^B <= zeta(s, q) <= 2^(B+1) for q > 0: the first term and the integral of the rest, each at most the
    whole.

    q^-s + q^(1-s)/(s - 1) is at least zeta(s, q), and the larger of the two at most it.
    """
    first = _log2_power(q, s)
    with np.errstate(all="ignore"):
        return np.asarray(np.maximum(first, first + np.log2(q) - np.log2(s - 1)))


def _outside(known: Known, bits: F64, slack: F64, sign: F64 | float, where: Bool) -> None:
    """Decide what is beyond the stored range: 2^bits off by at most ``slack`` and one bit."""
    with np.errstate(invalid="ignore"):
        known.outside(where & (bits - slack > _OUT), sign, 1)
        known.outside(where & (bits + slack < -_OUT), sign, -1)


def _zeta_rule(known: Known, s: F64, q: F64) -> None:
    with np.errstate(all="ignore"):
        bits = _log2_zeta(s, q)
        _outside(known, bits, np.abs(bits) * 2.0**-40, 1.0, q > 0)
    _negative_rule(known, Terms(s, q, np.fmod(s, 2) != 0, np.zeros(len(s)), np.ones(len(s))))
    _dyadic_rule(known, s, q, np.zeros(len(s)), False)


@dataclass
class Terms:
    """sign·2^factor·zeta(s, q), with whether s is odd (which n + 1 in binary64 forgets)."""

    s: F64
    q: F64
    odd: Bool
    factor: F64
    sign: F64


def _negative_rule(known: Known, terms: Terms) -> None:
    """What is far from 1 for q < 0 and integer s.

    With d < 1/2 the distance to the nearest pole, the terms d^-s and (1 - d)^-s lead; where they have opposite signs
    (odd s) their difference is at least 2^-53·d^-s, 1 - (d/(1-d))^s >= 1 - d/(1 - d) >= 1 - 2d. For d = 1/2 and
    odd s they cancel with all before them, and zeta(s, 1 - q) is left.
    """
    q, odd, factor, sign = terms.q, terms.odd, terms.factor, terms.sign
    s = np.minimum(terms.s, 1e290)  # larger orders are farther out still
    with np.errstate(all="ignore"):
        negative = (q < 0) & (np.floor(q) != q)
        offset = np.where(negative, q - np.rint(q), 0.25)  # exact
        near = np.abs(offset)
        side = np.where(odd & (offset < 0), -1.0, 1.0)
        bits = factor - s * np.log2(near)
        slack = (np.abs(factor) + np.abs(s * np.log2(near))) * 2.0**-40 + 56
        regular = negative & ~(odd & (near == 0.5))
        known.outside(regular & (bits - slack > _OUT), sign * side, 1)
        cancelled = negative & odd & (near == 0.5)
        rest = _log2_zeta(s, 1 - q)
        slack = (np.abs(factor) + np.abs(rest)) * 2.0**-40 + 4
        _outside(known, factor + rest, slack, sign, cancelled)


def _dyadic_rule(known: Known, s: F64, q: F64, n: F64, alternate: bool) -> None:
    """n!·zeta(s, q) for q = 2^k and integer s: n!·2^-ks is exact, and what follows it too small for a pair.

    zeta(s, q)/q^-s - 1 <= (1 + 1/q)^-s·(1 + (q + 1)/(s - 1)) by the integral. ``alternate``: minus that for even n.
    """
    mantissa, exponent = np.frexp(q)
    with np.errstate(all="ignore"):
        ratio = -s * np.log1p(1 / q) * 1.4426950408889634 + np.log2(1 + (q + 1) / (s - 1))
        k = (exponent - 1).astype(np.float64)
        fits = (mantissa == 0.5) & (np.floor(s) == s) & (ratio < -1110) & (np.abs(k * s) < 32000) & (n <= 60)
    for i in np.flatnonzero(fits & ~known.mask).tolist():
        whole = factorial(int(n[i])) << 1200
        point = settle_interval(whole + 1, whole + (whole >> 1110), int(-k[i] * s[i]) - 1200)
        if point is not None:
            negative = alternate and n[i] % 2 == 0
            rationals.put(known.values, i, Point(-point.hi, -point.lo, point.exp2, -point.rem) if negative else point)
            known.mask[i] = True


def _polygamma_rule(known: Known, n: F64, x: F64) -> None:
    """n!·zeta(n + 1, x), n >= 1, outside the stored range or beside a power of 2; nothing of digamma (n = 0)."""
    order = n >= 1
    # Orders beyond 10^290 differ from it in nothing that is decided here but in where n! and x^n balance.
    n, balance = np.minimum(n, 1e290), np.where(n > 1e290, np.log(np.maximum(n, 1.0)) - 1, 0.0)
    factor = np.array([_log2_factorial(v) for v in n.tolist()])
    even = np.fmod(n, 2) == 0
    sign = np.where(even, -1.0, 1.0)
    s = np.where(order, n + 1, 2.0)
    with np.errstate(all="ignore"):
        huge = order & (balance > 0)
        bits = np.where(huge, (balance - np.log(x)) * 1e290, factor + _log2_zeta(s, x))
        slack = np.where(huge, 1e282, (np.abs(factor) + np.abs(_log2_power(x, s))) * 2.0**-40)
        _outside(known, bits, slack, sign, order & (x > 0))
    kept = Known(len(n))
    _negative_rule(kept, Terms(s, x, even, factor, sign))
    _dyadic_rule(kept, s, x, n, True)
    where = kept.mask & order & ~known.mask
    known.values.put(where, kept.values[where])
    known.mask |= where


@lru_cache(maxsize=4096)
def _log2_factorial(n: float) -> float:
    """log2 of n!, to a part in 2^45."""
    return lgamma(n + 1) * 1.4426950408889634


# -- enclosures ----------------------------------------------------------------------------------------------
def _split(q: Any, floor: Any) -> tuple[Any, Any, Any]:
    """(f, 1 - f, 1 - q) of a negative q whose floor is given."""
    # Of f and 1 - f the smaller one is exact so.
    return q - floor, (floor + 1) - q, 1 - q


def _zeta_ball(s: Ball, q: Ball) -> Ball:
    if s > LARGEST_ORDER:
        return _large_order(s, q)
    if q > 0:
        return arb.zeta(s, q)
    f, g, beyond = _split(q, q.floor())
    sign = -1 if _is_odd(s) else 1
    if f == g and sign < 0:
        return arb.zeta(s, beyond)
    return arb.zeta(s, f) + sign * (arb.zeta(s, g) - arb.zeta(s, beyond))


def _is_odd(s: Ball) -> bool:
    return int(float(s)) % 2 == 1 if s < 2.0**53 else False


def _large_order(s: Ball, q: Ball) -> Ball:
    """q^-s·(1 + d), 0 < d <= (1 + 1/q)^-s·(1 + (q + 1)/(s - 1)), for q > 0; nothing for negative q."""
    if not q > 0:
        return arb.nan()
    rest = (-s * (1 / q).log1p()).exp() * (1 + (q + 1) / (s - 1))
    return (-s * q.log()).exp() * (1 + rest.union(arb(0)))


def _polygamma_ball(n: Ball, x: Ball) -> Ball:
    if n == 0:
        return x.digamma()
    if n > LARGEST_ORDER:
        return arb.nan()
    value = (n + 1).gamma() * _zeta_ball(n + 1, x)
    return value if _is_odd(n) else -value


# -- the word of record --------------------------------------------------------------------------------------
def _numbers(name: str, *args: Approx) -> list[Real]:
    if not all(a.exact for a in args):
        raise ExpressionError(f"{name}: no error bound is stated for an argument that is not exact")
    return [a.value for a in args]


def _zeta(bits: int, s: Approx, q: Approx) -> Approx:
    order, start = _numbers("zeta", s, q)
    if order > LARGEST_ORDER:
        return _first_term(bits, order, start) if start > 0 else UNKNOWN
    if start > 0:
        return hurwitz(bits, order, start)
    return _continued(bits, int(order), start)


def _first_term(bits: int, s: Real, q: Real) -> Approx:
    """q^-s with the bound of all that follows it: (1 + 1/q)^-s·(1 + (q + 1)/(s - 1)) of it."""
    with mp.workprec(bits + GUARD + 64 + int(mp.mag(s)) + abs(int(mp.mag(q))).bit_length()):
        value = mp.exp(-s * mp.ln(q))
        rest = mp.exp(-s * mp.log1p(1 / q)) * (1 + (q + 1) / (s - 1))
        return Approx(value, value * (rest * 2 + mp.ldexp(1, -bits)))


def _continued(bits: int, s: int, q: Real) -> Approx:
    """zeta(s, q) of negative q; f and 1 - f are exact, since q has at most 53 bits after the point."""
    floor = mp.floor(q)
    f = mp.fsub(q, floor, exact=True)
    g, beyond = mp.fsub(1, f, exact=True), mp.fsub(1, q, exact=True)
    third = hurwitz(bits, mpf(s), beyond)
    if f == g and s % 2:
        return third
    first, second = hurwitz(bits, mpf(s), f), hurwitz(bits, mpf(s), g)
    sign = -1 if s % 2 else 1
    with mp.workprec(bits + GUARD):
        value = first.value + sign * (second.value - third.value)
        room = mp.ldexp(first.value + second.value + third.value, -bits - 8)
        return Approx(value, first.error + second.error + third.error + room)


def hurwitz(bits: int, s: Real, q: Real) -> Approx:
    """zeta(s, q) for s > 1, q > 0 to a relative 2^-bits, s and q exact; unknown where that needs too many terms.

    Terms are added until the integral of the rest is lost, or until q + N is so large that the corrections fall: the
    j-th is below 2·((s + 2j)/(2 pi (q + N)))^(2j) of the last term.
    """
    working = bits + GUARD + 32 + int(mp.mag(s) if s > 1 else 1) + abs(int(mp.mag(q))).bit_length()
    target = (float(s) + working) / 4
    with mp.workprec(working):
        least = mp.ldexp(1, -working)
        total, at = mpf(0), q
        for _ in range(_MOST_TERMS):
            power = mp.power(at, -s)
            integral = power * at / (s - 1)
            if at >= target or power + integral < least * total:
                break
            total += power
            # Exact: neither the integer part nor the bits of q may be lost.
            at = mp.fadd(at, 1, exact=True)
        else:
            return UNKNOWN
        tail = _euler_maclaurin(s, at, power, least * (total + integral))
        if tail is None:
            return UNKNOWN
        value = total + integral + power / 2 + tail
        return within(value, value, bits)


def _euler_maclaurin(s: Real, at: Real, power: Real, enough: Real) -> Real | None:
    """The sum of B_2j/(2j)!·s(s + 1)···(s + 2j - 2)·at^(1 - s - 2j), once a term (which bounds the rest) is below
    ``enough``.
    """
    total, step = mpf(0), power * s / at
    square = at * at
    for j in range(1, 2 * mp.prec):
        term = step * mp.bernoulli(2 * j) / mp.factorial(2 * j)
        if abs(term) <= enough:
            return total
        total += term
        step *= (s + 2 * j - 1) * (s + 2 * j) / square
    return None


def _polygamma(bits: int, n: Approx, x: Approx) -> Approx:
    order, start = _numbers("polygamma", n, x)
    if order == 0:
        return _digamma(bits, start)
    if order > LARGEST_ORDER:
        return UNKNOWN
    value = hurwitz(bits, order + 1, start) if start > 0 else _continued(bits, int(order) + 1, start)
    if not mp.isfinite(value.error):
        return UNKNOWN
    with mp.workprec(bits + GUARD + 24):
        factor = mp.gamma(order + 1) * (1 if int(order) % 2 else -1)
        product = value.value * factor
        return Approx(product, value.error * abs(factor) * 2 + mp.ldexp(abs(product), -bits - 8))


def _digamma(bits: int, x: Real) -> Approx:
    """psi(x) = psi(1 - x) - pi/tan(pi x) for x < 0 (DLMF 5.5.4); psi(x) = psi(x + N) - the sum of 1/(x + k) (5.5.2) and

    ln X - 1/(2X) - the sum of B_2j/(2j X^2j), whose remainder is smaller than the first term left out (5.11.2,
    5.11(ii)).
    """
    if x < 0:
        reflected = _digamma(bits, mp.fsub(1, x, exact=True))
        _, exponent = signed_parts(x)
        with mp.workprec(bits + GUARD + 64 + max(0, -exponent)):
            turn = mp.pi * mp.cospi(x) / mp.sinpi(x)
            value = reflected.value - turn
            return Approx(value, reflected.error + mp.ldexp(abs(turn) + abs(reflected.value), -bits - 8))
    working = bits + GUARD + 32
    target = working / 4
    with mp.workprec(working + abs(int(mp.mag(x))).bit_length()):
        total, size, at = mpf(0), mpf(0), x
        while at < target:
            part = 1 / at
            total -= part
            size += part
            at = mp.fadd(at, 1, exact=True)
        logarithm = mp.ln(at)
        total += logarithm - 1 / (2 * at)
        size += abs(logarithm) + 1
        power, square, least = mpf(1), at * at, mp.ldexp(1, -working)
        for j in range(1, 2 * working):
            power /= square
            term = mp.bernoulli(2 * j) / (2 * j) * power
            if abs(term) <= least:
                return within(total, size, bits)
            total -= term
        return UNKNOWN


BALLS = {"zeta": _zeta_ball, "polygamma": _polygamma_ball}
METHODS = {"zeta": _zeta, "polygamma": _polygamma}
RULES = {"zeta": _zeta_rule, "polygamma": _polygamma_rule}
