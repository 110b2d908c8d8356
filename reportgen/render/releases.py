"""Lines of releases: what each release of a library scored on each function, and where the results changed.

A *line* is one target (``numpy``) in several releases: those in environments of their own, and today's. A *track* is a
line on one function and dtype. Two neighbouring releases that answered are *equal* where every compared result has the
same bits and every figure is the same on every path; all else is a *change*. All targets of a case get the same inputs,
those that the search found for any of them too, so that figures of releases can be held against each other.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise

from reportgen.render.stored import MAIN_CASE, Row, Stored, dtype_key, path_key
from reportgen.render.summary import Summary, pair_counts, summarise

KNOWN = ("ok", "unsupported")
"""How a release must have ended to tell anything: others (unavailable, failed, timeout) are gaps."""
MATERIAL_MAX, LEAST_MAX = 0.02, 0.01
"""A maximum that moved by more than 2 % and by more than 0.01 ulp counts as better or worse …"""
MATERIAL_MEAN = 0.01
"""… and so does a mean that moved by more than 1 %; less is `other bits`."""
_PARTS = re.compile(r"(\d+)|(a|b|rc|dev)(?=\d)")
_COMPARED = (
    *("metric", "max_ulp", "mean_ulp", "rms_ulp", "bias_ulp", "worst_input", "worst_output", "samples"),
    *("correctly_rounded", "faithfully_rounded", "special_mismatches"),
)


def version_key(version: str) -> tuple[int, ...]:
    """Orders releases; a pre-release comes before its release."""
    parts = [int(m[1]) if m[1] else {"dev": -4, "a": -3, "b": -2, "rc": -1}[m[2]] for m in _PARTS.finditer(version)]
    return (*parts, *([0] * (6 - len(parts))))


@dataclass(frozen=True)
class Release:
    """One member of a line: the target that ran it."""

    target: str
    version: str
    today: bool
    status: str
    reason: str = ""


@dataclass(frozen=True)
class Line:
    """``name`` is the target that its members are releases of, ``members`` stand in the order of their versions."""

    name: str
    library: str
    mode: str
    members: tuple[Release, ...]

    @property
    def ran(self) -> list[Release]:
        return [m for m in self.members if m.status == "ok"]


def lines(stored: Stored) -> list[Line]:
    """Every line with at least one pinned release, in the order of the report's targets."""
    found: dict[str, list[Row]] = {}
    for target in stored.pinned_targets:
        found.setdefault(line_name(target), []).append(target)
    for target in stored.live_targets:
        if target["name"] in found:
            found[str(target["name"])].append(target)
    out = []
    for name, rows in found.items():
        members = [
            Release(
                str(r["name"]), str(r.get("version") or r.get("pinned") or ""), not r.get("pinned"),
                str(r.get("status", "")), str(r.get("reason") or ""),
            )
            for r in rows
        ]  # fmt: skip
        members.sort(key=lambda m: (version_key(m.version), m.today))
        out.append(Line(name, str(rows[0]["library"]), str(rows[0].get("mode", "")), tuple(members)))
    return out


def line_name(target: Row) -> str:
    """The line that a pinned target belongs to: its base, or its own name where it is set up otherwise."""
    base = str(target.get("base") or target.get("library"))
    return base if str(target["name"]).startswith(f"{base}@") else str(target["name"])


@dataclass(frozen=True)
class Score:
    """What one release did on one function and dtype; ``figures`` are all that could tell it from another."""

    release: Release
    summary: Summary
    figures: tuple[object, ...] = ()
    ns: float | None = None

    @property
    def status(self) -> str:
        return "ok" if self.summary.measured else self.summary.status

    @property
    def known(self) -> bool:
        return self.status in KNOWN

    @property
    def maximum(self) -> float | None:
        """Largest error in ulp among normal results over all paths; None where results are right or wrong."""
        row = self.summary.best
        value = None if row is None else row.get("max_ulp")
        return None if value is None else float(value)

    @property
    def mean(self) -> float | None:
        value = (self.summary.typical or {}).get("mean_ulp")
        return None if value is None else float(value)

    @property
    def wrong(self) -> tuple[int, int]:
        """(results that are not correctly rounded, samples), on the path with the largest share."""
        pairs = [
            (int(r["samples"]) - int(r["correctly_rounded"]), int(r["samples"]))
            for r in self.summary.normal or self.summary.closing
            if r.get("samples") and r.get("correctly_rounded") is not None
        ]
        return max(pairs, key=lambda p: (p[0] / p[1], p[1]), default=(0, 0))

    @property
    def exact(self) -> bool:
        """Whether every sample is correctly rounded, and no input that a search found errs by more than ½ ulp."""
        wrong, samples = self.wrong
        return bool(samples) and not wrong and (self.maximum or 0.0) <= 0.5

    @property
    def share_wrong(self) -> float:
        wrong, samples = self.wrong
        return wrong / samples if samples else 0.0


@dataclass(frozen=True)
class Change:
    """``after`` is the first release that answers otherwise than ``before``, the last one that is known before it.

    ``kind``: ``better``, ``worse``, ``mixed`` (one figure better, another worse), ``bits`` (other results, about as
    accurate), ``new`` and ``gone`` (the function). ``equal`` of ``compared`` results have the same bits.
    """

    kind: str
    before: Score
    after: Score
    equal: int = 0
    compared: int = 0

    @property
    def inside_same(self) -> bool:
        """Whether all results inside long arrays have the same bits, and only others differ."""
        return self.compared > 0 and self.equal == self.compared


