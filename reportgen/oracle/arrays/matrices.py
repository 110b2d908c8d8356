"""Exact linear algebra: systems, inverses, determinants, least squares and exponentials, by ball arithmetic.

An operand of shape (…, m, n) is a batch of matrices, taken one by one. ``extra`` of a reference holds numbers for the
judge as ``WORD.i`` for matrix i of the batch: ``norm`` is ‖A‖_F and ``condition`` the factor by which data amplify a
relative error, in the Frobenius norm (see :mod:`reportgen.measure.arrays.linalg`); and the words ``singular``,
``rank deficient`` or ``not positive definite`` where there is no exact result or a library may take exception.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from fractions import Fraction

import numpy as np
from flint import arb, arb_mat, fmpq_mat, fmpz_mat

from reportgen.core.floats import F64, Exact
from reportgen.core.problems import Arrays
from reportgen.oracle.arrays.matrixballs import (
    balls,
    determinant,
    enclosed,
    first_decided,
    frobenius,
    integers,
    precision,
    rank,
    settled,
    stack,
    undecided,
    upper,
)
from reportgen.oracle.arrays.nanmatrices import coefficients, one_number, right_hand, square, turned, unless_nan
from reportgen.oracle.arrays.reference import ArrayReference
from reportgen.oracle.rationals import put
from reportgen.oracle.settle import settle_rational

References = dict[str, ArrayReference]
Extra = dict[str, float]
Solved = tuple[Exact, Extra]

NO_RESULT = ("singular", "not positive definite")
"""Words of ``extra`` for problems without an exact result; their references have one place, and NaN there."""

EXPONENTIAL_CONDITION_BITS = 128


def reference_of(shape: tuple[int, ...], parts: list[Solved], settled_by: str = "arb") -> ArrayReference:
    """One reference out of those of the matrices of a batch; all elements are there."""
    exact = Exact.concatenate([y for y, _ in parts])
    extra = {f"{word}.{i}": value for i, (_, said) in enumerate(parts) for word, value in said.items()}
    places = np.arange(len(exact), dtype=np.int64)
    return ArrayReference(shape, places, exact, np.full(len(exact), np.nan), settled_by, extra=extra)


def without_result(shape: tuple[int, ...], why: str, place: int = 0) -> ArrayReference:
    """A problem that has no result: NaN at one place, and the word for the reason."""
    nothing = Exact.of_values(np.array([np.nan]))
    return ArrayReference(shape, np.array([place]), nothing, np.array([np.nan]), "rational", extra={why: 1.0})


def is_singular(matrix: F64) -> bool:
    """Whether a square matrix of floats is exactly singular."""
    return rank(matrix) < len(matrix)


def solve(arrays: Arrays, limit: int) -> References:
    """The solution of A·x = b for square A; ``condition`` is ‖A⁻¹‖(‖A‖‖x‖ + ‖b‖)/‖x‖ (Higham, Theorem 7.2)."""
    a, b = arrays.values["x"], arrays.values["y"]
    if any(is_singular(m) for m in stack(a)):
        return {"": without_result(b.shape, "singular")}
    return {"": reference_of(b.shape, [_solved(m, c) for m, c in zip(stack(a), stack(b), strict=True)])}


def _solved(a: F64, b: F64) -> Solved:
    def attempt() -> Solved | None:
        matrix, right = balls(a), balls(b)
        try:
            inverse = matrix.inv()
        except ZeroDivisionError:
            return None
        x = inverse * right
        size = frobenius(x)
        y = enclosed(x.entries(), size)
        norm = frobenius(matrix)
        amplified = frobenius(inverse) * (norm * size + frobenius(right)) / size
        return None if y is None else (y, {"norm": upper(norm), "condition": upper(amplified)})

    return _found(attempt, b.size)


def _found(attempt: Callable[[], Solved | None], count: int) -> Solved:
    found = first_decided(attempt)
    return (undecided(count), {}) if found is None else found


def triangular(arrays: Arrays, limit: int) -> References:
    """As :func:`solve`, A lower triangular; ``condition`` is ‖|A⁻¹||A||x|‖/‖x‖ (Higham, Theorem 8.5 and (7.13))."""
    a, b = np.tril(arrays.values["x"]), arrays.values["y"]
    if any((np.diag(m) == 0).any() for m in stack(a)):
        return {"": without_result(b.shape, "singular")}
    return {"": reference_of(b.shape, [_substituted(m, c) for m, c in zip(stack(a), stack(b), strict=True)])}


def _substituted(a: F64, b: F64) -> Solved:
    def attempt() -> Solved | None:
        matrix = balls(a)
        inverse = matrix.inv()
        x = inverse * balls(b)
        size = frobenius(x)
        y = enclosed(x.entries(), size)
        grown = frobenius(_absolute(inverse) * (_absolute(matrix) * _absolute(x))) / size
        return None if y is None else (y, {"norm": upper(frobenius(matrix)), "condition": upper(grown)})

    return _found(attempt, b.size)


def _absolute(matrix: arb_mat) -> arb_mat:
    return arb_mat(matrix.nrows(), matrix.ncols(), [abs(v) for v in matrix.entries()])


def inverse(arrays: Arrays, limit: int) -> References:
    """The inverse; ``condition`` is ‖A‖‖A⁻¹‖."""
    a = arrays.values["x"]
    if any(is_singular(m) for m in stack(a)):
        return {"": without_result(a.shape, "singular")}
    return {"": reference_of(a.shape, [_pseudoinverse(m) for m in stack(a)])}


def pseudoinverse(arrays: Arrays, limit: int) -> References:
    """The Moore-Penrose inverse of each matrix as it stands, of whatever rank; ``condition`` is ‖A‖‖A⁺‖."""
    a = arrays.values["x"]
    found = reference_of((*a.shape[:-2], a.shape[-1], a.shape[-2]), [_pseudoinverse(m) for m in stack(a)])
    if any(rank(m) < min(m.shape) for m in stack(a)):
        found.extra["rank deficient"] = 1.0
    return {"": found}


def _pseudoinverse(a: F64) -> Solved:
    def attempt() -> Solved | None:
        matrix, found = balls(a), pseudoinverse_balls(a)
        if found is None:
            return None
        size, norm = frobenius(found), frobenius(matrix)
        y = enclosed(found.entries(), size)
        return None if y is None else (y, {"norm": upper(norm), "condition": upper(norm * size)})

    return _found(attempt, a.size)


def pseudoinverse_balls(a: F64) -> arb_mat | None:
    """A⁺ at the working precision; None where that does not suffice.

    Of full rank: A⁻¹, (AᵀA)⁻¹Aᵀ or Aᵀ(AAᵀ)⁻¹. Else from the exact factors A = C·R of full rank that the reduced
    row echelon form gives: Rᵀ(RRᵀ)⁻¹(CᵀC)⁻¹Cᵀ (Golub and Van Loan, *Matrix Computations*, 4th ed., 5.5.2).
    """
    m, n = a.shape
    matrix, k = balls(a), rank(a)
    try:
        if k == m == n:
            return matrix.inv()
        if k == n:
            return _left_inverse(matrix)
        if k == m:
            return _left_inverse(matrix.transpose()).transpose()
        columns, rows = full_rank_factors(a)
        return _left_inverse(rows.transpose()).transpose() * _left_inverse(columns)
    except ZeroDivisionError:
        return None


def _left_inverse(matrix: arb_mat) -> arb_mat:
    turned = matrix.transpose()
    return (turned * matrix).inv() * turned


def full_rank_factors(a: F64) -> tuple[arb_mat, arb_mat]:
    """(C, R) with A = C·R, both of the exact rank of A: its pivot columns, and its reduced row echelon form."""
    reduced, k = fmpq_mat(integers(a)[0]).rref()
    n = a.shape[1]
    pivots = [next(j for j in range(n) if reduced[i, j] != 0) for i in range(k)]
    columns = balls(np.ascontiguousarray(a[:, pivots]))
    return columns, arb_mat(k, n, [arb(reduced[i, j]) for i in range(k) for j in range(n)])


def det(arrays: Arrays, limit: int) -> References:
    """The determinant, in integers; C = Σ|aᵢⱼ·cofactorᵢⱼ|, what relative errors of the elements can do to it."""
    a = arrays.values["x"]
    exact, condition = Exact.empty(len(stack(a))), []
    values = [determinant(m) for m in stack(a)]
    for i, (m, value) in enumerate(zip(stack(a), values, strict=True)):
        put(exact, i, settle_rational(value.numerator, value.denominator))
        exact.either_zero[i] = value == 0  # no standard gives the sign of a sum that cancels
        condition.append(_rounded_up(_cofactor_sum(m, value)))
    places = np.arange(len(exact), dtype=np.int64)
    found = ArrayReference(a.shape[:-2], places, exact, np.array(condition), "rational")
    if 0 in values:
        found.extra["singular"] = 1.0
    return {"": found}


def _rounded_up(value: Fraction) -> float:
    """A non-negative number as a float; the largest one where it is larger."""
    try:
        return float(value)
    except OverflowError:
        return float(np.finfo(np.float64).max)


def _cofactor_sum(a: F64, value: Fraction) -> Fraction:
    """Σ|aᵢⱼ·cofactorᵢⱼ|: by the inverse, of a singular matrix by its minors."""
    if value:
        grown = first_decided(lambda: _element_condition(a))
        return abs(value) * Fraction(0 if grown is None else grown)
    scaled, e = integers(a)
    n = len(a)
    total = 0
    for i in range(n):
        for j in range(n):
            minor = [int(scaled[r, c]) for r in range(n) if r != i for c in range(n) if c != j]
            total += abs(int(scaled[i, j]) * (int(fmpz_mat(n - 1, n - 1, minor).det()) if n > 1 else 1))
    return Fraction(total, 1 << (e * n))


def _element_condition(a: F64) -> float | None:
    """Σ|aᵢⱼ·(A⁻¹)ⱼᵢ|: the relative change of the determinant for relative changes of the elements."""
    matrix = balls(a)
    try:
        turned = matrix.inv().transpose()
    except ZeroDivisionError:
        return None
    total = sum((abs(x * y) for x, y in zip(matrix.entries(), turned.entries(), strict=True)), arb(0))
    return upper(total) if total.rad() * 2**20 < total else None


def slogdet(arrays: Arrays, limit: int) -> References:
    """Sign and logarithm of the modulus of the determinant; C of the latter is |log| + Σ|aᵢⱼ·(A⁻¹)ⱼᵢ|."""
    a = arrays.values["x"]
    values = [determinant(m) for m in stack(a)]
    signs = Exact.of_values(np.array([float((v > 0) - (v < 0)) for v in values]))
    logs, condition = [], []
    for m, value in zip(stack(a), values, strict=True):
        y = _logarithm(value)
        grown = first_decided(lambda m=m: _element_condition(m)) if value else None  # type: ignore[misc]
        logs.append(y)
        condition.append(math.nan if grown is None else grown + abs(float(y.hi[0])))
    places, shape = np.arange(len(values), dtype=np.int64), a.shape[:-2]
    extra = {"singular": 1.0} if 0 in values else {}
    return {
        "sign": ArrayReference(shape, places, signs, np.zeros(len(values)), "selection", extra=extra),
        "logdet": ArrayReference(shape, places, Exact.concatenate(logs), np.array(condition), "arb", extra=extra),
    }


def _logarithm(value: Fraction) -> Exact:
    if value == 0:
        return Exact.of_values(np.array([-np.inf]))
    size = abs(value)
    found = first_decided(lambda: settled([(arb(size.numerator) / arb(size.denominator)).log()]))
    return undecided(1) if found is None else found


def least_squares(arrays: Arrays, limit: int) -> References:
    """The x of least norm among those that minimise ‖A·x − b‖; ``residual.i`` is that minimum.

    ``condition`` is κ(2 + (κ + 1)‖r‖/(‖A‖‖x‖)) with κ = ‖A‖‖A⁺‖ (Higham, Theorem 20.1, which has 2-norms).
    """
    a, b = arrays.values["x"], arrays.values["y"]
    shape = (*a.shape[:-2], a.shape[-1], b.shape[-1])
    found = reference_of(shape, [_least(m, c) for m, c in zip(stack(a), stack(b), strict=True)])
    if any(rank(m) < m.shape[1] for m in stack(a)):
        found.extra["rank deficient"] = 1.0
    return {"": found}


def _least(a: F64, b: F64) -> Solved:
    def attempt() -> Solved | None:
        matrix, right, turned = balls(a), balls(b), pseudoinverse_balls(a)
        if turned is None:
            return None
        x = turned * right
        size, norm = frobenius(x), frobenius(matrix)
        y = enclosed(x.entries(), size)
        rest = frobenius(right - matrix * x)
        kappa = norm * frobenius(turned)
        grown = kappa * (2 + (kappa + 1) * rest / (norm * size))
        said = {"norm": upper(norm), "condition": upper(grown), "residual": upper(rest)}
        return None if y is None else (y, said)

    return _found(attempt, a.shape[1] * b.shape[1])


def exponential(arrays: Arrays, limit: int) -> References:
    """e^A; ``condition`` is ‖K‖‖A‖/‖e^A‖, K the Fréchet derivative's matrix (Higham, *Functions of Matrices*, 3.1)."""
    a = arrays.values["x"]
    return {"": reference_of(a.shape, [_exponential(m) for m in stack(a)])}


