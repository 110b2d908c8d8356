"""Third sources for the special functions of one argument, as in ``test_oracle_source``: enclosures in rationals.

MPFR has erf, erfc, gamma, log|gamma|, digamma, J, Y, Ei and the dilogarithm, correctly rounded. Inverses are bracketed
by MPFR's erf and erfc. K is an integral by the trapezoidal rule, I and Fresnel's integrals are mpmath's own
hypergeometric functions (the oracle's are not), taken only where two very different precisions agree. Dawson's integral
is an alternating series that the oracle does not use, or its asymptotic series in rationals.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import gmpy2
from gmpy2 import mpfr, mpq
from mpmath import mp, mpf

from reportgen.oracle.namespace import words
from tests.test_oracle_source import FAR, Interval, between, direct, rounding_down

HUGE = mpq(1 << (8 * FAR))
Source = Callable[..., Interval]


def odd(source: Source) -> Source:
    """The source at |x|, mirrored."""

    def enclosed(bits: int, x: float) -> Interval:
        low, high = source(bits, abs(x))
        return (low, high) if x > 0 else (-high, -low)

    return enclosed


def _lgamma(bits: int, x: float) -> Interval:
    # MPFR's lgamma is log|gamma|, correctly rounded.
    with rounding_down(bits):
        return between(gmpy2.lgamma(mpfr(x))[0])


def _spence(bits: int, x: float) -> Interval:
    with rounding_down(2200):
        z = 1 - mpfr(x)
        assert z.rc == 0
    with rounding_down(bits):
        return between(gmpy2.li2(z))


def _erf_beyond(bits: int, x: float) -> Interval:
    """MPFR's erf would need more bits than it has to tell erf(40) from 1."""
    if abs(x) < 28:
        return direct(gmpy2.erf)(bits, x)
    ends = 1 - mpq(1, 1 << 1131), 1 - HUGE**-1
    return ends if x > 0 else (-ends[1], -ends[0])


def _erfc_beyond(bits: int, x: float) -> Interval:
    if x < -28:
        return 2 - mpq(1, 1 << 1131), 2 - HUGE**-1
    return (mpq(0), mpq(1, 1 << 40000)) if x > 200 else direct(gmpy2.erfc)(bits, x)


def _gamma(bits: int, x: float) -> Interval:
    if x == int(x) and 0 < x <= 2000:
        value = mpq(math.factorial(int(x) - 1))
        return value, value
    if x > 6000:
        return mpq(1 << 50000), HUGE
    if x < -6000:
        tiny = mpq(1, 1 << 40000)
        return (mpq(0), tiny) if math.floor(x) % 2 == 0 else (-tiny, mpq(0))
    return direct(gmpy2.gamma)(bits, x)


def _expi(bits: int, x: float) -> Interval:
    if abs(x) > 25000:
        return (mpq(1 << 35000), HUGE) if x > 0 else (-mpq(1, 1 << 35000), mpq(0))
    return direct(gmpy2.eint)(bits, x)


# -- inverses ---------------------------------------------------------------------------------------------


def _solved(bits: int, start: float, wanted: Any, function: Any, sign: int) -> Interval:
    """y > 0 with function(y) = wanted, a rational; ``function`` is MPFR's erf (sign 1) or erfc (sign -1).

    Newton's method with Halley's correction from ``start``, then the bracket that its last step promises, proven.
    """
    with gmpy2.context(precision=bits + 64, emin=-8 * FAR, emax=8 * FAR):
        y, target = mpfr(start), mpfr(wanted)
        for _ in range(40):
            slope = sign * 2 / gmpy2.sqrt(gmpy2.const_pi()) * gmpy2.exp(-y * y)
            step = (function(y) - target) / slope
            y -= step / (1 + y * step)
            if abs(step) < y * mpfr(2) ** -(bits + 16):
                break
        centre = mpq(y)
    room = centre / (1 << bits)

    def side(point: Any) -> int:
        # The point is rounded: its error, and the bracket's width, stay far apart.
        with rounding_down(bits + 64):
            low, high = between(function(mpfr(point)))
        return sign * (-1 if high < wanted else 1 if low > wanted else 0)

    assert side(centre - room) < 0 < side(centre + room), (float(wanted), bits)
    return centre - 2 * room, centre + 2 * room


