"""Values of complex functions that are short numbers, recognised in integers: no enclosure could settle them."""

from __future__ import annotations

from fractions import Fraction
from math import isqrt

POWER_BITS = 4096
ROOTS = 4
"""Powers with exponents of up to this many binary places are tried."""

Rational = tuple[Fraction, Fraction]


def rational_root(value: Fraction) -> Fraction | None:
    """√value where that is rational; value >= 0."""
    top, bottom = isqrt(value.numerator), isqrt(value.denominator)
    if top * top != value.numerator or bottom * bottom != value.denominator:
        return None
    return Fraction(top, bottom)


def square_root(x: Fraction, y: Fraction) -> Rational | None:
    """The principal √(x + iy), y >= 0, where both parts are rational."""
    size = rational_root(x * x + y * y) if y else abs(x)
    if size is None:
        return None
    re = rational_root((size + x) / 2)
    im = rational_root((size - x) / 2)
    return None if re is None or im is None else (re, im)


def log_of_modulus(base: int, x: float, y: float) -> Fraction | float | None:
    """log|x + iy| to base 2 or 10 where it is half an integer; +0.0 on the unit circle."""
    size = Fraction(x) ** 2 + Fraction(y) ** 2
    power = _exponent(base, size)
    if power is None:
        return None
    return Fraction(power, 2) if power else 0.0


def _exponent(base: int, value: Fraction) -> int | None:
    top, bottom = value.numerator, value.denominator
    if base == 2:
        if top & (top - 1) or bottom & (bottom - 1):
            return None
        return top.bit_length() - bottom.bit_length()
    if bottom != 1:
        return None  # negative powers of ten are not dyadic
    count = 0
    while top % 10 == 0:
        top, count = top // 10, count + 1
    return count if top == 1 else None


def multiply(a: Rational, b: Rational) -> Rational:
    return a[0] * b[0] - a[1] * b[1], a[0] * b[1] + a[1] * b[0]


def power(x: float, y: float, exponent: float) -> Rational | None:
    """(x + iy)^exponent where both parts are rational and short: the exponent a multiple of 2^-ROOTS, the roots exact.

    ``y`` may be -0.0, which is below the cut. None for anything else, zero bases included.
    """
    if x == 0 and y == 0:
        return None
    below = str(y).startswith("-")
    base = Fraction(x), Fraction(abs(y))
    times = Fraction(exponent)
    for _ in range(ROOTS):
        if times.denominator == 1:
            break
        root = square_root(*base)
        if root is None:
            return None
        base, times = root, times * 2
    if times.denominator != 1:
        return None
    bits = max(part.numerator.bit_length() + part.denominator.bit_length() for part in base)
    if abs(times) * max(bits, 2) > POWER_BITS and not (bits <= 3 and base in _UNITS):
        return None
    result = _integer_power(base, int(times))
    return (result[0], -result[1]) if below else result


_UNITS = ((Fraction(1), Fraction(0)), (Fraction(-1), Fraction(0)), (Fraction(0), Fraction(1)))


def _integer_power(base: Rational, times: int) -> Rational:
    if base in _UNITS:
        times %= 4
    result: Rational = Fraction(1), Fraction(0)
    square, left = base, abs(times)
    while left:
        if left & 1:
            result = multiply(result, square)
        square, left = multiply(square, square) if left > 1 else square, left >> 1
    if times < 0:
        size = result[0] ** 2 + result[1] ** 2
        result = result[0] / size, -result[1] / size
    return result
