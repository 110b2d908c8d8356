"""Data of the front page: the question, its answer, the table of 2017, exp and max, and the matrix."""

from __future__ import annotations

from reportgen.core import formatting as f
from reportgen.render import answer
from reportgen.render.model import Answer, Cell, Column, Fact, FrontPage, Mark, Option, Table, TableRow
from reportgen.render.palette import ERROR_STEPS, error_class
from reportgen.render.stored import Row, Stored
from reportgen.render.summary import (
    Summary,
    counted,
    error_key,
    farthest,
    joined_by_value,
    pair_counts,
    pair_rows,
    summaries,
)

QUESTION = (
    "Is there any real difference between the functions of NumPy and TensorFlow, exp or max say, "
    "other than taking tensors?"
)
ANSWERED = ("exp", "max", "maximum")
MARKS = (
    Mark("position", "m-position", "the same input gives another result elsewhere in the array, or alone"),
    Mark("flushed", "m-flushed", "zero comes out where an input or the exact result is subnormal"),
    Mark(
        "special", "m-special", "NaN, infinity or the sign of zero is not what is documented; with the number of inputs"
    ),
    Mark("constant", "m-constant", "another result where the input is a compile-time constant"),
    Mark("layout", "m-layout", "another result for strided, offset or reversed arrays"),
    Mark("undecided", "m-undecided", "inputs whose exact result could not be settled; with their number"),
)
_MARK = {m.text: m for m in MARKS}


def front_page(stored: Stored) -> FrontPage:
    columns = matrix_targets(stored)
    history = history_table(stored)
    return FrontPage(
        question=QUESTION,
        tiles=answer.tiles(stored),
        sentences=answer.front_sentences(stored),
        history=history,
        history_sentence=history_sentence(stored),
        answers=[a for name in ANSWERED if (a := function_answer(stored, name))],
        matrix=matrix(stored, columns),
        legend=[Mark(text, css) for _, css, text in ERROR_STEPS],
        marks=list(MARKS),
        families=[Option(x, x) for x in sorted({str(fn.get("family", "")) for fn in stored.functions})],
        dtypes=[Option(d, d) for d in stored.all_dtypes()],
        targets=[Option(t, t) for t in columns],
        absent=absent_targets(stored),
        facts=facts(stored),
    )


def measured_targets(stored: Stored) -> list[str]:
    """Live targets that could run on this machine: the columns of the matrix."""
    ran = {r["target"] for r in stored.measurements if r.get("status") != "unavailable"}
    return [t["name"] for t in stored.live_targets if t["name"] in ran]


def matrix_targets(stored: Stored) -> list[str]:
    """Columns of the matrix: targets that answered in at least a quarter of what any target answered.

    Others (asked by one spec only) would be columns of blanks; they stand on the functions' own pages.
    """
    tried: dict[str, set[tuple[str, str]]] = {}
    for r in stored.measurements:
        if r.get("status") != "unavailable" and r["case"] in stored.main_cases(r["function"], r["dtype"]):
            tried.setdefault(r["target"], set()).add((r["function"], r["dtype"]))
    most = max((len(v) for v in tried.values()), default=0)
    return [name for name in measured_targets(stored) if 4 * len(tried.get(name, ())) >= most]


def absent_targets(stored: Stored) -> list[Fact]:
    ran, columns = set(measured_targets(stored)), set(matrix_targets(stored))
    out = []
    for t in stored.live_targets:
        if t["name"] not in ran:
            reason = t.get("reason") or "not part of these cases"
            out.append(Fact(t["name"], f"{t.get('status') or 'unavailable'}: {reason}"))
        elif t["name"] not in columns:
            asked = sorted({str(r["function"]) for r in stored.measurements if r["target"] == t["name"]})
            out.append(Fact(t["name"], f"asked for a few functions only, on their pages: {f.listing(asked)}"))
    return out


def facts(stored: Stored) -> list[Fact]:
    counts = (stored.raw.get("provenance") or {}).get("counts") or {}
    functions = len(stored.functions)
    known = (
        ("function" if functions == 1 else "functions", functions),
        ("samples", counts.get("samples")),
        ("settled by mpmath itself", counts.get("confirmed")),
        ("undecided", counts.get("undecided")),
    )
    return [Fact("depth", stored.depth), *(Fact(k, f.count(int(v))) for k, v in known if v is not None)]


# -- 2017 ----------------------------------------------------------------------------------------------
def _history_rows(stored: Stored, key: tuple[str, str, str]) -> dict[str, list[Row]]:
    """Per target the rows over all regimes of the recorded case, recorded targets first."""
    function, dtype, case = key
    order = {t["name"]: i for i, t in enumerate(stored.recorded_targets + stored.live_targets)}
    found: dict[str, list[Row]] = {}
    for row in stored.rows(function):
        if (row["dtype"], row["case"], row.get("regime")) == (dtype, case, "all"):
            found.setdefault(row["target"], []).append(row)
    return {name: found[name] for name in sorted(found, key=lambda n: order.get(n, 999))}


