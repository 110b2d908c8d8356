"""Functions of integers: which of the catalogue's functions are measured in integer dtypes and bool, and their rules.

A rule's ``when`` is a word: ``overflow`` (the result does not fit into its dtype) or one of
:data:`reportgen.oracle.integers.PREDICATES`. A rule whose result is ``unspecified`` tells what libraries do where no
value is defined; where it is ``apart``, a library may answer with an error for a whole array, so that its inputs are
never mixed with others.
"""

from __future__ import annotations

from dataclasses import dataclass

from reportgen.catalogue.casts import UNSPECIFIED
from reportgen.catalogue.rows import Special
from reportgen.catalogue.sources import DIVISION_BY_ZERO, INVALID, numpy_docs, tensorflow_docs
from reportgen.core.model import INTEGER_DTYPES

OVERFLOW = "overflow"
FLOATS = "floating-point result"


@dataclass(frozen=True)
class IntegerRow:
    """A function of the catalogue in integer dtypes.

    ``name`` is that of its :class:`~reportgen.catalogue.rows.FunctionRow`, ``exact`` a name of
    :data:`reportgen.oracle.integers.FUNCTIONS` (or ``REDUCTIONS``), ``dtypes`` are those of the arguments. Of
    ``specials`` the first match wins; ``apart`` holds the words of rules whose inputs are evaluated by themselves,
    in the dtypes of ``tried`` only: where a library does not return, every attempt costs a process.
    """

    name: str
    exact: str
    arity: int
    dtypes: tuple[str, ...] = INTEGER_DTYPES
    specials: tuple[Special, ...] = ()
    apart: tuple[str, ...] = ()
    tried: tuple[str, ...] = INTEGER_DTYPES
    reduction: bool = False


C_DIVISION = "C11 6.5.5 (multiplicative operators)"
C_SHIFT = f"C11 6.5.7 (bitwise shift operators); {tensorflow_docs('tf.bitwise.left_shift')}"
WRAPPING = f"{numpy_docs('Data types, overflow errors')}; two's complement arithmetic modulo 2^n"

WRAPS = Special(
    (OVERFLOW,), "reduced modulo 2^n", "A result that does not fit is reduced modulo 2^n into the range of its dtype.",
    WRAPPING,
)  # fmt: skip
BY_ZERO = Special(
    ("divisor 0",), UNSPECIFIED,
    "Division of an integer by zero: no value is defined; libraries give some integer or raise an error.", C_DIVISION,
)  # fmt: skip
REST_BY_ZERO = Special(
    ("divisor 0",), UNSPECIFIED,
    "The remainder of an integer by zero: no value is defined; libraries give some integer or raise an error.",
    C_DIVISION,
)  # fmt: skip
SMALLEST_QUOTIENT = Special(
    ("smallest / -1",), "reduced modulo 2^n",
    "The smallest integer divided by −1 does not fit; reduced modulo 2^n it is itself again.", WRAPPING,
)  # fmt: skip
SMALLEST_REST = Special(
    ("smallest / -1",), "0",
    "The smallest integer is a multiple of −1: nothing is left, though the quotient overflows.",
    "Definition of the remainder; in C11 6.5.5 the operation is undefined because of the quotient",
)  # fmt: skip
SMALLEST_SIZE = Special(
    ("smallest",), "reduced modulo 2^n",
    "The smallest integer has no positive counterpart; reduced modulo 2^n the result is itself again.", WRAPPING,
)  # fmt: skip
NEGATIVE_EXPONENT = Special(
    ("negative exponent",), UNSPECIFIED,
    "An integer to a negative power is no integer: no value is defined; NumPy documents an error.",
    numpy_docs("numpy.power"),
)  # fmt: skip
SHIFT = Special(
    ("shift out of range",), UNSPECIFIED,
    "A shift by a negative number, or by as many bits as the dtype has or more: no value is defined, and TensorFlow "
    "leaves it to the implementation.", C_SHIFT,
)  # fmt: skip
NOTHING_BY_NOTHING = Special(("0 / 0",), "nan", "In floating point zero divided by zero is NaN.", INVALID)
INFINITE = Special(
    ("divisor 0",), "sign(x)*inf",
    "The quotient is a floating-point number: by zero it is an infinity with the sign of the dividend.",
    DIVISION_BY_ZERO,
)  # fmt: skip
SMALLEST_DIVISOR = Special(
    ("one smallest",), "value",
    "The absolute value of the smallest integer does not fit, but its greatest common divisor with another integer "
    "does, unless that is 0 or the smallest too.", numpy_docs("numpy.gcd"),
)  # fmt: skip
SMALLEST_MULTIPLE = Special(
    ("one smallest",), "reduced modulo 2^n",
    "The least common multiple with the smallest integer is reduced modulo 2^n where it does not fit.", WRAPPING,
)  # fmt: skip
BITS_OF_NEGATIVE = Special(
    ("negative",), UNSPECIFIED,
    "Bits of a negative integer: NumPy documents those of the absolute value, TensorFlow those of the binary "
    "representation.", f"{numpy_docs('numpy.bitwise_count')}; {tensorflow_docs('tf.raw_ops.PopulationCount')}",
)  # fmt: skip
SUM_WRAPS = Special(
    (OVERFLOW,), "reduced modulo 2^n",
    "A sum that does not fit into the dtype of the result is reduced modulo 2^n: NumPy adds short integers in 64 bits, "
    "TensorFlow in the dtype of the elements.", f"{numpy_docs('numpy.sum')}; {tensorflow_docs('tf.math.reduce_sum')}",
)  # fmt: skip
MEAN_CUT = Special(
    ("fraction",), "towards zero",
    "The mean of integers in an integer dtype loses its fraction; NumPy computes it in float64.",
    f"{numpy_docs('numpy.mean')}; {tensorflow_docs('tf.math.reduce_mean')}",
)  # fmt: skip

