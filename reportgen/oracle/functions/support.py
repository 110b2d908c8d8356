"""What the groups share: values with an error bound of their own, points near a pair, exponents."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from mpmath import mp, mpf

from reportgen.core.floats import F64, Bool
from reportgen.oracle.approx import GUARD, Approx, Real
from reportgen.oracle.settle import UNSCALED_LIMIT

Columns = tuple[F64, ...]
BIG_EXP = 22800.0
"""exp(22800) = 2^32893.4: beyond the stored range, and still so when halved or divided by 2^100."""


def exact_numbers(name: str, args: tuple[Approx, ...]) -> list[Real]:
    """The values of exact arguments. Raises ValueError for any other: no error bound is stated for those."""
    if any(not a.exact for a in args):
        raise ValueError(f"{name}: no error bound is stated for an argument that is not exact")
    return [a.value for a in args]


def bounded(
    name: str,
    function: Callable[..., tuple[Real, Real]],
    loss: Callable[..., int],
    exact: Callable[..., bool] = lambda value, *args: False,
) -> Callable[..., Approx]:
    """A method for a sum that may cancel.

    ``function`` gives the value and the size of its terms (an upper bound of them all); the value is off by at most
    2^-bits of that size where every term is good to 2^-(bits + 8). ``loss(*args)`` is how many bits the terms lose
    in their own computation, beyond :data:`~reportgen.oracle.approx.GUARD`'s allowance.
    """

    def method(bits: int, *args: Approx) -> Approx:
        numbers = exact_numbers(name, args)
        with mp.workprec(bits + GUARD + loss(*numbers)):
            value, size = function(*numbers)
            error = mpf(0) if exact(value, *numbers) else size * mpf(2) ** -bits
        return Approx(value, error)

    return method


def exponent(x: F64) -> F64:
    """e with 2^(e-1) <= |x| < 2^e; 0 for 0."""
    return np.frexp(x)[1].astype(np.float64)


def smallness(x: F64) -> F64:
    """How many bits x lies below 1, at least 0."""
    return np.maximum(0.0, 1.0 - exponent(x))


def largeness(x: F64) -> F64:
    """How many bits x lies above 1, at least 0."""
    return np.maximum(0.0, exponent(x))


def near_pair(known: Any, where: Bool, pair: tuple[F64 | float, F64 | float], rem: F64 | float) -> None:
    """The value is hi + lo plus a rest of sign ``rem`` that is below every bit that could matter.

    ``hi`` is the value's nearest binary64 number and ``lo`` a binary64 number, not 0, that stays one when scaled by
    2^±1023; the caller says why the rest is too small to change either.
    """
    hi, lo, sign = (np.broadcast_to(np.asarray(part, np.float64), where.shape)[where] for part in (*pair, rem))
    out = known.values[np.flatnonzero(where)]
    power = np.frexp(hi)[1] - 1
    out.exp2 = np.where(np.abs(power) > UNSCALED_LIMIT, power, 0).astype(np.int32)
    out.hi, out.lo, out.rem = np.ldexp(hi, -out.exp2), np.ldexp(lo, -out.exp2), sign.astype(np.int8)
    known.values.put(where, out)
    known.mask |= where
