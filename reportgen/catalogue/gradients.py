"""What TensorFlow's ``GradientTape`` gives for the derivatives of elementary functions and activations.

``tensorflow`` names the function that is differentiated; the oracle's expressions, special cases and critical points
are those of the derivative. At an infinity the exact value is the limit of the derivative. Where a function has no
derivative (at a kink) the rule says what TensorFlow documents, or what its source does where nothing is documented.
"""

from __future__ import annotations

from math import inf

from reportgen.catalogue.activations import (
    GELU_POINTS,
    GELU_TANH_POINTS,
    SATURATION,
    SIGMOID,
    SQUAREPLUS_PAGE,
)
from reportgen.catalogue.exponentials import EXP, EXP_EDGES, KINKS, LOG1P_POINTS, LOG_POINTS
from reportgen.catalogue.gradientpairs import LIMIT, PAIRS, SOURCE
from reportgen.catalogue.gradientspecial import SPECIAL
from reportgen.catalogue.hyperbolic import ACOSH, ASINH, ATANH, SINH, SINH_RULES, TANH
from reportgen.catalogue.hyperbolic import COSH as COSH_RULES
from reportgen.catalogue.powers import SIGNED
from reportgen.catalogue.rows import FunctionRow, Interval, Special
from reportgen.catalogue.sources import NAN, keeps_infinity, keeps_zero, tensorflow_docs
from reportgen.catalogue.trigonometric import ATAN, CIRCLE, INVERSE
from reportgen.catalogue.trigonometric import COS as COS_RULES
from reportgen.core.model import FLOAT_DTYPES

REALS = "all real numbers"
WIDE = ("float32", "float64")
SINGLE = ("float32",)
TRAINING = ("bfloat16", "float32")
"""Elementary functions are differentiated in both of WIDE, the plainest in SINGLE alone; activations also in 16 bits:
those with a formula of their own in all dtypes, the rest in TRAINING. (A gradient's programs are dear to compile.)"""
BASE_SAMPLES = 12288
SMALL = ("0", "min_subnormal", "-min_subnormal", "min_normal", "-min_normal", "2^-12", "-2^-12", "2^-27", "-2^-27")
ENDS = ("max", "-max", "1", "-1")
RISING, FALLING = ((-inf, inf, 1),), ((-inf, inf, -1),)


def limit(pattern: str, then: str, identity: str) -> Special:
    """The limit of the derivative at an end of the line or of the domain."""
    words = {
        "either zero": "tends to 0", "+0": "tends to 0", "+inf": "grows without bound", "-inf": "falls without bound",
    }  # fmt: skip
    told = words.get(then, f"tends to {then}".replace("-", "−").replace("sign(x)*", "±"))
    place = {"±inf": "±∞", "+inf": "+∞", "-inf": "−∞"}.get(pattern, pattern.replace("== ", "").replace("-", "−"))
    return Special((pattern,), then, f"At {place} the derivative {told}.", f"{LIMIT} ({identity})")


def at_zero(value: str, identity: str) -> Special:
    """The derivative at ±0, where it is a short number."""
    return Special(("±0",), value, f"At ±0 the derivative is {value}.".replace("-", "−"), f"{LIMIT} ({identity})")


def outside(pattern: str, function: str) -> Special:
    """Outside the domain there is no derivative."""
    return Special((pattern,), "nan", f"Outside the domain of {function} there is no derivative.", f"{LIMIT} (none)")


def row(
    name: str,
    path: str,
    formula: str,
    expression: str,
    specials: tuple[Special, ...],
    critical: tuple[str, ...],
    *,
    domain: str = REALS,
    typical: Interval = (-10.0, 10.0),
    monotone: tuple[tuple[float, float, int], ...] = (),
    parity: str | None = None,
    dtypes: tuple[str, ...] = WIDE,
    composite: bool = False,
) -> FunctionRow:
    """The row of the derivative of a function of one argument; ``formula`` says what both are."""
    return FunctionRow(
        name=f"grad_{name}", family="gradients", kind="gradient", arity=1, sentence=formula, domain=domain,
        numpy=None, tensorflow=f"tensorflow.{path}", composite=composite, mpmath=expression, arb=expression,
        typical=(typical,), critical=(critical,), monotone=monotone, parity=parity, specials=specials, dtypes=dtypes,
        base_samples=BASE_SAMPLES,
    )  # fmt: skip


