"""The inputs of a case in words, the same on pages, in tables and in ``explain``."""

from __future__ import annotations

from typing import Any

from reportgen.core.model import InputSpec

WHOLE = "ordinals"
"""The inputs that a spec gets without stating any: the whole format."""


def intervals_text(intervals: Any) -> str:
    """``[-1, 1] × [0.5, 2]``: one interval per argument."""
    return " × ".join(f"[{low:g}, {high:g}]" for low, high in intervals)


def domain_words(inputs: InputSpec) -> str:
    """Where the inputs lie: ``uniform [-3, 5]``, ``arange 0 to 100 by 1``, ``listed values``, ``file a.npy …``."""
    detail: dict[str, Any] = dict(inputs.detail)
    if inputs.source == "interval":
        return f"{detail['distribution']} {intervals_text(detail['intervals'])}"
    if inputs.source == "arange":
        start, stop, step = detail["arange"]
        return f"arange {start:g} to {stop:g} by {step:g}"
    if inputs.source == "values":
        return "listed values"
    if inputs.source == "npy":
        name = str(detail["npy"]).rsplit("/", 1)[-1]
        return f"file {name}, sha256 {detail['sha256'][:12]}…"
    return WHOLE
