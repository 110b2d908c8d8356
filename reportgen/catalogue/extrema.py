"""Elementwise maxima and minima, and the step function."""

from __future__ import annotations

from reportgen.catalogue.rows import FunctionRow, Special
from reportgen.catalogue.sources import PROPAGATION, numpy_docs

REALS = "all pairs of real numbers"
WIDE = ((-1000.0, 1000.0), (-1000.0, 1000.0))
POINTS = ("0", "1", "-1", "2", "max", "-max", "min_normal", "-min_normal", "min_subnormal", "-min_subnormal")
PAIRS = (POINTS, POINTS)

# Special cases.
UNORDERED = "zeros of both signs compare equal, and no sign is documented"


def _extremum(page: str, winner: str, loser: str, beats_zero: str) -> tuple[Special, ...]:
    """Rules of a maximum (or minimum) for arguments that are numbers; ``beats_zero`` loses against zero."""
    source = numpy_docs(page)
    word = "larger" if winner == "+inf" else "smaller"
    return (
        Special((winner, "any"), winner, "Nothing passes that infinity.", source),
        Special(("any", winner), winner, "Nothing passes that infinity.", source),
        Special((loser, "any"), "y", "The other argument wins over that infinity.", source),
        Special(("any", loser), "x", "The other argument wins over that infinity.", source),
        Special(("+0", "-0"), "either zero", f"Of +0 and −0 either may come: {UNORDERED}.", source),
        Special(("-0", "+0"), "either zero", f"Of −0 and +0 either may come: {UNORDERED}.", source),
        Special(("±0", "±0"), "x", "Equal zeros keep their sign.", source),
        Special(("±0", beats_zero), "x", f"Zero is the {word} one and keeps its sign.", source),
        Special((beats_zero, "±0"), "y", f"Zero is the {word} one and keeps its sign.", source),
    )


def _propagating(page: str) -> tuple[Special, ...]:
    source = numpy_docs(page)
    return (
        Special(("nan", "any"), "nan", "NaN wins over every number.", source),
        Special(("any", "nan"), "nan", "NaN wins over every number.", source),
    )


def _ignoring(page: str) -> tuple[Special, ...]:
    source = numpy_docs(page)
    return (
        Special(("nan", "nan"), "nan", "NaN and NaN give NaN.", source),
        Special(("nan", "any"), "y", "NaN is ignored beside a number.", source),
        Special(("any", "nan"), "x", "NaN is ignored beside a number.", source),
    )


MAXIMUM = (*_propagating("numpy.maximum"), *_extremum("numpy.maximum", "+inf", "-inf", "< 0"))
MINIMUM = (*_propagating("numpy.minimum"), *_extremum("numpy.minimum", "-inf", "+inf", "> 0"))
FMAX = (*_ignoring("numpy.fmax"), *_extremum("numpy.fmax", "+inf", "-inf", "< 0"))
FMIN = (*_ignoring("numpy.fmin"), *_extremum("numpy.fmin", "-inf", "+inf", "> 0"))
CLIP_PAGE = f"{numpy_docs('numpy.clip')}: minimum(maximum(x1, x2), x3)"


