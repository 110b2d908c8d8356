"""The inputs of an elementwise case, and how they are laid out in the arrays that targets see."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from reportgen.catalogue.critical import critical_values
from reportgen.catalogue.rows import FunctionRow
from reportgen.catalogue.specials import examples
from reportgen.core import sampling
from reportgen.core.domains import domain_words
from reportgen.core.errors import RequestError
from reportgen.core.floats import F64, FORMATS, Format
from reportgen.core.model import Case
from reportgen.core.sampling import BODY_LENGTH, BODY_PAD, Samples

CHUNK = BODY_LENGTH + BODY_PAD


@dataclass
class CaseInputs:
    """Samples, which distribution means are over, and where the examples of each special case begin.

    ``as_given``: the inputs are one array of their own length (the user's), not samples inside long arrays.
    ``special`` lists (index of the rule, position of the example among the samples).
    """

    samples: Samples
    distribution: str
    as_given: bool
    special: list[tuple[int, int]]


def inputs_of(case: Case, row: FunctionRow) -> CaseInputs:
    """Inputs for a case; the user's own where its spec gives them."""
    fmt = FORMATS[case.dtype]
    if case.inputs.source != "ordinals":
        args, distribution = own_inputs(case, fmt, row.arity)
        group = np.zeros(len(args[0]), np.int64)
        return CaseInputs(Samples(args, group, False), distribution, True, [])
    critical = critical_values(row, case.dtype)
    brief = row.base_samples if row.kind == "expression" else None
    samples = sampling.elementwise_samples(
        fmt, row.arity, row.typical, critical, (row.name, case.seed), row.base_samples, row.planes,
        brief or sampling.UNARY_BASE,
    )  # fmt: skip
    samples = within_limits(samples, row)
    special, columns = [], [[] for _ in range(row.arity)]
    for number, rule in enumerate(row.specials):
        for example in examples(rule, case.dtype, row):
            if row.ordered and example[1] > example[2]:
                continue
            special.append((number, len(samples) + len(columns[0])))
            for column, value in zip(columns, example, strict=True):
                column.append(value)
    more = tuple(np.array(c, dtype=np.float64) for c in columns)
    args = tuple(np.concatenate([a, b]) for a, b in zip(samples.args, more, strict=True))
    extra = np.full(len(more[0]), sampling.GROUPS.index("extra"), np.int64)
    return CaseInputs(
        Samples(args, np.concatenate([samples.group, extra]), samples.exhaustive), "ordinals", False, special
    )


def within_limits(samples: Samples, row: FunctionRow) -> Samples:
    """The samples without those that have a finite argument outside the row's limits, or bounds that cross."""
    kept = np.ones(len(samples), bool)
    for column, (low, high) in zip(samples.args, row.limits, strict=False):
        kept &= ~np.isfinite(column) | ((column >= low) & (column <= high))
    if row.ordered:
        kept &= ~(samples.args[1] > samples.args[2])
    return Samples(tuple(a[kept] for a in samples.args), samples.group[kept], samples.exhaustive and bool(kept.all()))


def own_inputs(case: Case, fmt: Format, arity: int) -> tuple[tuple[F64, ...], str]:
    """Arrays for ``arange``, ``interval``, ``values`` and ``npy`` inputs, and where they lie in words."""
    detail: dict[str, Any] = dict(case.inputs.detail)
    source = case.inputs.source
    words = domain_words(case.inputs)
    if source == "arange":
        values = np.arange(*detail["arange"], dtype=np.float64)
        return (to_format(values, fmt, case),), words
    if source == "values":
        points = [p if isinstance(p, (list, tuple)) else (p,) for p in detail["values"]]
        columns = zip(*points, strict=True)
        return tuple(np.array([float.fromhex(v) for v in column]) for column in columns), words
    if source == "npy":
        stored = np.load(detail["npy"], allow_pickle=False)
        rows = stored.reshape(arity, -1) if arity > 1 else stored.reshape(1, -1)
        return tuple(to_format(r.astype(np.float64), fmt, case) for r in rows), words
    rng = sampling.generator("interval", fmt.name, case.function, case.inputs.name, case.seed)
    draw = {
        "uniform": sampling.uniform,
        "log-uniform": sampling.log_uniform,
        "ordinals": sampling.uniform_ordinals,
    }[detail["distribution"]]
    args = tuple(draw(fmt, low, high, detail["samples"], rng) for low, high in detail["intervals"])
    return args, words


def to_format(values: F64, fmt: Format, case: Case) -> F64:
    """The values, if each belongs to the format. Raises RequestError naming the first that does not."""
    values = np.ascontiguousarray(values, dtype=np.float64)
    wrong = np.flatnonzero(~fmt.is_representable(values))
    if len(wrong):
        raise RequestError(
            f"case {case.inputs.name}: input {float(values[wrong[0]]).hex()} at {wrong[0]} is not a {fmt.name} value"
        )
    return values


def body_arrays(args: tuple[F64, ...]) -> tuple[F64, ...]:
    """The samples 65536 by 65536 inside arrays of 65600, one after another; the filling repeats the samples."""
    count = len(args[0])
    chunks = -(-count // BODY_LENGTH)
    out = []
    for a in args:
        filled = np.resize(a, chunks * BODY_LENGTH).reshape(chunks, BODY_LENGTH)
        out.append(np.concatenate([filled, filled[:, :BODY_PAD]], axis=1).ravel())
    return tuple(out)


def body_values(values: F64, count: int) -> F64:
    """The samples' results out of those of :func:`body_arrays`."""
    return values.reshape(-1, CHUNK)[:, :BODY_LENGTH].ravel()[:count]


def body_context(index: int) -> str:
    """In words, where sample ``index`` stood."""
    return f"array of {CHUNK} at {index % BODY_LENGTH}"
