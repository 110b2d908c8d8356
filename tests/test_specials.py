"""Special cases: every rule against an independent judge, completeness, and planted errors.

The judge of a rule is NumPy in float64 (libm and the hardware follow C11 Annex F and IEEE 754) or a scalar
definition written out here. Where NumPy is known to do otherwise, the case stands in ``EXCEPTIONS`` with its reason.
"""

from __future__ import annotations

import importlib
import math
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from itertools import product
from typing import Any

import numpy as np
import pytest

from reportgen.catalogue.patterns import PI_MULTIPLES, fits, outcome
from reportgen.catalogue.rows import FunctionRow, Special, all_rows, lookup
from reportgen.catalogue.specials import (
    EXAMPLE_LIMIT,
    examples,
    expected_text,
    resolve_specials,
)
from reportgen.core.floats import FLOAT_DTYPES, FORMATS, Format

gmpy2 = pytest.importorskip("gmpy2")

ELSEWHERE = ("special", "bessel", "activations", "parametric")
"""Families with test files of their own (``test_special_*.py``, ``test_activations.py``, ``test_parametric*.py``)."""
ROWS = [row for row in all_rows().values() if row.kind == "elementwise" and row.mpmath and row.family not in ELSEWHERE]
RULES = [(row, index) for row in ROWS for index in range(len(row.specials))]
RULE_IDS = [f"{row.name}-{index}" for row, index in RULES]
DOUBLE = FORMATS["float64"]


def grid(fmt: Format) -> list[float]:
    """NaN and both signs of infinity, zero, the edges of the format, and small numbers around 1."""
    positive = [math.inf, 0.0, fmt.min_subnormal, fmt.min_normal, 0.5, 1.0, 1.5, 2.0, 3.0, fmt.max_finite]
    return [math.nan, *positive, *(-value for value in positive)]


def sign_of(x: float) -> float:
    return math.copysign(1.0, x)


# -- the judge ---------------------------------------------------------------------------------------------
def guarded(zero: int, function: Callable[..., Any]) -> Callable[..., Any]:
    """A function that is 0 by definition where its argument number ``zero`` is 0."""
    return lambda *args: 0.0 if args[zero] == 0 else function(*args)


SCALAR: dict[str, Callable[..., Any]] = {
    # np.power with one exponent 0.5 for all takes the square root: NaN at −∞, −0 at −0. float_power calls C's pow.
    "power": np.float_power,
    "rsqrt": lambda x: np.divide(1.0, np.sqrt(x)),
    "squared_difference": lambda x, y: np.square(np.subtract(x, y)),
    "truncatediv": lambda x, y: np.trunc(np.divide(x, y)),
    "modf_fraction": lambda x: np.modf(x)[0],
    "modf_integer": lambda x: np.modf(x)[1],
    "frexp_mantissa": lambda x: np.frexp(x)[0],
    "divide_no_nan": guarded(1, np.divide),
    "multiply_no_nan": guarded(1, np.multiply),
    "reciprocal_no_nan": guarded(0, np.reciprocal),
    "xlogy": guarded(0, lambda x, y: np.multiply(x, np.log(y))),
    "xlog1py": guarded(0, lambda x, y: np.multiply(x, np.log1p(y))),
    "xdivy": guarded(0, np.divide),
    # Written out: NumPy's own i0 multiplies infinities by zeros.
    "i0": lambda x: math.nan if math.isnan(x) else math.inf if math.isinf(x) else 1.0,
}

EXCEPTIONS: dict[tuple[str, tuple[str, ...]], str] = {
    ("floor_divide", ("±inf", "any")): "NumPy, as Python's //, gives NaN; the Array API standard gives ±∞",
    ("floor_divide", ("any", "±inf")): "NumPy, as Python's //, gives −1; the Array API standard gives −0",
    ("sinc", ("integer and nonzero",)): "NumPy computes sin of a rounded multiple of π, and never gets the exact zero",
}


def judge(row: FunctionRow, args: tuple[float, ...], fmt: Format) -> float:
    """What an independent implementation gives for one tuple of arguments."""
    function = SCALAR.get(row.name)
    if function is None:
        assert row.numpy is not None
        module, _, name = row.numpy.rpartition(".")
        function = getattr(importlib.import_module(module), name)
    dtype: Any = np.float64
    if row.name == "nextafter":
        dtype = importlib.import_module("ml_dtypes").bfloat16 if fmt.name == "bfloat16" else np.dtype(fmt.name)
    with np.errstate(all="ignore"):
        return float(function(*(np.array(arg, dtype) if row.name == "nextafter" else dtype(arg) for arg in args)))


