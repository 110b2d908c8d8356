"""The small language in which special cases are written, evaluated on arrays.

A *pattern* describes one argument: words joined by ``and``, all of which must hold.

====================  ====================================================================
``any``               every value, NaN included
``nan``               NaN
``+inf -inf ±inf``    infinities
``+0 -0 ±0``          zeros, by their sign bit
``finite``            neither NaN nor infinite
``nonzero``           a number other than ±0 (infinities included)
``integer``           a finite integral value; ``odd integer``; ``non-integer``: finite, not integral
``> N`` ``<= N`` …    compared with a number (``< <= > >= == !=``); NaN never matches, infinities do
``abs < N`` …         the magnitude compared with a number
====================  ====================================================================

N is a decimal literal or ``max``, ``-max``, ``min_subnormal``, ``-min_subnormal`` of the format under test.

A *relation* may follow the patterns of a function of two or three arguments: ``x == y``, ``x == -y``, ``x < y``, ``x
> y``, ``x <= y``, ``x >= y``, ``abs x < abs y``, ``x multiple of y`` (finite x, finite non-zero y), ``signs equal`` and
``signs differ`` (sign bits). Those between x and y can be written between any two of ``x``, ``y`` and ``z``.

A *result* is ``nan``, ``true``, ``false``, ``either zero`` (a zero whose sign nobody fixes), ``value`` (whatever the
oracle finds: listed for readers, decided by no rule), ``next`` (the neighbour of x towards y in the format under
test), ``signbit(x)``, or a product of an optional ``-`` and the factors ``sign(x)``, ``sign(y)``, ``sign(z)`` (by
sign bit), ``|x|``, ``x``, ``y``, ``z``, ``0``, ``inf``, ``max``, ``min_subnormal``, ``pi``, ``pi/2``, ``pi/4``,
``3*pi/4`` or a decimal number; ``+0``, ``-0``, ``+inf``, ``-inf`` are spelled so.
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from reportgen.core.floats import F64, Bool, Format

# pi as hi + lo with what remains negative; scaling by powers of two keeps both parts exact, and 3*pi/4 is split anew.
PI_MULTIPLES: dict[str, tuple[float, float, int]] = {
    "pi": (float.fromhex("0x1.921fb54442d18p+1"), float.fromhex("0x1.1a62633145c07p-53"), -1),
    "pi/2": (float.fromhex("0x1.921fb54442d18p+0"), float.fromhex("0x1.1a62633145c07p-54"), -1),
    "pi/4": (float.fromhex("0x1.921fb54442d18p-1"), float.fromhex("0x1.1a62633145c07p-55"), -1),
    "3*pi/4": (float.fromhex("0x1.2d97c7f3321d2p+1"), float.fromhex("0x1.a79394c9e8a0ap-54"), 1),
}
COMPARE: dict[str, Callable[[Any, Any], Any]] = {
    "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge, "==": operator.eq, "!=": operator.ne,
}  # fmt: skip
FORMAT_WORDS = ("max", "min_subnormal")
LETTERS = ("x", "y", "z")


@dataclass
class Part:
    """Results of one rule: value ``hi + lo`` and the sign ``rem`` of what remains, with zeros of free sign marked."""

    hi: F64
    lo: F64
    rem: F64
    either_zero: bool = False


def _of_format(word: str, fmt: Format | None) -> float:
    if fmt is None:
        raise ValueError(f"{word!r} depends on the format, and none was given")
    return fmt.max_finite if word == "max" else fmt.min_subnormal


def number(text: str, fmt: Format | None) -> float:
    """A decimal literal, or a number of the format, with an optional sign."""
    sign, word = (-1.0, text[1:]) if text.startswith("-") else (1.0, text)
    return sign * (_of_format(word, fmt) if word in FORMAT_WORDS else float(word))


def _is_integer(x: F64) -> Bool:
    return np.isfinite(x) & (np.floor(x) == x)


def _is_odd(x: F64) -> Bool:
    # fmod is exact, so magnitudes of 2^53 and more come out even, as they are.
    return _is_integer(x) & (np.abs(np.fmod(np.where(np.isfinite(x), x, 0.0), 2.0)) == 1.0)


WORDS: dict[str, Callable[[F64], Bool]] = {
    "any": lambda x: np.ones(x.shape, bool),
    "nan": np.isnan,
    "+inf": lambda x: x == np.inf,
    "-inf": lambda x: x == -np.inf,
    "±inf": np.isinf,
    "+0": lambda x: (x == 0) & ~np.signbit(x),
    "-0": lambda x: (x == 0) & np.signbit(x),
    "±0": lambda x: x == 0,
    "finite": np.isfinite,
    "nonzero": lambda x: (x != 0) & ~np.isnan(x),
    "integer": _is_integer,
    "odd integer": _is_odd,
    "non-integer": lambda x: np.isfinite(x) & ~_is_integer(x),
}


def _multiple(x: F64, y: F64) -> Bool:
    usable = np.isfinite(x) & np.isfinite(y) & (y != 0)
    return usable & (np.fmod(np.where(usable, x, 0.0), np.where(usable, y, 1.0)) == 0)


RELATIONS: dict[str, Callable[[F64, F64], Bool]] = {
    "x == y": lambda x, y: x == y,
    "x == -y": lambda x, y: x == -y,
    "x < y": lambda x, y: x < y,
    "x > y": lambda x, y: x > y,
    "x <= y": lambda x, y: x <= y,
    "x >= y": lambda x, y: x >= y,
    "abs x < abs y": lambda x, y: np.abs(x) < np.abs(y),
    "x multiple of y": _multiple,
    "signs equal": lambda x, y: np.signbit(x) == np.signbit(y),
    "signs differ": lambda x, y: np.signbit(x) != np.signbit(y),
}


def matches(pattern: str, x: F64, fmt: Format | None = None) -> Bool:
    """Where an argument fits a pattern.

    Args:
        pattern: see the module's text.
        x: float64 array of any shape.
        fmt: the format under test; needed only by patterns that name one of its numbers.

    Raises:
        ValueError: the pattern is not in the language, or it needs a format and none is given.
    """
    found = np.ones(x.shape, bool)
    for word in pattern.split(" and "):
        if word in WORDS:
            found &= WORDS[word](x)
            continue
        left, subject = (np.abs(x), word[4:]) if word.startswith("abs ") else (x, word)
        sign, _, bound = subject.partition(" ")
        if sign not in COMPARE or not bound:
            raise ValueError(f"pattern {pattern!r}: {word!r} is not a word of the language")
        # NaN compares unequal to every number, yet it must not match "!= 0".
        found &= COMPARE[sign](left, number(bound, fmt)) & ~np.isnan(x)
    return found


def fits(when: tuple[str, ...], args: tuple[F64, ...], fmt: Format | None = None) -> Bool:
    """Where all arguments fit a rule's patterns and its relation, if it has one."""
    found = np.ones(args[0].shape, bool)
    for pattern, arg in zip(when, args, strict=False):
        found &= matches(pattern, arg, fmt)
    for relation in when[len(args) :]:
        found &= _related(relation, args)
    return found


