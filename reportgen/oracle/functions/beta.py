"""The regularised incomplete beta function I_x(a, b) for a > 0, b > 0, 0 < x < 1.

Everything rests on two series of positive terms (DLMF 8.17.8 with 8.17.4), for I and for its complement:

    I_x(a, b) = x^a (1 - x)^b/(a B(a, b))·(1 + (a + b)/(a + 1)·x + (a + b)(a + b + 1)/((a + 1)(a + 2))·x^2 + …)
    1 - I_x(a, b) = I_(1-x)(b, a).

Enclosures are Arb's for parameters between :data:`_LEAST_ARB` and :data:`_ARBS` (beyond, its transformations can take
seconds), and the series in balls elsewhere.
The word of record does not use mpmath's ``betainc``, which cancels: it is the series in mpmath's arithmetic, with
the rest bounded by a geometric series. Where both series need more than :data:`MOST_TERMS` terms (a and b both large
and x near a/(a + b)) the point is undecided.
"""

from __future__ import annotations

from fractions import Fraction
from math import isqrt, log, log1p
from typing import Any

import numpy as np
from flint import arb, ctx
from mpmath import mp, mpf

from reportgen.core.floats import F64
from reportgen.oracle import rationals
from reportgen.oracle.approx import GUARD, Approx, Real
from reportgen.oracle.functions.ridge import complement
from reportgen.oracle.functions.series import UNKNOWN
from reportgen.oracle.known import Known
from reportgen.oracle.namespace import ExpressionError
from reportgen.oracle.settle import settle_rational

Ball = Any
MOST_TERMS = 6000
"""Terms of a sum in mpmath's arithmetic (about 3 microseconds each)."""
_MOST_BALLS = 20000
_ARBS, _LEAST_ARB = 64.0, 2.0**-10
_FAR_TINY, _FAR_NEAR = 23300.0, 1200.0
"""exp(410 - 23300) < 2^-33000, exp(410 - 1200) < 2^-1130."""
_LN2 = 0.6931471805599453


# -- what follows from inequalities --------------------------------------------------------------------------
def far_from_mean(a: F64, b: F64, x: F64) -> F64:
    """A lower bound of E = a·ln(m/x) + b·ln((1 - m)/(1 - x)) >= 0, m = a/(a + b).

    For x < m, I_x(a, b) <= exp(410 - E), and for x > m the complement likewise. Proof for x < m: the ratios of the
    series' terms are at most q = x·max(1, (a + b)/(a + 1)), so that I <= x^a (1 - x)^b/(a B(a, b) (1 - q)). As
    x^a (1 - x)^b = m^a (1 - m)^b exp(-E) and, by Stirling with falling correction factors above 1,
    m^a (1 - m)^b/B(a, b) <= sqrt(a b/(2 pi (a + b))), the factor of exp(-E) is at most sqrt(b/(a (a + b)))/(1 - q).
    If b >= 1, then 1 - q > 1/(a + 1), and sqrt(b/(a (a + b)))·(a + 1) <= sqrt(a b/(a + b)) + sqrt(1/a), below 2^512 +
    2^537 < exp(373) in binary64; if b < 1, then 1 - q = 1 - x >= 2^-53, and the factor is below 2^(537 + 53) <
    exp(410).

    The logarithms are off by less than 2^-40 in binary64.
    """
    with np.errstate(all="ignore"):
        scale = np.maximum(a, b)
        total = np.log(scale) + np.log1p(np.minimum(a, b) / scale)
        left = np.log(a) - total - np.log(x)
        right = np.log(b) - total - np.log1p(-x)
        bound = a * left + b * right - 2.0**-40 * (a + b)
    out: F64 = np.fmin(np.fmax(bound, 0.0), 1e300)
    return out


def _below_mean(a: F64, b: F64, x: F64) -> Any:
    """1 where x < a/(a + b) for certain, -1 where x is above for certain, else 0."""
    with np.errstate(all="ignore"):
        left, right = np.log(a) - np.log(b), np.log(x) - np.log1p(-x)
    return np.where(left - right > 2.0**-40, 1, np.where(right - left > 2.0**-40, -1, 0))


def _rule(known: Known, a: F64, b: F64, x: F64) -> None:
    side, distance = _below_mean(a, b, x), far_from_mean(a, b, x)
    unsure = np.flatnonzero((np.maximum(a, b) > 2.0**20) & (distance <= _FAR_TINY))
    for i in unsure.tolist():
        side[i], distance[i] = _exact_distance(float(a[i]), float(b[i]), float(x[i]))
    known.outside((side > 0) & (distance > _FAR_TINY), 1.0, -1)
    known.near((side < 0) & (distance > _FAR_NEAR), 1.0, -1)
    # The density is symmetric about 1/2.
    known.exactly((a == b) & (x == 0.5), np.full(len(x), 0.5))
    whole = ((a == np.floor(a)) & (a <= 256)) | ((b == np.floor(b)) & (b <= 256))
    for i in np.flatnonzero(whole & ~known.mask).tolist():
        value = rational_value(float(a[i]), float(b[i]), float(x[i]))
        if value is not None:
            rationals.put(known.values, i, settle_rational(value.numerator, value.denominator))
            known.mask[i] = True


