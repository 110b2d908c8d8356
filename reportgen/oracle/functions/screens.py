"""Fast references for the search of special functions below 64 bits: SciPy in float64, which is not under test there.

For float64 there is none: NumPy and SciPy have no extended forms. A screen only proposes inputs.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable
from typing import Any

import numpy as np

from reportgen.oracle.namespace import ExpressionError, words

_SAME = words("erf erfc erfinv erfcinv ndtri gamma digamma dawsn expi spence i0 i1 i0e i1e j0 j1 k0 k1 k0e k1e y0 y1")
_SCIPY = {"lgamma": "gammaln"} | {name: name for name in _SAME}


def _in_float64(name: str, x: Any, item: int | None = None) -> Any:
    if x.dtype != np.float64:
        raise ExpressionError(f"{name}: no screen in extended precision")
    found = getattr(importlib.import_module("scipy.special"), name)(x)
    return found if item is None else found[item]


def _screen(name: str, item: int | None = None) -> Callable[[Any], Any]:
    return lambda x: _in_float64(name, x, item)


SCREENS: dict[str, Callable[[Any], Any]] = {
    **{name: _screen(path) for name, path in _SCIPY.items()},
    "fresnel_sin": _screen("fresnel", 0),
    "fresnel_cos": _screen("fresnel", 1),
}
