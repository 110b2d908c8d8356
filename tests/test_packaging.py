"""The wheel, the locks and the Makefile: what a fresh machine gets."""

from __future__ import annotations

import ast
import json
import os
import re
import subprocess
import sys
import tomllib
import venv
import zipfile
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

LOCKS = ("requirements.lock", "requirements-dev.lock", "requirements-bootstrap.lock")
MODULES = {"flint": "python-flint", "yaml": "pyyaml", "importlinter": "import-linter", "tensorflow": "tensorflow-cpu"}


@pytest.fixture(scope="session")
def project(root: Path) -> dict[str, Any]:
    return tomllib.loads((root / "pyproject.toml").read_text())


def locked(path: Path) -> dict[str, str]:
    """Name and version of every entry of a lock."""
    found = re.findall(r"^([A-Za-z0-9._-]+)==(\S+)", path.read_text(), re.MULTILINE)
    return {canonicalize_name(name): version for name, version in found}


# -- the wheel -------------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def wheel(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    command = [
        sys.executable,
        "-m",
        "pip",
        "wheel",
        "--quiet",
        "--no-deps",
        "--no-build-isolation",
        "-w",
        str(folder),
        ".",
    ]
    subprocess.run(command, cwd=root, check=True, capture_output=True)
    (built,) = folder.glob("*.whl")
    return built


@pytest.fixture(scope="session")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A fresh environment with the wheel alone; the libraries come from the tests' own environment by a path file."""
    folder = tmp_path_factory.mktemp("installed")
    venv.create(folder, with_pip=False, symlinks=True)
    (site,) = folder.glob("lib/python3*/site-packages")
    command = [sys.executable, "-m", "pip", "--quiet", "--python", str(folder / "bin" / "python"), "install"]
    subprocess.run([*command, "--no-deps", "--no-index", str(wheel)], check=True, capture_output=True)
    import click

    (site / "libraries.pth").write_text(str(Path(click.__file__).parents[1]) + "\n")
    return folder


