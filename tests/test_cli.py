"""The command line: what it refuses and with what code, what it leaves alone, what it asks of the rooms behind it."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
import time
import types
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from reportgen.cli import main
from reportgen.cli.commands import LATER, cache_dir
from reportgen.core.errors import OracleDisagreement
from reportgen.core.model import RunRequest, RunSummary, Spec
from reportgen.results import store

SPEC = """title = "t"
targets = ["numpy", "tensorflow"]
dtypes = ["float32", "float64"]
functions = ["exp", "arcsin"]
"""
HEAVY = ("tensorflow", "matplotlib", "mpmath", "flint", "numba", "pydantic", "jinja2")

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working folder with a spec and an output folder that already holds a version."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "spec.toml").write_text(SPEC)
    (tmp_path / "output" / "1.0").mkdir(parents=True)
    (tmp_path / "output" / "1.0" / "results.json").write_text("{}")
    (tmp_path / "output" / "latest").symlink_to("1.0")
    return tmp_path


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    def call(*argv: str) -> tuple[int, str, str]:
        code = main(argv)
        out, err = capsys.readouterr()
        return code, out, err

    return call


class FakeRunner(types.ModuleType):
    """Stands where the runner stands; records what it was asked."""

    def __init__(self) -> None:
        super().__init__("reportgen.measure.runner")
        self.calls: list[tuple[list[Spec], RunRequest]] = []
        self.statuses: dict[str, int] = {"ok": 3, "unsupported": 1, "unavailable": 2, "failed": 0, "timeout": 0}
        self.missing: list[tuple[str, str, str]] = []
        self.error: BaseException | None = None

    def run(self, specs: list[Spec], request: RunRequest, progress: Any, pages: Any) -> RunSummary:
        self.calls.append((specs, request))
        if self.error:
            raise self.error
        progress.start(2)
        progress.advance("exp [float32] ")
        progress.advance("exp")
        return RunSummary(
            request.label, "output/dev", "output/dev/index.html", False, self.statuses, 1.25, [], self.missing
        )


@pytest.fixture
def runner(monkeypatch: pytest.MonkeyPatch) -> FakeRunner:
    fake = FakeRunner()
    monkeypatch.setitem(sys.modules, "reportgen.measure.runner", fake)
    return fake


# -- what is refused -------------------------------------------------------------------------------

REFUSED = {
    "missing folder": (["nowhere/"], "nowhere: no such file or folder"),
    "no baseline": (["spec.toml", "--baseline", ""], "--baseline: got an empty name, expected a label"),
    "no name": ([""], "got '' as a spec"),
    "empty folder": (["empty"], "empty: no spec file (*.toml) in this folder"),
    "empty spec": (["empty.toml"], "empty.toml:1: no functions and no cases"),
    "syntax error": (["broken.toml"], "broken.toml:2: not TOML"),
    "unknown key": (["key.toml"], 'key.toml:5: dtype: unknown key (did you mean "dtypes"?)'),
    "unknown function": (["function.toml"], "function.toml:2: functions[0]: unknown function 'expp'"),
    "unknown dtype": (["dtype.toml"], 'dtype.toml:3: dtypes[0]: got "float23" (did you mean'),
    "label with a slash": (["spec.toml", "--label", "a/b"], "label 'a/b'"),
    "label above": (["spec.toml", "--label", ".."], "label '..'"),
    "empty label": (["spec.toml", "--label", ""], "label ''"),
    "hidden label": (["spec.toml", "--label", ".x"], "label '.x'"),
    "label of the site's own": (["spec.toml", "--label", "latest"], "label 'latest'"),
    "output is a file": (["spec.toml", "--output", "spec.toml"], "spec.toml: is a file"),
    "output below a file": (["spec.toml", "--output", "spec.toml/x"], "cannot be written"),
    "output cannot be written": (["spec.toml", "--output", "/proc/nothing/here"], "cannot be written"),
    "depth of a later version": (
        ["spec.toml", "--depth", "standard"],
        "measures at quick; standard comes with a later",
    ),
    "the deepest": (["spec.toml", "--depth", "exhaustive"], "exhaustive comes with a later version"),
    "unknown depth": (["spec.toml", "--depth", "deep"], "got 'deep', expected one of quick, standard, exhaustive"),
    "scheduler": (["spec.toml", "--scheduler", "tcp://a:1"], "--scheduler: "),
    "unknown target": (
        ["spec.toml", "--targets", "nunpy"],
        "--targets: unknown target 'nunpy' (did you mean \"numpy\"?)",
    ),
    "no target": (["spec.toml", "--targets", ""], "--targets: unknown target ''"),
    "target of another spec": (["spec.toml", "--targets", "tensorflow-xla"], "unknown target 'tensorflow-xla'"),
    "unknown function in only": (["spec.toml", "--only", "expp"], "--only: unknown function 'expp'"),
    "unknown dtype in only": (["spec.toml", "--only", "exp:float23"], "--only: unknown dtype 'float23'"),
    "only matches nothing": (["spec.toml", "--only", "sqrt"], "--only: 'sqrt' matches no case of these specs"),
    "only another dtype": (["spec.toml", "--only", "exp:float16"], "'exp:float16' matches no case"),
    "jobs": (["spec.toml", "--jobs", "0"], "--jobs"),
    "jobs in words": (["spec.toml", "--jobs", "two"], "--jobs"),
    "unknown option": (["spec.toml", "--dept", "quick"], "--depth"),
    "option without value": (["spec.toml", "--label"], "--label"),
    "misspelt command": (["explian", "exp"], "did you mean 'explain'?"),
    "list what": (["list", "things"], "things"),
    "render nothing": (["render", "--output", "empty"], "no version is stored there"),
    "render unknown": (["render", "2.0"], "unknown version '2.0', expected one of 1.0"),
    "compare": (["compare", "1.0", "2.0"], "is not a stored result"),
    "merge": (["merge", "a", "--output", "b"], "Missing option '--label'"),
    "merge one": (["merge", "a", "--label", "b"], "got 1 folder, expected the results of at least two machines"),
    "merge none": (["merge", "a", "b", "--label", "c"], "a: no version, folder or file of that name"),
    "merge label": (["merge", "a", "b", "--label", "latest"], "label 'latest'"),
    "attach unknown": (["attach", "2.0", "--to", "x"], "unknown version '2.0', expected one of 1.0"),
    "attach nothing": (["attach", "--output", "empty", "--to", "x"], "no version is stored there"),
    "attach a damaged one": (["attach", "1.0", "--to", "x"], "is not a stored result"),
    "attach nowhere": (["attach"], "--to"),
    "publish a damaged one": (["publish", "--to", "x"], "is not a stored result"),
    "publish nothing": (["publish", "--output", "empty", "--to", "x"], "no version is stored there"),
    "publish into itself": (["publish", "--to", "output/site"], "lie in each other"),
    "publish at a relative address": (
        ["publish", "--to", "x", "--base-url", "accuracy/"],
        "--base-url: got 'accuracy/'",
    ),
    "restore nothing": (["restore"], "ZIP"),
    "restore what is no zip": (["restore", "spec.toml"], "spec.toml: is cut off or damaged"),
    "restore what is not there": (["restore", "x.zip"], "x.zip: not found"),
    "tolerance": (["tolerance", "exp", "--dtype", "float32", "--targets", "a,b"], "comes with a later version"),
    "explain without x": (["explain", "exp", "--dtype", "float32"], "--x"),
    "explain unknown": (["explain", "expp", "--dtype", "float32", "--x", "1"], "unknown function 'expp'"),
    "explain in what": (
        ["explain", "exp", "--dtype", "float23", "--x", "1"],
        "got 'float23' (did you mean \"float32\"?)",
    ),
    "explain one of two": (
        ["explain", "atan2", "--dtype", "float32", "--x", "1"],
        "takes 2 arguments, expected --x and",
    ),
    "explain two of one": (
        ["explain", "exp", "--dtype", "float32", "--x", "1", "--x2", "1"],
        "takes 1 argument, expected",
    ),
    "ambiguous value": (["explain", "exp", "--dtype", "float32", "--x", "0xc2781e37"], "bits:c2781e37"),
    "unrepresentable": (["explain", "exp", "--dtype", "float32", "--x", "0.1"], "--x: 0.1 is not a float32 value"),
    "explain where": (["explain", "exp", "--dtype", "float32", "--x", "1", "--targets", "x"], "unknown target 'x'"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_refusals_are_one_line_and_leave_no_trace(
    name: str, place: Path, run: Run, runner: FakeRunner, tree_digest: Callable[[Path], str]
) -> None:
    (place / "empty").mkdir()
    for file, text in {
        "empty": "",
        "broken": 'title = "t"\nfunctions = ["exp"',
        "key": SPEC + 'dtype = "float32"\n',
        "function": 'title = "t"\nfunctions = ["expp"]\n',
        "dtype": 'title = "t"\nfunctions = ["exp"]\ndtypes = ["float23"]\n',
    }.items():
        (place / f"{file}.toml").write_text(text)
    argv, fragment = REFUSED[name]
    before, cached = tree_digest(place), tree_digest(cache_dir())
    code, out, err = run(*argv)
    assert code == 2, err
    assert out == ""
    assert err.startswith("reportgen: error: ")
    assert err.count("\n") == 1
    assert err.endswith("]\n")
    assert fragment in err
    assert not runner.calls
    assert tree_digest(place) == before
    assert tree_digest(cache_dir()) == cached


def test_the_check_for_traces_would_see_one(place: Path, tree_digest: Callable[[Path], str]) -> None:
    before = tree_digest(place)
    (place / "output" / "latest").unlink()
    (place / "output" / "latest").symlink_to("2.0")
    assert tree_digest(place) != before


def test_an_unwritable_folder_is_refused_before_measuring(place: Path, run: Run, runner: FakeRunner) -> None:
    if os.geteuid() == 0:
        unwritable = "/proc/self/x"  # root passes every permission; this kernel folder refuses it all the same
    else:
        (place / "locked").mkdir(mode=0o500)
        unwritable = str(place / "locked" / "x")
    code, _, err = run("spec.toml", "--output", unwritable)
    assert (code, runner.calls) == (2, [])
    assert "cannot be written" in err
    code, _, err = run("spec.toml", "--quiet")
    assert (code, err) == (0, "")


def test_an_unusable_cache_is_refused_before_measuring(
    place: Path, run: Run, runner: FakeRunner, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REPORTGEN_CACHE", str(place / "spec.toml" / "cache"))
    code, _, err = run("spec.toml")
    assert (code, runner.calls) == (2, [])
    assert "the cache (REPORTGEN_CACHE)" in err


# -- what is asked of the runner -------------------------------------------------------------------


def test_a_run_passes_on_what_was_asked(place: Path, run: Run, runner: FakeRunner) -> None:
    code, out, err = run(
        "spec.toml",
        "--label",
        "2.0",
        "--targets",
        "num*",
        "--only",
        "arcsi*:float32",
        "--only",
        "exp",
        "--jobs",
        "2",
        "--fresh",
    )
    assert (code, err) == (0, "")
    assert out == "version 2.0: 3 ok, 1 unsupported, 2 unavailable in 1.2 s\nreport: output/dev/index.html\n"
    ((specs, request),) = runner.calls
    assert [(c.function, c.dtype) for c in specs[0].cases] == [
        ("exp", "float32"),
        ("exp", "float64"),
        ("asin", "float32"),
    ]
    assert {c.targets for c in specs[0].cases} == {("numpy",)}
    assert [t.name for t in specs[0].targets] == ["numpy"]
    assert request == RunRequest(
        output="output",
        cache_dir=str(cache_dir()),
        label="2.0",
        targets=("numpy",),
        only=("asin:float32", "asinh:float32", "exp:*"),
        jobs=2,
        fresh=True,
    )


def test_quiet_says_where_the_report_is_and_nothing_else(place: Path, run: Run, runner: FakeRunner) -> None:
    assert run("--quiet", "spec.toml") == (0, "report: output/dev/index.html\n", "")
    _, request = runner.calls[0]
    assert (request.label, request.targets, request.only) == ("dev", None, ())


def test_without_a_spec_the_own_ones_are_measured(place: Path, run: Run, runner: FakeRunner) -> None:
    assert run("--only", "sqrt")[0] == 0
    assert {"question", "elementwise"} <= {spec.name for spec in runner.calls[0][0]}


@pytest.mark.parametrize(
    ("statuses", "code"), [({"ok": 1, "failed": 1}, 3), ({"ok": 1, "timeout": 2}, 3), ({"unsupported": 4}, 0), ({}, 0)]
)
def test_exit_codes_of_a_run(place: Path, run: Run, runner: FakeRunner, statuses: dict[str, int], code: int) -> None:
    runner.statuses = statuses
    assert run("spec.toml")[0] == code


def test_what_was_not_measured_is_told_once_a_reason(run: Run, runner: FakeRunner, place: Path) -> None:
    runner.missing = [
        ("a-gpu", "unavailable", "no\nGPU"),
        ("b@1", "unavailable", "x" * 500),
        ("c-gpu", "unavailable", "no\nGPU"),
    ]
    out = run("spec.toml")[1].splitlines()
    assert out[1] == "unavailable: a-gpu, c-gpu: no GPU"
    assert out[2].startswith("unavailable: b@1:")
    assert len(out[2]) <= 400
    assert "unavailable: " not in run("spec.toml", "--quiet")[1]


@pytest.mark.parametrize(
    ("error", "code", "line"),
    [
        (KeyboardInterrupt(), 130, "reportgen: interrupted; nothing was published"),
        (OracleDisagreement("exp\nof 1"), 3, "reportgen: error: exp of 1 [oracle]"),
        (
            ZeroDivisionError("a\nb"),
            3,
            "reportgen: error: this is a defect of reportgen: ZeroDivisionError: a b; traceback in",
        ),
    ],
)
def test_every_ending_is_one_line(
    place: Path, run: Run, runner: FakeRunner, error: BaseException, code: int, line: str
) -> None:
    runner.error = error
    got, out, err = run("spec.toml")
    assert (got, out) == (code, "")
    assert err.strip().startswith(line)
    assert err.strip().count("\n") == 0
    if "traceback in" in line:
        path = Path(err.split("traceback in ")[1].split(" [bug]")[0])
        assert "ZeroDivisionError" in path.read_text()
        path.unlink()


def test_the_cache_folder(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REPORTGEN_CACHE", "/a")
    assert cache_dir() == Path("/a")
    monkeypatch.delenv("REPORTGEN_CACHE")
    monkeypatch.setenv("XDG_CACHE_HOME", "/b")
    assert cache_dir() == Path("/b/reportgen")
    monkeypatch.setenv("XDG_CACHE_HOME", "")
    monkeypatch.setenv("HOME", "/c")
    assert cache_dir() == Path("/c/.cache/reportgen")


# -- further commands ------------------------------------------------------------------------------


def test_explain_passes_on_and_prints(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Any] = []
    row = {"target": "numpy", "path": "body", "output": "0x1.8p+0", "output_decimal": "1.5", "ulp": 0.5}
    answer = {
        "function": "asin",
        "dtype": "float32",
        "input": ["0x1p+0"],
        "exact": {"hi": "0x1.8p+0", "lo": "0x0p+0", "exp2": 0, "decimal": "1.5", "rounded": "0x1.8p+0"},
        "answers": [
            {**row, "correctly_rounded": True, "status": "ok", "reason": ""},
            {
                **dict.fromkeys(row),
                "target": "x[red]",
                "correctly_rounded": None,
                "status": "unavailable",
                "reason": "no GPU",
            },
        ],
    }
    fake: Any = types.ModuleType("reportgen.measure.explain")
    fake.explain = lambda *args: asked.append(args) or answer
    monkeypatch.setitem(sys.modules, "reportgen.measure.explain", fake)
    arguments = ("explain", "arcsin", "--dtype", "float32", "--x", "bits:3f800000", "--targets", "numpy,tensorflow")
    code, out, err = run(*arguments, "--json")
    assert (code, err, json.loads(out)) == (0, "", answer)
    assert asked == [("asin", "float32", ["bits:3f800000"], ("numpy", "tensorflow"), cache_dir())]
    code, out, err = run(*arguments)
    assert (code, err) == (0, "")
    for piece in ("asin(0x1p+0) in float32", "correctly rounded", "x[red]", "unavailable", "no GPU"):
        assert piece in out


@pytest.mark.parametrize(
    ("function", "values", "what"),
    [
        ("sum", ("--x", "1"), "sum is a function of whole arrays"),
        ("matmul", ("--x", "1"), "matmul is a function of whole arrays"),
        ("inv", ("--x", "1", "--x2", "2"), "inv is a function of whole arrays"),
        ("fft", ("--x", "1"), "fft is a function of whole arrays"),
        ("cast", ("--x", "1"), "cast converts between dtypes"),
        ("bitwise_and", ("--x", "1"), "bitwise_and is a function of integers"),
    ],
)
def test_explain_says_first_what_it_cannot_do(run: Run, function: str, values: tuple[str, ...], what: str) -> None:
    code, out, err = run("explain", function, "--dtype", "float32", *values)
    assert (code, out) == (2, "")
    assert err.startswith(f"reportgen: error: {what}; explain takes elementwise functions")


def test_a_colon_announces_a_dtype(run: Run, place: Path) -> None:
    code, _, err = run("--only", "sum:")
    assert code == 2
    assert "--only: unknown dtype ''" in err


def test_lists(run: Run, place: Path) -> None:
    code, out, _ = run("list", "functions")
    assert code == 0
    assert len(out.splitlines()) >= 60
    assert any(line.startswith("asin, arcsin") for line in out.splitlines())
    code, out, _ = run("list", "targets")
    assert code == 0
    assert {"numpy", "tensorflow", "tensorflow-xla"} <= {line.split()[0] for line in out.splitlines()}
    code, out, _ = run("list", "versions")
    assert code == 0
    assert out.startswith("1.0")
    assert run("list", "versions", "--output", "nowhere") == (0, "", "nowhere: no version is stored there\n")


def test_help_names_every_command_and_option(run: Run) -> None:
    code, out, _ = run("--help")
    assert code == 0
    for word in (
        "render",
        "list",
        "doctor",
        "explain",
        *LATER,
        "--depth",
        "--only",
        "--label",
        "--quiet",
        "SPEC_OR_DIR",
    ):
        assert word in out
    assert run("--version")[1].startswith("reportgen ")
    assert run("explain", "--help")[0] == 0


@pytest.mark.parametrize("arguments", [["--help"], ["list", "functions"]])
def test_answers_at_once_and_loads_nothing_heavy(arguments: list[str], root: Path) -> None:
    code = f"import sys; from reportgen.cli import main; main({arguments!r}); print(*sys.modules, file=sys.stderr)"
    seconds = []
    for _ in range(3):
        start = time.perf_counter()
        done = subprocess.run([sys.executable, "-c", code], cwd=root, capture_output=True, text=True, check=True)
        seconds.append(time.perf_counter() - start)
    loaded = set(done.stderr.split())
    assert "reportgen.cli" in loaded
    assert not loaded & {*HEAVY, "numpy"}
    assert min(seconds) < 0.5


def test_a_reader_that_stops_reading_is_no_error(root: Path) -> None:
    command = f"set -o pipefail; {sys.executable} -m reportgen list functions | head -n 1"
    done = subprocess.run(["bash", "-c", command], cwd=root, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


# -- rendering again -------------------------------------------------------------------------------


@pytest.fixture
def stored(tmp_path: Path, root: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An output folder with two versions, the golden input as `dev` and a broken one beside it."""
    monkeypatch.chdir(tmp_path)
    shutil.copytree(root / "tests" / "golden" / "input", tmp_path / "output" / "dev")
    results = tmp_path / "output" / "dev" / "results.json"
    document = json.loads(results.read_text())
    document["provenance"]["time"] = "2026-01-01T00:00:00+00:00"
    results.write_text(json.dumps(document))
    (tmp_path / "output" / "broken").mkdir()
    (tmp_path / "output" / "broken" / "results.json").write_text('{"schema": 1, ')
    return tmp_path / "output"


