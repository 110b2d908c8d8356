"""Which inputs a case is measured on: seeds explicit, the same everywhere.

Every generator is NumPy's PCG64 seeded from the case's own text, so that a case does not depend on what
was measured before it. All values are float64 arrays of values representable in the format.
"""

from __future__ import annotations

import hashlib
import math
from dataclasses import dataclass

import numpy as np

from reportgen.core.floats import F64, I64, Bool, Format

BODY_LENGTH = 65536
"""Samples in one evaluated array; a power of two, so that arrays of BODY_LENGTH + BODY_PAD have no tail among them."""
BODY_PAD = 64
"""Elements behind the samples: the vector tail of a body array falls among these, which are not scored."""

UNARY_BASE = 24576
BINARY_BASE = 12288
TYPICAL = 4096

GROUPS = ("ordinals", "typical", "extra")


@dataclass
class Samples:
    """Inputs of a case: ``args`` (one array per argument), ``group`` (index into :data:`GROUPS`), ``exhaustive``."""

    args: tuple[F64, ...]
    group: I64
    exhaustive: bool

    def __len__(self) -> int:
        return len(self.group)

    def mask(self, name: str) -> Bool:
        return np.asarray(self.group == GROUPS.index(name))


def generator(*parts: object) -> np.random.Generator:
    """A PCG64 generator seeded by the text of ``parts``."""
    return np.random.Generator(np.random.PCG64(seed_number(*parts)))


def seed_number(*parts: object) -> int:
    """What :func:`generator` seeds with: 128 bits."""
    digest = hashlib.sha256("\x1f".join(str(p) for p in parts).encode()).digest()
    return int.from_bytes(digest[:16], "little")


def all_values(fmt: Format) -> F64:
    """Every value of a 16-bit format, ascending: -inf … -0, +0 … +inf, and one NaN last."""
    ordinals = np.arange(-fmt.inf_ordinal, fmt.inf_ordinal + 1, dtype=np.int64)
    values = fmt.from_ordinal(ordinals)
    zero = int(np.searchsorted(ordinals, 0))
    return np.concatenate([values[:zero], [-0.0], values[zero:], [np.nan]])


