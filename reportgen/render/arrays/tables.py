"""Tables of a function of arrays: problem × target, every figure, special cases, agreement, repetition."""

from __future__ import annotations

from reportgen.core import formatting as f
from reportgen.render import detail
from reportgen.render.arrays import words
from reportgen.render.arrays.data import BESIDE, LARGEST, Score, in_words, problem_rows, trials
from reportgen.render.arrays.matrix import joined_by_target
from reportgen.render.model import Cell, Column, Mark, Table, TableRow
from reportgen.render.stored import Row, Stored, dtype_key
from reportgen.render.summary import joined_by_value


def problem_table(stored: Stored, function: Row, dtype: str) -> Table:
    """One row a problem (and metric, where there are several), one column a group of targets with equal figures."""
    groups = [(names, t) for names, t in joined_by_target(stored, function, dtype) if t.measured]
    scores = [{(str(s.row["case"]), s.metric): s for s in t.scores} for _, t in groups]
    keys = list(dict.fromkeys(key for held in scores for key in held if key[1] not in BESIDE))
    order = list(problem_rows(stored, str(function["name"]), dtype))
    keys.sort(key=lambda k: order.index(k[0]) if k[0] in order else len(order))
    metrics = len({metric for _, metric in keys}) > 1
    rows = []
    for case, metric in keys:
        beside = [[held[case, m] for m in BESIDE if (case, m) in held] for held in scores]
        broken = [t.returned.get(case) for _, t in groups]
        rows.append(_problem_row(function, [held.get((case, metric)) for held in scores], beside, broken, metrics))
    columns = [Column("problem", "data"), *([Column("metric", "metric")] if metrics else [])]
    columns += [Column("condition", "condition", True, "C/|y|: by how much the data amplify errors")]
    columns += [Column(f"t{i}", ", ".join(names)) for i, (names, _) in enumerate(groups)]
    caption = f"{function['name']} in {dtype}: the error on each problem, in the unit of its bound"
    at = [c.key for c in columns].index("condition")
    if rows and all(r.cells[at].text == f.MISSING for r in rows):
        columns.pop(at)
        rows = [TableRow((*r.cells[:at], *r.cells[at + 1 :])) for r in rows]
    return Table(f"glance-{dtype}", columns, rows, caption, empty="No target gave a result.")


def _problem_row(
    function: Row, scores: list[Score | None], beside: list[list[Score]], broken: list[Row | None], metrics: bool
) -> TableRow:
    first = next(s for s in scores if s)
    conditions = [s.condition for s in scores if s and s.condition is not None]
    head = Cell(first.words, header=True, title=str(first.problem.get("inputs") or ""))
    cells = [head, *([Cell(words.METRIC_NAMES.get(first.metric, first.metric))] if metrics else [])]
    most = max(conditions, default=None)
    shown_most = f.MISSING if most is None else "∞" if most >= LARGEST else f.number(most, 2)
    cells.append(Cell(shown_most, sort=repr(most or 0.0), title="the exact result is 0" if shown_most == "∞" else ""))
    shown = [score_cell(function, *given) for given in zip(scores, beside, broken, strict=True)]
    return TableRow((*cells, *shown))


def score_cell(function: Row, score: Score | None, beside: list[Score], broken: Row | None = None) -> Cell:
    """One score in words: the amount in its unit, with the error in ulp beside it where that says more.

    ``broken`` is the special case that the problem breaks, if any.
    """
    if score is None:
        return Cell(f.MISSING, title="no result")
    mismatches = int(score.row.get("special_mismatches") or 0)
    marks = (Mark(f"special {mismatches}", "m-special"),) if mismatches else ()
    if score.wrong is not None:
        samples = int(score.row["samples"])
        text = "right" if not score.wrong else f"{f.count(score.wrong)} of {f.count(samples)} wrong"
        return Cell(text, css=f"err {'e6' if score.wrong else 'e0'}", marks=marks)
    if score.growth is None:
        if broken:
            return _broken_cell(score, broken, marks)
        return Cell(_returned(score) if mismatches else "as required", css="bad" if mismatches else "good", marks=marks)
    also = [f"{words.METRIC_NAMES[s.metric]} {f.maximum(s.ratio)}" for s in beside if s.ratio]
    note = "; ".join([*([score.ulp_words] if score.ulp else []), *also])
    blamed = (Mark("the data's doing", "m-data", words.blame(score)),) if score.data_at_fault else ()
    growth = score.growth
    chips = (Mark(growth.chip, f"m-growth g-{growth.key}", growth.words),) if growth.rank >= 3 else ()
    zero = (Mark("flushed", "m-flushed", "zero comes out of subnormal numbers"),) if score.flushed else ()
    return Cell(
        words.amount(function, score),
        note=note,
        css=f"err {growth.css}",
        marks=(*chips, *zero, *blamed, *marks),
        sort=repr(score.badness[1]),
    )


