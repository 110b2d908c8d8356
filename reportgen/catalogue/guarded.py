"""TensorFlow's guarded forms, which define away a division by zero or 0 · log 0."""

from __future__ import annotations

from math import inf

from reportgen.catalogue.rows import FunctionRow

WIDE = (-1000.0, 1000.0)
POINTS = ("0", "1", "-1", "2", "3", "1/3", "max", "-max", "min_normal", "-min_normal", "min_subnormal", "-min_subnormal")
LOGS = ("0", "1", "1/2", "2", "e", "10", "1/10", "max", "min_normal", "min_subnormal", "-1")

ROWS = (
    FunctionRow(
        name="divide_no_nan", family="guarded", arity=2,
        sentence="x / y, and 0 where y is 0. TensorFlow only.", domain="all pairs of real numbers",
        numpy=None, tensorflow="tensorflow.math.divide_no_nan", mpmath="x / y", arb="x / y",
        typical=(WIDE, WIDE), critical=(POINTS, POINTS),
    ),
    FunctionRow(
        name="multiply_no_nan", family="guarded", arity=2,
        sentence="x · y, and 0 where y is 0, whatever x is. TensorFlow only.", domain="all pairs of real numbers",
        numpy=None, tensorflow="tensorflow.math.multiply_no_nan", mpmath="x * y", arb="x * y",
        typical=(WIDE, WIDE), critical=(POINTS, POINTS),
    ),
    FunctionRow(
        name="reciprocal_no_nan", family="guarded", arity=1,
        sentence="1 / x, and 0 where x is 0. TensorFlow only.", domain="all real numbers",
        numpy=None, tensorflow="tensorflow.math.reciprocal_no_nan", mpmath="1/x", arb="1/x",
        parity="odd", monotone=((0.0, inf, -1), (-inf, 0.0, -1)), typical=(WIDE,), critical=((*POINTS, "1/max", "1/min_normal"),),
    ),
    FunctionRow(
        name="xlogy", family="guarded", arity=2,
        sentence="x · log y, and 0 where x is 0. TensorFlow only.", domain="y > 0, or x = 0",
        numpy=None, tensorflow="tensorflow.math.xlogy", mpmath="x * log(y)", arb="x * log(y)",
        typical=(WIDE, (0.0, 1000.0)), critical=(POINTS, LOGS),
    ),
    FunctionRow(
        name="xlog1py", family="guarded", arity=2,
        sentence="x · log(1 + y), and 0 where x is 0. TensorFlow only.", domain="y > −1, or x = 0",
        numpy=None, tensorflow="tensorflow.math.xlog1py", mpmath="x * log1p(y)", arb="x * log1p(y)",
        typical=(WIDE, (-1.0, 1000.0)), critical=(POINTS, (*LOGS, "-1/2", "2^-24", "-2^-24")),
    ),
    FunctionRow(
        name="xdivy", family="guarded", arity=2,
        sentence="x / y, and 0 where x is 0, even for y = 0. TensorFlow only.", domain="y ≠ 0, or x = 0",
        numpy=None, tensorflow="tensorflow.math.xdivy", mpmath="x / y", arb="x / y",
        typical=(WIDE, WIDE), critical=(POINTS, POINTS),
    ),
)
