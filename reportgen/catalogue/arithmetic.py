"""Sums, products, quotients and what needs one rounding only."""

from __future__ import annotations

from math import inf

from reportgen.catalogue.rows import FunctionRow, Special
from reportgen.catalogue.sources import (
    DIVISION_BY_ZERO,
    INFINITY,
    INVALID,
    NAN,
    NANS,
    SIGN_OF_ZERO,
    SIGN_OPERATIONS,
    c11,
    keeps_infinity,
    keeps_zero,
    numpy_docs,
)

REALS = "all real numbers"
WIDE = (-1000.0, 1000.0)
EDGES = (
    "0",
    "1",
    "-1",
    "max",
    "-max",
    "max/2",
    "-max/2",
    "min_normal",
    "-min_normal",
    "min_subnormal",
    "-min_subnormal",
)
FACTORS = (*EDGES, "2", "1/3", "3", "1/2", "sqrt_max", "-sqrt_max", "sqrt_min", "sqrt_min_subnormal", "1/max")

# Special cases.
TWO = "Infinities of opposite sign have no sum."
ADD = (
    *NANS,
    Special(("+inf", "-inf"), "nan", TWO, INVALID),
    Special(("-inf", "+inf"), "nan", TWO, INVALID),
    Special(("±inf", "any"), "x", "An infinity plus a number is that infinity.", INFINITY),
    Special(("any", "±inf"), "y", "A number plus an infinity is that infinity.", INFINITY),
    Special(("-0", "-0"), "-0", "−0 + −0 is −0.", SIGN_OF_ZERO),
    Special(
        ("finite", "finite", "x == -y"), "+0", "A sum that is exactly zero is +0 in rounding to nearest.", SIGN_OF_ZERO
    ),
)
SUBTRACT = (
    *NANS,
    Special(("+inf", "+inf"), "nan", "Infinities of equal sign have no difference.", INVALID),
    Special(("-inf", "-inf"), "nan", "Infinities of equal sign have no difference.", INVALID),
    Special(("±inf", "any"), "x", "An infinity minus a number is that infinity.", INFINITY),
    Special(("any", "±inf"), "-y", "A number minus an infinity is the opposite infinity.", INFINITY),
    Special(("-0", "+0"), "-0", "−0 − (+0) is −0.", SIGN_OF_ZERO),
    Special(
        ("finite", "finite", "x == y"),
        "+0",
        "A difference that is exactly zero is +0 in rounding to nearest.",
        SIGN_OF_ZERO,
    ),
)
MULTIPLY = (
    *NANS,
    Special(("±0", "±inf"), "nan", "Zero times infinity is NaN.", INVALID),
    Special(("±inf", "±0"), "nan", "Infinity times zero is NaN.", INVALID),
    Special(
        ("±inf", "any"), "sign(x)*sign(y)*inf", "Infinity times a number is an infinity; signs multiply.", INFINITY
    ),
    Special(
        ("any", "±inf"), "sign(x)*sign(y)*inf", "A number times infinity is an infinity; signs multiply.", INFINITY
    ),
    Special(("±0", "any"), "sign(x)*sign(y)*0", "Zero times a number is zero; signs multiply.", SIGN_OF_ZERO),
    Special(("any", "±0"), "sign(x)*sign(y)*0", "A number times zero is zero; signs multiply.", SIGN_OF_ZERO),
)
SQUARED_DIFFERENCE = (
    *NANS,
    Special(("+inf", "+inf"), "nan", "Infinities of equal sign have no difference.", INVALID),
    Special(("-inf", "-inf"), "nan", "Infinities of equal sign have no difference.", INVALID),
    Special(("±inf", "any"), "+inf", "An infinity minus a number, squared, is +∞.", INFINITY),
    Special(("any", "±inf"), "+inf", "A number minus an infinity, squared, is +∞.", INFINITY),
    Special(("finite", "finite", "x == y"), "+0", "The square of an exact zero difference is +0.", SIGN_OF_ZERO),
)
NEGATIVE = (
    NAN,
    Special(("±inf",), "-x", "−(±∞) is ∓∞.", SIGN_OPERATIONS),
    Special(("±0",), "-x", "−(±0) is ∓0.", SIGN_OPERATIONS),
)
POSITIVE = (NAN, keeps_infinity(SIGN_OPERATIONS), keeps_zero(SIGN_OPERATIONS))
MAGNITUDE = (
    NAN,
    Special(("±inf",), "+inf", "|±∞| is +∞.", c11("4.2", "fabs")),
    Special(("±0",), "+0", "|±0| is +0.", c11("4.2", "fabs")),
)
SIGN = (
    Special(("nan",), "nan", "NaN gives NaN.", numpy_docs("numpy.sign")),
    Special(("±inf",), "sign(x)*1", "±∞ gives ±1.", numpy_docs("numpy.sign")),
    Special(("±0",), "either zero", "±0 gives 0; the documentation fixes no sign.", numpy_docs("numpy.sign")),
)
COPYSIGN = (
    Special(("nan", "any"), "nan", "NaN with any sign is NaN.", c11("8.1", "copysign")),
    Special(("±inf", "any"), "|x|*sign(y)", "±∞ takes the sign of y.", SIGN_OPERATIONS),
    Special(("±0", "any"), "|x|*sign(y)", "±0 takes the sign of y.", SIGN_OPERATIONS),
    Special(("finite", "nan"), "|x|*sign(y)", "NaN has a sign bit too, and x takes it.", c11("8.1", "copysign")),
    Special(("finite", "±inf"), "|x|*sign(y)", "x takes the sign of an infinity.", SIGN_OPERATIONS),
)
NEXT = c11("8.3", "nextafter")
NEXTAFTER = (
    *NANS,
    Special(("any", "any", "x == y"), "y", "Equal arguments give the second one.", "C11 7.12.11.3 (nextafter)"),
    Special(("+inf", "any"), "max", "Below +∞ stands the largest finite number.", NEXT),
    Special(("-inf", "any"), "-max", "Above −∞ stands the smallest finite number.", NEXT),
    Special(("±0", "> 0"), "min_subnormal", "Above zero stands the smallest subnormal number.", NEXT),
    Special(("±0", "< 0"), "-min_subnormal", "Below zero stands the negative number of smallest magnitude.", NEXT),
    Special(("== max", "+inf"), "+inf", "Above the largest finite number stands +∞.", NEXT),
    Special(("== -max", "-inf"), "-inf", "Below the smallest finite number stands −∞.", NEXT),
    Special(("== min_subnormal", "any", "x > y"), "+0", "Below the smallest subnormal number stands +0.", NEXT),
    Special(
        ("== -min_subnormal", "any", "x < y"), "-0", "Above the negative number of smallest magnitude stands −0.", NEXT
    ),
    Special(("finite", "±inf"), "next", "An infinity is a direction like any other.", NEXT),
)
DIVIDE = (
    *NANS,
    Special(("±inf", "±inf"), "nan", "Infinity divided by infinity is NaN.", INVALID),
    Special(("±0", "±0"), "nan", "Zero divided by zero is NaN.", INVALID),
    Special(
        ("±inf", "any"), "sign(x)*sign(y)*inf", "Infinity divided by a number is an infinity; signs multiply.", INFINITY
    ),
    Special(("any", "±inf"), "sign(x)*sign(y)*0", "A number divided by infinity is zero; signs multiply.", INFINITY),
    Special(("±0", "any"), "sign(x)*sign(y)*0", "Zero divided by a number is zero; signs multiply.", SIGN_OF_ZERO),
    Special(
        ("any", "±0"),
        "sign(x)*sign(y)*inf",
        "A number divided by zero is an infinity; signs multiply.",
        DIVISION_BY_ZERO,
    ),
)

