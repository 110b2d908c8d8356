"""What a line of releases tells, in sentences, each drawn from the stored results."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from reportgen.core import formatting as f
from reportgen.render.answer import shown
from reportgen.render.releases import Change, Line, Score, Track, tracks, version_key
from reportgen.render.stored import Row, Stored
from reportgen.render.summary import counted, joined_by_value

ASKED = ("sqrt", "sin")
"""The functions of which a sentence is told whatever became of them."""
FASTER = 1.5
"""The least ratio of times of which a sentence is made: what is smaller may be the machine's mood."""
MOST_NAMED, MOST_MOVED = 8, 3
TIMES = "timed in this run, on one machine with few repetitions: an indication, not a benchmark"


def named(release_of: Track | Line, version: str) -> str:
    """``NumPy 1.22.4``."""
    line = release_of.line if isinstance(release_of, Track) else release_of
    return f"{shown(line.name)} {version}"


def span_of(versions: list[str]) -> str:
    """Neighbouring releases: first and last, and how many, of more than two."""
    return ", ".join(versions) if len(versions) <= 2 else f"{versions[0]} … {versions[-1]} ({len(versions)} releases)"


def some(names: Iterable[str], most: int = MOST_NAMED) -> str:
    """At most ``most`` names as a list, and how many more there are."""
    known = list(names)
    rest = [f"{f.count(len(known) - most)} more"] if len(known) > most else []
    return f.listing([*known[:most], *rest])


def score_words(score: Score) -> str:
    """``0.515 ulp``; ``12 wrong`` where results are right or wrong."""
    if score.maximum is None:
        return f"{f.count(score.wrong[0])} wrong"
    return f.maximum_with_unit(score.maximum)


def change_words(change: Change, dtype: str) -> str:
    """What one change is: figures before and after, and how many results have the same bits."""
    before, after = change.before, change.after
    if change.kind in ("new", "gone"):
        why = (before if change.kind == "new" else after).summary.reason
        first = f"the first release measured with this function in {dtype}" if change.kind == "new" else "not there"
        return f"{first}; {(before if change.kind == 'new' else after).release.version}: {why or 'unsupported'}"
    told = []
    if score_words(before) != score_words(after):
        told.append(f"largest error {score_words(before)} → {score_words(after)}")
    if before.wrong != after.wrong:
        shares = (f.share(x.wrong[0], x.wrong[1]) for x in (before, after))
        told.append(f"not correctly rounded {' → '.join(shares)}")
    if before.summary.mismatches != after.summary.mismatches:
        told.append(f"special mismatches {before.summary.mismatches} → {after.summary.mismatches}")
    if change.inside_same:
        told.append("the same bits inside long arrays, others in short pieces or alone")
    elif change.compared:
        differ = change.compared - change.equal
        told.append(f"{f.count(differ)} of {f.count(change.compared)} results differ from {before.release.version}")
    return "; ".join(told) or f"other results than {before.release.version}"


def main_lines(found: list[Track]) -> list[Line]:
    """The lines of libraries as they come, in the order met: others (NumPy without AVX-512) are seen beside them."""
    known = {t.line.name: t.line for t in found}
    plain = [x for x in known.values() if x.name in (x.library, f"{x.library}-graph")]
    return plain or list(known.values())


def of_line(found: list[Track], line: Line) -> list[Track]:
    return [t for t in found if t.line.name == line.name and t.told]


# -- the story -----------------------------------------------------------------------------------------
def lead(stored: Stored) -> str:
    """How many releases ran, and how many combinations ever changed."""
    found = tracks(stored)
    parts = []
    for line in main_lines(found):
        own, ran = of_line(found, line), line.ran
        if not own:
            continue
        moved = sum(1 for t in own if t.moves)
        parts.append(
            f"{shown(line.name)}, {f.plural(len(ran), 'release')} from {ran[0].version} to {ran[-1].version}: results "
            f"changed on the way in {f.count(moved)} of {f.plural(len(own), 'combination')} of function and dtype."
        )
    return " ".join(parts)


def front_sentence(stored: Stored) -> str:
    """The front page's: the lead of the page on releases, where that tells of more than a few functions."""
    functions = {t.function for t in tracks(stored) if t.told}
    return f"Through the releases: {lead(stored)}" if len(functions) > 1 else ""


