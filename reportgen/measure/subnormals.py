"""What a target does with subnormal numbers: inputs treated as zero, results flushed to zero, or neither.

Two habits are told apart (Intel, *Software Developer's Manual*, volume 1, section 10.2.3: DAZ and FTZ). An *input* is
treated as zero where the result is bitwise that for the zero of the same sign, although f(0) is not one of the two
floats around the exact f(x). A *result* is flushed where the correctly rounded value is subnormal, zero is not one of
the two floats around the exact value, and zero comes out. Where both explain a zero (sin(1e-40)), the point is counted
as ``both`` and tells of one habit only if the other is known to be absent.

Everything is judged on the points of a :class:`~reportgen.measure.elementwise.Measurement` and on what its targets
answered there; only the exact values at the zeroed inputs are asked of the oracle.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from reportgen.core.floats import F64, FLOAT_DTYPES, I64, Bool, Exact, Format, round_exact
from reportgen.measure.judging import by_input, hex_tuple, hexfloat

if TYPE_CHECKING:
    from reportgen.measure.elementwise import Measurement
    from reportgen.measure.judging import Judged
    from reportgen.measure.paths import Judgement

NORMAL = ("normal",)
WITH_SUBNORMALS = ("normal", "subnormal-input", "subnormal-result")
"""Regimes whose maxima are put side by side."""


@dataclass
class Points:
    """What the case's points can tell, over those with a subnormal argument or correctly rounded result.

    ``at`` maps a point of the case to its place in the other arrays (-1 elsewhere). ``nearest`` is the correctly
    rounded result, ``zeroed`` that for the inputs with their subnormals replaced by zeros. ``asks_input``,
    ``asks_result`` and ``asks_both`` say what a zero, or f(0), would tell there.
    """

    at: I64
    nearest: F64
    zeroed: F64
    asks_input: Bool
    asks_result: Bool
    asks_both: Bool


def subnormal_rows(m: Measurement, judgement: Judgement, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """One row per target and path of the case; none where the case is not in a real format.

    ``rows`` are the case's measurement rows, their maxima settled. Columns: ``docs/results.md``, table ``subnormals``.
    """
    if m.fmt.name not in FLOAT_DTYPES:
        return []
    zero_args, zero_exact = zeroed_points(m)
    known: dict[str, Points] = {}
    told: dict[tuple[str, ...], dict[str, Any]] = {}
    maxima = maxima_of(rows, m.case.inputs.name)
    out = []
    for entry in judgement.entries:
        if entry.common["case"] != m.case.inputs.name:
            continue
        judged = judgement.shared[entry.key][0].judged
        if judged.fmt.name not in known:
            known[judged.fmt.name] = points_of(m, judged.fmt, zero_exact)
        if entry.key not in told:
            told[entry.key] = findings(judged, known[judged.fmt.name], zero_args, m.fmt)
        row = {name: entry.common[name] for name in ("spec", "function", "dtype", "case", "target")}
        row.update(path=judged.path, **told[entry.key])
        normal, every = (maxima.get((entry.target, judged.path, regimes)) for regimes in (NORMAL, WITH_SUBNORMALS))
        out.append(dict(row, max_normal=normal, max_with_subnormals=every))
    return out


def zeroed_points(m: Measurement) -> tuple[tuple[F64, ...], Exact]:
    """The case's inputs with each subnormal argument replaced by the zero of its sign, and the exact values there."""
    subnormal = [m.fmt.is_subnormal(a) for a in m.args]
    changed = np.flatnonzero(np.logical_or.reduce(subnormal))
    args = tuple(np.where(s, np.copysign(0.0, a), a) for s, a in zip(subnormal, m.args, strict=True))
    exact = m.exact[np.arange(len(m.args[0]))]
    if len(changed):
        bits = np.stack([a[changed].view(np.int64) for a in args])
        unique, inverse = np.unique(bits, axis=1, return_inverse=True)
        asked = tuple(np.ascontiguousarray(row).view(np.float64) for row in unique)
        exact.put(changed, m.oracle.enclose(m.row, asked, m.fmt.name)[inverse.ravel()])
    return args, exact


def points_of(m: Measurement, fmt: Format, zero_exact: Exact) -> Points:
    """Which points tell something about subnormals, for results in ``fmt``."""
    with_input = np.logical_or.reduce([m.fmt.is_subnormal(a) for a in m.args])
    rounded = round_exact(m.exact, fmt)
    tiny = fmt.is_subnormal(rounded.nearest) if fmt.name != "bool" else np.zeros(len(m.exact), bool)
    chosen = np.flatnonzero((with_input | tiny) & ~m.exact.undecided & ~zero_exact.undecided)
    at = np.full(len(m.exact), -1, np.int64)
    at[chosen] = np.arange(len(chosen))
    nearest, tiny = rounded.nearest[chosen], tiny[chosen]
    # Where zero is a faithful result, returning it is rounding and not flushing.
    small = tiny & (rounded.down[chosen] != 0) & (rounded.up[chosen] != 0)
    at_zero = zero_exact[chosen]
    zeroed = round_exact(at_zero, fmt).nearest
    # Where f(0) is a faithful result for x, returning it is rounding and not a loss of the input.
    faithful = same(rounded.down[chosen], zeroed) | same(rounded.up[chosen], zeroed) | same(nearest, zeroed)
    visible = with_input[chosen] & ~faithful & ~(at_zero.either_zero & (nearest == 0))
    explained = visible & tiny & (zeroed == 0)
    return Points(at, nearest, zeroed, visible & ~explained, small & ~explained, small & explained)


