"""The short form of a version's results: what comparisons need, a tenth of the size."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from reportgen.results import store


def summary(document: dict[str, Any]) -> dict[str, Any]:
    """The summary of a results document."""
    return {"label": document["label"], "digest": store.settled_digest(document)}


def load(where: str, output: Path) -> dict[str, Any]:
    """The summary of a version in ``output``, of a version's folder, or of a results file. Raises StoredResultError."""
    return summary(store.read_document(output / where / "results.json"))
