"""``list functions --missing`` and ``--excluded``: what the libraries offer and the catalogue does not measure."""

from __future__ import annotations

import click

from reportgen.cli.terminal import columns


def print_missing() -> None:
    """Ask the installed libraries for their public names, and print those that nobody has decided about."""
    from reportgen.catalogue.libraries import title
    from reportgen.catalogue.surface import MISSING
    from reportgen.core.formatting import count, listing
    from reportgen.measure.surface import judged, walk_libraries

    asked = walk_libraries()
    for found in asked:
        if found["surface"] is None:
            name = title(found["library"])
            click.echo(f"{name}: {found['status']}: {found['reason']}", err=True)
    surface = judged(asked)
    for entry in surface.stale:
        click.echo(f"stale: {entry.what}", err=True)
    missing = surface.having(MISSING)
    if missing:
        columns([(name.path, name.kind) for name in missing])
        return
    names = [f"{title(library)} {version}" for library, version in surface.versions.items()]
    if names:
        total = count(len(surface.names))
        click.echo(f"nothing is missing: each of the {total} public names of {listing(names)} is measured or excluded")
    else:
        click.echo("no library could be asked for its names", err=True)


def print_excluded() -> None:
    """Every excluded name with its reason, and the namespaces that are not looked at; needs no library."""
    from reportgen.catalogue.exclusions import OUTSIDE, lists

    known = lists()
    rows = [(path, reason.group, reason.sentence) for path, reason in known.excluded.items()]
    rows += [(f"every {kind}", reason.group, reason.sentence) for kind, reason in known.kinds.items()]
    rows += [(f"{space}.*", "Not looked at", why) for spaces, why in OUTSIDE.items() for space in spaces.split(", ")]
    columns(rows)
