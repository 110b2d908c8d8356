"""The page "does it repeat?": in words, as a table of functions, targets and checks, each finding with a program."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from reportgen.core import formatting as f
from reportgen.render import answer
from reportgen.render.arrays.front import repetition_sentence
from reportgen.render.model import Cell, Column, Fact, Table, TableRow
from reportgen.render.stored import Row, Stored
from reportgen.render.summary import joined_by_value

SHOWN = answer.SHOWN_NAMES | {"tensorflow": "TensorFlow (eager)"}
QUESTION = "The same function, the same data, the same machine: are the results the same bits?"
ASKED = "Does it repeat?"
CHECKS = ("run", "fresh", "threads", "deterministic", "batch")
TITLES = {
    "run": "called again",
    "fresh": "in a fresh process",
    "threads": "with other thread counts",
    "deterministic": "in deterministic mode",
    "batch": "alone and in a batch",
}
EXPLAINED = {
    "run": "every call in one process against the first, for each setting",
    "fresh": "every call in a second process with the same settings against the first call of the first process",
    "threads": "every call with more threads against the first call with one thread",
    "deterministic": "whether it repeats after enable_op_determinism, and whether results are those without it",
    "batch": "one element of a batch against the same alone",
}


@dataclass
class Tried:
    """One function, dtype and problem on one target: its rows by check."""

    function: str
    dtype: str
    case: str
    target: str
    words: str = ""
    rows: list[Row] = field(default_factory=list)

    @property
    def key(self) -> tuple[str, str, str]:
        return self.function, self.dtype, self.case

    def of(self, check: str) -> list[Row]:
        """The rows of a check that compared something."""
        return [r for r in self.rows if r["check"] == check and _ok(r)]

    def refused(self) -> list[Row]:
        return [r for r in self.rows if not _ok(r)]

    def differing(self, check: str) -> list[Row]:
        return [r for r in self.of(check) if r["differs"]]

    def plain(self) -> list[Row]:
        """Repetitions in one process without deterministic mode."""
        return [r for r in self.of("run") if not _deterministic(r)]

    @property
    def wavers(self) -> bool:
        """Whether results changed from call to call without deterministic mode."""
        return any(r["differs"] for r in self.plain())

    @property
    def wavers_deterministic(self) -> bool:
        return any(r["differs"] for r in self.differing("run") if _deterministic(r))

    @property
    def follows_process(self) -> bool:
        """Whether the process decides the result, which repeats in it: the threads' part cannot be told then."""
        return not self.wavers and bool(self.differing("fresh"))

    @property
    def follows_threads(self) -> bool:
        """Whether the thread count decides the result, which then repeats."""
        return not self.wavers and not self.follows_process and bool(self.differing("threads"))


def _ok(row: Row) -> bool:
    return str(row.get("status") or "ok") == "ok"


def _deterministic(row: Row) -> bool:
    return str(row.get("setting") or "").endswith("deterministic")


def tried(stored: Stored) -> list[Tried]:
    """Everything that was repeated, in the order in which it was stored; findings about batches stand with theirs."""
    found: dict[tuple[str, str, str, str], Tried] = {}
    for row in stored.determinism:
        if row.get("check") and row["function"]:
            own = (str(row["function"]), str(row["dtype"]), str(row["case"]), str(row["target"]))
            entry = found.setdefault(own, Tried(*own, words=str(row.get("words") or "")))
            entry.rows.append(row)
    for row in stored.self_agreement:
        if row["check"] == "batch":
            own = (str(row["function"]), str(row["dtype"]), str(row["case"]), str(row["target"]))
            found.setdefault(own, Tried(*own)).rows.append(row)
    order = {str(t["name"]): i for i, t in enumerate(stored.targets)}
    first = {x.key: i for i, x in reversed(list(enumerate(found.values())))}
    return sorted(found.values(), key=lambda x: (first[x.key], order.get(x.target, 999)))