# fmt: off
ROWS = (
    FunctionRow(
        name="add", family="arithmetic", arity=2, aliases=("sum2",),
        sentence="x + y.", domain=REALS,
        numpy="numpy.add", tensorflow="tensorflow.math.add", mpmath="x + y", arb="x + y",
        typical=(WIDE, WIDE), critical=(EDGES, EDGES),
        specials=ADD,
    ),
    FunctionRow(
        name="subtract", family="arithmetic", arity=2, aliases=("sub",),
        sentence="x − y.", domain=REALS,
        numpy="numpy.subtract", tensorflow="tensorflow.math.subtract", mpmath="x - y", arb="x - y",
        typical=(WIDE, WIDE), critical=(EDGES, EDGES),
        specials=SUBTRACT,
    ),
    FunctionRow(
        name="multiply", family="arithmetic", arity=2, aliases=("mul",),
        sentence="x · y.", domain=REALS,
        numpy="numpy.multiply", tensorflow="tensorflow.math.multiply", mpmath="x * y", arb="x * y",
        typical=(WIDE, WIDE), critical=(FACTORS, FACTORS),
        specials=MULTIPLY,
    ),
    FunctionRow(
        name="divide", family="arithmetic", arity=2, aliases=("true_divide", "truediv"),
        sentence="x / y.", domain="y ≠ 0",
        numpy="numpy.divide", tensorflow="tensorflow.math.divide", mpmath="x / y", arb="x / y",
        typical=(WIDE, WIDE), critical=(FACTORS, FACTORS),
        specials=DIVIDE,
    ),
    FunctionRow(
        name="squared_difference", family="arithmetic", arity=2,
        sentence="(x − y)². TensorFlow only.", domain=REALS,
        numpy=None, tensorflow="tensorflow.math.squared_difference", mpmath="squared_difference(x, y)",
        arb="squared_difference(x, y)",
        typical=(WIDE, WIDE), critical=(FACTORS, FACTORS),
        specials=SQUARED_DIFFERENCE,
    ),
    FunctionRow(
        name="negative", family="arithmetic", arity=1, aliases=("neg",),
        sentence="−x.", domain=REALS,
        numpy="numpy.negative", tensorflow="tensorflow.math.negative", mpmath="-x", arb="-x",
        parity="odd", monotone=((-inf, inf, -1),), typical=(WIDE,), critical=(EDGES,),
        specials=NEGATIVE,
    ),
    FunctionRow(
        name="positive", family="arithmetic", arity=1,
        sentence="x itself.", domain=REALS,
        numpy="numpy.positive", tensorflow="tensorflow.experimental.numpy.positive", mpmath="x", arb="x",
        parity="odd", monotone=((-inf, inf, 1),), typical=(WIDE,), critical=(EDGES,),
        specials=POSITIVE,
    ),
    FunctionRow(
        name="abs", family="arithmetic", arity=1, aliases=("absolute",),
        sentence="The magnitude of x.", domain=REALS,
        numpy="numpy.abs", tensorflow="tensorflow.math.abs", mpmath="abs(x)", arb="abs(x)",
        parity="even", monotone=((-inf, 0.0, -1), (0.0, inf, 1)), typical=(WIDE,), critical=(EDGES,),
        specials=MAGNITUDE,
    ),
    FunctionRow(
        name="fabs", family="arithmetic", arity=1,
        sentence="The magnitude of x, for real floating-point numbers only.", domain=REALS,
        numpy="numpy.fabs", tensorflow="tensorflow.experimental.numpy.fabs", mpmath="abs(x)", arb="abs(x)",
        parity="even", monotone=((-inf, 0.0, -1), (0.0, inf, 1)), typical=(WIDE,), critical=(EDGES,),
        specials=MAGNITUDE,
    ),
    FunctionRow(
        name="sign", family="arithmetic", arity=1,
        sentence="−1, 0 or 1 as x is negative, zero or positive.", domain=REALS,
        numpy="numpy.sign", tensorflow="tensorflow.math.sign", mpmath="sign(x)", arb="sign(x)",
        parity="odd", monotone=((-inf, inf, 1),), typical=(WIDE,), critical=(EDGES,),
        specials=SIGN,
    ),
    FunctionRow(
        name="copysign", family="arithmetic", arity=2,
        sentence="The magnitude of x with the sign of y. NumPy only.", domain=REALS,
        numpy="numpy.copysign", tensorflow=None, mpmath="copysign(x, y)", arb="copysign(x, y)",
        typical=(WIDE, WIDE), critical=(EDGES, EDGES),
        specials=COPYSIGN,
    ),
    FunctionRow(
        name="nextafter", family="arithmetic", arity=2,
        sentence="The next number of the format after x towards y.", domain=REALS,
        numpy="numpy.nextafter", tensorflow="tensorflow.math.nextafter",
        mpmath="dtype_next(x, y)", arb="dtype_next(x, y)",
        typical=(WIDE, WIDE), critical=((*EDGES, "2", "1/2"), (*EDGES, "2", "1/2")),
        specials=NEXTAFTER,
    ),
)
