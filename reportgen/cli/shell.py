"""One command line, one exit code: the only place that catches.

0 done, 1 a gate failed, 2 the request was wrong, 3 a case ended ``failed`` or ``timeout`` (or reportgen itself has a
defect), 130 interrupted. Every error is one line on stderr; ``docs/messages.md`` explains the word in brackets.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn

import click

from reportgen.cli.commands import cache_dir, cli
from reportgen.core.errors import ReportgenError


def entry() -> NoReturn:
    """The console script: run the command line and end the process with its exit code."""
    sys.exit(main(sys.argv[1:]))


def main(argv: Sequence[str]) -> int:
    """Run one command line and return its exit code; every error becomes one line on stderr."""
    try:
        result = cli.main(args=list(argv), prog_name="reportgen", standalone_mode=False)
        sys.stdout.flush()
        return result if isinstance(result, int) else 0
    except ReportgenError as error:
        return _say(f"{error} [{error.slug}]", error.exit_code)
    except click.ClickException as error:
        return _say(f"{' '.join(error.format_message().split())} [usage]", 2)
    except (KeyboardInterrupt, click.Abort):
        click.echo("\nreportgen: interrupted; nothing was published", err=True)
        return 130
    except (BrokenPipeError, SystemExit):  # the reader has seen enough (click turns EPIPE into SystemExit)
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except Exception as error:
        what = " ".join(f"{type(error).__name__}: {error}".split())
        return _say(f"this is a defect of reportgen: {what}; traceback in {_keep_traceback()} [bug]", 3)


def _say(message: str, code: int) -> int:
    click.echo(f"reportgen: error: {message}", err=True)
    return code


def _keep_traceback() -> str:
    import tempfile
    import traceback

    for folder in (cache_dir(), Path(tempfile.gettempdir())):
        try:
            folder.mkdir(parents=True, exist_ok=True)
            path = folder / "reportgen-traceback.txt"
            path.write_text(traceback.format_exc(), encoding="utf-8")
            return str(path)
        except OSError:
            continue
    return "no file, because none could be written"
