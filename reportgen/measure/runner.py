"""One run: for each job, stored? skip it; else measure it and store it. Then assemble, render, publish."""

from __future__ import annotations

import shutil
import time
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Protocol

from reportgen.catalogue.rows import all_rows
from reportgen.catalogue.targets import fingerprint
from reportgen.core import compare, gates
from reportgen.core.errors import OracleDisagreement
from reportgen.core.model import Case, Expect, Place, RunRequest, RunSummary, Spec, TargetSpec
from reportgen.core.plan import all_targets, content_hash, job_id
from reportgen.measure import work
from reportgen.measure.assemble import Measured, assemble, rendering_digest
from reportgen.measure.engine import Job, Setting, default_jobs, run_jobs, scratch_folder
from reportgen.measure.environments import machine_memory
from reportgen.measure.jobs import JobStore, measuring_digest
from reportgen.measure.provision import prepare
from reportgen.measure.surface import one_per_library
from reportgen.results import store, summaries, tables


class Progress(Protocol):
    """What the command line shows while a run goes on."""

    def tell(self, text: str) -> None: ...
    def start(self, total: int) -> None: ...
    def advance(self, text: str) -> None: ...
    def finish(self) -> None: ...


@dataclass
class Plan:
    """The jobs of a run, each with its case; ``meaning`` are the targets asked the literal questions, ``surface``
    those asked what their libraries offer, ``determinism`` those whose calls are repeated."""

    specs: list[Spec]
    targets: dict[str, TargetSpec]
    fingerprints: dict[str, str]
    places: dict[str, Place]
    cases: list[tuple[Job, Case]]
    meaning: list[Job]
    surface: list[Job]
    determinism: list[Job]

    @property
    def extra(self) -> list[Job]:
        """The jobs that belong to no case."""
        return self.meaning + self.surface + self.determinism

    @property
    def expects(self) -> list[Expect]:
        """The gates of all specs."""
        return [expect for spec in self.specs for expect in spec.expects]

    def digest(self, baseline: str = "") -> str:
        """Names the whole run: what is measured by what, how it is laid out, and what it is compared with."""
        jobs = [job.id for job, _ in self.cases] + [job.id for job in self.extra]
        texts = [(s.name, s.title, s.description, s.sha256, s.pages) for s in self.specs]
        return content_hash(jobs, texts, rendering_digest(), baseline)


def plan_run(specs: list[Spec], places: dict[str, Place] | None = None) -> Plan:
    """Turn specs into jobs named by content; ``places`` are those of :func:`reportgen.measure.provision.prepare`."""
    targets, places = all_targets(specs), places or {}
    code = measuring_digest()
    prints = {name: fingerprint(target, places.get(name)) for name, target in targets.items()}
    rows = all_rows()
    cases = []
    for spec in specs:
        for case in spec.cases:
            name = job_id(case, rows[case.function], prints, code)
            cases.append((Job(name, "measure", f"{case.function} {case.dtype}", case), case))
    asking = [s for s in specs if "meaning" in s.pages]
    meaning = [
        Job(content_hash("meaning", prints[name], code), "meaning", f"the literal questions on {name}", target=name)
        for name in dict.fromkeys(t.name for s in asking for t in s.targets if not t.pinned)
    ]
    walking = [t for s in specs if "coverage" in s.pages for t in s.targets if not t.pinned]
    surface = [
        Job(content_hash("surface", prints[t.name], code), "surface", f"the names of {t.library}", target=t.name)
        for t in one_per_library(walking)
    ]
    return Plan(specs, targets, prints, places, cases, meaning, surface, determinism_jobs(specs, prints, code))


def determinism_jobs(specs: list[Spec], prints: dict[str, str], code: str) -> list[Job]:
    """One job for all execution modes of a library, which share processes, in otherwise equal targets."""
    asking = [t for s in specs if "determinism" in s.pages for t in s.targets]
    groups: dict[TargetSpec, dict[str, None]] = {}
    for target in asking:
        groups.setdefault(replace(target, name="", mode="", sentence=""), {})[target.name] = None
    return [
        Job(content_hash("determinism", [prints[n] for n in names], code), "determinism",
            f"calls repeated on {', '.join(names)}", targets=tuple(names))
        for names in groups.values()
    ]  # fmt: skip


