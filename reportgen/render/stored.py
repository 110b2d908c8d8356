"""One stored version, read for rendering: tables as lists of dictionaries, with the look-ups that pages need."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from reportgen.core.dtypes import COMPLEX_DTYPES, INTEGER_DTYPES, kind_of
from reportgen.core.errors import StoredResultError
from reportgen.render.releaserows import ReleaseRows, split
from reportgen.results import store, tables

Row = dict[str, Any]
MAIN_CASE = "ordinals"
"""The case over the whole format; the matrix shows it where a function has it."""

DTYPE_ORDER = ("float32", "float64", "float16", "bfloat16", *COMPLEX_DTYPES, *INTEGER_DTYPES, "bool")
SECTIONS = ("real", "complex", "integer", "cast", "gradient", "array", "expression")
"""What the combinations of function and dtype are counted under: a figure never mixes two of these."""
REGIME_ORDER = ("normal", "subnormal-input", "subnormal-result", "overflow-edge", "special", "all")
PATH_ORDER = ("body", "tail", "scalar")


@dataclass
class Stored:
    """``results.json`` of one version; ``folder`` also holds ``profiles/<function>.json``.

    The tables hold what today's targets and the recorded ones did. Rows of releases in environments of their own stand
    in ``releases`` alone, so that no figure, count or sentence about today's libraries meets them by accident.
    """

    folder: Path
    raw: dict[str, Any]
    measurements: list[Row]
    agreement: list[Row]
    special: list[Row]
    self_agreement: list[Row]
    subnormals: list[Row]
    problems: list[Row]
    determinism: list[Row]
    timing: list[Row]
    releases: ReleaseRows = field(default_factory=ReleaseRows)
    by_function: dict[str, list[Row]] = field(default_factory=dict)
    pairs: dict[tuple[str, str], list[Row]] = field(default_factory=dict)
    mains: dict[tuple[str, str], list[str]] = field(default_factory=dict)
    recorded: dict[tuple[str, str, str], list[str]] = field(default_factory=dict)
    dtype_names: list[str] = field(default_factory=list)
    dtypes_of: dict[str, list[str]] = field(default_factory=dict)
    by_table: dict[str, dict[str, list[Row]]] = field(default_factory=dict)
    sections: dict[str, list[tuple[Row, str]]] = field(default_factory=dict)
    condensed: dict[tuple[str, str], Any] = field(default_factory=dict)
    """Kept by :func:`reportgen.render.summary.summaries`, which many pages ask for the same thing."""
    gradients: dict[str, list[str]] = field(default_factory=dict)
    """Kept by :func:`reportgen.render.functionpage.gradients`."""
    past: dict[str, Any] = field(default_factory=dict)
    """Kept by :mod:`reportgen.render.releases`."""
    times: dict[str, list[Row]] = field(default_factory=dict)

    @property
    def label(self) -> str:
        return str(self.raw.get("label", "dev"))

    @cached_property
    def gates(self) -> list[Row]:
        """What was expected of the results and what became of it; versions without expectations have none."""
        return table_rows(self.raw.get("gates"))

    @property
    def depth(self) -> str:
        return str(self.raw.get("depth", ""))

    @property
    def compared(self) -> bool:
        """Whether it was compared with an earlier version."""
        return (self.folder / "comparison.json").is_file()

    @cached_property
    def silent(self) -> set[str]:
        """Pages that have nothing to say in this version: they are there, and the navigation leaves them out."""
        kinds = {fn.get("kind") for fn in self.functions}
        told = {
            "arrays": any(is_array(fn) for fn in self.functions),
            "determinism": bool(self.determinism),
            "compiler": "expression" in kinds,
            "meaning": bool(self.raw.get("meaning")),
            "coverage": bool(self.raw.get("surface")),
        }
        return {name for name, says in told.items() if not says}

    @property
    def functions(self) -> list[Row]:
        return list(self.raw.get("functions", []))

    def section(self, function: Row, dtype: str) -> str:
        """One of :data:`SECTIONS`: by the kind of a function where that says it, else by the dtype."""
        kind = str(function.get("kind", ""))
        if is_array(function):
            return "array"
        if kind in ("cast", "gradient", "expression"):
            return kind
        number = kind_of(dtype)
        return number if number in ("real", "complex") else "integer"

    def combinations(self, section: str) -> list[tuple[Row, str]]:
        """Function × dtype measured, of one section, in the catalogue's order."""
        if section not in self.sections:
            for name in SECTIONS:
                self.sections[name] = []
            for function in self.functions:
                for dtype in self.dtypes(str(function["name"])):
                    self.sections[self.section(function, dtype)].append((function, dtype))
        return self.sections[section]

    def counted_functions(self) -> list[Row]:
        """Functions in the narrow sense: neither gradients of others nor conversions nor composed expressions."""
        return [x for x in self.functions if x.get("kind") not in ("cast", "gradient", "expression")]

    @property
    def targets(self) -> list[Row]:
        return list(self.raw.get("targets", []))

    @property
    def live_targets(self) -> list[Row]:
        """Targets of today that ran (or could have run) here: no values printed elsewhere, no pinned releases."""
        return [t for t in self.targets if t.get("mode") != "recorded" and not t.get("pinned")]

    @property
    def pinned_targets(self) -> list[Row]:
        """Releases in environments of their own."""
        return [t for t in self.targets if t.get("pinned")]

    @property
    def recorded_targets(self) -> list[Row]:
        return [t for t in self.targets if t.get("mode") == "recorded"]

    @property
    def styled_names(self) -> list[str]:
        """The targets that figures draw, in the order of the report: pinned releases have figures of their own."""
        return [str(t["name"]) for t in self.targets if not t.get("pinned")]

    def target(self, name: str) -> Row:
        return next((t for t in self.targets if t.get("name") == name), {"name": name})

    def function(self, name: str) -> Row:
        return next((f for f in self.functions if f.get("name") == name), {"name": name})

    def rows(self, function: str) -> list[Row]:
        return self.by_function.get(function, [])

    def of(self, table: str, function: str) -> list[Row]:
        """Rows of one function in ``special``, ``self_agreement``, ``subnormals``, ``problems`` or ``determinism``."""
        return self.by_table[table].get(function, [])

    def timing_of(self, function: str) -> list[Row]:
        """Rows of one function in the table of times."""
        return self.times.get(function, [])

    def agreement_of(self, function: str, dtype: str) -> list[Row]:
        """Agreement rows of the main cases."""
        cases = set(self.main_cases(function, dtype))
        return [r for r in self.pairs.get((function, dtype), []) if r["case"] in cases]

    def dtypes(self, function: str) -> list[str]:
        """The dtypes measured for a function, most used first."""
        return self.dtypes_of.get(function, [])

    def all_dtypes(self) -> list[str]:
        return self.dtype_names

    def main_cases(self, function: str, dtype: str) -> list[str]:
        """``["ordinals"]`` where the function has that case, else every case that is not a recorded one."""
        return self.mains.get((function, dtype), [])

    def recorded_cases(self) -> dict[tuple[str, str, str], list[str]]:
        """(function, dtype, case) → names of the recorded targets scored on it."""
        return self.recorded

    def profile(self, function: str) -> dict[str, Any]:
        """Data of the figures; empty cases where the function has none. Raises StoredResultError if cut off."""
        return self._profile(function, pinned=False)

    def releases_profile(self, function: str) -> dict[str, Any]:
        """As :meth:`profile`, of the releases in environments of their own."""
        return self._profile(function, pinned=True)

    def _profile(self, function: str, pinned: bool) -> dict[str, Any]:
        path = self.folder / "profiles" / f"{function}.json"
        if not path.is_file():
            return {"function": function, "cases": []}
        whole = store.read_profile(self.folder, function)
        names = {str(t["name"]) for t in self.pinned_targets}
        cases = [
            case | {"targets": {n: t for n, t in (case.get("targets") or {}).items() if (n in names) == pinned}}
            for case in whole["cases"]
        ]
        return whole | {"cases": cases}


