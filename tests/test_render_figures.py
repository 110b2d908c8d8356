"""Figures: the same bytes whatever was drawn before, small, legible on both grounds, telling in words."""

from __future__ import annotations

import re
from typing import Any
from xml.etree import ElementTree

import matplotlib
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
from reportgen.render.svg import finish
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
    canvas._blank.cache_clear()
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
            assert not set(re.findall(r"#0[0-9a-c]0[0-9a-c]0[0-9a-c]\b", svg)), "a stand-in colour is left"
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


def test_finish_is_stable() -> None:
    with matplotlib.rc_context(canvas.RC):
        figure, axes = canvas.grid(1, 1, 2, "y")
        axes[0].plot([1, 2], [1, 2], color=LOOK["numpy"].light)
        assert finish(figure, LOOK) == finish(figure, LOOK)
        assert "var(--t0)" in finish(figure, LOOK)
