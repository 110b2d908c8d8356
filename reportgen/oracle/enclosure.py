"""The oracle's enclosures: exact values of a catalogue row by Arb balls, settled point by point (see :mod:`settle`).

The order: the special-case table; exact arithmetic for exact names; inequalities and identities (:mod:`regions`);
balls at a precision guessed from the exponents, doubled where a ball does not settle, up to
:data:`PRECISION_LIMIT`; else undecided. ``flint.ctx`` is global to a process: one thread only.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from flint import arb, ctx

from reportgen.core.floats import F64, I64, Exact
from reportgen.oracle import balls, functions, rationals, vectorised
from reportgen.oracle.namespace import Expression, parse, words
from reportgen.oracle.regions import known_values
from reportgen.oracle.settle import settle_ball, settled_floats
from reportgen.oracle.tables import decided_by_table, open_columns

PRECISION_LIMIT = 20000
"""Bits beyond which a point is given up as undecided."""

_FIRST = 160
_SLOW_FROM = 900

Columns = tuple[F64, ...]


def enclose(row: Any, args: Columns, dtype: str) -> Exact:
    """Exact values of ``row`` (a ``FunctionRow``) at ``args``: float64 arrays of one length n, values of ``dtype``.

    Points that the special-case table decides take its value; the rest must be finite. Raises
    :class:`~reportgen.oracle.namespace.ExpressionError` for an expression outside the namespace.
    """
    columns = tuple(np.ascontiguousarray(a, np.float64) for a in args)
    out, open_points = decided_by_table(row, columns, dtype)
    index = np.flatnonzero(open_points)
    if len(index):
        expression = parse(row.arb)
        chosen = open_columns(columns, index)
        solve = _exactly if expression.exact else _folded
        out.put(index, solve(expression, chosen, dtype))
    return out


def _exactly(expression: Expression, columns: Columns, dtype: str) -> Exact:
    """An exact expression: the vector kernel where there is one and it holds, rationals for the rest."""
    done = vectorised.evaluate(expression, columns, dtype)
    if done is None:
        return rationals.evaluate(expression, columns, flint=True)
    out, ok = done
    rest = np.flatnonzero(~ok)
    if len(rest):
        out.put(rest, rationals.evaluate(expression, tuple(c[rest] for c in columns), flint=True))
    return out


_ODD = words("sin tan asin atan sinh tanh asinh atanh cbrt radians degrees") | functions.ODD
_EVEN = words("cos cosh sinc_pi i0") | functions.EVEN


def _folded(expression: Expression, columns: Columns, dtype: str) -> Exact:
    """Odd and even functions are computed once for each |x|."""
    odd = expression.root in _ODD
    if not odd and expression.root not in _EVEN:
        return _by_balls(expression, columns, dtype)
    x = columns[0]
    size, inverse = np.unique(np.abs(x), return_inverse=True)
    out = _by_balls(expression, (size,), dtype)[inverse]
    if odd:
        flip = np.signbit(x)
        out.hi, out.lo = np.where(flip, -out.hi, out.hi), np.where(flip, -out.lo, out.lo)
        out.rem = np.where(flip, -out.rem, out.rem).astype(np.int8)
    return out


def _by_balls(expression: Expression, columns: Columns, dtype: str) -> Exact:
    known = known_values(expression.root, columns)
    out = known.values
    todo = np.flatnonzero(~known.mask)
    if not len(todo):
        return out
    function = _ball_function(expression)
    precision = bucket(first_precision(expression.root or "", tuple(c[todo] for c in columns), dtype))
    before = ctx.prec
    try:
        while len(todo):
            failed, failed_precision = [], []
            for bits in np.unique(precision):
                group = todo[precision == bits]
                ctx.prec = int(bits)
                left = _pass(function, columns, group, out, slow=bits >= _SLOW_FROM)
                failed.append(left)
                failed_precision.append(np.full(len(left), bits * 2))
            todo, precision = np.concatenate(failed), np.concatenate(failed_precision)
            lost = precision > PRECISION_LIMIT
            out.undecided[todo[lost]] = True
            todo, precision = todo[~lost], precision[~lost]
    finally:
        ctx.prec = before
    return out


def _ball_function(expression: Expression) -> Callable[..., Any]:
    if expression.root is not None:
        return balls.FUNCTIONS[expression.root]
    return expression.bind(balls.FUNCTIONS, arb)


def _pass(function: Callable[..., Any], columns: Columns, index: I64, out: Exact, slow: bool) -> I64:
    """Settle what the current precision settles; returns the indices that it does not."""
    if not slow:
        index = _fast_pass(function, columns, index, out)
    left = []
    for i, values in zip(index.tolist(), zip(*(c[index].tolist() for c in columns), strict=True), strict=True):
        ball = function(*map(arb, values))
        point = settle_ball(ball)
        if point is None:
            left.append(i)
            continue
        rationals.put(out, i, point)
        # An exact zero of a function that is no exact name: nothing here says which zero.
        out.either_zero[i] = point.hi == 0
    return np.asarray(left, np.int64)


def _fast_pass(function: Callable[..., Any], columns: Columns, index: I64, out: Exact) -> I64:
    """The usual case: four floats a ball, judged all at once; returns the indices that this test declines."""
    rows: list[tuple[float, float, float, float]] = []
    append = rows.append
    if len(columns) == 1:
        for v in columns[0][index].tolist():
            y = function(arb(v))
            hi = float(y)
            y = y - hi
            lo = float(y)
            y = y - lo
            append((hi, lo, float(y), float(y.rad())))
    else:
        for values in zip(*(c[index].tolist() for c in columns), strict=True):
            y = function(*map(arb, values))
            hi = float(y)
            y = y - hi
            lo = float(y)
            y = y - lo
            append((hi, lo, float(y), float(y.rad())))
    hi_, lo_, rest, radius = np.asarray(rows, np.float64).reshape(-1, 4).T
    ok, rem = settled_floats(hi_, lo_, rest, radius)
    good = index[ok]
    out.hi[good], out.lo[good], out.rem[good] = hi_[ok], lo_[ok], rem[ok]
    return index[~ok]


# -- first guesses of the precision ----------------------------------------------------------------------
_FLAT = words("acos log log2 log10 sqrt rsqrt cbrt acosh radians degrees softplus log_sigmoid angle")
"""Names whose value near x = 0 shows no short power series in x."""


def first_precision(name: str, columns: Columns, dtype: str) -> F64:
    """Bits with which most points settle; only a matter of speed.

    Near 0 a series 1 + x, x - x^3/6 … puts the part that decides the remainder 2|log2 x| bits (after an exactly
    representable x^2: 4) below the value; a saturating function hides it behind exp(-c|x|).
    """
    if name in functions.BITS:
        return np.asarray(_FIRST + functions.BITS[name](columns, dtype), np.float64)
    x = np.abs(columns[0])
    small = np.maximum(0.0, 1.0 - np.frexp(x)[1])
    if len(columns) > 1:
        return _FIRST + (_first_binary(name, columns) if len(columns) == 2 else np.zeros(len(x)))
    if name in _FLAT:
        growth = 0.0
    elif name in ("cos", "cosh", "i0"):
        growth = 2.0 if dtype == "float64" else 4.0
    else:
        growth = 3.0 if name == "sigmoid" else 2.0
    bits = _FIRST + growth * small
    if name in ("tanh", "sigmoid", "softplus", "log_sigmoid", "expm1"):
        bits += np.where((x > 16) & (x < 1000), (2.9 if name == "tanh" else 1.45) * x, 0.0)
    return bits


def _first_binary(name: str, columns: Columns) -> F64:
    x, y = columns
    ex, ey = np.frexp(x)[1].astype(np.float64), np.frexp(y)[1].astype(np.float64)
    with np.errstate(all="ignore"):
        if name == "hypot":
            return 2 * np.abs(ex - ey)
        if name == "atan2":
            # Only x/y itself is a short number; near ±pi/2 and ±pi nothing is.
            return np.where(y > 0, 2 * np.maximum(0.0, ey - ex), 0.0)
        if name in ("logaddexp", "logaddexp2"):
            return np.minimum(1.45 * np.abs(x - y), 4000)
        if name == "power":
            size = np.frexp(y * np.log2(np.abs(x)))[1]
            return 2 * np.maximum(0.0, -size.astype(np.float64))
        if name == "xlog1py":
            return 2 * np.maximum(0.0, -ey)
    return np.zeros(len(x))


def bucket(bits: F64) -> I64:
    """Rounded up to a few steps an octave: the precision is set once a group."""
    steps = np.array([160, 224, 320, 448, 640, 896, 1280, 1792, 2560, 3584, 5120, 7168, 10000])
    return steps[np.minimum(np.searchsorted(steps, bits), len(steps) - 1)]
