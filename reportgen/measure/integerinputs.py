"""Inputs of functions of integers: every pair of 8-bit integers and of truth values; of longer dtypes the ends, powers
of two, square roots of the ends, and a sample of every length.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product
from math import isqrt
from typing import Any

import numpy as np

from reportgen.catalogue.integers import OVERFLOW, IntegerRow
from reportgen.catalogue.rows import Special
from reportgen.core.dtypes import DTYPES, Dtype, IntegerFormat
from reportgen.core.floats import Bool
from reportgen.core.sampling import generator
from reportgen.oracle.integers import PREDICATES

SAMPLES = 2048
GRID = 3072
EXAMPLES = 4
SMALL_SECOND = frozenset({"power", "left_shift", "right_shift"})
"""Functions whose second argument counts: mostly from the range where they have values."""


@dataclass(frozen=True)
class IntegerInputs:
    """Columns of Python integers, one an argument; ``rule`` is the index of each point's special case or -1.

    ``apart`` marks points of rules that may make a library raise an error for the whole array, ``defined`` those
    that have a value. ``overflow`` rules are not among the numbers: whether a result fits is known afterwards.
    """

    columns: tuple[list[int], ...]
    rule: Any
    apart: Bool
    defined: Bool
    exhaustive: bool


def integer_inputs(row: IntegerRow, dtype: str, seed: int) -> IntegerInputs:
    """The points of a case, each once."""
    fmt = DTYPES[dtype]
    points, exhaustive = all_points(row, fmt), True
    if points is None:
        assert isinstance(fmt, IntegerFormat)
        points, exhaustive = sampled_points(row, fmt, seed), False
    columns = tuple([p[i] for p in points] for i in range(row.arity))
    rule = np.array([rule_of(row.specials, fmt, point) for point in points], np.int64)
    words = [s.when[0] for s in row.specials]
    undefined = np.array([s.then == "unspecified" for s in row.specials] + [False], bool)
    apart = np.array([w in row.apart for w in words] + [False], bool)
    return IntegerInputs(columns, rule, apart[rule], ~undefined[rule], exhaustive)


def rule_of(specials: tuple[Special, ...], fmt: Dtype, point: tuple[int, ...]) -> int:
    """Index of the first rule about the arguments that a point falls under, or -1."""
    if not isinstance(fmt, IntegerFormat):
        return -1
    for number, special in enumerate(specials):
        predicate = PREDICATES.get(special.when[0])
        if predicate is not None and predicate(fmt, *point):
            return number
    return -1


def all_points(row: IntegerRow, fmt: Dtype) -> list[tuple[int, ...]] | None:
    """Every point of bool and 8-bit dtypes, and of 16-bit ones for one argument; None where there are too many."""
    if not isinstance(fmt, IntegerFormat):
        return list(product((0, 1), repeat=row.arity))
    if fmt.bits * row.arity > 16:
        return None
    return list(product(range(fmt.low, fmt.high + 1), repeat=row.arity))


def ends(fmt: IntegerFormat) -> list[int]:
    """Small integers, both ends, halves and square roots of them, powers of two with their neighbours."""
    root = isqrt(fmt.high)
    found = set(range(-12, 13)) | {100, -100, 127, 128, 255, 256, 1000, -1000}
    for end in (fmt.low, fmt.high, fmt.high // 2, fmt.low // 2, root, -root, fmt.high // 3, isqrt(2 * fmt.high + 1)):
        found |= set(range(end - 2, end + 3))
    for power in (15, 16, 23, 24, 31, 32, 52, 53, 62, 63):
        found |= {sign * (1 << power) + step for sign in (1, -1) for step in (-1, 0, 1)}
    return sorted(v for v in found if fmt.low <= v <= fmt.high)


def sample(fmt: IntegerFormat, count: int, rng: np.random.Generator) -> list[int]:
    """Integers of every length, both signs where there are two."""
    out = []
    for length, sign, low in zip(
        rng.integers(1, fmt.bits - fmt.signed + 1, count).tolist(),
        rng.choice([1, -1], count).tolist() if fmt.signed else [1] * count,
        rng.integers(0, 1 << 63, count).tolist(),
        strict=True,
    ):
        top = 1 << (length - 1)
        out.append(sign * (top | (low & (top - 1))))
    return out


def sampled_points(row: IntegerRow, fmt: IntegerFormat, seed: int) -> list[tuple[int, ...]]:
    """Ends beside ends, a sample of every length, and multiples with small rests."""
    rng = generator("integers", row.name, fmt.name, seed)
    edge = ends(fmt)
    if row.arity == 1:
        return [(v,) for v in sorted({*edge, *sample(fmt, 3 * SAMPLES, rng)})]
    pairs = list(product(edge, edge))
    if len(pairs) > GRID:
        pairs = [pairs[i] for i in np.sort(rng.choice(len(pairs), GRID, replace=False))]
    # Both ends together must never be left to chance.
    corners = [v for v in edge if v in (fmt.low, fmt.high, -1, 0, 1, 2, fmt.bits - 1, fmt.bits)]
    pairs += product(corners, corners)
    xs = sample(fmt, SAMPLES, rng)
    if row.exact in SMALL_SECOND:
        seconds = rng.integers(0, fmt.bits, SAMPLES).tolist()
        pairs += zip(xs, seconds, strict=True)
        pairs += product([2, 3, -3, 10, 7, isqrt(fmt.high)], range(fmt.bits))
    else:
        pairs += zip(xs, sample(fmt, SAMPLES, rng), strict=True)
        pairs += multiples(fmt, rng)
    return sorted({(x, y) for x, y in pairs if fmt.low <= x <= fmt.high and fmt.low <= y <= fmt.high})


def multiples(fmt: IntegerFormat, rng: np.random.Generator) -> list[tuple[int, int]]:
    """Pairs whose quotient is an integer, or just beside one."""
    divisors = sample(fmt, SAMPLES // 4, rng)
    quotients = sample(fmt, SAMPLES // 4, rng)
    out = []
    for y, q in zip(divisors, quotients, strict=True):
        shorter = q >> max(0, y.bit_length() + q.bit_length() - fmt.bits + 1)
        out += [(y * shorter + rest, y) for rest in (-1, 0, 1)]
    return out


def examples(row: IntegerRow, inputs: IntegerInputs, overflow: Bool) -> list[tuple[int, int]]:
    """(number of the rule, index of a point): a few points of every rule, those with the smallest first argument first.

    ``overflow`` marks points whose result does not fit into the dtype of the arguments.
    """
    out: list[tuple[int, int]] = []
    for number, special in enumerate(row.specials):
        mask = inputs.rule == number
        if special.when[0] == OVERFLOW:
            mask = overflow & (inputs.rule < 0)
        index = np.flatnonzero(mask)
        if not len(index):
            continue
        size = [sum(abs(column[i]) for column in inputs.columns) for i in index.tolist()]
        order = index[np.array(sorted(range(len(index)), key=lambda i: (size[i], i)))]
        spread = [0, len(order) // 3, 2 * len(order) // 3, len(order) - 1]
        out += [(number, p) for p in dict.fromkeys(int(order[s]) for s in spread[:EXAMPLES])]
    return out
