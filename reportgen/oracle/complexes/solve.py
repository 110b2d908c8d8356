"""Complex points settled part by part: by Arb for every sample, by mpmath for what is published.

The order: functions that work part by part (or are real functions of the parts) are those of their real rows, special
cases included; for the others the special-case table, then rationals, symmetry and the axes, and the interior at a
precision that is raised until each part is settled, up to the limit of the real oracle; else undecided. Points with a
NaN or infinite part of which the table says nothing are open: no standard fixes their value.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from fractions import Fraction
from typing import Any

import numpy as np
from flint import arb, ctx, fmpq
from mpmath import mp

from reportgen.catalogue.complexpatterns import OPEN, PARTS, resolve
from reportgen.catalogue.complexrows import ComplexRow
from reportgen.catalogue.rows import all_rows
from reportgen.core.dtypes import COMPLEX_FORMATS
from reportgen.core.floats import F64, I64, Exact
from reportgen.oracle import kernels, rationals
from reportgen.oracle.approx import Approx, signed_parts
from reportgen.oracle.complexes.arbs import Arbs
from reportgen.oracle.complexes.arbs import number as ball_number
from reportgen.oracle.complexes.axes import UNARY
from reportgen.oracle.complexes.bounded import Bounded
from reportgen.oracle.complexes.modulus import fill_exponents
from reportgen.oracle.complexes.pairs import BINARY, RATIONAL
from reportgen.oracle.complexes.values import C128, EITHER, LATER, ComplexExact, Marker, of_floats
from reportgen.oracle.enclosure import enclose
from reportgen.oracle.reference import check_agreement, confirm, settlers
from reportgen.oracle.settle import Point, settle_ball, settle_centre, settle_rational, settled_floats

LADDER = (160, 512, 2048, 5120, 20000)
"""Bits tried one after another; the last is the limit of the real oracle."""

SIDE_BITS = (320, 2560)
"""Bits with which a modulus is compared with a power of two."""

Args = tuple[C128, ...]
Real = Callable[[Any, tuple[F64, ...], str], Exact]

PART_ROWS = {"add": "add", "subtract": "subtract"}
"""Functions of two numbers that are a real function of the two real and of the two imaginary parts."""
REAL_ROWS = {"abs": ("hypot", (0, 1)), "angle": ("atan2", (1, 0))}
"""Real functions of the parts: the row, and the order of the parts."""
COPIES = {"conj": (1, -1), "negative": (-1, -1), "positive": (1, 1)}
"""Functions that only copy parts, with their signs."""


def _equal(args: Args) -> Any:
    return (args[0].real == args[1].real) & (args[0].imag == args[1].imag)


TRUTHS: dict[str, Callable[[Args], Any]] = {
    "equal": _equal,
    "not_equal": lambda args: ~_equal(args),
    "isnan": lambda args: np.isnan(args[0].real) | np.isnan(args[0].imag),
    "isinf": lambda args: np.isinf(args[0].real) | np.isinf(args[0].imag),
    "isfinite": lambda args: np.isfinite(args[0].real) & np.isfinite(args[0].imag),
}


def names() -> frozenset[str]:
    """Every name that the complex oracle knows."""
    tables: tuple[Any, ...] = (PART_ROWS, REAL_ROWS, COPIES, TRUTHS, RATIONAL, UNARY, BINARY, ("real", "imag"))
    return frozenset(name for table in tables for name in table)


def enclose_complex(row: ComplexRow, args: Args, dtype: str) -> ComplexExact:
    """Exact values by Arb at ``args`` (complex128 arrays of one length, values of ``dtype``)."""
    return _solve(row, args, dtype, enclose, flint=True)


def confirm_complex(row: ComplexRow, args: Args, dtype: str) -> tuple[ComplexExact, list[str]]:
    """mpmath's exact values, and what settled each point: ``table``, ``rational``, ``identity`` or ``mpmath``."""
    return _solve(row, args, dtype, confirm, flint=False), _sources(row, args, dtype)


def check_complex(enclosed: ComplexExact, confirmed: ComplexExact, function: str, args: Args) -> None:
    """Raise OracleDisagreement unless both sources say the same of both parts of every point."""
    flat = flat_parts(args)
    for number, name in ((0, "real part"), (1, "imaginary part")):
        (first, free), (second, _) = enclosed.part(number), confirmed.part(number)
        fixed = np.flatnonzero(free != OPEN)
        check_agreement(first[fixed], second[fixed], f"{function}, {name}, ", tuple(a[fixed] for a in flat))


def flat_parts(args: Args) -> tuple[F64, ...]:
    """Real and imaginary part of each argument, one after another."""
    return tuple(np.ascontiguousarray(part, np.float64) for z in args for part in (z.real, z.imag))


