"""Powers and roots."""

from __future__ import annotations

from math import inf

from reportgen.catalogue.rows import FunctionRow, Special
from reportgen.catalogue.sources import (
    DIVISION_BY_ZERO,
    INFINITY,
    NAN,
    NANS,
    SIGN_OF_ZERO,
    c11,
    keeps_infinity,
    keeps_zero,
)

REALS = "all real numbers"
POSITIVE = "x ≥ 0"
SCALE = ("0", "1", "2", "4", "max", "min_normal", "min_subnormal", "1/2", "1/4", "3")
SIGNED = (*SCALE, "-1", "-2", "-4", "-max", "-min_normal", "-min_subnormal")
BASES = (*SIGNED, "-1/2", "10", "-3", "e", "sqrt_max", "sqrt_min")
EXPONENTS = (
    "0",
    "1",
    "-1",
    "2",
    "-2",
    "3",
    "-3",
    "1/2",
    "-1/2",
    "1/3",
    "5",
    "10",
    "-10",
    "15",
    "16",
    "-24",
    "-25",
    "100",
    "127",
    "128",
    "-126",
    "-149",
    "-150",
    "1023",
    "1024",
    "-1022",
    "-1074",
    "-1075",
    "2^11",
    "2^24",
    "2^53",
    "9007199254740991",
    "max",
    "-max",
    "min_subnormal",
    "709.782712893384",
    "-745.1332191019411",
)

# Special cases.
SQUARE = (
    NAN,
    Special(("±inf",), "+inf", "The square of ±∞ is +∞.", INFINITY),
    Special(("±0",), "+0", "The square of ±0 is +0.", SIGN_OF_ZERO),
)
SQRT = (
    NAN,
    Special(("±0",), "x", "√±0 is ±0.", c11("4.5", "sqrt")),
    Special(("< 0",), "nan", "A negative number has no real square root.", c11("4.5", "sqrt")),
    Special(("+inf",), "+inf", "√+∞ is +∞.", c11("4.5", "sqrt")),
)
INVERSE_ROOT = "IEEE 754-2019, 9.2.1 (rSqrt)"
RSQRT = (
    NAN,
    Special(("±0",), "sign(x)*inf", "1/√±0 is ±∞.", INVERSE_ROOT),
    Special(("< 0",), "nan", "A negative number has no real square root.", INVERSE_ROOT),
    Special(("+inf",), "+0", "1/√+∞ is +0.", INVERSE_ROOT),
)
CBRT = (NAN, keeps_zero(c11("4.1", "cbrt")), keeps_infinity(c11("4.1", "cbrt")))
RECIPROCAL = (
    NAN,
    Special(("±0",), "sign(x)*inf", "1/±0 is ±∞.", DIVISION_BY_ZERO),
    Special(("±inf",), "sign(x)*0", "1/±∞ is ±0.", INFINITY),
)
POW = c11("4.4", "pow")
POWER = (
    Special(("any", "±0"), "1", "Anything to the power ±0 is 1, NaN included.", POW),
    Special(("== 1", "any"), "1", "1 to any power is 1, NaN included.", POW),
    *NANS,
    Special(("±0", "odd integer and < 0"), "sign(x)*inf", "±0 to a negative odd integer is ±∞.", POW),
    Special(("±0", "finite and < 0"), "+inf", "±0 to any other negative number is +∞.", POW),
    Special(("±0", "-inf"), "+inf", "±0 to the power −∞ is +∞.", POW),
    Special(("±0", "odd integer and > 0"), "x", "±0 to a positive odd integer is ±0.", POW),
    Special(("±0", "> 0"), "+0", "±0 to any other positive number is +0.", POW),
    Special(("== -1", "±inf"), "1", "−1 to the power ±∞ is 1.", POW),
    Special(("finite and < 0", "non-integer"), "nan", "A negative number to a power that is no integer is NaN.", POW),
    Special(("abs < 1", "-inf"), "+inf", "A magnitude below 1 to the power −∞ is +∞.", POW),
    Special(("abs > 1", "-inf"), "+0", "A magnitude above 1 to the power −∞ is +0.", POW),
    Special(("abs < 1", "+inf"), "+0", "A magnitude below 1 to the power +∞ is +0.", POW),
    Special(("abs > 1", "+inf"), "+inf", "A magnitude above 1 to the power +∞ is +∞.", POW),
    Special(("-inf", "odd integer and < 0"), "-0", "−∞ to a negative odd integer is −0.", POW),
    Special(("-inf", "< 0"), "+0", "−∞ to any other negative number is +0.", POW),
    Special(("-inf", "odd integer and > 0"), "-inf", "−∞ to a positive odd integer is −∞.", POW),
    Special(("-inf", "> 0"), "+inf", "−∞ to any other positive number is +∞.", POW),
    Special(("+inf", "< 0"), "+0", "+∞ to a negative power is +0.", POW),
    Special(("+inf", "> 0"), "+inf", "+∞ to a positive power is +∞.", POW),
)

