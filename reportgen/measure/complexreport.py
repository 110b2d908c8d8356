"""The stored rows of one complex case: measurements, agreement, special cases, self-agreement, figures' data."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np

from reportgen.catalogue.complexpatterns import FREE_SIGN, INFINITY, NOT_A_NUMBER, OPEN
from reportgen.core.agreement import agree, bitwise_equal, compared_pairs
from reportgen.core.dtypes import ComplexFormat
from reportgen.core.floats import F64, I64, Bool, Format, round_exact
from reportgen.core.metrics import Scores
from reportgen.core.sampling import GROUPS
from reportgen.measure import report_rows
from reportgen.measure.complexscores import (
    ComplexDraft,
    Whole,
    complex_exact_text,
    drafts_of_whole,
    error_at,
    finished,
    judged_whole,
)
from reportgen.measure.judging import hex_tuple, hexfloat
from reportgen.measure.paths import POSITION_INPUTS, distinct_inputs
from reportgen.measure.profile import axis_of, target_profile
from reportgen.measure.report_rows import SELF_CELLS, SPECIAL_PLACES, case_key, same_float
from reportgen.measure.report_rows import agrees as part_agrees
from reportgen.measure.selfcheck import PLACES
from reportgen.oracle.complexes.solve import flat_parts
from reportgen.oracle.complexes.values import ComplexExact, granted

if TYPE_CHECKING:
    from reportgen.measure.complexcase import ComplexMeasurement

Row = dict[str, Any]


@dataclass
class Entry:
    """The rows of one target on one path: its own cells, and drafts that targets which answer alike share."""

    target: str
    path: str
    common: Row
    drafts: list[ComplexDraft]


def hex_args(m: ComplexMeasurement, index: int) -> str:
    """The input at a point: ``re,im``, several arguments joined by ``;``."""
    return hex_tuple([complex(a[index]) for a in m.args])


# -- judging -----------------------------------------------------------------------------------------------
def judge(m: ComplexMeasurement) -> list[Entry]:
    """Judge every target on every path and metric, and on the samples of the typical rectangle."""
    entries: list[Entry] = []
    shared: dict[tuple[str, ...], list[ComplexDraft]] = {}
    typical = np.flatnonzero(m.group == GROUPS.index("typical"))
    points = np.arange(len(m.args[0]), dtype=np.int64)
    cells: Any = report_rows.common_cells

    def add(target: str, path: str, common: Row, values: Any, make: Callable[[], list[ComplexDraft]]) -> None:
        digest = hashlib.sha256(np.ascontiguousarray(values).tobytes()).hexdigest()
        key = (path, common["case"], common["result_dtype"], digest)
        if key not in shared:
            shared[key] = make()
        entries.append(Entry(target, path, common, shared[key]))

    for target, values in m.answers.values.items():
        whole, scores = m.wholes[target], m.scores[target]
        body = partial(drafts_of_whole, "body", whole, points, m.group == 0, m.distinct, m.metrics, m.context, scores)
        add(target, "body", cells(m, target, "body"), values, body)
        for path in ("tail", "scalar"):
            found = placed_values(m, target, path)
            if found is not None:
                add(target, path, cells(m, target, path), found, partial(placed_drafts, m, target, path, found))
        if len(typical):
            common = {k: v for k, v in cells(m, target, "body").items() if k not in SELF_CELLS}
            common.update(case="typical", coverage="sampled", distribution=rectangle_text(m))
            add(target, "typical", common, values[typical], partial(typical_drafts, m, whole, scores, typical))
    return entries


def rectangle_text(m: ComplexMeasurement) -> str:
    """The typical rectangles in words."""
    boxes = (f"[{a:g}, {b:g}] + i[{c:g}, {d:g}]" for (a, b), (c, d) in m.crow.typical)
    return "uniform " + " × ".join(boxes)


def typical_drafts(m: ComplexMeasurement, whole: Whole, scores: dict[str, Scores], where: I64) -> list[ComplexDraft]:
    """The samples uniform over the typical rectangle, as a case of its own."""
    some = Whole(tuple(a[where] for a in whole.args), whole.computed[where], whole.y[where], whole.fmt, whole.in_fmt)
    every = np.ones(len(where), bool)
    chosen: dict[str, Scores] = {}
    for metric, s in scores.items():
        columns: list[Any] = [a[where] for a in (s.signed, s.regime, s.mismatch, s.correct, s.faithful, s.undecided)]
        chosen[metric] = Scores(*columns)
    return drafts_of_whole("body", some, where, every, every, m.metrics, lambda i: m.context(int(where[i])), chosen)


def places_of(m: ComplexMeasurement, target: str, path: str) -> list[Any]:
    check = m.checks.get(target)
    return [p for p in PLACES if p.path == path and check is not None and p.key in check.places]


def placed_values(m: ComplexMeasurement, target: str, path: str) -> Any:
    """The results at all places of one path, one after another; None where there are none."""
    places = places_of(m, target, path)
    return np.concatenate([m.checks[target].places[p.key] for p in places]) if places else None


def placed_drafts(m: ComplexMeasurement, target: str, path: str, values: Any) -> list[ComplexDraft]:
    """Drafts of a path other than the body; stratified inputs are the base samples."""
    from reportgen.measure.complexcase import result_part

    places, count = places_of(m, target, path), len(m.position)
    point = np.tile(m.position, len(places))
    args = tuple(a[point] for a in m.args)
    whole = judged_whole(args, values, m.exact[point], result_part(m.answers.formats[target]), m.fmt.part)
    distinct: Bool = np.tile(distinct_inputs(flat_parts(tuple(a[m.position] for a in m.args))), len(places))
    stratified = (np.arange(count) < POSITION_INPUTS) & (m.group[m.position] < GROUPS.index("extra"))
    base = np.tile(stratified, len(places))

    def context(index: int) -> str:
        return str(places[index // count].context(index % count))

    return drafts_of_whole(path, whole, point, base, distinct, m.metrics, context)


# -- agreement ---------------------------------------------------------------------------------------------
def compare_targets(m: ComplexMeasurement) -> list[tuple[Row, int | None]]:
    """Agreement of every two targets over the case's points, each input once; with the points that it prints."""
    index = np.flatnonzero(m.distinct)
    out: list[tuple[Row, int | None]] = []
    for first, second in compared_pairs(m.answers.values, m.bench.targets):
        fmt = m.answers.formats[first]
        if fmt != m.answers.formats[second]:
            continue
        a, b = m.answers.values[first][index], m.answers.values[second][index]
        row, at = compared(m, a, b, index, fmt)
        if at is not None:
            row["input"] = hex_args(m, int(index[at]))
            row["first_output"], row["second_output"] = hexfloat(a[at].item()), hexfloat(b[at].item())
        key = case_key(m.case, "")
        del key["target"]
        out.append((dict(key, first=first, second=second, **row), None if at is None else int(index[at])))
    return out


