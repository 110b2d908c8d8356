"""What this machine is, what it can measure, and what is missing; found without importing TensorFlow."""

from __future__ import annotations

import ast
import importlib.util
import os
import platform
import re
import shutil
import tempfile
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from reportgen.catalogue.libraries import libraries, title, unusable
from reportgen.catalogue.targets import (
    builtin_targets,
    cpu_identity,
    distribution_version,
    gpu_driver,
    importable,
    library_version,
)
from reportgen.core.libraries import Library
from reportgen.core.model import Place, TargetSpec
from reportgen.measure.launcher import Worker

INSTALL = {
    "ml_dtypes": "pip install ml_dtypes",
    "mpmath": "pip install mpmath",
    "gmpy2": "pip install gmpy2",
    "python-flint": "pip install python-flint",
}
GPU_HELP = "an NVIDIA GPU with its driver, and pip install 'tensorflow[and-cuda]'"


class Finding(NamedTuple):
    """One line of ``doctor``: what was looked for, whether it is there, what was found, how to get it."""

    what: str
    ok: bool
    found: str
    how: str


def installed_versions() -> dict[str, str]:
    """Versions of the distributions that take part in a report, by name; those not installed are left out."""
    names = (
        "numpy",
        "scipy",
        "ml_dtypes",
        "mpmath",
        "gmpy2",
        "python-flint",
        "numba",
        "jinja2",
        "pydantic",
        "rich",
    )
    found = {name: distribution_version(name) for name in names}
    tensorflow = library_version("tensorflow")
    if tensorflow:
        found[tensorflow[0]] = tensorflow[1]
    return {name: version for name, version in sorted(found.items()) if version is not None}


def machine_provenance() -> dict[str, Any]:
    """The machine: CPU and its flags, cores, memory (bytes), system, libc, Python."""
    cpu = cpu_identity()
    return {
        "cpu_model": cpu.get("model name") or cpu.get("CPU part") or platform.processor(),
        "cpu_features": sorted((cpu.get("flags") or cpu.get("Features") or "").split()),
        "machine": platform.machine(),
        "cores": os.cpu_count(),
        "usable_cores": usable_cores(),
        "memory": machine_memory(),
        "system": f"{platform.system()} {platform.release()}",
        "distribution": _distribution(),
        "libc": " ".join(platform.libc_ver()).strip(),
        "python": f"{platform.python_implementation()} {platform.python_version()}",
        "gpu_driver": gpu_driver() or None,
    }


