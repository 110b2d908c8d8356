"""Gradients: each row against a difference quotient of the function itself, the worker, and planted errors."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from reportgen.catalogue.rows import FunctionRow, all_rows
from reportgen.catalogue.specials import VALUE, examples
from reportgen.core.calls import parse_call
from reportgen.core.floats import FLOAT_DTYPES
from reportgen.core.model import Case, InputSpec, TargetSpec
from reportgen.measure import elementwise
from reportgen.measure.bench import Bench
from reportgen.oracle.cache import CachedOracle
from reportgen.oracle.enclosure import enclose
from reportgen.oracle.reference import confirm
from tests.derivative_sources import (
    BY_MPMATH,
    FUNCTIONS,
    SOURCES,
    enclosed_quotient,
    mpmath_quotient,
    near_by,
    quotient,
    reachable,
)
from tests.gradient_judge import JUDGE
from tests.test_activations import both, contradictions, holes, objections, some
from tests.test_oracle_source import rational
from tests.test_specials import flips
from tests.test_worker import TYPES, Asker, inputs

FAKES = Path(__file__).resolve().parent / "fakes"
ROWS = {row.name: row for row in all_rows().values() if row.family == "gradients"}
CASES = [(name, dtype) for name, row in ROWS.items() for dtype in row.dtypes]
CONSTANT = {"sign", "floor", "relu", "relu6", "maximum", "minimum"}
"""Functions whose derivative takes few values, all of them in the tables or exact."""
STEPS = {"grad_relu": lambda x: x > 0, "grad_relu6": lambda x: 0 < x < 6, "grad_abs": lambda x: (x > 0) - (x < 0)}


def base_name(row: FunctionRow) -> str:
    """The function that is differentiated."""
    name = row.name.removeprefix("grad_")
    return name if row.arity == 1 else name[:-2]


SHARE = {True: 60, False: 15}
"""Points in every run: of a row that MPFR differentiates, and of one that mpmath does."""


def sources(row: FunctionRow) -> list[tuple[Callable[..., bool], Any]]:
    """Which third sources there are, each with the points that it is good for."""
    found: list[tuple[Callable[..., bool], Any]] = []
    if row.name in SOURCES:
        found.append((lambda *args: True, SOURCES[row.name]))
    if row.name in STEPS:
        found.append((lambda *args: True, rational(STEPS[row.name])))
    if row.name == "grad_power_x":
        found.append((lambda x, y: y == math.floor(y) and abs(y) <= 64, rational(lambda x, y: y * x ** (int(y) - 1))))
    name = base_name(row)
    if name in FUNCTIONS:
        # Across the cut of atan2 the quotient is that of a jump by 2π.
        found.append(
            (
                lambda *args: reachable(name, args) and not (name == "atan2" and args[0] == 0 and args[1] < 0),
                enclosed_quotient(name, row.wrt),
            )
        )
    if name in BY_MPMATH:
        found.append((near_by, mpmath_quotient(BY_MPMATH[name])))
    return found


def check(name: str, dtype: str, index: Callable[[list[int]], list[int]]) -> None:
    row = ROWS[name]
    args, exact, free = both(row, dtype)
    for good, source in sources(row):
        # A difference quotient exists at finite points only.
        finite = [i for i in free.tolist() if all(math.isfinite(a[i]) for a in args)]
        usable = index([i for i in finite if good(*(float(a[i]) for a in args))])
        assert usable or not len(free)
        assert contradictions(row, args, exact, source, usable) == []


@pytest.mark.parametrize(("name", "dtype"), CASES)
def test_a_derivative_is_the_slope_of_its_function(name: str, dtype: str) -> None:
    check(name, dtype, lambda usable: some(name, dtype, usable)[: SHARE[base_name(ROWS[name]) not in BY_MPMATH]])


@pytest.mark.full
@pytest.mark.parametrize(("name", "dtype"), CASES)
def test_a_derivative_is_the_slope_of_its_function_everywhere(name: str, dtype: str) -> None:
    check(name, dtype, lambda usable: usable if base_name(ROWS[name]) not in BY_MPMATH else usable[:400])


def test_every_row_has_a_third_source_or_is_constant() -> None:
    assert {base_name(row) for row in ROWS.values() if not sources(row)} <= CONSTANT


def test_a_quotient_is_a_derivative() -> None:
    """The cube: 3x^2, enclosed; and of the wrong function it is not."""
    low, high = quotient(lambda x: x**3, 0, 200, (1.5,))
    assert low < 6.75 < high
    assert (high - low) * 2**195 < 1
    low, high = quotient(lambda x, y: x * y * y, 1, 200, (3.0, 0.5))
    assert low < 3 < high
    with pytest.raises(ArithmeticError):
        quotient(FUNCTIONS["tanh"], 0, 200, (20000.0,))


WRONG = {
    "grad_tanh": "2 * d_tanh(x)", "grad_asin": "rsqrt(1 + square(x))", "grad_silu": "sigmoid(x) + x",
    "grad_gelu": "d_gelu_tanh(x)", "grad_erf": "exp(-square(x))", "grad_log1p": "1 / x", "grad_cos": "sin(x)",
    "grad_mish": "d_silu(x)", "grad_sqrt": "rsqrt(x)", "grad_atan2_y": "x / (square(x) + square(y))",
    "grad_power_x": "x * power(x, y)", "grad_logaddexp_x": "d_logaddexp(y, x)",
}  # fmt: skip


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_factor_is_contradicted(name: str) -> None:
    row = dataclasses.replace(ROWS[name], arb=WRONG[name], specials=())
    args = tuple(np.array(column) for column in ([0.3125, 0.75, 0.40625], [0.125, 0.25, 1.75]))[: row.arity]
    if name == "grad_erf":
        row = dataclasses.replace(row, arb="d_erf(x) * 1.0000000000000002")
    exact = enclose(row, args, "float64")
    right = enclose(ROWS[name], args, "float64")
    for good, source in sources(row):
        usable = [i for i in range(3) if good(*(float(a[i]) for a in args))]
        assert len(contradictions(row, args, exact, source, usable)) == len(usable)
        assert contradictions(row, args, right, source, usable) == []


# -- special cases
RULES = [(row, i) for row in ROWS.values() for i, rule in enumerate(row.specials) if rule.then != VALUE]
NAN_IGNORED = {("any", "±0"), ("±0", "any")}
"""Rules that give 0 by definition even for NaN; the judge is not asked about NaN there."""


def judged(name: str) -> Callable[..., float]:
    return JUDGE[name.removeprefix("grad_")]


@pytest.mark.parametrize(("row", "index"), RULES, ids=[f"{row.name}-{i}" for row, i in RULES])
def test_a_rule_agrees_with_the_judge_and_its_flip_does_not(row: FunctionRow, index: int) -> None:
    rule = row.specials[index]
    for dtype in row.dtypes:
        assert examples(rule, dtype, row)
        found = [o for o in objections(row, index, rule.then, dtype, judged(row.name)) if not _excused(rule.when, o)]
        assert found == []
        for flipped in flips(rule.then, row.result):
            assert objections(row, index, flipped, dtype, judged(row.name)), flipped


def _excused(when: tuple[str, ...], objection: str) -> bool:
    return when in NAN_IGNORED and "nan" in objection.split(":")[0]


@pytest.mark.parametrize("name", ROWS)
def test_what_no_rule_decides_is_a_number_other_than_zero(name: str) -> None:
    for dtype in ROWS[name].dtypes:
        assert holes(ROWS[name], dtype, judged(name)) == []


def test_an_infinite_argument_that_the_derivative_does_not_use_is_no_obstacle() -> None:
    args = (np.array([np.inf, -np.inf, np.inf, np.inf]), np.array([2.0, 0.5, -1.5, np.nan]))
    with np.errstate(invalid="ignore"):
        wanted = {"grad_xlogy_x": np.log(args[1]), "grad_xlog1py_x": np.log1p(args[1])}
    for row, expected in ((ROWS[name], values) for name, values in wanted.items()):
        for exact in (enclose(row, args, "float64"), confirm(row, args, "float64")):
            np.testing.assert_allclose(exact.hi, expected, rtol=1e-15)
            assert not exact.undecided.any()
    # y of log y is used: without a rule for it the same infinity is a hole.
    bare = dataclasses.replace(ROWS["grad_xlogy_x"], specials=())
    assert enclose(bare, args[::-1], "float64").undecided[[0, 1, 2]].all()


@pytest.mark.parametrize("name", ROWS)
def test_a_table_without_its_rules_has_holes(name: str) -> None:
    assert holes(dataclasses.replace(ROWS[name], specials=()), "float32", judged(name))


# -- the worker ------------------------------------------------------------------------------------------
@pytest.fixture(scope="module")
def askers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Asker]]:
    env = (("PYTHONPATH", str(FAKES)),)
    found = {m: Asker(TargetSpec(m, "tensorflow", m, env=env), tmp_path_factory.mktemp(m)) for m in MODES}
    for asker in found.values():
        asker.worker.launch()
    for asker in found.values():
        assert asker.worker.start().ok, asker.worker.log_tail()
    yield found
    for asker in found.values():
        assert asker.worker.starts == 1, asker.worker.log_tail()
        asker.worker.close()


MODES = ("eager", "graph", "xla")


@pytest.mark.parametrize("dtype", FLOAT_DTYPES)
@pytest.mark.parametrize("mode", MODES)
def test_a_gradient_in_every_cut_layout_and_dtype(askers: dict[str, Asker], mode: str, dtype: str) -> None:
    """x² and x·y have slopes that nothing rounds."""
    ask, x = askers[mode], inputs(dtype)
    twice = (x * TYPES[dtype](2)).tobytes()
    for how in ({"cut": None}, {"cut": 7}, {"cut": "scalar"}, {"layout": "strided"}, {"layout": "reversed"}):
        assert ask.values("tensorflow.math.square", [x], dtype, gradient=0, **how).tobytes() == twice, how
    several = ask.values("tensorflow.math.square", [x], dtype, gradient=0, cut=[1, 3, "scalar"])
    assert several.tobytes() == twice * 3
    assert ask.values("tensorflow.math.square", [x], dtype, gradient=0, layout="each").tobytes() == twice * 3
    y = x[::-1].copy()
    for number, expected in ((0, y), (1, x)):
        got = ask.values("tensorflow.math.multiply", [x, y], dtype, gradient=number)
        assert got.tobytes() == expected.tobytes()
    assert ask.values("tensorflow.nn.relu", [x], dtype).tobytes() != twice  # the value itself is another case
    if mode != "eager":
        got = ask.values("tensorflow.math.square", [x], dtype, gradient=0, constant=True)
        assert got.tobytes() == twice


@pytest.mark.parametrize("mode", MODES)
def test_what_has_no_gradient_is_an_outcome(askers: dict[str, Asker], mode: str) -> None:
    x = inputs("float32")
    for path in ("tensorflow.math.floor", "tensorflow.math.sign_bit_that_is_not_there", "tensorflow.math.is_nan"):
        outcome = askers[mode](path, [x], gradient=0)
        assert outcome.status == "unsupported", (path, outcome)
    assert "no gradient" in askers[mode]("tensorflow.math.rint", [x], gradient=0).reason
    numbers = np.arange(8, dtype=np.int32)
    assert askers[mode]("tensorflow.math.square", [numbers], "int32", gradient=0).status == "unsupported"
    assert askers[mode]("tensorflow.math.square", [x], gradient=1).status == "failed"


def test_keywords_reach_the_function_that_is_differentiated(askers: dict[str, Asker]) -> None:
    x = inputs("float32")
    slopes = [
        askers["eager"].values("tensorflow.nn.leaky_relu", [x], gradient=0, keywords={"alpha": alpha})
        for alpha in (0.25, 0.5)
    ]
    assert [float(s[0]) for s in slopes] == [0.25, 0.5]
    assert parse_call(ROWS["grad_leaky_relu"].tensorflow or "").keywords == (("alpha", 0.2),)


# -- measured on planted gradients ------------------------------------------------------------------------
PLANTED = TargetSpec("tensorflow", "tensorflow", env=(("PYTHONPATH", str(FAKES)),))


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bench]:
    with Bench([PLANTED], tmp_path_factory.mktemp("bench")) as opened:
        assert opened.hello("tensorflow").ok
        yield opened


def measured(bench: Bench, path: str, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    from reportgen.core import sampling

    monkeypatch.setattr(sampling, "UNARY_BASE", 1024)
    monkeypatch.setattr(elementwise, "search_effort", lambda m: (1, 1))
    row = dataclasses.replace(ROWS["grad_tanh"], tensorflow=f"planted_gradients.{path}")
    case = Case("test", row.name, "gradient", "float64", InputSpec(), ("tensorflow",))
    return elementwise.measure(case, row, bench, CachedOracle(None))


def test_a_gradient_wrong_in_one_place_is_found_and_a_right_one_is_not(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    worst = {}
    for path in ("clean_tanh", "doubled_tanh"):
        result = measured(bench, path, monkeypatch)
        found = [
            r for r in result["rows"]
            if r.get("path") == "body" and r["regime"] == "normal" and r["case"] == "typical"
        ]  # fmt: skip
        assert found, sorted({(r.get("path"), r["regime"], r["case"]) for r in result["rows"]}, key=str)
        row = found[0]
        worst[path] = (row["max_ulp"], abs(float.fromhex(row["worst_input"])))
        assert all(r["agrees"] for r in result["special"])
    assert worst["clean_tanh"][0] < 64
    assert worst["doubled_tanh"][0] > 2**50
    assert 2 < worst["doubled_tanh"][1] < 3


def test_a_trap_at_infinity_is_found(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    wrong = [r for r in measured(bench, "trapped_tanh", monkeypatch)["special"] if not r["agrees"]]
    assert {r["input"] for r in wrong} >= {"inf", "-inf"}
    assert {r["got"] for r in wrong} == {"nan"}
