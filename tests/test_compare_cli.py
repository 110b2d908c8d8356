"""The command `compare`: what it prints and writes, how it ends, what it refuses in one line; the page in a report."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from reportgen.cli import main
from reportgen.core.compare import compare
from reportgen.core.errors import StoredResultError
from reportgen.render import comparison
from reportgen.render.comparisonnotes import markdown_page
from reportgen.render.site import render_version
from reportgen.results import store, summaries, tables
from tests import render_data
from tests.versions import agreement, changed, document, everything, row, short

AT = {"function": "exp", "dtype": "float32", "target": "numpy", "path": "body"}
HOSTILE = '<script>window.hacked = 1</script> | `tick` "quoted"'
Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def output(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Versions 1.0, 1.1 (exp worse, sqrt better on numpy) and 1.2 (measured on another CPU)."""
    monkeypatch.chdir(tmp_path)
    worse = [
        r | ({"max_ulp": 3.0} if r["function"] == "exp" else {"max_ulp": 0.5}) if r["target"] == "numpy" else r
        for r in everything()
    ]
    elsewhere = document(worse, "1.2")
    for entry in elsewhere["targets"]:
        entry["provenance"]["cpu_model"] = "Intel Xeon"
    for made in (document(), document(worse, "1.1"), elsewhere):
        store.write_version(tmp_path / "output", made, {}, store.Pages(lambda _: None, lambda *_: ""))
    return tmp_path / "output"


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    def call(*arguments: str) -> tuple[int, str, str]:
        code = main(arguments)
        captured = capsys.readouterr()
        return code, captured.out, captured.err

    return call


def test_the_terminal_says_the_verdict_the_counts_and_the_changes(output: Path, run: Run) -> None:
    code, out, err = run("compare", "1.0", "1.1")
    assert (code, err) == (0, "")
    lines = out.splitlines()
    assert lines[0] == "From 1.0 to 1.1, of 16 figures compared, 4 regressed and 4 improved."
    assert "unchanged     8" in lines
    assert re.search(r"^exp +float32 +numpy +ordinals, body +largest error +2 ulp +3 ulp +and 1 more$", out, re.M)
    assert re.search(r"^sqrt +float64 +numpy +ordinals, body +largest error +2 ulp +0\.5 ulp +and 1 more$", out, re.M)


def test_a_clean_pair_and_a_version_with_itself(output: Path, run: Run) -> None:
    store.write_version(output, document(label="1.3"), {}, store.Pages(lambda _: None, lambda *_: ""))
    assert run("compare", "1.0", "1.3")[1].startswith(
        "From 1.0 to 1.3 none of 16 figures compared improved or regressed."
    )
    assert run("compare", "1.0", "1.0")[1].startswith("1.0 and 1.0 hold the same results, bit for bit.")


def test_nothing_comparable_is_said_with_the_reason(output: Path, run: Run) -> None:
    code, out, _ = run("compare", "1.0", "1.2")
    assert (code, out.splitlines()[0]) == (0, "Nothing of 1.2 could be compared with 1.0.")
    assert "another CPU (AMD EPYC against Intel Xeon)" in out
    across = run("compare", "1.0", "1.2", "--across-machines")[1]
    assert "4 regressed and 4 improved" in across
    assert "a change may be the machine's" in across


def test_files_of_every_form_are_written(output: Path, run: Run, tmp_path: Path) -> None:
    files = [str(tmp_path / f"c.{ending}") for ending in ("html", "md", "json")]
    code, _, err = run("compare", "1.0", "1.1", "--html", files[0], "--markdown", files[1], "--json", files[2])
    assert (code, err) == (0, "".join(f"written: {name}\n" for name in files))
    html, text, data = (Path(name).read_text() for name in files)
    assert json.loads(data)["counts"]["regressed"] == 4
    assert "From 1.0 to 1.1, of 16 figures compared, 4 regressed and 4 improved." in html
    assert re.search(r"(src|href)=\"(?!#)", html) is None  # it needs no other file
    assert "| `exp` | float32 | numpy (2.4.6) | ordinals, body | largest error | 2 ulp | 3 ulp |" in text
    code, out, _ = run("compare", "1.0", "1.1", "--json", "-")
    assert out == data


