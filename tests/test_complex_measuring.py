"""The measurement of complex cases, on libraries with planted defects and on clean ones."""

from __future__ import annotations

import dataclasses
import json
import math
from fractions import Fraction
from pathlib import Path

import gmpy2
import numpy as np
import pytest

from reportgen.catalogue.complexes import COMPLEX
from reportgen.catalogue.rows import all_rows
from reportgen.core import complexsampling
from reportgen.core.complexsampling import strata
from reportgen.core.floats import FORMATS, Exact
from reportgen.core.model import Case, InputSpec, TargetSpec
from reportgen.measure import complexcase
from reportgen.measure.bench import Bench
from reportgen.measure.complexcase import measure_complex
from reportgen.measure.complexinputs import complex_inputs
from reportgen.measure.complexscores import exact_normwise, judged_whole, modulus_exponent, normwise_scores, part_scores
from reportgen.measure.jobs import pack_arrays, unpack_arrays
from reportgen.oracle.cache import CachedOracle
from reportgen.oracle.complexes.modulus import fill_exponents
from reportgen.oracle.complexes.solve import enclose_complex
from reportgen.oracle.complexes.values import ComplexExact, of_floats

FAKES = Path(__file__).resolve().parent / "fakes"
PLANTED = TargetSpec("planted", "numpy", env=(("PYTHONPATH", str(FAKES)),))


@pytest.fixture(scope="module")
def bench(tmp_path_factory):
    with Bench([PLANTED], tmp_path_factory.mktemp("bench")) as opened:
        assert opened.hello("planted").ok
        yield opened


@pytest.fixture
def quick(monkeypatch):
    """Fewer points: these tests are about what is found."""
    for name, count in (("UNARY_BASE", 512), ("UNARY_TYPICAL", 256), ("BINARY_BASE", 512), ("BINARY_TYPICAL", 128)):
        monkeypatch.setattr(complexsampling, name, count)
    monkeypatch.setattr(complexcase, "ROUNDS", 1)


def measured(bench, function, path, dtype="complex64"):
    row = dataclasses.replace(all_rows()[function], numpy=path)
    case = Case("test", function, "elementwise", dtype, InputSpec(), ("planted",))
    return measure_complex(case, row, bench, CachedOracle(None))


def rows_of(result, **cells):
    chosen = [r for r in result["rows"] if all(r.get(k) == v for k, v in cells.items())]
    assert chosen
    return chosen


def body(result, metric, regime):
    (row,) = rows_of(result, path="body", case="ordinals", metric=metric, regime=regime)
    return row


def complain(result):
    return {s["sentence"] for s in result["special"] if not s["agrees"]}


# -- planted defects, each with a clean case -----------------------------------------------------------------
def test_the_wrong_side_of_a_cut_is_found(bench, quick):
    clean, wrong = (measured(bench, "sqrt", f"plantedcomplex.{p}") for p in ("clean_sqrt", "sqrt_cut"))
    assert body(clean, "normwise", "normal")["max_ulp"] < 3
    assert body(clean, "normwise", "all")["special_mismatches"] == 0
    row = body(wrong, "normwise", "normal")
    # 2·√|x| in ulps of √|x|.
    assert row["max_ulp"] >= 2**24
    x, y = (float.fromhex(part) for part in row["worst_input"].split(","))
    assert x < 0
    assert math.copysign(1, y) == -1
    assert y == 0
    assert not complain(clean)
    assert "±0 + i0 gives +0 + i0." in complain(wrong)


def test_a_naive_quotient_overflows_and_underflows(bench, quick):
    clean, wrong = (measured(bench, "divide", f"plantedcomplex.{p}") for p in ("divide_wide", "divide_naive"))
    assert body(clean, "normwise", "normal")["max_ulp"] <= 1
    assert body(clean, "normwise", "normal")["special_mismatches"] == 0
    assert body(wrong, "normwise", "all")["special_mismatches"] > 50
    assert body(wrong, "normwise", "normal")["max_ulp"] > 1e6


def test_an_error_in_one_part_is_found_in_that_part(bench, quick):
    clean, wrong = (measured(bench, "exp", f"plantedcomplex.{p}") for p in ("exp_wide", "exp_im"))
    assert body(clean, "im", "normal")["max_ulp"] <= 0.5000001
    assert body(wrong, "re", "normal")["max_ulp"] == pytest.approx(body(clean, "re", "normal")["max_ulp"], abs=1e-3)
    assert 3 <= body(wrong, "im", "normal")["max_ulp"] <= 3.5
    assert 1.5 <= body(wrong, "normwise", "normal")["max_ulp"] <= 3.6


