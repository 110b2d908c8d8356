"""The remembered oracle: same answers, whole files, damaged entries computed again, keys that cover what decides."""

from __future__ import annotations

import dataclasses
import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from reportgen.catalogue.rows import Special, lookup
from reportgen.core.errors import OracleDisagreement, OutputError
from reportgen.core.floats import Exact
from reportgen.oracle import cache
from reportgen.oracle.cache import CachedOracle, Counts, entry_key, pack, unpack
from reportgen.oracle.enclosure import enclose

ROW = lookup("cos")
ARGS = (np.concatenate([np.linspace(-9, 9, 700), [0.0, -0.0, np.inf, np.nan, 1e-300, 1e22]]),)


def same(a: Exact, b: Exact) -> bool:
    return all(np.array_equal(x, y, equal_nan=x.dtype.kind == "f") for x, y in zip(a.arrays(), b.arrays(), strict=True))


def entries(folder: Path) -> list[Path]:
    return sorted(p for p in folder.rglob("*") if p.is_file())


def test_what_is_remembered_is_what_was_computed(tmp_path: Path) -> None:
    first, second = CachedOracle(tmp_path), CachedOracle(tmp_path)
    a, b = first.enclose(ROW, ARGS, "float64"), second.enclose(ROW, ARGS, "float64")
    assert same(a, b)
    assert same(a, enclose(ROW, ARGS, "float64"))
    assert first.counts.cache_hits == 0
    assert second.counts.cache_hits == len(ARGS[0])
    assert second.counts.points == len(ARGS[0])
    assert second.counts.settled + second.counts.undecided == second.counts.points


def test_confirmations_are_remembered_and_compared(tmp_path: Path) -> None:
    args = (ARGS[0][:300],)
    for hits in (0, 600):
        oracle = CachedOracle(tmp_path)
        oracle.confirm(ROW, args, "float64")
        assert oracle.counts.confirmed == 300
        assert oracle.counts.cache_hits == hits


def test_without_a_folder_nothing_is_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    CachedOracle(None).enclose(ROW, ARGS, "float64")
    assert not entries(tmp_path)


