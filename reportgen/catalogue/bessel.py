"""Bessel functions of the orders 0 and 1, ordinary and modified, and their exponentially scaled forms."""

from __future__ import annotations

from math import inf

from reportgen.catalogue.exponentials import SMALL
from reportgen.catalogue.rows import FunctionRow, Special
from reportgen.catalogue.sources import NAN, dlmf, keeps_zero, scipy_docs

REALS = "all real numbers"
POSITIVE = "x > 0"
NO_BFLOAT16 = ("float16", "float32", "float64")
"""TensorFlow has these kernels for half, float and double, and XLA has none."""

# Critical points: switches of Cephes and Eigen (2, 5, 8), zeros, overflow and underflow of each dtype.
SWITCHES = ("1", "2", "5", "8", "25", "1/2", "2^-14", "2^-27", "max")
NEGATIVE = ("-1", "-2", "-5", "-8", "-25", "-max")
J0_ZEROS = (
    "2.4048255576957727686216318793265", "5.520078110286310649596604112813", "8.6537279129110122169541987126609",
    "11.791534439014281613743044911925", "14.930917708487785947762593997389", "30.634606468431975117549578926854",
    "93.463718781944774171190591543981", "313.3742660775278447196902451019", "8588.3289313057329948052909741626",
)  # fmt: skip
J1_ZEROS = (
    "3.8317059702075123156144358863082", "7.0155866698156187535370499814765", "10.173468135062722077185711776776",
    "13.323691936314223032393684126948", "16.47063005087763281255246047099", "32.18967991097440362662298410446",
    "95.029231808044695268050998187174", "314.94347283776716245806560024561",
)  # fmt: skip
Y0_ZEROS = (
    "0.89357696627916752158488710205834", "3.9576784193148578683756771869174", "7.0860510603017726976236245968204",
    "10.222345043496417018992042276342", "13.361097473872763478267694585714", "29.064030252728398055304718405181",
    "91.892945312157180217676281544377", "311.80347176018715493334189149741",
)  # fmt: skip
Y1_ZEROS = (
    "2.197141326031017035149033562699", "5.4296810407941351327720051908526", "8.596005868331168926429606180164",
    "11.749154830839881243399421939922", "14.89744212833672533884481915643", "30.618286491641114715761625696447",
    "93.45836916348223093458151785002", "313.37267054263593450504491852655",
)  # fmt: skip
LARGE = (
    "1e4",
    "1e5",
    "1e6",
    "1e8",
    "2^24",
    "2^30",
    "2^53",
    "1e16",
    "1e22",
    "1e30",
    "1e100",
    "1e300",
    "12867.963509103",
)
I_EDGES = (
    "13.2928744772260907", "91.8987989122180156", "91.9007646416300294", "713.986908543968256", "13.3334433578905786",
    "91.9062648702130013", "713.98760981854229", "88.722839", "709.782712893384",
)  # fmt: skip
K_EDGES = (
    "16.1558189125571468",
    "90.8515318353454195",
    "101.884726499258248",
    "742.054131019925729",
    "16.1849207228810515",
    "101.889586114512094",
    "742.054803917903743",
    "87.336544",
    "705.342",
    "708.396",
)
POINTS_I0 = (*SMALL, "8", "-8", "1", "13.2", "91.9", "-91.9", "713.98", "-713.98", "2^-14", "max", "-max", *I_EDGES)
POINTS_I = (*SMALL, *SWITCHES, *NEGATIVE, *I_EDGES)
POINTS_K = ("0", "min_subnormal", "min_normal", "-min_subnormal", "-1", "2^-24", "2^-53", "1/max", *SWITCHES, *K_EDGES)
POINTS_J = (*SMALL, *SWITCHES, *NEGATIVE, *LARGE)
POINTS_Y = ("0", "min_subnormal", "min_normal", "-min_subnormal", "-1", "2^-24", "2^-53", "1/max", *SWITCHES, *LARGE)

# Special cases.
SERIES = dlmf("10.2.2", "an odd power series")
SERIES_I = dlmf("10.25.2", "an odd power series")
DECAY = dlmf("10.7.8", "an oscillation that falls like 1/√x")
ORIGIN_Y = dlmf("10.7.1 and 10.7.4", "Y beside 0")
ORIGIN_K = dlmf("10.30.2 and 10.30.3", "K beside 0")
LARGE_I, LARGE_K = dlmf("10.30.4", "I for large x"), dlmf("10.25.3", "K for large x")


