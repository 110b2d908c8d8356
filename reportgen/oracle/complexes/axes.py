"""Functions of x + iy written by symmetry and on the axes, whatever the arithmetic.

Every function here satisfies f(conj z) = conj f(z), and some are odd or even: the sign bits of the parts, those of
zeros included, are taken off first, so that no branch cut is ever met from the wrong side (C11 Annex G; Kahan 1987).
What remains lies in the closed first quadrant (or upper half-plane), where a zero means the limit from inside: on the
axes, and with them on the cuts, real formulas give the value and say which part is exactly zero; only the interior,
where no part vanishes, is left to the arithmetic ``b`` (:mod:`arbs`, :mod:`bounded`).

That nothing else vanishes or is a short number: for exp, sin, … by the theorem of Lindemann and Weierstrass; for log2,
log10, sqrt, rsqrt and powers the exact cases are recognised by integers (:mod:`identities`).
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from math import copysign, cos, sin
from typing import Any, Protocol

from reportgen.oracle.complexes import identities
from reportgen.oracle.complexes.values import EITHER, LATER
from reportgen.oracle.settle import Point

Pair = tuple[Any, Any]

SATURATED = 800.0
"""Beyond it 1 - tanh and 1 - sigmoid, and exp below it, are under the smallest lo, 2^-1074, and only a sign remains."""
CLAMP = 30000.0
"""exp of it is 2^43280: with a cofactor above 2^-1100 still far outside what is told apart (2^±32768)."""


class Arithmetic(Protocol):
    """What :mod:`arbs` and :mod:`bounded` provide: numbers with errors at one precision."""

    def real(self, name: str, *values: float | Fraction) -> Any:
        """A real function at exact arguments."""

    def interior(self, name: str, *values: float) -> Pair:
        """A complex function at a point where no part of its value vanishes."""

    def negative(self, part: Any) -> Any: ...

    def pi(self, factor: Fraction) -> Any: ...

    def sign(self, part: Any) -> int:
        """-1 or 1 where the precision tells, else 0."""

    def linear(self, *terms: tuple[float, Any]) -> Any:
        """The sum of exact factors times parts."""

    def divide(self, part: Any, other: Any) -> Any: ...

    def polar(self, exponent: Any, angle: Any) -> Pair:
        """exp of (exponent + i angle)."""

    def polar_half_turns(self, exponent: Any, turns: Fraction) -> Pair:
        """exp of (exponent + iπ·turns); an exactly vanishing part is :data:`EITHER`."""


Function = Callable[..., Pair]


def opposite(b: Arithmetic, part: Any) -> Any:
    if part is EITHER or part is LATER:
        return part
    if isinstance(part, Point):
        return Point(-part.hi, -part.lo, part.exp2, -part.rem)
    return -part if isinstance(part, (float, Fraction)) else b.negative(part)


def _minus(value: float) -> bool:
    return copysign(1.0, value) < 0


def quadrant(function: Function, odd: bool = True) -> Function:
    """f on the plane from f on the first quadrant, for odd or even f."""

    def whole(b: Arithmetic, x: float, y: float) -> Pair:
        re, im = function(b, abs(x), abs(y))
        left, down = _minus(x), _minus(y)
        if odd:
            return opposite(b, re) if left else re, opposite(b, im) if down else im
        return re, opposite(b, im) if left != down else im

    return whole


def upper(function: Function) -> Function:
    """f on the plane from f on the upper half-plane."""

    def whole(b: Arithmetic, x: float, y: float) -> Pair:
        re, im = function(b, x, abs(y))
        return re, opposite(b, im) if _minus(y) else im

    return whole


def turned(function: Function) -> Function:
    """−i·f(iz) for odd f."""

    def whole(b: Arithmetic, x: float, y: float) -> Pair:
        re, im = function(b, y, x)
        return im, re

    return whole


def _clamped(x: float, limit: float = CLAMP) -> float:
    return max(-limit, min(limit, x))


# -- exponentials ------------------------------------------------------------------------------------------
def _exp(b: Arithmetic, x: float, y: float) -> Pair:
    x = _clamped(x)
    if y == 0:
        return (b.real("exp", x) if x else 1.0), 0.0
    if x == 0:
        return b.real("cos", y), b.real("sin", y)
    return b.interior("exp", x, y)


def _exp2(b: Arithmetic, x: float, y: float) -> Pair:
    x = _clamped(x, 1.5 * CLAMP)  # 2^45000, where exp has 2^43280
    if y == 0:
        return (Fraction(2) ** int(x) if x.is_integer() and abs(x) < 4000 else b.real("exp2", x)), 0.0
    return b.interior("exp2", x, y)


def _expm1(b: Arithmetic, x: float, y: float) -> Pair:
    if x < -SATURATED:
        way = b.sign(b.real("cos", y)) if y else 1
        re = Point(-1.0, 0.0, 0, way) if way else LATER
        return re, _exp(b, x, y)[1]
    x = _clamped(x)
    if y == 0:
        return (b.real("expm1", x) if x else x), 0.0
    return b.interior("expm1", x, y)


def _sinh(b: Arithmetic, x: float, y: float) -> Pair:
    x = _clamped(x)
    if y == 0:
        return (b.real("sinh", x) if x else 0.0), 0.0
    if x == 0:
        return copysign(0.0, cos(y)), b.real("sin", y)
    return b.interior("sinh", x, y)


def _cosh(b: Arithmetic, x: float, y: float) -> Pair:
    x = _clamped(x)
    if y == 0:
        return (b.real("cosh", x) if x else 1.0), 0.0
    if x == 0:
        return b.real("cos", y), copysign(0.0, sin(y))
    return b.interior("cosh", x, y)


def _tanh(b: Arithmetic, x: float, y: float) -> Pair:
    if x > SATURATED:
        way = -b.sign(b.real("cos", 2 * Fraction(y))) if y else -1
        re = Point(1.0, 0.0, 0, way) if way else LATER
        return re, b.interior("tanh", _clamped(x), y)[1] if y else 0.0
    if y == 0:
        return (b.real("tanh", x) if x else 0.0), 0.0
    if x == 0:
        return 0.0, b.real("tan", y)
    return b.interior("tanh", x, y)


def _sigmoid(b: Arithmetic, x: float, y: float) -> Pair:
    if x == 0:
        return 0.5, EITHER if y == 0 else b.linear((0.5, b.real("tan", Fraction(y) / 2)))
    if x > SATURATED:
        way = -b.sign(b.real("cos", y)) if y else -1
        re = Point(1.0, 0.0, 0, way) if way else LATER
        return re, b.interior("sigmoid", _clamped(x), y)[1] if y else EITHER
    x = _clamped(x)
    if y == 0:
        return b.real("sigmoid", x), EITHER
    return b.interior("sigmoid", x, y)


# -- logarithms --------------------------------------------------------------------------------------------
def _log_size(b: Arithmetic, x: float | Fraction) -> Any:
    size = -x if x < 0 else x
    return 0.0 if size == 1 else b.real("log", size)


def _log(b: Arithmetic, x: float, y: float) -> Pair:
    if y == 0:
        return _log_size(b, x), 0.0 if x > 0 else b.pi(Fraction(1))
    if x == 0:
        return _log_size(b, y), b.pi(Fraction(1, 2))
    return b.interior("log", x, y)


def _log_to(base: int) -> Function:
    def log(b: Arithmetic, x: float, y: float) -> Pair:
        re, im = _log(b, x, y)
        scale = b.real("log", Fraction(base))
        exact = identities.log_of_modulus(base, x, y)
        return (b.divide(re, scale) if exact is None else exact), im if isinstance(im, float) else b.divide(im, scale)

    return log


def _log1p(b: Arithmetic, x: float, y: float) -> Pair:
    shifted = 1 + Fraction(x)
    if y == 0:
        if shifted > 0:
            return (b.real("log1p", x) if x else x), 0.0
        return _log_size(b, shifted), b.pi(Fraction(1))
    if shifted == 0:
        return _log_size(b, y), b.pi(Fraction(1, 2))
    return b.interior("log1p", x, y)


# -- roots and the sign ------------------------------------------------------------------------------------
def _sqrt(b: Arithmetic, x: float, y: float) -> Pair:
    exact = identities.square_root(Fraction(x), Fraction(y))
    if exact is not None:
        return exact[0] or 0.0, exact[1] or 0.0
    if y == 0:
        return (b.real("sqrt", x), 0.0) if x > 0 else (0.0, b.real("sqrt", -x))
    return b.interior("sqrt", x, y)


def _rsqrt(b: Arithmetic, x: float, y: float) -> Pair:
    exact = identities.square_root(Fraction(x), Fraction(y))
    if exact is not None:
        size = exact[0] ** 2 + exact[1] ** 2
        return exact[0] / size or EITHER, -exact[1] / size or EITHER
    if y == 0:
        size_root = b.real("rsqrt", abs(x))
        return (size_root, EITHER) if x > 0 else (EITHER, b.negative(size_root))
    return b.interior("rsqrt", x, y)


def _sign(b: Arithmetic, x: float, y: float) -> Pair:
    if y == 0:
        return copysign(1.0, x), EITHER
    if x == 0:
        return EITHER, 1.0
    return b.interior("sign", x, y)


# -- inverse functions -------------------------------------------------------------------------------------
def _asinh(b: Arithmetic, x: float, y: float) -> Pair:
    if y == 0:
        return (b.real("asinh", x) if x else 0.0), 0.0
    if x == 0:
        return (0.0, b.real("asin", y)) if y <= 1 else (b.real("acosh", y), b.pi(Fraction(1, 2)))
    return b.interior("asinh", x, y)


def _atanh(b: Arithmetic, x: float, y: float) -> Pair:
    if y == 0:
        if x <= 1:
            return (b.real("atanh", x) if x else 0.0), 0.0
        # The limit from above: artanh beyond 1 is arcoth, and the angle a right one.
        return b.real("acoth", x), b.pi(Fraction(1, 2))
    if x == 0:
        return 0.0, b.real("atan", y)
    return b.interior("atanh", x, y)


def _acos(b: Arithmetic, x: float, y: float) -> Pair:
    if y == 0:
        if abs(x) <= 1:
            return (0.0 if x == 1 else b.real("acos", x)), -0.0
        return (0.0 if x > 0 else b.pi(Fraction(1))), b.negative(b.real("acosh", abs(x)))
    if x == 0:
        return b.pi(Fraction(1, 2)), b.negative(b.real("asinh", y))
    return b.interior("acos", x, y)


def _acosh(b: Arithmetic, x: float, y: float) -> Pair:
    re, im = _acos(b, x, y)
    return opposite(b, im), re


SINH, TANH, ASINH, ATANH = quadrant(_sinh), quadrant(_tanh), quadrant(_asinh), quadrant(_atanh)
COSH = quadrant(_cosh, odd=False)


def _cos(b: Arithmetic, x: float, y: float) -> Pair:
    re, im = COSH(b, y, x)
    return re, opposite(b, im)


UNARY: dict[str, Function] = {
    "exp": upper(_exp),
    "exp2": upper(_exp2),
    "expm1": upper(_expm1),
    "sinh": SINH,
    "cosh": COSH,
    "tanh": TANH,
    "sin": turned(SINH),
    "cos": _cos,
    "tan": turned(TANH),
    "sigmoid": upper(_sigmoid),
    "log": upper(_log),
    "log2": upper(_log_to(2)),
    "log10": upper(_log_to(10)),
    "log1p": upper(_log1p),
    "sqrt": upper(_sqrt),
    "rsqrt": upper(_rsqrt),
    "sign": upper(_sign),
    "asinh": ASINH,
    "atanh": ATANH,
    "asin": turned(ASINH),
    "atan": turned(ATANH),
    "acos": upper(_acos),
    "acosh": upper(_acosh),
}
"""Functions of one number that are not rational, by name."""
