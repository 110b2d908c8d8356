"""Which public names of the libraries are not rows of the catalogue, and why: the lists put together.

The names stand in ``exclusions_numpy.py``, ``exclusions_tensorflow.py`` and ``exclusions_scipy.py``: groups of names
by the key of a reason below, single names with a sentence of their own, and names that compute the same as another
one. No pattern stands for names that nobody has looked at; the one rule by kind is that a class is a type.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from reportgen.catalogue import exclusions_numpy, exclusions_scipy, exclusions_tensorflow
from reportgen.catalogue.surface import Lists, Reason

REASONS = {
    "arranging": Reason(
        "Array manipulation", "Arranges, joins, splits, repeats or picks elements; computes no number."
    ),
    "making": Reason("Making arrays", "Makes an array from a shape, a few numbers, memory, text or a file."),
    "sequence": Reason("Sequences", "Makes a sequence or a window from its ends; no argument is an array."),
    "reduction": Reason(
        "Further reductions",
        "Skips NaN, weights, selects or combines: a composite of sums, extrema and quotients that are measured, or a "
        "truth value.",
    ),
    "running": Reason("Further running sums", "Another spelling of cumsum or cumprod, or one that skips NaN."),
    "neighbours": Reason(
        "Neighbouring elements", "Differences, slopes, interpolation or products of neighbouring elements."
    ),
    "contraction": Reason(
        "Further products of arrays", "Sums of products like those of dot, matmul and einsum, in another arrangement."
    ),
    "linalg": Reason(
        "Further linear algebra", "A variant or composite of the solvers, factorisations and norms that are measured."
    ),
    "transform": Reason(
        "Further transforms", "A variant or composite of the transforms that are measured, their windows or their axes."
    ),
    "statistics": Reason("Statistics and counting", "Counts, bins or correlates elements: sums of what is measured."),
    "ordering": Reason(
        "Sorting, searching and sets", "Compares elements with each other or looks them up; rounds nothing."
    ),
    "whole": Reason("Comparing whole arrays", "Maps two arrays to one truth value, or with a tolerance."),
    "indices": Reason("Indices", "Makes or converts indices; integers that are exact by construction."),
    "choosing": Reason("Choosing between arrays", "Passes elements on as they are, by a condition or an index."),
    "asking": Reason("Questions about arrays and dtypes", "Tells a shape, a dtype or a property; computes no number."),
    "text": Reason("Text", "Turns numbers into text or text into numbers."),
    "dates": Reason("Dates", "Computes with dates and business days, which are integers underneath."),
    "system": Reason("Settings, input and output", "Changes a setting, reads, writes or prints."),
    "applying": Reason("Applying functions", "Calls a function that it is given; computes nothing by itself."),
    "polynomial": Reason("Polynomials", "A composite of sums and products over coefficients, or of eigenvalues."),
    "program": Reason("Building programs", "Control flow, devices, variables or serialised objects of a program."),
    "derivatives": Reason(
        "Derivatives", "Differentiates other functions; what comes out is measured in the rows of kind gradient."
    ),
    "random": Reason("Random numbers", "Draws random or quasi-random numbers; there is no exact value."),
    "convolution": Reason(
        "Further convolutions and pooling", "Sums or extrema over a window, in other shapes than those measured."
    ),
    "normalising": Reason(
        "Normalisation", "Divides by a norm, a sum or a deviation along an axis: composites of measured reductions."
    ),
    "losses": Reason("Losses and decoders", "Composites of functions measured here, or functions of whole sequences."),
    "embedding": Reason("Embeddings and candidates", "Looks up rows of a table or samples classes."),
    "complexplane": Reason(
        "Leaving the real line",
        "Turns arguments outside the real domain into complex ones and calls numpy's function of the same name, which "
        "is measured in real and complex dtypes.",
    ),
    "type": Reason("Types", "A class, not a function; conversions between number types are measured as cast."),
    "no-counterpart": Reason(
        "SciPy alone", "Neither NumPy nor TensorFlow has this function; SciPy is measured as the counterpart of theirs."
    ),
}
"""Reasons by key; a reader must be able to accept each."""

SINGLE = "Composites and other single names"
"""The heading of names that have a sentence of their own."""

KINDS = {"class": REASONS["type"]}

CHECKED = {"numpy": "2.4.6", "tensorflow": "2.21.0", "scipy": "1.17.1"}
"""The releases with which the lists were last compared."""

OUTSIDE = {
    "scipy.linalg, scipy.fft, scipy.signal": "Measured where NumPy or TensorFlow has the function.",
    "numpy.random, scipy.stats, tensorflow.random": "Random numbers and distributions.",
    "numpy.ma, numpy.char, numpy.strings, tensorflow.strings": "Masked arrays call the same functions; else text.",
    "numpy.polynomial": "Polynomials: composites of sums and products.",
    "tensorflow.raw_ops": "The operations beneath the public functions, under their internal names.",
    "tensorflow.keras": "A package of its own, whose activations call tensorflow.nn and tensorflow.math.",
    "tensorflow.sparse, tensorflow.ragged, tensorflow.image, tensorflow.audio": "Other kinds of data.",
    "tensorflow.compat.v1": "The names of TensorFlow 1, kept for old programs; they run the same kernels.",
}
"""Namespaces that are not walked, and why."""

_MODULES = (exclusions_numpy, exclusions_tensorflow, exclusions_scipy)


def _put(found: dict[str, Reason], path: str, reason: Reason) -> None:
    if path in found:
        raise ValueError(f"{path} is excluded twice")
    found[path] = reason


def _excluded() -> Mapping[str, Reason]:
    found: dict[str, Reason] = {}
    for module in _MODULES:
        for namespace, groups in module.GROUPS.items():
            for key, names in groups.items():
                for name in names.split():
                    _put(found, f"{namespace}.{name}", REASONS[key])
        for path, sentence in module.SINGLE.items():
            _put(found, path, Reason(SINGLE, sentence))
    return found


@lru_cache(maxsize=1)
def lists() -> Lists:
    """Everything decided about names. Raises ValueError where a name stands twice."""
    equivalent: dict[str, str] = {}
    for module in _MODULES:
        equivalent |= module.EQUIVALENT
    return Lists(_excluded(), equivalent, KINDS, CHECKED)
