"""The short form of a version's results: what comparisons need, an eighth of the size, read in a tenth of the time."""

from __future__ import annotations

import difflib
import hashlib
import json
import re
from pathlib import Path
from typing import Any

from reportgen.core.changes import REGIME_COLUMNS
from reportgen.core.errors import StoredResultError
from reportgen.results import integrity, store, tables, upgrades
from reportgen.results.machines import machine_of

SUMMARY = 1
"""Number of this format; a summary with another one is made again from ``results.json``."""

NAME = "summary.json"
TAKEN = (
    "spec", "function", "kind", "dtype", "case", "target", "path", "metric", "depth", "coverage",
    "samples", "status", "reason", "max_ulp", "worst_input", "worst_output", "mean_ulp", "bound_ratio", "max_abs",
    "special_mismatches", "undecided", "correctly_rounded", "faithfully_rounded", "position_differs",
    "position_tested", "layout_differs", "layout_tested", "constant_differs", "constant_tested", "seed", "shape",
    "distribution",
)  # fmt: skip
"""Columns of the rows ``regime=all`` that are taken over."""

COLUMNS = (*TAKEN, "run_differs", "run_tested", *(c for c, _ in REGIME_COLUMNS), "normal_input", "normal_output")
AGREEMENT = (
    "spec", "function", "dtype", "case", "first", "second", "equal", "compared", "max_distance", "input",
    "first_output", "second_output",
)  # fmt: skip
TABLES = ("rows", "agreement", "inputs")
INPUTS = ("spec", "function", "dtype", "case", "digest")
ROW_FIELDS = (
    "arity", "wrt", "typical", "critical", "limits", "base_samples", "planes", "ordered", "parity", "result", "mpmath",
    "arb", "arrays",
)  # fmt: skip
"""Fields of a catalogue row that decide its inputs or its exact values."""

VECTOR = re.compile(r"(sse4|avx|fma|f16c|amx|asimd|sve|neon|fphp|vsx|vx)")
"""CPU features that libraries dispatch on."""


def summary(document: dict[str, Any]) -> dict[str, Any]:
    """The summary of a results document (``docs/results.md``), its tables plain."""
    document = dict(document)
    upgrades.upgrade(document, store.SCHEMA)  # as it is read again, so that the digest is that of the file
    provenance = document["provenance"]
    return {
        "schema": document["schema"],
        "summary": SUMMARY,
        "label": document["label"],
        "digest": store.settled_digest(document),
        "depth": document["depth"],
        "time": provenance.get("time", ""),
        "generator": document["generator"],
        "oracle": provenance.get("oracle", {}),
        "specs": {s["name"]: s.get("sha256", "") for s in document["specs"]},
        "functions": {f["name"]: _digest([f.get(k) for k in ROW_FIELDS]) for f in document["functions"]},
        "targets": [target_facts(t, machine_of(document, t)) for t in document["targets"]],
        "rows": tables.table(COLUMNS, rows_of(document)),
        "agreement": tables.table(AGREEMENT, tables.records(document["agreement"])),
        "inputs": tables.table(INPUTS, inputs_of(document)),
    }


def _digest(value: Any) -> str:
    return hashlib.sha256(json.dumps(value, sort_keys=True).encode()).hexdigest()[:16]


def target_facts(target: dict[str, Any], machine: dict[str, Any]) -> dict[str, Any]:
    """What of a target decides whether its figures can be compared with another version's.

    ``machine`` is the one it ran on; its CPU features belong to the target where it names the same CPU.
    """
    found = target.get("provenance") or {}
    same = found.get("cpu_model") in (None, "", machine.get("cpu_model"))
    features = [x for x in (machine.get("cpu_features") or []) if VECTOR.match(x)] if same and found else None
    blas = found.get("blas")
    beside = {k: found[k] for k in ("numpy", "ml_dtypes") if found.get(k) and k != target["library"]}
    kept = ("name", "library", "version", "mode", "device", "status", "reason", "env", "options", "expect")
    return {
        **{k: target.get(k) for k in kept},
        "base": target.get("base", ""),
        "pinned": target.get("pinned", ""),
        "fingerprint": target.get("fingerprint", ""),
        "python": found.get("python"),
        "machine": found.get("machine"),
        "cpu_model": found.get("cpu_model"),
        "cpu_features": features,
        "libc": found.get("libc"),
        "threads": found.get("threads"),
        "gpus": found.get("gpus"),
        "driver": found.get("driver"),
        "build": found.get("git_version"),
        "blas": blas.get("config") if isinstance(blas, dict) else blas,
        "alongside": beside,
    }


