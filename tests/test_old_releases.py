"""Old releases in the worker: earlier names, the adapter of a release, what a spec may ask for, real ones."""

from __future__ import annotations

import importlib
import json
import re
import subprocess
import sys
import types
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from reportgen.catalogue.arrayrows import array_rows
from reportgen.catalogue.rows import all_rows
from reportgen.catalogue.targets import builtin_targets
from reportgen.core.errors import RequestError, SpecError
from reportgen.core.model import TargetSpec
from reportgen.measure.graphreleases import adapted, refusal
from reportgen.measure.launcher import Worker
from reportgen.measure.provision import prepare
from reportgen.measure.selection import narrow
from reportgen.measure.specfile import load_specs
from reportgen.measure.spectargets import release_target
from tests.test_worker import Asker, same

ROOT = Path(__file__).resolve().parent.parent
WORKER = ROOT / "reportgen" / "worker"


def of_worker(name: str, monkeypatch: pytest.MonkeyPatch) -> types.ModuleType:
    monkeypatch.syspath_prepend(str(WORKER))
    return importlib.import_module(name)


# -- earlier names ----------------------------------------------------------------------------------
@pytest.fixture
def old_tensorflow(monkeypatch: pytest.MonkeyPatch) -> types.ModuleType:
    """A module that has the names of TensorFlow 1.2, each a function that says its own name."""
    module = types.ModuleType("tensorflow")
    module.__dict__["__version__"] = "1.2.0"
    module.__dict__["nn"] = types.SimpleNamespace(softplus=lambda: "nn.softplus")
    module.__dict__["diag"] = lambda: "diag, another function"
    for name in ("exp", "matrix_inverse", "self_adjoint_eig", "cast", "fft"):
        module.__dict__[name] = lambda name=name: name
    for name in [name for name in sys.modules if name.startswith("tensorflow.")]:
        monkeypatch.delitem(sys.modules, name)  # what another test imported of the real one would be found below it
    monkeypatch.setitem(sys.modules, "tensorflow", module)
    return module


@pytest.mark.parametrize(
    ("path", "used"),
    [
        ("tensorflow.math.exp", "exp"),
        ("tensorflow.math.softplus", "nn.softplus"),
        ("tensorflow.linalg.inv", "matrix_inverse"),
        ("tensorflow.linalg.eigh", "self_adjoint_eig"),
        ("tensorflow.dtypes.cast", "cast"),
        ("tensorflow.signal.fft", "fft"),
    ],
)
def test_a_function_is_found_under_its_earlier_name(
    old_tensorflow: types.ModuleType, monkeypatch: pytest.MonkeyPatch, path: str, used: str
) -> None:
    common = of_worker("common", monkeypatch)
    common.MOVED.clear()
    assert common.resolve(path)() == used
    assert {path: f"tensorflow.{used}"} == common.MOVED


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        ("tensorflow.math.acosh", "TensorFlow 1.2.0 has no math.acosh"),
        ("tensorflow.linalg.diag", "TensorFlow 1.2.0 has no linalg.diag"),
        ("tensorflow.experimental.numpy.exp2", "TensorFlow 1.2.0 has no experimental.numpy.exp2"),
    ],
)
def test_what_a_release_does_not_have_is_said_with_the_release(
    old_tensorflow: types.ModuleType, monkeypatch: pytest.MonkeyPatch, path: str, reason: str
) -> None:
    common = of_worker("common", monkeypatch)
    common.MOVED.clear()
    with pytest.raises(common.UnsupportedError) as caught:
        common.resolve(path)
    assert str(caught.value) == reason
    assert not common.MOVED


