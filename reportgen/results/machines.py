"""Results of several machines: how machines are called, and what of a document was measured on which of them.

A merged document is taken apart into what it was made from, so that merging merged results is the same as merging all
at once.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

from reportgen.core.errors import RequestError
from reportgen.results import tables

SEPARATOR = "~"
"""Between a target and its machine in the name ``numpy~arm-box``: no name of a target or release contains it."""

NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._+-]{0,63}")
RAN, RECORDED = "ok", "recorded"
NOISE = re.compile(r"\((?:r|tm|c)\)|\bcpu\b|\bprocessor\b|@.*", re.IGNORECASE)

Row = dict[str, Any]


@dataclass(frozen=True)
class Source:
    """Results as they were found: ``where`` for messages, ``name`` the machine's where the user gave one."""

    where: str
    document: Row
    profiles: dict[str, Row]
    name: str | None = None

    @property
    def machines(self) -> list[Row]:
        """The machines of a merged document; none for results of one machine."""
        return list(self.document["provenance"].get("machines") or ())


@dataclass
class Part:
    """What one machine measured. ``called`` maps names of the document to those under which was measured."""

    name: str
    facts: Row
    source: Source
    called: dict[str, str]
    entries: dict[str, Row]
    grouped: dict[str, dict[tuple[Any, ...], list[list[Any]]]] = field(default_factory=dict)
    """Kept by :func:`reportgen.results.contradictions.groups`."""

    @property
    def document(self) -> Row:
        return self.source.document

    @cached_property
    def run(self) -> str:
        """Names the run on that machine: twice the same is the same results."""
        return _digest([self.facts[key] for key in ("label", "time", "plan", "machine")])

    def ran(self, target: str) -> bool:
        return target in self.entries and self.entries[target]["status"] == RAN

    def identity(self, target: str) -> str:
        """Equal for targets that are expected to compute the same."""
        entry = self.entries[target]
        if entry["mode"] == RECORDED:
            return RECORDED
        told = ("library", "version", "mode", "device", "env", "options", "provenance")
        facts = [entry.get(key) for key in told]  # files of schema 1 and 2 have no fingerprint
        return str(entry.get("fingerprint") or _digest([facts, self.facts["machine"]]))


def _digest(value: Any) -> str:
    return hashlib.sha256(json.dumps(value, sort_keys=True).encode()).hexdigest()


def machine_of(document: Row, target: Row) -> Row:
    """Facts of the machine that a target of ``document`` was measured on (the first one, where several gave the same
    results)."""
    provenance = document["provenance"]
    by_name = {m["name"]: m["machine"] for m in provenance.get("machines") or ()}
    first = next(iter(target.get("machines") or ()), None)
    return by_name.get(first) or provenance.get("machine") or {}


def parts_of(sources: Sequence[Source]) -> list[Part]:
    """What each machine measured: that of the first source first, then by name; no run twice.

    Raises RequestError where one name would stand for two runs.
    """
    parts: dict[str, Part] = {}
    for source in _named(sources):
        for part in _apart(source):
            parts.setdefault(part.run, part)
    by_name: dict[str, Part] = {}
    for part in parts.values():
        other = by_name.setdefault(part.name, part)
        if other is not part:
            raise RequestError(
                f"merge: the machine name {part.name!r} stands for two runs, one in {other.source.where} and one in "
                f"{part.source.where}; give one of them another name with --name DIR=NAME"
            )
    first, *others = parts.values()
    return [first, *sorted(others, key=lambda part: part.name)]


def _apart(source: Source) -> list[Part]:
    if not source.machines:
        assert source.name is not None  # given by _named
        entries = {str(t["name"]): t for t in source.document["targets"]}
        return [Part(source.name, _facts(source.document), source, {n: n for n in entries}, entries)]
    parts = []
    for machine in source.machines:
        own = [t for t in source.document["targets"] if machine["name"] in t["machines"]]
        called = {str(t["name"]): str(t["measured_as"]) for t in own}
        entries = {called[t["name"]]: {k: v for k, v in t.items() if k not in ("machines", "measured_as")} for t in own}
        facts = {k: v for k, v in machine.items() if k not in ("name", "targets")}
        parts.append(Part(machine["name"], facts, source, called, entries))
    return parts


def _facts(document: Row) -> Row:
    """The entry of ``provenance.machines`` for results of one machine, without its name and targets."""
    provenance = document["provenance"]
    return {
        "label": document["label"],
        **{key: provenance.get(key) for key in ("time", "plan", "machine", "oracle", "software")},
        "counts": provenance.get("counts") or {},
        "seconds": document["timing"]["seconds"],
        "specs": [s["name"] for s in document["specs"]],
    }


def _named(sources: Sequence[Source]) -> list[Source]:
    """Every source of one machine with a name: the one given, else its label, else what its machine is."""
    runs: dict[str, Row] = {}
    keys = {}
    for source in sources:
        if not source.machines:
            if source.name is None:
                facts = _facts(source.document)
                keys[id(source)] = _digest([facts["time"], facts["plan"], facts["label"], facts["machine"]])
                runs.setdefault(keys[id(source)], facts)
            elif not NAME.fullmatch(source.name):
                raise RequestError(
                    f"--name: got {source.name!r} for {source.where}, expected letters, digits, '.', '_', '+' or '-'"
                )
        elif source.name is not None:
            known = ", ".join(m["name"] for m in source.machines)
            raise RequestError(f"--name: {source.where} holds results of several machines ({known}), which keep theirs")
    names = _distinct(runs)
    return [replace(s, name=names[keys[id(s)]]) if id(s) in keys else s for s in sources]


def _distinct(runs: dict[str, Row]) -> dict[str, str]:
    """Names by run: the labels where all differ, else words for the machines, numbered where those are alike."""
    names: dict[str, str] = {}
    for tried in (
        {key: str(facts["label"]) for key, facts in runs.items()},
        {key: machine_word(facts["machine"] or {}) for key, facts in runs.items()},
    ):
        names = tried
        if len({name.lower() for name in names.values()}) == len(names) and all(map(NAME.fullmatch, names.values())):
            return names
    counted: dict[str, int] = {}
    for key in sorted(runs, key=lambda key: (str(runs[key]["time"]), key)):
        counted[names[key]] = counted.get(names[key], 0) + 1
        names[key] = f"{names[key]}-{counted[names[key]]}"
    return names


def machine_word(machine: Row) -> str:
    """A short name for a machine: its processor, and that it has a GPU."""
    text = NOISE.sub(" ", str(machine.get("cpu_model") or machine.get("machine") or ""))
    word = re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")[:40].rstrip("-") or "machine"
    return f"{word}-gpu" if machine.get("gpu_driver") else word


def table_rows(part: Part, key: str) -> list[list[Any]]:
    """Rows of a table in today's columns; tables that a document lacks are empty."""
    return tables.aligned(part.document[key], tables.COLUMNS[key]) if key in part.document else []
