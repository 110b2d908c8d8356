"""Gamma's family: ``gamma``, ``lgamma`` (log|gamma|) and ``digamma``.

mpmath: the Stirling series of log gamma and digamma with the remainder of DLMF 5.11(ii) (below the first term left
out for x > 0), after the argument has been shifted by the recurrence; the reflection formula for x < 1/2. Their claims
are absolute: the sum of the magnitudes that were added, so that roots (1 and 2 of lgamma, one between any two poles
of both) are settled by precision and not by trust.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from math import factorial
from typing import Any

import numpy as np
from flint import arb
from mpmath import mp, mpf

from reportgen.core.floats import F64
from reportgen.oracle import rationals
from reportgen.oracle.approx import GUARD, Approx, Real
from reportgen.oracle.functions.series import LOSS, UNKNOWN, Method, of_one_number, within
from reportgen.oracle.known import Known
from reportgen.oracle.settle import settle_interval


# -- mpmath: Stirling's series -----------------------------------------------------------------------------
@cache
def _bernoulli(n: int) -> tuple[int, int]:
    """B_2n as numerator and denominator."""
    p, q = mp.bernfrac(2 * n)
    return int(p), int(q)


def _shift(x: Real, bits: int) -> int:
    """Steps of the recurrence after which 2n terms with n < pi·x reach 2^-(bits + GUARD): 9 bits a unit of x."""
    return max(0, int((bits + GUARD) / 6) + 4 - int(min(mp.floor(x), 10**9)))


def _stirling(x: Real, bits: int, derivative: bool) -> tuple[Real, Real, Real] | None:
    """(log gamma or digamma at x, what was left out, sum of the magnitudes), DLMF 5.11.1 and 5.11.2; x > 0."""
    square = x * x
    least = mp.ldexp(1, -bits - GUARD)
    log = mp.ln(x)
    if derivative:
        head, size, power = log - 1 / (2 * x), abs(log) + 1 / (2 * x), 1 / square
    else:
        rest = mp.ln(2 * mp.pi) / 2
        head = (x - mpf(1) / 2) * log - x + rest
        size, power = (x + 1) * abs(log) + x + 1, 1 / x
    total, last = mpf(0), mp.inf
    for n in range(1, 4000):
        p, q = _bernoulli(n)
        term = p * power / (2 * n * q if derivative else 2 * n * (2 * n - 1) * q)
        if abs(term) < least:
            return (head - total if derivative else head + total), abs(term), size
        if abs(term) > last:
            return None
        total, last = total + term, abs(term)
        power /= square
    return None


def _log_gamma_right(x: Real, bits: int) -> Approx:
    """log gamma for x >= 1/2: Stirling's series at x + m, less the logarithm of x(x + 1)…(x + m - 1)."""
    steps = _shift(x, bits)
    product = mpf(1)
    for k in range(steps):
        product *= x + k
    found = _stirling(x + steps, bits, derivative=False)
    if found is None:
        return UNKNOWN
    value, left_out, size = found
    log = mp.ln(product)
    return Approx(value - log, 2 * left_out + mp.ldexp(size + abs(log) + 1, -bits))


def _digamma_right(x: Real, bits: int) -> Approx:
    """digamma for x >= 1/2: Stirling's series at x + m, less 1/x + 1/(x + 1) + …"""
    steps = _shift(x, bits)
    total = mpf(0)
    for k in range(steps):
        total += 1 / (x + k)
    found = _stirling(x + steps, bits, derivative=True)
    if found is None:
        return UNKNOWN
    value, left_out, size = found
    return Approx(value - total, 2 * left_out + mp.ldexp(size + total, -bits))


def _precision(x: Real, bits: int) -> int:
    # 1 - x is formed exactly, and sin and cos of pi·x reduce x exactly.
    return bits + GUARD + LOSS


def _lgamma(bits: int, x: Real) -> Approx:
    with mp.workprec(_precision(x, bits)):
        if x >= 0.5:
            return _log_gamma_right(x, bits)
        # log|gamma(x)| = log(pi/|sin(pi x)|) - log gamma(1 - x), DLMF 5.5.3
        right = _log_gamma_right(mp.fsub(1, x, exact=True), bits)
        log = mp.ln(mp.pi / abs(mp.sinpi(x)))
        return Approx(log - right.value, right.error + mp.ldexp(abs(log) + 1, -bits))


