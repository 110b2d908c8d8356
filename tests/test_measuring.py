"""The whole measurement of a case, on libraries with planted defects and on clean ones."""

from __future__ import annotations

import dataclasses
import json
from fractions import Fraction
from pathlib import Path

import gmpy2
import numpy as np
import pytest

from reportgen.catalogue.arrayrows import array_rows
from reportgen.catalogue.rows import all_rows
from reportgen.core.errors import OracleDisagreement
from reportgen.core.floats import FORMATS, Exact
from reportgen.core.model import Case, InputSpec, TargetSpec
from reportgen.measure import elementwise, report_rows, selfcheck
from reportgen.measure.arrays import case as arraycase
from reportgen.measure.bench import Bench, Request
from reportgen.measure.judging import exact_text
from reportgen.oracle.cache import CachedOracle

FAKES = Path(__file__).resolve().parent / "fakes"
PLANTED = TargetSpec("planted", "numpy", env=(("PYTHONPATH", str(FAKES)),))


@pytest.fixture(scope="module")
def bench(tmp_path_factory):
    with Bench([PLANTED], tmp_path_factory.mktemp("bench")) as opened:
        assert opened.hello("planted").ok
        yield opened


def row_for(function, path):
    return dataclasses.replace(all_rows()[function], numpy=path)


def case_for(function, dtype="float32", **inputs):
    spec = InputSpec(**inputs) if inputs else InputSpec()
    return Case("test", function, "elementwise", dtype, spec, ("planted",))


@pytest.fixture
def quick(monkeypatch):
    """Fewer samples: these tests are about what is found, not about how large a maximum is."""
    from reportgen.core import sampling

    monkeypatch.setattr(sampling, "UNARY_BASE", 1024)
    monkeypatch.setattr(sampling, "TYPICAL", 256)
    monkeypatch.setattr(elementwise, "search_effort", lambda m: (1, 1))


def measured(bench, path, function="exp", dtype="float32", **inputs):
    return elementwise.measure(case_for(function, dtype, **inputs), row_for(function, path), bench, CachedOracle(None))


def differs(result):
    found = {r["check"]: r["differs"] for r in result["self_agreement"]}
    found["run"] = sum(r["run_differs"] for r in result["runs"])
    return {check for check, count in found.items() if count}


@pytest.mark.parametrize(
    ("path", "checks"),
    [
        ("planted.clean_exp", set()),
        ("planted.exp_tail", {"position"}),
        ("planted.exp_alone", {"position"}),
        ("planted.exp_rank0", {"position"}),
        ("planted.exp_strided", {"layout"}),
        ("planted.exp_offset", {"layout"}),
    ],
)
def test_each_check_fires_on_its_own_defect_and_stays_silent_on_the_others(bench, quick, path, checks):
    result = measured(bench, path)
    assert differs(result) == checks
    tested = {r["check"]: r["tested"] for r in result["self_agreement"]}
    assert tested["position"] >= 256
    for row in result["self_agreement"]:
        if row["differs"]:
            assert row["max_ulp_apart"] == 1
            assert row["context"]
            first, second = (float.fromhex(row[c]) for c in ("first_output", "second_output"))
            assert np.nextafter(np.float32(first), np.float32(np.inf)) == np.float32(second)


def test_a_result_that_changes_on_repetition_is_found(bench, quick):
    assert "run" in differs(measured(bench, "planted.exp_third"))


def rows_of(result, **cells):
    return [r for r in result["rows"] if all(r.get(k) == v for k, v in cells.items())]


