"""Expressions as a library with and without a meddling compiler computes them; float32 only.

``clean_*`` carry out what was written; each other function does what its docstring says.
"""

import numpy as np


def clean_add_subtract(x, y):
    """(x + y) - y, step by step."""
    return (np.asarray(x) + y) - y


def simplified_add_subtract(x, y):
    """x itself."""
    return np.where(np.ones(np.shape(y), bool), x, y)[()]


def clean_multiply_add(x, y, z):
    """x * y + z, step by step."""
    return np.asarray(x) * y + z


def fused_multiply_add(x, y, z):
    """x * y + z rounded once: the sum is rounded to odd in binary64, where the product is exact."""
    x, y, z = (np.asarray(a, np.float64) for a in (x, y, z))
    with np.errstate(all="ignore"):
        product = x * y
        total = product + z
        back = total - product
        rest = (product - (total - back)) + (z - back)
        odd = (total.view(np.int64) & 1).astype(bool)
        inexact = np.isfinite(rest) & (rest != 0) & ~odd & np.isfinite(total)
        toward = np.nextafter(total, np.where(rest > 0, np.inf, -np.inf))
        return np.where(inexact, toward, total).astype(np.float32)[()]


def half_fused(x, y, z):
    """Fused where x is at least 1 only."""
    return np.where(np.asarray(x) >= 1, fused_multiply_add(x, y, z), clean_multiply_add(x, y, z))[()]


def flushed_multiply_add(x, y, z):
    """Step by step, with subnormal arguments and results taken for zero."""

    def zeros(a):
        a = np.asarray(a)
        return np.where((np.abs(a) < np.float32(2.0**-126)) & (a != 0), np.copysign(np.float32(0), a), a)

    x, y, z = (zeros(a) for a in (x, y, z))
    with np.errstate(all="ignore"):
        # Exact in binary64, so that a product is found tiny before gradual underflow rounds it.
        wide = np.asarray(x, np.float64) * y
        product = np.where(np.abs(wide) < 2.0**-126 * (1 - 2.0**-25), np.copysign(0.0, wide), wide).astype(np.float32)
        return zeros(product + z)[()]


def wrong_add_subtract(x, y):
    """No form of it: one float too large where x is 1 or more."""
    values = np.asarray(clean_add_subtract(x, y))
    return np.where(np.asarray(x) >= 1, np.nextafter(values, np.float32(np.inf)), values)[()]
