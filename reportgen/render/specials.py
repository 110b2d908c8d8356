"""Data of the page of special cases: what is answered otherwise than documented, room by room."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from reportgen.core import formatting as f
from reportgen.render.arrays.data import in_words
from reportgen.render.detail import result_dtype, special_input, special_value
from reportgen.render.model import Cell, Column, Table, TableRow
from reportgen.render.stored import Row, Stored, dtype_key, is_array, is_defined


@dataclass
class SpecialGroup:
    """Deviations of one room of functions on the page of special cases."""

    anchor: str
    title: str
    sentence: str
    table: Table


SPECIAL_TITLES = {
    "real": "Functions of real numbers",
    "complex": "Functions of complex numbers",
    "integer": "Integers and truth values",
    "cast": "Conversions between dtypes",
    "gradient": "Gradients",
    "array": "Functions of whole arrays",
}


def special_overview(stored: Stored) -> tuple[list[SpecialGroup], str, str]:
    """Deviations room by room, a summary of them, and what there is to say of composed expressions.

    Of those only what targets answer differently is listed: a formula that overflows on the way breaks the rule of what
    it means whoever computes it, which says nothing about a library.
    """
    rooms: dict[str, list[Row]] = {}
    for r in stored.special:
        rooms.setdefault(stored.section(stored.function(str(r["function"])), str(r["dtype"])), []).append(r)
    composed = rooms.pop("expression", [])
    every = [r for rows in rooms.values() for r in rows]
    defined = [r for r in every if is_defined(r)]
    wrong = sum(not r["agrees"] for r in every)
    rules = f.plural(len({(r["function"], r["sentence"]) for r in defined}), "rule")
    summary = f"{f.plural(len(defined), 'check')} of {rules}: {f.count(wrong)} came out otherwise than documented."
    groups = []
    for room, title in SPECIAL_TITLES.items():
        rows = rooms.get(room, [])
        if rows:
            failed = [r for r in rows if not r["agrees"]]
            tried = sum(map(is_defined, rows))
            said = f"{f.count(len(failed))} of {f.plural(tried, 'check')} came out otherwise than documented."
            if not failed:
                said = f"All {f.plural(tried, 'check')} came out as documented."
            groups.append(SpecialGroup(room, title, said, _deviations(stored, room, title, failed)))
    apart, said = _composed(stored, composed)
    return [*groups, *apart], summary if every else "", said


def _composed(stored: Stored, rows: list[Row]) -> tuple[list[SpecialGroup], str]:
    """Composed expressions: what some targets answer as required and others do not, and how much fails on all alike."""
    if not rows:
        return [], ""
    asked: dict[tuple[str, ...], list[Row]] = {}
    for r in rows:
        asked.setdefault(tuple(str(r[k]) for k in ("function", "dtype", "path", "input", "sentence")), []).append(r)
    failed = sum(not r["agrees"] for r in rows)
    apart = [r for found in asked.values() if any(x["agrees"] for x in found) for r in found if not r["agrees"]]
    said = (
        f"Composed expressions are counted apart: {f.count(failed)} of {f.plural(sum(map(is_defined, rows)), 'check')} "
        f"of what they mean fail, {f.count(failed - len(apart))} of them on every target alike, as where the formula "
        "itself overflows."
    )
    if not apart:
        return [], said
    title = "Composed expressions"
    told = f"{f.plural(len(apart), 'check')} that some target answers as required and another does not."
    return [SpecialGroup("expression", title, told, _deviations(stored, "expression", title, apart))], said


def _deviations(stored: Stored, room: str, title: str, wrong: list[Row]) -> Table:
    """One row a rule, input and result; targets and dtypes that share it together."""
    groups: dict[tuple[Any, ...], tuple[list[str], list[str]]] = {}
    for r in sorted(wrong, key=lambda r: (str(r["function"]), dtype_key(str(r["dtype"])))):
        key = (r["function"], r["sentence"], r["input"], r["expected"], r["got"], r["source"], result_dtype(r))
        dtypes, who = groups.setdefault(key, ([], []))
        dtypes += [r["dtype"]] if r["dtype"] not in dtypes else []
        who += [r["target"]] if r["target"] not in who else []
    rows = []
    for (function, sentence, given, expected, got, source, result), (dtypes, who) in groups.items():
        dtype = dtypes[0]
        result = result or dtype
        rows.append(
            TableRow(
                (
                    Cell(str(function), href=f"functions/{function}.html#special-cases", header=True),
                    Cell(str(sentence)),
                    Cell(special_data(stored, str(function), given, dtype), title=str(given)),
                    Cell(special_value(expected, result)),
                    Cell(special_value(got, result), css="bad"),
                    Cell(", ".join(who)),
                    Cell(", ".join(dtypes)),
                    Cell(str(source)),
                )
            )
        )
    columns = [
        Column("function", "function"), Column("rule", "rule"), Column("input", "data" if room == "array" else "x ="),
        Column("expected", "expected"), Column("got", "got"), Column("targets", "by"), Column("dtypes", "in"),
        Column("source", "source"),
    ]  # fmt: skip
    caption = f"{title}: special cases answered otherwise than documented"
    return Table(f"{room}-deviations", columns, rows, caption, True, "")


def special_data(stored: Stored, function: str, given: object, dtype: str) -> str:
    """The input of a special case; of a function of arrays its problem in words."""
    if is_array(stored.function(function)):
        return in_words(stored, function, dtype, str(given))
    return special_input(given, dtype)
