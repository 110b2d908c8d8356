"""The functions of complex numbers that both libraries have, and a few that one has, by name of their row.

Sources: C11 Annex G (see :mod:`reportgen.catalogue.complexannex`); NumPy's and TensorFlow's documentation; W. Kahan,
*Branch Cuts for Complex Elementary Functions, or Much Ado About Nothing's Sign Bit*, 1987, for the cuts.
"""

from __future__ import annotations

from reportgen.catalogue import complexannex as annex
from reportgen.catalogue.complexrows import ComplexRow, ComplexSpecial, Cut
from reportgen.catalogue.sources import DIVISION_BY_ZERO, INVALID, PROPAGATION, numpy_docs, tensorflow_docs

C_INFINITY = "C11 G.3 (an infinity has an infinite part, whatever the other part is)"
C_OPERATORS = "C11 G.5.1 (multiplicative operators)"
C_CONVENTION = "C11 G.6 (conjugate symmetry)"

NEGATIVE_AXIS = (Cut("real", "-max", "0", "y = +0 belongs to the upper half-plane, y = -0 to the lower"),)
BEYOND_ONE = (
    Cut("real", "-max", "-1", "y = +0 belongs to the upper half-plane, y = -0 to the lower"),
    Cut("real", "1", "max", "y = +0 belongs to the upper half-plane, y = -0 to the lower"),
)
BEYOND_I = (
    Cut("imaginary", "-max", "-1", "x = +0 belongs to the right half-plane, x = -0 to the left"),
    Cut("imaginary", "1", "max", "x = +0 belongs to the right half-plane, x = -0 to the left"),
)
BELOW_ONE = (Cut("real", "-max", "1", "y = +0 belongs to the upper half-plane, y = -0 to the lower"),)
BELOW_MINUS_ONE = (Cut("real", "-max", "-1", "y = +0 belongs to the upper half-plane, y = -0 to the lower"),)

CIRCLE = (
    ("0", "0"), ("1", "0"), ("-1", "0"), ("0", "1"), ("0", "-1"), ("3/5", "4/5"), ("-4/5", "3/5"), ("5/13", "-12/13"),
    ("1", "2^-30"), ("1", "2^-12"), ("2^-20", "1"), ("sqrt2/2", "sqrt2/2"),
)  # fmt: skip
SHIFTED_CIRCLE = (
    ("0", "0"), ("-1", "0"), ("-2", "0"), ("-1", "1"), ("-1", "-1"), ("-2/5", "4/5"), ("-9/5", "3/5"),
    ("2^-20", "2^-10"), ("-2^-21", "2^-10"), ("-2^-41", "2^-20"),
)  # fmt: skip
INVERSE = (("0", "0"), ("1", "0"), ("-1", "0"), ("0", "1"), ("0", "-1"), ("3/2", "0"), ("0", "3/2"), ("1", "1"))
PERIODIC = (
    ("0", "0"), ("pi/2", "0"), ("pi", "0"), ("0", "pi/2"), ("0", "pi"), ("3*pi/2", "1"), ("1", "3*pi/2"), ("pi/4", "1"),
    ("1e5", "1"), ("1", "1e5"), ("22", "1"), ("1", "22"), ("88.722839", "1"), ("-88.722839", "1"), ("89.41598", "1"),
    ("1", "88.722839"), ("1", "89.41598"), ("709.782712893384", "1"), ("1", "709.782712893384"), ("710.475860", "1"),
    ("1", "710.475860"), ("-103.9", "1"), ("-745.1", "1"), ("177.5", "pi/2"), ("1419.5", "pi/2"),
)  # fmt: skip
QUOTIENT = (
    ("0", "0"), ("1", "0"), ("0", "1"), ("1", "1"), ("sqrt_max", "sqrt_max"), ("max/2", "max/2"), ("max", "max"),
    ("sqrt_min", "sqrt_min"), ("min_normal", "min_normal"), ("min_subnormal", "max"),
)  # fmt: skip
SQUARES = ((-10.0, 10.0), (-10.0, 10.0))
DISC = ((-2.0, 2.0), (-2.0, 2.0))

