"""Exponentials and logarithms."""

from __future__ import annotations

from math import inf

from reportgen.catalogue.rows import FunctionRow, Special
from reportgen.catalogue.sources import NAN, NANS, c11, keeps_zero, numpy_docs

REALS = "all real numbers"
SMALL = (
    "0",
    "min_subnormal",
    "-min_subnormal",
    "min_normal",
    "-min_normal",
    "2^-11",
    "-2^-11",
    "2^-24",
    "-2^-24",
    "2^-53",
    "-2^-53",
    "2^-28",
    "2^-8",
    "-2^-8",
)
KINKS = (
    "ln2/2",
    "-ln2/2",
    "ln2",
    "-ln2",
    "3*ln2/2",
    "-3*ln2/2",
    "1",
    "-1",
    "10*ln2",
    "64*ln2",
    "-64*ln2",
    "ln2/64",
    "ln2/256",
)
# Overflow, smallest normal and underflow to zero: float16, bfloat16 and float32, float64.
EXP_EDGES = (
    "11.089866",
    "-9.704060527839",
    "-17.32867951399863",
    "88.72283905206835",
    "-87.33654475055310",
    "-103.97207708399179",
    "-92.18776",
    "-92.88091",
    "709.782712893384",
    "-708.3964185322641",
    "-745.1332191019411",
    "max",
    "-max",
)
EXPM1_EDGES = (
    "11.089866",
    "88.72283905206835",
    "709.782712893384",
    "-7.6",
    "-17.328679",
    "-37.42994775023705",
    "-5.545",
    "max",
    "-max",
)
EXP2_EDGES = (
    "16",
    "128",
    "1024",
    "-14",
    "-24",
    "-25",
    "-126",
    "-133",
    "-134",
    "-149",
    "-150",
    "-1022",
    "-1074",
    "-1075",
    "1/2",
    "-1/2",
    "3/2",
    "-3/2",
    "10",
    "-10",
    "max",
    "-max",
)
LOG_POINTS = (
    "0",
    "min_subnormal",
    "min_normal",
    "1",
    "1/2",
    "2",
    "e",
    "1/e",
    "10",
    "100",
    "1000",
    "1/10",
    "4",
    "8",
    "16",
    "1/4",
    "0x1.6a09e667f3bcdp-1",
    "0x1.6a09e667f3bcdp+0",
    "2^-100",
    "2^100",
    "1e-40",
    "max",
    "-1",
    "-min_subnormal",
)
LOG1P_POINTS = (
    *SMALL,
    "-1",
    "1",
    "-1/2",
    "1/2",
    "0x1.a827999fcef32p-2",
    "-0x1.2bec333018867p-2",
    "1.718281828459045",
    "2^24",
    "2^53",
    "max",
    "-2",
    "10",
)
DELTAS = (
    "0",
    "1",
    "-1",
    "10",
    "-10",
    "17",
    "-17",
    "37",
    "-37",
    "88.7",
    "-88.7",
    "-103.97",
    "709.78",
    "-745",
    "1000",
    "-1000",
    "max",
    "-max",
    "min_subnormal",
    "-300",
    "300",
)

# Special cases.


def _growing(source: str, base: str) -> tuple[Special, ...]:
    return (
        NAN,
        Special(("±0",), "1", f"{base} to the power ±0 is 1.", source),
        Special(("-inf",), "+0", f"{base} to the power −∞ is +0.", source),
        Special(("+inf",), "+inf", f"{base} to the power +∞ is +∞.", source),
    )


def _logarithm(source: str) -> tuple[Special, ...]:
    return (
        NAN,
        Special(("±0",), "-inf", "The logarithm of ±0 is −∞.", source),
        Special(("== 1",), "+0", "The logarithm of 1 is +0.", source),
        Special(("< 0",), "nan", "A negative number has no real logarithm.", source),
        Special(("+inf",), "+inf", "The logarithm of +∞ is +∞.", source),
    )


EXP = _growing(c11("3.1", "exp"), "e")
EXP2 = _growing(c11("3.2", "exp2"), "2")
EXPM1 = (
    NAN,
    keeps_zero(c11("3.3", "expm1")),
    Special(("-inf",), "-1", "At −∞ the value is −1.", c11("3.3", "expm1")),
    Special(("+inf",), "+inf", "At +∞ the value is +∞.", c11("3.3", "expm1")),
)
LOG = _logarithm(c11("3.7", "log"))
LOG10 = _logarithm(c11("3.8", "log10"))
LOG2 = _logarithm(c11("3.10", "log2"))
LOG1P = (
    NAN,
    keeps_zero(c11("3.9", "log1p")),
    Special(("== -1",), "-inf", "At −1 the value is −∞.", c11("3.9", "log1p")),
    Special(("< -1",), "nan", "Below −1 there is no real value.", c11("3.9", "log1p")),
    Special(("+inf",), "+inf", "At +∞ the value is +∞.", c11("3.9", "log1p")),
)


