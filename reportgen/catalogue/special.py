"""The error function's and gamma's families, and functions defined by an integral."""

from __future__ import annotations

from math import inf

from reportgen.catalogue.exponentials import SMALL
from reportgen.catalogue.rows import FunctionRow, Special
from reportgen.catalogue.sources import DIVISION_BY_ZERO, NAN, c11, dlmf, keeps_zero, scipy_docs, tensorflow_docs

REALS = "all real numbers"
WIDE_DTYPES = ("float32", "float64")
"""Where no library has a kernel for 16-bit arguments."""

# Critical points: switches of the usual implementations (Cephes, fdlibm, Eigen), thresholds per dtype, zeros.
ERF_POINTS = (
    *SMALL, "1", "-1", "1/2", "-1/2", "0.84375", "1.25", "-1.25", "2.857142857142857", "4", "-4", "6", "-6", "2",
    "3.9192059", "5.9215872", "-5.9215872", "9.0", "max", "-max", "2.7", "-2.7", "3.832", "5.8635",
)  # fmt: skip
# erfc underflows beyond these: float16, bfloat16, float32, float64; 2 - erfc vanishes beyond 4 and 6.
ERFC_POINTS = (*ERF_POINTS, "3.91920584363672187", "9.48966159001421064", "10.0541949288180952", "27.2260171111083639",
               "9.19", "26.5432", "8", "-8", "28")  # fmt: skip
ERFINV_POINTS = (
    *SMALL, "1", "-1", "1/2", "-1/2", "3/4", "-3/4", "9/10", "-9/10", "0.9375", "-0.9375", "0.99", "-0.99", "0.9966",
    "2", "-2",
)  # fmt: skip
ERFCINV_POINTS = ("0", "min_subnormal", "min_normal", "-min_subnormal", "2^-24", "2^-53", "2^-100", "1/4", "1/2", "3/4",
                  "1", "5/4", "3/2", "7/4", "2", "3", "1/10", "0.27067056647322540", "1.7293294335267746")  # fmt: skip
NDTRI_POINTS = ("0", "min_subnormal", "min_normal", "-min_subnormal", "2^-24", "2^-53", "2^-100", "1/4", "1/2", "3/4",
                "1", "2", "-1", "0.02425", "0.97575", "0.13533528323661270", "0.86466471676338730", "1/10",
                "1/1000")  # fmt: skip
POLES = ("0", "-1", "-2", "-3", "-4", "-5", "-6", "-7", "-10", "-20", "-34", "-100", "-170", "-1000", "-2^23", "-2^52")
GAMMA_POINTS = (
    *SMALL, *POLES, "1", "2", "3", "1/2", "-1/2", "-3/2", "-5/2", "12", "13", "33", "-33", "143.01608", "171", "172",
    "9.22542219948104457", "35.0395464850923655", "35.0400984115264295", "171.624376956302721", "-171.5", "-178.5",
    "-184.2", "-190.5", "1.4616321449683623412626595423257", "max", "-max", "1/max", "-1/max",
)  # fmt: skip
LGAMMA_ROOTS = (
    "-2.4570247382208006230394541476512", "-2.7476826467274126013914884826915", "-3.1435808883499800586943587818202",
    "-3.9552942848585979285327972832472", "-4.0393618397405368742345770963754", "-4.9915446405600477223452601228065",
    "-5.0082181683225935215523681373914", "-5.9986074800808756294424079113719", "-6.0013852944531550972619816537418",
    "-7.0001983334073247516069810464442", "-9.9999997244266291664683521444208",
)  # fmt: skip
LGAMMA_POINTS = (
    *SMALL, *POLES, *LGAMMA_ROOTS, "1", "2", "3", "1/2", "3/2", "5/2", "-1/2", "-3/2", "0.9", "1.23164", "1.7316", "8",
    "13", "1000", "2^58", "1e8", "8180.69991126313866", "4.07711951738618477e+36", "4.08500336586687331e+36",
    "2.55998332785163849e+305", "1.4616321449683623412626595423257", "max", "-max",
)  # fmt: skip
DIGAMMA_ROOTS = (
    "1.4616321449683623412626595423257", "-0.5040830082644554092582693045333", "-1.5734984731623904587782860436904",
    "-2.6107208684441446500015377157187", "-3.635293366436901097839181566946", "-4.6532377617431424417145981511482",
    "-5.6671624415568855358494741745182", "-10.708740838254144651988319856988",
)  # fmt: skip
DIGAMMA_POINTS = (*SMALL, *POLES, *DIGAMMA_ROOTS, "1", "2", "1/2", "-1/2", "10", "-10.687", "1e8", "max", "-max",
                  "1/max", "-1/max")  # fmt: skip
