"""Values of any dtype, as requests and replies carry them: equality, distance, spelling and order.

Real formats and bool travel as float64, complex ones as complex128, integers in their own NumPy dtype.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np

from reportgen.core.agreement import bitwise_equal, distances
from reportgen.core.dtypes import ComplexFormat, Dtype, IntegerFormat
from reportgen.core.floats import FORMATS, Bool, Format
from reportgen.measure.judging import hexfloat


def same(a: Any, b: Any) -> Bool:
    """Equal bit for bit, but all NaNs alike (part by part for complex numbers)."""
    if a.dtype.kind == "c":
        return bitwise_equal(a.real, b.real) & bitwise_equal(a.imag, b.imag)
    if a.dtype.kind == "f":
        return bitwise_equal(a, b)
    return np.asarray(a == b)


def steps(a: Any, b: Any, fmt: Dtype) -> list[int]:
    """How far each two values are apart: in steps of the format, in whole numbers for integers.

    A NaN beside a number counts as farther than any two numbers; complex numbers by the farther of their parts.
    """
    if isinstance(fmt, IntegerFormat):
        return [abs(p - q) for p, q in zip(a.tolist(), b.tolist(), strict=True)]
    if isinstance(fmt, ComplexFormat):
        parts = steps(a.real, b.real, fmt.part), steps(a.imag, b.imag, fmt.part)
        return [max(pair) for pair in zip(*parts, strict=True)]
    if fmt.name == "bool":
        return [int(p != q) for p, q in zip(a.tolist(), b.tolist(), strict=True)]
    apart = distances(a, b, fmt)
    one_nan = np.isnan(a) != np.isnan(b)
    return [2 * fmt.inf_ordinal + 2 if odd else max(d, 0) for d, odd in zip(apart.tolist(), one_nan, strict=True)]


def spelled(value: Any) -> str:
    """``float.hex`` for real numbers, ``re,im`` for complex ones, plain decimals for integers."""
    if isinstance(value, (complex, np.complexfloating)):
        return f"{hexfloat(float(value.real))},{hexfloat(float(value.imag))}"
    if isinstance(value, (float, np.floating)):
        return hexfloat(float(value))
    return str(int(value))


def spelled_tuple(values: list[Any]) -> str:
    """Arguments, separated by ``;``."""
    return ";".join(spelled(v) for v in values)


def real_part(values: Any) -> Any:
    """The values as float64 for ordering and regimes: real parts of complex numbers, integers rounded."""
    return np.ascontiguousarray(values.real, np.float64)


def part_format(fmt: Dtype) -> Format:
    """The real format in which a result's parts are judged; float64 stands in for integers."""
    if isinstance(fmt, ComplexFormat):
        return fmt.part
    return fmt if isinstance(fmt, Format) else FORMATS["float64"]


def numpy_dtype(fmt: Dtype) -> np.dtype[Any]:
    """The dtype of the arrays that requests and replies carry for ``fmt``."""
    if isinstance(fmt, IntegerFormat):
        return fmt.storage.newbyteorder("=")
    return np.dtype(np.complex128 if isinstance(fmt, ComplexFormat) else np.float64)


def native(values: Iterable[int], fmt: Dtype) -> Any:
    """Python integers in range as an array that carries ``fmt``; OverflowError where one does not fit."""
    return np.array(list(values), dtype=numpy_dtype(fmt))
