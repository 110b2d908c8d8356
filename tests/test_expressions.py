"""Composed expressions: the forms that a compiler may make of them, and planted compilers that make them."""

from __future__ import annotations

import dataclasses
import math
import subprocess
import sys
from fractions import Fraction
from pathlib import Path

import mpmath
import numpy as np
import pytest

from reportgen.catalogue.expressions import ROWS
from reportgen.catalogue.rewrites import FORMS, OTHER, WRITTEN
from reportgen.catalogue.rows import all_rows, lookup
from reportgen.core.floats import FORMATS
from reportgen.core.model import Case, InputSpec, TargetSpec
from reportgen.core.values import nearest
from reportgen.measure import elementwise, rewrites
from reportgen.measure.bench import Bench
from reportgen.measure.explain import explain
from reportgen.oracle.cache import CachedOracle
from reportgen.oracle.enclosure import enclose
from reportgen.oracle.exact import exact_value
from reportgen.oracle.namespace import ExpressionError
from reportgen.oracle.stepwise import Steps, asks, parse, rounded, selected

WORKER = Path(elementwise.__file__).resolve().parents[1] / "worker"
FAKES = Path(__file__).resolve().parent / "fakes"
PLANTED = TargetSpec("planted", "numpy", env=(("PYTHONPATH", str(FAKES)),))
DTYPES = ("float16", "bfloat16", "float32", "float64")


# -- arithmetic --------------------------------------------------------------------------------------------
def awkward(dtype, count, seed):
    """Values of every size, halfway cases of sums among them, zeros, the ends of the format."""
    fmt = FORMATS[dtype]
    rng = np.random.default_rng(seed)
    drawn = fmt.from_ordinal(rng.integers(-fmt.inf_ordinal + 1, fmt.inf_ordinal, count))
    near = fmt.from_ordinal(rng.integers(-40, 40, count))
    edge = fmt.from_ordinal(fmt.ordinal(np.array([fmt.min_normal] * count)) + rng.integers(-3, 4, count))
    top = fmt.from_ordinal(np.full(count, fmt.inf_ordinal) - rng.integers(1, 5, count))
    ones = fmt.decode(fmt.encode(rng.integers(1, 2**fmt.p, count) * 2.0 ** (1 - fmt.p)))
    return rng.permutation(np.concatenate([drawn, near, edge, top, ones]))


def by_fractions(operation, values, fmt):
    """The exact value in rationals, rounded by the reader of decimals, which has nothing of MPFR; None for 0/0."""
    a, *rest = (Fraction(v) for v in values)
    if operation == "fma":
        exact = a * rest[0] + rest[1]
    elif operation == "div":
        if rest[0] == 0:
            return None
        exact = a / rest[0]
    else:
        exact = {"add": a + rest[0], "sub": a - rest[0], "mul": a * rest[0]}[operation]
    return nearest(exact, fmt)


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize(("operation", "arity"), [("add", 2), ("sub", 2), ("mul", 2), ("div", 2), ("fma", 3)])
def test_each_step_is_rounded_once_to_the_format(dtype, operation, arity):
    fmt = FORMATS[dtype]
    columns = [awkward(dtype, 300, seed) for seed in range(arity)]
    got = rounded(operation, columns, fmt)
    for value, *args in zip(got.tolist(), *(c.tolist() for c in columns), strict=True):
        want = by_fractions(operation, args, fmt)
        if want is not None:
            assert value == want, (operation, args)


@pytest.mark.parametrize("dtype", DTYPES)
def test_a_root_is_rounded_once(dtype):
    fmt = FORMATS[dtype]
    x = np.abs(awkward(dtype, 300, 9))
    for value, root in zip(x.tolist(), rounded("sqrt", [x], fmt).tolist(), strict=True):
        low, high = (fmt.from_ordinal(fmt.ordinal(np.array([root])) + step)[0] for step in (-1, 1))
        below, above = (Fraction(root) + Fraction(v) for v in (low, high))
        assert below <= 0 or below**2 / 4 <= Fraction(value)
        assert math.isinf(high) or Fraction(value) <= above**2 / 4


def test_arithmetic_of_another_format_would_be_noticed():
    columns = [awkward("float32", 300, seed) for seed in range(2)]
    assert (rounded("add", columns, FORMATS["float32"]) != rounded("add", columns, FORMATS["bfloat16"])).any()


