"""(computed, exact) → errors in ulp, regimes, special mismatches, and statistics that add exactly.

Definitions: design of the report, ``docs/methodology.md``; ulp after Muller et al., *Handbook of
Floating-Point Arithmetic*, 2nd ed., section 2.3.2, infinity placed at ±2^(emax+1).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction

import numpy as np

from reportgen.core.floats import (
    F64,
    I64,
    SATURATED_SCORE,
    Bool,
    Exact,
    Format,
    Rounded,
    round_exact,
    scale,
    ulp_exponent,
)
from reportgen.core.model import REGIMES

REGIME_INDEX = {name: i for i, name in enumerate(REGIMES)}

FINE_BINS = 1024
"""Histogram bins of 1/256 ulp from 0 to 4 ulp; beyond, 16 bins an octave."""
COARSE_PER_OCTAVE = 16
COARSE_OCTAVES = 1022
HISTOGRAM_BINS = FINE_BINS + COARSE_PER_OCTAVE * COARSE_OCTAVES


@dataclass
class Scores:
    """Per sample: signed error in ulp (NaN where undefined), regime index, and flags. One-dimensional arrays."""

    signed: F64
    regime: I64
    mismatch: Bool
    correct: Bool
    faithful: Bool
    undecided: Bool

    @property
    def magnitude(self) -> F64:
        return np.abs(self.signed)

    def __len__(self) -> int:
        return len(self.signed)


def signed_ulp_error(computed: F64, y: Exact, fmt: Format) -> F64:
    """(ŷ - y) / ulp(y) as float64, saturated at ±2^1023; NaN where either is NaN.

    Accurate to about 2^-52 relative: candidates for a maximum are scored again in exact arithmetic.
    """
    return scaled_error(computed, y, ulp_exponent(y, fmt), fmt)


def scaled_error(computed: F64, y: Exact, q: I64, fmt: Format) -> F64:
    """(ŷ - y) / 2^q as float64, both clamped to ±2^(emax+1) first, saturated at ±2^1023; NaN where either is NaN."""
    bound = np.ldexp(1.0, (fmt.emax + 1 - q).astype(np.int32).clip(-5000, 1023))
    top = np.where(fmt.emax + 1 - q > 1023, SATURATED_SCORE, bound)
    with np.errstate(all="ignore"):
        c = np.clip(scale(computed, -q), -top, top)
        shift = y.exp2.astype(np.int64) - q
        hi = scale(y.hi, shift)
        # hi may be rounded onto the bound: then lo says on which side of it the exact value lies.
        clamped = (np.abs(hi) > top) | ((np.abs(hi) == top) & (np.sign(y.lo) == np.sign(hi)))
        hi = np.clip(hi, -top, top)
        lo = np.where(clamped | np.isinf(y.hi), 0.0, scale(y.lo, shift))
        error = (c - hi) - lo
    return np.clip(error, -SATURATED_SCORE, SATURATED_SCORE)


def classify_regime(
    args: tuple[F64, ...], y: Exact, rounded: Rounded, computed: F64, fmt: Format, in_fmt: Format
) -> I64:
    """Index into ``REGIMES``; first match wins."""
    special_input = np.zeros(len(y), bool)
    subnormal_input = np.zeros(len(y), bool)
    for a in args:
        special_input |= ~np.isfinite(a)
        subnormal_input |= in_fmt.is_subnormal(a)
    special = special_input | ~np.isfinite(y.hi)
    overflow = np.isinf(rounded.nearest) | np.isinf(computed)
    # By exponents: hi·2^exp2 as float64 would round a value just below the smallest normal onto it.
    mantissa, power = np.frexp(y.hi)
    power = power.astype(np.int64) - 1 + y.exp2
    nonzero = (y.hi != 0) & np.isfinite(y.hi)
    tail = np.where(y.lo != 0, np.sign(y.lo), y.rem) * np.sign(y.hi)
    at_edge = (power == fmt.emin) & (np.abs(mantissa) == 0.5)
    tiny = nonzero & ((power < fmt.emin) | (at_edge & (tail < 0)))
    return np.select(
        [special, overflow, tiny, subnormal_input],
        [REGIME_INDEX[r] for r in ("special", "overflow-edge", "subnormal-result", "subnormal-input")],
        REGIME_INDEX["normal"],
    ).astype(np.int64)


def score(args: tuple[F64, ...], computed: F64, y: Exact, fmt: Format, in_fmt: Format) -> Scores:
    """Judge computed values (float64, representable in ``fmt``) against exact ones.

    ``in_fmt`` is the format of the arguments, ``fmt`` that of the result.
    """
    rounded = round_exact(y, fmt)
    nan_c, nan_y = np.isnan(computed), np.isnan(y.hi)
    same_sign = (np.signbit(computed) == np.signbit(rounded.nearest)) | ((y.hi == 0) & y.either_zero)
    correct = (nan_c & nan_y) | ((computed == rounded.nearest) & same_sign)
    in_bracket = ((computed == rounded.down) | (computed == rounded.up)) & (same_sign | (computed != 0))
    faithful = np.where(rounded.exact, correct, correct | in_bracket)
    mismatch = nan_c != nan_y
    numbers = ~(nan_c | nan_y)
    mismatch |= numbers & (np.isinf(computed) != np.isinf(rounded.nearest))
    sign_matters = ((computed == 0) & (rounded.nearest == 0)) | (np.isinf(computed) & np.isinf(rounded.nearest))
    mismatch |= numbers & sign_matters & ~same_sign
    signed = signed_ulp_error(computed, y, fmt)
    regime = classify_regime(args, y, rounded, computed, fmt, in_fmt)
    known = ~y.undecided
    return Scores(
        np.where(known, signed, np.nan), regime, mismatch & known, correct & known, faithful & known, y.undecided.copy()
    )


# -- exact accumulation ----------------------------------------------------------------------------
@dataclass
class ExactSum:
    """A sum of float64 numbers held exactly, as ``value``·2^-UNIT, so that sums add in any order."""

    UNIT = 2300
    value: int = 0

    def add(self, numbers: F64) -> None:
        """Add finite numbers."""
        mantissa, exponent = np.frexp(np.asarray(numbers, np.float64))
        self.add_scaled(mantissa, exponent.astype(np.int64))

    def add_squares(self, numbers: F64) -> None:
        """Add each number's square, rounded to 53 bits (of any exponent: squares do not overflow here)."""
        mantissa, exponent = np.frexp(np.asarray(numbers, np.float64))
        square, more = np.frexp(mantissa * mantissa)
        self.add_scaled(square, 2 * exponent.astype(np.int64) + more)

    def add_scaled(self, mantissa: F64, exponent: I64) -> None:
        """Add mantissa · 2^exponent, the mantissas of at most 53 bits and below 1 in magnitude."""
        if not len(mantissa):
            return
        whole = (mantissa * 2.0**53).astype(np.int64)
        high, low = whole >> 26, whole & ((1 << 26) - 1)
        lowest = int(exponent.min())
        position = exponent - lowest
        # Each half is below 2^27 in magnitude, so 2^26 of them add exactly in float64.
        for half, extra in ((high, 26), (low, 0)):
            sums = np.bincount(position, weights=half.astype(np.float64))
            for level in np.flatnonzero(sums).tolist():
                self.value += int(sums[level]) << (lowest + level - 53 + extra + self.UNIT)

    def __iadd__(self, other: ExactSum) -> ExactSum:
        self.value += other.value
        return self

    def fraction(self) -> Fraction:
        return Fraction(self.value, 1 << self.UNIT)


