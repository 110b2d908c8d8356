"""Releases: a planted change is told exactly where it is; gaps and new functions are no changes; else silence."""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path

import pytest

from reportgen.render import front, history, historywords, markdown
from reportgen.render.oldsnippets import old_path, setup_lines
from reportgen.render.releases import Track, lines, told, tracks, version_key
from reportgen.render.site import render_version
from reportgen.render.snippets import snippet
from reportgen.render.stored import Stored, load
from tests.release_data import SAMPLES, Planted

FLAT = {"1.0": 0.6, "1.1": 0.6, "2.0": 0.6, "2.10": 0.6}


@pytest.fixture
def planted() -> Planted:
    return Planted()


def stored(planted: Planted, folder: Path) -> Stored:
    return load(planted.write(folder))


def track(s: Stored, line: str = "numpy", function: str = "exp") -> Track:
    return next(t for t in tracks(s) if (t.line.name, t.function) == (line, function))


def changes(s: Stored, line: str = "numpy", function: str = "exp") -> list[tuple[str, str]]:
    return [(c.kind, c.after.release.version) for c in track(s, line, function).changes]


@pytest.mark.parametrize(
    ("older", "newer"),
    [("1.9.3", "1.10.0"), ("1.13.1", "2.0"), ("2.0.0rc1", "2.0.0"), ("2.0.0.dev1", "2.0.0a1"), ("2.0", "2.0.1")],
)
def test_releases_stand_in_the_order_of_their_numbers(older: str, newer: str) -> None:
    assert version_key(older) < version_key(newer)


# -- changes ---------------------------------------------------------------------------------------------
def test_nothing_changed_nothing_is_told(planted: Planted, tmp_path: Path) -> None:
    planted.line("numpy", FLAT)
    s = stored(planted, tmp_path)
    assert changes(s) == []
    assert [m.version for m in lines(s)[0].members] == ["1.0", "1.1", "2.0", "2.10"]
    page = history.history_page(s)
    assert page is not None
    assert "in 0 of 1 combination" in page.lead
    assert not any(c.marks for row in page.sections[0].trend.rows for c in row.cells)
    assert "The same bits in all releases of NumPy that have them: exp." in page.sections[0].sentences
    assert not any("became" in text or "changed most" in text for text in page.sections[0].sentences)


@pytest.mark.parametrize("at", ["1.1", "2.0", "2.10"])
@pytest.mark.parametrize(("before", "after", "kind"), [(0.6, 3.0, "worse"), (3.0, 0.6, "better")])
def test_a_change_is_told_at_the_first_release_that_has_it(
    planted: Planted, tmp_path: Path, at: str, before: float, after: float, kind: str
) -> None:
    versions = list(FLAT)
    planted.line("numpy", {v: before if i < versions.index(at) else after for i, v in enumerate(versions)})
    s = stored(planted, tmp_path)
    assert changes(s) == [(kind, at)]
    page = history.history_page(s)
    assert page is not None
    cells = page.sections[0].trend.rows[0].cells[2:]
    assert [[m.text for m in c.marks] for c in cells] == [[kind] if v == at else [] for v in versions]
    assert historywords.courses(track(s)).startswith(f"changed in {at} ({kind}: {before:g} → {after:g}")
    row = next(r for r in page.sections[0].changes.rows if r.cells[0].text == at)
    assert [c.note for c in row.cells if c.note] == ["exp"]


def test_same_figures_with_other_bits_are_a_change_and_neither_better_nor_worse(
    planted: Planted, tmp_path: Path
) -> None:
    planted.line("numpy", FLAT)
    pair = next(p for p in planted.pairs if p["second"] == "numpy@2.0")
    pair["equal"] = SAMPLES - 1
    assert changes(stored(planted, tmp_path)) == [("bits", "2.0")]


def test_figures_that_differ_where_long_arrays_agree_are_told_as_short_pieces(planted: Planted, tmp_path: Path) -> None:
    planted.line("numpy", FLAT)
    for row in planted.rows:
        if row["target"] == "numpy@2.0":
            row["bias_ulp"] = 0.001
    s = stored(planted, tmp_path)
    assert changes(s) == [("bits", "2.0"), ("bits", "2.10")]
    assert historywords.courses(track(s)).startswith("changed in 2.0 (other bits: only in short pieces or alone) and")