def _clip() -> tuple[Special, ...]:
    """Rules of minimum(maximum(x, y), z), whose zeros may be of either sign where zeros of both signs meet."""
    either = f"Of +0 and −0 either may come: {UNORDERED}."
    meeting = (("±0", "±0", "±0"), ("±0", "±0", "any", "signs differ"), ("+0", "< 0", "-0"), ("-0", "< 0", "+0"),
               ("< 0", "+0", "-0"), ("< 0", "-0", "+0"))  # fmt: skip
    return (
        Special(("nan", "any", "any"), "nan", "NaN stays NaN.", CLIP_PAGE),
        Special(("any", "nan", "any"), "nan", "A NaN bound gives NaN.", CLIP_PAGE),
        Special(("any", "any", "nan"), "nan", "A NaN bound gives NaN.", CLIP_PAGE),
        Special(
            ("any", "any", "any", "y > z"), "z",
            "Where the bounds are the wrong way round the upper one is the result; TensorFlow promises nothing.",
            CLIP_PAGE,
        ),
        Special(("+0", "+0", "+0"), "+0", "Equal zeros keep their sign.", CLIP_PAGE),
        Special(("-0", "-0", "-0"), "-0", "Equal zeros keep their sign.", CLIP_PAGE),
        *(Special(when, "either zero", either, CLIP_PAGE) for when in meeting),
        Special(("±0", "<= 0", ">= 0"), "x", "Zero inside the bounds keeps its sign.", CLIP_PAGE),
        Special(("< 0", "±0", "any"), "y", "Below a lower bound of zero the bound is the result.", CLIP_PAGE),
        Special(("> 0", "any", "±0"), "z", "Above an upper bound of zero the bound is the result.", CLIP_PAGE),
        Special(("+inf", "any", "any"), "z", "+∞ gives the upper bound.", CLIP_PAGE),
        Special(("-inf", "any", "any"), "y", "−∞ gives the lower bound.", CLIP_PAGE),
        Special(("any", "+inf", "any"), "+inf", "Nothing passes a lower bound of +∞.", CLIP_PAGE),
        Special(("any", "any", "-inf"), "-inf", "Nothing passes an upper bound of −∞.", CLIP_PAGE),
        Special(("any", "-inf", "any", "x <= z"), "x", "A lower bound of −∞ is none.", CLIP_PAGE),
        Special(("any", "-inf", "any"), "z", "A lower bound of −∞ is none.", CLIP_PAGE),
        Special(("any", "any", "+inf", "x >= y"), "x", "An upper bound of +∞ is none.", CLIP_PAGE),
        Special(("any", "any", "+inf"), "y", "An upper bound of +∞ is none.", CLIP_PAGE),
    )  # fmt: skip


STEP = numpy_docs("numpy.heaviside")
HEAVISIDE = (
    Special(("nan", "any"), "nan", "NaN as the first argument gives NaN.", PROPAGATION),
    Special(("±0", "any"), "y", "At zero the second argument is the value.", STEP),
    Special(("< 0", "any"), "+0", "Below zero the value is 0.", STEP),
    Special(("> 0", "any"), "1", "Above zero the value is 1.", STEP),
)

# fmt: off
ROWS = (
    FunctionRow(
        name="maximum", family="extrema", arity=2,
        sentence="The larger of x and y; NaN if either is NaN.", domain=REALS,
        numpy="numpy.maximum", tensorflow="tensorflow.math.maximum", mpmath="maximum(x, y)", arb="maximum(x, y)",
        typical=WIDE, critical=PAIRS,
        specials=MAXIMUM,
    ),
    FunctionRow(
        name="minimum", family="extrema", arity=2,
        sentence="The smaller of x and y; NaN if either is NaN.", domain=REALS,
        numpy="numpy.minimum", tensorflow="tensorflow.math.minimum", mpmath="minimum(x, y)", arb="minimum(x, y)",
        typical=WIDE, critical=PAIRS,
        specials=MINIMUM,
    ),
    FunctionRow(
        name="fmax", family="extrema", arity=2,
        sentence="The larger of x and y; a NaN beside a number is ignored. NumPy only.", domain=REALS,
        numpy="numpy.fmax", tensorflow=None, mpmath="maximum(x, y)", arb="maximum(x, y)",
        typical=WIDE, critical=PAIRS,
        specials=FMAX,
    ),
    FunctionRow(
        name="fmin", family="extrema", arity=2,
        sentence="The smaller of x and y; a NaN beside a number is ignored. NumPy only.", domain=REALS,
        numpy="numpy.fmin", tensorflow=None, mpmath="minimum(x, y)", arb="minimum(x, y)",
        typical=WIDE, critical=PAIRS,
        specials=FMIN,
    ),
    FunctionRow(
        name="clip", family="extrema", arity=3, aliases=("clip_by_value",),
        sentence="x1 kept between x2 and x3, as minimum(maximum(x1, x2), x3).", domain="x2 ≤ x3", ordered=True,
        numpy="numpy.clip", tensorflow="tensorflow.clip_by_value",
        mpmath="minimum(maximum(x, y), z)", arb="minimum(maximum(x, y), z)",
        typical=(*WIDE, (-1000.0, 1000.0)), critical=(POINTS, POINTS, POINTS),
        specials=_clip(),
    ),
    FunctionRow(
        name="heaviside", family="extrema", arity=2,
        sentence="0 for negative x, 1 for positive x, and y where x is zero.", domain=REALS,
        numpy="numpy.heaviside", tensorflow="tensorflow.experimental.numpy.heaviside", composite=True,
        mpmath="heaviside(x, y)", arb="heaviside(x, y)",
        typical=WIDE, critical=(POINTS, (*POINTS, "1/2")),
        specials=HEAVISIDE,
    ),
)
