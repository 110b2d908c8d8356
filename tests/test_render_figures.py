"""Figures: the same bytes whatever was drawn before, small, legible on both grounds, telling in words."""

from __future__ import annotations

import re
from typing import Any
from xml.etree import ElementTree

import numpy as np
import pytest

from reportgen.render import canvas
from reportgen.render.figures import (
    BINS,
    Panel,
    curve_groups,
    draw_figures,
    error_limits,
    half_range,
    interesting,
    panels,
    rebinned,
    slimmed,
)
from reportgen.render.palette import styles
from reportgen.render.svg import finish, number
from tests import render_data

LOOK = styles([t["name"] for t in render_data.TARGETS])


@pytest.fixture(scope="module")
def profiles() -> dict[str, Any]:
    return render_data.build(functions=("exp", "log", "sqrt", "maximum"))[1]


def panel(maxima: list[float | None], **more: Any) -> Panel:
    n = len(maxima)
    target = {"max": maxima, "mean": maxima, "count": [3] * n, "histogram": [[0.0, 0.25, 3]]} | more
    case = {"case": "ordinals", "dtype": "float32", "axis": {"ordinal": list(range(n + 1)), "x": [0.0] * (n + 1)}}
    return Panel("float32", "float32", case | {"targets": {"numpy": target}})


def drawn(profile: dict[str, Any]) -> dict[str, str]:
    return {f.path: svg for f, svg in draw_figures(profile, LOOK)}


def test_a_figure_does_not_depend_on_what_was_drawn_before(profiles: dict[str, Any]) -> None:
    first = drawn(profiles["exp"])
    drawn(profiles["log"])
    drawn(profiles["sqrt"])
    assert drawn(profiles["exp"]) == first
    assert drawn(profiles["log"]) != first


def test_figures_are_small_dateless_and_follow_the_ground(profiles: dict[str, Any]) -> None:
    for profile in profiles.values():
        for path, svg in drawn(profile).items():
            assert len(svg) < 150_000, path
            assert "<metadata>" not in svg
            assert "prefers-color-scheme:dark" in svg
            used, declared = set(re.findall(r"var\((--\w+)\)", svg)), set(re.findall(r"(--\w+):", svg))
            assert used == declared, "a colour is used that has no value for either ground, or the other way round"
            ElementTree.fromstring(svg)
            assert re.search(r"<text[^>]*>float32</text>", svg), "text must stay text"


def test_numbers_in_labels_are_not_shortened(profiles: dict[str, Any]) -> None:
    svg = drawn(profiles["exp"])["figures/exp-error.svg"]
    assert "0.25</text>" in svg
    assert not re.findall(r"<path d=\"[^\"]*\d\.\d\d", svg)


def test_words_tell_the_finding(profiles: dict[str, Any]) -> None:
    (error, _), (histogram, _) = draw_figures(profiles["exp"], LOOK)
    assert "tensorflow, tensorflow-graph and tensorflow-no-onednn" in error.alt
    assert re.search(r"float32: numpy [\d.]+ ulp near x = ", error.alt)
    assert "Within half an ulp" in histogram.alt
    assert error.width > 300 < error.height


def test_coinciding_curves_are_one_only_where_they_coincide_everywhere() -> None:
    one, two = panel([0.5, 0.5]), panel([0.5, 0.25])
    for p, other in ((one, [0.5, 0.5]), (two, [0.5, 0.125])):
        p.case["targets"]["tensorflow"] = p.case["targets"]["numpy"] | {"max": other, "mean": other}
    assert curve_groups([one], ("max", "mean")) == [["numpy", "tensorflow"]]
    assert curve_groups([one, two], ("max", "mean")) == [["numpy"], ["tensorflow"]]


def test_a_function_without_curves_has_no_figure() -> None:
    assert draw_figures({"function": "max", "cases": []}, LOOK) == []
    empty = {"function": "max", "cases": [panel([None, None], histogram=[]).case]}
    assert draw_figures(empty, LOOK) == []


