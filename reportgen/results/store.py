"""Versions in the output folder: writing, reading, listing."""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from reportgen.core import gates
from reportgen.core.errors import OutputError, StoredResultError
from reportgen.results import files, integrity, listing, tables, upgrades
from reportgen.results.integrity import SUMS
from reportgen.results.junit import junit

SCHEMA = 3
LABEL = re.compile(r"[A-Za-z0-9][A-Za-z0-9._+-]{0,63}")
RESERVED = {"latest", "index.html", "versions.json", "README.md"}
VOLATILE = ("timing", "determinism")
"""Top-level keys (and ``provenance.time``) in which two runs of one spec on one machine may differ."""

TABLES = (
    "measurements",
    "agreement",
    "special",
    "self_agreement",
    "subnormals",
    "problems",
    "rewrites",
    "gates",
    "contradictions",
    "determinism",
)


def check_label(label: str) -> str:
    """The label, if it can name a folder of the output; raises OutputError otherwise."""
    if not LABEL.fullmatch(label) or label in RESERVED or ".." in label:
        raise OutputError(
            f"label {label!r}: expected 1 to 64 letters, digits, '.', '_', '+' or '-', beginning with a letter or "
            "digit, and none of the names that the output folder uses itself"
        )
    return label


def check_output(output: Path) -> None:
    """Raise OutputError unless ``output`` is, or can become, a folder that can be written."""
    probe = output
    while not probe.exists() and probe != probe.parent:
        probe = probe.parent
    if output.exists() and not output.is_dir():
        raise OutputError(f"{output}: is a file; expected a folder")
    if not probe.is_dir() or not os.access(probe, os.W_OK | os.X_OK):
        raise OutputError(f"{output}: cannot be written; choose another folder with --output")


def dumps(document: dict[str, Any]) -> str:
    """Canonical JSON: keys in the order given, one table row a line, no NaN."""
    parts = []
    for key, value in document.items():
        parts.append(f"{json.dumps(key)}: {_dump_value(value)}")
    return "{\n" + ",\n".join(parts) + "\n}\n"


def _dump_value(value: Any) -> str:
    if isinstance(value, dict) and {"columns", "rows"} <= set(value):
        rows = ",\n".join(_compact(row) for row in value["rows"])
        inner = [f"{json.dumps(k)}: {_compact(v)}" for k, v in value.items() if k != "rows"]
        return "{" + ", ".join(inner) + f', "rows": [\n{rows}\n]}}'
    if isinstance(value, dict) and "table" in value:
        inner = [f"{json.dumps(k)}: {_dump_value(v)}" for k, v in value.items()]
        return "{" + ", ".join(inner) + "}"
    if isinstance(value, list) and value and isinstance(value[0], dict):
        return "[\n" + ",\n".join(_compact(v) for v in value) + "\n]"
    return _compact(value)


_compact = json.JSONEncoder(allow_nan=False, ensure_ascii=False, separators=(",", ":")).encode


def settled_digest(document: dict[str, Any]) -> str:
    """SHA-256 of what two runs on one machine must share: all but the volatile keys, what gates say of them, and
    ``provenance.time``."""
    kept = {k: v for k, v in document.items() if k not in VOLATILE}
    if "gates" in document:
        shared = [row for row in tables.records(document["gates"]) if row["what"] not in gates.VOLATILE]
        kept["gates"] = tables.table(document["gates"]["columns"], shared)
    kept["provenance"] = {k: v for k, v in document["provenance"].items() if k != "time"}
    if "machines" in kept["provenance"]:
        volatile = ("time", "seconds")
        machines = [{k: v for k, v in m.items() if k not in volatile} for m in kept["provenance"]["machines"]]
        kept["provenance"]["machines"] = machines
    return hashlib.sha256(dumps(kept).encode()).hexdigest()


def read_document(path: Path) -> dict[str, Any]:
    """A stored ``results.json``, its tables plain and its special cases in words again.

    The one door to stored results. Raises StoredResultError where the file is missing, cut off, edited, of a newer
    schema, or not the one that the list of checksums beside it names.
    """
    document = integrity.parsed(path, SCHEMA)
    try:
        upgrades.upgrade(document, SCHEMA)
    except (AttributeError, LookupError, TypeError) as error:
        raise StoredResultError(f"{path}: is not a stored result ({type(error).__name__}: {error})") from None
    for key in TABLES:
        stored = document.get(key)
        if not isinstance(stored, dict) or not isinstance(stored.get("rows"), list) or "columns" not in stored:
            raise StoredResultError(f"{path}: table {key!r} is missing or damaged")
        width = len(stored["columns"])
        if any(not isinstance(row, list) or len(row) != width for row in stored["rows"]):
            raise StoredResultError(f"{path}: table {key!r} has a row that does not fit its columns")
        try:
            document[key] = tables.unpack(stored)  # tables of schema 1 are plain
        except (AttributeError, LookupError, TypeError, ValueError):
            raise StoredResultError(f"{path}: table {key!r} has a cell whose value is not listed") from None
    try:
        document["special"] = tables.special_in_words(document)
        if isinstance(document.get("timing"), dict) and "table" in document["timing"]:
            document["timing"]["table"] = tables.unpack(document["timing"]["table"])
    except (LookupError, TypeError):
        raise StoredResultError(f"{path}: table 'special' names a rule that its function does not have") from None
    return document


