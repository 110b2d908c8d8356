"""Hard cases: arguments known to defeat naive oracles, and every rule that replaces an enclosure."""

from __future__ import annotations

import math
from fractions import Fraction

import gmpy2
import numpy as np
import pytest

from reportgen.catalogue.rows import FunctionRow, lookup
from reportgen.core.errors import OracleDisagreement
from reportgen.core.floats import FORMATS, Exact, round_exact
from reportgen.oracle import approximations, balls
from reportgen.oracle.enclosure import enclose
from reportgen.oracle.namespace import parse
from reportgen.oracle.reference import check_agreement, confirm, settle_point
from reportgen.oracle.regions import known_values
from tests.test_oracle_source import verdict

Found = tuple[float, float, int, int]


def bare(expression: str, arity: int = 1) -> FunctionRow:
    """A row without special cases for an expression that the catalogue may not have."""
    return FunctionRow(
        name=expression, family="", arity=arity, sentence="", domain="", numpy=None, tensorflow=None,
        mpmath=expression, arb=expression,
    )  # fmt: skip


def both(row: FunctionRow, *args: float) -> Found:
    """One point by Arb and by mpmath, which must agree and be decided."""
    columns = tuple(np.array([a]) for a in args)
    enclosed, confirmed = enclose(row, columns, "float64"), confirm(row, columns, "float64")
    assert not enclosed.undecided[0]
    assert not confirmed.undecided[0]
    check_agreement(enclosed, confirmed, row.name, columns)
    return float(enclosed.hi[0]), float(enclosed.lo[0]), int(enclosed.exp2[0]), int(enclosed.rem[0])


# Arguments whose images lie within 2^-49 ulp of a binary64 number or of the middle of two: V. Lefèvre and J.-M. Muller,
# "Worst Cases for Correct Rounding of the Elementary Functions in Double Precision" (2003).
WORST = {
    "exp": "-0x1.1000000000242p-42 0x1.9e9cbbfd6080bp-31 0x1.d77fd13d27fffp-11 "
    "0x1.acca7ae8da5a7p+0 0x1.76e7e5d7b6eacp+3",
    "log": "0x1.0000000000001p0 0x1.de7cd6751029ap+16 0x1.8fc0c5cbe5c07p+3",
    "exp2": "0x1.b32a6c92d1185p-1 0x1.25dd9eedac79ap+0 0x1.16a76ec41b516p-1",
    "sin": "0x1.e0000000001c2p-20 0x1.598bae9e632f6p-7 0x1.fe767739d0f6dp-2 0x1.d037cb27ee6dfp-3",
    "cos": "0x1.8000000000009p-23 0x1.06b505550e6b2p-9 0x1.6b8a6273d7c21p+0 0x1.efeef61d39ac2p-3",
    "tan": "0x1.dfffffffffff1fp-22 0x1.50486b2f87014p-5 0x1.a33f32ac5ceb5p-3",
    "asin": "0x1.dffffffffff02ep-20 0x1.9259e3708bd3ap-5 0x1.1ed06d50f7e88p-1",
    "acos": "0x1.fd737be914578p-11 0x1.f10fc61e2c78fp-1 0x1.4182199998587p-1",
    "atan": "0x1.e000000000546p-21 0x1.22e8d75e2bc7fp-11 0x1.5389e6df41979p-4",
}
HARD = [(name, float.fromhex(text)) for name, texts in WORST.items() for text in texts.split()]


@pytest.mark.parametrize(("name", "x"), HARD)
def test_arguments_hard_to_round(name: str, x: float) -> None:
    assert verdict(name, "float64", (x,), both(lookup(name), x)) is True


KNOWN_DISTANCE = [
    ("exp", "0x1.9e9cbbfd6080bp-31"), ("exp", "0x1.d77fd13d27fffp-11"), ("exp", "0x1.76e7e5d7b6eacp+3"),
    ("log", "0x1.de7cd6751029ap+16"), ("sin", "0x1.598bae9e632f6p-7"), ("sin", "0x1.fe767739d0f6dp-2"),
    ("cos", "0x1.06b505550e6b2p-9"), ("cos", "0x1.6b8a6273d7c21p+0"), ("asin", "0x1.1ed06d50f7e88p-1"),
    ("atan", "0x1.22e8d75e2bc7fp-11"), ("exp2", "0x1.25dd9eedac79ap+0"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "text"), KNOWN_DISTANCE)
