"""Cumulative functions: sums, products and log-sum-exps of all beginnings of an array."""

from __future__ import annotations

from reportgen.catalogue.arrayrows import ArrayRow
from reportgen.catalogue.rows import FunctionRow

ROWS: tuple[FunctionRow, ...] = ()
ARRAYS: dict[str, ArrayRow] = {}
