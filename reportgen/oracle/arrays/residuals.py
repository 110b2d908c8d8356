"""Residuals and errors of computed matrices, in balls: what libraries return is a matrix of exact numbers.

Every function returns upper bounds as floats, right to about nine digits: the precision is doubled until the balls are
that narrow. Norms are Frobenius norms (2-norms of vectors).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from flint import acb_mat, arb, arb_mat
from numpy.typing import NDArray

from reportgen.core.floats import F64, Exact
from reportgen.oracle.arrays.matrixballs import (
    LAST_PRECISION,
    balls,
    complex_balls,
    exact_balls,
    first_decided,
    frobenius,
    identity,
    precision,
    upper,
)

Sizes = tuple[float, ...]
NARROW = 30


def decided(compute: Callable[[], tuple[arb, ...]]) -> Sizes:
    """Upper bounds of the balls that ``compute`` returns, at the first precision at which all of them are narrow."""

    def attempt() -> Sizes | None:
        found = compute()
        narrow = all(v.is_exact() or v.rad() * 2**NARROW <= abs(v.mid()) for v in found)
        return tuple(upper(v) for v in found) if narrow else None

    sizes = first_decided(attempt)
    if sizes is None:
        with precision(LAST_PRECISION):
            sizes = tuple(upper(v) for v in compute())
    return sizes


def ratio(size: arb, scale: arb) -> arb:
    """size / scale; 0 where both are 0."""
    return arb(0) if size.is_zero() else size / scale


def size(a: F64) -> float:
    """‖A‖."""
    return decided(lambda: (frobenius(balls(a)),))[0]


def system(a: F64, x: F64, b: F64) -> Sizes:
    """(η, ‖r‖) of a computed solution of A·x = b, one column: η = ‖r‖/(‖A‖‖x‖ + ‖b‖), the normwise backward error.

    J. L. Rigal and J. Gaches, J. ACM 14 (1967), 543; Higham, Theorem 7.1.
    """

    def compute() -> tuple[arb, ...]:
        matrix, solution, right = balls(a), balls(x), balls(b)
        rest = frobenius(right - matrix * solution)
        return ratio(rest, frobenius(matrix) * frobenius(solution) + frobenius(right)), rest

    return decided(compute)


def product(a: F64, factors: list[F64]) -> Sizes:
    """(‖A − F₁F₂…‖/‖A‖, ‖A − F₁F₂…‖)."""

    def compute() -> tuple[arb, ...]:
        matrix, whole = balls(a), balls(factors[0])
        for factor in factors[1:]:
            whole = whole * balls(factor)
        rest = frobenius(matrix - whole)
        return ratio(rest, frobenius(matrix)), rest

    return decided(compute)


def orthogonality(q: F64) -> float:
    """‖QᵀQ − I‖, Q with orthonormal columns."""

    def compute() -> tuple[arb, ...]:
        columns = balls(q)
        return (frobenius(columns.transpose() * columns - identity(q.shape[1])),)

    return decided(compute)[0]


def inverse(a: F64, x: F64) -> Sizes:
    """(‖AX − I‖/(‖A‖‖X‖), ‖AX − I‖, ‖XA − I‖/(‖A‖‖X‖), ‖XA − I‖): right and left residual (Higham, 14.1)."""

    def compute() -> tuple[arb, ...]:
        matrix, found = balls(a), balls(x)
        scale, one = frobenius(matrix) * frobenius(found), identity(len(a))
        right, left = frobenius(matrix * found - one), frobenius(found * matrix - one)
        return ratio(right, scale), right, ratio(left, scale), left

    return decided(compute)


def penrose(a: F64, x: F64) -> Sizes:
    """(‖AXA − A‖/(‖A‖²‖X‖), ‖AXA − A‖): the first of Penrose's conditions."""

    def compute() -> tuple[arb, ...]:
        matrix, found = balls(a), balls(x)
        norm = frobenius(matrix)
        rest = frobenius(matrix * found * matrix - matrix)
        return ratio(rest, norm * norm * frobenius(found)), rest

    return decided(compute)


def eigenpairs(a: F64, w: NDArray[Any], v: NDArray[Any]) -> Sizes:
    """The largest ‖A·vⱼ − λⱼvⱼ‖/(‖A‖‖vⱼ‖), and the largest ‖A·vⱼ − λⱼvⱼ‖; real or complex pairs.

    An eigenvector of zeros counts as a residual of 1.
    """

    def compute() -> tuple[arb, ...]:
        matrix, vectors, values = complex_balls(a), complex_balls(v), complex_balls(np.diag(w))
        rest, norm = matrix * vectors - vectors * values, frobenius(matrix)
        found = [(_column(rest, j), _column(vectors, j)) for j in range(len(w))]
        relative = [arb(1) if size.is_zero() else ratio(r, norm * size) for r, size in found]
        return largest(relative), largest([r for r, _ in found])

    return decided(compute)


def _column(matrix: acb_mat, j: int) -> arb:
    return frobenius(acb_mat(matrix.nrows(), 1, [matrix[i, j] for i in range(matrix.nrows())]))


def largest(values: list[arb]) -> arb:
    """The largest of some balls."""
    found = values[0]
    for v in values[1:]:
        found = found.max(v)
    return found


def least_squares(a: F64, x: F64, b: F64, exact: Exact) -> Sizes:
    """(η, ‖Aᵀr‖) for one column: an upper bound of the normwise backward error of a computed least-squares solution.

    η is the smaller of ‖Aᵀr‖/(‖A‖‖r‖) and ‖A(x − x̂)‖/(‖A‖‖x̂‖), r = b − A·x̂: the relative sizes of two changes of A
    that make x̂ a least-squares solution (G. W. Stewart, SIAM Review 19 (1977), 579; Higham, section 20.7).
    """

    def compute() -> tuple[arb, ...]:
        matrix, solution = balls(a), balls(x)
        rest = balls(b) - matrix * solution
        norm, normal = frobenius(matrix), frobenius(matrix.transpose() * rest)
        moved = frobenius(matrix * (arb_mat(x.size, 1, exact_balls(exact)) - solution))
        return ratio(normal, norm * frobenius(rest)), ratio(moved, norm * frobenius(solution)), normal

    turned, moved, normal = decided(compute)
    return min(turned, moved), normal


def forward(computed: F64, exact: Exact) -> Sizes:
    """(‖x̂ − x‖/‖x‖, ‖x̂ − x‖) for all elements of one result."""

    def compute() -> tuple[arb, ...]:
        true = arb_mat(computed.size, 1, exact_balls(exact))
        rest = frobenius(balls(computed.reshape(-1, 1)) - true)
        return ratio(rest, frobenius(true)), rest

    return decided(compute)


def farthest(computed: F64, exact: Exact) -> float:
    """The largest |x̂ᵢ − xᵢ|."""

    def compute() -> tuple[arb, ...]:
        pairs = zip(computed.ravel().tolist(), exact_balls(exact), strict=True)
        return (largest([abs(arb(c) - y) for c, y in pairs]),)

    return decided(compute)[0]
