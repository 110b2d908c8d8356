"""The word of record: exact values by mpmath (gmpy2 underneath), settled by a stated error bound, point by point.

Every published maximum, worst input and special case is a value from here; :func:`check_agreement` compares it with the
enclosure and stops the report where they differ. mpmath's context is global to a process: one thread only.
"""

from __future__ import annotations

from math import frexp, inf
from typing import Any

import numpy as np
from mpmath import mp, mpf

from reportgen.core.errors import OracleDisagreement
from reportgen.core.floats import F64, FORMATS, Exact
from reportgen.oracle import rationals
from reportgen.oracle.approx import exactly, signed_parts
from reportgen.oracle.approximations import Names
from reportgen.oracle.enclosure import PRECISION_LIMIT, bucket, first_precision
from reportgen.oracle.namespace import Expression, parse
from reportgen.oracle.regions import known_values
from reportgen.oracle.settle import Point, settle_centre
from reportgen.oracle.tables import decided_by_table, open_columns

Columns = tuple[F64, ...]


def confirm(row: Any, args: Columns, dtype: str) -> Exact:
    """mpmath's exact values of ``row`` at ``args``: float64 arrays of one length, values of ``dtype``.

    Special cases come from the row's table as in :func:`reportgen.oracle.enclosure.enclose`; exact names are
    computed in Python's own rationals. Points that do not settle below the precision limit are ``undecided``.
    """
    columns = tuple(np.ascontiguousarray(a, np.float64) for a in args)
    out, open_points = decided_by_table(row, columns, dtype)
    index = np.flatnonzero(open_points)
    if len(index):
        expression = parse(row.mpmath)
        chosen = open_columns(columns, index)
        out.put(index, _exact(expression, chosen, dtype) if expression.exact else _settle(expression, chosen, dtype))
    return out


def settlers(row: Any, args: Columns, dtype: str) -> list[str]:
    """What decides each point of :func:`confirm`: ``table``, ``rational``, ``identity`` or ``mpmath``.

    ``table`` is the special-case table, ``rational`` exact arithmetic, ``identity`` an inequality or identity of
    :mod:`reportgen.oracle.regions`; only the rest are evaluated by mpmath.
    """
    columns = tuple(np.ascontiguousarray(a, np.float64) for a in args)
    _, open_points = decided_by_table(row, columns, dtype)
    names = np.where(open_points, "mpmath", "table").astype(object)
    expression = parse(row.mpmath)
    index = np.flatnonzero(open_points)
    if expression.exact:
        names[index] = "rational"
    elif len(index):
        known = known_values(expression.root, open_columns(columns, index))
        names[index[known.mask]] = "identity"
    return [str(name) for name in names]


def _exact(expression: Expression, columns: Columns, dtype: str) -> Exact:
    if expression.root != "dtype_next":
        return rationals.evaluate(expression, columns, flint=False)
    values = [next_value(x, y, dtype) for x, y in zip(*(c.tolist() for c in columns), strict=True)]
    return Exact.concatenate([_of_float(v) for v in values])


def _of_float(value: float) -> Exact:
    out = Exact.of_values(np.array([value]))
    if value != 0 and abs(value) != inf:
        point = settle_centre(*signed_parts(mpf(value)), 0, 0)
        assert point is not None
        rationals.put(out, 0, point)
    return out


def next_value(x: float, y: float, dtype: str) -> float:
    """The neighbour of x towards y in a format, by arithmetic on x's exponent (the enclosure counts ordinals)."""
    fmt = FORMATS[dtype]
    if x == y:
        return y
    if x == 0:
        return fmt.min_subnormal if y > 0 else -fmt.min_subnormal
    mantissa, exponent = frexp(abs(x))
    outwards = (y > x) == (x > 0)
    exponent = max(exponent - 1, fmt.emin)
    if not outwards and mantissa == 0.5 and exponent > fmt.emin:
        exponent -= 1
    step = 2.0 ** (exponent - fmt.p + 1)
    size = abs(x) + step if outwards else abs(x) - step
    if size > fmt.max_finite:
        size = inf
    return size if x > 0 else -size


def _settle(expression: Expression, columns: Columns, dtype: str) -> Exact:
    known = known_values(expression.root, columns)
    out = known.values
    todo = np.flatnonzero(~known.mask)
    if not len(todo):
        return out
    bits = bucket(first_precision(expression.root or "", tuple(c[todo] for c in columns), dtype))
    for i, start in zip(todo.tolist(), bits.tolist(), strict=True):
        point = settle_point(expression, tuple(float(c[i]) for c in columns), int(start))
        if point is None:
            out.undecided[i] = True
            continue
        rationals.put(out, i, point)
        out.either_zero[i] = point.hi == 0
    return out


def settle_point(expression: Expression, values: tuple[float, ...], bits: int) -> Point | None:
    """One point by mpmath, doubling the precision from ``bits`` until it is settled; None at the limit."""
    while bits <= PRECISION_LIMIT:
        with mp.workprec(bits + 64):
            function = _function(expression, bits)
            result = function(*(exactly(v) for v in values))
            if mp.isfinite(result.error) and mp.isfinite(result.value):
                man, exp = signed_parts(result.value)
                radius, radius_exp = signed_parts(result.error)
                # One more than the radius covers the rounding of the error bound itself.
                point = settle_centre(man, exp, radius + (radius > 0), radius_exp)
                if point is not None:
                    return point
        bits *= 2
    return None


_functions: dict[tuple[str, int], Any] = {}


def _function(expression: Expression, bits: int) -> Any:
    """The bound expression at a precision; a few hundred are kept."""
    key = (expression.text, bits)
    if key not in _functions:
        if len(_functions) > 500:
            _functions.clear()
        _functions[key] = expression.bind(Names(bits).table(), exactly)
    return _functions[key]


def check_agreement(enclosed: Exact, confirmed: Exact, function: str, args: Columns) -> None:
    """Raise :class:`OracleDisagreement` unless both sources say the same of every point.

    Where one is undecided the other stands. Zeros must have one sign unless either source says that it is free;
    NaN agrees with NaN.
    """
    compared = ~(enclosed.undecided | confirmed.undecided)
    both_nan = np.isnan(enclosed.hi) & np.isnan(confirmed.hi)
    same = (enclosed.hi == confirmed.hi) & (enclosed.lo == confirmed.lo)
    same &= (enclosed.exp2 == confirmed.exp2) & (enclosed.rem == confirmed.rem)
    free = enclosed.either_zero | confirmed.either_zero
    same &= (enclosed.hi != 0) | free | (np.signbit(enclosed.hi) == np.signbit(confirmed.hi))
    wrong = np.flatnonzero(compared & ~(same | both_nan))
    if not len(wrong):
        return
    i = int(wrong[0])
    point = "; ".join(float(a[i]).hex() for a in args)
    raise OracleDisagreement(
        f"{function}({point}): Arb says {_text(enclosed, i)}, mpmath says {_text(confirmed, i)} "
        f"({len(wrong)} of {int(compared.sum())} points differ)"
    )


def _text(y: Exact, i: int) -> str:
    return f"{float(y.hi[i]).hex()};{float(y.lo[i]).hex()};{int(y.exp2[i])} rem {int(y.rem[i]):+d}"
