"""How two targets' results for the same inputs compare: bitwise, by distance, and against the truth."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from reportgen.core.floats import F64, I64, Bool, Exact, Format
from reportgen.core.metrics import signed_ulp_error
from reportgen.core.model import TargetSpec


def compared_pairs(names: Iterable[str], targets: Mapping[str, TargetSpec]) -> list[tuple[str, str]]:
    """Which targets are compared with which, in the order of ``names``.

    Targets of today, and values recorded elsewhere (no target of ``targets``), each with every other; a release in an
    environment of its own with the next one of the same base, with that base as installed, and with what was recorded
    of it: thirty releases have 435 pairs, of which nobody asks for most.
    """
    names = list(names)
    latest: dict[str, str] = {}
    before: dict[str, str] = {}
    for name in names:
        target = targets.get(name)
        if target is not None and target.pinned:
            before[name] = latest.get(target.base, "")
            latest[target.base] = name
    return [(a, b) for i, a in enumerate(names) for b in names[i + 1 :] if _compared(a, b, targets, before)]


def _compared(first: str, second: str, targets: Mapping[str, TargetSpec], before: Mapping[str, str]) -> bool:
    if first not in before and second not in before:
        return True
    if first in before and second in before:
        return first == before[second]
    release, other = (first, second) if first in before else (second, first)
    target = targets[release]
    return other == target.base or other.startswith(f"{target.library}@{target.version} ")


@dataclass(frozen=True)
class Agreement:
    """Comparison of two targets over the same inputs.

    ``max_distance`` is in steps of the format's ordinals over pairs where both are numbers (infinity is
    one step beyond the largest finite value), at ``index``; ``nan_differs`` counts pairs with one NaN.
    ``max_abs``/``max_rel`` are taken over pairs of finite numbers; relative to the larger magnitude.
    ``nearer`` is ``first``, ``second``, ``same`` or ``undecided``, at ``index``.
    """

    compared: int
    equal: int
    nan_differs: int
    max_distance: int
    index: int | None
    nearer: str
    max_abs: float | None
    max_rel: float | None


def bitwise_equal(a: F64, b: F64) -> Bool:
    """Equal as bit patterns, but all NaNs alike; +0 and -0 differ. Complex numbers: both parts."""
    if np.iscomplexobj(a):
        return np.asarray(bitwise_equal(a.real, b.real) & bitwise_equal(a.imag, b.imag))
    return np.asarray(((a == b) & (np.signbit(a) == np.signbit(b))) | (np.isnan(a) & np.isnan(b)))


def agree(a: F64, b: F64, y: Exact, fmt: Format) -> Agreement:
    """Compare two result arrays (float64 values representable in ``fmt``) of the same inputs."""
    equal = bitwise_equal(a, b)
    nan_a, nan_b = np.isnan(a), np.isnan(b)
    nan_differs = int((nan_a != nan_b).sum())
    finite = np.isfinite(a) & np.isfinite(b)
    max_abs = max_rel = None
    if finite.any():
        with np.errstate(over="ignore", invalid="ignore"):
            gap = np.minimum(np.abs(a[finite] - b[finite]), np.finfo(np.float64).max)
            larger = np.maximum(np.abs(a[finite]), np.abs(b[finite]))
            larger = np.where(larger > 0, larger, 1.0)
            relative = np.abs(a[finite] / larger - b[finite] / larger)
        max_abs, max_rel = float(gap.max()), float(relative.max())
    index: int | None = None
    nearer = "same"
    farthest = 0
    unequal = np.flatnonzero(~equal)
    if len(unequal):
        distance = distances(a[unequal], b[unequal], fmt)
        place = int(np.argmax(distance))
        index, farthest = int(unequal[place]), max(int(distance[place]), 0)
        nearer = nearer_of(a, b, y, fmt, index)
    return Agreement(len(a), int(equal.sum()), nan_differs, farthest, index, nearer, max_abs, max_rel)


def distances(a: F64, b: F64, fmt: Format) -> I64:
    """Steps between two values each, -1 where either is NaN, the largest int64 where they would not fit into one."""
    first, second = fmt.ordinal(a), fmt.ordinal(b)
    distance = np.where(np.isnan(a) | np.isnan(b), -1, np.abs(first - second))
    wide = np.abs(first).astype(np.float64) + np.abs(second).astype(np.float64) > 2.0**63 - 2.0**12
    return np.where((np.signbit(a) != np.signbit(b)) & wide & (distance != -1), np.iinfo(np.int64).max, distance)


def nearer_of(a: F64, b: F64, y: Exact, fmt: Format, index: int) -> str:
    """Which of the two results at ``index`` is nearer the exact value."""
    point = slice(index, index + 1)
    if y.undecided[index]:
        return "undecided"
    if np.isnan(y.hi[index]):
        right = np.isnan(a[index]), np.isnan(b[index])
    else:
        first, second = (np.abs(signed_ulp_error(v[point], y[point], fmt))[0] for v in (a, b))
        first, second = (np.inf if np.isnan(e) else e for e in (first, second))
        right = bool(first < second), bool(second < first)
    if right[0] == right[1]:
        return "same"
    return "first" if right[0] else "second"
