"""What is called again and again to see whether it repeats: programs and data, each tried in several settings.

Functions that combine many numbers in an order that the library chooses, among them gradients, which add up whatever
met in one place. Nothing random by design is here. The data is regenerable like that of every problem; results are
compared with each other only, so that no exact value is needed.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from reportgen.core.problems import Operand, Problem

EVERY = ("eager", "graph", "xla")


@dataclass(frozen=True)
class Repeated:
    """One program per library on one problem.

    ``function`` is the name under which pages list it, that of the catalogue where it has the function. ``programs``
    are in the language of ``worker/programs.py`` and give one result. ``modes``: the execution modes in which it is
    tried (compiling a decomposition takes XLA seconds). ``repeats``: calls in each process; ``repeats_xla``: of the
    compiled function, where XLA's is far slower (a scatter is a loop on one thread there).
    """

    function: str
    problem: Problem
    programs: tuple[tuple[str, str], ...]
    dtype: str = "float32"
    modes: tuple[str, ...] = EVERY
    repeats: int = 20
    repeats_xla: int = 0

    def calls(self, mode: str) -> int:
        """How many calls are made in one process and mode."""
        return self.repeats_xla if mode == "xla" and self.repeats_xla else self.repeats

    def program(self, library: str) -> str | None:
        """What a library runs, or None where it has no such function."""
        return dict(self.programs).get(library)


def _entry(
    function: str, words: str, operands: str, programs: tuple[str, str], case: str = "", **more: object
) -> Repeated:
    """``operands``: ``x mixed 512x512; i groups 1000 int32``, name, data, shape and dtype (the entry's where absent);
    ``programs``: NumPy's and TensorFlow's, without the library's name before each dotted path (``:path``). ``case``
    is given where the catalogue tries a function on the same data: its name there."""
    made = []
    for text in operands.split("; "):
        name, data, shape, *dtype = text.split(" ")
        made.append(Operand(name, data, tuple(map(int, shape.split("x"))), *dtype))
    case = case or f"{made[0].data}-{'x'.join(map(str, made[0].shape))}"
    problem = Problem(case, words, tuple(made))
    libraries = ("numpy", "tensorflow")
    called = tuple((lib, p.replace(":", f"{lib}.")) for lib, p in zip(libraries, programs, strict=True) if p)
    return Repeated(function, problem, called, **more)  # type: ignore[arg-type]


def _in(dtype: str, entry: Repeated) -> Repeated:
    """The same in another dtype."""
    return replace(entry, dtype=dtype)


MATMUL = _entry(
    "matmul", "512 × 512 by 512 × 512 positive numbers", "x positive 512x512; y positive.2 512x512",
    (":matmul(x, y)",) * 2, case="positive-512x512-512x512",
)  # fmt: skip
LONG = "x mixed 16x100000; y mixed.2 100000x16"
MEAN = _entry(
    "mean", "columns of 100,000 × 16 positive numbers", "x positive 100000x16",
    (":mean(x, axis=0)", ":reduce_mean(x, axis=0)"),
)  # fmt: skip
BY_TURNS = "s segments-mixed 1000000 int32"
BINCOUNT = _entry(
    "bincount", "1,000,000 positive weights in 7 bins by turns", f"x positive 1000000; {BY_TURNS}",
    (":bincount(s, weights=x, minlength=7)", ":math.bincount(s, weights=x, minlength=7)"),
    case="positive-1000000-mixed", repeats=40, repeats_xla=4,
)  # fmt: skip
DOT = _entry(
    "tensordot", "two vectors of 1,000,000", "x mixed 1000000; y mixed.2 1000000",
    (":tensordot(x, y, axes=1)", ":tensordot(x, y, axes=1)"),
)  # fmt: skip
IMAGES = "x mixed 8x32x32x16"
SAME = "strides=[1, 1, 1, 1], padding='SAME'"
CONV = _entry(
    "conv2d", "8 images of 32 × 32, 16 channels to 32, 3 × 3", f"{IMAGES}; y mixed.2 3x3x16x32",
    ("", f":nn.conv2d(x, y, {SAME})"),
)  # fmt: skip
CONV_FILTER = _entry(
    "conv2d, gradient of the filter", "8 images of 32 × 32, 16 channels to 32, 3 × 3",
    f"{IMAGES}; y mixed.2 8x32x32x32",
    ("", f":raw_ops.Conv2DBackpropFilter(input=x, filter_sizes=[3, 3, 16, 32], out_backprop=y, {SAME})"),
)  # fmt: skip

# fmt: off
REPEATED: tuple[Repeated, ...] = (
    _entry("sum", "10,000,000 positive numbers", "x positive 10000000", (":sum(x)", ":reduce_sum(x)"), repeats=10),
    MEAN,
    _in("float64", MEAN),
    _entry("var", "1,000,000 numbers", "x mixed 1000000", (":var(x)", ":math.reduce_variance(x)")),
    _entry("norm", "1,000,000 numbers", "x mixed 1000000", (":linalg.norm(x)", ":norm(x)")),
    _entry("logsumexp", "1,000,000 numbers", "x mixed 1000000", ("", ":reduce_logsumexp(x)")),
    _entry("prod", "10,000 numbers", "x mixed 10000", (":prod(x)", ":reduce_prod(x)")),
    _entry("argmax", "1,000,000 numbers", "x mixed 1000000", (":argmax(x)", ":argmax(x)")),
    _entry("softmax", "rows of 100 × 10,000", "x mixed 100x10000", ("", ":nn.softmax(x)"), repeats=10),
    _entry("cumsum", "1,000,000 numbers", "x positive 1000000", (":cumsum(x)", ":cumsum(x)"), repeats=8, repeats_xla=4),
    MATMUL,
    _in("float64", replace(MATMUL, repeats=10)),
    _in("bfloat16", replace(MATMUL, programs=MATMUL.programs[1:], repeats=10)),
    _entry("matmul", "16 × 100,000 by 100,000 × 16", LONG, (":matmul(x, y)",) * 2),
    _entry("einsum", "ij,jk->ik, 16 × 100,000 by 100,000 × 16", LONG, (":einsum('ij,jk->ik', x, y)",) * 2),
    DOT,
    _in("float64", DOT),
    CONV,
    CONV_FILTER,
    _in("bfloat16", CONV_FILTER),
    _entry("conv2d, gradient of the images", "8 images of 32 × 32, 16 channels to 32, 3 × 3",
           "x mixed 8x32x32x32; y mixed.2 3x3x16x32",
           ("", f":raw_ops.Conv2DBackpropInput(input_sizes=[8, 32, 32, 16], filter=y, out_backprop=x, {SAME})")),
    _entry("depthwise_conv2d", "8 images of 32 × 32, 16 channels, 3 × 3", f"{IMAGES}; y mixed.2 3x3x16x2",
           ("", f":nn.depthwise_conv2d(x, y, {SAME})")),
    _entry("depthwise_conv2d, gradient of the filter", "8 images of 32 × 32, 16 channels, 3 × 3",
           f"{IMAGES}; y mixed.2 8x32x32x32",
           ("", (":raw_ops.DepthwiseConv2dNativeBackpropFilter(input=x, filter_sizes=[3, 3, 16, 2], out_backprop=y, "
            f"{SAME})")), repeats_xla=4),
    _entry("conv3d, gradient of the filter", "2 volumes of 16³, 8 channels, 3 × 3 × 3",
           "x mixed 2x16x16x16x8; y mixed.2 2x16x16x16x8",
           ("", (":raw_ops.Conv3DBackpropFilterV2(input=x, filter_sizes=[3, 3, 3, 8, 8], out_backprop=y, "
            "strides=[1, 1, 1, 1, 1], padding='SAME')"))),
    _entry("bias_add, gradient of the bias", "8 images of 32 × 32, 16 channels", IMAGES,
           ("", ":raw_ops.BiasAddGrad(out_backprop=x)")),
    _entry("fused_batch_norm, mean of the batch", "8 images of 32 × 32, 16 channels",
           f"{IMAGES}; s positive 16; o mixed 16",
           ("", ":compat.v1.nn.fused_batch_norm(x, s, o)[1]")),
    _entry("max_pool, gradient", "8 images of 32 × 32, 16 channels, 3 × 3", f"{IMAGES}; y mixed.2 8x32x32x16",
           ("", (f":raw_ops.MaxPoolGrad(orig_input=x, orig_output=:nn.max_pool2d(x, 3, 1, 'SAME'), grad=y, "
            f"ksize=[1, 3, 3, 1], {SAME})")), modes=("eager", "graph")),
    _entry("crop_and_resize, gradient of the images", "64 boxes in 8 images of 32 × 32, 16 channels",
           "x mixed 64x14x14x16; b boxes 64x4; i groups 64 int32",
           ("", (":raw_ops.CropAndResizeGradImage(grads=x, boxes=b, box_ind=i, image_size=[10, 32, 32, 16], "
            "T=x.dtype)")), modes=("eager", "graph"), repeats=40),
    _entry("segment_sum", "1,000,000 positive numbers in 7 segments", "x positive 1000000; s segments 1000000 int32",
           ("", ":math.segment_sum(x, s)"), case="positive-1000000"),
    _entry("unsorted_segment_sum", "1,000,000 positive numbers in 7 segments by turns",
           f"x positive 1000000; {BY_TURNS}", ("", ":math.unsorted_segment_sum(x, s, 7)"),
           case="positive-1000000-mixed", repeats=10),
    _entry("scatter_nd", "100,000 numbers into 10 places", "x mixed 100000; i groups 100000x1 int32",
           ("", ":scatter_nd(i, x, [10])")),
    _entry("tensor_scatter_nd_add", "100,000 numbers into 10 places",
           "x mixed 100000; i groups 100000x1 int32; t mixed 10", ("", ":tensor_scatter_nd_add(t, i, x)")),
    _entry("gather, gradient", "100,000 rows of 8 taken from 10, some of them again and again",
           "x mixed 100000x8; i groups 100000 int32",
           ("", ":convert_to_tensor(:IndexedSlices(x, i, dense_shape=[10, 8]))")),
    BINCOUNT,
    _in("float64", replace(BINCOUNT, modes=("eager", "graph"))),
    _entry("sparse_dense_matmul", "a tenth of 1000 × 1000 by 1000 × 64", "x sparse-tenth 1000x1000; y mixed.2 1000x64",
           ("", ":sparse.sparse_dense_matmul(:sparse.from_dense(x), y)"), modes=("eager", "graph")),
    _entry("svd", "left singular vectors of 100 × 100", "x mixed 100x100", (":linalg.svd(x)[0]", ":linalg.svd(x)[1]"),
           modes=("eager", "graph")),
    _entry("eigh", "eigenvectors of 100 × 100", "x mixed 100x100", (":linalg.eigh(x)[1]", ":linalg.eigh(x)[1]"),
           modes=("eager", "graph")),
    _entry("inv", "300 × 300", "x mixed 300x300", (":linalg.inv(x)", ":linalg.inv(x)"), modes=("eager", "graph")),
    _entry("solve", "300 × 300 for 300 right sides", "x mixed 300x300; y mixed.2 300x300", (":linalg.solve(x, y)",) * 2,
           modes=("eager", "graph")),
    _entry("fft", "65,536 complex numbers", "x complex-mixed 65536", (":fft.fft(x)", ":signal.fft(x)"),
           dtype="complex64", repeats=10),
    _entry("rfft", "65,537 numbers", "x mixed 65537", (":fft.rfft(x)", ":signal.rfft(x)"), modes=("eager", "graph"),
           repeats=10),
)
# fmt: on


def key(entry: Repeated) -> tuple[str, str, str]:
    """Function, dtype and case: what names an entry."""
    return entry.function, entry.dtype, entry.problem.name
