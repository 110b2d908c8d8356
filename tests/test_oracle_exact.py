"""Exact scores, exact extremes, the vector kernels against rationals, the screen, and the namespace."""

from __future__ import annotations

import math
from fractions import Fraction

import numpy as np
import pytest

from reportgen.catalogue.rows import FunctionRow, all_rows, lookup
from reportgen.core.floats import FLOAT_DTYPES, FORMATS, SATURATED_SCORE, Exact, round_exact
from reportgen.core.metrics import signed_ulp_error
from reportgen.core.sampling import generator, stratified, uniform
from reportgen.oracle import rationals, vectorised
from reportgen.oracle.enclosure import enclose
from reportgen.oracle.exact import exact_extreme, exact_ulp_error
from reportgen.oracle.functions import screens
from reportgen.oracle.namespace import FUNCTIONS, ExpressionError, parse
from reportgen.oracle.screen import screen
from reportgen.oracle.settle import settle_rational

F32 = FORMATS["float32"]


def exact_of(value: Fraction) -> Exact:
    y = Exact.empty(1)
    rationals.put(y, 0, settle_rational(value.numerator, value.denominator))
    return y


# -- scores ------------------------------------------------------------------------------------------------
MAX = F32.max_finite
SCORES = [
    ("sqrt(13) of 2017", 3.605550765991211, exact_of(Fraction(math.isqrt(13 * 10**60), 10**30)), Fraction("2.1369")),
    ("correct", 1.5, Exact.of_values(np.array([1.5])), Fraction(0)),
    ("half an ulp", 1.0, exact_of(Fraction(1) + Fraction(1, 2**24)), Fraction(1, 2)),
    ("below a power of two", 1.0, exact_of(1 - Fraction(1, 2**30)), Fraction(2**24, 2**30)),
    ("correct overflow", math.inf, exact_of(Fraction(2) ** 129), Fraction(0)),
    ("max for a true overflow", MAX, exact_of(Fraction(2) ** 5000), Fraction(1)),
    ("infinity for the largest number", math.inf, Exact.of_values(np.array([MAX])), Fraction(1)),
    ("zero for the smallest subnormal", 0.0, Exact.of_values(np.array([F32.min_subnormal])), Fraction(1)),
    ("one for an exact zero", 1.0, Exact.of_values(np.array([0.0])), Fraction(2**149)),
    ("a pole", math.inf, Exact.of_values(np.array([math.inf])), Fraction(0)),
    ("the wrong infinity", -math.inf, Exact.of_values(np.array([math.inf])), Fraction(2**25)),
]  # fmt: skip


@pytest.mark.parametrize(("what", "computed", "y", "expected"), SCORES, ids=[s[0] for s in SCORES])
def test_scores_of_the_definition(what: str, computed: float, y: Exact, expected: Fraction) -> None:
    score = exact_ulp_error(computed, y, F32)
    assert score is not None
    assert abs(score - expected) <= (Fraction(1, 10000) if what.startswith("sqrt") else 0)


def test_a_nan_has_no_score() -> None:
    assert exact_ulp_error(math.nan, Exact.of_values(np.array([1.0])), F32) is None
    assert exact_ulp_error(1.0, Exact.of_values(np.array([math.nan])), F32) is None


def test_scores_stop_where_they_are_said_to() -> None:
    score = exact_ulp_error(1e308, Exact.of_values(np.array([0.0])), FORMATS["float64"])
    assert score == Fraction(SATURATED_SCORE)


def test_just_below_a_power_of_two_the_ulp_is_the_lower_one() -> None:
    below = Exact.of_values(np.array([1.0]))
    below.rem[0] = -1
    near = float(np.nextafter(np.float32(1), np.float32(0)))
    assert exact_ulp_error(near, below, F32) == 1
    assert exact_ulp_error(near, Exact.of_values(np.array([1.0])), F32) == Fraction(1, 2)


