"""Conversions between dtypes: one function, a case for each source, and a part of it for each destination.

The rules below are data with names, because which of them a value falls under depends on its destination; the inputs
that they are tried on come from :mod:`reportgen.measure.castinputs`. A rule whose result is ``unspecified`` tells what
libraries do where nothing is defined: no result there is a mistake.
"""

from __future__ import annotations

from reportgen.catalogue.rows import FunctionRow, Special
from reportgen.catalogue.sources import PROPAGATION, tensorflow_docs
from reportgen.core.model import COMPLEX_DTYPES, FLOAT_DTYPES, INTEGER_DTYPES

CAST_DTYPES = (*FLOAT_DTYPES, *INTEGER_DTYPES, "bool", *COMPLEX_DTYPES)
"""Every dtype is a source, and a destination of all others."""

UNSPECIFIED = "unspecified"
"""The result word of rules about inputs for which no standard and no documentation defines a value."""

CONVERSION = "IEEE 754-2019, 5.4.2 (conversion operations for floating-point formats)"
TO_INTEGER = "C11 6.3.1.4 (real floating and integer); IEEE 754-2019, 5.8 (conversion to integer)"
BETWEEN_INTEGERS = "C11 6.3.1.3 (signed and unsigned integers); NumPy documentation, Data types, overflow errors"
TO_BOOL = "C11 6.3.1.2 (boolean type)"
FROM_COMPLEX = f"C11 6.3.1.7 (real and complex); {tensorflow_docs('tf.cast')}"

RULES: dict[str, Special] = {
    "nan to integer": Special(
        ("nan",), UNSPECIFIED,
        "NaN to an integer: no value is defined; the operation is invalid, and what comes is the processor's or the "
        "compiler's choice.", TO_INTEGER,
    ),
    "inf to integer": Special(
        ("±inf",), UNSPECIFIED, "Infinity to an integer: no value is defined; the operation is invalid.", TO_INTEGER
    ),
    "out of range": Special(
        ("value",), UNSPECIFIED,
        "A number whose integer part does not fit into the integer type: no value is defined; libraries saturate, "
        "wrap modulo 2^n, or give the smallest integer.", TO_INTEGER,
    ),
    "towards zero": Special(
        ("value",), "value", "To an integer the fraction is cut off, towards zero on both sides.", TO_INTEGER
    ),
    "integer wraps": Special(
        ("value",), "value",
        "An integer that does not fit into the narrower type is reduced modulo 2^n into its range.", BETWEEN_INTEGERS,
    ),
    "nan to bool": Special(("nan",), "1", "NaN is not equal to zero: true.", TO_BOOL),
    "to bool": Special(
        ("value",), "value", "False for zero of either sign, true for everything else, subnormals included.", TO_BOOL
    ),
    "complex to bool": Special(
        ("value",), "value", "False for complex zero alone: an imaginary part that is not zero makes it true.", TO_BOOL
    ),
    "imaginary part dropped": Special(
        ("value",), "value", "From complex to real or integer the imaginary part is dropped, whatever it is.",
        FROM_COMPLEX,
    ),
    "real to complex": Special(
        ("value",), "value", "From real to complex the imaginary part is +0.", FROM_COMPLEX
    ),
    "nan kept": Special(("nan",), "nan", "NaN stays NaN in every floating-point format.", PROPAGATION),
    "infinity kept": Special(("±inf",), "x", "An infinity stays that infinity.", CONVERSION),
    "zero kept": Special(("±0",), "x", "Zero keeps its sign.", CONVERSION),
    "overflow": Special(
        ("value",), "value",
        "From halfway between the largest finite number and the next power of two on, the result is an infinity; "
        "below that it is the largest finite number.", "IEEE 754-2019, 7.4 (overflow)",
    ),
    "into the subnormals": Special(
        ("value",), "value",
        "Small numbers round to subnormals of the destination, and to zero at half of the smallest or below.",
        "IEEE 754-2019, 7.5 (underflow)",
    ),
    "tie": Special(
        ("value",), "value", "Halfway between two neighbours the even one is taken.",
        "IEEE 754-2019, 4.3.1 (roundTiesToEven)",
    ),
    "rounded once": Special(
        ("value",), "value",
        "Just beside a tie the nearer neighbour is taken: a conversion that first rounds to a format in between can "
        "take the wrong one.", CONVERSION,
    ),
}  # fmt: skip
"""The rules by name; their order is that of the row's special cases."""

# fmt: off
ROWS = (
    FunctionRow(
        name="cast", family="casts", kind="cast", arity=1, aliases=("astype",),
        sentence="The value in another dtype: rounded to nearest, ties to even, for floating point; its integer part "
                 "for integers; whether it is not zero for bool.",
        domain="to integers: numbers whose integer part fits",
        numpy="numpy.ndarray.astype", tensorflow="tensorflow.cast", mpmath="x", arb="x",
        dtypes=CAST_DTYPES, typical=((-1000.0, 1000.0),), specials=tuple(RULES.values()),
    ),
)
