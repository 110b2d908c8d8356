"""Linear algebra: exact references against rationals and mpmath, and a judge that sees planted errors only."""

from __future__ import annotations

import re
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from types import ModuleType
from typing import Any

import mpmath
import numpy as np
import pytest
from numpy.typing import NDArray

from reportgen.catalogue.arrayrows import ArrayRow, array_rows
from reportgen.catalogue.rows import all_rows
from reportgen.core.arrays import generate
from reportgen.core.dtypes import DTYPES
from reportgen.core.floats import FORMATS
from reportgen.core.generated.matrices import MAKERS
from reportgen.core.model import Outcome
from reportgen.core.problems import Arrays, Operand, Problem, made
from reportgen.measure.arrays.asking import ArrayReply, Output
from reportgen.measure.arrays.findings import finding_rows
from reportgen.measure.arrays.linalg import judge_of
from reportgen.oracle.arrays import finders, residuals
from reportgen.oracle.arrays.nanmatrices import NAN_INSIDE
from reportgen.oracle.arrays.reference import ArrayReference, pack, unpack

Matrix = NDArray[Any]
Fractions = list[list[Fraction]]


def arrays_of(data: str, shape: tuple[int, ...], dtype: str = "float64", columns: int = 0, **parameters: Any) -> Arrays:
    operands = [Operand("x", data, shape)]
    if columns:
        operands.append(Operand("y", "mixed.2", (*shape[:-1], columns)))
    return made(Problem("p", "numbers", tuple(operands), tuple(parameters.items())), dtype, 0)


def found(reference: str, arrays: Arrays) -> dict[str, ArrayReference]:
    """The reference, by way of the disk."""
    back = unpack(pack(finders()[reference](arrays, 4096)))
    assert back is not None
    return back


def fractions_of(values: Matrix) -> Fractions:
    return [[Fraction(v) for v in row] for row in values.tolist()]


def exact(reference: ArrayReference) -> list[Fraction]:
    return [Fraction(hi) + Fraction(lo) for hi, lo in zip(reference.exact.hi, reference.exact.lo, strict=True)]


def times(a: Fractions, b: Fractions) -> Fractions:
    return [[sum((p * q for p, q in zip(row, column, strict=True)), Fraction(0)) for column in zip(*b, strict=True)]
            for row in a]  # fmt: skip


def turned(a: Fractions) -> Fractions:
    return [list(row) for row in zip(*a, strict=True)]


def eliminated(a: Fractions, b: Fractions) -> tuple[Fractions, Fraction]:
    """(A⁻¹·B, det A) by Gauss-Jordan elimination in rationals."""
    rows = [row + more for row, more in zip(a, b, strict=True)]
    n, determinant = len(a), Fraction(1)
    for k in range(n):
        pivot = next(i for i in range(k, n) if rows[i][k])
        if pivot != k:
            rows[k], rows[pivot] = rows[pivot], rows[k]
            determinant = -determinant
        determinant *= rows[k][k]
        rows[k] = [v / rows[k][k] for v in rows[k]]
        for i in range(n):
            if i != k and rows[i][k]:
                rows[i] = [p - rows[i][k] * q for p, q in zip(rows[i], rows[k], strict=True)]
    return [row[n:] for row in rows], determinant


def unit(n: int) -> Fractions:
    return [[Fraction(int(i == j)) for j in range(n)] for i in range(n)]


def norm(values: Fractions) -> float:
    return float(mpmath.sqrt(mpmath.mpf(1) * sum(v * v for row in values for v in row)))


def near(given: list[Fraction], wanted: list[Any], bits: int = 80) -> bool:
    """Whether numbers agree to 2^-bits of the largest."""
    with mpmath.workprec(400):
        pairs = [
            (mpmath.mpf(g.numerator) / g.denominator, fraction_free(w)) for g, w in zip(given, wanted, strict=True)
        ]
        size = max(abs(w) for _, w in pairs)
        return all(abs(g - w) <= size * mpmath.mpf(2) ** -bits for g, w in pairs)


def fraction_free(value: Any) -> Any:
    return mpmath.mpf(value.numerator) / value.denominator if isinstance(value, Fraction) else mpmath.mpf(value)


