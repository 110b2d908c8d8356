"""The catalogue of functions: one frozen row each, found by name, alias, glob or family.

Importing this module loads neither NumPy nor any measured library; the tables of the families are read on
the first call of :func:`all_rows`. The field list is explained in ``docs/architecture.md``.
"""

from __future__ import annotations

import difflib
import fnmatch
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from importlib import import_module

from reportgen.core.errors import RequestError
from reportgen.core.model import FLOAT_DTYPES

FAMILIES = (
    "arithmetic",
    "division",
    "powers",
    "exponentials",
    "trigonometric",
    "hyperbolic",
    "angles",
    "rounding",
    "extrema",
    "comparisons",
    "predicates",
    "special",
    "bessel",
    "parametric",
    "guarded",
    "activations",
    "gradients",
    "complex",
    "reduction",
    "norms",
    "scans",
    "contraction",
    "linalg",
    "transforms",
    "expressions",
    "casts",
    "integer",
)
"""Families in the order in which pages list them; each is the module of that name in this package."""

Interval = tuple[float, float]


@dataclass(frozen=True)
class Special:
    """One special case: patterns, the required result, a sentence for readers and who says so.

    ``when`` holds one pattern per argument, optionally followed by one relation between the arguments;
    ``then`` is a result word. Both languages are documented in :mod:`reportgen.catalogue.patterns`.
    ``source`` names a clause of a standard or a page of a library's documentation.
    """

    when: tuple[str, ...]
    then: str
    sentence: str
    source: str


@dataclass(frozen=True)
class FunctionRow:
    """One function of the catalogue.

    ``numpy``, ``tensorflow`` and ``scipy`` are calls as in :mod:`reportgen.core.calls`, or ``None`` where the library
    has no such function;
    ``composite`` says that the TensorFlow path is written in terms of other kernels. ``mpmath`` and ``arb``
    are expressions over ``x`` (``y``, ``z``) in the oracle's namespace, neither of which cancels.
    ``monotone`` holds ``(low, high, +1 or -1)`` intervals on which the exact function is monotone,
    ``typical`` the interval per argument in which users live, ``critical`` per argument the numbers (as
    text, see :mod:`reportgen.catalogue.critical`) near which libraries go wrong. ``result`` is ``same`` or
    ``bool``. Of ``specials`` the first match wins.

    ``kind`` is ``elementwise``, ``gradient`` (``tensorflow`` is then the function that is differentiated with respect
    to argument number ``wrt``, and everything else is of the derivative), ``expression`` (``numpy`` and ``tensorflow``
    are programs over ``x``, ``y``, ``z`` in the language of ``worker/programs.py``, measured like elementwise
    functions), a kind of function of arrays (see :mod:`reportgen.catalogue.arrayrows`) or ``cast``. ``dtypes`` are
    the real dtypes in which the row is measured; complex and integer ones have tables of their own.
    ``base_samples`` replaces the usual number of samples where the oracle is slow, and ``planes`` holds boxes of
    arguments, ``((low, high), …)`` per box, in which functions of several arguments are sampled more densely. In
    ``typical`` and ``planes``, an interval between two ints (not floats) holds integers only.
    ``limits`` has an interval per argument: no sample has a finite argument outside, because a library would not come
    back from it. ``patience``: seconds after which a request counts as never answered, where a library's loops are
    known not to end for some inputs. ``ordered``: the second argument is never tried above the third, where no library
    promises anything.
    """

    name: str
    family: str
    arity: int
    sentence: str
    domain: str
    numpy: str | None
    tensorflow: str | None
    mpmath: str
    arb: str
    scipy: str | None = None
    kind: str = "elementwise"
    wrt: int = 0
    dtypes: tuple[str, ...] = FLOAT_DTYPES
    base_samples: int | None = None
    planes: tuple[tuple[Interval, ...], ...] = ()
    limits: tuple[Interval, ...] = ()
    patience: float | None = None
    ordered: bool = False
    aliases: tuple[str, ...] = ()
    composite: bool = False
    parity: str | None = None
    monotone: tuple[tuple[float, float, int], ...] = ()
    result: str = "same"
    typical: tuple[Interval, ...] = ()
    critical: tuple[tuple[str, ...], ...] = ()
    specials: tuple[Special, ...] = ()

    @property
    def shared(self) -> bool:
        """True where both libraries have the function."""
        return self.numpy is not None and self.tensorflow is not None


@lru_cache(maxsize=1)
def all_rows() -> dict[str, FunctionRow]:
    """Every row by name, family by family, in the tables' order. Names and aliases are unique (tested)."""
    rows: dict[str, FunctionRow] = {}
    for family in FAMILIES:
        for row in import_module(f"reportgen.catalogue.{family}").ROWS:
            rows[row.name] = row
    return rows


@lru_cache(maxsize=1)
def names() -> dict[str, str]:
    """Every name and alias, mapped to the name of its row."""
    return {word: row.name for row in all_rows().values() for word in (row.name, *row.aliases)}


def _unknown(word: str, known: Iterable[str], what: str) -> RequestError:
    near = difflib.get_close_matches(word, list(known), n=1, cutoff=0.5)
    hint = f"; did you mean {near[0]!r}?" if near else ""
    return RequestError(f"unknown {what} {word!r}{hint}")


def lookup(name_or_alias: str) -> FunctionRow:
    """The row called ``name_or_alias``.

    Raises:
        RequestError: no row has that name or alias; the message offers the nearest one.
    """
    word = name_or_alias.strip()
    known = names()
    if word not in known:
        raise _unknown(word, known, "function")
    return all_rows()[known[word]]


def _matching(pattern: str) -> set[str]:
    if pattern.startswith("family:"):
        family = pattern.removeprefix("family:")
        chosen = {row.name for row in all_rows().values() if fnmatch.fnmatchcase(row.family, family)}
        if not chosen:
            raise _unknown(family, FAMILIES, "family")
        return chosen
    if any(letter in pattern for letter in "*?["):
        chosen = {name for word, name in names().items() if fnmatch.fnmatchcase(word, pattern)}
        if not chosen:
            raise RequestError(f"no function matches {pattern!r}")
        return chosen
    return {lookup(pattern).name}


def select(patterns: Iterable[str], exclude: Iterable[str] = ()) -> list[FunctionRow]:
    """Rows named by any of ``patterns`` and by none of ``exclude``, in the catalogue's order.

    A pattern is a name, an alias, a glob over names and aliases, or ``family:NAME`` (a glob too).

    Raises:
        RequestError: a pattern or an exclusion names nothing.
    """
    wanted: set[str] = set()
    for pattern in patterns:
        wanted |= _matching(pattern.strip())
    for pattern in exclude:
        wanted -= _matching(pattern.strip())
    return [row for row in all_rows().values() if row.name in wanted]
