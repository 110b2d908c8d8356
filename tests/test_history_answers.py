"""What people ask of releases: since when right, changed by whom and on which CPU, what accuracy bought."""

from __future__ import annotations

from pathlib import Path

import pytest

from reportgen.render import front, history, historyanswers, historywords
from reportgen.render.releases import lines, tracks
from reportgen.render.stored import load
from tests.release_data import SAMPLES, Planted
from tests.test_render_history import planted, stored

__all__ = ["planted"]


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
        "Correctly rounded on every sample since TensorFlow 2.0: exp in float32 (before: 10.0 % wrong, up to 4 ulp)."
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
        "Correctly rounded on every sample since TensorFlow 2.0: exp in float32 (before: 10.0 % wrong).",
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
            "Between TensorFlow 1.1 and 2.0, which are neighbours among the releases measured, in float32: since 2.0 "
            "every sample is correctly rounded and no error above ½ ulp was found. In 1.1 10.0 % of the samples were "
            "not and the largest error was 4 ulp, at x = 3."
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


def roots(planted: Planted, wrong: dict[str, int], same: int = 53) -> None:
    """Recorded roots beside a line that gets so many of a hundred wrong."""
    planted.line("tensorflow", dict.fromkeys(wrong, 0.6))
    recorded = planted.target("tensorflow", "1.0", name="tensorflow@1.0 (recorded)", mode="recorded", pinned=False)
    planted.document["targets"][-1]["name"] = recorded = "tensorflow@1.0 (recorded)"
    planted.score(recorded, case="roots", samples=100, right=44)
    for i, (version, n) in enumerate(wrong.items()):
        name = "tensorflow" if i == len(wrong) - 1 else f"tensorflow@{version}"
        planted.score(name, case="roots", samples=100, right=100 - n, maximum=0.6 if n else 0.5)
    planted.pair("tensorflow@1.0", recorded, same, compared=100, case="roots")


def test_the_first_release_without_a_wrong_root_is_named(planted: Planted, tmp_path: Path) -> None:
    roots(planted, {"1.0": 38, "1.1": 37, "2.0": 0, "2.10": 0})
    s = stored(planted, tmp_path)
    text = historywords.roots(s, "exp")[0]
    assert "38 in 1.0 and 37 in 1.1 are not correctly rounded" in text
    assert text.endswith("2.0 is the first release measured that gets none wrong.")
    assert "TensorFlow 1.0, run again today, gives 53 of 100 values as printed then" in front.history_sentence(s)
    assert front.history_sentence(s).startswith("As printed then, TensorFlow 1.0: 56 of 100 not correctly rounded")
    assert front.history_differs(s), "the page leads to the reason"
    assert " Today, TensorFlow 2.10: 0 of 100 not correctly rounded. TensorFlow 1.0" in front.history_sentence(s)
    table = front.history_table(s)
    assert table is not None
    assert [r.cells[0].text for r in table.rows][:2] == ["tensorflow@1.0 (recorded)", "tensorflow@1.0"]


def test_releases_asked_for_a_few_inputs_only_are_said_to_be(planted: Planted, tmp_path: Path) -> None:
    roots(planted, {"1.0": 38, "2.0": 0, "2.10": 0})
    page = history.history_page(stored(planted, tmp_path / "whole"))
    assert page is not None
    assert not any("only, not for samples" in text for text in page.answers[0].sentences)
    planted.rows = [r for r in planted.rows if r["case"] == "roots"]
    page = history.history_page(stored(planted, tmp_path / "few"))
    assert page is not None
    assert page.answers[0].sentences[-1].startswith("In float32 the releases were asked for the inputs roots only")
    assert [s.sentences for s in page.sections] == [[]]  # of one function the answer has said everything


def test_releases_that_answer_alike_share_a_row_beside_the_recorded_values(planted: Planted, tmp_path: Path) -> None:
    roots(planted, {"1.0": 38, "1.1": 37, "1.2": 37, "1.3": 37, "2.0": 0, "2.10": 0})
    table = front.history_table(stored(planted, tmp_path))
    assert table is not None
    assert [[c.text for c in r.cells[:2]] + [r.cells[4].text] for r in table.rows] == [
        ["tensorflow@1.0 (recorded)", "1.0", "56"],
        ["tensorflow@1.0", "1.0", "38"],
        ["tensorflow", "1.1 … 1.3 (3 releases)", "37"],
        ["tensorflow@2.0", "2.0", "0"],
        ["tensorflow", "2.10", "0"],
    ]


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


def test_values_as_recorded_need_no_reason(planted: Planted, tmp_path: Path) -> None:
    roots(planted, {"1.0": 56, "2.0": 0}, same=100)
    s = stored(planted, tmp_path)
    assert "TensorFlow 1.0, run again today, gives all 100 values as printed then" in front.history_sentence(s)
    assert not front.history_differs(s)
