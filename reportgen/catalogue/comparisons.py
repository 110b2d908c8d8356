"""Comparisons and logical connectives of real numbers: two numbers in, a truth value out."""

from __future__ import annotations

from reportgen.catalogue.rows import FunctionRow

REALS = "all pairs of real numbers"
WIDE = ((-1000.0, 1000.0), (-1000.0, 1000.0))
POINTS = ("0", "1", "-1", "2", "max", "-max", "min_normal", "-min_normal", "min_subnormal", "-min_subnormal")
PAIRS = (POINTS, POINTS)


def _row(name: str, sentence: str, expression: str, tensorflow: str = "tensorflow.math", composite: bool = False) -> FunctionRow:
    return FunctionRow(
        name=name, family="comparisons", arity=2, sentence=sentence, domain=REALS, numpy=f"numpy.{name}",
        tensorflow=f"{tensorflow}.{name}", composite=composite, mpmath=expression, arb=expression, result="bool", typical=WIDE, critical=PAIRS,
    )


TNP = "tensorflow.experimental.numpy"
ROWS = (
    _row("equal", "Whether x = y.", "equal(x, y)"),
    _row("not_equal", "Whether x ≠ y.", "not_equal(x, y)"),
    _row("less", "Whether x < y.", "less(x, y)"),
    _row("less_equal", "Whether x ≤ y.", "less_equal(x, y)"),
    _row("greater", "Whether x > y.", "greater(x, y)"),
    _row("greater_equal", "Whether x ≥ y.", "greater_equal(x, y)"),
    _row("logical_and", "Whether neither x nor y is zero.", "logical_and(x, y)", TNP, True),
    _row("logical_or", "Whether x or y is not zero.", "logical_or(x, y)", TNP, True),
    _row("logical_xor", "Whether exactly one of x and y is zero.", "logical_xor(x, y)", TNP, True),
)
