"""Points whose exact value is known without an enclosure, gathered by :mod:`reportgen.oracle.regions`."""

from __future__ import annotations

import numpy as np

from reportgen.core.floats import EXPONENT_LIMIT, F64, Bool, Exact
from reportgen.oracle import kernels


class Known:
    """Which of the points are decided, and their values."""

    def __init__(self, n: int) -> None:
        self.mask = np.zeros(n, bool)
        self.values = Exact.empty(n)

    def near(self, where: Bool, hi: F64 | float, rem: F64 | float) -> None:
        """The value is ``hi`` (not 0) plus a rest of sign ``rem``, below 2^-1100·|hi| and below 2^-1080."""
        size = int(where.sum())
        parts = kernels.of_values(np.broadcast_to(np.asarray(hi, np.float64), where.shape)[where].copy())
        exact, _ = kernels.canonical(parts)
        exact.rem = np.broadcast_to(np.asarray(rem), where.shape)[where].astype(np.int8)
        self.values.put(where, exact)
        self.mask |= where
        assert len(exact) == size

    def outside(self, where: Bool, sign: F64 | float, direction: int) -> None:
        """The value is sign·v with v > 2^EXPONENT_LIMIT (direction 1) or 0 < v < 2^-EXPONENT_LIMIT (direction -1)."""
        signs = np.broadcast_to(np.asarray(sign, np.float64), where.shape)[where]
        exact = Exact.empty(len(signs))
        exact.hi = signs.copy()
        exact.exp2[:] = direction * EXPONENT_LIMIT
        exact.rem = (signs * direction).astype(np.int8)
        self.values.put(where, exact)
        self.mask |= where

    def exactly(self, where: Bool, values: F64) -> None:
        """The value is the given binary64 number."""
        exact, _ = kernels.canonical(kernels.of_values(values[where].copy()))
        self.values.put(where, exact)
        self.mask |= where