@pytest.mark.parametrize("dtype", FLOAT_DTYPES)
def test_exact_scores_are_those_of_the_vectorised_metric(dtype: str) -> None:
    fmt = FORMATS[dtype]
    rng = generator("scores", dtype)
    x = np.concatenate([rng.choice(stratified(fmt, 300, rng), 150), uniform(fmt, -10, 10, 150, rng)])
    y = enclose(lookup("exp"), (x,), dtype)
    computed = fmt.from_ordinal(
        np.clip(fmt.ordinal(round_exact(y, fmt).nearest) + rng.integers(-2, 3, 300), 0, fmt.inf_ordinal)
    )
    fast = np.abs(signed_ulp_error(computed, y, fmt))
    slow = [exact_ulp_error(float(c), y[i : i + 1], fmt) for i, c in enumerate(computed)]
    assert fast == pytest.approx([float(s) for s in slow if s is not None], rel=1e-12, abs=1e-15)


# -- extremes of arrays ------------------------------------------------------------------------------------
def test_extremes_of_arrays() -> None:
    assert exact_extreme(np.array([1.0, -2.0, 7.5]), True).hi[0] == 7.5
    assert exact_extreme(np.array([1.0, -2.0, 7.5]), False).hi[0] == -2.0
    assert np.isnan(exact_extreme(np.array([1.0, np.nan]), True).hi[0])
    assert exact_extreme(np.array([-np.inf, np.inf]), False).hi[0] == -np.inf


def test_the_sign_of_a_zero_maximum_is_free_only_if_both_occur() -> None:
    mixed = exact_extreme(np.array([-0.0, 0.0, -1.0]), True)
    assert mixed.either_zero[0]
    negative = exact_extreme(np.array([-0.0, -1.0]), True)
    assert not negative.either_zero[0]
    assert np.signbit(negative.hi[0])


def test_the_maximum_of_nothing_is_an_error() -> None:
    with pytest.raises(ValueError, match="no numbers"):
        exact_extreme(np.array([]), True)


# -- kernels -----------------------------------------------------------------------------------------------


def _expression(name: str) -> str:
    try:
        return parse(f"{name}(x, y)").text
    except ExpressionError:
        return f"{name}(x)"


@pytest.mark.parametrize("name", sorted(vectorised.KERNELS))
def test_kernels_say_what_rationals_say(name: str) -> None:
    """Over all of binary64's exponents, ties, equal and neighbouring arguments; both Fraction and flint's rationals."""
    fmt = FORMATS["float64"]
    rng = generator("kernels", name)
    anywhere, moderate = rng.choice(stratified(fmt, 100, rng), 400), uniform(fmt, -6, 6, 300, rng)
    halves = rng.integers(-40, 40, 300) / 2.0
    x = np.concatenate([anywhere, moderate, halves])
    y = np.where(rng.random(1000) < 0.2, x, rng.permutation(x)) * rng.choice([1.0, -1.0], 1000)
    x, y = x[:1000], y[:1000]
    expression = parse(_expression(name))
    if name in ("divide", "xdivy", "fmod", "remainder", "floor_divide", "truncatediv"):
        x, y = x[y != 0], y[y != 0]
    if name == "reciprocal":
        x = x[x != 0]
    columns = (x, y) if "y" in expression.text else (x,)
    found, ok = vectorised.apply(name, columns, "float64") or (Exact.empty(0), np.zeros(0, bool))
    assert ok.mean() > 0.4
    for flint in (True, False):
        expected = rationals.evaluate(expression, columns, flint=flint)
        for a, b in zip(found[ok].arrays(), expected[ok].arrays(), strict=True):
            assert np.array_equal(a, b)
        zeros = ok & (found.hi == 0) & ~found.either_zero
        assert np.array_equal(np.signbit(found.hi[zeros]), np.signbit(expected.hi[zeros]))


def test_neighbours_across_all_of_float64_do_not_overflow() -> None:
    row, x, y = lookup("nextafter"), np.array([-1e300, 1e300, 0.0]), np.array([1e300, -1e300, -5.0])
    assert list(enclose(row, (x, y), "float64").hi * 1.0) != list(x)
    found = enclose(row, (x, y), "float64")
    assert list(np.ldexp(found.hi, found.exp2)) == [
        math.nextafter(float(a), float(b)) for a, b in zip(x, y, strict=True)
    ]


