"""The special cases of C's complex functions: ISO/IEC 9899:2011 (C11), Annex G, as data.

Annex G states one half or quarter of the plane and says that the function is conjugate-symmetric, and odd or even; the
signs of both parts are written out here, so that one rule covers all of them. ``asin``, ``atan``, ``sin``, ``cos`` and
``tan`` are defined in G.6 by those of the hyperbolic functions.
"""

from __future__ import annotations

from reportgen.catalogue.complexrows import ComplexSpecial, turned

Line = tuple[str, str, str, str, str]


def annex(section: str, function: str) -> str:
    """The citation of a function's section, for example ``C11 G.6.3.1 (cexp)``."""
    return f"C11 G.6.{section} ({function})"


def _rules(source: str, lines: tuple[Line, ...]) -> tuple[ComplexSpecial, ...]:
    return tuple(ComplexSpecial(((a, b),), (re, im), sentence, source) for a, b, re, im, sentence in lines)


NAN_NAN: Line = ("nan", "nan", "nan", "nan", "NaN + iNaN gives NaN + iNaN.")

ACOS = _rules(annex("1.1", "cacos"), (
    ("±0", "±0", "pi/2", "-sign(y)*0", "±0 + i0 gives π/2 − i0."),
    ("±0", "nan", "pi/2", "nan", "±0 + iNaN gives π/2 + iNaN."),
    ("finite", "±inf", "pi/2", "-sign(y)*inf", "x + i∞ gives π/2 − i∞ for finite x."),
    ("finite", "nan", "nan", "nan", "x + iNaN gives NaN + iNaN for nonzero finite x."),
    ("-inf", "finite", "pi", "-sign(y)*inf", "−∞ + iy gives π − i∞ for finite y."),
    ("+inf", "finite", "+0", "-sign(y)*inf", "+∞ + iy gives +0 − i∞ for finite y."),
    ("-inf", "±inf", "3*pi/4", "-sign(y)*inf", "−∞ + i∞ gives 3π/4 − i∞."),
    ("+inf", "±inf", "pi/4", "-sign(y)*inf", "+∞ + i∞ gives π/4 − i∞."),
    ("±inf", "nan", "nan", "±inf", "±∞ + iNaN gives NaN ± i∞, the sign unspecified."),
    ("nan", "finite", "nan", "nan", "NaN + iy gives NaN + iNaN for finite y."),
    ("nan", "±inf", "nan", "-sign(y)*inf", "NaN + i∞ gives NaN − i∞."),
    NAN_NAN,
))  # fmt: skip

ACOSH = _rules(annex("2.1", "cacosh"), (
    ("±0", "±0", "+0", "sign(y)*pi/2", "±0 + i0 gives +0 + iπ/2."),
    ("finite", "±inf", "+inf", "sign(y)*pi/2", "x + i∞ gives +∞ + iπ/2 for finite x."),
    ("±0", "nan", "nan", "any", "0 + iNaN gives NaN, and since C23 NaN ± iπ/2."),
    ("finite", "nan", "nan", "nan", "x + iNaN gives NaN + iNaN for finite x."),
    ("-inf", "finite", "+inf", "sign(y)*pi", "−∞ + iy gives +∞ + iπ for finite y."),
    ("+inf", "finite", "+inf", "sign(y)*0", "+∞ + iy gives +∞ + i0 for finite y."),
    ("-inf", "±inf", "+inf", "sign(y)*3*pi/4", "−∞ + i∞ gives +∞ + i3π/4."),
    ("+inf", "±inf", "+inf", "sign(y)*pi/4", "+∞ + i∞ gives +∞ + iπ/4."),
    ("±inf", "nan", "+inf", "nan", "±∞ + iNaN gives +∞ + iNaN."),
    ("nan", "finite", "nan", "nan", "NaN + iy gives NaN + iNaN for finite y."),
    ("nan", "±inf", "+inf", "nan", "NaN + i∞ gives +∞ + iNaN."),
    NAN_NAN,
))  # fmt: skip

