"""Every catalogue row and dtype: Arb, mpmath and the third source say the same at 2,000 points and more."""

from __future__ import annotations

import math
import struct

import numpy as np
import pytest

from reportgen.catalogue.critical import critical_values
from reportgen.catalogue.rows import FunctionRow, all_rows
from reportgen.catalogue.specials import resolve_specials
from reportgen.core.floats import F64, FLOAT_DTYPES, FORMATS, Exact, round_exact
from reportgen.core.sampling import all_values, generator, special_values, stratified, uniform
from reportgen.oracle.enclosure import enclose
from reportgen.oracle.reference import check_agreement, confirm
from tests.test_oracle_source import SOURCES, verdict

ELSEWHERE = ("special", "bessel", "activations", "parametric")
"""Families with test files of their own (``test_special_*.py``, ``test_activations.py``, ``test_parametric*.py``)."""
ROWS = {
    name: row
    for name, row in all_rows().items()
    if row.kind == "elementwise" and row.mpmath and row.family not in ELSEWHERE
}
LEAST = 2000


def points(row: FunctionRow, dtype: str) -> tuple[F64, ...]:
    """Critical points with neighbours, specials, every binade, and where users live: at least LEAST tuples."""
    fmt = FORMATS[dtype]
    rng = generator("oracle test", row.name, dtype)
    special, critical = special_values(fmt), critical_values(row, dtype)
    columns = []
    for position in range(row.arity):
        anywhere = rng.choice(stratified(fmt, 1000, rng), 1000)
        typical = uniform(fmt, *row.typical[position], 500, rng)
        listed = np.concatenate([special, critical[position]])
        if row.arity > 1:
            listed = rng.choice(listed, 600)
        mixed = np.concatenate([rng.permutation(anywhere), typical, listed])
        columns.append(mixed)
    length = min(len(c) for c in columns)
    columns = [c[:length] for c in columns]
    missing = max(0, LEAST - length)
    if row.arity == 1:
        columns[0] = np.concatenate([columns[0], uniform(fmt, *row.typical[0], missing, rng)])
    else:
        # Neighbouring and equal arguments, where binary functions go wrong.
        x = rng.choice(stratified(fmt, 200, rng), max(missing, 200))
        near = fmt.from_ordinal(
            np.clip(fmt.ordinal(x) + rng.integers(-3, 4, len(x)), -fmt.inf_ordinal, fmt.inf_ordinal)
        )
        close = (x, near, rng.permutation(near))[: row.arity]
        columns = [np.concatenate(pair) for pair in zip(columns, close, strict=True)]
    return tuple(columns)


def point(y: Exact, i: int) -> tuple[float, float, int, int]:
    return float(y.hi[i]), float(y.lo[i]), int(y.exp2[i]), int(y.rem[i])


@pytest.mark.parametrize("dtype", FLOAT_DTYPES)
@pytest.mark.parametrize("name", ROWS)
def test_three_sources_agree(name: str, dtype: str) -> None:
    row = ROWS[name]
    args = points(row, dtype)
    enclosed = enclose(row, args, dtype)
    confirmed = confirm(row, args, dtype)
    assert len(enclosed) >= LEAST
    assert not enclosed.undecided.any()
    assert not confirmed.undecided.any()
    check_agreement(enclosed, confirmed, name, args)
    by_table = resolve_specials(row, args, FORMATS[dtype]).decided
    wrong = []
    for i in np.flatnonzero(~by_table).tolist():
        values = tuple(float(a[i]) for a in args)
        if verdict(name, dtype, values, point(enclosed, i)) is not True:
            wrong.append((values, point(enclosed, i)))
    assert not wrong


ROUNDED = "exp exp2 expm1 log log2 log10 log1p sqrt cbrt sin cos tan asin acos atan sinh cosh tanh asinh acosh atanh"


def _mpfr_rounds(name: str, x: F64, dtype: str) -> F64:
    """MPFR's own rounding to the format, subnormal numbers and overflow included; no exact value in between."""
    import gmpy2

    fmt, function = FORMATS[dtype], getattr(gmpy2, name)
    with gmpy2.context(precision=fmt.p, emax=fmt.emax + 1, emin=fmt.emin - fmt.p + 2, subnormalize=True):
        return np.array([float(function(gmpy2.mpfr(v))) for v in x.tolist()])


def _compare_with_mpfr(name: str, x: F64, dtype: str) -> None:
    enclosed = enclose(ROWS[name], (x,), dtype)
    expected, got = _mpfr_rounds(name, x, dtype), round_exact(enclosed, FORMATS[dtype]).nearest
    assert not enclosed.undecided.any()
    assert np.array_equal(expected, got, equal_nan=True)
    assert np.array_equal(np.signbit(expected)[got == 0], np.signbit(got)[got == 0])


@pytest.mark.parametrize("dtype", FLOAT_DTYPES)
@pytest.mark.parametrize("name", ROUNDED.split())
def test_the_correctly_rounded_result_is_mpfrs(name: str, dtype: str) -> None:
    _compare_with_mpfr(name, points(ROWS[name], dtype)[0], dtype)


@pytest.mark.full
@pytest.mark.parametrize("dtype", ["float16", "bfloat16"])
@pytest.mark.parametrize("name", ROUNDED.split())
def test_every_correctly_rounded_result_of_16_bits_is_mpfrs(name: str, dtype: str) -> None:
    _compare_with_mpfr(name, all_values(FORMATS[dtype]), dtype)


def test_every_row_has_a_third_source() -> None:
    assert set(ROWS) - {"nextafter"} <= set(SOURCES)


# -- what the table decides, against MPFR's own treatment of special arguments -----------------------------
C_NAMES = (
    "exp exp2 expm1 log log2 log10 log1p sqrt cbrt sin cos tan asin acos atan sinh cosh tanh "
    "asinh acosh atanh hypot atan2"
)
OWN_NAMES = {"power": lambda x, y: x**y, "add": lambda x, y: x + y, "subtract": lambda x, y: x - y,
             "multiply": lambda x, y: x * y, "divide": lambda x, y: x / y}  # fmt: skip


def _like_c(name: str, args: tuple[float, ...]) -> float:
    import gmpy2

    function = OWN_NAMES.get(name) or getattr(gmpy2, name)
    with gmpy2.context(precision=200):
        return float(function(*map(gmpy2.mpfr, args)))


def _bits(value: float) -> int:
    return int(struct.unpack("<q", struct.pack("<d", value))[0])


@pytest.mark.parametrize("name", [*C_NAMES.split(), *OWN_NAMES])
def test_special_cases_are_those_of_annex_f(name: str) -> None:
    """NaN, infinities, zeros with their signs, and domain errors, as MPFR (which follows C's annex F) gives them."""
    row = ROWS[name]
    args = points(row, "float64")
    enclosed = enclose(row, args, "float64")
    for i in np.flatnonzero(resolve_specials(row, args, FORMATS["float64"]).decided).tolist():
        values = tuple(float(a[i]) for a in args)
        expected, got = _like_c(name, values), float(enclosed.hi[i])
        same = (
            math.isnan(expected)
            if math.isnan(got)
            else _bits(expected) == _bits(math.ldexp(got, int(enclosed.exp2[i])))
        )
        free = enclosed.either_zero[i] and expected == 0
        assert same or free, f"{name}{values}: table {got}, MPFR {expected}"
