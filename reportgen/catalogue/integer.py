"""Functions that only integers have.

They have no real dtypes and no expression for the oracle: what they compute is defined by
:mod:`reportgen.oracle.integers`. Functions that real numbers have too stand in the other tables; all integer dtypes and
rules are in :mod:`reportgen.catalogue.integers`.
"""

from __future__ import annotations

from reportgen.catalogue.integers import INTEGERS
from reportgen.catalogue.rows import FunctionRow, Special
from reportgen.catalogue.sources import array_api

DOMAIN = "all integers of the dtype"
SMALL = (-100.0, 100.0)


def _row(
    name: str, sentence: str, numpy: str | None, tensorflow: str, *aliases: str, domain: str = DOMAIN
) -> FunctionRow:
    integers = INTEGERS[name]
    rules = integers.specials or (Special(("value",), "value", sentence, array_api(name)),)
    return FunctionRow(
        name=name, family="integer", kind="integer", arity=integers.arity,
        sentence=sentence, domain=domain, numpy=numpy, tensorflow=tensorflow, mpmath="", arb="", dtypes=(),
        aliases=aliases, typical=(SMALL,) * integers.arity, specials=rules,
    )  # fmt: skip


# fmt: off
ROWS = (
    _row("bitwise_and", "Each bit that is set in both.", "numpy.bitwise_and", "tensorflow.bitwise.bitwise_and"),
    _row("bitwise_or", "Each bit that is set in one or both.", "numpy.bitwise_or", "tensorflow.bitwise.bitwise_or"),
    _row("bitwise_xor", "Each bit that is set in just one.", "numpy.bitwise_xor", "tensorflow.bitwise.bitwise_xor"),
    _row("invert", "Each bit that is not set: −1 − x; for bool, not.", "numpy.invert", "tensorflow.bitwise.invert",
         "bitwise_invert", "bitwise_not"),
    _row("left_shift", "x·2^y: the bits moved up, those above the dtype lost.", "numpy.left_shift",
         "tensorflow.bitwise.left_shift", "bitwise_left_shift", domain="0 ≤ y < number of bits"),
    _row("right_shift", "The largest integer not above x / 2^y: the bits moved down, the sign kept.",
         "numpy.right_shift", "tensorflow.bitwise.right_shift", "bitwise_right_shift", domain="0 ≤ y < number of bits"),
    _row("gcd", "The greatest common divisor of |x| and |y|; 0 if both are 0.", "numpy.gcd",
         "tensorflow.experimental.numpy.gcd"),
    _row("lcm", "The least common multiple of |x| and |y|; 0 if one is 0.", "numpy.lcm",
         "tensorflow.experimental.numpy.lcm"),
    _row("bit_count", "How many bits are set.", "numpy.bitwise_count", "tensorflow.raw_ops.PopulationCount",
         "bitwise_count", "population_count", domain="x ≥ 0: of negative integers the libraries count other bits"),
)
