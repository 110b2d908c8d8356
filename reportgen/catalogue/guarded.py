"""TensorFlow's guarded forms, which define away a division by zero or 0 · log 0."""

from __future__ import annotations

from math import inf

from reportgen.catalogue.arithmetic import DIVIDE, MULTIPLY
from reportgen.catalogue.rows import FunctionRow, Special
from reportgen.catalogue.sources import INFINITY, INVALID, NAN, NANS, SIGN_OF_ZERO, c11, tensorflow_docs

WIDE = (-1000.0, 1000.0)
POINTS = (
    "0",
    "1",
    "-1",
    "2",
    "3",
    "1/3",
    "max",
    "-max",
    "min_normal",
    "-min_normal",
    "min_subnormal",
    "-min_subnormal",
)
LOGS = ("0", "1", "1/2", "2", "e", "10", "1/10", "max", "min_normal", "min_subnormal", "-1")

# Special cases.


def _after_guard(rules: tuple[Special, ...], argument: int) -> tuple[Special, ...]:
    """The rules that remain once a zero as that argument has been taken out."""
    return tuple(rule for rule in rules if rule.when[argument] != "±0")


def _guard(page: str, when: tuple[str, ...], sentence: str) -> Special:
    return Special(when, "either zero", sentence, tensorflow_docs(page))


DIVIDE_NO_NAN = (
    _guard("tf.math.divide_no_nan", ("any", "±0"), "Division by zero gives 0 by definition, whatever is divided."),
    *_after_guard(DIVIDE, 1),
)
MULTIPLY_NO_NAN = (
    _guard(
        "tf.math.multiply_no_nan",
        ("any", "±0"),
        "Multiplication by zero gives 0 by definition, even of NaN and infinities.",
    ),
    *_after_guard(MULTIPLY, 1),
)
RECIPROCAL_NO_NAN = (
    NAN,
    _guard("tf.math.reciprocal_no_nan", ("±0",), "The reciprocal of zero is 0 by definition."),
    Special(("±inf",), "sign(x)*0", "1/±∞ is ±0.", INFINITY),
)
PRODUCT = f"{INFINITY}; C11 F.10.3.7 (log)"
XLOGY = (
    _guard("tf.math.xlogy", ("±0", "any"), "With x = 0 the value is 0 by definition, whatever y is."),
    *NANS,
    Special(("any", "< 0"), "nan", "A negative number has no real logarithm.", c11("3.7", "log")),
    Special(("±inf", "== 1"), "nan", "Infinity times log 1 = 0 is NaN.", INVALID),
    Special(("any", "±0"), "-sign(x)*inf", "x times log 0 = −∞ is an infinity of the opposite sign.", PRODUCT),
    Special(("any", "== 1"), "sign(x)*0", "x times log 1 = +0 is zero with the sign of x.", SIGN_OF_ZERO),
    Special(("any", "+inf"), "sign(x)*inf", "x times log +∞ = +∞ is an infinity with the sign of x.", PRODUCT),
    Special(("±inf", "> 1"), "x", "Infinity times a positive logarithm is that infinity.", INFINITY),
    Special(("±inf", "any"), "-x", "Infinity times a negative logarithm is the opposite infinity.", INFINITY),
)
PRODUCT1 = f"{INFINITY}; C11 F.10.3.9 (log1p)"
XLOG1PY = (
    _guard("tf.math.xlog1py", ("±0", "any"), "With x = 0 the value is 0 by definition, whatever y is."),
    *NANS,
    Special(("any", "< -1"), "nan", "Below −1 there is no real logarithm of 1 + y.", c11("3.9", "log1p")),
    Special(("±inf", "±0"), "nan", "Infinity times log 1 = 0 is NaN.", INVALID),
    Special(("any", "== -1"), "-sign(x)*inf", "x times log 0 = −∞ is an infinity of the opposite sign.", PRODUCT1),
    Special(("any", "±0"), "sign(x)*sign(y)*0", "x times log(1 ± 0) = ±0 is zero; signs multiply.", SIGN_OF_ZERO),
    Special(("any", "+inf"), "sign(x)*inf", "x times log +∞ = +∞ is an infinity with the sign of x.", PRODUCT1),
    Special(("±inf", "> 0"), "x", "Infinity times a positive logarithm is that infinity.", INFINITY),
    Special(("±inf", "any"), "-x", "Infinity times a negative logarithm is the opposite infinity.", INFINITY),
)
XDIVY = (
    _guard("tf.math.xdivy", ("±0", "any"), "With x = 0 the value is 0 by definition, whatever y is."),
    *_after_guard(DIVIDE, 0),
)

# fmt: off
ROWS = (
    FunctionRow(
        name="divide_no_nan", family="guarded", arity=2,
        sentence="x / y, and 0 where y is 0. TensorFlow only.", domain="all pairs of real numbers",
        numpy=None, tensorflow="tensorflow.math.divide_no_nan", mpmath="x / y", arb="x / y",
        typical=(WIDE, WIDE), critical=(POINTS, POINTS),
        specials=DIVIDE_NO_NAN,
    ),
    FunctionRow(
        name="multiply_no_nan", family="guarded", arity=2,
        sentence="x · y, and 0 where y is 0, whatever x is. TensorFlow only.", domain="all pairs of real numbers",
        numpy=None, tensorflow="tensorflow.math.multiply_no_nan", mpmath="x * y", arb="x * y",
        typical=(WIDE, WIDE), critical=(POINTS, POINTS),
        specials=MULTIPLY_NO_NAN,
    ),
    FunctionRow(
        name="reciprocal_no_nan", family="guarded", arity=1,
        sentence="1 / x, and 0 where x is 0. TensorFlow only.", domain="all real numbers",
        numpy=None, tensorflow="tensorflow.math.reciprocal_no_nan", mpmath="1/x", arb="1/x",
        parity="odd", monotone=((0.0, inf, -1), (-inf, 0.0, -1)), typical=(WIDE,),
        critical=((*POINTS, "1/max", "1/min_normal"),),
        specials=RECIPROCAL_NO_NAN,
    ),
    FunctionRow(
        name="xlogy", family="guarded", arity=2,
        sentence="x · log y, and 0 where x is 0. TensorFlow and SciPy.", domain="y > 0, or x = 0",
        numpy=None, tensorflow="tensorflow.math.xlogy", scipy="scipy.special.xlogy",
        mpmath="xlogy(x, y)", arb="xlogy(x, y)",
        typical=(WIDE, (0.0, 1000.0)), critical=(POINTS, LOGS),
        specials=XLOGY,
    ),
    FunctionRow(
        name="xlog1py", family="guarded", arity=2,
        sentence="x · log(1 + y), and 0 where x is 0. TensorFlow and SciPy.", domain="y > −1, or x = 0",
        numpy=None, tensorflow="tensorflow.math.xlog1py", scipy="scipy.special.xlog1py",
        mpmath="xlog1py(x, y)", arb="xlog1py(x, y)",
        typical=(WIDE, (-1.0, 1000.0)), critical=(POINTS, (*LOGS, "-1/2", "2^-24", "-2^-24")),
        specials=XLOG1PY,
    ),
    FunctionRow(
        name="xdivy", family="guarded", arity=2,
        sentence="x / y, and 0 where x is 0, even for y = 0. TensorFlow only.", domain="y ≠ 0, or x = 0",
        numpy=None, tensorflow="tensorflow.math.xdivy", mpmath="x / y", arb="x / y",
        typical=(WIDE, WIDE), critical=(POINTS, POINTS),
        specials=XDIVY,
    ),
)
