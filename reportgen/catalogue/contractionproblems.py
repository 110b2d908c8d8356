"""What products of arrays and convolutions are tried on."""

from __future__ import annotations

from typing import Any

from reportgen.core.model import COMPLEX_DTYPES, FLOAT_DTYPES
from reportgen.core.problems import Operand, Problem

REAL = tuple(FLOAT_DTYPES)
COMPLEX = tuple(COMPLEX_DTYPES)
WIDE = ("float32", "float64")
"""Formats for which every library has blocked kernels; 16-bit ones take long in those that have none."""

WORDS = {
    "positive": "positive numbers",
    "mixed": "numbers of both signs",
    "complex-mixed": "complex numbers of both signs",
    "small-factor": "products that are subnormal",
}

Shape = tuple[int, ...]
Parameters = tuple[tuple[str, Any], ...]


def said(shape: Shape) -> str:
    """A shape for readers: ``8 × 1,024``."""
    return " × ".join(f"{n:,}" for n in shape)


def pair(
    data: str, left: Shape, right: Shape, words: str = "", names: str = "xy", series: str = "", size: int = 0,
    parameters: Parameters = (), batch: tuple[str, ...] = (), dtypes: tuple[str, ...] = REAL, orders: str = "CC",
    suffix: str = "",
) -> Problem:  # fmt: skip
    """A problem of two operands with the same kind of data in two shapes."""
    first, second = names
    operands = (
        Operand(first, data, left, order=orders[0]),
        Operand(second, f"{data}.2", right, order=orders[1]),
    )
    shapes = f"{'x'.join(map(str, left))}-{'x'.join(map(str, right))}"
    words = words or f"{WORDS[data]}, {said(left)} and {said(right)}"
    return Problem(f"{data}-{shapes}{suffix}", words, operands, parameters, series, size, batch=batch, dtypes=dtypes)


def named(
    name: str, words: str, left: tuple[str, Shape], right: tuple[str, Shape], names: str = "xy", special: bool = False,
    parameters: Parameters = (), dtypes: tuple[str, ...] = REAL,
) -> Problem:  # fmt: skip
    """A problem of two operands of different kinds of data."""
    operands = (Operand(names[0], *left), Operand(names[1], *right))
    return Problem(name, words, operands, parameters, special=special, dtypes=dtypes)


def vectors(data: str, k: int, dtypes: tuple[str, ...] = REAL) -> Problem:
    """Two vectors, a point of a series over their length."""
    return pair(data, (k,), (k,), f"{WORDS[data]}, k = {k:,}", series=data, size=k, dtypes=dtypes)


DOT = (
    *(vectors("positive", k) for k in (1, 10, 1000, 10**5)),
    *(vectors("mixed", k) for k in (10, 1000, 10**5)),
    named("ill-100", "ill-conditioned, condition number about √(1/u), k = 100",
          ("gendot-half-left", (100,)), ("gendot-half-right", (100,))),
    named("hopeless-100", "ill-conditioned, condition number about 1/u, k = 100",
          ("gendot-full-left", (100,)), ("gendot-full-right", (100,))),
    named("overflow-on-the-way", "partial sums overflow, the sum does not, k = 4,096",
          ("running-left", (4096,)), ("running-right", (4096,))),
    pair("small-factor", (32,), (32,), "each product is subnormal, the sum is not, k = 32"),
    named("subnormal-operand", "one operand is subnormal, no product is, k = 100",
          ("subnormal", (100,)), ("large-factor", (100,))),
    named("nan-times-zero", "NaN × 0 among numbers, k = 8", ("nan-middle", (8,)), ("zero-middle", (8,)), special=True),
    named("inf-times-zero", "∞ × 0 among numbers, k = 8",
          ("inf-among-finite", (8,)), ("zero-middle", (8,)), special=True),
    pair("mixed", (0,), (0,), "empty vectors, k = 0"),
)  # fmt: skip

VDOT = (
    *(vectors("mixed", k) for k in (10, 1000)),
    vectors("positive", 1000),
    *(vectors("complex-mixed", k, COMPLEX) for k in (1, 10, 1000, 10**5)),
    pair("complex-mixed", (0,), (0,), "empty vectors, k = 0", dtypes=COMPLEX),
)

