"""Functions of integers, exactly: Python's integers and fractions, whatever the size of the result.

A function maps Python integers (and the format of the arguments) to an integer or a Fraction. What a library must
return follows from its result's dtype: :func:`required` reduces integers modulo 2^n and tells where it did.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np

from reportgen.core.dtypes import Dtype, IntegerFormat
from reportgen.core.floats import Bool, Exact, Format
from reportgen.oracle.casts import wrap
from reportgen.oracle.rationals import put
from reportgen.oracle.settle import settle_rational

Value = int | Fraction
HUGE_EXPONENT = 128
"""Exponents beyond this are taken modulo 2^64: the power of anything but 0, 1 and -1 is far outside every dtype."""


def truncated_quotient(x: int, y: int) -> int:
    """The integer part of x / y."""
    quotient = abs(x) // abs(y)
    return quotient if (x < 0) == (y < 0) else -quotient


def power(x: int, y: int) -> int:
    """x to the power y >= 0; where that is astronomical, an integer above 2^64 that is congruent to it modulo 2^64."""
    if abs(x) < 2 or y <= HUGE_EXPONENT:
        return int(x**y)
    return pow(x, y, 1 << 64) + (1 << 64)


def least_common_multiple(x: int, y: int) -> int:
    return math.lcm(x, y)


def sign(x: int) -> int:
    return (x > 0) - (x < 0)


FUNCTIONS: dict[str, Callable[..., Value]] = {
    "add": lambda x, y: x + y,
    "subtract": lambda x, y: x - y,
    "multiply": lambda x, y: x * y,
    "floor_divide": lambda x, y: x // y,
    "remainder": lambda x, y: x % y,
    "truncatediv": truncated_quotient,
    "fmod": lambda x, y: x - y * truncated_quotient(x, y),
    "divide": Fraction,
    "power": power,
    "squared_difference": lambda x, y: (x - y) * (x - y),
    "maximum": max,
    "minimum": min,
    "abs": abs,
    "negative": lambda x: -x,
    "positive": lambda x: x,
    "sign": sign,
    "square": lambda x: x * x,
    "less": lambda x, y: int(x < y),
    "less_equal": lambda x, y: int(x <= y),
    "greater": lambda x, y: int(x > y),
    "greater_equal": lambda x, y: int(x >= y),
    "equal": lambda x, y: int(x == y),
    "not_equal": lambda x, y: int(x != y),
    "logical_and": lambda x, y: int(x != 0 and y != 0),
    "logical_or": lambda x, y: int(x != 0 or y != 0),
    "logical_xor": lambda x, y: int((x != 0) != (y != 0)),
    "logical_not": lambda x: int(x == 0),
    "bitwise_and": lambda x, y: x & y,
    "bitwise_or": lambda x, y: x | y,
    "bitwise_xor": lambda x, y: x ^ y,
    "invert": lambda x: ~x,
    "left_shift": lambda x, y: x << y,
    "right_shift": lambda x, y: x >> y,
    "gcd": math.gcd,
    "lcm": least_common_multiple,
    "bit_count": int.bit_count,
}
"""By name, of arguments for which the function has a value. Python's ``//``, ``%``, ``>>``, ``&`` and ``~`` are
those of unbounded two's complement integers, rounded down (Python reference, 6.7 and 6.8)."""

REDUCTIONS: dict[str, Callable[[list[int]], Value]] = {
    "sum": sum,
    "mean": lambda values: Fraction(sum(values), len(values)),
}

PREDICATES: dict[str, Callable[..., bool]] = {
    "divisor 0": lambda fmt, x, y: y == 0,
    "0 / 0": lambda fmt, x, y: x == 0 and y == 0,
    "smallest / -1": lambda fmt, x, y: fmt.signed and x == fmt.low and y == -1,
    "smallest": lambda fmt, x: fmt.signed and x == fmt.low,
    "one smallest": lambda fmt, x, y: fmt.signed and fmt.low in (x, y),
    "negative": lambda fmt, x: x < 0,
    "negative exponent": lambda fmt, x, y: y < 0,
    "shift out of range": lambda fmt, x, y: not 0 <= y < fmt.bits,
}
"""What the words in the special cases of :mod:`reportgen.catalogue.integers` mean; ``overflow`` is decided by the
result."""


def evaluate(name: str, columns: Sequence[Sequence[int]], defined: Bool) -> list[Value]:
    """The function's values point by point; 0 where it is not ``defined``."""
    function = FUNCTIONS[name]
    points = zip(defined.tolist(), zip(*columns, strict=True), strict=True)
    return [function(*point) if known else 0 for known, point in points]


def evaluate_bool(name: str, columns: Sequence[Sequence[int]]) -> list[Value]:
    """The same of truth values: whether the integer result is not zero; ``invert`` is logical not."""
    function = FUNCTIONS["logical_not" if name == "invert" else name]
    return [int(function(*point) != 0) for point in zip(*columns, strict=True)]


@dataclass(frozen=True)
class Required:
    """Required results in one dtype: ``values`` as arrays of it, ``overflow`` where they had to be reduced.

    For floating-point results ``exact`` holds the exact values instead, and nothing overflows here.
    """

    values: Any
    overflow: Bool
    exact: Exact | None = None


def required(values: Sequence[Value], fmt: Dtype) -> Required:
    """What a library must return for exact ``values`` in its result's dtype.

    Integers are reduced modulo 2^n, fractions are cut off towards zero first; for bool a result is true where the
    value is not zero. Raises ValueError for complex results.
    """
    none = np.zeros(len(values), bool)
    if isinstance(fmt, IntegerFormat):
        whole = [int(v) for v in values]
        reduced = [wrap(v, fmt) for v in whole]
        over = np.array([a != b for a, b in zip(whole, reduced, strict=True)], bool)
        return Required(np.array(reduced, fmt.storage.newbyteorder("=")), over)
    if not isinstance(fmt, Format):
        raise ValueError(f"{fmt.name} is no dtype for functions of integers")
    if fmt.name == "bool":
        return Required(np.array([float(v != 0) for v in values]), none)
    return Required(np.empty(0), none, exact_fractions(values))


def exact_fractions(values: Sequence[Value]) -> Exact:
    """Integers and fractions as exact values; a zero is +0 with either sign allowed to none."""
    out = Exact.empty(len(values))
    for i, value in enumerate(values):
        put(out, i, settle_rational(value.numerator, value.denominator))
    return out
