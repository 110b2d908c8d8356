"""Conversions with known defects, called as ``function(array, dtype)``; ``clean`` has none."""

import os

import numpy as np


def clean(x, dtype):
    """NumPy's conversion; what does not fit into an integer is saturated, NaN becomes 0."""
    x = np.asarray(x)
    dtype = np.dtype(dtype)
    if dtype.kind in "iu" and x.dtype.kind == "f":
        info = np.iinfo(dtype)
        whole = np.trunc(np.nan_to_num(x.astype(np.float64), nan=0.0))
        fits = (whole >= info.min) & (whole <= info.max) & (whole < 2.0 ** (8 * dtype.itemsize - (info.min < 0)))
        out = np.where(whole > 0, info.max, info.min).astype(dtype)
        out = np.where(fits, np.where(fits, whole, 0).astype(dtype), out)
        return out[()]
    return x.astype(dtype)[()]


saturating = clean


def wrapping(x, dtype):
    """What does not fit is taken modulo 2^n through int64."""
    x = np.asarray(x)
    finite = np.where(np.isfinite(x) & (np.abs(x) < 2.0**62), x, 0)
    return finite.astype(np.int64).astype(dtype)[()]


def other_alone(x, dtype):
    """Rank 0 is converted by another rule, where nothing is defined."""
    return (wrapping if np.ndim(x) == 0 else clean)(x, dtype)


def twice(x, dtype):
    """Rounded to float32 first."""
    return np.asarray(x).astype(np.float32).astype(dtype)[()]


def ties_away(x, dtype):
    """int32 to float32 with ties away from zero."""
    x = np.asarray(x)
    wide = x.astype(np.float64)
    even = x.astype(np.float32)
    exact = even.astype(np.float64)
    up = np.nextafter(even, np.copysign(np.float32(np.inf), wide).astype(np.float32))
    tie = np.abs(up.astype(np.float64) - wide) == np.abs(wide - exact)
    return np.where(tie & (np.abs(exact) < np.abs(wide)), up, even).astype(dtype)[()]


def floor_at_minus_half(x, dtype):
    """-1 for -0.5 alone."""
    x = np.asarray(x)
    return np.where(x == -0.5, -1, clean(x, dtype)).astype(dtype)[()]


def saturates_300(x, dtype):
    """127 for 300 alone."""
    x = np.asarray(x)
    return np.where(x == 300, 127, x.astype(dtype)).astype(dtype)[()]


def loses_minus_zero(x, dtype):
    """+0 for -0."""
    return (np.asarray(x).astype(dtype) + np.dtype(dtype).type(0))[()]


def imaginary_one(x, dtype):
    """An imaginary part of 1 where it must be 0."""
    out = np.array(np.asarray(x).astype(dtype))
    out.imag = 1
    return out[()]


def by_environment(x, dtype):
    """Saturates, or wraps where the variable PLANTED_WRAPS is set."""
    return (wrapping if os.environ.get("PLANTED_WRAPS") else clean)(x, dtype)


def other_dtype(x, dtype):
    """int16, whatever was asked for."""
    return clean(x, np.int16)


def refuses(x, dtype):
    """What NumPy does where it has no loop."""
    raise TypeError("no loop for this conversion")