def test_todays_name_wins(old_tensorflow: types.ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    common = of_worker("common", monkeypatch)
    common.MOVED.clear()
    old_tensorflow.__dict__["math"] = types.SimpleNamespace(exp=lambda: "math.exp")
    assert common.resolve("tensorflow.math.exp")() == "math.exp"
    assert not common.MOVED


SAME_FUNCTION = """
import inspect, json, os, sys
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
sys.path.insert(0, sys.argv[1])
import numpy, homes
import tensorflow as tf

def at(path):
    found = tf.compat.v1 if path.startswith("tensorflow.") else numpy
    for part in path.split(".")[1:]:
        found = getattr(found, part, None)
    return found

told = []
for path in json.loads(sys.argv[2]):
    for old in homes.earlier(path):
        if at(path) is not None and at(old) is not None:
            # An old name is a wrapper that warns: what counts is the function inside.
            told.append([path, old, inspect.unwrap(at(path)) is inspect.unwrap(at(old))])
print("TOLD" + json.dumps(told))
"""


def catalogue_paths() -> set[str]:
    """Every dotted path of the catalogue."""
    texts = [text for row in all_rows().values() for text in (row.numpy, row.tensorflow) if text]
    texts += [text for row in array_rows().values() for _, text in row.programs]
    return {found for text in texts for found in re.findall(r"\b(?:numpy|tensorflow)(?:\.[A-Za-z_]\w*)+", text)}


@pytest.mark.full
def test_an_earlier_name_is_the_same_function(monkeypatch: pytest.MonkeyPatch) -> None:
    """Asked of ``tf.compat.v1``, which has both names, and of NumPy: one object behind the two."""
    pytest.importorskip("tensorflow")
    paths = json.dumps(sorted(catalogue_paths() | set(of_worker("homes", monkeypatch).MOVED)))
    command = [sys.executable, "-c", SAME_FUNCTION, str(WORKER), paths]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    told = json.loads(done.stdout.partition("TOLD")[2])
    assert len(told) > 100
    assert [(path, old) for path, old, equal in told if not equal] == []


def test_a_reply_says_which_name_was_used(tmp_path: Path) -> None:
    package = tmp_path / "packages" / "tensorflow"
    package.mkdir(parents=True)
    (package / "__init__.py").write_text("__version__ = '1.2.0'\nfrom numpy import exp, sqrt\n")
    target = TargetSpec("planted", "numpy", env=(("PYTHONPATH", str(package.parent)),))
    asker, x = Asker(target, tmp_path), np.arange(4, dtype=np.float32)
    with asker.worker:
        moved = asker("tensorflow.math.sqrt", [x])
        assert moved.reply["called"] == {"tensorflow.math.sqrt": "tensorflow.sqrt"}
        assert "called" not in asker("tensorflow.exp", [x]).reply
        program = asker("", [x], program="tensorflow.math.exp(x) + x")
        assert program.reply["called"] == {"tensorflow.math.exp": "tensorflow.exp"}
        assert asker("tensorflow.math.cosh", [x]).reason == "TensorFlow 1.2.0 has no math.cosh"


# -- which adapter ----------------------------------------------------------------------------------
@pytest.mark.parametrize(("version", "module"), [("1.15.5", "tensorflow1"), ("2.0.0", "tensorflow2")])
def test_the_release_decides_the_adapter(version: str, module: str, monkeypatch: pytest.MonkeyPatch) -> None:
    names = ("tensorflow_adapter", "tensorflow1", "tensorflow2", "tensorflow_errors")
    planted = types.ModuleType("tensorflow")
    planted.__dict__["__version__"] = version
    monkeypatch.setitem(sys.modules, "tensorflow", planted)
    for name in names:
        monkeypatch.delitem(sys.modules, name, raising=False)
    try:
        assert of_worker("tensorflow_adapter", monkeypatch).Adapter.__module__ == module
    finally:
        for name in names:
            sys.modules.pop(name, None)


def test_reasons_hold_no_places_of_the_program(monkeypatch: pytest.MonkeyPatch) -> None:
    """As TensorFlow 2.21 says it, in eager, graph and compiled execution."""
    planted = types.ModuleType("tensorflow")
    planted.__dict__["__version__"] = "2.21.0"
    monkeypatch.setitem(sys.modules, "tensorflow", planted)
    monkeypatch.delitem(sys.modules, "tensorflow_errors", raising=False)
    try:
        reason = of_worker("tensorflow_errors", monkeypatch).reason
    finally:
        sys.modules.pop("tensorflow_errors", None)
    said = "Reduction axis 0 is empty in shape [0]"
    graph = 'Graph execution error:\n\nDetected at node ArgMax defined at\n  File "/x/main.py", line 3\n\n'
    for text in (
        f'{said}\nStack trace for op definition: \nFile "/x/main.py", line 233, in main',
        f"{graph}{said}\n\t [[{{{{node ArgMax}}}}]] [Op:__inference_function_7]",
    ):
        assert reason(ValueError(text)) == f"ValueError: {said}"


# -- what a spec may ask for ------------------------------------------------------------------------
def spec_of(folder: Path, targets: str, more: str = "") -> Any:
    path = folder / "spec.toml"
    path.write_text(f'title = "t"\ntargets = [{targets}]\ndtypes = ["float32"]\nfunctions = ["exp"]\n{more}')
    return load_specs([path])[0]


def test_tensorflow_1_is_one_target_that_runs_graphs(tmp_path: Path) -> None:
    old, new = spec_of(tmp_path, '"tensorflow@1.15.5", "tensorflow@2.0.4"').targets
    assert (old.mode, old.version, old.base) == ("graph", "1.15.5", "tensorflow")
    assert old.sentence.startswith("TensorFlow 1.15.5 on the CPU: a graph whose placeholders are fed in a session")
    assert (new.mode, new.sentence) == ("eager", builtin_targets()["tensorflow"].sentence)


def test_a_target_of_a_spec_can_be_tensorflow_1(tmp_path: Path) -> None:
    more = '[target.first]\nbase = "tensorflow"\nversion = "1.2.0"\noptions = { threads = 2 }\n'
    (plain,) = spec_of(tmp_path, '"first"', more).targets
    assert (plain.mode, "1.2.0" in plain.sentence) == ("graph", True)
    (said,) = spec_of(tmp_path, '"first"', more.replace("options", 'sentence = "Mine."\noptions')).targets
    assert (said.mode, said.sentence) == ("graph", "Mine.")


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("tensorflow-xla@1.15.5", "and has no jit_compile, expected tensorflow@1.15.5"),
        ("tensorflow-graph@1.2.0", "and has no tf.function, expected tensorflow@1.2.0"),
        ("tensorflow-gpu@1.15.5", "runs graphs in sessions on the CPU here, expected tensorflow@1.15.5"),
        ("tensorflow-no-onednn@1.15.5", "has no setting 'onednn', expected tensorflow@1.15.5"),
    ],
)
def test_what_tensorflow_1_does_not_have_is_refused(tmp_path: Path, name: str, words: str) -> None:
    with pytest.raises(SpecError) as caught:
        spec_of(tmp_path, f'"numpy", "{name}"')
    line = str(caught.value)
    assert "\n" not in line
    assert line.startswith(f'{tmp_path}/spec.toml:2: targets[1]: got "{name}": TensorFlow {name.partition("@")[2]}')
    assert words in line