# -- generators -----------------------------------------------------------------------------------------
@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_matrices_are_what_their_names_say(dtype: str) -> None:
    fmt = FORMATS[dtype]
    for name in MAKERS:
        values = generate(name, 0, (6, 6), fmt)
        assert values.shape == (6, 6), name
        assert int(np.isnan(values).sum()) == (name == "symmetric-nan"), name
        assert not np.isinf(values).any(), name
        assert np.array_equal(values, generate(name, 0, (6, 6), fmt), equal_nan=True), name
        assert fmt.is_representable(values[~np.isnan(values)]).all(), name
    for name in (
        "symmetric",
        "symmetric-huge",
        "positive-definite",
        "definite-moderate-condition",
        "hilbert",
        "repeated-eigenvalues",
    ):
        values = generate(name, 0, (6, 6), fmt)
        assert np.array_equal(values, values.T), name
    for batch in ("mixed", "positive-definite", "symmetric", "lower-dominant", "low-rank", "scaled-rows"):
        several = generate(batch, 0, (3, 4, 4), fmt)
        assert several.shape == (3, 4, 4)
        assert not np.array_equal(several[0], several[1])
    assert np.linalg.matrix_rank(generate("low-rank", 0, (20, 6), fmt)) == 3
    expected = {"moderate-condition": 2.0 ** (fmt.p / 2), "nearly-singular": 2.0 ** (fmt.p - 3)}
    for name, condition in expected.items():
        assert condition / 4 < np.linalg.cond(generate(name, 0, (12, 12), fmt)) < condition * 4
    growth = generate("growth", 0, (20, 20), fmt)
    for k in range(19):  # the multipliers are all 1, and the last column doubles
        growth[k + 1 :] -= growth[k + 1 :, k : k + 1] / growth[k, k] * growth[k]
    assert growth[-1, -1] == 2.0**19


# -- references -----------------------------------------------------------------------------------------
@pytest.mark.parametrize("data", ["mixed", "hilbert", "scaled-rows"])
def test_systems_inverses_and_determinants_are_those_of_rationals(data: str) -> None:
    arrays = arrays_of(data, (7, 7), columns=2)
    a, b = fractions_of(arrays.values["x"]), fractions_of(arrays.values["y"])
    x, determinant = eliminated(a, b)
    inverse, _ = eliminated(a, unit(7))
    solution = found("solve", arrays)[""]
    assert near(exact(solution), [v for row in x for v in row])
    wanted = norm(inverse) * (norm(a) * norm(x) + norm(b)) / norm(x)
    assert solution.extra["condition.0"] == pytest.approx(wanted, rel=1e-12)
    found_inverse = found("inverse", arrays_of(data, (7, 7)))[""]
    assert near(exact(found_inverse), [v for row in inverse for v in row])
    assert found_inverse.extra["condition.0"] == pytest.approx(norm(a) * norm(inverse), rel=1e-12)
    value = found("determinant", arrays_of(data, (7, 7)))[""]
    assert near(exact(value), [determinant], 100)
    sizes = sum(abs(a[i][j] * inverse[j][i]) for i in range(7) for j in range(7)) * abs(determinant)
    assert value.condition[0] == pytest.approx(float(sizes), rel=1e-12)
    logs = found("slogdet", arrays_of(data, (7, 7)))
    assert exact(logs["sign"]) == [1 if determinant > 0 else -1]
    with mpmath.workprec(300):
        assert near(exact(logs["logdet"]), [mpmath.log(abs(fraction_free(determinant)))], 100)


def test_singular_matrices_have_a_determinant_and_no_inverse() -> None:
    arrays = arrays_of("counting", (3, 3), columns=1)
    for reference in ("solve", "inverse"):
        nothing = found(reference, arrays)[""]
        assert nothing.extra == {"singular": 1.0}
        assert np.isnan(nothing.exact.hi).all()
    value = found("determinant", arrays)[""]
    assert exact(value) == [0]
    assert value.exact.either_zero[0]
    # Σ|aᵢⱼ·cofactorᵢⱼ| of 1 … 9 by hand: cofactors are −3 6 −3, 6 −12 6, −3 6 −3.
    assert value.condition[0] == 3 + 12 + 9 + 24 + 60 + 36 + 21 + 48 + 27
    logs = found("slogdet", arrays)
    assert (logs["sign"].exact.hi[0], logs["logdet"].exact.hi[0]) == (0, -np.inf)


def test_triangles_are_solved_without_what_stands_above_the_diagonal() -> None:
    arrays = arrays_of("mixed", (6, 6), columns=1)
    lower = fractions_of(np.tril(arrays.values["x"]))
    x, _ = eliminated(lower, fractions_of(arrays.values["y"]))
    inverse, _ = eliminated(lower, unit(6))
    solution = found("triangular_solve", arrays)[""]
    assert near(exact(solution), [v for row in x for v in row])
    sizes = [[[abs(v) for v in row] for row in m] for m in (inverse, lower, x)]
    skeel = norm(times(sizes[0], times(sizes[1], sizes[2]))) / norm(x)
    assert solution.extra["condition.0"] == pytest.approx(skeel, rel=1e-12)


