"""Figures of a function's page: error against x, and the histogram of signed errors. matplotlib → SVG, to the byte.

Text stays text and colours become CSS variables with a dark set, so that one file suits both grounds. Curves that
coincide are drawn once. Source of the x axis: ordinals of the floats, so that every binade has the same width.
"""

from __future__ import annotations

import hashlib
import io
import json
import math
import re
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

from reportgen.core import formatting as f
from reportgen.core.floats import FORMATS
from reportgen.render.model import Figure
from reportgen.render.palette import Style
from reportgen.render.stored import dtype_key
from reportgen.render.summary import joined_by_value

REVISION = 1
"""Part of the cache key: raised when the drawing changes."""

INK, FAINT, GRID, GROUND = "#010203", "#040506", "#070809", "#0a0b0c"
"""Stand-ins that :func:`finish` turns into CSS variables."""

PANEL_WIDTH, PANEL_HEIGHT = 4.6, 2.35
MOST_PANELS = 6
LOW, HIGH = 2.0**-7, 2.0**24
"""Limits of the error axis in ulp: what lies outside is drawn on the edge and told in the caption."""
HALF_RANGE, BINS = 4.0, 128

RC = {
    "svg.fonttype": "none", "svg.hashsalt": "reportgen", "font.family": "sans-serif", "font.sans-serif": ["DejaVu Sans"],
    "font.size": 9, "axes.edgecolor": FAINT, "axes.labelcolor": INK, "text.color": INK, "xtick.color": FAINT, "ytick.color": FAINT,
    "xtick.labelcolor": INK, "ytick.labelcolor": INK, "axes.spines.top": False, "axes.spines.right": False, "axes.linewidth": 0.7,
    "grid.color": GRID, "grid.linewidth": 0.5, "axes.axisbelow": True, "path.simplify": True, "axes.titlesize": 10,
    "axes.titleweight": "bold", "axes.titlelocation": "left", "legend.frameon": False, "legend.fontsize": 8.5,
}  # fmt: skip
_TICKS = {
    "float16": (-1e3, -1.0, -1e-3, 0.0, 1e-3, 1.0, 1e3),
    "bfloat16": (-1e30, -1.0, -1e-30, 0.0, 1e-30, 1.0, 1e30),
    "float32": (-1e30, -1.0, -1e-30, 0.0, 1e-30, 1.0, 1e30),
    "float64": (-1e200, -1.0, -1e-200, 0.0, 1e-200, 1.0, 1e200),
}


@dataclass
class Panel:
    """One case of one dtype: curves grouped where they coincide."""

    title: str
    dtype: str
    case: dict[str, Any]


def panels(profile: dict[str, Any]) -> list[Panel]:
    """The cases of a profile in the order of dtypes, whole-format cases first, at most ``MOST_PANELS``."""
    cases = [c for c in profile["cases"] if c.get("targets") and c.get("axis")]
    cases.sort(key=lambda c: (c["case"] != "ordinals", dtype_key(str(c["dtype"])), str(c["case"])))
    out = []
    for case in cases[:MOST_PANELS]:
        name = str(case["dtype"]) + ("" if case["case"] in ("ordinals", "arrays") else f", {case['case']}")
        out.append(Panel(name, str(case["dtype"]), case))
    return out


def draw_figures(folder: Path, profile: dict[str, Any], styles: dict[str, Style], cache: Path | None = None) -> list[Figure]:
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
    content = [REVISION, matplotlib.__version__, kind, [[p.title, p.case] for p in drawn], sorted(map(repr, styles.items()))]
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
def _grid(drawn: list[Panel]) -> tuple[Canvas, list[Axes]]:
    """A figure with one panel a case, two a row, and room for the legend below."""
    columns = min(2, len(drawn))
    lines = math.ceil(len(drawn) / columns)
    width, height = PANEL_WIDTH * columns, PANEL_HEIGHT * lines + 0.55
    figure = Canvas(figsize=(width, height))
    FigureCanvasSVG(figure)
    figure.patch.set_visible(False)
    figure.subplots_adjust(left=0.55 / width, right=1 - 0.12 / width, top=1 - 0.3 / height, bottom=0.98 / height,
                           wspace=0.16, hspace=0.46)  # fmt: skip
    axes = [figure.add_subplot(lines, columns, i + 1) for i in range(len(drawn))]
    for a in axes:
        a.patch.set_visible(False)
        a.tick_params(length=2.5, width=0.6, labelsize=8)
    return figure, axes


