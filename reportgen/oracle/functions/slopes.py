"""Derivatives of the activation functions: by Arb, by mpmath, by inequality (s is the sigmoid).

    d_silu         s(x)·(1 + x·s(-x)), zero at -1.278…
    d_gelu         Phi(x) + x·phi(x), zero at -0.751…
    d_gelu_tanh    s(2u)·(1 + 2·x·u'·s(-2u)), u' = sqrt(2/pi)·(1 + 3·0.044715·x^2)
    d_elu          1 for x > 0, exp(x) otherwise
    d_selu         scale for x >= 0, scale·alpha·exp(x) otherwise
    d_mish         T + 4x·n(n + 1)/(m + 2)^2, m = n(n + 2), n = exp(x), T = m/(m + 2), zero at -1.192…
    d_tanh_shrink  tanh(x)^2
    d_squareplus   (1 + x/sqrt(x^2 + 4))/2 = v/sqrt(x^2 + 4), v = squareplus(x)

The four with a zero are sums whose terms cancel there; their errors are bounded by the size of the terms.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from flint import arb
from mpmath import mp, mpf

from reportgen.core.floats import F64
from reportgen.oracle.approx import Approx, Real
from reportgen.oracle.functions import activations as forms
from reportgen.oracle.functions.activations import CUBIC, SCALE, SCALE_ALPHA, growth, ratio, saturating
from reportgen.oracle.functions.support import BIG_EXP, Columns, bounded, largeness, near_pair, smallness
from reportgen.oracle.known import Known

Ball = Any
Wide = Any


# -- Arb -------------------------------------------------------------------------------------------------
def _d_silu_ball(x: Ball) -> Ball:
    return forms.sigmoid_ball(x) * (1 + x * forms.sigmoid_ball(-x))


def _d_gelu_ball(x: Ball) -> Ball:
    return (-x / arb(2).sqrt()).erfc() / 2 + x * (-(x * x) / 2).exp() / (2 * arb.pi()).sqrt()


def _d_gelu_tanh_ball(x: Ball) -> Ball:
    twice_u, slope = forms.twice_u_ball(x), (arb(8) / arb.pi()).sqrt() * (1 + arb(3 * CUBIC) * x * x)
    return forms.sigmoid_ball(twice_u) * (1 + x * slope * forms.sigmoid_ball(-twice_u))


def _d_mish_ball(x: Ball) -> Ball:
    n = x.exp()
    m = n * (n + 2)
    below = m + 2
    return m / below + 4 * x * n * (n + 1) / (below * below)


def _d_squareplus_ball(x: Ball) -> Ball:
    root = (x * x + 4).sqrt()
    return (x + root) / (2 * root) if x > 0 else 2 / ((root - x) * root)


def _d_tanh_shrink_ball(x: Ball) -> Ball:
    tanh = x.tanh()
    return tanh * tanh


BALLS: dict[str, Callable[..., Ball]] = {
    "d_silu": _d_silu_ball,
    "d_gelu": _d_gelu_ball,
    "d_gelu_tanh": _d_gelu_tanh_ball,
    "d_elu": lambda x: arb(1) if x >= 0 else x.exp(),
    "d_selu": lambda x: arb(SCALE) if x >= 0 else arb(SCALE_ALPHA) * x.exp(),
    "d_mish": _d_mish_ball,
    "d_tanh_shrink": _d_tanh_shrink_ball,
    "d_squareplus": _d_squareplus_ball,
}


# -- mpmath: the value and the size of its terms ---------------------------------------------------------
def _d_silu(x: Real) -> tuple[Real, Real]:
    first, rest = forms.sigmoid(x), x * forms.sigmoid(-x)
    return first * (1 + rest), first * (1 + abs(rest))


def _d_gelu(x: Real) -> tuple[Real, Real]:
    phi = mp.exp(-(x * x) / 2) / mp.sqrt(2 * mp.pi)
    below = mp.erfc(-x / mp.sqrt(2)) / 2
    return below + x * phi, below + abs(x) * phi


def _d_gelu_tanh(x: Real) -> tuple[Real, Real]:
    twice_u, slope = forms.twice_u(x), mp.sqrt(8 / mp.pi) * (1 + 3 * ratio(CUBIC) * x * x)
    first, rest = forms.sigmoid(twice_u), x * slope * forms.sigmoid(-twice_u)
    return first * (1 + rest), first * (1 + abs(rest))


def _d_mish(x: Real) -> tuple[Real, Real]:
    # T = tanh(log(1 + n)) and T' = s(x)·(1 - T^2), with 1 - T^2 = 1/cosh^2.
    log = mp.log1p(mp.exp(x))
    first, rest = mp.tanh(log), x * forms.sigmoid(x) / mp.cosh(log) ** 2
    return first + rest, first + abs(rest)


def _d_squareplus(x: Real) -> Real:
    root = mp.sqrt(x * x + 4)
    return (x + root) / (2 * root) if x > 0 else 2 / ((root - x) * root)


def _constant_loss(x: Real) -> int:
    """erfc and exp of arguments up to 2^16, rounded once or twice, and constants: less than 64 bits."""
    return 96


METHODS: dict[str, Callable[..., Approx]] = {
    "d_silu": bounded("d_silu", _d_silu, _constant_loss),
    "d_gelu": bounded("d_gelu", _d_gelu, _constant_loss),
    "d_gelu_tanh": bounded("d_gelu_tanh", _d_gelu_tanh, _constant_loss),
    "d_mish": bounded("d_mish", _d_mish, _constant_loss),
}
PLAIN: dict[str, tuple[Callable[..., Real], int]] = {
    "d_elu": (lambda x: mpf(1) if x >= 0 else mp.exp(x), 0),
    "d_selu": (lambda x: ratio(SCALE) if x >= 0 else ratio(SCALE_ALPHA) * mp.exp(x), 0),
    "d_tanh_shrink": (lambda x: mp.tanh(x) ** 2, 0),
    "d_squareplus": (_d_squareplus, 16),
}
EXACT_CASES: dict[str, Callable[..., bool]] = {
    "d_elu": lambda value, x: bool(x >= 0),
    # v/(v + 1/v) = v^2/(v^2 + 1) with a power of two v: dyadic for v = 1 only.
    "d_squareplus": lambda value, x: bool(x == 0),
}


# -- inequalities ----------------------------------------------------------------------------------------
def _half_plus_half(known: Known, x: F64) -> None:
    """1/2 + x/2 - x^3/12 …: the pair is (1/2, x/2) where x/2 is a binary64 number."""
    tiny = (np.abs(x) < 2.0**-400) & (x != 0)
    half = x / 2
    near_pair(known, tiny & (half * 2 == x), (0.5, np.where(tiny, half, 1.0)), -np.sign(x))


def _d_silu_rule(known: Known, x: F64) -> None:
    # 0 < d - 1 < x·exp(-x) for x > 2; |d| < t·exp(-t) at -t
    _half_plus_half(known, x)
    known.near(x > 850, 1.0, 1)
    known.outside(x < -BIG_EXP, -1.0, -1)


def _d_gelu_rule(known: Known, x: F64) -> None:
    # 0 < d - 1 < x·exp(-x^2/2) for x > 2; |d| < t·exp(-t^2/2) at -t
    known.near(x > 42, 1.0, 1)
    known.outside(x < -215, -1.0, -1)


def _d_gelu_tanh_rule(known: Known, x: F64) -> None:
    # 2·x·u' < 2^12·(x/24)^3 and exp(-2u) < 2^-1470·exp(-(x - 24)); 2u(-70) < -24000 and falls on
    known.near(x > 24, 1.0, 1)
    known.outside(x < -70, -1.0, -1)


def _d_elu_rule(known: Known, x: F64) -> None:
    known.exactly(x >= 0, np.ones(len(x)))
    known.outside(x < -BIG_EXP, 1.0, -1)


def _d_selu_rule(known: Known, x: F64) -> None:
    known.outside(x < -BIG_EXP, 1.0, -1)


def _d_mish_rule(known: Known, x: F64) -> None:
    # d - 1 = (4x·n(n + 1) - 2(m + 2))/(m + 2)^2 < 4x·exp(-2x)
    known.near(x > 420, 1.0, 1)
    known.outside(x < -BIG_EXP, -1.0, -1)


def _d_tanh_shrink_rule(known: Known, x: F64) -> None:
    # 0 < 1 - tanh(x)^2 < 4·exp(-2|x|)
    known.near(np.abs(x) > 420, 1.0, -1)


def _d_squareplus_rule(known: Known, x: F64) -> None:
    # 1 - d = 1/(v^2 + 1) < 1/x^2
    known.near(x > 2.0**560, 1.0, -1)


def _bits_d_gelu(columns: Columns, dtype: str) -> F64:
    x = columns[0]
    return smallness(x) + np.where((x > 3) & (x < 43), 0.73 * x * x, 0.0)


def _bits_d_gelu_tanh(columns: Columns, dtype: str) -> F64:
    x = columns[0]
    within = np.where((x > 3) & (x < 25), x, 0.0)
    return smallness(x) + 2.4 * within + 0.11 * within**3


RULES: dict[str, Callable[..., None]] = {
    "d_silu": _d_silu_rule,
    "d_gelu": _d_gelu_rule,
    "d_gelu_tanh": _d_gelu_tanh_rule,
    "d_elu": _d_elu_rule,
    "d_selu": _d_selu_rule,
    "d_mish": _d_mish_rule,
    "d_tanh_shrink": _d_tanh_shrink_rule,
    "d_squareplus": _d_squareplus_rule,
}
BITS: dict[str, Callable[[Columns, str], F64]] = {
    "d_silu": lambda c, dtype: 3 * smallness(c[0]) + saturating(c, 1.45, 1000),
    "d_gelu": _bits_d_gelu,
    "d_gelu_tanh": _bits_d_gelu_tanh,
    "d_elu": lambda c, dtype: 2 * smallness(c[0]),
    "d_selu": lambda c, dtype: np.zeros(len(c[0])),
    "d_mish": lambda c, dtype: saturating(c, 2.9, 500),
    "d_tanh_shrink": lambda c, dtype: growth(dtype, 2, 4) * smallness(c[0]) + saturating(c, 2.9, 500),
    "d_squareplus": lambda c, dtype: 3 * smallness(c[0]) + 2 * largeness(c[0]),
}
EVEN = frozenset({"d_tanh_shrink"})


# -- screens ---------------------------------------------------------------------------------------------
def _d_gelu_wide(x: Wide) -> Wide:
    phi = np.exp(-x * x / 2) * x.dtype.type("0.398942280401432677939946059934381868")
    return forms.erfc_wide(-x / x.dtype.type("1.41421356237309504880168872420969808")) / 2 + x * phi


def _d_gelu_tanh_wide(x: Wide) -> Wide:
    slope = forms.wide("1.595769121605730711759784239737474614", x) * (1 + 3 * forms.wide(CUBIC, x) * x * x)
    twice_u = forms.twice_u_wide(x)
    return forms.sigmoid_wide(twice_u) * (1 + x * slope * forms.sigmoid_wide(-twice_u))


def _d_mish_wide(x: Wide) -> Wide:
    n = np.exp(np.minimum(x, 50))
    m = n * (n + 2)
    return m / (m + 2) + 4 * x * n * (n + 1) / (m + 2) ** 2


def _d_squareplus_wide(x: Wide) -> Wide:
    root = np.sqrt(x * x + 4)
    return np.where(x > 0, (x + root) / (2 * root), 2 / ((root - x) * root))


SCREENS: dict[str, Callable[..., Wide]] = {
    "d_silu": lambda x: forms.sigmoid_wide(x) * (1 + x * forms.sigmoid_wide(-x)),
    "d_gelu": _d_gelu_wide,
    "d_gelu_tanh": _d_gelu_tanh_wide,
    "d_elu": lambda x: np.exp(np.minimum(x, 0)),
    "d_selu": lambda x: np.where(x >= 0, forms.wide(SCALE, x), forms.wide(SCALE_ALPHA, x) * np.exp(np.minimum(x, 0))),
    "d_mish": _d_mish_wide,
    "d_tanh_shrink": lambda x: np.tanh(x) ** 2,
    "d_squareplus": _d_squareplus_wide,
}
