"""Results of finished jobs, kept by content hash: resuming is looking here first."""

from __future__ import annotations

import hashlib
import io
import json
from functools import lru_cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import numpy as np

from reportgen.results.files import write_atomic

MEASURING_ROOMS = ("core", "catalogue", "oracle", "measure", "worker")
ORACLE_PACKAGES = ("numpy", "mpmath", "gmpy2", "python-flint", "ml_dtypes")
PACKAGE = Path(__file__).resolve().parent.parent


@lru_cache(maxsize=1)
def measuring_digest() -> str:
    """SHA-256 of the measuring program: its sources and the versions of what the oracle stands on."""
    digest = hashlib.sha256()
    for room in MEASURING_ROOMS:
        for path in sorted((PACKAGE / room).rglob("*.py")):
            digest.update(f"{path.relative_to(PACKAGE)}\0".encode())
            digest.update(path.read_bytes())
    for name in ORACLE_PACKAGES:
        digest.update(f"{name}={installed(name)}\0".encode())
    return digest.hexdigest()


def installed(name: str) -> str:
    """Version of an installed package, or an empty string."""
    try:
        return version(name)
    except PackageNotFoundError:
        return ""


class JobStore:
    """A folder of finished jobs. Every file carries its own checksum; a damaged one counts as absent."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)

    def path(self, job: str) -> Path:
        return self.folder / job[:2] / f"{job}.json"

    def load(self, job: str) -> dict[str, Any] | None:
        """The stored result of a job, or None."""
        try:
            head, _, body = self.path(job).read_bytes().partition(b"\n")
        except OSError:
            return None
        if head.decode("ascii", "replace") != hashlib.sha256(body).hexdigest():
            return None
        result: dict[str, Any] = json.loads(body)
        return result

    def save(self, job: str, result: dict[str, Any]) -> None:
        """Store a job's result, whole or not at all."""
        body = json.dumps(result, separators=(",", ":"), allow_nan=False).encode()
        path = self.path(job)
        path.parent.mkdir(exist_ok=True)
        write_atomic(path, hashlib.sha256(body).hexdigest().encode() + b"\n" + body)


def pack_arrays(arrays: dict[str, Any]) -> str:
    """Arrays as text (base64 of a compressed .npz), for storing beside JSON: complex and integer ones, else float64."""
    import base64

    buffer = io.BytesIO()
    np.savez_compressed(buffer, **{k: _kept(v) for k, v in arrays.items()})
    return base64.b64encode(buffer.getvalue()).decode("ascii")


def _kept(values: Any) -> Any:
    array = np.asarray(values)
    return array if array.dtype.kind in "ciu" else array.astype(np.float64)


def unpack_arrays(text: str) -> dict[str, Any]:
    """Inverse of :func:`pack_arrays`."""
    import base64

    with np.load(io.BytesIO(base64.b64decode(text)), allow_pickle=False) as stored:
        return {name: stored[name] for name in stored.files}
