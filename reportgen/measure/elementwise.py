"""One elementwise case, from inputs to rows: evaluated once by the oracle and once per target."""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from reportgen.catalogue.rows import FunctionRow
from reportgen.core.floats import F64, FORMATS, I64, Bool, Exact, Format
from reportgen.core.metrics import REGIME_INDEX, Scores, score
from reportgen.core.model import Case
from reportgen.core.sampling import BODY_LENGTH, GROUPS, generator
from reportgen.measure import paths, report_rows
from reportgen.measure.bench import Bench, Reply, Request
from reportgen.measure.inputs import CHUNK, CaseInputs, body_arrays, body_context, body_values, inputs_of
from reportgen.measure.judging import Draft, hex_tuple, worst_positions
from reportgen.measure.paths import POSITION_INPUTS
from reportgen.measure.rewrites import rewrite_rows
from reportgen.measure.search import Found, Searcher
from reportgen.measure.selfcheck import SelfCheck, check_targets
from reportgen.oracle.cache import CachedOracle
from reportgen.oracle.screen import screen

CONFIRMED_SHARE = 0.01
WORST_LISTED = 1
SEARCH_GROUP = len(GROUPS)


@dataclass
class Answers:
    """The targets' results at the case's points (body path), and why others have none."""

    values: dict[str, F64] = field(default_factory=dict)
    formats: dict[str, Format] = field(default_factory=dict)
    refused: dict[str, Reply] = field(default_factory=dict)


@dataclass
class Measurement:
    """Everything known of one case while it is measured; ``args``, ``exact`` and values run over its points."""

    case: Case
    row: FunctionRow
    bench: Bench
    oracle: CachedOracle
    inputs: CaseInputs
    args: tuple[F64, ...]
    group: I64
    exact: Exact = field(default_factory=lambda: Exact.empty(0))
    answers: Answers = field(default_factory=Answers)
    scores: dict[str, Scores] = field(default_factory=dict)
    searched: bool = False
    position: I64 = field(default_factory=lambda: np.empty(0, np.int64))
    checks: dict[str, SelfCheck] = field(default_factory=dict)
    distinct: Bool = field(default_factory=lambda: np.empty(0, bool))
    agreement: list[tuple[dict[str, Any], int | None]] = field(default_factory=list)

    @property
    def fmt(self) -> Format:
        return FORMATS[self.case.dtype]

    @property
    def live(self) -> list[str]:
        """The targets that answered and can be asked again, which values recorded elsewhere cannot."""
        return [t for t in self.answers.values if t in self.bench.targets]

    @property
    def request(self) -> Request:
        return Request(self.row, self.fmt, limit=self.row.patience)

    def context(self, index: int) -> str:
        if self.inputs.as_given:
            return f"array of {len(self.args[0])} at {index}"
        sampled = len(self.inputs.samples)  # what the search found was evaluated in an array of its own
        return body_context(index if index < sampled else index - sampled)


def measure(case: Case, row: FunctionRow, bench: Bench, oracle: CachedOracle) -> dict[str, Any]:
    """Measure one elementwise case on the bench's targets.

    Returns what is stored of the case: ``rows``, ``agreement``, ``special``, ``self_agreement``, ``profile``,
    ``timing``, ``counts``, and ``rerun``, the position inputs with each target's results, for the check in a
    fresh process. Raises OracleDisagreement.
    """
    started = time.perf_counter()
    inputs = inputs_of(case, row)
    m = Measurement(case, row, bench, oracle, inputs, inputs.samples.args, inputs.samples.group)
    evaluate_samples(m)
    if not inputs.as_given:
        search_worst(m)
    choose_positions(m)
    m.checks = check_targets(bench, m.request, tuple(a[m.position] for a in m.args), m.live)
    m.distinct = paths.distinct_inputs(m.args)
    m.agreement = compare_targets(m)
    judgement = paths.judge(m)
    confirmed, settled = confirm_points(m, judgement.drafts())
    result = report_rows.collect(m, judgement, judgement.rows(confirmed, settled), confirmed)
    result["counts"]["confirmed"] = sum(source == "mpmath" for source in settled.values())
    result["timing"] = time_targets(m)
    if row.kind == "expression":
        result["rewrites"] = rewrite_rows(m)
    result["counts"]["seconds"] = time.perf_counter() - started
    return result


