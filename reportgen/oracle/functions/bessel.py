"""Bessel functions of the orders 0 and 1, by balls and by mpmath.

mpmath's side does not use mpmath's Bessel functions, which state no error: it sums the power series (NIST DLMF 10.2.2,
10.8.1, 10.8.2, 10.25.2, 10.31.1, 10.31.2) below x = 0.36·bits and the asymptotic series above, whose remainders are
bounded: by the first term left out for J, Y and K (10.17(iii), 10.40(iii)), by a multiple of it for I (below).
``i0e i1e k0e k1e`` are exp(-|x|)·I and exp(x)·K.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from flint import ctx
from mpmath import mp, mpf

from reportgen.core.floats import F64
from reportgen.oracle import kernels
from reportgen.oracle.approx import GUARD, Approx, Real
from reportgen.oracle.functions.series import EXTRA, UNKNOWN, Method, asymptotic, of_one_number, power_series, within
from reportgen.oracle.known import Known

# -- mpmath: the power series ---------------------------------------------------------------------------
_BITS_PER_UNIT = 1.4427
"""log2(e), rounded up."""


def _uses_power_series(x: Real, bits: int) -> bool:
    # The asymptotic terms sink to exp(-2x) = 2^(-2.885·x).
    return bool(2.88 * abs(x) < bits + EXTRA + 24)


def _sums(x: Real, order: int, sign: int, weight: Callable[[int], Any] | None = None) -> tuple[Any, ...]:
    """Sums over (sign·x²/4)^k/(k!(k + order)!), without the factor (x/2)^order."""
    square = sign * x * x / 4
    return power_series(mpf(1), lambda k: square / ((k + 1) * (k + 1 + order)), weight)


def _weights(order: int) -> Callable[[int], Any]:
    """H_k for order 0, psi(k + 1) + psi(k + 2) for order 1; to be called with k = 0, 1, 2 …"""
    harmonic = mpf(0)
    gamma = +mp.euler

    def weight(k: int) -> Any:
        nonlocal harmonic
        if k:
            harmonic += mpf(1) / k
        return harmonic if order == 0 else 2 * harmonic + mpf(1) / (k + 1) - 2 * gamma

    return weight


def _loss(x: Real, kind: str) -> int:
    """Bits by which the power series cancels: terms of size I(x) for a value of size 1 (J, Y) or exp(-x) (K)."""
    per_unit = {"i": 0.0, "j": 1.0, "y": 1.0, "k": 2.0}[kind] * _BITS_PER_UNIT
    return int(per_unit * float(abs(x))) if abs(x) > 1 else 0


def _first_kind(x: Real, order: int, sign: int, bits: int) -> Approx:
    """J (sign -1) or I (sign 1) by its power series."""
    value, size, _, _ = _sums(x, order, sign)
    factor = x / 2 if order else mpf(1)
    return within(value * factor, size * factor, bits)


def _second_kind(x: Real, order: int, bits: int) -> Approx:
    """Y for x > 0 (DLMF 10.8.1 and 10.8.2 with n = 0, 1)."""
    plain, size, weighted, weighted_size = _sums(x, order, -1, _weights(order))
    log = mp.ln(x / 2)
    if order == 0:
        value = 2 / mp.pi * ((log + mp.euler) * plain - weighted)
        return within(value, (abs(log) + 1) * size + weighted_size, bits)
    half = x / 2
    value = (2 * log * half * plain - 2 / x - half * weighted) / mp.pi
    return within(value, (abs(log) * size + weighted_size) * half + 1 / x, bits)


def _second_modified(x: Real, order: int, bits: int) -> Approx:
    """K for x > 0 (DLMF 10.31.1 and 10.31.2 with n = 0, 1)."""
    plain, size, weighted, weighted_size = _sums(x, order, 1, _weights(order))
    log = mp.ln(x / 2)
    if order == 0:
        return within(weighted - (log + mp.euler) * plain, (abs(log) + 1) * size + weighted_size, bits)
    half = x / 2
    return within(1 / x + half * (log * plain - weighted / 2), (abs(log) * size + weighted_size) * half + 1 / x, bits)


# -- mpmath: the asymptotic series ------------------------------------------------------------------------
def _ratio(order: int, x: Real, sign: int) -> Callable[[int], Any]:
    """a_(k+1)/a_k of DLMF 10.17.1, over sign·x."""
    return lambda k: mpf(sign * (4 * order * order - (2 * k + 1) ** 2)) / (8 * (k + 1) * x)


def _oscillating(x: Real, order: int, second: bool, bits: int) -> Approx:
    """J or Y for large x > 0 (DLMF 10.17.3, 10.17.4), good to 2^-bits of the amplitude sqrt(2/(pi x)).

    The terms a_k/x^k alternate between the factors of cos and sin, with signs + + - - …
    """
    step = _ratio(order, x, 1)
    parts, left_out, term = [mpf(0), mpf(0)], mpf(1), mpf(1)
    least = mp.ldexp(1, -bits - GUARD)
    k = 0
    while left_out >= least:
        parts[k % 2] += -term if k % 4 >= 2 else term
        following = term * step(k)
        if abs(following) >= abs(term) and k > 2:
            return UNKNOWN
        term, left_out, k = following, abs(following), k + 1
    p, q = parts
    # cos and sin of x - order·pi/2 - pi/4, times the square root of 2
    c, s = mp.cos(x), mp.sin(x)
    cosine, sine = (c + s, s - c) if order == 0 else (s - c, -s - c)
    amplitude = 1 / mp.sqrt(mp.pi * x)
    value = amplitude * (sine * p + cosine * q if second else cosine * p - sine * q)
    # Each of the two series stops at or before the first term left out, which bounds what both neglect.
    return within(value, 4 * amplitude, bits)


def _scaled_first(x: Real, order: int, bits: int) -> Approx:
    """exp(-x)·I for large x > 0.

    I = (exp(x)·A + exp(-x)·B)/sqrt(2 pi x) by DLMF 10.34.2 from K at x and at x·exp(±i·pi), where 10.40.11 and 10.40.12
    bound the remainder of A after l terms by 2·chi(l)·|a_l|/x^l·exp(|order² - 1/4|·chi(1)/x) with chi(l) <
    2·sqrt(l + 1); for x > 10 and orders up to 1 that is below 8·sqrt(l + 1) times the first term left out. |B| < 2.
    """
    summed = asymptotic(_ratio(order, x, -1))
    if summed is None:
        return UNKNOWN
    total, left_out, count = summed
    rest = 8 * mp.sqrt(count + 1) * left_out + 2 * mp.exp(-2 * x)
    amplitude = 1 / mp.sqrt(2 * mp.pi * x)
    value = total * amplitude
    return Approx(value, mp.ldexp(value, -bits) + 2 * rest * amplitude)


def _scaled_second(x: Real, order: int, bits: int) -> Approx:
    """exp(x)·K for large x > 0 (DLMF 10.40.2; the remainder is below the first term left out)."""
    summed = asymptotic(_ratio(order, x, 1))
    if summed is None:
        return UNKNOWN
    total, left_out, _ = summed
    amplitude = mp.sqrt(mp.pi / (2 * x))
    return Approx(total * amplitude, amplitude * (mp.ldexp(1, -bits) + 2 * left_out))


# -- mpmath: the names ----------------------------------------------------------------------------------
def _oscillating_name(kind: str, order: int) -> Method:
    def bessel(bits: int, x: Real) -> Approx:
        size = abs(x)
        if not _uses_power_series(size, bits):
            # Reducing x costs as many bits as x has before the point.
            with mp.workprec(bits + EXTRA + 32):
                found = _oscillating(size, order, kind == "y", bits)
            return Approx(-found.value, found.error) if x < 0 and order else found
        with mp.workprec(bits + EXTRA + _loss(x, kind)):
            if kind == "y":
                return _second_kind(x, order, bits + _loss(x, kind))
            return _first_kind(x, order, -1, bits + _loss(x, kind))

    return of_one_number(bessel)


def _modified_name(kind: str, order: int, scaled: bool) -> Method:
    series = _second_modified if kind == "k" else lambda x, order, bits: _first_kind(x, order, 1, bits)
    large = _scaled_second if kind == "k" else _scaled_first
    exponent_sign = 1 if kind == "k" else -1

    def bessel(bits: int, x: Real) -> Approx:
        size = abs(x)
        by_series = _uses_power_series(size, bits)
        loss = _loss(x, kind) if by_series else 0
        with mp.workprec(bits + EXTRA + loss + 8):
            found = (series if by_series else large)(size, order, bits + 8 + loss)
            factor = mpf(1)
            if scaled and by_series:
                factor = mp.exp(exponent_sign * size)
            elif not scaled and not by_series:
                factor = mp.exp(-exponent_sign * size)
            value, error = found.value * factor, found.error * factor
            # The rounding of the factor: far below 2^-bits of the product.
            error += mp.ldexp(abs(value), -bits - 8)
        return Approx(-value if x < 0 and order else value, error)

    return of_one_number(bessel)


METHODS: dict[str, Method] = {
    **{f"{kind}{order}": _oscillating_name(kind, order) for kind in "jy" for order in (0, 1)},
    **{f"k{order}": _modified_name("k", order, False) for order in (0, 1)},
    **{f"{kind}{order}e": _modified_name(kind, order, True) for kind in "ik" for order in (0, 1)},
    "i1": _modified_name("i", 1, False),
}


# -- balls --------------------------------------------------------------------------------------------------
def _k1_ball(x: Any, scaled: bool) -> Any:
    """K1, or exp(x)·K1, from I0·K1 + I1·K0 = 1/x (DLMF 10.28.2), where I1·K0 is about half of 1/x and less.

    Arb's own K1 takes a thousand times as long where its asymptotic series does not reach (0.3·bits > x > 0.15·bits).
    """
    if x > ctx.prec // 2:
        return x.bessel_k(1, scaled=scaled)
    i0, i1 = x.bessel_i(0, scaled=scaled), x.bessel_i(1, scaled=scaled)
    return (1 / x - i1 * x.bessel_k(0, scaled=scaled)) / i0


BALLS: dict[str, Callable[..., Any]] = {
    "j0": lambda x: x.bessel_j(0),
    "j1": lambda x: x.bessel_j(1),
    "y0": lambda x: x.bessel_y(0),
    "y1": lambda x: x.bessel_y(1),
    "i1": lambda x: x.bessel_i(1),
    "i0e": lambda x: abs(x).bessel_i(0, scaled=True),
    "i1e": lambda x: abs(x).bessel_i(1, scaled=True) if x > 0 else -abs(x).bessel_i(1, scaled=True),
    "k0": lambda x: x.bessel_k(0),
    "k1": lambda x: _k1_ball(x, False),
    "k0e": lambda x: x.bessel_k(0, scaled=True),
    "k1e": lambda x: _k1_ball(x, True),
}
ODD = frozenset({"j1", "i1", "i1e"})
EVEN = frozenset({"j0", "i0e"})

# -- values known by an inequality ------------------------------------------------------------------------
_TINY = 2.0**-555
_BIG = 23000.0


def _tiny(x: F64) -> Any:
    return (np.abs(x) < _TINY) & (x != 0)


def _j0(known: Known, x: F64) -> None:
    # -x^2/4 < J0(x) - 1 < 0 for |x| < 2
    known.near(_tiny(x), 1.0, -1)


def _half(known: Known, x: F64, rem: int) -> None:
    """x/2·(1 + rem·r) with 0 < r < 2^-1100 for tiny x; x/2 need not be a binary64 number."""
    where = _tiny(x)
    parts = kernels.of_values(x[where].copy())
    parts.exp2 -= 1
    exact, ok = kernels.canonical(parts)
    assert ok.all()
    exact.rem = (rem * np.sign(x[where])).astype(np.int8)
    known.values.put(where, exact)
    known.mask |= where


def _j1(known: Known, x: F64) -> None:
    # x/2·(1 - x^2/8) < J1(x) < x/2 for 0 < x < 2
    _half(known, x, -1)


def _i1(known: Known, x: F64) -> None:
    # x/2 < I1(x) < x/2·(1 + x^2/4) for 0 < x < 1; I1(x) > I0(x)/2 for x > 2, and I0 is beyond the stored range
    _half(known, x, 1)
    known.outside(np.abs(x) > _BIG, np.sign(x), 1)


def _i0e(known: Known, x: F64) -> None:
    # exp(-x)·I0(x) = 1 - x + r with 0 < r < x^2 for 0 < x < 1; x^2 is lost beside x
    where = _tiny(x)
    parts = kernels.of_values(np.ones(int(where.sum())))
    exact, _ = kernels.canonical(parts)
    exact.lo, exact.rem[:] = -np.abs(x[where]), 1
    known.values.put(where, exact)
    known.mask |= where


def _k0(known: Known, x: F64) -> None:
    # 0 < K0(x) < K1(x) < 2·exp(-x) for x > 2
    known.outside(x > _BIG, 1.0, -1)


def _k1(known: Known, x: F64) -> None:
    # 1/x·(1 - x^2·|ln(x/2)|) < K1(x) < 1/x for 0 < x < 1/2, and 1/x is a short number for powers of 2 only
    known.outside(x > _BIG, 1.0, -1)
    mantissa, exponent = np.frexp(x)
    where = (x > 0) & (x < 2.0**-600) & (mantissa == 0.5)
    parts = kernels.of_values(np.ones(int(where.sum())))
    parts.exp2 = (1 - exponent[where]).astype(np.int64)
    exact, _ = kernels.canonical(parts)
    exact.rem[:] = -1
    known.values.put(where, exact)
    known.mask |= where


RULES: dict[str, Callable[..., None]] = {"j0": _j0, "j1": _j1, "i1": _i1, "i0e": _i0e, "k0": _k0, "k1": _k1}

# -- first guesses of the precision -----------------------------------------------------------------------


def _small(x: F64) -> F64:
    return np.maximum(0.0, 1.0 - np.frexp(x)[1])


def _large(x: F64) -> F64:
    return np.maximum(0.0, np.frexp(x)[1].astype(np.float64))


def _oscillating_bits(columns: tuple[F64, ...], dtype: str) -> F64:
    x = np.abs(columns[0])
    growth = 2.0 if dtype == "float64" else 4.0
    return np.minimum(growth * _small(x), 2300.0) + np.where(x > 4, 8.0, 0.0) + _large(x)


def _second_bits(columns: tuple[F64, ...], dtype: str) -> F64:
    # Balls use the power series, whose terms are exp(x) times the value, until the asymptotic series reaches.
    x = columns[0]
    return np.where((x > 4) & (x < 60), 1.5 * np.minimum(x, 60.0) + 10, 0.0)


def _modified_bits(columns: tuple[F64, ...], dtype: str) -> F64:
    x = columns[0]
    return np.where((x > 8) & (x < 70), 2.9 * np.minimum(x, 70.0) - 30, 0.0)


def _scaled_first_bits(columns: tuple[F64, ...], dtype: str) -> F64:
    # 1 - x + 3x²/4 …, and x/2·(1 - x + 5x²/8 …), where x² has twice the bits of x
    growth = 1.0 if dtype == "float64" else 2.0
    return np.minimum(growth * _small(columns[0]), 1200.0)


def _scaled_second_bits(columns: tuple[F64, ...], dtype: str) -> F64:
    # 1/x + 1 …, and 1/x is a short number for powers of 2 only
    x = columns[0]
    short = np.where(np.frexp(x)[0] == 0.5, np.minimum(2.0 * _small(x), 2300.0), 0.0)
    return _modified_bits(columns, dtype) + short


BITS: dict[str, Callable[[tuple[F64, ...], str], F64]] = {
    "j0": _oscillating_bits,
    "j1": _oscillating_bits,
    "y0": _second_bits,
    "y1": _second_bits,
    "i1": lambda columns, dtype: np.minimum((2.0 if dtype == "float64" else 4.0) * _small(columns[0]), 2300.0),
    "i0e": _scaled_first_bits,
    "i1e": _scaled_first_bits,
    "k0": _modified_bits,
    "k1": _modified_bits,
    "k0e": _modified_bits,
    "k1e": _scaled_second_bits,
}
