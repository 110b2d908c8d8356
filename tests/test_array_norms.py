"""Variances, norms, log-sum-exps and softmax: exact results against other formulas, the judge, planted libraries."""

from __future__ import annotations

import dataclasses
import math
import statistics
from fractions import Fraction
from pathlib import Path

import gmpy2
import mpmath
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reportgen.catalogue import normproblems as problems
from reportgen.catalogue import norms as table
from reportgen.catalogue.arraypatterns import is_then, is_when
from reportgen.catalogue.arrayrows import array_rows
from reportgen.catalogue.rows import all_rows
from reportgen.core.floats import FORMATS, Exact
from reportgen.core.model import Case, InputSpec, TargetSpec
from reportgen.core.problems import made
from reportgen.measure.arrays import case as cases
from reportgen.measure.arrays import elements
from reportgen.measure.bench import Bench
from reportgen.oracle.arrays import finders
from reportgen.oracle.arrays.moments import Powers, settle_root
from reportgen.oracle.cache import CachedOracle
from reportgen.oracle.settle import settle_rational
from tests.normcases import arrays_of, assert_is, generated, solved

FAKES = Path(__file__).resolve().parent / "fakes"
DTYPES = ("float16", "bfloat16", "float32", "float64")


# -- variances and norms: Python's statistics module in rationals, MPFR for roots --------------------------
def root_of(value: Fraction):
    """The square root by MPFR at 5000 bits (not by integers)."""
    with gmpy2.context(precision=5000, emin=gmpy2.get_emin_min(), emax=gmpy2.get_emax_max()):
        root = gmpy2.sqrt(gmpy2.mpfr(value.numerator) / gmpy2.mpfr(value.denominator))
    with mpmath.workprec(6000):
        return mpmath.mpf(gmpy2.mpz(root.as_mantissa_exp()[0])) * mpmath.mpf(2) ** int(root.as_mantissa_exp()[1])


def rationals(lane):
    return [Fraction(v) for v in lane.tolist()]


DATA = ("mixed", "positive", "large-mean", "tenths", "squares-overflow", "squares-underflow")


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("data", DATA)
def test_variances_and_norms_against_statistics_and_mpfr(data, dtype):
    arrays = generated(data, (23,), dtype)
    x = rationals(arrays.values["x"])
    spread = statistics.pvariance(x)
    assert_is(solved("var", arrays).exact, 0, spread)
    assert_is(solved("std", arrays).exact, 0, root_of(spread))
    assert_is(solved("norm", arrays).exact, 0, root_of(sum(v * v for v in x)))
    assert_is(solved("norm1", arrays).exact, 0, sum(map(abs, x)))


@pytest.mark.parametrize("axis", [0, 1, -1])
def test_lanes_lie_along_the_axis(axis):
    arrays = generated("mixed", (3, 4), "float32", axis)
    x = arrays.values["x"]
    for name, formula in (("var", statistics.pvariance), ("norm1", lambda lane: sum(map(abs, lane)))):
        found = solved(name, arrays)
        assert found.shape == tuple(np.var(x, axis=axis).shape)
        for i, lane in enumerate(np.moveaxis(x, axis, -1)):
            assert_is(found.exact, i, formula(rationals(lane)))


def test_extreme_numbers_are_accumulated_exactly():
    values = np.array([5e-324, 1.7976931348623157e308, -2.2250738585072014e-308, 1.0, 3e-320, -1e300])
    powers = Powers.of(values)
    x = rationals(values)
    assert (powers.n, powers.first, powers.size) == (6, sum(x), sum(map(abs, x)))
    assert powers.second == sum(v * v for v in x)


def test_pieces_add_up():
    """More numbers than are accumulated at once; the sums by integers that a dot product of int64 cannot overflow."""
    rng = np.random.default_rng(1)
    whole = rng.integers(-1000, 1000, 600_001)
    powers = Powers.of(whole / 8.0)
    assert powers.first == Fraction(int(whole.sum()), 8)
    assert powers.second == Fraction(int((whole * whole).sum()), 64)