def _broken_cell(score: Score, broken: Row, marks: tuple[Mark, ...]) -> Cell:
    """What came out where a documented rule requires something else."""
    dtype = str(broken.get("result_dtype") or score.row.get("result_dtype") or score.row["dtype"])
    due = detail.special_value(broken["expected"], dtype)
    got = detail.special_value(broken["got"], dtype)
    shown = marks or (Mark("special", "m-special"),)
    return Cell(got, note=f"instead of {due}", css="bad", marks=shown, title=str(broken["sentence"]))


def _returned(score: Score) -> str:
    """What came out instead of what is due, where it is known."""
    output = score.row.get("worst_output")
    return f.value(output, str(score.row.get("result_dtype") or score.row["dtype"])) if output else "not as required"


def figure_table(stored: Stored, function: Row, dtype: str) -> Table:
    """Every problem, metric and target with all its figures; targets with equal figures share a row."""
    keyed = []
    for target, trial in trials(stored, str(function["name"]), dtype).items():
        keyed += [(target, _figure_cells(function, s)) for s in trial.scores]
    rows = [TableRow((Cell(", ".join(names), header=True), *cells)) for names, cells in joined_by_value(keyed)]
    order = {s: i for i, s in enumerate(dict.fromkeys(r.cells[1].text for r in rows))}
    rows.sort(key=lambda r: order[r.cells[1].text])
    columns = [
        Column("targets", "targets"), Column("problem", "data"), Column("metric", "metric"),
        Column("ratio", "error over u·C", True, "the largest over the elements judged"),
        Column("ulp", "max (ulp)", True),
        Column("condition", "condition", True, "C/|y| where the error in ulp is largest"),
        Column("rel", "max relative error", True), Column("where", "where"), Column("output", "result → exact value"),
        Column("correct", "correctly rounded", True), Column("samples", "elements judged", True),
    ]  # fmt: skip
    return Table(f"detail-{dtype}", columns, rows, f"{function['name']} in {dtype}: all figures", sortable=True)


def _figure_cells(function: Row, s: Score) -> tuple[Cell, ...]:
    row, dtype = s.row, str(s.row.get("result_dtype") or s.row["dtype"])
    shown = row.get("worst_output") and (s.ulp or s.wrong)
    output = f"{f.value(row['worst_output'], dtype)} → {f.exact_decimal(row.get('exact'), 12)}" if shown else f.MISSING
    samples = row.get("samples")
    return (
        Cell(s.words, title=str(row.get("worst_input") or "")),
        Cell(words.METRIC_NAMES.get(s.metric, s.metric)),
        Cell(f.maximum(s.ratio), sort=repr(s.ratio or 0.0), css=f"err {s.growth.css}" if s.growth else ""),
        Cell(f.maximum(s.ulp), sort=repr(s.ulp or 0.0)),
        Cell(f.number(s.condition, 2), sort=repr(s.condition or 0.0)),
        Cell(f.maximum(row.get("max_rel")), sort=repr(row.get("max_rel") or 0.0)),
        Cell(str(row.get("worst_context") or f.MISSING)),
        Cell(output),
        Cell(f.share(row.get("correctly_rounded"), samples) if row.get("correctly_rounded") is not None else f.MISSING),
        Cell(f.count(samples)),
    )