def compared(m: ComplexMeasurement, a: Any, b: Any, index: I64, fmt: Any) -> tuple[Row, int | None]:
    """The cells of one pair and the position of its farthest results: those of the part that is farther apart.

    Which is nearer the truth is said of the whole numbers.
    """
    if not isinstance(fmt, ComplexFormat):
        one = agree(a, b, m.exact.re[index], fmt)
        cells = {name: getattr(one, name) for name in AGREEMENT_CELLS}
        return cells, one.index
    parts = [
        agree(np.ascontiguousarray(p), np.ascontiguousarray(q), y[index], fmt.part)
        for p, q, y in ((a.real, b.real, m.exact.re), (a.imag, b.imag, m.exact.im))
    ]
    far = max(parts, key=lambda part: (part.index is not None, part.max_distance))
    nan_differs = int(((np.isnan(a.real) != np.isnan(b.real)) | (np.isnan(a.imag) != np.isnan(b.imag))).sum())
    sizes = absolute_differences(a, b)
    cells = {
        "compared": len(a), "equal": int(bitwise_equal(a, b).sum()), "nan_differs": nan_differs,
        "max_distance": far.max_distance, "max_abs": sizes[0], "max_rel": sizes[1],
        "nearer": "same" if far.index is None else nearer_whole(m, a, b, index, fmt.part, far.index),
    }  # fmt: skip
    return cells, far.index


