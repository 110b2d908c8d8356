"""The oracle with a memory: enclosures and confirmations kept on disk by the hash of everything that decides them.

A key covers the row's expressions and special cases, the dtype, the inputs' bytes, the source of the oracle and the
versions of its libraries; so an entry is never stale, only unused. An entry is written whole or not at all and
carries a checksum; one that does not verify is computed again.
"""

from __future__ import annotations

import hashlib
import io
import os
import tempfile
from collections.abc import Callable
from dataclasses import asdict, dataclass, fields
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from reportgen.core.errors import OutputError
from reportgen.core.floats import F64, Exact
from reportgen.core.problems import Arrays
from reportgen.oracle.arrays import finders, reference
from reportgen.oracle.arrays.reference import ArrayReference
from reportgen.oracle.enclosure import enclose
from reportgen.oracle.namespace import parse
from reportgen.oracle.reference import check_agreement, confirm, settlers

LIBRARIES = ("python-flint", "mpmath", "gmpy2", "numpy")
Held = TypeVar("Held")
_DIGEST = 32
_SMALL = 256
"""Fewer points than this are computed faster than they are read."""


@dataclass
class Counts:
    """What an oracle was asked and how it went; counts of several processes add."""

    points: int = 0
    settled: int = 0
    undecided: int = 0
    confirmed: int = 0
    confirmed_by_arb_only: int = 0
    cache_hits: int = 0
    cache_damaged: int = 0
    cache_unwritten: int = 0

    def __add__(self, other: Counts) -> Counts:
        return Counts(*(getattr(self, f.name) + getattr(other, f.name) for f in fields(self)))

    def as_dict(self) -> dict[str, int]:
        return asdict(self)


@cache
def source_hash() -> str:
    """Hash of the code and library versions that decide an exact value."""
    digest = hashlib.sha256()
    package = Path(__file__).resolve().parent.parent
    names = [*sorted((package / "oracle").rglob("*.py")), package / "core" / "floats.py"]
    names += [package / "catalogue" / f for f in ("patterns.py", "specials.py")]
    for path in names:
        digest.update(path.name.encode() + b"\0" + hashlib.sha256(path.read_bytes()).digest())
    for library in LIBRARIES:
        digest.update(f"{library} {version(library)}\n".encode())
    return digest.hexdigest()


def entry_key(kind: str, row: Any, args: tuple[F64, ...], dtype: str) -> str:
    """Name of the entry for these inputs; ``kind`` is ``enclose`` or ``confirm``."""
    specials = [(s.when, s.then) for s in row.specials]
    said = (kind, source_hash(), row.arity, row.mpmath, row.arb, specials, dtype, [len(a) for a in args])
    digest = hashlib.sha256(repr(said).encode())
    for a in args:
        digest.update(np.ascontiguousarray(a, "<f8").tobytes())
    return digest.hexdigest()


def array_key(name: str, given: Arrays, limit: int) -> str:
    """Name of the entry of an array problem: its data are regenerable, but their bytes are what counts."""
    said = (name, source_hash(), given.dtype, given.problem.parameters, limit)
    digest = hashlib.sha256(repr(said).encode())
    for operand, values in given.values.items():
        digest.update(f"{operand} {values.dtype} {values.shape} ".encode())
        digest.update(np.ascontiguousarray(values).tobytes())
    return digest.hexdigest()


def pack(y: Exact) -> bytes:
    """An :class:`Exact` as checksum and npz (no pickles); arrays that are all zero are left out."""
    held = {"n": np.array([len(y)]), "hi": y.hi}
    numbers: dict[str, NDArray[Any]] = {"lo": y.lo, "exp2": y.exp2, "rem": y.rem}
    masks = {"either_zero": y.either_zero, "undecided": y.undecided}
    held |= {name: values for name, values in numbers.items() if values.any()}
    held |= {name: np.packbits(mask) for name, mask in masks.items() if mask.any()}
    stream = io.BytesIO()
    np.savez(stream, allow_pickle=False, **held)
    payload = stream.getvalue()
    return hashlib.sha256(payload).digest() + payload


def unpack(data: bytes, n: int) -> Exact | None:
    """Inverse of :func:`pack`; None for anything that is not a whole entry of n points."""
    payload = data[_DIGEST:]
    if len(data) <= _DIGEST or hashlib.sha256(payload).digest() != data[:_DIGEST]:
        return None
    with np.load(io.BytesIO(payload), allow_pickle=False) as held:
        if int(held["n"][0]) != n or len(held["hi"]) != n:
            return None
        out = Exact.empty(n)
        out.hi = held["hi"]
        for name in ("lo", "exp2", "rem"):
            if name in held:
                setattr(out, name, held[name])
        for name in ("either_zero", "undecided"):
            if name in held:
                setattr(out, name, np.unpackbits(held[name], count=n).astype(bool))
    return out