def test_a_regression_fails_only_where_that_is_asked_for(output: Path, run: Run) -> None:
    assert run("compare", "1.0", "1.1", "--fail-on-regression")[0] == 1
    assert run("compare", "1.0", "1.1", "--fail-on-regression", "--tolerance", "1")[0] == 0
    assert run("compare", "1.0", "1.1", "--fail-on-regression", "--only", "sqrt")[0] == 0
    assert run("compare", "1.0", "1.1", "--fail-on-regression", "--targets", "tensor*")[0] == 0
    assert run("compare", "1.0", "1.0", "--fail-on-regression")[0] == 0


def test_one_target_is_held_against_another(output: Path, run: Run) -> None:
    out = run("compare", "1.1", "1.1", "--map", "tensorflow=numpy")[1]
    assert out.startswith("From tensorflow to numpy, of 8 figures compared, 4 regressed and 4 improved.")
    assert run("compare", "1.1", "1.1", "--map", "tensorflow=numpy", "--names", "a,b")[1].startswith(
        "From a to b, of 8"
    )
    assert "1.1 has no target 'jax'" in run("compare", "1.1", "1.1", "--map", "jax=numpy")[2]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("1.0", "9.9"), "9.9: no version, folder or file of that name; output holds 1.0, 1.1, 1.2"),
        (("1.0", "1.1", "--tolerance", "-1"), "--tolerance: got '-1', expected a number of ulps, 0 or more"),
        (("1.0", "1.1", "--tolerance", "nan"), "--tolerance: got 'nan'"),
        (("1.0", "1.1", "--tolerance", "much"), "--tolerance: got 'much'"),
        (("1.0", "1.1", "--map", "numpy"), "--map: got 'numpy', expected OLD=NEW"),
        (("1.0", "1.1", "--map", "jax=numpy"), "1.0 has no target 'jax', expected one of numpy, tensorflow"),
        (("1.0", "1.1", "--only", "cosh"), "the filters leave nothing to compare"),
        (("1.0", "1.1", "--targets", ","), "--targets: got nothing"),
        (("1.0", "1.1", "--names", "a,a"), "--names: got 'a,a', expected two different names"),
        (("1.0", "1.1", "--html", "nowhere/c.html"), "nowhere is no folder"),
        (("1.0", "1.1", "--html", "c", "--json", "c"), "got one file twice"),
        (("1.0", "copies/1.0"), "both versions have the label '1.0' and differ in content"),
        (("1.0",), "Missing argument 'B'"),
    ],
)
def test_bad_input_is_one_line_and_nothing_is_written(
    output: Path, run: Run, tree_digest: Callable[[Path], str], arguments: tuple[str, ...], words: str
) -> None:
    (output.parent / "copies").mkdir()
    store.write_version(
        output.parent / "copies", document(changed(AT, max_ulp=7.0)), {}, store.Pages(lambda _: None, lambda *_: "")
    )
    before = tree_digest(output.parent)
    code, out, err = run("compare", *arguments)
    assert (code, out, err.count("\n")) == (2, "", 1)
    assert words in err
    assert tree_digest(output.parent) == before


def test_two_versions_of_one_label_can_be_given_names(output: Path, run: Run) -> None:
    copies = output.parent / "copies"
    store.write_version(copies, document(changed(AT, max_ulp=7.0)), {}, store.Pages(lambda _: None, lambda *_: ""))
    code, out, _ = run("compare", "1.0", str(copies / "1.0"), "--names", "mine,theirs")
    assert (code, out.splitlines()[0]) == (
        0, "From mine to theirs, of 16 figures compared, 1 regressed and 0 improved.",
    )  # fmt: skip


# -- the page -------------------------------------------------------------------------------------------------
def hostile():
    rows = changed(AT, max_ulp=3.0, case=HOSTILE, worst_input=HOSTILE)
    refused = row(function="sqrt", status="failed", reason=HOSTILE, path=None, metric=None)
    kept = [r for r in rows if not (r["function"] == "sqrt" and r["target"] == "numpy")]
    apart = tables.table(tables.AGREEMENT_COLUMNS, [agreement(equal=1, input=HOSTILE, first_output=HOSTILE)])
    return compare(short(changed(AT, case=HOSTILE)), short([*kept, refused], HOSTILE, agreement=apart))


def test_nothing_in_the_results_becomes_markup() -> None:
    data = hostile()
    assert data["counts"]["regressed"] == 3
    html = comparison.standalone(data)
    assert "<script" not in html
    assert "&lt;script&gt;" in html
    outside_code = re.sub(r"(`+).*?\1", "", markdown_page(data))
    assert "<script" not in outside_code