def line_story(own: list[Track]) -> list[str]:
    """The sentences of one line: which release did most, what moved most, what never moved, what is new."""
    makers: tuple[Callable[[list[Track]], str], ...] = (busiest, gained, lost, unchanged, arrivals)
    return [text for make in makers if own and (text := make(own))]


def roots(stored: Stored, asked: str) -> list[str]:
    """Of inputs with recorded results of one function: how many each release gets wrong, and the first with none."""
    out = []
    for function, dtype, case in (x for x in stored.recorded_cases() if x[0] == asked):
        rows: dict[str, list[Row]] = {}
        for r in [*stored.releases.of("measurements", function), *stored.rows(function)]:
            if (r["dtype"], r["case"], r.get("regime"), r.get("path")) == (dtype, case, "all", "body"):
                rows.setdefault(str(r["target"]), []).append(r)
        lines = {t.line.name: t.line for t in tracks(stored)}
        for line in lines.values():
            told = [(m.version, _wrong(rows[m.target])) for m in line.members if counted(rows.get(m.target, []))]
            bad = [v for v, (wrong, _) in told if wrong]
            if len(told) < 2 or not bad:
                continue
            samples = told[0][1][1]
            grouped = joined_by_value((v, wrong) for v, (wrong, _) in told if wrong)
            counts = [f"{f.count(n)} in {f.listing(versions)}" for versions, n in grouped]
            # Every release from this one on is right.
            after = [v for i, (v, _) in enumerate(told) if all(not wrong for _, (wrong, _) in told[i:])]
            end = f"{after[0]} is the first release measured that gets none wrong" if after else "none gets all right"
            out.append(
                f"{shown(line.name)} on the {f.count(samples)} inputs {case} in {dtype}: {f.listing(counts)} are not "
                f"correctly rounded; {end}."
            )
    return out


def _wrong(rows: list[Row]) -> tuple[int, int]:
    return max((int(r["samples"]) - int(r["correctly_rounded"]), int(r["samples"])) for r in counted(rows))


def courses(t: Track) -> str:
    """The releases that changed a function, with the figures: ``1.22.4 (worse: 0.515 → 3.29 ulp)``."""
    if not t.moves:
        first, last = t.answered[0].release.version, t.answered[-1].release.version
        return f"the same bits from {first} to {last}, {score_words(t.answered[0])}"
    told = [f"{c.after.release.version} ({KIND_WORDS[c.kind]}: {arrow(c)})" for c in t.moves]
    return f"changed in {f.listing(told)}"


KIND_WORDS = {"better": "better", "worse": "worse", "mixed": "better and worse", "bits": "other bits"}


def arrow(c: Change) -> str:
    if c.inside_same:
        return f"{'' if c.kind == 'bits' else other_figure(c)}only in short pieces or alone"
    a, b = score_words(c.before), score_words(c.after)
    if a == b:
        return f"{other_figure(c)}largest error {a} as before" if c.kind != "bits" else f"{a} as before"
    return f"{a.removesuffix(' ulp')} → {b}" if a.endswith(" ulp") and b.endswith(" ulp") else f"{a} → {b}"


def other_figure(c: Change) -> str:
    """The figure that tells better from worse where the largest error is the same: shares, special cases, the mean."""
    a, b = c.before, c.after
    if a.exact != b.exact:
        return f"not correctly rounded {f.share(*a.wrong)} → {f.share(*b.wrong)}, "
    if a.summary.mismatches != b.summary.mismatches:
        return f"special mismatches {f.count(a.summary.mismatches)} → {f.count(b.summary.mismatches)}, "
    means = [f.number(x.mean) for x in (a, b)]
    return f"mean error {' → '.join(means)} ulp, " if means[0] != means[1] else ""


# -- CPU features --------------------------------------------------------------------------------------
def restricted(found: list[Track]) -> dict[str, list[str]]:
    """Names of lines of the same library set up otherwise, by the plain line: ``numpy`` → ``numpy-avx2`` …"""
    out: dict[str, list[str]] = {}
    for line in main_lines(found):
        others = {t.line.name for t in found if t.line.library == line.library and t.line.mode == line.mode}
        names = [n for n in dict.fromkeys(t.line.name for t in found) if n in others and n != line.name]
        if names:
            out[line.name] = names
    return out


