"""Every dtype that is exchanged with libraries: real formats, complex pairs of them, integers and bool.

Each kind has ``name``, ``kind``, ``storage``, ``encode`` and ``decode``. Values travel as float64 for real formats and
bool, as complex128 for complex dtypes, and in NumPy's own integer dtype for integers.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from reportgen.core.floats import FORMATS, Format
from reportgen.core.model import COMPLEX_DTYPES as COMPLEX_DTYPES
from reportgen.core.model import INTEGER_DTYPES


@dataclass(frozen=True)
class ComplexFormat:
    """A pair of two numbers of one real format."""

    name: str
    part: Format

    @property
    def storage(self) -> np.dtype[Any]:
        return np.dtype("<c8" if self.name == "complex64" else "<c16")

    def decode(self, stored: NDArray[Any]) -> NDArray[np.complex128]:
        """Values of an array in :attr:`storage` form, exactly; signs of zeros and NaN parts are kept."""
        out = np.empty(stored.shape, np.complex128)
        out.real, out.imag = self.part.decode(stored.real), self.part.decode(stored.imag)
        return out

    def encode(self, values: NDArray[np.complex128]) -> NDArray[Any]:
        """Inverse of :meth:`decode`; both parts must be representable."""
        out = np.empty(values.shape, self.storage)
        out.real, out.imag = self.part.encode(values.real), self.part.encode(values.imag)
        return out


@dataclass(frozen=True)
class IntegerFormat:
    """Two's complement (``signed``) or unsigned integers of ``bits`` bits."""

    name: str
    bits: int
    signed: bool

    @property
    def storage(self) -> np.dtype[Any]:
        return np.dtype(f"<{'i' if self.signed else 'u'}{self.bits // 8}")

    @property
    def low(self) -> int:
        return -(1 << (self.bits - 1)) if self.signed else 0

    @property
    def high(self) -> int:
        return (1 << (self.bits - self.signed)) - 1

    def decode(self, stored: NDArray[Any]) -> NDArray[Any]:
        """The integers in native byte order."""
        return stored.astype(self.storage.newbyteorder("="))

    def encode(self, values: NDArray[Any]) -> NDArray[Any]:
        """Inverse of :meth:`decode`; values must be in range."""
        return np.asarray(values).astype(self.storage)


Dtype = Format | ComplexFormat | IntegerFormat

COMPLEX_FORMATS = {
    "complex64": ComplexFormat("complex64", FORMATS["float32"]),
    "complex128": ComplexFormat("complex128", FORMATS["float64"]),
}
INTEGER_FORMATS = {
    name: IntegerFormat(name, int(name.lstrip("uint")), not name.startswith("u")) for name in INTEGER_DTYPES
}
DTYPES: dict[str, Dtype] = {**FORMATS, **COMPLEX_FORMATS, **INTEGER_FORMATS}


def kind_of(dtype: str) -> str:
    """``real``, ``complex``, ``integer`` or ``bool``."""
    if dtype in COMPLEX_FORMATS:
        return "complex"
    if dtype in INTEGER_FORMATS:
        return "integer"
    return "bool" if dtype == "bool" else "real"
