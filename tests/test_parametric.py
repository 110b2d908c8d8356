"""Incomplete gamma and beta functions, Hurwitz zeta and polygamma against sources unlike the oracle's.

MPFR's incomplete gamma function, finite sums in rationals, elementary closed forms, Euler and Maclaurin's sum with
MPFR, and the recurrence of the polygamma functions; :func:`tests.test_oracle_source.judge` compares in rationals.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from fractions import Fraction
from functools import cache
from typing import Any

import gmpy2
import numpy as np
import pytest
from flint import acb, arb, ctx
from gmpy2 import mpfr, mpq

from reportgen.catalogue.rows import all_rows
from reportgen.core.errors import OracleDisagreement
from reportgen.core.floats import F64, FORMATS, Exact
from reportgen.core.sampling import generator, spread
from reportgen.oracle import balls
from reportgen.oracle.enclosure import enclose
from reportgen.oracle.functions.ridge import coefficient, gaussian_tails
from reportgen.oracle.known import Known
from reportgen.oracle.reference import check_agreement, confirm, settlers
from tests.test_oracle_source import Interval, judge, rounding_down

ROWS = {name: row for name, row in all_rows().items() if row.family == "parametric"}
Source = Callable[..., Interval]
Points = tuple[F64, ...]


def around(value: Any, bits: int, scale: Any = None) -> Interval:
    """value ± 2^-bits of ``scale`` (of itself), as rationals."""
    middle = mpq(value)
    room = abs(mpq(value if scale is None else scale)) / (1 << bits)
    return middle - room, middle + room


# -- the sources -------------------------------------------------------------------------------------------
def poisson_tail(bits: int, a: float, x: float) -> Any:
    """Q(a, x) of an integer a: exp(-x)·(1 + x + … + x^(a-1)/(a-1)!), the sum in rationals."""
    term, total = mpq(1), mpq(0)
    for k in range(int(a)):
        total += term
        term = term * mpq(x) / (k + 1)
    with rounding_down(bits + 16):
        return mpq(gmpy2.exp(-mpfr(x))) * total


def igamma_of_integer(bits: int, a: float, x: float) -> Interval:
    return around(1 - poisson_tail(bits, a, x), bits, 1)


def igammac_of_integer(bits: int, a: float, x: float) -> Interval:
    return around(poisson_tail(bits, a, x), bits)


def mpfr_upper(bits: int, a: float, x: float) -> Any:
    with rounding_down(bits + 32):
        return mpq(gmpy2.gamma_inc(mpfr(a), mpfr(x)) / gmpy2.gamma(mpfr(a)))


def igamma_by_mpfr(bits: int, a: float, x: float) -> Interval:
    return around(1 - mpfr_upper(bits, a, x), bits, 1)


def igammac_by_mpfr(bits: int, a: float, x: float) -> Interval:
    return around(mpfr_upper(bits, a, x), bits)


def binomial_tail(bits: int, a: float, b: float, x: float) -> Interval:
    """I_x(a, b) of integers: the chance of at least a successes among a + b - 1 (DLMF 8.17.5)."""
    n, p = int(a + b) - 1, Fraction(x)
    total = sum(math.comb(n, j) * p**j * (1 - p) ** (n - j) for j in range(int(a), n + 1))
    return mpq(total), mpq(total)


def beta_of_one(bits: int, a: float, b: float, x: float) -> Interval:
    """x^a for b = 1, and 1 - (1 - x)^b for a = 1."""
    with rounding_down(bits + 64):
        if b == 1:
            return around(gmpy2.exp(mpfr(a) * gmpy2.log(mpfr(x))), bits)
        return around(-gmpy2.expm1(mpfr(b) * gmpy2.log1p(-mpfr(x))), bits)


def arcsine(bits: int, a: float, b: float, x: float) -> Interval:
    """I_x(1/2, 1/2) = 2·asin(sqrt x)/pi."""
    with rounding_down(bits + 64):
        return around(2 * gmpy2.asin(gmpy2.sqrt(mpfr(x))) / gmpy2.const_pi(), bits)


def beta_by_quadrature(bits: int, a: float, b: float, x: float) -> Interval:
    """The integral itself, by Arb's rigorous quadrature, over Gamma functions; a, b >= 1.

    With t = x·exp(-w) the integrand is x^a·exp(-aw)·(1 - x exp(-w))^(b-1), and beyond W at most x^a·exp(-aW)/a is left.
    """
    before = ctx.prec
    ctx.prec = bits + 64
    try:
        end, power, at = arb(bits + 40) / arb(a) * 3, acb(b) - 1, acb(x)

        def density(w: Any, analytic: bool) -> Any:
            return (-w * acb(a)).exp() * (1 - at * (-w).exp()).pow(power, analytic)

        rest = ((-arb(a) * end).exp() / arb(a)).union(arb(0))
        whole = arb(a).gamma() * arb(b).gamma() / (arb(a) + arb(b)).gamma()
        ball = (acb.integral(density, acb(0), acb(end)).real + rest) * (arb(a) * arb(x).log()).exp() / whole
        return mpq(*rational(ball.lower())), mpq(*rational(ball.upper()))
    finally:
        ctx.prec = before


def rational(value: Any) -> tuple[int, int]:
    man, exp = (int(v) for v in value.mid().man_exp())
    return (man << exp, 1) if exp >= 0 else (man, 1 << -exp)


@cache
def bernoulli(n: int) -> Fraction:
    """B_n by their own recurrence."""
    if n == 0:
        return Fraction(1)
    return -sum((math.comb(n + 1, k) * bernoulli(k) for k in range(n) if k < 2 or k % 2 == 0), Fraction(0)) / (n + 1)


def zeta_by_euler_maclaurin(bits: int, s: float, q: float) -> Interval:
    """zeta(s, q) with 60 corrections after as many terms as make the 61st negligible; negative q term by term."""
    least = 40 + int(s + bits) // 3
    with rounding_down(bits + 96):
        exponent, total, at, size = mpfr(s), mpfr(0), mpq(q), mpfr(0)
        while at < least:
            base = mpfr(at)
            part = base ** -int(s) if at < 0 else gmpy2.exp(-exponent * gmpy2.log(base))
            total, size, at = total + part, size + abs(part), at + 1
        base = mpfr(at)
        power = gmpy2.exp(-exponent * gmpy2.log(base))
        total += power * base / (exponent - 1) + power / 2
        rising = power * exponent / base
        for j in range(1, 61):
            total += rising * mpq(bernoulli(2 * j)) / math.factorial(2 * j)
            rising *= (exponent + 2 * j - 1) * (exponent + 2 * j) / base**2
        last = abs(rising * mpq(bernoulli(122)) / math.factorial(122))
        return around(total, bits, mpq(size + abs(total)) + mpq(last) * (1 << bits))


def riemann(bits: int, s: float, q: float) -> Interval:
    """MPFR's zeta less its first terms, for integers q; (2^s - 1)·zeta(s) for q = 1/2."""
    with rounding_down(bits + 96 + int(abs(s) * math.log2(q + 1))):
        whole = gmpy2.zeta(mpfr(s))
        if q == 0.5:
            return around((gmpy2.exp2(mpfr(s)) - 1) * whole, bits)
        rest = whole - sum(gmpy2.exp(-mpfr(s) * gmpy2.log(mpfr(k))) for k in range(1, int(q)))
        return around(rest, bits)


