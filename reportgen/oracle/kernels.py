"""Exact names on whole arrays, by integer steps on bit patterns and error-free transformations.

Every kernel takes finite float64 arrays and returns a :class:`Parts`; where ``ok`` is False the pair does not hold the
value (two numbers too far apart) and the caller falls back on rationals. Error-free sums and products: T. J. Dekker,
*Numer. Math.* 18 (1971); D. E. Knuth, *TAOCP* vol. 2, 4.2.2; Muller et al., *Handbook*, 2nd ed., ch. 4.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from reportgen.core.floats import F64, FORMATS, I64, Bool, Exact
from reportgen.oracle.settle import UNSCALED_LIMIT

INT_BITS = FORMATS["float64"]


@dataclass
class Parts:
    """Values (hi + lo)·2^exp2 with a remainder's sign, hi + lo unevaluated and |lo| at most half an ulp of hi."""

    hi: F64
    lo: F64
    exp2: I64
    rem: NDArray[np.int8]
    ok: Bool
    either_zero: Bool = field(default_factory=lambda: np.zeros(0, bool))


def of_values(values: F64) -> Parts:
    """Parts of numbers that binary64 holds."""
    n = len(values)
    return Parts(values, np.zeros(n), np.zeros(n, np.int64), np.zeros(n, np.int8), np.ones(n, bool), np.zeros(n, bool))


def canonical(parts: Parts) -> tuple[Exact, Bool]:
    """The canonical :class:`Exact` (see :mod:`settle`), and where it could be formed without losing a bit."""
    n = len(parts.hi)
    finite = np.isfinite(parts.hi) & (parts.hi != 0)
    exponent = np.frexp(np.where(finite, parts.hi, 1.0))[1]
    total = exponent.astype(np.int64) - 1 + parts.exp2
    scaled = np.abs(total) > UNSCALED_LIMIT
    shift = np.where(finite, np.where(scaled, parts.exp2 - total, parts.exp2), 0).astype(np.int32)
    hi = np.where(finite, np.ldexp(np.where(finite, parts.hi, 1.0), shift), parts.hi)
    lo = np.ldexp(parts.lo, shift)
    ok = parts.ok & (np.ldexp(lo, -shift) == parts.lo)
    # A remainder beside a lo so small that the next piece could round into it: left to the rationals.
    ok &= (parts.rem == 0) | (np.abs(lo) > 2.0**-960)
    out = Exact.empty(n)
    out.hi, out.lo, out.rem = hi, lo, parts.rem.astype(np.int8)
    out.exp2 = np.where(finite & scaled, total, 0).astype(np.int32)
    if len(parts.either_zero):
        out.either_zero = parts.either_zero & (hi == 0)
    return out, ok


# -- sums, products, quotients ------------------------------------------------------------------------
def add(x: F64, y: F64) -> Parts:
    # Knuth's TwoSum is exact unless the sum overflows; subnormals included.
    with np.errstate(all="ignore"):
        hi = x + y
        back = hi - x
        lo = (x - (hi - back)) + (y - back)
    out = of_values(hi)
    out.ok = np.abs(hi) < 2.0**1023
    out.lo = np.where(out.ok, lo, 0.0)
    return out


def subtract(x: F64, y: F64) -> Parts:
    return add(x, -y)


def _two_product(x: F64, y: F64) -> tuple[F64, F64]:
    # Dekker's product with Veltkamp's split by 2^27 + 1; exact here since both arguments lie in [0.5, 1) or are 0.
    hi = x * y
    split = 134217729.0
    tx, ty = split * x, split * y
    x1, y1 = tx - (tx - x), ty - (ty - y)
    x2, y2 = x - x1, y - y1
    return hi, ((x1 * y1 - hi) + x1 * y2 + x2 * y1) + x2 * y2


def multiply(x: F64, y: F64) -> Parts:
    (mx, ex), (my, ey) = np.frexp(x), np.frexp(y)
    hi, lo = _two_product(mx, my)
    out = of_values(hi)
    out.lo, out.exp2 = lo, ex.astype(np.int64) + ey
    return out


def divide(x: F64, y: F64) -> Parts:
    # On mantissas in [0.5, 1): hi = RN(x/y); x - hi·y is a binary64 number (Handbook, 4.6), and so again for lo;
    # so lo is the correctly rounded rest, and the sign of the next rest is exact.
    (mx, ex), (my, ey) = np.frexp(x), np.frexp(y)
    my = np.where(my == 0, 1.0, my)
    hi = mx / my
    high, low = _two_product(hi, my)
    rest = (mx - high) - low
    lo = rest / my
    # lo·y is formed on lo's own mantissa so that the split stays within range.
    ml, el = np.frexp(lo)
    high, low = _two_product(ml, my)
    last = (np.ldexp(rest, -el) - high) - low
    out = of_values(np.where(x == 0, np.copysign(0.0, x) * np.copysign(1.0, y), hi))
    out.lo, out.exp2 = lo, ex.astype(np.int64) - ey
    out.rem = (np.sign(last) * np.sign(my)).astype(np.int8)
    out.ok = y != 0
    return out


# -- integers -----------------------------------------------------------------------------------------
def _whole(x: F64) -> tuple[F64, F64]:
    """trunc(x) and x - trunc(x), both exact (a conversion to int64 and back, below 2^52)."""
    small = np.abs(x) < 2.0**52
    part = np.where(small, x, 0.0).astype(np.int64).astype(np.float64)
    whole = np.where(small, part, x)
    return whole, x - whole


