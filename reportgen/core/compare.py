"""Two versions side by side: what improved, regressed, is new, is gone, and what cannot be compared, and why."""

from __future__ import annotations

from typing import Any


def compare(before: dict[str, Any], after: dict[str, Any], tolerance: float = 0.0) -> dict[str, Any]:
    """The comparison of two summaries (:mod:`reportgen.results.summaries`) as plain data for ``comparison.json``."""
    return {"before": before["label"], "after": after["label"], "tolerance": tolerance, "rows": []}
