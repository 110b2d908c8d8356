"""Circular functions and their inverses, angles in radians."""

from __future__ import annotations

from math import inf

from reportgen.catalogue.rows import FunctionRow

REALS = "all real numbers"
UNIT = "−1 ≤ x ≤ 1"
SMALL = ("0", "min_subnormal", "-min_subnormal", "min_normal", "-min_normal", "2^-12", "-2^-12", "2^-27", "-2^-27", "2^-5")
# Where an argument reduction changes its formula, and where its cancellation is worst: the last three are the float32,
# float64 and float64 arguments closest (relatively) to a multiple of pi/2 (Kahan; Muller, Elementary Functions, ch. 11).
CIRCLE = (
    *SMALL, "pi/4", "-pi/4", "pi/2", "-pi/2", "3*pi/4", "-3*pi/4", "pi", "-pi", "5*pi/4", "3*pi/2", "-3*pi/2", "7*pi/4", "2*pi",
    "-2*pi", "9*pi/4", "5*pi/2", "3*pi", "4*pi", "10*pi", "100*pi", "2^10*pi", "2^15", "2^16*pi", "2^17", "2^20*pi/2", "2^24",
    "2^28*pi/2", "2^53", "2^60", "2^100", "2^127", "2^1000", "1e22", "1", "-1", "105615", "48000", "71476", "117435.992", "max", "-max",
    "16367173*2^72", "6381956970095103*2^797", "5319372648326541*2^-49",
)
INVERSE = (*SMALL, "1/2", "-1/2", "1", "-1", "sqrt2/2", "-sqrt2/2", "sqrt3/2", "0x1.f333333333333p-1", "2", "-2", "3/4", "9/16",
           "5/8")
ATAN = (*SMALL, "7/16", "-7/16", "11/16", "19/16", "39/16", "0.41421356237309503", "-0.41421356237309503", "2.414213562373095", "-2.414213562373095", "1", "-1", "2^24",
        "2^26", "2^54", "2^66", "max", "-max", "sqrt3", "sqrt3/3")

ROWS = (
    FunctionRow(
        name="sin", family="trigonometric", arity=1,
        sentence="The sine of x.", domain=REALS,
        numpy="numpy.sin", tensorflow="tensorflow.math.sin", mpmath="sin(x)", arb="sin(x)",
        parity="odd", monotone=((-1.5707963267948966, 1.5707963267948966, 1),), typical=((-100.0, 100.0),), critical=(CIRCLE,),
    ),
    FunctionRow(
        name="cos", family="trigonometric", arity=1,
        sentence="The cosine of x.", domain=REALS,
        numpy="numpy.cos", tensorflow="tensorflow.math.cos", mpmath="cos(x)", arb="cos(x)",
        parity="even", monotone=((-3.141592653589793, 0.0, 1), (0.0, 3.141592653589793, -1)),
        typical=((-100.0, 100.0),), critical=(CIRCLE,),
    ),
    FunctionRow(
        name="tan", family="trigonometric", arity=1,
        sentence="The tangent of x.", domain=REALS,
        numpy="numpy.tan", tensorflow="tensorflow.math.tan", mpmath="tan(x)", arb="tan(x)",
        parity="odd", monotone=((-1.5707963267948966, 1.5707963267948966, 1),), typical=((-100.0, 100.0),), critical=(CIRCLE,),
    ),
    FunctionRow(
        name="asin", family="trigonometric", arity=1, aliases=("arcsin",),
        sentence="The angle in [−π/2, π/2] whose sine is x.", domain=UNIT,
        numpy="numpy.arcsin", tensorflow="tensorflow.math.asin", mpmath="asin(x)", arb="asin(x)",
        parity="odd", monotone=((-1.0, 1.0, 1),), typical=((-1.0, 1.0),), critical=(INVERSE,),
    ),
    FunctionRow(
        name="acos", family="trigonometric", arity=1, aliases=("arccos",),
        sentence="The angle in [0, π] whose cosine is x.", domain=UNIT,
        numpy="numpy.arccos", tensorflow="tensorflow.math.acos", mpmath="acos(x)", arb="acos(x)",
        monotone=((-1.0, 1.0, -1),), typical=((-1.0, 1.0),), critical=(INVERSE,),
    ),
    FunctionRow(
        name="atan", family="trigonometric", arity=1, aliases=("arctan",),
        sentence="The angle in [−π/2, π/2] whose tangent is x.", domain=REALS,
        numpy="numpy.arctan", tensorflow="tensorflow.math.atan", mpmath="atan(x)", arb="atan(x)",
        parity="odd", monotone=((-inf, inf, 1),), typical=((-10.0, 10.0),), critical=(ATAN,),
    ),
    FunctionRow(
        name="sinc", family="trigonometric", arity=1,
        sentence="sin(πx) / (πx), and 1 at 0.", domain=REALS,
        numpy="numpy.sinc", tensorflow="tensorflow.experimental.numpy.sinc", composite=True,
        mpmath="sinc(x)", arb="sinc(x)",
        parity="even", typical=((-10.0, 10.0),),
        critical=((*SMALL, "1/2", "-1/2", "1", "-1", "3/2", "2", "-2", "3", "10", "100", "1000", "2^11", "2^23", "2^24", "2^52",
                   "2^53", "max", "-max", "1.4302966531242027"),),
    ),
)
