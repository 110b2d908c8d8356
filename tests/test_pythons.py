"""Finding interpreters: planted ones that lie, hang or belong to another machine, and the one that runs the tests."""

from __future__ import annotations

import json
import os
import platform
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from reportgen.measure import pythons
from reportgen.measure.pythons import Interpreter, Refused, architecture, candidates, find, how_to_get, probe

HERE = platform.machine()
FACTS = {"version": "3.6.15", "implementation": "CPython", "system": "Linux", "machine": HERE, "bits": 64,
         "abi": "cpython-36m", "libc": "glibc 2.17"}  # fmt: skip
Plant = Callable[..., Path]


@pytest.fixture(autouse=True)
def _nothing_remembered(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    """Only what a test plants is found."""
    for name, folder in {"PATH": "path", "PYENV_ROOT": "pyenv", "UV_PYTHON_INSTALL_DIR": "uv"}.items():
        (tmp_path / folder).mkdir()
        monkeypatch.setenv(name, str(tmp_path / folder))
    monkeypatch.delenv(pythons.PLACES, raising=False)
    find.cache_clear()
    probe.cache_clear()
    yield
    find.cache_clear()
    probe.cache_clear()


@pytest.fixture
def plant(tmp_path: Path) -> Plant:
    """An executable that answers like an interpreter of those facts, or does what ``script`` says."""

    def made(place: str, script: str = "", **facts: Any) -> Path:
        path = tmp_path / place
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"#!/bin/sh\n{script or 'echo ' + repr(json.dumps(FACTS | facts))}\n")
        path.chmod(0o755)
        return path

    return made


def test_the_interpreter_of_the_tests_is_what_it_is() -> None:
    found = probe(Path(sys.executable))
    assert isinstance(found, Interpreter)
    assert found.version == platform.python_version().rstrip("+abrc")
    assert (found.machine, found.bits, found.implementation) == (HERE, 64, "CPython")
    assert found.minor == f"3.{sys.version_info[1]}"
    assert "path" not in found.facts


def test_a_planted_one_is_believed(plant: Plant) -> None:
    path = plant("path/python3.6")
    assert probe(path) == Interpreter(str(path), **FACTS)
    assert find("3.6") == (probe(path), ())


@pytest.mark.parametrize(("machine", "bits"), [("i686", 32), (HERE, 32), ("sparc64", 64)])
def test_one_for_another_machine_is_refused_with_both_named(plant: Plant, machine: str, bits: int) -> None:
    path = plant("path/python3.6", machine=machine, bits=bits)
    refused = probe(path)
    assert isinstance(refused, Refused)
    assert refused.foreign
    expected = pythons.THIRTY_TWO.get(machine, machine) if bits == 32 else machine
    assert refused.reason == f"{path} is a Python for {expected}, this machine is {HERE}"
    assert find("3.6") == (None, (refused,))


@pytest.mark.parametrize(("number", "name"), [(3, "i686"), (183, "aarch64"), (62, "x86_64"), (999, "machine 999")])
def test_a_program_for_another_machine_is_not_even_started(tmp_path: Path, number: int, name: str) -> None:
    path = tmp_path / "path" / "python3.6"
    path.write_bytes(b"\x7fELF\x02\x01\x01" + bytes(9) + b"\x02\x00" + number.to_bytes(2, "little") + bytes(40))
    path.chmod(0o755)
    assert architecture(path) == name
    refused = probe(path)
    assert isinstance(refused, Refused)
    if name != HERE:
        assert refused == Refused(str(path), f"{path} is a program for {name}, this machine is {HERE}", True)


def test_the_architecture_of_a_real_program() -> None:
    assert architecture(Path(sys.executable).resolve()) == HERE
    assert architecture(Path(__file__)) == ""
    assert architecture(Path("/missing")) == ""


@pytest.mark.parametrize(
    "script",
    ["exit 1", "echo hello", "echo '[]'", "echo '{\"version\": \"3.6.15\"}'", "kill -9 $$", "head -c 9999999 /dev/zero",
     f"echo '{json.dumps(FACTS | {'bits': '64'})}'", f"echo '{json.dumps(FACTS | {'version': '3.6'})}'",
     f"echo '{json.dumps(FACTS)}'; exit 3"],
)  # fmt: skip
def test_what_is_no_python_is_refused(plant: Plant, script: str) -> None:
    path = plant("path/python3.6", f"PATH={os.defpath}\n{script}")
    refused = probe(path)
    assert isinstance(refused, Refused)
    assert not refused.foreign
    assert str(path) in refused.reason
    assert find("3.6")[0] is None


def test_one_that_hangs_is_given_up(plant: Plant) -> None:
    path = plant("path/python3.6", "exec /bin/sleep 60")
    begun = time.monotonic()
    refused = probe(path, 0.3)
    assert time.monotonic() - begun < 10
    assert refused == Refused(str(path), f"{path} did not say what it is within 0.3 s")


def test_a_name_proves_nothing(plant: Plant) -> None:
    plant("path/python3.6", version="3.11.4")
    plant("path/python", version="3.6.9")
    plant("pyenv/versions/pypy/bin/python3.6", implementation="PyPy")
    found, refused = find("3.6")
    assert found is not None
    assert (found.version, Path(found.path).name, refused) == ("3.6.9", "python", ())
    assert find("3.7") == (None, ())


def test_the_newest_of_pyenv_and_uv_comes_first(plant: Plant) -> None:
    for patch in (4, 15, 9):
        plant(f"pyenv/versions/3.6.{patch}/bin/python3.6", version=f"3.6.{patch}")
    plant("uv/cpython-3.7.2-linux/bin/python3.7", version="3.7.2")
    plant("uv/cpython-3.7.10-linux/bin/python3.7", version="3.7.10")
    assert [path.parts[-3] for path in candidates("3.6")] == ["3.6.15", "3.6.9", "3.6.4"]
    assert find("3.7")[0].version == "3.7.10"  # type: ignore[union-attr]


def test_named_places_come_first(plant: Plant, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    plant("path/python3.6", version="3.6.1")
    plant("inside/bin/python3.6", version="3.6.2")
    plant("many/one/bin/python3.7", version="3.7.3")
    file = plant("odd/name", version="3.6.4")
    monkeypatch.setenv(pythons.PLACES, f"{tmp_path}/inside:{tmp_path}/many::{tmp_path}/missing:{file}")
    assert find("3.6")[0].version == "3.6.2"  # type: ignore[union-attr]
    assert find("3.7")[0].version == "3.7.3"  # type: ignore[union-attr]
    find.cache_clear()
    monkeypatch.setenv(pythons.PLACES, str(file))
    assert find("3.6")[0].version == "3.6.4"  # type: ignore[union-attr]


def test_what_lies_around_does_not_mislead(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "json.py").write_text("raise SystemExit('the wrong json')")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    monkeypatch.setenv("PYTHONHOME", str(tmp_path))
    assert isinstance(probe(Path(sys.executable)), Interpreter)


def test_files_that_cannot_be_run_are_no_candidates(tmp_path: Path) -> None:
    (tmp_path / "path" / "python3.6").write_text("text")
    (tmp_path / "path" / "python3").mkdir()
    (tmp_path / "path" / "python").symlink_to(tmp_path / "missing")
    assert list(candidates("3.6")) == []


def test_how_to_get_one(plant: Plant) -> None:
    assert how_to_get("3.8") == "uv python install 3.8"
    assert "pyenv (" in how_to_get("3.6")
    plant("path/pyenv")
    assert how_to_get("3.6") == "pyenv install 3.6"