AGREEMENT_CELLS = ("compared", "equal", "nan_differs", "max_distance", "max_abs", "max_rel", "nearer")


def absolute_differences(a: Any, b: Any) -> tuple[float | None, float | None]:
    """The largest |a − b|, and the largest relative to the larger of |a| and |b|, over finite pairs."""
    finite = np.isfinite(a.real) & np.isfinite(a.imag) & np.isfinite(b.real) & np.isfinite(b.imag)
    if not finite.any():
        return None, None
    a, b = a[finite], b[finite]
    with np.errstate(all="ignore"):
        largest = np.maximum.reduce([np.abs(v) for v in (a.real, a.imag, b.real, b.imag)])
        unit = np.where(largest > 0, largest, 1.0)
        # Divided by the larger part first: nothing overflows on the way.
        p, q = (np.hypot(v.real / unit, v.imag / unit) for v in (a, b))
        gap = np.hypot(a.real / unit - b.real / unit, a.imag / unit - b.imag / unit)
        relative = np.where(largest > 0, gap / np.maximum(np.maximum(p, q), 0.5), 0.0)
        absolute = np.minimum(gap * unit, np.finfo(np.float64).max)
    return float(absolute.max()), float(relative.max())


def nearer_whole(m: ComplexMeasurement, a: Any, b: Any, index: I64, fmt: Format, at: int) -> str:
    """Which of two results at a position is nearer the exact value, normwise."""
    y = m.exact[index[at : at + 1]]
    if y.undecided[0]:
        return "undecided"
    errors = [error_at(complex(v[at]), granted(y, np.array([complex(v[at])])), "normwise", fmt) for v in (a, b)]
    first, second = (float("inf") if e is None else e for e in errors)
    return "same" if first == second else "first" if first < second else "second"


# -- special cases -----------------------------------------------------------------------------------------
def special_rows(m: ComplexMeasurement, confirmed: dict[int, ComplexExact]) -> list[Row]:
    """Every example of every special case on every target; one row for all paths where they agree."""
    from reportgen.measure.complexcase import result_part

    where = {int(p): i for i, p in enumerate(m.position)}
    rows: list[Row] = []
    for target, check in m.checks.items():
        fmt = result_part(m.answers.formats[target])
        for number, point in m.inputs.special:
            rule, y = m.crow.specials[number], confirmed[point]
            got = {path: check.places[key][where[point]].item() for key, path in SPECIAL_PLACES if key in check.places}
            for path, value in merged(got).items():
                rows.append({
                    "function": m.row.name, "dtype": m.case.dtype, "target": target, "path": path,
                    "input": hex_args(m, point), "expected": expected_text(y, fmt, m.crow.result),
                    "got": hexfloat(value), "sentence": rule.sentence, "source": rule.source,
                    "agrees": int(agrees(value, y, fmt)), "result_dtype": m.answers.formats[target].name,
                })  # fmt: skip
    return rows


def merged(got: dict[str, Any]) -> dict[str, Any]:
    """``{"body tail scalar": v}`` where all paths gave the same, else one entry a path."""
    values = [complex(v) for v in got.values()]
    same = all(same_float(v.real, values[0].real) and same_float(v.imag, values[0].imag) for v in values)
    return {" ".join(got): next(iter(got.values()))} if values and same else got


def agrees(value: Any, y: ComplexExact, fmt: Format) -> bool:
    """Whether a result is one that the special case allows (undecided values allow none but themselves)."""
    z = np.array([complex(value)])
    wanted = granted(y, z)
    for part, got in ((wanted.re, z.real[0]), (wanted.im, z.imag[0])):
        rounded = round_exact(part, fmt)
        around = (float(rounded.down[0]), float(rounded.up[0]))
        if not part_agrees(float(got), float(rounded.nearest[0]), bool(part.either_zero[0]), around):
            return False
    return True