# -- in words ------------------------------------------------------------------------------------------
def lead(stored: Stored) -> str:
    """The answer in a sentence or two; what was asked, where nothing was repeated."""
    every = [x for x in tried(stored) if x.plain()]
    targets = [t for t in (str(t["name"]) for t in stored.targets) if any(x.target == t for x in every)]
    if not targets:
        return QUESTION
    own = {t: [x for x in every if x.target == t] for t in targets}
    wavering = {t: list(dict.fromkeys(x.function for x in own[t] if x.wavers or x.follows_process)) for t in targets}
    steady = [shown(t) for t in targets if not wavering[t]]
    parts = []
    if steady:
        said = f"With the same number of threads, {f.listing(steady)} returned the same bits in every call tried"
        parts.append(said + ("." if len(steady) == len(targets) else ";"))
    for who, what in joined_by_value((shown(t), f.listing(names)) for t, names in wavering.items() if names):
        parts.append(f"{f.listing(who)} did not in {what}.")
    threads = [shown(t) for t in targets if any(x.follows_threads for x in own[t])]
    if threads:
        parts.append(f"Another number of threads changes some results of {f.listing(threads)}.")
    return " ".join(parts)


def sentences(stored: Stored) -> list[str]:
    """What repeats and what does not, target by target; empty where nothing was repeated."""
    every = tried(stored)
    said = []
    for target in (str(t["name"]) for t in stored.targets):
        own = [x for x in every if x.target == target and x.plain()]
        if own:
            words = (_run_words(own), _process_words(own), _threads_words(own), _mode_words(own))
            said.append((shown(target), " ".join(filter(None, words))))
    out = [f"{f.listing(targets)}: {text}" for targets, text in joined_by_value(said)]
    out += [
        f"{shown(str(r['target']))}: nothing could be tried ({r['reason']})."
        for r in stored.determinism
        if r.get("check") and not r["function"]
    ]
    return out


def of_arrays(stored: Stored) -> str:
    """What came of making every call on whole arrays twice; empty where there was none."""
    again = repetition_sentence(stored).removeprefix(ASKED).strip()
    return f"Besides, of the functions of whole arrays: {again[0].lower()}{again[1:]}" if again else ""


def of_batches(stored: Stored) -> str:
    """Which functions compute a part of a batch otherwise when it is alone; empty where that was not tried."""
    every = [x for x in tried(stored) if x.of("batch")]
    differing = [x for x in every if x.differing("batch")]
    if not every:
        return ""
    asked = f"A part of a batch computed alone, against the same inside the batch, in {f.plural(len(every), 'problem')}"
    if not differing:
        return f"{asked}: the same bits in every one."
    order = dict.fromkeys(x.target for x in every)
    told = [(shown(t), names(x for x in differing if x.target == t)) for t in order]
    parts = [f"{f.listing(who)} in {what}" for who, what in joined_by_value(told) if what]
    return f"{asked}: other bits came out of {'; '.join(parts)}."


def shown(target: str) -> str:
    return SHOWN.get(target) or answer.shown(target)


def names(found: Iterable[Tried]) -> str:
    """``bincount (float32 and float64), matmul (float32)``."""
    by: dict[str, dict[str, None]] = {}
    for x in found:
        by.setdefault(x.function, {})[x.dtype] = None
    return "; ".join(f"{name} ({f.listing(list(dtypes))})" for name, dtypes in by.items())


def _calls(rows: Iterable[Row]) -> str:
    """``8 to 40`` calls."""
    counts = sorted({int(r["repeats"]) for r in rows})
    return f.count(counts[0]) if len(counts) == 1 else f"{f.count(counts[0])} to {f.count(counts[-1])}"


def _run_words(own: list[Tried]) -> str:
    wavering = [x for x in own if x.wavers]
    calls = f"{_calls(r for x in own for r in x.plain())} calls in each process"
    if not wavering:
        return f"no result changed from call to call, in {f.plural(len(own), 'problem')} tried ({calls})."
    return (
        f"from call to call, {f.count(len(wavering))} of {f.plural(len(own), 'problem')} tried gave different results "
        f"({calls}): {names(wavering)}."
    )


def _process_words(own: list[Tried]) -> str:
    found = [x for x in own if x.follows_process]
    return f"The same calls in a fresh process gave other results: {names(found)}." if found else ""


def _threads_words(own: list[Tried]) -> str:
    compared = [x for x in own if x.of("threads")]
    if not compared:
        return ""
    depends = [x for x in compared if x.follows_threads]
    counts = f.listing(sorted({str(r["setting"]) for x in compared for r in x.of("threads")}, key=_leading), "or")
    if not depends:
        return f"No result depends on whether there is 1 thread or there are {counts}."
    return (
        f"The number of threads ({counts} instead of 1) changes the results of {f.plural(len(depends), 'problem')}, "
        f"though with any one number of threads they repeat: {names(depends)}."
    )


