"""What the compiler may change: every composed expression, what it means, and what each target made of it.

Two questions a target: how far its results are from the exact value of what was written, and whether it did what was
written. The formula's own error, which every mode has, stands apart from what a compiler changed.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from reportgen.core import formatting as f
from reportgen.render.answer import shown
from reportgen.render.model import Cell, Column, FrontSection, Table, TableRow
from reportgen.render.snippets import snippet
from reportgen.render.stored import Row, Stored
from reportgen.render.verdicts import Verdict, all_verdicts, beside, error_words, plain_code, targets_of

KINDS = {
    "simplified": "Steps that undo each other left out",
    "reassociated": "Added in another order",
    "products": "Powers computed as products",
    "reciprocal": "Divisions turned into products with the reciprocal",
    "division": "Products turned into divisions",
    "merged": "Two steps merged into one",
    "factored": "A common factor taken out",
    "expanded": "Products multiplied out",
    "wider dtype": "Carried out in a wider dtype",
    "fused multiply-add": "Product and sum rounded once, not twice",
    "recognised": "A named function recognised in the formula",
    "otherwise": "None of the forms that were tried",
}
"""What the words of the overview mean, in a sentence."""


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
    codes = {str(x["name"]): plain_code(x) for x in functions}
    return CompilerPage(
        summary(verdicts, codes),
        overview(functions, verdicts),
        [section(stored, function, verdicts[str(function["name"])]) for function in functions],
    )


def summary(verdicts: dict[str, list[Verdict]], codes: dict[str, str]) -> list[str]:
    """A sentence a target: how many expressions it carried out as written, and what became of the others.

    ``codes``: the expressions as a reader would write them, by name.
    """
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
                kinds.setdefault(word, []).append(codes[name])
        listed = [f"{KINDS.get(word, word)}: {', '.join(names)}" for word, names in kinds.items()]
        what = f"did something else than what was written in {f.count(len(changed))} of "
        out.append(f"{shown(target)} {what}{f.plural(len(own), 'expression')}. {'. '.join(listed)}.")
    return [*out, *rounding_sentences(verdicts)]


def rounding_sentences(verdicts: dict[str, list[Verdict]]) -> list[str]:
    """Whether 16-bit dtypes are rounded after every step, or carried along in float32 and rounded once."""
    kept: dict[tuple[str, str], int] = {}
    once: dict[tuple[str, str], int] = {}
    for v in (v for found in verdicts.values() for v in found if v.dtype in ("float16", "bfloat16")):
        row = next((r for r in v.rows if r["form"] == "wider"), None)
        if row is not None:
            key = v.dtype, v.target
            # A rewritten expression may agree with the wider dtype by chance: it tells nothing of the rounding.
            kept[key] = kept.get(key, 0) + (0 if v.changed else int(row["kept"]))
            once[key] = once.get(key, 0) + int(row["further"])
    out = []
    for dtype in dict.fromkeys(d for d, _ in kept):
        steps = [t for d, t in kept if d == dtype and not once[d, t] and kept[d, t]]
        if steps:
            who, verb = f.listing([shown(t) for t in steps]), "rounds" if len(steps) == 1 else "round"
            least = f.count(min(kept[dtype, t] for t in steps))
            where = "results on which float32, rounded once at the end, would differ"
            out.append(f"{who} {verb} to {dtype} after every step: so do all of at least {least} {where}.")
        for target in [t for d, t in kept if d == dtype and once[d, t]]:
            what = f"{f.count(once[dtype, target])} {dtype} results are those of float32 rounded once at the end"
            out.append(f"{shown(target)}: {what}, and of no other form.")
    return out


def front_sentence(stored: Stored) -> str:
    """How many expressions each target carried out as written, in one sentence; empty without any."""
    verdicts = all_verdicts(stored)
    counts = []
    for target in targets_of(verdicts):
        own = [found for found in ([v for v in x if v.target == target] for x in verdicts.values()) if found]
        kept = sum(not any(v.changed for v in found) for found in own)
        counts.append(f"{shown(target)} {'all' if kept == len(own) else f.count(kept)} of {f.count(len(own))}")
    return f"Small expressions carried out as they were written: {f.listing(counts)}." if counts else ""


def front_section(stored: Stored) -> FrontSection | None:
    """The part of the front page: how many expressions each target carried out as written; None without any."""
    verdicts = all_verdicts(stored)
    if not verdicts:
        return None
    said = []
    for target in targets_of(verdicts):
        own = [found for found in ([v for v in x if v.target == target] for x in verdicts.values()) if found]
        changed = sum(any(v.changed for v in found) for found in own)
        every = f"{shown(target)} did what was written in all {f.plural(len(own), 'expression')}."
        some = f"{shown(target)} gave other results than what was written in {f.count(changed)} of {f.count(len(own))}."
        said.append(some if changed else every)
    lead = "Small expressions such as log(exp(x)) or (x + c) − c, carried out step by step and as each target does it."
    return FrontSection(
        "compiler", "What the compiler may change", [lead, *said], [], href="compiler.html",
        link="Every expression, what it means and what became of it",
    )  # fmt: skip


def overview(functions: list[Row], verdicts: dict[str, list[Verdict]]) -> Table:
    """Expression × target: what was done, in a word or two, dtypes named where they differ."""
    targets = targets_of(verdicts)
    columns = [Column("expression", "expression"), *(Column(t, t) for t in targets)]
    rows = []
    for function in functions:
        name = str(function["name"])
        cells = [Cell(plain_code(function), href=f"#{name}", header=True)]
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


def section(stored: Stored, function: Row, verdicts: list[Verdict]) -> Section:
    name = str(function["name"])
    rows = [_target_row(stored, name, v) for v in verdicts] + unjudged(stored, name, verdicts)
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


def unjudged(stored: Stored, name: str, verdicts: list[Verdict]) -> list[TableRow]:
    """Targets whose results say nothing of what was written: they are of another dtype, or there are none."""
    known = {(v.dtype, v.target) for v in verdicts}
    found: dict[tuple[str, str], str] = {}
    for row in stored.rows(name):
        key = (str(row["dtype"]), str(row["target"]))
        if key in known or key in found or row["status"] == "unavailable":
            continue
        reason = (
            f"the result is {row['result_dtype']}" if row["status"] == "ok" else f"{row['status']}: {row['reason']}"
        )
        found[key] = reason
    blank = Cell(f.MISSING)
    return [
        TableRow((Cell(dtype, header=True), Cell(shown(target)), Cell(reason, css="status"), blank, blank, blank))
        for (dtype, target), reason in found.items()
    ]


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


def reproduced(program: str, row: Row) -> str:
    """The program of an example, below what the steps one by one give."""
    return f"# Step by step, what was written gives {f.hex_text(row['written_output'])}.\n{program}" if program else ""


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
                reproduced(snippet(function, stored.target(target), v.dtype, given), row),
            )
        )  # fmt: skip
    return out
