"""Functions that only complex numbers need; what they mean there stands in :mod:`reportgen.catalogue.complexes`."""

from __future__ import annotations

from reportgen.catalogue.rows import FunctionRow

FAMILY = "complex"


def _row(name: str, sentence: str, numpy: str, tensorflow: str, aliases: tuple[str, ...] = ()) -> FunctionRow:
    return FunctionRow(
        name=name, family=FAMILY, arity=1, sentence=sentence, domain="all complex numbers", numpy=numpy,
        tensorflow=tensorflow, mpmath="", arb="", dtypes=(), aliases=aliases,
    )  # fmt: skip


ROWS = (
    _row("conj", "The complex conjugate.", "numpy.conj", "tensorflow.math.conj", ("conjugate",)),
    _row("real", "The real part of a complex number.", "numpy.real", "tensorflow.math.real"),
    _row("imag", "The imaginary part of a complex number.", "numpy.imag", "tensorflow.math.imag"),
)
