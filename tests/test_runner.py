"""Specs in, a version out: the same twice, resumed where it stopped, nothing published by halves."""

from __future__ import annotations

import hashlib
import json
import os
import signal
import subprocess
import sys
import time
from functools import partial
from pathlib import Path
from types import SimpleNamespace

import jsonschema
import numpy as np
import pytest

from reportgen.core.errors import OutputError
from reportgen.core.model import RunRequest
from reportgen.measure import engine, report_rows, runner
from reportgen.measure.specfile import load_specs
from reportgen.render.site import render_index, render_version
from reportgen.results import store
from reportgen.results.tables import records

SPEC = """
title = "Small"
description = "A few functions."
targets = ["numpy", "tensorflow-gpu"]
dtypes = ["float16", "float32"]
functions = ["sqrt", "tanh"]
pages = ["meaning", "coverage"]

[[case]]
name = "arange-100"
function = "sqrt"
dtypes = ["float32"]
inputs = { arange = [0, 100] }

[[case]]
name = "max-arrays"
function = "max"
inputs = { arrays = ["nan", "signed-zeros"], sizes = [1, 7] }
"""


PAGES = store.Pages(partial(render_version, jobs=2), render_index)


class Counter:
    def __init__(self):
        self.done = []

    def tell(self, text):
        pass

    def start(self, total):
        self.total = total

    def advance(self, text):
        self.done.append(text)

    def finish(self):
        pass


@pytest.fixture
def spec(tmp_path):
    folder = tmp_path / "specs"
    folder.mkdir()
    (folder / "small.toml").write_text(SPEC)
    return folder


def run(spec, tmp_path, cache="cache", **changes):
    request = RunRequest(**{"output": str(tmp_path / "out"), "cache_dir": str(tmp_path / cache), "jobs": 2} | changes)
    progress = Counter()
    return runner.run(load_specs([str(spec)]), request, progress, PAGES), progress


def settled(folder):
    document = store.read_document(folder / "results.json")
    return store.settled_digest(document)


def files(folder):
    return {
        str(p.relative_to(folder)): hashlib.sha256(p.read_bytes()).hexdigest()
        for p in sorted(folder.rglob("*"))
        if p.is_file() and not p.is_symlink()
    }


def test_a_run_and_its_repetition(spec, tmp_path):
    summary, progress = run(spec, tmp_path)
    folder = Path(summary.folder)
    assert summary.statuses["ok"] > 0
    assert summary.statuses["unavailable"] > 0
    document = store.read_document(folder / "results.json")
    schema = json.loads((Path(store.__file__).parent / "results.schema.json").read_text())
    jsonschema.validate(json.loads((folder / "results.json").read_text()), schema)
    rows = records(document["measurements"])
    gpu = [r for r in rows if r["target"] == "tensorflow-gpu"]
    assert {r["status"] for r in gpu} == {"unavailable"}
    assert all(r["reason"] for r in gpu)
    live = {r["target"] for r in records(document["determinism"])}
    assert live == {"numpy"}
    assert all(r["run_tested"] > 2 * 256 for r in records(document["determinism"]) if r["case"] == "ordinals")
    assert (folder / "functions" / "tanh.html").exists()
    assert {line["answers"][0]["target"] for line in document["meaning"]} == {"numpy"}
    asked = {entry["library"]: entry["status"] for entry in document["surface"]["libraries"]}
    assert asked == {"numpy": "ok", "tensorflow": "unavailable"}
    names = {row["name"]: row["status"] for row in records(document["surface"]["names"])}
    assert (names["tanh"], names["concatenate"]) == ("catalogue", "excluded")
    assert 'href="functions/tanh.html"' in (folder / "coverage.html").read_text(encoding="utf-8")
    assert {row["result_dtype"] for row in records(document["special"])} == {"float16", "float32"}

    again, progress = run(spec, tmp_path)
    assert again.unchanged
    assert progress.done == []
    before = files(folder)
    replaced, progress = run(spec, tmp_path, label="other")
    assert set(progress.done) == {"stored"}
    assert settled(Path(replaced.folder)) != settled(folder)  # the label differs, and nothing else may
    fresh, progress = run(spec, tmp_path, fresh=True)
    assert "stored" not in progress.done
    assert settled(Path(fresh.folder)) == settled(folder)
    after = files(folder)
    exempt = {"results.json", "results.csv", "summary.json", "SHA256SUMS", "reportgen-dev.zip"}
    changed = {n for n in after if after[n] != before.get(n)} - exempt
    assert {n for n in changed if n.endswith((".csv", ".json"))} == set()


