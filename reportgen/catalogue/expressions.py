"""Small composed expressions that a compiler may rewrite: what was written, and what comes out."""

from __future__ import annotations

from reportgen.catalogue.rows import FunctionRow

ROWS: tuple[FunctionRow, ...] = ()
