"""A user's own domain: in words, in tables, and in what explain says of one input."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from reportgen.cli import main
from reportgen.core.domains import domain_words
from reportgen.core.errors import SpecError
from reportgen.core.floats import FORMATS
from reportgen.core.model import InputSpec
from reportgen.measure import domains as module
from reportgen.measure.domains import cases_of, contains, domains
from reportgen.measure.explain import decimal_of, explain
from reportgen.measure.specfile import read_spec

SPEC = """
title = "Mine"
targets = ["numpy"]

[[case]]
name = "range"
function = "exp"
dtypes = ["float32"]
inputs = {{ interval = [-3, 5], samples = 500 }}

[[case]]
name = "steps"
function = "exp"
dtypes = ["float32"]
inputs = {{ arange = [0, 2, 0.5] }}

[[case]]
name = "listed"
function = "exp"
dtypes = ["float32"]
inputs = {{ values = ["1", "nan", "-0"] }}

[[case]]
name = "file"
function = "exp"
dtypes = ["float32"]
inputs = {{ npy = "{npy}" }}

[[case]]
name = "pairs"
function = "atan2"
dtypes = ["float64"]
inputs = {{ intervals = [[-1, 1], [0.5, 2]], distribution = "ordinals" }}

[[case]]
name = "pair-file"
function = "atan2"
dtypes = ["float64"]
inputs = {{ npy = "pairs.npy" }}

