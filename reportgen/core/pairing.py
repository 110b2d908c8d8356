"""The rows of two versions, filtered and brought together, before anything is judged."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from fnmatch import fnmatchcase
from operator import itemgetter
from typing import Any

from reportgen.core.errors import RequestError

CASE = ("spec", "function", "dtype", "case", "target")

Row = dict[str, Any]
Summary = dict[str, Any]
Key = tuple[Any, ...]


class Table:
    """The rows of one version by case and target, left as they are stored until one needs a closer look."""

    def __init__(self, stored: dict[str, Any], only: Sequence[str], targets: Sequence[str]) -> None:
        self.columns: list[str] = list(stored["columns"])
        places = [self.columns.index(name) for name in CASE]
        key_of = itemgetter(*places)
        self.cases: dict[Key, list[list[Any]]] = {}
        for row in stored["rows"]:
            self.cases.setdefault(key_of(row), []).append(row)
        if only or targets:
            self.cases = {k: v for k, v in self.cases.items() if _wanted(k[1], k[2], only) and _named(k[4], targets)}

    def records(self, rows: list[list[Any]]) -> list[Row]:
        """Some of its rows as dictionaries."""
        return [dict(zip(self.columns, row, strict=True)) for row in rows]


def align(old: Table, new: Table) -> None:
    """A case whose spec has another name in the other version meets its like, where function, dtype, case and target
    name it alone."""
    alone = []
    for mine, other in ((old.cases, new.cases), (new.cases, old.cases)):
        count = Counter(key[1:] for key in mine)
        alone.append({key[1:]: key for key in mine if key not in other and count[key[1:]] == 1})
    for short, key in alone[0].items():
        if short in alone[1]:
            old.cases[alone[1][short]] = old.cases.pop(key)


def companies(version: Summary) -> dict[Key, dict[str, str]]:
    """The releases of all targets that answered a case, by name, by spec, function, dtype and case."""
    releases = {t["name"]: str(t["version"]) for t in version["targets"]}
    columns = version["rows"]["columns"]
    case, target, status = itemgetter(*map(columns.index, CASE[:4])), columns.index("target"), columns.index("status")
    out: dict[Key, dict[str, str]] = {}
    for row in version["rows"]["rows"]:
        if row[status] == "ok":
            out.setdefault(case(row), {})[row[target]] = releases.get(row[target], "")
    return out


def records(table: dict[str, Any]) -> list[Row]:
    """Rows of a plain table as dictionaries."""
    columns = table["columns"]
    return [dict(zip(columns, row, strict=True)) for row in table["rows"]]


def matching_pairs(rows: list[Row], only: Sequence[str], targets: Sequence[str]) -> list[Row]:
    if not only and not targets:
        return rows
    return [
        r for r in rows
        if _wanted(r["function"], r["dtype"], only) and all(_named(r[s], targets) for s in ("first", "second"))
    ]  # fmt: skip


def _wanted(function: str, dtype: str, only: Sequence[str]) -> bool:
    return not only or any(fnmatchcase(f"{function}:{dtype}" if ":" in g else function, g) for g in only)


def _named(name: str, globs: Sequence[str]) -> bool:
    return not globs or any(name == glob or fnmatchcase(name, glob) for glob in globs)


def mapped(version: Summary, names: Mapping[str, str]) -> Summary:
    """A version with nothing but the named targets, under their new names."""
    known = [t["name"] for t in version["targets"]]
    for name in names:
        if name not in known:
            raise RequestError(f"--map: {version['label']} has no target {name!r}, expected one of {', '.join(known)}")
    targets = [t | {"name": names[t["name"]], "mapped": True} for t in version["targets"] if t["name"] in names]
    rows = [r | {"target": names[r["target"]]} for r in records(version["rows"]) if r["target"] in names]
    pairs = [
        r | {s: names[r[s]] for s in ("first", "second")}
        for r in records(version["agreement"])
        if r["first"] in names and r["second"] in names
    ]
    stored = {key: _plain(version[key]["columns"], found) for key, found in (("rows", rows), ("agreement", pairs))}
    return version | {"targets": targets, **stored}


def _plain(columns: list[str], rows: list[Row]) -> dict[str, Any]:
    return {"columns": columns, "rows": [[r[c] for c in columns] for r in rows]}
