"""Sums, products, quotients and what needs one rounding only."""

from __future__ import annotations

from math import inf

from reportgen.catalogue.rows import FunctionRow

REALS = "all real numbers"
WIDE = (-1000.0, 1000.0)
EDGES = ("0", "1", "-1", "max", "-max", "max/2", "-max/2", "min_normal", "-min_normal", "min_subnormal", "-min_subnormal")
FACTORS = (*EDGES, "2", "1/3", "3", "1/2", "sqrt_max", "-sqrt_max", "sqrt_min", "sqrt_min_subnormal", "1/max")

ROWS = (
    FunctionRow(
        name="add", family="arithmetic", arity=2, aliases=("sum2",),
        sentence="x + y.", domain=REALS,
        numpy="numpy.add", tensorflow="tensorflow.math.add", mpmath="x + y", arb="x + y",
        typical=(WIDE, WIDE), critical=(EDGES, EDGES),
    ),
    FunctionRow(
        name="subtract", family="arithmetic", arity=2, aliases=("sub",),
        sentence="x − y.", domain=REALS,
        numpy="numpy.subtract", tensorflow="tensorflow.math.subtract", mpmath="x - y", arb="x - y",
        typical=(WIDE, WIDE), critical=(EDGES, EDGES),
    ),
    FunctionRow(
        name="multiply", family="arithmetic", arity=2, aliases=("mul",),
        sentence="x · y.", domain=REALS,
        numpy="numpy.multiply", tensorflow="tensorflow.math.multiply", mpmath="x * y", arb="x * y",
        typical=(WIDE, WIDE), critical=(FACTORS, FACTORS),
    ),
    FunctionRow(
        name="divide", family="arithmetic", arity=2, aliases=("true_divide", "truediv"),
        sentence="x / y.", domain="y ≠ 0",
        numpy="numpy.divide", tensorflow="tensorflow.math.divide", mpmath="x / y", arb="x / y",
        typical=(WIDE, WIDE), critical=(FACTORS, FACTORS),
    ),
    FunctionRow(
        name="squared_difference", family="arithmetic", arity=2,
        sentence="(x − y)². TensorFlow only.", domain=REALS,
        numpy=None, tensorflow="tensorflow.math.squared_difference", mpmath="square(x - y)", arb="square(x - y)",
        typical=(WIDE, WIDE), critical=(FACTORS, FACTORS),
    ),
    FunctionRow(
        name="negative", family="arithmetic", arity=1, aliases=("neg",),
        sentence="−x.", domain=REALS,
        numpy="numpy.negative", tensorflow="tensorflow.math.negative", mpmath="-x", arb="-x",
        parity="odd", monotone=((-inf, inf, -1),), typical=(WIDE,), critical=(EDGES,),
    ),
    FunctionRow(
        name="positive", family="arithmetic", arity=1,
        sentence="x itself.", domain=REALS,
        numpy="numpy.positive", tensorflow="tensorflow.experimental.numpy.positive", mpmath="x", arb="x",
        parity="odd", monotone=((-inf, inf, 1),), typical=(WIDE,), critical=(EDGES,),
    ),
    FunctionRow(
        name="abs", family="arithmetic", arity=1, aliases=("absolute",),
        sentence="The magnitude of x.", domain=REALS,
        numpy="numpy.abs", tensorflow="tensorflow.math.abs", mpmath="abs(x)", arb="abs(x)",
        parity="even", monotone=((-inf, 0.0, -1), (0.0, inf, 1)), typical=(WIDE,), critical=(EDGES,),
    ),
    FunctionRow(
        name="fabs", family="arithmetic", arity=1,
        sentence="The magnitude of x, for real floating-point numbers only.", domain=REALS,
        numpy="numpy.fabs", tensorflow="tensorflow.experimental.numpy.fabs", mpmath="abs(x)", arb="abs(x)",
        parity="even", monotone=((-inf, 0.0, -1), (0.0, inf, 1)), typical=(WIDE,), critical=(EDGES,),
    ),
    FunctionRow(
        name="sign", family="arithmetic", arity=1,
        sentence="−1, 0 or 1 as x is negative, zero or positive.", domain=REALS,
        numpy="numpy.sign", tensorflow="tensorflow.math.sign", mpmath="sign(x)", arb="sign(x)",
        parity="odd", monotone=((-inf, inf, 1),), typical=(WIDE,), critical=(EDGES,),
    ),
    FunctionRow(
        name="copysign", family="arithmetic", arity=2,
        sentence="The magnitude of x with the sign of y. NumPy only.", domain=REALS,
        numpy="numpy.copysign", tensorflow=None, mpmath="copysign(x, y)", arb="copysign(x, y)",
        typical=(WIDE, WIDE), critical=(EDGES, EDGES),
    ),
    FunctionRow(
        name="nextafter", family="arithmetic", arity=2,
        sentence="The next number of the format after x towards y.", domain=REALS,
        numpy="numpy.nextafter", tensorflow="tensorflow.math.nextafter",
        mpmath="nextafter(x, y)", arb="nextafter(x, y)",
        typical=(WIDE, WIDE), critical=((*EDGES, "2", "1/2"), (*EDGES, "2", "1/2")),
    ),
)