def polygamma_by_recurrence(bits: int, n: float, x: float) -> Interval:
    """Arb's own polygamma at x + k and k steps down (DLMF 5.15.5), not the zeta function of the oracle."""
    before, order, steps = ctx.prec, int(n), 3 + max(0, math.ceil(-x))
    ctx.prec = bits + 200
    try:
        value = (acb(x) + steps).polygamma(acb(order)).real
        for k in range(steps):
            value -= (-1) ** order * arb(order + 1).gamma() * (arb(x) + k) ** (-order - 1)
        return mpq(*rational(value.lower())), mpq(*rational(value.upper()))
    finally:
        ctx.prec = before


def digamma_by_mpfr(bits: int, n: float, x: float) -> Interval:
    with rounding_down(bits + 32):
        return around(gmpy2.digamma(mpfr(x)), bits)


# -- the points --------------------------------------------------------------------------------------------
def boxes(*intervals: tuple[float, float]) -> Callable[[Any, int], Points]:
    """Points in a box, integers between ints, in float32 so that exact sums stay short."""
    return lambda rng, count: tuple(spread(FORMATS["float32"], low, high, count, rng) for low, high in intervals)


def ridge(low: float, high: float) -> Callable[[Any, int], Points]:
    """x within a few standard deviations of a."""

    def points(rng: Any, count: int) -> Points:
        a = np.floor(spread(FORMATS["float32"], low, high, count, rng))
        return a, np.abs(np.float32(a + rng.normal(0, 3, count) * np.sqrt(a))).astype(np.float64) + 0.5

    return points


