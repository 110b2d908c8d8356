"""The command line; see ``shell.py`` for exit codes, ``commands.py`` for the commands."""

from reportgen.cli.shell import entry, main

__all__ = ["entry", "main"]
