"""The Python interpreters of this machine: each one found is run, because its name proves nothing."""

from __future__ import annotations

import json
import os
import platform
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path

PLACES = "REPORTGEN_PYTHONS"
"""Environment variable: interpreters, or folders that hold them, separated by colons; they are tried first."""
SECONDS = 10.0
"""Longer than this no interpreter may take to say what it is."""
PROBE = """
import json, platform, struct, sys, sysconfig
print(json.dumps({
    "version": "%d.%d.%d" % sys.version_info[:3],
    "implementation": platform.python_implementation(),
    "system": platform.system(),
    "machine": platform.machine(),
    "bits": 8 * struct.calcsize("P"),
    "abi": str(sysconfig.get_config_var("SOABI") or ""),
    "libc": " ".join(platform.libc_ver()).strip(),
}))
"""
"""Runs on every Python from 2.7 on."""
ELF_MACHINES = {3: "i686", 8: "mips", 20: "ppc", 21: "ppc64", 22: "s390x", 40: "armv7l", 62: "x86_64", 183: "aarch64",
                243: "riscv64"}  # fmt: skip
"""``e_machine`` of an ELF file (elf.h) as ``uname -m`` calls it."""
THIRTY_TWO = {"x86_64": "i686", "aarch64": "armv7l"}
_FACTS = {"version": str, "implementation": str, "system": str, "machine": str, "bits": int, "abi": str, "libc": str}


@dataclass(frozen=True)
class Interpreter:
    """What an interpreter said of itself when it was run; ``bits`` is the size of its pointers."""

    path: str
    version: str
    implementation: str
    system: str
    machine: str
    bits: int
    abi: str
    libc: str

    @property
    def minor(self) -> str:
        """``3.6`` of 3.6.15."""
        return ".".join(self.version.split(".")[:2])

    @property
    def facts(self) -> dict[str, str | int]:
        """What distinguishes it from other builds, wherever it lies."""
        return {key: value for key, value in asdict(self).items() if key != "path"}


@dataclass(frozen=True)
class Refused:
    """A file that looks like an interpreter and is none for us, with the reason; ``foreign``: of another machine."""

    path: str
    reason: str
    foreign: bool = False


def architecture(path: Path) -> str:
    """The machine that an executable file is made for, as ``uname -m`` calls it; empty where it is no ELF file."""
    try:
        with path.open("rb") as stream:
            head = stream.read(20)
    except OSError:
        return ""
    if len(head) < 20 or head[:4] != b"\x7fELF":
        return ""
    number = int.from_bytes(head[18:20], "big" if head[5] == 2 else "little")
    return ELF_MACHINES.get(number, f"machine {number}")


@cache
def probe(path: Path, seconds: float = SECONDS) -> Interpreter | Refused:
    """Run an interpreter and note what it is; every trouble is a :class:`Refused`."""
    here, made_for = platform.machine(), architecture(path)
    if made_for and made_for != here:
        return Refused(str(path), f"{path} is a program for {made_for}, this machine is {here}", True)
    env = {
        k: v for k, v in os.environ.items() if not k.startswith(("PYTHON", "PYENV_", "__PYVENV")) and k != "VIRTUAL_ENV"
    }
    try:
        # From the root, so that no file of the working folder stands in for a module of the standard library.
        done = subprocess.run(
            [str(path), "-E", "-c", PROBE],
            capture_output=True, stdin=subprocess.DEVNULL, timeout=seconds, env=env, cwd="/", check=False,
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        return Refused(str(path), f"{path} did not say what it is within {seconds:g} s")
    except OSError as error:
        return Refused(str(path), f"{path} cannot be run: {error.strerror}")
    facts = _facts(done.stdout)
    if done.returncode or facts is None:
        return Refused(str(path), f"{path} is no Python: it ended with {done.returncode} and said nothing of use")
    found = Interpreter(str(path), **facts)
    machine = THIRTY_TWO.get(found.machine, found.machine) if found.bits == 32 else found.machine
    if machine != here:
        return Refused(str(path), f"{path} is a Python for {machine}, this machine is {here}", True)
    return found


def _facts(output: bytes) -> dict[str, str | int] | None:
    """What the probe printed, if it is all there and well-formed."""
    try:
        facts = json.loads(output[-4096:].decode("utf-8", "replace").strip().splitlines()[-1])
    except (ValueError, IndexError):
        return None
    if not isinstance(facts, dict) or any(type(facts.get(key)) is not kind for key, kind in _FACTS.items()):
        return None
    if not re.fullmatch(r"\d+\.\d+\.\d+", facts["version"]):
        return None
    return {key: facts[key] for key in _FACTS}


def candidates(minor: str) -> Iterator[Path]:
    """Files that may be an interpreter of that release (``3.6``), likeliest first; each file once."""
    seen: set[Path] = set()
    for path in _places(minor):
        if path.is_file() and os.access(path, os.X_OK) and (real := path.resolve()) not in seen:
            seen.add(real)
            yield path


def _places(minor: str) -> Iterator[Path]:
    names = (f"python{minor}", "python3", "python")
    on_path = [Path(folder) for folder in os.get_exec_path() if Path(folder).is_absolute()]
    for word in filter(None, os.environ.get(PLACES, "").split(os.pathsep)):
        place = Path(word).expanduser().absolute()
        if place.is_dir():
            yield from (folder / name for folder in (place, place / "bin") for name in names)
            yield from sorted(place.glob(f"*/bin/python{minor}"), reverse=True)
        else:
            yield place
    if f"{sys.version_info[0]}.{sys.version_info[1]}" == minor:
        yield Path(getattr(sys, "_base_executable", sys.executable))
    for root in _version_folders():
        yield from sorted(root.glob(f"*/bin/{names[0]}"), key=_patch, reverse=True)
    yield from (folder / name for name in names for folder in on_path)


def _version_folders() -> list[Path]:
    """Where pyenv and uv keep interpreters."""
    home = Path.home()
    data = Path(os.environ.get("XDG_DATA_HOME") or home / ".local" / "share")
    return [
        Path(os.environ.get("PYENV_ROOT") or home / ".pyenv") / "versions",
        Path(os.environ.get("UV_PYTHON_INSTALL_DIR") or data / "uv" / "python"),
    ]


def _patch(path: Path) -> tuple[int, ...]:
    """The release in a folder's name, e.g. (3, 12, 11) of ``cpython-3.12.11-linux-x86_64-gnu/bin/python3.12``."""
    found = re.search(r"\d+(?:\.\d+)+", path.parent.parent.name)
    return tuple(int(part) for part in found.group().split(".")) if found else ()


@cache
def find(minor: str) -> tuple[Interpreter | None, tuple[Refused, ...]]:
    """An interpreter of that release for this machine, and what looked like one and was refused."""
    refused: list[Refused] = []
    for path in candidates(minor):
        found = probe(path)
        if isinstance(found, Refused):
            refused.append(found)
        elif found.minor == minor and found.implementation == "CPython":
            return found, tuple(refused)
    return None, tuple(refused)


def how_to_get(minor: str) -> str:
    """What to type for an interpreter of that release: uv has 3.8 and later, pyenv compiles the older ones too."""
    if int(minor.split(".")[1]) >= 8:
        return f"uv python install {minor}"
    return (
        f"pyenv install {minor}"
        if shutil.which("pyenv")
        else f"pyenv (github.com/pyenv/pyenv), then pyenv install {minor}"
    )