def test_values_keep_the_digits_that_tell_them_apart() -> None:
    assert comparison.value(2.1369, "max_ulp", 2.1391) == "2.137 ulp"
    assert comparison.value(2.1391, "max_ulp", 2.1369) == "2.140 ulp"
    assert comparison.value(0.5, "max_ulp", 0.5000001) == "0.5 ulp"
    assert comparison.value(None, "max_ulp", 1.0) == "none"
    assert comparison.value(12345, "wrong", 0) == "12,345"


def test_long_lists_are_cut_and_say_so() -> None:
    rows = [
        r | {"function": f"f{i}"} for i in range(comparison.MOST + 5) for r in everything()
        if (r["function"], r["dtype"], r["target"]) == ("exp", "float32", "numpy")
    ]  # fmt: skip
    functions = [{"name": f"f{i}", "kind": "elementwise"} for i in range(comparison.MOST + 5)]
    after = [r | {"max_ulp": 9.0} for r in rows]
    data = compare(short(rows, functions=functions), short(after, "1.1", functions=functions))
    page = comparison.comparison_page(data)
    assert len(page.sections[0].tables[0].rows) == comparison.MOST
    assert any(f"of {comparison.MOST + 5} are shown" in text for text in page.sections[0].sentences)


@pytest.fixture(scope="module")
def rendered(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A made-up version, compared with one in which everything measured in ulp was half as large."""
    folder = tmp_path_factory.mktemp("compared") / "dev"
    folder.mkdir()
    render_data.write(folder)
    results = store.read_document(folder / "results.json")
    before = json.loads(json.dumps(results)) | {"label": "0.9"}
    place = before["measurements"]["columns"].index("max_ulp")
    for cells in before["measurements"]["rows"]:
        cells[place] = cells[place] and cells[place] / 2
    data = compare(summaries.summary(before), summaries.summary(results))
    (folder / comparison.FILE).write_text(json.dumps(data))
    render_version(folder)
    return folder


def test_a_report_with_a_baseline_has_the_page_the_notes_and_the_sentence(rendered: Path) -> None:
    data = comparison.load(rendered)
    assert data is not None
    assert data["counts"]["regressed"] > 20
    sentence = comparison.verdict(data)
    page = (rendered / "compare.html").read_text()
    assert sentence in page
    assert 'href="functions/exp.html"' in page
    assert sentence in (rendered / "index.html").read_text()
    notes = (rendered / "release-notes.md").read_text()
    assert "## What changed since 0.9" in notes
    assert notes.count(sentence) == 1
    assert '<a href="../compare.html">Changes</a>' in (rendered / "functions" / "exp.html").read_text()
    for name in re.findall(r'href="(functions/[^"]+)"', page):
        assert (rendered / name).is_file()


def test_a_report_without_a_baseline_has_none_of_it(rendered: Path, tmp_path: Path) -> None:
    folder = tmp_path / "dev"
    shutil.copytree(rendered, folder)
    for name in (comparison.FILE, "compare.html"):
        (folder / name).unlink()
    render_version(folder)
    assert not (folder / "compare.html").exists()
    assert not any("compare.html" in p.read_text() for p in folder.rglob("*.html"))
    assert "What changed since" not in (folder / "release-notes.md").read_text()


def test_pages_made_again_keep_the_comparison(output: Path, run: Run, rendered: Path) -> None:
    shutil.copytree(rendered, output / "dev")
    kept = {n: (rendered / n).read_bytes() for n in (comparison.FILE, "compare.html", "release-notes.md")}
    code, _, err = run("render", "dev")
    assert (code, err) == (0, "")
    assert json.loads((output / "dev" / comparison.FILE).read_text()) == json.loads(kept[comparison.FILE])
    assert (output / "dev" / "compare.html").read_bytes() == kept["compare.html"]
    assert (output / "dev" / "release-notes.md").read_bytes() == kept["release-notes.md"]


@pytest.mark.parametrize("text", ["", "{", "[]", '{"comparison": 99}', '{"comparison": "one"}'])
def test_a_damaged_comparison_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / comparison.FILE).write_text(text)
    with pytest.raises(StoredResultError, match=r"comparison\.json"):
        comparison.load(tmp_path)


def test_one_figure_is_no_figures() -> None:
    from reportgen.render.comparison import _tiles

    counts = {"regressed": 1, "improved": 0, "unchanged": 7, "new": 0, "gone": 0, "incomparable": 1}
    assert [f"{t.figure} {t.text}" for t in _tiles({"counts": counts})] == [
        "1 figure regressed", "0 figures improved", "7 figures unchanged", "1 figure could not be compared",
    ]  # fmt: skip
