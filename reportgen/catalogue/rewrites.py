"""What a compiler may make of the expressions of :mod:`reportgen.catalogue.expressions`, form by form.

A form is a program over ``x``, ``y``, ``z`` whose every step is one rounding: ``+ - * /``, ``sqrt``, ``fma(a, b, c)``
(a·b + c rounded once), ``abs``, ``minimum``, ``maximum``, ``greater``, ``where`` have one right answer in IEEE 754;
every other name is a row of the catalogue, and the library under test is asked for it. Literals are combined as Python
combines them, in binary64, and then rounded to the dtype.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Form:
    """One way of carrying an expression out. ``words`` finish the sentence "the library computed …"."""

    name: str
    program: str
    words: str


WRITTEN, WIDER, OTHER = "written", "wider", "other"
"""Forms that every expression has: as written; in the next wider dtype, rounded once; and what no form gives."""


RECIPROCAL = "the library's own reciprocal instead of a division"


def _written(program: str, *forms: Form) -> tuple[Form, ...]:
    return (Form(WRITTEN, program, "what was written"), *forms)


def _simplified(program: str, words: str = "") -> Form:
    return Form("simplified", program, words or f"{program} instead")


def _fused(program: str, words: str = "with a fused multiply-add, rounded once") -> Form:
    return Form("fused", program, words)


def _product(program: str) -> Form:
    return Form("product", program, "the power as products")


FORMS: dict[str, tuple[Form, ...]] = {
    "log_of_exp": _written("log(exp(x))", _simplified("x", "x itself")),
    "exp_of_log": _written("exp(log(x))", _simplified("x", "x itself")),
    "add_subtract_constant": _written("(x + 1e8) - 1e8", _simplified("x", "x itself")),
    "add_subtract": _written("(x + y) - y", _simplified("x", "x itself")),
    "add_three": _written("(x + y) + z", Form("reassociated", "x + (y + z)", "x + (y + z), summed in another order")),
    "add_three_right": _written(
        "x + (y + z)",
        Form("reassociated", "(x + y) + z", "(x + y) + z, summed in another order"),
        Form("reassociated-2", "(x + z) + y", "(x + z) + y, summed in another order"),
    ),
    "x_over_x": _written("x / x", _simplified("1")),
    "x_minus_x": _written("x - x", _simplified("0")),
    "zero_times_x": _written("0 * x", _simplified("0")),
    "square_of_sqrt": _written("power(sqrt(x), 2)", _product("sqrt(x) * sqrt(x)"), _simplified("x", "x itself")),
    "product_of_sqrts": _written("sqrt(x) * sqrt(x)", _simplified("x", "x itself")),
    "sqrt_of_square": _written("sqrt(power(x, 2))", _product("sqrt(x * x)"), _simplified("abs(x)", "|x| instead")),
    "reciprocal_twice": _written(
        "1 / (1 / x)", _simplified("x", "x itself"), Form("recognised", "reciprocal(reciprocal(x))", RECIPROCAL)
    ),
    "divide_by_three": _written(
        "x / 3", Form("reciprocal", "x * (1 / 3)", "x times the rounded 1/3 instead of a division")
    ),
    "divide_by_ten": _written(
        "x / 10", Form("reciprocal", "x * (1 / 10)", "x times the rounded 1/10 instead of a division")
    ),
    "times_third": _written("x * (1 / 3)", Form("division", "x / 3", "a division by 3 instead")),
    "times_tenth": _written("x * 0.1", Form("division", "x / 10", "a division by 10 instead")),
    "tenth_times_ten": _written("(x * 0.1) * 10", _simplified("x * (0.1 * 10)", "x times the constant 0.1 · 10")),
    "fourth_power": _written(
        "power(x, 4)", _product("(x * x) * (x * x)"), Form("product-2", "((x * x) * x) * x", "the power as products")
    ),
    "square_twice": _written(
        "power(power(x, 2), 2)", _product("(x * x) * (x * x)"), Form("merged", "power(x, 4)", "one power, x to the 4th")
    ),
    "cube": _written("power(x, 3)", _product("(x * x) * x")),
    "squared_difference_by_hand": _written("power(x - y, 2)", _product("(x - y) * (x - y)")),
    "multiply_divide": _written("x * y / y", _simplified("x", "x itself")),
    "divide_multiply": _written("x / y * y", _simplified("x", "x itself")),
    "divide_twice": _written("x / y / z", Form("merged", "x / (y * z)", "one division, x / (y · z)")),
    "difference_of_squares": _written(
        "x * x - y * y",
        _fused("fma(x, x, -(y * y))", "x² − y² with x² not rounded (a fused multiply-add)"),
        Form("fused-2", "fma(-y, y, x * x)", "x² − y² with y² not rounded (a fused multiply-add)"),
        Form("factored", "(x - y) * (x + y)", "(x − y)(x + y) instead"),
    ),
    "factored_squares": _written("(x - y) * (x + y)", Form("expanded", "x * x - y * y", "x² − y² instead")),
    "multiply_add": _written("x * y + z", _fused("fma(x, y, z)", "x · y + z as one fused multiply-add, rounded once")),
    "logsumexp_by_hand": _written("log(exp(x) + exp(y))"),
    "sigmoid_by_hand": _written(
        "1 / (1 + exp(-x))",
        Form("recognised", "reciprocal(1 + exp(-x))", RECIPROCAL),
        Form("recognised-2", "sigmoid(x)", "the library's own sigmoid"),
    ),
    "expm1_by_hand": _written("exp(x) - 1", Form("recognised", "expm1(x)", "the library's own expm1")),
    "log1p_by_hand": _written("log(1 + x)", Form("recognised", "log1p(x)", "the library's own log1p")),
    "softplus_by_hand": _written(
        "log(1 + exp(x))",
        Form("recognised", "log1p(exp(x))", "log1p(exp(x)) instead"),
        Form("recognised-2", "softplus(x)", "the library's own softplus"),
    ),
    "tanh_by_hand": _written(
        "(exp(x) - exp(-x)) / (exp(x) + exp(-x))", Form("recognised", "tanh(x)", "the library's own tanh")
    ),
    "sin2_plus_cos2": _written(
        "power(sin(x), 2) + power(cos(x), 2)",
        _product("sin(x) * sin(x) + cos(x) * cos(x)"),
        _fused("fma(sin(x), sin(x), cos(x) * cos(x))", "products, the first in a fused multiply-add"),
        Form(
            "fused-2", "fma(cos(x), cos(x), sin(x) * sin(x))", "products, the second in a fused multiply-add"
        ),
        _simplified("1"),
    ),
    "exp_product": _written("exp(x) * exp(y)", Form("merged", "exp(x + y)", "one exponential, exp(x + y)")),
    "rsqrt_by_hand": _written(
        "1 / sqrt(x)",
        Form("recognised", "rsqrt(x)", "the library's own rsqrt"),
        Form("recognised-2", "reciprocal(sqrt(x))", RECIPROCAL),
    ),
    "hypot_by_hand": _written(
        "sqrt(x * x + y * y)",
        _fused("sqrt(fma(x, x, y * y))", "the sum of squares with x² not rounded (a fused multiply-add)"),
        Form("fused-2", "sqrt(fma(y, y, x * x))", "the sum of squares with y² not rounded (a fused multiply-add)"),
    ),
    "log_of_power": _written(
        "log(power(x, 2.5))",
        Form("merged", "2.5 * log(x)", "2.5 · log x instead"),
        Form("merged-2", "2.5 * log(abs(x))", "2.5 · log |x| instead"),
    ),
    "clip_by_hand": _written("minimum(maximum(x, -1), 1)"),
    "guarded_log": _written("where(greater(x, 0), log(x), 0)"),
}  # fmt: skip
"""By the expression's name; the first form is what was written."""
