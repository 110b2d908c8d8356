"""One environment in the cache: made under a file lock, marked when it is whole, looked at before it is used."""

from __future__ import annotations

import contextlib
import csv
import fcntl
import hashlib
import json
import os
import shutil
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from reportgen.catalogue.libraries import libraries
from reportgen.core.model import TargetSpec
from reportgen.measure.launcher import environment
from reportgen.measure.locks import BUILD, Lock
from reportgen.measure.pythons import Interpreter
from reportgen.measure.uv import Ending, run_program, run_uv
from reportgen.results.files import write_atomic

MARKER = "reportgen.json"
"""Written last: an environment without it is the remains of a build that was killed."""
IMPORT_SECONDS = 180.0
LAYOUT = 1
"""Part of every identity: a later reportgen that makes environments otherwise makes new ones."""


@dataclass(frozen=True)
class Recipe:
    """What an environment is made from: a lock, an interpreter, and the library that is the reason for it."""

    lock: Lock
    python: Interpreter
    library: str

    @property
    def identity(self) -> str:
        """Names the content: the lock and the interpreter's release and build, wherever either lies."""
        parts = [LAYOUT, self.lock.digest, self.python.facts]
        return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()[:20]


def interpreter_of(folder: Path) -> Path:
    return folder / "bin" / "python"


def state_of(folder: Path) -> dict[str, Any] | None:
    """What the marker says of an environment that is whole; None where it is missing, half made or damaged."""
    try:
        marker = json.loads((folder / MARKER).read_text(encoding="utf-8"))
        python = interpreter_of(folder)
        whole = os.access(python, os.X_OK) and python.resolve() == Path(marker["python_file"])
        if whole and marker["content"] == content_of(folder):
            return dict(marker)
    except (OSError, ValueError, KeyError, TypeError):
        pass
    return None


def content_of(folder: Path) -> str:
    """A digest of the names of all files, and the sizes of libraries; compiled bytecode comes and goes."""
    digest = hashlib.sha256()
    for name in sorted(_names(str(folder), "")):
        digest.update(name.encode("utf-8", "surrogateescape") + b"\0")
    return digest.hexdigest()


def _names(top: str, inside: str) -> Iterator[str]:
    with os.scandir(os.path.join(top, inside)) as entries:
        for entry in entries:
            name = f"{inside}{entry.name}"
            if entry.is_dir(follow_symlinks=False):
                if entry.name != "__pycache__":
                    yield from _names(top, f"{name}/")
            elif name != MARKER:
                yield f"{name} {entry.stat().st_size}" if ".so" in entry.name else name


@contextlib.contextmanager
def locked(folder: Path) -> Iterator[int]:
    """Hold the lock of an environment; a second run waits here until the first has built it."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    with open(folder.with_name(f"{folder.name}.lock"), "ab") as stream:
        fcntl.flock(stream, fcntl.LOCK_EX)
        yield stream.fileno()


def build(recipe: Recipe, folder: Path) -> tuple[dict[str, Any] | None, Ending]:
    """The marker of the environment in ``folder``, made now unless another run has just made it.

    Whatever fails, no half environment stays. Raises OSError where the cache cannot be written.
    """
    with locked(folder) as held:
        state = state_of(folder)
        if state is not None:
            return state, Ending("ok")
        started = time.monotonic()
        shutil.rmtree(folder, ignore_errors=True)
        made = False
        try:
            ending = _install(recipe, folder, held)
            made = ending.ok
        finally:
            if not made:
                shutil.rmtree(folder, ignore_errors=True)
        if not made:
            return None, ending
        _import_once(recipe.library, folder, held)
        return _mark(recipe, folder, time.monotonic() - started), ending


def _install(recipe: Recipe, folder: Path, held: int) -> Ending:
    parent, keep = folder.parent, (held,)
    ending = run_uv(["venv", "--python", recipe.python.path, "--no-project", str(folder)], parent, held=keep)
    if not ending.ok:
        return ending
    lock = folder / "requirements.lock"
    lock.write_text(recipe.lock.text, encoding="utf-8")
    python = str(interpreter_of(folder))
    command = ["pip", "sync", "--python", python, "--require-hashes", "--build-constraints", str(BUILD)]
    if recipe.lock.shipped:
        command += ["--require-build-hashes", "--preview-features", "build-dependency-hashes"]
    ending = run_uv([*command, str(lock)], parent, held=keep)
    if ending.ok and damaged(folder):
        # Files are links into uv's cache, which does not look at them again: what was cut off there comes back.
        ending = run_uv([*command, "--no-cache", "--reinstall", str(lock)], parent, held=keep)
        if ending.ok and (names := damaged(folder)):
            return Ending("failed", said=f"{names[0]} is not as long as its package says")
    return ending


def damaged(folder: Path) -> list[str]:
    """Installed files that are gone or not of the size that their package's RECORD states."""
    found = []
    for record in sorted(folder.glob("lib/python*/site-packages/*.dist-info/RECORD")):
        site = record.parent.parent
        with record.open(encoding="utf-8", newline="") as stream:
            sized = [(row[0], row[2]) for row in csv.reader(stream) if len(row) == 3 and row[2].isdigit()]
        for name, size in sized:
            try:
                if os.stat(site / name).st_size == int(size):
                    continue
            except OSError:
                pass
            found.append(name)
    return found


def _import_once(library: str, folder: Path, held: int) -> None:
    """Import the library, so that the bytecode that every worker needs is there (compiling all would take longer).

    What goes wrong here goes wrong in the worker too, which says so.
    """
    known = libraries().get(library)
    if known is None or not known.module:
        return
    env = environment(TargetSpec("", library, version="any")) | {"CUDA_VISIBLE_DEVICES": "-1"}
    with contextlib.suppress(OSError, subprocess.TimeoutExpired):
        command = [str(interpreter_of(folder)), "-c", f"import {known.module}"]
        run_program(command, folder, env, held=(held,), seconds=IMPORT_SECONDS)


def _mark(recipe: Recipe, folder: Path, seconds: float) -> dict[str, Any]:
    marker = {
        "identity": recipe.identity,
        "python": recipe.python.facts,
        "python_file": str(interpreter_of(folder).resolve()),
        "packages": [list(package) for package in recipe.lock.packages],
        "content": content_of(folder),
        "seconds": round(seconds, 2),
        "bytes": size_of(folder),
    }
    write_atomic(folder / MARKER, json.dumps(marker, indent=1) + "\n")
    return marker


def size_of(folder: Path) -> int:
    """Bytes of the files below a folder, whether or not they share their place with uv's cache."""
    total = 0
    for path, _, names in os.walk(folder):
        total += sum(os.lstat(os.path.join(path, name)).st_size for name in names)
    return total
