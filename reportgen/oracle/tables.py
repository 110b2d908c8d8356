"""What the catalogue's special-case table says of a set of points, in the oracle's form."""

from __future__ import annotations

import re
from typing import Any

import numpy as np

from reportgen.catalogue.specials import resolve_specials
from reportgen.core.floats import F64, FORMATS, Bool, Exact
from reportgen.oracle import kernels


def decided_by_table(row: Any, columns: tuple[F64, ...], dtype: str) -> tuple[Exact, Bool]:
    """Exact values where ``row.specials`` fixes them, and a mask of the points still open.

    An open point with a NaN or infinite argument is a hole in the table: its value is NaN and undecided. An argument
    that the row's expression does not use (x of ``log(y)``, the derivative of x·log y) may be infinite.
    """
    said = resolve_specials(row, columns, FORMATS[dtype])
    decided = np.asarray(said.decided, bool)
    parts = kernels.of_values(np.where(decided, said.value, 0.0))
    parts.lo, parts.rem = np.where(decided, said.lo, 0.0), np.where(decided, said.rem, 0).astype(np.int8)
    parts.either_zero = np.asarray(said.either_zero & decided, bool)
    out, _ = kernels.canonical(parts)
    finite = np.logical_and.reduce([np.isfinite(c) for c, used in zip(columns, uses(row), strict=True) if used])
    holes = ~decided & ~finite
    out.hi[holes] = np.nan
    out.undecided |= holes
    return out, ~decided & finite


def uses(row: Any) -> tuple[bool, ...]:
    """Whether the row's expression mentions each argument."""
    return tuple(re.search(rf"\b{name}\b", row.arb) is not None for name in "xyz"[: row.arity])


def open_columns(columns: tuple[F64, ...], index: Any) -> tuple[F64, ...]:
    """The arguments of the open points; what is infinite there is not used, and made a number."""
    return tuple(np.where(np.isfinite(c[index]), c[index], 1.0) for c in columns)
