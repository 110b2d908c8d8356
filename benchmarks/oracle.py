"""Points per second of the oracle, per function: Arb's enclosures and mpmath's confirmations, one process, one core.

Usage: ``python benchmarks/oracle.py [--dtype float32] [--points 20000] [--only GLOB]``. Inputs are stratified over
every binade of the dtype (the hardest that the default depth asks for); special cases are included, as they are in a
run. Seconds are the process's own, so that a busy machine does not change the table.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable, Iterator

import numpy as np

from reportgen.catalogue.rows import FunctionRow, all_rows, select
from reportgen.core.floats import F64, FLOAT_DTYPES, FORMATS, Exact
from reportgen.core.sampling import generator, stratified
from reportgen.oracle.enclosure import enclose
from reportgen.oracle.reference import confirm

Oracle = Callable[[FunctionRow, tuple[F64, ...], str], Exact]


def inputs(row: FunctionRow, dtype: str, count: int) -> tuple[F64, ...]:
    """``count`` points over all binades of the dtype, in random order."""
    rng = generator("benchmark", row.name, dtype)
    return tuple(rng.choice(stratified(FORMATS[dtype], count, rng), count) for _ in range(row.arity))


def rate(oracle: Oracle, row: FunctionRow, args: tuple[F64, ...], dtype: str) -> tuple[float, int]:
    """Points per second (best of three) and how many were undecided."""
    best, undecided = np.inf, 0
    for _ in range(3):
        start = time.process_time()
        undecided = int(oracle(row, args, dtype).undecided.sum())
        best = min(best, max(time.process_time() - start, 1e-9))
    return len(args[0]) / best, undecided


def table(rows: list[FunctionRow], dtype: str, points: int) -> Iterator[str]:
    """One line a function."""
    yield f"{'function':18}{'enclose/s':>14}{'confirm/s':>14}{'undecided':>11}   ({dtype}, {points} points)"
    rates = []
    for row in rows:
        if row.kind != "elementwise":
            continue
        args = inputs(row, dtype, points)
        few = tuple(a[: max(500, points // 20)] for a in args)
        enclosed, lost = rate(enclose, row, args, dtype)
        confirmed, _ = rate(confirm, row, few, dtype)
        rates.append((enclosed, confirmed))
        yield f"{row.name:18}{enclosed:14,.0f}{confirmed:14,.0f}{lost:11}"
    if rates:
        middle = np.median(np.array(rates), axis=0)
        yield f"{'median':18}{middle[0]:14,.0f}{middle[1]:14,.0f}"


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--dtype", choices=FLOAT_DTYPES, default="float32")
    parser.add_argument("--points", type=int, default=20000)
    parser.add_argument("--only", default="", help="a name or glob of functions")
    options = parser.parse_args()
    rows = select([options.only]) if options.only else list(all_rows().values())
    for line in table(rows, options.dtype, options.points):
        print(line, flush=True)


if __name__ == "__main__":
    main()
