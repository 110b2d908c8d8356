"""Integer quotients and remainders of real numbers."""

from __future__ import annotations

from reportgen.catalogue.rows import FunctionRow

WIDE = (-1000.0, 1000.0)
POINTS = (
    "0", "1/2", "-1/2", "1", "-1", "2", "-2", "3", "-3", "7", "-7", "10", "1/10", "-1/10", "1/3", "max", "-max",
    "min_normal", "min_subnormal", "-min_subnormal", "2^11", "2^24", "2^53", "pi", "2*pi",
)

ROWS = (
    FunctionRow(
        name="floor_divide", family="division", arity=2, aliases=("floordiv",),
        sentence="The largest integer not above x / y, judged on the exact quotient.", domain="y ≠ 0",
        numpy="numpy.floor_divide", tensorflow="tensorflow.math.floordiv",
        mpmath="floor_divide(x, y)", arb="floor_divide(x, y)",
        typical=(WIDE, WIDE), critical=(POINTS, POINTS),
    ),
    FunctionRow(
        name="remainder", family="division", arity=2, aliases=("mod", "floormod"),
        sentence="x − y·floor(x / y): the remainder with the sign of the divisor.", domain="y ≠ 0",
        numpy="numpy.remainder", tensorflow="tensorflow.math.floormod",
        mpmath="remainder(x, y)", arb="remainder(x, y)",
        typical=(WIDE, WIDE), critical=(POINTS, POINTS),
    ),
    FunctionRow(
        name="fmod", family="division", arity=2, aliases=("truncatemod",),
        sentence="x − y·trunc(x / y): the remainder with the sign of the dividend, always exact.", domain="y ≠ 0",
        numpy="numpy.fmod", tensorflow="tensorflow.truncatemod", mpmath="fmod(x, y)", arb="fmod(x, y)",
        typical=(WIDE, WIDE), critical=(POINTS, POINTS),
    ),
    FunctionRow(
        name="truncatediv", family="division", arity=2, aliases=("truncate_div",),
        sentence="The integer part of x / y, towards zero. TensorFlow only.", domain="y ≠ 0",
        numpy=None, tensorflow="tensorflow.truncatediv", mpmath="truncatediv(x, y)", arb="truncatediv(x, y)",
        typical=(WIDE, WIDE), critical=(POINTS, POINTS),
    ),
)
