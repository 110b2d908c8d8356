"""Is anything left out? Every public name of the libraries against the catalogue and the list of exclusions.

Pure: takes what a worker found (``worker/surface.py``) and says of each name whether a row of the catalogue measures
it, whether it is excluded and why, or whether it is missing. Names of one and the same object share their fate.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from reportgen.catalogue.rows import FunctionRow
from reportgen.core.calls import parse_call

CATALOGUE, EXCLUDED, MISSING = "catalogue", "excluded", "missing"


@dataclass(frozen=True)
class Reason:
    """Why names are not measured: the heading under which they are listed, and a sentence."""

    group: str
    sentence: str


@dataclass(frozen=True)
class Lists:
    """What people decided: ``excluded`` and ``equivalent`` by dotted path, ``kinds`` by kind of object.

    ``equivalent`` maps a path to another one that computes the same (tested by running both); ``checked`` names the
    release of each library with which the lists were compared last.
    """

    excluded: Mapping[str, Reason]
    equivalent: Mapping[str, str]
    kinds: Mapping[str, Reason]
    checked: Mapping[str, str]


@dataclass(frozen=True)
class Name:
    """One public name. ``functions`` are rows of the catalogue, ``via`` the equivalent path that they measure."""

    library: str
    namespace: str
    name: str
    kind: str
    status: str
    functions: tuple[str, ...] = ()
    via: str | None = None
    reason: Reason | None = None

    @property
    def path(self) -> str:
        return f"{self.namespace}.{self.name}"


@dataclass(frozen=True)
class Stale:
    """An entry of the lists that no longer fits; ``gone`` where it names what this release does not have."""

    path: str
    gone: bool
    what: str


@dataclass
class Surface:
    """All public names, in the walk's order, and the entries of the lists that no longer fit."""

    versions: dict[str, str] = field(default_factory=dict)
    namespaces: list[tuple[str, str]] = field(default_factory=list)
    names: list[Name] = field(default_factory=list)
    stale: list[Stale] = field(default_factory=list)

    def having(self, status: str) -> list[Name]:
        return [name for name in self.names if name.status == status]


def measured_paths(rows: Iterable[FunctionRow]) -> dict[str, tuple[str, ...]]:
    """The libraries' dotted paths that rows call, each with the names of these rows.

    Expressions call functions that have rows of their own, and count for none.
    """
    found: dict[str, tuple[str, ...]] = {}
    for row in rows:
        if row.kind == "expression":
            continue
        for text in (row.numpy, row.tensorflow, row.scipy):
            if text is not None:
                path = parse_call(text).path
                found[path] = tuple(dict.fromkeys((*found.get(path, ()), row.name)))
    return found


class _Library:
    """One library's walk with its names by path and by object."""

    def __init__(self, walk: Mapping[str, Any], paths: Mapping[str, tuple[str, ...]]) -> None:
        self.name = str(walk["library"])
        self.objects: dict[str, int] = {}
        self.walked = [space["name"] for space in walk["namespaces"] if space["names"]]
        for space in walk["namespaces"]:
            for name, _, number in space["names"]:
                self.objects[f"{space['name']}.{name}"] = number
        self.paths = paths
        self.rows: dict[int, tuple[str, ...]] = {}
        for path, names in paths.items():
            if path in self.objects:
                number = self.objects[path]
                self.rows[number] = tuple(dict.fromkeys((*self.rows.get(number, ()), *names)))

    def functions(self, path: str) -> tuple[str, ...]:
        """The rows that measure the object at ``path``, which may lie outside the namespaces that were walked."""
        number = self.objects.get(path)
        return self.paths.get(path, ()) if number is None else self.rows.get(number, ())

    def holds(self, path: str) -> bool:
        """Whether ``path`` would be one of the walked names of this library."""
        return path.rpartition(".")[0] in self.walked


def judge(walks: Sequence[Mapping[str, Any]], rows: Iterable[FunctionRow], lists: Lists) -> Surface:
    """Every name of the walks with its status, and what is stale in ``lists``."""
    paths = measured_paths(rows)
    surface = Surface()
    for walk in walks:
        library = _Library(walk, paths)
        excluded = {library.objects[p]: r for p, r in lists.excluded.items() if p in library.objects}
        surface.versions[library.name] = str(walk["version"])
        for space in walk["namespaces"]:
            surface.namespaces.append((library.name, space["name"]))
            for name, kind, number in space["names"]:
                path = f"{space['name']}.{name}"
                surface.names.append(_judged(library, path, kind, excluded.get(number), lists))
        surface.stale += _stale(library, lists)
    return surface


def _judged(library: _Library, path: str, kind: str, excluded: Reason | None, lists: Lists) -> Name:
    namespace, _, name = path.rpartition(".")
    functions, via = library.functions(path), None
    if not functions:
        via = _equivalent(library, path, lists)
        functions = library.functions(via) if via else ()
    if functions:
        return Name(library.name, namespace, name, kind, CATALOGUE, functions, via)
    reason = excluded or lists.kinds.get(kind)
    if reason is not None:
        return Name(library.name, namespace, name, kind, EXCLUDED, reason=reason)
    return Name(library.name, namespace, name, kind, MISSING)


def _equivalent(library: _Library, path: str, lists: Lists) -> str | None:
    """The path that computes the same as ``path``, stated for it or for another name of the same object."""
    if path in lists.equivalent:
        return lists.equivalent[path]
    number = library.objects[path]
    return next((to for p, to in lists.equivalent.items() if library.objects.get(p) == number), None)


def _stale(library: _Library, lists: Lists) -> list[Stale]:
    """Entries about this library that name nothing, or what the catalogue measures by itself."""
    out = []
    for path in (*lists.excluded, *lists.equivalent):
        if not library.holds(path):
            continue
        listed = "excluded" if path in lists.excluded else "said to be equivalent"
        if path not in library.objects:
            out.append(Stale(path, True, f"{path} is {listed}, and this release has no such name"))
        elif library.functions(path):
            rows = ", ".join(library.functions(path))
            out.append(Stale(path, False, f"{path} is {listed}, and the catalogue measures it as {rows}"))
        elif path in lists.excluded and _equivalent(library, path, lists):
            out.append(Stale(path, False, f"{path} is excluded, and said to be equivalent as well"))
    return out


def complaint(surface: Surface, lists: Lists) -> str:
    """What has to be done about the lists, in words; empty where nothing has to.

    An entry whose name this release lacks is a fault only in the release with which the lists were compared last.
    """
    lines = []
    for library, version in surface.versions.items():
        missing = [n for n in surface.having(MISSING) if n.library == library]
        if missing:
            known = lists.checked.get(library, "")
            since = "" if known == version else f" (the lists were last compared with {known or 'no release'})"
            lines.append(f"{library} {version}{since}: neither in the catalogue nor excluded:")
            lines += [f"  {n.path} ({n.kind})" for n in missing]
    lines += [f"stale: {s.what}" for s in surface.stale if not s.gone or _checked(s.path, surface, lists)]
    if lines:
        lines.append("Add a row to reportgen/catalogue/ or a reason to reportgen/catalogue/exclusions_*.py.")
    return "\n".join(lines)


def _checked(path: str, surface: Surface, lists: Lists) -> bool:
    library = path.partition(".")[0]
    return lists.checked.get(library) == surface.versions.get(library)
