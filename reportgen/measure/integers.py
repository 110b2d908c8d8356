"""Functions of integers and truth values: right or wrong, with overflow, division by zero and shifts as special cases.

Where the result is an integer or bool the metric is ``equal``; where it is a floating-point number (true division,
NumPy's mean) it is scored in ulp like any other. Results that do not fit are required modulo 2^n and stand in the
regime ``overflow-edge``. Inputs without a defined value stand in no row of measurements; those that may make a library
raise an error for the whole array are evaluated apart from all others, and the error is the finding.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from reportgen.catalogue.integers import INTEGERS, IntegerRow
from reportgen.catalogue.rows import FunctionRow
from reportgen.core.dtypes import DTYPES, Dtype, IntegerFormat
from reportgen.core.floats import F64, FORMATS, Bool, round_exact
from reportgen.core.metrics import REGIME_INDEX
from reportgen.core.model import Case
from reportgen.core.sampling import BODY_PAD, generator
from reportgen.measure.bench import Bench, Reply, Request
from reportgen.measure.casts import ANY_RESULT, CUTS, PIECE
from reportgen.measure.equalrows import (
    EqualJudged,
    at,
    empty_result,
    equal_rows,
    is_truth_value,
    native_pairs,
    self_row,
)
from reportgen.measure.integerinputs import IntegerInputs, examples, integer_inputs
from reportgen.measure.integerspecial import special_rows
from reportgen.measure.launcher import UNUSUAL_LAYOUTS
from reportgen.measure.natives import native, spelled_tuple
from reportgen.measure.report_rows import case_key, refused_row
from reportgen.measure.scoredrows import Scored, scored_rows
from reportgen.oracle.cache import CachedOracle
from reportgen.oracle.integers import Required, Value, evaluate, evaluate_bool, required

POSITIONS = 120
NORMAL, EDGE = REGIME_INDEX["normal"], REGIME_INDEX["overflow-edge"]


@dataclass
class Wanted:
    """Required results in one result dtype: ``nearest`` as its arrays, ``overflow`` where reduced modulo 2^n."""

    fmt: Dtype
    nearest: Any
    overflow: Bool
    required: Required


@dataclass
class IntegerCase:
    """A case while it is measured. Points are the inputs; ``main`` are those that are evaluated together."""

    case: Case
    row: FunctionRow
    integers: IntegerRow
    bench: Bench
    inputs: IntegerInputs
    columns: tuple[Any, ...]
    values: list[Value]
    main: Any
    position: Any
    rules: list[tuple[int, int]]
    body: dict[str, Any] = field(default_factory=dict)
    formats: dict[str, Dtype] = field(default_factory=dict)
    pieces: dict[str, dict[str, Any]] = field(default_factory=dict)
    known: dict[str, Wanted] = field(default_factory=dict)
    result: dict[str, Any] = field(default_factory=empty_result)

    @property
    def request(self) -> Request:
        return Request(self.row, DTYPES[self.case.dtype], accepted=ANY_RESULT)

    def at(self, points: Any) -> tuple[Any, ...]:
        return tuple(column[points] for column in self.columns)

    def spelled(self, point: int) -> str:
        """The input with a number among all points."""
        return spelled_tuple([column[point] for column in self.columns])

    def note(self, target: str, reason: str) -> None:
        self.result["failures"].setdefault(target, []).append(reason)

    def wanted(self, fmt: Dtype) -> Wanted:
        """What is required in a result dtype, computed once."""
        if fmt.name not in self.known:
            self.known[fmt.name] = wanted_in(self, fmt)
        return self.known[fmt.name]


def measure_integers(case: Case, row: FunctionRow, bench: Bench, oracle: CachedOracle) -> dict[str, Any]:
    """Measure one function in one integer dtype (or bool) on the bench's targets.

    Returns the same stored form as :func:`reportgen.measure.elementwise.measure`. ``oracle`` is not needed: the exact
    values are integers and fractions, computed by :mod:`reportgen.oracle.integers`.
    """
    started = time.perf_counter()
    integers = INTEGERS[row.name]
    if integers.reduction:
        from reportgen.measure.integerreductions import measure_integer_reduction

        result = measure_integer_reduction(case, row, bench)
    else:
        result = measure_points(prepared(case, row, integers, bench))
    result["counts"]["seconds"] = time.perf_counter() - started
    return result


def prepared(case: Case, row: FunctionRow, integers: IntegerRow, bench: Bench) -> IntegerCase:
    """Inputs, exact values, special cases' examples and position inputs of a case."""
    fmt = DTYPES[case.dtype]
    inputs = integer_inputs(integers, case.dtype, case.seed)
    if isinstance(fmt, IntegerFormat):
        values = evaluate(integers.exact, inputs.columns, inputs.defined & ~infinite(inputs, integers))
        overflow = np.array([not fmt.low <= v <= fmt.high for v in values], bool)
    else:
        values = evaluate_bool(integers.exact, inputs.columns)
        overflow = np.zeros(len(values), bool)
    columns = tuple(native(column, fmt) for column in inputs.columns)
    rules = examples(integers, inputs, overflow)
    if case.dtype not in integers.tried:
        rules = [(number, point) for number, point in rules if not inputs.apart[point]]
    main = np.flatnonzero(~inputs.apart)
    rng = generator("integer positions", row.name, case.dtype, case.seed)
    strata = np.array_split(main, min(POSITIONS, len(main)))
    chosen = [int(rng.choice(stratum)) for stratum in strata] + [p for _, p in rules if not inputs.apart[p]]
    position = np.array(list(dict.fromkeys(chosen)), np.int64)
    return IntegerCase(case, row, integers, bench, inputs, columns, values, main, position, rules)


