"""What sums, means, products and extremes are tried on.

Sizes of one kind of data make a series; layouts and axes are tried on one size each, because a library chooses its loop
by them; then come numbers that overflow on the way, subnormal numbers, NaN, infinities, zeros and nothing at all.
"""

from __future__ import annotations

from reportgen.core.problems import Operand, Problem

WIDE = ("float32", "float64")
NARROW = ("float16", "bfloat16")


def combined(
    words: str, data: str, shape: tuple[int, ...], axis: int | None = None, order: str = "C", *, kind: str = "",
    dtypes: tuple[str, ...] = (),
) -> Problem:  # fmt: skip
    """A problem of one operand ``x`` that is combined along an axis (None: all of it).

    ``kind``: ``special`` where elements are NaN, infinite or subnormal (which a library may take for zero, so that
    their error says nothing about its sums), ``refusable`` where a library may refuse.
    """
    size = shape[axis] if axis is not None else shape[0]
    place = ("" if axis is None else f"-axis{axis}") + ("" if order == "C" else f"-{order}")
    operand = Operand("x", data, shape, order=order)
    return Problem(
        name=f"{data}-{'x'.join(map(str, shape))}{place}", words=words, operands=(operand,),
        parameters=(("axis", axis),), series=data + place, size=size, special=kind == "special",
        refusable=kind == "refusable", dtypes=dtypes,
    )  # fmt: skip


def counted(n: int, what: str) -> str:
    """``1,000 numbers of both signs``, and ``1 number`` of it."""
    if n != 1:
        return f"{n:,} {what}"
    noun = what.replace(" of both signs", "")
    for many in ("numbers", "factors", "logits"):
        noun = noun.replace(many, many[:-1])
    return f"1 {noun}"


def growing(data: str, what: str, sizes: tuple[int, ...], dtypes: tuple[str, ...] = ()) -> tuple[Problem, ...]:
    """One kind of data in several sizes."""
    return tuple(combined(counted(n, what), data, (n,), dtypes=dtypes) for n in sizes)


ALL_SIZES = (
    *growing("positive", "positive numbers", (1, 7, 1000)),
    *growing("positive", "positive numbers", (10_000,), NARROW),
    *growing("positive", "positive numbers", (10**5, 10**7), WIDE),
)
COLUMNS = combined("columns of 10,000 × 16 positive numbers", "positive", (10_000, 16), 0)
LONG_COLUMNS = combined("columns of 1,000,000 × 4 positive numbers", "positive", (10**6, 4), 0, dtypes=("float32",))
ROWS = combined("rows of 16 × 10,000 positive numbers", "positive", (16, 10_000), 1)
LAYOUTS = (
    combined("every second of 20,000 positive numbers", "positive", (10_000,), order="strided"),
    combined("rows of 16 × 10,000 positive numbers, stored by columns", "positive", (16, 10_000), 1, "F"),
)
EMPTY = combined("no numbers", "positive", (0,))
NANS = tuple(
    combined(f"1,001 numbers, NaN {place}", f"nan-{place}", (1001,), kind="special")
    for place in ("first", "middle", "last")
)
INFINITE = combined("1,001 numbers, one of them +∞", "inf-among-finite", (1001,), kind="special")
BOTH_INFINITIES = combined("1,001 numbers with NaN and both infinities", "nan-and-infinities", (1001,), kind="special")
ZEROS = combined("8 zeros, +0 and −0 by turns", "zeros-minus-first", (8,))
TINY = combined("1,000 subnormal numbers", "tiny-steps", (1000,), kind="special")

SUMS = (
    *ALL_SIZES, COLUMNS, LONG_COLUMNS, ROWS, *LAYOUTS,
    combined("1,000 numbers of both signs", "mixed", (1000,)),
    combined("1,000 numbers that cancel", "cancelling", (1000,)),
    combined("3,000 ones", "ones", (3000,), dtypes=NARROW),
    combined("columns of 3,000 × 4 ones", "ones", (3000, 4), 0, dtypes=NARROW),
    combined("63 numbers near ± the largest, of a moderate sum", "huge-cancelling", (63,)),
    TINY, NANS[1], INFINITE, BOTH_INFINITIES, ZEROS, EMPTY,
)  # fmt: skip

MEANS = (
    *growing("positive", "positive numbers", (7, 1000)),
    *growing("positive", "positive numbers", (10**5,)),
    *growing("positive", "positive numbers", (10**7,), ("float32",)),
    COLUMNS, LONG_COLUMNS, ROWS, LAYOUTS[1],
    combined("10,000 numbers around 100", "around-hundred", (10_000,), dtypes=NARROW),
    combined("columns of 3,000 × 4 numbers around 100", "around-hundred", (3000, 4), 0, dtypes=NARROW),
    combined("1,000 numbers that cancel", "cancelling", (1000,)),
    combined("64 numbers near the largest", "near-largest", (64,)),
    TINY, NANS[1], INFINITE, EMPTY,
)  # fmt: skip

PRODUCTS = (
    *growing("near-one", "factors near 1", (1, 7, 1000)),
    *growing("near-one", "factors near 1", (10**5,), WIDE),
    combined("columns of 1,000 × 16 factors near 1", "near-one", (1000, 16), 0),
    combined("64 factors: first above 1, then below", "product-up-down", (64,)),
    combined("64 factors: first below 1, then above", "product-down-up", (64,)),
    # Few numbers, for the product of many underflows before it meets the infinity.
    NANS[1], combined("seven numbers, one of them +∞", "inf-among-finite", (7,), kind="special"), ZEROS, EMPTY,
)  # fmt: skip

EXTREMES = (
    *growing("mixed", "numbers of both signs", (1, 7, 1000)),
    combined("columns of 1,000 × 16 numbers of both signs", "mixed", (1000, 16), 0),
    combined("1,000 negative subnormal numbers", "negative-tiny", (1000,), kind="special"),
    *NANS,
    combined("columns of 33 × 16 numbers with one NaN", "nan-middle", (33, 16), 0, kind="special"),
    BOTH_INFINITIES, INFINITE,
    combined("1,001 times −∞", "only-minus-inf", (1001,), kind="special"),
    ZEROS, combined("no numbers", "positive", (0,), kind="refusable"),
)  # fmt: skip

PLACES = (
    *growing("mixed", "numbers of both signs", (1, 7, 1000)),
    combined("columns of 1,000 × 16 numbers of both signs", "mixed", (1000, 16), 0),
    combined("1,000 whole numbers from −3 to 3", "few-values", (1000,)),
    combined("1,000 negative subnormal numbers", "negative-tiny", (1000,), kind="special"),
    ZEROS, NANS[1], BOTH_INFINITIES,
    combined("1,001 times −∞", "only-minus-inf", (1001,), kind="special"),
    combined("no numbers", "positive", (0,), kind="refusable"),
)  # fmt: skip

COUNTS = (
    *growing("few-values", "whole numbers from −3 to 3", (7, 1000)),
    combined("columns of 1,000 × 16 whole numbers", "few-values", (1000, 16), 0),
    combined("999 zeros, subnormal numbers and ones", "some-tiny", (999,), kind="special"),
    ZEROS, BOTH_INFINITIES, EMPTY,
)  # fmt: skip