class CachedOracle:
    """``enclose`` and ``confirm`` with counters, and with entries in ``folder`` unless that is None.

    Raises OutputError if the folder cannot be made. Not for use from several threads at once; several processes
    may share a folder.
    """

    def __init__(self, folder: Path | str | None) -> None:
        self.counts = Counts()
        self.folder = None if folder is None else Path(folder)
        if self.folder is not None:
            try:
                self.folder.mkdir(parents=True, exist_ok=True)
            except OSError as error:
                raise OutputError(f"{self.folder}: cannot make the oracle's cache: {error.strerror}") from None

    def enclose(self, row: Any, args: tuple[F64, ...], dtype: str) -> Exact:
        """:func:`reportgen.oracle.enclosure.enclose`, remembered."""
        # Exact names are faster to compute than to read.
        keep = len(args[0]) >= _SMALL and not parse(row.arb).exact
        out = self._remembered("enclose", row, args, dtype) if keep else enclose(row, args, dtype)
        lost = int(out.undecided.sum())
        self.counts.points += len(out)
        self.counts.undecided += lost
        self.counts.settled += len(out) - lost
        return out

    def confirm(self, row: Any, args: tuple[F64, ...], dtype: str, enclosed: Exact | None = None) -> Exact:
        """The values of :meth:`settle`, without their sources."""
        return self.settle(row, args, dtype, enclosed)[0]

    def settle(
        self, row: Any, args: tuple[F64, ...], dtype: str, enclosed: Exact | None = None
    ) -> tuple[Exact, list[str]]:
        """mpmath's values, checked against ``enclosed`` (computed here if it is None), and what settled each.

        The sources are those of :func:`reportgen.oracle.reference.settlers`; where mpmath is undecided the
        enclosure's value stands, its source is ``arb``, and it is counted in ``confirmed_by_arb_only``.
        Raises OracleDisagreement.
        """
        out = self._remembered("confirm", row, args, dtype)
        if enclosed is None:
            enclosed = self.enclose(row, args, dtype)
        check_agreement(enclosed, out, row.name, args)
        alone = out.undecided & ~enclosed.undecided
        out.put(alone, enclosed[alone])
        self.counts.confirmed += int((~out.undecided & ~alone).sum())
        self.counts.confirmed_by_arb_only += int(alone.sum())
        sources = ["arb" if a else s for a, s in zip(alone.tolist(), settlers(row, args, dtype), strict=True)]
        return out, sources

    def _remembered(self, kind: str, row: Any, args: tuple[F64, ...], dtype: str) -> Exact:
        compute = enclose if kind == "enclose" else confirm
        if self.folder is None:
            return compute(row, args, dtype)
        key = entry_key(kind, row, args, dtype)
        path = self.folder / key[:2] / f"{key[2:]}.npz"
        found = self._read(path, len(args[0]))
        if found is not None:
            self.counts.cache_hits += len(found)
            return found
        out = compute(row, args, dtype)
        self._write(path, pack(out))
        return out

    def arrays(self, name: str, given: Arrays, limit: int) -> dict[str, ArrayReference]:
        """The exact reference called ``name`` of a problem, at most ``limit`` elements a result; remembered."""
        if self.folder is None:
            return finders()[name](given, limit)
        key = array_key(name, given, limit)
        path = self.folder / key[:2] / f"{key[2:]}.npz"
        found = self._entry(path, reference.unpack)
        if found is None:
            found = finders()[name](given, limit)
            self._write(path, reference.pack(found))
        else:
            self.counts.cache_hits += sum(len(r.exact) for r in found.values())
        for r in found.values():
            lost = int(r.exact.undecided.sum())
            self.counts.points += len(r.exact)
            self.counts.undecided += lost
            self.counts.settled += len(r.exact) - lost
        return found

    def _read(self, path: Path, n: int) -> Exact | None:
        return self._entry(path, lambda data: unpack(data, n))

    def _entry(self, path: Path, read: Callable[[bytes], Held | None]) -> Held | None:
        try:
            data = path.read_bytes()
        except OSError:
            return None
        found = read(data)
        if found is None:
            self.counts.cache_damaged += 1
        return found

    def _write(self, path: Path, data: bytes) -> None:
        """Whole or not at all; a full or read-only disk costs the memory, not the result."""
        temporary = ""
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=".")
            with os.fdopen(handle, "wb") as stream:
                stream.write(data)
            os.replace(temporary, path)
        except OSError:
            self.counts.cache_unwritten += 1
            Path(temporary).unlink(missing_ok=True) if temporary else None