def test_published_worst_cases_are_as_hard_as_published(name: str, text: str) -> None:
    """Their distance from a number or a midpoint, in ulp, is below 2^-49 (a random argument's is 2^-2)."""
    hi, lo, _, _ = both(lookup(name), float.fromhex(text))
    ulp = Fraction(math.ulp(hi))
    distance = min(abs(Fraction(lo)), abs(abs(Fraction(lo)) - ulp / 2)) / ulp
    assert distance < Fraction(1, 2**49)


MULTIPLES = [
    ("sin", 6381956970095103.0 * 2.0**797), ("cos", 6381956970095103.0 * 2.0**797),
    ("tan", 6381956970095103.0 * 2.0**797), ("cos", 5.319372648326541e255), ("sin", 2.0**1000), ("cos", 1e22),
    ("tan", float.fromhex("0x1.921fb54442d18p+0")), ("sin", float.fromhex("0x1.921fb54442d18p+1")),
    ("sin", 1.7976931348623157e308), ("tan", 1.633123935319537e16),
]  # fmt: skip


@pytest.mark.parametrize(("name", "x"), MULTIPLES)
def test_arguments_near_multiples_of_half_pi(name: str, x: float) -> None:
    assert verdict(name, "float64", (x,), both(lookup(name), x)) is True


def test_the_hardest_reduction_of_binary64_is_found() -> None:
    """6381956970095103·2^797 is the double nearest to a multiple of pi/2 (Muller, *Elementary Functions*, ch. 11)."""
    hi, _, _, _ = both(lookup("cos"), 6381956970095103.0 * 2.0**797)
    assert hi == pytest.approx(-4.68716592425462761112e-19, rel=1e-15)


@pytest.mark.parametrize("k", [1, 2, 5, 30, 100, 500, 1000])
def test_roundings_of_multiples_of_half_pi(k: int) -> None:
    with gmpy2.context(precision=1200):
        x = float(gmpy2.const_pi() / 2 * 2**k if k < 900 else gmpy2.const_pi() * 2 ** (k - 2))
    for name in ("sin", "cos", "tan"):
        assert verdict(name, "float64", (x,), both(lookup(name), x)) is True


# -- values that equal precisions never settle -----------------------------------------------------------
def test_softplus_keeps_what_log_of_a_sum_loses() -> None:
    hi, _, _, _ = both(bare("softplus(x)"), -300.0)
    assert hi == math.exp(-300.0)
    with gmpy2.context(precision=212):
        assert gmpy2.log(1 + gmpy2.exp(gmpy2.mpfr(-300))) == 0
    with gmpy2.context(precision=700):
        assert hi == float(gmpy2.log(1 + gmpy2.exp(gmpy2.mpfr(-300))))


@pytest.mark.parametrize("written", ["log1p(exp(x))", "log(1 + exp(x))"])
def test_an_expression_written_out_by_balls_agrees_with_the_name(written: str) -> None:
    """Arb carries the width of any composition: even the cancelling form is found, at the price of precision."""
    x = np.array([-300.0, -20.0, 0.5, 30.0])
    assert list(enclose(bare(written), (x,), "float64").hi) == list(enclose(bare("softplus(x)"), (x,), "float64").hi)


CLOSE_TO_ONE = [
    ("cos", 1e-100, (1.0, -5e-201, None)), ("cos", 1e-300, (1.0, 0.0, -1)), ("exp", 1e-300, (1.0, 1e-300, 1)),
    ("exp", -1e-300, (1.0, -1e-300, 1)), ("tanh", 400.5, (1.0, 0.0, -1)), ("tanh", -1e300, (-1.0, 0.0, 1)),
    ("expm1", -1e5, (-1.0, 0.0, 1)), ("cosh", 1e-200, (1.0, 0.0, 1)), ("tanh", 30.0, (1.0, -2 * math.exp(-60.0), None)),
]  # fmt: skip


@pytest.mark.parametrize(("name", "x", "expected"), CLOSE_TO_ONE)
def test_one_less_very_little_is_not_one(name: str, x: float, expected: tuple[float, float, int | None]) -> None:
    hi, lo, exp2, rem = both(lookup(name), x)
    assert (hi, exp2) == (expected[0], 0)
    assert lo == pytest.approx(expected[1], rel=1e-12, abs=0)
    assert rem == expected[2] if expected[2] is not None else rem != 0
    assert verdict(name, "float64", (x,), (hi, lo, exp2, rem)) is True


def test_rounding_knows_that_cos_of_a_tiny_number_is_below_one() -> None:
    rounded = round_exact(enclose(lookup("cos"), (np.array([1e-300]),), "float64"), FORMATS["float32"])
    assert (rounded.nearest[0], rounded.up[0]) == (1.0, 1.0)
    assert rounded.down[0] == float(np.nextafter(np.float32(1), np.float32(0)))
    assert not rounded.exact[0]


