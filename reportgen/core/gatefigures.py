"""The figures of a results document that a limit of an ``[[expect]]`` is held against."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from fnmatch import fnmatchcase
from fractions import Fraction
from itertools import combinations
from typing import Any

from reportgen.core import formatting as f
from reportgen.core import limits as known
from reportgen.core.limits import Figure, Unjudged, exceeds
from reportgen.core.model import Expect, Limit

Row = dict[str, Any]
Judged = Figure | Unjudged
PROVEN, NOT_REFUTED, MEASURED = "proven", "not refuted", "measured"
NOT_MEASURED = ("unavailable", "unsupported")
"""Statuses that say nothing of a function's results; the others (``failed``, ``timeout``) break what is expected."""

NO_ROWS = "its results have no such figure"
_PARTS = ("re", "im")


class Results:
    """The tables of a document by what expectations select: function and dtype."""

    def __init__(self, document: dict[str, Any]) -> None:
        self.document = document
        self.kept: dict[str, dict[tuple[str, str], list[Row]]] = {}

    def rows(self, table: str, expect: Expect) -> Iterator[Row]:
        """The rows of a table for the expectation's functions and dtypes, of its spec where rows name one."""
        if table not in self.kept:
            self.kept[table] = self._grouped(self.document[table])
        groups = self.kept[table]
        for function in expect.functions:
            for dtype in expect.dtypes:
                for row in groups.get((function, dtype), ()):
                    if row.get("spec", expect.spec) == expect.spec:
                        yield row

    @staticmethod
    def _grouped(stored: dict[str, Any]) -> dict[tuple[str, str], list[Row]]:
        columns = stored["columns"]
        groups: dict[tuple[str, str], list[Row]] = {}
        for cells in stored["rows"]:
            row = dict(zip(columns, cells, strict=True))
            groups.setdefault((row["function"], row["dtype"]), []).append(row)
        return groups


def figures(results: Results, expect: Expect, limit: Limit) -> Iterator[Judged]:
    """What the limit is held against, and where there is nothing to hold it against."""
    if expect.agree:
        return _of_pairs(results, expect, limit)
    if limit.what == known.SPECIAL:
        return _of_specials(results, expect)
    if limit.what in known.CHECKS:
        return _of_checks(results, expect, limit)
    if limit.what in known.REPEATS:
        return _of_repeats(results, expect, limit)
    return _of_measurements(results, expect, limit)


# -- one target ----------------------------------------------------------------------------------------
def _of_measurements(results: Results, expect: Expect, limit: Limit) -> Iterator[Judged]:
    groups: dict[tuple[Any, ...], list[Row]] = {}
    for row in results.rows("measurements", expect):
        if row["target"] in expect.targets and _in_cases(row, expect):
            groups.setdefault((row["function"], row["dtype"], row["case"], row["target"]), []).append(row)
    for (function, dtype, case, target), rows in groups.items():
        first = rows[0]
        if first["status"] != "ok":
            yield _without_results(first)
        elif limit.what == known.STATUS:
            yield Figure(function, dtype, case, target, Fraction(0), True, "measured", PROVEN)
        else:
            found = [figure for row in _selected(rows, expect) if (figure := _cell(results, expect, row, limit))]
            yield from found
            if not found:
                yield Unjudged(function, dtype, case, target, NO_ROWS)


def _without_results(row: Row) -> Judged:
    """A target that computed nothing: only a request for its status breaks by that, unless it could have computed."""
    words = f"{row['status']}: {row['reason']}" if row["reason"] else row["status"]
    where = row["function"], row["dtype"], row["case"], row["target"]
    if row["status"] in NOT_MEASURED:
        return Unjudged(*where, words)
    return Figure(*where, Fraction(10**400), False, words, PROVEN)


def _in_cases(row: Row, expect: Expect) -> bool:
    """Targets without results of arrays and casts stand under the spec's case, not under its problems."""
    nothing = row["status"] != "ok" and row["kind"] in ("reduction", "contraction", "linalg", "transform", "cast")
    return nothing or _any(row["case"], expect.cases)


def _any(word: str | None, globs: Iterable[str]) -> bool:
    return any(fnmatchcase(word or "", glob) for glob in globs)


def _selected(rows: list[Row], expect: Expect) -> list[Row]:
    """Rows of the paths, regimes and metrics that are meant; without metrics, no parts where the whole is measured."""
    kept = [row for row in rows if _any(row["path"], expect.paths) and _any(row["regime"], expect.regimes)]
    if expect.metrics:
        return [row for row in kept if _any(row["metric"], expect.metrics)]
    whole = any(row["metric"] == "normwise" for row in kept)
    return [row for row in kept if not (whole and row["metric"] in _PARTS)]