def off_poles(points: Callable[[Any, int], Points]) -> Callable[[Any, int], Points]:
    def moved(rng: Any, count: int) -> Points:
        n, x = points(rng, count)
        return n, np.where(x == np.floor(x), x + 0.375, x)

    return moved


def with_one(rng: Any, count: int) -> Points:
    a, b, x = boxes((0.01, 900.0), (0.01, 900.0), (1e-6, 0.99))(rng, count)
    first = rng.random(count) < 0.5
    return np.where(first, 1.0, a), np.where(first, b, 1.0), x


CHECKS: list[tuple[str, Source, Callable[[Any, int], Points]]] = [
    ("igamma", igamma_of_integer, boxes((1, 60), (0.01, 100.0))),
    ("igamma", igamma_of_integer, ridge(5.0, 2000.0)),
    ("igamma", igamma_by_mpfr, boxes((0.01, 60.0), (0.05, 90.0))),
    ("igamma", igamma_by_mpfr, boxes((1e-6, 0.01), (0.05, 20.0))),
    ("igammac", igammac_of_integer, boxes((1, 60), (0.01, 300.0))),
    ("igammac", igammac_of_integer, ridge(5.0, 2000.0)),
    ("igammac", igammac_by_mpfr, boxes((0.01, 60.0), (0.05, 90.0))),
    ("betainc", binomial_tail, boxes((1, 60), (1, 60), (0.01, 0.99))),
    ("betainc", binomial_tail, boxes((1, 9), (70, 200), (0.001, 0.1))),
    ("betainc", beta_of_one, with_one),
    ("betainc", arcsine, boxes((0.5, 0.5), (0.5, 0.5), (1e-9, 0.999))),
    ("betainc", beta_by_quadrature, boxes((1.0, 90.0), (1.0, 90.0), (0.01, 0.99))),
    ("zeta", zeta_by_euler_maclaurin, boxes((1.0009765625, 60.0), (0.001, 1000.0))),
    ("zeta", zeta_by_euler_maclaurin, off_poles(boxes((2, 30), (-30.0, -0.001)))),
    ("zeta", riemann, boxes((1.0009765625, 50.0), (1, 12))),
    ("zeta", riemann, boxes((1.0009765625, 50.0), (0.5, 0.5))),
    ("polygamma", polygamma_by_recurrence, boxes((1, 30), (0.01, 300.0))),
    ("polygamma", polygamma_by_recurrence, off_poles(boxes((1, 12), (-20.0, -0.01)))),
    ("polygamma", digamma_by_mpfr, boxes((0, 0), (0.001, 1000.0))),
    ("polygamma", digamma_by_mpfr, boxes((0, 0), (1.4375, 1.5))),
    ("polygamma", digamma_by_mpfr, off_poles(boxes((0, 0), (-20.0, -0.01)))),
]
LABELS = [f"{name}-{source.__name__}-{number}" for number, (name, source, _) in enumerate(CHECKS)]


def verdict(source: Source, args: tuple[float, ...], point: tuple[float, float, int, int]) -> bool | None:
    bits = 200
    while bits < 8000:
        answer = judge(point, *source(bits, *args))
        if answer is not None:
            return answer
        bits *= 2
    return None


def as_point(y: Exact, i: int) -> tuple[float, float, int, int]:
    return float(y.hi[i]), float(y.lo[i]), int(y.exp2[i]), int(y.rem[i])


def compare(number: int, count: int) -> None:
    name, source, points = CHECKS[number]
    row, args = ROWS[name], points(generator("parametric", number), count)
    enclosed, confirmed = enclose(row, args, "float32"), confirm(row, args, "float32")
    assert not enclosed.undecided.any()
    assert not confirmed.undecided.any()
    check_agreement(enclosed, confirmed, name, args)
    tuples = list(zip(*(a.tolist() for a in args), strict=True))
    assert [v for i, v in enumerate(tuples) if verdict(source, v, as_point(enclosed, i)) is not True] == []


@pytest.mark.parametrize("number", range(len(CHECKS)), ids=LABELS)
def test_arb_mpmath_and_a_third_source_agree(number: int) -> None:
    compare(number, 40)


