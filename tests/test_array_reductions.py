"""Sums, means, products, selections: exact results against other sources, planted libraries, the known cases."""

from __future__ import annotations

import dataclasses
import math
from fractions import Fraction
from functools import reduce
from itertools import permutations, product
from pathlib import Path

import gmpy2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reportgen.catalogue import reductionproblems as problems
from reportgen.catalogue.arrayrows import array_rows
from reportgen.catalogue.rows import all_rows
from reportgen.core.floats import FORMATS, Exact
from reportgen.core.generated import combined
from reportgen.core.model import Case, InputSpec, TargetSpec
from reportgen.measure.arrays import case as cases
from reportgen.measure.arrays.elements import LARGEST, bound_ratio
from reportgen.measure.bench import Bench
from reportgen.measure.judging import sizes_of
from reportgen.oracle.arrays import sums
from reportgen.oracle.arrays.factors import integers_of, tree
from reportgen.oracle.cache import CachedOracle
from reportgen.oracle.exact import exact_value
from reportgen.oracle.rationals import put
from reportgen.oracle.settle import settle_rational
from tests.normcases import arrays_of, assert_is, generated, solved

FAKES = Path(__file__).resolve().parent / "fakes"
DTYPES = ("float16", "bfloat16", "float32", "float64")
NUMBERS = st.floats(allow_nan=False, allow_infinity=False)


# -- sums and means: Python's fractions, math.fsum, MPFR's rationals ---------------------------------------
@given(st.lists(NUMBERS, max_size=40))
def test_sums_are_those_of_fractions_whatever_the_sizes_of_the_numbers(values: list[float]) -> None:
    found = solved("sum", arrays_of(values))
    assert_is(found.exact, 0, sum(map(Fraction, values), Fraction(0)))
    size = sum((abs(Fraction(v)) for v in values), Fraction(0))
    if size < Fraction(1.7e308):
        assert found.condition[0] == pytest.approx(float(size), rel=1e-12)
    elif size > Fraction("1.8e308"):
        assert np.isnan(found.condition[0])


@given(st.lists(NUMBERS, min_size=1, max_size=30))
def test_means_are_those_of_rationals(values: list[float]) -> None:
    found = solved("mean", arrays_of(values))
    total = reduce(lambda a, b: a + b, (gmpy2.mpq(*v.as_integer_ratio()) for v in values))
    wanted = total / len(values)
    assert_is(found.exact, 0, Fraction(int(wanted.numerator), int(wanted.denominator)))


def test_a_million_numbers_are_added_as_fsum_adds_them_twice() -> None:
    for data in ("positive", "mixed", "cancelling"):
        arrays = generated(data, (10**6 + 7,), "float64", None)
        found = solved("sum", arrays).exact
        assert (found.hi[0], found.lo[0], found.rem[0]) == sums.exact_sum(arrays.values["x"].tolist())


@pytest.mark.parametrize("axis", [0, 1, 2, -1, None])
def test_axes_are_combined_as_loops_do_it(axis: int | None) -> None:
    arrays = generated("mixed", (3, 4, 5), "float64", axis)
    x = arrays.values["x"]
    found = solved("mean", arrays)
    lanes = [x.reshape(-1)] if axis is None else np.moveaxis(x, axis, -1).reshape(-1, x.shape[axis])
    assert found.shape == ((3, 4, 5) if axis is None else np.empty((3, 4, 5)).sum(axis=axis).shape) or axis is None
    for i, lane in enumerate(lanes):
        assert exact_value(found.exact[i : i + 1]) == pytest.approx(sum(map(Fraction, lane.tolist())) / len(lane))
        assert found.condition[i] == pytest.approx(np.abs(lane).mean(), rel=1e-12)


