"""Results of several machines in one version: what is the same is taken once, what differs is kept apart and told."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from reportgen.cli import mergefiles
from reportgen.core.errors import ReportgenError, RequestError, StoredResultError
from reportgen.core.model import RunRequest
from reportgen.measure import runner
from reportgen.measure.specfile import load_specs
from reportgen.render.site import render_index, render_version
from reportgen.results import contradictions, machines, merge, store, tables
from tests.planted_machines import another_run, cell, machine, plant, runs_too
from tests.test_render_site import broken_links
from tests.test_runner import Counter

SPEC = """
title = "Small"
targets = ["numpy", "numpy-avx2", "tensorflow-gpu"]
dtypes = ["float16", "float32"]
functions = ["sqrt", "tanh"]
pages = ["meaning", "coverage"]

[[case]]
name = "max-arrays"
function = "max"
inputs = { arrays = ["nan", "signed-zeros"], sizes = [1, 7] }

[[expect]]
functions = ["tanh"]
targets = ["numpy", "tensorflow-gpu"]
max_ulp = 4
"""
PAGES = store.Pages(render_version, render_index)
TANH = {"function": "tanh", "dtype": "float32", "target": "numpy", "path": "body", "regime": "all"}
"""A measured row whose maximum is not zero."""

Merge = Callable[..., tuple[dict[str, Any], dict[str, Any]]]


@pytest.fixture(scope="module")
def measured(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small version as one machine measures it."""
    folder = tmp_path_factory.mktemp("measured")
    (folder / "small.toml").write_text(SPEC)
    request = RunRequest(output=str(folder / "out"), cache_dir=str(folder / "cache"), label="dev", jobs=2)
    pages = store.Pages(lambda _: None, lambda *_: "")
    return Path(runner.run(load_specs([str(folder / "small.toml")]), request, Counter(), pages).folder)


@pytest.fixture
def box(measured: Path, tmp_path: Path) -> Callable[..., str]:
    """Makes the folder of a machine and returns its path."""

    def make(name: str, *changes: Callable[[dict[str, Any]], None], label: str | None = None) -> str:
        return str(plant(measured, tmp_path / name, *changes, label=label))

    return make


