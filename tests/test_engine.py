"""Measuring processes end with the run that started them, however it ends."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

STARTER = """
import os, signal, sys
from reportgen.measure.engine import Setting, local_pool
if __name__ == "__main__":
    pool = local_pool(Setting((), sys.argv[1], sys.argv[1]), 1)
    print(pool.submit(os.getpid).result(), flush=True)
    os.kill(os.getpid(), signal.Signals[sys.argv[2]])
    signal.pause()
"""


def gone(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] == "Z"
    except OSError:
        return True


@pytest.mark.parametrize("how", ["SIGKILL", "SIGTERM"])
def test_a_measuring_process_does_not_outlive_its_run(tmp_path: Path, root: Path, how: str) -> None:
    script = tmp_path / "starter.py"
    script.write_text(STARTER)
    environment = os.environ | {"PYTHONPATH": str(root)}
    command = [sys.executable, str(script), str(tmp_path), how]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode < 0
    child = int(done.stdout)
    deadline = time.monotonic() + 30
    while not gone(child) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert gone(child)