@pytest.mark.parametrize("triple", list(product([math.nan, math.inf, -math.inf, 0.0, -0.0, 1.0, -2.0], repeat=3)))
def test_nan_infinities_and_zeros_add_up_as_ieee_754_adds_them_in_every_order(triple: tuple[float, ...]) -> None:
    found = solved("sum", arrays_of(triple)).exact
    for values in permutations(triple):
        wanted = (values[0] + values[1]) + values[2]
        assert found.hi[0] == wanted or (math.isnan(wanted) and math.isnan(found.hi[0]))
        if wanted == 0 and not found.either_zero[0]:
            assert math.copysign(1.0, wanted) == math.copysign(1.0, found.hi[0])


def test_nothing_adds_up_to_zero_and_has_no_mean() -> None:
    assert solved("sum", arrays_of([])).exact.hi.tolist() == [0.0]
    assert np.isnan(solved("mean", arrays_of([])).exact.hi[0])
    assert solved("prod", arrays_of([])).exact.hi.tolist() == [1.0]
    assert len(solved("max", arrays_of([])).positions) == len(solved("argmin", arrays_of([])).positions) == 0


# -- products: MPFR's rationals ---------------------------------------------------------------------------
@given(st.lists(NUMBERS, max_size=30))
def test_products_are_those_of_rationals(values: list[float]) -> None:
    found = solved("prod", arrays_of(values)).exact
    wanted = reduce(lambda a, b: a * b, (gmpy2.mpq(*v.as_integer_ratio()) for v in values), gmpy2.mpq(1))
    if wanted == 0:
        sign = reduce(lambda a, b: a * b, (math.copysign(1.0, v) for v in values), 1.0)
        assert (found.hi[0], math.copysign(1.0, found.hi[0])) == (0.0, sign)
    elif abs(wanted) < gmpy2.mpq(2) ** 9000 and abs(wanted) > gmpy2.mpq(2) ** -9000:
        assert_is(found, 0, Fraction(int(wanted.numerator), int(wanted.denominator)))


def test_a_product_of_thousands_is_that_of_a_running_one() -> None:
    arrays = generated("near-one", (3000,), "float64")
    factors, exponent = integers_of(arrays.values["x"])
    running = gmpy2.mpz(1)
    for value in arrays.values["x"].tolist():
        running *= gmpy2.mpq(value) * 2**60
    assert gmpy2.mpq(tree(factors)) * gmpy2.mpq(2) ** (exponent + 60 * 3000) == running
    found = solved("prod", arrays)
    assert found.condition[0] == pytest.approx(3000 * abs(found.exact.hi[0]))


@pytest.mark.parametrize("triple", list(product([math.nan, math.inf, -math.inf, 0.0, -0.0, 3.0, -2.0], repeat=3)))
def test_special_factors_multiply_as_ieee_754_multiplies_them(triple: tuple[float, ...]) -> None:
    found = solved("prod", arrays_of(triple)).exact
    wanted = triple[0] * triple[1] * triple[2]
    assert found.hi[0] == wanted or (math.isnan(wanted) and math.isnan(found.hi[0]))
    if wanted == 0:
        assert math.copysign(1.0, wanted) == math.copysign(1.0, found.hi[0])


# -- selections: loops in plain Python ---------------------------------------------------------------------
@pytest.mark.parametrize("triple", list(product([math.nan, math.inf, -math.inf, 0.0, -0.0, 1.0, -2.0], repeat=3)))
def test_extremes_and_their_places_are_those_of_a_loop(triple: tuple[float, ...]) -> None:
    arrays = arrays_of(triple)
    for name, choose in (("max", max), ("min", min)):
        extreme, place = solved(name, arrays), solved(f"arg{name}", arrays)
        if any(map(math.isnan, triple)):
            assert np.isnan(extreme.exact.hi[0])
            assert len(place.positions) == 0
            continue
        best = choose(triple)
        zeros = {math.copysign(1.0, v) for v in triple if v == best == 0}
        assert extreme.exact.hi[0] == best
        assert extreme.exact.either_zero[0] == (len(zeros) == 2)
        assert place.exact.hi[0] == triple.index(best)
        assert bool(place.extra.get("ties")) == (triple.count(max(triple)) > 1 or triple.count(min(triple)) > 1)
    assert solved("count_nonzero", arrays).exact.hi[0] == sum(v != 0 for v in triple)


