"""Gates as JUnit XML, which CI services show: a suite for each spec, a test case for each expectation and case.

The dialect is what Jenkins' and GitLab's readers share (``testsuites``, ``testsuite``, ``testcase`` with at most one of
``failure``, ``error`` and ``skipped``): https://github.com/testmoapp/junitxml. No times are written, so that the file
depends on the results alone.
"""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from typing import Any

from reportgen.core import gatewords
from reportgen.core.formatting import plural

Row = dict[str, Any]
BASELINE = "baseline"
_FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What XML 1.0 has no way to write."""


def junit(label: str, rows: list[Row]) -> str:
    """The gates of a version as an XML document."""
    suites: dict[str, dict[tuple[Any, ...], list[Row]]] = {}
    for row in rows:
        suite = BASELINE if row["gate"] == "baseline" else str(row["spec"])
        suites.setdefault(suite, {}).setdefault(_case(row), []).append(row)
    root = ET.Element("testsuites", name=_clean(f"reportgen {label}"))
    for name, cases in suites.items():
        suite_element = ET.SubElement(root, "testsuite", name=_clean(name))
        for of_case in cases.values():
            _add(suite_element, name, of_case)
        _counted(suite_element)
    _counted(root)
    ET.indent(root, " ")
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ET.tostring(root, encoding="unicode") + "\n"


def _case(row: Row) -> tuple[Any, ...]:
    """What makes a test case: where it is expected and of what; regressions: the function, dtype and case."""
    return tuple(row[key] for key in ("file", "line", "function", "dtype", "case")) + (
        () if row["function"] else (row["what"],)
    )


def _add(suite: ET.Element, name: str, rows: list[Row]) -> None:
    first = rows[0]
    what = "" if first["function"] and first["case"] else f", {first['what']}"
    case = ET.SubElement(
        suite,
        "testcase",
        name=_clean(f"{gatewords.subject(first)}{what} ({gatewords.place(first)})"),
        classname=_clean(f"{name}.{first['function'] or 'all'}"),
    )
    if first["file"]:
        case.set("file", _clean(first["file"]))
        case.set("line", str(first["line"]))
    bad = gatewords.broken(rows)
    if bad:
        nothing = all(not row["judged"] for row in bad)
        _outcome(case, "error" if nothing else "failure", bad)
    elif all(row["holds"] is None for row in rows):
        _outcome(case, "skipped", rows)
    kept = [row for row in rows if row["holds"]]
    if kept:
        lines = [f"holds ({row['certainty'] or 'measured'}): {gatewords.message(row)}" for row in kept]
        ET.SubElement(case, "system-out").text = _clean("\n".join(lines))


def _outcome(case: ET.Element, tag: str, rows: list[Row]) -> None:
    lines = [gatewords.message(row) for row in rows]
    more = f" (and {plural(len(lines) - 1, 'other')})" if len(lines) > 1 else ""
    element = ET.SubElement(case, tag, message=_clean(lines[0] + more))
    if tag != "skipped":
        element.set("type", _clean(rows[0]["what"]))
        element.text = _clean("\n".join(lines))


def _counted(element: ET.Element) -> None:
    cases = list(element.iter("testcase"))
    element.set("tests", str(len(cases)))
    for attribute, tag in (("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
        element.set(attribute, str(sum(case.find(tag) is not None for case in cases)))
    if element.tag == "testsuite":
        element.set("time", "0")


def _clean(text: str) -> str:
    return _FORBIDDEN.sub("\ufffd", text)
