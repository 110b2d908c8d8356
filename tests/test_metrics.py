"""The measurement itself: published values, exact rationals, planted errors."""

from __future__ import annotations

import json
import math
from fractions import Fraction
from pathlib import Path

import gmpy2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reportgen.core.floats import FORMATS, Exact
from reportgen.core.metrics import (
    ExactSum,
    Statistics,
    bin_edges,
    fraction_sqrt,
    histogram_bin,
    percentile,
    score,
    signed_ulp_error,
)
from reportgen.core.model import REGIMES

F32 = FORMATS["float32"]
ROOT = Path(__file__).resolve().parent.parent


def roots_of_2017():
    """Exact roots of 0 … 99 from MPFR, as pairs."""
    gmpy2.get_context().precision = 200
    hi, lo, rem = [], [], []
    for n in range(100):
        root = gmpy2.sqrt(gmpy2.mpfr(n))
        hi.append(float(root))
        lo.append(float(root - hi[-1]))
        left = root - hi[-1] - lo[-1]
        rem.append(int(gmpy2.sign(left)))
    n = len(hi)
    return Exact(
        np.array(hi), np.array(lo), np.zeros(n, np.int32), np.array(rem, np.int8), np.zeros(n, bool), np.zeros(n, bool)
    )


def test_the_values_printed_in_2017():
    data = json.loads((ROOT / "specs/data/sqrt-2017.json").read_text())
    y = roots_of_2017()
    x = (np.arange(100.0),)
    by_target = {}
    for entry in data["recorded"]:
        printed = np.array(entry["values"]).astype(np.float32).astype(np.float64)
        by_target[entry["target"]] = score(x, printed, y, F32, F32)
    numpy, tensorflow = by_target["numpy@1.13.1"], by_target["tensorflow@1.2.0"]
    assert numpy.correct.all()
    assert numpy.faithful.all()
    assert (~tensorflow.correct).sum() == 56
    worst = np.flatnonzero(tensorflow.magnitude == tensorflow.magnitude.max())
    assert worst.tolist() == [13, 52]
    assert round(tensorflow.magnitude.max(), 4) == 2.1369
    halves = np.flatnonzero(tensorflow.magnitude == 0.5)
    assert halves.tolist() == [1, 4, 16, 64]
    assert not tensorflow.correct[halves].any()
    assert not tensorflow.faithful[halves].any()


@pytest.mark.parametrize(
    ("exact", "computed", "ulps", "mismatch", "regime"),
    [
        (1e39, np.inf, 0.0, False, "overflow-edge"),  # a correct overflow scores 0
        (1e39, F32.max_finite, 1.0, True, "overflow-edge"),  # max-finite for a true overflow scores 1
        (F32.max_finite, np.inf, 1.0, True, "overflow-edge"),  # infinite for finite
        (1.0, np.nan, None, True, "normal"),
        (np.nan, 1.0, None, True, "special"),
        (np.nan, np.nan, None, False, "special"),
        (np.inf, np.inf, 0.0, False, "special"),
        (np.inf, -np.inf, 2.0**25, True, "special"),
        (0.0, -0.0, 0.0, True, "normal"),
        (0.0, 1.0, 2.0**149, False, "normal"),
        (1e-40, 0.0, 1e-40 / 2.0**-149, False, "subnormal-result"),
        (1.0, 1.0 + 2.0**-23, 1.0, False, "normal"),
        (2.0, 2.0 - 2.0**-23, 0.5, False, "normal"),  # below a power of two half an ulp is a neighbour
    ],
)
def test_what_each_kind_of_error_scores(exact, computed, ulps, mismatch, regime):
    s = score((np.array([1.0]),), np.array([computed]), Exact.of_values(np.array([exact])), F32, F32)
    assert s.mismatch[0] == mismatch
    assert REGIMES[s.regime[0]] == regime
    assert (math.isnan(s.signed[0]) and ulps is None) or s.magnitude[0] == pytest.approx(ulps, rel=1e-15)


def test_a_zero_of_either_sign_is_right_only_where_nothing_fixes_it():
    y = Exact.of_values(np.array([0.0, 0.0]))
    y.either_zero[:] = [True, False]
    s = score((np.array([1.0, 1.0]),), np.array([-0.0, -0.0]), y, F32, F32)
    assert s.correct.tolist() == [True, False]
    assert s.mismatch.tolist() == [False, True]


def test_undecided_points_are_counted_and_not_scored():
    y = Exact.of_values(np.array([1.0, 1.0]))
    y.undecided[:] = [True, False]
    s = score((np.array([1.0, 1.0]),), np.array([7.0, 1.0]), y, F32, F32)
    stats = Statistics.of(s, np.ones(2, bool))
    assert (stats.samples, stats.undecided, stats.scored, stats.correct, stats.mean()) == (2, 1, 1, 1, 0.0)


def test_regimes_of_inputs():
    x = np.array([1e-40, np.inf, 1.0, 1e-40])
    y = Exact.of_values(np.array([1.0, 1.0, 1.0, np.nan]))
    s = score((x,), np.ones(4), y, F32, F32)
    assert [REGIMES[i] for i in s.regime] == ["subnormal-input", "special", "normal", "special"]