def same_bits(got: float, expected: float) -> bool:
    if math.isnan(got) or math.isnan(expected):
        return math.isnan(got) and math.isnan(expected)
    return got == expected and sign_of(got) == sign_of(expected)


def objections(row: FunctionRow, index: int, then: str, dtype: str) -> list[str]:
    """Examples of one rule where ``then`` is not what the judge gives."""
    fmt = FORMATS[dtype]
    found = []
    for args in examples(row.specials[index], dtype, row):
        expected = judge(row, args, fmt)
        part = outcome(then, tuple(np.array([arg]) for arg in args), fmt)
        got = float(part.hi[0])
        agrees = expected == 0 if part.either_zero else same_bits(got, expected)
        if not agrees:
            found.append(f"{row.name}{args}: table {then!r} = {got!r}, judge {expected!r}")
    return found


@pytest.mark.parametrize(("row", "index"), RULES, ids=RULE_IDS)
def test_a_rule_agrees_with_the_judge_and_its_flip_does_not(row: FunctionRow, index: int) -> None:
    special = row.specials[index]
    excused = (row.name, special.when) in EXCEPTIONS
    for dtype in FLOAT_DTYPES:
        tried = examples(special, dtype, row)
        assert 1 <= len(tried) <= EXAMPLE_LIMIT, (dtype, special.when)
        assert bool(objections(row, index, special.then, dtype)) == excused
        if excused:
            continue
        for flipped in flips(special.then, row.result):
            assert objections(row, index, flipped, dtype), flipped


def flips(then: str, result: str) -> list[str]:
    """Wrong results that the judge must object to: another kind of value, and the opposite sign."""
    if result == "bool":
        return ["-1" if then == "signbit(x)" else {"true": "false", "false": "true"}[then]]
    if then == "nan":
        return ["1", "+0", "+inf"]
    if then == "either zero":
        return ["nan", "1", "-inf"]
    opposite = then[1:] if then.startswith("-") else "-" + then.lstrip("+")
    return ["nan"] if then == "next" else ["nan", opposite]


def test_every_exception_is_one_and_none_is_stale() -> None:
    for (name, when), reason in EXCEPTIONS.items():
        row = lookup(name)
        index = [special.when for special in row.specials].index(when)
        assert objections(row, index, row.specials[index].then, "float64"), reason


