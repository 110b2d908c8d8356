"""Tables of function × dtype against targets: a figure, its coverage and its marks in each cell."""

from __future__ import annotations

from dataclasses import replace

from reportgen.core import formatting as f
from reportgen.render import answer, machines
from reportgen.render.model import Cell, Column, Mark, Table, TableRow
from reportgen.render.palette import error_class
from reportgen.render.stored import Row, Stored
from reportgen.render.summary import Summary, joined_by_value, pair_counts, pair_rows, summaries

MARKS = (
    Mark("position", "m-position", "the same input gives another result elsewhere in the array, or alone"),
    Mark("flushed", "m-flushed", "a subnormal input is taken for zero, or a subnormal result becomes zero"),
    Mark(
        "special", "m-special", "NaN, infinity or the sign of zero is not what is documented; with the number of inputs"
    ),
    Mark("constant", "m-constant", "another result where the input is a compile-time constant"),
    Mark("layout", "m-layout", "another result for strided, offset or reversed arrays"),
    Mark("undecided", "m-undecided", "inputs whose exact result could not be settled; with their number"),
)
_MARK = {m.text: m for m in MARKS}


def measured_targets(stored: Stored) -> list[str]:
    """Live targets that could run on this machine."""
    ran = {r["target"] for r in stored.measurements if r.get("status") != "unavailable"}
    return [t["name"] for t in stored.live_targets if t["name"] in ran]


def matrix_targets(stored: Stored, section: str = "real") -> list[str]:
    """Columns of a section's matrix: targets with results in at least a quarter of what any target answered.

    Others (asked by one spec only) would be columns of blanks; they stand on the functions' own pages. The first
    target of each library that has results is always a column: SciPy is asked for what NumPy lacks.
    """
    tried: dict[str, int] = {}
    for function, dtype in stored.combinations(section):
        for name, s in summaries(stored, function["name"], dtype).items():
            tried[name] = tried.get(name, 0) + (s.status not in ("unavailable", "absent"))
    most = max(tried.values(), default=0)
    kept, libraries = [], set()
    for target in stored.live_targets:
        name, library = str(target["name"]), str(target.get("library", ""))
        if not tried.get(name):
            continue
        if 4 * tried[name] >= most or library not in libraries:
            kept.append(name)
        libraries.add(library)
    return kept


MATRIX_CAPTION = "Largest error in ulp over all paths, normal results only."


def matrix(
    stored: Stored, columns: list[str], section: str = "real", name: str = "matrix", caption: str = MATRIX_CAPTION
) -> Table:
    """One row a function × dtype of a section, one column a target: the largest error over paths in regime normal.

    Dtypes with equal findings share a row outside the main matrix, whose rows can be chosen by dtype.
    """
    rows: list[TableRow] = []
    by_function: dict[str, tuple[Row, list[str]]] = {}
    for function, dtype in stored.combinations(section):
        by_function.setdefault(str(function["name"]), (function, []))[1].append(dtype)
    for function, dtypes in by_function.values():
        if section == "real":
            rows += [matrix_row(stored, function, d, columns) for d in dtypes]
        else:
            rows += _joined_rows(stored, function, dtypes, columns)
    compared = any(rows_of for (fn, d), rows_of in stored.pairs.items() if rows_of and _in(stored, fn, d, section))
    head = [Column("function", "function"), Column("dtype", "dtype")]
    head += [Column("agree", "NumPy = TensorFlow", True, AGREE)] if section != "gradient" and compared else []
    described = {t["name"]: machines.described(stored, t) for t in stored.targets}
    if len(head) == 2:
        rows = [TableRow((*r.cells[:2], *r.cells[3:]), r.attrs) for r in rows]
    return Table(
        name,
        head + [Column(t, t, True, described.get(t, "")) for t in columns],
        rows,
        caption,
        sortable=True,
        empty="Nothing was measured." if section != "real" else "No function of real numbers was measured.",
    )


AGREE = "how many results of TensorFlow (eager) have the bits of NumPy's, or of SciPy's where it says so"


def _in(stored: Stored, function: str, dtype: str, section: str) -> bool:
    return stored.section(stored.function(function), dtype) == section


def _joined_rows(stored: Stored, function: Row, dtypes: list[str], columns: list[str]) -> list[TableRow]:
    """Rows of one function, those joined that are equal in every cell; how many inputs were right is not told."""
    made = [(d, matrix_row(stored, function, d, columns)) for d in dtypes]
    out = []
    for names, cells in joined_by_value((d, tuple(map(_without_count, row.cells[2:]))) for d, row in made):
        first = next(row for d, row in made if d == names[0])
        out.append(TableRow((first.cells[0], Cell(", ".join(names), sort=first.cells[1].sort), *cells)))
    return out


def _without_count(c: Cell) -> Cell:
    return replace(c, note=c.note.split(" ")[0]) if c.text == "right" else c


