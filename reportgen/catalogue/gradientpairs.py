"""Partial derivatives of functions of two arguments as TensorFlow's ``GradientTape`` gives them.

``grad_NAME_x`` is with respect to the first argument and ``grad_NAME_y`` to the second.
"""

from __future__ import annotations

from reportgen.catalogue.rows import FunctionRow, Interval, Special
from reportgen.catalogue.sources import NANS, tensorflow_docs

LIMIT = "limit of the derivative"
SOURCE = "TensorFlow source, python/ops/math_grad.py"
SINGLE, BOTH = ("float32",), ("float32", "float64")
BASE_SAMPLES = 8192
WIDE = (-1000.0, 1000.0)
POSITIVE = (0.0, 1000.0)
POINTS = (
    "0", "1", "-1", "2", "3", "1/3", "max", "-max", "min_normal", "-min_normal", "min_subnormal", "-min_subnormal",
    "sqrt_max", "sqrt_min", "-sqrt_min", "2^-24", "2^24",
)  # fmt: skip
LOGS = ("0", "1", "1/2", "2", "e", "10", "1/10", "max", "min_normal", "min_subnormal", "-1")


def pair(
    name: str,
    path: str,
    wrt: int,
    sentence: str,
    expression: str,
    specials: tuple[Special, ...],
    *,
    domain: str = "all pairs of real numbers",
    typical: tuple[Interval, Interval] = (WIDE, WIDE),
    critical: tuple[tuple[str, ...], tuple[str, ...]] = (POINTS, POINTS),
    composite: bool = False,
    dtypes: tuple[str, ...] = SINGLE,
) -> FunctionRow:
    """One partial derivative."""
    return FunctionRow(
        name=f"grad_{name}_{'xy'[wrt]}", family="gradients", kind="gradient", wrt=wrt, arity=2, sentence=sentence,
        domain=domain, numpy=None, tensorflow=f"tensorflow.{path}", composite=composite, mpmath=expression,
        arb=expression, typical=typical, critical=critical, specials=specials, dtypes=dtypes,
        base_samples=BASE_SAMPLES,
    )  # fmt: skip


def told(when: tuple[str, ...], then: str, sentence: str, identity: str) -> Special:
    return Special(when, then, sentence, f"{LIMIT} ({identity})")


def none(when: tuple[str, ...], sentence: str) -> Special:
    return Special(when, "nan", sentence, f"{LIMIT} (none)")


ZERO = "either zero"

# x² / (x² + y²) and its kin.
ORIGIN = none(("±0", "±0"), "At the origin there is no derivative.")
FAR = (
    told(("±inf", "any"), ZERO, "Infinitely far out the angle no longer changes.", "1/r"),
    told(("any", "±inf"), ZERO, "Infinitely far out the angle no longer changes.", "1/r"),
)
ATAN2_X = (
    *NANS,
    *FAR,
    ORIGIN,
    told(("any", "±0"), ZERO, "On the axis y = 0 the angle is stationary in x.", "y/(x² + y²)"),
)
ATAN2_Y = (
    *NANS,
    *FAR,
    ORIGIN,
    told(("±0", "any"), ZERO, "On the axis x = 0 the angle is stationary in y.", "−x/(x² + y²)"),
)
HYPOT_X = (
    *NANS,
    none(("±inf", "±inf"), "The direction of an infinite vector with two infinite parts is unknown."),
    told(("±inf", "any"), "sign(x)*1", "An infinite x is the whole length.", "x/√(x² + y²)"),
    told(("any", "±inf"), ZERO, "Beside an infinite y, x does not count.", "x/√(x² + y²)"),
    none(("±0", "±0"), "The length has no derivative at the origin."),
    told(("±0", "any"), ZERO, "At x = 0 the length is stationary in x.", "x/√(x² + y²)"),
    told(("any", "±0"), "sign(x)*1", "On the axis y = 0 the length is |x|.", "x/√(x² + y²)"),
)
LOGADDEXP_X = (
    *NANS,
    none(("+inf", "+inf"), "Which of two infinities is larger is unknown."),
    none(("-inf", "-inf"), "Which of two infinities is larger is unknown."),
    told(("+inf", "any"), "1", "An infinite x is the whole sum.", "sigmoid(x − y)"),
    told(("any", "-inf"), "1", "Beside y = −∞, x is the whole sum.", "sigmoid(x − y)"),
    told(("-inf", "any"), ZERO, "x = −∞ adds nothing.", "sigmoid(x − y)"),
    told(("any", "+inf"), ZERO, "Beside y = +∞, x does not count.", "sigmoid(x − y)"),
    told(("any", "any", "x == y"), "0.5", "Equal arguments share alike.", "sigmoid(0) = 1/2"),
)

