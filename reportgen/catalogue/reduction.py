"""Functions that map a whole array to one value: sums, means, products, extremes and where they are."""

from __future__ import annotations

from dataclasses import replace

from reportgen.catalogue.arrayrows import ArrayRow
from reportgen.catalogue.reductionproblems import COUNTS, EXTREMES, MEANS, PLACES, PRODUCTS, SUMS
from reportgen.catalogue.rows import FunctionRow, Special
from reportgen.catalogue.sources import (
    COMPARISONS,
    INFINITY,
    PROPAGATION,
    REDUCTIONS,
    SIGN_OF_ZERO,
    array_api,
    literature,
    numpy_docs,
)
from reportgen.core.problems import Problem

# Special cases.
ORDERED = "Infinities are ordered like numbers: −∞ below all of them, +∞ above."
ANYWHERE = "One NaN anywhere in the array gives NaN."
SUBNORMAL = "Subnormal numbers are numbers: none of them may be taken for zero."
NUMBERS = "IEEE 754-2019, 3.4 (binary interchange formats)"
IN_ORDER = "the order decides whether that is met, and any order is allowed."
ON_THE_WAY = {
    # A mean lies between its numbers; of sums and products IEEE 754 allows what their order does, infinity and NaN too.
    "sum": ("unspecified", f"Sums of parts overflow though the sum of all numbers does not: {IN_ORDER}", REDUCTIONS),
    "mean": ("value", "Sums of parts overflow; the mean of all numbers does not.",
             literature("N. J. Higham, Accuracy and Stability, 2nd ed., 27.8")),
}  # fmt: skip


def _rule(when: str, then: str, sentence: str, source: str) -> Special:
    return Special((when,), then, sentence, source)


def _empty_refused(function: str) -> Special:
    sentence = "What comes of an array without elements is up to a library, which may refuse it."
    return _rule("empty", "unspecified", sentence, array_api(function))


TINY = _rule("some subnormal", "value", SUBNORMAL, NUMBERS)


def _extreme(function: str, end: str) -> tuple[Special, ...]:
    """``end`` is where zeros of both signs meet."""
    zeros = f"Where +0 and −0 meet {end}, either may come."
    return (
        _empty_refused(function),
        _rule("some nan", "value", ANYWHERE, array_api(function)),
        _rule("all zero and both zeros", "either zero", zeros, array_api(function)),
        _rule("some ±inf", "value", ORDERED, COMPARISONS),
        TINY,
    )


def _place(function: str) -> tuple[Special, ...]:
    first = "Of several equal elements, the index of the first is returned."
    return (
        _empty_refused(function),
        _rule(
            "some nan", "unspecified", "Nothing says which index comes where an element is NaN.", array_api(function)
        ),
        TINY,
        _rule("ties", "value", first, array_api(function)),
    )


def _sums(what: str) -> tuple[Special, ...]:
    infinite = f"An infinity among finite numbers is the {what}; both infinities together give NaN."
    return (
        _rule("some nan", "value", ANYWHERE, PROPAGATION),
        _rule("some ±inf", "value", infinite, INFINITY),
        _rule("overflow on the way", *ON_THE_WAY[what]),
        TINY,
    )


BEGINNING = "A sum of zeros is a zero; its sign depends on where a library begins."
SUM = (
    _rule("empty", "0", "The sum of no numbers is 0.", array_api("sum")),
    _rule("all zero", "either zero", BEGINNING, array_api("sum")),
    *_sums("sum"),
)
MEAN = (_rule("empty", "nan", "The mean of no numbers is NaN.", array_api("mean")), *_sums("mean"))
SIGNS = "The sign of a product of zeros is the product of their signs."
OVER = f"Products of parts overflow though the product of all factors does not: {IN_ORDER}"
UNDER = f"Products of parts underflow though the product of all factors does not: {IN_ORDER}"
PROD = (
    _rule("empty", "1", "The product of no numbers is 1.", array_api("prod")),
    _rule("some nan", "value", ANYWHERE, PROPAGATION),
    _rule("some ±inf", "value", "An infinity among factors other than zero gives an infinity.", INFINITY),
    _rule("all zero", "value", SIGNS, SIGN_OF_ZERO),
    _rule("overflow on the way", "unspecified", OVER, REDUCTIONS),
    _rule("underflow on the way", "unspecified", UNDER, REDUCTIONS),
)
COUNT = (
    _rule("empty", "0", "Of no elements, none is not zero.", numpy_docs("numpy.count_nonzero")),
    _rule("some nan", "value", "NaN is not zero.", numpy_docs("numpy.count_nonzero")),
    TINY,
    _rule("all zero", "value", "−0 is a zero.", COMPARISONS),
)