def read_version(output: Path, label: str) -> dict[str, Any]:
    """The results of a version in the output folder.

    Raises StoredResultError as :func:`read_document` does, and where the folder holds another version than its name
    says: a copied or renamed folder.
    """
    folder = output / label
    document = read_document(folder / "results.json")
    carried = document.get("label")
    if carried != label:
        two = isinstance(carried, str) and LABEL.fullmatch(carried) and (output / carried / "results.json").exists()
        twice = f", and so does {output / str(carried)}" if two else ""
        raise StoredResultError(
            f"{folder}: carries the label {carried!r}{twice}, expected the label of its folder, {label!r}: a copied or "
            "renamed folder; move it out of the output folder, or rename it back"
        )
    return document


def stored_version(output: Path, label: str, replace_it: bool) -> dict[str, Any] | None:
    """The results of an earlier version of that label; None where there is none, or it is replaced in any case.

    Raises StoredResultError where there is one that cannot be read: a newer reportgen may be able to.
    """
    if not (output / label / "results.json").exists():
        return None
    try:
        return read_version(output, label)
    except StoredResultError as error:
        if replace_it or label == "dev":
            return None
        raise StoredResultError(f"{error}; or replace it with --fresh, or choose another --label") from None


def holds_already(output: Path, existing: dict[str, Any] | None, document: dict[str, Any], replace_it: bool) -> bool:
    """Whether the version to be written is stored already, as ``existing``.

    Raises OutputError where that label has other content and may not be replaced (``dev`` always may).
    """
    if existing is None or replace_it or document["label"] == "dev":
        return False
    if settled_digest(existing) == settled_digest(document):
        return True
    raise OutputError(
        f"{output / document['label']}: a version of that label exists with other content; "
        "choose another --label, or replace it with --fresh"
    )


def read_profile(folder: Path, function: str) -> dict[str, Any]:
    """The figures' data of one function, as the version's list of checksums has it. Raises StoredResultError."""
    path = folder / "profiles" / f"{function}.json"
    try:
        profile = json.loads(integrity.verified(path, folder).decode("utf-8"))
    except (UnicodeDecodeError, json.JSONDecodeError) as error:
        raise StoredResultError(f"{path}: cannot be read ({error})") from None
    if not isinstance(profile, dict) or profile.get("function") != function:
        raise StoredResultError(f"{path}: is not the profile of {function}")
    return profile


def write_data(
    folder: Path,
    document: dict[str, Any],
    profiles: dict[str, dict[str, Any]],
    comparison: dict[str, Any] | None = None,
) -> None:
    """The data files of a version into an empty folder; ``comparison`` is that with its baseline, if it has one."""
    compact = dict(document, schema=SCHEMA, special=tables.special_by_rule(document))
    compact |= {key: tables.pack(compact[key]) for key in TABLES if key in compact}
    compact["timing"] = dict(document["timing"], table=tables.pack(document["timing"]["table"]))
    (folder / "results.json").write_text(integrity.sealed(dumps(compact)), encoding="utf-8")
    for name, text in tables.csv_files(document).items():
        (folder / name).write_text(text, encoding="utf-8", newline="")
    from reportgen.results import summaries  # which reads results through this module

    (folder / summaries.NAME).write_text(summaries.dumps(summaries.summary(document)), encoding="utf-8")
    judged = tables.records(document["gates"]) if "gates" in document else []
    if judged:
        (folder / "junit.xml").write_text(junit(document["label"], judged), encoding="utf-8", newline="\n")
    if comparison is not None:
        (folder / "comparison.json").write_text(_compact(comparison) + "\n", encoding="utf-8")
    (folder / "profiles").mkdir()
    for function, profile in sorted(profiles.items()):
        (folder / "profiles" / f"{function}.json").write_text(_compact(profile) + "\n", encoding="utf-8")


def seal(folder: Path, label: str) -> None:
    """Add the archive and the checksums, which come last because they cover everything else.

    The archive holds a list of its own content; the one beside it lists the archive too.
    """
    archive = f"reportgen-{label}.zip"
    (folder / archive).unlink(missing_ok=True)
    list_sums(folder)
    names = sorted(str(p.relative_to(folder)) for p in folder.rglob("*") if p.is_file())
    files.reproducible_zip(folder / archive, folder, names, f"reportgen-{label}")
    list_sums(folder)


