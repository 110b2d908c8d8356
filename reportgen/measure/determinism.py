"""Does a result repeat? The same calls in one process, in fresh ones, with other thread counts, in deterministic mode.

Every setting is a process of its own, since thread counts and TensorFlow's deterministic mode are fixed at its start;
execution modes share it. All comparisons are bitwise (NaNs alike); nothing here needs an exact value.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from math import prod
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np

from reportgen.catalogue.determinism import REPEATED, Repeated
from reportgen.catalogue.repeatprograms import Way, run_program, settings_program
from reportgen.core.dtypes import DTYPES, Dtype
from reportgen.core.model import Outcome, Place, TargetSpec
from reportgen.core.problems import Arrays, made
from reportgen.measure.arrays.asking import message, write_operands
from reportgen.measure.bench import Bench
from reportgen.measure.natives import same, spelled, steps

SPEC = "determinism"
SEED = 0
LIMIT = 120.0
MANY = 8
"""A thread count that readers' machines have; on machines with as many cores, two threads are tried instead."""
FARTHEST_AMONG = 20_000
"""How many differing elements of two results are looked at for the two that are farthest apart."""


@dataclass(frozen=True)
class Setting:
    """One process: ``role`` is ``one``, ``all``, ``fresh`` (as ``all``, again), ``many`` or ``deterministic``."""

    role: str
    way: Way

    @property
    def options(self) -> dict[str, Any]:
        return {"threads": self.way.threads} | ({"deterministic": True} if self.way.deterministic else {})


def settings(library: str, cores: int) -> list[Setting]:
    """What is tried on a machine of so many cores: NumPy's OpenBLAS takes no more threads than cores, and only
    TensorFlow has a deterministic mode."""
    found = [Setting("one", Way(1)), Setting("all", Way(cores)), Setting("fresh", Way(cores))]
    if library != "tensorflow":
        return found
    return [*found, Setting("many", Way(MANY if cores < MANY else 2)), Setting("deterministic", Way(cores, True))]


@dataclass
class Answer:
    """The results of one entry in one process: the distinct ones in storage form, in order, and how often each came."""

    outcome: Outcome
    fmt: Dtype | None = None
    results: list[Any] = field(default_factory=list)
    counts: list[int] = field(default_factory=list)

    def add(self, values: Any) -> None:
        for i, known in enumerate(self.results):
            if known.tobytes() == values.tobytes() or bool(self.equal(known, values).all()):
                self.counts[i] += 1
                return
        self.results.append(values)
        self.counts.append(1)

    def equal(self, first: Any, second: Any) -> Any:
        assert self.fmt is not None
        return same(self.fmt.decode(first), self.fmt.decode(second))

    @property
    def repeats(self) -> int:
        return sum(self.counts)


@dataclass
class Apart:
    """How results differ from one: elements that differ, all that were compared, and the two farthest apart."""

    differs: int = 0
    tested: int = 0
    steps: int = 0
    at: int = -1
    outputs: tuple[str, str] = ("", "")


def apart(first: Any, others: Iterable[tuple[Any, int]], fmt: Dtype) -> Apart:
    """Every result of ``others`` (with how often it came) against ``first``, element by element, in storage form."""
    found = Apart()
    for values, count in others:
        found.tested += count * len(first)
        if first.tobytes() == values.tobytes():
            continue
        a, b = fmt.decode(first), fmt.decode(values)
        differs = np.flatnonzero(~same(a, b))
        found.differs += count * len(differs)
        looked = differs[:FARTHEST_AMONG]
        distances = steps(a[looked], b[looked], fmt) if len(looked) else []
        if distances and max(distances) > found.steps:
            best = max(range(len(distances)), key=distances.__getitem__)
            found.steps, found.at = distances[best], int(looked[best])
            found.outputs = (spelled(a[found.at]), spelled(b[found.at]))
    return found


Answers = dict[tuple[int, str, str], Answer]
"""By the entry's number, target and the setting's role."""


def measure(
    targets: list[TargetSpec],
    workdir: Path,
    entries: tuple[Repeated, ...] = REPEATED,
    tried: list[Setting] | None = None,
    places: Mapping[str, Place] | None = None,
) -> dict[str, Any]:
    """The rows of targets that differ in their execution mode only, and what is known of each target."""
    tried = tried or settings(targets[0].library, max(1, len(os.sched_getaffinity(0))))
    answers: Answers = {}
    hello = Outcome("failed", "nothing was tried")
    with TemporaryDirectory(dir=workdir) as folder:
        inputs = Inputs(Path(folder), places or {})
        for setting in tried:
            hello = ask(targets, setting, entries, inputs, answers) if setting.role == "one" or hello.ok else hello
    rows = [
        row
        for number, entry in enumerate(entries)
        for target in targets
        for row in Case(entry, target, number, tried, answers).rows()
    ]
    known = {"status": hello.status, "reason": hello.reason, "provenance": hello.reply}
    return {"rows": rows, "targets": {t.name: known for t in targets}}


def failed(targets: Iterable[str], reason: str) -> dict[str, Any]:
    """The stored form where nothing came of a job: a row a target."""
    head = {"spec": SPEC, "function": "", "dtype": "", "case": "", "check": "run", "status": "failed"}
    return {"rows": [head | {"target": t, "reason": " ".join(reason.split())[:300]} for t in targets], "targets": {}}


class Inputs:
    """The operands of entries, each written once."""

    def __init__(self, folder: Path, places: Mapping[str, Place]) -> None:
        self.folder, self.places = folder, places
        self.known: dict[int, Arrays] = {}

    def path(self, number: int, entry: Repeated) -> Path:
        path = self.folder / f"{number}.bin"
        if number not in self.known:
            arrays = made(entry.problem, entry.dtype, SEED)
            write_operands(path, arrays)
            self.known[number] = replace(arrays, values={})
        return path


