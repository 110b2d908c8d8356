"""Exact results of functions of whole arrays, in groups: sums, scans, products, matrices, transforms.

A group is a module of this package with a table ``REFERENCES``: name to a function of
(:class:`reportgen.core.problems.Arrays`, the largest number of elements to settle) that returns an
:class:`reportgen.oracle.arrays.reference.ArrayReference` by the name of each result (``""`` where there is one result).
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from importlib import import_module

from reportgen.core.problems import Arrays
from reportgen.oracle.arrays.reference import ArrayReference

GROUPS = (
    "sums", "factors", "selections", "polynomials", "moments", "exponentials", "scans", "products", "convolutions",
    "matrices", "matrixfactors", "spectra", "transforms",
)  # fmt: skip

References = dict[str, ArrayReference]
Finder = Callable[[Arrays, int], References]


@cache
def finders() -> dict[str, Finder]:
    """Every exact reference by name."""
    found: dict[str, Finder] = {}
    for group in GROUPS:
        found |= import_module(f"reportgen.oracle.arrays.{group}").REFERENCES
    return found