def run(specs: list[Spec], request: RunRequest, progress: Progress, pages: store.Pages) -> RunSummary:
    """Measure what is not stored yet, and publish the version ``request.label`` with its ``pages``.

    Raises OutputError (label taken, folder unusable), OracleDisagreement, and what the specs' content causes.
    """
    started = time.perf_counter()
    output = Path(request.output)
    store.check_label(request.label)
    store.check_output(output)
    places = prepare(all_targets(specs).values(), Path(request.cache_dir), progress.tell)
    plan = plan_run(specs, places)
    existing = store.stored_version(output, request.label, request.fresh)
    name = plan.digest(summaries.load(request.baseline, output)["digest"] if request.baseline else "")
    if existing is not None and not request.fresh and existing["provenance"].get("plan") == name:
        return summary(output, existing, True, started)
    measured = measure_all(plan, request, progress)
    document, profiles = assemble(plan, measured, request, time.perf_counter() - started, name)
    comparison = compared(document, request, output)
    document["gates"] = tables.table(tables.GATE_COLUMNS, gates.judge(document, plan.expects, comparison))
    if existing is not None and store.holds_already(output, existing, document, request.fresh):
        return summary(output, existing, True, started)
    store.write_version(output, document, profiles, pages, comparison)
    return summary(output, document, False, started)


def compared(document: dict[str, Any], request: RunRequest, output: Path) -> dict[str, Any] | None:
    """The comparison with ``request.baseline``; None where none was asked for. Raises StoredResultError."""
    if not request.baseline:
        return None
    return compare.compare(summaries.load(request.baseline, output), summaries.summary(document))


def summary(output: Path, document: dict[str, Any], unchanged: bool, started: float) -> RunSummary:
    columns = document["measurements"]["columns"]
    status, regime = columns.index("status"), columns.index("regime")
    path = columns.index("path")
    counted = Counter(
        row[status] for row in document["measurements"]["rows"] if row[regime] == "all" and row[path] in ("body", None)
    )
    folder = output / document["label"]
    return RunSummary(
        document["label"],
        str(folder),
        str(folder / "index.html"),
        unchanged,
        dict(counted),
        time.perf_counter() - started,
        tables.records(document["gates"]),
        [(t["name"], t["status"], t["reason"]) for t in document["targets"] if t["status"] != "ok"],
    )


def measure_all(plan: Plan, request: RunRequest, progress: Progress) -> Measured:
    """Results of every job: stored ones, and the others measured now and stored one by one as they finish."""
    cache = Path(request.cache_dir)
    jobs = JobStore(cache / "jobs")
    measured = Measured()
    wanted = [job for job, _ in plan.cases] + plan.extra
    missing = take_stored(wanted, jobs, measured, request.fresh)
    count = request.jobs or default_jobs()
    scratch = scratch_folder()
    setting = Setting(tuple(plan.targets.values()), str(cache), str(scratch), plan.places, workers_memory(count))
    progress.start(len(wanted))
    for _ in range(len(wanted) - len(missing)):
        progress.advance("stored")
    try:
        run_missing(missing, setting, count, jobs, measured, progress)
        # Compiling is slow, so those begin; sorting keeps the parts of a target in their order.
        again = sorted(rerun_jobs(plan, measured), key=lambda job: plan.targets[job.target].mode != "xla")
        missing = take_stored(again, jobs, measured, request.fresh)
        run_missing(missing, setting, count, jobs, measured, progress)
        for job in again:
            measured.reruns.setdefault(job.target, []).extend(measured.results[job.id]["rows"])
    finally:
        shutil.rmtree(scratch, ignore_errors=True)
        progress.finish()
    return measured


def workers_memory(processes: int) -> int | None:
    """Bytes that the workers of one of so many measuring processes may hold: half of the machine's memory in all."""
    memory = machine_memory()
    return memory // 2 // processes if memory else None


def take_stored(wanted: Iterable[Job], jobs: JobStore, measured: Measured, fresh: bool) -> list[Job]:
    """Load what is stored; return the jobs that are not (all of them where everything is asked for anew)."""
    missing = []
    for job in wanted:
        result = None if fresh else jobs.load(job.id)
        if result is None:
            missing.append(job)
        else:
            measured.results[job.id] = result
    return missing


def run_missing(
    missing: list[Job], setting: Setting, count: int, jobs: JobStore, measured: Measured, progress: Progress
) -> None:
    for job, result in run_jobs(missing, setting, count):
        if isinstance(result, OracleDisagreement):
            raise result
        if isinstance(result, Exception):
            result = work.failed(job, result)
        else:
            jobs.save(job.id, result)
        measured.results[job.id] = result
        progress.advance(job.text)


def rerun_jobs(plan: Plan, measured: Measured) -> list[Job]:
    """All cases of each live target once more, in a fresh process; the cases of compiled targets in two of them."""
    out = []
    for target in plan.targets:
        arrays, names = [], []
        for job, case in plan.cases:
            result = measured.results[job.id]
            if target in case.targets and result["rerun"] and target in result["reran"]:
                arrays.append((case.function, case.dtype, result["rerun"]))
                names.append(job.id)
        half = (len(arrays) + 1) // 2 if plan.targets[target].mode == "xla" else len(arrays)
        for start in range(0, len(arrays), max(half, 1)):
            part = slice(start, start + half)
            name = content_hash("rerun", plan.fingerprints[target], names[part])
            text = f"{target} again in a fresh process"
            out.append(Job(name, "rerun", text, target=target, arrays=tuple(arrays[part])))
    return out
