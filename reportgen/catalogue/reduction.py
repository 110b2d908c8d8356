"""Functions that map a whole array to one value."""

from __future__ import annotations

from reportgen.catalogue.rows import FunctionRow, Special
from reportgen.catalogue.sources import numpy_docs

# Special cases.
MAX = (
    Special(("some nan",), "nan", "One NaN anywhere in the array gives NaN.", numpy_docs("numpy.amax")),
    Special(("±0 on top",), "either zero", "Where +0 and −0 share the top, either may come.", numpy_docs("numpy.amax")),
)
MIN = (
    Special(("some nan",), "nan", "One NaN anywhere in the array gives NaN.", numpy_docs("numpy.amin")),
    Special(("±0 at the bottom",), "either zero", "Where +0 and −0 share the bottom, either may come.",
        numpy_docs("numpy.amin")),
)

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