ASINH = _rules(annex("2.2", "casinh"), (
    ("±0", "±0", "sign(x)*0", "sign(y)*0", "±0 ± i0 gives itself."),
    ("finite", "±inf", "sign(x)*inf", "sign(y)*pi/2", "x + i∞ gives +∞ + iπ/2 for finite x of positive sign."),
    ("finite", "nan", "nan", "nan", "x + iNaN gives NaN + iNaN for finite x."),
    ("±inf", "finite", "sign(x)*inf", "sign(y)*0", "+∞ + iy gives +∞ + i0 for finite y of positive sign."),
    ("±inf", "±inf", "sign(x)*inf", "sign(y)*pi/4", "+∞ + i∞ gives +∞ + iπ/4."),
    ("±inf", "nan", "sign(x)*inf", "nan", "+∞ + iNaN gives +∞ + iNaN."),
    ("nan", "±0", "nan", "sign(y)*0", "NaN + i0 gives NaN + i0."),
    ("nan", "finite", "nan", "nan", "NaN + iy gives NaN + iNaN for nonzero finite y."),
    ("nan", "±inf", "±inf", "nan", "NaN + i∞ gives ±∞ + iNaN, the sign unspecified."),
    NAN_NAN,
))  # fmt: skip

ATANH = _rules(annex("2.3", "catanh"), (
    ("±0", "±0", "sign(x)*0", "sign(y)*0", "±0 ± i0 gives itself."),
    ("±0", "nan", "sign(x)*0", "nan", "±0 + iNaN gives ±0 + iNaN."),
    ("abs == 1", "±0", "sign(x)*inf", "sign(y)*0", "±1 + i0 gives ±∞ + i0."),
    ("finite", "±inf", "sign(x)*0", "sign(y)*pi/2", "x + i∞ gives 0 + iπ/2 for finite x of positive sign."),
    ("finite", "nan", "nan", "nan", "x + iNaN gives NaN + iNaN for nonzero finite x."),
    ("±inf", "finite", "sign(x)*0", "sign(y)*pi/2", "+∞ + iy gives 0 + iπ/2 for finite y of positive sign."),
    ("±inf", "±inf", "sign(x)*0", "sign(y)*pi/2", "+∞ + i∞ gives 0 + iπ/2."),
    ("±inf", "nan", "sign(x)*0", "nan", "+∞ + iNaN gives 0 + iNaN."),
    ("nan", "finite", "nan", "nan", "NaN + iy gives NaN + iNaN for finite y."),
    ("nan", "±inf", "±0", "sign(y)*pi/2", "NaN + i∞ gives ±0 + iπ/2, the sign of zero unspecified."),
    NAN_NAN,
))  # fmt: skip

COSH = _rules(annex("2.4", "ccosh"), (
    ("±0", "±0", "1", "sign(x)*sign(y)*0", "0 + i0 gives 1 + i0."),
    ("±0", "±inf", "nan", "±0", "0 + i∞ gives NaN ± i0, the sign unspecified."),
    ("±0", "nan", "nan", "±0", "0 + iNaN gives NaN ± i0, the sign unspecified."),
    ("finite", "±inf", "nan", "nan", "x + i∞ gives NaN + iNaN for nonzero finite x."),
    ("finite", "nan", "nan", "nan", "x + iNaN gives NaN + iNaN for nonzero finite x."),
    ("±inf", "±0", "+inf", "sign(x)*sign(y)*0", "+∞ + i0 gives +∞ + i0."),
    ("±inf", "finite", "sign(cos y)*inf", "sign(x)*sign(sin y)*inf", "+∞ + iy gives +∞ cis(y) for nonzero finite y."),
    ("±inf", "±inf", "±inf", "nan", "+∞ + i∞ gives ±∞ + iNaN, the sign unspecified."),
    ("±inf", "nan", "+inf", "nan", "+∞ + iNaN gives +∞ + iNaN."),
    ("nan", "±0", "nan", "±0", "NaN + i0 gives NaN ± i0, the sign unspecified."),
    ("nan", "nonzero", "nan", "nan", "NaN + iy gives NaN + iNaN for all nonzero numbers y."),
    NAN_NAN,
))  # fmt: skip