def _digamma(bits: int, x: Real) -> Approx:
    with mp.workprec(_precision(x, bits)):
        if x >= 0.5:
            return _digamma_right(x, bits)
        # digamma(x) = digamma(1 - x) - pi/tan(pi x), DLMF 5.5.4
        right = _digamma_right(mp.fsub(1, x, exact=True), bits)
        cotangent = mp.pi * mp.cospi(x) / mp.sinpi(x)
        return Approx(right.value - cotangent, right.error + mp.ldexp(abs(cotangent), -bits))


def _gamma(bits: int, x: Real) -> Approx:
    """exp(log gamma), or pi/(sin(pi x)·gamma(1 - x)) on the left; an integer's factorial exactly."""
    if mp.isint(x) and 0 < x < 4000:
        return Approx(mpf(factorial(int(x) - 1)), mpf(0)) if x < 200 else within(*_big_factorial(int(x), bits), bits)
    with mp.workprec(_precision(x, bits) + 16):
        if x >= 0.5:
            return _exponential(_log_gamma_right(x, bits + 16), bits)
        found = _exponential(_log_gamma_right(mp.fsub(1, x, exact=True), bits + 16), bits + 8)
        value = mp.pi / (mp.sinpi(x) * found.value)
        return Approx(value, mp.ldexp(abs(value), -bits - 8) + 2 * abs(value) * found.error / found.value)


def _big_factorial(n: int, bits: int) -> tuple[Real, Real]:
    with mp.workprec(bits + GUARD):
        value = mpf(factorial(n - 1))
        return value, value


def _exponential(log: Approx, bits: int) -> Approx:
    """exp of a number with an error below 1/2: exp(y ± d) = exp(y)·(1 ± 2d)."""
    if not mp.isfinite(log.error) or log.error > 0.5:
        return UNKNOWN
    value = mp.exp(log.value)
    return Approx(value, value * (2 * log.error + mp.ldexp(1, -bits - 8)))


METHODS: dict[str, Method] = {
    "gamma": of_one_number(_gamma),
    "lgamma": of_one_number(_lgamma),
    "digamma": of_one_number(_digamma),
}

# -- balls --------------------------------------------------------------------------------------------------


def _lgamma_ball(x: Any) -> Any:
    if x > 0:
        return x.lgamma()
    return (arb.pi() / abs(x.sin_pi())).log() - (1 - x).lgamma()


BALLS: dict[str, Callable[..., Any]] = {"gamma": arb.gamma, "lgamma": _lgamma_ball, "digamma": arb.digamma}


# -- values known by an inequality or an identity ------------------------------------------------------------
def _known_gamma(known: Known, x: F64) -> None:
    # gamma(x) > (x/e)^(x - 1)/e > 2^43000 for x > 5000; |gamma(x)| = pi/(|sin(pi x)|·gamma(1 - x)), where the sine of
    # a binary64 number that is no integer, |x| < 2^52, is above 2^-53.
    known.outside(x > 5000, 1.0, 1)
    known.outside(x < -5000, np.where(np.fmod(np.floor(x), 2) == 0, 1.0, -1.0), -1)
    whole = (x > 0) & (x <= 2000) & (np.floor(x) == x)
    for i in np.flatnonzero(whole):
        value = factorial(int(x[i]) - 1)
        point = settle_interval(value, value, 0)
        assert point is not None
        rationals.put(known.values, int(i), point)
        known.mask[i] = True


RULES: dict[str, Callable[..., None]] = {"gamma": _known_gamma}


# -- first guesses of the precision -----------------------------------------------------------------------
def _gamma_bits(columns: tuple[F64, ...], dtype: str) -> F64:
    # Beside its pole at 0 the value is ±1/x less a constant, and 1/x is a short number for powers of 2 only.
    mantissa, exponent = np.frexp(columns[0])
    return np.where(np.abs(mantissa) == 0.5, np.minimum(np.maximum(0.0, 1.0 - exponent), 1200.0), 0.0)


def _lgamma_bits(columns: tuple[F64, ...], dtype: str) -> F64:
    # Roots: log gamma is about (x - 1)·c near 1 and 2; on the left they lie ever closer to the integers.
    x = columns[0]
    distance = np.minimum(np.abs(x - 1), np.abs(x - 2))
    near = np.maximum(0.0, -np.frexp(np.where(distance == 0, 1.0, distance))[1].astype(np.float64))
    return np.where(x > 0, np.where(distance < 0.25, near, 0.0), 24.0)


BITS: dict[str, Callable[[tuple[F64, ...], str], F64]] = {
    "gamma": _gamma_bits,
    "lgamma": _lgamma_bits,
    "digamma": _gamma_bits,
}