AND_BOOL = (*INTEGER_DTYPES, "bool")
ENDS = ("int8", "int32", "int64", "uint8", "uint64", "bool")
"""For comparisons and logic, without arithmetic to go wrong: the shortest and longest integers, and int32."""


def _two(name: str, *specials: Special, exact: str = "", dtypes: tuple[str, ...] = INTEGER_DTYPES) -> IntegerRow:
    apart = tuple(s.when[0] for s in specials if s in (BY_ZERO, REST_BY_ZERO, NEGATIVE_EXPONENT))
    return IntegerRow(name, exact or name, 2, dtypes, specials, apart)


def _one(name: str, *specials: Special, dtypes: tuple[str, ...] = INTEGER_DTYPES) -> IntegerRow:
    return IntegerRow(name, name, 1, dtypes, specials)


_ROWS = (
    _two("add", WRAPS, dtypes=AND_BOOL),
    _two("subtract", WRAPS),
    _two("multiply", WRAPS, dtypes=AND_BOOL),
    _two("divide", NOTHING_BY_NOTHING, INFINITE),
    _two("squared_difference", WRAPS),
    _one("negative", WRAPS),
    _one("positive"),
    _one("abs", SMALLEST_SIZE),
    _one("sign"),
    _one("square", WRAPS),
    _two("floor_divide", BY_ZERO, SMALLEST_QUOTIENT),
    _two("remainder", REST_BY_ZERO, SMALLEST_REST),
    _two("fmod", REST_BY_ZERO, SMALLEST_REST),
    _two("truncatediv", BY_ZERO, SMALLEST_QUOTIENT),
    _two("power", NEGATIVE_EXPONENT, WRAPS),
    _two("maximum", dtypes=AND_BOOL),
    _two("minimum", dtypes=AND_BOOL),
    _two("fmax", exact="maximum"),
    _two("fmin", exact="minimum"),
    *(_two(name, dtypes=ENDS) for name in ("equal", "not_equal", "less", "less_equal")),
    *(_two(name, dtypes=ENDS) for name in ("greater", "greater_equal")),
    *(_two(name, dtypes=ENDS) for name in ("logical_and", "logical_or", "logical_xor")),
    _one("logical_not", dtypes=ENDS),
    *(_two(name, dtypes=AND_BOOL) for name in ("bitwise_and", "bitwise_or", "bitwise_xor")),
    _one("invert", dtypes=AND_BOOL),
    _two("left_shift", SHIFT, WRAPS),
    _two("right_shift", SHIFT),
    IntegerRow("gcd", "gcd", 2, INTEGER_DTYPES, (SMALLEST_DIVISOR,), ("one smallest",), ("int32",)),
    IntegerRow("lcm", "lcm", 2, INTEGER_DTYPES, (SMALLEST_MULTIPLE, WRAPS), ("one smallest",), ()),
    _one("bit_count", BITS_OF_NEGATIVE),
    IntegerRow("sum", "sum", 1, INTEGER_DTYPES, (SUM_WRAPS,), reduction=True),
    IntegerRow("mean", "mean", 1, INTEGER_DTYPES, (MEAN_CUT,), reduction=True),
)
INTEGERS: dict[str, IntegerRow] = {row.name: row for row in _ROWS}
"""By the name of the function."""
