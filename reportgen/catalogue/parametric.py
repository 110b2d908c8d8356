"""Special functions with parameters: incomplete gamma and beta functions, Hurwitz zeta, polygamma.

Where the libraries disagree at the ends of a parameter's range, the table has the mathematical limit, or NaN where
there is none. ``planes`` are the boxes where implementations change their method or run out of terms: Temme's
expansion from a = 20 and 200 on, the ridges x = a and x = a/(a + b), s beside 1, arguments beside poles.
"""

from __future__ import annotations

from math import inf

from reportgen.catalogue.rows import FunctionRow, Special
from reportgen.catalogue.sources import DIVISION_BY_ZERO, INVALID, NANS, PROPAGATION, dlmf, tensorflow_docs

PARAMETRIC_DTYPES = ("float32", "float64")
"""Neither library computes these in sixteen bits on the CPU."""

PARAMETERS = (
    "0", "min_subnormal", "min_normal", "2^-24", "1/2", "1", "3/2", "2", "10", "20", "200", "1000",
    "10000", "-1", "max",
)  # fmt: skip
ARGUMENTS = ("0", "min_normal", "2^-24", "1/2", "1", "11/10", "2", "21", "201", "1000", "10000", "-1", "max")
ORDERS = ("0", "1", "2", "3", "4", "10", "33", "34", "100", "170", "171", "-1", "1/2")
FRACTIONS = ("0", "min_normal", "2^-24", "1/10", "1/2", "9/10", "1", "-1", "2")
POLE_SIDES = (
    "0", "-1", "-2", "-3", "-10", "-1/2", "-3/2", "min_normal", "2^-24", "1/2", "1", "2", "10", "100000000", "max",
)  # fmt: skip

GAMMA_PAGE = "SciPy documentation, scipy.special.gammainc; NIST DLMF 8.2.4"
GAMMAC_PAGE = "SciPy documentation, scipy.special.gammaincc; NIST DLMF 8.2.4"
BETA_PAGE = "SciPy documentation, scipy.special.betainc; NIST DLMF 8.17.1"
ZETA_SERIES = f"{tensorflow_docs('tf.math.zeta')}; NIST DLMF 25.11.1"
POLYGAMMA_PAGE = f"{tensorflow_docs('tf.math.polygamma')}; NIST DLMF 5.15.1"
NAN_THIRD = Special(("any", "any", "nan"), "nan", "NaN as the third argument gives NaN.", PROPAGATION)


def _incomplete_gamma(page: str, below: str, above: str) -> tuple[Special, ...]:
    """Rules of P (``below`` +0, ``above`` 1) and Q (the reverse): the values for x far below and far above a."""
    zero, one = ("0", "1") if below == "+0" else ("1", "0")
    return (
        *NANS,
        Special(("< 0", "any"), "nan", "The parameter must not be negative.", page),
        Special(("any", "< 0"), "nan", "The argument must not be negative.", page),
        Special(("±0", "±0"), "nan", "At a = x = 0 there is no limit: it depends on the direction.", INVALID),
        Special(
            ("±0", "> 0"), above,
            f"As a falls to 0 the value tends to {one}; SciPy documents this limit, TensorFlow gives NaN.", page,
        ),
        Special(("+inf", "+inf"), "nan", "At a = x = ∞ there is no limit: it depends on the direction.", INVALID),
        Special(("+inf", "any"), below, f"As a grows beyond every x the value tends to {zero}.", page),
        Special(("any", "+inf"), above, f"As x grows the value tends to {one}.", page),
        Special(("any", "±0"), below, f"At x = 0 the value is {zero}.", page),
    )  # fmt: skip


