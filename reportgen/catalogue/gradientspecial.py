"""Derivatives of special functions as TensorFlow's ``GradientTape`` gives them."""

from __future__ import annotations

from reportgen.catalogue import bessel, special
from reportgen.catalogue.gradientpairs import BOTH, LIMIT, SINGLE, SOURCE
from reportgen.catalogue.rows import FunctionRow, Interval, Special
from reportgen.catalogue.sources import NAN

BASE_SAMPLES = 8192


def row(
    name: str,
    path: str,
    formula: str,
    expression: str,
    specials: tuple[Special, ...],
    critical: tuple[str, ...],
    typical: Interval,
    *,
    domain: str = "all real numbers",
    parity: str | None = None,
    dtypes: tuple[str, ...] = SINGLE,
) -> FunctionRow:
    """The row of the derivative of a special function."""
    return FunctionRow(
        name=f"grad_{name}", family="gradients", kind="gradient", arity=1, sentence=formula, domain=domain, numpy=None,
        tensorflow=f"tensorflow.math.{path}", mpmath=expression, arb=expression, typical=(typical,),
        critical=(critical,), parity=parity, specials=specials, dtypes=dtypes, base_samples=BASE_SAMPLES,
    )  # fmt: skip


def limit(pattern: str, then: str, sentence: str, identity: str) -> Special:
    return Special((pattern,), then, sentence, f"{LIMIT} ({identity})")


def ends(pattern: str, identity: str) -> Special:
    return limit(pattern, "either zero", "The derivative tends to 0.", identity)


def outside(pattern: str, function: str) -> Special:
    return limit(pattern, "nan", f"Outside the domain of {function} there is no derivative.", "none")


TRIGAMMA = (
    NAN,
    limit("±0", "+inf", "Beside 0 the derivative is about 1/x².", "ψ′(x)"),
    ends("+inf", "ψ′(x)"),
    limit("-inf", "nan", "There is no limit at −∞: the poles never end.", "none"),
    limit("integer and < 0", "+inf", "A pole of second order rises on both sides.", "ψ′(x)"),
)
ERFINV = (
    NAN,
    outside("abs > 1", "erfinv"),
    limit("abs == 1", "+inf", "The inverse is vertical at ±1.", "√π/2·exp(erfinv²)"),
)
NDTRI = (
    NAN,
    outside("< 0", "ndtri"),
    outside("> 1", "ndtri"),
    limit("±0", "+inf", "The quantile is vertical at 0.", "√(2π)·exp(ndtri²/2)"),
    limit("== 1", "+inf", "The quantile is vertical at 1.", "√(2π)·exp(ndtri²/2)"),
)
J0 = (NAN, ends("±0", "−J₁(0) = 0"), ends("±inf", "−J₁(x)"))
K0 = (
    NAN,
    limit("±0", "-inf", "K₀ falls vertically at 0.", "−K₁(x), x > 0"),
    outside("< 0", "K₀"),
    ends("+inf", "−K₁(x)"),
)
Y0 = (
    NAN,
    limit("±0", "+inf", "Y₀ rises vertically at 0.", "−Y₁(x), x > 0"),
    outside("< 0", "Y₀"),
    ends("+inf", "−Y₁(x)"),
)
I0E = (
    NAN,
    Special(("±0",), "either zero", "At the kink every number from −1 to 1 is a subgradient; TensorFlow takes 0.",
            f"{SOURCE} (_BesselI0eGrad)"),
    ends("±inf", "e^(−|x|)·(I₁ − I₀·sign x)"),
)  # fmt: skip
DAWSN = (NAN, limit("±0", "1", "At ±0 the derivative is 1.", "1 − 2x·D(x)"), ends("±inf", "1 − 2x·D(x)"))
EXPI = (
    NAN,
    limit("±0", "sign(x)*inf", "1/x at the pole, with the sign of the side.", "eˣ/x"),
    limit("+inf", "+inf", "The derivative grows without bound.", "eˣ/x"),
    ends("-inf", "eˣ/x"),
)
OSCILLATES = limit("±inf", "nan", "The slope oscillates for ever.", "none")
FRESNEL_COS = (
    NAN,
    OSCILLATES,
    limit("±0", "1", "At ±0 the derivative is 1.", "cos(πx²/2)"),
    limit("odd integer", "either zero", "At an odd integer x² is odd, and the cosine 0.", "cos(πx²/2)"),
)
FRESNEL_SIN = (
    NAN,
    OSCILLATES,
    limit("odd integer", "1", "An odd square is 1 modulo 8: the sine is 1.", "sin(πx²/2)"),
    limit("integer", "either zero", "At an even integer x²/2 is even, and the sine 0.", "sin(πx²/2)"),
)
SPENCE = (
    NAN,
    outside("< 0", "spence"),
    limit("±0", "-inf", "The integral falls vertically at 0.", "log(x)/(1 − x)"),
    limit("== 1", "-1", "At 1 the quotient tends to −1.", "log(x)/(1 − x)"),
    ends("+inf", "log(x)/(1 − x)"),
)
PHASES = (*special.FRESNEL_POINTS, "2^11", "4097", "100.5", "1000.25")

