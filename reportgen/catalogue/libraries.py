"""The libraries that can be measured: the built-in ones, and those that installed distributions offer."""

from __future__ import annotations

from functools import cache

from reportgen.catalogue import librarycalls
from reportgen.catalogue.offered import Unusable, offered
from reportgen.catalogue.rows import FunctionRow
from reportgen.core.libraries import Library
from reportgen.core.model import TargetSpec

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
    Library(
        name="libm",
        title="The C library",
        module="",
        distributions=(),
        install="nothing to install: it comes with the system",
        adapter="libm_adapter:Adapter",
        calls=librarycalls.LIBM,
        targets=(TargetSpec("libm", "libm", sentence="The C library's mathematical functions, one value at a time."),),
        options=(),
        alongside=(),
    ),
    Library(
        name="numba",
        title="Numba",
        module="numba",
        distributions=("numba",),
        install="pip install numba",
        adapter="numba_adapter:Adapter",
        calls=librarycalls.NUMBA,
        targets=(TargetSpec("numba", "numba", sentence="Functions compiled by numba.vectorize for this CPU."),),
        options=("svml",),
        env_prefixes=(
            "NUMBA_DISABLE_INTEL_SVML",
            "NUMBA_OPT",
            "NUMBA_CPU_NAME",
            "NUMBA_CPU_FEATURES",
            "NUMBA_ENABLE_AVX",
            "NUMBA_LOOP_VECTORIZE",
            "NUMBA_SLP_VECTORIZE",
        ),
        alongside=("numpy", "llvmlite", "icc-rt", "intel-cmplr-lib-rt"),
    ),
    Library(
        name="theano",
        title="Theano",
        module="theano",
        distributions=("Theano",),
        install="a release of its own, theano@1.0.5: Theano runs on Python 3.6 and 3.7",
        adapter="theano_adapter:Adapter",
        calls=librarycalls.THEANO,
        targets=(
            TargetSpec(
                "theano", "theano", "graph", sentence="Theano on the CPU: theano.function, in C where there is g++."
            ),
            TargetSpec(
                "theano-python",
                "theano",
                "graph",
                options=(("compiler", False),),
                expect=(("c_code", False),),
                sentence="Theano on the CPU without a C compiler: each operation of a graph by its Python function.",
            ),
        ),
        options=("compiler",),
        expectations=("c_code",),
        alongside=("numpy", "scipy"),
    ),
    Library(
        name="jax",
        title="JAX",
        module="jax",
        distributions=("jax",),
        install="pip install jax",
        adapter="jax_adapter:Adapter",
        calls=librarycalls.JAX,
        targets=(
            TargetSpec("jax", "jax", sentence="JAX on the CPU, each call executed at once, with 64-bit dtypes."),
            TargetSpec("jax-xla", "jax", "xla", sentence="JAX on the CPU inside jax.jit, with 64-bit dtypes."),
            TargetSpec(
                "jax-gpu",
                "jax",
                "eager",
                "GPU",
                expect=(("gpu", True),),
                sentence="JAX on the first GPU, each call executed at once, with 64-bit dtypes.",
            ),
        ),
        expectations=("gpu",),
        env_prefixes=("XLA_", "JAX_DEFAULT_MATMUL_PRECISION"),
        alongside=("jaxlib", "numpy", "ml_dtypes"),
        gpu=True,
    ),
    Library(
        name="torch",
        title="PyTorch",
        module="torch",
        distributions=("torch",),
        install="pip install torch",
        adapter="torch_adapter:Adapter",
        calls=librarycalls.TORCH,
        targets=(
            TargetSpec("torch", "torch", sentence="PyTorch on the CPU, each call executed at once."),
            TargetSpec(
                "torch-gpu",
                "torch",
                "eager",
                "GPU",
                expect=(("gpu", True),),
                sentence="PyTorch on the first GPU, each call executed at once.",
            ),
        ),
        expectations=("gpu",),
        env_prefixes=("ATEN_CPU_CAPABILITY", "OMP_", "MKL_", "ONEDNN_", "DNNL_", "CUDA_", "NVIDIA_"),
        gpu=True,
    ),
    Library(
        name="cupy",
        title="CuPy",
        module="cupy",
        distributions=("cupy", "cupy-cuda12x", "cupy-cuda13x", "cupy-cuda11x"),
        install="pip install cupy-cuda12x (or the one for the installed CUDA)",
        adapter="cupy_adapter:Adapter",
        calls=librarycalls.CUPY,
        targets=(
            TargetSpec("cupy", "cupy", "eager", "GPU", expect=(("gpu", True),), sentence="CuPy on the first GPU."),
        ),
        options=(),
        expectations=("gpu",),
        env_prefixes=("CUPY_ACCELERATORS", "CUDA_", "NVIDIA_"),
        gpu=True,
    ),
)

COLUMNS = ("numpy", "tensorflow", "scipy")
"""Libraries whose calls stand in the catalogue's rows."""


@cache
def found() -> tuple[dict[str, Library], tuple[Unusable, ...]]:
    """All libraries by name, and the entry points that offer none."""
    from reportgen.catalogue.targets import TARGETS

    builtin = {library.name: library for library in BUILTIN}
    others, unusable = offered(builtin, TARGETS)
    return builtin | others, unusable


def libraries() -> dict[str, Library]:
    """All libraries by name: the built-in ones, then those of entry points."""
    return found()[0]


def unusable() -> tuple[Unusable, ...]:
    """The entry points whose libraries cannot be used, each with its reason."""
    return found()[1]


def why_unknown(pattern: str) -> str:
    """What there is to say of an unknown target beyond that: that its library is installed and cannot be used."""
    return next((f" ({entry.sentence()})" for entry in unusable() if entry.meant_by(pattern)), "")


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
