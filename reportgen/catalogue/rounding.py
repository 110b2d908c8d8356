"""Rounding to integers."""

from __future__ import annotations

from math import inf

from reportgen.catalogue.rows import FunctionRow, Special
from reportgen.catalogue.sources import NAN, SIGN_OF_ZERO, c11, keeps_infinity, keeps_zero

REALS = "all real numbers"
RISING = ((-inf, inf, 1),)
TYPICAL = ((-1000.0, 1000.0),)
POINTS = (
    "0",
    "min_subnormal",
    "-min_subnormal",
    "min_normal",
    "-min_normal",
    "1/2",
    "-1/2",
    "1",
    "-1",
    "3/2",
    "-3/2",
    "2",
    "-2",
    "5/2",
    "-5/2",
    "7/2",
    "-7/2",
    "0x1.fffffep-2",
    "0x1.fffffffffffffp-2",
    "0.3",
    "-0.3",
    "2^7",
    "2^8",
    "2^10",
    "-2^10",
    "1023.5",
    "2^11",
    "2^22",
    "2^23",
    "-2^23",
    "8388607.5",
    "2^24",
    "-2^24",
    "2^31",
    "-2^31",
    "2^32",
    "2^51",
    "2^52",
    "-2^52",
    "4503599627370495.5",
    "2^53",
    "-2^53",
    "2^63",
    "-2^63",
    "2^64",
    "max",
    "-max",
    "127.5",
    "2047.5",
)

# Special cases.
OPERAND = f"{SIGN_OF_ZERO}: roundToIntegral keeps the sign of its operand"


def _keeps(source: str) -> tuple[Special, ...]:
    return (NAN, keeps_zero(source), keeps_infinity(source))


FLOOR = (
    *_keeps(c11("6.2", "floor")),
    Special(("> 0 and < 1",), "+0", "Between 0 and 1 the floor is +0.", OPERAND),
)
CEIL = (
    *_keeps(c11("6.1", "ceil")),
    Special(("> -1 and < 0",), "-0", "Between −1 and 0 the ceiling is −0.", OPERAND),
)
TRUNC = (
    *_keeps(c11("6.8", "trunc")),
    Special(("abs < 1",), "sign(x)*0", "Below 1 in magnitude the integer part is zero with the sign of x.", OPERAND),
)
NEAREST = "Up to ½ in magnitude the nearest even-tied integer is zero with the sign of x."
RINT = (
    *_keeps(c11("6.4", "rint")),
    Special(("abs <= 0.5",), "sign(x)*0", NEAREST, OPERAND),
)
ROUND = (
    *_keeps("IEEE 754-2019, 5.9 (roundToIntegralTiesToEven)"),
    Special(("abs <= 0.5",), "sign(x)*0", NEAREST, OPERAND),
)
MODF = c11("3.12", "modf")
MODF_FRACTION = (
    NAN,
    Special(("±inf",), "sign(x)*0", "An infinity has the fraction zero, with its sign.", MODF),
    Special(("integer",), "sign(x)*0", "An integer has the fraction zero, with the sign of x.", MODF),
)
MODF_INTEGER = (
    *_keeps(MODF),
    Special(("abs < 1",), "sign(x)*0", "Below 1 in magnitude the integer part is zero with the sign of x.", MODF),
)
FREXP = _keeps(c11("3.4", "frexp"))

# fmt: off
ROWS = (
    FunctionRow(
        name="floor", family="rounding", arity=1,
        sentence="The largest integer not above x.", domain=REALS,
        numpy="numpy.floor", tensorflow="tensorflow.math.floor", mpmath="floor(x)", arb="floor(x)",
        monotone=RISING, typical=TYPICAL, critical=(POINTS,),
        specials=FLOOR,
    ),
    FunctionRow(
        name="ceil", family="rounding", arity=1,
        sentence="The smallest integer not below x.", domain=REALS,
        numpy="numpy.ceil", tensorflow="tensorflow.math.ceil", mpmath="ceil(x)", arb="ceil(x)",
        monotone=RISING, typical=TYPICAL, critical=(POINTS,),
        specials=CEIL,
    ),
    FunctionRow(
        name="trunc", family="rounding", arity=1, aliases=("fix",),
        sentence="The integer part of x, towards zero.", domain=REALS,
        numpy="numpy.trunc", tensorflow="tensorflow.experimental.numpy.fix", composite=True,
        mpmath="trunc(x)", arb="trunc(x)",
        parity="odd", monotone=RISING, typical=TYPICAL, critical=(POINTS,),
        specials=TRUNC,
    ),
    FunctionRow(
        name="rint", family="rounding", arity=1,
        sentence="The integer nearest to x, ties to even.", domain=REALS,
        numpy="numpy.rint", tensorflow="tensorflow.math.rint", mpmath="rint(x)", arb="rint(x)",
        parity="odd", monotone=RISING, typical=TYPICAL, critical=(POINTS,),
        specials=RINT,
    ),
    FunctionRow(
        name="round", family="rounding", arity=1, aliases=("around",),
        sentence="The integer nearest to x, ties to even (no decimals asked for).", domain=REALS,
        numpy="numpy.round", tensorflow="tensorflow.math.round",
        scipy="scipy.special.round",
        mpmath="rint(x)", arb="rint(x)",
        parity="odd", monotone=RISING, typical=TYPICAL, critical=(POINTS,),
        specials=ROUND,
    ),
    FunctionRow(
        name="modf_fraction", family="rounding", arity=1,
        sentence="The fraction of x, with the sign of x: the first result of modf. NumPy only.", domain=REALS,
        numpy="numpy.modf[0]", tensorflow=None, mpmath="modf_fraction(x)", arb="modf_fraction(x)",
        parity="odd", typical=TYPICAL, critical=(POINTS,),
        specials=MODF_FRACTION,
    ),
    FunctionRow(
        name="modf_integer", family="rounding", arity=1,
        sentence="The integer part of x, towards zero: the second result of modf. NumPy only.", domain=REALS,
        numpy="numpy.modf[1]", tensorflow=None, mpmath="trunc(x)", arb="trunc(x)",
        parity="odd", monotone=RISING, typical=TYPICAL, critical=(POINTS,),
        specials=MODF_INTEGER,
    ),
    FunctionRow(
        name="frexp_mantissa", family="rounding", arity=1,
        sentence="x divided by the power of two that brings it to at least ½ and below 1 in magnitude: the first "
                 "result of frexp. NumPy only.",
        domain=REALS,
        numpy="numpy.frexp[0]", tensorflow=None, mpmath="frexp_mantissa(x)", arb="frexp_mantissa(x)",
        parity="odd", typical=TYPICAL, critical=(POINTS,),
        specials=FREXP,
    ),
)
