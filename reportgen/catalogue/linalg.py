"""Linear algebra: systems, factorisations, eigenvalues, norms.

TensorFlow's ``lstsq`` solves normal equations unless ``fast=False``; both ways are problems of one row.
"""

from __future__ import annotations

from reportgen.catalogue import linalgproblems as tried
from reportgen.catalogue.arrayrows import ArrayRow
from reportgen.catalogue.rows import FunctionRow, Special
from reportgen.catalogue.sources import PROPAGATION, numpy_docs, scipy_docs, tensorflow_docs
from reportgen.core.problems import Problem

DTYPES = ("float32", "float64")
SQUARE = "square matrices"
ANY = "matrices"
SYMMETRIC = "real symmetric matrices"

BACKWARD = "n for backward errors, the condition number for forward ones"
BALLS = "ball arithmetic (Arb); residuals of the results likewise"
PRODUCTS = "the factors are multiplied out in ball arithmetic (Arb)"
SPECTRUM = "Arb's enclosures of eigenvalues (singular values: of AᵀA); residuals in ball arithmetic"


def _singular(function: str) -> tuple[Special, ...]:
    return (
        Special(
            ("singular",), "refused or nan or ±inf",
            "An exactly singular matrix has no such result: an error, NaN or infinity says so, a number does not.",
            numpy_docs(f"numpy.linalg.{function}"),
        ),
    )  # fmt: skip


INDEFINITE = (
    Special(
        ("not positive definite",), "refused or nan",
        "A matrix that is not positive definite has no Cholesky factor: an error, or NaN in the last diagonal element.",
        numpy_docs("numpy.linalg.cholesky"),
    ),
)  # fmt: skip
ZERO_DETERMINANT = (
    Special(
        ("singular",), "sign = either zero, logdet = -inf",
        "The determinant of an exactly singular matrix is 0: sign 0, logarithm −∞.", numpy_docs("numpy.linalg.slogdet"),
    ),
)  # fmt: skip
SINGULAR_FACTORS = (
    Special(
        ("singular",), "unspecified",
        "A singular matrix has factors P, L and U as well; TensorFlow asks for an invertible one.",
        scipy_docs("scipy.linalg.lu"),
    ),
)  # fmt: skip
LEAST_NORM = (
    Special(
        ("rank deficient and with fast=True",), "value or nan or refused",
        "TensorFlow's fast=True solves normal equations, which have no single solution: that of least norm, or NaN.",
        tensorflow_docs("tf.linalg.lstsq"),
    ),
    Special(
        ("rank deficient",), "value",
        "Of several least-squares solutions, that of least norm is promised (by TensorFlow with fast=False).",
        numpy_docs("numpy.linalg.lstsq"),
    ),
)  # fmt: skip


NAN_INSIDE = "A NaN reaches all that depends on it: an error or NaN says so, a number does not."
SPOILT = (Special(("some nan",), "nan or refused", NAN_INSIDE, PROPAGATION),)
SPOILT_LOGARITHM = (Special(("some nan",), "logdet = nan or refused", NAN_INSIDE, PROPAGATION),)
SPOILT_RANK = (
    Special(
        ("some nan",), "unspecified", "Nothing says what the rank of a matrix with a NaN is.",
        numpy_docs("numpy.linalg.matrix_rank"),
    ),
)  # fmt: skip


def _row(
    name: str, sentence: str, paths: tuple[str | None, str | None, str | None], domain: str = SQUARE,
    specials: tuple[Special, ...] = (), arity: int = 1, aliases: tuple[str, ...] = (), composite: bool = False,
) -> FunctionRow:  # fmt: skip
    """``paths``: the functions of NumPy, SciPy and TensorFlow."""
    numpy, scipy, tensorflow = paths
    return FunctionRow(
        name=name, family="linalg", kind="linalg", arity=arity, sentence=sentence, domain=domain, numpy=numpy,
        scipy=scipy, tensorflow=tensorflow, mpmath="", arb="", dtypes=DTYPES, specials=specials, aliases=aliases,
        composite=composite,
    )  # fmt: skip


def _paths(word: str, scipy: str | None = "", tensorflow: str | None = "") -> tuple[str | None, str | None, str | None]:
    """The functions of one name in every library; None where a library has none, another name where it has one."""
    other = [None if w is None else f"{library}.linalg.{w or word}"
             for library, w in (("scipy", scipy), ("tensorflow", tensorflow))]  # fmt: skip
    return f"numpy.linalg.{word}", other[0], other[1]


