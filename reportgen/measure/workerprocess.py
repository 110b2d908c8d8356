"""One operating-system process with a line-based channel of its own: start, send, receive, kill, bounded log.

Nothing here knows what the lines mean. Every way in which the process can misbehave is a :class:`Received` kind.
"""

from __future__ import annotations

import contextlib
import os
import queue
import select
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from pathlib import Path
from typing import Any

LONGEST_REPLY = 4 << 20
"""A line longer than this many bytes is garbage."""
LOG_BYTES = 64 << 10
POLL_SECONDS = 0.1
GRACE_SECONDS = 2.0


@dataclass(frozen=True)
class Received:
    """What came of waiting: ``line``, ``oversized``, ``exited`` or ``timeout``."""

    kind: str
    line: bytes = b""


class _Spawner:
    """Starts processes from one thread that lives as long as this process.

    The kernel sends a child its parent-death signal when the *thread* that started it ends, so a worker
    started from a pool's thread would die with that thread.
    """

    def __init__(self) -> None:
        self.pid = 0
        self.jobs: queue.SimpleQueue[tuple[Callable[[], Any], Future[Any]]] = queue.SimpleQueue()
        self.lock = threading.Lock()

    def run(self, job: Callable[[], Any]) -> Any:
        with self.lock:
            if self.pid != os.getpid():  # a forked child has no such thread yet
                self.pid, self.jobs = os.getpid(), queue.SimpleQueue()
                threading.Thread(target=self._serve, args=(self.jobs,), name="spawner", daemon=True).start()
        future: Future[Any] = Future()
        self.jobs.put((job, future))
        return future.result()

    @staticmethod
    def _serve(jobs: queue.SimpleQueue[tuple[Callable[[], Any], Future[Any]]]) -> None:
        while True:
            job, future = jobs.get()
            try:
                future.set_result(job())
            except BaseException as error:
                future.set_exception(error)


_SPAWNER = _Spawner()


class Log:
    """The last bytes of a stream, read by a thread until the stream ends."""

    def __init__(self, descriptor: int, limit: int = LOG_BYTES) -> None:
        self.limit = limit
        self.kept = bytearray()
        self.lock = threading.Lock()
        self.thread = threading.Thread(target=self._read, args=(descriptor,), daemon=True)
        self.thread.start()

    def _read(self, descriptor: int) -> None:
        with open(descriptor, "rb", buffering=0) as stream:
            while chunk := stream.read(1 << 16):
                with self.lock:
                    self.kept += chunk
                    del self.kept[: -self.limit]

    def tail(self) -> str:
        with self.lock:
            return bytes(self.kept).decode("utf-8", "replace")


class WorkerProcess:
    """A running worker.

    ``command`` gets ``--read-fd`` and ``--write-fd`` appended. The process leads a session and a process group
    of its own, so that killing it takes along what it started. Raises OSError if it cannot be started.
    """

    def __init__(self, command: Sequence[str], env: Mapping[str, str], cwd: Path) -> None:
        theirs_in, self._write = os.pipe()
        self._read, theirs_out = os.pipe()
        log_out, log_in = os.pipe()
        full = [*command, "--read-fd", str(theirs_in), "--write-fd", str(theirs_out)]
        try:
            self._process: subprocess.Popen[bytes] = _SPAWNER.run(
                lambda: subprocess.Popen(
                    full,
                    stdin=subprocess.DEVNULL,
                    stdout=log_in,
                    stderr=log_in,
                    env=dict(env),
                    cwd=cwd,
                    pass_fds=(theirs_in, theirs_out),
                    start_new_session=True,
                )
            )
        except OSError:
            for descriptor in (self._write, self._read, log_out):
                os.close(descriptor)
            raise
        finally:
            for descriptor in (theirs_in, theirs_out, log_in):
                os.close(descriptor)
        os.set_blocking(self._read, False)
        os.set_blocking(self._write, False)
        self.log = Log(log_out)
        self._waiting = bytearray()
        self._pidfd = _pidfd(self._process.pid)

    @property
    def pid(self) -> int:
        return self._process.pid

    def send(self, line: bytes) -> bool:
        """Write one line; False if the process is gone or does not read."""
        try:
            return os.write(self._write, line) == len(line)
        except (BlockingIOError, OSError):
            return False

    def receive(self, timeout: float) -> Received:
        """The next line, or why there is none within ``timeout`` seconds."""
        deadline = time.monotonic() + timeout
        while True:
            if (line := self._line()) is not None:
                return Received("line", line)
            if len(self._waiting) > LONGEST_REPLY:
                return Received("oversized")
            # Ended before the last look into the pipe: whatever it wrote has been read by then.
            ended = self._process.poll() is not None
            if self._fill():
                continue
            if ended:
                return Received("exited")
            left = deadline - time.monotonic()
            if left <= 0:
                return Received("timeout")
            self._wait(left)

    def _line(self) -> bytes | None:
        end = self._waiting.find(b"\n")
        if end < 0 or end > LONGEST_REPLY:
            return None
        line = bytes(self._waiting[:end])
        del self._waiting[: end + 1]
        return line

    def _fill(self) -> bool:
        try:
            chunk = os.read(self._read, 1 << 16)
        except BlockingIOError:
            return False
        self._waiting += chunk
        return bool(chunk)

    def _wait(self, seconds: float) -> None:
        """Sleep until there is something to read or the process ends.

        A child that the worker left behind keeps the pipe open, so the end of the process is watched itself.
        """
        poll = select.poll()
        poll.register(self._read, select.POLLIN)
        if self._pidfd >= 0:
            poll.register(self._pidfd, select.POLLIN)
        else:
            seconds = min(seconds, POLL_SECONDS)
        events = poll.poll(max(1.0, seconds * 1000))
        if events and all(fd == self._read and not event & select.POLLIN for fd, event in events):
            # The worker closed its pipe and lives on: only its end or the time limit can come.
            time.sleep(min(seconds, POLL_SECONDS))

    def resident(self) -> int:
        """Bytes of memory that the process holds now; 0 where the system does not tell."""
        try:
            pages = Path(f"/proc/{self.pid}/statm").read_text().split()[1]
        except (OSError, IndexError):
            return 0
        return int(pages) * os.sysconf("SC_PAGE_SIZE")

    def ending(self) -> str:
        """In words, how the process ended."""
        code = self._process.poll()
        if code is None:
            return "still running"
        if code < 0:
            try:
                return f"killed by {signal.Signals(-code).name}"
            except ValueError:
                return f"killed by signal {-code}"
        return f"exited with status {code}"

    def stop(self) -> None:
        """Ask it to end, give it a moment, then :meth:`kill`."""
        if self._process.poll() is None and self.send(b'{"op": "stop"}\n'):
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._process.wait(GRACE_SECONDS)
        self.kill()

    def kill(self) -> None:
        """End the process and everything in its group, and free what belongs to it. Harmless when repeated."""
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self.pid, signal.SIGKILL)
        self._process.wait()
        for name in ("_read", "_write", "_pidfd"):
            descriptor = getattr(self, name)
            if descriptor >= 0:
                os.close(descriptor)
                setattr(self, name, -1)
        self.log.thread.join(GRACE_SECONDS)


def _pidfd(pid: int) -> int:
    """A descriptor that becomes readable when the process ends; -1 where the system has none."""
    try:
        return os.pidfd_open(pid)
    except (AttributeError, OSError):
        return -1