# -- which way ---------------------------------------------------------------------------------------------
def _solve(row: ComplexRow, args: Args, dtype: str, real: Real, flint: bool) -> ComplexExact:
    part = COMPLEX_FORMATS[dtype].part.name
    direct = _directly(row.oracle, args, part, real)
    if direct is not None:
        fill_exponents(direct)
        return direct
    out, todo = _from_table(row, args, dtype)
    columns = tuple(c[todo] for c in flat_parts(args))
    fill_exponents(out)
    if len(todo):
        out.put(todo, _finite(row.oracle, columns, flint))
    return out


def _directly(name: str, args: Args, part: str, real: Real) -> ComplexExact | None:
    """Functions whose parts are real functions of parts, at any arguments; None for the others."""
    x, y = args[0].real, args[0].imag
    out = ComplexExact.empty(len(x))
    if name in PART_ROWS:
        source = all_rows()[PART_ROWS[name]]
        out.re = real(source, (x, args[1].real), part)
        out.im = real(source, (y, args[1].imag), part)
    elif name in COPIES:
        re, im = COPIES[name]
        out.re, out.im = of_floats(re * x), of_floats(im * y)
    elif name in REAL_ROWS:
        source_name, order = REAL_ROWS[name]
        out.re = real(all_rows()[source_name], tuple((x, y)[i] for i in order), part)
        out.free_im[:] = OPEN
    elif name in ("real", "imag") or name in TRUTHS:
        out.re = of_floats(TRUTHS[name](args) if name in TRUTHS else x if name == "real" else y)
        out.free_im[:] = OPEN
    else:
        return None
    return out


def _from_table(row: ComplexRow, args: Args, dtype: str) -> tuple[ComplexExact, I64]:
    """What the special cases decide, what is open, and the points that remain."""
    said = resolve(row.specials, args, COMPLEX_FORMATS[dtype].part)
    out = ComplexExact.empty(len(args[0]))
    out.whole = np.where(said.decided, said.whole, PARTS).astype(np.int8)
    for number, (hi, lo, rem) in enumerate(said.parts):
        values = kernels.of_values(hi)
        values.lo, values.rem = lo, rem.astype(np.int8)
        exact, free = out.part(number)
        exact.put(slice(None), kernels.canonical(values)[0])
        free[:] = said.freedom[number]
    finite = np.logical_and.reduce([np.isfinite(c) for c in flat_parts(args)])
    holes = ~said.decided & ~finite
    for number in range(2):
        exact, free = out.part(number)
        free[holes], exact.hi[holes] = OPEN, np.nan
    return out, np.flatnonzero(~said.decided & finite)


def _sources(row: ComplexRow, args: Args, dtype: str) -> list[str]:
    name, n = row.oracle, len(args[0])
    if name in PART_ROWS or name in REAL_ROWS:
        part = COMPLEX_FORMATS[dtype].part.name
        x, y = args[0].real, args[0].imag
        if name in REAL_ROWS:
            source_name, order = REAL_ROWS[name]
            return settlers(all_rows()[source_name], tuple((x, y)[i] for i in order), part)
        return ["rational"] * n
    if name in COPIES or name in TRUTHS or name in ("real", "imag"):
        return ["rational"] * n
    _, todo = _from_table(row, args, dtype)
    sources = np.full(n, "table", object)
    sources[todo] = "rational" if name in RATIONAL else "mpmath"
    return [str(s) for s in sources]


def _finite(name: str, columns: tuple[F64, ...], flint: bool) -> ComplexExact:
    """Exact values at finite points that no table decides; ``columns`` are the parts."""
    if name in RATIONAL:
        out = _rationally(name, columns, flint)
        fill_exponents(out)
        return out
    function = UNARY.get(name) or BINARY[name]
    out = _by_arb(function, columns) if flint else _by_mpmath(function, columns)
    if name != "sign":  # |z| is 1, the exponent 0
        fill_exponents(out, (lambda points, powers: _sides(function, columns, points, powers)) if flint else None)
    return out


def _sides(function: Callable[..., Any], columns: tuple[F64, ...], points: I64, powers: list[int]) -> list[int]:
    """On which side of 2^k the modulus is, by balls; 1 where they do not tell (|√i| is 1, and no ball will say so)."""
    arithmetic = Arbs()
    found = [1] * len(points)
    with _flint_precision():
        for j, (i, k) in enumerate(zip(points.tolist(), powers, strict=True)):
            for bits in SIDE_BITS:
                ctx.prec = bits
                parts = function(arithmetic, *(float(c[i]) for c in columns))
                size = arb(0)
                for part in parts:
                    value = part if isinstance(part, arb) else _ball_of(part)
                    size += value * value
                gap = size - arb((1, 2 * k))
                if gap > 0 or gap < 0:
                    found[j] = 1 if gap > 0 else -1
                    break
    return found


