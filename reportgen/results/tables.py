"""The tables of a stored version: their columns, and their CSV form (RFC 4180)."""

from __future__ import annotations

import csv
import io
import json
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from typing import Any

MEASUREMENT_COLUMNS = (
    "spec", "function", "kind", "dtype", "result_dtype", "case", "target", "library_version", "device", "path",
    "metric", "regime", "depth", "coverage", "samples", "status", "reason", "max_ulp", "worst_input", "worst_output",
    "worst_context", "exact", "settled_by", "mean_ulp", "rms_ulp", "bias_ulp", "p50_ulp", "p99_ulp", "p999_ulp",
    "max_abs", "max_rel", "correctly_rounded", "faithfully_rounded", "bound_ratio", "special_mismatches", "undecided",
    "position_differs", "position_tested", "layout_differs", "layout_tested", "constant_differs", "constant_tested",
    "seed", "shape", "distribution", "condition",
)  # fmt: skip

DETERMINISM_CELLS = ("run_differs", "run_tested", "threads_differ", "threads_tested")

RESULTS_CSV_COLUMNS = (
    "spec", "function", "kind", "dtype", "case", "target", "library_version", "device", "path", "metric", "regime",
    "depth", "coverage", "samples", "status", "max_ulp", "worst_input", "worst_output", "worst_context", "exact",
    "settled_by", "mean_ulp", "rms_ulp", "bias_ulp", "p50_ulp", "p99_ulp", "p999_ulp", "max_abs", "max_rel",
    "correctly_rounded", "faithfully_rounded", "bound_ratio", "special_mismatches", "undecided", "position_differs",
    "position_tested", "layout_differs", "layout_tested", "constant_differs", "constant_tested", "run_differs",
    "run_tested", "threads_differ", "threads_tested", "seed", "shape", "ns_per_element", "result_dtype",
    "distribution", "reason", "condition",
)  # fmt: skip

AGREEMENT_COLUMNS = (
    "spec", "function", "dtype", "case", "first", "second", "equal", "compared", "nan_differs", "max_distance", "input",
    "first_output", "second_output", "nearer", "max_abs", "max_rel",
)  # fmt: skip

SPECIAL_COLUMNS = (
    "function", "dtype", "target", "path", "input", "expected", "got", "sentence", "source", "agrees", "result_dtype",
)  # fmt: skip

SPECIAL_STORED_COLUMNS = tuple("rule" if c == "sentence" else c for c in SPECIAL_COLUMNS if c != "source")
"""On disk a special case's sentence and source are the number of its rule among those of its function."""

SELF_AGREEMENT_COLUMNS = (
    "spec", "function", "dtype", "case", "target", "check", "differs", "tested", "max_ulp_apart", "context", "input",
    "first_output", "second_output",
)  # fmt: skip

DETERMINISM_COLUMNS = (
    "spec", "function", "dtype", "case", "target", "run_differs", "run_tested", "input", "first_output",
    "second_output", "check", "setting", "words", "program", "status", "reason", "repeats", "distinct", "differs",
    "tested", "max_ulp_apart", "bits", "context", "snippet",
)  # fmt: skip
"""The later columns, from ``check`` on, belong to calls that were repeated in several settings; rows of a case that was
merely evaluated again have none of them, and the others no ``run_differs``."""

SUBNORMAL_COLUMNS = (
    "spec", "function", "dtype", "case", "target", "path", "inputs", "inputs_zero", "inputs_told", "inputs_witness",
    "results", "results_zero", "results_told", "results_witness", "both_zero", "both_told", "both_witness",
    "max_normal", "max_with_subnormals",
)  # fmt: skip

PROBLEM_COLUMNS = (
    "function", "dtype", "case", "words", "series", "size", "operands", "shape", "order", "parameters", "inputs",
)  # fmt: skip

REWRITE_COLUMNS = (
    "spec", "function", "dtype", "case", "target", "form", "program", "words", "compared", "equal", "flushed",
    "further", "told", "taken", "kept", "input", "output", "written_output", "exact", "context",
    "own_max_ulp", "own_max_input", "own_typical_ulp", "own_typical_input", "own_broken", "own_broken_input",
)  # fmt: skip

