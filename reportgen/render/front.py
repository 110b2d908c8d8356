"""Data of the front page: the question, its answer, the table of 2017, exp and max, and the matrix."""

from __future__ import annotations

from reportgen.core import formatting as f
from reportgen.core.dtypes import kind_of
from reportgen.render import answer, compiler, determinism, gates, historywords, machines
from reportgen.render.arrays.matrix import asked_table
from reportgen.render.matrix import MARKS, agreement_cell, marks, matrix, matrix_cell, matrix_targets, measured_targets
from reportgen.render.model import Answer, Cell, Column, Fact, FrontPage, Mark, Option, Table, TableRow
from reportgen.render.palette import ERROR_STEPS, error_class
from reportgen.render.releases import line_name
from reportgen.render.sections import sections
from reportgen.render.stored import Row, Stored, is_array, path_key
from reportgen.render.summary import (
    Summary,
    counted,
    error_key,
    farthest,
    joined_by_value,
    pair_counts,
    pair_rows,
    summaries,
)

QUESTION = (
    "Is there any real difference between the functions of NumPy and TensorFlow, exp or max say, "
    "other than taking tensors?"
)
ANSWERED = ("exp", "max", "maximum")


def front_page(stored: Stored) -> FrontPage:
    columns = matrix_targets(stored)
    history = history_table(stored)
    lead, *sentences = answer.front_sentences(stored)
    broken = gates.front_sentence(stored)
    return FrontPage(
        question=QUESTION,
        tiles=answer.tiles(stored),
        sentences=[lead, *([broken] if broken else []), *sentences, *beyond(stored)],
        history=history,
        history_sentence=history_sentence(stored),
        history_differs=history_differs(stored),
        answers=[a for name in ANSWERED if (a := function_answer(stored, name))],
        matrix=matrix(stored, columns),
        more=sections(stored),
        legend=[Mark(text, css) for _, css, text in ERROR_STEPS],
        marks=list(MARKS),
        families=[Option(x, x) for x in sorted({str(fn.get("family", "")) for fn, _ in stored.combinations("real")})],
        dtypes=[Option(d, d) for d in stored.all_dtypes() if kind_of(d) == "real"],
        targets=[Option(t, t) for t in columns],
        absent=absent_targets(stored),
        facts=facts(stored),
    )


def beyond(stored: Stored) -> list[str]:
    """A sentence for each of the other pages that answer a question: whole arrays, repeated calls, the compiler."""
    said = (
        machines.front_sentence(stored),
        answer.array_agreement(stored) if answer.pair_results(stored) else "",  # else it leads the page
        determinism.lead(stored) if determinism.tried(stored) else "",
        compiler.front_sentence(stored),
        historywords.front_sentence(stored),
    )
    return [text for text in said if text]


def absent_targets(stored: Stored) -> list[Fact]:
    ran, columns = set(measured_targets(stored)), set(matrix_targets(stored))
    out = []
    for t in stored.live_targets:
        if t["name"] not in ran:
            reason = t.get("reason") or "not part of these cases"
            out.append(Fact(t["name"], f"{t.get('status') or 'unavailable'}: {reason}"))
        elif t["name"] not in columns and columns:
            asked = sorted({str(r["function"]) for r in stored.measurements if r["target"] == t["name"]})
            more = [f"{f.count(len(asked) - 12)} more"] if len(asked) > 12 else []
            named = f.listing([*asked[:12], *more])
            out.append(Fact(t["name"], f"asked for a few functions only, on their pages: {named}"))
    return out


def facts(stored: Stored) -> list[Fact]:
    counts = (stored.raw.get("provenance") or {}).get("counts") or {}
    functions = len(stored.counted_functions())
    gradients = len({fn["name"] for fn, _ in stored.combinations("gradient")})
    known = (
        ("function" if functions == 1 else "functions", functions),
        ("gradient" if gradients == 1 else "gradients", gradients or None),
        ("samples", counts.get("samples")),
        ("settled by mpmath itself", counts.get("confirmed")),
        ("undecided", counts.get("undecided")),
    )
    return [Fact("depth", stored.depth), *(Fact(k, f.count(int(v))) for k, v in known if v is not None)]