def rows_of(document: dict[str, Any]) -> list[dict[str, Any]]:
    """The rows ``regime=all`` with the maxima of each regime and the findings of repetitions beside them.

    The worst input of the regime ``normal`` is left out where it is that of all regimes.
    """
    names = {regime: column for column, regime in REGIME_COLUMNS}
    runs = {
        tuple(r[k] for k in tables.CASE_KEY): r for r in tables.records(document["determinism"]) if not r.get("check")
    }
    out: list[dict[str, Any]] = []
    regimes: dict[tuple[Any, ...], dict[str, Any]] = {}
    for row in tables.records(document["measurements"]):
        key = (*(row[k] for k in tables.CASE_KEY), row["path"], row["metric"])
        if row["regime"] != "all":
            cells = regimes.setdefault(key, {})
            cells[names[row["regime"]]] = row["max_ulp"]
            if row["regime"] == "normal":
                cells.update(normal_input=row["worst_input"], normal_output=row["worst_output"])
            continue
        if row["path"] == "body" and (run := runs.get(key[:5])):
            row.update(run_differs=run["run_differs"], run_tested=run["run_tested"])
        row["_key"] = key
        out.append(row)
    for row in out:
        row.update(regimes.get(row.pop("_key"), {}))
        if (row["worst_input"], row["worst_output"]) == (row.get("normal_input"), row.get("normal_output")):
            row.update(normal_input=None, normal_output=None)
    return out


def inputs_of(document: dict[str, Any]) -> list[dict[str, Any]]:
    """Digests of the inputs of each case: of what its spec says of them, and of the problems of functions of arrays."""
    out = [
        {"spec": spec["name"], "function": "", "dtype": "", "case": case, "digest": digest}
        for spec in document["specs"]
        for case, digest in (spec.get("inputs") or {}).items()
    ]
    for row in tables.records(document["problems"]) if document.get("problems") else ():
        cells = [row[k] for k in ("operands", "shape", "order", "parameters", "inputs")]
        out.append({"spec": "", **{k: row[k] for k in ("function", "dtype", "case")}, "digest": _digest(cells)})
    return out


def dumps(short: dict[str, Any]) -> str:
    """The text of ``summary.json``: as ``results.json`` is written, its tables packed."""
    return integrity.sealed(store.dumps(short | {key: tables.pack(short[key]) for key in TABLES}))


def load(where: str, output: Path) -> dict[str, Any]:
    """The summary of a version in ``output`` (by its label), of a version's folder, or of a results file.

    ``summary.json`` is read where it is whole, else it is made from ``results.json``. Raises StoredResultError where
    there is none, or what is there is cut off, edited, of a newer schema, or not what its checksums say.
    """
    path = find(where, output)
    if path.name == NAME:
        results, short = path.parent / "results.json", path
    else:
        results, short = path, path.parent / NAME
    found = None
    if (path == short or path.name == "results.json") and short.is_file():
        if results.is_file():
            integrity.verified(results)  # an edited file is not hidden by the summary made before
        found = read(short)
    if found is None:
        found = _from_results(results)
    folder = (output / where).resolve()
    if Path(where).name == where and path.parent == output / where and folder.name != found["label"]:
        raise StoredResultError(
            f"{output / where}: carries the label {found['label']!r}, expected the label of its folder, "
            f"{folder.name!r}: a copied or renamed folder; move it out of the output folder, or rename it back"
        )
    return found


def find(where: str, output: Path) -> Path:
    """The file that ``where`` means: a label in ``output`` first, then a folder or a file. Raises StoredResultError."""
    if not where.strip():
        raise StoredResultError("got an empty name of a version; expected a label, a folder or a results file")
    for folder in (output / where, Path(where)):
        for name in ("results.json", NAME):
            if folder.is_dir() and (folder / name).is_file():
                return folder / name
    if Path(where).is_file():
        return Path(where)
    if Path(where).is_dir():
        raise StoredResultError(f"{where}: holds no results.json; expected the folder of one version")
    known = sorted(p.name for p in output.iterdir() if (p / "results.json").is_file()) if output.is_dir() else []
    near = difflib.get_close_matches(where, known, n=1)
    there = f"{output} holds {', '.join(known)}" if known else f"{output} holds no version"
    hint = f"; did you mean {near[0]!r}?" if near else ""
    raise StoredResultError(f"{where}: no version, folder or file of that name; {there}{hint}")


def read(path: Path) -> dict[str, Any] | None:
    """A stored summary; None where its format is another one. Raises StoredResultError where it is damaged."""
    found = integrity.parsed(path, store.SCHEMA)
    if found.get("summary") != SUMMARY:
        return None
    try:
        return found | {key: tables.unpack(found[key]) for key in TABLES}
    except (AttributeError, LookupError, TypeError, ValueError):
        raise StoredResultError(f"{path}: a table of the summary is damaged") from None


def _from_results(path: Path) -> dict[str, Any]:
    """The summary of a ``results.json`` that may lack what newer ones have. Raises StoredResultError."""
    document = store.read_document(path)
    try:
        return summary(document)
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise StoredResultError(f"{path}: not a stored result: {type(error).__name__}: {error}") from None
