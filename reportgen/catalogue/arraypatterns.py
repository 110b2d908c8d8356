"""The small language in which special cases of functions of whole arrays are written.

A rule is ``Special((when,), then, sentence, source)``; of a function's rules the first one that applies to a problem
decides. *when* is words joined by ``and``, all of which must hold of the problem:

==============================  =========================================================================
``any``                         every problem
``some nan``, ``no nan``        an element of an operand is NaN; none is
``some +inf -inf ±inf``         an element is that infinity, or any (``some +inf``, ``some -inf``, ``some ±inf``)
``both infinities``             one operand holds +∞ and −∞
``all finite``                  no element is NaN or infinite
``some ±0``, ``both zeros``     an element is a zero; one operand holds +0 and −0
``all zero``                    every element of every operand is a zero
``some subnormal``              no fewer than one in ten elements of an operand are subnormal in its dtype (among
                                16-bit random numbers a few are by chance)
``empty``                       an operand has no elements
``with NAME=VALUE``             a parameter of the call is that (``with fast=True``)
``data GLOB``                   an operand is made by a generator of that name (``data huge*``)
``result nan ±inf finite``      some exact result is NaN, infinite (without an overflow); all are finite in the
                                case's dtype (``result nan``, ``result ±inf``, ``result finite``)
``result overflow``             some exact result is a number beyond the largest one of the case's dtype
``overflow on the way`` …       the exact reference says so: any of :data:`MARKS`, non-zero in its ``extra``
==============================  =========================================================================

Words about elements are of any operand; ``x: some nan`` of the operand named ``x`` only.

*then* says what each result must be; alternatives are joined by ``or`` (``refused or nan``):

====================  ============================================================================================
``value``             what the exact reference says: NaN where that is NaN, the same infinity where it is infinite or
                      overflows the result's dtype, else a number within the classical bound of any order of
                      evaluation (n roundings of C, see ``docs/methodology.md``, and never as far off as C; without a
                      condition any finite number), zero only for zero or what cancels to an eighth of C;
                      selections, integers and truth values must be equal
``nan``, ``finite``   NaN; neither NaN nor infinite
``+inf -inf ±inf``    infinities
``either zero``       a zero of any sign; ``+0`` and ``-0`` also by their sign bits
a decimal number      that number
``refused``           the library raises an error
``unspecified``       anything: no standard and no documentation says; only listed for readers
====================  ============================================================================================

Where a function has several results, ``sign = either zero, logdet = -inf`` says it for some of them by name.
"""

from __future__ import annotations

import fnmatch
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from reportgen.core.dtypes import DTYPES, ComplexFormat
from reportgen.core.floats import Format
from reportgen.core.problems import Arrays

MARKS = (
    "overflow on the way", "underflow on the way", "ties", "singular", "rank deficient", "not positive definite",
)  # fmt: skip
"""Words that an exact reference may leave in its ``extra`` (1.0 where they hold)."""

RESULT_WORDS = ("result nan", "result ±inf", "result finite", "result overflow")
RESULTS = ("value", "nan", "finite", "+inf", "-inf", "±inf", "either zero", "+0", "-0", "refused", "unspecified")

Values = NDArray[Any]


def _both(test: Callable[[Values], Values]) -> Callable[[Values], bool]:
    """Whether values of both signs pass a test."""

    def words(x: Values) -> bool:
        signs = np.signbit(x[test(x)]) if x.dtype.kind == "f" else np.zeros(0, bool)
        return bool(signs.any() and not signs.all())

    return words


ELEMENT_WORDS: dict[str, Callable[[Values], bool]] = {
    "some nan": lambda x: bool(np.isnan(x).any()),
    "some +inf": lambda x: bool((x == np.inf).any()),
    "some -inf": lambda x: bool((x == -np.inf).any()),
    "some ±inf": lambda x: bool(np.isinf(x).any()),
    "both infinities": _both(np.isinf),
    "some ±0": lambda x: bool((x == 0).any()),
    "both zeros": _both(lambda x: np.asarray(x == 0)),
    "empty": lambda x: x.size == 0,
}
EVERY_WORDS: dict[str, Callable[[Values], bool]] = {
    "no nan": lambda x: not np.isnan(x).any(),
    "all finite": lambda x: bool(np.isfinite(x).all()),
    "all zero": lambda x: bool((x == 0).all()),
}


def is_when(text: str) -> bool:
    """Whether a condition is in the language."""
    plain = (word.partition(": ")[2] or word for word in text.split(" and "))
    known = {"any", "some subnormal", *ELEMENT_WORDS, *EVERY_WORDS, *RESULT_WORDS, *MARKS}
    return all(word in known or word.startswith(("data ", "with ")) for word in plain)


def is_then(text: str) -> bool:
    """Whether a result is in the language."""
    return all(_is_result(word) for choice in text.split(" or ") for word in parts(choice).values())


def _is_result(word: str) -> bool:
    if word in RESULTS:
        return True
    try:
        return bool(np.isfinite(float(word)))
    except ValueError:
        return False


def parts(choice: str) -> dict[str, str]:
    """The result word for each result that an alternative names; under ``""`` what holds of all of them."""
    if " = " not in choice:
        return {"": choice}
    return dict(part.split(" = ", 1) for part in choice.split(", "))  # type: ignore[misc]


def operands_fit(word: str, arrays: Arrays) -> bool:
    """Whether a word about the operands holds of a problem. Raises ValueError for another word."""
    only, _, rest = word.partition(": ")
    word, names = (rest, {only}) if rest else (word, {o.name for o in arrays.problem.operands})
    chosen = [o for o in arrays.problem.operands if o.name in names]
    if word == "any":
        return True
    if word.startswith("with "):
        name, _, value = word[5:].partition("=")
        return repr(arrays.parameters.get(name)) == value
    if word.startswith("data "):
        return any(fnmatch.fnmatchcase(o.data.partition(".")[0], word[5:]) for o in chosen)
    if word == "some subnormal":
        return any(_subnormal(arrays.values[o.name], o.dtype or arrays.dtype) for o in chosen)
    values = [np.asarray(arrays.values[o.name]) for o in chosen]
    if word in ELEMENT_WORDS:
        return any(ELEMENT_WORDS[word](x) for x in values)
    if word in EVERY_WORDS:
        return all(EVERY_WORDS[word](x) for x in values)
    raise ValueError(f"{word!r} is not a word about operands")


def _subnormal(values: Values, dtype: str) -> bool:
    fmt = DTYPES[dtype]
    if isinstance(fmt, ComplexFormat):
        found = fmt.part.is_subnormal(values.real) | fmt.part.is_subnormal(values.imag)
    elif isinstance(fmt, Format):
        found = np.asarray(fmt.is_subnormal(values))
    else:
        return False
    return bool(found.any()) and 10 * int(found.sum()) >= found.size
