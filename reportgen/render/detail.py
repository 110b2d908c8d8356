"""Tables of a function's page; rows that several targets share in every printed figure are joined."""

from __future__ import annotations

from reportgen.core import formatting as f
from reportgen.core.dtypes import kind_of
from reportgen.render.matrix import agreement_cell, marks, matrix_cell
from reportgen.render.model import Cell, Column, Table, TableRow
from reportgen.render.palette import error_class
from reportgen.render.stored import UNSPECIFIED, Row, Stored, dtype_key, is_defined, path_key, regime_key
from reportgen.render.summary import OMITTED_METRICS, Summary, joined_by_value, nearer, summaries

DETAIL_COLUMNS = [
    Column("targets", "targets"),
    Column("regime", "regime"),
    Column("path", "path"),
    Column("max", "max (ulp)", True, "largest error; a lower bound unless the coverage is exhaustive"),
    Column("input", "at x ="),
    Column("output", "result → exact value"),
    Column("mean", "mean", True, "mean error in ulp over the base samples"),
    Column("rms", "RMS", True),
    Column("bias", "bias", True, "mean signed error in ulp"),
    Column("p99", "p99", True),
    Column("p999", "p99.9", True),
    Column("correct", "correctly rounded", True),
    Column("faithful", "faithful", True, "one of the two floats around the exact value"),
    Column("special", "special mismatches", True),
    Column("undecided", "undecided", True),
    Column("coverage", "coverage"),
    Column("samples", "samples", True),
]
DETAIL_KEYS = (
    *("case", "metric", "regime", "path", "max_ulp", "worst_input", "worst_output", "exact", "mean_ulp", "rms_ulp"),
    *("bias_ulp", "p99_ulp", "p999_ulp", "correctly_rounded", "faithfully_rounded", "special_mismatches", "undecided"),
    *("coverage", "samples"),
)
"""What a printed row consists of: rows that share all of it are joined."""


def glance_table(stored: Stored, name: str, dtype: str) -> Table:
    """One row a target (targets with equal figures joined): the headline and what is odd."""
    by = summaries(stored, name, dtype)
    keyed = [(target, (_glance_cells(s), s.status)) for target, s in by.items() if s.measured]
    rows = [
        TableRow((Cell(", ".join(names), header=True), *cells)) for names, (cells, _) in joined_by_value(keyed)
    ]  # fmt: skip
    columns = [
        Column("targets", "targets"),
        Column(
            "normal",
            "max, normal (ulp)",
            True,
            "over all paths and all inputs, critical and searched ones too; normal results only",
        ),
        Column("all", "max, all (ulp)", True, "largest error over all paths and regimes"),
        Column("mean", "mean, normal (ulp)", True, "over the base samples of the first path, normal results only"),
        Column("correct", "correctly rounded", True, "of the base samples on the first path, normal results only"),
        Column("special", "special mismatches", True),
        Column("at", "worst normal input"),
        Column("notable", "notable"),
    ]
    return Table(f"glance-{dtype}", columns, rows, f"{name} in {dtype}: at a glance", empty="No target gave a result.")


def _glance_cells(s: Summary) -> tuple[Cell, ...]:
    typical = s.typical or {}
    overall = s.overall["max_ulp"] if s.overall else None
    at = f.value(s.best["worst_input"], str(s.best["dtype"])) if s.best and s.best["max_ulp"] else f.MISSING
    found = marks(s)
    return (
        matrix_cell(s, marked=False),
        Cell(f.maximum(overall), css="err " + error_class(overall) if overall is not None else ""),
        Cell(f.number(typical.get("mean_ulp"))),
        Cell(f.share(typical.get("correctly_rounded"), typical.get("samples"))),
        Cell(f.count(s.mismatches), css="bad" if s.mismatches else ""),
        Cell(at, code=at != f.MISSING),
        Cell("" if found else f.MISSING, marks=found),
    )


def detail_table(stored: Stored, name: str, dtype: str) -> Table:
    """Every case, path and regime; joined where all printed figures are equal."""
    rows = [r for r in stored.rows(name) if r["dtype"] == dtype and r.get("status") == "ok"]
    cases = list(dict.fromkeys(str(r["case"]) for r in rows))
    metrics = {str(r.get("metric")) for r in rows}
    rows.sort(key=lambda r: (cases.index(str(r["case"])), regime_key(str(r["regime"])), path_key(r.get("path"))))
    out = [
        TableRow((Cell(", ".join(names), header=True), *_detail_cells(row, len(cases) > 1, len(metrics) > 1)))
        for names, row in joined_rows(rows)
    ]
    return Table(f"detail-{dtype}", DETAIL_COLUMNS, out, f"{name} in {dtype}: every path and regime", sortable=True)


