"""Named arrays, regenerable from ``gen:NAME:SEED:SHAPE`` (see :func:`generate`)."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from importlib import import_module
from math import prod
from typing import Any

import numpy as np
from numpy.typing import NDArray

from reportgen.core.dtypes import ComplexFormat, Dtype, IntegerFormat
from reportgen.core.errors import RequestError
from reportgen.core.floats import Format
from reportgen.core.problems import spelled as spelled
from reportgen.core.sampling import generator, seed_number

Maker = Callable[[np.random.Generator, tuple[int, ...], Any], NDArray[Any]]
"""Makes an array from a generator of random numbers, a shape and the format of the result; the values that it returns
are rounded to the format afterwards."""

GROUPS = ("vectors", "matrices", "signals", "operands", "scaled", "repeats", "combined")
"""Modules of :mod:`reportgen.core.generated`, each with a table ``MAKERS``."""

VARIANTS: dict[str, tuple[str, ...]] = {
    "mixed": ("mixed",),
    "positive": ("positive",),
    "nan": ("nan-first", "nan-middle", "nan-last", "nan-and-infinities"),
    "signed-zeros": ("zeros-minus-first", "zeros-plus-first"),
    "infinities": ("inf-among-finite", "minus-inf-among-finite", "only-minus-inf", "only-inf"),
}
"""The arrays that each name of a spec's ``arrays`` stands for."""
VARIANT_WORDS = {
    "mixed": "numbers of both signs", "positive": "positive numbers",
    "nan-first": "NaN first", "nan-middle": "NaN in the middle", "nan-last": "NaN last",
    "nan-and-infinities": "NaN and infinities", "zeros-minus-first": "zeros, −0 first",
    "zeros-plus-first": "zeros, +0 first", "inf-among-finite": "one +∞", "minus-inf-among-finite": "one −∞",
    "only-minus-inf": "only −∞", "only-inf": "only +∞",
}  # fmt: skip
"""What each of them holds, for readers."""


@cache
def makers() -> dict[str, Maker]:
    """Every generator by name."""
    found: dict[str, Maker] = {}
    for group in GROUPS:
        found |= import_module(f"reportgen.core.generated.{group}").MAKERS
    return found


def generate(name: str, seed: int, shape: int | tuple[int, ...], fmt: Dtype) -> NDArray[Any]:
    """The array that ``gen:name:seed:shape`` names in ``fmt``: values of that dtype as in :mod:`reportgen.core.dtypes`.

    A name may end in ``.2``, ``.3`` …: the same kind of data from another stream of random numbers, for further
    operands. A shape of one axis may be given as its length; the values are then the same.
    Raises RequestError for an unknown name.
    """
    shape = (shape,) if isinstance(shape, int) else tuple(shape)
    base, _, stream = name.partition(".")
    if base not in makers() or (stream and not stream.isdigit()):
        raise RequestError(f"no array is called {name!r}")
    return rounded(makers()[base](generator(*_seeds(name, seed, shape, fmt)), shape, fmt), fmt)


def pcg64_seed(name: str, seed: int, shape: tuple[int, ...], fmt: Dtype) -> int:
    """The integer with which NumPy's ``PCG64`` gives the random numbers that :func:`generate` uses."""
    return seed_number(*_seeds(name, seed, shape, fmt))


def _seeds(name: str, seed: int, shape: tuple[int, ...], fmt: Dtype) -> tuple[object, ...]:
    stream = name.partition(".")[2]
    said = prod(shape) if len(shape) == 1 else "x".join(map(str, shape))
    return ("array", fmt.name, seed, said, *([stream] if stream else []))


def rounded(values: NDArray[Any], fmt: Dtype) -> NDArray[Any]:
    """Values brought to a dtype: the nearest ones of a format (complex: part by part), integers as they are."""
    if isinstance(fmt, IntegerFormat):
        return np.asarray(values).astype(fmt.storage.newbyteorder("="))
    if isinstance(fmt, ComplexFormat):
        whole = np.asarray(values, np.complex128)
        out = np.empty(whole.shape, np.complex128)
        out.real, out.imag = _nearest(whole.real, fmt.part), _nearest(whole.imag, fmt.part)
        return out
    return _nearest(np.asarray(values, np.float64), fmt)


def _nearest(values: NDArray[Any], fmt: Format) -> NDArray[Any]:
    if fmt.name == "bfloat16":
        # encode cuts off: representable values are expected of it, so the rounding is done here, ties to even.
        with np.errstate(over="ignore"):
            single = values.astype(np.float32)
        bits = single.view(np.uint32)
        up = ((bits >> np.uint32(16)) & np.uint32(1)) + np.uint32(0x7FFF)
        cut = np.where(np.isfinite(single), bits + up, bits) & np.uint32(0xFFFF0000)
        return cut.astype(np.uint32).view(np.float32).astype(np.float64)
    return fmt.decode(fmt.encode(values))
