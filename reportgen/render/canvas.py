"""Blank figures and what is drawn on them, as SVG elements: panels with axes, curves, markers, the legend.

Written as text at once: a general plotting library spends a quarter of a second on each figure, most of it on finding
places that are known here beforehand, and a report has hundreds of them.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any
from xml.sax.saxutils import escape

import numpy as np

from reportgen.core.floats import FORMATS
from reportgen.render.palette import Style
from reportgen.render.svg import number, tick_text

PANEL_WIDTH, PANEL_HEIGHT = 403.2, 165.6
"""A panel with its share of the margins, in points, as every length here."""
LEFT, RIGHT, ABOVE = 56.2, 8.6, 20.2
BETWEEN_COLUMNS, BETWEEN_LINES = 0.17, 0.4
"""Gaps between panels, in widths and heights of a panel's axes."""
BELOW, LEGEND_ROW, LEGEND_SIZE = 30.2, 14.4, 8.5
LETTER = 0.58
"""Width of a letter in font sizes, ample for the fonts that a reader may have."""

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


_STAR = [(math.sin(k * math.pi / 5) * r, -math.cos(k * math.pi / 5) * r) for k in range(10) for r in [(1, 0.42)[k % 2]]]
_CIRCLE = [(math.sin(k * math.pi / 6), -math.cos(k * math.pi / 6)) for k in range(12)]
_PLUS = [(1, -3), (1, -1), (3, -1), (3, 1), (1, 1), (1, 3), (-1, 3), (-1, 1), (-3, 1), (-3, -1), (-1, -1), (-1, -3)]
_CROSS = [(0, -1), (1, -2), (2, -1), (1, 0), (2, 1), (1, 2), (0, 1), (-1, 2), (-2, 1), (-1, 0), (-2, -1), (-1, -2)]
MARKERS: dict[str, list[tuple[float, float]]] = {
    "o": _CIRCLE,
    "s": [(-0.9, -0.9), (0.9, -0.9), (0.9, 0.9), (-0.9, 0.9)],
    "^": [(0, -1), (1, 1), (-1, 1)],
    "v": [(0, 1), (1, -1), (-1, -1)],
    "D": [(0, -1.3), (1.3, 0), (0, 1.3), (-1.3, 0)],
    "P": [(x / 2.6, y / 2.6) for x, y in _PLUS],
    "X": [(x / 1.8, y / 1.8) for x, y in _CROSS],
    "*": [(1.5 * x, 1.5 * y) for x, y in _STAR],
}
"""Outlines of radius about 1, y downward."""


