"""The page "same meaning?": every line runs on both libraries, says what is documented, and notices a difference."""

from __future__ import annotations

import importlib
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

WORKER = Path(__file__).resolve().parent.parent / "reportgen" / "worker"
Answers = dict[str, dict[str, Any]]

ALL_MODES = """
import json, os, sys
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
sys.path.insert(0, sys.argv[1])
import meaning
import tensorflow as tf
tf.get_logger().setLevel("ERROR")
answers = {mode: meaning.answer("tensorflow", mode, {"op": "meaning"}) for mode in ("eager", "graph", "xla")}
answers["again"] = meaning.answer("tensorflow", "graph", None)
print("ANSWERS" + json.dumps(answers))
"""


@pytest.fixture(scope="module")
def worker() -> Iterator[Any]:
    """The worker's modules, imported as the worker process imports them: from their own folder."""
    sys.path.insert(0, str(WORKER))
    try:
        yield importlib.import_module("meaning")
    finally:
        sys.path.remove(str(WORKER))
        for name in ("meaning", "meaning_lines", "meaning_values"):
            sys.modules.pop(name, None)


@pytest.fixture(scope="module")
def lines(worker: Any) -> list[dict[str, str]]:
    return list(worker.meaning_lines.LINES)


@pytest.fixture(scope="module")
def numpy_answers(worker: Any) -> Answers:
    return {line["id"]: line for line in worker.run("numpy")}


@pytest.fixture(scope="module")
def tensorflow_answers() -> dict[str, list[dict[str, Any]]]:
    done = subprocess.run(
        [sys.executable, "-c", ALL_MODES, str(WORKER)], capture_output=True, text=True, timeout=300, check=False
    )
    assert done.returncode == 0, done.stderr[-2000:]
    found: dict[str, list[dict[str, Any]]] = json.loads(done.stdout.split("ANSWERS", 1)[1])
    return found


@pytest.fixture(scope="module")
def eager(tensorflow_answers: dict[str, list[dict[str, Any]]]) -> Answers:
    return {line["id"]: line for line in tensorflow_answers["eager"]}


def test_the_table_is_complete(lines: list[dict[str, str]]) -> None:
    assert 90 <= len(lines) <= 120
    assert len({line["id"] for line in lines}) == len(lines)
    assert len({line["group"] for line in lines}) == 10
    for line in lines:
        assert line["question"].endswith("?"), line["id"]
        assert line["same"].endswith("."), line["id"]
        assert line["differs"].endswith("."), line["id"]
        assert line["same"] != line["differs"]
        compile(line["numpy"], line["id"], "eval")
        compile(line["tensorflow"], line["id"], "eval")
        assert "tf." not in line["numpy"]
        assert "tnp." not in line["numpy"]


def test_both_libraries_answer_every_line(
    worker: Any, lines: list[dict[str, str]], tensorflow_answers: dict[str, list[dict[str, Any]]]
) -> None:
    for library, answers in (("numpy", worker.run("numpy")), *(("tensorflow", a) for a in tensorflow_answers.values())):
        assert [answer["id"] for answer in answers] == [line["id"] for line in lines]
        for line, answer in zip(lines, answers, strict=True):
            assert set(answer) == {"id", "group", "question", "same", "differs", "code", "value", "dtype", "error"}
            assert answer["code"] == line[library]
            refused = answer["error"] is not None
            assert refused == (answer["value"] is None) == (answer["dtype"] is None)
            # A slip of our own in a text would show as one of these.
            assert not (answer["error"] or "").startswith(("NameError", "SyntaxError")), answer
            assert "{{" not in (answer["error"] or "")


def test_default_dtypes_are_the_documented_ones(numpy_answers: Answers, eager: Answers) -> None:
    expected = {
        "exp-floats": ("float64", "float32"), "floats": ("float64", "float32"), "ints": ("int64", "int32"),
        "sum-int32": ("int64", "int32"), "int-mean": ("float64", "int32"), "cumsum-int8": ("int64", "int8"),
        "weak-float": ("float32", "float32"), "int-divide": ("float64", "float64"),
    }  # fmt: skip
    for name, dtypes in expected.items():
        assert (numpy_answers[name]["dtype"], eager[name]["dtype"]) == dtypes, name


def test_values_are_the_documented_ones(numpy_answers: Answers, eager: Answers) -> None:
    assert numpy_answers["exp-floats"]["value"] == str([np.exp(1.0).item(), np.exp(2.0).item()])
    assert eager["exp-floats"]["value"] == "[2.7182817, 7.389056]"
    assert (numpy_answers["argmax-axis"]["value"], eager["argmax-axis"]["value"]) == ("1", "[1, 0]")
    assert (numpy_answers["argmax-nan"]["value"], eager["argmax-nan"]["value"]) == ("1", "2")
    assert (numpy_answers["int-mean"]["value"], eager["int-mean"]["value"]) == ("1.5", "1")
    assert (numpy_answers["signbit-minus-zero"]["value"], eager["signbit-minus-zero"]["value"]) == ("[True]", "[False]")
    assert numpy_answers["round-ties"]["value"] == eager["round-ties"]["value"] == "[0.0, 2.0, 2.0, -0.0]"
    assert numpy_answers["mod-negative"]["value"] == eager["mod-negative"]["value"] == "[2.0, -2.0]"
    assert numpy_answers["max-empty"]["error"].startswith("ValueError: zero-size array")
    assert eager["max-empty"]["value"] == "-inf"
    assert eager["exp-int"]["error"].startswith("InvalidArgumentError: Value for attr 'T' of int32")
    assert eager["float32-float64"]["error"].startswith("InvalidArgumentError")