def test_a_target_of_a_spec_is_refused_at_its_version(tmp_path: Path) -> None:
    more = '[target.first]\nbase = "tensorflow"\nversion = "1.2.0"\noptions = { deterministic = true }\n'
    with pytest.raises(SpecError, match=r":7: target.first.version: got .1.2.0.: .* has no setting 'deterministic'"):
        spec_of(tmp_path, '"first"', more)


def test_an_option_can_name_tensorflow_1_too(tmp_path: Path) -> None:
    specs, _, _ = narrow([spec_of(tmp_path, '"tensorflow", "tensorflow-xla"')], ["tensorflow@1.15.5"], [])
    assert [(t.name, t.mode) for t in specs[0].targets if t.version] == [("tensorflow@1.15.5", "graph")]
    with pytest.raises(RequestError, match=r"--targets: got 'tensorflow-xla@1\.15\.5': TensorFlow 1"):
        narrow([spec_of(tmp_path, '"tensorflow", "tensorflow-xla"')], ["tensorflow-xla@1.15.5"], [])


def test_only_tensorflow_before_2_is_changed() -> None:
    for name, version in (
        ("numpy", "1.13.1"),
        ("scipy", "1.1.0"),
        ("tensorflow-xla", "2.4.4"),
        ("tensorflow", "10.0.0"),
    ):
        target = release_target(builtin_targets()[name], version)
        assert refusal(target) == ""
        assert adapted(target) == target


# -- real releases ----------------------------------------------------------------------------------
DIRECT = """
import json, os, sys
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
import numpy as np
np.seterr(all="ignore")
library, dtype = sys.argv[1:3]
x = np.linspace(0.05, 20, 105).astype(dtype)
told = {}
if library == "tensorflow":
    import tensorflow as tf
for name in json.loads(sys.argv[3]):
    for cut in (None, 1, 7):
        pieces = [x] if cut is None else list(x.reshape(-1, cut))
        if library == "numpy":
            results = [getattr(np, name)(p) for p in pieces]
        else:
            with tf.Graph().as_default():
                fed = tf.placeholder(dtype, pieces[0].shape)
                result = getattr(tf, name)(fed)
                with tf.Session() as session:
                    results = [session.run(result, {fed: p}) for p in pieces]
        told["%s %s" % (name, cut)] = np.concatenate(results).tobytes().hex()
print("TOLD" + json.dumps(told))
"""
COMPARED = ("exp", "log", "sqrt", "sin", "tanh", "log1p", "expm1")