@dataclass
class Track:
    """One line on one function and dtype: a score a member that was asked, and the changes among them."""

    line: Line
    function: str
    dtype: str
    scores: list[Score]
    changes: list[Change] = field(default_factory=list)

    @cached_property
    def answered(self) -> list[Score]:
        return [s for s in self.scores if s.status == "ok"]

    @property
    def told(self) -> bool:
        """Whether two releases at least answered, so that a change could be seen."""
        return len(self.answered) >= 2

    def score(self, target: str) -> Score | None:
        return next((s for s in self.scores if s.release.target == target), None)

    def change_at(self, target: str) -> Change | None:
        return next((c for c in self.changes if c.after.release.target == target), None)

    @property
    def moves(self) -> list[Change]:
        """Changes of results, as against functions that came or went."""
        return [c for c in self.changes if c.kind not in ("new", "gone")]


def history_cases(stored: Stored, function: str, dtype: str) -> list[str]:
    """The cases on which releases are held against each other: the whole format, else every case they were asked."""
    names = list(
        dict.fromkeys(
            str(r["case"])
            for r in stored.releases.of("measurements", function)
            if r["dtype"] == dtype and r.get("status") == "ok"
        )
    )
    return [MAIN_CASE] if MAIN_CASE in names else names


def tracks(stored: Stored) -> list[Track]:
    """Every line on every function and dtype that a pinned release of it answered, in the order of the functions."""
    if "tracks" not in stored.past:
        known = lines(stored)
        stored.past["tracks"] = [x for fn in stored.functions for x in function_tracks(stored, str(fn["name"]), known)]
    found: list[Track] = stored.past["tracks"]
    return found


def told(stored: Stored) -> bool:
    """Whether any function was measured on two releases at least: else there is nothing to tell."""
    return any(t.told for t in tracks(stored))


def function_tracks(stored: Stored, function: str, known: list[Line] | None = None) -> list[Track]:
    """The tracks of one function, dtype by dtype."""
    rows = stored.releases.of("measurements", function)
    out = []
    for dtype in sorted({str(r["dtype"]) for r in rows}, key=dtype_key):
        cases = history_cases(stored, function, dtype)
        for line in known if known is not None else lines(stored):
            scores = _scores(stored, line, function, dtype, cases)
            if any(s.status == "ok" and not s.release.today for s in scores):
                out.append(Track(line, function, dtype, scores, _changes(stored, function, dtype, cases, scores)))
    return out


def _scores(stored: Stored, line: Line, function: str, dtype: str, cases: list[str]) -> list[Score]:
    """A score for each member that was asked for the cases (or could not be)."""
    times = {
        str(r["target"]): r.get("ns_per_element")
        for r in [*stored.releases.of("timing", function), *stored.timing_of(function)]
        if r["dtype"] == dtype and r["case"] in cases
    }
    grouped: dict[str, list[Row]] = {}
    for r in [*stored.releases.of("measurements", function), *stored.rows(function)]:
        if r["dtype"] == dtype and r["case"] in cases:
            grouped.setdefault(str(r["target"]), []).append(r)
    out = []
    for member in line.members:
        rows = grouped.get(member.target)
        if rows is None:
            if member.status == "ok":
                continue
            out.append(Score(member, Summary(member.target, member.status, member.reason)))
            continue
        out.append(Score(member, summarise(member.target, rows), _figures(rows), times.get(member.target)))
    return out


def _figures(rows: list[Row]) -> tuple[object, ...]:
    """All figures of a release that do not depend on whom it is compared with."""
    ok = [r for r in rows if r.get("status") == "ok"]
    ok.sort(key=lambda r: (str(r["case"]), path_key(r.get("path")), str(r.get("metric")), str(r.get("regime"))))
    return tuple((r["case"], r.get("path"), r.get("regime"), *(r.get(k) for k in _COMPARED)) for r in ok)


def _changes(stored: Stored, function: str, dtype: str, cases: list[str], scores: list[Score]) -> list[Change]:
    out = []
    known = [s for s in scores if s.known]
    pairs = [r for r in stored.releases.agreement.get(function, []) if r["dtype"] == dtype and r["case"] in cases]
    for before, after in pairwise(known):
        if before.status != after.status:
            out.append(Change("new" if after.status == "ok" else "gone", before, after))
        elif after.status == "ok":
            names = {before.release.target, after.release.target}
            equal, compared = pair_counts([r for r in pairs if {r["first"], r["second"]} == names])
            if equal != compared or before.figures != after.figures:
                out.append(Change(_kind(before, after), before, after, equal, compared))
    return out


def _kind(before: Score, after: Score) -> str:
    moved = [x for x in (_exactness(before, after), _maximum(before, after), _mean(before, after)) if x]
    moved += [x] if (x := _sign(after.summary.mismatches - before.summary.mismatches)) else []
    if not moved:
        return "bits"
    if min(moved) < 0 < max(moved):
        return "mixed"
    return "better" if moved[0] < 0 else "worse"


def _sign(x: float) -> int:
    return (x > 0) - (x < 0)


def _exactness(before: Score, after: Score) -> int:
    """Whether results became, or ceased to be, correctly rounded throughout."""
    return before.exact - after.exact


def _maximum(before: Score, after: Score) -> int:
    a, b = before.maximum, after.maximum
    if a is None or b is None:
        return _sign(after.share_wrong - before.share_wrong)
    return _sign(b - a) if abs(b - a) > max(LEAST_MAX, MATERIAL_MAX * max(a, b)) else 0


def _mean(before: Score, after: Score) -> int:
    a, b = before.mean, after.mean
    if a is None or b is None:
        return 0
    return _sign(b - a) if abs(b - a) > MATERIAL_MEAN * max(a, b) else 0
