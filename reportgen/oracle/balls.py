"""The names of the namespace as functions of Arb balls (python-flint), at ``flint.ctx.prec`` bits.

Every function returns a ball that holds the true value for every real in its arguments; a formula only has to be
right, since whatever it loses shows in the radius. (F. Johansson, *Arb: efficient arbitrary-precision
midpoint-radius interval arithmetic*, IEEE Trans. Comput. 66(8), 2017.)
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flint import arb

from reportgen.oracle import functions

Ball = Any
_ONE, _TWO, _TEN = arb(1), arb(2), arb(10)


def _rsqrt(x: Ball) -> Ball:
    return x.rsqrt()


def _cbrt(x: Ball) -> Ball:
    return -((-x).root(3)) if x < 0 else x.root(3)


def _hypot(x: Ball, y: Ball) -> Ball:
    return (x * x + y * y).sqrt()


def _log2(x: Ball) -> Ball:
    return x.log() / arb.const_log2()


def _log10(x: Ball) -> Ball:
    return x.log() / arb.const_log10()


def _logaddexp(x: Ball, y: Ball) -> Ball:
    return _larger(x, y) + (-abs(x - y)).exp().log1p()


def _logaddexp2(x: Ball, y: Ball) -> Ball:
    return _larger(x, y) + (_TWO ** (-abs(x - y))).log1p() / arb.const_log2()


def _larger(x: Ball, y: Ball) -> Ball:
    return x.max(y)


def _sigmoid(x: Ball) -> Ball:
    return _ONE / (_ONE + (-x).exp())


def _softplus(x: Ball) -> Ball:
    return x + (-x).exp().log1p() if x > 0 else x.exp().log1p()


def _log_sigmoid(x: Ball) -> Ball:
    return -_softplus(-x)


# Arb's log1p, tanh and asinh pay for a logarithm at full precision even where a few terms of the series say it all.
# For |x| < 2^-200: |log1p(x) - (x - x^2/2 + x^3/3)| < x^4, |tanh(x) - (x - x^3/3)| < |x|^5 and the same for asinh
# with x^3/6 (alternating series with falling terms; for log1p of a negative x a geometric bound).
_SMALL = arb(2) ** -200
_UNIT = arb(0, 1)


def _is_small(x: Ball) -> bool:
    return bool(abs(x) < _SMALL)


def _log1p(x: Ball) -> Ball:
    if not _is_small(x):
        return x.log1p()
    square = x * x
    return x - square / 2 + x * square / 3 + square * square * _UNIT


def _tanh(x: Ball) -> Ball:
    return _cubic(x, 3) if _is_small(x) else x.tanh()


def _asinh(x: Ball) -> Ball:
    return _cubic(x, 6) if _is_small(x) else x.asinh()


def _cubic(x: Ball, divisor: int) -> Ball:
    square = x * x
    cube = x * square
    return x - cube / divisor + cube * square * _UNIT


def _squared_difference(x: Ball, y: Ball) -> Ball:
    difference = x - y
    return difference * difference


FUNCTIONS: dict[str, Callable[..., Ball]] = {
    "pi": arb.pi,
    "abs": lambda x: abs(x),
    "negative": lambda x: -x,
    "positive": lambda x: x,
    "square": lambda x: x * x,
    "reciprocal": lambda x: _ONE / x,
    "add": lambda x, y: x + y,
    "subtract": lambda x, y: x - y,
    "multiply": lambda x, y: x * y,
    "divide": lambda x, y: x / y,
    "xdivy": lambda x, y: x / y,
    "squared_difference": _squared_difference,
    "maximum": _larger,
    "minimum": lambda x, y: x.min(y),
    "floor": lambda x: x.floor(),
    "ceil": lambda x: x.ceil(),
    "exp": arb.exp,
    "exp2": lambda x: _TWO**x,
    "exp10": lambda x: _TEN**x,
    "expm1": arb.expm1,
    "log": arb.log,
    "log1p": _log1p,
    "log2": _log2,
    "log10": _log10,
    "sqrt": arb.sqrt,
    "rsqrt": _rsqrt,
    "cbrt": _cbrt,
    "hypot": _hypot,
    "power": lambda x, y: x**y,
    "sin": arb.sin,
    "cos": arb.cos,
    "tan": arb.tan,
    "sinc_pi": arb.sinc_pi,
    "asin": arb.asin,
    "acos": arb.acos,
    "atan": arb.atan,
    "atan2": lambda y, x: arb.atan2(y, x),
    "angle": lambda x: arb(0) if x > 0 else arb.pi(),
    "sinh": arb.sinh,
    "cosh": arb.cosh,
    "tanh": _tanh,
    "asinh": _asinh,
    "acosh": arb.acosh,
    "atanh": arb.atanh,
    "logaddexp": _logaddexp,
    "logaddexp2": _logaddexp2,
    "sigmoid": _sigmoid,
    "softplus": _softplus,
    "log_sigmoid": _log_sigmoid,
    "radians": lambda x: x * arb.pi() / 180,
    "degrees": lambda x: x * 180 / arb.pi(),
    "xlogy": lambda x, y: x * y.log(),
    "xlog1py": lambda x, y: x * _log1p(y),
    "i0": lambda x: x.bessel_i(0),
} | functions.BALLS
