"""A third source of exact values, formulated differently from both oracles, and tests of that source itself.

MPFR through gmpy2 rounds every function correctly in a chosen direction, so one value rounded down and its upper
neighbour enclose the truth. What MPFR lacks is built from identities (log(1 + exp(-d)) where 1 + t is formed exactly,
exp(y log x), a power series) or from Python's own Fraction. :func:`judge` compares in rationals and shares no code
with the package's ``settle``.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from fractions import Fraction
from typing import Any

import gmpy2
import numpy as np
import pytest
from gmpy2 import mpfr, mpq

Interval = tuple[Any, Any]
FAR = 1 << 15
"""Exponent beyond which an exact value is stored at the bound."""


@contextmanager
def rounding_down(bits: int) -> Iterator[Any]:
    """gmpy2's context at a precision, rounding towards -infinity, with more exponents than are ever stored."""
    with gmpy2.context(precision=bits, round=gmpy2.RoundDown, emax=4 * FAR, emin=-8 * FAR) as context:
        yield context


def between(value: Any) -> Interval:
    """The reals that MPFR rounds down to ``value``: an enclosure of the exact result of the last operation."""
    if value.rc == 0:
        exact = mpq(value)
        return exact, exact
    top = gmpy2.next_above(value)
    end = mpq(1 << (8 * FAR))
    return (mpq(value) if gmpy2.is_finite(value) else -end), (mpq(top) if gmpy2.is_finite(top) else end)


def direct(function: Callable[..., Any]) -> Callable[..., Interval]:
    """An MPFR function, rounded down, on binary64 arguments."""

    def enclosed(bits: int, *args: float) -> Interval:
        with rounding_down(bits):
            numbers = [mpfr(a) for a in args]
            return between(function(*numbers))

    return enclosed


def with_slack(function: Callable[..., Any], extra: int = 64) -> Callable[..., Interval]:
    """A formula of some operations at ``extra`` bits more than the slack of 2^-bits that is given to it."""

    def enclosed(bits: int, *args: float) -> Interval:
        with rounding_down(bits + extra):
            value = mpq(function(*(mpfr(a) for a in args)))
        room = abs(value) / (1 << bits)
        return value - room, value + room

    return enclosed


def rational(function: Callable[..., Any]) -> Callable[..., Interval]:
    """An exact function of Fractions."""

    def enclosed(bits: int, *args: float) -> Interval:
        value = mpq(Fraction(function(*(Fraction(a) for a in args))))
        return value, value

    return enclosed


def bitwise(function: Callable[..., Any]) -> Callable[..., Interval]:
    """An exact function of floats that sees the sign of zero."""

    def enclosed(bits: int, *args: float) -> Interval:
        value = mpq(function(*args))
        return value, value

    return enclosed


# -- formulas for what MPFR lacks ---------------------------------------------------------------------
def _log_of_sum(base_log: Callable[[Any], Any], power: Callable[[Any], Any]) -> Callable[..., Interval]:
    """max + log(1 + b^-d), with 1 + b^-d formed exactly enough, or an inequality where d is out of reach."""

    def enclosed(bits: int, x: float, y: float) -> Interval:
        top = mpq(max(x, y))
        distance = abs(mpq(x) - mpq(y))
        if distance > 3600 and top:
            return top, top + mpq(1, 1 << 3500)
        if distance > 100000:
            return mpq(0), mpq(1, 1 << 99000)
        with rounding_down(bits + 64 + int(1.5 * float(distance))):
            logarithm = base_log(1 + power(-mpfr(distance)))
            rest = mpq(logarithm)
        # log2(1 + 1) is exact; any other sum here is irrational.
        room = 0 if distance == 0 and logarithm.rc == 0 else rest / (1 << bits)
        return top + rest - room, top + rest + room

    return enclosed


def _power(bits: int, x: float, y: float) -> Interval:
    """exp(y log|x|) with the sign of an odd power; exact powers of integers by Fraction."""
    whole = y == math.floor(y)
    sign = -1 if x < 0 and whole and math.fmod(y, 2) else 1
    if whole and abs(y) <= 64:
        exact = mpq(x) ** int(y)
        return exact, exact
    if abs(x) == 1:
        return mpq(sign), mpq(sign)
    root = _dyadic_root(abs(x), y)
    if root is not None:
        return sign * root, sign * root
    with rounding_down(bits + 192 + max(0, math.frexp(y)[1])):
        exponent = mpfr(y) * gmpy2.log(abs(mpfr(x)))
        if abs(exponent) > 60000:
            edge = mpq(1 << (2 * FAR)) if exponent > 0 else mpq(1, 1 << (2 * FAR))
            return tuple(sorted((sign * edge, sign * edge * mpq(3, 2))))  # type: ignore[return-value]
        value = sign * mpq(gmpy2.exp(exponent))
    room = abs(value) / (1 << bits)
    return value - room, value + room


