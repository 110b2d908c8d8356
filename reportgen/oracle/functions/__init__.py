"""Groups of names of the oracle's namespace beyond the elementary ones: one module a group.

A module may define these tables, all by name; what it leaves out is empty:

``BALLS``        the function of Arb balls (``flint.arb``), as in :mod:`reportgen.oracle.balls`
``PLAIN``        ``(function of mpf, bits lost)``, as in :mod:`reportgen.oracle.approximations`
``METHODS``      function of ``(bits, *Approx)`` to ``Approx`` for names whose error is bounded otherwise
``EXACT_CASES``  whether mpmath's value at these arguments is exact
``RULES``        rules on a ``Known``, as in :mod:`reportgen.oracle.regions`
``BITS``         function of ``(columns, dtype)``: bits beyond the usual with which most points settle (speed only)
``SCREENS``      function of NumPy arrays for the search, as in :mod:`reportgen.oracle.screen`
``ODD``, ``EVEN``  sets of names computed once for each magnitude

The names themselves, with their arity, stand in :mod:`reportgen.oracle.namespace`.
"""

from __future__ import annotations

from types import ModuleType
from typing import Any

from reportgen.oracle.functions import (
    activations,
    bessel,
    beta,
    derivatives,
    errors,
    gammas,
    incomplete_gamma,
    integrals,
    screens,
    slopes,
    specialslopes,
    zetas,
)

GROUPS: tuple[ModuleType, ...] = (
    incomplete_gamma,
    zetas,
    activations,
    beta,
    derivatives,
    slopes,
    specialslopes,
    errors,
    gammas,
    integrals,
    bessel,
    screens,
)


def _merged(table: str) -> dict[str, Any]:
    out: dict[str, Any] = {}
    for group in GROUPS:
        for name, entry in getattr(group, table, {}).items():
            if name in out:
                raise ValueError(f"{name} stands in two groups of functions")
            out[name] = entry
    return out


def _united(table: str) -> frozenset[str]:
    return frozenset(name for group in GROUPS for name in getattr(group, table, ()))


BALLS, PLAIN, METHODS = _merged("BALLS"), _merged("PLAIN"), _merged("METHODS")
EXACT_CASES, RULES, BITS, SCREENS = _merged("EXACT_CASES"), _merged("RULES"), _merged("BITS"), _merged("SCREENS")
ODD, EVEN = _united("ODD"), _united("EVEN")