def activation(
    name: str,
    path: str,
    formula: str,
    expression: str,
    specials: tuple[Special, ...],
    critical: tuple[str, ...],
    dtypes: tuple[str, ...] = FLOAT_DTYPES,
) -> FunctionRow:
    """The row of an activation's derivative."""
    return row(name, path, formula, expression, specials, critical, dtypes=dtypes)


BELL = (NAN, limit("±inf", "either zero", "it falls faster than 1/|x|"))
MATH = "math"

# fmt: off
ELEMENTARY = (
    row("square", "math.square", "The derivative of x²: 2x.", "2 * x",
        (NAN, keeps_zero(f"{LIMIT} (2x)"), keeps_infinity(f"{LIMIT} (2x)")), (*SIGNED, "max/2"),
        parity="odd", monotone=RISING, dtypes=SINGLE),
    row("sqrt", "math.sqrt", "The derivative of √x: 1/(2√x).", "d_sqrt(x)",
        (NAN, Special(("±0",), "+inf", "The root rises vertically at 0.", f"{LIMIT} (1/(2√x), x > 0)"),
         outside("< 0", "√x"), limit("+inf", "either zero", "1/(2√x)")), (*SIGNED, "13", "52"),
        domain="x > 0", typical=(0.0, 1000.0), monotone=((0.0, inf, -1),)),
    row("rsqrt", "math.rsqrt", "The derivative of 1/√x: −1/(2x√x).", "d_rsqrt(x)",
        (NAN, Special(("±0",), "-inf", "1/√x falls vertically at 0.", f"{LIMIT} (−1/(2x√x), x > 0)"),
         outside("< 0", "1/√x"), limit("+inf", "either zero", "−1/(2x√x)")),
        (*SIGNED, "2^85", "2^84", "2^-85", "1e25", "1e-25", "2^682", "2^-682"),
        domain="x > 0", typical=(0.0, 1000.0), monotone=((0.0, inf, 1),)),
    row("reciprocal", "math.reciprocal", "The derivative of 1/x: −1/x².", "-1 / square(x)",
        (NAN, Special(("±0",), "-inf", "1/x falls vertically on both sides of 0.", f"{LIMIT} (−1/x²)"),
         limit("±inf", "either zero", "−1/x²")), (*SIGNED, "sqrt_max", "sqrt_min", "sqrt_min_subnormal", "3"),
        domain="x ≠ 0", parity="even", monotone=((0.0, inf, 1), (-inf, 0.0, -1))),
    row("exp", "math.exp", "The derivative of eˣ: eˣ.", "exp(x)", EXP, (*SMALL, *KINKS, *EXP_EDGES), monotone=RISING),
    row("expm1", "math.expm1", "The derivative of eˣ − 1: eˣ.", "exp(x)", EXP, (*SMALL, *KINKS, *EXP_EDGES),
        monotone=RISING, dtypes=SINGLE),
    row("log", "math.log", "The derivative of log x: 1/x.", "1 / x",
        (NAN, Special(("±0",), "+inf", "The logarithm rises vertically at 0.", f"{LIMIT} (1/x, x > 0)"),
         outside("< 0", "log"), limit("+inf", "either zero", "1/x")), LOG_POINTS,
        domain="x > 0", typical=(0.0, 1000.0), monotone=((0.0, inf, -1),)),
    row("log1p", "math.log1p", "The derivative of log(1 + x): 1/(1 + x).", "1 / (1 + x)",
        (NAN, at_zero("1", "1/(1 + x)"), limit("== -1", "+inf", "1/(1 + x)"), outside("< -1", "log(1 + x)"),
         limit("+inf", "either zero", "1/(1 + x)")), LOG1P_POINTS,
        domain="x > −1", typical=(-1.0, 1000.0), monotone=((-1.0, inf, -1),)),
    row("sin", "math.sin", "The derivative of sin x: cos x.", "cos(x)", COS_RULES, CIRCLE, typical=(-100.0, 100.0),
        parity="even"),
    row("cos", "math.cos", "The derivative of cos x: −sin x.", "-sin(x)",
        (NAN, at_zero("-x", "−sin x"), Special(("±inf",), "nan", "The sine has no value at ±∞.", f"{LIMIT} (none)")),
        CIRCLE, typical=(-100.0, 100.0), parity="odd"),
    row("tan", "math.tan", "The derivative of tan x: 1/cos² x.", "d_tan(x)",
        (NAN, at_zero("1", "1/cos² x"),
         Special(("±inf",), "nan", "The tangent has no value at ±∞.", f"{LIMIT} (none)")),
        CIRCLE, typical=(-100.0, 100.0), parity="even"),
    row("asin", "math.asin", "The derivative of asin x: 1/√((1 − x)(1 + x)).", "d_asin(x)",
        (NAN, at_zero("1", "1/√(1 − x²)"), limit("abs == 1", "+inf", "1/√(1 − x²)"), outside("abs > 1", "asin")),
        (*INVERSE, "0.99", "-0.99"), domain="−1 < x < 1", typical=(-1.0, 1.0), parity="even"),
    row("acos", "math.acos", "The derivative of acos x: −1/√((1 − x)(1 + x)).", "d_acos(x)",
        (NAN, at_zero("-1", "−1/√(1 − x²)"), limit("abs == 1", "-inf", "−1/√(1 − x²)"), outside("abs > 1", "acos")),
        (*INVERSE, "0.99", "-0.99"), domain="−1 < x < 1", typical=(-1.0, 1.0), parity="even", dtypes=SINGLE),
    row("atan", "math.atan", "The derivative of atan x: 1/(1 + x²).", "1 / (1 + square(x))",
        (NAN, at_zero("1", "1/(1 + x²)"), limit("±inf", "either zero", "1/(1 + x²)")),
        (*ATAN, "sqrt_max", "-sqrt_max"), parity="even"),
    row("sinh", "math.sinh", "The derivative of sinh x: cosh x.", "cosh(x)", COSH_RULES, SINH, parity="even"),
    row("cosh", "math.cosh", "The derivative of cosh x: sinh x.", "sinh(x)", SINH_RULES, SINH, parity="odd",
        monotone=RISING, dtypes=SINGLE),
    row("tanh", "math.tanh", "The derivative of tanh x: 1/cosh² x.", "d_tanh(x)",
        (NAN, at_zero("1", "1/cosh² x"), limit("±inf", "either zero", "1/cosh² x")),
        (*TANH, "8.3", "-8.3", "18.7", "-18.7", "44.4", "52.3", "355", "373"), parity="even"),
    row("asinh", "math.asinh", "The derivative of asinh x: 1/√(1 + x²).", "d_asinh(x)",
        (NAN, at_zero("1", "1/√(1 + x²)"), limit("±inf", "either zero", "1/√(1 + x²)")),
        (*ASINH, "89.4", "710", "sqrt_max"), parity="even"),
    row("acosh", "math.acosh", "The derivative of acosh x: 1/√((x − 1)(x + 1)).", "d_acosh(x)",
        (NAN, limit("== 1", "+inf", "1/√(x² − 1)"), outside("< 1", "acosh"),
         limit("+inf", "either zero", "1/√(x² − 1)")),
        (*ACOSH, "sqrt_max"), domain="x > 1", typical=(1.0, 100.0), monotone=((1.0, inf, -1),)),
    row("atanh", "math.atanh", "The derivative of atanh x: 1/((1 − x)(1 + x)).", "1 / ((1 - x) * (1 + x))",
        (NAN, at_zero("1", "1/(1 − x²)"), limit("abs == 1", "+inf", "1/(1 − x²)"), outside("abs > 1", "atanh")),
        ATANH, domain="−1 < x < 1", typical=(-1.0, 1.0), parity="even"),
    row("erf", "math.erf", "The derivative of erf x: 2/√π·exp(−x²).", "d_erf(x)", BELL,
        (*SMALL, *ENDS, "9.3", "-9.3", "10.2", "13", "26.6", "27.2", "-26.6", "3.9", "5.8"), parity="even"),
    row("erfc", "math.erfc", "The derivative of erfc x: −2/√π·exp(−x²).", "d_erfc(x)", BELL,
        (*SMALL, *ENDS, "9.3", "-9.3", "10.2", "13", "26.6", "27.2", "-26.6", "3.9", "5.8"), parity="even",
        dtypes=SINGLE),
    row("abs", "math.abs", "The derivative of |x|: the sign of x.", "sign(x)",
        (NAN, Special(("±0",), "either zero",
                      "At 0 every number from −1 to 1 is a subgradient; TensorFlow takes sign(0) = 0.",
                      f"{SOURCE} (_AbsGrad)"),
         Special(("> 0",), "1", "|x| rises with slope 1.", f"{LIMIT} (sign x)"),
         Special(("< 0",), "-1", "|x| falls with slope −1.", f"{LIMIT} (sign x)")), (*SMALL, *ENDS), parity="odd",
        dtypes=SINGLE),
    row("sign", "math.sign", "The derivative of the sign of x: 0.", "0 * x",
        (NAN, Special(("nonzero",), "either zero", "The sign is constant on both sides of 0.", f"{LIMIT} (0)"),
         Special(("±0",), "either zero", "At the jump there is no derivative; TensorFlow takes 0.",
                 f"{SOURCE} (_SignGrad)")), (*SMALL, *ENDS), parity="odd", dtypes=SINGLE),
    row("floor", "math.floor", "The derivative of floor x: 0 between the integers.", "0 * x",
        (NAN, Special(("any",), "either zero", "Between the integers floor is constant.",
                      f"{LIMIT} (0)")), (*SMALL, *ENDS, "2", "1/2"), parity="odd", dtypes=SINGLE),
    row("reciprocal_no_nan", "math.reciprocal_no_nan", "The derivative of 1/x where x is not 0, 0 there: −1/x² and 0.",
        "-1 / square(x)",
        (NAN, Special(("±0",), "either zero", "Where the value is 0 by definition, TensorFlow takes 0.",
                      f"{SOURCE} (_ReciprocalGrad of a masked quotient)"), limit("±inf", "either zero", "−1/x²")),
        (*SIGNED, "sqrt_max", "sqrt_min", "3"), parity="even", dtypes=SINGLE),
)
STEP = "ReluGrad (gradients * (features > 0))"
STEP6 = "Relu6Grad (gradients * (features > 0) * (features < 6))"
LEAK = "LeakyReluGrad (gradients * (features > 0) + alpha * gradients * (features <= 0))"
ELU = "EluGrad (gradients * (outputs + 1) if outputs < 0, gradients otherwise)"
SELU = "SeluGrad (gradients * (outputs + scale * alpha) if outputs < 0, scale * gradients otherwise)"
GATE = (NAN, at_zero("0.5", "the gate is half open"),
        limit("-inf", "either zero", "the gate closes faster than x grows"),
        limit("+inf", "1", "the gate is open"))
