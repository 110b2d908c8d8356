"""Adapters: the base class with libraries that misbehave, and the adapters that come with reportgen, really run."""

from __future__ import annotations

import ctypes
import importlib.util
import json
import sys
import textwrap
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from reportgen.catalogue.libraries import BUILTIN, libraries, library_call
from reportgen.catalogue.rows import all_rows
from reportgen.catalogue.targets import builtin_targets
from reportgen.core.calls import parse_call
from reportgen.core.libraries import Library
from reportgen.core.model import Outcome, TargetSpec
from reportgen.measure import launcher
from reportgen.measure.launcher import Worker

OTHERS = ("libm", "numba", "theano", "jax", "torch", "cupy")
COUNT = 105
TYPES = {"float32": np.float32, "float64": np.float64, "float16": np.float16}


class Asker:
    """A worker and the files through which it is asked."""

    def __init__(self, worker: Worker, folder: Path) -> None:
        self.worker, self.folder = worker, folder

    def __call__(self, call: str, *arrays: np.ndarray, **how: Any) -> Outcome:
        (self.folder / "input.bin").write_bytes(b"".join(a.tobytes() for a in arrays))
        parsed = parse_call("program" if how.get("program") else call)
        message = {
            "op": "evaluate", "path": parsed.path, "keywords": dict(parsed.keywords), "item": parsed.item,
            "dtype": arrays[0].dtype.name, "arity": len(arrays), "count": len(arrays[0]),
            "input": str(self.folder / "input.bin"), "output": str(self.folder / "output.bin"),
        }  # fmt: skip
        return self.worker.request(message | how, 120)

    def values(self, call: str, *arrays: np.ndarray, **how: Any) -> np.ndarray:
        outcome = self(call, *arrays, **how)
        assert outcome.ok, outcome
        name = outcome.reply["dtype"]
        return np.fromfile(self.folder / "output.bin", np.bool_ if name == "bool" else np.dtype(name))


Make = Callable[..., Asker]


@pytest.fixture
def make(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Make]:
    """Workers of planted libraries: the text of an adapter's class body, or a library that is known."""
    begun: list[Worker] = []

    def made(body: str = "", target: TargetSpec | None = None, python: str = sys.executable) -> Asker:
        if target is None:
            path = tmp_path / "planted_adapter.py"
            text = "import numpy as np\nfrom base import ArrayAdapter\n\n\nclass Adapter(ArrayAdapter):\n"
            text += '    library, name = "planted", "Planted"\n    version = "1.5"\n'
            path.write_text(text + textwrap.indent(textwrap.dedent(body), "    "))
            library = Library("planted", "Planted", "", (), "", f"{path}:Adapter")
            monkeypatch.setattr(launcher, "libraries", lambda: libraries() | {"planted": library})
            target = TargetSpec("planted", "planted")
        begun.append(Worker(target, tmp_path, python))
        return Asker(begun[-1], tmp_path)

    yield made
    for worker in begun:
        worker.close()


X = np.linspace(0.1, 4.0, COUNT)


# -- the base class ---------------------------------------------------------------------------------
def test_a_clean_library_needs_a_name_and_a_version_only(make: Make) -> None:
    ask = make()
    assert ask.worker.start().ok
    found = ask.worker.provenance
    assert (found["library"], found["version"], found["numpy"]) == ("planted", "1.5", np.__version__)
    assert found["subnormals"]["float32"]["inputs_flushed"] is False
    for cut in (None, 1, 7, "scalar"):
        assert ask.values("numpy.sqrt", X, cut=cut).tobytes() == np.sqrt(X).tobytes()
    for layout in ("strided", "offset", "reversed"):
        assert ask.values("numpy.negative", X, layout=layout, cut=21).tobytes() == (-X).tobytes()
    assert ask.values("numpy.negative", X, layout="each").tobytes() == np.tile(-X, 3).tobytes()
    assert ask.values("numpy.log", X, program="numpy.log(numpy.exp(x))").tobytes() == np.log(np.exp(X)).tobytes()
    timed = ask("numpy.sqrt", X, timed=True)
    assert 0 < timed.reply["seconds"] < 1
    assert ask("numpy.sqrt", X, cut=7).reply["count"] == COUNT
    for how, said in (
        ({"constant": True}, "Planted has no compile-time constants"),
        ({"gradient": 0}, "Planted has no gradients"),
        ({"to": "float32"}, "Planted is not asked for casts"),
    ):
        outcome = ask("numpy.sqrt", X, **how)
        assert (outcome.status, outcome.reason) == ("unsupported", said)


