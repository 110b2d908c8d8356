"""Exact complex values with what a standard leaves open, and the kinds of parts from which they are made."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import NDArray

from reportgen.catalogue.complexpatterns import (
    FIXED,
    FREE_SIGN,
    INFINITY,
    NOT_A_NUMBER,
    OPEN,
    PARTS,
    is_infinity,
    is_nan,
)
from reportgen.core.floats import I64, Bool, Exact
from reportgen.oracle import kernels
from reportgen.oracle.rationals import put
from reportgen.oracle.settle import Point, settle_rational

C128 = NDArray[np.complex128]
I8 = NDArray[np.int8]


@dataclass(frozen=True)
class Marker:
    """A part that is no number to be settled."""

    name: str


EITHER = Marker("a zero whose sign nothing fixes")
NOTHING = Marker("a part of which nothing is required")
LATER = Marker("a part that this precision does not decide")

ExactPart = float | Fraction | Point | Marker
"""A part known exactly: a float (zeros with their sign), a rational, a settled point, or a marker."""


@dataclass
class ComplexExact:
    """Exact values of complex points: both parts, and per part and for the whole what is required of a result.

    ``free_re`` and ``free_im`` hold FIXED, FREE_SIGN or OPEN, ``whole`` PARTS, INFINITY or NOT_A_NUMBER
    (:mod:`reportgen.catalogue.complexpatterns`). ``exponent`` is floor(log2 |z|) (:mod:`modulus`), 0 where z is
    zero, infinite or NaN. Real results stand in ``re``, and ``im`` is OPEN.
    """

    re: Exact
    im: Exact
    free_re: I8
    free_im: I8
    whole: I8
    exponent: I64

    @classmethod
    def empty(cls, n: int) -> ComplexExact:
        re, im, whole = (np.zeros(n, np.int8) for _ in range(3))
        return cls(Exact.empty(n), Exact.empty(n), re, im, whole, np.zeros(n, np.int64))

    def __len__(self) -> int:
        return len(self.re)

    def fields(self) -> Iterator[Any]:
        yield from (self.re, self.im, self.free_re, self.free_im, self.whole, self.exponent)

    def __getitem__(self, index: Any) -> ComplexExact:
        return ComplexExact(*(f[index] for f in self.fields()))

    def put(self, index: Any, other: ComplexExact) -> None:
        """Assign ``other`` at ``index`` in place."""
        for mine, theirs in zip(self.fields(), other.fields(), strict=True):
            if isinstance(mine, Exact):
                mine.put(index, theirs)
            else:
                mine[index] = theirs

    @classmethod
    def concatenate(cls, parts: list[ComplexExact]) -> ComplexExact:
        columns = zip(*(p.fields() for p in parts), strict=True)
        joined: list[Any] = [
            Exact.concatenate(list(c)) if isinstance(c[0], Exact) else np.concatenate(c) for c in columns
        ]
        return cls(*joined)

    @property
    def undecided(self) -> Bool:
        """Where a part that matters is undecided."""
        re = self.re.undecided & (self.free_re != OPEN)
        return np.asarray(re | (self.im.undecided & (self.free_im != OPEN)))

    def part(self, number: int) -> tuple[Exact, I8]:
        """The real (0) or imaginary (1) part and what is free of it."""
        return (self.re, self.free_re) if number == 0 else (self.im, self.free_im)

    def store(self, index: int, number: int, part: ExactPart) -> None:
        """Put a part that is known exactly."""
        exact, free = self.part(number)
        if part is EITHER:
            exact.either_zero[index] = True
            return
        if part is NOTHING:
            free[index], exact.hi[index] = OPEN, np.nan
            return
        assert not isinstance(part, Marker)
        if isinstance(part, Point):
            put(exact, index, part)
            exact.either_zero[index] = part.hi == 0
        elif isinstance(part, float) and part == 0:
            exact.hi[index] = part
        else:
            point = settle_rational(*Fraction(part).as_integer_ratio())
            put(exact, index, point)
            exact.either_zero[index] = point.hi == 0


def of_floats(values: Any) -> Exact:
    """Exact values that are binary64 numbers, in canonical form; NaN, infinities and signs of zeros are kept."""
    out, _ = kernels.canonical(kernels.of_values(np.asarray(values, np.float64)))
    return out


def granted(y: ComplexExact, computed: C128) -> ComplexExact:
    """The exact values with every freedom resolved in favour of ``computed`` (complex128), where that uses it.

    What remains is to be met exactly: an open part becomes the computed one, a free sign the computed sign, and "an
    infinity" or "a NaN" the computed number if it is one.
    """
    out = y[np.arange(len(y))]
    whole = ((y.whole == INFINITY) & is_infinity(computed)) | ((y.whole == NOT_A_NUMBER) & is_nan(computed))
    for number, values in ((0, computed.real), (1, computed.imag)):
        exact, free = out.part(number)
        given = np.flatnonzero((free == OPEN) | whole)
        exact.put(given, of_floats(values[given]))
        loose = (free == FREE_SIGN) & ~whole
        matched = loose & ((exact.hi == 0) | np.isinf(exact.hi)) & ~np.isnan(values)
        exact.hi = np.where(matched, np.copysign(exact.hi, values), exact.hi)
        exact.either_zero = exact.either_zero | (loose & (exact.hi == 0))
    return out


__all__ = [
    "EITHER", "FIXED", "FREE_SIGN", "INFINITY", "LATER", "NOTHING", "NOT_A_NUMBER", "OPEN", "PARTS", "ComplexExact",
    "ExactPart", "Marker", "granted", "of_floats",
]  # fmt: skip
