"""Fast approximate references for the search: NumPy in a wider format than the one under test.

float64 screens float16, bfloat16 and float32; x87 extended precision (``np.longdouble``, where the machine has it)
screens float64. A screen only proposes inputs: whatever it finds is judged by the oracle, and nothing of it is
published.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from reportgen.core.floats import F64, Exact
from reportgen.oracle import functions, vectorised
from reportgen.oracle.namespace import Expression, ExpressionError, parse

Wide = Any
_LONG = np.longdouble
_PI = _LONG("3.14159265358979323846264338327950288419716939937510582")
_LN2 = _LONG("0.69314718055994530941723212145817656807550013436025526")


def _sinc_pi(x: Wide) -> Wide:
    reduced = x - 2 * np.rint(x / 2)
    return np.where(x == 0, x.dtype.type(1), np.sin(_like(_PI, x) * reduced) / (_like(_PI, x) * np.where(x == 0, 1, x)))


def _like(constant: Any, x: Wide) -> Any:
    return x.dtype.type(constant)


def _softplus(x: Wide) -> Wide:
    return np.maximum(x, 0) + np.log1p(np.exp(-np.abs(x)))


def _logaddexp2(x: Wide, y: Wide) -> Wide:
    return np.maximum(x, y) + np.log1p(np.exp2(-np.abs(x - y))) / _like(_LN2, x)


FUNCTIONS: dict[str, Callable[..., Wide]] = {
    "pi": lambda: _PI,
    "abs": np.abs,
    "negative": np.negative,
    "positive": lambda x: x,
    "square": np.square,
    "reciprocal": lambda x: 1 / x,
    "add": np.add,
    "subtract": np.subtract,
    "multiply": np.multiply,
    "divide": np.divide,
    "xdivy": np.divide,
    "squared_difference": lambda x, y: np.square(x - y),
    "floor_divide": lambda x, y: np.floor(x / y),
    "truncatediv": lambda x, y: np.trunc(x / y),
    "remainder": np.remainder,
    "fmod": np.fmod,
    "modf_fraction": lambda x: np.fmod(x, 1),
    "frexp_mantissa": lambda x: np.frexp(x)[0],
    "maximum": np.maximum,
    "minimum": np.minimum,
    "exp": np.exp,
    "exp2": np.exp2,
    "exp10": lambda x: np.power(x.dtype.type(10), x),
    "expm1": np.expm1,
    "log": np.log,
    "log1p": np.log1p,
    "log2": np.log2,
    "log10": np.log10,
    "sqrt": np.sqrt,
    "rsqrt": lambda x: 1 / np.sqrt(x),
    "cbrt": np.cbrt,
    "hypot": np.hypot,
    "power": np.power,
    "sin": np.sin,
    "cos": np.cos,
    "tan": np.tan,
    "sinc_pi": _sinc_pi,
    "asin": np.arcsin,
    "acos": np.arccos,
    "atan": np.arctan,
    "atan2": np.arctan2,
    "angle": lambda x: np.where(x < 0, _like(_PI, x), _like(0, x)),
    "sinh": np.sinh,
    "cosh": np.cosh,
    "tanh": np.tanh,
    "asinh": np.arcsinh,
    "acosh": np.arccosh,
    "atanh": np.arctanh,
    "logaddexp": lambda x, y: np.maximum(x, y) + np.log1p(np.exp(-np.abs(x - y))),
    "logaddexp2": _logaddexp2,
    "sigmoid": lambda x: 1 / (1 + np.exp(-x)),
    "softplus": _softplus,
    "log_sigmoid": lambda x: -_softplus(-x),
    "radians": lambda x: x * _like(_PI, x) / 180,
    "degrees": lambda x: x * 180 / _like(_PI, x),
    "xlogy": lambda x, y: x * np.log(y),
    "xlog1py": lambda x, y: x * np.log1p(y),
} | functions.SCREENS


def has_extended() -> bool:
    """True where ``np.longdouble`` has a significand of at least 64 bits, computed by the processor."""
    return bool(np.finfo(np.longdouble).nmant == 63)


def screen(row: Any, args: tuple[F64, ...], dtype: str) -> Exact | None:
    """Approximate values of ``row`` at float64 arrays (``rem`` means nothing), or None if it has no screen.

    Errors are a few units in the last place of the wider format; where that overflows or the input is outside the
    domain the value is an infinity or NaN.
    """
    expression = parse(row.arb)
    columns = tuple(np.ascontiguousarray(a, np.float64) for a in args)
    if not expression.exact:
        return _wide(expression, columns, dtype)
    with np.errstate(all="ignore"):
        done = vectorised.apply(expression.root or "", columns, dtype)
    if done is None:
        return _wide(expression, columns, dtype)
    out, ok = done
    if not ok.all():
        rest = _wide(expression, tuple(c[~ok] for c in columns), dtype)
        if rest is None:
            out.hi[~ok] = np.nan
        else:
            out.put(~ok, rest)
    return out


def _wide(expression: Expression, columns: tuple[F64, ...], dtype: str) -> Exact | None:
    """The expression in the wider format, or None where the machine or the table has nothing for it."""
    if dtype == "float64" and not has_extended():
        return None
    wide = np.longdouble if dtype == "float64" else np.float64
    try:
        function = expression.bind(FUNCTIONS, wide)
        with np.errstate(all="ignore"):
            found = function(*(c.astype(wide) for c in columns))
    except ExpressionError:
        return None
    with np.errstate(all="ignore"):
        value = np.broadcast_to(found, columns[0].shape)
        hi = value.astype(np.float64)
        lo = np.where(np.isfinite(hi), (value - hi).astype(np.float64), 0.0)
    out = Exact.of_values(hi)
    out.lo = lo
    return out
