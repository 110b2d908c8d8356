"""Exact sums of products: each judged element is a sum over two lanes, accumulated without any rounding.

Every product is an unevaluated sum of two float64 numbers (Dekker 1971; exact here because mantissas are multiplied and
exponents added apart, so that nothing over- or underflows), and ``math.fsum`` adds them (Shewchuk 1997). Lanes whose
exponents are too far apart for that are added as integers.
"""

from __future__ import annotations

from fractions import Fraction
from math import prod
from typing import Any

import numpy as np
from numpy.typing import NDArray

from reportgen.core.dtypes import DTYPES, ComplexFormat
from reportgen.core.floats import F64, I64, Exact
from reportgen.core.problems import Arrays
from reportgen.oracle.arrays.reference import ArrayReference, chosen_positions
from reportgen.oracle.arrays.sums import exact_sum

WORK = 600_000
"""Products that are added exactly for one problem: of long lanes fewer elements are judged."""
SPREAD = 900
"""Products of one lane whose exponents differ by no more than this are scaled alike without losing a bit."""
SINGLE = 24
"""Products of two numbers with so many bits (and exponents of at most eight) are float64 numbers."""
_SPLITTER = 2.0**27 + 1.0
_LARGEST = float(np.finfo(np.float64).max)

Values = NDArray[Any]


