"""The targets of one measuring process: a worker each, asked together, so that they compute at the same time."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np

from reportgen.catalogue.libraries import library_call, title
from reportgen.catalogue.rows import FunctionRow
from reportgen.core.calls import parse_call
from reportgen.core.dtypes import DTYPES, Dtype, kind_of
from reportgen.core.model import Outcome, Place, TargetSpec
from reportgen.measure.environments import quick_unavailable
from reportgen.measure.launcher import UNUSUAL_LAYOUTS, Worker

REAL_RESULTS = frozenset({"real", "bool"})

TIME_LIMIT = 120.0
"""Seconds for one request; a worker that needs longer is killed and the case is ``timeout`` on that target."""


@dataclass(frozen=True)
class Request:
    """What is asked of every target: a row's function on ``args`` (values of ``fmt``), cut and laid out as said.

    ``accepted``: the kinds of results that the asker can judge. ``to``: for casts, the dtype to convert to.
    ``limit``: seconds instead of :data:`TIME_LIMIT`, for inputs on which a library may not return.
    """

    row: FunctionRow
    fmt: Dtype
    args: tuple[Any, ...] = ()
    cut: int | str | list[int | str] | None = None
    layout: str = "contiguous"
    constant: bool = False
    reduce: bool = False
    timed: bool = False
    to: str = ""
    accepted: frozenset[str] = REAL_RESULTS
    limit: float | None = None

    @property
    def expected(self) -> int:
        """How many results an answer must have."""
        if self.reduce:
            return 1
        times = len(self.cut) if isinstance(self.cut, list) else 1
        return len(self.args[0]) * times * (len(UNUSUAL_LAYOUTS) if self.layout == "each" else 1)

    def with_inputs(self, args: tuple[Any, ...], cut: int | str | list[int | str] | None = None) -> Request:
        return replace(self, args=args, cut=cut)

    def varied(self, **changes: Any) -> Request:
        return replace(self, **changes)


@dataclass
class Reply:
    """A target's answer: ``values`` of dtype ``fmt`` (see ``core/dtypes.py``) if it is ok; ``seconds`` of the call."""

    outcome: Outcome
    values: Any = field(default_factory=lambda: np.empty(0))
    fmt: Any = None
    seconds: float | None = None


