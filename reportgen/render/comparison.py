"""A comparison of two versions as page data: for the page of a report, a page by itself, Markdown and the terminal."""

from __future__ import annotations

import base64
import hashlib
import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from reportgen.core import formatting as f
from reportgen.core.errors import StoredResultError
from reportgen.render import html
from reportgen.render.model import Cell, Column, FrontSection, Table, TableRow, Tile
from reportgen.results import integrity

FILE = "comparison.json"
SCHEMA = 1
MOST = 250
"""Rows of a table; what is beyond stands in the JSON."""

ULP = "max_ulp"
WHAT = {
    ULP: "largest error",
    "bound_ratio": "error over its bound",
    "max_abs": "largest absolute error",
    "special_mismatches": "special mismatches",
    "wrong": "wrong results",
    "correctly_rounded": "correctly rounded results",
    "faithfully_rounded": "faithfully rounded results",
    "mean_ulp": "mean error",
    "position_differs": "results that depend on the position",
    "layout_differs": "results that depend on the layout",
    "constant_differs": "results that differ for a constant",
    "run_differs": "results that do not repeat",
    "status": "status",
}
BASIS = {
    "proven": "proven: every value was tried",
    "same inputs": "the same inputs were tried in both",
    "search": "lower bounds that a search found, in each version for itself",
}
READING = (
    "A figure is what was measured of one function, dtype, case, target, path and metric. Its maxima are compared "
    "regime by regime, beside special mismatches, wrong results, correct rounding of every sample, and agreement with "
    "itself; one that became worse anywhere has regressed. Figures over other inputs, of other machines or of another "
    "coverage are not compared: two lower bounds over different inputs say nothing about each other."
)


@dataclass
class ComparisonPage:
    """``verdict`` is the one sentence of it all; ``worst`` and ``best`` are the leading changes as one line each."""

    before: str
    after: str
    verdict: str
    tiles: list[Tile]
    sentences: list[str]
    sections: list[FrontSection]
    worst: list[str] = field(default_factory=list)
    best: list[str] = field(default_factory=list)
    reading: str = READING


@dataclass
class Led:
    """The figures of one function, dtype and target with one verdict: the leading one, and how many more there are."""

    row: dict[str, Any]
    more: int = 0


def load(folder: Path) -> dict[str, Any] | None:
    """The comparison stored with a version; None where it has none. Raises StoredResultError."""
    path = folder / FILE
    if not path.is_file():
        return None
    try:
        found = json.loads(integrity.verified(path))
    except (UnicodeDecodeError, ValueError, RecursionError) as error:
        raise StoredResultError(f"{path}: cannot be read as a comparison ({error})") from None
    if not isinstance(found, dict) or not isinstance(found.get("comparison"), int):
        raise StoredResultError(f"{path}: is not a comparison of two versions")
    if found["comparison"] > SCHEMA:
        raise StoredResultError(
            f"{path}: schema {found['comparison']} is newer than {SCHEMA}, the newest that this release reads"
        )
    return found


def comparison_page(data: dict[str, Any], functions: frozenset[str] = frozenset()) -> ComparisonPage:
    """Page data; ``functions`` are those that have a page to link to."""
    lists = {v: led(data, v) for v in ("regressed", "improved", "unchanged")}
    sections = [
        _changes(data, lists["regressed"], "regressed", "Regressed", functions),
        _changes(data, lists["improved"], "improved", "Improved", functions),
        _agreement(data, functions),
        _changes(data, lists["unchanged"], "moved", "The largest error is the same, other figures moved", functions),
        *(_grouped(data, v, title) for v, title in (("new", "New"), ("gone", "Gone"), ("incomparable", INCOMPARABLE))),
        _versions(data),
    ]
    return ComparisonPage(
        data["before"],
        data["after"],
        verdict(data),
        _tiles(data),
        _sentences(data),
        [s for s in sections if s is not None],
        [line(x.row) for x in lists["regressed"]],
        [line(x.row) for x in lists["improved"]],
    )


INCOMPARABLE = "Not compared"