def _cell(results: Results, expect: Expect, row: Row, limit: Limit) -> Figure | None:
    """One row against one limit; None where the row has no such figure."""
    if limit.what in known.SHARES:
        return _share(row, limit)
    value = row.get(limit.what)
    if value is None:
        return None
    if limit.what in known.COUNTS:
        return _count(results, expect, row, limit, int(value))
    assert limit.bound is not None
    size = abs(float(value))
    holds = not exceeds(size, limit.bound)
    certainty = MEASURED if limit.what in known.DISTRIBUTED else _certainty(row, holds)
    worst = limit.what in known.MAXIMA
    return Figure(
        **_where(row), excess=Fraction(size), holds=holds, certainty=certainty,
        found=f"{f.against(float(value), limit.bound, worst)}{known.unit(limit.what)}{_open_points(row)}",
        input=row["worst_input"] if worst else None, output=row["worst_output"] if worst else None,
    )  # fmt: skip


def _where(row: Row) -> dict[str, Any]:
    return {key: row[key] for key in ("function", "dtype", "case", "target", "path", "metric", "regime")}


def _certainty(row: Row, holds: bool) -> str:
    """A broken bound is proven broken, a kept one proven only where every value of the path was tried and settled."""
    every = row["coverage"] == "exhaustive" and not row["undecided"]
    return PROVEN if every or not holds else NOT_REFUTED


def _open_points(row: Row) -> str:
    return f" ({f.count(row['undecided'])} undecided)" if row["undecided"] else ""


def _count(results: Results, expect: Expect, row: Row, limit: Limit, value: int) -> Figure:
    holds = limit.bound is None or value <= limit.bound
    example = _mismatch(results, expect, row) if limit.what == "special_mismatches" and value else None
    return Figure(
        **_where(row), excess=Fraction(value), holds=holds, certainty=_certainty(row, holds), found=f.count(value),
        input=example["input"] if example else None, output=example["got"] if example else None,
    )  # fmt: skip


def _mismatch(results: Results, expect: Expect, row: Row) -> Row | None:
    """A special case that came out wrong on the row's target and path, as an example of the mismatches counted."""
    for special in results.rows("special", expect):
        same = all(special[key] == row[key] for key in ("function", "dtype", "target"))
        if same and not special["agrees"] and row["path"] in special["path"].split():
            return special
    return None


def _share(row: Row, limit: Limit) -> Figure | None:
    """Counts of base samples; where all are expected, search points refute it too, which enter maxima only."""
    part, whole = row[limit.what], row["samples"]
    if part is None or not whole:
        return None
    assert limit.bound is not None
    every, largest = limit.bound == 1, row["max_ulp"]
    beyond = {"correctly_rounded": 0.5, "faithfully_rounded": 1.0}[limit.what]
    seen = every and largest is not None and largest > beyond
    decided = whole - min(row["undecided"] or 0, whole) if every else whole
    holds = not seen and (part >= decided if every else Fraction(part, whole) >= limit.bound)
    words = f"{f.share(part, whole)} ({f.count(part)} of {f.count(whole)})"
    if seen:
        words += f", and an error of {f.against(largest, Fraction(beyond), True)} ulp"
    return Figure(
        **_where(row), excess=Fraction(whole - part, whole) + (Fraction(largest) if seen else 0), holds=holds,
        certainty=_certainty(row, holds) if every else MEASURED, found=words + _open_points(row),
        input=row["worst_input"] if seen else None, output=row["worst_output"] if seen else None,
    )  # fmt: skip


# -- checks of a target against itself, and its special cases ---------------------------------------------
def _of_checks(results: Results, expect: Expect, limit: Limit) -> Iterator[Judged]:
    check = known.CHECKS[limit.what]
    for row in results.rows("self_agreement", expect):
        if row["check"] == check and row["target"] in expect.targets and _any(row["case"], expect.cases):
            yield _differing(row, limit, row["differs"], row["tested"])
    yield from _idle(results, expect)


def _of_repeats(results: Results, expect: Expect, limit: Limit) -> Iterator[Judged]:
    """Cases that were merely evaluated again; of thread counts, the calls of the page on determinism."""
    threads = limit.what == "threads_differ"
    for row in _repeated(results, expect, threads):
        if row["target"] in expect.targets and _any(row["case"], expect.cases):
            differs, tested = ("differs", "tested") if threads else ("run_differs", "run_tested")
            yield _differing(row, limit, row[differs], row[tested])
    yield from _idle(results, expect)


