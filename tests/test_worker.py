"""Real workers: what a library computes in a worker is what it computes when called directly."""

from __future__ import annotations

import ast
import itertools
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import ModuleType
from typing import Any

import ml_dtypes
import numpy as np
import pytest

from reportgen.core.floats import FLOAT_DTYPES, FORMATS
from reportgen.core.model import Outcome, TargetSpec
from reportgen.measure.launcher import Worker

FAKES = Path(__file__).resolve().parent / "fakes"
WORKER = Path(__file__).resolve().parent.parent / "reportgen" / "worker"
CUTS: tuple[Any, ...] = (None, 1, 3, 7, 15, "scalar")
LAYOUTS = ("contiguous", "strided", "offset", "reversed")
TYPES = {"float16": np.float16, "bfloat16": ml_dtypes.bfloat16, "float32": np.float32, "float64": np.float64}
COUNT = 105
MODES = ("eager", "graph", "xla")


class Asker:
    """A worker and the files through which it is asked."""

    def __init__(self, target: TargetSpec, folder: Path) -> None:
        self.worker = Worker(target, folder)
        self.folder = folder

    def send(self, path: str, arrays: list[np.ndarray], dtype: str, **how: Any) -> None:
        source = self.folder / "input.bin"
        source.write_bytes(b"".join(a.tobytes() for a in arrays))
        base = {"op": "evaluate", "path": path, "dtype": dtype, "arity": len(arrays), "count": len(arrays[0])}
        files = {"input": str(source), "output": str(self.folder / "output.bin")}
        self.worker.submit(base | files | how)

    def __call__(self, path: str, arrays: list[np.ndarray], dtype: str = "float32", **how: Any) -> Outcome:
        self.send(path, arrays, dtype, **how)
        return self.worker.collect(60)

    def values(self, path: str, arrays: list[np.ndarray], dtype: str = "float32", **how: Any) -> np.ndarray:
        outcome = self(path, arrays, dtype, **how)
        assert outcome.ok, outcome
        name = outcome.reply["dtype"]
        kind = {**TYPES, "bool": np.bool_, "int64": np.int64}[name]
        return np.fromfile(self.folder / "output.bin", kind)


def inputs(dtype: str, count: int = COUNT, low: float = -8, high: float = 8) -> np.ndarray:
    return np.linspace(low, high, count).astype(TYPES[dtype])


def same(first: np.ndarray, second: np.ndarray) -> bool:
    return first.dtype == second.dtype and first.tobytes() == second.tobytes()


@pytest.fixture(scope="module")
def numpy_worker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Asker]:
    target = TargetSpec("planted", "numpy", env=(("PYTHONPATH", str(FAKES)),))
    asker = Asker(target, tmp_path_factory.mktemp("numpy"))
    assert asker.worker.start().ok
    yield asker
    assert asker.worker.starts == 1, asker.worker.log_tail()
    asker.worker.close()


# -- the source -------------------------------------------------------------------------------------
@pytest.mark.parametrize("path", sorted(WORKER.glob("*.py")), ids=lambda p: p.name)
def test_the_worker_is_python_3_6_and_stands_alone(path: Path) -> None:
    tree = ast.parse(path.read_text(), feature_version=(3, 6))
    own = {p.stem for p in WORKER.glob("*.py")}
    libraries = {
        "numpy",
        "scipy",
        "tensorflow",
        "ml_dtypes",
        "numba",
        "llvmlite",
        "theano",
        "jax",
        "jaxlib",
        "torch",
        "cupy",
    }
    allowed = set(sys.stdlib_module_names) | own | libraries
    for node in ast.walk(tree):
        names = [a.name for a in node.names] if isinstance(node, ast.Import) else []
        names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
        assert {n.partition(".")[0] for n in names} <= allowed, ast.unparse(node)
        assert not isinstance(node, ast.ImportFrom) or node.level == 0
        if isinstance(node, ast.ImportFrom):
            assert node.module != "__future__", "Python 3.6 does not know later features"