def histogram_bin(magnitude: F64) -> I64:
    """Bin index of |error|: 1/256-ulp bins below 4 ulp, then 16 an octave."""
    fine = np.floor(np.minimum(magnitude, 4.0) * 256).astype(np.int64)
    with np.errstate(divide="ignore"):
        mantissa, exponent = np.frexp(np.maximum(magnitude, 4.0))
    step = np.floor((mantissa * 2 - 1) * COARSE_PER_OCTAVE).astype(np.int64)
    coarse = FINE_BINS + (exponent.astype(np.int64) - 3) * COARSE_PER_OCTAVE + step
    return np.asarray(
        np.minimum(np.where(magnitude < 4.0, np.minimum(fine, FINE_BINS - 1), coarse), HISTOGRAM_BINS - 1)
    )


def bin_edges(index: int) -> tuple[float, float]:
    """Lower and upper edge, in ulp, of a histogram bin."""
    if index < FINE_BINS:
        return index / 256, (index + 1) / 256
    octave, step = divmod(index - FINE_BINS, COARSE_PER_OCTAVE)
    base = 2.0 ** (octave + 2)
    return base * (1 + step / COARSE_PER_OCTAVE), base * (1 + (step + 1) / COARSE_PER_OCTAVE)


@dataclass
class Statistics:
    """What is kept of many scores. ``a += b`` gives bit-identically the statistics of both together."""

    samples: int = 0
    scored: int = 0
    correct: int = 0
    faithful: int = 0
    mismatches: int = 0
    undecided: int = 0
    total: ExactSum = field(default_factory=ExactSum)
    signed_total: ExactSum = field(default_factory=ExactSum)
    squares: ExactSum = field(default_factory=ExactSum)
    bins: dict[int, int] = field(default_factory=dict)
    """Signed histogram: bin index + 1, negative for negative errors; exact zero errors are bin 0."""

    @classmethod
    def of(cls, s: Scores, select: Bool) -> Statistics:
        """Statistics of the selected samples; special mismatches and undecided points only counted."""
        out = cls(samples=int(select.sum()))
        out.correct = int((s.correct & select).sum())
        out.faithful = int((s.faithful & select).sum())
        out.mismatches = int((s.mismatch & select).sum())
        out.undecided = int((s.undecided & select).sum())
        signed = s.signed[select & ~s.mismatch & np.isfinite(s.signed)]
        out.scored = len(signed)
        out.total.add(np.abs(signed))
        out.signed_total.add(signed)
        out.squares.add_squares(signed)
        index = (histogram_bin(np.abs(signed)) + 1) * np.sign(signed).astype(np.int64)
        counts = np.bincount(index + HISTOGRAM_BINS)
        out.bins = {int(k) - HISTOGRAM_BINS: int(counts[k]) for k in np.flatnonzero(counts)}
        return out

    def __iadd__(self, other: Statistics) -> Statistics:
        for name in ("samples", "scored", "correct", "faithful", "mismatches", "undecided"):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        self.total += other.total
        self.signed_total += other.signed_total
        self.squares += other.squares
        for key, count in other.bins.items():
            self.bins[key] = self.bins.get(key, 0) + count
        return self

    def mean(self) -> float | None:
        return rounded_float(self.total.fraction() / self.scored) if self.scored else None

    def bias(self) -> float | None:
        return rounded_float(self.signed_total.fraction() / self.scored) if self.scored else None

    def rms(self) -> float | None:
        """Square root of the mean square, correct to the last bit or the one beside it."""
        if not self.scored:
            return None
        mean_square = self.squares.fraction() / self.scored
        return rounded_float(fraction_sqrt(mean_square))

    def histogram(self) -> list[list[float]]:
        """Non-empty bins as [low, high, count], signed errors in ulp, ascending."""
        rows = []
        for key in sorted(self.bins):
            low, high = bin_edges(abs(key) - 1) if key else (0.0, 0.0)
            low, high = (-high, -low) if key < 0 else (low, high)
            rows.append([low, high, self.bins[key]])
        return rows


def rounded_float(value: Fraction) -> float:
    """The nearest float64, saturated at ±2^1023."""
    limit = Fraction(2) ** 1023
    return float(max(-limit, min(limit, value)))


def fraction_sqrt(value: Fraction, bits: int = 80) -> Fraction:
    """Square root of a non-negative fraction with a relative error below 2^-bits."""
    import math

    if value == 0:
        return Fraction(0)
    shift = 2 * bits + 2 - (value.numerator.bit_length() - value.denominator.bit_length())
    shift += shift % 2
    scaled = value * Fraction(2) ** shift
    return Fraction(math.isqrt(scaled.numerator // scaled.denominator)) / Fraction(2) ** (shift // 2)


def percentile(sorted_magnitudes: F64, share: Fraction) -> float | None:
    """Nearest-rank percentile of ascending values: the smallest one with at least ``share`` of all at or below it."""
    n = len(sorted_magnitudes)
    if n == 0:
        return None
    rank = -(-share.numerator * n // share.denominator)
    return float(sorted_magnitudes[max(rank, 1) - 1])
