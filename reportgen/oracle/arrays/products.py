"""Exact products of vectors and matrices: dot, vdot, matmul, matvec, outer, tensordot, einsum."""

from __future__ import annotations

import string

from reportgen.core.problems import Arrays
from reportgen.oracle.arrays.contracted import contraction
from reportgen.oracle.arrays.reference import ArrayReference

References = dict[str, ArrayReference]


def _fixed(pattern: str, conjugated: bool = False) -> object:
    """A finder for one einsum pattern of the operands ``x`` and ``y``."""

    def find(arrays: Arrays, limit: int) -> References:
        return contraction(arrays.values["x"], arrays.values["y"], pattern, arrays, limit, conjugated)

    return find


def matmul(arrays: Arrays, limit: int) -> References:
    """Matrix products, one for each index of the leading axes."""
    x, y = arrays.values["x"], arrays.values["y"]
    leading = string.ascii_lowercase[: x.ndim - 2]
    return contraction(x, y, f"{leading}xy,{leading}yz->{leading}xz", arrays, limit)


def einsum(arrays: Arrays, limit: int) -> References:
    """The parameter ``pattern``."""
    pattern = arrays.parameters["pattern"]
    return contraction(arrays.values["x"], arrays.values["y"], pattern, arrays, limit)


def tensordot_pattern(ndims: tuple[int, int], axes: tuple[tuple[int, ...], tuple[int, ...]]) -> str:
    """The einsum pattern of ``tensordot`` with two lists of axes: those are summed, all others kept in order."""
    left = list(string.ascii_lowercase[: ndims[0]])
    right = list(string.ascii_uppercase[: ndims[1]])
    for a, b in zip(*axes, strict=True):
        right[b] = left[a]
    kept = [s for i, s in enumerate(left) if i not in axes[0]] + [s for i, s in enumerate(right) if i not in axes[1]]
    return f"{''.join(left)},{''.join(right)}->{''.join(kept)}"


def tensordot(arrays: Arrays, limit: int) -> References:
    """Sums over the parameter ``axes``, two lists."""
    x, y = arrays.values["x"], arrays.values["y"]
    return contraction(x, y, tensordot_pattern((x.ndim, y.ndim), arrays.parameters["axes"]), arrays, limit)


REFERENCES = {
    "dot": _fixed("i,i->"),
    "vdot": _fixed("i,i->", conjugated=True),
    "outer": _fixed("i,j->ij"),
    "matvec": _fixed("ij,j->i"),
    "matmul": matmul,
    "einsum": einsum,
    "tensordot": tensordot,
}
