"""Generated arrays and problems: the same name is the same data, and references survive the disk."""

from __future__ import annotations

from pathlib import Path

import ml_dtypes
import numpy as np
import pytest

from reportgen.catalogue.arrayrows import ARRAY_KINDS, array_rows
from reportgen.catalogue.rows import all_rows
from reportgen.core.arrays import generate, makers, rounded, spelled
from reportgen.core.dtypes import DTYPES
from reportgen.core.errors import RequestError
from reportgen.core.floats import FORMATS
from reportgen.core.problems import Operand, Problem, made
from reportgen.oracle.arrays import finders
from reportgen.oracle.arrays.reference import chosen_positions, pack, unpack
from reportgen.oracle.cache import CachedOracle

PROBLEM = Problem("p", "numbers", (Operand("x", "mixed", (4, 3)), Operand("y", "mixed.2", (4, 3))), (("axis", 0),))


def test_the_same_name_is_the_same_array_and_another_stream_is_not() -> None:
    fmt = FORMATS["float32"]
    first = generate("mixed", 0, (4, 3), fmt)
    assert first.shape == (4, 3)
    assert np.array_equal(first, generate("mixed", 0, (4, 3), fmt))
    others = [generate("mixed.2", 0, (4, 3), fmt), generate("mixed", 1, (4, 3), fmt)]
    assert not any(np.array_equal(first, other) for other in others)
    assert np.array_equal(generate("mixed", 0, 5, fmt), generate("mixed", 0, (5,), fmt))


def test_an_unknown_name_is_refused() -> None:
    for name in ("no-such-data", "mixed.x"):
        with pytest.raises(RequestError, match=name):
            generate(name, 0, 3, FORMATS["float32"])


def test_rounding_to_a_dtype_is_to_nearest() -> None:
    rng = np.random.default_rng(1)
    values = rng.standard_normal(20_000) * 2.0 ** rng.integers(-20, 20, 20_000)
    single = values.astype(np.float32).astype(np.float64)
    expected = single.astype(np.float32).astype(ml_dtypes.bfloat16).astype(np.float64)
    assert np.array_equal(rounded(single, FORMATS["bfloat16"]), expected)
    assert np.array_equal(rounded(values, FORMATS["float16"]), values.astype(np.float16).astype(np.float64))
    assert (
        rounded(np.array([np.nan, np.inf, -0.0]), FORMATS["bfloat16"]).tobytes()[8:]
        == np.array([np.inf, -0.0]).tobytes()
    )
    halves = rounded(values + 1j * values[::-1], DTYPES["complex64"])
    assert np.array_equal(halves.imag, halves.real[::-1])


def test_a_problem_spells_its_operands_and_counts_its_bytes() -> None:
    assert PROBLEM.spelling(3) == "gen:mixed:3:4x3;gen:mixed.2:3:4x3"
    assert PROBLEM.shape_text() == "4x3;4x3"
    assert spelled("mixed", 0, ()) == "gen:mixed:0:()"
    assert (PROBLEM.elements(), PROBLEM.bytes("float16"), PROBLEM.bytes("float64")) == (24, 48, 192)
    assert PROBLEM.parameter_text() == "axis=0"
    assert not np.array_equal(*made(PROBLEM, "float32", 0).values.values())


def test_every_row_of_arrays_is_whole() -> None:
    rows = {name for name, row in all_rows().items() if row.kind in ARRAY_KINDS}
    assert rows == set(array_rows())
    for name, row in array_rows().items():
        assert row.reference in finders(), name
        assert row.exact, name
        names = [p.name for p in row.problems]
        assert len(set(names)) == len(names), name
        assert all(o.data.partition(".")[0] in makers() for p in row.problems for o in p.operands), name
        assert all(p.words for p in row.problems), name


def test_positions_hold_both_ends_and_are_all_where_few() -> None:
    assert chosen_positions((3, 4), 20).tolist() == list(range(12))
    assert chosen_positions((), 5).tolist() == [0]
    chosen = chosen_positions((10**7,), 1000)
    assert len(chosen) == len(set(chosen.tolist())) == 1000
    assert {0, 1, 2**20, 10**7 - 1} <= set(chosen.tolist())
    assert np.array_equal(chosen, chosen_positions((10**7,), 1000))


def test_references_survive_the_disk_and_damage_is_seen(tmp_path: Path) -> None:
    arrays = made(PROBLEM, "float32", 0)
    found = finders()["sum"](arrays, 10)
    back = unpack(pack(found))
    assert back is not None
    for name, reference in found.items():
        assert back[name].shape == reference.shape
        assert np.array_equal(back[name].condition, reference.condition)
        pairs = zip(back[name].exact.arrays(), reference.exact.arrays(), strict=True)
        assert all(np.array_equal(a, b) for a, b in pairs)
    data = bytearray(pack(found))
    data[len(data) // 2] ^= 1
    assert unpack(bytes(data)) is None
    assert unpack(b"") is None


def test_the_oracle_remembers_arrays_and_mends_what_is_damaged(tmp_path: Path) -> None:
    arrays = made(PROBLEM, "float32", 0)
    first, second = CachedOracle(tmp_path), CachedOracle(tmp_path)
    value = first.arrays("sum", arrays, 10)[""].exact.hi
    assert first.counts.cache_hits == 0
    assert np.array_equal(second.arrays("sum", arrays, 10)[""].exact.hi, value)
    assert second.counts.cache_hits == 3
    for path in tmp_path.rglob("*.npz"):
        path.write_bytes(path.read_bytes()[:-3])
    third = CachedOracle(tmp_path)
    assert np.array_equal(third.arrays("sum", arrays, 10)[""].exact.hi, value)
    assert third.counts.cache_damaged == 1
    other = made(PROBLEM, "float32", 1)
    assert not np.array_equal(third.arrays("sum", other, 10)[""].exact.hi, value)
