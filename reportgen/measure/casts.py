"""Conversions from one dtype to every other: exact references, right or wrong, and what comes where nothing is defined.

A case is one source dtype; its rows name the destination as their ``case`` (``to-float16``). Conversions that round
are scored in ulp like any function; those to integers and bool are right or wrong (metric ``equal``), parts of complex
numbers are judged as ``re`` and ``im``. Inputs for which no value is defined (NaN, infinities and what does not fit,
to integers) stand in no row of measurements: they are special cases that nothing is expected of, and take part in the
comparison of targets with each other and with themselves.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from reportgen.catalogue.rows import FunctionRow
from reportgen.core.dtypes import DTYPES, Dtype
from reportgen.core.floats import Exact
from reportgen.core.model import Case, InputSpec
from reportgen.core.sampling import BODY_PAD
from reportgen.measure.bench import Bench, Reply, Request
from reportgen.measure.castinputs import CastInputs, cast_inputs, destinations, position_points
from reportgen.measure.castrows import Truth, examples, got_text, path_rows, special_row
from reportgen.measure.equalrows import at, empty_result, native_pairs, self_row
from reportgen.measure.launcher import UNUSUAL_LAYOUTS
from reportgen.measure.natives import part_format, same, spelled
from reportgen.measure.report_rows import case_key, refused_row
from reportgen.oracle.cache import CachedOracle
from reportgen.oracle.casts import exact_parts

ANY_RESULT = frozenset({"real", "bool", "integer", "complex"})
PIECE = 7
CUTS: list[int | str] = [PIECE, "scalar"]
"""Positions other than the long array: pieces of 7, whose elements no vector loop takes, and scalars."""
ROUNDING_RULES = (
    "tie",
    "overflow",
    "into the subnormals",
    "towards zero",
    "rounded once",
    "to bool",
    "complex to bool",
)
"""Rules that only conversions with something to decide have."""


@dataclass
class Conversion:
    """One destination of a case while it is measured; values are arrays over the case's inputs or positions."""

    case: Case
    row: FunctionRow
    bench: Bench
    inputs: CastInputs
    truth: Truth
    destination: str
    rules: list[tuple[str, int]]
    position: Any
    body: dict[str, Any] = field(default_factory=dict)
    pieces: dict[str, dict[str, Any]] = field(default_factory=dict)
    result: dict[str, Any] = field(default_factory=empty_result)

    @property
    def request(self) -> Request:
        return Request(self.row, self.truth.source, to=self.destination, accepted=ANY_RESULT)

    def spelled(self, position: int) -> str:
        """The input at a number among the position inputs."""
        return spelled(self.truth.values[self.position[position]])


def measure_casts(case: Case, row: FunctionRow, bench: Bench, oracle: CachedOracle) -> dict[str, Any]:
    """Measure the conversions from ``case.dtype`` to every other dtype on the bench's targets.

    Returns the same stored form as :func:`reportgen.measure.elementwise.measure`. ``oracle`` is not needed: the exact
    values are rational numbers, computed by :mod:`reportgen.oracle.casts`.
    """
    started = time.perf_counter()
    source = DTYPES[case.dtype]
    inputs = cast_inputs(case.dtype, case.seed)
    parts = exact_parts(inputs.values)
    result = empty_result()
    for name, fmt in destinations(case.dtype):
        found = measure_destination(case, row, bench, (inputs, parts), source, (name, fmt))
        for table in ("rows", "agreement", "special", "self_agreement", "runs", "timing"):
            result[table] += found[table]
        for target, reasons in found["failures"].items():
            result["failures"].setdefault(target, []).extend(reasons)
    result["counts"]["samples"] = len(inputs.values)
    result["counts"]["seconds"] = time.perf_counter() - started
    return result


