"""What the compiler may change: every composed expression, what it means, and what each target made of it.

Two questions a target: how far its results are from the exact value of what was written, and whether it did what was
written. The formula's own error, which every mode has, stands apart from what a compiler changed.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field

from reportgen.core import formatting as f
from reportgen.core.floats import FORMATS
from reportgen.render.answer import shown
from reportgen.render.expressionsnippets import source
from reportgen.render.model import Cell, Column, Table, TableRow
from reportgen.render.snippets import snippet
from reportgen.render.stored import Row, Stored, dtype_key, table_rows

WRITTEN, OTHER = "written", "other"
SHORT = {
    "simplified": "simplified", "fused": "fused multiply-add", "reassociated": "reassociated",
    "reciprocal": "reciprocal", "division": "division", "product": "products", "merged": "merged",
    "recognised": "recognised", "factored": "factored", "expanded": "expanded", "wider": "wider dtype",
    OTHER: "otherwise",
}  # fmt: skip
"""Forms in the overview; numbered ones (``fused-2``) read as the first."""


@dataclass
class Verdict:
    """One target on one expression and dtype: its rows of the table ``rewrites``, what was written first."""

    target: str
    dtype: str
    rows: list[Row]

    @property
    def written(self) -> Row:
        return self.rows[0]

    @property
    def compared(self) -> int:
        return int(self.written["compared"])

    @property
    def as_written(self) -> int:
        return int(self.written["equal"]) + int(self.written["flushed"])

    @property
    def changed(self) -> bool:
        return self.as_written < self.compared

    @property
    def main(self) -> Row | None:
        """The form that explains most of what is not as written; None where everything is."""
        others = [r for r in self.rows[1:] if int(r["further"])]
        return max(others, key=lambda r: int(r["further"]), default=None) if self.changed else None

    @property
    def whole(self) -> bool:
        """Whether the main form alone explains every result."""
        main = self.main
        return main is not None and int(main["equal"] or 0) + int(main["flushed"] or 0) == self.compared

    @property
    def short(self) -> str:
        """One or two words for the overview."""
        main = self.main
        if main is None:
            return "as written"
        return SHORT.get(str(main["form"]).split("-")[0], str(main["form"]))

    def words(self) -> str:
        """What the target did, with shares; flushed subnormal numbers are said apart."""
        if not self.changed:
            lost = int(self.written["flushed"])
            zeros = f", subnormal numbers taken for zero in {f.count(lost)}" if lost else ""
            return f"as written on all {f.count(self.compared)} inputs{zeros}"
        main = self.main
        if main is not None and self.whole:
            told = f.plural(int(main["told"]), "input")
            return f"{main['words']}, on every input; {told} can tell that from what was written"
        parts = [f"as written on {f.share(self.as_written, self.compared)}"]
        for row in self.rows[1:]:
            more = int(row["further"])
            if more:
                parts.append(f"{row['words']} on {'' if row['form'] == OTHER else 'further '}{self.part(more)}")
        return "; ".join(parts)

    def part(self, count: int) -> str:
        return f"{f.count(count)} ({f.share(count, self.compared)})"


@dataclass
class Example:
    """One input on which a target did not do what was written."""

    target: str
    dtype: str
    input_text: str
    output_text: str
    written_text: str
    exact: str
    snippet: str


@dataclass
class Section:
    """One expression."""

    name: str
    code: str
    sentence: str
    own: list[str]
    table: Table
    examples: list[Example] = field(default_factory=list)


@dataclass
class CompilerPage:
    sentences: list[str]
    overview: Table
    sections: list[Section]


def compiler_page(stored: Stored) -> CompilerPage | None:
    """The page's data; None where no expression was measured."""
    verdicts = all_verdicts(stored)
    if not verdicts:
        return None
    functions = [x for x in stored.functions if str(x["name"]) in verdicts]
    return CompilerPage(
        summary(verdicts),
        overview(functions, verdicts),
        [section(stored, function, verdicts[str(function["name"])]) for function in functions],
    )


def all_verdicts(stored: Stored) -> dict[str, list[Verdict]]:
    """Verdicts by expression, in the order of dtypes, then of targets."""
    found: dict[tuple[str, str, str], list[Row]] = {}
    for row in table_rows(stored.raw.get("rewrites")):
        found.setdefault((str(row["function"]), str(row["dtype"]), str(row["target"])), []).append(row)
    out: dict[str, list[Verdict]] = {}
    for (function, dtype, target), rows in found.items():
        out.setdefault(function, []).append(Verdict(target, dtype, rows))
    order = {str(t["name"]): i for i, t in enumerate(stored.targets)}
    for verdicts in out.values():
        verdicts.sort(key=lambda v: (dtype_key(v.dtype), order.get(v.target, 999)))
    return out


