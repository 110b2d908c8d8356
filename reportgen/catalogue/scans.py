"""Functions of which every result depends on several elements of a longer array: scans, segments, polynomials."""

from __future__ import annotations

from dataclasses import replace

from reportgen.catalogue.arrayrows import ArrayRow
from reportgen.catalogue.reductionproblems import COLUMNS, NARROW, TINY, WIDE, combined, growing
from reportgen.catalogue.rows import FunctionRow, Special
from reportgen.catalogue.sources import INFINITY, PROPAGATION, array_api, tensorflow_docs
from reportgen.core.problems import Operand, Problem

SEGMENTS = 7
"""As in :mod:`reportgen.core.generated.combined`, which is not imported here: the catalogue is read without NumPy."""

NUMBERS = "IEEE 754-2019, 3.4 (binary interchange formats)"
SUBNORMAL = Special(
    ("some subnormal",), "value", "Subnormal numbers are numbers: none of them may be taken for zero.", NUMBERS
)  # fmt: skip
NAN_ONWARDS = Special(
    ("some nan",), "value", "From a NaN on, every result is NaN; those before it are not.", PROPAGATION
)
INFINITE_ONWARDS = Special(("some ±inf",), "value", "From an infinity on, every result is infinite.", INFINITY)
NAN_SEGMENT = Special(
    ("some nan",), "value", "A NaN in a segment makes its sum NaN, and that of no other one.", PROPAGATION
)
NAN_LARGEST = Special(
    ("some nan",), "value", "A NaN in a segment is its largest element, as it is of an array, and of no other one.",
    array_api("max"),
)  # fmt: skip
ZERO_FACTORS = Special(
    ("all zero",), "value", "The sign of a product of zeros is the product of their signs.",
    "IEEE 754-2019, 6.3 (the sign bit)",
)  # fmt: skip
ZERO_SUMS = Special(
    ("all zero",), "either zero", "A sum of zeros is a zero; its sign depends on where a library begins.",
    array_api("cumulative_sum"),
)  # fmt: skip


def scanned(problem: Problem) -> Problem:
    """A problem of all elements as one along the only axis."""
    return problem if problem.parameters != (("axis", None),) else replace(problem, parameters=(("axis", 0),))


CUMSUMS = tuple(
    scanned(p)
    for p in (
        *growing("positive", "positive numbers", (7, 1000)),
        *growing("positive", "positive numbers", (10_000,), NARROW),
        *growing("positive", "positive numbers", (10**5, 10**6), WIDE),
        *growing("mixed", "numbers of both signs", (10**5,), WIDE),
        COLUMNS,
        combined("3,000 ones", "ones", (3000,), dtypes=NARROW),
        combined("1,000 numbers that cancel", "cancelling", (1000,)),
        TINY,
        combined("1,001 numbers, NaN in the middle", "nan-middle", (1001,), kind="special"),
        combined("1,001 numbers, one of them +∞", "inf-among-finite", (1001,), kind="special"),
        combined("8 zeros, +0 and −0 by turns", "zeros-minus-first", (8,)),
    )
)

CUMPRODS = tuple(
    scanned(p)
    for p in (
        *growing("near-one", "factors near 1", (7, 1000)),
        *growing("near-one", "factors near 1", (10_000,), WIDE),
        combined("columns of 1,000 × 16 factors near 1", "near-one", (1000, 16), 0),
        combined("seven numbers, NaN in the middle", "nan-middle", (7,), kind="special"),
        combined("8 zeros, +0 and −0 by turns", "zeros-minus-first", (8,)),
    )
)


def grouped(words: str, data: str, n: int, index: str = "segments", special: bool = False,
            dtypes: tuple[str, ...] = ()) -> Problem:  # fmt: skip
    """Numbers ``x`` with the number ``s`` of the segment of each."""
    operands = (Operand("x", data, (n,)), Operand("s", index, (n,), "int32"))
    mixed = "" if index == "segments" else "-mixed"
    return Problem(
        f"{data}-{n}{mixed}", words, operands, (("k", SEGMENTS),), data + mixed, n, special, dtypes=dtypes,
    )  # fmt: skip


