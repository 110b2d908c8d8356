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
        numpy="numpy.round", tensorflow="tensorflow.math.round", mpmath="rint(x)", arb="rint(x)",
        parity="odd", monotone=RISING, typical=TYPICAL, critical=(POINTS,),
        specials=ROUND,
    ),
)
