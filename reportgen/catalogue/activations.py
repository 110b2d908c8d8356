"""Activation functions of neural networks: those of ``tf.nn`` and ``tf.keras.activations``, some with SciPy's beside.

The exact value is the documented function of the documented decimal constants; where a library rounds a constant to
the dtype (or to a narrower one), that is its error.
"""

from __future__ import annotations

from math import inf

from reportgen.catalogue.rows import FunctionRow, Special
from reportgen.catalogue.sources import INFINITY, NAN, keeps_zero, tensorflow_docs

REALS = "all real numbers"
SMALL = ("0", "min_subnormal", "-min_subnormal", "min_normal", "-min_normal", "2^-12", "-2^-12", "2^-27", "-2^-27")
"""Where x^2 or x^3 falls below the last bit."""
ENDS = ("max", "-max", "1", "-1")
# exp(-|x|) drowns beside 1, underflows to subnormal numbers, underflows to zero: float16, bfloat16, float32, float64.
SATURATION = (
    "7.6", "-7.6", "9.704", "-9.704", "11.09", "-11.09", "17.33", "-17.33", "16.64", "-16.64", "36.74", "-36.74",
    "87.3365", "-87.3365", "88.7228", "-88.7228", "92.2", "-92.2", "103.972", "-103.972", "708.3964", "-708.3964",
    "709.7827", "-709.7827", "745.1332", "-745.1332",
)  # fmt: skip
# Where Phi(x) drowns or underflows: phi(x) below the unit roundoff, the smallest normal, the smallest subnormal.
GELU_POINTS = (
    *SMALL, *ENDS, "-0.7517915", "-3.3", "3.3", "-4.06", "-4.69", "-5.54", "5.54", "-8.3", "8.3", "-9.2", "-13.05",
    "-13.2", "-14.17", "-37.5", "-38.4", "-38.56",
)  # fmt: skip
GELU_TANH_POINTS = (
    *SMALL, *ENDS, "-0.7524614", "-3.1", "3.1", "-5.05", "5.05", "-7.2", "7.2", "-9.9", "-10.1", "-10.4", "-10.65",
    "-21.1", "-21.3", "-21.5",
)  # fmt: skip
USUAL = ((-10.0, 10.0),)

# Special cases.
LIMIT = "limit of the function"


def limit(pattern: str, then: str, sentence: str, function: str) -> Special:
    """The value at an infinity: what the function tends to there."""
    return Special((pattern,), then, sentence, f"{LIMIT} ({function})")


SIGMOID = (
    NAN,
    Special(("±0",), "0.5", "At ±0 the value is 1/2.", tensorflow_docs("tf.math.sigmoid (y = 1 / (1 + exp(-x)))")),
    limit("-inf", "+0", "Towards −∞ the sigmoid falls to 0.", "sigmoid"),
    limit("+inf", "1", "Towards +∞ the sigmoid rises to 1.", "sigmoid"),
)
LOG_SIGMOID = (
    NAN,
    limit("-inf", "-inf", "Towards −∞ log(sigmoid x) is x.", "log_sigmoid"),
    limit("+inf", "either zero", "Towards +∞ the sigmoid is 1 and its logarithm 0.", "log_sigmoid"),
)
SOFTPLUS = (
    NAN,
    limit("-inf", "+0", "Towards −∞ log(1 + eˣ) falls to 0.", "softplus"),
    limit("+inf", "+inf", "Towards +∞ log(1 + eˣ) is x.", "softplus"),
)
SOFTSIGN = (
    NAN,
    keeps_zero(tensorflow_docs("tf.nn.softsign (features / (abs(features) + 1))")),
    limit("-inf", "-1", "Towards −∞ x/(1 + |x|) falls to −1.", "softsign"),
    limit("+inf", "1", "Towards +∞ x/(1 + |x|) rises to 1.", "softsign"),
)


