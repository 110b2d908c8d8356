"""Pages for what is no real function of real numbers, and for subnormals: what they say, and what they do not count."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from reportgen.core import formatting as f
from reportgen.render import answer, casts, extras, html, markdown, parts, site, subnormal
from reportgen.render.front import front_page
from reportgen.render.functionpage import differentiated, function_page
from reportgen.render.matrix import matrix, matrix_cell, matrix_targets
from reportgen.render.model import Table
from reportgen.render.stored import Stored, load
from reportgen.render.summary import summaries
from tests import render_data
from tests.test_render_site import Page, broken_links

Document = dict[str, Any]
OPTIONS: Document = {"functions": ("exp", "sqrt", "maximum", "erf"), "dtypes": ("float32",)}


def stored(folder: Path, change: Callable[[Document], None] | None = None, **options: Any) -> Stored:
    written = render_data.write(folder, **(OPTIONS | {"kinds": True} | options))
    if change:
        path = written / "results.json"
        document = json.loads(path.read_text(encoding="utf-8"))
        change(document)
        path.write_text(json.dumps(document), encoding="utf-8")
    return load(written)


@pytest.fixture(scope="module")
def version(tmp_path_factory: pytest.TempPathFactory) -> Stored:
    return stored(tmp_path_factory.mktemp("kinds") / "dev")


def texts(table: Table) -> list[list[str]]:
    return [[c.text for c in row.cells] for row in table.rows]


def put(document: Document, table: str, wanted: Document, **values: Any) -> int:
    """Changes the cells of the rows that hold the wanted values; returns how many there were."""
    columns = document[table]["columns"]
    found = [r for r in document[table]["rows"] if all(r[columns.index(k)] == v for k, v in wanted.items())]
    for row in found:
        for key, value in values.items():
            row[columns.index(key)] = value
    return len(found)


# -- nothing is mixed ------------------------------------------------------------------------------------
def test_figures_about_shared_functions_count_real_functions_alone(tmp_path: Path, version: Stored) -> None:
    plain = stored(tmp_path / "dev", kinds=False)
    with_kinds, without = answer.front_sentences(version), answer.front_sentences(plain)
    assert with_kinds[0] == without[0]
    assert answer.headline(version).split(";")[1] == answer.headline(plain).split(";")[1]
    assert answer.tiles(version) == answer.tiles(plain)
    position = [s for s in without if "different positions" in s]
    assert position
    assert position[0] in with_kinds
    specials = [s for s in without if s.startswith("Special cases")]
    assert specials
    assert specials[0] in with_kinds
    facts = {x.label: x.value for x in front_page(version).facts}
    assert (facts["functions"], facts["gradient"]) == ("6", "1")  # multiply and floor_divide, neither cast nor grad_exp
    assert answer.headline(version).startswith("6 functions;")


def test_every_combination_stands_in_one_section(version: Stored) -> None:
    found = {
        s: [(x["name"], d) for x, d in version.combinations(s)] for s in ("complex", "integer", "cast", "gradient")
    }
    assert found == {
        "complex": [("multiply", "complex64")],
        "integer": [("floor_divide", "int32"), ("floor_divide", "int64")],
        "cast": [("cast", "float32"), ("cast", "int8")],
        "gradient": [("grad_exp", "float32")],
    }
    page = front_page(version)
    assert {r.cells[0].text for r in page.matrix.rows} == {"exp", "sqrt", "maximum", "erf"}
    assert [s.title for s in page.more] == ["Complex", "Integers and casts", "Gradients"]
    assert [o.value for o in page.dtypes] == ["float32"]


def test_a_version_without_further_kinds_has_no_further_sections(tmp_path: Path) -> None:
    assert front_page(stored(tmp_path / "dev", kinds=False)).more == []


def test_pairs_of_targets_are_added_up_kind_by_kind(version: Stored) -> None:
    sections = dict(extras.pair_sections(version))
    assert list(sections) == ["Real functions", "Complex functions", "Integers", "Conversions between dtypes"]
    row = next(r for r in texts(sections["Integers"]) if r[0] == "numpy | tensorflow")
    assert row[2] == "2,000"


# -- SciPy -----------------------------------------------------------------------------------------------
def test_scipy_is_a_column_where_it_has_results(version: Stored) -> None:
    assert matrix_targets(version)[:3] == ["numpy", "scipy", "tensorflow"]
    table = matrix(version, ["scipy"])
    by_name = {r.cells[0].text: r for r in table.rows}
    assert by_name["erf"].cells[3].text == "0.75"
    assert by_name["exp"].cells[3].text == f.MISSING
    assert (by_name["erf"].cells[2].text, by_name["erf"].cells[2].note) == ("99.0 %", "SciPy")
    assert by_name["exp"].cells[2].note == ""
    assert "SciPy stands beside TensorFlow in 1 function" in " ".join(answer.front_sentences(version))
    page = function_page(version, version.function("erf"), [])
    assert page.summary == "SciPy and TensorFlow (eager): different in float32."


# -- gradients -------------------------------------------------------------------------------------------
def test_a_function_and_its_gradient_are_linked_both_ways(version: Stored) -> None:
    base = function_page(version, version.function("exp"), [])
    assert ("its gradient", "functions/grad_exp.html") in [(x.label, x.href) for x in base.facts]
    own = function_page(version, version.function("grad_exp"), [])
    assert ("gradient of", "functions/exp.html") in [(x.label, x.href) for x in own.facts]
    assert "NumPy" not in [x.label for x in own.facts]
    assert own.summary == ""
    assert not [x for x in function_page(version, version.function("sqrt"), []).facts if x.label == "its gradient"]


@pytest.mark.parametrize(
    ("name", "call", "base"),
    [
        ("grad_exp", "tensorflow.math.exp", "exp"),
        ("grad_maximum_y", "tensorflow.math.maximum", "maximum"),
        ("grad_other", "tensorflow.math.sqrt", "sqrt"),
        ("grad_other", "tensorflow.nn.other", ""),
    ],
)
def test_the_function_of_a_gradient_is_found(version: Stored, name: str, call: str, base: str) -> None:
    assert differentiated(version, {"name": name, "tensorflow": call}) == base


# -- complex ---------------------------------------------------------------------------------------------
def test_the_headline_is_normwise_and_parts_stand_beside_it(version: Stored) -> None:
    by = summaries(version, "multiply", "complex64")
    assert matrix_cell(by["numpy"]).text == "1.25"
    rows = {r[0]: r for r in texts(parts.glance_table(version, "multiply", "complex64"))}
    assert rows["numpy"][1:5] == ["1.25", "1.25", "4100", "0.5"]
    assert rows["tensorflow"][1:5] == ["1.25", "1.25", "0.5", "0.5"]
    said = " ".join(answer.dtype_sentences(version, "multiply", "complex64"))
    assert "x = 1 + 1i, y = 1.5 − 1i" in said
    assert "NumPy gives NaN + NaN\u202fi and TensorFlow ∞ + NaN\u202fi" in said


def test_complex_values_and_integers_are_printed_whole() -> None:
    assert f.value("-0x0p+0,-0x1p-149", "complex64") == "−0 − 1e−45i"
    assert f.value("9223372036854775807;-1", "int64") == "9223372036854775807; −1"
    assert f.value("0x1p+0", "bool") == "True"
    assert f.hex_text("0x1.80p+0,nan") == "0x1.8p+0, nan"
    assert f.exact_decimal("0x1p+0;0x0p+0;0,-0x1p-1;0x0p+0;0") == "1 − 0.5i"


# -- integers --------------------------------------------------------------------------------------------
def test_integers_are_right_or_wrong(version: Stored) -> None:
    by = summaries(version, "floor_divide", "int32")
    wrong, right = matrix_cell(by["tensorflow"]), matrix_cell(by["numpy"])
    assert (wrong.text, wrong.css, wrong.title) == ("4 wrong", "err e6", "−2147483648 at −2147483648; −1")
    assert (right.text, right.css) == ("right", "err e0")
    said = " ".join(answer.dtype_sentences(version, "floor_divide", "int32"))
    assert "NumPy: right for all 1,000 inputs tried (sampled)" in said
    assert "TensorFlow: wrong for 4 of 1,000 inputs tried, farthest at x = −2147483648, y = −1" in said
    assert "−2147483648 instead of 2147483648" in said
    rows = {r[0]: r for r in texts(parts.glance_table(version, "floor_divide", "int32"))}
    assert rows["tensorflow"][1:3] == ["4 wrong", "4.29·10⁹"]
    page = function_page(version, version.function("floor_divide"), [])
    assert page.sections[0].stopped is not None
    assert "division by zero" in page.sections[0].stopped.rows[0].cells[2].text


def test_right_is_said_only_where_every_result_is(tmp_path: Path) -> None:
    def plant(document: Document) -> None:
        wanted = {"function": "floor_divide", "dtype": "int64", "target": "numpy", "regime": "all"}
        assert put(document, "measurements", wanted, correctly_rounded=999) == 1

    version = stored(tmp_path / "dev", plant)
    assert matrix_cell(summaries(version, "floor_divide", "int64")["numpy"]).text == "1 wrong"


# -- conversions -----------------------------------------------------------------------------------------
def test_the_matrix_of_conversions(version: Stored) -> None:
    page = casts.cast_page(version, "cast")
    assert [t.caption.split(":")[0] for t in page.matrices] == ["numpy and tensorflow-xla", "tensorflow"]
    assert [c.title for c in page.matrices[0].columns] == ["from \\ to", "float32", "bfloat16", "int8"]
    assert texts(page.matrices[1]) == [["float32", "", "12 wrong", "all"], ["int8", "all", "12 wrong", ""]]
    assert [r[:4] for r in texts(page.wrong)] == [
        ["float32", "bfloat16", "tensorflow", "12 of 1,000"],
        ["int8", "bfloat16", "tensorflow", "12 of 1,000"],
    ]
    assert texts(page.wrong)[0][-1] == "128 → 128.5…"
    assert texts(page.undefined) == [["NaN", "int8", "0", "−128 (the smallest integer) [body]; 0 [tail, scalar]", "0"]]
    assert "NumPy gives the required result for every input tried in 4 of 4 pairs" in page.sentences[0]
    assert "answer otherwise in 1 of 1 input tried" in page.sentences[1]


def test_conversions_without_a_wrong_result_say_so(tmp_path: Path) -> None:
    def clean(document: Document) -> None:
        assert put(document, "measurements", {"function": "cast"}, correctly_rounded=1000) == 12
        put(document, "special", {"function": "cast"}, got="0 (zero)")

    page = casts.cast_page(stored(tmp_path / "dev", clean), "cast")
    assert len(page.matrices) == 1
    assert not page.wrong.rows
    assert page.wrong.empty == "None was found."
    assert "answer otherwise in 0 of 1 input" in page.sentences[1]


def test_special_cases_of_conversions_are_read_with_both_dtypes(tmp_path: Path) -> None:
    def plant(document: Document) -> None:
        put(document, "special", {"function": "cast"}, input="0x1.99999ap-4 to int8", expected="0", got="1", agrees=0)

    page = function_page(version := stored(tmp_path / "dev", plant), version.function("cast"), [])
    assert [c.text for c in page.special.rows[0].cells[2:5]] == ["0.1 to int8", "0", "1"]


# -- subnormals ------------------------------------------------------------------------------------------
def test_one_plain_sentence_a_target(version: Stored) -> None:
    said = {x.target: x.text for x in subnormal.overview(version)}
    assert said["numpy"] == "NumPy keeps subnormal inputs and results in every function where that shows (2)."
    assert said["tensorflow"] == (
        "TensorFlow treats subnormal inputs as zero in 1 of the 1 function where that shows, flushes subnormal results "
        "to zero in 1 of the 1 function where that shows and returns zero, in 1 further function, where input and "
        "result are both subnormal."
    )
    front = " ".join(answer.front_sentences(version))
    assert said["tensorflow"] in front
    assert answer.FLUSHING not in front


def test_a_library_that_loses_nothing_is_not_accused(tmp_path: Path) -> None:
    def clean(document: Document) -> None:
        columns = document["subnormals"]["columns"]
        for row in document["subnormals"]["rows"]:
            for habit in ("inputs", "results"):
                at = columns.index(habit)
                row[at] = "not visible" if row[at] == "not visible" else "kept"
            for column in ("inputs_zero", "results_zero", "both_zero"):
                row[columns.index(column)] = 0

    version = stored(tmp_path / "dev", clean)
    assert all("keeps subnormal inputs and results" in x.text for x in subnormal.overview(version))
    assert all(c.css == "good" for r in subnormal.summary_table(version).rows for c in r.cells[1:])


def test_paths_that_differ_are_named(version: Stored) -> None:
    (section,) = subnormal.sections(version)
    rows = {r[0]: r[1:] for r in texts(section.table)}
    assert [c.title for c in section.table.columns[1:]] == ["numpy", "tensorflow"]
    assert rows["sqrt"] == ["kept / –", "zero (body), kept (scalar) / –"]
    assert rows["exp"] == ["– / kept", "– / flushed"]
    assert rows["erf"] == ["–", "zero or flushed"]
    assert section.silent == "maximum"


def test_the_block_of_a_function_page_has_both_maxima_and_an_example(version: Stored) -> None:
    table = subnormal.function_table(version, "sqrt", "float32")
    assert table is not None
    rows = {r.cells[0].text: r.cells for r in table.rows}
    assert [c.text for c in rows["tensorflow"][1:]] == [
        "zero (body), kept (scalar)", "–", "–", "0.75", "8.39·10⁶", "1.1754942e−38 gives +0",
    ]  # fmt: skip
    assert rows["tensorflow"][1].note == "100 of 100"
    assert [c.text for c in rows["numpy"][1:]] == ["kept", "–", "–", "0.75", "0.75", "–"]
    said = subnormal.sentence(version, "sqrt", "float32")
    assert said == "Subnormal numbers: NumPy: inputs kept; TensorFlow: inputs zero (body), kept (scalar)."


def test_older_versions_without_the_table_still_tell_of_flushing(tmp_path: Path) -> None:
    version = stored(tmp_path / "dev", lambda d: d.pop("subnormals") and None)
    assert subnormal.overview(version) == []
    assert answer.FLUSHING in " ".join(answer.front_sentences(version))


# -- pages as a whole ------------------------------------------------------------------------------------
@pytest.fixture(scope="module")
def rendered(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = render_data.write(tmp_path_factory.mktemp("site") / "dev", **OPTIONS, kinds=True)
    site.render_version(folder)
    return folder


def test_links_of_the_new_pages_lead_somewhere(rendered: Path) -> None:
    assert broken_links(rendered) == []
    for path in rendered.rglob("*.html"):
        ids = Page(path.read_text(encoding="utf-8")).ids
        assert len(ids) == len(set(ids)), path


def test_everything_stands_in_the_markdown_report_too(rendered: Path) -> None:
    text = (rendered / "report.md").read_text(encoding="utf-8")
    for heading in ("## Subnormals", "## Complex", "## Integers and casts", "## Gradients", "### Function cast"):
        assert f"\n{heading}\n" in text
    assert "TensorFlow treats subnormal inputs as zero" in text
    assert "counted in ulps of the exact number's absolute value" in text
    notes = (rendered / "release-notes.md").read_text(encoding="utf-8")
    assert "## Gradients" in notes


def test_hostile_text_of_further_kinds_stays_text(tmp_path: Path) -> None:
    folder = render_data.write(tmp_path / "dev", **OPTIONS, kinds=True, hostile=True)
    site.render_version(folder)
    for path in folder.rglob("*.html"):
        assert "<script>window" not in path.read_text(encoding="utf-8"), path


def test_three_times_the_catalogue_fits(tmp_path: Path) -> None:
    """240 functions in four dtypes beside the further kinds: the front page and the notes stay within their limits."""
    results, _ = render_data.build(functions=240)
    folder = tmp_path / "dev"
    (folder / "profiles").mkdir(parents=True)
    (folder / "results.json").write_text(json.dumps(results), encoding="utf-8")
    version = load(folder)
    page = front_page(version)
    assert len(page.matrix.rows) == 960
    text = html.render("index.html", page=page, version=version, root="", here="index")
    assert len(text.encode()) < 1_000_000
    notes = markdown.release_notes(version, page)
    assert len(notes) < 125_000
    assert "more rows in the report" in notes


def test_what_nothing_defines_is_neither_right_nor_wrong(tmp_path: Path, version: Stored) -> None:
    """Special cases with the expectation ``unspecified`` are counted apart, on the page and in the sentences."""
    page = function_page(version, version.function("cast"), [])
    assert page.special_summary == "4 further checks are of results that nothing defines."

    def plant(document: Document) -> None:
        for dtype in ("int32", "int64"):
            for expected in ("unspecified", "0"):
                row = {"function": "floor_divide", "dtype": dtype, "target": "numpy", "path": "body", "input": "1;0"}
                row |= {"expected": expected, "got": "0", "agrees": 1, "sentence": "By zero.", "source": "C11"}
                document["special"]["rows"].append([row.get(c) for c in document["special"]["columns"]])

    changed = stored(tmp_path / "dev", plant)
    page = function_page(changed, changed.function("floor_divide"), [])
    assert page.special_summary == (
        "2 checks, all as documented. 2 further checks are of results that nothing defines."
    )
    assert {r.cells[0].text for r in page.special.rows} == {"yes", "not defined"}
    assert "2 checks" in answer.mismatch_sentence(changed, "integer")


def test_dtypes_of_integers_are_joined_whatever_the_number_of_inputs(tmp_path: Path) -> None:
    def alike(document: Document) -> None:
        wanted = {"function": "floor_divide", "target": "tensorflow"}
        put(document, "measurements", wanted, correctly_rounded=1000, worst_input=None, max_abs=0.0)
        put(document, "measurements", wanted | {"dtype": "int64"}, samples=1001, correctly_rounded=1001)
        put(document, "agreement", {"function": "floor_divide"}, equal=1000, input=None, max_distance=0.0)

    version = stored(tmp_path / "dev", alike)
    (row,) = texts(matrix(version, ["numpy", "tensorflow"], "integer"))
    assert row == ["floor_divide", "int32, int64", "identical", "right", "right"]