DAMAGE = {
    "cut off": lambda data: data[: len(data) // 2],
    "one bit": lambda data: data[:500] + bytes([data[500] ^ 4]) + data[501:],
    "checksum": lambda data: bytes(32) + data[32:],
    "empty": lambda data: b"",
    "text": lambda data: b"not an entry at all",
}


@pytest.mark.parametrize("kind", DAMAGE)
def test_a_damaged_entry_is_computed_again(tmp_path: Path, kind: str) -> None:
    right = CachedOracle(tmp_path).enclose(ROW, ARGS, "float64")
    (path,) = entries(tmp_path)
    path.write_bytes(DAMAGE[kind](path.read_bytes()))
    oracle = CachedOracle(tmp_path)
    assert same(oracle.enclose(ROW, ARGS, "float64"), right)
    assert oracle.counts.cache_damaged == 1
    assert oracle.counts.cache_hits == 0
    healed = CachedOracle(tmp_path)
    healed.enclose(ROW, ARGS, "float64")
    assert healed.counts.cache_hits == len(ARGS[0])


def test_an_entry_of_another_length_is_refused() -> None:
    assert unpack(pack(Exact.empty(3)), 3) is not None
    assert unpack(pack(Exact.empty(3)), 4) is None


def test_every_array_survives_packing() -> None:
    y = Exact(
        np.array([1.0, -0.0, np.nan, np.inf]), np.array([1e-20, 0, 0, 0]), np.array([0, 0, 0, 32768], np.int32),
        np.array([1, 0, 0, -1], np.int8), np.array([False, True, False, False]), np.array([False, False, True, False]),
    )  # fmt: skip
    back = unpack(pack(y), 4)
    assert back is not None
    assert same(back, y)
    assert [a.dtype for a in back.arrays()] == [a.dtype for a in y.arrays()]
    assert np.signbit(back.hi[1])


CHANGES = {
    "dtype": lambda row, args: (row, args, "float32"),
    "one input": lambda row, args: (row, (np.append(args[0][:-1], 1e23),), "float64"),
    "the sign of a zero": lambda row, args: (row, (np.where(args[0] == 0, 0.0, args[0]),), "float64"),
    "arb": lambda row, args: (dataclasses.replace(row, arb="cos(x) * 1"), args, "float64"),
    "mpmath": lambda row, args: (dataclasses.replace(row, mpmath="cos(x) * 1"), args, "float64"),
    "specials": lambda row, args: (
        dataclasses.replace(row, specials=(Special(("nan",), "nan", "", ""),)), args, "float64"),
}  # fmt: skip


@pytest.mark.parametrize("what", CHANGES)
def test_the_key_covers_what_decides_a_value(what: str) -> None:
    assert entry_key("enclose", *CHANGES[what](ROW, ARGS)) != entry_key("enclose", ROW, ARGS, "float64")


def test_the_key_covers_the_source_and_the_libraries(monkeypatch: pytest.MonkeyPatch) -> None:
    before = entry_key("enclose", ROW, ARGS, "float64")
    assert before != entry_key("confirm", ROW, ARGS, "float64")
    cache.source_hash.cache_clear()
    monkeypatch.setattr(cache, "version", lambda name: "0")
    assert entry_key("enclose", ROW, ARGS, "float64") != before
    monkeypatch.undo()
    cache.source_hash.cache_clear()
    assert entry_key("enclose", ROW, ARGS, "float64") == before


def test_the_key_does_not_cover_wording() -> None:
    other = dataclasses.replace(ROW, sentence="Said otherwise.", name="cosine")
    assert entry_key("enclose", other, ARGS, "float64") == entry_key("enclose", ROW, ARGS, "float64")


def test_a_disagreement_is_not_hidden_by_the_cache(tmp_path: Path) -> None:
    oracle = CachedOracle(tmp_path)
    args = (ARGS[0][:300],)
    wrong = oracle.enclose(ROW, args, "float64")
    wrong.lo[5] += 1e-20
    with pytest.raises(OracleDisagreement):
        oracle.confirm(ROW, args, "float64", wrong)


def test_where_mpmath_is_undecided_the_enclosure_stands(monkeypatch: pytest.MonkeyPatch) -> None:
    real = cache.confirm

    def hesitant(*args: object) -> Exact:
        out = real(*args)
        out.undecided[2], out.hi[2] = True, 0.0
        return out

    monkeypatch.setattr(cache, "confirm", hesitant)
    oracle = CachedOracle(None)
    args = (ARGS[0][:10],)
    enclosed = enclose(ROW, args, "float64")
    out = oracle.confirm(ROW, args, "float64", enclosed)
    assert same(out, enclosed)
    assert (oracle.counts.confirmed, oracle.counts.confirmed_by_arb_only) == (9, 1)


def test_a_folder_that_cannot_be_made_is_an_error_of_the_request(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(OutputError, match="cannot make the oracle's cache"):
        CachedOracle(tmp_path / "file" / "cache")


def test_a_cache_that_cannot_be_written_costs_only_the_memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    oracle = CachedOracle(tmp_path)
    monkeypatch.setattr(os, "replace", full)
    assert same(oracle.enclose(ROW, ARGS, "float64"), enclose(ROW, ARGS, "float64"))
    assert oracle.counts.cache_unwritten == 1
    assert not entries(tmp_path)


def test_counts_add_and_read_as_data() -> None:
    total = Counts(points=3, confirmed=1) + Counts(points=4, cache_hits=2)
    assert total == Counts(points=7, confirmed=1, cache_hits=2)
    assert json.loads(json.dumps(total.as_dict()))["points"] == 7


def test_another_process_reads_the_same_entry(tmp_path: Path, root: Path) -> None:
    CachedOracle(tmp_path).enclose(ROW, ARGS, "float64")
    code = (
        "import numpy as np\nfrom reportgen.catalogue.rows import lookup\n"
        "from reportgen.oracle.cache import CachedOracle\n"
        "a = np.concatenate([np.linspace(-9, 9, 700), [0.0, -0.0, np.inf, np.nan, 1e-300, 1e22]])\n"
        f"o = CachedOracle({str(tmp_path)!r}); o.enclose(lookup('cos'), (a,), 'float64'); print(o.counts.cache_hits)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=root, check=True)
    assert int(done.stdout) == len(ARGS[0])
