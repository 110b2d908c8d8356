"""Hyperbolic functions and their inverses."""

from __future__ import annotations

from math import inf

from reportgen.catalogue.rows import FunctionRow, Special
from reportgen.catalogue.sources import NAN, c11, invalid, keeps_infinity, keeps_zero

REALS = "all real numbers"
SMALL = (
    "0",
    "min_subnormal",
    "-min_subnormal",
    "min_normal",
    "-min_normal",
    "2^-12",
    "-2^-12",
    "2^-28",
    "-2^-28",
    "2^-5",
)
# Overflow of sinh and cosh in float16, float32 (and bfloat16), float64; one ln 2 below it; where exp alone is enough.
SINH = (
    *SMALL,
    "ln2/2",
    "-ln2/2",
    "1",
    "-1",
    "9",
    "-9",
    "22",
    "-22",
    "11.089866",
    "11.78304",
    "-11.78304",
    "88.72283905206835",
    "89.4159862326283",
    "-89.4159862326283",
    "709.782712893384",
    "710.4758600739439",
    "-710.4758600739439",
    "1.1513",
    "20",
    "max",
    "-max",
)
TANH = (
    *SMALL,
    "0.625",
    "-0.625",
    "0.55",
    "1",
    "-1",
    "ln2/2",
    "4",
    "4.15888",
    "4.97",
    "7.90531110763549",
    "7.99881172180175781",
    "-7.90531110763549",
    "9",
    "9.01",
    "-9.01",
    "9.1",
    "18.7149738751185",
    "19.0615474653985",
    "22",
    "-22",
    "max",
    "-max",
)
ASINH = (
    *SMALL,
    "1",
    "-1",
    "2",
    "-2",
    "1/2",
    "-1/2",
    "2^24",
    "2^28",
    "-2^28",
    "sqrt_max",
    "-sqrt_max",
    "max/2",
    "max",
    "-max",
    "2^7",
)
ACOSH = (
    "1",
    "2",
    "5/4",
    "3/2",
    "1/2",
    "0",
    "-1",
    "2^24",
    "2^28",
    "sqrt_max",
    "max/2",
    "max",
    "0x1.00004p+0",
    "1.0000001",
    "-max",
)
ATANH = (*SMALL, "1/2", "-1/2", "1", "-1", "1/4", "1/3", "0.9", "0.99", "0.999999", "-0.999999", "2", "-2")

# Special cases.
SINH_RULES = (NAN, keeps_zero(c11("2.5", "sinh")), keeps_infinity(c11("2.5", "sinh")))
COSH = (
    NAN,
    Special(("±0",), "1", "cosh(±0) is 1.", c11("2.4", "cosh")),
    Special(("±inf",), "+inf", "cosh(±∞) is +∞.", c11("2.4", "cosh")),
)
TANH_RULES = (
    NAN,
    keeps_zero(c11("2.6", "tanh")),
    Special(("±inf",), "sign(x)*1", "tanh(±∞) is ±1.", c11("2.6", "tanh")),
)
ASINH_RULES = (NAN, keeps_zero(c11("2.2", "asinh")), keeps_infinity(c11("2.2", "asinh")))
ACOSH_RULES = (
    NAN,
    Special(("== 1",), "+0", "acosh(1) is +0.", c11("2.1", "acosh")),
    invalid("< 1", "Below 1 there is no real value.", c11("2.1", "acosh")),
    Special(("+inf",), "+inf", "acosh(+∞) is +∞.", c11("2.1", "acosh")),
)
ATANH_RULES = (
    NAN,
    keeps_zero(c11("2.3", "atanh")),
    Special(("abs == 1",), "sign(x)*inf", "atanh(±1) is ±∞.", c11("2.3", "atanh")),
    invalid("abs > 1", "Beyond ±1 there is no real value.", c11("2.3", "atanh")),
)

# fmt: off
ROWS = (
    FunctionRow(
        name="sinh", family="hyperbolic", arity=1,
        sentence="The hyperbolic sine of x.", domain=REALS,
        numpy="numpy.sinh", tensorflow="tensorflow.math.sinh", mpmath="sinh(x)", arb="sinh(x)",
        parity="odd", monotone=((-inf, inf, 1),), typical=((-10.0, 10.0),), critical=(SINH,),
        specials=SINH_RULES,
    ),
    FunctionRow(
        name="cosh", family="hyperbolic", arity=1,
        sentence="The hyperbolic cosine of x.", domain=REALS,
        numpy="numpy.cosh", tensorflow="tensorflow.math.cosh", mpmath="cosh(x)", arb="cosh(x)",
        parity="even", monotone=((-inf, 0.0, -1), (0.0, inf, 1)), typical=((-10.0, 10.0),), critical=(SINH,),
        specials=COSH,
    ),
    FunctionRow(
        name="tanh", family="hyperbolic", arity=1,
        sentence="The hyperbolic tangent of x.", domain=REALS,
        numpy="numpy.tanh", tensorflow="tensorflow.math.tanh", mpmath="tanh(x)", arb="tanh(x)",
        parity="odd", monotone=((-inf, inf, 1),), typical=((-10.0, 10.0),), critical=(TANH,),
        specials=TANH_RULES,
    ),
    FunctionRow(
        name="asinh", family="hyperbolic", arity=1, aliases=("arcsinh",),
        sentence="The number whose hyperbolic sine is x.", domain=REALS,
        numpy="numpy.arcsinh", tensorflow="tensorflow.math.asinh", mpmath="asinh(x)", arb="asinh(x)",
        parity="odd", monotone=((-inf, inf, 1),), typical=((-100.0, 100.0),), critical=(ASINH,),
        specials=ASINH_RULES,
    ),
    FunctionRow(
        name="acosh", family="hyperbolic", arity=1, aliases=("arccosh",),
        sentence="The non-negative number whose hyperbolic cosine is x.", domain="x ≥ 1",
        numpy="numpy.arccosh", tensorflow="tensorflow.math.acosh", mpmath="acosh(x)", arb="acosh(x)",
        monotone=((1.0, inf, 1),), typical=((1.0, 100.0),), critical=(ACOSH,),
        specials=ACOSH_RULES,
    ),
    FunctionRow(
        name="atanh", family="hyperbolic", arity=1, aliases=("arctanh",),
        sentence="The number whose hyperbolic tangent is x.", domain="−1 < x < 1",
        numpy="numpy.arctanh", tensorflow="tensorflow.math.atanh", mpmath="atanh(x)", arb="atanh(x)",
        parity="odd", monotone=((-1.0, 1.0, 1),), typical=((-1.0, 1.0),), critical=(ATANH,),
        specials=ATANH_RULES,
    ),
)
