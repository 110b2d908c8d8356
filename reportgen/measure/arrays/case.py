"""One case of a function of arrays: every problem on every target, judged, compared, repeated, timed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from reportgen.catalogue.arrayrows import ArrayRow, array_rows
from reportgen.catalogue.rows import FunctionRow
from reportgen.core.agreement import compared_pairs
from reportgen.core.arrays import VARIANT_WORDS, VARIANTS
from reportgen.core.model import Case, InputSpec, TargetSpec
from reportgen.core.problems import Arrays, Operand, Problem, made
from reportgen.measure.arrays import asking, batches, elements
from reportgen.measure.arrays.asking import ArrayReply, Output
from reportgen.measure.arrays.findings import finding_rows, rule_of
from reportgen.measure.bench import Bench
from reportgen.measure.equalrows import empty_result
from reportgen.measure.natives import same, spelled, steps
from reportgen.measure.report_rows import case_key, refused_row
from reportgen.oracle.arrays.reference import ArrayReference
from reportgen.oracle.cache import CachedOracle

REPEATS = 2
FARTHEST_AMONG = 20_000
"""How many differing elements of two results are looked at for the two that are farthest apart."""

Judge = Callable[[Arrays, dict[str, Output], dict[str, ArrayReference], str], list[dict[str, Any]]]


@dataclass
class Trial:
    """A case while it is measured."""

    case: Case
    row: FunctionRow
    arrays: ArrayRow
    bench: Bench
    oracle: CachedOracle
    stopped: dict[str, bool] = field(default_factory=dict)
    answered: set[str] = field(default_factory=set)
    result: dict[str, Any] = field(default_factory=empty_result)

    def named(self, problem: Problem) -> Case:
        """The case with the problem's name in it."""
        return replace(self.case, inputs=InputSpec(problem.name, "array"))


def problems_of(case: Case, row: ArrayRow) -> list[Problem]:
    """What the catalogue tries, or the arrays and sizes that a spec names (one operand ``x``, all of it combined)."""
    detail = dict(case.inputs.detail)
    if not detail:
        return row.tried(case.dtype)
    parameters = row.spec_parameters or ()
    out = []
    for group in detail["arrays"]:
        for variant in VARIANTS[group]:
            for size in detail["sizes"]:
                special = "nan" in variant or "inf" in variant
                operand = Operand("x", variant, (size,))
                name, words = f"{variant}-{size}", f"{VARIANT_WORDS.get(variant, variant)}, {size:,}"
                # A library may refuse NaN and infinities by design, as SciPy's norms do.
                out.append(Problem(name, words, (operand,), parameters, variant, size, special, refusable=special))
    return out


def judge_of(kind: str, reference: str) -> Judge:
    """What judges results of a kind of function whose exact reference has a name."""
    if kind == "linalg":
        from reportgen.measure.arrays import linalg

        return linalg.judge_of(reference)
    if kind == "transform":
        from reportgen.measure.arrays import transforms

        return transforms.judge
    return lambda arrays, outputs, references, spelling: elements.judge(
        outputs, references, arrays.problem.special, spelling
    )


def measure_arrays(case: Case, row: FunctionRow, bench: Bench, oracle: CachedOracle) -> dict[str, Any]:
    """Measure one function of arrays on every target; the stored form of any case, with its ``problems``."""
    t = Trial(case, row, array_rows()[case.function], bench, oracle)
    problems = problems_of(case, t.arrays)
    largest = max(problems, key=lambda p: p.elements(), default=None)
    for problem in problems:
        t.result.setdefault("problems", []).append(stored_problem(t, problem))
        measure_problem(t, problem, timed=problem is largest)
    return t.result


def stored_problem(t: Trial, problem: Problem) -> dict[str, Any]:
    """What pages say about a problem."""
    return {
        "function": t.row.name, "dtype": t.case.dtype, "case": problem.name, "words": problem.words,
        "series": problem.series, "size": problem.size, "operands": problem.operand_text(),
        "shape": problem.shape_text(), "order": ";".join(o.order for o in problem.operands),
        "parameters": problem.parameter_text(), "inputs": problem.spelling(t.case.seed),
    }  # fmt: skip


