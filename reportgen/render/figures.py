"""Figures of a function's page: error against x, and the histogram of signed errors, as SVG.

Curves that coincide everywhere are drawn once, and the legend says for whom. The x axis counts floats (ordinals),
so that every binade has the same width.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np

from reportgen.render.canvas import (
    Axes,
    Drawing,
    colour_of,
    dashes_of,
    grid,
    legend,
    legend_rows,
    style_of,
    x_ticks,
)
from reportgen.render.model import Figure
from reportgen.render.palette import Style
from reportgen.render.stored import MAIN_CASE, dtype_key
from reportgen.render.summary import joined_by_value
from reportgen.render.svg import HIGH, alt_text, caption, finish, size, tick_text

MOST_PANELS = 6
LOW = 2.0**-4
"""The lowest error drawn, in ulp: what lies below stands on the edge."""
HALF_RANGE, BINS = 4.0, 128
MOST_POINTS = 8000
"""Points of all curves of a figure beyond which columns are joined in pairs: keeps a file under 150 KB."""


@dataclass
class Panel:
    """One case of one dtype: curves grouped where they coincide."""

    title: str
    dtype: str
    case: dict[str, Any]


def panels(profile: dict[str, Any]) -> list[Panel]:
    """The whole-format cases of a profile in the order of dtypes, else its other cases; at most ``MOST_PANELS``."""
    cases = [c for c in profile["cases"] if c.get("targets") and c.get("axis")]
    cases = [c for c in cases if c["case"] == MAIN_CASE] or cases
    cases.sort(key=lambda c: (dtype_key(str(c["dtype"])), str(c["case"])))
    out = []
    for case in cases[:MOST_PANELS]:
        name = str(case["dtype"]) + ("" if case["case"] in (MAIN_CASE, "arrays") else f", {case['case']}")
        out.append(Panel(name, str(case["dtype"]), case))
    return out


def draw_figures(profile: dict[str, Any], styles: dict[str, Style]) -> list[tuple[Figure, str]]:
    """The figures of one function (what they show, and the SVG text); none where it has no curves."""
    name = str(profile["function"])
    out = []
    for kind, maker in (("error", error_figure), ("histogram", histogram_figure)):
        drawn = slimmed([p for p in panels(profile) if _has_data(p, kind)])
        if drawn:
            svg = finish(maker(drawn, styles), styles)
            width, height = size(svg)
            path = f"figures/{name}-{kind}.svg"
            out.append((Figure(path, alt_text(name, kind, drawn), caption(kind, drawn), width, height), svg))
    return out


def slimmed(panels: list[Panel]) -> list[Panel]:
    """Panels with pairs of columns joined where so many curves differ that the file would grow too large."""
    curves = 2 * len(curve_groups(panels, ("max", "mean"))) * len(panels)
    if curves * 256 <= MOST_POINTS:
        return panels
    return [Panel(p.title, p.dtype, _joined_columns(p.case)) for p in panels]


def _joined_columns(case: dict[str, Any]) -> dict[str, Any]:
    """A case with half as many columns: the larger maximum, the mean weighted by the counts."""
    axis = {k: [*v[:-1][::2], v[-1]] for k, v in case["axis"].items()}
    targets = {}
    for name, t in case["targets"].items():
        n = t.get("count") or [1] * len(t["max"])
        pairs = range(0, len(t["max"]), 2)
        maxima = [max((v for v in t["max"][i : i + 2] if v is not None), default=None) for i in pairs]
        targets[name] = t | {"max": maxima, "mean": [_weighted(t["mean"][i : i + 2], n[i : i + 2]) for i in pairs]}
    return case | {"axis": axis, "targets": targets}


def _weighted(means: list[float | None], counts: list[int]) -> float | None:
    known = [(m, c) for m, c in zip(means, counts, strict=True) if m is not None and c]
    total = sum(c for _, c in known)
    return sum(m * (c / total) for m, c in known) if total else None


def _has_data(panel: Panel, kind: str) -> bool:
    key = "max" if kind == "error" else "histogram"
    return any(any(v is not None for v in t.get(key) or []) for t in panel.case["targets"].values())


# -- drawing -------------------------------------------------------------------------------------------
def curve_groups(drawn: list[Panel], keys: tuple[str, ...]) -> list[list[str]]:
    """Targets whose data coincide in every panel, in order of appearance: each group is one curve."""
    names = list(dict.fromkeys(n for p in drawn for n in p.case["targets"]))
    data = {n: [[p.case["targets"].get(n, {}).get(k) for k in keys] for p in drawn] for n in names}
    return [group for group, _ in joined_by_value(data.items())]


def _column_values(values: list[float | None]) -> Any:
    """float64 array with NaN where nothing was measured."""
    return np.array([np.nan if v is None else v for v in values], dtype=np.float64)


def error_figure(drawn: list[Panel], styles: dict[str, Style]) -> Drawing:
    """Maximum (thick, with markers) and mean (thin) error in ulp, a column of the ordinal axis each."""
    groups = curve_groups(drawn, ("max", "mean"))
    drawing = grid(len(drawn), legend_rows(groups, 2)[1], "error (ulp)")
    for panel, a in zip(drawn, drawing.axes, strict=True):
        first, last = interesting(panel)
        edges = np.asarray(panel.case["axis"]["ordinal"], dtype=np.float64)[first : last + 2]
        _error_axes(a, panel, edges, *error_limits(panel))
        for order, group in enumerate(groups):
            data = panel.case["targets"].get(group[0])
            if data:
                curves = [_column_values(data[k][first : last + 1]) for k in ("max", "mean")]
                _draw_target(a, (edges[:-1] + edges[1:]) / 2, curves, styles, group[0], order)
    legend(drawing, groups, styles, curves=True)
    return drawing


def _draw_target(a: Axes, x: Any, curves: list[Any], styles: dict[str, Style], name: str, order: int) -> None:
    """One target's curves; markers only where it errs visibly, triangles where it errs beyond the axis."""
    maxima, means = curves
    low, top = a.y_limits
    style, colour = style_of(styles, name), colour_of(styles, name)
    seen = np.flatnonzero((maxima > low) & (maxima <= top))
    step = max(1, len(seen) // 7)
    marked = seen[order * 3 % step :: step]
    a.curve(x, np.clip(maxima, low, top), colour, 1.2, dashes=dashes_of(style))
    a.markers(x[marked], maxima[marked], style.marker, colour, 2)
    a.curve(x, np.clip(means, low, top), colour, 0.6, opacity=0.6)
    beyond = x[maxima > top]
    a.markers(beyond, np.full(len(beyond), top), "^", colour, 2.6)


def error_limits(panel: Panel) -> tuple[float, float]:
    """(lowest, highest) ulp drawn: powers of two that hold nine tenths of the columns with some room."""
    values = sorted(v for t in panel.case["targets"].values() for v in t.get("max") or [] if v)
    if not values:
        return 0.125, 1.0
    common = values[(9 * (len(values) - 1)) // 10]
    high = 2.0 ** math.ceil(math.log2(min(max(1.0, min(4 * common, values[-1])), HIGH)))
    return max(LOW, min(0.25, 2.0 ** math.floor(math.log2(values[0])))), high


def _error_axes(a: Axes, panel: Panel, edges: Any, low: float, high: float) -> None:
    a.x_limits, a.y_limits = (float(edges[0]), float(edges[-1])), (low, high)
    a.ticks(x_ticks(panel.dtype, *a.x_limits), error_ticks(low, high))
    a.line_across(y=0.5)
    a.frame(panel.title)


def error_ticks(low: float, high: float) -> tuple[list[float], list[str]]:
    """Powers of two between two powers of two, half an ulp among them, and how an axis shows them."""
    bottom, top = round(math.log2(low)), round(math.log2(high))
    step = math.ceil((top - bottom) / 5)
    powers = [p for p in range(bottom, top + 1) if (p + 1) % step == 0]
    return [2.0**p for p in powers], [_power(p) for p in powers]


def _power(p: int) -> str:
    if -3 <= p <= 12:
        return f"{2.0**p:g}"
    return f"2{str(p).translate(str.maketrans('-0123456789', '⁻⁰¹²³⁴⁵⁶⁷⁸⁹'))}"


def interesting(panel: Panel) -> tuple[int, int]:
    """First and last column (of those measured) in which any target errs, with a margin of two; all if none does."""
    columns = len(panel.case["axis"]["ordinal"]) - 1
    wrong = [i for t in panel.case["targets"].values() for i, v in enumerate(t.get("max") or []) if v]
    return (max(0, min(wrong) - 2), min(columns - 1, max(wrong) + 2)) if wrong else (0, columns - 1)


def histogram_figure(drawn: list[Panel], styles: dict[str, Style]) -> Drawing:
    """Share of results by signed error; results beyond the drawn range are gathered in the outermost bins."""
    groups = curve_groups(drawn, ("histogram",))
    drawing = grid(len(drawn), legend_rows(groups, 0)[1], "share of results")
    for panel, a in zip(drawn, drawing.axes, strict=True):
        half = half_range(panel)
        edges = np.linspace(-half, half, BINS + 1)
        middle = (edges[:-1] + edges[1:]) / 2
        found = [(i, g, panel.case["targets"].get(g[0], {}).get("histogram")) for i, g in enumerate(groups)]
        shares = {i: rebinned(bins, half) for i, _, bins in found if bins}
        _histogram_axes(a, panel, half, min(s[s > 0].min() for s in shares.values()))
        for i, group, bins in found:
            if bins:
                curve = np.where(shares[i] > 0, shares[i], np.nan)
                style, colour = style_of(styles, group[0]), colour_of(styles, group[0])
                a.steps(edges, curve, colour, 1.2, dashes=dashes_of(style))
                spread = slice(i * 3 % 16, None, 16)
                a.markers(middle[spread], curve[spread], style.marker, colour, 2)
    legend(drawing, groups, styles, curves=False)
    return drawing


def _histogram_axes(a: Axes, panel: Panel, half: float, least: float) -> None:
    bottom, top = math.floor(math.log10(least)), 2
    a.x_limits, a.y_limits = (-half, half), (10.0**bottom, 10.0**top * 1.3)
    step = 1 if top - bottom <= 4 else 2
    decades = range(top, bottom - 1, -step)
    at = [-half, -half / 2, 0.0, half / 2, half]
    labels = [f"{10.0**d:g} %" for d in decades]
    a.ticks((at, [tick_text(t) for t in at]), ([10.0**d for d in decades], labels))
    for edge in (-0.5, 0.5):
        a.line_across(x=edge)
    a.frame(panel.title)


def half_range(panel: Panel) -> float:
    """1, 2 or 4 ulp: the least that holds all but a thousandth of every target's results."""
    for half in (1.0, 2.0):
        if all(_beyond(t.get("histogram") or [], half) <= 0.001 for t in panel.case["targets"].values()):
            return half
    return HALF_RANGE


def _beyond(bins: list[list[float]], half: float) -> float:
    total = sum(b[2] for b in bins)
    return sum(b[2] for b in bins if abs(b[0] + b[1]) / 2 > half) / total if total else 0.0


def rebinned(bins: list[list[float]], half: float) -> Any:
    """Percent of results in ``BINS`` equal bins of [-half, half], shape (BINS,); the ends hold what lies beyond."""
    out = np.zeros(BINS)
    for low, high, n in bins:
        at = ((low + high) / 2 + half) / (2 * half) * BINS
        out[int(min(max(at, 0), BINS - 1))] += n
    total = out.sum()
    return 100 * out / total if total else out
