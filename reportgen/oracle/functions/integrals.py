"""Functions defined by an integral: ``expi`` (Ei), ``fresnel_cos``, ``fresnel_sin`` (of pi·t²/2) and ``spence``.

``spence(x)`` is -∫ log(t)/(t - 1) dt over [1, x], the dilogarithm of 1 - x. mpmath: power series, and for large
arguments asymptotic series whose remainders are bounded (DLMF 7.12(ii) for the auxiliary functions of the Fresnel
integrals; derived below for Ei).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from flint import arb
from mpmath import mp, mpf

from reportgen.core.floats import F64
from reportgen.oracle.approx import GUARD, Approx, Real
from reportgen.oracle.functions.series import EXTRA, UNKNOWN, Method, of_one_number, power_series, relative, within
from reportgen.oracle.known import Known


# -- Ei ------------------------------------------------------------------------------------------------------
def _expi(bits: int, x: Real) -> Approx:
    size = mp.fabs(x)
    if size > 2 * (bits + EXTRA + 32):
        with mp.workprec(bits + EXTRA + 32):
            return _expi_asymptotic(x, bits)
    loss = 8 if x > 0 else 8 + int(2.8854 * float(size))
    with mp.workprec(bits + EXTRA + loss):
        # gamma + log|x| + Σ x^k/(k!·k), DLMF 6.6.2; with t_k = x^(k+1)/(k+1)!, the weight is 1/(k + 1).
        _, _, total, total_size = power_series(x, lambda k: x / (k + 2), lambda k: mpf(1) / (k + 1))
        log = mp.ln(size)
        return within(mp.euler + log + total, 1 + abs(log) + total_size, bits + loss)


def _expi_asymptotic(x: Real, bits: int) -> Approx:
    """exp(x)/x·Σ k!/x^k, n terms with n + 1 <= |x|/4.

    For x < 0 the terms alternate and the rest is below the first term left out (DLMF 6.12(i)). For x > 0, n
    integrations by parts over [a, x], a = x/2, leave n!·∫ exp(t)·t^(-n-1) dt, where the integrand exp(h) has h' >= 1
    - (n + 1)/a >= 1/2: below 2·n!·exp(x)/x^(n+1), twice the first term left out. The terms at a, of which the sum is
    below 4·exp(a)/x, and Ei(a), below 4·exp(a)/a for a > 10, contribute less than 16·exp(x/2)/x.
    """
    term, total, k = mpf(1), mpf(0), 0
    least = mp.ldexp(1, -bits - GUARD)
    while abs(term) >= least:
        if 4 * (k + 2) > abs(x):
            return UNKNOWN
        total += term
        k += 1
        term *= k / x
    scale = mp.exp(x) / x
    rest = 2 * abs(term) + (16 * mp.exp(-x / 2) if x > 0 else 0)
    return Approx(total * scale, abs(scale) * (rest + mp.ldexp(1, -bits)))


# -- Fresnel's integrals -----------------------------------------------------------------------------------
def _fresnel(sine: bool) -> Method:
    def fresnel(bits: int, x: Real) -> Approx:
        size = mp.fabs(x)
        # The asymptotic terms sink to exp(-pi·x²/2) = 2^(-2.266·x²).
        if size * size * mpf("2.2") > bits + EXTRA + 32:
            found = _fresnel_asymptotic(size, sine, bits)
        else:
            loss = int(2.2663 * float(size * size)) + 4
            with mp.workprec(bits + EXTRA + loss):
                found = _fresnel_series(size, sine, bits + (loss if size > 1 else 0))
        return Approx(-found.value, found.error) if x < 0 else found

    return of_one_number(fresnel)


def _fresnel_series(x: Real, sine: bool, bits: int) -> Approx:
    """DLMF 7.6.4 and 7.6.6: with t_k = ±(pi/2·x²)^(2k + sine)/(2k + sine)!·x the weight is 1/(4k + 1 + 2·sine)."""
    angle = mp.pi * x * x / 2
    square, s = -angle * angle, int(sine)
    first = x * angle if sine else x
    _, _, value, size = power_series(
        first, lambda k: square / ((2 * k + 1 + s) * (2 * k + 2 + s)), lambda k: mpf(1) / (4 * k + 1 + 2 * s)
    )
    return within(value, size, bits)


def _fresnel_asymptotic(x: Real, sine: bool, bits: int) -> Approx:
    """C = 1/2 + f sin - g cos, S = 1/2 - f cos - g sin of pi·x²/2 (DLMF 7.5.3, 7.5.4), with 7.12.2 and 7.12.3 for f, g.

    The terms (2k - 1)!!/(pi·x²)^k belong to f (k even) and g (k odd), with signs + + - - …, over pi·x; each remainder
    is below its first term left out. The error is absolute, relative to the first term of f.
    """
    with mp.workprec(bits + EXTRA + 2 * max(0, int(mp.mag(x)))):
        square = mp.pi * x * x
        parts, term, k = [mpf(0), mpf(0)], mpf(1), 0
        least = mp.ldexp(1, -bits - GUARD)
        while abs(term) >= least:
            parts[k % 2] += -term if k % 4 >= 2 else term
            following = term * (2 * k + 1) / square
            if following >= term:
                return UNKNOWN
            term, k = following, k + 1
        f, g = (part / (mp.pi * x) for part in parts)
        # x² is exact, and mpmath reduces sin and cos of multiples of pi exactly.
        half = mp.ldexp(mp.fmul(x, x, exact=True), -1)
        s, c = mp.sinpi(half), mp.cospi(half)
        change = -f * c - g * s if sine else f * s - g * c
        return Approx(mp.fadd(mpf(1) / 2, change, exact=True), mp.ldexp(1 / x, -bits))


# -- the dilogarithm -------------------------------------------------------------------------------------
def _li2(z: Real) -> Real:
    """Σ z^k/k² for |z| <= 2/3, summed past the working precision."""
    term, total, k = z, mpf(0), 1
    least = mp.ldexp(abs(z), -mp.prec - 8)
    while abs(term) > least:
        total += term / (k * k)
        term *= z
        k += 1
    return total


def _spence(bits: int, x: Real) -> Approx:
    """The dilogarithm of 1 - x by its series in a number of at most 2/3 (DLMF 25.12.3, .4, .6); none cancels.

    The sums and products have terms of one sign but for x > 3, where pi²/6 + log²(x - 1)/2 loses less than two bits.
    """
    if x == 0:
        with mp.workprec(bits + GUARD):
            return relative(mp.pi**2 / 6, bits)
    with mp.workprec(bits + EXTRA):
        z = mp.fsub(1, x, exact=True)
        if x < 0.5:
            value = mp.pi**2 / 6 - mp.ln(x) * mp.log1p(-x) - _li2(x)
        elif x <= 1.5:
            value = _li2(z)
        elif x <= 3:
            value = -_li2(-z / x) - mp.ln(x) ** 2 / 2
        else:
            value = -(mp.pi**2) / 6 - mp.ln(-z) ** 2 / 2 - _li2(1 / z)
        return relative(value, bits)


METHODS: dict[str, Method] = {
    "expi": of_one_number(_expi),
    "fresnel_cos": _fresnel(sine=False),
    "fresnel_sin": _fresnel(sine=True),
    "spence": of_one_number(_spence),
}

# -- balls --------------------------------------------------------------------------------------------------
_HALF = arb("0.5")


def _spence_ball(x: Any) -> Any:
    if x < _HALF:
        # DLMF 25.12.6; 1 - x itself would lose a small x.
        sixth = arb.pi() ** 2 / 6
        return sixth if x == 0 else sixth - x.log() * (-x).log1p() - x.polylog(2)
    return (1 - x).polylog(2)


BALLS: dict[str, Callable[..., Any]] = {
    "expi": arb.ei,
    "fresnel_cos": arb.fresnel_c,
    "fresnel_sin": arb.fresnel_s,
    "spence": _spence_ball,
}
ODD = frozenset({"fresnel_cos", "fresnel_sin"})


# -- values known by an inequality ------------------------------------------------------------------------
def _known_expi(known: Known, x: F64) -> None:
    # exp(x)/x < Ei(x) for x > 1, and |Ei(x)| < exp(x)/|x| for x < 0; exp(23000)/23000 > 2^33000
    known.outside(x > 23000, 1.0, 1)
    known.outside(x < -23000, -1.0, -1)


def _known_fresnel_cos(known: Known, x: F64) -> None:
    # x·(1 - pi²x⁴/40) < C(x) < x for 0 < x < 1
    known.near((np.abs(x) < 2.0**-280) & (x != 0), x, -np.sign(x))
    # Every such number is an even integer: pi·x²/2 is a multiple of 2·pi, and C = 1/2 - g with 0 < g < 1/(pi²·x³).
    known.near(np.abs(x) > 2.0**400, 0.5 * np.sign(x), -np.sign(x))


RULES: dict[str, Callable[..., None]] = {"expi": _known_expi, "fresnel_cos": _known_fresnel_cos}


# -- first guesses of the precision -----------------------------------------------------------------------
def _fresnel_bits(columns: tuple[F64, ...], dtype: str) -> F64:
    x = np.abs(columns[0])
    exponent = np.frexp(x)[1].astype(np.float64)
    return np.where(x > 4, 3.0 * exponent + 10, 0.0)


def _fresnel_cos_bits(columns: tuple[F64, ...], dtype: str) -> F64:
    small = np.maximum(0.0, 1.0 - np.frexp(columns[0])[1])
    return _fresnel_bits(columns, dtype) + np.minimum((4.0 if dtype == "float64" else 8.0) * small, 2300.0)


def _spence_bits(columns: tuple[F64, ...], dtype: str) -> F64:
    # Beside 1 the value is 1 - x + (1 - x)²/4 …
    x = columns[0]
    distance = np.abs(x - 1)
    near = np.maximum(0.0, -np.frexp(np.where(distance == 0, 1.0, distance))[1].astype(np.float64))
    return (2.0 if dtype == "float64" else 4.0) * near


def _expi_bits(columns: tuple[F64, ...], dtype: str) -> F64:
    return np.where(np.abs(columns[0] - 0.3725) < 0.05, 40.0, 0.0)


BITS: dict[str, Callable[[tuple[F64, ...], str], F64]] = {
    "expi": _expi_bits,
    "fresnel_cos": _fresnel_cos_bits,
    "fresnel_sin": _fresnel_bits,
    "spence": _spence_bits,
}
