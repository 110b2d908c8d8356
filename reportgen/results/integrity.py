"""Whether a stored file is still what was written: the checksum that closes it, and the list beside it.

``results.json`` ends with the key ``sha256``, the SHA-256 of all bytes before it, so that a lone file tells whether it
was cut off or edited. Every file of a version's folder also stands in ``SHA256SUMS``.
"""

from __future__ import annotations

import hashlib
import json
import re
from functools import lru_cache
from pathlib import Path
from typing import Any

from reportgen.core.errors import StoredResultError

SUMS = "SHA256SUMS"
SEALED_SINCE = 3
"""The first schema whose files close with their checksum."""

CLOSING = re.compile(rb',\n"sha256": "([0-9a-f]{64})"\n}\n\Z')
CLOSING_LENGTH = 82
NUMBER = re.compile(rb'\{\s*"schema":\s*(\d{1,9})\b')
SUMS_LINE = re.compile(r"([0-9a-f]{64})  (\S.*)")


def sealed(text: str) -> str:
    """A JSON object's text, which ends with a brace on its own line, closed with the checksum of what stands before."""
    body = text.removesuffix("\n}\n")
    if body == text:
        raise ValueError("expected the text of a JSON object that ends with a brace on a line of its own")
    return f'{body},\n"sha256": "{hashlib.sha256(body.encode()).hexdigest()}"\n}}\n'


def listed_sums(folder: Path) -> dict[str, str] | None:
    """SHA-256 by file name of a version's folder; None where it has no list. Raises StoredResultError."""
    path = folder / SUMS
    try:
        state = path.stat()
    except OSError:
        return None
    return _parsed_sums(path, state.st_mtime_ns, state.st_size)


@lru_cache(maxsize=64)
def _parsed_sums(path: Path, _changed: int, _size: int) -> dict[str, str]:
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise StoredResultError(f"{path}: cannot be read as a list of checksums ({error})") from None
    found = {}
    for number, line in enumerate(lines, 1):
        match = SUMS_LINE.fullmatch(line)
        if not match:
            raise StoredResultError(
                f"{path}:{number}: got {line[:80]!r}, expected a SHA-256, two spaces and a file's name: cut off or "
                "edited by hand; remove the list if the files beside it are known to be whole"
            )
        found[match[2]] = match[1]
    return found


def verified(path: Path, folder: Path | None = None) -> bytes:
    """The content of a stored file, which is what the version's list of checksums says where there is one.

    ``folder`` is the version's, by default the one that holds the file. Raises StoredResultError.
    """
    raw = _content(path)
    check_listed(path, raw, folder or path.parent)
    return raw


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        raise StoredResultError(f"{path}: not found; expected a file of a stored version") from None
    except OSError as error:
        raise StoredResultError(f"{path}: cannot be read ({error.strerror})") from None


def check_listed(path: Path, raw: bytes, folder: Path) -> None:
    """Raise StoredResultError unless the list of ``folder``, where it has one, names these bytes for this file."""
    sums = listed_sums(folder)
    if sums is None:
        return
    name = path.relative_to(folder).as_posix()
    if name not in sums:
        raise StoredResultError(
            f"{folder / SUMS}: does not list {name}, expected every file of the version: the list is cut off or edited "
            "by hand; remove it if the files beside it are known to be whole"
        )
    found = hashlib.sha256(raw).hexdigest()
    if found != sums[name]:
        raise StoredResultError(
            f"{path}: is not the file that was stored: its SHA-256 begins {found[:12]}, {SUMS} beside it says "
            f"{sums[name][:12]}; {remedy(path, folder)}"
        )


def check_whole(folder: Path, prefix: str) -> None:
    """Raise StoredResultError where a file whose listed name begins with ``prefix`` is gone from the folder."""
    for name in listed_sums(folder) or ():
        if name.startswith(prefix) and not (folder / name).is_file():
            raise StoredResultError(f"{folder / name}: is missing, {SUMS} lists it; {remedy(folder / name, folder)}")


def remedy(path: Path, folder: Path) -> str:
    """How to get a damaged file back."""
    archives = sorted(p.name for p in folder.glob("reportgen-*.zip"))
    if archives:
        return f"take {path.relative_to(folder).as_posix()} out of {archives[0]} again, or measure again"
    return "fetch it again from where it came, or measure again"


def parsed(path: Path, newest: int) -> dict[str, Any]:
    """A results document as stored, without its checksum, which was verified.

    ``newest`` is the newest schema that can be read. Raises StoredResultError where the file is missing, cut off,
    edited, of a newer schema, or no results at all.
    """
    raw = _content(path)
    closing = CLOSING.search(raw, max(0, len(raw) - CLOSING_LENGTH))
    if closing:
        _check_own(path, raw[: closing.start()], closing[1].decode())
    else:
        _refuse_newer(path, NUMBER.match(raw), newest)
    document = _json(path, raw)
    schema = document["schema"]
    if schema > newest:
        raise StoredResultError(_newer(path, schema, newest))
    if closing is None and schema >= SEALED_SINCE:
        raise StoredResultError(
            f"{path}: does not close with its checksum, expected a last line 'sha256' in a file of schema {schema}: "
            f"edited by hand or written by another program; {remedy(path, path.parent)}"
        )
    check_listed(path, raw, path.parent)
    if closing:
        del document["sha256"]
    return document


def _check_own(path: Path, body: bytes, expected: str) -> None:
    found = hashlib.sha256(body).hexdigest()
    if found != expected:
        raise StoredResultError(
            f"{path}: its content was changed after it was written: its SHA-256 begins {found[:12]}, the checksum "
            f"that closes it {expected[:12]}; {remedy(path, path.parent)}"
        )


def _json(path: Path, raw: bytes) -> dict[str, Any]:
    try:
        document: dict[str, Any] = json.loads(raw.decode("utf-8"))
    except (UnicodeDecodeError, ValueError, RecursionError) as error:
        raise StoredResultError(
            f"{path}: is cut off or damaged: {len(raw)} bytes that do not end as stored results do ({error}); "
            f"{remedy(path, path.parent)}"
        ) from None
    schema = document.get("schema") if isinstance(document, dict) else None
    if not isinstance(schema, int) or isinstance(schema, bool) or schema < 1:
        raise StoredResultError(f"{path}: is not a stored result (no schema number)")
    return document


def _refuse_newer(path: Path, number: re.Match[bytes] | None, newest: int) -> None:
    """A newer form may not close as this one does, and need not even be JSON throughout."""
    if number and int(number[1]) > newest:
        raise StoredResultError(_newer(path, int(number[1]), newest))


def _newer(path: Path, schema: int, newest: int) -> str:
    return (
        f"{path}: schema {schema} is newer than {newest}, the newest that this release reads; "
        "update reportgen (pip install --upgrade reportgen)"
    )
