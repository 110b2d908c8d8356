"""Variances, norms and log-sum-exps with known defects; those whose names begin with ``clean`` have none."""

import math

import numpy as np


def clean_var(x, axis=None):
    """Two passes in double precision, each sum correctly rounded; only the result is rounded to the dtype."""
    values = np.asarray(x, np.float64).reshape(-1).tolist()
    mean = math.fsum(values) / len(values)
    return np.asarray(math.fsum([(v - mean) ** 2 for v in values]) / len(values)).astype(x.dtype)


def one_pass_var(x, axis=None):
    """The mean of the squares minus the square of the mean, in the array's dtype: loses everything at a large mean."""
    return (x * x).mean(dtype=x.dtype) - x.mean(dtype=x.dtype) ** 2


def sample_var(x, axis=None):
    """Divided by n − 1."""
    return np.asarray(x.astype(np.float64).var(ddof=1)).astype(x.dtype)


def clean_norm(x, axis=None):
    """Scaled by a power of two, in double precision."""
    values = np.asarray(x, np.float64).reshape(-1)
    top = np.abs(values).max(initial=0.0)
    if not np.isfinite(values).all() or top == 0:
        return np.asarray(np.nan if np.isnan(values).any() else top).astype(x.dtype)
    scale = math.frexp(top)[1]
    return np.asarray(math.ldexp(math.sqrt(math.fsum((np.ldexp(values, -scale) ** 2).tolist())), scale)).astype(x.dtype)


def unscaled_norm(x, axis=None):
    """The root of the sum of squares, in the array's dtype."""
    return np.sqrt((x * x).sum(dtype=x.dtype))


def deaf_norm(x, axis=None):
    """Passes over NaN and infinities."""
    return clean_norm(x[np.isfinite(x)])


def clean_scan(x, axis=None):
    """log-sum-exp of the elements so far, the largest taken out, in double precision."""
    out = np.empty(len(x))
    for k in range(len(x)):
        head = x[: k + 1].astype(np.float64)
        top = head.max()
        if not np.isfinite(top):
            out[k] = top
        else:
            out[k] = top + math.log1p(math.fsum(np.exp(head - top).tolist()) - 1.0)
    return out.astype(x.dtype)


def deaf_scan(x, axis=None):
    """Takes the larger of two numbers by a comparison, so that a NaN never wins."""
    return clean_scan(np.where(np.isnan(x), -np.inf, x))


def clean_softmax(x, axis=None):
    """The largest element taken out, in double precision."""
    weights = np.exp(x.astype(np.float64) - x.max())
    return (weights / weights.sum()).astype(x.dtype)


def unshifted_softmax(x, axis=None):
    """Exponentials as they come: ∞/∞ for large logits, 0/0 for very negative ones."""
    weights = np.exp(x.astype(np.float64))
    return (weights / weights.sum()).astype(x.dtype)


def choosy_norm(x, axis=None):
    """Refuses what is no number, as SciPy's norm does unless it is told not to look."""
    if not np.isfinite(x).all():
        raise ValueError("array must not contain infs or NaNs")
    return clean_norm(x)
