"""Conversions: the exact references against other sources; planted libraries are found, clean ones are not."""

from __future__ import annotations

import dataclasses
import json
import struct
from collections import Counter
from fractions import Fraction
from pathlib import Path

import gmpy2
import numpy as np
import pytest

from reportgen.catalogue.casts import CAST_DTYPES, RULES
from reportgen.catalogue.rows import all_rows
from reportgen.core.dtypes import DTYPES, INTEGER_FORMATS
from reportgen.core.floats import FLOAT_DTYPES, FORMATS
from reportgen.core.model import Case, InputSpec, TargetSpec
from reportgen.measure import castinputs, casts
from reportgen.measure.bench import Bench
from reportgen.measure.castinputs import cast_inputs, destinations
from reportgen.measure.castrows import Truth, rule_masks
from reportgen.oracle.casts import exact_parts, wrap

FAKES = Path(__file__).resolve().parent / "fakes"
PLANTED = TargetSpec("planted", "numpy", env=(("PYTHONPATH", str(FAKES)),))
OTHER = TargetSpec("other", "numpy", env=(("PYTHONPATH", str(FAKES)), ("PLANTED_WRAPS", "1")))
NUMPY = TargetSpec("numpy", "numpy")
TENSORFLOW = TargetSpec("tensorflow", "tensorflow")


def truth_of(source, destination, values=None):
    values = cast_inputs(source, 0).values if values is None else values
    return Truth.of(values, DTYPES[source], DTYPES[destination], exact_parts(values))


# -- references ----------------------------------------------------------------------------------------
def mpfr_rounded(value, fmt):
    """``value`` (int or float) rounded once by MPFR to the precision and exponent range of ``fmt``."""
    context = gmpy2.context(
        precision=fmt.p, emax=fmt.emax + 1, emin=fmt.emin - fmt.p + 2, subnormalize=True, round=gmpy2.RoundToNearest
    )
    with gmpy2.context(precision=120):
        wide = gmpy2.mpfr(value)
    with gmpy2.context(context):
        return float(gmpy2.mul(wide, 1))


@pytest.mark.parametrize("source", ["float32", "float64", "int32", "int64", "uint64", "float16"])
@pytest.mark.parametrize("destination", FLOAT_DTYPES)
def test_rounding_to_floats_is_that_of_mpfr(source, destination):
    if source == destination:
        return
    truth = truth_of(source, destination)
    rng = np.random.default_rng(5)
    index = rng.choice(len(truth.values), 4000) if len(truth.values) > 4000 else np.arange(len(truth.values))
    fmt = FORMATS[destination]
    wrong = []
    for i in index.tolist():
        value = truth.values[i].item()
        if isinstance(value, float) and not np.isfinite(value):
            continue
        want, got = mpfr_rounded(value, fmt), float(truth.nearest[i])
        if want != got or np.signbit(want) != np.signbit(got):
            wrong.append((value, want, got))
    assert wrong == []


def test_rounding_to_float16_is_that_of_struct():
    truth = truth_of("float64", "float16")
    for value, got in zip(truth.values.tolist(), truth.nearest.tolist(), strict=True):
        if value != value:
            continue
        try:
            want = struct.unpack("<e", struct.pack("<e", value))[0]
        except OverflowError:
            want = np.copysign(np.inf, value)
        assert want == got


@pytest.mark.parametrize("destination", INTEGER_FORMATS)
@pytest.mark.parametrize("source", ["float16", "float32", "float64", "int16", "int64", "uint64", "complex64"])
def test_integers_are_cut_off_or_reduced_by_definition(source, destination):
    if source == destination:
        return
    truth, fmt = truth_of(source, destination), INTEGER_FORMATS[destination]
    assert truth.whole is not None
    modulus = 1 << fmt.bits
    for i in np.random.default_rng(3).choice(len(truth.values), 1500).tolist():
        value = truth.values[i].item()
        value = value.real if isinstance(value, complex) else value
        if isinstance(value, float):
            if not np.isfinite(value):
                assert not truth.defined[i]
                continue
            exact = Fraction(value)
            whole = exact.numerator // exact.denominator if exact >= 0 else -(-exact.numerator // exact.denominator)
            assert truth.defined[i] == (fmt.low <= whole <= fmt.high)
            if truth.defined[i]:
                assert int(truth.nearest[i]) == whole
        else:
            assert truth.defined[i]
            assert (int(truth.nearest[i]) - value) % modulus == 0
            assert fmt.low <= int(truth.nearest[i]) <= fmt.high
            assert truth.whole.wrapped[i] == (int(truth.nearest[i]) != value)