def targets_of(verdicts: dict[str, list[Verdict]]) -> list[str]:
    return list(dict.fromkeys(v.target for found in verdicts.values() for v in found))


def summary(verdicts: dict[str, list[Verdict]]) -> list[str]:
    """A sentence a target: how many expressions it carried out as written, and what became of the others."""
    out = []
    for target in targets_of(verdicts):
        own = {name: [v for v in found if v.target == target] for name, found in verdicts.items()}
        own = {name: found for name, found in own.items() if found}
        changed = {name: found for name, found in own.items() if any(v.changed for v in found)}
        if not changed:
            every = f"did what was written in all {f.plural(len(own), 'expression')}, on every input and dtype"
            out.append(f"{shown(target)} {every}.")
            continue
        kinds: dict[str, list[str]] = {}
        for name, found in changed.items():
            for word in dict.fromkeys(v.short for v in found if v.changed):
                kinds.setdefault(word, []).append(name)
        listed = [f"{word} ({f.listing(names)})" for word, names in kinds.items()]
        what = (
            f"gave other results than what was written in {f.count(len(changed))} of {f.plural(len(own), 'expression')}"
        )
        out.append(f"{shown(target)} {what}: {'; '.join(listed)}.")
    return out


def overview(functions: list[Row], verdicts: dict[str, list[Verdict]]) -> Table:
    """Expression × target: what was done, in a word or two, dtypes named where they differ."""
    targets = targets_of(verdicts)
    columns = [Column("expression", "expression"), *(Column(t, t) for t in targets)]
    rows = []
    for function in functions:
        name = str(function["name"])
        cells = [Cell(name, href=f"#{name}", note=plain_code(function), header=True)]
        cells += [_overview_cell([v for v in verdicts[name] if v.target == target]) for target in targets]
        rows.append(TableRow(tuple(cells)))
    caption = "What each target did: as written, or the form that explains most of what is not"
    return Table("overview", columns, rows, caption)


def _overview_cell(found: list[Verdict]) -> Cell:
    by_word: dict[str, list[Verdict]] = {}
    for v in found:
        by_word.setdefault(v.short, []).append(v)
    if not by_word:
        return Cell(f.MISSING)
    if len(by_word) == 1:
        word, verdicts = next(iter(by_word.items()))
        return Cell(word, note=_note(verdicts), css="good" if not verdicts[0].changed else "bad")
    first, *rest = sorted(by_word.items(), key=lambda item: item[0] == "as written")
    note = "; ".join(f"{word}: {f.listing([v.dtype for v in vs])}" for word, vs in [first, *rest])
    return Cell(first[0], note=note, css="bad")


def _note(verdicts: list[Verdict]) -> str:
    """The smallest and largest share of results that are not as written."""
    changed = [v for v in verdicts if v.changed]
    if not changed:
        return ""
    shares = sorted(changed, key=lambda v: 1 - v.as_written / v.compared)
    ends = [f.share(v.compared - v.as_written, v.compared) for v in (shares[0], shares[-1])]
    return f"{f.listing(list(dict.fromkeys(ends)), 'to')} of results"


def plain_code(function: Row) -> str:
    """The expression as a reader would write it: ``log(exp(x))``."""
    return source(str(function.get("numpy") or function.get("tensorflow") or "")).replace("np.", "").replace("tf.", "")


def section(stored: Stored, function: Row, verdicts: list[Verdict]) -> Section:
    name = str(function["name"])
    rows = [_target_row(stored, name, v) for v in verdicts]
    columns = [
        Column("dtype", "dtype"), Column("target", "target"), Column("did", "did it do what was written?"),
        Column("typical", "error, typical inputs"), Column("largest", "error, all normal results"),
        Column("constant", "as constants"),
    ]  # fmt: skip
    return Section(
        name, plain_code(function), str(function.get("sentence", "")), own_sentences(verdicts),
        Table(f"{name}-targets", columns, rows, f"{plain_code(function)}: what each target did"),
        examples(stored, function, verdicts),
    )  # fmt: skip


def _target_row(stored: Stored, name: str, v: Verdict) -> TableRow:
    typical, largest = (normal_row(stored, name, v, case) for case in ("typical", "ordinals"))
    did = Cell(v.words(), css="bad" if v.changed else "good")
    cells = (
        Cell(v.dtype, header=True),
        Cell(shown(v.target)),
        did,
        _error_cell(typical, v.dtype, v.written["own_typical_ulp"]),
        _error_cell(largest, v.dtype, v.written["own_max_ulp"]),
        Cell(constants(stored, name, v)),
    )
    return TableRow(cells)


