"""Environments of their own for targets that ask for a release: interpreter and pinned packages, made once, reused."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from packaging.utils import canonicalize_name

from reportgen.catalogue.libraries import libraries, title
from reportgen.catalogue.releases import SOURCES_REFUSED, release_of, requirements
from reportgen.core.errors import RequestError
from reportgen.core.formatting import plural
from reportgen.core.model import Place, TargetSpec
from reportgen.measure import locks, pythons, uv, venvs
from reportgen.measure.environments import gpu_devices

Item = TypeVar("Item")
Result = TypeVar("Result")

FOLDER = "environments"
AT_ONCE = 4
"""Builds at a time: they wait for the network more than for the processor."""


class PinError(RequestError):
    """Packages of a target's environment that do not exist or contradict each other."""

    slug = "pins"


class HashError(RequestError):
    """A file of the package index is not the one that the lock names."""

    slug = "hash"


@dataclass(frozen=True)
class Wish:
    """What the environment of a target must hold; targets of one release and device have equal wishes.

    ``pythons`` are the interpreters that will do, the best first; ``chosen``: the spec names the one itself.
    """

    library: str
    version: str
    pythons: tuple[str, ...]
    wanted: tuple[str, ...]
    chosen: bool
    gpu: bool

    @property
    def title(self) -> str:
        return f"{title(self.library)} {self.version}"


@dataclass
class Prepared:
    """What became of a target: ``place`` says where it runs or why not.

    ``state`` is empty for a target of reportgen's own environment, else ``ready``, ``built in … s``, ``not built`` or
    ``unavailable``; ``bytes`` is the size of what is installed.
    """

    place: Place
    recipe: venvs.Recipe | None = None
    state: str = ""
    bytes: int = 0


def prepare(
    targets: Iterable[TargetSpec], cache: Path, tell: Callable[[str], None] = lambda text: None
) -> dict[str, Place]:
    """Where each target runs, by its name; environments that are missing in ``cache`` are made first.

    Targets without a version of their own run in reportgen's environment (an empty :class:`Place`). ``tell`` is handed
    what is being done, in a few words. Raises PinError for packages that do not exist or contradict each other, before
    anything is built, and HashError for a package that is not the one of the lock; every other trouble is the
    ``reason`` of a place.
    """
    return {name: found.place for name, found in build_all(targets, cache, tell).items()}


def build_all(targets: Iterable[TargetSpec], cache: Path, tell: Callable[[str], None]) -> dict[str, Prepared]:
    """:func:`prepare` with all that is known of each environment."""
    asked = {target.name: target for target in targets}
    found = survey(asked.values(), cache, tell, compiling=True)
    root = cache.absolute() / FOLDER
    names = {p.recipe.identity: name for name, p in reversed(found.items()) if p.recipe and p.state == "not built"}
    if not names:
        return found
    tell(f"building {plural(len(names), 'environment')}")

    def build(name: str) -> tuple[dict[str, Any] | None, uv.Ending]:
        recipe = found[name].recipe
        assert recipe is not None
        try:
            marker, ending = venvs.build(recipe, root / recipe.identity)
        except OSError as error:
            return None, uv.Ending("failed", said=f"{root} cannot be written: {error.strerror}")
        tell(f"environment of {name} built in {marker['seconds']:.1f} s" if marker else f"{name}: {ending.said}")
        return marker, ending

    endings = dict(zip(names, _together(build, names.values()), strict=True))
    for name, prepared in found.items():
        if prepared.recipe is not None and prepared.recipe.identity in endings:
            marker, ending = endings[prepared.recipe.identity]
            if ending.kind == "hash":
                raise HashError(f"target {name}: a package is not the file that its lock names: {ending.said}")
            _settle(asked[name], prepared, root, marker, ending)
    return found


def _settle(
    target: TargetSpec, prepared: Prepared, root: Path, marker: dict[str, Any] | None, ending: uv.Ending
) -> None:
    """Note in ``prepared`` what came of the build for that target."""
    recipe = prepared.recipe
    assert recipe is not None
    if marker is None:
        what = f"{title(target.library)} {target.version} on Python {recipe.python.minor}"
        prepared.place, prepared.state = Place(reason=_reason(what, ending)), "unavailable"
        return
    prepared.place = place_of(recipe, root)
    prepared.state, prepared.bytes = f"built in {marker['seconds']:.1f} s", marker["bytes"]


