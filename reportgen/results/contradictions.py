"""Whether machines whose targets should be the same measured the same, and what differs where they did not."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from reportgen.results import tables
from reportgen.results.machines import Part, table_rows

Key = tuple[Any, ...]
Row = dict[str, Any]

CASE = ("spec", "function", "dtype", "case")


@dataclass(frozen=True)
class Form:
    """How the rows of a table belong to targets and cases.

    ``targets`` are the columns that name targets; rows equal in them and in ``group`` stand or fall together. Groups
    of a ``volatile`` table may differ between two runs on one machine.
    """

    targets: tuple[str, ...] = ("target",)
    group: tuple[str, ...] = CASE
    volatile: bool = False


FORMS = {
    "measurements": Form(),
    "agreement": Form(targets=("first", "second")),
    "special": Form(group=("function", "dtype", "input", "sentence", "source")),
    "self_agreement": Form(),
    "subnormals": Form(),
    "rewrites": Form(),
    "gates": Form(("target", "other"), tuple(c for c in tables.GATE_COLUMNS if c not in ("target", "other")), True),
    "determinism": Form(group=(*CASE, "check", "setting", "words"), volatile=True),
}
"""The tables whose rows belong to targets."""

WITHIN = ("path", "metric", "regime")
AT = ("check", "form", "input")
"""What tells the rows of a group apart: columns of a contradiction, and those that it joins under ``at``."""

TELLING = (
    "status", "max_ulp", "got", "differs", "equal", "max_distance", "worst_input", "worst_output", "mean_ulp",
    "samples",
)  # fmt: skip
"""Columns that a reader wants to hear of first."""


REFUSED = "refused: "
"""How the results of special cases begin that an exception took the place of; its class follows."""


def group_key(key: str) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Places of the columns of targets, and of the rest of the group, in a table's rows."""
    columns, form = tables.COLUMNS[key], FORMS[key]
    return tuple(map(columns.index, form.targets)), tuple(map(columns.index, form.group))


def groups(part: Part, key: str) -> dict[Key, list[list[Any]]]:
    """Rows of a table by (targets as measured, rest of the group); those of targets that are not the part's left
    out."""
    if key not in part.grouped:
        found: dict[Key, list[list[Any]]] = {}
        named, rest = group_key(key)
        for row in table_rows(part, key):
            targets = tuple(part.called.get(row[i]) for i in named)
            if None not in targets:
                found.setdefault((targets, tuple(row[i] for i in rest)), []).append(row)
        part.grouped[key] = found
    return part.grouped[key]


@dataclass
class Contradiction:
    """Rows of two parts about the same targets that differ: a row of the table ``contradictions``."""

    targets: tuple[str, ...]
    cells: Row


@dataclass
class Compared:
    """Two parts, target by target: what contradicts, by the name under which was measured."""

    own: dict[str, list[Contradiction]] = field(default_factory=dict)

    @property
    def all(self) -> Iterator[Contradiction]:
        seen = set()
        for found in self.own.values():
            for one in found:
                if id(one) not in seen:
                    seen.add(id(one))
                    yield one


def compare(first: Part, second: Part) -> Compared:
    """Where two parts measured what should be the same target, and came to different results.

    A pair of targets that agrees otherwise contradicts only where neither of the two does by itself.
    """
    shared = {
        name for name in first.entries
        if first.ran(name) and second.ran(name) and first.identity(name) == second.identity(name)
    }  # fmt: skip
    out = Compared()
    if not shared:
        return out
    for key, form in FORMS.items():
        if not form.volatile and len(form.targets) == 1:
            _note(out, _differing(first, second, key, shared))
    _note(out, _profiles(first, second, shared - set(out.own)))
    _note(out, _differing(first, second, "agreement", shared - set(out.own)))
    return out


def _note(out: Compared, found: Iterable[Contradiction]) -> None:
    for one in list(found):
        for name in dict.fromkeys(one.targets):
            out.own.setdefault(name, []).append(one)


