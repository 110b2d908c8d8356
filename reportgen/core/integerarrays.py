"""Named arrays of integers for sums and means, regenerable from ``gen:NAME:SEED:SIZE`` by :func:`generate_integers`."""

from __future__ import annotations

from reportgen.core.dtypes import IntegerFormat
from reportgen.core.errors import RequestError
from reportgen.core.sampling import generator

INTEGER_VARIANTS = ("int-mixed", "int-small", "int-positive", "int-largest", "int-smallest", "int-below-zero")


def generate_integers(name: str, seed: int, size: int, fmt: IntegerFormat) -> list[int]:
    """The array that ``gen:name:seed:size`` names in ``fmt``, as Python integers.

    ``int-mixed`` is uniform over the whole dtype, ``int-small`` uniform over 0 to 10, ``int-positive`` uniform over 0
    to the largest, ``int-largest`` and ``int-smallest`` are constant, ``int-below-zero`` is uniform over −10 to 0
    (0 to 10 for unsigned dtypes). Raises RequestError for an unknown name.
    """
    rng = generator("integer array", fmt.name, seed, size)
    if name == "int-mixed":
        return [fmt.low + int.from_bytes(rng.bytes(8), "little") % (fmt.high - fmt.low + 1) for _ in range(size)]
    if name == "int-positive":
        return [int.from_bytes(rng.bytes(8), "little") % (fmt.high + 1) for _ in range(size)]
    if name in ("int-small", "int-below-zero"):
        sign = -1 if name == "int-below-zero" and fmt.signed else 1
        return [sign * v for v in rng.integers(0, 11, size).tolist()]
    if name in ("int-largest", "int-smallest"):
        return [fmt.high if name == "int-largest" else fmt.low] * size
    raise RequestError(f"no array of integers is called {name!r}")