def gated(page: str) -> tuple[Special, ...]:
    """x times something that rises from 0 to 1 faster than any power."""
    return (
        NAN,
        keeps_zero(tensorflow_docs(page)),
        limit("-inf", "either zero", "Towards −∞ the gate closes faster than x grows: the product tends to 0.", page),
        limit("+inf", "+inf", "Towards +∞ the gate is open and x passes.", page),
    )


def exponential_unit(low: str, sentence: str, page: str) -> tuple[Special, ...]:
    """The identity (times a constant) for positive x, a bounded exponential below."""
    return (
        NAN,
        Special(("+0",), "+0", "+0 passes.", tensorflow_docs(page)),
        Special(
            ("-0",),
            "either zero",
            "At −0 the value is a zero; which one depends on the formula.",
            tensorflow_docs(page),
        ),
        limit("-inf", low, sentence, page),
        limit("+inf", "+inf", "Positive numbers pass, and so does +∞.", page),
    )


def clipped(page: str, then_low: str, then_high: str) -> tuple[Special, ...]:
    """A piecewise linear function at its ends."""
    return (
        NAN,
        Special(("-inf",), then_low, "−∞ is clipped.", tensorflow_docs(page)),
        Special(("+inf",), then_high, "+∞ is clipped.", tensorflow_docs(page)),
    )


ZERO_BELOW = "Numbers up to 0 give 0."
RELU = (
    NAN,
    Special(("<= 0",), "either zero", ZERO_BELOW, tensorflow_docs("tf.nn.relu (max(features, 0))")),
    Special(("+inf",), "+inf", "+∞ passes.", tensorflow_docs("tf.nn.relu (max(features, 0))")),
)
RELU6 = (
    NAN,
    Special(("<= 0",), "either zero", ZERO_BELOW, tensorflow_docs("tf.nn.relu6 (min(max(features, 0), 6))")),
    Special(("+inf",), "6", "+∞ is clipped to 6.", tensorflow_docs("tf.nn.relu6 (min(max(features, 0), 6))")),
)
LEAKY = (
    NAN,
    keeps_zero(tensorflow_docs("tf.nn.leaky_relu (alpha: slope of the activation function at x < 0)")),
    Special(("±inf",), "x", "Infinity times a slope is infinity.", INFINITY),
)
HARD_SIGMOID_PAGE = "tf.keras.activations.hard_sigmoid (0 if x <= -3, 1 if x >= 3, x/6 + 0.5 otherwise)"
HARD_SIGMOID = (
    NAN,
    Special(("<= -3",), "either zero", "Up to −3 the value is 0.", tensorflow_docs(HARD_SIGMOID_PAGE)),
    Special((">= 3",), "1", "From 3 on the value is 1.", tensorflow_docs(HARD_SIGMOID_PAGE)),
)
HARD_SILU_PAGE = "tf.keras.activations.hard_silu (0 if x < -3, x if x > 3, x * (x + 3) / 6 otherwise)"
HARD_SILU = (
    NAN,
    Special(("<= -3",), "either zero", "Up to −3 the value is 0.", tensorflow_docs(HARD_SILU_PAGE)),
    keeps_zero(tensorflow_docs(HARD_SILU_PAGE)),
    Special(("+inf",), "+inf", "From 3 on the value is x.", tensorflow_docs(HARD_SILU_PAGE)),
)
HARD_TANH_PAGE = "tf.keras.activations.hard_tanh (-1 for x < -1, x for -1 <= x <= 1, 1 for x > 1)"
SHRINK_PAGE = "tf.keras.activations.soft_shrink (x - 0.5 if x > 0.5, x + 0.5 if x < -0.5, 0 otherwise)"
SOFT_SHRINK = (
    NAN,
    Special(("abs <= 0.5",), "either zero", "From −1/2 to 1/2 the value is 0.", tensorflow_docs(SHRINK_PAGE)),
    Special(("±inf",), "x", "±∞ moves nowhere.", tensorflow_docs(SHRINK_PAGE)),
)
HARD_SHRINK_PAGE = "tf.keras.activations.hard_shrink (x if |x| > 0.5, 0 otherwise)"
HARD_SHRINK = (
    NAN,
    Special(("abs <= 0.5",), "either zero", "From −1/2 to 1/2 the value is 0.", tensorflow_docs(HARD_SHRINK_PAGE)),
    Special(("±inf",), "x", "±∞ passes.", tensorflow_docs(HARD_SHRINK_PAGE)),
)
TANH_SHRINK = (
    NAN,
    Special(
        ("±0",),
        "either zero",
        "At ±0 the value is a zero: 0 − 0 is +0 in IEEE arithmetic.",
        tensorflow_docs("tf.keras.activations.tanh_shrink (x - tanh(x))"),
    ),
    limit("±inf", "x", "Beside an infinite x the tangent's ±1 does not count.", "tanh_shrink"),
)
SQUAREPLUS_PAGE = "tf.keras.activations.squareplus ((x + sqrt(x^2 + b)) / 2, b = 4)"
SQUAREPLUS = (
    NAN,
    Special(("±0",), "1", "At ±0 the value is √4/2 = 1.", tensorflow_docs(SQUAREPLUS_PAGE)),
    limit("-inf", "+0", "Towards −∞ the value is 1/|x|.", "squareplus"),
    limit("+inf", "+inf", "Towards +∞ the value is x.", "squareplus"),
)
SPARSE_PLUS_PAGE = "tf.keras.activations.sparse_plus (0 for x <= -1, (x + 1)^2 / 4 for |x| < 1, x for x >= 1)"
SPARSE_PLUS = (
    NAN,
    Special(("<= -1",), "either zero", "Up to −1 the value is 0.", tensorflow_docs(SPARSE_PLUS_PAGE)),
    Special(("+inf",), "+inf", "From 1 on the value is x.", tensorflow_docs(SPARSE_PLUS_PAGE)),
)
SPARSE_SIGMOID_PAGE = "tf.keras.activations.sparse_sigmoid (0 for x <= -1, (x + 1) / 2 for |x| < 1, 1 for x >= 1)"
SPARSE_SIGMOID = (
    NAN,
    Special(("<= -1",), "either zero", "Up to −1 the value is 0.", tensorflow_docs(SPARSE_SIGMOID_PAGE)),
    Special((">= 1",), "1", "From 1 on the value is 1.", tensorflow_docs(SPARSE_SIGMOID_PAGE)),
)
RISING = ((-inf, inf, 1),)
KERAS = "tensorflow.keras.activations"

