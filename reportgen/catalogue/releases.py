"""Which Python and which other packages a release of a library needs, and under which name it is installed.

Taken from the wheels that the package index holds for each release (their ``cp`` tags) and from what was found to break
with later packages; a release that no line covers gets the newest line of its library.
"""

from __future__ import annotations

from dataclasses import dataclass

from packaging.version import InvalidVersion, Version

NEWEST = ("3.13", "3.12", "3.11", "3.14")
"""Pythons for a library of which nothing is known, best first."""


@dataclass(frozen=True)
class Release:
    """Releases of ``library`` from ``since`` on, up to the next line.

    ``pythons`` are the interpreters that its wheels were made for, the best first (the newest, because those can still
    be had). ``pins`` are further requirements. ``distribution`` is the name it is installed under, ``gpu`` the one of
    the build that computes on a GPU (empty: the same).
    """

    library: str
    since: str
    pythons: tuple[str, ...]
    pins: tuple[str, ...] = ()
    distribution: str = ""
    gpu: str = ""


def _pythons(first: int, last: int) -> tuple[str, ...]:
    """``3.last`` down to ``3.first``; 3.14 comes last, because fewer machines have it."""
    found = [f"3.{minor}" for minor in range(last, first - 1, -1)]
    return tuple(sorted(found, key=lambda python: python == "3.14"))


_TF_2017 = ("numpy==1.13.1", "setuptools<60", "protobuf<3.20", "werkzeug<2.1", "html5lib==0.9999999", "bleach==1.5.0",
            "markdown<3.4")  # fmt: skip
_TF1 = ("protobuf<3.20", "numpy<1.17", "setuptools<60")
_TF115 = ("protobuf<3.21", "numpy<1.19", "setuptools<60")
_TF2_EARLY = ("protobuf<3.21", "setuptools<60")