SORTED = (
    *(grouped(f"{n:,} positive numbers in {SEGMENTS} segments", "positive", n) for n in (7, 1000)),
    grouped(f"20,000 positive numbers in {SEGMENTS} segments", "positive", 20_000, dtypes=NARROW),
    *(grouped(f"{n:,} positive numbers in {SEGMENTS} segments", "positive", n, dtypes=WIDE) for n in (10**5, 10**6)),
    grouped(f"10,000 numbers of both signs in {SEGMENTS} segments", "mixed", 10_000),
    grouped("1,001 numbers, NaN in the middle", "nan-middle", 1001, special=True),
    grouped("1,000 subnormal numbers", "tiny-steps", 1000, special=True),
)
MIXED = tuple(
    replace(p, name=f"{p.name}-mixed", series=f"{p.series}-mixed",
            operands=(p.operands[0], replace(p.operands[1], data="segments-mixed")))
    for p in SORTED
)  # fmt: skip

LARGEST = (
    *(grouped(f"{n:,} numbers of both signs in {SEGMENTS} segments", "mixed", n, "segments-mixed") for n in (7, 1000)),
    grouped("1,001 numbers, NaN in the middle", "nan-middle", 1001, "segments-mixed", special=True),
)


def polynomial(words: str, coefficients: str, degree: int, points: str) -> Problem:
    """A polynomial with coefficients ``c``, the highest power first, at a thousand points ``x``."""
    operands = (Operand("c", coefficients, (degree + 1,)), Operand("x", points, (1000,)))
    special = "nan" in coefficients or "nan" in points
    return Problem(f"{coefficients}-{degree}-{points}", words, operands, (), coefficients, degree + 1, special)


POLYNOMIALS = (
    *(polynomial(f"degree {d}, coefficients of both signs, |x| ≤ 1", "mixed", d, "unit-interval") for d in (1, 7, 50)),
    polynomial("(x − 1)^10 multiplied out, x beside 1", "binomial", 10, "beside-one"),
    polynomial("degree 7, points of which one is NaN", "mixed", 7, "nan-middle"),
)

# fmt: off
ROWS = (
    FunctionRow(
        name="cumsum", family="scans", kind="reduction", arity=1, aliases=("cumulative_sum",),
        sentence="The sums of the first, the first two, the first three … elements.", domain="arrays of any size",
        numpy="numpy.cumsum", tensorflow="tensorflow.math.cumsum", mpmath="", arb="",
        specials=(NAN_ONWARDS, INFINITE_ONWARDS, SUBNORMAL, ZERO_SUMS),
    ),
    FunctionRow(
        name="cumprod", family="scans", kind="reduction", arity=1, aliases=("cumulative_prod",),
        sentence="The products of the first, the first two, the first three … elements.", domain="arrays of any size",
        numpy="numpy.cumprod", tensorflow="tensorflow.math.cumprod", mpmath="", arb="",
        specials=(NAN_ONWARDS, ZERO_FACTORS),
    ),
    FunctionRow(
        name="segment_sum", family="scans", kind="reduction", arity=2,
        sentence="Sums of runs of elements, which ascending numbers of segments tell apart (numpy.add.reduceat takes "
                 "where they begin).",
        domain="numbers of segments in ascending order",
        numpy="numpy.add.reduceat", tensorflow="tensorflow.math.segment_sum", mpmath="", arb="",
        specials=(NAN_SEGMENT, SUBNORMAL),
    ),
    FunctionRow(
        name="unsorted_segment_sum", family="scans", kind="reduction", arity=2,
        sentence="Sums of the elements that have the same number of a segment, in any order; numpy.bincount with "
                 "weights gives the same sums, always in float64.",
        domain="numbers of segments in any order",
        numpy="numpy.bincount", tensorflow="tensorflow.math.unsorted_segment_sum", mpmath="", arb="",
        specials=(NAN_SEGMENT, SUBNORMAL),
    ),
    FunctionRow(
        name="unsorted_segment_max", family="scans", kind="reduction", arity=2,
        sentence="The largest of the elements that have the same number of a segment, in any order.",
        domain="numbers of segments in any order",
        numpy=None, tensorflow="tensorflow.math.unsorted_segment_max", mpmath="", arb="", specials=(NAN_LARGEST,),
    ),
    FunctionRow(
        name="bincount", family="scans", kind="reduction", arity=2,
        sentence="Sums of the weights of each number, as histograms are made.", domain="numbers that are not negative",
        numpy="numpy.bincount", tensorflow="tensorflow.math.bincount", mpmath="", arb="", dtypes=WIDE,
        specials=(NAN_SEGMENT, SUBNORMAL),
    ),
    FunctionRow(
        name="polyval", family="scans", kind="reduction", arity=2,
        sentence="The value of a polynomial with given coefficients, by Horner's scheme.", domain="all coefficients",
        numpy="numpy.polyval", tensorflow="tensorflow.math.polyval", mpmath="", arb="",
        specials=(
            Special(("some nan",), "value", "NaN as a point gives NaN there and nowhere else.",
                    tensorflow_docs("tf.math.polyval")),
        ),
    ),
)
# fmt: on