@given(st.fractions(min_value=0, max_value=10**12, max_denominator=10**12))
def test_a_root_is_the_root(value):
    point = settle_root(value)
    got = (Fraction(point.hi) + Fraction(point.lo)) * Fraction(2) ** point.exp2
    if point.rem == 0:
        assert got * got == value
    else:
        assert (got * got < value) == (point.rem > 0)
        assert abs(got * got - value) <= value * Fraction(1, 2**104)


def test_roots_that_are_numbers_are_exact():
    assert settle_root(Fraction(25)) == settle_rational(5, 1)
    assert settle_root(Fraction(9, 4)) == settle_rational(3, 2)
    assert settle_root(Fraction(1, 9)) == settle_rational(1, 3)
    assert settle_root(Fraction(2) ** 3000) == settle_rational(2**1500, 1)
    long = Fraction((1 << 400) + 1)
    assert settle_root(long * long) == settle_rational(long.numerator, 1)


def test_the_variance_of_equal_numbers_is_zero_and_its_condition_is_not():
    arrays = generated("tenths", (50,), "float32")
    tenth, u = float(np.float32(0.1)), 2.0**-24
    for name, condition in (("var", u * tenth**2), ("std", tenth)):
        found = solved(name, arrays)
        assert (found.exact.hi[0], found.exact.lo[0], found.exact.rem[0]) == (0.0, 0.0, 0)
        assert not np.signbit(found.exact.hi[0])
        assert found.condition[0] == pytest.approx(condition, rel=1e-12)


@pytest.mark.parametrize("dtype", DTYPES)
def test_the_conditions_of_spreads_are_reached(dtype):
    """Data changed towards x − x̄ by δ‖x‖ in the 2-norm change σ by δ·C and σ² by as much as κ says."""
    x = generated("large-mean", (40,), dtype).values["x"]
    u = 2.0 ** -FORMATS[dtype].p
    arrays = arrays_of(x, dtype)

    def sigma(values):
        mean = mpmath.fsum(values) / len(values)
        return mpmath.sqrt(mpmath.fsum([(t - mean) ** 2 for t in values]) / len(values))

    with mpmath.workdps(60):
        v = [mpmath.mpf(t) for t in x.tolist()]
        mean, length = mpmath.fsum(v) / len(v), mpmath.norm(v)
        step = u * length / mpmath.norm([t - mean for t in v])
        before, after = sigma(v), sigma([t + step * (t - mean) for t in v])
        assert float((after - before) / u) == pytest.approx(solved("std", arrays).condition[0], rel=1e-9)
        assert float((after**2 - before**2) / u) == pytest.approx(solved("var", arrays).condition[0], rel=1e-9)


def test_conditions_of_norms_and_the_floor():
    arrays = arrays_of([3.0, -4.0], "float16")
    assert solved("norm", arrays).condition[0] == 5.0
    assert solved("norm1", arrays).condition[0] == 7.0
    tiny = arrays_of([2.0**-24], "float16")
    assert solved("norm", tiny).condition[0] == FORMATS["float16"].min_normal


@pytest.mark.parametrize(
    ("values", "results"),
    [
        ([1.0, np.nan, 2.0], dict.fromkeys(("var", "std", "norm", "norm1"), math.nan)),
        ([np.inf, np.nan], dict.fromkeys(("var", "std", "norm", "norm1"), math.nan)),
        ([1.0, -np.inf], {"var": math.nan, "std": math.nan, "norm": math.inf, "norm1": math.inf}),
        ([], {"var": math.nan, "std": math.nan, "norm": 0.0, "norm1": 0.0}),
        ([-0.0], {"var": 0.0, "std": 0.0, "norm": 0.0, "norm1": 0.0}),
    ],
)
def test_what_is_no_number(values, results):
    for name, wanted in results.items():
        found = solved(name, arrays_of(values))
        assert np.array_equal(found.exact.hi, [wanted], equal_nan=True), name
        assert not np.signbit(found.exact.hi[0]) or math.isnan(wanted)
        assert not found.exact.undecided[0]