def survey(
    targets: Iterable[TargetSpec], cache: Path, tell: Callable[[str], None] = lambda text: None, compiling: bool = False
) -> dict[str, Prepared]:
    """Lock, interpreter and state of each target's environment; nothing is built.

    ``compiling``: locks that are missing are made, which needs the package index. Raises PinError.
    """
    targets = list(targets)
    root = cache.absolute() / FOLDER
    wishes = {target.name: wish_of(target) for target in targets if target.pinned}
    first = {wish: name for name, wish in reversed(wishes.items())}
    solved = _together(lambda wish: resolve(first[wish], wish, root / "locks", tell, compiling), first)
    found = dict(zip(first, solved, strict=True))
    states: dict[str, dict[str, Any] | None] = {}
    out = {}
    for target in targets:
        solution = found[wishes[target.name]] if target.pinned else None
        if solution is None:
            out[target.name] = Prepared(Place(), None, "not built" if target.pinned else "")
        elif isinstance(solution, str):
            out[target.name] = Prepared(Place(reason=solution), None, "unavailable")
        else:
            identity = solution.identity
            if identity not in states:
                states[identity] = venvs.state_of(root / identity)
            marker = states[identity]
            ready = ("ready", marker["bytes"]) if marker else ("not built", 0)
            out[target.name] = Prepared(place_of(solution, root), solution, *ready)
    return out


def place_of(recipe: venvs.Recipe, root: Path) -> Place:
    """Where a worker runs once the environment of a recipe is built."""
    return Place(str(venvs.interpreter_of(root / recipe.identity)), "", recipe.identity, recipe.lock.packages)


def _together(work: Callable[[Item], Result], items: Iterable[Item]) -> list[Result]:
    """Results of ``work`` on each item, a few at a time; an interruption ends what is under way."""
    with ThreadPoolExecutor(AT_ONCE) as pool:
        try:
            return list(pool.map(work, items))
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            uv.end_all()
            raise


def wish_of(target: TargetSpec) -> Wish:
    """What a target's environment must hold."""
    line = release_of(target.library, target.version)
    known = libraries().get(target.library)
    usual = canonicalize_name(known.distributions[0] if known and known.distributions else target.library)
    gpu = target.device == "GPU"
    wanted = (*requirements(line, target.version, usual, gpu), *target.packages)
    chosen = (target.python,) if target.python else line.pythons
    return Wish(target.library, target.version, chosen, wanted, bool(target.python), gpu)


def resolve(
    name: str, wish: Wish, folder: Path, tell: Callable[[str], None], compiling: bool = True
) -> venvs.Recipe | str | None:
    """The recipe for the wish of the target ``name``, or why there is none on this machine.

    None where the lock would have to be made first and ``compiling`` is false. Raises PinError.
    """
    if wish.gpu and not gpu_devices():
        return f"{title(wish.library)} sees no GPU: this machine has no NVIDIA device"
    ending = None
    for python in filter(None, (pythons.find(minor)[0] for minor in wish.pythons)):
        lock = locks.shipped_lock(f"{wish.library}-{wish.version}", wish.wanted, python)
        lock = lock or locks.load_kept(folder, wish.wanted, python)
        if lock is None and not compiling:
            return None
        if lock is None:
            tell(f"resolving {wish.wanted[0]} for Python {python.minor}")
            lock, ending = _compiled(wish, python, folder)
        if lock is not None:
            return venvs.Recipe(lock, python, wish.library)
        if ending is not None and ending.kind != "unsuitable":
            break
    if ending is None:
        return missing_python(wish)
    if ending.kind == "unresolvable" or (ending.kind == "unsuitable" and wish.chosen):
        raise PinError(f"target {name}: {', '.join(wish.wanted)}{_for(wish)} cannot be installed: {ending.said}")
    return _reason(wish.title, ending)


def _compiled(wish: Wish, python: pythons.Interpreter, folder: Path) -> tuple[locks.Lock | None, uv.Ending]:
    try:
        return locks.compile_lock(wish.wanted, python, folder, SOURCES_REFUSED)
    except OSError as error:
        return None, uv.Ending("failed", said=f"{folder} cannot be written: {error.strerror}")


def _for(wish: Wish) -> str:
    return f" for Python {wish.pythons[0]}" if wish.chosen else ""


def missing_python(wish: Wish) -> str:
    """Which interpreter is missing, which were refused, and what to type."""
    refused = dict.fromkeys(r.reason for minor in wish.pythons for r in pythons.find(minor)[1] if r.foreign)
    found = f" ({'; '.join(refused)})" if refused else ""
    wanted = " or ".join(wish.pythons)
    how = pythons.how_to_get(wish.pythons[0])
    return f"{wish.title} needs Python {wanted}, and this machine has none{found}: {how}"


def _reason(what: str, ending: uv.Ending) -> str:
    if ending.kind == "unsuitable":
        return f"{what} was not made for this machine and its Pythons: {ending.said}"
    if ending.kind == "network":
        return f"{what} is not in the cache, and the package index cannot be reached: {ending.said}"
    return f"the environment of {what} could not be made: {ending.said}"
