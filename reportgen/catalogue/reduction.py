"""Functions that map a whole array to one value."""

from __future__ import annotations

from reportgen.catalogue.rows import FunctionRow

ROWS = (
    FunctionRow(
        name="max", family="reduction", kind="reduction", arity=1, aliases=("amax", "reduce_max"),
        sentence="The largest element of an array; NaN if any element is NaN.", domain="arrays of at least one element",
        numpy="numpy.max", tensorflow="tensorflow.math.reduce_max", mpmath="max(x)", arb="max(x)", typical=((-1000.0, 1000.0),),
    ),
    FunctionRow(
        name="min", family="reduction", kind="reduction", arity=1, aliases=("amin", "reduce_min"),
        sentence="The smallest element of an array; NaN if any element is NaN.", domain="arrays of at least one element",
        numpy="numpy.min", tensorflow="tensorflow.math.reduce_min", mpmath="min(x)", arb="min(x)", typical=((-1000.0, 1000.0),),
    ),
)