def verdict(data: dict[str, Any]) -> str:
    """What came of it in one sentence that claims no more than was compared."""
    counts, old, new = data["counts"], data["before"], data["after"]
    if data["identical"] and not data["map"]:
        return f"{old} and {new} hold the same results, bit for bit."
    judged = counts["regressed"] + counts["improved"] + counts["unchanged"]
    if not judged:
        return f"Nothing of {new} could be compared with {old}."
    if not counts["regressed"] and not counts["improved"]:
        return f"From {old} to {new} none of {f.plural(judged, 'figure')} compared improved or regressed."
    return (
        f"From {old} to {new}, of {f.plural(judged, 'figure')} compared, {f.count(counts['regressed'])} regressed and "
        f"{f.count(counts['improved'])} improved."
    )


def _tiles(data: dict[str, Any]) -> list[Tile]:
    words = {
        "regressed": "regressed",
        "improved": "improved",
        "unchanged": "unchanged",
        "new": "only in the later one",
        "gone": "only in the earlier one",
        "incomparable": "could not be compared",
    }
    always = ("regressed", "improved", "unchanged")
    shown = [(data["counts"][name], words[name]) for name in words if data["counts"][name] or name in always]
    return [Tile(f.count(n), f"{'figure' if n == 1 else 'figures'} {what}") for n, what in shown]


def _sentences(data: dict[str, Any]) -> list[str]:
    counts, out = data["counts"], []
    said = dict.fromkeys(
        f"{t['library']} {t['before']} → {t['after']}"
        for t in data["targets"]
        if t["before"] and t["after"] and t["before"] != t["after"]
    )
    if said:
        out.append(f"Other releases of the libraries: {f.listing(list(said))}.")
    elif not data["identical"]:
        out.append("Every target that both versions have runs the same release of its library in both.")
    if counts["moved"]:
        out.append(
            f"In {f.plural(counts['moved'], 'figure')} counted as unchanged the largest errors are the same, but the "
            "mean or the number of correctly rounded results is not."
        )
    lost = sum(r["verdict"] == "lost" for r in data["agreement"])
    gained = len(data["agreement"]) - lost
    if lost or gained:
        out.append(
            f"Pairs of targets that gave the same bits on every input and no longer do: {f.count(lost)}; that now do: "
            f"{f.count(gained)}."
        )
    out += [
        f"Not compared: {f.plural(row['count'], 'figure')} ({_where(row)}): {row['reason']}."
        for row in _reasons(data, "incomparable")[:4]
    ]
    if data["tolerance"]:
        out.append(f"Errors that moved by no more than {f.number(data['tolerance'])} ulp count as unchanged.")
    if data["across_machines"]:
        out.append("Different machines were compared nevertheless: a change may be the machine's, not the library's.")
    if data["map"]:
        out.append(f"Only compared: {f.listing([f'{a} with {b}' for a, b in data['map'].items()])}.")
    return out


def led(data: dict[str, Any], verdict_name: str) -> list[Led]:
    """The rows of a verdict, gathered by function, dtype and target; the weightiest first, as stored."""
    found: dict[tuple[str, str, str], Led] = {}
    for row in data["rows"]:
        if row["verdict"] == verdict_name:
            key = (row["function"], row["dtype"], row["target"])
            if key in found:
                found[key].more += 1
            else:
                found[key] = Led(row)
    return list(found.values())


def value(x: Any, what: str, other: Any) -> str:
    """One side of a change, with as many digits as tell it from the other side."""
    if x is None:
        return "none"
    if isinstance(x, str):
        return x
    if isinstance(x, int):
        return f.count(x)
    unit = " ulp" if what in (ULP, "mean_ulp") else ""
    show = f.number if what == "mean_ulp" else f.maximum
    digits = 3
    while isinstance(other, float) and other != x and digits < 17 and show(x, digits) == show(other, digits):
        digits += 1
    return show(x, digits) + unit


def what(row: dict[str, Any]) -> str:
    """The quantity in words, with its regime where that is not the usual one."""
    words = WHAT.get(row["what"], row["what"])
    return words if row["regime"] in ("all", "normal") else f"{words}, {row['regime']}"


def line(row: dict[str, Any]) -> str:
    """A change as one line: ``exp float32 on numpy, body: largest error 0.51 ulp → 2.1 ulp``."""
    sides = f"{value(row['before'], row['what'], row['after'])} → {value(row['after'], row['what'], row['before'])}"
    return f"{row['function']} {row['dtype']} on {row['target']} ({place(row)}): {what(row)} {sides}"