IGAMMA = _incomplete_gamma(GAMMA_PAGE, "+0", "1")
IGAMMAC = _incomplete_gamma(GAMMAC_PAGE, "1", "+0")
BETAINC = (
    Special(("nan", "any", "any"), "nan", "NaN as the first argument gives NaN.", PROPAGATION),
    Special(("any", "nan", "any"), "nan", "NaN as the second argument gives NaN.", PROPAGATION),
    NAN_THIRD,
    Special(("< 0", "any", "any"), "nan", "The parameters must not be negative.", BETA_PAGE),
    Special(("any", "< 0", "any"), "nan", "The parameters must not be negative.", BETA_PAGE),
    Special(("any", "any", "< 0"), "nan", "x must lie between 0 and 1.", BETA_PAGE),
    Special(("any", "any", "> 1"), "nan", "x must lie between 0 and 1.", BETA_PAGE),
    Special(("±0", "any", "±0"), "nan", "At a = x = 0 there is no limit: it depends on the direction.", INVALID),
    Special(("any", "±0", "== 1"), "nan", "At b = 0, x = 1 there is no limit: it depends on the direction.", INVALID),
    Special(("±0", "±0", "any"), "nan", "At a = b = 0 there is no limit: it depends on a/b.", INVALID),
    Special(("any", "any", "±0"), "+0", "At x = 0 the value is 0 for every a > 0.", BETA_PAGE),
    Special(("any", "any", "== 1"), "1", "At x = 1 the value is 1 for every b > 0.", BETA_PAGE),
    Special(("+inf", "+inf", "any"), "nan", "At a = b = ∞ there is no limit: it depends on a/b.", INVALID),
    Special(
        ("±0", "any", "any"), "1",
        "As a falls to 0 all weight moves to 0 and the value tends to 1; TensorFlow gives NaN.", BETA_PAGE,
    ),
    Special(
        ("any", "±0", "any"), "+0",
        "As b falls to 0 all weight moves to 1 and the value tends to 0; TensorFlow gives NaN.", BETA_PAGE,
    ),
    Special(("+inf", "any", "any"), "+0", "As a grows all weight moves to 1 and the value tends to 0.", BETA_PAGE),
    Special(("any", "+inf", "any"), "1", "As b grows all weight moves to 0 and the value tends to 1.", BETA_PAGE),
)  # fmt: skip
ZETA = (
    *NANS,
    Special(("== 1", "any"), "+inf", "At s = 1 the series diverges: a pole.", dlmf("25.11(i)", "the pole at s = 1")),
    Special(("< 1", "any"), "nan", "Below s = 1 the series that defines the function diverges.", ZETA_SERIES),
    Special(("any", "-inf"), "nan", "There is no limit at q = −∞: the poles never end.", dlmf("25.11.1", "the poles")),
    Special(("any", "+inf"), "+0", "The value falls to 0 as q grows.", dlmf("25.11.43", "large q")),
    Special(
        ("any", "±0"), "+inf", "At q = 0 the first term is 1/0: +∞, as q falls to 0.",
        f"{DIVISION_BY_ZERO}; {ZETA_SERIES}",
    ),
    Special(("+inf", "> 1"), "+0", "As s grows every term falls to 0 for q > 1.", ZETA_SERIES),
    Special(("+inf", "== 1"), "1", "As s grows only the term 1^−s is left.", ZETA_SERIES),
    Special(
        ("+inf", "any"), "+inf",
        "Below q = 1 a term grows with s; every large number of the format is even, so that it is positive.",
        ZETA_SERIES,
    ),
    Special(
        ("odd integer", "integer and < 0"), "nan",
        "A negative integer is a pole; for odd s its sides have opposite signs. SciPy gives +∞.", ZETA_SERIES,
    ),
    Special(
        ("integer", "integer and < 0"), "+inf",
        "A negative integer is a pole; for even s both sides tend to +∞.", ZETA_SERIES,
    ),
    Special(
        ("non-integer", "< 0"), "nan", "A negative number to a power that is no integer is not real.", ZETA_SERIES,
    ),
)  # fmt: skip
POLYGAMMA = (
    *NANS,
    Special(("< 0", "any"), "nan", "The order must not be negative.", POLYGAMMA_PAGE),
    Special(("non-integer", "any"), "nan", "The order must be an integer.", POLYGAMMA_PAGE),
    Special(("+inf", "any"), "nan", "There is no limit as the order grows: the signs alternate.", POLYGAMMA_PAGE),
    Special(("any", "-inf"), "nan", "There is no limit at −∞: the poles never end.", dlmf("5.15.6", "reflection")),
    Special(("±0", "+inf"), "+inf", "digamma grows like log x.", dlmf("5.11.2", "digamma for large x")),
    Special(("odd integer", "+inf"), "+0", "An odd derivative falls to 0 from above.", dlmf("5.15.8", "large x")),
    Special(("integer", "+inf"), "-0", "An even derivative rises to 0 from below.", dlmf("5.15.8", "large x")),
    Special(
        ("odd integer", "±0"), "+inf", "An odd derivative has a pole with +∞ on both sides.",
        f"{dlmf('5.15.1', 'the poles')}; {DIVISION_BY_ZERO}",
    ),
    Special(
        ("odd integer", "integer and < 0"), "+inf", "An odd derivative has a pole with +∞ on both sides.",
        dlmf("5.15.1", "the poles"),
    ),
    Special(
        ("integer", "±0"), "-sign(y)*inf", "An even derivative is about −n!/xⁿ⁺¹ beside 0: ∓∞ at ±0.",
        f"{dlmf('5.15.1', 'the poles')}; {DIVISION_BY_ZERO}",
    ),
    Special(
        ("integer", "integer and < 0"), "nan",
        "A negative integer is a pole; for an even derivative its sides have opposite signs. SciPy gives −∞ from"
        " order 2 on.",
        dlmf("5.15.1", "the poles"),
    ),
)  # fmt: skip

