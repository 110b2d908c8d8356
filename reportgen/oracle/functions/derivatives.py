"""Derivatives of the elementary functions that are no names themselves: by Arb, by mpmath, by inequality.

    d_sqrt 1/(2·sqrt(x))            d_rsqrt -1/(2·x·sqrt(x))        d_tan 1/cos(x)^2
    d_asin 1/sqrt((1-x)(1+x))       d_acos -d_asin                  d_tanh 1/cosh(x)^2
    d_asinh 1/sqrt(1 + x^2)         d_acosh 1/sqrt((x-1)(x+1))      d_hypot(x, y) x/sqrt(x^2 + y^2)
    d_erf 2/sqrt(pi)·exp(-x^2)      d_erfc -d_erf                   d_sigmoid 1/(2·cosh(x/2))^2
    d_log_sigmoid 1/(1 + exp(x))    d_power_x(x, y) y·x^(y-1)       d_power_y(x, y) x^y·log(x)
    d_logaddexp(x, y) 1/(1 + exp(y - x))

The rest are names already (cos for sin) or rational (1/(1 + x^2) for atan).
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

import numpy as np
from flint import arb
from mpmath import mp, mpf

from reportgen.core.floats import F64
from reportgen.oracle.approx import GUARD, Approx, Real
from reportgen.oracle.functions.support import BIG_EXP, Columns, exact_numbers, exponent, largeness, smallness
from reportgen.oracle.known import Known
from reportgen.oracle.settle import settle_rational

Ball = Any
Wide = Any


# -- Arb -------------------------------------------------------------------------------------------------
def _bell(x: Ball) -> Ball:
    return 2 * (-(x * x)).exp() / arb.pi().sqrt()


def _d_sigmoid_ball(x: Ball) -> Ball:
    cosh = (x / 2).cosh()
    return 1 / (4 * cosh * cosh)


def _inverse_square(x: Ball) -> Ball:
    return 1 / (x * x)


BALLS: dict[str, Callable[..., Ball]] = {
    "d_sqrt": lambda x: x.rsqrt() / 2,
    "d_rsqrt": lambda x: -x.rsqrt() / (2 * x),
    "d_tan": lambda x: _inverse_square(x.cos()),
    "d_asin": lambda x: ((1 - x) * (1 + x)).rsqrt(),
    "d_acos": lambda x: -((1 - x) * (1 + x)).rsqrt(),
    "d_tanh": lambda x: _inverse_square(x.cosh()),
    "d_asinh": lambda x: (1 + x * x).rsqrt(),
    "d_acosh": lambda x: ((x - 1) * (x + 1)).rsqrt(),
    "d_hypot": lambda x, y: x / (x * x + y * y).sqrt(),
    "d_erf": _bell,
    "d_erfc": lambda x: -_bell(x),
    "d_sigmoid": _d_sigmoid_ball,
    "d_log_sigmoid": lambda x: 1 / (1 + x.exp()),
    "d_logaddexp": lambda x, y: 1 / (1 + (y - x).exp()),
    "d_power_x": lambda x, y: y * x ** (y - 1),
    "d_power_y": lambda x, y: x**y * x.log(),
}


# -- mpmath ----------------------------------------------------------------------------------------------
def _difference_of_squares(x: Real, y: Real) -> Real:
    """(x - y)(x + y), exact."""
    return mp.fmul(mp.fsub(x, y, exact=True), mp.fadd(x, y, exact=True), exact=True)


def _d_erf(x: Real) -> Real:
    return 2 * mp.exp(-mp.fmul(x, x, exact=True)) / mp.sqrt(mp.pi)


def _d_hypot(x: Real, y: Real) -> Real:
    return x / mp.sqrt(mp.fadd(mp.fmul(x, x, exact=True), mp.fmul(y, y, exact=True), exact=True))


def _is_inverse_root(factor: int) -> Callable[[Real, Real], bool]:
    """Whether factor·value^2 is the reciprocal of an odd power of x, exactly; tested on the value that mpmath gives."""

    def check(value: Real, x: Real) -> bool:
        power = x if factor == 4 else mp.fmul(mp.fmul(x, x, exact=True), x, exact=True)
        square = mp.fmul(value, value, exact=True)
        return bool(mp.fmul(mp.fmul(4, square, exact=True), power, exact=True) == 1)

    return check


PLAIN: dict[str, tuple[Callable[..., Real], int]] = {
    "d_sqrt": (lambda x: 1 / (2 * mp.sqrt(x)), 0),
    "d_rsqrt": (lambda x: -1 / (2 * x * mp.sqrt(x)), 0),
    "d_tan": (lambda x: 1 / mp.cos(x) ** 2, 0),
    "d_asin": (lambda x: 1 / mp.sqrt(_difference_of_squares(mpf(1), x)), 0),
    "d_acos": (lambda x: -1 / mp.sqrt(_difference_of_squares(mpf(1), x)), 0),
    "d_tanh": (lambda x: 1 / mp.cosh(x) ** 2, 0),
    "d_asinh": (lambda x: 1 / mp.sqrt(mp.fadd(1, mp.fmul(x, x, exact=True), exact=True)), 0),
    "d_acosh": (lambda x: 1 / mp.sqrt(_difference_of_squares(x, mpf(1))), 0),
    "d_hypot": (_d_hypot, 0),
    "d_erf": (_d_erf, 32),
    "d_erfc": (lambda x: -_d_erf(x), 32),
    "d_sigmoid": (lambda x: 1 / (4 * mp.cosh(x / 2) ** 2), 0),
    "d_log_sigmoid": (lambda x: 1 / (1 + mp.exp(x)), 32),
    "d_logaddexp": (lambda x, y: 1 / (1 + mp.exp(mp.fsub(y, x, exact=True))), 32),
}
EXACT_CASES: dict[str, Callable[..., bool]] = {
    "d_sqrt": _is_inverse_root(4),
    "d_rsqrt": _is_inverse_root(3),
    # 1 - x^2 with a dyadic root whose reciprocal is dyadic: a^2 + b^2 = 4^k has trivial solutions only. 1 + x^2 and
    # x^2 - 1 likewise; the values at 0 are in the tables.
    "d_hypot": lambda value, x, y: bool(y == 0),
    "d_logaddexp": lambda value, x, y: bool(x == y),
}


def _power_loss(y: Real) -> int:
    """mpmath raises a rounded root to a power where the exponent is a half, and loses its logarithm."""
    return 64 + (max(0, int(mp.mag(y))) if y else 0)


def _d_power_x(bits: int, x: Approx, y: Approx) -> Approx:
    # Imported here: that module imports this package.
    from reportgen.oracle.approximations import Names

    base, power = exact_numbers("d_power_x", (x, y))
    less = Approx(mp.fsub(power, 1, exact=True), mpf(0))
    names = Names(bits)
    return names.multiply(Approx(power, mpf(0)), names.power(Approx(base, mpf(0)), less))


def _d_power_y(bits: int, x: Approx, y: Approx) -> Approx:
    base, power = exact_numbers("d_power_y", (x, y))
    with mp.workprec(bits + GUARD + _power_loss(power)):
        value = mp.power(base, power) * mp.log(base)
        return Approx(value, abs(value) * mpf(2) ** -bits)


METHODS: dict[str, Callable[..., Approx]] = {"d_power_x": _d_power_x, "d_power_y": _d_power_y}


# -- inequalities ----------------------------------------------------------------------------------------
def _near_one(value: float, side: int) -> Callable[[Known, F64], None]:
    """``value`` plus a rest of that sign and below x^2 near 0."""

    def rule(known: Known, x: F64) -> None:
        known.near((np.abs(x) < 2.0**-555) & (x != 0), value, side)

    return rule


def _d_tanh(known: Known, x: F64) -> None:
    _near_one(1.0, -1)(known, x)
    # 1/cosh(x)^2 < 4·exp(-2|x|)
    known.outside(np.abs(x) > BIG_EXP, 1.0, -1)


def _d_sigmoid(known: Known, x: F64) -> None:
    _near_one(0.25, -1)(known, x)
    known.outside(np.abs(x) > BIG_EXP, 1.0, -1)


def _d_log_sigmoid(known: Known, x: F64) -> None:
    # sigmoid(-x)
    known.near(x < -800, 1.0, -1)
    known.outside(x > BIG_EXP, 1.0, -1)


def _d_erf_rule(sign: float) -> Callable[[Known, F64], None]:
    def rule(known: Known, x: F64) -> None:
        # x^2 > 22801
        known.outside(np.abs(x) > 151, sign, -1)

    return rule


def _d_hypot_rule(known: Known, x: F64, y: F64) -> None:
    # 0 < 1 - |x|/hypot(x, y) < y^2/(2·x^2); with 2^(a-1) <= |x| and |y| < 2^b that is below 2^(2(b - a) + 1).
    known.near((2 * (exponent(y) - exponent(x)) + 1 < -1110) & (y != 0) & (x != 0), np.sign(x), -np.sign(x))
    known.exactly((y == 0) & (x != 0), np.sign(x))


def _d_logaddexp(known: Known, x: F64, y: F64) -> None:
    # sigmoid(x - y); rounding the difference moves it by far less than the margins.
    with np.errstate(over="ignore"):
        apart = x - y
    known.near(apart > 850, 1.0, -1)
    known.outside(apart < -BIG_EXP - 100, 1.0, -1)
    known.exactly(x == y, np.full(len(x), 0.5))


def _bits_of_power(x: F64, y: F64) -> F64:
    """log2 |x|^y to within a part in 10^10; infinities where that is out of range."""
    with np.errstate(all="ignore"):
        size = np.abs(x)
        near_one = (size > 0.5) & (size < 2)
        return y * np.where(near_one, np.log1p(np.where(near_one, size - 1, 0)), np.log(size)) * 1.4426950408889634


def _d_power_x_rule(known: Known, x: F64, y: F64) -> None:
    from reportgen.oracle.regions import known_values  # imports this package

    with np.errstate(all="ignore"):
        less = y - 1
        bits = _bits_of_power(x, less) + np.log2(np.abs(y))
        # y - 1 is odd where y is even; all numbers from 2^54 on are.
        odd = (np.fmod(y, 2) == 0) & (y != 0)
    sign = np.sign(y) * np.where((x < 0) & odd, -1.0, 1.0)
    known.outside(bits > 33200, sign, 1)
    known.outside(bits < -33200, sign, -1)
    # Roots: where y - 1 is a binary64 number, exact values of x^(y - 1) times y.
    exact = (less + 1 == y) & (less - y == -1) & ~known.mask
    index = np.flatnonzero(exact)
    if not len(index):
        return
    roots = known_values("power", (x[index], less[index]))
    for i in np.flatnonzero(roots.mask & (roots.values.rem == 0)).tolist():
        at = int(index[i])
        power = (Fraction(float(roots.values.hi[i])) + Fraction(float(roots.values.lo[i]))) * Fraction(2) ** int(
            roots.values.exp2[i]
        )
        product = power * Fraction(float(y[at]))
        put_point(known, at, product)


def put_point(known: Known, at: int, value: Fraction) -> None:
    """A rational value of one point."""
    point = settle_rational(value.numerator, value.denominator)
    values = known.values
    values.hi[at], values.lo[at], values.exp2[at], values.rem[at] = point
    known.mask[at] = True


def _d_power_y_rule(known: Known, x: F64, y: F64) -> None:
    # |log x| lies between 2^-54 and 2^10 for every binary64 x but 1.
    bits = _bits_of_power(x, y)
    sign = np.where(x > 1, 1.0, -1.0)
    known.outside(bits > 33200, sign, 1)
    known.outside(bits < -33200, sign, -1)


RULES: dict[str, Callable[..., None]] = {
    "d_tan": _near_one(1.0, 1),
    "d_asin": _near_one(1.0, 1),
    "d_acos": _near_one(-1.0, -1),
    "d_asinh": _near_one(1.0, -1),
    "d_tanh": _d_tanh,
    "d_sigmoid": _d_sigmoid,
    "d_log_sigmoid": _d_log_sigmoid,
    "d_erf": _d_erf_rule(1.0),
    "d_erfc": _d_erf_rule(-1.0),
    "d_hypot": _d_hypot_rule,
    "d_logaddexp": _d_logaddexp,
    "d_power_x": _d_power_x_rule,
    "d_power_y": _d_power_y_rule,
}


def _none(columns: Columns, dtype: str) -> F64:
    return np.zeros(len(columns[0]))


def _even(columns: Columns, dtype: str) -> F64:
    """1 + c·x^2: 2 bits a bit of smallness, 4 where x^2 is a short number."""
    return (2.0 if dtype == "float64" else 4.0) * smallness(columns[0])


def _falling(columns: Columns, dtype: str) -> F64:
    """1/x - c/x^3."""
    return _even(columns, dtype) + 2 * largeness(columns[0])


def _bits_log_sigmoid(columns: Columns, dtype: str) -> F64:
    x = columns[0]
    return 3 * smallness(x) + np.where((x < -16) & (x > -1000), -1.45 * x, 0.0)


def _bits_hypot(columns: Columns, dtype: str) -> F64:
    x, y = columns
    apart = exponent(x) - exponent(y)
    short = np.abs(np.frexp(y)[0]) == 0.5
    return np.where((apart > 0) | short, 2 * np.abs(apart), 0.0)


def _bits_logaddexp(columns: Columns, dtype: str) -> F64:
    with np.errstate(over="ignore"):
        apart = columns[0] - columns[1]
    return 3 * smallness(apart) + np.where((apart > 16) & (apart < 1000), 1.45 * apart, 0.0)


def _bits_power_x(columns: Columns, dtype: str) -> F64:
    x, y = columns
    with np.errstate(all="ignore"):
        return 2 * np.maximum(0.0, -np.frexp((y - 1) * np.log2(np.abs(x)))[1].astype(np.float64))


def _bits_power_y(columns: Columns, dtype: str) -> F64:
    with np.errstate(all="ignore"):
        return 3 * np.maximum(0.0, -np.frexp(np.log2(columns[0]))[1].astype(np.float64))


BITS: dict[str, Callable[[Columns, str], F64]] = {
    "d_sqrt": _none,
    "d_rsqrt": _none,
    "d_tan": _even,
    "d_asin": _even,
    "d_acos": _even,
    "d_tanh": _even,
    "d_asinh": _falling,
    "d_acosh": lambda c, dtype: 2 * largeness(c[0]),
    "d_hypot": _bits_hypot,
    "d_erf": _none,
    "d_erfc": _none,
    "d_sigmoid": _even,
    "d_log_sigmoid": _bits_log_sigmoid,
    "d_logaddexp": _bits_logaddexp,
    "d_power_x": _bits_power_x,
    "d_power_y": _bits_power_y,
}
EVEN = frozenset({"d_tan", "d_asin", "d_acos", "d_tanh", "d_asinh", "d_erf", "d_erfc", "d_sigmoid"})


# -- screens ---------------------------------------------------------------------------------------------
def _bell_wide(x: Wide) -> Wide:
    return x.dtype.type("1.128379167095512573896158903121545172") * np.exp(-x * x)


SCREENS: dict[str, Callable[..., Wide]] = {
    "d_sqrt": lambda x: 1 / (2 * np.sqrt(x)),
    "d_rsqrt": lambda x: -1 / (2 * x * np.sqrt(x)),
    "d_tan": lambda x: 1 / np.cos(x) ** 2,
    "d_asin": lambda x: 1 / np.sqrt((1 - x) * (1 + x)),
    "d_acos": lambda x: -1 / np.sqrt((1 - x) * (1 + x)),
    "d_tanh": lambda x: 1 / np.cosh(x) ** 2,
    "d_asinh": lambda x: 1 / np.hypot(1, x),
    "d_acosh": lambda x: 1 / (np.sqrt(x - 1) * np.sqrt(x + 1)),
    "d_hypot": lambda x, y: x / np.hypot(x, y),
    "d_erf": _bell_wide,
    "d_erfc": lambda x: -_bell_wide(x),
    "d_sigmoid": lambda x: 1 / (4 * np.cosh(x / 2) ** 2),
    "d_log_sigmoid": lambda x: 1 / (1 + np.exp(x)),
    "d_logaddexp": lambda x, y: 1 / (1 + np.exp(y - x)),
    "d_power_x": lambda x, y: y * np.power(x, y - 1),
    "d_power_y": lambda x, y: np.power(x, y) * np.log(x),
}