NAN_ANY = ComplexSpecial(("nan",), "nan", "A NaN, no part of it infinite, gives a NaN.", PROPAGATION)
NAN_FIRST = ComplexSpecial(("nan", "finite"), "nan", "A NaN with a finite number gives a NaN.", PROPAGATION)
NAN_SECOND = ComplexSpecial(("finite", "nan"), "nan", "A finite number with a NaN gives a NaN.", PROPAGATION)
NAN_BOTH = ComplexSpecial(("nan", "nan"), "nan", "Two NaNs give a NaN.", PROPAGATION)
NANS = (NAN_FIRST, NAN_SECOND, NAN_BOTH)

PRODUCT = (
    ComplexSpecial(
        ("infinity", "nonzero"), "infinity", "An infinity times a nonzero number is an infinity.", C_OPERATORS
    ),
    ComplexSpecial(
        ("nonzero", "infinity"), "infinity", "A nonzero number times an infinity is an infinity.", C_OPERATORS
    ),
    ComplexSpecial(("infinity", "infinity"), "infinity", "An infinity times an infinity is an infinity.", C_OPERATORS),
    *NANS,
)
RATIO = (
    ComplexSpecial(("infinity", "finite"), "infinity", "An infinity over a finite number is an infinity.", C_OPERATORS),
    ComplexSpecial(("finite", "infinity"), "zero", "A finite number over an infinity is a zero.", C_OPERATORS),
    ComplexSpecial(("nonzero", "zero"), "infinity", "A nonzero number over a zero is an infinity.", C_OPERATORS),
    ComplexSpecial(("zero", "zero"), "nan", "Zero over zero is a NaN.", INVALID),
    *NANS,
)
SQUARE = (
    ComplexSpecial(("infinity",), "infinity", "An infinity times itself is an infinity.", C_OPERATORS),
    NAN_ANY,
)
INVERSION = (
    ComplexSpecial(("infinity",), "zero", "One over an infinity is a zero.", C_OPERATORS),
    ComplexSpecial(("zero",), "infinity", "One over a zero is an infinity.", DIVISION_BY_ZERO),
    NAN_ANY,
)
BY_PARTS = (ComplexSpecial(("any",), "value", "Each part by itself, NaN and signs of zeros included.", C_CONVENTION),)
BY_PARTS_2 = (
    ComplexSpecial(
        ("any", "any"), "value", "Each part by itself, as for real numbers.", "C11 G.5.2 (additive operators)"
    ),
)


def _log_like(shift: str, words: str) -> tuple[ComplexSpecial, ...]:
    """The rules of logarithms to other bases: infinities are those of clog, other parts are left to the libraries."""
    source = f"C11 G.6.3.2 (clog), {words}"
    zero = ("abs == 1 and < 0", "±0") if shift else ("±0", "±0")
    rules = [
        ComplexSpecial((zero,), ("-inf", "any" if not shift else "sign(y)*0"), "The logarithm of 0 is −∞.", source),
        ComplexSpecial((("±inf", "any"),), ("+inf", "any"), "The logarithm of an infinity has real part +∞.", source),
        ComplexSpecial((("any", "±inf"),), ("+inf", "any"), "The logarithm of an infinity has real part +∞.", source),
        ComplexSpecial((("nan", "nan"),), ("nan", "nan"), "NaN + iNaN gives NaN + iNaN.", source),
    ]
    return tuple(rules)


