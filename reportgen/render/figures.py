"""Figures of a function's page: error against x, and the histogram of signed errors. matplotlib → SVG, to the byte.

Curves that coincide everywhere are drawn once, and the legend says for whom. The x axis counts floats (ordinals),
so that every binade has the same width.
"""

from __future__ import annotations

import hashlib
import json
import math
from dataclasses import dataclass
from pathlib import Path
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
from reportgen.render.model import Figure
from reportgen.render.palette import Style
from reportgen.render.stored import MAIN_CASE, dtype_key
from reportgen.render.summary import joined_by_value
from reportgen.render.svg import FAINT, GRID, HIGH, INK, alt_text, caption, finish, size, tick_text

REVISION = 1
"""Part of the cache key: raised when the drawing changes."""

PANEL_WIDTH, PANEL_HEIGHT = 5.6, 2.3
MOST_PANELS = 6
LOW = 2.0**-4
"""The lowest error drawn, in ulp: what lies below stands on the edge."""
HALF_RANGE, BINS = 4.0, 128

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


def draw_figures(
    folder: Path, profile: dict[str, Any], styles: dict[str, Style], cache: Path | None = None
) -> list[Figure]:
    """Write the figures of one function under ``folder/figures`` and say what they show.

    ``cache`` holds finished SVGs by content hash. Functions without curves get no figure.
    """
    name = str(profile["function"])
    out = []
    with matplotlib.rc_context(RC):
        for kind, maker in (("error", error_figure), ("histogram", histogram_figure)):
            drawn = [p for p in panels(profile) if _has_data(p, kind)]
            if not drawn:
                continue
            path = f"figures/{name}-{kind}.svg"
            (folder / "figures").mkdir(exist_ok=True)
            svg = _cached(cache, kind, drawn, styles, lambda m=maker, d=drawn: finish(m(d, styles), styles))
            (folder / path).write_text(svg, encoding="utf-8")
            width, height = size(svg)
            out.append(Figure(path, alt_text(name, kind, drawn), caption(kind, drawn), width, height))
    return out


def _has_data(panel: Panel, kind: str) -> bool:
    key = "max" if kind == "error" else "histogram"
    return any(any(v is not None for v in t.get(key) or []) for t in panel.case["targets"].values())


def _cached(cache: Path | None, kind: str, drawn: list[Panel], styles: dict[str, Style], make: Any) -> str:
    if cache is None:
        return str(make())
    content = [
        REVISION,
        matplotlib.__version__,
        kind,
        [[p.title, p.case] for p in drawn],
        sorted(map(repr, styles.items())),
    ]
    stored = cache / f"{hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()}.svg"
    if stored.is_file():
        return stored.read_text(encoding="utf-8")
    svg = str(make())
    cache.mkdir(parents=True, exist_ok=True)
    staged = stored.with_suffix(f".{hashlib.sha256(svg.encode()).hexdigest()[:8]}.tmp")
    staged.write_text(svg, encoding="utf-8")
    staged.replace(stored)
    return svg


# -- drawing -------------------------------------------------------------------------------------------
def _grid(drawn: list[Panel], legend_rows: int) -> tuple[Canvas, list[Axes]]:
    """A figure with one panel a case, two a row, and room for the legend below."""
    columns = min(2, len(drawn))
    lines = math.ceil(len(drawn) / columns)
    below = 0.42 + 0.2 * legend_rows
    width, height = PANEL_WIDTH * columns, PANEL_HEIGHT * lines + below
    figure = Canvas(figsize=(width, height))
    FigureCanvasSVG(figure)
    figure.patch.set_visible(False)
    left, right, bottom, top = 0.78 / width, 1 - 0.12 / width, (below + 0.12) / height, 1 - 0.28 / height
    figure.subplots_adjust(left=left, right=right, top=top, bottom=bottom, wspace=0.17, hspace=0.4)
    axes = [figure.add_subplot(lines, columns, i + 1) for i in range(len(drawn))]
    for a in axes:
        a.patch.set_visible(False)
        a.tick_params(length=2.5, width=0.6, labelsize=8)
    return figure, axes


def curve_groups(drawn: list[Panel], keys: tuple[str, ...]) -> list[list[str]]:
    """Targets whose data coincide in every panel, in order of appearance: each group is one curve."""
    names = list(dict.fromkeys(n for p in drawn for n in p.case["targets"]))
    data = {n: [[p.case["targets"].get(n, {}).get(k) for k in keys] for p in drawn] for n in names}
    return [group for group, _ in joined_by_value(data.items())]


