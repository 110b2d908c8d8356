"""Functions of integers with known defects, called like NumPy's; ``clean_*`` have none."""

import time

import numpy as np


def _bad(x, y, where, value):
    out = np.add(x, y)
    return np.where(where, np.asarray(value, out.dtype), out).astype(out.dtype)[()]


def clean_add(x, y):
    """x + y modulo 2^n."""
    return np.add(x, y)


def add_saturates_once(x, y):
    """The largest integer for the sum of 100 and 100 alone."""
    x, y = np.asarray(x), np.asarray(y)
    return _bad(x, y, (x == 100) & (y == 100), np.iinfo(x.dtype).max)


def add_tail(x, y):
    """One too large in the last n mod 8 elements."""
    x, y = np.asarray(x), np.asarray(y)
    place = np.arange(x.size).reshape(x.shape)
    return (np.add(x, y) + (place >= x.size - x.size % 8).astype(x.dtype))[()]


def clean_floor_divide(x, y):
    """Rounded down; 0 by zero."""
    return np.floor_divide(x, y)


def truncates_once(x, y):
    """-2 for -5 divided by 2 alone."""
    x, y = np.asarray(x), np.asarray(y)
    out = np.floor_divide(x, y)
    return np.where((x == -5) & (y == 2), np.asarray(-2, out.dtype), out)[()]


def raises_by_zero(x, y):
    """An error for the whole array where one divisor is zero."""
    if (np.asarray(y) == 0).any():
        raise ArithmeticError("integer division by zero")
    return np.floor_divide(x, y)


def never_by_zero(x, y):
    """Does not return where one divisor is zero."""
    if (np.asarray(y) == 0).any():
        time.sleep(600)
    return np.floor_divide(x, y)


def divide_single(x, y):
    """True division in float32, though the result is float64."""
    return np.divide(np.asarray(x, np.float32), np.asarray(y, np.float32)).astype(np.float64)


def clean_shift(x, y):
    """x·2^y, and 0 for shifts out of range."""
    return np.left_shift(x, y)


def shift_cyclic(x, y):
    """The shift taken modulo the number of bits."""
    x, y = np.asarray(x), np.asarray(y)
    return np.left_shift(x, y % (8 * x.itemsize))


def clean_mean(x, axis=None):
    """NumPy's mean, in float64."""
    return np.mean(x, axis=axis)


def mean_in_dtype(x, axis=None):
    """The sum in the dtype of the elements, divided and cut off."""
    x = np.asarray(x)
    count = x.size if axis is None else x.shape[axis]
    return (np.sum(x, axis=axis, dtype=x.dtype).astype(np.int64) // count).astype(x.dtype)


def mean_of_columns_in_dtype(x, axis=None):
    """NumPy's mean of a whole array; along an axis, the sum in the dtype of the elements."""
    return clean_mean(x) if axis is None else np.sum(x, axis=axis, dtype=x.dtype) / float(x.shape[axis])


def mean_of_large_in_single(x, axis=None):
    """NumPy's mean, but float32's running sum where there are more than 100,000 elements."""
    x = np.asarray(x)
    if x.size <= 100_000:
        return np.mean(x, axis=axis)
    return np.float64(np.cumsum(x, dtype=np.float32)[-1]) / x.size


def clean_sum(x, axis=None):
    """NumPy's sum."""
    return np.sum(x, axis=axis)


def sum_saturates(x, axis=None):
    """The largest 64-bit integer at most a thousand."""
    return np.minimum(np.sum(x, axis=axis), 1000)
