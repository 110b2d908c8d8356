"""Data for sums, means, products, norms and scans; of any shape."""

from __future__ import annotations

from math import prod
from typing import Any

import numpy as np

from reportgen.core.floats import F64

Shape = tuple[int, ...]


def mixed(rng: np.random.Generator, shape: Shape, fmt: Any) -> F64:
    """Standard normal."""
    return rng.standard_normal(shape)


def positive(rng: np.random.Generator, shape: Shape, fmt: Any) -> F64:
    """The absolute value of a standard normal."""
    return np.abs(rng.standard_normal(shape))


def nan_at(place: str) -> Any:
    """Standard normal with one NaN at a place (in C order)."""

    def make(rng: np.random.Generator, shape: Shape, fmt: Any) -> F64:
        values = rng.standard_normal(prod(shape))
        size = values.size
        if place == "and-infinities":
            values[0], values[-1] = -np.inf, np.inf
        values[{"first": 0, "middle": size // 2, "last": size - 1, "and-infinities": size // 3}[place]] = np.nan
        return values.reshape(shape)

    return make


def zeros(first: float) -> Any:
    """Zeros of alternating sign."""

    def make(rng: np.random.Generator, shape: Shape, fmt: Any) -> F64:
        even = np.arange(prod(shape)) % 2 == 0
        return np.where(even, first * 0.0, -first * 0.0).reshape(shape)

    return make


def infinity_among(value: float) -> Any:
    """Standard normal with one infinity in the middle."""

    def make(rng: np.random.Generator, shape: Shape, fmt: Any) -> F64:
        values = rng.standard_normal(prod(shape))
        values[values.size // 2] = value
        return values.reshape(shape)

    return make


def constant(value: float) -> Any:
    """The same number everywhere."""

    def make(rng: np.random.Generator, shape: Shape, fmt: Any) -> F64:
        return np.full(shape, value)

    return make


MAKERS = {
    "mixed": mixed,
    "positive": positive,
    **{f"nan-{place}": nan_at(place) for place in ("first", "middle", "last", "and-infinities")},
    "zeros-minus-first": zeros(-1.0),
    "zeros-plus-first": zeros(1.0),
    "inf-among-finite": infinity_among(np.inf),
    "minus-inf-among-finite": infinity_among(-np.inf),
    "only-inf": constant(np.inf),
    "only-minus-inf": constant(-np.inf),
}