GATE_COLUMNS = (
    "gate", "spec", "file", "line", "function", "dtype", "case", "target", "other", "path", "metric", "regime", "what",
    "expected", "found", "input", "output", "judged", "unjudged", "certainty", "holds", "reason",
)  # fmt: skip
"""``what`` is bounded; ``expected`` and ``found`` are texts; ``holds`` is null where nothing could be judged."""

CONTRADICTION_COLUMNS = (
    "table", "spec", "function", "dtype", "case", "target", "other", "path", "metric", "regime", "at", "what", "also",
    "first_target", "first_machine", "first", "second_target", "second_machine", "second",
)  # fmt: skip
"""Where machines whose targets should be the same (``target``, and ``other`` where two are compared) differ: ``what``
is the column of ``table``, ``also`` names further ones, ``at`` says what else the row is about."""

TIMING_COLUMNS = ("spec", "function", "dtype", "case", "target", "ns_per_element")

COLUMNS = {
    "measurements": MEASUREMENT_COLUMNS,
    "agreement": AGREEMENT_COLUMNS,
    "special": SPECIAL_COLUMNS,
    "self_agreement": SELF_AGREEMENT_COLUMNS,
    "subnormals": SUBNORMAL_COLUMNS,
    "problems": PROBLEM_COLUMNS,
    "rewrites": REWRITE_COLUMNS,
    "gates": GATE_COLUMNS,
    "contradictions": CONTRADICTION_COLUMNS,
    "determinism": DETERMINISM_COLUMNS,
}
"""The columns of each table of a results document as it is read."""

CASE_KEY = ("spec", "function", "dtype", "case", "target")


def table(columns: Sequence[str], rows: Iterable[dict[str, Any]]) -> dict[str, Any]:
    """The stored form of a table; cells that a row lacks are null."""
    return {"columns": list(columns), "rows": [[row.get(c) for c in columns] for row in rows]}


def records(stored: dict[str, Any]) -> list[dict[str, Any]]:
    """Rows of a stored table as dictionaries."""
    columns = stored["columns"]
    return [dict(zip(columns, row, strict=True)) for row in stored["rows"]]


def aligned(stored: dict[str, Any], columns: Sequence[str]) -> list[list[Any]]:
    """Rows of a stored table in the order of ``columns``; cells that it lacks are null."""
    if list(columns) == stored["columns"]:
        rows: list[list[Any]] = stored["rows"]
        return rows
    place = {name: i for i, name in enumerate(stored["columns"])}
    return [[row[place[c]] if c in place else None for c in columns] for row in stored["rows"]]


def pack(stored: dict[str, Any]) -> dict[str, Any]:
    """The form on disk: in columns that repeat themselves, cells are indexes into ``coded[column]``.

    A column is coded where that makes it shorter; its values stand in the order of their frequency, then of their
    first appearance, so that the same table always packs to the same bytes.
    """
    columns, rows = stored["columns"], [list(row) for row in stored["rows"]]
    coded: dict[str, list[Any]] = {}
    for i, name in enumerate(columns):
        keys, text_of = _keyed([row[i] for row in rows])
        counted = Counter(keys)
        order = sorted(counted, key=lambda key: -counted[key])
        texts = [text_of(key) for key in order]
        index = {key: k for k, key in enumerate(order)}
        size = sum(len(text) + 1 for text in texts) + sum(len(str(index[k])) * n for k, n in counted.items())
        if size < sum(len(text) * counted[key] for key, text in zip(order, texts, strict=True)):
            coded[name] = [json.loads(text) for text in texts]
            for row, key in zip(rows, keys, strict=True):
                row[i] = index[key]
    return {"columns": columns, "coded": coded, "rows": rows}


def _keyed(column: list[Any]) -> tuple[list[Any], Callable[[Any], str]]:
    """A key for each cell, equal only where the cells' JSON texts are, and the way from a key to that text.

    Cells can be equal without being the same (1, 1.0 and true; 0.0 and -0.0).
    """
    kinds = set(map(type, column)) - {type(None)}
    if kinds <= {str} or kinds in ({int}, {bool}):
        return column, json.dumps
    if kinds == {float}:
        return list(map(repr, column)), lambda key: _FLOAT_WORDS.get(key, key)
    return [json.dumps(value) for value in column], str


_FLOAT_WORDS = {"None": "null", "nan": "NaN", "inf": "Infinity", "-inf": "-Infinity"}


