"""Documents of earlier schemas, brought to today's by numbered steps."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from reportgen.results import tables

Step = Callable[[dict[str, Any]], None]

LATER_TABLES = {
    "subnormals": tables.SUBNORMAL_COLUMNS,
    "problems": tables.PROBLEM_COLUMNS,
    "rewrites": tables.REWRITE_COLUMNS,
    "gates": tables.GATE_COLUMNS,
    "contradictions": tables.CONTRADICTION_COLUMNS,
}
"""Tables that came while a schema lasted, with their columns: empty where a version was measured before them."""


WIDENED = {
    "measurements": tables.MEASUREMENT_COLUMNS,
    "special": tables.SPECIAL_COLUMNS,
    "determinism": tables.DETERMINISM_COLUMNS,
}
"""Tables whose last columns came after schema 1."""


def _values_listed(document: dict[str, Any]) -> None:
    """1 to 2: tables list repeated values and have further columns; a reader takes either form of a table."""
    document.setdefault("surface", None)
    for key, columns in WIDENED.items():
        stored = document.get(key)
        if isinstance(stored, dict) and tuple(stored.get("columns", ())) == columns[: len(stored["columns"])]:
            missing = columns[len(stored["columns"]) :]
            stored["columns"] = list(columns)
            stored["rows"] = [[*row, *[None] * len(missing)] for row in stored["rows"]]
    for function in document.get("functions") or ():
        function.setdefault("promised", [])
        function.setdefault("arrays", None)


def _pinned_and_sealed(document: dict[str, Any]) -> None:
    """2 to 3: the file closes with its checksum; targets can be a release in an environment of its own."""
    for target in document.get("targets") or ():
        for key, value in (("base", ""), ("pinned", ""), ("fingerprint", ""), ("environment", None)):
            target.setdefault(key, value)


STEPS: dict[int, Step] = {1: _values_listed, 2: _pinned_and_sealed}
"""By the schema that a step starts from; each leads to the next number."""


def upgrade(document: dict[str, Any], newest: int) -> None:
    """Bring a document as parsed to schema ``newest``, step by step, in place. Raises what a damaged one causes."""
    while document["schema"] < newest:
        STEPS[document["schema"]](document)
        document["schema"] += 1
    for key, columns in LATER_TABLES.items():
        document.setdefault(key, tables.table(columns, ()))
