"""Circular functions and their inverses, angles in radians."""

from __future__ import annotations

from math import inf

from reportgen.catalogue.rows import FunctionRow, Special
from reportgen.catalogue.sources import NAN, c11, invalid, keeps_zero, numpy_docs

REALS = "all real numbers"
UNIT = "−1 ≤ x ≤ 1"
SMALL = (
    "0",
    "min_subnormal",
    "-min_subnormal",
    "min_normal",
    "-min_normal",
    "2^-12",
    "-2^-12",
    "2^-27",
    "-2^-27",
    "2^-5",
)
# Where an argument reduction changes its formula, and where it cancels most: 16367173*2^72 in float32 and
# 6381956970095103*2^797 in float64 lie closest to a multiple of pi/2 (J.-M. Muller, Elementary Functions, 3rd ed., 11).
CIRCLE = (
    *SMALL,
    "pi/4",
    "-pi/4",
    "pi/2",
    "-pi/2",
    "3*pi/4",
    "-3*pi/4",
    "pi",
    "-pi",
    "5*pi/4",
    "3*pi/2",
    "-3*pi/2",
    "7*pi/4",
    "2*pi",
    "-2*pi",
    "9*pi/4",
    "5*pi/2",
    "3*pi",
    "4*pi",
    "10*pi",
    "100*pi",
    "2^10*pi",
    "2^15",
    "2^16*pi",
    "2^17",
    "2^20*pi/2",
    "2^24",
    "2^28*pi/2",
    "2^53",
    "2^60",
    "2^100",
    "2^127",
    "2^1000",
    "1e22",
    "1",
    "-1",
    "105615",
    "48000",
    "71476",
    "117435.992",
    "max",
    "-max",
    "16367173*2^72",
    "6381956970095103*2^797",
    "5319372648326541*2^-49",
)
INVERSE = (
    *SMALL,
    "1/2",
    "-1/2",
    "1",
    "-1",
    "sqrt2/2",
    "-sqrt2/2",
    "sqrt3/2",
    "0x1.f333333333333p-1",
    "2",
    "-2",
    "3/4",
    "9/16",
    "5/8",
)
ATAN = (
    *SMALL,
    "7/16",
    "-7/16",
    "11/16",
    "19/16",
    "39/16",
    "0.41421356237309503",
    "-0.41421356237309503",
    "2.414213562373095",
    "-2.414213562373095",
    "1",
    "-1",
    "2^24",
    "2^26",
    "2^54",
    "2^66",
    "max",
    "-max",
    "sqrt3",
    "sqrt3/3",
)

# Special cases.


def _circular(source: str) -> tuple[Special, ...]:
    return (NAN, keeps_zero(source), invalid("±inf", "An infinity is no angle.", source))


SIN = _circular(c11("1.6", "sin"))
TAN = _circular(c11("1.7", "tan"))
COS = (
    NAN,
    Special(("±0",), "1", "cos(±0) is 1.", c11("1.5", "cos")),
    invalid("±inf", "An infinity is no angle.", c11("1.5", "cos")),
)
ASIN = (NAN, keeps_zero(c11("1.2", "asin")), invalid("abs > 1", "No angle has such a sine.", c11("1.2", "asin")))
ACOS = (
    NAN,
    Special(("== 1",), "+0", "acos(1) is +0.", c11("1.1", "acos")),
    invalid("abs > 1", "No angle has such a cosine.", c11("1.1", "acos")),
)
ATAN_RULES = (
    NAN,
    keeps_zero(c11("1.3", "atan")),
    Special(("±inf",), "sign(x)*pi/2", "atan(±∞) is ±π/2.", c11("1.3", "atan")),
)
SINC = (
    NAN,
    Special(("±0",), "1", "sinc(±0) is 1.", numpy_docs("numpy.sinc")),
    invalid(
        "±inf",
        "The sine in sin(πx)/(πx) of an infinity is NaN.",
        numpy_docs("numpy.sinc") + "; IEEE 754-2019, 9.2.1 (sinPi)",
    ),
    Special(
        ("integer and nonzero",),
        "either zero",
        "At every integer but 0 the value is exactly zero; no document fixes its sign.",
        numpy_docs("numpy.sinc"),
    ),
)

