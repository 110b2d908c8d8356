"""Matrices with a NaN in them: every element that depends on it is NaN, and nothing else is said of the result."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from reportgen.core.floats import Exact
from reportgen.core.problems import Arrays
from reportgen.oracle.arrays.reference import ArrayReference

References = dict[str, ArrayReference]
Shape = tuple[int, ...]

NAN_INSIDE = "nan inside"
"""Word of ``extra`` for problems of which no error can be measured because of a NaN among the operands."""


def unless_nan(
    compute: Callable[[Arrays, int], References], name: str, shape: Callable[[Shape, Shape], Shape], where: str = "all",
) -> Callable[[Arrays, int], References]:  # fmt: skip
    """``compute``, but NaN in the result called ``name`` where an operand holds one.

    ``shape`` gives the shape of that result from those of ``x`` and ``y`` (of ``x`` again where there is no ``y``).
    ``where``: ``all`` elements depend on the NaN, or only the ``last`` is certain to (factors that a NaN reaches row by
    row), or ``nothing`` can be NaN (whole numbers).
    """

    def reference(arrays: Arrays, limit: int) -> References:
        if not any(np.isnan(values).any() for values in arrays.values.values()):
            return compute(arrays, limit)
        x = arrays.values["x"].shape
        of = shape(x, arrays.values["y"].shape if "y" in arrays.values else x)
        count = int(np.prod(of))
        places = np.arange(count)[{"all": slice(None), "last": slice(-1, None), "nothing": slice(0)}[where]]
        nothing = np.full(len(places), np.nan)
        exact, imag = Exact.of_values(nothing), Exact.of_values(nothing.copy())
        return {name: ArrayReference(of, places, exact, nothing, "selection", imag, {NAN_INSIDE: 1.0})}

    return reference


def square(x: Shape, y: Shape) -> Shape:
    """As the matrix."""
    return x


def right_hand(x: Shape, y: Shape) -> Shape:
    """As the right-hand sides of a square system."""
    return y


def turned(x: Shape, y: Shape) -> Shape:
    """As the transposed matrix."""
    return (*x[:-2], x[-1], x[-2])


def coefficients(x: Shape, y: Shape) -> Shape:
    """One row for each column of the matrix, one column for each right-hand side."""
    return (*x[:-2], x[-1], y[-1])


def triangle(x: Shape, y: Shape) -> Shape:
    """The square factor with as many columns as the matrix."""
    return (*x[:-2], x[-1], x[-1])


def shorter_side(x: Shape, y: Shape) -> Shape:
    """One number for each row or column, whichever are fewer."""
    return (*x[:-2], min(x[-2:]))


def one_number(x: Shape, y: Shape) -> Shape:
    """One number for each matrix."""
    return x[:-2]
