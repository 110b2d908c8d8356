"""How long a report takes, cold and again, how much memory it needs, and how fast the oracle is.

Run by ``make bench``; ``--oracle`` or ``--report`` alone measures one half. Each run of the report has a cache and an
output folder of its own, so that nothing stored before helps.
"""

from __future__ import annotations

import argparse
import os
import resource
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
COLD_LIMIT, WARM_LIMIT, START_LIMIT = 900.0, 20.0, 0.5
COMPARE_LIMIT = 2.0
MEMORY_LIMIT = 4 << 30
POINTS, CONFIRMED, CONFIRMING_SECONDS = 4096, 256, 2.0


@dataclass
class Timed:
    """One command: seconds, and the largest memory of any process that took part so far, in bytes."""

    seconds: float
    peak: int


def timed(arguments: list[str], environment: dict[str, str]) -> Timed:
    start = time.perf_counter()
    command = [sys.executable, "-m", "reportgen", *arguments]
    done = subprocess.run(command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, check=False)
    seconds = time.perf_counter() - start
    if done.returncode:
        raise SystemExit(f"{' '.join(command)} ended with {done.returncode}")
    # A child's children count once it has waited for them, as reportgen does for its workers.
    return Timed(seconds, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024)


def verdict(value: float, limit: float) -> str:
    return "within" if value <= limit else "OVER"


def bench_start(environment: dict[str, str]) -> None:
    for arguments in (["--help"], ["list", "functions"]):
        best = min(timed(arguments, environment).seconds for _ in range(5))
        print(f"{' '.join(arguments):<22} {best:8.2f} s   {verdict(best, START_LIMIT)} {START_LIMIT} s")


def bench_report(environment: dict[str, str]) -> None:
    with tempfile.TemporaryDirectory(prefix="reportgen-bench-") as folder:
        own = {**environment, "REPORTGEN_CACHE": f"{folder}/cache"}
        arguments = ["specs/", "--output", f"{folder}/output", "--quiet"]
        for name, limit in (("report, nothing cached", COLD_LIMIT), ("report, nothing new", WARM_LIMIT)):
            run = timed(arguments, own)
            print(f"{name:<22} {run.seconds:8.1f} s   {verdict(run.seconds, limit)} {limit:.0f} s")
        bench_compare(own, Path(folder) / "output")
        peak = f"{run.peak / 2**20:8.0f} MiB"
        print(f"{'largest process':<22} {peak} {verdict(run.peak, MEMORY_LIMIT)} {MEMORY_LIMIT >> 20} MiB")


def bench_compare(environment: dict[str, str], output: Path) -> None:
    """The version just published against a copy of it in which every figure in ulp of one target is another one."""
    from reportgen.results import store

    document = store.read_document(output / "dev" / "results.json") | {"label": "other"}
    columns = document["measurements"]["columns"]
    target, worst = columns.index("target"), columns.index("max_ulp")
    for row in document["measurements"]["rows"]:
        if row[target] == "tensorflow" and row[worst] is not None:
            row[worst] *= 1.5
    folder = output / "other"
    folder.mkdir()
    store.write_data(folder, document, {})
    store.seal(folder, "other")
    arguments = ["compare", "dev", "other", "--output", str(output), "--html", str(output.parent / "changes.html")]
    best = min(timed(arguments, environment).seconds for _ in range(3))
    print(f"{'compare, full versions':<22} {best:8.2f} s   {verdict(best, COMPARE_LIMIT)} {COMPARE_LIMIT} s")


def bench_oracle(functions: list[str]) -> None:
    """Points per second of both sources, float64, inputs over every binade, one process, nothing cached."""
    import numpy as np

    from reportgen.catalogue.rows import select
    from reportgen.core.floats import FORMATS
    from reportgen.core.sampling import generator, stratified
    from reportgen.oracle.enclosure import enclose
    from reportgen.oracle.reference import confirm

    print(f"\n{'function':<20} {'enclosures/s':>14} {'mpmath/s':>10}   float64")
    fmt = FORMATS["float64"]
    for row in select(functions):
        if row.kind != "elementwise":
            continue
        rng = generator("bench", row.name)
        args = tuple(rng.permutation(stratified(fmt, POINTS, rng)) for _ in range(row.arity))
        start = time.perf_counter()
        enclose(row, args, "float64")
        enclosing = len(args[0]) / (time.perf_counter() - start)
        done, start = 0, time.perf_counter()
        while time.perf_counter() - start < CONFIRMING_SECONDS and done < len(args[0]):
            part = tuple(np.ascontiguousarray(a[done : done + CONFIRMED]) for a in args)
            confirm(row, part, "float64")
            done += len(part[0])
        confirming = done / (time.perf_counter() - start)
        print(f"{row.name:<20} {enclosing:14,.0f} {confirming:10,.0f}", flush=True)


def bench_arrays(functions: list[str]) -> None:
    """Seconds of the exact references of functions of whole arrays: the largest problem, and all that are tried."""
    from reportgen.catalogue.arrayrows import array_rows
    from reportgen.catalogue.rows import select
    from reportgen.catalogue.supported import dtypes_of
    from reportgen.core.dtypes import kind_of
    from reportgen.core.problems import made
    from reportgen.oracle.arrays import finders

    print(f"\n{'function of arrays':<24} {'dtype':<12} {'largest, s':>10} {'elements':>12} {'all, s':>8}")
    for row in select(functions):
        arrays = array_rows().get(row.name)
        dtypes = [d for d in dtypes_of(row) if kind_of(d) in ("real", "complex")]
        if arrays is None or not dtypes:
            continue
        spent: dict[str, float] = {}
        for problem in arrays.tried(dtypes[-1]):
            given = made(problem, dtypes[-1], 0)
            start = time.perf_counter()
            finders()[arrays.reference](given, arrays.pointwise)
            spent[problem.name] = time.perf_counter() - start
        largest = max(arrays.tried(dtypes[-1]), key=lambda p: p.elements())
        figures = f"{spent[largest.name]:10.3f} {largest.elements():12,} {sum(spent.values()):8.2f}"
        print(f"{row.name:<24} {dtypes[-1]:<12} {figures}", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--oracle", action="store_true", help="only the oracle")
    parser.add_argument("--report", action="store_true", help="only the report")
    parser.add_argument("--functions", nargs="+", default=["*"], metavar="GLOB", help="functions of the oracle's half")
    options = parser.parse_args()
    both = options.oracle == options.report
    environment = dict(os.environ)
    print(f"{os.cpu_count()} cores, Python {sys.version.split()[0]}")
    if both or options.report:
        bench_start(environment)
        bench_report(environment)
    if both or options.oracle:
        bench_oracle(options.functions)
        bench_arrays(options.functions)


if __name__ == "__main__":
    main()
