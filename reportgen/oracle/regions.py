"""Points whose exact value follows from an inequality or an integer identity, so that no enclosure has to find it.

Balls cannot settle what is exact (log2 of a power of two), and would need absurd precision for 1 - exp(-10^300) or
numbers for exp(10^300). Each rule below says why it holds; both oracles use them, and the tests check them against
MPFR with directed rounding.
"""

from __future__ import annotations

from collections.abc import Callable
from math import isqrt

import numpy as np

from reportgen.core.floats import EXPONENT_LIMIT, F64
from reportgen.oracle import functions, kernels, rationals
from reportgen.oracle.known import Known
from reportgen.oracle.namespace import parse
from reportgen.oracle.settle import settle_interval

Columns = tuple[F64, ...]
_BIG_EXP = 22800.0
"""exp(22800) = 2^32893.4: beyond the stored range, and still so when halved or divided by 2^100."""


def _exp(known: Known, x: F64) -> None:
    known.outside(x > _BIG_EXP, 1.0, 1)
    known.outside(x < -_BIG_EXP, 1.0, -1)


def _exp2(known: Known, x: F64) -> None:
    known.outside(x > EXPONENT_LIMIT, 1.0, 1)
    known.outside(x < -EXPONENT_LIMIT, 1.0, -1)


def _exp10(known: Known, x: F64) -> None:
    # 10^9900 = 2^32887.1
    known.outside(x > 9900, 1.0, 1)
    known.outside(x < -9900, 1.0, -1)


def _expm1(known: Known, x: F64) -> None:
    # -1 + exp(x) with 0 < exp(-800) < 2^-1154
    known.outside(x > _BIG_EXP, 1.0, 1)
    known.near(x < -800, -1.0, 1)


def _sinh(known: Known, x: F64) -> None:
    known.outside(np.abs(x) > _BIG_EXP, np.sign(x), 1)


def _cosh(known: Known, x: F64) -> None:
    # 0 < cosh(x) - 1 < x^2 and x^2 < 2^-1110 for tiny x
    known.outside(np.abs(x) > _BIG_EXP, 1.0, 1)
    known.near((np.abs(x) < 2.0**-555) & (x != 0), 1.0, 1)


def _cos(known: Known, x: F64) -> None:
    # -x^2 < cos(x) - 1 < 0
    known.near((np.abs(x) < 2.0**-555) & (x != 0), 1.0, -1)


def _tanh(known: Known, x: F64) -> None:
    # 0 < 1 - tanh|x| < 2·exp(-2|x|) < 2^-1153
    known.near(np.abs(x) > 400, np.sign(x), -np.sign(x))


def _sigmoid(known: Known, x: F64) -> None:
    # 0 < 1 - sigmoid(x) < exp(-x) < 2^-1154; sigmoid(x) < exp(x)
    known.near(x > 800, 1.0, -1)
    known.outside(x < -_BIG_EXP, 1.0, -1)


def _softplus(known: Known, x: F64) -> None:
    # x < softplus(x) < x + exp(-x), relative to x > 800 below 2^-1160; 0 < softplus(x) < exp(x)
    known.near(x > 800, x, 1)
    known.outside(x < -_BIG_EXP, 1.0, -1)


def _log_sigmoid(known: Known, x: F64) -> None:
    known.near(x < -800, x, -1)
    known.outside(x > _BIG_EXP, -1.0, -1)


def _i0(known: Known, x: F64) -> None:
    # I0(x) > exp(x)/(1 + 2x) > 2^32800 for |x| > 23000, by I0(x) >= (1/pi)·integral over [0, 1/sqrt(x)] of exp(x cos t)
    known.outside(np.abs(x) > 23000, 1.0, 1)
    # 0 < I0(x) - 1 < x^2 for |x| < 1
    known.near((np.abs(x) < 2.0**-555) & (x != 0), 1.0, 1)


def _log2(known: Known, x: F64) -> None:
    mantissa, exponent = np.frexp(x)
    known.exactly(mantissa == 0.5, (exponent - 1).astype(np.float64))


def _log10(known: Known, x: F64) -> None:
    # 10^k is a binary64 number for k = 0 … 22 only; every other logarithm of a binary64 number is irrational.
    for k in range(23):
        known.exactly(x == float(10**k), np.full(len(x), float(k)))