def _exponential(a: F64) -> Solved:
    def attempt() -> Solved | None:
        value = balls(a).exp()
        size = frobenius(value)
        y = enclosed(value.entries(), size)
        return None if y is None else (y, {"norm": upper(frobenius(balls(a)))})

    y, said = _found(attempt, a.size)
    with precision(EXPONENTIAL_CONDITION_BITS):
        size = frobenius(balls(a).exp())
        said["condition"] = upper(_derivative_norm(a) * frobenius(balls(a)) / size)
    return y, said


def _derivative_norm(a: F64) -> arb:
    """The Frobenius norm of the linear map E ↦ L(A, E): e^[[A, E], [0, A]] has L(A, E) as its upper right block."""
    n = len(a)
    total = arb(0)
    for i in range(n):
        for j in range(n):
            block = np.zeros((2 * n, 2 * n))
            block[:n, :n] = block[n:, n:] = a
            block[i, n + j] = 1.0
            value = balls(block).exp()
            total += sum((value[r, n + c] ** 2 for r in range(n) for c in range(n)), arb(0))
    return total.sqrt()


REFERENCES = {
    "solve": unless_nan(solve, "", right_hand),
    "triangular_solve": triangular,
    "inverse": unless_nan(inverse, "", square),
    "pseudoinverse": unless_nan(pseudoinverse, "", turned),
    "determinant": unless_nan(det, "", one_number),
    "slogdet": unless_nan(slogdet, "logdet", one_number),
    "least_squares": unless_nan(least_squares, "", coefficients),
    "matrix_exponential": unless_nan(exponential, "", square),
}