@pytest.mark.parametrize(
    ("body", "status", "said"),
    [
        ("def back(self, result):\n    return np.zeros(3), 'float64'", "failed", "3 elements where 105 were expected"),
        ("def back(self, result):\n    return np.zeros(105, object), 'object'", "failed", "cannot be passed on"),
        ("def function(self, job):\n    return lambda x: (x, x)", "failed", "returns 2 values"),
        ("def function(self, job):\n    return lambda x: 1 / 0", "failed", "ZeroDivisionError"),
        ("def function(self, job):\n    return lambda x: x.nothing", "failed", "AttributeError"),
        ("def function(self, job):\n    return lambda x, y: x", "unsupported", "TypeError"),
        ("def resolve(self, path):\n    raise NotImplementedError(path)", "unsupported", "numpy.sqrt"),
        (
            "def lacks(self, error):\n    return False\ndef tensor(self, a, layout):\n    raise TypeError('t')",
            "failed",
            "t",
        ),
        ("def refuses(self, error):\n    return True\ndef function(self, job):\n    return int", "failed", "TypeError"),
        ("def function(self, job):\n    import os\n    return lambda x: os._exit(7)", "failed", "exited with"),
    ],
)
def test_what_a_library_does_wrong_is_an_outcome(make: Make, body: str, status: str, said: str) -> None:
    ask = make(body)
    outcome = ask("numpy.sqrt", X)
    assert (outcome.status, said in outcome.reason) == (status, True), outcome
    assert "\n" not in outcome.reason


def test_a_library_that_cannot_multiply_is_measured(make: Make) -> None:
    ask = make("def product(self, first, second):\n    raise RuntimeError('no products')")
    assert ask.worker.start().ok
    assert "subnormals" not in ask.worker.provenance
    assert ask.values("numpy.sqrt", X).tobytes() == np.sqrt(X).tobytes()


def test_pieces_of_different_dtypes_are_refused_and_nan_is_a_result(make: Make) -> None:
    body = "def function(self, job):\n    return lambda x: x.astype(np.float32) if np.ndim(x) == 0 else x * np.nan"
    ask = make(body)
    outcome = ask("numpy.sqrt", X, cut=[7, "scalar"])
    assert (outcome.status, "different dtypes" in outcome.reason) == ("failed", True)
    assert np.isnan(ask.values("numpy.sqrt", X, cut=7)).all()


@pytest.mark.parametrize(
    ("body", "change", "said"),
    [
        ("def begin(self):\n    return 'no such luck'", {}, "no such luck"),
        ("def begin(self):\n    import no_such_module", {}, "Planted cannot be started: ModuleNotFoundError"),
        ("", {"options": (("speed", 9),)}, "Planted has no option 'speed' here"),
        ("", {"mode": "xla"}, "Planted runs eagerly on the CPU only"),
        ("", {"device": "GPU"}, "Planted runs eagerly on the CPU only"),
        ("", {"version": "1.4"}, "Planted 1.4 was asked for and 1.5 is installed"),
        ("", {"expect": (("speed", 9),)}, "Planted cannot be asked whether 'speed' holds"),
    ],
)
def test_what_cannot_be_had_is_unavailable(make: Make, body: str, change: dict[str, Any], said: str) -> None:
    ask = make(body)
    ask.worker.target = replace(ask.worker.target, **change)
    outcome = ask.worker.start()
    assert (outcome.status, said in outcome.reason) == ("unavailable", True), outcome


def test_a_build_of_a_release_is_that_release(make: Make) -> None:
    ask = make('version = "1.5+cpu"')
    ask.worker.target = replace(ask.worker.target, version="1.5")
    assert ask.worker.start().ok


