"""Workers: requests in, Outcomes out. Crashes, hangs and garbage end as Outcomes, and the next request works again."""

from __future__ import annotations

import contextlib
import json
import math
import os
import sys
import time
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from reportgen.catalogue.libraries import libraries
from reportgen.core.floats import FORMATS
from reportgen.core.model import STATUSES, Outcome, TargetSpec
from reportgen.measure.workerprocess import Received, WorkerProcess

WORKER_MAIN = Path(__file__).resolve().parent.parent / "worker" / "main.py"
START_SECONDS = 180.0
STARTS_IN_A_ROW = 3
"""A worker whose hello fails this often one after another is not started again."""
SENT_AHEAD = 8
"""Requests in the pipe at a time: the worker never waits for the next, and the pipe never fills."""
MEMORY_LIMIT = 1800 << 20
INHERITED = ("PATH", "HOME", "LANG", "LC_ALL", "LD_LIBRARY_PATH", "TMPDIR", "TZ", "VIRTUAL_ENV")
INHERITED_PREFIXES = ("CUDA_", "NVIDIA_")
UNUSUAL_LAYOUTS = ("strided", "offset", "reversed")
"""What a request of the layout ``each`` is evaluated in, one result after another."""
ITEM_BYTES = {f.name: f.storage.itemsize for f in FORMATS.values()} | {
    **{f"{sign}int{bits}": bits // 8 for sign in ("", "u") for bits in (8, 16, 32, 64)},
    "complex64": 8,
    "complex128": 16,
}


def environment(target: TargetSpec, outer: Mapping[str, str] | None = None) -> dict[str, str]:
    """The worker's whole environment: a few harmless inherited variables, thread counts, the target's own.

    ``PYTHONPATH``, ``PYTHONDONTWRITEBYTECODE`` and the libraries' variables are not inherited: a result
    depends on the target, not on the shell it was started from.
    """
    outer = os.environ if outer is None else outer
    env = {k: v for k, v in outer.items() if k in INHERITED or k.startswith(INHERITED_PREFIXES)}
    if target.pinned:
        env.pop("VIRTUAL_ENV", None)  # that one is ours
    threads = str(dict(target.env).get("OMP_NUM_THREADS") or dict(target.options).get("threads", 1))
    env |= {"PYTHONHASHSEED": "0", "TF_CPP_MIN_LOG_LEVEL": "2"}
    env |= {"OMP_NUM_THREADS": threads, "OPENBLAS_NUM_THREADS": threads}
    # Compilers allocate and free megabytes a program: memory that is kept need not be asked for again.
    env |= {"MALLOC_TRIM_THRESHOLD_": str(1 << 30), "MALLOC_TOP_PAD_": str(1 << 26)}
    return env | dict(target.env)


@dataclass
class _Asked:
    """A request that has no Outcome yet; ``identity`` is 0 until it is sent."""

    message: dict[str, Any]
    identity: int = 0


class Worker:
    """The worker process of one target.

    ``memory_limit``: bytes of resident memory above which the process is replaced before the next request
    (``None``: never). ``script`` is the program to run, for tests. A worker is used from one thread at a time.
    """

    def __init__(
        self,
        target: TargetSpec,
        workdir: Path,
        python: str = sys.executable,
        memory_limit: int | None = MEMORY_LIMIT,
        start_seconds: float = START_SECONDS,
        script: Path = WORKER_MAIN,
    ) -> None:
        self.target, self.workdir, self.python = target, Path(workdir), python
        self.memory_limit, self.start_seconds, self.script = memory_limit, start_seconds, script
        known = libraries().get(target.library)
        self.adapter = known.adapter if known else ":"
        self.provenance: dict[str, Any] = {}
        self.starts = 0
        self._process: WorkerProcess | None = None
        self._greeting = _Asked({})
        self._hello: Outcome | None = None
        self._refused: Outcome | None = None
        self._failed_starts = 0
        self._asked: deque[_Asked] = deque()
        self._identity = 0
        self._log = ""

    # -- for callers -------------------------------------------------------------------------------
    def launch(self) -> None:
        """Start the process if none runs, without waiting until it is ready: several can get ready together."""
        if self._process is not None or self._refused is not None:
            return
        self.starts += 1
        try:
            self._process = WorkerProcess(self.command(), environment(self.target), self.workdir)
        except (OSError, ValueError) as error:
            self._refused = Outcome("unavailable", f"{self.python} cannot be started: {error}")
            return
        self._greeting = self._number(_Asked({"op": "hello"}))

    def start(self) -> Outcome:
        """:meth:`launch`, and wait: ``ok`` with the hello as reply, or why the target cannot be had."""
        self.launch()
        if self._refused is not None:
            return self._refused
        if self._hello is not None:
            return self._hello
        outcome = self._greeted()
        if outcome.ok:
            self._failed_starts = 0
            self._hello = outcome
            return outcome
        self._end(kill=True)
        self._failed_starts += 1
        if outcome.status == "unavailable" or self._failed_starts >= STARTS_IN_A_ROW:
            self._refused = outcome
        return outcome

    def submit(self, message: Mapping[str, Any]) -> None:
        """Hand over a request (without ``id``) and return at once; answers come in order, one :meth:`collect` each.

        Requests under way at the same time need output files of their own.
        """
        output = message.get("output")
        if output and not any(a.message.get("output") == output for a in self._asked):
            # An answer must not be mistaken for that of an earlier request.
            with contextlib.suppress(OSError):
                Path(output).unlink()
        self._asked.append(_Asked(dict(message)))
        self.launch()
        self._send_ahead()

    def collect(self, timeout: float) -> Outcome:
        """The Outcome of the earliest request not yet collected, waiting at most ``timeout`` seconds for it."""
        if not self._asked:
            return Outcome("failed", "nothing was asked")
        if self._too_big():
            self._end(kill=False)
        outcome = self.start()
        if not outcome.ok:
            self._asked.popleft()
            return outcome
        self._send_ahead()
        asked = self._asked.popleft()
        outcome = self._answer(asked, timeout)
        self._send_ahead()
        return outcome

    def request(self, message: Mapping[str, Any], timeout: float) -> Outcome:
        """:meth:`submit` and :meth:`collect`; earlier requests must have been collected."""
        self.submit(message)
        return self.collect(timeout)

    @property
    def busy(self) -> bool:
        """Whether a request waits for its answer to be collected."""
        return bool(self._asked)

    def resident(self) -> int:
        """Bytes of memory that the process holds now; 0 where none runs."""
        return self._process.resident() if self._process is not None else 0

    def log_tail(self) -> str:
        """The end of what the latest process wrote to stdout and stderr."""
        return self._process.log.tail() if self._process is not None else self._log

    def close(self) -> None:
        """End the process. The worker can be used again and then starts anew."""
        self._asked.clear()
        self._end(kill=False)

    def __enter__(self) -> Worker:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    # -- the process -------------------------------------------------------------------------------
    def command(self) -> list[str]:
        """The command line but for the descriptors of the channel."""
        target = self.target
        expect = dict(target.expect)
        if target.version:
            expect["version"] = target.version
        if target.env:
            expect["settings"] = sorted(dict(target.env))
        return [
            *(self.python, str(self.script), "--library", target.library, "--adapter", self.adapter),
            *("--mode", target.mode, "--device", target.device, "--options", json.dumps(dict(target.options))),
            *("--expect", json.dumps(expect)),
        ]

    def _greeted(self) -> Outcome:
        outcome = self._answer(self._greeting, self.start_seconds)
        if outcome.status == "failed" and self.target.env:
            # Libraries refuse some settings by ending the process (XLA an unknown flag).
            return Outcome("unavailable", f"{outcome.reason} at the start with {_settings(self.target)}")
        if not outcome.ok:
            return outcome
        self.provenance = dict(outcome.reply.get("provenance") or {})
        reason = outcome.reply.get("unavailable")
        return Outcome("unavailable", str(reason), outcome.reply) if reason else outcome

    def _end(self, kill: bool) -> None:
        process, self._process, self._hello = self._process, None, None
        for asked in self._asked:
            asked.identity = 0  # to be sent again
        if process is not None:
            if kill:
                process.kill()
            else:
                process.stop()
            self._log = process.log.tail()

    def _too_big(self) -> bool:
        """Whether the idle process has outgrown its limit: compilers keep what they have compiled."""
        if self._process is None or self.memory_limit is None or any(a.identity for a in self._asked):
            return False
        return self._process.resident() > self.memory_limit

    def _number(self, asked: _Asked) -> _Asked:
        self._identity += 1
        asked.identity = self._identity
        if self._process is not None:
            line = json.dumps(asked.message | {"id": asked.identity}).encode() + b"\n"
            self._process.send(line)  # a process that is gone or deaf shows itself when the answer is awaited
        return asked

    def _send_ahead(self) -> None:
        if self._process is None or self._too_big():
            return
        for asked in list(self._asked)[:SENT_AHEAD]:
            if not asked.identity:
                self._number(asked)

    def _answer(self, asked: _Asked, timeout: float) -> Outcome:
        """Wait for the answer to ``asked``; anything but a well-formed one ends the process."""
        assert self._process is not None
        begun = time.monotonic()
        received = self._process.receive(timeout)
        outcome = self._understood(asked, received, timeout)
        if received.kind != "line" or outcome.reply.get("garbage"):
            if received.kind == "exited":
                outcome = Outcome("failed", f"the worker {self._process_ending()}")
            self._end(kill=True)
        elif outcome.ok and asked.message.get("op") in CHECKS:
            outcome = CHECKS[asked.message["op"]](asked.message, outcome)
        outcome.reply.setdefault("waited", time.monotonic() - begun)
        return outcome

    def _process_ending(self) -> str:
        assert self._process is not None
        ending = self._process.ending()
        return ending if ending.startswith("killed") else f"{ending} without an answer"

    def _understood(self, asked: _Asked, received: Received, timeout: float) -> Outcome:
        if received.kind == "timeout":
            return Outcome("timeout", f"no answer within {timeout:g} s")
        if received.kind == "oversized":
            return _garbage("the answer has no end")
        if received.kind == "exited":
            return Outcome("failed", "the worker ended")
        try:
            reply = json.loads(received.line)
        except ValueError:
            return _garbage("the answer is not JSON")
        if not isinstance(reply, dict):
            return _garbage("the answer is not an object")
        if reply.get("id") != asked.identity:
            return _garbage("the answer belongs to another request")
        if reply.get("ok") is True:
            return Outcome("ok", "", reply)
        status, reason = reply.get("status"), reply.get("reason")
        if status not in STATUSES or status == "ok" or not isinstance(reason, str):
            return _garbage("the answer says neither a result nor why there is none")
        return Outcome(status, reason, reply)


def _settings(target: TargetSpec) -> str:
    return " ".join(f"{name}={value}" for name, value in target.env)


def _garbage(reason: str) -> Outcome:
    return Outcome("failed", reason, {"garbage": True})


def _checked(message: Mapping[str, Any], outcome: Outcome) -> Outcome:
    """The outcome of an evaluation, if its file is there and as long as the reply says."""
    dtype, count = outcome.reply.get("dtype"), outcome.reply.get("count")
    if dtype not in ITEM_BYTES or not isinstance(count, int) or count < 0:
        return Outcome("failed", f"the answer announces {count!r} elements of {dtype!r}")
    try:
        size = Path(message["output"]).stat().st_size
    except OSError:
        return Outcome("failed", "the worker wrote no result file")
    if size != count * ITEM_BYTES[dtype]:
        return Outcome("failed", f"the result file has {size} bytes for {count} elements of {dtype}")
    expected = _expected(message)
    if count != expected:
        return Outcome("failed", f"the result has {count} elements where {expected} were expected")
    return outcome


def _checked_arrays(message: Mapping[str, Any], outcome: Outcome) -> Outcome:
    """The same for a program on whole arrays, each of whose results has a dtype and a shape."""
    results = outcome.reply.get("results")
    if not isinstance(results, list) or not results or not all(map(_is_described, results)):
        return Outcome("failed", "the answer does not say which results it has")
    try:
        size = Path(message["output"]).stat().st_size
    except OSError:
        return Outcome("failed", "the worker wrote no result file")
    expected = sum(math.prod(r["shape"]) * ITEM_BYTES[r["dtype"]] for r in results)
    if size != expected:
        return Outcome("failed", f"the result file has {size} bytes where {expected} were announced")
    return outcome


def _is_described(result: Any) -> bool:
    if not isinstance(result, dict) or result.get("dtype") not in ITEM_BYTES:
        return False
    shape = result.get("shape")
    return isinstance(shape, list) and all(type(n) is int and n >= 0 for n in shape)


CHECKS = {"evaluate": _checked, "arrays": _checked_arrays}
"""What an answer to an operation must hold besides being well-formed."""


def _expected(message: Mapping[str, Any]) -> int:
    """How many elements an evaluation must return."""
    count, cut = int(message["count"]), message.get("cut")
    if message.get("layout") == "each":
        return count * len(UNUSUAL_LAYOUTS)
    if isinstance(cut, list):
        return count * len(cut)
    if not message.get("reduce") or cut == "scalar":
        return count
    return 1 if cut is None else count // int(cut)
