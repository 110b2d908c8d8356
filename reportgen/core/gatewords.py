"""Gates in words: what a terminal, a CI service and the pages say of the rows of the table ``gates``."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from reportgen.core import formatting as f
from reportgen.core.limits import title

Row = dict[str, Any]


def broken(rows: Iterable[Row]) -> list[Row]:
    return [row for row in rows if row["holds"] is False]


def unjudged(rows: Iterable[Row]) -> list[Row]:
    """What could not be judged, and may."""
    return [row for row in rows if row["holds"] is None]


def subject(row: Row) -> str:
    """``sqrt float32 arange-100``, or what stands for it where a row is about no function."""
    return " ".join(str(row[key]) for key in ("function", "dtype", "case") if row[key]) or _all(row)


def _all(row: Row) -> str:
    return f"every case of {row['spec']}" if row["spec"] else "every case"


def where(row: Row) -> str:
    """The target, or both of a pair."""
    return " and ".join(str(row[key]) for key in ("target", "other") if row[key])


def place(row: Row) -> str:
    """``specs/core.toml:12``; regressions stand in no file."""
    return f"{row['file']}:{row['line']}" if row["file"] else "--baseline"


def part(row: Row) -> str:
    """Path, metric and regime where they narrow the figure down: ``body, normal``."""
    shown = (row["path"], row["metric"] if row["metric"] != "ulp" else None, row["regime"])
    return ", ".join(str(x) for x in shown if x and x != "all")


def witness(row: Row) -> str:
    """The input and what came of it, in short hexadecimal."""
    if not row["input"]:
        return ""
    got = " and ".join(f.hex_text(text) for text in (row["output"] or "").split(" and ") if text)
    return f.hex_text(row["input"]) + (f" gives {got}" if got else "")


def message(row: Row) -> str:
    """One line that says which gate this is and what became of it, and why it is expected."""
    return finding(row) + (f". {row['reason']}" if row["reason"] else "")


def finding(row: Row) -> str:
    """One line that says which gate this is and what became of it."""
    on = f" on {where(row)}" if where(row) else ""
    narrowed = f" ({part(row)})" if part(row) else ""
    at = f" at {witness(row)}" if witness(row) else ""
    return f"{subject(row)}{on}: {title(row['what'])}{narrowed}: expected {row['expected']}, found {row['found']}{at}"


def verdict(rows: list[Row]) -> str:
    """All gates in one sentence; empty where there are none.

    A gate is counted once for each limit and case, and a broken one once for each target that breaks it.
    """
    bad, open_, kept = broken(rows), unjudged(rows), [row for row in rows if row["holds"]]
    if not rows:
        return ""
    said = [f"{f.plural(len(bad), 'gate')} {'is' if len(bad) == 1 else 'are'} broken" if bad else "No gate is broken"]
    said.append(f"{f.count(len(kept))} {'holds' if len(kept) == 1 else 'hold'}")
    if open_:
        said.append(f"{f.count(len(open_))} could not be judged")
    return f.listing(said) + "."
