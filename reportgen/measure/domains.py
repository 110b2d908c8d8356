"""Does an input lie in the domain of a spec's case, and what was measured there before?"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from reportgen.core.domains import domain_words
from reportgen.core.errors import StoredResultError
from reportgen.core.floats import F64
from reportgen.core.model import Case, Spec
from reportgen.results import store, tables

Point = tuple[float, ...]


def contains(case: Case, point: Point) -> bool:
    """Whether the case's domain holds the point: between the ends of its intervals, or among its values.

    NaN is in a domain only where it is listed; zeros of either sign are the same point.
    """
    detail: dict[str, Any] = dict(case.inputs.detail)
    source = case.inputs.source
    if source == "interval":
        return all(low <= x <= high for x, (low, high) in zip(point, detail["intervals"], strict=True))
    if source == "arange":
        return _among((np.arange(*detail["arange"], dtype=np.float64),), point)
    if source == "values":
        listed = [p if isinstance(p, (list, tuple)) else (p,) for p in detail["values"]]
        return _among(tuple(np.array([float.fromhex(v) for v in c]) for c in zip(*listed, strict=True)), point)
    if source == "npy":
        stored = np.load(detail["npy"], allow_pickle=False).astype(np.float64)
        return _among(tuple(stored.reshape(len(point), -1)), point)
    return True


def _among(columns: tuple[F64, ...], point: Point) -> bool:
    found = np.ones(len(columns[0]), dtype=bool)
    for column, x in zip(columns, point, strict=True):
        found &= np.isnan(column) if np.isnan(x) else column == x
    return bool(found.any())


def cases_of(spec: Spec, function: str, dtype: str) -> list[Case]:
    """The cases of a spec that measure the function in the dtype."""
    return [case for case in spec.cases if (case.function, case.dtype) == (function, dtype)]


def domains(spec: Spec, output: str, document: dict[str, Any]) -> list[dict[str, Any]]:
    """The list ``domains`` of ``explain`` (see ``docs/explain.md``) for the input of its ``document``.

    Stored versions that cannot be read count as absent.
    """
    point = tuple(float.fromhex(text) for text in document["input"])
    cases = cases_of(spec, document["function"], document["dtype"])
    found = []
    for case in cases:
        version, rows = _stored(Path(output), case)
        found.append(
            {
                "spec": spec.name,
                "case": case.inputs.name,
                "domain": domain_words(case.inputs),
                "inside": contains(case, point),
                "version": None if version is None else version["label"],
                "same_spec": None if version is None else _same_spec(version, spec),
                "maxima": [_beside(row, document) for row in rows],
            }
        )
    return found


def _stored(output: Path, case: Case) -> tuple[dict[str, Any] | None, list[dict[str, Any]]]:
    """The newest stored version that measured the case, and per target the row with the largest error."""
    key = (case.spec, case.function, case.dtype, case.inputs.name)
    for entry in store.list_versions(output):
        if "error" in entry:
            continue
        try:
            document = store.read_document(output / entry["label"] / "results.json")
        except StoredResultError:
            continue
        largest: dict[str, dict[str, Any]] = {}
        for row in tables.records(document["measurements"]):
            same = (row["spec"], row["function"], row["dtype"], row["case"]) == key
            if same and row["regime"] == "all" and row["status"] == "ok" and row["max_ulp"] is not None:
                known = largest.setdefault(row["target"], row)
                if row["max_ulp"] > known["max_ulp"]:
                    largest[row["target"]] = row
        if largest:
            return document, list(largest.values())
    return None, []


def _same_spec(document: dict[str, Any], spec: Spec) -> bool:
    """Whether the version was made from this very text of the spec."""
    return any(entry["name"] == spec.name and entry["sha256"] == spec.sha256 for entry in document["specs"])


def _beside(row: dict[str, Any], document: dict[str, Any]) -> dict[str, Any]:
    """A stored maximum beside the largest error of this input on the same target."""
    own = [a["ulp"] for a in document["answers"] if a["target"] == row["target"] and a["ulp"] is not None]
    return {
        "target": row["target"],
        "max_ulp": row["max_ulp"],
        "worst_input": row["worst_input"],
        "ulp": max(own, default=None),
    }
