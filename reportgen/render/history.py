"""Data of the history page, and of the section on releases that a function's page has."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass, field

from reportgen.core import formatting as f
from reportgen.render import historyanswers as asked
from reportgen.render import historywords as words
from reportgen.render.answer import shown
from reportgen.render.matrix import matrix_cell
from reportgen.render.model import Cell, Column, Fact, Figure, FunctionHistory, Mark, Table, TableRow, Worst
from reportgen.render.releases import Line, Score, Track, function_tracks, lines, tracks
from reportgen.render.snippets import snippet
from reportgen.render.stored import Row, Stored
from reportgen.render.summary import joined_by_value

CSV_FILE = "history.csv"
CSV_COLUMNS = (
    "function", "dtype", "line", "release", "target", "status", "max_ulp", "mean_ulp", "not_correctly_rounded",
    "samples", "special_mismatches", "ns_per_element", "change", "equal", "compared",
)  # fmt: skip
MOST_FIGURES = 3
"""Figures a line on the page; every function has its own on its page."""
MARKS = (
    Mark("better", "m-better", "more accurate than the release before it"),
    Mark("worse", "m-worse", "less accurate than the release before it"),
    Mark("mixed", "m-mixed", "one figure better than in the release before it, another worse"),
    Mark("bits", "m-bits", "other results than the release before it, about as accurate"),
    Mark("new", "m-new", "the first release measured that has the function"),
    Mark("gone", "m-worse", "no longer there"),
)
OTHER = {"bits": "other bits"}
"""Heads of columns that say more than the mark."""
_CSS = {m.text: m.css for m in MARKS}


@dataclass
class LineSection:
    """One line of releases: its trend and what each release changed."""

    name: str
    title: str
    sentences: list[str]
    trend: Table
    changes: Table
    trades: Table | None
    plain: bool


@dataclass
class HistoryPage:
    """``beside`` are releases of which there is only one, ``absent`` those that could not be run, and why."""

    lead: str
    answers: list[asked.Answer]
    sections: list[LineSection]
    settings: Table | None
    features: list[Table]
    feature_sentences: list[str]
    beside: Table | None
    absent: list[Fact]
    marks: list[Mark]
    figures: list[tuple[str, Figure]] = field(default_factory=list)
    """(function, figure) of what moved most."""


def history_page(stored: Stored) -> HistoryPage | None:
    """None where there is nothing to tell."""
    found = [t for t in tracks(stored) if t.told]
    if not found:
        return None
    plain = {x.name for x in words.main_lines(found)}
    known = [x for x in lines(stored) if any(t.line.name == x.name for t in found)]
    answers = asked.answers(stored)
    sections = [
        LineSection(
            x.name,
            shown(x.name),
            line_story(words.of_line(found, x), {a.function for a in answers}) if x.name in plain else [],
            trend_table(x, found),
            changes_table(x, found),
            asked.trades_table(x.name, words.of_line(found, x)) if x.name in plain else None,
            x.name in plain,
        )
        for x in sorted(known, key=lambda x: x.name not in plain)
    ]
    return HistoryPage(
        lead=words.lead(stored),
        answers=answers,
        sections=sections,
        settings=asked.settings_table(stored),
        features=features_tables(found),
        feature_sentences=asked.only_there(stored),
        beside=beside_table(stored),
        absent=absent(stored),
        marks=list(MARKS),
    )


def line_story(own: list[Track], answered: set[str]) -> list[str]:
    """The sentences of one line; of a single function its answer has said everything."""
    if {t.function for t in own} <= answered:
        return []
    return [*words.line_story(own), *asked.became_exact(own), *asked.traded(own)]


def moved_most(stored: Stored) -> list[str]:
    """The functions of the figures: of each plain line those whose largest error changed by the largest ratio."""
    found = [t for t in tracks(stored) if t.told]
    chosen: dict[str, None] = {}
    for line in words.main_lines(found):
        ratios: dict[str, float] = {}
        for t in words.of_line(found, line):
            values = [s.maximum for s in t.answered if s.maximum]
            if t.moves and values:
                ratios[t.function] = max(ratios.get(t.function, 1.0), max(values) / min(values))
        ranked = sorted((name for name, ratio in ratios.items() if ratio > 1.1), key=lambda name: -ratios[name])
        chosen.update(dict.fromkeys(ranked[:MOST_FIGURES]))
    return list(chosen)


def absent(stored: Stored) -> list[Fact]:
    """Releases that could not be run, with what to install."""
    return [
        Fact(str(t["name"]), f"{t['status']}: {t.get('reason') or ''}")
        for t in stored.pinned_targets
        if t.get("status") != "ok"
    ]


# -- tables --------------------------------------------------------------------------------------------
def trend_table(line: Line, found: list[Track]) -> Table:
    """One row a function × dtype, one column a release."""
    own = [t for t in found if t.line.name == line.name]
    asked = [m for m in line.members if any(t.score(m.target) for t in own)]
    columns = [Column("function", "function"), Column("dtype", "dtype")]
    columns += [Column(m.target, m.version, True, f"{m.target}{', installed today' if m.today else ''}") for m in asked]
    rows = []
    for t in own:
        head = (Cell(t.function, href=f"functions/{t.function}.html#releases", header=True), Cell(t.dtype))
        rows.append(TableRow((*head, *(trend_cell(t, t.score(m.target)) for m in asked))))
    caption = f"{shown(line.name)}: largest error in ulp among normal results, by release."
    return Table(f"trend-{line.name}", columns, rows, caption, sortable=True)


def trend_cell(t: Track, score: Score | None) -> Cell:
    """The maximum with its colour, and the mark of the first release that has a change."""
    if score is None:
        return Cell("", title="not asked")
    if score.status == "unsupported":
        return Cell(f.MISSING, title=f"no such function: {score.summary.reason}", sort="-1", css="status")
    cell = matrix_cell(score.summary, marked=False)
    change = t.change_at(score.release.target)
    if change is None:
        return Cell(cell.text, title=cell.title, css=cell.css, sort=cell.sort)
    mark = (Mark(change.kind, _CSS[change.kind]),)
    said = words.change_words(change, t.dtype)
    return Cell(cell.text, title=f"{score.release.version}: {said}", css=cell.css, sort=cell.sort, marks=mark)


def changes_table(line: Line, found: list[Track]) -> Table:
    """One row a release: what it changed."""
    own = [t for t in found if t.line.name == line.name]
    rows = []
    for member in line.ran[1:]:
        here = [(t, c) for t in own if (c := t.change_at(member.target))]
        cells = [Cell(member.version, header=True, title=member.target)]
        for mark in MARKS:
            names = joined_by_value((t.dtype, t.function) for t, c in here if c.kind == mark.text)
            count = sum(len(dtypes) for dtypes, _ in names)
            told = joined_by_value((name, _only(dtypes, own, name)) for dtypes, name in names)
            note = "; ".join(", ".join(functions) + which for functions, which in told)
            cells.append(Cell(f.count(count) if count else f.MISSING, note=note, sort=str(count)))
        rows.append(TableRow(tuple(cells)))
    columns = [
        Column("release", "release"),
        *(Column(m.text, OTHER.get(m.text, m.text), False, m.title) for m in MARKS),
    ]
    # A kind of change that no release made has no column.
    kept = [i for i in range(len(columns)) if not i or any(r.cells[i].text != f.MISSING for r in rows)]
    columns = [columns[i] for i in kept]
    rows = [TableRow(tuple(r.cells[i] for i in kept)) for r in rows]
    caption = f"{shown(line.name)}: what each release changed, in combinations of function and dtype"
    return Table(f"changes-{line.name}", columns, rows, caption)


def _only(dtypes: list[str], own: list[Track], name: str) -> str:
    """The dtypes in brackets, where not all were touched."""
    every = [t.dtype for t in own if t.function == name]
    return "" if dtypes == every else f" ({', '.join(dtypes)})"


def features_tables(found: list[Track]) -> list[Table]:
    """Where results depend on how a target is set up: the largest error of a plain line and of the restricted ones."""
    made = [_features(found, plain, others) for plain, others in words.restricted(found).items()]
    return [t for t in made if t.rows]


def _features(found: list[Track], plain: str, others: list[str]) -> Table:
    by = {(t.line.name, t.function, t.dtype): t for t in found}
    rows = []
    for t in (t for t in found if t.line.name == plain):
        twins = [by[o, t.function, t.dtype] for o in others if (o, t.function, t.dtype) in by]
        differing = {s.release.version for twin in twins for s, _ in words.depends(t, twin)}
        grouped = joined_by_value(
            (s.release.version, _side_by_side(s.release.version, [t, *twins], others))
            for s in t.answered
            if s.release.version in differing
        )
        for versions, cells in grouped:
            head = Cell(t.function, href=f"functions/{t.function}.html#releases", header=True)
            rows.append(TableRow((head, Cell(t.dtype), Cell(", ".join(versions)), *cells)))
    columns = [Column("function", "function"), Column("dtype", "dtype"), Column("releases", "releases")]
    columns += [Column(n, shown(n), True) for n in (plain, *others)]
    caption = f"{shown(plain)}: functions whose results are others there; largest error in ulp."
    return Table(f"features-{plain}", columns, rows, caption, sortable=True)


def _side_by_side(version: str, found: list[Track], others: list[str]) -> tuple[Cell, ...]:
    by = {t.line.name: s for t in found for s in t.answered if s.release.version == version}
    made = []
    for name in [found[0].line.name, *others]:
        score = by.get(name)
        cell = matrix_cell(score.summary, marked=False) if score else Cell(f.MISSING, title="not asked", sort="-1")
        made.append(Cell(cell.text, css=cell.css, sort=cell.sort))
    return tuple(made)


def beside_table(stored: Stored) -> Table | None:
    """Libraries of which only one release was asked: nothing to compare it with, but figures of its own."""
    single = [t for t in tracks(stored) if not t.told and t.answered]
    names = list(dict.fromkeys(t.answered[0].release.target for t in single))
    if not names:
        return None
    rows = []
    for function, dtype in dict.fromkeys((t.function, t.dtype) for t in single):
        by = {t.answered[0].release.target: t.answered[0] for t in single if (t.function, t.dtype) == (function, dtype)}
        cells = [matrix_cell(by[n].summary, marked=False) if n in by else Cell(f.MISSING, sort="-1") for n in names]
        head = Cell(function, href=f"functions/{function}.html#releases", header=True)
        rows.append(
            TableRow((head, Cell(dtype), *(Cell(c.text, css=c.css, sort=c.sort, title=c.title) for c in cells)))
        )
    columns = [Column("function", "function"), Column("dtype", "dtype"), *(Column(n, n, True) for n in names)]
    caption = "Libraries measured in one release: largest error in ulp among normal results"
    return Table("beside", columns, rows, caption, sortable=True)


# -- one function --------------------------------------------------------------------------------------
def function_history(stored: Stored, function: Row, figure: Figure | None) -> FunctionHistory | None:
    """The section of a function's page; None where no release in an environment of its own answered."""
    name = str(function["name"])
    found = function_tracks(stored, name)
    if not found:
        return None
    tables = [function_table(name, dtype, found) for dtype in dict.fromkeys(t.dtype for t in found)]
    alike = joined_by_value((shown(t.line.name), (t.dtype, words.courses(t))) for t in found if t.told)
    said = [f"{f.listing(who)} in {dtype}: {what}." for who, (dtype, what) in alike]
    return FunctionHistory(said, tables, worst_of_releases(stored, function, found), figure)