def joined_rows(rows: list[Row]) -> list[tuple[list[str], Row]]:
    """Rows that are equal in everything printed, with the names of their targets."""
    groups: dict[tuple[object, ...], tuple[list[str], Row]] = {}
    for row in rows:
        names, _ = groups.setdefault(tuple(row.get(k) for k in DETAIL_KEYS), ([], row))
        if row["target"] not in names:
            names.append(str(row["target"]))
    return list(groups.values())


def _detail_cells(row: Row, show_case: bool, show_metric: bool) -> tuple[Cell, ...]:
    dtype = str(row.get("result_dtype") or row["dtype"])
    maximum = row.get("max_ulp")
    regime = str(row["regime"]) + (f" ({row['case']})" if show_case else "")
    if show_metric and row.get("metric") in (*OMITTED_METRICS, "normwise"):
        regime += f", {row['metric']}"
    exact = not maximum
    return (
        Cell(regime),
        Cell(str(row.get("path") or f.MISSING), title=str(row.get("worst_context") or "")),
        Cell(f.maximum(maximum), css="err " + error_class(maximum) if maximum is not None else "", sort=repr(maximum)),
        Cell(
            f.MISSING if exact else f.value(row.get("worst_input"), str(row["dtype"])),
            title=f.hex_text(row.get("worst_input")),
        ),
        Cell(
            f.MISSING
            if exact
            else f"{f.value(row.get('worst_output'), dtype)} → {f.exact_decimal(row.get('exact'), 12)}"
        ),
        Cell(f.number(row.get("mean_ulp"))),
        Cell(f.number(row.get("rms_ulp"))),
        Cell(f.number(row.get("bias_ulp"))),
        Cell(f.maximum(row.get("p99_ulp"))),
        Cell(f.maximum(row.get("p999_ulp"))),
        Cell(f.share(row.get("correctly_rounded"), row.get("samples"))),
        Cell(f.share(row.get("faithfully_rounded"), row.get("samples"))),
        Cell(f.count(row.get("special_mismatches")), css="bad" if row.get("special_mismatches") else ""),
        Cell(f.count(row.get("undecided")), css="bad" if row.get("undecided") else ""),
        Cell(str(row.get("coverage") or "")),
        Cell(f.count(row.get("samples"))),
    )


def stopped(stored: Stored, name: str, dtype: str) -> Table | None:
    """Targets without a result, with the reason; None where every target answered."""
    by = summaries(stored, name, dtype)
    keyed = [(t, (s.status, s.reason)) for t, s in by.items() if not s.measured]
    if not keyed:
        return None
    rows = [
        TableRow((Cell(", ".join(names), header=True), Cell(status, css=f"status s-{status}"), Cell(reason)))
        for names, (status, reason) in joined_by_value(keyed)
    ]
    columns = [Column("targets", "targets"), Column("status", "status"), Column("reason", "reason")]
    return Table(f"stopped-{dtype}", columns, rows, f"{name} in {dtype}: no result")


def special_table(stored: Stored, name: str, only_wrong: bool = False) -> tuple[Table, str]:
    """Special cases of a function: one row a sentence, dtype, input and what was got; and a summary of all of them."""
    rows = sorted(stored.of("special", name), key=lambda r: dtype_key(str(r["dtype"])))
    wrong = sum(1 for r in rows if not r["agrees"])
    free = sum(1 for r in rows if not is_defined(r))
    summary = ""
    if rows:
        checks = f.plural(len(rows) - free, "check")
        summary = (
            f"{checks}, all as documented."
            if not wrong
            else f"{f.count(wrong)} of {checks} came out otherwise than documented."
        )
        if free == len(rows):
            summary = ""
        if free:
            summary += (
                f" {f.plural(free, 'further check')} {'is' if free == 1 else 'are'} of results that nothing defines."
            )
        summary = summary.strip()
    groups: dict[tuple[object, ...], tuple[list[str], list[str]]] = {}
    for r in rows:
        if only_wrong and r["agrees"]:
            continue
        key = (not r["agrees"], r["sentence"], r["source"], r["input"], r["expected"], r["got"], result_dtype(r))
        dtypes, who = groups.setdefault(key, ([], []))
        if r["dtype"] not in dtypes:
            dtypes.append(r["dtype"])
        label = str(r["target"])
        if label not in who:
            who.append(label)
    out = [
        _special_row(key, dtypes, who) for key, (dtypes, who) in sorted(groups.items(), key=lambda item: not item[0][0])
    ]
    columns = [
        Column("agrees", "as documented"),
        Column("sentence", "rule"),
        Column("input", "x ="),
        Column("expected", "expected"),
        Column("got", "got"),
        Column("targets", "by"),
        Column("dtypes", "in"),
        Column("source", "source"),
    ]
    return Table(
        "special", columns, out, f"Special cases of {name}",
        empty="All came out as documented." if rows else "No special case is listed for this function.",
    ), summary  # fmt: skip