def _legend_rows(groups: list[list[str]], extra: int) -> tuple[int, int]:
    """(columns, rows) that hold the legend's labels without overflow."""
    longest = max((len(" = ".join(g)) for g in groups), default=0)
    columns = 4 if longest <= 24 else 2 if longest <= 60 else 1
    return columns, math.ceil((len(groups) + extra) / columns)


def _legend(figure: Canvas, groups: list[list[str]], styles: dict[str, Style], curves: bool) -> None:
    """Every curve by its colour, dash and marker with the targets it stands for; then the kinds of line."""
    handles = [Line2D([], [], **_look(styles, g[0]), ms=4, lw=1.4, label=" = ".join(g)) for g in groups]
    if curves:
        handles.append(Line2D([], [], color=INK, lw=1.5, label="largest in the column"))
        handles.append(Line2D([], [], color=INK, lw=0.7, alpha=0.6, label="mean"))
    columns, _ = _legend_rows(groups, 2 if curves else 0)
    left = 0.78 / figure.get_figwidth()
    place = {"loc": "lower left", "bbox_to_anchor": (left, 0.0), "borderaxespad": 0.1, "borderpad": 0.0}
    figure.legend(handles=handles, ncols=columns, columnspacing=1.6, handlelength=2.6, **place)


def _look(styles: dict[str, Style], name: str) -> dict[str, Any]:
    """Keyword arguments of a curve: what tells a target apart, with and without colour."""
    style = _style(styles, name)
    return {"color": style.light, "ls": style.dashes, "marker": style.marker}


def _style(styles: dict[str, Style], name: str) -> Style:
    return styles.get(name) or Style("#5f6b7a", "#a9b6c6", "-", "o")


def _column_values(values: list[float | None]) -> Any:
    """float64 array with NaN where nothing was measured."""
    return np.array([np.nan if v is None else v for v in values], dtype=np.float64)


def error_figure(drawn: list[Panel], styles: dict[str, Style]) -> Canvas:
    """Maximum (thick, with markers) and mean (thin) error in ulp, a column of the ordinal axis each."""
    groups = curve_groups(drawn, ("max", "mean"))
    figure, axes = _grid(drawn, _legend_rows(groups, 2)[1])
    for panel, a in zip(drawn, axes, strict=True):
        first, last = interesting(panel)
        edges = np.asarray(panel.case["axis"]["ordinal"], dtype=np.float64)[first : last + 2]
        low, top = error_limits(panel)
        for order, group in enumerate(groups):
            data = panel.case["targets"].get(group[0])
            if data:
                curves = [_column_values(data[k][first : last + 1]) for k in ("max", "mean")]
                _draw_target(a, (edges[:-1] + edges[1:]) / 2, curves, (low, top), _look(styles, group[0]), order)
        _error_axes(a, panel, edges, low, top)
    for a in axes[:: min(2, len(axes))]:
        a.set_ylabel("error (ulp)", fontsize=8.5)
    _legend(figure, groups, styles, curves=True)
    return figure