def matrix_row(stored: Stored, function: Row, dtype: str, columns: list[str]) -> TableRow:
    name = function["name"]
    by = summaries(stored, name, dtype)
    reference = answer.reference_of(stored, name, dtype)
    equal, compared = pair_counts(pair_rows(stored, name, dtype, reference, answer.TENSORFLOW))
    agree = agreement_cell(equal, compared)
    if compared and reference != answer.NUMPY:
        agree = replace(agree, note=answer.shown(reference))
    title = str(function.get("sentence", ""))
    if function.get("aliases"):
        title += f" (also called {f.listing(function['aliases'])})"
    head = Cell(name, href=f"functions/{name}.html", title=title, header=True, sort=name)
    cells = [head, Cell(dtype, sort=str(stored.all_dtypes().index(dtype))), agree]
    cells += [_lean(matrix_cell(by.get(t) or Summary(t, "absent", "not part of this case"))) for t in columns]
    attrs = [
        ("data-f", " ".join([name, *function.get("aliases", [])])),
        ("data-d", dtype),
        ("data-g", str(function.get("family", ""))),
    ]
    if compared and equal < compared:
        attrs.append(("data-x", "1"))
    return TableRow(tuple(cells), tuple(attrs))


def _lean(c: Cell) -> Cell:
    """The cell without what the page can do without: thousands of them stand on the front page."""
    return replace(c, css=c.css.removeprefix("err "), sort=None if c.sort and _sorts_itself(c.text) else c.sort)


def _sorts_itself(text: str) -> bool:
    """Whether a printed figure is a key to sort by."""
    return text.replace(".", "", 1).isdigit()


def agreement_cell(equal: int, compared: int) -> Cell:
    if not compared:
        return Cell(f.MISSING, title="not compared", sort="-1")
    text = "identical" if equal == compared else f.share(equal, compared)
    title = f"{f.count(equal)} of {f.count(compared)} results have the same bits"
    return Cell(text, title=title, css="same" if equal == compared else "differs", sort=f"{equal / compared:.9f}")


def matrix_cell(s: Summary, marked: bool = True) -> Cell:
    """Headline, coverage and marks of one target; a status word where there is no number."""
    if not s.measured:
        word = "not tried" if s.status == "absent" else s.status
        if s.target == answer.SCIPY and s.status in ("unsupported", "absent"):
            word = f.MISSING  # asked only for what NumPy lacks
        return Cell(word, title=s.reason, css=f"status s-{s.status}", sort="-2")
    if s.counted_wrong is not None:
        return right_cell(s, marked)
    if s.best is None:
        body = s.body or {}
        note = f"{body.get('coverage', '')} {f.short_count(body.get('samples'))}"
        return Cell(f.MISSING, note=note, title="no error in ulp applies", sort="-1", marks=marks(s) if marked else ())
    value = float(s.best["max_ulp"])
    return Cell(
        f.maximum(value),
        note=f"{s.best['coverage']} {f.short_count(s.best['samples'])}",
        title=cell_title(s),
        css="err " + error_class(value),
        sort=f"{value:.9g}",
        marks=marks(s) if marked else (),
    )


def right_cell(s: Summary, marked: bool) -> Cell:
    """Results that are right or wrong: ``right`` only where every one is."""
    assert s.counted_wrong is not None
    wrong, samples = s.counted_wrong
    body = s.body or {}
    worst = s.farthest_wrong
    title = ""
    if worst is not None:
        result = str(worst.get("result_dtype") or worst["dtype"])
        title = f"{f.value(worst['worst_output'], result)} at {f.value(worst['worst_input'], str(worst['dtype']))}"
    return Cell(
        "right" if not wrong else f"{f.count(wrong)} wrong",
        note=f"{body.get('coverage', '')} {f.short_count(samples)}",
        title=title,
        css="err " + ("e0" if not wrong else "e6"),
        sort=str(wrong),
        marks=marks(s) if marked else (),
    )


def cell_title(s: Summary) -> str:
    """Tooltip of what is not correctly rounded: path and input of the headline, and the figure over all regimes."""
    assert s.best is not None
    value = float(s.best["max_ulp"])
    parts = [f"{s.best['path']}, {f.value(s.best['worst_input'], str(s.best['dtype']))}"] if value > 0.5 else []
    if s.overall is not None and s.overall["max_ulp"] > max(value, 0.5):
        parts.append(f"all regimes: {f.maximum_with_unit(s.overall['max_ulp'])}")
    return "; ".join(parts)


def marks(s: Summary) -> tuple[Mark, ...]:
    out = []
    for check in ("position", "constant", "layout"):
        differs, _ = s.check(check)
        if differs:
            out.append(Mark(check, _MARK[check].css))
    if s.flushed:
        out.append(Mark("flushed", "m-flushed"))
    if s.mismatches:
        out.append(Mark(f"special {f.count(s.mismatches)}", "m-special"))
    if s.undecided:
        out.append(Mark(f"undecided {f.count(s.undecided)}", "m-undecided"))
    return tuple(out)