EXPM1 = (
    ComplexSpecial((("±0", "±0"),), ("sign(x)*0", "sign(y)*0"), "±0 ± i0 gives itself.", "C11 F.10.3.3 (expm1)"),
    ComplexSpecial((("+inf", "±0"),), ("+inf", "sign(y)*0"), "+∞ + i0 gives +∞ + i0.", "C11 G.6.3.1 (cexp), minus 1"),
    ComplexSpecial((("-inf", "finite"),), ("-1", "any"), "−∞ + iy gives −1.", "C11 G.6.3.1 (cexp), minus 1"),
    ComplexSpecial(
        (("+inf", "finite"),), ("sign(cos y)*inf", "sign(sin y)*inf"), "+∞ + iy gives +∞ cis(y) for nonzero finite y.",
        "C11 G.6.3.1 (cexp), minus 1",
    ),
    ComplexSpecial((("nan", "nan"),), ("nan", "nan"), "NaN + iNaN gives NaN + iNaN.", PROPAGATION),
)  # fmt: skip
LOG1P = (
    ComplexSpecial((("±0", "±0"),), ("sign(x)*0", "sign(y)*0"), "±0 ± i0 gives itself.", "C11 F.10.3.9 (log1p)"),
    *_log_like("1", "of 1 + z"),
)
SIGMOID = tuple(
    ComplexSpecial(when, then, sentence, "C11 G.6.3.1 (cexp), in 1/(1 + exp(−z))")
    for when, then, sentence in (
        ((("±0", "±0"),), ("0.5", "±0"), "0 gives one half."),
        ((("+inf", "finite"),), ("1", "±0"), "+∞ + iy gives 1 for finite y."),
        ((("-inf", "finite"),), ("±0", "±0"), "−∞ + iy gives a zero for finite y."),
        ((("nan", "nan"),), ("nan", "nan"), "NaN + iNaN gives NaN + iNaN."),
    )
)
EXP2 = tuple(
    ComplexSpecial(when, then, sentence, "C11 G.6.3.1 (cexp), of z·ln 2")
    for when, then, sentence in (
        ((("±0", "±0"),), ("1", "sign(y)*0"), "±0 + i0 gives 1 + i0."),
        ((("-inf", "finite"),), ("±0", "±0"), "−∞ + iy gives a zero for finite y."),
        ((("+inf", "±0"),), ("+inf", "any"), "+∞ + i0 gives an infinity."),
        ((("nan", "nan"),), ("nan", "nan"), "NaN + iNaN gives NaN + iNaN."),
    )
)


def _zero_second(name: str) -> tuple[ComplexSpecial, ...]:
    page = tensorflow_docs(f"tf.math.{name}")
    return (ComplexSpecial(("any", "zero"), "zero", "A second argument of 0 gives 0.", page),)


def _zero_first(name: str) -> tuple[ComplexSpecial, ...]:
    page = tensorflow_docs(f"tf.math.{name}")
    return (ComplexSpecial(("zero", "any"), "zero", "A first argument of 0 gives 0.", page),)


def _row(name: str, formula: str, **more: object) -> ComplexRow:
    return ComplexRow(**({"name": name, "oracle": name, "formula": formula} | more))  # type: ignore[arg-type]


def _pair(name: str, formula: str, specials: tuple[ComplexSpecial, ...], **more: object) -> ComplexRow:
    return _row(name, formula, arity=2, specials=specials, typical=(SQUARES, SQUARES), **more)


