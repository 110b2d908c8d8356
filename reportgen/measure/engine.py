"""Running jobs: a local pool of measuring processes, each with its own worker per target.

Jobs go in as plain data and come out as plain data through the ``concurrent.futures`` interface, so that any
Executor can stand in for the local pool.
"""

from __future__ import annotations

import contextlib
import ctypes
import multiprocessing
import multiprocessing.util
import os
import shutil
import signal
import sys
import tempfile
from collections.abc import Iterator
from concurrent.futures import Executor, Future, ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from reportgen.core.model import Case, Place, TargetSpec
from reportgen.measure.environments import shared_memory


@dataclass(frozen=True)
class Job:
    """``kind`` is ``measure`` (one case), ``rerun`` (one target, all cases, fresh process), ``meaning`` or
    ``surface`` (one target), or ``determinism`` (targets that differ in their execution mode only)."""

    id: str
    kind: str
    text: str
    case: Case | None = None
    target: str = ""
    arrays: tuple[tuple[str, str, str], ...] = ()
    """For ``rerun``: (function, dtype, packed arrays) of each case, in order."""
    targets: tuple[str, ...] = ()
    """For ``determinism``."""


@dataclass
class Setting:
    """What a measuring process needs besides its jobs."""

    targets: tuple[TargetSpec, ...]
    cache: str
    scratch: str
    places: dict[str, Place] = field(default_factory=dict)
    memory: int | None = None
    """Bytes that the workers of one measuring process may hold together."""


SCRATCH = "reportgen-"
PR_SET_PDEATHSIG = 1
"""From linux/prctl.h."""

_state: dict[str, Any] = {}


def scratch_folder() -> Path:
    """A folder for exchanged arrays, in memory where the system has room for it; remains of dead runs go first."""
    root = shared_memory() or Path(tempfile.gettempdir())
    for stale in root.glob(f"{SCRATCH}*"):
        owner = stale.name[len(SCRATCH) :].split("-")[0]
        if owner.isdigit() and not Path(f"/proc/{owner}").exists():
            shutil.rmtree(stale, ignore_errors=True)
    return Path(tempfile.mkdtemp(prefix=f"{SCRATCH}{os.getpid()}-", dir=root))


def initialise(setting: Setting) -> None:
    """Begin a measuring process: its own folder for exchanged arrays, its workers (not started yet), its oracle."""
    from reportgen.measure.bench import Bench
    from reportgen.oracle.cache import CachedOracle

    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent decides when an interrupted run ends
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    end_with_parent()
    folder = Path(tempfile.mkdtemp(dir=setting.scratch))
    _state["setting"], _state["folder"] = setting, folder
    _state["bench"] = Bench(setting.targets, folder, setting.places, setting.memory)
    _state["oracle"] = CachedOracle(Path(setting.cache) / "oracle")
    multiprocessing.util.Finalize(None, finish, exitpriority=100)


def end_with_parent() -> None:
    """Have the kernel end this process when the one that started it dies, however that dies (Linux only).

    At once, because nobody is left to wait for: its workers end the same way, and what lies in the scratch folder is
    removed by the next run.
    """
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    parent = multiprocessing.parent_process()
    if parent is not None and not parent.is_alive():
        sys.exit(0)  # it died before we asked


def finish() -> None:
    """End the process's workers and remove its folder."""
    if "bench" in _state:
        _state.pop("bench").close()
        shutil.rmtree(_state["folder"], ignore_errors=True)


def perform(job: Job) -> dict[str, Any]:
    """Run one job in a measuring process."""
    from reportgen.measure import work

    return work.perform(job, _state["bench"], _state["oracle"], _state["setting"])


def default_jobs() -> int:
    """One measuring process a core of those that this process may use."""
    return max(1, len(os.sched_getaffinity(0)))


def local_pool(setting: Setting, jobs: int) -> ProcessPoolExecutor:
    """Measuring processes started afresh (never forked: the oracle's libraries and threads would be shared)."""
    context = multiprocessing.get_context("spawn")
    return ProcessPoolExecutor(jobs, mp_context=context, initializer=initialise, initargs=(setting,))


def run_jobs(jobs: list[Job], setting: Setting, count: int) -> Iterator[tuple[Job, dict[str, Any] | Exception]]:
    """Yield each job with its result, or the exception that ended it, as they finish.

    A measuring process that dies takes the pool with it: the jobs left are run again, each in a pool of its
    own, so that only a job that kills its process is lost.
    """
    remaining = {job.id: job for job in jobs}
    alone = False
    while remaining:
        batch = list(remaining.values())[: 1 if alone else None]
        pool = local_pool(setting, min(count, len(batch)))
        try:
            for job, result in drain(pool, batch):
                if alone or not isinstance(result, BrokenProcessPool):
                    del remaining[job.id]
                    yield job, result
        except BaseException:
            for process in list((pool._processes or {}).values()):
                process.terminate()
            raise
        finally:
            pool.shutdown(wait=True, cancel_futures=True)
        alone = True


def drain(pool: Executor, jobs: list[Job]) -> Iterator[tuple[Job, dict[str, Any] | Exception]]:
    """Submit jobs and yield each with what came of it."""
    futures: dict[Future[dict[str, Any]], Job] = {pool.submit(perform, job): job for job in jobs}
    for future in as_completed(futures):
        try:
            result: dict[str, Any] | Exception = future.result()
        except Exception as error:
            result = error
        yield futures[future], result
