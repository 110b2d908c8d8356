"""Whom a special case is quoted from, and the rules that many functions have in common.

Sections of C are those of ISO/IEC 9899:2011 (C11), Annex F; clauses of IEEE 754 are those of IEEE Std 754-2019.
The Array API standard is version 2024.12. Documentation of libraries is named by the page of the function.
"""

from __future__ import annotations

from reportgen.catalogue.rows import Special

INFINITY = "IEEE 754-2019, 6.1 (infinity arithmetic)"
PROPAGATION = "IEEE 754-2019, 6.2.3 (NaN propagation)"
SIGN_OF_ZERO = "IEEE 754-2019, 6.3 (the sign bit)"
INVALID = "IEEE 754-2019, 7.2 (invalid operation)"
DIVISION_BY_ZERO = "IEEE 754-2019, 7.3 (division by zero)"
SIGN_OPERATIONS = "IEEE 754-2019, 5.5.1 (sign bit operations)"
COMPARISONS = "IEEE 754-2019, 5.11 (comparison predicates)"
REDUCTIONS = "IEEE 754-2019, 9.4 (reduction operations)"
CLASSIFICATION = "IEEE 754-2019, 5.7.2 (general operations)"


def c11(section: str, function: str) -> str:
    """The citation of a function's section in Annex F, for example ``C11 F.10.3.1 (exp)``."""
    return f"C11 F.10.{section} ({function})"


def array_api(function: str) -> str:
    """The citation of a function's special cases in the Array API standard."""
    return f"Array API standard 2024.12, {function}, special cases"


def numpy_docs(page: str) -> str:
    """The citation of a page of NumPy's reference."""
    return f"NumPy documentation, {page}"


def scipy_docs(page: str) -> str:
    """The citation of a page of SciPy's reference."""
    return f"SciPy documentation, scipy.{page.removeprefix('scipy.')}"


def tensorflow_docs(page: str) -> str:
    """The citation of a page of TensorFlow's API documentation."""
    return f"TensorFlow documentation, {page}"


def dlmf(equation: str, what: str) -> str:
    """The citation of equations of the NIST Digital Library of Mathematical Functions."""
    return f"NIST DLMF {equation} ({what})"


def literature(work: str) -> str:
    """The citation of a paper or a book, where what is promised follows from an analysis and not from a standard."""
    return f"literature: {work}"


NAN = Special(("nan",), "nan", "NaN gives NaN.", PROPAGATION)
NAN_FIRST = Special(("nan", "any"), "nan", "NaN as the first argument gives NaN.", PROPAGATION)
NAN_SECOND = Special(("any", "nan"), "nan", "NaN as the second argument gives NaN.", PROPAGATION)
NANS = (NAN_FIRST, NAN_SECOND)


def keeps_zero(source: str) -> Special:
    """±0 maps to itself."""
    return Special(("±0",), "x", "±0 gives ±0 with the same sign.", source)


def keeps_infinity(source: str) -> Special:
    """±∞ maps to itself."""
    return Special(("±inf",), "x", "±∞ gives ±∞ with the same sign.", source)


def invalid(pattern: str, sentence: str, source: str) -> Special:
    """An argument outside the domain gives NaN."""
    return Special((pattern,), "nan", sentence, source)
