"""Figures of functions of arrays: error against n, both axes logarithmic, with the bounds of summation drawn in.

One figure a dtype, one panel a series of problems (the same data and axis in several sizes), one curve a target;
curves that coincide are drawn once, and the legend says for whom.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from reportgen.core import arraybounds
from reportgen.core import formatting as f
from reportgen.render.arrays import words
from reportgen.render.arrays.data import Score, scaled, trials
from reportgen.render.canvas import (
    LETTER,
    Axes,
    colour_of,
    dashes_of,
    grid,
    legend,
    legend_rows,
    style_of,
    text,
)
from reportgen.render.model import Figure
from reportgen.render.palette import Style
from reportgen.render.stored import Row, Stored
from reportgen.render.summary import joined_by_value
from reportgen.render.svg import finish, size

MOST_PANELS = 6
LEAST_SIZES = 3
"""A curve needs so many sizes."""
LOW = 2.0**-5
"""The lowest ratio drawn; smaller ones and zero stand on the edge."""
BOUNDS = (
    (arraybounds.naive, "n − 1: one after another", (6.0, 2.0)),
    (arraybounds.random_walk, "√n: random signs", (1.0, 2.0)),
    (arraybounds.pairwise, "log₂ n: in pairs", (3.0, 2.0)),
)


@dataclass
class Panel:
    """A series of problems in one metric: per target the ratio by size."""

    title: str
    curves: dict[str, dict[int, float]]

    @property
    def sizes(self) -> list[int]:
        return sorted({n for curve in self.curves.values() for n in curve})

    @property
    def largest(self) -> float:
        return max(r for curve in self.curves.values() for r in curve.values())


def panels(stored: Stored, function: Row, dtype: str) -> list[Panel]:
    """The series of a function in a dtype that have enough sizes, those with the largest errors first."""
    found: dict[tuple[str, str], Panel] = {}
    titles: dict[tuple[str, str], Score] = {}
    for target, trial in trials(stored, str(function["name"]), dtype).items():
        for s in trial.rated:
            series = str(s.problem.get("series") or "")
            if not series or s.size < 1 or s.ratio is None:
                continue
            metric = "re" if s.metric == "im" else s.metric
            panel = found.setdefault((series, metric), Panel("", {}))
            curve = panel.curves.setdefault(target, {})
            curve[s.size] = max(curve.get(s.size, 0.0), s.ratio)
            if s.size >= (titles[series, metric].size if (series, metric) in titles else 0):
                titles[series, metric] = s
    for key, panel in found.items():
        panel.title = panel_title(function, titles[key])
    kept = [p for p in found.values() if len(p.sizes) >= LEAST_SIZES]
    return sorted(kept, key=lambda p: -p.largest)[:MOST_PANELS]


def panel_title(function: Row, largest: Score) -> str:
    """The problem with the largest size of a series, without what is too long for a panel."""
    title = f"{words.with_metric(function, largest)}, and smaller"
    return title if len(title) <= 62 else title[:61].rstrip() + "…"


def draw(stored: Stored, function: Row, styles: dict[str, Style]) -> list[tuple[Figure, str]]:
    """The figures of a function, one a dtype; none where no series is long enough or nothing errs."""
    out = []
    for dtype in stored.dtypes(str(function["name"])):
        drawn = panels(stored, function, dtype)
        if drawn and max(p.largest for p in drawn) > 0:
            out.append(figure(function, dtype, drawn, styles))
    return out


def figure(function: Row, dtype: str, drawn: list[Panel], styles: dict[str, Style]) -> tuple[Figure, str]:
    """One figure of a function in a dtype, and its SVG text."""
    name = str(function["name"])
    groups = groups_of(drawn)
    drawing = grid(len(drawn), legend_rows(groups, 0)[1], axis_title(function))
    for panel, axes in zip(drawn, drawing.axes, strict=True):
        _panel(axes, panel, groups, styles, scaled(function))
    legend(drawing, groups, styles, curves=False)
    svg = finish(drawing, styles)
    width, height = size(svg)
    return Figure(figure_path(name, dtype), alt(function, dtype, drawn), caption(function, dtype), width, height), svg


def axis_title(function: Row) -> str:
    """What the y axis counts: panels of linear algebra have bounds of their own."""
    return "error over its bound" if function.get("kind") == "linalg" else f"error ({words.unit(function, '')})"


def figure_path(name: str, dtype: str) -> str:
    """Where the figure of a function in a dtype lies, in the version's folder."""
    return f"figures/{name}-growth-{dtype}.svg"


def groups_of(drawn: list[Panel]) -> list[list[str]]:
    """Targets whose curves coincide in every panel, in order of appearance."""
    names = list(dict.fromkeys(n for p in drawn for n in p.curves))
    return [group for group, _ in joined_by_value((n, [p.curves.get(n) for p in drawn]) for n in names)]


