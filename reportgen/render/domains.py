"""Data of the table "Inputs of the user's own" on a function's page: each case with its domain in words."""

from __future__ import annotations

from reportgen.core import formatting as f
from reportgen.render.matrix import matrix_cell
from reportgen.render.model import Cell, Column, Table, TableRow
from reportgen.render.stored import Row, Stored
from reportgen.render.summary import summarise

WHOLE = ("ordinals", "typical", "arrays")
"""Cases that every function gets without asking; the tables above are about them."""


def domain_table(stored: Stored, name: str) -> Table | None:
    """One row a case of a spec's own and dtype, with the largest normal error of each target; None without any."""
    grouped: dict[tuple[str, str, str], list[Row]] = {}
    for row in stored.rows(name):
        if row["case"] not in WHOLE:
            grouped.setdefault((str(row["spec"]), str(row["case"]), str(row["dtype"])), []).append(row)
    # Targets without any answer have a table of their own beneath each dtype.
    answered = [r for rows in grouped.values() for r in rows if r.get("status") == "ok"]
    targets = list(dict.fromkeys(str(r["target"]) for r in answered))
    if not grouped:
        return None
    order = {str(t["name"]): i for i, t in enumerate(stored.targets)}
    targets.sort(key=lambda t: order.get(t, len(order)))
    columns = [
        Column("case", "case"),
        Column("spec", "spec"),
        Column("dtype", "dtype"),
        Column("domain", "inputs"),
        Column("points", "points", True),
        *(Column(t, t, True, "largest error in ulp over all paths, normal results only") for t in targets),
    ]
    rows = [_row(key, found, targets) for key, found in grouped.items()]
    return Table("own-domains", columns, rows, f"{name} on inputs of the user's own")


def _row(key: tuple[str, str, str], rows: list[Row], targets: list[str]) -> TableRow:
    spec, case, dtype = key
    told = next((r for r in rows if r.get("distribution")), {})
    points = str(told.get("shape") or "")
    cells = []
    for target in targets:
        own = [r for r in rows if r["target"] == target]
        cells.append(matrix_cell(summarise(target, own), marked=False) if own else Cell(f.MISSING, sort="-3"))
    return TableRow(
        (
            Cell(case, header=True),
            Cell(spec),
            Cell(dtype),
            Cell(str(told.get("distribution") or f.MISSING)),
            Cell(f.count(int(points)) if points.isdigit() else points or f.MISSING, sort=points or "-1"),
            *cells,
        )
    )
