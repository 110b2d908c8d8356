"""What others promise: error bounds that documentation, standards and test suites state, beside what is measured here.

The numbers stand in ``promised_tables.py``, source by source. None of them was measured here, and none binds the
libraries under test except where a source speaks of them; they are what a reader may have read elsewhere.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from reportgen.catalogue import rows
from reportgen.catalogue.promised_tables import SOURCES, TABLES

UNITS = ("ulp", "ulp-rounded", "absolute")
"""``ulp``: distance from the exact value in ulp. ``ulp-rounded``: distance from the correctly rounded result, counted
in floats, so that up to half an ulp is added against the exact value. ``absolute``: absolute error."""


@dataclass(frozen=True)
class Promise:
    """One stated bound for a function of the catalogue in one dtype.

    ``bound`` is in ``unit`` (see :data:`UNITS`). ``domain`` says for which arguments (empty: all), ``condition``
    under what circumstances. ``source`` is the document with its edition, ``url`` where it can be read.
    """

    function: str
    dtype: str
    implementation: str
    bound: float
    unit: str
    domain: str
    condition: str
    source: str
    url: str

    def stored(self) -> dict[str, Any]:
        """The entry of ``functions[].promised`` in ``results.json``."""
        return {
            "dtype": self.dtype, "implementation": self.implementation, "bound": self.bound, "unit": self.unit,
            "domain": self.domain, "condition": self.condition, "source": self.source, "url": self.url,
        }  # fmt: skip


def _promises() -> Iterator[Promise]:
    for key, dtypes, unit, domain, text in TABLES:
        source = SOURCES[key]
        for word in text.split():
            function, _, bound = word.partition("=")
            for dtype in dtypes.split():
                yield Promise(
                    function, dtype, source.implementation, float(bound), unit, domain, source.condition,
                    source.title, source.url,
                )  # fmt: skip


@lru_cache(maxsize=1)
def all_promises() -> tuple[Promise, ...]:
    """Every stated bound, source by source. Raises ValueError for a bound that is no number."""
    return tuple(_promises())


def promised_of(name: str) -> list[Promise]:
    """The bounds stated for the row called ``name``; tables may use its aliases."""
    known = rows.names()
    return [p for p in all_promises() if known.get(p.function) == name]
