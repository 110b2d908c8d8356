"""Colours: error classes of table cells, and one colour, line and marker a target for all figures.

Both sets are told apart without colour as well: cells always print their number, lines differ in dash and marker.
The target colours are Okabe and Ito's (*Color Universal Design*, 2008), lightened for a dark page.
"""

from __future__ import annotations

from dataclasses import dataclass

from reportgen.core.floats import SATURATED_SCORE

ERROR_STEPS: tuple[tuple[float, str, str], ...] = (
    (0.0, "e0", "0 ulp"),
    (0.5, "e1", "at most 0.5 ulp"),
    (1.0, "e2", "at most 1 ulp"),
    (2.0, "e3", "at most 2 ulp"),
    (4.0, "e4", "at most 4 ulp"),
    (64.0, "e5", "at most 64 ulp"),
    (SATURATED_SCORE, "e6", "more than 64 ulp"),
)


def error_class(max_ulp: float | None) -> str:
    """CSS class of a maximum; empty where there is none. A class's bound is never crossed by rounding."""
    if max_ulp is None:
        return ""
    return next((css for bound, css, _ in ERROR_STEPS if max_ulp <= bound), ERROR_STEPS[-1][1])


@dataclass(frozen=True)
class Style:
    """How a target is drawn: CSS colours on light and dark ground, dash pattern (in widths of the line) and marker."""

    light: str
    dark: str
    dashes: str | tuple[float, tuple[float, ...]]
    marker: str


_BASE = (
    Style("#0072b2", "#56b4e9", "-", "o"),
    Style("#d55e00", "#ff9a52", "-", "s"),
    Style("#00805f", "#2bc79a", (0.0, (5.0, 1.5)), "^"),
    Style("#a8417f", "#e79cc6", (0.0, (3.0, 1.0, 1.0, 1.0)), "D"),
    Style("#3f4aa8", "#9aa5ff", (0.0, (1.0, 1.0)), "v"),
    Style("#8a6d00", "#e6c229", (0.0, (7.0, 2.0)), "P"),
    Style("#6b4e2e", "#c9a27c", (0.0, (4.0, 1.0, 1.0, 1.0, 1.0, 1.0)), "X"),
    Style("#5f6b7a", "#a9b6c6", (0.0, (2.0, 2.0)), "*"),
)


def styles(targets: list[str]) -> dict[str, Style]:
    """One style a target, by its place in the version's list, so that it is the same on every page."""
    return {name: _BASE[i % len(_BASE)] for i, name in enumerate(targets)}