def joined(*where: str, **names: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """The merged document and profiles."""
    sources = [mergefiles.load(w, Path("nowhere"), "merged", names.get(Path(w).name)) for w in where]
    return merge.merge(sources, "merged")


def text(document: dict[str, Any]) -> str:
    return json.dumps(document)


def found(document: dict[str, Any]) -> list[dict[str, Any]]:
    return tables.records(document["contradictions"])


def target_names(document: dict[str, Any]) -> list[str]:
    return [t["name"] for t in document["targets"]]


def refused(*where: str, kind: type[ReportgenError] = RequestError, **names: str) -> str:
    with pytest.raises(kind) as caught:
        joined(*where, **names)
    assert "\n" not in str(caught.value)
    return str(caught.value)


GPU = (machine("Xeon 8481C", "570.1"), runs_too("tensorflow-gpu", "numpy"))
ARM = machine("Neoverse-N1")


# -- what is the same -----------------------------------------------------------------------------------------
def test_a_version_merged_with_itself_is_itself(measured: Path, box: Callable[..., str]) -> None:
    one = box("one")
    document, profiles = joined(one, one)
    before = store.read_document(Path(one) / "results.json")
    for key in tables.COLUMNS:
        assert document[key] == before[key], key
    for key in ("specs", "functions", "meaning", "depth", "generator"):
        assert document[key] == before[key], key
    assert document["timing"] == before["timing"]
    assert document["provenance"]["counts"] == before["provenance"]["counts"]
    assert profiles == {p.stem: json.loads(p.read_text()) for p in (Path(one) / "profiles").glob("*.json")}
    assert [m["name"] for m in document["provenance"]["machines"]] == ["one"]


def test_a_second_run_that_agrees_adds_nothing_but_its_machine(box: Callable[..., str]) -> None:
    one, two = box("one"), box("two", another_run("2027-01-01T00:00:00+00:00"))
    document, _ = joined(one, two)
    assert found(document) == []
    alone, _ = joined(one, one)
    assert document["measurements"] == alone["measurements"]
    assert target_names(document) == ["numpy", "numpy-avx2", "tensorflow-gpu"]
    assert document["targets"][0]["machines"] == ["one", "two"]
    assert document["provenance"]["time"] == "2027-01-01T00:00:00+00:00"
    assert document["timing"]["seconds"] == pytest.approx(2 * alone["timing"]["seconds"] + 1.5)


# -- what differs ---------------------------------------------------------------------------------------------
def test_another_processor_is_another_target_and_a_gpu_fills_its_gap(box: Callable[..., str]) -> None:
    cpu, gpu = box("cpu-box"), box("gpu-box", *GPU)
    document, profiles = joined(cpu, gpu)
    assert target_names(document) == [
        "numpy", "numpy~gpu-box", "numpy-avx2", "numpy-avx2~gpu-box", "tensorflow-gpu",
    ]  # fmt: skip
    by_name = {t["name"]: t for t in document["targets"]}
    assert (by_name["tensorflow-gpu"]["status"], by_name["tensorflow-gpu"]["machines"]) == ("ok", ["gpu-box"])
    rows = tables.records(document["measurements"])
    gpu_rows = [r for r in rows if r["target"] == "tensorflow-gpu"]
    assert {r["status"] for r in gpu_rows} == {"ok"}  # the rows "unavailable" of the other machine are gone
    own = tables.records(store.read_document(Path(cpu) / "results.json")["measurements"])
    assert [r for r in rows if r["target"] == "numpy"] == [r for r in own if r["target"] == "numpy"]
    pairs = {(r["first"], r["second"]) for r in tables.records(document["agreement"])}
    assert pairs == {("numpy", "numpy-avx2"), ("numpy~gpu-box", "numpy-avx2~gpu-box")}
    assert {a["target"] for a in document["meaning"][0]["answers"]} >= {"numpy", "numpy~gpu-box"}
    assert "numpy~gpu-box" in profiles["tanh"]["cases"][0]["targets"]
    assert found(document) == []
    assert {r["target"] for r in tables.records(document["gates"])} <= {*target_names(document), None}


def test_what_ran_nowhere_is_told_once(box: Callable[..., str]) -> None:
    document, _ = joined(box("a"), box("b", ARM))
    gpu = [t for t in document["targets"] if t["measured_as"] == "tensorflow-gpu"]
    assert [(t["name"], t["status"], t["machines"]) for t in gpu] == [("tensorflow-gpu", "unavailable", ["a"])]
    rows = [r for r in tables.records(document["measurements"]) if r["target"] == "tensorflow-gpu"]
    assert len({(r["spec"], r["function"], r["dtype"], r["case"]) for r in rows}) == len(rows)


@pytest.mark.parametrize(
    ("change", "table", "what"),
    [
        (cell("measurements", "max_ulp", 3.25, **TANH), "measurements", "max_ulp"),
        (cell("measurements", "seed", "other", **TANH), "measurements", "seed"),
        (cell("special", "got", "0x1.8p+0", function="sqrt", target="numpy"), "special", "got"),
        (cell("self_agreement", "tested", 3, target="numpy"), "self_agreement", "tested"),
        (cell("subnormals", "inputs", "zero", target="numpy"), "subnormals", "inputs"),
        (cell("agreement", "equal", 1, first="numpy", second="numpy-avx2"), "agreement", "equal"),
    ],
)
def test_the_same_target_with_other_numbers_is_a_contradiction(
    box: Callable[..., str], change: Callable[[dict[str, Any]], None], table: str, what: str
) -> None:
    one, two = box("one"), box("two", another_run("2027-01-01T00:00:00+00:00"), change)
    document, _ = joined(one, two)
    (row,) = found(document)
    assert (row["table"], row["what"], row["target"]) == (table, what, "numpy")
    assert (row["first_machine"], row["second_machine"]) == ("one", "two")
    assert row["first"] != row["second"]
    assert (row["first_target"], row["second_target"]) == ("numpy", "numpy~two")
    apart = {"numpy", "numpy~two"} | ({"numpy-avx2~two"} if table == "agreement" else set())
    assert apart <= set(target_names(document))  # both are shown, none overwrites the other
    assert ("numpy-avx2~two" in target_names(document)) is (table == "agreement")
    if table == "measurements":
        place = TANH | {"case": row["case"], "regime": row["regime"]}
        kept = {r["target"]: r[what] for r in tables.records(document[table])
                if place.items() <= (r | {"target": r["target"].split("~")[0]}).items()}  # fmt: skip
        assert kept == {"numpy": row["first"], "numpy~two": row["second"]}


@pytest.mark.parametrize("table", ["determinism", "gates"])
def test_what_may_differ_between_two_runs_contradicts_nothing(box: Callable[..., str], table: str) -> None:
    column = {"determinism": "run_differs", "gates": "found"}[table]
    one = box("one")
    two = box(
        "two", another_run("2027-01-01T00:00:00+00:00"), cell(table, column, 7 if table == "determinism" else "7")
    )
    document, _ = joined(one, two)
    assert found(document) == []
    assert "numpy~two" not in target_names(document)


def test_why_something_was_refused_is_words_that_may_differ(box: Callable[..., str]) -> None:
    reason = "refused: ValueError: in /a/file.py"
    place = {"function": "sqrt", "target": "numpy"}
    one = box("one", cell("special", "got", reason, **place))
    two = box("two", another_run("2027-01-01T00:00:00+00:00"), cell("special", "got", reason + "x", **place))
    other = box(
        "other", another_run("2027-02-01T00:00:00+00:00"), cell("special", "got", "refused: TypeError", **place)
    )
    assert found(joined(one, two)[0]) == []
    assert [r["what"] for r in found(joined(one, other)[0])] == ["got"]


def test_figures_that_differ_alone_are_a_contradiction(box: Callable[..., str]) -> None:
    one, two = box("one"), box("two", another_run("2027-01-01T00:00:00+00:00"))
    sources = [mergefiles.load(w, Path("nowhere"), "merged", None) for w in (one, two)]
    sources[1].profiles["tanh"]["cases"][0]["targets"]["numpy"]["count"][0] += 1
    document, _ = merge.merge(sources, "merged")
    assert [(r["table"], r["what"], r["function"]) for r in found(document)] == [("profiles", "count", "tanh")]


# -- order, and merges of merges ------------------------------------------------------------------------------
def test_only_which_is_first_matters(box: Callable[..., str]) -> None:
    a, b, c = box("a"), box("b", ARM), box("c", *GPU)
    first = joined(a, b, c)
    assert text(first[0]) == text(joined(a, c, b)[0])
    assert text(first[1]) == text(joined(a, c, b)[1])
    assert target_names(joined(b, a, c)[0])[:2] == ["numpy", "numpy~a"]
    assert text(joined(b, a, c)[0]) == text(joined(b, c, a)[0])


def test_merging_what_is_merged_is_the_same_as_merging_all(box: Callable[..., str], tmp_path: Path) -> None:
    differs = cell("measurements", "max_ulp", 3.25, **TANH)
    a, b, c = box("a"), box("b", another_run("2027-01-01T00:00:00+00:00"), differs), box("c", *GPU)
    d = box("d", another_run("2027-02-01T00:00:00+00:00"))
    inner = str(store.write_version(tmp_path / "inner", *joined(a, c), store.Pages(lambda _: None, lambda *_: "")))
    other = str(store.write_version(tmp_path / "other", *joined(d, b), store.Pages(lambda _: None, lambda *_: "")))
    whole = joined(a, b, c, d)
    assert [r["second_target"] for r in found(whole[0])] == ["numpy~b"]
    for pieces in ((inner, b, d), (inner, other), (inner, d, inner, b, a), (a, inner, other)):
        document, profiles = joined(*pieces)
        for key in whole[0]:
            assert document[key] == whole[0][key], (pieces, key)
        assert text(profiles) == text(whole[1])


def test_every_table_has_its_way_of_merging() -> None:
    assert set(store.TABLES) == set(tables.COLUMNS) == {*contradictions.FORMS, "problems", "contradictions"}


# -- names ------------------------------------------------------------------------------------------------------
def test_machines_of_one_label_are_called_by_their_processors(box: Callable[..., str]) -> None:
    a, b = box("a", machine("Intel(R) Xeon(R) CPU @ 2.20GHz"), label="dev"), box("b", *GPU, label="dev")
    document, _ = joined(a, b)
    assert [m["name"] for m in document["provenance"]["machines"]] == ["intel-xeon", "xeon-8481c-gpu"]
    c = box("c", another_run("2027-01-01T00:00:00+00:00"), machine("Intel(R) Xeon(R) CPU @ 2.20GHz"), label="dev")
    names = [m["name"] for m in joined(a, c, b)[0]["provenance"]["machines"]]
    assert names == ["intel-xeon-1", "intel-xeon-2", "xeon-8481c-gpu-1"]
    named, _ = joined(a, b, a="main", b="gpu")
    assert target_names(named)[:2] == ["numpy", "numpy~gpu"]


def test_one_name_for_two_runs_is_refused(box: Callable[..., str]) -> None:
    told = refused(box("a"), box("b", ARM), a="same", b="same")
    assert "'same' stands for two runs" in told
    assert "--name DIR=NAME" in told


@pytest.mark.parametrize("name", ["", "a b", "a~b", "x/y", "é", "a" * 65])
def test_names_that_cannot_stand_behind_a_target(box: Callable[..., str], name: str) -> None:
    assert "--name: got" in refused(box("a"), box("b", ARM), b=name)


def test_a_merged_version_keeps_the_names_of_its_machines(box: Callable[..., str], tmp_path: Path) -> None:
    pages = store.Pages(lambda _: None, lambda *_: "")
    inner = str(store.write_version(tmp_path / "inner", *joined(box("a"), box("b", ARM)), pages))
    assert "keep theirs" in refused(box("c", *GPU), inner, merged="x")


def test_the_processor_in_a_word() -> None:
    assert machines.machine_word({"cpu_model": "AMD EPYC 7B13 64-Core Processor"}) == "amd-epyc-7b13-64-core"
    assert machines.machine_word({"cpu_model": "", "machine": "aarch64"}) == "aarch64"
    assert machines.machine_word({}) == "machine"


# -- what cannot stand in one version ---------------------------------------------------------------------------
def changed(**changes: Any) -> Callable[[dict[str, Any]], None]:
    return lambda document: document.update(changes)


def other_spec(document: dict[str, Any]) -> None:
    document["specs"][0]["sha256"] = "f" * 64


def other_oracle(document: dict[str, Any]) -> None:
    document["provenance"]["oracle"]["mpmath"] = "0.1"


def other_function(document: dict[str, Any]) -> None:
    document["functions"][0]["sentence"] = "Another one."


def other_problem(document: dict[str, Any]) -> None:
    document["problems"]["rows"][0][tables.PROBLEM_COLUMNS.index("inputs")] = "gen:other:1:7"


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (changed(generator={"name": "reportgen", "version": "9.9"}), r"and reportgen 9.9, expected one release"),
        (changed(depth="standard"), "depths quick and standard"),
        (other_spec, "a spec 'small' of different content"),
        (other_oracle, "mpmath"),
        (other_function, "describe the function 'sqrt' differently"),
        (other_problem, "describe the problem 'max "),
    ],
)
def test_results_that_do_not_belong_together_are_refused(
    box: Callable[..., str], change: Callable[[dict[str, Any]], None], told: str
) -> None:
    a, b = box("a"), box("b", ARM, change)
    words = refused(a, b)
    assert told in words
    assert a in words
    assert b in words