def findings(judged: Judged, points: Points, zero_args: tuple[F64, ...], fmt: Format) -> dict[str, Any]:
    """Counts, words and one witness of each habit, over the results of one target on one path.

    ``fmt`` is the format of the inputs.
    """
    where = np.flatnonzero((points.at[judged.point] >= 0) & judged.distinct)
    place = points.at[judged.point[where]]
    computed, nearest = judged.computed[where], points.nearest[place]
    own, answered = own_zero_results(judged, where, zero_args)
    as_zero = same(computed, np.where(answered, own, points.zeroed[place])) & ~same(computed, nearest)
    sizes = [np.abs(a[where]) for a in judged.args]
    subnormal_size = np.max([np.where(fmt.is_subnormal(a), a, 0.0) for a in sizes], axis=0)
    cells: dict[str, Any] = {}
    counts = {}
    for name, asks, lost in (
        ("inputs", points.asks_input[place], as_zero),
        ("results", points.asks_result[place], computed == 0),
        ("both", points.asks_both[place], computed == 0),
    ):
        found = asks & lost
        counts[name] = int(found.sum()), int(asks.sum())
        cells[f"{name}_zero"], cells[f"{name}_told"] = counts[name]
        size = subnormal_size if name == "inputs" else np.abs(nearest)
        cells[f"{name}_witness"] = witness(judged, where[found], size[found])
    cells["inputs"] = word(counts["inputs"], counts["results"], counts["both"], "zero")
    cells["results"] = word(counts["results"], counts["inputs"], counts["both"], "flushed")
    return cells


def own_zero_results(judged: Judged, where: I64, zero_args: tuple[F64, ...]) -> tuple[F64, Bool]:
    """The target's own result for each zeroed input on the same path, and whether it was asked for it.

    A target may answer zeros wrongly: then f(0) is what it says, not what is right.
    """
    out, known = np.zeros(len(where)), np.zeros(len(where), bool)
    zero_at = np.flatnonzero(np.logical_or.reduce([a == 0 for a in judged.args]))
    keys = np.stack([a[zero_at].view(np.int64) for a in judged.args], axis=1).tolist()
    answered: dict[tuple[int, ...], int] = {}
    for position, key in zip(zero_at.tolist(), keys, strict=True):
        answered.setdefault(tuple(key), position)
    wanted = np.stack([a[judged.point[where]].view(np.int64) for a in zero_args], axis=1).tolist()
    for i, key in enumerate(wanted):
        found = answered.get(tuple(key))
        if found is not None:
            out[i], known[i] = judged.computed[found], True
    return out, known


def same(a: F64, b: F64) -> Bool:
    """Bitwise equal, all NaNs alike."""
    return np.asarray(((a == b) & (np.signbit(a) == np.signbit(b))) | (np.isnan(a) & np.isnan(b)))


def word(own: tuple[int, int], other: tuple[int, int], both: tuple[int, int], lost: str) -> str:
    """``kept``, ``lost``, ``some``, ``either`` (a zero that two habits explain) or ``not visible``.

    Each pair is (zeros, points that tell). What tells of both habits decides only where nothing tells of this one:
    it is kept if no zero came out, lost if the other habit is known to be absent, and not visible if the other is
    known to be there, which explains the zeros.
    """
    zeros, told = own
    if not told:
        zeros, told = both
        if zeros and other[0]:
            return "not visible"
        if zeros and not other[1]:
            return "either"
    if not told:
        return "not visible"
    return "kept" if not zeros else lost if zeros == told else "some"


def witness(judged: Judged, positions: I64, size: F64) -> str | None:
    """``input→output`` in hex where ``size`` is largest: what is nearly normal is missed most."""
    if not len(positions):
        return None
    position = by_input(judged, positions[size == size.max()].tolist())[0]
    return f"{hex_tuple([a[position] for a in judged.args])}→{hexfloat(judged.computed[position])}"


def maxima_of(rows: list[dict[str, Any]], case: str) -> dict[tuple[str, str, tuple[str, ...]], float]:
    """The largest error of each target and path over the regimes named."""
    out: dict[tuple[str, str, tuple[str, ...]], float] = {}
    for row in rows:
        if row.get("max_ulp") is None or row["case"] != case:
            continue
        for regimes in (NORMAL, WITH_SUBNORMALS):
            if row["regime"] in regimes:
                key = (row["target"], row["path"], regimes)
                out[key] = max(out.get(key, 0.0), float(row["max_ulp"]))
    return out