_MODULUS = (
    ComplexSpecial(("infinity",), "value", "The modulus of an infinity is +∞, even beside a NaN.", C_INFINITY),
    ComplexSpecial(("nan",), "value", "The modulus of a NaN is NaN.", PROPAGATION),
    ComplexSpecial(("zero",), "value", "The modulus of ±0 ± i0 is +0.", "C11 F.10.4.3 (hypot)"),
)
_ARGUMENT = (
    ComplexSpecial((("±0", "±0"),), "value", "±0 ± i0 has the argument ±0 or ±π of atan2.", "C11 F.10.1.4 (atan2)"),
    ComplexSpecial((("< 0", "±0"),), "value", "On the cut the argument is ±π, sign of y.", "C11 F.10.1.4 (atan2)"),
    ComplexSpecial(("infinity",), "value", "The argument of an infinity is a multiple of π/4.", "C11 F.10.1.4 (atan2)"),
    ComplexSpecial(("nan",), "value", "The argument of a NaN is NaN.", PROPAGATION),
)
_SIGN = (
    ComplexSpecial(("zero",), "zero", "The sign of 0 is 0.", numpy_docs("numpy.sign")),
    ComplexSpecial(("nan",), "nan", "The sign of a NaN is a NaN.", numpy_docs("numpy.sign")),
)
_POWER = (
    ComplexSpecial(("zero", (("> 0"), "±0")), "zero", "0 to a positive power is 0.", "C11 G.6.4.1 (cpow)"),
    ComplexSpecial(("infinity", "any"), "any", "Annex G leaves powers of infinities open.", "C11 G.6.4.1 (cpow)"),
)
_EQUALITY = (
    ComplexSpecial(("nan", "any"), "value", "A NaN is unequal to everything.", "IEEE 754-2019, 5.11 (comparisons)"),
    ComplexSpecial(("any", "any"), "value", "Both parts must compare equal; −0 equals +0.", "C11 6.5.9 (equality)"),
)
_TESTS = (ComplexSpecial(("any",), "value", "Asked of both parts.", numpy_docs("numpy.isnan")),)

