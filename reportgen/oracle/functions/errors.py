"""The error function's family: erf, erfc, their inverses, the normal quantile ``ndtri``, Dawson's integral ``dawsn``.

mpmath: ``mp.erf`` and ``mp.erfc`` (series and continued fraction of mpmath, which states no error; their claim is
tested against balls). An inverse is found by Newton's method and then proven: the function brackets its argument
between two numbers that are 2^(1-bits) of the value apart. Dawson's integral is a series of positive terms or its
asymptotic series with the remainder derived below.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from flint import arb
from mpmath import mp, mpf

from reportgen.core.floats import F64
from reportgen.oracle.approx import GUARD, Approx, Real
from reportgen.oracle.functions.series import EXTRA, UNKNOWN, Method, of_one_number, power_series, relative
from reportgen.oracle.known import Known

# -- inverses, proven by a bracket --------------------------------------------------------------------------
_STEPS = 80


def _inverse_erf(u: Real, bits: int) -> Approx:
    """y with erf(y) = u for 0 < u <= 1/2."""
    y = u * mp.sqrt(mp.pi) / 2
    # erf is concave for y > 0 and the first y is too small: the steps grow to the root and never pass it.
    for _ in range(_STEPS):
        step = (u - mp.erf(y)) * mp.sqrt(mp.pi) / 2 * mp.exp(y * y)
        y += step
        if abs(step) < mp.ldexp(y, -bits - 8):
            break
    return _proven(y, bits, lambda t: mp.erf(t) - u, u)


def _inverse_erfc(v: Real, bits: int) -> Approx:
    """y with erfc(y) = v for 0 < v <= 1/2: Newton's method for log erfc, which is concave and falling."""
    log = mp.ln(v)
    y = mp.sqrt(-log)
    for _ in range(_STEPS):
        value = mp.erfc(y)
        step = (mp.ln(value) - log) * value * mp.sqrt(mp.pi) / 2 * mp.exp(y * y)
        y += step
        if abs(step) < mp.ldexp(y, -bits - 8):
            break
    return _proven(y, bits, lambda t: v - mp.erfc(t), v)


def _proven(y: Real, bits: int, increasing: Callable[[Real], Real], scale: Real) -> Approx:
    """y ± 2^-bits·y if the function is negative at one end and positive at the other by more than its own error.

    Between the ends the function changes by more than 2^-bits·scale/8: for erf and erfc at the points of their
    use here, y·f'(y) > f(y)/4. mpmath's error is taken for less than 2^-(bits + GUARD - 16)·scale.
    """
    room = mp.ldexp(y, -bits)
    margin = mp.ldexp(scale, -bits - GUARD + 16)
    if increasing(y - room) < -margin and increasing(y + room) > margin:
        return Approx(y, 2 * room)
    return UNKNOWN


def _inverse(bits: int, central: Real, tail: Real) -> Approx:
    """erfinv of a number u > 0 given exactly as ``central`` = u and ``tail`` = 1 - u."""
    with mp.workprec(bits + GUARD + 16):
        return _inverse_erf(central, bits) if 2 * central <= 1 else _inverse_erfc(tail, bits)


def _signed(found: Approx, sign: int) -> Approx:
    return Approx(sign * found.value, found.error)


def _erfinv(bits: int, x: Real) -> Approx:
    size = mp.fabs(x)
    found = _inverse(bits, size, mp.fsub(1, size, exact=True))
    return _signed(found, -1 if x < 0 else 1)


def _erfcinv(bits: int, x: Real) -> Approx:
    # erfcinv(x) = erfinv(1 - x)
    if x < 1:
        return _inverse(bits, mp.fsub(1, x, exact=True), x)
    return _signed(_inverse(bits, mp.fsub(x, 1, exact=True), mp.fsub(2, x, exact=True)), -1)


def _ndtri(bits: int, p: Real) -> Approx:
    """sqrt(2)·erfinv(2p - 1) = -sqrt(2)·erfcinv(2p)."""
    found = _erfcinv(bits + 4, mp.ldexp(p, 1))
    with mp.workprec(bits + GUARD):
        value = -mp.sqrt(2) * found.value
        return Approx(value, 2 * found.error + mp.ldexp(abs(value), -bits - 8))


# -- Dawson's integral ----------------------------------------------------------------------------------
def _dawsn(bits: int, x: Real) -> Approx:
    size = mp.fabs(x)
    far = size * size * mpf("0.72") > bits + EXTRA + 16
    with mp.workprec(bits + EXTRA):
        found = _dawson_asymptotic(size, bits) if far else _dawson_series(size, bits)
    return _signed(found, -1 if x < 0 else 1)


def _dawson_series(x: Real, bits: int) -> Approx:
    """exp(-x²)·x·Σ x^(2k)/(k!·(2k + 1)), all terms positive (DLMF 7.6.1 at i·x)."""
    square = x * x
    # With t_k = x^(2k)/k!, the weight is 1/(2k + 1).
    _, _, value, _ = power_series(mpf(1), lambda k: square / (k + 1), lambda k: mpf(1) / (2 * k + 1))
    return relative(x * mp.exp(-square) * value, bits)