def test_one_figure_better_and_another_worse_is_mixed(planted: Planted, tmp_path: Path) -> None:
    planted.line("numpy", FLAT)
    for row in planted.rows:
        if row["target"] in ("numpy@2.0", "numpy"):
            row |= {"max_ulp": 0.9, "mean_ulp": 0.2}
    planted.pairs[1]["equal"] = 3
    assert changes(stored(planted, tmp_path)) == [("mixed", "2.0")]


@pytest.mark.parametrize("status", ["unavailable", "failed", "timeout"])
def test_a_release_that_did_not_answer_is_a_gap_and_no_change(planted: Planted, tmp_path: Path, status: str) -> None:
    planted.line("numpy", FLAT)
    planted.rows = [r for r in planted.rows if r["target"] != "numpy@1.1"]
    planted.pairs = [p for p in planted.pairs if "numpy@1.1" not in (p["first"], p["second"])]
    planted.score("numpy@1.1", status=status, reason="because")
    assert changes(stored(planted, tmp_path)) == []


def test_a_change_across_a_gap_is_told_of_the_release_behind_it(planted: Planted, tmp_path: Path) -> None:
    planted.line("numpy", {"1.0": 0.6, "1.1": 0.6, "2.0": 3.0, "2.10": 3.0})
    planted.rows = [r for r in planted.rows if r["target"] != "numpy@1.1"]
    planted.pairs = [p for p in planted.pairs if "numpy@1.1" not in (p["first"], p["second"])]
    planted.score("numpy@1.1", status="unavailable")
    s = stored(planted, tmp_path)
    assert changes(s) == [("worse", "2.0")]
    assert track(s).changes[0].before.release.version == "1.0"


def test_a_function_that_a_release_lacks_is_new_in_the_next_and_shown_as_a_dash(
    planted: Planted, tmp_path: Path
) -> None:
    planted.line("numpy", FLAT)
    planted.rows = [r for r in planted.rows if r["target"] not in ("numpy@1.0", "numpy@1.1")]
    for name in ("numpy@1.0", "numpy@1.1"):
        planted.score(name, status="unsupported", reason="NumPy has no exp")
    s = stored(planted, tmp_path)
    assert changes(s) == [("new", "2.0")]
    page = history.history_page(s)
    assert page is not None
    assert [c.text for c in page.sections[0].trend.rows[0].cells[2:]] == ["–", "–", "0.6", "0.6"]
    assert "New in the releases of NumPy: exp in 2.0." in page.sections[0].sentences


def test_a_function_that_went_is_gone(planted: Planted, tmp_path: Path) -> None:
    planted.line("numpy", FLAT)
    planted.rows = [r for r in planted.rows if r["target"] != "numpy"]
    planted.score("numpy", status="unsupported")
    assert changes(stored(planted, tmp_path)) == [("gone", "2.10")]


def test_one_release_alone_has_no_page(planted: Planted, tmp_path: Path) -> None:
    planted.target("numpy", "1.0")
    planted.score("numpy@1.0")
    planted.target("tensorflow", "2.21.0", pinned=False)
    planted.score("tensorflow")
    s = stored(planted, tmp_path)
    assert not told(s)
    assert history.history_page(s) is None
    render_version(tmp_path)
    assert not (tmp_path / "history.html").exists()
    assert not (tmp_path / "history.csv").exists()
    assert "history.html" not in (tmp_path / "index.html").read_text(encoding="utf-8")
    assert 'id="releases"' in (tmp_path / "functions" / "exp.html").read_text(encoding="utf-8")


