"""Comparisons and logical connectives of real numbers: two numbers in, a truth value out."""

from __future__ import annotations

from reportgen.catalogue.rows import FunctionRow, Special
from reportgen.catalogue.sources import COMPARISONS, numpy_docs

REALS = "all pairs of real numbers"
WIDE = ((-1000.0, 1000.0), (-1000.0, 1000.0))
POINTS = ("0", "1", "-1", "2", "max", "-max", "min_normal", "-min_normal", "min_subnormal", "-min_subnormal")
PAIRS = (POINTS, POINTS)
TRUTH = f"{numpy_docs('numpy.any')} (NaN counts as true, being unequal to zero)"


def _comparison(name: str, sign: str, spoken: str) -> FunctionRow:
    unordered = "true" if sign == "!=" else "false"
    nan = f"NaN is unordered: {unordered}."
    rules = (
        Special(("nan", "any"), unordered, nan, COMPARISONS),
        Special(("any", "nan"), unordered, nan, COMPARISONS),
        # Zeros of both signs compare equal, which the relation below does by itself; the rule is for readers.
        Special(("±0", "±0"), str("=" in sign and sign != "!=").lower(), "+0 and −0 are equal.", COMPARISONS),
    )
    if sign == "!=":
        rules = (*rules, Special(("any", "any", "x == y"), "false", "Equal numbers are not different.", COMPARISONS))
        rules = (*rules, Special(("any", "any"), "true", "All other numbers are.", COMPARISONS))
    else:
        rules = (*rules, Special(("any", "any", f"x {sign} y"), "true", f"x {spoken} y.", COMPARISONS))
        rules = (*rules, Special(("any", "any"), "false", f"It is not so that x {spoken} y.", COMPARISONS))
    return FunctionRow(
        name=name, family="comparisons", arity=2, sentence=f"Whether x {spoken} y.", domain=REALS,
        numpy=f"numpy.{name}", tensorflow=f"tensorflow.math.{name}", mpmath=f"{name}(x, y)", arb=f"{name}(x, y)",
        result="bool", typical=WIDE, critical=PAIRS, specials=rules,
    )  # fmt: skip


def _connective(name: str, sentence: str, expression: str, rules: tuple[tuple[str, str, str, str], ...]) -> FunctionRow:
    return FunctionRow(
        name=name, family="comparisons", arity=2, sentence=sentence, domain=REALS, numpy=f"numpy.{name}",
        tensorflow=f"tensorflow.experimental.numpy.{name}", composite=True, mpmath=expression, arb=expression,
        result="bool", typical=WIDE, critical=PAIRS,
        specials=tuple(Special((x, y), then, text, TRUTH) for x, y, then, text in rules),
    )  # fmt: skip


ROWS = (
    _comparison("equal", "==", "="),
    _comparison("not_equal", "!=", "≠"),
    _comparison("less", "<", "<"),
    _comparison("less_equal", "<=", "≤"),
    _comparison("greater", ">", ">"),
    _comparison("greater_equal", ">=", "≥"),
    _connective(
        "logical_and", "Whether neither x nor y is zero.", "(x != 0) * (y != 0)",
        (
            ("±0", "any", "false", "A zero of either sign counts as false."),
            ("any", "±0", "false", "A zero of either sign counts as false."),
            ("any", "any", "true", "All else counts as true, NaN included."),
        ),
    ),
    _connective(
        "logical_or", "Whether x or y is not zero.", "maximum(x != 0, y != 0)",
        (
            ("±0", "±0", "false", "Zeros of either sign count as false."),
            ("any", "any", "true", "All else counts as true, NaN included."),
        ),
    ),
    _connective(
        "logical_xor", "Whether exactly one of x and y is zero.", "(x != 0) != (y != 0)",
        (
            ("±0", "±0", "false", "Zeros of either sign count as false."),
            ("±0", "any", "true", "All else counts as true, NaN included."),
            ("any", "±0", "true", "All else counts as true, NaN included."),
            ("any", "any", "false", "Both are true, NaN included."),
        ),
    ),
)  # fmt: skip