_ROWS = (
    _row("abs", "√(x² + y²)", result="real", critical=QUOTIENT, specials=_MODULUS),
    _row("angle", "atan2(y, x)", result="real", cuts=NEGATIVE_AXIS, critical=INVERSE, specials=_ARGUMENT),
    _row("real", "x", result="real", specials=BY_PARTS),
    _row("imag", "y", result="real", specials=BY_PARTS),
    _row("conj", "x − iy", specials=BY_PARTS),
    _row("negative", "−x − iy", specials=BY_PARTS),
    _row("positive", "x + iy", specials=BY_PARTS),
    _row("sign", "z/|z|", critical=QUOTIENT, specials=_SIGN),
    _row("square", "z²", critical=(*QUOTIENT, ("1", "2^-12"), ("2^-30", "1")), specials=SQUARE),
    _row("reciprocal", "1/z", critical=QUOTIENT, specials=INVERSION),
    _row("sqrt", "√z, real part ≥ 0", cuts=NEGATIVE_AXIS, critical=QUOTIENT, specials=annex.SQRT),
    _row("rsqrt", "1/√z", cuts=NEGATIVE_AXIS, critical=QUOTIENT, specials=(
        ComplexSpecial(("zero",), "infinity", "One over the root of 0 is an infinity.", DIVISION_BY_ZERO),
        ComplexSpecial((("+inf", "finite"),), "zero", "One over the root of +∞ is 0.", C_OPERATORS),
    )),
    _row("exp", "eˣ cos y + i eˣ sin y", critical=PERIODIC, specials=annex.EXP),
    _row("exp2", "2ᶻ", critical=(*PERIODIC, ("128", "1"), ("1024", "1"), ("3", "0")), specials=EXP2),
    _row("expm1", "eᶻ − 1", critical=(*PERIODIC, ("2^-20", "2^-10"), ("-2^-21", "2^-10")), specials=EXPM1),
    _row("sigmoid", "1/(1 + exp(−z))", critical=(*PERIODIC, ("0", "pi"), ("2^-20", "pi")), specials=SIGMOID),
    _row("log", "log|z| + i arg z", cuts=NEGATIVE_AXIS, critical=CIRCLE, specials=annex.LOG),
    _row("log2", "log z / log 2", cuts=NEGATIVE_AXIS, critical=CIRCLE, specials=_log_like("", "over ln 2")),
    _row("log10", "log z / log 10", cuts=NEGATIVE_AXIS, critical=CIRCLE, specials=_log_like("", "over ln 10")),
    _row("log1p", "log(1 + z)", cuts=BELOW_MINUS_ONE, critical=SHIFTED_CIRCLE, specials=LOG1P),
    _row("sin", "sin x cosh y + i cos x sinh y", critical=PERIODIC, specials=annex.SIN),
    _row("cos", "cos x cosh y − i sin x sinh y", critical=PERIODIC, specials=annex.COS),
    _row("tan", "sin z / cos z", critical=PERIODIC, specials=annex.TAN),
    _row("asin", "−i asinh(iz)", cuts=BEYOND_ONE, critical=INVERSE, specials=annex.ASIN),
    _row("acos", "π/2 − asin z", cuts=BEYOND_ONE, critical=INVERSE, specials=annex.ACOS),
    _row("atan", "−i atanh(iz)", cuts=BEYOND_I, critical=INVERSE, specials=annex.ATAN),
    _row("sinh", "sinh x cos y + i cosh x sin y", critical=PERIODIC, specials=annex.SINH),
    _row("cosh", "cosh x cos y + i sinh x sin y", critical=PERIODIC, specials=annex.COSH),
    _row("tanh", "sinh z / cosh z", critical=PERIODIC, specials=annex.TANH),
    _row("asinh", "log(z + √(z² + 1))", cuts=BEYOND_I, critical=INVERSE, specials=annex.ASINH),
    _row("acosh", "log(z + √(z + 1) √(z − 1))", cuts=BELOW_ONE, critical=INVERSE, specials=annex.ACOSH),
    _row("atanh", "(log(1 + z) − log(1 − z))/2", cuts=BEYOND_ONE, critical=INVERSE, specials=annex.ATANH),
    _row("reciprocal_no_nan", "1/z, or 0 where z = 0", critical=QUOTIENT, specials=(
        ComplexSpecial(("zero",), "zero", "0 gives 0.", tensorflow_docs("tf.math.reciprocal_no_nan")),
        INVERSION[0], INVERSION[2],
    )),
    _pair("add", "z + w", BY_PARTS_2),
    _pair("subtract", "z − w", BY_PARTS_2),
    _pair("multiply", "z·w", PRODUCT, critical=QUOTIENT),
    _pair("divide", "z/w", RATIO, critical=QUOTIENT),
    _pair("squared_difference", "(z − w)·conj(z − w)", (), critical=QUOTIENT),
    _pair("power", "exp(w log z)", _POWER, cuts=NEGATIVE_AXIS, critical=(
        ("0", "0"), ("1", "0"), ("2", "0"), ("-1", "0"), ("0", "1"), ("1/2", "0"), ("3", "0"), ("1", "1"),
    )),
    _pair("divide_no_nan", "z/w, or 0 where w = 0", (*_zero_second("divide_no_nan"), *RATIO[:2], *NANS),
          critical=QUOTIENT),
    _pair("multiply_no_nan", "z·w, or 0 where w = 0", (*_zero_second("multiply_no_nan"), *PRODUCT), critical=QUOTIENT),
    _pair("xdivy", "z/w, or 0 where z = 0", (*_zero_first("xdivy"), *RATIO[:3], *NANS), critical=QUOTIENT),
    _pair("xlogy", "z log w, or 0 where z = 0", _zero_first("xlogy"), critical=CIRCLE),
    _pair("xlog1py", "z log(1 + w), or 0 where z = 0", _zero_first("xlog1py"), critical=SHIFTED_CIRCLE),
    _pair("equal", "z = w", _EQUALITY, result="bool"),
    _pair("not_equal", "z ≠ w", _EQUALITY, result="bool"),
    _row("isnan", "a part is NaN", result="bool", specials=_TESTS),
    _row("isinf", "a part is infinite", result="bool", specials=_TESTS),
    _row("isfinite", "both parts are finite", result="bool", specials=_TESTS),
)  # fmt: skip

COMPLEX: dict[str, ComplexRow] = {row.name: row for row in _ROWS}
"""What is known of each function in complex dtypes, by the name of its row."""
