"""Results of further machines, made from those of one: the same measurements under another processor's name."""

from __future__ import annotations

import copy
import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from reportgen.results import store, tables

Document = dict[str, Any]
Change = Callable[[Document], None]
COPIED = ("measurements", "self_agreement", "subnormals", "special", "determinism")


def machine(name: str, gpu: str = "") -> Change:
    """Another processor: whatever a fingerprint covers is different."""

    def change(document: Document) -> None:
        facts = document["provenance"]["machine"]
        facts |= {"cpu_model": name, "gpu_driver": gpu or None}
        document["provenance"]["plan"] = hashlib.sha256(name.encode()).hexdigest()
        for target in document["targets"]:
            text = f"{target['fingerprint']} {name}"
            target["fingerprint"] = hashlib.sha256(text.encode()).hexdigest()
            if target["provenance"]:
                target["provenance"]["cpu_model"] = name

    return change


def another_run(time: str) -> Change:
    """The same machine at another time."""

    def change(document: Document) -> None:
        document["provenance"]["time"] = time
        document["timing"]["seconds"] += 1.5

    return change


def runs_too(target: str, like: str) -> Change:
    """A target that was unavailable has results: those of another one."""

    def change(document: Document) -> None:
        entry = next(t for t in document["targets"] if t["name"] == target)
        other = next(t for t in document["targets"] if t["name"] == like)
        entry |= {"status": "ok", "reason": "", "provenance": copy.deepcopy(other["provenance"])}
        for key in COPIED:
            rows = [r for r in tables.records(document[key]) if r["target"] != target]
            more = [r | {"target": target} for r in rows if r["target"] == like]
            document[key] = tables.table(tables.COLUMNS[key], rows + more)

    return change


def cell(table: str, column: str, value: Any, **where: Any) -> Change:
    """Another value in the first row of a table that fits."""

    def change(document: Document) -> None:
        columns = document[table]["columns"]
        for row in document[table]["rows"]:
            if all(row[columns.index(c)] == v for c, v in where.items()):
                assert row[columns.index(column)] != value
                row[columns.index(column)] = value
                return
        raise AssertionError(f"no row of {table} has {where}")

    return change


def plant(source: Path, folder: Path, *changes: Change, label: str | None = None) -> Path:
    """A version's folder like ``source`` but for the changes, with its profiles and sums."""
    document = store.read_document(source / "results.json")
    document["label"] = label or folder.name
    for change in changes:
        change(document)
    profiles = {p.stem: json.loads(p.read_text()) for p in sorted((source / "profiles").glob("*.json"))}
    folder.mkdir(parents=True)
    store.write_data(folder, document, profiles)
    store.seal(folder, document["label"])
    return folder