def test_pages_are_made_again_whole_and_alike(
    stored: Path, tmp_path: Path, run: Run, tree_digest: Callable[[Path], str]
) -> None:
    data = (stored / "dev" / "results.json").read_bytes()
    (stored / "dev" / "stale.html").write_text("left over")
    broken = tree_digest(stored / "broken")
    assert run("render", "dev") == (0, "report: output/dev/index.html\n", "")
    first = tree_digest(stored / "dev")
    for line in (stored / "dev" / "SHA256SUMS").read_text().splitlines():
        digest, name = line.split("  ")
        assert hashlib.sha256((stored / "dev" / name).read_bytes()).hexdigest() == digest
    after = json.loads((stored / "dev" / "results.json").read_bytes())
    assert (after["schema"], json.loads(data)["schema"]) == (3, 1)  # brought to today's schema, otherwise the same
    rendered = store.read_document(stored / "dev" / "results.json")
    (tmp_path / "before.json").write_bytes(data)
    assert rendered == store.read_document(tmp_path / "before.json")
    assert not (stored / "dev" / "stale.html").exists()
    assert (stored / "index.html").is_file()
    assert run("render", "dev", "--jobs", "1")[0] == 0
    assert tree_digest(stored / "dev") == first
    assert tree_digest(stored / "broken") == broken
    assert not [path for path in stored.iterdir() if path.name.startswith(".")]


def test_a_damaged_version_is_said_and_left_alone(stored: Path, run: Run, tree_digest: Callable[[Path], str]) -> None:
    before = tree_digest(stored)
    code, out, err = run("render", "broken")
    assert (code, out, err.count("\n")) == (2, "", 1)
    assert err.endswith("[stored]\n")
    assert tree_digest(stored) == before
    code, out, _ = run("list", "versions")
    assert code == 0
    assert len(out.splitlines()) == 2


def test_rendering_needs_neither_library_nor_oracle(stored: Path, root: Path) -> None:
    code = "import sys; from reportgen.cli import main; main(['render', 'dev']); print(*sys.modules, file=sys.stderr)"
    environment = {**os.environ, "PYTHONPATH": str(root)}
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True)
    loaded = set(done.stderr.split())
    assert "reportgen.render.site" in loaded
    assert not loaded & {"tensorflow", "mpmath", "flint", "gmpy2", "reportgen.measure", "reportgen.oracle"}