def _fading(order: int) -> tuple[Special, ...]:
    origin = keeps_zero(SERIES) if order else Special(("±0",), "1", "J₀(±0) is 1.", dlmf("10.2.2", "at x = 0"))
    limit = Special(("±inf",), "either zero", "The oscillation fades to zero, whose sign nobody fixes.", DECAY)
    return (NAN, origin, limit)


def _second(order: int) -> tuple[Special, ...]:
    page = f"special.y{order}"
    return (
        NAN,
        Special(("±0",), "-inf", f"Y{'₀₁'[order]} falls to −∞ at 0.", ORIGIN_Y),
        Special(
            ("< 0",),
            "nan",
            "Left of 0 the function is not real.",
            f"{dlmf('10.2.3', 'a branch cut')}; {scipy_docs(page)}",
        ),
        Special(("+inf",), "either zero", "The oscillation fades to zero, whose sign nobody fixes.", DECAY),
    )


def _modified_second(name: str) -> tuple[Special, ...]:
    page = f"special.{name}"
    cut = f"{dlmf('10.25', 'a branch cut')}; {scipy_docs(page)}"
    return (
        NAN,
        Special(("±0",), "+inf", "K grows to +∞ at 0.", ORIGIN_K),
        Special(("< 0",), "nan", "Left of 0 the function is not real.", cut),
        Special(("+inf",), "+0", "K falls to +0, and exp(x)·K does like 1/√x.", LARGE_K),
    )