def test_positions_tell_apart_what_only_happens_at_the_end(bench, quick):
    clean, wrong = (measured(bench, "exp", f"plantedcomplex.{p}") for p in ("exp_wide", "exp_tail"))
    found = [{r["check"]: r["differs"] for r in result["self_agreement"]} for result in (clean, wrong)]
    assert "position" in found[0]
    assert set(found[0].values()) == {0}
    assert found[1]["position"] > 200
    (row,) = [r for r in wrong["self_agreement"] if r["check"] == "position"]
    assert row["max_ulp_apart"] == 1
    assert row["first_output"].split(",")[0] == row["second_output"].split(",")[0]
    assert {r["path"] for r in wrong["rows"]} == {"body", "tail", "scalar"}


def test_infinities_are_demanded_as_annex_g_has_them(bench, quick):
    sentence = "An infinity times itself is an infinity."
    wrong = measured(bench, "square", "plantedcomplex.square_nan")
    assert sentence in complain(wrong)
    right = [s for s in measured(bench, "square", "numpy.square")["special"] if s["sentence"] == sentence]
    assert any(s["agrees"] for s in right)


def test_a_function_without_the_dtype_is_unsupported(bench, quick):
    result = measured(bench, "cos", "numpy.fabs")
    (row,) = result["rows"]
    assert row["status"] == "unsupported"
    real = measured(bench, "cos", "numpy.abs")
    assert real["rows"][0]["reason"] == "returns float32, where a complex result is judged"


# -- what is published can be recomputed ---------------------------------------------------------------------
@pytest.mark.parametrize("dtype", ["complex64", "complex128"])
@pytest.mark.parametrize(("function", "truth"), [("exp", gmpy2.exp), ("sqrt", gmpy2.sqrt), ("atanh", gmpy2.atanh)])
def test_maxima_can_be_recomputed_from_what_they_print(bench, quick, function, truth, dtype):
    fmt = FORMATS["float32" if dtype == "complex64" else "float64"]
    result = measured(bench, function, f"numpy.{'arctanh' if function == 'atanh' else function}", dtype)
    json.dumps({k: v for k, v in result.items() if k != "rerun"}, allow_nan=False)
    checked = 0
    for row in result["rows"]:
        if row.get("max_ulp") is None or row["regime"] in ("special", "overflow-edge", "all"):
            continue
        assert row["settled_by"] in ("mpmath", "table")
        z = complex(*(float.fromhex(p) for p in row["worst_input"].split(",")))
        got = complex(*(float.fromhex(p) for p in row["worst_output"].split(",")))
        with gmpy2.context(precision=4000, emax=1 << 40, emin=-(1 << 40)):
            y = truth(gmpy2.mpc(z))
            parts = [Fraction(*(int(v) for v in p.as_integer_ratio())) for p in (y.real, y.imag)]
            exponents = {
                "re": gmpy2.get_exp(y.real), "im": gmpy2.get_exp(y.imag), "normwise": gmpy2.get_exp(abs(y)),
            }  # fmt: skip
        q = min(max(exponents[row["metric"]] - 1, fmt.emin), fmt.emax) - fmt.p + 1
        if row["metric"] != "normwise" and parts[row["metric"] == "im"] == 0:
            q = fmt.emin - fmt.p + 1
        errors = [abs(Fraction(v) - p) / Fraction(2) ** q for v, p in zip((got.real, got.imag), parts, strict=True)]
        if row["metric"] == "normwise":
            wanted = math.sqrt(errors[0] ** 2 + errors[1] ** 2)
        else:
            wanted = min(float(errors[row["metric"] == "im"]), 2.0**1023)
        assert row["max_ulp"] == pytest.approx(wanted, rel=1e-12)
        checked += 1
    assert checked >= 20


# -- metrics -------------------------------------------------------------------------------------------------
def exact_of(*values):
    z = np.array(values, np.complex128)
    y = ComplexExact.empty(len(z))
    y.re, y.im = of_floats(z.real), of_floats(z.imag)
    fill_exponents(y)
    return y


def test_the_ulp_of_a_modulus_beside_a_power_of_two():
    fmt = FORMATS["float64"]
    y = exact_of(1, 1 - 2.0**-53, 1 + 1e-160j, 0.6 + 0.8j, 0, 3 + 4j, 1e-320, 1e308 + 1e308j)
    assert modulus_exponent(y, fmt).tolist() == [0, -1, 0, 0, -1022, 2, -1064, 1023]


def test_a_modulus_next_to_a_power_of_two_is_told_from_it():
    tiny = 2.0**-1000
    z = np.array([complex(tiny, 2), complex(-tiny, 2), complex(0, 2), complex(tiny, 0), complex(1e-30, 1)])
    assert enclose_complex(COMPLEX["exp"], (z,), "complex128").exponent.tolist() == [0, -1, 0, 0, 0]
    assert enclose_complex(COMPLEX["sqrt"], (np.array([1j, 2j, -1j]),), "complex128").exponent.tolist() == [0, 0, 0]
    z = strata(FORMATS["float64"], 64, np.random.default_rng(1))
    assert set(enclose_complex(COMPLEX["sign"], (z,), "complex128").exponent.tolist()) == {0}


