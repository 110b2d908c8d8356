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
        "libc": " ".join(platform.libc_ver()),
        "env": environment(),
    }


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
        simd={
            "baseline": features.baseline,
            "dispatch": features.dispatch,
            "dispatch_enabled": [f for f in features.dispatch if f in features.enabled],
            "in_use": sorted(features.in_use()),
            "found": sorted(features.enabled),
            "loops": cpufeatures.loops(),
        },
        blas=blas(),
        lapack=lapack_of("numpy", np),
        threads={"blas": blas().get("threads"), "elementwise": 1},
        subnormals=subnormals(adapter),
    )


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
    except TypeError:  # NumPy < 1.25 prints it only
        return {}
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
    for path in sorted(paths, key=lambda p: "/{}.libs/".format(owner) not in p):
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


def of_tensorflow(adapter):
    tf = adapter.tf
    info = dict(tf.sysconfig.get_build_info()) if hasattr(tf.sysconfig, "get_build_info") else {}
    threading = tf.config.threading
    return dict(
        common(),
        library="tensorflow",
        version=tf.__version__,
        git_version=getattr(tf.version, "GIT_VERSION", None),
        compiler_version=getattr(tf.version, "COMPILER_VERSION", None),
        numpy=np.__version__,
        ml_dtypes=ml_dtypes_version(),
        build={k: v if isinstance(v, (bool, int, str)) else str(v) for k, v in sorted(info.items())},
        mode=adapter.mode,
        device=adapter.device,
        gpus=gpus(tf),
        driver=nvidia_driver(),
        onednn=adapter.onednn(),
        lapack=lapack_of_tensorflow(tf),
        threads={
            "intra_op": threading.get_intra_op_parallelism_threads(),
            "inter_op": threading.get_inter_op_parallelism_threads(),
        },
        subnormals=subnormals(adapter),
    )


def lapack_of_tensorflow(tf):
    """What decomposes matrices on the CPU: Eigen, of the version in the headers that TensorFlow installs.

    ``lapack_symbols`` says whether TensorFlow's own libraries export LAPACK's ``dgetrf_``; where they do not, no LAPACK
    can be called. On a GPU it is cuSOLVER, which comes with the CUDA named in ``build``.
    """
    folder, symbols = tf.sysconfig.get_lib(), False
    for name in sorted(os.listdir(folder)):
        if name.startswith(("libtensorflow_cc.so", "libtensorflow_framework.so")):
            symbols = symbols or hasattr(ctypes.CDLL(os.path.join(folder, name)), "dgetrf_")
    return {"vendor": "Eigen", "version": eigen_version(tf.sysconfig.get_include()), "lapack_symbols": symbols}


def eigen_version(include):
    """The version in Eigen's headers, as ``3.4.90``; ``None`` where they are not installed."""
    for header in ("Version", os.path.join("src", "Core", "util", "Macros.h")):
        words = {}
        try:
            with open(os.path.join(include, "Eigen", header)) as stream:
                for line in stream:
                    parts = line.split()
                    if len(parts) == 3 and parts[0] == "#define" and parts[1].startswith("EIGEN_"):
                        words[parts[1]] = parts[2]
        except OSError:
            continue
        for names in (("MAJOR", "MINOR", "PATCH"), ("WORLD", "MAJOR", "MINOR")):
            numbers = [words.get("EIGEN_{}_VERSION".format(n)) for n in names]
            if all(n is not None and n.isdigit() for n in numbers):
                return ".".join(numbers)
    return None


def gpus(tf):
    """Name and compute capability of each GPU that TensorFlow sees."""
    found = []
    for device in tf.config.list_physical_devices("GPU"):
        details = tf.config.experimental.get_device_details(device)
        capability = details.get("compute_capability")
        found.append(
            {
                "name": details.get("device_name", device.name),
                "compute_capability": ".".join(str(c) for c in capability) if capability else None,
            }
        )
    return found


def nvidia_driver():
    """Version line of the NVIDIA kernel driver, or ``None``."""
    try:
        with open("/proc/driver/nvidia/version") as stream:
            return stream.readline().partition(":")[2].strip() or None
    except OSError:
        return None