# -- files --------------------------------------------------------------------------------------------------------
def publish(where: list[str], output: Path, label: str = "merged", **more: Any) -> tuple[list[str], Path, bool]:
    return mergefiles.merge_versions(where, more.get("names", ()), output, label, more.get("fresh", False), PAGES)


def test_a_merged_version_is_published_valid_and_without_broken_links(
    box: Callable[..., str], tmp_path: Path, tree_digest: Callable[[Path], str]
) -> None:
    differs = cell("measurements", "max_ulp", 3.25, **TANH)
    a, b, c = box("a"), box("b", another_run("2027-01-01T00:00:00+00:00"), differs), box("gpu-box", *GPU)
    lines, folder, contradicted = publish([a, b, c], tmp_path / "out")
    assert contradicted
    assert lines[0] == "version merged: 3 machines, 3 functions"
    assert any("max_ulp" in line and "3.25 on b" in line for line in lines)
    schema = json.loads((Path(store.__file__).parent / "results.schema.json").read_text())
    jsonschema.validate(json.loads((folder / "results.json").read_text()), schema)
    assert broken_links(folder) == []
    page = (folder / "provenance.html").read_text(encoding="utf-8")
    assert 'id="machines"' in page
    assert 'id="contradictions"' in page
    assert "Xeon 8481C, with a GPU" in page
    assert "3.25 on b, as numpy~b" in page
    assert "Measured on 3 machines" in (folder / "index.html").read_text(encoding="utf-8")
    assert "numpy~gpu-box" in (folder / "functions" / "tanh.html").read_text(encoding="utf-8")
    assert "Contradictions between machines" in (folder / "report.md").read_text(encoding="utf-8")
    assert publish([a, c, b], tmp_path / "again")[1:] == (tmp_path / "again" / "merged", True)
    assert tree_digest(tmp_path / "again" / "merged") == tree_digest(folder)
    lines, _, _ = publish([a, b, c], tmp_path / "out")
    assert lines[0].startswith("nothing changed")


