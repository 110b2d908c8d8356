"""Small composed expressions that a compiler may rewrite: what was written, and what comes out.

``numpy`` and ``tensorflow`` are what a user writes; the oracle's expression is the real number that it stands for, in
a form that does not cancel. The rules for NaN, infinities and zeros are what IEEE 754 gives for the steps as written,
with infinities as limits of real arithmetic (clause 6.1): where a step of finite numbers overflows beside an infinity,
it is the formula that breaks them, in every mode.
What a compiler may make of them stands in :mod:`reportgen.catalogue.rewrites`.
"""

from __future__ import annotations

from reportgen.catalogue.arithmetic import SQUARED_DIFFERENCE
from reportgen.catalogue.rows import FunctionRow, Special
from reportgen.catalogue.sources import (
    DIVISION_BY_ZERO,
    INFINITY,
    INVALID,
    NAN,
    NANS,
    PROPAGATION,
    SIGN_OF_ZERO,
    c11,
    keeps_infinity,
    keeps_zero,
    numpy_docs,
)
from reportgen.core.model import FLOAT_DTYPES

WIDE, SMALL, POSITIVE = (-1000.0, 1000.0), (-10.0, 10.0), (0.0, 1000.0)
PAIR, TRIPLE = (SMALL, SMALL), (SMALL, SMALL, SMALL)
POINTS = ("0", "1", "-1", "2", "3", "1/3", "10", "max", "-max", "min_normal", "-min_normal", "min_subnormal")
FEW = ("0", "1", "-1", "1/3", "max", "min_normal")
EXPONENTS = ("0", "1", "-1", "1/2", "ln2", "11.08", "-16.63", "88.72", "-103.9", "709.78", "-745.1")
SINGLE = ("float32", "float64")

# Special cases: what the steps give in IEEE 754.
ODD = (NAN, keeps_infinity(INFINITY), keeps_zero(SIGN_OF_ZERO))
LOST_ZERO = Special(("±0",), "+0", "The last step is a sum or difference that is exactly zero: +0.", SIGN_OF_ZERO)
SQUARE_ZERO = Special(("±0",), "+0", "The product of two zeros of one sign is +0.", SIGN_OF_ZERO)
NEGATIVE_ROOT = Special(("< 0",), "nan", "A negative number has no real root.", INVALID)
PLUS = Special(("+inf",), "+inf", "+∞ passes through every step.", INFINITY)
UP = Special(("±inf",), "+inf", "The square of ±∞ is +∞.", INFINITY)
NO_NUMBER = Special(("±inf",), "nan", "One step is ∞ − ∞, ∞ / ∞ or 0 · ∞.", INVALID)
THIRD = Special(("any", "any", "nan"), "nan", "NaN as the third argument gives NaN.", PROPAGATION)
THREE_NANS = (
    Special(("nan", "any", "any"), "nan", "NaN as the first argument gives NaN.", PROPAGATION),
    Special(("any", "nan", "any"), "nan", "NaN as the second argument gives NaN.", PROPAGATION),
    THIRD,
)
BOTH_INFINITE = Special(("±inf", "±inf"), "nan", "One step is ∞ − ∞ or ∞ / ∞.", INVALID)


def _rule(*when: str, then: str, words: str, source: str = INFINITY) -> Special:
    return Special(when, then, words, source)


