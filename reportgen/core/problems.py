"""Problems: what functions of whole arrays are tried on, as data that can be written down and made again.

A problem is a few operands, each ``gen:NAME:SEED:SHAPE`` (see :func:`reportgen.core.arrays.generate`), and the
parameters of the call (an axis, a degree). Its ``name`` is the ``case`` of the stored rows.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from math import prod
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from numpy.typing import NDArray

# NumPy is loaded where arrays are made: the catalogue, which holds problems, is read without it.


@dataclass(frozen=True)
class Operand:
    """One array: generator ``data``, ``shape``, and ``order`` (the memory layout, as in ``worker/arrayjobs.py``).

    ``dtype`` is that of the case where it is empty. ``name`` is what programs call it.
    """

    name: str
    data: str
    shape: tuple[int, ...]
    dtype: str = ""
    order: str = "C"


@dataclass(frozen=True)
class Problem:
    """What a function is tried on once.

    ``words`` says in a few words which data it is (``positive numbers, first axis of 1000 × 1000``), ``series`` and
    ``size`` are for figures: problems of one series differ in ``size`` (n or k, the count that is combined) only.
    ``parameters`` are values for further names of the program. ``special``: some element is NaN or infinite (or
    subnormal, where a library may take it for zero), so that the result stands in the regime ``special``.
    ``refusable``: a library may refuse it (a singular matrix); that is then a finding and no failure. ``dtypes``: only
    in these, where not in all of the row's. ``batch`` names operands whose first axis, like that of the result, runs
    over things that do not influence each other (rows of a product, images): some of them are tried again alone.
    """

    name: str
    words: str
    operands: tuple[Operand, ...]
    parameters: tuple[tuple[str, Any], ...] = ()
    series: str = ""
    size: int = 0
    special: bool = False
    refusable: bool = False
    dtypes: tuple[str, ...] = ()
    batch: tuple[str, ...] = ()

    def operand_text(self) -> str:
        """Names of the operands, with the dtype of those that have one of their own: ``x;segments:int32``."""
        return ";".join(f"{o.name}:{o.dtype}" if o.dtype else o.name for o in self.operands)

    def shape_text(self) -> str:
        """Shapes of the operands: ``1000x8;8x20``; ``()`` for a scalar."""
        return ";".join("x".join(map(str, o.shape)) or "()" for o in self.operands)

    def spelling(self, seed: int) -> str:
        """The operands as ``gen:NAME:SEED:SHAPE``, separated by ``;``."""
        return ";".join(spelled(o.data, seed, o.shape) for o in self.operands)

    def parameter_text(self) -> str:
        """``axis=0, keepdims=True``; empty without parameters."""
        return ", ".join(f"{name}={value!r}" for name, value in self.parameters)

    def elements(self) -> int:
        """How many elements the operands have together."""
        return sum(prod(o.shape) for o in self.operands)

    def bytes(self, dtype: str) -> int:
        """Bytes of the operands in storage form, for a case of ``dtype``."""
        from reportgen.core.dtypes import DTYPES

        return sum(prod(o.shape) * DTYPES[o.dtype or dtype].storage.itemsize for o in self.operands)


@dataclass(frozen=True)
class Arrays:
    """A problem's operands made: values as in :mod:`reportgen.core.dtypes` by name, in the problem's shapes."""

    problem: Problem
    dtype: str
    seed: int
    values: dict[str, NDArray[Any]] = field(compare=False)

    @property
    def parameters(self) -> dict[str, Any]:
        return dict(self.problem.parameters)


def spelled(name: str, seed: int, shape: int | tuple[int, ...]) -> str:
    """``gen:NAME:SEED:SHAPE``, the shape as ``1000x8``; that of a scalar is ``()``."""
    text = str(shape) if isinstance(shape, int) else "x".join(map(str, shape)) or "()"
    return f"gen:{name}:{seed}:{text}"


def made(problem: Problem, dtype: str, seed: int) -> Arrays:
    """The operands of a problem in a case of ``dtype``."""
    import numpy as np

    from reportgen.core.arrays import generate
    from reportgen.core.dtypes import DTYPES

    values = {}
    for operand in problem.operands:
        fmt = DTYPES[operand.dtype or dtype]
        values[operand.name] = np.asarray(generate(operand.data, seed, operand.shape, fmt)).reshape(operand.shape)
    return Arrays(problem, dtype, seed, values)