def test_one_machine_alone_has_no_such_sections(box: Callable[..., str], tmp_path: Path) -> None:
    folder = Path(box("a"))
    (folder / "SHA256SUMS").unlink()
    render_version(folder)
    page = (folder / "provenance.html").read_text(encoding="utf-8")
    assert 'id="machines"' not in page
    assert 'id="contradictions"' not in page
    assert "machines" not in (folder / "index.html").read_text(encoding="utf-8").split("</section>")[0]


def test_lone_files_are_merged_without_figures(box: Callable[..., str], tmp_path: Path) -> None:
    a, b = box("a"), box("b", ARM)
    shutil.copy(Path(b) / "results.json", tmp_path / "from-b.json")
    lines, folder, contradicted = publish([a, str(tmp_path / "from-b.json")], tmp_path / "out")
    assert not contradicted
    assert any("no profiles beside" in line for line in lines)
    profile = store.read_profile(folder, "tanh")
    assert list(profile["cases"][0]["targets"]) == ["numpy", "numpy-avx2"]


def test_an_existing_label_is_replaced_only_if_asked_to(box: Callable[..., str], tmp_path: Path) -> None:
    a, b, c = box("a"), box("b", ARM), box("c", *GPU)
    folder = publish([a, b], tmp_path / "out")[1]
    before = (folder / "results.json").read_bytes()
    with pytest.raises(ReportgenError, match="exists with other content"):
        publish([a, c], tmp_path / "out")
    assert (folder / "results.json").read_bytes() == before
    publish([a, c], tmp_path / "out", fresh=True)
    assert (folder / "results.json").read_bytes() != before