def _dyadic_root(x: float, y: float) -> Any:
    """x^y by repeated exact square roots of rationals, for y = n/2^k with small n and k; None if there is none."""
    n, d = y.as_integer_ratio()
    if d > 1024 or abs(n) > 1 << 20:
        return None
    value = mpq(x)
    while d > 1:
        if not (gmpy2.is_square(value.numerator) and gmpy2.is_square(value.denominator)):
            return None
        value, d = mpq(gmpy2.isqrt(value.numerator), gmpy2.isqrt(value.denominator)), d // 2
    if n < 0 and value.numerator != 1 and (value.numerator & (value.numerator - 1)):
        return None
    return value**n if abs(n) * (value.numerator.bit_length() + value.denominator.bit_length()) < 1 << 20 else None


def _sinc(bits: int, x: float) -> Interval:
    """sin(pi r)/(pi x) with r = x - 2·round(x/2) exactly."""
    if x == int(x):
        exact = mpq(x == 0)
        return exact, exact
    reduced = math.remainder(x, 2.0)
    with rounding_down(bits + 64 + max(0, 2 - math.frexp(reduced)[1])):
        pi = gmpy2.const_pi()
        # Near 1 the sine of pi·r cancels; sin(pi (s - r)) with s = ±1 does not.
        near_one = abs(reduced) > 0.5
        sine = gmpy2.sin(pi * (math.copysign(1.0, reduced) - mpfr(reduced))) if near_one else gmpy2.sin(pi * reduced)
        value = mpq(sine / (pi * mpfr(x)))
    room = abs(value) / (1 << bits)
    return value - room, value + room


def _i0(bits: int, x: float) -> Interval:
    """The power series of I0; from 1000 on, the asymptotic one (DLMF 10.40.1, whose terms sink below exp(-2x))."""
    if abs(x) > 50000:
        return mpq(1 << (2 * FAR)), mpq(1 << (8 * FAR))
    if abs(x) > 1000:
        with rounding_down(bits + 64):
            x, term, total, k = abs(x), mpfr(1), mpfr(1), 0
            while term > mpfr(2) ** -(bits + 16):
                k += 1
                term = term * (2 * k - 1) ** 2 / (k * 8 * mpfr(x))
                total += term
            value = mpq(total * gmpy2.exp(mpfr(x)) / gmpy2.sqrt(2 * gmpy2.const_pi() * mpfr(x)))
        return value - value / (1 << bits), value + value / (1 << bits)
    square = mpq(x) * mpq(x) / 4
    with rounding_down(bits + 64):
        quarter, term, total, k = mpfr(square), mpfr(1), mpfr(1), 0
        while term > total / (mpfr(2) ** (bits + 8)):
            k += 1
            term = term * quarter / (k * k)
            total += term
        value = mpq(total)
    return (value - value / (1 << bits), value + value / (1 << bits)) if x else (mpq(1), mpq(1))


def _pi_times(numerator: int, denominator: int) -> Callable[[Any], Any]:
    return lambda x: x * gmpy2.const_pi() * numerator / denominator


def _log_times(shift: int) -> Callable[[Any, Any], Any]:
    """x·log(y), or x·log(1 + y) with the sum formed exactly."""

    def product(x: Any, y: Any) -> Any:
        if not shift:
            return x * gmpy2.log(y)
        here = gmpy2.get_context().precision
        with rounding_down(2 * here + 2200):
            argument = 1 + y
            logarithm = gmpy2.log(argument)
        return x * logarithm

    return product


def _next(dtype: str) -> Callable[..., Interval]:
    import ml_dtypes

    storage = {"bfloat16": ml_dtypes.bfloat16}.get(dtype, dtype)

    def enclosed(bits: int, x: float, y: float) -> Interval:
        value = float(np.nextafter(np.array(x).astype(storage), np.array(y).astype(storage)))
        return mpq(value), mpq(value)

    return enclosed