def tied_inputs(stored: Stored, key: tuple[str, str, str], target: str, row: Row) -> str:
    """The worst input and those that tie with it, as far as the profile lists them."""
    function, dtype, case = key
    inputs = [str(row["worst_input"])]
    for stored_case in stored.profile(function)["cases"]:
        if (stored_case["dtype"], stored_case["case"]) == (dtype, case):
            listed = stored_case["targets"].get(target, {}).get("worst", [])
            inputs += [";".join(w["input"]) for w in listed if w["ulp"] == row["max_ulp"]]
    texts = list(dict.fromkeys(f.value(x, dtype) for x in inputs))
    return f.listing(texts[:4]) if len(texts) <= 4 else f"{', '.join(texts[:4])} …"


def history_table(stored: Stored) -> Table | None:
    """Recorded targets beside today's on the same inputs; None where nothing recorded was scored."""
    cases = stored.recorded_cases()
    if not cases:
        return None
    rows = []
    for key in cases:
        for target, closing in _history_rows(stored, key).items():
            rows.append(_history_row(stored, key, target, closing))
    columns = [
        Column("target", "target"),
        Column("version", "version"),
        Column("inputs", "inputs", True),
        Column("wrong", "not correctly rounded", True, "results that are not the float nearest the exact value"),
        Column("max", "max error (ulp)", True),
        Column("worst", "worst at x ="),
    ]
    names = [f"{fn} of {case} in {dtype}" for fn, dtype, case in cases]
    return Table(
        "history", columns, rows, f"{f.listing(names)}: as printed then, and measured today (worst path of each)."
    )


def _history_row(stored: Stored, key: tuple[str, str, str], target: str, closing: list[Row]) -> TableRow:
    info = stored.target(target)
    ok = counted(closing)
    then = info.get("mode") == "recorded"
    head = (Cell(target, header=True, css="then" if then else ""), Cell(str(info.get("version", ""))))
    if not ok:
        status = Cell(str(closing[0]["status"]), title=str(closing[0].get("reason") or ""))
        return TableRow((*head, Cell(f.MISSING), status, Cell(f.MISSING), Cell(f.MISSING)))
    worst = max(ok, key=error_key)
    wrong = max(int(r["samples"]) - int(r["correctly_rounded"]) for r in ok)
    exact = worst["max_ulp"] is None or worst["max_ulp"] == 0
    return TableRow(
        (
            *head,
            Cell(f.count(int(worst["samples"]))),
            Cell(f.count(wrong), css="bad" if wrong else "good"),
            Cell(f.maximum(worst["max_ulp"]), css="err " + error_class(worst["max_ulp"])),
            Cell(f.MISSING if exact else tied_inputs(stored, key, target, worst)),
        ),
        (("class", "then"),) if then else (),
    )


def history_sentence(stored: Stored) -> str:
    """The anecdote and what became of it, e.g. 56 of 100 roots in 2017 and none today."""
    parts = []
    for key in stored.recorded_cases():
        for target, closing in _history_rows(stored, key).items():
            ok = counted(closing)
            if not ok or (target not in ("numpy", "tensorflow") and stored.target(target).get("mode") != "recorded"):
                continue
            worst = max(ok, key=error_key)
            wrong = max(int(r["samples"]) - int(r["correctly_rounded"]) for r in ok)
            name = target.split("@")[0]
            version = stored.target(target).get("version", "")
            text = f"{answer.shown(name)} {version}: {wrong} of {worst['samples']} not correctly rounded"
            if wrong:
                text += f", worst {f.maximum_with_unit(worst['max_ulp'])} at {tied_inputs(stored, key, target, worst)}"
            parts.append(text)
    return "; ".join(parts) + "." if parts else ""


# -- exp and max ---------------------------------------------------------------------------------------
def function_lead(stored: Stored, name: str) -> str:
    """In which dtypes the two libraries differ, in a few words; empty where the function was not measured."""
    dtypes = stored.dtypes(name)
    pairs = {d: pair_counts(pair_rows(stored, name, d, answer.NUMPY, answer.TENSORFLOW)) for d in dtypes}
    compared = [d for d in dtypes if pairs[d][1]]
    same = [d for d in compared if pairs[d][0] == pairs[d][1]]
    differ = [d for d in compared if d not in same]
    if not compared:
        return _uncompared_lead(stored, name, dtypes)
    if not differ:
        return f"no difference found in {f.listing(same)}"
    if not same:
        return f"different in {f.listing(differ)}"
    return f"no difference found in {f.listing(same)}; different in {f.listing(differ)}"


def _uncompared_lead(stored: Stored, name: str, dtypes: list[str]) -> str:
    """What the measurements alone tell where results were not compared pair by pair."""
    for target in (answer.NUMPY, answer.TENSORFLOW):
        for dtype in dtypes:
            s = summaries(stored, name, dtype).get(target)
            if s is None or not s.measured or s.mismatches or s.overall is None or s.overall["max_ulp"] != 0:
                return "not compared" if dtypes else ""
    return f"both exact on every input tried, in {f.listing(dtypes)}" if dtypes else ""


