"""What reportgen knows of a library under test: where it comes from, who calls it, which of its functions are which."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from reportgen.core.model import TargetSpec


@dataclass(frozen=True)
class Library:
    """One library; a distribution of a third party offers its own under the entry-point group ``reportgen.libraries``.

    ``name`` is the word in targets and results, ``title`` the one in sentences. ``module`` is what must be importable
    in the interpreter of a target (empty: nothing), ``distributions`` are the names under which it may be installed,
    first found counts. ``adapter`` is ``MODULE:CLASS`` of the worker's folder, or ``/path/to/file.py:CLASS`` elsewhere.
    ``calls`` maps functions of the catalogue to calls as in ``core/calls.py``; the three libraries that have columns of
    their own in the catalogue have none. ``targets`` are its built-in targets. ``options`` are what a target can tell
    it, ``expectations`` what its worker can look up, ``env_prefixes`` the environment variables that it reads.
    ``alongside`` are distributions whose version can change what it computes. ``asked_all``: what it lacks is a finding
    and asked for; otherwise it is asked only for what it has. ``gpu``: it can compute on a GPU.
    """

    name: str
    title: str
    module: str
    distributions: tuple[str, ...]
    install: str
    adapter: str
    targets: tuple[TargetSpec, ...] = ()
    calls: Mapping[str, str] = field(default_factory=dict)
    options: tuple[str, ...] = ("threads",)
    expectations: tuple[str, ...] = ()
    env_prefixes: tuple[str, ...] = ()
    alongside: tuple[str, ...] = ("numpy", "ml_dtypes")
    asked_all: bool = False
    gpu: bool = False
    everyday: bool = False
    """Whether a spec that names no targets measures it."""