UNSPECIFIED = "unspecified"
"""Expected of special cases whose result no standard and no documentation defines."""


def is_array(function: Row) -> bool:
    """Whether a function combines whole arrays and was tried on problems."""
    return bool(function.get("arrays"))


def is_defined(special: Row) -> bool:
    """Whether a special case requires anything."""
    return bool(special["expected"] != UNSPECIFIED)


def dtype_key(dtype: str) -> tuple[int, str]:
    return (DTYPE_ORDER.index(dtype) if dtype in DTYPE_ORDER else len(DTYPE_ORDER), dtype)


def regime_key(regime: str) -> int:
    return REGIME_ORDER.index(regime) if regime in REGIME_ORDER else len(REGIME_ORDER)


def path_key(path: str | None) -> int:
    return PATH_ORDER.index(path) if path in PATH_ORDER else len(PATH_ORDER)


def table_rows(table: dict[str, Any] | None) -> list[Row]:
    """Rows of a stored table as dictionaries; an absent table has none."""
    if not table:
        return []
    return tables.records(table)


def load(folder: Path) -> Stored:
    """Read a version's folder. Raises StoredResultError where a file is missing, cut off or not of the form."""
    path = folder / "results.json"
    raw = store.read_document(path)
    try:
        timing = raw.get("timing") or {}
        stored = Stored(
            folder=folder,
            raw=raw,
            measurements=table_rows(raw["measurements"]),
            agreement=table_rows(raw.get("agreement")),
            special=table_rows(raw.get("special")),
            self_agreement=table_rows(raw.get("self_agreement")),
            subnormals=table_rows(raw.get("subnormals")),
            problems=table_rows(raw.get("problems")),
            determinism=table_rows(raw.get("determinism")),
            timing=table_rows(timing.get("table")),
        )
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise StoredResultError(f"{path}: not a stored result: {type(error).__name__}: {error}") from None
    stored.releases = split(stored, {str(t["name"]) for t in stored.pinned_targets})
    _index(stored)
    return stored


