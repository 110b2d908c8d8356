"""Powers and roots."""

from __future__ import annotations

from math import inf

from reportgen.catalogue.rows import FunctionRow

REALS = "all real numbers"
POSITIVE = "x ≥ 0"
SCALE = ("0", "1", "2", "4", "max", "min_normal", "min_subnormal", "1/2", "1/4", "3")
SIGNED = (*SCALE, "-1", "-2", "-4", "-max", "-min_normal", "-min_subnormal")
BASES = (*SIGNED, "-1/2", "10", "-3", "e", "sqrt_max", "sqrt_min")
EXPONENTS = (
    "0", "1", "-1", "2", "-2", "3", "-3", "1/2", "-1/2", "1/3", "5", "10", "-10", "15", "16", "-24", "-25", "100", "127",
    "128", "-126", "-149", "-150", "1023", "1024", "-1022", "-1074", "-1075", "2^11", "2^24", "2^53", "9007199254740991", "max",
    "-max", "min_subnormal", "709.782712893384", "-745.1332191019411",
)

ROWS = (
    FunctionRow(
        name="square", family="powers", arity=1,
        sentence="x².", domain=REALS,
        numpy="numpy.square", tensorflow="tensorflow.math.square", mpmath="square(x)", arb="square(x)",
        parity="even", monotone=((-inf, 0.0, -1), (0.0, inf, 1)), typical=((-1000.0, 1000.0),),
        critical=((*SIGNED, "sqrt_max", "-sqrt_max", "sqrt_min", "sqrt_min_subnormal"),),
    ),
    FunctionRow(
        name="sqrt", family="powers", arity=1,
        sentence="The square root of x.", domain=POSITIVE,
        numpy="numpy.sqrt", tensorflow="tensorflow.math.sqrt", mpmath="sqrt(x)", arb="sqrt(x)",
        monotone=((0.0, inf, 1),), typical=((0.0, 1000.0),), critical=((*SIGNED, "13", "52", "16", "64"),),
    ),
    FunctionRow(
        name="rsqrt", family="powers", arity=1,
        sentence="1 / √x. TensorFlow only.", domain="x > 0",
        numpy=None, tensorflow="tensorflow.math.rsqrt", mpmath="1/sqrt(x)", arb="rsqrt(x)",
        monotone=((0.0, inf, -1),), typical=((0.0, 1000.0),), critical=(SIGNED,),
    ),
    FunctionRow(
        name="cbrt", family="powers", arity=1,
        sentence="The cube root of x.", domain=REALS,
        numpy="numpy.cbrt", tensorflow="tensorflow.experimental.numpy.cbrt", composite=True,
        mpmath="cbrt(x)", arb="cbrt(x)",
        parity="odd", monotone=((-inf, inf, 1),), typical=((-1000.0, 1000.0),),
        critical=((*SIGNED, "8", "27", "64", "125", "1000", "-8", "-27"),),
    ),
    FunctionRow(
        name="reciprocal", family="powers", arity=1,
        sentence="1 / x.", domain="x ≠ 0",
        numpy="numpy.reciprocal", tensorflow="tensorflow.math.reciprocal", mpmath="1/x", arb="1/x",
        parity="odd", monotone=((-inf, 0.0, -1), (0.0, inf, -1)), typical=((-1000.0, 1000.0),),
        critical=((*SIGNED, "1/max", "-1/max", "1/min_normal", "-1/min_normal"),),
    ),
    FunctionRow(
        name="power", family="powers", arity=2, aliases=("pow",),
        sentence="x to the power y; for negative x defined where y is an integer.",
        domain="x > 0; or x = 0 and y ≥ 0; or x < 0 and y an integer",
        numpy="numpy.power", tensorflow="tensorflow.math.pow", mpmath="power(x, y)", arb="power(x, y)",
        typical=((0.0, 10.0), (-10.0, 10.0)), critical=(BASES, EXPONENTS),
    ),
    FunctionRow(
        name="float_power", family="powers", arity=2,
        sentence="x to the power y; NumPy promotes to float64 and returns that, TensorFlow stays in the dtype of its inputs.",
        domain="x > 0; or x = 0 and y ≥ 0; or x < 0 and y an integer",
        numpy="numpy.float_power", tensorflow="tensorflow.experimental.numpy.float_power",
        mpmath="power(x, y)", arb="power(x, y)",
        typical=((0.0, 10.0), (-10.0, 10.0)), critical=(BASES, EXPONENTS),
    ),
)