def test_the_row_of_a_maximum_can_be_recomputed_from_what_it_prints(bench, quick):
    """Every row: input in hex → MPFR's exp at 400 bits → error of the printed output in ulp == max_ulp."""
    result = measured(bench, "numpy.exp")
    checked = 0
    for row in result["rows"]:
        if row["max_ulp"] is None or row["regime"] == "special":
            continue
        x, got = float.fromhex(row["worst_input"]), float.fromhex(row["worst_output"])
        with gmpy2.context(precision=400):
            y = gmpy2.exp(gmpy2.mpfr(x))
            exact = Fraction(*(int(v) for v in y.as_integer_ratio()))
            exponent = gmpy2.frexp(y)[0] - 1
        ulp = Fraction(2) ** (min(max(exponent, -126), 127) - 23)
        stand_in = Fraction(2) ** 128 if np.isinf(got) else Fraction(got)
        want = abs(stand_in - min(exact, Fraction(2) ** 128)) / ulp
        assert row["max_ulp"] == pytest.approx(float(want), rel=1e-15)
        hi, lo, exp2 = row["exact"].split(";")
        pair = (Fraction(float.fromhex(hi)) + Fraction(float.fromhex(lo))) * Fraction(2) ** int(exp2)
        assert abs(pair - exact) <= exact / Fraction(2) ** 105
        assert row["settled_by"] == "mpmath" or row["regime"] != "normal"
        checked += 1
    assert checked > 10
    assert np.exp(np.float32(1)) > 0  # the target is NumPy itself


def test_a_planted_ulp_shows_in_maximum_and_share_on_its_path_only(bench, quick):
    clean, planted = (measured(bench, f"planted.{name}") for name in ("clean_exp", "exp_tail"))
    for path in ("body", "tail", "scalar"):
        a, b = (rows_of(r, path=path, regime="normal", case="ordinals")[0] for r in (clean, planted))
        if path == "tail":
            assert b["max_ulp"] > a["max_ulp"]
            assert b["correctly_rounded"] < a["correctly_rounded"]
            assert b["worst_context"].startswith(("array of 4103 at 4", "piece of"))
        elif path == "body":
            assert (a["max_ulp"], a["correctly_rounded"]) == (b["max_ulp"], b["correctly_rounded"])


@pytest.mark.parametrize("path", ["planted.exp_nan", "planted.clean_exp"])
def test_special_cases_are_judged(bench, quick, path):
    wrong = [r for r in measured(bench, path)["special"] if not r["agrees"]]
    assert bool(wrong) == (path == "planted.exp_nan")
    if wrong:
        assert {r["got"] for r in wrong} == {"nan"}
        assert all(r["sentence"] and r["source"] for r in wrong)


def test_a_wrong_dtype_is_measured_in_that_dtype_and_said(bench, quick):
    result = measured(bench, "planted.exp_dtype")
    assert {r["result_dtype"] for r in result["rows"]} == {"float64"}


def test_what_a_target_lacks_is_a_row_with_a_reason(bench, quick):
    result = measured(bench, "planted.no_such_function")
    assert [(r["status"], r["regime"]) for r in result["rows"]] == [("unsupported", "all")]
    assert result["rows"][0]["reason"]


def test_exhaustive_16_bit_says_so_and_counts_every_value(bench, quick):
    result = measured(bench, "planted.clean_sqrt", "sqrt", "float16")
    row = rows_of(result, path="body", regime="all", case="ordinals")[0]
    assert row["coverage"] == "exhaustive"
    assert row["samples"] == row["correctly_rounded"] == 2 * FORMATS["float16"].inf_ordinal + 3
    assert {r["coverage"] for r in rows_of(result, path="tail")} == {"sampled"}


def test_two_measurements_are_the_same_to_the_byte(bench, quick):
    first, second = (measured(bench, "numpy.sin", "sin") for _ in range(2))
    for key in ("rows", "agreement", "special", "self_agreement", "profile"):
        assert json.dumps(first[key]) == json.dumps(second[key])


def test_inputs_given_by_a_spec_are_one_array_as_given(bench):
    detail = (("arange", (0.0, 100.0, 1.0)),)
    result = measured(bench, "numpy.sqrt", "sqrt", name="arange-100", source="arange", detail=detail)
    row = rows_of(result, path="body", regime="all")[0]
    assert (row["samples"], row["shape"], row["coverage"], row["case"]) == (100, "100", "sampled", "arange-100")
    assert row["correctly_rounded"] == 100