def _cbrt(known: Known, x: F64) -> None:
    # x = M·8^j with an integer M < 2^55 is a cube of a rational only if M is a cube of an integer; judged in int64.
    mantissa, exponent = np.frexp(x)
    power = exponent.astype(np.int64) - 53
    whole = np.ldexp(mantissa, 53).astype(np.int64) << (power % 3)
    root = np.rint(np.cbrt(whole.astype(np.float64))).astype(np.int64)
    known.exactly((root**3 == whole) & (x != 0), np.ldexp(root.astype(np.float64), (power // 3).astype(np.int32)))


def _logaddexp(known: Known, x: F64, y: F64) -> None:
    _log_of_sum(known, x, y, 1.4, _BIG_EXP)


def _logaddexp2(known: Known, x: F64, y: F64) -> None:
    # log2(2^x + 2^x) = x + 1
    same = x == y
    if same.any():
        exact, ok = kernels.canonical(kernels.add(x[same], np.ones(int(same.sum()))))
        where = np.flatnonzero(same)[ok]
        known.values.put(where, exact[ok])
        known.mask[where] = True
        for i in np.flatnonzero(same)[~ok]:
            point = rationals.evaluate(parse("x + 1"), (x[i : i + 1],), flint=True)
            known.values.put(slice(i, i + 1), point)
            known.mask[i] = True
    _log_of_sum(known, x, y, 1.0, float(EXPONENT_LIMIT) + 2)


def _log_of_sum(known: Known, x: F64, y: F64, bits: float, vanishing: float) -> None:
    # max < value < max + b^-|x-y|/ln b. With 2^e <= |max|, the rest is below 2^-1100·min(1, |max|) once bits·|x -
    # y| > 1101 + max(0, -e); log2(e) > 1.4, and 1/ln 2 < 2. Where the larger is 0, the value is below 2·b^-|x-y|.
    with np.errstate(over="ignore"):
        distance = np.minimum(np.abs(x - y), 1e300)
    larger = np.where(x > y, x, y)
    _, exponent = np.frexp(larger)
    far = bits * distance > 1110.0 + np.maximum(0, -exponent.astype(np.float64))
    known.near(far & (larger != 0), np.where(larger == 0, 1.0, larger), 1)
    known.outside((larger == 0) & (distance > vanishing), 1.0, -1)


def _hypot(known: Known, x: F64, y: F64) -> None:
    # |x| < hypot(x, y) < |x| + y^2/(2|x|), for |y| < |x|: with 2^(a-1) <= |x| and |y| < 2^b the rest is below 2^(2b-a).
    x, y = np.maximum(np.abs(x), np.abs(y)), np.minimum(np.abs(x), np.abs(y))
    a, b = np.frexp(x)[1].astype(np.int64), np.frexp(y)[1].astype(np.int64)
    known.near((2 * b - a < -1110) & (2 * (b - a) < -1110) & (y != 0), x, 1)


def _power(known: Known, x: F64, y: F64) -> None:
    # The logarithm below is off by less than a part in 10^10 in any sane library; the margin is 2^-7.
    with np.errstate(all="ignore"):
        size = np.abs(x)
        near_one = (size > 0.5) & (size < 2)
        bits = y * np.where(near_one, np.log1p(np.where(near_one, size - 1, 0)), np.log(size)) * 1.4426950408889634
    odd = (np.abs(y) < 2.0**53) & (np.fmod(y, 2) != 0)
    sign = np.where((x < 0) & odd, -1.0, 1.0)
    known.outside(bits > 33100, sign, 1)
    known.outside(bits < -33100, sign, -1)
    # Roots: y = n/2^k with k > 1; the rest is Arb's and mpmath's (integers, halves) or irrational.
    with np.errstate(over="ignore", invalid="ignore"):
        steps, halves = y * 1024.0, y * 2.0
    dyadic = (x > 0) & (np.abs(steps) < 2.0**25) & (np.floor(steps) == steps) & (np.floor(halves) != halves)
    for i in np.flatnonzero(dyadic & ~known.mask):
        _power_of_root(known, int(i), float(x[i]), float(y[i]))


def _power_of_root(known: Known, i: int, x: float, y: float) -> None:
    """x^(n/2^k), k > 1, where it is dyadic: x = m·2^e, m a 2^k-th power, 2^k divides e, and n > 0 unless m = 1."""
    numerator, denominator = x.as_integer_ratio()
    exponent = (numerator & -numerator).bit_length() - denominator.bit_length()
    odd = numerator >> ((numerator & -numerator).bit_length() - 1)
    n, d = y.as_integer_ratio()
    if exponent % d or (n < 0 and odd != 1):
        return
    for _ in range(d.bit_length() - 1):
        root = isqrt(odd)
        if root * root != odd:
            return
        odd = root
    value = odd ** max(n, 0)
    point = settle_interval(value, value, exponent // d * n)
    if point is not None:
        rationals.put(known.values, i, point)
        known.mask[i] = True


RULES: dict[str, Callable[..., None]] = {
    "exp": _exp,
    "exp2": _exp2,
    "exp10": _exp10,
    "expm1": _expm1,
    "sinh": _sinh,
    "cosh": _cosh,
    "cos": _cos,
    "tanh": _tanh,
    "sigmoid": _sigmoid,
    "softplus": _softplus,
    "log_sigmoid": _log_sigmoid,
    "i0": _i0,
    "log2": _log2,
    "log10": _log10,
    "cbrt": _cbrt,
    "logaddexp": _logaddexp,
    "logaddexp2": _logaddexp2,
    "hypot": _hypot,
    "power": _power,
}


def known_values(name: str | None, columns: Columns) -> Known:
    """What the rules decide of ``name`` at the given points (finite, within the domain)."""
    known = Known(len(columns[0]))
    rule = RULES.get(name or "") or functions.RULES.get(name or "")
    if rule is not None:
        rule(known, *columns)
    return known