def unpack(stored: dict[str, Any]) -> dict[str, Any]:
    """Inverse of :func:`pack`; a table without ``coded`` is returned as it is.

    Raises LookupError or TypeError for an index that is not there.
    """
    if "coded" not in stored:
        return stored
    columns, rows = stored["columns"], stored["rows"]
    for name, values in stored["coded"].items():
        i = columns.index(name)
        for row in rows:
            if row[i] < 0:
                raise LookupError(f"{name}: index {row[i]}")
            row[i] = values[row[i]]
    return {"columns": columns, "rows": rows}


def special_by_rule(document: dict[str, Any]) -> dict[str, Any]:
    """The table ``special`` with rule numbers in the place of sentences and sources, which repeat thousands of times.

    A table with a sentence that its function's rules do not hold is returned as it is.
    """
    rules = {
        (f["name"], s["sentence"], s["source"]): number
        for f in document["functions"]
        for number, s in reversed(list(enumerate(f.get("specials", ()))))
    }
    rows = records(document["special"])
    for row in rows:
        row["rule"] = rules.get((row["function"], row.get("sentence"), row.get("source")))
        if row["rule"] is None:
            return dict(document["special"])
    return table(SPECIAL_STORED_COLUMNS, rows)


def special_in_words(document: dict[str, Any]) -> dict[str, Any]:
    """Inverse of :func:`special_by_rule`. Raises LookupError for a rule or function that is not there."""
    stored: dict[str, Any] = document["special"]
    if "rule" not in stored["columns"]:
        return stored
    rules = {f["name"]: f.get("specials", ()) for f in document["functions"]}
    rows = records(stored)
    for row in rows:
        row.update(rules[row["function"]][row["rule"]])
    return table(SPECIAL_COLUMNS, rows)


def to_csv(columns: Sequence[str], rows: Iterable[dict[str, Any]]) -> str:
    """RFC 4180 text (CRLF line ends, quotes doubled): empty cells where something does not apply, booleans as 1 and 0,
    numbers as shortest-repr decimals."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(columns)
    # The writer itself puts None as nothing and floats by repr; only booleans need a word.
    for row in rows:
        cells = map(row.get, columns)
        writer.writerow([int(value) if value is True or value is False else value for value in cells])
    return out.getvalue()


def threads_cells(repeated: Iterable[dict[str, Any]]) -> dict[tuple[Any, ...], dict[str, int]]:
    """By function, dtype, case and target: how many elements differ from the single-threaded ones, over all thread
    counts tried."""
    out: dict[tuple[Any, ...], dict[str, int]] = {}
    for row in repeated:
        if row.get("check") == "threads" and row["status"] == "ok":
            key = tuple(row[k] for k in CASE_KEY[1:])
            cells = out.setdefault(key, {"threads_differ": 0, "threads_tested": 0})
            cells["threads_differ"] += row["differs"]
            cells["threads_tested"] += row["tested"]
    return out


def csv_files(document: dict[str, Any]) -> dict[str, str]:
    """``results.csv``, ``agreement.csv``, ``special.csv`` and ``subnormals.csv`` of a results document."""
    repeated = records(document["determinism"])
    runs = {tuple(r[k] for k in CASE_KEY): r for r in repeated if not r.get("check")}
    threads = threads_cells(repeated)
    times = {tuple(r[k] for k in CASE_KEY): r for r in records(document["timing"]["table"])}
    rows = []
    for row in records(document["measurements"]):
        key = tuple(row[k] for k in CASE_KEY)
        if row["path"] == "body" and row["regime"] == "all":
            run = runs.get(key, {})
            row.update({c: run.get(c) for c in DETERMINISM_CELLS})
            row.update(threads.get(key[1:], {}))
            row["ns_per_element"] = times.get(key, {}).get("ns_per_element")
        rows.append(row)
    return {
        "results.csv": to_csv(RESULTS_CSV_COLUMNS, rows),
        "agreement.csv": to_csv(AGREEMENT_COLUMNS, records(document["agreement"])),
        "special.csv": to_csv(SPECIAL_COLUMNS, records(document["special"])),
        "subnormals.csv": to_csv(SUBNORMAL_COLUMNS, records(document["subnormals"])),
    }
