"""Variances, norms, log-sum-exps and softmax."""

from __future__ import annotations

from reportgen.catalogue.arrayrows import ArrayRow
from reportgen.catalogue.rows import FunctionRow

ROWS: tuple[FunctionRow, ...] = ()
ARRAYS: dict[str, ArrayRow] = {}