def test_the_comparison_finds_agreement_and_difference(
    worker: Any, tensorflow_answers: dict[str, list[dict[str, Any]]]
) -> None:
    found = worker.compare(worker.run("numpy"), tensorflow_answers["eager"])
    assert not found["exp-floats"]
    assert not found["argmax-axis"]
    assert found["round-ties"]
    assert found["weak-float"]
    # Both refuse a negative integer power, in words of their own.
    assert found["negative-int-power"]


def test_graph_and_xla_answer_in_their_own_way(tensorflow_answers: dict[str, list[dict[str, Any]]]) -> None:
    modes = {mode: {a["id"]: a for a in answers} for mode, answers in tensorflow_answers.items()}
    assert modes["xla"]["int-divide-zero"]["value"] == "[-1]"
    assert modes["eager"]["int-divide-zero"]["error"]
    assert modes["graph"]["int-divide-zero"]["error"]
    # Shapes are known while tracing; they are reported as they are and not as tensors.
    assert {modes[mode]["broadcasting"]["value"] for mode in modes} == {"(3, 4)"}


def test_the_same_question_gets_the_same_answer_again(
    worker: Any, tensorflow_answers: dict[str, list[dict[str, Any]]]
) -> None:
    assert worker.run("numpy") == worker.run("numpy")
    assert tensorflow_answers["graph"] == tensorflow_answers["again"]


def test_a_planted_wrong_library_is_noticed(worker: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    clean = worker.run("numpy")
    assert all(worker.compare(clean, worker.run("numpy")).values())

    def broken_round(values: Any, decimals: int = 0) -> Any:
        return np.floor(np.asarray(values) + 0.5)

    monkeypatch.setattr(np, "round", broken_round)
    found = worker.compare(clean, worker.run("numpy"))
    assert {name for name, agrees in found.items() if not agrees} == {"round-ties", "round-decimals"}


def test_dtype_value_and_refusal_all_count(worker: Any) -> None:
    answer = {"value": "1.0", "dtype": "float64", "error": None}
    assert worker.same(answer, dict(answer))
    assert not worker.same(answer, answer | {"dtype": "float32"})
    assert not worker.same(answer, answer | {"value": "-1.0"})
    refusal = {"value": None, "dtype": None, "error": "TypeError: no"}
    assert not worker.same(answer, refusal)
    assert worker.same(refusal, refusal | {"error": "ValueError: never"})
    with pytest.raises(ValueError, match="different questions"):
        worker.compare([{"id": "a"}], [{"id": "b"}])
    with pytest.raises(ValueError, match="no questions"):
        worker.run("fortran")
    with pytest.raises(ValueError, match="no questions"):
        worker.run("tensorflow", "sideways")


@pytest.mark.parametrize(
    ("result", "expected"),
    [
        (np.float32(0.1), ("0.1", "float32")), (np.float16(4096), ("4096.0", "float16")),
        (np.float64(-0.0), ("-0.0", "float64")),
        (np.array([-np.nan, np.inf]), ("[nan, inf]", "float64")), (np.float64(1e300), ("1e+300", "float64")),
        (np.array([[1, 2], [3, 4]]), ("[[1, 2], [3, 4]]", "int64")), ((3, 4), ("(3, 4)", "Python int")),
        ((np.int8(1), 2.5), ("(1, 2.5)", "int8, Python float")), ((2,), ("(2,)", "Python int")),
        (None, ("None", "Python NoneType")),
        (True, ("True", "Python bool")), ("ndarray", ("ndarray", "text")), (np.dtype("float32"), ("float32", "dtype")),
        (np.array([], np.float32), ("[]", "float32")), (np.complex64(1 - 2j), ("(1-2j)", "complex64")),
    ],
)  # fmt: skip
def test_results_are_described_exactly(worker: Any, result: Any, expected: tuple[str, str]) -> None:
    assert worker.describe(result) == expected


def test_an_exception_is_an_answer(worker: Any) -> None:
    told = worker.execute("np.exp([1.], nonsense=1)", worker.namespace("numpy"), "numpy", "eager")
    assert told["value"] is None
    assert told["error"].startswith("TypeError: ")
    assert len(worker.execute("'x' * 1000", {}, "numpy", "eager")["value"]) == worker.LIMIT


def test_the_texts_run_alone_and_need_nothing_of_ours(numpy_answers: Answers) -> None:
    done = subprocess.run(
        [sys.executable, "-B", str(WORKER / "meaning.py"), "numpy"], capture_output=True, text=True, check=True
    )
    assert {line["id"]: line for line in json.loads(done.stdout)} == numpy_answers
    for name in ("meaning.py", "meaning_lines.py", "meaning_values.py"):
        source = (WORKER / name).read_text("utf-8")
        assert "reportgen" not in source
        assert "->" not in source.replace("float->int", "")