OUTER = (
    pair("mixed", (33,), (65,)),
    pair("small-factor", (16,), (16,), "results that are subnormal, 16 × 16"),
    named("inf-times-zero", "∞ × 0 among numbers, 8 × 8",
          ("inf-among-finite", (8,)), ("zero-middle", (8,)), special=True),
)  # fmt: skip

MATVEC = (
    *(pair("positive", (16, k), (k,), f"positive numbers, k = {k:,}", series="positive", size=k)
      for k in (10, 1000, 10**4)),
    pair("mixed", (65, 63), (63,), batch=("x",)),
    pair("mixed", (64, 1024), (1024,), "numbers of both signs, a matrix stored by columns, 64 × 1,024", orders="FC"),
    named("nan-times-zero", "one NaN times zeros, 8 × 8", ("nan-middle", (8, 8)), ("all-zero", (8,)), special=True),
    pair("mixed", (3, 0), (0,), "nothing to sum, 3 × 0 and 0"),
)  # fmt: skip

MATMUL = (
    *(pair("positive", (8, k), (k, 8), f"positive numbers, 8 × k and k × 8, k = {k:,}", series="positive", size=k)
      for k in (16, 1024, 32768)),
    pair("mixed", (1, 10**5), (10**5, 4)),
    pair("mixed", (64, 64), (64, 64), batch=("x",)),
    pair("mixed", (65, 63), (63, 47)),
    pair("mixed", (64, 64), (64, 64), "numbers of both signs, stored by columns, 64 × 64", orders="FF", suffix="-F"),
    pair("mixed", (16, 32, 32), (16, 32, 32), "numbers of both signs, a batch of 16 products, 32 × 32 and 32 × 32",
         batch=("x", "y")),
    pair("positive", (512, 512), (512, 512), dtypes=WIDE),
    pair("complex-mixed", (65, 63), (63, 47), dtypes=COMPLEX, batch=("x",)),
    pair("complex-mixed", (8, 1024), (1024, 8), dtypes=COMPLEX),
    pair("small-factor", (3, 32), (32, 3), "each product is subnormal, the sums are not, 3 × 32 and 32 × 3"),
    named("nan-times-zero", "one NaN times zeros, 8 × 8", ("nan-middle", (8, 8)), ("all-zero", (8, 8)), special=True),
    named("inf-times-zero", "one infinity times zeros, 8 × 8",
          ("inf-among-finite", (8, 8)), ("all-zero", (8, 8)), special=True),
    pair("mixed", (3, 0), (0, 4), "nothing to sum, 3 × 0 and 0 × 4", dtypes=(*REAL, *COMPLEX)),
)  # fmt: skip


def _einsum(data: str, left: Shape, right: Shape, pattern: str, words: str) -> Problem:
    return pair(data, left, right, f"{words}, {pattern}, {said(left)} and {said(right)}",
                parameters=(("pattern", pattern),))  # fmt: skip


EINSUM = (
    _einsum("mixed", (65, 63), (63, 47), "ij,jk->ik", "numbers of both signs, a matrix product"),
    _einsum("mixed", (4, 17, 33), (4, 33, 9), "bij,bjk->bki", "numbers of both signs, transposed products"),
    _einsum("mixed", (2, 4, 16, 64), (2, 4, 16, 64), "bhqd,bhkd->bhqk", "numbers of both signs, scores of attention"),
    _einsum("positive", (300, 300), (300, 300), "ij,ij->", "positive numbers, all of them summed"),
    named("nan-times-zero", "one NaN times zeros, ij,jk->ik, 8 × 8", ("nan-middle", (8, 8)), ("all-zero", (8, 8)),
          special=True, parameters=(("pattern", "ij,jk->ik"),)),
)  # fmt: skip


def _tensordot(data: str, left: Shape, right: Shape, axes: tuple[tuple[int, ...], tuple[int, ...]]) -> Problem:
    return pair(data, left, right, parameters=(("axes", axes),))


TENSORDOT = (
    _tensordot("mixed", (20, 30, 40), (40, 30, 10), ((1, 2), (1, 0))),
    _tensordot("positive", (20, 30, 40), (40, 30, 10), ((1, 2), (1, 0))),
    _tensordot("mixed", (65, 33), (21, 65), ((0,), (1,))),
    _tensordot("mixed", (4, 0), (0, 3), ((1,), (0,))),
)

