"""Data of the coverage page: every public name of the libraries, measured, excluded with a reason, or missing."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from reportgen.core import formatting as f
from reportgen.render.model import Cell, Column, Fact, Table, TableRow
from reportgen.render.stored import Row, Stored, table_rows

LIBRARIES = {"numpy": "NumPy", "tensorflow": "TensorFlow", "scipy": "SciPy"}
NOT_ASKED = "No spec asked for the names of the libraries in this version."


@dataclass(frozen=True)
class NameLink:
    """A name; ``href`` leads to the page of the function that measures it, ``title`` says which and how."""

    text: str
    href: str = ""
    title: str = ""


@dataclass
class ReasonGroup:
    """Excluded names that share a heading: ``parts`` are (reason, names)."""

    title: str
    count: str
    parts: list[tuple[str, list[NameLink]]]


@dataclass
class Space:
    """One namespace: its names by what became of them, sorted."""

    title: str
    anchor: str
    summary: str
    missing: list[NameLink]
    measured: list[NameLink]
    elsewhere: list[NameLink]
    excluded: list[ReasonGroup]
    counts: tuple[int, int, int, int] = (0, 0, 0, 0)


@dataclass
class Coverage:
    """The page: a sentence, a table by namespace, the namespaces, what is stale, what was not looked at."""

    sentence: str
    overview: Table
    spaces: list[Space] = field(default_factory=list)
    refused: list[Fact] = field(default_factory=list)
    stale: list[str] = field(default_factory=list)
    outside: list[Fact] = field(default_factory=list)


COLUMNS = [
    Column("namespace", "namespace"),
    Column("names", "public names", True),
    Column("measured", "measured", True, "names of functions that this version measured"),
    Column("elsewhere", "not in this version", True, "in the catalogue, and not among the functions of this version"),
    Column("excluded", "excluded", True, "not measured, with a reason"),
    Column("missing", "missing", True, "neither measured nor excluded"),
]


def coverage(stored: Stored) -> Coverage:
    """What became of every public name, from the key ``surface`` of the stored results."""
    surface: dict[str, Any] | None = stored.raw.get("surface")
    if not surface:
        return Coverage(NOT_ASKED, Table("coverage", COLUMNS, [], empty=NOT_ASKED))
    by_space: dict[int, list[Row]] = {}
    for row in table_rows(surface["names"]):
        by_space.setdefault(int(row["namespace"]), []).append(row)
    known = {str(x["name"]) for x in stored.functions}
    spaces = [
        _space(str(entry["name"]), by_space.get(number, []), surface["reasons"], known)
        for number, entry in enumerate(surface["namespaces"])
    ]
    told = [x for x in surface["libraries"] if x["status"] == "ok"]
    return Coverage(
        sentence=_sentence(told, spaces),
        overview=Table("coverage", COLUMNS, [_overview(s) for s in spaces], "Public names by namespace", True),
        spaces=spaces,
        refused=[
            Fact(LIBRARIES.get(x["library"], x["library"]), f"{x['status']}: {x['reason']}")
            for x in surface["libraries"]
            if x["status"] != "ok"
        ],
        stale=[str(x["what"]) for x in surface["stale"]],
        outside=[Fact(str(x["namespaces"]), str(x["reason"])) for x in surface["outside"]],
    )


def _sentence(libraries: list[Row], spaces: list[Space]) -> str:
    names = [f"{LIBRARIES.get(x['library'], x['library'])} {x['version']}" for x in libraries]
    if not names:
        return "No library could be asked for its names."
    total = f.plural(sum(sum(s.counts) for s in spaces), "public name")
    missing = sum(s.counts[3] for s in spaces)
    head = f"{total} of {f.listing(names)}: "
    elsewhere = sum(s.counts[1] for s in spaces)
    if not missing and elsewhere:
        verb = "stands" if elsewhere == 1 else "stand"
        return (
            f"{head}{f.count(elsewhere)} {verb} in the catalogue but not in this version; each of the others is "
            "measured, or excluded with a reason."
        )
    if not missing:
        return f"{head}each is measured, or excluded with a reason."
    verb = "is" if missing == 1 else "are"
    return f"{head}{f.count(missing)} {verb} neither measured nor excluded."


def _overview(space: Space) -> TableRow:
    measured, elsewhere, excluded, missing = space.counts
    return TableRow(
        (
            Cell(space.title, href=f"coverage.html#{space.anchor}", header=True),
            Cell(f.count(sum(space.counts))),
            Cell(f.count(measured)),
            Cell(f.count(elsewhere)),
            Cell(f.count(excluded)),
            Cell(f.count(missing), css="bad" if missing else "good"),
        )
    )


def _space(title: str, rows: list[Row], reasons: list[Row], known: set[str]) -> Space:
    here = [r for r in rows if r["status"] == "catalogue" and known & set(r["functions"])]
    elsewhere = [r for r in rows if r["status"] == "catalogue" and not known & set(r["functions"])]
    excluded = [r for r in rows if r["status"] == "excluded"]
    missing = [r for r in rows if r["status"] == "missing"]
    counts = (len(here), len(elsewhere), len(excluded), len(missing))
    words = ("measured", "in the catalogue but not in this version", "excluded", "missing")
    told = [f"{f.count(n)} {word}" for n, word in zip(counts, words, strict=True) if n]
    return Space(
        title=title,
        anchor=re.sub(r"[^a-z0-9]+", "-", title.lower()).strip("-"),
        summary=f"{f.plural(len(rows), 'name')}: {f.listing(told)}." if rows else "This release has no such namespace.",
        missing=[NameLink(str(r["name"]), title=str(r["kind"])) for r in missing],
        measured=[_link(r, known) for r in here],
        elsewhere=[_link(r, known) for r in elsewhere],
        excluded=_groups(excluded, reasons),
        counts=counts,
    )


def _link(row: Row, known: set[str]) -> NameLink:
    functions = [str(name) for name in row["functions"]]
    page = next((name for name in functions if name in known), None)
    title = f"measured as {f.listing(functions)}" + (f", through {row['via']}" if row["via"] else "")
    return NameLink(str(row["name"]), f"functions/{page}.html" if page else "", title)


def _groups(rows: list[Row], reasons: list[Row]) -> list[ReasonGroup]:
    """Excluded names by heading, the largest group first; within one by reason."""
    found: dict[str, dict[str, list[NameLink]]] = {}
    for row in rows:
        reason = reasons[row["reason"]]
        parts = found.setdefault(str(reason["group"]), {})
        parts.setdefault(str(reason["sentence"]), []).append(NameLink(str(row["name"])))
    groups = [
        ReasonGroup(title, f.plural(sum(len(n) for n in parts.values()), "name"), list(parts.items()))
        for title, parts in found.items()
    ]
    return sorted(groups, key=lambda g: (-sum(len(n) for _, n in g.parts), g.title))