def _legend(figure: Canvas, names: list[list[str]], styles: dict[str, Style], curves: bool) -> None:
    """Every target by its own colour, dash and marker; what the kinds of line mean, below it."""
    flat = list(dict.fromkeys(n for group in names for n in group))
    handles = [
        Line2D([], [], color=_colour(styles, n), ls=_style(styles, n).dashes, marker=_style(styles, n).marker, ms=4, lw=1.4, label=n)
        for n in flat
    ]
    if curves:
        handles.append(Line2D([], [], color=INK, lw=1.5, label="largest in the column"))
        handles.append(Line2D([], [], color=INK, lw=0.7, alpha=0.6, label="mean"))
    figure.legend(handles=handles, loc="lower center", ncols=min(4, len(handles)), borderaxespad=0.2, columnspacing=1.4,
                  handlelength=2.6)  # fmt: skip


def _style(styles: dict[str, Style], name: str) -> Style:
    return styles.get(name) or Style("#5f6b7a", "#a9b6c6", "-", "o")


def _colour(styles: dict[str, Style], name: str) -> str:
    return _style(styles, name).light


def _clipped(values: list[float | None]) -> Any:
    array = np.array([np.nan if v is None else v for v in values], dtype=np.float64)
    return np.clip(array, LOW, HIGH)


