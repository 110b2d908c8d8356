"""Results of several machines as one version (``docs/merge.md``): documents in, a document out, no files."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from reportgen.core.errors import RequestError, StoredResultError
from reportgen.results import contradictions, tables
from reportgen.results.contradictions import Contradiction
from reportgen.results.machines import RECORDED, SEPARATOR, Part, Source, parts_of, table_rows
from reportgen.results.mergedextras import merged_meaning, merged_profiles, merged_surface
from reportgen.results.store import SCHEMA

Row = dict[str, Any]
ORACLE = ("mpmath", "gmpy2", "python-flint")
"""Packages whose release decides how exact values were found."""


@dataclass
class Target:
    """A target of the merged version: the parts that measured it alike, under ``measured_as``."""

    measured_as: str
    parts: list[Part]
    name: str = ""


@dataclass
class Naming:
    """The targets of the merged version in their order, and which one each part's target became."""

    targets: list[Target] = field(default_factory=list)
    found: list[tuple[Target, Target, Part, Part, Contradiction]] = field(default_factory=list)

    def of(self, part: Part) -> dict[str, str]:
        """The merged names by the names in the part's document; targets that another machine answers for are left
        out."""
        by_measured = {t.measured_as: t.name for t in self.targets if part in t.parts}
        return {name: by_measured[own] for name, own in part.called.items() if own in by_measured}


def merge(sources: Sequence[Source], label: str) -> tuple[Row, dict[str, Row]]:
    """The results document of all sources under ``label``, and the profiles.

    The first source is the main machine, whose targets keep their names; the others follow by the names of their
    machines, in whatever order they are given. Raises RequestError and StoredResultError where sources cannot stand in
    one version.
    """
    for source in sources[1:]:
        check_fit(sources[0], source)
    parts = parts_of(sources)
    naming = named_targets(parts)
    names = {part.run: naming.of(part) for part in parts}
    document = {
        "schema": SCHEMA,
        "label": label,
        "generator": parts[0].document["generator"],
        "depth": parts[0].document["depth"],
        "specs": _by_name(part.document["specs"] for part in parts),
        "functions": _by_name(part.document["functions"] for part in parts),
        "targets": [target_entry(target) for target in naming.targets],
    }
    for key in tables.COLUMNS:
        if key in contradictions.FORMS:
            document[key] = _table(key, merged_rows(parts, names, key))
    document["problems"] = _table("problems", _unique(row for part in parts for row in table_rows(part, "problems")))
    document["contradictions"] = tables.table(tables.CONTRADICTION_COLUMNS, contradiction_rows(naming))
    document["meaning"] = merged_meaning(parts, names)
    document["surface"] = merged_surface(parts)
    document["provenance"] = provenance(parts, naming, names)
    document["timing"] = timing(parts, names)
    return document, merged_profiles(parts, names)


# -- what can stand in one version --------------------------------------------------------------------------
def check_fit(first: Source, other: Source) -> None:
    """Raise RequestError unless two sources were measured by the same reportgen from the same specs."""
    a, b = first.document, other.document
    where = f"merge: {first.where} and {other.where}"
    if a["generator"] != b["generator"]:
        told = " and ".join(f"{x['generator'].get('name')} {x['generator'].get('version')}" for x in (a, b))
        raise RequestError(f"{where} were measured by {told}, expected one release; measure again with the newer one")
    if a["depth"] != b["depth"]:
        raise RequestError(f"{where} were measured at depths {a['depth']} and {b['depth']}, expected one depth")
    for name in ORACLE:
        versions = [(x["provenance"].get("oracle") or {}).get(name) for x in (a, b)]
        if versions[0] != versions[1]:
            raise RequestError(
                f"{where} found exact values with {name} {versions[0]} and {versions[1]}, expected one release; "
                "install the same one and measure again"
            )
    specs = {s["name"]: s for s in a["specs"]}
    for spec in b["specs"]:
        known = specs.get(spec["name"], spec)
        if known["sha256"] != spec["sha256"]:
            raise RequestError(
                f"{where} have a spec {spec['name']!r} of different content (sha256 {known['sha256'][:12]} and "
                f"{spec['sha256'][:12]}), expected the same file; measure both with one of them"
            )
    _check_same(where, "function", _named(a["functions"]), _named(b["functions"]))
    _check_same(where, "problem", *({tuple(r[:3]): r[3:] for r in x["problems"]["rows"]} for x in (a, b)))


