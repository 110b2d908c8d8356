"""The only place that turns numbers into text.

A printed figure never rounds onto a claim: ``0``, ``100 %`` and ``identical`` appear only where they are
exact; maxima are rounded up, saturated scores (see :data:`reportgen.core.floats.SATURATED_SCORE`) down
and printed with ``≥``. Missing numbers (``None``) print as an en dash.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_EVEN, Context, Decimal
from fractions import Fraction
from functools import lru_cache

import numpy as np

from reportgen.core.floats import FORMATS, SATURATED_SCORE

MISSING = "–"
MINUS = "\u2212"
NARROW = "\u202f"
_SUPERSCRIPTS = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
CLAIMED_BOUNDS = (Decimal("0.5"), Decimal(1))
"""Maxima just below these get up to two more digits, or ``<``: rounding up must not blur which side they are on."""
_PART_DTYPES = {"complex64": "float32", "complex128": "float64"}
_INTEGER = re.compile(r"-?\d+")
_SCIENTIFIC_FROM = 4
"""Numbers of 10^4 and more are written with a power of ten."""


# -- errors --------------------------------------------------------------------------------------------
def _significant(x: Decimal, digits: int, rounding: str) -> Decimal:
    return Context(prec=digits, rounding=rounding).plus(x)


def _plain_or_scientific(rounded: Decimal, exact: bool) -> str:
    """Text of a positive decimal: plain between 10^-3 and 10^4, else ``m·10ⁿ``.

    Trailing zeros are dropped only where the figure is exact, so that ``1`` and ``1.00`` differ.
    """
    exponent = rounded.adjusted()
    if -3 <= exponent < _SCIENTIFIC_FROM:
        text = f"{rounded:f}"
        return (text.rstrip("0").rstrip(".") or "0") if exact and "." in text else text
    mantissa = f"{rounded.scaleb(-exponent):f}"
    if exact and "." in mantissa:
        mantissa = mantissa.rstrip("0").rstrip(".")
    return f"{mantissa}·10{str(exponent).translate(_SUPERSCRIPTS)}"


def _figure(x: float, digits: int, rounding: str) -> str:
    """|x|, as its shortest decimal says (the stored form), to ``digits`` significant digits; 0 only for zero."""
    exact = Decimal(repr(abs(x)))
    if not exact:
        return "0"
    rounded = _significant(exact, digits, rounding)
    return _plain_or_scientific(rounded, rounded == exact)


def maximum(x: float | None, digits: int = 3) -> str:
    """A maximum (ulp, absolute or relative), rounded up; saturated scores are lower bounds: rounded down, ``≥``.

    >>> maximum(2.1369), maximum(0.5), maximum(0.5000001), maximum(0.0)
    ('2.14', '0.5', '0.501', '0')
    """
    if x is None or math.isnan(x):
        return MISSING
    if math.isinf(x):
        return "∞"
    if abs(x) >= SATURATED_SCORE:
        return "≥ " + _figure(x, digits, ROUND_FLOOR)
    if x < 0:
        raise ValueError(f"a maximum of magnitudes cannot be negative: {x!r}")
    exact = Decimal(repr(x))
    for bound in CLAIMED_BOUNDS:
        for more in range(digits, digits + 3):
            if not exact < bound <= _significant(exact, more, ROUND_CEILING):
                break
        else:
            return f"< {bound}"
        digits = more
    return _figure(x, digits, ROUND_CEILING)


def number(x: float | None, digits: int = 3) -> str:
    """Any other statistic, rounded to nearest (ties to even); ``0`` only if exact, ``≥`` where saturated."""
    if x is None or math.isnan(x):
        return MISSING
    sign = MINUS if x < 0 else ""
    if math.isinf(x):
        return sign + "∞"
    if abs(x) >= SATURATED_SCORE:
        return ("≥ " if x > 0 else "≤ ") + sign + _figure(x, digits, ROUND_FLOOR)
    return sign + _figure(x, digits, ROUND_HALF_EVEN)


def against(x: float, bound: Fraction, largest: bool = False) -> str:
    """A statistic, or with ``largest`` a maximum, with as many digits as show on which side of ``bound`` it lies.

    >>> against(2.1369, Fraction(4)), against(4.0000001, Fraction(4)), against(3.9999, Fraction(4), largest=True)
    ('2.14', '4.0000001', '3.9999')
    """
    exact = Fraction(Decimal(repr(abs(x))))
    shown = maximum if largest else number
    for digits in range(3, 17):
        rounded = _significant(Decimal(repr(abs(x))), digits, ROUND_CEILING if largest else ROUND_HALF_EVEN)
        if (rounded > bound, rounded < bound) == (exact > bound, exact < bound):
            return shown(x, digits)
    return shown(x, 17)


def maximum_with_unit(x: float | None) -> str:
    """``2.14 ulp``; a missing number stays an en dash."""
    text = maximum(x)
    return text if text == MISSING else f"{text} ulp"


# -- counts and shares ---------------------------------------------------------------------------------
def count(n: int | None) -> str:
    """An exact count with thousands separated by commas."""
    return MISSING if n is None else f"{n:,}".replace("-", MINUS)


def short_count(n: int | None) -> str:
    """A count in at most three significant digits, rounded down: ``8.4k``, ``65.5k``, ``4.29G``."""
    if n is None:
        return MISSING
    for power, letter in ((9, "G"), (6, "M"), (3, "k")):
        if n >= 10**power:
            text = f"{_significant(Decimal(n), 3, ROUND_FLOOR).scaleb(-power):f}"
            return (text.rstrip("0").rstrip(".") if "." in text else text) + letter
    return str(n)


def share(part: int | None, whole: int | None) -> str:
    """``part`` of ``whole`` in percent, with as many digits as keep it off 0 and 100; ``whole`` = 0 is missing.

    Raises ValueError if ``part`` is not between 0 and ``whole``.
    """
    if part is None or not whole:
        return MISSING
    if not 0 <= part <= whole:
        raise ValueError(f"{part} of {whole} is not a share")
    if part == 0:
        return "0 %"
    if part == whole:
        return "100 %"
    exact = Fraction(100 * part, whole)
    for decimals in range(1, 40):
        tenths = round(exact * 10**decimals)
        if 0 < tenths < 100 * 10**decimals:
            return f"{Decimal(tenths).scaleb(-decimals):.{decimals}f} %"
    return "> 0 %" if exact < 50 else "< 100 %"


def agreement_words(equal: int | None, compared: int | None) -> str:
    """``identical`` only where every compared result is bitwise equal; ``not compared`` where none was."""
    if equal is None or not compared:
        return "not compared"
    return "identical" if equal == compared else f"{share(equal, compared)} equal"


def plural(n: int, noun: str, many: str = "") -> str:
    """``1 result``, ``2 results``; ``many`` for an irregular plural."""
    return f"{count(n)} {noun if n == 1 else many or noun + 's'}"


def listing(words: Sequence[str], last: str = "and") -> str:
    """``a``, ``a and b``, ``a, b and c``."""
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} {last} {words[-1]}"


# -- values --------------------------------------------------------------------------------------------
def _parse(text: str) -> float:
    """A float from ``float.hex`` style, ``nan``, ``inf`` or decimal text."""
    return float.fromhex(text) if "0x" in text else float(text)


def _identifies(candidate: float, x: float, p: int, emin: int) -> bool:
    """True where rounding ``candidate`` to p bits gives ``x`` for certain (it lies within half a spacing)."""
    mantissa, exponent = math.frexp(abs(x))
    e = max(exponent - 1, emin)
    spacing = Fraction(2) ** (e - p + 1)
    distance = Fraction(candidate) - Fraction(x)
    toward_zero = (distance < 0) == (x > 0)
    if mantissa == 0.5 and toward_zero and e > emin:
        spacing /= 2
    return abs(distance) * 2 < spacing


@lru_cache(maxsize=65536)
def _shortest_nonzero(x: float, dtype: str) -> str:
    if dtype in ("float16", "float32"):
        # What lies beyond the largest float of the format is none of its numbers, and NumPy would warn of it.
        inside = abs(x) <= FORMATS[dtype].max_finite
        scalar = (np.float16(x) if dtype == "float16" else np.float32(x)) if inside else np.float64(x)
        if float(scalar) == x:
            return _decimal_text(Decimal(np.format_float_scientific(scalar, unique=True, trim="-")))
    if dtype in ("float16", "float32", "float64"):
        return _decimal_text(Decimal(repr(x)))
    fmt = FORMATS[dtype]
    for digits in range(1, 18):
        text = f"{x:.{digits - 1}e}"
        candidate = float(text)
        if candidate == x or (math.isfinite(candidate) and _identifies(candidate, x, fmt.p, fmt.emin)):
            break
    return _decimal_text(Decimal(text))


def shortest(x: float, dtype: str) -> str:
    """The shortest decimal that identifies ``x`` in ``dtype`` (as ``repr`` does for float64).

    ``dtype`` is a key of :data:`reportgen.core.floats.FORMATS`; anything else is treated as float64, and so is a
    number that float16 or float32 does not have.
    """
    if not math.isfinite(x):
        return "NaN" if math.isnan(x) else ("∞" if x > 0 else MINUS + "∞")
    if x == 0:
        return (MINUS if math.copysign(1.0, x) < 0 else "") + "0"
    return _shortest_nonzero(x, dtype if dtype in FORMATS and dtype != "bool" else "float64")


def _decimal_text(d: Decimal) -> str:
    """Plain notation between 10^-4 and 10^16, else ``1.5e−300``."""
    sign = MINUS if d.is_signed() else ""
    d = abs(d).normalize()
    exponent = d.adjusted()
    if -5 < exponent < 16:
        return f"{sign}{d:f}"
    return f"{sign}{d.scaleb(-exponent):f}e{MINUS if exponent < 0 else ''}{abs(exponent)}"


def value(text: str | None, dtype: str) -> str:
    """Stored ``float.hex`` text (arguments separated by ``;``) as shortest decimals of ``dtype``.

    Complex numbers (``re,im``) become ``1 − 2i``, integers keep all their digits, truth values are words.
    Text that is not a number (``gen:NAME:SEED:SHAPE``) is returned as it is.
    """
    if text is None or text == "":
        return MISSING
    try:
        return "; ".join(_one_value(part, dtype) for part in str(text).split(";"))
    except ValueError:
        return str(text)


def _one_value(text: str, dtype: str) -> str:
    parts = text.split(",")
    if len(parts) == 2:
        return complex_text(*(shortest(_parse(part), _PART_DTYPES.get(dtype, dtype)) for part in parts))
    if _INTEGER.fullmatch(text):
        return text.replace("-", MINUS)
    number = _parse(text)
    if dtype == "bool" and number in (0.0, 1.0):
        return "True" if number else "False"
    return shortest(number, _PART_DTYPES.get(dtype, dtype))


def complex_text(real: str, imaginary: str) -> str:
    """``a + bi`` of two printed parts; the sign of the imaginary part stands between them."""
    negative = imaginary.startswith(MINUS)
    size = imaginary.removeprefix(MINUS)
    # A narrow no-break space keeps NaN and ∞ apart from the i.
    return f"{real} {MINUS if negative else '+'} {size}{'' if size[-1].isdigit() else NARROW}i"


def hex_text(text: str | None) -> str:
    """``float.hex`` text without trailing zeros, one spelling a value: ``0x1.8p+1``; other text unchanged."""
    if text is None or text == "":
        return MISSING
    try:
        return "; ".join(", ".join(map(_hex_of, part.split(","))) for part in str(text).split(";"))
    except ValueError:
        return str(text)


def _hex_of(text: str) -> str:
    return text if _INTEGER.fullmatch(text) else _short_hex(_parse(text))


def _short_hex(x: float) -> str:
    if not math.isfinite(x):
        return repr(x)
    head, exponent = x.hex().split("p")
    head = head.rstrip("0").rstrip(".") if "." in head else head
    return f"{head if head not in ('0x', '-0x') else head + '0'}p{exponent}"


@lru_cache(maxsize=65536)
def exact_decimal(text: str | None, digits: int = 20) -> str:
    """``hi;lo;exp2`` as a decimal with ``digits`` significant digits; ``…`` where more would follow.

    Two of them, separated by a comma, are the parts of a complex number. Returns the text unchanged where it is not of
    that form.
    """
    if text is None or text == "":
        return MISSING
    if text.count(",") == 1:
        return complex_text(*(exact_decimal(part, digits) for part in text.split(",")))
    try:
        hi, lo, exp2 = str(text).split(";")
        high, low, power = _parse(hi), _parse(lo), int(exp2)
    except ValueError:
        return str(text)
    if not math.isfinite(high) or (high == 0 and low == 0):
        return shortest(high, "float64")
    exact = (Fraction(high) + Fraction(low)) * Fraction(2) ** power
    context = Context(prec=digits, rounding=ROUND_HALF_EVEN, Emax=999999, Emin=-999999)
    rounded = context.divide(Decimal(exact.numerator), Decimal(exact.denominator))
    return _decimal_text(rounded) + ("" if Fraction(rounded) == exact else "…")


def is_flushed(output: str | None, exact: str | None) -> bool:
    """True where a result is a zero although the exact value (``hi;lo;exp2``) is not: a flushed subnormal."""
    if not output or not exact:
        return False
    try:
        return _parse(output) == 0.0 and _parse(exact.split(";")[0]) != 0.0
    except ValueError:
        return False


# -- durations and sizes -------------------------------------------------------------------------------
def size(n: int) -> str:
    """Bytes in binary units, three significant digits: ``23.5 GiB``."""
    for power, unit in ((30, "GiB"), (20, "MiB"), (10, "KiB")):
        if n >= 1 << power:
            return f"{number(n / (1 << power))} {unit}"
    return f"{count(n)} bytes"


def nanoseconds(ns: float | None) -> str:
    """Time per element: ``0.42 ns``, ``13 ns``, ``2.1 µs``."""
    if ns is None or not math.isfinite(ns) or ns < 0:
        return MISSING
    scale, unit = (1.0, "ns") if ns < 1e3 else (1e3, "µs") if ns < 1e6 else (1e6, "ms")
    return f"{_figure(ns / scale, 2, ROUND_HALF_EVEN)} {unit}"