# -- 2017 ----------------------------------------------------------------------------------------------
def _history_rows(stored: Stored, key: tuple[str, str, str]) -> dict[str, list[Row]]:
    """Per target the rows over all regimes of the recorded case, recorded targets first."""
    function, dtype, case = key
    order = {t["name"]: i for i, t in enumerate(stored.recorded_targets + stored.pinned_targets + stored.live_targets)}
    found: dict[str, list[Row]] = {}
    for row in [*stored.rows(function), *stored.releases.of("measurements", function)]:
        if (row["dtype"], row["case"], row.get("regime")) == (dtype, case, "all"):
            found.setdefault(row["target"], []).append(row)
    return {name: found[name] for name in sorted(found, key=lambda n: order.get(n, 999))}


def tied_inputs(stored: Stored, key: tuple[str, str, str], target: str, row: Row) -> str:
    """The worst input and those that tie with it, as far as the profile lists them."""
    function, dtype, case = key
    inputs = [str(row["worst_input"])]
    pinned = target in stored.releases.names
    for stored_case in (stored.releases_profile if pinned else stored.profile)(function)["cases"]:
        if (stored_case["dtype"], stored_case["case"]) == (dtype, case):
            listed = stored_case["targets"].get(target, {}).get("worst", [])
            inputs += [";".join(w["input"]) for w in listed if w["ulp"] == row["max_ulp"]]
    texts = list(dict.fromkeys(f.value(x, dtype) for x in inputs))
    return f.listing(texts[:4]) if len(texts) <= 4 else f"{', '.join(texts[:4])} …"


def history_table(stored: Stored) -> Table | None:
    """Recorded targets beside today's on the same inputs; None where nothing recorded was scored."""
    cases = stored.recorded_cases()
    if not cases:
        return None
    rows = []
    for key in cases:
        found = [(t, _history_row(stored, key, t, closing)) for t, closing in _history_rows(stored, key).items()]
        rows += _joined(stored, found)
    columns = [
        Column("target", "target"),
        Column("version", "version"),
        Column("when", "result"),
        Column("inputs", "inputs", True),
        Column("wrong", "not correctly rounded", True, "results that are not the float nearest the exact value"),
        Column("max", "max error (ulp)", True),
        Column("worst", "worst at x ="),
    ]
    names = [f"{fn} of {case} in {dtype}" for fn, dtype, case in cases]
    return Table(
        "history", columns, rows, f"{f.listing(names)}: as printed then, and measured today (errors: worst path)."
    )


def _joined(stored: Stored, found: list[tuple[str, TableRow]]) -> list[TableRow]:
    """Neighbouring releases of one target with the same figures share a row: a long line has few different ones."""
    pinned = {str(t["name"]): line_name(t) for t in stored.pinned_targets}
    groups: list[list[tuple[str, TableRow]]] = []
    for name, row in found:
        last = groups[-1][-1] if groups else None
        if last and name in pinned and pinned.get(last[0]) == pinned[name] and last[1].cells[3:] == row.cells[3:]:
            groups[-1].append((name, row))
        else:
            groups.append([(name, row)])
    out = []
    for group in groups:
        name, row = group[0]
        if len(group) > 1:
            versions = Cell(historywords.span_of([r.cells[1].text for _, r in group]))
            when = Cell("run now, each in an environment of its own")
            row = TableRow((Cell(pinned[name], header=True), versions, when, *row.cells[3:]), row.attrs)
        out.append(row)
    return out


