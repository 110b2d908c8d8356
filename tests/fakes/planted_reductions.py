"""Sums, maxima and scans with known defects; those whose names begin with ``clean`` have none."""

import math

import numpy as np


def _lanes(function, x, axis):
    """A function of one lane for all of an array, or along an axis."""
    x = np.asarray(x)
    if axis is None:
        return np.asarray(function(x.reshape(-1))).astype(x.dtype)
    return np.apply_along_axis(function, axis, x).astype(x.dtype)


def _exact(lane):
    values = lane.astype(np.float64)
    return math.fsum(values.tolist()) if np.isfinite(values).all() else values[~np.isfinite(values)].sum()


def clean_sum(x, axis=None):
    """Correctly rounded twice, which is once for narrower dtypes in all but the rarest cases."""
    return _lanes(_exact, x, axis)


def running_sum(x, axis=None):
    """From the first to the last, in the dtype of the elements."""
    return _lanes(lambda lane: np.cumsum(lane, dtype=lane.dtype)[-1] if lane.size else 0.0, x, axis)


def pairwise_sum(x, axis=None):
    """By halves."""

    def halves(lane):
        while lane.size > 1:
            odd = lane[-1:] if lane.size % 2 else lane[:0]
            lane = np.concatenate([lane[: lane.size // 2 * 2 : 2] + lane[1::2], odd])
        return lane[0]

    return _lanes(halves, x, axis)


def deaf_sum(x, axis=None):
    """NaN counts as nothing."""
    return _lanes(lambda lane: _exact(lane[~np.isnan(lane)]), x, axis)


def flushing_sum(x, axis=None):
    """Subnormal numbers count as nothing."""
    return _lanes(lambda lane: _exact(np.where(np.abs(lane) < np.finfo(lane.dtype).tiny, lane * 0, lane)), x, axis)


def clean_max(x, axis=None):
    """NumPy's."""
    return np.max(x, axis=axis)


def max_blind_to_the_first(x, axis=None):
    """A NaN in the first place is not seen."""
    x = np.asarray(x)
    first = x.reshape(-1)[:1]
    return np.max(np.where(np.isnan(x), -np.inf, x), axis=axis) if np.isnan(first).any() else np.max(x, axis=axis)


def negated_zero_max(x, axis=None):
    """A zero comes out with the other sign."""
    found = np.max(x, axis=axis)
    return -found if found == 0 else found


def last_argmax(x, axis=None):
    """Of several equal elements the last."""
    return x.shape[axis] - 1 - np.argmax(x[::-1], axis=axis)


def flushing_argmax(x, axis=None):
    """Subnormal numbers count as zero."""
    return np.argmax(np.where(np.abs(x) < np.finfo(x.dtype).tiny, 0, x), axis=axis)


def drifting_cumsum(x, axis=None):
    """Every partial sum rounded once more, upwards."""
    return np.nextafter(np.cumsum(x, axis=axis), np.inf, dtype=x.dtype)


def cumsum_forgets_after_a_thousand(x, axis=None):
    """Begins anew at element 1000."""
    return np.concatenate([np.cumsum(x[:1000], axis=axis), np.cumsum(x[1000:], axis=axis)])


def reversed_polyval(c, x):
    """The lowest power first."""
    return np.polyval(c[::-1], x)


def segments_shifted(x, s, k):
    """The first element of a segment goes to the one before."""
    return np.bincount(np.maximum(s - (np.arange(len(s)) % 100 == 0), 0), weights=x, minlength=k).astype(x.dtype)
