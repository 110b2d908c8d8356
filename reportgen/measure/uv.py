"""uv, which resolves, locks and installs what environments need: found, run, and its complaints understood."""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import signal
import subprocess
import threading
from dataclasses import dataclass
from pathlib import Path

INSTALL = "uv is not installed: pip install uv"
SECONDS = 1800.0
"""Longer than this no run of uv may take: half a gigabyte over a slow line, or a package compiled from its source."""
INHERITED = ("HOME", "PATH", "LANG", "LC_ALL", "TMPDIR", "USER", "LOGNAME", "SSL_CERT_FILE", "SSL_CERT_DIR", "NETRC")
INHERITED_PREFIXES = (
    "XDG_", "UV_INDEX", "UV_DEFAULT_INDEX", "UV_EXTRA_INDEX", "UV_FIND_LINKS", "UV_NO_INDEX", "UV_HTTP", "UV_CACHE_DIR",
    "UV_OFFLINE", "UV_CONFIG_FILE", "UV_LINK_MODE", "UV_CONCURRENT", "UV_NATIVE_TLS", "UV_SYSTEM_CERTS",
    "UV_INSECURE_HOST", "UV_KEYRING", "UV_REQUEST",
)  # fmt: skip
"""What uv may learn from the shell: where packages come from. What would skip a check or change a choice stays out."""
_running: set[subprocess.Popen[str]] = set()

PROXIES = ("http_proxy", "https_proxy", "all_proxy", "no_proxy")

_UNKNOWN = re.compile(r"there (?:is|are) no versions? of|was not found in the (?:package registry|provided)", re.I)
_WHEELS = re.compile(r"no (?:usable )?wheels|matching (?:platform|Python (?:ABI|version|implementation)) tag", re.I)
_PYTHON = re.compile(r"current Python version|requested Python version|depends on Python|Requires-Python", re.I)
_NETWORK = re.compile(
    r"error sending request|Failed to fetch|failed to download|client error \(Connect\)|dns error|tcp connect|"
    r"timed out|network (?:connectivity )?(?:is|was) disabled|HTTP status|request failed after|"
    r"connection (?:reset|closed)",
    re.I,
)
_HASH = re.compile(r"hash mismatch|hash-checking|has no hashes|--require-hashes", re.I)


@dataclass(frozen=True)
class Ending:
    """How a run of uv ended. ``kind``: ``ok``, ``unresolvable`` (the requirements contradict each other or name
    nothing), ``unsuitable`` (what they name was not made for this Python or machine), ``network``, ``hash`` or
    ``failed``; ``said`` is its complaint in one line."""

    kind: str
    output: str = ""
    said: str = ""

    @property
    def ok(self) -> bool:
        return self.kind == "ok"


_FINDING = threading.Lock()
"""``uv`` asks ``sysconfig``, whose first answers to several threads at once can be None."""


def find_uv() -> str | None:
    """The program: that of the ``uv`` package, else the one on the path."""
    try:
        from uv import find_uv_bin

        with _FINDING:
            return str(find_uv_bin())
    except (ImportError, FileNotFoundError):
        return shutil.which("uv")


def uv_environment() -> dict[str, str]:
    """The variables that uv is given: no environment of ours, no download of interpreters, nothing for a terminal."""
    env = {
        k: v
        for k, v in os.environ.items()
        if k in INHERITED or k.startswith(INHERITED_PREFIXES) or k.lower() in PROXIES
    }
    return env | {"UV_PYTHON_DOWNLOADS": "never", "UV_NO_PROGRESS": "1", "NO_COLOR": "1", "PYTHONHASHSEED": "0"}


def run_uv(
    arguments: list[str], folder: Path, given: str = "", held: tuple[int, ...] = (), seconds: float = SECONDS
) -> Ending:
    """Run uv in ``folder`` (so that no project around the shell's folder has a say) with ``given`` as its input.

    ``held`` are descriptors that it inherits: a file lock stays locked until uv has ended too, whatever becomes of us.
    """
    program = find_uv()
    if program is None:
        return Ending("failed", said=INSTALL)
    try:
        code, output, errors = run_program([program, *arguments], folder, uv_environment(), given, held, seconds)
    except OSError as error:
        return Ending("failed", said=f"{program} cannot be run: {error.strerror}")
    except subprocess.TimeoutExpired:
        return Ending("failed", said=f"uv was not ready within {seconds:g} s")
    return Ending("ok", output) if code == 0 else Ending(kind_of(errors), output, condensed(errors))


def run_program(
    command: list[str],
    folder: Path,
    env: dict[str, str],
    given: str = "",
    held: tuple[int, ...] = (),
    seconds: float = SECONDS,
) -> tuple[int, str, str]:
    """Exit status, output and errors of a program that :func:`end_all` can end. Raises OSError, TimeoutExpired."""
    process = subprocess.Popen(
        command,
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        cwd=folder, env=env, text=True, encoding="utf-8", errors="replace", start_new_session=True, pass_fds=held,
    )  # fmt: skip
    _running.add(process)
    try:
        output, errors = process.communicate(given, timeout=seconds)
        return process.returncode, output, errors
    finally:
        _end(process)


def _end(process: subprocess.Popen[str]) -> None:
    """End uv with everything it started, if it still runs (an interrupted run, a time limit)."""
    _running.discard(process)
    if process.poll() is None:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGTERM)
        process.wait()


def end_all() -> None:
    """End every uv that other threads wait for: the run is being interrupted."""
    for process in list(_running):
        if process.poll() is None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGTERM)


def kind_of(errors: str) -> str:
    """What went wrong, from what uv wrote."""
    if _HASH.search(errors) and "No solution found" not in errors:
        return "hash"
    if _NETWORK.search(errors):
        return "network"
    if "No solution found" in errors or "unsatisfiable" in errors or _UNKNOWN.search(errors):
        unsuitable = (_WHEELS.search(errors) or _PYTHON.search(errors)) and not _UNKNOWN.search(errors)
        return "unsuitable" if unsuitable else "unresolvable"
    return "failed"


def condensed(errors: str, length: int = 300) -> str:
    """The complaint in one line: the causes, without what uv says around them."""
    lines = [line.strip() for line in errors.splitlines() if line.strip()]
    lines = [
        line
        for line in lines
        if not re.match(
            r"(hint|warning|help):|Resolved|Using|Download(?:ing|ed)|Buil(?:ding|t)|Prepared|Installed", line
        )
    ]
    text = " ".join(re.sub(r"^(?:error|cause|×|├─▶|╰─▶|│)\W*", "", line) for line in lines)
    text = re.sub(r"^Request failed after \d+ retr(?:y|ies) in [\d.]+m?s\s*", "", text)
    text = re.sub(r"^No solution found when resolving dependencies:?\s*", "", text)
    text = re.sub(r",? we can conclude that (?:your requirements are|.*? cannot be used)[^.]*\.?\s*$", ".", text)
    text = re.sub(r"^Because ((?:(?! and ).)*) and you require [^,]*\.$", r"\1", text)
    return text if len(text) <= length else text[: length - 1].rsplit(" ", 1)[0] + " …"
