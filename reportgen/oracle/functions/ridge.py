"""Enclosures of the incomplete gamma functions for large a near x = a, as rigorous sums of Gaussian moments.

With v^2/2 = x/a - 1 - ln(x/a) (v of the sign of x - a) and t = a·(1 + s(w)), w^2/2 = s - ln(1 + s),

    Q(a, x) = sqrt(a/(2 pi))/G(a) · integral of exp(-a·w^2/2)·g(w) dw over [v, inf),    g(w) = w/s(w),

and P is the same integral over (-inf, v]; G(a) = Gamma(a)·sqrt(a/(2 pi))·(e/a)^a (N. M. Temme, *The asymptotic
expansions of the incomplete gamma functions*, SIAM J. Math. Anal. 10 (1979), section 2). g is expanded at 0 and every
error bounded:

- s is analytic with s != 0 away from 0 for |w| < 2 sqrt(pi) (Temme: the nearest singularities are those of s = 0 on the
  neighbouring sheets of the logarithm, w^2 = ±4 pi i).
- On |w| = r, |g| <= r/sigma, where -ln(1 - sigma) - sigma = r^2/2, 0 < sigma < 1: if |s| < 1 then |w|^2/2 =
  |s - ln(1 + s)| <= -ln(1 - |s|) - |s|, so that |s| >= sigma. For r = 3.5, sigma > 0.999 and |g| < 3.504.
- So |g_k| < 3.504·3.5^-k (Cauchy), and for |w| <= 1 the terms beyond N sum to less than 4.91·(|w|/3.5)^(N+1).
- Beyond |w| = 1 the integrand and the polynomial are bounded by 1.45·|w|·exp(-a·w^2/2) and by (N + 1)·3.504·|w|^N of
  the same: for w > 0, g <= 1, as w^2/2 <= s^2/2; for w < -1, |s| > 0.69. Both integrals together are below
  (2 + 8(N + 1))·exp(-a/2)/a for N <= a/2.

The moments of the Gaussian over [v, inf) follow from erfc by partial integration, with positive terms for v >= 0; for
v < 0 the variable is reflected. So the smaller of P and Q is found to a small relative error, and the other as 1
minus it.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from flint import arb, ctx, fmpq

Ball = Any
LEAST_PARAMETER = 1 << 20
"""The smallest a for which the expansion is used; there |v| < 0.22 wherever Chernoff's bound does not decide."""
_RADIUS = arb(7) / 2
_MOST_TERMS = 160


@lru_cache(maxsize=1)
def _coefficients() -> list[Any]:
    """g_0, g_1 … as exact rationals, extended by :func:`coefficient`."""
    return [fmpq(1), fmpq(-1, 3)]


def coefficient(k: int) -> Any:
    """g_k of g(w) = w/s(w): from g·s = w and s' = g + w, (1 + 1/n)·g_(n-1) = -(sum of g_j·s_(n-j), 0 < j < n - 1)."""
    known = _coefficients()
    while len(known) <= k:
        n = len(known) + 1
        # s_1 = 1, s_2 = (g_1 + 1)/2, s_m = g_(m-1)/m from m = 3 on.
        total = fmpq(0)
        for j in range(1, n - 1):
            m = n - j
            total += known[j] * ((known[m - 1] + (1 if m == 2 else 0)) / m)
        known.append(-total / (1 + fmpq(1, n)))
    return known[k]


def gaussian_tails(a: Ball, x: Ball) -> tuple[Ball, Ball]:
    """(P(a, x), Q(a, x)) for exact a >= :data:`LEAST_PARAMETER` and x near a; balls without meaning elsewhere."""
    working = ctx.prec
    # a·ln a - a - lgamma(a) cancels to about 1, and v^2/2 = s - ln(1 + s) to s^2 >= 2^-106 (2^-2000 if s is 0).
    scale = int(float(a.log().mid()) * 1.4427) + 1
    ctx.prec = working + 2 * scale + 192
    try:
        s = (x - a) / a
        if not abs(s) < 0.5:
            return arb.nan(), arb.nan()
        v = arb(0) if x == a else (2 * (s - s.log1p())).sqrt()
        prefactor = (a * a.log() - a - a.lgamma()).exp()
        ctx.prec = working + 64
        tail = prefactor * _moments(a, v, -1 if x < a else 1, working)
        rest = complement(tail)
        ctx.prec = working
        return (rest, +tail) if not x < a else (+tail, rest)
    finally:
        ctx.prec = working


def _moments(a: Ball, v: Ball, side: int, bits: int) -> Ball:
    """The integral of exp(-a·w^2/2)·g(side·w) dw over [v, inf), v >= 0."""
    edge = (-a * v * v / 2).exp()
    even = (arb.pi() / (2 * a)).sqrt() * (v * (a / 2).sqrt()).erfc()
    odd = edge / a
    total = even + side * coefficient(1) * odd
    size, power = even, arb(1)
    bound = arb(2) ** -(bits + 16)
    for k in range(2, _MOST_TERMS):
        power = power * v
        even, odd = odd, (power * edge + (k - 1) * even) / a
        if arb("4.91") * odd < bound * size * _RADIUS**k:
            break
        total = total + odd * coefficient(k) * side**k
    else:
        return arb.nan()
    rest = arb("4.91") * odd / _RADIUS**k + (2 + 8 * (k + 1)) * (-a / 2).exp() / a
    return total + rest * arb(0, 1)


def complement(tail: Ball) -> Ball:
    """1 - tail with as many bits as show a tail down to 2^-1200; smaller ones are far below any pair's remainder."""
    working = ctx.prec
    below = tail.abs_upper().log()
    ctx.prec = working + (min(1200, max(0, int(-1.4427 * float(below.mid())))) if below.is_finite() else 0)
    try:
        return 1 - tail
    finally:
        ctx.prec = working