# fmt: off
ROWS = (
    FunctionRow(
        name="square", family="powers", arity=1,
        sentence="x².", domain=REALS,
        numpy="numpy.square", tensorflow="tensorflow.math.square", mpmath="square(x)", arb="square(x)",
        parity="even", monotone=((-inf, 0.0, -1), (0.0, inf, 1)), typical=((-1000.0, 1000.0),),
        critical=((*SIGNED, "sqrt_max", "-sqrt_max", "sqrt_min", "sqrt_min_subnormal"),),
        specials=SQUARE,
    ),
    FunctionRow(
        name="sqrt", family="powers", arity=1,
        sentence="The square root of x.", domain=POSITIVE,
        numpy="numpy.sqrt", tensorflow="tensorflow.math.sqrt", mpmath="sqrt(x)", arb="sqrt(x)",
        monotone=((0.0, inf, 1),), typical=((0.0, 1000.0),), critical=((*SIGNED, "13", "52", "16", "64"),),
        specials=SQRT,
    ),
    FunctionRow(
        name="rsqrt", family="powers", arity=1,
        sentence="1 / √x. TensorFlow only.", domain="x > 0",
        numpy=None, tensorflow="tensorflow.math.rsqrt", mpmath="rsqrt(x)", arb="rsqrt(x)",
        monotone=((0.0, inf, -1),), typical=((0.0, 1000.0),), critical=(SIGNED,),
        specials=RSQRT,
    ),
    FunctionRow(
        name="cbrt", family="powers", arity=1,
        sentence="The cube root of x.", domain=REALS,
        numpy="numpy.cbrt", tensorflow="tensorflow.experimental.numpy.cbrt",
        scipy="scipy.special.cbrt",
        composite=True,
        mpmath="cbrt(x)", arb="cbrt(x)",
        parity="odd", monotone=((-inf, inf, 1),), typical=((-1000.0, 1000.0),),
        critical=((*SIGNED, "8", "27", "64", "125", "1000", "-8", "-27"),),
        specials=CBRT,
    ),
    FunctionRow(
        name="reciprocal", family="powers", arity=1,
        sentence="1 / x.", domain="x ≠ 0",
        numpy="numpy.reciprocal", tensorflow="tensorflow.math.reciprocal", mpmath="1/x", arb="1/x",
        parity="odd", monotone=((-inf, 0.0, -1), (0.0, inf, -1)), typical=((-1000.0, 1000.0),),
        critical=((*SIGNED, "1/max", "-1/max", "1/min_normal", "-1/min_normal"),),
        specials=RECIPROCAL,
    ),
    FunctionRow(
        name="power", family="powers", arity=2, aliases=("pow",),
        sentence="x to the power y; for negative x defined where y is an integer.",
        domain="x > 0; or x = 0 and y ≥ 0; or x < 0 and y an integer",
        numpy="numpy.power", tensorflow="tensorflow.math.pow", mpmath="power(x, y)", arb="power(x, y)",
        typical=((0.0, 10.0), (-10.0, 10.0)), critical=(BASES, EXPONENTS),
        specials=POWER,
    ),
    FunctionRow(
        name="float_power", family="powers", arity=2,
        sentence="x to the power y; NumPy promotes to float64 and returns that, "
        "TensorFlow stays in the dtype of its inputs.",
        domain="x > 0; or x = 0 and y ≥ 0; or x < 0 and y an integer",
        numpy="numpy.float_power", tensorflow="tensorflow.experimental.numpy.float_power",
        mpmath="power(x, y)", arb="power(x, y)",
        typical=((0.0, 10.0), (-10.0, 10.0)), critical=(BASES, EXPONENTS),
        specials=POWER,
    ),
)