@pytest.mark.parametrize(("data", "shape"), [("mixed", (6, 3)), ("mixed", (3, 6)), ("low-rank", (7, 4))])
def test_pseudoinverses_meet_the_four_conditions_of_penrose(data: str, shape: tuple[int, int]) -> None:
    arrays = arrays_of(data, shape)
    reference = found("pseudoinverse", arrays)[""]
    a = fractions_of(arrays.values["x"])
    flat = exact(reference)
    x = [flat[i * shape[0] : (i + 1) * shape[0]] for i in range(shape[1])]
    ax, xa = times(a, x), times(x, a)
    assert near([v for row in times(ax, a) for v in row], [v for row in a for v in row])
    assert near([v for row in times(xa, x) for v in row], flat)
    for product in (ax, xa):
        assert near([v for row in product for v in row], [v for row in turned(product) for v in row])
    assert ("rank deficient" in reference.extra) == (data == "low-rank")


def test_least_squares_solutions_meet_the_normal_equations() -> None:
    arrays = arrays_of("mixed", (8, 3), columns=1)
    a, b = fractions_of(arrays.values["x"]), fractions_of(arrays.values["y"])
    x, _ = eliminated(times(turned(a), a), times(turned(a), b))
    reference = found("least_squares", arrays)[""]
    assert near(exact(reference), [v for row in x for v in row])
    rest = [[p - q] for (p,), (q,) in zip(b, times(a, x), strict=True)]
    assert reference.extra["residual.0"] == pytest.approx(norm(rest), rel=1e-12)
    pseudo, _ = eliminated(times(turned(a), a), turned(a))
    kappa = norm(a) * norm(pseudo)
    grown = kappa * (2 + (kappa + 1) * norm(rest) / (norm(a) * norm(x)))
    assert reference.extra["condition.0"] == pytest.approx(grown, rel=1e-12)


def mp_matrix(values: Matrix) -> Any:
    return mpmath.matrix(values.tolist())


@pytest.mark.parametrize(
    ("data", "shape"),
    [
        ("mixed", (20, 6)),
        ("hilbert", (10, 10)),
        ("low-rank", (8, 8)),
        ("squares-overflow", (12, 12)),
        ("squares-underflow", (5, 5)),
    ],
)
def test_singular_values_and_norms_are_those_of_mpmath(data: str, shape: tuple[int, int]) -> None:
    arrays = arrays_of(data, shape)
    with mpmath.workdps(60):
        wanted = sorted(mpmath.svd_r(mp_matrix(arrays.values["x"]), compute_uv=False), reverse=True)
        reference = found("singular_values", arrays)["s"]
        assert near(exact(reference), wanted)
        assert reference.extra["norm.0"] == pytest.approx(float(wanted[0]), rel=1e-15)
        two, nuclear = (found("matrix_norm", arrays_of(data, shape, ord=kind))[""] for kind in (2, "nuc"))
        assert near(exact(two), [wanted[0]], 100)
        assert near(exact(nuclear), [mpmath.fsum(wanted)], 100)
        frobenius = found("matrix_norm", arrays_of(data, shape, ord="fro"))[""]
        assert near(exact(frobenius), [mpmath.sqrt(mpmath.fsum(v * v for v in wanted))], 100)
    columns = found("matrix_norm", arrays_of(data, shape, ord=1))[""]
    sums = [sum(abs(Fraction(v)) for v in column) for column in arrays.values["x"].T.tolist()]
    assert near(exact(columns), [max(sums)], 100)


def test_large_references_are_those_of_mpmath_too() -> None:
    arrays = arrays_of("mixed", (30, 30), columns=1)
    with mpmath.workdps(50):
        x = mpmath.lu_solve(mp_matrix(arrays.values["x"]), mp_matrix(arrays.values["y"]))
        assert near(exact(found("solve", arrays)[""]), list(x))
        symmetric = arrays_of("symmetric", (30, 30))
        wanted = sorted(mpmath.eigsy(mp_matrix(symmetric.values["x"]), eigvals_only=True))
        assert near(exact(found("symmetric_eigenvalues", symmetric)["w"]), wanted)


