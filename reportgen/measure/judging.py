"""From scores to rows: statistics a regime, and maxima settled by the word of record.

Two steps, because settling is dear and many rows share a worst input: :func:`draft_rows` finds the
candidates of every row by float64 scores, the caller has them confirmed all at once, and
:func:`finish_rows` scores the candidates in exact arithmetic and picks the worst.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np

from reportgen.core.floats import F64, I64, Bool, Exact, Format, scale
from reportgen.core.metrics import REGIME_INDEX, Scores, Statistics, percentile, rounded_float
from reportgen.core.model import REGIMES
from reportgen.oracle.exact import exact_ulp_error

TIES = 4
"""Candidates kept of those whose float64 scores are within :data:`SLACK` of the largest."""
SLACK = 2.0**-50
SMALL, TINIEST = 2.0**-900, 2.0**-1074
"""Below the former, errors may be smaller than the latter, the smallest float64 number."""


@dataclass
class Judged:
    """Results of one target on one path: arrays over the same points.

    ``point`` indexes the case's exact values; ``base`` marks samples that enter means and shares, ``distinct``
    those that repeat no earlier input on the same place, which alone are counted.
    ``context`` says where the element at a position stood.
    """

    path: str
    args: tuple[F64, ...]
    computed: F64
    point: I64
    base: Bool
    distinct: Bool
    scores: Scores
    fmt: Format
    context: Callable[[int], str]


@dataclass
class Draft:
    """A row without its maximum: ``candidates`` are positions in ``judged``."""

    row: dict[str, Any]
    judged: Judged
    candidates: list[int]
    stats: Statistics


def draft_rows(judged: Judged, y: Exact) -> list[Draft]:
    """One draft per regime that occurs, and one for ``all``. ``y`` are the exact values at ``judged``'s positions."""
    return drafts_of(judged, *error_sizes(judged, y))


def drafts_of(judged: Judged, absolute: F64, relative: F64) -> list[Draft]:
    """:func:`draft_rows` with the absolute and relative errors at ``judged``'s positions given."""
    whole = Statistics()
    drafts = []
    for regime in (*REGIMES, "all"):
        chosen = np.ones(len(absolute), bool) if regime == "all" else judged.scores.regime == REGIME_INDEX[regime]
        if not chosen.any():
            continue
        stats = whole if regime == "all" else Statistics.of(judged.scores, chosen & judged.base)
        if regime != "all":
            whole += stats
        row: dict[str, Any] = {"path": judged.path, "metric": "ulp", "regime": regime}
        row.update(statistics_cells(judged, chosen, stats))
        usable = chosen & ~judged.scores.mismatch
        row.update(max_abs=largest(absolute[usable]), max_rel=largest(relative[usable]))
        # A row over all regimes chooses among their candidates, so that its maximum is the largest of theirs.
        worst = (
            by_input(judged, [c for d in drafts for c in d.candidates])
            if regime == "all"
            else worst_positions(judged, chosen)
        )
        drafts.append(Draft(row, judged, worst, stats))
    return drafts


def statistics_cells(judged: Judged, chosen: Bool, stats: Statistics) -> dict[str, Any]:
    """Cells of base samples, and the counts over all chosen points of what must not be missed."""
    s = judged.scores
    magnitude = s.magnitude
    clean = np.sort(magnitude[chosen & judged.base & ~s.mismatch & np.isfinite(magnitude)])
    return {
        "samples": stats.samples,
        "mean_ulp": stats.mean(),
        "rms_ulp": stats.rms(),
        "bias_ulp": stats.bias(),
        "p50_ulp": percentile(clean, Fraction(1, 2)),
        "p99_ulp": percentile(clean, Fraction(99, 100)),
        "p999_ulp": percentile(clean, Fraction(999, 1000)),
        "correctly_rounded": stats.correct,
        "faithfully_rounded": stats.faithful,
        "special_mismatches": int((s.mismatch & chosen & judged.distinct).sum()),
        "undecided": int((s.undecided & chosen & judged.distinct).sum()),
    }


def largest(values: F64) -> float | None:
    """The largest finite value, or None."""
    finite = values[np.isfinite(values)]
    return float(finite.max()) if len(finite) else None


def error_sizes(judged: Judged, y: Exact) -> tuple[F64, F64]:
    """|ŷ - y| and |ŷ - y| / |y| as float64; NaN where either is not finite (or y is zero, for the latter)."""
    return sizes_of(judged.computed, y)


def sizes_of(computed: F64, y: Exact) -> tuple[F64, F64]:
    """:func:`error_sizes` of computed values; an error below float64's numbers has the smallest of them as its size."""
    gap, exponent = apart(computed, y)
    with np.errstate(all="ignore"):
        absolute = scale(gap, exponent)
        absolute = np.where((gap > 0) & (absolute == 0), TINIEST, absolute)
        hi = scale(y.hi, y.exp2 - exponent)
        relative = np.where(hi != 0, gap / np.abs(hi), np.nan)
    return absolute, relative