def test_integers_are_reduced_as_ctypes_does():
    import ctypes

    for name, fmt in INTEGER_FORMATS.items():
        kind = getattr(ctypes, f"c_{name}")
        for value in (-(1 << 63), -129, -1, 0, 127, 128, 255, 256, 70000, (1 << 63) - 1, (1 << 64) - 1, 3 << 40):
            assert wrap(value, fmt) == kind(value).value


@pytest.mark.parametrize("source", CAST_DTYPES)
def test_truth_values_are_those_of_python(source):
    truth = truth_of(source, "bool") if source != "bool" else None
    if truth is not None:
        assert truth.nearest.tolist() == [float(bool(v)) for v in truth.values.tolist()]


def test_complex_numbers_keep_their_parts():
    values = np.array([complex(1.5, -0.0), complex(float("nan"), 2.0), complex(-0.0, np.inf)])
    narrow = truth_of("complex128", "complex64", values)
    assert np.signbit(narrow.nearest.imag[0])
    assert np.signbit(narrow.nearest.real[2])
    assert np.isnan(narrow.nearest.real[1])
    assert narrow.nearest.imag[1] == 2
    assert truth_of("complex128", "float32", values).nearest.tolist()[0] == 1.5
    real = truth_of("float64", "complex128", np.array([-0.0, 3.0]))
    assert real.nearest.imag.tolist() == [0.0, 0.0]
    assert not np.signbit(real.nearest.imag).any()


# -- inputs --------------------------------------------------------------------------------------------
def test_every_pair_of_dtypes_is_measured_once():
    pairs = [(s, d) for s in CAST_DTYPES for d, _ in destinations(s)]
    assert len(pairs) == len(set(pairs)) == 15 * 14
    assert set(all_rows()["cast"].dtypes) == set(CAST_DTYPES) == set(DTYPES)


@pytest.mark.parametrize("dtype", CAST_DTYPES)
def test_inputs_belong_to_the_dtype_and_occur_once(dtype):
    inputs = cast_inputs(dtype, 0)
    fmt = DTYPES[dtype]
    again = fmt.decode(fmt.encode(inputs.values))
    assert again.tobytes() == inputs.values.tobytes()
    counts = Counter(repr(v) for v in inputs.values.tolist())
    assert max(counts.values()) == 1
    expected = {"bool": 2, "int8": 256, "uint8": 256, "int16": 65536, "uint16": 65536, "float16": 63491}
    if dtype in expected:
        assert inputs.exhaustive
        assert len(inputs.values) == expected[dtype]


@pytest.mark.parametrize(
    ("source", "destination", "rules"),
    [
        ("float64", "float16", {"tie", "rounded once", "overflow", "into the subnormals", "nan kept", "zero kept"}),
        ("float64", "bfloat16", {"tie", "rounded once", "overflow", "into the subnormals"}),
        ("float32", "bfloat16", {"tie", "overflow", "into the subnormals"}),
        ("int64", "bfloat16", {"tie", "rounded once"}),
        ("uint64", "float32", {"tie", "rounded once"}),
        ("int32", "float16", {"tie", "overflow"}),
        ("float32", "int8", {"nan to integer", "inf to integer", "out of range", "towards zero"}),
        ("int64", "uint8", {"integer wraps"}),
        ("float32", "bool", {"nan to bool", "to bool"}),
        ("complex128", "bool", {"complex to bool", "nan to bool"}),
        ("complex64", "int32", {"imaginary part dropped", "nan to integer"}),
        ("int8", "complex64", {"real to complex"}),
    ],
)
def test_every_rule_has_inputs(source, destination, rules):
    masks = rule_masks(truth_of(source, destination))
    assert set(masks) <= set(RULES)
    assert {name for name, mask in masks.items() if mask.any()} >= rules


