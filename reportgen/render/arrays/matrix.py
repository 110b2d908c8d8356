"""The matrix of functions of arrays: a cell says how large the error is, in which unit, and on which data."""

from __future__ import annotations

import math
from dataclasses import replace

from reportgen.core import formatting as f
from reportgen.render import answer
from reportgen.render.arrays import words
from reportgen.render.arrays.data import Trial, array_functions, problem_rows, trials
from reportgen.render.matrix import AGREE, agreement_cell
from reportgen.render.model import Cell, Column, Mark, Table, TableRow
from reportgen.render.stored import Row, Stored
from reportgen.render.summary import farthest, joined_by_value, pair_counts, pair_rows

KIND_TITLES = {
    "reduction": "Reductions and scans",
    "contraction": "Contractions",
    "linalg": "Linear algebra",
    "transform": "Transforms",
}
GIVEN = "given"
"""What rows of integers say of their data, which are many arrays."""
SHOWN_FIRST = "float32"
"""The dtype of the rows on the front page, where a function has it."""
MARKS = (
    Mark(
        "condition", "m-data", "many ulp off, but through the condition C/|y| of the data, not the order of evaluation"
    ),
    Mark("special", "m-special", "NaN, infinity or a refusal is not what is documented; with the number of problems"),
    Mark("flushed", "m-flushed", "zero comes out of subnormal numbers"),
    Mark("run", "m-run", "the same call made again gave other bits"),
)


def columns_of(stored: Stored, kinds: tuple[str, ...] = tuple(KIND_TITLES)) -> list[str]:
    """Targets with results in at least a quarter of what any target answered, and each library's first one."""
    answered: dict[str, int] = {}
    for function, dtypes in array_functions(stored):
        for dtype in dtypes if function["kind"] in kinds else ():
            for name, trial in trials(stored, str(function["name"]), dtype).items():
                answered[name] = answered.get(name, 0) + trial.measured
    most = max(answered.values(), default=0)
    kept, libraries = [], set()
    for target in stored.live_targets:
        name, library = str(target["name"]), str(target.get("library", ""))
        if answered.get(name) and (4 * answered[name] >= most or library not in libraries):
            kept.append(name)
        libraries.add(library)
    return kept


def cell(function: Row, target: str, trial: Trial | None, marked: bool = True) -> Cell:
    """One target in words: the worst error with its unit and its data; a status where there is no result."""
    if trial is None or not trial.measured:
        status = trial.status if trial else "not tried"
        # SciPy is asked only for what NumPy lacks or computes otherwise.
        plain = target == answer.SCIPY and status in ("unsupported", "not tried")
        reason = trial.reason if trial else "not part of this case"
        return Cell(f.MISSING if plain else status, title=reason, css=f"status s-{status}", sort="-2")
    shown = words.marks(trial) if marked else ()
    counted, worst = trial.counted, trial.worst
    if counted and counted[0]:
        wrong, tried = counted
        errs = [s for s in trial.scores if s.wrong]
        first = max(errs, key=lambda s: (s.row["case"] not in trial.excused, s.wrong or 0))
        return Cell(
            f"{f.count(wrong)} of {f.count(tried)} wrong",
            note="" if first.words == GIVEN else first.words,
            css="err e6",
            sort="1e300",
            marks=shown,
        )
    if worst is None:
        text = "right" if counted else f.MISSING
        return Cell(
            text, note=_data(trial), css="err e0" if counted else "", sort="0" if counted else "-1", marks=shown
        )
    css = f"err {worst.growth.css}" if worst.growth else ""
    if worst.growth and worst.growth.key == "exact":
        return Cell("exact", note=_data(trial), css=css, sort="0", marks=shown)
    rank, size = worst.badness
    return Cell(
        words.amount(function, worst), note=words.with_metric(function, worst), css=css,
        sort=f"{1000 * rank + math.log2(size):.6f}", marks=shown,
    )  # fmt: skip


def _data(trial: Trial) -> str:
    """How many problems, and the largest of those that hold numbers only."""
    names = {s.row["case"] for s in trial.scores}
    if trial.counted and {s.words for s in trial.scores} == {GIVEN}:
        return f"{f.plural(trial.counted[1], 'result')} tried"
    plain = [s for s in trial.scores if s.row["regime"] != "special"] or trial.scores
    largest = max(plain, key=lambda s: s.size)
    return f"{f.plural(len(names), 'problem')}, up to {largest.words}" if len(names) > 1 else largest.words


