"""Conversions between dtypes: matrices of source × destination, and what becomes of values that do not fit."""

from __future__ import annotations

from dataclasses import dataclass, field

from reportgen.core import formatting as f
from reportgen.render import answer
from reportgen.render.model import CastPage, Cell, Column, Table, TableRow
from reportgen.render.stored import PATH_ORDER, Row, Stored, dtype_key, is_defined, path_key
from reportgen.render.summary import joined_by_value

INPUT_CLASSES = ("NaN", "+∞", "−∞", "above the range", "below the range")


@dataclass
class Conversion:
    """One target from one dtype to another; ``rows`` close its paths (one a metric), ``status`` is ``ok`` or not."""

    source: str
    destination: str
    target: str
    status: str = "ok"
    reason: str = ""
    rows: list[Row] = field(default_factory=list)

    @property
    def measured(self) -> bool:
        return self.status == "ok" and bool(self.rows)

    @property
    def worst(self) -> Row:
        """The path and part with most results that are not right, the first of equals."""
        return max(self.rows, key=lambda r: (_wrong(r), int(r["samples"]), -path_key(r.get("path"))))

    @property
    def wrong(self) -> int:
        return _wrong(self.worst)


def _wrong(row: Row) -> int:
    return int(row["samples"]) - int(row["correctly_rounded"])


def cast_names(stored: Stored) -> list[str]:
    return list(dict.fromkeys(str(function["name"]) for function, _ in stored.combinations("cast")))


def conversions(stored: Stored, name: str) -> dict[str, dict[tuple[str, str], Conversion]]:
    """By target (in order), by (source, destination)."""
    found: dict[str, dict[tuple[str, str], Conversion]] = {}
    for row in stored.rows(name):
        if row["regime"] != "all" or row.get("status") == "unavailable":
            continue
        source, destination = str(row["dtype"]), _destination(row)
        own = found.setdefault(str(row["target"]), {})
        entry = own.setdefault((source, destination), Conversion(source, destination, str(row["target"])))
        if row.get("status") == "ok":
            entry.rows.append(row)
        else:
            entry.status, entry.reason = str(row["status"]), str(row.get("reason") or "")
    order = {str(t["name"]): i for i, t in enumerate(stored.targets)}
    return {name: found[name] for name in sorted(found, key=lambda n: order.get(n, 999))}


def _destination(row: Row) -> str:
    """The dtype converted to; rows without a result name it in their case only (``to-float16``)."""
    return str(row.get("result_dtype") or str(row["case"]).removeprefix("to-"))


def cast_page(stored: Stored, name: str) -> CastPage:
    """What the page of a conversion shows in the place of a section a dtype."""
    found = conversions(stored, name)
    columns = [t for t in found if any(c.measured for c in found[t].values())]
    sentences = [text for text in (front_sentence(stored, name), undefined_sentence(stored, name)) if text]
    return CastPage(
        sentences=sentences,
        matrices=matrices(found),
        wrong=wrong_table(found, name),
        undefined=undefined_table(stored, name, columns),
    )


# -- source × destination ------------------------------------------------------------------------------
def matrices(found: dict[str, dict[tuple[str, str], Conversion]]) -> list[Table]:
    """One matrix a target; targets with the same cells share theirs."""
    made = []
    for target, own in found.items():
        if any(c.measured for c in own.values()):
            made.append((target, _matrix(own)))
    tables = []
    for number, (targets, (columns, rows)) in enumerate(joined_by_value(made), 1):
        caption = f"{f.listing(targets)}: from the dtype of the row to that of the column; of how many inputs"
        tables.append(Table(f"casts-{number}", columns, rows, caption))
    return tables


def _matrix(own: dict[tuple[str, str], Conversion]) -> tuple[list[Column], list[TableRow]]:
    sources = sorted({source for source, _ in own}, key=dtype_key)
    destinations = sorted({destination for _, destination in own}, key=dtype_key)
    rows = []
    for source in sources:
        cells = [_cell(own.get((source, d)), source == d) for d in destinations]
        rows.append(TableRow((Cell(source, header=True), *cells)))
    return [Column("from", "from \\ to"), *(Column(d, d, True) for d in destinations)], rows