@pytest.mark.parametrize(
    ("where", "more", "told"),
    [
        (["a"], {}, "at least two"),
        ([], {}, "at least two"),
        (["a", "none"], {}, "none: no version"),
        (["a", "empty"], {}, "holds no results.json"),
        (["a", "b"], {"names": ["b"]}, "expected DIR=NAME"),
        (["a", "b"], {"names": ["c=x"]}, "not one of the folders"),
        (["a", "b"], {"names": ["b=x", "b=y"]}, "expected one name"),
        (["a", "b"], {"label": "a"}, "one of the versions to be merged"),
        (["a", "cut"], {}, "cut off"),
        (["a", "copy"], {}, "carries the label 'a'"),
    ],
)
def test_requests_that_cannot_be_met_leave_no_trace(
    box: Callable[..., str],
    tmp_path: Path,
    tree_digest: Callable[[Path], str],
    monkeypatch: pytest.MonkeyPatch,
    where: list[str],
    more: dict[str, Any],
    told: str,
) -> None:
    """Folders are labels in the output folder here, which must be as it was."""
    a, b = Path(box("a")), Path(box("b", ARM))
    output = tmp_path / "out"
    output.mkdir()
    for folder in (a, b):
        folder.rename(output / folder.name)
    (tmp_path / "empty").mkdir()
    shutil.copytree(output / "a", output / "copy")
    shutil.copytree(output / "b", output / "cut")
    (output / "cut" / "results.json").write_bytes((output / "b" / "results.json").read_bytes()[:5000])
    monkeypatch.chdir(tmp_path)
    before = tree_digest(output)
    with pytest.raises((RequestError, StoredResultError)) as caught:
        publish(where, output, **more)
    assert told in str(caught.value)
    assert tree_digest(output) == before