def _plain_relation(relation: str) -> tuple[str, list[int]]:
    """The relation as written between x and y, and the numbers of the arguments that it is about."""
    letters = re.findall(r"\b[xyz]\b", relation)
    names = iter(LETTERS[: len(letters)])
    plain = re.sub(r"\b[xyz]\b", lambda _: next(names, "?"), relation)
    return plain, [LETTERS.index(letter) for letter in letters or ("x", "y")]


def is_relation(word: str) -> bool:
    """Whether an entry of a rule's ``when`` is a relation, not a pattern."""
    return _plain_relation(word)[0] in RELATIONS


def _related(relation: str, args: tuple[F64, ...]) -> Bool:
    """Where a relation holds; its letters say between which arguments."""
    plain, places = _plain_relation(relation)
    if plain not in RELATIONS or max(places) >= len(args):
        raise ValueError(f"relation {relation!r} is not in the language")
    return RELATIONS[plain](*(args[place] for place in places))


def _next(x: F64, y: F64, fmt: Format | None) -> F64:
    if fmt is None:
        raise ValueError("'next' depends on the format, and none was given")
    step = np.where(y > x, 1, -1)
    ordinals = fmt.ordinal(x) + step
    values = fmt.from_ordinal(ordinals)
    return np.where((ordinals == 0) & (x < 0), -0.0, values)


def _factor(word: str, args: tuple[F64, ...], fmt: Format | None) -> F64:
    if word in ("sign(x)", "sign(y)", "sign(z)"):
        return np.copysign(1.0, args[LETTERS.index(word[5])])
    if word in LETTERS:
        return args[LETTERS.index(word)]
    if word == "|x|":
        return np.abs(args[0])
    return np.full(args[0].shape, number(word, fmt))


def outcome(then: str, args: tuple[F64, ...], fmt: Format | None = None) -> Part:
    """What a result word means for these arguments.

    Args:
        then: a result; not ``value``, which no rule decides.
        args: float64 arrays of one shape.
        fmt: the format under test; needed by ``next``, ``max`` and ``min_subnormal``.

    Raises:
        ValueError: the word is not in the language, or it needs a format and none is given.
    """
    shape = args[0].shape
    nothing = np.zeros(shape)
    if then in ("true", "false"):
        return Part(np.full(shape, float(then == "true")), nothing, nothing)
    if then == "either zero":
        return Part(nothing, nothing, nothing, either_zero=True)
    if then == "signbit(x)":
        return Part(np.signbit(args[0]).astype(np.float64), nothing, nothing)
    if then == "next":
        return Part(_next(args[0], args[1], fmt), nothing, nothing)
    negative, rest = then.startswith("-"), then.lstrip("+-")
    pi = next((word for word in ("3*pi/4", "pi/2", "pi/4", "pi") if rest == word or rest.endswith("*" + word)), None)
    if pi is not None:
        rest = rest[: -len(pi)].rstrip("*") or "1"
    value = np.full(shape, -1.0 if negative else 1.0)
    for word in rest.split("*"):
        value = value * _factor(word, args, fmt)
    if pi is None:
        return Part(value, nothing, nothing)
    hi, lo, rem = PI_MULTIPLES[pi]
    return Part(value * hi, value * lo, value * rem)