EXACT_SUM = "exact accumulation in integers, at up to 1,000 positions"


def _segments(name: str, numpy: str, tensorflow: str, problems: tuple[Problem, ...]) -> ArrayRow:
    return ArrayRow(
        name, (("numpy", numpy), ("tensorflow", tensorflow)), "segment_sum", "exact accumulation in integers",
        "Σ|xᵢ| of the segment", problems,
    )  # fmt: skip


COUNTED = "numpy.bincount(s, weights=x, minlength=k)"
ARRAYS = {
    "cumsum": ArrayRow(
        "cumsum", (("numpy", "numpy.cumsum(x, axis=axis)"), ("tensorflow", "tensorflow.math.cumsum(x, axis=axis)")),
        "cumsum", EXACT_SUM, "Σ|xᵢ| up to the position", CUMSUMS, spec_parameters=(("axis", 0),),
    ),
    "cumprod": ArrayRow(
        "cumprod", (("numpy", "numpy.cumprod(x, axis=axis)"), ("tensorflow", "tensorflow.math.cumprod(x, axis=axis)")),
        "cumprod", "multiplication in integers, at up to 1,000 positions", "i·|yᵢ|, i the number of factors", CUMPRODS,
        spec_parameters=(("axis", 0),),
    ),
    "segment_sum": _segments(
        "segment_sum", "numpy.add.reduceat(x, numpy.searchsorted(s, numpy.arange(k)))",
        "tensorflow.math.segment_sum(x, s)", SORTED,
    ),
    "unsorted_segment_sum": _segments(
        "unsorted_segment_sum", COUNTED, "tensorflow.math.unsorted_segment_sum(x, s, num_segments=k)", MIXED,
    ),
    "unsorted_segment_max": ArrayRow(
        "unsorted_segment_max", (("tensorflow", "tensorflow.math.unsorted_segment_max(x, s, num_segments=k)"),),
        "segment_max", "comparison of the elements", "", LARGEST,
    ),
    "bincount": _segments(
        "bincount", COUNTED, "tensorflow.math.bincount(s, weights=x, minlength=k, dtype=x.dtype)", MIXED,
    ),
    "polyval": ArrayRow(
        "polyval",
        (("numpy", "numpy.polyval(c, x)"), ("tensorflow", "tensorflow.math.polyval(tensorflow.unstack(c), x)")),
        "polyval", "Horner's scheme in integers", "Σ|c|·|x|^(d−i)", POLYNOMIALS,
    ),
}  # fmt: skip