DAWSN_POINTS = (*SMALL, "0.92413887300459176701282327150435", "-0.92413887300459176701282327150435", "3.25", "-3.25",
                "6.25", "1e9", "1", "10", "100", "9.3", "max", "-max", "2^511", "1/2", "2^30")  # fmt: skip
EXPI_POINTS = (*SMALL, "0.37250741078136663446199186658012", "2", "4", "6", "8", "16", "32", "64", "1", "-1", "-2",
               "-6", "-32", "93.2471907244195699", "716.355490542451754", "-99.3633770919958952", "-738.527209849109",
               "88.722839", "709.782712893384", "max", "-max", "10", "40")  # fmt: skip
FRESNEL_POINTS = (*SMALL, "1.6", "-1.6", "1", "-1", "2", "3", "4", "sqrt2", "-sqrt2", "sqrt3", "5", "10", "100",
                  "36974", "36974.0001", "2^10", "2^12", "2^23", "2^24", "2^26", "2^27", "2^52", "2^53", "sqrt_max",
                  "max", "-max")  # fmt: skip
SPENCE_POINTS = (*SMALL, "1", "1/2", "3/2", "2", "3", "1/4", "10", "1e10", "max", "-1", "12.595170369845016")

# Special cases.
ERF_C, ERFC_C, LGAMMA_C, TGAMMA_C = c11("5.1", "erf"), c11("5.2", "erfc"), c11("5.3", "lgamma"), c11("5.4", "tgamma")
INVERSE = dlmf("7.17.1", "the inverse error function")
DIGAMMA_POLES = dlmf("5.2.2 and 5.7.6", "the poles of digamma")
EI = dlmf("6.2.5", "Ei")

ERF = (
    NAN,
    keeps_zero(ERF_C),
    Special(("±inf",), "sign(x)*1", "The error function tends to ±1.", ERF_C),
)
ERFC = (
    NAN,
    Special(("±0",), "1", "erfc(±0) = 1 − 0 is 1.", f"{ERFC_C}; NIST DLMF 7.2.2"),
    Special(("-inf",), "2", "At −∞ the value is 2.", ERFC_C),
    Special(("+inf",), "+0", "At +∞ the value is +0.", ERFC_C),
)
ERFINV = (
    NAN,
    keeps_zero(INVERSE),
    Special(("abs == 1",), "sign(x)*inf", "The error function reaches ±1 at ±∞ only.", scipy_docs("special.erfinv")),
    Special(("abs > 1",), "nan", "The error function takes no value beyond ±1.", scipy_docs("special.erfinv")),
)
ERFCINV = (
    NAN,
    Special(("±0",), "+inf", "erfc reaches 0 at +∞.", scipy_docs("special.erfcinv")),
    Special(("== 1",), "either zero", "erfc is 1 at zero; nobody fixes the sign.", scipy_docs("special.erfcinv")),
    Special(("== 2",), "-inf", "erfc reaches 2 at −∞.", scipy_docs("special.erfcinv")),
    Special(("< 0",), "nan", "erfc takes no negative value.", tensorflow_docs("tf.math.erfcinv")),
    Special(("> 2",), "nan", "erfc takes no value above 2.", tensorflow_docs("tf.math.erfcinv")),
)
NDTRI_DOCS = scipy_docs("special.ndtri")
NDTRI = (
    NAN,
    Special(("±0",), "-inf", "The quantile of probability 0 is −∞.", NDTRI_DOCS),
    Special(("== 0.5",), "either zero", "The median is zero; nobody fixes the sign.", NDTRI_DOCS),
    Special(("== 1",), "+inf", "The quantile of probability 1 is +∞.", NDTRI_DOCS),
    Special(("< 0",), "nan", "A negative number is no probability.", NDTRI_DOCS),
    Special(("> 1",), "nan", "A number above 1 is no probability.", NDTRI_DOCS),
)
GAMMA = (
    NAN,
    Special(("±0",), "sign(x)*inf", "gamma(±0) is ±∞: the pole is approached from the side of the sign.", TGAMMA_C),
    Special(("+inf",), "+inf", "gamma(+∞) is +∞.", TGAMMA_C),
    Special(("-inf",), "nan", "gamma(−∞) does not exist: the poles never end.", TGAMMA_C),
    Special(("integer and < 0",), "nan", "A negative integer is a pole, of opposite signs on its sides.", TGAMMA_C),
)
LGAMMA = (
    NAN,
    Special(("== 1",), "+0", "log Γ(1) is +0.", LGAMMA_C),
    Special(("== 2",), "+0", "log Γ(2) is +0.", LGAMMA_C),
    Special(("±inf",), "+inf", "lgamma(±∞) is +∞.", LGAMMA_C),
    Special(("integer and <= 0",), "+inf", "lgamma is +∞ at zero and at negative integers.", LGAMMA_C),
)
DIGAMMA = (
    NAN,
    Special(
        ("±0",), "-sign(x)*inf", "digamma is about −1/x beside 0: ∓∞ at ±0.", f"{DIGAMMA_POLES}; {DIVISION_BY_ZERO}"
    ),
    Special(("+inf",), "+inf", "digamma grows like log x.", dlmf("5.11.2", "digamma for large x")),
    Special(("-inf",), "nan", "digamma has no limit at −∞: the poles never end.", DIGAMMA_POLES),
    Special(
        ("integer and < 0",), "nan", "A negative integer is a pole, of opposite signs on its sides.", DIGAMMA_POLES
    ),
)
DAWSN = (
    NAN,
    keeps_zero(dlmf("7.2.5", "Dawson's integral, odd")),
    Special(("±inf",), "sign(x)*0", "Dawson's integral falls like 1/(2x).", dlmf("7.2.5 and 7.12", "large arguments")),
)
EXPI = (
    NAN,
    Special(("±0",), "-inf", "Ei is about log|x| beside 0, from both sides.", dlmf("6.6.1", "Ei beside 0")),
    Special(("+inf",), "+inf", "Ei grows like exp(x)/x.", dlmf("6.12.2", "Ei for large x")),
    Special(("-inf",), "-0", "Ei tends to 0 from below.", f"{EI}; {dlmf('6.12.1', 'E₁ for large x')}"),
)
FRESNEL = (
    NAN,
    keeps_zero(dlmf("7.2.7 and 7.2.8", "the Fresnel integrals, odd")),
    Special(("±inf",), "sign(x)*0.5", "The Fresnel integrals tend to ±½.", dlmf("7.2.9", "limits")),
)
SPENCE_DOCS = scipy_docs("special.spence")
SPENCE = (
    NAN,
    Special(
        ("< 0",), "nan", "Below 0 the logarithm in the integral is not real.", tensorflow_docs("tf.math.special.spence")
    ),
    Special(("== 1",), "either zero", "An integral from 1 to 1 is zero; nobody fixes the sign.", SPENCE_DOCS),
    Special(("+inf",), "-inf", "The integral grows like −log²(x)/2.", dlmf("25.12.4", "the dilogarithm for large x")),
)

