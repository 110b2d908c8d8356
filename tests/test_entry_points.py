"""Libraries of third parties: the example of docs/adapters.md is installed and measured; broken ones harm nobody."""

from __future__ import annotations

import csv
import os
import re
import subprocess
import sys
import venv
from pathlib import Path

import pytest

from reportgen.catalogue import libraries
from reportgen.catalogue.libraries import BUILTIN
from reportgen.catalogue.offered import offered
from reportgen.catalogue.targets import TARGETS

PLANTED = """
from pathlib import Path
from reportgen.core.libraries import Library
from reportgen.core.model import TargetSpec

def library(name="planted", title="Planted", target="planted", calls={"exp": "planted.exp"}, **more):
    fields = dict(module="", distributions=(), install="nothing", adapter=__file__ + ":Adapter", calls=calls,
                  targets=(TargetSpec(target, name, sentence="Planted."),))
    return Library(**dict(fields, name=name, title=title, **more))
"""


def install(folder: Path, name: str, points: str, modules: dict[str, str], version: str = "1.0") -> None:
    """What an installer leaves behind: modules, and a dist-info folder with metadata and entry points."""
    for path, text in modules.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text)
    info = folder / f"{name.replace('-', '_')}-{version}.dist-info"
    info.mkdir()
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n")
    (info / "entry_points.txt").write_text(f"[reportgen.libraries]\n{points}\n")


def environment(root: Path, folder: Path) -> Path:
    """An environment that sees all that this one has, and a folder of its own for what is installed there."""
    venv.create(folder, symlinks=True, with_pip=False)
    (site,) = (folder / "lib").glob("python*/site-packages")
    seen = [str(root), *(p for p in sys.path if p.endswith("site-packages"))]
    (site / "seen.pth").write_text("\n".join(seen) + "\n")
    return site


