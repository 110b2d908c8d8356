"""The page of gates: the verdict, what is broken, what could not be judged, and what holds, condensed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from reportgen.core import formatting as f
from reportgen.core import gatewords
from reportgen.core.limits import title
from reportgen.render.model import Cell, Column, Table, TableRow
from reportgen.render.stored import Stored

Row = dict[str, Any]
CERTAINTY = {"proven": "proven", "not refuted": "not refuted", "measured": "of the samples"}


@dataclass
class GatesPage:
    """``reasons`` are the specs' own words on what they expect, where that broke."""

    verdict: str
    broken: Table
    unjudged: Table
    kept: Table
    reasons: list[str]


def gates_page(stored: Stored) -> GatesPage | None:
    """The page of a version; None where nothing was expected and no baseline given."""
    rows = stored.gates
    if not rows:
        return None
    measured = {str(fn["name"]) for fn in stored.functions}
    bad = gatewords.broken(rows)
    return GatesPage(
        verdict=gatewords.verdict(rows),
        broken=_broken(bad, measured),
        unjudged=_unjudged(gatewords.unjudged(rows), measured),
        kept=_kept([row for row in rows if row["holds"]]),
        reasons=list(dict.fromkeys(f"{gatewords.place(row)}: {row['reason']}" for row in bad if row["reason"])),
    )


def front_sentence(stored: Stored) -> str:
    """One sentence for the front page where something broke; empty otherwise."""
    bad = gatewords.broken(stored.gates)
    if not bad:
        return ""
    count = "One gate is" if len(bad) == 1 else f"{f.plural(len(bad), 'gate')} are"
    first = "" if len(bad) == 1 else "the first of them "
    return f"{count} broken, {first}{gatewords.finding(bad[0])}. The page Gates says more."


def _cells(row: Row, measured: set[str]) -> tuple[Cell, Cell]:
    """The function, leading to its page where there is one, and dtype and case."""
    name = row["function"]
    if name is None:
        return Cell("all", header=True), Cell(gatewords.subject(row))
    href = f"functions/{name}.html" if name in measured else ""
    case = ", ".join(str(row[key]) for key in ("dtype", "case") if row[key])
    return Cell(name, href=href, header=True), Cell(case)


def _found(row: Row) -> Cell:
    return Cell(row["found"], note=gatewords.part(row), css="bad")


def _at(row: Row) -> str:
    """The input and what came of it in shortest decimals, as on the other pages; the terminal has them to the bit."""
    if not row["input"]:
        return ""
    dtype = str(row["dtype"] or "float64")
    got = " and ".join(f.value(text, dtype) for text in (row["output"] or "").split(" and ") if text)
    return f.value(row["input"], dtype) + (f" gives {got}" if got else "")


def _place(row: Row) -> Cell:
    return Cell(gatewords.place(row), code=True)


def _broken(rows: list[Row], measured: set[str]) -> Table:
    columns = [
        Column("function", "Function"), Column("case", "Case"), Column("target", "Target"), Column("what", "What"),
        Column("expected", "Expected"), Column("found", "Found"), Column("at", "At"), Column("spec", "Where it stands"),
    ]  # fmt: skip
    shown = [
        TableRow(
            (
                *_cells(row, measured),
                Cell(gatewords.where(row)),
                Cell(title(row["what"])),
                Cell(row["expected"]),
                _found(row),
                Cell(_at(row), title=gatewords.witness(row), code=True),
                _place(row),
            )
        )
        for row in rows
    ]
    return Table("broken", columns, shown, "What is not as expected", sortable=True, empty="Nothing is broken.")


def _unjudged(rows: list[Row], measured: set[str]) -> Table:
    columns = [
        Column("function", "Function"), Column("case", "Case"), Column("what", "What"), Column("expected", "Expected"),
        Column("why", "Why"), Column("spec", "Where it stands"),
    ]  # fmt: skip
    shown = [
        TableRow((*_cells(r, measured), Cell(title(r["what"])), Cell(r["expected"]), Cell(r["found"]), _place(r)))
        for r in rows
    ]
    return Table("unjudged", columns, shown, "What could not be judged")


def _kept(rows: list[Row]) -> Table:
    """One row for each limit that holds somewhere: in how many cases, and the figure that comes nearest to it."""
    groups: dict[tuple[Any, ...], list[Row]] = {}
    for row in rows:
        groups.setdefault((row["file"], row["line"], row["what"], row["expected"]), []).append(row)
    columns = [
        Column("what", "What"), Column("expected", "Expected"), Column("cases", "Cases", numeric=True),
        Column("figures", "Figures", numeric=True), Column("found", "For example"), Column("certainty", "Certainty"),
        Column("spec", "Where it stands"),
    ]  # fmt: skip
    shown = []
    for group in groups.values():
        first = group[0]
        certain = list(dict.fromkeys(CERTAINTY.get(row["certainty"] or "", "") for row in group))
        on = f" on {gatewords.where(first)}" if gatewords.where(first) else ""
        cells = (
            Cell(title(first["what"])),
            Cell(first["expected"]),
            Cell(f.count(len(group)), sort=str(len(group))),
            Cell(f.count(sum(row["judged"] for row in group)), sort=str(sum(row["judged"] for row in group))),
            Cell(first["found"], note=f"{gatewords.subject(first)}{on}" if first["function"] else ""),
            Cell(f.listing([word for word in certain if word])),
            _place(first),
        )
        shown.append(TableRow(cells))
    return Table("kept", columns, shown, "What holds", sortable=True)


def markdown(rows: list[Row], most: int) -> list[str]:
    """The section of ``report.md``, of the release notes and of GitHub's job summary; at most ``most`` broken gates."""
    from reportgen.render.markdown import code, escape

    lines = ["## Gates", "", escape(gatewords.verdict(rows)), ""]
    bad, open_ = gatewords.broken(rows), gatewords.unjudged(rows)
    if bad:
        lines += [
            "| Function | Target | What | Expected | Found | At | Where it stands |",
            "|---|---|---|---|---|---|---|",
        ]
        for row in bad[:most]:
            words = (gatewords.subject(row), gatewords.where(row), title(row["what"]), row["expected"], row["found"])
            cells = [*map(escape, words), code(_at(row)), code(gatewords.place(row))]
            lines.append(f"| {' | '.join(cells)} |")
        lines.append("")
    if len(bad) > most:
        lines += [f"{f.count(len(bad) - most)} more in the report.", ""]
    for row in open_[:most]:
        lines.append(f"- Not judged: {escape(gatewords.message(row))} ({code(gatewords.place(row))})")
    return [*lines, ""] if open_ else lines