def test_what_is_tiny_is_flushed_even_where_gradual_underflow_rounds_it_up():
    fmt = FORMATS["float32"]
    x, y = np.array([2.0**-126 * (1 - 2.0**-24) * 2]), np.array([0.5])
    x = fmt.from_ordinal(fmt.ordinal(np.array([2.0**-125])) - 1)
    assert rounded("mul", [x, y], fmt)[0] == 2.0**-126
    assert rounded("mul", [x, y], fmt, flush=True)[0] == 0.0
    normal = rounded("mul", [np.array([2.0**-125]), y], fmt, flush=True)
    assert normal[0] == 2.0**-126
    minus = rounded("mul", [-x, y], fmt, flush=True)[0]
    assert minus == 0.0
    assert np.signbit(minus)


def test_minima_keep_nan_and_where_selects():
    nan, one, two = np.array([np.nan]), np.array([1.0]), np.array([2.0])
    for operation in ("minimum", "maximum"):
        assert np.isnan(selected(operation, [nan, one])).all()
        assert np.isnan(selected(operation, [one, nan])).all()
    assert selected("maximum", [one, two]).tolist() == [2.0]
    assert selected("where", [selected("greater", [one, two]), one, two]).tolist() == [2.0]
    assert selected("where", [selected("greater", [nan, two]), one, two]).tolist() == [2.0]


@pytest.mark.parametrize("program", ["x ** 2", "w + 1", "x @ y", "import_(x)()", "fma(x, y)", "x if y else z"])
def test_what_is_no_form_is_refused(program):
    with pytest.raises(ExpressionError):
        parse(program)


# -- the catalogue -----------------------------------------------------------------------------------------
def worker_program(text):
    sys.path.insert(0, str(WORKER))
    try:
        from programs import Program
    finally:
        sys.path.remove(str(WORKER))
    return Program(text)


def numpy_steps(args, fmt):
    """Forms whose functions are NumPy's, in float64."""

    def asked(name, columns):
        return getattr(np, name)(*columns) if hasattr(np, name) else None

    return Steps(args, fmt, asked)


def test_every_expression_has_forms_and_a_file_name():
    assert {row.name for row in ROWS} == set(FORMS)
    for row in ROWS:
        assert row.name.isidentifier()
        assert row.kind == "expression"
        assert FORMS[row.name][0].name == WRITTEN
        assert len({form.name for form in FORMS[row.name]}) == len(FORMS[row.name])
        for form in FORMS[row.name]:
            for name in functions_of(parse(form.program)):
                assert lookup(name).arity == 2 if name == "power" else lookup(name).arity == 1


def functions_of(tree):
    if not isinstance(tree, tuple):
        return set()
    own = {tree[0]} if asks((tree[0],)) else set()
    return own.union(*(functions_of(child) for child in tree[1:]))


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_the_written_form_is_the_program(row):
    """NumPy's float64 results of the program, against the form carried out in MPFR and NumPy's own functions."""
    rng = np.random.default_rng(3)
    args = tuple(rng.uniform(low, high, 200) for low, high in row.typical)
    steps = numpy_steps(args, FORMATS["float64"])
    want = steps.values(parse(FORMS[row.name][0].program))
    with np.errstate(all="ignore"):
        got = worker_program(row.numpy).run(dict(zip("xyz", args, strict=False)))
    # NumPy's x ** 2 is x * x, and no power; its last digits may differ.
    rtol = 1e-14 if "**" in row.numpy else 0
    np.testing.assert_allclose(got, want, rtol=rtol, atol=0)
    changed = [steps.values(parse(form.program)) for form in FORMS[row.name][1:]]
    for values in changed:
        if values is not None:
            np.testing.assert_allclose(values, want, rtol=1e-6, atol=1e-7)