def depends(whole: Track, other: Track) -> list[tuple[Score, Score]]:
    """(plain, restricted) scores of the releases in which the two lines do not give the same figures."""
    by = {s.release.version: s for s in other.answered}
    return [
        (s, by[s.release.version])
        for s in whole.answered
        if s.release.version in by and s.figures != by[s.release.version].figures
    ]


def counts(both: list[Track], by: dict[tuple[str, str, str], Track], name: str) -> list[str]:
    """``5 (1.22.4)``: in how many combinations the two lines differ, by release."""
    per: dict[str, int] = {}
    for t in both:
        for mine, _ in depends(t, by[name, t.function, t.dtype]):
            per[mine.release.version] = per.get(mine.release.version, 0) + 1
    joined = joined_by_value((v, per[v]) for v in sorted(per, key=version_key))
    return [f"{f.count(n)} ({', '.join(versions)})" for versions, n in joined]


def features_between(stored: Stored, plain: str, name: str) -> str:
    """What the plain line's targets have enabled beyond the other's, where every release says the same; else empty."""
    told = {t["name"]: set(((t.get("provenance") or {}).get("simd") or {}).get("dispatch_enabled") or ())
            for t in stored.targets if t.get("status") == "ok"}  # fmt: skip
    gaps: dict[str, None] = {}
    for target, enabled in told.items():
        base, at, version = str(target).partition("@")
        twin = f"{name}{at}{version}"
        if base == plain and twin in told:
            gaps.update(dict.fromkeys(sorted(enabled - told[twin])))
    return " ".join(gaps)


# -- one line ------------------------------------------------------------------------------------------
def gained(own: list[Track]) -> str:
    """What got better most between the first and the last release that answered."""
    found = sorted((x for x in _ratios(own) if x[0] < 1), key=lambda x: x[0])[:MOST_MOVED]
    head = f"{shown(own[0].line.name)} gained most accuracy, from its first release to its last, in"
    return f"{head} {f.listing([_ends(t) for _, t in found])}." if found else ""


def lost(own: list[Track]) -> str:
    """What got worse most."""
    found = sorted((x for x in _ratios(own) if x[0] > 1), key=lambda x: -x[0])[:MOST_MOVED]
    return f"It lost most in {f.listing([_ends(t) for _, t in found])}." if found else ""


def _ratios(own: list[Track]) -> list[tuple[float, Track]]:
    """Last largest error by the first, of what moved by more than a tenth of an ulp."""
    ends = [(t.answered[0].maximum, t.answered[-1].maximum, t) for t in own]
    return [(b / a, t) for a, b, t in ends if a and b and abs(a - b) > 0.1]


def _ends(t: Track) -> str:
    first, last = t.answered[0], t.answered[-1]
    return f"{t.function} in {t.dtype} ({f.maximum(first.maximum)} → {score_words(last)})"


def busiest(own: list[Track]) -> str:
    """The release that changed most functions."""
    by: dict[str, list[tuple[str, str]]] = {}
    for t in own:
        for c in t.moves:
            by.setdefault(c.after.release.version, []).append((c.kind, t.function))
    if not by:
        return ""
    version = max(by, key=lambda v: len(by[v]))
    kinds = [kind for kind, _ in by[version]]
    counts = [f"{kinds.count(k)} {KIND_WORDS[k]}" for k in KIND_WORDS if k in kinds]
    functions = len({name for _, name in by[version]})
    return (
        f"Of the releases measured, {named(own[0], version)} changed most: {f.plural(functions, 'function')} in "
        f"{f.plural(len(kinds), 'combination')} with a dtype ({f.listing(counts)})."
    )


def unchanged(own: list[Track]) -> str:
    """Functions with the same bits in every release, in every dtype."""
    moved = {t.function for t in own if t.moves}
    still = [n for n in dict.fromkeys(t.function for t in own) if n not in moved]
    if not still:
        return f"No function of {shown(own[0].line.name)} kept its bits through all releases." if own else ""
    return f"The same bits in all releases of {shown(own[0].line.name)} that have them: {some(still, 30)}."


def arrivals(own: list[Track]) -> str:
    """Functions that the first releases lack."""
    new: dict[str, dict[str, None]] = {}
    for t in own:
        for c in t.changes:
            if c.kind == "new":
                new.setdefault(c.after.release.version, {})[t.function] = None
    if not new:
        return ""
    told = [f"{some(names, 12)} in {version}" for version, names in new.items()]
    return f"New in the releases of {shown(own[0].line.name)}: {'; '.join(told)}."