def measure_problem(t: Trial, problem: Problem, timed: bool) -> None:
    """One problem on all targets that are still asked."""
    arrays = made(problem, t.case.dtype, t.case.seed)
    asked = [name for name in t.case.targets if name not in t.stopped]
    sent = asking.send(t.bench, t.arrays, arrays, asked, REPEATS, timed=timed)
    references = t.oracle.arrays(t.arrays.reference, arrays, t.arrays.pointwise)
    replies = asking.gather(t.bench, sent)
    case = t.named(problem)
    answered: dict[str, ArrayReply] = {}
    judge = judge_of(t.row.kind, t.arrays.reference)
    for target, reply in replies.items():
        if reply.outcome.ok:
            answered[target] = reply
            t.answered.add(target)
        elif problem.refusable and reply.outcome.status == "failed" and rule_of(t.row, arrays, references):
            t.result["special"] += finding_rows(t.row, arrays, target, reply, references)
        else:
            note_refusal(t, case, target, reply)
    judged: dict[str, ArrayReply] = {}
    for target in list(answered):
        try:
            rows = judge(arrays, answered[target].outputs, references, problem.spelling(t.case.seed))
        except ValueError as error:
            t.result["rows"].append(refused_row(case, t.row.kind, target, "failed", str(error)))
            del answered[target]
            continue
        add_rows(t, case, problem, target, answered[target], rows, timed)
        if rows:
            judged[target] = answered[target]
        t.result["special"] += finding_rows(t.row, arrays, target, answered[target], references)
    # Where no result is defined (a singular matrix), targets need not agree: some return memory that nobody wrote.
    t.result["agreement"] += pair_rows(case, judged, t.bench.targets)
    t.result["self_agreement"] += batches.agreement_rows(t.bench, t.arrays, case, arrays, answered)
    t.result["counts"]["samples"] += sum(len(r.positions) for r in references.values())
    t.result["counts"]["undecided"] += sum(int(r.exact.undecided.sum()) for r in references.values())


def note_refusal(t: Trial, case: Case, target: str, reply: ArrayReply) -> None:
    """A row for a target without results; one that answered no problem and has no such function is not asked again."""
    status = reply.outcome.status
    if status == "unavailable" or (status == "unsupported" and target not in t.answered):
        t.stopped[target] = True
        case = t.case
    t.result["rows"].append(refused_row(case, t.row.kind, target, status, reply.outcome.reason))


def add_rows(
    t: Trial,
    case: Case,
    problem: Problem,
    target: str,
    reply: ArrayReply,
    rows: list[dict[str, Any]],
    timed: bool,
) -> None:
    """A target's measurements on a problem, whether it repeats itself, and its time where that was taken."""
    first = next(iter(reply.outputs.values()))
    common = dict(
        case_key(case, target), kind=t.row.kind, result_dtype=first.fmt.name, device=t.bench.targets[target].device,
        depth=case.depth, coverage="sampled", status="ok", seed=case.seed, shape=problem.shape_text(),
        distribution=problem.words,
    )  # fmt: skip
    t.result["rows"] += [{**common, **row} for row in rows]
    if rows:  # where no result is defined, some libraries return memory that nobody wrote
        t.result["runs"].append(repeat_row(case, target, reply, problem.spelling(case.seed)))
    if timed and reply.seconds is not None and problem.elements():
        cells = {"ns_per_element": reply.seconds / problem.elements() * 1e9}
        t.result["timing"].append(dict(case_key(case, target), **cells))


def repeat_row(case: Case, target: str, reply: ArrayReply, spelling: str) -> dict[str, Any]:
    """How many elements of the results differ when the same call is made again."""
    row: dict[str, Any] = dict(case_key(case, target), run_differs=0, run_tested=0)
    for name, output in reply.runs[0].items():
        for again in reply.runs[1:]:
            differs = np.flatnonzero(~same(output.flat, again[name].flat))
            row["run_tested"] += output.values.size
            row["run_differs"] += len(differs)
            if len(differs):
                at = differs[0]
                row.update(input=spelling, first_output=spelled(output.flat[at]),
                           second_output=spelled(again[name].flat[at]))  # fmt: skip
    return row


def pair_rows(case: Case, answered: dict[str, ArrayReply], targets: Mapping[str, TargetSpec]) -> list[dict[str, Any]]:
    """Agreement of every two targets that answered in one dtype and shape, over all elements of all results."""
    out = []
    for first, second in compared_pairs(answered, targets):
        a, b = answered[first].outputs, answered[second].outputs
        shared = [n for n in a if n in b and a[n].fmt == b[n].fmt and a[n].values.shape == b[n].values.shape]
        if shared:
            out.append(pair_row(case, (first, second), [(a[n], b[n]) for n in shared]))
    return out


def pair_row(case: Case, names: tuple[str, str], results: list[tuple[Output, Output]]) -> dict[str, Any]:
    """One row of agreement."""
    row = case_key(case, "")
    del row["target"]
    row.update(first=names[0], second=names[1], equal=0, compared=0, nan_differs=0, max_distance=0, nearer="")
    for a, b in results:
        x, y = a.flat, b.flat
        differs = np.flatnonzero(~same(x, y))
        row["compared"] += len(x)
        row["equal"] += len(x) - len(differs)
        if a.values.dtype.kind in "fc":
            row["nan_differs"] += int((np.isnan(x) != np.isnan(y)).sum())
        looked = differs[:FARTHEST_AMONG]
        distance = steps(x[looked], y[looked], a.fmt) if len(looked) else []
        if distance and max(distance) > row["max_distance"]:
            at = int(looked[max(range(len(distance)), key=distance.__getitem__)])
            row.update(max_distance=max(distance), first_output=spelled(x[at]), second_output=spelled(y[at]))
            row["input"] = f"{case.inputs.name} element {at}"
    return row
