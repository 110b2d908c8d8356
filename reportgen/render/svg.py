"""From a drawn figure to the SVG file, and to words: the alternative text and the caption.

Text stays text and colours become CSS variables with a dark set, so that one file suits both grounds.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from reportgen.core import formatting as f
from reportgen.render.palette import Style
from reportgen.render.summary import joined_by_value

if TYPE_CHECKING:
    from reportgen.render.canvas import Drawing

LIGHT = {"--ink": "#22272e", "--faint": "#7d8691", "--grid": "#e3e7ec"}
GROUND = ("#ffffff", "#0f141a")
"""The page's ground, light and dark: what keeps labels apart from the lines below them."""
DARK = {"--ink": "#dfe5ec", "--faint": "#8b949e", "--grid": "#30363d"}

HIGH = 2.0**1000
"""The highest error drawn, in ulp: larger ones stand on the edge, and the caption says so."""


def tick_text(v: float) -> str:
    """A round number as an axis shows it."""
    text = f"{v:g}".replace("e+0", "e").replace("e+", "e").replace("e-0", "e-")
    return text.replace("-", f.MINUS)


# -- words ---------------------------------------------------------------------------------------------
def _largest(panel: Any) -> list[tuple[str, float, float]]:
    """(target, largest error, x of its column) where there is one."""
    found = []
    for name, t in panel.case["targets"].items():
        scored = [(v, i) for i, v in enumerate(t.get("max") or []) if v is not None]
        if scored:
            value, i = max(scored)
            found.append((name, value, float(panel.case["axis"]["x"][i])))
    return found


def alt_text(function: str, kind: str, drawn: list[Any]) -> str:
    """The finding of a figure in words; targets with the same finding share it."""
    finding = (
        "Error of {} against x. Largest: {}." if kind == "error" else "Signed error of {}. Within half an ulp: {}."
    )
    parts = []
    for p in drawn:
        if kind == "error":
            found = [(n, f"{f.maximum(v)} ulp near x = {tick_text(float(f'{x:.3g}'))}") for n, v, x in _largest(p)]
        else:
            found = [(n, _within(t["histogram"])) for n, t in p.case["targets"].items() if t.get("histogram")]
        parts.append(f"{p.title}: " + ", ".join(f"{f.listing(names)} {text}" for names, text in joined_by_value(found)))
    return finding.format(function, "; ".join(parts))


def _within(bins: list[list[float]]) -> str:
    """Share of results whose whole bin lies within half an ulp."""
    return f.share(int(sum(b[2] for b in bins if max(abs(b[0]), abs(b[1])) <= 0.5)), int(sum(b[2] for b in bins)))


def caption(kind: str, drawn: list[Any]) -> str:
    if kind == "histogram":
        return (
            "Signed error in ulp (computed minus exact) of the base samples; dotted lines at ±½ ulp. "
            "The outermost bins hold everything beyond."
        )
    return (
        "Error in ulp against x; the axis counts floats (every binade equally wide) and ends where no target errs. "
        "Dotted line: ½ ulp. Triangles on the upper edge: errors beyond the axis."
    )


# -- SVG -----------------------------------------------------------------------------------------------
def number(v: float) -> str:
    """A coordinate, to a tenth of a point."""
    text = f"{v:.1f}".removesuffix(".0")
    return "0" if text == "-0" else text


def finish(drawing: Drawing, styles: dict[str, Style]) -> str:
    """SVG text: the elements of a drawing, colours as CSS variables with a set for light and one for dark ground."""
    parts = [*drawing.parts, *(part for axes in drawing.axes for part in axes.parts)]
    body = "\n".join(part for part in parts if part)
    light, dark = dict(LIGHT), dict(DARK)
    for i, style in enumerate(dict.fromkeys(styles.values())):
        if f"var(--t{i})" in body:
            light[f"--t{i}"], dark[f"--t{i}"] = style.light, style.dark
    if "var(--ground)" in body:
        light["--ground"], dark["--ground"] = GROUND
    rules = ";".join(f"{k}:{v}" for k, v in light.items())
    night = ";".join(f"{k}:{v}" for k, v in dark.items())
    font = "text{fill:var(--ink);font-family:system-ui,-apple-system,'Segoe UI',Roboto,'DejaVu Sans',sans-serif}"
    css = f"<style>:root{{{rules}}}@media(prefers-color-scheme:dark){{:root{{{night}}}}}{font}</style>"
    width, height = number(drawing.width), number(drawing.height)
    box = f'width="{width}pt" height="{height}pt" viewBox="0 0 {width} {height}"'
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" {box}>\n{css}\n'
        f'<g fill="none" stroke-linejoin="round">\n{body}\n</g>\n</svg>\n'
    )


def size(svg: str) -> tuple[int, int]:
    """Width and height in CSS pixels, from the view box (points)."""
    found = re.search(r'viewBox="0 0 ([\d.]+) ([\d.]+)"', svg)
    width, height = (float(found[1]), float(found[2])) if found else (600.0, 300.0)
    return round(width * 4 / 3), round(height * 4 / 3)
