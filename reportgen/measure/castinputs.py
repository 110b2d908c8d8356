"""Inputs of conversions: every value of short dtypes; of others a sample, the ties of every destination and the ends
of every destination's range. Inputs on which a special case is tried are named by rule and destination.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from reportgen.catalogue.casts import CAST_DTYPES
from reportgen.core.dtypes import DTYPES, ComplexFormat, Dtype, IntegerFormat
from reportgen.core.floats import F64, FLOAT_DTYPES, FORMATS, I64, Format
from reportgen.core.sampling import all_values, generator, neighbours, special_values, stratified
from reportgen.measure.natives import numpy_dtype

BASE = 6144
TIES = 384
"""Ties drawn for each pair of source and shorter destination."""
POSITIONS = 96
EXAMPLES = 3
"""Inputs a rule and destination."""

REAL_DESTINATIONS = tuple(FORMATS[name] for name in FLOAT_DTYPES)
INTEGER_DESTINATIONS = tuple(f for f in DTYPES.values() if isinstance(f, IntegerFormat))


@dataclass(frozen=True)
class CastInputs:
    """``values`` of the source, each once; ``exhaustive`` where they are all there are."""

    values: Any
    exhaustive: bool


def cast_inputs(dtype: str, seed: int) -> CastInputs:
    """The inputs of one source dtype, the same for all destinations."""
    fmt = DTYPES[dtype]
    rng = generator("cast", dtype, seed)
    if dtype == "bool":
        return CastInputs(np.array([0.0, 1.0]), True)
    if isinstance(fmt, IntegerFormat):
        if fmt.bits <= 16:
            return CastInputs(np.arange(fmt.low, fmt.high + 1).astype(numpy_dtype(fmt)), True)
        return CastInputs(np.array(sorted(set(integer_values(fmt, rng))), dtype=numpy_dtype(fmt)), False)
    if isinstance(fmt, ComplexFormat):
        return CastInputs(complex_values(fmt, rng), False)
    if fmt.bits == 16:
        return CastInputs(all_values(fmt), True)
    return CastInputs(unique(real_values(fmt, rng)), False)


def unique(values: F64) -> F64:
    """Each value once (by its bits, all NaNs alike), ascending."""
    values = np.where(np.isnan(values), np.nan, values)
    _, first = np.unique(values.view(np.int64), return_index=True)
    kept = values[first]
    return kept[np.lexsort((~np.signbit(kept), kept))]


def real_values(fmt: Format, rng: np.random.Generator) -> F64:
    """A stratified sample, special values, ties of shorter formats and boundaries of integer types."""
    parts = [stratified(fmt, BASE, rng), special_values(fmt), integer_edges(fmt), small_fractions(fmt)]
    parts += [real_ties(fmt, other, rng) for other in REAL_DESTINATIONS if other.p < fmt.p]
    return np.concatenate(parts)


def representable(fmt: Format, values: F64) -> F64:
    return values[fmt.is_representable(values)]


def real_ties(fmt: Format, shorter: Format, rng: np.random.Generator) -> F64:
    """Midpoints of neighbours of ``shorter`` that ``fmt`` has, and the values beside them, of both signs.

    The neighbours of a midpoint are those on which rounding twice goes wrong: a format in between takes them for
    the midpoint.
    """
    fixed = [0, 1, 2, 3, *(shorter.inf_ordinal - k for k in (1, 2, 3))]
    at = 1 << (shorter.p - 1)
    drawn = rng.integers(0, shorter.inf_ordinal, TIES)
    tiny = rng.integers(0, at + 2, TIES // 4)
    ordinals = np.unique(np.concatenate([np.array([*fixed, at - 1, at]), drawn, tiny]))
    low = shorter.from_ordinal(ordinals)
    exponent = np.where(low == 0, shorter.emin, np.maximum(np.frexp(low)[1] - 1, shorter.emin))
    ulp = np.exp2(exponent.astype(np.float64) - (shorter.p - 1))
    middle = representable(fmt, low + ulp / 2)
    beside = neighbours(fmt, middle, (-1, 0, 1))
    return np.concatenate([beside, -beside])


def integer_edges(fmt: Format) -> F64:
    """Both ends of every integer type and of its double range, with fractions and neighbours."""
    ends: list[float] = []
    for other in INTEGER_DESTINATIONS:
        for end in (other.low, other.high, other.high + 1, 2 * other.high + 2, 2 * other.high + 7):
            ends += [float(end), float(-end), end - 0.5, end + 0.5, -end - 0.5, -end + 0.5, end + 1.0, end - 1.0]
    near = representable(fmt, np.array(ends))
    return np.concatenate([near, neighbours(fmt, near, (-2, -1, 1, 2))])


def small_fractions(fmt: Format) -> F64:
    """Numbers around small integers and halves, where cutting, rounding down and rounding to nearest part."""
    halves = representable(fmt, np.arange(-600, 601) / 2)
    tenths = representable(fmt, np.arange(-600, 601) / 8)
    return np.concatenate([tenths, neighbours(fmt, halves, (-1, 0, 1))])


def integer_values(fmt: IntegerFormat, rng: np.random.Generator) -> Iterator[int]:
    """Integers of every length, ends of every integer type, and ties of every floating-point format."""
    candidates = list(range(-300, 301))
    for other in INTEGER_DESTINATIONS:
        for end in (other.low, other.high, 2 * other.high + 1, 3 * other.high):
            candidates += range(end - 3, end + 4)
    for length in range(1, fmt.bits + 1):
        draws = rng.integers(0, 1 << 62, BASE // (2 * fmt.bits))
        candidates += [(1 << (length - 1)) | (int(d) & ((1 << (length - 1)) - 1)) for d in draws]
    for real in REAL_DESTINATIONS:
        candidates += integer_ties(fmt, real, rng)
    for value in candidates:
        for signed in (value, -value):
            if fmt.low <= signed <= fmt.high:
                yield signed


def integer_ties(fmt: IntegerFormat, real: Format, rng: np.random.Generator) -> list[int]:
    """Integers halfway between two neighbours of a format, and those beside them, the bit pattern of overflow too."""
    out: list[int] = []
    for length in range(real.p + 1, fmt.bits + 1):
        for draw in rng.integers(1 << (real.p - 1), 1 << real.p, 16).tolist():
            middle = (2 * draw + 1) << (length - real.p - 1)
            out += [middle - 1, middle, middle + 1]
    top = int(real.max_finite)
    if top < 1 << 64:
        step = 1 << (real.emax - real.p)
        out += [top + d + k for d in (0, step - 1, step, step + 1) for k in (-1, 0, 1)]
    return out


def complex_values(fmt: ComplexFormat, rng: np.random.Generator) -> Any:
    """Pairs of real inputs: every value of a thinned real sample as either part, beside others and beside zero."""
    whole = unique(real_values(fmt.part, rng))
    special = special_values(fmt.part)
    drawn = rng.choice(whole, min(len(whole), BASE // 2), replace=False)
    edges = rng.permutation(np.concatenate([integer_edges(fmt.part), small_fractions(fmt.part)[::5]]))
    re = np.concatenate([drawn, rng.permutation(drawn), edges, np.repeat(special, len(special)), edges])
    other = rng.permutation(drawn)
    im = np.concatenate([other, np.zeros(len(drawn)), np.resize(other, len(edges)), np.tile(special, len(special))])
    im = np.concatenate([im, np.zeros(len(edges))])
    out = np.empty(len(re), np.complex128)
    out.real, out.imag = re, im
    bits = np.stack([np.where(np.isnan(a), np.nan, a).view(np.int64) for a in (re, im)])
    return out[np.sort(np.unique(bits, axis=1, return_index=True)[1])]


def position_points(values: Any, examples: list[int], seed: object) -> I64:
    """Indices of the inputs that are evaluated in every position: a spread of all, and the special cases' examples."""
    rng = generator("cast positions", seed)
    strata = np.array_split(np.arange(len(values)), min(POSITIONS, len(values)))
    chosen = [int(rng.choice(stratum)) for stratum in strata]
    return np.array(list(dict.fromkeys([*chosen, *examples])), dtype=np.int64)


def destinations(source: str) -> list[tuple[str, Dtype]]:
    """Every other dtype: a conversion to its own dtype changes nothing and is not measured."""
    return [(name, DTYPES[name]) for name in CAST_DTYPES if name != source]
