"""The trend of a function over releases, as SVG: the largest error and the mean in each release of each line."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from reportgen.core import formatting as f
from reportgen.render.answer import shown
from reportgen.render.canvas import Axes, colour_of, dashes_of, grid, legend, legend_rows, style_of
from reportgen.render.figures import LOW, error_ticks
from reportgen.render.model import Figure
from reportgen.render.palette import Style
from reportgen.render.releases import Release, Track, version_key
from reportgen.render.stored import dtype_key
from reportgen.render.svg import HIGH, finish, size

MOST_LABELS = 9
"""Releases that an axis names at most; of more, every second is named."""
CAPTION = (
    "Largest error in ulp among normal results (thick; large markers where results changed) and mean error (thin), by "
    "release. Dotted line: ½ ulp. A gap is a release that could not be asked or has no such function."
)


def figure_path(function: str) -> str:
    return f"figures/{function}-history.svg"


def draw_history(function: str, tracks: list[Track], styles: dict[str, Style]) -> tuple[Figure, str] | None:
    """The figure of one function (what it shows, and the SVG text), a panel a dtype and library; None without."""
    panels: dict[tuple[str, str], list[Track]] = {}
    for track in sorted(tracks, key=lambda t: (dtype_key(t.dtype), t.line.library)):
        if track.told and any(s.maximum is not None for s in track.answered):
            panels.setdefault((track.dtype, track.line.library), []).append(track)
    if not panels:
        return None
    names = list(dict.fromkeys(t.line.name for found in panels.values() for t in found))
    groups = [[name] for name in names]
    drawing = grid(len(panels), legend_rows(groups, 2)[1], "error (ulp)")
    for ((dtype, library), found), axes in zip(panels.items(), drawing.axes, strict=True):
        _panel(axes, f"{shown(library)}, {dtype}", found, styles)
    legend(drawing, groups, styles, curves=True, words=("largest", "mean"))
    svg = finish(drawing, styles)
    width, height = size(svg)
    return Figure(figure_path(function), alt_text(function, panels), CAPTION, width, height), svg


def _panel(a: Axes, title: str, found: list[Track], styles: dict[str, Style]) -> None:
    releases = _releases(found)
    place = {v: i for i, v in enumerate(releases)}
    values = [s.maximum for t in found for s in t.answered if s.maximum is not None]
    means = [s.mean for t in found for s in t.answered if s.mean]
    high = 2.0 ** math.ceil(math.log2(min(max(1.0, 1.2 * max(values)), HIGH)))
    low = max(LOW, min(0.25, 2.0 ** math.floor(math.log2(min([v for v in [*values, *means] if v] or [0.25])))))
    a.x_limits, a.y_limits = (-0.4, len(releases) - 0.6), (low, high)
    step = math.ceil(len(releases) / MOST_LABELS)
    # The last release is always named.
    named = range((len(releases) - 1) % step, len(releases), step)
    a.ticks(([float(i) for i in named], [releases[i] for i in named]), error_ticks(low, high))
    a.line_across(y=0.5)
    a.frame(title)
    for track in found:
        _curve(a, track, place, styles, low, high)


def _releases(found: list[Track]) -> list[str]:
    members: list[Release] = [s.release for t in found for s in t.scores]
    return sorted({m.version for m in members}, key=version_key)


def _curve(a: Axes, track: Track, place: dict[str, int], styles: dict[str, Style], low: float, high: float) -> None:
    style, colour = style_of(styles, track.line.name), colour_of(styles, track.line.name)
    maxima, means, moved = (np.full(len(place), np.nan) for _ in range(3))
    for score in track.answered:
        at = place[score.release.version]
        if score.maximum is not None:
            maxima[at] = min(max(score.maximum, low), high)
            if track.change_at(score.release.target):
                moved[at] = maxima[at]
        if score.mean is not None:
            means[at] = min(max(score.mean, low), high)
    x: Any = np.arange(len(place), dtype=np.float64)
    a.curve(x, maxima, colour, 1.3, dashes=dashes_of(style))
    a.curve(x, means, colour, 0.6, opacity=0.6)
    a.markers(x, maxima, style.marker, colour, 2)
    a.markers(x, moved, style.marker, colour, 3.6)


def alt_text(function: str, panels: dict[tuple[str, str], list[Track]]) -> str:
    """The finding in words: what each line's largest error was in its first release, and after each change."""
    parts = [f"{shown(t.line.name)} in {t.dtype}: {_course(t)}" for found in panels.values() for t in found]
    return f"Largest error of {function} by release. {'; '.join(parts)}."


def _course(track: Track) -> str:
    first = track.answered[0]
    told = [f"{f.maximum(first.maximum)} ulp in {first.release.version}"]
    told += [f"{f.maximum(c.after.maximum)} since {c.after.release.version}" for c in track.moves]
    return ", ".join(told) if track.moves else f"{told[0]}, the same bits up to {track.answered[-1].release.version}"