GAMMA_PLANES = (
    ((0.001, 1.0), (0.001, 2.0)), ((1.0, 20.0), (1.0, 21.0)), ((20.0, 200.0), (20.0, 200.0)),
    ((200.0, 10000.0), (200.0, 10000.0)), ((1e4, 1e6), (1e4, 1e6)),
    ((1.0, 300.0), (0.001, 1000.0)), ((1e-20, 0.1), (1e-20, 100.0)),
)  # fmt: skip
BETA_PLANES = (
    ((0.01, 1.0), (0.01, 1.0), (0.0, 1.0)), ((1.0, 100.0), (1.0, 100.0), (0.0, 1.0)),
    ((100.0, 3000.0), (100.0, 3000.0), (0.001, 0.999)), ((0.1, 10.0), (100.0, 1e6), (1e-6, 0.1)),
    ((100.0, 1e6), (0.1, 10.0), (0.9, 1.0)), ((1e-10, 0.01), (0.01, 10.0), (1e-10, 1.0)),
)  # fmt: skip
ZETA_PLANES = (
    ((1.0, 1.001), (0.01, 100.0)), ((1.0, 4.0), (1e-6, 1.0)), ((1.0, 60.0), (0.1, 1000.0)),
    ((2, 12), (-12.0, 0.0)), ((2, 40), (-0.5, 0.5)), ((1.5, 20.0), (1e6, 1e12)), ((50.0, 1000.0), (0.5, 20.0)),
)  # fmt: skip
POLYGAMMA_PLANES = (
    ((0, 0), (1.4, 1.53)), ((0, 3), (-12.0, 0.0)), ((0, 12), (1e-6, 1.0)), ((1, 20), (1.0, 100.0)),
    ((0, 4), (1e4, 1e12)), ((20, 170), (0.1, 60.0)), ((1, 9), (-3.1, -1.9)),
)  # fmt: skip

POLES_IN_REACH = ((-inf, inf), (-10000.0, inf))
"""Both libraries add the terms below zero one by one: zeta(2, -1e15 + 0.5) takes them most of a year."""

SUMMED_GAMMA = ((-1e6, 1e6), (-inf, inf))
"""XLA sums a series whose length grows with a: igamma(1e15, 1e15) takes it seconds, and igamma(1e16, 1e16) does not
return."""

SUMMED_BETA = ((-1e6, 1e6), (-1e6, 1e6), (-inf, inf))
"""TensorFlow's betainc(2.5e11, 5.8e36, 7.5e-23) does not return either, and at a = -1.6e8 it takes seconds."""

