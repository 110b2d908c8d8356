"""Questions about one number: a truth value out."""

from __future__ import annotations

from reportgen.catalogue.rows import FunctionRow, Special
from reportgen.catalogue.sources import CLASSIFICATION, numpy_docs

POINTS = ("0", "1", "-1", "2", "max", "-max", "min_normal", "-min_normal", "min_subnormal", "-min_subnormal")
TNP = "tensorflow.experimental.numpy"
TRUTH = f"{numpy_docs('numpy.any')} (NaN counts as true, being unequal to zero)"


def _rules(source: str, *rules: tuple[str, str, str]) -> tuple[Special, ...]:
    return tuple(Special((pattern,), then, sentence, source) for pattern, then, sentence in rules)


def _is(pattern: str, what: str, source: str = CLASSIFICATION) -> tuple[Special, ...]:
    return _rules(source, (pattern, "true", f"{what} is."), ("any", "false", "Nothing else is, NaN and −0 included."))


def _row(
    name: str, sentence: str, tensorflow: str, specials: tuple[Special, ...], expression: str = "",
    composite: bool = False, parity: str | None = None,
) -> FunctionRow:  # fmt: skip
    expression = expression or f"{name}(x)"
    return FunctionRow(
        name=name, family="predicates", arity=1, sentence=sentence, domain="all floating-point numbers",
        numpy=f"numpy.{name}", tensorflow=tensorflow, composite=composite, mpmath=expression, arb=expression,
        parity=parity, result="bool", typical=((-1000.0, 1000.0),), critical=(POINTS,), specials=specials,
    )  # fmt: skip


NAN_RULES = _rules(CLASSIFICATION, ("nan", "true", "NaN is."), ("any", "false", "No number and no infinity is."))
FINITE_RULES = _rules(
    CLASSIFICATION,
    ("nan", "false", "NaN is not."),
    ("±inf", "false", "An infinity is not."),
    ("any", "true", "All other numbers are, subnormal ones included."),
)
SIGN_RULES = _rules(
    "IEEE 754-2019, 5.7.2 (isSignMinus)",
    ("nan", "signbit(x)", "NaN has a sign bit too."),
    ("-0", "true", "The sign bit of −0 is set."),
    ("< 0", "true", "The sign bit of a negative number is set."),
    ("any", "false", "The sign bit of +0 and of a positive number is not set."),
)
NOT_RULES = _rules(
    TRUTH,
    ("±0", "true", "A zero of either sign counts as false; its negation is true."),
    ("any", "false", "All else counts as true, NaN included."),
)

ROWS = (
    _row("isnan", "Whether x is NaN.", "tensorflow.math.is_nan", NAN_RULES, parity="even"),
    _row("isinf", "Whether x is infinite.", "tensorflow.math.is_inf", _is("±inf", "An infinity"), parity="even"),
    _row(
        "isfinite", "Whether x is neither NaN nor infinite.", "tensorflow.math.is_finite", FINITE_RULES, parity="even"
    ),
    _row(
        "isposinf", "Whether x is +∞.", f"{TNP}.isposinf", _is("+inf", "+∞", numpy_docs("numpy.isposinf")),
        "isinf(x) * (x > 0)", composite=True,
    ),
    _row(
        "isneginf", "Whether x is −∞.", f"{TNP}.isneginf", _is("-inf", "−∞", numpy_docs("numpy.isneginf")),
        "isinf(x) * (x < 0)", composite=True,
    ),
    _row(
        "signbit", "Whether the sign bit of x is set, that of −0 included.", f"{TNP}.signbit", SIGN_RULES,
        composite=True,
    ),
    _row("logical_not", "Whether x is zero.", f"{TNP}.logical_not", NOT_RULES, "x == 0", composite=True, parity="even"),
)  # fmt: skip