def _exact_distance(a: float, b: float, x: float) -> tuple[int, float]:
    """The side and E of :func:`far_from_mean` by balls, for large parameters near the mean; 0 where balls cannot
    tell.
    """
    before = ctx.prec
    ctx.prec = 256 + int(log(max(a, b)) / _LN2) + max(0, int(-log(min(a, b, x)) / _LN2))
    try:
        first, second, at = arb(a), arb(b), arb(x)
        left = (first / ((first + second) * at)).log()
        right = (second / ((first + second) * (1 - at))).log()
        distance = first * left + second * right
        side = 1 if left > 0 else -1 if left < 0 else 0
        low = float(distance.lower()) if distance.is_finite() and distance > 0 else 0.0
    finally:
        ctx.prec = before
    return side, min(low * (1 - 2.0**-50), 1e300)


def rational_value(a: float, b: float, x: float) -> Fraction | None:
    """I_x(a, b) where it is a rational number that can be written down: a or b a small integer, and an exact power.

    For integer b: x^a·(sum of (a)_j/j!·(1 - x)^j, j < b) (DLMF 8.17.24 with 8.17.4), rational if and only if x^a is;
    for integer a the complement.
    """
    if b == int(b) and b <= 256:
        return _finite_sum(a, int(b), Fraction(x))
    rest = _finite_sum(b, int(a), 1 - Fraction(x))
    return None if rest is None else 1 - rest


def _finite_sum(a: float, b: int, x: Fraction) -> Fraction | None:
    power = _rational_power(x, Fraction(a), b)
    if power is None:
        return None
    total, term, exponent, other = Fraction(0), Fraction(1), Fraction(a), 1 - x
    for j in range(b):
        total += term
        term = term * other * (exponent + j) / (j + 1)
    return power * total


def _rational_power(x: Fraction, exponent: Fraction, terms: int) -> Fraction | None:
    """x^exponent, if that is rational and what is built on it stays below some 40000 bits."""
    root, degree = x, exponent.denominator
    size = max(x.numerator.bit_length(), x.denominator.bit_length())
    if degree > 64 or (exponent / degree + terms) * size > 40000:
        return None
    while degree > 1:
        top, bottom = isqrt(root.numerator), isqrt(root.denominator)
        if top * top != root.numerator or bottom * bottom != root.denominator:
            return None
        root, degree = Fraction(top, bottom), degree // 2
    return root**exponent.numerator


def _bits(columns: tuple[F64, ...], dtype: str) -> F64:
    """1 - I is about a for tiny a, and I about b for tiny b: what is left of 1 lies as far down."""
    a, b, _ = columns
    least = np.minimum(a, b)
    return np.asarray(np.where(least < 0.01, np.maximum(0.0, 8.0 - np.frexp(least)[1]), 0.0), np.float64)


# -- how many terms, and which series ------------------------------------------------------------------------
def terms_needed(a: float, b: float, x: float, bits: float) -> float:
    """About how many terms of the series at x until they are below 2^-bits of the sum; infinite beyond 2^16."""
    want, k = -bits * _LN2, 16.0
    while k <= 1 << 16:
        if _log_term(a, b, x, k) < want:
            return k
        k *= 1.25
    return np.inf


def _log_term(a: float, b: float, x: float, k: float) -> float:
    """log of the k-th term, (a + b)_k/(a + 1)_k·x^k, by Stirling's leading terms."""

    def rising(c: float) -> float:
        return k * (log(c + k) - 1) + c * log1p(k / c) if c > 1e-3 else k * (log(c + k) - 1)

    return rising(a + b) - rising(a + 1) + k * log(x)


def _plan(a: float, b: float, x: float, bits: float, limit: float) -> bool | None:
    """Whether to sum for I (True) or for its complement (False); None if both need more than ``limit`` terms.

    A small I must come from its own series; otherwise the shorter one is taken.
    """
    if a + b == np.inf:
        return None
    own = terms_needed(a, b, x, bits)
    small = log(a) - log(b) > log(x) - log1p(-x)
    if small and own <= limit:
        return True
    # 1 - x is formed exactly later; its logarithm is what counts here.
    other = terms_needed(b, a, max(1 - x, 2.0**-53), bits) if x > 2.0**-60 else np.inf
    if min(own, other) > limit:
        return None
    return own <= other