def _inverse(bits: int, u: Any) -> Interval:
    """erfinv of a rational 0 < u < 1; scipy gives a start only."""
    import scipy.special

    if 2 * u <= 1:
        return _solved(bits, 0.9 * float(u) if u > mpq(1, 10**300) else 0.8862 * float(u), u, gmpy2.erf, 1)
    v = 1 - u
    start = float(scipy.special.erfcinv(float(v))) if v > mpq(1, 10**290) else math.sqrt(-_log(v) - 3.9)
    return _solved(bits, start, v, gmpy2.erfc, -1)


def _log(v: Any) -> float:
    with rounding_down(60):
        return float(gmpy2.log(mpfr(v)))


def _erfinv(bits: int, x: float) -> Interval:
    return _inverse(bits, mpq(x))


def _erfcinv(bits: int, x: float) -> Interval:
    if x < 1:
        return _inverse(bits, 1 - mpq(x))
    low, high = _inverse(bits, mpq(x) - 1)
    return -high, -low


def _ndtri(bits: int, p: float) -> Interval:
    doubled = 2 * mpq(p)
    low, high = _inverse(bits, abs(1 - doubled))
    with rounding_down(bits + 60):
        root, above = between(gmpy2.sqrt(mpfr(2)))
    ends = low * root, high * above
    return ends if doubled > 1 else (-ends[1], -ends[0])


def first_bits(name: str, x: float) -> int:
    """Bits to start with: more where the value beside 0 (or 1) is a short number and a rest."""
    if name in SHORT_BESIDE_ZERO:
        return min(200 + 2 * max(0, -math.frexp(x)[1]), 2600)
    return 200


SHORT_BESIDE_ZERO = words("erfc gamma digamma dawsn fresnel_cos j0 j1 i0 i1 i0e i1e k1 k1e")


# -- Dawson's integral ------------------------------------------------------------------------------------
def _dawsn(bits: int, x: float) -> Interval:
    """Σ (-1)^k·2^k·x^(2k+1)/(2k + 1)!! (DLMF 7.6.3); from 40 on, terms of 1/(2x)·Σ (2k - 1)!!/(2x²)^k."""
    square = 2 * mpq(x) ** 2
    if x < 40:
        with gmpy2.context(precision=bits + 64 + int(3 * x * x), emin=-20 * FAR):
            term = total = mpfr(1)
            step, k = mpfr(square), 0
            while abs(term) > mpfr(2) ** -(bits + 32) * abs(total) or step > k:
                k += 1
                term = -term * step / (2 * k + 1)
                total += term
            value = mpq(total) * mpq(x)
        return value - value / (1 << bits), value + value / (1 << bits)
    term = total = mpq(1)
    k = 0
    while term * (1 << bits) > 1 and 2 * (2 * k + 1) < square / 4:
        term = term * (2 * k + 1) / square
        total += term
        k += 1
    # Positive terms; the rest is less than twice the next one (and more than nothing).
    rest = term * (2 * k + 1) / square
    return total / (2 * mpq(x)), (total + 3 * rest) / (2 * mpq(x))


# -- what mpmath's hypergeometric functions say ----------------------------------------------------------
def _by_mpmath(function: Callable[[Any], Any]) -> Source:
    """A value that agrees at two precisions far apart to more than is claimed."""

    def enclosed(bits: int, x: float) -> Interval:
        values = []
        for extra in (64, 300):
            with mp.workprec(bits + extra):
                values.append(function(mpf(x)))
        coarse, fine = (_rational(v) for v in values)
        room = abs(fine) / (1 << bits)
        assert abs(coarse - fine) <= room / 16, (function, x)
        return fine - room, fine + room

    return enclosed


def _rational(value: Any) -> Any:
    sign, man, exp, _ = value._mpf_
    return (-1 if sign else 1) * mpq(int(man)) * mpq(2) ** int(exp)


def _fresnel(sine: bool) -> Source:
    own = mp.fresnels if sine else mp.fresnelc

    def enclosed(bits: int, x: float) -> Interval:
        if x > 2.0**60:
            # Every such x is an even integer: S = 1/2 - f and C = 1/2 - g, f < 1/(pi x), g < 1/(pi² x³) (DLMF 7.12).
            with rounding_down(4 * bits):
                pi = mpq(gmpy2.const_pi())
            size = 1 / (pi * mpq(x)) if sine else 1 / (pi**2 * mpq(x) ** 3)
            slack = mpq(1, 1 << (3 * bits))
            # The asymptotic terms alternate: the first is too large by a part of at most 15/(pi·x²)².
            return mpq(1, 2) - size * (1 + slack), mpq(1, 2) - size * (1 - 2 / mpq(x) ** 4 - slack)
        return _by_mpmath(own)(bits + 4 * max(0, math.frexp(x)[1]), x)

    return odd(enclosed)