def run(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """``python -m reportgen`` in the environment of a folder."""
    env = {k: v for k, v in os.environ.items() if k not in ("PYTHONPATH", "VIRTUAL_ENV")}
    command = [str(folder / "bin" / "python"), "-m", "reportgen", *words]
    return subprocess.run(command, cwd=folder, env=env, capture_output=True, text=True, check=False)


def blocks(root: Path) -> dict[str, str]:
    """The example's files by name: the word before each block of docs/adapters.md."""
    text = (root / "docs" / "adapters.md").read_text(encoding="utf-8")
    return {m[1]: m[2] for m in re.finditer(r"^`([\w./]+)`[^\n]*\n\n```\w+\n(.*?)^```", text, re.DOTALL | re.MULTILINE)}


@pytest.fixture
def example(root: Path, tmp_path: Path) -> Path:
    """The documented example, installed as an installer would from its pyproject.toml."""
    import tomllib

    files = blocks(root)
    project = tomllib.loads(files.pop("pyproject.toml"))["project"]
    points = "\n".join(f"{k} = {v}" for k, v in project["entry-points"]["reportgen.libraries"].items())
    (tmp_path / "halfway.toml").write_text(files.pop("halfway.toml"))
    install(environment(root, tmp_path), project["name"], points, files, project["version"])
    return tmp_path


def results(folder: Path, output: str) -> dict[tuple[str, str, str], dict[str, str]]:
    """Body rows of all regimes together by function, dtype and target."""
    with (folder / output / "dev" / "results.csv").open() as stream:
        rows = [r for r in csv.DictReader(stream) if r["regime"] == "all" and r["path"] in ("body", "")]
    return {(r["function"], r["dtype"], r["target"]): r for r in rows}


def test_the_documented_example_is_measured_and_its_error_found(example: Path) -> None:
    done = run(example, "halfway.toml", "--output", "out", "--jobs", "1")
    assert done.returncode == 0, done.stderr
    found = results(example, "out")
    # float64 by way of float32: 29 bits are gone. NumPy's own exp and everything of float32 is as good as ever.
    assert float(found["exp", "float64", "halfway"]["max_ulp"]) > 2**24
    assert float(found["exp", "float64", "numpy"]["max_ulp"]) < 1
    for function, dtype in (("exp", "float32"), ("sqrt", "float32"), ("sqrt", "float64")):
        assert found[function, dtype, "halfway"]["max_ulp"] == found[function, dtype, "numpy"]["max_ulp"]
    assert {r["library_version"] for key, r in found.items() if key[2] == "halfway"} == {"1.0"}
    listed = run(example, "list", "targets")
    assert "Halfway: float64 by way of float32." in listed.stdout


@pytest.mark.parametrize(
    ("point", "said"),
    [
        ("library() if 1 / 0 else 0", "ZeroDivisionError"),
        ("sys_exit()", "cannot be loaded"),
        ("dict()", "is a dict, expected a reportgen.core.libraries.Library"),
        ('library("numpy")', "the name 'numpy' is taken by NumPy"),
        ('library("scipy", "Other")', "the name 'scipy' is taken by SciPy"),
        ('library("Planted")', "expected lower-case letters"),
        ('library("recorded")', "expected lower-case letters"),
        ('library(title="numpy")', "the title 'numpy' is taken"),
        ('library(target="numpy")', "the target 'numpy' is taken by numpy"),
        ('library(target="jax-xla")', "the target 'jax-xla' is taken by jax"),
        ('library(target="planted@1")', "expected lower-case letters"),
        ("library(targets=())", "no targets"),
        ('library(targets=(TargetSpec("planted", "numpy"),))', "says library = 'numpy', expected 'planted'"),
        ('library(adapter="numpy_adapter:Adapter")', "expected /path/to/file.py:CLASS"),
        ('library(adapter="/no/such/file.py:Adapter")', "does not exist"),
        ('library(calls={"expp": "planted.exp"})', "did you mean 'exp'?"),
        ('library(calls={"exp": "planted exp"})', "is not a dotted path"),
        ("library(everyday=True)", "everyday is for built-in libraries"),
        ("library(name=3)", "wrong type"),
        ("library(calls=3)", "wrong type"),
    ],
)
def test_what_cannot_be_used_has_a_reason(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, point: str, said: str
) -> None:
    module = f"planted_{abs(hash(point))}"
    extra = "import sys\ndef sys_exit():\n    sys.exit('no')\n"
    install(
        tmp_path, "planted", f"planted = {module}:OFFERED", {f"{module}.py": f"{PLANTED}{extra}OFFERED = {point}\n"}
    )
    monkeypatch.syspath_prepend(tmp_path)
    found, unusable = offered({x.name: x for x in BUILTIN}, TARGETS)
    (entry,) = unusable
    assert found == {}
    assert said in entry.reason
    assert entry.sentence().startswith("library 'planted', offered by planted 1.0, cannot be used: ")


def test_a_clean_one_is_taken_and_the_second_of_its_name_is_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("aaa", "bbb"):
        install(tmp_path, name, f"planted = {name}:OFFERED", {f"{name}.py": f"{PLANTED}OFFERED = library()\n"})
    monkeypatch.syspath_prepend(tmp_path)
    found, unusable = offered({x.name: x for x in BUILTIN}, TARGETS)
    assert list(found) == ["planted"]
    assert [(x.distribution, x.reason) for x in unusable] == [("bbb 1.0", "the name 'planted' is taken by Planted")]


def test_two_titles_that_differ_in_case_only_clash(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, made in (("ccc", "library()"), ("ddd", 'library("other", "PLANTED", "other")')):
        install(tmp_path, name, f"{name} = {name}:OFFERED", {f"{name}.py": f"{PLANTED}OFFERED = {made}\n"})
    monkeypatch.syspath_prepend(tmp_path)
    found, unusable = offered({x.name: x for x in BUILTIN}, TARGETS)
    assert (list(found), len(unusable)) == (["planted"], 1)


def test_no_entry_points_no_libraries() -> None:
    assert offered({x.name: x for x in BUILTIN}, TARGETS) == ({}, ())
    assert libraries.unusable() == ()
    assert libraries.why_unknown("anything") == ""


def test_a_broken_library_stops_only_the_run_that_names_it(root: Path, tmp_path: Path) -> None:
    site = environment(root, tmp_path)
    install(site, "broken", "broken = broken:LIBRARY", {"broken.py": "import no_such_module\n"})
    spec = 'title = "One"\nfunctions = ["floor"]\ndtypes = ["float32"]\n'
    (tmp_path / "mine.toml").write_text(spec + 'targets = ["numpy"]\n')
    done = run(tmp_path, "mine.toml", "--output", "out", "--jobs", "1")
    assert (done.returncode, done.stderr) == (0, "")
    said = (
        "library 'broken', offered by broken 1.0, cannot be used: broken:LIBRARY cannot be loaded (ModuleNotFoundError"
    )
    for name in ("broken", "broken-fast", "broken@1.0"):
        (tmp_path / "theirs.toml").write_text(f'{spec}targets = ["numpy", "{name}"]\n')
        done = run(tmp_path, "theirs.toml", "--output", "out")
        assert done.returncode == 2
        assert said in done.stderr
        assert done.stderr.count("\n") == 1
        assert "theirs.toml:4: targets[1]: unknown target" in done.stderr
    done = run(tmp_path, "explain", "exp", "--dtype", "float32", "--x", "1", "--targets", "broken")
    assert (done.returncode, said in done.stderr) == (2, True)


def test_doctor_names_what_is_broken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from reportgen.measure.environments import doctor_report

    install(tmp_path, "broken", "broken = broken_for_doctor:LIBRARY", {"broken_for_doctor.py": "LIBRARY = 1\n"})
    monkeypatch.syspath_prepend(tmp_path)
    libraries.found.cache_clear()
    try:
        (line,) = [f for f in doctor_report(start_workers=False) if f.what == "library broken"]
    finally:
        libraries.found.cache_clear()
    assert not line.ok
    assert "broken_for_doctor:LIBRARY is a int, expected" in line.found
    assert line.how == "repair or remove broken 1.0"
