"""One base class for everything a user can have got wrong; ``docs/messages.md`` explains every slug."""

from __future__ import annotations


class ReportgenError(Exception):
    """A one-line message for the user, with a stable slug.

    ``slug`` names the entry in ``docs/messages.md``; ``exit_code`` is what the command line returns.
    Only :mod:`reportgen.cli` catches it.
    """

    slug = "error"
    exit_code = 2

    def __init__(self, message: str) -> None:
        super().__init__(" ".join(str(message).split()))


class SpecError(ReportgenError):
    """A spec file that cannot be understood: ``file:line: key: what was got, what was expected``."""

    slug = "spec"

    def __init__(self, path: str, line: int, key: str, message: str) -> None:
        self.path, self.line, self.key = path, line, key
        where = f"{path}:{line}: " if line else f"{path}: "
        super().__init__(f"{where}{key + ': ' if key else ''}{message}")


class RequestError(ReportgenError):
    """A command-line request that contradicts itself or names something that does not exist."""

    slug = "request"


class ValueSyntaxError(RequestError):
    """A number on the command line or in a spec that is ambiguous or not representable."""

    slug = "value"


class OutputError(ReportgenError):
    """The output or cache folder cannot be used as asked."""

    slug = "output"


class StoredResultError(ReportgenError):
    """A stored results file that is missing, cut off, edited, or of a newer schema."""

    slug = "stored"


class OracleDisagreement(ReportgenError):  # noqa: N818 - the word of the design
    """Two independent sources of the exact value disagree: the report stops rather than print either."""

    slug = "oracle"
    exit_code = 3
