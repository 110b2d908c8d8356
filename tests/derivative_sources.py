"""A third source for activations and derivatives, which knows none of the oracle's expressions.

Activations, and derivatives where exponentials saturate, are MPFR formulas in another algebra, good to a stated slack.
Every derivative is also the difference quotient of the *function* at thousands of bits: (f(x + h) - f(x - h))/2h with h
= 2^-bits·min(1, |x|) errs by h²·f'''/6, far below the 2^-bits that are allowed.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import gmpy2
from gmpy2 import mpfr, mpq
from mpmath import mp

from tests.test_oracle_source import Interval, rational, rounding_down, with_slack

SCALE, ALPHA = Fraction("1.0507009873554804934193349852946"), Fraction("1.6732632423543772848170429916717")
CUBIC = mpq(44715, 1000000)
TINY = (mpq(1, 1 << 200000), mpq(1, 1 << 40000))
"""Positive and below everything that is stored."""


def _number(value: Fraction) -> Any:
    return mpfr(mpq(value.numerator, value.denominator))


def _half_tanh_gate(u: Any) -> Any:
    """(1 + tanh u)/2 without cancellation for either sign."""
    e = gmpy2.exp(-2 * abs(u))
    return 1 / (1 + e) if u > 0 else e / (1 + e)


def _u(x: Any) -> Any:
    return gmpy2.sqrt(2 / gmpy2.const_pi()) * (x + mpfr(CUBIC) * x**3)


def _log_cosh_gate(x: Any) -> Any:
    """tanh(log(1 + e^x)) by the hyperbolic functions themselves."""
    return gmpy2.tanh(gmpy2.log1p(gmpy2.exp(x)))


MPFR_NAMES = (
    "square sqrt exp expm1 log log1p sin cos tan asin acos atan sinh cosh tanh asinh acosh atanh erf erfc atan2 hypot"
)
FUNCTIONS: dict[str, Callable[..., Any]] = {
    **{name: getattr(gmpy2, name) for name in MPFR_NAMES.split()},
    "rsqrt": gmpy2.rec_sqrt,
    "reciprocal": lambda x: 1 / x,
    "reciprocal_no_nan": lambda x: 1 / x,
    "abs": abs,
    "sigmoid": lambda x: _half_tanh_gate(x / 2),
    "softplus": lambda x: gmpy2.log1p(gmpy2.exp(x)),
    "log_sigmoid": lambda x: -gmpy2.log1p(gmpy2.exp(-x)),
    "softsign": lambda x: x / (1 + abs(x)),
    "silu": lambda x: x * _half_tanh_gate(x / 2),
    "gelu": lambda x: x * gmpy2.erfc(-x / gmpy2.sqrt(mpfr(2))) / 2,
    "gelu_tanh": lambda x: x * _half_tanh_gate(_u(x)),
    "elu": lambda x: x if x > 0 else gmpy2.expm1(x),
    "selu": lambda x: _number(SCALE) * (x if x > 0 else _number(ALPHA) * gmpy2.expm1(x)),
    "leaky_relu": lambda x: x if x > 0 else x / 5,
    "mish": lambda x: x * _log_cosh_gate(x),
    "tanh_shrink": lambda x: x - gmpy2.tanh(x),
    "squareplus": lambda x: (x + gmpy2.sqrt(x * x + 4)) / 2 if x > 0 else 2 / (gmpy2.sqrt(x * x + 4) - x),
    "logaddexp": lambda x, y: gmpy2.log(gmpy2.exp(x) + gmpy2.exp(y)),
    "power": lambda x, y: x**y,
    "divide": lambda x, y: x / y,
    "divide_no_nan": lambda x, y: x / y,
    "xdivy": lambda x, y: x / y,
    "multiply_no_nan": lambda x, y: x * y,
    "xlogy": lambda x, y: x * gmpy2.log(y),
    "xlog1py": lambda x, y: x * gmpy2.log1p(y),
    "squared_difference": lambda x, y: (x - y) ** 2,
    "lgamma": lambda x: gmpy2.lgamma(x)[0],
    "digamma": gmpy2.digamma,
    "expint": gmpy2.eint,
    "spence": lambda x: gmpy2.li2(1 - x),
    "bessel_j0": gmpy2.j0,
    "bessel_y0": gmpy2.y0,
}
"""The functions that are differentiated (not their derivatives)."""
REACH = {"erf": 20.0, "erfc": 20.0, "gelu": 20.0, "gelu_tanh": 12.0}
SATURATING = frozenset(
    {
        "sigmoid", "softplus", "log_sigmoid", "tanh", "silu", "mish", "elu", "selu", "tanh_shrink", "logaddexp", "exp",
        "expm1",
    }
)  # fmt: skip


def reachable(name: str, args: tuple[float, ...]) -> bool:
    """Whether the quotient resolves the derivative with at most some ten thousand bits."""
    if name == "power":
        x, y = args
        return 2.0**-40 < x < 2.0**40 and 2.0**-60 < abs(y) < 200 and y != math.floor(y)
    if name == "expint":  # MPFR's is for positive numbers
        return 0 < args[0] < 300
    if name in ("sinh", "cosh") and abs(args[0]) > 20000:
        return False
    limit = REACH.get(name, 300.0 if name in SATURATING else math.inf)
    spread = max(math.frexp(a)[1] for a in args) - min(math.frexp(a)[1] for a in args)
    return all(abs(a) <= limit for a in args) and spread < 600 and not (name in KINKED and args[0] == 0)


KINKED = frozenset({"abs", "relu", "relu6", "leaky_relu", "selu", "softsign", "elu"})
LARGEST_PRECISION = 60000


BY_MPMATH: dict[str, Callable[[Any], Any]] = {
    "bessel_i0": lambda x: mp.besseli(0, x),
    "bessel_i0e": lambda x: mp.besseli(0, x) * mp.exp(-abs(x)),
    "bessel_k0": lambda x: mp.besselk(0, x),
    "dawsn": lambda x: mp.sqrt(mp.pi) / 2 * mp.exp(-x * x) * mp.erfi(x),
    "fresnel_cos": mp.fresnelc,
    "fresnel_sin": mp.fresnels,
    "erfinv": mp.erfinv,
    "ndtri": lambda p: mp.sqrt(2) * mp.erfinv(2 * p - 1),
}
"""Functions that MPFR lacks; mpmath's own, where the oracle has its derivative by another name."""