def _mode_words(own: list[Tried]) -> str:
    """What deterministic mode does, where it was tried."""
    asked = [x for x in own if any(_deterministic(r) for r in x.rows)]
    if not asked:
        return ""
    refused = [x for x in asked if any(_deterministic(r) for r in x.refused())]
    still = [x for x in asked if x.wavers_deterministic]
    cured = [x for x in asked if x.wavers and x not in still and x not in refused]
    parts = []
    if still:
        parts.append(f"does not make {names(still)} repeat")
    if cured:
        parts.append(f"makes {names(cured)} repeat")
    if refused:
        parts.append(f"refuses {names(refused)}")
    changed = [x for x in asked if not x.wavers and x.differing("deterministic")]
    if changed:
        parts.append(f"changes the results of {names(changed)}")
    if not parts:
        parts.append("gives the same bits as without it")
    return f"Deterministic mode (enable_op_determinism) {f.listing(parts)}."


def _leading(text: str) -> tuple[int, str]:
    number = re.match(r"\d+", text)
    return (int(number[0]) if number else 0, text)


# -- the table -----------------------------------------------------------------------------------------
def overview(stored: Stored) -> Table:
    """Function × target, a column a check; targets with equal findings share a row."""
    every = tried(stored)
    groups: dict[tuple[str, str, str], list[Tried]] = {}
    for x in every:
        groups.setdefault(x.key, []).append(x)
    columns = [c for c in CHECKS if any(x.of(c) or any(_belongs(r, c) for r in x.refused()) for x in every)]
    rows = []
    for found in sorted(groups.values(), key=_interest):
        keyed = ((x.target, tuple(cell(x, c) for c in columns)) for x in found)
        for targets, cells in joined_by_value(keyed):
            first = found[0]
            head = Cell(first.function, header=True)
            data = Cell(next((x.words for x in found if x.words), first.case), note=first.dtype)
            rows.append(TableRow((head, data, Cell(", ".join(targets)), *cells)))
    titles = [Column("function", "function"), Column("data", "data"), Column("target", "targets")]
    titles += [Column(c, TITLES[c], explain=EXPLAINED[c]) for c in columns]
    return Table("repeats", titles, rows, "What repeats, and what does not", empty="No call was repeated.")


def _interest(found: list[Tried]) -> int:
    """What changes from call to call first, then what follows the threads, then the rest."""
    if any(x.wavers or x.wavers_deterministic or x.differing("fresh") for x in found):
        return 0
    return 1 if any(x.differing(check) for x in found for check in CHECKS) else 2


def cell(x: Tried, check: str) -> Cell:
    """One check in words: ``same`` with what that rests on, or how much differs and how far."""
    refused = [r for r in x.refused() if _belongs(r, check)]
    if refused:
        word = "refused" if refused[0]["status"] == "unsupported" else str(refused[0]["status"])
        return Cell(word, title=str(refused[0]["reason"]), css="status")
    if check == "deterministic":
        return _deterministic_cell(x)
    rows = x.plain() if check == "run" else x.of(check)
    if not rows:
        return Cell(f.MISSING)
    differing = [r for r in rows if r["differs"]]
    if not differing:
        return Cell("same", note=_rests_on(check, rows), css="good")
    worst = max(differing, key=lambda r: int(r["max_ulp_apart"] or 0))
    if check == "run":
        text = "; ".join(f"{f.count(r['distinct'])} results with {r['setting']}" for r in differing)
    elif check == "threads":
        text = f"differs with {f.listing([str(r['setting']) for r in differing])}"
    else:
        text = "differs"
    return Cell(text, note=distance(worst), css="bad")


def _belongs(row: Row, check: str) -> bool:
    """Whether a refusal stands in a check's column: one in deterministic mode in its own, any other in the first."""
    return check == ("deterministic" if _deterministic(row) else str(row["check"]))


