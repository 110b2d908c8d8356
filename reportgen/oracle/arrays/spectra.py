"""Exact eigenvalues, singular values and what follows from them: norms and ranks.

Arb's ``acb_mat.eig`` encloses eigenvalues, clusters too; singular values are square roots of those of AᵀA at a
precision that makes up for the squaring. A defective matrix, whose eigenvalues no enclosure of that kind isolates, is
decided by its characteristic polynomial in integers and the roots of its square-free factors.
"""

from __future__ import annotations

from fractions import Fraction

import numpy as np
from flint import acb, acb_mat, arb, arb_mat

from reportgen.core.dtypes import DTYPES
from reportgen.core.floats import F64, Exact, Format
from reportgen.core.problems import Arrays
from reportgen.oracle.arrays.matrices import Extra, References, reference_of
from reportgen.oracle.arrays.matrixballs import (
    balls,
    enclosed,
    first_decided,
    frobenius,
    integers,
    root,
    settled,
    stack,
    undecided,
    upper,
)
from reportgen.oracle.arrays.matrixfactors import is_positive_definite
from reportgen.oracle.arrays.nanmatrices import one_number, shorter_side, unless_nan
from reportgen.oracle.arrays.reference import ArrayReference
from reportgen.oracle.rationals import put
from reportgen.oracle.settle import settle_rational

Spectrum = tuple[Exact, Extra]


def symmetric_eigenvalues(matrix: arb_mat) -> list[arb] | None:
    """Those of a symmetric matrix of balls, ascending; None where the precision does not suffice."""
    try:
        found = acb_mat(matrix).eig(multiple=True)
    except ValueError:
        return None
    # The exact eigenvalues are real; midpoints order balls, and which of overlapping ones comes first is no matter.
    return sorted((v.real for v in found), key=lambda v: v.mid())  # as floats, squares would overflow and tie


def singular_balls(a: F64) -> list[arb] | None:
    """Singular values at the working precision, descending; None where that does not suffice."""
    matrix = balls(a)
    turned = matrix.transpose()
    if a.shape == (1, 1):
        return [abs(matrix[0, 0])]
    squares = symmetric_eigenvalues(turned * matrix if a.shape[1] <= a.shape[0] else matrix * turned)
    return None if squares is None else [root(v) for v in reversed(squares)]


def singular_values(arrays: Arrays, limit: int) -> References:
    """All singular values, descending; ``norm.i`` is the largest."""
    a = arrays.values["x"]
    shape = (*a.shape[:-2], min(a.shape[-2:]))
    return {"s": reference_of(shape, [_singular(m) for m in stack(a)])}


def singular_values_alone(arrays: Arrays, limit: int) -> References:
    """:func:`singular_values` where they are the only result."""
    return {"": singular_values(arrays, limit)["s"]}


def _singular(a: F64) -> Spectrum:
    def attempt() -> Spectrum | None:
        values = singular_balls(a)
        y = None if values is None else enclosed(values, values[0])
        return None if y is None or values is None else (y, {"norm": upper(values[0])})

    found = first_decided(attempt)
    return (undecided(min(a.shape)), {}) if found is None else found


def symmetric(arrays: Arrays, limit: int) -> References:
    """Eigenvalues of symmetric matrices, ascending; ``norm.i`` is the largest modulus."""
    a = arrays.values["x"]
    return {"w": reference_of(a.shape[:-1], [_symmetric(m) for m in stack(a)])}


def symmetric_alone(arrays: Arrays, limit: int) -> References:
    """:func:`symmetric` where eigenvalues are the only result."""
    return {"": symmetric(arrays, limit)["w"]}


def _symmetric(a: F64) -> Spectrum:
    def attempt() -> Spectrum | None:
        values = [balls(a)[0, 0]] if len(a) == 1 else symmetric_eigenvalues(balls(a))
        if values is None:
            return None
        largest = max((abs(v) for v in values), key=lambda v: v.mid())
        y = enclosed(values, largest)
        return None if y is None else (y, {"norm": upper(largest)})

    found = first_decided(attempt)
    return (undecided(len(a)), {}) if found is None else found


def general(arrays: Arrays, limit: int) -> References:
    """Eigenvalues in no particular order; ``condition`` has 1/|yᴴx| of each (unit left and right eigenvectors).

    The condition of a multiple eigenvalue is NaN. ``norm.i`` is ‖A‖_F.
    """
    a = arrays.values["x"]
    parts = [_general(m) for m in stack(a)]
    real, imag = (Exact.concatenate([part[k] for part in parts]) for k in (0, 1))
    condition = np.concatenate([part[2] for part in parts])
    extra = {f"norm.{i}": part[3] for i, part in enumerate(parts)}
    places = np.arange(len(real), dtype=np.int64)
    return {"w": ArrayReference(a.shape[:-1], places, real, condition, "arb", imag, extra)}


