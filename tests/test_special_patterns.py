"""The language of special cases: patterns, relations and results against scalar definitions written out here."""

from __future__ import annotations

import math
from collections.abc import Callable
from fractions import Fraction
from itertools import product

import numpy as np
import pytest

from reportgen.catalogue import patterns
from reportgen.catalogue.patterns import PI_MULTIPLES, fits, matches, outcome
from reportgen.catalogue.rows import all_rows, lookup
from reportgen.catalogue.specials import resolve_specials
from reportgen.core.floats import FORMATS, Format

HALF, DOUBLE = FORMATS["float16"], FORMATS["float64"]
RULES = [(row, rule) for row in all_rows().values() if row.kind == "elementwise" for rule in row.specials]


def grid(fmt: Format) -> list[float]:
    """NaN and both signs of infinity, zero, the edges of the format, and small numbers around 1."""
    positive = [math.inf, 0.0, fmt.min_subnormal, fmt.min_normal, 0.5, 1.0, 1.5, 2.0, 3.0, fmt.max_finite]
    return [math.nan, *positive, *(-value for value in positive)]


def is_whole(x: float) -> bool:
    return math.isfinite(x) and Fraction(x).denominator == 1


def sign_of(x: float) -> float:
    return math.copysign(1.0, x)


def same_bits(got: float, expected: float) -> bool:
    if math.isnan(got) or math.isnan(expected):
        return math.isnan(got) and math.isnan(expected)
    return got == expected and sign_of(got) == sign_of(expected)


WORDS: dict[str, Callable[[float], bool]] = {
    "any": lambda x: True,
    "nan": lambda x: x != x,
    "+inf": lambda x: x == math.inf,
    "-inf": lambda x: x == -math.inf,
    "±inf": math.isinf,
    "+0": lambda x: x == 0 and sign_of(x) > 0,
    "-0": lambda x: x == 0 and sign_of(x) < 0,
    "±0": lambda x: x == 0,
    "finite": math.isfinite,
    "nonzero": lambda x: x == x and x != 0,
    "integer": is_whole,
    "odd integer": lambda x: is_whole(x) and int(x) % 2 == 1,
    "non-integer": lambda x: math.isfinite(x) and not is_whole(x),
    "> 0": lambda x: x > 0,
    "< 0": lambda x: x < 0,
    ">= 1": lambda x: x >= 1,
    "<= -0.5": lambda x: x <= -0.5,
    "== -1": lambda x: x == -1,
    "!= 0": lambda x: x == x and x != 0,
    "abs < 1": lambda x: abs(x) < 1,
    "abs > 1": lambda x: abs(x) > 1,
    "abs == 1": lambda x: abs(x) == 1,
    "abs <= 0.5": lambda x: abs(x) <= 0.5,
    "finite and < 0": lambda x: math.isfinite(x) and x < 0,
    "odd integer and < 0": lambda x: is_whole(x) and int(x) % 2 == 1 and x < 0,
    "> -1 and < 0": lambda x: -1 < x < 0,
    "== max": lambda x: x == HALF.max_finite,
    "== -min_subnormal": lambda x: x == -HALF.min_subnormal,
}
RELATIONS: dict[str, Callable[[float, float], bool]] = {
    "x == y": lambda x, y: x == y,
    "x == -y": lambda x, y: x == -y,
    "x < y": lambda x, y: x < y,
    "x > y": lambda x, y: x > y,
    "x <= y": lambda x, y: x <= y,
    "x >= y": lambda x, y: x >= y,
    "abs x < abs y": lambda x, y: abs(x) < abs(y),
    "x multiple of y": lambda x, y: (
        math.isfinite(x) and math.isfinite(y) and y != 0 and (Fraction(x) / Fraction(y)).denominator == 1
    ),
    "signs equal": lambda x, y: sign_of(x) == sign_of(y),
    "signs differ": lambda x, y: sign_of(x) != sign_of(y),
}


@pytest.mark.parametrize("pattern", WORDS)
def test_a_pattern_matches_what_its_scalar_definition_says(pattern: str) -> None:
    values = [*grid(HALF), 4.0, 2.0**53, 2.0**53 - 1, -5.0, 2.5, -0.25, 1e308, -7.0]
    found = matches(pattern, np.array(values), HALF)
    assert found.tolist() == [WORDS[pattern](value) for value in values]