def _special_row(key: tuple[object, ...], dtypes: list[str], who: list[str]) -> TableRow:
    wrong, sentence, source, given, expected, got, result = key
    dtype = dtypes[0]
    result = str(result or dtype)
    return TableRow(
        (
            Cell("not defined", css="status")
            if expected == UNSPECIFIED
            else Cell("no" if wrong else "yes", css="bad" if wrong else "good"),
            Cell(str(sentence)),
            Cell(special_input(given, dtype), title=str(given)),
            Cell(f.MISSING if expected == UNSPECIFIED else special_value(expected, result), title=str(expected)),
            Cell(special_value(got, result), title=str(got), css="bad" if wrong else ""),
            Cell(", ".join(who)),
            Cell(", ".join(dtypes)),
            Cell(str(source)),
        )
    )


def result_dtype(row: Row) -> str:
    """The dtype of what is expected, where it is not that of the input; else empty."""
    found = str(row.get("result_dtype") or "")
    return "" if found == row["dtype"] else found


def special_input(text: object, dtype: str) -> str:
    """The input of a special case; conversions name their destination behind it (``0.1 to float16``)."""
    given, to, destination = str(text).partition(" to ")
    return f.value(given, dtype) + to + destination


def special_value(text: object, dtype: str) -> str:
    """A value with the sign of its zero spelled out."""
    shown = f.value(None if text is None else str(text), dtype)
    return "+0" if shown == "0" and kind_of(dtype) in ("real", "complex") else shown


AGREEMENT_COLUMNS = [
    Column("dtype", "dtype"),
    Column("case", "inputs"),
    Column("pair", "pair"),
    Column("equal", "same bits", True),
    Column("compared", "differ / compared", True),
    Column("distance", "farthest apart (floats)", True, "counted in floats of the dtype"),
    Column("input", "at x ="),
    Column("outputs", "results"),
    Column("nearer", "nearer the exact value"),
    Column("rel", "max relative difference", True),
]


def agreement_tables(stored: Stored, name: str, only_differing: bool = False) -> tuple[Table, Table]:
    """(NumPy or SciPy against each TensorFlow target, every other pair); pairs with the same finding share a row."""
    libraries = {str(t["name"]): t.get("library") for t in stored.targets}
    main: list[tuple[str, tuple[Cell, ...]]] = []
    rest: list[tuple[str, tuple[Cell, ...]]] = []
    for dtype in stored.dtypes(name):
        for r in stored.pairs.get((name, dtype), []):
            if only_differing and r["equal"] == r["compared"]:
                continue
            own = {libraries.get(r["first"]), libraries.get(r["second"])}
            crossing = "tensorflow" in own and bool({"numpy", "scipy"} & {r["first"], r["second"]})
            (main if crossing else rest).append((f"{r['first']} | {r['second']}", _agreement_cells(r, dtype)))
    caption = f"{name}: NumPy and SciPy against TensorFlow" + (", where they differ" if only_differing else "")
    return (
        Table(
            "agreement",
            AGREEMENT_COLUMNS,
            _pair_rows(main),
            caption,
            sortable=True,
            empty="None was found to differ." if only_differing else "NumPy and TensorFlow were not compared.",
        ),
        Table("other-pairs", AGREEMENT_COLUMNS, _pair_rows(rest), f"{name}: other pairs of targets", sortable=True),
    )


