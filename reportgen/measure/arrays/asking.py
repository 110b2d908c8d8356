"""One problem to several targets at once: programs and operands out, results with their shapes back."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from math import prod
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from reportgen.catalogue.arrayrows import ArrayRow
from reportgen.catalogue.libraries import title
from reportgen.core.dtypes import DTYPES, Dtype
from reportgen.core.model import Outcome
from reportgen.core.problems import Arrays
from reportgen.measure.bench import TIME_LIMIT, Bench


@dataclass
class Output:
    """One result of a target: values as in :mod:`reportgen.core.dtypes`, in the result's shape."""

    values: NDArray[Any]
    fmt: Dtype

    @property
    def flat(self) -> NDArray[Any]:
        return self.values.reshape(-1)


@dataclass
class ArrayReply:
    """A target's answer: results by name, once for each repetition; ``seconds`` of one call."""

    outcome: Outcome
    runs: list[dict[str, Output]] = field(default_factory=list)
    seconds: float | None = None

    @property
    def outputs(self) -> dict[str, Output]:
        return self.runs[0]


@dataclass
class Sent:
    """Requests under way."""

    row: ArrayRow
    repeat: int
    answers: dict[str, Path]
    replies: dict[str, ArrayReply]
    limit: float


def send(
    bench: Bench, row: ArrayRow, arrays: Arrays, targets: Iterable[str], repeat: int = 1, limit: float | None = None,
    **more: Any,
) -> Sent:  # fmt: skip
    """Hand a problem to the targets without waiting; ``more`` goes into the message (``timed``, ``constant``)."""
    targets = list(targets)
    source = bench.workdir / f"input-{targets[0] if targets else 'none'}.bin"
    write_operands(source, arrays)
    sent = Sent(row, repeat, {}, {}, limit or TIME_LIMIT)
    for target in targets:
        library = bench.targets[target].library
        outcome, program = bench.hello(target), row.program(library)
        if not outcome.ok:
            sent.replies[target] = ArrayReply(outcome)
        elif program is None:
            reason = f"{title(library)} has no {row.name}"
            sent.replies[target] = ArrayReply(Outcome("unsupported", reason))
        else:
            answer = bench.workdir / f"output-{target}.bin"
            bench.workers[target].submit(message(arrays, program, source, answer) | {"repeat": repeat} | more)
            sent.answers[target] = answer
    return sent


def gather(bench: Bench, sent: Sent) -> dict[str, ArrayReply]:
    """Wait for what :func:`send` began; every ending is a reply."""
    replies = dict(sent.replies)
    for target, answer in sent.answers.items():
        outcome = bench.workers[target].collect(sent.limit)
        replies[target] = read(sent.row.names(bench.targets[target].library), outcome, answer, sent.repeat)
    return replies


def write_operands(path: Path, arrays: Arrays) -> None:
    """The operands in storage form, one after another."""
    with path.open("wb") as stream:
        for operand in arrays.problem.operands:
            fmt = DTYPES[operand.dtype or arrays.dtype]
            stream.write(np.ascontiguousarray(fmt.encode(arrays.values[operand.name])).tobytes())


def message(arrays: Arrays, program: str, source: Path, answer: Path) -> dict[str, Any]:
    """The worker's ``arrays`` message (see ``docs/architecture.md``)."""
    operands = [
        {"name": o.name, "dtype": o.dtype or arrays.dtype, "shape": list(o.shape), "order": o.order}
        for o in arrays.problem.operands
    ]
    return {
        "op": "arrays", "program": program, "operands": operands, "parameters": arrays.parameters,
        "input": str(source), "output": str(answer),
    }  # fmt: skip


def read(names: tuple[str, ...], outcome: Outcome, answer: Path, repeat: int) -> ArrayReply:
    """The results that a worker announced and wrote."""
    if not outcome.ok:
        return ArrayReply(outcome)
    said = outcome.reply["results"]
    if len(said) != repeat * len(names):
        counted = f"{len(said) // repeat} results where {len(names)} were expected"
        return ArrayReply(Outcome("failed", f"the program returned {counted}"))
    runs: list[dict[str, Output]] = [{} for _ in range(repeat)]
    data, start = answer.read_bytes(), 0
    for i, entry in enumerate(said):
        fmt, shape = DTYPES[entry["dtype"]], tuple(entry["shape"])
        stored = np.frombuffer(data, fmt.storage, prod(shape), start)
        start += stored.nbytes
        runs[i // len(names)][names[i % len(names)]] = Output(fmt.decode(stored).reshape(shape), fmt)
    seconds = outcome.reply.get("seconds")
    return ArrayReply(outcome, runs, None if seconds is None else seconds / repeat)