def near_by(x: float) -> bool:
    """Where mpmath computes these at hundreds of bits without delay."""
    return 2.0**-20 < abs(x) < 20 and abs(abs(x) - 1) > 2.0**-20


def mpmath_quotient(function: Callable[[Any], Any]) -> Callable[..., Interval]:
    """The central difference by mpmath, with a relative slack of 2^-bits, as :func:`quotient`."""

    def enclosed(bits: int, x: float) -> Interval:
        with mp.workprec(3 * bits + 256):
            step = mp.ldexp(1, -bits - 40)
            difference = (function(mp.mpf(x) + step) - function(mp.mpf(x) - step)) / (2 * step)
            sign, man, exp, _ = difference._mpf_
            value = mpq(-int(man) if sign else int(man)) * mpq(2) ** int(exp)
        return value - abs(value) / (1 << bits), value + abs(value) / (1 << bits)

    return enclosed


def quotient(function: Callable[..., Any], wrt: int, bits: int, args: tuple[float, ...]) -> Interval:
    """The derivative by a central difference, with a relative slack of 2^-bits.

    Raises:
        ArithmeticError: the difference drowns in the largest precision.
    """
    top = max(math.frexp(a)[1] for a in args)
    low = math.frexp(args[wrt])[1] if args[wrt] else -1100
    step = mpq(1, 1 << (bits + max(0, 1 - low)))
    precision = 3 * bits + 128 + max(0, top) + 2 * max(0, -low)
    while precision < LARGEST_PRECISION:
        with gmpy2.context(precision=precision, emax=1 << 30, emin=-(1 << 30)):
            ends = [
                function(*(mpfr(mpq(a) + side * step) if i == wrt else mpfr(a) for i, a in enumerate(args)))
                for side in (1, -1)
            ]
            difference = ends[0] - ends[1]
            size = gmpy2.get_exp(ends[0]) if ends[0] != 0 else -precision * 8
            if difference != 0 and gmpy2.get_exp(difference) - size + precision > bits + 16:
                value = mpq(difference) / (2 * step)
                return value - abs(value) / (1 << bits), value + abs(value) / (1 << bits)
            if difference == 0 and ends[0] == 0:
                return mpq(0), mpq(0)
        precision *= 2
    raise ArithmeticError(f"a difference quotient at {args} drowns")


# -- formulas in another algebra, saturation included -----------------------------------------------------
def _between(low: Any, high: Any) -> Interval:
    return (low, high) if low < high else (high, low)


def _near(value: Any, side: int) -> Interval:
    """Beside ``value``, by less than 2^-3500 of it."""
    value = mpq(value)
    return _between(value, value + side * abs(value) / (1 << 3500))


