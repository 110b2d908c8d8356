"""Sums and means of integer arrays: exact beside what comes back, in whichever dtype it comes.

All elements are combined in arrays of a few and of thousands of every kind, and of a million of two kinds, whose sums
leave 32 bits; the columns of a matrix are combined along its first axis.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from reportgen.catalogue.arrayrows import array_rows
from reportgen.catalogue.integers import INTEGERS
from reportgen.catalogue.rows import FunctionRow
from reportgen.core.arrays import spelled as spelled_array
from reportgen.core.dtypes import DTYPES, Dtype, IntegerFormat
from reportgen.core.floats import FORMATS, round_exact
from reportgen.core.integerarrays import INTEGER_VARIANTS, generate_integers
from reportgen.core.metrics import REGIME_INDEX
from reportgen.core.model import Case
from reportgen.core.problems import Arrays as Operands
from reportgen.core.problems import Operand, Problem
from reportgen.measure.arrays import asking
from reportgen.measure.bench import Bench, Reply, Request
from reportgen.measure.casts import ANY_RESULT
from reportgen.measure.equalrows import EqualJudged, empty_result, equal_rows, is_truth_value, native_pairs
from reportgen.measure.integerspecial import text_of
from reportgen.measure.natives import native
from reportgen.measure.report_rows import case_key, refused_row
from reportgen.measure.scoredrows import Scored, scored_rows
from reportgen.oracle.integers import REDUCTIONS, Required, Value, required

SIZES = (10, 4099)
MILLION = 10**6
LARGE = (("int-small", MILLION), ("int-largest", MILLION))
COLUMNS = ("int-small", (10_000, 4))
"""Columns of a matrix that are combined along the first axis."""
NORMAL, EDGE = REGIME_INDEX["normal"], REGIME_INDEX["overflow-edge"]


@dataclass
class Arrays:
    """The arrays of a case, combined whole, and ``columns``, a matrix combined along its first axis.

    ``names`` and ``values`` are those of the results: one for each array, then one for each column.
    """

    names: list[str]
    arrays: list[Any]
    values: list[Value]
    columns: Operands


def arrays_of(case: Case, row: FunctionRow, fmt: IntegerFormat) -> Arrays:
    """Every variant of :mod:`reportgen.core.integerarrays` in every size, large arrays and columns."""
    function = REDUCTIONS[INTEGERS[row.name].exact]
    variant, (height, width) = COLUMNS
    elements = generate_integers(variant, case.seed, height * width, fmt)
    problem = Problem("columns", "columns", (Operand("x", variant, (height, width)),), (("axis", 0),))
    matrix = native(elements, fmt).reshape(height, width)
    out = Arrays([], [], [], Operands(problem, case.dtype, case.seed, {"x": matrix}))
    for name, size in [*((v, s) for v in INTEGER_VARIANTS for s in SIZES), *LARGE]:
        whole = generate_integers(name, case.seed, size, fmt)
        out.names.append(spelled_array(name, case.seed, size))
        out.arrays.append(native(whole, fmt))
        out.values.append(function(whole))
    for column in range(width):
        given = spelled_array(variant, case.seed, height * width)
        out.names.append(f"{given} (as {height}x{width}, axis=0) element ({column})")
        out.values.append(function(elements[column::width]))
    return out


def measure_integer_reduction(case: Case, row: FunctionRow, bench: Bench) -> dict[str, Any]:
    """Measure a sum or mean of integers on every target; the stored form of any case."""
    fmt = DTYPES[case.dtype]
    assert isinstance(fmt, IntegerFormat)
    arrays = arrays_of(case, row, fmt)
    result = empty_result()
    answered: dict[str, Any] = {}
    formats: dict[str, Dtype] = {}
    for target in case.targets:
        replies = [bench.ask(request_of(row, fmt, a), [target])[target] for a in arrays.arrays]
        columns = ask_columns(row, bench, target, arrays.columns)
        refused = next((r for r in (*replies, columns) if not r.outcome.ok), None)
        if refused is not None:
            rows = [refused_row(case, row.kind, target, refused.outcome.status, refused.outcome.reason)]
        else:
            answered[target], formats[target] = joined([*replies, columns]), replies[0].fmt
            rows = target_rows(case, bench, target, arrays, answered[target], formats[target])
            result["special"] += special_rows(case, row, target, arrays, answered[target], formats[target])
        result["rows"] += rows

    def right(target: str, index: int) -> bool:
        return bool(answered[target][index] == nearest(arrays, formats[target])[0][index])

    result["agreement"] = native_pairs(case, answered, formats, right, lambda i: arrays.names[i], bench.targets)
    result["counts"]["samples"] = len(arrays.names)
    return result


def request_of(row: FunctionRow, fmt: IntegerFormat, array: Any) -> Request:
    return Request(row, fmt, (array,), reduce=True, accepted=ANY_RESULT)


def ask_columns(row: FunctionRow, bench: Bench, target: str, columns: Operands) -> Reply:
    """The columns of a matrix combined along its first axis."""
    paths = (("numpy", row.numpy), ("tensorflow", row.tensorflow))
    programs = tuple((library, f"{path}(x, axis=axis)") for library, path in paths if path)
    sent = asking.send(bench, replace(array_rows()[row.name], programs=programs), columns, [target])
    reply = asking.gather(bench, sent)[target]
    if not reply.outcome.ok:
        return Reply(reply.outcome)
    return Reply(reply.outcome, reply.outputs[""].flat, reply.outputs[""].fmt)


def joined(replies: list[Reply]) -> Any:
    return np.concatenate([r.values for r in replies])


def nearest(arrays: Arrays, fmt: Dtype) -> tuple[Any, Required]:
    """The required results in a result dtype."""
    found = required(arrays.values, fmt)
    if found.exact is None:
        return found.values, found
    return round_exact(found.exact, FORMATS[fmt.name]).nearest, found


def target_rows(
    case: Case, bench: Bench, target: str, arrays: Arrays, results: Any, fmt: Dtype
) -> list[dict[str, Any]]:
    """Statistics over the arrays."""
    expected, found = nearest(arrays, fmt)
    point = np.arange(len(results))

    def context(index: int) -> str:
        return "the whole array"

    def spelling(index: int) -> str:
        return arrays.names[index]

    if is_truth_value(fmt):
        regime = np.where(found.overflow, EDGE, NORMAL)
        rows = equal_rows(EqualJudged("body", point, results, expected, regime, point, context), spelling)
    else:
        assert found.exact is not None
        real = FORMATS[fmt.name]
        args = (np.ones(len(results)),)
        rows = scored_rows(
            Scored("body", "ulp", args, found.exact, point, results, real, FORMATS["float64"], spelling, context)
        )
    common = dict(
        case_key(case, target), kind="reduction", result_dtype=fmt.name, device=bench.targets[target].device,
        depth=case.depth, coverage="sampled", status="ok", seed=case.seed, distribution="given",
        shape=" ".join([*map(str, SIZES), str(MILLION), "x".join(map(str, COLUMNS[1]))]),
    )  # fmt: skip
    return [{**common, **cells} for cells in rows]


def special_rows(
    case: Case, row: FunctionRow, target: str, arrays: Arrays, results: Any, fmt: Dtype
) -> list[dict[str, Any]]:
    """Arrays whose sum overflows, and means that are no integers."""
    expected, found = nearest(arrays, fmt)
    out = []
    for index, value in enumerate(arrays.values):
        rule = INTEGERS[row.name].specials[0]
        applies = bool(found.overflow[index]) if row.name == "sum" else value.denominator != 1
        if not applies or (row.name == "mean" and not is_truth_value(fmt)):
            continue
        got, wanted = text_of(results[index], fmt), text_of(expected[index], fmt)
        out.append(
            {
                "function": row.name, "dtype": case.dtype, "target": target, "path": "body",
                "input": arrays.names[index], "expected": wanted, "got": got, "sentence": rule.sentence,
                "source": rule.source, "agrees": int(got == wanted), "result_dtype": fmt.name,
            }
        )  # fmt: skip
    return out
