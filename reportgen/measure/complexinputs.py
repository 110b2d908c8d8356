"""The inputs of a complex case, and the examples of its special cases."""

from __future__ import annotations

from typing import Any

import numpy as np

from reportgen.catalogue.complexpatterns import resolve
from reportgen.catalogue.complexrows import ComplexRow
from reportgen.catalogue.critical import nearest, parse_critical
from reportgen.core import complexsampling, sampling
from reportgen.core.dtypes import COMPLEX_FORMATS, ComplexFormat
from reportgen.core.errors import RequestError
from reportgen.core.floats import F64, Format
from reportgen.core.model import Case
from reportgen.core.sampling import GROUPS, Samples
from reportgen.measure.inputs import CaseInputs

EXAMPLES = 6
"""Inputs tried for one special case."""
NEAR = 2
"""Neighbours of each part of a critical point on each side."""


def complex_inputs(case: Case, crow: ComplexRow) -> CaseInputs:
    """Inputs for a case; the user's own where its spec gives an ``.npy`` of complex numbers."""
    fmt = COMPLEX_FORMATS[case.dtype]
    if case.inputs.source != "ordinals":
        args = own_inputs(case, fmt, crow.arity)
        return CaseInputs(Samples(args, np.zeros(len(args[0]), np.int64), False), "given", True, [])
    part = fmt.part
    critical = [(critical_part(re, part), critical_part(im, part)) for re, im in crow.critical]
    seed = (crow.name, case.seed)
    if crow.arity == 1:
        cuts = [(cut.axis, text_value(cut.low, part), text_value(cut.high, part)) for cut in crow.cuts]
        groups = complexsampling.unary_points(part, crow.typical[0], critical, cuts, seed)
    else:
        groups = complexsampling.binary_points(part, crow.typical, critical, seed)
    special, tried = examples(crow, part)
    start = sum(len(columns[0]) for columns in groups.values())
    args = tuple(
        np.concatenate([*(groups[name][i] for name in GROUPS), tried[i]]).astype(np.complex128)
        for i in range(crow.arity)
    )
    sizes = [len(groups[name][0]) for name in GROUPS]
    group = np.repeat(np.arange(len(GROUPS)), [*sizes[:2], sizes[2] + len(tried[0])]).astype(np.int64)
    return CaseInputs(
        Samples(args, group, False),
        "ordinals of both parts",
        False,
        [(rule, start + i) for i, rule in enumerate(special)],
    )


def text_value(text: str, fmt: Format) -> float:
    """The number of the format that a critical point's text stands for."""
    return nearest(parse_critical(text, fmt), fmt)


def critical_part(text: str, fmt: Format) -> F64:
    """A part of a critical point with its neighbours, zeros of both signs; empty where it is beyond the format."""
    value = parse_critical(text, fmt)
    centre = nearest(value, fmt)
    if np.isinf(centre) or (centre == 0 and value != 0):
        return np.empty(0)
    near = sampling.neighbours(fmt, np.array([centre]), tuple(range(-NEAR, NEAR + 1)))
    near = near[np.isfinite(near)]
    return np.concatenate([near, [-0.0]]) if (near == 0).any() else near


def examples(crow: ComplexRow, fmt: Format) -> tuple[list[int], tuple[Any, ...]]:
    """Numbers of rules and inputs to try them on, at most :data:`EXAMPLES` a rule, as columns."""
    columns = complexsampling.examples_grid(fmt, crow.arity)
    matched = resolve(crow.specials, columns, fmt).rule
    rules: list[int] = []
    chosen: list[int] = []
    for number in range(len(crow.specials)):
        where = np.flatnonzero(matched == number)
        if len(where) > EXAMPLES:
            where = where[np.unique(np.linspace(0, len(where) - 1, EXAMPLES).round().astype(int))]
        rules += [number] * len(where)
        chosen += where.tolist()
    return rules, tuple(column[chosen] for column in columns)


def own_inputs(case: Case, fmt: ComplexFormat, arity: int) -> tuple[Any, ...]:
    """The complex arrays of a spec's ``.npy``. Raises RequestError for other sources and values of other dtypes."""
    detail: dict[str, Any] = dict(case.inputs.detail)
    if case.inputs.source != "npy":
        raise RequestError(f"case {case.inputs.name}: complex inputs are given as an .npy of complex numbers")
    stored = np.load(detail["npy"], allow_pickle=False).astype(np.complex128)
    rows = stored.reshape(arity, -1)
    for row in rows:
        wrong = np.flatnonzero(~(fmt.part.is_representable(row.real) & fmt.part.is_representable(row.imag)))
        if len(wrong):
            raise RequestError(f"case {case.inputs.name}: input at {wrong[0]} is not a {fmt.name} value")
    return tuple(np.ascontiguousarray(row) for row in rows)