def _named(rows: Iterable[Row]) -> dict[str, Row]:
    return {str(row["name"]): row for row in rows}


def _check_same(where: str, what: str, first: dict[Any, Any], second: dict[Any, Any]) -> None:
    for key in first.keys() & second.keys():
        if first[key] != second[key]:
            told = key if isinstance(key, str) else " ".join(map(str, key))
            raise RequestError(
                f"{where} describe the {what} {told!r} differently although both say that one release made them, "
                "expected one state of reportgen; measure one of them again"
            )


# -- targets --------------------------------------------------------------------------------------------------
def named_targets(parts: list[Part]) -> Naming:
    """Targets of all parts: one name for those that are the same and measured the same, else the machine's beside it.

    A target that did not run anywhere keeps the first machine's reason; where it ran somewhere, that counts.
    """
    naming = Naming()
    compared = {
        (a.run, b.run): contradictions.compare(a, b) for i, a in enumerate(parts) for b in parts[i + 1 :]
    }  # fmt: skip
    for name in dict.fromkeys(name for part in parts for name in part.entries):
        having = [part for part in parts if part.ran(name)]
        made: list[Target] = []
        for part in having or [p for p in parts if name in p.entries][:1]:
            alike = [t for t in made if t.parts[0].identity(name) == part.identity(name)]
            fits = [t for t in alike if not any(name in compared[p.run, part.run].own for p in t.parts)]
            if fits:
                fits[0].parts.append(part)
                continue
            target = Target(name, [part], f"{name}{SEPARATOR}{part.name}" if made else name)
            made.append(target)
            for other in alike:
                naming.found += _found(compared, name, other, target)
        naming.targets += made
    return naming


def _found(
    compared: dict[tuple[str, str], contradictions.Compared], name: str, first: Target, second: Target
) -> Iterator[tuple[Target, Target, Part, Part, Contradiction]]:
    """What made ``second`` a target of its own beside ``first``: by the first part of it that it contradicts.

    What contradicts about a pair of targets is told once, under the first of the two.
    """
    part = second.parts[0]
    for other in first.parts:
        told = compared[other.run, part.run].own.get(name, [])
        if told:
            for one in told:
                if one.targets[0] == name:
                    yield first, second, other, part, one
            return


def contradiction_rows(naming: Naming) -> Iterator[Row]:
    """Rows of the table ``contradictions``."""
    for first, second, one, other, found in naming.found:
        yield {
            **found.cells,
            "target": found.targets[0],
            "other": found.targets[1] if len(found.targets) > 1 else None,
            "first_target": first.name, "first_machine": one.name,
            "second_target": second.name, "second_machine": other.name,
        }  # fmt: skip


def target_entry(target: Target) -> Row:
    """The entry of ``targets``: that of the first machine, with the names of all."""
    own = target.parts[0].entries[target.measured_as]
    return own | {
        "name": target.name,
        "measured_as": target.measured_as,
        "machines": [part.name for part in target.parts],
    }


