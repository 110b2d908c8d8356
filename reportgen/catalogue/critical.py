"""Critical points: the numbers of a row's ``critical`` column, rounded to a format, with their neighbours.

A point is a product of factors joined by ``*`` and ``/`` from left to right,
with an optional leading ``-``. A factor is
a decimal or hexadecimal literal (``0x1.8p-3``), a power ``2^-24`` of an integer, one of the constants ``pi``, ``e``,
``ln2``, ``sqrt2``, ``sqrt3``, or a number of the format: ``max``, ``min_normal``,
``min_subnormal`` and their square roots
``sqrt_max``, ``sqrt_min``, ``sqrt_min_subnormal``. The arithmetic is rational and the constants are good to 60 digits,
so
that ``2^16*pi`` is the number of the format next to that multiple of π, and not to a multiple of a rounded π.
"""

from __future__ import annotations

import math
import re
from fractions import Fraction
from functools import lru_cache

import numpy as np

from reportgen.catalogue.rows import FunctionRow
from reportgen.core.floats import F64, FORMATS, Exact, Format, round_exact

CONSTANTS = {
    "pi": Fraction("3.14159265358979323846264338327950288419716939937510582097494459"),
    "e": Fraction("2.71828182845904523536028747135266249775724709369995957496696763"),
    "ln2": Fraction("0.693147180559945309417232121458176568075500134360255254120680009"),
    "sqrt2": Fraction("1.41421356237309504880168872420969807856967187537694807317667974"),
    "sqrt3": Fraction("1.73205080756887729352744634150587236694280525381038062805580698"),
}
NEIGHBOURS = 3
"""Numbers of the format taken on each side of a critical point."""

_POWER = re.compile(r"(\d+)\^(-?\d+)")


def _of_format(word: str, fmt: Format) -> Fraction | None:
    known = {"max": fmt.max_finite, "min_normal": fmt.min_normal, "min_subnormal": fmt.min_subnormal}
    if word in known:
        return Fraction(known[word])
    roots = {"sqrt_max": "max", "sqrt_min": "min_normal", "sqrt_min_subnormal": "min_subnormal"}
    return Fraction(math.sqrt(known[roots[word]])) if word in roots else None


def _factor(word: str, fmt: Format) -> Fraction:
    if word in CONSTANTS:
        return CONSTANTS[word]
    if power := _POWER.fullmatch(word):
        return Fraction(int(power[1])) ** int(power[2])
    found = _of_format(word, fmt)
    if found is not None:
        return found
    return Fraction(float.fromhex(word)) if word.startswith("0x") else Fraction(word)


def parse_critical(text: str, fmt: Format) -> Fraction:
    """The exact rational (constants to 60 digits) that a critical point's text stands for in a format.

    Raises:
        ValueError: the text is not in the language described above.
    """
    sign, body = (-1, text[1:]) if text.startswith("-") else (1, text)
    parts = re.split(r"([*/])", body)
    value = _factor(parts[0], fmt)
    for operator, word in zip(parts[1::2], parts[2::2], strict=True):
        value = value * _factor(word, fmt) if operator == "*" else value / _factor(word, fmt)
    return sign * value


def nearest(value: Fraction, fmt: Format) -> float:
    """``value`` rounded to the format; an infinity where it overflows."""
    try:
        hi = float(value)
    except OverflowError:
        return math.inf if value > 0 else -math.inf
    rest = value - Fraction(hi)
    exact = Exact.of_values(np.array([hi]))
    exact.rem[:] = (rest > 0) - (rest < 0)
    return float(round_exact(exact, fmt).nearest[0])


@lru_cache(maxsize=1024)
def _critical(points: tuple[str, ...], dtype: str, neighbours: int) -> F64:
    fmt = FORMATS[dtype]
    ordinals: set[int] = set()
    for text in points:
        value = parse_critical(text, fmt)
        rounded = nearest(value, fmt)
        # A point beyond the format (float64's overflow threshold in float32, say) is not critical there.
        if math.isinf(rounded) or (rounded == 0 and value != 0):
            continue
        centre = int(fmt.ordinal(np.array([rounded]))[0])
        ordinals.update(range(centre - neighbours, centre + neighbours + 1))
    finite = np.array(sorted(o for o in ordinals if abs(o) < fmt.inf_ordinal), np.int64)
    values = fmt.from_ordinal(finite)
    values = np.insert(values, np.flatnonzero(finite == 0), -0.0)
    values.flags.writeable = False
    return values


def critical_values(row: FunctionRow, dtype: str, neighbours: int = NEIGHBOURS) -> tuple[F64, ...]:
    """A row's critical points in a dtype, one ascending array per argument, each point with its neighbours.

    Points outside the format's range are left out; -0 stands before +0.

    Args:
        row: the function.
        dtype: one of the float formats.
        neighbours: numbers of the format taken on each side of every point.

    Raises:
        ValueError: a point of the row is not in the language (a test reads them all).
    """
    columns = row.critical or ((),) * row.arity
    return tuple(_critical(points, dtype, neighbours) for points in columns)
