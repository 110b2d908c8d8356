"""The exact result of a function of arrays: settled elements, their condition, and how they are kept on disk."""

from __future__ import annotations

import hashlib
import io
import json
from dataclasses import dataclass, field
from math import prod
from typing import Any

import numpy as np
from numpy.typing import NDArray

from reportgen.core.floats import F64, I64, Exact
from reportgen.core.sampling import generator

_PARTS = ("hi", "lo", "exp2", "rem", "either_zero", "undecided")
_DIGEST = 32


@dataclass
class ArrayReference:
    """Exact elements of one result.

    ``shape`` is the result's. ``positions`` are the flat indices (C order) of the elements that are settled, ascending;
    ``exact`` their values (of complex results the real parts, ``imag`` the imaginary ones). ``condition`` is the C of
    ``bound_ratio`` at each (float64, right to three digits; NaN where none is defined).
    ``settled_by`` says what the values are of: ``rational``, ``arb``, ``mpmath``, ``selection``.
    ``extra`` holds scalars that a judge needs (condition numbers, norms).
    """

    shape: tuple[int, ...]
    positions: I64
    exact: Exact
    condition: F64
    settled_by: str
    imag: Exact | None = None
    extra: dict[str, float] = field(default_factory=dict)


def chosen_positions(shape: tuple[int, ...], limit: int, *seed: object) -> I64:
    """At most ``limit`` flat indices of a result: all where they are few, else ends, powers of two and random ones."""
    size = prod(shape)
    if size <= limit:
        return np.arange(size, dtype=np.int64)
    ends = [*range(min(8, limit // 4)), *(size - 1 - i for i in range(min(8, limit // 4)))]
    powers = [p + d for k in range(size.bit_length()) for d in (-1, 0) if 0 <= (p := 1 << k) + d < size]
    kept = dict.fromkeys([*ends, *powers[: limit // 2]])
    rng = generator("positions", size, *seed)
    while len(kept) < limit:
        kept.update(dict.fromkeys(rng.integers(0, size, limit - len(kept)).tolist()))
    return np.array(sorted(kept), dtype=np.int64)


def pack(references: dict[str, ArrayReference]) -> bytes:
    """References as checksum and npz (no pickles)."""
    held: dict[str, NDArray[Any]] = {}
    said = []
    for i, (name, r) in enumerate(references.items()):
        said.append({"name": name, "shape": r.shape, "settled_by": r.settled_by, "imag": r.imag is not None,
                     "extra": {k: float(v).hex() for k, v in r.extra.items()}})  # fmt: skip
        held |= {f"{i}.positions": r.positions, f"{i}.condition": r.condition}
        for word, exact in (("re", r.exact), ("im", r.imag)):
            if exact is not None:
                parts = zip(_PARTS, exact.arrays(), strict=True)
                held |= {f"{i}.{word}.{part}": values for part, values in parts}
    held["said"] = np.frombuffer(json.dumps(said).encode(), np.uint8)
    stream = io.BytesIO()
    np.savez_compressed(stream, **held)
    payload = stream.getvalue()
    return hashlib.sha256(payload).digest() + payload


def unpack(data: bytes) -> dict[str, ArrayReference] | None:
    """Inverse of :func:`pack`; None for anything that is not a whole entry."""
    payload = data[_DIGEST:]
    if len(data) <= _DIGEST or hashlib.sha256(payload).digest() != data[:_DIGEST]:
        return None
    out = {}
    with np.load(io.BytesIO(payload), allow_pickle=False) as held:
        for i, said in enumerate(json.loads(held["said"].tobytes())):
            exacts = [
                Exact(*(held[f"{i}.{word}.{part}"] for part in _PARTS)) if word == "re" or said["imag"] else None
                for word in ("re", "im")
            ]
            assert exacts[0] is not None
            extra = {k: float.fromhex(v) for k, v in said["extra"].items()}
            out[said["name"]] = ArrayReference(
                tuple(said["shape"]), held[f"{i}.positions"], exacts[0], held[f"{i}.condition"], said["settled_by"],
                exacts[1], extra,
            )  # fmt: skip
    return out