@settings(max_examples=200, deadline=None)
@given(
    st.integers(-(F32.inf_ordinal - 1), F32.inf_ordinal - 1),
    st.integers(-40, 40),
    st.fractions(-1, 1, max_denominator=10**6),
)
def test_float_scores_agree_with_exact_rationals(ordinal, distance, part):
    """|ŷ - y|/ulp(y) in float64 is the exact rational to 2^-48."""
    base = float(F32.from_ordinal(np.array([ordinal]))[0])
    computed = float(
        F32.from_ordinal(np.clip(np.array([ordinal + distance]), -F32.inf_ordinal + 1, F32.inf_ordinal - 1))[0]
    )
    unit = Fraction(2) ** max(-149, (math.frexp(base)[1] - 24) if base else -149)
    value = Fraction(base) + part * unit / 3
    hi = float(value)
    lo = float(value - Fraction(hi))
    if hi == 0 or value == 0:
        return
    y = Exact(
        np.array([hi]),
        np.array([lo]),
        np.zeros(1, np.int32),
        np.zeros(1, np.int8),
        np.zeros(1, bool),
        np.zeros(1, bool),
    )
    exponent = math.frexp(hi)[1] - 1
    if Fraction(2) ** exponent > abs(value):
        exponent -= 1
    ulp = Fraction(2) ** (min(max(exponent, -126), 127) - 23)
    want = (Fraction(computed) - value) / ulp
    got = Fraction(float(signed_ulp_error(np.array([computed]), y, F32)[0]))
    assert abs(got - want) <= Fraction(1, 2**48) * max(1, abs(want))


@settings(max_examples=100, deadline=None)
@given(st.lists(st.floats(-1e300, 1e300), max_size=200), st.integers(0, 200))
def test_sums_are_exact_and_add_in_any_order(numbers, cut):
    whole, first, second = ExactSum(), ExactSum(), ExactSum()
    whole.add(np.array(numbers))
    first.add(np.array(numbers[:cut]))
    second.add(np.array(numbers[cut:]))
    second += first
    assert whole.fraction() == second.fraction() == sum((Fraction(v) for v in numbers), Fraction(0))


def test_squares_do_not_overflow():
    s = ExactSum()
    s.add_squares(np.array([2.0**1023, 2.0**-1074]))
    assert s.fraction() == Fraction(2) ** 2046 + Fraction(1, 2**2148)


def test_statistics_merge_to_the_same_bits_whatever_the_chunks():
    rng = np.random.default_rng(5)
    n = 5000
    y = Exact.of_values(rng.standard_normal(n))
    computed = FORMATS["float32"].decode(y.hi.astype(np.float32))
    computed[::97] = np.nan
    s = score((y.hi,), computed, y, F32, F32)
    whole = Statistics.of(s, np.ones(n, bool))
    order = rng.permutation(n)
    merged = Statistics()
    for part in np.array_split(order, 13):
        select = np.zeros(n, bool)
        select[part] = True
        merged += Statistics.of(s, select)
    assert whole == merged
    assert whole.rms() == merged.rms()
    assert whole.histogram() == merged.histogram()
    assert whole.mismatches == len(range(0, n, 97))
    assert sum(row[2] for row in whole.histogram()) == whole.scored
    assert whole.mean() == pytest.approx(np.nanmean(np.abs(s.signed[~s.mismatch])), rel=1e-12)


def test_a_planted_error_of_one_ulp_at_one_value_moves_every_figure():
    x = F32.from_ordinal(np.arange(1_000_000, 1_010_000))
    y = Exact.of_values(x)
    clean = Statistics.of(score((x,), x, y, F32, F32), np.ones(len(x), bool))
    wrong = x.copy()
    wrong[1234] = F32.from_ordinal(F32.ordinal(x[1234:1235]) + 1)[0]
    s = score((x,), wrong, y, F32, F32)
    planted = Statistics.of(s, np.ones(len(x), bool))
    assert clean.correct == len(x)
    assert clean.mean() == 0
    assert clean.histogram() == [[0.0, 0.0, len(x)]]
    assert planted.correct == len(x) - 1
    assert planted.faithful == len(x) - 1
    assert int(np.argmax(s.magnitude)) == 1234
    assert s.magnitude[1234] == 1.0
    assert planted.mean() == 1 / len(x)
    assert planted.bias() == 1 / len(x)


@given(st.floats(0, 2.0**1000))
def test_bins_hold_what_falls_into_them(value):
    low, high = bin_edges(int(histogram_bin(np.array([value]))[0]))
    assert low <= value < high


@given(st.lists(st.floats(0, 1e6), min_size=1, max_size=50), st.fractions(Fraction(1, 1000), 1))
def test_percentile_is_nearest_rank(values, share):
    ordered = sorted(values)
    got = percentile(np.array(ordered), share)
    assert sum(v <= got for v in ordered) >= share * len(ordered)
    smaller = [v for v in ordered if v < got]
    assert len(smaller) < share * len(ordered)


@given(st.fractions(0, 10**9))
def test_fraction_sqrt(value):
    root = fraction_sqrt(value)
    assert root <= Fraction(math.isqrt(math.ceil(value)) + 1)
    assert abs(root * root - value) <= value * Fraction(1, 2**78)


def test_values_that_float64_rounds_onto_a_bound_keep_their_side():
    """Just below the smallest normal number is subnormal; just beyond 2^(emax+1) is clamped there."""
    fmt = FORMATS["float64"]
    below = Exact(
        np.array([1.0]),
        np.array([-(2.0**-60)]),
        np.array([-1022], np.int32),
        np.zeros(1, np.int8),
        np.zeros(1, bool),
        np.zeros(1, bool),
    )
    s = score((np.array([1.0]),), np.array([2.0**-1022]), below, fmt, fmt)
    assert REGIMES[s.regime[0]] == "subnormal-result"
    beyond = Exact(
        np.array([1.0]),
        np.array([2.0**-60]),
        np.array([1024], np.int32),
        np.zeros(1, np.int8),
        np.zeros(1, bool),
        np.zeros(1, bool),
    )
    assert signed_ulp_error(np.array([np.inf]), beyond, fmt)[0] == 0.0
