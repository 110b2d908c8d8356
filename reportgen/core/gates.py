"""Gates: what specs expect of the results, and what must not have become worse than in the baseline.

A gate's row says of one limit whether it ``holds``: true, false, or null where nothing could be judged and that was to
be expected. Broken ones stand case by case and target by target; those that hold are one row a case, with the figure
that comes nearest to the limit.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from fractions import Fraction
from typing import Any

from reportgen.core import formatting as f
from reportgen.core import limits as words
from reportgen.core.gatefigures import MEASURED, NOT_REFUTED, PROVEN, Results, figures
from reportgen.core.limits import SPECIAL, STATUS, Figure, Unjudged, expected_words
from reportgen.core.model import Expect, Limit

Row = dict[str, Any]
VOLATILE = ("run_differs", "threads_differ")
"""Limits on findings in which two runs of one spec may differ (the results' table ``determinism``)."""

LEFT_OUT = "left out by --only or --targets"
NO_FIGURE = "none of these results has such a figure"
NOT_COMPARED = "no two of these targets were compared"
_MAX_REASONS = 3


def judge(
    document: dict[str, Any], expects: Iterable[Expect], comparison: dict[str, Any] | None = None
) -> list[dict[str, Any]]:
    """Rows of the table ``gates``: each expectation on each case that it selects, and each regression.

    ``document`` holds plain tables (:mod:`reportgen.results.tables`); ``comparison`` is that with the baseline.
    """
    results = Results(document)
    rows = [row for expect in expects for row in _expectation(results, expect)]
    return rows + regressions(comparison)


def regressions(comparison: dict[str, Any] | None) -> list[dict[str, Any]]:
    """What became worse than in the baseline, as broken gates; one that holds where nothing did.

    A comparison in which nothing could be compared (another CPU: machines of a CI service are not all alike) breaks
    nothing and holds nothing: it is told as what could not be judged.
    """
    if comparison is None:
        return []
    rows = [_regression(row, comparison["before"]) for row in comparison["rows"] if row["verdict"] == "regressed"]
    counts = comparison["counts"]
    judged = sum(counts[verdict] for verdict in ("regressed", "improved", "unchanged"))
    if rows:
        return rows
    apart = [g["reason"] for g in comparison["groups"] if g["verdict"] == "incomparable"]
    why = next(iter(apart), "the versions share no case")
    return [
        {
            "gate": "baseline", "what": "regressions", "expected": f"none since {comparison['before']}",
            "found": f"none among {f.plural(judged, 'figure')}" if judged else f"nothing was judged: {why}",
            "judged": judged, "unjudged": counts["incomparable"], "holds": True if judged else None, "reason": "",
        }
    ]  # fmt: skip


def _regression(row: Row, baseline: str) -> Row:
    """One figure that became worse; ``before`` and ``after`` are numbers, counts or statuses."""
    old, new, unit = row["before"], row["after"], words.unit(row["what"])
    number, top = isinstance(new, float) and isinstance(old, float), row["what"] in words.MAXIMA
    shown = f.against(new, Fraction(old), top) if number else str(new)
    before = f.against(old, Fraction(new), top) if number else str(old)
    return {
        "gate": "baseline", **{key: row[key] for key in ("spec", "function", "dtype", "case", "target")},
        **{key: row[key] for key in ("path", "metric", "regime", "what", "input", "output")},
        "expected": f"as in {baseline}: {before}{unit}", "found": f"{shown}{unit}", "judged": 1, "unjudged": 0,
        "certainty": PROVEN if row["basis"] == "proven" else MEASURED, "holds": False, "reason": row["reason"],
    }  # fmt: skip


def _expectation(results: Results, expect: Expect) -> Iterator[Row]:
    for limit in expect.limits:
        if expect.left_out:
            if not limit.implied:
                yield _row(expect, limit, found=LEFT_OUT, holds=None)
            continue
        judged = list(figures(results, expect, limit))
        found = [x for x in judged if isinstance(x, Figure)]
        without = [x for x in judged if isinstance(x, Unjudged)]
        if found or (without and limit.what == STATUS):
            yield from _judged(expect, limit, found, without)
        elif not limit.implied:
            yield _unjudged(expect, limit, without)


def _judged(expect: Expect, limit: Limit, found: list[Figure], without: list[Unjudged]) -> Iterator[Row]:
    """A row for each case: the worst of each target that breaks the limit, one for all targets that keep it."""
    groups: dict[tuple[Any, ...], list[Figure]] = {}
    for figure in found:
        groups.setdefault(figure.group, []).append(figure)
    missing: dict[tuple[Any, ...], list[Unjudged]] = {}
    for one in without:
        missing.setdefault(one.group, []).append(one)
    demanded = limit.what == STATUS
    for group in dict.fromkeys([*groups, *missing]):
        figures_here, missing_here = groups.get(group, []), missing.get(group, [])
        yield from _broken(expect, limit, figures_here)
        if demanded:
            yield from (_row(expect, limit, one, found=one.why, holds=False, judged=1) for one in missing_here)
            missing_here = []
        kept = [x for x in figures_here if x.holds]
        broken = {(x.target, x.other) for x in figures_here if not x.holds}
        kept = [x for x in kept if (x.target, x.other) not in broken]
        if kept and not limit.implied:
            yield _kept(expect, limit, kept, len(missing_here))
        elif missing_here and not broken and not limit.implied:
            one = missing_here[0]
            yield _row(expect, limit, one, found=_reasons(missing_here), holds=None, unjudged=len(missing_here))


def _broken(expect: Expect, limit: Limit, found: list[Figure]) -> Iterator[Row]:
    targets: dict[tuple[Any, ...], list[Figure]] = {}
    for figure in found:
        targets.setdefault((figure.target, figure.other), []).append(figure)
    for figures_of in targets.values():
        bad = [x for x in figures_of if not x.holds]
        if bad:
            row = _row(expect, limit, max(bad, key=lambda x: x.excess), holds=False, judged=len(figures_of))
            if limit.what == SPECIAL and len(bad) > 1:
                row["found"] += f" (and {f.plural(len(bad) - 1, 'other')})"
            yield row


def _kept(expect: Expect, limit: Limit, kept: list[Figure], unjudged: int) -> Row:
    """The nearest to the limit speaks for all; they are proven only if each of them is."""
    nearest = max(kept, key=lambda x: x.excess)
    weakest = NOT_REFUTED if any(x.certainty == NOT_REFUTED for x in kept) else nearest.certainty
    row = _row(expect, limit, nearest, holds=True, judged=len(kept), unjudged=unjudged)
    return row | {"certainty": weakest, "reason": ""}


def _unjudged(expect: Expect, limit: Limit, without: list[Unjudged]) -> Row:
    """Nothing was judged at all: broken, because nobody would notice otherwise, unless the spec says that it may be."""
    fallback = NOT_COMPARED if expect.agree else NO_FIGURE
    told = _reasons(without) or fallback
    holds = None if expect.optional else False
    row = _row(expect, limit, found=f"nothing was judged: {told}", holds=holds, unjudged=len(without))
    names = {x.function for x in without} or set(expect.functions)
    return row | {"function": names.pop() if len(names) == 1 else None}


def _reasons(without: list[Unjudged]) -> str:
    """Why nothing could be judged, target by target, each reason once."""
    targets: dict[str, dict[str, None]] = {}
    for one in without:
        targets.setdefault(one.why, {})[one.target] = None
    told = [f"{f.listing(list(names))}: {why}" for why, names in targets.items()]
    more = len(told) - _MAX_REASONS
    return "; ".join(told[:_MAX_REASONS]) + (f"; and {f.plural(more, 'other reason')}" if more > 0 else "")


def _row(
    expect: Expect, limit: Limit, of: Figure | Unjudged | None = None, *, found: str = "", holds: bool | None,
    judged: int = 0, unjudged: int = 0,
) -> Row:  # fmt: skip
    row: Row = {
        "gate": "expect", "spec": expect.spec, "file": expect.file, "line": expect.line, "what": limit.what,
        "expected": expected_words(limit), "found": found, "judged": judged, "unjudged": unjudged, "holds": holds,
        "reason": expect.reason if holds is False else "",
    }  # fmt: skip
    if of is not None:
        row |= {"function": of.function, "dtype": of.dtype, "case": of.case, "target": of.target}
    if isinstance(of, Figure):
        row |= {key: getattr(of, key) for key in ("other", "path", "metric", "regime", "input", "output", "certainty")}
        row["found"] = of.found
    return row
