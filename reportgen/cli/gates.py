"""What a run says of gates: a short table, annotations for GitHub, its job summary, a JUnit file."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import click

from reportgen.cli.terminal import columns
from reportgen.core import gatewords
from reportgen.core.errors import OutputError
from reportgen.core.formatting import plural

Row = dict[str, Any]
SHOWN = 20
"""Broken gates that the terminal lists; the page has all."""

ANNOTATIONS = 10
"""GitHub shows ten annotations of a type and drops the others of a step silently."""

SUMMARY_ROWS = 100


def report_gates(rows: list[Row], page: str, quiet: bool) -> None:
    """Say on stderr what is broken and what could not be judged; tell GitHub, where it listens."""
    bad, open_ = gatewords.broken(rows), gatewords.unjudged(rows)
    if bad or (rows and not quiet):
        click.echo(gatewords.verdict(rows), err=True)
    if bad:
        head = ("target", "of", "broken", "expected", "found", "at", "spec")
        columns([head, *(_cells(row) for row in bad[:SHOWN])], err=True)
        if len(bad) > SHOWN:
            click.echo(f"… and {plural(len(bad) - SHOWN, 'more')}: {page}".replace(" mores", " more"), err=True)
    if not quiet:
        for row in open_[:SHOWN]:
            click.echo(f"not judged: {gatewords.place(row)}: {gatewords.message(row)}", err=True)
    if os.environ.get("GITHUB_ACTIONS") == "true":
        for line in github_lines(rows):
            click.echo(line)
    if rows and os.environ.get("GITHUB_STEP_SUMMARY"):
        _job_summary(Path(os.environ["GITHUB_STEP_SUMMARY"]), rows)


def _cells(row: Row) -> tuple[str, ...]:
    what = row["what"] + (f" ({gatewords.part(row)})" if gatewords.part(row) else "")
    found = row["found"] if len(row["found"]) <= 80 else row["found"][:79] + "…"
    at = gatewords.witness(row).partition(" gives ")[0]
    cells = (gatewords.where(row), gatewords.subject(row), what, row["expected"], found, at, gatewords.place(row))
    return tuple(" ".join(cell.split()) for cell in cells)


# -- GitHub ----------------------------------------------------------------------------------------------
def github_lines(rows: list[Row]) -> list[str]:
    """Workflow commands: errors for what is broken, warnings for what could not be judged, ten of each at most."""
    out = []
    for command, found in (("error", gatewords.broken(rows)), ("warning", gatewords.unjudged(rows))):
        for row in found[:ANNOTATIONS]:
            place = [f"file={_property(_in_workspace(row['file']))}", f"line={row['line']}"] if row["file"] else []
            on = f" on {gatewords.where(row)}" if gatewords.where(row) else ""
            title = "title=" + _property(f"{row['what']}: {gatewords.subject(row)}{on}")
            out.append(f"::{command} {','.join([*place, title])}::{_data(gatewords.message(row))}")
        if len(found) > ANNOTATIONS:
            left = len(found) - ANNOTATIONS
            out.append(f"::notice title=reportgen::{left} more of {len(found)} {command}s are on the page of gates")
    return out


def _in_workspace(file: str) -> str:
    """GitHub looks files up from the root of the checkout, wherever the command ran."""
    root = os.environ.get("GITHUB_WORKSPACE")
    if not root or not Path(file).exists():
        return file
    found = os.path.relpath(os.path.realpath(file), os.path.realpath(root))
    return file if found.startswith(os.pardir) else found.replace(os.sep, "/")


def _data(text: str) -> str:
    """As GitHub's own toolkit escapes messages (``@actions/core``, command.ts)."""
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")


def _job_summary(path: Path, rows: list[Row]) -> None:
    """Append the verdict and the broken gates; a summary that cannot be written breaks nothing."""
    from reportgen.render.gates import markdown

    try:
        with open(path, "a", encoding="utf-8") as stream:
            stream.write("\n".join(markdown(rows, SUMMARY_ROWS)) + "\n")
    except OSError as error:
        click.echo(f"GITHUB_STEP_SUMMARY: {path} cannot be written ({error.strerror})", err=True)


# -- JUnit -----------------------------------------------------------------------------------------------
def check_junit(file: str | None) -> None:
    """Refuse a file that cannot be written, before anything is measured. Raises OutputError."""
    if file is None:
        return
    path = Path(file)
    if path.is_dir() or not path.parent.is_dir():
        what = "is a folder" if path.is_dir() else f"there is no folder {path.parent}"
        raise OutputError(f"--junit: {file}: {what}; expected a file in a folder that exists")
    if not os.access(path if path.exists() else path.parent, os.W_OK):
        raise OutputError(f"--junit: {file} cannot be written; choose another file")


def write_junit(file: str | None, label: str, rows: list[Row]) -> None:
    """The gates as JUnit XML; without gates a file that says so. Raises OutputError."""
    if file is None:
        return
    from reportgen.results.files import write_atomic
    from reportgen.results.junit import junit

    try:
        write_atomic(Path(file), junit(label, rows))
    except OSError as error:
        raise OutputError(f"--junit: {file} cannot be written ({error.strerror})") from None
