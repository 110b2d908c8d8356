"""The exact names that have a kernel for whole arrays."""

from __future__ import annotations

from reportgen.core.floats import F64, Bool, Exact
from reportgen.oracle import kernels, quotients

KERNELS = kernels.KERNELS | quotients.KERNELS


def apply(name: str, columns: tuple[F64, ...], dtype: str) -> tuple[Exact, Bool] | None:
    """The exact name on whole columns: an :class:`Exact` and where it holds; None if there is no kernel for it."""
    if name == "dtype_next":
        return kernels.canonical(kernels.next_in_dtype(columns[0], columns[1], dtype))
    kernel = KERNELS.get(name)
    return None if kernel is None else kernels.canonical(kernel(*columns))