def infinite(inputs: IntegerInputs, integers: IntegerRow) -> Bool:
    """Points whose floating-point result is NaN or infinite by a rule."""
    decided = np.array([s.then in ("nan", "sign(x)*inf") for s in integers.specials] + [False], bool)
    return np.asarray(decided[inputs.rule], bool)


def wanted_in(c: IntegerCase, fmt: Dtype) -> Wanted:
    """Required results of all points in a result dtype."""
    found = required(c.values, fmt)
    if found.exact is None:
        return Wanted(fmt, found.values, found.overflow, found)
    assert fmt.name in FORMATS
    for number, special in enumerate(c.integers.specials):
        at = c.inputs.rule == number
        if special.then == "nan":
            found.exact.hi[at] = np.nan
        elif special.then == "sign(x)*inf":
            found.exact.hi[at] = np.where(c.columns[0][at] < 0, -np.inf, np.inf)
    found.exact.either_zero |= found.exact.hi == 0
    return Wanted(fmt, round_exact(found.exact, FORMATS[fmt.name]).nearest, found.overflow, found)


def measure_points(c: IntegerCase) -> dict[str, Any]:
    """Everything about a function of single integers."""
    ask_body(c)
    ask_pieces(c)
    shared: dict[tuple[str, str, bytes], list[dict[str, Any]]] = {}
    for target in c.body:
        add_rows(c, target, shared)
        add_self_agreement(c, target)
    c.result["special"] += special_rows(c)
    c.result["agreement"] = native_pairs(
        c.case, c.body, c.formats, lambda t, i: right(c, t, i), lambda i: c.spelled(int(c.main[i])), c.bench.targets
    )
    c.result["counts"]["samples"] = len(c.values)
    return c.result


def right(c: IntegerCase, target: str, index: int) -> bool | None:
    """Whether a target's result at an index of ``main`` is the required one; None where nothing is defined."""
    point = int(c.main[index])
    if not c.inputs.defined[point]:
        return None
    return correct(c.wanted(c.formats[target]), point, c.body[target][index])


def correct(wanted: Wanted, point: int, value: Any) -> bool:
    """Whether a result is the required one, a floating-point zero of either sign."""
    expected = wanted.nearest[point]
    return bool(value == expected or (value != value and expected != expected))


def ask_body(c: IntegerCase) -> None:
    """Evaluate all points that can be evaluated together, in one array."""
    count = len(c.main)
    args = tuple(np.resize(a, count + BODY_PAD) for a in c.at(c.main))
    for target, reply in c.bench.ask(c.request.with_inputs(args).varied(timed=True), c.case.targets).items():
        reason, status = reply.outcome.reason, reply.outcome.status
        if reply.outcome.ok and reply.fmt.name.startswith("complex"):
            status, reason = "unsupported", f"returns {reply.fmt.name}, where a real result is judged"
        if status != "ok":
            c.result["rows"].append(refused_row(c.case, c.row.kind, target, status, reason))
            continue
        c.body[target], c.formats[target] = reply.values[:count], reply.fmt
        if reply.seconds is not None:
            cells = {"ns_per_element": reply.seconds / len(args[0]) * 1e9}
            c.result["timing"].append(dict(case_key(c.case, target), **cells))