def function_answer(stored: Stored, name: str) -> Answer | None:
    """One function answered, dtypes with equal findings in one row; None where it was not measured."""
    dtypes = stored.dtypes(name)
    if not dtypes:
        return None
    rows = [
        TableRow((Cell(", ".join(names), header=True), *cells))
        for names, cells in joined_by_value((d, _answer_cells(stored, name, d)) for d in dtypes)
    ]
    columns = [
        Column("dtype", "dtype"),
        Column("numpy", "NumPy, max error (ulp)", True),
        Column("tensorflow", "TensorFlow, max error (ulp)", True),
        Column("same", "same bits", True),
        Column("far", "farthest apart"),
        Column("also", "notable"),
    ]
    lead = function_lead(stored, name)
    return Answer(name, f"functions/{name}.html", lead, Table(f"asked-{name}", columns, rows, f"{name}: {lead}"))


def _answer_cells(stored: Stored, name: str, dtype: str) -> tuple[Cell, ...]:
    by = summaries(stored, name, dtype)
    rows = pair_rows(stored, name, dtype, answer.NUMPY, answer.TENSORFLOW)
    equal, compared = pair_counts(rows)
    far = farthest(rows) if equal < compared else None
    apart = f.MISSING
    if far is not None and far.get("input"):
        ends = " | ".join(f.value(far[k], dtype) for k in ("first_output", "second_output"))
        apart = f"{answer.apart(float(far['max_distance']))} at {answer.point(far['input'], dtype)}: {ends}"
    missing = Summary("", "absent", "not part of this case")
    return (
        *(matrix_cell(by.get(t) or missing, marked=False) for t in (answer.NUMPY, answer.TENSORFLOW)),
        agreement_cell(equal, compared),
        Cell(apart),
        Cell(_notable(by)),
    )


def _notable(by: dict[str, Summary]) -> str:
    """``TensorFlow, tensorflow-graph: position, flushed; …``"""
    found = [(answer.shown(name), tuple(m.text for m in marks(s))) for name, s in by.items() if s.measured]
    return (
        "; ".join(f"{', '.join(names)}: {', '.join(words)}" for names, words in joined_by_value(found) if words)
        or f.MISSING
    )


# -- the matrix ----------------------------------------------------------------------------------------
def matrix(stored: Stored, columns: list[str]) -> Table:
    """One row a function × dtype, one column a target; the number is the largest error over paths in regime normal."""
    rows = []
    for function in stored.functions:
        for dtype in stored.dtypes(function["name"]):
            by = summaries(stored, function["name"], dtype)
            rows.append(matrix_row(stored, function, dtype, columns, by))
    head = [Column("function", "function"), Column("dtype", "dtype"), Column("agree", "NumPy = TensorFlow", True)]
    described = {t["name"]: str(t.get("sentence", "")) for t in stored.targets}
    return Table(
        "matrix",
        head + [Column(t, t, True, described.get(t, "")) for t in columns],
        rows,
        "Largest error in ulp over all paths, normal results only.",
        sortable=True,
        empty="Nothing was measured.",
    )


def matrix_row(stored: Stored, function: Row, dtype: str, columns: list[str], by: dict[str, Summary]) -> TableRow:
    name = function["name"]
    equal, compared = pair_counts(pair_rows(stored, name, dtype, answer.NUMPY, answer.TENSORFLOW))
    alias = f"also called {f.listing(function['aliases'])}" if function.get("aliases") else ""
    cells = [
        Cell(name, href=f"functions/{name}.html", title=str(function.get("sentence", "")), header=True, sort=name),
        Cell(dtype, sort=str(stored.all_dtypes().index(dtype))),
        agreement_cell(equal, compared),
    ]
    cells += [matrix_cell(by.get(t) or Summary(t, "absent", "not part of this case")) for t in columns]
    attrs = [
        ("data-f", " ".join([name, *function.get("aliases", [])])),
        ("data-d", dtype),
        ("data-g", str(function.get("family", ""))),
    ]
    if compared and equal < compared:
        attrs.append(("data-x", "1"))
    if alias:
        cells[0] = Cell(name, href=cells[0].href, title=f"{cells[0].title} ({alias})", header=True, sort=name)
    return TableRow(tuple(cells), tuple(attrs))


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
        return Cell(word, title=s.reason, css=f"status s-{s.status}", sort="-2")
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


def cell_title(s: Summary) -> str:
    """Tooltip: the figure over all regimes where it is larger, and where the headline stands."""
    assert s.best is not None
    parts = [f"on path {s.best['path']} at {f.value(s.best['worst_input'], str(s.best['dtype']))}"]
    if s.overall is not None and s.overall["max_ulp"] != s.best["max_ulp"]:
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