# -- pages -----------------------------------------------------------------------------------------------
def test_pinned_releases_stay_out_of_everything_about_today(planted: Planted, tmp_path: Path) -> None:
    planted.line("numpy", {"1.0": 50.0, "2.10": 0.6})
    planted.line("tensorflow", {"1.0": 70.0, "2.21": 0.6})
    planted.pair("numpy", "tensorflow", SAMPLES)
    s = stored(planted, tmp_path)
    page = front.front_page(s)
    assert [c.title for c in page.matrix.columns][3:] == ["numpy", "tensorflow"]
    assert page.tiles[0].figure == "1 of 1"
    assert page.absent == []
    assert page.history is None
    assert "@" not in " ".join(page.sentences)
    render_version(tmp_path)
    text = (tmp_path / "agreement.html").read_text(encoding="utf-8")
    assert "numpy | tensorflow" in text
    assert "numpy@1.0" not in text
    assert "numpy@1.0" in (tmp_path / "provenance.html").read_text(encoding="utf-8")


def test_the_page_its_figure_its_file_and_the_functions_section(planted: Planted, tmp_path: Path) -> None:
    planted.line("numpy", {"1.0": 0.6, "1.1": 3.0, "2.0": 3.0})
    planted.target("numpy", "0.9", status="unavailable")
    planted.score("numpy@0.9", status="unavailable", reason="no Python 3.6 here: install it")
    s = stored(planted, tmp_path)
    render_version(tmp_path)
    page = (tmp_path / "history.html").read_text(encoding="utf-8")
    assert "no Python 3.6 here: install it" in page
    own = (tmp_path / "functions" / "exp.html").read_text(encoding="utf-8")
    assert "NumPy in float32: changed in 1.1 (worse: 0.6 → 3 ulp)." in own
    assert 'href="../history.html"' in own
    svg = (tmp_path / "figures" / "exp-history.svg").read_text(encoding="utf-8")
    assert "NumPy, float32" in svg
    assert "prefers-color-scheme:dark" in svg
    assert "0.6 ulp in 1.0, 3 since 1.1" in own
    rows = list(csv.DictReader(io.StringIO((tmp_path / "history.csv").read_bytes().decode())))
    assert [(r["release"], r["max_ulp"], r["change"]) for r in rows] == [
        ("0.9", "", ""), ("1.0", "0.6", ""), ("1.1", "3.0", "worse"), ("2.0", "3.0", ""),
    ]  # fmt: skip
    report = (tmp_path / "report.md").read_text(encoding="utf-8")
    assert "## Through the releases" in report
    assert "| better |" not in report  # no release made anything better: no column for it
    assert "| worse |" in report
    assert "## Through the releases" in markdown.release_notes(s, front.front_page(s))


def test_the_figure_that_made_it_better_is_named_where_the_largest_error_is_the_same(
    planted: Planted, tmp_path: Path
) -> None:
    planted.line("numpy", FLAT)
    for row in planted.rows:
        if row["target"] in ("numpy@1.0", "numpy@1.1"):
            row["mean_ulp"] = 0.31
        if row["target"] == "numpy":
            row["special_mismatches"] = 0 if row["regime"] == "normal" else 4
    planted.pairs[1]["equal"] = planted.pairs[2]["equal"] = 3
    assert historywords.courses(track(stored(planted, tmp_path))) == (
        "changed in 2.0 (better: mean error 0.31 → 0.25 ulp, largest error 0.6 ulp as before) and 2.10 (worse: special "
        "mismatches 0 → 4, largest error 0.6 ulp as before)"
    )


def test_release_notes_name_the_releases_of_a_line_together(planted: Planted, tmp_path: Path) -> None:
    planted.line("numpy", FLAT)
    planted.target("numpy", "0.9", status="unavailable")
    planted.score("numpy@0.9", status="unavailable")
    planted.target("tensorflow", "1.2.0")
    planted.score("tensorflow@1.2.0")
    s = stored(planted, tmp_path)
    notes = markdown.release_notes(s, front.front_page(s))
    assert "- numpy and releases 1.0, 1.1 and 2.0: measured" in notes
    assert "- numpy release 0.9: unavailable: no Python 3.6 here: install it" in notes
    assert "- tensorflow release 1.2.0: measured" in notes


