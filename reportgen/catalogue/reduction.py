"""Functions that map a whole array to one value."""

from __future__ import annotations

from reportgen.catalogue.arrayrows import ArrayRow
from reportgen.catalogue.rows import FunctionRow, Special
from reportgen.catalogue.sources import COMPARISONS, numpy_docs
from reportgen.core.problems import Operand, Problem

# Special cases.
ORDERED = "Infinities are ordered like numbers: −∞ below all of them, +∞ above."


def _rules(page: str, end: str) -> tuple[Special, ...]:
    """``end`` is where zeros of both signs meet; the words of these patterns are about a whole array."""
    return (
        Special(("some nan",), "nan", "One NaN anywhere in the array gives NaN.", numpy_docs(page)),
        Special((f"±0 {end}",), "either zero", f"Where +0 and −0 meet {end}, either may come.", numpy_docs(page)),
        Special(("some ±inf",), "value", ORDERED, COMPARISONS),
    )


MAX = _rules("numpy.amax", "on top")
MIN = _rules("numpy.amin", "at the bottom")

# fmt: off
ROWS = (
    FunctionRow(
        name="max", family="reduction", kind="reduction", arity=1, aliases=("amax", "reduce_max"),
        sentence="The largest element of an array; NaN if any element is NaN.", domain="arrays of at least one element",
        numpy="numpy.max", tensorflow="tensorflow.math.reduce_max", mpmath="maximum(x, y)", arb="maximum(x, y)",
        typical=((-1000.0, 1000.0),),
        specials=MAX,
    ),
    FunctionRow(
        name="min", family="reduction", kind="reduction", arity=1, aliases=("amin", "reduce_min"),
        sentence="The smallest element of an array; NaN if any element is NaN.",
        domain="arrays of at least one element",
        numpy="numpy.min", tensorflow="tensorflow.math.reduce_min", mpmath="minimum(x, y)", arb="minimum(x, y)",
        typical=((-1000.0, 1000.0),),
        specials=MIN,
    ),
    FunctionRow(
        name="sum", family="reduction", kind="reduction", arity=1, aliases=("reduce_sum",),
        sentence="The sum of an array.", domain="arrays of at least one element",
        numpy="numpy.sum", tensorflow="tensorflow.math.reduce_sum", mpmath="", arb="",
    ),
    FunctionRow(
        name="mean", family="reduction", kind="reduction", arity=1, aliases=("reduce_mean",),
        sentence="The mean of an array.", domain="arrays of at least one element",
        numpy="numpy.mean", tensorflow="tensorflow.math.reduce_mean", mpmath="", arb="", dtypes=(),
    ),
)
# fmt: on


def _along(words: str, data: str, shape: tuple[int, ...], axis: int | None) -> Problem:
    """A problem of one operand ``x`` that is combined along an axis (None: all of it)."""
    size = shape[axis] if axis is not None else shape[0]
    place = "" if axis is None else f"-axis{axis}"
    name = f"{data}-{'x'.join(map(str, shape))}{place}"
    return Problem(name, words, (Operand("x", data, shape),), (("axis", axis),), data + place, size)


SUMS = (
    *(_along(f"{n:,} positive numbers", "positive", (n,), None) for n in (1, 7, 1000, 10**5, 10**7)),
    _along("columns of 10,000 × 16 positive numbers", "positive", (10_000, 16), 0),
)

ARRAYS = {
    "sum": ArrayRow(
        "sum", (("numpy", "numpy.sum(x, axis=axis)"), ("tensorflow", "tensorflow.math.reduce_sum(x, axis=axis)")),
        "sum", "exact accumulation (math.fsum, twice)", "Σ|xᵢ|", SUMS, spec_parameters=(("axis", None),),
    ),
}  # fmt: skip
