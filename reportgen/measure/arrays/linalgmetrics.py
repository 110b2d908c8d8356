"""What is measured of one matrix's results: a function for each exact reference, from floats to scores.

Norms are Frobenius norms, u is the unit roundoff of the result's dtype, n the larger side of A. Sources: N. J. Higham,
*Accuracy and Stability of Numerical Algorithms*, 2nd ed. (2002), theorem 7.1 (systems), 8.5 (triangular), 9.3 (LU),
10.3 and 10.8 (Cholesky), section 14.1 (inverses), theorem 19.4 (QR), 20.1 and section 20.7 (least squares); G. H. Golub
and C. F. Van Loan, *Matrix Computations*, 4th ed. (2013), 8.1.2 (symmetric eigenvalues), 8.6.1 (singular values), 7.2.2
(eigenvalues).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from reportgen.core.floats import F64, Exact
from reportgen.oracle.arrays import residuals


@dataclass(frozen=True)
class Score:
    """One metric of one matrix: ``relative`` error, its ``absolute`` size, and the bound that it is divided by.

    ``bound`` is None where no bound holds (defective eigenvalues), ``condition`` the data's part of it, if any.
    """

    metric: str
    relative: float
    absolute: float
    bound: float | None
    condition: float | None = None
    where: str = ""


@dataclass(frozen=True)
class Given:
    """One matrix of a batch: operands and results by name, exact elements, numbers that the reference holds, and u."""

    operands: dict[str, F64]
    results: dict[str, NDArray[Any]]
    exact: Exact
    imag: Exact | None
    conditions: F64
    extra: dict[str, float]
    u: float

    @property
    def a(self) -> F64:
        return self.operands["x"]

    @property
    def n_u(self) -> float:
        return max(self.a.shape) * self.u


def _forward(given: Given, computed: F64) -> Score:
    """‖x̂ − x‖/‖x‖ over u·condition."""
    relative, absolute = residuals.forward(computed, given.exact)
    condition = given.extra["condition"]
    return Score("forward", relative, absolute, given.u * condition, condition)


def solve(given: Given) -> list[Score]:
    """Backward error of the worst column, and the forward error of the whole."""
    x, b = given.results[""], given.operands["y"]
    found = [residuals.system(given.a, x[:, j : j + 1], b[:, j : j + 1]) for j in range(b.shape[1])]
    worst = max(range(len(found)), key=lambda j: found[j][0])
    where = f"column {worst + 1} of {len(found)}" if len(found) > 1 else ""
    return [Score("backward", *found[worst], given.n_u, where=where), _forward(given, x)]


def triangular(given: Given) -> list[Score]:
    """As :func:`solve`; what stands above the diagonal of A does not count."""
    lower = dict(given.operands, x=np.tril(given.a))
    return solve(Given(lower, given.results, given.exact, given.imag, given.conditions, given.extra, given.u))


def inverse(given: Given) -> list[Score]:
    """Right and left residual, and the forward error."""
    found = given.results[""]
    right, right_size, left, left_size = residuals.inverse(given.a, found)
    return [
        Score("right-residual", right, right_size, given.n_u), Score("left-residual", left, left_size, given.n_u),
        _forward(given, found),
    ]  # fmt: skip


def pseudoinverse(given: Given) -> list[Score]:
    """‖AXA − A‖/(‖A‖²‖X‖), and the forward error."""
    found = given.results[""]
    return [Score("residual", *residuals.penrose(given.a, found), given.n_u), _forward(given, found)]


def cholesky(given: Given) -> list[Score]:
    """‖A − LLᵀ‖/‖A‖, L the whole result (what is not zero above the diagonal counts), and the forward error."""
    factor = given.results[""]
    return [Score("backward", *residuals.product(given.a, [factor, factor.T]), given.n_u), _forward(given, factor)]


def lu(given: Given) -> list[Score]:
    """‖P·A − L·U‖/‖A‖ where P·A has the rows of A in the order in which they were pivots.

    Results are ``p``, ``l``, ``u`` with A = L[p]·U (SciPy), or ``lu`` (L below the diagonal) and ``p`` with
    A[p] = L·U (TensorFlow).
    """
    p = given.results["p"].astype(np.int64)
    if sorted(p.tolist()) != list(range(len(given.a))):
        return [Score("backward", 1.0, residuals.size(given.a), given.n_u, where="p is no permutation")]
    if "lu" in given.results:
        packed = given.results["lu"]
        lower, upper, permuted = np.tril(packed, -1) + np.eye(len(packed)), np.triu(packed), given.a[p]
    else:
        lower, upper, permuted = given.results["l"], given.results["u"], given.a[np.argsort(p)]
    stray = np.abs(np.triu(lower, 1)).max(initial=0.0) + np.abs(np.tril(upper, -1)).max(initial=0.0)
    where = "a factor is not triangular" if stray else ""
    relative, absolute = residuals.product(permuted, [lower, upper])
    return [Score("backward", max(relative, 1.0) if stray else relative, absolute, given.n_u, where=where)]


def qr(given: Given) -> list[Score]:
    """‖A − QR‖/‖A‖ with R's upper triangle, what stands below it counting as an error; ‖QᵀQ − I‖."""
    q, r = given.results["q"], given.results["r"]
    relative, absolute = residuals.product(given.a, [q, np.triu(r)])
    stray = np.abs(np.tril(r, -1)).max(initial=0.0)
    where = "R is not triangular" if stray else ""
    relative = max(relative, 1.0) if stray else relative
    return [Score("backward", relative, absolute, given.n_u, where=where), _orthogonality(given, {"Q": q})]