def _history_row(stored: Stored, key: tuple[str, str, str], target: str, closing: list[Row]) -> TableRow:
    info = stored.target(target)
    ok = counted(closing)
    then = info.get("mode") == "recorded"
    version = Cell(str(info.get("version") or info.get("pinned") or ""))
    head = (Cell(target, header=True, css="then" if then else ""), version)
    if not ok:
        status = Cell(str(closing[0]["status"]), note=str(closing[0].get("reason") or ""))
        return TableRow((*head, status, *(Cell(f.MISSING) for _ in range(4))))
    worst = max(ok, key=error_key)
    wrong, samples = wrong_in_array(ok)
    exact = worst["max_ulp"] is None or worst["max_ulp"] == 0
    return TableRow(
        (
            *head,
            Cell(_when(info)),
            Cell(f.count(samples)),
            Cell(f.count(wrong), css="bad" if wrong else "good"),
            Cell(f.maximum(worst["max_ulp"]), css="err " + error_class(worst["max_ulp"])),
            Cell(f.MISSING if exact else tied_inputs(stored, key, target, worst)),
        ),
        (("class", "then"),) if then else (),
    )


def wrong_in_array(rows: list[Row]) -> tuple[int, int]:
    """(results that are not correctly rounded, results) of the inputs as one array, as they were printed."""
    first = min(rows, key=lambda r: path_key(r.get("path")))
    return int(first["samples"]) - int(first["correctly_rounded"]), int(first["samples"])


def _when(info: Row) -> str:
    """Whether a target's results were printed elsewhere or computed here, and in which environment."""
    if info.get("mode") == "recorded":
        return "as printed then"
    python = str((info.get("provenance") or {}).get("python") or "")
    return f"run now on Python {python}" if info.get("pinned") and python else "run now"


def _repeated(stored: Stored, key: tuple[str, str, str]) -> list[tuple[Row, int, int]]:
    """Releases run again beside what was recorded of them: the target, equal values, values compared."""
    function, dtype, case = key
    recorded = {str(t["name"]) for t in stored.recorded_targets}
    out = []
    for row in stored.releases.agreement.get(function, []):
        pair = {str(row["first"]), str(row["second"])}
        if (row["dtype"], row["case"]) == (dtype, case) and pair & recorded and pair - recorded:
            out.append((stored.target(next(iter(pair - recorded))), int(row["equal"]), int(row["compared"])))
    return out


def history_differs(stored: Stored) -> bool:
    """Whether a release, run again, gives other values than were recorded of it."""
    return any(same < all_ for key in stored.recorded_cases() for _, same, all_ in _repeated(stored, key))


def _again(stored: Stored, key: tuple[str, str, str]) -> list[str]:
    """The same in words: as recorded, or how many differ."""
    out = []
    for target, equal, compared in _repeated(stored, key):
        same = f"all {compared} values" if equal == compared else f"{equal} of {compared} values"
        name = f"{answer.shown(str(target['library']))} {target['version']}"
        out.append(f"{name}, run again today, gives {same} as printed then")
    return list(dict.fromkeys(out))


def history_sentence(stored: Stored) -> str:
    """The anecdote and what became of it, e.g. 56 of 100 roots in 2017 and none today."""
    sentences = []
    for key in stored.recorded_cases():
        then, now = [], []
        for target, closing in _history_rows(stored, key).items():
            ok = counted(closing)
            recorded = stored.target(target).get("mode") == "recorded"
            if not ok or (target not in ("numpy", "tensorflow") and not recorded):
                continue
            worst = max(ok, key=error_key)
            wrong, samples = wrong_in_array(ok)
            name = target.split("@")[0]
            version = stored.target(target).get("version", "")
            text = f"{answer.shown(name)} {version}: {wrong} of {samples} not correctly rounded"
            if wrong:
                text += f", worst {f.maximum_with_unit(worst['max_ulp'])} at {tied_inputs(stored, key, target, worst)}"
            (then if recorded else now).append(text)
        for head, told in (("As printed then, ", then), ("Today, ", now), ("", _again(stored, key))):
            sentences += [f"{head}{'; '.join(told)}."] if told else []
    return " ".join(sentences)