def _draw_target(
    a: Axes, x: Any, curves: list[Any], limits: tuple[float, float], look: dict[str, Any], order: int
) -> None:
    """One target's curves; markers only where it errs visibly, triangles where it errs beyond the axis."""
    maxima, means = curves
    low, top = limits
    seen = np.flatnonzero((maxima > low) & (maxima <= top))
    step = max(1, len(seen) // 7)
    marked = [int(i) for i in seen[order * 3 % step :: step]]
    a.plot(x, np.clip(maxima, low, top), **look, lw=1.2, ms=3.2, markevery=marked)
    a.plot(x, np.clip(means, low, top), color=look["color"], lw=0.6, alpha=0.6)
    beyond = maxima > top
    if beyond.any():
        a.plot(
            x[beyond],
            np.full(int(beyond.sum()), top),
            color=look["color"],
            ls="none",
            marker="^",
            ms=4.5,
            clip_on=False,
        )


def error_limits(panel: Panel) -> tuple[float, float]:
    """(lowest, highest) ulp drawn: powers of two that hold nine tenths of the columns with some room."""
    values = sorted(v for t in panel.case["targets"].values() for v in t.get("max") or [] if v)
    if not values:
        return 0.125, 1.0
    common = values[(9 * (len(values) - 1)) // 10]
    high = 2.0 ** math.ceil(math.log2(min(max(1.0, min(4 * common, values[-1])), HIGH)))
    return max(LOW, min(0.25, 2.0 ** math.floor(math.log2(values[0])))), high


def _error_axes(a: Axes, panel: Panel, edges: Any, low: float, high: float) -> None:
    a.set_yscale("log", base=2)
    a.set_ylim(low, high)
    bottom, top = round(math.log2(low)), round(math.log2(high))
    step = math.ceil((top - bottom) / 5)
    powers = [p for p in range(bottom, top + 1) if (p + 1) % step == 0]
    a.yaxis.set_major_locator(FixedLocator([2.0**p for p in powers]))
    a.yaxis.set_major_formatter(FixedFormatter([_power(p) for p in powers]))
    a.yaxis.set_minor_locator(NullLocator())
    a.yaxis.set_minor_formatter(NullFormatter())
    a.set_xlim(float(edges[0]), float(edges[-1]))
    ticks, labels = x_ticks(panel, float(edges[0]), float(edges[-1]))
    a.xaxis.set_major_locator(FixedLocator(ticks))
    a.xaxis.set_major_formatter(FixedFormatter(labels))
    a.axhline(0.5, color=FAINT, lw=0.8, ls=(0, (2, 2)))
    a.grid(True, axis="y")
    a.set_title(panel.title)


def _power(p: int) -> str:
    if -3 <= p <= 12:
        return f"{2.0**p:g}"
    return f"2{str(p).translate(str.maketrans('-0123456789', '⁻⁰¹²³⁴⁵⁶⁷⁸⁹'))}"


def x_ticks(panel: Panel, left: float, right: float) -> tuple[list[float], list[str]]:
    """Ticks at round numbers between two ordinals, no two nearer than ``TICK_SPACING`` of the width."""
    fmt = FORMATS.get(panel.dtype, FORMATS["float64"])
    inside = [v for v in _TICKS if v == 0 or fmt.min_normal <= abs(v) <= fmt.max_finite]
    ordinals = fmt.ordinal(fmt.decode(fmt.encode(np.array(inside))))
    chosen: list[tuple[float, float]] = []
    for at, v in zip((float(o) for o in ordinals), inside, strict=True):
        near = any(abs(at - other) < TICK_SPACING * (right - left) for other, _ in chosen)
        if left <= at <= right and not near:
            chosen.append((at, v))
    return [at for at, _ in chosen], [tick_text(v) for _, v in chosen]


def interesting(panel: Panel) -> tuple[int, int]:
    """First and last column (of those measured) in which any target errs, with a margin of two; all if none does."""
    columns = len(panel.case["axis"]["ordinal"]) - 1
    wrong = [i for t in panel.case["targets"].values() for i, v in enumerate(t.get("max") or []) if v]
    return (max(0, min(wrong) - 2), min(columns - 1, max(wrong) + 2)) if wrong else (0, columns - 1)


def histogram_figure(drawn: list[Panel], styles: dict[str, Style]) -> Canvas:
    """Share of results by signed error; results beyond the drawn range are gathered in the outermost bins."""
    groups = curve_groups(drawn, ("histogram",))
    figure, axes = _grid(drawn, _legend_rows(groups, 0)[1])
    for panel, a in zip(drawn, axes, strict=True):
        half = half_range(panel)
        edges = np.linspace(-half, half, BINS + 1)
        for order, group in enumerate(groups):
            bins = panel.case["targets"].get(group[0], {}).get("histogram")
            if not bins:
                continue
            shares = rebinned(bins, half)
            middle, drawn_shares = (edges[:-1] + edges[1:]) / 2, np.where(shares > 0, shares, np.nan)
            spread = (order * 3 % 16, 16)
            look = _look(styles, group[0])
            a.plot(middle, drawn_shares, **look, lw=1.2, ms=3.2, markevery=spread, drawstyle="steps-mid")
        _histogram_axes(a, panel, half)
    for a in axes[:: min(2, len(axes))]:
        a.set_ylabel("share of results", fontsize=8.5)
    _legend(figure, groups, styles, curves=False)
    return figure


def _histogram_axes(a: Axes, panel: Panel, half: float) -> None:
    a.set_yscale("log")
    a.set_xlim(-half, half)
    low, high = a.get_ylim()
    bottom, top = math.floor(math.log10(low)), min(2, math.ceil(math.log10(high)))
    step = 1 if top - bottom <= 4 else 2
    decades = range(top, bottom - 1, -step)
    a.set_ylim(10.0**bottom, 10.0**top * 1.05)
    a.yaxis.set_minor_locator(NullLocator())
    a.yaxis.set_major_locator(FixedLocator([10.0**d for d in decades]))
    a.yaxis.set_major_formatter(FixedFormatter([f"{10.0**d:g} %" for d in decades]))
    a.set_title(panel.title)
    a.grid(True, axis="y")
    for edge in (-0.5, 0.5):
        a.axvline(edge, color=FAINT, lw=0.8, ls=(0, (2, 2)))
    ticks = [-half, -half / 2, 0.0, half / 2, half]
    a.xaxis.set_major_locator(FixedLocator(ticks))
    a.xaxis.set_major_formatter(FixedFormatter([tick_text(t) for t in ticks]))


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
