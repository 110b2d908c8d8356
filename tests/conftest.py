"""What all tests share: an own cache, a deterministic hypothesis, the browser."""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

ROOT = Path(__file__).resolve().parent.parent
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")

settings.register_profile(
    "project",
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
settings.load_profile("project")


@pytest.fixture(scope="session", autouse=True)
def own_cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """No test reads or writes the user's cache."""
    folder = tmp_path_factory.mktemp("cache")
    before = os.environ.get("REPORTGEN_CACHE")
    os.environ["REPORTGEN_CACHE"] = str(folder)
    yield folder
    if before is None:
        del os.environ["REPORTGEN_CACHE"]
    else:
        os.environ["REPORTGEN_CACHE"] = before


@pytest.fixture(scope="session")
def root() -> Path:
    """The top level of the checkout."""
    return ROOT


@pytest.fixture(scope="session")
def browser_path() -> str:
    """The installed Chromium; a machine without one fails the tests that need it, and says how to get it."""
    for name in BROWSERS:
        found = shutil.which(name)
        if found:
            return found
    pytest.fail(f"no browser: install one of {', '.join(BROWSERS)} (`make test` tries the system's package manager)")


@pytest.fixture(scope="session")
def tree_digest() -> Callable[[Path], str]:
    """A digest of every path, link and byte below a folder; of nothing where the folder is missing."""

    def digest(folder: Path) -> str:
        state = hashlib.sha256()
        for path in sorted(folder.rglob("*")):
            state.update(str(path.relative_to(folder)).encode() + b"\0")
            if path.is_symlink():
                state.update(b"link" + os.readlink(path).encode())
            elif path.is_file():
                state.update(b"file" + path.read_bytes())
        return state.hexdigest() if folder.exists() else "missing"

    return digest
