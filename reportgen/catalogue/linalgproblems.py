"""Matrices on which linear algebra is tried: orders 12 and 60, a batch, and those that theory singles out.

Orders are shared among problems on purpose: a compiled program serves all matrices of one shape.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from reportgen.core.problems import Operand, Problem

Shape = tuple[int, ...]

WORDS = {
    "one-half": "one number",
    "mixed": "random matrix",
    "moderate-condition": "condition 1/√u",
    "nearly-singular": "nearly singular, condition 1/(8u)",
    "hilbert": "Hilbert matrix",
    "vandermonde": "Vandermonde matrix",
    "graded": "graded matrix",
    "scaled-rows": "rows scaled by powers of ten",
    "scaled-columns": "columns scaled by powers of ten",
    "growth": "matrix of the largest growth in Gaussian elimination",
    "powers-of-two": "exactly singular matrix",
    "counting": "exactly singular matrix 1, 2, 3, …",
    "lower-dominant": "well conditioned triangle",
    "lower": "random triangle",
    "lower-zero-diagonal": "triangle with zeros on the diagonal",
    "positive-definite": "well conditioned, positive definite",
    "definite-moderate-condition": "positive definite, condition 1/√u",
    "indefinite": "indefinite matrix",
    "low-rank": "integer matrix of half rank",
    "symmetric": "random symmetric matrix",
    "repeated-eigenvalues": "all eigenvalues but one equal",
    "wilkinson": "Wilkinson's matrix of close pairs of eigenvalues",
    "frank": "Frank matrix, ill-conditioned eigenvalues",
    "defective": "defective matrix, two Jordan blocks",
    "skew": "skew-symmetric matrix",
    "overscaling": "large above the diagonal, small eigenvalues",
    "squares-overflow": "elements whose squares overflow",
    "symmetric-huge": "symmetric matrix of elements whose squares overflow",
    "symmetric-nan": "symmetric matrix with one NaN",
    "nan-middle": "random matrix with one NaN",
}

ONE: Shape = (1, 1)
SMALL: Shape = (12, 12)
LARGE: Shape = (60, 60)
TALL: Shape = (20, 6)
WIDE: Shape = (6, 20)
BATCH: Shape = (6, 4, 4)


def problem(
    data: str, shape: Shape, columns: int = 0, parameters: tuple[tuple[str, Any], ...] = (), **more: Any
) -> Problem:
    """A matrix ``x``, and right-hand sides ``y`` where there are columns; ``more`` are fields of the problem."""
    operands = [Operand("x", data, shape)]
    if columns:
        operands.append(Operand("y", "mixed.2", (*shape[:-1], columns)))
    words = f"{WORDS[data]}, {' × '.join(map(str, shape[-2:]))}"
    words += f", {shape[0]} at once" if len(shape) > 2 else ""
    words += f", {columns} right-hand sides" if columns > 1 else ""
    said = "".join(f"-{name}-{value}" for name, value in parameters)
    words += "".join(f", {name}={value}" for name, value in parameters)
    name = f"{data}-{'x'.join(map(str, shape))}" + (f"-{columns}" if columns > 1 else "") + said
    series = data if len(shape) == 2 and not parameters and columns < 2 else ""
    return Problem(name, words, tuple(operands), parameters, series, shape[-1], **more)


def refused(data: str, shape: Shape, columns: int = 0) -> Problem:
    """A problem without a result, which libraries may refuse."""
    return problem(data, shape, columns, refusable=True)


def huge() -> Problem:
    """A symmetric matrix of which a routine that does not scale makes infinities."""
    return problem("symmetric-huge", SMALL)


def spoilt(
    columns: int = 0, data: str = "symmetric-nan", shape: Shape = SMALL, parameters: tuple[tuple[str, Any], ...] = ()
) -> Problem:
    """A matrix with one NaN, which libraries may refuse; no point of a series."""
    found = problem(data, shape, columns, parameters, special=True, refusable=True)
    return replace(found, series="")


def square(columns: int) -> tuple[Problem, ...]:
    """Systems, or matrices to invert."""
    several = (problem("mixed", SMALL, 3),) if columns else ()
    return (
        problem("one-half", ONE, columns), problem("mixed", SMALL, columns), problem("mixed", LARGE, columns),
        *several, problem("mixed", BATCH, columns),
        *(problem(data, SMALL, columns) for data in (
            "moderate-condition", "nearly-singular", "hilbert", "vandermonde", "graded", "scaled-rows",
            "scaled-columns",
        )),
        problem("growth", LARGE, columns), refused("powers-of-two", (2, 2), columns),
        refused("counting", (3, 3), columns), spoilt(columns),
    )  # fmt: skip


SYSTEMS = square(1)
INVERSES = square(0)
TRIANGLES = (
    problem("one-half", ONE, 1), problem("lower-dominant", SMALL, 1), problem("lower-dominant", LARGE, 1),
    problem("lower-dominant", BATCH, 1), problem("lower", SMALL, 1), problem("lower", LARGE, 1),
    refused("lower-zero-diagonal", (3, 3), 1),
)  # fmt: skip
PSEUDOINVERSES = (
    problem("mixed", SMALL), problem("moderate-condition", SMALL), problem("mixed", TALL), problem("mixed", WIDE),
    problem("moderate-condition", TALL), problem("low-rank", TALL), spoilt(),
)  # fmt: skip
DETERMINANTS = (
    problem("one-half", ONE), problem("mixed", SMALL), problem("mixed", LARGE), problem("mixed", BATCH),
    *(problem(data, SMALL) for data in ("nearly-singular", "hilbert", "graded", "scaled-rows")),
    problem("growth", LARGE), problem("counting", (3, 3)), problem("powers-of-two", (2, 2)), spoilt(),
)  # fmt: skip
DEFINITE = (
    problem("one-half", ONE), problem("positive-definite", SMALL), problem("positive-definite", LARGE),
    problem("positive-definite", BATCH), problem("definite-moderate-condition", SMALL), problem("hilbert", (5, 5)),
    refused("indefinite", (3, 3)), refused("powers-of-two", (2, 2)), spoilt(),
)  # fmt: skip
ELIMINATIONS = (
    problem("one-half", ONE), problem("mixed", SMALL), problem("mixed", LARGE), problem("mixed", BATCH),
    *(problem(data, SMALL) for data in ("hilbert", "graded", "scaled-rows")),
    problem("growth", LARGE), refused("powers-of-two", (2, 2)),
)  # fmt: skip
ORTHOGONALISATIONS = (
    problem("one-half", ONE), problem("mixed", SMALL), problem("mixed", LARGE), problem("mixed", BATCH),
    *(problem(data, SMALL) for data in ("hilbert", "graded", "scaled-rows", "scaled-columns")),
    problem("mixed", TALL), problem("low-rank", TALL), problem("vandermonde", TALL),
    problem("squares-overflow", SMALL), spoilt(),
)  # fmt: skip
SINGULAR = (
    problem("one-half", ONE), problem("mixed", SMALL), problem("mixed", LARGE), problem("mixed", BATCH),
    *(problem(data, SMALL) for data in ("hilbert", "graded", "scaled-rows")),
    problem("mixed", TALL), problem("low-rank", TALL), spoilt(),
)  # fmt: skip
SINGULAR_ALONE = (
    *(problem(data, SMALL) for data in ("mixed", "hilbert", "graded", "scaled-rows", "nearly-singular")),
    problem("squares-overflow", SMALL), spoilt(),
)  # fmt: skip
SYMMETRIC = (
    problem("one-half", ONE), problem("symmetric", SMALL), problem("symmetric", LARGE), problem("symmetric", BATCH),
    *(problem(data, SMALL) for data in ("repeated-eigenvalues", "definite-moderate-condition", "hilbert")),
    problem("wilkinson", (21, 21)), huge(), spoilt(),
)  # fmt: skip
SYMMETRIC_ALONE = (
    problem("symmetric", SMALL), problem("symmetric", LARGE), problem("repeated-eigenvalues", SMALL),
    problem("definite-moderate-condition", SMALL), problem("wilkinson", (21, 21)), huge(), spoilt(),
)  # fmt: skip
GENERAL = (
    problem("one-half", ONE), problem("mixed", SMALL), problem("mixed", (30, 30)), problem("mixed", BATCH),
    *(problem(data, SMALL) for data in ("graded", "scaled-rows", "frank", "skew")),
    problem("defective", (6, 6)), spoilt(),
)  # fmt: skip
FAST = (("fast", True),)
THOROUGH = (("fast", False),)
OVERDETERMINED = (
    *(problem(data, TALL, 1, FAST) for data in ("mixed", "moderate-condition", "vandermonde", "scaled-columns")),
    problem("low-rank", TALL, 1, FAST, refusable=True),
    *(problem(data, TALL, 1, THOROUGH) for data in ("mixed", "moderate-condition", "vandermonde", "scaled-columns")),
    problem("low-rank", TALL, 1, THOROUGH, refusable=True),
    spoilt(1, "nan-middle", TALL, FAST), spoilt(1, "nan-middle", TALL, THOROUGH),
)  # fmt: skip
EXPONENTS = (
    problem("one-half", ONE),
    *(problem(data, (6, 6)) for data in ("mixed", "symmetric", "skew", "defective", "lower-zero-diagonal", "frank")),
    problem("mixed", SMALL), problem("overscaling", (2, 2)), spoilt(),
)  # fmt: skip
NORMS = tuple(
    problem(data, shape, 0, (("ord", kind),))
    for kind in ("fro", 1, 2)
    for data, shape in (("mixed", SMALL), ("mixed", LARGE), ("graded", SMALL), ("squares-overflow", SMALL))
) + tuple(spoilt(0, "nan-middle", SMALL, (("ord", kind),)) for kind in ("fro", 1, 2))
NUCLEAR = tuple(problem(data, SMALL, 0, (("ord", "nuc"),)) for data in ("mixed", "graded", "hilbert"))
RANKS = (
    *(problem(data, SMALL)
      for data in ("mixed", "moderate-condition", "nearly-singular", "hilbert", "low-rank", "counting")),
    spoilt(),
)  # fmt: skip
