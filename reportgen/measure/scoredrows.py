"""Rows of results scored in ulp whose inputs are no real floating-point numbers, or whose exact values are rational."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from reportgen.core.floats import F64, I64, Exact, Format
from reportgen.core.metrics import score
from reportgen.measure.judging import Judged, draft_rows, finish_rows


@dataclass(frozen=True)
class Scored:
    """Results of one target on one path: ``point`` numbers each result's input among ``args`` and ``exact``.

    ``args`` are the inputs as float64, for regimes and for the order of ties; ``source`` is their format and ``fmt``
    that of the results. ``spelling`` gives the text of an input, ``context`` where an element stood.
    """

    path: str
    metric: str
    args: tuple[F64, ...]
    exact: Exact
    point: I64
    computed: F64
    fmt: Format
    source: Format
    spelling: Callable[[int], str]
    context: Callable[[int], str]


def scored_rows(s: Scored) -> list[dict[str, Any]]:
    """One row a regime that occurs and one for all; maxima are settled by rational arithmetic."""
    args, y = tuple(a[s.point] for a in s.args), s.exact[s.point]
    scores = score(args, s.computed, y, s.fmt, s.source)
    every = np.ones(len(s.point), bool)
    first = np.zeros(len(s.point), bool)
    first[np.unique(s.point, return_index=True)[1]] = True
    drafts = draft_rows(Judged(s.path, args, s.computed, s.point, every, first, scores, s.fmt, s.context), y)
    wanted = {int(d.judged.point[i]) for d in drafts for i in d.candidates}
    confirmed = {p: s.exact[p : p + 1] for p in wanted}
    rows = finish_rows(drafts, confirmed, dict.fromkeys(wanted, "rational"))
    for row in rows:
        row["metric"] = s.metric
        row.pop("_ties", None)
        worst = row.pop("_point", None)
        if worst is not None:
            row["worst_input"] = s.spelling(worst)
    return rows
