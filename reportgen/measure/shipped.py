"""Making the locks that reportgen brings, for its maintainers."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from reportgen.catalogue.releases import HISTORY, SOURCES_REFUSED
from reportgen.core.formatting import plural
from reportgen.core.model import TargetSpec
from reportgen.measure import locks, pythons
from reportgen.measure.provision import FOLDER, missing_python, wish_of
from reportgen.results.files import write_atomic


def make_locks(folder: Path, cache: Path) -> Iterator[tuple[str, str]]:
    """Resolve each release of HISTORY anew into ``folder``; yields the lock's name and what came of it.

    A lock that cannot be made stays as it was; locks of releases that HISTORY no longer names are removed.
    """
    kept = {locks.BUILD.name}
    for library, versions in HISTORY.items():
        for version in versions:
            wish = wish_of(TargetSpec(f"{library}@{version}", library, version=version, base=library))
            python = pythons.find(wish.pythons[0])[0]
            if python is None:
                kept.update(path.name for path in folder.glob(f"{library}-{version}-*.txt"))
                yield f"{library}-{version}", missing_python(wish)
                continue
            name = locks.lock_name(f"{library}-{version}", python)
            kept.add(name)
            lock, ending = locks.compile_lock(wish.wanted, python, cache.absolute() / FOLDER / "locks", SOURCES_REFUSED)
            if lock is not None:
                write_atomic(folder / name, lock.text)
            yield name, plural(len(lock.packages), "package") if lock is not None else ending.said
    for path in folder.glob("*.txt"):
        if path.name not in kept:
            path.unlink()
            yield path.name, "removed"
