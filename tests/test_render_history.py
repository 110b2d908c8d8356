"""Releases: a planted change is told exactly where it is; gaps and new functions are no changes; else silence."""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path

import pytest

from reportgen.render import front, history, historyanswers, historywords, markdown
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
    assert "others in short pieces or alone" in historywords.courses(track(s))


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


# -- sentences -------------------------------------------------------------------------------------------
def exact(planted: Planted, last_maximum: float = 0.5) -> None:
    planted.line("tensorflow", {"1.0": 4.0, "1.1": 4.0, "2.0": last_maximum, "2.10": last_maximum}, right=SAMPLES)
    for row in planted.rows:
        if row["target"] in ("tensorflow@1.0", "tensorflow@1.1"):
            row["correctly_rounded"] = 900


def test_becoming_correctly_rounded_is_told_with_the_release(planted: Planted, tmp_path: Path) -> None:
    exact(planted)
    s = stored(planted, tmp_path)
    own = historywords.of_line(tracks(s), lines(s)[0])
    assert historyanswers.became_exact(own) == [
        "Correctly rounded on every sample since TensorFlow 2.0: exp in float32 (10.0 % wrong, up to 4 ulp)."
    ]


def test_what_becomes_right_or_stops_being_so_is_told_in_the_order_of_releases(
    planted: Planted, tmp_path: Path
) -> None:
    """A maximum within half an ulp is left out: zeros of the wrong sign are wrong by nothing that ulps count."""
    exact(planted)
    planted.line("tensorflow", {"1.0": 0.5, "1.1": 9.0, "2.0": 9.0, "2.10": 9.0}, "log", right=SAMPLES)
    for row in planted.rows:
        if row["function"] == "log" and row["target"] != "tensorflow@1.0":
            row["correctly_rounded"] = 500
        elif row["function"] == "exp" and row["target"] in ("tensorflow@1.0", "tensorflow@1.1"):
            row["max_ulp"] = 0.5
    s = stored(planted, tmp_path)
    assert historyanswers.became_exact(historywords.of_line(tracks(s), lines(s)[0])) == [
        "No longer correctly rounded on every sample since TensorFlow 1.1: log in float32 (50.0 % wrong, up to 9 ulp).",
        "Correctly rounded on every sample since TensorFlow 2.0: exp in float32 (10.0 % wrong).",
    ]


def test_the_question_when_a_function_became_right_is_answered_first(planted: Planted, tmp_path: Path) -> None:
    for row in planted.document["functions"]:
        row["name"] = {"exp": "sqrt"}.get(row["name"], row["name"])
    planted.profiles["sqrt"] = planted.profiles.pop("exp")
    planted.line("tensorflow", {"1.0": 4.0, "1.1": 4.0, "2.0": 0.5, "2.10": 0.5}, "sqrt", right=SAMPLES)
    for row in planted.rows:
        if row["target"] in ("tensorflow@1.0", "tensorflow@1.1"):
            row["correctly_rounded"] = 900
    page = history.history_page(stored(planted, tmp_path))
    assert page is not None
    answer = page.answers[0]
    assert answer.title == "When did TensorFlow’s sqrt become correct?"
    assert answer.sentences == [
        (
            "In TensorFlow 2.0, in float32: since then every sample is correctly rounded and no error above ½ ulp was "
            "found. In 1.1, the release measured before, 10.0 % of the samples were not and the largest error was 4 "
            "ulp, at x = 3."
        )
    ]
    assert [[c.text for c in r.cells] for r in answer.table.rows] == [
        ["TensorFlow", "changed in 2.0 (better: 4 → 0.5 ulp)"]
    ]


def test_which_releases_changed_a_function_is_told_with_the_lines_that_they_left_alone(
    planted: Planted, tmp_path: Path
) -> None:
    for row in planted.document["functions"]:
        row["name"] = {"exp": "sin"}.get(row["name"], row["name"])
    planted.profiles["sin"] = planted.profiles.pop("exp")
    planted.line("numpy", {"1.0": 0.6, "1.1": 3.0, "2.0": 3.0, "2.10": 2.0}, "sin")
    planted.line("numpy-avx2", {"1.1": 0.6, "2.0": 0.7, "2.10": 0.7}, "sin")
    page = history.history_page(stored(planted, tmp_path))
    assert page is not None
    assert page.answers[0].title == "Which releases changed sin?"
    assert page.answers[0].sentences == [
        "NumPy 1.1: float32 worse: 0.6 → 3 ulp.",  # the other line begins there: nothing is known of it
        "NumPy 2.0: float32 worse: 0.6 → 0.7 ulp (only in NumPy AVX2).",
        "NumPy 2.10: float32 better: 3 → 2 ulp (not in NumPy AVX2).",
    ]


def test_samples_alone_do_not_make_a_function_exact(planted: Planted, tmp_path: Path) -> None:
    exact(planted, last_maximum=0.61)
    s = stored(planted, tmp_path)
    assert historyanswers.became_exact(historywords.of_line(tracks(s), lines(s)[0])) == []