def test_ties_lie_in_the_middle_and_double_rounding_is_real():
    truth = truth_of("float64", "bfloat16")
    masks = rule_masks(truth)
    fmt = FORMATS["bfloat16"]
    for i in np.flatnonzero(masks["tie"])[:200].tolist():
        x = Fraction(float(truth.values[i]))
        near = fmt.from_ordinal(fmt.ordinal(truth.nearest[i : i + 1])[0] + np.array([-1, 0, 1]))
        gaps = sorted(abs(Fraction(float(v)) - x) for v in near.tolist() if np.isfinite(v))
        assert gaps[0] == gaps[1] or len(gaps) < 3
    for i in np.flatnonzero(masks["rounded once"])[:200].tolist():
        twice = mpfr_rounded(mpfr_rounded(float(truth.values[i]), FORMATS["float32"]), fmt)
        assert twice != truth.nearest[i]


# -- measuring -----------------------------------------------------------------------------------------
@pytest.fixture(scope="module")
def bench(tmp_path_factory):
    with Bench([PLANTED, OTHER], tmp_path_factory.mktemp("bench")) as opened:
        assert opened.hello("planted").ok
        yield opened


@pytest.fixture
def few(monkeypatch):
    """Two destinations and fewer samples: these tests are about what is found."""
    monkeypatch.setattr(castinputs, "BASE", 512)

    def choose(*names):
        monkeypatch.setattr(casts, "destinations", lambda source: [(n, DTYPES[n]) for n in names])

    return choose


def measured(bench, path, dtype, targets=("planted",)):
    row = dataclasses.replace(all_rows()["cast"], numpy=path)
    result = casts.measure_casts(Case("test", "cast", "cast", dtype, InputSpec(), targets), row, bench, None)
    json.dumps(result, allow_nan=False)
    return result


def wrong_rows(result):
    return {
        (r["case"], r["path"])
        for r in result["rows"]
        if r["regime"] == "all" and r["correctly_rounded"] != r["samples"]
    }


def differing(result):
    rows = [(r["check"], r["differs"]) for r in result["self_agreement"]]
    rows += [("run", r["run_differs"]) for r in result["runs"]]
    return {check for check, count in rows if count}


ALL_PATHS = {"body", "tail", "scalar"}


def test_a_clean_library_is_silent(bench, few):
    few("float32", "int8", "uint64", "bool", "complex64")
    for dtype in ("float16", "int16"):
        result = measured(bench, "planted_casts.clean", dtype)
        assert wrong_rows(result) == set()
        assert differing(result) == set()
        assert all(r["agrees"] for r in result["special"])
        assert result["failures"] == {}


def test_rounding_twice_is_found(bench, few):
    few("bfloat16", "float16")
    result = measured(bench, "planted_casts.twice", "float64")
    assert wrong_rows(result) == {(f"to-{d}", p) for d in ("bfloat16", "float16") for p in ALL_PATHS}
    worst = max(r["max_ulp"] for r in result["rows"] if r["regime"] == "normal")
    assert 0.5 < worst < 0.5001
    broken = {r["sentence"] for r in result["special"] if not r["agrees"]}
    assert RULES["rounded once"].sentence in broken
    assert RULES["tie"].sentence not in broken


def test_a_wrong_tie_is_found(bench, few):
    few("float32")
    result = measured(bench, "planted_casts.ties_away", "int32")
    assert {r["sentence"] for r in result["special"] if not r["agrees"]} == {RULES["tie"].sentence}
    worst = next(r for r in result["rows"] if r["path"] == "body" and r["regime"] == "all")
    assert worst["max_ulp"] == 0.5
    assert worst["correctly_rounded"] < worst["samples"]
    clean = measured(bench, "planted_casts.clean", "int32")
    assert wrong_rows(clean) == set()


def test_rounding_down_at_one_value_is_found(bench, few):
    few("int32")
    result = measured(bench, "planted_casts.floor_at_minus_half", "float16")
    row = next(r for r in result["rows"] if r["path"] == "body" and r["regime"] == "all")
    assert row["samples"] - row["correctly_rounded"] == 1
    assert (row["metric"], row["coverage"], row["settled_by"]) == ("equal", "exhaustive", "rational")
    assert row["worst_input"] == (-0.5).hex()
    assert row["worst_output"] == "-1"
    assert row["max_abs"] == 1.0