def list_sums(folder: Path) -> None:
    """Write ``SHA256SUMS`` of all files below ``folder``, in the form that ``sha256sum -c`` reads."""
    names = sorted(str(p.relative_to(folder)) for p in folder.rglob("*") if p.is_file() and p.name != SUMS)
    lines = [f"{hashlib.sha256((folder / name).read_bytes()).hexdigest()}  {name}\n" for name in names]
    (folder / SUMS).write_text("".join(lines), encoding="utf-8")


@dataclass(frozen=True)
class Pages:
    """How stored results become pages: of one version's folder (in place), and of the list of versions (as text)."""

    version: Callable[[Path], None]
    index: Callable[[Path, list[dict[str, Any]]], str]


def write_version(
    output: Path,
    document: dict[str, Any],
    profiles: dict[str, dict[str, Any]],
    pages: Pages,
    comparison: dict[str, Any] | None = None,
) -> Path:
    """Stage, render and publish one version, then the list of versions and what leads to it. Returns its folder."""
    label = check_label(document["label"])
    output.mkdir(parents=True, exist_ok=True)
    final = output / label
    with files.staging(output, label) as staged:
        write_data(staged, document, profiles, comparison)
        pages.version(staged)
        seal(staged, label)
        files.publish_folder(staged, final)
    refresh_index(output, pages.index)
    return final


def list_versions(output: Path) -> list[dict[str, Any]]:
    """Versions in the output folder, newest first: label, date, depth, counts; damaged ones carry ``error``."""
    found = []
    known = {v.get("results_sha256"): v for v in listed(output)}
    if output.is_dir():
        for folder in sorted(output.iterdir()):
            own = folder.is_dir() and not folder.is_symlink() and not folder.name.startswith(".")
            if own and ((folder / "results.json").exists() or listed_sum(folder, "results.json")):
                sealed = results_sum(folder)
                entry = known.get(sealed) if sealed else None
                fits = entry and entry["label"] == folder.name and "machines" in entry
                fits = fits and entry.get("comparison_sha256") == listed_sum(folder, "comparison.json")
                found.append(entry if entry and fits else summary_of(folder))
    return listing.for_switchers(listing.newest_first(found))


def listed(output: Path) -> list[dict[str, Any]]:
    """The entries of ``versions.json``, none where it is missing or damaged."""
    try:
        entries = json.loads((output / "versions.json").read_text(encoding="utf-8"))
        return [e for e in entries if isinstance(e, dict) and isinstance(e.get("label"), str)]
    except (OSError, ValueError, TypeError):
        return []


def results_sum(folder: Path) -> str | None:
    """The checksum of ``results.json`` in the folder's list and its size, which name its content without reading it."""
    try:
        size = (folder / "results.json").stat().st_size
    except OSError:
        return None
    listed_one = listed_sum(folder, "results.json")
    return f"{listed_one} {size}" if listed_one else None


def listed_sum(folder: Path, name: str) -> str | None:
    """The checksum of a file in the folder's list; None where it is not listed."""
    try:
        return (integrity.listed_sums(folder) or {}).get(name)
    except StoredResultError:
        return None


def summary_of(folder: Path) -> dict[str, Any]:
    """The entry of ``versions.json`` for one version."""
    try:
        document = read_version(folder.parent, folder.name)
    except StoredResultError as error:
        return {"label": folder.name, "version": folder.name, "title": folder.name, "aliases": [], "error": str(error)}
    live = [t for t in document["targets"] if t["status"] == "ok" and t["mode"] != "recorded"]
    return {
        "label": document["label"],
        "version": document["label"],
        "title": document["label"],
        "aliases": [],
        "date": document["provenance"]["time"],
        "depth": document["depth"],
        "functions": sum(f.get("kind") not in ("gradient", "cast", "expression") for f in document["functions"]),
        "targets": [f"{t['name']} {t['version']}".strip() for t in live],
        "measurements": len(document["measurements"]["rows"]),
        "machines": listing.machines_of(document),
        "gates": listing.gates_of(document),
        "baseline": listing.baseline_of(folder),
        "comparison_sha256": listed_sum(folder, "comparison.json"),
        "digest": settled_digest(document),
        "results_sha256": results_sum(folder),
    }


def versions_text(versions: list[dict[str, Any]]) -> str:
    """The content of ``versions.json``."""
    return json.dumps(versions, indent=1, ensure_ascii=False) + "\n"


def refresh_index(output: Path, render_index: Callable[[Path, list[dict[str, Any]]], str]) -> None:
    """Rewrite ``versions.json`` and ``index.html`` of the output folder, and point ``latest`` to the newest version."""
    versions = list_versions(output)
    newest = listing.newest(versions)
    if newest is not None:
        files.point_link(output / "latest", newest)
    files.write_atomic(output / "versions.json", versions_text(versions))
    files.write_atomic(output / "index.html", render_index(output, versions))
