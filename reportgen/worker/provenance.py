"""What computed the numbers: versions, build, CPU features in use, BLAS, threads, environment, subnormals.

Everything here is asked of the running library or found by computation on it, never taken from what was requested.
"""

import ctypes
import os
import platform

import cpufeatures
import numpy as np

ENV_PREFIXES = (
    "NPY_",
    "TF_",
    "XLA_",
    "OMP_",
    "KMP_",
    "MKL_",
    "ONEDNN_",
    "DNNL_",
    "OPENBLAS_",
    "GOTO_",
    "BLIS_",
    "CUDA_VISIBLE_DEVICES",
    "NVIDIA_TF32_OVERRIDE",
    "NUMBA_",
    "JAX_",
    "ATEN_CPU_CAPABILITY",
    "CUPY_ACCELERATORS",
)
"""Variables that can change results or threads; a logging level changes neither."""

MIN_NORMAL_BITS = {"float32": ("u4", 1 << 23), "float64": ("u8", 1 << 52)}
"""Unsigned type of the same width and the bits of the smallest normal number; half of them are a subnormal."""

LONG = 4099
"""Length of the long array in the probe of subnormals: vector loops and, with several threads, a share for each."""


def environment():
    """The variables that matter, by name."""
    return {k: v for k, v in sorted(os.environ.items()) if k.startswith(ENV_PREFIXES) and k != "TF_CPP_MIN_LOG_LEVEL"}


def cpu_model():
    """The CPU's own name for itself, or what Python knows."""
    try:
        with open("/proc/cpuinfo") as stream:
            for line in stream:
                if line.startswith(("model name", "Hardware", "Processor")):
                    return line.split(":", 1)[1].strip()
    except OSError:
        pass
    return platform.processor() or platform.machine()


def common():
    """What is the same for every library."""
    return {
        "python": platform.python_version(),
        "implementation": platform.python_implementation(),
        "machine": platform.machine(),
        "cpu_model": cpu_model(),
        "libc": libc(),
        "env": environment(),
    }


def libc():
    """The C library that runs, asked of itself; Python before 3.9 names the one that it was compiled for."""
    try:
        return os.confstr("CS_GNU_LIBC_VERSION") or " ".join(platform.libc_ver())
    except (AttributeError, ValueError, OSError):
        return " ".join(platform.libc_ver())


def ml_dtypes_version():
    """Version of ml_dtypes, through which NumPy computes bfloat16; ``None`` where it is not installed."""
    try:
        import ml_dtypes
    except ImportError:
        return None
    return ml_dtypes.__version__


def of_numpy(adapter):
    features = cpufeatures.read()
    return dict(
        common(),
        library="numpy",
        version=np.__version__,
        build=build_of_numpy(),
        bfloat16="ml_dtypes {}".format(ml_dtypes_version()) if ml_dtypes_version() else None,
        ml_dtypes=ml_dtypes_version(),
        simd=simd(features),
        blas=blas(),
        lapack=lapack_of("numpy", np),
        threads={"blas": blas().get("threads"), "elementwise": 1},
        subnormals=subnormals(adapter),
    )


def simd(features):
    """The SIMD code of NumPy's loops; before 1.20 it chooses some by CPU and says nothing of it."""
    if not features.told:
        return {"told": False}
    return {
        "told": True,
        "baseline": features.baseline,
        "dispatch": features.dispatch,
        "dispatch_enabled": [f for f in features.dispatch if f in features.enabled],
        "in_use": sorted(features.in_use()),
        "found": sorted(features.enabled),
        "loops": cpufeatures.loops(),
    }


def of_scipy(adapter):
    """SciPy's own version and LAPACK, and everything about the NumPy whose arrays and loops it uses."""
    beneath = of_numpy(adapter)
    import scipy.linalg  # loads the LAPACK that SciPy brings

    lapack = lapack_of("scipy", scipy)
    return dict(beneath, library="scipy", version=adapter.version, numpy=np.__version__, lapack=lapack)


def build_of_numpy():
    """Compilers and BLAS that NumPy was built with (``numpy.show_config``), the machine-bound paths left out."""
    try:
        config = np.show_config(mode="dicts")
    except TypeError:  # NumPy < 1.25 prints it only, out of tables of the same module
        tables = vars(np.__config__)
        names = {k: tables.get(k + "_opt_info", {}).get("libraries") for k in ("blas", "lapack")}
        return {"depends": {k: {"name": " ".join(sorted(set(v)))} for k, v in names.items() if v}}
    compilers = {k: "{} {}".format(v.get("name"), v.get("version")) for k, v in config.get("Compilers", {}).items()}
    depends = {
        k: {key: v[key] for key in ("name", "version", "openblas configuration") if key in v}
        for k, v in config.get("Build Dependencies", {}).items()
    }
    return {"compilers": compilers, "depends": depends, "python": config.get("Python Information", {}).get("version")}


