"""What the pages say follows the data: each sentence with a planted difference and with a clean version."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from reportgen.core.floats import SATURATED_SCORE
from reportgen.render import answer, detail, extras, front, specials
from reportgen.render.functionpage import function_page
from reportgen.render.markdown import code, escape, heading_anchor
from reportgen.render.palette import ERROR_STEPS, error_class, styles
from reportgen.render.stored import Stored, load
from reportgen.render.summary import summaries
from tests import render_data

Document = dict[str, Any]


def stored(tmp_path: Path, change: Callable[[Document], None] | None = None, **options: Any) -> Stored:
    """A loaded version, changed before it is loaded."""
    options = {"functions": ("exp", "sqrt", "maximum"), "dtypes": ("float32",)} | options
    folder = render_data.write(tmp_path / "dev", **options)
    path = folder / "results.json"
    document = json.loads(path.read_text(encoding="utf-8"))
    if change:
        change(document)
    path.write_text(json.dumps(document), encoding="utf-8")
    return load(folder)


def cells(table: Document, **wanted: Any) -> list[list[Any]]:
    """Rows of a stored table that hold the wanted values (the lists themselves)."""
    at = {k: table["columns"].index(k) for k in wanted}
    return [r for r in table["rows"] if all(r[at[k]] == v for k, v in wanted.items())]


def put(table: Document, row: list[Any], **values: Any) -> None:
    for key, value in values.items():
        row[table["columns"].index(key)] = value


def clean(document: Document) -> None:
    """NumPy and TensorFlow agree everywhere, nothing depends on anything, no special case is broken."""
    for row in document["agreement"]["rows"]:
        compared = row[document["agreement"]["columns"].index("compared")]
        put(document["agreement"], row, equal=compared, max_distance=0.0, input=None)
    measurements = document["measurements"]
    for row in measurements["rows"]:
        for check in ("position", "layout", "constant"):
            put(measurements, row, **{f"{check}_differs": 0})
        put(measurements, row, special_mismatches=0)
    for row in cells(measurements, regime="subnormal-result", status="ok"):
        put(measurements, row, max_ulp=0.5, worst_output="0x1p-140")
    for row in document["self_agreement"]["rows"]:
        put(document["self_agreement"], row, differs=0)
    for row in document["special"]["rows"]:
        put(document["special"], row, agrees=1)


def said(version: Stored) -> str:
    return " ".join(answer.front_sentences(version))


# -- the answer ----------------------------------------------------------------------------------------
def test_a_clean_version_is_said_to_be_without_difference(tmp_path: Path) -> None:
    text = said(stored(tmp_path, clean))
    assert text.startswith("No difference was found")
    assert "came out as documented" in text
    assert "No result was found to depend on its position" in text
    assert "zero comes out" not in text


def test_one_different_bit_is_told(tmp_path: Path) -> None:
    def plant(document: Document) -> None:
        clean(document)
        row = cells(document["agreement"], function="sqrt", first="numpy", second="tensorflow")[0]
        put(document["agreement"], row, equal=8451, max_distance=1.0, input="0x1p+1")

    text = said(stored(tmp_path, plant))
    assert text.startswith("Yes. Of 3 combinations")
    assert "in 2; in 1 they differ somewhere. 2 functions of 3 are the same in every dtype measured." in text


def test_a_planted_position_special_or_flush_is_told(tmp_path: Path) -> None:
    def plant(document: Document) -> None:
        clean(document)
        measurements = document["measurements"]
        row = cells(measurements, function="sqrt", target="tensorflow-xla", path="tail", regime="all", case="ordinals")[
            0
        ]
        put(measurements, row, position_differs=1)
        row = cells(measurements, function="maximum", target="numpy", path="body", regime="subnormal-result")[0]
        put(measurements, row, max_ulp=8.0, worst_output="0x0p+0", exact="0x1p-146;0x0p+0;0")
        put(document["special"], cells(document["special"], function="exp", target="numpy-avx2")[0], agrees=0)

    text = said(stored(tmp_path, plant))
    assert "different positions of an array in 1 function of TensorFlow XLA" in text
    assert "zero comes out instead: NumPy (in 1 function)" in text
    assert "answered otherwise by NumPy AVX2 in 1 function" in text


def test_a_zero_within_an_ulp_is_rounding_and_not_flushing(tmp_path: Path) -> None:
    def plant(document: Document) -> None:
        clean(document)
        measurements = document["measurements"]
        for row in cells(measurements, function="maximum", regime="subnormal-result", status="ok"):
            put(measurements, row, max_ulp=0.57, worst_output="0x0p+0", exact="0x1.2p-150;0x0p+0;0")

    assert "zero comes out" not in said(stored(tmp_path, plant))


def test_nothing_compared_is_not_called_agreement(tmp_path: Path) -> None:
    version = stored(tmp_path, lambda d: d["agreement"].update(rows=[]))
    assert "cannot compare them" in said(version)
    assert "no difference" not in said(version).lower()
    assert "identical" not in answer.headline(version)
    assert answer.tiles(version)[0].figure != "0 of 0"


def test_a_maximum_that_is_not_exhaustive_is_never_called_a_bound(tmp_path: Path) -> None:
    text = " ".join(answer.dtype_sentences(stored(tmp_path), "exp", "float32"))
    assert "largest error found" in text
    assert "at most" not in text
    assert "(searched)" in text


@pytest.mark.parametrize(
    ("stored_as", "named"), [("first", "NumPy"), ("second", "TensorFlow"), ("tensorflow", "TensorFlow")]
)
def test_the_nearer_target_is_named(tmp_path: Path, stored_as: str, named: str) -> None:
    def plant(document: Document) -> None:
        for row in cells(document["agreement"], function="exp"):
            put(document["agreement"], row, nearer=stored_as)

    assert f"{named} is nearer" in " ".join(answer.dtype_sentences(stored(tmp_path, plant), "exp", "float32"))


def test_an_error_that_is_huge_because_the_exact_value_is_zero_says_so(tmp_path: Path) -> None:
    def plant(document: Document) -> None:
        row = cells(document["measurements"], function="sqrt", target="numpy", path="body", regime="normal")[0]
        put(document["measurements"], row, max_ulp=1e300, exact="-0x0.0p+0;0x0.0p+0;0")

    assert "in sqrt (float32, where the exact value is 0)" in said(stored(tmp_path, plant))
    assert "where the exact value is 0" not in said(stored(tmp_path))


def test_exact_is_said_of_a_regime_and_not_beside_a_wrong_sign_of_zero(tmp_path: Path) -> None:
    def faultless(document: Document) -> None:
        for row in cells(document["measurements"], function="maximum", target="numpy", regime="normal"):
            put(document["measurements"], row, max_ulp=0.0, special_mismatches=0)

    def wrong_sign(document: Document) -> None:
        faultless(document)
        row = cells(document["measurements"], function="maximum", target="numpy", regime="normal", path="tail")[0]
        put(document["measurements"], row, special_mismatches=1)

    text = answer.dtype_sentences(stored(tmp_path, faultless), "maximum", "float32")[0]
    assert "NumPy is exact on all inputs tried of regime normal" in text
    text = answer.dtype_sentences(stored(tmp_path, wrong_sign), "maximum", "float32")[0]
    assert "NumPy: error 0 ulp on all inputs tried of regime normal, but 1 special mismatch" in text
    assert "exact on" not in text.split(";")[0]


def test_the_farthest_pair_names_its_arguments_and_counts_floats(tmp_path: Path) -> None:
    def plant(distance: float) -> Callable[[Document], None]:
        def change(document: Document) -> None:
            for row in cells(document["agreement"], function="maximum", first="numpy", second="tensorflow"):
                put(document["agreement"], row, equal=1, compared=9, max_distance=distance, input="-0x0p+0;0x0p+0")
                put(document["agreement"], row, first_output="0x0p+0", second_output="-0x0p+0", nearer="")

        return change

    text = " ".join(answer.dtype_sentences(stored(tmp_path, plant(0.0)), "maximum", "float32"))
    assert "by no distance: zeros of either sign, or NaN: at x = −0, y = 0, NumPy gives 0 and TensorFlow −0." in text
    text = " ".join(answer.dtype_sentences(stored(tmp_path, plant(1.0)), "maximum", "float32"))
    assert "by up to 1 float: at x = −0, y = 0," in text


def test_a_verdict_of_same_names_the_targets_that_answer_otherwise(tmp_path: Path) -> None:
    def line(document: Document, value: str) -> None:
        told = {"code": "f(1)", "dtype": "float32", "error": None}
        answers = [{"target": t, "value": "1.0", **told} for t in ("numpy", "tensorflow")]
        answers.append({"target": "tensorflow-xla", "value": value, **told})
        own = {"id": "one", "group": "Own", "question": "One?", "sentence": "Alike.", "same": True}
        document["meaning"] = [{**own, "answers": answers}]

    groups = extras.meaning_groups(stored(tmp_path, lambda d: line(d, "0.0")))
    assert groups[0].lines[0].sentence == "Alike. Not so tensorflow-xla."
    groups = extras.meaning_groups(stored(tmp_path, lambda d: line(d, "1.0")))
    assert groups[0].lines[0].sentence == "Alike."


def test_self_agreement_names_the_inputs_and_each_dtype_once(tmp_path: Path) -> None:
    def plant(document: Document) -> None:
        table = document["self_agreement"]
        rows = cells(table, function="exp", target="numpy", check="position")
        put(table, rows[0], differs=0, tested=10)
        table["rows"] += [list(rows[0]), list(rows[0])]
        put(table, table["rows"][-1], case="asked", differs=3)
        put(table, table["rows"][-2], case="more", differs=0)

    table = detail.self_agreement_table(stored(tmp_path, plant), "exp")
    told = [r.cells for r in table.rows if "numpy" in r.cells[2].text.split(", ") and r.cells[3].text == "position"]
    assert [(c[0].text, c[1].text) for c in told] == [("float32", "asked"), ("float32", "all others")]


# -- 2017 ----------------------------------------------------------------------------------------------
def test_the_recorded_roots_stand_beside_those_of_today(tmp_path: Path) -> None:
    version = stored(tmp_path)
    sentence = front.history_sentence(version)
    assert "TensorFlow 1.2.0: 56 of 100 not correctly rounded, worst 2.14 ulp at 13" in sentence
    assert "TensorFlow 2.21.0: 0 of 100 not correctly rounded" in sentence
    table = front.history_table(version)
    assert table is not None
    first = [r.cells[0].text for r in table.rows]
    assert first[:2] == ["numpy@1.13.1", "tensorflow@1.2.0"]
    assert {"numpy", "tensorflow", "tensorflow-xla"} <= set(first)


def test_tied_inputs_are_all_named(tmp_path: Path) -> None:
    version = stored(tmp_path)
    row = next(r for r in version.measurements if r["target"] == "tensorflow@1.2.0")
    path = version.folder / "profiles" / "sqrt.json"
    profile = json.loads(path.read_text(encoding="utf-8"))
    worst = [{"input": [x], "ulp": u} for x, u in (("0x1.ap+3", 2.1369), ("0x1.ap+5", 2.1369), ("0x1p+0", 1.0))]
    profile["cases"].append(
        {"case": "arange-100", "dtype": "float32", "targets": {"tensorflow@1.2.0": {"worst": worst}}}
    )
    path.write_text(json.dumps(profile), encoding="utf-8")
    key = ("sqrt", "float32", "arange-100")
    assert front.tied_inputs(version, key, "tensorflow@1.2.0", row) == "13 and 52"


def test_recorded_targets_are_no_columns_of_the_matrix(tmp_path: Path) -> None:
    page = front.front_page(stored(tmp_path))
    assert [c.title for c in page.matrix.columns[3:]] == list(render_data.LIVE)
    assert [x.label for x in page.absent] == ["tensorflow-gpu", "tensorflow-xla-gpu"]


def test_without_recorded_values_there_is_no_history(tmp_path: Path) -> None:
    version = stored(tmp_path, functions=("exp",))
    assert front.history_table(version) is None
    assert front.history_sentence(version) == ""


# -- the matrix ----------------------------------------------------------------------------------------
def test_the_headline_is_the_largest_normal_error_over_paths(tmp_path: Path) -> None:
    def plant(document: Document) -> None:
        measurements = document["measurements"]
        row = cells(measurements, function="sqrt", target="numpy", path="scalar", regime="normal", case="ordinals")[0]
        put(measurements, row, max_ulp=7.25, coverage="sampled", samples=512)
        row = cells(measurements, function="sqrt", target="numpy", path="body", regime="all", case="ordinals")[0]
        put(measurements, row, max_ulp=99.0)

    version = stored(tmp_path, plant)
    cell = front.matrix_cell(summaries(version, "sqrt", "float32")["numpy"])
    assert (cell.text, cell.note, cell.css) == ("7.25", "sampled 512", "err e5")
    assert "all regimes: 99 ulp" in cell.title
    assert "scalar" in cell.title


def test_no_number_stands_without_its_coverage(tmp_path: Path) -> None:
    page = front.front_page(stored(tmp_path))
    for row in page.matrix.rows:
        for cell in row.cells[3:]:
            assert cell.css.startswith("status") or cell.note.split()[0] in ("exhaustive", "searched", "sampled")


def test_statuses_are_words(tmp_path: Path) -> None:
    version = stored(tmp_path, functions=("erf",), dtypes=("bfloat16",))
    by = summaries(version, "erf", "bfloat16")
    assert front.matrix_cell(by["numpy"]).text == "unsupported"
    assert front.matrix_cell(by["tensorflow-xla"]).text == "failed"
    stopped = detail.stopped(version, "erf", "bfloat16")
    assert stopped is not None
    assert any("SIGABRT" in r.cells[2].text for r in stopped.rows)


def test_marks_tell_what_was_found(tmp_path: Path) -> None:
    by = summaries(stored(tmp_path), "exp", "float32")
    assert [m.text for m in front.marks(by["tensorflow"])] == ["position", "flushed"]
    assert [m.text for m in front.marks(by["numpy"])] == []
    by = summaries(stored(tmp_path / "b"), "maximum", "float32")
    assert [m.text for m in front.marks(by["tensorflow-xla"])] == ["special 12"]


@pytest.mark.parametrize("bound", [step[0] for step in ERROR_STEPS[:-1]])
def test_an_error_class_is_never_crossed(bound: float) -> None:
    inside, beyond = error_class(bound), error_class(bound + 2.0**-40)
    assert inside != beyond
    assert error_class(SATURATED_SCORE) == "e6"
    assert error_class(None) == ""


def test_targets_differ_without_colour() -> None:
    drawn = list(styles([f"t{i}" for i in range(8)]).values())
    assert len({s.marker for s in drawn}) == 8
    assert len({s.light for s in drawn}) == len({s.dark for s in drawn}) == 8


# -- one function --------------------------------------------------------------------------------------
def test_rows_are_joined_only_where_every_figure_is_equal(tmp_path: Path) -> None:
    def level(document: Document) -> None:
        measurements = document["measurements"]
        model = cells(measurements, function="exp", target="numpy", path="body", regime="normal")[0]
        for target in ("numpy-avx2", "tensorflow"):
            row = cells(measurements, function="exp", target=target, path="body", regime="normal")[0]
            keep = {"target": target}
            put(measurements, row, **dict(zip(measurements["columns"], copy.deepcopy(model), strict=True)) | keep)
        odd = cells(measurements, function="exp", target="tensorflow", path="body", regime="normal")[0]
        put(measurements, odd, p999_ulp=0.123)

    table = detail.detail_table(stored(tmp_path, level), "exp", "float32")
    names = [r.cells[0].text for r in table.rows if (r.cells[1].text, r.cells[2].text) == ("normal", "body")]
    assert "numpy, numpy-avx2" in names
    assert "tensorflow" in names


def test_a_function_page_lists_worst_inputs_of_every_target(tmp_path: Path) -> None:
    version = stored(tmp_path)
    page = function_page(version, version.function("exp"), [])
    listed = page.sections[0].worst
    assert {name for w in listed for name in w.target.replace(" and ", ", ").split(", ")} == set(render_data.LIVE)
    assert all(w.snippet for w in listed)
    assert page.sections[0].worst_omitted == 36 - len(listed)


def test_every_broken_special_case_is_listed_with_its_rule_and_source(tmp_path: Path) -> None:
    version = stored(tmp_path)
    table, summary = detail.special_table(version, "maximum")
    wrong = [r for r in table.rows if r.cells[0].text == "no"]
    assert [c.text for c in wrong[0].cells[1:6]] == ["maximum passes NaN on", "NaN; 1", "NaN", "1", "tensorflow-xla"]
    assert wrong[0].cells[7].text == "NumPy documentation"
    assert "2 of 24 checks came out otherwise" in summary
    groups, summary, composed = specials.special_overview(version)
    listed = [(g.anchor, [r.cells[0].text for r in g.table.rows]) for g in groups if g.table.rows]
    assert listed == [("real", ["maximum"])]
    assert groups[0].table.rows[0].cells[0].href == "functions/maximum.html#special-cases"
    assert "came out otherwise than documented." in summary
    assert not composed


def test_composed_expressions_are_counted_apart_from_functions(tmp_path: Path) -> None:
    def compose(document: Document) -> None:
        next(x for x in document["functions"] if x["name"] == "maximum")["kind"] = "expression"

    groups, summary, composed = specials.special_overview(stored(tmp_path, compose))
    listed = {g.anchor for g in groups for r in g.table.rows if r.cells[0].text == "maximum"}
    assert listed == {"expression"}  # another target answers as required: the formula is not at fault
    assert composed.startswith("Composed expressions are counted apart: 2 of 24 checks of what they mean fail, 0 ")
    assert "0 came out otherwise" in summary

    def alike(document: Document) -> None:
        compose(document)
        agrees = document["special"]["columns"].index("agrees")
        name = document["special"]["columns"].index("function")
        for r in document["special"]["rows"]:
            r[agrees] = 0 if r[name] == "maximum" else r[agrees]

    groups, _, composed = specials.special_overview(stored(tmp_path / "alike", alike))
    assert "24 of 24 checks of what they mean fail, 24 of them on every target alike" in composed
    assert "expression" not in {g.anchor for g in groups}


def test_signs_of_zero_are_shown() -> None:
    assert detail.special_value("0x0p+0", "float32") == "+0"
    assert detail.special_value("-0x0p+0", "float32") == "−0"


# -- other pages ---------------------------------------------------------------------------------------
def test_targets_that_answer_alike_share_a_line(tmp_path: Path) -> None:
    def widen(document: Document) -> None:
        for line in document["meaning"]:
            line["answers"] += [
                a | {"target": a["target"] + "-graph"} for a in line["answers"] if a["target"] == "tensorflow"
            ]

    groups = extras.meaning_groups(stored(tmp_path, widen))
    assert [g.title for g in groups] == ["Types", "NaN and signed zero"]
    line = groups[0].lines[1]
    assert (line.same, line.css) == ("differs", "bad")
    assert [r.cells[0].text for r in line.answers.rows] == ["NumPy", "TensorFlow, TensorFlow graph"]
    assert line.answers.rows[1].cells[2].text.startswith("InvalidArgumentError")
    assert groups[1].lines[0].same == "same"


def test_provenance_is_words(tmp_path: Path) -> None:
    kept = {"inputs_flushed": False, "results_flushed": False}
    flushed = {"inputs_flushed": True, "results_flushed": True}
    probe = {"float32": {"alone": kept, "array": flushed} | flushed, "float64": kept}
    assert extras.flatten(probe) == "float32: kept (alone); flushed (array), float64: kept"
    assert extras.flatten({"a": [1, True, None], "n": 25276502016}) == "a: 1, yes, –, n: 25,276,502,016"
    assert [x.value for x in extras.facts_of({"memory": 25276502016})] == ["23.5 GiB"]


def test_markdown_shows_text_as_it_is() -> None:
    assert escape("a|b <i> *x* _y_ &lt;") == "a\\|b &lt;i&gt; \\*x\\* \\_y\\_ &amp;lt;"
    assert code("a`b|c") == "``a`b\\|c``"
    assert code("") == ""
    assert heading_anchor("Same meaning?") == "same-meaning"