# -- the tables -------------------------------------------------------------------------------------
@pytest.mark.parametrize("name", OTHERS)
def test_tables_name_functions_of_the_catalogue(name: str) -> None:
    (library,) = [x for x in BUILTIN if x.name == name]
    rows = all_rows()
    assert set(library.calls) <= set(rows)
    assert len(library.calls) > 40
    for function, call in library.calls.items():
        row = rows[function]
        if row.kind == "expression":
            assert "numpy." not in call or name in ("numba", "jax")
            compile(call, function, "eval")
        else:
            parse_call(call)
    assert not library.everyday
    assert {t.library for t in library.targets} == {name}


def test_gradients_and_expressions_follow_from_the_table() -> None:
    rows = all_rows()
    assert library_call(rows["grad_tanh"], "jax") == "jax.numpy.tanh"
    assert library_call(rows["grad_power_y"], "torch") == "torch.pow"
    assert library_call(rows["grad_erf"], "libm") is None
    assert library_call(rows["guarded_log"], "theano") == (
        "theano.tensor.switch(theano.tensor.gt(x, 0.0), theano.tensor.log(x), 0.0)"
    )
    assert library_call(rows["multiply_add"], "torch") == "x * y + z"
    assert library_call(rows["remainder"], "libm") is None


# -- the C library ----------------------------------------------------------------------------------
def test_the_c_library_computes_what_it_computes_here(make: Make) -> None:
    ask = make(target=builtin_targets()["libm"])
    assert ask.worker.start().ok
    found = ask.worker.provenance
    assert found["version"]
    libm = ctypes.CDLL(found["file"] or None)
    for dtype, suffix, kind in ((np.float32, "f", ctypes.c_float), (np.float64, "", ctypes.c_double)):
        for name in ("exp", "sqrt", "erf", "tgamma"):
            called = libm[name + suffix]
            called.restype, called.argtypes = kind, [kind]
            x = X.astype(dtype)
            wanted = np.array([called(v) for v in x.tolist()], dtype)
            for cut in (None, 7, "scalar"):
                assert ask.values(f"libm.{name}", x, cut=cut).tobytes() == wanted.tobytes(), (name, cut)
    assert ask("libm.exp", X, timed=True).reply["seconds"] is None
    y = np.linspace(-3, 3, COUNT)
    assert ask.values("libm.hypot", X, y).tobytes() == np.hypot(X, y).tobytes()
    assert np.array_equal(ask.values("libm.modf[0]", y) + ask.values("libm.modf[1]", y), y)
    assert np.array_equal(ask.values("libm.frexp[0]", y), np.frexp(y)[0])
    assert ask.values("libm.roundeven", np.array([0.5, 1.5, 2.5])).tolist() == [0.0, 2.0, 2.0]
    specials = np.array([np.nan, np.inf, -np.inf, -0.0])
    assert np.array_equal(ask.values("libm.trunc", specials), specials, equal_nan=True)
    assert np.signbit(ask.values("libm.trunc", specials)[3])
    for call, x in (("libm.no_such", X), ("numpy.exp", X), ("libm.exp", X.astype(np.float16))):
        assert ask(call, x).status == "unsupported"


# -- libraries that need a package ------------------------------------------------------------------
FAKE_CUPY = '''
import numpy
from numpy import *

__version__ = "99.0"
moved = []


class cuda:
    class runtime:
        @staticmethod
        def getDeviceCount():
            return DEVICES

        deviceSynchronize = staticmethod(lambda: None)
        getDeviceProperties = staticmethod(lambda n: {"name": b"Planted GPU"})
        runtimeGetVersion = staticmethod(lambda: 12000)
        driverGetVersion = staticmethod(lambda: 13000)


class Array(numpy.ndarray):
    """An array on the imagined GPU."""


def asarray(x):
    return numpy.array(x).view(Array)


def asnumpy(x):
    assert isinstance(x, (Array, numpy.generic)), "it never was on the GPU"
    return numpy.asarray(x)


def exp_strided(x):
    """exp, one ulp too large where the array has strides."""
    y = numpy.exp(x)
    return numpy.nextafter(y, numpy.inf) if x.ndim and x.strides[0] != x.itemsize else y
'''


