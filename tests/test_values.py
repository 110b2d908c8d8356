"""Numbers as people write them, against Python's own parser, NumPy's rounding and bit patterns."""

from __future__ import annotations

import math
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reportgen.core.errors import ValueSyntaxError
from reportgen.core.floats import FLOAT_DTYPES, FORMATS
from reportgen.core.values import describe, nearest, parse_value, short_hex

ACCEPTED = [
    ("1.5", "float16", 1.5),
    ("-0", "float32", -0.0),
    ("-0.0e5", "float32", -0.0),
    ("-0x0p0", "float64", -0.0),
    ("0x1.8p3", "float16", 12.0),
    ("0X.8P1", "bfloat16", 1.0),
    ("0x1p-149", "float32", 2.0**-149),
    ("65504", "float16", 65504.0),
    ("+inf", "float16", math.inf),
    ("-Infinity", "float32", -math.inf),
    ("1e5", "float32", 1e5),
    (" 2 ", "float32", 2.0),
    ("bits:c2781e37", "float32", -62.02950668334961),
    ("bits:0xC2781E37", "float32", -62.02950668334961),
    ("bits:3f80", "bfloat16", 1.0),
    ("bits:8000", "float16", -0.0),
    ("bits:7ff0000000000000", "float64", math.inf),
    ("0.1000000000000000055511151231257827021181583404541015625", "float64", 0.1),
]


@pytest.mark.parametrize(("text", "dtype", "value"), ACCEPTED)
def test_reads_values_and_patterns_exactly(text: str, dtype: str, value: float) -> None:
    assert parse_value(text, FORMATS[dtype]).hex() == value.hex()


def test_reads_nan_by_name_and_by_pattern() -> None:
    assert all(math.isnan(parse_value(text, FORMATS["float32"])) for text in ("nan", "NaN", "-nan", "bits:7fc00001"))


REFUSED = [
    ("0xc2781e37", "float32", ["0xc2781e37p0", "3262651959", "bits:c2781e37", "-62.0295"]),
    ("0x12", "float32", ["0x12p0", "18", "8 hexadecimal digits"]),
    ("0x1.8", "float32", ["0x1.8p0"]),
    ("-0x3f800000", "float32", ["-0x3f800000p0", "-1065353216"]),
    ("0.1", "float32", ["not a float32 value", "0x1.99999ap-4", "0.10000000149"]),
    ("16777217", "float32", ["16777216"]),
    ("65520", "float16", ["inf"]),
    ("0x1p-150", "float32", ["0.0"]),
    ("1e-46", "float32", ["0.0"]),
    ("1e999999999", "float64", ["inf"]),
    ("-1e999999999", "float64", ["-inf"]),
    ("1e-999999999", "float64", ["nearest is 0"]),
    ("0x1p999999999", "float64", ["inf"]),
    ("bits:3f8", "bfloat16", ["3 hexadecimal digits", "4"]),
    ("bits:", "float32", ["0 hexadecimal digits"]),
    ("bits:3f80000g", "float32", ["not a number"]),
    ("", "float32", ["not a number"]),
    ("٣", "float32", ["not a number"]),
    ("1_000", "float32", ["not a number"]),
    ("0x", "float32", ["not a number"]),
    ("1,5", "float32", ["not a number"]),
    ("--1", "float32", ["not a number"]),
    ("pi", "float32", ["not a number"]),
    ("9" * 5000, "float64", ["not a number"]),
]


@pytest.mark.parametrize(("text", "dtype", "fragments"), REFUSED)
def test_refuses_with_what_to_type_instead(text: str, dtype: str, fragments: list[str]) -> None:
    with pytest.raises(ValueSyntaxError) as error:
        parse_value(text, FORMATS[dtype])
    message = str(error.value)
    assert "\n" not in message
    assert len(message) < 300
    for fragment in fragments:
        assert fragment in message


@given(st.sampled_from(FLOAT_DTYPES), st.integers(0, 2**64 - 1))
def test_hex_decimal_and_pattern_of_one_value_agree(dtype: str, seed: int) -> None:
    fmt = FORMATS[dtype]
    pattern = seed % (1 << fmt.bits)
    stored = np.array([pattern], dtype=f"<u{fmt.bits // 8}")
    value = float(fmt.decode(stored.view(fmt.storage))[0])
    readings = [parse_value(f"bits:{pattern:0{fmt.bits // 4}x}", fmt)]
    if math.isnan(value):
        assert math.isnan(readings[0])
        return
    readings += [parse_value(value.hex(), fmt), parse_value(short_hex(value), fmt)]
    if math.isfinite(value):
        exact = Fraction(value)
        digits = exact.denominator.bit_length() - 1  # a dyadic rational: 10^digits makes it whole
        decimal = f"{'-' if math.copysign(1, value) < 0 else ''}{abs(exact) * 10**digits}e-{digits}"
        if len(decimal) < 1000:
            readings.append(parse_value(decimal, fmt))
    assert {reading.hex() for reading in readings} == {value.hex()}


@given(st.fractions(max_denominator=10**12) | st.floats(allow_nan=False, allow_infinity=False).map(Fraction))
def test_rounding_is_that_of_numpy(value: Fraction) -> None:
    assert nearest(value, FORMATS["float64"]) == value.numerator / value.denominator
    single = float(value)
    if Fraction(single) == value:
        with np.errstate(over="ignore"):
            assert nearest(value, FORMATS["float32"]) == float(np.float32(single))
            assert nearest(value, FORMATS["float16"]) == float(np.float16(single))


def test_descriptions_can_be_typed_back() -> None:
    for value in (0.1, -3.0, 5e-324, 1.7976931348623157e308, 65504.0):
        assert parse_value(describe(value).split(" ")[0], FORMATS["float64"]) == value
