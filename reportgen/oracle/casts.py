"""What conversions between dtypes must give, in exact arithmetic of Python's integers.

Nothing here converts by NumPy: NumPy's conversions are under test. Python's ``int(float)`` cuts towards zero without
error, and ``float(int)`` rounds to nearest, ties to even (Python reference, numeric types); the rest of an integer
beside its float is an integer again.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from reportgen.core.dtypes import IntegerFormat
from reportgen.core.floats import Bool, Exact


@dataclass(frozen=True)
class IntegerTruth:
    """Required results of a conversion to an integer dtype or to bool.

    ``expected`` is an object array of Python integers, 0 where nothing is ``defined``; ``wrapped`` marks integers that
    had to be reduced modulo 2^n.
    """

    expected: Any
    defined: Bool
    wrapped: Bool


def exact_integers(values: list[int]) -> Exact:
    """Python integers below 2^106 as exact values."""
    out = Exact.of_values(np.array([float(v) for v in values], np.float64))
    out.lo = np.array([float(v - int(h)) for v, h in zip(values, out.hi.tolist(), strict=True)], np.float64)
    return out


def exact_parts(values: Any) -> tuple[Exact, Exact]:
    """Real and imaginary parts of values of any source dtype; the imaginary part of real numbers is +0."""
    if values.dtype.kind in "iu":
        return exact_integers(values.tolist()), Exact.empty(len(values))
    if values.dtype.kind == "c":
        return Exact.of_values(values.real), Exact.of_values(values.imag)
    return Exact.of_values(values), Exact.empty(len(values))


def wrap(value: int, fmt: IntegerFormat) -> int:
    """``value`` reduced modulo 2^bits into the range of ``fmt``."""
    low = value & ((1 << fmt.bits) - 1)
    return low - (1 << fmt.bits) if fmt.signed and low > fmt.high else low


def to_integer(values: Any, fmt: IntegerFormat) -> IntegerTruth:
    """Conversion to an integer dtype: the integer part of real numbers (and of real parts) where it fits, else nothing.

    Integers that do not fit are reduced modulo 2^n (C11 6.3.1.3, with the choice that GCC documents for signed types).
    """
    count = len(values)
    expected = np.zeros(count, object)
    defined, wrapped = np.ones(count, bool), np.zeros(count, bool)
    integers = values.dtype.kind in "iu"
    source = values.real if values.dtype.kind == "c" else values
    for i, value in enumerate(source.tolist()):
        if not integers and value - value != 0:  # NaN and infinities
            defined[i] = False
            continue
        whole = int(value)
        if fmt.low <= whole <= fmt.high:
            expected[i] = whole
        elif integers:
            expected[i], wrapped[i] = wrap(whole, fmt), True
        else:
            defined[i] = False
    return IntegerTruth(expected, defined, wrapped)


def to_bool(values: Any) -> IntegerTruth:
    """Conversion to bool: whether the value is not equal to zero (C11 6.3.1.2); NaN is not."""
    if values.dtype.kind == "c":
        true = [re != 0 or im != 0 for re, im in zip(values.real.tolist(), values.imag.tolist(), strict=True)]
    else:
        true = [v != 0 for v in values.tolist()]
    expected = np.array([int(t) for t in true], object)
    return IntegerTruth(expected, np.ones(len(true), bool), np.zeros(len(true), bool))
