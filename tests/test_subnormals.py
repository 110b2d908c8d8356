"""Subnormals said plainly: planted libraries with each habit on each path, and clean ones."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import numpy as np
import pytest

from reportgen.catalogue.rows import all_rows
from reportgen.core.model import Case, InputSpec, TargetSpec
from reportgen.measure import elementwise
from reportgen.measure.bench import Bench
from reportgen.measure.subnormals import maxima_of, word
from reportgen.oracle.cache import CachedOracle
from reportgen.results import tables

FAKES = Path(__file__).resolve().parent / "fakes"
PLANTED = TargetSpec("planted", "numpy", env=(("PYTHONPATH", str(FAKES)),))
PATHS = ("body", "tail", "scalar")
SMALLEST_NORMAL = {"float16": 2.0**-14, "float32": 2.0**-126, "float64": 2.0**-1022}


@pytest.fixture(scope="module")
def bench(tmp_path_factory):
    with Bench([PLANTED], tmp_path_factory.mktemp("bench")) as opened:
        assert opened.hello("planted").ok
        yield opened


@pytest.fixture(autouse=True)
def quick(monkeypatch):
    from reportgen.core import sampling

    monkeypatch.setattr(sampling, "UNARY_BASE", 1024)
    monkeypatch.setattr(sampling, "TYPICAL", 256)
    monkeypatch.setattr(elementwise, "search_effort", lambda m: (1, 1))


def told(bench, path, function, dtype="float32"):
    """Rows by path, of a planted implementation of a function."""
    row = dataclasses.replace(all_rows()[function], numpy=path)
    case = Case("test", function, "elementwise", dtype, InputSpec(), ("planted",))
    result = elementwise.measure(case, row, bench, CachedOracle(None))
    rows = {r["path"]: r for r in result["subnormals"]}
    assert set(rows) == set(PATHS)
    assert all(set(r) == set(tables.SUBNORMAL_COLUMNS) for r in rows.values())
    return rows


def words(rows):
    return {p: (r["inputs"], r["results"]) for p, r in rows.items()}


@pytest.mark.parametrize(
    ("path", "function", "expected"),
    [
        ("planted.clean_sqrt", "sqrt", ("kept", "not visible")),
        ("planted.daz_sqrt", "sqrt", ("zero", "not visible")),
        ("planted.clean_exp", "exp", ("not visible", "kept")),
        ("planted.ftz_exp", "exp", ("not visible", "flushed")),
        ("numpy.multiply", "multiply", ("kept", "kept")),
        ("planted.daz_multiply", "multiply", ("zero", "kept")),
        ("planted.ftz_multiply", "multiply", ("kept", "flushed")),
        ("numpy.negative", "negative", ("kept", "kept")),
        ("planted.ftz_negative", "negative", ("either", "either")),
    ],
)
def test_each_habit_is_told_from_the_other_on_every_path(bench, path, function, expected):
    rows = told(bench, path, function)
    assert words(rows) == dict.fromkeys(PATHS, expected)
    body = rows["body"]
    assert body["inputs_told"] > 10 or expected[0] in ("not visible", "either", "kept")
    assert all(r[f"{k}_zero"] <= r[f"{k}_told"] for r in rows.values() for k in ("inputs", "results", "both"))
    clean = path.split(".")[1].startswith(("clean", "multiply", "negative"))
    for row in rows.values():
        assert clean == (row["inputs_witness"] is row["results_witness"] is row["both_witness"] is None)


def test_a_habit_of_long_arrays_alone_is_told_of_them_alone(bench):
    rows = told(bench, "planted.daz_sqrt_body", "sqrt")
    assert rows["body"]["inputs"] == "zero"
    assert rows["scalar"]["inputs"] == "kept"
    assert rows["tail"]["inputs"] == "some"  # the end of an array of 4103, and pieces of 3 to 15
    assert 0 < rows["tail"]["inputs_zero"] < rows["tail"]["inputs_told"]


@pytest.mark.parametrize("dtype", ["float16", "float64"])
def test_the_witness_can_be_repeated(bench, dtype):
    row = told(bench, "planted.daz_sqrt", "sqrt", dtype)["body"]
    given, got = (float.fromhex(text) for text in row["inputs_witness"].split("→"))
    assert 0 < abs(given) < SMALLEST_NORMAL[dtype]
    assert got == 0
    assert np.sqrt(given) != 0
    assert row["inputs"] == "zero"


def test_maxima_with_and_without_stand_side_by_side(bench):
    flushing, clean = (told(bench, f"planted.{name}", "exp")["body"] for name in ("ftz_exp", "clean_exp"))
    assert flushing["max_normal"] == clean["max_normal"] < 1
    assert flushing["max_with_subnormals"] > 8_000_000
    assert clean["max_with_subnormals"] < 1


def test_predicates_show_inputs_taken_for_zero(bench):
    row = all_rows()["not_equal"]
    case = Case("test", "not_equal", "elementwise", "float32", InputSpec(), ("planted",))
    result = elementwise.measure(case, dataclasses.replace(row, numpy="numpy.not_equal"), bench, CachedOracle(None))
    body = next(r for r in result["subnormals"] if r["path"] == "body")
    assert (body["inputs"], body["results"]) == ("kept", "not visible")
    assert body["inputs_told"] > 10


@pytest.mark.parametrize(
    ("own", "other", "both", "expected"),
    [
        ((0, 0), (0, 0), (0, 0), "not visible"),
        ((0, 4), (4, 4), (4, 4), "kept"),
        ((4, 4), (0, 0), (0, 0), "zero"),
        ((1, 4), (0, 0), (4, 4), "some"),
        ((0, 0), (0, 0), (0, 4), "kept"),
        ((0, 0), (0, 0), (4, 4), "either"),
        ((0, 0), (3, 3), (4, 4), "not visible"),
        ((0, 0), (1, 3), (4, 4), "not visible"),
        ((0, 0), (0, 3), (4, 4), "zero"),
        ((0, 0), (0, 3), (1, 4), "some"),
    ],
)
def test_a_zero_with_two_explanations_is_told_of_one_only_if_the_other_is_excluded(own, other, both, expected):
    assert word(own, other, both, "zero") == expected


def test_only_the_regimes_named_and_the_case_enter_the_maxima():
    base = {"target": "t", "path": "body", "case": "ordinals"}
    rows = [
        base | {"regime": "normal", "max_ulp": 0.6},
        base | {"regime": "subnormal-result", "max_ulp": 8.0},
        base | {"regime": "overflow-edge", "max_ulp": 99.0},
        base | {"regime": "normal", "max_ulp": 50.0, "case": "typical"},
        base | {"regime": "subnormal-input", "max_ulp": None},
    ]
    found = maxima_of(rows, "ordinals")
    assert sorted(found.values()) == [0.6, 8.0]
