"""Functions that map a whole array to one value."""

from __future__ import annotations

from reportgen.catalogue.rows import FunctionRow, Special
from reportgen.catalogue.sources import COMPARISONS, numpy_docs

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
)
