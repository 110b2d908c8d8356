"""Special cases of functions of arrays: the language of the rules, which rule applies, what agrees with it."""

from __future__ import annotations

import math

import numpy as np
import pytest

from reportgen.catalogue.arraypatterns import is_then, is_when, operands_fit, parts
from reportgen.catalogue.arrayrows import array_rows
from reportgen.catalogue.rows import FunctionRow, Special, all_rows
from reportgen.core.dtypes import DTYPES
from reportgen.core.floats import Exact
from reportgen.core.model import FLOAT_DTYPES, Outcome
from reportgen.core.problems import Arrays, Operand, Problem, made
from reportgen.measure.arrays.asking import ArrayReply, Output
from reportgen.measure.arrays.findings import applies, finding_rows, rule_of
from reportgen.oracle.arrays import finders
from reportgen.oracle.arrays.reference import ArrayReference


def arrays_of(*values, dtype="float32", names="xyz") -> Arrays:
    columns = [np.asarray(v, np.float64) for v in values]
    operands = tuple(Operand(n, "mixed", c.shape) for n, c in zip(names, columns, strict=False))
    held = {o.name: c for o, c in zip(operands, columns, strict=True)}
    return Arrays(Problem("p", "", operands, (("axis", None),)), dtype, 5, held)


def reference(values, settled_by="rational", condition=None, **extra) -> ArrayReference:
    values = np.atleast_1d(np.asarray(values, np.float64))
    size = np.abs(values) if condition is None else np.full(len(values), condition)
    shape = () if len(values) == 1 else values.shape
    places = np.arange(len(values), dtype=np.int64)
    return ArrayReference(shape, places, Exact.of_values(values), size, settled_by, extra=extra)


def reply(dtype="float32", **results) -> ArrayReply:
    outputs = {n.strip("_"): Output(np.asarray(v, np.float64), DTYPES[dtype]) for n, v in results.items()}
    return ArrayReply(Outcome("ok"), [outputs])


def row_with(when: str, then: str) -> FunctionRow:
    return FunctionRow(
        name="f", family="reduction", arity=1, sentence="", domain="", numpy=None, tensorflow=None, mpmath="", arb="",
        specials=(Special((when,), then, "A sentence.", "A source."),),
    )  # fmt: skip


def verdict(then: str, got, exact, **more):
    """(expected, got, agrees) of one scalar result."""
    (row,) = finding_rows(
        row_with("any", then), arrays_of([1.0, 2.0]), "t", reply(_=got), {"": reference(exact, **more)}
    )
    return row["expected"], row["got"], bool(row["agrees"])


# -- the language -----------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("word", "fits", "fails"),
    [
        ("some nan", [1, math.nan], [1, 2]),
        ("no nan", [1, 2], [1, math.nan]),
        ("some +inf", [math.inf], [-math.inf]),
        ("some -inf", [-math.inf], [math.inf]),
        ("some ±inf", [-math.inf, 0], [0]),
        ("both infinities", [-math.inf, math.inf], [math.inf, math.inf, -1]),
        ("all finite", [1, 2], [1, math.inf]),
        ("some ±0", [1, -0.0], [1]),
        ("both zeros", [0.0, -0.0], [0.0, 0.0, -1]),
        ("all zero", [0.0, -0.0], [0.0, 1]),
        ("some subnormal", [2.0**-130, *[1] * 9], [2.0**-126, 0.0]),
        ("some subnormal", [2.0**-130], [2.0**-130, *[1] * 10]),
        ("with axis=None", [1], None),
        ("empty", [], [0.0]),
        ("data mix*", [1], None),
    ],
)
def test_words_about_operands(word: str, fits: list[float], fails: list[float] | None) -> None:
    assert is_when(word)
    assert operands_fit(word, arrays_of(fits))
    assert fails is None or not operands_fit(word, arrays_of(fails))