# -- marks ------------------------------------------------------------------------------------------------
def marks(name: str, values: list[float], dtype: str) -> set[str]:
    return set(solved(name, arrays_of(values, dtype)).extra)


def test_overflow_on_the_way_is_seen_where_parts_leave_the_range_and_the_result_does_not() -> None:
    assert marks("sum", [60000.0, 60000.0, -60000.0], "float16") == {"overflow on the way"}
    assert marks("mean", [60000.0, 60000.0], "float16") == {"overflow on the way"}
    assert marks("sum", [60000.0, 60000.0], "float16") == set()
    assert marks("sum", [60000.0, -60000.0], "float16") == set()
    assert marks("mean", [1e308, 1e308], "float64") == {"overflow on the way"}
    assert marks("prod", [300.0, 300.0, 0.001], "float16") == {"overflow on the way"}
    assert marks("prod", [300.0, 300.0], "float16") == set()
    assert marks("prod", [2.0**-20, 2.0**-20, 2.0**15, 2.0**20], "float16") == {"underflow on the way"}
    assert marks("prod", [2.0**-20, 2.0**-20], "float16") == set()


@pytest.mark.parametrize("dtype", DTYPES)
def test_named_data_are_what_they_say(dtype: str) -> None:
    fmt = FORMATS[dtype]
    cancelling = solved("sum", generated("cancelling", (1000,), dtype))
    amplification = cancelling.condition[0] / abs(cancelling.exact.hi[0])
    assert 2.0 ** (fmt.p - 5) < amplification < 2.0 ** (fmt.p + 12)
    assert solved("sum", generated("huge-cancelling", (63,), dtype)).extra
    assert solved("mean", generated("near-largest", (64,), dtype)).extra
    for data, mark in (("product-up-down", "overflow on the way"), ("product-down-up", "underflow on the way")):
        found = solved("prod", generated(data, (64,), dtype))
        assert mark in found.extra
        assert 0.1 < abs(found.exact.hi[0]) < 10
    tiny = generated("tiny-steps", (1000,), dtype).values["x"]
    assert fmt.is_subnormal(tiny).all()
    assert len(set(generated("some-tiny", (999,), dtype).values["x"].tolist())) > 10
    assert 1e-3 < abs(solved("prod", generated("near-one", (1000,), dtype)).exact.hi[0]) < 1e3


def test_binomial_coefficients_and_segments_are_those_of_a_loop() -> None:
    assert combined.binomial(None, (11,), None).tolist() == [math.comb(10, k) * (-1) ** k for k in range(11)]
    assert combined.segments(None, (14,), None).tolist() == [i // 2 for i in range(14)]
    assert combined.segments_mixed(None, (14,), None).tolist() == [*range(7), *range(7)]


# -- planted libraries and known cases --------------------------------------------------------------------
PLANTED = TargetSpec("planted", "numpy", env=(("PYTHONPATH", str(FAKES)),))


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory):
    with Bench([PLANTED], tmp_path_factory.mktemp("bench")) as opened:
        assert opened.hello("planted").ok
        yield opened


@pytest.fixture
def measured(bench, monkeypatch):
    """Measure one function: rows of all regimes by case, and the findings."""

    def measure(name, program, dtype, *tried):
        row = dataclasses.replace(array_rows()[name], programs=(("numpy", program),), problems=tried)
        monkeypatch.setattr(cases, "array_rows", lambda: {name: row})
        case = Case("test", name, "reduction", dtype, InputSpec("arrays", "array"), ("planted",))
        result = cases.measure_arrays(case, all_rows()[name], bench, CachedOracle(None))
        assert {r["status"] for r in result["rows"]} <= {"ok"}
        return {r["case"]: r for r in result["rows"] if r["regime"] == "all"}, result["special"]

    return measure