# fmt: off
ROWS = (
    FunctionRow(
        name="sin", family="trigonometric", arity=1,
        sentence="The sine of x.", domain=REALS,
        numpy="numpy.sin", tensorflow="tensorflow.math.sin", mpmath="sin(x)", arb="sin(x)",
        parity="odd", monotone=((-1.5707963267948966, 1.5707963267948966, 1),), typical=((-100.0, 100.0),),
        critical=(CIRCLE,),
        specials=SIN,
    ),
    FunctionRow(
        name="cos", family="trigonometric", arity=1,
        sentence="The cosine of x.", domain=REALS,
        numpy="numpy.cos", tensorflow="tensorflow.math.cos", mpmath="cos(x)", arb="cos(x)",
        parity="even", monotone=((-3.141592653589793, 0.0, 1), (0.0, 3.141592653589793, -1)),
        typical=((-100.0, 100.0),), critical=(CIRCLE,),
        specials=COS,
    ),
    FunctionRow(
        name="tan", family="trigonometric", arity=1,
        sentence="The tangent of x.", domain=REALS,
        numpy="numpy.tan", tensorflow="tensorflow.math.tan", mpmath="tan(x)", arb="tan(x)",
        parity="odd", monotone=((-1.5707963267948966, 1.5707963267948966, 1),), typical=((-100.0, 100.0),),
        critical=(CIRCLE,),
        specials=TAN,
    ),
    FunctionRow(
        name="asin", family="trigonometric", arity=1, aliases=("arcsin",),
        sentence="The angle in [−π/2, π/2] whose sine is x.", domain=UNIT,
        numpy="numpy.arcsin", tensorflow="tensorflow.math.asin", mpmath="asin(x)", arb="asin(x)",
        parity="odd", monotone=((-1.0, 1.0, 1),), typical=((-1.0, 1.0),), critical=(INVERSE,),
        specials=ASIN,
    ),
    FunctionRow(
        name="acos", family="trigonometric", arity=1, aliases=("arccos",),
        sentence="The angle in [0, π] whose cosine is x.", domain=UNIT,
        numpy="numpy.arccos", tensorflow="tensorflow.math.acos", mpmath="acos(x)", arb="acos(x)",
        monotone=((-1.0, 1.0, -1),), typical=((-1.0, 1.0),), critical=(INVERSE,),
        specials=ACOS,
    ),
    FunctionRow(
        name="atan", family="trigonometric", arity=1, aliases=("arctan",),
        sentence="The angle in [−π/2, π/2] whose tangent is x.", domain=REALS,
        numpy="numpy.arctan", tensorflow="tensorflow.math.atan", mpmath="atan(x)", arb="atan(x)",
        parity="odd", monotone=((-inf, inf, 1),), typical=((-10.0, 10.0),), critical=(ATAN,),
        specials=ATAN_RULES,
    ),
    FunctionRow(
        name="sinc", family="trigonometric", arity=1,
        sentence="sin(πx) / (πx), and 1 at 0.", domain=REALS,
        numpy="numpy.sinc", tensorflow="tensorflow.experimental.numpy.sinc", composite=True,
        mpmath="sinc_pi(x)", arb="sinc_pi(x)",
        parity="even", typical=((-10.0, 10.0),),
        critical=((*SMALL, "1/2", "-1/2", "1", "-1", "3/2", "2", "-2", "3", "10", "100", "1000", "2^11", "2^23", "2^24",
            "2^52",
                   "2^53", "max", "-max", "1.4302966531242027"),),
        specials=SINC,
    ),
)