@pytest.fixture(scope="module")
def places(tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[TargetSpec, Any]]:
    """Environments of the two libraries of 2017, and one whose setting cannot take effect."""
    known = builtin_targets()
    wanted = (("numpy", "1.13.1"), ("tensorflow", "1.2.0"), ("numpy-avx2", "1.17.5"))
    targets = [adapted(release_target(known[name], version)) for name, version in wanted]
    found = prepare(targets, tmp_path_factory.mktemp("cache"))
    for target in targets:
        if found[target.name].reason:
            pytest.fail(f"{target.name}: {found[target.name].reason}")
    return {t.name: (t, found[t.name]) for t in targets}


@pytest.mark.full
@pytest.mark.parametrize("name", ["numpy@1.13.1", "tensorflow@1.2.0"])
def test_an_old_release_computes_in_the_worker_what_it_computes_directly(
    places: dict[str, tuple[TargetSpec, Any]], name: str, tmp_path: Path
) -> None:
    target, place = places[name]
    asker = Asker(target, tmp_path)
    asker.worker = Worker(target, tmp_path, place.python)
    with asker.worker:
        assert asker.worker.start().ok, asker.worker.log_tail()
        assert asker.worker.provenance["version"] == target.version
        path = "tensorflow.math" if target.library == "tensorflow" else "numpy"
        for dtype in ("float32", "float64"):
            x = np.linspace(0.05, 20, 105).astype(dtype)
            command = [place.python, "-c", DIRECT, target.library, dtype, json.dumps(COMPARED)]
            done = subprocess.run(command, capture_output=True, text=True, check=True)
            told = json.loads(done.stdout.partition("TOLD")[2])
            for key, wanted in told.items():
                function, cut = key.split()
                got = asker.values(f"{path}.{function}", [x], dtype, cut=None if cut == "None" else int(cut))
                assert got.tobytes().hex() == wanted, (key, dtype)


@pytest.mark.full
def test_the_roots_of_2017(places: dict[str, tuple[TargetSpec, Any]], tmp_path: Path) -> None:
    """NumPy's are those printed then; TensorFlow's hang on the CPU's estimate, wrong in fours and right alone."""
    x = np.arange(100, dtype=np.float32)
    recorded = json.loads((ROOT / "specs" / "data" / "sqrt-2017.json").read_text())["recorded"]
    printed = {r["target"]: np.array(r["values"], np.float32) for r in recorded}
    found: dict[str, np.ndarray] = {}
    for name, path in (("numpy@1.13.1", "numpy.sqrt"), ("tensorflow@1.2.0", "tensorflow.math.sqrt")):
        target, place = places[name]
        asker = Asker(target, tmp_path)
        asker.worker = Worker(target, tmp_path, place.python)
        with asker.worker:
            found[name] = asker.values(path, [x])
            found[f"{name} alone"] = asker.values(path, [x], cut="scalar")
    assert same(found["numpy@1.13.1"], printed["numpy@1.13.1"])
    exact = np.sqrt(x.astype(np.float64))
    assert same(found["numpy@1.13.1"], exact.astype(np.float32))
    live = found["tensorflow@1.2.0"]
    wrong = live != found["numpy@1.13.1"]
    assert 10 < wrong.sum() < 70
    assert np.abs(live - exact).max() < 4 * np.spacing(np.float32(8))
    assert same(found["tensorflow@1.2.0 alone"], found["numpy@1.13.1"])


@pytest.mark.full
def test_a_setting_that_a_release_does_not_read_makes_it_unavailable(
    places: dict[str, tuple[TargetSpec, Any]], tmp_path: Path
) -> None:
    target, place = places["numpy-avx2@1.17.5"]
    with Worker(target, tmp_path, place.python) as worker:
        outcome = worker.start()
    assert outcome.status == "unavailable"
    assert outcome.reason.startswith("NumPy 1.17.5 does not read NPY_DISABLE_CPU_FEATURES")
