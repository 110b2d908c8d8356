"""Integer quotients and remainders of real numbers."""

from __future__ import annotations

from reportgen.catalogue.rows import FunctionRow, Special
from reportgen.catalogue.sources import (
    DIVISION_BY_ZERO,
    INFINITY,
    INVALID,
    NANS,
    SIGN_OF_ZERO,
    array_api,
    c11,
    numpy_docs,
)

WIDE = (-1000.0, 1000.0)
POINTS = (
    "0",
    "1/2",
    "-1/2",
    "1",
    "-1",
    "2",
    "-2",
    "3",
    "-3",
    "7",
    "-7",
    "10",
    "1/10",
    "-1/10",
    "1/3",
    "max",
    "-max",
    "min_normal",
    "min_subnormal",
    "-min_subnormal",
    "2^11",
    "2^24",
    "2^53",
    "pi",
    "2*pi",
)

# Special cases.
FLOORED = array_api("floor_divide")
PYTHON = "NumPy, like Python's //, gives NaN here."
FLOOR_DIVIDE = (
    *NANS,
    Special(("±inf", "±inf"), "nan", "Infinity divided by infinity is NaN.", FLOORED),
    Special(("±0", "±0"), "nan", "Zero divided by zero is NaN.", FLOORED),
    Special(
        ("±inf", "any"),
        "sign(x)*sign(y)*inf",
        f"Infinity divided by a number is an infinity; signs multiply. {PYTHON}",
        FLOORED,
    ),
    Special(("any", "±0"), "sign(x)*sign(y)*inf", "A number divided by zero is an infinity; signs multiply.", FLOORED),
    Special(("±0", "any"), "sign(x)*sign(y)*0", "Zero divided by a number is zero; signs multiply.", FLOORED),
    Special(("any", "±inf", "signs equal"), "+0", "A number divided by an infinity of its own sign is +0.", FLOORED),
    Special(
        ("any", "±inf"),
        "-0",
        "A number divided by an infinity of the other sign is −0, and so is its floor. "
        "NumPy, like Python's //, gives −1 here.",
        FLOORED,
    ),
    Special(
        ("finite and > 0", "finite and > 0", "abs x < abs y"),
        "+0",
        "A quotient between 0 and 1 has the floor +0.",
        SIGN_OF_ZERO,
    ),
    Special(
        ("finite and < 0", "finite and < 0", "abs x < abs y"),
        "+0",
        "A quotient between 0 and 1 has the floor +0.",
        SIGN_OF_ZERO,
    ),
)
MODULO = array_api("remainder")
REMAINDER = (
    *NANS,
    Special(("±inf", "any"), "nan", "The remainder of an infinity is NaN.", MODULO),
    Special(("any", "±0"), "nan", "The remainder by zero is NaN.", MODULO),
    Special(("±0", "any"), "sign(y)*0", "The remainder of zero is zero with the sign of the divisor.", MODULO),
    Special(
        ("any", "±inf", "signs equal"), "x", "By an infinity of its own sign a number is its own remainder.", MODULO
    ),
    Special(("any", "±inf"), "y", "By an infinity of the other sign the remainder is that infinity.", MODULO),
    Special(
        ("finite", "finite", "x multiple of y"),
        "sign(y)*0",
        "A multiple of y leaves zero with the sign of y.",
        numpy_docs("numpy.remainder"),
    ),
)
FMOD = (
    *NANS,
    Special(("±inf", "any"), "nan", "The remainder of an infinity is NaN.", c11("7.1", "fmod")),
    Special(("any", "±0"), "nan", "The remainder by zero is NaN.", c11("7.1", "fmod")),
    Special(("±0", "any"), "x", "The remainder of ±0 is ±0.", c11("7.1", "fmod")),
    Special(("any", "±inf"), "x", "By an infinity a number is its own remainder.", c11("7.1", "fmod")),
    Special(
        ("finite", "finite", "x multiple of y"),
        "sign(x)*0",
        "A multiple of y leaves zero with the sign of x.",
        c11("7.1", "fmod"),
    ),
)
TRUNCATEDIV = (
    *NANS,
    Special(("±inf", "±inf"), "nan", "Infinity divided by infinity is NaN.", INVALID),
    Special(("±0", "±0"), "nan", "Zero divided by zero is NaN.", INVALID),
    Special(
        ("±inf", "any"), "sign(x)*sign(y)*inf", "Infinity divided by a number is an infinity; signs multiply.", INFINITY
    ),
    Special(
        ("any", "±0"),
        "sign(x)*sign(y)*inf",
        "A number divided by zero is an infinity; signs multiply.",
        DIVISION_BY_ZERO,
    ),
    Special(("any", "±inf"), "sign(x)*sign(y)*0", "A number divided by infinity is zero; signs multiply.", INFINITY),
    Special(("±0", "any"), "sign(x)*sign(y)*0", "Zero divided by a number is zero; signs multiply.", SIGN_OF_ZERO),
    Special(
        ("finite", "finite", "abs x < abs y"),
        "sign(x)*sign(y)*0",
        "A quotient below 1 in magnitude is cut to zero; signs multiply.",
        SIGN_OF_ZERO,
    ),
)

# fmt: off
ROWS = (
    FunctionRow(
        name="floor_divide", family="division", arity=2, aliases=("floordiv",),
        sentence="The largest integer not above x / y, judged on the exact quotient.", domain="y ≠ 0",
        numpy="numpy.floor_divide", tensorflow="tensorflow.math.floordiv",
        mpmath="floor_divide(x, y)", arb="floor_divide(x, y)",
        typical=(WIDE, WIDE), critical=(POINTS, POINTS),
        specials=FLOOR_DIVIDE,
    ),
    FunctionRow(
        name="remainder", family="division", arity=2, aliases=("mod", "floormod"),
        sentence="x − y·floor(x / y): the remainder with the sign of the divisor.", domain="y ≠ 0",
        numpy="numpy.remainder", tensorflow="tensorflow.math.floormod",
        mpmath="remainder(x, y)", arb="remainder(x, y)",
        typical=(WIDE, WIDE), critical=(POINTS, POINTS),
        specials=REMAINDER,
    ),
    FunctionRow(
        name="fmod", family="division", arity=2, aliases=("truncatemod",),
        sentence="x − y·trunc(x / y): the remainder with the sign of the dividend, always exact.", domain="y ≠ 0",
        numpy="numpy.fmod", tensorflow="tensorflow.truncatemod", mpmath="fmod(x, y)", arb="fmod(x, y)",
        typical=(WIDE, WIDE), critical=(POINTS, POINTS),
        specials=FMOD,
    ),
    FunctionRow(
        name="truncatediv", family="division", arity=2, aliases=("truncate_div",),
        sentence="The integer part of x / y, towards zero. TensorFlow only.", domain="y ≠ 0",
        numpy=None, tensorflow="tensorflow.truncatediv", mpmath="truncatediv(x, y)", arb="truncatediv(x, y)",
        typical=(WIDE, WIDE), critical=(POINTS, POINTS),
        specials=TRUNCATEDIV,
    ),
)
