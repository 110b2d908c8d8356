"""What commands print: columns, the table of ``explain``, the progress of a run."""

from __future__ import annotations

from collections.abc import Sequence
from textwrap import shorten
from typing import Any

import click

REASON = 400
"""Characters of the line that says why targets were not measured; the report has the whole reason."""


def columns(rows: Sequence[tuple[str, ...]], err: bool = False) -> None:
    """Print rows as aligned columns, plain enough for other programs to read; ``err``: on stderr."""
    widths = [max(len(cell) for cell in column) for column in zip(*rows, strict=True)]
    for row in rows:
        cells = [cell.ljust(width) for cell, width in zip(row, widths, strict=True)]
        click.echo("  ".join(cells).rstrip(), err=err)


def print_missing(missing: Sequence[tuple[str, str, str]]) -> None:
    """Which targets were not measured and why, targets of one reason on one line: (target, status, reason) each."""
    reasons: dict[tuple[str, str], list[str]] = {}
    for target, status, reason in missing:
        reasons.setdefault((status, reason), []).append(target)
    for (status, reason), targets in reasons.items():
        click.echo(shorten(f"{status}: {', '.join(targets)}: {reason}", REASON, placeholder=" …"))


def print_answer(answer: dict[str, Any]) -> None:
    """The answer of ``explain`` (``docs/explain.md``) as a table."""
    exact = answer["exact"]
    click.echo(f"{answer['function']}({', '.join(answer['input'])}) in {answer['dtype']}")
    click.echo(f"exact    {exact['decimal']}")
    click.echo(f"rounded  {exact['rounded']}\n")
    rows: list[tuple[str, ...]] = [("target", "path", "output", "decimal", "ulp", "")]
    for row in answer["answers"]:
        if row["status"] == "ok":
            remark = "correctly rounded" if row["correctly_rounded"] else row["reason"]
            ulp = "" if row["ulp"] is None else str(row["ulp"])
            rows.append((row["target"], row["path"], row["output"], row["output_decimal"], ulp, remark))
        else:
            rows.append((row["target"], row["path"] or "", row["status"], "", "", row["reason"]))
    columns(rows)
    if "domains" in answer:
        print_domains(answer)


def print_domains(answer: dict[str, Any]) -> None:
    """Where the input lies in the cases of a spec, and what was measured there."""
    if not answer["domains"]:
        click.echo(f"\nno case of that spec measures {answer['function']} in {answer['dtype']}")
    for entry in answer["domains"]:
        where = "inside" if entry["inside"] else "outside"
        click.echo(f"\n{where} case {entry['case']} of {entry['spec']}: {entry['domain']}")
        if entry["version"] is None:
            click.echo("no stored version has measured it")
            continue
        changed = "" if entry["same_spec"] else ", made from another text of that spec"
        click.echo(f"version {entry['version']}{changed}")
        rows: list[tuple[str, ...]] = [("target", "largest ulp there", "at", "ulp of this input")]
        for row in entry["maxima"]:
            own = "" if row["ulp"] is None else str(row["ulp"])
            rows.append((row["target"], str(row["max_ulp"]), row["worst_input"] or "", own))
        columns(rows)


class Progress:
    """What a run says while it runs: a bar on a terminal, silence elsewhere."""

    def __init__(self, visible: bool) -> None:
        self.visible = visible
        self.bar: Any = None
        self.task: Any = None

    def tell(self, text: str) -> None:
        """Something that takes a while begins before the bar does."""
        if self.visible:
            click.echo(text, err=True)

    def start(self, total: int) -> None:
        if not self.visible:
            return
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

        columns = (BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(), TextColumn("{task.description}"))
        self.finish()
        self.bar = Progress(*columns, console=Console(stderr=True), transient=True)
        self.bar.start()
        self.task = self.bar.add_task("", total=total)

    def advance(self, text: str) -> None:
        """One more step is done; ``text`` says which."""
        if self.bar is not None:
            from rich.markup import escape

            self.bar.update(self.task, advance=1, description=escape(text))

    def finish(self) -> None:
        if self.bar is not None:
            self.bar.stop()
            self.bar = None
