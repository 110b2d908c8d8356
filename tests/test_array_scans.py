"""Cumulative sums and products, sums of segments, polynomials: exact results, planted libraries, known cases."""

from __future__ import annotations

import dataclasses
import math
from fractions import Fraction
from itertools import accumulate
from operator import mul
from pathlib import Path

import gmpy2
import mpmath
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reportgen.catalogue import scans as table
from reportgen.catalogue.arrayrows import array_rows
from reportgen.catalogue.reductionproblems import combined as problem
from reportgen.catalogue.rows import all_rows
from reportgen.core.generated.combined import SEGMENTS
from reportgen.core.model import Case, InputSpec, TargetSpec
from reportgen.core.problems import Arrays, Operand, Problem, made
from reportgen.measure.arrays import case as cases
from reportgen.measure.bench import Bench
from reportgen.oracle.arrays import finders
from reportgen.oracle.arrays.polynomials import exact_value
from reportgen.oracle.arrays.scans import by_lane
from reportgen.oracle.cache import CachedOracle
from tests.normcases import arrays_of, assert_is, generated, solved

FAKES = Path(__file__).resolve().parent / "fakes"
MODERATE = st.floats(-1e100, 1e100, allow_nan=False)


# -- scans ------------------------------------------------------------------------------------------------
@given(st.lists(st.floats(allow_nan=False, allow_infinity=False), min_size=1, max_size=30))
def test_cumulative_sums_are_those_of_fractions(values: list[float]) -> None:
    found = solved("cumsum", arrays_of(values, axis=0))
    for i, total in enumerate(accumulate(map(Fraction, values))):
        assert_is(found.exact, i, total)
    assert found.exact.either_zero.tolist() == [not any(values[: i + 1]) for i in range(len(values))]


@given(st.lists(MODERATE, min_size=1, max_size=20))
def test_cumulative_products_are_those_of_rationals(values: list[float]) -> None:
    found = solved("cumprod", arrays_of(values, axis=0))
    for i, wanted in enumerate(accumulate((gmpy2.mpq(*v.as_integer_ratio()) for v in values), mul)):
        if wanted == 0:
            assert found.exact.hi[i] == 0
        elif abs(wanted) > gmpy2.mpq(2) ** -8000:
            assert_is(found.exact, i, Fraction(int(wanted.numerator), int(wanted.denominator)))


@pytest.mark.parametrize("axis", [0, 1, 2, -1])
def test_scans_run_along_their_axis_in_every_lane(axis: int) -> None:
    arrays = generated("mixed", (3, 4, 5), "float32", axis)
    x = arrays.values["x"]
    for name, numpy in (("cumsum", np.cumsum), ("cumprod", np.cumprod)):
        found = solved(name, arrays)
        assert found.shape == (3, 4, 5)
        assert np.allclose(found.exact.hi, numpy(x, axis=axis).reshape(-1), rtol=1e-13, atol=1e-13)
    sizes = np.cumsum(np.abs(x), axis=axis).reshape(-1)
    assert np.allclose(solved("cumsum", arrays).condition, sizes, rtol=1e-12)


def test_a_long_scan_is_settled_at_both_ends_and_some_places_between() -> None:
    arrays = generated("positive", (50_000,), "float64", 0)
    for name in ("cumsum", "cumprod"):
        few = solved(name, arrays, 40)
        assert len(few.positions) == 40
        assert {0, 49_999} <= set(few.positions.tolist())
    found = solved("cumsum", arrays, 40)
    values = arrays.values["x"].tolist()
    for i, position in enumerate(found.positions.tolist()):
        assert found.exact.hi[i] == math.fsum(values[: position + 1])


def test_lanes_and_places_of_positions_are_those_of_unravel_index() -> None:
    positions = np.array([0, 7, 9, 23, 59])
    seen = {}
    for lane, ends, place in by_lane((3, 4, 5), 1, positions):
        for end, at in zip(ends.tolist(), place.tolist(), strict=True):
            seen[int(positions[at])] = (lane, end)
        assert (np.diff(ends) > 0).all()
    for position, (lane, end) in seen.items():
        i, j, k = np.unravel_index(position, (3, 4, 5))
        assert (lane, end) == (i * 5 + k, j)
    assert len(seen) == len(positions)


