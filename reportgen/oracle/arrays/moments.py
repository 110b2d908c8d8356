"""Exact variances, deviations and norms: rational numbers and their square roots, by integers alone.

Σx and Σx² are accumulated as integers in units of 2^-2300 (squares of float64 numbers as two float64 numbers each,
Dekker 1971); the variance (n·Σx² − (Σx)²)/n² is then a quotient of integers and a root is enclosed by ``isqrt``.
Nothing is rounded before the value is settled.

Conditions. *norm*: |y|. *var*: Chan, Golub & LeVeque, *Algorithms for computing the sample variance*, Amer. Statist. 37
(1983), with κ = ‖x‖₂/√S, S = Σ(xᵢ − x̄)²: data that change by one part in 1/u change S by up to 2κuS + (κu)²S (Higham,
*Accuracy and Stability*, 2nd ed., §1.9, problem 1.7: κ_N = 2κ), so that C = 2·σ·r + u·r², r the root of the mean
square. *std*: √(σ² + 2κuσ² + (κu)²σ²) = σ + u·r, so that C = r. No C is below the smallest normal number, under which
half the smallest subnormal is a rounding error like any other.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from math import isqrt

import numpy as np

from reportgen.core.dtypes import DTYPES
from reportgen.core.floats import F64, I64, Exact, Format, round_exact, scale
from reportgen.core.metrics import ExactSum
from reportgen.core.problems import Arrays
from reportgen.oracle.arrays.reference import ArrayReference, chosen_positions
from reportgen.oracle.arrays.sums import lanes, result_shape
from reportgen.oracle.kernels import multiply
from reportgen.oracle.rationals import put
from reportgen.oracle.settle import ZERO, Point, settle_interval, settle_rational

PIECE = 1 << 18
"""Elements that are accumulated at once, so that intermediate arrays stay small."""
OVERFLOW, UNDERFLOW = "overflow on the way", "underflow on the way"


@dataclass(frozen=True)
class Powers:
    """Σx, Σ|x| and Σx² of n finite float64 numbers, exactly."""

    n: int
    first: Fraction
    size: Fraction
    second: Fraction

    @classmethod
    def of(cls, lane: F64) -> Powers:
        """Of an array of one axis; a sum of squares costs about 0.15 s for a million elements."""
        plus, minus, square = ExactSum(), ExactSum(), ExactSum()
        for start in range(0, len(lane), PIECE):
            x = lane[start : start + PIECE]
            plus.add(x[x > 0])
            minus.add(x[x < 0])
            parts = multiply(x, x)
            square.add_scaled(*_shifted(parts.hi, parts.exp2))
            low = parts.lo != 0
            square.add_scaled(*_shifted(parts.lo[low], parts.exp2[low]))
        up, down = plus.fraction(), minus.fraction()
        return cls(len(lane), up + down, up - down, square.fraction())

    @property
    def deviation(self) -> Fraction:
        """Σ(x − x̄)²."""
        return self.second - self.first**2 / self.n


def _shifted(values: F64, exponents: I64) -> tuple[F64, I64]:
    mantissa, more = np.frexp(values)
    return mantissa, exponents + more.astype(np.int64)


def settle_root(value: Fraction) -> Point:
    """The :class:`Point` of the square root of a rational number >= 0; always settled."""
    if not value:
        return ZERO
    numerator, denominator = value.numerator, value.denominator
    bits = 192
    while True:
        shift = max(0, bits - (numerator.bit_length() - denominator.bit_length()) // 2)
        quotient, rest = divmod(numerator << (2 * shift), denominator)
        root = isqrt(quotient)
        inexact = rest != 0 or root * root != quotient
        settled = settle_interval(root, root + inexact, -shift)
        if settled is not None:
            return settled
        bits *= 2


def size_of(point: Point) -> float:
    """A settled value as float64 (infinite or 0 where it is beyond)."""
    return float(scale(np.array([point.hi]), np.array([point.exp2]))[0])


Solved = tuple[Point, float, dict[str, bool]]
"""The exact value, its condition, and which marks (``overflow on the way``) hold."""
Solve = Callable[[Powers, F64, Format], Solved]


def variance(powers: Powers, lane: F64, fmt: Format) -> Solved:
    """(1/n)·Σ(x − x̄)²."""
    value = powers.deviation / powers.n
    point, root = settle_rational(value.numerator, value.denominator), size_of(settle_root(powers.second / powers.n))
    with np.errstate(over="ignore"):
        condition = 2.0 * size_of(settle_root(value)) * root + 2.0**-fmt.p * np.float64(root) ** 2
    return point, float(condition), {OVERFLOW: _beyond(powers.deviation, fmt) or _beyond(powers.first, fmt)}


def deviation(powers: Powers, lane: F64, fmt: Format) -> Solved:
    """√((1/n)·Σ(x − x̄)²)."""
    point = settle_root(powers.deviation / powers.n)
    condition = size_of(settle_root(powers.second / powers.n))
    beyond = _beyond(powers.deviation, fmt) or _beyond(powers.first, fmt)
    return point, condition, {OVERFLOW: beyond, UNDERFLOW: _vanishes(lane, fmt)}


def norm(powers: Powers, lane: F64, fmt: Format) -> Solved:
    """√(Σx²)."""
    point = settle_root(powers.second)
    return point, size_of(point), {OVERFLOW: _beyond(powers.second, fmt), UNDERFLOW: _vanishes(lane, fmt)}


def norm1(powers: Powers, lane: F64, fmt: Format) -> Solved:
    """Σ|x|."""
    point = settle_rational(powers.size.numerator, powers.size.denominator)
    return point, size_of(point), {}


def _beyond(value: Fraction, fmt: Format) -> bool:
    return abs(value) > Fraction(fmt.max_finite)


def _vanishes(lane: F64, fmt: Format) -> bool:
    """Whether the square of every element is below the smallest normal number, and not all elements are 0."""
    return 0 < Fraction(float(np.abs(lane).max())) ** 2 < Fraction(fmt.min_normal)


def _unsettled(lane: F64, infinite: float) -> float | None:
    """The result of a lane that has no numbers to combine, or a NaN or an infinity among them; else None."""
    if np.isnan(lane).any():
        return float("nan")
    return infinite if np.isinf(lane).any() else None


def _reference(solve: Solve, empty: float, infinite: float) -> Callable[[Arrays, int], dict[str, ArrayReference]]:
    """``empty``: the value of an array without elements; ``infinite``: that of one with an infinity."""

    def find(arrays: Arrays, limit: int) -> dict[str, ArrayReference]:
        x, axis, fmt = arrays.values["x"], arrays.parameters.get("axis"), DTYPES[arrays.dtype]
        assert isinstance(fmt, Format)
        shape = result_shape(x, axis)
        chosen = chosen_positions(shape, limit, solve.__name__)
        exact, condition = Exact.empty(len(chosen)), np.full(len(chosen), np.nan)
        marks: dict[str, float] = {}
        rows = lanes(x, axis)
        for i, position in enumerate(chosen.tolist()):
            lane = rows[position]
            special = _unsettled(lane, infinite) if len(lane) else empty
            if special is not None:
                exact.hi[i] = special
                continue
            point, c, holds = solve(Powers.of(lane), lane, fmt)
            put(exact, i, point)
            condition[i] = max(c, fmt.min_normal)
            fits = np.isfinite(round_exact(exact[i : i + 1], fmt).nearest[0])
            marks |= {word: 1.0 for word, held in holds.items() if held and fits}
        return {"": ArrayReference(shape, chosen, exact, condition, "rational", extra=marks)}

    return find


REFERENCES = {
    "var": _reference(variance, float("nan"), float("nan")),
    "std": _reference(deviation, float("nan"), float("nan")),
    "norm": _reference(norm, 0.0, float("inf")),
    "norm1": _reference(norm1, 0.0, float("inf")),
}