@pytest.mark.parametrize("maxima", [[0.0] * 8, [1e300] * 8, [None] * 7 + [2.0], [1e-300] * 8, [0.5, 2.0**1023] * 4])
def test_extreme_errors_are_drawn(maxima: list[float | None]) -> None:
    figures = draw_figures({"function": "f", "cases": [panel(maxima).case]}, LOOK)
    assert len(figures) == 2
    ElementTree.fromstring(figures[0][1])


def test_limits_hold_most_columns_and_not_a_single_peak() -> None:
    assert error_limits(panel([0.5] * 99 + [1e9]))[1] == 2.0
    assert error_limits(panel([300.0] * 100))[1] == 512.0
    assert error_limits(panel([0.0] * 4)) == (0.125, 1.0)


def test_the_axis_ends_where_no_target_errs() -> None:
    assert interesting(panel([0.0] * 10 + [0.5] * 5 + [0.0] * 10)) == (8, 16)
    assert interesting(panel([0.0, None, 0.0])) == (0, 2)


def test_joining_columns_keeps_the_maximum_and_the_mean() -> None:
    p = panel([0.5, 2.0, None, 1.0] * 64, mean=[0.1, 0.3, None, 0.2] * 64, count=[1, 3, 0, 2] * 64)
    many = [p] * 16
    joined = slimmed(many)[0].case["targets"]["numpy"]
    assert joined["max"] == [2.0, 1.0] * 64
    assert joined["mean"][0] == pytest.approx(0.25)
    assert joined["mean"][1] == 0.2
    assert len(slimmed(many)[0].case["axis"]["ordinal"]) == 129
    assert slimmed([p]) == [p]


def test_bins_keep_every_result() -> None:
    bins = [[-9.0, -8.5, 10], [0.0, 0.25, 70], [8.0, 9.0, 20]]
    shares = rebinned(bins, 1.0)
    assert shares.sum() == pytest.approx(100)
    assert (shares[0], shares[-1]) == (10, 20)
    assert len(shares) == BINS
    assert np.all(rebinned([], 1.0) == 0)


def test_the_range_of_the_histogram_holds_all_but_a_thousandth() -> None:
    assert half_range(panel([1.0], histogram=[[0.0, 0.1, 9999], [1.5, 1.6, 1]])) == 1.0
    assert half_range(panel([1.0], histogram=[[0.0, 0.1, 99], [1.5, 1.6, 1]])) == 2.0
    assert half_range(panel([1.0], histogram=[[0.0, 0.1, 99], [50.0, 60.0, 1]])) == 4.0


def test_ticks_are_apart_and_inside() -> None:
    for dtype, left, right in (
        ("float32", -(2.0**31), 2.0**31),
        ("float16", 0.0, 31743.0),
        ("float64", -(2.0**62), 2.0**62),
    ):
        at, labels = canvas.x_ticks(dtype, left, right)
        assert len(at) == len(labels) >= 3
        assert all(left <= t <= right for t in at)
        assert min(np.diff(sorted(at))) >= canvas.TICK_SPACING * (right - left)


def test_whole_format_cases_come_before_others() -> None:
    a, b = panel([0.5]).case, panel([0.5]).case | {"case": "asked"}
    assert [p.case["case"] for p in panels({"cases": [b, a]})] == ["ordinals"]
    assert [p.title for p in panels({"cases": [b]})] == ["float32, asked"]


def points(path: str) -> list[tuple[float, float]]:
    return [(float(x), float(y)) for x, y in re.findall(r"[ML]([-\d.]+) ([-\d.]+)", path)]


def test_a_curve_goes_through_its_points_and_breaks_where_nothing_is_known() -> None:
    a = canvas.Axes(10, 20, 100, 80, x_limits=(0, 10), y_limits=(1, 16))
    a.curve([0, 5, 6, 7, 8, 9, 10], [1, 16, np.nan, 4, np.nan, 2, 2], "red", 1)
    path = re.findall(r' d="([^"]*)"', a.parts[0])[0]
    assert points(path) == [(10, 100), (60, 20), (100, 80), (110, 80)]
    assert path.count("M") == 2, "a point alone between gaps is no line"


