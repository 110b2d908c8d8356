"""The data behind a function's figures: error against x on the ordinal axis, histograms, worst inputs."""

from __future__ import annotations

from typing import Any

import numpy as np

from reportgen.core.floats import Format
from reportgen.core.metrics import Statistics
from reportgen.measure.judging import Judged

COLUMNS = 256


def axis_of(fmt: Format) -> dict[str, Any]:
    """Edges of 256 equal columns over the finite ordinals, and the values there."""
    top = fmt.inf_ordinal - 1
    edges = [round(-top + (2 * top + 1) * i / COLUMNS) for i in range(COLUMNS)] + [top]
    edges = [max(-top, min(top, int(e))) for e in edges]
    x = fmt.from_ordinal(np.array(edges, dtype=np.int64))
    return {"ordinal": edges, "x": [float(v) for v in x]}


def column_of(values: Any, fmt: Format) -> Any:
    """Column index of each finite value of the first argument."""
    top = fmt.inf_ordinal - 1
    position = (fmt.ordinal(values).astype(np.float64) + top) / (2.0 * top + 1)
    return np.clip((position * COLUMNS).astype(np.int64), 0, COLUMNS - 1)


def target_profile(judged: Judged, in_fmt: Format, stats: Statistics) -> dict[str, Any]:
    """Per column the maximum (all judged inputs), the mean and the count (base samples); the histogram of ``stats``."""
    usable = np.isfinite(judged.args[0]) & np.isfinite(judged.scores.signed) & ~judged.scores.mismatch
    column = column_of(np.where(usable, judged.args[0], 0.0), in_fmt)
    magnitude = np.where(usable, judged.scores.magnitude, 0.0)
    highest = np.full(COLUMNS, -1.0)
    np.maximum.at(highest, column[usable], magnitude[usable])
    base = usable & judged.base
    count = np.bincount(column[base], minlength=COLUMNS)
    total = np.bincount(column[base], weights=magnitude[base], minlength=COLUMNS)
    with np.errstate(over="ignore", invalid="ignore"):
        mean = total / np.maximum(count, 1)
    return {
        "max": [float(v) if v >= 0 else None for v in highest],
        "mean": [float(m) if c and np.isfinite(m) else None for m, c in zip(mean, count, strict=True)],
        "count": [int(c) for c in count],
        "histogram": stats.histogram(),
    }
