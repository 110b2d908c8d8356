"""Blank figures and what they share: the grid of panels, the legend, the ticks.

A blank figure is made once a process and emptied for the next function: matplotlib spends longer on making
axes and ticks than on drawing the curves.
"""

from __future__ import annotations

import math
from functools import lru_cache
from typing import Any

import matplotlib

matplotlib.use("svg")
import numpy as np
from matplotlib.axes import Axes
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure as Canvas
from matplotlib.lines import Line2D
from matplotlib.ticker import FixedFormatter, FixedLocator, NullFormatter, NullLocator

from reportgen.core.floats import FORMATS
from reportgen.render.palette import Style
from reportgen.render.svg import FAINT, GRID, INK, tick_text

PANEL_WIDTH, PANEL_HEIGHT = 5.6, 2.3
LEFT = 0.78
"""Inches left of the first panel, for its tick labels."""
TITLE_HEIGHT = 1.03
"""Fixed, because finding a free height takes matplotlib as long as a third of the drawing."""

RC = {
    "svg.fonttype": "none",
    "svg.hashsalt": "reportgen",
    "font.family": "sans-serif",
    "font.sans-serif": ["DejaVu Sans"],
    "font.size": 9,
    "text.color": INK,
    "axes.edgecolor": FAINT,
    "axes.labelcolor": INK,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.linewidth": 0.7,
    "axes.axisbelow": True,
    "axes.titlesize": 10,
    "axes.titleweight": "bold",
    "axes.titlelocation": "left",
    **{f"{axis}tick.{part}": colour for axis in "xy" for part, colour in (("color", FAINT), ("labelcolor", INK))},
    "grid.color": GRID,
    "grid.linewidth": 0.5,
    "legend.frameon": False,
    "legend.fontsize": 8.5,
}
_TICKS = (
    *(0.0, 1.0, -1.0),
    *(
        sign * 10.0**power
        for power in (20, -20, 150, -150, 3, -3, 2, -2, 1, -1, 5, -5, 10, -10, 30, -30, 50, -50)
        for sign in (1, -1)
    ),
    *(
        sign * v
        for v in (1e100, 1e-100, 1e200, 1e-200, 1e250, 1e-250, 2.0, 5.0, 20.0, 50.0, 0.5, 0.2)
        for sign in (1, -1)
    ),
)
"""Tick candidates, the most welcome first; those that fall too near one already chosen are passed over."""
TICK_SPACING = 0.13


@lru_cache(maxsize=32)
def _blank(panels: int, legend_rows: int, base: int, ylabel: str) -> tuple[Canvas, tuple[Axes, ...]]:
    columns = min(2, panels)
    lines = math.ceil(panels / columns)
    below = 0.42 + 0.2 * legend_rows
    width, height = PANEL_WIDTH * columns, PANEL_HEIGHT * lines + below
    figure = Canvas(figsize=(width, height))
    FigureCanvasSVG(figure)
    figure.patch.set_visible(False)
    left, right, bottom, top = LEFT / width, 1 - 0.12 / width, (below + 0.12) / height, 1 - 0.28 / height
    figure.subplots_adjust(left=left, right=right, top=top, bottom=bottom, wspace=0.17, hspace=0.4)
    axes = tuple(figure.add_subplot(lines, columns, i + 1) for i in range(panels))
    for i, a in enumerate(axes):
        a.patch.set_visible(False)
        a.tick_params(length=2.5, width=0.6, labelsize=8)
        a.set_yscale("log", base=base)
        a.set_autoscale_on(False)
        a.yaxis.set_minor_locator(NullLocator())
        a.yaxis.set_minor_formatter(NullFormatter())
        a.grid(True, axis="y")
        if i % columns == 0:
            a.set_ylabel(ylabel, fontsize=8.5)
    return figure, axes


def grid(panels: int, legend_rows: int, base: int, ylabel: str) -> tuple[Canvas, tuple[Axes, ...]]:
    """An empty figure: ``panels`` axes with a logarithmic y axis, two a row, and room for the legend below."""
    figure, axes = _blank(panels, legend_rows, base, ylabel)
    for a in axes:
        for line in list(a.lines):
            line.remove()
    for old in list(figure.legends):
        old.remove()
    return figure, axes


def set_axis(axis: Any, ticks: list[float], labels: list[str]) -> None:
    axis.set_major_locator(FixedLocator(ticks))
    axis.set_major_formatter(FixedFormatter(labels))


def legend_rows(groups: list[list[str]], extra: int) -> tuple[int, int]:
    """(columns, rows) that hold the legend's labels without overflow."""
    longest = max((len(" = ".join(g)) for g in groups), default=0)
    columns = 4 if longest <= 24 else 2 if longest <= 60 else 1
    return columns, math.ceil((len(groups) + extra) / columns)


def legend(figure: Canvas, groups: list[list[str]], styles: dict[str, Style], curves: bool) -> None:
    """Every curve by its colour, dash and marker with the targets it stands for; then the kinds of line."""
    handles = [Line2D([], [], **look(styles, g[0]), ms=4, lw=1.4, label=" = ".join(g)) for g in groups]
    if curves:
        handles.append(Line2D([], [], color=INK, lw=1.5, label="largest in the column"))
        handles.append(Line2D([], [], color=INK, lw=0.7, alpha=0.6, label="mean"))
    columns, _ = legend_rows(groups, 2 if curves else 0)
    left = LEFT / figure.get_figwidth()
    place = {"loc": "lower left", "bbox_to_anchor": (left, 0.0), "borderaxespad": 0.1, "borderpad": 0.0}
    figure.legend(handles=handles, ncols=columns, columnspacing=1.6, handlelength=2.6, **place)


def look(styles: dict[str, Style], name: str) -> dict[str, Any]:
    """Keyword arguments of a curve: what tells a target apart, with and without colour."""
    style = style_of(styles, name)
    return {"color": style.light, "ls": style.dashes, "marker": style.marker}


def style_of(styles: dict[str, Style], name: str) -> Style:
    return styles.get(name) or Style("#5f6b7a", "#a9b6c6", "-", "o")


def x_ticks(dtype: str, left: float, right: float) -> tuple[list[float], list[str]]:
    """Ticks at round numbers between two ordinals, no two nearer than ``TICK_SPACING`` of the width."""
    fmt = FORMATS.get(dtype, FORMATS["float64"])
    inside = [v for v in _TICKS if v == 0 or fmt.min_normal <= abs(v) <= fmt.max_finite]
    ordinals = fmt.ordinal(fmt.decode(fmt.encode(np.array(inside))))
    chosen: list[tuple[float, float]] = []
    for at, v in zip((float(o) for o in ordinals), inside, strict=True):
        near = any(abs(at - other) < TICK_SPACING * (right - left) for other, _ in chosen)
        if left <= at <= right and not near:
            chosen.append((at, v))
    return [at for at, _ in chosen], [tick_text(v) for _, v in chosen]