def ask_pieces(c: IntegerCase) -> None:
    """Evaluate the position inputs in pieces of 7 and one by one.

    Programs are dear: compiled targets are asked only for functions that have special cases.
    """
    asked = [t for t in c.body if c.integers.specials or c.bench.targets[t].mode == "eager"]
    count = len(c.position)
    args = tuple(np.resize(a, -(-count // PIECE) * PIECE) for a in c.at(c.position))
    for target, reply in c.bench.ask(c.request.with_inputs(args, cut=CUTS), asked).items():
        if not usable(c, target, reply, "in pieces: "):
            continue
        pieces, scalars = reply.values.reshape(len(CUTS), -1)[:, :count]
        c.pieces[target] = {"tail": pieces, "scalar": scalars}


def usable(c: IntegerCase, target: str, reply: Reply, words: str = "") -> bool:
    """Whether a reply can be compared with the target's first one; if not, why is noted."""
    if reply.outcome.ok and reply.fmt == c.formats[target]:
        return True
    c.note(target, words + (reply.outcome.reason or f"returns {reply.fmt.name}"))
    return False


def contexts(c: IntegerCase) -> dict[str, Callable[[int], str]]:
    """Where the element with a number stood, by path."""
    whole = len(c.main) + BODY_PAD
    return {
        "body": lambda i: f"array of {whole} at {i}",
        "tail": lambda i: f"piece of {PIECE} at {i % PIECE}",
        "scalar": lambda i: "alone (rank 0)",
    }


def add_rows(c: IntegerCase, target: str, shared: dict[tuple[str, str, bytes], list[dict[str, Any]]]) -> None:
    """The target's measurements on every path; targets that answer alike share the statistics."""
    paths = {"body": (c.main, c.body[target])}
    paths |= {path: (c.position, values) for path, values in c.pieces.get(target, {}).items()}
    fmt = c.formats[target]
    for path, (point, values) in paths.items():
        key = path, fmt.name, values.tobytes()
        if key not in shared:
            shared[key] = path_rows(c, path, point, values, fmt)
        exhaustive = c.inputs.exhaustive and path == "body"
        common = dict(
            case_key(c.case, target), kind=c.row.kind, result_dtype=fmt.name, device=c.bench.targets[target].device,
            depth=c.case.depth, coverage="exhaustive" if exhaustive else "sampled", status="ok", seed=c.case.seed,
            distribution="every value" if c.inputs.exhaustive else "lengths, ends and multiples",
        )  # fmt: skip
        c.result["rows"] += [{**common, **cells} for cells in shared[key]]


def path_rows(c: IntegerCase, path: str, point: Any, values: Any, fmt: Dtype) -> list[dict[str, Any]]:
    """The rows of one path, by the metric that the result's dtype asks for."""
    wanted, context = c.wanted(fmt), contexts(c)[path]
    if is_truth_value(fmt):
        regime = np.where(c.inputs.defined, np.where(wanted.overflow, EDGE, NORMAL), -1)[point]
        order = size_of(c)[point]
        return equal_rows(EqualJudged(path, point, values, wanted.nearest[point], regime, order, context), c.spelled)
    assert wanted.required.exact is not None
    args = tuple(column.astype(np.float64) for column in c.columns)
    real = FORMATS[fmt.name]
    exact = wanted.required.exact
    return scored_rows(Scored(path, "ulp", args, exact, point, values, real, FORMATS["float64"], c.spelled, context))


def size_of(c: IntegerCase) -> F64:
    """How large the arguments of each point are together."""
    total: F64 = np.sum([np.abs(column.astype(np.float64)) for column in c.columns], axis=0)
    return total


def add_self_agreement(c: IntegerCase, target: str) -> None:
    """Whether position, layout, the compiler's knowledge of the input, or repetition changes a result."""
    fmt, count = c.formats[target], len(c.position)
    where = np.searchsorted(c.main, c.position)
    reference, words = c.body[target][where], contexts(c)

    def add(check: str, others: list[tuple[Callable[[int], str], Any]]) -> None:
        row = self_row(c.case, target, check, reference, others, fmt, lambda i: c.spelled(int(c.position[i])))
        c.result["runs" if check == "run" else "self_agreement"].append(row)

    if target in c.pieces:
        add("position", [(words[path], values) for path, values in c.pieces[target].items()])
    args = c.at(c.position)
    if c.bench.targets[target].mode == "eager":
        reply = c.bench.ask(c.request.with_inputs(args).varied(layout="each"), [target])[target]
        if usable(c, target, reply):
            rows = reply.values.reshape(len(UNUSUAL_LAYOUTS), count)
            texts = [f"{name} array of {count}" for name in UNUSUAL_LAYOUTS]
            add("layout", [(at(t), r) for t, r in zip(texts, rows, strict=True)])
    elif not c.inputs.defined.all():
        reply = c.bench.ask(c.request.with_inputs(args).varied(constant=True), [target])[target]
        if usable(c, target, reply):
            add("constant", [(lambda i: "the input a compile-time constant", reply.values[:count])])
    again = tuple(np.resize(a, len(c.main) + BODY_PAD) for a in c.at(c.main))
    reply = c.bench.ask(c.request.with_inputs(again), [target])[target]
    if usable(c, target, reply):
        add("run", [(lambda i: "the same call again", reply.values[: len(c.main)][where])])