def function_table(name: str, dtype: str, found: list[Track]) -> Table:
    """One row a run of releases with the same results."""
    rows = []
    for t in (t for t in found if t.dtype == dtype):
        rows += [_run_row(t, run) for run in runs(t)]
    columns = [
        Column("target", "target"), Column("releases", "releases"), Column("max", "max, normal (ulp)", True),
        Column("at", "at x ="), Column("mean", "mean (ulp)", True),
        Column("correct", "not correctly rounded", True, "on the path with the largest share"),
        Column("time", "ns an element", True), Column("change", "change"),
    ]  # fmt: skip
    return Table(f"history-{dtype}", columns, rows, f"{name} in {dtype}: releases with the same results share a row")


def runs(t: Track) -> list[list[Score]]:
    """Neighbouring releases that gave the same results, or ended alike."""
    out: list[list[Score]] = []
    for score in t.scores:
        if out and out[-1][0].status == score.status and not t.change_at(score.release.target):
            out[-1].append(score)
        else:
            out.append([score])
    return out


def _run_row(t: Track, run: list[Score]) -> TableRow:
    first = run[0]
    head = (Cell(shown(t.line.name), header=True), Cell(words.span_of([s.release.version for s in run])))
    if first.status != "ok":
        reasons = list(dict.fromkeys(s.summary.reason for s in run if s.summary.reason))
        rest = tuple(Cell(f.MISSING) for _ in range(5))
        return TableRow(
            (*head, Cell(first.status, css=f"status s-{first.status}"), *rest[:4], Cell("; ".join(reasons)))
        )
    cell = matrix_cell(first.summary, marked=False)
    best = first.summary.best
    at = f.value(best["worst_input"], t.dtype) if best and first.maximum else f.MISSING
    times = [s.ns for s in run if s.ns is not None]
    change = t.change_at(first.release.target)
    said = Cell(words.change_words(change, t.dtype), marks=(Mark(change.kind, _CSS[change.kind]),)) if change else None
    return TableRow(
        (
            *head, Cell(cell.text, css=cell.css), Cell(at, code=at != f.MISSING), Cell(f.number(first.mean)),
            Cell(f.share(*first.wrong)), Cell(_span(times)), said or Cell(f.MISSING),
        )
    )  # fmt: skip