def matrix(stored: Stored, kind: str, name: str, columns: list[str], only: str = "", compared: bool = True) -> Table:
    """One row a function × dtype of a kind; ``only`` that dtype (or a function's first) where it is given."""
    rows = []
    for function, dtypes in array_functions(stored):
        if function["kind"] == kind:
            chosen = [only if only in dtypes else dtypes[0]] if only else dtypes
            rows += [_row(stored, function, dtype, columns, compared) for dtype in chosen]
    described = {t["name"]: str(t.get("sentence", "")) for t in stored.targets}
    head = [Column("function", "function"), Column("dtype", "dtype")]
    head += [Column("agree", "NumPy = TensorFlow", True, AGREE)] if compared else []
    caption = f"{KIND_TITLES[kind]}: the largest error of each target in roundings, and the data that it is of."
    return Table(
        name, head + [Column(t, t, False, described.get(t, "")) for t in columns], rows, caption, sortable=True
    )


def _row(stored: Stored, function: Row, dtype: str, columns: list[str], compared: bool) -> TableRow:
    name = str(function["name"])
    title = str(function.get("sentence", ""))
    if function.get("aliases"):
        title += f" (also called {f.listing(function['aliases'])})"
    found = trials(stored, name, dtype)
    cells = [
        Cell(name, href=f"functions/{name}.html", title=title, header=True, sort=name),
        Cell(dtype, sort=str(stored.all_dtypes().index(dtype))),
    ]
    if compared:
        rows = pair_rows(stored, name, dtype, answer.reference_of(stored, name, dtype), answer.TENSORFLOW)
        cells.append(agreement_cell(*pair_counts(rows)))
    cells += [cell(function, t, found.get(t)) for t in columns]
    return TableRow(tuple(cells))


def asked_table(stored: Stored, function: Row, dtypes: list[str], lead: str) -> Table:
    """A function of arrays answered on the front page: dtypes with equal findings in one row."""
    name = str(function["name"])
    rows = [
        TableRow((Cell(", ".join(names), header=True), *cells))
        for names, cells in joined_by_value((d, _asked_cells(stored, function, d)) for d in dtypes)
    ]
    columns = [
        Column("dtype", "dtype"), Column("numpy", "NumPy"), Column("tensorflow", "TensorFlow"),
        Column("same", "same bits", True), Column("far", "farthest apart"), Column("also", "notable"),
    ]  # fmt: skip
    return Table(f"asked-{name}", columns, rows, f"{name}: {lead}")


def _asked_cells(stored: Stored, function: Row, dtype: str) -> tuple[Cell, ...]:
    name = str(function["name"])
    found = trials(stored, name, dtype)
    rows = pair_rows(stored, name, dtype, answer.NUMPY, answer.TENSORFLOW)
    equal, compared = pair_counts(rows)
    far = farthest(rows) if equal < compared else None
    apart = f.MISSING
    if far is not None and far.get("first_output"):
        ends = " | ".join(f.value(far[k], dtype) for k in ("first_output", "second_output"))
        problem = problem_rows(stored, name, dtype).get(str(far["case"]))
        apart = f"on {problem['words'] if problem else far['case']}: {ends}"
    odd = [(answer.shown(t), f"{len(x.mismatched)} special") for t, x in found.items() if x.mismatched]
    notable = "; ".join(f"{', '.join(names)}: {said}" for names, said in joined_by_value(odd)) or f.MISSING
    shown = (replace(cell(function, t, found.get(t), marked=False), note="") for t in (answer.NUMPY, answer.TENSORFLOW))
    return (*shown, agreement_cell(equal, compared), Cell(apart), Cell(notable))


def joined_by_target(stored: Stored, function: Row, dtype: str) -> list[tuple[list[str], Trial]]:
    """Targets that have the same figures on every problem, in the order of the targets."""
    found = trials(stored, str(function["name"]), dtype)
    keyed = (
        (name, (t.status, t.reason, [_figures(s.row) for s in t.scores], t.mismatched, t.run_differs))
        for name, t in found.items()
    )
    return [(names, found[names[0]]) for names, _ in joined_by_value(keyed)]


def _figures(row: Row) -> tuple[object, ...]:
    keys = ("case", "metric", "bound_ratio", "max_ulp", "condition", "correctly_rounded", "special_mismatches")
    return tuple(row.get(k) for k in keys)
