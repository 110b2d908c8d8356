"""A summary says what its results say; taken where it is whole, made where it is missing, refused where edited."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from reportgen.core.errors import StoredResultError
from reportgen.results import integrity, store, summaries, tables
from tests.versions import agreement, document, measured, row, short


@pytest.fixture
def output(tmp_path: Path) -> Path:
    """An output folder with the versions 1.0 and 1.1."""
    for label in ("1.0", "1.1"):
        store.write_version(tmp_path / "output", document(label=label), {}, store.Pages(lambda _: None, lambda *_: ""))
    return tmp_path / "output"


def test_a_summary_holds_one_row_a_figure_with_the_maxima_of_its_regimes():
    rows = [
        row(max_ulp=9.0, worst_input="0x1p-130"),
        row(regime="normal", max_ulp=2.0, worst_input="0x1p+3", worst_output="0x1p+9"),
        row(regime="subnormal-input", max_ulp=9.0),
    ]
    runs = [{**{k: row()[k] for k in tables.CASE_KEY}, "run_differs": 3, "run_tested": 300}]
    found = short(rows, determinism=tables.table(tables.DETERMINISM_COLUMNS, runs))
    (cells,) = tables.records(found["rows"])
    assert (cells["max_ulp"], cells["normal_ulp"], cells["subnormal_input_ulp"], cells["special_ulp"]) == (
        9,
        2,
        9,
        None,
    )
    assert (cells["worst_input"], cells["normal_input"]) == ("0x1p-130", "0x1p+3")
    assert (cells["run_differs"], cells["run_tested"]) == (3, 300)
    assert found["targets"][0]["cpu_features"] == ["avx", "avx2", "avx512f", "fma", "sse4_2"]
    (same,) = tables.records(short(measured())["rows"])
    assert (same["worst_input"], same["normal_input"]) == ("0x1p+3", None)


def test_features_of_another_machine_are_not_taken_for_the_targets_own():
    made = document()
    made["provenance"]["machine"]["cpu_model"] = "Apple M4"
    assert summaries.summary(made)["targets"][0]["cpu_features"] is None


def test_problems_of_arrays_name_their_inputs():
    def problems(seed):
        cells = {"function": "exp", "dtype": "float32", "case": "mixed-7", "inputs": f"gen:mixed:{seed}:7"}
        return tables.table(tables.PROBLEM_COLUMNS, [cells])

    digests = [tables.records(short(problems=problems(s))["inputs"])[0]["digest"] for s in (0, 0, 1)]
    assert digests[0] == digests[1] != digests[2]


def test_a_stored_summary_is_that_of_the_results_beside_it(output):
    folder = output / "1.0"
    assert "summary.json" in (folder / store.SUMS).read_text()
    made = summaries.summary(store.read_document(folder / "results.json"))
    assert summaries.read(folder / "summary.json") == summaries.load("1.0", output) == made


@pytest.mark.parametrize(
    "where", ["1.0", "latest", "{output}/1.0", "{output}/1.0/results.json", "{output}/1.0/summary.json", "{alone}",
              "{bare}", "{short}"],
)  # fmt: skip
def test_a_version_is_found_by_label_folder_or_file(output, tmp_path, where):
    alone = tmp_path / "alone.json"
    shutil.copy(output / "1.0" / "results.json", alone)
    bare = tmp_path / "elsewhere"  # without a list of checksums and without a summary
    bare.mkdir()
    shutil.copy(alone, bare / "results.json")
    lonely = tmp_path / "summaries" / "summary.json"
    lonely.parent.mkdir()
    shutil.copy(output / "1.0" / "summary.json", lonely)
    found = summaries.load(where.format(output=output, alone=alone, bare=bare, short=lonely), output)
    assert found["digest"] == short(label="1.1" if where == "latest" else "1.0")["digest"]


def test_the_summary_is_taken_where_it_is_whole(output, monkeypatch):
    monkeypatch.setattr(store, "read_document", lambda _: pytest.fail("the results were read"))
    assert summaries.load("1.0", output)["label"] == "1.0"


def test_a_summary_of_another_form_is_made_again(output, monkeypatch):
    monkeypatch.setattr(summaries, "SUMMARY", summaries.SUMMARY + 1)
    assert summaries.load("1.0", output)["summary"] == summaries.SUMMARY


def test_a_label_wins_over_a_folder_of_the_same_name(output, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "1.0").mkdir()
    assert summaries.load("1.0", output)["label"] == "1.0"


# -- bad input ---------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("where", "words"),
    [
        ("1.2", "no version, folder or file of that name; .* holds 1.0, 1.1"),
        ("0.1.1", "did you mean '1.1'"),
        ("", "empty name"),
        ("{tmp}", "holds no results.json"),
    ],
)
def test_what_is_not_there_is_said_with_what_is(output, tmp_path, where, words):
    with pytest.raises(StoredResultError, match=words):
        summaries.load(where.format(tmp=tmp_path), output)
    with pytest.raises(StoredResultError, match="holds no version"):
        summaries.load("1.0", tmp_path / "nowhere")


@pytest.mark.parametrize("name", ["results.json", "summary.json"])
def test_an_edited_file_is_refused_whichever_it_is(output, name):
    path = output / "1.0" / name
    path.write_text(path.read_text().replace('"AMD EPYC"', '"AMD EPYX"'))
    with pytest.raises(StoredResultError, match=rf"{name}: .*(changed after it was written|is not the file)"):
        summaries.load("1.0", output)


@pytest.mark.parametrize("name", ["results.json", "summary.json"])
def test_a_file_that_was_cut_off_is_refused(output, tmp_path, name):
    raw = (output / "1.0" / name).read_bytes()
    for length in (0, 1, len(raw) // 2, len(raw) - 3):
        cut = tmp_path / "cut" / name
        cut.parent.mkdir(exist_ok=True)
        cut.write_bytes(raw[:length])
        with pytest.raises(StoredResultError):
            summaries.load(str(cut), output)


def test_a_newer_schema_is_refused_by_its_number(output, tmp_path):
    for name in ("results.json", "summary.json"):
        found = json.loads((output / "1.0" / name).read_text())
        path = tmp_path / "newer" / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(json.dumps(found | {"schema": 99}))
        with pytest.raises(StoredResultError, match=f"{name}: schema 99 is newer than {store.SCHEMA}"):
            summaries.load(str(path), output)
        path.unlink()


def test_a_copied_folder_is_refused(output):
    shutil.copytree(output / "1.0", output / "copy")
    with pytest.raises(StoredResultError, match=r"carries the label '1.0', expected the label of its folder, 'copy'"):
        summaries.load("copy", output)


def test_a_damaged_table_is_refused(output, tmp_path):
    found = summaries.load("1.0", output)
    found["agreement"] = tables.table(summaries.AGREEMENT, [agreement(), agreement()])
    text = summaries.dumps(found).replace('"coded": {', '"coded": {"nothing":[1],', 1)
    body = text[: text.index(',\n"sha256"')] + "\n}\n"
    path = tmp_path / "summary.json"
    path.write_text(integrity.sealed(body))
    with pytest.raises(StoredResultError, match="a table of the summary is damaged"):
        summaries.load(str(path), output)
