"""Did the variables and expectations of a target take effect? Asked of the running library, one sentence if not."""

import os

import cpufeatures
import provenance

FOREIGN = {
    "NumPy": ("TF_", "XLA_", "ONEDNN_", "DNNL_", "CUDA_", "NVIDIA_"),
    "TensorFlow": ("NPY_", "OPENBLAS_", "GOTO_", "BLIS_"),
    "SciPy": ("TF_", "XLA_", "ONEDNN_", "DNNL_", "CUDA_", "NVIDIA_"),
    "The C library": (
        "NPY_", "TF_", "XLA_", "OMP_", "KMP_", "MKL_", "ONEDNN_", "DNNL_", "OPENBLAS_", "GOTO_", "BLIS_", "CUDA_",
        "NVIDIA_",
    ),
    "Numba": ("NPY_", "TF_", "XLA_", "ONEDNN_", "DNNL_", "OPENBLAS_", "GOTO_", "BLIS_"),
    "Theano": ("TF_", "XLA_", "ONEDNN_", "DNNL_"),
    "JAX": ("NPY_", "TF_", "OPENBLAS_", "GOTO_", "BLIS_"),
    "PyTorch": ("NPY_", "TF_", "XLA_", "OPENBLAS_", "GOTO_", "BLIS_"),
    "CuPy": ("NPY_", "TF_", "XLA_", "ONEDNN_", "DNNL_", "OPENBLAS_", "GOTO_", "BLIS_"),
}  # fmt: skip
"""Variables that a library does not read."""

CHECKED = {
    "NumPy": ("NPY_DISABLE_CPU_FEATURES", "NPY_ENABLE_CPU_FEATURES", "OPENBLAS_CORETYPE", "OPENBLAS_NUM_THREADS"),
    "SciPy": ("NPY_DISABLE_CPU_FEATURES", "NPY_ENABLE_CPU_FEATURES", "OPENBLAS_CORETYPE", "OPENBLAS_NUM_THREADS"),
    "TensorFlow": ("TF_ENABLE_ONEDNN_OPTS", "TF_NUM_INTRAOP_THREADS", "TF_NUM_INTEROP_THREADS"),
    "Numba": ("NUMBA_DISABLE_INTEL_SVML", "NUMBA_OPT", "NUMBA_CPU_NAME"),
}
"""Variables whose effect can be looked up afterwards; of all others only the presence is recorded."""


def foreign(library, names):
    """Why a variable in ``names`` cannot have an effect on the library, or ``None``."""
    for name in names:
        if name.startswith(FOREIGN.get(library, ())):
            return "{} has no effect on {}".format(name, library)
    return None


def recorded(library, names):
    """``{variable: "verified" or "not verifiable"}`` for the provenance of a target that is available."""
    return {name: "verified" if name in CHECKED.get(library, ()) else "not verifiable" for name in names}


def unmet_by_numpy(expect):
    """One sentence about the first expectation or setting that did not take effect in NumPy, or ``None``."""
    expect = dict(expect)
    features = cpufeatures.read()
    off, above = expect.pop("cpu_features_off", None), expect.pop("cpu_features_above", None)
    if expect.pop("gpu", False):
        return "NumPy does not compute on a GPU"
    if expect.pop("onednn", False):
        return "NumPy has no oneDNN"
    if expect:
        return "NumPy cannot be asked whether {!r} holds".format(sorted(expect)[0])
    if off is None and above is None:
        # A target that only sets the variable is meant to get what it says.
        off = _words("NPY_DISABLE_CPU_FEATURES")
    problems = [cpufeatures.still_on(features, name) for name in off or []]
    if above is not None:
        problems.append(cpufeatures.above(features, above, provenance.blas().get("core", "")))
    wanted = _words("NPY_ENABLE_CPU_FEATURES")
    if wanted:
        problems.append(cpufeatures.not_exactly(features, wanted))
    problems.append(_unmet_blas())
    return next((p for p in problems if p), None)


def _words(variable):
    return os.environ.get(variable, "").replace(",", " ").split()


def _unmet_blas():
    found = provenance.blas()
    core, threads = os.environ.get("OPENBLAS_CORETYPE"), os.environ.get("OPENBLAS_NUM_THREADS", "")
    if found and core and found["core"].lower() != core.lower():
        return "OPENBLAS_CORETYPE={} had no effect: OpenBLAS runs its {} kernels".format(core, found["core"])
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    if found and threads.isdigit() and found["threads"] != min(int(threads), cores or 1):
        return "OPENBLAS_NUM_THREADS={} had no effect: OpenBLAS has {} threads".format(threads, found["threads"])
    return None


def unmet_by_tensorflow(version, expect, found):
    """The same for TensorFlow; ``found`` asks it for ``onednn`` (a tenth of a second), ``gpus`` and ``threads``."""
    expect = dict(expect)
    if expect.pop("gpu", False) and not found("gpus"):
        return "TensorFlow sees no GPU"
    wanted = expect.pop("onednn", None)
    if expect:
        return "TensorFlow cannot be asked whether {!r} holds".format(sorted(expect)[0])
    setting = os.environ.get("TF_ENABLE_ONEDNN_OPTS")
    if wanted is None and setting is not None:
        words = {"0": False, "false": False, "1": True, "true": True}
        if setting.lower() not in words:
            return "TensorFlow ignores TF_ENABLE_ONEDNN_OPTS={}: it knows 0, 1, false and true".format(setting)
        wanted = words[setting.lower()]
    if wanted is not None:
        told = [v for v in found("onednn").values() if v is not None]
        if not told:
            return "TensorFlow {} does not say whether oneDNN is in effect".format(version)
        if any(v != bool(wanted) for v in told):
            return "oneDNN is {} in TensorFlow {}".format("off" if wanted else "on", version)
    return _unmet_threads(*found("threads"))


def _unmet_threads(intra, inter):
    found = {"TF_NUM_INTRAOP_THREADS": intra, "TF_NUM_INTEROP_THREADS": inter}
    for name, threads in sorted(found.items()):
        if os.environ.get(name) not in (None, "", str(threads)):
            return "{}={} had no effect: TensorFlow has {} threads".format(name, os.environ[name], threads)
    return None
