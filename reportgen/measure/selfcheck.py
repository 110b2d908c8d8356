"""Does a target agree with itself? ``position``, ``layout``, ``constant`` and ``run``.

The same inputs are evaluated in other places: alone, in short pieces, at the end of a longer array, with other
strides, as compile-time constants, again. Results are compared bitwise (all NaNs alike, +0 and -0 different).
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from reportgen.core.agreement import bitwise_equal
from reportgen.core.dtypes import ComplexFormat, kind_of
from reportgen.core.floats import F64, Bool, Format
from reportgen.measure.bench import Bench, Reply, Request
from reportgen.measure.launcher import UNUSUAL_LAYOUTS

REFERENCE_LENGTH = 4096
TAIL_LENGTH = 7
PIECES = (1, 3, 7, 15)


@dataclass(frozen=True)
class Place:
    """Where inputs stand: ``path`` is body, tail or scalar; ``label`` says it in words."""

    key: str
    path: str

    def context(self, index: int) -> str:
        """In words, where input number ``index`` stands."""
        if self.key == "reference":
            return f"array of {REFERENCE_LENGTH} at {index}"
        if self.key == "end":
            return f"array of {REFERENCE_LENGTH + TAIL_LENGTH} at {REFERENCE_LENGTH + index % TAIL_LENGTH}"
        if self.key == "rank0":
            return "alone (rank 0)"
        length = int(self.key)
        return f"piece of {length} at {index % length}"


PLACES = (
    Place("reference", "body"),
    Place("end", "tail"),
    *(Place(str(n), "scalar" if n == 1 else "tail") for n in PIECES),
    Place("rank0", "scalar"),
)


WHOLE_PLACES, PIECE_PLACES = PLACES[:2], PLACES[2:]
CUTS: list[int | str] = [*PIECES, "scalar"]
"""How the pieces of :data:`PIECE_PLACES` are cut."""
BRIEF_CUTS: list[int | str] = [7, "scalar"]
"""Gradients, expressions, complex functions and 16-bit dtypes: their programs are dear, and the code below them is
mostly that of float32 and float64, which are cut in every way."""
REPEATS = 3
"""Calls repeated in one process: a result that is other on every second or third call shows itself."""


def is_brief(base: Request) -> bool:
    """Whether a request is checked in fewer pieces and in the usual layout only."""
    return base.row.kind in ("gradient", "expression") or kind_of(base.fmt.name) == "complex" or base.fmt.bits == 16


def cuts_of(base: Request) -> list[int | str]:
    """How a request's inputs are cut into pieces."""
    return BRIEF_CUTS if is_brief(base) else CUTS


def in_pieces(args: tuple[F64, ...], base: Request) -> Request:
    """The request that evaluates ``args`` in the pieces of :func:`cuts_of`, padded to a multiple of every length."""
    cuts = cuts_of(base)
    length = math.lcm(*(cut for cut in cuts if isinstance(cut, int)))
    return base.with_inputs(tuple(padded(a, length) for a in args), cut=cuts)


def cycled(values: F64, length: int) -> F64:
    """``values`` repeated to exactly ``length`` elements."""
    return np.resize(values, length)