def _span(times: list[float]) -> str:
    if not times:
        return f.MISSING
    low, high = f.nanoseconds(min(times)), f.nanoseconds(max(times))
    return low if low == high else f"{low} … {high}"


def worst_of_releases(stored: Stored, function: Row, found: list[Track]) -> list[Worst]:
    """The worst normal input of each run of releases, with a program for the first of them."""
    profile = stored.releases_profile(str(function["name"]))
    listed = {
        (case["dtype"], target): [w for w in data.get("worst") or [] if w.get("regime") == "normal" and w.get("ulp")]
        for case in profile["cases"]
        for target, data in case["targets"].items()
    }
    out = []
    for t in found:
        for run in runs(t):
            pinned = [s for s in run if s.status == "ok" and listed.get((t.dtype, s.release.target))]
            if not pinned:
                continue
            target = stored.target(pinned[0].release.target)
            row = max(listed[t.dtype, pinned[0].release.target], key=lambda w: float(w["ulp"]))
            joined = ";".join(row["input"])
            out.append(
                Worst(
                    target=f"{shown(t.line.name)} {f.listing([s.release.version for s in pinned])}",
                    where=", ".join(str(x) for x in (t.dtype, row.get("path"), row.get("context")) if x),
                    input_text=f.value(joined, t.dtype),
                    input_hex=f.hex_text(joined),
                    output_text=f.value(row["output"], t.dtype),
                    output_hex=f.hex_text(row["output"]),
                    exact=f.exact_decimal(row.get("exact"), 25),
                    ulp=f.maximum(row["ulp"]),
                    snippet=snippet(function, target, t.dtype, row),
                )
            )
    return out


# -- the file ------------------------------------------------------------------------------------------
def history_csv(stored: Stored) -> str:
    """``history.csv``: a row a function, dtype and release, with the change that it is the first to have."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(CSV_COLUMNS)
    for t in tracks(stored):
        for s in t.scores:
            c = t.change_at(s.release.target)
            wrong, samples = s.wrong if s.status == "ok" else ("", "")
            figures = (s.maximum, s.mean) if s.status == "ok" else (None, None)
            row = (t.function, t.dtype, t.line.name, s.release.version, s.release.target, s.status, *figures, wrong)
            row += (samples, s.summary.mismatches if s.status == "ok" else "", s.ns)
            row += (c.kind, c.equal, c.compared) if c else ("", "", "")
            writer.writerow(["" if x is None else x for x in row])
    return out.getvalue()