PATIENCE = 30.0
"""Seconds for a request that takes milliseconds where it ends at all."""

# fmt: off
ROWS = (
    FunctionRow(
        name="igamma", family="parametric", arity=2, aliases=("gammainc",),
        sentence="The regularised lower incomplete gamma function P(a, x) of a = x1 and x = x2.",
        domain="a > 0, x ≥ 0",
        numpy=None, tensorflow="tensorflow.math.igamma", scipy="scipy.special.gammainc",
        mpmath="igamma(x, y)", arb="igamma(x, y)",
        dtypes=PARAMETRIC_DTYPES, base_samples=4096, planes=GAMMA_PLANES, limits=SUMMED_GAMMA, patience=PATIENCE,
        typical=((0.1, 100.0), (0.0, 200.0)), critical=(PARAMETERS, ARGUMENTS),
        specials=IGAMMA,
    ),
    FunctionRow(
        name="igammac", family="parametric", arity=2, aliases=("gammaincc",),
        sentence="The regularised upper incomplete gamma function Q(a, x) of a = x1 and x = x2.",
        domain="a > 0, x ≥ 0",
        numpy=None, tensorflow="tensorflow.math.igammac", scipy="scipy.special.gammaincc",
        mpmath="igammac(x, y)", arb="igammac(x, y)",
        dtypes=PARAMETRIC_DTYPES, base_samples=4096, planes=GAMMA_PLANES, limits=SUMMED_GAMMA, patience=PATIENCE,
        typical=((0.1, 100.0), (0.0, 200.0)), critical=(PARAMETERS, ARGUMENTS),
        specials=IGAMMAC,
    ),
    FunctionRow(
        name="betainc", family="parametric", arity=3,
        sentence="The regularised incomplete beta function I(a, b, x) of a = x1, b = x2 and x = x3.",
        domain="a > 0, b > 0, 0 ≤ x ≤ 1",
        numpy=None, tensorflow="tensorflow.math.betainc", scipy="scipy.special.betainc",
        mpmath="betainc(x, y, z)", arb="betainc(x, y, z)",
        dtypes=PARAMETRIC_DTYPES, base_samples=2048, planes=BETA_PLANES, limits=SUMMED_BETA, patience=PATIENCE,
        typical=((0.1, 50.0), (0.1, 50.0), (0.0, 1.0)), critical=(PARAMETERS, PARAMETERS, FRACTIONS),
        specials=BETAINC,
    ),
    FunctionRow(
        name="zeta", family="parametric", arity=2, aliases=("hurwitz_zeta",),
        sentence="The Hurwitz zeta function of s = x1 and q = x2, the sum of (q + k)^−s over k = 0, 1, 2 ….",
        domain="s > 1 and q > 0; also q < 0, no integer, where s is an integer",
        numpy=None, tensorflow="tensorflow.math.zeta", scipy="scipy.special.zeta",
        mpmath="zeta(x, y)", arb="zeta(x, y)",
        dtypes=PARAMETRIC_DTYPES, base_samples=4096, planes=ZETA_PLANES, limits=POLES_IN_REACH,
        typical=((1.0, 20.0), (0.1, 100.0)),
        critical=(("1", "2", "3", "4", "10", "11/10", "100", "127", "128", "1000", "max"), POLE_SIDES),
        specials=ZETA,
    ),
    FunctionRow(
        name="polygamma", family="parametric", arity=2,
        sentence="The derivative of order n = x1 of digamma at x = x2; order 0 is digamma itself.",
        domain="n = 0, 1, 2 …; x neither 0 nor a negative integer",
        numpy=None, tensorflow="tensorflow.math.polygamma", scipy="scipy.special.polygamma",
        mpmath="polygamma(x, y)", arb="polygamma(x, y)",
        dtypes=PARAMETRIC_DTYPES, base_samples=4096, planes=POLYGAMMA_PLANES, limits=POLES_IN_REACH,
        typical=((0, 10), (0.1, 50.0)), critical=(ORDERS, (*POLE_SIDES, "0x1.762d86356be3fp+0")),
        specials=POLYGAMMA,
    ),
)
