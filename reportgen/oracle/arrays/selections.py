"""Exact results of functions that choose or count elements: extremes, where they are, how many are not zero."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from reportgen.core.floats import F64, Exact
from reportgen.core.problems import Arrays
from reportgen.oracle.arrays.reference import ArrayReference, chosen_positions
from reportgen.oracle.arrays.sums import lanes, result_shape
from reportgen.oracle.exact import exact_extreme

Chooser = Callable[[F64], "Exact | None"]
"""The exact result of one lane, or None where nothing is defined."""


def first_extreme(lane: F64, largest: bool) -> Exact | None:
    """The index of the first of the largest (or smallest) elements; None of no elements or where one is NaN."""
    if not len(lane) or np.isnan(lane).any():
        return None
    best = lane.max() if largest else lane.min()
    return Exact.of_values(np.array([float(np.flatnonzero(lane == best)[0])]))


def extreme(lane: F64, largest: bool) -> Exact | None:
    """The largest (or smallest) element; None of no elements."""
    return exact_extreme(lane, largest) if len(lane) else None


def count(lane: F64) -> Exact | None:
    """How many elements are not zero; NaN is none."""
    return Exact.of_values(np.array([float(len(lane) - int((lane == 0).sum()))]))


def chosen_by(choose: Chooser, word: str) -> Callable[[Arrays, int], dict[str, ArrayReference]]:
    """An exact reference that asks ``choose`` for each lane along ``axis``; lanes without a result are not judged."""

    def reference(arrays: Arrays, limit: int) -> dict[str, ArrayReference]:
        x = arrays.values["x"]
        axis = arrays.parameters.get("axis")
        shape = result_shape(x, axis)
        chosen = chosen_positions(shape, limit, word)
        rows = lanes(x, axis)
        found = [(p, choose(rows[p])) for p in chosen.tolist()]
        kept = [(p, y) for p, y in found if y is not None]
        exact = Exact.concatenate([Exact.empty(0), *(y for _, y in kept)])
        positions = np.array([p for p, _ in kept], np.int64)
        extra = {"ties": 1.0} if any(tied(rows[p]) for p in positions.tolist()) else {}
        return {"": ArrayReference(shape, positions, exact, np.full(len(kept), np.nan), "selection", extra=extra)}

    return reference


def segment_max(arrays: Arrays, limit: int) -> dict[str, ArrayReference]:
    """The largest element of each of ``k`` segments, of which ``s`` gives that of each element of ``x``; none is empty.

    Raises ValueError for a segment without elements.
    """
    x, segments, k = arrays.values["x"], arrays.values["s"], int(arrays.parameters["k"])
    found = [extreme(x[segments == j], True) for j in range(k)]
    if None in found:
        raise ValueError(f"segment {found.index(None)} has no elements")
    exact = Exact.concatenate([y for y in found if y is not None])
    return {"": ArrayReference((k,), np.arange(k, dtype=np.int64), exact, np.full(k, np.nan), "selection")}


def tied(lane: F64) -> bool:
    """Whether the largest or the smallest element occurs more than once."""
    return bool((lane == lane.max()).sum() > 1 or (lane == lane.min()).sum() > 1) if len(lane) else False


REFERENCES = {
    "max": chosen_by(lambda lane: extreme(lane, True), "extreme"),
    "min": chosen_by(lambda lane: extreme(lane, False), "extreme"),
    "argmax": chosen_by(lambda lane: first_extreme(lane, True), "extreme"),
    "argmin": chosen_by(lambda lane: first_extreme(lane, False), "extreme"),
    "segment_max": segment_max,
    "count_nonzero": chosen_by(count, "count"),
}