def test_recorded_values_are_a_target_of_their_own(bench, root):
    case = case_for("sqrt", name="arange-100", source="arange", detail=(("arange", (0.0, 100.0, 1.0)),))
    case = dataclasses.replace(case, recorded=(root / "specs/data/sqrt-2017.json").read_text())
    result = elementwise.measure(case, all_rows()["sqrt"], bench, CachedOracle(None))
    row = rows_of(result, target="tensorflow@1.2.0 (recorded)", path="body", regime="all")[0]
    assert row["samples"] - row["correctly_rounded"] == 56
    assert row["max_ulp"] == pytest.approx(2.1368837, abs=1e-7)
    assert float.fromhex(row["worst_input"]) == 13.0  # 52 ties; the smaller one is published


def test_an_oracle_that_is_off_by_one_bit_stops_the_case(bench, quick, monkeypatch):
    """The enclosure wrong in one place: the confirmation by mpmath of the maxima notices."""
    oracle = CachedOracle(None)
    true = oracle.enclose

    def wrong(row, args, dtype):
        y = true(row, args, dtype)
        y.hi = np.where(np.isfinite(y.hi) & (y.hi != 0), np.nextafter(y.hi, np.inf), y.hi)
        return y

    monkeypatch.setattr(oracle, "enclose", wrong)
    with pytest.raises(OracleDisagreement):
        elementwise.measure(case_for("exp"), row_for("exp", "numpy.exp"), bench, oracle)


@pytest.mark.parametrize(
    ("path", "right"), [("numpy.max", True), ("numpy.fmax.reduce", False), ("planted.clean_max", True)]
)
def test_the_reduction_max(bench, monkeypatch, path, right):
    """Arrays that a spec names: NaN, zeros of both signs and infinities; a maximum that drops NaN is found."""
    inputs = InputSpec(
        "arrays", "array", (("arrays", ("mixed", "nan", "signed-zeros", "infinities")), ("sizes", (1, 7, 100)))
    )
    case = Case("test", "max", "reduction", "float32", inputs, ("planted",))
    row = dataclasses.replace(array_rows()["max"], programs=(("numpy", f"{path}(x)"),))
    monkeypatch.setattr(arraycase, "array_rows", lambda: {"max": row})
    result = arraycase.measure_arrays(case, all_rows()["max"], bench, CachedOracle(None))
    rows = [r for r in result["rows"] if r["regime"] == "all"]
    assert len(rows) == 33
    assert all(r["samples"] == 1 for r in rows)
    assert (sum(r["special_mismatches"] for r in rows) == 0) == right
    wrong = [r for r in result["special"] if not r["agrees"]]
    assert bool(wrong) != right
    assert all(r["input"].startswith("gen:nan-") for r in wrong)


def test_the_search_finds_a_larger_error_than_the_samples_did(bench):
    """sin in float32 on NumPy: what is found lies above the sampled maximum and below what is proven (1.5 ulp)."""
    case = case_for("sin")
    row = all_rows()["sin"]
    found = rows_of(
        elementwise.measure(case, row, bench, CachedOracle(None)), path="body", regime="normal", case="ordinals"
    )[0]
    typical = rows_of(elementwise.measure(case, row, bench, CachedOracle(None)), case="typical", regime="normal")[0]
    assert found["coverage"] == "searched"
    assert typical["max_ulp"] <= found["max_ulp"] < 1.6


def test_compare_counts_an_input_once_and_keeps_the_farthest():
    fmt = FORMATS["float32"]
    reference = np.array([1.0, 2.0, np.nan, 0.0])
    others = [
        ("a", lambda i: "a", np.array([1.0, 2.0 + 2**-22, np.nan, -0.0])),
        ("b", lambda i: "b", np.array([1.0, 2.0 + 2**-20, np.nan, 0.0])),
    ]
    finding = selfcheck.compare("position", reference, others, fmt)
    assert (finding.differs, finding.tested, finding.distance, finding.index, finding.context) == (2, 4, 4, 1, "b")
    same = selfcheck.compare("position", reference, [("a", lambda i: "a", reference)], fmt)
    assert (same.differs, same.index) == (0, None)


def test_every_place_gives_back_the_inputs_in_order():
    args = (np.arange(1.0, 261.0),)
    for place in selfcheck.PLACES:
        request = selfcheck.placed(place, args, Request(all_rows()["exp"], FORMATS["float32"]))
        if isinstance(request.cut, int):
            assert len(request.args[0]) % request.cut == 0
        assert (selfcheck.taken(place, request.args[0], 260) == args[0]).all()


