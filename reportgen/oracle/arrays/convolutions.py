"""Exact convolutions as libraries of neural networks have them: cross-correlations, the kernel ``w`` not flipped."""

from __future__ import annotations

from typing import Any

from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from reportgen.core.problems import Arrays
from reportgen.oracle.arrays.contracted import contraction
from reportgen.oracle.arrays.reference import ArrayReference

References = dict[str, ArrayReference]


def correlation(arrays: Arrays, limit: int) -> References:
    """Every place of a one-dimensional kernel ``w`` inside a signal ``x`` that is no shorter."""
    x, w = arrays.values["x"], arrays.values["w"]
    return contraction(sliding_window_view(x, w.shape), w, "nk,k->n", arrays, limit)


def correlation2d(arrays: Arrays, limit: int) -> References:
    """Every place of a two-dimensional kernel ``w`` inside an image ``x``."""
    x, w = arrays.values["x"], arrays.values["w"]
    return contraction(sliding_window_view(x, w.shape), w, "yxij,ij->yx", arrays, limit)


def _windows(arrays: Arrays) -> NDArray[Any]:
    """Windows of images (batch, rows, columns, channels): (batch, rows, columns, channels, kernel rows and columns)."""
    stride = arrays.parameters.get("strides", 1)
    view = sliding_window_view(arrays.values["x"], arrays.values["w"].shape[:2], axis=(1, 2))
    return view[:, ::stride, ::stride]


def conv2d(arrays: Arrays, limit: int) -> References:
    """Kernels (rows, columns, channels, channels of the result); parameter ``strides``."""
    return contraction(_windows(arrays), arrays.values["w"], "byxcij,ijco->byxo", arrays, limit)


def depthwise(arrays: Arrays, limit: int) -> References:
    """Kernels (rows, columns, channels, m): each channel gives m channels of its own, which follow each other."""
    found = contraction(_windows(arrays), arrays.values["w"], "byxcij,ijcm->byxcm", arrays, limit)
    for reference in found.values():
        *outer, channels, several = reference.shape
        reference.shape = (*outer, channels * several)
    return found


REFERENCES = {
    "correlation": correlation,
    "correlation2d": correlation2d,
    "conv2d": conv2d,
    "depthwise": depthwise,
}