def test_repeated_eigenvalues_of_symmetric_matrices_are_enclosed() -> None:
    reference = found("symmetric_eigenvalues", arrays_of("repeated-eigenvalues", (9, 9)))["w"]
    assert near(exact(reference), [2] * 8 + [11])
    assert not reference.exact.undecided.any()


def test_eigenvalues_are_those_of_mpmath_with_their_conditions() -> None:
    arrays = arrays_of("mixed", (8, 8))
    reference = found("eigenvalues", arrays)["w"]
    assert reference.imag is not None
    with mpmath.workdps(50):
        wanted, left, right = mpmath.eig(mp_matrix(arrays.values["x"]), left=True, right=True)
        y, z = reference.exact, reference.imag
        for i, condition in enumerate(reference.condition):
            value = mpmath.mpc(mpmath.mpf(y.hi[i]) + y.lo[i], mpmath.mpf(z.hi[i]) + z.lo[i])
            k = min(range(8), key=lambda k: abs(wanted[k] - value))
            assert abs(wanted[k] - value) < mpmath.mpf(2) ** -80
            row, column = left[k, :], right[:, k]
            inner = abs(mpmath.fsum(row[j] * column[j] for j in range(8)))
            assert condition == pytest.approx(float(mpmath.norm(row) * mpmath.norm(column) / inner), rel=1e-10)


def test_defective_matrices_have_their_exact_eigenvalues() -> None:
    reference = found("eigenvalues", arrays_of("defective", (6, 6)))["w"]
    assert sorted(exact(reference)) == [-1, -1, -1, 2, 2, 2]
    assert np.isnan(reference.condition).all()


def test_cholesky_factors_are_those_of_mpmath_and_others_have_none() -> None:
    arrays = arrays_of("definite-moderate-condition", (9, 9))
    with mpmath.workdps(60):
        wanted = mpmath.cholesky(mp_matrix(arrays.values["x"]))
        assert near(exact(found("cholesky", arrays)[""]), list(wanted))
    for data in ("indefinite", "powers-of-two", "negative"):
        nothing = found("cholesky", arrays_of(data, (3, 3)))[""]
        assert nothing.extra == {"not positive definite": 1.0}
        assert nothing.positions.tolist() == [8]


def test_exponentials_are_those_of_mpmath_and_conditions_those_of_divided_differences() -> None:
    for data in ("mixed", "defective", "overscaling"):
        arrays = arrays_of(data, (6, 6))
        with mpmath.workdps(60):
            wanted = mpmath.expm(mp_matrix(arrays.values["x"]), method="taylor")
            assert near(exact(found("matrix_exponential", arrays)[""]), list(wanted)), data
    values = np.diag([0.5, -1.0, 2.0])
    arrays = Arrays(Problem("p", "", (Operand("x", "identity", (3, 3)),)), "float64", 0, {"x": values})
    d = np.diag(values)
    with np.errstate(invalid="ignore"):
        gaps = (np.exp(d)[:, None] - np.exp(d)) / (d[:, None] - d)
    derivative = np.where(np.eye(3) == 1, np.exp(d), gaps)  # Higham, Functions of Matrices, theorem 3.11
    wanted = np.linalg.norm(derivative) * np.linalg.norm(d) / np.linalg.norm(np.exp(d))
    assert found("matrix_exponential", arrays)[""].extra["condition.0"] == pytest.approx(wanted, rel=1e-12)


def test_numerical_ranks_follow_the_documented_tolerance() -> None:
    assert found("numerical_rank", arrays_of("low-rank", (8, 8)))[""].exact.hi[0] == 4
    assert found("numerical_rank", arrays_of("hilbert", (12, 12), "float32"))[""].exact.hi[0] < 12
    assert found("numerical_rank", arrays_of("mixed", (8, 8)))[""].exact.hi[0] == 8
    beside = np.diag([1.0, 2 * 2.0**-52])  # exactly at the tolerance
    arrays = Arrays(Problem("p", "", (Operand("x", "identity", (2, 2)),)), "float64", 0, {"x": beside})
    assert found("numerical_rank", arrays)[""].exact.undecided[0]


