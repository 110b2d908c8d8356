"""Formats against NumPy's and ml_dtypes' own arithmetic, and against exact rationals."""

from __future__ import annotations

from fractions import Fraction

import gmpy2
import ml_dtypes
import numpy as np
import pytest

from reportgen.core.floats import FLOAT_DTYPES, FORMATS, Exact, exponent_of, round_exact, ulp_exponent

NUMPY = {"float16": np.float16, "bfloat16": ml_dtypes.bfloat16, "float32": np.float32, "float64": np.float64}


def random_values(name, count=20000, seed=0):
    fmt = FORMATS[name]
    top = fmt.inf_ordinal
    return fmt.from_ordinal(np.random.default_rng(seed).integers(-top, top + 1, count))


@pytest.mark.parametrize("name", ["float16", "bfloat16"])
def test_every_value_of_a_16_bit_format_round_trips(name):
    fmt = FORMATS[name]
    patterns = np.arange(65536, dtype="<u2")
    values = fmt.decode(patterns if name == "bfloat16" else patterns.view("<f2"))
    numbers = ~np.isnan(values)
    ordinals = fmt.ordinal(values)
    assert (fmt.from_ordinal(ordinals[numbers]) == values[numbers]).all()
    assert (fmt.encode(values).view("<u2")[numbers] == patterns[numbers]).all()
    order = np.argsort(values[numbers], kind="stable")
    steps = np.diff(ordinals[numbers][order])
    assert set(steps.tolist()) == {0, 1}
    assert (steps == 0).sum() == 1


@pytest.mark.parametrize("name", FLOAT_DTYPES)
def test_neighbours_are_nextafter(name):
    fmt = FORMATS[name]
    values = random_values(name)
    values = values[np.isfinite(values)]
    with np.errstate(all="ignore"):
        above = np.nextafter(values.astype(NUMPY[name]), NUMPY[name](np.inf)).astype(np.float64)
    assert (fmt.from_ordinal(fmt.ordinal(values) + 1) == above).all()


@pytest.mark.parametrize("name", FLOAT_DTYPES)
def test_limits(name):
    info = ml_dtypes.finfo(NUMPY[name])
    fmt = FORMATS[name]
    assert fmt.max_finite == float(info.max)
    assert fmt.min_normal == float(info.smallest_normal)
    assert fmt.min_subnormal == float(info.smallest_subnormal)
    assert fmt.is_representable(np.array([fmt.min_subnormal, np.nan, -np.inf, -0.0])).all()
    with np.errstate(over="ignore"):
        assert not fmt.is_representable(np.array([0.1 if name != "float64" else 0.0]))[0] or name == "float64"


def exact_pair(value: Fraction) -> Exact:
    """hi, lo, rem of a rational by big-float arithmetic that is not the module's own; exp2 where it is far from 1."""
    size = value.numerator.bit_length() - value.denominator.bit_length() if value else 0
    exp2 = size if abs(size) > 900 else 0
    value /= Fraction(2) ** exp2
    with gmpy2.context(precision=53, emin=-1073, emax=1024, subnormalize=True):
        hi = float(gmpy2.mpfr(gmpy2.mpq(value)))
        rest = value - Fraction(hi)
        lo = float(gmpy2.mpfr(gmpy2.mpq(rest)))
    left = rest - Fraction(lo)
    sign = (left > 0) - (left < 0)
    return Exact(
        np.array([hi]),
        np.array([lo]),
        np.array([exp2], np.int32),
        np.array([sign], np.int8),
        np.zeros(1, bool),
        np.zeros(1, bool),
    )


@pytest.mark.parametrize("name", FLOAT_DTYPES)
def test_rounding_agrees_with_mpfr_near_every_kind_of_boundary(name):
    """Midpoints, midpoints ± a hair, values ± a hair, subnormals, the overflow threshold, tiny values."""
    fmt = FORMATS[name]
    rng = np.random.default_rng(3)
    ordinals = np.concatenate(
        [rng.integers(0, fmt.inf_ordinal - 1, 150), [0, 1, 2, fmt.inf_ordinal - 2, fmt.inf_ordinal - 1]]
    )
    hairs = [Fraction(0), Fraction(1, 10**40), Fraction(-1, 10**40), Fraction(1, 10**400), Fraction(-1, 10**400)]
    for o in ordinals.tolist():
        low = Fraction(float(fmt.from_ordinal(np.array([o]))[0]))
        high = float(fmt.from_ordinal(np.array([o + 1]))[0])
        gap = Fraction(high) - low if np.isfinite(high) else Fraction(2) ** (fmt.emax - fmt.p + 1)
        for start in (low, low + gap / 2):
            for hair in hairs:
                value = start * (1 + hair) if start else hair
                if not value:
                    continue
                got = round_exact(exact_pair(value), fmt)
                for mode, mine in (("RoundToNearest", got.nearest), ("RoundDown", got.down), ("RoundUp", got.up)):
                    # subnormalize needs emin at the smallest subnormal's exponent in MPFR's convention
                    with gmpy2.context(
                        precision=fmt.p,
                        emin=fmt.emin - fmt.p + 2,
                        emax=fmt.emax + 1,
                        subnormalize=True,
                        round=getattr(gmpy2, mode),
                    ):
                        want = float(gmpy2.mpfr(gmpy2.mpq(value)))
                    assert mine[0] == want, (name, mode, value)


def test_a_remainder_moves_the_rounding_off_a_tie():
    fmt = FORMATS["float32"]
    tie = 1 + 2.0**-24
    for rem, want in ((0, 1.0), (-1, 1.0), (1, 1 + 2.0**-23)):
        y = Exact.of_values(np.array([tie]))
        y.rem[:] = rem
        assert round_exact(y, fmt).nearest[0] == want
    y = Exact.of_values(np.array([1.0]))
    y.rem[:] = -1
    rounded = round_exact(y, fmt)
    assert rounded.nearest[0] == 1.0
    assert rounded.down[0] == 1 - 2.0**-24
    assert not rounded.exact[0]


def test_exponent_just_below_a_power_of_two():
    y = Exact.of_values(np.array([8.0, 8.0, -8.0, -8.0, 8.0]))
    y.rem[:] = [0, -1, 1, -1, 0]
    y.lo[4] = -1e-300
    assert exponent_of(y).tolist() == [3, 2, 2, 3, 2]


def test_ulp_is_clamped_and_zero_takes_the_smallest():
    fmt = FORMATS["float32"]
    y = Exact.of_values(np.array([0.0, 1.0, 1e-45, 2.0**-126, 1e300]))
    assert ulp_exponent(y, fmt).tolist() == [-149, -23, -149, -149, 104]


def test_values_beyond_float64_are_carried_by_exp2():
    fmt = FORMATS["float64"]
    y = Exact.of_values(np.array([1.0, 1.0, -1.5]))
    y.exp2[:] = [-1074, -1076, 20000]
    rounded = round_exact(y, fmt)
    assert rounded.nearest.tolist() == [2.0**-1074, 0.0, -np.inf]
    assert rounded.up[1] == 2.0**-1074
    assert rounded.up[2] == -fmt.max_finite