def roots(planted: Planted, wrong: dict[str, int]) -> None:
    """Recorded roots beside a line that gets so many of a hundred wrong."""
    planted.line("tensorflow", dict.fromkeys(wrong, 0.6))
    recorded = planted.target("tensorflow", "1.0", name="tensorflow@1.0 (recorded)", mode="recorded", pinned=False)
    planted.document["targets"][-1]["name"] = recorded = "tensorflow@1.0 (recorded)"
    planted.score(recorded, case="roots", samples=100, right=44)
    for i, (version, n) in enumerate(wrong.items()):
        name = "tensorflow" if i == len(wrong) - 1 else f"tensorflow@{version}"
        planted.score(name, case="roots", samples=100, right=100 - n, maximum=0.6 if n else 0.5)
    planted.pair("tensorflow@1.0", recorded, 53, compared=100, case="roots")


def test_the_first_release_without_a_wrong_root_is_named(planted: Planted, tmp_path: Path) -> None:
    roots(planted, {"1.0": 38, "1.1": 37, "2.0": 0, "2.10": 0})
    s = stored(planted, tmp_path)
    text = historywords.roots(s, "exp")[0]
    assert "38 in 1.0 and 37 in 1.1 are not correctly rounded" in text
    assert text.endswith("2.0 is the first release measured that gets none wrong.")
    assert "TensorFlow 1.0, run again today, gives 53 of 100 values as printed then" in front.history_sentence(s)
    table = front.history_table(s)
    assert table is not None
    assert [r.cells[0].text for r in table.rows][:2] == ["tensorflow@1.0 (recorded)", "tensorflow@1.0"]


def test_a_root_that_becomes_wrong_again_is_not_called_right(planted: Planted, tmp_path: Path) -> None:
    roots(planted, {"1.0": 38, "1.1": 0, "2.0": 5, "2.10": 0})
    assert historywords.roots(stored(planted, tmp_path), "exp")[0].endswith(
        "2.10 is the first release measured that gets none wrong."
    )


def test_what_only_some_cpu_features_change_is_told_apart(planted: Planted, tmp_path: Path) -> None:
    planted.line("numpy", {"1.0": 0.6, "1.1": 3.0, "2.0": 0.6})
    planted.line("numpy-avx2", {"1.0": 0.6, "1.1": 0.6, "2.0": 0.6})
    for target in planted.document["targets"]:
        enabled = ["AVX2"] if target["name"].startswith("numpy-avx2") else ["AVX2", "AVX512_SKX"]
        target["provenance"] = {"simd": {"dispatch_enabled": enabled}}
    s = stored(planted, tmp_path)
    settings = historyanswers.settings_table(s)
    assert settings is not None
    assert [[c.text for c in r.cells] for r in settings.rows] == [
        ["NumPy AVX2", "AVX512_SKX", "1 (1.1) of 1 combination"]
    ]
    assert historyanswers.only_there(s) == [
        (
            "Changed only with the CPU features that NumPy AVX2 leaves out, which has the same bits before and after: "
            "1.1: exp (float32); 2.0: exp (float32)."
        )
    ]
    table = history.features_tables([t for t in tracks(s) if t.told])[0]
    assert [[c.text for c in r.cells] for r in table.rows] == [["exp", "float32", "1.1", "3", "0.6"]]


def test_lines_that_change_alike_say_nothing_about_features(planted: Planted, tmp_path: Path) -> None:
    for line in ("numpy", "numpy-avx2"):
        planted.line(line, {"1.0": 0.6, "1.1": 3.0, "2.0": 3.0})
    s = stored(planted, tmp_path)
    assert historyanswers.only_there(s) == []
    settings = historyanswers.settings_table(s)
    assert settings is not None
    assert settings.rows[0].cells[2].text == "none"
    assert history.features_tables([t for t in tracks(s) if t.told]) == []


@pytest.mark.parametrize(("ns", "said"), [(0.2, True), (0.9, False)])
def test_accuracy_is_said_to_buy_speed_only_with_the_ratio(
    planted: Planted, tmp_path: Path, ns: float, said: bool
) -> None:
    planted.line("numpy", {"1.0": 0.6, "1.1": 3.0, "2.0": 3.0})
    for row in planted.times:
        row[5] = 1.0 if row[4] == "numpy@1.0" else ns
    own = historywords.of_line(tracks(stored(planted, tmp_path)), lines(load(tmp_path))[0])
    expected = ["Less accurate and faster: exp in float32 in 1.1 (0.6 → 3 ulp, 1 ns → 0.2 ns)."] if said else []
    assert historyanswers.traded(own) == expected
    assert historyanswers.trades_table("numpy", own) is None


def test_many_trades_stand_in_a_table(planted: Planted, tmp_path: Path) -> None:
    for name in ("exp", "log"):
        planted.line("numpy", {"1.0": 0.6, "1.1": 3.0, "1.2": 0.6, "1.3": 3.0, "2.0": 0.6}, name)
    for row in planted.times:
        row[5] = 0.1 if row[4] in ("numpy@1.1", "numpy@1.3") else 1.0
    s = stored(planted, tmp_path)
    own = historywords.of_line(tracks(s), lines(s)[0])
    assert historyanswers.traded(own)[0].endswith("and 1 more.")
    table = historyanswers.trades_table("numpy", own)
    assert table is not None
    assert "not a benchmark" in table.caption
    assert [c.text for c in table.rows[0].cells] == ["exp", "float32", "1.1", "worse", "0.6 → 3 ulp", "1 ns → 0.1 ns"]
    assert len(table.rows) == 8


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
    assert "- numpy releases 0.9: unavailable: no Python 3.6 here: install it" in notes
    assert "- tensorflow releases 1.2.0: measured" in notes


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
