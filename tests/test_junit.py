"""Gates as JUnit XML, as GitHub's annotations and in the job summary; exit codes of real runs."""

from __future__ import annotations

import io
import json
import shutil
import xml.etree.ElementTree as ET
from collections.abc import Callable
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from reportgen.cli import gates
from reportgen.cli.shell import main
from reportgen.core import gatewords
from reportgen.results import store, tables
from reportgen.results.junit import junit

Row = dict[str, Any]
Run = Callable[..., tuple[int, str, str]]

SPEC = """title = "t"
targets = ["numpy"]
[[case]]
name = "arange-100"
function = "sqrt"
dtypes = ["float32"]
inputs = { arange = [0, 100] }
recorded = "sqrt-2017.json"
"""
KEEPS = "[[expect]]\ncorrectly_rounded = true\n"
BREAKS = '[[expect]]\ntargets = ["tensorflow@1.2.0 (recorded)"]\ncorrectly_rounded = true\nreason = "one: 100 %"\n'
OPTIONAL = "[[expect]]\nbound_ratio = 1\noptional = true\n"


def gate(**cells: Any) -> Row:
    row: Row = dict.fromkeys(tables.GATE_COLUMNS)
    return row | {
        "gate": "expect", "spec": "s", "file": "specs/s.toml", "line": 7, "function": "exp", "dtype": "float32",
        "case": "ordinals", "target": "numpy", "path": "body", "metric": "ulp", "regime": "all", "what": "max_ulp",
        "expected": "at most 1 ulp", "found": "2 ulp", "input": "0x1.8p+0", "output": "0x1p+1", "judged": 1,
        "unjudged": 0, "certainty": "proven", "holds": False, "reason": "",
    } | cells  # fmt: skip


# -- JUnit ---------------------------------------------------------------------------------------------------
ATTRIBUTES = {
    "testsuites": ({"tests", "failures", "errors"}, {"name", "skipped", "time", "disabled"}),
    "testsuite": ({"name", "tests"}, {"failures", "errors", "skipped", "time", "timestamp", "hostname", "id", "file"}),
    "testcase": ({"name", "classname"}, {"time", "file", "line", "assertions", "status"}),
    "failure": (set(), {"message", "type"}),
    "error": (set(), {"message", "type"}),
    "skipped": (set(), {"message"}),
    "system-out": (set(), set()),
}
CHILDREN = {
    "testsuites": {"testsuite"}, "testsuite": {"testcase"}, "testcase": {"failure", "error", "skipped", "system-out"},
}  # fmt: skip
"""What readers of JUnit XML share: https://github.com/testmoapp/junitxml and Jenkins' junit-10.xsd."""