# -- the screen --------------------------------------------------------------------------------------------
UNSCREENED = {"zeta", "polygamma", "igamma", "igammac", "betainc", "greater", "gelu"}
"""Names without a screen; what ``greater`` steps over is exact on both sides, and gelu has one in float64 only."""


def is_screened(row: FunctionRow, dtype: str) -> bool:
    """Whether a row promises a screen: SciPy's special functions serve below 64 bits only."""
    names = parse(row.arb).names
    return not names & UNSCREENED and not (dtype == "float64" and names & set(screens.SCREENS))


ELEMENTWISE = [r for r in all_rows().values() if r.kind == "elementwise" and r.mpmath]
SCREENED = [(r.name, d) for r in ELEMENTWISE for d in ("float32", "float64") if d in r.dtypes and is_screened(r, d)]


def test_most_functions_have_a_screen() -> None:
    assert len({name for name, _ in SCREENED}) > 0.9 * len(ELEMENTWISE)
    assert sum(dtype == "float64" for _, dtype in SCREENED) > 0.7 * len(ELEMENTWISE)


@pytest.mark.parametrize(("name", "dtype"), SCREENED)
def test_the_screen_is_near_the_truth(name: str, dtype: str) -> None:
    """Within 1/16 ulp of the dtype, on all samples where the reference is a normal number."""
    row, fmt = lookup(name), FORMATS[dtype]
    rng = generator("screen", name, dtype)
    args = tuple(uniform(fmt, *interval, 400, rng) for interval in row.typical)
    y, fast = enclose(row, args, dtype), screen(row, args, dtype)
    if fast is None:
        pytest.fail(f"no screen for {name}")
    ordinary = np.isfinite(y.hi) & (y.hi != 0) & (np.abs(y.hi) > 1e-30) & (np.abs(y.hi) < 1e30)
    target = round_exact(y, fmt).nearest
    apart = np.abs(signed_ulp_error(target, y, fmt) - signed_ulp_error(target, fast, fmt))[ordinary]
    assert not len(apart) or np.isfinite(apart).mean() > 0.5  # NaN: the screen keeps out of where it would cancel
    assert not len(apart) or apart[np.isfinite(apart)].max() < 1 / 16


def test_a_row_without_a_screen_says_so() -> None:
    assert screen(lookup("i0"), (np.array([1.0]),), "float64") is None


# -- the namespace -----------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "text",
    ["__import__('os')", "x.real", "exp(x, y)", "lambda: 1", "exq(x)", "x ** 2", "exp(x) if x else 1", "w", "exp(x=1)",
     "'a'", "True", "1j", "x[0]", "(x", "x < y < x", "atan2(x)"],
)  # fmt: skip
def test_nothing_else_is_in_the_namespace(text: str) -> None:
    with pytest.raises(ExpressionError):
        parse(text)


@pytest.mark.parametrize(
    ("written", "same"),
    [("1/x", "reciprocal(x)"), ("1/sqrt(x)", "rsqrt(x)"), ("x * log(y)", "xlogy(x, y)"),
     ("nextafter(x, y)", "dtype_next(x, y)"),
     ("rad2deg(x)", "degrees(x)"), ("square(x - y)", "squared_difference(x, y)"), ("x != y", "not_equal(x, y)")],
)  # fmt: skip
def test_names_written_out_are_the_names(written: str, same: str) -> None:
    assert parse(written).tree == parse(same).tree


def test_exactness_is_a_property_of_the_names() -> None:
    assert parse("maximum(x, 0) * 2 - y / 3").exact
    assert not parse("maximum(x, 0) * pi").exact
    assert parse("atan2(0*x, x)").root == "angle"
    assert {"exp", "remainder"} <= FUNCTIONS


def test_a_literal_is_the_binary64_number_itself() -> None:
    y = enclose(lookup("add"), (np.array([0.1]), np.array([0.2])), "float64")
    assert y.lo[0] != 0
    assert Fraction(float(y.hi[0])) + Fraction(float(y.lo[0])) == Fraction(0.1) + Fraction(0.2)
