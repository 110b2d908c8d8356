"""Transforms: exact results against definitions summed by mpmath and rationals, the judge, planted libraries."""

from __future__ import annotations

import dataclasses
import itertools
import math
from fractions import Fraction
from pathlib import Path

import mpmath
import numpy as np
import pytest

from reportgen.catalogue import transforms as table
from reportgen.catalogue.arrayrows import array_rows
from reportgen.catalogue.rows import all_rows
from reportgen.catalogue.supported import dtypes_of
from reportgen.core.dtypes import DTYPES
from reportgen.core.model import Case, InputSpec, TargetSpec
from reportgen.core.problems import Operand, Problem, made
from reportgen.measure.arrays import case as cases
from reportgen.measure.arrays import transforms as judge
from reportgen.measure.arrays.asking import Output
from reportgen.measure.bench import Bench
from reportgen.oracle.arrays.transforms import REFERENCES, conjugates, rational_part
from reportgen.oracle.cache import CachedOracle

FAKES = Path(__file__).resolve().parent / "fakes"
EVERY = 1 << 17


def arrays_of(data, shape, dtype, **parameters):
    problem = Problem("p", data, (Operand("x", data, shape),), tuple(parameters.items()), special="nan" in data)
    return made(problem, dtype, 5)


def solved(name, arrays):
    return REFERENCES[name](arrays, EVERY)[""]


def fractions_of(exact):
    """Exact values as rationals, to 2^-105 or better."""
    hi, lo = ([Fraction(v) for v in part.tolist()] for part in (exact.hi, exact.lo))
    return [(h + low) * Fraction(2) ** int(e) for h, low, e in zip(hi, lo, exact.exp2.tolist(), strict=True)]


# -- the definitions, summed by mpmath ---------------------------------------------------------------------
def complex_sum(x, sign):
    """The n-dimensional transform by its definition, all sums at once, 70 digits; ``x`` nested in no way: an array."""
    out = np.empty(x.shape, object)
    for k in itertools.product(*map(range, x.shape)):
        total = mpmath.mpc(0)
        for j in itertools.product(*map(range, x.shape)):
            turn = sum(Fraction(a * b, n) for a, b, n in zip(j, k, x.shape, strict=True))
            total += mpmath.mpc(x[j]) * mpmath.expjpi(sign * 2 * mpmath.mpf(turn.numerator) / turn.denominator)
        out[k] = total / (x.size if sign > 0 else 1)
    return out


def hermitian(half, sizes):
    """The whole spectrum of a real signal from its half, bin by bin from the symmetry X[−k] = conj X[k].

    Where both halves speak (first and middle bin of the last axis), the mean of the two: what a real part leaves.
    """
    whole = np.empty(sizes, object)
    for k in itertools.product(*map(range, sizes)):
        mirror = tuple(-a % n for a, n in zip(k, sizes, strict=True))
        given = [mpmath.mpc(half[k])] if k[-1] <= sizes[-1] // 2 else []
        if mirror[-1] <= sizes[-1] // 2:
            given.append(mpmath.conj(mpmath.mpc(half[mirror])))
        whole[k] = sum(given) / len(given)
    return whole


def cosine_sum(x, kind):
    """DCT by the definitions in the documentation of scipy.fft.dct."""
    n, pi = len(x), mpmath.pi
    v = [mpmath.mpf(float(a)) for a in x]
    if kind == 1:
        return [v[0] + (-1) ** k * v[-1] + 2 * sum(v[j] * mpmath.cos(pi * k * j / (n - 1)) for j in range(1, n - 1))
                for k in range(n)]  # fmt: skip
    if kind == 2:
        return [2 * sum(v[j] * mpmath.cos(pi * k * (2 * j + 1) / (2 * n)) for j in range(n)) for k in range(n)]
    if kind == 3:
        return [v[0] + 2 * sum(v[j] * mpmath.cos(pi * (2 * k + 1) * j / (2 * n)) for j in range(1, n))
                for k in range(n)]  # fmt: skip
    return [2 * sum(v[j] * mpmath.cos(pi * (2 * k + 1) * (2 * j + 1) / (4 * n)) for j in range(n)) for k in range(n)]