def valid(text: str) -> ET.Element:
    """The root of a document of that structure, whose counts are true; AssertionError for any other."""
    root = ET.fromstring(text.encode("utf-8"))
    assert root.tag == "testsuites"
    for element in root.iter():
        required, optional = ATTRIBUTES[element.tag]
        assert required <= set(element.attrib) <= required | optional, element.attrib
        assert {child.tag for child in element} <= CHILDREN.get(element.tag, set())
    for suite in [root, *root]:
        cases = list(suite.iter("testcase"))
        assert int(suite.attrib["tests"]) == len(cases)
        for attribute, tag in (("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
            assert int(suite.attrib[attribute]) == sum(case.find(tag) is not None for case in cases)
    for case in root.iter("testcase"):
        assert sum(case.find(tag) is not None for tag in ("failure", "error", "skipped")) <= 1
    names = [(case.attrib["classname"], case.attrib["name"]) for case in root.iter("testcase")]
    assert len(set(names)) == len(names)
    return root


def test_the_check_of_the_structure_can_fail() -> None:
    good = junit("1.0", [gate()])
    valid(good)
    for bad in (
        good.replace('tests="1"', 'tests="2"', 1),
        good.replace("<failure", "<fault").replace("</failure", "</fault"),
        good.replace("classname", "class"),
        good.replace("</failure>", '</failure><skipped message="x" />'),
    ):
        with pytest.raises((AssertionError, KeyError)):
            valid(bad)


def test_a_suite_for_each_spec_and_a_case_for_each_expectation_and_case() -> None:
    rows = [
        gate(),
        gate(target="tensorflow", what="mean_ulp"),
        gate(line=9, holds=True, certainty="not refuted"),
        gate(spec="t", file="specs/t.toml", function=None, dtype=None, case=None, target=None, judged=0),
        gate(spec="t", file="specs/t.toml", line=20, holds=None, judged=0, found="left out"),
        gate(gate="baseline", spec="s", file=None, line=None, what="regressions"),
    ]
    root = valid(junit("1.0", rows))
    assert root.attrib["name"] == "reportgen 1.0"
    counted = [[s.attrib[key] for key in ("name", "tests", "failures", "errors", "skipped")] for s in root]
    assert counted == [["s", "2", "1", "0", "0"], ["t", "2", "0", "1", "1"], ["baseline", "1", "1", "0", "0"]]
    first = root[0][0]
    assert first.attrib["name"] == "exp float32 ordinals (specs/s.toml:7)"
    assert (first.attrib["file"], first.attrib["line"]) == ("specs/s.toml", "7")
    failure = first.find("failure")
    assert failure is not None
    assert failure.attrib["message"] == (
        "exp float32 ordinals on numpy: maximum error (body): expected at most 1 ulp, found 2 ulp at 0x1.8p+0 gives "
        "0x1p+1 (and 1 other)"
    )
    assert (failure.text or "").count("\n") == 1
    assert root[1][0].attrib["name"] == "every case of t, max_ulp (specs/t.toml:7)"


def test_what_xml_cannot_write_is_replaced_and_the_rest_escaped() -> None:
    root = valid(junit("1.0", [gate(reason='\x07 & <b> "q" \ud800'.replace("\ud800", "\ufffe"))]))
    failure = root.find(".//failure")
    assert failure is not None
    assert (failure.text or "").endswith('. \ufffd & <b> "q" \ufffd')


def test_no_gates_make_an_empty_document() -> None:
    assert valid(junit("1.0", [])).attrib["tests"] == "0"


# -- GitHub --------------------------------------------------------------------------------------------------
def test_annotations_are_escaped_as_github_does(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("GITHUB_WORKSPACE", raising=False)
    (line,) = gates.github_lines([gate(file="a,b:c.toml", found="100 %\nof it\r")])
    head, _, message = line.removeprefix("::error ").partition("::")
    assert head == "file=a%2Cb%3Ac.toml,line=7,title=max_ulp%3A exp float32 ordinals on numpy"
    assert "found 100 %25%0Aof it%0D at" in message
    (line,) = gates.github_lines([gate(gate="baseline", file=None, line=None)])
    assert line.startswith("::error title=max_ulp%3A exp")


def test_at_most_ten_annotations_of_a_type_and_the_number_of_the_others() -> None:
    rows = [gate(line=i) for i in range(1, 14)] + [gate(holds=None)] * 10 + [gate(holds=True)] * 5
    lines = gates.github_lines(rows)
    counted = {kind: sum(line.startswith(f"::{kind} ") for line in lines) for kind in ("error", "warning", "notice")}
    assert counted == {"error": 10, "warning": 10, "notice": 1}
    assert lines[10] == "::notice title=reportgen::3 more of 13 errors are on the page of gates"


def test_files_are_named_from_the_checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "repository" / "accuracy"
    folder.mkdir(parents=True)
    (folder / "s.toml").write_text("")
    monkeypatch.chdir(folder)
    monkeypatch.setenv("GITHUB_WORKSPACE", str(tmp_path / "repository"))
    assert gates.github_lines([gate(file="s.toml")])[0].startswith("::error file=accuracy/s.toml,line=7")
    assert gates.github_lines([gate(file="gone.toml")])[0].startswith("::error file=gone.toml,line=7")


def test_the_terminal_lists_twenty_and_counts_the_rest(capsys: pytest.CaptureFixture[str]) -> None:
    gates.report_gates([gate(line=i) for i in range(25)], "out/gates.html", quiet=True)
    shown = capsys.readouterr()
    assert shown.out == ""
    lines = shown.err.splitlines()
    assert lines[0] == "25 gates are broken and 0 hold."
    assert len(lines) == 1 + 1 + 20 + 1
    assert lines[-1] == "… and 5 more: out/gates.html"
    gates.report_gates([gate(holds=True), gate(holds=None)], "x", quiet=True)
    assert capsys.readouterr().err == ""
    gates.report_gates([gate(holds=True), gate(holds=None)], "x", quiet=False)
    assert capsys.readouterr().err.startswith("No gate is broken, 1 holds and 1 could not be judged.\nnot judged: ")


def test_the_verdict_counts_what_is_broken() -> None:
    assert gatewords.verdict([]) == ""
    rows: list[Row] = [{"holds": True}, {"holds": True}]
    assert gatewords.verdict(rows) == "No gate is broken and 2 hold."
    assert gatewords.verdict([*rows, {"holds": False}, {"holds": None}]) == (
        "1 gate is broken, 2 hold and 1 could not be judged."
    )


# -- real runs -------------------------------------------------------------------------------------------------
@pytest.fixture
def run(tmp_path: Path, root: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.chdir(tmp_path)
    for name in ("GITHUB_ACTIONS", "GITHUB_STEP_SUMMARY", "GITHUB_WORKSPACE"):
        monkeypatch.delenv(name, raising=False)
    shutil.copy(root / "specs" / "data" / "sqrt-2017.json", tmp_path)

    def call(text: str, *more: str) -> tuple[int, str, str]:
        (tmp_path / "g.toml").write_text(SPEC + text)
        out, err = io.StringIO(), io.StringIO()
        with redirect_stdout(out), redirect_stderr(err):
            code = main(["g.toml", "--output", "out", *more])
        return code, out.getvalue(), err.getvalue()

    return call


def test_runs_end_with_one_where_something_is_broken(run: Run, tmp_path: Path) -> None:
    """The wrong roots of 2017 break what today's keep; the stored judgement counts when nothing has to be done."""
    code, out, err = run(KEEPS)
    assert code == 0
    assert "No gate is broken" in err
    code, out, err = run(KEEPS + BREAKS, "--quiet")
    assert code == 1
    assert out == "report: out/dev/index.html\n"
    assert err.splitlines()[0] == "1 gate is broken and 1 holds."
    (line,) = [x for x in err.splitlines() if x.startswith("tensorflow@1.2.0 (recorded)")]
    assert "44.0 % (44 of 100)" in line
    assert line.endswith("g.toml:11")
    again, out, err = run(KEEPS + BREAKS)
    assert again == 1
    assert out.startswith("nothing changed")
    assert "1 gate is broken" in err
    schema = json.loads((Path(store.__file__).parent / "results.schema.json").read_text())
    jsonschema.validate(json.loads((tmp_path / "out" / "dev" / "results.json").read_text()), schema)
    assert (tmp_path / "out" / "dev" / "gates.html").is_file()
    assert valid((tmp_path / "out" / "dev" / "junit.xml").read_text()).attrib["failures"] == "1"


def test_pages_say_what_broke(run: Run, tmp_path: Path) -> None:
    run(KEEPS + BREAKS + OPTIONAL)
    folder = tmp_path / "out" / "dev"
    page = (folder / "gates.html").read_text()
    assert "1 gate is broken" in page
    assert "g.toml:11: one: 100 %" in page
    assert 'href="functions/sqrt.html"' in page
    assert 'title="0x1.ap+3 gives 0x1.cd82bp+1"><code>13 gives 3.6055508</code>' in page
    for name in ("index.html", "functions/sqrt.html"):
        assert "gates.html" in (folder / name).read_text()
    assert (
        "One gate is broken, sqrt float32 arange-100 on tensorflow@1.2.0 (recorded)"
        in (folder / "index.html").read_text()
    )
    for name in ("report.md", "release-notes.md"):
        assert "## Gates" in (folder / name).read_text()


def test_without_expectations_there_is_no_page_and_no_file(run: Run, tmp_path: Path) -> None:
    code, _, err = run("", "--junit", "j.xml")
    assert (code, err) == (0, "")
    folder = tmp_path / "out" / "dev"
    assert not (folder / "gates.html").exists()
    assert not (folder / "junit.xml").exists()
    assert "gates.html" not in (folder / "index.html").read_text()
    assert valid((tmp_path / "j.xml").read_text()).attrib["tests"] == "0"


def test_what_can_not_be_judged(run: Run) -> None:
    code, _, err = run(OPTIONAL)
    assert code == 0
    assert "not judged: g.toml:9: sqrt: error over its bound" in err
    code, _, err = run(OPTIONAL.replace("optional = true\n", ""))
    assert code == 1
    assert "nothing was judged" in err
    code, _, err = run(KEEPS + '[[expect]]\ntargets = ["numpy"]\nstatus = "ok"\n')
    assert code == 0


def test_github_hears_of_it(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(tmp_path / "summary.md"))
    code, out, _ = run(KEEPS + BREAKS)
    assert code == 1
    assert sum(line.startswith("::error file=g.toml,line=11,") for line in out.splitlines()) == 1
    assert "| sqrt float32 arange-100 | tensorflow@1.2.0 (recorded) |" in (tmp_path / "summary.md").read_text()
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(tmp_path))
    code, out, err = run(KEEPS + BREAKS)
    assert code == 1
    assert "GITHUB_STEP_SUMMARY" in err


@pytest.mark.parametrize("file", ["no/such/folder/j.xml", "."])
def test_a_junit_file_that_cannot_be_written_is_refused_first(run: Run, tmp_path: Path, file: str) -> None:
    code, _, err = run(KEEPS, "--junit", file)
    assert code == 2
    assert err.startswith("reportgen: error: --junit: ")
    assert not (tmp_path / "out").exists()


def test_a_failed_case_outranks_a_broken_gate(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    from reportgen.measure import runner

    real = runner.summary

    def failed(*args: Any) -> Any:
        found = real(*args)
        found.statuses["failed"] = 1
        return found

    monkeypatch.setattr(runner, "summary", failed)
    assert run(KEEPS + BREAKS)[0] == 3


def better(output: Path, label: str) -> None:
    """Store a version ``label`` that is like ``dev`` but for errors which are half as large."""
    document = store.read_document(output / "dev" / "results.json")
    columns = document["measurements"]["columns"]
    for row in document["measurements"]["rows"]:
        for name in ("max_ulp", "mean_ulp"):
            at = columns.index(name)
            row[at] = None if row[at] is None else row[at] / 2
    profiles = {"sqrt": store.read_profile(output / "dev", "sqrt")}
    pages = store.Pages(lambda folder: None, lambda folder, versions: "")
    store.write_version(output, document | {"label": label}, profiles, pages)


def test_what_became_worse_than_in_the_baseline_is_broken(run: Run, tmp_path: Path) -> None:
    run("")
    output = tmp_path / "out"
    better(output, "better")
    code, _, err = run("", "--baseline", "better", "--label", "new")
    assert code == 1, err
    (line,) = [x for x in err.splitlines() if x.startswith("numpy ") and "(body" in x]
    assert line.endswith("--baseline")
    assert "as in better: 0.246 ulp" in line
    assert "0.492 ulp" in line
    again, out, _ = run("", "--baseline", "better", "--label", "new")
    assert (again, out.startswith("nothing changed")) == (1, True)
    root = valid((output / "new" / "junit.xml").read_text())
    assert [suite.attrib["name"] for suite in root] == ["baseline"]
    assert "became worse" in (output / "new" / "gates.html").read_text()
    code, _, err = run("", "--baseline", "dev", "--label", "same")
    assert (code, err.splitlines()[0]) == (0, "No gate is broken and 1 holds.")