def place(row: dict[str, Any]) -> str:
    """Case and path, and the metric where it is not the error in ulp."""
    return ", ".join(str(x) for x in (row["case"], row["path"], row["metric"]) if x and x != "ulp")


def _changes(
    data: dict[str, Any], found: list[Led], anchor: str, title: str, functions: frozenset[str]
) -> FrontSection | None:
    if not found:
        return None
    head = [
        Column("function", "Function"), Column("dtype", "Dtype"), Column("target", "Target"),
        Column("place", "Case, path, metric"), Column("what", "What"), Column("before", data["before"], True),
        Column("after", data["after"], True), Column("factor", "Factor", True), Column("more", "More", True,
        "further figures of the same function, dtype and target"), Column("input", "Worst at"),
        Column("basis", "Rests on"),
    ]  # fmt: skip
    rows = [_change_row(x, functions, anchor) for x in found[:MOST]]
    table = Table(anchor, head, rows, caption="One row a function, dtype and target: the figure that changed most.")
    count = sum(x.more + 1 for x in found)
    said = [f"{f.plural(count, 'figure')} of {f.plural(len({x.row['function'] for x in found}), 'function')}."]
    if len(found) > MOST:
        said.append(f"The first {MOST} of {f.count(len(found))} are shown; all stand in {FILE}.")
    return FrontSection(anchor, title, said, [table])


def _change_row(x: Led, functions: frozenset[str], anchor: str) -> TableRow:
    row = x.row
    href = f"functions/{row['function']}.html" if row["function"] in functions else ""
    css = {"regressed": "bad", "improved": "good"}.get(anchor, "")
    factor = row["factor"]
    at = f.value(row["input"], row["dtype"]) if row["input"] else ""
    cells = (
        Cell(row["function"], href=href, code=not href, header=True),
        Cell(row["dtype"]),
        Cell(row["target"], note=_releases(row)),
        Cell(place(row)),
        Cell(what(row), note=row["reason"][:160]),
        Cell(value(row["before"], row["what"], row["after"]), sort=_sort(row["before"])),
        Cell(value(row["after"], row["what"], row["before"]), css=css, sort=_sort(row["after"])),
        Cell(f.number(factor) if factor is not None and anchor != "moved" else f.MISSING, sort=_sort(factor)),
        Cell(f"+{f.count(x.more)}" if x.more else "", sort=str(x.more)),
        Cell(at, title=f.hex_text(row["input"]) if row["input"] else ""),
        Cell(row["basis"], title=BASIS.get(row["basis"], "")),
    )
    return TableRow(cells)


def _releases(row: dict[str, Any]) -> str:
    old, new = row["before_version"], row["after_version"]
    return f"{old} → {new}" if old and new and old != new else str(new or old or "")


def _sort(x: Any) -> str | None:
    return repr(float(x)) if isinstance(x, (int, float)) else None


def _agreement(data: dict[str, Any], functions: frozenset[str]) -> FrontSection | None:
    if not data["agreement"]:
        return None
    head = [
        Column("function", "Function"), Column("dtype", "Dtype"), Column("case", "Case"), Column("pair", "Targets"),
        Column("before", data["before"]), Column("after", data["after"]), Column("input", "For example at"),
        Column("outputs", "Results there"),
    ]  # fmt: skip
    rows = []
    for row in data["agreement"][:MOST]:
        href = f"functions/{row['function']}.html" if row["function"] in functions else ""
        lost = row["verdict"] == "lost"
        sides = (
            f.agreement_words(row["before_equal"], row["before_compared"]),
            f.agreement_words(row["equal"], row["compared"]),
        )
        outputs = [f.hex_text(row[k]) for k in ("first_output", "second_output") if row[k]]
        cells = (
            Cell(row["function"], href=href, code=not href, header=True), Cell(row["dtype"]), Cell(row["case"]),
            Cell(f"{row['first']} and {row['second']}"), Cell(sides[0]), Cell(sides[1], css="bad" if lost else "good"),
            Cell(f.value(row["input"], row["dtype"]) if row["input"] else ""), Cell(" and ".join(outputs), code=True),
        )  # fmt: skip
        rows.append(TableRow(cells))
    said = ["Whether two targets give the same bits on every input: a matter of agreement, not of accuracy."]
    if len(data["agreement"]) > MOST:
        said.append(f"The first {MOST} of {f.count(len(data['agreement']))} are shown; all stand in {FILE}.")
    return FrontSection("agreement", "Agreement lost and gained", said, [Table("agreement-changes", head, rows)])