def measure_destination(
    case: Case,
    row: FunctionRow,
    bench: Bench,
    inputs: tuple[CastInputs, tuple[Exact, Exact]],
    source: Dtype,
    destination: tuple[str, Dtype],
) -> dict[str, Any]:
    """The stored result of one destination."""
    truth = Truth.of(inputs[0].values, source, destination[1], inputs[1])
    rules = examples(truth)
    position = position_points(truth.values, [index for _, index in rules], (case.dtype, destination[0], case.seed))
    named = replace(case, inputs=InputSpec(name=f"to-{destination[0]}", source=case.inputs.source))
    c = Conversion(named, row, bench, inputs[0], truth, destination[0], rules, position)
    ask_body(c)
    ask_pieces(c)
    shared: dict[tuple[str, bytes], list[dict[str, Any]]] = {}
    for target in c.body:
        add_rows(c, target, shared)
        add_self_agreement(c, target)
        add_special(c, target)
    c.result["agreement"] = native_pairs(
        named, c.body, dict.fromkeys(c.body, truth.fmt),
        lambda target, i: truth.right(c.body[target], i), lambda i: spelled(truth.values[i]),
        c.bench.targets,
    )  # fmt: skip
    return c.result


def ask_body(c: Conversion) -> None:
    """Convert all inputs in one array on every target; note why others have no results, and the time."""
    count = len(c.truth.values)
    array = np.resize(c.truth.values, count + BODY_PAD)
    for target, reply in c.bench.ask(c.request.with_inputs((array,)).varied(timed=True), c.case.targets).items():
        if not reply.outcome.ok:
            status, reason = reply.outcome.status, reply.outcome.reason
        elif reply.fmt != c.truth.fmt:
            status, reason = "failed", f"returns {reply.fmt.name} where {c.destination} was asked for"
        else:
            c.body[target] = reply.values[:count]
            if reply.seconds is not None:
                cells = {"ns_per_element": reply.seconds / len(array) * 1e9}
                c.result["timing"].append(dict(case_key(c.case, target), **cells))
            continue
        c.result["rows"].append(refused_row(c.case, c.row.kind, target, status, reason))


