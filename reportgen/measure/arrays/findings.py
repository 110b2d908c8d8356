"""Special cases of functions of arrays: NaN and infinities inside, empty and singular operands, overflow on the way."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from reportgen.catalogue.rows import FunctionRow
from reportgen.core.problems import Arrays
from reportgen.oracle.arrays.reference import ArrayReference

if TYPE_CHECKING:
    from reportgen.measure.arrays.asking import ArrayReply


def finding_rows(
    row: FunctionRow, arrays: Arrays, target: str, reply: ArrayReply, references: dict[str, ArrayReference]
) -> list[dict[str, Any]]:
    """Rows of the table ``special`` for one target's answer to one problem; none where no rule applies."""
    return []