def _tiny(sign: int) -> Interval:
    return _between(sign * TINY[0], sign * TINY[1])


def saturated(
    low: tuple[float, Callable[[float], Interval]],
    high: tuple[float, Callable[[float], Interval]],
    formula: Callable[[Any], Any],
    extra: Callable[[float], float] = lambda x: 0.0,
) -> Callable[..., Interval]:
    """``formula`` between two thresholds, at ``extra(x)`` more bits, and bounds outside."""

    def enclosed(bits: int, x: float) -> Interval:
        if x < low[0]:
            return low[1](x)
        if x > high[0]:
            return high[1](x)
        return with_slack(formula, 64 + int(extra(x)))(bits, x)

    return enclosed


def _e(x: Any) -> Any:
    return gmpy2.exp(-abs(x))


def _bell_edge(x: float) -> float:
    return 0.75 * x * x


def _squareplus(bits: int, x: float) -> Interval:
    """(x + sqrt(x^2 + 4))/2 with room for its cancellation; a rational root is exact."""
    square = mpq(x) ** 2 + 4
    if gmpy2.is_square(square.numerator) and gmpy2.is_square(square.denominator):
        exact = (mpq(x) + mpq(gmpy2.isqrt(square.numerator), gmpy2.isqrt(square.denominator))) / 2
        return exact, exact
    extra = 64 + 2 * max(0, math.frexp(x)[1])
    return with_slack(lambda v: (v + gmpy2.sqrt(v * v + 4)) / 2, extra)(bits, x)


