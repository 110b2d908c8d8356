"""What changed between two rows of one case, target, path and metric, quantity by quantity, and which way."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

Row = dict[str, Any]

SAME = 2.0**-40
"""Relative difference of two scores below which they are one: the last digits of a score depend on how many digits of
the exact value stood beside it, and no library can move them alone."""

REGIME_COLUMNS = (
    ("normal_ulp", "normal"),
    ("overflow_edge_ulp", "overflow-edge"),
    ("subnormal_result_ulp", "subnormal-result"),
    ("subnormal_input_ulp", "subnormal-input"),
    ("special_ulp", "special"),
)
"""Maxima are compared regime by regime: a flushed subnormal, millions of ulps off, would hide whatever else changes."""

CHECKS = ("position", "layout", "constant", "run")
MOVED = ("mean_ulp", "correctly_rounded", "faithfully_rounded", "max_abs")
"""Columns whose changes are told, and decide nothing: the largest error is what a reader relies on."""


@dataclass(frozen=True)
class Change:
    """One quantity that differs: ``direction`` is -1 (better), 1 (worse) or 0 (neither), ``factor`` how much by."""

    what: str
    regime: str
    before: Any
    after: Any
    direction: int
    factor: float

    def stored(self) -> Row:
        return asdict(self)


def changes(before: Row, after: Row, tolerance: float) -> list[Change]:
    """All that differs between two comparable rows, the weightiest quantities first."""
    found = [
        _mismatches(before, after),
        *(_maximum(before, after, column, "max_ulp", regime, tolerance) for column, regime in REGIME_COLUMNS),
        _maximum(before, after, "bound_ratio", "bound_ratio", "all", tolerance),
        _wrong(before, after),
        _rounding(before, after),
        *(_check(before, after, name) for name in CHECKS),
    ]
    if not any(row[c] is not None for row in (before, after) for c in ("max_ulp", "bound_ratio")):
        found.append(_maximum(before, after, "max_abs", "max_abs", "all", 0.0))
    told = [c for c in found if c is not None]
    named = {c.what for c in told}
    return told + [c for name in MOVED if name not in named and (c := _moved(before, after, name, tolerance))]


def _mismatches(before: Row, after: Row) -> Change | None:
    """Special mismatches. A search judges other points each time, so that there only none and some are told apart."""
    old, new = before["special_mismatches"], after["special_mismatches"]
    if old is None or new is None or old == new:
        return None
    searched = before["coverage"] == "searched" or after["coverage"] == "searched"
    direction = 0 if searched and old and new else (1 if new > old else -1)
    return Change("special_mismatches", "all", old, new, direction, float("inf") if not (old and new) else new / old)


def _maximum(before: Row, after: Row, column: str, what: str, regime: str, tolerance: float) -> Change | None:
    old, new = before[column], after[column]
    if old is None or new is None:
        return None if old is new else Change(what, regime, old, new, 0, 1.0)
    gap = abs(new - old)
    if gap <= max(tolerance, SAME * max(abs(old), abs(new))):
        return None
    return Change(what, regime, old, new, 1 if new > old else -1, factor(old, new, 0.5 if what == "max_ulp" else 1.0))


def factor(old: float, new: float, floor: float) -> float:
    """How many times the larger the smaller; both no less than ``floor``, below which nothing is gained by being
    smaller (half an ulp: correct rounding)."""
    low, high = sorted((max(old, floor), max(new, floor)))
    return high / low


def _wrong(before: Row, after: Row) -> Change | None:
    """Results that are right or wrong: how many are wrong."""
    if before["metric"] not in ("equal", "sign") or before["correctly_rounded"] is None:
        return None
    if after["correctly_rounded"] is None:
        return None
    old = before["samples"] - before["correctly_rounded"]
    new = after["samples"] - after["correctly_rounded"]
    if old == new:
        return None
    return Change("wrong", "all", old, new, 1 if new > old else -1, float("inf") if not (old and new) else new / old)


def _rounding(before: Row, after: Row) -> Change | None:
    """Whether every sample is correctly rounded, lost or gained."""
    if before["metric"] in ("equal", "sign") or None in (before["correctly_rounded"], after["correctly_rounded"]):
        return None
    old = before["correctly_rounded"] == before["samples"]
    new = after["correctly_rounded"] == after["samples"]
    if old == new:
        return None
    left, right = before["correctly_rounded"], after["correctly_rounded"]
    return Change("correctly_rounded", "all", left, right, 1 if old else -1, 1.0)


def _check(before: Row, after: Row, name: str) -> Change | None:
    """Whether results agree with themselves: the inputs of these checks vary, so that only none and some count."""
    cells = [before[f"{name}_differs"], before[f"{name}_tested"], after[f"{name}_differs"], after[f"{name}_tested"]]
    if None in cells or not cells[1] or not cells[3] or cells[0] == cells[2]:
        return None
    direction = 0 if cells[0] and cells[2] else (1 if cells[2] else -1)
    return Change(f"{name}_differs", "all", cells[0], cells[2], direction, 1.0)


def _moved(before: Row, after: Row, name: str, tolerance: float) -> Change | None:
    old, new = before[name], after[name]
    if old is None or new is None or old == new:
        return None
    if isinstance(old, float) and abs(new - old) <= max(
        tolerance if name == "mean_ulp" else 0.0, SAME * max(abs(old), abs(new))
    ):
        return None
    return Change(name, "all", old, new, 0, 1.0)


def one_sided(before: Row, after: Row, tolerance: float) -> list[Change]:
    """What two rows of different coverage prove nevertheless.

    An exhaustive maximum bounds its path from above, any other one from below: a sampled error beyond the exhaustive
    maximum of the other version is a change, a smaller one says nothing.
    """
    if (before["coverage"] == "exhaustive") == (after["coverage"] == "exhaustive"):
        return []
    wanted = 1 if before["coverage"] == "exhaustive" else -1
    found = [_maximum(before, after, column, "max_ulp", regime, tolerance) for column, regime in REGIME_COLUMNS]
    return [c for c in found if c is not None and c.direction == wanted]
