"""The exact names that have a kernel for whole arrays."""

from __future__ import annotations

import numpy as np

from reportgen.core.floats import F64, Bool, Exact
from reportgen.oracle import kernels, quotients
from reportgen.oracle.namespace import ARGUMENTS, Expression, arity_of

KERNELS = kernels.KERNELS | quotients.KERNELS


def apply(name: str, columns: tuple[F64, ...], dtype: str) -> tuple[Exact, Bool] | None:
    """The exact name on whole columns: an :class:`Exact` and where it holds; None if there is no kernel for it."""
    if name == "dtype_next":
        return kernels.canonical(kernels.next_in_dtype(columns[0], columns[1], dtype))
    kernel = KERNELS.get(name)
    return None if kernel is None else kernels.canonical(kernel(*columns[: arity_of(name)]))


def evaluate(expression: Expression, columns: tuple[F64, ...], dtype: str) -> tuple[Exact, Bool] | None:
    """:func:`apply` for an expression that is one name of arguments and numbers (``x / 3``), or a number alone."""
    tree, length = expression.tree, len(columns[0])

    def leaf(node: object) -> F64 | None:
        if isinstance(node, str):
            return columns[ARGUMENTS.index(node)] if node in ARGUMENTS else None
        return np.full(length, float(node)) if isinstance(node, (int, float)) and float(node) == node else None

    if expression.root is not None:
        return apply(expression.root, columns, dtype)
    if not isinstance(tree, tuple):
        value = leaf(tree)
        return None if value is None else (Exact.of_values(value), np.ones(length, bool))
    leaves = [leaf(node) for node in tree[1:]]
    given = tuple(column for column in leaves if column is not None)
    return apply(tree[0], given, dtype) if len(given) == len(leaves) else None