# -- tables ---------------------------------------------------------------------------------------------------
def merged_rows(parts: list[Part], names: dict[str, dict[str, str]], key: str) -> list[list[Any]]:
    """Rows of one table with merged names, in the order of the first part; rows of others stand behind those of the
    same case, or at the end.

    What several parts of a target measured alike is taken from the first of them.
    """
    columns = tables.COLUMNS[key]
    named, group = contradictions.group_key(key)
    case = [columns.index(c) for c in contradictions.CASE if c in columns and key != "gates"]
    placed: list[tuple[int, int, list[Any]]] = []
    last: dict[tuple[Any, ...], int] = {}
    taken: set[tuple[Any, ...]] = set()
    for number, part in enumerate(parts):
        new, known, called = set(), dict(last), names[part.run]
        for row in table_rows(part, key):
            targets = tuple(called.get(row[i]) for i in named)
            if any(name is None and row[i] is not None for name, i in zip(targets, named, strict=True)):
                continue  # another machine answers for this target
            place = (*targets, *(row[i] for i in group))
            if place in taken:
                continue
            new.add(place)
            row = list(row)
            for i, name in zip(named, targets, strict=True):
                row[i] = name
            own = tuple(row[i] for i in case)
            if own not in known:
                last[own] = len(placed)
            placed.append((known.get(own, len(placed)), number, row))
        taken |= new
    return [row for _, _, row in sorted(placed, key=lambda entry: entry[:2])]


def _table(key: str, rows: Iterable[list[Any]]) -> Row:
    return {"columns": list(tables.COLUMNS[key]), "rows": list(rows)}


def _unique(rows: Iterable[list[Any]]) -> list[list[Any]]:
    return list({tuple(row[:3]): row for row in rows}.values())


def _by_name(lists: Iterable[list[Row]]) -> list[Row]:
    out: dict[str, Row] = {}
    for rows in lists:
        for row in rows:
            out.setdefault(row["name"], row)
    return list(out.values())


# -- where and when -------------------------------------------------------------------------------------------
def provenance(parts: list[Part], naming: Naming, names: dict[str, dict[str, str]]) -> Row:
    """Every machine with what ran there; ``machine``, ``oracle`` and ``software`` are the main machine's."""
    machines = []
    for part in parts:
        live = [t for t in part.entries if part.ran(t) and part.entries[t]["mode"] != RECORDED]
        own = [t.name for t in naming.targets if part in t.parts and t.measured_as in live]
        machines.append({"name": part.name, **part.facts, "targets": own})
    counted = [part.facts["counts"] for part in parts]
    failures = []
    for part in parts:
        for row in part.document["provenance"].get("failures") or ():
            target = names[part.run].get(row["target"])
            if target and (moved := row | {"target": target}) not in failures:
                failures.append(moved)
    main = parts[0].facts
    return {
        "time": max(str(part.facts["time"]) for part in parts),
        "plan": hashlib.sha256(json.dumps([part.run for part in parts]).encode()).hexdigest(),
        "machine": main["machine"],
        "oracle": main["oracle"],
        "counts": {key: sum(c.get(key, 0) for c in counted) for key in dict.fromkeys(k for c in counted for k in c)},
        "failures": failures,
        "software": main["software"],
        "machines": machines,
    }


def timing(parts: list[Part], names: dict[str, dict[str, str]]) -> Row:
    """Seconds of all machines together, and the speeds of every target on its first machine."""
    taken: dict[tuple[Any, ...], list[Any]] = {}
    for part in parts:
        called = names[part.run]
        for row in tables.aligned(part.document["timing"]["table"], tables.TIMING_COLUMNS):
            *case, target, speed = row
            if target in called:
                taken.setdefault((*case, called[target]), [*case, called[target], speed])
    seconds = sum(part.facts["seconds"] for part in parts)
    return {
        "seconds": round(seconds, 3),
        "table": {"columns": list(tables.TIMING_COLUMNS), "rows": list(taken.values())},
    }


def check_tables(source: Source) -> None:
    """Raise StoredResultError where a document lacks what merging relies on (files of other programs)."""
    try:
        for machine in source.machines:
            machine["name"], machine["machine"], machine["time"]
        for target in source.document["targets"]:
            target["name"], target["status"], target["mode"]
            if source.machines:
                target["machines"], target["measured_as"]
        for key in ("time", "plan"):
            source.document["provenance"][key]
        source.document["timing"]["seconds"], source.document["timing"]["table"]["rows"]
    except (KeyError, TypeError) as error:
        raise StoredResultError(f"{source.where}: not a stored result: {type(error).__name__}: {error}") from None