def test_special_numbers_hold_from_their_place_on() -> None:
    found = solved("cumsum", arrays_of([1.0, math.inf, 2.0, -math.inf, 3.0], axis=0))
    assert found.exact.hi[:3].tolist() == [1.0, math.inf, math.inf]
    assert np.isnan(found.exact.hi[3:]).all()
    assert np.isnan(found.condition).tolist() == [False, True, True, True, True]
    found = solved("cumprod", arrays_of([2.0, -0.0, -3.0, math.inf, 1.0], axis=0)).exact
    assert found.hi[:3].tolist() == [2.0, 0.0, 0.0]
    assert np.signbit(found.hi[1:3]).tolist() == [True, False]
    assert np.isnan(found.hi[3:]).all()
    assert np.isnan(solved("cumsum", arrays_of([math.nan, 1.0], axis=0)).exact.hi).all()


# -- segments ---------------------------------------------------------------------------------------------
@given(st.lists(st.tuples(MODERATE, st.integers(0, 4)), max_size=40))
def test_sums_of_segments_are_those_of_a_dictionary(pairs: list[tuple[float, int]]) -> None:
    x, s = np.array([p[0] for p in pairs], np.float64), np.array([p[1] for p in pairs], np.int64)
    operands = (Operand("x", "mixed", x.shape), Operand("s", "segments", s.shape, "int32"))
    arrays = Arrays(Problem("p", "", operands, (("k", 6),)), "float64", 0, {"x": x, "s": s})
    found = finders()["segment_sum"](arrays, 100)[""]
    totals = dict.fromkeys(range(6), Fraction(0))
    for value, segment in pairs:
        totals[segment] += Fraction(value)
    for segment, total in totals.items():
        assert_is(found.exact, segment, total)


def test_a_nan_reaches_its_own_segment_only() -> None:
    found = finders()["segment_sum"](made(table.SORTED[-2], "float32", 0), 100)[""]
    assert np.isnan(found.exact.hi).tolist() == [False, False, False, True, False, False, False]
    assert table.SEGMENTS == SEGMENTS


@given(st.lists(st.floats(allow_nan=False), min_size=6, max_size=40), st.randoms())
def test_the_largest_of_segments_are_those_of_python(values: list[float], random) -> None:
    segments = [0, 1, 2, *(random.randrange(3) for _ in values[3:])]
    random.shuffle(segments)
    operands = (Operand("x", "mixed", (len(values),)), Operand("s", "segments", (len(values),), "int32"))
    held = {"x": np.array(values), "s": np.array(segments)}
    arrays = Arrays(Problem("p", "", operands, (("k", 3),)), "float64", 0, held)
    found = finders()["segment_max"](arrays, 100)[""].exact.hi
    assert found.tolist() == [max(v for v, s in zip(values, segments, strict=True) if s == k) for k in range(3)]
    empty = dataclasses.replace(arrays, problem=dataclasses.replace(arrays.problem, parameters=(("k", 4),)))
    with pytest.raises(ValueError, match="segment 3 has no elements"):
        finders()["segment_max"](empty, 100)


def test_a_nan_is_the_largest_of_its_own_segment_only() -> None:
    arrays = made(table.LARGEST[-1], "float32", 0)
    found = finders()["segment_max"](arrays, 100)[""]
    assert np.isnan(found.exact.hi).sum() == 1
    wanted = np.full(table.SEGMENTS, -np.inf)
    with np.errstate(invalid="ignore"):
        np.maximum.at(wanted, arrays.values["s"].astype(int), arrays.values["x"])
    assert np.array_equal(found.exact.hi, wanted, equal_nan=True)


# -- polynomials ------------------------------------------------------------------------------------------
@given(st.lists(st.floats(-1e9, 1e9), min_size=1, max_size=8), st.floats(-1e3, 1e3))
def test_polynomials_are_those_of_powers_of_fractions(coefficients: list[float], at: float) -> None:
    value, exponent = exact_value(coefficients, at)
    wanted = sum(Fraction(c) * Fraction(at) ** (len(coefficients) - 1 - i) for i, c in enumerate(coefficients))
    assert value * Fraction(2) ** exponent == wanted


def test_polynomials_and_their_conditions_are_those_of_mpmath() -> None:
    arrays = made(table.POLYNOMIALS[3], "float64", 0)
    found = finders()["polyval"](arrays, 50)[""]
    with mpmath.workprec(400):
        for i, position in enumerate(found.positions.tolist()):
            x = mpmath.mpf(float(arrays.values["x"][position]))
            assert found.exact.hi[i] == float((x - 1) ** 10)
            assert found.condition[i] == pytest.approx(float((abs(x) + 1) ** 10), rel=1e-12)
    nan = finders()["polyval"](made(table.POLYNOMIALS[4], "float64", 0), 1000)[""]
    assert np.flatnonzero(np.isnan(nan.exact.hi)).tolist() == [500]
    assert np.flatnonzero(np.isnan(nan.condition)).tolist() == [500]


