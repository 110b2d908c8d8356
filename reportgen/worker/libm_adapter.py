"""The C library's mathematical functions, called one value at a time through ctypes: what many libraries build upon.

float32 reaches the functions whose names end in f, float64 those without: no conversion takes part. A path is
``libm.NAME``, and ``libm.NAME[1]`` takes the number that the function stores through its pointer.
"""

import ctypes
import ctypes.util
import platform

import numpy as np
import provenance
from base import ArrayAdapter
from common import UnsupportedError

KINDS = {"float32": ("f", ctypes.c_float), "float64": ("", ctypes.c_double)}
"""What is added to a function's name, and the type of its arguments and result."""

STORED = {"modf": None, "frexp": ctypes.c_int}
"""Functions with a pointer behind their arguments, and the type of what it points to (None: that of the argument)."""


class Adapter(ArrayAdapter):
    """Functions of the C library that this process runs with."""

    library = "libm"
    name = "The C library"
    options = ()
    runs = "computes alone, on the CPU"

    def begin(self):
        found = opened()
        if found is None:
            return "no C library with mathematical functions was found"
        self.libm = found
        return None

    @property
    def version(self):
        return version()

    def function(self, job):
        kind = KINDS.get(job.dtype)
        if kind is None:
            raise UnsupportedError("the C library has functions of float32 and float64, none of {}".format(job.dtype))
        if job.program or not job.path.startswith("libm."):
            raise UnsupportedError("the C library has functions, no programs")
        name = job.path[len("libm.") :]
        call, dtype = self._called(name, job.arity, *kind), np.dtype(job.dtype)
        item = job.item

        def over(*arrays):
            # Python's floats hold every float32 exactly, and ctypes gives back what C returned.
            values = call(*arrays) if item is None else (found[item] for found in call(*arrays))
            return np.fromiter(values, dtype, arrays[0].size).reshape(arrays[0].shape)

        return over

    def _called(self, name, arity, suffix, kind):
        """A generator of C's results over arrays; pairs of result and stored number where there is a pointer."""
        try:
            called = self.libm[name + suffix]  # an object of its own, whose types nobody else sets
        except AttributeError:
            raise UnsupportedError("{} {} has no {}".format(self.name, self.version, name + suffix))
        called.restype = kind
        if name not in STORED:
            called.argtypes = [kind] * arity
            return lambda *arrays: map(called, *[a.reshape(-1).tolist() for a in arrays])
        place = (STORED[name] or kind)()
        called.argtypes = [kind] * arity + [ctypes.POINTER(type(place))]
        where = ctypes.byref(place)
        return lambda *arrays: (
            (called(*v, where), place.value) for v in zip(*[a.reshape(-1).tolist() for a in arrays])
        )

    def evaluate(self, job):
        """As everywhere, without a time: it would be that of Python's loop around the calls."""
        values, name, _ = super(Adapter, self).evaluate(job)
        return values, name, None

    def product(self, first, second):
        suffix, kind = KINDS[first.dtype.name]
        zeros = np.zeros_like(first)
        values = self._called("fma", 3, suffix, kind)(first, second, zeros)
        return np.fromiter(values, first.dtype, first.size)

    def described(self):
        files = [path for path in provenance.loaded_libraries("libm") if path.rpartition("/")[2].startswith("libm")]
        return {"file": files[0] if files else "", "functions": "called through ctypes, one value at a time"}


def opened():
    """The library of mathematical functions that programs of this system are linked with; ``None`` if there is none."""
    for name in ("libm.so.6", ctypes.util.find_library("m"), None):
        try:
            found = ctypes.CDLL(name)
        except OSError:
            continue
        if hasattr(found, "exp") and hasattr(found, "expf"):
            return found
    return None


def version():
    """What the C library says of itself (glibc's ``gnu_get_libc_version``), else what the platform says."""
    try:
        asked = ctypes.CDLL(None).gnu_get_libc_version
    except (AttributeError, OSError):
        return " ".join(platform.libc_ver()).strip() or platform.release()
    asked.restype = ctypes.c_char_p
    return asked().decode("ascii")
