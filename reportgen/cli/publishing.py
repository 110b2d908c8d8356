"""Commands for what leaves the output folder and what comes back: ``attach``, ``publish``, ``restore``."""

from __future__ import annotations

from pathlib import Path

import click

from reportgen.core.errors import RequestError

OUTPUT = click.option(
    "--output", default="output", show_default=True, metavar="DIR", help="Folder that holds the published versions."
)


@click.command()
@click.argument("version", required=False, metavar="[VERSION]")
@OUTPUT
@click.option("--to", required=True, metavar="FOLDER", help="Where the files go; replaced if it holds such files.")
def attach(version: str | None, output: str, to: str) -> None:
    """Collect the files that a release carries: notes, results, the zip, their checksums."""
    from reportgen.core.formatting import size
    from reportgen.results import listing, publishing, store

    known = store.list_versions(Path(output))
    labels = [str(entry["label"]) for entry in known]
    label = version or listing.newest(known)
    if label is None or label not in labels:
        raise RequestError(
            f"{output}: unknown version {label!r}, expected one of {', '.join(labels)}"
            if label
            else f"{output}: no version is stored there, expected at least one results.json"
        )
    written = publishing.attach(Path(output), label, Path(to))
    for path in written:
        click.echo(f"{path}  {size(path.stat().st_size)}")
    others = " ".join(_shell(path) for path in written)
    click.echo(f"gh release create {label} --title {label} --notes-file {_shell(written[0])} {others}")


def _shell(path: Path) -> str:
    import shlex

    return shlex.quote(str(path))


@click.command()
@OUTPUT
@click.option("--to", required=True, metavar="FOLDER", help="Where the site goes; an earlier copy is replaced.")
@click.option(
    "--base-url", default=None, metavar="URL", help="Address of the site, for version switchers that need it whole."
)
def publish(output: str, to: str, base_url: str | None) -> None:
    """Copy the site for a web server: all versions, no links, versions.json with addresses."""
    from reportgen.core.formatting import size
    from reportgen.render.site import render_index
    from reportgen.results import listing, publishing

    base = listing.base_url(base_url) if base_url is not None else ""
    site = publishing.publish(Path(output), Path(to), base, render_index)
    click.echo(f"site: {site.folder / 'index.html'} ({', '.join(site.labels)}; {size(site.size)})")
    if site.size > publishing.PAGES_LIMIT:
        limit = size(publishing.PAGES_LIMIT)
        click.echo(f"note: GitHub Pages accepts {limit}; leave older versions to their releases", err=True)


@click.command()
@click.argument("archives", nargs=-1, required=True, metavar="ZIP…")
@OUTPUT
def restore(archives: tuple[str, ...], output: str) -> None:
    """Put versions back into the output folder from the zips that releases carry."""
    from reportgen.render.site import render_index
    from reportgen.results import publishing, store

    store.check_output(Path(output))
    done = 0
    try:
        for archive in archives:
            label, new = publishing.restore(Path(archive), Path(output))
            done += new
            click.echo(f"{label}: {Path(output) / label}{'' if new else ' (was there already)'}")
    finally:
        if done:
            store.refresh_index(Path(output), render_index)


COMMANDS = (attach, publish, restore)