def in_wheel(folder: Path, where: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {key: value for key, value in os.environ.items() if not key.startswith("PYTHON")}
    return subprocess.run(
        [str(folder / "bin" / "reportgen"), *arguments],
        cwd=where,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_wheel_carries_what_a_report_needs(wheel: Path, root: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    for folder in ("templates", "specs"):
        for path in (root / folder).rglob("*"):
            if path.is_file() and path.suffix != ".pyc":
                assert f"reportgen/_data/{path.relative_to(root)}" in names
    for path in (root / "reportgen").rglob("*"):
        if path.is_file() and "__pycache__" not in path.parts and "_data" not in path.parts:
            assert str(path.relative_to(root)) in names
    assert not [name for name in names if name.startswith(("tests/", "output/", "benchmarks/", "docs/"))]


def test_the_installed_command_answers_from_anywhere(installed: Path, tmp_path: Path, project: dict[str, Any]) -> None:
    done = in_wheel(installed, tmp_path, "--help")
    assert (done.returncode, done.stderr) == (0, "")
    assert "SPEC_OR_DIR" in done.stdout
    done = in_wheel(installed, tmp_path, "list", "functions")
    assert done.returncode == 0
    assert len(done.stdout.splitlines()) >= 60
    assert list(tmp_path.iterdir()) == []


def test_the_installed_command_finds_its_own_specs_and_templates(installed: Path, tmp_path: Path) -> None:
    code = (
        "import json, reportgen.resources as r; from reportgen.measure.specfile import load_specs;"
        "print(json.dumps([str(r.data_dir('templates')), str(r.data_dir('specs')),"
        " [s.name for s in load_specs([r.data_dir('specs')])]]))"
    )
    environment = {key: value for key, value in os.environ.items() if not key.startswith("PYTHON")}
    command = [str(installed / "bin" / "python"), "-c", code]
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=True)
    templates, specs, names = json.loads(done.stdout)
    assert Path(templates).is_relative_to(installed)
    assert Path(specs).is_relative_to(installed)
    assert {"question", "elementwise"} <= set(names)


@pytest.mark.full
def test_the_installed_command_measures_and_renders(installed: Path, tmp_path: Path) -> None:
    done = in_wheel(installed, tmp_path, "--only", "sqrt:float16", "--targets", "numpy", "--label", "w")
    assert (done.returncode, done.stderr) == (0, "")
    assert "report: output/w/index.html" in done.stdout
    assert "sqrt" in (tmp_path / "output" / "w" / "index.html").read_text()
    assert (tmp_path / "output" / "w" / "functions" / "sqrt.html").is_file()


def test_a_checkout_uses_its_own_folders(root: Path) -> None:
    from reportgen.resources import data_dir

    assert data_dir("templates") == root / "templates"
    with pytest.raises(FileNotFoundError, match="nonsense"):
        data_dir("nonsense")


# -- the locks -------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", LOCKS)
def test_locks_are_hashed_and_bound_to_no_index(root: Path, name: str) -> None:
    text = (root / name).read_text()
    assert "://" not in text
    assert "--index" not in text
    assert "--find-links" not in text
    entries = [entry for entry in re.split(r"\n(?=\S)", text.strip()) if not entry.startswith("#")]
    assert entries
    assert [entry for entry in entries if "--hash=sha256:" not in entry] == []


def test_locks_hold_what_the_project_asks_for(root: Path, project: dict[str, Any]) -> None:
    runtime, dev = locked(root / LOCKS[0]), locked(root / LOCKS[1])
    tables = project["project"]
    wanted = [*tables["dependencies"], *project["dependency-groups"]["build"]]
    for lock, lines in ((runtime, wanted), (dev, [*wanted, *tables["optional-dependencies"]["dev"]])):
        for line in lines:
            requirement = Requirement(line)
            assert requirement.specifier.contains(lock[canonicalize_name(requirement.name)]), line
    assert {name: dev[name] for name in runtime} == runtime


def top_imports(folder: Path) -> set[str]:
    """Top-level names of everything imported anywhere in a folder, at any depth of a function."""
    found: set[str] = set()
    for path in folder.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Import):
                found.update(alias.name.split(".")[0] for alias in node.names)
            elif isinstance(node, ast.ImportFrom) and not node.level and node.module:
                found.add(node.module.split(".")[0])
    return found


def undeclared(folder: Path, requirements: list[str]) -> set[str]:
    declared = {canonicalize_name(Requirement(line).name) for line in requirements}
    worker = Path(__file__).parent.parent / "reportgen" / "worker"  # its files import each other by bare names
    own = {"reportgen", "tests", *(path.stem for place in (folder, worker) for path in place.rglob("*.py"))}
    foreign = {name for name in top_imports(folder) if name not in sys.stdlib_module_names and name not in own}
    return {name for name in foreign if canonicalize_name(MODULES.get(name, name)) not in declared}


def test_every_import_is_declared(root: Path, project: dict[str, Any], tmp_path: Path) -> None:
    runtime = project["project"]["dependencies"]
    dev = [*runtime, *project["project"]["optional-dependencies"]["dev"], *project["dependency-groups"]["build"]]
    from reportgen.catalogue.libraries import BUILTIN

    measured = {library.module for library in BUILTIN} | {"jaxlib", "llvmlite"}  # which JAX and Numba bring along
    assert undeclared(root / "reportgen", runtime) <= measured
    assert undeclared(root / "reportgen" / "worker", runtime) <= measured
    for room in ("catalogue", "core", "measure", "oracle", "render", "results", "cli"):
        assert undeclared(root / "reportgen" / room, runtime) == set(), "what is measured is imported by workers only"
    assert undeclared(root / "tests", dev) == set()
    (tmp_path / "planted.py").write_text("def f():\n    import requests.sessions\n    from yaml import load\n")
    assert undeclared(tmp_path, runtime) == {"requests", "yaml"}


def unused(folder: Path, requirements: list[str]) -> set[str]:
    used = {canonicalize_name(MODULES.get(name, name)) for name in top_imports(folder)}
    return {Requirement(line).name for line in requirements if canonicalize_name(Requirement(line).name) not in used}


def test_every_runtime_dependency_is_used(root: Path, project: dict[str, Any]) -> None:
    runtime = project["project"]["dependencies"]
    # TensorFlow has two names, of which one is installed.
    assert unused(root / "reportgen", runtime) == {"tensorflow"}
    assert unused(root / "reportgen", [*runtime, "planted>=1"]) == {"tensorflow", "planted"}


def test_the_citation_names_this_version(root: Path) -> None:
    import reportgen

    assert f"\nversion: {reportgen.__version__}\n" in (root / "CITATION.cff").read_text()
    assert f"\n## {reportgen.__version__}\n" in (root / "CHANGELOG.md").read_text()


# -- the Makefile ----------------------------------------------------------------------------------


def make(root: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(["make", *arguments], cwd=root, capture_output=True, text=True, check=False)


@pytest.mark.parametrize(
    ("target", "commands"),
    [
        ("report", ["-m reportgen specs/"]),
        ("test", ["-m pytest", '-m "not full"']),
        ("test-full", ["-m pytest"]),
        ("bench", ["benchmarks/run.py"]),
        ("lint", ["ruff check", "ruff format --check", "mypy", "lint-imports"]),
        ("lock", ["--generate-hashes", "requirements-dev.lock"]),
        ("golden", ["-m tests.update_golden"]),
        ("clean", ["rm -rf .venv"]),
    ],
)
def test_every_target_of_the_makefile(root: Path, target: str, commands: list[str]) -> None:
    done = make(root, "--dry-run", target)
    assert done.returncode == 0, done.stderr
    for command in commands:
        assert command in done.stdout


def test_no_interpreter_is_said_in_one_line(root: Path, tmp_path: Path) -> None:
    done = make(root, "VENV=" + str(tmp_path / "v"), "PYTHON=", "report")
    assert done.returncode == 2
    assert "no Python 3.11" in done.stderr
    assert not (tmp_path / "v").exists()


def test_continuous_integration_runs_what_contributors_run(root: Path) -> None:
    text = (root / ".ci" / "run").read_text()
    assert text.splitlines()[-1] == "make test"
    assert "set -euo pipefail" in text
    assert os.access(root / ".ci" / "run", os.X_OK)