CONV1D = (
    *(pair("positive", (k + 99,), (k,), f"positive numbers, a kernel of {k:,}", "xw", series="positive", size=k)
      for k in (5, 100, 1000, 10**4)),
    pair("mixed", (8192,), (1024,), names="xw"),
    pair("mixed", (1000,), (3,), names="xw"),
    named("nan-in-a-long-signal", "one NaN, signal of 8,192, kernel of 1,024",
          ("nan-middle", (8192,)), ("mixed.2", (1024,)), "xw", special=True),
    named("inf-in-a-signal", "one infinity and a kernel with a zero, signal of 65, kernel of 7",
          ("inf-among-finite", (65,)), ("zero-middle", (7,)), "xw", special=True),
    named("subnormal-operand", "a subnormal signal of 100, kernel of 9 large numbers",
          ("subnormal", (100,)), ("large-factor", (9,)), "xw"),
)  # fmt: skip

CORRELATE2D = (
    pair("positive", (40, 40), (9, 9), names="xw", dtypes=WIDE),
    pair("mixed", (64, 64), (7, 7), names="xw", dtypes=WIDE),
    named("nan-in-an-image", "one NaN in an image of 16 × 16, kernel of 3 × 3",
          ("nan-middle", (16, 16)), ("mixed.2", (3, 3)), "xw", special=True, dtypes=WIDE),
)  # fmt: skip


def _images(
    data: str, x: Shape, w: Shape, words: str, strides: int = 1, series: str = "", batch: tuple[str, ...] = ()
) -> Problem:
    parameters = (("window", w[:2]), ("strides", strides))
    size = w[0] * w[1] * w[2] if series else 0
    words = f"{WORDS[data]}, {words}"
    return pair(data, x, w, words, "xw", series, size, parameters, batch)


CONV2D = (
    *(_images("positive", (1, 8, 8, c), (3, 3, c, 4), f"kernels of 3 × 3 × {c}, k = {9 * c:,}", series="positive")
      for c in (1, 16, 256)),
    _images("mixed", (4, 16, 16, 8), (3, 3, 8, 16), "4 images of 16 × 16 × 8, 16 kernels of 3 × 3", batch=("x",)),
    _images("mixed", (2, 16, 16, 64), (1, 1, 64, 32), "kernels of 1 × 1 × 64"),
    _images("mixed", (2, 17, 17, 3), (5, 5, 3, 8), "kernels of 5 × 5 × 3, every second place", strides=2),
    named("nan-in-an-image", "one NaN in an image of 9 × 9 × 4, kernels of 3 × 3 × 4",
          ("nan-middle", (1, 9, 9, 4)), ("mixed.2", (3, 3, 4, 5)), "xw", special=True,
          parameters=(("window", (3, 3)), ("strides", 1))),
)  # fmt: skip


def _depthwise(data: str, x: Shape, w: Shape, words: str, batch: tuple[str, ...] = ()) -> Problem:
    shape = (-1, x[1] - w[0] + 1, x[2] - w[1] + 1, w[2] * w[3])
    return pair(data, x, w, f"{WORDS[data]}, {words}", "xw", parameters=(("window", w[:2]), ("shape", shape)),
                batch=batch)  # fmt: skip


DEPTHWISE = (
    _depthwise("positive", (2, 16, 16, 8), (3, 3, 8, 2), "2 images of 16 × 16 × 8, kernels of 3 × 3"),
    _depthwise("mixed", (4, 16, 16, 8), (3, 3, 8, 2), "4 images of 16 × 16 × 8, kernels of 3 × 3", ("x",)),
    _depthwise("mixed", (1, 20, 20, 5), (7, 7, 5, 1), "an image of 20 × 20 × 5, kernels of 7 × 7"),
    named("nan-in-an-image", "one NaN in an image of 9 × 9 × 4, kernels of 3 × 3",
          ("nan-middle", (1, 9, 9, 4)), ("mixed.2", (3, 3, 4, 1)), "xw", special=True,
          parameters=(("window", (3, 3)), ("shape", (1, 7, 7, 4)))),
)  # fmt: skip