def agrees(reference, wanted):
    """Every settled part is mpmath's value, to 2^-100 of it or 10^-60 of the largest; exact ones are exact."""
    flat = np.asarray(wanted, object).reshape(-1)
    assert reference.shape == np.asarray(wanted, object).shape
    assert not reference.exact.undecided.any()
    top = max(abs(w) for w in flat)
    parts = [(reference.exact, [mpmath.re(w) for w in flat])]
    if reference.imag is not None:
        parts.append((reference.imag, [mpmath.im(w) for w in flat]))
    for exact, numbers in parts:
        for got, number in zip(fractions_of(exact), numbers, strict=True):
            got = mpmath.mpf(got.numerator) / got.denominator
            assert abs(got - number) <= max(abs(number) * mpmath.mpf(2) ** -100, top * mpmath.mpf(10) ** -60)
    return True


@pytest.fixture(autouse=True)
def digits():
    with mpmath.workdps(70):
        yield


@pytest.mark.parametrize(
    ("name", "data", "shape", "parameters"),
    [
        ("fft1", "signal", (1,), {}),
        ("fft1", "signal", (2,), {}),
        ("fft1", "signal-wide", (13,), {}),
        ("fft1", "signal-tone", (12,), {}),
        ("fft1", "signal-impulse", (12,), {}),
        ("fft1", "signal-offset", (30,), {}),
        ("ifft1", "signal", (15,), {}),
        ("ifft1", "signal-tiny", (8,), {}),
        ("fft2", "signal", (3, 4), {}),
        ("fft2", "signal-tone", (4, 8), {}),
        ("ifft2", "signal", (5, 2), {}),
        ("fft3", "signal", (2, 3, 4), {}),
        ("ifft3", "signal", (3, 2, 3), {}),
    ],
)
@pytest.mark.parametrize("dtype", ["complex64", "complex128"])
def test_complex_transforms_are_their_definition(name, data, shape, parameters, dtype):
    arrays = arrays_of(data, shape, dtype, **parameters)
    assert agrees(solved(name, arrays), complex_sum(arrays.values["x"], 1 if name[0] == "i" else -1))