def test_what_overflows_or_underflows_on_the_way_is_marked():
    def marks(name, values, dtype):
        return {word for word, held in solved(name, arrays_of(values, dtype)).extra.items() if held}

    assert marks("norm", [200.0, 200.0], "float16") == {"overflow on the way"}
    assert marks("norm", [100.0, 100.0], "float16") == set()
    assert marks("norm", [60000.0, 60000.0], "float16") == set()  # the norm itself is beyond
    assert marks("norm", [1e-200, 1e-180], "float64") == {"underflow on the way"}
    assert marks("norm", [1e-200, 1.0], "float64") == set()
    assert marks("norm", [0.0, 0.0], "float64") == set()
    assert marks("var", [60000.0, 60001.0], "float16") == {"overflow on the way"}  # Σx
    assert marks("std", [-300.0, 300.0], "float16") == {"overflow on the way"}  # Σ(x − x̄)²
    assert marks("var", [-300.0, 300.0], "float16") == set()  # the variance itself is beyond
    assert marks("std", [1e-30, -1e-30], "float32") == {"underflow on the way"}
    assert marks("logsumexp", [0.0] * 65520, "float16") == {"overflow on the way"}
    assert marks("logsumexp", [0.0] * 65000, "float16") == set()
    assert marks("logsumexp", [-np.inf, np.inf], "float16") == set()


# -- the judge ---------------------------------------------------------------------------------------------
def test_the_ratio_of_a_tiny_error_to_the_smallest_condition():
    """u times the smallest normal number is no float64: the ratio must not be formed by it."""
    y = Exact.of_values(np.array([5e-324]))
    tiny = FORMATS["float64"].min_normal
    assert elements.bound_ratio(np.array([0.0]), y, np.array([tiny]), FORMATS["float64"]) == 2.0


# -- planted libraries -------------------------------------------------------------------------------------
PLANTED = TargetSpec("planted", "numpy", env=(("PYTHONPATH", str(FAKES)),))
TRIED = {
    "var": ("float32", (("positive", 300), ("large-mean", 300), ("nan-middle", 5))),
    "norm": ("float32", (("mixed", 300), ("squares-overflow", 20), ("squares-underflow", 20), ("nan-middle", 5),
                         ("inf-among-finite", 5))),
    "softmax": ("float64", (("logits", 50), ("logits-huge", 50), ("logits-below", 50))),
    "cumulative_logsumexp": ("float64", (("logits", 50), ("nan-middle", 9))),
}  # fmt: skip


@pytest.fixture(scope="module")
def bench(tmp_path_factory):
    with Bench([PLANTED], tmp_path_factory.mktemp("bench")) as opened:
        assert opened.hello("planted").ok
        yield opened


@pytest.fixture
def measured(bench, monkeypatch):
    def measure(name, function):
        dtype, tried = TRIED[name]
        axis = 0 if name in ("softmax", "cumulative_logsumexp") else None
        row = dataclasses.replace(
            array_rows()[name],
            programs=(("numpy", f"planted_norms.{function}(x, axis=axis)"),),
            problems=tuple(problems.flat(data, n, axis) for data, n in tried),
        )
        monkeypatch.setattr(cases, "array_rows", lambda: {name: row})
        case = Case("test", name, "reduction", dtype, InputSpec("arrays", "array"), ("planted",))
        result = cases.measure_arrays(case, all_rows()[name], bench, CachedOracle(None))
        rows = {r["case"].rpartition("-")[0]: r for r in result["rows"] if r["regime"] == "all"}
        said = {r["input"].split(":")[1]: r["agrees"] for r in result["special"]}
        assert {r["status"] for r in result["rows"]} == {"ok"}
        return rows, said

    return measure