def _index(stored: Stored) -> None:
    """Fill the look-ups, in one pass over each table."""
    recorded = {str(t["name"]) for t in stored.recorded_targets}
    cases: dict[tuple[str, str], list[str]] = {}
    for row in stored.measurements:
        function, dtype, case = str(row["function"]), str(row["dtype"]), str(row["case"])
        stored.by_function.setdefault(function, []).append(row)
        known = cases.setdefault((function, dtype), [])
        if case not in known:
            known.append(case)
        if row["target"] in recorded:
            scored = stored.recorded.setdefault((function, dtype, case), [])
            if row["target"] not in scored:
                scored.append(row["target"])
    for (function, dtype), names in cases.items():
        live = [c for c in names if (function, dtype, c) not in stored.recorded]
        stored.mains[function, dtype] = [MAIN_CASE] if MAIN_CASE in names else live or names
    for row in stored.timing:
        stored.times.setdefault(str(row["function"]), []).append(row)
    for row in stored.agreement:
        stored.pairs.setdefault((str(row["function"]), str(row["dtype"])), []).append(row)
    for table in ("special", "self_agreement", "subnormals", "problems", "determinism"):
        found = stored.by_table.setdefault(table, {})
        for row in getattr(stored, table):
            found.setdefault(str(row["function"]), []).append(row)
    stored.dtype_names = sorted({dtype for _, dtype in cases}, key=dtype_key)
    for function, dtype in sorted(cases, key=lambda key: dtype_key(key[1])):
        stored.dtypes_of.setdefault(function, []).append(dtype)