SOURCES: dict[str, Callable[..., Interval]] = {
    "sigmoid": saturated(
        (-40000, lambda x: _tiny(1)), (3000, lambda x: _near(1, -1)), lambda x: (1 + gmpy2.tanh(x / 2)) / 2,
        lambda x: 1.5 * abs(x) + 64,
    ),
    "softplus": saturated(
        (-40000, lambda x: _tiny(1)), (3000, lambda x: _near(x, 1)),
        lambda x: max(x, 0) + gmpy2.log(1 + _e(x)), lambda x: 1.5 * abs(x) + 64,
    ),
    "log_sigmoid": saturated(
        (-3000, lambda x: _near(x, -1)), (40000, lambda x: _tiny(-1)),
        lambda x: min(x, 0) - gmpy2.log(1 + _e(x)), lambda x: 1.5 * abs(x) + 64,
    ),
    "softsign": rational(lambda x: x / (1 + x) if x > 0 else x / (1 - x)),
    "silu": saturated(
        (-40000, lambda x: _tiny(-1)), (3000, lambda x: _near(x, -1)), lambda x: x * (1 + gmpy2.tanh(x / 2)) / 2,
        lambda x: 1.5 * abs(x) + 64,
    ),
    "gelu": saturated(
        (-250, lambda x: _tiny(-1)), (100, lambda x: _near(x, -1)),
        lambda x: x * (1 + gmpy2.erf(x / gmpy2.sqrt(mpfr(2)))) / 2, _bell_edge,
    ),
    "gelu_tanh": saturated(
        (-90, lambda x: _tiny(-1)), (40, lambda x: _near(x, -1)), lambda x: x * (1 + gmpy2.tanh(_u(x))) / 2,
        lambda x: 3 * abs(_u(mpfr(x))) + 64,
    ),
    "elu": saturated((-3000, lambda x: _near(-1, 1)), (0, lambda x: (mpq(x), mpq(x))), gmpy2.expm1),
    "celu": saturated((-3000, lambda x: _near(-1, 1)), (0, lambda x: (mpq(x), mpq(x))), gmpy2.expm1),
    "selu": saturated(
        (-3000, lambda x: _near(mpq(-SCALE * ALPHA), 1)), (math.inf, _tiny),
        lambda x: x * _number(SCALE) if x > 0 else gmpy2.expm1(x) * _number(SCALE * ALPHA),
    ),
    "mish": saturated(
        (-40000, lambda x: _tiny(-1)), (3000, lambda x: _near(x, -1)), lambda x: x * _log_cosh_gate(x),
    ),
    "tanh_shrink": saturated(
        (-3000, lambda x: _near(mpq(x) + 1, -1)), (3000, lambda x: _near(mpq(x) - 1, 1)),
        lambda x: x - gmpy2.tanh(x), lambda x: max(0, -3 * math.frexp(x)[1]),
    ),
    "squareplus": _squareplus,
    "relu": rational(lambda x: (x + abs(x)) / 2),
    "relu6": rational(lambda x: sorted((Fraction(0), x, Fraction(6)))[1]),
    "leaky_relu": rational(lambda x: x if x > 0 else Fraction(2, 10) * x),
    "hard_sigmoid": rational(lambda x: sorted((Fraction(0), x / 6 + Fraction(1, 2), Fraction(1)))[1]),
    "hard_silu": rational(lambda x: 0 if x <= -3 else x if x >= 3 else x * (x + 3) / 6),
    "hard_tanh": rational(lambda x: sorted((Fraction(-1), x, Fraction(1)))[1]),
    "soft_shrink": rational(lambda x: x - sorted((Fraction(-1, 2), x, Fraction(1, 2)))[1]),
    "hard_shrink": rational(lambda x: x if abs(x) > Fraction(1, 2) else 0),
    "sparse_plus": rational(lambda x: 0 if x <= -1 else x if x >= 1 else (x + 1) ** 2 / 4),
    "sparse_sigmoid": rational(lambda x: 0 if x <= -1 else 1 if x >= 1 else (x + 1) / 2),
    "grad_sigmoid": saturated(
        (-40000, lambda x: _tiny(1)), (40000, lambda x: _tiny(1)), lambda x: _e(x) / (1 + _e(x)) ** 2,
    ),
    "grad_log_sigmoid": saturated(
        (-3000, lambda x: _near(1, -1)), (40000, lambda x: _tiny(1)), lambda x: (1 - gmpy2.tanh(x / 2)) / 2,
        lambda x: 1.5 * abs(x) + 64,
    ),
    "grad_tanh": saturated(
        (-40000, lambda x: _tiny(1)), (40000, lambda x: _tiny(1)), lambda x: 4 * _e(2 * x) / (1 + _e(2 * x)) ** 2,
    ),
    "grad_erf": saturated(
        (-200, lambda x: _tiny(1)), (200, lambda x: _tiny(1)),
        lambda x: 2 / (gmpy2.sqrt(gmpy2.const_pi()) * gmpy2.exp(x * x)),
    ),
    "grad_silu": saturated(
        (-40000, lambda x: _tiny(-1)), (3000, lambda x: _near(1, 1)),
        lambda x: (1 + gmpy2.tanh(x / 2)) / 2 + x / (4 * gmpy2.cosh(x / 2) ** 2), lambda x: 1.5 * abs(x) + 128,
    ),
    "grad_gelu": saturated(
        (-250, lambda x: _tiny(-1)), (100, lambda x: _near(1, 1)),
        lambda x: (1 + gmpy2.erf(x / gmpy2.sqrt(mpfr(2)))) / 2
        + x / (gmpy2.exp(x * x / 2) * gmpy2.sqrt(2 * gmpy2.const_pi())),
        lambda x: 64 + _bell_edge(x),
    ),
    "grad_gelu_tanh": saturated(
        (-90, lambda x: _tiny(-1)), (40, lambda x: _near(1, 1)),
        lambda x: (1 + gmpy2.tanh(_u(x))) / 2
        + x * gmpy2.sqrt(2 / gmpy2.const_pi()) * (1 + 3 * mpfr(CUBIC) * x * x) / (2 * gmpy2.cosh(_u(x)) ** 2),
        lambda x: 3 * abs(_u(mpfr(x))) + 128,
    ),
    "grad_mish": saturated(
        (-40000, lambda x: _tiny(-1)), (3000, lambda x: _near(1, 1)),
        # w = e^x·(4(x + 1) + 4·e^(2x) + e^(3x) + e^x·(4x + 6)) over (2e^x + e^(2x) + 2)^2, from Misra's paper
        lambda x: gmpy2.exp(x)
        * (4 * (x + 1) + 4 * gmpy2.exp(2 * x) + gmpy2.exp(3 * x) + gmpy2.exp(x) * (4 * x + 6))
        / (2 * gmpy2.exp(x) + gmpy2.exp(2 * x) + 2) ** 2,
        lambda x: 128,
    ),
    "grad_tanh_shrink": saturated(
        (-3000, lambda x: _near(1, -1)), (3000, lambda x: _near(1, -1)),
        lambda x: (1 - 2 / (gmpy2.exp(2 * x) + 1)) ** 2,
        lambda x: 64 + max(0, -3 * math.frexp(x)[1]),
    ),
}  # fmt: skip
"""By row: a function of (bits, x) to an enclosure in rationals."""


def enclosed_quotient(name: str, wrt: int) -> Callable[..., Interval]:
    """The difference quotient of a function as a source."""

    def enclosed(bits: int, *args: float) -> Interval:
        with rounding_down(bits):
            return quotient(FUNCTIONS[name], wrt, bits, args)

    return enclosed