# fmt: off
ROWS = (
    _row("solve", "The solution of a square linear system.", _paths("solve"), SQUARE, _singular("solve") + SPOILT, 2),
    _row("triangular_solve", "The solution of a linear system with a lower triangular matrix.",
         (None, "scipy.linalg.solve_triangular", "tensorflow.linalg.triangular_solve"), "lower triangular matrices",
         _singular("solve"), 2, ("solve_triangular",)),
    _row("inv", "The inverse of a matrix.", _paths("inv"), SQUARE, _singular("inv") + SPOILT),
    _row("pinv", "The Moore-Penrose pseudoinverse of a matrix.", _paths("pinv"), ANY, SPOILT),
    _row("det", "The determinant of a matrix.", _paths("det"), SQUARE, SPOILT),
    _row("slogdet", "Sign and logarithm of the modulus of a determinant.", _paths("slogdet", None), SQUARE,
         ZERO_DETERMINANT + SPOILT_LOGARITHM),
    _row("cholesky", "The Cholesky factor of a positive definite matrix.", _paths("cholesky"),
         "symmetric positive definite matrices", INDEFINITE + SPOILT),
    _row("lu", "The factors of Gaussian elimination with partial pivoting.",
         (None, "scipy.linalg.lu", "tensorflow.linalg.lu"), SQUARE, SINGULAR_FACTORS),
    _row("qr", "The factors Q (orthonormal columns) and R (upper triangular).", _paths("qr"),
         "matrices with no fewer rows than columns", SPOILT),
    _row("svd", "The singular value decomposition.", _paths("svd"), ANY, SPOILT),
    _row("svdvals", "The singular values of a matrix.", _paths("svdvals", tensorflow="svd"), ANY, SPOILT),
    _row("eigh", "Eigenvalues and eigenvectors of a symmetric matrix.", _paths("eigh"), SYMMETRIC, SPOILT),
    _row("eigvalsh", "The eigenvalues of a symmetric matrix.", _paths("eigvalsh"), SYMMETRIC, SPOILT),
    _row("eig", "Eigenvalues and eigenvectors of a matrix.", _paths("eig"), SQUARE, SPOILT),
    _row("lstsq", "The least-squares solution of a linear system.", _paths("lstsq"), ANY, LEAST_NORM + SPOILT, 2),
    _row("expm", "The exponential of a matrix.", (None, "scipy.linalg.expm", "tensorflow.linalg.expm"), SQUARE,
         SPOILT),
    _row("matrix_norm", "A norm of a matrix: Frobenius, largest column sum, largest singular value.",
         ("numpy.linalg.norm", "scipy.linalg.norm", "tensorflow.norm"), ANY, SPOILT),
    _row("nuclear_norm", "The sum of the singular values of a matrix.",
         ("numpy.linalg.norm", "scipy.linalg.norm", "tensorflow.linalg.svd"), ANY, composite=True),
    _row("matrix_rank", "How many singular values exceed σ₁·max(m, n)·ε, the documented default.",
         _paths("matrix_rank", None), ANY, SPOILT_RANK),
)
# fmt: on

PROGRAMS = {
    "solve": ("numpy.linalg.solve(x, y)", "scipy.linalg.solve(x, y)", "tensorflow.linalg.solve(x, y)"),
    "triangular_solve": (
        None, "scipy.linalg.solve_triangular(x, y, lower=True)", "tensorflow.linalg.triangular_solve(x, y, lower=True)",
    ),
    "inv": ("numpy.linalg.inv(x)", "scipy.linalg.inv(x)", "tensorflow.linalg.inv(x)"),
    "pinv": ("numpy.linalg.pinv(x)", "scipy.linalg.pinv(x)", "tensorflow.linalg.pinv(x)"),
    "det": ("numpy.linalg.det(x)", "scipy.linalg.det(x)", "tensorflow.linalg.det(x)"),
    "slogdet": ("numpy.linalg.slogdet(x)", None, "tensorflow.linalg.slogdet(x)"),
    "cholesky": ("numpy.linalg.cholesky(x)", "scipy.linalg.cholesky(x, lower=True)", "tensorflow.linalg.cholesky(x)"),
    "lu": (None, "scipy.linalg.lu(x, p_indices=True)", "tensorflow.linalg.lu(x)"),
    "qr": ("numpy.linalg.qr(x)", "scipy.linalg.qr(x, mode='economic')", "tensorflow.linalg.qr(x)"),
    "svd": (
        "numpy.linalg.svd(x, full_matrices=False)", "scipy.linalg.svd(x, full_matrices=False)",
        "tensorflow.linalg.svd(x)",
    ),
    "svdvals": (
        "numpy.linalg.svdvals(x)", "scipy.linalg.svdvals(x)", "tensorflow.linalg.svd(x, compute_uv=False)",
    ),
    "eigh": ("numpy.linalg.eigh(x)", "scipy.linalg.eigh(x)", "tensorflow.linalg.eigh(x)"),
    "eigvalsh": ("numpy.linalg.eigvalsh(x)", "scipy.linalg.eigvalsh(x)", "tensorflow.linalg.eigvalsh(x)"),
    "eig": ("numpy.linalg.eig(x)", "scipy.linalg.eig(x)", "tensorflow.linalg.eig(x)"),
    "lstsq": (
        "numpy.linalg.lstsq(x, y)[0]", "scipy.linalg.lstsq(x, y)[0]", "tensorflow.linalg.lstsq(x, y, fast=fast)",
    ),
    "expm": (None, "scipy.linalg.expm(x)", "tensorflow.linalg.expm(x)"),
    "matrix_norm": (
        "numpy.linalg.norm(x, ord=ord)", "scipy.linalg.norm(x, ord=ord)",
        "tensorflow.norm(x, ord=ord, axis=[-2, -1])",
    ),
    "nuclear_norm": (
        "numpy.linalg.norm(x, ord=ord)", "scipy.linalg.norm(x, ord=ord)",
        "tensorflow.math.reduce_sum(tensorflow.linalg.svd(x, compute_uv=False))",
    ),
    "matrix_rank": ("numpy.linalg.matrix_rank(x)", None, "tensorflow.linalg.matrix_rank(x)"),
}  # fmt: skip
"""What NumPy, SciPy and TensorFlow run."""

