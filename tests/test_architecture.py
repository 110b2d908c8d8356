"""The rooms of docs/architecture.md: imports point one way, files and functions stay small enough to read."""

from __future__ import annotations

import ast
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

MAX_FILE, MAX_FUNCTION = 420, 60


def lint(folder: Path) -> subprocess.CompletedProcess[str]:
    """import-linter on a tree, with no other copy of the package in reach."""
    code = "import sys; from importlinter.cli import lint_imports_command; sys.exit(lint_imports_command())"
    environment = {**os.environ, "PYTHONPATH": str(folder), "NO_COLOR": "1"}
    return subprocess.run(
        [sys.executable, "-c", code, "--no-cache"],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture
def copy(root: Path, tmp_path: Path) -> Path:
    shutil.copytree(root / "reportgen", tmp_path / "reportgen", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(root / "pyproject.toml", tmp_path)
    return tmp_path


def test_imports_point_one_way(copy: Path) -> None:
    done = lint(copy)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "0 broken" in done.stdout


VIOLATIONS = {
    "rendering reaches measuring": ("render/planted.py", "from reportgen.measure import specfile", "The rooms"),
    "rendering reaches the oracle": ("render/planted.py", "import mpmath", "stored results only"),
    "rendering reaches TensorFlow": ("render/planted.py", "def f():\n    import tensorflow", "stored results only"),
    "the core reaches out": ("core/planted.py", "from reportgen.catalogue import rows", "The rooms"),
    "the core does I/O": ("core/planted.py", "import pathlib", "The core is pure"),
    "results know the catalogue": ("results/planted.py", "from ..catalogue import rows", "stored results only"),
    "the catalogue computes": ("catalogue/planted.py", "import mpmath", "The catalogue is data"),
    "the oracle measures": ("oracle/planted.py", "import reportgen.measure.specfile", "The rooms"),
    "somebody calls the shell": ("measure/planted.py", "from reportgen.cli import main", "The rooms"),
    "a new room": ("planted.py", "import os", "The rooms"),
}


@pytest.mark.parametrize("name", VIOLATIONS)
def test_a_violation_is_seen(copy: Path, name: str) -> None:
    file, text, contract = VIOLATIONS[name]
    (copy / "reportgen" / file).write_text(text + "\n")
    done = lint(copy)
    assert done.returncode == 1, done.stdout + done.stderr
    broken = [line for line in done.stdout.splitlines() if "BROKEN" in line]
    assert any(contract in line for line in broken) or (name == "a new room" and "planted" in done.stdout)


def worker_violations(folder: Path) -> list[str]:
    """Imports of ours in the worker, imports of the worker by others, syntax beyond Python 3.6."""
    found = []
    for path in sorted(folder.rglob("*.py")):
        in_worker = path.is_relative_to(folder / "worker")
        tree = ast.parse(path.read_text(), feature_version=(3, 6) if in_worker else None)
        for node in ast.walk(tree):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            if isinstance(node, ast.ImportFrom):
                names = [f"{'.' * node.level}{node.module or ''}"]
            ours = [name for name in names if name.split(".")[0] == "reportgen" or name.startswith("..")]
            wrong = ours if in_worker else [name for name in names if "worker" in name.split(".")]
            found += [f"{path.relative_to(folder)}: {name}" for name in wrong]
            if in_worker and isinstance(node, ast.NamedExpr | ast.AnnAssign):
                found.append(f"{path.relative_to(folder)}:{node.lineno}: syntax beyond Python 3.6")
    return found


def test_the_worker_stands_alone(root: Path, copy: Path) -> None:
    assert worker_violations(root / "reportgen") == []
    for file, text in [
        ("worker/a.py", "from reportgen.core import floats"),
        ("measure/b.py", "from ..worker import main"),
    ]:
        (copy / "reportgen" / file).write_text(text + "\n")
    assert [line.split(":")[0] for line in worker_violations(copy / "reportgen")] == ["measure/b.py", "worker/a.py"]
    (copy / "reportgen" / "worker" / "c.py").write_text("def f(a, /):\n    return a\n")
    with pytest.raises(SyntaxError):
        worker_violations(copy / "reportgen")


def too_long(folder: Path) -> list[str]:
    found = []
    for path in sorted(folder.rglob("*.py")):
        text = path.read_text()
        if text.count("\n") > MAX_FILE:
            found.append(f"{path.name}: {text.count(chr(10))} lines")
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                length = (node.end_lineno or 0) - node.lineno
                if length > MAX_FUNCTION:
                    found.append(f"{path.name}: {node.name}: {length} lines")
    return found


def test_files_and_functions_stay_readable(root: Path, tmp_path: Path) -> None:
    assert too_long(root / "reportgen") == []
    (tmp_path / "long.py").write_text("def f():\n" + "    a = 1\n" * 70 + "\n" * 400)
    assert too_long(tmp_path) == ["long.py: 471 lines", "long.py: f: 70 lines"]


def test_the_core_is_typed(root: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "mypy", "--no-incremental"], cwd=root, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