def _deterministic_cell(x: Tried) -> Cell:
    own = [r for r in x.of("run") if _deterministic(r)]
    if not own:
        return Cell(f.MISSING)
    differing = [r for r in own if r["differs"]]
    if differing:
        return Cell(f"{f.count(differing[0]['distinct'])} results", note=distance(differing[0]), css="bad")
    changed = x.differing("deterministic")
    text = "repeats" if x.wavers else "another result" if changed else "same"
    return Cell(text, note=distance(changed[0]) if text == "another result" else _rests_on("run", own),
                css="good")  # fmt: skip


def _rests_on(check: str, rows: list[Row]) -> str:
    if check == "batch":
        return f"{f.count(sum(int(r['tested']) for r in rows))} results"
    calls = sum(int(r["repeats"]) for r in rows)
    return f"{f.count(calls)} calls"


def distance(row: Row) -> str:
    """``up to 12 ulp, the last 4 bits``."""
    apart = row.get("max_ulp_apart")
    if not apart:
        return ""
    bits = row.get("bits") or int(apart).bit_length()
    return f"up to {f.maximum(float(apart))} ulp, {f.plural(int(bits), 'bit')}"


# -- findings ------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Finding:
    """One difference with both outputs and the program that shows it."""

    title: str
    where: str
    sentence: str
    facts: list[Fact]
    snippet: str


def findings(stored: Stored) -> list[tuple[str, str, list[Finding]]]:
    """(anchor, heading, findings): what changes from call to call, what follows the threads, what the mode changes."""
    every = tried(stored)
    wavering = [_finding(x, r) for x in every for r in _farthest(x.differing("run"), _deterministic)]
    fresh = [_finding(x, r) for x in every if x.follows_process for r in _farthest(x.differing("fresh"))]
    threads = [_finding(x, r) for x in every if x.follows_threads for r in _farthest(x.differing("threads"))]
    mode = [
        _finding(x, r)
        for x in every
        if not x.wavers and not x.wavers_deterministic
        for r in _farthest(x.differing("deterministic"))
    ]
    parts = (
        ("calls", "Different from call to call", wavering),
        ("processes", "Different in a fresh process", fresh),
        ("threads", "Different with another number of threads, the same from call to call", threads),
        ("mode", "Different with and without deterministic mode", mode),
    )
    return [part for part in parts if part[2]]


def _farthest(rows: list[Row], kind: object = None) -> list[Row]:
    """The row with the farthest results; of runs one without and one with deterministic mode."""
    groups: dict[bool, Row] = {}
    for row in rows:
        own = _deterministic(row) if kind else False
        if own not in groups or int(row["max_ulp_apart"] or 0) > int(groups[own]["max_ulp_apart"] or 0):
            groups[own] = row
    return list(groups.values())


def _finding(x: Tried, row: Row) -> Finding:
    facts = [
        Fact("one result", str(row["first_output"]), True),
        Fact("another", str(row["second_output"]), True),
        Fact("apart", distance(row) or f.MISSING),
        Fact("where", str(row["context"] or f.MISSING)),
        Fact("program", str(row["program"]), True),
    ]
    where = f"{x.dtype}, {x.words}, {x.target}, {row['setting']}"
    return Finding(x.function, where, _sentence(row), facts, str(row["snippet"] or ""))


def _sentence(row: Row) -> str:
    elements = f"{f.count(row['differs'])} of {f.count(row['tested'])} compared elements differ"
    calls = f.plural(int(row["repeats"]), "call")
    if row["check"] == "run":
        return f"{f.plural(int(row['distinct']), 'different result')} in {calls}; {elements} from the first call's."
    against = {"threads": "those with 1 thread", "deterministic": "those without deterministic mode"}
    return f"{elements} from {against.get(str(row['check']), 'those of the first process')} ({calls})."


def rests_on(stored: Stored) -> str:
    """What "same" means here: the machine's threads and how many calls; empty where nothing was repeated."""
    rows = [r for r in stored.determinism if r.get("check") and _ok(r)]
    if not rows:
        return ""
    plain = sorted({str(r["setting"]) for r in rows if not _deterministic(r)}, key=_leading)
    return (
        f"On this machine, with {f.listing(plain)}. “Same” means that no difference was seen, bit for bit, in the "
        "calls counted below it; what happens once in a thousand calls, or on a machine with more cores only, would "
        "not show. Where terms of both signs cancel, the result keeps few of their digits, and the last bit of a term "
        "is many ulps of the result: how far apart two results are then says more about the data than about the "
        "function."
    )