def test_exp_of_ten_log_two_is_undecided_only_if_nobody_knows_it_is_1024() -> None:
    """The value is 1024 exactly, and no ball can say so: it is shown as undecided and never guessed."""
    written = bare("exp(x * log(2))")
    assert enclose(written, (np.array([10.0]),), "float64").undecided[0]
    assert both(lookup("exp2"), 10.0) == (1024.0, 0.0, 0, 0)


EXACT = [
    ("exp2", (10.0,), 1024.0), ("exp2", (-3.0,), 0.125), ("log2", (2.0**-1074,), -1074.0), ("log10", (1e22,), 22.0),
    ("cbrt", (-27.0,), -3.0), ("cbrt", (2.0**-1074 * 2**0,), 2.0**-358), ("sqrt", (2.0**-1074,), 2.0**-537),
    ("rsqrt", (2.0**-1074,), 2.0**537), ("hypot", (3e10, 4e10), 5e10),
    ("hypot", (7.0 * 2.0**300, 24.0 * 2.0**300), 25 * 2.0**300),
    ("power", (9.0, 0.5), 3.0), ("power", (16.0, 0.25), 2.0), ("power", (81.0, 0.75), 27.0),
    ("power", (-2.0, -3.0), -0.125), ("power", (0.0625, -0.25), 2.0), ("power", (-1.0, 1.7e308), 1.0),
    ("power", (-1.0, 2.0**53 - 1), -1.0), ("power", (1.5, 5.0), 7.59375), ("logaddexp2", (10.0, 10.0), 11.0),
    ("logaddexp2", (-1.0, -1.0), 0.0), ("sinc", (3.0,), 0.0),
]  # fmt: skip


@pytest.mark.parametrize(("name", "args", "value"), EXACT)
def test_exact_values_are_recognised(name: str, args: tuple[float, ...], value: float) -> None:
    hi, lo, exp2, rem = both(lookup(name), *args)
    assert (math.ldexp(hi, exp2), lo, rem) == (value, 0.0, 0)


@pytest.mark.parametrize(("name", "args"), [("log10", (1e23,)), ("power", (8.0, 1 / 3)), ("cbrt", (27.1,)),
                                            ("power", (17.0, 0.25)), ("hypot", (3.0, 4.000000000000001))])  # fmt: skip
def test_what_is_nearly_exact_is_not_taken_for_exact(name: str, args: tuple[float, ...]) -> None:
    found = both(lookup(name), *args)
    assert found[3] != 0
    assert verdict(name, "float64", args, found) is True


def test_signs_of_zero_come_from_the_table() -> None:
    assert both(lookup("atan2"), -0.0, -1.0)[0] == -math.pi
    assert math.copysign(1, both(lookup("sin"), -0.0)[0]) == -1
    assert math.copysign(1, both(lookup("atan2"), -0.0, 1.0)[0]) == -1


# -- the rules of regions.py, against MPFR, on both sides of their thresholds ------------------------------
EDGES = {
    "exp": (22799.0, 22801.0, -22799.0, -22801.0, 1e300, -1e300), "exp2": (32768.0, 32768.5, -32768.0, -32768.5, 1e300),
    "expm1": (-799.0, -801.0, 22801.0, -1e300), "sinh": (22799.0, -22801.0, 1e300),
    "cosh": (22801.0, 2.0**-554, 2.0**-556),
    "cos": (2.0**-554, 2.0**-556, 2.0**-1074), "tanh": (399.0, -401.0, 1e300), "i0": (22999.0, 23001.0, 2.0**-556),
}  # fmt: skip


@pytest.mark.parametrize(("name", "x"), [(name, x) for name, xs in EDGES.items() for x in xs])
def test_rules_at_their_thresholds(name: str, x: float) -> None:
    assert verdict(name, "float64", (x,), both(lookup(name), x)) is True


PAIRS = [
    ("power", 1.0000000000000002, 1e20), ("power", 1.0000000000000002, -1e20), ("power", -3.0, 20893.0),
    ("power", 0.9999999999999999, 2.05e20), ("power", 2.0, 33000.0), ("power", 1e-300, 1e-300), ("power", 7.0, -0.125),
    ("logaddexp", 800.0, 0.0), ("logaddexp", 5e-324, -790.0), ("logaddexp", 0.0, -22900.0), ("logaddexp", 0.0, -500.0),
    ("logaddexp", -0.6931471805599453, -0.6931471805599453), ("logaddexp", 1e308, -1e308),
    ("logaddexp2", 0.0, -40000.0), ("logaddexp2", 5e-324, -1200.0), ("logaddexp2", -1.0, -1.0000000000000002),
    ("hypot", 1e308, 5e-324), ("atan2", 5e-324, 1.7e308), ("atan2", -1e-320, -1e300), ("xlog1py", 1e300, -1e-300),
]  # fmt: skip


