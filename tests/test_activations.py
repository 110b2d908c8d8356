"""Activations: each row against a third source, its special cases against a judge, and planted errors."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from dataclasses import replace
from itertools import product
from typing import Any

import numpy as np
import pytest
from gmpy2 import mpq

from reportgen.catalogue.patterns import outcome
from reportgen.catalogue.rows import FunctionRow, all_rows
from reportgen.catalogue.specials import VALUE, examples, resolve_specials
from reportgen.core.errors import OracleDisagreement
from reportgen.core.floats import F64, FLOAT_DTYPES, FORMATS, Exact
from reportgen.core.sampling import generator
from reportgen.oracle.enclosure import enclose
from reportgen.oracle.reference import check_agreement, confirm
from reportgen.oracle.tables import uses
from tests.derivative_sources import SOURCES
from tests.test_oracle_rows import LEAST, point, points
from tests.test_oracle_source import Interval, enough_bits, judge
from tests.test_specials import flips, grid, same_bits

ROWS = {row.name: row for row in all_rows().values() if row.family == "activations"}
USUAL_SHARE = 250
"""Points compared with the third source in every run; the full run takes all."""
MOST_BITS = 40000
ENOUGH_FOR_EXACT = 1000


def settled_by(source: Callable[..., Interval], args: tuple[float, ...], value: Any) -> bool | None:
    """Whether the third source confirms a point, with more bits until it can say.

    An enclosure with some slack never decides an exact value; one of a thousand bits around it confirms it.
    """
    bits = enough_bits(tuple(a for a in args if a) or (1.0,))
    while bits < MOST_BITS:
        low, high = source(bits, *args)
        said = judge(value, low, high)
        if said is not None:
            return said
        hi, lo, exp2, rem = value
        if rem == 0 and bits > ENOUGH_FOR_EXACT:
            return bool(low <= (mpq(hi) + mpq(lo)) * mpq(2) ** exp2 <= high)
        bits *= 2
    return None


def contradictions(
    row: FunctionRow, args: tuple[F64, ...], exact: Exact, source: Any, index: Iterable[int]
) -> list[Any]:
    """Points of ``index`` that the third source does not confirm."""
    wrong = []
    for i in index:
        values = tuple(float(a[i]) for a in args)
        if settled_by(source, values, point(exact, i)) is not True:
            wrong.append((row.name, values, point(exact, i)))
    return wrong


def both(row: FunctionRow, dtype: str) -> tuple[tuple[F64, ...], Exact, Any]:
    """Points, their values on which Arb and mpmath agree, and the indices that no rule decides."""
    args = points(row, dtype)
    enclosed, confirmed = enclose(row, args, dtype), confirm(row, args, dtype)
    assert len(enclosed) >= LEAST
    assert not (enclosed.undecided | confirmed.undecided).any()
    check_agreement(enclosed, confirmed, row.name, args)
    return args, enclosed, np.flatnonzero(~resolve_specials(row, args, FORMATS[dtype]).decided)


def some(name: str, dtype: str, index: Any) -> list[int]:
    chosen = generator("third source", name, dtype).permutation(index)[:USUAL_SHARE]
    return [int(i) for i in chosen]


@pytest.mark.parametrize("dtype", FLOAT_DTYPES)
@pytest.mark.parametrize("name", ROWS)
def test_three_sources_agree(name: str, dtype: str) -> None:
    args, exact, index = both(ROWS[name], dtype)
    assert contradictions(ROWS[name], args, exact, SOURCES[name], some(name, dtype, index)) == []


@pytest.mark.full
@pytest.mark.parametrize("dtype", FLOAT_DTYPES)
@pytest.mark.parametrize("name", ROWS)
def test_three_sources_agree_everywhere(name: str, dtype: str) -> None:
    args, exact, index = both(ROWS[name], dtype)
    assert contradictions(ROWS[name], args, exact, SOURCES[name], index.tolist()) == []


WRONG = {
    "silu": "silu(x) * 1.0000000000000002", "gelu": "gelu_tanh(x)", "gelu_tanh": "gelu(x)", "elu": "expm1(x)",
    "leaky_relu": "maximum(x, x * 0.2)", "softplus": "log(1 + exp(x))", "mish": "silu(x)",
}  # fmt: skip


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_expression_is_contradicted(name: str) -> None:
    """Another function, a factor off by one ulp, a rounded constant, a form that cancels."""
    row = replace(ROWS[name], arb=WRONG[name])
    x = np.array([-30.5, -5.25, -1.5, -0.25, 0.3, 2.75, 9.0])
    exact = enclose(row, (x,), "float64")
    if not exact.undecided.all():
        assert contradictions(row, (x,), exact, SOURCES[name], np.flatnonzero(~exact.undecided).tolist()) or (
            name == "softplus"
        )
        if name != "softplus":
            with pytest.raises(OracleDisagreement):
                check_agreement(exact, confirm(row, (x,), "float64"), name, (x,))


# -- special cases ---------------------------------------------------------------------------------------
def gate(x: float, value: float) -> float:
    """x·value, where 0 wins over an infinity."""
    return math.copysign(0.0, x) if x == -math.inf or x == 0 else x * value


def steep(x: float) -> float:
    return 1 / (1 + float(np.exp(-x)))


SELU_END = -1.7580993408473768599402175208123
JUDGE: dict[str, Callable[[float], float]] = {
    "sigmoid": steep,
    "log_sigmoid": lambda x: -float(np.logaddexp(0.0, -x)),
    "softplus": lambda x: float(np.logaddexp(0.0, x)),
    "softsign": lambda x: math.copysign(1.0, x) if math.isinf(x) else x / (1 + abs(x)),
    "silu": lambda x: gate(x, steep(x)),
    "gelu": lambda x: gate(x, math.erfc(-x / math.sqrt(2)) / 2),
    "gelu_tanh": lambda x: gate(x, steep(1.6 * (x + 0.044715 * x * x * x))),
    "elu": lambda x: x if x >= 0 else math.expm1(x),
    "celu": lambda x: x if x >= 0 else math.expm1(x),
    "selu": lambda x: x if x >= 0 else SELU_END * -math.expm1(x),
    "mish": lambda x: gate(x, math.tanh(np.logaddexp(0.0, x))),
    "tanh_shrink": lambda x: x if math.isinf(x) or x == 0 else x - math.tanh(x),
    "squareplus": lambda x: 0.0 if x == -math.inf else (x + math.hypot(x, 2)) / 2,
    "relu": lambda x: max(x, 0.0),
    "relu6": lambda x: min(max(x, 0.0), 6.0),
    "leaky_relu": lambda x: x if x >= 0 else x / 5,
    "hard_sigmoid": lambda x: min(max(x / 6 + 0.5, 0.0), 1.0),
    "hard_silu": lambda x: 0.0 if x <= -3 else x if x >= 3 or x == 0 else x * (x + 3) / 6,
    "hard_tanh": lambda x: min(max(x, -1.0), 1.0),
    "soft_shrink": lambda x: 0.0 if abs(x) <= 0.5 else x - math.copysign(0.5, x),
    "hard_shrink": lambda x: x if abs(x) > 0.5 else 0.0,
    "sparse_plus": lambda x: 0.0 if x <= -1 else x if x >= 1 else (x + 1) ** 2 / 4,
    "sparse_sigmoid": lambda x: min(max((x + 1) / 2, 0.0), 1.0),
}
"""What stands for each function at special arguments; NaN passes through before any of these is asked."""


def said_by(function: Callable[..., float], args: tuple[float, ...]) -> float:
    with np.errstate(all="ignore"):
        return math.nan if any(map(math.isnan, args)) else float(function(*args))


def objections(row: FunctionRow, index: int, then: str, dtype: str, function: Callable[..., float]) -> list[str]:
    """Examples of a rule where ``then`` is not what the judge gives."""
    found = []
    for args in examples(row.specials[index], dtype, row):
        expected = said_by(function, args)
        part = outcome(then, tuple(np.array([a]) for a in args), FORMATS[dtype])
        got = float(part.hi[0])
        agrees = expected == 0 if part.either_zero else same_bits(got, expected)
        if not agrees:
            found.append(f"{row.name}{args}: table {then!r} = {got!r}, judge {expected!r}")
    return found


RULES = [(row, i) for row in ROWS.values() for i, rule in enumerate(row.specials) if rule.then != VALUE]


@pytest.mark.parametrize(("row", "index"), RULES, ids=[f"{row.name}-{i}" for row, i in RULES])
def test_a_rule_agrees_with_the_judge_and_its_flip_does_not(row: FunctionRow, index: int) -> None:
    then = row.specials[index].then
    for dtype in FLOAT_DTYPES:
        assert examples(row.specials[index], dtype, row)
        assert objections(row, index, then, dtype, JUDGE[row.name]) == []
        for flipped in flips(then, row.result):
            assert objections(row, index, flipped, dtype, JUDGE[row.name]), flipped


def holes(row: FunctionRow, dtype: str, function: Callable[..., float]) -> list[str]:
    """Grid points that no rule decides, where an argument is not finite or the judge sees no number but 0."""
    cases = list(product(grid(FORMATS[dtype]), repeat=row.arity))
    args = tuple(np.array(column) for column in zip(*cases, strict=True))
    decided = resolve_specials(row, args, FORMATS[dtype]).decided
    found = []
    for i in np.flatnonzero(~decided):
        used = [value for value, used in zip(cases[i], uses(row), strict=True) if used]
        value, finite = said_by(function, cases[i]), all(map(math.isfinite, used))
        doubtful = value == 0 or math.isinf(value)
        if not finite or math.isnan(value) or (doubtful and not _faint(row, cases[i])):
            found.append(f"{row.name}{cases[i]}")
    return found


def _faint(row: FunctionRow, args: tuple[float, ...]) -> bool:
    """Whether the oracle says of a point at which binary64 gives 0 or infinity that there is a number."""
    try:
        exact = enclose(replace(row, specials=()), tuple(np.array([a]) for a in args), "float64")
    except ZeroDivisionError:
        return False
    return bool(np.isfinite(exact.hi[0]) and exact.hi[0] != 0 and not exact.undecided[0])


@pytest.mark.parametrize("dtype", FLOAT_DTYPES)
@pytest.mark.parametrize("name", ROWS)
def test_what_no_rule_decides_is_a_number_other_than_zero(name: str, dtype: str) -> None:
    assert holes(ROWS[name], dtype, JUDGE[name]) == []


@pytest.mark.parametrize("name", ROWS)
def test_a_table_without_its_rules_has_holes(name: str) -> None:
    row = ROWS[name]
    assert holes(replace(row, specials=()), "float32", JUDGE[name])
    assert holes(replace(row, specials=row.specials[1:]), "float32", JUDGE[name])


def test_selu_has_the_published_constants() -> None:
    """The fixed point of Klambauer et al.: zero mean and unit variance map to themselves (their equations 14)."""
    mpmath = pytest.importorskip("mpmath")
    with mpmath.workdps(40):
        e, half = mpmath.e, mpmath.erfc(1 / mpmath.sqrt(2))
        alpha = -mpmath.sqrt(2 / mpmath.pi) / (half * mpmath.exp(0.5) - 1)
        low = 2 * mpmath.erfc(mpmath.sqrt(2)) * e**2 + mpmath.pi * half**2 * e
        scale = (1 - half * mpmath.sqrt(e)) * mpmath.sqrt(2 * mpmath.pi)
        scale /= mpmath.sqrt(low - 2 * (2 + mpmath.pi) * half * mpmath.sqrt(e) + mpmath.pi + 2)
        exact = enclose(ROWS["selu"], (np.array([1.0, -1.0]),), "float64")
        assert abs(exact.hi[0] + exact.lo[0] - scale) < 1e-15
        assert abs(exact.hi[1] - scale * alpha * mpmath.expm1(-1)) < 1e-15
