"""Two targets beside each other, and beside the truth."""

from __future__ import annotations

import numpy as np

from reportgen.core.agreement import agree, bitwise_equal, compared_pairs, distances
from reportgen.core.floats import FORMATS, Exact
from reportgen.core.model import TargetSpec

F32, F64 = FORMATS["float32"], FORMATS["float64"]


def test_equal_means_the_same_bits_but_all_nans_alike():
    a = np.array([0.0, np.nan, 1.0, np.inf])
    b = np.array([-0.0, np.nan, 1.0, -np.inf])
    assert bitwise_equal(a, b).tolist() == [False, True, True, False]


def test_the_farthest_pair_and_which_is_nearer():
    y = Exact.of_values(np.array([1.0, 2.0, 4.0]))
    a = np.array([1.0, 2.0 + 2**-22, 4.0])
    b = np.array([1.0, 2.0, 4.0 - 3 * 2**-22])
    got = agree(a, b, y, F32)
    assert (got.compared, got.equal, got.nan_differs) == (3, 1, 0)
    assert (got.max_distance, got.index, got.nearer) == (3, 2, "first")
    assert agree(b, a, y, F32).nearer == "second"
    assert got.max_abs == 3 * 2**-22
    assert got.max_rel == 3 * 2**-24


def test_identical_results():
    a = np.array([1.0, np.nan, -0.0])
    got = agree(a, a.copy(), Exact.of_values(a), F32)
    assert (got.equal, got.max_distance, got.index, got.nearer, got.max_abs) == (3, 0, None, "same", 0.0)


def test_a_nan_beside_a_number_is_counted_and_shown():
    y = Exact.of_values(np.array([np.nan]))
    got = agree(np.array([np.nan]), np.array([1.0]), y, F32)
    assert (got.nan_differs, got.equal, got.index, got.nearer) == (1, 0, 0, "first")


def test_undecided_points_name_no_nearer_side():
    y = Exact.of_values(np.array([1.0]))
    y.undecided[:] = True
    assert agree(np.array([1.0]), np.array([2.0]), y, F32).nearer == "undecided"


def test_the_widest_gap_of_binary64_does_not_wrap_around():
    top = F64.max_finite
    y = Exact.of_values(np.array([top]))
    got = agree(np.array([top]), np.array([-top]), y, F64)
    assert got.max_distance > 2**62
    assert got.max_rel == 2.0
    assert np.isfinite(got.max_abs)


def test_steps_across_zero_are_counted_wherever_they_fit_into_a_whole_number():
    one, two = F64.from_ordinal(np.array([1 << 61, (1 << 62) - 5000]))
    assert distances(np.array([one]), np.array([-one]), F64).tolist() == [1 << 62]
    assert distances(np.array([two]), np.array([-two]), F64).tolist() == [(1 << 63) - 10000]
    assert distances(np.array([-4.0]), np.array([4.0]), F64).tolist() == [(1 << 63) - 1]
    assert distances(np.array([np.nan]), np.array([4.0]), F64).tolist() == [-1]


def released(base: str, version: str) -> TargetSpec:
    return TargetSpec(f"{base}@{version}", base.partition("-")[0], version=version, base=base)


def test_releases_are_compared_with_their_neighbours_and_with_today():
    specs = [
        TargetSpec("numpy", "numpy"), TargetSpec("tensorflow", "tensorflow"), released("numpy", "1.13.1"),
        released("tensorflow", "1.2.0"), released("numpy", "1.17.5"), released("numpy-avx2", "1.17.5"),
        released("numpy", "2.0.2"),
    ]  # fmt: skip
    names = [t.name for t in specs] + ["numpy@1.13.1 (recorded)"]
    pairs = compared_pairs(names, {t.name: t for t in specs})
    assert set(pairs) == {
        ("numpy", "tensorflow"), ("numpy", "numpy@1.13.1"), ("numpy", "numpy@1.17.5"), ("numpy", "numpy@2.0.2"),
        ("tensorflow", "tensorflow@1.2.0"), ("numpy@1.13.1", "numpy@1.17.5"), ("numpy@1.17.5", "numpy@2.0.2"),
        ("numpy@1.13.1", "numpy@1.13.1 (recorded)"), ("numpy", "numpy@1.13.1 (recorded)"),
        ("tensorflow", "numpy@1.13.1 (recorded)"),
    }  # fmt: skip
    assert len(pairs) == len(set(pairs))


def test_targets_of_today_are_compared_with_every_other():
    names = ["numpy", "tensorflow", "scipy", "tensorflow@1.2.0 (recorded)"]
    assert len(compared_pairs(names, {n: TargetSpec(n, n) for n in names[:3]})) == 6