[[case]]
name = "whole"
function = "log"
dtypes = ["float64"]
"""


@pytest.fixture
def place(tmp_path: Path) -> Path:
    np.save(tmp_path / "in.npy", np.array([0.25, -1.5, 3.0], np.float32))
    np.save(tmp_path / "pairs.npy", np.array([[1.0, 2.0], [3.0, 4.0]]))
    (tmp_path / "mine.toml").write_text(SPEC.format(npy="in.npy"), encoding="utf-8")
    return tmp_path


def held(place: Path, function: str, dtype: str, *point: float) -> dict[str, bool]:
    """The cases of the spec by name: whether each holds the point."""
    found = cases_of(read_spec(place / "mine.toml"), function, dtype)
    return {case.inputs.name: contains(case, point) for case in found}


def test_domains_in_words(place: Path) -> None:
    words = {c.inputs.name: domain_words(c.inputs) for c in read_spec(place / "mine.toml").cases}
    assert words["range"] == "uniform [-3, 5]"
    assert words["steps"] == "arange 0 to 2 by 0.5"
    assert words["listed"] == "listed values"
    assert words["file"].startswith("file in.npy, sha256 ")
    assert words["pairs"] == "ordinals [-1, 1] × [0.5, 2]"
    assert words["whole"] == domain_words(InputSpec()) == "ordinals"


def test_a_point_is_inside_or_outside(place: Path) -> None:
    outside = {"range": False, "steps": False, "listed": False, "file": False}
    assert held(place, "exp", "float32", 7.0) == outside
    assert held(place, "exp", "float32", 5.0) == outside | {"range": True}
    assert held(place, "exp", "float32", -3.0) == outside | {"range": True}
    assert held(place, "exp", "float32", 1.5) == outside | {"range": True, "steps": True}
    assert held(place, "exp", "float32", 2.0) == outside | {"range": True}, "the stop of an arange is not in it"
    assert held(place, "exp", "float32", 0.25) == outside | {"range": True, "file": True}
    assert held(place, "exp", "float32", float("nan")) == outside | {"listed": True}
    assert held(place, "exp", "float32", 0.0) == outside | {"range": True, "steps": True, "listed": True}


def test_points_of_several_arguments_are_looked_for_together(place: Path) -> None:
    assert held(place, "atan2", "float64", 0.5, 1.0) == {"pairs": True, "pair-file": False}
    assert held(place, "atan2", "float64", 0.5, 3.0) == {"pairs": False, "pair-file": False}
    assert held(place, "atan2", "float64", 1.0, 3.0) == {"pairs": False, "pair-file": True}
    assert held(place, "atan2", "float64", 1.0, 4.0) == {"pairs": False, "pair-file": False}
    assert held(place, "log", "float64", 1e300) == {"whole": True}


DOCUMENT: dict[str, Any] = {
    "function": "exp", "dtype": "float32", "input": ["0x1.0p+0"],
    "answers": [
        {"target": "numpy", "path": "body", "ulp": 0.25}, {"target": "numpy", "path": "tail", "ulp": 0.75},
        {"target": "tensorflow", "path": "", "ulp": None},
    ],
}  # fmt: skip


def versions(monkeypatch: pytest.MonkeyPatch, *documents: dict[str, Any]) -> None:
    """Stored versions, newest first; one without measurements cannot be read."""
    by_label = {d["label"]: d for d in documents}

    def read(path: Path) -> dict[str, Any]:
        found = by_label[path.parent.name]
        if "measurements" not in found:
            raise module.StoredResultError("damaged")
        return found

    monkeypatch.setattr(module.store, "list_versions", lambda output: [{"label": label} for label in by_label])
    monkeypatch.setattr(module.store, "read_document", read)


def version(label: str, case: str, sha256: str = "", *rows: tuple[str, str, float | None]) -> dict[str, Any]:
    columns = ["spec", "function", "dtype", "case", "target", "regime", "status", "max_ulp", "worst_input"]
    table = [
        ["mine", "exp", "float32", case, target, regime, "ok" if ulp is not None else "failed", ulp, "0x1p+1"]
        for target, regime, ulp in rows
    ]
    specs = [{"name": "mine", "sha256": sha256}]
    return {"label": label, "specs": specs, "measurements": {"columns": columns, "rows": table}}


def test_the_newest_version_with_the_case_stands_beside_it(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    spec = read_spec(place / "mine.toml")
    rows = (("numpy", "all", 1.5), ("numpy", "all", 2.5), ("numpy", "normal", 9.0), ("tensorflow", "all", 1.0))
    versions(
        monkeypatch,
        version("3", "other", "", ("numpy", "all", 7.0)),
        {"label": "damaged"},
        version("2", "range", spec.sha256, *rows, ("tensorflow-gpu", "all", None)),
        version("1", "range", "", ("numpy", "all", 8.0)),
    )
    found = {d["case"]: d for d in domains(spec, "output", DOCUMENT)}
    assert found["range"] == {
        "spec": "mine", "case": "range", "domain": "uniform [-3, 5]", "inside": True, "version": "2", "same_spec": True,
        "maxima": [
            {"target": "numpy", "max_ulp": 2.5, "worst_input": "0x1p+1", "ulp": 0.75},
            {"target": "tensorflow", "max_ulp": 1.0, "worst_input": "0x1p+1", "ulp": None},
        ],
    }  # fmt: skip
    assert (found["file"]["version"], found["file"]["same_spec"], found["file"]["maxima"]) == (None, None, [])


def test_a_version_of_another_text_of_the_spec_is_told(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    versions(monkeypatch, version("1", "range", "0" * 64, ("numpy", "all", 8.0)))
    found = domains(read_spec(place / "mine.toml"), "output", DOCUMENT)[0]
    assert (found["version"], found["same_spec"]) == ("1", False)


# -- the command line ----------------------------------------------------------------------------------
def asked(capsys: pytest.CaptureFixture[str], *argv: str) -> tuple[int, str, str]:
    code = main(["explain", "exp", "--dtype", "float32", "--x", "1.5", "--targets", "numpy", *argv])
    out, err = capsys.readouterr()
    return code, out, err


def test_explain_says_where_an_input_lies(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    spec = str(place / "mine.toml")
    code, out, _ = asked(capsys, "--spec", spec, "--output", str(place / "none"))
    assert code == 0
    assert "inside case range of mine: uniform [-3, 5]\nno stored version has measured it" in out
    assert "outside case listed of mine: listed values" in out
    code, out, _ = asked(capsys, "--spec", spec, "--output", str(place / "none"), "--json")
    entries = {d["case"]: d for d in json.loads(out)["domains"]}
    assert {name: d["inside"] for name, d in entries.items()} == {
        "range": True, "steps": True, "listed": False, "file": False,
    }  # fmt: skip
    code, out, _ = asked(capsys)
    assert "domain" not in out


def test_a_spec_without_the_function_says_so(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (place / "other.toml").write_text('title = "Other"\nfunctions = ["log"]\ntargets = ["numpy"]\n', encoding="utf-8")
    _, out, _ = asked(capsys, "--spec", str(place / "other.toml"))
    assert "no case of that spec measures exp in float32" in out


def test_a_spec_that_cannot_be_read_is_refused_first(
    place: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("reportgen.measure.explain.Bench", None)
    code, out, err = asked(capsys, "--spec", str(place / "absent.toml"))
    assert (code, out) == (2, "")
    assert "absent.toml: cannot be read" in err
    assert err.count("\n") == 1


# -- files of inputs -----------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("array", "what"),
    [
        (np.array([1.0, np.nan], np.float32), "element 1 is nan, expected numbers (nan may stand in \"values\")"),
        (np.array([0.5, 0.1]), "element 1 is 0x1.999999999999ap-4"),
        (np.arange(4), "holds int64, expected float16, float32 or float64"),
        (np.zeros((2, 3), np.float32), "has shape (2, 3), expected (n,) with n > 0"),
        (np.zeros(0, np.float32), "has shape (0,), expected (n,) with n > 0"),
        (np.array(["a"]), "holds <U1, expected float16, float32 or float64"),
    ],
)  # fmt: skip
def test_a_file_that_does_not_fit_gives_one_clear_line(place: Path, array: Any, what: str) -> None:
    np.save(place / "wrong.npy", array)
    (place / "wrong.toml").write_text(SPEC.format(npy="wrong.npy"), encoding="utf-8")
    with pytest.raises(SpecError) as caught:
        read_spec(place / "wrong.toml")
    text = str(caught.value)
    assert "\n" not in text
    assert "inputs.npy: " + what in text


# -- decimals ------------------------------------------------------------------------------------------
def test_decimals_are_the_shortest_of_their_own_dtype() -> None:
    assert decimal_of(float(np.float32(0.1)), FORMATS["float32"]) == "0.1"
    assert decimal_of(0.1, FORMATS["float64"]) == "0.1"
    assert decimal_of(float(np.float16(0.1)), FORMATS["float16"]) == "0.1"
    assert decimal_of(float(np.float32(-0.1)), FORMATS["float64"]) == "-0.10000000149011612"
    assert decimal_of(-1e-300, FORMATS["float64"]) == "-1e-300"
    assert [decimal_of(x, FORMATS["float32"]) for x in (float("nan"), float("-inf"))] == ["nan", "-inf"]
    rng = np.random.default_rng(3)
    for x in rng.uniform(-1, 1, 200).astype(np.float32).astype(np.float64) * 1e-3:
        rounded = float(np.float32(x))
        assert float(np.float32(decimal_of(rounded, FORMATS["float32"]))) == rounded


def test_explain_prints_them() -> None:
    (answer, *_) = explain("sqrt", "float32", ["0x1p-3"], ["numpy"])["answers"]
    assert answer["output_decimal"] == "0.35355338"