def test_the_navigation_leads_to_releases_early_and_not_to_pages_that_say_nothing(
    planted: Planted, tmp_path: Path
) -> None:
    planted.line("numpy", FLAT)
    planted.document.pop("meaning", None)
    stored(planted, tmp_path)
    render_version(tmp_path)
    text = (tmp_path / "index.html").read_text(encoding="utf-8")
    bar = text[text.index('<nav aria-label="Pages">') :].partition("</nav>")[0]
    links = re.findall(r'href="(\w+)\.html"', bar)
    assert links == ["index", "history", "special", "subnormals", "agreement", "provenance", "method"]
    provenance = (tmp_path / "provenance.html").read_text(encoding="utf-8")
    # The zip holds the page, and cannot hold itself.
    assert not re.search(r'href="[^"]*\.zip"', (tmp_path / "method.html").read_text(encoding="utf-8"))
    assert provenance.count('<details class="target" open') == 1  # today's: releases are many, and folded


def test_pages_are_the_same_twice(planted: Planted, tmp_path: Path) -> None:
    planted.line("numpy", {"1.0": 0.6, "1.1": 3.0, "2.0": 3.0})
    for name in ("a", "b"):
        planted.write(tmp_path / name)
        render_version(tmp_path / name)
    for path in ("history.html", "history.csv", "functions/exp.html", "figures/exp-history.svg"):
        assert (tmp_path / "a" / path).read_bytes() == (tmp_path / "b" / path).read_bytes()


# -- programs --------------------------------------------------------------------------------------------
ROW = {"input": ["0x1p+1"], "output": "0x1.6a09e6p+0", "context": "array of 100 at 2"}
SQRT = {"name": "sqrt", "kind": "elementwise", "numpy": "numpy.sqrt", "tensorflow": "tensorflow.math.sqrt"}


def pinned(library: str, version: str, python: str) -> dict[str, object]:
    packages = [[library, version], ["numpy", "1.13.1"], ["six", "1.16.0"]]
    return {
        "name": f"{library}@{version}", "library": library, "mode": "eager", "pinned": version, "base": library,
        "environment": {"packages": packages, "asked": []}, "provenance": {"python": python},
    }  # fmt: skip


def test_a_program_for_an_old_release_says_how_to_make_its_environment() -> None:
    assert setup_lines({"library": "numpy"}) == []
    assert setup_lines(pinned("tensorflow", "1.2.0", "3.6.15"))[:2] == [
        "# uv venv --python 3.6 release",
        "# uv pip install --python release/bin/python tensorflow==1.2.0 numpy==1.13.1",
    ]


def test_tensorflow_1_is_asked_in_a_session_with_what_it_calls_the_function() -> None:
    text = snippet(SQRT, pinned("tensorflow", "1.2.0", "3.6.15"), "float32", ROW)
    assert "result = tf.sqrt(t1)" in text
    assert "session.run(result, {t1: x})" in text
    compile(text, "snippet", "exec")
    assert "tf.Session" not in snippet(SQRT, pinned("tensorflow", "2.4.4", "3.8.18"), "float32", ROW)


@pytest.mark.parametrize(
    ("path", "version", "expected"),
    [
        ("tensorflow.math.exp", "1.2.0", "tf.exp"),
        ("tensorflow.math.exp", "1.15.5", "tf.math.exp"),
        ("tensorflow.math.softplus", "1.15.5", "tf.nn.softplus"),
        ("tensorflow.nn.elu", "1.2.0", "tf.nn.elu"),
    ],
)
def test_old_names(path: str, version: str, expected: str) -> None:
    assert old_path(path, version) == expected


def test_lines_with_the_same_course_share_a_sentence_on_the_functions_page(planted: Planted, tmp_path: Path) -> None:
    planted.line("numpy", {"1.0": 0.6, "1.1": 3.0, "2.0": 3.0})
    planted.line("numpy-avx2", {"1.0": 0.6, "1.1": 3.0, "2.0": 3.0})
    s = stored(planted, tmp_path)
    page = history.function_history(s, s.function("exp"), None)
    assert page is not None
    assert page.sentences == ["NumPy and NumPy AVX2 in float32: changed in 1.1 (worse: 0.6 → 3 ulp)."]
