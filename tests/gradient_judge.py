"""What stands for each gradient at special arguments: its formula in binary64, or the limit where that is 0 times ∞."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np


def _gate(x: float) -> float:
    return 1.0 if x == math.inf else 0.0 if x == -math.inf else 0.5 if x == 0 else 0.6


def _over(x: float, y: float) -> float:
    """x/y² as IEEE 754 does it, infinite x first."""
    return float(np.float64(x) / np.square(np.float64(y)))


def _steps(low: float, high: float) -> Callable[[float], float]:
    return lambda x: high if x > 0 else low


def _d_power_x(x: float, y: float) -> float:
    if x < 0 and (math.isinf(y) or y != math.floor(y)):
        return math.nan
    if y == 0 or (math.isinf(y) and abs(x) != 1 and (y > 0) == (abs(x) < 1)):
        return 0.0
    if x == 0 and not math.isinf(y) and y != math.floor(y) and y < 0:
        return -math.inf
    if x == 0 and 0 < y < 1:
        return math.inf
    # x^(y-1) has the sign of x where y is even, whatever y - 1 is rounded to.
    size = abs(y) * np.float_power(abs(x), np.float64(y) - 1)
    turned = math.copysign(1, x) < 0 and math.isfinite(y) and math.fmod(y, 2) == 0
    return float(math.copysign(1, y) * (-size if turned else size))


def _d_power_y(x: float, y: float) -> float:
    if x < 0:
        return math.nan
    if x == 1 or (x == 0 and y > 0) or (x == math.inf and y < 0) or (math.isinf(y) and (y > 0) == (x < 1)):
        return 0.0
    return -math.inf if x == 0 else float(np.float_power(x, y) * np.log(x))


def _d_hypot(x: float, y: float) -> float:
    if math.isinf(x) and math.isinf(y):
        return math.nan
    return math.copysign(1, x) if math.isinf(x) else float(np.float64(x) / np.hypot(x, y))


def _logarithmic(x: float, y: float, edge: float) -> float:
    """x/(y - edge) for y above the edge; 0 for x = 0 whatever y is."""
    if x == 0:
        return 0.0
    return math.nan if y < edge else float(np.float64(x) / abs(np.float64(y) - edge))


def _log_first(x: float, y: float, edge: float) -> float:
    if x == 0 and y <= edge:
        return 0.0
    if y < edge:
        return math.nan
    return float(np.log(np.float64(y) - edge))


def _quotient_y(x: float, y: float) -> float:
    return -_over(x, y) if not (x == 0 and y == 0) else math.nan


def _turn(x: float, y: float) -> float:
    """x/(x² + y²)."""
    if math.isinf(x) or math.isinf(y) or (x == 0 and y != 0):
        return 0.0
    return float(np.float64(x) / (np.square(np.float64(x)) + np.square(np.float64(y))))


def _chosen(first: bool, largest: bool) -> Callable[[float, float], float]:
    def slope(x: float, y: float) -> float:
        wins = x >= y if largest else x <= y
        return float(wins is first)

    return slope


def n(function: Callable[..., Any]) -> Callable[..., float]:
    """In NumPy's binary64, where infinities and divisions by zero have values."""
    return lambda *args: float(function(*map(np.float64, args)))


def _domain(function: Callable[..., Any], inside: Callable[[float], bool]) -> Callable[[float], float]:
    return lambda x: float(function(np.float64(abs(x) if x == 0 else x))) if inside(x) else math.nan


def _pole(x: float, at_pole: float, at_zero: float) -> float:
    """A slope (0.5 stands for any number) with poles at 0 and the negative integers, and no limit at −∞."""
    if x == -math.inf:
        return math.nan
    if x == 0:
        return at_zero
    return at_pole if x < 0 and x == math.floor(x) else 0.5


def _half_line(at_zero: float) -> Callable[[float], float]:
    return lambda x: math.nan if x < 0 else at_zero if x == 0 else 0.0 if x == math.inf else 0.5


def _waves(phase: int) -> Callable[[float], float]:
    """cos and sin of πx²/2 by x modulo 4."""
    return lambda x: (
        math.nan if math.isinf(x) else 0.5 if x != math.floor(x) else float((math.fmod(x, 2) != 0) is bool(phase))
    )


