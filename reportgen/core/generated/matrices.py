"""Matrices for linear algebra; of shape (m, n) or, for a batch, (…, m, n).

Sources: N. J. Higham, *Accuracy and Stability of Numerical Algorithms*, 2nd ed. (2002), section 9.4 (growth),
chapter 28 (a gallery of test matrices); J. H. Wilkinson, *The Algebraic Eigenvalue Problem* (1965), 5.45 (W21+);
W. L. Frank, J. SIAM 6 (1958), 378; A. H. Al-Mohy and N. J. Higham, SIAM J. Matrix Anal. Appl. 31 (2009), 970.

No BLAS and no power function takes part, whose last bit depends on the machine: sums are ``math.fsum`` or one product
after another, powers are exact or repeated products.
"""

from __future__ import annotations

from collections.abc import Callable
from math import fsum, sqrt
from typing import Any

import numpy as np

from reportgen.core.floats import F64

Shape = tuple[int, ...]

TENS = np.array([float(f"1e{k}") for k in range(-8, 9)])


def _places(shape: Shape) -> tuple[F64, F64]:
    """Row and column number of every element of one matrix, from 0."""
    rows, columns = np.indices(shape[-2:]).astype(np.float64)
    return rows, columns


def fixed(formula: Callable[[F64, F64, int], Any]) -> Any:
    """A matrix whose element is a function of row number, column number (from 0) and number of columns."""

    def make(rng: np.random.Generator, shape: Shape, fmt: Any) -> F64:
        rows, columns = _places(shape)
        values = np.asarray(formula(rows, columns, shape[-1]), np.float64)
        return np.broadcast_to(values, shape).copy()

    return make


def _dot(a: F64, b: F64) -> float:
    return fsum((a * b).tolist())


def _times_transposed(a: F64, b: F64) -> F64:
    """a·bᵀ of (…, m, k) and (…, n, k), one term after another."""
    total = np.zeros((*a.shape[:-1], b.shape[-2]))
    for k in range(a.shape[-1]):
        total = total + a[..., :, None, k] * b[..., None, :, k]
    return total


def _halving(steps: float, count: int) -> F64:
    """``count`` numbers from 1 down to 2^-steps, in nearly equal ratios: 2^-t, linear between its powers of two."""
    t = np.linspace(0.0, steps, count)
    whole = np.floor(t)
    return np.asarray(np.ldexp(1.0 - (t - whole) / 2, -whole.astype(np.int32)))


def orthogonal(rng: np.random.Generator, n: int, columns: int) -> F64:
    """n × columns with orthonormal columns, by Gram-Schmidt twice: no library's factorisation decides the data."""
    q = np.zeros((n, columns))
    for j in range(columns):
        v = rng.standard_normal(n)
        for _ in range(2):
            for i in range(j):
                v = v - _dot(q[:, i], v) * q[:, i]
        q[:, j] = v / sqrt(_dot(v, v))
    return q


def with_condition(log2: Callable[[int], float], symmetric: bool = False) -> Any:
    """Random singular vectors (eigenvectors), values from 1 down to 2^-log2(p) in nearly equal ratios.

    p is that of the format in which the matrix is made.
    """

    def make(rng: np.random.Generator, shape: Shape, fmt: Any) -> F64:
        m, n = shape[-2:]
        k = min(m, n)
        values = _halving(log2(fmt.p), k)
        left = orthogonal(rng, m, k)
        right = left if symmetric else orthogonal(rng, n, k)
        product = _times_transposed(left * values, right)
        return np.broadcast_to((product + product.T) / 2 if symmetric else product, shape).copy()

    return make


def graded(rng: np.random.Generator, shape: Shape, fmt: Any) -> F64:
    """Standard normal, element (i, j) divided by 2^(i + j): large in one corner, small in the opposite one."""
    rows, columns = _places(shape)
    return np.asarray(np.ldexp(rng.standard_normal(shape), -(rows + columns).astype(np.int32)))


def scaled_rows(rng: np.random.Generator, shape: Shape, fmt: Any) -> F64:
    """Standard normal, each row times a power of ten between 10^-8 and 10^8."""
    return np.asarray(rng.standard_normal(shape) * TENS[rng.integers(0, 17, (*shape[:-1], 1))])


def scaled_columns(rng: np.random.Generator, shape: Shape, fmt: Any) -> F64:
    """Standard normal, each column times a power of ten between 10^-8 and 10^8."""
    return np.asarray(rng.standard_normal(shape) * TENS[rng.integers(0, 17, (*shape[:-2], 1, shape[-1]))])


def symmetric(rng: np.random.Generator, shape: Shape, fmt: Any) -> F64:
    """A standard normal matrix plus its transpose."""
    values = rng.standard_normal(shape)
    return np.asarray(values + values.swapaxes(-1, -2))


