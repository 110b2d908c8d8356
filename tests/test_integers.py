"""Functions of integers: exact definitions against other sources; planted libraries are found, clean ones are not."""

from __future__ import annotations

import ctypes
import dataclasses
import json
from fractions import Fraction
from pathlib import Path

import gmpy2
import numpy as np
import pytest

from reportgen.catalogue.integers import INTEGERS
from reportgen.catalogue.rows import all_rows
from reportgen.core.dtypes import DTYPES, INTEGER_FORMATS
from reportgen.core.errors import RequestError
from reportgen.core.floats import FORMATS, round_exact
from reportgen.core.integerarrays import INTEGER_VARIANTS, generate_integers
from reportgen.core.model import Case, InputSpec, TargetSpec
from reportgen.measure import integerinputs, integerspecial
from reportgen.measure.bench import Bench
from reportgen.measure.integerinputs import integer_inputs
from reportgen.measure.integers import measure_integers
from reportgen.oracle.integers import FUNCTIONS, PREDICATES, REDUCTIONS, evaluate, evaluate_bool, required

FAKES = Path(__file__).resolve().parent / "fakes"
PLANTED = TargetSpec("planted", "numpy", env=(("PYTHONPATH", str(FAKES)),))
TARGETS = (TargetSpec("numpy", "numpy"), TargetSpec("tensorflow", "tensorflow"))


# -- definitions -----------------------------------------------------------------------------------------
def bits(value, width=80):
    """Two's complement digits, lowest first."""
    return [(value >> i) & 1 for i in range(width)]


def unbits(digits):
    return sum(d << i for i, d in enumerate(digits[:-1])) - (digits[-1] << (len(digits) - 1))


SOURCES = {
    "add": lambda x, y: gmpy2.mpz(x) + gmpy2.mpz(y),
    "subtract": lambda x, y: gmpy2.mpz(x) - gmpy2.mpz(y),
    "multiply": lambda x, y: gmpy2.mpz(x) * gmpy2.mpz(y),
    "floor_divide": lambda x, y: gmpy2.f_div(gmpy2.mpz(x), gmpy2.mpz(y)),
    "remainder": lambda x, y: gmpy2.f_mod(gmpy2.mpz(x), gmpy2.mpz(y)),
    "truncatediv": lambda x, y: gmpy2.t_div(gmpy2.mpz(x), gmpy2.mpz(y)),
    "fmod": lambda x, y: gmpy2.t_mod(gmpy2.mpz(x), gmpy2.mpz(y)),
    "divide": lambda x, y: gmpy2.mpq(x, y),
    "squared_difference": lambda x, y: gmpy2.mpz(x) ** 2 - 2 * gmpy2.mpz(x) * y + gmpy2.mpz(y) ** 2,
    "maximum": lambda x, y: (x + y + abs(x - y)) // 2,
    "minimum": lambda x, y: (x + y - abs(x - y)) // 2,
    "less": lambda x, y: gmpy2.mpz(x) - y < 0,
    "less_equal": lambda x, y: gmpy2.mpz(x) - y <= 0,
    "greater": lambda x, y: gmpy2.mpz(y) - x < 0,
    "greater_equal": lambda x, y: gmpy2.mpz(y) - x <= 0,
    "equal": lambda x, y: gmpy2.mpz(y) - x == 0,
    "not_equal": lambda x, y: gmpy2.mpz(y) - x != 0,
    "logical_and": lambda x, y: bool(x) and bool(y),
    "logical_or": lambda x, y: bool(x) or bool(y),
    "logical_xor": lambda x, y: bool(x) is not bool(y),
    "bitwise_and": lambda x, y: unbits([a & b for a, b in zip(bits(x), bits(y), strict=True)]),
    "bitwise_or": lambda x, y: unbits([a | b for a, b in zip(bits(x), bits(y), strict=True)]),
    "bitwise_xor": lambda x, y: unbits([a ^ b for a, b in zip(bits(x), bits(y), strict=True)]),
    "left_shift": lambda x, y: gmpy2.mpz(x) * gmpy2.mpz(2) ** y,
    "right_shift": lambda x, y: gmpy2.f_div_2exp(gmpy2.mpz(x), y),
    "gcd": lambda x, y: gmpy2.gcd(x, y),
    "lcm": lambda x, y: gmpy2.lcm(x, y),
    "negative": lambda x: 0 - gmpy2.mpz(x),
    "positive": lambda x: gmpy2.mpz(x),
    "abs": lambda x: gmpy2.isqrt(gmpy2.mpz(x) ** 2),
    "sign": lambda x: gmpy2.sign(gmpy2.mpz(x)),
    "square": lambda x: gmpy2.mpz(x) ** 2,
    "logical_not": lambda x: not x,
    "invert": lambda x: unbits([1 - b for b in bits(x)]),
    "bit_count": lambda x: gmpy2.popcount(x),
}