@pytest.mark.parametrize(("name", "x", "y"), PAIRS)
def test_rules_and_balls_of_two_arguments(name: str, x: float, y: float) -> None:
    assert verdict(name, "float64", (x, y), both(lookup(name), x, y)) is True


def test_names_outside_the_catalogue_agree_too() -> None:
    x = np.concatenate([np.linspace(-40, 40, 161), [1e-300, -1e-300, 900.0, -900.0, 1e300, -1e300]])
    for name in ("sigmoid", "softplus", "log_sigmoid", "exp10"):
        row = bare(f"{name}(x)")
        enclosed = enclose(row, (x,), "float64")
        assert not enclosed.undecided.any()
        check_agreement(enclosed, confirm(row, (x,), "float64"), name, (x,))
    sigmoid = enclose(bare("sigmoid(x)"), (x,), "float64")
    assert np.allclose(
        np.ldexp(sigmoid.hi, sigmoid.exp2), 1 / (1 + np.exp(-np.clip(x, -700, None))), rtol=1e-15, atol=1e-290
    )


# -- planted errors ------------------------------------------------------------------------------------------
def _sample() -> tuple[FunctionRow, tuple[np.ndarray, ...], Exact]:
    args = (np.linspace(0.1, 3.0, 50),)
    return lookup("exp"), args, enclose(lookup("exp"), args, "float64")


@pytest.mark.parametrize("part", ["hi", "lo", "rem", "exp2", "sign of zero", "nan"])
def test_a_planted_disagreement_stops_the_report(part: str) -> None:
    row, args, enclosed = _sample()
    confirmed = confirm(row, args, "float64")
    check_agreement(enclosed, confirmed, "exp", args)
    if part == "hi":
        confirmed.hi[7] = np.nextafter(confirmed.hi[7], 9)
    elif part == "lo":
        confirmed.lo[7] = np.nextafter(confirmed.lo[7], 9)
    elif part == "rem":
        confirmed.rem[7] *= -1
    elif part == "exp2":
        confirmed.exp2[7] += 1
    elif part == "nan":
        confirmed.hi[7] = np.nan
    else:
        for y, zero in ((enclosed, 0.0), (confirmed, -0.0)):
            y.hi[7], y.lo[7], y.rem[7] = zero, 0.0, 0
    with pytest.raises(OracleDisagreement, match=rf"exp\({args[0][7].hex()}\)"):
        check_agreement(enclosed, confirmed, "exp", args)


def test_a_ball_that_is_too_narrow_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    """An Arb function off by 2^-90 with a radius that hides it settles wrongly; mpmath contradicts it."""
    right = balls.FUNCTIONS["exp"]
    monkeypatch.setitem(balls.FUNCTIONS, "exp", lambda x: right(x) * (1 + balls.arb(2) ** -90))
    row, args, _ = _sample()
    with pytest.raises(OracleDisagreement):
        check_agreement(enclose(row, args, "float64"), confirm(row, args, "float64"), "exp", args)


def test_an_mpmath_function_that_breaks_its_bound_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    row, args, enclosed = _sample()
    monkeypatch.setitem(
        approximations.PLAIN, "exp", (lambda x: approximations.mp.exp(x) * (1 + approximations.mp.ldexp(1, -100)), 0)
    )
    monkeypatch.setattr("reportgen.oracle.reference._functions", {})
    with pytest.raises(OracleDisagreement):
        check_agreement(enclosed, confirm(row, args, "float64"), "exp", args)


def test_an_undecided_source_leaves_the_word_to_the_other() -> None:
    row, args, enclosed = _sample()
    confirmed = confirm(row, args, "float64")
    confirmed.undecided[7], confirmed.hi[7] = True, 0.0
    check_agreement(enclosed, confirmed, "exp", args)


def test_a_wrong_rule_would_be_seen() -> None:
    """The judge refuses the value next to each rule's, so a rule that were wrong could not pass the tests above."""
    found = both(lookup("tanh"), 401.0)
    assert verdict("tanh", "float64", (401.0,), (*found[:3], 1)) is False
    assert known_values("tanh", (np.array([401.0]),)).mask[0]


def test_settle_point_gives_up_at_the_limit() -> None:
    assert settle_point(parse("x / 3 * 3"), (1.0,), 10001) is None
