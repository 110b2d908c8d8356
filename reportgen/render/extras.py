"""Data of the other pages: same meaning?, agreement, provenance, method, downloads."""

from __future__ import annotations

import re
from typing import Any

from reportgen.core import formatting as f
from reportgen.render import answer, machines
from reportgen.render.matrix import agreement_cell, measured_targets
from reportgen.render.model import Cell, Column, Fact, MeaningGroup, MeaningLine, Table, TableRow
from reportgen.render.releases import told
from reportgen.render.stored import Row, Stored, dtype_key
from reportgen.render.summary import farthest, joined_by_value, pair_counts


# -- same meaning? -------------------------------------------------------------------------------------
def anchor(text: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-") or "group"


def meaning_groups(stored: Stored) -> list[MeaningGroup]:
    """The literal questions in their groups, each with what every library answered."""
    groups: dict[str, list[Row]] = {}
    for line in stored.raw.get("meaning") or []:
        groups.setdefault(str(line.get("group") or "Other"), []).append(line)
    out = []
    for title, lines in groups.items():
        same = sum(1 for line in lines if line.get("same"))
        summary = (
            f"{f.count(same)} of {f.plural(len(lines), 'question')} answered the same by NumPy and TensorFlow (eager)"
        )
        out.append(MeaningGroup(title, anchor(title), summary, [_meaning_line(x) for x in lines]))
    return out


def _meaning_line(line: Row) -> MeaningLine:
    same = line.get("same")
    word, css = {True: ("same", "good"), False: ("differs", "bad")}.get(same, ("not decided", "status"))
    told = ((answer.shown(str(a["target"])), _meaning_answer(a)) for a in line.get("answers") or [])
    rows = [TableRow((Cell(", ".join(names), header=True), *cells)) for names, cells in joined_by_value(told)]
    columns = [Column("target", "library"), Column("code", "code"), Column("value", "answer"), Column("dtype", "dtype")]
    others = _dissenting(line) if same else []
    also = f" Not so {f.listing(others)}." if others else ""
    return MeaningLine(
        str(line.get("question", "")),
        str(line.get("sentence") or "") + also,
        word,
        css,
        Table(f"line-{anchor(str(line.get('id', '')))}", columns, rows),
    )


def _dissenting(line: Row) -> list[str]:
    """Targets that answer otherwise than NumPy and TensorFlow (eager), whose agreement the verdict is about."""
    told = {str(a["target"]): None if a.get("error") else (a.get("value"), a.get("dtype")) for a in line["answers"]}
    return [name for name, said in told.items() if said not in (told.get(answer.NUMPY), told.get(answer.TENSORFLOW))]


def _meaning_answer(a: Row) -> tuple[Cell, ...]:
    shown = Cell(str(a["error"]), css="bad") if a.get("error") else Cell(str(a.get("value")), code=True)
    dtype = Cell(str(a.get("dtype") or f.MISSING), code=bool(a.get("dtype")))
    return Cell(str(a.get("code") or ""), code=True), shown, dtype


# -- agreement -----------------------------------------------------------------------------------------
PAIR_TITLES = {
    "real": "Real functions",
    "complex": "Complex functions",
    "integer": "Integers",
    "cast": "Conversions between dtypes",
    "gradient": "Gradients",
    "array": "Functions of whole arrays",
    "expression": "Composed expressions",
}


def pair_sections(stored: Stored) -> list[tuple[str, Table]]:
    """(title, table) of each kind of function that was compared between targets."""
    made = [(title, pair_overview(stored, section)) for section, title in PAIR_TITLES.items()]
    return [(title, table) for title, table in made if table.rows] or made[:1]


def pair_overview(stored: Stored, section: str = "real") -> Table:
    """Each pair of targets over one kind of functions: how many results are equal, where they are farthest apart."""
    pairs: dict[tuple[str, str], list[Row]] = {}
    for function, dtype in stored.combinations(section):
        for r in stored.pairs.get((str(function["name"]), dtype), []):
            pairs.setdefault((str(r["first"]), str(r["second"])), []).append(r)
    rows = []
    for (first, second), found in pairs.items():
        equal, compared = pair_counts(found)
        same = sum(1 for r in found if r["equal"] == r["compared"])
        far = farthest(found)
        apart = far is not None and far.get("input") is not None and equal < compared
        dtype = str(far["dtype"]) if far else ""
        rows.append(
            TableRow(
                (
                    Cell(f"{first} | {second}", header=True),
                    agreement_cell(equal, compared),
                    Cell(f.count(compared)),
                    Cell(f"{f.count(same)} of {f.count(len(found))}", sort=str(same)),
                    _distance_cell(far),
                    Cell(f"{far['function']} ({dtype})" if apart and far else f.MISSING,
                         href=f"functions/{far['function']}.html#agreement" if apart and far else ""),
                    Cell(f.value(far["input"], dtype) if apart and far else f.MISSING),
                )
            )
        )  # fmt: skip
    columns = [
        Column("pair", "pair"), Column("equal", "same bits", True), Column("compared", "results compared", True),
        Column("cases", "cases identical", True),
        Column("distance", "farthest apart (steps)", True, "counted in floats (or whole numbers) of the dtype"),
        Column("where", "in"), Column("input", "at x ="),
    ]  # fmt: skip
    caption = f"{PAIR_TITLES[section]}: agreement of each pair of targets"
    return Table(f"pairs-{section}", columns, rows, caption, True, "No pair was compared.")


def _distance_cell(far: Row | None) -> Cell:
    return Cell(f.maximum(far["max_distance"]), sort=repr(far["max_distance"])) if far else Cell(f.MISSING, sort="-1")


def self_overview(stored: Stored) -> Table:
    """Functions whose results depend on position, layout, constancy or the run, per target."""
    found: dict[tuple[str, str], dict[str, list[str]]] = {}
    for r in stored.self_agreement:
        if r["differs"]:
            found.setdefault((str(r["target"]), str(r["check"])), {}).setdefault(str(r["function"]), []).append(
                str(r["dtype"])
            )
    for r in stored.determinism:
        if r["run_differs"]:
            found.setdefault((str(r["target"]), "run"), {}).setdefault(str(r["function"]), []).append(str(r["dtype"]))
    rows = []
    for (target, check), functions in found.items():
        names = [f"{name} ({', '.join(dict.fromkeys(sorted(d, key=dtype_key)))})" for name, d in functions.items()]
        rows.append(
            TableRow((Cell(target, header=True), Cell(check), Cell(f.count(len(functions))), Cell("; ".join(names))))
        )
    columns = [
        Column("target", "target"),
        Column("check", "depends on"),
        Column("n", "functions", True),
        Column("which", "which"),
    ]
    return Table(
        "self", columns, rows, "Results that change with something other than the input", True, "None was found."
    )


# -- provenance ----------------------------------------------------------------------------------------
def flatten(value: Any) -> str:
    """A provenance value as one line of text."""
    if isinstance(value, dict) and "results_flushed" in value:
        return _flush_words(value)
    if isinstance(value, dict):
        return ", ".join(f"{k}: {flatten(v)}" for k, v in value.items()) or f.MISSING
    if isinstance(value, (list, tuple)):
        return ", ".join(flatten(v) for v in value) or f.MISSING
    if isinstance(value, bool):
        return "yes" if value else "no"
    if value is None or value == "":
        return f.MISSING
    return f.count(value) if isinstance(value, int) and abs(value) >= 10000 else str(value)


def _flush_words(probe: dict[str, Any]) -> str:
    """What was probed about subnormal numbers of one dtype."""
    places = [(k, v) for k, v in probe.items() if isinstance(v, dict)] or [("", probe)]
    told = [(name, tuple(bool(v.get(k)) for k in ("inputs_flushed", "results_flushed"))) for name, v in places]
    words = {
        (False, False): "kept",
        (True, False): "inputs flushed",
        (False, True): "results flushed",
        (True, True): "flushed",
    }
    joined = joined_by_value((name, words[key]) for name, key in told)
    return joined[0][1] if len(joined) == 1 else "; ".join(f"{text} ({f.listing(names)})" for names, text in joined)


def facts_of(mapping: Any) -> list[Fact]:
    if not isinstance(mapping, dict):
        return []
    shown = {k: f.size(v) if k == "memory" and isinstance(v, int) else v for k, v in mapping.items()}
    return [Fact(str(k).replace("_", " "), flatten(v)) for k, v in shown.items()]


def target_facts(stored: Stored) -> list[tuple[str, str, str, list[Fact]]]:
    """(name, sentence, status, facts) of every target, measured or not."""
    out = []
    ran = {*measured_targets(stored), *(t["name"] for t in stored.pinned_targets if t.get("status") == "ok")}
    for t in stored.targets:
        listed = machines.target_facts(stored, t)
        listed += [Fact("library", f"{t.get('library', '')} {t.get('version', '')}".strip())]
        listed += [Fact(key, str(t.get(key, ""))) for key in ("mode", "device")]
        named = (("environment", "env"), ("options", "options"))
        listed += [Fact(label, flatten(t[key])) for label, key in named if t.get(key)]
        listed += environment_facts(t)
        listed += [x for x in facts_of(t.get("provenance") or {}) if x.label not in ("library", "version", "mode")]
        status = (
            "recorded"
            if t.get("mode") == "recorded"
            else ("measured" if t["name"] in ran else str(t.get("status", "")))
        )
        reason = f": {t['reason']}" if t.get("reason") else ""
        out.append((str(t["name"]), str(t.get("sentence", "")), status + reason, listed))
    return out


def environment_facts(target: Row) -> list[Fact]:
    """The environment of a pinned release: what was asked for, what the lock holds, and its name."""
    own = target.get("environment")
    if not isinstance(own, dict):
        return []
    asked = [f"release {target.get('pinned')} of {target.get('base')}", *map(str, own.get("asked") or ())]
    packages = ", ".join(f"{name} {version}" for name, version in own.get("packages") or ())
    facts = [Fact("environment of its own", "; ".join(asked))]
    facts += [Fact("packages", packages)] if packages else []
    return facts + ([Fact("lock", str(own["identity"]), code=True)] if own.get("identity") else [])


def run_facts(stored: Stored) -> list[tuple[str, list[Fact]]]:
    """Groups of facts about the whole run. Seconds and dates come from the stored results, never from the clock."""
    p = stored.raw.get("provenance") or {}
    titles = (("machine", "Machine"), ("oracle", "Oracle"), ("counts", "Counts"), ("software", "Software"))
    if several := machines.facts_by_machine(stored):
        p = {k: v for k, v in p.items() if k not in ("machine", "software")}
    generator = stored.raw.get("generator") or {}
    head = [
        Fact("label", stored.label),
        Fact("depth", stored.depth),
        Fact("made by", f"{generator.get('name', '')} {generator.get('version', '')}".strip()),
    ]
    head += (
        facts_of(p["time"])
        if isinstance(p.get("time"), dict)
        else ([Fact("date", flatten(p["time"]))] if p.get("time") else [])
    )
    groups = [("This version", head), *((title, facts_of(p[key])) for key, title in titles if p.get(key))]
    groups += [(str(k).replace("_", " ").capitalize(), facts_of(v)) for k, v in p.items()
               if k not in {"time", *(key for key, _ in titles)} and isinstance(v, dict) and v]  # fmt: skip
    for name, machine, software in several:
        groups += [(f"Machine {name}", facts_of(machine)), (f"Software on {name}", facts_of(software))]
    specs = [
        Fact(str(s.get("title") or s.get("name")), f"{s.get('file', '')}, sha256 {str(s.get('sha256', ''))[:16]}…")
        for s in stored.raw.get("specs") or []
    ]
    return [*groups, *([("Specs", specs)] if specs else [])]


def speed_table(stored: Stored) -> Table | None:
    """Nanoseconds per element beside the accuracy; None where nothing was timed."""
    targets = measured_targets(stored)
    cells: dict[tuple[str, str], dict[str, float]] = {}
    casts = {function["name"] for function, _ in stored.combinations("cast")}
    for r in stored.timing:
        if r.get("ns_per_element") is not None and r["function"] not in casts:
            cells.setdefault((str(r["function"]), str(r["dtype"])), {}).setdefault(
                str(r["target"]), float(r["ns_per_element"])
            )
    if not cells:
        return None
    rows = []
    for (function, dtype), by in cells.items():
        own = [Cell(f.nanoseconds(by.get(t)), sort=repr(by.get(t, -1.0))) for t in targets]
        rows.append(TableRow((Cell(function, href=f"functions/{function}.html", header=True), Cell(dtype), *own)))
    columns = [Column("function", "function"), Column("dtype", "dtype"), *(Column(t, t, True) for t in targets)]
    return Table("speed", columns, rows, "Time per element", sortable=True)


# -- downloads -----------------------------------------------------------------------------------------
def downloads(stored: Stored) -> list[Fact]:
    files = (
        ("results.json", "everything measured, with its schema number"),
        ("results.csv", "one row a case, target, path, metric and regime"),
        ("agreement.csv", "each pair of targets"),
        ("special.csv", "each special case tried"),
        ("subnormals.csv", "what becomes of subnormal numbers, each function, dtype, target and path"),
        *([("history.csv", "each release on each function, and what changed in it")] if told(stored) else []),
        ("report.md", "this report as one Markdown file"),
        ("release-notes.md", "the short form"),
        ("SHA256SUMS", "checksums of all files"),
    )
    # The zip holds this page too, and cannot hold itself: it is named, and linked from the list of versions.
    archive = f"all of the above in one file, reportgen-{stored.label}.zip, beside them in a published version"
    return [*(Fact(name, text, href=name) for name, text in files), Fact("as a zip", archive)]
