"""Versions are whole or absent; damaged ones are said to be, and never block the others."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import os
import zipfile

import pytest

from reportgen.core.errors import OutputError, StoredResultError
from reportgen.results import files, integrity, store, tables


def document(label="1.0", **changes):
    base = {
        "schema": 1, "label": label, "generator": {"name": "reportgen", "version": "0"}, "depth": "quick", "specs": [],
        "functions": [{"name": "exp"}],
        "targets": [{"name": "numpy", "version": "2.4.6", "status": "ok", "mode": "eager"}],
        "measurements": tables.table(tables.MEASUREMENT_COLUMNS, [
            {"spec": "s", "function": "exp", "dtype": "float32", "case": "ordinals", "target": "numpy", "path": "body",
             "regime": "all", "status": "ok", "max_ulp": 0.1, "reason": 'said "no", twice'}]),
        "agreement": tables.table(tables.AGREEMENT_COLUMNS, []),
        "special": tables.table(tables.SPECIAL_COLUMNS, []),
        "subnormals": tables.table(tables.SUBNORMAL_COLUMNS, []),
        "self_agreement": tables.table(tables.SELF_AGREEMENT_COLUMNS, []),
        "meaning": [],
        "provenance": {"time": "2026-01-01T00:00:00+00:00", "plan": "p"},
        "determinism": tables.table(tables.DETERMINISM_COLUMNS, [
            {"spec": "s", "function": "exp", "dtype": "float32", "case": "ordinals", "target": "numpy",
             "run_differs": 0, "run_tested": 300}]),
        "timing": {"seconds": 1.0, "table": tables.table(tables.TIMING_COLUMNS, [
            {"spec": "s", "function": "exp", "dtype": "float32", "case": "ordinals", "target": "numpy",
             "ns_per_element": 0.5}])},
    }  # fmt: skip
    base.update(changes)
    return base


def render(folder):
    (folder / "index.html").write_text("page")


def index(output, versions):
    return "\n".join(v["label"] for v in versions)


PAGES = store.Pages(render, index)


def write(output, label="1.0", **changes):
    return store.write_version(output, document(label, **changes), {"exp": {"function": "exp", "cases": []}}, PAGES)


def rewrite(folder, raw):
    """Other results, closed with a checksum that fits, in a folder whose list of checksums is gone."""
    raw.pop("sha256")
    (folder / "results.json").write_text(integrity.sealed(store.dumps(raw)))
    (folder / "SHA256SUMS").unlink()


def tree(folder):
    return {
        str(p.relative_to(folder)): hashlib.sha256(p.read_bytes()).hexdigest()
        for p in sorted(folder.rglob("*")) if p.is_file() and not p.is_symlink()
    }  # fmt: skip


def test_a_version_has_every_file_and_sums_that_hold(tmp_path):
    folder = write(tmp_path)
    names = {str(p.relative_to(folder)) for p in folder.rglob("*") if p.is_file()}
    assert names == {
        "results.json", "results.csv", "agreement.csv", "special.csv", "subnormals.csv",
            "profiles/exp.json", "index.html", "summary.json", "SHA256SUMS",
        "reportgen-1.0.zip",
    }  # fmt: skip
    for line in (folder / "SHA256SUMS").read_text().splitlines():
        digest, name = line.split("  ")
        assert hashlib.sha256((folder / name).read_bytes()).hexdigest() == digest
    assert os.readlink(tmp_path / "latest") == "1.0"
    listed = json.loads((tmp_path / "versions.json").read_text())
    assert [v["label"] for v in listed] == ["1.0"]
    assert listed[0]["aliases"] == ["latest"]
    with zipfile.ZipFile(folder / "reportgen-1.0.zip") as archive:
        assert archive.testzip() is None
        assert "reportgen-1.0/results.json" in archive.namelist()


def test_the_same_document_gives_the_same_bytes(tmp_path):
    first, second = write(tmp_path / "a"), write(tmp_path / "b")
    assert tree(first) == tree(second)


def test_publishing_again_replaces_and_leaves_no_remains(tmp_path):
    write(tmp_path)
    write(tmp_path, depth="standard")
    assert store.read_document(tmp_path / "1.0" / "results.json")["depth"] == "standard"
    assert sorted(p.name for p in tmp_path.iterdir()) == ["1.0", "index.html", "latest", "versions.json"]


def test_without_the_kernels_exchange_it_works_too(tmp_path, monkeypatch):
    monkeypatch.setattr(files, "exchange", lambda *_: False)
    write(tmp_path)
    write(tmp_path, depth="standard")
    assert store.read_document(tmp_path / "1.0" / "results.json")["depth"] == "standard"
    assert sorted(p.name for p in tmp_path.iterdir()) == ["1.0", "index.html", "latest", "versions.json"]


@pytest.mark.parametrize("where", ["render", "seal", "publish"])
def test_a_failure_on_the_way_leaves_the_older_version_untouched(tmp_path, monkeypatch, where):
    write(tmp_path)
    before = tree(tmp_path)

    def broken(*_args, **_kwargs):
        raise OSError("no space left on device")

    if where == "seal":
        monkeypatch.setattr(store, "seal", broken)
    if where == "publish":
        monkeypatch.setattr(files, "publish_folder", broken)
    with pytest.raises(OSError, match="no space"):
        store.write_version(
            tmp_path, document(depth="standard"), {}, store.Pages(broken if where == "render" else render, index)
        )
    assert tree(tmp_path) == before
    assert not list(tmp_path.glob(".staged*"))


@pytest.mark.parametrize(
    "label", ["a/b", "..", "", ".hidden", "latest", "versions.json", "a" * 65, "x..y", "-x", "a b", "a\n"]
)
def test_labels_that_cannot_be_folders_are_refused(label):
    with pytest.raises(OutputError):
        store.check_label(label)


@pytest.mark.parametrize("label", ["dev", "2.1.0", "2026-11-22", "v1_rc+2"])
def test_labels_that_can(label):
    assert store.check_label(label) == label


def test_an_output_that_is_a_file_is_refused(tmp_path):
    (tmp_path / "f").write_text("x")
    with pytest.raises(OutputError):
        store.check_output(tmp_path / "f")
    with pytest.raises(OutputError):
        store.check_output(tmp_path / "f" / "below")
    store.check_output(tmp_path / "new" / "deeper")
    assert not (tmp_path / "new").exists()


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[]",
        '{"schema": 99}',
        '{"schema": 1}',
        '{"schema": "1"}',
        "\x00\xff",
        '{"schema": 1, "measurements": {"columns": ["a"], "rows": [[1, 2]]}}',
    ],
)
def test_damaged_results_are_said_to_be(tmp_path, text):
    (tmp_path / "results.json").write_bytes(text.encode("latin-1"))
    with pytest.raises(StoredResultError):
        store.read_document(tmp_path / "results.json")


def test_a_damaged_version_is_listed_as_such_beside_the_others(tmp_path):
    write(tmp_path)
    (tmp_path / "bad").mkdir()
    (tmp_path / "bad" / "results.json").write_text("{")
    versions = {v["label"]: v for v in store.list_versions(tmp_path)}
    assert "error" in versions["bad"]
    assert "error" not in versions["1.0"]


def test_the_digest_ignores_what_may_differ_between_two_runs_and_nothing_else(tmp_path):
    first = document()
    second = document(timing={"seconds": 9, "table": first["timing"]["table"]})
    second["provenance"] = dict(first["provenance"], time="2027-01-01")
    assert store.settled_digest(first) == store.settled_digest(second)
    assert store.settled_digest(first) != store.settled_digest(document(depth="standard"))


def test_csv_is_rfc_4180_and_empty_where_nothing_applies(tmp_path):
    folder = write(tmp_path)
    raw = (folder / "results.csv").read_bytes().decode()
    assert raw.count("\r\n") == 2
    assert "\n" not in raw.replace("\r\n", "")
    row = next(csv.DictReader(io.StringIO(raw)))
    assert row["reason"] == 'said "no", twice'
    assert row["max_ulp"] == "0.1"
    assert row["mean_ulp"] == ""
    assert row["ns_per_element"] == "0.5"
    assert row["run_tested"] == "300"
    contract = [
        "spec", "function", "kind", "dtype", "case", "target", "library_version", "device", "path", "metric",
        "regime", "depth", "coverage", "samples", "status", "max_ulp", "worst_input", "worst_output",
        "worst_context", "exact", "settled_by", "mean_ulp", "rms_ulp", "bias_ulp", "p50_ulp", "p99_ulp",
        "p999_ulp", "max_abs", "max_rel", "correctly_rounded", "faithfully_rounded", "bound_ratio",
        "special_mismatches", "undecided", "position_differs", "position_tested", "layout_differs",
        "layout_tested", "constant_differs", "constant_tested", "run_differs", "run_tested", "threads_differ",
        "threads_tested", "seed", "shape", "ns_per_element",
    ]  # fmt: skip
    assert raw.split("\r\n")[0].split(",")[: len(contract)] == contract


def test_a_link_or_file_in_the_place_of_a_version_is_not_followed(tmp_path):
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "1.0").symlink_to(elsewhere)
    with pytest.raises(OutputError):
        write(tmp_path / "out")
    assert not list(elsewhere.iterdir())


def test_special_cases_are_stored_by_rule_and_read_in_words(tmp_path):
    functions = [{"name": "exp", "specials": [{"sentence": "a", "source": "S"}, {"sentence": "b", "source": "T"}]}]
    row = {"function": "exp", "dtype": "float32", "target": "numpy", "path": "body", "input": "nan", "expected": "nan"}
    rows = [dict(row, got="nan", sentence=s, source=t, agrees=1) for s, t in (("b", "T"), ("a", "S"))]
    special = tables.table(tables.SPECIAL_COLUMNS, rows)
    folder = write(tmp_path, functions=functions, special=special)
    raw = json.loads((folder / "results.json").read_text())
    assert [r[raw["special"]["columns"].index("rule")] for r in raw["special"]["rows"]] == [1, 0]
    assert "rule" not in raw["special"]["coded"]
    assert store.read_document(folder / "results.json")["special"] == special
    raw["special"]["rows"][0][raw["special"]["columns"].index("rule")] = 7
    rewrite(folder, raw)
    with pytest.raises(StoredResultError, match="rule"):
        store.read_document(folder / "results.json")


def test_columns_that_repeat_are_stored_once_and_read_back():
    rows = [{"function": f"f{i % 3}", "input": (i * 0.1).hex(), "agrees": None if i % 2 else 1} for i in range(40)]
    plain = tables.table(("function", "input", "agrees", "got"), rows)
    packed = tables.pack(plain)
    assert packed["coded"]["function"] == ["f0", "f1", "f2"]
    assert "input" not in packed["coded"]  # nothing repeats there
    assert packed["coded"]["got"] == [None]
    assert len(json.dumps(packed)) < len(json.dumps(plain))
    assert tables.pack(plain) == packed
    assert tables.unpack(json.loads(json.dumps(packed))) == plain
    assert tables.unpack(plain) is plain
    assert plain["rows"][0][0] == "f0"


@pytest.mark.parametrize("cell", [3, -1, "f0", None])
def test_an_index_that_names_no_value_is_a_damaged_table(tmp_path, cell):
    rows = [{"function": f"f{i % 3}", "target": "numpy"} for i in range(40)]
    folder = write(tmp_path, agreement=tables.table(tables.AGREEMENT_COLUMNS, rows))
    raw = json.loads((folder / "results.json").read_text())
    raw["agreement"]["rows"][5][tables.AGREEMENT_COLUMNS.index("function")] = cell
    rewrite(folder, raw)
    with pytest.raises(StoredResultError, match="agreement"):
        store.read_document(folder / "results.json")


def test_a_listed_version_is_read_again_only_if_it_changed(tmp_path, monkeypatch):
    write(tmp_path)
    read = []
    true = store.read_document
    monkeypatch.setattr(store, "read_document", lambda path: read.append(path) or true(path))
    assert [v["label"] for v in store.list_versions(tmp_path)] == ["1.0"]
    assert read == []
    write(tmp_path, depth="standard")
    assert [v["depth"] for v in store.list_versions(tmp_path)] == ["standard"]
    (tmp_path / "1.0" / "results.json").write_text("{")
    assert "error" in store.list_versions(tmp_path)[0]