def trunc(x: F64) -> Parts:
    return of_values(np.copysign(_whole(x)[0], x))


def modf_fraction(x: F64) -> Parts:
    return of_values(np.copysign(_whole(x)[1], x))


def floor(x: F64) -> Parts:
    whole, rest = _whole(x)
    return of_values(np.copysign(whole - (rest < 0), x))


def ceil(x: F64) -> Parts:
    whole, rest = _whole(x)
    return of_values(np.copysign(whole + (rest > 0), x))


def rint(x: F64) -> Parts:
    whole, rest = _whole(x)
    odd = np.where(np.abs(whole) < 2.0**52, whole, 0.0).astype(np.int64) & 1
    away = (np.abs(rest) > 0.5) | ((np.abs(rest) == 0.5) & (odd == 1))
    return of_values(np.copysign(whole + np.sign(rest) * away, x))


def _rank(x: F64) -> I64:
    """Integers in the order of the numbers; both zeros are 0."""
    return INT_BITS.ordinal(x)


def _truth(condition: Bool) -> Parts:
    return of_values(condition.astype(np.float64))


def _extreme(x: F64, y: F64, largest: bool) -> Parts:
    first = (_rank(x) >= _rank(y)) == largest
    out = of_values(np.where(first, x, y))
    # No standard says which zero max(+0, -0) is; the special-case table may, and then this is not asked.
    out.either_zero = (x == 0) & (y == 0) & (np.signbit(x) != np.signbit(y))
    return out


def _sign_bits(magnitude: F64, sign: F64) -> F64:
    mask = np.int64(1) << np.int64(63)
    bits = (magnitude.view(np.int64) & ~mask) | (sign.view(np.int64) & mask)
    return bits.view(np.float64)


def _heaviside(x: F64, y: F64) -> Parts:
    return of_values(np.where(_rank(x) < 0, 0.0, np.where(_rank(x) > 0, 1.0, y)))


def _squared_difference(x: F64, y: F64) -> Parts:
    difference = subtract(x, y)
    single = difference.ok & (difference.lo == 0)
    root = np.where(single, difference.hi, 0.0)
    out = multiply(root, root)
    out.ok = single
    return out


def _xdivy(x: F64, y: F64) -> Parts:
    out = divide(x, y)
    out.ok |= x == 0
    out.hi = np.where((x == 0) & (y == 0), 0.0, out.hi)
    return out


def next_in_dtype(x: F64, y: F64, dtype: str) -> Parts:
    """The neighbour of x towards y among the values of ``dtype``, y where they are equal."""
    fmt = FORMATS[dtype]
    here, there = fmt.ordinal(x), fmt.ordinal(y)
    # Compared, not subtracted: the difference of two float64 ordinals overflows int64.
    step = (there > here).astype(np.int64) - (there < here)
    moved = np.copysign(fmt.from_ordinal(here + step), np.where(here == 0, y, x))
    return of_values(np.where(step == 0, y, moved))


KERNELS: dict[str, Callable[..., Parts]] = {
    "abs": lambda x: of_values(_sign_bits(x, np.zeros(len(x)))),
    "negative": lambda x: of_values(_sign_bits(x, -x)),
    "positive": lambda x: of_values(x.copy()),
    "square": lambda x: multiply(x, x),
    "reciprocal": lambda x: divide(np.ones(len(x)), x),
    "sign": lambda x: of_values(_sign_bits(np.sign(_rank(x)).astype(np.float64), x)),
    "signbit": lambda x: _truth(x.view(np.int64) < 0),
    "isnan": lambda x: _truth(np.zeros(len(x), bool)),
    "isinf": lambda x: _truth(np.zeros(len(x), bool)),
    "isposinf": lambda x: _truth(np.zeros(len(x), bool)),
    "isneginf": lambda x: _truth(np.zeros(len(x), bool)),
    "isfinite": lambda x: _truth(np.ones(len(x), bool)),
    "logical_not": lambda x: _truth(_rank(x) == 0),
    "logical_and": lambda x, y: _truth((_rank(x) != 0) & (_rank(y) != 0)),
    "logical_or": lambda x, y: _truth((_rank(x) != 0) | (_rank(y) != 0)),
    "logical_xor": lambda x, y: _truth((_rank(x) != 0) != (_rank(y) != 0)),
    "floor": floor,
    "ceil": ceil,
    "trunc": trunc,
    "rint": rint,
    "modf_fraction": modf_fraction,
    "add": add,
    "subtract": subtract,
    "multiply": multiply,
    "divide": divide,
    "squared_difference": _squared_difference,
    "xdivy": _xdivy,
    "maximum": lambda x, y: _extreme(x, y, True),
    "minimum": lambda x, y: _extreme(x, y, False),
    "fmax": lambda x, y: _extreme(x, y, True),
    "fmin": lambda x, y: _extreme(x, y, False),
    "copysign": lambda x, y: of_values(_sign_bits(x, y)),
    "heaviside": _heaviside,
    "less": lambda x, y: _truth(_rank(x) < _rank(y)),
    "less_equal": lambda x, y: _truth(_rank(x) <= _rank(y)),
    "greater": lambda x, y: _truth(_rank(x) > _rank(y)),
    "greater_equal": lambda x, y: _truth(_rank(x) >= _rank(y)),
    "equal": lambda x, y: _truth(_rank(x) == _rank(y)),
    "not_equal": lambda x, y: _truth(_rank(x) != _rank(y)),
}
