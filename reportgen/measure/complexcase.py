"""One complex case, from inputs to rows, with the metrics ``re``, ``im`` and ``normwise``."""

from __future__ import annotations

from typing import Any

from reportgen.catalogue.rows import FunctionRow
from reportgen.core.model import Case
from reportgen.measure.bench import Bench
from reportgen.oracle.cache import CachedOracle


def measure_complex(case: Case, row: FunctionRow, bench: Bench, oracle: CachedOracle) -> dict[str, Any]:
    """Measure one complex case on the bench's targets; the result has the keys of ``elementwise.measure``."""
    raise LookupError(f"{row.name}: no complex measurement")