def _ball_of(part: Any) -> Any:
    if isinstance(part, Marker):
        return arb(0)
    if isinstance(part, Point):
        return (arb(part.hi) + arb(part.lo)) * arb((1, part.exp2)) + arb((part.rem, -2200))
    return ball_number(part)


# -- rationals ---------------------------------------------------------------------------------------------
def _rationally(name: str, columns: tuple[F64, ...], flint: bool) -> ComplexExact:
    function = RATIONAL[name]
    out = ComplexExact.empty(len(columns[0]))
    rational: Callable[[float], Any] = rationals.flint_number if flint else Fraction
    for i, values in enumerate(zip(*(c.tolist() for c in columns), strict=True)):
        parts = function(*map(rational, values))
        for k in range(2):
            if parts is None:
                exact, free = out.part(k)
                free[i], exact.hi[i] = OPEN, np.nan
            elif parts[k] == 0:
                out.store(i, k, EITHER)
            else:
                out.store(i, k, _rational_point(parts[k]))
    return out


def _rational_point(value: Any) -> Point:
    if isinstance(value, fmpq):
        return settle_rational(int(value.p), int(value.q))
    return settle_rational(value.numerator, value.denominator)


# -- balls -------------------------------------------------------------------------------------------------
@contextmanager
def _flint_precision() -> Iterator[None]:
    before = ctx.prec
    try:
        yield
    finally:
        ctx.prec = before


def _by_arb(function: Callable[..., Any], columns: tuple[F64, ...]) -> ComplexExact:
    out = ComplexExact.empty(len(columns[0]))
    todo = np.arange(len(columns[0]), dtype=np.int64)
    done = np.zeros((2, len(todo)), bool)
    with _flint_precision():
        for bits in LADDER:
            ctx.prec = bits
            _arb_pass(function, columns, todo, done, out)
            todo = todo[~done[:, todo].all(axis=0)]
            if not len(todo):
                break
    for number in range(2):
        out.part(number)[0].undecided[:] = ~done[number]
    return out


def _arb_pass(function: Callable[..., Any], columns: tuple[F64, ...], todo: I64, done: Any, out: ComplexExact) -> None:
    """Settle what flint's precision settles: four floats a ball, judged all at once, the rest one by one."""
    arithmetic = Arbs()
    found: list[tuple[int, int, float, float, float, float]] = []
    balls: list[Any] = []
    for i, values in zip(todo.tolist(), zip(*(c[todo].tolist() for c in columns), strict=True), strict=True):
        for k, part in enumerate(function(arithmetic, *values)):
            if done[k, i]:
                continue
            if not isinstance(part, arithmetic.kind):
                if part is not LATER:
                    out.store(i, k, part)
                    done[k, i] = True
                continue
            hi = float(part)
            rest = part - hi
            lo = float(rest)
            rest = rest - lo
            found.append((k, i, hi, lo, float(rest), float(rest.rad())))
            balls.append(part)
    if not found:
        return
    table = np.asarray(found, np.float64)
    part_of, at = table[:, 0].astype(np.int64), table[:, 1].astype(np.int64)
    hi_, lo_, rest_, radius = table[:, 2:].T
    ok, rem = settled_floats(hi_, lo_, rest_, radius)
    for number in range(2):
        chosen = ok & (part_of == number)
        exact, _ = out.part(number)
        where = at[chosen]
        exact.hi[where], exact.lo[where], exact.rem[where] = hi_[chosen], lo_[chosen], rem[chosen]
        done[number, where] = True
    for j in np.flatnonzero(~ok).tolist():
        point = settle_ball(balls[j])
        if point is not None:
            out.store(int(at[j]), int(part_of[j]), point)
            done[part_of[j], at[j]] = True


# -- mpmath ------------------------------------------------------------------------------------------------
def _by_mpmath(function: Callable[..., Any], columns: tuple[F64, ...]) -> ComplexExact:
    out = ComplexExact.empty(len(columns[0]))
    for i, values in enumerate(zip(*(c.tolist() for c in columns), strict=True)):
        left = {0, 1}
        for bits in LADDER:
            with mp.workprec(bits + 64):
                parts = function(Bounded(bits), *values)
                for k in tuple(left):
                    part = parts[k]
                    settled = part if not isinstance(part, Approx) else _settled(part)
                    if settled is not None and settled is not LATER:
                        out.store(i, k, settled)
                        left.discard(k)
            if not left:
                break
        for k in left:
            out.part(k)[0].undecided[i] = True
    return out


def _settled(part: Approx) -> Point | Marker | None:
    if not (mp.isfinite(part.error) and mp.isfinite(part.value)):
        return None
    radius, radius_exp = signed_parts(part.error)
    return settle_centre(*signed_parts(part.value), radius + (radius > 0), radius_exp)
