"""Errors of complex results: each part by itself and the whole (normwise), and rows with their settled maxima.

Normwise: |ẑ − z| / ulp(|z|), with every part clamped to ±2^(emax+1) as in :mod:`reportgen.core.metrics`. A whole is
correctly rounded, faithful, or a special mismatch where its parts are; what a standard leaves open was granted before
(:func:`reportgen.oracle.complexes.values.granted`).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np

from reportgen.core.floats import F64, I64, SATURATED_SCORE, Bool, Exact, Format, round_exact, scale
from reportgen.core.metrics import REGIME_INDEX, Scores, fraction_sqrt, rounded_float, scaled_error, score
from reportgen.measure.judging import Draft, Judged, Worst, drafts_of, exact_text, hexfloat, sizes_of
from reportgen.oracle.complexes.solve import flat_parts
from reportgen.oracle.complexes.values import ComplexExact, granted
from reportgen.oracle.exact import SATURATION, exact_ulp_error, exact_value

C128 = Any
"""An array of complex128."""
METRICS = {"complex": ("normwise", "re", "im"), "real": ("ulp",), "bool": ("ulp",)}
"""The metrics of a result, the headline first."""


@dataclass
class Whole:
    """Results of one target at points: as complex128 (real results have zero imaginary parts), and what is exact."""

    args: tuple[C128, ...]
    computed: C128
    y: ComplexExact
    fmt: Format
    in_fmt: Format

    @property
    def flat(self) -> tuple[F64, ...]:
        return flat_parts(self.args)

    def part(self, number: int) -> tuple[F64, Exact]:
        return (self.computed.real, self.y.re) if number == 0 else (self.computed.imag, self.y.im)


def judged_whole(args: tuple[C128, ...], computed: Any, y: ComplexExact, fmt: Format, in_fmt: Format) -> Whole:
    """Results with the freedoms of the exact values resolved in their favour."""
    values = np.asarray(computed).astype(np.complex128)
    return Whole(args, values, granted(y, values), fmt, in_fmt)


def part_scores(whole: Whole, number: int) -> Scores:
    """Scores of the real (0) or imaginary (1) parts."""
    computed, y = whole.part(number)
    return score(whole.flat, np.ascontiguousarray(computed), y, whole.fmt, whole.in_fmt)


def normwise_scores(whole: Whole, re: Scores, im: Scores) -> Scores:
    """Scores of the wholes out of those of their parts."""
    q = modulus_exponent(whole.y, whole.fmt)
    ulp = np.clip(q, whole.fmt.emin, whole.fmt.emax) - (whole.fmt.p - 1)
    errors = [scaled_error(np.ascontiguousarray(c), y, ulp, whole.fmt) for c, y in (whole.part(0), whole.part(1))]
    with np.errstate(over="ignore"):
        signed = np.minimum(np.hypot(*errors), SATURATED_SCORE)
    undecided = re.undecided | im.undecided
    return Scores(
        np.where(undecided, np.nan, signed), regimes(whole, q), (re.mismatch | im.mismatch) & ~undecided,
        re.correct & im.correct & ~undecided, re.faithful & im.faithful & ~undecided, undecided,
    )  # fmt: skip


def regimes(whole: Whole, exponent: I64) -> I64:
    """Index into REGIMES of each point, by its parts and |z|; first match wins."""
    special, subnormal = np.zeros((2, len(whole.y)), bool)
    for part in whole.flat:
        special |= ~np.isfinite(part)
        subnormal |= whole.in_fmt.is_subnormal(part)
    overflow, zero = np.zeros(len(whole.y), bool), np.ones(len(whole.y), bool)
    for number in range(2):
        computed, y = whole.part(number)
        special |= ~np.isfinite(y.hi)
        overflow |= np.isinf(round_exact(y, whole.fmt).nearest) | np.isinf(computed)
        zero &= y.hi == 0
    names = ("special", "overflow-edge", "subnormal-result", "subnormal-input")
    tiny = ~zero & (exponent < whole.fmt.emin)
    return np.select(
        [special, overflow, tiny, subnormal], [REGIME_INDEX[name] for name in names], REGIME_INDEX["normal"]
    ).astype(np.int64)


def modulus_exponent(y: ComplexExact, fmt: Format) -> I64:
    """floor(log2 |z|), unclamped; emin where z is zero, emax where a part is infinite."""
    infinite = np.isinf(y.re.hi) | np.isinf(y.im.hi)
    zero = (y.re.hi == 0) & (y.im.hi == 0)
    return np.where(infinite, fmt.emax, np.where(zero, fmt.emin, y.exponent)).astype(np.int64)


def exact_normwise(computed: complex, y: ComplexExact, fmt: Format) -> Fraction | None:
    """|ẑ − z| / ulp(|z|) to 2^-80, exact where one part is right; None where a NaN stands against a number."""
    end = Fraction(2) ** (fmt.emax + 1)
    differences = []
    for value, part in ((computed.real, y.re), (computed.imag, y.im)):
        hi = float(part.hi[0])
        if np.isnan(value) or np.isnan(hi):
            return None
        exact = max(-end, min(end, exact_value(part))) if np.isfinite(hi) else (end if hi > 0 else -end)
        at = Fraction(value) if np.isfinite(value) else (end if value > 0 else -end)
        differences.append(abs(at - exact))
    q = int(modulus_exponent(y, fmt)[0])
    ulp = Fraction(2) ** (min(max(q, fmt.emin), fmt.emax) - fmt.p + 1)
    a, b = (d / ulp for d in differences)
    error = a + b if not a or not b else fraction_sqrt(a * a + b * b)
    return min(error, Fraction(2) ** SATURATION)


@dataclass
class ComplexDraft:
    """A draft, its metric, and the results that it is about."""

    metric: str
    draft: Draft
    whole: Whole
    points: I64


def drafts_of_whole(
    path: str, whole: Whole, points: I64, base: Bool, distinct: Bool, metrics: tuple[str, ...],
    context: Callable[[int], str], scores: dict[str, Scores] | None = None,
) -> list[ComplexDraft]:  # fmt: skip
    """Drafts of every metric and regime of one target on one path."""
    scores = scores if scores is not None else all_scores(whole, metrics)
    out = []
    for metric in metrics:
        judged = Judged(path, whole.flat, whole.computed, points, base, distinct, scores[metric], whole.fmt, context)
        for draft in drafts_of(judged, *sizes(whole, metric)):
            draft.row["metric"] = metric
            out.append(ComplexDraft(metric, draft, whole, points))
    return out


def all_scores(whole: Whole, metrics: tuple[str, ...]) -> dict[str, Scores]:
    """Scores by metric."""
    re = part_scores(whole, 0)
    if metrics == ("ulp",):
        return {"ulp": re}
    im = part_scores(whole, 1)
    return {"re": re, "im": im, "normwise": normwise_scores(whole, re, im)}


def sizes(whole: Whole, metric: str) -> tuple[F64, F64]:
    """Absolute and relative errors as float64, NaN where undefined."""
    both = [sizes_of(computed, y) for computed, y in (whole.part(0), whole.part(1))]
    if metric in ("ulp", "re", "im"):
        return both[metric == "im"]
    with np.errstate(all="ignore"):
        absolute = np.hypot(both[0][0], both[1][0])
        size = np.hypot(*(scale(y.hi, y.exp2) for y in (whole.y.re, whole.y.im)))
        return absolute, np.where(size > 0, absolute / size, np.nan)


def finished(draft: ComplexDraft, confirmed: dict[int, ComplexExact], settled: dict[int, str]) -> dict[str, Any]:
    """The row with its maximum; ``_ties`` are the worst inputs that share it, ``_point`` that of the published one."""
    row, judged = dict(draft.draft.row), draft.draft.judged
    best: Fraction | None = None
    ties: list[int] = []
    for position in draft.draft.candidates:
        value = complex(draft.whole.computed[position])
        y = granted(confirmed[int(draft.points[position])], np.array([value]))
        error = error_at(value, y, draft.metric, draft.whole.fmt)
        if error is None or (best is not None and error < best):
            continue
        ties = [*ties, position] if error == best else [position]
        best = error
    if best is None:
        return row
    worst = [worst_at(draft, position) for position in ties]
    y = confirmed[worst[0].point]
    row.update(
        max_ulp=rounded_float(best), worst_input=";".join(worst[0].inputs), worst_output=worst[0].output,
        worst_context=judged.context(ties[0]), exact=complex_exact_text(y, draft.metric),
        settled_by=settled[worst[0].point], _point=worst[0].point, _ties=worst,
    )  # fmt: skip
    return row


def error_at(value: complex, y: ComplexExact, metric: str, fmt: Format) -> Fraction | None:
    """The error of one point in a metric, exactly; None where undecided or NaN."""
    if metric == "normwise":
        return None if y.re.undecided[0] or y.im.undecided[0] else exact_normwise(value, y, fmt)
    part, at = (y.im, value.imag) if metric == "im" else (y.re, value.real)
    return None if part.undecided[0] else exact_ulp_error(at, part, fmt)


def worst_at(draft: ComplexDraft, position: int) -> Worst:
    """What is printed of a worst input: arguments and the output as ``re,im``."""
    whole = draft.whole
    inputs = tuple(hexfloat(complex(z[position])) for z in whole.args)
    value = whole.computed[position]
    output = hexfloat(value.real) if draft.metric == "ulp" else hexfloat(complex(value))
    return Worst(int(draft.points[position]), inputs, output, draft.draft.judged.context(position))


def complex_exact_text(y: ComplexExact, metric: str) -> str:
    """``hi;lo;exp2`` of both parts joined by ``,`` (of the one part of a real result)."""
    return exact_text(y.re) if metric == "ulp" else f"{exact_text(y.re)},{exact_text(y.im)}"