def evaluate_samples(m: Measurement) -> None:
    """Ask every target, judge by the oracle meanwhile."""
    if m.inputs.as_given:
        request = m.request.with_inputs(m.args)
    else:
        request = m.request.with_inputs(body_arrays(m.args), cut=CHUNK)
    pending = m.bench.send(request, m.case.targets)
    m.exact = m.oracle.enclose(m.row, m.args, m.fmt.name)
    for target, reply in m.bench.gather(pending).items():
        if reply.outcome.ok and reply.fmt is not None:
            count = len(m.args[0])
            values = reply.values if m.inputs.as_given else body_values(reply.values, count)
            accept(m, target, values, reply.fmt)
        else:
            m.answers.refused[target] = reply
    for target, values in report_rows.recorded_values(m.case, m.fmt).items():
        accept(m, target, values, m.fmt)


def accept(m: Measurement, target: str, values: F64, fmt: Format) -> None:
    same = next((t for t, v in m.answers.values.items() if m.answers.formats[t] == fmt and same_bits(v, values)), None)
    m.answers.values[target] = values
    m.answers.formats[target] = fmt
    shared = m.scores.get(same) if same is not None and same != target else None
    m.scores[target] = score(m.args, values, m.exact, fmt, m.fmt) if shared is None else shared


def same_bits(a: F64, b: F64) -> bool:
    """Whether two arrays hold the same bit patterns."""
    return len(a) == len(b) and bool((a.view(np.int64) == b.view(np.int64)).all())


def search_worst(m: Measurement) -> None:
    """Find worse inputs than the samples', judge them by the oracle, and add them to the case's points."""
    if m.inputs.samples.exhaustive or not m.answers.values or m.row.ordered:
        return
    start = {t: found_among(m, t) for t in distinct_targets(m)}
    rounds, wide = search_effort(m)

    def evaluate(inputs: dict[str, tuple[F64, ...]]) -> dict[str, F64]:
        groups: dict[int, list[str]] = {}
        for target, args in inputs.items():
            groups.setdefault(id(args), []).append(target)
        pending = [
            m.bench.send(m.request.with_inputs(body_arrays(inputs[targets[0]]), cut=CHUNK), targets)
            for targets in groups.values()
        ]
        replies = {t: reply for sent in pending for t, reply in m.bench.gather(sent).items()}
        return {t: body_values(r.values, BODY_LENGTH) for t, r in replies.items() if r.outcome.ok}

    result_fmt = next(iter(m.answers.formats.values()))
    searcher = Searcher(
        m.fmt, result_fmt, m.row.arity, m.row.typical, (m.row.name, m.case.seed), evaluate,
        lambda args: screen(m.row, args, result_fmt.name),
    )  # fmt: skip
    found = searcher.run(start, rounds, wide)
    m.searched = searcher.screened
    columns = [np.concatenate([f.args[i] for f in found.values()]) for i in range(m.row.arity)] if found else []
    if columns and len(columns[0]):
        unique = np.unique(np.stack(columns), axis=1)
        extend(m, tuple(unique))


