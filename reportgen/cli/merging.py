"""The command ``merge``: results of several machines as one version."""

from __future__ import annotations

import os
from functools import partial
from pathlib import Path

import click


@click.command()
@click.argument("folders", nargs=-1, metavar="DIR…")
@click.option("--label", required=True, metavar="NAME", help="Name of the merged version.")
@click.option(
    "--output", default="output", show_default=True, metavar="DIR", help="Folder that holds the published versions."
)
@click.option("--name", "names", multiple=True, metavar="DIR=NAME", help="What the machine of DIR is called.")
@click.option("--fresh", is_flag=True, help="Replace the version of that label.")
@click.option("--jobs", type=click.IntRange(1, 1024), default=None, metavar="N", help="Processes that draw at a time.")
def merge(
    folders: tuple[str, ...], label: str, output: str, names: tuple[str, ...], fresh: bool, jobs: int | None
) -> int:
    """Join results of several machines (versions, folders or results files) into one version.

    The targets of the first keep their names; where another machine has the same target, its name stands behind.
    """
    from reportgen.cli.commands import cache_dir, check_place
    from reportgen.cli.mergefiles import merge_versions
    from reportgen.render.site import render_index, render_version
    from reportgen.results.store import Pages

    check_place(Path(output), label)
    render = partial(render_version, jobs=jobs or os.cpu_count() or 1, cache=cache_dir() / "figures")
    pages = Pages(render, render_index)
    lines, folder, contradicted = merge_versions(folders, names, Path(output), label, fresh, pages)
    for line in lines:
        click.echo(line)
    click.echo(f"report: {folder / 'index.html'}")
    return 1 if contradicted else 0
