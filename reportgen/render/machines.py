"""Merged versions: which machine measured what, and where two that should be alike contradict each other."""

from __future__ import annotations

from typing import Any

from reportgen.core import formatting as f
from reportgen.render.model import Cell, Column, Fact, Table, TableRow
from reportgen.render.stored import Row, Stored, table_rows

ON = "~"
"""Between a target and its machine in a name."""


def machines(stored: Stored) -> list[Row]:
    """The machines of a merged version, the main one first; none where one machine measured everything."""
    return list((stored.raw.get("provenance") or {}).get("machines") or ())


def processor(machine: Row) -> str:
    facts = machine.get("machine") or {}
    gpu = ", with a GPU" if facts.get("gpu_driver") else ""
    return f"{facts.get('cpu_model') or facts.get('machine') or 'unknown'}{gpu}"


def ran_on(stored: Stored, target: Row) -> str:
    """Where a target of a merged version was measured; empty in other versions."""
    by_name = {m["name"]: m for m in machines(stored)}
    names = [n for n in target.get("machines") or () if n in by_name]
    return f.listing([f"{name} ({processor(by_name[name])})" for name in names])


def described(stored: Stored, target: Row) -> str:
    """A target's sentence, and where it was measured."""
    where = ran_on(stored, target)
    return " ".join(x for x in (str(target.get("sentence", "")), f"Measured on {where}." if where else "") if x)


def front_sentence(stored: Stored) -> str:
    """Who measured what, for the front page; empty where there was one machine."""
    found = machines(stored)
    if len(found) < 2:
        return ""
    main = found[0]
    others = [f"{m['name']} ({processor(m)}): {f.listing(_own(m)) or 'nothing else'}" for m in found[1:]]
    text = (
        f"Measured on {f.plural(len(found), 'machine')}; results of different machines are not compared bit for bit. "
        f"What is not named here ran on {main['name']} ({processor(main)}). {'; '.join(others)}."
    )
    n = len(contradictions(stored))
    differ = "result differs" if n == 1 else "results differ"
    return f"{text} {f.count(n)} {differ} where machines should agree; see Provenance." if n else text


def _own(machine: Row) -> list[str]:
    return [str(name) for name in machine["targets"]]


def machines_table(stored: Stored) -> Table | None:
    """One row a machine: what it is, when it measured, and which targets ran there; None for one machine."""
    found = machines(stored)
    if not found:
        return None
    rows = []
    for m in found:
        facts: dict[str, Any] = m.get("machine") or {}
        cores = facts.get("usable_cores") or facts.get("cores")
        rows.append(
            TableRow(
                (
                    Cell(str(m["name"]), header=True), Cell(processor(m)), Cell(str(facts.get("machine") or f.MISSING)),
                    Cell(f.count(cores) if cores else f.MISSING, sort=str(cores or 0)),
                    Cell(str(facts.get("distribution") or facts.get("system") or f.MISSING)),
                    Cell(str(m.get("time") or f.MISSING)), Cell(str(m.get("label") or f.MISSING)),
                    Cell(", ".join(_own(m)) or "none"),
                )
            )
        )  # fmt: skip
    columns = [
        Column("machine", "machine"), Column("cpu", "processor"), Column("arch", "architecture"),
        Column("cores", "cores", True), Column("system", "system"), Column("time", "measured"),
        Column("label", "as version"), Column("targets", "targets that ran there"),
    ]  # fmt: skip
    return Table("machines", columns, rows, "Machines of this version, the main one first")


def contradictions(stored: Stored) -> list[Row]:
    return table_rows(stored.raw.get("contradictions"))


def contradictions_table(stored: Stored) -> Table | None:
    """What machines measured differently although nothing that is known of their targets differs; None if nothing."""
    found = contradictions(stored)
    if not found:
        return None
    known = {str(x["name"]) for x in stored.functions}
    rows = []
    for r in found:
        name, dtype = str(r["function"]), str(r["dtype"] or "")
        place = ", ".join(str(r[c]) for c in ("path", "metric", "regime", "at") if r[c])
        what = str(r["what"]).replace("_", " ")
        also = f" (also {str(r['also']).replace('_', ' ')})" if r["also"] else ""
        rows.append(
            TableRow(
                (
                    Cell(" | ".join(str(r[c]) for c in ("target", "other") if r[c]), header=True),
                    Cell(name, href=f"functions/{name}.html" if name in known else ""),
                    Cell(" ".join(x for x in (dtype, str(r["case"] or "")) if x)),
                    Cell(place or f.MISSING), Cell(what + also), _side(r, "first"), _side(r, "second"),
                )
            )
        )  # fmt: skip
    columns = [
        Column("target", "target"), Column("function", "function"), Column("case", "case"), Column("where", "where"),
        Column("what", "what differs"), Column("first", "on one"), Column("second", "on the other"),
    ]  # fmt: skip
    return Table("contradictions", columns, rows, "Contradictions between machines", True)


def _side(row: Row, side: str) -> Cell:
    value = row[side]
    text = f.MISSING if value is None else f.maximum(value) if row["what"] == "max_ulp" else str(value)
    return Cell(f"{text} on {row[f'{side}_machine']}, as {row[f'{side}_target']}")


def facts_by_machine(stored: Stored) -> list[tuple[str, Row, Row]]:
    """(name, facts of the machine, versions of its software) of each machine of a merged version."""
    return [(str(m["name"]), m.get("machine") or {}, m.get("software") or {}) for m in machines(stored)]


def target_facts(stored: Stored, target: Row) -> list[Fact]:
    """The line "measured on" of a target in a merged version."""
    where = ran_on(stored, target)
    return [Fact("measured on", where)] if where else []
