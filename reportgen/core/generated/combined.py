"""Data that shows how numbers are combined: cancelling, stagnating, overflowing on the way; and indices of segments."""

from __future__ import annotations

from math import prod
from typing import Any

import numpy as np
from numpy.typing import NDArray

from reportgen.core.floats import F64

Shape = tuple[int, ...]

SEGMENTS = 7
"""How many segments the index arrays have."""


def ones(rng: np.random.Generator, shape: Shape, fmt: Any) -> F64:
    """Nothing but 1: a running sum of p bits ends at 2^p."""
    return np.ones(shape)


def around_hundred(rng: np.random.Generator, shape: Shape, fmt: Any) -> F64:
    """Uniform in [64, 128): a thousand of them add up to more than float16 holds, their mean is about 96."""
    return rng.uniform(64.0, 128.0, shape)


def cancelling(rng: np.random.Generator, shape: Shape, fmt: Any) -> F64:
    """Numbers of many sizes (over p powers of two), then their negatives in another order, then a few small ones.

    The exact sum is that of the last hundredth (one element at least), the condition Σ|xᵢ| / |Σxᵢ| about 2^p.
    """
    size = prod(shape)
    half = (size - max(1, size // 100)) // 2
    large = rng.standard_normal(half) * 2.0 ** rng.uniform(0.0, fmt.p, half)
    rest = rng.standard_normal(size - 2 * half)
    return np.concatenate([large, -rng.permutation(large), rest]).reshape(shape)


def near_largest(rng: np.random.Generator, shape: Shape, fmt: Any) -> F64:
    """Uniform between half of the largest finite number and that number: any two add up to more."""
    return rng.uniform(0.5, 1.0, shape) * float(fmt.max_finite)


def huge_cancelling(rng: np.random.Generator, shape: Shape, fmt: Any) -> F64:
    """Positive numbers near the largest, their negatives in another order, and last a quarter of the largest."""
    size = prod(shape)
    half = (size - 1) // 2
    large = rng.uniform(0.5, 1.0, half) * fmt.max_finite
    rest = np.full(size - 2 * half, fmt.max_finite / 4)
    return np.concatenate([large, -rng.permutation(large), rest]).reshape(shape)


def tiny_steps(rng: np.random.Generator, shape: Shape, fmt: Any) -> F64:
    """Positive subnormal numbers of few bits, so that sums of thousands of them are exact in any order."""
    bits = min(fmt.p - 4, 10)
    return (1.0 + np.floor(rng.uniform(0.0, 2.0**bits, shape))) * float(fmt.min_subnormal)


def near_one(rng: np.random.Generator, shape: Shape, fmt: Any) -> F64:
    """Factors e^(z/√n), z standard normal, n the length of the first axis: the product of all of them is moderate."""
    factors: F64 = np.exp(rng.standard_normal(shape) / np.sqrt(max(1, shape[0] if shape else 1)))
    return factors


def product_turning(sign: int) -> Any:
    """Factors above 1 first and their like below 1 afterwards (or the reverse).

    The product is moderate and that of the first half about 2^(3·emax), far outside of the format's range.
    """

    def make(rng: np.random.Generator, shape: Shape, fmt: Any) -> F64:
        size = prod(shape)
        half = size // 2
        steps = rng.uniform(0.5, 1.5, half) * (3.0 * fmt.emax / max(1, half))
        exponents = np.concatenate([sign * steps, -sign * rng.permutation(steps), np.zeros(size - 2 * half)])
        return (2.0**exponents).reshape(shape)

    return make


def few_values(rng: np.random.Generator, shape: Shape, fmt: Any) -> F64:
    """Whole numbers from −3 to 3: the largest and the smallest occur many times."""
    return rng.integers(-3, 4, shape).astype(np.float64)


def negative_tiny(rng: np.random.Generator, shape: Shape, fmt: Any) -> F64:
    """Negative subnormal numbers."""
    return -tiny_steps(rng, shape, fmt)


def some_tiny(rng: np.random.Generator, shape: Shape, fmt: Any) -> F64:
    """Zeros, subnormal numbers and ones by turns."""
    tiny = tiny_steps(rng, shape, fmt).reshape(-1)
    kind = np.arange(prod(shape)) % 3
    return np.select([kind == 0, kind == 1], [np.zeros(prod(shape)), tiny], 1.0).reshape(shape)


def unit_interval(rng: np.random.Generator, shape: Shape, fmt: Any) -> F64:
    """Uniform in [−1, 1): where polynomials with coefficients of one size are evaluated."""
    return rng.uniform(-1.0, 1.0, shape)


def beside_one(rng: np.random.Generator, shape: Shape, fmt: Any) -> F64:
    """Uniform in [0.9, 1.1): beside the root of :func:`binomial`."""
    return rng.uniform(0.9, 1.1, shape)


def binomial(rng: np.random.Generator, shape: Shape, fmt: Any) -> F64:
    """Coefficients of (x − 1)^d, the highest power first, d one less than the number of elements."""
    values = [1.0]
    for k in range(prod(shape) - 1):
        values.append(values[-1] * -(prod(shape) - 1 - k) / (k + 1))
    return np.array(values).reshape(shape)


def segments(rng: np.random.Generator, shape: Shape, fmt: Any) -> NDArray[np.int64]:
    """0 … 6 in ascending order, each as often."""
    size = prod(shape)
    return (np.arange(size) * SEGMENTS // max(1, size)).reshape(shape)


def segments_mixed(rng: np.random.Generator, shape: Shape, fmt: Any) -> NDArray[np.int64]:
    """0 … 6 by turns."""
    return (np.arange(prod(shape)) % SEGMENTS).reshape(shape)


MAKERS = {
    "ones": ones,
    "around-hundred": around_hundred,
    "cancelling": cancelling,
    "near-largest": near_largest,
    "huge-cancelling": huge_cancelling,
    "tiny-steps": tiny_steps,
    "negative-tiny": negative_tiny,
    "some-tiny": some_tiny,
    "near-one": near_one,
    "product-up-down": product_turning(1),
    "product-down-up": product_turning(-1),
    "few-values": few_values,
    "unit-interval": unit_interval,
    "beside-one": beside_one,
    "binomial": binomial,
    "segments": segments,
    "segments-mixed": segments_mixed,
}