def ask(
    targets: list[TargetSpec], setting: Setting, entries: tuple[Repeated, ...], inputs: Inputs, answers: Answers
) -> Outcome:
    """All entries in a fresh process; modes that refused an entry with one thread are not asked again."""
    spec = replace(targets[0], options=tuple(sorted((dict(targets[0].options) | setting.options).items())))
    with Bench([spec], inputs.folder, inputs.places) as bench:
        hello = bench.hello(spec.name)
        for number, entry in enumerate(entries):
            for target in targets:
                first = answers.get((number, target.name, "one"))
                if hello.ok and target.mode in entry.modes and (first is None or first.outcome.ok):
                    program = entry.program(target.library)
                    if program is not None:
                        answers[number, target.name, setting.role] = evaluated(
                            bench, spec.name, entry, program, target.mode, inputs.path(number, entry), inputs, number
                        )
    return hello


def evaluated(
    bench: Bench, name: str, entry: Repeated, program: str, mode: str, source: Path, inputs: Inputs, number: int
) -> Answer:
    """One entry's repetitions in one mode."""
    output = inputs.folder / "output.bin"
    calls = entry.calls(mode)
    asked = message(inputs.known[number], program, source, output) | {"repeat": calls, "mode": mode}
    outcome = bench.workers[name].request(asked, LIMIT)
    if not outcome.ok:
        return Answer(outcome)
    said = outcome.reply["results"]
    if len(said) != calls:
        return Answer(Outcome("failed", f"{len(said)} results where {calls} were expected"))
    answer = Answer(outcome, DTYPES[said[0]["dtype"]])
    assert answer.fmt is not None
    data, size = output.read_bytes(), prod(said[0]["shape"])
    for i in range(calls):
        answer.add(np.frombuffer(data, answer.fmt.storage, size, i * size * answer.fmt.storage.itemsize).copy())
    return answer


@dataclass
class Case:
    """One entry on one target, over all settings."""

    entry: Repeated
    target: TargetSpec
    number: int
    tried: list[Setting]
    answers: Answers

    def rows(self) -> list[dict[str, Any]]:
        """A row a check and setting; one that says why where the function was refused; none where nothing was tried."""
        one = self.answer("one")
        if one is None:
            return []
        if not one.outcome.ok:
            return [self.refused("run", self.setting("one"), one)]
        out = []
        for setting in self.tried:
            answer = self.answer(setting.role)
            if answer is None:
                continue
            if not answer.outcome.ok:
                out.append(self.refused(CHECKS[setting.role][-1], setting, answer))
                continue
            out += [self.compared(check, setting, answer) for check in CHECKS[setting.role]]
        return [row for row in out if row]

    def answer(self, role: str) -> Answer | None:
        return self.answers.get((self.number, self.target.name, role))

    def setting(self, role: str) -> Setting:
        return next(s for s in self.tried if s.role == role)

    def compared(self, check: str, setting: Setting, answer: Answer) -> dict[str, Any]:
        """One row: the results of a setting against the first one of the setting that the check compares with."""
        role = {"run": setting.role, "fresh": "all", "threads": "one", "deterministic": "all"}[check]
        base = self.answer(role)
        if (
            base is None
            or not base.outcome.ok
            or base.fmt != answer.fmt
            or (check == "threads" and setting.way == Way(1))
        ):
            return {}
        first = base.results[0]
        counts = list(answer.counts)
        if check == "run":
            counts[0] -= 1  # the first call is what the others are compared with
        found = apart(first, zip(answer.results, counts, strict=True), base.fmt)  # type: ignore[arg-type]
        row = self.row(check, setting) | {
            "status": "ok", "repeats": answer.repeats, "distinct": len(answer.results),
            "differs": found.differs, "tested": found.tested, "max_ulp_apart": found.steps,
            "bits": found.steps.bit_length(),
        }  # fmt: skip
        if found.differs:
            row.update(context=f"element {found.at}", first_output=found.outputs[0], second_output=found.outputs[1])
            if check == "run" or not self.wavers():  # which call is the first then decides about any other check
                row["snippet"] = self.snippet(check, setting, self.setting(role), found.at)
        return row

    def wavers(self) -> bool:
        """Whether the results of any process differ among themselves."""
        own = (self.answer(setting.role) for setting in self.tried)
        return any(answer is not None and len(answer.results) > 1 for answer in own)

    def snippet(self, check: str, setting: Setting, base: Setting, at: int) -> str:
        library, mode = self.target.library, self.target.mode
        if check == "run":
            return run_program(self.entry, library, mode, setting.way, SEED)
        return settings_program(self.entry, library, mode, (base.way, setting.way), SEED, at)

    def refused(self, check: str, setting: Setting, answer: Answer) -> dict[str, Any]:
        return self.row(check, setting) | {"status": answer.outcome.status, "reason": answer.outcome.reason}

    def row(self, check: str, setting: Setting) -> dict[str, Any]:
        entry = self.entry
        return {
            "spec": SPEC, "function": entry.function, "dtype": entry.dtype, "case": entry.problem.name,
            "target": self.target.name, "check": check, "setting": setting.way.words, "words": entry.problem.words,
            "program": entry.program(self.target.library), "input": entry.problem.spelling(SEED),
        }  # fmt: skip


CHECKS = {
    "one": ("run",),
    "all": ("run", "threads"),
    "fresh": ("fresh",),
    "many": ("run", "threads"),
    "deterministic": ("run", "deterministic"),
}
"""What the process of each role is compared for, the check under which a refusal is listed last."""
