"""Angles, distances and conversions between degrees and radians."""

from __future__ import annotations

from math import inf

from reportgen.catalogue.rows import FunctionRow, Special
from reportgen.catalogue.sources import INFINITY, NAN, NANS, SIGN_OF_ZERO, c11, keeps_infinity, keeps_zero, numpy_docs

REALS = "all real numbers"
PAIRS = "all pairs of real numbers"
PLANE = (
    "0",
    "1",
    "-1",
    "2",
    "-2",
    "1/2",
    "-1/2",
    "sqrt3",
    "10",
    "-10",
    "1e10",
    "2^-30",
    "2^30",
    "-2^30",
    "min_subnormal",
    "-min_subnormal",
    "min_normal",
    "-min_normal",
    "max",
    "-max",
    "sqrt_max",
    "sqrt_min",
    "sqrt_min_subnormal",
    "3",
    "4",
    "5",
    "12",
)
DEGREES = (
    "0",
    "30",
    "45",
    "60",
    "90",
    "-90",
    "180",
    "-180",
    "270",
    "360",
    "-360",
    "720",
    "1",
    "min_subnormal",
    "min_normal",
    "max",
    "-max",
    "1e6",
)
RADIANS = (
    "0",
    "pi/6",
    "pi/4",
    "pi/3",
    "pi/2",
    "-pi/2",
    "pi",
    "-pi",
    "2*pi",
    "1",
    "min_subnormal",
    "min_normal",
    "max*pi/180",
    "-max*pi/180",
    "max",
    "-max",
    "100*pi",
)

# Special cases.
QUADRANT = c11("1.4", "atan2")
ATAN2 = (
    *NANS,
    Special(("±0", "-0"), "sign(x)*pi", "atan2(±0, −0) is ±π.", QUADRANT),
    Special(("±0", "+0"), "x", "atan2(±0, +0) is ±0.", QUADRANT),
    Special(("±0", "< 0"), "sign(x)*pi", "atan2(±0, y) is ±π for y < 0.", QUADRANT),
    Special(("±0", "> 0"), "x", "atan2(±0, y) is ±0 for y > 0.", QUADRANT),
    Special(("finite and nonzero", "±0"), "sign(x)*pi/2", "atan2(x, ±0) is ±π/2 with the sign of x.", QUADRANT),
    Special(("finite", "-inf"), "sign(x)*pi", "atan2(x, −∞) is ±π for finite x.", QUADRANT),
    Special(("finite", "+inf"), "sign(x)*0", "atan2(x, +∞) is ±0 for finite x.", QUADRANT),
    Special(("±inf", "finite"), "sign(x)*pi/2", "atan2(±∞, y) is ±π/2 for finite y.", QUADRANT),
    Special(("±inf", "-inf"), "sign(x)*3*pi/4", "atan2(±∞, −∞) is ±3π/4.", QUADRANT),
    Special(("±inf", "+inf"), "sign(x)*pi/4", "atan2(±∞, +∞) is ±π/4.", QUADRANT),
)
HYPOT = (
    Special(("±inf", "any"), "+inf", "The distance with an infinite leg is +∞, even beside NaN.", c11("4.3", "hypot")),
    Special(("any", "±inf"), "+inf", "The distance with an infinite leg is +∞, even beside NaN.", c11("4.3", "hypot")),
    *NANS,
    Special(("±0", "±0"), "+0", "hypot(±0, ±0) is +0.", c11("4.3", "hypot")),
)
REAL_AXIS = f"{numpy_docs('numpy.angle')} (arctan2 of the imaginary part, here +0); {QUADRANT}"
ANGLE = (
    NAN,
    Special(("-0",), "pi", "The angle of −0 + 0i is π.", REAL_AXIS),
    Special(("< 0",), "pi", "The angle of a negative number is π.", REAL_AXIS),
    Special(("any",), "+0", "The angle of +0 and of a positive number is +0.", REAL_AXIS),
)
LINEAR = (NAN, keeps_zero(SIGN_OF_ZERO), keeps_infinity(INFINITY))

# fmt: off
ROWS = (
    FunctionRow(
        name="atan2", family="angles", arity=2, aliases=("arctan2",),
        sentence="The angle in [−π, π] of the point with ordinate x and abscissa y.",
        domain=PAIRS,
        numpy="numpy.arctan2", tensorflow="tensorflow.math.atan2", mpmath="atan2(x, y)", arb="atan2(x, y)",
        typical=((-10.0, 10.0), (-10.0, 10.0)), critical=(PLANE, PLANE),
        specials=ATAN2,
    ),
    FunctionRow(
        name="hypot", family="angles", arity=2,
        sentence="√(x² + y²), without overflow of the squares.", domain=PAIRS,
        numpy="numpy.hypot", tensorflow="tensorflow.experimental.numpy.hypot", composite=True,
        mpmath="hypot(x, y)", arb="hypot(x, y)",
        typical=((-100.0, 100.0), (-100.0, 100.0)), critical=(PLANE, PLANE),
        specials=HYPOT,
    ),
    FunctionRow(
        name="angle", family="angles", arity=1,
        sentence="The argument of x as a complex number: 0 for positive x, π for negative x.", domain=REALS,
        numpy="numpy.angle", tensorflow="tensorflow.experimental.numpy.angle", composite=True,
        mpmath="atan2(0, x)", arb="atan2(0, x)",
        typical=((-10.0, 10.0),), critical=(("0", "1", "-1", "min_subnormal", "-min_subnormal", "max", "-max"),),
        specials=ANGLE,
    ),
    FunctionRow(
        name="deg2rad", family="angles", arity=1, aliases=("radians",),
        sentence="x · π / 180.", domain=REALS,
        numpy="numpy.deg2rad", tensorflow="tensorflow.experimental.numpy.deg2rad", composite=True,
        mpmath="radians(x)", arb="radians(x)",
        parity="odd", monotone=((-inf, inf, 1),), typical=((-360.0, 360.0),), critical=(DEGREES,),
        specials=LINEAR,
    ),
    FunctionRow(
        name="rad2deg", family="angles", arity=1, aliases=("degrees",),
        sentence="x · 180 / π.", domain=REALS,
        numpy="numpy.rad2deg", tensorflow="tensorflow.experimental.numpy.rad2deg", composite=True,
        mpmath="degrees(x)", arb="degrees(x)",
        parity="odd", monotone=((-inf, inf, 1),), typical=((-6.283185307179586, 6.283185307179586),),
        critical=(RADIANS,),
        specials=LINEAR,
    ),
)
