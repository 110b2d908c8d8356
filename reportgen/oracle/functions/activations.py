"""Activation functions of neural networks that are not exact: by Arb, by mpmath, by inequality.

    silu(x)         x/(1 + exp(-x))
    gelu(x)         x·Phi(x) = x·erfc(-x/sqrt(2))/2
    gelu_tanh(x)    x·(1 + tanh(u))/2 = x/(1 + exp(-2u)), u = sqrt(2/pi)·(x + 0.044715·x^3)
    elu(x)          x for x > 0, exp(x) - 1 otherwise
    selu(x)         scale·x for x > 0, scale·alpha·(exp(x) - 1) otherwise
    mish(x)         x·tanh(log(1 + exp(x))) = x·n(n + 2)/(n(n + 2) + 2), n = exp(x)
    tanh_shrink(x)  x - tanh(x)
    squareplus(x)   (x + sqrt(x^2 + 4))/2 = 2/(sqrt(x^2 + 4) - x)

The constants of selu are the decimals of Klambauer et al. (*Self-Normalizing Neural Networks*, NIPS 2017, appendix).
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
from flint import arb, fmpq
from mpmath import mp, mpf

from reportgen.core.floats import F64
from reportgen.oracle.approx import Approx, Real
from reportgen.oracle.functions.support import BIG_EXP, Columns, bounded, largeness, near_pair, smallness
from reportgen.oracle.known import Known

Ball = Any
Wide = Any
SCALE = fmpq(10507009873554804934193349852946, 10**31)
ALPHA = fmpq(16732632423543772848170429916717, 10**31)
SCALE_ALPHA = SCALE * ALPHA
CUBIC = fmpq(44715, 10**6)
"""The coefficient 0.044715 of gelu's tanh form (Hendrycks and Gimpel, *Gaussian Error Linear Units*, 2016)."""


def ratio(value: Any) -> Real:
    """A flint rational in mpmath, at the working precision."""
    return mpf(int(value.p)) / int(value.q)


# -- Arb -------------------------------------------------------------------------------------------------
def sigmoid_ball(x: Ball) -> Ball:
    return 1 / (1 + (-x).exp())


def twice_u_ball(x: Ball) -> Ball:
    return (arb(8) / arb.pi()).sqrt() * (x + arb(CUBIC) * x * x * x)


def _gelu_ball(x: Ball) -> Ball:
    return x * (-x / arb(2).sqrt()).erfc() / 2


def _mish_ball(x: Ball) -> Ball:
    n = x.exp()
    m = n * (n + 2)
    return x * m / (m + 2)


def _squareplus_ball(x: Ball) -> Ball:
    root = (x * x + 4).sqrt()
    return (x + root) / 2 if x > 0 else 2 / (root - x)


BALLS: dict[str, Callable[..., Ball]] = {
    "silu": lambda x: x * sigmoid_ball(x),
    "gelu": _gelu_ball,
    "gelu_tanh": lambda x: x * sigmoid_ball(twice_u_ball(x)),
    "elu": lambda x: x if x > 0 else x.expm1(),
    "selu": lambda x: arb(SCALE) * x if x > 0 else arb(SCALE_ALPHA) * x.expm1(),
    "mish": _mish_ball,
    "tanh_shrink": lambda x: x - x.tanh(),
    "squareplus": _squareplus_ball,
}


# -- mpmath ----------------------------------------------------------------------------------------------
def sigmoid(x: Real) -> Real:
    return 1 / (1 + mp.exp(-x))


def twice_u(x: Real) -> Real:
    return mp.sqrt(8 / mp.pi) * (x + ratio(CUBIC) * x**3)


def _gelu(x: Real) -> Real:
    return x * mp.erfc(-x / mp.sqrt(2)) / 2


def _mish(x: Real) -> Real:
    m = mp.expm1(2 * mp.log1p(mp.exp(x)))
    return x * m / (m + 2)


def _squareplus(x: Real) -> Real:
    root = mp.sqrt(x * x + 4)
    return (x + root) / 2 if x > 0 else 2 / (root - x)


