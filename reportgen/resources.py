"""Where the files beside the code are: the repository's own folders, or the copies that a wheel carries."""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent


def data_dir(name: str) -> Path:
    """The folder ``name`` (``templates`` or ``specs``).

    A checkout's top level comes first, so that edits show at once; a checkout is recognised by its
    ``pyproject.toml``, which no installed package has beside it. Raises FileNotFoundError if neither is there.
    """
    top = _PACKAGE.parent
    candidates = [_PACKAGE / "_data" / name]
    if (top / "pyproject.toml").is_file():
        candidates.insert(0, top / name)
    for folder in candidates:
        if folder.is_dir():
            return folder
    raise FileNotFoundError(f"reportgen's own folder {name!r} is missing from {candidates[0].parent}")