def contraction(
    x: Values, y: Values, pattern: str, arrays: Arrays, limit: int, conjugated: bool = False
) -> dict[str, ArrayReference]:
    """The sums of products that an einsum pattern of two operands names (``ij,jk->ik``), at chosen positions.

    ``conjugated``: of a complex first operand the conjugate is taken. C = Σ|xᵢ||yᵢ|. NaN and infinities are multiplied
    and added as IEEE 754 does (real operands only); a zero may have either sign.
    """
    shape, length = sizes(x, y, pattern)
    chosen = chosen_positions(shape, max(1, min(limit, WORK // max(length, 1))), pattern)
    a, b = lanes(x, y, pattern, chosen)
    fmt = DTYPES[arrays.dtype]
    with np.errstate(over="ignore", invalid="ignore"):
        condition = np.minimum((np.abs(a) * np.abs(b)).sum(axis=1), _LARGEST)
    condition[~(np.isfinite(a) & np.isfinite(b)).all(axis=1)] = np.nan
    if not isinstance(fmt, ComplexFormat):
        return {"": ArrayReference(shape, chosen, sums(a, b, fmt.p), condition, "rational")}
    real, imag = complex_sums(a, b, fmt.part.p, conjugated)
    return {"": ArrayReference(shape, chosen, real, condition, "rational", imag)}


def _parsed(pattern: str) -> tuple[str, str, str, str]:
    """Labels of both operands, of the result, and those that are summed over."""
    given, _, out = pattern.partition("->")
    left, _, right = given.partition(",")
    summed = "".join(dict.fromkeys(label for label in left + right if label not in out))
    return left, right, out, summed


def sizes(x: Values, y: Values, pattern: str) -> tuple[tuple[int, ...], int]:
    """The result's shape and the number of products in each element. Raises ValueError where the shapes do not fit."""
    left, right, out, summed = _parsed(pattern)
    if len(left) != x.ndim or len(right) != y.ndim:
        raise ValueError(f"{pattern} does not fit shapes {x.shape} and {y.shape}")
    size: dict[str, int] = {}
    for label, n in zip(left + right, x.shape + y.shape, strict=True):
        if size.setdefault(label, n) != n:
            raise ValueError(f"{pattern} does not fit shapes {x.shape} and {y.shape}")
    return tuple(size[label] for label in out), prod(size[label] for label in summed)


def lanes(x: Values, y: Values, pattern: str, positions: I64) -> tuple[Values, Values]:
    """The factors of the chosen elements: two arrays of shape (elements, products)."""
    left, right, out, summed = _parsed(pattern)
    size = dict(zip(left + right, x.shape + y.shape, strict=True))
    shape, count = sizes(x, y, pattern)
    place: dict[str, Any] = {}
    if out:
        for label, index in zip(out, np.unravel_index(positions, shape), strict=True):
            place[label] = index[:, None]
    if summed:
        for label, index in zip(summed, np.unravel_index(np.arange(count), [size[s] for s in summed]), strict=True):
            place[label] = index[None, :]
    a = x[tuple(place[label] for label in left)]
    b = y[tuple(place[label] for label in right)]
    wanted = len(positions), count
    return np.broadcast_to(a, wanted), np.broadcast_to(b, wanted)


def complex_sums(a: Values, b: Values, p: int, conjugated: bool) -> tuple[Exact, Exact]:
    """Real and imaginary parts of the sums of complex products, each a real sum of twice the length."""
    sign = -1.0 if conjugated else 1.0
    real = sums(np.concatenate([a.real, -sign * a.imag], 1), np.concatenate([b.real, b.imag], 1), p)
    imag = sums(np.concatenate([a.real, sign * a.imag], 1), np.concatenate([b.imag, b.real], 1), p)
    return real, imag


def sums(a: F64, b: F64, p: int) -> Exact:
    """The exact sum of ``a * b`` along the last axis for values of ``p`` bits."""
    out = Exact.empty(len(a))
    finite = (np.isfinite(a) & np.isfinite(b)).all(axis=1)
    for i in np.flatnonzero(finite).tolist():
        out.put(slice(i, i + 1), _single_sum(a[i], b[i]) if p <= SINGLE else double_sum(a[i], b[i]))
    for i in np.flatnonzero(~finite).tolist():
        with np.errstate(all="ignore"):
            ordinary = np.isfinite(a[i]) & np.isfinite(b[i])
            out.hi[i] = np.where(ordinary, 0.0, a[i] * b[i]).sum()
    out.either_zero[:] = out.hi == 0
    return out


def _single_sum(a: F64, b: F64) -> Exact:
    out = Exact.empty(1)
    out.hi[0], out.lo[0], out.rem[0] = exact_sum((a * b).tolist())
    return out


def double_sum(a: F64, b: F64) -> Exact:
    """The exact sum of products of finite float64 numbers."""
    (ma, ea), (mb, eb) = np.frexp(a), np.frexp(b)
    exponent = ea.astype(np.int64) + eb
    used = (ma != 0) & (mb != 0)
    if not used.any():
        return Exact.empty(1)
    ma, mb, exponent = ma[used], mb[used], exponent[used]
    top = int(exponent.max())
    if top - int(exponent.min()) > SPREAD:
        return integer_sum(ma, mb, exponent)
    high = ma * mb
    low = _rest_of_product(ma, mb, high)
    shift = (exponent - top).astype(np.int32)
    terms = np.concatenate([np.ldexp(high, shift), np.ldexp(low[low != 0], shift[low != 0])])
    out = Exact.empty(1)
    out.hi[0], out.lo[0], out.rem[0] = exact_sum(terms.tolist())
    out.exp2[0] = top if out.hi[0] else 0
    return out


def _rest_of_product(a: F64, b: F64, product: F64) -> F64:
    """a·b − fl(a·b) exactly, for numbers in [1/2, 1) (Dekker's product with Veltkamp's splitting)."""
    a1, b1 = (_SPLITTER * v - (_SPLITTER * v - v) for v in (a, b))
    a2, b2 = a - a1, b - b1
    return np.asarray(((a1 * b1 - product) + a1 * b2 + a2 * b1) + a2 * b2)


def integer_sum(ma: F64, mb: F64, exponent: I64) -> Exact:
    """The exact sum of ma·mb·2^exponent for mantissas in [1/2, 1), as integers of any length."""
    least = int(exponent.min())
    left, right = (np.ldexp(m, 53).astype(np.int64).tolist() for m in (ma, mb))
    total = sum((i * j) << (e - least) for i, j, e in zip(left, right, exponent.tolist(), strict=True))
    out = Exact.empty(1)
    if total:
        shift = abs(total).bit_length() - 1
        scaled = Fraction(total, 1 << shift)
        out.hi[0] = float(scaled)
        rest = scaled - Fraction(out.hi[0])
        out.lo[0] = float(rest)
        rest -= Fraction(out.lo[0])
        out.rem[0] = (rest > 0) - (rest < 0)
        out.exp2[0] = shift + least - 106
    return out
