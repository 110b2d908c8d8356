"""One complex case, from inputs to rows, with the metrics ``normwise`` (the headline), ``re`` and ``im``.

The way is that of :mod:`reportgen.measure.elementwise`; real and boolean results of complex arguments have the one
metric ``ulp``.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from reportgen.catalogue.complexes import COMPLEX
from reportgen.catalogue.complexrows import ComplexRow
from reportgen.catalogue.rows import FunctionRow
from reportgen.core.complexsampling import neighbours
from reportgen.core.dtypes import COMPLEX_FORMATS, ComplexFormat
from reportgen.core.errors import RequestError
from reportgen.core.floats import I64, Bool, Format
from reportgen.core.metrics import REGIME_INDEX, Scores
from reportgen.core.model import Case
from reportgen.core.sampling import GROUPS, generator
from reportgen.measure import complexreport
from reportgen.measure.bench import Bench, Reply, Request
from reportgen.measure.complexinputs import complex_inputs
from reportgen.measure.complexscores import METRICS, Whole, all_scores, judged_whole
from reportgen.measure.elementwise import CONFIRMED_SHARE, SEARCH_GROUP, Answers, same_bits
from reportgen.measure.inputs import CHUNK, CaseInputs, body_arrays, body_context, body_values
from reportgen.measure.paths import POSITION_INPUTS, distinct_inputs
from reportgen.measure.selfcheck import SelfCheck, check_targets
from reportgen.oracle.cache import CachedOracle
from reportgen.oracle.complexes.solve import check_complex, confirm_complex, enclose_complex, flat_parts
from reportgen.oracle.complexes.values import ComplexExact

C128 = Any
"""An array of complex128."""
KINDS = frozenset({"complex", "real", "bool"})
"""Kinds of results that are taken from targets; which of them a function has, its row says."""
ROUNDS, PROPOSED, PARENTS = 4, 512, 24
"""Rounds of local search, points proposed a round and target, and the worst points kept as parents."""


@dataclass
class ComplexMeasurement:
    """Everything known of one case while it is measured; ``args``, ``exact`` and values run over its points."""

    case: Case
    row: FunctionRow
    crow: ComplexRow
    bench: Bench
    oracle: CachedOracle
    inputs: CaseInputs
    args: tuple[C128, ...]
    group: I64
    exact: ComplexExact = field(default_factory=lambda: ComplexExact.empty(0))
    answers: Answers = field(default_factory=Answers)
    wholes: dict[str, Whole] = field(default_factory=dict)
    scores: dict[str, dict[str, Scores]] = field(default_factory=dict)
    searched: bool = False
    position: I64 = field(default_factory=lambda: np.empty(0, np.int64))
    checks: dict[str, SelfCheck] = field(default_factory=dict)
    distinct: Bool = field(default_factory=lambda: np.empty(0, bool))

    @property
    def fmt(self) -> ComplexFormat:
        return COMPLEX_FORMATS[self.case.dtype]

    @property
    def metrics(self) -> tuple[str, ...]:
        return METRICS[self.crow.result]

    @property
    def request(self) -> Request:
        return Request(self.row, self.fmt, accepted=KINDS)

    @property
    def live(self) -> list[str]:
        return [t for t in self.answers.values if t in self.bench.targets]

    def context(self, index: int) -> str:
        if self.inputs.as_given:
            return f"array of {len(self.args[0])} at {index}"
        sampled = len(self.inputs.samples)
        return body_context(index if index < sampled else index - sampled)


def measure_complex(case: Case, row: FunctionRow, bench: Bench, oracle: CachedOracle) -> dict[str, Any]:
    """Measure one complex case on the bench's targets; the result has the keys of ``elementwise.measure``.

    Raises RequestError for a function that has no complex meaning here, OracleDisagreement.
    """
    started = time.perf_counter()
    m = start(case, row, bench, oracle)
    evaluate_samples(m)
    if not m.inputs.as_given and m.crow.result != "bool":
        search_worst(m)
    choose_positions(m)
    m.checks = check_targets(bench, m.request, tuple(a[m.position] for a in m.args), m.live)
    m.distinct = distinct_inputs(flat_parts(m.args))
    agreement = complexreport.compare_targets(m)
    entries = complexreport.judge(m)
    confirmed, settled = confirm_points(m, entries, [index for _, index in agreement if index is not None])
    result = complexreport.collect(m, entries, agreement, confirmed, settled)
    result["timing"] = time_targets(m)
    result["counts"]["seconds"] = time.perf_counter() - started
    return result


def start(case: Case, row: FunctionRow, bench: Bench, oracle: CachedOracle) -> ComplexMeasurement:
    """The case with its inputs; the row's calls replaced by those for complex arguments."""
    crow = COMPLEX.get(row.name)
    if crow is None:
        raise RequestError(f"{row.name} is not measured in {case.dtype}")
    inputs = complex_inputs(case, crow)
    return ComplexMeasurement(
        case, complex_call(row, crow), crow, bench, oracle, inputs, inputs.samples.args, inputs.samples.group
    )


