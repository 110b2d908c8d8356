"""What each target does with subnormal numbers, in words: the page, the sentences, the block of a function's page."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from reportgen.core import formatting as f
from reportgen.core.floats import FLOAT_DTYPES
from reportgen.render.model import Cell, Column, SubnormalSection, Table, TableRow
from reportgen.render.palette import error_class
from reportgen.render.stored import Row, Stored, dtype_key, path_key
from reportgen.render.summary import joined_by_value

NOTHING = "not visible"
SHOWN = {"numpy": "NumPy", "scipy": "SciPy", "tensorflow": "TensorFlow"}
HABITS = (("inputs", "zero"), ("results", "flushed"))
"""What is told apart, with the word for what is lost."""


@dataclass
class Told:
    """One target on one function and dtype, over its paths: ``words`` by habit, each with the paths it holds on."""

    target: str
    rows: list[Row] = field(default_factory=list)

    def words(self, habit: str) -> list[tuple[str, list[str]]]:
        """``[("zero", ["body"]), ("kept", ["scalar"])]``; paths on which nothing can be told are left out."""
        told = [(str(r["path"]), str(r[habit])) for r in self.rows if r[habit] != NOTHING]
        return [(word, paths) for paths, word in joined_by_value(told)]

    def text(self, habit: str) -> str:
        """``zero``, or ``zero (body), kept (scalar)`` where paths differ; an en dash where nothing can be told."""
        words = self.words(habit)
        if not words:
            return f.MISSING
        return words[0][0] if len(words) == 1 else ", ".join(f"{word} ({f.listing(paths)})" for word, paths in words)

    def lost(self, habit: str) -> bool:
        """Whether anything was lost for certain."""
        return any(int(r[f"{habit}_zero"]) > 0 or r[habit] in ("zero", "flushed", "some") for r in self.rows)

    def kept(self, habit: str) -> bool:
        return {word for word, _ in self.words(habit)} == {"kept"}

    def shows(self, habit: str) -> bool:
        return any(word != "either" for word, _ in self.words(habit))

    @property
    def either(self) -> bool:
        return any(r["inputs"] == "either" or r["results"] == "either" for r in self.rows)

    def counts(self, habit: str) -> tuple[int, int]:
        """(lost, told) on the path that tells most."""
        return max(((int(r[f"{habit}_zero"]), int(r[f"{habit}_told"])) for r in self.rows), key=lambda p: (p[1], p[0]))

    def witness(self) -> str:
        """One input and what came of it, of inputs before results."""
        for habit in ("inputs", "results", "both"):
            found = next((str(r[f"{habit}_witness"]) for r in self.rows if r[f"{habit}_witness"]), "")
            if found:
                return found
        return ""

    def largest(self, column: str) -> float | None:
        return max((float(r[column]) for r in self.rows if r[column] is not None), default=None)


def told(stored: Stored, function: str, dtype: str) -> list[Told]:
    """What was found of a function in one dtype, target by target, over its main cases."""
    cases = stored.main_cases(function, dtype)
    out: dict[str, Told] = {}
    for row in stored.of("subnormals", function):
        if row["dtype"] == dtype and row["case"] in cases:
            out.setdefault(str(row["target"]), Told(str(row["target"]))).rows.append(row)
    for found in out.values():
        found.rows.sort(key=lambda r: path_key(r["path"]))
    order = {str(t["name"]): i for i, t in enumerate(stored.targets)}
    return sorted(out.values(), key=lambda x: order.get(x.target, 999))


# -- sentences -----------------------------------------------------------------------------------------
@dataclass
class Tally:
    """Functions of one target: where a habit shows at all, where something is lost, where two habits explain it."""

    shows: dict[str, set[str]] = field(default_factory=lambda: {"inputs": set(), "results": set()})
    lost: dict[str, set[str]] = field(default_factory=lambda: {"inputs": set(), "results": set()})
    either: set[str] = field(default_factory=set)

    def add(self, function: str, found: Told) -> None:
        for habit, _ in HABITS:
            if found.shows(habit):
                self.shows[habit].add(function)
            if found.lost(habit):
                self.lost[habit].add(function)
        if found.either:
            self.either.add(function)


@dataclass(frozen=True)
class TargetSentence:
    target: str
    text: str


def tallies(stored: Stored, combinations: Iterable[tuple[Row, str]]) -> dict[str, Tally]:
    """By target, in the order of the targets."""
    out: dict[str, Tally] = {}
    for function, dtype in combinations:
        for found in told(stored, str(function["name"]), dtype):
            out.setdefault(found.target, Tally()).add(str(function["name"]), found)
    order = {str(t["name"]): i for i, t in enumerate(stored.targets)}
    return {name: out[name] for name in sorted(out, key=lambda n: order.get(n, 999))}


def overview(stored: Stored) -> list[TargetSentence]:
    """One plain sentence a target, over the real functions; empty where nothing is stored about subnormals."""
    if not stored.subnormals:
        return []
    found = tallies(stored, stored.combinations("real"))
    return [TargetSentence(name, _tally_words(name, tally)) for name, tally in found.items()]


def _tally_words(target: str, t: Tally) -> str:
    name = SHOWN.get(target, target)
    either = t.either - t.lost["inputs"] - t.lost["results"]
    if not any(t.shows.values()) and not either:
        return f"{name}: nothing tells what it does with subnormal numbers."
    if not any(t.lost.values()) and not either:
        seen = len(t.shows["inputs"] | t.shows["results"])
        return f"{name} keeps subnormal inputs and results in every function where that shows ({f.count(seen)})."
    parts = []
    for habit, verb in (
        ("inputs", "treats subnormal inputs as zero"),
        ("results", "flushes subnormal results to zero"),
    ):
        shows, lost = len(t.shows[habit]), t.lost[habit]
        if shows:
            parts.append(f"{verb} in {_names(lost, shows)}" if lost else f"keeps subnormal {habit}")
    if either:
        where = f.plural(len(either), "further function" if parts else "function")
        parts.append(f"returns zero, in {where}, where input and result are both subnormal")
    return f"{name} {f.listing(parts)}."


def _names(lost: set[str], shows: int) -> str:
    """``3 of the 40 functions where that shows (exp, log and sin)``: few are named."""
    if len(lost) == shows > 1:
        return f"all {f.count(shows)} functions where that shows"
    text = f"{f.count(len(lost))} of the {f.plural(shows, 'function')} where that shows"
    return f"{text} ({f.listing(sorted(lost))})" if 0 < len(lost) <= 3 < shows else text


# -- the block of a function's page ----------------------------------------------------------------------
def sentence(stored: Stored, function: str, dtype: str) -> str:
    """One sentence about a function in one dtype; empty where nothing can be told."""
    parts = []
    for targets, (inputs, results) in joined_by_value(
        (SHOWN.get(x.target, x.target), (x.text("inputs"), x.text("results"))) for x in told(stored, function, dtype)
    ):
        words = _function_words(inputs, results)
        if words:
            parts.append(f"{f.listing(targets)}: {words}")
    return f"Subnormal numbers: {'; '.join(parts)}." if parts else ""


def _function_words(inputs: str, results: str) -> str:
    if inputs == results == "either":
        return "zero comes out where input and result are both subnormal"
    if inputs == results == "kept":
        return "kept as inputs and as results"
    words = {"zero": "treated as zero", "some": "sometimes treated as zero", "flushed": "flushed to zero"}
    said = []
    for habit, text in (("inputs", inputs), ("results", results)):
        if text not in (f.MISSING, NOTHING):
            shown = "sometimes flushed to zero" if text == "some" and habit == "results" else words.get(text, text)
            said.append(f"{habit} {shown}")
    return f.listing(said)


def function_table(stored: Stored, function: str, dtype: str) -> Table | None:
    """Words, counts, one example and both maxima; targets with equal findings share a row. None where nothing is."""
    rows = []
    keyed = ((x.target, _block_cells(x, dtype)) for x in told(stored, function, dtype))
    for targets, cells in joined_by_value(keyed):
        rows.append(TableRow((Cell(", ".join(targets), header=True), *cells)))
    columns = [
        Column("targets", "targets"),
        Column("inputs", "subnormal inputs", False, "treated as zero: how many of the inputs where that shows"),
        Column("results", "subnormal results", False, "flushed to zero: how many of the inputs where that shows"),
        Column("both", "both subnormal", False, "zero returned where input and result are subnormal"),
        Column("normal", "max, normal (ulp)", True),
        Column("with", "max with subnormals (ulp)", True),
        Column("example", "example"),
    ]
    return Table(f"subnormal-{dtype}", columns, rows, f"{function} in {dtype}: subnormal numbers") if rows else None


def _block_cells(x: Told, dtype: str) -> tuple[Cell, ...]:
    cells = []
    for habit in ("inputs", "results", "both"):
        lost, shows = x.counts(habit)
        note = f"{f.count(lost)} of {f.count(shows)}" if shows else ""
        if habit == "both":
            text = f.MISSING if not shows else "kept" if not lost else "zero" if lost == shows else "some"
        else:
            text = x.text(habit)
        cells.append(Cell(text, note=note, css=word_class(text)))
    maxima = (x.largest("max_normal"), x.largest("max_with_subnormals"))
    cells += [Cell(f.maximum(m), css="err " + error_class(m) if m is not None else "") for m in maxima]
    return (*cells, Cell(example(x.witness(), dtype), title=x.witness()))


def word_class(text: str) -> str:
    if text in ("", f.MISSING, NOTHING):
        return ""
    return "good" if text == "kept" else "bad"


def example(text: str, dtype: str) -> str:
    """``input→output`` in hex as decimals: ``1.1754942e−38 gives 0``."""
    if not text:
        return f.MISSING
    given, got = text.split("→")
    shown = f.value(got, dtype)
    return f"{f.value(given, dtype)} gives {'+0' if shown == '0' else shown}"


# -- the page ------------------------------------------------------------------------------------------
def summary_table(stored: Stored) -> Table:
    """Target × dtype: in how many functions inputs are lost, results are lost, or one of the two."""
    rows = []
    combinations = stored.combinations("real")
    dtypes = [d for d in sorted(FLOAT_DTYPES, key=dtype_key) if any(x == d for _, x in combinations)]
    by_dtype = {d: tallies(stored, [c for c in combinations if c[1] == d]) for d in dtypes}
    for target in (str(t["name"]) for t in stored.targets):
        if any(target in found for found in by_dtype.values()):
            cells = [_summary_cell(by_dtype[d].get(target)) for d in dtypes]
            rows.append(TableRow((Cell(target, header=True), *cells)))
    columns = [Column("target", "target"), *(Column(d, d) for d in dtypes)]
    caption = "Functions in which subnormal inputs are treated as zero, and in which subnormal results are flushed."
    return Table("subnormal-summary", columns, rows, caption, empty="Nothing was measured.")


def _summary_cell(t: Tally | None) -> Cell:
    if t is None:
        return Cell(f.MISSING)
    said = [f"{habit} {f.count(len(t.lost[habit]))} of {f.count(len(t.shows[habit]))}" for habit, _ in HABITS]
    either = t.either - t.lost["inputs"] - t.lost["results"]
    lost = bool(t.lost["inputs"] or t.lost["results"] or either)
    return Cell(
        "; ".join(said),
        note=f"one of the two: {f.count(len(either))}" if either else "",
        css="bad" if lost else "good",
    )


def sections(stored: Stored) -> list[SubnormalSection]:
    """One table a dtype: function × target; functions that tell nothing are named below it."""
    out = []
    asked = {str(r["target"]) for r in stored.subnormals}
    columns = [str(t["name"]) for t in stored.targets if t["name"] in asked]
    for dtype in sorted({d for s in ("real", "gradient") for _, d in stored.combinations(s)}, key=dtype_key):
        rows, silent = [], []
        for section in ("real", "gradient"):
            for function, own in stored.combinations(section):
                name = str(function["name"])
                found = {x.target: x for x in told(stored, name, dtype)} if own == dtype else {}
                if not found:
                    continue
                if all(not x.words("inputs") and not x.words("results") for x in found.values()):
                    silent.append(name)
                else:
                    rows.append(_page_row(name, dtype, found, columns))
        if rows or silent:
            head = [Column("function", "function"), *(Column(t, t) for t in columns)]
            table = Table(f"subnormals-{dtype}", head, rows, f"{dtype}: inputs / results", sortable=True)
            out.append(SubnormalSection(dtype, table, f.listing(silent)))
    return out


def _page_row(name: str, dtype: str, found: dict[str, Told], columns: list[str]) -> TableRow:
    head = Cell(name, href=f"functions/{name}.html#{dtype}", header=True)
    return TableRow((head, *(_page_cell(found.get(t)) for t in columns)))


def _page_cell(x: Told | None) -> Cell:
    if x is None:
        return Cell(f.MISSING, css="status")
    inputs, results = x.text("inputs"), x.text("results")
    text = "zero or flushed" if inputs == results == "either" else f"{inputs} / {results}"
    normal, every = x.largest("max_normal"), x.largest("max_with_subnormals")
    note = f"{f.maximum(normal)} → {f.maximum(every)} ulp" if every is not None else ""
    kept = all(x.kept(habit) or not x.words(habit) for habit, _ in HABITS)
    silent = inputs == results == f.MISSING
    return Cell(text, note=note, css="" if silent else "good" if kept else "bad")