@pytest.mark.parametrize("name", sorted(SOURCES))
@pytest.mark.parametrize("dtype", ["int64", "uint64", "int16"])
def test_definitions_agree_with_gmp(name, dtype):
    row = next(r for r in INTEGERS.values() if r.exact == name)
    inputs = integer_inputs(row, dtype, 0)
    index = np.flatnonzero(inputs.rule < 0)
    assert len(index) > 200
    index = np.random.default_rng(1).choice(index, min(3000, len(index)), replace=False)
    for i in index.tolist():
        point = [column[i] for column in inputs.columns]
        assert FUNCTIONS[name](*point) == Fraction(SOURCES[name](*point)), point


def test_every_definition_is_compared():
    compared = set(SOURCES) | {"power"}
    assert {r.exact for r in INTEGERS.values() if not r.reduction} == compared == set(FUNCTIONS)
    assert {r.exact for r in INTEGERS.values() if r.reduction} == set(REDUCTIONS)


@pytest.mark.parametrize("dtype", INTEGER_FORMATS)
def test_powers_modulo_two_to_the_n_agree_with_gmp(dtype):
    fmt = INTEGER_FORMATS[dtype]
    inputs = integer_inputs(INTEGERS["power"], dtype, 0)
    values = evaluate("power", inputs.columns, inputs.defined)
    got = required(values, fmt)
    for i in np.random.default_rng(2).choice(np.flatnonzero(inputs.defined), 2000).tolist():
        x, y = (column[i] for column in inputs.columns)
        assert (int(got.values[i]) - int(gmpy2.powmod(x, y, 1 << fmt.bits))) % (1 << fmt.bits) == 0
        large = abs(x) > 1 and y * gmpy2.log2(abs(x)) > fmt.bits + 1
        assert got.overflow[i] or not large


@pytest.mark.parametrize("dtype", INTEGER_FORMATS)
def test_results_are_reduced_as_ctypes_does(dtype):
    fmt, kind = INTEGER_FORMATS[dtype], getattr(ctypes, f"c_{dtype}")
    inputs = integer_inputs(INTEGERS["multiply"], dtype, 0)
    values = evaluate("multiply", inputs.columns, inputs.defined)
    got = required(values, fmt)
    assert got.values.dtype == np.dtype(dtype)
    assert got.values.tolist() == [kind(v).value for v in values]
    assert got.overflow.tolist() == [kind(v).value != v for v in values]


@pytest.mark.parametrize("dtype", ["int8", "int32", "int64", "uint64"])
def test_quotients_are_rounded_as_mpfr_does(dtype):
    inputs = integer_inputs(INTEGERS["divide"], dtype, 0)
    index = np.random.default_rng(4).choice(np.flatnonzero(inputs.rule < 0), 2000)
    columns = [[column[i] for i in index.tolist()] for column in inputs.columns]
    values = evaluate("divide", columns, np.ones(len(index), bool))
    found = required(values, FORMATS["float64"])
    nearest = round_exact(found.exact, FORMATS["float64"]).nearest
    with gmpy2.context(precision=53):
        for x, y, got in zip(*columns, nearest.tolist(), strict=True):
            with gmpy2.context(precision=200):
                wide = gmpy2.mpq(x, y)
            assert got == float(gmpy2.mpfr(wide))


def test_truth_values_are_those_of_python():
    columns = ([0, 0, 1, 1], [0, 1, 0, 1])
    assert evaluate_bool("add", columns) == [0, 1, 1, 1]
    assert evaluate_bool("multiply", columns) == [0, 0, 0, 1]
    assert evaluate_bool("invert", columns[:1]) == [1, 1, 0, 0]
    assert evaluate_bool("bitwise_xor", columns) == [0, 1, 1, 0]


def test_means_are_cut_off_in_integer_dtypes_only():
    mean = REDUCTIONS["mean"]([-1, -2])
    assert required([mean], INTEGER_FORMATS["int8"]).values.tolist() == [-1]
    assert required([mean], FORMATS["float64"]).exact.hi.tolist() == [-1.5]