def apart(computed: F64, y: Exact) -> tuple[F64, I64]:
    """|ŷ − y| as (gap, exponent) for gap·2^exponent; NaN where either is not finite, or y not decided.

    Of results near the lower end of float64 the exponent is negative: the error of a subnormal number is a part of the
    smallest one, which float64 has no number for.
    """
    with np.errstate(all="ignore"):
        tiny = (y.exp2 < 0) & (np.abs(scale(y.hi, y.exp2)) < SMALL) & (np.abs(computed) < SMALL)
        exponent = np.where(tiny, y.exp2, 0).astype(np.int64)
        hi, lo = scale(y.hi, y.exp2 - exponent), scale(y.lo, y.exp2 - exponent)
        gap = np.abs((scale(computed, -exponent) - hi) - lo)
        number = np.isfinite(computed) & np.isfinite(hi) & ~y.undecided
    return np.where(number, gap, np.nan), exponent


def worst_positions(judged: Judged, chosen: Bool) -> list[int]:
    """Candidates for the largest error among the chosen positions: near-ties, the smallest inputs first."""
    magnitude = np.where(chosen & np.isfinite(judged.scores.signed), judged.scores.magnitude, -1.0)
    top = magnitude.max()
    if top < 0:
        return []
    near = np.flatnonzero(magnitude >= top * (1 - SLACK))
    highest = int(np.argmax(magnitude))
    smallest = by_input(judged, near.tolist())[:TIES]
    return smallest if highest in smallest else [*smallest, highest]


def by_input(judged: Judged, positions: list[int]) -> list[int]:
    """Positions in the order of their inputs: the smallest magnitudes first, then positive ones."""
    near = np.array(positions, dtype=np.int64)
    keys: list[F64] = []
    for a in reversed(judged.args):
        keys += [np.signbit(a[near]).astype(np.float64), np.abs(a[near])]
    order = np.lexsort(tuple(keys)) if keys else np.arange(len(near))
    return [int(i) for i in near[order]]


def finish_rows(drafts: list[Draft], confirmed: dict[int, Exact], settled: dict[int, str]) -> list[dict[str, Any]]:
    """Rows with their settled maxima. ``confirmed`` maps a point to its exact value, ``settled`` to what settled it."""
    return [finish_row(draft, confirmed, settled) for draft in drafts]


@dataclass(frozen=True)
class Worst:
    """One input with the largest error: its point among the case's, and what is printed of it."""

    point: int
    inputs: tuple[str, ...]
    output: str
    context: str


def finish_row(draft: Draft, confirmed: dict[int, Exact], settled: dict[int, str]) -> dict[str, Any]:
    """The row with its maximum; ``_ties`` are the worst inputs that share it, the published one first."""
    row, judged = draft.row, draft.judged
    best: Fraction | None = None
    ties: list[int] = []
    for position in draft.candidates:
        y = confirmed[int(judged.point[position])]
        if y.undecided[0]:
            continue
        error = exact_ulp_error(float(judged.computed[position]), y, judged.fmt)
        if error is None or (best is not None and error < best):
            continue
        ties = [*ties, position] if error == best else [position]
        best = error
    if best is None:
        return row
    worst = [worst_at(judged, position) for position in ties]
    row.update(
        max_ulp=rounded_float(best),
        worst_input=";".join(worst[0].inputs),
        worst_output=worst[0].output,
        worst_context=worst[0].context,
        exact=exact_text(confirmed[worst[0].point]),
        settled_by=settled[worst[0].point],
        _point=worst[0].point,
        _ties=worst,
    )
    return row


def worst_at(judged: Judged, position: int) -> Worst:
    inputs = tuple(hexfloat(a[position]) for a in judged.args)
    return Worst(int(judged.point[position]), inputs, hexfloat(judged.computed[position]), judged.context(position))


def hexfloat(value: float | complex) -> str:
    """``float.hex`` text of a value; ``nan``, ``inf``, ``-inf``; the parts of a complex one joined by ``,``."""
    if isinstance(value, complex):
        return f"{value.real.hex()},{value.imag.hex()}"
    return float(value).hex()


def hex_tuple(values: list[Any]) -> str:
    """Arguments in hex, separated by ``;``."""
    return ";".join(hexfloat(v) for v in values)


def exact_text(y: Exact) -> str:
    """``hi;lo;exp2`` of a single exact value.

    A remainder of zero has no sign: which one it carries depends on the way in which the value was found.
    """
    return f"{hexfloat(y.hi[0])};{hexfloat(y.lo[0] + 0.0)};{int(y.exp2[0])}"