SUM = (
    *THREE_NANS,
    *(
        _rule(*when, then="nan", words="Infinities of opposite sign have no sum.", source=INVALID)
        for when in (
            ("+inf", "-inf", "any"), ("-inf", "+inf", "any"), ("+inf", "any", "-inf"),
            ("-inf", "any", "+inf"), ("any", "+inf", "-inf"), ("any", "-inf", "+inf"),
        )
    ),
    _rule("±inf", "any", "any", then="x", words="An infinity plus numbers is that infinity."),
    _rule("any", "±inf", "any", then="y", words="An infinity plus numbers is that infinity."),
    _rule("any", "any", "±inf", then="z", words="An infinity plus numbers is that infinity."),
)  # fmt: skip
SIGNS = "sign(x)*sign(y)*"
MULTIPLY_ADD = (
    *THREE_NANS,
    _rule("±0", "±inf", "any", then="nan", words="Zero times infinity is NaN.", source=INVALID),
    _rule("±inf", "±0", "any", then="nan", words="Infinity times zero is NaN.", source=INVALID),
    _rule("±inf", "any", "finite", then=SIGNS + "inf", words="An infinite product plus a number is that infinity."),
    _rule("any", "±inf", "finite", then=SIGNS + "inf", words="An infinite product plus a number is that infinity."),
    _rule("±inf", "> 0", "±inf", "x == z", then="z", words="Infinities of one sign have an infinite sum."),
    _rule("±inf", "< 0", "±inf", "x == -z", then="z", words="Infinities of one sign have an infinite sum."),
    _rule("> 0", "±inf", "±inf", "y == z", then="z", words="Infinities of one sign have an infinite sum."),
    _rule("< 0", "±inf", "±inf", "y == -z", then="z", words="Infinities of one sign have an infinite sum."),
    _rule("±inf", "any", "±inf", then="nan", words="Infinities of opposite sign have no sum.", source=INVALID),
    _rule("any", "±inf", "±inf", then="nan", words="Infinities of opposite sign have no sum.", source=INVALID),
    _rule("any", "any", "±inf", then="z", words="A number plus an infinity is that infinity."),
)
ALL_SIGNS = "sign(x)*sign(y)*sign(z)*"
NO_QUOTIENT = "0 / 0 and ∞ / ∞ are NaN."
BY_ZERO = "A number divided by zero is infinite."
QUOTIENT = (
    *THREE_NANS,
    *(
        _rule(*when, then="nan", words=NO_QUOTIENT, source=INVALID)
        for when in (
            ("±0", "±0", "any"), ("±inf", "±inf", "any"), ("±inf", "any", "±inf"), ("any", "±0", "±inf"),
            ("±0", "any", "±0"), ("any", "±inf", "±0"),
        )
    ),
    _rule("±inf", "any", "any", then=ALL_SIGNS + "inf", words="Infinity divided by numbers is an infinity."),
    _rule("any", "±0", "any", then=ALL_SIGNS + "inf", words=BY_ZERO, source=DIVISION_BY_ZERO),
    _rule("any", "±inf", "any", then=ALL_SIGNS + "0", words="A number divided by infinity is zero."),
    _rule("any", "any", "±inf", then=ALL_SIGNS + "0", words="A number divided by infinity is zero."),
    _rule("any", "any", "±0", then=ALL_SIGNS + "inf", words=BY_ZERO, source=DIVISION_BY_ZERO),
    _rule("±0", "any", "any", then=ALL_SIGNS + "0", words="Zero divided by numbers is zero.", source=SIGN_OF_ZERO),
)  # fmt: skip
SQUARES = (
    *NANS,
    BOTH_INFINITE,
    _rule("±inf", "any", then="+inf", words="+∞ minus a number is +∞."),
    _rule("any", "±inf", then="-inf", words="A number minus +∞ is −∞."),
)
ZERO_DIFFERENCE = "A difference that is exactly zero is +0."
ROOT = (NAN, NEGATIVE_ROOT, SQUARE_ZERO, PLUS)
BACK_AND_FORTH = (
    *NANS,
    _rule("any", "±0", then="nan", words="0 / 0 and ∞ · 0 are NaN.", source=INVALID),
    _rule("any", "±inf", then="nan", words="0 · ∞ and ∞ / ∞ are NaN.", source=INVALID),
    _rule("±inf", "any", then="x", words="An infinity stays one."),
)
LOGSUM = (
    *NANS,
    _rule("+inf", "any", then="+inf", words="+∞ passes through every step."),
    _rule("any", "+inf", then="+inf", words="+∞ passes through every step."),
    _rule("-inf", "-inf", then="-inf", words="log 0 is −∞.", source=c11("3.7", "log")),
    _rule("-inf", "any", then="y", words="exp(−∞) is 0, and adds nothing."),
    _rule("any", "-inf", then="x", words="exp(−∞) is 0, and adds nothing."),
)
PRODUCT_OF_EXPS = (
    *NANS,
    _rule("+inf", "-inf", then="nan", words="∞ · 0 is NaN.", source=INVALID),
    _rule("-inf", "+inf", then="nan", words="0 · ∞ is NaN.", source=INVALID),
    _rule("+inf", "any", then="+inf", words="∞ times a positive number is ∞."),
    _rule("any", "+inf", then="+inf", words="∞ times a positive number is ∞."),
    _rule("-inf", "any", then="+0", words="exp(−∞) is 0."),
    _rule("any", "-inf", then="+0", words="exp(−∞) is 0."),
)