def test_a_word_may_be_about_one_operand_and_several_must_all_hold() -> None:
    arrays = arrays_of([1.0], [math.nan])
    assert operands_fit("some nan", arrays)
    assert not operands_fit("x: some nan", arrays)
    assert operands_fit("y: some nan", arrays)
    assert applies("y: some nan and x: all finite", arrays, {})
    assert not applies("y: some nan and all finite", arrays, {})
    assert is_when("y: some nan and x: all finite")
    with pytest.raises(ValueError, match="full moon"):
        operands_fit("full moon", arrays)
    assert not is_when("full moon and any")


def test_words_about_results_and_marks() -> None:
    arrays = arrays_of([1.0])
    for word, value, other in (
        ("result nan", math.nan, 1.0), ("result ±inf", math.inf, 1.0), ("result finite", 1.0, 1e39),
        ("result overflow", 1e39, math.inf),
    ):  # fmt: skip
        assert applies(word, arrays, {"": reference(value)})
        assert not applies(word, arrays, {"": reference(other)})
    assert applies("singular", arrays, {"": reference(1.0, singular=1.0)})
    assert not applies("singular", arrays, {"": reference(1.0)})


def test_the_words_of_results() -> None:
    assert all(map(is_then, ("value", "refused or nan", "either zero", "-0", "1.5", "sign = 0, logdet = -inf")))
    assert not any(map(is_then, ("values", "refused or", "sign = red")))
    assert parts("sign = 0, logdet = -inf") == {"sign": "0", "logdet": "-inf"}
    assert parts("nan") == {"": "nan"}


def test_every_rule_of_the_catalogue_is_in_the_language() -> None:
    for name in array_rows():
        for special in all_rows()[name].specials:
            assert len(special.when) == 1, name
            assert is_when(special.when[0]), (name, special.when)
            assert is_then(special.then), (name, special.then)


def test_every_problem_that_may_be_refused_has_a_rule_that_says_so() -> None:
    for name in ("max", "min", "argmax", "argmin"):
        for problem in array_rows()[name].problems:
            if problem.refusable:
                arrays = made(problem, "float32", 0)
                rule = rule_of(all_rows()[name], arrays, finders()[array_rows()[name].reference](arrays, 10))
                assert rule is not None
                assert rule.then in ("unspecified", "refused")


def test_every_rule_of_reductions_is_tried_in_some_dtype() -> None:
    for name, row in array_rows().items():
        function = all_rows()[name]
        if function.family not in ("reduction", "scans"):
            continue
        used = set()
        for dtype in set(FLOAT_DTYPES) & set(function.dtypes):
            for problem in row.tried(dtype):
                if problem.elements() <= 20_000:
                    arrays = made(problem, dtype, 0)
                    used.add(rule_of(function, arrays, finders()[row.reference](arrays, row.pointwise)))
        assert set(function.specials) <= used, name


# -- verdicts ---------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("then", "got", "exact", "agrees"),
    [
        ("value", math.nan, math.nan, True), ("value", 1.0, math.nan, False), ("value", math.inf, math.inf, True),
        ("value", -math.inf, math.inf, False), ("value", math.inf, 1.0, False), ("value", math.nan, 1.0, False),
        ("value", math.inf, 1e39, True), ("value", 3e38, 1e39, False), ("value", 1 + 2**-22, 1.0, True),
        ("value", 1.001, 1.0, False), ("value", 0.0, 2.0**-140, False), ("value", 2.0**-140, 2.0**-140, True),
        ("value", 2.0**-149, 2.0**-148, True),
        ("nan", math.nan, 1.0, True), ("nan", 1.0, math.nan, False), ("finite", 7.0, 1.0, True),
        ("finite", math.inf, 1.0, False), ("±inf", -math.inf, 1.0, True), ("+inf", -math.inf, 1.0, False),
        ("either zero", -0.0, 1.0, True), ("either zero", 1.0, 1.0, False), ("+0", -0.0, 0.0, False),
        ("-0", -0.0, 0.0, True), ("0", -0.0, 0.0, True), ("1.5", 1.5, 0.0, True), ("1.5", 1.0, 0.0, False),
        ("unspecified", 1.0, 2.0, True), ("refused or nan", math.nan, 1.0, True), ("refused or nan", 1.0, 1.0, False),
        ("refused", 1.0, 1.0, False), ("nan or +inf", math.inf, 0.0, True), ("nan or +inf", 3.0, 0.0, False),
    ],
)  # fmt: skip
def test_what_agrees_with_a_result_word(then: str, got: float, exact: float, agrees: bool) -> None:
    expected, shown, found = verdict(then, got, exact)
    assert found == agrees
    assert shown == (float(got).hex() if math.isfinite(got) else str(got))
    assert expected == then or then == "value"


