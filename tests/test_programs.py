"""The worker's little language for programs, and whole arrays through real workers."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import ml_dtypes
import numpy as np
import pytest

from reportgen.core.model import Outcome, TargetSpec
from reportgen.measure import launcher
from reportgen.measure.launcher import Worker

WORKER = Path(__file__).resolve().parent.parent / "reportgen" / "worker"
TYPES: dict[str, Any] = {"bfloat16": ml_dtypes.bfloat16}


@pytest.fixture(scope="module")
def programs() -> Iterator[Any]:
    sys.path.insert(0, str(WORKER))
    import programs as module

    yield module
    sys.path.remove(str(WORKER))


RIGHT = {
    "x + y": 5.0,
    "(x + y) - y": 2.0,
    "-x ** 2": -4.0,
    "x @ y if 0 else 1": None,
    "numpy.sqrt(x + y + 4.0)": 3.0,
    "numpy.max([x, y, 7.0])": 7.0,
    "numpy.sum(z, axis=axis)[1]": 5.0,
    "numpy.sum(z[:, ::-1], axis=0)[0]": 5.0,
    "z[0, 1]": 2.0,
    "z.T[1][0]": 2.0,
    "numpy.linalg.slogdet(z)[0]": -1.0,
}


@pytest.mark.parametrize("text", RIGHT)
def test_a_program_is_the_expression_that_it_says(programs: Any, text: str) -> None:
    values = {"x": np.float64(2), "y": np.float64(3), "z": np.array([[1.0, 2.0], [0.0, 3.0]]), "axis": 0}
    if text == "numpy.linalg.slogdet(z)[0]":
        values["z"] = np.array([[0.0, 1.0], [1.0, 0.0]])
    if RIGHT[text] is None:
        with pytest.raises(Exception, match="IfExp"):
            programs.Program(text).run(values)
    else:
        assert programs.Program(text).run(values) == RIGHT[text]


@pytest.mark.parametrize(
    "text",
    ["unknown + x", "lambda: x", "[i for i in x]", "numpy.no_such_function(x)", "(x := 2)", "f'{x}'", "x.no_such"],
)
def test_what_is_no_program_is_refused(programs: Any, text: str) -> None:
    from common import RefusedError, UnsupportedError  # type: ignore[import-not-found]

    with pytest.raises((RefusedError, UnsupportedError)):
        programs.Program(text).run({"x": np.ones(2)})


def test_results_are_taken_one_by_one(programs: Any) -> None:
    named = np.linalg.eigh(np.eye(2))
    assert [np.shape(r) for r in programs.flat(named)] == [(2,), (2, 2)]
    assert len(programs.flat(np.ones(3))) == 1
    assert programs.flat([1, (2, 3)]) == [1, 2, 3]


class Asker:
    """A worker that is asked for programs on whole arrays."""

    def __init__(self, target: TargetSpec, folder: Path) -> None:
        self.worker, self.folder = Worker(target, folder), folder

    def __call__(self, program: str, operands: dict[str, np.ndarray], **more: Any) -> Outcome:
        source = self.folder / "input.bin"
        source.write_bytes(b"".join(np.ascontiguousarray(a).tobytes() for a in operands.values()))
        order = more.pop("order", "C")
        said = [{"name": n, "dtype": a.dtype.name, "shape": list(a.shape), "order": order} for n, a in operands.items()]
        files = {"input": str(source), "output": str(self.folder / "output.bin")}
        return self.worker.request({"op": "arrays", "program": program, "operands": said} | files | more, 120)

    def results(self, program: str, operands: dict[str, np.ndarray], **more: Any) -> list[np.ndarray]:
        outcome = self(program, operands, **more)
        assert outcome.ok, outcome
        data, start, out = (self.folder / "output.bin").read_bytes(), 0, []
        for entry in outcome.reply["results"]:
            dtype = np.dtype(TYPES.get(entry["dtype"], entry["dtype"]))
            values = np.frombuffer(data, dtype, int(np.prod(entry["shape"], dtype=int)), start)
            start += values.nbytes
            out.append(values.reshape(entry["shape"]))
        assert start == len(data)
        return out


@pytest.fixture(scope="module", params=["numpy", "eager", "graph", "xla"])
def asker(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Asker]:
    mode = request.param
    target = TargetSpec(mode, "numpy") if mode == "numpy" else TargetSpec(mode, "tensorflow", mode)
    made = Asker(target, tmp_path_factory.mktemp(mode))
    yield made
    made.worker.close()


def library(asker: Asker) -> str:
    return asker.worker.target.library


def test_arrays_of_any_shape_come_back_with_theirs(asker: Asker) -> None:
    x, y = np.arange(6, dtype=np.float32).reshape(2, 3), np.arange(12, dtype=np.float32).reshape(3, 4)
    found = asker.results(f"{library(asker)}.matmul(x, y)", {"x": x, "y": y})
    assert len(found) == 1
    assert found[0].dtype == np.float32
    assert np.array_equal(found[0], x @ y)
    scalar = "numpy.sum(x)" if library(asker) == "numpy" else "tensorflow.reduce_sum(x)"
    assert asker.results(scalar, {"x": x})[0].shape == ()


@pytest.mark.parametrize("order", ["C", "F", "strided", "offset", "reversed"])
@pytest.mark.parametrize("dtype", ["float16", "bfloat16", "float32", "float64", "complex64"])
def test_layouts_and_dtypes_keep_the_values(asker: Asker, order: str, dtype: str) -> None:
    x = np.arange(12).reshape(3, 4).astype(TYPES.get(dtype, dtype))
    assert np.array_equal(asker.results("x[:, 1:]", {"x": x}, order=order)[0], x[:, 1:])


def test_parameters_repetition_and_several_results(asker: Asker) -> None:
    x = np.arange(6, dtype=np.float64).reshape(2, 3)
    name = "numpy.sum(x, axis=axis)" if library(asker) == "numpy" else "tensorflow.reduce_sum(x, axis=axis)"
    for axis in (0, 1):  # a parameter is part of the compiled program
        found = asker.results(f"[{name}, x]", {"x": x}, parameters={"axis": axis}, repeat=3, timed=True)
        assert len(found) == 6
        assert all(np.array_equal(a, x.sum(axis)) for a in found[::2])
        assert all(np.array_equal(a, x) for a in found[1::2])


def test_empty_arrays_and_refusals(asker: Asker) -> None:
    empty = np.empty((0, 3), np.float32)
    name = "numpy.sum(x, axis=0)" if library(asker) == "numpy" else "tensorflow.reduce_sum(x, axis=0)"
    assert np.array_equal(asker.results(name, {"x": empty})[0], np.zeros(3))
    singular = f"{library(asker)}.linalg.no_such_thing(x)"
    assert asker(singular, {"x": np.ones((2, 2))}).status == "unsupported"
    mismatched = f"{library(asker)}.matmul(x, y)"
    outcome = asker(mismatched, {"x": np.ones((2, 3)), "y": np.ones((2, 3))})
    assert outcome.status == "failed"
    assert outcome.reason
    assert asker.results("x + x", {"x": np.ones(2)})[0].tolist() == [2.0, 2.0]
    assert asker.worker.starts == 1


def test_constants_are_folded_anew_each_time(asker: Asker) -> None:
    outcome = asker("x + x", {"x": np.ones(3, np.float32)}, constant=True)
    if asker.worker.target.mode == "eager":
        assert outcome.status == "unsupported"
        return
    assert outcome.ok
    twos = np.full(3, 2, np.float32)
    assert asker.results("x + x", {"x": twos}, constant=True)[0].tolist() == [4.0, 4.0, 4.0]


LIES: dict[str, tuple[Any, str]] = {
    "a size that is not the file's": ([{"dtype": "float32", "shape": [3]}], "8 bytes where 12"),
    "nothing": ([], "which results"),
    "no list": ({"dtype": "float32"}, "which results"),
    "a dtype of nobody": ([{"dtype": "float128", "shape": [1]}], "which results"),
    "a negative shape": ([{"dtype": "float32", "shape": [-2]}], "which results"),
    "a shape of other things": ([{"dtype": "float32", "shape": [True, 2]}], "which results"),
    "no shape": ([{"dtype": "float32"}], "which results"),
}


@pytest.mark.parametrize("lie", LIES)
def test_an_answer_that_contradicts_its_file_is_a_failure(lie: str, tmp_path: Path) -> None:
    output = tmp_path / "output.bin"
    output.write_bytes(bytes(8))
    said, words = LIES[lie]
    check = launcher.CHECKS["arrays"]
    honest = [{"dtype": "float32", "shape": [2]}]
    assert check({"output": str(output)}, Outcome("ok", "", {"results": honest})).ok
    outcome = check({"output": str(output)}, Outcome("ok", "", {"results": said}))
    assert outcome.status == "failed"
    assert words in outcome.reason
    output.unlink()
    assert "no result file" in check({"output": str(output)}, Outcome("ok", "", {"results": honest})).reason