COLUMN = problems.combined("a column", "positive", (5000, 2), 0)
LINE = problems.combined("a line", "positive", (5000,))


def test_a_running_sum_is_told_from_a_pairwise_and_from_an_exact_one(measured) -> None:
    ratios = {
        name: measured("sum", f"planted_reductions.{name}(x, axis=axis)", "float32", LINE)[0]["positive-5000"]
        for name in ("clean_sum", "pairwise_sum", "running_sum")
    }
    assert ratios["clean_sum"]["bound_ratio"] < 1.0001
    assert ratios["clean_sum"]["correctly_rounded"] == 1
    assert ratios["running_sum"]["bound_ratio"] > 4 * ratios["pairwise_sum"]["bound_ratio"]
    assert ratios["running_sum"]["condition"] == pytest.approx(1.0)


def test_errors_below_the_smallest_float64_are_none_that_are_not_there() -> None:
    fmt, tiny = FORMATS["float64"], Fraction(1, 2**1074)
    y = Exact.empty(1)
    put(y, 0, settle_rational((tiny * 1001 / 2).numerator, (tiny * 1001 / 2).denominator))
    computed = np.array([float(tiny * 500)])
    absolute, relative = sizes_of(computed, y)
    assert absolute[0] == float(tiny)
    assert relative[0] == pytest.approx(1 / 1001, rel=1e-12)
    assert bound_ratio(computed, y, np.array([float(tiny * 500)]), fmt) == 1.0
    exact = sizes_of(np.array([3.0]), Exact.of_values(np.array([3.0])))
    assert (exact[0][0], exact[1][0]) == (0.0, 0.0)
    far = sizes_of(np.array([1.0]), y)
    assert (far[0][0], far[1][0]) == (1.0, math.inf)


SPECIALS = (problems.NANS[0], *problems.NANS[1:], problems.INFINITE, problems.BOTH_INFINITIES, problems.ZEROS,
            problems.TINY, problems.EMPTY, problems.combined("huge", "huge-cancelling", (63,)))  # fmt: skip


@pytest.mark.parametrize(
    ("name", "wrong"),
    [
        ("clean_sum", set()),
        ("deaf_sum", {"nan-first", "nan-middle", "nan-last"}),
        ("flushing_sum", {"tiny-steps"}),
        ("running_sum", set()),  # its infinity is what the order gives
    ],
)
def test_special_cases_of_sums_are_found_and_clean_ones_are_silent(measured, name: str, wrong: set[str]) -> None:
    _, special = measured("sum", f"planted_reductions.{name}(x, axis=axis)", "float32", *SPECIALS)
    assert {r["input"].split(":")[1] for r in special if not r["agrees"]} == wrong
    assert len(special) == len(SPECIALS)
    assert all(r["sentence"] and r["source"] for r in special)


def test_a_mean_that_overflows_on_the_way_is_wrong_and_a_sum_or_product_has_its_order(measured) -> None:
    largest = problems.combined("near the largest", "near-largest", (64,))
    for name, program, problem, then, agrees in (
        ("mean", "numpy.mean(x, axis=axis)", largest, "0x", 0),
        ("mean", "(numpy.mean(x / 128, axis=axis)) * 128", largest, "0x", 1),
        ("sum", "numpy.sum(x, axis=axis)", problems.combined("", "huge-cancelling", (63,)), "unspecified", 1),
        ("prod", "numpy.prod(x, axis=axis)", problems.combined("", "product-up-down", (64,)), "unspecified", 1),
    ):  # fmt: skip
        _, (row,) = measured(name, program, "float32", problem)
        assert row["expected"].startswith(then)
        assert (row["agrees"], row["got"] in ("inf", "nan")) == (agrees, program[0] != "(")