MEANINGS = {"clip_by_hand": lambda x: min(max(x, -1), 1), "guarded_log": lambda x: mpmath.log(x) if x > 0 else 0}


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_the_meaning_is_what_the_program_gives_with_hundreds_of_digits(row):
    """The oracle's form never cancels; the program as it is written does, and is carried out here with 400 digits."""
    fmt = FORMATS["float64"]
    rng = np.random.default_rng(5)
    count = 40
    args = tuple(rng.uniform(low, high, count) for low, high in row.typical)
    exact = enclose(row, args, fmt.name)
    text = row.numpy.replace("numpy.", "mp.").replace("1e8", "100000000")
    text = text.replace("0.1", "(mp.mpf(1) / 10)").replace("1.0 / 3.0", "mp.mpf(1) / 3")
    with mpmath.workdps(400):
        for i in range(count):
            values = [mpmath.mpf(float(a[i])) for a in args]
            if np.isnan(exact.hi[i]) or exact.undecided[i]:
                continue
            if row.name in MEANINGS:
                want = MEANINGS[row.name](*values)
            else:
                want = eval(text, {"mp": mpmath, **dict(zip("xyz", values, strict=False))})
            got = exact_value(exact[i : i + 1])
            error = abs(mpmath.mpf(got.numerator) / got.denominator - want)
            assert error <= mpmath.mpf(2) ** -100 * abs(want) + mpmath.mpf(10) ** -380, (row.name, values)


def test_nothing_but_expressions_is_counted_as_one():
    assert [row for row in all_rows().values() if row.kind == "expression"] == list(ROWS)
    assert all(row.family == "expressions" for row in ROWS)


# -- planted compilers -------------------------------------------------------------------------------------
@pytest.fixture(scope="module")
def bench(tmp_path_factory):
    with Bench([PLANTED], tmp_path_factory.mktemp("bench")) as opened:
        assert opened.hello("planted").ok
        yield opened


@pytest.fixture
def few(monkeypatch):
    from reportgen.core import sampling

    monkeypatch.setattr(sampling, "TYPICAL", 512)


def found(bench, function, program):
    row = dataclasses.replace(all_rows()[function], numpy=program, base_samples=1024)
    case = Case("test", function, "expression", "float32", InputSpec(), ("planted",))
    result = elementwise.measure(case, row, bench, CachedOracle(None))
    assert [r for r in result["rows"] if r["status"] != "ok"] == []
    return {r["form"]: r for r in result["rewrites"]}


def hits(row):
    return row["equal"] + row["flushed"]


def test_a_clean_library_is_silent(bench, few):
    for function, program in (
        ("add_subtract", "planted_expressions.clean_add_subtract(x, y)"),
        ("multiply_add", "planted_expressions.clean_multiply_add(x, y, z)"),
    ):
        rows = found(bench, function, program)
        assert rows[WRITTEN]["equal"] == rows[WRITTEN]["compared"] > 1000
        assert rows[OTHER]["further"] == 0
        assert all(r["further"] == 0 for name, r in rows.items() if name != WRITTEN)
        assert all(r["taken"] == 0 for name, r in rows.items() if name not in (WRITTEN, OTHER))
        assert any(r["told"] for name, r in rows.items() if name not in (WRITTEN, OTHER))
        assert rows[WRITTEN].get("input") is None


def test_a_simplified_sum_is_found(bench, few):
    rows = found(bench, "add_subtract", "planted_expressions.simplified_add_subtract(x, y)")
    assert hits(rows[WRITTEN]) < rows[WRITTEN]["compared"]
    simplified = rows["simplified"]
    assert simplified["taken"] == simplified["told"] > 100
    assert simplified["kept"] == 0
    x, y = (float.fromhex(text) for text in rows[WRITTEN]["input"].split(";"))
    written = (np.float32(x) + np.float32(y)) - np.float32(y)
    assert float.fromhex(rows[WRITTEN]["written_output"]) == written != float.fromhex(rows[WRITTEN]["output"])
    assert float.fromhex(rows[WRITTEN]["exact"].split(";")[0]) == x


def test_a_contracted_product_is_found_in_full_and_in_part(bench, few):
    whole = found(bench, "multiply_add", "planted_expressions.fused_multiply_add(x, y, z)")
    assert whole["fused"]["taken"] == whole["fused"]["told"] > 30
    assert whole["fused"]["kept"] == 0
    assert whole[OTHER]["further"] == 0
    part = found(bench, "multiply_add", "planted_expressions.half_fused(x, y, z)")
    assert 0 < part["fused"]["taken"] < part["fused"]["told"]
    assert part["fused"]["taken"] + part["fused"]["kept"] == part["fused"]["told"]
    assert part[OTHER]["further"] == 0