def test_an_existing_label_is_not_overwritten(spec, tmp_path):
    run(spec, tmp_path, label="1.0")
    before = files(tmp_path / "out" / "1.0")
    again, _ = run(spec, tmp_path, label="1.0")
    assert again.unchanged
    (spec / "small.toml").write_text(SPEC.replace('"tanh"', '"cosh"'))
    with pytest.raises(OutputError, match="exists with other content"):
        run(spec, tmp_path, label="1.0")
    assert files(tmp_path / "out" / "1.0") == before


def test_a_killed_run_publishes_nothing_and_resumes(spec, tmp_path):
    """SIGKILL in mid-run; then the same run: jobs already stored are not measured again, the result is the same."""
    whole, _ = run(spec, tmp_path, cache="elsewhere", output=str(tmp_path / "reference"))
    command = [sys.executable, "-m", "reportgen", str(spec), "--output", str(tmp_path / "out"), "--jobs", "1"]
    environment = dict(os.environ, REPORTGEN_CACHE=str(tmp_path / "cache"))
    root = Path(runner.__file__).parents[2]
    with subprocess.Popen(
        command, env=environment, cwd=root, stderr=subprocess.DEVNULL, start_new_session=True
    ) as child:
        deadline = time.monotonic() + 120
        while not list((tmp_path / "cache" / "jobs").glob("*/*.json")):
            assert child.poll() is None
            assert time.monotonic() < deadline
            time.sleep(0.02)
        os.killpg(child.pid, signal.SIGKILL)
    assert not (tmp_path / "out" / "dev").exists()
    stored = len(list((tmp_path / "cache" / "jobs").glob("*/*.json")))
    resumed, progress = run(spec, tmp_path)
    assert progress.done.count("stored") >= stored > 0
    assert settled(Path(resumed.folder)) == settled(Path(whole.folder))


def test_a_damaged_stored_job_is_measured_again(spec, tmp_path):
    first, _ = run(spec, tmp_path)
    digest = settled(Path(first.folder))
    path = next((tmp_path / "cache" / "jobs").glob("*/*.json"))
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(bytes(data))
    again, progress = run(spec, tmp_path, label="other")
    assert len([d for d in progress.done if d != "stored"]) == 1
    document = store.read_document(Path(again.folder) / "results.json")
    document["label"] = "dev"
    assert store.settled_digest(document) == digest


def test_a_job_that_kills_its_process_is_lost_alone(tmp_path, monkeypatch):
    """A measuring process that dies: its job fails, every other job is done."""
    setting = engine.Setting((), str(tmp_path), str(tmp_path))
    jobs = [engine.Job(str(i), "test", str(i)) for i in range(6)]
    monkeypatch.setattr(engine, "perform", deadly)
    outcome = {job.id: result for job, result in engine.run_jobs(jobs, setting, 2)}
    assert {k for k, v in outcome.items() if isinstance(v, Exception)} == {"3"}
    assert all(outcome[str(i)] == {"value": i} for i in (0, 1, 2, 4, 5))


def deadly(job):
    if job.id == "3":
        os.kill(os.getpid(), signal.SIGKILL)
    return {"value": int(job.id)}


def test_remains_of_dead_runs_are_removed():
    folder = engine.scratch_folder()
    stale = folder.with_name(f"{engine.SCRATCH}4999999-x")
    stale.mkdir()
    other = engine.scratch_folder()
    assert not stale.exists()
    assert folder.exists()
    folder.rmdir()
    other.rmdir()


@pytest.mark.parametrize(("kind", "again"), [("elementwise", True), ("gradient", False), ("expression", False)])
def test_what_is_evaluated_again_in_a_fresh_process(kind: str, again: bool) -> None:
    place = report_rows.PLACES[0].key
    check = SimpleNamespace(places={place: np.array([1.0, 2.0])})
    measurement = SimpleNamespace(
        row=SimpleNamespace(kind=kind), args=(np.array([0.5, 1.0, 2.0]),), position=np.array([1, 2]),
        checks={"planted": check}, bench=SimpleNamespace(targets={"planted": None}),
    )  # fmt: skip
    found = report_rows.rerun_arrays(measurement)
    assert set(found) == ({"x0", "target:planted"} if again else set())