@pytest.mark.parametrize(
    ("name", "function"),
    [("var", "clean_var"), ("norm", "clean_norm"), ("softmax", "clean_softmax"),
     ("cumulative_logsumexp", "clean_scan")],
)  # fmt: skip
def test_clean_functions_are_silent(measured, name, function):
    rows, said = measured(name, function)
    assert set(said.values()) == {1}
    assert not any(r["special_mismatches"] for r in rows.values())
    assert max(r["bound_ratio"] or 0.0 for r in rows.values()) <= 4.0
    if name in ("var", "norm"):
        assert max(r.get("max_ulp") or 0.0 for r in rows.values()) <= 0.5 + 1e-6


def test_a_one_pass_variance_is_found(measured):
    rows, said = measured("var", "one_pass_var")
    assert rows["large-mean"]["bound_ratio"] > 100.0
    assert rows["positive"]["bound_ratio"] < 30.0
    assert said["large-mean"] == 0


def test_a_variance_of_samples_is_found(measured):
    rows, _ = measured("var", "sample_var")
    assert rows["positive"]["max_rel"] == pytest.approx(1 / 299, rel=1e-3)


def test_a_norm_without_scaling_is_found(measured):
    rows, said = measured("norm", "unscaled_norm")
    assert (said["squares-overflow"], said["squares-underflow"]) == (0, 0)
    assert rows["squares-overflow"]["special_mismatches"] == 1
    assert rows["squares-underflow"]["max_rel"] == 1.0
    assert rows["mixed"]["bound_ratio"] < 30.0


def test_a_norm_that_passes_over_nan_is_found(measured):
    rows, said = measured("norm", "deaf_norm")
    assert (said["nan-middle"], said["inf-among-finite"], said["squares-overflow"]) == (0, 0, 1)
    assert rows["nan-middle"]["special_mismatches"] == rows["inf-among-finite"]["special_mismatches"] == 1


def test_a_norm_that_refuses_nan_by_design_does_not_fail(bench, monkeypatch):
    """A spec's own arrays: a refusal that a rule allows is a finding; without a rule it is a failure."""
    detail = (("arrays", ("mixed", "nan", "infinities")), ("sizes", (3,)))
    case = Case("test", "norm", "reduction", "float32", InputSpec("own", "array", detail), ("planted",))
    row = dataclasses.replace(array_rows()["norm"], programs=(("numpy", "planted_norms.choosy_norm(x, axis=axis)"),))
    monkeypatch.setattr(cases, "array_rows", lambda: {"norm": row})
    result = cases.measure_arrays(case, all_rows()["norm"], bench, CachedOracle(None))
    assert {r["status"] for r in result["rows"]} == {"ok"}
    assert {r["case"] for r in result["rows"]} == {"mixed-3"}
    assert len(result["special"]) == 8
    assert all(r["agrees"] and r["got"].startswith("refused: ValueError") for r in result["special"])
    bare = dataclasses.replace(all_rows()["norm"], specials=())
    failed = [r for r in cases.measure_arrays(case, bare, bench, CachedOracle(None))["rows"] if r["status"] != "ok"]
    assert len(failed) == 8


def test_a_scan_that_passes_over_nan_is_found(measured):
    rows, said = measured("cumulative_logsumexp", "deaf_scan")
    assert said["nan-middle"] == 0
    assert rows["nan-middle"]["special_mismatches"] == 5
    assert not rows["logits"]["special_mismatches"]


def test_a_softmax_without_a_shift_is_found(measured):
    rows, said = measured("softmax", "unshifted_softmax")
    assert (said["logits-huge"], said["logits-below"]) == (0, 0)
    assert rows["logits-below"]["special_mismatches"] == 50
    assert rows["logits"]["bound_ratio"] <= 4.0


# -- the catalogue -----------------------------------------------------------------------------------------
def test_every_row_has_programs_a_reference_and_rules_of_the_language():
    for name, row in table.ARRAYS.items():
        function = all_rows()[name]
        assert row.reference in finders()
        names = [p.name for p in row.problems]
        assert len(set(names)) == len(names)
        for library in ("numpy", "tensorflow", "scipy"):
            path = getattr(function, library)
            assert (path is None) == (row.program(library) is None)
            assert path is None or f"{path}" in row.program(library)
        for rule in function.specials:
            assert is_when(rule.when[0])
            assert is_then(rule.then)


