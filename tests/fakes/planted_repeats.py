"""Sums that repeat in different ways, for the checks that must tell them apart; called like ``numpy.sum``.

``steady_sum`` is clean; each other function has the one defect that its docstring states.
"""

import math
import os
import sys
import time

import numpy as np

_calls = {"wavering": 0}


def steady_sum(x):
    """The exact sum, rounded once."""
    return x.dtype.type(math.fsum(x.astype(np.float64).ravel().tolist()))


def _up(value, times=1):
    for _ in range(times):
        value = np.nextafter(value, value.dtype.type(np.inf))
    return value


def wavering_sum(x):
    """Three ulps more in every fourth call, as if another thread had been first."""
    _calls["wavering"] += 1
    return _up(steady_sum(x), 3 if _calls["wavering"] % 4 == 0 else 0)


def threads_sum(x):
    """One ulp more for every thread after the first: the array is split into as many parts."""
    return _up(steady_sum(x), int(os.environ["OPENBLAS_NUM_THREADS"]) - 1)


def process_sum(x):
    """Depends on when the process started, as if on the address of an array; the same in all of its calls."""
    return _up(steady_sum(x), _started % 1000)


_started = time.monotonic_ns() // 1_000_000


def refused_sum(x):
    """Not there for any dtype."""
    raise TypeError(f"no loop for {x.dtype}")


def dying_sum(x):
    """Ends the process."""
    sys.stderr.flush()
    os._exit(3)
