"""Products of arrays that sum over axes: dot, matmul, einsum, convolutions."""

from __future__ import annotations

from typing import Any

from reportgen.catalogue import contractionproblems as tried
from reportgen.catalogue.arrayrows import ArrayRow
from reportgen.catalogue.rows import FunctionRow, Special
from reportgen.catalogue.sources import INVALID, PROPAGATION, REDUCTIONS
from reportgen.core.model import COMPLEX_DTYPES, FLOAT_DTYPES

SUBNORMAL = "IEEE 754-2019, 3.3 and 7.5 (subnormal numbers, underflow)"

RULES = (
    Special(
        ("empty",), "either zero", "A sum of no products is 0.",
        "IEEE 754-2019, 9.4 (a reduction of length 0 is +0)",
    ),
    Special(
        ("data running-*",), "unspecified",
        "Where partial sums overflow and the sum does not, the order of the additions decides; any order is allowed.",
        REDUCTIONS,
    ),
    Special(
        ("some nan",), "value",
        "A NaN reaches every element that it is a factor of, times zero too, and no other element.", PROPAGATION,
    ),
    Special(
        ("some ±inf",), "value",
        "An infinity reaches every element that it is a factor of, as NaN where it meets a zero, and no other element.",
        INVALID,
    ),
    Special(
        ("some subnormal",), "value", "A subnormal number counts: times a large one it is a normal number.", SUBNORMAL,
    ),
    Special(
        ("data small-factor",), "value", "Products that are subnormal add up to what they are worth, not to zero.",
        SUBNORMAL,
    ),
)  # fmt: skip

EXACT = "exact products (Dekker), added exactly (math.fsum, integers)"
WINDOWS = "numpy.lib.stride_tricks.sliding_window_view(x, window, axis=(1, 2))"


def _row(
    name: str, sentence: str, numpy: str | None, tensorflow: str, domain: str, scipy: str | None = None,
    dtypes: tuple[str, ...] = tuple(FLOAT_DTYPES), aliases: tuple[str, ...] = (),
) -> FunctionRow:  # fmt: skip
    return FunctionRow(
        name=name, family="contraction", kind="contraction", arity=2, sentence=sentence, domain=domain, numpy=numpy,
        tensorflow=tensorflow, scipy=scipy, mpmath="", arb="", dtypes=dtypes, aliases=aliases, specials=RULES,
    )  # fmt: skip


WITH_COMPLEX = (*FLOAT_DTYPES, *COMPLEX_DTYPES)
IMAGES = "images (batch, rows, columns, channels) and kernels (rows, columns, channels, channels of the result)"

# fmt: off
ROWS = (
    _row("dot", "The sum of the products of two vectors' elements.", "numpy.dot", "tensorflow.tensordot",
         "vectors of one length"),
    _row("vdot", "The dot product of two vectors, the first one conjugated.", "numpy.vdot",
         "tensorflow.experimental.numpy.vdot", "vectors of one length", dtypes=WITH_COMPLEX),
    _row("outer", "Every element of one vector times every element of another: no sums, one rounding each.",
         "numpy.outer", "tensorflow.experimental.numpy.outer", "vectors"),
    _row("matvec", "A matrix times a vector.", "numpy.matvec", "tensorflow.linalg.matvec",
         "matrices and vectors as long as their rows"),
    _row("matmul", "Products of matrices, one or a batch.", "numpy.matmul", "tensorflow.linalg.matmul",
         "matrices (…, m, k) and (…, k, n)", dtypes=WITH_COMPLEX),
    _row("einsum", "Sums of products over the indices that a pattern names.", "numpy.einsum", "tensorflow.einsum",
         "arrays that fit the pattern"),
    _row("tensordot", "Sums of products over pairs of axes of two arrays.", "numpy.tensordot", "tensorflow.tensordot",
         "arrays whose axes have the same lengths"),
    _row("conv1d",
         "A kernel moved along a signal. TensorFlow does not turn the kernel round as a convolution does: it is "
         "NumPy's correlate, not convolve.",
         "numpy.correlate", "tensorflow.nn.conv1d", "signals that are no shorter than the kernel",
         scipy="scipy.signal.correlate"),
    _row("correlate2d",
         "A kernel moved over an image of one channel, not turned round (a cross-correlation, as conv2d computes it).",
         None, "tensorflow.nn.conv2d", "images that are no smaller than the kernel",
         scipy="scipy.signal.correlate2d", dtypes=("float32", "float64")),
    _row("conv2d",
         "Kernels moved over images of several channels, not turned round. NumPy has no such function: it multiplies "
         "windows of the images and the kernels as matrices.",
         None, "tensorflow.nn.conv2d", IMAGES),
    _row("depthwise_conv2d",
         "Kernels moved over images, each channel for itself. NumPy has no such function: windows of the images and "
         "the kernels go through einsum.",
         None, "tensorflow.nn.depthwise_conv2d", IMAGES.replace("channels of the result", "kernels a channel")),
)