def test_programs_compute_what_the_references_say():
    """Every small problem of every row: NumPy's or SciPy's result in double precision beside the exact one."""
    import numpy
    import scipy.linalg
    import scipy.special

    for name, row in table.ARRAYS.items():
        for problem in row.problems:
            unusual = problem.special or problem.elements() > 20_000 or problem.refusable
            if unusual or problem.name.startswith(("squares", "tenths", "log-prob")):
                continue
            arrays = made(problem, "float64", 0)
            said = {"numpy": numpy, "scipy": scipy, **arrays.values, **arrays.parameters}
            computed = np.asarray(eval(row.program("numpy") or row.program("scipy"), said))
            found = solved(row.reference, arrays)
            assert computed.shape == found.shape, (name, problem.name)
            y = np.ldexp(found.exact.hi, found.exact.exp2)
            assert np.allclose(computed.ravel()[found.positions], y, rtol=1e-11, atol=1e-300), (name, problem.name)


@pytest.mark.parametrize("dtype", DTYPES)
def test_data_are_what_their_words_say(dtype):
    fmt = FORMATS[dtype]
    over = generated("squares-overflow", (1000,), dtype).values["x"]
    assert (np.abs(over) ** 2 if dtype != "float64" else np.abs(over) / 2.0**512).min() > (
        fmt.max_finite if dtype != "float64" else 1.0
    )
    assert np.abs(over).max() * math.sqrt(1000) < fmt.max_finite
    under = generated("squares-underflow", (1000,), dtype).values["x"]
    assert fmt.min_normal <= np.abs(under).min()
    assert np.abs(under).max() < math.sqrt(fmt.min_normal)
    mean = generated("large-mean", (1000,), dtype).values["x"]
    assert mean.mean() ** 2 / mean.var() * 2.0**-fmt.p > 4.0
    assert set(generated("tenths", (5,), dtype).values["x"]) == {float(fmt.decode(fmt.encode(np.array([0.1])))[0])} or (
        dtype == "bfloat16"
    )
    huge = generated("logits-huge", (10,), dtype).values["x"]
    assert (huge[0], huge[1]) == (1000.0, -1000.0)
    assert np.abs(huge).max() <= 1000.0
    below = generated("logits-below", (100,), dtype).values["x"]
    assert (np.exp(below) == 0.0).all()
    logs = generated("log-probabilities", (1000,), dtype).values["x"]
    assert abs(math.log(np.exp(logs).sum())) < 1000 * 2.0**-fmt.p


# -- the installed NumPy -----------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("name", "dtype", "problem"),
    [("norm", "float64", problems.flat("squares-overflow", 2)), ("norm", "float16", problems.flat("mixed", 70_000)),
     ("std", "float16", problems.flat("positive", 100_000)), ("norm", "float32", problems.flat("mixed", 1000))],
)  # fmt: skip
def test_verdicts_on_numpy_are_those_of_a_plain_call(tmp_path, monkeypatch, name, dtype, problem):
    """Whether NumPy overflows on the way is asked of NumPy itself: a release that does not is reported as such."""
    row = dataclasses.replace(array_rows()[name], problems=(problem,))
    monkeypatch.setattr(cases, "array_rows", lambda: {name: row})
    case = Case("test", name, "reduction", dtype, InputSpec("arrays", "array"), ("numpy",))
    with Bench([TargetSpec("numpy", "numpy")], tmp_path) as opened:
        result = cases.measure_arrays(case, all_rows()[name], opened, CachedOracle(None))
    x = made(problem, dtype, case.seed).values["x"].astype(dtype)
    with np.errstate(over="ignore", invalid="ignore"):
        plain = {"norm": np.linalg.norm, "std": np.std}[name](x)
    closing = next(r for r in result["rows"] if r["regime"] == "all")
    assert closing["special_mismatches"] == int(not np.isfinite(plain))
    marked = [r["agrees"] for r in result["special"]]
    assert marked == ([] if problem.name == "mixed-1000" else [int(np.isfinite(plain))])