# -- residuals ------------------------------------------------------------------------------------------
def test_residuals_are_exact() -> None:
    a = np.array([[3.0, 1.0], [1.0, 2.0]])
    off = np.array([[3.0, 1.0], [1.0, 2.0 + 2.0**-50]])
    assert residuals.product(off, [a, np.eye(2)]) == (pytest.approx(2.0**-50 / 15**0.5, rel=1e-9), 2.0**-50)
    assert residuals.product(a, [a, np.eye(2)]) == (0.0, 0.0)
    assert residuals.orthogonality(np.eye(3)[:, :2]) == 0.0
    tilted = np.array([[1.0, 2.0**-60], [0.0, 1.0]])
    assert residuals.orthogonality(tilted) == pytest.approx(2.0**-60 * 2**0.5, rel=1e-9)
    x = np.array([[1.0], [2.0]])
    assert residuals.system(a, x, a @ x)[0] == 0.0
    assert residuals.inverse(np.diag([2.0, 4.0]), np.diag([0.5, 0.25])) == (0.0, 0.0, 0.0, 0.0)
    assert residuals.eigenpairs(np.diag([1.0, 2.0]), np.array([1.0, 3.0]), np.eye(2))[1] == 1.0
    assert residuals.eigenpairs(np.eye(2), np.ones(2), np.zeros((2, 2)))[0] == 1.0


# -- the judge ------------------------------------------------------------------------------------------
def rounded(values: Matrix, dtype: str) -> Output:
    return Output(np.asarray(DTYPES[dtype].decode(DTYPES[dtype].encode(np.asarray(values)))), DTYPES[dtype])


def clean(reference: str, arrays: Arrays) -> dict[str, Matrix]:
    """Results in float64 for a problem in float32; rounded to that, they are as good as can be."""
    x, y = arrays.values["x"], arrays.values.get("y")
    exact_shape = {
        name: r.exact.hi.reshape(r.shape) for name, r in found(reference, arrays).items() if len(r.positions)
    }
    if reference == "qr":
        return dict(zip(("q", "r"), np.linalg.qr(x), strict=True))
    if reference == "singular_values":
        return dict(zip(("u", "s", "vh"), np.linalg.svd(x, full_matrices=False), strict=True))
    if reference == "symmetric_eigenvalues":
        return dict(zip(("w", "v"), np.linalg.eigh(x), strict=True))
    if reference == "lu":
        return packed_lu(x)
    assert y is None or "solve" in reference or reference == "least_squares"
    return exact_shape


def packed_lu(x: Matrix) -> dict[str, Matrix]:
    """Gaussian elimination with partial pivoting, as TensorFlow returns it."""
    values, order = x.copy(), np.arange(len(x))
    for k in range(len(x)):
        pivot = k + int(np.argmax(np.abs(values[k:, k])))
        values[[k, pivot]], order[[k, pivot]] = values[[pivot, k]], order[[pivot, k]]
        values[k + 1 :, k] /= values[k, k]
        values[k + 1 :, k + 1 :] -= np.outer(values[k + 1 :, k], values[k, k + 1 :])
    return {"lu": values, "p": order}


