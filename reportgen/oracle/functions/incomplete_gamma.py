"""The regularised incomplete gamma functions P(a, x) = igamma and Q(a, x) = igammac, for a > 0 and x > 0.

Enclosures: Arb's incomplete gamma functions where they are quick, the series of P in balls for a > 300 and x <= a + 1
(where Arb's takes seconds), and :mod:`reportgen.oracle.functions.ridge` for a >= 2^20, where everything that
:func:`far_from_ridge` leaves lies close to x = a.

The word of record does not use mpmath's ``gammainc``, which does not converge or loses its digits for a near x and for
large parameters. In mpmath's arithmetic, and with the bounds beside them:

- P for x <= a + 1 by its series of positive terms (DLMF 8.11.4);
- Q for x > a + 1 by repeated Q(a, x) = Q(a - 1, x) + x^(a-1) exp(-x)/Gamma(a) (DLMF 8.8.6), terms positive again,
  down to a in [0, 1), where 1 - P or Stieltjes' continued fraction (DLMF 8.9.2) gives the rest;
- the other of the two as 1 minus that.

Where a sum would need more than :data:`MOST_TERMS` terms the point is undecided, and the enclosure stands.
"""

from __future__ import annotations

from math import inf, log, log1p, log2, sqrt
from typing import Any

import numpy as np
from flint import arb, ctx
from mpmath import mp, mpf

from reportgen.core.floats import F64, Bool
from reportgen.oracle.approx import GUARD, Approx, Real
from reportgen.oracle.functions.ridge import LEAST_PARAMETER, complement, gaussian_tails
from reportgen.oracle.functions.series import UNKNOWN, within
from reportgen.oracle.known import Known
from reportgen.oracle.namespace import ExpressionError

Ball = Any
MOST_TERMS = 6000
"""Terms of a sum in mpmath's arithmetic (about 3 microseconds each)."""
_MOST_BALLS = 24000
_ARBS_LOWER = 300
_TINY_ORDER = 2.0**-40
_TINY_EXPONENT, _NEAR_EXPONENT = 22800.0, 770.0
"""exp(-22800) < 2^-32893, exp(-770) < 2^-1110."""


# -- what follows from inequalities --------------------------------------------------------------------------
def far_from_ridge(a: F64, x: F64) -> F64:
    """A lower bound of D = x - a - a·ln(x/a) >= 0; P <= exp(-D) for x < a, and Q <= exp(-D) for x > a.

    Chernoff: a gamma variate T has E exp(tT) = (1 - t)^-a for t < 1, so that P(T > x) <= exp(-tx)·(1 - t)^-a for
    0 <= t < 1 and P(T < x) likewise for t < 0; t = 1 - a/x gives exp(-D). With s = (x - a)/a, D = a·(s - log1p(s));
    in binary64 the difference is off by less than 2^-48·(|s| + |log1p(s)|). For |s| < 0.01,
    s - log1p(s) >= s^2/2 - s^3/3 (s > 0) or s^2/2 (s < 0). For x >= 2a, D >= 0.15·x, since D/x grows with x/a and is
    0.1534 at 2.
    """
    with np.errstate(all="ignore"):
        s = (x - a) / a
        logarithm = np.where(x < a / 2, np.log(x) - np.log(a), np.log1p(s))
        bound = a * ((s - logarithm) - 2.0**-48 * (np.abs(s) + np.abs(logarithm)) - 2.0**-40 * (x < a / 2))
        bound = np.where(np.abs(s) < 0.01, 0.99 * 0.5 * a * s * s, bound)
        bound = np.where(x >= 2 * a, 0.15 * x, bound)
    # fmax: a bound that is no number says nothing.
    out: F64 = np.fmin(np.fmax(bound, 0.0), 1e300)
    return out


def _upper_is_negligible(a: F64, x: F64) -> Bool:
    """Q < 2^-1110. For a <= 1 <= x also Q <= exp(-x)/Gamma(a) < 1.13·a·exp(-x), as Gamma(1 + a) > 0.885."""
    with np.errstate(divide="ignore"):
        small = (a <= 1) & (x >= 1) & (x - np.log(a) > _NEAR_EXPONENT + 1)
    return np.asarray(((x > a) & (far_from_ridge(a, x) > _NEAR_EXPONENT)) | small)


def _lower_rule(known: Known, a: F64, x: F64) -> None:
    known.near(_upper_is_negligible(a, x), 1.0, -1)
    known.outside((x < a) & (far_from_ridge(a, x) > _TINY_EXPONENT), 1.0, -1)


def _upper_rule(known: Known, a: F64, x: F64) -> None:
    distance = far_from_ridge(a, x)
    known.near((x < a) & (distance > _NEAR_EXPONENT), 1.0, -1)
    known.outside((x > a) & (distance > _TINY_EXPONENT), 1.0, -1)


