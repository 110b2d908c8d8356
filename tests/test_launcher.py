"""Whatever a worker does, its request ends as an Outcome, nothing stays behind, and the next request works."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from reportgen.core.model import Outcome, TargetSpec
from reportgen.measure import launcher
from reportgen.measure.launcher import Worker, environment

FAKES = Path(__file__).resolve().parent / "fakes"
COUNT = 5

BAD_ENDINGS = [
    ("segfault", "failed", "killed by SIGSEGV"),
    ("exit0", "failed", "exited with status 0 without an answer"),
    ("exit3", "failed", "exited with status 3 without an answer"),
    ("half", "failed", "exited with status 0 without an answer"),
    ("child", "failed", "exited with status 0 without an answer"),
    ("garbage", "failed", "the answer is not JSON"),
    ("list", "failed", "the answer is not an object"),
    ("endless", "failed", "the answer has no end"),
    ("wrong-id", "failed", "the answer belongs to another request"),
    ("no-status", "failed", "neither a result nor why"),
    ("short", "failed", "4 elements where 5 were expected"),
    ("short-file", "failed", "16 bytes for 5 elements"),
    ("no-file", "failed", "wrote no result file"),
    ("odd-dtype", "failed", "float128"),
    ("hang", "timeout", "no answer within 0.7 s"),
    ("deaf", "timeout", "no answer within 0.7 s"),
]


def alive(pid: int) -> bool:
    """Whether a process exists and is no zombie."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def gone(pid: int, seconds: float = 5.0) -> bool:
    deadline = time.monotonic() + seconds
    while alive(pid) and time.monotonic() < deadline:
        time.sleep(0.02)
    return not alive(pid)


def group_members(group: int) -> list[int]:
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit() and alive(int(entry.name)):
            try:
                fields = (entry / "stat").read_text().rpartition(")")[2].split()
            except OSError:
                continue
            if int(fields[2]) == group:
                found.append(int(entry.name))
    return found


def message(folder: Path, what: str) -> dict[str, Any]:
    """An evaluate request for 0, 1, 2, 3, 4 as float32."""
    source = folder / "input.bin"
    if not source.exists():
        np.arange(COUNT, dtype=np.float32).tofile(source)
    return {
        "op": "evaluate",
        "path": f"fake.{what}",
        "dtype": "float32",
        "arity": 1,
        "count": COUNT,
        "input": str(source),
        "output": str(folder / "output.bin"),
        "cut": None,
    }


def fake(folder: Path, **options: Any) -> Worker:
    limits = {k: options.pop(k) for k in ("memory_limit", "start_seconds") if k in options}
    return Worker(
        TargetSpec("fake", "numpy", options=tuple(options.items())), folder, script=FAKES / "worker.py", **limits
    )


@pytest.fixture
def worker(tmp_path: Path) -> Iterator[Worker]:
    with fake(tmp_path) as started:
        yield started


def doubled(outcome: Outcome, folder: Path) -> bool:
    return outcome.ok and np.fromfile(folder / "output.bin", np.float32).tolist() == [0, 2, 4, 6, 8]


def test_a_good_answer_is_passed_on(worker: Worker, tmp_path: Path) -> None:
    outcome = worker.request(message(tmp_path, "double"), 10)
    assert doubled(outcome, tmp_path)
    assert outcome.reply["dtype"] == "float32"
    assert worker.starts == 1


@pytest.mark.parametrize(("what", "status", "reason"), BAD_ENDINGS, ids=[b[0] for b in BAD_ENDINGS])
def test_every_bad_ending_is_an_outcome_and_the_next_request_works(
    worker: Worker, tmp_path: Path, what: str, status: str, reason: str
) -> None:
    worker.start()
    first = worker.provenance["pid"]
    outcome = worker.request(message(tmp_path, what), 0.7)
    assert (outcome.status, reason in outcome.reason) == (status, True), outcome
    assert doubled(worker.request(message(tmp_path, "double"), 10), tmp_path)
    if worker.provenance["pid"] != first:
        assert group_members(first) == []
    else:
        assert what in ("short", "short-file", "no-file", "odd-dtype"), "a worker that cannot be trusted was kept"


def test_requests_behind_a_crash_are_answered_by_a_fresh_process(worker: Worker, tmp_path: Path) -> None:
    for what in ("double", "segfault", "double", "hang", "double"):
        asked = message(tmp_path, what)
        asked["output"] = str(tmp_path / f"{time.monotonic_ns()}.bin")
        worker.submit(asked)
    statuses = [worker.collect(1.0).status for _ in range(5)]
    assert statuses == ["ok", "failed", "ok", "timeout", "ok"]
    assert worker.starts == 3


def test_more_requests_than_the_pipe_holds(worker: Worker, tmp_path: Path) -> None:
    asked = message(tmp_path, "double")
    for i in range(200):
        worker.submit(asked | {"padding": "x" * 2000, "output": str(tmp_path / f"{i}.bin")})
    assert all(worker.collect(10).ok for _ in range(200))
    assert worker.starts == 1


def test_chatter_goes_to_a_bounded_log(worker: Worker, tmp_path: Path) -> None:
    assert doubled(worker.request(message(tmp_path, "chatter"), 30), tmp_path)
    worker.close()
    assert "last words" in worker.log_tail()
    assert len(worker.log_tail()) <= 64 << 10


def test_a_worker_that_has_grown_too_big_is_replaced_between_requests(tmp_path: Path) -> None:
    with fake(tmp_path, memory_limit=80 << 20) as worker:
        worker.start()
        first = worker.provenance["pid"]
        assert worker.request(message(tmp_path, "double"), 10).ok
        assert worker.provenance["pid"] == first
        assert worker.request(message(tmp_path, "grow"), 10).ok
        assert worker.request(message(tmp_path, "double"), 10).ok
        assert worker.provenance["pid"] != first
        assert gone(first)