def _k_by_trapezoids(bits: int, order: int, scaled: bool, x: float) -> Interval:
    """The integral of exp(-x·cosh t)·cosh(order·t) over t > 0 (DLMF 10.32.9) by the trapezoidal rule.

    The integrand is analytic for |Im t| < pi/2 and even: the rule with step h is off by about exp(-pi²/h), and by
    exp(-2·pi²/(x·h²)) where x is large (Trefethen and Weideman, SIAM Review 56, 2014). Two steps must agree.
    """
    goal = 0.7 * (bits + 40)

    def rule(h: float) -> Any:
        with gmpy2.context(precision=bits + 80, emin=-8 * FAR, emax=8 * FAR):
            total, k, step = mpfr(0), 0, mpfr(h)
            while True:
                t = k * step
                term = gmpy2.exp(-2 * mpfr(x) * gmpy2.sinh(t / 2) ** 2) * (gmpy2.cosh(t) if order else 1)
                total += term if k else term / 2
                if term < mpfr(2) ** -(bits + 60):
                    break
                k += 1
            return mpq(total * step * (1 if scaled else gmpy2.exp(-mpfr(x))))

    h = 0.8 * min(9.8 / goal, math.sqrt(19.7 / goal) / math.sqrt(x))
    coarse, fine = rule(h), rule(0.71 * h)
    room = fine / (1 << bits)
    assert abs(coarse - fine) <= room / 16, x
    return fine - room, fine + room


def _k_beside_zero(bits: int, order: int, scaled: bool, x: float) -> Interval:
    """-(log(x/2) + gamma)·(1 + x²/4) + x²/4 and 1/x + x/2·(log(x/2) + gamma - 1/2), for x < 2^-60 (DLMF 10.31)."""
    with gmpy2.context(precision=2 * bits + 200, emin=-8 * FAR, emax=8 * FAR):
        v = mpfr(x)
        log = gmpy2.log(v / 2) + gmpy2.const_euler()
        value = 1 / v + v / 2 * (log - mpfr("0.5")) if order else v * v / 4 - log * (1 + v * v / 4)
        value = mpq(value * gmpy2.exp(v) if scaled else value)
    room = value * (mpq(1, 1 << bits) + 800 * mpq(x) ** 4)
    return value - room, value + room


def _second_modified(order: int, scaled: bool) -> Source:
    def enclosed(bits: int, x: float) -> Interval:
        if not scaled and x > 25000:
            return mpq(0), mpq(1, 1 << 35000)
        return (_k_beside_zero if x < 2.0**-60 else _k_by_trapezoids)(bits, order, scaled, x)

    return enclosed


def _first_modified(order: int, scaled: bool) -> Source:
    def value(x: Any) -> Any:
        found = mp.besseli(order, x)
        return found * mp.exp(-x) if scaled else found

    def enclosed(bits: int, x: float) -> Interval:
        if not scaled and abs(x) > 25000:
            return mpq(1 << 35000), HUGE
        return _by_mpmath(value)(bits, abs(x))

    return odd(enclosed) if order else enclosed


SOURCES: dict[str, Source] = {
    "erf": _erf_beyond,
    "erfc": _erfc_beyond,
    "erfinv": odd(_erfinv),
    "erfcinv": _erfcinv,
    "ndtri": _ndtri,
    "gamma": _gamma,
    "lgamma": _lgamma,
    "digamma": direct(gmpy2.digamma),
    "dawsn": odd(_dawsn),
    "expint": _expi,
    "fresnel_cos": _fresnel(sine=False),
    "fresnel_sin": _fresnel(sine=True),
    "spence": _spence,
    "j0": direct(gmpy2.j0),
    "j1": direct(gmpy2.j1),
    "y0": direct(gmpy2.y0),
    "y1": direct(gmpy2.y1),
    "i0": _first_modified(0, False),
    "i0e": _first_modified(0, True),
    "i1": _first_modified(1, False),
    "i1e": _first_modified(1, True),
    "k0": _second_modified(0, False),
    "k0e": _second_modified(0, True),
    "k1": _second_modified(1, False),
    "k1e": _second_modified(1, True),
}