def _tanh_shrink(x: Real) -> tuple[Real, Real]:
    return x - mp.tanh(x), abs(x)


PLAIN: dict[str, tuple[Callable[..., Real], int]] = {
    "silu": (lambda x: x * sigmoid(x), 32),
    "gelu": (_gelu, 64),  # erfc(t) for t up to 2^8 loses 2·t^2 < 2^17 of an argument rounded once
    "gelu_tanh": (lambda x: x * sigmoid(twice_u(x)), 64),  # exp(-2u), |2u| < 2^16 where it is not known beforehand
    "elu": (lambda x: x if x > 0 else mp.expm1(x), 0),
    "selu": (lambda x: ratio(SCALE) * x if x > 0 else ratio(SCALE_ALPHA) * mp.expm1(x), 0),
    "mish": (_mish, 32),
    "squareplus": (_squareplus, 16),
}
METHODS: dict[str, Callable[..., Approx]] = {
    # The difference x^3/3 of two numbers near a tiny x: -2·log2|x| bits cancel, and mpmath is asked for as many more.
    "tanh_shrink": bounded("tanh_shrink", _tanh_shrink, lambda x: max(0, -2 * int(mp.mag(x)))),
}
EXACT_CASES: dict[str, Callable[..., bool]] = {
    "elu": lambda value, x: bool(x >= 0),
    # v = (x + sqrt(x^2 + 4))/2 is the positive root of v^2 - x·v - 1.
    "squareplus": lambda value, x: bool(
        mp.fmul(value, mp.fsub(value, x, exact=True), exact=True) == 1,
    ),
}


# -- inequalities ----------------------------------------------------------------------------------------
def _silu(known: Known, x: F64) -> None:
    # x - silu(x) = x·sigmoid(-x) < x·exp(-x); |silu(-t)| < t·exp(-t) < 2^-32800
    known.near(x > 850, x, -1)
    known.outside(x < -BIG_EXP, -1.0, -1)


def _gelu_rule(known: Known, x: F64) -> None:
    # Phi(-t) < exp(-t^2/2) for t > 1: 40^2/2 > 1154·ln 2, and 215·exp(-215^2/2) < 2^-33000
    known.near(x > 42, x, -1)
    known.outside(x < -215, -1.0, -1)


def _gelu_tanh_rule(known: Known, x: F64) -> None:
    # 2u(24) > 1020 and u grows faster than x; 2u(-70) < -24000
    known.near(x > 24, x, -1)
    known.outside(x < -70, -1.0, -1)


def _elu_rule(known: Known, x: F64) -> None:
    known.exactly(x > 0, x)
    known.near(x < -800, -1.0, 1)


def _mish_rule(known: Known, x: F64) -> None:
    # x - mish(x) = 2x/(n^2 + 2n + 2) < 2x·exp(-2x); |mish(-t)| < 2t·exp(-t)
    known.near(x > 420, x, -1)
    known.outside(x < -BIG_EXP, -1.0, -1)


def _tanh_shrink_rule(known: Known, x: F64) -> None:
    """x - 1 + rest with 0 < rest < 2·exp(-2x) < 2^-1150 for x > 420, and odd.

    x - 1 is a binary64 number for 1 < x <= 2^53; beyond, x - 1 + rest is nearest to x, ties included.
    """
    size, sign = np.abs(x), np.sign(x)
    known.near((size > 420) & (size <= 2.0**53), x - sign, sign)
    near_pair(known, size > 2.0**53, (x, -sign), sign)


def growth(dtype: str, double: float, other: float) -> float:
    """Bits a bit of smallness: terms of a power series in a short x may be exact, and the next then decides."""
    return double if dtype == "float64" else other


def saturating(columns: Columns, rate: float, until: float) -> F64:
    """Bits by which exp(-rate·ln2·|x|) hides below a number, for 16 < |x| < until."""
    x = np.abs(columns[0])
    return np.where((x > 16) & (x < until), rate * x, 0.0)