def test_a_start_that_fails_ends_as_an_outcome_and_is_not_tried_for_ever(tmp_path: Path) -> None:
    with fake(tmp_path, at_start="exit") as worker:
        outcomes = [worker.request(message(tmp_path, "double"), 5) for _ in range(5)]
        assert {o.status for o in outcomes} == {"failed"}
        assert "exited with status 7" in outcomes[0].reason
        assert worker.starts == launcher.STARTS_IN_A_ROW


def test_a_start_that_hangs_is_a_timeout(tmp_path: Path) -> None:
    with fake(tmp_path, at_start="hang", start_seconds=0.5) as worker:
        assert worker.start().status == "timeout"


def test_a_python_that_does_not_exist_is_unavailable(tmp_path: Path) -> None:
    outcome = Worker(TargetSpec("gone", "numpy"), tmp_path, python="/nowhere/python").start()
    assert outcome.status == "unavailable"
    assert "/nowhere/python" in outcome.reason


def test_closing_ends_the_process_even_if_it_ignores_the_request(tmp_path: Path) -> None:
    for options in ({}, {"at_stop": "ignore"}):
        worker = fake(tmp_path, **options)
        worker.start()
        pid = worker.provenance["pid"]
        worker.close()
        assert gone(pid, 1.0)


def test_nothing_is_collected_where_nothing_was_asked(worker: Worker) -> None:
    assert worker.collect(1).status == "failed"


def test_file_descriptors_do_not_leak(tmp_path: Path) -> None:
    with fake(tmp_path) as worker:
        worker.request(message(tmp_path, "segfault"), 5)
        before = len(os.listdir("/proc/self/fd"))
        for _ in range(10):
            worker.request(message(tmp_path, "segfault"), 5)
        worker.close()
        assert len(os.listdir("/proc/self/fd")) <= before


def test_a_worker_survives_the_thread_that_started_it(tmp_path: Path) -> None:
    worker = Worker(TargetSpec("numpy", "numpy"), tmp_path)
    thread = threading.Thread(target=worker.start)
    thread.start()
    thread.join()
    time.sleep(0.3)
    asked = message(tmp_path, "double") | {"path": "numpy.negative"}
    assert worker.request(asked, 10).ok
    assert worker.starts == 1
    worker.close()


PARENT = """
import sys, time
from pathlib import Path
from reportgen.core.model import TargetSpec
from reportgen.measure.launcher import Worker
target = TargetSpec("numpy", "numpy", env=(("PYTHONPATH", sys.argv[2]),))
worker = Worker(target, Path(sys.argv[1]))
worker.start()
worker.submit({"op": "evaluate", "path": sys.argv[3], "dtype": "float32", "arity": 1, "count": 5,
               "input": sys.argv[1] + "/input.bin", "output": sys.argv[1] + "/output.bin", "cut": None})
time.sleep(0.3)
print(worker._process.pid, flush=True)
time.sleep(600)
"""


@pytest.mark.parametrize("path", ["numpy.negative", "planted.exp_hang"])
def test_no_worker_outlives_its_parent(tmp_path: Path, path: str) -> None:
    message(tmp_path, "double")
    root = FAKES.parent.parent
    parent = subprocess.Popen(
        [sys.executable, "-c", PARENT, str(tmp_path), str(FAKES), path], stdout=subprocess.PIPE, text=True, cwd=root
    )
    assert parent.stdout is not None
    pid = int(parent.stdout.readline())
    assert alive(pid)
    parent.send_signal(signal.SIGKILL)
    parent.wait()
    parent.stdout.close()
    assert gone(pid)


def test_the_environment_is_the_targets_and_little_else() -> None:
    target = TargetSpec("t", "numpy", env=(("NPY_X", "1"),), options=(("threads", 3),))
    outer = {"PATH": "/bin", "PYTHONPATH": "/evil", "TF_X": "1", "LD_PRELOAD": "x", "CUDA_VISIBLE_DEVICES": "1"}
    env = environment(target, outer)
    assert env["PATH"] == "/bin"
    assert env["CUDA_VISIBLE_DEVICES"] == "1"
    assert env["NPY_X"] == "1"
    assert env["OMP_NUM_THREADS"] == env["OPENBLAS_NUM_THREADS"] == "3"
    assert not {"PYTHONPATH", "TF_X", "LD_PRELOAD"} & set(env)
    own = environment(TargetSpec("t", "numpy", env=(("OMP_NUM_THREADS", "7"),)), outer)
    assert own["OMP_NUM_THREADS"] == "7"


def test_a_release_does_not_see_our_own_environment() -> None:
    outer = {"PATH": "/bin", "VIRTUAL_ENV": "/ours"}
    assert environment(TargetSpec("t", "numpy"), outer)["VIRTUAL_ENV"] == "/ours"
    assert "VIRTUAL_ENV" not in environment(TargetSpec("t@1", "numpy", version="1", base="t"), outer)


def test_several_workers_get_ready_together(tmp_path: Path) -> None:
    workers = [fake(tmp_path) for _ in range(3)]
    for worker in workers:
        worker.launch()
        worker.launch()
    assert all(worker.start().ok for worker in workers)
    assert [worker.starts for worker in workers] == [1, 1, 1]
    for worker in workers:
        worker.close()


def test_requests_sent_before_the_worker_is_ready_fail_with_its_start(tmp_path: Path) -> None:
    worker = Worker(TargetSpec("t", "numpy", version="0.1"), tmp_path)
    for _ in range(3):
        worker.submit(message(tmp_path, "double"))
    assert [worker.collect(20).status for _ in range(3)] == ["unavailable"] * 3
    assert worker.starts == 1