# Maxima: the derivative is 1 or 0 but for ties.
TIES = f"{SOURCE} (_MaximumMinimumGrad)"
LARGER = "At a tie every share is a subgradient; TensorFlow gives the first argument all."


def _choice(first: bool, largest: bool) -> tuple[Special, ...]:
    wins, loses = ("x > y", "x < y") if largest is first else ("x < y", "x > y")
    return (
        *NANS,
        told(("any", "any", wins), "1", "The chosen argument passes.", "one-sided constants"),
        told(("any", "any", loses), ZERO, "The other argument does not count.", "one-sided constants"),
        Special(("any", "any", "x == y"), "1" if first else ZERO, LARGER, TIES),
    )


# Powers.
POWER_X_DOMAIN = "x ≥ 0, or an integer y"
REAL_ONLY = "A negative number has real powers at integers only."
POWER_X = (
    *NANS,
    told(("any", "±0"), ZERO, "x⁰ is the constant 1.", "0·x⁻¹"),
    told(("== 1", "any"), "y", "At x = 1 the derivative is y.", "y·1"),
    none(("< 0", "±inf"), REAL_ONLY),
    none(("< 0", "non-integer"), REAL_ONLY),
    told(("±0", "== 1"), "1", "y = 1: the derivative of x is 1.", "x⁰"),
    told(("±inf", "== 1"), "1", "y = 1: the derivative of x is 1.", "x⁰"),
    told(("±0", "> 1"), ZERO, "For y > 1 the power is flat at 0.", "y·x^(y−1)"),
    told(("+0", "> 0"), "+inf", "For 0 < y < 1 the power rises vertically at 0.", "y·x^(y−1)"),
    told(("-0", "> 0"), "+inf", "For 0 < y < 1 the power rises vertically at 0.", "y·x^(y−1), x > 0"),
    told(("-0", "odd integer"), "-inf", "An odd power of 1/x falls on both sides of 0.", "y·x^(y−1)"),
    told(("-0", "integer"), "+inf", "An even power of 1/x rises towards 0 from below.", "y·x^(y−1), x < 0"),
    told(("±0", "any"), "-inf", "A power of 1/x falls from infinity.", "y·x^(y−1), x > 0"),
    told(("+inf", "> 1"), "+inf", "For y > 1 the slope grows with x.", "y·x^(y−1)"),
    told(("+inf", "any"), ZERO, "For y < 1 the slope falls to 0.", "y·x^(y−1)"),
    told(("-inf", "odd integer and > 1"), "+inf", "For odd y > 1 the slope grows on both sides.", "y·x^(y−1)"),
    told(("-inf", "> 1"), "-inf", "For even y the slope falls without bound.", "y·x^(y−1)"),
    told(("-inf", "any"), ZERO, "For y < 1 the slope falls to 0.", "y·x^(y−1)"),
    told(("> 1", "+inf"), "+inf", "The power grows faster than any.", "y·x^(y−1)"),
    told(("> 1", "-inf"), ZERO, "x^y falls faster than y grows.", "y·x^(y−1)"),
    told(("any", "+inf"), ZERO, "x^y falls faster than y grows.", "y·x^(y−1)"),
    told(("any", "-inf"), "-inf", "The power grows faster than any.", "y·x^(y−1)"),
)
POWER_Y = (
    *NANS,
    none(("< 0", "any"), "A negative number has real powers at integers only, and no slope between them."),
    told(("== 1", "any"), ZERO, "1 to any power is 1.", "log 1 = 0"),
    told(("±0", "> 0"), ZERO, "0 to any positive power is 0.", "x^y·log x → 0"),
    told(("±0", "any"), "-inf", "Towards x = 0 the slope falls without bound.", "x^y·log x → −∞"),
    told(("+inf", "< 0"), ZERO, "A negative power of +∞ is 0, whatever the exponent.", "x^y·log x → 0"),
    told(("+inf", "any"), "+inf", "Towards x = +∞ the slope grows without bound.", "x^y·log x"),
    told(("> 1", "+inf"), "+inf", "The power grows without bound.", "x^y·log x"),
    told(("> 1", "-inf"), ZERO, "The power falls to 0.", "x^y·log x"),
    told(("any", "+inf"), ZERO, "The power falls to 0.", "x^y·log x"),
    told(("any", "-inf"), "-inf", "The power grows without bound as y falls.", "x^y·log x"),
)

