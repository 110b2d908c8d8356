"""The workers of one measuring process: started together, ended where their memory is needed for others."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from reportgen.catalogue.rows import all_rows
from reportgen.core.dtypes import DTYPES
from reportgen.core.model import TargetSpec
from reportgen.measure.bench import Bench, Request

NAMES = ("one", "two", "three")
TARGETS = [TargetSpec(name, "numpy") for name in NAMES]


def request() -> Request:
    return Request(all_rows()["sqrt"], DTYPES["float32"], (np.array([1.0, 4.0, 9.0]),))


def test_workers_over_the_limit_are_ended_longest_unused_first(tmp_path: Path) -> None:
    with Bench(TARGETS, tmp_path, memory=1) as bench:
        for name in NAMES[:2]:
            assert bench.ask(request(), [name])[name].outcome.ok
        assert list(bench.workers) == ["two"], "what nobody wants goes as soon as another needs room"
        assert bench.ask(request(), ["three"])["three"].values.tolist() == [1, 2, 3]
        assert list(bench.workers) == ["three"]
        assert bench.ask(request(), ["one"])["one"].values.tolist() == [1, 2, 3], "an ended one is started again"


def test_workers_that_are_wanted_or_busy_stay(tmp_path: Path) -> None:
    with Bench(TARGETS, tmp_path, memory=1) as bench:
        replies = bench.ask(request(), NAMES)
        assert all(reply.outcome.ok for reply in replies.values())
        assert set(bench.workers) == set(NAMES), "the targets of one request are never ended for one another"
        bench.close()
        pending = bench.send(request(), ["one"])
        bench.launch(["two"])
        assert bench.gather(pending)["one"].outcome.ok, "an answer that is under way is not thrown away"


@pytest.mark.parametrize("memory", [None, 1 << 40])
def test_below_the_limit_nothing_is_ended(tmp_path: Path, memory: int | None) -> None:
    with Bench(TARGETS, tmp_path, memory=memory) as bench:
        for name in NAMES:
            assert bench.ask(request(), [name])[name].outcome.ok
        assert list(bench.workers) == list(NAMES)
        processes = {name: worker.starts for name, worker in bench.workers.items()}
        assert processes == dict.fromkeys(NAMES, 1)