def complex_call(row: FunctionRow, crow: ComplexRow) -> FunctionRow:
    """The row with the libraries' calls for complex arguments."""
    return replace(
        row,
        numpy=crow.numpy or row.numpy,
        tensorflow=crow.tensorflow or row.tensorflow,
        scipy=crow.scipy or row.scipy,
    )


def result_part(fmt: Any) -> Format:
    """The real format in which the parts of a result are."""
    part: Format = fmt.part if isinstance(fmt, ComplexFormat) else fmt
    return part


def expected_kind(m: ComplexMeasurement, fmt: Any) -> bool:
    """Whether a result of this dtype is of the kind that the function has."""
    return isinstance(fmt, ComplexFormat) == (m.crow.result == "complex")


def evaluate_samples(m: ComplexMeasurement) -> None:
    """Ask every target, judge by the enclosure meanwhile."""
    if m.inputs.as_given:
        request = m.request.with_inputs(m.args)
    else:
        request = m.request.with_inputs(body_arrays(m.args), cut=CHUNK)
    pending = m.bench.send(request, m.case.targets)
    m.exact = enclosed(m, m.args)
    for target, reply in m.bench.gather(pending).items():
        if not reply.outcome.ok or reply.fmt is None:
            m.answers.refused[target] = reply
        elif not expected_kind(m, reply.fmt):
            reason = f"returns {reply.fmt.name}, where a {m.crow.result} result is judged"
            m.answers.refused[target] = Reply(replace(reply.outcome, status="unsupported", reason=reason))
        else:
            values = reply.values if m.inputs.as_given else body_values(reply.values, len(m.args[0]))
            accept(m, target, np.ascontiguousarray(values), reply.fmt)


def enclosed(m: ComplexMeasurement, args: tuple[C128, ...]) -> ComplexExact:
    """The enclosure's values, counted."""
    y = enclose_complex(m.crow, args, m.case.dtype)
    lost = int(y.undecided.sum())
    m.oracle.counts.points += len(y)
    m.oracle.counts.undecided += lost
    m.oracle.counts.settled += len(y) - lost
    return y


def accept(m: ComplexMeasurement, target: str, values: Any, fmt: Any) -> None:
    """Keep a target's results with their scores, those of a target that answers alike."""
    same = next((t for t, v in m.answers.values.items() if t != target and alike(v, values)), None)
    m.answers.values[target], m.answers.formats[target] = values, fmt
    if same is not None and m.answers.formats[same] == fmt and len(m.wholes[same].y) == len(values):
        m.wholes[target], m.scores[target] = m.wholes[same], m.scores[same]
        return
    m.wholes[target] = judged_whole(m.args, values, m.exact, result_part(fmt), m.fmt.part)
    m.scores[target] = all_scores(m.wholes[target], m.metrics)


def alike(a: Any, b: Any) -> bool:
    """Whether two arrays of results hold the same bit patterns."""
    return a.dtype == b.dtype and same_bits(a.view(np.float64), b.view(np.float64))


# -- search ------------------------------------------------------------------------------------------------
def search_worst(m: ComplexMeasurement) -> None:
    """A local search by ordinals around each target's worst points; every proposal is judged like a sample."""
    if not m.answers.values or all_right(m):
        return
    rng = generator("complex search", m.row.name, m.case.dtype, m.case.seed)
    for _ in range(ROUNDS):
        proposals = [propose(m, target, rng) for target in distinct_targets(m)]
        proposals = [p for p in proposals if len(p[0])]
        if not proposals:
            return
        extend(m, tuple(np.concatenate(columns) for columns in zip(*proposals, strict=True)))
        m.searched = True


def all_right(m: ComplexMeasurement) -> bool:
    """Whether every target is correctly rounded at every normal point: then there is nothing to look for."""
    normal = REGIME_INDEX["normal"]
    for scores in m.scores.values():
        s = scores[m.metrics[0]]
        if not (s.correct | s.mismatch | s.undecided)[s.regime == normal].all():
            return False
    return True


def distinct_targets(m: ComplexMeasurement) -> list[str]:
    chosen: list[str] = []
    for target in m.live:
        if not any(alike(m.answers.values[target], m.answers.values[other]) for other in chosen):
            chosen.append(target)
    return chosen


def propose(m: ComplexMeasurement, target: str, rng: np.random.Generator) -> tuple[C128, ...]:
    """Points near the target's worst of the regime ``normal``, worse ones more often."""
    s = m.scores[target][m.metrics[0]]
    error = np.where((s.regime == REGIME_INDEX["normal"]) & np.isfinite(s.signed) & ~s.mismatch, s.magnitude, 0.0)
    top = np.argsort(-error, kind="stable")[:PARENTS]
    top = top[error[top] > 0]
    if not len(top):
        return tuple(np.empty(0, np.complex128) for _ in m.args)
    weight = 1.0 / np.arange(1, len(top) + 1)
    parents = top[rng.choice(len(top), PROPOSED, p=weight / weight.sum())]
    return tuple(neighbours(m.fmt.part, a[parents], rng) for a in m.args)


