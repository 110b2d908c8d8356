"""The judge of linear algebra: backward and forward errors, residuals, orthogonality.

Results that are numbers by themselves (determinants, norms) are scored element by element like sums; everything else
by the metrics of :mod:`reportgen.measure.arrays.linalgmetrics`, computed in balls from what the library returned. Of a
row, ``max_rel`` is the relative error that the metric is about, ``bound_ratio`` the same over its bound (n·u for
backward errors, u times the condition for forward ones), ``condition`` that of the matrix with the largest ratio and
``worst_context`` says which matrix of a batch that is; ``samples`` counts matrices.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from reportgen.core.dtypes import ComplexFormat
from reportgen.core.floats import Format
from reportgen.core.problems import Arrays
from reportgen.measure.arrays.asking import Output
from reportgen.measure.arrays.elements import LARGEST, element_rows
from reportgen.measure.arrays.linalgmetrics import CORE, METRICS, Given, Score
from reportgen.oracle.arrays.matrices import NO_RESULT
from reportgen.oracle.arrays.matrixballs import stack
from reportgen.oracle.arrays.nanmatrices import NAN_INSIDE
from reportgen.oracle.arrays.reference import ArrayReference

Outputs = dict[str, Output]
References = dict[str, ArrayReference]
Rows = list[dict[str, Any]]


def judge_of(reference: str) -> Callable[[Arrays, Outputs, References, str], Rows]:
    """The judge of functions whose exact reference has that name.

    It returns rows without the case's key: none for a problem that has no exact result. It raises ValueError where a
    result has not the shape that it must have.
    """
    if reference in METRICS:
        return lambda arrays, outputs, references, spelling: judge(reference, arrays, outputs, references, spelling)
    return number_rows


def number_rows(arrays: Arrays, outputs: Outputs, references: References, spelling: str) -> Rows:
    """Rows of results that have exact elements: determinants, logarithms of them, norms, ranks."""
    rows: Rows = []
    for name, reference in references.items():
        output = outputs[name]
        if output.values.shape != reference.shape:
            raise ValueError(f"the result has shape {output.values.shape} where {reference.shape} was expected")
        if name == "sign":
            rows += sign_rows(output, reference, spelling)
        elif not reference.exact.undecided.all():
            rows += element_rows(output, reference, arrays.problem.special, spelling)
    return rows


def sign_rows(output: Output, reference: ArrayReference, spelling: str) -> Rows:
    """How many signs of determinants are right, by the largest difference from one that is."""
    gaps = np.abs(output.flat - reference.exact.hi)
    scores = [None if math.isnan(gap) else Score("sign", gap, gap, None) for gap in gaps.tolist()]
    rows = closed(metric_rows("sign", scores, spelling, reference.settled_by))
    return [{**row, "correctly_rounded": int((gaps == 0).sum())} for row in rows]


def judge(name: str, arrays: Arrays, outputs: Outputs, references: References, spelling: str) -> Rows:
    """Rows of a factorisation, solution or spectrum."""
    first = next(iter(references.values()))
    if NAN_INSIDE in first.extra or (any(word in first.extra for word in NO_RESULT) and len(first.positions) == 1):
        return []
    metrics, names = METRICS[name]
    check_shapes(arrays, outputs, references)
    scores: dict[str, list[Score | None]] = {metric: [] for metric in names}
    for given in matrices_of(arrays, outputs, first):
        finite = all(np.isfinite(result).all() for result in given.results.values())
        found = {score.metric: score for score in metrics(given)} if finite else {}
        for metric in names:
            scores[metric].append(found.get(metric))
    rows: Rows = []
    for metric, each in scores.items():
        rows += closed(metric_rows(metric, each, spelling, first.settled_by))
    return rows


def check_shapes(arrays: Arrays, outputs: Outputs, references: References) -> None:
    """Raises ValueError where a result has not the shape of its reference, or is of another number of matrices."""
    count, first = len(stack(arrays.values["x"])), next(iter(references.values()))
    for name, output in outputs.items():
        shape, core = output.values.shape, core_of(name, first)
        if name in references and shape != references[name].shape:
            raise ValueError(f"the result has shape {shape} where {references[name].shape} was expected")
        if len(shape) < core or len(stack(output.values, core)) != count:
            raise ValueError(f"the result has shape {shape} where {count} with {core} axes were expected")


def matrices_of(arrays: Arrays, outputs: Outputs, reference: ArrayReference) -> list[Given]:
    """The matrices of a problem one by one; those without a settled reference are left out."""
    operands = {name: stack(values) for name, values in arrays.values.items()}
    results = {name: stack(o.values, core_of(name, reference)) for name, o in outputs.items()}
    count = len(operands["x"])
    share = len(reference.exact) // count
    fmt = next(iter(outputs.values())).fmt
    for output in outputs.values():
        fmt = output.fmt if isinstance(output.fmt, (Format, ComplexFormat)) else fmt
    part = fmt.part if isinstance(fmt, ComplexFormat) else fmt
    assert isinstance(part, Format)
    out = []
    for i in range(count):
        mine = slice(i * share, (i + 1) * share)
        if reference.exact.undecided[mine].any():
            continue
        extra = {word.rpartition(".")[0]: v for word, v in reference.extra.items() if word.endswith(f".{i}")}
        imag = None if reference.imag is None else reference.imag[mine]
        out.append(
            Given(
                {name: parts[i] for name, parts in operands.items()},
                {name: parts[i] for name, parts in results.items()},
                reference.exact[mine], imag, reference.condition[mine], extra, 2.0**-part.p,
            )
        )  # fmt: skip
    return out


def core_of(name: str, reference: ArrayReference) -> int:
    """Axes of one matrix's result: of an unnamed one as many as its reference has."""
    return CORE.get(name, 2) if name else min(len(reference.shape), 2)


def metric_rows(metric: str, scores: list[Score | None], spelling: str, settled_by: str) -> dict[str, Any] | None:
    """The row of one metric over the matrices of a batch; None of a score stands for a result that is not finite."""
    if not scores:
        return None
    found = [(i, score) for i, score in enumerate(scores) if score is not None]
    row: dict[str, Any] = {
        "path": "body", "metric": metric, "regime": "normal", "samples": len(scores),
        "special_mismatches": len(scores) - len(found), "undecided": 0, "settled_by": settled_by,
        "worst_input": spelling,
    }  # fmt: skip
    if not found:
        return {**row, "worst_context": "the result is not finite"}
    at, worst = max(found, key=lambda pair: (ratio_of(pair[1]) or 0.0, pair[1].relative))
    context = [f"matrix {at + 1} of {len(scores)}"] if len(scores) > 1 else []
    row.update(
        bound_ratio=ratio_of(worst), max_rel=max(s.relative for _, s in found),
        max_abs=max(s.absolute for _, s in found), condition=worst.condition,
        worst_context=", ".join(context + ([worst.where] if worst.where else [])),
    )  # fmt: skip
    return row


def ratio_of(score: Score) -> float | None:
    """Relative error over bound; None without a bound."""
    if score.bound is None:
        return None
    if score.bound == 0:
        return 0.0 if score.relative == 0 else LARGEST
    return min(score.relative / score.bound, LARGEST)


def closed(row: dict[str, Any] | None) -> Rows:
    """A row and the one over all regimes that closes it."""
    return [] if row is None else [row, {**row, "regime": "all"}]