@pytest.mark.full
@pytest.mark.parametrize("number", range(len(CHECKS)), ids=LABELS)
def test_arb_mpmath_and_a_third_source_agree_at_many_points(number: int) -> None:
    compare(number, 2000 // sum(name == CHECKS[number][0] for name, *_ in CHECKS) + 1)


# -- planted errors ------------------------------------------------------------------------------------------
@pytest.mark.parametrize("name", ROWS)
def test_an_enclosure_that_is_off_by_a_part_in_2_to_the_90_is_noticed(name: str, monkeypatch) -> None:
    """By mpmath's own value, and by the third source."""
    number = next(i for i, check in enumerate(CHECKS) if check[0] == name and "one" not in check[1].__name__)
    args = CHECKS[number][2](generator("planted", name), 12)
    if name == "betainc":
        args = boxes((1.25, 60.0), (1.25, 60.0), (0.01, 0.99))(generator("planted", name), 12)
    true = balls.FUNCTIONS[name]
    monkeypatch.setitem(balls.FUNCTIONS, name, lambda *a: true(*a) * (1 + arb(2) ** -90))
    wrong = enclose(ROWS[name], args, "float32")
    with pytest.raises(OracleDisagreement):
        check_agreement(wrong, confirm(ROWS[name], args, "float32"), name, args)


def test_the_third_source_notices_a_wrong_value() -> None:
    args = (np.array([3.0]), np.array([2.5]))
    point = as_point(enclose(ROWS["igamma"], args, "float32"), 0)
    assert verdict(igamma_of_integer, (3.0, 2.5), point) is True
    assert verdict(igamma_of_integer, (3.0, 2.5), (point[0], math.nextafter(point[1], 1), *point[2:])) is False


# -- the expansion for large parameters ------------------------------------------------------------------------
def test_the_coefficients_of_the_ridge_are_those_of_the_literature_and_fall_as_their_bound_says() -> None:
    """1, -1/3, 1/12, -2/135, 1/864 (Temme 1979, table; DLMF 8.12.10), and |g_k| < 3.504·3.5^-k."""
    known = [Fraction(1), Fraction(-1, 3), Fraction(1, 12), Fraction(-2, 135), Fraction(1, 864)]
    assert [Fraction(int(coefficient(k).p), int(coefficient(k).q)) for k in range(5)] == known
    for k in range(120):
        size = abs(Fraction(int(coefficient(k).p), int(coefficient(k).q)))
        assert size < Fraction(3504, 1000) * Fraction(2, 7) ** k


@pytest.mark.parametrize("a", [2.0**20, 1.5e6, 3.25e6])
@pytest.mark.parametrize("deviations", [-40, -3, -0.01, 0, 0.5, 7, 60])
def test_the_ridge_meets_arbs_own_incomplete_gamma_function(a: float, deviations: float) -> None:
    x = a + math.floor(deviations * math.sqrt(a))
    before = ctx.prec
    ctx.prec = 400
    try:
        lower, upper = gaussian_tails(arb(a), arb(x))
        wanted = arb(x).gamma_upper(arb(a), regularized=1)
        assert upper.overlaps(wanted)
        assert lower.overlaps(1 - wanted)
        assert min(upper.rel_accuracy_bits(), lower.rel_accuracy_bits()) > 330
    finally:
        ctx.prec = before


@pytest.mark.parametrize("a", [1e12, 2.0**200, 1e300])
def test_on_the_ridge_itself_p_is_a_half_and_a_third_of_a_density(a: float) -> None:
    """P(a, a) = 1/2 + 1/(3 sqrt(2 pi a))·(1 - 1/(180 a) …) for all a (DLMF 8.11.12)."""
    y = enclose(ROWS["igamma"], (np.array([a]), np.array([a])), "float64")
    assert y.hi[0] == 0.5 + 1 / (3 * math.sqrt(2 * math.pi) * math.sqrt(a))
    if a > 1e100:
        assert y.lo[0] == pytest.approx(1 / (3 * math.sqrt(2 * math.pi) * math.sqrt(a)), rel=1e-14)
    assert not y.undecided[0]


# -- hard points: each is decided quickly, or said to be undecided ------------------------------------------------
# fmt: off
HARD: dict[str, list[tuple[float, ...]]] = {
    "igamma": [
        (1e4, 1e4), (1e-10, 1e-300), (1e300, 1e300), (1e300, math.nextafter(1e300, 0)), (5e-324, 5e-324),
        (5e-324, 700.0), (1.7e308, 3.0), (2.0**20, 2.0**20), (2.0**20 - 1, 2.0**20), (0.005, 623.0), (1e6, 1.001e6),
    ],
    "igammac": [
        (1e4, 1e4), (1e-10, 1e-300), (1e300, 1e300), (5e-324, 2.0), (1.4928319079207129e189, 1.492831907920712e189),
        (1e-250, 13.0), (1.0000000000000002, 33.0), (1e5, 1e5), (3.0, 2e4),
    ],
    "betainc": [
        (1e5, 1e5, 0.5), (1e5, 1e5, 0.501), (13.541, 2.58e-143, 0.9999999970142089), (1e200, 3.0, 0.999),
        (3.0, 1e200, 2e-200), (5e-324, 5e-324, 0.3), (1e300, 1e300, 0.25), (2.0, 1.7e308, 2e-308),
        (1e-9, 50.0, 1e-300),
    ],
    "zeta": [
        (1.0000000000000002, 0.5), (2.0, 1e300), (3.0, 1e-300), (1e17, 1.0000000000000002), (20000.0, 2.0),
        (1e300, 0.9999999999999999), (3.0, -1e15 + 0.5), (30.0, 2.0**-1000), (2.5, 5e-324), (1e306, -3e-131),
    ],
    "polygamma": [
        (0.0, 1.4616321449683622), (1e5, 36787.0), (170.0, 0.1), (1e300, 2.0), (3.0, -1e15 + 0.5), (7.8e307, 1e-247),
        (2.0, 1e300), (0.0, -1e15 + 0.25), (12.0, 2.0**-1000),
    ],
}
# fmt: on


@pytest.mark.parametrize("name", HARD)
def test_hard_points_are_settled_and_cost_little(name: str) -> None:
    """Both sources, one point at a time; the limits are far above what a quiet machine needs (0.2 s)."""
    for values in HARD[name]:
        args = tuple(np.array([v]) for v in values)
        start = time.process_time()
        enclosed = enclose(ROWS[name], args, "float64")
        confirmed = confirm(ROWS[name], args, "float64")
        assert time.process_time() - start < 8.0, values
        assert not enclosed.undecided[0], values
        check_agreement(enclosed, confirmed, name, args)


def test_what_neither_source_settles_is_undecided_at_once() -> None:
    """Two large parameters near the mean: no proof within reach, so no value."""
    args = (np.array([3e9]), np.array([2e9]), np.array([0.6]))
    for source in (enclose, confirm):
        assert source(ROWS["betainc"], args, "float64").undecided.tolist() == [True]
    far = (np.array([3e9]), np.array([2e9]), np.array([0.5]))
    assert float(enclose(ROWS["betainc"], far, "float64").exp2[0]) == -(1 << 15)


# -- rules ------------------------------------------------------------------------------------------------------
def test_what_inequalities_decide_is_what_balls_would_find(monkeypatch) -> None:
    """Beside the thresholds of the rules, where balls still reach."""
    rng = generator("rules")
    a = np.concatenate([10 ** rng.uniform(0, 5, 60), 10 ** rng.uniform(-5, 0, 20)])
    x = a + rng.choice([-1.0, 1.0], len(a)) * np.sqrt(2 * a * rng.uniform(750, 900, len(a)))
    x = np.where(x > 0, x, a + 800)
    for name in ("igamma", "igammac"):
        names = settlers(ROWS[name], (a, x), "float64")
        assert "identity" in names
        ruled = enclose(ROWS[name], (a, x), "float64")
        with monkeypatch.context() as patch:
            patch.setattr("reportgen.oracle.enclosure.known_values", lambda n, c: _nothing(len(c[0])))
            found = enclose(ROWS[name], (a, x), "float64")
        assert not found.undecided.any()
        check_agreement(ruled, found, name, (a, x))


def test_what_inequalities_decide_of_beta_and_zeta_is_what_balls_would_find(monkeypatch) -> None:
    rng = generator("rules of beta and zeta")
    p, q = 10 ** rng.uniform(2, 3.5, 40), 10 ** rng.uniform(2, 3.5, 40)
    mean, spread_ = p / (p + q), np.sqrt(p * q / (p + q) ** 3)
    beta = p, q, np.clip(mean + spread_ * rng.uniform(45, 60, 40) * rng.choice([-1, 1], 40), 0.001, 0.999)
    zeta = rng.integers(1200, 1600, 40).astype(np.float64), 2.0 ** rng.integers(-9, 1, 40)
    poly = rng.integers(4, 20, 40).astype(np.float64), 2.0 ** -rng.integers(200, 400, 40).astype(np.float64)
    for name, args in (("betainc", beta), ("zeta", zeta), ("polygamma", poly)):
        assert "identity" in settlers(ROWS[name], args, "float64"), name
        ruled = enclose(ROWS[name], args, "float64")
        with monkeypatch.context() as patch:
            patch.setattr("reportgen.oracle.enclosure.known_values", lambda n, c: _nothing(len(c[0])))
            found = enclose(ROWS[name], args, "float64")
        check_agreement(ruled, found, name, args)
        assert not ruled.undecided.any(), name


def _nothing(n: int) -> Known:
    return Known(n)
