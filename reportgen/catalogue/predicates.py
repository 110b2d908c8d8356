"""Questions about one number: a truth value out."""

from __future__ import annotations

from reportgen.catalogue.rows import FunctionRow

POINTS = ("0", "1", "-1", "2", "max", "-max", "min_normal", "-min_normal", "min_subnormal", "-min_subnormal")
TNP = "tensorflow.experimental.numpy"


def _row(name: str, sentence: str, tensorflow: str, composite: bool = False, parity: str | None = None) -> FunctionRow:
    return FunctionRow(
        name=name, family="predicates", arity=1, sentence=sentence, domain="all floating-point numbers", numpy=f"numpy.{name}",
        tensorflow=tensorflow, composite=composite, mpmath=f"{name}(x)", arb=f"{name}(x)", parity=parity, result="bool",
        typical=((-1000.0, 1000.0),), critical=(POINTS,),
    )


ROWS = (
    _row("isnan", "Whether x is NaN.", "tensorflow.math.is_nan", parity="even"),
    _row("isinf", "Whether x is infinite.", "tensorflow.math.is_inf", parity="even"),
    _row("isfinite", "Whether x is neither NaN nor infinite.", "tensorflow.math.is_finite", parity="even"),
    _row("isposinf", "Whether x is +∞.", f"{TNP}.isposinf", True),
    _row("isneginf", "Whether x is −∞.", f"{TNP}.isneginf", True),
    _row("signbit", "Whether the sign bit of x is set, that of −0 included.", f"{TNP}.signbit", True),
    _row("logical_not", "Whether x is zero.", f"{TNP}.logical_not", True, "even"),
)