@pytest.mark.parametrize(
    ("dtype", "n", "got", "exact", "condition", "agrees"),
    [
        ("bfloat16", 1000, 0.0, 1.0, 1.0, False),  # n·u is 4: an error as large as the number
        ("bfloat16", 1000, 0.0, 2.0**-4, 1.0, True),  # what is left of numbers that cancel
        ("bfloat16", 1000, 0.0, 0.25, 1.0, False),
        ("bfloat16", 1000, 0.5, 1.0, 1.0, True), ("bfloat16", 1000, 4.0, 1.0, 1.0, False),
        ("float32", 1000, 0.0, 2.0**-140, 2.0**-140, False),  # within n half steps of zero, and not zero
        ("float32", 1000, 2.0**-149, 2.0**-140, 2.0**-140, True),
        ("float32", 1000, 0.0, 2.0**-149, 2.0**-140, True), ("float64", 1000, 0.0, 2.0**-1066, 2.0**-1066, False),
        ("float32", 1000, 0.0, 2.0**-20, 1.0, True), ("float32", 1000, 0.0, 2.0**-10, 1.0, False),
    ],
)  # fmt: skip
def test_zero_is_not_near_what_is_not(
    dtype: str, n: int, got: float, exact: float, condition: float, agrees: bool
) -> None:
    arrays, row = arrays_of(np.ones(n), dtype=dtype), row_with("any", "value")
    (found,) = finding_rows(row, arrays, "t", reply(dtype, _=got), {"": reference(exact, condition=condition)})
    assert bool(found["agrees"]) == agrees


def test_normal_equations_need_not_solve_what_has_many_solutions() -> None:
    row, problems = all_rows()["lstsq"], array_rows()["lstsq"].tried("float32")
    for fast, agrees in ((True, 1), (False, 0)):
        (problem,) = [p for p in problems if p.operands[0].data == "low-rank" and dict(p.parameters)["fast"] is fast]
        arrays = made(problem, "float32", 0)
        references = finders()[array_rows()["lstsq"].reference](arrays, 100)
        nothing = np.full(references[""].shape, math.nan)
        (found,) = finding_rows(row, arrays, "t", reply(_=nothing), references)
        assert found["agrees"] == agrees


def test_selections_and_places_must_be_equal() -> None:
    assert not verdict("value", 1 + 2**-22, 1.0, settled_by="selection", condition=math.nan)[2]
    assert verdict("value", 1.0, 1.0, settled_by="selection", condition=math.nan)[2]
    row = row_with("any", "value")
    output = Output(np.array(7, np.int64), DTYPES["int64"])
    for exact, agrees in ((7.0, 1), (8.0, 0)):
        answer = ArrayReply(Outcome("ok"), [{"": output}])
        (found,) = finding_rows(row, arrays_of([1.0]), "t", answer, {"": reference(exact, "selection")})
        assert (found["got"], found["expected"], found["agrees"]) == ("7", str(int(exact)), agrees)
        assert found["result_dtype"] == "int64"