def _bits_silu(columns: Columns, dtype: str) -> F64:
    return growth(dtype, 1, 3) * smallness(columns[0]) + saturating(columns, 1.45, 1000)


def _bits_gelu(columns: Columns, dtype: str) -> F64:
    x = columns[0]
    return smallness(x) + np.where((x > 3) & (x < 43), 0.73 * x * x, 0.0)


def _bits_gelu_tanh(columns: Columns, dtype: str) -> F64:
    x = columns[0]
    within = np.where((x > 3) & (x < 25), x, 0.0)
    return smallness(x) + 2.4 * within + 0.11 * within**3


def _bits_squareplus(columns: Columns, dtype: str) -> F64:
    return 2 * smallness(columns[0]) + 2 * largeness(columns[0])


RULES: dict[str, Callable[..., None]] = {
    "silu": _silu,
    "gelu": _gelu_rule,
    "gelu_tanh": _gelu_tanh_rule,
    "elu": _elu_rule,
    "mish": _mish_rule,
    "tanh_shrink": _tanh_shrink_rule,
}
BITS: dict[str, Callable[[Columns, str], F64]] = {
    "silu": _bits_silu,
    "gelu": _bits_gelu,
    "gelu_tanh": _bits_gelu_tanh,
    "elu": lambda c, dtype: 2 * smallness(c[0]) + saturating(c, 1.45, 1000),
    "selu": lambda c, dtype: np.zeros(len(c[0])),
    "mish": lambda c, dtype: saturating(c, 2.9, 500),
    "tanh_shrink": lambda c, dtype: 2 * smallness(c[0]) + saturating(c, 2.9, 500) + 2 * largeness(c[0]),
    "squareplus": _bits_squareplus,
}
ODD = frozenset({"tanh_shrink"})


# -- screens ---------------------------------------------------------------------------------------------
def wide(value: Any, x: Wide) -> Any:
    """A flint rational or a decimal text in the array's format."""
    if isinstance(value, str):
        return x.dtype.type(value)
    return x.dtype.type(int(value.p)) / x.dtype.type(int(value.q))


def sigmoid_wide(x: Wide) -> Wide:
    return 1 / (1 + np.exp(-x))


_ERFC = np.frompyfunc(math.erfc, 1, 1)


def erfc_wide(x: Wide) -> Wide:
    """The C library's erfc; NaN in formats wider than its own, where it would screen nothing."""
    if x.dtype != np.float64:
        return np.full(x.shape, np.nan, x.dtype)
    return np.asarray(_ERFC(x), np.float64)


def twice_u_wide(x: Wide) -> Wide:
    return wide("1.595769121605730711759784239737474614", x) * (x + wide(CUBIC, x) * x**3)


def expm1_below(x: Wide) -> Wide:
    return np.expm1(np.minimum(x, 0))


def _mish_wide(x: Wide) -> Wide:
    n = np.exp(np.minimum(x, 50))
    return x * (n * (n + 2)) / (n * (n + 2) + 2)


def _squareplus_wide(x: Wide) -> Wide:
    root = np.sqrt(x * x + 4)
    return np.where(x > 0, (x + root) / 2, 2 / (root - x))


def _selu_wide(x: Wide) -> Wide:
    return np.where(x > 0, wide(SCALE, x) * x, wide(SCALE_ALPHA, x) * expm1_below(x))


SCREENS: dict[str, Callable[..., Wide]] = {
    "silu": lambda x: x * sigmoid_wide(x),
    "gelu": lambda x: x * erfc_wide(-x / x.dtype.type("1.41421356237309504880168872420969808")) / 2,
    "gelu_tanh": lambda x: x * sigmoid_wide(twice_u_wide(x)),
    "elu": lambda x: np.where(x > 0, x, expm1_below(x)),
    "selu": _selu_wide,
    "mish": _mish_wide,
    "tanh_shrink": lambda x: np.where(np.abs(x) > 0.1, x - np.tanh(x), np.nan),
    "squareplus": _squareplus_wide,
}