def test_tied_worst_inputs_of_given_inputs_are_all_listed(bench, root):
    case = case_for("sqrt", name="arange-100", source="arange", detail=(("arange", (0.0, 100.0, 1.0)),))
    case = dataclasses.replace(case, recorded=(root / "specs/data/sqrt-2017.json").read_text())
    result = elementwise.measure(case, all_rows()["sqrt"], bench, CachedOracle(None))
    worst = result["profile"]["targets"]["tensorflow@1.2.0 (recorded)"]["worst"]
    assert [float.fromhex(w["input"][0]) for w in worst] == [13.0, 52.0]
    json.dumps(result["rows"])


def test_reductions_are_compared_between_targets(tmp_path):
    other = dataclasses.replace(PLANTED, name="other")
    inputs = InputSpec("arrays", "array", (("arrays", ("mixed", "nan")), ("sizes", (7,))))
    case = Case("test", "max", "reduction", "float32", inputs, ("planted", "other"))
    with Bench([PLANTED, other], tmp_path) as both:
        result = arraycase.measure_arrays(case, all_rows()["max"], both, CachedOracle(None))
    assert len(result["agreement"]) == 5
    for row in result["agreement"]:
        assert (row["first"], row["second"], row["equal"], row["compared"]) == ("planted", "other", 1, 1)


def test_the_context_of_a_searched_input_is_the_array_in_which_it_stood(bench):
    """Every published body result can be had again by putting the input where its context says."""
    result = elementwise.measure(case_for("exp"), row_for("exp", "numpy.exp"), bench, CachedOracle(None))
    row = rows_of(result, path="body", regime="normal", case="ordinals")[0]
    length, index = (int(word) for word in row["worst_context"].removeprefix("array of ").split(" at "))
    array = np.ones(length, np.float32)
    array[index] = float.fromhex(row["worst_input"])
    assert float(np.exp(array)[index]) == float.fromhex(row["worst_output"])


@pytest.mark.parametrize(
    ("function", "regime", "sources"),
    [("exp", "normal", {"mpmath"}), ("exp", "special", {"table"}), ("floor", "normal", {"rational", "table"})],
)
def test_a_row_says_what_settled_its_exact_value(bench, quick, function, regime, sources):
    """The label comes from the point: nothing is called mpmath's that mpmath has not evaluated."""
    result = measured(bench, f"numpy.{function}", function)
    rows = [r for r in rows_of(result, regime=regime, case="ordinals") if r["settled_by"]]
    assert rows
    assert {r["settled_by"] for r in rows} <= sources
    assert (result["counts"]["confirmed"] > 0) == (function == "exp")


def test_a_special_case_asks_for_a_faithful_number_and_for_the_very_zero() -> None:
    near, far = 3.1415927410125732, 3.141592502593994  # the float32 numbers above and below π; then one too far
    assert report_rows.agrees(near, near, False, (far, near))
    assert report_rows.agrees(far, near, False, (far, near))
    assert not report_rows.agrees(3.1415922641754150, near, False, (far, near))
    assert not report_rows.agrees(-0.0, 0.0, False, (0.0, 0.0))
    assert report_rows.agrees(-0.0, 0.0, True)
    assert not report_rows.agrees(3.4028234663852886e38, float("inf"), False, (3.4028234663852886e38, float("inf")))
    assert report_rows.agrees(float("nan"), float("nan"), False)


def test_a_remainder_of_zero_has_no_sign_and_a_value_of_zero_has() -> None:
    value = Exact.of_values(np.array([-0.0]))
    assert exact_text(value) == "-0x0.0p+0;0x0.0p+0;0"
    other = dataclasses.replace(value, hi=np.array([-3.0]), lo=np.array([-0.0]))
    assert exact_text(other) == exact_text(dataclasses.replace(other, lo=np.array([0.0])))
    assert exact_text(dataclasses.replace(other, lo=np.array([-(2.0**-60)]))).split(";")[1].startswith("-0x1.")