# Quotients and products.
DIVIDE_Y = (
    *NANS,
    none(("±inf", "±inf"), "The quotient of infinities is unknown, and so is its slope."),
    none(("±0", "±0"), "0/0 has no value and no slope."),
    told(("±inf", "any"), "-sign(x)*inf", "An infinite quotient has an infinite slope.", "−x/y²"),
    told(("any", "±inf"), ZERO, "Towards an infinite y the slope is 0.", "−x/y²"),
    told(("any", "±0"), "-sign(x)*inf", "At the pole the slope is infinite on both sides.", "−x/y²"),
    told(("±0", "any"), ZERO, "0/y is constant.", "−x/y²"),
)
DEFINED_AWAY = "Where the value is 0 by definition, TensorFlow takes 0."
DIVIDE_NO_NAN_Y = (
    Special(("any", "±0"), ZERO, DEFINED_AWAY, f"{SOURCE} (_DivNoNanGrad)"),
    *(rule for rule in DIVIDE_Y if rule.when[1] != "±0"),
)
XDIVY_Y = (
    Special(("±0", "any"), ZERO, "With x = 0 the value is 0 for every y.", tensorflow_docs("tf.math.xdivy")),
    *(rule for rule in DIVIDE_Y if rule.when[0] != "±0"),
)
XLOGY_X = (
    *NANS,
    Special(("±0", "<= 0"), ZERO, DEFINED_AWAY, f"{SOURCE} (_XLogyGrad)"),
    none(("any", "< 0"), "A negative number has no real logarithm."),
    told(("any", "±0"), "-inf", "log 0 is −∞.", "log y"),
    told(("any", "+inf"), "+inf", "log +∞ is +∞.", "log y"),
    told(("any", "== 1"), ZERO, "log 1 is 0.", "log y"),
    told(("±0", "> 0"), "value", "At x = 0 too the derivative of x·log y is log y.", "log y"),
    told(("±inf", "> 0"), "value", "At infinite x too the derivative of x·log y is log y.", "log y"),
)
XLOGY_Y = (
    Special(("±0", "any"), ZERO, "With x = 0 the value is 0 for every y.", tensorflow_docs("tf.math.xlogy")),
    *NANS,
    none(("any", "< 0"), "A negative number has no real logarithm."),
    none(("±inf", "+inf"), "The quotient of infinities is unknown."),
    told(("±inf", "any"), "sign(x)*inf", "Infinity over a number is infinite.", "x/y"),
    told(("any", "±0"), "sign(x)*inf", "The logarithm is vertical at 0.", "x/y, y > 0"),
    told(("any", "+inf"), ZERO, "Towards y = +∞ the slope is 0.", "x/y"),
)
XLOG1PY_X = (
    *NANS,
    Special(("±0", "<= -1"), ZERO, DEFINED_AWAY, f"{SOURCE} (_XLog1pyGrad)"),
    none(("any", "< -1"), "Below −1 there is no real logarithm of 1 + y."),
    told(("any", "== -1"), "-inf", "log 0 is −∞.", "log(1 + y)"),
    told(("any", "+inf"), "+inf", "log +∞ is +∞.", "log(1 + y)"),
    told(("any", "±0"), ZERO, "log 1 is 0.", "log(1 + y)"),
    told(("±0", "> -1"), "value", "At x = 0 too the derivative of x·log(1 + y) is log(1 + y).", "log(1 + y)"),
    told(("±inf", "> -1"), "value", "At infinite x too the derivative of x·log(1 + y) is log(1 + y).", "log(1 + y)"),
)
XLOG1PY_Y = (
    Special(("±0", "any"), ZERO, "With x = 0 the value is 0 for every y.", tensorflow_docs("tf.math.xlog1py")),
    *NANS,
    none(("any", "< -1"), "Below −1 there is no real logarithm of 1 + y."),
    none(("±inf", "+inf"), "The quotient of infinities is unknown."),
    told(("±inf", "any"), "sign(x)*inf", "Infinity over a number is infinite.", "x/(1 + y)"),
    told(("any", "== -1"), "sign(x)*inf", "The logarithm is vertical there.", "x/(1 + y), y > −1"),
    told(("any", "+inf"), ZERO, "Towards y = +∞ the slope is 0.", "x/(1 + y)"),
)
SQUARED_X = (
    *NANS,
    none(("+inf", "+inf"), "The difference of infinities is unknown."),
    none(("-inf", "-inf"), "The difference of infinities is unknown."),
    told(("±inf", "any"), "x", "An infinite difference has an infinite slope.", "2(x − y)"),
    told(("any", "±inf"), "-y", "An infinite difference has an infinite slope.", "2(x − y)"),
    told(("any", "any", "x == y"), ZERO, "Equal numbers: the square is at its minimum.", "2(x − y)"),
)
MULTIPLY_NO_NAN_Y = (
    *NANS,
    told(("any", "any"), "x", "The derivative of x·y with respect to y is x.", "x"),
)