def test_flushing_subnormals_is_no_rewriting(bench, few):
    rows = found(bench, "multiply_add", "planted_expressions.flushed_multiply_add(x, y, z)")
    assert rows[WRITTEN]["flushed"] > 10
    assert hits(rows[WRITTEN]) == rows[WRITTEN]["compared"]
    assert rows[OTHER]["further"] == 0


def test_what_is_no_form_is_counted_by_itself(bench, few):
    rows = found(bench, "add_subtract", "planted_expressions.wrong_add_subtract(x, y)")
    assert rows[OTHER]["further"] > 100
    assert rows[OTHER]["input"]
    total = hits(rows[WRITTEN]) + sum(r["further"] for name, r in rows.items() if name != WRITTEN)
    assert total == rows[WRITTEN]["compared"]


def test_the_formulas_own_fault_is_told_apart(bench, few):
    """log(exp(x)) overflows and loses every digit wherever it is computed: the written form's own error says so."""
    rows = found(bench, "log_of_exp", "numpy.log(numpy.exp(x))")
    own = rows[WRITTEN]
    assert hits(own) == own["compared"]
    assert own["own_broken"] > 10
    assert float.fromhex(own["own_broken_input"]) != 0
    assert own["own_max_ulp"] >= 2.0**23
    assert 0 < own["own_typical_ulp"] < own["own_max_ulp"]
    x = np.float32(float.fromhex(own["own_typical_input"]))
    error = abs(Fraction(float(np.log(np.exp(x)))) - Fraction(float(x))) / Fraction(2) ** (math.frexp(x)[1] - 24)
    assert own["own_typical_ulp"] == pytest.approx(float(error), rel=1e-6)


def test_two_measurements_of_one_library_are_the_same(bench, few):
    program = "planted_expressions.half_fused(x, y, z)"
    assert found(bench, "multiply_add", program) == found(bench, "multiply_add", program)


def test_a_form_whose_function_a_library_lacks_is_left_out(bench, few):
    """NumPy has no sigmoid, so that the form that is one cannot be tried."""
    rows = found(bench, "sigmoid_by_hand", "1.0 / (1.0 + numpy.exp(-x))")
    assert "recognised-2" not in rows
    assert "recognised" in rows
    assert hits(rows[WRITTEN]) == rows[WRITTEN]["compared"]


def test_examples_prefer_inputs_that_readers_know():
    fmt = FORMATS["float32"]
    output, beside = np.array([1.0, 2.0, 3.0]), np.array([1.0, 2.5, 9.0])
    typical, rest = np.array([True, True, False]), np.ones(3, bool)
    assert rewrites.example(output, beside, output != beside, fmt, [typical, rest])["_at"] == 1
    assert rewrites.example(output, beside, output != beside, fmt, [rest])["_at"] == 2
    assert rewrites.example(output, output, output != output, fmt, [rest])["_at"] is None


# -- explain, and programs -----------------------------------------------------------------------------------
def test_an_expression_can_be_explained():
    document = explain("multiply_divide", "float32", ["3", "7"], ["numpy"])
    assert document["exact"]["decimal"] == "3"
    assert {a["path"] for a in document["answers"]} == {"body", "tail", "scalar"}
    assert all(a["status"] == "ok" for a in document["answers"])


def test_the_program_beside_a_result_prints_it(bench, few):
    from reportgen.render.snippets import snippet

    rows = found(bench, "add_subtract", "(x + y) - y")
    worst = rows[WRITTEN]["own_max_input"].split(";")
    value = (np.float32(float.fromhex(worst[0])) + np.float32(float.fromhex(worst[1]))) - np.float32(
        float.fromhex(worst[1])
    )
    row = {"input": worst, "output": float(value).hex(), "context": "array of 65600 at 12"}
    text = snippet(dataclasses.asdict(all_rows()["add_subtract"]), {"library": "numpy", "env": {}}, "float32", row)
    done = subprocess.run([sys.executable, "-c", text], capture_output=True, text=True, check=True, timeout=120)
    assert done.stdout.strip() == text.rstrip().rsplit("# ", 1)[1] == float(value).hex()
