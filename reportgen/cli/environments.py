"""``environments``: build, or list, what targets with releases of their own run in."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from reportgen.core.errors import RequestError

if TYPE_CHECKING:
    from reportgen.core.model import TargetSpec
    from reportgen.measure.provision import Prepared


@click.command()
@click.argument("specs", nargs=-1, metavar="[SPEC_OR_DIR]…")
@click.option("--targets", default=None, metavar="A,B", help="These releases (BASE@VERSION) instead of those of specs.")
@click.option("--list", "listing", is_flag=True, help="Only say what is there and what would be built.")
@click.option("--lock", is_flag=True, help="Make the locks that reportgen brings again (for a checkout).")
def environments(specs: tuple[str, ...], targets: str | None, listing: bool, lock: bool) -> None:
    """Build the environments of the releases that specs name (all specs of reportgen where none is named)."""
    from reportgen.cli.commands import cache_dir
    from reportgen.cli.terminal import columns

    if lock:
        write_locks(cache_dir())
        return
    wanted = _targets(specs, targets)
    if not wanted:
        click.echo("no target of these specs names a release: nothing to build", err=True)
        return
    from reportgen.measure.provision import build_all, survey

    if listing:
        found = survey(wanted, cache_dir())
    else:
        found = build_all(wanted, cache_dir(), lambda text: click.echo(text, err=True))
    columns([_row(target, found[target.name]) for target in wanted])


def _targets(specs: tuple[str, ...], names: str | None) -> list[TargetSpec]:
    """The targets with releases of their own that the command line asks for."""
    if names is not None:
        from reportgen.measure.selection import target_names, target_specs

        if specs:
            raise RequestError("--targets stands for itself, expected no spec beside it")
        return [target for target in target_specs(target_names(names.split(","))) if target.pinned]
    from reportgen.core.plan import all_targets
    from reportgen.measure.specfile import load_specs
    from reportgen.resources import data_dir

    paths = specs or tuple(str(path) for path in sorted(data_dir("specs").glob("*.toml")))
    return [target for target in all_targets(load_specs(paths)).values() if target.pinned]


def _row(target: TargetSpec, prepared: Prepared) -> tuple[str, ...]:
    from reportgen.core.formatting import size

    recipe = prepared.recipe
    python = f"Python {recipe.python.version}" if recipe else "-"
    state = f"unavailable: {prepared.place.reason}" if prepared.place.reason else prepared.state
    return target.name, python, size(prepared.bytes) if prepared.bytes else "-", state


def write_locks(cache: Path) -> None:
    """Make the locks of :data:`reportgen.catalogue.releases.HISTORY` in the checkout again."""
    from reportgen.measure.locks import SHIPPED
    from reportgen.measure.shipped import make_locks

    if not (SHIPPED.parents[2] / "pyproject.toml").is_file():
        raise RequestError(f"--lock: {SHIPPED} belongs to an installed package, expected a checkout")
    for name, said in make_locks(SHIPPED, cache):
        click.echo(f"{name}  {said}")