@pytest.mark.parametrize("relation", RELATIONS)
def test_a_relation_holds_where_its_scalar_definition_does(relation: str) -> None:
    pairs = list(product([*grid(DOUBLE), 0.1, -6.0, 7.0], repeat=2))
    args = (np.array([x for x, _ in pairs]), np.array([y for _, y in pairs]))
    with np.errstate(all="ignore"):
        found = fits(("any", "any", relation), args)
    assert found.tolist() == [RELATIONS[relation](x, y) for x, y in pairs]


def test_every_word_and_relation_in_use_is_defined_here_too() -> None:
    used = {pattern for row, rule in RULES for pattern in rule.when[: row.arity]}
    for pattern in used:
        for word in pattern.split(" and "):
            assert word in WORDS or word.removeprefix("abs ").split()[0] in patterns.COMPARE, word
    assert set(patterns.RELATIONS) == set(RELATIONS)
    assert set(patterns.WORDS) <= set(WORDS)


@pytest.mark.parametrize("pattern", ["", "positive", "> ", "=> 1", "finite or nan", "abs 1", "> one"])
def test_a_pattern_outside_the_language_is_refused(pattern: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        matches(pattern, np.zeros(1))
    with pytest.raises(ValueError, match="relation"):
        fits(("any", "any", "x near y"), (np.zeros(1), np.zeros(1)))


def test_words_of_the_format_need_the_format() -> None:
    for refused in (
        lambda: matches("== max", np.ones(1)),
        lambda: outcome("next", (np.ones(1), np.ones(1))),
        lambda: outcome("min_subnormal", (np.ones(1),)),
        lambda: resolve_specials(lookup("nextafter"), (np.array([1.0]), np.array([np.inf]))),
    ):
        with pytest.raises(ValueError, match="depends on the format"):
            refused()


@pytest.mark.parametrize(
    ("then", "x", "y", "expected"),
    [
        ("nan", 1.0, 1.0, math.nan), ("+inf", 1.0, 1.0, math.inf), ("-inf", 1.0, 1.0, -math.inf), ("+0", 1.0, 1.0, 0.0),
        ("-0", 1.0, 1.0, -0.0), ("x", -0.0, 1.0, -0.0), ("-x", -0.0, 1.0, 0.0), ("-y", 1.0, 3.0, -3.0),
        ("|x|*sign(y)", 2.0, -0.0, -2.0),
        ("sign(x)*0", -3.0, 1.0, -0.0), ("sign(x)*sign(y)*inf", -0.0, -1.0, math.inf),
        ("-sign(x)*inf", -1.0, 1.0, math.inf),
        ("sign(x)*1", -math.inf, 1.0, -1.0), ("max", 1.0, 1.0, 65504.0),
        ("-min_subnormal", 1.0, 1.0, -(2.0**-24)), ("true", 1.0, 1.0, 1.0),
        ("false", 1.0, 1.0, 0.0), ("signbit(x)", -0.0, 1.0, 1.0), ("next", 1.0, math.inf, 1.0 + 2.0**-10),
        ("-1", 5.0, 5.0, -1.0),
        ("next", -(2.0**-24), 1.0, -0.0), ("next", 2.0**-24, -1.0, 0.0), ("next", 65504.0, math.inf, math.inf),
        ("sign(x)*pi/2", -1.0, 1.0, -math.pi / 2), ("pi", 1.0, 1.0, math.pi),
        ("sign(x)*3*pi/4", -1.0, 1.0, -2.356194490192345),
    ],
)  # fmt: skip
def test_a_result_word_means_what_it_says(then: str, x: float, y: float, expected: float) -> None:
    part = outcome(then, (np.array([x]), np.array([y])), HALF)
    assert same_bits(float(part.hi[0]), expected)


def test_multiples_of_pi_are_exact_to_a_pair_and_the_sign_of_the_rest() -> None:
    gmpy2 = pytest.importorskip("gmpy2")
    with gmpy2.context(precision=600):
        for text, (hi, lo, rem) in PI_MULTIPLES.items():
            times, over = (3 if text.startswith("3") else 1), int(text.partition("/")[2] or 1)
            rest = gmpy2.const_pi() * times / over - gmpy2.mpfr(hi)
            assert abs(rest) <= gmpy2.mpfr(math.ulp(hi)) / 2
            assert float(rest) == lo
            assert gmpy2.sign(rest - gmpy2.mpfr(lo)) == rem
