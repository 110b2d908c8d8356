"""Linear algebra: systems, factorisations, eigenvalues, norms."""

from __future__ import annotations

from reportgen.catalogue.arrayrows import ArrayRow
from reportgen.catalogue.rows import FunctionRow

ROWS: tuple[FunctionRow, ...] = ()
ARRAYS: dict[str, ArrayRow] = {}