@dataclass
class Axes:
    """One panel: its place on the figure, a linear x axis and a logarithmic y axis, the elements drawn so far."""

    left: float
    top: float
    width: float
    height: float
    parts: list[str] = field(default_factory=list)
    x_limits: tuple[float, float] = (0.0, 1.0)
    y_limits: tuple[float, float] = (1.0, 2.0)

    @property
    def bottom(self) -> float:
        return self.top + self.height

    def x(self, values: Any) -> Any:
        """Horizontal places in points of data values, any shape."""
        first, last = self.x_limits
        return self.left + (np.asarray(values, dtype=np.float64) - first) / (last - first) * self.width

    def y(self, values: Any) -> Any:
        """Vertical places in points of positive data values, any shape; NaN stays NaN."""
        low, high = math.log2(self.y_limits[0]), math.log2(self.y_limits[1])
        return self.bottom - (np.log2(np.asarray(values, dtype=np.float64)) - low) / (high - low) * self.height

    def frame(self, title: str) -> None:
        """The title, and the two axes as lines."""
        self.parts.append(text(self.left, self.top - 5, title, 10, bold=True))
        path = f"M{number(self.left)} {number(self.top)}V{number(self.bottom)}H{number(self.left + self.width)}"
        self.parts.append(stroke(path, "var(--faint)", 0.7))

    def ticks(self, x: tuple[list[float], list[str]], y: tuple[list[float], list[str]]) -> None:
        """Ticks and their labels, with a faint line across the panel at those of the y axis."""
        foot, right = number(self.bottom), number(self.left + self.width)
        heights = [number(at) for at in self.y(y[0])]
        places = [number(at) for at in self.x(x[0])]
        self.parts.append(stroke("".join(f"M{number(self.left)} {h}H{right}" for h in heights), "var(--grid)", 0.5))
        marks = [f"M{number(self.left)} {h}h-2.5" for h in heights] + [f"M{p} {foot}v2.5" for p in places]
        self.parts.append(stroke("".join(marks), "var(--faint)", 0.6))
        for at, label in zip(self.y(y[0]), y[1], strict=True):
            self.parts.append(text(self.left - 6, float(at) + 2.9, label, 8, anchor="end"))
        for at, label in zip(self.x(x[0]), x[1], strict=True):
            self.parts.append(text(float(at), self.bottom + 12, label, 8, anchor="middle"))

    def line_across(self, *, x: float | None = None, y: float | None = None) -> None:
        """A dotted line at one value of x or of y, where it lies inside the panel."""
        if y is not None and self.y_limits[0] <= y <= self.y_limits[1]:
            path = f"M{number(self.left)} {number(float(self.y(y)))}h{number(self.width)}"
        elif x is not None and self.x_limits[0] <= x <= self.x_limits[1]:
            path = f"M{number(float(self.x(x)))} {number(self.top)}v{number(self.height)}"
        else:
            return
        self.parts.append(stroke(path, "var(--faint)", 0.8, dashes=(2, 2)))

    def curve(self, x: Any, y: Any, colour: str, width: float, **more: Any) -> None:
        """A curve through the points that are not NaN, broken where one is; ``more`` as :func:`stroke` takes."""
        self.parts.append(stroke(_through(self.x(x), self.y(y)), colour, width, **more))

    def steps(self, edges: Any, y: Any, colour: str, width: float, **more: Any) -> None:
        """A step a bin, edges of shape (n + 1,), heights of shape (n,); bins that are NaN are left out."""
        at = self.x(edges)
        self.parts.append(stroke(_through(np.repeat(at, 2)[1:-1], np.repeat(self.y(y), 2)), colour, width, **more))

    def markers(self, x: Any, y: Any, shape: str, colour: str, radius: float) -> None:
        """A filled marker at each point that is not NaN."""
        self.parts.append(_filled(zip(self.x(x), self.y(y), strict=True), shape, colour, radius))


@dataclass
class Drawing:
    """A figure under way: its size in points, its panels, the elements outside them."""

    width: float
    height: float
    axes: list[Axes]
    parts: list[str] = field(default_factory=list)


def grid(panels: int, legend_rows: int, ylabel: str) -> Drawing:
    """An empty figure: ``panels`` axes, two a row, and room for the legend below."""
    columns = min(2, panels)
    lines = math.ceil(panels / columns)
    below = BELOW + LEGEND_ROW * legend_rows
    whole = PANEL_WIDTH * columns, PANEL_HEIGHT * lines + below
    width = (whole[0] - LEFT - RIGHT) / (columns + BETWEEN_COLUMNS * (columns - 1))
    height = (whole[1] - below - ABOVE - 8.6) / (lines + BETWEEN_LINES * (lines - 1))
    drawing = Drawing(*whole, [])
    for i in range(panels):
        line, column = divmod(i, columns)
        left = LEFT + column * width * (1 + BETWEEN_COLUMNS)
        top = ABOVE + line * height * (1 + BETWEEN_LINES)
        drawing.axes.append(Axes(left, top, width, height))
        if column == 0:
            drawing.parts.append(text(left - 42, top + height / 2, ylabel, 8.5, anchor="middle", turned=True))
    return drawing


def text(
    x: float, y: float, words: str, points: float, anchor: str = "", bold: bool = False, turned: bool = False,
    halo: bool = False,
) -> str:  # fmt: skip
    """Words with their baseline's start (or middle or end) at (x, y); ``halo`` keeps what is drawn below off them."""
    place = f'x="{number(x)}" y="{number(y)}"'
    more = (f' text-anchor="{anchor}"' if anchor else "") + (' font-weight="bold"' if bold else "")
    more += f' transform="rotate(-90 {number(x)} {number(y)})"' if turned else ""
    more += ' paint-order="stroke" stroke="var(--ground)" stroke-width="3" stroke-linejoin="round"' if halo else ""
    return f'<text {place} font-size="{number(points)}"{more}>{escape(words)}</text>'


