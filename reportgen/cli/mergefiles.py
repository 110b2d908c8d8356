"""Results of several machines, found, checked and published as one version."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from reportgen.core.errors import RequestError, StoredResultError
from reportgen.core.formatting import plural
from reportgen.results import integrity, merge, store, summaries, tables
from reportgen.results.machines import Source

SHOWN = 10
"""Contradictions that are printed; the report has all."""


def merge_versions(
    where: Sequence[str], names: Sequence[str], output: Path, label: str, fresh: bool, pages: store.Pages
) -> tuple[list[str], Path, bool]:
    """Publish the merged version. Returns the lines to print, its folder, and whether anything contradicts.

    Raises RequestError, StoredResultError and OutputError before anything is written.
    """
    if len(where) < 2:
        raise RequestError(f"merge: got {plural(len(where), 'folder')}, expected the results of at least two machines")
    given = given_names(names, where)
    sources = [load(each, output, label, given.get(each)) for each in where]
    for source in sources:
        merge.check_tables(source)
    document, profiles = merge.merge(sources, label)
    existing = store.stored_version(output, label, fresh)
    unchanged = store.holds_already(output, existing, document, fresh)
    folder = output / label if unchanged else store.write_version(output, document, profiles, pages)
    found = tables.records(document["contradictions"])
    return [*summary_lines(document, unchanged), *missing_figures(sources), *told(found)], folder, bool(found)


def given_names(names: Sequence[str], where: Sequence[str]) -> dict[str, str]:
    """``--name DIR=NAME`` by the DIR as it was written among the folders. Raises RequestError."""
    given: dict[str, str] = {}
    for text in names:
        place, equals, name = text.rpartition("=")
        if not equals:
            raise RequestError(f"--name: got {text!r}, expected DIR=NAME")
        if place not in where:
            raise RequestError(f"--name: {place!r} is not one of the folders to merge, expected {', '.join(where)}")
        if given.setdefault(place, name) != name:
            raise RequestError(f"--name: {place} is called {given[place]!r} and {name!r}, expected one name")
    return given


def load(where: str, output: Path, label: str, name: str | None) -> Source:
    """Results and profiles of a version in ``output`` (by its label), a version's folder or a results file."""
    path = summaries.find(where, output)
    folder = path.parent
    if path.name == summaries.NAME:
        raise StoredResultError(f"{folder}: holds no results.json, expected all results to be merged")
    if folder.resolve() == (output / label).resolve():
        raise RequestError(f"--label: {label!r} is one of the versions to be merged, expected a label of its own")
    known = folder.parent.resolve() == output.resolve() and path.name == "results.json"
    document = store.read_version(output, folder.name) if known else store.read_document(path)
    if path.name != "results.json":
        return Source(where, document, {}, name)
    integrity.check_whole(folder, "profiles/")
    found = sorted(p.stem for p in (folder / "profiles").glob("*.json"))
    return Source(where, document, {function: store.read_profile(folder, function) for function in found}, name)


def summary_lines(document: dict[str, Any], unchanged: bool) -> list[str]:
    """What was merged, machine by machine."""
    machines = document["provenance"]["machines"]
    state = "nothing changed" if unchanged else f"version {document['label']}"
    lines = [f"{state}: {plural(len(machines), 'machine')}, {plural(len(document['functions']), 'function')}"]
    return lines + [f"  {m['name']}: {', '.join(m['targets']) or 'no target ran'}" for m in machines]


def missing_figures(sources: Sequence[Source]) -> list[str]:
    return [
        f"no profiles beside {source.where}: its targets are missing in the figures"
        for source in sources if source.document["functions"] and not source.profiles
    ]  # fmt: skip


def short(value: Any) -> str:
    text = "nothing" if value is None else str(value)
    return text if len(text) <= 60 else f"{text[:59]}…"


def told(found: Sequence[dict[str, Any]]) -> list[str]:
    """Contradictions in words, the first few of them."""
    if not found:
        return []
    lines = [f"{plural(len(found), 'contradiction')}: what should be the same target measured otherwise"]
    for row in found[:SHOWN]:
        about = " ".join(str(row[c]) for c in ("function", "dtype", "case", "path", "regime") if row[c])
        pair = " | ".join(str(row[c]) for c in ("target", "other") if row[c])
        first, second = (f"{short(row[side])} on {row[f'{side}_machine']}" for side in ("first", "second"))
        lines.append(f"  {pair}: {about}: {row['what']} {first}, {second}")
    if len(found) > SHOWN:
        lines.append(f"  and {len(found) - SHOWN} more on the page of provenance")
    return lines