MPFR_NAMES = (
    "exp exp2 exp10 expm1 log log2 log10 log1p sqrt cbrt sin cos tan asin acos atan sinh cosh tanh asinh acosh atanh "
    "hypot atan2"
)
SOURCES: dict[str, Callable[..., Interval]] = {name: direct(getattr(gmpy2, name)) for name in MPFR_NAMES.split()} | {
    "rsqrt": direct(gmpy2.rec_sqrt),
    "power": _power,
    "float_power": _power,
    "logaddexp": _log_of_sum(gmpy2.log, gmpy2.exp),
    "logaddexp2": _log_of_sum(gmpy2.log2, gmpy2.exp2),
    "sinc": _sinc,
    "i0": _i0,
    "angle": lambda bits, x: (mpq(0), mpq(0)) if x > 0 else with_slack(lambda v: gmpy2.const_pi())(bits, x),
    "deg2rad": with_slack(_pi_times(1, 180)),
    "rad2deg": with_slack(lambda x: x * 180 / gmpy2.const_pi()),
    "xlogy": with_slack(_log_times(0)),
    "xlog1py": with_slack(_log_times(1)),
    "add": rational(lambda x, y: x + y),
    "subtract": rational(lambda x, y: x - y),
    "multiply": rational(lambda x, y: x * y),
    "multiply_no_nan": rational(lambda x, y: x * y),
    "divide": rational(lambda x, y: x / y),
    "divide_no_nan": rational(lambda x, y: x / y),
    "xdivy": rational(lambda x, y: x / y),
    "squared_difference": rational(lambda x, y: x * x - 2 * x * y + y * y),
    "negative": rational(lambda x: 0 - x),
    "positive": rational(lambda x: x),
    "abs": rational(lambda x: max(x, -x)),
    "fabs": rational(lambda x: max(x, -x)),
    "sign": rational(lambda x: x / abs(x) if x else 0),
    "copysign": bitwise(math.copysign),
    "floor_divide": rational(lambda x, y: x // y),
    "remainder": rational(lambda x, y: x % y),
    "fmod": rational(lambda x, y: (x % abs(y)) if x > 0 else -(-x % abs(y))),
    "truncatediv": rational(lambda x, y: math.trunc(x / y)),
    "square": rational(lambda x: x**2),
    "reciprocal": rational(lambda x: x**-1),
    "reciprocal_no_nan": rational(lambda x: x**-1),
    "floor": rational(math.floor),
    "ceil": rational(math.ceil),
    "trunc": rational(math.trunc),
    "modf_integer": rational(math.trunc),
    "modf_fraction": rational(lambda x: (abs(x) % 1) * (1 if x > 0 else -1)),
    "frexp_mantissa": rational(lambda x: Fraction(math.frexp(float(x))[0])),
    "rint": rational(round),
    "round": rational(round),
    "maximum": rational(max),
    "minimum": rational(min),
    "clip": rational(lambda x, y, z: min(max(x, y), z)),
    "fmax": rational(max),
    "fmin": rational(min),
    "heaviside": rational(lambda x, y: (x > 0) if x else y),
    "equal": rational(lambda x, y: x == y),
    "not_equal": rational(lambda x, y: x != y),
    "less": rational(lambda x, y: x < y),
    "less_equal": rational(lambda x, y: x <= y),
    "greater": rational(lambda x, y: x > y),
    "greater_equal": rational(lambda x, y: x >= y),
    "logical_and": rational(lambda x, y: bool(x) and bool(y)),
    "logical_or": rational(lambda x, y: bool(x) or bool(y)),
    "logical_xor": rational(lambda x, y: bool(x) is not bool(y)),
    "logical_not": rational(lambda x: not x),
    "isnan": rational(lambda x: False),
    "isinf": rational(lambda x: False),
    "isposinf": rational(lambda x: False),
    "isneginf": rational(lambda x: False),
    "isfinite": rational(lambda x: True),
    "signbit": bitwise(lambda x: math.copysign(1.0, x) < 0),
}


def source(name: str, dtype: str) -> Callable[..., Interval]:
    """The third source of a catalogue row: a function of (bits, *args) to an enclosure in rationals."""
    return _next(dtype) if name == "nextafter" else SOURCES[name]


# -- the judge ------------------------------------------------------------------------------------------
def _rounds_to(value: Any, number: float) -> bool:
    """Whether a rational rounds to a binary64 number: nearest, ties to the even significand."""
    below = (mpq(math.nextafter(number, -math.inf)) + mpq(number)) / 2
    above = (mpq(math.nextafter(number, math.inf)) + mpq(number)) / 2
    if below < value < above:
        return True
    even = not int(np.float64(number).view(np.int64)) & 1
    return even and value in (below, above)


def judge(point: tuple[float, float, int, int], low: Any, high: Any) -> bool | None:
    """Whether (hi, lo, exp2, rem) is the right form of every real between; None if the interval is too wide to say.

    The ends themselves are not values unless they are equal: MPFR says when a result is exact.
    """
    hi, lo, exp2, rem = point
    if low == high == 0:
        return hi == 0 and lo == 0 and rem == 0
    if abs(exp2) == FAR and abs(hi) == 1 and lo == 0 and rem:
        size = sorted((abs(low), abs(high)))
        outside = size[0] >= 2**FAR if exp2 > 0 else size[1] <= mpq(1, 2**FAR)
        return outside and (hi > 0) == (high > 0) and rem == (1 if (exp2 > 0) == (hi > 0) else -1)
    exponent = math.frexp(hi)[1] - 1
    if not (abs(exponent) <= 900 if exp2 == 0 else 1 <= abs(hi) < 2 and abs(exp2) > 900):
        return False
    ends = [v * mpq(2) ** -exp2 for v in (low, high)]
    for number in (hi, lo):
        fits = [_rounds_to(v, number) for v in ends]
        if not all(fits):
            return False if not any(fits) and (ends[0] < number) == (ends[1] < number) else None
        ends = [v - mpq(number) for v in ends]
    if ends[0] < 0 < ends[1]:
        return None
    return rem == int(ends[1] > 0) - int(ends[0] < 0)


def enough_bits(args: tuple[float, ...]) -> int:
    """A first precision: near zero, results differ from their leading term by powers of the argument."""
    return 200 + 2 * max(0, *(-math.frexp(a)[1] for a in args))


def verdict(name: str, dtype: str, args: tuple[float, ...], point: tuple[float, float, int, int]) -> bool | None:
    """:func:`judge` against the third source, with more bits until it can say."""
    bits = enough_bits(args)
    while bits < 40000:
        answer = judge(point, *source(name, dtype)(bits, *args))
        if answer is not None:
            return answer
        bits *= 2
    return None


# -- the source and the judge, tested -------------------------------------------------------------------
THIRD = (1 / 3, float(Fraction(1, 3) - Fraction(1 / 3)), 0, 1)


def _third() -> tuple[float, float, int, int]:
    hi = 1 / 3
    lo = float(Fraction(1, 3) - Fraction(hi))
    rest = Fraction(1, 3) - Fraction(hi) - Fraction(lo)
    return hi, lo, 0, 1 if rest > 0 else -1


def test_judge_accepts_the_form_of_a_third() -> None:
    assert judge(_third(), mpq(1, 3), mpq(1, 3)) is True


@pytest.mark.parametrize("part", ["hi", "lo", "rem", "exp2", "canonical"])
def test_judge_sees_every_planted_error(part: str) -> None:
    hi, lo, exp2, rem = _third()
    wrong = {
        "hi": (math.nextafter(hi, 1), lo, exp2, rem),
        "lo": (hi, math.nextafter(lo, 1), exp2, rem),
        "rem": (hi, lo, exp2, -rem),
        "exp2": (hi, lo, 1, rem),
        "canonical": (hi * 4, lo * 4, -2, rem),
    }[part]
    assert judge(wrong, mpq(1, 3), mpq(1, 3)) is False


def test_judge_does_not_decide_on_an_interval_that_is_too_wide() -> None:
    assert judge(_third(), mpq(1, 3) - mpq(1, 10**20), mpq(1, 3) + mpq(1, 10**20)) is None


def test_judge_keeps_values_outside_the_stored_range_apart() -> None:
    assert judge((1.0, 0.0, FAR, 1), mpq(2) ** 40000, mpq(2) ** 40001) is True
    assert judge((1.0, 0.0, FAR, 1), mpq(2) ** 30000, mpq(2) ** 40001) is False
    assert judge((-1.0, 0.0, -FAR, 1), -mpq(1, 2**40000), -mpq(1, 2**50000)) is True
    assert judge((1.0, 0.0, -FAR, 1), mpq(1, 2**50000), mpq(1, 2**40000)) is False


def test_enclosures_of_mpfr_hold_a_known_number() -> None:
    low, high = SOURCES["exp"](200, 1.0)
    e = sum(Fraction(1, math.factorial(k)) for k in range(60))
    assert low < e < high
    assert (high - low) * 2**190 < 1
    assert SOURCES["sqrt"](200, 4.0) == (2, 2)