def usable_cores() -> int:
    """Cores that this process may use, which a container can keep below those of the machine."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def machine_memory() -> int | None:
    """Bytes of memory of this machine; None where the system does not tell."""
    try:
        return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    except (ValueError, OSError):
        return None


def _distribution() -> str:
    try:
        return platform.freedesktop_os_release().get("PRETTY_NAME", "")
    except OSError:
        return ""


def gpu_devices() -> list[str]:
    """Device files of NVIDIA GPUs, e.g. ``/dev/nvidia0`` (also that of a WSL host)."""
    found = [p for p in Path("/dev").glob("nvidia*") if re.fullmatch(r"nvidia\d+", p.name)]
    return sorted(str(p) for p in [*found, *Path("/dev").glob("dxg")])


@cache
def tensorflow_build() -> dict[str, Any]:
    """``build_info`` of the installed TensorFlow, read from its source file without importing it; else empty."""
    spec = importlib.util.find_spec("tensorflow")
    for folder in (spec.submodule_search_locations or []) if spec else []:
        path = Path(folder) / "python" / "platform" / "build_info.py"
        try:
            tree = ast.parse(path.read_text(encoding="utf-8"))
        except (OSError, SyntaxError):
            continue
        for node in ast.walk(tree):
            if isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") == "build_info":
                return _literal(node.value)
    return {}


def _literal(node: ast.expr) -> dict[str, Any]:
    """The mapping in ``OrderedDict([...])`` or ``{...}``."""
    inner = node.args[0] if isinstance(node, ast.Call) and node.args else node
    try:
        return dict(ast.literal_eval(inner))
    except (ValueError, TypeError):
        return {}


def quick_unavailable(target: TargetSpec, place: Place | None = None) -> str | None:
    """Why a target cannot be had, as far as it can be told in milliseconds; ``None``: start it and see."""
    if place is not None and (place.reason or place.identity):
        return place.reason or None
    known = libraries().get(target.library)
    if known is None:
        return None
    if target.pinned:
        return f"{known.title} {target.version} needs an environment of its own, and none was made"
    installed = library_version(target.library)
    if not importable(known.module) or (known.module and known.distributions and installed is None):
        return f"{known.title} is not installed: {known.install}"
    if target.device == "GPU":
        return _without_gpu(known, installed)
    return None


def _without_gpu(known: Library, installed: tuple[str, str] | None) -> str | None:
    if not known.gpu:
        return f"{known.title} does not compute on a GPU"
    if known.name == "tensorflow" and installed:
        build = tensorflow_build()
        if build.get("is_cuda_build") is False and build.get("is_rocm_build") is False:
            return f"this TensorFlow is built without GPU support ({installed[0]} {installed[1]})"
        if build.get("is_rocm_build"):
            return None
    return None if gpu_devices() else f"{known.title} sees no GPU: this machine has no NVIDIA device"


def doctor_report(start_workers: bool = True) -> list[Finding]:
    """What this machine can measure and what to install for the rest.

    ``start_workers``: start each built-in target that may be available (seconds each), instead
    of saying only what is installed.
    """
    findings = [_library(name) for name in libraries()]
    remove = "repair or remove {}"
    findings += [Finding(f"library {x.name}", False, x.sentence(), remove.format(x.distribution)) for x in unusable()]
    findings += [_distribution_line("ml_dtypes", "bfloat16 in NumPy"), _oracle()]
    findings += [_distribution_line("python-flint", "Arb enclosures"), _gpu(), _longdouble()]
    # Two at a time: a start is work for one core and half a gigabyte.
    with tempfile.TemporaryDirectory(prefix="reportgen-") as folder, ThreadPoolExecutor(2) as pool:
        findings += pool.map(lambda t: _target(t, Path(folder), start_workers), builtin_targets().values())
    return findings


def _library(library: str) -> Finding:
    known, found = libraries()[library], library_version(library)
    if known.distributions:
        return Finding(known.title, found is not None, " ".join(found) if found else "not installed", known.install)
    there = importable(known.module)
    return Finding(known.title, there, "part of the system" if there else "not installed", known.install)


def _distribution_line(name: str, purpose: str) -> Finding:
    version = distribution_version(name)
    return Finding(f"{name} ({purpose})", version is not None, version or "not installed", INSTALL[name])


def _oracle() -> Finding:
    version = distribution_version("mpmath")
    if version is None:
        return Finding("mpmath on gmpy2 (oracle)", False, "mpmath is not installed", INSTALL["mpmath"])
    from mpmath.libmp import BACKEND

    ok = BACKEND == "gmpy"
    found = (
        f"mpmath {version}, gmpy2 {distribution_version('gmpy2')}" if ok else f"mpmath {version} on {BACKEND} integers"
    )
    return Finding("mpmath on gmpy2 (oracle)", ok, found, INSTALL["gmpy2"])


def _gpu() -> Finding:
    devices = gpu_devices()
    return Finding("GPU", bool(devices), ", ".join([*devices, gpu_driver()]).strip(", ") or "none", GPU_HELP)


def _longdouble() -> Finding:
    info = np.finfo(np.longdouble)
    ok = info.nmant == 63
    kind = {
        52: "the same as float64",
        63: "x87, 64-bit significand",
        105: "double-double",
        112: "quadruple, in software",
    }
    found = f"{kind.get(info.nmant, 'unknown')} ({info.nmant + 1} bits)"
    return Finding("x87 long double (fast float64 screen)", ok, found, "an x86 machine; reports need none of it")


def _target(target: TargetSpec, workdir: Path, start: bool) -> Finding:
    reason = quick_unavailable(target)
    found = "may be available"
    if reason is None and start:
        with Worker(target, workdir) as worker:
            outcome = worker.start()
            reason = None if outcome.ok else outcome.reason
            found = f"{title(target.library)} {worker.provenance.get('version', '')}"
    return Finding(f"target {target.name}", reason is None, reason or found, "" if reason is None else _remedy(target))


def _remedy(target: TargetSpec) -> str:
    if target.device == "GPU":
        return GPU_HELP
    if library_version(target.library) is None:
        return libraries()[target.library].install
    return "nothing to install: a setting of this target has no effect on this machine"


def shared_memory(minimum: int = 1 << 30) -> Path | None:
    """``/dev/shm`` if it can be written and has ``minimum`` bytes free: where the mapped files cost no disk."""
    folder = Path("/dev/shm")
    if not os.access(folder, os.W_OK | os.X_OK):
        return None
    return folder if shutil.disk_usage(folder).free >= minimum else None