def _dawson_asymptotic(x: Real, bits: int) -> Approx:
    """1/(2x)·Σ (2k - 1)!!/(2x²)^k, n terms with n <= x²/4.

    Integrating exp(t² - x²) by parts n times over [a, x], a = x/sqrt(2), leaves R = (2n - 1)!!/2^n times the integral
    of exp(t² - x²)·t^(-2n), whose integrand exp(h) has h'(t) >= 2a - 2n/a >= x/sqrt(2): R is below sqrt(2)·(2n -
    1)!!/2^n·x^(-2n - 1), which is 2·sqrt(2) times the first term left out. What the lower end a and [0, a]
    contribute is below 4·exp(-x²/2)/x: the terms at a fall by half and more, the first being 1/(2a).
    """
    square = x * x
    term, total, k = mpf(1), mpf(0), 0
    least = mp.ldexp(1, -bits - GUARD)
    while term >= least:
        if 4 * (k + 1) > square:
            return UNKNOWN
        total += term
        term *= (2 * k + 1) / (2 * square)
        k += 1
    value = total / (2 * x)
    return Approx(value, (3 * term / 2 + 4 * mp.exp(-square / 2) + mp.ldexp(total, -bits)) / x)


def _erf(bits: int, x: Real) -> Approx:
    with mp.workprec(bits + GUARD):
        return relative(mp.erf(x), bits)


def _erfc(bits: int, x: Real) -> Approx:
    # mpmath forms 1 - erf(x) where that is no loss, and evaluates a continued fraction beyond.
    with mp.workprec(bits + GUARD + 32):
        return relative(mp.erfc(x), bits)


METHODS: dict[str, Method] = {
    "erf": of_one_number(_erf),
    "erfc": of_one_number(_erfc),
    "erfinv": of_one_number(_erfinv),
    "erfcinv": of_one_number(_erfcinv),
    "ndtri": of_one_number(_ndtri),
    "dawsn": of_one_number(_dawsn),
}

# -- balls --------------------------------------------------------------------------------------------------
_FAR = arb(2) ** 60


def _dawsn_ball(x: Any) -> Any:
    """sqrt(pi)/2·exp(-x²)·erfi(x), or three terms of the asymptotic series with 0 < R < 30/(2x²)^3 of the first."""
    if abs(x) < _FAR:
        return (-x * x).exp() * x.erfi() * arb.const_sqrt_pi() / 2
    small = 1 / (2 * x * x)
    # 15·small^3 is the next term; R is below 2·sqrt(2) times it (see _dawson_asymptotic) and positive.
    rest = small**3 * arb(15) * (arb("1.5") + arb(0, "1.5"))
    return (1 + small + 3 * small * small + rest) / (2 * x)


def _erfcinv_ball(x: Any) -> Any:
    return x.erfcinv()


def _ndtri_ball(p: Any) -> Any:
    return -arb(2).sqrt() * (2 * p).erfcinv()


BALLS: dict[str, Callable[..., Any]] = {
    "erf": arb.erf,
    "erfc": arb.erfc,
    "erfinv": arb.erfinv,
    "erfcinv": _erfcinv_ball,
    "ndtri": _ndtri_ball,
    "dawsn": _dawsn_ball,
}
ODD = frozenset({"erf", "erfinv", "dawsn"})


# -- values known by an inequality ------------------------------------------------------------------------
def _known_erf(known: Known, x: F64) -> None:
    # 0 < 1 - erf|x| < exp(-x^2) < 2^-1131 for |x| > 28
    known.near(np.abs(x) > 28, np.sign(x), -np.sign(x))


def _known_erfc(known: Known, x: F64) -> None:
    # 0 < erfc(x) < exp(-x^2) < 2^-32890 for x > 151; 0 < 2 - erfc(x) < exp(-x^2) for x < 0
    known.outside(x > 151, 1.0, -1)
    known.near(x < -28, 2.0, -1)


def _known_dawsn(known: Known, x: F64) -> None:
    # x·(1 - 2x^2/3) < F(x) < x for x > 0
    known.near((np.abs(x) < 2.0**-555) & (x != 0), x, -np.sign(x))


RULES: dict[str, Callable[..., None]] = {"erf": _known_erf, "erfc": _known_erfc, "dawsn": _known_dawsn}


# -- first guesses of the precision -----------------------------------------------------------------------
def _small(x: F64) -> F64:
    return np.maximum(0.0, 1.0 - np.frexp(x)[1])


def _erf_bits(columns: tuple[F64, ...], dtype: str) -> F64:
    x = np.abs(columns[0])
    return np.where(x > 4, 1.45 * np.minimum(x, 30.0) ** 2, 0.0)


def _erfc_bits(columns: tuple[F64, ...], dtype: str) -> F64:
    # Beside 1 and 2 the value is 1 - 2x/sqrt(pi) and 2 - exp(-x^2)/…
    x = columns[0]
    return np.minimum(_small(x), 1200.0) + np.where(x < -4, 1.45 * np.minimum(np.abs(x), 30.0) ** 2, 0.0)


def _none(columns: tuple[F64, ...], dtype: str) -> F64:
    # No short number stands before an irrational rest anywhere.
    return np.zeros(len(columns[0]))


BITS: dict[str, Callable[[tuple[F64, ...], str], F64]] = {
    "erf": _erf_bits,
    "erfc": _erfc_bits,
    "erfinv": _none,
    "erfcinv": _none,
    "ndtri": _none,
    "dawsn": lambda columns, dtype: np.minimum((2.0 if dtype == "float64" else 4.0) * _small(columns[0]), 2300.0),
}
