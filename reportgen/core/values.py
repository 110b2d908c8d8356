"""Numbers as people write them: decimals, hexadecimal floats and bit patterns, read exactly or refused.

``0x1.8p3`` and ``12`` are values, ``bits:41400000`` is a bit pattern. A bare ``0x41400000`` could be either
and is refused with both readings spelled out.
"""

from __future__ import annotations

import math
import re
from decimal import Decimal
from fractions import Fraction

import numpy as np

from reportgen.core.errors import ValueSyntaxError
from reportgen.core.floats import Format

MAX_TEXT = 1500
"""Longest accepted number: the longest exact binary64 decimal has 1,074 digits behind its point."""

_DECIMAL = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d{1,9})?", re.ASCII)
_HEX = re.compile(r"([+-]?)0x([0-9a-f]*)(?:\.([0-9a-f]*))?(?:p([+-]?\d{1,9}))?", re.ASCII)
_BITS = re.compile(r"bits:(?:0x)?([0-9a-f_]*)")
_NAMED = {"nan": math.nan, "inf": math.inf, "infinity": math.inf}


def parse_value(text: str, fmt: Format) -> float:
    """The value that ``text`` names in ``fmt``, as a float64.

    Accepted: decimals, ``0x…p…``, ``bits:`` with every digit of the pattern, ``nan``, ``inf``, ``-inf``, ``-0``.
    Raises :class:`ValueSyntaxError` for anything else, for a hexadecimal number without an exponent, and for a
    value that the format does not contain; the message then gives the nearest one that it does.
    """
    shown = text.strip()
    lowered = shown.lower()
    if not shown or len(shown) > MAX_TEXT:
        raise ValueSyntaxError(f"{_short(shown)!r} is not a number: expected 1 to {MAX_TEXT} characters")
    named = _NAMED.get(lowered[1:] if lowered[0] in "+-" else lowered)
    if named is not None:
        return -named if lowered.startswith("-") else named
    bits = _BITS.fullmatch(lowered)
    if bits:
        return _from_bits(shown, bits[1].replace("_", ""), fmt)
    hexadecimal = _HEX.fullmatch(lowered)
    if hexadecimal and (hexadecimal[2] or hexadecimal[3]):
        return _from_hex(shown, hexadecimal, fmt)
    if _DECIMAL.fullmatch(lowered):
        return _from_decimal(shown, Decimal(lowered), fmt)
    raise ValueSyntaxError(
        f"{_short(shown)!r} is not a number: expected a decimal, 0x…p…, bits:{'0' * (fmt.bits // 4)}, nan, inf or -inf"
    )


def nearest(value: Fraction, fmt: Format) -> float:
    """``value`` rounded to nearest, ties to even, in ``fmt`` (IEEE 754 overflow to infinity), as a float64."""
    if value == 0:
        return 0.0
    magnitude = abs(value)
    exponent = magnitude.numerator.bit_length() - magnitude.denominator.bit_length()
    if magnitude < _power(exponent):
        exponent -= 1
    q = max(exponent, fmt.emin) - (fmt.p - 1)
    steps = round(magnitude / _power(q))
    rounded = Fraction(steps) * _power(q)
    result = math.inf if rounded > Fraction(fmt.max_finite) else float(rounded)
    return -result if value < 0 else result


def _power(exponent: int) -> Fraction:
    return Fraction(1 << exponent) if exponent >= 0 else Fraction(1, 1 << -exponent)


def _from_bits(shown: str, digits: str, fmt: Format) -> float:
    wanted = fmt.bits // 4
    if len(digits) != wanted:
        raise ValueSyntaxError(f"{shown} has {len(digits)} hexadecimal digits, a {fmt.name} pattern has {wanted}")
    pattern = np.array([int(digits, 16)], dtype=f"<u{fmt.bits // 8}")
    return float(fmt.decode(pattern.view(fmt.storage))[0])


def _from_hex(shown: str, match: re.Match[str], fmt: Format) -> float:
    sign, whole, fraction, power = match[1], match[2] or "", match[3] or "", match[4]
    if power is None:
        raise ValueSyntaxError(_both_readings(shown, sign, whole, match[3], fmt))
    significand = int(whole + fraction, 16)
    if significand == 0:
        return -0.0 if sign == "-" else 0.0
    exponent = int(power) - 4 * len(fraction)
    if abs(exponent + significand.bit_length()) > 4000:
        raise ValueSyntaxError(_outside(shown, exponent > 0, fmt))
    value = significand * _power(exponent)
    return _exactly(shown, -value if sign == "-" else value, fmt)


def _from_decimal(shown: str, number: Decimal, fmt: Format) -> float:
    if number == 0:
        return -0.0 if number.is_signed() else 0.0
    if abs(number.adjusted()) > 1200:
        raise ValueSyntaxError(_outside(shown, number.adjusted() > 0, fmt))
    return _exactly(shown, Fraction(number), fmt)


def _exactly(shown: str, value: Fraction, fmt: Format) -> float:
    result = nearest(value, fmt)
    if math.isinf(result) or Fraction(result) != value:
        raise ValueSyntaxError(f"{_short(shown)} is not a {fmt.name} value: the nearest is {describe(result)}")
    return result


def _outside(shown: str, large: bool, fmt: Format) -> str:
    sign = "-" if shown.startswith("-") else ""
    return f"{_short(shown)} is not a {fmt.name} value: the nearest is {sign}{'inf' if large else '0'}"


def describe(value: float) -> str:
    """``0x1.99999ap-4 (0.10000000149011611938)``: a form that can be typed back, and one that can be read."""
    if not math.isfinite(value) or value == 0:
        return repr(value)
    if value == int(value) and abs(value) < 2.0**63:
        return f"{short_hex(value)} ({int(value)})"
    return f"{short_hex(value)} ({Decimal(value):.20g})"


def short_hex(value: float) -> str:
    """``float.hex`` without trailing zeros: ``0x1.8p+3``; ``nan``, ``inf``, ``-inf`` as they are."""
    mantissa, _, exponent = value.hex().partition("p")
    if not exponent:
        return mantissa
    if "." in mantissa:
        mantissa = mantissa.rstrip("0").rstrip(".")
    return f"{mantissa}p{exponent}"


def _both_readings(shown: str, sign: str, whole: str, fraction: str | None, fmt: Format) -> str:
    value = f"write {shown}p0 for the value"
    if fraction is None and len(whole) <= 64:
        value += f" {sign}{int(whole, 16)}"
    if sign or fraction is not None:
        return f"{_short(shown)} has no exponent: {value}"
    wanted = fmt.bits // 4
    if len(whole) == wanted:
        pattern = f"bits:{whole} for the bit pattern of {describe(_from_bits(shown, whole, fmt))}"
    else:
        pattern = f"bits: and {wanted} hexadecimal digits for a bit pattern of {fmt.name}"
    return f"{_short(shown)} can be read in two ways: {value}, or {pattern}"


def _short(text: str) -> str:
    return text if len(text) <= 60 else f"{text[:57]}…"
