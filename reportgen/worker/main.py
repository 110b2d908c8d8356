"""The worker: one process a target, one JSON object a line over a pipe of its own.

Runs inside the target's interpreter (Python >= 3.6) with the standard library, NumPy and the library under test
only. The protocol is in ``docs/architecture.md``. The process ends on ``stop``, when its pipe closes, and when its
parent dies.
"""

import argparse
import ctypes
import gc
import importlib
import importlib.util
import json
import os
import select
import signal
import sys
import threading
import traceback

PR_SET_PDEATHSIG = 1
LONGEST_REQUEST = 1 << 20


class Channel(object):
    """Lines of JSON over two file descriptors; nothing else ever writes there."""

    def __init__(self, read_fd, write_fd):
        self.read_fd, self.write_fd = read_fd, write_fd
        self.waiting = b""
        # Programs started by the library must not keep the launcher's pipes open.
        os.set_inheritable(read_fd, False)
        os.set_inheritable(write_fd, False)

    def receive(self):
        """The next message, or ``None`` when the other side is gone."""
        while b"\n" not in self.waiting:
            if len(self.waiting) > LONGEST_REQUEST:
                return None
            chunk = os.read(self.read_fd, 65536)
            if not chunk:
                return None
            self.waiting += chunk
        line, self.waiting = self.waiting.split(b"\n", 1)
        return json.loads(line.decode("utf-8"))

    def send(self, message):
        data = json.dumps(message).encode("utf-8") + b"\n"
        while data:
            data = data[os.write(self.write_fd, data) :]


def die_with_parent(read_fd):
    """No orphan: the kernel kills us with the parent, and a closed pipe ends us even during a computation."""
    try:
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    except (OSError, AttributeError):
        pass  # not Linux: the closed pipe is enough

    def watch():
        poll = select.poll()
        poll.register(read_fd, 0)
        while True:
            if any(event & (select.POLLHUP | select.POLLERR | select.POLLNVAL) for _, event in poll.poll()):
                os._exit(0)

    threading.Thread(target=watch, daemon=True).start()


def adapter_of(where):
    """The adapter's class at ``MODULE:CLASS`` (of this folder) or ``/path/to/file.py:CLASS``; loads the library."""
    module, _, name = where.rpartition(":")
    if not os.path.isabs(module):
        return getattr(importlib.import_module(module), name)
    sys.path.append(os.path.dirname(module))
    # Under a name of its own: the file may be called like one of this folder.
    spec = importlib.util.spec_from_file_location("offered_" + os.path.basename(module)[:-3], module)
    loaded = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(loaded)
    return getattr(loaded, name)


