"""Inputs: every binade has its share, the same seed gives the same values, and all belong to the format."""

from __future__ import annotations

import numpy as np
import pytest

from reportgen.core import sampling
from reportgen.core.arrays import VARIANTS, generate
from reportgen.core.errors import RequestError
from reportgen.core.floats import FLOAT_DTYPES, FORMATS

CRITICAL = np.array([1.0, 2.0])


@pytest.mark.parametrize("name", FLOAT_DTYPES)
@pytest.mark.parametrize("arity", [1, 2, 3])
def test_samples_belong_to_the_format_and_repeat(name, arity):
    fmt = FORMATS[name]
    typical, critical = ((-10.0, 10.0),) * arity, (CRITICAL,) * arity
    first, second = (sampling.elementwise_samples(fmt, arity, typical, critical, "seed") for _ in range(2))
    other = sampling.elementwise_samples(fmt, arity, typical, critical, "another")
    for a, b in zip(first.args, second.args, strict=True):
        assert fmt.is_representable(a).all()
        assert np.array_equal(a, b, equal_nan=True)
    assert any(not np.array_equal(a, b, equal_nan=True) for a, b in zip(first.args, other.args, strict=True))
    assert first.exhaustive == (arity == 1 and fmt.bits == 16)
    for a in first.args:
        inside = a[first.mask("typical")]
        assert ((inside >= -10) & (inside <= 10)).all()


@pytest.mark.parametrize("name", ["float16", "bfloat16"])
def test_all_values_are_all(name):
    fmt = FORMATS[name]
    values = sampling.all_values(fmt)
    assert len(values) == 2 * fmt.inf_ordinal + 3  # both zeros, both infinities, one NaN
    assert np.isnan(values).sum() == 1
    numbers = values[~np.isnan(values)]
    assert set(fmt.ordinal(numbers).tolist()) == set(range(-fmt.inf_ordinal, fmt.inf_ordinal + 1))
    assert np.signbit(numbers[numbers == 0]).tolist() == [True, False]


@pytest.mark.parametrize("name", ["float32", "float64"])
def test_every_binade_of_both_signs_has_the_same_number(name):
    fmt = FORMATS[name]
    values = sampling.stratified(fmt, sampling.UNARY_BASE, sampling.generator("x"))
    binade = np.abs(fmt.ordinal(values)) >> (fmt.p - 1)
    for sign in (values >= 0, values <= 0):
        counts = np.bincount(binade[sign & (values != 0)], minlength=fmt.emax - fmt.emin + 2)
        assert counts.min() >= counts.max() - 1 > 0


def test_an_interval_is_never_left_however_narrow():
    fmt = FORMATS["bfloat16"]
    drawn = sampling.uniform(fmt, 0.1001, 0.2002, 2000, sampling.generator("y"))
    assert ((drawn >= 0.1001) & (drawn <= 0.2002)).all()
    low, high = sampling.representable_interval(fmt, 0.1001, 0.2002)
    assert fmt.is_representable(np.array([low, high])).all()
    below = fmt.from_ordinal(fmt.ordinal(np.array([low])) - 1)[0]
    assert below < 0.1001 <= low


def test_related_pairs_are_close_in_size():
    fmt = FORMATS["float32"]
    x, y = sampling.related_pairs(fmt, 4000, sampling.generator("z"))
    big = (np.abs(x) > 1e-30) & (np.abs(x) < 1e30)
    ratio = np.abs(y[big] / x[big])
    assert ((ratio > 2.0**-7) & (ratio < 2.0**7)).all()
    assert (np.abs(fmt.ordinal(x) - fmt.ordinal(y)) <= 4).sum() > 500


@pytest.mark.parametrize("name", [v for group in VARIANTS.values() for v in group])
@pytest.mark.parametrize("size", [1, 7, 1000])
def test_named_arrays_are_what_they_are_called_and_regenerable(name, size):
    fmt = FORMATS["float32"]
    values = generate(name, 3, size, fmt)
    assert values.shape == (size,)
    assert fmt.is_representable(values).all()
    assert np.array_equal(values, generate(name, 3, size, fmt), equal_nan=True)
    assert np.isnan(values).any() == name.startswith("nan-")
    assert np.isinf(values).any() == ("inf" in name and not (name == "nan-and-infinities" and size == 1))
    if name.startswith("zeros"):
        assert (values == 0).all()


def test_an_unknown_array_is_refused():
    with pytest.raises(RequestError, match="no array is called"):
        generate("wild", 0, 5, FORMATS["float32"])