@pytest.mark.parametrize("devices", [0, 1])
def test_cupy_through_a_module_that_wraps_numpy(make: Make, tmp_path: Path, devices: int) -> None:
    (tmp_path / "cupy.py").write_text(FAKE_CUPY.replace("DEVICES", str(devices)))
    target = replace(builtin_targets()["cupy"], env=(("PYTHONPATH", str(tmp_path)),))
    ask = make(target=target)
    outcome = ask.worker.start()
    if not devices:
        assert (outcome.status, outcome.reason) == ("unavailable", "CuPy sees no GPU")
        return
    assert outcome.ok, outcome
    assert (ask.worker.provenance["version"], ask.worker.provenance["gpu"]) == ("99.0", "Planted GPU")
    wanted = np.exp(X)
    for cut in (None, 7, "scalar"):
        assert ask.values("cupy.exp", X, cut=cut).tobytes() == wanted.tobytes()
    assert ask.values("cupy.ndarray.astype", X, to="float32").tobytes() == X.astype(np.float32).tobytes()
    each = ask.values("cupy.exp_strided", X, layout="each").reshape(3, COUNT)
    assert [(row != wanted).all() for row in each] == [True, False, True]  # strided, offset, reversed


EXACT = {
    "numba": ("numpy.sqrt", "numpy.negative"),
    "theano": ("theano.tensor.sqrt", "theano.tensor.neg"),
    "jax": ("jax.numpy.sqrt", "jax.numpy.negative"),
    "torch": ("torch.trunc", "torch.negative"),
}
DERIVATIVES = {"theano": "theano.tensor.sqr", "jax": "jax.numpy.square", "torch": "torch.square"}


def really(ask: Asker, library: str) -> None:
    """What any of the libraries must get right: exact functions in every cut and layout, and what it lacks."""
    outcome = ask.worker.start()
    assert outcome.ok, outcome
    json.dumps(ask.worker.provenance)
    first, second = EXACT[library]
    here = {"sqrt": np.sqrt, "trunc": np.trunc}[first.rpartition(".")[2]]
    for dtype in (np.float32, np.float64):
        x = X.astype(dtype)
        for cut in (None, 7, [1, "scalar"]):
            times = 2 if isinstance(cut, list) else 1
            assert ask.values(first, x, cut=cut).tobytes() == np.tile(here(x), times).tobytes(), cut
        assert ask.values(second, x, layout="each").tobytes() == np.tile(-x, 3).tobytes()
    assert ask(first.rpartition(".")[0] + ".no_such_function", X).status == "unsupported"
    assert not ask(first, X, X, timed=True).ok
    if library in DERIVATIVES:
        assert ask.values(DERIVATIVES[library], X, gradient=0).tobytes() == (2 * X).tobytes()
    else:
        assert ask(first, X, gradient=0).status == "unsupported"
    assert ask(first, X, program="x * x + x", arity=1).ok


@pytest.mark.parametrize("name", ["numba", "jax", "jax-xla", "torch"])
def test_a_library_that_is_installed_here(make: Make, name: str) -> None:
    target = builtin_targets()[name]
    if importlib.util.find_spec(target.library) is None:
        # Its absence is what can be tested here; environments of releases have it (below).
        assert make(target=target).worker.start().status == "unavailable"
        return
    really(make(target=target), target.library)


@pytest.mark.full
@pytest.mark.parametrize(
    ("name", "version"),
    [
        ("numba", "0.53.1"),
        ("numba", "0.68.1"),
        ("theano", "1.0.5"),
        ("theano-python", "1.0.5"),
        ("jax", "0.10.2"),
        ("jax-xla", "0.10.2"),
    ],
)
def test_a_release_in_an_environment_of_its_own(make: Make, own_cache: Path, name: str, version: str) -> None:
    from reportgen.measure.provision import prepare
    from reportgen.measure.spectargets import release_target

    target = replace(release_target(builtin_targets()[name], version), env=(("HOME", str(own_cache)),))
    place = prepare([target], own_cache)[target.name]
    if place.reason:
        assert "Python" in place.reason  # the only thing that a machine may lack
        return
    ask = make(target=target, python=place.python)
    really(ask, target.library)
    assert ask.worker.provenance["version"] == version
    if name.startswith("theano"):
        assert ask.worker.provenance["c_code"] == (name == "theano")
        assert not (own_cache / ".theano").exists()