def _log_of_sum(page: str) -> tuple[Special, ...]:
    source = numpy_docs(page)
    return (
        *NANS,
        Special(("+inf", "any"), "+inf", "With an argument +∞ the sum and its logarithm are +∞.", source),
        Special(("any", "+inf"), "+inf", "With an argument +∞ the sum and its logarithm are +∞.", source),
        Special(("-inf", "-inf"), "-inf", "The logarithm of 0 + 0 is −∞.", source),
        Special(
            ("-inf", "±0"), "either zero", "The logarithm of 0 + 1 is zero; the documentation fixes no sign.", source
        ),
        Special(
            ("±0", "-inf"), "either zero", "The logarithm of 1 + 0 is zero; the documentation fixes no sign.", source
        ),
        Special(("-inf", "any"), "y", "An argument −∞ adds nothing.", source),
        Special(("any", "-inf"), "x", "An argument −∞ adds nothing.", source),
    )


LOGADDEXP = _log_of_sum("numpy.logaddexp")
LOGADDEXP2 = (
    *_log_of_sum("numpy.logaddexp2"),
    Special(("== -1", "== -1"), "+0", "log₂(½ + ½) is exactly +0.", c11("3.10", "log2")),
)

# fmt: off
ROWS = (
    FunctionRow(
        name="exp", family="exponentials", arity=1,
        sentence="e to the power x.", domain=REALS,
        numpy="numpy.exp", tensorflow="tensorflow.math.exp", mpmath="exp(x)", arb="exp(x)",
        monotone=((-inf, inf, 1),), typical=((-10.0, 10.0),), critical=((*SMALL, *KINKS, *EXP_EDGES),),
        specials=EXP,
    ),
    FunctionRow(
        name="exp2", family="exponentials", arity=1,
        sentence="2 to the power x.", domain=REALS,
        numpy="numpy.exp2", tensorflow="tensorflow.experimental.numpy.exp2",
        scipy="scipy.special.exp2",
        composite=True,
        mpmath="exp2(x)", arb="exp2(x)",
        monotone=((-inf, inf, 1),), typical=((-10.0, 10.0),), critical=((*SMALL, *EXP2_EDGES, "1", "-1"),),
        specials=EXP2,
    ),
    FunctionRow(
        name="expm1", family="exponentials", arity=1,
        sentence="e to the power x, minus 1, without cancellation near 0.", domain=REALS,
        numpy="numpy.expm1", tensorflow="tensorflow.math.expm1",
        scipy="scipy.special.expm1",
        mpmath="expm1(x)", arb="expm1(x)",
        monotone=((-inf, inf, 1),), typical=((-10.0, 10.0),), critical=((*SMALL, *KINKS, *EXPM1_EDGES),),
        specials=EXPM1,
    ),
    FunctionRow(
        name="log", family="exponentials", arity=1, aliases=("ln",),
        sentence="The natural logarithm of x.", domain="x > 0",
        numpy="numpy.log", tensorflow="tensorflow.math.log", mpmath="log(x)", arb="log(x)",
        monotone=((0.0, inf, 1),), typical=((0.0, 1000.0),), critical=(LOG_POINTS,),
        specials=LOG,
    ),
    FunctionRow(
        name="log2", family="exponentials", arity=1,
        sentence="The logarithm of x to base 2.", domain="x > 0",
        numpy="numpy.log2", tensorflow="tensorflow.experimental.numpy.log2", composite=True,
        mpmath="log2(x)", arb="log2(x)",
        monotone=((0.0, inf, 1),), typical=((0.0, 1000.0),), critical=((*LOG_POINTS, "32", "64", "1024"),),
        specials=LOG2,
    ),
    FunctionRow(
        name="log10", family="exponentials", arity=1,
        sentence="The logarithm of x to base 10.", domain="x > 0",
        numpy="numpy.log10", tensorflow="tensorflow.experimental.numpy.log10", composite=True,
        mpmath="log10(x)", arb="log10(x)",
        monotone=((0.0, inf, 1),), typical=((0.0, 1000.0),), critical=((*LOG_POINTS, "1e4", "1e5", "1e6", "1e10",
            "1e22"),),
        specials=LOG10,
    ),
    FunctionRow(
        name="log1p", family="exponentials", arity=1,
        sentence="The natural logarithm of 1 + x, without cancellation near 0.", domain="x > −1",
        numpy="numpy.log1p", tensorflow="tensorflow.math.log1p",
        scipy="scipy.special.log1p",
        mpmath="log1p(x)", arb="log1p(x)",
        monotone=((-1.0, inf, 1),), typical=((-1.0, 1000.0),), critical=(LOG1P_POINTS,),
        specials=LOG1P,
    ),
    FunctionRow(
        name="logaddexp", family="exponentials", arity=2,
        sentence="log(eˣ + eʸ).", domain=REALS,
        numpy="numpy.logaddexp", tensorflow="tensorflow.experimental.numpy.logaddexp", composite=True,
        mpmath="logaddexp(x, y)", arb="logaddexp(x, y)",
        typical=((-100.0, 100.0), (-100.0, 100.0)), critical=((*DELTAS, "-ln2"), (*DELTAS, "-ln2")),
        specials=LOGADDEXP,
    ),
    FunctionRow(
        name="logaddexp2", family="exponentials", arity=2,
        sentence="log₂(2ˣ + 2ʸ).", domain=REALS,
        numpy="numpy.logaddexp2", tensorflow="tensorflow.experimental.numpy.logaddexp2", composite=True,
        mpmath="logaddexp2(x, y)", arb="logaddexp2(x, y)",
        typical=((-100.0, 100.0), (-100.0, 100.0)), critical=(DELTAS, DELTAS),
        specials=LOGADDEXP2,
    ),
)
