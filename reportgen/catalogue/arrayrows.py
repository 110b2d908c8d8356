"""Functions of whole arrays: the programs that libraries run, how the exact result is found, and what is tried.

A function of arrays has a :class:`reportgen.catalogue.rows.FunctionRow` like any other (name, family, sentence,
domain, the libraries' functions, special cases), of kind ``reduction``, ``contraction``, ``linalg`` or ``transform``,
with empty ``mpmath`` and ``arb``; what is peculiar to arrays stands in an :class:`ArrayRow` of the same name.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from importlib import import_module

from reportgen.core.problems import Problem

ARRAY_FAMILIES = ("reduction", "norms", "scans", "contraction", "linalg", "transforms")
"""Modules of this package with a table ``ARRAYS``: name of the function to :class:`ArrayRow`."""

ARRAY_KINDS = ("reduction", "contraction", "linalg", "transform")


@dataclass(frozen=True)
class ArrayRow:
    """What is peculiar to a function of arrays.

    ``programs``: per library (``numpy``, ``tensorflow``, ``scipy``) the expression that is run, over the names of the
    operands and parameters of a problem (language: ``worker/programs.py``). ``returns``: per library the names of its
    results in order, where there are several or where libraries order them differently; ``("",)`` for one result.
    ``reference`` names the exact reference among :data:`reportgen.oracle.arrays.REFERENCES` and ``exact`` says in a
    sentence how it is found, for readers. ``condition`` is the C of ``bound_ratio`` in words (``Σ|xᵢ|``).
    ``problems`` are tried in this order. ``pointwise``: the largest number of elements of a result that are judged.
    ``spec_parameters``: the parameters with which a spec's own arrays (one operand ``x``, one axis) are tried; None
    where a spec cannot name arrays. ``dtypes``: those of the row beside the real ones of its FunctionRow.
    """

    name: str
    programs: tuple[tuple[str, str], ...]
    reference: str
    exact: str
    condition: str
    problems: tuple[Problem, ...]
    returns: tuple[tuple[str, tuple[str, ...]], ...] = ()
    pointwise: int = 1000
    spec_parameters: tuple[tuple[str, object], ...] | None = None
    dtypes: tuple[str, ...] = ()

    def program(self, library: str) -> str | None:
        """What a library runs, or None where it has no such function."""
        return dict(self.programs).get(library)

    def names(self, library: str) -> tuple[str, ...]:
        """The names of a library's results."""
        return dict(self.returns).get(library, ("",))

    def tried(self, dtype: str) -> list[Problem]:
        """The problems of a case of ``dtype``."""
        return [p for p in self.problems if not p.dtypes or dtype in p.dtypes]


@lru_cache(maxsize=1)
def array_rows() -> dict[str, ArrayRow]:
    """Every array row by name, family by family."""
    rows: dict[str, ArrayRow] = {}
    for family in ARRAY_FAMILIES:
        rows |= import_module(f"reportgen.catalogue.{family}").ARRAYS
    return rows


def array_row(name: str) -> ArrayRow | None:
    """The array row of a function, or None for functions of another kind."""
    return array_rows().get(name)
