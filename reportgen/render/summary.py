"""Condenses the rows of one function × dtype × target into what a matrix cell or a sentence needs."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from reportgen.core import formatting as f
from reportgen.render.stored import Row, Stored, path_key

HEADLINE_REGIME = "normal"
EQUAL_METRIC = "equal"
"""Results that are right or wrong and have no error in ulp."""
OMITTED_METRICS = ("re", "im")
"""Parts of complex results: the headline is their normwise error."""


@dataclass
class Summary:
    """One target on one function and dtype, over the main cases and all paths.

    ``best`` is the row with the largest error in regime ``normal`` (all regimes where there is no such
    row), ``overall`` the one over all regimes; None where nothing was measured. ``flushed`` says that a subnormal
    input was taken for zero or a subnormal result became zero.
    """

    target: str
    status: str
    reason: str = ""
    best: Row | None = None
    overall: Row | None = None
    closing: list[Row] = field(default_factory=list)
    normal: list[Row] = field(default_factory=list)
    flushed: bool = False

    @property
    def measured(self) -> bool:
        return self.status == "ok" and bool(self.closing)

    @property
    def mismatches(self) -> int:
        """Special mismatches on the path that has most of them."""
        return max((int(r.get("special_mismatches") or 0) for r in self.closing), default=0)

    @property
    def undecided(self) -> int:
        return max((int(r.get("undecided") or 0) for r in self.closing), default=0)

    @property
    def counted_wrong(self) -> tuple[int, int] | None:
        """(wrong, samples) on the path with the largest share wrong, where results are right or wrong; else None."""
        rows = [r for r in self.closing if r.get("metric") == EQUAL_METRIC and r.get("samples")]
        pairs = [(int(r["samples"]) - int(r["correctly_rounded"]), int(r["samples"])) for r in rows]
        return max(pairs, key=lambda p: (p[0] / p[1], p[1]), default=None)

    @property
    def farthest_wrong(self) -> Row | None:
        """The closing row with the largest difference, where results are right or wrong."""
        rows = [r for r in self.closing if r.get("metric") == EQUAL_METRIC and r.get("worst_input") is not None]
        return max(rows, key=lambda r: (float(r["max_abs"] or 0), -path_key(r.get("path"))), default=None)

    @property
    def body(self) -> Row | None:
        """The closing row of the first path (``body`` where there is one)."""
        return min(self.closing, key=lambda r: path_key(r.get("path")), default=None)

    @property
    def typical(self) -> Row | None:
        """The row that means and shares are quoted from: first path, regime ``normal`` where there is one."""
        return min(self.normal, key=lambda r: path_key(r.get("path")), default=self.body)

    def check(self, name: str) -> tuple[int, int]:
        """(differs, tested) of a self-agreement check, as counted in the measurements."""
        pairs = [(int(r.get(f"{name}_differs") or 0), int(r.get(f"{name}_tested") or 0)) for r in self.closing]
        return max(pairs, default=(0, 0))


def error_key(row: Row) -> tuple[float, int]:
    """Orders rows by maximum, ties to the first path."""
    value = row.get("max_ulp")
    return (-1.0 if value is None else float(value), -path_key(row.get("path")))


def counted(rows: Iterable[Row]) -> list[Row]:
    return [r for r in rows if r.get("status") == "ok" and r.get("metric") not in OMITTED_METRICS]


def summarise(target: str, rows: list[Row]) -> Summary:
    """Summary of the rows of one target (all of one function and dtype)."""
    ok = counted(rows)
    closing = [r for r in ok if r.get("regime") == "all"]
    if not closing:
        stopped = next((r for r in rows if r.get("status") != "ok"), None)
        if stopped is None:
            return Summary(target, "absent", "not part of this case")
        return Summary(target, str(stopped["status"]), str(stopped.get("reason") or ""))
    normal = [r for r in ok if r.get("regime") == HEADLINE_REGIME and r.get("max_ulp") is not None]
    scored = [r for r in closing if r.get("max_ulp") is not None]
    overall = max(scored, key=error_key, default=None)
    return Summary(
        target=target,
        status="ok",
        best=max(normal, key=error_key, default=overall),
        overall=overall,
        closing=closing,
        normal=[r for r in ok if r.get("regime") == HEADLINE_REGIME],
        flushed=any(_zero_for_subnormal(r) for r in ok),
    )


def _zero_for_subnormal(row: Row) -> bool:
    """The worst result among subnormal inputs or results is a zero at least one ulp from the exact value."""
    return (
        str(row.get("regime", "")).startswith("subnormal")
        and float(row.get("max_ulp") or 0) >= 1
        and f.is_flushed(row.get("worst_output"), row.get("exact"))
    )


def summaries(stored: Stored, function: str, dtype: str) -> dict[str, Summary]:
    """Every target's summary over the main cases of a function and dtype, in the order of the targets."""
    known: dict[str, Summary] | None = stored.condensed.get((function, dtype))
    if known is not None:
        return known
    cases = set(stored.main_cases(function, dtype))
    grouped: dict[str, list[Row]] = {}
    for row in stored.rows(function):
        if row["dtype"] == dtype and row["case"] in cases:
            grouped.setdefault(row["target"], []).append(row)
    order = {t["name"]: i for i, t in enumerate(stored.targets)}
    found = {name: summarise(name, grouped[name]) for name in sorted(grouped, key=lambda n: order.get(n, 999))}
    told = [r for r in stored.of("subnormals", function) if r["dtype"] == dtype and r["case"] in cases]
    for row in told:
        if row["target"] in found:
            found[row["target"]].flushed |= any(int(row[f"{k}_zero"]) > 0 for k in ("inputs", "results", "both"))
    stored.condensed[function, dtype] = found
    return found


def pair_rows(stored: Stored, function: str, dtype: str, first: str, second: str) -> list[Row]:
    """Agreement rows of a pair over the main cases, whichever way round they were stored."""
    return [r for r in stored.agreement_of(function, dtype) if {r["first"], r["second"]} == {first, second}]


def pair_counts(rows: list[Row]) -> tuple[int, int]:
    """(equal, compared), added over cases."""
    return sum(int(r["equal"] or 0) for r in rows), sum(int(r["compared"] or 0) for r in rows)


def nearer(row: Row) -> str:
    """The target that is nearer the exact value where the pair is farthest apart; empty where neither is."""
    side = row.get("nearer")
    return str(row[side]) if side in ("first", "second") else str(side) if side in (row["first"], row["second"]) else ""


def exact_is_zero(row: Row) -> bool:
    """True where the exact value at the worst input is 0, whose ulp is the smallest subnormal."""
    exact = str(row.get("exact") or "")
    return bool(exact) and float.fromhex(exact.split(";")[0]) == 0.0


def farthest(rows: list[Row]) -> Row | None:
    """The row with the largest distance, None where no distance was stored."""
    scored = [r for r in rows if r.get("max_distance") is not None]
    return max(scored, key=lambda r: float(r["max_distance"]), default=None)


def joined_by_value(items: Iterable[tuple[str, Any]]) -> list[tuple[list[str], Any]]:
    """Groups names that carry an equal value, in order of first appearance."""
    groups: list[tuple[list[str], Any]] = []
    for name, value in items:
        for names, known in groups:
            if known == value:
                names.append(name)
                break
        else:
            groups.append(([name], value))
    return groups
