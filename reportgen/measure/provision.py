"""Environments of their own for targets that ask for a release: interpreter and pinned packages, made once, reused."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path

from reportgen.catalogue.libraries import libraries, title
from reportgen.catalogue.releases import SOURCES_REFUSED, Release, release_of, requirements
from reportgen.core.errors import RequestError
from reportgen.core.model import Place, TargetSpec
from reportgen.measure import locks, pythons, uv, venvs
from reportgen.measure.environments import gpu_devices

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
    """What the environment of one target must hold; targets of the same release and device have equal wishes but for
    their names."""

    name: str
    library: str
    version: str
    pythons: tuple[str, ...]
    wanted: tuple[str, ...]
    chosen: bool
    """Whether the spec names the Python itself."""


@dataclass
class Prepared:
    """Where a target will run: its recipe and state if it can be built, else the place that says why not."""

    wish: Wish | None
    place: Place
    recipe: venvs.Recipe | None = None
    state: str = ""
    bytes: int = 0


def prepare(
    targets: Iterable[TargetSpec], cache: Path, tell: Callable[[str], None] = lambda text: None
) -> dict[str, Place]:
    """Where each target runs, by its name; environments that are missing in ``cache`` are made first.

    Targets without a version of their own run in reportgen's environment (an empty :class:`Place`). ``tell`` is handed
    what is being done, in a few words. Raises RequestError for pins that cannot be resolved; every other trouble is
    the ``reason`` of a place.
    """
    return {name: found.place for name, found in build_all(targets, cache, tell).items()}


def build_all(targets: Iterable[TargetSpec], cache: Path, tell: Callable[[str], None]) -> dict[str, Prepared]:
    """:func:`prepare` with all that is known of each environment."""
    found = resolve_all(targets, cache, tell)
    root = cache.absolute() / FOLDER
    recipes = {p.recipe.identity: p.recipe for p in found.values() if p.recipe is not None}
    names = {p.recipe.identity: name for name, p in reversed(found.items()) if p.recipe is not None}
    states = {identity: venvs.state_of(root / identity) for identity in recipes}
    missing = [identity for identity, state in states.items() if state is None]
    if missing:
        tell(f"building {len(missing)} of {len(recipes)} environments")

    def build(identity: str) -> tuple[str, object]:
        marker, ending = _built(recipes[identity], root / identity)
        if marker is not None:
            tell(f"environment of {names[identity]} built in {marker['seconds']:.1f} s")
            return identity, marker
        return identity, ending

    built = dict(_together(build, missing))
    for name, prepared in found.items():
        if prepared.recipe is None:
            continue
        identity = prepared.recipe.identity
        outcome = built.get(identity, states[identity])
        if isinstance(outcome, uv.Ending):
            if outcome.kind == "hash":
                raise HashError(f"target {name}: a package is not the one that its lock names: {outcome.said}")
            prepared.place = Place(reason=_reason(prepared.wish, outcome))
            continue
        prepared.place = Place(
            str(venvs.interpreter_of(root / identity)), "", identity, prepared.recipe.lock.packages
        )  # fmt: skip
        prepared.state = f"built in {outcome['seconds']:.1f} s" if identity in built else "ready"
        prepared.bytes = outcome["bytes"]
    return found


def _built(recipe: venvs.Recipe, folder: Path):
    try:
        return venvs.build(recipe, folder)
    except OSError as error:
        return None, uv.Ending("failed", said=f"{folder} cannot be written: {error.strerror}")


def _together(work, items):
    """Results of ``work`` on each item, a few at a time; an interruption ends what is under way."""
    items = list(items)
    with ThreadPoolExecutor(AT_ONCE) as pool:
        try:
            return list(pool.map(work, items))
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            uv.end_all()
            raise


def resolve_all(targets: Iterable[TargetSpec], cache: Path, tell: Callable[[str], None]) -> dict[str, Prepared]:
    """Lock and interpreter of each target with a release of its own; raises PinError before anything is built."""
    targets = list(targets)
    wishes = {t.name: wish_of(t) for t in targets if t.pinned}
    distinct = {replace(wish, name=""): wish for wish in reversed(wishes.values())}
    folder = cache.absolute() / FOLDER / "locks"
    solved = dict(_together(lambda key: (key, resolve(distinct[key], folder, tell)), distinct))
    out = {}
    for target in targets:
        wish = wishes.get(target.name)
        if wish is None:
            out[target.name] = Prepared(None, Place())
            continue
        solution = solved[replace(wish, name="")]
        if target.device == "GPU" and not gpu_devices():
            solution = f"{title(target.library)} sees no GPU: this machine has no NVIDIA device"
        place = Place(reason=solution) if isinstance(solution, str) else Place()
        out[target.name] = Prepared(wish, place, None if isinstance(solution, str) else solution)
    return out


def wish_of(target: TargetSpec) -> Wish:
    """What a target's environment must hold."""
    line: Release = release_of(target.library, target.version)
    known = libraries().get(target.library)
    usual = known.distributions[0] if known and known.distributions else target.library
    wanted = (*requirements(line, target.version, usual, target.device == "GPU"), *target.packages)
    chosen = (target.python,) if target.python else line.pythons
    return Wish(target.name, target.library, target.version, chosen, wanted, bool(target.python))


def resolve(wish: Wish, folder: Path, tell: Callable[[str], None]) -> venvs.Recipe | str:
    """The recipe for a wish, or why there is none on this machine."""
    known = libraries().get(wish.library)
    module = known.module if known else ""
    found = pythons.found_pythons(wish.pythons)
    if not found:
        return missing_python(wish)
    last = uv.Ending("failed")
    for python in found.values():
        lock = locks.shipped_lock(f"{wish.library}-{wish.version}", wish.wanted, python)
        lock = lock or locks.load_kept(folder, wish.wanted, python)
        if lock is None:
            tell(f"resolving {wish.wanted[0]} for Python {python.minor}")
            lock, last = locks.compile_lock(wish.wanted, python, folder, only_binary())
        if lock is not None:
            return venvs.Recipe(lock, python, module)
        if last.kind != "unsuitable":
            break
    if last.kind == "unresolvable" or (last.kind == "unsuitable" and wish.chosen):
        raise PinError(f"target {wish.name}: {', '.join(wish.wanted)} cannot be installed together: {last.said}")
    return _reason(wish, last)


def only_binary() -> tuple[str, ...]:
    return tuple(word for name in SOURCES_REFUSED for word in ("--only-binary", name))


def missing_python(wish: Wish) -> str:
    """Which interpreter is missing, which were refused, and what to type."""
    refused = {r.path: r.reason for minor in wish.pythons for r in pythons.find(minor)[1] if " is a " in r.reason}
    listed = " or ".join(wish.pythons)
    found = f" ({'; '.join(refused.values())})" if refused else ""
    return f"Python {listed} is not on this machine{found}: {pythons.how_to_get(wish.pythons[0])}"


def _reason(wish: Wish | None, ending: uv.Ending) -> str:
    what = f"{title(wish.library)} {wish.version}" if wish else ""
    if ending.kind == "unsuitable":
        return f"{what} was not made for this machine and Python {wish.pythons[0] if wish else ''}: {ending.said}"
    if ending.kind == "network":
        return f"the package index cannot be reached: {ending.said}"
    return f"the environment of {what} could not be made: {ending.said}"
