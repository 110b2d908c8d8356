"""Settling: constructed enclosures that must, and that must not, decide a value."""

from __future__ import annotations

import math
import random
from fractions import Fraction

import numpy as np
import pytest
from flint import arb, ctx
from gmpy2 import mpq
from hypothesis import given
from hypothesis import strategies as st

from reportgen.core.floats import FORMATS, Exact, round_exact
from reportgen.oracle import rationals
from reportgen.oracle.settle import (
    ZERO,
    Point,
    round_bits,
    settle_ball,
    settle_centre,
    settle_interval,
    settle_rational,
    settled_floats,
)
from tests.test_oracle_source import judge

ONE = 1 << 400


def test_exact_values_have_no_remainder() -> None:
    assert settle_interval(ONE, ONE, -400) == Point(1.0, 0.0, 0, 0)
    assert settle_interval(0, 0, 7) == ZERO
    assert settle_interval(-3, -3, -1) == Point(-1.5, 0.0, 0, 0)


def test_a_remainder_too_small_for_lo_keeps_its_sign() -> None:
    wide = 1 << 3000
    assert settle_interval(wide - 2, wide - 1, -3000) == Point(1.0, 0.0, 0, -1)
    assert settle_interval(wide + 1, wide + 2, -3000) == Point(1.0, 0.0, 0, 1)


STRADDLING = {
    "an exact value and its neighbourhood": (ONE, ONE + 1),
    "a tie of hi": (ONE + (ONE >> 53) - 1, ONE + (ONE >> 53) + 1),
    "a tie of hi at the end": (ONE + (ONE >> 53), ONE + (ONE >> 53) + 1),
    "a tie of lo": (3 * ONE + (ONE >> 60) + (ONE >> 113) - 1, 3 * ONE + (ONE >> 60) + (ONE >> 113) + 1),
    "the end of lo": (3 * ONE + (ONE >> 60) - 1, 3 * ONE + (ONE >> 60) + 1),
    "zero": (-1, 1),
    "zero at the end": (0, 1),
    "a power of two": (ONE - 1, ONE + 1),
    "everything": (1, ONE),
}


@pytest.mark.parametrize("what", STRADDLING)
def test_an_interval_across_a_boundary_is_not_settled(what: str) -> None:
    low, high = STRADDLING[what]
    assert settle_interval(low, high, -400) is None
    assert settle_interval(-high, -low, -400) is None


def _two_neighbours(low: int, high: int) -> bool:
    return settle_interval(low, low, -400) != settle_interval(high, high, -400)


@pytest.mark.parametrize("what", STRADDLING)
def test_those_intervals_do_hold_two_different_values(what: str) -> None:
    assert _two_neighbours(*STRADDLING[what])


def test_values_outside_the_stored_range_are_kept_at_its_end() -> None:
    assert settle_interval(3, 5, 40000) == Point(1.0, 0.0, 32768, 1)
    assert settle_interval(-5, -3, 40000) == Point(-1.0, 0.0, 32768, -1)
    assert settle_interval(3, 5, -40000) == Point(1.0, 0.0, -32768, -1)
    assert settle_interval(1, 1, 32768) == Point(1.0, 0.0, 32768, 0)
    assert settle_interval(1, 3, 32767) is None


def test_large_and_small_values_are_scaled_to_one() -> None:
    assert settle_interval(3, 3, 1000) == Point(1.5, 0.0, 1001, 0)
    assert settle_interval(3, 3, -1100) == Point(1.5, 0.0, -1099, 0)
    assert settle_interval(3, 3, 899) == Point(1.5 * 2.0**900, 0.0, 0, 0)


def test_round_bits_rounds_ties_to_even() -> None:
    assert [round_bits(n, 1) for n in range(8)] == [0, 0, 1, 2, 2, 2, 3, 4]


def test_a_tiny_radius_far_below_the_centre_still_counts() -> None:
    assert settle_centre(1, 0, 1, -(10**6)) is None
    assert settle_centre(1, 0, 0, 0) == Point(1.0, 0.0, 0, 0)
    third = (1 << 200) // 3
    assert settle_centre(third, -200, 1, -(10**6)) is not None
    assert settle_centre(1, -(10**9), 1, 0) is None


@given(st.integers(1, 10**60), st.integers(1, 10**60), st.integers(-900, 900), st.booleans())
def test_rationals_settle_as_the_judge_says(n: int, d: int, scale: int, minus: bool) -> None:
    value = Fraction(n, d) * Fraction(2) ** scale * (-1 if minus else 1)
    found = settle_rational(value.numerator, value.denominator)
    assert judge(found, mpq(value), mpq(value)) is True


@given(st.integers(-(10**40), 10**40), st.integers(0, 10**25), st.integers(-200, 100))
def test_a_settled_interval_says_the_same_of_each_of_its_points(low: int, width: int, e: int) -> None:
    found = settle_interval(low, low + width, e)
    chosen = random.Random(low)
    for value in (low, low + width, chosen.randint(low, low + width)):
        exact = Fraction(value) * Fraction(2) ** e
        if found is not None:
            assert judge(found, mpq(exact), mpq(exact)) is True


