"""What is exactly known of factorisations: Cholesky's factor, and whether A has it; norms for LU and QR.

LU and QR are not unique (permutations, signs), so that they are judged by what their factors multiply to.
"""

from __future__ import annotations

import numpy as np
from flint import arb, arb_mat

from reportgen.core.floats import F64, Exact
from reportgen.core.problems import Arrays
from reportgen.oracle.arrays.matrices import References, Solved, is_singular, reference_of, without_result
from reportgen.oracle.arrays.matrixballs import (
    balls,
    enclosed,
    first_decided,
    frobenius,
    precision,
    stack,
    undecided,
    upper,
)
from reportgen.oracle.arrays.nanmatrices import square, triangle, unless_nan
from reportgen.oracle.arrays.reference import ArrayReference


def cholesky(arrays: Arrays, limit: int) -> References:
    """The lower triangular L with positive diagonal and L·Lᵀ = A; ``condition`` is ‖A‖‖A⁻¹‖/√2 (Higham, Theorem 10.8).

    A matrix that is not positive definite has none; its reference has NaN in the last diagonal element.
    """
    a = arrays.values["x"]
    found = [_cholesky(m) for m in stack(a)]
    solved = [part for part in found if part is not None]
    if len(solved) < len(found):
        return {"": without_result(a.shape, "not positive definite", a.shape[-1] ** 2 - 1)}
    return {"": reference_of(a.shape, solved)}


def _cholesky(a: F64) -> Solved | None:
    """None where the matrix is not positive definite."""
    if is_singular(a):
        return None

    def attempt() -> Solved | bool | None:
        matrix = balls(a)
        factor = cholesky_balls(matrix)
        if factor is None or isinstance(factor, bool):
            return factor
        norm = frobenius(matrix)
        y = enclosed(factor.entries(), frobenius(factor))
        grown = norm * frobenius(matrix.inv()) / arb(2).sqrt()
        return None if y is None else (y, {"norm": upper(norm), "condition": upper(grown)})

    found = first_decided(attempt)
    if isinstance(found, bool):
        return None
    return (undecided(a.size), {}) if found is None else found


def cholesky_balls(matrix: arb_mat) -> arb_mat | bool | None:
    """The factor at the working precision; False where a pivot is negative, None where its sign is not decided."""
    n = matrix.nrows()
    rows: list[list[arb]] = []
    for i in range(n):
        row: list[arb] = []
        for j in range(i):
            known = sum((p * q for p, q in zip(row, rows[j], strict=False)), arb(0))
            row.append((matrix[i, j] - known) / rows[j][j])
        pivot = matrix[i, i] - sum((p * p for p in row), arb(0))
        if pivot < 0:
            return False
        if not pivot > 0:
            return None
        rows.append([*row, pivot.sqrt()])
    return arb_mat(n, n, [rows[i][j] if j <= i else arb(0) for i in range(n) for j in range(n)])


def is_positive_definite(a: F64) -> bool:
    """Whether a symmetric matrix of floats is."""
    return _cholesky(a) is not None


def norms(arrays: Arrays, shape: tuple[int, ...]) -> ArrayReference:
    """A result without exact elements: ``norm.i`` of each operand, and ``singular`` where one is."""
    a = arrays.values["x"]
    extra = {}
    with precision(128):
        for i, m in enumerate(stack(a)):
            extra[f"norm.{i}"] = upper(frobenius(balls(m)))
    if a.shape[-1] == a.shape[-2] and any(is_singular(m) for m in stack(a)):
        extra["singular"] = 1.0
    nowhere = np.zeros(0, np.int64)
    return ArrayReference(shape, nowhere, Exact.empty(0), np.zeros(0), "arb", extra=extra)


def lu(arrays: Arrays, limit: int) -> References:
    """Norms for P·A = L·U; ``p`` has one number a row."""
    return {"p": norms(arrays, arrays.values["x"].shape[:-1])}


def qr(arrays: Arrays, limit: int) -> References:
    """Norms for A = Q·R with as many columns in Q as A has (no fewer rows than columns)."""
    a = arrays.values["x"]
    return {"r": norms(arrays, (*a.shape[:-2], a.shape[-1], a.shape[-1]))}


REFERENCES = {
    "cholesky": unless_nan(cholesky, "", square, "last"),
    "lu": lu,
    "qr": unless_nan(qr, "r", triangle, "last"),
}