def stratified(fmt: Format, count: int, rng: np.random.Generator) -> F64:
    """About ``count`` values, the same number from every binade of both signs, subnormals being one binade.

    Uniform within a binade, so that the whole is uniform over the format's ordinals but for rounding of
    the number per binade.
    """
    fields = fmt.emax - fmt.emin + 2
    per_binade = max(1, count // (2 * fields))
    start = np.repeat(np.arange(fields, dtype=np.int64) << (fmt.p - 1), per_binade)
    offsets = np.tile(np.arange(per_binade, dtype=np.int64), fields)
    width = 1 << (fmt.p - 1)
    lows = start + (offsets * width) // per_binade
    highs = start + ((offsets + 1) * width) // per_binade
    both = [sign * rng.integers(lows, np.maximum(highs, lows + 1)) for sign in (1, -1)]
    return fmt.from_ordinal(np.concatenate(both))


def uniform(fmt: Format, low: float, high: float, count: int, rng: np.random.Generator) -> F64:
    """Values uniform over the interval [low, high] of the real line, brought to the format (bfloat16: towards zero)."""
    drawn = rng.uniform(low, high, count)
    rounded = fmt.decode(fmt.encode(drawn))
    return np.clip(rounded, *representable_interval(fmt, low, high))


def representable_interval(fmt: Format, low: float, high: float) -> tuple[float, float]:
    """The smallest and largest values of the format inside [low, high]."""
    ends = []
    for value, inward in ((low, 1), (high, -1)):
        near = float(fmt.decode(fmt.encode(np.array([value])))[0])
        outside = near < low if inward == 1 else near > high
        if outside:
            near = float(fmt.from_ordinal(fmt.ordinal(np.array([near])) + inward)[0])
        ends.append(near)
    return ends[0], ends[1]


def uniform_ordinals(fmt: Format, low: float, high: float, count: int, rng: np.random.Generator) -> F64:
    """Values uniform over the format's ordinals between low and high (both rounded to the format)."""
    a, b = representable_interval(fmt, low, high)
    ends = fmt.ordinal(np.array([a, b]))
    return fmt.from_ordinal(rng.integers(ends[0], ends[1] + 1, count))


def log_uniform(fmt: Format, low: float, high: float, count: int, rng: np.random.Generator) -> F64:
    """Values whose logarithm is uniform over [log low, log high]; 0 < low."""
    drawn = np.exp(rng.uniform(np.log(low), np.log(high), count))
    return np.clip(fmt.decode(fmt.encode(drawn)), *representable_interval(fmt, low, high))


def neighbours(fmt: Format, values: F64, steps: tuple[int, ...]) -> F64:
    """Values at the given ordinal distances from ``values`` (within the finite range), flattened and unique."""
    o = fmt.ordinal(values)[:, None] + np.array(steps, dtype=np.int64)[None, :]
    return fmt.from_ordinal(np.unique(np.clip(o, -fmt.inf_ordinal, fmt.inf_ordinal)))


def special_values(fmt: Format) -> F64:
    """NaN, infinities, zeros, and the ends of the subnormal, normal and finite ranges, both signs."""
    top, tiny, normal = fmt.max_finite, fmt.min_subnormal, fmt.min_normal
    below = float(fmt.from_ordinal(fmt.ordinal(np.array([normal])) - 1)[0])
    magnitudes = np.array([0.0, tiny, below, normal, 1.0, 2.0, top, np.inf])
    return np.concatenate([magnitudes, -magnitudes, [np.nan]])


def draw(fmt: Format, low: float, high: float, count: int, rng: np.random.Generator) -> F64:
    """:func:`uniform`, but integers only between two ints (an interval of orders, not of numbers)."""
    if isinstance(low, int) and isinstance(high, int):
        return fmt.decode(fmt.encode(rng.integers(low, high + 1, count).astype(np.float64)))
    return uniform(fmt, low, high, count, rng)


def spread(fmt: Format, low: float, high: float, count: int, rng: np.random.Generator) -> F64:
    """:func:`draw`, uniform in the logarithm where both ends have one sign and lie a factor of 8 apart or more."""
    if isinstance(low, float) and low * high > 0 and max(high / low, low / high) >= 8:
        size = log_uniform(fmt, min(abs(low), abs(high)), max(abs(low), abs(high)), count, rng)
        return np.copysign(size, low)
    return draw(fmt, low, high, count, rng)


def small_integers(fmt: Format, count: int, rng: np.random.Generator) -> F64:
    """Integers from 0 on, as many of each bit length up to 12: an argument that must be one is seldom large."""
    bits = rng.integers(0, min(fmt.p, 12) + 1, count)
    return np.floor(rng.random(count) * np.exp2(bits))


def in_planes(
    fmt: Format, planes: tuple[tuple[tuple[float, float], ...], ...], count: int, rng: np.random.Generator
) -> tuple[F64, ...]:
    """About ``count`` points in boxes, the same number in each; half of them on the ridge of functions with parameters.

    The ridge is where the last argument equals the first one (of two), or first/(first + second) (of three); distances
    from it are relative, every power of two from 1 down to the format's precision as likely as the next.
    """
    share = max(1, count // len(planes))
    boxes = []
    for box in planes:
        columns = [spread(fmt, low, high, share, rng) for low, high in box]
        middle = columns[0] if len(box) == 2 else columns[0] / (columns[0] + columns[1])
        near = middle * (1 + rng.choice([-1.0, 1.0], share) * np.exp2(-rng.uniform(0, fmt.p + 1, share)))
        ridge = (rng.random(share) < 0.5) & (middle >= box[-1][0]) & (middle <= box[-1][1])
        near = np.clip(fmt.decode(fmt.encode(near)), *representable_interval(fmt, *box[-1]))
        columns[-1] = np.where(ridge & ~isinstance(box[-1][0], int), near, columns[-1])
        boxes.append(tuple(columns))
    return tuple(np.concatenate(parts) for parts in zip(*boxes, strict=True))


def comparable(fmt: Format, x: F64, rng: np.random.Generator) -> F64:
    """Values within ±2^6 of ``x`` in magnitude, of both signs."""
    with np.errstate(over="ignore", under="ignore"):
        y = x * np.exp2(rng.uniform(-6, 6, len(x))) * rng.choice([-1.0, 1.0], len(x))
    return fmt.decode(fmt.encode(np.clip(y, -fmt.max_finite, fmt.max_finite)))


def related_pairs(fmt: Format, count: int, rng: np.random.Generator) -> tuple[F64, F64]:
    """Pairs of comparable size: y within ±2^6 of x in magnitude, some equal or neighbours, both signs."""
    x = stratified(fmt, count, rng)
    rng.shuffle(x)
    y = comparable(fmt, x, rng)
    close = rng.random(len(x)) < 0.25
    step = rng.integers(-4, 5, len(x))
    near = fmt.from_ordinal(np.clip(fmt.ordinal(x) + step, -fmt.inf_ordinal + 1, fmt.inf_ordinal - 1))
    return x, np.where(close, near, y)


def grid(sets: tuple[F64, ...], limit: int, rng: np.random.Generator) -> tuple[F64, ...]:
    """All tuples of small sets, one a position, thinned at random to ``limit``."""
    shape = tuple(len(s) for s in sets)
    size = math.prod(shape)
    # With replacement where there are very many, so that they need not be listed.
    chosen = np.arange(size) if size <= limit else np.sort(rng.choice(size, limit, replace=size > 1 << 20))
    return tuple(s[i] for s, i in zip(sets, np.unravel_index(chosen, shape), strict=True))


def elementwise_samples(
    fmt: Format,
    arity: int,
    typical: tuple[tuple[float, float], ...],
    critical: tuple[F64, ...],
    seed: object,
    base_samples: int | None = None,
    planes: tuple[tuple[tuple[float, float], ...], ...] = (),
    unary_base: int = UNARY_BASE,
) -> Samples:
    """The default inputs of an elementwise case (see ``docs/specs.md``, inputs ``ordinals``).

    ``typical`` is one interval per argument; ``critical`` one array of critical points (with neighbours)
    per argument. ``base_samples`` replaces the usual number of tuples of a function of several arguments, and with it
    all other numbers, ``unary_base`` the number of values of a function of one; ``planes`` as in the catalogue.
    """
    rng = generator("elementwise", fmt.name, arity, seed)
    base: tuple[F64, ...]
    extra: tuple[F64, ...]
    count = TYPICAL if base_samples is None else min(TYPICAL, base_samples // 2)
    typical_args = tuple(draw(fmt, low, high, count, rng) for low, high in typical)
    if arity == 1:
        exhaustive = fmt.bits == 16
        base = (all_values(fmt) if exhaustive else stratified(fmt, unary_base, rng),)
        extra = (np.concatenate([special_values(fmt), critical[0]]),)
        if exhaustive:
            extra = (np.empty(0),)
    else:
        exhaustive = False
        whole = tuple(isinstance(low, int) and isinstance(high, int) for low, high in typical)
        base, extra = _tuples(fmt, whole, critical, base_samples, rng)
        if planes:
            boxes = in_planes(fmt, planes, base_samples or BINARY_BASE, rng)
            extra = tuple(np.concatenate(pair) for pair in zip(extra, boxes, strict=True))
    return assemble((base, typical_args, extra), exhaustive)


def _tuples(
    fmt: Format, whole: tuple[bool, ...], critical: tuple[F64, ...], base_samples: int | None, rng: np.random.Generator
) -> tuple[tuple[F64, ...], tuple[F64, ...]]:
    """Base and extra samples of a function of several arguments; ``whole`` says which of them are integers."""
    arity, count = len(whole), base_samples or BINARY_BASE
    drawn = [stratified(fmt, count, rng) for _ in whole]
    base = tuple(rng.permutation(column)[: base_samples or None] for column in drawn)
    base = tuple(small_integers(fmt, len(c), rng) if w else c for c, w in zip(base, whole, strict=True))
    kept = base_samples and base_samples // 4
    related: tuple[F64, ...] = tuple(c[:kept] for c in related_pairs(fmt, count // 2, rng))
    if arity > 2:
        related = (*related, comparable(fmt, related[0], rng))
    scarce = base_samples is not None or arity > 2
    specials = grid((special_values(fmt),) * arity, 1024 if scarce else 1 << 16, rng)
    points = grid(critical, (base_samples or 4 * 4096) // 4, rng)
    limit = (base_samples or 8 * 1024) // 8
    mixed = [
        grid(tuple(critical[i] if i == here else special_values(fmt) for i in range(arity)), limit, rng)
        for here in range(arity)
    ]
    parts = (related, specials, points, *mixed)
    return base, tuple(np.concatenate([p[i] for p in parts]) for i in range(arity))


def assemble(groups: tuple[tuple[F64, ...], ...], exhaustive: bool) -> Samples:
    """Join the groups, in the order of :data:`GROUPS`."""
    args = tuple(np.concatenate(columns) for columns in zip(*groups, strict=True))
    group = np.concatenate([np.full(len(g[0]), i, dtype=np.int64) for i, g in enumerate(groups)])
    return Samples(args, group, exhaustive)
