"""The command ``compare``: two stored versions, on the terminal and as HTML, Markdown and JSON."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from reportgen.cli.terminal import columns
from reportgen.core.errors import OutputError, RequestError

SHOWN = 10
"""Changes of each kind that the terminal lists."""


@click.command()
@click.argument("before", metavar="A")
@click.argument("after", metavar="B")
@click.option(
    "--output", default="output", show_default=True, metavar="DIR", help="Folder that holds the published versions."
)
@click.option(
    "--tolerance",
    default="0",
    show_default=True,
    metavar="ULP",
    help="Errors that moved by no more than this count as unchanged.",
)
@click.option("--only", multiple=True, metavar="GLOB", help="Only these functions: FUNCTION or FUNCTION:DTYPE.")
@click.option("--targets", default=None, metavar="T,U", help="Only these targets (names or globs).")
@click.option("--map", "mapped", multiple=True, metavar="OLD=NEW", help="Hold target OLD of A against target NEW of B.")
@click.option("--names", default=None, metavar="A,B", help="What to call the two, where they have one label.")
@click.option("--across-machines", is_flag=True, help="Compare although CPU, C library, threads or GPU differ.")
@click.option("--html", "as_html", default=None, metavar="FILE", help="Also write a page that needs no other file.")
@click.option("--markdown", default=None, metavar="FILE", help="Also write Markdown.")
@click.option(
    "--json", "as_json", default=None, metavar="FILE", help="Also write JSON (docs/compare.md); - for stdout."
)
@click.option("--fail-on-regression", is_flag=True, help="Exit with 1 where a figure regressed.")
@click.pass_context
def compare(ctx: click.Context, before: str, after: str, **options: Any) -> int:
    """Say what improved, regressed, is new or gone from version A to version B.

    A and B are labels of versions in the output folder, folders of versions, or results files from elsewhere.
    """
    from reportgen.core.compare import compare as judge
    from reportgen.results import summaries

    files = {key: Path(options[key]) for key in ("as_html", "markdown", "as_json") if options[key] not in (None, "-")}
    _check_files(files)
    limit = tolerance(options["tolerance"])
    mapping = pairs(options["mapped"])
    targets = [t for t in (options["targets"] or "").split(",") if t]
    if options["targets"] is not None and not targets:
        raise RequestError("--targets: got nothing, expected names or globs of targets, separated by commas")
    old, new = (summaries.load(name, Path(options["output"])) for name in (before, after))
    named(old, new, options["names"], mapping)
    data = judge(old, new, limit, options["across_machines"], options["only"], targets, mapping)
    _write(data, files)
    if options["as_json"] == "-":
        click.echo(as_json(data), nl=False)
    else:
        show(data)
    for path in files.values():
        click.echo(f"written: {path}", err=True)
    return 1 if options["fail_on_regression"] and data["counts"]["regressed"] else 0


def tolerance(text: str) -> float:
    """A number of ulps, not negative. Raises RequestError."""
    try:
        value = float(text)
    except ValueError:
        value = float("nan")
    if not 0 <= value < float("inf"):
        raise RequestError(f"--tolerance: got {text!r}, expected a number of ulps, 0 or more")
    return value


def pairs(texts: tuple[str, ...]) -> dict[str, str]:
    """``OLD=NEW`` texts as a mapping; each name stands once. Raises RequestError."""
    found: dict[str, str] = {}
    for text in texts:
        old, equals, new = text.partition("=")
        if not (old and equals and new) or old in found or new in found.values():
            raise RequestError(f"--map: got {text!r}, expected OLD=NEW, and each target once")
        found[old] = new
    return found


def named(old: dict[str, Any], new: dict[str, Any], names: str | None, mapping: dict[str, str]) -> None:
    """Give the two their names; two targets of one version have those of the targets.

    Raises RequestError where two different versions would have one name.
    """
    if names is not None:
        found = [name.strip() for name in names.split(",")]
        if len(found) != 2 or not all(found) or found[0] == found[1]:
            raise RequestError(f"--names: got {names!r}, expected two different names, separated by a comma")
        old["label"], new["label"] = found
    elif old["label"] == new["label"] and old["digest"] != new["digest"]:
        raise RequestError(
            f"both versions have the label {old['label']!r} and differ in content (measured {old['time']} and "
            f"{new['time']}); tell them apart with --names OLD,NEW"
        )
    elif old["label"] == new["label"] and len(mapping) == 1:
        ((first, second),) = mapping.items()
        known = {str(t["name"]) for t in old["targets"]}
        if first != second and {first, second} <= known:
            old["label"], new["label"] = first, second


def _check_files(files: dict[str, Path]) -> None:
    """Refuse before anything is read what could not be written afterwards. Raises OutputError, RequestError."""
    if len({path.absolute() for path in files.values()}) < len(files):
        raise RequestError("--html, --markdown and --json: got one file twice, expected a file each")
    for path in files.values():
        if path.is_dir() or not path.absolute().parent.is_dir():
            what = "is a folder" if path.is_dir() else f"{path.parent} is no folder"
            raise OutputError(f"{path}: cannot be written ({what}); expected a file in an existing folder")


def _write(data: dict[str, Any], files: dict[str, Path]) -> None:
    from reportgen.render import comparison
    from reportgen.render.comparisonnotes import markdown_page
    from reportgen.results.files import write_atomic

    made = {"as_html": comparison.standalone, "markdown": markdown_page, "as_json": as_json}
    for key, path in files.items():
        try:
            write_atomic(path, made[key](data))
        except OSError as error:
            raise OutputError(f"{path}: cannot be written ({error.strerror})") from None


def as_json(data: dict[str, Any]) -> str:
    """The comparison as JSON text, one key a line."""
    import json

    return json.dumps(data, indent=1, ensure_ascii=False, allow_nan=False) + "\n"


def show(data: dict[str, Any]) -> None:
    """The verdict, the counts, the largest changes, and why figures were not compared."""
    from reportgen.core.formatting import count, plural
    from reportgen.render import comparison

    page = comparison.comparison_page(data)
    click.echo(page.verdict)
    columns([(name, count(data["counts"][name])) for name in ("unchanged", "new", "gone", "incomparable")])
    for title, verdict in (("Regressed", "regressed"), ("Improved", "improved")):
        found = comparison.led(data, verdict)
        if not found:
            continue
        click.echo(f"\n{title}")
        head = ("function", "dtype", "target", "where", "what", data["before"], data["after"], "")
        columns([head, *(_cells(x) for x in found[:SHOWN])])
        if len(found) > SHOWN:
            click.echo(f"… and {plural(len(found) - SHOWN, 'more combination')} of function, dtype and target")
    for sentence in page.sentences:
        click.echo(f"\n{sentence}")


def _cells(x: Any) -> tuple[str, ...]:
    from reportgen.render import comparison

    row = x.row
    sides = (
        comparison.value(row["before"], row["what"], row["after"]),
        comparison.value(row["after"], row["what"], row["before"]),
    )
    more = f"and {x.more} more" if x.more else ""
    return (row["function"], row["dtype"], row["target"], comparison.place(row), comparison.what(row), *sides, more)