@pytest.mark.parametrize(
    ("then", "agrees", "expected"),
    [("refused", 1, "refused"), ("refused or nan", 1, "refused or nan"), ("unspecified", 1, "unspecified"),
     ("value", 0, "0x1.0000000000000p+0"), ("nan", 0, "nan")],
)  # fmt: skip
def test_an_error_is_a_finding(then: str, agrees: int, expected: str) -> None:
    answer = ArrayReply(Outcome("failed", "LinAlgError: Singular matrix"))
    (row,) = finding_rows(row_with("any", then), arrays_of([1.0]), "t", answer, {"": reference(1.0)})
    assert (row["got"], row["agrees"], row["expected"]) == ("refused: LinAlgError: Singular matrix", agrees, expected)


def test_several_results_are_named_and_the_wrong_ones_shown() -> None:
    row = row_with("any", "sign = 0, logdet = -inf")
    references = {"sign": reference(0.0), "logdet": reference(-math.inf)}
    (good,) = finding_rows(row, arrays_of([1.0]), "t", reply(sign=0.0, logdet=-math.inf), references)
    assert (good["agrees"], good["got"]) == (1, "sign = 0x0.0p+0, logdet = -inf")
    (bad,) = finding_rows(row, arrays_of([1.0]), "t", reply(sign=0.0, logdet=3.0), references)
    assert (bad["agrees"], bad["expected"], bad["got"]) == (0, "logdet = -inf", "logdet = 0x1.8000000000000p+1")


def test_of_many_elements_the_telling_one_is_shown_with_its_place() -> None:
    exact = np.arange(1.0, 11.0)
    got = exact.copy()
    got[7] = math.nan
    row = row_with("any", "value")
    (found,) = finding_rows(row, arrays_of(exact), "t", reply(_=got), {"": reference(exact)})
    assert (found["agrees"], found["got"], found["expected"]) == (0, "nan", (8.0).hex())
    assert found["input"] == "gen:mixed:5:10 element (7)"
    (few,) = finding_rows(row, arrays_of(exact), "t", reply(_=exact[:3]), {"": reference(exact[:3])})
    assert few["got"] == ";".join(v.hex() for v in exact[:3].tolist())
    (shape,) = finding_rows(row, arrays_of(exact), "t", reply(_=exact[:3]), {"": reference(exact)})
    assert (shape["agrees"], shape["got"]) == (0, "shape (3,)")


def test_complex_results_are_judged_part_by_part_and_are_nan_where_a_part_is() -> None:
    row = row_with("any", "value")
    nan = complex(math.nan, math.nan)
    for imag, got, agrees in (
        (math.nan, complex(1.0, math.nan), 1), (math.nan, nan, 1), (math.nan, complex(1.0, 2.0), 0),
        (2.0, complex(1.0, 2.0), 1), (2.0, complex(1.0, -2.0), 0), (2.0, complex(1.5, 2.0), 0), (2.0, nan, 0),
    ):  # fmt: skip
        exact = reference(1.0)
        exact.imag = Exact.of_values(np.array([imag]))
        answer = ArrayReply(Outcome("ok"), [{"": Output(np.asarray(got), DTYPES["complex64"])}])
        (found,) = finding_rows(row, arrays_of([1.0]), "t", answer, {"": exact})
        assert found["agrees"] == agrees


def test_a_problem_without_a_rule_gives_no_row_and_the_first_rule_decides() -> None:
    assert finding_rows(row_with("some nan", "nan"), arrays_of([1.0]), "t", reply(_=1.0), {"": reference(1.0)}) == []
    first, second = Special(("any",), "nan", "1", "s"), Special(("any",), "value", "2", "s")
    row = FunctionRow(
        name="f", family="reduction", arity=1, sentence="", domain="", numpy=None, tensorflow=None, mpmath="", arb="",
        specials=(first, second),
    )  # fmt: skip
    assert rule_of(row, arrays_of([1.0]), {}) == first
