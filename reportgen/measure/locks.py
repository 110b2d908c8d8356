"""Locks: every package of an environment with its version and the SHA-256 of its files."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from pathlib import Path

from reportgen.measure.pythons import Interpreter
from reportgen.measure.uv import Ending, run_uv
from reportgen.results.files import write_atomic

SHIPPED = Path(__file__).resolve().parent.parent / "catalogue" / "locks"
"""The locks that reportgen brings."""
BUILD = SHIPPED / "build.txt"
"""What packages that come as source are built with, hashed too."""
_PIN = re.compile(r"^([A-Za-z0-9][A-Za-z0-9._-]*)(?:\[[^]]*\])?==([^\s;\\]+)", re.M)
_WANTED = re.compile(r"^# requirements: (.*)$", re.M)
_FITS = re.compile(r"^# for: (.*)$", re.M)


@dataclass(frozen=True)
class Lock:
    """The text of a lock, its ``packages`` as (name, version) pairs, and whether it came with reportgen."""

    text: str
    packages: tuple[tuple[str, str], ...]
    shipped: bool = False

    @property
    def digest(self) -> str:
        """SHA-256 of what it demands; comments do not count."""
        lines = [line.rstrip() for line in self.text.splitlines() if line.strip() and not line.lstrip().startswith("#")]
        return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def platform_name(python: Interpreter) -> str:
    """``Linux x86_64, Python 3.6``: what a lock was made for."""
    return f"{python.system} {python.machine}, Python {python.minor}"


def read_lock(text: str, shipped: bool = False) -> Lock:
    return Lock(text, tuple((name.lower(), version) for name, version in _PIN.findall(text)), shipped)


def shipped_lock(name: str, wanted: tuple[str, ...], python: Interpreter) -> Lock | None:
    """The lock that reportgen brings for a release (``numpy-1.13.1``), if it is for this platform and those wishes."""
    try:
        text = (SHIPPED / lock_name(name, python)).read_text(encoding="utf-8")
    except OSError:
        return None
    return read_lock(text, shipped=True) if fits(text, wanted, python) else None


def fits(text: str, wanted: tuple[str, ...], python: Interpreter) -> bool:
    """Whether a lock was made from these requirements, for this platform and Python."""
    said, made_for = _WANTED.search(text), _FITS.search(text)
    return bool(said and made_for) and (said.group(1), made_for.group(1)) == (
        " ".join(wanted),
        platform_name(python),
    )


def lock_name(name: str, python: Interpreter) -> str:
    return f"{name}-py{python.minor}.txt"


def kept_lock(folder: Path, wanted: tuple[str, ...], python: Interpreter) -> Path:
    """Where the cache keeps the lock of these requirements for that Python."""
    key = hashlib.sha256("\n".join([*wanted, platform_name(python)]).encode()).hexdigest()[:16]
    return folder / f"{key}.txt"


def load_kept(folder: Path, wanted: tuple[str, ...], python: Interpreter) -> Lock | None:
    """The lock that an earlier run has compiled."""
    try:
        text = kept_lock(folder, wanted, python).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return None
    return read_lock(text) if fits(text, wanted, python) and _PIN.search(text) else None


def compile_lock(
    wanted: tuple[str, ...], python: Interpreter, folder: Path, wheels: tuple[str, ...] = ()
) -> tuple[Lock | None, Ending]:
    """Resolve requirements with uv into a hashed lock and keep it in ``folder``; how uv ended says why there is none.

    ``wheels`` are distributions that are only taken as wheels.
    """
    folder.mkdir(parents=True, exist_ok=True)
    ending = run_uv(
        ["pip", "compile", "-", "--python", python.path, "--generate-hashes", "--no-header", "--no-annotate",
         "--build-constraints", str(BUILD), *(word for name in wheels for word in ("--only-binary", name))],
        folder,
        "\n".join(wanted) + "\n",
    )  # fmt: skip
    if not ending.ok:
        return None, ending
    text = header(wanted, python) + ending.output
    write_atomic(kept_lock(folder, wanted, python), text)
    return read_lock(text), ending


def header(wanted: tuple[str, ...], python: Interpreter) -> str:
    """What a lock says of itself."""
    return (
        "# What uv pip compile --generate-hashes made of these requirements for that platform.\n"
        f"# requirements: {' '.join(wanted)}\n"
        f"# for: {platform_name(python)}\n"
    )