def _orthogonality(given: Given, columns: dict[str, F64]) -> Score:
    sizes = {name: residuals.orthogonality(q) for name, q in columns.items()}
    worst = max(sizes, key=lambda name: sizes[name])
    return Score("orthogonality", sizes[worst], sizes[worst], given.n_u, where=worst)


def svd(given: Given) -> list[Score]:
    """‖A − UΣVᵀ‖/‖A‖, orthogonality of U and V, and the singular values."""
    u, s = given.results["u"], given.results["s"]
    v = given.results["v"] if "v" in given.results else given.results["vh"].T
    product = residuals.product(given.a, [u, np.diag(s), np.ascontiguousarray(v.T)])
    return [
        Score("backward", *product, given.n_u), _orthogonality(given, {"U": u, "V": np.ascontiguousarray(v)}),
        _values(given, s),
    ]  # fmt: skip


def _values(given: Given, computed: F64) -> Score:
    """The largest |σ̂ᵢ − σᵢ| over u‖A‖₂; both in the order that the reference has."""
    absolute, norm = residuals.farthest(computed, given.exact), given.extra["norm"]
    return Score("values", absolute / norm if norm else absolute, absolute, given.u)


def values_alone(given: Given) -> list[Score]:
    """Singular values, or eigenvalues of a symmetric matrix."""
    return [_values(given, given.results[""])]


def eigh(given: Given) -> list[Score]:
    """‖A − VΛVᵀ‖/‖A‖, orthogonality of V, and the eigenvalues."""
    w, v = given.results["w"], given.results["v"]
    product = residuals.product(given.a, [v, np.diag(w), np.ascontiguousarray(v.T)])
    return [Score("backward", *product, given.n_u), _orthogonality(given, {"V": v}), _values(given, w)]


def eig(given: Given) -> list[Score]:
    """The worst ‖Av − λv‖/(‖A‖‖v‖); and the eigenvalues over u‖A‖/|yᴴx|, matched with the exact ones one to one."""
    w, v = given.results["w"], given.results["v"]
    assert given.imag is not None
    exact, rest = given.exact.hi + 1j * given.imag.hi, given.exact.lo + 1j * given.imag.lo
    # Differences of neighbouring floats are exact, so that what hi leaves of the value is still seen.
    distance = np.abs((w[matched(w, exact)] - exact) - rest)
    norm, condition = given.extra["norm"], given.conditions
    residual = Score("residual", *residuals.eigenpairs(given.a, w, v), given.n_u)
    if np.isnan(condition).any():
        size = float(distance.max())
        return [residual, Score("values", size / norm, size, None, where="multiple eigenvalues")]
    worst = int(np.argmax(distance / condition))
    size, grown = float(distance[worst]), float(condition[worst])
    return [residual, Score("values", size / norm, size, given.u * grown, grown)]


def matched(computed: NDArray[Any], exact: NDArray[Any]) -> list[int]:
    """For each exact number the index of a computed one: nearest pairs first, each used once."""
    gaps = np.abs(computed[:, None] - exact[None, :])
    partner = [-1] * len(exact)
    used: set[int] = set()
    for flat in np.argsort(gaps, axis=None, kind="stable").tolist():
        i, j = divmod(flat, len(exact))
        if i not in used and partner[j] < 0:
            partner[j] = i
            used.add(i)
    return partner


def least_squares(given: Given) -> list[Score]:
    """Stewart's bound of the backward error, and the forward error; one right-hand side."""
    x, b = given.results[""], given.operands["y"]
    backward = residuals.least_squares(given.a, x, b, given.exact)
    return [Score("backward", *backward, given.n_u), _forward(given, x)]


def exponential(given: Given) -> list[Score]:
    """The forward error."""
    return [_forward(given, given.results[""])]


Metrics = Callable[[Given], list[Score]]

CORE = {"": 2, "p": 1, "s": 1, "w": 1}
"""Axes of one matrix's result by name; two where it is not named."""

METRICS: dict[str, tuple[Metrics, tuple[str, ...]]] = {
    "solve": (solve, ("backward", "forward")),
    "triangular_solve": (triangular, ("backward", "forward")),
    "inverse": (inverse, ("right-residual", "left-residual", "forward")),
    "pseudoinverse": (pseudoinverse, ("residual", "forward")),
    "cholesky": (cholesky, ("backward", "forward")),
    "lu": (lu, ("backward",)),
    "qr": (qr, ("backward", "orthogonality")),
    "singular_values": (svd, ("backward", "orthogonality", "values")),
    "singular_values_alone": (values_alone, ("values",)),
    "symmetric_eigenvalues": (eigh, ("backward", "orthogonality", "values")),
    "symmetric_eigenvalues_alone": (values_alone, ("values",)),
    "eigenvalues": (eig, ("residual", "values")),
    "least_squares": (least_squares, ("backward", "forward")),
    "matrix_exponential": (exponential, ("forward",)),
}
"""By exact reference: what judges one matrix, and the metrics that it gives."""
