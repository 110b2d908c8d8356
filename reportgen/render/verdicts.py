"""What a target made of an expression, in words: as written, or which other form; and how far from the exact value."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass

from reportgen.core import formatting as f
from reportgen.core.floats import FORMATS
from reportgen.render.expressionsnippets import source
from reportgen.render.stored import Row, Stored, dtype_key, table_rows

WRITTEN, OTHER = "written", "other"
SHORT = {
    "simplified": "simplified", "fused": "fused multiply-add", "reassociated": "reassociated",
    "reciprocal": "reciprocal", "division": "division", "product": "products", "merged": "merged",
    "recognised": "recognised", "factored": "factored", "expanded": "expanded", "wider": "wider dtype",
    OTHER: "otherwise",
}  # fmt: skip
"""Forms in the overview; numbered ones (``fused-2``) read as the first."""


@dataclass
class Verdict:
    """One target on one expression and dtype: its rows of the table ``rewrites``, what was written first."""

    target: str
    dtype: str
    rows: list[Row]

    @property
    def written(self) -> Row:
        return self.rows[0]

    @property
    def compared(self) -> int:
        return int(self.written["compared"])

    @property
    def as_written(self) -> int:
        return int(self.written["equal"]) + int(self.written["flushed"])

    @property
    def changed(self) -> bool:
        return self.as_written < self.compared

    @property
    def main(self) -> Row | None:
        """The form that explains most of what is not as written; None where everything is.

        One form that gives every result comes before several that give a part each.
        """
        if not self.changed:
            return None
        alone = [r for r in self.rows[1:] if self.explains_all(r)]
        if alone:
            return max(alone, key=lambda r: int(r["told"]))
        return max((r for r in self.rows[1:] if int(r["further"])), key=lambda r: int(r["further"]), default=None)

    def explains_all(self, row: Row) -> bool:
        """Whether every result is the form's."""
        return row["form"] != OTHER and int(row["equal"]) + int(row["flushed"]) == self.compared

    @property
    def short(self) -> str:
        """One or two words for the overview."""
        main = self.main
        if main is None:
            return "as written"
        return SHORT.get(str(main["form"]).split("-")[0], str(main["form"]))

    def words(self) -> str:
        """What the target did, with shares; flushed subnormal numbers are said apart."""
        if not self.changed:
            lost = int(self.written["flushed"])
            zeros = f", subnormal numbers taken for zero in {f.count(lost)}" if lost else ""
            return f"as written on all {f.count(self.compared)} inputs{zeros}"
        main = self.main
        if main is not None and self.explains_all(main):
            told = f.plural(int(main["told"]), "input")
            return f"{main['words']}, on every input; {told} can tell that from what was written"
        parts = [f"as written on {f.share(self.as_written, self.compared)}"]
        for row in self.rows[1:]:
            more = int(row["further"])
            if more:
                parts.append(f"{row['words']} on {'' if row['form'] == OTHER else 'further '}{self.part(more)}")
        return "; ".join(parts)

    def part(self, count: int) -> str:
        return f"{f.count(count)} ({f.share(count, self.compared)})"


def all_verdicts(stored: Stored) -> dict[str, list[Verdict]]:
    """Verdicts by expression, in the order of dtypes, then of targets."""
    found: dict[tuple[str, str, str], list[Row]] = {}
    for row in table_rows(stored.raw.get("rewrites")):
        if row["target"] not in stored.releases.names:
            found.setdefault((str(row["function"]), str(row["dtype"]), str(row["target"])), []).append(row)
    out: dict[str, list[Verdict]] = {}
    for (function, dtype, target), rows in found.items():
        out.setdefault(function, []).append(Verdict(target, dtype, rows))
    order = {str(t["name"]): i for i, t in enumerate(stored.targets)}
    for verdicts in out.values():
        verdicts.sort(key=lambda v: (dtype_key(v.dtype), order.get(v.target, 999)))
    return out


def targets_of(verdicts: dict[str, list[Verdict]]) -> list[str]:
    return list(dict.fromkeys(v.target for found in verdicts.values() for v in found))


def plain_code(function: Row) -> str:
    """The expression as a reader would write it: ``log(exp(x))``."""
    text = source(str(function.get("numpy") or function.get("tensorflow") or ""))
    return re.sub(r"(?<=\d)\.0\b", "", re.sub(r"\b(np|tf\.math|tf)\.", "", text))


def error_words(ulp: float, dtype: str) -> str:
    """``0.501 ulp``; for large errors the decimal digits that are left of those the dtype has."""
    text = f"{f.maximum(ulp)} ulp"
    bits = FORMATS[dtype].p
    if ulp >= 2.0 ** (bits - 1):
        return f"{text}: no digit is right"
    if ulp > 64:
        left = (bits - math.log2(ulp)) * math.log10(2)
        return f"{text}: about {f.number(left, 2)} decimal digits left of {f.number(bits * math.log10(2), 2)}"
    return text


def beside(ulp: float, own: float | None) -> str:
    """The target's error against the formula's own; empty where they are alike."""
    if own is None or ulp == own:
        return ""
    if ulp < own / 2:
        return f"(nearer than what was written, {f.maximum(own)} ulp)"
    return f"(farther than what was written, {f.maximum(own)} ulp)" if ulp > own * 2 else ""
