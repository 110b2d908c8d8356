"""A case's results path by path: which rows there are, and which targets share them because they answer alike."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from reportgen.core.floats import F64, I64, Bool, Exact
from reportgen.core.metrics import Scores, score
from reportgen.core.sampling import GROUPS
from reportgen.measure import report_rows
from reportgen.measure.judging import Draft, Judged, draft_rows, finish_rows
from reportgen.measure.selfcheck import PLACES

if TYPE_CHECKING:
    from reportgen.measure.elementwise import Measurement

POSITION_INPUTS = 256
"""Stratified inputs evaluated at every position."""

Key = tuple[str, ...]


@dataclass
class Entry:
    """The rows of one target on one path: its own cells, and the key of the statistics that it may share."""

    target: str
    common: dict[str, Any]
    key: Key


@dataclass
class Judgement:
    """Entries in the order of their rows, and the drafts of each key, made once for all targets that share it."""

    entries: list[Entry] = field(default_factory=list)
    shared: dict[Key, list[Draft]] = field(default_factory=dict)

    def add(self, target: str, common: dict[str, Any], judged: Judged, y: Exact) -> None:
        digest = hashlib.sha256(judged.computed.tobytes()).hexdigest()
        key = (judged.path, common["case"], judged.fmt.name, digest)
        self.entries.append(Entry(target, common, key))
        if key not in self.shared:
            self.shared[key] = draft_rows(judged, y)

    def drafts(self) -> Iterator[Draft]:
        for drafts in self.shared.values():
            yield from drafts

    def rows(self, confirmed: dict[int, Exact], settled: dict[int, str]) -> list[dict[str, Any]]:
        """Every row with its maximum settled; ``_point`` is the point of the worst input."""
        finished = {key: finish_rows(drafts, confirmed, settled) for key, drafts in self.shared.items()}
        return [{**entry.common, **cells} for entry in self.entries for cells in finished[entry.key]]

    def body(self, case: str) -> Iterator[tuple[str, Draft]]:
        """Each target with its draft over all regimes of the path ``body``."""
        for entry in self.entries:
            if entry.key[:2] == ("body", case):
                yield entry.target, next(d for d in self.shared[entry.key] if d.row["regime"] == "all")


def judge(m: Measurement) -> Judgement:
    """Judge every target on every path, and on the samples of the typical interval where the case has them."""
    out = Judgement()
    typical = np.flatnonzero(m.group == GROUPS.index("typical"))
    for target in m.answers.values:
        body = judged_body(m, target)
        out.add(target, report_rows.common_cells(m, target, "body"), body, m.exact)
        for path in ("tail", "scalar"):
            judged = judged_places(m, target, path)
            if judged is not None:
                out.add(target, report_rows.common_cells(m, target, path), judged, m.exact[judged.point])
        if len(typical):
            common = report_rows.typical_cells(m, target)
            out.add(target, common, typical_part(m, body, typical), m.exact[typical])
    return out


def judged_body(m: Measurement, target: str) -> Judged:
    points = np.arange(len(m.args[0]), dtype=np.int64)
    base = m.group == 0
    fmt = m.answers.formats[target]
    return Judged("body", m.args, m.answers.values[target], points, base, m.distinct, m.scores[target], fmt, m.context)


def distinct_inputs(args: tuple[F64, ...]) -> Bool:
    """True at the first of each set of equal inputs (bitwise)."""
    bits = [a.view(np.int64) for a in args]
    order = np.lexsort(tuple(bits))
    new = np.zeros(len(order), bool)
    for column in bits:
        new[1:] |= np.diff(column[order]) != 0
    new[:1] = True
    out = np.zeros(len(order), bool)
    out[order] = new
    return out


def judged_places(m: Measurement, target: str, path: str) -> Judged | None:
    """The results at all places of one path, one after another; stratified inputs are the base samples."""
    check = m.checks.get(target)
    places = [p for p in PLACES if p.path == path and check is not None and p.key in check.places]
    if check is None or not places:
        return None
    point = np.tile(m.position, len(places))
    args = tuple(a[point] for a in m.args)
    computed = np.concatenate([check.places[p.key] for p in places])
    count = len(m.position)
    fmt = m.answers.formats[target]
    scores = score(args, computed, m.exact[point], fmt, m.fmt)
    distinct = np.tile(distinct_inputs(tuple(a[m.position] for a in m.args)), len(places))
    stratified = np.arange(count) < min(POSITION_INPUTS, count)
    base = np.tile(stratified & (m.group[m.position] < GROUPS.index("extra")), len(places))

    def context(index: int) -> str:
        return places[index // count].context(index % count)

    return Judged(path, args, computed, point, base, distinct, scores, fmt, context)


def typical_part(m: Measurement, body: Judged, typical: I64) -> Judged:
    """The samples uniform over the row's typical interval, as a case of its own."""
    s = body.scores
    scores = Scores(*(a[typical] for a in (s.signed, s.regime, s.mismatch, s.correct, s.faithful, s.undecided)))
    args = tuple(a[typical] for a in body.args)
    every = np.ones(len(typical), bool)
    computed = body.computed[typical]
    return Judged("body", args, computed, typical, every, every, scores, body.fmt, lambda i: m.context(int(typical[i])))
