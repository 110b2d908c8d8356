"""Graphs in sessions give the bits of tf.function, and questions that end or hang a process are answered by that."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from reportgen.core.model import Outcome, TargetSpec
from reportgen.measure.meaning import asked
from tests.test_old_releases import of_worker
from tests.test_worker import CUTS, LAYOUTS, Asker, inputs, same

ROOT = Path(__file__).resolve().parent.parent
WORKER, FAKES = ROOT / "reportgen" / "worker", ROOT / "tests" / "fakes"
SEVERAL: list[Any] = [1, 3, 7, 15, "scalar"]


# -- sessions ---------------------------------------------------------------------------------------
@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Asker, Asker]]:
    """The adapter of sessions, and the one of ``tf.function``, on the installed TensorFlow."""
    pytest.importorskip("tensorflow")
    sessions = Asker(TargetSpec("sessions", "tensorflow", "graph"), tmp_path_factory.mktemp("sessions"))
    sessions.worker.adapter = f"{FAKES / 'compat_sessions.py'}:Adapter"
    functions = Asker(TargetSpec("functions", "tensorflow", "graph"), tmp_path_factory.mktemp("functions"))
    sessions.worker.launch()
    for asker in (sessions, functions):
        started = asker.worker.start()
        assert started.ok, (started, asker.worker.log_tail())
    yield sessions, functions
    for asker in (sessions, functions):
        assert asker.worker.starts == 1, asker.worker.log_tail()
        asker.worker.close()


NAMES = ("exp", "tanh", "sqrt", "rsqrt", "log1p", "erf")


@pytest.mark.parametrize("dtype", ["float32", "float64", "bfloat16"])
def test_a_session_gives_the_bits_of_tf_function(both: tuple[Asker, Asker], dtype: str) -> None:
    x = inputs(dtype, 105, 0.1, 8)
    for name in NAMES:
        for how in ([{"cut": c} for c in (*CUTS, SEVERAL)], [{"layout": one} for one in (*LAYOUTS, "each")]):
            for said in how:
                got, wanted = (a.values(f"tensorflow.math.{name}", [x], dtype, **said) for a in both)
                assert same(got, wanted), (name, dtype, said)


def test_a_session_computes_gradients_casts_programs_and_reductions(both: tuple[Asker, Asker]) -> None:
    x, y = inputs("float32", 105, 0.1, 8), inputs("float32", 105, -3, 4)
    for path, arrays, how in (
        ("tensorflow.math.tanh", [x], {"gradient": 0}),
        ("tensorflow.math.squared_difference", [y, x], {"gradient": 1}),
        ("tensorflow.math.atan2", [y, x], {"cut": SEVERAL}),
        ("tensorflow.cast", [x], {"to": "float64"}),
        ("tensorflow.cast", [x], {"to": "bfloat16"}),
        ("tensorflow.math.is_nan", [x], {}),
        ("", [x, y], {"program": "tensorflow.math.log(x) * y"}),
        ("tensorflow.math.reduce_sum", [x], {"reduce": True}),
        ("tensorflow.math.reduce_sum", [x], {"reduce": True, "cut": 7}),
        ("tensorflow.math.exp", [x], {"constant": True}),
        ("tensorflow.math.exp", [x], {"timed": True}),
    ):
        got, wanted = (a.values(path, arrays, **how) for a in both)
        assert same(got, wanted), (path, how)


def test_a_session_runs_programs_on_whole_arrays(both: tuple[Asker, Asker]) -> None:
    matrix = np.random.default_rng(1).normal(size=(4, 4))
    operands = [{"name": n, "dtype": "float64", "shape": [4, 4], "order": o} for n, o in (("x", "F"), ("y", "strided"))]

    def ask(asker: Asker, program: str, **how: Any) -> tuple[Outcome, bytes]:
        (asker.folder / "input.bin").write_bytes(matrix.tobytes() + matrix.T.tobytes())
        files = {"input": str(asker.folder / "input.bin"), "output": str(asker.folder / "output.bin")}
        message = {"op": "arrays", "program": program, "operands": operands, "parameters": {"axis": 0}, **files, **how}
        outcome = asker.worker.request(message, 60)
        return outcome, (asker.folder / "output.bin").read_bytes() if outcome.ok else b""

    for program, how in (
        ("tensorflow.linalg.matmul(x, y)", {}),
        ("tensorflow.linalg.svd(x)", {"repeat": 2}),
        ("tensorflow.math.reduce_sum(x, axis=axis)", {"constant": True}),
    ):
        (got, bits), (wanted, others) = (ask(asker, program, **how) for asker in both)
        assert got.ok, got
        assert wanted.ok, wanted
        assert got.reply["results"] == wanted.reply["results"]
        assert bits == others, program
    refused, _ = ask(both[0], "x + y", mode="xla")
    assert (refused.status, "graph mode only" in refused.reason) == ("unsupported", True)


def test_a_session_refuses_as_it_should(both: tuple[Asker, Asker]) -> None:
    x = inputs("float32", 15)
    for path, how, status, words in (
        ("tensorflow.math.nothing", {}, "unsupported", "has no math.nothing"),
        ("tensorflow.math.floor", {"gradient": 0}, "unsupported", "no gradient"),
        ("tensorflow.math.exp", {"axis": 1, "keywords": {"axis": 1}}, "unsupported", "unexpected keyword argument"),
        ("tensorflow.bitwise.invert", {}, "unsupported", "allowed values"),
        ("tensorflow.math.reduce_max", {}, "failed", "1 elements where 15 were expected"),
        ("tensorflow.nn.moments", {"keywords": {"axes": [0]}}, "failed", "returns 2 values"),
    ):
        outcome = both[0](path, [x], **how)
        assert (outcome.status, words in outcome.reason) == (status, True), outcome


def test_a_session_says_what_it_is(both: tuple[Asker, Asker]) -> None:
    told = both[0].worker.provenance
    assert (told["execution"], told["mode"], told["device"]) == ("session", "graph", "CPU")
    assert told["threads"] == {"intra_op": 1, "inter_op": 1}
    assert told["constants_folded"] is True
    assert told["lapack"] == both[1].worker.provenance["lapack"]
    assert told["subnormals"] == both[1].worker.provenance["subnormals"]
    outcome = both[0].worker.request({"op": "surface"}, 60)
    assert outcome.reply["surface"]["library"] == "tensorflow"


def test_pieces_of_all_cuts_come_back_in_order(monkeypatch: pytest.MonkeyPatch) -> None:
    sessions = of_worker("sessions", monkeypatch)
    rows, lengths = sessions.together([sessions.pieces([np.arange(6)], cut, "contiguous") for cut in (1, 3, "scalar")])
    assert (lengths, len(rows)) == ([6, 2, 6], 6)
    ones, threes, scalars = ([np.asarray(row[k]).tolist() for row in rows[:n]] for k, n in enumerate(lengths))
    assert (ones, threes, scalars) == ([[n] for n in range(6)], [[0, 1, 2], [3, 4, 5]], list(range(6)))


# -- questions apart --------------------------------------------------------------------------------
TEXTS = {"group": "g", "question": "?", "same": "s", "differs": "d"}
LINES = [{**TEXTS, "id": f"q{n}", "numpy": f"np.code({n})"} for n in range(4)]


@pytest.mark.parametrize(
    ("how", "errors"),
    [
        ("answers", {}),
        ("dies", {1: "the process was killed by SIGFPE"}),
        ("hangs", {1: "no answer within 0.5 s"}),
        ("exits", {3: "the process ended with exit code 0"}),
    ],
)
def test_a_question_that_ends_the_process_is_answered_by_that(
    how: str, errors: dict[int, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    apart = of_worker("meaning_apart", monkeypatch)
    monkeypatch.setattr(apart, "LINE_SECONDS", 0.5)
    found = apart.run("numpy", "eager", LINES, [sys.executable, str(FAKES / "questions.py"), how, str(WORKER)])
    assert [line["id"] for line in found] == ["q0", "q1", "q2", "q3"]
    assert {n: line["error"] for n, line in enumerate(found) if line["error"]} == errors
    for number in errors:
        assert found[number]["code"] == f"np.code({number})"


def test_a_process_that_never_gets_ready_is_no_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    apart = of_worker("meaning_apart", monkeypatch)
    with pytest.raises(RuntimeError, match="did not get ready: the process ended with exit code 3"):
        apart.run("numpy", "eager", LINES, [sys.executable, str(FAKES / "questions.py"), "deaf", str(WORKER)])


def test_questions_apart_have_the_same_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    assert of_worker("meaning_apart", monkeypatch).run("numpy", "eager") == of_worker("meaning", monkeypatch).run(
        "numpy"
    )


class Deaf:
    """A worker that dies of the questions unless they are asked apart."""

    def __init__(self, ending: str) -> None:
        self.ending, self.messages = ending, list[dict[str, Any]]()

    def request(self, message: dict[str, Any], timeout: float) -> Outcome:
        self.messages.append(message)
        return Outcome("ok") if message.get("apart") else Outcome(self.ending)


@pytest.mark.parametrize(("ending", "requests"), [("ok", 1), ("unavailable", 1), ("failed", 2), ("timeout", 2)])
def test_questions_are_asked_apart_only_where_they_must(ending: str, requests: int) -> None:
    worker: Any = Deaf(ending)
    asked(worker)
    assert len(worker.messages) == requests