_LIMITS: dict[str, Callable[[float], float]] = {
    "lgamma": lambda x: math.inf if x == math.inf else _pole(x, math.nan, -math.copysign(math.inf, x)),
    "digamma": lambda x: 0.0 if x == math.inf else _pole(x, math.inf, math.inf),
    "erfinv": lambda x: math.nan if abs(x) > 1 else math.inf if abs(x) == 1 else 0.9,
    "ndtri": lambda x: math.nan if not 0 <= x <= 1 else math.inf if x in (0, 1) else 2.5,
    "dawsn": lambda x: 0.0 if math.isinf(x) else 1.0 if x == 0 else 0.5,
    "expint": lambda x: x if x == math.inf else float(np.exp(x) / np.float64(x)),
    "fresnel_cos": _waves(0), "fresnel_sin": _waves(1),
    "spence": lambda x: (
        math.nan if x < 0 else -math.inf if x == 0 else -1.0 if x == 1 else 0.0 if x == math.inf else 0.5
    ),
    "bessel_i0": lambda x: x, "bessel_i0e": lambda x: 0.0 if x == 0 or math.isinf(x) else 0.5,
    "bessel_j0": lambda x: 0.0 if x == 0 or math.isinf(x) else 0.5,
    "bessel_k0": _half_line(-math.inf), "bessel_y0": _half_line(math.inf),
}  # fmt: skip
JUDGE: dict[str, Callable[..., float]] = {
    **_LIMITS,
    "square": n(lambda x: 2 * x), "sqrt": _domain(lambda x: 0.5 / np.sqrt(x), lambda x: x >= 0),
    "rsqrt": _domain(lambda x: -0.5 / (x * np.sqrt(x)), lambda x: x >= 0),
    "reciprocal": n(lambda x: -1 / (x * x)), "exp": n(np.exp), "expm1": n(np.exp),
    "log": _domain(lambda x: 1 / x, lambda x: x >= 0), "log1p": _domain(lambda x: 1 / (1 + x), lambda x: x >= -1),
    "sin": n(np.cos), "cos": n(lambda x: -np.sin(x)), "tan": n(lambda x: 1 / np.cos(x) ** 2),
    "asin": n(lambda x: 1 / np.sqrt((1 - x) * (1 + x))), "acos": n(lambda x: -1 / np.sqrt((1 - x) * (1 + x))),
    "atan": n(lambda x: 1 / (1 + x * x)), "sinh": n(np.cosh), "cosh": n(np.sinh),
    "tanh": n(lambda x: 1 / np.cosh(x) ** 2), "asinh": n(lambda x: 1 / np.hypot(1, x)),
    "acosh": _domain(lambda x: 1 / np.sqrt((x - 1) * (x + 1)), lambda x: x >= 1),
    "atanh": _domain(lambda x: 1 / ((1 - x) * (1 + x)), lambda x: abs(x) <= 1),
    "erf": n(lambda x: 1.1283791670955126 * np.exp(-x * x)), "erfc": n(lambda x: -1.1283791670955126 * np.exp(-x * x)),
    "abs": n(np.sign), "sign": lambda x: 0.0, "floor": lambda x: 0.0,
    "reciprocal_no_nan": n(lambda x: -1 / (x * x) if x else 0.0),
    "sigmoid": n(lambda x: 0.25 / np.cosh(x / 2) ** 2), "softplus": n(lambda x: 1 / (1 + np.exp(-x))),
    "log_sigmoid": n(lambda x: 1 / (1 + np.exp(x))), "softsign": n(lambda x: 1 / (1 + abs(x)) ** 2),
    "silu": _gate, "gelu": _gate, "gelu_tanh": _gate, "mish": lambda x: 0.6 if x == 0 else _gate(x),
    "elu": n(lambda x: np.exp(np.minimum(x, 0))),
    "selu": n(lambda x: 1.0507009873554804934 if x >= 0 else 1.7580993408473768599 * np.exp(x)),
    "relu": _steps(0.0, 1.0), "leaky_relu": _steps(0.2, 1.0), "relu6": lambda x: float(0 < x < 6),
    "tanh_shrink": n(lambda x: np.tanh(x) ** 2),
    "squareplus": n(lambda x: (1 + (np.sign(x) if np.isinf(x) else x / np.hypot(x, 2))) / 2),
    "atan2_x": lambda x, y: _turn(y, x), "atan2_y": lambda x, y: -_turn(x, y),
    "hypot_x": _d_hypot, "logaddexp_x": n(lambda x, y: 1 / (1 + np.exp(y - x))),
    "maximum_x": _chosen(True, True), "maximum_y": _chosen(False, True),
    "minimum_x": _chosen(True, False), "minimum_y": _chosen(False, False),
    "power_x": _d_power_x, "power_y": _d_power_y, "divide_y": _quotient_y,
    "divide_no_nan_y": lambda x, y: 0.0 if y == 0 else _quotient_y(x, y),
    "xdivy_y": lambda x, y: 0.0 if x == 0 else _quotient_y(x, y),
    "multiply_no_nan_y": lambda x, y: x,
    "xlogy_x": lambda x, y: _log_first(x, y, 0.0), "xlogy_y": lambda x, y: _logarithmic(x, y, 0.0),
    "xlog1py_x": lambda x, y: _log_first(x, y, -1.0), "xlog1py_y": lambda x, y: _logarithmic(x, y, -1.0),
    "squared_difference_x": n(lambda x, y: 2 * (x - y)),
}  # fmt: skip
