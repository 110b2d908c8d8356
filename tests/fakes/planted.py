"""A library with known defects, for the checks that must find them; called like NumPy's functions.

``clean_*`` functions give one result per input value, wherever it stands; each other function has the one defect
that its docstring states. Reach them as dotted paths (``planted.exp_tail``) of a target whose ``PYTHONPATH`` names
this folder.
"""

import math
import os
import signal
import sys
import time

import numpy as np

VECTOR = 8
"""Elements that the imagined vector loop takes at a time."""
_calls = {"third": 0}


def _exp(x):
    try:
        return math.exp(x)
    except OverflowError:
        return math.inf


def clean_exp(x):
    """exp, rounded from the C library's float64 value, one element after another."""
    x = np.asarray(x)
    flat = [_exp(float(v)) for v in x.ravel()]
    with np.errstate(over="ignore", under="ignore"):
        return np.array(flat, np.float64).astype(x.dtype).reshape(x.shape)[()]


def clean_sqrt(x):
    """The square root, which every processor rounds correctly."""
    return np.sqrt(np.asarray(x))[()]


def clean_max(x):
    """The largest element; NaN if there is one."""
    return np.max(np.asarray(x))


def _bumped(values, where):
    """``values`` with one ulp added where ``where`` is true; what has no next finite value stays."""
    values = np.asarray(values)
    with np.errstate(over="ignore", invalid="ignore"):
        up = np.nextafter(values, values.dtype.type(np.inf))
    return np.where(where & np.isfinite(values) & np.isfinite(up), up, values).astype(values.dtype)[()]


def exp_tail(x):
    """One ulp too large in the last n mod 8 elements."""
    x = np.asarray(x)
    position = np.arange(x.size).reshape(x.shape)
    return _bumped(clean_exp(x), position >= x.size - x.size % VECTOR)


def exp_alone(x):
    """One ulp too large in arrays of one element."""
    x = np.asarray(x)
    return _bumped(clean_exp(x), np.full(x.shape, x.ndim > 0 and x.size == 1))


def exp_rank0(x):
    """One ulp too large for a scalar (rank 0)."""
    x = np.asarray(x)
    return _bumped(clean_exp(x), np.full(x.shape, x.ndim == 0))


def exp_strided(x):
    """One ulp too large where the input is not contiguous (strided or reversed)."""
    x = np.asarray(x)
    return _bumped(clean_exp(x), np.full(x.shape, x.ndim > 0 and x.strides[0] != x.itemsize))


def exp_offset(x):
    """One ulp too large where a long contiguous input starts one element after a 64-byte boundary."""
    x = np.asarray(x)
    off = x.size > 64 and x.strides[0] == x.itemsize and x.ctypes.data % 64 == x.itemsize
    return _bumped(clean_exp(x), np.full(x.shape, off))


def exp_third(x):
    """One ulp too large on every third call."""
    _calls["third"] += 1
    x = np.asarray(x)
    return _bumped(clean_exp(x), np.full(x.shape, _calls["third"] % 3 == 0))


def exp_process(x):
    """One ulp too large in every second element of arrays, which half depends on the process."""
    x = np.asarray(x)
    half = int.from_bytes(os.environ.get("PLANTED_PROCESS", str(os.getpid())).encode()[-1:], "big") % 2
    return _bumped(clean_exp(x), np.arange(x.size).reshape(x.shape) % 2 == half)


def exp_at_one(x):
    """One ulp too large at x = 1 alone."""
    x = np.asarray(x)
    return _bumped(clean_exp(x), x == 1)


def exp_dip(x):
    """Falls where it must rise: four ulps too small for 2 <= x < 2.0001."""
    x = np.asarray(x)
    values = np.asarray(clean_exp(x))
    for _ in range(4):
        down = np.nextafter(values, values.dtype.type(0))
        values = np.where((x >= 2) & (x < 2.0001), down, values).astype(x.dtype)
    return values[()]


def exp_nan(x):
    """NaN where the result is infinite."""
    values = np.asarray(clean_exp(x))
    return np.where(np.isinf(values), values.dtype.type(np.nan), values)[()]


def exp_flush(x):
    """Zero where the result is subnormal."""
    values = np.asarray(clean_exp(x))
    return np.where(np.abs(values) < np.finfo(values.dtype).tiny, values.dtype.type(0), values)[()]


def sqrt_zero(x):
    """+0 for -0."""
    return (np.asarray(clean_sqrt(x)) + np.asarray(x).dtype.type(0))[()]


def exp_dtype(x):
    """float64, whatever came in."""
    return np.asarray(clean_exp(x)).astype(np.float64)[()]


def exp_short(x):
    """One element too few."""
    return np.atleast_1d(clean_exp(x))[:-1]


def exp_raises(x):
    """An exception of the library's own kind, over two lines."""
    raise RuntimeError("internal error\n  in planted.exp_raises")


def exp_no_loop(x):
    """What NumPy does where it has no loop for the dtype."""
    raise TypeError("ufunc 'exp' not supported for the input types")


def exp_crash(x):
    """Ends the process."""
    os.kill(os.getpid(), signal.SIGSEGV)


def exp_hang(x):
    """Never returns."""
    time.sleep(600)


def exp_chatter(x):
    """A proper result, and a megabyte of talk on both streams."""
    print("planted " * 65536)
    sys.stderr.write('{"id": 1, "ok": true, "dtype": "float32", "count": 1}\n' * 8192)
    return clean_exp(x)


def max_nan(x):
    """The largest element that is not NaN, as if NaN did not matter."""
    return np.nanmax(np.asarray(x))


# -- subnormals ----------------------------------------------------------------------------------------
def _inputs_as_zero(x):
    """``x`` with its subnormal numbers replaced by zeros of their sign, as a processor does under DAZ."""
    return np.where(np.abs(x) < np.finfo(x.dtype).tiny, np.copysign(x.dtype.type(0), x), x)


def _results_as_zero(y):
    """``y`` with its subnormal numbers replaced by zeros of their sign, as a processor does under FTZ."""
    return np.where(np.abs(y) < np.finfo(y.dtype).tiny, np.copysign(y.dtype.type(0), y), y)[()]


def daz_sqrt(x):
    """Square root of inputs whose subnormals are treated as zero."""
    return np.sqrt(_inputs_as_zero(np.asarray(x)))[()]


def daz_sqrt_body(x):
    """The same in arrays of a hundred elements and more; shorter ones and scalars are right."""
    x = np.asarray(x)
    return daz_sqrt(x) if x.size >= 100 else clean_sqrt(x)


def daz_multiply(x, y):
    """Product of inputs whose subnormals are treated as zero; subnormal results are kept."""
    with np.errstate(all="ignore"):
        return np.multiply(_inputs_as_zero(np.asarray(x)), _inputs_as_zero(np.asarray(y)))[()]


def ftz_multiply(x, y):
    """Product whose subnormal results become zero; subnormal inputs are kept."""
    with np.errstate(all="ignore"):
        return _results_as_zero(np.multiply(np.asarray(x), np.asarray(y)))


def ftz_exp(x):
    """exp whose subnormal results become zero."""
    return _results_as_zero(np.asarray(clean_exp(x)))


def ftz_negative(x):
    """Negation whose subnormal results become zero: nothing tells which end is flushed."""
    return _results_as_zero(np.negative(np.asarray(x)))