def ask_pieces(c: Conversion) -> None:
    """Convert the position inputs in pieces of 7 and one by one.

    Programs are dear: compiled targets are asked only where a conversion can go wrong.
    """
    values = c.truth.values[c.position]
    asked = [t for t in c.body if changes(c) or c.bench.targets[t].mode == "eager"]
    padded = np.resize(values, -(-len(values) // PIECE) * PIECE)
    for target, reply in c.bench.ask(c.request.with_inputs((padded,), cut=CUTS), asked).items():
        if not reply.outcome.ok or reply.fmt != c.truth.fmt:
            c.result["failures"].setdefault(target, []).append(
                f"{c.case.inputs.name} in pieces: {reply.outcome.reason}"
            )
            continue
        pieces, scalars = reply.values.reshape(len(CUTS), -1)[:, : len(values)]
        c.pieces[target] = {"tail": pieces, "scalar": scalars}


def contexts(c: Conversion) -> dict[str, Callable[[int], str]]:
    """Where the element with a number stood, by path."""
    whole = len(c.truth.values) + BODY_PAD
    return {
        "body": lambda i: f"array of {whole} at {i}",
        "tail": lambda i: f"piece of {PIECE} at {i % PIECE}",
        "scalar": lambda i: "alone (rank 0)",
    }


def add_rows(c: Conversion, target: str, shared: dict[tuple[str, bytes], list[dict[str, Any]]]) -> None:
    """The target's measurements on every path; targets that answer alike share the statistics."""
    every = np.arange(len(c.truth.values))
    paths = {"body": (every, c.body[target])}
    paths |= {path: (c.position, values) for path, values in c.pieces.get(target, {}).items()}
    for path, (point, values) in paths.items():
        key = path, values.tobytes()
        if key not in shared:
            shared[key] = path_rows(c.truth, path, point, values, contexts(c)[path])
        exhaustive = c.inputs.exhaustive and path == "body"
        common = dict(
            case_key(c.case, target), kind=c.row.kind, result_dtype=c.destination,
            device=c.bench.targets[target].device, depth=c.case.depth,
            coverage="exhaustive" if exhaustive else "sampled", status="ok", seed=c.case.seed,
            distribution="every value" if c.inputs.exhaustive else "ordinals, ties and ends of ranges",
        )  # fmt: skip
        c.result["rows"] += [{**common, **cells} for cells in shared[key]]


def add_self_agreement(c: Conversion, target: str) -> None:
    """Whether position, layout, the compiler's knowledge of the input, or repetition changes a result."""
    fmt, count = c.truth.fmt, len(c.position)
    reference = c.body[target][c.position]
    where = contexts(c)

    def add(check: str, others: list[tuple[Callable[[int], str], Any]]) -> None:
        row = self_row(c.case, target, check, reference, others, fmt, c.spelled)
        c.result["runs" if check == "run" else "self_agreement"].append(row)

    if target in c.pieces:
        add("position", [(where[path], values) for path, values in c.pieces[target].items()])
    values = (c.truth.values[c.position],)
    mode = c.bench.targets[target].mode
    if mode == "eager":
        reply = ask(c, target, c.request.with_inputs(values).varied(layout="each"))
        if reply is not None:
            rows = reply.values.reshape(len(UNUSUAL_LAYOUTS), count)
            words = [f"{name} array of {count}" for name in UNUSUAL_LAYOUTS]
            add("layout", [(at(w), r) for w, r in zip(words, rows, strict=True)])
    elif folds(c):
        reply = ask(c, target, c.request.with_inputs(values).varied(constant=True))
        if reply is not None:
            add("constant", [(lambda i: "the input a compile-time constant", reply.values[:count])])
    again = np.resize(c.truth.values, len(c.truth.values) + BODY_PAD)
    reply = ask(c, target, c.request.with_inputs((again,)))
    if reply is not None:
        add("run", [(lambda i: "the same call again", reply.values[: len(c.truth.values)][c.position])])


def ask(c: Conversion, target: str, request: Request) -> Reply | None:
    """The target's reply, or None with a note where it has none."""
    reply = c.bench.ask(request, [target])[target]
    if reply.outcome.ok and reply.fmt == c.truth.fmt:
        return reply
    note(c, target, reply.outcome.reason)
    return None


def note(c: Conversion, target: str, reason: str) -> None:
    """Record why a check of a target could not be made."""
    c.result["failures"].setdefault(target, []).append(f"{c.case.inputs.name}: {reason}")


def changes(c: Conversion) -> bool:
    """Whether the conversion rounds some value, reduces it or leaves it undefined."""
    wrapped = c.truth.whole is not None and bool(c.truth.whole.wrapped.any())
    rounds = any(name in ROUNDING_RULES for name, _ in c.rules)
    return wrapped or rounds or not c.truth.defined.all()


def folds(c: Conversion) -> bool:
    """Whether a compiler's own evaluator may differ: where nothing is defined, or where processors do not round."""
    return not c.truth.defined.all() or (changes(c) and part_format(c.truth.fmt).bits == 16)


def add_special(c: Conversion, target: str) -> None:
    """One row for each example of each rule, for all paths where they agree."""
    where = {int(p): i for i, p in enumerate(c.position)}
    for name, index in c.rules:
        got = {"body": c.body[target][index : index + 1]}
        for path, values in c.pieces.get(target, {}).items():
            got[path] = values[where[index] : where[index] + 1]
        alike = all(bool(same(v, got["body"])[0]) for v in got.values())
        for path, value in ({" ".join(got): got["body"]} if alike else got).items():
            right = True
            if c.truth.defined[index]:
                if c.truth.whole is not None:
                    right = int(value[0]) == int(c.truth.nearest[index])
                else:
                    right = bool(same(value, c.truth.nearest[index : index + 1])[0])
            cells = special_row(c.truth, name, index, c.destination)
            row = {"function": c.row.name, "dtype": c.case.dtype, "target": target, "path": path, **cells}
            row.update(got=got_text(c.truth, index, value[0]), agrees=int(right))
            c.result["special"].append(row)