def _pair_rows(keyed: list[tuple[str, tuple[Cell, ...]]]) -> list[TableRow]:
    return [
        TableRow((*cells[:2], Cell(", ".join(pairs), header=True), *cells[2:]))
        for pairs, cells in joined_by_value(keyed)
    ]


def _agreement_cells(r: Row, dtype: str) -> tuple[Cell, ...]:
    """Everything about a pair but its name."""
    equal, compared = int(r["equal"] or 0), int(r["compared"] or 0)
    apart = r.get("input") is not None and equal < compared
    outputs = f"{f.value(r['first_output'], dtype)} | {f.value(r['second_output'], dtype)}" if apart else f.MISSING
    return (
        Cell(dtype),
        Cell(str(r["case"])),
        agreement_cell(equal, compared),
        Cell(f"{f.count(compared - equal)} / {f.count(compared)}", sort=str(compared - equal)),
        Cell(f.maximum(r.get("max_distance")), sort=repr(r.get("max_distance"))),
        Cell(f.value(r.get("input"), dtype) if apart else f.MISSING, title=f.hex_text(r.get("input")) if apart else ""),
        Cell(outputs),
        Cell((nearer(r) or "neither") if apart else f.MISSING),
        Cell(f.maximum(r.get("max_rel"))),
    )


def self_agreement_table(stored: Stored, name: str) -> Table:
    """Every self-agreement check that found something, and one line for those that did not."""
    rows, quiet = [], []
    order = dtype_key
    found = stored.of("self_agreement", name)
    for r in sorted(found, key=lambda r: (order(str(r["dtype"])), str(r["target"]))):
        if r["differs"]:
            rows.append(_self_row(r))
        elif r["tested"]:
            quiet.append(r)
    rows += [_run_row(r) for r in stored.of("determinism", name) if r["run_differs"]]
    for (check, target), tested in _quiet(quiet).items():
        dtypes = ", ".join(dict.fromkeys(d for d, _ in tested))
        total = f.count(sum(n for _, n in tested))
        silent = Cell(f"0 of {total}", sort="0", css="good")
        blank = (Cell(f.MISSING) for _ in range(4))
        rows.append(
            TableRow((Cell(dtypes), Cell("all others"), Cell(target, header=True), Cell(check), silent, *blank))
        )
    columns = [
        Column("dtype", "dtype"),
        Column("case", "inputs"),
        Column("target", "target"),
        Column("check", "check"),
        Column("differs", "differ", True),
        Column("apart", "apart (floats)", True, "counted in floats of the dtype"),
        Column("input", "at x ="),
        Column("outputs", "results"),
        Column("context", "where"),
    ]
    return Table(
        "self-agreement", columns, rows, f"Does {name} agree with itself?", empty="No self-agreement check was run."
    )


def _quiet(rows: list[Row]) -> dict[tuple[str, str], list[tuple[str, int]]]:
    """Silent checks: targets with the same dtypes and counts share a line."""
    by: dict[tuple[str, str], list[tuple[str, int]]] = {}
    for r in rows:
        by.setdefault((str(r["check"]), str(r["target"])), []).append((str(r["dtype"]), int(r["tested"])))
    merged: dict[tuple[str, str], list[tuple[str, int]]] = {}
    for check in dict.fromkeys(c for c, _ in by):
        for names, tested in joined_by_value((t, v) for (c, t), v in by.items() if c == check):
            merged[(check, ", ".join(names))] = tested
    return merged


def _self_row(r: Row) -> TableRow:
    dtype = str(r["dtype"])
    outputs = (
        f"{f.value(r['first_output'], dtype)} | {f.value(r['second_output'], dtype)}"
        if r.get("first_output")
        else f.MISSING
    )
    return TableRow(
        (
            Cell(dtype),
            Cell(str(r["case"])),
            Cell(str(r["target"]), header=True),
            Cell(str(r["check"])),
            Cell(f"{f.count(r['differs'])} of {f.count(r['tested'])}", sort=str(r["differs"]), css="bad"),
            Cell(f.maximum(r.get("max_ulp_apart"))),
            Cell(f.value(r.get("input"), dtype), title=f.hex_text(r.get("input"))),
            Cell(outputs),
            Cell(str(r.get("context") or f.MISSING)),
        )
    )


def _run_row(r: Row) -> TableRow:
    shown = dict(r) | {"check": "run", "differs": r["run_differs"], "tested": r["run_tested"]}
    return _self_row(shown)