def _panel(axes: Axes, panel: Panel, groups: list[list[str]], styles: dict[str, Style], is_scaled: bool) -> None:
    sizes = panel.sizes
    low, high = limits(panel, is_scaled)
    right = math.log10(max(sizes[-1], sizes[0] + 1))
    axes.x_limits, axes.y_limits = (math.log10(max(1, sizes[0])), right), (low, high)
    decades = range(math.ceil(axes.x_limits[0]), math.floor(right) + 1)
    marks = [float(d) for d in decades] if len(decades) > 1 else [math.log10(n) for n in sizes]
    labels = [_power(d) for d in decades] if len(decades) > 1 else [f.count(n) for n in sizes]
    axes.ticks((marks, labels), _y_ticks(low, high))
    axes.frame(panel.title)
    if is_scaled:
        axes.line_across(y=1.0)
    labels_of_bounds = [] if is_scaled else _bounds(axes, sizes)
    for group in groups:
        curve = panel.curves.get(group[0])
        if curve:
            x = np.log10(np.array(sorted(curve), dtype=np.float64))
            y = np.clip([curve[n] for n in sorted(curve)], low, high)
            style, colour = style_of(styles, group[0]), colour_of(styles, group[0])
            axes.curve(x, y, colour, 1.4, dashes=dashes_of(style))
            axes.markers(x, y, style.marker, colour, 2.5)
    axes.parts += labels_of_bounds


def _bounds(axes: Axes, sizes: list[int]) -> list[str]:
    """The bounds as lines inside the panel; the labels of where each ends are returned, to be drawn above curves."""
    labels = []
    low, high = axes.y_limits
    n = np.unique(np.round(np.geomspace(max(2, sizes[0]), sizes[-1], 60)).astype(np.int64))
    used: list[float] = []
    for bound, label, dashes in BOUNDS:
        y = np.array([bound(int(k)) for k in n])
        inside = (y >= low) & (y <= high)
        if not inside.any():
            continue
        axes.curve(np.log10(n[inside]), y[inside], "var(--faint)", 0.9, dashes=dashes)
        last = int(np.flatnonzero(inside)[-1])
        at_x, at_y = float(axes.x(math.log10(n[last]))), float(axes.y(y[last]))
        at_y = max(at_y - 3, axes.top + 8)
        while any(abs(at_y - other) < 9 for other in used):
            at_y += 9
        used.append(at_y)
        room = len(label) * 7.5 * LETTER
        start = max(axes.left + 4, min(at_x, axes.left + axes.width) - 3 - room)
        labels.append(text(start, at_y, label, 7.5, halo=True))
    return labels


def limits(panel: Panel, is_scaled: bool) -> tuple[float, float]:
    """(lowest, highest) ratio drawn: powers of two around the data and the bound of pairwise summation."""
    ratios = [r for curve in panel.curves.values() for r in curve.values()]
    positive = [r for r in ratios if r > 0]
    low = max(LOW, min(0.5, min(positive) / 1.5)) if len(positive) == len(ratios) else LOW
    reach = 1.0 if is_scaled else arraybounds.pairwise(panel.sizes[-1])
    high = min(max(2.0 * max(ratios), 2.0 * reach, 2.0), 2.0**1000)
    return 2.0 ** math.floor(math.log2(low)), 2.0 ** math.ceil(math.log2(high))


def _y_ticks(low: float, high: float) -> tuple[list[float], list[str]]:
    first, last = math.ceil(math.log10(low)), math.floor(math.log10(high))
    step = max(1, math.ceil((last - first + 1) / 7))
    decades = range(first, last + 1, step)
    return [10.0**d for d in decades], [_power(d) for d in decades]


def _power(d: int) -> str:
    known = {-1: "0.1", 0: "1", 1: "10", 2: "100"}
    return known.get(d) or "10" + str(d).translate(str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹"))


def alt(function: Row, dtype: str, drawn: list[Panel]) -> str:
    """The finding of a figure in words."""
    said = []
    for panel in drawn:
        ends = [
            (name, f"{f.maximum(curve[max(curve)])} at {f.count(max(curve))}") for name, curve in panel.curves.items()
        ]
        told = ", ".join(f"{f.listing(names)} {end}" for names, end in joined_by_value(ends))
        said.append(f"{panel.title}: {told}")
    return (
        f"Error of {function['name']} in {dtype} against n, in {words.unit(function, 'backward')}. {'; '.join(said)}."
    )


def caption(function: Row, dtype: str) -> str:
    what = "k, the length that is combined" if function.get("kind") == "contraction" else "n"
    if function.get("kind") in ("linalg", "transform"):
        bounds = "Dotted: 1, the size that theory promises, up to a constant."
    elif scaled(function):
        bounds = "Dotted: 1, as C holds the growth with n already."
    else:
        bounds = (
            "Dashed lines: the bounds of adding one after another and in pairs; dotted: √n, roundings of random sign."
        )
    unit = "error over its bound" if function.get("kind") == "linalg" else f"error in {words.unit(function, '')}"
    return f"{dtype}: {unit} against {what}; one panel a kind of data, named by its largest problem. {bounds}"
