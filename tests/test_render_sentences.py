"""Sentences over several targets and cases, and values shown in the dtype in which a library answered."""

from __future__ import annotations

from pathlib import Path

from reportgen.render import answer
from reportgen.render.domains import domain_table
from reportgen.render.functionpage import function_page
from reportgen.render.stored import Stored
from reportgen.render.summary import summaries
from tests.test_render_pages import Document, cells, put, stored


def broken(version: Stored) -> list[str]:
    by = summaries(version, "maximum", "float32")
    return [s for s in answer.oddities(version, "maximum", "float32", by) if "special-case rule" in s]


def test_targets_that_break_the_same_rules_share_a_sentence_and_others_do_not(tmp_path: Path) -> None:
    def same(document: Document) -> None:
        for target in ("numpy", "tensorflow", "tensorflow-xla"):
            for row in cells(document["special"], function="maximum", target=target)[:1]:
                put(document["special"], row, agrees=False, sentence="One rule")

    def different(document: Document) -> None:
        same(document)
        for row in cells(document["special"], function="maximum", target="numpy")[1:2]:
            put(document["special"], row, agrees=False, sentence="Another rule")

    shared = broken(stored(tmp_path / "a", same))
    assert any("NumPy and TensorFlow break 1 special-case rule: “One rule”." in s for s in shared), shared
    apart = broken(stored(tmp_path / "b", different))
    assert any(s.startswith("NumPy breaks 2 special-case rules: “Another rule”, “One rule”.") for s in apart), apart
    assert any(s.startswith("TensorFlow breaks 1 special-case rule") for s in apart), apart


def test_a_position_found_only_on_inputs_of_a_spec_counts_in_sentence_and_tile(tmp_path: Path) -> None:
    def planted(case: str) -> Stored:
        def change(document: Document) -> None:
            table = document["measurements"]
            for row in table["rows"]:
                put(table, row, position_differs=0)
            source = cells(table, function="sqrt", target="tensorflow", dtype="float32")[0]
            row = list(source)
            put(table, row, case=case, position_differs=3, position_tested=9)
            if case != "none":
                table["rows"].append(row)

        return stored(tmp_path / case, change)

    found, nothing = planted("asked"), planted("none")
    for version, figure in ((found, "1"), (nothing, "0")):
        table = answer.summary_table(version, "real")
        assert ("1 function of TensorFlow" in answer.position_sentence(version, table)) == (figure == "1")
        assert answer.tiles(version)[-1].figure == figure


def test_a_worst_result_is_shown_in_the_dtype_of_the_answer(tmp_path: Path) -> None:
    value = "0x1.c3f9f0190e21fp-1"

    def change(document: Document) -> None:
        for row in document["measurements"]["rows"]:
            put(document["measurements"], row, result_dtype="float64")

    def shown(version: Stored) -> set[str]:
        profile = version.profile("exp")
        for case in profile["cases"]:
            for data in case["targets"].values():
                for row in data.get("worst") or []:
                    row["output"] = value
        page = function_page(version, version.function("exp"), [], profile)
        return {w.output_text for section in page.sections for w in section.worst}

    assert shown(stored(tmp_path, change)) == {repr(float.fromhex(value))}


def test_targets_that_gave_no_answer_have_no_column_among_own_inputs(tmp_path: Path) -> None:
    def change(document: Document) -> None:
        table = document["measurements"]
        for target, status in (("numpy", "ok"), ("tensorflow", "unavailable")):
            row = list(cells(table, function="exp", target=target)[0])
            put(table, row, case="mine", status=status)
            table["rows"].append(row)

    titles = [c.title for c in domain_table(stored(tmp_path, change), "exp").columns]
    assert "numpy" in titles
    assert "tensorflow" not in titles