# fmt: off
ROWS = (
    FunctionRow(
        name="sigmoid", family="activations", arity=1, aliases=("expit",),
        sentence="The logistic function 1/(1 + e⁻ˣ).", domain=REALS,
        numpy=None, tensorflow="tensorflow.math.sigmoid", scipy="scipy.special.expit",
        mpmath="sigmoid(x)", arb="sigmoid(x)",
        monotone=RISING, typical=USUAL, critical=((*SMALL, *ENDS, *SATURATION),), specials=SIGMOID,
    ),
    FunctionRow(
        name="log_sigmoid", family="activations", arity=1, aliases=("log_expit",),
        sentence="The logarithm of the sigmoid, −log(1 + e⁻ˣ).", domain=REALS,
        numpy=None, tensorflow="tensorflow.math.log_sigmoid", scipy="scipy.special.log_expit",
        mpmath="log_sigmoid(x)", arb="log_sigmoid(x)",
        monotone=RISING, typical=USUAL, critical=((*SMALL, *ENDS, *SATURATION),), specials=LOG_SIGMOID,
    ),
    FunctionRow(
        name="softplus", family="activations", arity=1,
        sentence="log(1 + eˣ).", domain=REALS,
        numpy=None, tensorflow="tensorflow.math.softplus", scipy="scipy.special.softplus",
        mpmath="softplus(x)", arb="softplus(x)",
        monotone=RISING, typical=USUAL,
        # TensorFlow changes the formula where exp(-|x|) falls below the unit roundoff, two units earlier.
        critical=((*SMALL, *ENDS, *SATURATION, "13.94", "-13.94", "33.94", "-33.94", "4.93", "-4.93"),),
        specials=SOFTPLUS,
    ),
    FunctionRow(
        name="softsign", family="activations", arity=1,
        sentence="x/(1 + |x|).", domain=REALS,
        numpy=None, tensorflow="tensorflow.nn.softsign", mpmath="x / (1 + abs(x))", arb="x / (1 + abs(x))",
        parity="odd", monotone=RISING, typical=USUAL,
        critical=((*SMALL, *ENDS, "2^11", "2^24", "-2^24", "2^53", "max/2", "1/2"),), specials=SOFTSIGN,
    ),
    FunctionRow(
        name="silu", family="activations", arity=1, aliases=("swish",),
        sentence="x times the sigmoid of x, x/(1 + e⁻ˣ), also called swish.", domain=REALS,
        numpy=None, tensorflow="tensorflow.nn.silu", mpmath="silu(x)", arb="silu(x)",
        monotone=((-1.2784645, inf, 1), (-inf, -1.2784646, -1)), typical=USUAL,
        critical=((*SMALL, *ENDS, *SATURATION, "-1.2784645", "-92.38", "-108.6", "-715", "-751.7"),),
        specials=gated("tf.nn.silu (x * sigmoid(x))"),
    ),
    FunctionRow(
        name="gelu", family="activations", arity=1,
        sentence="x times the normal distribution function of x, x·erfc(−x/√2)/2: the exact form.", domain=REALS,
        numpy=None, tensorflow="tensorflow.nn.gelu(approximate=False)", composite=True,
        mpmath="gelu(x)", arb="gelu(x)",
        monotone=((-0.7517915, inf, 1), (-inf, -0.7517916, -1)), typical=USUAL, critical=(GELU_POINTS,),
        specials=gated("tf.nn.gelu (x * P(X <= x), X ~ N(0, 1), where approximate is False)"),
    ),
    FunctionRow(
        name="gelu_tanh", family="activations", arity=1,
        sentence="x·(1 + tanh(√(2/π)·(x + 0.044715·x³)))/2: the approximate form, compared with itself.",
        domain=REALS,
        numpy=None, tensorflow="tensorflow.nn.gelu(approximate=True)", composite=True,
        mpmath="gelu_tanh(x)", arb="gelu_tanh(x)",
        monotone=((-0.75246, inf, 1), (-inf, -0.7524615, -1)), typical=USUAL, critical=(GELU_TANH_POINTS,),
        specials=gated("tf.nn.gelu (0.5 * x * (1 + tanh(sqrt(2 / pi) * (x + 0.044715 * x^3))), approximate)"),
    ),
    FunctionRow(
        name="elu", family="activations", arity=1,
        sentence="x for positive x, eˣ − 1 otherwise.", domain=REALS,
        numpy=None, tensorflow="tensorflow.nn.elu", mpmath="elu(x)", arb="elu(x)",
        monotone=RISING, typical=USUAL, critical=((*SMALL, *ENDS, *SATURATION, "-ln2/2", "-ln2", "-1/2"),),
        specials=exponential_unit("-1", "Towards −∞ eˣ − 1 falls to −1.", "tf.nn.elu (e^x - 1 if x < 0, x if x >= 0)"),
    ),
    FunctionRow(
        name="selu", family="activations", arity=1,
        sentence="1.0507009873554804934193349852946·x for positive x, and that constant times "
        "1.6732632423543772848170429916717·(eˣ − 1) otherwise; the constants' rounding to the dtype counts as error.",
        domain=REALS,
        numpy=None, tensorflow="tensorflow.nn.selu", mpmath="selu(x)", arb="selu(x)",
        monotone=RISING, typical=USUAL, critical=((*SMALL, *ENDS, *SATURATION, "max/1.0507009873554805", "-ln2"),),
        specials=exponential_unit(
            "-1.7580993408473768599402175208123", "Towards −∞ the value falls to −scale·alpha.",
            "tf.nn.selu (scale * alpha * (exp(features) - 1) if < 0, scale * features otherwise)",
        ),
    ),
    FunctionRow(
        name="relu", family="activations", arity=1,
        sentence="The larger of x and 0.", domain=REALS,
        numpy=None, tensorflow="tensorflow.nn.relu", mpmath="maximum(x, 0)", arb="maximum(x, 0)",
        monotone=RISING, typical=USUAL, critical=((*SMALL, *ENDS),), specials=RELU,
    ),
    FunctionRow(
        name="relu6", family="activations", arity=1,
        sentence="x clipped to the interval from 0 to 6.", domain=REALS,
        numpy=None, tensorflow="tensorflow.nn.relu6", mpmath="minimum(maximum(x, 0), 6)",
        arb="minimum(maximum(x, 0), 6)",
        monotone=RISING, typical=USUAL, critical=((*SMALL, *ENDS, "6"),), specials=RELU6,
    ),
    FunctionRow(
        name="leaky_relu", family="activations", arity=1,
        sentence="x for positive x, x/5 otherwise (alpha = 0.2, as the decimal says).", domain=REALS,
        numpy=None, tensorflow="tensorflow.nn.leaky_relu(alpha=0.2)", mpmath="maximum(x, x / 5)",
        arb="maximum(x, x / 5)",
        monotone=RISING, typical=USUAL, critical=((*SMALL, *ENDS, "-5*min_normal", "-5*min_subnormal", "-5"),),
        specials=LEAKY,
    ),
    FunctionRow(
        name="hard_sigmoid", family="activations", arity=1,
        sentence="x/6 + 1/2 clipped to the interval from 0 to 1.", domain=REALS,
        numpy=None, tensorflow=f"{KERAS}.hard_sigmoid", composite=True,
        mpmath="minimum(maximum((x + 3) / 6, 0), 1)", arb="minimum(maximum((x + 3) / 6, 0), 1)",
        monotone=RISING, typical=USUAL, critical=((*SMALL, *ENDS, "3", "-3"),), specials=HARD_SIGMOID,
    ),
    FunctionRow(
        name="hard_silu", family="activations", arity=1, aliases=("hard_swish",),
        sentence="x times the hard sigmoid of x: 0 up to −3, x from 3 on, x·(x + 3)/6 between.", domain=REALS,
        numpy=None, tensorflow=f"{KERAS}.hard_silu", composite=True,
        mpmath="x * minimum(maximum((x + 3) / 6, 0), 1)", arb="x * minimum(maximum((x + 3) / 6, 0), 1)",
        monotone=((-1.5, inf, 1), (-inf, -1.5, -1)), typical=USUAL, critical=((*SMALL, *ENDS, "3", "-3", "-3/2"),),
        specials=HARD_SILU,
    ),
    FunctionRow(
        name="hard_tanh", family="activations", arity=1,
        sentence="x clipped to the interval from −1 to 1.", domain=REALS,
        numpy=None, tensorflow=f"{KERAS}.hard_tanh", composite=True,
        mpmath="minimum(maximum(x, -1), 1)", arb="minimum(maximum(x, -1), 1)",
        parity="odd", monotone=RISING, typical=USUAL, critical=((*SMALL, *ENDS),),
        specials=(
            NAN,
            keeps_zero(tensorflow_docs(HARD_TANH_PAGE)),
            *clipped(HARD_TANH_PAGE, "-1", "1")[1:],
        ),
    ),
    FunctionRow(
        name="soft_shrink", family="activations", arity=1,
        sentence="x moved towards 0 by 1/2, and 0 within that distance.", domain=REALS,
        numpy=None, tensorflow=f"{KERAS}.soft_shrink", composite=True,
        mpmath="maximum(x - 0.5, 0) + minimum(x + 0.5, 0)", arb="maximum(x - 0.5, 0) + minimum(x + 0.5, 0)",
        parity="odd", monotone=RISING, typical=USUAL, critical=((*SMALL, *ENDS, "1/2", "-1/2"),), specials=SOFT_SHRINK,
    ),
    FunctionRow(
        name="hard_shrink", family="activations", arity=1,
        sentence="x where |x| is larger than 1/2, 0 otherwise.", domain=REALS,
        numpy=None, tensorflow=f"{KERAS}.hard_shrink", composite=True,
        mpmath="x * (abs(x) > 0.5)", arb="x * (abs(x) > 0.5)",
        parity="odd", monotone=RISING, typical=USUAL, critical=((*SMALL, *ENDS, "1/2", "-1/2"),), specials=HARD_SHRINK,
    ),
    FunctionRow(
        name="tanh_shrink", family="activations", arity=1,
        sentence="x − tanh x, which is x³/3 near 0.", domain=REALS,
        numpy=None, tensorflow=f"{KERAS}.tanh_shrink", composite=True,
        mpmath="tanh_shrink(x)", arb="tanh_shrink(x)",
        parity="odd", monotone=RISING, typical=USUAL, critical=((*SMALL, *ENDS, "0.01", "0.1", "9.01", "-19.06"),),
        specials=TANH_SHRINK,
    ),
    FunctionRow(
        name="mish", family="activations", arity=1,
        sentence="x·tanh(log(1 + eˣ)).", domain=REALS,
        numpy=None, tensorflow=f"{KERAS}.mish", composite=True, mpmath="mish(x)", arb="mish(x)",
        monotone=((-1.19245, inf, 1), (-inf, -1.1925, -1)), typical=USUAL,
        critical=((*SMALL, *ENDS, *SATURATION, "-1.1924567", "-92.38", "-108.6", "-715", "-751.7"),),
        specials=gated("tf.keras.activations.mish (x * tanh(softplus(x)))"),
    ),
    FunctionRow(
        name="squareplus", family="activations", arity=1,
        sentence="(x + √(x² + 4))/2, which is 1/|x| for large negative x.", domain=REALS,
        numpy=None, tensorflow=f"{KERAS}.squareplus", composite=True, mpmath="squareplus(x)", arb="squareplus(x)",
        monotone=RISING, typical=USUAL,
        critical=((*SMALL, *ENDS, "sqrt_max", "-sqrt_max", "2^12", "-2^12", "2^27", "-2^27", "1.5", "-1.5"),),
        specials=SQUAREPLUS,
    ),
    FunctionRow(
        name="celu", family="activations", arity=1,
        sentence="elu with a scale alpha, here 1, by another program.", domain=REALS,
        numpy=None, tensorflow=f"{KERAS}.celu", composite=True, mpmath="elu(x)", arb="elu(x)",
        monotone=RISING, typical=USUAL, critical=((*SMALL, *ENDS, *SATURATION, "-ln2"),),
        specials=exponential_unit(
            "-1", "Towards −∞ eˣ − 1 falls to −1.",
            "tf.keras.activations.celu (alpha * (exp(x / alpha) - 1) for x < 0, x for x >= 0)",
        ),
    ),
    FunctionRow(
        name="sparse_plus", family="activations", arity=1,
        sentence="0 up to −1, (x + 1)²/4 between −1 and 1, x from 1 on.", domain=REALS,
        numpy=None, tensorflow=f"{KERAS}.sparse_plus", composite=True,
        mpmath="square(minimum(maximum(x + 1, 0), 2)) / 4 + maximum(x - 1, 0)",
        arb="square(minimum(maximum(x + 1, 0), 2)) / 4 + maximum(x - 1, 0)",
        monotone=RISING, typical=USUAL, critical=((*SMALL, *ENDS),), specials=SPARSE_PLUS,
    ),
    FunctionRow(
        name="sparse_sigmoid", family="activations", arity=1,
        sentence="(x + 1)/2 clipped to the interval from 0 to 1.", domain=REALS,
        numpy=None, tensorflow=f"{KERAS}.sparse_sigmoid", composite=True,
        mpmath="minimum(maximum((x + 1) / 2, 0), 1)", arb="minimum(maximum((x + 1) / 2, 0), 1)",
        monotone=RISING, typical=USUAL, critical=((*SMALL, *ENDS),), specials=SPARSE_SIGMOID,
    ),
)