@pytest.mark.parametrize("n", [None, 9, 12, 5])
def test_real_transforms_are_the_first_half_of_padded_or_cut_signals(n):
    arrays = arrays_of("signal", (9,), "float64", n=n)
    size = n or 9
    x = np.array([arrays.values["x"][j] if j < 9 else 0.0 for j in range(size)])
    assert agrees(solved("rfft1", arrays), complex_sum(x, -1)[: size // 2 + 1])


def test_real_transforms_of_several_axes():
    plane = arrays_of("signal", (3, 5), "float32")
    assert agrees(solved("rfft2", plane), complex_sum(plane.values["x"], -1)[:, :3])
    box = arrays_of("signal", (2, 3, 4), "float32")
    assert agrees(solved("rfft3", box), complex_sum(box.values["x"], -1)[:, :, :3])


@pytest.mark.parametrize("n", [1, 2, 7, 8])
def test_inverse_real_transforms_are_those_of_the_symmetric_spectrum(n):
    arrays = arrays_of("signal", (n // 2 + 1,), "complex128", n=n)
    whole = hermitian(arrays.values["x"], (n,))
    result = complex_sum(whole, 1)
    assert all(abs(mpmath.im(z)) < 1e-60 for z in result)
    assert agrees(solved("irfft1", arrays), [mpmath.re(z) for z in result])


@pytest.mark.parametrize("sizes", [(3, 4), (4, 5), (2, 3, 4)])
def test_inverse_real_transforms_of_several_axes(sizes):
    arrays = arrays_of("signal", (*sizes[:-1], sizes[-1] // 2 + 1), "complex64", s=list(sizes))
    result = complex_sum(hermitian(arrays.values["x"], sizes), 1)
    real = np.array([mpmath.re(z) for z in result.reshape(-1)], object).reshape(sizes)
    assert agrees(solved(f"irfft{len(sizes)}", arrays), real)


@pytest.mark.parametrize("kind", [1, 2, 3, 4])
@pytest.mark.parametrize("data", ["signal", "signal-constant", "signal-impulse"])
def test_cosine_transforms_are_their_definition(kind, data):
    arrays = arrays_of(data, (9,), "float64", type=kind)
    assert agrees(solved("dct", arrays), cosine_sum(arrays.values["x"], kind))


def test_the_inverse_cosine_transform_of_type_two_is_type_three():
    arrays = arrays_of("signal", (8,), "float32", type=2)
    assert agrees(solved("idct", arrays), cosine_sum(arrays.values["x"], 3))


# -- large sizes: other sources ----------------------------------------------------------------------------
@pytest.mark.parametrize("n", [360, 1009, 4096])
def test_long_transforms_against_the_x87_and_parsevals_identity(n):
    arrays = arrays_of("signal-wide", (n,), "complex64")
    found = solved("fft1", arrays)
    assert not found.exact.undecided.any()
    assert not found.imag.undecided.any()
    re, im = fractions_of(found.exact), fractions_of(found.imag)
    x = arrays.values["x"]
    energy = sum(Fraction(v) ** 2 for part in (x.real, x.imag) for v in part.tolist())
    total = sum(a * a + b * b for a, b in zip(re, im, strict=True)) / n
    assert abs(total - energy) <= energy / Fraction(2) ** 95
    if np.finfo(np.longdouble).nmant >= 63:
        wide = np.fft.fft(x.astype(np.clongdouble))
        exact = found.exact.hi.astype(np.longdouble) + found.exact.lo
        assert np.abs(wide.real - exact).max() < 2.0**-58 * np.abs(exact).max() * 20
    assert found.condition[0] == pytest.approx(float(total) ** 0.5, rel=1e-12)


@pytest.mark.parametrize(("data", "n"), [("signal-tone", 1000), ("signal-constant", 1009), ("signal-tone", 256)])
def test_empty_bins_are_exactly_zero(data, n):
    found = solved("fft1", arrays_of(data, (n,), "complex64"))
    power = np.hypot(found.exact.hi, found.imag.hi)
    assert np.count_nonzero(power) == 1
    assert not found.exact.undecided.any()
    assert not found.imag.undecided.any()
    assert np.all(found.exact.rem[power == 0] == 0)


def test_rational_elements_are_found_and_irrational_ones_are_not():
    x = np.zeros(12, complex)
    x[1] = 3.0
    # 3·e^(−2πi/12·k): real parts 3/2 at k = 2, irrational at k = 1, zero at k = 3; imaginary parts the other way.
    at = [np.array([k]) for k in range(12)]
    assert rational_part(x, at[2], -1, 0) == (3, 2)
    assert rational_part(x, at[1], -1, 0) is None
    assert rational_part(x, at[3], -1, 0)[0] == 0
    assert rational_part(x, at[1], -1, 1) == (-3, 2)
    assert rational_part(x, at[1], 1, 1) == (3, 2)
    assert rational_part(1j * x, at[3], -1, 0) == (3, 1)
    x[1], x[5] = 1.0, 2.0**-1000
    assert rational_part(x, at[3], -1, 1) == (-(2**1000) - 1, 2**1000)


@pytest.mark.parametrize("sizes", [(12,), (5,), (16,), (4, 6)])
def test_conjugate_bins_have_the_same_rational_values(sizes):
    """A set of bins that is closed, and on which any signal has rational parts everywhere or nowhere."""
    rng = np.random.default_rng(1)
    signal = rng.integers(-2, 3, sizes) + 1j * rng.integers(-2, 3, sizes)
    for place in itertools.product(*map(range, sizes)):
        found = conjugates(np.array(place), sizes)
        assert list(place) in found.tolist()
        for part in (0, 1):
            assert len({rational_part(signal, k, -1, part) for k in found}) == 1


def test_signals_with_a_nan_have_no_numbers_and_their_neighbours_do():
    found = solved("fft1", arrays_of("signal-nan", (3, 20), "complex64"))
    hi = found.exact.hi.reshape(3, 20)
    assert np.isnan(hi[1]).all()
    assert np.isfinite(hi[[0, 2]]).all()
    assert np.isnan(found.imag.hi.reshape(3, 20)[1]).all()


def test_sums_that_overflow_are_said():
    said = {data: solved("ifft1", arrays_of(data, (64,), "complex64")).extra for data in ("signal", "signal-huge")}
    assert {data: extra["overflow on the way"] for data, extra in said.items()} == {"signal": 0.0, "signal-huge": 1.0}


def test_few_positions_are_those_of_the_whole():
    arrays = arrays_of("signal", (4, 500), "complex64")
    whole, some = solved("fft1", arrays), REFERENCES["fft1"](arrays, 100)[""]
    assert len(some.positions) == 100
    assert np.array_equal(whole.exact.hi[some.positions], some.exact.hi)
    assert np.array_equal(whole.condition[some.positions], some.condition)


# -- the judge ---------------------------------------------------------------------------------------------
def judged(arrays, reference, values, dtype):
    outputs = {"": Output(values.reshape(reference.shape), DTYPES[dtype])}
    rows = judge.judge(arrays, outputs, {"": reference}, "gen:…")
    return {(r["metric"], r["regime"]): r for r in rows}


@pytest.fixture
def known():
    arrays = arrays_of("signal", (2, 64), "complex64")
    reference = solved("fft1", arrays)
    return arrays, reference, reference.exact.hi + 1j * reference.imag.hi


def test_a_planted_error_shows_as_large_as_it_is(known):
    arrays, reference, values = known
    size = np.linalg.norm(values[64:])
    rounded = values.astype(np.complex64).astype(complex)
    clean = judged(arrays, reference, rounded, "complex64")
    assert clean["norm2", "all"]["bound_ratio"] < 0.2
    spoilt = rounded.copy()
    spoilt[70] += 3e-4 * size * (0.6 + 0.8j)
    found = judged(arrays, reference, spoilt, "complex64")
    row, worst = found["norm2", "normal"], found["max", "normal"]
    assert row["max_rel"] == pytest.approx(3e-4, rel=1e-3)
    assert row["bound_ratio"] == pytest.approx(row["max_rel"] / (2.0**-24 * 6), rel=1e-12)
    assert worst["max_rel"] == pytest.approx(3e-4 * np.sqrt(64), rel=1e-3)
    assert row["worst_context"] == "element (1, 6)"
    assert row["samples"] == 128
    assert row["worst_output"].split(",")[0] == float(spoilt[70].real).hex()
    assert set(found) == {(m, r) for m in ("norm2", "max") for r in ("normal", "all")}
    # What lies below float64 counts too: hi alone is not the exact value.
    assert 0 < judged(arrays, reference, values, "complex128")["norm2", "all"]["max_rel"] < 2.0**-52


def test_lost_numbers_are_mismatches_and_kept_out_of_the_norm(known):
    arrays, reference, values = known
    rounded = values.astype(np.complex64).astype(complex)
    rounded[3], rounded[4], rounded[70] = np.nan, complex(1, np.nan), np.inf
    row = judged(arrays, reference, rounded, "complex64")["norm2", "all"]
    assert row["special_mismatches"] == 3
    assert row["bound_ratio"] < 0.2


def test_numbers_where_a_nan_went_in_are_mismatches():
    arrays = arrays_of("signal-nan", (2, 16), "complex64")
    reference = solved("fft1", arrays)
    values = np.nan_to_num(reference.exact.hi) + 1j * np.nan_to_num(reference.imag.hi)
    found = judged(arrays, reference, values.astype(np.complex64).astype(complex), "complex64")
    assert found["norm2", "special"]["special_mismatches"] == 16
    right = reference.exact.hi + 1j * reference.imag.hi
    assert judged(arrays, reference, right, "complex128")["norm2", "special"]["special_mismatches"] == 0


def test_an_error_beside_an_exact_zero_is_as_large_as_can_be():
    arrays = arrays_of("zeros-plus-first", (8,), "complex64")
    reference = solved("fft1", arrays)
    assert judged(arrays, reference, np.zeros(8, complex), "complex64")["norm2", "all"]["bound_ratio"] == 0.0
    assert judged(arrays, reference, np.full(8, 1e-30 + 0j), "complex64")["max", "all"]["bound_ratio"] == judge.LARGEST


@pytest.mark.parametrize(("dtype", "step"), [("complex64", 2.0**-149), ("complex128", 2.0**-1074)])
def test_errors_below_the_smallest_number_are_seen_and_asked_of_nobody(dtype, step):
    arrays = arrays_of("signal-tiny", (256,), dtype)
    reference = solved("ifft1", arrays)
    exact = [list(map(Fraction, fractions_of(y))) for y in (reference.exact, reference.imag)]
    rounded = [np.array([float(round(v / Fraction(step)) * Fraction(step)) for v in part]) for part in exact]
    errors = [[abs(Fraction(c) - v) for c, v in zip(*pair, strict=True)] for pair in zip(rounded, exact, strict=True)]
    wanted = math.sqrt(float(sum(e * e for part in errors for e in part) / sum(v * v for part in exact for v in part)))
    found = judged(arrays, reference, rounded[0] + 1j * rounded[1], dtype)
    assert found["norm2", "all"]["max_rel"] == pytest.approx(wanted, rel=1e-9)
    assert 0 < found["max", "all"]["max_abs"] <= step
    assert 0 < found["max", "all"]["bound_ratio"] < 1  # every element is correctly rounded
    flushed = judged(arrays, reference, np.zeros(256, complex), dtype)["norm2", "all"]
    assert flushed["max_rel"] == 1.0
    assert flushed["bound_ratio"] > 1000


def test_results_beyond_the_format_are_no_mismatches():
    arrays = arrays_of("signal-huge", (64,), "complex64")
    reference = solved("fft1", arrays)
    values = reference.exact.hi + 1j * reference.imag.hi
    assert abs(values[0]) > 2.0**128
    with np.errstate(over="ignore"):
        rounded = values.astype(np.complex64).astype(complex)
    row = judged(arrays, reference, rounded, "complex64")["norm2", "all"]
    assert row["special_mismatches"] == 0
    assert row["bound_ratio"] < 0.5
    rounded[0] = 2.0**127
    assert judged(arrays, reference, rounded, "complex64")["norm2", "all"]["special_mismatches"] == 1


@pytest.mark.parametrize(("values", "dtype"), [(np.zeros(64), "float32"), (np.zeros(128), "float32")])
def test_results_of_another_kind_or_shape_are_refused(known, values, dtype):
    arrays, reference, _ = known
    with pytest.raises(ValueError, match="expected"):
        judge.judge(arrays, {"": Output(values, DTYPES[dtype])}, {"": reference}, "")


# -- planted libraries -------------------------------------------------------------------------------------
PLANTED = TargetSpec("planted", "numpy", env=(("PYTHONPATH", str(FAKES)),))
TRIED = tuple(
    table._problem(data, shape, shape[-1], 1)
    for data, shape in (
        *(("signal", (n,)) for n in (30, 8, 256)),
        ("signal-nan", (3, 21)),
        ("signal-tiny", (16,)),
    )
)


@pytest.fixture(scope="module")
def bench(tmp_path_factory):
    with Bench([PLANTED], tmp_path_factory.mktemp("bench")) as opened:
        assert opened.hello("planted").ok
        yield opened


@pytest.fixture
def measured(bench, monkeypatch):
    def measure(function):
        row = dataclasses.replace(
            array_rows()["fft"], programs=(("numpy", f"planted_transforms.{function}(x)"),), problems=TRIED
        )
        monkeypatch.setattr(cases, "array_rows", lambda: {"fft": row})
        case = Case("test", "fft", "transform", "complex64", InputSpec("arrays", "array"), ("planted",))
        return cases.measure_arrays(case, all_rows()["fft"], bench, CachedOracle(None))

    return measure


def cells(result, metric="norm2"):
    return {r["case"]: r for r in result["rows"] if r.get("metric") == metric and r["regime"] == "all"}


def test_a_clean_transform_is_clean(measured):
    result = measured("clean_fft")
    found = cells(result)
    assert len(found) == len(TRIED)
    assert all(r["status"] == "ok" and r["special_mismatches"] == 0 for r in found.values())
    assert all(r["bound_ratio"] < 0.3 for name, r in found.items() if not name.startswith("tiny"))
    assert len(result["special"]) == 2
    assert all(r["agrees"] for r in result["special"])


def test_bad_factors_show_and_grow(measured):
    found = cells(measured("recurrent_fft"))
    assert found["signal-256"]["bound_ratio"] > 5 * found["signal-8"]["bound_ratio"]
    assert found["signal-256"]["bound_ratio"] > 2


@pytest.mark.parametrize(
    ("function", "problem", "count"),
    [("leaking_fft", "nan-3x21", 1), ("hiding_fft", "nan-3x21", 21)],
)
def test_a_nan_that_leaks_or_vanishes_is_found(measured, function, problem, count):
    result = measured(function)
    assert {name: r["special_mismatches"] for name, r in cells(result).items() if r["special_mismatches"]} == {
        problem: count
    }
    assert [r["agrees"] for r in result["special"] if "signal-nan" in r["input"]] == [0]


def test_flushed_signals_are_found(measured):
    result = measured("flushing_fft")
    assert cells(result)["tiny-16"]["max_rel"] == 1.0
    assert [r["agrees"] for r in result["special"] if "signal-tiny" in r["input"]] == [0]


@pytest.mark.parametrize(
    ("function", "reason"), [("real_fft", "where complex numbers were"), ("short_fft", "where (30,) was expected")]
)
def test_results_that_cannot_be_judged_are_failures(measured, function, reason):
    rows = measured(function)["rows"]
    assert {r["status"] for r in rows} == {"failed"}
    assert len(rows) == len(TRIED)
    assert reason in rows[0]["reason"]


@pytest.mark.parametrize(
    ("function", "status", "reason"),
    [
        ("aborting_fft", "failed", "killed by SIGABRT"),
        ("hungry_fft", "failed", "MemoryError"),
        ("choosy_fft", "failed", "no transform of 8 elements"),
        ("narrow_fft", "unsupported", "no loop for 8 elements"),
    ],
)
def test_what_ends_badly_for_one_problem_leaves_the_others(measured, function, status, reason):
    """Asked again and again: the process that took the place of a dead one answers as the first did."""
    for _ in range(2):
        rows = measured(function)["rows"]
        bad = [r for r in rows if r["status"] != "ok"]
        assert [(r["case"], r["status"]) for r in bad] == [("signal-8", status)]
        assert reason in bad[0]["reason"]
        assert {r["case"] for r in rows if r["status"] == "ok"} == {p.name for p in TRIED} - {"signal-8"}


# -- the catalogue -----------------------------------------------------------------------------------------
def test_every_row_has_its_dtypes_programs_and_a_reference():
    for name, row in table.ARRAYS.items():
        function = all_rows()[name]
        assert row.reference in REFERENCES
        dtypes = dtypes_of(function)
        assert dtypes in (("float32", "float64"), ("complex64", "complex128"))
        names = [p.name for p in row.problems]
        assert len(set(names)) == len(names)
        for library in ("numpy", "tensorflow", "scipy"):
            path = getattr(function, library)
            assert (row.program(library) or "None").startswith(str(path))


def test_problems_have_the_shape_that_their_reference_gives():
    """Every small problem of every row, against NumPy's or SciPy's own result of its program, in double precision."""
    import numpy
    import scipy.fft

    for name, row in table.ARRAYS.items():
        dtype = dtypes_of(all_rows()[name])[-1]
        for problem in row.problems:
            if problem.elements() > 300 or problem.special or "tiny" in problem.name:
                continue
            arrays = made(problem, dtype, 0)
            said = {"numpy": numpy, "scipy": scipy, **arrays.values, **arrays.parameters}
            computed = np.asarray(eval(row.program("numpy") or row.program("scipy"), said))
            found = solved(row.reference, arrays)
            exact = found.exact.hi + (0 if found.imag is None else 1j * found.imag.hi)
            assert computed.shape == found.shape, (name, problem.name)
            assert np.abs(computed.ravel() - exact).max() <= 1e-13 * np.abs(exact).max() + 1e-300, (name, problem.name)


def test_signals_are_what_their_words_say():
    real, whole = (made(Problem("p", "", (Operand("x", "signal-tone", (6,)),)), d, 0).values["x"]
                   for d in ("float32", "complex64"))  # fmt: skip
    assert real.tolist() == [1, 0, -1, 0, 1, 0]
    assert whole.tolist() == [1, 1j, -1, -1j, 1, 1j]
    impulse = arrays_of("signal-impulse", (9, 6), "float64").values["x"]
    assert impulse.sum() == impulse[3, 2] == 1.0
    tiny = arrays_of("signal-tiny", (500,), "complex64").values["x"]
    assert np.median(np.abs(tiny.real)) < 2.0**-126
    assert np.count_nonzero(tiny) == 500
    huge = arrays_of("signal-huge", (64,), "float64").values["x"]
    assert np.isfinite(huge).all()
    assert sum(map(Fraction, huge.tolist())) > Fraction(np.finfo(np.float64).max)
    nan = arrays_of("signal-nan", (3, 5), "complex128").values["x"]
    assert np.isnan(nan.real).sum() == np.isnan(nan.imag).sum() == 1
