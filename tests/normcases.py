"""What tests of variances, norms and log-sum-exps share: operands of given values, exact values compared."""

from __future__ import annotations

from fractions import Fraction

import mpmath
import numpy as np

from reportgen.core.floats import Exact
from reportgen.core.problems import Arrays, Operand, Problem, made
from reportgen.oracle.arrays import finders

EVERY = 1 << 17


def arrays_of(values, dtype="float64", axis=None):
    """A problem whose operand has these very values."""
    values = np.asarray(values, np.float64)
    problem = Problem("p", "", (Operand("x", "mixed", values.shape),), (("axis", axis),))
    return Arrays(problem, dtype, 0, {"x": values})


def generated(data, shape, dtype, axis=None):
    return made(Problem("p", "", (Operand("x", data, shape),), (("axis", axis),)), dtype, 3)


def solved(name, arrays, limit=EVERY):
    return finders()[name](arrays, limit)[""]


def assert_is(exact: Exact, i: int, value) -> None:
    """The stored value is ``value`` (a Fraction, or an mpf of far more digits than float64): hi, lo and remainder."""
    with mpmath.workprec(6000):
        wanted = mpmath.mpf(value.numerator) / value.denominator if isinstance(value, Fraction) else mpmath.mpf(value)
        assert not exact.undecided[i]
        scaled = mpmath.ldexp(wanted, -int(exact.exp2[i]))
        assert exact.hi[i] == float(scaled)
        rest = scaled - mpmath.mpf(float(exact.hi[i]))
        assert exact.lo[i] == float(rest)
        last = rest - mpmath.mpf(float(exact.lo[i]))
        noise = abs(scaled) * mpmath.mpf(2) ** -3000
        assert exact.rem[i] == (0 if abs(last) <= noise else 1 if last > 0 else -1)
