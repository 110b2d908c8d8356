"""Data for calls that are repeated, each with the NumPy expression that makes it, for programs that readers run."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from reportgen.core.floats import F64

Shape = tuple[int, ...]

GROUPS = 10
"""How many groups the index arrays name: few, so that many terms meet in each."""


def groups(rng: np.random.Generator, shape: Shape, fmt: Any) -> NDArray[np.int64]:
    """Whole numbers from 0 to 9."""
    return rng.integers(0, GROUPS, shape)


def sparse(rng: np.random.Generator, shape: Shape, fmt: Any) -> F64:
    """Standard normal where a second number, uniform in [0, 1), is below 0.1, and zero elsewhere."""
    return np.where(rng.random(shape) < 0.1, rng.standard_normal(shape), 0.0)


def complex_mixed(rng: np.random.Generator, shape: Shape, fmt: Any) -> NDArray[np.complex128]:
    """Real and imaginary part standard normal."""
    return rng.standard_normal(shape) + 1j * rng.standard_normal(shape)


def boxes(rng: np.random.Generator, shape: Shape, fmt: Any) -> F64:
    """Rows (y1, x1, y2, x2) of boxes in the unit square, y1 <= y2 and x1 <= x2."""
    return np.sort(rng.random((shape[0], 2, 2)), axis=1).reshape(shape)


MAKERS = {
    "groups": groups,
    "sparse-tenth": sparse,
    "boxes": boxes,
    "complex-mixed": complex_mixed,
}

EXPRESSIONS = {
    "mixed": "rng.standard_normal({shape})",
    "positive": "np.abs(rng.standard_normal({shape}))",
    "groups": "rng.integers(0, 10, {shape})",
    "segments": "np.arange({shape}) * 7 // {shape}",
    "segments-mixed": "np.arange({shape}) % 7",
    "sparse-tenth": "np.where(rng.random({shape}) < 0.1, rng.standard_normal({shape}), 0.0)",
    "complex-mixed": "rng.standard_normal({shape}) + 1j * rng.standard_normal({shape})",
    "boxes": "np.sort(rng.random(({shape}[0], 2, 2)), axis=1).reshape({shape})",
}
"""By the generator's name: the same numbers in NumPy, given ``rng``; not yet rounded to the operand's dtype."""
