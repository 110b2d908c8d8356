"""The built-in targets, one row each, and what identifies a target without importing its library."""

from __future__ import annotations

import hashlib
import importlib.util
import json
import os
import platform
from dataclasses import asdict
from functools import cache
from importlib import metadata
from pathlib import Path

from reportgen.core.model import Place, TargetSpec

ABOVE_AVX2 = "X86_V4 AVX512F AVX512CD AVX512_KNL AVX512_KNM AVX512_SKX AVX512_CLX AVX512_CNL AVX512_ICL AVX512_SPR"
"""Every name that some NumPy release has for SIMD code above AVX2. Each release knows a few of them and ignores the
others, so the worker looks afterwards at what is really in use."""

TARGETS = (
    TargetSpec("numpy", "numpy", sentence="NumPy as installed."),
    TargetSpec("tensorflow", "tensorflow", sentence="TensorFlow on the CPU, each call executed at once (eager)."),
    TargetSpec("tensorflow-graph", "tensorflow", "graph", sentence="TensorFlow on the CPU inside tf.function."),
    TargetSpec(
        "tensorflow-xla",
        "tensorflow",
        "xla",
        sentence="TensorFlow on the CPU compiled by XLA: tf.function(jit_compile=True).",
    ),
    TargetSpec(
        "tensorflow-gpu",
        "tensorflow",
        "eager",
        "GPU",
        expect=(("gpu", True),),
        sentence="TensorFlow on the first GPU, each call executed at once (eager).",
    ),
    TargetSpec(
        "tensorflow-xla-gpu",
        "tensorflow",
        "xla",
        "GPU",
        expect=(("gpu", True),),
        sentence="TensorFlow on the first GPU compiled by XLA: tf.function(jit_compile=True).",
    ),
    TargetSpec(
        "tensorflow-gpu-no-tf32",
        "tensorflow",
        "eager",
        "GPU",
        options=(("tf32", False),),
        expect=(("gpu", True),),
        sentence="TensorFlow on the first GPU, eager, with TF32 switched off: products of float32 keep all 24 bits.",
    ),
    TargetSpec(
        "tensorflow-xla-gpu-no-tf32",
        "tensorflow",
        "xla",
        "GPU",
        options=(("tf32", False),),
        expect=(("gpu", True),),
        sentence="TensorFlow on the first GPU compiled by XLA, with TF32 switched off.",
    ),
    TargetSpec(
        "numpy-avx2",
        "numpy",
        env=(("NPY_DISABLE_CPU_FEATURES", ABOVE_AVX2), ("OPENBLAS_CORETYPE", "Haswell")),
        expect=(("cpu_features_above", "AVX2"),),
        sentence="NumPy using nothing above AVX2, as on a CPU without AVX-512.",
    ),
    TargetSpec(
        "tensorflow-no-onednn",
        "tensorflow",
        env=(("TF_ENABLE_ONEDNN_OPTS", "0"),),
        expect=(("onednn", False),),
        sentence="TensorFlow on the CPU, eager, with oneDNN's operations switched off.",
    ),
    TargetSpec("scipy", "scipy", sentence="SciPy as installed, for the special functions that it has."),
)


def builtin_targets() -> dict[str, TargetSpec]:
    """The targets of all libraries by name, in the order of the report's columns."""
    from reportgen.catalogue.libraries import libraries

    return {t.name: t for t in (*TARGETS, *(t for x in libraries().values() for t in x.targets))}


def distribution_version(name: str) -> str | None:
    """Version of an installed distribution, from its metadata; the package itself is not imported."""
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return None


@cache
def library_version(library: str) -> tuple[str, str] | None:
    """(distribution, version) that provides ``numpy`` or ``tensorflow``; ``None`` where none is installed."""
    from reportgen.catalogue.libraries import libraries

    known = libraries().get(library)
    for name in known.distributions if known else ():
        version = distribution_version(name)
        if version is not None:
            return name, version
    return None


@cache
def cpu_identity() -> dict[str, str]:
    """Model and flags of the first CPU, as the kernel gives them: they decide which code a library runs."""
    wanted = ("vendor_id", "cpu family", "model", "model name", "flags", "Features", "CPU implementer", "CPU part")
    found = {"machine": platform.machine()}
    try:
        with open("/proc/cpuinfo") as stream:
            for line in stream:
                key, _, value = (part.strip() for part in line.partition(":"))
                if not key and len(found) > 1:
                    break
                if key in wanted:
                    found[key] = value
    except OSError:
        found["model name"] = platform.processor()
    return found


@cache
def worker_digest() -> str:
    """SHA-256 over the worker's own source: how a function is called is part of what was measured."""
    digest = hashlib.sha256()
    for path in sorted((Path(__file__).resolve().parent.parent / "worker").glob("*.py")):
        digest.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()


def adapter_digest(adapter: str) -> str:
    """SHA-256 of an adapter that lies outside the worker's folder; empty for one inside, or a file that is gone."""
    path = Path(adapter.rpartition(":")[0])
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest() if path.is_absolute() else ""
    except OSError:
        return ""


def gpu_driver() -> str:
    """Version line of the NVIDIA driver; empty where there is none."""
    try:
        return Path("/proc/driver/nvidia/version").read_text().splitlines()[0]
    except (OSError, IndexError):
        return ""


def importable(module: str) -> bool:
    """Whether a module is there to be imported (no name: nothing is needed); it is not imported."""
    try:
        return not module or importlib.util.find_spec(module) is not None
    except (ImportError, ValueError):  # of a package that is missing itself, or that breaks
        return False


def fingerprint(target: TargetSpec, place: Place | None = None) -> str:
    """A hash that stays the same as long as a target would compute the same: hex, 64 digits.

    Covers the spec, whether the library is there, its version and those of what it computes with (those of its
    environment where ``place`` has one), Python, libc, CPU, cores (threads split arrays), the GPU driver for GPU
    targets and the worker's source.
    Nothing heavy is imported.
    """
    from reportgen.catalogue.libraries import libraries

    known = libraries().get(target.library)
    own = place is None or not (place.identity or place.reason)
    parts = {
        "spec": asdict(target),
        "library": library_version(target.library) if own else None,
        "importable": importable(known.module) if own and known else None,
        "alongside": {name: distribution_version(name) for name in known.alongside} if own and known else None,
        "python": platform.python_version() if own else None,
        "place": None if place is None else [place.identity, place.reason],
        "adapter": adapter_digest(known.adapter) if known else None,
        "libc": platform.libc_ver(),
        "cpu": cpu_identity(),
        "cores": os.cpu_count(),
        "gpu": [gpu_driver(), os.environ.get("CUDA_VISIBLE_DEVICES", "")] if target.device == "GPU" else None,
        "worker": worker_digest(),
    }
    text = json.dumps(parts, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
