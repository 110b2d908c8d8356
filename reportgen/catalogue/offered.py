"""Libraries that installed distributions offer under the entry-point group ``reportgen.libraries``.

An entry point is an object that is a :class:`reportgen.core.libraries.Library`. What cannot be loaded or would take a
name that is taken is left out with a reason; nobody who does not ask for it notices.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

from reportgen.core.calls import parse_call
from reportgen.core.libraries import Library
from reportgen.core.model import TargetSpec

GROUP = "reportgen.libraries"
"""Entry-point group in which a distribution offers a library."""

NAME = re.compile(r"[a-z][a-z0-9-]{0,31}")
TARGET_NAME = re.compile(r"[a-z][a-z0-9.-]{0,63}")
RESERVED = ("recorded",)


@dataclass(frozen=True)
class Unusable:
    """An entry point that offers nothing: its name, the distribution that it belongs to, and why."""

    name: str
    distribution: str
    reason: str

    def sentence(self) -> str:
        """One line that says all of it."""
        return f"library {self.name!r}, offered by {self.distribution}, cannot be used: {self.reason}"

    def meant_by(self, pattern: str) -> bool:
        """Whether a target of that name could be one of its own."""
        return re.split(r"[-@*?\[]", pattern, maxsplit=1)[0] == self.name or pattern == self.name


def offered(
    builtin: Mapping[str, Library], targets: Iterable[TargetSpec]
) -> tuple[dict[str, Library], tuple[Unusable, ...]]:
    """The usable libraries of all entry points by name, and the entry points that are not.

    ``builtin`` are the libraries and ``targets`` the targets whose names are taken.
    """
    known = dict(builtin)
    taken = {t.name: t.library for t in targets} | {t.name: t.library for x in builtin.values() for t in x.targets}
    found, unusable = {}, []
    points = metadata.entry_points(group=GROUP)
    for point in sorted(points, key=lambda p: (_distribution(p), p.name, p.value)):
        library, reason = _loaded(point)
        if library is not None:
            reason = _objection(library, known, taken)
        if library is None or reason:
            unusable.append(Unusable(point.name, _distribution(point), reason))
            continue
        found[library.name] = known[library.name] = library
        taken |= {t.name: library.name for t in library.targets}
    return found, tuple(unusable)


def _distribution(point: metadata.EntryPoint) -> str:
    return f"{point.dist.name} {point.dist.version}" if point.dist else "a distribution without a name"


def _loaded(point: metadata.EntryPoint) -> tuple[Library | None, str]:
    try:
        found = point.load()
    except (Exception, SystemExit) as error:  # somebody else's module may do anything at all
        said = " ".join(str(error).split())[:200]
        return None, f"{point.value} cannot be loaded ({type(error).__name__}: {said})"
    if not isinstance(found, Library):
        return None, f"{point.value} is a {type(found).__name__}, expected a reportgen.core.libraries.Library"
    return found, ""


def _objection(library: Library, known: Mapping[str, Library], taken: Mapping[str, str]) -> str:
    """Why a library cannot be taken in, in words; empty where it can."""
    try:
        return _name(library, known) or _targets(library, taken) or _adapter(library.adapter) or _calls(library)
    except (TypeError, AttributeError, ValueError) as error:
        return f"a field has the wrong type ({error})"


def _name(library: Library, known: Mapping[str, Library]) -> str:
    if not NAME.fullmatch(library.name) or library.name in RESERVED:
        return f"got the name {library.name!r}, expected lower-case letters, digits and dashes"
    if library.name in known:
        return f"the name {library.name!r} is taken by {known[library.name].title}"
    titles = {x.title.lower(): x.name for x in known.values()}
    if not library.title or library.title.lower() in titles:
        return f"the title {library.title!r} is taken, expected one of its own"
    return "everyday is for built-in libraries: it would change reports that nobody meant to change" * library.everyday


def _targets(library: Library, taken: Mapping[str, str]) -> str:
    if not library.targets:
        return "it has no targets, expected at least one"
    seen = set()
    for target in library.targets:
        if not TARGET_NAME.fullmatch(target.name) or target.version:
            return f"got the target {target.name!r}, expected lower-case letters, digits, dots and dashes, no release"
        if target.name in taken or target.name in seen:
            return f"the target {target.name!r} is taken by {taken.get(target.name, library.name)}"
        if target.library != library.name:
            return f"target {target.name!r} says library = {target.library!r}, expected {library.name!r}"
        seen.add(target.name)
    return ""


def _adapter(adapter: str) -> str:
    path, _, name = adapter.rpartition(":")
    if not Path(path).is_absolute() or not name.isidentifier():
        return f"got the adapter {adapter!r}, expected /path/to/file.py:CLASS"
    return "" if Path(path).is_file() else f"its adapter {path} does not exist"


def _calls(library: Library) -> str:
    from reportgen.catalogue.rows import all_rows

    rows = all_rows()
    for function, call in library.calls.items():
        if function not in rows:
            near = difflib.get_close_matches(function, rows, n=1, cutoff=0.5)
            hint = f"; did you mean {near[0]!r}?" if near else ""
            return f"calls name {function!r}, which is no function of the catalogue{hint}"
        if rows[function].kind != "expression":
            parse_call(call)
    return ""
