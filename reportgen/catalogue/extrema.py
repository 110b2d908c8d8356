"""Elementwise maxima and minima, and the step function."""

from __future__ import annotations

from reportgen.catalogue.rows import FunctionRow

REALS = "all pairs of real numbers"
WIDE = ((-1000.0, 1000.0), (-1000.0, 1000.0))
POINTS = ("0", "1", "-1", "2", "max", "-max", "min_normal", "-min_normal", "min_subnormal", "-min_subnormal")
PAIRS = (POINTS, POINTS)

ROWS = (
    FunctionRow(
        name="maximum", family="extrema", arity=2,
        sentence="The larger of x and y; NaN if either is NaN.", domain=REALS,
        numpy="numpy.maximum", tensorflow="tensorflow.math.maximum", mpmath="maximum(x, y)", arb="maximum(x, y)",
        typical=WIDE, critical=PAIRS,
    ),
    FunctionRow(
        name="minimum", family="extrema", arity=2,
        sentence="The smaller of x and y; NaN if either is NaN.", domain=REALS,
        numpy="numpy.minimum", tensorflow="tensorflow.math.minimum", mpmath="minimum(x, y)", arb="minimum(x, y)",
        typical=WIDE, critical=PAIRS,
    ),
    FunctionRow(
        name="fmax", family="extrema", arity=2,
        sentence="The larger of x and y; a NaN beside a number is ignored. NumPy only.", domain=REALS,
        numpy="numpy.fmax", tensorflow=None, mpmath="maximum(x, y)", arb="maximum(x, y)",
        typical=WIDE, critical=PAIRS,
    ),
    FunctionRow(
        name="fmin", family="extrema", arity=2,
        sentence="The smaller of x and y; a NaN beside a number is ignored. NumPy only.", domain=REALS,
        numpy="numpy.fmin", tensorflow=None, mpmath="minimum(x, y)", arb="minimum(x, y)",
        typical=WIDE, critical=PAIRS,
    ),
    FunctionRow(
        name="heaviside", family="extrema", arity=2,
        sentence="0 for negative x, 1 for positive x, and y where x is zero.", domain=REALS,
        numpy="numpy.heaviside", tensorflow="tensorflow.experimental.numpy.heaviside", composite=True,
        mpmath="heaviside(x, y)", arb="heaviside(x, y)",
        typical=WIDE, critical=(POINTS, (*POINTS, "1/2")),
    ),
)