class Bench:
    """Workers by target name, started when first asked; a context manager that ends them all.

    ``places`` says where the targets with environments of their own run. ``memory``: bytes that all workers together
    may hold; above it, those that the next case does not need are ended, the longest unused first.
    """

    def __init__(
        self,
        targets: Iterable[TargetSpec],
        workdir: Path,
        places: Mapping[str, Place] | None = None,
        memory: int | None = None,
    ) -> None:
        self.targets = {t.name: t for t in targets}
        self.places = places or {}
        self.memory = memory
        self.workdir = workdir
        self.workers: dict[str, Worker] = {}
        self.refused: dict[str, Outcome] = {}
        self.formats: dict[tuple[str, str, str], Dtype] = {}

    def __enter__(self) -> Bench:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        for worker in self.workers.values():
            worker.close()
        self.workers.clear()

    def hello(self, target: str) -> Outcome:
        """Start a target's worker if need be; its provenance, or why it is not available."""
        self.launch([target])
        if target in self.refused:
            return self.refused[target]
        worker = self.workers[target]
        outcome = worker.start()
        if not outcome.ok:
            worker.close()
            del self.workers[target]
            self.refused[target] = outcome
            return outcome
        return Outcome("ok", reply=worker.provenance)

    def launch(self, targets: Iterable[str]) -> None:
        """Start the workers of those targets that this machine may have, so that they get ready at the same time."""
        wanted = list(targets)
        missing = [name for name in wanted if name not in self.workers and name not in self.refused]
        if missing:
            self.make_room(wanted)
        self.workers |= {name: self.workers.pop(name) for name in wanted if name in self.workers}  # the latest last
        for name in missing:
            place = self.places.get(name, Place())
            reason = quick_unavailable(self.targets[name], place)
            if reason:
                self.refused[name] = Outcome("unavailable", reason)
            else:
                self.workers[name] = Worker(self.targets[name], self.workdir, place.python or sys.executable)
                self.workers[name].launch()

    def make_room(self, wanted: list[str]) -> None:
        """End idle workers that are not wanted until the rest holds no more memory than it may."""
        if self.memory is None:
            return
        held = {name: worker.resident() for name, worker in self.workers.items()}
        for name in [n for n, worker in self.workers.items() if n not in wanted and not worker.busy]:
            if sum(held.values()) <= self.memory:
                return
            self.workers.pop(name).close()
            del held[name]

    def ask(self, request: Request, targets: Iterable[str]) -> dict[str, Reply]:
        """The same request to several targets; every ending is a Reply."""
        return self.gather(self.send(request, targets))

    def send(self, request: Request, targets: Iterable[str]) -> Pending:
        """Hand the request to the targets without waiting, so that the caller can work meanwhile.

        A target must not have two requests under way, nor two requests one first target.
        """
        targets = list(targets)
        source = self.workdir / f"input-{targets[0] if targets else 'none'}.bin"
        write_inputs(source, request)
        sent: dict[str, Path] = {}
        replies: dict[str, Reply] = {}
        self.launch(targets)
        for target in targets:
            outcome = self.hello(target)
            path = library_path(request.row, self.targets[target])
            if not outcome.ok:
                replies[target] = Reply(outcome)
            elif path is None:
                library = title(self.targets[target].library)
                replies[target] = Reply(Outcome("unsupported", f"{library} has no {request.row.name}"))
            else:
                answer = self.workdir / f"output-{target}.bin"
                self.workers[target].submit(message(request, path, source, answer))
                sent[target] = answer
        return Pending(request, sent, replies)

    def gather(self, pending: Pending) -> dict[str, Reply]:
        """Wait for what :meth:`send` began."""
        replies = dict(pending.replies)
        for target, answer in pending.sent.items():
            outcome = self.workers[target].collect(pending.request.limit or TIME_LIMIT)
            replies[target] = self.read(target, pending.request, outcome, answer)
        return replies

    def read(self, target: str, request: Request, outcome: Outcome, answer: Path) -> Reply:
        if not outcome.ok:
            return Reply(outcome)
        dtype = outcome.reply.get("dtype")
        if dtype not in DTYPES or kind_of(dtype) not in request.accepted:
            wanted = " or ".join(sorted(request.accepted))
            return Reply(Outcome("unsupported", f"returns {dtype}, where a {wanted} result is judged"))
        fmt = DTYPES[dtype]
        stored = np.fromfile(answer, dtype=fmt.storage)
        if len(stored) != request.expected:
            return Reply(Outcome("failed", f"answered {len(stored)} results for {request.expected} inputs"))
        self.formats[target, request.row.name, request.fmt.name] = fmt
        return Reply(outcome, fmt.decode(stored), fmt, outcome.reply.get("seconds"))

    def result_format(self, target: str, request: Request) -> Dtype:
        """The format in which the target last answered for this function and dtype."""
        return self.formats[target, request.row.name, request.fmt.name]


@dataclass
class Pending:
    """Requests under way: where each target writes its answer, and the replies already known."""

    request: Request
    sent: dict[str, Path]
    replies: dict[str, Reply]


def library_path(row: FunctionRow, target: TargetSpec) -> str | None:
    """The call that a target's library has for a row."""
    return library_call(row, target.library)


def write_inputs(path: Path, request: Request) -> None:
    """The arguments in storage form, one after another."""
    with contextlib.ExitStack() as stack:
        stream = stack.enter_context(path.open("wb"))
        for values in request.args:
            stream.write(request.fmt.encode(values).tobytes())


def message(request: Request, path: str, source: Path, answer: Path) -> dict[str, Any]:
    """The worker's ``evaluate`` message (see ``docs/architecture.md``)."""
    program = path if request.row.kind == "expression" else ""
    call = parse_call("program" if program else path)
    return {
        "op": "evaluate",
        "path": call.path,
        "program": program,
        "keywords": dict(call.keywords),
        "item": call.item,
        "gradient": request.row.wrt if request.row.kind == "gradient" else None,
        "to": request.to,
        "dtype": request.fmt.name,
        "arity": len(request.args),
        "count": len(request.args[0]),
        "input": str(source),
        "output": str(answer),
        "cut": request.cut,
        "layout": request.layout,
        "constant": request.constant,
        "reduce": request.reduce,
        "timed": request.timed,
    }
