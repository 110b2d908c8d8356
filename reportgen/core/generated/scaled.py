"""Data on which squares, exponentials and differences from a mean go wrong; of any shape."""

from __future__ import annotations

from math import prod
from typing import Any

import numpy as np

from reportgen.core.floats import F64

Shape = tuple[int, ...]

FAR = 0.6
"""Exponents of numbers whose squares leave the format, as a share of the largest or smallest exponent: the numbers
and a norm of a thousand of them stay well inside, squares (twice that) are well outside."""
FAR_BELOW = 0.75


def large_mean(rng: np.random.Generator, shape: Shape, fmt: Any) -> F64:
    """Mean 4·2^(p/2), standard deviation 1: Σx² and n·mean² agree in all p bits, and in four more."""
    mean = 4.0 * 2.0 ** (fmt.p // 2)
    return np.asarray(mean + rng.standard_normal(shape))


def tenths(rng: np.random.Generator, shape: Shape, fmt: Any) -> F64:
    """0.1 everywhere, a number that no binary format holds."""
    return np.full(shape, 0.1)


def far(share: float, above: bool) -> Any:
    """Numbers in ±[1, 2)·2^e, e a share of the largest (or of the smallest normal) exponent."""

    def make(rng: np.random.Generator, shape: Shape, fmt: Any) -> F64:
        exponent = round(share * (fmt.emax if above else fmt.emin))
        values = rng.uniform(1.0, 2.0, shape) * rng.choice((-1.0, 1.0), shape)
        return np.asarray(np.ldexp(values, exponent))

    return make


def logits(rng: np.random.Generator, shape: Shape, fmt: Any) -> F64:
    """Normal with standard deviation 5, as scores of a classifier are."""
    return 5.0 * rng.standard_normal(shape)


def logits_huge(rng: np.random.Generator, shape: Shape, fmt: Any) -> F64:
    """Uniform in ±1000, the first two ±1000: exp overflows and underflows in every format here."""
    values = rng.uniform(-1000.0, 1000.0, prod(shape))
    values[:2] = (1000.0, -1000.0)[: values.size]
    return values.reshape(shape)


def logits_below(rng: np.random.Generator, shape: Shape, fmt: Any) -> F64:
    """Normal around −1000: every exp underflows to zero."""
    return rng.standard_normal(shape) - 1000.0


def log_probabilities(rng: np.random.Generator, shape: Shape, fmt: Any) -> F64:
    """Logarithms of positive numbers that add up to 1 but for their rounding, so that log-sum-exp is nearly 0."""
    values = rng.standard_normal(shape)
    return np.asarray(values - np.log(np.exp(values).sum()))


MAKERS = {
    "large-mean": large_mean,
    "tenths": tenths,
    "squares-overflow": far(FAR, True),
    "squares-underflow": far(FAR_BELOW, False),
    "logits": logits,
    "logits-huge": logits_huge,
    "logits-below": logits_below,
    "log-probabilities": log_probabilities,
}