def test_saturating_an_integer_at_one_value_is_found_and_named(bench, few):
    few("int8")
    result = measured(bench, "planted_casts.saturates_300", "int16")
    row = next(r for r in result["rows"] if r["path"] == "body" and r["regime"] == "overflow-edge")
    assert row["samples"] - row["correctly_rounded"] == 1
    assert row["worst_input"] == "300"
    assert next(r for r in result["rows"] if r["path"] == "body" and r["regime"] == "normal")["max_abs"] == 0.0


def test_what_is_undefined_is_told_and_not_counted(bench, few):
    few("int8")
    saturated = measured(bench, "planted_casts.saturating", "float32")
    assert wrong_rows(saturated) == set()
    told = [r for r in saturated["special"] if r["expected"] == "unspecified"]
    assert told
    assert all(r["agrees"] for r in told)
    assert any("saturated" in r["got"] for r in told)
    assert not any("wrapped" in r["got"] for r in told)
    wrapped = measured(bench, "planted_casts.wrapping", "float32")
    assert any("wrapped modulo 2^8" in r["got"] for r in wrapped["special"])
    assert {r["sentence"] for r in told} == {
        RULES[n].sentence for n in ("nan to integer", "inf to integer", "out of range")
    }


def test_a_result_that_depends_on_the_place_is_found(bench, few):
    few("int8")
    result = measured(bench, "planted_casts.other_alone", "float32")
    assert differing(result) == {"position"}
    assert wrong_rows(result) == set()
    by_path = [r for r in result["special"] if r["path"] == "scalar"]
    assert by_path
    assert all(r["expected"] == "unspecified" for r in by_path)


def test_a_dropped_minus_and_a_kept_imaginary_part_are_found(bench, few):
    few("float32")
    result = measured(bench, "planted_casts.loses_minus_zero", "float64")
    assert {r["sentence"] for r in result["special"] if not r["agrees"]} >= {RULES["zero kept"].sentence}
    few("complex64")
    result = measured(bench, "planted_casts.imaginary_one", "float16")
    assert {(r["metric"]) for r in result["rows"] if r["correctly_rounded"] != r["samples"]} == {"im"}


def test_a_wrong_dtype_and_an_error_are_statuses(bench, few):
    few("int8")
    (row,) = measured(bench, "planted_casts.other_dtype", "float32")["rows"]
    assert (row["status"], row["reason"]) == ("failed", "returns int16 where int8 was asked for")
    (row,) = measured(bench, "planted_casts.refuses", "float32")["rows"]
    assert row["status"] == "unsupported"
    assert "no loop" in row["reason"]
    assert row["case"] == "to-int8"


def test_targets_are_compared(bench, few):
    few("int8")
    (pair,) = measured(bench, "planted_casts.by_environment", "int16", ("planted", "other"))["agreement"]
    assert pair["compared"] == pair["equal"] == 65536
    (pair,) = measured(bench, "planted_casts.by_environment", "float16", ("planted", "other"))["agreement"]
    assert 0 < pair["equal"] < pair["compared"]
    assert pair["nearer"] == "undecided"
    assert pair["case"] == "to-int8"


def test_every_conversion_of_the_libraries_has_an_answer(tmp_path):
    """All 210 pairs, as far as values and statuses go; the exhaustive sources only in part."""
    with Bench([NUMPY, TENSORFLOW], tmp_path) as both:
        for dtype in ("bfloat16", "uint8", "bool", "complex64"):
            case = Case("test", "cast", "cast", dtype, InputSpec(), ("numpy", "tensorflow"))
            result = casts.measure_casts(case, all_rows()["cast"], both, None)
            assert {r["status"] for r in result["rows"]} == {"ok"}
            assert result["failures"] == {}
            assert {r["case"] for r in result["rows"]} == {f"to-{d}" for d, _ in destinations(dtype)}
            for r in result["rows"]:
                if r["target"] == "numpy" and dtype in ("uint8", "bool"):
                    assert r["correctly_rounded"] == r["samples"]