def _bits(columns: tuple[F64, ...], dtype: str) -> F64:
    """1 - P is about a·|log x| for tiny a; P(1, x) = x - x^2/2 … and P(2, x) = x^2/2 - x^3/3 … start with short
    numbers.
    """
    a, x = columns
    tiny = np.maximum(0.0, 8.0 - np.frexp(a)[1]) * (a < 0.01)
    short = np.maximum(0.0, -np.frexp(x)[1]) * ((a == 1) | (a == 2))
    return np.asarray(tiny + short, np.float64)


# -- enclosures ----------------------------------------------------------------------------------------------
def terms_needed(a: float, x: float, bits: float) -> float:
    """About how many terms k until (x/(a + 1))···(x/(a + k)), x <= a + 1, is below 2^-bits; the same for x and a
    swapped.
    """
    nats = bits * 0.6931471805599453
    ratio = a / x if x < a else x / a
    if ratio > 2:
        return 16 + nats / log(ratio)
    quick = nats / log1p(ratio - 1) if ratio > 1 else inf
    return 16 + min(quick, sqrt(2 * nats * max(a, x, nats)) + nats)


def _series_ball(a: Ball, x: Ball) -> Ball:
    """x^a exp(-x)/Gamma(a + 1)·(1 + x/(a + 1) + x^2/((a + 1)(a + 2)) + …) (DLMF 8.11.4); for x <= a + 1 or small."""
    working = ctx.prec
    ctx.prec = working + 64
    try:
        term = total = arb(1)
        ratio = x / (a + 1)
        least = arb(2) ** -(working + 16)
        for k in range(2, _MOST_BALLS):
            term = term * ratio
            total = total + term
            ratio = x / (a + k)
            # Later ratios are smaller: the rest is below term·ratio/(1 - ratio).
            if term < least * total and ratio < 0.9999:
                rest = term * ratio / (1 - ratio)
                break
        else:
            return arb.nan()
        total = total + rest.union(arb(0))
        return (a * x.log() - x - (a + 1).lgamma()).exp() * total
    finally:
        ctx.prec = working


def _tiny_order(a: Ball, x: Ball) -> bool:
    """Where Arb takes a tenth of a second and more: its formulas for Q subtract about 1/a from 1/a."""
    return bool(a < _TINY_ORDER) and bool(x < 800)


def _lower(a: Ball, x: Ball) -> Ball:
    if a >= LEAST_PARAMETER:
        return gaussian_tails(a, x)[0]
    if _tiny_order(a, x):
        return _series_ball(a, x)
    if x > a + 1:
        return complement(x.gamma_upper(a, regularized=1))
    return x.gamma_lower(a, regularized=1) if a <= _ARBS_LOWER and x < a / 2 else _series_ball(a, x)


def _upper(a: Ball, x: Ball) -> Ball:
    if a >= LEAST_PARAMETER:
        return gaussian_tails(a, x)[1]
    if _tiny_order(a, x):
        working = ctx.prec
        ctx.prec = working + int(-1.4427 * float(a.log()) + 1.45 * float(x)) + 32
        try:
            return 1 - _series_ball(a, x)
        finally:
            ctx.prec = working
    # For x < a Arb subtracts; where that loses everything 1 - P does not, as P is small there.
    if x < a and a > _ARBS_LOWER:
        return complement(_series_ball(a, x))
    return x.gamma_upper(a, regularized=1)


# -- the word of record --------------------------------------------------------------------------------------
def _numbers(a: Approx, x: Approx) -> tuple[Real, Real]:
    if not (a.exact and x.exact):
        raise ExpressionError("igamma: no error bound is stated for an argument that is not exact")
    return a.value, x.value


def _igamma(bits: int, a: Approx, x: Approx) -> Approx:
    lower, upper = _tails(bits, *_numbers(a, x))
    return lower if lower is not None else _complement(upper)


def _igammac(bits: int, a: Approx, x: Approx) -> Approx:
    lower, upper = _tails(bits, *_numbers(a, x))
    return upper if upper is not None else _complement(lower)


def _complement(tail: Approx | None) -> Approx:
    """1 - tail without a rounding: the tail's small error says where 1 ends, however small the tail."""
    assert tail is not None
    return Approx(mp.fsub(1, tail.value, exact=True), tail.error)


