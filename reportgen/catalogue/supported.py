"""In which dtypes a function is measured: its real ones, and those of the complex and integer tables."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from reportgen.catalogue.arrayrows import array_row
from reportgen.catalogue.libraries import libraries, library_call
from reportgen.catalogue.rows import FunctionRow
from reportgen.core.model import COMPLEX_DTYPES, FLOAT_DTYPES, INTEGER_DTYPES, TargetSpec

ALL_DTYPES = (*FLOAT_DTYPES, *COMPLEX_DTYPES, *INTEGER_DTYPES, "bool")
"""Every dtype that a spec can name."""


def complex_row(name: str) -> Any:
    """The row of the complex table, or None."""
    from reportgen.catalogue.complexes import COMPLEX

    return COMPLEX.get(name)


def integer_row(name: str) -> Any:
    """The row of the integer table, or None."""
    from reportgen.catalogue.integers import INTEGERS

    return INTEGERS.get(name)


@lru_cache(maxsize=1024)
def dtypes_of(row: FunctionRow) -> tuple[str, ...]:
    """The dtypes in which a row can be measured, in the order of :data:`ALL_DTYPES`."""
    known = set(row.dtypes)
    if complex_row(row.name) is not None:
        known |= set(COMPLEX_DTYPES)
    integers = integer_row(row.name)
    if integers is not None:
        known |= set(integers.dtypes)
    arrays = array_row(row.name)
    if arrays is not None:
        known |= set(arrays.dtypes)
    return tuple(dtype for dtype in ALL_DTYPES if dtype in known)


def applies(row: FunctionRow, target: TargetSpec) -> bool:
    """Whether asking a target for a function can find anything: NumPy is not asked for gradients, and libraries beside
    those of the question only for what they have. What a library of the question lacks is a finding, and asked."""
    known = libraries().get(target.library)
    if known is not None and not known.asked_all:
        return library_call(row, target.library) is not None
    return not (row.kind == "gradient" and target.library == "numpy")
