"""What people ask of a line of releases: when a function became right, who changed it, what it bought, which CPU."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from reportgen.core import formatting as f
from reportgen.render import historywords as words
from reportgen.render.answer import point, shown
from reportgen.render.model import Cell, Column, Table, TableRow
from reportgen.render.releases import Change, Score, Track, history_cases, tracks, version_key
from reportgen.render.stored import MAIN_CASE, Stored
from reportgen.render.summary import joined_by_value

SHORT_LIST = 3
"""Rows of changes of accuracy and speed that are told in a sentence; more are counted and stand in a table."""


@dataclass
class Answer:
    """One function that is asked about: ``title`` is the question, ``sentences`` lead, ``table`` has every line."""

    function: str
    title: str
    sentences: list[str]
    table: Table


def answers(stored: Stored) -> list[Answer]:
    """An answer for each function that is asked about, or of which values were recorded, where releases have it."""
    found = [t for t in tracks(stored) if t.told]
    names = dict.fromkeys([*words.ASKED, *(function for function, _, _ in stored.recorded_cases())])
    return [_answer(stored, name, own) for name in names if (own := [t for t in found if t.function == name])]


def _answer(stored: Stored, function: str, own: list[Track]) -> Answer:
    plain = {x.name for x in words.main_lines(own)}
    right = [t for t in own if t.line.name in plain and (c := _turn(t)) and c.after.exact]
    who = f.listing(list(dict.fromkeys(shown(t.line.name) for t in right)))
    title = f"When did {who}’s {function} become correct?" if right else f"Which releases changed {function}?"
    said = [*(exact_words(t) for t in right), *words.roots(stored, function)]
    if not right:
        said += [*_changed(own)]
    said += _narrow(stored, function, own)
    return Answer(function, title, said, courses_table(stored, function, own))


def _narrow(stored: Stored, function: str, own: list[Track]) -> list[str]:
    """Says so where the releases were asked for a few inputs only: what holds on them need not hold elsewhere."""
    asked = {d: history_cases(stored, function, d) for d in dict.fromkeys(t.dtype for t in own)}
    few = joined_by_value((d, tuple(cases)) for d, cases in asked.items() if cases != [MAIN_CASE])
    return [
        f"In {f.listing(dtypes)} the releases were asked for the inputs {f.listing(list(cases))} only, not for samples "
        "of the whole format, as specs/history.toml asks them."
        for dtypes, cases in few
    ]


def _turn(t: Track) -> Change | None:
    """The last change by which a function became, or ceased to be, correctly rounded throughout."""
    return next((c for c in reversed(t.moves) if c.before.exact != c.after.exact and c.after.wrong[1]), None)


def exact_words(t: Track) -> str:
    """``Between 2.8.4 and 2.9.3 …`` of a track that became correctly rounded: releases between were not asked."""
    change = _turn(t)
    assert change is not None
    return (
        f"Between {words.named(t, change.before.release.version)} and {change.after.release.version}, which are "
        f"neighbours among the releases measured, in {t.dtype}: since {change.after.release.version} every sample is "
        f"correctly rounded and no error above ½ ulp was found. In {change.before.release.version} "
        f"{wrong_words(change.before, t.dtype)}."
    )


def wrong_words(score: Score, dtype: str) -> str:
    """``39.2 % of the samples were not, the largest error being 8.40·10⁶ ulp at x = 3.4e+38``."""
    wrong, samples = score.wrong
    told = [f"{f.share(wrong, samples)} of the samples were not"] if wrong else []
    best = score.summary.best
    if best and (score.maximum or 0.0) > 0.5:
        told.append(f"the largest error was {words.score_words(score)}, at {point(str(best['worst_input']), dtype)}")
    return " and ".join(told)


def _changed(own: list[Track]) -> list[str]:
    """A sentence a release that changed the function: in which dtypes, how, and in which lines it did not."""
    out = []
    for library in dict.fromkeys(t.line.library for t in own):
        lines = [t for t in own if t.line.library == library]
        moved = {c.after.release.version for t in lines for c in t.moves}
        for version in sorted(moved, key=version_key):
            told = [_step(version, [t for t in lines if t.dtype == d]) for d in dict.fromkeys(t.dtype for t in lines)]
            out.append(f"{shown(library)} {version}: {'; '.join(x for x in told if x)}.")
        if not moved:
            out.append(f"{shown(library)}: none of those measured.")
    return out


def _step(version: str, lines: list[Track]) -> str:
    """``float64 worse: 0.516 → 3.29 ulp (not in NumPy AVX2)``: one dtype in one release; empty where no line moved."""
    there = [t for t in lines if any(s.release.version == version for s in t.answered[1:])]
    changes = [(t, c) for t in there for c in t.moves if c.after.release.version == version]
    if not changes:
        return ""
    alike = joined_by_value((shown(t.line.name), f"{words.KIND_WORDS[c.kind]}: {words.arrow(c)}") for t, c in changes)
    still = [shown(t.line.name) for t in there if t not in [t for t, _ in changes]]
    if len(alike) > 1:
        return f"{lines[0].dtype} {', '.join(f'{what} in {f.listing(who)}' for who, what in alike)}"
    who, what = alike[0]
    plain = shown(lines[0].line.name) in who
    where = f" (not in {f.listing(still)})" if plain else f" (only in {f.listing(who)})"
    return f"{lines[0].dtype} {what}{where if still else ''}"


def courses_table(stored: Stored, function: str, own: list[Track]) -> Table:
    """One row a line, one column a dtype: which releases changed the function there."""
    dtypes = list(dict.fromkeys(t.dtype for t in own))
    whole = words.restricted([t for t in tracks(stored) if t.told])
    rows = []
    for line in dict.fromkeys(t.line.name for t in own):
        note = "with every feature of this CPU" if line in whole else setting(stored, line, whole)
        cells = []
        for dtype in dtypes:
            t = next((t for t in own if (t.line.name, t.dtype) == (line, dtype)), None)
            cells.append(Cell(words.courses(t) if t else f.MISSING))
        rows.append(TableRow((Cell(shown(line), note=note, header=True), *cells)))
    columns = [Column("line", "releases of"), *(Column(d, d) for d in dtypes)]
    return Table(f"asked-{function}", columns, rows, f"{function}: the releases that changed it; largest error in ulp")


def setting(stored: Stored, line: str, whole: dict[str, list[str]]) -> str:
    """What a restricted line leaves alone, in the words of its target; empty for others."""
    if not any(line in names for names in whole.values()):
        return ""
    said = (str(t.get("sentence") or "") for t in stored.targets if str(t["name"]).partition("@")[0] == line)
    return next(said, "").removesuffix(".")


# -- became and ceased to be right ---------------------------------------------------------------------
def became_exact(own: list[Track]) -> list[str]:
    """Functions that are correctly rounded on every sample since some release, and were not before; and the reverse."""
    since: dict[tuple[str, bool], list[str]] = {}
    for t in own:
        if change := _turn(t):
            exact = change.after.exact
            then = _short(change.before if exact else change.after)
            told = f"{t.function} in {t.dtype} ({'before: ' if exact else ''}{then})"
            since.setdefault((change.after.release.version, exact), []).append(told)
    return [
        f"{'Correctly rounded on every sample' if exact else 'No longer correctly rounded on every sample'} since "
        f"{words.named(own[0], version)}: {words.some(since[version, exact])}."
        for version, exact in sorted(since, key=lambda k: (version_key(k[0]), not k[1]))
    ]


def _short(score: Score) -> str:
    """``39.2 % wrong, up to 8.40·10⁶ ulp``: a maximum within ½ ulp says nothing here."""
    told = [f"{f.share(*score.wrong)} wrong"] if score.wrong[0] else []
    told += [f"up to {words.score_words(score)}"] if (score.maximum or 0.0) > 0.5 else []
    return ", ".join(told)


# -- accuracy and speed --------------------------------------------------------------------------------
def trades(own: list[Track]) -> list[tuple[float, Track, Change]]:
    """Changes that cost accuracy and gained time, or the reverse: (ratio of times, track, change), largest first."""
    out = []
    for t in own:
        for c in t.moves:
            a, b = c.before.ns, c.after.ns
            if not a or not b or words.score_words(c.before) == words.score_words(c.after):
                continue
            ratio = a / b if c.kind == "worse" else b / a
            if c.kind in ("worse", "better") and ratio >= words.FASTER:
                out.append((ratio, t, c))
    return sorted(out, key=lambda x: -x[0])


def traded(own: list[Track]) -> list[str]:
    """A sentence for accuracy given up, one for accuracy gained: how many, and those with the largest ratios."""
    found = trades(own)
    out = []
    for kind, head in (("worse", "Less accurate and faster"), ("better", "More accurate and slower")):
        mine = [(t, c) for _, t, c in found if c.kind == kind]
        if mine:
            told = [f"{t.function} in {t.dtype} in {c.after.release.version} ({_figures(c)})" for t, c in mine]
            out.append(f"{head}: {words.some(told, SHORT_LIST)}.")
    return out


def _figures(c: Change) -> str:
    return f"{words.arrow(c)}, {f.nanoseconds(c.before.ns)} → {f.nanoseconds(c.after.ns)}"


def trades_table(name: str, own: list[Track]) -> Table | None:
    """Every such change; None where the sentences have named them all."""
    found = trades(own)
    if max((sum(c.kind == k for _, _, c in found) for k in ("worse", "better")), default=0) <= SHORT_LIST:
        return None
    rows = []
    for ratio, t, c in found:
        head = Cell(t.function, href=f"functions/{t.function}.html#releases", header=True)
        times = Cell(f"{f.nanoseconds(c.before.ns)} → {f.nanoseconds(c.after.ns)}", sort=repr(ratio))
        rows.append(
            TableRow(
                (head, Cell(t.dtype), Cell(c.after.release.version), Cell(c.kind), Cell(words.arrow(c)), times)
            )
        )  # fmt: skip
    columns = [
        Column("function", "function"), Column("dtype", "dtype"), Column("release", "release"),
        Column("accuracy", "accuracy"), Column("error", "largest error"), Column("time", "time an element", True),
    ]  # fmt: skip
    caption = f"{shown(name)}: less accurate and faster, or more accurate and slower ({words.TIMES})"
    return Table(f"trades-{name}", columns, rows, caption, sortable=True)


# -- CPU features --------------------------------------------------------------------------------------
def settings_table(stored: Stored) -> Table | None:
    """How the restricted lines are set up, and in how many combinations that gives other results, by release."""
    found = [t for t in tracks(stored) if t.told]
    by = {(t.line.name, t.function, t.dtype): t for t in found}
    rows = []
    for plain, names in words.restricted(found).items():
        for name in names:
            both = [t for t in found if t.line.name == plain and (name, t.function, t.dtype) in by]
            counts = words.counts(both, by, name)
            missing = words.features_between(stored, plain, name)
            said = setting(stored, name, {plain: names})
            other = f"{f.listing(counts)} of {f.plural(len(both), 'combination')}" if counts else "none"
            rows.append(TableRow((Cell(shown(name), note=said, header=True), Cell(missing or f.MISSING), Cell(other))))
    columns = [
        Column("line", "set up as"), Column("missing", "CPU features left out"),
        Column("other", "other results than with all", False, "of function and dtype, by release"),
    ]  # fmt: skip
    caption = "In how many combinations of function and dtype a CPU with fewer features gives other results, by release"
    return Table("settings", columns, rows, caption) if rows else None


def only_there(stored: Stored) -> list[str]:
    """What changed only where the features are used: a sentence a restricted line, functions by release."""
    found = [t for t in tracks(stored) if t.told]
    by = {(t.line.name, t.function, t.dtype): t for t in found}
    out = []
    for plain, names in words.restricted(found).items():
        told: set[tuple[str, str, str]] = set()
        for name in names:
            both = [t for t in found if t.line.name == plain and (name, t.function, t.dtype) in by]
            only = sorted(_only_there(both, by, name, told), key=lambda x: version_key(x[1]))
            if only:
                each = [f"{release}: {_names(t for t, v in only if v == release)}" for release in _releases(only)]
                out.append(
                    f"Changed only with the CPU features that {shown(name)} leaves out, which has the same bits before "
                    f"and after: {'; '.join(each)}."
                )
    return out


def _releases(only: list[tuple[Track, str]]) -> list[str]:
    return list(dict.fromkeys(release for _, release in only))


def _names(found: Iterable[Track]) -> str:
    """``cbrt, exp2; sin (float64)``: functions by the dtypes that moved."""
    dtypes: dict[str, list[str]] = {}
    for t in found:
        dtypes.setdefault(t.function, []).append(t.dtype)
    groups = joined_by_value(dtypes.items())
    return "; ".join(f"{', '.join(names)} ({', '.join(which)})" for names, which in groups)


def _only_there(
    both: list[Track], by: dict[tuple[str, str, str], Track], name: str, told: set[tuple[str, str, str]]
) -> list[tuple[Track, str]]:
    """Changes of the plain line between two releases that the other line has too and that gave the same bits there.

    Those in ``told`` are left out, and new ones added: a line with still fewer features keeps its bits there too.
    """
    out = []
    for t in both:
        other = by[name, t.function, t.dtype]
        there = [s.release.version for s in other.answered]
        moved = {c.after.release.version for c in other.moves}
        for c in t.moves:
            a, b = c.before.release.version, c.after.release.version
            if c.inside_same or a not in there or b not in there or b in moved or (t.function, t.dtype, b) in told:
                continue
            told.add((t.function, t.dtype, b))
            out.append((t, b))
    return out