SINH = _rules(annex("2.5", "csinh"), (
    ("±0", "±0", "sign(x)*0", "sign(y)*0", "±0 ± i0 gives itself."),
    ("±0", "±inf", "±0", "nan", "0 + i∞ gives ±0 + iNaN, the sign unspecified."),
    ("±0", "nan", "±0", "nan", "0 + iNaN gives ±0 + iNaN, the sign unspecified."),
    ("finite", "±inf", "nan", "nan", "x + i∞ gives NaN + iNaN for nonzero finite x."),
    ("finite", "nan", "nan", "nan", "x + iNaN gives NaN + iNaN for nonzero finite x."),
    ("±inf", "±0", "sign(x)*inf", "sign(y)*0", "+∞ + i0 gives +∞ + i0."),
    ("±inf", "finite", "sign(x)*sign(cos y)*inf", "sign(sin y)*inf", "+∞ + iy gives +∞ cis(y) for nonzero finite y."),
    ("±inf", "±inf", "±inf", "nan", "+∞ + i∞ gives ±∞ + iNaN, the sign unspecified."),
    ("±inf", "nan", "±inf", "nan", "+∞ + iNaN gives ±∞ + iNaN, the sign unspecified."),
    ("nan", "±0", "nan", "sign(y)*0", "NaN + i0 gives NaN + i0."),
    ("nan", "nonzero", "nan", "nan", "NaN + iy gives NaN + iNaN for all nonzero numbers y."),
    NAN_NAN,
))  # fmt: skip

TANH = _rules(annex("2.6", "ctanh"), (
    ("±0", "±0", "sign(x)*0", "sign(y)*0", "±0 ± i0 gives itself."),
    ("±0", "±inf", "any", "nan", "0 + i∞ gives NaN + iNaN, and since C17 0 + iNaN."),
    ("±0", "nan", "any", "nan", "0 + iNaN gives NaN + iNaN, and since C17 0 + iNaN."),
    ("finite", "±inf", "nan", "nan", "x + i∞ gives NaN + iNaN for nonzero finite x."),
    ("finite", "nan", "nan", "nan", "x + iNaN gives NaN + iNaN for nonzero finite x."),
    ("±inf", "±0", "sign(x)*1", "sign(y)*0", "+∞ + i0 gives 1 + i0."),
    ("±inf", "finite", "sign(x)*1", "sign(sin 2y)*0", "+∞ + iy gives 1 + i0·sin(2y) for finite y."),
    ("±inf", "±inf", "sign(x)*1", "±0", "+∞ + i∞ gives 1 ± i0, the sign unspecified."),
    ("±inf", "nan", "sign(x)*1", "±0", "+∞ + iNaN gives 1 ± i0, the sign unspecified."),
    ("nan", "±0", "nan", "sign(y)*0", "NaN + i0 gives NaN + i0."),
    ("nan", "nonzero", "nan", "nan", "NaN + iy gives NaN + iNaN for all nonzero numbers y."),
    NAN_NAN,
))  # fmt: skip