def test_normwise_errors_exactly():
    fmt = FORMATS["float32"]
    assert exact_normwise(3 + 4j, exact_of(3 + 4j), fmt) == 0
    one = 2.0**-23
    assert exact_normwise(1 + one + 0j, exact_of(1), fmt) == 1
    both = exact_normwise(complex(1 + 3 * one, 4 * one), exact_of(1), fmt)
    assert abs(both - 5) < Fraction(1, 2**70)
    assert exact_normwise(complex(math.inf, 0), exact_of(2.0**127), fmt) == 2**23
    assert exact_normwise(complex(math.nan, 0), exact_of(1), fmt) is None


def test_scores_of_wholes_follow_their_parts():
    fmt = FORMATS["float32"]
    exact = exact_of(1 + 1e-30j, 1 + 1j, 1 + 1j, 1e-42 + 0j, 3e38 + 1j)
    computed = np.array([1 + 0j, complex(1, math.nan), 1 + 1j, 0j, complex(math.inf, 1)])
    args = (np.array([1 + 1j] * 5),)
    whole = judged_whole(args, computed, exact, fmt, fmt)
    re, im = part_scores(whole, 0), part_scores(whole, 1)
    s = normwise_scores(whole, re, im)
    # A lost tiny part is a large error of that part, and none of the whole.
    assert im.signed[0] < -(2**22)
    assert s.signed[0] < 1e-20
    assert s.mismatch.tolist() == [False, True, False, False, True]
    assert s.correct.tolist() == [False, False, True, False, False]
    assert s.regime.tolist() == [4, 4, 4, 2, 1]


def test_complex_arrays_survive_their_packing():
    arrays = {"x0": np.array([complex(-0.0, math.inf), complex(math.nan, -0.0)]), "n": [1.5]}
    back = unpack_arrays(pack_arrays(arrays))
    assert back["x0"].tobytes() == arrays["x0"].tobytes()
    assert back["n"].dtype == np.float64


# -- inputs --------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("dtype", ["complex64", "complex128"])
@pytest.mark.parametrize("function", ["log", "atan", "divide", "power"])
def test_points_belong_to_the_dtype_and_reach_where_it_hurts(function, dtype):
    case = Case("test", function, "elementwise", dtype, InputSpec(), ())
    inputs = complex_inputs(case, COMPLEX[function])
    again = complex_inputs(case, COMPLEX[function])
    fmt = FORMATS["float32" if dtype == "complex64" else "float64"]
    for z, same in zip(inputs.samples.args, again.samples.args, strict=True):
        assert fmt.is_representable(z.real).all()
        assert fmt.is_representable(z.imag).all()
        assert z.tobytes() == same.tobytes()
        assert fmt.is_subnormal(z.real).sum() > 20
        assert (np.abs(z.real) > math.sqrt(fmt.max_finite)).sum() > 20
    z = inputs.samples.args[0]
    if function == "log":
        on = (z.imag == 0) & (z.real < 0)
        assert np.signbit(z.imag[on]).sum() > 20
        assert (~np.signbit(z.imag[on])).sum() > 20
        with np.errstate(over="ignore"):
            size = np.hypot(z.real, z.imag)
        assert ((np.abs(size - 1) < 4 * 2.0**-fmt.p) & (size != 1)).sum() > 20
    if function == "atan":
        on = (z.real == 0) & (np.abs(z.imag) > 1) & np.isfinite(z.imag)
        assert np.signbit(z.real[on]).sum() > 20
        assert (~np.signbit(z.real[on])).sum() > 20
    special = {(a, b) for a, b in zip(np.isnan(z.real), np.isinf(z.imag), strict=True)}
    assert special == {(False, False), (False, True), (True, False), (True, True)}


def test_neighbours_stay_in_the_format():
    for name in ("float32", "float64"):
        fmt = FORMATS[name]
        rng = np.random.default_rng(1)
        z = complexsampling.joined(
            np.array([0.0, fmt.max_finite, -fmt.max_finite, fmt.min_subnormal] * 64),
            np.array([1.0, -0.0, 1.0, 2.0] * 64),
        )
        near = complexsampling.neighbours(fmt, z, rng)
        assert np.isfinite(near.real).all()
        assert np.isfinite(near.imag).all()
        assert fmt.is_representable(near.real).all()
        assert (near != z).mean() > 0.5


def test_exact_values_join_and_select():
    y = exact_of(1, 2j)
    joined = ComplexExact.concatenate([y, exact_of(3)])
    assert joined.re.hi.tolist() == [1, 0, 3]
    y.put(np.array([0]), joined[2:])
    assert y.re.hi.tolist() == [3, 0]
    assert isinstance(y.re, Exact)