def _general(a: F64) -> tuple[Exact, Exact, F64, float]:
    def attempt() -> tuple[Exact, Exact, F64, float] | None:
        norm = frobenius(balls(a))
        values, condition = _isolated(a) or _by_polynomial(a)
        y, z = (enclosed([part(v) for v in values], norm) for part in (lambda v: v.real, lambda v: v.imag))
        return None if y is None or z is None else (y, z, condition, upper(norm))

    found = first_decided(attempt)
    nothing = undecided(len(a)), undecided(len(a)), np.full(len(a), np.nan), np.nan
    return nothing if found is None else found


def _isolated(a: F64) -> tuple[list[acb], F64] | None:
    """Simple eigenvalues and their conditions; None where some are multiple or not told apart."""
    if len(a) == 1:
        return [acb(balls(a)[0, 0])], np.ones(1)
    try:
        values, left, right = acb_mat(balls(a)).eig(left=True, right=True)
    except ValueError:
        return None
    condition = []
    for k in range(len(a)):
        y, x = [left[k, j] for j in range(len(a))], [right[j, k] for j in range(len(a))]
        inner = sum((p * q for p, q in zip(y, x, strict=True)), acb(0))
        condition.append(upper(_length(x) * _length(y) / abs(inner)))
    return values, np.array(condition)


def _length(vector: list[acb]) -> arb:
    return sum((v.real**2 + v.imag**2 for v in vector), arb(0)).sqrt()


def _by_polynomial(a: F64) -> tuple[list[acb], F64]:
    """Eigenvalues with multiplicities as roots of the characteristic polynomial of the matrix scaled to integers."""
    scaled, e = integers(a)
    values = [v * acb(2) ** -e for v, times in scaled.charpoly().complex_roots() for _ in range(times)]
    return values, np.full(len(values), np.nan)


def norm(arrays: Arrays, limit: int) -> References:
    """The norm that ``ord`` names: ``fro``, 1 (largest column sum), 2 or ``nuc`` (sum of singular values); C = |y|."""
    a = arrays.values["x"]
    kind = arrays.parameters["ord"]
    exact = Exact.concatenate([_rational_norm(m, kind) or _norm(m, kind) for m in stack(a)])
    places = np.arange(len(exact), dtype=np.int64)
    by = "rational" if kind == 1 else "arb"
    return {"": ArrayReference(a.shape[:-2], places, exact, np.abs(exact.hi), by)}


def _rational_norm(a: F64, kind: object) -> Exact | None:
    """Norms that no ball could settle, being rational: column sums, and the trace of a positive definite matrix."""
    if kind == 1:
        value = max(sum((Fraction(abs(v)) for v in column), Fraction(0)) for column in a.T.tolist())
    elif kind == "nuc" and np.array_equal(a, a.T) and is_positive_definite(a):
        value = sum((Fraction(v) for v in np.diag(a).tolist()), Fraction(0))
    else:
        return None
    out = Exact.empty(1)
    put(out, 0, settle_rational(value.numerator, value.denominator))
    return out


def _norm(a: F64, kind: object) -> Exact:
    def attempt() -> Exact | None:
        if kind == "fro":
            return settled([frobenius(balls(a))])
        values = singular_balls(a)
        if values is None:
            return None
        return settled([values[0] if kind == 2 else sum(values, arb(0))])

    found = first_decided(attempt)
    return undecided(1) if found is None else found


NEAR = 0.5
"""A singular value within this factor of the tolerance is too near for any rounding to be right or wrong."""


def numerical_rank(arrays: Arrays, limit: int) -> References:
    """How many singular values exceed σ₁·max(m, n)·ε: the tolerance that NumPy and TensorFlow document, ε = 2u."""
    a = arrays.values["x"]
    fmt = DTYPES[arrays.dtype]
    assert isinstance(fmt, Format)
    out = Exact.empty(len(stack(a)))
    for i, m in enumerate(stack(a)):
        values = first_decided(lambda m=m: _counted(m))  # type: ignore[misc]
        tolerance = max(m.shape) * 2.0 ** (1 - fmt.p)
        if values is None or any(NEAR < v / tolerance < 1 / NEAR for v in values):
            out.undecided[i] = True
        out.hi[i] = sum(1 for v in values or [] if v > tolerance)
    places = np.arange(len(out), dtype=np.int64)
    return {"": ArrayReference(a.shape[:-2], places, out, np.full(len(out), np.nan), "arb")}


def _counted(a: F64) -> list[float] | None:
    """Singular values over the largest, as floats; None where the balls are too wide."""
    values = singular_balls(a)
    if values is None or enclosed(values, values[0]) is None:
        return None
    return [upper(v / values[0]) for v in values] if values[0] > 0 else [0.0 for _ in values]


REFERENCES = {
    "singular_values": unless_nan(singular_values, "s", shorter_side),
    "singular_values_alone": unless_nan(singular_values_alone, "", shorter_side),
    "symmetric_eigenvalues": unless_nan(symmetric, "w", shorter_side),
    "symmetric_eigenvalues_alone": unless_nan(symmetric_alone, "", shorter_side),
    "eigenvalues": unless_nan(general, "w", shorter_side),
    "matrix_norm": unless_nan(norm, "", one_number),
    "numerical_rank": unless_nan(numerical_rank, "", one_number, "nothing"),
}
