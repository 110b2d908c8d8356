"""Named arrays for reductions, regenerable from ``gen:NAME:SEED:SHAPE`` (see :func:`generate`)."""

from __future__ import annotations

import numpy as np

from reportgen.core.errors import RequestError
from reportgen.core.floats import F64, Format
from reportgen.core.sampling import generator

VARIANTS: dict[str, tuple[str, ...]] = {
    "mixed": ("mixed",),
    "positive": ("positive",),
    "nan": ("nan-first", "nan-middle", "nan-last", "nan-and-infinities"),
    "signed-zeros": ("zeros-minus-first", "zeros-plus-first"),
    "infinities": ("inf-among-finite", "minus-inf-among-finite", "only-minus-inf", "only-inf"),
}
"""The arrays that each name of a spec's ``arrays`` stands for."""


def generate(name: str, seed: int, size: int, fmt: Format) -> F64:
    """The array that ``gen:name:seed:size`` names in ``fmt``: float64 values of that format, shape (size,).

    ``mixed`` is standard normal and ``positive`` its absolute value, both brought to the format; the others
    are ``mixed`` with NaN at the place named, with infinities, or zeros of alternating sign.
    Raises RequestError for an unknown name.
    """
    values = generator("array", fmt.name, seed, size).standard_normal(size)
    values = fmt.decode(fmt.encode(values))
    if name == "mixed":
        return values
    if name == "positive":
        return np.abs(values)
    if name.startswith("nan-"):
        place = {"nan-first": 0, "nan-middle": size // 2, "nan-last": size - 1, "nan-and-infinities": size // 3}
        if name == "nan-and-infinities":
            values[0], values[-1] = -np.inf, np.inf
        values[place[name]] = np.nan
        return values
    if name in ("zeros-minus-first", "zeros-plus-first"):
        sign = -1.0 if name == "zeros-minus-first" else 1.0
        return np.where(np.arange(size) % 2 == 0, sign * 0.0, -sign * 0.0)
    if name in ("inf-among-finite", "minus-inf-among-finite"):
        values[size // 2] = np.inf if name == "inf-among-finite" else -np.inf
        return values
    if name in ("only-inf", "only-minus-inf"):
        return np.full(size, np.inf if name == "only-inf" else -np.inf)
    raise RequestError(f"no array is called {name!r}")


def spelled(name: str, seed: int, size: int) -> str:
    """``gen:NAME:SEED:SHAPE``."""
    return f"gen:{name}:{seed}:{size}"