# -- exp and max ---------------------------------------------------------------------------------------
def function_lead(stored: Stored, name: str, reference: str = answer.NUMPY, dtypes: list[str] | None = None) -> str:
    """In which dtypes two libraries differ, in a few words; empty where the function was not measured."""
    dtypes = stored.dtypes(name) if dtypes is None else dtypes
    pairs = {d: pair_counts(pair_rows(stored, name, d, reference, answer.TENSORFLOW)) for d in dtypes}
    compared = [d for d in dtypes if pairs[d][1]]
    same = [d for d in compared if pairs[d][0] == pairs[d][1]]
    differ = [d for d in compared if d not in same]
    if not compared:
        return _uncompared_lead(stored, name, dtypes)
    if not differ:
        return f"no difference found in {f.listing(same)}"
    if not same:
        return f"different in {f.listing(differ)}"
    return f"no difference found in {f.listing(same)}; different in {f.listing(differ)}"


def _uncompared_lead(stored: Stored, name: str, dtypes: list[str]) -> str:
    """What the measurements alone tell where results were not compared pair by pair."""
    for target in (answer.NUMPY, answer.TENSORFLOW):
        for dtype in dtypes:
            s = summaries(stored, name, dtype).get(target)
            if s is None or not s.measured or s.mismatches or s.overall is None or s.overall["max_ulp"] != 0:
                return "not compared" if dtypes else ""
    return f"both exact on every input tried, in {f.listing(dtypes)}" if dtypes else ""


def function_answer(stored: Stored, name: str) -> Answer | None:
    """One function answered, dtypes with equal findings in one row; None where it was not measured."""
    dtypes = [d for s in ("real", "array") for fn, d in stored.combinations(s) if fn["name"] == name]
    dtypes = [d for d in dtypes if kind_of(d) == "real"]
    if not dtypes:
        return None
    if is_array(stored.function(name)):
        lead = function_lead(stored, name, dtypes=dtypes)
        return Answer(name, f"functions/{name}.html", lead, asked_table(stored, stored.function(name), dtypes, lead))
    rows = [
        TableRow((Cell(", ".join(names), header=True), *cells))
        for names, cells in joined_by_value((d, _answer_cells(stored, name, d)) for d in dtypes)
    ]
    columns = [
        Column("dtype", "dtype"),
        Column("numpy", "NumPy, max error (ulp)", True),
        Column("tensorflow", "TensorFlow, max error (ulp)", True),
        Column("same", "same bits", True),
        Column("far", "farthest apart"),
        Column("also", "notable"),
    ]
    lead = function_lead(stored, name, dtypes=dtypes)
    return Answer(name, f"functions/{name}.html", lead, Table(f"asked-{name}", columns, rows, f"{name}: {lead}"))


def _answer_cells(stored: Stored, name: str, dtype: str) -> tuple[Cell, ...]:
    by = summaries(stored, name, dtype)
    rows = pair_rows(stored, name, dtype, answer.NUMPY, answer.TENSORFLOW)
    equal, compared = pair_counts(rows)
    far = farthest(rows) if equal < compared else None
    apart = f.MISSING
    if far is not None and far.get("input"):
        ends = " | ".join(f.value(far[k], dtype) for k in ("first_output", "second_output"))
        apart = f"{answer.apart(float(far['max_distance']))} at {answer.point(far['input'], dtype)}: {ends}"
    missing = Summary("", "absent", "not part of this case")
    return (
        *(matrix_cell(by.get(t) or missing, marked=False) for t in (answer.NUMPY, answer.TENSORFLOW)),
        agreement_cell(equal, compared),
        Cell(apart),
        Cell(_notable(by)),
    )


def _notable(by: dict[str, Summary]) -> str:
    """``TensorFlow, tensorflow-graph: position, flushed; …``"""
    found = [(answer.shown(name), tuple(m.text for m in marks(s))) for name, s in by.items() if s.measured]
    return (
        "; ".join(f"{', '.join(names)}: {', '.join(words)}" for names, words in joined_by_value(found) if words)
        or f.MISSING
    )