def _differing(first: Part, second: Part, key: str, shared: set[str]) -> Iterator[Contradiction]:
    """Contradictions in one table between the targets in ``shared``."""
    ours, theirs = groups(first, key), groups(second, key)
    columns = tables.COLUMNS[key]
    unnamed = [i for i, c in enumerate(columns) if c not in FORMS[key].targets]
    for place, rows in ours.items():
        others = theirs.get(place)
        if others is None or not shared.issuperset(place[0]) or rows == others:
            continue
        mine, yours = ([_comparable(row, columns, unnamed) for row in side] for side in (rows, others))
        if mine != yours:
            base = dict(zip(FORMS[key].group, place[1], strict=True))
            yield from _told(key, place[0], base, mine, yours)


def _comparable(row: list[Any], columns: Sequence[str], kept: list[int]) -> Row:
    """A row without the names of its targets; why something failed or was refused is words that may differ (they
    can name files and processes)."""
    cells = {columns[i]: row[i] for i in kept}
    if str(cells.get("got")).startswith(REFUSED):
        cells["got"] = REFUSED + str(cells["got"]).removeprefix(REFUSED).split(":")[0]
    if cells.get("status") not in (None, "ok"):
        cells.pop("reason", None)
    return cells


def _told(key: str, targets: tuple[str, ...], base: Row, mine: list[Row], yours: list[Row]) -> Iterator[Contradiction]:
    """A contradiction for each row that differs, or that only one of the two has."""
    names = [c for c in (*WITHIN, *AT) if c in tables.COLUMNS[key] and (c != "input" or key == "special")]
    a, b = ({tuple(row[c] for c in names): row for row in side} for side in (mine, yours))
    for place in dict.fromkeys([*a, *b]):
        one, other = a.get(place), b.get(place)
        if one == other and one is not None:
            continue
        where = base | dict(zip(names, place, strict=True))
        if one is None or other is None:
            yield _contradiction(key, targets, where, "row", [], _presence(one), _presence(other))
            continue
        differing = [c for c in one if one[c] != other.get(c)]
        order = [*(c for c in TELLING if c in differing), *(c for c in differing if c not in TELLING)]
        if order:
            yield _contradiction(key, targets, where, order[0], order[1:], one[order[0]], other.get(order[0]))


def _presence(row: Row | None) -> str:
    return "none" if row is None else "measured"


def _contradiction(
    key: str, targets: tuple[str, ...], where: Row, what: str, also: list[str], first: Any, second: Any
) -> Contradiction:
    cells = {c: where.get(c) for c in (*CASE, *WITHIN)}
    told = ", ".join(str(where[c]) for c in AT if where.get(c) is not None)
    cells |= {"table": key, "at": told or None, "what": what, "also": ", ".join(also) or None}
    return Contradiction(targets, cells | {"first": first, "second": second})


def profile_cases(part: Part) -> Iterator[tuple[str, Row]]:
    """(function, case) of every case with data for figures."""
    for function, profile in part.source.profiles.items():
        for case in profile["cases"]:
            yield function, case


def _profiles(first: Part, second: Part, shared: set[str]) -> Iterator[Contradiction]:
    """Contradictions in the figures' data alone."""
    theirs = {(name, c["spec"], c["case"], c["dtype"]): c for name, c in profile_cases(second)}
    for function, case in profile_cases(first):
        other = theirs.get((function, case["spec"], case["case"], case["dtype"]))
        if other is None:
            continue
        yours = {second.called.get(name): data for name, data in other["targets"].items()}
        for name, data in case["targets"].items():
            target = first.called.get(name)
            if target in shared and yours.get(target, data) != data:
                where = {"function": function, **{c: case[c] for c in ("spec", "dtype", "case")}}
                what = next((k for k in data if data[k] != yours[target].get(k)), "figures")
                yield _contradiction("profiles", (target,), where, what, [], None, None)
