"""Binary floating-point formats: ordinals, ulp, rounding of exact values, regimes.

Values of every format travel as ``float64`` arrays (each format here embeds exactly in binary64); stored
arrays use :attr:`Format.storage` (bfloat16 as its 16-bit pattern). Exact values are :class:`Exact`.

Source for ulp, rounding and faithful rounding: J.-M. Muller et al., *Handbook of Floating-Point
Arithmetic*, 2nd ed. (2018), sections 2.1 to 2.3.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from reportgen.core.model import FLOAT_DTYPES as FLOAT_DTYPES

F64 = NDArray[np.float64]
I64 = NDArray[np.int64]
Bool = NDArray[np.bool_]

SATURATED_SCORE = 2.0**1023
"""Scores (in ulp) are cut off here; a score that large is printed with ``≥``."""

EXPONENT_LIMIT = 1 << 15
"""Exact values outside 2^±32768 are stored at that bound: far outside every format here."""


@dataclass(frozen=True)
class Format:
    """A binary format with ``p`` significand bits and exponents ``emin`` to ``emax`` (of normal numbers)."""

    name: str
    p: int
    emin: int
    emax: int
    bits: int

    @property
    def storage(self) -> np.dtype[Any]:
        """The NumPy dtype in which arrays of this format are exchanged as raw bytes."""
        names = {"bool": "u1", "float16": "<f2", "bfloat16": "<u2", "float32": "<f4", "float64": "<f8"}
        return np.dtype(names[self.name])

    @cached_property
    def max_finite(self) -> float:
        return float((2 - 2.0 ** (1 - self.p)) * 2.0**self.emax)

    @cached_property
    def min_normal(self) -> float:
        return float(2.0**self.emin)

    @cached_property
    def min_subnormal(self) -> float:
        return float(2.0 ** (self.emin - self.p + 1))

    @cached_property
    def inf_ordinal(self) -> int:
        """Ordinal of +inf: one more than that of the largest finite value."""
        return (self.emax - self.emin + 2) << (self.p - 1)

    # -- raw bytes ---------------------------------------------------------------------------------
    def decode(self, stored: NDArray[Any]) -> F64:
        """Values of an array in :attr:`storage` form, exactly, as float64."""
        if self.name == "bfloat16":
            widened = stored.astype(np.uint32) << np.uint32(16)
            with np.errstate(invalid="ignore"):  # signalling NaNs
                return widened.view(np.float32).astype(np.float64)
        with np.errstate(invalid="ignore"):
            return stored.astype(np.float64)

    def encode(self, values: F64) -> NDArray[Any]:
        """Inverse of :meth:`decode`; the values must be representable (NaNs become the quiet NaN)."""
        values = np.asarray(values, dtype=np.float64)
        with np.errstate(over="ignore", under="ignore", invalid="ignore"):
            if self.name == "bfloat16":
                return (values.astype(np.float32).view(np.uint32) >> np.uint32(16)).astype("<u2")
            return values.astype(self.storage)

    def is_representable(self, values: F64) -> Bool:
        """True where a value (NaN and infinities included) belongs to the format."""
        values = np.asarray(values, dtype=np.float64)
        back = self.decode(self.encode(values))
        return np.asarray((back == values) | np.isnan(values))

    # -- ordinals ----------------------------------------------------------------------------------
    def ordinal(self, values: F64) -> I64:
        """Signed position in the format's order: ±0 ↦ 0, neighbours differ by 1, ±inf ↦ ±:attr:`inf_ordinal`.

        NaN is mapped to ``inf_ordinal + 1``.
        """
        values = np.asarray(values, dtype=np.float64)
        magnitude = np.abs(values)
        if self.name == "float64":
            raw = magnitude.view(np.int64).copy()
        else:
            finite = np.where(np.isfinite(magnitude), magnitude, 0.0)
            _mantissa, exponent = np.frexp(finite)
            e = np.maximum(exponent.astype(np.int64) - 1, self.emin)
            scaled = np.ldexp(finite, (self.p - 1 - e).astype(np.int32)).astype(np.int64)
            raw = np.where(scaled == 0, 0, scaled + ((e - self.emin) << (self.p - 1)))
            raw = np.where(np.isinf(magnitude), self.inf_ordinal, raw)
        raw = np.where(np.isnan(values), self.inf_ordinal + 1, raw)
        return np.where(np.signbit(values) & ~np.isnan(values), -raw, raw)

    def from_ordinal(self, ordinals: I64) -> F64:
        """Values at the given ordinals (|ordinal| ≤ :attr:`inf_ordinal`); 0 gives +0."""
        ordinals = np.asarray(ordinals, dtype=np.int64)
        magnitude = np.abs(ordinals)
        if self.name == "float64":
            values = magnitude.view(np.float64).copy()
        else:
            field = magnitude >> (self.p - 1)
            fraction = magnitude & ((1 << (self.p - 1)) - 1)
            significand = np.where(field > 0, fraction + (1 << (self.p - 1)), fraction)
            exponent = np.maximum(field, 1) + self.emin - 1 - (self.p - 1)
            values = np.ldexp(significand.astype(np.float64), exponent.astype(np.int32))
            values = np.where(magnitude >= self.inf_ordinal, np.inf, values)
        return np.where(ordinals < 0, -values, values)

    # -- classification ----------------------------------------------------------------------------
    def is_subnormal(self, values: F64) -> Bool:
        magnitude = np.abs(values)
        return (magnitude > 0) & (magnitude < self.min_normal)


FORMATS: dict[str, Format] = {
    "bool": Format("bool", 1, 0, 0, 8),
    "float16": Format("float16", 11, -14, 15, 16),
    "bfloat16": Format("bfloat16", 8, -126, 127, 16),
    "float32": Format("float32", 24, -126, 127, 32),
    "float64": Format("float64", 53, -1022, 1023, 64),
}


@dataclass
class Exact:
    """Exact values, each (hi + lo)·2^exp2 plus a remainder of sign ``rem`` too small for ``lo``.

    ``hi`` is the value rounded to nearest binary64 (scaled by 2^-exp2), ``lo`` the rest rounded likewise;
    ``rem`` is -1, 0 or +1 and is 0 only if hi + lo is the value exactly. Infinities, NaN and signed zeros
    stand in ``hi``. ``either_zero`` marks zeros whose sign no standard or documentation fixes.
    ``undecided`` marks points that no enclosure settled; their numbers mean nothing.
    All arrays have the same one-dimensional shape.
    """

    hi: F64
    lo: F64
    exp2: NDArray[np.int32]
    rem: NDArray[np.int8]
    either_zero: Bool
    undecided: Bool

    @classmethod
    def empty(cls, n: int) -> Exact:
        return cls(
            np.zeros(n), np.zeros(n), np.zeros(n, np.int32), np.zeros(n, np.int8), np.zeros(n, bool), np.zeros(n, bool)
        )

    @classmethod
    def of_values(cls, values: F64) -> Exact:
        """Exact values that are themselves binary64 numbers (or inf, NaN, signed zero)."""
        out = cls.empty(len(values))
        out.hi = np.asarray(values, np.float64).copy()
        return out

    def __len__(self) -> int:
        return len(self.hi)

    def __getitem__(self, index: Any) -> Exact:
        return Exact(*(a[index] for a in self.arrays()))

    def arrays(self) -> Iterator[NDArray[Any]]:
        yield from (self.hi, self.lo, self.exp2, self.rem, self.either_zero, self.undecided)

    def put(self, index: Any, other: Exact) -> None:
        """Assign ``other`` at ``index`` in place."""
        for mine, theirs in zip(self.arrays(), other.arrays(), strict=True):
            mine[index] = theirs

    @classmethod
    def concatenate(cls, parts: list[Exact]) -> Exact:
        return cls(*(np.concatenate(arrays) for arrays in zip(*(p.arrays() for p in parts), strict=True)))


@dataclass
class Rounded:
    """Roundings of exact values to one format, as float64 values; ``exact`` where y is representable."""

    nearest: F64
    down: F64
    up: F64
    exact: Bool


def exponent_of(y: Exact) -> I64:
    """floor(log2 |y|), unclamped; 0 where y is zero, infinite or NaN."""
    hi = np.where(np.isfinite(y.hi), y.hi, 0.0)
    mantissa, exponent = np.frexp(hi)
    tail = np.where(y.lo != 0, np.sign(y.lo), y.rem)
    below_power = (np.abs(mantissa) == 0.5) & (tail * np.sign(hi) < 0)
    e = exponent.astype(np.int64) - 1 - below_power + y.exp2
    return np.where(hi == 0, 0, e)


def ulp_exponent(y: Exact, fmt: Format) -> I64:
    """q such that ulp(y) = 2^q, the exponent of y clamped to [emin, emax]; zero takes the smallest ulp."""
    e = np.where(y.hi == 0, fmt.emin, exponent_of(y))
    e = np.where(np.isinf(y.hi), fmt.emax, e)
    return np.clip(e, fmt.emin, fmt.emax) - (fmt.p - 1)


def scale(values: F64, exponent: I64 | NDArray[np.int32]) -> F64:
    """values · 2^exponent with exponents of any size (ldexp's own argument is an int32)."""
    with np.errstate(over="ignore", under="ignore"):
        return np.ldexp(values, np.clip(exponent, -5000, 5000).astype(np.int32))


def round_exact(y: Exact, fmt: Format) -> Rounded:
    """RN (ties to even), RD and RU of exact values in ``fmt``; infinities, NaN and zeros map to themselves.

    The sign of a zero result is that of y. Overflow follows IEEE 754: RN to infinity from
    max_finite + ulp/2 on, RD of a positive overflow is max_finite.
    """
    finite = np.isfinite(y.hi) & (y.hi != 0)
    q = np.maximum(exponent_of(y), fmt.emin) - (fmt.p - 1)
    shift = y.exp2.astype(np.int64) - q
    h = scale(np.where(finite, y.hi, 0.0), shift)
    huge = finite & (np.abs(h) > 2.0**60)
    h = np.where(huge, 0.0, h)
    base = np.rint(h)
    diff = h - base
    tail = np.where(y.lo != 0, np.sign(y.lo), y.rem.astype(np.float64))
    tail = np.where(finite & (h == 0) & (y.hi != 0), np.sign(y.hi), tail)
    tie = (np.abs(diff) == 0.5) & (tail != 0)
    nearest = np.where(tie, np.where(tail > 0, np.ceil(h), np.floor(h)), base)
    side = np.where(diff != 0, np.sign(diff), tail)
    exact = finite & (side == 0)
    down = np.where(side < 0, base - 1, base)
    up = np.where(side > 0, base + 1, base)

    def unscale(k: F64) -> F64:
        return np.copysign(scale(np.abs(k), q), np.where(k == 0, y.hi, k))

    out_nearest, out_down, out_up = unscale(nearest), unscale(down), unscale(up)
    top = fmt.max_finite
    over = np.abs(out_nearest) > top
    out_nearest = np.where(over | huge, np.copysign(np.inf, y.hi), out_nearest)
    positive = y.hi > 0
    out_down = np.where(huge | (np.abs(out_down) > top), np.where(positive, top, -np.inf), out_down)
    out_up = np.where(huge | (np.abs(out_up) > top), np.where(positive, np.inf, -top), out_up)
    other = ~finite
    return Rounded(
        np.where(other, y.hi, out_nearest),
        np.where(other, y.hi, out_down),
        np.where(other, y.hi, out_up),
        np.where(other, True, exact),
    )