def stroke(path: str, colour: str, width: float, dashes: Sequence[float] = (), opacity: float = 1.0) -> str:
    """A line along a path; ``dashes`` are in widths of the line. Nothing for an empty path."""
    if not path:
        return ""
    more = f' stroke-dasharray="{" ".join(f"{d * width:.3g}" for d in dashes)}"' if dashes else ""
    more += f' opacity="{opacity:g}"' if opacity != 1 else ""
    return f'<path d="{path}" stroke="{colour}" stroke-width="{width:g}"{more}/>'


def _through(x: Any, y: Any) -> str:
    """A path through points; the middle ones of a level stretch are left out."""
    out: list[tuple[str, str] | None] = []
    for at, height in zip(x.tolist(), y.tolist(), strict=True):
        if height != height:
            out.append(None)
            continue
        seen = number(at), number(height)
        before, last = out[-2:] if len(out) >= 2 else (None, None)
        if before and last and before[1] == last[1] == seen[1]:
            out[-1] = seen
        else:
            out.append(seen)
    path = []
    for i, point in enumerate(out):
        if point:
            starts = i == 0 or out[i - 1] is None
            ends = i + 1 == len(out) or out[i + 1] is None
            if not (starts and ends):
                path.append(f"{'M' if starts else 'L'}{point[0]} {point[1]}")
    return "".join(path)


def _filled(places: Iterable[tuple[float, float]], shape: str, colour: str, radius: float) -> str:
    outline = [(x * radius, y * radius) for x, y in MARKERS[shape]]
    path = []
    for x, y in places:
        if y == y:
            corners = " ".join(f"{number(x + dx)} {number(y + dy)}" for dx, dy in outline)
            path.append(f"M{corners}z")
    return f'<path d="{"".join(path)}" stroke="none" fill="{colour}"/>' if path else ""


def legend_rows(groups: list[list[str]], extra: int) -> tuple[int, int]:
    """(columns, rows) that hold the legend's labels without overflow."""
    longest = max((len(" = ".join(g)) for g in groups), default=0)
    columns = 4 if longest <= 24 else 2 if longest <= 60 else 1
    return columns, math.ceil((len(groups) + extra) / columns)


def legend(
    drawing: Drawing, groups: list[list[str]], styles: dict[str, Style], curves: bool,
    words: tuple[str, str] = ("largest in the column", "mean"),
) -> None:  # fmt: skip
    """Every curve by its colour, dash and marker with the targets it stands for; then the two kinds of line."""
    entries = [(" = ".join(g), g[0]) for g in groups]
    kinds = [(words[0], 1.5, 1.0), (words[1], 0.7, 0.6)] if curves else []
    _, rows = legend_rows(groups, len(kinds))
    labels = [label for label, _ in entries] + [label for label, _, _ in kinds]
    left = LEFT
    for start in range(0, len(labels), rows):
        for row, label in enumerate(labels[start : start + rows]):
            y = drawing.height - LEGEND_ROW * (rows - row) + 8
            path = f"M{number(left)} {number(y)}h22"
            if start + row < len(entries):
                style, colour = style_of(styles, entries[start + row][1]), colour_of(styles, entries[start + row][1])
                drawing.parts.append(stroke(path, colour, 1.4, dashes_of(style)))
                drawing.parts.append(_filled([(left + 11, y)], style.marker, colour, 2.3))
            else:
                _, width, opacity = kinds[start + row - len(entries)]
                drawing.parts.append(stroke(path, "var(--ink)", width, opacity=opacity))
            drawing.parts.append(text(left + 29, y + 3, label, LEGEND_SIZE))
        longest = max(len(label) for label in labels[start : start + rows])
        left += 29 + longest * LETTER * LEGEND_SIZE + 14


def style_of(styles: dict[str, Style], name: str) -> Style:
    return styles.get(name) or Style("#5f6b7a", "#a9b6c6", "-", "o")


def colour_of(styles: dict[str, Style], name: str) -> str:
    """A target's colour as the CSS variable that :func:`reportgen.render.svg.finish` declares."""
    known = list(dict.fromkeys(styles.values()))
    return f"var(--t{known.index(styles[name])})" if name in styles else style_of(styles, name).light


def dashes_of(style: Style) -> Sequence[float]:
    return () if isinstance(style.dashes, str) else style.dashes[1]


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
