"""Functions of two complex numbers: rational ones exactly, powers and products with logarithms by their definition.

The rational tables are written for any rational type, ``flint.fmpq`` in the enclosure and ``fractions.Fraction`` beside
mpmath, as in :mod:`reportgen.oracle.rationals`. A zero part of a rational result has no sign that anybody fixes.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from math import copysign
from typing import Any

from reportgen.oracle.complexes import identities
from reportgen.oracle.complexes.axes import UNARY, Arithmetic, Pair
from reportgen.oracle.complexes.values import EITHER, LATER, NOTHING

Rational = Any


def _multiply(a: Rational, b: Rational, c: Rational, d: Rational) -> Pair:
    return a * c - b * d, a * d + b * c


def _divide(a: Rational, b: Rational, c: Rational, d: Rational) -> Pair | None:
    size = c * c + d * d
    if size == 0:
        return None
    return (a * c + b * d) / size, (b * c - a * d) / size


def _square(a: Rational, b: Rational) -> Pair:
    return a * a - b * b, 2 * a * b


def _reciprocal(a: Rational, b: Rational) -> Pair | None:
    size = a * a + b * b
    return None if size == 0 else (a / size, -b / size)


def _squared_difference(a: Rational, b: Rational, c: Rational, d: Rational) -> Pair:
    return (a - c) * (a - c) + (b - d) * (b - d), 0 * a


RATIONAL: dict[str, Callable[..., Pair | None]] = {
    "square": _square,
    "reciprocal": _reciprocal,
    "reciprocal_no_nan": _reciprocal,
    "multiply": _multiply,
    "multiply_no_nan": _multiply,
    "divide": _divide,
    "divide_no_nan": _divide,
    "xdivy": _divide,
    "squared_difference": _squared_difference,
}
"""Parts of the result out of the parts of the arguments; None where the function has no finite value."""


# -- z to the power of w -----------------------------------------------------------------------------------
def _power(b: Arithmetic, x: float, y: float, u: float, v: float) -> Pair:
    if x == 0 and y == 0:
        return NOTHING, NOTHING
    if v == 0:
        exact = identities.power(x, y, u)
        if exact is not None:
            return exact[0] or EITHER, exact[1] or EITHER
    length, angle = UNARY["log"](b, x, y)
    turns = _quarter_turns(x, y)
    if v == 0 and turns is not None:
        return b.polar_half_turns(b.linear((u, length)), turns * Fraction(u) / 2)
    if turns is not None and isinstance(length, float):
        # |z| is 1: the angle is a rational number of half turns.
        return b.polar_half_turns(b.linear((-v, angle)), turns * Fraction(u) / 2)
    return b.polar(b.linear((u, length), (-v, angle)), b.linear((u, angle), (v, length)))


def _quarter_turns(x: float, y: float) -> Fraction | None:
    """The argument of z in right angles where z lies on an axis (by the signs of zeros) or a diagonal."""
    side = int(copysign(1.0, y))
    if y == 0:
        return Fraction(0) if x > 0 else Fraction(2 * side)
    if abs(x) == abs(y):
        return Fraction(side * (1 if x > 0 else 3), 2)
    return Fraction(side) if x == 0 else None


# -- z times a logarithm -----------------------------------------------------------------------------------
def _times(logarithm: str, pole: float) -> Callable[..., Pair]:
    def product(b: Arithmetic, x: float, y: float, u: float, v: float) -> Pair:
        if v == 0 and u == pole:
            return NOTHING, NOTHING
        re, im = UNARY[logarithm](b, u, v)
        if re is LATER or im is LATER:
            return LATER, LATER
        return _sum(b, (x, re), (-y, im)), _sum(b, (x, im), (y, re))

    return product


def _sum(b: Arithmetic, *terms: tuple[float, Any]) -> Any:
    """The sum of those terms that are not exactly zero; all of them zero is a zero without a sign."""
    kept = [(factor, part) for factor, part in terms if factor != 0 and not (isinstance(part, float) and part == 0)]
    return b.linear(*kept) if kept else EITHER


BINARY: dict[str, Callable[..., Pair]] = {
    "power": _power,
    "xlogy": _times("log", 0.0),
    "xlog1py": _times("log1p", -1.0),
}
"""Functions of two numbers that are not rational, by name."""