def _cell(c: Conversion | None, itself: bool) -> Cell:
    """``all`` where every result is the required one; the number that is not, of how many, else."""
    if c is None:
        return Cell("" if itself else f.MISSING, css="status", title="" if itself else "not part of these cases")
    if not c.measured:
        return Cell(c.status, title=c.reason, css=f"status s-{c.status}")
    row = c.worst
    samples = int(row["samples"])
    if not c.wrong:
        return Cell("all", note=f"of {f.short_count(samples)}", title=str(row["coverage"]), css="e0")
    title = f"{row.get('path')}: {answer.point(str(row['worst_input']), c.source)}" if row.get("worst_input") else ""
    return Cell(f"{f.count(c.wrong)} wrong", note=f"of {f.short_count(samples)}", title=title, css="e6")


def wrong_table(found: dict[str, dict[tuple[str, str], Conversion]], name: str) -> Table:
    """Every pair of dtypes with a wrong result: how many, the worst, and who."""
    keyed = [(t, _wrong_cells(c)) for t, own in found.items() for c in own.values() if c.measured and c.wrong]
    rows = [
        TableRow((*cells[:2], Cell(", ".join(targets), header=True), *cells[2:]))
        for targets, cells in joined_by_value(keyed)
    ]
    columns = [
        Column("from", "from"), Column("to", "to"), Column("targets", "targets"),
        Column("wrong", "wrong", True), Column("max", "max (ulp)", True), Column("path", "path"),
        Column("input", "worst at x ="), Column("got", "result → exact value"),
    ]  # fmt: skip
    return Table(
        "wrong-casts", columns, rows, f"{name}: results that are not the required ones", True, "None was found."
    )


def _wrong_cells(c: Conversion) -> tuple[Cell, ...]:
    row = c.worst
    result = f"{f.value(row.get('worst_output'), c.destination)} → {f.exact_decimal(row.get('exact'), 20)}"
    return (
        Cell(c.source),
        Cell(c.destination),
        Cell(f"{f.count(c.wrong)} of {f.count(int(row['samples']))}", sort=str(c.wrong), css="bad"),
        Cell(f.maximum(row.get("max_ulp"))),
        Cell(str(row.get("path") or f.MISSING), title=str(row.get("worst_context") or "")),
        Cell(f.value(row.get("worst_input"), c.source), title=f.hex_text(row.get("worst_input"))),
        Cell(result if row.get("worst_output") else f.MISSING),
    )


# -- what is not defined ---------------------------------------------------------------------------------
def undefined_rows(stored: Stored, name: str) -> list[tuple[str, str, Row]]:
    """(class of the input, destination, row) of special cases of which nothing is expected."""
    out = []
    for row in stored.of("special", name):
        if not is_defined(row):
            given = f.value(str(row["input"]).split(" to ")[0], str(row["dtype"]))
            destination = str(row.get("result_dtype") or str(row["input"]).rpartition(" to ")[2])
            out.append((_input_class(given), destination, row))
    return out


def _input_class(given: str) -> str:
    real = given.split(" ")[0]
    known = {"NaN": "NaN", "∞": "+∞", "−∞": "−∞"}
    return known.get(real) or ("below the range" if real.startswith(f.MINUS) else "above the range")


def undefined_table(stored: Stored, name: str, columns: list[str]) -> Table:
    """Class of the input × destination: what came, by target; sources and paths are named where they differ."""
    found: dict[tuple[str, str], dict[str, dict[str, dict[str, set[str]]]]] = {}
    for kind, destination, row in undefined_rows(stored, name):
        own = found.setdefault((kind, destination), {}).setdefault(str(row["target"]), {})
        came = own.setdefault(str(row["dtype"]), {})
        came.setdefault(_outcome(str(row["got"]), kind), set()).update(str(row["path"]).split())
    rows = []
    for key in sorted(found, key=lambda k: (INPUT_CLASSES.index(k[0]), dtype_key(k[1]))):
        cells = tuple(_outcomes_cell(found[key].get(t, {})) for t in columns)
        rows.append((key, cells))
    out = [
        TableRow((Cell(kind, header=True), Cell(", ".join(destinations)), *cells))
        for (kind, cells), destinations in _joined_destinations(rows)
    ]
    head = [Column("input", "input"), Column("to", "to"), *(Column(t, t) for t in columns)]
    return Table("undefined-casts", head, out, f"{name}: what comes where no value is defined", empty="Nothing tried.")


