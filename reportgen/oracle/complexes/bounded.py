"""mpmath's arithmetic with error bounds: complex functions out of real ones, none through mpmath's complex functions.

Values are :class:`~reportgen.oracle.approx.Approx`; real functions at exact arguments carry the bounds of
:class:`~reportgen.oracle.approximations.Names`, and here are those at inexact arguments, by their derivatives. The
formulas are W. Kahan's (*Branch Cuts for Complex Elementary Functions*, 1987), which do not cancel in the first
quadrant, or cancel visibly: then the error exceeds the value and the precision is doubled.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

from mpmath import mp, mpf
from mpmath.libmp import from_man_exp

from reportgen.oracle.approx import GUARD, Approx
from reportgen.oracle.approximations import Names
from reportgen.oracle.complexes.axes import CLAMP, Pair

HALF, QUARTER = Fraction(1, 2), Fraction(1, 4)


def dyadic(value: float | Fraction) -> Any:
    """An mpf of a dyadic number, exactly."""
    if isinstance(value, float):
        return mpf(value)
    return mp.make_mpf(from_man_exp(value.numerator, 1 - value.denominator.bit_length()))


class Bounded:
    """Parts are :class:`Approx`, or exact ones (:data:`reportgen.oracle.complexes.values.ExactPart`)."""

    kind = Approx

    def __init__(self, bits: int) -> None:
        self.names = Names(bits)
        self.table = self.names.table()
        self.slack = self.names.slack

    # -- what Arithmetic asks ------------------------------------------------------------------------------
    def real(self, name: str, *values: float | Fraction) -> Approx:
        given = [self.exactly(v) for v in values]
        if name != "acoth":
            return self.table[name](*given)
        # arcoth x = log1p(2/(x - 1))/2, the quotient to within the precision.
        above = self.divide(Fraction(2), self.exactly(Fraction(values[0]) - 1))
        return self.times(HALF, self.log1p_of(above))

    def interior(self, name: str, *values: float) -> Pair:
        return INTERIOR[name](self, *values)

    def negative(self, part: Approx) -> Approx:
        return Approx(-part.value, part.error)

    def pi(self, factor: Fraction) -> Approx:
        return self.times(factor, self.names.pi())

    def sign(self, part: Approx) -> int:
        if abs(part.value) <= part.error:
            return 0
        return 1 if part.value > 0 else -1

    def linear(self, *terms: tuple[float, Any]) -> Approx:
        total = self.exactly(0.0)
        for factor, part in terms:
            total = self.names.add(total, self.times(factor, part))
        return total

    def divide(self, part: Any, other: Any) -> Approx:
        return self.names.divide(self.exactly(part), self.exactly(other))

    def polar(self, exponent: Approx, angle: Approx) -> Pair:
        size = self.exp_of(exponent)
        return self.mul(size, self.turned(mp.cos, angle)), self.mul(size, self.turned(mp.sin, angle))

    def polar_half_turns(self, exponent: Approx, turns: Fraction) -> Pair:
        size = self.exp_of(exponent)
        exact = (2 * turns).denominator == 1
        with mp.workprec(self.names.bits + GUARD + turns.numerator.bit_length()):
            at = dyadic(turns)
            cos, sin = mp.cospi(at), mp.sinpi(at)
        return tuple(  # type: ignore[return-value]
            self.mul(size, Approx(part, mpf(0)) if exact else self.names.claim(part)) for part in (cos, sin)
        )

    # -- arithmetic ----------------------------------------------------------------------------------------
    def exactly(self, value: Any) -> Approx:
        return value if isinstance(value, Approx) else Approx(dyadic(value), mpf(0))

    def mul(self, a: Approx, b: Approx) -> Approx:
        return self.names.multiply(a, b)

    def times(self, factor: float | Fraction, part: Any) -> Approx:
        return self.names.multiply(self.exactly(factor), self.exactly(part))

    def add(self, a: Approx, b: Approx) -> Approx:
        return self.names.add(a, b)

    def square(self, a: Approx) -> Approx:
        return self.names.multiply(a, a)

    # -- real functions of inexact arguments ---------------------------------------------------------------
    def _spread(self, value: Any, error: Any) -> Approx:
        """A value whose argument was off by what makes ``error``; sixteen slacks cover the roundings of both."""
        return Approx(value, error * (1 + self.slack) + abs(value) * 16 * self.slack)

    def _at(self, function: Callable[..., Any], *args: Any) -> Any:
        with mp.workprec(self.names.bits + GUARD):
            return function(*args)

    def sqrt_of(self, a: Approx) -> Approx:
        """|√(a ± e) − √a| <= e/√a for 0 <= e <= a."""
        if a.value <= a.error:
            return Approx(mpf(0), mp.inf)
        value = self._at(mp.sqrt, a.value)
        return self._spread(value, a.error / value)

    def log1p_of(self, a: Approx) -> Approx:
        """The derivative is at most 1 for arguments above 0."""
        if a.value <= a.error:
            return Approx(mpf(0), mp.inf)
        return self._spread(self._at(mp.log1p, a.value), a.error)

    def asinh_of(self, a: Approx) -> Approx:
        """The derivative is at most 1."""
        return self._spread(self._at(mp.asinh, a.value), a.error)

    def atan2_of(self, y: Approx, x: Approx) -> Approx:
        """The gradient of the angle is the reciprocal of the distance from 0."""
        shift = y.error + x.error
        distance = max(abs(x.value), abs(y.value)) - shift
        if distance <= 0:
            return Approx(mpf(0), mp.inf)
        return self._spread(self._at(mp.atan2, y.value, x.value), shift / distance)

    def exp_of(self, a: Approx) -> Approx:
        """exp(e) − 1 <= 2e for e <= 1; beyond ±CLAMP the value is out of what is told apart."""
        if a.exact and a.value == 0:
            return self.exactly(1.0)
        if abs(a.value) - a.error > CLAMP:
            return self.real("exp", CLAMP if a.value > 0 else -CLAMP)
        if a.error > 1:
            return Approx(mpf(0), mp.inf)
        value = self._at(mp.exp, a.value)
        return self._spread(value, 2 * a.error * value)

    def turned(self, function: Callable[..., Any], a: Approx) -> Approx:
        """Sine or cosine: the derivative is at most 1."""
        return self._spread(self._at(function, a.value), a.error)


# -- complex functions in the interior, from real ones -----------------------------------------------------
def _size(x: float | Fraction, y: float) -> Fraction:
    return Fraction(x) ** 2 + Fraction(y) ** 2


def _exp(b: Bounded, x: float, y: float) -> Pair:
    size = b.real("exp", x)
    return b.mul(size, b.real("cos", y)), b.mul(size, b.real("sin", y))


def _exp2(b: Bounded, x: float, y: float) -> Pair:
    angle = b.mul(b.exactly(y), b.real("log", Fraction(2)))
    size = b.real("exp2", x)
    return b.mul(size, b.turned(mp.cos, angle)), b.mul(size, b.turned(mp.sin, angle))


def _expm1(b: Bounded, x: float, y: float) -> Pair:
    half = b.real("sin", Fraction(y) / 2)
    re = b.add(b.mul(b.real("expm1", x), b.real("cos", y)), b.times(-2.0, b.square(half)))
    return re, b.mul(b.real("exp", x), b.real("sin", y))


def _sinh(b: Bounded, x: float, y: float) -> Pair:
    return b.mul(b.real("sinh", x), b.real("cos", y)), b.mul(b.real("cosh", x), b.real("sin", y))


def _cosh(b: Bounded, x: float, y: float) -> Pair:
    return b.mul(b.real("cosh", x), b.real("cos", y)), b.mul(b.real("sinh", x), b.real("sin", y))


def _tanh(b: Bounded, x: float, y: float) -> Pair:
    sinh, cosh, sin, cos = b.real("sinh", x), b.real("cosh", x), b.real("sin", y), b.real("cos", y)
    size = b.add(b.square(sinh), b.square(cos))
    return b.divide(b.mul(sinh, cosh), size), b.divide(b.mul(sin, cos), size)


def _sigmoid(b: Bounded, x: float, y: float) -> Pair:
    """(eˣ + cos y + i sin y) / (2 (cosh x + cos y)), the sums by half angles."""
    cos = b.times(2.0, b.square(b.real("cos", Fraction(y) / 2)))
    size = b.times(2.0, b.add(b.times(2.0, b.square(b.real("sinh", Fraction(x) / 2))), cos))
    return b.divide(b.add(b.real("expm1", x), cos), size), b.divide(b.real("sin", y), size)


def _log(b: Bounded, x: float, y: float) -> Pair:
    return b.times(HALF, b.real("log", _size(x, y))), b.real("atan2", y, x)


def _log1p(b: Bounded, x: float, y: float) -> Pair:
    grown = 2 * Fraction(x) + _size(x, y)
    return b.times(HALF, b.real("log1p", grown)), b.real("atan2", y, 1 + Fraction(x))


def _sqrt(b: Bounded, x: float | Fraction, y: float) -> Pair:
    size = b.real("sqrt", _size(x, y))
    larger = b.sqrt_of(b.times(HALF, b.add(size, b.exactly(abs(Fraction(x))))))
    smaller = b.divide(b.times(HALF, y), larger)
    return (larger, smaller) if x >= 0 else (smaller, larger)


def _rsqrt(b: Bounded, x: float, y: float) -> Pair:
    re, im = _sqrt(b, x, y)
    size = b.real("sqrt", _size(x, y))
    return b.divide(re, size), b.negative(b.divide(im, size))


def _sign(b: Bounded, x: float, y: float) -> Pair:
    size = b.real("sqrt", _size(x, y))
    return b.divide(x, size), b.divide(y, size)


def _roots(b: Bounded, x: float, y: float) -> tuple[Approx, Approx, Approx, Approx]:
    """√(1 − z) = p − iq and √(1 + z) = r + is with p, q, r, s > 0, for y > 0."""
    p, q = _sqrt(b, 1 - Fraction(x), y)
    r, s = _sqrt(b, 1 + Fraction(x), y)
    return p, q, r, s


def _asin(b: Bounded, x: float, y: float) -> Pair:
    p, q, r, s = _roots(b, x, y)
    re = b.atan2_of(b.exactly(x), b.add(b.mul(p, r), b.mul(q, s)))
    return re, b.asinh_of(b.add(b.mul(p, s), b.mul(q, r)))


def _asinh(b: Bounded, x: float, y: float) -> Pair:
    re, im = _asin(b, y, x)
    return im, re


def _acos(b: Bounded, x: float, y: float) -> Pair:
    p, q, r, s = _roots(b, x, y)
    return b.times(2.0, b.atan2_of(p, r)), b.negative(b.asinh_of(b.add(b.mul(p, s), b.mul(q, r))))


def _atanh(b: Bounded, x: float, y: float) -> Pair:
    """¼ log(((1 + x)² + y²)/((1 − x)² + y²)) + i/2 arg(1 − x² − y² + 2iy), everything under them exact."""
    below = (1 - Fraction(x)) ** 2 + Fraction(y) ** 2
    re = b.times(QUARTER, b.log1p_of(b.divide(4 * Fraction(x), below)))
    return re, b.times(HALF, b.real("atan2", 2 * Fraction(y), 1 - _size(x, y)))


INTERIOR: dict[str, Callable[..., Pair]] = {
    "exp": _exp, "exp2": _exp2, "expm1": _expm1, "sinh": _sinh, "cosh": _cosh, "tanh": _tanh, "sigmoid": _sigmoid,
    "log": _log, "log1p": _log1p, "sqrt": _sqrt, "rsqrt": _rsqrt, "sign": _sign, "asinh": _asinh, "acos": _acos,
    "atanh": _atanh,
}  # fmt: skip
