"""Special functions of one argument: balls, mpmath and a third source agree; bounds hold; planted errors show."""

from __future__ import annotations

import math
from dataclasses import replace
from fractions import Fraction
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from flint import arb, ctx, fmpz
from mpmath import mp, mpf

from reportgen.catalogue import bessel as bessel_rows
from reportgen.catalogue import special as special_rows
from reportgen.catalogue.critical import critical_values, nearest, parse_critical
from reportgen.catalogue.rows import FunctionRow, lookup
from reportgen.catalogue.specials import resolve_specials
from reportgen.core.errors import OracleDisagreement
from reportgen.core.floats import F64, FORMATS, Exact
from reportgen.core.sampling import generator, special_values, stratified, uniform
from reportgen.oracle import balls, functions
from reportgen.oracle.approx import Approx, exactly, signed_parts
from reportgen.oracle.enclosure import enclose
from reportgen.oracle.functions import errors, series
from reportgen.oracle.reference import check_agreement, confirm
from reportgen.oracle.screen import screen
from tests.special_sources import SOURCES, first_bits
from tests.test_oracle_source import judge

ROWS = {row.name: row for row in (*special_rows.ROWS, *bessel_rows.ROWS)}
NAMES = sorted(ROWS)
CASES = [(name, dtype) for name in NAMES for dtype in ROWS[name].dtypes]