def padded(values: F64, multiple: int) -> F64:
    """``values`` followed by repeats of itself up to a multiple of ``multiple``."""
    return cycled(values, -(-len(values) // multiple) * multiple)


def tail_array(values: F64) -> F64:
    """Arrays of 4096 + 7 one after another, whose last 7 elements are ``values`` seven by seven."""
    groups = padded(values, TAIL_LENGTH).reshape(-1, TAIL_LENGTH)
    filler = np.broadcast_to(cycled(values, REFERENCE_LENGTH), (len(groups), REFERENCE_LENGTH))
    return np.concatenate([filler, groups], axis=1).ravel()


def placed(place: Place, args: tuple[F64, ...], base: Request) -> Request:
    """The request that evaluates ``args`` at ``place``."""
    if place.key == "reference":
        return base.with_inputs(tuple(cycled(a, REFERENCE_LENGTH) for a in args), cut=REFERENCE_LENGTH)
    if place.key == "end":
        return base.with_inputs(tuple(tail_array(a) for a in args), cut=REFERENCE_LENGTH + TAIL_LENGTH)
    if place.key == "rank0":
        return base.with_inputs(args, cut="scalar")
    length = int(place.key)
    return base.with_inputs(tuple(padded(a, length) for a in args), cut=length)


def taken(place: Place, values: F64, count: int) -> F64:
    """The results of the ``count`` inputs out of what the request of :func:`placed` returned."""
    if place.key == "end":
        values = values.reshape(-1, REFERENCE_LENGTH + TAIL_LENGTH)[:, REFERENCE_LENGTH:].ravel()
    return values[:count]


@dataclass
class Finding:
    """Outcome of one check: how many inputs gave another result, the farthest of them with both outputs."""

    check: str
    differs: int
    tested: int
    distance: int = 0
    context: str = ""
    index: int | None = None
    first: float = 0.0
    second: float = 0.0


@dataclass
class SelfCheck:
    """All results of one target for the position inputs: per place, and the findings of each check."""

    places: dict[str, F64] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)


def compare(check: str, reference: F64, others: list[tuple[str, Any, F64]], fmt: Format) -> Finding:
    """Compare results of the same inputs in other circumstances with the reference.

    ``others`` holds (name, context function of the index, values). An input counts once, however many of
    the circumstances change its result.
    """
    differs = np.zeros(len(reference), bool)
    finding = Finding(check, 0, len(reference))
    farthest = -1
    for _, context, values in others:
        apart: Bool = ~bitwise_equal(reference, values)
        differs |= apart
        for index in np.flatnonzero(apart):
            distance = ordinal_distance(reference[index], values[index], fmt)
            if distance > farthest:
                farthest = distance
                finding.distance, finding.index = distance, int(index)
                finding.context = context(int(index))
                finding.first, finding.second = reference[index].item(), values[index].item()
    finding.differs = int(differs.sum())
    return finding


def ordinal_distance(a: Any, b: Any, fmt: Any) -> int:
    """Steps between two values; a NaN beside a number is farther than any two numbers. Complex: the farther part."""
    if isinstance(fmt, ComplexFormat):
        return max(part_distance(p, q, fmt.part) for p, q in ((a.real, b.real), (a.imag, b.imag)))
    return part_distance(a, b, fmt)


def part_distance(a: float, b: float, fmt: Format) -> int:
    """:func:`ordinal_distance` of real values; two NaNs are equal."""
    if np.isnan(a) and np.isnan(b):
        return 0
    if np.isnan(a) or np.isnan(b):
        return 2 * fmt.inf_ordinal + 2
    first, second = (int(fmt.ordinal(np.array([v]))[0]) for v in (a, b))
    return abs(first - second)


def check_targets(bench: Bench, base: Request, args: tuple[F64, ...], targets: list[str]) -> dict[str, SelfCheck]:
    """Run every check of one process on ``targets`` for the position inputs ``args``."""
    checks = {t: SelfCheck() for t in targets}
    count = len(args[0])
    for place in WHOLE_PLACES:
        for target, reply in bench.ask(placed(place, args, base), targets).items():
            if reply.outcome.ok:
                checks[target].places[place.key] = taken(place, reply.values, count)
            else:
                checks[target].failures.append(f"{place.context(0)}: {reply.outcome.reason}")
    for target, reply in bench.ask(in_pieces(args, base), targets).items():
        if reply.outcome.ok:
            cuts = cuts_of(base)
            values = reply.values.reshape(len(cuts), -1)[:, :count]
            keys = ["rank0" if cut == "scalar" else str(cut) for cut in cuts]
            checks[target].places.update(zip(keys, values, strict=True))
        else:
            checks[target].failures.append(f"in pieces: {reply.outcome.reason}")
    reference = placed(PLACES[0], args, base)
    layouts = {} if is_brief(base) else bench.ask(reference.varied(layout="each", cut=None), targets)
    constant = bench.ask(reference.varied(constant=True), targets)
    again = [bench.ask(reference, targets) for _ in range(REPEATS)]
    for target, check in checks.items():
        if "reference" in check.places:
            fmt = bench.result_format(target, base)
            check.findings += position_finding(check, fmt)
            if target in layouts:
                check.findings += layout_finding(check, layouts[target], fmt, count)
            constants = {"the input a compile-time constant": constant[target]}
            check.findings += repeat_finding("constant", constants, check, fmt, count)
            repeated = {f"the same call again ({n + 1})": replies[target] for n, replies in enumerate(again)}
            check.findings += repeat_finding("run", repeated, check, fmt, count)
    return checks


def position_finding(check: SelfCheck, fmt: Format) -> list[Finding]:
    others = [(p.key, p.context, check.places[p.key]) for p in PLACES[1:] if p.key in check.places]
    return [compare("position", check.places["reference"], others, fmt)] if others else []


def layout_finding(check: SelfCheck, reply: Reply, fmt: Format, count: int) -> list[Finding]:
    if not reply.outcome.ok:
        return []
    values = reply.values.reshape(len(UNUSUAL_LAYOUTS), REFERENCE_LENGTH)[:, :count]
    others = [
        (name, lambda i, name=name: f"{name} array of {REFERENCE_LENGTH} at {i}", row)
        for name, row in zip(UNUSUAL_LAYOUTS, values, strict=True)
    ]
    return [compare("layout", check.places["reference"], others, fmt)]


def repeat_finding(name: str, replies: dict[str, Reply], check: SelfCheck, fmt: Format, count: int) -> list[Finding]:
    """A check of the reference array evaluated again otherwise; ``replies`` by the words for how."""
    others = [
        (words, lambda i, words=words: words, reply.values[:count])
        for words, reply in replies.items()
        if reply.outcome.ok
    ]
    return [compare(name, check.places["reference"], others, fmt)] if others else []