# fmt: off
SPECIAL = (
    row("lgamma", "lgamma", "The derivative of log |Γ(x)|: digamma of x.", "digamma(x)", special.DIGAMMA,
        special.DIGAMMA_POINTS, (-10.0, 100.0), domain="x not a negative integer", dtypes=BOTH),
    row("digamma", "digamma", "The derivative of digamma: trigamma of x.", "polygamma(1, x)", TRIGAMMA,
        special.DIGAMMA_POINTS, (-10.0, 100.0), domain="x not a negative integer"),
    row("erfinv", "erfinv", "The derivative of the inverse error function: √π/2·exp(erfinv(x)²).", "d_erfinv(x)",
        ERFINV, special.ERFINV_POINTS, (-1.0, 1.0), domain="−1 < x < 1", parity="even", dtypes=BOTH),
    row("ndtri", "ndtri", "The derivative of the normal quantile: √(2π)·exp(ndtri(x)²/2).", "d_ndtri(x)", NDTRI,
        special.NDTRI_POINTS, (0.0, 1.0), domain="0 < x < 1", dtypes=BOTH),
    row("dawsn", "special.dawsn", "The derivative of Dawson's integral D: 1 − 2x·D(x).", "1 - 2 * x * dawsn(x)", DAWSN,
        special.DAWSN_POINTS, (-10.0, 10.0), parity="even"),
    row("expint", "special.expint", "The derivative of Ei(x): eˣ/x.", "d_expi(x)", EXPI, special.EXPI_POINTS,
        (-10.0, 10.0), domain="x ≠ 0"),
    row("fresnel_cos", "special.fresnel_cos", "The derivative of the Fresnel cosine integral: cos(πx²/2).",
        "d_fresnel_cos(x)", FRESNEL_COS, PHASES, (-10.0, 10.0), parity="even"),
    row("fresnel_sin", "special.fresnel_sin", "The derivative of the Fresnel sine integral: sin(πx²/2).",
        "d_fresnel_sin(x)", FRESNEL_SIN, PHASES, (-10.0, 10.0), parity="even"),
    row("spence", "special.spence", "The derivative of Spence's integral: log(x)/(1 − x).", "log(x) / (1 - x)", SPENCE,
        special.SPENCE_POINTS, (0.0, 10.0), domain="x > 0"),
    row("bessel_i0", "bessel_i0", "The derivative of I₀: I₁.", "i1(x)", bessel.I1, bessel.POINTS_I, (-10.0, 10.0),
        parity="odd"),
    row("bessel_i0e", "bessel_i0e", "The derivative of e^(−|x|)·I₀(x): e^(−|x|)·(I₁(x) − sign(x)·I₀(x)).",
        "i1e(x) - x / abs(x) * i0e(x)", I0E, bessel.POINTS_I, (-10.0, 10.0), parity="odd"),
    row("bessel_j0", "special.bessel_j0", "The derivative of J₀: −J₁.", "-j1(x)", J0, bessel.POINTS_J, (-100.0, 100.0),
        parity="odd"),
    row("bessel_k0", "special.bessel_k0", "The derivative of K₀: −K₁.", "-k1(x)", K0, bessel.POINTS_K, (0.0, 10.0),
        domain="x > 0"),
    row("bessel_y0", "special.bessel_y0", "The derivative of Y₀: −Y₁.", "-y1(x)", Y0, bessel.POINTS_Y, (0.0, 100.0),
        domain="x > 0"),
)
