"""A worker that speaks the protocol and misbehaves as the requested ``path`` says.

``fake.double`` answers properly with 2·x (float32). Run by the launcher in place of the real worker.
"""

import argparse
import json
import os
import signal
import sys
import time

import numpy as np


def say(fd, message):
    os.write(fd, json.dumps(message).encode() + b"\n")


def double(message):
    values = np.fromfile(message["input"], np.float32) * np.float32(2)
    values.tofile(message["output"])
    return {"id": message["id"], "ok": True, "dtype": "float32", "count": len(values), "seconds": 0.0}


def leave_child(seconds=600):
    """A child that keeps every descriptor open."""
    pid = os.fork()
    if pid == 0:
        time.sleep(seconds)
        os._exit(0)
    return pid


def misbehave(what, message, fd):
    """Does what ``what`` says; returns only where the worker is meant to go on without an answer."""
    if what == "segfault":
        os.kill(os.getpid(), signal.SIGSEGV)
    elif what == "hang":
        time.sleep(600)
    elif what == "deaf":
        os.close(fd)
        time.sleep(600)
    elif what == "garbage":
        os.write(fd, b"\x00\xff Segmentation fault?\n")
    elif what == "list":
        os.write(fd, b"[1, 2]\n")
    elif what == "endless":
        while True:
            os.write(fd, b"x" * 65536)
    elif what == "exit0":
        os._exit(0)
    elif what == "exit3":
        os._exit(3)
    elif what == "half":
        os.write(fd, b'{"id": ')
        os._exit(0)
    elif what == "child":
        leave_child()
        os._exit(0)


def altered(what, message):
    """A proper answer with one lie in it."""
    reply = double(message)
    if what == "wrong-id":
        reply["id"] += 1
    elif what == "short":
        np.zeros(message["count"] - 1, np.float32).tofile(message["output"])
        reply["count"] -= 1
    elif what == "short-file":
        np.zeros(message["count"] - 1, np.float32).tofile(message["output"])
    elif what == "no-file":
        os.unlink(message["output"])
    elif what == "odd-dtype":
        reply["dtype"] = "float128"
    elif what == "no-status":
        reply = {"id": message["id"], "ok": False}
    elif what == "chatter":
        for _ in range(64):
            sys.stdout.write("stdout " * 10000 + "\n")
            sys.stderr.write('{"id": 1, "ok": true}\n' * 1000)
        print("last words", flush=True)
    elif what == "grow":
        altered.kept = np.ones(64 << 20, np.uint8)
    return reply


def main():
    parser = argparse.ArgumentParser()
    for name in ("library", "adapter", "mode", "device", "options", "expect"):
        parser.add_argument("--" + name)
    parser.add_argument("--read-fd", type=int)
    parser.add_argument("--write-fd", type=int)
    args = parser.parse_args()
    options = json.loads(args.options)
    if options.get("at_start") == "exit":
        os._exit(7)
    with os.fdopen(args.read_fd, "rb") as requests:
        for line in requests:
            message = json.loads(line)
            if message["op"] == "stop":
                if options.get("at_stop") == "ignore":
                    continue
                return
            if message["op"] == "hello":
                if options.get("at_start") == "hang":
                    time.sleep(600)
                provenance = {"pid": os.getpid(), "env": dict(os.environ)}
                say(args.write_fd, {"id": message["id"], "ok": True, "provenance": provenance, "unavailable": None})
                continue
            what = message["path"].partition(".")[2]
            misbehave(what, message, args.write_fd)
            if what not in ("garbage", "list"):
                say(args.write_fd, altered(what, message))


main()