EXP = _rules(annex("3.1", "cexp"), (
    ("±0", "±0", "1", "sign(y)*0", "±0 + i0 gives 1 + i0."),
    ("finite", "±inf", "nan", "nan", "x + i∞ gives NaN + iNaN for finite x."),
    ("finite", "nan", "nan", "nan", "x + iNaN gives NaN + iNaN for finite x."),
    ("+inf", "±0", "+inf", "sign(y)*0", "+∞ + i0 gives +∞ + i0."),
    ("-inf", "±0", "+0", "sign(y)*0", "−∞ + iy gives +0 cis(y) for finite y."),
    ("-inf", "finite", "sign(cos y)*0", "sign(sin y)*0", "−∞ + iy gives +0 cis(y) for finite y."),
    ("+inf", "finite", "sign(cos y)*inf", "sign(sin y)*inf", "+∞ + iy gives +∞ cis(y) for nonzero finite y."),
    ("-inf", "±inf", "±0", "±0", "−∞ + i∞ gives ±0 ± i0, the signs unspecified."),
    ("+inf", "±inf", "±inf", "nan", "+∞ + i∞ gives ±∞ + iNaN, the sign unspecified."),
    ("-inf", "nan", "±0", "±0", "−∞ + iNaN gives ±0 ± i0, the signs unspecified."),
    ("+inf", "nan", "±inf", "nan", "+∞ + iNaN gives ±∞ + iNaN, the sign unspecified."),
    ("nan", "±0", "nan", "sign(y)*0", "NaN + i0 gives NaN + i0."),
    ("nan", "nonzero", "nan", "nan", "NaN + iy gives NaN + iNaN for all nonzero numbers y."),
    NAN_NAN,
))  # fmt: skip

LOG = _rules(annex("3.2", "clog"), (
    ("-0", "±0", "-inf", "sign(y)*pi", "−0 + i0 gives −∞ + iπ."),
    ("+0", "±0", "-inf", "sign(y)*0", "+0 + i0 gives −∞ + i0."),
    ("finite", "±inf", "+inf", "sign(y)*pi/2", "x + i∞ gives +∞ + iπ/2 for finite x."),
    ("finite", "nan", "nan", "nan", "x + iNaN gives NaN + iNaN for finite x."),
    ("-inf", "finite", "+inf", "sign(y)*pi", "−∞ + iy gives +∞ + iπ for finite y."),
    ("+inf", "finite", "+inf", "sign(y)*0", "+∞ + iy gives +∞ + i0 for finite y."),
    ("-inf", "±inf", "+inf", "sign(y)*3*pi/4", "−∞ + i∞ gives +∞ + i3π/4."),
    ("+inf", "±inf", "+inf", "sign(y)*pi/4", "+∞ + i∞ gives +∞ + iπ/4."),
    ("±inf", "nan", "+inf", "nan", "±∞ + iNaN gives +∞ + iNaN."),
    ("nan", "finite", "nan", "nan", "NaN + iy gives NaN + iNaN for finite y."),
    ("nan", "±inf", "+inf", "nan", "NaN + i∞ gives +∞ + iNaN."),
    NAN_NAN,
))  # fmt: skip

SQRT = _rules(annex("4.2", "csqrt"), (
    ("±0", "±0", "+0", "sign(y)*0", "±0 + i0 gives +0 + i0."),
    ("any", "±inf", "+inf", "sign(y)*inf", "x + i∞ gives +∞ + i∞ for all x, NaN included."),
    ("finite", "nan", "nan", "nan", "x + iNaN gives NaN + iNaN for finite x."),
    ("-inf", "finite", "+0", "sign(y)*inf", "−∞ + iy gives +0 + i∞ for finite y."),
    ("+inf", "finite", "+inf", "sign(y)*0", "+∞ + iy gives +∞ + i0 for finite y."),
    ("-inf", "nan", "nan", "±inf", "−∞ + iNaN gives NaN ± i∞, the sign unspecified."),
    ("+inf", "nan", "+inf", "nan", "+∞ + iNaN gives +∞ + iNaN."),
    ("nan", "finite", "nan", "nan", "NaN + iy gives NaN + iNaN for finite y."),
    NAN_NAN,
))  # fmt: skip

ASIN = tuple(turned(rule, "asin(z) = −i asinh(iz)") for rule in ASINH)
ATAN = tuple(turned(rule, "atan(z) = −i atanh(iz)") for rule in ATANH)
SIN = tuple(turned(rule, "sin(z) = −i sinh(iz)") for rule in SINH)
TAN = tuple(turned(rule, "tan(z) = −i tanh(iz)") for rule in TANH)
COS = tuple(turned(rule, "cos(z) = cosh(iz)", even=True) for rule in COSH)
