"""Special cases of functions of integers: what comes of overflow, division by zero and shifts, errors included."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import numpy as np

from reportgen.core.dtypes import INTEGER_DTYPES, Dtype
from reportgen.core.sampling import BODY_PAD
from reportgen.measure.bench import Reply
from reportgen.measure.casts import CUTS, PIECE
from reportgen.measure.equalrows import is_truth_value
from reportgen.measure.natives import same, spelled

if TYPE_CHECKING:
    from reportgen.measure.integers import IntegerCase

ERROR = re.compile(r"[A-Za-z_.]+(Error|Exception|Warning)\b")
"""How an outcome's reason begins where the library raised an exception of that kind."""

APART_LIMIT = 4.0
"""Seconds for inputs of rules that are evaluated apart: they are few, and a library may never return."""

Results = dict[int, dict[str, str]]
"""By point, the text of what came on each path."""


def special_rows(c: IntegerCase) -> list[dict[str, Any]]:
    """One row for each example of each rule on each target, for all paths where they agree."""
    apart = [point for _, point in c.rules if c.inputs.apart[point]]
    rows = []
    for target in c.body:
        fmt = c.formats[target]
        wanted = c.wanted(fmt)
        # Where a library may not return, an attempt costs a process: compiled targets are spared it.
        cheap = c.integers.tried == INTEGER_DTYPES or c.bench.targets[target].mode == "eager"
        given = together(c, target) | (ask_apart(c, target, apart) if apart and cheap else {})
        for number, point in c.rules:
            if point not in given:
                continue
            rule = c.integers.specials[number]
            defined = bool(c.inputs.defined[point])
            expected = text_of(wanted.nearest[point], fmt) if defined else rule.then
            paths = given[point]
            alike = len(set(paths.values())) == 1
            for path, got in ({" ".join(paths): next(iter(paths.values()))} if alike else paths).items():
                agrees = not defined or got == expected or both_zero(got, expected)
                rows.append(
                    {
                        "function": c.row.name, "dtype": c.case.dtype, "target": target, "path": path,
                        "input": c.spelled(point), "expected": expected, "got": got, "sentence": rule.sentence,
                        "source": rule.source, "agrees": int(agrees), "result_dtype": fmt.name,
                    }
                )  # fmt: skip
    return rows


def both_zero(got: str, expected: str) -> bool:
    return {got, expected} == {"0x0.0p+0", "-0x0.0p+0"}


def text_of(value: Any, fmt: Dtype) -> str:
    """A result as text: integers and truth values in decimals."""
    return str(int(value)) if is_truth_value(fmt) else spelled(value)


def together(c: IntegerCase, target: str) -> Results:
    """Results of the examples that were evaluated with all other inputs."""
    fmt = c.formats[target]
    out: Results = {}
    for _, point in c.rules:
        if c.inputs.apart[point]:
            continue
        got = {"body": text_of(c.body[target][int(np.searchsorted(c.main, point))], fmt)}
        place = int(np.flatnonzero(c.position == point)[0])
        for path, values in c.pieces.get(target, {}).items():
            got[path] = text_of(values[place], fmt)
        out[point] = got
    return out


def ask_apart(c: IntegerCase, target: str, points: list[int]) -> Results:
    """Results of examples that may raise: together if the target answers, else each alone with the error as result.

    Arrays have the lengths of the case's other requests, so that nothing is compiled again.
    """
    index = np.array(points, np.int64)
    whole = np.resize(index, len(c.main) + BODY_PAD)
    reply = ask(c, target, whole, None)
    if reply.outcome.status == "timeout":
        return {
            point: {"body": f"no answer within {APART_LIMIT:g} s, together with the rule's other examples"}
            for point in points
        }
    if not reply.outcome.ok:
        return {point: alone(c, target, point) for point in points}
    out = {p: {"body": text_of(v, reply.fmt)} for p, v in zip(points, reply.values, strict=False)}
    padded = np.resize(index, -(-len(index) // PIECE) * PIECE)
    pieces = ask(c, target, padded, CUTS)
    if pieces.outcome.ok:
        tail, scalar = pieces.values.reshape(len(CUTS), -1)[:, : len(index)]
        for i, point in enumerate(points):
            out[point] |= {"tail": text_of(tail[i], pieces.fmt), "scalar": text_of(scalar[i], pieces.fmt)}
    return out


def alone(c: IntegerCase, target: str, point: int) -> dict[str, str]:
    """One example in an array of nothing else, and as a scalar."""
    whole = np.full(len(c.main) + BODY_PAD, point, np.int64)
    replies = {"body": ask(c, target, whole, None), "scalar": ask(c, target, whole[:1], "scalar")}
    return {path: outcome_text(reply) for path, reply in replies.items()}


def ask(c: IntegerCase, target: str, points: Any, cut: Any) -> Reply:
    return c.bench.ask(c.request.with_inputs(c.at(points), cut=cut).varied(limit=APART_LIMIT), [target])[target]


def outcome_text(reply: Reply) -> str:
    """The result, or ``raises`` and the error, or how the request ended otherwise."""
    if reply.outcome.ok:
        value = reply.values[:1]
        return text_of(value[0], reply.fmt) if bool(same(value, reply.values).all()) else "different results"
    reason = reply.outcome.reason
    return f"raises {reason}" if ERROR.match(reason) else reason