def expected_text(y: ComplexExact, fmt: Format, result: str) -> str:
    """What is required, part by part: a number in hex, ``±`` before a free sign, ``any``; or ``infinity``, ``nan``."""
    if y.whole[0] in (INFINITY, NOT_A_NUMBER):
        return "infinity" if y.whole[0] == INFINITY else "nan"
    words = []
    for number in range(1 if result != "complex" else 2):
        part, free = y.part(number)
        nearest = float(round_exact(part, fmt).nearest[0])
        loose = free[0] == FREE_SIGN or (nearest == 0 and bool(part.either_zero[0]))
        sign = "±" if loose and not np.isnan(nearest) else ""
        words.append("any" if free[0] == OPEN else sign + hexfloat(abs(nearest) if sign else nearest))
    return ",".join(words)


# -- all together ------------------------------------------------------------------------------------------
def collect(
    m: ComplexMeasurement, entries: list[Entry], agreement: list[tuple[Row, int | None]],
    confirmed: dict[int, ComplexExact], settled: dict[int, str],
) -> Row:  # fmt: skip
    """What is stored of the case, as JSON-able data (``rerun`` holds arrays, stored beside it)."""
    done: dict[int, list[Row]] = {}
    rows: list[Row] = []
    for entry in entries:
        if id(entry.drafts) not in done:
            done[id(entry.drafts)] = [finished(draft, confirmed, settled) for draft in entry.drafts]
        rows += [{**entry.common, **cells} for cells in done[id(entry.drafts)]]
    view: Any = m
    self_agreement, runs = report_rows.self_rows(view)
    profile = profile_of(m, entries, worst_entries(m, rows, confirmed))
    for row in rows:
        for private in ("_point", "_ties"):
            row.pop(private, None)
    return {
        "rows": rows + report_rows.refused_rows(view),
        "agreement": [row for row, _ in agreement],
        "special": special_rows(m, confirmed),
        "self_agreement": self_agreement,
        "runs": runs,
        "profile": profile,
        "counts": {
            "samples": len(m.args[0]),
            "confirmed": sum(source == "mpmath" for source in settled.values()),
            "undecided": int(m.exact.undecided.sum()),
        },
        "failures": {t: c.failures for t, c in m.checks.items() if c.failures},
        "rerun": report_rows.rerun_arrays(view),
    }


def profile_of(m: ComplexMeasurement, entries: list[Entry], worst: dict[str, list[Row]]) -> Row:
    """Error against the real part of the first argument, histograms and worst inputs, in the headline's metric."""
    headline = m.metrics[0]
    targets: Row = {}
    for entry in entries:
        if entry.path != "body" or entry.common["case"] != m.case.inputs.name:
            continue
        draft = next(d.draft for d in entry.drafts if d.metric == headline and d.draft.row["regime"] == "all")
        profile = target_profile(draft.judged, m.fmt.part, draft.stats)
        targets[entry.target] = dict(profile, worst=worst.get(entry.target, []))
    return {
        "spec": m.case.spec, "case": m.case.inputs.name, "dtype": m.case.dtype, "axis": axis_of(m.fmt.part),
        "metric": headline, "targets": targets,
    }  # fmt: skip


def worst_entries(m: ComplexMeasurement, rows: list[Row], confirmed: dict[int, ComplexExact]) -> dict[str, list[Row]]:
    """Per target the settled worst inputs of each path, metric and regime."""
    out: dict[str, list[Row]] = {}
    for row in rows:
        if row.get("max_ulp") is None or row["regime"] == "all":
            continue
        for worst in row["_ties"][: None if m.inputs.as_given else 1]:
            y = confirmed[worst.point]
            out.setdefault(row["target"], []).append({
                "case": row["case"], "path": row["path"], "metric": row["metric"], "regime": row["regime"],
                "input": list(worst.inputs), "output": worst.output, "exact": complex_exact_text(y, row["metric"]),
                "exact_decimal": decimal_pair(y, row["metric"]), "ulp": row["max_ulp"], "context": worst.context,
            })  # fmt: skip
    return out


def decimal_pair(y: ComplexExact, metric: str) -> str:
    """The exact value in decimals: ``re, im``, or the one number of a real result."""
    re = report_rows.decimal_text(y.re)
    return re if metric == "ulp" else f"{re}, {report_rows.decimal_text(y.im)}"


__all__ = ["F64", "Entry", "case_key", "collect", "compare_targets", "judge"]
