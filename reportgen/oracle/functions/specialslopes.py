"""Derivatives of special functions that are no expressions of other names: by Arb, by mpmath, by inequality.

    d_erfinv  sqrt(pi)/2·exp(erfinv(x)^2)        d_ndtri  sqrt(2·pi)·exp(ndtri(x)^2/2)       d_expi  exp(x)/x
    d_fresnel_cos  cos(pi·x^2/2)                 d_fresnel_sin  sin(pi·x^2/2)

The Fresnel integrals' slopes are 0, 1 or irrational: x^2/2 is dyadic, and by Niven's theorem cos(pi·r) of a dyadic r is
rational for a multiple of 1/2 only, where x is an integer.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from flint import arb
from mpmath import mp, mpf

from reportgen.core.floats import F64
from reportgen.oracle.approx import GUARD, Approx, Real
from reportgen.oracle.functions import errors
from reportgen.oracle.functions.support import BIG_EXP, Columns, smallness
from reportgen.oracle.known import Known

Ball = Any
Wide = Any


def _d_erfinv_ball(x: Ball) -> Ball:
    inverse = errors.BALLS["erfinv"](x)
    return arb.pi().sqrt() / 2 * (inverse * inverse).exp()


def _d_ndtri_ball(x: Ball) -> Ball:
    inverse = errors.BALLS["ndtri"](x)
    return (2 * arb.pi()).sqrt() * (inverse * inverse / 2).exp()


BALLS: dict[str, Callable[..., Ball]] = {
    "d_erfinv": _d_erfinv_ball,
    "d_ndtri": _d_ndtri_ball,
    "d_expi": lambda x: x.exp() / x,
    "d_fresnel_cos": lambda x: (x * x / 2).cos_pi(),
    "d_fresnel_sin": lambda x: (x * x / 2).sin_pi(),
}


def _of_inverse(name: str, halves: int, root: float) -> Callable[..., Approx]:
    """c·exp(t^2·halves/2) for t = name(x), 0 at ``root``: an error e of t is a relative error of halves·|t|·e."""

    def method(bits: int, x: Approx) -> Approx:
        inverse = Approx(mpf(0), mpf(0)) if x.value == root else errors.METHODS[name](bits + 32, x)
        with mp.workprec(bits + GUARD + 32):
            t, error = inverse.value, inverse.error
            value = mp.sqrt(mp.pi * (2 if halves == 1 else mpf(1) / 4)) * mp.exp(t * t * halves / 2)
            moved = halves * (abs(t) + error) * error
            if not moved < mpf(1) / 4:
                return Approx(value, mp.inf)
            # exp(m) - 1 < 2m for m < 1/4
            return Approx(value, value * (2 * moved + mpf(2) ** -bits))

    return method


METHODS: dict[str, Callable[..., Approx]] = {
    "d_erfinv": _of_inverse("erfinv", 2, 0.0),
    "d_ndtri": _of_inverse("ndtri", 1, 0.5),
}


def _half_square(x: Real) -> Real:
    return mp.ldexp(mp.fmul(x, x, exact=True), -1)


PLAIN: dict[str, tuple[Callable[..., Real], int]] = {
    "d_expi": (lambda x: mp.exp(x) / x, 0),
    "d_fresnel_cos": (lambda x: mp.cospi(_half_square(x)), 0),
    "d_fresnel_sin": (lambda x: mp.sinpi(_half_square(x)), 0),
}
EXACT_CASES: dict[str, Callable[..., bool]] = {
    "d_fresnel_cos": lambda value, x: bool(mp.isint(x)),
    "d_fresnel_sin": lambda value, x: bool(mp.isint(x)),
}


def _d_expi(known: Known, x: F64) -> None:
    # exp(23000)/23000 > 2^33000, and it grows from there on
    known.outside(x > BIG_EXP + 200, 1.0, 1)
    known.outside(x < -BIG_EXP, -1.0, -1)


def _d_fresnel_cos(known: Known, x: F64) -> None:
    # cos(pi/2·k^2) is 0 for odd k and 1 for even k; 0 < 1 - cos(pi·x^2/2) < 2·x^4
    known.exactly(np.fmod(x, 2) == 0, np.ones(len(x)))
    known.near((np.abs(x) < 2.0**-280) & (x != 0), 1.0, -1)


def _d_fresnel_sin(known: Known, x: F64) -> None:
    # odd squares are 1 modulo 8
    known.exactly(np.abs(np.fmod(x, 2)) == 1, np.ones(len(x)))


RULES: dict[str, Callable[..., None]] = {
    "d_expi": _d_expi,
    "d_fresnel_cos": _d_fresnel_cos,
    "d_fresnel_sin": _d_fresnel_sin,
}


def _flat(columns: Columns, dtype: str) -> F64:
    return np.zeros(len(columns[0]))


BITS: dict[str, Callable[[Columns, str], F64]] = {
    "d_erfinv": _flat,
    "d_ndtri": _flat,
    "d_expi": lambda c, dtype: 2 * smallness(c[0]),
    "d_fresnel_cos": lambda c, dtype: 4 * smallness(c[0]),
    "d_fresnel_sin": _flat,
}
EVEN = frozenset({"d_erfinv", "d_fresnel_cos", "d_fresnel_sin"})
SCREENS: dict[str, Callable[..., Wide]] = {"d_expi": lambda x: np.exp(x) / x}