# -- planted libraries and known cases --------------------------------------------------------------------
PLANTED = TargetSpec("planted", "numpy", env=(("PYTHONPATH", str(FAKES)),))


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory):
    with Bench([PLANTED], tmp_path_factory.mktemp("bench")) as opened:
        assert opened.hello("planted").ok
        yield opened


@pytest.fixture
def measured(bench, monkeypatch):
    def measure(name, program, dtype, *tried):
        row = dataclasses.replace(array_rows()[name], programs=(("numpy", program),), problems=tried)
        monkeypatch.setattr(cases, "array_rows", lambda: {name: row})
        case = Case("test", name, "reduction", dtype, InputSpec("arrays", "array"), ("planted",))
        result = cases.measure_arrays(case, all_rows()[name], bench, CachedOracle(None))
        assert {r["status"] for r in result["rows"]} == {"ok"}
        return {r["case"]: r for r in result["rows"] if r["regime"] == "all"}, result["special"]

    return measure


LINE = table.scanned(problem("a line", "positive", (3000,)))
SPECIALS = table.CUMSUMS[-4:]


@pytest.mark.parametrize(
    ("function", "right"),
    [("numpy.cumsum", True), ("planted_reductions.drifting_cumsum", True),
     ("planted_reductions.cumsum_forgets_after_a_thousand", False)],
)  # fmt: skip
def test_a_scan_that_begins_anew_is_told_from_one_that_rounds(measured, function: str, right: bool) -> None:
    row = measured("cumsum", f"{function}(x, axis=axis)", "float32", LINE)[0]["positive-3000"]
    assert row["samples"] == 1000
    assert (row["bound_ratio"] < 3000) == right
    if not right:
        assert int(row["worst_context"].removeprefix("element (").removesuffix(")")) >= 1000


def test_cumulative_sums_of_a_clean_library_keep_to_the_rules(measured) -> None:
    _, special = measured("cumsum", "numpy.cumsum(x, axis=axis)", "float32", *SPECIALS)
    assert len(special) == 4
    assert all(r["agrees"] for r in special)
    _, special = measured("cumsum", "planted_reductions.drifting_cumsum(x, axis=axis)", "float32", *SPECIALS)
    assert [r["agrees"] for r in special] == [1, 1, 1, 0]


def test_a_running_sum_drifts_and_stagnates(measured) -> None:
    """NumPy's cumulative sum of float32 numbers errs more and more; one of 16-bit ones stops."""
    long, short = (table.scanned(problem("a line", "positive", (n,))) for n in (10**6, 1000))
    rows, _ = measured("cumsum", "numpy.cumsum(x, axis=axis)", "float32", long, short)
    assert rows["positive-1000000"]["bound_ratio"] > 10 * rows["positive-1000"]["bound_ratio"]
    ones = table.scanned(problem("ones", "ones", (3000,)))
    rows, _ = measured("cumsum", "numpy.cumsum(x, axis=axis)", "bfloat16", ones)
    assert rows["ones-3000"]["worst_output"] == (256.0).hex()


def test_segments_and_polynomials_of_planted_libraries_are_found(measured) -> None:
    tried = (table.SORTED[1],)
    clean = measured("segment_sum", array_rows()["segment_sum"].program("numpy"), "float64", *tried)[0].popitem()[1]
    wrong = measured("segment_sum", "planted_reductions.segments_shifted(x, s, k)", "float64", *tried)[0].popitem()[1]
    assert clean["bound_ratio"] < 10 < 1e10 < wrong["bound_ratio"]
    tried = (table.POLYNOMIALS[2], table.POLYNOMIALS[3], table.POLYNOMIALS[4])
    rows, special = measured("polyval", "numpy.polyval(c, x)", "float32", *tried)
    assert all(r["bound_ratio"] < 20 for r in rows.values())
    assert rows["binomial-10-beside-one"]["condition"] > 1e6
    assert [r["agrees"] for r in special] == [1]
    rows, _ = measured("polyval", "planted_reductions.reversed_polyval(c, x)", "float32", *tried)
    assert rows["mixed-50-unit-interval"]["bound_ratio"] > 1e5