def search_effort(m: Measurement) -> tuple[int, int]:
    """Local and global rounds: few where every sample on every target is correctly rounded already."""
    clean = all(bool((s.correct | s.mismatch | s.undecided)[normal(s)].all()) for s in m.scores.values())
    if clean or m.row.result == "bool" or m.row.kind == "expression":
        return 1, 1  # an expression is asked for what became of it, not for its last ulp
    rounds, wide = (12, 4) if m.row.arity == 1 else (8, 2)
    # The reference of binary64 results is ten times as dear as that of shorter ones.
    return (rounds // 2, wide // 2 + 1) if m.fmt.name == "float64" else (rounds, wide)


def distinct_targets(m: Measurement) -> list[str]:
    """One target of each group that gives the same bits on every sample; the others are asked about what it finds."""
    chosen: list[str] = []
    for target in m.live:
        values = m.answers.values[target]
        if not any(same_bits(values, m.answers.values[other]) for other in chosen):
            chosen.append(target)
    return chosen


def normal(s: Scores) -> Bool:
    return np.asarray(s.regime == REGIME_INDEX["normal"])


def found_among(m: Measurement, target: str) -> Found:
    """The samples' largest errors of the regime ``normal`` on one target."""
    s = m.scores[target]
    error = np.where(normal(s) & np.isfinite(s.signed) & ~s.mismatch, s.magnitude, -1.0)
    top = np.argsort(-error, kind="stable")[:64]
    top = top[error[top] > 0]
    return Found(tuple(a[top] for a in m.args), error[top])


def extend(m: Measurement, args: tuple[F64, ...]) -> None:
    """Add points: evaluated by every target (body path) and judged by an enclosure."""
    exact = m.oracle.enclose(m.row, args, m.fmt.name)
    replies = m.bench.ask(m.request.with_inputs(body_arrays(args), cut=CHUNK), list(m.answers.values))
    m.args = tuple(np.concatenate([a, b]) for a, b in zip(m.args, args, strict=True))
    m.group = np.concatenate([m.group, np.full(len(args[0]), SEARCH_GROUP, np.int64)])
    m.exact = Exact.concatenate([m.exact, exact])
    for target, reply in replies.items():
        if reply.outcome.ok:
            values = np.concatenate([m.answers.values[target], body_values(reply.values, len(args[0]))])
            accept(m, target, values, m.answers.formats[target])
        else:
            m.answers.refused[target] = reply
            for known in (m.answers.values, m.answers.formats, m.scores):
                known.pop(target, None)


def choose_positions(m: Measurement) -> None:
    """At least 256 stratified inputs, every target's worst in each regime, and the special cases' examples."""
    rng = generator("position", m.row.name, m.fmt.name, m.case.inputs.name, m.case.seed)
    chosen: list[int] = []
    finite = np.isfinite(m.exact.hi) & ~m.exact.undecided
    for name in ("ordinals", "typical"):
        pool = np.flatnonzero((m.group == GROUPS.index(name)) & finite)
        share = min(POSITION_INPUTS // 2, len(pool))
        strata = np.array_split(pool, share) if share else []
        chosen += [int(rng.choice(stratum)) for stratum in strata]
    if m.inputs.as_given:
        chosen = list(range(min(POSITION_INPUTS, len(m.args[0]))))
    for target in m.answers.values:
        body = paths.judged_body(m, target)
        for regime in set(body.scores.regime.tolist()):
            chosen += worst_positions(body, body.scores.regime == regime)[:WORST_LISTED]
    chosen += [position for _, position in m.inputs.special]
    m.position = np.array(list(dict.fromkeys(chosen)), dtype=np.int64)


def compare_targets(m: Measurement) -> list[tuple[dict[str, Any], int | None]]:
    """Agreement of every two targets over the case's points, each input once; with the points that it prints."""
    index = np.flatnonzero(m.distinct)
    values = {target: v[index] for target, v in m.answers.values.items()}
    pairs = report_rows.compared_pairs(
        m.case,
        values,
        m.answers.formats,
        m.exact[index],
        lambda i: hex_tuple([a[index[i]] for a in m.args]),
        m.bench.targets,
    )
    return [(row, None if i is None else int(index[i])) for row, i in pairs]


def confirm_points(m: Measurement, drafts: Iterable[Draft]) -> tuple[dict[int, Exact], dict[int, str]]:
    """mpmath's own value at every candidate, every special case, every position input's worst, and 1 % of all samples.

    The second result says what settled each point: not everything needs or has an mpmath value.
    Raises OracleDisagreement where it contradicts the enclosure.
    """
    rng = generator("confirm", m.row.name, m.fmt.name, m.case.inputs.name, m.case.seed)
    wanted = {int(d.judged.point[i]) for d in drafts for i in d.candidates}
    wanted |= {position for _, position in m.inputs.special}
    wanted |= {index for _, index in m.agreement if index is not None}
    total = len(m.args[0])
    wanted |= set(rng.choice(total, max(1, round(total * CONFIRMED_SHARE)), replace=False).tolist())
    index = np.array(sorted(wanted), dtype=np.int64)
    confirmed, sources = m.oracle.settle(m.row, tuple(a[index] for a in m.args), m.fmt.name, m.exact[index])
    points = index.tolist()
    return {p: confirmed[i : i + 1] for i, p in enumerate(points)}, dict(zip(points, sources, strict=True))


def time_targets(m: Measurement) -> list[dict[str, Any]]:
    """ns per element of the call alone on typical values, after a warm-up; one row per target."""
    if m.inputs.as_given or not m.row.typical:
        return []
    typical = m.group == GROUPS.index("typical")
    args = tuple(np.resize(a[typical], CHUNK) for a in m.args)
    rows = []
    for target in m.live:
        reply = m.bench.ask(m.request.with_inputs(args, cut=CHUNK).varied(timed=True), [target])[target]
        if reply.outcome.ok and reply.seconds is not None:
            rows.append(dict(report_rows.case_key(m.case, target), ns_per_element=reply.seconds / CHUNK * 1e9))
    return rows