I0 = (
    NAN,
    Special(("±0",), "1", "I₀(±0) is 1.", dlmf("10.25.2", "at x = 0")),
    Special(("±inf",), "+inf", "I₀ grows without bound on both sides.", LARGE_I),
)
I1 = (NAN, keeps_zero(SERIES_I), Special(("±inf",), "x", "I₁ grows without bound, and is odd.", LARGE_I))
I0E = (
    NAN,
    Special(("±0",), "1", "exp(0)·I₀(0) is 1.", dlmf("10.25.2", "at x = 0")),
    Special(("±inf",), "+0", "exp(−|x|)·I₀ falls like 1/√x.", LARGE_I),
)
I1E = (
    NAN,
    keeps_zero(SERIES_I),
    Special(("±inf",), "sign(x)*0", "exp(−|x|)·I₁ falls like 1/√x, and is odd.", LARGE_I),
)
# fmt: off
ROWS = (
    FunctionRow(
        name="i0", family="bessel", arity=1, aliases=("bessel_i0",),
        sentence="The modified Bessel function of the first kind of order 0, which grows like an exponential.",
        domain=REALS,
        numpy="numpy.i0", tensorflow="tensorflow.math.bessel_i0", scipy="scipy.special.i0",
        mpmath="i0(x)", arb="i0(x)",
        parity="even", monotone=((-inf, 0.0, -1), (0.0, inf, 1)), typical=((-10.0, 10.0),), critical=(POINTS_I0,),
        specials=I0,
    ),
    FunctionRow(
        name="i0e", family="bessel", arity=1, aliases=("bessel_i0e",),
        sentence="exp(−|x|) times the modified Bessel function of the first kind of order 0.", domain=REALS,
        numpy=None, tensorflow="tensorflow.math.bessel_i0e", scipy="scipy.special.i0e",
        mpmath="i0e(x)", arb="i0e(x)",
        parity="even", monotone=((-inf, 0.0, 1), (0.0, inf, -1)), typical=((-10.0, 10.0),), critical=(POINTS_I,),
        specials=I0E,
    ),
    FunctionRow(
        name="i1", family="bessel", arity=1, aliases=("bessel_i1",),
        sentence="The modified Bessel function of the first kind of order 1.", domain=REALS,
        numpy=None, tensorflow="tensorflow.math.bessel_i1", scipy="scipy.special.i1", mpmath="i1(x)", arb="i1(x)",
        dtypes=NO_BFLOAT16, parity="odd", monotone=((-inf, inf, 1),), typical=((-10.0, 10.0),), critical=(POINTS_I,),
        specials=I1,
    ),
    FunctionRow(
        name="i1e", family="bessel", arity=1, aliases=("bessel_i1e",),
        sentence="exp(−|x|) times the modified Bessel function of the first kind of order 1.", domain=REALS,
        numpy=None, tensorflow="tensorflow.math.bessel_i1e", scipy="scipy.special.i1e",
        mpmath="i1e(x)", arb="i1e(x)",
        parity="odd", monotone=((-1.5, 1.5, 1), (1.6, inf, -1), (-inf, -1.6, -1)), typical=((-10.0, 10.0),),
        critical=(POINTS_I,),
        specials=I1E,
    ),
    FunctionRow(
        name="j0", family="bessel", arity=1, aliases=("bessel_j0",),
        sentence="The Bessel function of the first kind of order 0.", domain=REALS,
        numpy=None, tensorflow="tensorflow.math.special.bessel_j0", scipy="scipy.special.j0",
        mpmath="j0(x)", arb="j0(x)",
        dtypes=NO_BFLOAT16, parity="even", monotone=((0.0, 3.83, -1), (-3.83, 0.0, 1)), typical=((-20.0, 20.0),),
        critical=((*POINTS_J, *J0_ZEROS),),
        specials=_fading(0),
    ),
    FunctionRow(
        name="j1", family="bessel", arity=1, aliases=("bessel_j1",),
        sentence="The Bessel function of the first kind of order 1.", domain=REALS,
        numpy=None, tensorflow="tensorflow.math.special.bessel_j1", scipy="scipy.special.j1",
        mpmath="j1(x)", arb="j1(x)",
        dtypes=NO_BFLOAT16, parity="odd", monotone=((-1.84, 1.84, 1),), typical=((-20.0, 20.0),),
        critical=((*POINTS_J, *J1_ZEROS),),
        specials=_fading(1),
    ),
    FunctionRow(
        name="k0", family="bessel", arity=1, aliases=("bessel_k0",),
        sentence="The modified Bessel function of the second kind of order 0.", domain=POSITIVE,
        numpy=None, tensorflow="tensorflow.math.special.bessel_k0", scipy="scipy.special.k0",
        mpmath="k0(x)", arb="k0(x)",
        dtypes=NO_BFLOAT16, monotone=((0.0, inf, -1),), typical=((0.0, 20.0),), critical=(POINTS_K,),
        specials=_modified_second("k0"),
    ),
    FunctionRow(
        name="k0e", family="bessel", arity=1, aliases=("bessel_k0e",),
        sentence="exp(x) times the modified Bessel function of the second kind of order 0.", domain=POSITIVE,
        numpy=None, tensorflow="tensorflow.math.special.bessel_k0e", scipy="scipy.special.k0e",
        mpmath="k0e(x)", arb="k0e(x)",
        dtypes=NO_BFLOAT16, monotone=((0.0, inf, -1),), typical=((0.0, 20.0),), critical=(POINTS_K,),
        specials=_modified_second("k0e"),
    ),
    FunctionRow(
        name="k1", family="bessel", arity=1, aliases=("bessel_k1",),
        sentence="The modified Bessel function of the second kind of order 1.", domain=POSITIVE,
        numpy=None, tensorflow="tensorflow.math.special.bessel_k1", scipy="scipy.special.k1",
        mpmath="k1(x)", arb="k1(x)",
        dtypes=NO_BFLOAT16, monotone=((0.0, inf, -1),), typical=((0.0, 20.0),), critical=(POINTS_K,),
        specials=_modified_second("k1"),
    ),
    FunctionRow(
        name="k1e", family="bessel", arity=1, aliases=("bessel_k1e",),
        sentence="exp(x) times the modified Bessel function of the second kind of order 1.", domain=POSITIVE,
        numpy=None, tensorflow="tensorflow.math.special.bessel_k1e", scipy="scipy.special.k1e",
        mpmath="k1e(x)", arb="k1e(x)",
        dtypes=NO_BFLOAT16, monotone=((0.0, inf, -1),), typical=((0.0, 20.0),), critical=(POINTS_K,),
        specials=_modified_second("k1e"),
    ),
    FunctionRow(
        name="y0", family="bessel", arity=1, aliases=("bessel_y0",),
        sentence="The Bessel function of the second kind of order 0.", domain=POSITIVE,
        numpy=None, tensorflow="tensorflow.math.special.bessel_y0", scipy="scipy.special.y0",
        mpmath="y0(x)", arb="y0(x)",
        dtypes=NO_BFLOAT16, monotone=((0.0, 2.19, 1),), typical=((0.0, 20.0),), critical=((*POINTS_Y, *Y0_ZEROS),),
        specials=_second(0),
    ),
    FunctionRow(
        name="y1", family="bessel", arity=1, aliases=("bessel_y1",),
        sentence="The Bessel function of the second kind of order 1.", domain=POSITIVE,
        numpy=None, tensorflow="tensorflow.math.special.bessel_y1", scipy="scipy.special.y1",
        mpmath="y1(x)", arb="y1(x)",
        dtypes=NO_BFLOAT16, monotone=((0.0, 3.68, 1),), typical=((0.0, 20.0),), critical=((*POINTS_Y, *Y1_ZEROS),),
        specials=_second(1),
    ),
)
