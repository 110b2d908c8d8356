"""Sums in mpmath's arithmetic with a proven error, for the names whose own function in mpmath states none.

Both sums are started inside ``mp.workprec(wp)``. A term is the one before it times a ratio of at most eight rounded
operations, so that term k is off by less than 8k·2^-wp of itself; with fewer than :data:`MOST_TERMS` terms the sum
is off by less than 2^(1 - wp + :data:`LOSS`) of the sum of the terms' magnitudes. That sum is what callers scale
their claims by: where the terms cancel the claim is wide, and the precision is doubled until it is not.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from mpmath import mp, mpf

from reportgen.oracle.approx import GUARD, Approx, Real
from reportgen.oracle.namespace import ExpressionError

LOSS = 18
"""Bits that summing may lose: eight operations a term, MOST_TERMS terms."""
MOST_TERMS = 1 << 15
EXTRA = GUARD + LOSS + 2
"""Bits beyond those claimed with which a sum is evaluated; GUARD of them are left for the formula around it."""

Method = Callable[..., Approx]
UNKNOWN = Approx(mpf(0), mp.inf)
"""What a formula says that does not hold at the given precision."""


def of_one_number(evaluate: Callable[[int, Real], Approx]) -> Method:
    """A method of the namespace from a function of (bits, exact number)."""

    def method(bits: int, x: Approx) -> Approx:
        if not x.exact:
            raise ExpressionError(f"{evaluate.__name__}: no error bound is stated for an argument that is not exact")
        return evaluate(bits, x.value)

    method.__doc__, method.__name__ = evaluate.__doc__, evaluate.__name__
    return method


def within(value: Real, scale: Real, bits: int) -> Approx:
    """``value``, off by at most ``scale``·2^-bits (an mpf >= 0)."""
    return Approx(value, mp.ldexp(abs(scale), -bits))


def relative(value: Real, bits: int) -> Approx:
    """``value`` with a relative error of at most 2^-bits; only for values that are not exactly 0."""
    return within(value, value, bits)


def power_series(
    first: Real, ratio: Callable[[int], Any], weight: Callable[[int], Any] | None = None
) -> tuple[Any, ...]:
    """(sum of t_k, sum of |t_k|, sum of w_k·t_k, sum of |w_k·t_k|) with t_0 = first and t_(k+1) = t_k·ratio(k).

    The ratios must fall to 0 and the weights grow slower than 2^k (the caller's claim). Summed until a term and its
    ratio are small enough that the rest, below 2|t|·|w|, is lost in the last bit of the sum of magnitudes.
    """
    term, plain, size, weighted, weighted_size = first, mpf(0), mpf(0), mpf(0), mpf(0)
    least = mp.ldexp(1, -mp.prec - 8)
    for k in range(MOST_TERMS):
        w = weight(k) if weight is not None else 0
        plain += term
        size += abs(term)
        part = term * w
        weighted += part
        weighted_size += abs(part)
        factor = ratio(k)
        term *= factor
        if (
            abs(factor) < 0.25
            and abs(term) < least * size
            and (weight is None or abs(term * w) < least * weighted_size)
        ):
            return plain, size, weighted, weighted_size
    raise ArithmeticError(f"a power series needs more than {MOST_TERMS} terms at {mp.prec} bits")


def asymptotic(ratio: Callable[[int], Any]) -> tuple[Real, Real, int] | None:
    """(sum of t_k, |first term left out|, its number), t_0 = 1 and t_(k+1) = t_k·ratio(k); None where the terms grow
    before they are below 2^-prec. What the remainder has to do with the first term left out is the caller's to say.
    """
    term, total = mpf(1), mpf(0)
    least = mp.ldexp(1, -mp.prec)
    for k in range(MOST_TERMS):
        total += term
        following = term * ratio(k)
        if abs(following) < least:
            return total, abs(following), k + 1
        if abs(following) >= abs(term) and k > 2:
            return None
        term = following
    return None