def normal_row(stored: Stored, name: str, v: Verdict, case: str) -> Row | None:
    """The measurement of a target in regime ``normal`` inside a long array."""
    wanted = (v.dtype, v.target, case, "body", "normal")
    for row in stored.rows(name):
        if (row["dtype"], row["target"], row["case"], row["path"], row["regime"]) == wanted:
            return row
    return None


def _error_cell(row: Row | None, dtype: str, own: float | None) -> Cell:
    if row is None or row["max_ulp"] is None:
        return Cell(f.MISSING)
    ulp = float(row["max_ulp"])
    at = f"at {f.value(row['worst_input'], dtype)}" if row["worst_input"] and ulp else ""
    return Cell(error_words(ulp, dtype), note=" ".join(x for x in (at, beside(ulp, own)) if x), css="")


def error_words(ulp: float, dtype: str) -> str:
    """``0.501 ulp``; for large errors the decimal digits that are left of those the dtype has."""
    text = f"{f.maximum(ulp)} ulp"
    bits = FORMATS[dtype].p
    if ulp >= 2.0 ** (bits - 1):
        return f"{text}: no digit is right"
    if ulp > 64:
        left = (bits - math.log2(ulp)) * math.log10(2)
        return f"{text}: about {f.number(left, 2)} decimal digits left of {f.number(bits * math.log10(2), 2)}"
    return text


def beside(ulp: float, own: float | None) -> str:
    """The target's error against the formula's own; empty where they are alike."""
    if own is None or ulp == own:
        return ""
    if ulp < own / 2:
        return f"(nearer than what was written, {f.maximum(own)} ulp)"
    return f"(farther than what was written, {f.maximum(own)} ulp)" if ulp > own * 2 else ""


def constants(stored: Stored, name: str, v: Verdict) -> str:
    """How many results change when the inputs are compile-time constants."""
    for row in stored.of("self_agreement", name):
        if (row["dtype"], row["target"], row["check"]) == (v.dtype, v.target, "constant"):
            differs, tested = int(row["differs"]), int(row["tested"])
            return f"{f.count(differs)} of {f.count(tested)} differ" if differs else f"same results ({f.count(tested)})"
    return f.MISSING


def own_sentences(verdicts: list[Verdict]) -> list[str]:
    """The formula's own fault, a sentence a dtype; targets whose functions differ share the largest."""
    out = []
    for dtype in dict.fromkeys(v.dtype for v in verdicts):
        rows = [v.written for v in verdicts if v.dtype == dtype]
        worst = max(rows, key=lambda r: float(r["own_typical_ulp"] or 0))
        widest = max(rows, key=lambda r: float(r["own_max_ulp"] or 0))
        broken = max(rows, key=lambda r: int(r["own_broken"] or 0))
        parts = []
        if worst["own_typical_ulp"] is not None:
            at = f" (at {f.value(worst['own_typical_input'], dtype)})" if float(worst["own_typical_ulp"]) else ""
            parts.append(f"up to {error_words(float(worst['own_typical_ulp']), dtype)} for typical inputs{at}")
        if widest["own_max_ulp"] is not None and widest["own_max_ulp"] != worst["own_typical_ulp"]:
            at = f.value(widest["own_max_input"], dtype)
            parts.append(f"up to {error_words(float(widest['own_max_ulp']), dtype)} anywhere (at {at})")
        if int(broken["own_broken"] or 0):
            count = f.plural(int(broken["own_broken"]), "finite input")
            at = f.value(broken["own_broken_input"], dtype)
            parts.append(f"NaN or infinite on {count} whose exact value is a number (first at {at})")
        if parts:
            out.append(f"{dtype}, step by step: {'; '.join(parts)}.")
    return out


def examples(stored: Stored, function: Row, verdicts: list[Verdict]) -> list[Example]:
    """Of each target that changed something one input: where its result is farthest from what was written."""
    out = []
    for target in dict.fromkeys(v.target for v in verdicts):
        v = next((v for v in verdicts if v.target == target and v.changed and v.written["input"]), None)
        if v is None:
            continue
        row = v.written
        given = {"input": str(row["input"]).split(";"), "output": row["output"], "context": row["context"]}
        out.append(
            Example(
                shown(target), v.dtype, f.value(row["input"], v.dtype), f.value(row["output"], v.dtype),
                f.value(row["written_output"], v.dtype), f.exact_decimal(row["exact"]),
                snippet(function, stored.target(target), v.dtype, given),
            )
        )  # fmt: skip
    return out
