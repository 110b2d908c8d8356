"""Which complex inputs a case is measured on: both parts over their binades, circles, cuts, edges, NaN and infinities.

Base samples (the group ``ordinals``) take both parts from every binade, a half of them independently and a half of
comparable size. All values are complex128 arrays of values representable in the format of the parts.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product

import numpy as np
from numpy.typing import NDArray

from reportgen.core.floats import F64, Format
from reportgen.core.sampling import GROUPS, generator, log_uniform, related_pairs, stratified, uniform

C128 = NDArray[np.complex128]
Box = tuple[tuple[float, float], tuple[float, float]]

UNARY_BASE, UNARY_TYPICAL = 4096, 2048
BINARY_BASE, BINARY_TYPICAL = 2048, 1024
BAND = 256
"""Points of each kind of place where complex functions go wrong."""
GRID_LIMIT = 1536
"""Pairs taken from the grid of all special values of two arguments."""


def joined(re: F64, im: F64) -> C128:
    """Complex numbers of two parts, whatever they are (``re + 1j*im`` would turn infinities into NaN)."""
    out = np.empty(len(re), np.complex128)
    out.real, out.imag = re, im
    return out


def rounded(values: F64, fmt: Format) -> F64:
    """Values of the format, finite."""
    return fmt.decode(fmt.encode(np.clip(values, -fmt.max_finite, fmt.max_finite)))


def _signs(count: int, rng: np.random.Generator) -> F64:
    return rng.choice(np.array([-1.0, 1.0]), count)


def drawn(values: F64, count: int, rng: np.random.Generator) -> F64:
    """Exactly ``count`` of the values in random order, some repeated where there are too few."""
    return values[rng.permutation(max(len(values), count))[:count] % len(values)]


def strata(fmt: Format, count: int, rng: np.random.Generator) -> C128:
    """``count`` points: both parts from every binade, the second half with parts within 2^±6 of each other."""
    half = count // 2
    apart = [drawn(stratified(fmt, half, rng), half, rng) for _ in range(2)]
    near = related_pairs(fmt, half, rng)
    order = rng.permutation(max(len(near[0]), half))[:half] % len(near[0])
    return np.concatenate([joined(*apart), joined(*(part[order] for part in near))])


def circle(fmt: Format, count: int, rng: np.random.Generator) -> C128:
    """Points at distances down to a rounding error from the unit circle, axes included."""
    angle = rng.uniform(-np.pi, np.pi, count)
    angle[: count // 4] = rng.choice(np.arange(-4, 5) * np.pi / 2, count // 4) + np.exp2(
        rng.uniform(-60, -1, count // 4)
    )
    radius = 1 + _signs(count, rng) * np.exp2(rng.uniform(-fmt.p - 2, -2, count))
    return joined(rounded(radius * np.cos(angle), fmt), rounded(radius * np.sin(angle), fmt))


def edges(fmt: Format, count: int, rng: np.random.Generator) -> C128:
    """Points whose squares, sums of squares or doubles leave the format: near √max, max, √min and among subnormals."""
    bands = (
        (np.sqrt(fmt.max_finite) / 64, np.sqrt(fmt.max_finite) * 64),
        (fmt.max_finite / 16, fmt.max_finite),
        (np.sqrt(fmt.min_normal) / 64, np.sqrt(fmt.min_normal) * 64),
        (fmt.min_subnormal, fmt.min_normal * 16),
    )
    share = -(-count // len(bands))
    out = []
    for low, high in bands:
        re, im = (log_uniform(fmt, low, high, share, rng) * _signs(share, rng) for _ in range(2))
        other = rng.random(share)
        im = np.where(other < 0.15, drawn(stratified(fmt, share, rng), share, rng), np.where(other < 0.3, re, im))
        out.append(joined(re, im))
    return np.concatenate(out)[:count]


def along_cut(fmt: Format, axis: str, low: float, high: float, count: int, rng: np.random.Generator) -> C128:
    """Points on a branch cut with zeros of both signs beside it, and points closely above and below it."""
    least = fmt.min_subnormal
    reach = (max(abs(low), least), max(abs(high), least))
    size = log_uniform(fmt, min(reach), max(reach), count, rng)
    size[: count // 4] = rounded(np.clip(rng.uniform(-8, 8, count // 4), min(reach), max(reach)), fmt)
    if low < 0 < high:
        position = np.clip(size * _signs(count, rng), low, high)
    else:
        position = -size if high <= 0 else size
    beside = np.zeros(count)
    third = count // 3
    beside[third : 2 * third] = fmt.min_subnormal
    beside[2 * third :] = log_uniform(fmt, least, 2.0**-4, count - 2 * third, rng)
    beside = np.copysign(beside, _signs(count, rng))
    return joined(position, beside) if axis == "real" else joined(beside, position)


def around(fmt: Format, points: Sequence[tuple[F64, F64]]) -> C128:
    """All pairs of the neighbours of the parts of each critical point, zeros of both signs among them."""
    columns = [np.meshgrid(re, im, indexing="ij") for re, im in points]
    if not columns:
        return np.empty(0, np.complex128)
    return np.concatenate([joined(re.ravel(), im.ravel()) for re, im in columns])


def special_parts(fmt: Format) -> F64:
    """The eleven values of a part out of which the grid of special points is made."""
    return np.array(
        [0.0, -0.0, 1.0, -1.0, 0.75, fmt.min_subnormal, -fmt.max_finite, fmt.max_finite, np.inf, -np.inf, np.nan]
    )


def special_grid(fmt: Format) -> C128:
    """All 11 × 11 points of :func:`special_parts`."""
    parts = special_parts(fmt)
    return joined(*(a.ravel() for a in np.meshgrid(parts, parts, indexing="ij")))


def cancelling(fmt: Format, count: int, rng: np.random.Generator) -> tuple[C128, C128]:
    """Pairs whose product has a part in which ac − bd or ad + bc nearly vanishes."""
    a, b, c = (rng.uniform(0.5, 2, count) * np.exp2(rng.integers(-8, 9, count)) * _signs(count, rng) for _ in range(3))
    a, b, c = (rounded(v, fmt) for v in (a, b, c))
    d = np.where(rng.random(count) < 0.5, a * c / b, -b * c / a)
    steps = rng.integers(-2, 3, count)
    d = rounded(d, fmt)
    d = fmt.from_ordinal(fmt.ordinal(d) + steps)
    return joined(a, b), joined(c, d)


def typical_box(fmt: Format, box: Box, count: int, rng: np.random.Generator) -> C128:
    """Points uniform over a rectangle."""
    return joined(*(uniform(fmt, low, high, count, rng) for low, high in box))


def neighbours(fmt: Format, z: C128, rng: np.random.Generator) -> C128:
    """Each point moved by up to a binade's ordinals in one part or both, every power of two as likely as the next."""
    parts = []
    moved = rng.integers(0, 3, len(z))
    for number, part in enumerate((z.real, z.imag)):
        step = rng.integers(1 << (fmt.p - 2), 1 << fmt.p, len(z)) >> rng.integers(0, fmt.p, len(z))
        step = np.where(moved == number, 0, step * rng.choice(np.array([-1, 1]), len(z)))
        top = fmt.inf_ordinal - 1
        here = np.clip(fmt.ordinal(part), -top, top)
        # Ordinals of binary64 nearly fill int64: clip the step, not the sum.
        there = here + np.clip(step, -top - np.minimum(here, 0) - 1, top - np.maximum(here, 0))
        parts.append(fmt.from_ordinal(np.clip(there, -top, top)))
    return joined(*parts)


