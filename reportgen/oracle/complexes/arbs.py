"""The enclosures' arithmetic: Arb's real and complex balls (``flint.arb``, ``flint.acb``) at flint's precision."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

from flint import acb, arb, fmpq

from reportgen.oracle import balls
from reportgen.oracle.complexes.axes import CLAMP, Pair

Ball = Any


def number(value: float | Fraction) -> Ball:
    """An exact ball of a float, a nearly exact one of a rational that is not dyadic."""
    if isinstance(value, float):
        return arb(value)
    return arb(fmpq(value.numerator, value.denominator)) if value.denominator != 1 else arb(value.numerator)


def exactly(value: float | Fraction) -> Ball:
    """An exact ball of a dyadic number, whatever the precision."""
    if isinstance(value, float):
        return arb(value)
    return arb((value.numerator, 1 - value.denominator.bit_length()))


def _acoth(x: Ball) -> Ball:
    return (1 / x).atanh()


def _parts(z: Any) -> Pair:
    return z.real, z.imag


def _tanh(x: float, y: float) -> Pair:
    if x < 400:
        return _parts(acb(x, y).tanh())
    sinh, sin, cos = arb(x).sinh(), arb(y).sin(), arb(y).cos()
    size = sinh * sinh + cos * cos
    return sinh * arb(x).cosh() / size, sin * cos / size


def _exp2(x: float, y: float) -> Pair:
    size, angle = arb(2) ** arb(x), arb(y) * arb(2).log()
    return size * angle.cos(), size * angle.sin()


def _sigmoid(x: float, y: float) -> Pair:
    if abs(x) < 100:
        return _parts(1 / (1 + (-acb(x, y)).exp()))
    cos = arb(y).cos()
    size = 2 * (arb(x).cosh() + cos)
    return (arb(x).exp() + cos) / size, arb(y).sin() / size


def _sign(x: float, y: float) -> Pair:
    z = acb(x, y)
    size = (arb(x) * arb(x) + arb(y) * arb(y)).sqrt()
    return _parts(z / size)


INTERIOR: dict[str, Callable[[float, float], Pair]] = {
    "exp2": _exp2,
    "tanh": _tanh,
    "sigmoid": _sigmoid,
    "sign": _sign,
} | {
    name: lambda x, y, name=name: _parts(getattr(acb(x, y), name)())  # type: ignore[misc]
    for name in ("exp", "expm1", "sinh", "cosh", "log", "log1p", "sqrt", "rsqrt", "asinh", "atanh", "acos")
}


class Arbs:
    """Parts are ``arb`` balls, or exact ones (:data:`reportgen.oracle.complexes.values.ExactPart`)."""

    kind = arb

    def real(self, name: str, *values: float | Fraction) -> Ball:
        given = [exactly(v) for v in values]
        return _acoth(*given) if name == "acoth" else balls.FUNCTIONS[name](*given)

    def interior(self, name: str, *values: float) -> Pair:
        return INTERIOR[name](*values)

    def negative(self, part: Ball) -> Ball:
        return -part

    def pi(self, factor: Fraction) -> Ball:
        return arb.pi() * factor.numerator / factor.denominator

    def sign(self, part: Ball) -> int:
        return 1 if part > 0 else -1 if part < 0 else 0

    def linear(self, *terms: tuple[float, Any]) -> Ball:
        total = arb(0)
        for factor, part in terms:
            total += arb(factor) * (part if isinstance(part, arb) else number(part))
        return total

    def divide(self, part: Any, other: Any) -> Ball:
        return (part if isinstance(part, arb) else number(part)) / other

    def polar(self, exponent: Ball, angle: Ball) -> Pair:
        size = _bounded_exp(exponent)
        return size * angle.cos(), size * angle.sin()

    def polar_half_turns(self, exponent: Ball, turns: Fraction) -> Pair:
        size, angle = _bounded_exp(exponent), exactly(turns)
        return size * angle.cos_pi(), size * angle.sin_pi()


def _bounded_exp(exponent: Ball) -> Ball:
    if exponent > CLAMP:
        return arb(CLAMP).exp()
    return arb(-CLAMP).exp() if exponent < -CLAMP else exponent.exp()
