"""The words of the project as frozen dataclasses (see ``docs/architecture.md``)."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

FLOAT_DTYPES = ("float16", "bfloat16", "float32", "float64")
COMPLEX_DTYPES = ("complex64", "complex128")
INTEGER_DTYPES = ("int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64")
REGIMES = ("special", "overflow-edge", "subnormal-result", "subnormal-input", "normal")
DEPTHS = ("quick", "standard", "exhaustive")
STATUSES = ("ok", "unsupported", "unavailable", "failed", "timeout")


@dataclass(frozen=True)
class TargetSpec:
    """library × version × execution mode × device × environment: one worker process.

    ``library`` is ``numpy``, ``scipy`` or ``tensorflow`` (or ``recorded`` for values printed elsewhere);
    ``mode`` is ``eager``, ``graph`` or ``xla`` (``eager`` for NumPy); ``env`` are environment variables
    set before the interpreter starts; ``options`` are library settings (threads …). ``expect`` says
    what the worker must find afterwards for the settings to count as taken
    (``cpu_features_off``, ``onednn``, ``gpu``), else the target is unavailable.
    """

    name: str
    library: str
    mode: str = "eager"
    device: str = "CPU"
    version: str = ""
    env: tuple[tuple[str, str], ...] = ()
    options: tuple[tuple[str, Any], ...] = ()
    expect: tuple[tuple[str, Any], ...] = ()
    sentence: str = ""


@dataclass(frozen=True)
class InputSpec:
    """Which inputs a case uses.

    ``ordinals``: stratified over every binade (or all values of a 16-bit format), plus critical points.
    ``arange``, ``interval``, ``values``, ``npy``: what a spec asks for itself; ``detail`` holds its parameters.
    ``array``: named generated arrays for reductions.
    """

    name: str = "ordinals"
    source: str = "ordinals"
    detail: tuple[tuple[str, Any], ...] = ()


@dataclass(frozen=True)
class Case:
    """function × dtype × inputs, evaluated once by the oracle and once per target."""

    spec: str
    function: str
    kind: str
    dtype: str
    inputs: InputSpec
    targets: tuple[str, ...]
    depth: str = "quick"
    seed: int = 0
    recorded: str = ""
    """JSON text of values printed elsewhere, scored as targets of their own (empty: none)."""


@dataclass(frozen=True)
class Spec:
    """One validated spec file."""

    name: str
    path: str
    title: str
    description: str
    default: bool
    cases: tuple[Case, ...]
    targets: tuple[TargetSpec, ...]
    pages: tuple[str, ...] = ()
    sha256: str = ""


@dataclass(frozen=True)
class RunRequest:
    """What the command line asks of a run; ``only`` holds ``function`` or ``function:dtype`` globs."""

    output: str
    cache_dir: str
    label: str = "dev"
    depth: str = "quick"
    targets: tuple[str, ...] | None = None
    only: tuple[str, ...] = ()
    jobs: int | None = None
    fresh: bool = False


@dataclass
class RunSummary:
    """How a run ended. ``statuses`` counts case × target by status; ``unchanged``: nothing had to be published."""

    label: str
    folder: str
    index: str
    unchanged: bool
    statuses: dict[str, int]
    seconds: float


@dataclass
class Outcome:
    """How a request to a worker ended; every ending is one of these, never an exception."""

    status: str
    reason: str = ""
    reply: dict[str, Any] = field(default_factory=dict)

    @property
    def ok(self) -> bool:
        return self.status == "ok"