ANY_SIZE = "arrays of any size"
NOT_EMPTY = "arrays of at least one element"


def _row(name: str, sentence: str, numpy: str, tensorflow: str, specials: tuple[Special, ...],
         domain: str = ANY_SIZE, aliases: tuple[str, ...] = ()) -> FunctionRow:  # fmt: skip
    return FunctionRow(
        name=name, family="reduction", kind="reduction", arity=1, aliases=aliases, sentence=sentence, domain=domain,
        numpy=f"numpy.{numpy}", tensorflow=f"tensorflow.{tensorflow}", mpmath="", arb="", specials=specials,
    )  # fmt: skip


# fmt: off
ROWS = (
    _row("max", "The largest element of an array; NaN if any element is NaN.", "max", "math.reduce_max",
         _extreme("max", "on top"), NOT_EMPTY, ("amax", "reduce_max")),
    _row("min", "The smallest element of an array; NaN if any element is NaN.", "min", "math.reduce_min",
         _extreme("min", "at the bottom"), NOT_EMPTY, ("amin", "reduce_min")),
    _row("sum", "The sum of an array.", "sum", "math.reduce_sum", SUM, aliases=("reduce_sum",)),
    _row("mean", "The mean of an array.", "mean", "math.reduce_mean", MEAN, aliases=("reduce_mean",)),
    _row("prod", "The product of an array.", "prod", "math.reduce_prod", PROD, aliases=("reduce_prod",)),
    _row("argmax", "The index of the first of the largest elements.", "argmax", "math.argmax",
         _place("argmax"), NOT_EMPTY),
    _row("argmin", "The index of the first of the smallest elements.", "argmin", "math.argmin",
         _place("argmin"), NOT_EMPTY),
    _row("count_nonzero", "How many elements are not zero.", "count_nonzero", "math.count_nonzero", COUNT),
)
# fmt: on

INTEGERS = "exact accumulation in integers"
SELECTED = "comparison of the elements"


def _array(name: str, function: str, exact: str, condition: str, problems: tuple[Problem, ...]) -> ArrayRow:
    programs = (("numpy", f"numpy.{name}(x, axis=axis)"), ("tensorflow", f"tensorflow.math.{function}(x, axis=axis)"))
    return ArrayRow(name, programs, name, exact, condition, problems, spec_parameters=(("axis", None),))


def _index(name: str) -> ArrayRow:
    """NumPy takes the whole array where no axis is given, TensorFlow its first axis: the axis is named for both."""
    problems = tuple(_named_axis(p) for p in PLACES)
    programs = (("numpy", f"numpy.{name}(x, axis=axis)"), ("tensorflow", f"tensorflow.math.{name}(x, axis=axis)"))
    return ArrayRow(name, programs, name, SELECTED, "", problems, spec_parameters=(("axis", 0),))


def _named_axis(problem: Problem) -> Problem:
    return problem if problem.parameters != (("axis", None),) else replace(problem, parameters=(("axis", 0),))


ARRAYS = {
    "max": _array("max", "reduce_max", SELECTED, "", EXTREMES),
    "min": _array("min", "reduce_min", SELECTED, "", EXTREMES),
    "sum": _array("sum", "reduce_sum", INTEGERS, "Σ|xᵢ|", SUMS),
    "mean": _array("mean", "reduce_mean", f"{INTEGERS}, divided as fractions", "Σ|xᵢ| / n", MEANS),
    "prod": _array("prod", "reduce_prod", "multiplication in integers", "n·|y|", PRODUCTS),
    "argmax": _index("argmax"),
    "argmin": _index("argmin"),
    "count_nonzero": _array("count_nonzero", "count_nonzero", SELECTED, "", COUNTS),
}
