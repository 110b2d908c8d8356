"""The literal questions in a process of their own, for releases that a question can end or hang.

TensorFlow up to 2.4 dies of −2^31 // −1 in integers, TensorFlow 1.2 never returns from 2 to the power −1. What became
of the process is then the answer to that question, and a new process goes on with the next one.

Runs inside the target's interpreter (Python >= 3.6): standard library and the library under test.
"""

import json
import os
import select
import signal
import subprocess
import sys

import meaning
import meaning_lines

START_SECONDS = 120.0
LINE_SECONDS = 15.0
MARK = "\x1eanswer "
"""In front of an answer: libraries write to stdout too."""


def run(library, mode, lines=None, command=None):
    """Every line answered as by :func:`meaning.run`; ``command`` starts the process, for tests.

    Raises RuntimeError where the process does not even get ready.
    """
    lines = meaning_lines.LINES if lines is None else lines
    answers = []
    while len(answers) < len(lines):
        found, ending = _until_it_ends(library, mode, len(answers), command)
        answers.extend(found)
        if len(answers) < len(lines):
            line = lines[len(answers)]
            told = {key: line[key] for key in ("id", "group", "question", "same", "differs")}
            answers.append(dict(told, code=line[library], value=None, dtype=None, error=ending))
    return answers


def _until_it_ends(library, mode, start, command=None):
    """``(answers from number ``start`` on, what became of the process)``."""
    command = [sys.executable, os.path.abspath(__file__)] if command is None else command
    child = subprocess.Popen(
        command + [library, mode, str(start)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    )
    answers, waiting, limit, ready = [], b"", START_SECONDS, False
    try:
        while True:
            if not select.select([child.stdout], [], [], limit)[0]:
                ending = "no answer within {:g} s".format(limit)
                break
            chunk = os.read(child.stdout.fileno(), 65536)
            if not chunk:
                ending = _ending(child.wait())
                break
            *whole, waiting = (waiting + chunk).split(b"\n")
            for text in (line.decode("utf-8") for line in whole):
                if text.startswith(MARK):
                    found = json.loads(text[len(MARK) :])
                    ready, limit = True, LINE_SECONDS
                    answers.extend([found] if found else [])
    finally:
        child.kill()
        child.wait()
        child.stdin.close()
        child.stdout.close()
    if not ready:
        raise RuntimeError("the process for the questions did not get ready: {}".format(ending))
    return answers, ending


def _ending(code):
    if code >= 0:
        return "the process ended with exit code {}".format(code)
    try:
        return "the process was killed by {}".format(signal.Signals(-code).name)
    except ValueError:
        return "the process was killed by signal {}".format(-code)


def main(library, mode, start):
    """In the process: one marked line an answer, after one that says that the library is there."""
    from main import die_with_parent

    die_with_parent(0)

    def tell(what):
        sys.stdout.write("\n" + MARK + json.dumps(what) + "\n")
        sys.stdout.flush()

    meaning.namespace(library)
    tell(None)
    for line in meaning_lines.LINES[start:]:
        tell(meaning.run(library, mode, [line])[0])


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]))
    sys.stdout.flush()
    os._exit(0)  # libraries' exit handlers can hang
