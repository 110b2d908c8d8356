"""The words of the project as frozen dataclasses (see ``docs/architecture.md``)."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
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

    ``library`` is a name of ``catalogue/libraries.py`` (or ``recorded`` for values printed elsewhere);
    ``mode`` is ``eager``, ``graph`` or ``xla`` (``eager`` for NumPy); ``env`` are environment variables
    set before the interpreter starts; ``options`` are library settings (threads …). ``expect`` says
    what the worker must find afterwards for the settings to count as taken
    (``cpu_features_off``, ``onednn``, ``gpu``), else the target is unavailable.

    A target ``BASE@VERSION`` runs one release of the library in an environment of its own: ``version`` is that release,
    ``base`` the target that it is a release of, ``python`` the interpreter (``3.6``; empty: the one that suits) and
    ``packages`` further requirements of the environment.
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
    base: str = ""
    python: str = ""
    packages: tuple[str, ...] = ()

    @property
    def pinned(self) -> bool:
        """Whether it runs in an environment of its own, apart from the one that reportgen runs in."""
        return bool(self.version)


@dataclass(frozen=True)
class Place:
    """Where a target's worker runs: the interpreter, or the ``reason`` for which there is none.

    ``identity`` names what is installed there (the digest of the lock and the interpreter's release; empty for the
    environment that reportgen itself runs in); ``packages`` are the (distribution, version) pairs of the lock.
    """

    python: str = ""
    reason: str = ""
    identity: str = ""
    packages: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Limit:
    """One bound of an ``[[expect]]``: ``what`` is a key of docs/specs.md, ``text`` the bound as the spec spells it.

    ``bound`` is exact: the most that a figure may be, or the share that must be reached at least; None: any number.
    ``implied`` limits stand in no spec: a bound on errors says nothing of results that have no error in ulps.
    """

    what: str
    bound: Fraction | None
    text: str
    implied: bool = False


@dataclass(frozen=True)
class Expect:
    """One ``[[expect]]`` of a spec: what must hold for the cases that it selects.

    ``functions``, ``dtypes``, ``targets`` and ``cases`` are names that its globs matched in the spec; ``paths``,
    ``regimes``, ``metrics`` and ``sentences`` are globs over what results have (no ``metrics``: the headline's).
    ``agree`` are the targets that are compared pair by pair. ``file`` and ``line`` say where it stands.
    ``optional``: it may be that nothing can be judged. ``left_out``: the command line left nothing of it.
    """

    spec: str
    file: str
    line: int
    functions: tuple[str, ...]
    dtypes: tuple[str, ...]
    targets: tuple[str, ...]
    cases: tuple[str, ...]
    limits: tuple[Limit, ...]
    paths: tuple[str, ...] = ("*",)
    regimes: tuple[str, ...] = ("all",)
    metrics: tuple[str, ...] = ()
    sentences: tuple[str, ...] = ("*",)
    agree: tuple[str, ...] = ()
    optional: bool = False
    left_out: bool = False
    reason: str = ""
    """Why it is expected, in the spec's own words; printed where it breaks."""


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
    expects: tuple[Expect, ...] = ()


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
    baseline: str = ""
    """Version, folder or results file to compare with."""


@dataclass
class RunSummary:
    """How a run ended. ``statuses`` counts case × target by status; ``unchanged``: nothing had to be published.

    ``gates`` are the rows of the stored table of that name; ``missing`` are (target, status, reason) of the targets
    that were not measured.
    """

    label: str
    folder: str
    index: str
    unchanged: bool
    statuses: dict[str, int]
    seconds: float
    gates: list[dict[str, Any]] = field(default_factory=list)
    missing: list[tuple[str, str, str]] = field(default_factory=list)

    @property
    def broken(self) -> list[dict[str, Any]]:
        """The gates that do not hold."""
        return [row for row in self.gates if row["holds"] is False]


@dataclass
class Outcome:
    """How a request to a worker ended; every ending is one of these, never an exception."""

    status: str
    reason: str = ""
    reply: dict[str, Any] = field(default_factory=dict)

    @property
    def ok(self) -> bool:
        return self.status == "ok"