# -- inputs ----------------------------------------------------------------------------------------------
@pytest.mark.parametrize("name", INTEGERS)
def test_inputs_are_in_range_and_occur_once(name):
    row = INTEGERS[name]
    if row.reduction:
        return
    assert row.arity == all_rows()[name].arity
    for dtype in row.dtypes:
        fmt = DTYPES[dtype]
        inputs = integer_inputs(row, dtype, 0)
        points = list(zip(*inputs.columns, strict=True))
        assert len(points) == len(set(points))
        low, high = (fmt.low, fmt.high) if dtype in INTEGER_FORMATS else (0, 1)
        assert all(low <= v <= high for column in inputs.columns for v in column)
        if dtype in ("int8", "uint8"):
            assert len(points) == 256**row.arity
            assert inputs.exhaustive
        if dtype in INTEGER_FORMATS and row.arity == 2:
            assert {(low, high), (high, high), (low, low)} <= set(points)


@pytest.mark.parametrize("name", INTEGERS)
def test_every_rule_has_a_meaning_and_examples(name):
    row = INTEGERS[name]
    assert {s.when[0] for s in row.specials} <= set(PREDICATES) | {"overflow", "fraction"}
    assert all(s.sentence.endswith(".") and s.source for s in row.specials)
    assert set(row.apart) <= {s.when[0] for s in row.specials}
    if not row.reduction:
        inputs = integer_inputs(row, "int32", 0)
        values = evaluate(row.exact, inputs.columns, inputs.rule < 0)
        fmt = INTEGER_FORMATS["int32"]
        over = np.array([not fmt.low <= v <= fmt.high for v in values], bool)
        tried = {number for number, _ in integerinputs.examples(row, inputs, over)}
        assert tried == set(range(len(row.specials)))


def test_arrays_are_regenerable_and_in_range():
    for fmt in INTEGER_FORMATS.values():
        for name in INTEGER_VARIANTS:
            values = generate_integers(name, 0, 50, fmt)
            assert values == generate_integers(name, 0, 50, fmt)
            assert all(fmt.low <= v <= fmt.high for v in values)
    with pytest.raises(RequestError):
        generate_integers("int-other", 0, 5, INTEGER_FORMATS["int8"])


# -- measuring -------------------------------------------------------------------------------------------
@pytest.fixture(scope="module")
def bench(tmp_path_factory):
    with Bench([PLANTED], tmp_path_factory.mktemp("bench")) as opened:
        assert opened.hello("planted").ok
        yield opened


def measured(bench, function, path, dtype="int8", targets=("planted",)):
    row = dataclasses.replace(all_rows()[function], numpy=f"planted_integers.{path}")
    result = measure_integers(Case("test", function, row.kind, dtype, InputSpec(), targets), row, bench, None)
    json.dumps(result, allow_nan=False)
    return result


def row_of(result, regime="all", path="body"):
    return next(r for r in result["rows"] if r["regime"] == regime and r["path"] == path)


def wrong_paths(result):
    return {r["path"] for r in result["rows"] if r["regime"] == "all" and r["correctly_rounded"] != r["samples"]}


def differing(result):
    rows = [(r["check"], r["differs"]) for r in result["self_agreement"]]
    return {c for c, count in [*rows, *(("run", r["run_differs"]) for r in result["runs"])] if count}


@pytest.mark.parametrize(
    ("function", "path"), [("add", "clean_add"), ("floor_divide", "clean_floor_divide"), ("left_shift", "clean_shift")]
)
@pytest.mark.parametrize("dtype", ["int8", "uint8", "int32", "uint64"])
def test_clean_functions_are_silent(bench, function, path, dtype):
    result = measured(bench, function, path, dtype)
    assert wrong_paths(result) == set()
    assert differing(result) == set()
    assert all(r["agrees"] for r in result["special"])
    assert result["failures"] == {}


def test_one_saturated_sum_is_found(bench):
    result = measured(bench, "add", "add_saturates_once")
    row = row_of(result, "overflow-edge")
    assert row["samples"] - row["correctly_rounded"] == 1
    assert (row["worst_input"], row["worst_output"], row["max_abs"]) == ("100;100", "127", 183.0)
    assert (row["metric"], row["coverage"]) == ("equal", "exhaustive")
    normal = row_of(result, "normal")
    assert normal["correctly_rounded"] == normal["samples"]


def test_one_quotient_rounded_the_other_way_is_found(bench):
    row = row_of(measured(bench, "floor_divide", "truncates_once"))
    assert row["samples"] - row["correctly_rounded"] == 1
    assert (row["worst_input"], row["worst_output"]) == ("-5;2", "-2")