PROGRAMS: dict[str, tuple[str, str, tuple[Any, ...], dict[str, str]]] = {
    "dot": ("dot", "|x|·|y|", tried.DOT, {
        "numpy": "numpy.dot(x, y)", "tensorflow": "tensorflow.tensordot(x, y, axes=1)"}),
    "vdot": ("vdot", "|x|·|y|", tried.VDOT, {
        "numpy": "numpy.vdot(x, y)", "tensorflow": "tensorflow.experimental.numpy.vdot(x, y)"}),
    "outer": ("outer", "|xᵢ||yⱼ|", tried.OUTER, {
        "numpy": "numpy.outer(x, y)", "tensorflow": "tensorflow.experimental.numpy.outer(x, y)"}),
    "matvec": ("matvec", "|x||y|", tried.MATVEC, {
        "numpy": "numpy.matvec(x, y)", "tensorflow": "tensorflow.linalg.matvec(x, y)"}),
    "matmul": ("matmul", "|x||y|", tried.MATMUL, {
        "numpy": "numpy.matmul(x, y)", "tensorflow": "tensorflow.linalg.matmul(x, y)"}),
    "einsum": ("einsum", "the same sum over |x| and |y|", tried.EINSUM, {
        "numpy": "numpy.einsum(pattern, x, y)", "tensorflow": "tensorflow.einsum(pattern, x, y)"}),
    "tensordot": ("tensordot", "the same sum over |x| and |y|", tried.TENSORDOT, {
        "numpy": "numpy.tensordot(x, y, axes=axes)", "tensorflow": "tensorflow.tensordot(x, y, axes=axes)"}),
    "conv1d": ("correlation", "the same sum over |x| and |w|", tried.CONV1D, {
        "numpy": "numpy.correlate(x, w, 'valid')",
        "scipy": "scipy.signal.correlate(x, w, mode='valid')",
        "tensorflow": "tensorflow.nn.conv1d(tensorflow.reshape(x, [1, -1, 1]), tensorflow.reshape(w, [-1, 1, 1]), "
                      "stride=1, padding='VALID')[0, :, 0]"}),
    "correlate2d": ("correlation2d", "the same sum over |x| and |w|", tried.CORRELATE2D, {
        "scipy": "scipy.signal.correlate2d(x, w, mode='valid')",
        "tensorflow": "tensorflow.nn.conv2d(x[None, :, :, None], w[:, :, None, None], strides=1, "
                      "padding='VALID')[0, :, :, 0]"}),
    "conv2d": ("conv2d", "the same sum over |x| and |w|", tried.CONV2D, {
        "numpy": f"numpy.tensordot({WINDOWS}[:, ::strides, ::strides], w, axes=([4, 5, 3], [0, 1, 2]))",
        "tensorflow": "tensorflow.nn.conv2d(x, w, strides=strides, padding='VALID')"}),
    "depthwise_conv2d": ("depthwise", "the same sum over |x| and |w|", tried.DEPTHWISE, {
        "numpy": f"numpy.reshape(numpy.einsum('nyxcij,ijcm->nyxcm', {WINDOWS}, w), shape)",
        "tensorflow": "tensorflow.nn.depthwise_conv2d(x, w, strides=[1, 1, 1, 1], padding='VALID')"}),
}
# fmt: on

ARRAYS = {
    name: ArrayRow(name, tuple(programs.items()), reference, EXACT, condition, problems)
    for name, (reference, condition, problems, programs) in PROGRAMS.items()
}
