"""Self-agreement of functions of whole arrays: part of a batch alone against the same part inside it, and layouts.

A row of a matrix product does not depend on the other rows, nor an image on the other images: whatever differs when it
is computed alone comes from another kernel or another order of additions. The same holds for operands that lie in
memory in another way (libraries of NumPy arrays only; TensorFlow copies what it is given).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from reportgen.catalogue.arrayrows import ArrayRow
from reportgen.core.model import Case
from reportgen.core.problems import Arrays
from reportgen.measure.arrays import asking
from reportgen.measure.arrays.asking import ArrayReply, Output
from reportgen.measure.bench import Bench
from reportgen.measure.equalrows import self_row

LAYOUTS = {
    "F": "stored by columns", "strided": "every second element", "offset": "one element further",
    "reversed": "stored backwards",
}  # fmt: skip
"""Memory layouts that are tried beside the usual one, in words."""


@dataclass
class _Tried:
    """Results of one target under one check: those of the whole call, and those in other circumstances."""

    reference: list[Any] = field(default_factory=list)
    other: list[Any] = field(default_factory=list)
    words: list[str] = field(default_factory=list)
    fmt: Any = None

    def add(self, whole: Output, again: Output, at: Any, words: str) -> None:
        """``at`` selects the part of the whole result that was computed again."""
        part = whole.values[at].reshape(-1)
        if part.shape == again.flat.shape and whole.fmt == again.fmt:
            self.reference.append(part)
            self.other.append(again.flat)
            self.words += [f"{words}, element {i}" for i in range(len(part))]
            self.fmt = whole.fmt


def agreement_rows(
    bench: Bench, row: ArrayRow, case: Case, arrays: Arrays, answered: dict[str, ArrayReply]
) -> list[dict[str, Any]]:
    """Rows of ``self_agreement`` with the checks ``batch`` and ``layout``, for problems with a batch; else none."""
    if not arrays.problem.batch:
        return []
    found: dict[tuple[str, str], _Tried] = {}
    for index in chosen(arrays):
        words = f"number {index} of {batch_size(arrays)} alone"
        for target, reply in _asked(bench, row, alone(arrays, index), answered).items():
            for name, output in answered[target].outputs.items():
                found.setdefault((target, "batch"), _Tried()).add(
                    output, reply.outputs[name], slice(index, index + 1), words
                )
    copied_from = [t for t in answered if bench.targets[t].library != "tensorflow"]
    for order, words in LAYOUTS.items():
        for target, reply in _asked(bench, row, laid_out(arrays, order), copied_from).items():
            for name, output in answered[target].outputs.items():
                found.setdefault((target, "layout"), _Tried()).add(output, reply.outputs[name], slice(None), words)
    spelling = arrays.problem.spelling(arrays.seed)
    return [_row(case, target, check, tried, spelling) for (target, check), tried in found.items() if tried.reference]


def _asked(bench: Bench, row: ArrayRow, arrays: Arrays, targets: Iterable[str]) -> dict[str, ArrayReply]:
    """The replies of targets that answer."""
    targets = list(targets)
    replies = asking.gather(bench, asking.send(bench, row, arrays, targets)) if targets else {}
    return {target: reply for target, reply in replies.items() if reply.outcome.ok}


def _row(case: Case, target: str, check: str, tried: _Tried, spelling: str) -> dict[str, Any]:
    whole, other = np.concatenate(tried.reference), np.concatenate(tried.other)
    return self_row(case, target, check, whole, [(tried.words.__getitem__, other)], tried.fmt, lambda i: spelling)


def batch_size(arrays: Arrays) -> int:
    """How many independent things a problem has. Raises ValueError where its operands differ in that."""
    sizes = {arrays.values[name].shape[0] for name in arrays.problem.batch}
    if len(sizes) != 1:
        raise ValueError(f"the operands of {arrays.problem.name} have batches of {sorted(sizes)}")
    return sizes.pop()


def chosen(arrays: Arrays) -> list[int]:
    """Which ones are tried alone: the first, one in the middle, the last."""
    size = batch_size(arrays)
    return sorted({0, size // 2, size - 1})


def alone(arrays: Arrays, index: int) -> Arrays:
    """The problem with a batch of one: what stands at ``index``."""
    problem = arrays.problem
    values = dict(arrays.values)
    for name in problem.batch:
        values[name] = values[name][index : index + 1]
    operands = tuple(replace(o, shape=values[o.name].shape) for o in problem.operands)
    return Arrays(replace(problem, operands=operands), arrays.dtype, arrays.seed, values)


def laid_out(arrays: Arrays, order: str) -> Arrays:
    """The problem with its operands in another memory layout."""
    operands = tuple(replace(o, order=order) for o in arrays.problem.operands)
    return Arrays(replace(arrays.problem, operands=operands), arrays.dtype, arrays.seed, arrays.values)
