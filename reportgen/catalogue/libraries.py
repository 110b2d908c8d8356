"""The libraries that can be measured: the built-in ones, and those that installed distributions offer."""

from __future__ import annotations

from functools import cache

from reportgen.catalogue.rows import FunctionRow
from reportgen.core.libraries import Library

ENTRY_POINTS = "reportgen.libraries"
"""Entry-point group in which a distribution offers a :class:`reportgen.core.libraries.Library`."""

BUILTIN = (
    Library(
        name="numpy",
        title="NumPy",
        module="numpy",
        distributions=("numpy",),
        install="pip install numpy",
        adapter="numpy_adapter:Adapter",
        expectations=("cpu_features_off", "cpu_features_above"),
        env_prefixes=("NPY_", "OPENBLAS_", "OMP_", "MKL_", "GOTO_", "BLIS_"),
        asked_all=True,
        everyday=True,
    ),
    Library(
        name="tensorflow",
        title="TensorFlow",
        module="tensorflow",
        distributions=(
            "tensorflow",
            "tensorflow-cpu",
            "tensorflow-gpu",
            "tf-nightly",
            "tf-nightly-cpu",
            "intel-tensorflow",
        ),
        install="pip install tensorflow (or tensorflow-cpu: a third of the size, no GPU)",
        adapter="tensorflow_adapter:Adapter",
        options=("threads", "inter_threads", "deterministic", "tf32"),
        expectations=("onednn", "gpu"),
        env_prefixes=("TF_", "XLA_", "ONEDNN_", "DNNL_", "OMP_", "KMP_", "MKL_", "CUDA_", "NVIDIA_"),
        asked_all=True,
        gpu=True,
        everyday=True,
    ),
    Library(
        name="scipy",
        title="SciPy",
        module="scipy",
        distributions=("scipy",),
        install="pip install scipy",
        adapter="numpy_adapter:SciPyAdapter",
        expectations=("cpu_features_off", "cpu_features_above"),
        env_prefixes=("NPY_", "OPENBLAS_", "OMP_", "MKL_", "GOTO_", "BLIS_"),
        everyday=True,
    ),
)

COLUMNS = ("numpy", "tensorflow", "scipy")
"""Libraries whose calls stand in the catalogue's rows."""


@cache
def libraries() -> dict[str, Library]:
    """All libraries by name: the built-in ones, then those of entry points."""
    return {library.name: library for library in BUILTIN}


def title(library: str) -> str:
    """The library's name in sentences."""
    known = libraries().get(library)
    return known.title if known else library


def library_call(row: FunctionRow, library: str) -> str | None:
    """The call that a library has for a row, as in ``core/calls.py``; None where it has none."""
    if library in COLUMNS:
        found: str | None = getattr(row, library)
        return found
    known = libraries().get(library)
    return known.calls.get(row.name) if known else None