def extend(m: ComplexMeasurement, args: tuple[C128, ...]) -> None:
    """Add points: evaluated by every target (body path) and judged by the enclosure."""
    exact = enclosed(m, args)
    replies = m.bench.ask(m.request.with_inputs(body_arrays(args), cut=CHUNK), m.live)
    m.args = tuple(np.concatenate([a, b]) for a, b in zip(m.args, args, strict=True))
    m.group = np.concatenate([m.group, np.full(len(args[0]), SEARCH_GROUP, np.int64)])
    m.exact = ComplexExact.concatenate([m.exact, exact])
    for target, reply in replies.items():
        if reply.outcome.ok:
            more = body_values(reply.values, len(args[0]))
            accept(m, target, np.concatenate([m.answers.values[target], more]), m.answers.formats[target])
        else:
            m.answers.refused[target] = reply
            for known in (m.answers.values, m.answers.formats, m.wholes, m.scores):
                known.pop(target, None)


# -- positions and confirmation ----------------------------------------------------------------------------
def choose_positions(m: ComplexMeasurement) -> None:
    """Stratified inputs, every target's worst in each metric and regime, and the special cases' examples."""
    rng = generator("complex position", m.row.name, m.case.dtype, m.case.inputs.name, m.case.seed)
    finite = np.isfinite(m.exact.re.hi) & ~m.exact.undecided
    chosen: list[int] = []
    for name in ("ordinals", "typical"):
        pool = np.flatnonzero((m.group == GROUPS.index(name)) & finite)
        share = min(POSITION_INPUTS // 2, len(pool))
        strata = np.array_split(pool, share) if share else []
        chosen += [int(rng.choice(stratum)) for stratum in strata]
    if m.inputs.as_given:
        chosen = list(range(min(POSITION_INPUTS, len(m.args[0]))))
    for target in m.answers.values:
        for scores in m.scores[target].values():
            for regime in set(scores.regime.tolist()):
                error = np.where((scores.regime == regime) & np.isfinite(scores.signed), scores.magnitude, -1.0)
                worst = int(np.argmax(error))
                chosen += [worst] if error[worst] >= 0 else []
    chosen += [position for _, position in m.inputs.special]
    m.position = np.array(list(dict.fromkeys(chosen)), dtype=np.int64)


def confirm_points(
    m: ComplexMeasurement, entries: list[complexreport.Entry], more: list[int]
) -> tuple[dict[int, ComplexExact], dict[int, str]]:
    """mpmath's own value at every candidate, special case and point that is printed, and at 1 % of all samples.

    Where mpmath is undecided Arb's value stands, its source ``arb``. Raises OracleDisagreement.
    """
    rng = generator("complex confirm", m.row.name, m.case.dtype, m.case.inputs.name, m.case.seed)
    wanted = {int(d.points[i]) for entry in entries for d in entry.drafts for i in d.draft.candidates}
    wanted |= {position for _, position in m.inputs.special} | set(more)
    total = len(m.args[0])
    wanted |= set(rng.choice(total, max(1, round(total * CONFIRMED_SHARE)), replace=False).tolist())
    index = np.array(sorted(wanted), dtype=np.int64)
    args = tuple(a[index] for a in m.args)
    confirmed, sources = confirm_complex(m.crow, args, m.case.dtype)
    check_complex(m.exact[index], confirmed, m.row.name, args)
    confirmed.exponent = m.exact[index].exponent
    alone = confirmed.undecided & ~m.exact.undecided[index]
    confirmed.put(np.flatnonzero(alone), m.exact[index][alone])
    m.oracle.counts.confirmed += int((~confirmed.undecided & ~alone).sum())
    m.oracle.counts.confirmed_by_arb_only += int(alone.sum())
    sources = ["arb" if a else s for a, s in zip(alone.tolist(), sources, strict=True)]
    points = index.tolist()
    return {p: confirmed[i : i + 1] for i, p in enumerate(points)}, dict(zip(points, sources, strict=True))


def time_targets(m: ComplexMeasurement) -> list[dict[str, Any]]:
    """ns per element of the call alone on typical values, after a warm-up; one row per target."""
    if m.inputs.as_given:
        return []
    typical = m.group == GROUPS.index("typical")
    args = tuple(np.resize(a[typical], CHUNK) for a in m.args)
    rows = []
    for target in m.live:
        reply = m.bench.ask(m.request.with_inputs(args, cut=CHUNK).varied(timed=True), [target])[target]
        if reply.outcome.ok and reply.seconds is not None:
            rows.append(dict(complexreport.case_key(m.case, target), ns_per_element=reply.seconds / CHUNK * 1e9))
    return rows