def stopped_table(stored: Stored, function: Row, dtype: str) -> Table | None:
    """Targets without a result, problems that a target did not answer, with the reason; None where there are none."""
    name = str(function["name"])
    problems = problem_rows(stored, name, dtype)
    keyed = []
    for row in stored.rows(name):
        if row["dtype"] == dtype and row.get("status") != "ok":
            problem = problems.get(str(row["case"]))
            said = str(problem["words"]) if problem else "all"
            keyed.append((str(row["target"]), (said, str(row["status"]), str(row.get("reason") or ""))))
    if not keyed:
        return None
    rows = []
    for names, (said, status, reason) in joined_by_value(keyed):
        who = Cell(", ".join(dict.fromkeys(names)), header=True)
        rows.append(TableRow((who, Cell(said), Cell(status, css=f"status s-{status}"), Cell(reason))))
    columns = [Column("targets", "targets"), Column("problem", "data"), Column("status", "status"),
               Column("reason", "reason")]  # fmt: skip
    return Table(f"stopped-{dtype}", columns, rows, f"{name} in {dtype}: no result")


def special_table(stored: Stored, name: str) -> tuple[Table, str]:
    """Special cases, their inputs as problems in words."""
    table, summary = detail.special_table(stored, name)
    keys = [c.key for c in table.columns]
    place = keys.index("input")
    table.columns[place] = Column("input", "data")
    for i, row in enumerate(table.rows):
        cells = list(row.cells)
        given = cells[place].title or cells[place].text
        dtype = cells[keys.index("dtypes")].text.split(", ")[0]
        cells[place] = Cell(in_words(stored, name, dtype, given), title=given)
        table.rows[i] = TableRow(tuple(cells), row.attrs)
    return table, summary


def agreement_tables(stored: Stored, name: str) -> tuple[Table, Table]:
    """Agreement of pairs of targets, problem by problem, in words."""
    tables = detail.agreement_tables(stored, name)
    problems = {str(r["case"]): str(r["words"]) for r in stored.of("problems", name)}
    for table in tables:
        keys = [c.key for c in table.columns]
        case, at = keys.index("case"), keys.index("input")
        table.columns = [Column("case", "data") if c.key == "case" else Column("input", "at") if c.key == "input" else c
                         for c in table.columns]  # fmt: skip
        for i, row in enumerate(table.rows):
            cells = list(row.cells)
            case_name, where = cells[case].text, cells[at].text
            cells[case] = Cell(problems.get(case_name, case_name))
            cells[at] = Cell(where.removeprefix(case_name).strip() or f.MISSING)
            table.rows[i] = TableRow(tuple(cells), row.attrs)
    return tables


def repetition_table(stored: Stored, name: str) -> Table:
    """Does the same call give the same bits when it is made again? One row a target and dtype with differences."""
    totals: dict[tuple[str, str], list[int]] = {}
    for r in sorted(stored.of("determinism", name), key=lambda r: dtype_key(str(r["dtype"]))):
        total = totals.setdefault((str(r["target"]), str(r["dtype"])), [0, 0])
        total[0] += int(r["run_differs"] or 0)
        total[1] += int(r["run_tested"] or 0)
    moving = [(t, d, v) for (t, d), v in totals.items() if v[0]]
    quiet: dict[str, list[int]] = {}
    for (target, _), (differs, tested) in totals.items():
        if not differs:
            quiet[target] = [quiet.get(target, [0])[0] + tested]
    rows = [
        TableRow((Cell(t, header=True), Cell(d), Cell(f"{f.count(v[0])} of {f.count(v[1])}", css="bad")))
        for t, d, v in moving
    ]
    rows += [
        TableRow((Cell(", ".join(names), header=True), Cell("all others" if moving else "all"),
                  Cell(f"0 of {f.count(tested[0])}", css="good")))
        for names, tested in joined_by_value(quiet.items())
    ]  # fmt: skip
    columns = [Column("target", "target"), Column("dtype", "dtype"), Column("differs", "elements that differ", True)]
    return Table("self-agreement", columns, rows, f"{name}: the same call, made again", empty="No call was repeated.")
