"""Special cases of complex functions as data, and what they mean on arrays.

A rule's ``when`` has one entry per argument: a pair of patterns for the real and the imaginary part in the language of
:mod:`reportgen.catalogue.patterns`, or one of the words ``infinity`` (a part is infinite, whatever the other; C11
G.3), ``nan`` (a part is NaN and none is infinite), ``finite``, ``zero``, ``nonzero`` (finite, not zero) and ``any``.

``then`` gives the parts of the result: a result of :mod:`reportgen.catalogue.patterns` in which ``x`` and ``y`` are the
real and the imaginary part of the *first* argument, with two more factors ``sign(cos y)`` and ``sign(sin y)`` (and
the same of ``x``, and ``sign(sin 2y)``); or ``±inf``, ``±0`` (the sign is free), ``any`` (nothing is required of this
part) and ``value`` (the oracle's). A ``then`` of a single word speaks of the whole number: ``infinity`` (any
infinity), ``nan`` (a part is NaN, none infinite), ``zero`` (zeros of any signs), ``any``.

"Sign unspecified" and "may be NaN" of Annex G thus stay what they are: no library is blamed for a choice it is given.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from reportgen.catalogue import patterns
from reportgen.catalogue.complexrows import ComplexSpecial, When
from reportgen.core.floats import F64, Bool, Format

C128 = NDArray[np.complex128]

FIXED, FREE_SIGN, OPEN = 0, 1, 2
"""What is required of a part: its value, its value but for the sign, nothing."""
PARTS, INFINITY, NOT_A_NUMBER = 0, 1, 2
"""What is required of the whole: what its parts say, any infinity, a NaN."""


@dataclass
class ComplexResult:
    """What a table says about arrays of inputs; all arrays have their shape.

    ``decided`` marks what the table decides; ``parts`` are (hi, lo, rem) of the real and of the imaginary part
    there, ``freedom`` one of :data:`FIXED`, :data:`FREE_SIGN`, :data:`OPEN` per part, ``whole`` one of :data:`PARTS`,
    :data:`INFINITY`, :data:`NOT_A_NUMBER`. ``rule`` is the index of the rule that matched, -1 where none did.
    """

    decided: Bool
    parts: tuple[tuple[F64, F64, F64], tuple[F64, F64, F64]]
    freedom: tuple[NDArray[np.int8], NDArray[np.int8]]
    whole: NDArray[np.int8]
    rule: NDArray[np.int64]


def is_infinity(z: C128) -> Bool:
    """A part is infinite (C11 G.3: an infinity even if the other part is NaN)."""
    return np.asarray(np.isinf(z.real) | np.isinf(z.imag))


def is_nan(z: C128) -> Bool:
    """A part is NaN and none is infinite."""
    return np.asarray((np.isnan(z.real) | np.isnan(z.imag)) & ~is_infinity(z))


def _is_zero(z: C128) -> Bool:
    return np.asarray((z.real == 0) & (z.imag == 0))


WHOLES: dict[str, Callable[[C128], Bool]] = {
    "any": lambda z: np.ones(z.shape, bool),
    "infinity": is_infinity,
    "nan": is_nan,
    "finite": lambda z: np.asarray(np.isfinite(z.real) & np.isfinite(z.imag)),
    "zero": _is_zero,
    "nonzero": lambda z: np.asarray(np.isfinite(z.real) & np.isfinite(z.imag) & ~_is_zero(z)),
}


def fits(when: tuple[When, ...], args: tuple[C128, ...], fmt: Format | None = None) -> Bool:
    """Where all arguments fit a rule. Raises ValueError for a pattern outside the language."""
    found = np.ones(args[0].shape, bool)
    for entry, z in zip(when, args, strict=True):
        if isinstance(entry, str):
            if entry not in WHOLES:
                raise ValueError(f"{entry!r} is no word for a complex argument")
            found &= WHOLES[entry](z)
        else:
            found &= patterns.matches(entry[0], z.real, fmt) & patterns.matches(entry[1], z.imag, fmt)
    return found


def _sign_of(function: Callable[[float], float], factor: float) -> Callable[[F64], F64]:
    # The C library's sine and cosine: below one ulp, so their sign is right; NumPy's are under test here.
    def sign(values: F64) -> F64:
        return np.array([math.copysign(1.0, function(factor * v)) if math.isfinite(v) else math.nan for v in values])

    return sign


def _sin_twice(value: float) -> float:
    # 2·value overflows for the largest numbers.
    return math.sin(value) * math.cos(value)


_SIGNS: dict[str, Callable[[F64], F64]] = {
    "cos": _sign_of(math.cos, 1.0),
    "sin": _sign_of(math.sin, 1.0),
    "sin 2": _sign_of(_sin_twice, 1.0),
}
_TRIGONOMETRIC = tuple(
    (f"sign({name}{'' if name == 'sin 2' else ' '}{letter})", function, letter)
    for name, function in _SIGNS.items()
    for letter in "xy"
)


def part_outcome(then: str, x: F64, y: F64, fmt: Format | None = None) -> tuple[patterns.Part, int]:
    """(value, freedom) of one part's result word at inputs whose first argument is x + iy.

    Raises ValueError for a word outside the language.
    """
    shape = x.shape
    zero = np.zeros(shape)
    if then == "any":
        return patterns.Part(np.full(shape, np.nan), zero, zero), OPEN
    if then in ("±0", "±inf"):
        return patterns.Part(np.full(shape, 0.0 if then == "±0" else np.inf), zero, zero), FREE_SIGN
    sign = np.ones(shape)
    for word, function, letter in _TRIGONOMETRIC:
        if word in then:
            sign = sign * function(x if letter == "x" else y)
            then = then.replace(word + "*", "")
    part = patterns.outcome(then, (x, y), fmt)
    return patterns.Part(part.hi * sign, part.lo * sign, part.rem * sign), FIXED


def resolve(rules: tuple[ComplexSpecial, ...], args: tuple[C128, ...], fmt: Format | None = None) -> ComplexResult:
    """Apply rules to arrays of inputs (complex128, one shape), the first match winning."""
    n = len(args[0])
    columns: Any = tuple(tuple(np.zeros(n) for _ in range(3)) for _ in range(2))
    freedom = (np.zeros(n, np.int8), np.zeros(n, np.int8))
    out = ComplexResult(
        np.zeros(n, bool),
        columns,
        freedom,
        np.zeros(n, np.int8),
        np.full(n, -1, np.int64),
    )
    with np.errstate(all="ignore"):
        for index, rule in enumerate(rules):
            fresh = np.flatnonzero((out.rule < 0) & fits(rule.when, args, fmt))
            if not len(fresh):
                continue
            out.rule[fresh] = index
            if rule.then == "value" or "value" in rule.then:
                continue
            out.decided[fresh] = True
            _decide(out, fresh, rule.then, args[0][fresh], fmt)
    return out


_WHOLE_RESULTS = {
    "infinity": (("±inf", "any"), INFINITY),
    "nan": (("nan", "nan"), NOT_A_NUMBER),
    "zero": (("±0", "±0"), PARTS),
    "any": (("any", "any"), PARTS),
}


def _decide(
    out: ComplexResult, where: NDArray[np.int64], then: tuple[str, str] | str, z: C128, fmt: Format | None
) -> None:
    words, whole = (then, PARTS) if not isinstance(then, str) else _WHOLE_RESULTS[then]
    out.whole[where] = whole
    for number, word in enumerate(words):
        part, freedom = part_outcome(word, z.real, z.imag, fmt)
        for column, values in zip(out.parts[number], (part.hi, part.lo, part.rem), strict=True):
            column[where] = values
        out.freedom[number][where] = freedom