def unary_points(
    fmt: Format, box: Box, critical: Sequence[tuple[F64, F64]], cuts: Sequence[tuple[str, float, float]], seed: object
) -> dict[str, tuple[C128, ...]]:
    """The points of a function of one argument by group (:data:`reportgen.core.sampling.GROUPS`)."""
    rng = generator("complex", fmt.name, 1, seed)
    round_one = circle(fmt, 2 * BAND, rng)
    shifted = joined(rounded(round_one.real - 1, fmt), round_one.imag)
    extra = [
        round_one, shifted[:BAND], edges(fmt, 2 * BAND, rng), special_grid(fmt), around(fmt, critical),
        *(along_cut(fmt, axis, low, high, BAND, rng) for axis, low, high in cuts),
    ]  # fmt: skip
    return dict(
        zip(
            GROUPS,
            (
                (strata(fmt, UNARY_BASE, rng),),
                (typical_box(fmt, box, UNARY_TYPICAL, rng),),
                (np.concatenate(extra),),
            ),
            strict=True,
        )
    )


def binary_points(
    fmt: Format, boxes: Sequence[Box], critical: Sequence[tuple[F64, F64]], seed: object
) -> dict[str, tuple[C128, ...]]:
    """The points of a function of two arguments by group."""
    rng = generator("complex", fmt.name, 2, seed)
    base = strata(fmt, BINARY_BASE, rng), strata(fmt, BINARY_BASE, rng)
    half = BINARY_BASE // 2
    order = rng.permutation(half)
    base[1][:half] = base[1][:half][order]
    grid = special_grid(fmt)
    pairs = rng.choice(len(grid) ** 2, GRID_LIMIT, replace=False)
    points = around(fmt, critical)
    both = [rng.choice(len(points), GRID_LIMIT) for _ in range(2)]
    parts = [
        (grid[pairs // len(grid)], grid[pairs % len(grid)]),
        (points[both[0]], points[both[1]]),
        (edges(fmt, BAND, rng), edges(fmt, BAND, rng)[rng.permutation(BAND)]),
        cancelling(fmt, 2 * BAND, rng),
        (circle(fmt, BAND, rng), typical_box(fmt, boxes[1], BAND, rng)),
        (typical_box(fmt, boxes[0], BAND, rng), circle(fmt, BAND, rng)),
    ]
    extra = tuple(np.concatenate([p[i] for p in parts]) for i in range(2))
    typical = tuple(typical_box(fmt, box, BINARY_TYPICAL, rng) for box in boxes)
    return dict(zip(GROUPS, (base, typical, extra), strict=True))


def examples_grid(fmt: Format, arity: int) -> tuple[C128, ...]:
    """Points among which every special case of a table finds some, as columns."""
    values = [0.0, -0.0, 1.0, -1.0, 2.5, -fmt.max_finite, 3.0, np.inf, -np.inf, np.nan]
    if arity == 2:
        values = [0.0, -0.0, 1.0, -2.5, np.inf, -np.inf, np.nan]
    points = [complex(a, b) for a, b in product(values, repeat=2)]
    return tuple(np.array(column) for column in zip(*product(points, repeat=arity), strict=True))