def test_a_result_that_depends_on_the_place_is_found(bench):
    result = measured(bench, "add", "add_tail")
    assert "position" in differing(result)
    assert wrong_paths(result) == {"tail", "scalar"}


def test_an_error_for_a_whole_array_is_a_finding_and_the_rest_is_measured(bench):
    result = measured(bench, "floor_divide", "raises_by_zero")
    assert wrong_paths(result) == set()
    assert row_of(result)["samples"] == 256 * 255
    told = [r for r in result["special"] if r["got"].startswith("raises")]
    assert {r["got"] for r in told} == {"raises ArithmeticError: integer division by zero"}
    assert all(r["expected"] == "unspecified" and r["agrees"] for r in told)
    assert {r["path"] for r in told} == {"body scalar"}


def test_a_function_that_does_not_return_is_a_finding(bench, monkeypatch):
    monkeypatch.setattr(integerspecial, "APART_LIMIT", 0.5)
    result = measured(bench, "floor_divide", "never_by_zero")
    assert wrong_paths(result) == set()
    assert any(r["got"].startswith("no answer within 0.5 s") for r in result["special"])


def test_true_division_in_short_precision_is_scored_in_ulp(bench):
    row = row_of(measured(bench, "divide", "divide_single", "int32"))
    assert row["metric"] == "ulp"
    assert row["max_ulp"] > 2.0**27
    clean = dataclasses.replace(all_rows()["divide"], numpy="numpy.divide")
    result = measure_integers(
        Case("t", "divide", "elementwise", "int32", InputSpec(), ("planted",)), clean, bench, None
    )
    assert wrong_paths(result) == set()
    assert all(r["agrees"] for r in result["special"])


def test_shifts_out_of_range_are_told_and_not_counted(bench):
    result = measured(bench, "left_shift", "shift_cyclic")
    assert wrong_paths(result) == set()
    told = [r for r in result["special"] if r["expected"] == "unspecified"]
    assert told
    assert any(r["got"] != "0" for r in told)


def test_sums_and_means_are_judged_in_the_dtype_they_come_in(bench):
    assert wrong_paths(measured(bench, "mean", "clean_mean", "int16")) == set()
    result = measured(bench, "mean", "mean_in_dtype", "int8")
    assert wrong_paths(result) == {"body"}
    assert any(not r["agrees"] for r in result["special"])
    assert wrong_paths(measured(bench, "sum", "clean_sum", "uint8")) == set()
    row = row_of(measured(bench, "sum", "sum_saturates", "int8"))
    assert row["correctly_rounded"] < row["samples"]
    assert row["worst_input"].startswith("gen:int-")


@pytest.mark.parametrize(
    ("path", "worst"),
    [
        ("mean_of_columns_in_dtype", "gen:int-small:0:40000 (as 10000x4, axis=0) element (0)"),
        ("mean_of_large_in_single", "gen:int-largest:0:1000000"),
    ],
)
def test_means_of_columns_and_of_a_million_integers_are_judged_too(bench, path, worst):
    result = measured(bench, "mean", path, "int16")
    assert wrong_paths(result) == {"body"}
    row = row_of(result)
    assert row["worst_input"] == worst
    assert row["samples"] == 18
    assert row["shape"] == "10 4099 1000000 10000x4"


def test_the_libraries_answer_or_say_why_not(tmp_path):
    names = tuple(t.name for t in TARGETS)
    with Bench(TARGETS, tmp_path) as both:
        for function, dtype in (("power", "int32"), ("floor_divide", "int16"), ("bitwise_and", "bool"), ("sum", "int8"),
                                ("bit_count", "int8"), ("abs", "uint8"), ("logical_and", "bool")):  # fmt: skip
            row = all_rows()[function]
            case = Case("test", function, row.kind, dtype, InputSpec(), names)
            result = measure_integers(case, row, both, None)
            assert {r["status"] for r in result["rows"] if r["target"] == "numpy"} == {"ok"}
            assert {r["status"] for r in result["rows"]} <= {"ok", "unsupported"}
            assert {r["target"] for r in result["rows"]} == set(names)
            if function == "power":
                got = {r["target"]: r["got"] for r in result["special"] if r["expected"] == "unspecified"}
                assert got["numpy"].startswith("raises ValueError: Integers to negative integer powers")
                assert got["tensorflow"].startswith("raises InvalidArgumentError")
