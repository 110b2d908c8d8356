"""Operands of products and convolutions, and index arrays.

Two operands of one product are drawn from the same random numbers where they must fit each other: makers whose names
end in ``-left`` and ``-right`` make the pair and hand out one of the two.
"""

from __future__ import annotations

from fractions import Fraction
from math import prod
from typing import Any

import numpy as np

from reportgen.core.floats import F64

Shape = tuple[int, ...]


def complex_mixed(rng: np.random.Generator, shape: Shape, fmt: Any) -> Any:
    """Standard normal real and imaginary parts."""
    return rng.standard_normal(shape) + 1j * rng.standard_normal(shape)


def zero_at_middle(rng: np.random.Generator, shape: Shape, fmt: Any) -> F64:
    """Standard normal with one zero in the middle, where ``nan-middle`` and ``inf-among-finite`` have theirs."""
    values = rng.standard_normal(prod(shape))
    values[values.size // 2] = 0.0
    return values.reshape(shape)


def all_zero(rng: np.random.Generator, shape: Shape, fmt: Any) -> F64:
    """Nothing but +0."""
    return np.zeros(shape)


def small_factor(rng: np.random.Generator, shape: Shape, fmt: Any) -> F64:
    """Positive numbers near 2^(emin/2 - 2): each product of two is subnormal, a sum of 32 of them is not."""
    return np.asarray(np.ldexp(1.0 + rng.random(shape), fmt.emin // 2 - 2))


def subnormal(rng: np.random.Generator, shape: Shape, fmt: Any) -> F64:
    """Positive subnormal numbers, uniform between the smallest and the largest."""
    return np.asarray(np.maximum(rng.random(shape), 2.0 ** (1 - fmt.p)) * fmt.min_normal)


def large_factor(rng: np.random.Generator, shape: Shape, fmt: Any) -> F64:
    """Positive numbers near 2^(emax/2): a product with a subnormal number is a normal one."""
    return np.asarray(np.ldexp(1.0 + rng.random(shape), fmt.emax // 2))


def running(side: str) -> Any:
    """Two operands whose products are near a quarter of the largest number: positive ones in the first half, the same
    ones negated and in another order in the second, all but one. The sum overflows on the way, also in every lane of a
    vectorised sum, and is the product that has no opposite."""

    def make(rng: np.random.Generator, shape: Shape, fmt: Any) -> F64:
        if side == "right":
            return np.full(shape, 2.0 ** (fmt.emax // 2))
        half = prod(shape) // 2
        magnitude = np.ldexp(1.0 + rng.random(half), fmt.emax - 2 - fmt.emax // 2)
        opposite = -rng.permutation(magnitude)
        opposite[-1] = 0.0
        return np.concatenate([magnitude, opposite, np.zeros(prod(shape) % 2)]).reshape(shape)

    return make


def gendot(share: float, side: str) -> Any:
    """Two vectors whose dot product has a condition number 2 |x|·|y| / |x·y| of about 2^(share · p).

    Algorithm 6.1 (GenDot) of T. Ogita, S. M. Rump and S. Oishi, *Accurate Sum and Dot Product*, SIAM J. Sci. Comput. 26
    (2005). Mantissas are drawn from [1/2, 1) instead of [0, 1), so that no quotient overflows a 16-bit format, and the
    partial sums are exact (rational). At least 6 elements.
    """

    def make(rng: np.random.Generator, shape: Shape, fmt: Any) -> F64:
        from reportgen.core.arrays import rounded

        def near(value: float) -> float:
            return float(rounded(np.array([value]), fmt)[0])

        def drawn(exponent: int) -> float:
            return near(float(rng.choice((-1.0, 1.0)) * rng.uniform(0.5, 1.0)) * 2.0**exponent)

        n = prod(shape)
        half, bits = round(n / 2), share * fmt.p
        exponents = np.rint(rng.random(half) * bits / 2).astype(int)
        exponents[0], exponents[-1] = round(bits / 2) + 1, 0
        x = [drawn(int(e)) for e in exponents]
        y = [drawn(int(e)) for e in exponents]
        total = sum((Fraction(a) * Fraction(b) for a, b in zip(x, y, strict=True)), Fraction(0))
        for e in np.rint(np.linspace(bits / 2, 0.0, n - half)).astype(int):
            x.append(drawn(int(e)))
            y.append(near((drawn(int(e)) - float(total)) / x[-1]))
            total += Fraction(x[-1]) * Fraction(y[-1])
        order = rng.permutation(n)
        return np.array(x if side == "left" else y)[order].reshape(shape)

    return make


MAKERS = {
    "complex-mixed": complex_mixed,
    "zero-middle": zero_at_middle,
    "all-zero": all_zero,
    "small-factor": small_factor,
    "subnormal": subnormal,
    "large-factor": large_factor,
    **{f"running-{side}": running(side) for side in ("left", "right")},
    **{f"gendot-half-{side}": gendot(0.5, side) for side in ("left", "right")},
    **{f"gendot-full-{side}": gendot(1.0, side) for side in ("left", "right")},
}