def _reasons(data: dict[str, Any], verdict_name: str) -> list[dict[str, Any]]:
    """The groups of a verdict by reason: how many figures, on which targets, of which functions; most first."""
    found: dict[str, dict[str, Any]] = {}
    for group in data["groups"]:
        if group["verdict"] == verdict_name:
            row = found.setdefault(group["reason"], {"reason": group["reason"], "count": 0, "at": {}, "of": {}})
            row["count"] += group["count"]
            row["at"][group["target"]] = None
            row["of"][group["function"]] = None
    return sorted(found.values(), key=lambda r: -r["count"])


def _where(row: dict[str, Any]) -> str:
    """``3 targets, 12 functions``, or their names where they are few."""
    said = []
    for names, noun in ((list(row["at"]), "target"), (list(row["of"]), "function")):
        said.append(f.listing(names) if len(names) < 4 else f.plural(len(names), noun))
    return "; ".join(said)


def _grouped(data: dict[str, Any], verdict_name: str, title: str) -> FrontSection | None:
    found = _reasons(data, verdict_name)
    if not found:
        return None
    head = [Column("reason", "Why"), Column("count", "Figures", True), Column("targets", "Targets"),
            Column("functions", "Functions")]  # fmt: skip
    rows = [
        TableRow(
            (
                Cell(row["reason"], header=True),
                Cell(f.count(row["count"])),
                Cell(f.listing(list(row["at"]))),
                Cell(_some(list(row["of"]))),
            )
        )
        for row in found[:MOST]
    ]
    said = [f"{f.plural(data['counts'][verdict_name], 'figure')}."]
    if len(found) > MOST:
        said.append(f"The first {MOST} of {f.count(len(found))} reasons are shown; all stand in {FILE}.")
    return FrontSection(verdict_name, title, said, [Table(f"{verdict_name}-reasons", head, rows)])


def _some(names: list[str]) -> str:
    return f.listing(names) if len(names) <= 12 else f"{', '.join(names[:12])} and {f.count(len(names) - 12)} more"


def _versions(data: dict[str, Any]) -> FrontSection:
    """What stands against what: releases by target, and everything else that differs."""
    head = [Column("target", "Target"), Column("before", data["before"]), Column("after", data["after"]),
            Column("remarks", "What else differs")]  # fmt: skip
    rows = []
    for target in data["targets"]:
        shown = [
            "not there" if target[f"{s}_status"] is None
            else f"{target[s] or ''}".strip() + ("" if target[f"{s}_status"] == "ok" else f" ({target[f'{s}_status']})")
            for s in ("before", "after")
        ]  # fmt: skip
        said = [x for x in (target["incomparable"], *target["remarks"]) if x]
        rows.append(TableRow((Cell(target["name"], header=True), *map(Cell, shown), Cell("; ".join(said)))))
    sentences = [_stood(data["versions"][side]) for side in ("before", "after")]
    for spec in data["specs"]:
        words = {"new": f"only in {data['after']}", "gone": f"only in {data['before']}", "changed": "another text"}
        sentences.append(f"Spec {spec['name']}: {words[spec['what']]}.")
    if data["oracle"]:
        said = [f"{x['name']} {x['before']} → {x['after']}" for x in data["oracle"]]
        sentences.append(
            f"Exact values were found with other releases of {f.listing(said)}; they are proven, so that figures stay "
            "comparable."
        )
    return FrontSection("versions", "What was compared", sentences, [Table("compared-targets", head, rows)])


def _stood(version: dict[str, Any]) -> str:
    made = (version.get("generator") or {}).get("version", "")
    return f"{version['label']}: measured {version['time']} at depth {version['depth']} by reportgen {made}."


def standalone(data: dict[str, Any]) -> str:
    """The comparison as one HTML file that needs no other; its style sheet is inline and allowed by its hash."""
    css = (html.templates_folder() / "assets" / "style.css").read_text(encoding="utf-8")
    digest = base64.b64encode(hashlib.sha256(css.encode()).digest()).decode()
    return html.render(
        "compare.html",
        layout="alone.html",
        page=comparison_page(data),
        root="",
        css=css,
        policy=f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'",
    )