def _ball(mid: Fraction, radius: float) -> arb:
    number = arb(mid.numerator) / arb(mid.denominator)
    return number + arb(0, radius)


@pytest.mark.parametrize(
    ("mid", "radius", "settled"),
    [
        (Fraction(1, 3), 1e-60, True),
        (Fraction(1, 3), 1e-30, False),
        (Fraction(1), 1e-60, False),
        (Fraction(1) + Fraction(1, 2**53), 1e-60, False),
        (Fraction(1, 3), 1e-18, False),
    ],
)
def test_balls_settle_by_their_radius(mid: Fraction, radius: float, settled: bool) -> None:
    before, ctx.prec = ctx.prec, 300
    try:
        assert (settle_ball(_ball(mid, radius)) is not None) is settled
    finally:
        ctx.prec = before


def test_balls_without_bounds_do_not_settle() -> None:
    assert settle_ball(arb("nan")) is None
    assert settle_ball(arb(0, float("inf"))) is None


def _parts(value: Fraction, radius: float) -> tuple[np.ndarray, ...]:
    hi = float(value)
    lo = float(value - Fraction(hi))
    rest = float(value - Fraction(hi) - Fraction(lo))
    return tuple(np.array([v]) for v in (hi, lo, rest, radius))


@given(st.integers(1, 10**40), st.integers(1, 10**40), st.integers(30, 60))
def test_the_vectorised_test_never_says_yes_where_the_definition_says_no(n: int, d: int, digits: int) -> None:
    value, radius = Fraction(n, d), Fraction(n, d) / 10**digits
    ok, rem = settled_floats(*_parts(value, float(radius)))
    if ok[0]:
        common = value.denominator * 10**digits * 2
        shift = common.bit_length() + 400
        low, high = (int((value - radius) * 2**shift), -int(-(value + radius) * 2**shift))
        point = settle_interval(low, high, -shift)
        assert point is not None
        assert (point.hi, point.lo, point.rem) == (*(float(p[0]) for p in _parts(value, 0.0)[:2]), rem[0])


BOUNDARIES = {
    "a tie of hi": Fraction(1) + Fraction(1, 2**53),
    "just above a tie of hi": Fraction(1) + Fraction(1, 2**53) + Fraction(1, 2**120),
    "exact": Fraction(3, 2),
    "below a power of two, beyond half its lower gap": Fraction(1) - Fraction(1, 2**54) - Fraction(1, 2**109),
    "lo is a tie": Fraction(3) + Fraction(1, 2**60) + Fraction(1, 2**113),
}


@pytest.mark.parametrize("what", BOUNDARIES)
def test_the_vectorised_test_declines_what_is_near_a_boundary(what: str) -> None:
    value = BOUNDARIES[what]
    ok, _ = settled_floats(*_parts(value, 1e-35))
    assert not ok[0]


def test_the_vectorised_test_does_accept_the_usual_case() -> None:
    ok, rem = settled_floats(*_parts(Fraction(1, 3), 1e-50))
    assert ok[0]
    assert rem[0] == judge_rem(Fraction(1, 3))


def judge_rem(value: Fraction) -> int:
    rest = value - Fraction(float(value))
    last = rest - Fraction(float(rest))
    return int(last > 0) - int(last < 0)


@pytest.mark.parametrize("dtype", ["float16", "bfloat16", "float32", "float64"])
def test_a_settled_point_fixes_the_value_in_every_dtype(dtype: str) -> None:
    """Roundings derived from (hi, lo, rem) are those of the exact rational, beside breakpoints of the format too."""
    fmt, chosen = FORMATS[dtype], random.Random(dtype)
    for _ in range(1500):
        base = Fraction(float(fmt.from_ordinal(np.array([chosen.randrange(1, fmt.inf_ordinal - 1)]))[0]))
        after = Fraction(float(fmt.from_ordinal(fmt.ordinal(np.array([float(base)])) + 1)[0]))
        nudge = chosen.choice([0, 1, -1]) * (after - base) * Fraction(1, 2 ** chosen.choice([3, 40, 60, 120, 3000]))
        value = base + (after - base) * chosen.choice([Fraction(0), Fraction(1, 2), Fraction(1, 3)]) + nudge
        y = Exact.empty(1)
        rationals.put(y, 0, settle_rational(value.numerator, value.denominator))
        rounded = round_exact(y, fmt)
        low, high = (base, after) if value >= base else (None, base)
        if low is None:
            low = Fraction(float(fmt.from_ordinal(fmt.ordinal(np.array([float(base)])) - 1)[0]))
        middle = (low + high) / 2
        low_is_even = not int(fmt.ordinal(np.array([float(low)]))[0]) & 1
        expected = low if value < middle or (value == middle and low_is_even) else high
        assert Fraction(float(rounded.nearest[0])) == expected
        assert rounded.exact[0] == (value in (low, high))
        assert Fraction(float(rounded.down[0])) == (high if value == high else low)
        assert not math.isnan(rounded.up[0])
