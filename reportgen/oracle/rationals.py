"""Exact names over rational numbers, whatever the size of their quotients, one point at a time.

The tables are written for any rational type with ``+ - * /`` and a floor: ``flint.fmpq`` in the enclosure, Python's
``fractions.Fraction`` beside mpmath, so that the two sources share the definitions of the names and not the arithmetic.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

import numpy as np
from flint import fmpq, fmpz

from reportgen.core.floats import F64, Bool, Exact
from reportgen.oracle.namespace import Expression, words
from reportgen.oracle.settle import Point, settle_rational

Rational = Any


def _mantissa(x: Rational) -> Rational:
    """x·2^-e with a magnitude in [1/2, 1); 0 for 0."""
    if x == 0:
        return x
    exponent = int(x.numerator).bit_length() - int(x.denominator).bit_length()
    half = 1 << abs(exponent)
    scaled = x / half if exponent >= 0 else x * half
    return scaled / 2 if abs(scaled) >= 1 else scaled


def table(floor: Callable[[Rational], Rational]) -> dict[str, Callable[..., Rational]]:
    """The exact names for a rational type whose floor (as the same type) is given."""

    def trunc(x: Rational) -> Rational:
        return -floor(-x) if x < 0 else floor(x)

    def rint(x: Rational) -> Rational:
        down = floor(x)
        rest = 2 * (x - down)
        up = rest > 1 or (rest == 1 and floor(down / 2) * 2 != down)
        return down + 1 if up else down

    return {
        "abs": abs,
        "negative": lambda x: -x,
        "positive": lambda x: x,
        "square": lambda x: x * x,
        "reciprocal": lambda x: 1 / x,
        "sign": lambda x: int(x > 0) - int(x < 0),
        "signbit": lambda x: int(x < 0),
        "logical_not": lambda x: int(x == 0),
        "logical_and": lambda x, y: int(x != 0 and y != 0),
        "logical_or": lambda x, y: int(x != 0 or y != 0),
        "logical_xor": lambda x, y: int((x != 0) != (y != 0)),
        "isnan": lambda x: 0,
        "isinf": lambda x: 0,
        "isposinf": lambda x: 0,
        "isneginf": lambda x: 0,
        "isfinite": lambda x: 1,
        "floor": floor,
        "ceil": lambda x: -floor(-x),
        "trunc": trunc,
        "rint": rint,
        "modf_fraction": lambda x: x - trunc(x),
        "frexp_mantissa": _mantissa,
        "add": lambda x, y: x + y,
        "subtract": lambda x, y: x - y,
        "multiply": lambda x, y: x * y,
        "divide": lambda x, y: x / y,
        "xdivy": lambda x, y: x / y if x else x,
        "squared_difference": lambda x, y: (x - y) * (x - y),
        "floor_divide": lambda x, y: floor(x / y),
        "truncatediv": lambda x, y: trunc(x / y),
        "remainder": lambda x, y: x - floor(x / y) * y,
        "fmod": lambda x, y: x - trunc(x / y) * y,
        "maximum": lambda x, y: x if x >= y else y,
        "minimum": lambda x, y: x if x <= y else y,
        "fmax": lambda x, y: x if x >= y else y,
        "fmin": lambda x, y: x if x <= y else y,
        "copysign": lambda x, y: abs(x) if y >= 0 else -abs(x),
        "heaviside": lambda x, y: 1 if x > 0 else 0 if x < 0 else y,
        "less": lambda x, y: int(x < y),
        "less_equal": lambda x, y: int(x <= y),
        "greater": lambda x, y: int(x > y),
        "greater_equal": lambda x, y: int(x >= y),
        "equal": lambda x, y: int(x == y),
        "not_equal": lambda x, y: int(x != y),
    }


def _flint_floor(x: Any) -> Any:
    return fmpq(fmpz(x.p) // x.q)


def flint_number(value: float) -> Any:
    """A binary64 number as a flint rational."""
    return fmpq(*value.as_integer_ratio()) if isinstance(value, float) else fmpq(value)


def python_number(value: float) -> Fraction:
    return Fraction(value)


FLINT = table(_flint_floor)
PYTHON = table(lambda x: Fraction(x.numerator // x.denominator))


def evaluate(expression: Expression, columns: tuple[F64, ...], flint: bool) -> Exact:
    """Values of an exact expression, point by point, with the signs of zeros that :func:`zero_signs` gives."""
    number: Callable[[float], Rational] = flint_number if flint else python_number
    function = expression.bind(FLINT if flint else PYTHON, number)
    out = Exact.empty(len(columns[0]))
    for i, values in enumerate(zip(*(c.tolist() for c in columns), strict=True)):
        put(out, i, _point(function(*map(number, values))))
    if expression.root in ("signbit", "copysign"):
        _see_minus_zero(expression.root, columns, out)
    negative, either = zero_signs(expression.root or "", columns)
    zero = out.hi == 0
    out.hi = np.where(zero, np.where(negative, -0.0, 0.0), out.hi)
    out.either_zero = zero & either
    return out


def _see_minus_zero(name: str, columns: tuple[F64, ...], out: Exact) -> None:
    """Rationals have one zero; the two names that ask for the sign of -0 get it here, in place."""
    if name == "signbit":
        out.hi = np.signbit(columns[0]).astype(np.float64)
    else:
        flip = (columns[1] == 0) & np.signbit(columns[1])
        out.hi, out.lo = np.where(flip, -out.hi, out.hi), np.where(flip, -out.lo, out.lo)


def _point(value: Rational) -> Point:
    if isinstance(value, int):
        return settle_rational(value, 1)
    if isinstance(value, Fraction):
        return settle_rational(value.numerator, value.denominator)
    return settle_rational(int(value.p), int(value.q))


def put(out: Exact, index: int, point: Point) -> None:
    """Store one settled point."""
    out.hi[index], out.lo[index], out.exp2[index], out.rem[index] = point


_POSITIVE = words(
    "abs square squared_difference signbit isnan isinf isposinf isneginf isfinite logical_not logical_and logical_or "
    "logical_xor less less_equal greater greater_equal equal not_equal"
)
_AS_FIRST = frozenset(["positive", "sign", "floor", "ceil", "trunc", "rint", "fmod", "modf_fraction", "frexp_mantissa"])
_AS_QUOTIENT = frozenset(["multiply", "divide", "xdivy", "floor_divide", "truncatediv"])


def zero_signs(name: str, columns: tuple[F64, ...]) -> tuple[Bool, Bool]:
    """For zero results: whether IEEE 754 (round to nearest) or C's annex F makes them -0, and whether nothing says.

    ``name`` is an expression's root, or empty for anything else. Compositions and maxima of unlike zeros are unsigned.
    """
    x = np.signbit(columns[0])
    y = np.signbit(columns[-1])
    never, always = np.zeros(len(x), bool), np.ones(len(x), bool)
    if name in _POSITIVE:
        return never, never
    if name in _AS_FIRST:
        return x, never
    if name in _AS_QUOTIENT:
        return x ^ y, never
    if name == "negative":
        return ~x, never
    if name in ("remainder", "copysign"):
        return y, never
    if name in ("add", "subtract"):
        return x & (y ^ (name == "subtract")) & (columns[0] == 0), never
    if name == "heaviside":
        return y & (columns[0] == 0), never
    if name in ("maximum", "minimum", "fmax", "fmin"):
        both = (columns[0] == 0) & (columns[1] == 0)
        return np.where(columns[0] == 0, x, y), both & (x != y)
    return never, always
