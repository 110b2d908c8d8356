"""The complex oracle against MPC (through gmpy2), against itself by two arithmetics, and on every branch cut."""

from __future__ import annotations

import cmath
import math
from fractions import Fraction

import gmpy2
import numpy as np
import pytest

from reportgen.catalogue.complexes import COMPLEX
from reportgen.core.complexsampling import along_cut, circle, edges, joined, special_parts, strata, typical_box
from reportgen.core.dtypes import COMPLEX_FORMATS
from reportgen.core.errors import OracleDisagreement
from reportgen.core.floats import FORMATS
from reportgen.core.sampling import generator
from reportgen.measure.complexinputs import text_value
from reportgen.oracle.complexes import identities, solve
from reportgen.oracle.complexes.solve import check_complex, confirm_complex, enclose_complex
from reportgen.oracle.complexes.values import OPEN, ComplexExact, granted
from reportgen.oracle.exact import exact_value

BITS = 4000


MPC = {
    "square": lambda z: z * z,
    "reciprocal": lambda z: 1 / z,
    "sqrt": gmpy2.sqrt,
    "rsqrt": lambda z: 1 / gmpy2.sqrt(z),
    "exp": gmpy2.exp,
    "exp2": lambda z: gmpy2.exp(z * gmpy2.const_log2()),
    "expm1": lambda z: gmpy2.exp(z) - 1,
    "sigmoid": lambda z: 1 / (1 + gmpy2.exp(-z)),
    "log": gmpy2.log,
    "log2": lambda z: gmpy2.log(z) / gmpy2.const_log2(),
    "log10": gmpy2.log10,
    "log1p": lambda z: gmpy2.log(z + 1),
    "sin": gmpy2.sin, "cos": gmpy2.cos, "tan": gmpy2.tan,
    "asin": gmpy2.asin, "acos": gmpy2.acos, "atan": gmpy2.atan,
    "sinh": gmpy2.sinh, "cosh": gmpy2.cosh, "tanh": gmpy2.tanh,
    "asinh": gmpy2.asinh, "acosh": gmpy2.acosh, "atanh": gmpy2.atanh,
    "abs": abs,
    "angle": lambda z: gmpy2.phase(z),
    "sign": lambda z: z / abs(z),
    "multiply": lambda z, w: z * w,
    "divide": lambda z, w: z / w,
    "power": lambda z, w: gmpy2.exp(w * gmpy2.log(z)),
    "xlogy": lambda z, w: z * gmpy2.log(w),
    "xlog1py": lambda z, w: z * gmpy2.log(w + 1),
    "squared_difference": lambda z, w: (z - w) * (z - w).conjugate(),
}  # fmt: skip
"""The same functions in MPC, at a precision at which the sums above lose nothing that matters."""

CIRCULAR = [a + b + h for a in ("", "a") for b in ("sin", "cos", "tan") for h in ("", "h")]
SIGNED = frozenset(["sqrt", "exp", "log", *CIRCULAR])
"""Functions whose signs of zero both Annex G and MPC fix."""


def number(z: complex) -> gmpy2.mpc:
    return gmpy2.mpc(gmpy2.mpfr(z.real), gmpy2.mpfr(z.imag))