@pytest.mark.parametrize(
    ("program", "wrong"),
    [
        ("numpy.max(x, axis=axis)", set()),
        ("numpy.fmax.reduce(x, axis=axis)", {"nan-first", "nan-middle", "nan-last", "nan-and-infinities"}),
        ("planted_reductions.clean_max(x, axis=axis)", set()),
        ("planted_reductions.max_blind_to_the_first(x, axis=axis)", {"nan-first"}),
    ],
)
def test_the_maximum_with_nan_infinities_zeros_and_nothing(measured, program: str, wrong: set[str]) -> None:
    rows, special = measured("max", program, "float32", *problems.EXTREMES)
    assert {r["input"].split(":")[1] for r in special if not r["agrees"]} == wrong
    mismatched = {c for c, r in rows.items() if r["special_mismatches"]}
    assert mismatched == {c for c in rows if any(c.startswith(name) for name in wrong)}
    refused = [r for r in special if r["input"].startswith("gen:positive:0:0")]
    assert [r["got"].startswith("refused: ValueError") for r in refused] == [True]
    assert refused[0]["expected"] == "unspecified"


def test_the_sign_of_a_zero_that_all_share_is_judged(measured) -> None:
    same = problems.combined("zeros", "all-zero", (8,))
    rows, _ = measured("max", "planted_reductions.negated_zero_max(x, axis=axis)", "float32", same)
    assert rows["all-zero-8"]["special_mismatches"] == 1


def test_ties_and_subnormals_decide_places(measured) -> None:
    tried = array_rows()["argmax"].problems[4:6]
    _, clean = measured("argmax", "numpy.argmax(x, axis=axis)", "float32", *tried)
    assert [r["agrees"] for r in clean] == [1, 1]
    rows, last = measured("argmax", "planted_reductions.last_argmax(x, axis=axis)", "float32", tried[0])
    assert [r["agrees"] for r in last] == [0]
    assert rows["few-values-1000"]["correctly_rounded"] == 0
    _, flushed = measured("argmax", "planted_reductions.flushing_argmax(x, axis=axis)", "float32", *tried)
    assert [r["agrees"] for r in flushed] == [1, 0]


def test_what_numpy_is_known_to_do_is_found(measured) -> None:
    """A column is added by a running sum, a line pairwise; 16-bit columns are added in their own dtype."""
    column = measured("mean", "numpy.mean(x, axis=axis)", "float32", problems.LONG_COLUMNS)[0].popitem()[1]
    line = measured("mean", "numpy.mean(x, axis=axis)", "float32", problems.ALL_SIZES[4])[0].popitem()[1]
    assert column["bound_ratio"] > 50 * line["bound_ratio"]
    ones = tuple(p for p in problems.SUMS if p.name.startswith("ones"))
    half, _ = measured("sum", "numpy.sum(x, axis=axis)", "float16", *ones)
    assert half["ones-3000"]["max_ulp"] == 0
    assert half["ones-3000x4-axis0"]["worst_output"] == (2048.0).hex()
    brain, _ = measured("sum", "numpy.sum(x, axis=axis)", "bfloat16", *ones)
    assert brain["ones-3000x4-axis0"]["worst_output"] == (256.0).hex()


def test_no_result_is_asked_to_be_nearer_than_half_a_subnormal_step() -> None:
    fmt, tiny = FORMATS["float32"], 2.0**-149
    y = Exact.of_values(np.array([0.25 * tiny, 0.25 * tiny, 0.0]))
    computed = np.array([0.0, 3 * tiny, 0.0])
    condition = np.array([0.25 * tiny, 0.25 * tiny, 0.0])
    assert bound_ratio(computed[:1], y[:1], condition[:1], fmt) == 0.5  # half a step off would be 1
    assert bound_ratio(computed, y, condition, fmt) == 5.5
    assert bound_ratio(np.array([tiny]), y[2:], condition[2:], fmt) == LARGEST  # C = 0 demands the exact result