class Session(object):
    """The adapter of one library and the answers to the requests."""

    def __init__(self, args):
        self.args = args
        self.adapter = None
        self.unavailable = None
        self.provenance = None

    def open(self):
        """Loads the library; every reason for which the target cannot be had ends up in ``unavailable``."""
        args = self.args
        try:
            adapter = adapter_of(args.adapter)
        except Exception as error:  # a setting that the library refuses ends its import in any way
            self.unavailable = "{} cannot be imported: {}".format(args.library, " ".join(str(error).split()))
            return
        import settings

        expect = json.loads(args.expect)
        wanted, names = expect.pop("version", ""), expect.pop("settings", [])
        self.adapter = adapter(args.mode, args.device, json.loads(args.options))
        self.unavailable = self.adapter.load()
        # 2.13.0+cpu is a build of the release 2.13.0.
        if (
            self.unavailable is None
            and wanted
            and wanted
            not in (
                self.adapter.version,
                self.adapter.version.partition("+")[0],
            )
        ):
            self.unavailable = "{} {} was asked for and {} is installed".format(
                self.adapter.name, wanted, self.adapter.version
            )
        if self.unavailable is None:
            self.unavailable = settings.foreign(self.adapter.name, names) or self.adapter.verify(expect)
        if self.unavailable is None:
            recorded = settings.recorded(self.adapter.name, names)
            self.provenance = dict(self.adapter.provenance(), settings=recorded)

    def hello(self):
        if self.provenance is None and self.unavailable is None:
            self.open()
            # The library's own objects live as long as the process: looking through them again and again
            # would cost more than the evaluations.
            gc.collect()
            if hasattr(gc, "freeze"):
                gc.freeze()
        return {"ok": True, "provenance": self.provenance or {}, "unavailable": self.unavailable}

    def evaluate(self, message):
        from common import Job

        def elementwise():
            job = Job(message)
            values, name, seconds = self.adapter.evaluate(job)
            return {"ok": True, "dtype": name, "count": int(job.write(values, name)), "seconds": seconds}

        return self.guarded(elementwise)

    def arrays(self, message):
        from arrayjobs import ArrayJob

        def whole():
            job = ArrayJob(message)
            results, seconds = self.adapter.arrays(job)
            return {"ok": True, "results": job.write(results), "seconds": seconds}

        return self.guarded(whole)

    def guarded(self, evaluation):
        """The reply of an evaluation, whichever way it ends."""
        from common import MOVED, RefusedError, UnsupportedError, one_line

        MOVED.clear()
        try:
            reply = evaluation()
            return dict(reply, called=dict(MOVED)) if MOVED else reply
        except UnsupportedError as error:
            return {"ok": False, "status": "unsupported", "reason": " ".join(str(error).split())}
        except RefusedError as error:
            return {"ok": False, "status": "failed", "reason": " ".join(str(error).split())}
        except Exception as error:  # the library may raise anything at all
            traceback.print_exc()
            sys.stderr.flush()
            return {"ok": False, "status": "failed", "reason": one_line(error)}

    def meaning(self, message):
        import meaning

        return {"ok": True, "lines": meaning.answer(self.args.library, self.args.mode, message)}

    def surface(self):
        import surface

        return {"ok": True, "surface": surface.answer(self.args.library)}

    def answer(self, message):
        op = message.get("op")
        try:
            if op == "hello":
                return self.hello()
            if self.adapter is None or self.unavailable is not None:
                return {"ok": False, "status": "unavailable", "reason": self.unavailable or "hello comes first"}
            if op == "evaluate":
                return self.evaluate(message)
            if op == "arrays":
                return self.arrays(message)
            if op == "meaning":
                return self.meaning(message)
            if op == "surface":
                return self.surface()
            return {"ok": False, "status": "failed", "reason": "unknown request {!r}".format(op)}
        except Exception as error:
            traceback.print_exc()
            sys.stderr.flush()
            text = "{}: {}".format(type(error).__name__, " ".join(str(error).split()))
            return {"ok": False, "status": "failed", "reason": text[:300]}


def parse(argv):
    parser = argparse.ArgumentParser(description="Evaluates one library for reportgen.")
    parser.add_argument("--library", required=True)
    parser.add_argument("--adapter", required=True, help="MODULE:CLASS of this folder, or /path/to/file.py:CLASS")
    parser.add_argument("--mode", default="eager")
    parser.add_argument("--device", default="CPU", choices=("CPU", "GPU"))
    parser.add_argument("--read-fd", type=int, required=True)
    parser.add_argument("--write-fd", type=int, required=True)
    parser.add_argument("--options", default="{}")
    parser.add_argument("--expect", default="{}")
    return parser.parse_args(argv)


def main(argv):
    args = parse(argv)
    die_with_parent(args.read_fd)
    channel = Channel(args.read_fd, args.write_fd)
    session = Session(args)
    while True:
        message = channel.receive()
        if message is None or message.get("op") == "stop":
            return 0
        reply = session.answer(message)
        reply["id"] = message.get("id")
        channel.send(reply)


if __name__ == "__main__":
    code = main(sys.argv[1:])
    sys.stdout.flush()
    # Libraries' exit handlers can hang or crash, and nothing of ours is left to save.
    os._exit(code)