def symmetric_huge(rng: np.random.Generator, shape: Shape, fmt: Any) -> F64:
    """:func:`symmetric`, times the power of two in the middle of the format's upper half: squares overflow."""
    return np.asarray(np.ldexp(symmetric(rng, shape, fmt), (3 * fmt.emax) // 4))


def symmetric_nan(rng: np.random.Generator, shape: Shape, fmt: Any) -> F64:
    """:func:`symmetric` with NaN in the middle of the diagonal, which routines for one triangle see as well."""
    values = symmetric(rng, shape, fmt)
    values[..., shape[-1] // 2, shape[-1] // 2] = np.nan
    return values


def positive_definite(rng: np.random.Generator, shape: Shape, fmt: Any) -> F64:
    """B·Bᵀ/n + I for standard normal B: symmetric, condition below 10."""
    values = rng.standard_normal(shape)
    return np.asarray(_times_transposed(values, values) / shape[-1] + np.eye(shape[-1]))


def low_rank(rng: np.random.Generator, shape: Shape, fmt: Any) -> F64:
    """Integers: a product of integer matrices whose rank is exactly half the smaller side (rounded up)."""
    m, n = shape[-2:]
    rank = (min(m, n) + 1) // 2
    left = rng.integers(-3, 4, (*shape[:-1], rank)).astype(np.float64)
    right = rng.integers(-3, 4, (*shape[:-2], rank, n)).astype(np.float64)
    left[..., :rank, :] = np.tril(left[..., :rank, :], -1) + np.eye(rank)
    right[..., :, :rank] = np.triu(right[..., :, :rank], 1) + np.eye(rank)
    return np.asarray(left @ right)


def lower(rng: np.random.Generator, shape: Shape, fmt: Any) -> F64:
    """Lower triangle of a standard normal matrix; its condition grows exponentially with the order."""
    return np.asarray(np.tril(rng.standard_normal(shape)))


def lower_dominant(rng: np.random.Generator, shape: Shape, fmt: Any) -> F64:
    """Lower triangle of a standard normal matrix over n, plus the identity: well conditioned."""
    return np.asarray(np.tril(rng.standard_normal(shape)) / shape[-1] + np.eye(shape[-1]))


def defective(rng: np.random.Generator, shape: Shape, fmt: Any) -> F64:
    """Integers: a matrix similar to Jordan blocks of order 3 (eigenvalue 2) and n − 3 (eigenvalue −1), n ≥ 4.

    P·J·P⁻¹ with P the product of a unit lower and a unit upper bidiagonal matrix of ones, whose inverses are integer.
    """
    n = shape[-1]
    jordan = np.diag(np.where(np.arange(n) < 3, 2.0, -1.0)) + np.diag(np.where(np.arange(n - 1) == 2, 0.0, 1.0), 1)
    step = np.eye(n) + np.eye(n, k=-1)
    apart = np.arange(n)[:, None] - np.arange(n)
    inverse = np.where(apart >= 0, np.where(apart % 2 == 0, 1.0, -1.0), 0.0)
    similar = (step @ step.T) @ jordan @ (inverse.T @ inverse)
    return np.broadcast_to(similar, shape).copy()


def skew(rng: np.random.Generator, shape: Shape, fmt: Any) -> F64:
    """A standard normal matrix minus its transpose: its exponential is a rotation."""
    values = rng.standard_normal(shape)
    return np.asarray(values - values.swapaxes(-1, -2))


def overscaling(size: float) -> Any:
    """[[1, size], [0, −1]] in every leading 2 × 2 block, zeros elsewhere: a large norm and a modest exponential."""
    return fixed(
        lambda i, j, n: np.where(i == j, 1.0 - 2.0 * (i % 2), 0.0) + np.where((i + 1 == j) & (i % 2 == 0), size, 0.0)
    )


def _vandermonde(i: F64, j: F64, n: int) -> F64:
    nodes = (i[:, 0] + 1) / len(i)
    columns = [np.ones(len(i))]
    while len(columns) < n:
        columns.append(columns[-1] * nodes)
    return np.stack(columns, 1)


def _growth(i: F64, j: F64, n: int) -> F64:
    return np.where(j == n - 1, 1.0, np.where(i == j, 1.0, np.where(i > j, -1.0, 0.0)))


def _frank(i: F64, j: F64, n: int) -> F64:
    return np.where(j >= i - 1, n - np.maximum(i, j), 0.0)


MAKERS = {
    "one-half": fixed(lambda i, j, n: np.full(i.shape, 0.5)),
    "hilbert": fixed(lambda i, j, n: 1.0 / (i + j + 1)),
    "vandermonde": fixed(_vandermonde),
    "growth": fixed(_growth),
    "frank": fixed(_frank),
    "wilkinson": fixed(lambda i, j, n: np.where(i == j, np.abs(i - (n - 1) / 2), np.where(abs(i - j) == 1, 1.0, 0.0))),
    "repeated-eigenvalues": fixed(lambda i, j, n: np.where(i == j, 3.0, 1.0)),
    "identity": fixed(lambda i, j, n: np.where(i == j, 1.0, 0.0)),
    "counting": fixed(lambda i, j, n: i * n + j + 1),
    "powers-of-two": fixed(lambda i, j, n: np.ldexp(1.0, (i + j).astype(np.int32))),
    "indefinite": fixed(lambda i, j, n: np.where(i == j, 1.0, 2.0)),
    "negative": fixed(lambda i, j, n: np.where(i == j, -1.0, 0.0)),
    "lower-zero-diagonal": fixed(lambda i, j, n: np.where(i > j, 1.0, 0.0)),
    "overscaling": overscaling(1e6),
    "moderate-condition": with_condition(lambda p: p / 2),
    "nearly-singular": with_condition(lambda p: p - 3.0),
    "definite-moderate-condition": with_condition(lambda p: p / 2, symmetric=True),
    "graded": graded,
    "scaled-rows": scaled_rows,
    "scaled-columns": scaled_columns,
    "symmetric": symmetric,
    "symmetric-huge": symmetric_huge,
    "symmetric-nan": symmetric_nan,
    "positive-definite": positive_definite,
    "low-rank": low_rank,
    "lower": lower,
    "lower-dominant": lower_dominant,
    "defective": defective,
    "skew": skew,
}