# -- completeness ------------------------------------------------------------------------------------------
EXACT: dict[str, Callable[..., Fraction]] = {
    "add": lambda x, y: x + y, "subtract": lambda x, y: x - y, "multiply": lambda x, y: x * y,
    "divide": lambda x, y: x / y,
    "squared_difference": lambda x, y: (x - y) ** 2, "negative": lambda x: -x, "positive": lambda x: x,
    "abs": abs, "fabs": abs,
    "sign": lambda x: Fraction((x > 0) - (x < 0)), "copysign": lambda x, y: x,
    "floor_divide": lambda x, y: Fraction(x // y),
    "remainder": lambda x, y: x % y, "fmod": lambda x, y: x - y * math.trunc(x / y),
    "truncatediv": lambda x, y: Fraction(math.trunc(x / y)),
    "square": lambda x: x * x, "reciprocal": lambda x: 1 / x, "deg2rad": lambda x: x, "rad2deg": lambda x: x,
    "floor": lambda x: Fraction(math.floor(x)), "ceil": lambda x: Fraction(math.ceil(x)),
    "trunc": lambda x: Fraction(math.trunc(x)), "modf_integer": lambda x: Fraction(math.trunc(x)),
    "modf_fraction": lambda x: x - math.trunc(x), "frexp_mantissa": lambda x: x,
    "rint": lambda x: Fraction(round(x)), "round": lambda x: Fraction(round(x)), "maximum": max, "minimum": min,
    "fmax": max, "fmin": min, "clip": lambda x, y, z: min(max(x, y), z),
    "divide_no_nan": lambda x, y: x / y, "multiply_no_nan": lambda x, y: x * y, "reciprocal_no_nan": lambda x: 1 / x,
    "xdivy": lambda x, y: x / y,
    # The zeros of sin(pi x) are the integers; I0 is at least 1 on the real line.
    "sinc": lambda x: Fraction(int(x.denominator != 1)), "i0": lambda x: Fraction(1),
}  # fmt: skip


def logaddexp(x: Any, y: Any, power: Any, log1p: Any) -> Any:
    return max(x, y) + log1p(power(-abs(x - y)))


MPFR_NAMES = [
    "exp", "exp2", "expm1", "log", "log2", "log10", "log1p", "sin", "cos", "tan", "asin", "acos", "atan", "atan2",
    "hypot", "sinh", "cosh", "tanh", "asinh", "acosh", "atanh", "sqrt", "cbrt",
]  # fmt: skip
MPFR: dict[str, Callable[..., Any]] = {
    **{name: getattr(gmpy2, name) for name in MPFR_NAMES},
    "rsqrt": gmpy2.rec_sqrt, "power": lambda x, y: x**y, "float_power": lambda x, y: x**y,
    "xlogy": lambda x, y: x * gmpy2.log(y), "xlog1py": lambda x, y: x * gmpy2.log1p(y),
    "logaddexp": lambda x, y: logaddexp(x, y, gmpy2.exp, gmpy2.log1p),
    "logaddexp2": lambda x, y: logaddexp(x, y, gmpy2.exp2, lambda t: gmpy2.log1p(t) / gmpy2.const_log2()),
}  # fmt: skip


def holes(row: FunctionRow, dtype: str) -> list[str]:
    """Undecided grid points whose exact value is not a finite number other than zero."""
    fmt = FORMATS[dtype]
    points = list(product(grid(fmt), repeat=row.arity))
    args = tuple(np.array(column) for column in zip(*points, strict=True))
    result = resolve_specials(row, args, fmt)
    return [f"{row.name}{points[i]}" for i in np.flatnonzero(~result.decided) if not ordinary(row, points[i], fmt)]


def ordinary(row: FunctionRow, args: tuple[float, ...], fmt: Format) -> bool:
    """Whether the exact value is a number other than zero, by rational arithmetic or by MPFR and its flags."""
    if not all(map(math.isfinite, args)):
        return False
    if row.name == "nextafter":
        value = judge(row, args, fmt)
        return math.isfinite(value) and value != 0
    try:
        if row.name in EXACT:
            return EXACT[row.name](*map(Fraction, args)) != 0
    except ZeroDivisionError:
        return False
    # An underflow is a number other than zero, an overflow is a number; poles raise divzero, domain errors invalid.
    with gmpy2.context(precision=2400, emin=gmpy2.get_emin_min(), emax=gmpy2.get_emax_max()) as context:
        value = MPFR[row.name](*map(gmpy2.mpfr, args))
        if gmpy2.is_nan(value) or context.divzero or context.invalid:
            return False
        return bool((value != 0 or context.underflow) and (not gmpy2.is_infinite(value) or context.overflow))


NUMERIC = [row for row in ROWS if row.result == "same" and row.name not in ("heaviside", "angle")]


@pytest.mark.parametrize("dtype", FLOAT_DTYPES)
@pytest.mark.parametrize("row", NUMERIC, ids=lambda row: row.name)
def test_what_no_rule_decides_is_finite_in_the_domain_and_not_zero(row: FunctionRow, dtype: str) -> None:
    assert holes(row, dtype) == []


@pytest.mark.parametrize("row", [row for row in ROWS if row not in NUMERIC], ids=lambda row: row.name)
def test_functions_with_few_values_are_decided_everywhere(row: FunctionRow) -> None:
    points = list(product(grid(DOUBLE), repeat=row.arity))
    args = tuple(np.array(column) for column in zip(*points, strict=True))
    result = resolve_specials(row, args, DOUBLE)
    assert result.decided.all()
    for point, value in zip(points, result.value, strict=True):
        assert same_bits(float(value), judge(row, point, DOUBLE)), point


@pytest.mark.parametrize("row", NUMERIC, ids=lambda row: row.name)
def test_a_table_with_rules_missing_has_holes(row: FunctionRow) -> None:
    assert holes(replace(row, specials=()), "float32")
    without_nan = tuple(rule for rule in row.specials if "nan" not in rule.when)
    assert any("nan" in hole for hole in holes(replace(row, specials=without_nan), "float64"))
    last = replace(row, specials=row.specials[:-1])
    if row.name not in COVERED:
        assert holes(last, "float64")


# The last rule of these stands for a value that is finite and not zero, or names points beyond the grid.
COVERED = ("copysign", "nextafter")


# -- results, examples, texts ------------------------------------------------------------------------------
def test_the_first_match_wins_and_the_rest_is_left_open() -> None:
    row = lookup("power")
    x = np.array([np.nan, 1.0, -8.0, -8.0, 2.0, 0.0])
    y = np.array([0.0, np.nan, 1 / 3, 3.0, 0.5, -3.0])
    result = resolve_specials(row, (x, y))
    assert result.value[:3].tolist()[:2] == [1.0, 1.0]
    assert np.isnan(result.value[2])
    assert result.decided.tolist() == [True, True, True, False, False, True]
    assert result.rule.tolist()[:2] == [0, 1]
    assert result.rule[3] == result.rule[4] == -1
    assert result.value[5] == np.inf


def test_zeros_of_free_sign_and_multiples_of_pi_are_marked() -> None:
    result = resolve_specials(lookup("maximum"), (np.array([0.0, -0.0]), np.array([-0.0, -0.0])))
    assert result.either_zero.tolist() == [True, False]
    assert np.signbit(result.value).tolist() == [False, True]
    quadrant = resolve_specials(lookup("atan2"), (np.array([-0.0, 0.0]), np.array([-1.0, 1.0])))
    assert quadrant.value.tolist() == [-math.pi, 0.0]
    assert quadrant.lo.tolist() == [-PI_MULTIPLES["pi"][1], 0.0]
    assert quadrant.rem.tolist() == [1, 0]
    assert quadrant.rem.dtype == np.int8


def test_a_rule_that_says_value_decides_nothing() -> None:
    told = Special(("== 2",), "value", "At 2 the value is what it is.", "none")
    row = replace(lookup("exp"), specials=(told, *lookup("exp").specials))
    result = resolve_specials(row, (np.array([2.0, np.nan]),))
    assert result.decided.tolist() == [False, True]
    assert result.rule.tolist() == [0, 1]


def test_shapes_are_kept_and_wrong_requests_refused() -> None:
    assert resolve_specials(lookup("exp"), (np.zeros((2, 3)),)).value.shape == (2, 3)
    assert resolve_specials(lookup("exp"), (np.zeros(0),)).decided.shape == (0,)
    with pytest.raises(ValueError, match="exp"):
        resolve_specials(lookup("exp"), (np.zeros(1), np.zeros(1)))
    with pytest.raises(ValueError, match="max"):
        resolve_specials(lookup("max"), (np.zeros(1),))


@pytest.mark.parametrize("dtype", FLOAT_DTYPES)
def test_examples_belong_to_the_dtype_and_fit_their_rule(dtype: str) -> None:
    fmt = FORMATS[dtype]
    for row, index in RULES:
        special = row.specials[index]
        alone, within = examples(special, dtype), examples(special, dtype, row)
        assert alone
        for args in (*alone, *within):
            assert len(args) == row.arity
            assert fmt.is_representable(np.array(args)).all()
            assert fits(special.when, tuple(np.array([arg]) for arg in args), fmt).all()
        args = tuple(np.array(column) for column in zip(*within, strict=True))
        assert (resolve_specials(row, args, fmt).rule == index).all()


def test_examples_vary_all_arguments() -> None:
    rule = next(s for s in lookup("multiply").specials if s.when == ("±inf", "any"))
    tried = examples(rule, "float32", lookup("multiply"))
    assert {x for x, _ in tried} == {math.inf, -math.inf}
    assert len({y for _, y in tried}) >= 8


def test_every_result_has_a_text_for_readers() -> None:
    texts = {row.specials[index].then: expected_text(row.specials[index]) for row, index in RULES}
    assert texts["nan"] == "NaN"
    assert texts["sign(x)*3*pi/4"] == "±3·π/4, sign of x"
    assert texts["sign(x)*1"] == "±1, sign of x"
    for text in texts.values():
        assert text
        assert "sign(" not in text
        assert "*" not in text


def test_sources_name_a_clause_or_a_page() -> None:
    known = ("C11 ", "IEEE 754-2019, ", "NumPy documentation, ", "TensorFlow documentation, ", "Array API standard ")
    more = ("NIST DLMF ", "SciPy documentation, ", "TensorFlow source, ", "limit of the ", "literature: ")
    for row in all_rows().values():
        for special in row.specials:
            assert special.source.startswith((*known, *more)), special
            assert special.sentence.endswith("."), special
