"""Data of the table "Promised elsewhere, measured here" on a function's page."""

from __future__ import annotations

from reportgen.core import formatting as f
from reportgen.render.answer import NUMPY, TENSORFLOW
from reportgen.render.matrix import matrix_cell
from reportgen.render.model import Cell, Column, Mark, Table, TableRow
from reportgen.render.stored import Row, Stored, dtype_key
from reportgen.render.summary import Summary, summaries

HALF = 0.5
"""What separates an error counted from the correctly rounded result from one against the exact value, in ulp."""

ABOVE = Mark("above", "m-special", "larger than what is promised there for all inputs")

COLUMNS = [
    Column("dtype", "dtype"),
    Column("who", "promised by"),
    Column("bound", "promised", True, "largest error that is stated"),
    Column("domain", "for"),
    Column("numpy", "NumPy, measured (ulp)", True, "largest error over all paths, normal results only"),
    Column("tensorflow", "TensorFlow, measured (ulp)", True, "largest error over all paths, normal results only"),
    Column("condition", "how it came about"),
    Column("source", "source"),
]


def promised_table(stored: Stored, name: str) -> Table | None:
    """Bounds stated elsewhere beside the maxima of the same dtype measured here; None where nobody states any."""
    dtypes = stored.dtypes(name)
    promises = [p for p in stored.function(name).get("promised") or [] if p["dtype"] in dtypes]
    if not promises:
        return None
    promises.sort(key=lambda p: dtype_key(str(p["dtype"])))
    rows = [_row(p, summaries(stored, name, str(p["dtype"]))) for p in promises]
    return Table("promised-bounds", COLUMNS, rows, f"{name}: promised elsewhere, measured here", sortable=True)


def _row(promise: Row, by_target: dict[str, Summary]) -> TableRow:
    own = [_measured(by_target.get(target), promise) for target in (NUMPY, TENSORFLOW)]
    return TableRow(
        (
            Cell(str(promise["dtype"])),
            Cell(str(promise["implementation"]), header=True),
            Cell(bound_words(promise), sort=repr(float(promise["bound"]))),
            Cell(str(promise["domain"]) or "all inputs"),
            *own,
            Cell(str(promise["condition"])),
            Cell(str(promise["source"]), title=str(promise["url"])),
        )
    )


def bound_words(promise: Row) -> str:
    """``2.5 ulp``, ``2 ulp + rounding``, ``2.2e−6 absolute``: the figure as its source prints it."""
    bound = f.shortest(float(promise["bound"]), "float64")
    return {"ulp": f"{bound} ulp", "ulp-rounded": f"{bound} ulp + rounding"}.get(promise["unit"], f"{bound} absolute")


def allowed(promise: Row) -> float | None:
    """The bound against the exact value in ulp, where it is one for all inputs; else None."""
    if promise["domain"] or promise["unit"] == "absolute":
        return None
    return float(promise["bound"]) + (HALF if promise["unit"] == "ulp-rounded" else 0.0)


def _measured(summary: Summary | None, promise: Row) -> Cell:
    if summary is None:
        return Cell(f.MISSING, sort="-2")
    cell = matrix_cell(summary, marked=False)
    limit = allowed(promise)
    above = limit is not None and summary.best is not None and float(summary.best["max_ulp"]) > limit
    return Cell(cell.text, title=cell.title, css=cell.css, sort=cell.sort, marks=(ABOVE,) if above else ())
