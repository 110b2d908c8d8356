"""The binade of |z| = |x + iy|, which decides the ulp of a whole: exp(1e-300 + 2i) is just above 1, exp(-1e-300 + 2i)
just below, and 106 bits of each part do not tell them apart.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

import numpy as np

from reportgen.core.floats import F64, I64, Bool, exponent_of, scale
from reportgen.oracle.complexes.values import ComplexExact
from reportgen.oracle.exact import exact_value

NEAR_POWER = 2.0**-40
UNCLEAR = Fraction(1, 2**98)
"""Nearer than this to a power of two, hi + lo of inexact parts say nothing."""

Sides = Callable[[I64, list[int]], list[int]]
"""For points and exponents k: -1 where |z| < 2^k, 1 where it is not (or cannot be told from it)."""


def fill_exponents(y: ComplexExact, sides: Sides | None = None) -> None:
    """Set ``y.exponent`` to floor(log2 |z|) in place; 0 where z is zero, infinite or NaN.

    Next to powers of two rationals decide, and where the parts are not exact and 106 bits of them not enough, ``sides``
    (points that it cannot tell from a power of two count as that power).
    """
    known, top, scaled = _scaled(y)
    mantissa, power = np.frexp(np.hypot(*scaled))
    out = np.where(known, top + power - 1, 0).astype(np.int64)
    near = np.flatnonzero(known & ((mantissa < 0.5 * (1 + NEAR_POWER)) | (mantissa > 1 - NEAR_POWER)))
    asked: list[int] = []
    powers: list[int] = []
    for i in near.tolist():
        k = int(out[i] + (mantissa[i] > 0.75))
        side = _side(y[i : i + 1], k)
        if side == 0 and sides is not None:
            asked.append(i)
            powers.append(k)
        out[i] = k if side >= 0 else k - 1
    if asked and sides is not None:
        found = sides(np.array(asked, np.int64), powers)
        out[asked] = [k if side > 0 else k - 1 for k, side in zip(powers, found, strict=True)]
    y.exponent = out


def _scaled(y: ComplexExact) -> tuple[Bool, I64, list[F64]]:
    """Where |z| is a positive number, the larger exponent of its parts, and the parts scaled by it."""
    sizes, clean = [], []
    for part in (y.re, y.im):
        number = np.isfinite(part.hi) & (part.hi != 0) & ~part.undecided
        sizes.append(np.where(number, exponent_of(part), np.iinfo(np.int32).min))
        clean.append(np.where(number, part.hi, 0.0))
    top = np.maximum(*sizes)
    known = top > np.iinfo(np.int32).min
    for part in (y.re, y.im):
        known &= ~np.isinf(part.hi)
    top = np.where(known, top, 0)
    return known, top, [scale(hi, part.exp2 - top) for hi, part in zip(clean, (y.re, y.im), strict=True)]


def _side(y: ComplexExact, k: int) -> int:
    """-1, 1: |z| below 2^k or not; 0: not to be told from hi + lo."""
    parts = [exact_value(part) if np.isfinite(part.hi[0]) else Fraction(0) for part in (y.re, y.im)]
    square = (parts[0] ** 2 + parts[1] ** 2) / Fraction(4) ** k
    exact = all(part.rem[0] == 0 for part in (y.re, y.im))
    if not exact and abs(square - 1) < UNCLEAR:
        return 0
    return -1 if square < 1 else 1