# fmt: off
ROWS = (
    FunctionRow(
        name="erf", family="special", arity=1,
        sentence="The error function, 2/√π times the integral of exp(−t²) from 0 to x.", domain=REALS,
        numpy=None, tensorflow="tensorflow.math.erf", scipy="scipy.special.erf", mpmath="erf(x)", arb="erf(x)",
        parity="odd", monotone=((-inf, inf, 1),), typical=((-3.0, 3.0),), critical=(ERF_POINTS,),
        specials=ERF,
    ),
    FunctionRow(
        name="erfc", family="special", arity=1,
        sentence="The complementary error function, 1 − erf x without cancellation.", domain=REALS,
        numpy=None, tensorflow="tensorflow.math.erfc", scipy="scipy.special.erfc", mpmath="erfc(x)", arb="erfc(x)",
        monotone=((-inf, inf, -1),), typical=((-3.0, 6.0),), critical=(ERFC_POINTS,),
        specials=ERFC,
    ),
    FunctionRow(
        name="erfinv", family="special", arity=1,
        sentence="The inverse of the error function.", domain="−1 < x < 1",
        numpy=None, tensorflow="tensorflow.math.erfinv", scipy="scipy.special.erfinv",
        mpmath="erfinv(x)", arb="erfinv(x)",
        parity="odd", monotone=((-1.0, 1.0, 1),), typical=((-1.0, 1.0),), critical=(ERFINV_POINTS,),
        specials=ERFINV,
    ),
    FunctionRow(
        name="erfcinv", family="special", arity=1,
        sentence="The inverse of the complementary error function.", domain="0 < x < 2",
        numpy=None, tensorflow="tensorflow.math.erfcinv", scipy="scipy.special.erfcinv",
        mpmath="erfcinv(x)", arb="erfcinv(x)",
        monotone=((0.0, 2.0, -1),), typical=((0.0, 2.0),), critical=(ERFCINV_POINTS,),
        specials=ERFCINV,
    ),
    FunctionRow(
        name="ndtri", family="special", arity=1,
        sentence="The quantile of the standard normal distribution: which z has probability x below it.",
        domain="0 < x < 1",
        numpy=None, tensorflow="tensorflow.math.ndtri", scipy="scipy.special.ndtri", mpmath="ndtri(x)", arb="ndtri(x)",
        monotone=((0.0, 1.0, 1),), typical=((0.0, 1.0),), critical=(NDTRI_POINTS,),
        specials=NDTRI,
    ),
    FunctionRow(
        name="gamma", family="special", arity=1,
        sentence="The gamma function, (x − 1)! continued to the real line. TensorFlow has its logarithm only.",
        domain="all real numbers but 0 and the negative integers",
        numpy=None, tensorflow=None, scipy="scipy.special.gamma", mpmath="gamma(x)", arb="gamma(x)",
        dtypes=WIDE_DTYPES, monotone=((0.0, 1.4616, -1), (1.4617, inf, 1)), typical=((-10.0, 30.0),),
        critical=(GAMMA_POINTS,),
        specials=GAMMA,
    ),
    FunctionRow(
        name="lgamma", family="special", arity=1, aliases=("gammaln",),
        sentence="The logarithm of |Γ(x)|.", domain="all real numbers but 0 and the negative integers",
        numpy=None, tensorflow="tensorflow.math.lgamma", scipy="scipy.special.gammaln",
        mpmath="lgamma(x)", arb="lgamma(x)",
        monotone=((0.0, 1.4616, -1), (1.4617, inf, 1)), typical=((-10.0, 30.0),), critical=(LGAMMA_POINTS,),
        specials=LGAMMA,
    ),
    FunctionRow(
        name="digamma", family="special", arity=1, aliases=("psi",),
        sentence="The derivative of log Γ(x).", domain="all real numbers but 0 and the negative integers",
        numpy=None, tensorflow="tensorflow.math.digamma", scipy="scipy.special.digamma",
        mpmath="digamma(x)", arb="digamma(x)",
        monotone=((0.0, inf, 1), (-1.0, 0.0, 1), (-2.0, -1.0, 1)), typical=((-10.0, 30.0),), critical=(DIGAMMA_POINTS,),
        specials=DIGAMMA,
    ),
    FunctionRow(
        name="dawsn", family="special", arity=1, aliases=("dawson",),
        sentence="Dawson's integral, exp(−x²) times the integral of exp(t²) from 0 to x.", domain=REALS,
        numpy=None, tensorflow="tensorflow.math.special.dawsn", scipy="scipy.special.dawsn",
        mpmath="dawsn(x)", arb="dawsn(x)",
        dtypes=WIDE_DTYPES, parity="odd", monotone=((-0.924, 0.924, 1), (0.9242, inf, -1), (-inf, -0.9242, -1)),
        typical=((-10.0, 10.0),), critical=(DAWSN_POINTS,),
        specials=DAWSN,
    ),
    FunctionRow(
        name="expint", family="special", arity=1, aliases=("expi",),
        sentence="The exponential integral Ei, the principal value of the integral of exp(t)/t from −∞ to x.",
        domain="all real numbers but 0",
        numpy=None, tensorflow="tensorflow.math.special.expint", scipy="scipy.special.expi",
        mpmath="expi(x)", arb="expi(x)",
        dtypes=WIDE_DTYPES, monotone=((0.0, inf, 1), (-inf, 0.0, -1)), typical=((0.0, 30.0),), critical=(EXPI_POINTS,),
        specials=EXPI,
    ),
    FunctionRow(
        name="fresnel_cos", family="special", arity=1,
        sentence="Fresnel's cosine integral, of cos(πt²/2) from 0 to x.", domain=REALS,
        numpy=None, tensorflow="tensorflow.math.special.fresnel_cos", scipy="scipy.special.fresnel[1]",
        mpmath="fresnel_cos(x)", arb="fresnel_cos(x)",
        dtypes=WIDE_DTYPES, parity="odd", monotone=((-1.0, 1.0, 1),), typical=((-10.0, 10.0),),
        critical=(FRESNEL_POINTS,),
        specials=FRESNEL,
    ),
    FunctionRow(
        name="fresnel_sin", family="special", arity=1,
        sentence="Fresnel's sine integral, of sin(πt²/2) from 0 to x.", domain=REALS,
        numpy=None, tensorflow="tensorflow.math.special.fresnel_sin", scipy="scipy.special.fresnel[0]",
        mpmath="fresnel_sin(x)", arb="fresnel_sin(x)",
        dtypes=WIDE_DTYPES, parity="odd", monotone=((-1.414, 1.414, 1),), typical=((-10.0, 10.0),),
        critical=(FRESNEL_POINTS,),
        specials=FRESNEL,
    ),
    FunctionRow(
        name="spence", family="special", arity=1,
        sentence="Spence's function, the integral of log(t)/(1 − t) from 1 to x: the dilogarithm of 1 − x.",
        domain="x ≥ 0",
        numpy=None, tensorflow="tensorflow.math.special.spence", scipy="scipy.special.spence",
        mpmath="spence(x)", arb="spence(x)",
        dtypes=WIDE_DTYPES, monotone=((0.0, inf, -1),), typical=((0.0, 10.0),), critical=(SPENCE_POINTS,),
        specials=SPENCE,
    ),
)