# fmt: off
PAIRS = (
    pair("atan2", "math.atan2", 0, "The derivative of atan2(x, y) with respect to x: y/(x² + y²).",
         "y / (square(x) + square(y))", ATAN2_X, dtypes=BOTH),
    pair("atan2", "math.atan2", 1, "The derivative of atan2(x, y) with respect to y: −x/(x² + y²).",
         "-x / (square(x) + square(y))", ATAN2_Y),
    pair("hypot", "experimental.numpy.hypot", 0, "The derivative of √(x² + y²) with respect to x: x/√(x² + y²).",
         "d_hypot(x, y)", HYPOT_X, composite=True),
    pair("logaddexp", "experimental.numpy.logaddexp", 0,
         "The derivative of log(eˣ + eʸ) with respect to x: the sigmoid of x − y.", "d_logaddexp(x, y)", LOGADDEXP_X,
         typical=((-100.0, 100.0), (-100.0, 100.0)), composite=True),
    pair("maximum", "math.maximum", 0, "The derivative of the larger of x and y with respect to x.", "x >= y",
         _choice(first=True, largest=True)),
    pair("maximum", "math.maximum", 1, "The derivative of the larger of x and y with respect to y.", "x < y",
         _choice(first=False, largest=True)),
    pair("minimum", "math.minimum", 0, "The derivative of the smaller of x and y with respect to x.", "x <= y",
         _choice(first=True, largest=False)),
    pair("minimum", "math.minimum", 1, "The derivative of the smaller of x and y with respect to y.", "x > y",
         _choice(first=False, largest=False)),
    pair("power", "math.pow", 0, "The derivative of x^y with respect to x: y·x^(y−1).", "d_power_x(x, y)", POWER_X,
         domain=POWER_X_DOMAIN, typical=((0.0, 100.0), (-10.0, 10.0)),
         critical=((*POINTS, "10", "-2", "e"), (*POINTS, "1/2", "-1/2", "3/2", "-2", "10", "0.1")), dtypes=BOTH),
    pair("power", "math.pow", 1, "The derivative of x^y with respect to y: x^y·log x.", "d_power_y(x, y)", POWER_Y,
         domain="x > 0", typical=((0.0, 100.0), (-10.0, 10.0)),
         critical=((*POINTS, "10", "e"), (*POINTS, "1/2", "-1/2", "3/2", "-2", "10", "0.1")), dtypes=BOTH),
    pair("divide", "math.divide", 1, "The derivative of x/y with respect to y: −x/y².", "-x / square(y)", DIVIDE_Y,
         domain="y ≠ 0"),
    pair("divide_no_nan", "math.divide_no_nan", 1,
         "The derivative of x/y, or of 0 where y is 0, with respect to y: −x/y² and 0.", "-x / square(y)",
         DIVIDE_NO_NAN_Y),
    pair("multiply_no_nan", "math.multiply_no_nan", 1,
         "The derivative of x·y with respect to y, where a product with 0 is 0: x.", "x + 0 * y", MULTIPLY_NO_NAN_Y),
    pair("xdivy", "math.xdivy", 1, "The derivative of x/y, or of 0 where x is 0, with respect to y: −x/y².",
         "-x / square(y)", XDIVY_Y),
    pair("xlogy", "math.xlogy", 0, "The derivative of x·log y with respect to x: log y.", "log(y)", XLOGY_X,
         domain="y > 0", typical=(WIDE, POSITIVE), critical=(POINTS, LOGS)),
    pair("xlogy", "math.xlogy", 1, "The derivative of x·log y with respect to y: x/y.", "x / y", XLOGY_Y,
         domain="y > 0", typical=(WIDE, POSITIVE), critical=(POINTS, LOGS)),
    pair("xlog1py", "math.xlog1py", 0, "The derivative of x·log(1 + y) with respect to x: log(1 + y).", "log1p(y)",
         XLOG1PY_X, domain="y > −1", typical=(WIDE, (-1.0, 1000.0)), critical=(POINTS, (*LOGS, "-1/2", "-2^-24"))),
    pair("xlog1py", "math.xlog1py", 1, "The derivative of x·log(1 + y) with respect to y: x/(1 + y).", "x / (1 + y)",
         XLOG1PY_Y, domain="y > −1", typical=(WIDE, (-1.0, 1000.0)), critical=(POINTS, (*LOGS, "-1/2", "-2^-24"))),
    pair("squared_difference", "math.squared_difference", 0,
         "The derivative of (x − y)² with respect to x: 2(x − y).", "2 * (x - y)", SQUARED_X),
)
# fmt: on