# -- enclosures ----------------------------------------------------------------------------------------------
def _beta_ball(a: Ball, b: Ball, x: Ball) -> Ball:
    if _LEAST_ARB < a < _ARBS and _LEAST_ARB < b < _ARBS:
        # Arb is slow and wide where the value is close to 1.
        if a * (1 - x) > b * x:
            return x.beta_lower(a, b, regularized=1)
        return complement((1 - x).beta_lower(b, a, regularized=1))
    own = _plan(float(a), float(b), float(x), ctx.prec + 64, _MOST_BALLS)
    if own is None:
        return arb.nan()
    if own:
        return _series_ball(a, b, x, False)
    return complement(_series_ball(b, a, x, True))


def _series_ball(a: Ball, b: Ball, x: Ball, mirrored: bool) -> Ball:
    """The series at x, or at 1 - x where ``mirrored``."""
    working = ctx.prec
    largest = float(a) + float(b)
    ctx.prec = working + 96 + int(abs(log(largest)) / _LN2) + int(max(0.0, -log(float(x))) / _LN2 / 8)
    try:
        at, other = (1 - x, x) if mirrored else (x, 1 - x)
        # log(1 - x) of a tiny x must not come from a rounded 1 - x.
        logs = ((-x).log1p(), x.log()) if mirrored else (x.log(), (-x).log1p())
        total = _sum_ball(a, a + b, at, working + 16)
        gammas = (a + b).lgamma() - (a + 1).lgamma() - b.lgamma()
        return (a * logs[0] + b * logs[1] + gammas).exp() * total if other > 0 else arb.nan()
    finally:
        ctx.prec = working


def _sum_ball(a: Ball, top: Ball, x: Ball, bits: int) -> Ball:
    """1 + top/(a + 1)·x + …; the rest is a geometric series of ratio at most max(x, the current ratio)."""
    term = total = arb(1)
    least = arb(2) ** -bits
    numerator, denominator = top, a + 1
    for _ in range(4 * _MOST_BALLS):
        ratio = numerator * x / denominator
        bound = ratio.max(x)
        if bound < 1 and term * bound < least * total * (1 - bound):
            return total + (term * bound / (1 - bound)).union(arb(0))
        term = term * ratio
        total = total + term
        numerator, denominator = numerator + 1, denominator + 1
    return arb.nan()


# -- the word of record --------------------------------------------------------------------------------------
def _betainc(bits: int, a: Approx, b: Approx, x: Approx) -> Approx:
    if not (a.exact and b.exact and x.exact):
        raise ExpressionError("betainc: no error bound is stated for an argument that is not exact")
    own = _plan(float(a.value), float(b.value), float(x.value), bits + 96, MOST_TERMS)
    if own is None:
        return UNKNOWN
    y = mp.fsub(1, x.value, exact=True)
    if own:
        return _series(bits, a.value, b.value, x.value, y)
    rest = _series(bits, b.value, a.value, y, x.value)
    return Approx(mp.fsub(1, rest.value, exact=True), rest.error)


def _series(bits: int, a: Real, b: Real, x: Real, y: Real) -> Approx:
    """I_x(a, b), y = 1 - x exactly, to a relative 2^-bits.

    The k-th term has had 4k roundings; the power and gamma functions of mpmath keep all but a few bits each. What
    the exponents cost is the bits of a·log x and b·log y, and what the gamma functions' arguments cost those of a + b.
    """
    total = mp.fadd(a, b, exact=True)
    with mp.workprec(64):
        size = max(abs(a * mp.ln(x)), abs(b * mp.ln(y)), total * (abs(mp.ln(total)) + 1), mpf(1))
    working = bits + GUARD + 32 + max(0, int(mp.mag(size)))
    with mp.workprec(working):
        logarithm = mp.loggamma(total) - mp.loggamma(a + 1) - mp.loggamma(b) if total > 1000 else None
        power = a * mp.ln(x) + b * mp.ln(y)
        front = mp.exp(power + logarithm) if logarithm is not None else _front(a, b, total) * mp.exp(power)
        value = front * _sum(a, total, x)
        return Approx(value, mp.ldexp(abs(value), -bits))


def _front(a: Real, b: Real, total: Real) -> Real:
    """1/(a B(a, b)) without logarithms near the zeros of log Gamma."""
    return mp.gamma(total) / (mp.gamma(a + 1) * mp.gamma(b))


def _sum(a: Real, top: Real, x: Real) -> Real:
    """The series until the rest, a geometric series of ratio at most max(x, the current ratio), is lost."""
    term = total = mpf(1)
    least = mp.ldexp(1, -mp.prec)
    numerator, denominator = +top, a + 1
    while True:
        ratio = numerator * x / denominator
        bound = max(ratio, x)
        if bound < 1 and term * bound < least * total * (1 - bound):
            return total
        term *= ratio
        total += term
        numerator, denominator = numerator + 1, denominator + 1


BALLS = {"betainc": _beta_ball}
METHODS = {"betainc": _betainc}
RULES = {"betainc": _rule}
BITS = {"betainc": _bits}
