"""Special cases: which inputs a table decides, what must come out, and inputs to try them on.

The rules themselves stand in the rows of the families; their language is that of
:mod:`reportgen.catalogue.patterns`. What no rule decides is finite, inside the domain and not zero: it is
left to the oracle.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from itertools import product

import numpy as np
from numpy.typing import NDArray

from reportgen.catalogue.arrayrows import ARRAY_KINDS
from reportgen.catalogue.patterns import fits, is_relation, outcome
from reportgen.catalogue.rows import FunctionRow, Special
from reportgen.core.floats import F64, FORMATS, I64, Bool, Format

__all__ = ["Special", "SpecialResult", "examples", "expected_text", "resolve_specials"]

VALUE = "value"
"""The result word of rules that only tell readers about a value which the oracle computes."""

FEW = (0.0, 0.25, 0.5, 0.75, 1.0, 1.5, 2.0, 3.0, 100.0, np.inf)
"""Magnitudes from which triples are made: their number grows with the third power."""

EXAMPLE_LIMIT = 12
"""Inputs tried for one rule."""


@dataclass
class SpecialResult:
    """What the table says about arrays of inputs; all arrays have their shape.

    ``value`` is the required result where ``decided``: NaN, an infinity, a zero with its sign, 1 or 0 for true or
    false, or a number. The number is ``value + lo`` and a remainder of sign ``rem`` (multiples of pi are no float64;
    everywhere else both are 0). ``either_zero`` marks zeros whose sign nobody fixes. ``rule`` is the index in the
    row's ``specials`` of the rule that matched, -1 where none did; a rule that says ``value`` matches without deciding.
    """

    value: F64
    decided: Bool
    either_zero: Bool
    rule: I64
    lo: F64
    rem: NDArray[np.int8]


def _blank(shape: tuple[int, ...]) -> SpecialResult:
    return SpecialResult(
        np.zeros(shape), np.zeros(shape, bool), np.zeros(shape, bool), np.full(shape, -1, np.int64), np.zeros(shape),
        np.zeros(shape, np.int8),
    )  # fmt: skip


def resolve_specials(row: FunctionRow, args: tuple[F64, ...], fmt: Format | None = None) -> SpecialResult:
    """Apply a row's rules to arrays of inputs, the first match winning.

    Args:
        row: an elementwise function.
        args: ``row.arity`` float64 arrays of one shape.
        fmt: the format under test; only rules of functions that depend on it (``nextafter``) need it.

    Raises:
        ValueError: the number of arguments is wrong, the row is a function of whole arrays,
        or a rule needs a format and none is given.
    """
    if row.kind in ARRAY_KINDS or len(args) != row.arity:
        raise ValueError(f"{row.name}: {row.kind} of {row.arity} argument(s), given {len(args)} array(s)")
    args = tuple(np.asarray(arg, np.float64) for arg in args)
    result = _blank(args[0].shape)
    with np.errstate(all="ignore"):
        for index, special in enumerate(row.specials):
            fresh = (result.rule < 0) & fits(special.when, args, fmt)
            if not fresh.any():
                continue
            result.rule[fresh] = index
            if special.then == VALUE:
                continue
            part = outcome(special.then, tuple(arg[fresh] for arg in args), fmt)
            result.value[fresh], result.lo[fresh], result.rem[fresh] = part.hi, part.lo, part.rem
            result.either_zero[fresh] = part.either_zero
            result.decided[fresh] = True
    return result


@lru_cache(maxsize=16)
def _grid(dtype: str, arity: int) -> tuple[F64, ...]:
    """All tuples of values among which every pattern finds some: specials, edges, integers, halves and others."""
    fmt = FORMATS[dtype]
    positive = [
        0.0, fmt.min_subnormal, fmt.min_normal, 0.1, 0.25, 0.4375, 0.5, 0.75, 1.0, 1.25, 1.5, 2.0, 2.5, 3.0, 4.0, 5.5,
        7.0, 10.0, 100.0, 255.0, 256.0, 2.0 ** (fmt.p - 1) + 1, 2.0**fmt.p, 2.0 ** (fmt.emax - 1), fmt.max_finite,
        np.inf,
    ]  # fmt: skip
    if arity > 2:
        positive = [v for v in positive if v in FEW or v in (fmt.min_subnormal, fmt.max_finite)]
    values = np.array([*positive, *(-v for v in positive), np.nan])
    values = fmt.decode(fmt.encode(values))
    values = values[np.sort(np.unique(values.view(np.int64), return_index=True)[1])]
    return tuple(np.array(column) for column in zip(*product(values, repeat=arity), strict=True))


@lru_cache(maxsize=512)
def _first_matches(row: FunctionRow, dtype: str) -> I64:
    return resolve_specials(row, _grid(dtype, row.arity), FORMATS[dtype]).rule


def examples(special: Special, dtype: str, row: FunctionRow | None = None) -> list[tuple[float, ...]]:
    """Representative inputs of a dtype that fit a rule, at most :data:`EXAMPLE_LIMIT`, spread over its pattern.

    Args:
        special: the rule.
        dtype: one of the float formats.
        row: the rule's row; where given, only inputs that no earlier rule of the row takes are returned.

    Returns:
        Tuples of as many floats as the function has arguments; empty where the dtype has no such input.
    """
    arity = row.arity if row is not None else sum(not is_relation(word) for word in special.when)
    args = _grid(dtype, arity)
    if row is not None:
        hit = _first_matches(row, dtype) == row.specials.index(special)
    else:
        with np.errstate(all="ignore"):
            hit = fits(special.when, args, FORMATS[dtype])
    where = np.flatnonzero(hit)
    if len(where) > EXAMPLE_LIMIT:
        where = where[np.unique(np.linspace(0, len(where) - 1, EXAMPLE_LIMIT).round().astype(int))]
    return [tuple(float(arg[i]) for arg in args) for i in where]


def expected_text(special: Special) -> str:
    """A rule's result as readers see it, for example ``±∞, sign of x``."""
    words: dict[str, str] = {
        "nan": "NaN", "+inf": "+∞", "-inf": "−∞", "-0": "−0", "either zero": "±0", VALUE: "the exact value", "-x": "−x",
        "-y": "−y",
        "sign(x)*0": "±0, sign of x", "sign(y)*0": "±0, sign of y", "sign(x)*inf": "±∞, sign of x",
        "-sign(x)*inf": "±∞, opposite to x",
        "sign(x)*sign(y)*0": "±0, sign of x·y", "sign(x)*sign(y)*inf": "±∞, sign of x·y",
        "sign(z)*0": "±0, sign of z", "sign(y)*inf": "±∞, sign of y", "-sign(y)*inf": "±∞, opposite to y",
        "next": "the neighbour of x towards y",
        "max": "the largest finite number", "-max": "the smallest finite number", "signbit(x)": "the sign bit of x",
        "min_subnormal": "the smallest subnormal", "-min_subnormal": "minus the smallest subnormal",
        "|x|*sign(y)": "|x| with the sign of y",
    }  # fmt: skip
    if special.then in words:
        return words[special.then]
    text = special.then.replace("sign(x)*", "±").replace("*", "·").replace("pi", "π")
    return f"{text}, sign of x" if text.startswith("±") else text
