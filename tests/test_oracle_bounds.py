"""The error bounds that the mpmath side states, measured against Arb's balls at a far higher precision."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from flint import arb, ctx, fmpz
from mpmath import mp, mpf

from reportgen.core.floats import FORMATS
from reportgen.core.sampling import generator
from reportgen.oracle import balls
from reportgen.oracle.approximations import EXACT_CASES, GUARD, PLAIN, Approx, Names, exactly, signed_parts
from reportgen.oracle.functions import bessel, errors, gammas, integrals
from reportgen.oracle.namespace import INEXACT_BINARY, INEXACT_UNARY, ExpressionError

BINARY = sorted(INEXACT_BINARY)
SPECIAL = {*errors.METHODS, *gammas.METHODS, *integrals.METHODS, *bessel.METHODS}
"""Measured within their own domains in ``test_special_functions``."""
PARTIAL = {"igamma", "igammac", "polygamma", "zeta", "d_acos", "d_acosh", "d_asin", "d_erfinv", "d_ndtri"}
PARTIAL |= {"d_power_x", "d_power_y", "d_rsqrt", "d_sqrt"}
"""Defined on a part of the line only: compared with Arb there in ``test_parametric`` and ``test_gradients``."""
SPARE = 24
"""Bits by which every function must stay below its stated bound: half of what the guard leaves."""
POSITIVE = {"log", "log2", "log10", "sqrt", "rsqrt"}


def _to_arb(value: Any) -> arb:
    man, exp = signed_parts(value)
    return arb(fmpz(man)) * arb(2) ** arb(fmpz(exp))


def _arguments(name: str, count: int = 150) -> list[tuple[float, ...]]:
    """Random binary64 numbers of moderate exponent inside the domain, and the ends where formulas lose bits."""
    rng = generator("bounds", name)
    sizes = np.exp2(rng.uniform(-60, 9, count)) * rng.choice([-1.0, 1.0], count)
    near_one = 1 + np.ldexp(rng.uniform(0.5, 1, count), -rng.integers(1, 52, count)) * rng.choice([-1.0, 1.0], count)
    wide = FORMATS["float32"].from_ordinal(rng.integers(1, FORMATS["float32"].inf_ordinal, count))
    x = np.concatenate([sizes, near_one, -near_one, 2 * near_one])
    if name in POSITIVE:
        x = np.concatenate([np.abs(x), wide])
    elif name in ("asin", "acos", "atanh"):
        x = x[np.abs(x) < 1]
    elif name == "acosh":
        x = np.concatenate([x[x > 1], 1 + wide])
    elif name == "log1p":
        x = x[x > -1]
    elif name in ("sin", "cos", "tan", "atan", "asinh", "radians", "degrees", "cbrt", "sinc_pi"):
        x = np.concatenate([x, wide])
    elif name == "i0":
        x = x[:200]
    if name not in BINARY:
        return [(float(v),) for v in x]
    y = rng.permutation(x)
    if name == "power":
        return [(abs(float(a)), float(b)) for a, b in zip(x, y, strict=True)]
    if name == "xlogy":
        return [(float(a), abs(float(b))) for a, b in zip(x, y, strict=True)]
    if name == "xlog1py":
        return [(float(a), max(float(b), -0.75)) for a, b in zip(x, y, strict=True)]
    return [(float(a), float(b)) for a, b in zip(x, y, strict=True)]


def _excess_bits(name: str, bits: int, args: tuple[float, ...]) -> float:
    """log2 of (actual error / stated error); -inf where the value is exact."""
    with mp.workprec(bits + 64):
        found: Approx = Names(bits).table()[name](*(exactly(a) for a in args))
    ctx.prec = 2 * bits + 3000 if name == "power" else 2 * bits + 600
    difference = abs(_to_arb(found.value) - balls.FUNCTIONS[name](*map(arb, args)))
    error, stated = difference.upper(), _to_arb(found.error)
    if found.exact:
        assert difference.contains(0), (name, args)
        return float("-inf")
    return float((error / stated).log() / arb.const_log2())


@pytest.mark.parametrize("bits", [120, 700])
@pytest.mark.parametrize("name", sorted((INEXACT_UNARY | INEXACT_BINARY) - SPECIAL - PARTIAL))
def test_every_stated_bound_holds_with_room(name: str, bits: int) -> None:
    before = ctx.prec
    try:
        arguments = _arguments(name, 150 if bits < 500 else 40)
        worst = max((_excess_bits(name, bits, args), args) for args in arguments)
    finally:
        ctx.prec = before
    assert worst[0] < -SPARE, f"{name}: only {-worst[0]:.1f} bits below its bound at {worst[1]}"


def test_the_measurement_sees_a_function_without_its_bits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(PLAIN, "acosh", (mp.acosh, -40))
    with pytest.raises(AssertionError, match="acosh: only"):
        test_every_stated_bound_holds_with_room("acosh", 120)


def test_every_irrational_name_has_a_bound_and_a_ball() -> None:
    table = Names(100).table()
    assert set(table) >= INEXACT_UNARY | INEXACT_BINARY
    assert set(balls.FUNCTIONS) >= INEXACT_UNARY | INEXACT_BINARY
    assert set(EXACT_CASES) <= set(PLAIN)
    assert GUARD >= 2 * SPARE


# -- the arithmetic of approximations ----------------------------------------------------------------------
def test_errors_of_sums_and_quotients_enclose_the_truth() -> None:
    names = Names(100)
    third = names.divide(exactly(1), exactly(3))
    assert 0 < third.error < mpf(2) ** -90
    back = names.multiply(third, exactly(3))
    assert abs(back.value - 1) <= back.error
    gone = names.subtract(back, exactly(1))
    assert abs(gone.value) <= gone.error
    assert names.divide(exactly(1), gone).error == mp.inf


def test_exact_arithmetic_stays_exact() -> None:
    names = Names(60)
    huge, tiny = exactly(mpf(2) ** 900), exactly(mpf(2) ** -900)
    total = names.add(huge, tiny)
    assert total.exact
    assert mp.fsub(total.value, huge.value, exact=True) == tiny.value
    assert names.multiply(total, tiny).exact
    assert names.divide(huge, exactly(8)).exact


def test_an_inexact_argument_needs_a_stated_bound() -> None:
    names = Names(100)
    table = names.table()
    with pytest.raises(ExpressionError, match="no error bound"):
        table["exp"](names.pi())
