"""Tables of a function's page for results that are no single real numbers: complex parts, right or wrong."""

from __future__ import annotations

from reportgen.core import formatting as f
from reportgen.core.dtypes import kind_of
from reportgen.render import detail
from reportgen.render.matrix import marks, right_cell
from reportgen.render.model import Cell, Column, Table, TableRow
from reportgen.render.palette import error_class
from reportgen.render.stored import Row, Stored, path_key, regime_key
from reportgen.render.summary import (
    EQUAL_METRIC,
    HEADLINE_REGIME,
    OMITTED_METRICS,
    Summary,
    joined_by_value,
    summaries,
)

PART_NAMES = {"re": "real part", "im": "imaginary part"}


def glance_table(stored: Stored, name: str, dtype: str) -> Table:
    """One row a target, in the form that fits the results of a function in a dtype."""
    by = summaries(stored, name, dtype)
    if any(s.counted_wrong is not None for s in by.values()):
        return _equal_glance(by, name, dtype)
    table = detail.glance_table(stored, name, dtype)
    return _with_parts(stored, table, name, dtype) if kind_of(dtype) == "complex" else table


def detail_table(stored: Stored, name: str, dtype: str) -> Table:
    """Every case, path and regime, in the form that fits."""
    rows = [r for r in stored.rows(name) if r["dtype"] == dtype and r.get("status") == "ok"]
    if rows and all(r.get("metric") == EQUAL_METRIC for r in rows):
        return _equal_detail(rows, name, dtype)
    return detail.detail_table(stored, name, dtype)


# -- complex ---------------------------------------------------------------------------------------------
def _with_parts(stored: Stored, table: Table, name: str, dtype: str) -> Table:
    """The table at a glance with the largest error of each part beside the normwise one."""
    cases = stored.main_cases(name, dtype)
    largest: dict[tuple[str, str], float] = {}
    for r in stored.rows(name):
        fits = r["dtype"] == dtype and r["case"] in cases and r["regime"] == HEADLINE_REGIME
        if fits and r.get("metric") in OMITTED_METRICS and r.get("max_ulp") is not None:
            key = (str(r["target"]), str(r["metric"]))
            largest[key] = max(largest.get(key, 0.0), float(r["max_ulp"]))
    if not largest:
        return table
    rows: list[TableRow] = []
    for row in table.rows:
        # Targets with equal normwise figures may differ in their parts: then they get rows of their own.
        keyed = (
            (t, tuple(_part_cell(largest.get((t, m))) for m in OMITTED_METRICS)) for t in row.cells[0].text.split(", ")
        )
        for names, cells in joined_by_value(keyed):
            rows.append(TableRow((Cell(", ".join(names), header=True), *row.cells[1:3], *cells, *row.cells[3:])))
    added = [
        Column(m, f"max, {PART_NAMES[m]} (ulp)", True, "largest error in ulp of that part") for m in OMITTED_METRICS
    ]
    columns = [*table.columns[:3], *added, *table.columns[3:]]
    return Table(table.name, columns, rows, f"{table.caption} (normwise error)", empty=table.empty)


def _part_cell(value: float | None) -> Cell:
    return Cell(f.maximum(value), css="err " + error_class(value) if value is not None else "")


# -- right or wrong --------------------------------------------------------------------------------------
def _equal_glance(by: dict[str, Summary], name: str, dtype: str) -> Table:
    keyed = [(target, _equal_cells(s, dtype)) for target, s in by.items() if s.counted_wrong is not None]
    rows = [TableRow((Cell(", ".join(names), header=True), *cells)) for names, cells in joined_by_value(keyed)]
    columns = [
        Column("targets", "targets"),
        Column("right", "right or wrong", True, "on the path with the largest share wrong"),
        Column("off", "largest difference", True),
        Column("at", "farthest at x ="),
        Column("got", "result → exact value"),
        Column("special", "special mismatches", True),
        Column("notable", "notable"),
    ]
    return Table(f"glance-{dtype}", columns, rows, f"{name} in {dtype}: at a glance", empty="No target gave a result.")


def _equal_cells(s: Summary, dtype: str) -> tuple[Cell, ...]:
    worst = s.farthest_wrong
    found = marks(s)
    return (
        right_cell(s, marked=False),
        Cell(f.number(worst["max_abs"]) if worst else "0"),
        *_worst_cells(worst, dtype),
        Cell(f.count(s.mismatches), css="bad" if s.mismatches else ""),
        Cell("" if found else f.MISSING, marks=found),
    )


def _worst_cells(row: Row | None, dtype: str) -> tuple[Cell, Cell]:
    if row is None or row.get("worst_input") is None:
        return Cell(f.MISSING), Cell(f.MISSING)
    result = str(row.get("result_dtype") or dtype)
    text = f"{f.value(row['worst_output'], result)} → {f.exact_decimal(row.get('exact'), 20)}"
    return Cell(f.value(row["worst_input"], dtype), code=True), Cell(text)


def _equal_detail(rows: list[Row], name: str, dtype: str) -> Table:
    cases = list(dict.fromkeys(str(r["case"]) for r in rows))
    rows = sorted(rows, key=lambda r: (cases.index(str(r["case"])), regime_key(r["regime"]), path_key(r.get("path"))))
    keyed = [(str(r["target"]), _equal_row(r, dtype, len(cases) > 1)) for r in rows]
    out = [TableRow((Cell(", ".join(names), header=True), *cells)) for names, cells in joined_by_value(keyed)]
    columns = [
        Column("targets", "targets"), Column("regime", "regime"), Column("path", "path"),
        Column("right", "right", True), Column("wrong", "wrong", True), Column("off", "largest difference", True),
        Column("input", "at x ="), Column("output", "result → exact value"),
        Column("coverage", "coverage"), Column("samples", "inputs", True),
    ]  # fmt: skip
    return Table(f"detail-{dtype}", columns, out, f"{name} in {dtype}: every path and regime", sortable=True)


def _equal_row(row: Row, dtype: str, show_case: bool) -> tuple[Cell, ...]:
    samples, right = int(row["samples"]), int(row["correctly_rounded"])
    return (
        Cell(str(row["regime"]) + (f" ({row['case']})" if show_case else "")),
        Cell(str(row.get("path") or f.MISSING), title=str(row.get("worst_context") or "")),
        Cell(f.share(right, samples)),
        Cell(f.count(samples - right), css="bad" if samples > right else ""),
        Cell(f.number(row.get("max_abs"))),
        *_worst_cells(row, dtype),
        Cell(str(row.get("coverage") or "")),
        Cell(f.count(samples)),
    )
