"""What of merged results stands in no table of targets: literal questions, the libraries' names, data of figures."""

from __future__ import annotations

from typing import Any

from reportgen.core.errors import StoredResultError
from reportgen.results import tables
from reportgen.results.contradictions import profile_cases
from reportgen.results.machines import RAN, Part

Row = dict[str, Any]
COMPARED = ("numpy", "tensorflow")
"""Whether a literal question has one answer is said of these two."""

NAME_CELLS = ("namespace", "name", "kind", "status", "functions", "via", "reason")


def merged_meaning(parts: list[Part], names: dict[str, dict[str, str]]) -> list[Row]:
    """The literal questions with the answers of all targets.

    The verdict is that of a machine whose own targets keep the names it is about: targets of different machines are
    not compared.
    """
    lines: dict[str, Row] = {}
    for part in parts:
        called = names[part.run]
        judges = {called.get(name) for name in part.called} >= set(COMPARED)
        for line in part.document.get("meaning") or ():
            known = lines.setdefault(line["id"], line | {"answers": [], "sentence": "", "same": None})
            if judges and known["same"] is None:
                known |= {"sentence": line["sentence"], "same": line["same"]}
            have = {a["target"] for a in known["answers"]}
            moved = [a | {"target": called[a["target"]]} for a in line["answers"] if a["target"] in called]
            known["answers"] += [a for a in moved if a["target"] not in have]
    return [line for line in lines.values() if line["answers"]]


def merged_surface(parts: list[Part]) -> Row | None:
    """What each library offers, as the first machine says that could ask it; None where no machine was asked."""
    asked = [s for part in parts if (s := part.document.get("surface")) is not None]
    if not asked:
        return None
    chosen: dict[str, tuple[Row, Row]] = {}
    for surface in asked:
        for entry in surface["libraries"]:
            known = chosen.get(entry["library"])
            if known is None or (known[0]["status"] != RAN and entry["status"] == RAN):
                chosen[entry["library"]] = (entry, surface)
    out: Row = {
        "libraries": [entry for entry, _ in chosen.values()],
        "namespaces": [], "reasons": [], "names": {"columns": list(NAME_CELLS), "rows": []}, "stale": [],
        "outside": asked[0]["outside"],
    }  # fmt: skip
    for library, (_, surface) in chosen.items():
        _add_library(out, library, surface)
    return out


def _add_library(out: Row, library: str, surface: Row) -> None:
    """The names of one library, whose namespaces and reasons get new numbers."""
    numbers = {}
    for old, space in enumerate(surface["namespaces"]):
        if space["library"] == library:
            numbers[old] = len(out["namespaces"])
            out["namespaces"].append(space)
    for row in tables.records(surface["names"]):
        if row["namespace"] in numbers:
            row["namespace"] = numbers[row["namespace"]]
            if row["reason"] is not None:
                reason = surface["reasons"][row["reason"]]
                if reason not in out["reasons"]:
                    out["reasons"].append(reason)
                row["reason"] = out["reasons"].index(reason)
            out["names"]["rows"].append([row[c] for c in NAME_CELLS])
    out["stale"] += [s for s in surface["stale"] if str(s["path"]).split(".")[0] == library]


def merged_profiles(parts: list[Part], names: dict[str, dict[str, str]]) -> dict[str, Row]:
    """Data of the figures, with merged names. Raises StoredResultError where a case has two axes."""
    functions = dict.fromkeys(name for part in parts for name in part.source.profiles)
    cases: dict[tuple[str, ...], Row] = {}
    for part in parts:
        called = names[part.run]
        for function, case in profile_cases(part):
            key = (function, case["spec"], case["case"], case["dtype"])
            known = cases.setdefault(key, case | {"targets": {}})
            if known["axis"] != case["axis"]:
                raise StoredResultError(
                    f"{part.source.where}: the figures of {function}, case {case['case']!r}, have another axis than "
                    "those of the other machines, expected results of one reportgen; measure again"
                )
            for name, data in case["targets"].items():
                if name in called:
                    known["targets"].setdefault(called[name], data)
    return {name: {"function": name, "cases": [c for key, c in cases.items() if key[0] == name]} for name in functions}