def error_figure(drawn: list[Panel], styles: dict[str, Style]) -> Canvas:
    """Maximum (thick, with markers) and mean (thin) error in ulp of 256 columns of the ordinal axis."""
    figure, axes = _grid(drawn)
    names = []
    for panel, a in zip(drawn, axes, strict=True):
        groups = joined_by_value((n, (t.get("max"), t.get("mean"))) for n, t in panel.case["targets"].items())
        names += [g for g, _ in groups]
        x = np.asarray(panel.case["axis"]["ordinal"], dtype=np.float64)
        middle = (x[:-1] + x[1:]) / 2
        for order, (group, (maxima, means)) in enumerate(groups):
            style = _style(styles, group[0])
            every = max(1, len(middle) // 8)
            a.plot(middle, _clipped(maxima or []), color=style.light, ls=style.dashes, lw=1.2, marker=style.marker, ms=3.2,
                   markevery=(order * 5 % every, every))  # fmt: skip
            a.plot(middle, _clipped(means or []), color=style.light, lw=0.6, alpha=0.6)
        _error_axes(a, panel, x)
    axes[0].set_ylabel("error (ulp)", fontsize=8.5)
    _legend(figure, names, styles, curves=True)
    return figure


def _error_axes(a: Axes, panel: Panel, edges: Any) -> None:
    values = [v for t in panel.case["targets"].values() for v in t.get("max") or [] if v is not None]
    top = min(HIGH, max(2.0, *values) * 2) if values else 2.0
    a.set_yscale("log", base=2)
    a.set_ylim(LOW / 1.2, top)
    step = 3 if top <= 64 else 6
    powers = list(range(-6, math.ceil(math.log2(top)) + 1, step))
    if -1 not in powers:
        powers = sorted({*powers, -1} - {-2, 0} | {-1})
    a.yaxis.set_major_locator(FixedLocator([2.0**p for p in powers]))
    a.yaxis.set_major_formatter(FixedFormatter([_power(p) for p in powers]))
    a.yaxis.set_minor_locator(NullLocator())
    a.yaxis.set_minor_formatter(NullFormatter())
    a.set_xlim(float(edges[0]), float(edges[-1]))
    ticks, labels = x_ticks(panel, edges)
    a.xaxis.set_major_locator(FixedLocator(ticks))
    a.xaxis.set_major_formatter(FixedFormatter(labels))
    a.axhline(0.5, color=FAINT, lw=0.8, ls=(0, (2, 2)))
    a.grid(True, axis="y")
    a.set_title(panel.title)


def _power(p: int) -> str:
    if -3 <= p <= 12:
        return f"{2.0**p:g}"
    return f"2{str(p).translate(str.maketrans('-0123456789', '⁻⁰¹²³⁴⁵⁶⁷⁸⁹'))}"


def x_ticks(panel: Panel, edges: Any) -> tuple[list[float], list[str]]:
    """Ticks at round numbers where at least three fall on the axis, else at its ends and quarters."""
    fmt = FORMATS.get(panel.dtype)
    candidates = _TICKS.get(panel.dtype, ())
    if fmt and candidates:
        ordinals = fmt.ordinal(fmt.decode(fmt.encode(np.array(candidates))))
        inside = [(float(o), v) for o, v in zip(ordinals, candidates, strict=True) if edges[0] <= o <= edges[-1]]
        if len(inside) >= 3:
            return [o for o, _ in inside], [_tick_text(v) for _, v in inside]
    xs = panel.case["axis"]["x"]
    picks = [0, len(xs) // 4, len(xs) // 2, 3 * len(xs) // 4, len(xs) - 1]
    return [float(edges[i]) for i in picks], [_tick_text(float(f"{xs[i]:.3g}")) for i in picks]


def _tick_text(v: float) -> str:
    text = f"{v:g}".replace("e+0", "e").replace("e+", "e").replace("e-0", "e-")
    return text.replace("-", f.MINUS)


def histogram_figure(drawn: list[Panel], styles: dict[str, Style]) -> Canvas:
    """Share of results by signed error; results beyond the drawn range are gathered in the outermost bins."""
    figure, axes = _grid(drawn)
    names = []
    for panel, a in zip(drawn, axes, strict=True):
        half = half_range(panel)
        groups = joined_by_value((n, t.get("histogram")) for n, t in panel.case["targets"].items() if t.get("histogram"))
        names += [g for g, _ in groups]
        edges = np.linspace(-half, half, BINS + 1)
        for order, (group, bins) in enumerate(groups):
            style = _style(styles, group[0])
            shares = rebinned(bins, half)
            a.plot((edges[:-1] + edges[1:]) / 2, np.where(shares > 0, shares, np.nan), color=style.light, ls=style.dashes, lw=1.2,
                   marker=style.marker, ms=3.2, markevery=(order * 3 % 16, 16), drawstyle="steps-mid")  # fmt: skip
        a.set_yscale("log")
        a.set_xlim(-half, half)
        a.yaxis.set_minor_locator(NullLocator())
        low, high = (math.floor(math.log10(v)) for v in a.get_ylim())
        decades = range(max(low, high - 9), min(high, 2) + 1, 2)
        a.yaxis.set_major_locator(FixedLocator([10.0**d for d in decades]))
        a.yaxis.set_major_formatter(FixedFormatter([f"{10.0**d:g} %" for d in decades]))
        a.set_title(panel.title)
        a.grid(True, axis="y")
        for edge in (-0.5, 0.5):
            a.axvline(edge, color=FAINT, lw=0.8, ls=(0, (2, 2)))
        ticks = [-half, -half / 2, 0.0, half / 2, half]
        a.xaxis.set_major_locator(FixedLocator(ticks))
        a.xaxis.set_major_formatter(FixedFormatter([_tick_text(t) for t in ticks]))
    axes[0].set_ylabel("share of results", fontsize=8.5)
    _legend(figure, names, styles, curves=False)
    return figure


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
    """Percent of results in each of ``BINS`` equal bins of [-half, half]; shape (BINS,), the ends hold what lies beyond."""
    out = np.zeros(BINS)
    for low, high, n in bins:
        at = ((low + high) / 2 + half) / (2 * half) * BINS
        out[int(min(max(at, 0), BINS - 1))] += n
    total = out.sum()
    return 100 * out / total if total else out


# -- words ---------------------------------------------------------------------------------------------
def _largest(panel: Panel) -> list[tuple[str, float, float]]:
    """(target, largest error, x of its column) where there is one."""
    found = []
    for name, t in panel.case["targets"].items():
        scored = [(v, i) for i, v in enumerate(t.get("max") or []) if v is not None]
        if scored:
            value, i = max(scored)
            found.append((name, value, float(panel.case["axis"]["x"][i])))
    return found


def alt_text(function: str, kind: str, drawn: list[Panel]) -> str:
    """The finding of a figure in words."""
    if kind == "error":
        parts = []
        for p in drawn:
            words = [f"{n} {f.maximum(v)} ulp near x = {_tick_text(float(f'{x:.3g}'))}" for n, v, x in _largest(p)]
            parts.append(f"{p.title}: {', '.join(words)}")
        return f"Error of {function} against x. Largest: {'; '.join(parts)}."
    parts = []
    for p in drawn:
        words = []
        for n, t in p.case["targets"].items():
            bins = t.get("histogram") or []
            within = sum(b[2] for b in bins if max(abs(b[0]), abs(b[1])) <= 0.5)
            if bins:
                words.append(f"{n} {f.share(within, sum(b[2] for b in bins))}")
        parts.append(f"{p.title}: {', '.join(words)}")
    return f"Histogram of the signed error of {function}. Within half an ulp: {'; '.join(parts)}."


def caption(kind: str, drawn: list[Panel]) -> str:
    if kind == "histogram":
        return (
            "Signed error in ulp (computed minus exact) of the base samples; dotted lines at ±½ ulp. "
            "The outermost bins hold everything beyond."
        )
    text = "Error in ulp against x; the axis counts floats, so every binade is equally wide. Dotted line: ½ ulp."
    if any(v > HIGH for p in drawn for _, v, _ in _largest(p)):
        text += f" Errors above {f.short_count(int(HIGH))} ulp lie on the upper edge."
    return text


# -- SVG -----------------------------------------------------------------------------------------------
_LONG = re.compile(r"-?\d+\.\d{2,}")
_INVISIBLE = re.compile(r"<metadata>.*?</metadata>\s*", re.S)


def finish(figure: Canvas, styles: dict[str, Style]) -> str:
    """SVG text without date or metadata, coordinates to a tenth of a point, colours as CSS variables."""
    buffer = io.StringIO()
    figure.savefig(buffer, format="svg", metadata={"Date": None, "Creator": None, "Format": None, "Type": None})
    svg = _INVISIBLE.sub("", buffer.getvalue())
    svg = _LONG.sub(lambda m: f"{float(m[0]):.1f}".removesuffix(".0"), svg)
    svg = re.sub(r"\n\s*", "\n", svg)
    light = {"--ink": "#22272e", "--faint": "#7d8691", "--grid": "#e3e7ec"}
    dark = {"--ink": "#dfe5ec", "--faint": "#8b949e", "--grid": "#30363d"}
    for stand_in, variable in ((INK, "--ink"), (FAINT, "--faint"), (GRID, "--grid")):
        svg = svg.replace(stand_in, f"var({variable})")
    for i, style in enumerate(dict.fromkeys(styles.values())):
        if style.light in svg:
            light[f"--t{i}"], dark[f"--t{i}"] = style.light, style.dark
            svg = svg.replace(style.light, f"var(--t{i})")
    rules = ";".join(f"{k}:{v}" for k, v in light.items())
    night = ";".join(f"{k}:{v}" for k, v in dark.items())
    font = "text{font-family:system-ui,-apple-system,'Segoe UI',Roboto,'DejaVu Sans',sans-serif!important}"
    css = f"<style>:root{{{rules}}}@media(prefers-color-scheme:dark){{:root{{{night}}}}}{font}</style>"
    return svg.replace("<defs>", f"{css}\n<defs>", 1)


def size(svg: str) -> tuple[int, int]:
    """Width and height in CSS pixels, from the view box (points)."""
    found = re.search(r'viewBox="0 0 ([\d.]+) ([\d.]+)"', svg)
    width, height = (float(found[1]), float(found[2])) if found else (600.0, 300.0)
    return round(width * 4 / 3), round(height * 4 / 3)
