"""A process for the literal questions that answers, chats, dies and hangs as its first argument says."""

import os
import signal
import sys
import time

sys.path.insert(0, sys.argv[2])

import json

import meaning_apart

how, start = sys.argv[1], int(sys.argv[-1])


def tell(what):
    sys.stdout.write("\n" + meaning_apart.MARK + json.dumps(what) + "\n")
    sys.stdout.flush()


if how == "deaf":
    sys.exit(3)
tell(None)
for number in range(start, 4):
    sys.stdout.write("chatter of a library")
    if number == 1 and how == "dies":
        sys.stdout.flush()
        os.kill(os.getpid(), signal.SIGFPE)
    if number == 1 and how == "hangs":
        time.sleep(60)
    if number == 3 and how == "exits":
        sys.exit(0)
    tell({"id": f"q{number}", "value": str(number), "error": None})
