"""Rows of releases in environments of their own (pinned targets), apart from those of today's targets."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from reportgen.render.stored import Stored

Row = dict[str, Any]
TABLES = ("measurements", "special", "self_agreement", "subnormals", "problems", "determinism", "timing")


@dataclass
class ReleaseRows:
    """What the pinned targets did: by table and function; ``agreement`` has every pair that one of them is in."""

    names: set[str] = field(default_factory=set)
    tables: dict[str, dict[str, list[Row]]] = field(default_factory=dict)
    agreement: dict[str, list[Row]] = field(default_factory=dict)

    def of(self, table: str, function: str) -> list[Row]:
        """Rows of one of :data:`TABLES` and one function."""
        return self.tables.get(table, {}).get(function, [])

    def content(self, function: str) -> list[Any]:
        """Everything about one function: what its pages are made from."""
        return [[self.of(table, function) for table in TABLES], self.agreement.get(function, [])]


def split(stored: Stored, names: set[str]) -> ReleaseRows:
    """Take the rows of the targets ``names`` out of the tables of ``stored`` and return them."""
    out = ReleaseRows(names)
    if not names:
        return out
    for table in TABLES:
        own, kept = out.tables.setdefault(table, {}), []
        for row in getattr(stored, table):
            # Problems of arrays belong to no target.
            if row.get("target") in names:
                own.setdefault(str(row["function"]), []).append(row)
            else:
                kept.append(row)
        setattr(stored, table, kept)
    pairs = []
    for row in stored.agreement:
        if row["first"] in names or row["second"] in names:
            out.agreement.setdefault(str(row["function"]), []).append(row)
        else:
            pairs.append(row)
    stored.agreement = pairs
    return out
