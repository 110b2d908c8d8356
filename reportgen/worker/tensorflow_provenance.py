"""What of TensorFlow computed the numbers: version, build, devices, oneDNN, Eigen, threads.

Everything here is asked of the running library, never taken from what was requested.
"""

import ctypes
import os

import numpy as np
from provenance import common, ml_dtypes_version, subnormals


def of_tensorflow(adapter):
    """Everything about the TensorFlow of ``adapter``, in sessions or eager."""
    tf = adapter.tf
    info = dict(tf.sysconfig.get_build_info()) if hasattr(tf.sysconfig, "get_build_info") else {}
    intra, inter = adapter.found("threads")
    return dict(
        common(),
        library="tensorflow",
        version=tf.__version__,
        git_version=_told(tf, "GIT_VERSION"),
        compiler_version=_told(tf, "COMPILER_VERSION"),
        numpy=np.__version__,
        ml_dtypes=ml_dtypes_version(),
        build={k: v if isinstance(v, (bool, int, str)) else str(v) for k, v in sorted(info.items())},
        mode=adapter.mode,
        device=adapter.device,
        gpus=gpus(tf) if adapter.found("gpus") else [],
        driver=nvidia_driver(),
        onednn=adapter.onednn(),
        lapack=lapack_of_tensorflow(tf),
        threads={"intra_op": intra, "inter_op": inter},
        subnormals=subnormals(adapter),
    )


def _told(tf, name):
    """A version that TensorFlow states of itself: in ``tf.version``, or in releases before 1.12 beside the others."""
    found = getattr(getattr(tf, "version", None), name, None)
    found = getattr(tf, name, None) if found is None else found
    return found.decode() if isinstance(found, bytes) else found


def lapack_of_tensorflow(tf):
    """What decomposes matrices on the CPU: Eigen, of the version in the headers that TensorFlow installs.

    ``lapack_symbols`` says whether TensorFlow's own libraries export LAPACK's ``dgetrf_``; where they do not, no LAPACK
    can be called. On a GPU it is cuSOLVER, which comes with the CUDA named in ``build``.
    """
    folder = os.path.dirname(tf.sysconfig.get_include())
    symbols = any(hasattr(ctypes.CDLL(path), "dgetrf_") for path in shared_libraries(folder))
    return {"vendor": "Eigen", "version": eigen_version(tf.sysconfig.get_include()), "lapack_symbols": symbols}


def shared_libraries(folder):
    """Paths of the libraries in which a release keeps its kernels; until 1.3 all are in the Python extension."""
    names = ("libtensorflow_cc.so", "libtensorflow_framework.so", "_pywrap_tensorflow_internal.so")
    places = [folder, os.path.join(folder, "python")]
    found = [
        os.path.join(place, name) for place in places if os.path.isdir(place) for name in sorted(os.listdir(place))
    ]
    return [path for path in found if os.path.basename(path).startswith(names)]


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
    experimental = tf.config.experimental
    listed = getattr(tf.config, "list_physical_devices", None) or experimental.list_physical_devices
    for device in listed("GPU"):
        details = experimental.get_device_details(device) if hasattr(experimental, "get_device_details") else {}
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
