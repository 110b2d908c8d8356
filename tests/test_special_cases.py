"""What the tables of the special functions decide: against values written out here, and without holes."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from reportgen.catalogue import bessel, special
from reportgen.catalogue.rows import FunctionRow
from reportgen.catalogue.specials import examples, resolve_specials
from reportgen.core.floats import FORMATS, Format
from reportgen.oracle.enclosure import enclose

ROWS = {row.name: row for row in (*special.ROWS, *bessel.ROWS)}
NAN, INF = math.nan, math.inf
ZERO = "zero of either sign"
EDGES = (NAN, -INF, -0.0, 0.0, INF)
# By the definitions as limits (and C11 Annex F for erf, erfc, lgamma, gamma), at the arguments of EDGES.
EXPECTED: dict[str, tuple[object, ...]] = {
    "erf": (NAN, -1.0, -0.0, 0.0, 1.0),
    "erfc": (NAN, 2.0, 1.0, 1.0, 0.0),
    "erfinv": (NAN, NAN, -0.0, 0.0, NAN),
    "erfcinv": (NAN, NAN, INF, INF, NAN),
    "ndtri": (NAN, NAN, -INF, -INF, NAN),
    "gamma": (NAN, NAN, -INF, INF, INF),
    "lgamma": (NAN, INF, INF, INF, INF),
    "digamma": (NAN, NAN, INF, -INF, INF),
    "dawsn": (NAN, -0.0, -0.0, 0.0, 0.0),
    "expint": (NAN, -0.0, -INF, -INF, INF),
    "fresnel_cos": (NAN, -0.5, -0.0, 0.0, 0.5),
    "fresnel_sin": (NAN, -0.5, -0.0, 0.0, 0.5),
    "spence": (NAN, NAN, None, None, -INF),
    "i0": (NAN, INF, 1.0, 1.0, INF),
    "i1": (NAN, -INF, -0.0, 0.0, INF),
    "i0e": (NAN, 0.0, 1.0, 1.0, 0.0),
    "i1e": (NAN, -0.0, -0.0, 0.0, 0.0),
    "j0": (NAN, ZERO, 1.0, 1.0, ZERO),
    "j1": (NAN, ZERO, -0.0, 0.0, ZERO),
    **dict.fromkeys(("y0", "y1"), (NAN, NAN, -INF, -INF, ZERO)),
    **dict.fromkeys(("k0", "k1", "k0e", "k1e"), (NAN, NAN, INF, INF, 0.0)),
}
# Inside: poles, exact zeros, ends of the domain and what lies outside.
INSIDE: dict[str, dict[float, object]] = {
    "erfinv": {1.0: INF, -1.0: -INF, 1.5: NAN, -2.0: NAN},
    "erfcinv": {1.0: ZERO, 2.0: -INF, 2.5: NAN, -0.5: NAN},
    "ndtri": {0.5: ZERO, 1.0: INF, 1.5: NAN, -0.5: NAN},
    "gamma": {-1.0: NAN, -2.0: NAN, -(2.0**20): NAN, 1.0: None},
    "lgamma": {1.0: 0.0, 2.0: 0.0, -1.0: INF, -2.0: INF, -(2.0**20): INF, -1.5: None},
    "digamma": {-1.0: NAN, -2.0: NAN, -1.5: None, 1.0: None},
    "spence": {1.0: ZERO, -1.0: NAN, 2.0: None},
    **{name: {-1.0: NAN, 1.0: None} for name in ("y0", "y1", "k0", "k1", "k0e", "k1e")},
}


def disagreements(row: FunctionRow, dtype: str) -> list[str]:
    """Arguments where the table does not say what is written above."""
    wanted = dict(zip(map(repr, EDGES), zip(EDGES, EXPECTED[row.name], strict=True), strict=True))
    wanted |= {repr(x): (x, y) for x, y in INSIDE.get(row.name, {}).items() if abs(x) < FORMATS[dtype].max_finite}
    found = []
    for x, expected in wanted.values():
        said = resolve_specials(row, (np.array([x]),), FORMATS[dtype])
        value = float(said.value[0])
        if expected is None:
            right = not said.decided[0]
        elif expected is ZERO:
            right = bool(said.decided[0] and said.either_zero[0] and value == 0)
        else:
            assert isinstance(expected, float)
            same = math.isnan(value) if math.isnan(expected) else value == expected
            right = bool(said.decided[0] and not said.either_zero[0] and same)
            right &= math.isnan(expected) or math.copysign(1, value) == math.copysign(1, expected)
        if not right:
            found.append(f"{row.name}({x}): {said}")
    return found


@pytest.mark.parametrize("name", sorted(ROWS))
def test_the_table_says_what_the_limits_are(name: str) -> None:
    for dtype in ROWS[name].dtypes:
        assert disagreements(ROWS[name], dtype) == []


@pytest.mark.parametrize("name", sorted(ROWS))
def test_a_rule_left_out_or_turned_round_is_noticed(name: str) -> None:
    row = ROWS[name]
    for index, rule in enumerate(row.specials):
        without = (*row.specials[:index], *row.specials[index + 1 :])
        wrong = replace(rule, then="7")
        turned = (*row.specials[:index], wrong, *row.specials[index + 1 :])
        assert disagreements(replace(row, specials=without), "float32"), rule
        assert disagreements(replace(row, specials=turned), "float32"), rule


def edge_values(fmt: Format) -> np.ndarray:
    """Both signs of zero, of the edges of the format, of small integers and halves, and NaN."""
    sizes = [0.0, fmt.min_subnormal, fmt.min_normal, 0.25, 0.5, 1.0, 1.5, 2.0, 2.5, 3.0, 4.0, 40.0, 99.5, INF]
    sizes += [2.0 ** (fmt.p - 1), 2.0**fmt.p, fmt.max_finite]
    return np.array([*sizes, *(-v for v in sizes), NAN])


def holes(row: FunctionRow, dtype: str) -> list[float]:
    """Edge values that neither the table nor the oracle decides, or where the oracle finds a zero."""
    x = edge_values(FORMATS[dtype])
    decided = resolve_specials(row, (x,), FORMATS[dtype]).decided
    found = enclose(row, (x,), dtype)
    open_zero = ~decided & ((found.hi == 0) | ~np.isfinite(found.hi))
    return x[found.undecided | open_zero].tolist()


@pytest.mark.parametrize("name", sorted(ROWS))
def test_there_are_no_holes(name: str) -> None:
    row = ROWS[name]
    for dtype in row.dtypes:
        assert holes(row, dtype) == []
    without_nan = tuple(rule for rule in row.specials if rule.then != "nan")
    assert holes(replace(row, specials=without_nan), "float32")


@pytest.mark.parametrize("name", sorted(ROWS))
def test_every_rule_has_examples_and_a_source(name: str) -> None:
    row = ROWS[name]
    sources = (
        "C11 F.10.",
        "NIST DLMF ",
        "SciPy documentation, scipy.",
        "TensorFlow documentation, tf.",
        "IEEE 754-2019, ",
    )
    for rule in row.specials:
        assert rule.source.startswith(sources), rule
        assert rule.sentence.endswith(".")
        for dtype in row.dtypes:
            assert examples(rule, dtype, row), (rule, dtype)


def test_libraries_exist_under_the_names_given() -> None:
    """SciPy has every function named, and its values at one half are the oracle's to seven digits."""
    import importlib

    from reportgen.core.calls import parse_call

    for row in ROWS.values():
        assert row.scipy is not None
        call = parse_call(row.scipy)
        module, _, name = call.path.rpartition(".")
        value = getattr(importlib.import_module(module), name)(np.array([0.625]))
        value = value if call.item is None else value[call.item]
        assert float(value[0]) == pytest.approx(float(enclose(row, (np.array([0.625]),), "float64").hi[0]), rel=1e-7)