def _tensorflow(numpy: str) -> str:
    """The same program for TensorFlow, whose ``where`` stands outside ``tf.math``."""
    return numpy.replace("numpy.where", "tensorflow.where").replace("numpy.", "tensorflow.math.")


def _expression(
    name: str, program: str, meaning: str, says: str, specials: tuple[Special, ...], *,
    typical: tuple[tuple[float, float], ...] = (SMALL,), critical: tuple[str, ...] = POINTS, domain: str = "",
    dtypes: tuple[str, ...] = SINGLE, limits: tuple[tuple[float, float], ...] = (),
) -> FunctionRow:  # fmt: skip
    """A row whose sentence is ``says``; ``meaning`` is the oracle's expression. Arguments share critical points."""
    arity = len(typical)
    plural = ("all real numbers", "all pairs of real numbers", "all triples of real numbers")
    return FunctionRow(
        name=name, family="expressions", kind="expression", arity=arity, sentence=says,
        domain=domain or plural[arity - 1], numpy=program, tensorflow=_tensorflow(program), mpmath=meaning, arb=meaning,
        typical=typical, critical=(critical if arity == 1 else FEW,) * arity, specials=specials, dtypes=dtypes,
        limits=limits, base_samples=6144,
    )  # fmt: skip


HALF = FLOAT_DTYPES
ROWS: tuple[FunctionRow, ...] = (
    _expression("log_of_exp", "numpy.log(numpy.exp(x))", "x", "log(exp(x)), which is x.",
                (NAN, PLUS, Special(("-inf",), "-inf", "log 0 is −∞.", c11("3.7", "log")), LOST_ZERO),
                critical=EXPONENTS, dtypes=HALF),
    _expression("exp_of_log", "numpy.exp(numpy.log(x))", "x", "exp(log(x)), which is x.",
                (NAN, Special(("< 0",), "nan", "A negative number has no real logarithm.", c11("3.7", "log")),
                 Special(("±0",), "+0", "exp(−∞) is +0.", c11("3.1", "exp")), PLUS),
                typical=(POSITIVE,), domain="x > 0"),
    _expression("add_subtract_constant", "(x + 1e8) - 1e8", "x", "(x + 1e8) − 1e8, which is x.",
                (NAN, keeps_infinity(INFINITY), LOST_ZERO), typical=(WIDE,)),
    _expression("add_subtract", "(x + y) - y", "x", "(x + y) − y, which is x.",
                (*NANS, _rule("any", "±inf", then="nan", words="∞ − ∞ is NaN.", source=INVALID),
                 _rule("±inf", "any", then="x", words="An infinity minus a number is that infinity."),
                 _rule("±0", "any", then="either zero", words="y − y is exactly zero.", source=SIGN_OF_ZERO)),
                typical=PAIR, dtypes=HALF),
    _expression("add_three", "(x + y) + z", "(x + y) + z", "(x + y) + z, from the left.", SUM, typical=TRIPLE,
                dtypes=HALF),
    _expression("add_three_right", "x + (y + z)", "x + (y + z)", "x + (y + z), from the right.", SUM, typical=TRIPLE),
    _expression("x_over_x", "x / x", "1", "x / x, which is 1.",
                (NAN, NO_NUMBER, Special(("±0",), "nan", "0 / 0 is NaN.", INVALID)), typical=(WIDE,),
                domain="x ≠ 0"),
    _expression("x_minus_x", "x - x", "0", "x − x, which is 0.",
                (NAN, NO_NUMBER, Special(("finite",), "+0", ZERO_DIFFERENCE, SIGN_OF_ZERO)), typical=(WIDE,)),
    _expression("zero_times_x", "0.0 * x", "0 * x", "0 · x, which is 0.",
                (NAN, NO_NUMBER,
                 Special(("finite",), "sign(x)*0", "Zero times a number is zero; signs multiply.", SIGN_OF_ZERO)),
                typical=(WIDE,)),
    _expression("square_of_sqrt", "numpy.sqrt(x) ** 2", "x", "sqrt(x)**2, which is x for x ≥ 0.", ROOT,
                typical=(POSITIVE,), domain="x ≥ 0"),
    _expression("product_of_sqrts", "numpy.sqrt(x) * numpy.sqrt(x)", "x", "sqrt(x) · sqrt(x), which is x for x ≥ 0.",
                ROOT, typical=(POSITIVE,), domain="x ≥ 0"),
    _expression("sqrt_of_square", "numpy.sqrt(x ** 2)", "abs(x)", "sqrt(x**2), which is |x|.",
                (NAN, UP, SQUARE_ZERO), typical=(WIDE,), critical=(*POINTS, "sqrt_max", "sqrt_min")),
    _expression("reciprocal_twice", "1.0 / (1.0 / x)", "x", "1 / (1 / x), which is x.", ODD, typical=(WIDE,),
                dtypes=HALF),
    _expression("divide_by_three", "x / 3.0", "x / 3", "x / 3.", ODD, typical=(WIDE,), dtypes=HALF),
    _expression("divide_by_ten", "x / 10.0", "x / 10", "x / 10.", ODD, typical=(WIDE,)),
    _expression("times_third", "x * (1.0 / 3.0)", "x / 3", "x · (1/3), with the quotient taken first.", ODD,
                typical=(WIDE,)),
    _expression("times_tenth", "x * 0.1", "x / 10", "x · 0.1, with 0.1 rounded to the dtype.", ODD, typical=(WIDE,)),
    _expression("tenth_times_ten", "(x * 0.1) * 10.0", "x", "(x · 0.1) · 10, which is x.", ODD, typical=(WIDE,)),
    _expression("fourth_power", "x ** 2 ** 2", "square(square(x))", "x**2**2, which Python reads as x to the 4th.",
                (NAN, UP, SQUARE_ZERO), critical=(*POINTS, "sqrt_max", "sqrt_min")),
    _expression("square_twice", "(x ** 2) ** 2", "square(square(x))", "(x**2)**2, the square of the square.",
                (NAN, UP, SQUARE_ZERO), critical=(*POINTS, "sqrt_max", "sqrt_min")),
    _expression("cube", "x ** 3", "x * square(x)", "x**3.", ODD),
    _expression("squared_difference_by_hand", "(x - y) ** 2", "squared_difference(x, y)", "(x − y)**2.",
                SQUARED_DIFFERENCE, typical=PAIR),
    _expression("multiply_divide", "x * y / y", "x", "x · y / y, which is x.", BACK_AND_FORTH, typical=PAIR,
                domain="y ≠ 0"),
    _expression("divide_multiply", "x / y * y", "x", "x / y · y, which is x.", BACK_AND_FORTH, typical=PAIR,
                domain="y ≠ 0"),
    _expression("divide_twice", "x / y / z", "x / (y * z)", "x / y / z.", QUOTIENT, typical=TRIPLE,
                domain="y ≠ 0 and z ≠ 0"),
    _expression("difference_of_squares", "x * x - y * y", "x * x - y * y", "x·x − y·y.",
                (*SQUARES, _rule("finite", "finite", "x == y", then="+0", words=ZERO_DIFFERENCE, source=SIGN_OF_ZERO),
                 _rule("finite", "finite", "x == -y", then="+0", words=ZERO_DIFFERENCE, source=SIGN_OF_ZERO)),
                typical=PAIR, dtypes=HALF),
    _expression("factored_squares", "(x - y) * (x + y)", "(x - y) * (x + y)", "(x − y) · (x + y).", SQUARES,
                typical=PAIR),
    _expression("multiply_add", "x * y + z", "x * y + z", "x·y + z.", MULTIPLY_ADD, typical=TRIPLE, dtypes=HALF),
    _expression("logsumexp_by_hand", "numpy.log(numpy.exp(x) + numpy.exp(y))", "logaddexp(x, y)",
                "log(exp(x) + exp(y)), the log-sum-exp written by hand.", LOGSUM, typical=PAIR, dtypes=HALF),
    _expression("sigmoid_by_hand", "1.0 / (1.0 + numpy.exp(-x))", "sigmoid(x)",
                "1 / (1 + exp(−x)), the sigmoid written by hand.",
                (NAN, Special(("+inf",), "1", "exp(−∞) is 0.", c11("3.1", "exp")),
                 Special(("-inf",), "+0", "1 / ∞ is 0.", INFINITY)), critical=EXPONENTS),
    _expression("expm1_by_hand", "numpy.exp(x) - 1.0", "expm1(x)", "exp(x) − 1.",
                (NAN, PLUS, Special(("-inf",), "-1", "exp(−∞) is 0.", c11("3.1", "exp")), LOST_ZERO),
                critical=EXPONENTS),
    _expression("log1p_by_hand", "numpy.log(1.0 + x)", "log1p(x)", "log(1 + x).",
                (NAN, Special(("< -1",), "nan", "A negative number has no real logarithm.", c11("3.7", "log")),
                 Special(("== -1",), "-inf", "log 0 is −∞.", c11("3.7", "log")), PLUS, LOST_ZERO),
                typical=((-1.0, 10.0),), critical=(*POINTS, "2^-24", "-2^-24", "-1/2"), domain="x > −1"),
    _expression("softplus_by_hand", "numpy.log(1.0 + numpy.exp(x))", "softplus(x)",
                "log(1 + exp(x)), the softplus written by hand.",
                (NAN, PLUS, Special(("-inf",), "+0", "log 1 is +0.", c11("3.7", "log"))),
                critical=EXPONENTS),
    _expression("tanh_by_hand", "(numpy.exp(x) - numpy.exp(-x)) / (numpy.exp(x) + numpy.exp(-x))", "tanh(x)",
                "(exp(x) − exp(−x)) / (exp(x) + exp(−x)), tanh written by hand.", (NAN, NO_NUMBER, LOST_ZERO),
                critical=EXPONENTS),
    _expression("sin2_plus_cos2", "numpy.sin(x) ** 2 + numpy.cos(x) ** 2", "1", "sin(x)**2 + cos(x)**2, which is 1.",
                (NAN, NO_NUMBER), critical=("0", "pi", "pi/2", "pi/4", "1")),
    _expression("exp_product", "numpy.exp(x) * numpy.exp(y)", "exp(x + y)", "exp(x) · exp(y), which is exp(x + y).",
                PRODUCT_OF_EXPS, typical=PAIR, limits=(WIDE, WIDE)),
    _expression("rsqrt_by_hand", "1.0 / numpy.sqrt(x)", "rsqrt(x)", "1 / sqrt(x).",
                (NAN, NEGATIVE_ROOT, Special(("+inf",), "+0", "1 / ∞ is 0.", INFINITY),
                 Special(("±0",), "sign(x)*inf", "1 / ±0 is ±∞.", DIVISION_BY_ZERO)),
                typical=(POSITIVE,), domain="x > 0"),
    _expression("hypot_by_hand", "numpy.sqrt(x * x + y * y)", "hypot(x, y)", "sqrt(x·x + y·y), hypot written by hand.",
                (*NANS, _rule("±inf", "any", then="+inf", words="The square of ±∞ is +∞."),
                 _rule("any", "±inf", then="+inf", words="The square of ±∞ is +∞.")), typical=PAIR),
    _expression("log_of_power", "numpy.log(x ** 2.5)", "2.5 * log(x)", "log(x**2.5).",
                (NAN, Special(("-inf",), "+inf", "(−∞) to the power 2.5 is +∞.", c11("4.4", "pow")),
                 Special(("< 0",), "nan", "A negative number to the power 2.5 is no real number.", c11("4.4", "pow")),
                 Special(("±0",), "-inf", "log 0 is −∞.", c11("3.7", "log")), PLUS),
                typical=(POSITIVE,), domain="x > 0"),
    _expression("clip_by_hand", "numpy.minimum(numpy.maximum(x, -1.0), 1.0)", "minimum(maximum(x, -1), 1)",
                "min(max(x, −1), 1), which keeps a NaN.",
                (Special(("nan",), "nan", "NaN stays NaN.", numpy_docs("numpy.maximum")),
                 Special(("+inf",), "1", "The smaller of +∞ and 1 is 1.", INFINITY),
                 Special(("-inf",), "-1", "The larger of −∞ and −1 is −1.", INFINITY))),
    _expression("guarded_log", "numpy.where(numpy.greater(x, 0.0), numpy.log(x), 0.0)", "log(x)",
                "log(x) where x > 0, else 0.",
                (Special(("nan",), "+0", "NaN > 0 is false.", "IEEE 754-2019, 5.11 (comparison predicates)"),
                 Special(("<= 0",), "+0", "x > 0 is false.", "IEEE 754-2019, 5.11 (comparison predicates)"), PLUS),
                typical=(WIDE,)),
)  # fmt: skip