def _joined_destinations(
    rows: list[tuple[tuple[str, str], tuple[Cell, ...]]],
) -> list[tuple[tuple[str, tuple[Cell, ...]], list[str]]]:
    """Destinations with the same outcome for the same class of input, in one row."""
    return [(value, names) for names, value in joined_by_value((key[1], (key[0], cells)) for key, cells in rows)]


def _outcome(got: str, kind: str) -> str:
    """``127 (saturated)`` for one input; in words alone where many inputs stand for a class."""
    number, _, word = got.partition(" (")
    if kind.endswith("range") and word:
        return word.removesuffix(")")
    return number if number == "0" else got.replace("-", f.MINUS)


def _outcomes_cell(by_source: dict[str, dict[str, set[str]]]) -> Cell:
    """What came, with the paths in brackets where they differ, and the sources where these differ."""
    if not by_source:
        return Cell(f.MISSING, css="status")
    told = []
    for source in sorted(by_source, key=dtype_key):
        outcomes = by_source[source]
        paths = set().union(*outcomes.values())
        words = []
        for came, where in sorted(outcomes.items(), key=lambda item: (min(map(path_key, item[1])), item[0])):
            listed = ", ".join(p for p in PATH_ORDER if p in where)
            words.append(came if where == paths else f"{came} [{listed}]")
        told.append((source, "; ".join(words)))
    joined = joined_by_value(told)
    if len(joined) == 1:
        return Cell(joined[0][1])
    return Cell(". ".join(f"{', '.join(sources)}: {text}" for sources, text in joined))


# -- sentences -----------------------------------------------------------------------------------------
def front_sentence(stored: Stored, name: str = "") -> str:
    """How many conversions each library does right, of those that are defined."""
    names = [name] if name else cast_names(stored)
    parts = []
    for cast in names:
        for target, own in conversions(stored, cast).items():
            measured = [c for c in own.values() if c.measured]
            if target in answer.LIBRARIES and measured:
                right = sum(not c.wrong for c in measured)
                parts.append(
                    f"{answer.shown(target)} gives the required result for every input tried in {f.count(right)} of "
                    f"{f.plural(len(measured), 'pair')} of dtypes"
                )
    return f"Conversions: {'; '.join(parts)}." if parts else ""


def undefined_sentence(stored: Stored, name: str) -> str:
    """In how many of the undefined conversions the two libraries part."""
    got: dict[tuple[str, str], dict[str, set[str]]] = {}
    for _, destination, row in undefined_rows(stored, name):
        key = (f"{row['dtype']} {row['input']}", destination)
        got.setdefault(key, {}).setdefault(str(row["target"]), set()).add(str(row["got"]))
    both = [g for g in got.values() if answer.NUMPY in g and answer.TENSORFLOW in g]
    if not both:
        return ""
    differ = sum(g[answer.NUMPY] != g[answer.TENSORFLOW] for g in both)
    return (
        f"Where no value is defined (NaN, infinities and numbers out of range, to integers), NumPy and TensorFlow "
        f"(eager) answer otherwise in {f.count(differ)} of {f.plural(len(both), 'input')} tried."
    )


def overview_table(stored: Stored) -> Table:
    """Target × what came of the pairs of dtypes, for the front page."""
    rows = []
    for name in cast_names(stored):
        for target, own in conversions(stored, name).items():
            measured = [c for c in own.values() if c.measured]
            wrong = [c for c in measured if c.wrong]
            refused = len(own) - len(measured)
            listed = [f"{c.source} → {c.destination}" for c in wrong]
            text = ", ".join(listed[:6]) + (f" and {f.count(len(listed) - 6)} more" if len(listed) > 6 else "")
            rows.append(
                TableRow(
                    (
                        Cell(target, header=True),
                        Cell(f.count(len(measured))),
                        Cell(f.count(len(measured) - len(wrong)), css="" if wrong else "good"),
                        Cell(text or f.MISSING, css="bad" if wrong else ""),
                        Cell(f.count(refused) if refused else f.MISSING),
                    )
                )
            )
    columns = [
        Column("target", "target"), Column("pairs", "pairs of dtypes", True),
        Column("right", "all results right", True), Column("wrong", "not so"), Column("refused", "no result", True),
    ]  # fmt: skip
    return Table("casts", columns, rows, "Conversions: pairs of source and destination in which every result is right")