def rows_of(reference: str, arrays: Arrays, results: dict[str, Matrix], dtype: str = "float32") -> dict[str, Any]:
    """The closing rows by metric."""
    outputs = {
        name: rounded(values, "int32" if name == "p" else "complex64" if np.iscomplexobj(values) else dtype)
        for name, values in results.items()
    }
    rows = judge_of(reference)(arrays, outputs, found(reference, arrays), "gen:p")
    assert [r["regime"] for r in rows] == ["normal", "all"] * (len(rows) // 2)
    assert all(r["worst_input"] == "gen:p" for r in rows if r.get("bound_ratio"))
    return {r["metric"]: r for r in rows if r["regime"] == "all"}


CASES = {
    "solve": ("mixed", (9, 9), 2, {"backward", "forward"}),
    "triangular_solve": ("lower-dominant", (9, 9), 1, {"backward", "forward"}),
    "inverse": ("mixed", (9, 9), 0, {"right-residual", "left-residual", "forward"}),
    "pseudoinverse": ("mixed", (9, 4), 0, {"residual", "forward"}),
    "cholesky": ("positive-definite", (9, 9), 0, {"backward", "forward"}),
    "lu": ("mixed", (9, 9), 0, {"backward"}),
    "qr": ("mixed", (9, 4), 0, {"backward", "orthogonality"}),
    "singular_values": ("mixed", (9, 4), 0, {"backward", "orthogonality", "values"}),
    "singular_values_alone": ("mixed", (9, 4), 0, {"values"}),
    "symmetric_eigenvalues": ("symmetric", (9, 9), 0, {"backward", "orthogonality", "values"}),
    "symmetric_eigenvalues_alone": ("symmetric", (9, 9), 0, {"values"}),
    "least_squares": ("mixed", (9, 4), 1, {"backward", "forward"}),
    "matrix_exponential": ("skew", (5, 5), 0, {"forward"}),
}


@pytest.mark.parametrize("reference", list(CASES))
def test_clean_results_stay_within_their_bounds_and_a_wrong_element_does_not(reference: str) -> None:
    data, shape, columns, metrics = CASES[reference]
    arrays = arrays_of(data, shape, "float32", columns)
    results = clean(reference, arrays)
    rows = rows_of(reference, arrays, results)
    assert set(rows) == metrics
    assert all(row["bound_ratio"] <= 2 and row["special_mismatches"] == 0 for row in rows.values()), rows
    for name in results:
        if name == "p":
            continue
        wrong = dict(results)
        wrong[name] = results[name].copy()
        at = np.unravel_index(int(np.argmax(np.abs(results[name]))), results[name].shape)
        wrong[name][at] *= 1 + 1e-3
        seen = rows_of(reference, arrays, wrong)
        assert max(row["bound_ratio"] for row in seen.values()) > 50, name
        # What does not depend on that result is as it was.
        if name in ("s", "w", "r"):
            assert seen.get("orthogonality") == rows.get("orthogonality")


def test_every_kind_of_wrong_factor_is_seen_by_its_own_metric() -> None:
    arrays = arrays_of("mixed", (9, 4), "float32")
    q, r = (clean("qr", arrays)[name] for name in ("q", "r"))
    scaled = rows_of("qr", arrays, {"q": q * 1.001, "r": r / 1.001})
    assert scaled["orthogonality"]["bound_ratio"] > 100
    assert scaled["backward"]["bound_ratio"] < 2
    assert scaled["orthogonality"]["worst_context"] == "Q"
    full = rows_of("qr", arrays, {"q": q, "r": r + np.tril(np.full_like(r, 1e-6), -1)})
    assert full["backward"]["worst_context"] == "R is not triangular"
    usv = clean("singular_values", arrays)
    swapped = dict(usv, s=usv["s"][[1, 0, 2, 3]])
    seen = rows_of("singular_values", arrays, swapped)
    assert min(seen["values"]["bound_ratio"], seen["backward"]["bound_ratio"]) > 100
    reordered = {"u": usv["u"][:, [1, 0, 2, 3]], "s": usv["s"][[1, 0, 2, 3]], "vh": usv["vh"][[1, 0, 2, 3]]}
    seen = rows_of("singular_values", arrays, reordered)
    assert seen["values"]["bound_ratio"] > 100
    assert seen["backward"]["bound_ratio"] < 2
    tensorflow = {"s": usv["s"], "u": usv["u"], "v": usv["vh"].T}
    assert rows_of("singular_values", arrays, tensorflow) == rows_of("singular_values", arrays, usv)


def test_lu_needs_a_permutation_and_takes_both_libraries_forms() -> None:
    arrays = arrays_of("mixed", (9, 9), "float32")
    results = packed_lu(arrays.values["x"])
    lower, upper = np.tril(results["lu"], -1) + np.eye(9), np.triu(results["lu"])
    scipy = {"p": np.argsort(results["p"]), "l": lower, "u": upper}
    assert rows_of("lu", arrays, scipy) == rows_of("lu", arrays, results)
    for p in (np.zeros(9, int), np.roll(results["p"], 1)):
        assert rows_of("lu", arrays, dict(results, p=p))["backward"]["bound_ratio"] > 1000
    stray = rows_of("lu", arrays, dict(scipy, l=lower + np.triu(np.full((9, 9), 1e-7), 1)))
    assert stray["backward"]["worst_context"] == "a factor is not triangular"


def test_eigenpairs_are_matched_and_their_residuals_seen() -> None:
    arrays = arrays_of("mixed", (8, 8), "float32")
    w, v = np.linalg.eig(arrays.values["x"])
    rows = rows_of("eigenvalues", arrays, {"w": w, "v": v})
    assert rows["residual"]["bound_ratio"] < 2
    assert rows["values"]["bound_ratio"] < 2
    turned_round = rows_of("eigenvalues", arrays, {"w": w[::-1], "v": v[:, ::-1]})
    assert turned_round == rows
    moved = w.copy()
    moved[0] *= 1.001
    seen = rows_of("eigenvalues", arrays, {"w": moved, "v": v})
    assert min(seen["residual"]["bound_ratio"], seen["values"]["bound_ratio"]) > 100
    exchanged = rows_of("eigenvalues", arrays, {"w": w, "v": v[:, ::-1]})
    assert exchanged["residual"]["bound_ratio"] > 1000
    assert exchanged["values"] == rows["values"]
    defective = arrays_of("defective", (6, 6))
    w, v = np.linalg.eig(defective.values["x"])
    outputs = {"w": Output(w, DTYPES["complex128"]), "v": Output(v, DTYPES["complex128"])}
    seen = {r["metric"]: r for r in judge_of("eigenvalues")(defective, outputs, found("eigenvalues", defective), "")}
    assert seen["values"]["bound_ratio"] is None
    assert 1e-7 < seen["values"]["max_abs"] < 1e-3
    assert seen["residual"]["bound_ratio"] < 2


def test_the_worst_matrix_of_a_batch_is_named() -> None:
    arrays = arrays_of("mixed", (5, 4, 4), "float32", 1)
    results = clean("solve", arrays)
    good = rows_of("solve", arrays, results)
    assert good["forward"]["samples"] == 5
    results[""][3] *= 1.001
    bad = rows_of("solve", arrays, results)
    assert bad["forward"]["worst_context"] == "matrix 4 of 5"
    assert bad["forward"]["bound_ratio"] > 10
    results[""][1, 0, 0] = np.nan
    lost = rows_of("solve", arrays, results)
    assert lost["forward"]["special_mismatches"] == 1
    assert lost["forward"]["bound_ratio"] == bad["forward"]["bound_ratio"]
    results[""][:] = np.inf
    nothing = rows_of("solve", arrays, results)["forward"]
    assert nothing["special_mismatches"] == 5
    assert "bound_ratio" not in nothing


def test_problems_without_a_result_give_no_rows_and_wrong_shapes_are_refused() -> None:
    singular = arrays_of("counting", (3, 3), "float32", 1)
    assert rows_of("solve", singular, {"": np.ones((3, 1))}) == {}
    arrays = arrays_of("mixed", (3, 3), "float32", 1)
    for wrong in (np.ones(3), np.ones((3, 2)), np.ones((2, 3, 1))):
        with pytest.raises(ValueError, match="shape"):
            rows_of("solve", arrays, {"": wrong})
    with pytest.raises(ValueError, match="shape"):
        rows_of("determinant", arrays, {"": np.ones(1)})


SPOILT = [
    (row, problem) for row in array_rows().values() if all_rows()[row.name].kind == "linalg"
    for problem in row.problems if problem.special
]  # fmt: skip


@pytest.mark.parametrize(("row", "problem"), SPOILT, ids=[f"{row.name}-{p.name}" for row, p in SPOILT])
def test_a_nan_in_a_matrix_must_be_seen_in_the_result(row: ArrayRow, problem: Problem) -> None:
    """By NaN; the whole number that a rank is has no rule."""
    assert problem.refusable
    assert problem.special
    arrays = made(problem, "float32", 0)
    whole = {"symmetric-nan": "positive-definite", "nan-middle": "mixed"}
    operands = tuple(replace(o, data=whole.get(o.data, o.data)) for o in problem.operands)
    clean = finders()[row.reference](made(replace(problem, operands=operands), "float32", 0), 4096)
    references = found(row.reference, arrays)
    for name, reference in references.items():
        assert reference.shape == clean[name].shape
        assert np.isnan(reference.exact.hi).all()
        assert NAN_INSIDE in reference.extra
    for value, agrees in ((np.nan, True), (1.0, row.name == "matrix_rank")):
        reply = ArrayReply(
            Outcome("ok"), [{n: rounded(np.full(r.shape, value), "float32") for n, r in references.items()}]
        )
        (said,) = finding_rows(all_rows()[row.name], arrays, "t", reply, references)
        assert bool(said["agrees"]) == agrees
        assert {r["regime"] for r in judge_of(row.reference)(arrays, reply.outputs, references, "")} <= {
            "special",
            "all",
        }
    refused = ArrayReply(Outcome("failed", "LinAlgError"), [])
    (said,) = finding_rows(all_rows()[row.name], arrays, "t", refused, references)
    assert said["agrees"] == 1


def test_one_number_among_nans_is_not_enough() -> None:
    arrays = arrays_of("symmetric-nan", (12, 12), "float32")
    references = found("symmetric_eigenvalues_alone", arrays)
    values = np.full(12, np.nan)
    values[5] = 1.0
    (said,) = finding_rows(
        all_rows()["eigvalsh"], arrays, "t", ArrayReply(Outcome("ok"), [{"": rounded(values, "float32")}]), references
    )
    assert said["agrees"] == 0
    assert said["input"].endswith("element (5)")


def test_numbers_are_scored_like_any_result() -> None:
    arrays = arrays_of("mixed", (6, 6), "float32")
    value = found("determinant", arrays)[""].exact.hi[0]
    assert rows_of("determinant", arrays, {"": np.float64(value)})["ulp"]["max_ulp"] <= 0.5
    off = rows_of("determinant", arrays, {"": np.float64(value * 1.001)})["ulp"]
    assert off["max_ulp"] > 1000
    assert off["bound_ratio"] > 10
    logs = found("slogdet", arrays)
    right = {"sign": np.float64(logs["sign"].exact.hi[0]), "logdet": np.float64(logs["logdet"].exact.hi[0])}
    rows = rows_of("slogdet", arrays, right)
    assert rows["sign"]["correctly_rounded"] == 1
    assert rows["ulp"]["max_ulp"] <= 0.5
    rows = rows_of("slogdet", arrays, dict(right, sign=-right["sign"]))
    assert rows["sign"]["correctly_rounded"] == 0
    assert rows["sign"]["max_abs"] == 2
    rows = rows_of("slogdet", arrays, dict(right, sign=np.float64(np.nan)))
    assert rows["sign"]["special_mismatches"] == 1


# -- the catalogue --------------------------------------------------------------------------------------
def test_every_function_names_its_results_for_every_library() -> None:
    rows = {name: row for name, row in array_rows().items() if name in ("lu", "qr", "svd", "eigh", "eig", "slogdet")}
    assert len(rows) == 6
    for row in rows.values():
        for library, _ in row.programs:
            assert row.names(library) != ("",), (row.name, library)


def test_what_may_be_refused_is_what_has_no_result_or_not_full_rank() -> None:
    for name, row in array_rows().items():
        for problem in row.problems:
            if problem.refusable and name in ("solve", "triangular_solve", "inv", "cholesky", "lu", "lstsq"):
                reference = finders()[row.reference](made(problem, "float32", 0), 4096)
                marks = {"singular", "not positive definite", "rank deficient", NAN_INSIDE}
                assert any(marks & set(r.extra) for r in reference.values()), (name, problem.name)


# -- which LAPACK it was --------------------------------------------------------------------------------
@pytest.fixture
def provenance(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    monkeypatch.syspath_prepend(str(Path(__file__).resolve().parent.parent / "reportgen" / "worker"))
    import provenance

    return provenance


def test_the_lapack_of_each_library_is_its_own(provenance: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    scipy = pytest.importorskip("scipy")
    pytest.importorskip("scipy.linalg")
    for owner, package in (("numpy", np), ("scipy", scipy)):
        found = provenance.lapack_of(owner, package)
        assert found["vendor"]
        if found["vendor"] == "OpenBLAS":
            assert re.fullmatch(r"3\.\d+\.\d+", found["lapack"])
            assert found["config"].startswith("OpenBLAS ")
            wanted = package.show_config(mode="dicts")["Build Dependencies"]["lapack"]
            if wanted["name"] == "scipy-openblas":
                assert wanted["version"] in found["config"]
    monkeypatch.setattr(provenance, "loaded_libraries", lambda fragment: [])
    assert provenance.lapack_of("numpy", np)["version"]


def test_the_version_of_eigen_is_read_from_either_header(provenance: ModuleType, tmp_path: Path) -> None:
    pytest.importorskip("tensorflow")
    import tensorflow_provenance as provenance

    assert provenance.eigen_version(str(tmp_path)) is None
    macros = tmp_path / "Eigen" / "src" / "Core" / "util" / "Macros.h"
    macros.parent.mkdir(parents=True)
    macros.write_text(
        "#define EIGEN_WORLD_VERSION 3\n#define EIGEN_MAJOR_VERSION 4\n#define EIGEN_MINOR_VERSION 90\n"
        "#define EIGEN_VERSION_AT_LEAST(x, y, z) 1\n"
    )
    assert provenance.eigen_version(str(tmp_path)) == "3.4.90"
    (tmp_path / "Eigen" / "Version").write_text(
        "#define EIGEN_WORLD_VERSION 3\n#define EIGEN_MAJOR_VERSION 5\n#define EIGEN_MINOR_VERSION 0\n"
        '#define EIGEN_PATCH_VERSION 1\n#define EIGEN_VERSION_STRING "5.0.1-dev+master"\n'
    )
    assert provenance.eigen_version(str(tmp_path)) == "5.0.1"