# -- NumPy ------------------------------------------------------------------------------------------
def direct(function: Any, x: np.ndarray, cut: Any) -> np.ndarray:
    """NumPy called in this process on the same pieces."""
    with np.errstate(all="ignore"):
        if cut is None:
            return function(x)
        if cut == "scalar":
            return np.array([function(v) for v in x], x.dtype)
        return np.concatenate([function(piece) for piece in x.reshape(-1, cut)])


@pytest.mark.parametrize(("cut", "dtype"), list(itertools.product(CUTS, FLOAT_DTYPES)))
def test_numpy_computes_in_a_worker_what_it_computes_here(numpy_worker: Asker, cut: Any, dtype: str) -> None:
    x = inputs(dtype)
    for name in ("exp", "tanh", "negative"):
        got = numpy_worker.values(f"numpy.{name}", [x], dtype, cut=cut)
        assert same(got, direct(getattr(np, name), x, cut)), (name, cut)


@pytest.mark.parametrize(("layout", "dtype"), list(itertools.product(LAYOUTS, FLOAT_DTYPES)))
def test_layouts_are_real_and_keep_the_values(numpy_worker: Asker, layout: str, dtype: str) -> None:
    x = inputs(dtype, 4096)
    assert same(numpy_worker.values("numpy.negative", [x], dtype, layout=layout), -x)
    assert same(numpy_worker.values("numpy.negative", [x], dtype, layout=layout, cut=64), -x)


@pytest.mark.parametrize("defect", ["exp_strided", "exp_offset"])
@pytest.mark.parametrize("layout", LAYOUTS)
def test_a_library_sees_the_layout(numpy_worker: Asker, defect: str, layout: str) -> None:
    x = inputs("float32", 200)
    fires = same(
        numpy_worker.values("planted.clean_exp", [x]), numpy_worker.values(f"planted.{defect}", [x], layout=layout)
    )
    meant = {"exp_strided": ("strided", "reversed"), "exp_offset": ("offset",)}[defect]
    assert fires != (layout in meant)


