"""Matrices of balls: from floats and back, norms, and how close a ball must be before it is believed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from fractions import Fraction
from typing import Any, TypeVar

import numpy as np
from flint import acb, acb_mat, arb, arb_mat, ctx, fmpz_mat
from numpy.typing import NDArray

from reportgen.core.floats import F64, Exact
from reportgen.oracle.rationals import put
from reportgen.oracle.settle import settle_ball

FIRST_PRECISION = 256
LAST_PRECISION = 8192
CLOSE = 90
"""Bits to which elements are enclosed, relative to the largest of their matrix."""

Found = TypeVar("Found")


@contextmanager
def precision(bits: int) -> Iterator[None]:
    """Arb's working precision for a while (``flint.ctx`` is global to a process)."""
    before = ctx.prec
    ctx.prec = bits
    try:
        yield
    finally:
        ctx.prec = before


def first_decided(attempt: Callable[[], Found | None], start: int = FIRST_PRECISION) -> Found | None:
    """What ``attempt`` returns at the lowest precision at which that is not None; doubled up to LAST_PRECISION."""
    bits = start
    while bits <= LAST_PRECISION:
        with precision(bits):
            found = attempt()
        if found is not None:
            return found
        bits *= 2
    return None


def stack(values: NDArray[Any], core: int = 2) -> list[NDArray[Any]]:
    """The matrices (core = 2), vectors (1) or scalars (0) of a batch, one by one."""
    inner = values.shape[values.ndim - core :]
    return list(values.reshape(-1, *inner))


def balls(values: F64) -> arb_mat:
    """A matrix of floats, exactly."""
    m, n = values.shape
    return arb_mat(m, n, [arb(v) for v in values.ravel().tolist()])


def complex_balls(values: NDArray[Any]) -> acb_mat:
    """A matrix of complex (or real) floats, exactly."""
    m, n = values.shape
    return acb_mat(m, n, [acb(v.real, v.imag) for v in np.asarray(values, np.complex128).ravel().tolist()])


def integers(values: F64) -> tuple[fmpz_mat, int]:
    """(K, e) with values = K·2^-e, K of integers."""
    fractions = [v.as_integer_ratio() for v in values.ravel().tolist()]
    e = max(d.bit_length() - 1 for _, d in fractions)
    return fmpz_mat(*values.shape, [n << (e - d.bit_length() + 1) for n, d in fractions]), e


def determinant(values: F64) -> Fraction:
    """The exact determinant of a square matrix of floats."""
    scaled, e = integers(values)
    return Fraction(int(scaled.det()), 1 << (e * len(values)))


def rank(values: F64) -> int:
    """The exact rank of a matrix of floats."""
    return int(integers(values)[0].rank())


def identity(n: int) -> arb_mat:
    return arb_mat(n, n, [arb(int(i == j)) for i in range(n) for j in range(n)])


def frobenius(matrix: Any) -> arb:
    """The Frobenius norm of a real or complex matrix of balls (the 2-norm of a column)."""
    total = arb(0)
    for v in matrix.entries():
        total += v * v if isinstance(v, arb) else v.real * v.real + v.imag * v.imag
    return root(total)


def root(ball: arb) -> arb:
    """The square root of a ball around a number that is not negative, whatever its lower end says."""
    return ball.sqrt() if ball.lower() >= 0 else ball.nonnegative_part().sqrt()


def enclosed(entries: Sequence[arb], scale: arb) -> Exact | None:
    """The numbers in balls whose radii are at most 2^-CLOSE of ``scale``; None if one is wider.

    Errors of these numbers are divided by ``scale`` (a norm), so more is not needed; ``rem`` says on which side of
    hi + lo the middle of the ball lies.
    """
    # The same numbers are needed whether or not they can be told from a neighbouring pair (hi, lo).
    limit = scale.abs_lower() * arb(2) ** -CLOSE
    if not all(v.is_finite() and v.rad() <= limit for v in entries):
        return None
    out = Exact.empty(len(entries))
    for i, v in enumerate(entries):
        middle = v.mid()
        out.hi[i] = float(middle)
        rest = middle - arb(float(out.hi[i]))
        out.lo[i] = float(rest.mid())
        last = float((rest - arb(float(out.lo[i]))).mid())
        out.rem[i] = (last > 0) - (last < 0)
    return out


def settled(entries: Sequence[arb]) -> Exact | None:
    """The numbers in balls, each as one (hi, lo) pair and a sign of the rest; None if one is not decided."""
    out = Exact.empty(len(entries))
    for i, v in enumerate(entries):
        point = settle_ball(v)
        if point is None:
            return None
        put(out, i, point)
    return out


def undecided(count: int) -> Exact:
    """Numbers that no enclosure settled."""
    out = Exact.empty(count)
    out.undecided[:] = True
    return out


def upper(ball: arb) -> float:
    """An upper bound of a ball as a float, right to about 2^-50."""
    return float((ball.mid() + ball.rad()).mid())


def exact_balls(y: Exact) -> list[arb]:
    """The numbers of an :class:`Exact`, without their remainders."""
    parts = zip(y.hi.tolist(), y.lo.tolist(), y.exp2.tolist(), strict=True)
    return [(arb(hi) + arb(lo)) * arb(2) ** exp2 for hi, lo, exp2 in parts]