TRAINED = (
    activation("sigmoid", "math.sigmoid", "The derivative of the sigmoid of x: 1/(4·cosh²(x/2)).", "d_sigmoid(x)",
               (NAN, at_zero("0.25", "1/(4·cosh²(x/2))"), limit("±inf", "either zero", "1/(4·cosh²(x/2))")),
               (*SMALL, *ENDS, *SATURATION)),
    activation("softplus", "math.softplus", "The derivative of log(1 + eˣ): the sigmoid of x.", "sigmoid(x)",
               SIGMOID, (*SMALL, *ENDS, *SATURATION)),
    activation("log_sigmoid", "math.log_sigmoid", "The derivative of log(sigmoid x): the sigmoid of −x.",
               "d_log_sigmoid(x)",
               (NAN, at_zero("0.5", "1/(1 + eˣ)"), limit("-inf", "1", "1/(1 + eˣ)"),
                limit("+inf", "either zero", "1/(1 + eˣ)")), (*SMALL, *ENDS, *SATURATION), (*TRAINING, "float64")),
    activation("softsign", "nn.softsign", "The derivative of x/(1 + |x|): 1/(1 + |x|)².", "1 / square(1 + abs(x))",
               (NAN, at_zero("1", "1/(1 + |x|)²"), limit("±inf", "either zero", "1/(1 + |x|)²")),
               (*SMALL, *ENDS, "sqrt_max", "-sqrt_max"), TRAINING),
    activation("silu", "nn.silu", "The derivative of x·sigmoid(x): s(x)·(1 + x·s(−x)), s the sigmoid.", "d_silu(x)",
               GATE, (*SMALL, *ENDS, *SATURATION, "-1.278464542761074", "2.3993572805154", "-2.3993572805154")),
    activation("gelu", "nn.gelu(approximate=False)", "The derivative of x·Φ(x): Φ(x) + x·φ(x).", "d_gelu(x)",
               GATE, (*GELU_POINTS, "-0.7517915246935645", "sqrt2", "-sqrt2")),
    activation("gelu_tanh", "nn.gelu(approximate=True)",
               "The derivative of gelu's tanh form: s(2u)·(1 + 2x·u′·s(−2u)), s the sigmoid.", "d_gelu_tanh(x)",
               GATE, (*GELU_TANH_POINTS, "sqrt2", "-sqrt2")),
    activation("elu", "nn.elu", "The derivative of elu: 1 for x ≥ 0, eˣ below.", "d_elu(x)",
               (NAN, Special((">= 0",), "1", "From 0 on the slope is 1.", tensorflow_docs(ELU)),
                limit("-inf", "either zero", "eˣ")), (*SMALL, *ENDS, *SATURATION), TRAINING),
    activation("selu", "nn.selu", "The derivative of selu: scale for x ≥ 0, scale·alpha·eˣ below.", "d_selu(x)",
               (NAN, Special(("+inf",), "1.0507009873554804934193349852946", "From 0 on the slope is scale.",
                             tensorflow_docs(SELU)),
                Special((">= 0",), "value", "From 0 on the slope is scale.", tensorflow_docs(SELU)),
                limit("-inf", "either zero", "scale·alpha·eˣ")), (*SMALL, *ENDS, *SATURATION), (*TRAINING, "float64")),
    activation("relu", "nn.relu", "The derivative of max(x, 0): 1 for positive x, 0 otherwise.", "x > 0",
               (NAN, Special(("> 0",), "1", "Above 0 the slope is 1.", tensorflow_docs(STEP)),
                Special(("<= 0",), "either zero", "At and below 0 the slope is taken as 0.", tensorflow_docs(STEP))),
               (*SMALL, *ENDS), TRAINING),
    activation("relu6", "nn.relu6", "The derivative of min(max(x, 0), 6): 1 between 0 and 6, 0 otherwise.",
               "(x > 0) * (x < 6)",
               (NAN, Special(("> 0 and < 6",), "1", "Between 0 and 6 the slope is 1.", tensorflow_docs(STEP6)),
                Special(("any",), "either zero", "At 0, at 6 and outside the slope is taken as 0.",
                        tensorflow_docs(STEP6))), (*SMALL, *ENDS, "6"), TRAINING),
    activation("leaky_relu", "nn.leaky_relu(alpha=0.2)", "The derivative of leaky_relu: 1 above 0, 1/5 otherwise.",
               "(x > 0) + (x <= 0) / 5",
               (NAN, Special(("> 0",), "1", "Above 0 the slope is 1.", tensorflow_docs(LEAK)),
                Special(("-inf",), "0.2", "At and below 0 the slope is alpha.", tensorflow_docs(LEAK)),
                Special(("<= 0",), "value", "At and below 0 the slope is alpha.", tensorflow_docs(LEAK))),
               (*SMALL, *ENDS), (*TRAINING, "float64")),
    row("mish", "keras.activations.mish", "The derivative of x·tanh(log(1 + eˣ)).", "d_mish(x)",
        (NAN, Special(("±0",), "value", "At ±0 the derivative is 3/5.", f"{LIMIT} (tanh(log 2) = 3/5)"), *GATE[2:]),
        (*SMALL, *ENDS, *SATURATION, "-1.1924567"), composite=True),
    row("tanh_shrink", "keras.activations.tanh_shrink", "The derivative of x − tanh x: tanh² x.", "d_tanh_shrink(x)",
        (NAN, at_zero("+0", "tanh² x"), limit("±inf", "1", "tanh² x")), (*SMALL, *ENDS, *TANH), parity="even",
        composite=True),
    row("squareplus", "keras.activations.squareplus", "The derivative of (x + √(x² + 4))/2: (1 + x/√(x² + 4))/2.",
        "d_squareplus(x)",
        (NAN, at_zero("0.5", "(1 + x/√(x² + 4))/2"), limit("-inf", "either zero", "1/x² for large −x"),
         Special(("+inf",), "1", "At +∞ the derivative tends to 1.", tensorflow_docs(SQUAREPLUS_PAGE))),
        (*SMALL, *ENDS, "sqrt_max", "-sqrt_max", "2^12", "-2^12", "2^27", "-2^27"), composite=True, monotone=RISING),
)
# fmt: on
ROWS = (*ELEMENTARY, *TRAINED, *SPECIAL, *PAIRS)