RELEASES = (
    Release("numpy", "0", _pythons(6, 6)),
    Release("numpy", "1.14.5", _pythons(6, 7)),
    Release("numpy", "1.17.3", _pythons(6, 8)),
    Release("numpy", "1.19.3", _pythons(6, 9)),
    Release("numpy", "1.20", _pythons(7, 9)),
    Release("numpy", "1.21.2", _pythons(7, 10)),
    Release("numpy", "1.22", _pythons(8, 10)),
    Release("numpy", "1.23.2", _pythons(8, 11)),
    Release("numpy", "1.25", _pythons(9, 11)),
    Release("numpy", "1.26", _pythons(9, 12)),
    Release("numpy", "2.1", _pythons(10, 13)),
    Release("numpy", "2.3", _pythons(11, 14)),
    Release("tensorflow", "0", _pythons(6, 6), _TF_2017, gpu="tensorflow-gpu"),
    Release("tensorflow", "1.5", _pythons(6, 6), (*_TF1, "werkzeug<2.1", "markdown<3.4"), gpu="tensorflow-gpu"),
    Release("tensorflow", "1.13", _pythons(6, 7), _TF1, gpu="tensorflow-gpu"),
    Release("tensorflow", "1.15", _pythons(6, 7), _TF115, gpu="tensorflow-gpu"),
    Release("tensorflow", "2.0", _pythons(6, 7), (*_TF2_EARLY, "numpy<1.19"), gpu="tensorflow-gpu"),
    Release("tensorflow", "2.1", _pythons(6, 7), (*_TF2_EARLY, "numpy<1.19"), "tensorflow-cpu"),
    Release("tensorflow", "2.2", _pythons(6, 8), _TF2_EARLY, "tensorflow-cpu"),
    Release("tensorflow", "2.5", _pythons(6, 9), _TF2_EARLY, "tensorflow-cpu"),
    Release("tensorflow", "2.7", _pythons(7, 9), (*_TF2_EARLY, "numpy<1.24"), "tensorflow-cpu"),
    Release("tensorflow", "2.8", _pythons(7, 10), ("protobuf<3.21", "numpy<1.24"), "tensorflow-cpu"),
    Release("tensorflow", "2.9", _pythons(7, 10), ("numpy<1.24",), "tensorflow-cpu"),
    Release("tensorflow", "2.12", _pythons(8, 11), ("numpy<2",), "tensorflow-cpu"),
    Release("tensorflow", "2.14", _pythons(9, 11), ("numpy<2",), "tensorflow-cpu", "tensorflow[and-cuda]"),
    Release("tensorflow", "2.16", _pythons(9, 12), ("numpy<2",), "tensorflow-cpu", "tensorflow[and-cuda]"),
    Release("tensorflow", "2.18", _pythons(9, 12), (), "tensorflow-cpu", "tensorflow[and-cuda]"),
    Release("tensorflow", "2.20", _pythons(10, 13), (), "tensorflow-cpu", "tensorflow[and-cuda]"),
    Release("scipy", "0", _pythons(6, 6), ("numpy<1.20",)),
    Release("scipy", "1.1", _pythons(6, 7), ("numpy<1.20",)),
    Release("scipy", "1.3.2", _pythons(6, 8), ("numpy<1.20",)),
    Release("scipy", "1.5.4", _pythons(6, 9)),
    Release("scipy", "1.6", _pythons(7, 9)),
    Release("scipy", "1.7.2", _pythons(7, 10)),
    Release("scipy", "1.8", _pythons(8, 10)),
    Release("scipy", "1.9.2", _pythons(8, 11)),
    Release("scipy", "1.11.2", _pythons(9, 12)),
    Release("scipy", "1.14.1", _pythons(10, 13)),
    Release("scipy", "1.16", _pythons(11, 13)),
    Release("theano", "0", _pythons(6, 7), ("numpy==1.18.5", "scipy==1.4.1", "setuptools<60")),
    Release("numba", "0", _pythons(6, 8), ("numpy<1.20", "setuptools<60")),
    Release("numba", "0.53", _pythons(6, 9), ("numpy<1.21", "setuptools<60")),
    Release("numba", "0.54", _pythons(7, 9), ("numpy<1.21", "setuptools<60")),
    Release("numba", "0.55", _pythons(7, 10), ("setuptools<60",)),
    Release("numba", "0.57", _pythons(8, 11)),
    Release("numba", "0.59", _pythons(9, 12)),
    Release("numba", "0.61", _pythons(10, 13)),
    Release("jax", "0", _pythons(8, 10), ("numpy<2", "scipy<1.13"), "jax[cpu]", "jax[cuda12]"),
    Release("jax", "0.4.6", _pythons(9, 11), ("numpy<2", "scipy<1.13"), "jax[cpu]", "jax[cuda12]"),
    Release("jax", "0.4.26", _pythons(9, 12), (), "jax[cpu]", "jax[cuda12]"),
    Release("jax", "0.4.34", _pythons(10, 13), (), "jax[cpu]", "jax[cuda12]"),
    Release("jax", "0.7", _pythons(11, 14), (), "jax[cpu]", "jax[cuda12]"),
    Release("torch", "0", _pythons(6, 9), ("numpy<2",)),
    Release("torch", "1.11", _pythons(7, 10), ("numpy<2",)),
    Release("torch", "2.0", _pythons(8, 11), ("numpy<2",)),
    Release("torch", "2.2", _pythons(8, 12), ("numpy<2",)),
    Release("torch", "2.3", _pythons(8, 12), ("numpy",)),
    Release("torch", "2.5", _pythons(9, 13), ("numpy",)),
    Release("torch", "2.9", _pythons(10, 14), ("numpy",)),
    Release("cupy", "0", _pythons(9, 12), ("numpy<2",), "cupy-cuda12x"),
    Release("cupy", "13.3", _pythons(9, 13), (), "cupy-cuda12x"),
    Release("cupy", "14", _pythons(10, 14), (), "cupy-cuda12x"),
)  # fmt: skip

SOURCES_REFUSED = (
    "numpy", "scipy", "tensorflow", "tensorflow-cpu", "tensorflow-gpu", "h5py", "grpcio", "numba", "llvmlite", "jaxlib",
    "torch", "cupy-cuda12x", "ml-dtypes", "cryptography", "cffi", "protobuf", "libclang",
)  # fmt: skip
"""Distributions that are only taken as wheels: compiled here they would be other programs than those people run."""

HISTORY = {
    "numpy": ("1.13.1", "1.17.5", "1.19.5", "1.20.3", "1.22.4", "1.25.2", "2.0.2", "2.3.5"),
    "tensorflow": ("1.2.0", "1.15.5", "2.3.4", "2.4.4", "2.8.4", "2.9.3", "2.12.1", "2.16.2", "2.19.1"),
    "theano": ("1.0.5",),
    "numba": ("0.53.1", "0.68.1"),
}
"""The releases whose locks come with reportgen."""


def release_of(library: str, version: str) -> Release:
    """The line that covers a release; a line of :data:`NEWEST` Pythons for a library that has none."""
    wanted = _version(version)
    lines = [line for line in RELEASES if line.library == library]
    found = [line for line in lines if wanted is None or Version(line.since) <= wanted]
    return found[-1] if found else Release(library, "0", NEWEST)


def requirements(line: Release, version: str, distribution: str, gpu: bool = False) -> tuple[str, ...]:
    """What to install for a release: the library itself, then its pins. ``distribution`` is the usual name."""
    name = (line.gpu if gpu else "") or line.distribution or distribution
    return (f"{name}=={version}", *line.pins)


def _version(text: str) -> Version | None:
    try:
        return Version(text)
    except InvalidVersion:
        return None