NAMES = {
    "slogdet": (("sign", "logdet"), ("sign", "logdet"), ("sign", "logdet")),
    "lu": (("",), ("p", "l", "u"), ("lu", "p")),
    "qr": (("q", "r"), ("q", "r"), ("q", "r")),
    "svd": (("u", "s", "vh"), ("u", "s", "vh"), ("s", "u", "v")),
    "eigh": (("w", "v"), ("w", "v"), ("w", "v")),
    "eig": (("w", "v"), ("w", "v"), ("w", "v")),
}
"""Names of their results, where there are several."""

LIBRARIES = ("numpy", "scipy", "tensorflow")


def _array(name: str, reference: str, exact: str, condition: str, problems: tuple[Problem, ...]) -> ArrayRow:
    programs = tuple((lib, text) for lib, text in zip(LIBRARIES, PROGRAMS[name], strict=True) if text is not None)
    names = NAMES.get(name)
    returns = tuple(zip(LIBRARIES, names, strict=True)) if names else ()
    return ArrayRow(name, programs, reference, exact, condition, problems, returns, pointwise=4096)


ARRAYS = {
    row.name: row
    for row in (
        _array("solve", "solve", BALLS, BACKWARD, tried.SYSTEMS),
        _array("triangular_solve", "triangular_solve", BALLS, BACKWARD, tried.TRIANGLES),
        _array("inv", "inverse", BALLS, BACKWARD, tried.INVERSES),
        _array("pinv", "pseudoinverse", BALLS, BACKWARD, tried.PSEUDOINVERSES),
        _array("det", "determinant", "determinants of integers", "Σ|aᵢⱼ·cofactorᵢⱼ|", tried.DETERMINANTS),
        _array("slogdet", "slogdet", "determinants of integers, logarithms by Arb", "|y| + Σ|aᵢⱼ·(A⁻¹)ⱼᵢ|",
               tried.DETERMINANTS),
        _array("cholesky", "cholesky", BALLS, BACKWARD, tried.DEFINITE),
        _array("lu", "lu", PRODUCTS, "n", tried.ELIMINATIONS),
        _array("qr", "qr", PRODUCTS, "n", tried.ORTHOGONALISATIONS),
        _array("svd", "singular_values", SPECTRUM, "n; for values the largest singular value", tried.SINGULAR),
        _array("svdvals", "singular_values_alone", SPECTRUM, "the largest singular value", tried.SINGULAR_ALONE),
        _array("eigh", "symmetric_eigenvalues", SPECTRUM, "n; for values the largest modulus", tried.SYMMETRIC),
        _array("eigvalsh", "symmetric_eigenvalues_alone", SPECTRUM, "the largest modulus", tried.SYMMETRIC_ALONE),
        _array("eig", "eigenvalues", SPECTRUM, "n; for values ‖A‖ over the cosine of the eigenvectors' angle",
               tried.GENERAL),
        _array("lstsq", "least_squares", BALLS, BACKWARD, tried.OVERDETERMINED),
        _array("expm", "matrix_exponential", "Arb's exponential of a matrix of balls", "the condition number",
               tried.EXPONENTS),
        _array("matrix_norm", "matrix_norm", SPECTRUM, "|y|", tried.NORMS),
        _array("nuclear_norm", "matrix_norm", SPECTRUM, "|y|", tried.NUCLEAR),
        _array("matrix_rank", "numerical_rank", SPECTRUM, "", tried.RANKS),
    )
}  # fmt: skip