def loaded_libraries(fragment):
    """Paths of the shared libraries mapped into this process whose file name contains ``fragment``."""
    found = []
    try:
        with open("/proc/self/maps") as stream:
            for line in stream:
                path = line.rstrip("\n").partition("/")[2]
                if fragment in os.path.basename(path) and "/" + path not in found:
                    found.append("/" + path)
    except OSError:
        pass
    return found


def blas(owner="numpy"):
    """Configuration, kernels (``core``) and threads of the OpenBLAS in this process; empty for another BLAS.

    Of several, the one that lies with the package ``owner``; else the first.
    """
    paths = loaded_libraries("openblas")
    beside = ("/{}.libs/".format(owner), "/{}/.libs/".format(owner))  # the latter in releases before 1.20
    for path in sorted(paths, key=lambda p: not any(folder in p for folder in beside)):
        library = ctypes.CDLL(path)
        for prefix in ("scipy_openblas_", "openblas_"):
            for suffix in ("64_", ""):
                try:
                    core = getattr(library, prefix + "get_corename" + suffix)
                    config = getattr(library, prefix + "get_config" + suffix)
                    threads = getattr(library, prefix + "get_num_threads" + suffix)
                except AttributeError:
                    continue
                core.restype = config.restype = ctypes.c_char_p
                found = {"config": config().decode().strip(), "core": core().decode(), "threads": int(threads())}
                version = lapack_version(library)
                return dict(found, lapack=version) if version else found
    return {}


def lapack_version(library):
    """What the routine ``ilaver`` of a LAPACK says, as ``3.12.0``; ``None`` where it has none."""
    for name in ("scipy_ilaver_64_", "scipy_ilaver_", "ilaver_64_", "ilaver_"):
        if hasattr(library, name):
            numbers = [ctypes.c_int64(0) for _ in range(3)]  # large enough for integers of either size
            getattr(library, name)(*[ctypes.byref(n) for n in numbers])
            return ".".join(str(n.value) for n in numbers)
    return None


def lapack_of(owner, package):
    """Vendor, version, kernels and threads of the LAPACK that NumPy or SciPy calls.

    Asked of the OpenBLAS that the package loaded; of another vendor, what the package says that it was built with.
    """
    found = blas(owner)
    if found:
        return dict(found, vendor="OpenBLAS")
    try:
        built = package.show_config(mode="dicts")["Build Dependencies"]["lapack"]
    except (TypeError, KeyError):  # older releases print it only
        return {}
    return {"vendor": built.get("name"), "version": built.get("version")}


def subnormals(adapter):
    """Whether subnormal inputs count as zero and subnormal results become zero, found by multiplying on the target.

    ``{"float32": {"inputs_flushed", "results_flushed", "alone": {...}, "array": {...}}, "float64": {...}}``;
    the outer flags are true if it happens alone or in an array of 4099.
    """
    found = {}
    for dtype, (unsigned, tiny) in sorted(MIN_NORMAL_BITS.items()):
        places = {}
        for place, size in (("alone", 1), ("array", LONG)):
            normal = np.full(size, tiny, unsigned).view(dtype)
            subnormal = np.full(size, tiny >> 2, unsigned).view(dtype)
            places[place] = {
                # subnormal x 2^40 is normal: zero only if the input was taken for zero
                "inputs_flushed": _vanishes(adapter, subnormal, 2.0**40),
                # normal / 2 is subnormal: zero only if the result was flushed
                "results_flushed": _vanishes(adapter, normal, 0.5),
            }
        found[dtype] = dict(
            places, **{k: any(p[k] for p in places.values()) for k in ("inputs_flushed", "results_flushed")}
        )
    return found


def _vanishes(adapter, values, factor):
    product = adapter.compute("multiply", values, np.full(values.size, factor, values.dtype))
    # Bits, not ==: where the processor takes subnormals for zero, so would the comparison.
    bits = np.ascontiguousarray(product).view(np.uint8).reshape(values.size, -1).any(axis=1)
    return bool((~bits).any())