def points(row: FunctionRow, dtype: str, count: int) -> F64:
    """``count`` numbers or more: the critical points with their neighbours, every binade, and where users live."""
    fmt, rng = FORMATS[dtype], generator("special functions", row.name, dtype)
    critical = critical_values(row, dtype)[0]
    anywhere = rng.permutation(stratified(fmt, max(2 * count, 4400), rng))
    if count < 500:
        critical = rng.permutation(critical)
    listed = np.concatenate([critical[: max(count, 40)] if count < 500 else critical, special_values(fmt)])
    rest = max(count - len(listed), count // 2)
    return np.concatenate([listed, anywhere[: rest // 2], uniform(fmt, *row.typical[0], rest - rest // 2, rng)])


def point(y: Exact, i: int) -> tuple[float, float, int, int]:
    return float(y.hi[i]), float(y.lo[i]), int(y.exp2[i]), int(y.rem[i])


def verdict(name: str, x: float, found: tuple[float, float, int, int]) -> bool | None:
    """What the third source says of a point, with more bits until it can say."""
    bits = first_bits(name, x)
    while bits < 30000:
        answer = judge(found, *SOURCES[name](bits, x))
        if answer is not None:
            return answer
        bits *= 2
    return None


def compare(name: str, dtype: str, count: int) -> None:
    row = ROWS[name]
    x = points(row, dtype, count)
    enclosed, confirmed = enclose(row, (x,), dtype), confirm(row, (x,), dtype)
    assert len(x) >= count
    assert not enclosed.undecided.any()
    assert not confirmed.undecided.any()
    check_agreement(enclosed, confirmed, name, (x,))
    decided = resolve_specials(row, (x,), FORMATS[dtype]).decided
    wrong = [
        float(x[i]) for i in np.flatnonzero(~decided) if verdict(name, float(x[i]), point(enclosed, i)) is not True
    ]
    assert not wrong


@pytest.mark.parametrize("name", NAMES)
def test_three_sources_agree(name: str) -> None:
    compare(name, "float64", 60)


@pytest.mark.full
@pytest.mark.parametrize(("name", "dtype"), CASES)
def test_three_sources_agree_on_two_thousand_points(name: str, dtype: str) -> None:
    compare(name, dtype, 2000 if dtype == "float64" else 500)


# -- planted errors -----------------------------------------------------------------------------------------
def some_points(name: str) -> F64:
    """Three ordinary arguments inside every domain."""
    return np.array([0.3, 0.625, 0.9140625])


@pytest.mark.parametrize("name", NAMES)
def test_the_third_source_sees_the_last_bit_and_the_sign_of_the_rest(name: str) -> None:
    x = some_points(name)
    found = enclose(ROWS[name], (x,), "float64")
    for i, value in enumerate(x.tolist()):
        hi, lo, exp2, rem = point(found, i)
        assert verdict(name, value, (hi, lo, exp2, rem)) is True
        assert verdict(name, value, (hi, math.nextafter(lo, math.inf), exp2, rem)) is False
        assert verdict(name, value, (hi, lo, exp2, -rem)) is False


@pytest.mark.parametrize("name", sorted(ROWS))
def test_mpmath_sees_a_ball_that_is_off_by_a_part_in_two_to_the_hundred(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    row, x = ROWS[name], some_points(name)
    root = row.arb.split("(")[0]
    truth = balls.FUNCTIONS[root]
    monkeypatch.setitem(balls.FUNCTIONS, root, lambda v: truth(v) * (1 + arb(2) ** -100))
    planted = enclose(row, (x,), "float64")
    with pytest.raises(OracleDisagreement, match=row.name):
        check_agreement(planted, confirm(row, (x,), "float64"), row.name, (x,))


# -- stated bounds -------------------------------------------------------------------------------------------
METHODS = sorted({ROWS[name].mpmath.split("(")[0] for name in NAMES} & set(functions.METHODS))
SPARE = 20
DOMAINS = {"erfinv": (0.0, 1.0), "erfcinv": (0.0, 2.0), "ndtri": (0.0, 1.0)}
LARGEST = {
    "erfc": 100.0,
    "gamma": 4000.0,
    "expi": 20000.0,
    "i1": 20000.0,
    "k0": 700.0,
    "k1": 700.0,
    "dawsn": 2.0**50,
}


def arguments(name: str, count: int) -> list[float]:
    """Magnitudes from 2^-60 to 2^40 within the domain and what the rules leave open; both signs where possible."""
    rng = generator("special bounds", name)
    if name in DOMAINS:
        low, high = DOMAINS[name]
        beside = low + np.exp2(rng.uniform(-50, -1, count))
        return [*rng.uniform(low, high, count).tolist(), *beside.tolist()]
    x = np.exp2(rng.uniform(-60, 40, 2 * count))
    x = np.concatenate([x[x < LARGEST.get(name, np.inf)], np.exp2(rng.uniform(-3, 8, count))])
    x = x[x < LARGEST.get(name, np.inf)]
    if name not in ("spence", "y0", "y1", "k0", "k1", "k0e", "k1e"):
        x *= rng.choice([-1.0, 1.0], len(x))
    return [v for v in x.tolist() if not (v < 0 and v == math.floor(v))]


def to_arb(value: Any) -> Any:
    man, exp = signed_parts(value)
    return arb(fmpz(man)) * arb(2) ** arb(fmpz(exp))


def excess_bits(name: str, bits: int, x: float) -> float:
    """log2 of (actual error / stated error); -inf where the value is exact and -1000 where nothing is claimed."""
    with mp.workprec(bits + 64):
        found: Approx = functions.METHODS[name](bits, exactly(x))
    if not mp.isfinite(found.error):
        return -1000.0
    ctx.prec = 2 * bits + 800 + int(3 * min(abs(x), 1000.0))
    difference = abs(to_arb(found.value) - balls.FUNCTIONS[name](arb(x))).upper()
    if found.exact:
        assert difference < arb(2) ** -(bits + 100), (name, x)
        return -math.inf
    return float((difference / to_arb(found.error)).log() / arb.const_log2())


@pytest.mark.parametrize("bits", [120, 500])
@pytest.mark.parametrize("name", METHODS)
def test_every_stated_bound_holds_with_room(name: str, bits: int) -> None:
    before = ctx.prec
    try:
        worst = max((excess_bits(name, bits, x), x) for x in arguments(name, 60 if bits < 200 else 12))
    finally:
        ctx.prec = before
    assert worst[0] < -SPARE, f"{name}: only {-worst[0]:.1f} bits below its bound at {worst[1]}"


def test_every_row_has_a_bound_or_an_elementary_formula() -> None:
    assert set(METHODS) == {ROWS[name].mpmath.split("(")[0] for name in NAMES} - {"i0"}


def test_the_measurement_sees_a_method_without_its_bits(monkeypatch: pytest.MonkeyPatch) -> None:
    def careless(bits: int, x: Approx) -> Approx:
        with mp.workprec(bits - 40):
            return series.relative(mp.erf(x.value), bits)

    monkeypatch.setitem(functions.METHODS, "erf", careless)
    with pytest.raises(AssertionError, match="erf: only"):
        test_every_stated_bound_holds_with_room("erf", 120)


def test_an_inverse_that_is_not_proven_is_not_claimed(monkeypatch: pytest.MonkeyPatch) -> None:
    """A root that Newton's method leaves a part in 2^60 away fails its bracket, and the point stays undecided."""
    true = errors._proven
    monkeypatch.setattr(errors, "_proven", lambda y, bits, f, s: true(y * (1 + mpf(2) ** -60), bits, f, s))
    assert functions.METHODS["erfinv"](120, exactly(0.25)).error == mp.inf
    assert confirm(lookup("erfinv"), (np.array([0.25]),), "float64").undecided.all()


def test_cancellation_widens_the_claim_instead_of_spoiling_it() -> None:
    """Beside a root of digamma, the claim is as wide as the magnitudes that cancel, and the truth lies within."""
    x = 1.4616321449683622
    with mp.workprec(200):
        found = functions.METHODS["digamma"](60, exactly(x))
        assert abs(found.value - mp.digamma(mpf(x))) <= found.error
        assert found.error > abs(found.value) * mpf(2) ** -40


# -- identities between rows ---------------------------------------------------------------------------------
def exact_pairs(name: str, x: F64) -> list[Fraction]:
    """Values as rationals, good to a part in 2^104."""
    found = enclose(ROWS[name], (x,), "float64")
    return [
        (Fraction(float(h)) + Fraction(float(low))) * Fraction(2) ** int(e)
        for h, low, e in zip(found.hi, found.lo, found.exp2, strict=True)
    ]


def wronskian_errors(first: str, second: str, sign: int, x: F64) -> list[Fraction]:
    """How far f0·g1 + sign·f1·g0 is from its exact value, relative to the products."""
    f0, f1, g0, g1 = (exact_pairs(f"{kind}{order}", x) for kind in (first, second) for order in (0, 1))
    pi = Fraction("3.14159265358979323846264338327950288419716939937510582")
    out = []
    for a0, a1, b0, b1, v in zip(f0, f1, g0, g1, x.tolist(), strict=True):
        # DLMF 10.5.2 and 10.28.2
        expected = 1 / Fraction(v) if sign > 0 else -2 / (pi * Fraction(v))
        out.append(abs(a0 * b1 + sign * a1 * b0 - expected) / (abs(a0 * b1) + abs(a1 * b0)))
    return out


WRONSKIANS = [("j", "y", -1), ("i", "k", 1)]


@pytest.mark.parametrize(("first", "second", "sign"), WRONSKIANS)
def test_wronskians(first: str, second: str, sign: int, monkeypatch: pytest.MonkeyPatch) -> None:
    rng = generator("wronskian", first)
    x = np.exp2(rng.uniform(-30, 8, 300))
    assert max(wronskian_errors(first, second, sign, x)) < Fraction(1, 2**100)
    truth = balls.FUNCTIONS[f"{first}1"]
    monkeypatch.setitem(balls.FUNCTIONS, f"{first}1", lambda v: truth(v) * (1 + arb(2) ** -90))
    assert max(wronskian_errors(first, second, sign, x)) > Fraction(1, 2**98)


def test_recurrences_of_the_gamma_family() -> None:
    """log|gamma(x + 1)| - log|gamma(x)| = log|x| and digamma(x + 1) - digamma(x) = 1/x (DLMF 5.5.1, 5.5.2)."""
    rng = generator("recurrence")
    x = np.round(rng.uniform(-30, 30, 400) * 1024) / 1024
    x = x[np.floor(x) != x]
    for name, change in (("lgamma", lambda v: mp.log(abs(v))), ("digamma", lambda v: 1 / v)):
        here, there = exact_pairs(name, x), exact_pairs(name, x + 1)
        for a, b, v in zip(here, there, x.tolist(), strict=True):
            with mp.workprec(200):
                expected = change(mpf(v))
                left = mpf(b.numerator) / b.denominator - mpf(a.numerator) / a.denominator
                size = 1 + abs(mpf(a.numerator) / a.denominator)
                assert abs(left - expected) < mpf(2) ** -98 * size, (name, v)


# -- critical points are what they are called -----------------------------------------------------------------
ROOTS = [
    *(("j0", z) for z in bessel_rows.J0_ZEROS), *(("j1", z) for z in bessel_rows.J1_ZEROS),
    *(("y0", z) for z in bessel_rows.Y0_ZEROS), *(("y1", z) for z in bessel_rows.Y1_ZEROS),
    *(("lgamma", z) for z in special_rows.LGAMMA_ROOTS), *(("digamma", z) for z in special_rows.DIGAMMA_ROOTS),
    ("expint", "0.37250741078136663446199186658012"),
]  # fmt: skip


def changes_sign(name: str, text: str) -> bool:
    """Whether the function has two signs within one ulp of the listed number."""
    fmt = FORMATS["float64"]
    centre = int(fmt.ordinal(np.array([nearest(parse_critical(text, fmt), fmt)]))[0])
    x = fmt.from_ordinal(np.array([centre - 1, centre, centre + 1]))
    return len(np.unique(np.sign(enclose(ROWS[name], (x,), "float64").hi))) == 2


def test_listed_roots_are_roots() -> None:
    assert [(name, text) for name, text in ROOTS if not changes_sign(name, text)] == []
    assert not changes_sign("j0", "2.4048255576957")


@pytest.mark.parametrize("name", NAMES)
def test_intervals_of_monotony_and_parity_are_true(name: str) -> None:
    row, rng = ROWS[name], generator("monotone", name)
    for low, high, way in row.monotone:
        x = np.sort(rng.uniform(max(low, -20.0) + 1e-9, min(high, 20.0) - 1e-9, 60))
        if row.name in ("gamma", "lgamma", "digamma") and low < 0:
            x = x[np.floor(x) != x]
        y = exact_pairs(name, x[~resolve_specials(row, (x,), FORMATS["float64"]).decided])
        assert all((b - a) * way > 0 for a, b in pairwise(y)), (low, high)
    if row.parity:
        x = rng.uniform(0.01, 0.99, 20)
        mirrored = replace(row, parity=None)
        sign = -1 if row.parity == "odd" else 1
        assert exact_pairs(name, -x) == [sign * v for v in exact_pairs(name, x)]
        assert mirrored.parity is None


def test_monotony_check_sees_a_wrong_interval() -> None:
    x = np.linspace(0.1, 5.0, 50)
    y = exact_pairs("j0", x)
    assert not all(b < a for a, b in pairwise(y))


def test_the_oracle_is_not_the_function_under_test() -> None:
    """A screen is SciPy in float64, close to the truth, and never for float64 itself."""
    for row in ROWS.values():
        x = (some_points(row.name),)
        found = screen(row, x, "float32")
        assert found is not None
        assert found.hi == pytest.approx(enclose(row, x, "float32").hi, rel=1e-13)
        assert screen(row, x, "float64") is None
