"""The commands and their options.

Only click is imported at the top; everything else is loaded by the command that needs it, so that ``--help`` and
``list`` answer at once.
"""

from __future__ import annotations

import difflib
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from reportgen import __version__
from reportgen.cli import comparing, merging, publishing
from reportgen.cli.environments import environments
from reportgen.cli.terminal import Progress, columns, print_missing
from reportgen.core.errors import OutputError, RequestError

if TYPE_CHECKING:
    from reportgen.core.model import RunSummary, Spec

MEASURED_DEPTHS = ("quick",)
LATER = {
    "tolerance": "suggesting a test tolerance",
}
"""Commands that the contract names and that a later version brings."""


def cache_dir() -> Path:
    """``$REPORTGEN_CACHE``, else ``$XDG_CACHE_HOME/reportgen``, else ``~/.cache/reportgen``."""
    if os.environ.get("REPORTGEN_CACHE"):
        return Path(os.environ["REPORTGEN_CACHE"])
    base = os.environ.get("XDG_CACHE_HOME")
    return (Path(base) if base else Path.home() / ".cache") / "reportgen"


class MainGroup(click.Group):
    """A group whose first argument may be a command or, for the default command ``run``, anything else."""

    own = ("--help", "--version")

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        if not args or (args[0] not in self.commands and args[0] not in self.own):
            args = ["run", *args]
        return super().parse_args(ctx, args)

    def format_usage(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        formatter.write_usage(ctx.command_path, "[OPTIONS] [SPEC_OR_DIR]…")
        formatter.write_usage(ctx.command_path, "COMMAND …", prefix="       ")

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        rows = [row for param in run.get_params(ctx) if (row := param.get_help_record(ctx))]
        rows = [row for row in rows if row[0].startswith("--") and row[0] != "--help"]
        with formatter.section("Options"):
            formatter.write_dl([*rows, ("--version", "Show the version of reportgen."), ("--help", "Show this text.")])
        shown = [name for name in self.list_commands(ctx) if name != "run"]
        with formatter.section("Further commands"):
            formatter.write_dl([(name, self.commands[name].get_short_help_str(90)) for name in shown])


@click.group(cls=MainGroup, context_settings={"max_content_width": 110})
@click.version_option(__version__, message="reportgen %(version)s")
def cli() -> None:
    """Measure how accurate NumPy and TensorFlow functions are, as spec files ask, and publish a versioned report.

    SPEC_OR_DIR is a spec file or a folder of them; without one, the specs that reportgen comes with are measured.
    """


def output_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """``--output``, the same for every command that has it."""
    return click.option(
        "--output", default="output", show_default=True, metavar="DIR", help="Folder that holds the published versions."
    )(command)


@cli.command("run")
@click.argument("specs", nargs=-1, metavar="[SPEC_OR_DIR]…")
@click.option("--depth", default="quick", show_default=True, metavar="NAME", help="quick, standard or exhaustive.")
@click.option("--targets", default=None, metavar="A,B", help="Only these targets (names or globs).")
@click.option("--only", multiple=True, metavar="GLOB", help="Only these functions: FUNCTION or FUNCTION:DTYPE.")
@output_option
@click.option("--label", default="dev", show_default=True, metavar="VERSION", help="Name of the version.")
@click.option(
    "--baseline",
    default=None,
    metavar="VERSION",
    help="Version, folder or results file to compare with; what became worse breaks the gate.",
)
@click.option("--jobs", type=click.IntRange(1, 1024), default=None, metavar="N", help="Worker processes at a time.")
@click.option("--scheduler", default=None, metavar="ADDRESS", help="Dask scheduler (a later reportgen).")
@click.option("--fresh", is_flag=True, help="Measure everything again and replace the version of that label.")
@click.option("--junit", default=None, metavar="FILE", help="Write what was expected and what broke as JUnit XML.")
@click.option("--quiet", is_flag=True, help="No progress and no summary, only where the report is and what broke.")
def run(specs: tuple[str, ...], depth: str, output: str, label: str, quiet: bool, **options: Any) -> int:
    """Measure specs and publish the report (what happens where no command is named)."""
    _refuse_later(depth, options["scheduler"])
    if options["baseline"] == "":
        raise RequestError("--baseline: got an empty name, expected a label, a folder or a results file")
    check_place(Path(output), label)
    from reportgen.cli.gates import check_junit

    check_junit(options["junit"])
    from reportgen.measure.specfile import load_specs
    from reportgen.resources import data_dir

    loaded = load_specs(_existing(specs) or [data_dir("specs")])
    from reportgen.measure.selection import narrow

    names = tuple(word.strip() for word in options["targets"].split(",")) if options["targets"] is not None else None
    chosen, targets, only = narrow(loaded, names, options["only"])
    from reportgen.core.model import RunRequest

    request = RunRequest(
        output=output,
        cache_dir=str(cache_dir()),
        label=label,
        depth=depth,
        targets=targets,
        only=only,
        jobs=options["jobs"],
        fresh=options["fresh"],
        baseline=options["baseline"] or "",
    )
    return _measure(chosen, request, quiet, options["junit"])


def _measure(specs: list[Spec], request: Any, quiet: bool, junit: str | None = None) -> int:
    from functools import partial

    from reportgen.cli.gates import report_gates, write_junit
    from reportgen.measure.engine import default_jobs
    from reportgen.measure.runner import run as measure
    from reportgen.render.site import render_index, render_version
    from reportgen.results.store import Pages

    render = partial(render_version, jobs=request.jobs or default_jobs(), cache=cache_dir() / "figures")
    progress = Progress(visible=not quiet and sys.stdout.isatty() and sys.stderr.isatty())
    try:
        summary = measure(specs, request, progress, Pages(render, render_index))
    finally:
        progress.finish()
    _report(summary, quiet)
    report_gates(summary.gates, str(Path(summary.folder) / "gates.html"), quiet)
    write_junit(junit, summary.label, summary.gates)
    if summary.statuses.get("failed", 0) or summary.statuses.get("timeout", 0):
        return 3
    return 1 if summary.broken else 0


def _report(summary: RunSummary, quiet: bool) -> None:
    if not quiet:
        counts = ", ".join(f"{count} {status}" for status, count in summary.statuses.items() if count)
        state = "nothing changed" if summary.unchanged else f"version {summary.label}"
        click.echo(f"{state}: {counts or 'no results'} in {summary.seconds:.1f} s")
        print_missing(summary.missing)
    click.echo(f"report: {summary.index}")


def _refuse_later(depth: str, scheduler: str | None) -> None:
    from reportgen.core.model import DEPTHS

    if depth not in DEPTHS:
        raise RequestError(f"--depth: got {depth!r}, expected one of {', '.join(DEPTHS)}")
    if depth not in MEASURED_DEPTHS:
        raise RequestError(f"--depth: reportgen {__version__} measures at quick; {depth} comes with a later version")
    if scheduler is not None:
        raise RequestError(f"--scheduler: reportgen {__version__} runs on this machine; a later version uses Dask")


def check_place(output: Path, label: str) -> None:
    """Refuse a label or an output folder that cannot be used, before anything is measured; leaves no trace."""
    from reportgen.results.store import check_label, check_output

    check_label(label)
    check_output(output)
    _probe(output, "--output")
    _probe(cache_dir(), "the cache (REPORTGEN_CACHE)")


def _probe(folder: Path, what: str) -> None:
    """Write and remove a file where ``folder`` is or would be made: permissions alone do not tell (read-only disks)."""
    import tempfile

    place = folder.absolute()
    while not place.exists() and place != place.parent:
        place = place.parent
    try:
        with tempfile.TemporaryFile(dir=place):
            pass
    except OSError as error:
        raise OutputError(f"{what}: {folder} cannot be written ({error.strerror}); choose another folder") from None


def _existing(specs: tuple[str, ...]) -> list[str]:
    """The spec paths; a word that is no path but nearly a command gets told so."""
    for word in specs:
        if not word.strip():
            raise RequestError(f"got {word!r} as a spec, expected a spec file or a folder of them")
        near = difflib.get_close_matches(word, [name for name in cli.commands if name != "run"], n=1, cutoff=0.7)
        if near and not os.path.lexists(word):
            raise RequestError(f"{word}: no such file or folder and no command; did you mean {near[0]!r}?")
    return list(specs)


@cli.command()
@click.argument("versions", nargs=-1, metavar="[VERSION]…")
@output_option
@click.option("--jobs", type=click.IntRange(1, 1024), default=None, metavar="N", help="Processes that draw at a time.")
def render(versions: tuple[str, ...], output: str, jobs: int | None) -> None:
    """Make the pages of stored versions again, without measuring."""
    from reportgen.results.store import list_versions

    known = [str(version["label"]) for version in list_versions(Path(output))]
    if not known:
        raise RequestError(f"{output}: no version is stored there, expected at least one results.json")
    for label in versions:
        if label not in known:
            raise RequestError(f"{output}: unknown version {label!r}, expected one of {', '.join(known)}")
    check_place(Path(output), "dev")
    for label in versions or known:
        _render_again(Path(output), label, jobs or os.cpu_count() or 1)
        click.echo(f"report: {Path(output) / label / 'index.html'}")


def _render_again(output: Path, label: str, jobs: int) -> None:
    """Put freshly made pages beside the data of a stored version; readers see the old pages or the new ones."""
    from reportgen.render.comparison import load
    from reportgen.render.site import render_index, render_version
    from reportgen.results import files, integrity, store

    folder = output / label
    document = store.read_version(output, label)
    for prefix in ("profiles/", "comparison.json"):
        integrity.check_whole(folder, prefix)
    names = sorted(path.stem for path in (folder / "profiles").glob("*.json"))
    profiles = {name: store.read_profile(folder, name) for name in names}
    with files.staging(output, label) as staged:
        store.write_data(staged, document, profiles, load(folder))
        render_version(staged, jobs=jobs, cache=cache_dir() / "figures")
        store.seal(staged, label)
        files.publish_folder(staged, folder)
    store.refresh_index(output, render_index)


@cli.group("list")
def list_group() -> None:
    """List functions, targets or versions."""


@list_group.command("functions")
@click.option("--missing", is_flag=True, help="The libraries' public names that are neither measured nor excluded.")
@click.option("--excluded", is_flag=True, help="The public names that are not measured, with the reason.")
def list_functions(missing: bool, excluded: bool) -> None:
    """The functions of the catalogue: name, aliases, family, what it computes."""
    if missing and excluded:
        raise RequestError("--missing and --excluded contradict each other, expected one of them")
    if missing or excluded:
        from reportgen.cli.names import print_excluded, print_missing

        (print_missing if missing else print_excluded)()
        return
    from reportgen.catalogue.rows import all_rows

    rows = [(", ".join((row.name, *row.aliases)), row.family, row.sentence) for row in all_rows().values()]
    columns(rows)


@list_group.command("targets")
def list_targets() -> None:
    """The targets that specs can name."""
    from reportgen.catalogue.targets import builtin_targets

    columns([(target.name, target.device, target.sentence) for target in builtin_targets().values()])


@list_group.command("versions")
@output_option
def list_stored(output: str) -> None:
    """The versions in the output folder, newest first."""
    from reportgen.core.formatting import plural
    from reportgen.render.versionlist import shortened
    from reportgen.results.store import list_versions

    rows = []
    for version in list_versions(Path(output)):
        count = version.get("functions")
        what = version.get("error") or f"{plural(count, 'function')} on {shortened(version['targets'])}"
        rows.append((str(version["label"]), str(version.get("date", "")), what))
    if not rows:
        click.echo(f"{output}: no version is stored there", err=True)
    columns(rows)


@cli.command()
def doctor() -> None:
    """Say what this machine can measure, and what to install for the rest."""
    from reportgen.measure.environments import doctor_report
    from reportgen.measure.inventory import inventory

    findings = doctor_report() + inventory(cache_dir())
    columns([("yes" if item.ok else "no", item.what, item.found) for item in findings])
    missing = [(item.what, item.how) for item in findings if not item.ok and item.how]
    if missing:
        click.echo("\nFor the rest:")
        columns(missing)


@cli.command()
@click.argument("function")
@click.option(
    "--dtype", required=True, metavar="D", help="float16, bfloat16, float32, float64, complex64 or complex128."
)
@click.option(
    "--x", "first", required=True, metavar="VALUE", help="The argument: a decimal, 0x…p… or bits:…; complex: re,im."
)
@click.option("--x2", "second", default=None, metavar="VALUE", help="The second argument.")
@click.option("--x3", "third", default=None, metavar="VALUE", help="The third argument.")
@click.option("--targets", default=None, metavar="A,B", help="Only these targets (names or globs).")
@click.option("--spec", "spec_file", default=None, metavar="FILE", help="Say which of that spec's cases contain it.")
@click.option("--output", default="output", show_default=True, metavar="DIR", help="With --spec: published versions.")
@click.option("--json", "as_json", is_flag=True, help="The answer as JSON (schema: docs/explain.md).")
def explain(
    function: str, dtype: str, first: str, second: str | None, targets: str | None, as_json: bool, **where: str
) -> None:
    """Show one input on every target and path beside the exact value."""
    from reportgen.measure.selection import one_input, target_names

    name, values = one_input(function, dtype, first, second, where["third"])
    names = target_names(targets.split(",")) if targets is not None else None
    from reportgen.measure.specfile import read_spec

    spec = read_spec(where["spec_file"]) if where["spec_file"] is not None else None
    from reportgen.measure.explain import explain as ask

    answer = ask(name, dtype, values, names, cache_dir())
    if spec is not None:
        from reportgen.measure.domains import domains

        answer["domains"] = domains(spec, where["output"], answer)
    if as_json:
        import json

        click.echo(json.dumps(answer, indent=1, ensure_ascii=False, allow_nan=False))
        return
    from reportgen.cli.terminal import print_answer

    print_answer(answer)


def _later(name: str, what: str) -> click.Command:
    """A command that says in one line that a later version brings it, whatever it is given."""

    def refuse(ctx: click.Context) -> None:
        raise RequestError(f"{name}: reportgen {__version__} has no {what}; it comes with a later version")

    return click.Command(
        name,
        callback=click.pass_context(refuse),
        context_settings={"ignore_unknown_options": True, "allow_extra_args": True, "help_option_names": []},
        short_help=f"{what.capitalize()} (a later version).",
    )


for _name, _what in LATER.items():
    cli.add_command(_later(_name, _what))
cli.add_command(comparing.compare)
cli.add_command(merging.merge)
for _command in (*publishing.COMMANDS, environments):
    cli.add_command(_command)
