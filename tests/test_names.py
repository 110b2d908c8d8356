"""``list functions --missing`` and ``--excluded``, and the walk as a worker's answer and as a stored result."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from reportgen.catalogue import exclusions
from reportgen.catalogue.exclusions import lists
from reportgen.cli import main
from reportgen.core.model import Outcome, TargetSpec
from reportgen.measure import surface as module
from reportgen.measure.surface import one_per_library, stored_surface, walk_libraries, walked
from reportgen.results import store
from reportgen.results.tables import records

Asked = dict[str, Any]


def asked(library: str, *names: tuple[str, str, str]) -> Asked:
    """What a worker of a planted library answers; names are (namespace, name, kind)."""
    spaces: dict[str, list[list[Any]]] = {}
    for number, (namespace, name, kind) in enumerate(names):
        spaces.setdefault(namespace, []).append([name, kind, number])
    found = [{"name": namespace, "names": rows} for namespace, rows in spaces.items()]
    walk = {"library": library, "version": "9.9", "namespaces": found}
    return walked(library, Outcome("ok", reply={"surface": walk}))


GOOD = asked("numpy", ("numpy", "exp", "ufunc"), ("numpy", "append", "function"), ("numpy", "float32", "class"))
WORSE = asked("numpy", ("numpy", "exp", "ufunc"), ("numpy", "newufunc", "ufunc"))
ABSENT = walked("scipy", Outcome("unavailable", "SciPy is not installed"))


def listing(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], *found: Asked) -> tuple[int, str, str]:
    monkeypatch.setattr(module, "walk_libraries", lambda: list(found))
    code = main(["list", "functions", "--missing"])
    out, err = capsys.readouterr()
    return code, out, err


def test_what_is_missing_is_listed(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = listing(monkeypatch, capsys, WORSE)
    assert (code, out) == (0, "numpy.newufunc  ufunc\n")


def test_it_is_said_plainly_when_nothing_is(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    code, out, err = listing(monkeypatch, capsys, GOOD, ABSENT)
    assert code == 0
    assert out == "nothing is missing: each of the 3 public names of NumPy 9.9 is measured or excluded\n"
    assert "SciPy: unavailable: SciPy is not installed" in err
    assert "stale: numpy.fliplr is excluded, and this release has no such name" in err


def test_without_any_library_nothing_is_claimed(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    code, out, err = listing(monkeypatch, capsys, ABSENT)
    assert (code, out) == (0, "")
    assert "no library could be asked" in err


def test_exclusions_are_listed_with_their_reasons(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(module, "walk_libraries", None)
    assert main(["list", "functions", "--excluded"]) == 0
    out, _ = capsys.readouterr()
    lines = {line.split("  ")[0]: line for line in out.splitlines()}
    assert set(lists().excluded) <= set(lines)
    assert lines["numpy.append"].endswith(exclusions.REASONS["arranging"].sentence)
    assert "tensorflow.raw_ops.*" in lines
    assert "every class" in lines


def test_both_at_once_are_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["list", "functions", "--missing", "--excluded"]) == 2
    assert "contradict" in capsys.readouterr().err


def test_one_plain_target_a_library_is_asked() -> None:
    targets = [
        TargetSpec("xla", "tensorflow", "xla"), TargetSpec("gpu", "tensorflow", "eager", "GPU"),
        TargetSpec("eager", "tensorflow"), TargetSpec("second", "tensorflow"), TargetSpec("np", "numpy"),
    ]  # fmt: skip
    assert [t.name for t in one_per_library(targets)] == ["np", "eager"]
    assert [t.name for t in one_per_library(targets[:2])] == ["xla"]
    assert one_per_library([]) == []


def test_a_worker_answers_with_the_names_of_its_library() -> None:
    found = {a["library"]: a for a in walk_libraries(("numpy", "nonsense"))}
    names = {n for space in found["numpy"]["surface"]["namespaces"] for n, _, _ in space["names"]}
    assert {"exp", "concatenate", "float32"} <= names
    assert found["nonsense"]["surface"] is None
    assert found["nonsense"]["status"] != "ok"
    assert found["nonsense"]["reason"]


def test_the_stored_form_is_small_and_as_documented() -> None:
    stored = stored_surface([GOOD, ABSENT])
    schema = json.loads((Path(store.__file__).parent / "results.schema.json").read_text(encoding="utf-8"))
    jsonschema.validate(stored, schema["properties"]["surface"])
    assert stored["libraries"][1] == {
        "library": "scipy", "version": "", "status": "unavailable", "reason": "SciPy is not installed",
        "compared": exclusions.CHECKED["scipy"],
    }  # fmt: skip
    by_name = {row["name"]: row for row in records(stored["names"])}
    assert by_name["exp"]["functions"] == ["exp"]
    assert stored["reasons"][by_name["append"]["reason"]]["group"] == "Array manipulation"
    assert stored["reasons"][by_name["float32"]["reason"]]["group"] == "Types"
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(stored | {"names": None}, schema["properties"]["surface"])
    whole = stored_surface(walk_libraries(("numpy",)))
    assert len(json.dumps(whole)) < 60_000