def _tails(bits: int, a: Real, x: Real) -> tuple[Approx | None, Approx | None]:
    """(P, None) for x <= a + 1, else (None, Q), to a relative 2^-bits; an infinite error where that takes too long."""
    if terms_needed(float(a), float(x), bits + 96) > MOST_TERMS or a > 1e6:
        return (UNKNOWN, None) if x <= a + 1 else (None, UNKNOWN)
    # exp(a·ln x - x - …) turns an absolute error of its argument into a relative one.
    size = int(max(abs(float(a) * log(float(x))), float(x), float(a) * 16, 1.0)).bit_length()
    with mp.workprec(bits + GUARD + size + 32):
        if x <= a + 1:
            value = _prefactor(a, x) / a * _series(a, x)
            return within(value, value, bits), None
        value = _by_recurrence(bits, a, x)
        return None, UNKNOWN if value is None else within(value, value, bits)


def _prefactor(a: Real, x: Real) -> Real:
    """x^a·exp(-x)/Gamma(a); mpmath's gamma and power each keep all but a few bits of the working precision."""
    return mp.exp(a * mp.ln(x) - x) / mp.gamma(a)


def _series(a: Real, x: Real) -> Real:
    """1 + x/(a + 1) + x^2/((a + 1)(a + 2)) + …, until the rest, below term·ratio/(1 - ratio), is lost: the ratios
    fall.
    """
    term = total = mpf(1)
    least = mp.ldexp(1, -mp.prec)
    k = 1
    while True:
        ratio = x / (a + k)
        term *= ratio
        total += term
        if ratio < 1 and term * ratio < least * total * (1 - ratio):
            return total
        k += 1


def _by_recurrence(bits: int, a: Real, x: Real) -> Real | None:
    """Q for x > a + 1: x^(a-1)·exp(-x)/Gamma(a)·(1 + (a - 1)/x + (a - 1)(a - 2)/x^2 + …) + Q(a - n, x).

    The sum may stop early: with s = a - m >= 1, what follows the m-th term t is Gamma(s, x)·(positive factors), and
    Gamma(s, x) <= x^(s-1)·exp(-x)/(1 - (s - 1)/x) (from t^(s-1) <= x^(s-1)·exp((s - 1)(t - x)/x)), that is t·x/(x - s
    + 1).
    """
    least = mp.ldexp(1, -mp.prec)
    steps = int(mp.floor(a))
    factor = _prefactor(a, x) / x
    term, total = mpf(1), mpf(0)
    for m in range(steps):
        s = a - m
        if m and term * x < least * total * (x - s + 1):
            return factor * total
        total += term
        term *= (s - 1) / x
    rest = a - steps
    if rest == 0:
        return factor * total
    last = _small_order(bits, rest, x)
    return None if last is None else factor * total + last


def _small_order(bits: int, a: Real, x: Real) -> Real | None:
    """Q(a, x) for 0 < a < 1 < x, to a relative 2^-bits at least."""
    depth = int(((bits + 64) * 0.1733) ** 2 / float(x)) + 16
    while depth <= 1000:
        found = _continued_fraction(bits, a, x, depth)
        if found is not None:
            return found
        depth *= 2
    # Here x is below bits^2/30000 or so; 1 - P loses 1.45·x bits, and log2(1/a) for the factor a of Q.
    loss = int(1.45 * float(x)) + max(0, -int(mp.mag(a))) + 40 + int(log2(float(x) + 2)) * 2
    if terms_needed(1.0, float(x), bits + loss) + 3 * float(x) > MOST_TERMS:
        return None
    with mp.workprec(mp.prec + loss):
        return 1 - _prefactor(a, x) / a * _series(a, x)


def _continued_fraction(bits: int, a: Real, x: Real, depth: int) -> Real | None:
    """Stieltjes: Gamma(a, x) = exp(-x)·x^a/(x + (1 - a)/(1 + 1/(x + (2 - a)/(1 + 2/(x + …))))) for x > 0, a < 1.

    All partial numerators and denominators are positive, so the value lies between any two consecutive convergents;
    None where these are not close enough.
    """
    ends = []
    for tail in (mpf(0), mpf(1)):
        # The tail below the depth-th pair is n/(x + …), between 0 and n/x; 0 and n/x bracket it.
        inner = 1 + tail * depth / x
        for n in range(depth, 0, -1):
            inner = x + (n - a) / inner
            if n > 1:
                inner = 1 + (n - 1) / inner
        ends.append(inner)
    if abs(ends[0] - ends[1]) > mp.ldexp(abs(ends[0]), -bits - 16):
        return None
    return mp.exp(a * mp.ln(x) - x) / mp.gamma(a) / ends[0]


BALLS = {"igamma": _lower, "igammac": _upper}
METHODS = {"igamma": _igamma, "igammac": _igammac}
RULES = {"igamma": _lower_rule, "igammac": _upper_rule}
BITS = {"igamma": _bits, "igammac": _bits}