@pytest.mark.parametrize(
    ("defect", "cut", "wrong"),
    [
        ("exp_tail", None, COUNT % 8),
        ("exp_tail", 7, COUNT),
        ("exp_tail", 1, COUNT),
        ("exp_alone", 1, COUNT),
        ("exp_alone", 3, 0),
        ("exp_alone", "scalar", 0),
        ("exp_rank0", "scalar", COUNT),
        ("exp_rank0", 1, 0),
        ("exp_third", 1, COUNT // 3),
    ],
)
def test_pieces_are_separate_calls(numpy_worker: Asker, defect: str, cut: Any, wrong: int) -> None:
    x = inputs("float32")
    clean = numpy_worker.values("planted.clean_exp", [x], cut=cut)
    planted = numpy_worker.values(f"planted.{defect}", [x], cut=cut)
    assert int((clean != planted).sum()) == wrong
    if wrong:
        assert np.abs(clean.view(np.int32) - planted.view(np.int32)).max() == 1


def test_two_arguments(numpy_worker: Asker) -> None:
    x, y = inputs("float64"), inputs("float64")[::-1].copy()
    for cut in CUTS:
        assert same(numpy_worker.values("numpy.arctan2", [x, y], "float64", cut=cut), np.arctan2(x, y))


def test_booleans_come_back_as_bytes(numpy_worker: Asker) -> None:
    x, y = inputs("float32"), np.zeros(COUNT, np.float32)
    for cut in CUTS:
        assert same(numpy_worker.values("numpy.less", [x, y], cut=cut), x < y)


def test_reductions(numpy_worker: Asker) -> None:
    x = inputs("float32")
    assert numpy_worker.values("numpy.max", [x], reduce=True).tolist() == [8.0]
    assert numpy_worker.values("numpy.max", [x], reduce=True, layout="reversed").tolist() == [8.0]
    assert same(numpy_worker.values("numpy.max", [x], reduce=True, cut=15), x.reshape(-1, 15).max(1))
    assert same(numpy_worker.values("numpy.max", [x], reduce=True, cut="scalar"), x)
    assert numpy_worker.values("numpy.argmax", [x], reduce=True).tolist() == [COUNT - 1]


def test_special_values_pass_unchanged(numpy_worker: Asker) -> None:
    for dtype in FLOAT_DTYPES:
        fmt = FORMATS[dtype]
        tiny = fmt.min_subnormal
        x = np.array([0.0, -0.0, np.inf, -np.inf, np.nan, tiny, -tiny, fmt.max_finite]).astype(TYPES[dtype])
        for layout in LAYOUTS:
            assert same(numpy_worker.values("numpy.positive", [x], dtype, layout=layout), x), (dtype, layout)


def test_seconds_are_those_of_the_call(numpy_worker: Asker) -> None:
    few, many = (numpy_worker("numpy.exp", [inputs("float64", n)], "float64", timed=True) for n in (10, 1000000))
    assert 0 < few.reply["seconds"] < many.reply["seconds"] < 1


@pytest.mark.parametrize(
    ("path", "how", "status", "reason"),
    [
        ("numpy.nothing", {}, "unsupported", f"NumPy {np.__version__} has no nothing"),
        ("nolibrary.exp", {}, "unsupported", "nolibrary cannot be imported"),
        ("numpy.pi", {}, "unsupported", "not a function"),
        ("numpy.exp", {"constant": True}, "unsupported", "no compile-time constants"),
        ("numpy.bitwise_not", {}, "unsupported", "not supported for the input types"),
        ("planted.exp_no_loop", {}, "unsupported", "not supported for the input types"),
        ("planted.exp_raises", {}, "failed", "RuntimeError: internal error in planted.exp_raises"),
        ("planted.exp_short", {}, "failed", "104 elements where 105 were expected"),
        ("numpy.max", {}, "failed", "1 elements where 105 were expected"),
        ("numpy.modf", {}, "failed", "returns 2 values"),
        ("numpy.exp", {"cut": 4}, "failed", "does not divide"),
        ("numpy.exp", {"layout": "diagonal"}, "failed", "unknown layout"),
        ("numpy.exp", {"input": "/nowhere"}, "failed", "FileNotFoundError"),
        ("numpy.exp", {"dtype": "float8"}, "failed", "unknown dtype"),
    ],
)
def test_what_cannot_be_done_is_an_outcome(
    numpy_worker: Asker, path: str, how: dict[str, Any], status: str, reason: str
) -> None:
    outcome = numpy_worker(path, [inputs("float32")], **{"cut": None, **how})
    assert (outcome.status, reason in outcome.reason) == (status, True), outcome
    assert "\n" not in outcome.reason


def test_other_result_types_are_named(numpy_worker: Asker) -> None:
    assert numpy_worker.values("planted.exp_dtype", [inputs("float32")]).dtype == np.float64
    assert numpy_worker("numpy.longdouble", [inputs("float32")]).status == "failed"


def test_chatter_does_not_reach_the_channel(numpy_worker: Asker) -> None:
    x = inputs("float32")
    assert same(numpy_worker.values("planted.exp_chatter", [x]), numpy_worker.values("planted.clean_exp", [x]))


def test_unknown_requests_are_answered(numpy_worker: Asker) -> None:
    assert numpy_worker.worker.request({"op": "dance"}, 5).status == "failed"
    assert numpy_worker.worker.request({"op": "evaluate"}, 5).status == "failed"


def test_crashes_and_hangs_of_a_library(tmp_path: Path) -> None:
    asker = Asker(TargetSpec("planted", "numpy", env=(("PYTHONPATH", str(FAKES)),)), tmp_path)
    x = inputs("float32")
    crashed = asker("planted.exp_crash", [x])
    assert (crashed.status, "SIGSEGV" in crashed.reason) == ("failed", True)
    asker.send("planted.exp_hang", [x], "float32")
    assert asker.worker.collect(0.5).status == "timeout"
    assert asker("planted.clean_exp", [x]).ok
    asker.worker.close()


def test_numpy_says_what_it_is(numpy_worker: Asker) -> None:
    found = numpy_worker.worker.provenance
    assert found["version"] == np.__version__
    assert found["ml_dtypes"] == ml_dtypes.__version__
    assert found["simd"]["baseline"]
    assert set(found["simd"]["dispatch_enabled"]) <= set(found["simd"]["found"])
    assert found["build"]["depends"]["blas"]["name"]
    assert found["env"]["OPENBLAS_NUM_THREADS"] == "1"
    for dtype in ("float32", "float64"):
        assert found["subnormals"][dtype]["inputs_flushed"] is False
        assert found["subnormals"][dtype]["results_flushed"] is False


# -- the probe of subnormals ------------------------------------------------------------------------
@pytest.fixture
def provenance(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    monkeypatch.syspath_prepend(WORKER)
    import provenance

    return provenance


@pytest.mark.parametrize(("inputs_lost", "results_lost"), list(itertools.product([False, True], repeat=2)))
def test_flushing_is_found_by_computation(provenance: ModuleType, inputs_lost: bool, results_lost: bool) -> None:
    class Flushing:
        def compute(self, name: str, a: np.ndarray, b: np.ndarray) -> np.ndarray:
            tiny = np.finfo(a.dtype).tiny
            if inputs_lost and a.size == 1:
                a = np.where(np.abs(a) < tiny, 0, a)
            product = getattr(np, name)(a, b)
            if results_lost and a.size > 1:
                product = np.where(np.abs(product) < tiny, 0, product)
            return product

    for found in provenance.subnormals(Flushing()).values():
        assert found["inputs_flushed"] is found["alone"]["inputs_flushed"] is inputs_lost
        assert found["results_flushed"] is found["array"]["results_flushed"] is results_lost
        assert found["alone"]["results_flushed"] is False


# -- TensorFlow -------------------------------------------------------------------------------------
@pytest.fixture(scope="module")
def tensorflows(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Asker]]:
    env = (("PYTHONPATH", str(FAKES)),)
    found = {}
    for mode in MODES:
        found[mode] = Asker(TargetSpec(mode, "tensorflow", mode, env=env), tmp_path_factory.mktemp(mode))
    with ThreadPoolExecutor(2) as pool:
        outcomes = list(pool.map(lambda asker: asker.worker.start(), found.values()))
    assert all(outcome.ok for outcome in outcomes), outcomes
    yield found
    for asker in found.values():
        assert asker.worker.starts == 1, asker.worker.log_tail()
        asker.worker.close()


@pytest.mark.parametrize("mode", MODES)
def test_tensorflow_in_every_cut_layout_and_dtype(tensorflows: dict[str, Asker], mode: str) -> None:
    ask = tensorflows[mode]
    for dtype in FLOAT_DTYPES:
        x = inputs(dtype)
        with np.errstate(all="ignore"):
            expected = np.square(x)  # correctly rounded everywhere
        for cut in CUTS:
            assert same(ask.values("tensorflow.math.square", [x], dtype, cut=cut), expected), (dtype, cut)
        for layout in LAYOUTS:
            assert same(ask.values("tensorflow.math.square", [x], dtype, layout=layout), expected), (dtype, layout)


@pytest.mark.parametrize("mode", ["graph", "xla"])
def test_constants_are_constants(tensorflows: dict[str, Asker], mode: str) -> None:
    ask, x = tensorflows[mode], inputs("float32")
    clean, planted = "planted_tf.clean_square", "planted_tf.square_constant"
    assert same(ask.values(clean, [x]), ask.values(planted, [x]))
    assert not (ask.values(clean, [x], constant=True) == ask.values(planted, [x], constant=True)).any()
    for dtype in FLOAT_DTYPES:
        x = inputs(dtype)
        assert same(ask.values("tensorflow.math.square", [x], dtype, constant=True), np.square(x))


def test_eager_execution_has_no_constants(tensorflows: dict[str, Asker]) -> None:
    assert tensorflows["eager"]("tensorflow.math.exp", [inputs("float32")], constant=True).status == "unsupported"


@pytest.mark.parametrize("mode", ["graph", "xla"])
def test_every_length_is_traced_for_itself(tensorflows: dict[str, Asker], mode: str) -> None:
    ask, x = tensorflows[mode], inputs("float32")
    for cut, fires in ((7, True), (15, False), (None, False), ("scalar", True)):
        clean = ask.values("planted_tf.clean_square", [x], cut=cut)
        assert (not (clean == ask.values("planted_tf.square_short", [x], cut=cut)).any()) == fires, cut


@pytest.mark.parametrize("mode", MODES)
def test_tensorflow_reductions_booleans_and_two_arguments(tensorflows: dict[str, Asker], mode: str) -> None:
    ask, x, y = tensorflows[mode], inputs("float64"), inputs("float64")[::-1].copy()
    assert ask.values("tensorflow.math.reduce_max", [x], "float64", reduce=True).tolist() == [8.0]
    assert same(ask.values("tensorflow.math.less", [x, y], "float64", cut=7), x < y)
    assert same(ask.values("tensorflow.math.multiply", [x, y], "float64", cut="scalar"), x * y)
    assert ask("tensorflow.math.exp", [x], "float64", timed=True).reply["seconds"] > 0


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize(
    ("path", "dtype", "status", "reason"),
    [
        ("tensorflow.math.nothing", "float32", "unsupported", " has no math.nothing"),
        ("tensorflow.math.nextafter", "float16", "unsupported", "allowed values"),
        ("tensorflow.experimental.numpy.exp2", "bfloat16", "unsupported", "astype"),
        ("planted_tf.square_unsupported", "float32", "unsupported", "no kernel for this device"),
        ("tensorflow.math.reduce_max", "float32", "failed", "1 elements where 105 were expected"),
    ],
)
def test_tensorflow_refusals(
    tensorflows: dict[str, Asker], mode: str, path: str, dtype: str, status: str, reason: str
) -> None:
    arrays = [inputs(dtype)] * (2 if "nextafter" in path else 1)
    outcomes = [tensorflows[mode](path, arrays, dtype, cut=cut) for cut in (None, None)]
    assert (outcomes[0].status, reason in outcomes[0].reason) == (status, True), outcomes[0]
    assert outcomes[0].reason == outcomes[1].reason


def test_reasons_name_no_counters(tensorflows: dict[str, Asker]) -> None:
    outcomes = [tensorflows["xla"]("tensorflow.math.bessel_i0", [inputs("float32", n)]) for n in (8, 9)]
    assert {o.status for o in outcomes} == {"unsupported"}
    assert outcomes[0].reason == outcomes[1].reason
    assert "BesselI0" in outcomes[0].reason
    assert "__inference" not in outcomes[0].reason


@pytest.mark.parametrize("mode", MODES)
def test_flushing_is_what_evaluations_show(tensorflows: dict[str, Asker], mode: str) -> None:
    probed = tensorflows[mode].worker.provenance["subnormals"]
    for dtype in ("float32", "float64"):
        half = np.full(4099, 0.5, dtype)
        normal = np.full(4099, np.finfo(dtype).tiny, dtype)
        lost = (tensorflows[mode].values("tensorflow.math.multiply", [normal, half], dtype) == 0).any()
        assert probed[dtype]["array"]["results_flushed"] == lost


def test_tensorflow_says_what_it_is(tensorflows: dict[str, Asker]) -> None:
    for mode, asker in tensorflows.items():
        found = asker.worker.provenance
        assert (found["mode"], found["threads"]["intra_op"]) == (mode, 1)
        assert found["version"].startswith("2.")
        assert found["onednn"]["enabled"] in (True, False)
        assert set(found["subnormals"]) == {"float32", "float64"}
