"""Angles, distances and conversions between degrees and radians."""

from __future__ import annotations

from math import inf

from reportgen.catalogue.rows import FunctionRow

REALS = "all real numbers"
PLANE = (
    "0", "1", "-1", "2", "-2", "1/2", "-1/2", "sqrt3", "10", "-10", "1e10", "2^-30", "2^30", "-2^30", "min_subnormal",
    "-min_subnormal", "min_normal", "-min_normal", "max", "-max", "sqrt_max", "sqrt_min", "sqrt_min_subnormal", "3", "4", "5", "12",
)
DEGREES = ("0", "30", "45", "60", "90", "-90", "180", "-180", "270", "360", "-360", "720", "1", "min_subnormal", "min_normal",
           "max", "-max", "1e6")
RADIANS = ("0", "pi/6", "pi/4", "pi/3", "pi/2", "-pi/2", "pi", "-pi", "2*pi", "1", "min_subnormal", "min_normal", "max*pi/180",
           "-max*pi/180", "max", "-max", "100*pi")

ROWS = (
    FunctionRow(
        name="atan2", family="angles", arity=2, aliases=("arctan2",),
        sentence="The angle in [−π, π] of the point with ordinate x and abscissa y (the first argument is the ordinate).",
        domain="all pairs of real numbers",
        numpy="numpy.arctan2", tensorflow="tensorflow.math.atan2", mpmath="atan2(x, y)", arb="atan2(x, y)",
        typical=((-10.0, 10.0), (-10.0, 10.0)), critical=(PLANE, PLANE),
    ),
    FunctionRow(
        name="hypot", family="angles", arity=2,
        sentence="√(x² + y²), without overflow of the squares.", domain="all pairs of real numbers",
        numpy="numpy.hypot", tensorflow="tensorflow.experimental.numpy.hypot", composite=True,
        mpmath="hypot(x, y)", arb="hypot(x, y)",
        typical=((-100.0, 100.0), (-100.0, 100.0)), critical=(PLANE, PLANE),
    ),
    FunctionRow(
        name="angle", family="angles", arity=1,
        sentence="The argument of x as a complex number: 0 for positive x, π for negative x.", domain=REALS,
        numpy="numpy.angle", tensorflow="tensorflow.experimental.numpy.angle", composite=True,
        mpmath="atan2(0*x, x)", arb="atan2(0*x, x)",
        typical=((-10.0, 10.0),), critical=(("0", "1", "-1", "min_subnormal", "-min_subnormal", "max", "-max"),),
    ),
    FunctionRow(
        name="deg2rad", family="angles", arity=1, aliases=("radians",),
        sentence="x · π / 180.", domain=REALS,
        numpy="numpy.deg2rad", tensorflow="tensorflow.experimental.numpy.deg2rad", composite=True,
        mpmath="deg2rad(x)", arb="deg2rad(x)",
        parity="odd", monotone=((-inf, inf, 1),), typical=((-360.0, 360.0),), critical=(DEGREES,),
    ),
    FunctionRow(
        name="rad2deg", family="angles", arity=1, aliases=("degrees",),
        sentence="x · 180 / π.", domain=REALS,
        numpy="numpy.rad2deg", tensorflow="tensorflow.experimental.numpy.rad2deg", composite=True,
        mpmath="rad2deg(x)", arb="rad2deg(x)",
        parity="odd", monotone=((-inf, inf, 1),), typical=((-6.283185307179586, 6.283185307179586),), critical=(RADIANS,),
    ),
)