def _repeated(results: Results, expect: Expect, threads: bool) -> Iterator[Row]:
    if not threads:
        yield from (row for row in results.rows("determinism", expect) if not row.get("check"))
        return
    for cells in results.document["determinism"]["rows"]:
        row = dict(zip(results.document["determinism"]["columns"], cells, strict=True))
        meant = row["function"] in expect.functions and row["dtype"] in expect.dtypes
        if meant and row.get("check") == "threads" and row["status"] == "ok":
            yield row


def _differing(row: Row, limit: Limit, differs: int, tested: int) -> Figure:
    assert limit.bound is not None
    holds = differs <= limit.bound
    return Figure(
        row["function"], row["dtype"], row["case"], row["target"], Fraction(differs), holds,
        f"{f.count(differs)} of {f.count(tested)}", NOT_REFUTED if holds else PROVEN,
        path=row.get("context") or None, input=row["input"], output=_both(row),
    )  # fmt: skip


def _both(row: Row) -> str | None:
    return None if row["first_output"] is None else f"{row['first_output']} and {row['second_output']}"


def _of_specials(results: Results, expect: Expect) -> Iterator[Judged]:
    """Every special case that was tried, by function, dtype and target: wrong ones each, right ones counted."""
    right: dict[tuple[str, str, str], int] = {}
    for row in results.rows("special", expect):
        wanted = row["target"] in expect.targets and _any(row["sentence"], expect.sentences)
        paths = [path for path in row["path"].split() if _any(path, expect.paths)] if wanted else []
        if not paths:
            continue
        where = row["function"], row["dtype"], None, row["target"]
        if row["agrees"]:
            key = row["function"], row["dtype"], row["target"]
            right[key] = right.get(key, 0) + 1
            continue
        yield Figure(
            *where, Fraction(1), False, f"{row['got']} for {row['expected']}: {row['sentence']}", PROVEN,
            path=" ".join(paths), input=row["input"], output=row["got"],
        )  # fmt: skip
    for (function, dtype, target), count in right.items():
        yield Figure(function, dtype, None, target, Fraction(0), True, f"{f.count(count)} right", NOT_REFUTED)
    yield from _idle(results, expect)


def _idle(results: Results, expect: Expect) -> Iterator[Judged]:
    """Targets without results, for limits that are held against other tables."""
    for row in results.rows("measurements", expect):
        if row["status"] != "ok" and row["target"] in expect.targets and _in_cases(row, expect):
            yield _without_results(row)


# -- pairs of targets ------------------------------------------------------------------------------------
def _of_pairs(results: Results, expect: Expect, limit: Limit) -> Iterator[Judged]:
    pairs = {frozenset(pair) for pair in combinations(expect.agree, 2)}
    for row in results.rows("agreement", expect):
        if frozenset((row["first"], row["second"])) in pairs and _any(row["case"], expect.cases):
            yield _pair(row, expect, limit)
    for row in results.rows("measurements", expect):
        if row["status"] != "ok" and row["target"] in expect.agree and _in_cases(row, expect):
            yield _without_results(row)


def _pair(row: Row, expect: Expect, limit: Limit) -> Judged:
    where = row["function"], row["dtype"], row["case"], row["first"]
    compared, nans = row["compared"], row.get("nan_differs") or 0
    if limit.what == "equal":
        apart = any(x.what == "nan_differs" and not x.implied for x in expect.limits)
        return _equal(row, limit, nans if apart else 0)
    value = nans if limit.what == "nan_differs" else row[limit.what]
    if value is None or not compared:
        return Unjudged(*where, f"no results to compare with {row['second']}")
    holds = limit.bound is None or not exceeds(value, limit.bound)
    shown = f.count(value) if isinstance(value, int) else f.against(value, limit.bound or Fraction(0), True)
    return Figure(
        *where, Fraction(value), holds, shown + known.unit(limit.what), NOT_REFUTED if holds else PROVEN,
        other=row["second"], input=row["input"], output=_both(row),
    )  # fmt: skip


def _equal(row: Row, limit: Limit, apart: int) -> Judged:
    """The share of results that are bitwise equal; ``apart`` of them are NaN on one side and judged elsewhere."""
    where = row["function"], row["dtype"], row["case"], row["first"]
    compared = row["compared"] - apart
    if not compared:
        return Unjudged(*where, f"no results to compare with {row['second']}")
    assert limit.bound is not None
    share = Fraction(row["equal"], compared)
    holds = share >= limit.bound
    certainty = (NOT_REFUTED if holds else PROVEN) if limit.bound == 1 else MEASURED
    return Figure(
        *where, 1 - share, holds, f"{f.count(row['equal'])} of {f.count(compared)} equal", certainty,
        other=row["second"], input=row["input"], output=_both(row),
    )  # fmt: skip
