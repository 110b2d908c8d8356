"""Printed figures: never rounded onto a claim, maxima up, values exact enough to read back."""

from __future__ import annotations

import math
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reportgen.core import formatting as f
from reportgen.core.floats import FLOAT_DTYPES, FORMATS, SATURATED_SCORE

SUPER = str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "-0123456789")
positive = st.floats(min_value=0, max_value=SATURATED_SCORE, exclude_max=True)


def read(text: str) -> Fraction:
    """The number that a printed figure says, exactly."""
    text = text.removeprefix("≥ ").removeprefix("< ").replace(f.MINUS, "-")
    if "·10" in text:
        mantissa, exponent = text.split("·10")
        return Fraction(Decimal(mantissa)) * Fraction(10) ** int(exponent.translate(SUPER))
    return Fraction(Decimal(text))


@given(positive)
def test_a_maximum_is_never_understated_nor_overstated_by_more_than_a_hundredth(x: float) -> None:
    printed = read(f.maximum(x))
    stored = Fraction(Decimal(repr(x)))
    assert stored <= printed <= stored * Fraction(101, 100)


@given(positive)
def test_zero_is_printed_only_for_zero(x: float) -> None:
    assert (f.maximum(x) == "0") == (x == 0)
    assert (f.number(x) == "0") == (x == 0)
    assert (f.number(-x) == "0") == (x == 0)


@given(st.sampled_from([0.5, 1.0]), st.integers(1, 10**9))
def test_a_maximum_beyond_a_bound_is_printed_beyond_it(bound: float, steps: int) -> None:
    above = bound + steps * math.ulp(bound)
    assert read(f.maximum(above)) > Fraction(bound)


@pytest.mark.parametrize(
    ("x", "text"),
    [
        (2.1369, "2.14"),
        (0.5, "0.5"),
        (0.500001, "0.501"),
        (0.4991, "0.4991"),
        (0.49996, "0.49996"),
        (0.499999, "< 0.5"),
        (0.9999999, "< 1"),
        (1.0, "1"),
        (3.0, "3"),
        (1234.0, "1240"),
        (12345.0, "1.24·10⁴"),
        (123456.0, "1.24·10⁵"),
        (8388607.0, "8.39·10⁶"),
        (1e-9, "1·10⁻⁹"),
        (1.0001e-9, "1.01·10⁻⁹"),
        (0.0, "0"),
        (SATURATED_SCORE, "≥ 8.98·10³⁰⁷"),
        (None, "–"),
        (math.nan, "–"),
        (math.inf, "∞"),
    ],
)
def test_maxima_as_printed(x: float | None, text: str) -> None:
    assert f.maximum(x) == text


def test_a_saturated_score_is_a_lower_bound_and_says_so() -> None:
    assert f.maximum(SATURATED_SCORE).startswith("≥ ")
    assert read(f.maximum(SATURATED_SCORE)) <= Fraction(SATURATED_SCORE)
    assert not f.maximum(math.nextafter(SATURATED_SCORE, 0)).startswith("≥")
    assert f.number(-SATURATED_SCORE).startswith("≤ ")


def test_a_negative_maximum_is_refused() -> None:
    with pytest.raises(ValueError, match="negative"):
        f.maximum(-1.0)


@given(st.integers(0, 10**18), st.integers(1, 10**18))
def test_a_share_is_complete_or_nothing_only_where_exact(part: int, whole: int) -> None:
    part = min(part, whole)
    text = f.share(part, whole)
    assert (text == "100 %") == (part == whole)
    assert (text == "0 %") == (part == 0)
    number = Fraction(Decimal(text.removesuffix(" %").lstrip("<> ")))
    assert abs(number - Fraction(100 * part, whole)) <= Fraction(1, 10)
    assert part in (0, whole) or 0 < number < 100


@pytest.mark.parametrize(
    ("part", "whole", "text"),
    [
        (1, 2, "50.0 %"),
        (9999, 10000, "99.99 %"),
        (4294967295, 4294967296, "99.99999998 %"),
        (1, 10**9, "0.0000001 %"),
        (0, 5, "0 %"),
        (5, 5, "100 %"),
        (3, 0, "–"),
        (None, 5, "–"),
    ],
)
def test_shares_as_printed(part: int | None, whole: int, text: str) -> None:
    assert f.share(part, whole) == text


def test_an_impossible_share_is_refused() -> None:
    with pytest.raises(ValueError, match="not a share"):
        f.share(6, 5)


@given(st.integers(0, 10**12), st.integers(1, 10**12))
def test_identical_is_said_only_where_everything_is_equal(equal: int, compared: int) -> None:
    equal = min(equal, compared)
    assert (f.agreement_words(equal, compared) == "identical") == (equal == compared)


def test_nothing_compared_is_not_identical() -> None:
    assert f.agreement_words(0, 0) == "not compared"
    assert f.agreement_words(None, None) == "not compared"


@given(st.integers(0, 10**13))
def test_a_short_count_is_never_more_than_the_count(n: int) -> None:
    text = f.short_count(n)
    factor = {"k": 10**3, "M": 10**6, "G": 10**9}.get(text[-1], 1)
    said = Fraction(Decimal(text.rstrip("kMG"))) * factor
    assert said <= n
    assert said >= n * Fraction(99, 100)