def test_the_middle_of_a_level_stretch_is_left_out_and_nothing_else() -> None:
    a = canvas.Axes(0, 0, 100, 100, x_limits=(0, 100), y_limits=(1, 4))
    a.curve([0, 10, 20, 30, 40, 50], [2, 2, 2, 4, 2, 2], "red", 1)
    assert points(a.parts[0]) == [(0, 50), (20, 50), (30, 0), (40, 50), (50, 50)]


def test_steps_cover_their_bins_and_only_those() -> None:
    a = canvas.Axes(0, 0, 100, 100, x_limits=(0, 4), y_limits=(1, 4))
    a.steps([0, 1, 2, 3, 4], [2, np.nan, 4, 1], "red", 1)
    path = re.findall(r' d="([^"]*)"', a.parts[0])[0]
    assert points(path) == [(0, 50), (25, 50), (50, 0), (75, 0), (75, 100), (100, 100)]
    assert path.count("M") == 2


def test_markers_stand_on_their_points(profiles: dict[str, Any]) -> None:
    a = canvas.Axes(0, 0, 100, 100, x_limits=(0, 4), y_limits=(1, 4))
    for shape in canvas.MARKERS:
        a.markers([1, 2, 3], [2, np.nan, 4], shape, "red", 2)
        outlines = re.findall(r"M([^z]*)z", a.parts[-1])
        for outline, (x, y) in zip(outlines, ((25, 50), (75, 0)), strict=True):
            corners = np.array([float(v) for v in outline.split()]).reshape(-1, 2)
            assert np.all(abs(corners - (x, y)) <= 3.1), shape
            assert np.ptp(corners, axis=0).min() >= 3, shape


def test_a_line_outside_the_panel_is_not_drawn() -> None:
    a = canvas.Axes(0, 0, 100, 100, x_limits=(0, 4), y_limits=(1, 4))
    a.line_across(y=0.5)
    a.line_across(x=5)
    assert a.parts == []
    a.line_across(y=2)
    assert "M0 50h100" in a.parts[0]


def test_panels_and_legend_lie_inside_the_figure_and_apart() -> None:
    groups = [["numpy"], ["tensorflow", "tensorflow-graph", "tensorflow-xla"], ["scipy"]]
    for count in range(1, 7):
        drawing = canvas.grid(count, canvas.legend_rows(groups, 2)[1], "error (ulp)")
        canvas.legend(drawing, groups, LOOK, curves=True)
        for one in drawing.axes:
            assert 0 < one.left < one.left + one.width < drawing.width
            for other in drawing.axes:
                beside = one.left + one.width < other.left or other.left + other.width < one.left
                assert one is other or beside or one.bottom + 24 < other.top or other.bottom + 24 < one.top
        lowest = max(one.bottom for one in drawing.axes)
        heights = [float(y) for y in re.findall(r'y="([\d.]+)" font-size="8.5">', "".join(drawing.parts))]
        assert len(heights) == 5
        assert lowest + 14 < min(heights) <= max(heights) < drawing.height


def test_words_are_escaped_and_colours_follow_the_targets() -> None:
    drawing = canvas.grid(1, 1, "a < b & c")
    drawing.axes[0].curve([0, 1], [1, 2], canvas.colour_of(LOOK, "numpy"), 1)
    svg = finish(drawing, LOOK)
    assert finish(drawing, LOOK) == svg
    assert "a &lt; b &amp; c" in svg
    assert "var(--t0)" in svg
    assert f"--t0:{LOOK['numpy'].light}" in svg
    assert f"--t0:{LOOK['numpy'].dark}" in svg
    assert "--t1" not in svg
    assert canvas.colour_of(LOOK, "unheard-of") == "#5f6b7a"


def test_coordinates_have_a_tenth_at_most() -> None:
    assert [number(v) for v in (1.0, 1.25, -0.04, 100.06, -3.5)] == ["1", "1.2", "0", "100.1", "-3.5"]