def points(name: str, dtype: str, count: int) -> tuple[np.ndarray, ...]:
    """Finite points: strata, the unit circle, edges, a usual rectangle, and every cut with zeros of both signs."""
    fmt = COMPLEX_FORMATS[dtype].part
    row = COMPLEX[name]
    columns = []
    for argument in range(row.arity):
        rng = generator("test complex oracle", name, dtype, argument)
        quarter = -(-count // 8) * 2
        groups = [strata(fmt, quarter, rng), circle(fmt, quarter, rng), edges(fmt, quarter, rng)]
        groups.append(typical_box(fmt, row.typical[0], quarter, rng))
        order = rng.permutation(4 * quarter) if argument else slice(None)
        columns.append(np.concatenate(groups)[order])
    rng = generator("test complex cuts", name, dtype)
    for cut in row.cuts:
        ends = [text_value(text, fmt) for text in (cut.low, cut.high)]
        on = along_cut(fmt, cut.axis, *ends, max(60, count // 8), rng)
        columns = [np.concatenate([c, on if i == 0 else np.resize(c, len(on))]) for i, c in enumerate(columns)]
    return tuple(columns)


def compare_part(value: gmpy2.mpfr, exact, i: int, size: gmpy2.mpfr) -> bool:
    """Whether MPC's part is hi + lo to 2^-100 of itself (or of what the working precision leaves of the whole)."""
    hi = float(exact.hi[i])
    if hi == 0:
        return abs(value) <= size * gmpy2.mpfr(2) ** (60 - BITS)
    if abs(int(exact.exp2[i])) >= 1 << 15:
        return value == 0 or gmpy2.is_infinite(value) or abs(gmpy2.get_exp(value)) >= 1 << 15
    q = exact_value(exact[i : i + 1])
    wanted = gmpy2.mpfr(q.numerator) / gmpy2.mpfr(q.denominator)
    return abs(value - wanted) <= abs(wanted) * gmpy2.mpfr(2) ** -100 + gmpy2.mpfr(2) ** -2300


def against_mpc(name: str, dtype: str, count: int) -> tuple[int, list[str]]:
    """Points compared, and what differs."""
    row = COMPLEX[name]
    args = points(name, dtype, count)
    y = enclose_complex(row, args, dtype)
    wrong, compared = [], 0
    with gmpy2.context(precision=BITS, emax=1 << 40, emin=-(1 << 40), trap_erange=False):
        for i, values in enumerate(zip(*args, strict=True)):
            finite = np.isfinite(y.re.hi[i]) and (y.free_im[i] == OPEN or np.isfinite(y.im.hi[i]))
            if y.undecided[i] or y.free_re[i] == OPEN or not finite:
                continue
            if max(abs(part) for z in values for part in (z.real, z.imag)) > 1e4 and name in LONG:
                continue
            result = MPC[name](*(number(complex(z)) for z in values))
            parts = (result.real, result.imag) if y.free_im[i] != OPEN else (result,)
            if any(gmpy2.is_nan(p) for p in parts):
                continue
            compared += 1
            size = max(abs(p) for p in parts)
            size = size if gmpy2.is_finite(size) and size > 1 else gmpy2.mpfr(1)
            for number_, value in enumerate(parts):
                exact, _ = y.part(number_)
                good = compare_part(value, exact, i, size)
                if good and name in SIGNED and exact.hi[i] == 0 and value == 0:
                    good = gmpy2.is_signed(value) == bool(np.signbit(exact.hi[i]))
                if not good:
                    wrong.append(f"{name}{values} part {number_}: {float(value)!r}, oracle {exact.hi[i]!r}")
    return compared, wrong


LONG = frozenset(["sin", "cos", "tan", "exp", "exp2", "expm1", "sigmoid", "sinh", "cosh", "tanh", "power"])
"""Functions that MPC evaluates slowly, or out of its range, at very large arguments."""


@pytest.mark.parametrize("dtype", ["complex64", "complex128"])
@pytest.mark.parametrize("name", sorted(MPC))
def test_mpc_agrees(name, dtype):
    compared, wrong = against_mpc(name, dtype, 60)
    assert not wrong, wrong[:3]
    assert compared >= 40


@pytest.mark.full
@pytest.mark.parametrize("name", sorted(MPC))
def test_mpc_agrees_on_two_thousand_points(name):
    total = 0
    for dtype in ("complex64", "complex128"):
        compared, wrong = against_mpc(name, dtype, 3200 if name in LONG else 1200)
        assert not wrong, wrong[:3]
        total += compared
    assert total >= 2000


def test_a_wrong_value_is_noticed_by_the_comparison_with_mpc(monkeypatch):
    monkeypatch.setitem(MPC, "exp", lambda z: gmpy2.exp(z) * (1 + gmpy2.mpfr(2) ** -90))
    assert against_mpc("exp", "complex64", 40)[1]
    monkeypatch.setitem(MPC, "sqrt", lambda z: gmpy2.sqrt(gmpy2.mpc(z.real, abs(z.imag))))
    assert against_mpc("sqrt", "complex64", 40)[1]


@pytest.mark.parametrize("dtype", ["complex64", "complex128"])
@pytest.mark.parametrize("name", sorted(COMPLEX))
def test_arb_and_mpmath_agree_and_settle(name, dtype):
    row = COMPLEX[name]
    args = points(name, dtype, 48)
    enclosed = enclose_complex(row, args, dtype)
    confirmed, sources = confirm_complex(row, args, dtype)
    check_complex(enclosed, confirmed, name, args)
    assert len(sources) == len(args[0])
    assert set(sources) <= {"table", "rational", "identity", "mpmath"}
    assert enclosed.undecided.sum() <= 2
    assert confirmed.undecided.sum() <= 2


def test_a_disagreement_stops_the_report():
    z = np.array([1 + 2j])
    first = enclose_complex(COMPLEX["exp"], (z,), "complex64")
    second = enclose_complex(COMPLEX["exp"], (z + 1e-7,), "complex64")
    with pytest.raises(OracleDisagreement, match="exp, real part"):
        check_complex(first, second, "exp", (z,))


# -- signed zeros and cuts -----------------------------------------------------------------------------------
def at(name, *values, dtype="complex128"):
    y = enclose_complex(COMPLEX[name], tuple(np.array([v]) for v in values), dtype)
    return complex(y.re.hi[0], y.im.hi[0])


ZERO, MINUS = 0.0, -0.0
CUTS = [
    ("sqrt", complex(-4, MINUS), complex(0, -2)),
    ("sqrt", complex(-4, ZERO), complex(0, 2)),
    ("log", complex(-1, MINUS), complex(0, -math.pi)),
    ("log", complex(-1, ZERO), complex(0, math.pi)),
    ("log", complex(1, MINUS), complex(0, MINUS)),
    ("log1p", complex(-2, MINUS), complex(0, -math.pi)),
    ("asin", complex(2, MINUS), complex(math.pi / 2, -math.acosh(2))),
    ("asin", complex(-2, ZERO), complex(-math.pi / 2, math.acosh(2))),
    ("acos", complex(2, ZERO), complex(0, -math.acosh(2))),
    ("acos", complex(-2, MINUS), complex(math.pi, math.acosh(2))),
    ("atan", complex(ZERO, 2), complex(math.pi / 2, math.atanh(0.5))),
    ("atan", complex(MINUS, 2), complex(-math.pi / 2, math.atanh(0.5))),
    ("atan", complex(MINUS, 0.5), complex(MINUS, math.atanh(0.5))),
    ("asinh", complex(MINUS, 2), complex(-math.acosh(2), math.pi / 2)),
    ("asinh", complex(ZERO, -2), complex(math.acosh(2), -math.pi / 2)),
    ("acosh", complex(0.5, MINUS), complex(0, -math.acos(0.5))),
    ("acosh", complex(-2, ZERO), complex(math.acosh(2), math.pi)),
    ("atanh", complex(2, MINUS), complex(math.atanh(0.5), -math.pi / 2)),
    ("atanh", complex(-2, ZERO), complex(-math.atanh(0.5), math.pi / 2)),
    ("exp", complex(1, MINUS), complex(math.e, MINUS)),
    ("sinh", complex(MINUS, 2), complex(ZERO, math.sin(2))),
    ("cosh", complex(MINUS, 2), complex(math.cos(2), MINUS)),
    ("cos", complex(2, ZERO), complex(math.cos(2), MINUS)),
]


@pytest.mark.parametrize(("name", "z", "wanted"), CUTS)
def test_the_sign_of_a_zero_says_on_which_side_of_a_cut(name, z, wanted):
    got = at(name, z)
    for a, b in ((got.real, wanted.real), (got.imag, wanted.imag)):
        assert math.copysign(1, a) == math.copysign(1, b)
        assert a == pytest.approx(b, rel=1e-15)


def test_powers_take_the_side_of_the_cut_of_their_base():
    assert at("power", complex(-4, ZERO), complex(0.5, 0)) == pytest.approx(2j)
    assert at("power", complex(-4, MINUS), complex(0.5, 0)) == pytest.approx(-2j)
    assert at("power", complex(-1, MINUS), complex(1.5, 0)) == pytest.approx(1j)


@pytest.mark.parametrize("name", sorted(SIGNED))
def test_cmath_agrees_wherever_annex_g_fixes_the_value(name):
    """The C library behind cmath, on the grid of all special parts: values, infinities, NaN and signs of zeros."""
    parts = [v for v in special_parts(FORMATS["float64"]) if abs(v) < 1e300 or not math.isfinite(v)]
    z = joined(*(a.ravel() for a in np.meshgrid(parts, parts, indexing="ij")))
    y = enclose_complex(COMPLEX[name], (z,), "complex128")
    checked = 0
    for i, value in enumerate(z.tolist()):
        try:
            got = getattr(cmath, name)(value)
        except (ValueError, OverflowError):
            continue  # cmath raises where C returns infinities or NaN with a flag
        expected = granted(y[i : i + 1], np.array([got]))
        for part, mine in ((expected.re, got.real), (expected.im, got.imag)):
            hi = float(part.hi[0]) * 2.0 ** int(max(part.exp2[0], -1074))
            assert math.isnan(hi) == math.isnan(mine), (name, value, got)
            if not math.isnan(hi):
                assert mine == pytest.approx(hi, rel=1e-14, abs=5e-324), (name, value, got)
                assert hi != 0 or mine != 0 or math.copysign(1, hi) == math.copysign(1, mine), (name, value, got)
        checked += 1
    assert checked >= 60


# -- exact cases ---------------------------------------------------------------------------------------------
def test_short_numbers_are_recognised():
    assert identities.square_root(Fraction(3), Fraction(4)) == (2, 1)
    assert identities.square_root(Fraction(0), Fraction(2)) == (1, 1)
    assert identities.square_root(Fraction(-4), Fraction(0)) == (0, 2)
    assert identities.square_root(Fraction(1), Fraction(1)) is None
    assert identities.log_of_modulus(2, 1.0, 1.0) == Fraction(1, 2)
    assert identities.log_of_modulus(10, 3.0, 1.0) == Fraction(1, 2)
    assert identities.log_of_modulus(10, 0.6, 0.8) is None
    assert identities.power(1.0, 1.0, 2.0) == (0, 2)
    assert identities.power(3.0, -4.0, 0.5) == (2, -1)
    assert identities.power(0.0, 1.0, -3.0) == (0, 1)
    assert identities.power(2.0, 1.0, 0.3) is None


@pytest.mark.parametrize(
    ("name", "values", "wanted"),
    [
        ("log2", (1 + 1j,), 0.5), ("log10", (3 + 1j,), 0.5), ("sqrt", (3 + 4j,), 2 + 1j),
        ("rsqrt", (3 + 4j,), 0.4 - 0.2j),
        ("power", (1 + 1j, 2 + 0j), 2j), ("power", (1 + 0j, 3 - 7j), 1), ("power", (4 + 0j, -0.5 + 0j), 0.5),
        ("divide", (1 + 2j, 3 - 4j), -0.2 + 0.4j), ("square", (2 + 2j,), 8j), ("exp2", (3 + 0j,), 8),
    ],
)  # fmt: skip
def test_exact_values_settle_in_both_arithmetics(name, values, wanted):
    args = tuple(np.array([complex(v)]) for v in values)
    first = enclose_complex(COMPLEX[name], args, "complex128")
    second, _ = confirm_complex(COMPLEX[name], args, "complex128")
    check_complex(first, second, name, args)
    assert not first.undecided.any()
    assert not second.undecided.any()
    assert complex(first.re.hi[0], first.im.hi[0]).real == pytest.approx(complex(wanted).real, abs=1e-16)
    if name in ("log2", "log10"):
        assert first.re.rem[0] == 0


def test_a_remainder_too_small_for_the_pair_keeps_its_sign():
    y = enclose_complex(COMPLEX["tanh"], (np.array([1000 + 1j, 1000 + 2j]),), "complex128")
    assert y.re.hi.tolist() == [1.0, 1.0]
    # tanh = 1 - 2 cos(2y) exp(-2x) + …: below one where cos 2y is positive.
    assert y.re.rem.tolist() == [1 if math.cos(2) < 0 else -1, 1 if math.cos(4) < 0 else -1]


def test_every_name_of_the_catalogue_has_an_oracle():
    assert {row.oracle for row in COMPLEX.values()} <= solve.names()


# -- freedoms ------------------------------------------------------------------------------------------------
def one(**fields):
    y = ComplexExact.empty(1)
    for name, value in fields.items():
        target = getattr(y, name)
        (target.hi if name in ("re", "im") else target)[0] = value
    return y


def test_what_is_open_is_granted_and_nothing_else():
    nan = math.nan
    infinity = one(re=math.inf, im=nan, free_re=1, free_im=OPEN, whole=1)
    used = granted(infinity, np.array([complex(nan, -math.inf)]))
    assert (math.isnan(used.re.hi[0]), used.im.hi[0]) == (True, -math.inf)
    for value in (complex(1, 2), complex(nan, nan)):
        assert granted(infinity, np.array([value])).re.hi[0] == math.copysign(math.inf, value.real)
    sign = one(re=math.inf, free_re=1)
    assert granted(sign, np.array([-math.inf + 0j])).re.hi[0] == -math.inf
    assert granted(sign, np.array([1 + 0j])).re.hi[0] == math.inf