@pytest.mark.parametrize("dtype", FLOAT_DTYPES)
@given(data=st.data())
def test_a_value_is_printed_so_that_it_reads_back(dtype: str, data: st.DataObject) -> None:
    fmt = FORMATS[dtype]
    ordinal = data.draw(st.integers(1 - fmt.inf_ordinal, fmt.inf_ordinal - 1))
    x = float(fmt.from_ordinal(np.array([ordinal]))[0])
    text = f.shortest(x, dtype).replace(f.MINUS, "-")
    shown = Fraction(Decimal(text))
    neighbours = fmt.from_ordinal(
        np.array([max(ordinal - 1, 1 - fmt.inf_ordinal), min(ordinal + 1, fmt.inf_ordinal - 1)])
    )
    mine = abs(shown - Fraction(x))
    assert all(mine < abs(shown - Fraction(float(n))) for n in neighbours if float(n) != x)


@pytest.mark.parametrize(
    ("text", "dtype", "shown"),
    [
        ("0x1.99999ap-4", "float32", "0.1"),
        ("0x1.999999999999ap-4", "float64", "0.1"),
        ("-0x0p+0", "float32", "−0"),
        ("0x0p+0", "float32", "0"),
        ("nan", "float32", "NaN"),
        ("-inf", "float32", "−∞"),
        ("0x1p-149", "float32", "1e−45"),
        ("0x1p+1;0x1.8p+1", "float32", "2; 3"),
        ("gen:mixed:0:1000", "float32", "gen:mixed:0:1000"),
        (None, "float32", "–"),
        ("0x1.8p+1", "unheard-of", "3"),
    ],
)
def test_values_as_printed(text: str | None, dtype: str, shown: str) -> None:
    assert f.value(text, dtype) == shown


@given(st.floats(allow_nan=False))
def test_hex_text_is_exact(x: float) -> None:
    back = float.fromhex(f.hex_text(x.hex()).replace(f.MINUS, "-"))
    assert back == x
    assert math.copysign(1, back) == math.copysign(1, x)


def test_hex_text_drops_only_trailing_zeros() -> None:
    assert f.hex_text("0x1.8000000000000p+1") == "0x1.8p+1"
    assert f.hex_text("0x1.0000000000000p+0") == "0x1p+0"
    assert f.hex_text("-0x0.0p+0") == "-0x0p+0"


@pytest.mark.parametrize(
    ("stored", "shown"),
    [
        ("0x1p-1;0x0p+0;0", "0.5"),
        ("0x1p+0;-0x1p-60;0", "0.99999999999999999913…"),
        ("0x1p+0;0x0p+0;-1074", "4.9406564584124654418e−324…"),
        ("-inf;0x0p+0;0", "−∞"),
        ("nan;0x0p+0;0", "NaN"),
        ("-0x0p+0;0x0p+0;0", "−0"),
        ("odd", "odd"),
        (None, "–"),
    ],
)
def test_exact_values_as_printed(stored: str | None, shown: str) -> None:
    assert f.exact_decimal(stored) == shown


@given(st.floats(allow_nan=False, allow_infinity=False), st.integers(-4000, 4000))
def test_an_exact_value_ends_in_dots_unless_it_is_complete(hi: float, exp2: int) -> None:
    text = f.exact_decimal(f"{hi.hex()};0x0p+0;{exp2}").replace(f.MINUS, "-")
    complete = Fraction(Decimal(text.rstrip("…"))) == Fraction(hi) * Fraction(2) ** exp2
    assert complete != text.endswith("…")


@pytest.mark.parametrize(
    ("output", "exact", "flushed"),
    [
        ("0x0p+0", "0x1p-140;0x0p+0;0", True),
        ("-0x0p+0", "-0x1p-140;0x0p+0;0", True),
        ("0x0p+0", "0x0p+0;0x0p+0;0", False),
        ("0x1p-140", "0x1p-140;0x0p+0;0", False),
        (None, None, False),
        ("odd", "0x1p+0;0x0p+0;0", False),
    ],
)
def test_flushing_is_a_zero_for_what_is_not_zero(output: str | None, exact: str | None, flushed: bool) -> None:
    assert f.is_flushed(output, exact) is flushed


def test_words() -> None:
    assert f.plural(1, "result") == "1 result"
    assert f.plural(2000, "result") == "2,000 results"
    assert f.listing(["a", "b", "c"]) == "a, b and c"
    assert f.listing([]) == ""
    assert f.nanoseconds(0.42) == "0.42 ns"
    assert f.nanoseconds(2150.0) == "2.2 µs"
    assert f.nanoseconds(None) == "–"


@pytest.mark.parametrize(("x", "dtype"), [(115705.9378823121, "float16"), (-1e39, "float32"), (0.1, "float32")])
@pytest.mark.filterwarnings("error")
def test_a_number_that_a_format_lacks_is_shown_as_the_float64_that_it_is(x: float, dtype: str) -> None:
    assert float(f.shortest(x, dtype).replace(f.MINUS, "-")) == x
