"""Atomic files and folders: what is published is whole, or is not there."""

from __future__ import annotations

import contextlib
import ctypes
import os
import shutil
import tempfile
import zipfile
from collections.abc import Iterator
from pathlib import Path

from reportgen.core.errors import OutputError

RENAME_EXCHANGE = 2
AT_FDCWD = -100


def write_atomic(path: Path, text: str | bytes) -> None:
    """Write a file so that a reader sees the old content or the new, never a part. Raises OSError."""
    data = text.encode("utf-8") if isinstance(text, str) else text
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
        os.chmod(temporary, 0o644)
        os.replace(temporary, path)
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(temporary)
        raise


def exchange(first: Path, second: Path) -> bool:
    """Swap two existing folders in one step where the kernel can; False where it cannot."""
    try:
        libc = ctypes.CDLL(None, use_errno=True)
        result = libc.renameat2(AT_FDCWD, os.fsencode(first), AT_FDCWD, os.fsencode(second), RENAME_EXCHANGE)
    except (OSError, AttributeError):
        return False
    return bool(result == 0)


def publish_folder(staged: Path, final: Path) -> None:
    """Put ``staged`` in the place of ``final``; an older ``final`` stays whole until that moment, then goes."""
    if final.is_symlink() or (final.exists() and not final.is_dir()):
        raise OutputError(f"{final}: is not a folder of this program; move it away")
    sync_tree(staged)
    if not final.exists():
        os.rename(staged, final)
    elif exchange(staged, final):
        shutil.rmtree(staged, ignore_errors=True)
    else:
        retired = final.with_name(f".retired-{final.name}-{os.getpid()}")
        os.rename(final, retired)
        os.rename(staged, final)
        shutil.rmtree(retired, ignore_errors=True)
    sync_folder(final.parent)


def sync_tree(folder: Path) -> None:
    """fsync every file below ``folder`` and the folders themselves."""
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            with path.open("rb") as stream:
                os.fsync(stream.fileno())
        elif path.is_dir():
            sync_folder(path)
    sync_folder(folder)


def sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def point_link(link: Path, destination: str) -> None:
    """Make ``link`` a symbolic link to ``destination`` (a name beside it), replacing an older one in one step."""
    if link.exists() and not link.is_symlink():
        raise OutputError(f"{link}: is not the link that this program keeps; move it away")
    temporary = link.with_name(f".{link.name}-{os.getpid()}")
    with contextlib.suppress(FileNotFoundError):
        temporary.unlink()
    temporary.symlink_to(destination)
    os.replace(temporary, link)


@contextlib.contextmanager
def staging(parent: Path, name: str) -> Iterator[Path]:
    """A fresh folder in ``parent``, beside the final one, removed on the way out if it is still there.

    Raises OutputError where there can be none.
    """
    try:
        parent.mkdir(parents=True, exist_ok=True)
        folder = Path(tempfile.mkdtemp(dir=parent, prefix=f".staged-{name}-"))
    except OSError as error:
        raise OutputError(f"{parent}: cannot be written ({error.strerror}); expected a folder that can") from None
    os.chmod(folder, 0o755)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def reproducible_zip(path: Path, root: Path, names: list[str], inside: str) -> None:
    """A zip of ``names`` (relative to ``root``) below the folder ``inside``: same content, same bytes."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
        for name in sorted(names):
            info = zipfile.ZipInfo(f"{inside}/{name}", date_time=(1980, 1, 1, 0, 0, 0))
            info.compress_type = zipfile.ZIP_DEFLATED
            info.external_attr = 0o644 << 16
            archive.writestr(info, (root / name).read_bytes())
