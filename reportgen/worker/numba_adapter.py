"""Numba: functions of NumPy and of ``math`` compiled by ``numba.vectorize``, one loop for every dtype.

``vectorize`` is how Numba's users apply a function element by element: the compiled loop takes arrays of any stride
and scalars. A path names what stands in the compiled function (``numpy.exp``, ``math.erf``); nothing of NumPy's own
code runs.
"""

import collections
import ctypes
import math
import os
import sys

import numpy as np
from base import ArrayAdapter
from common import UnsupportedError

KEPT = 4
"""Compiled functions that are kept; a case asks for one many times and never comes back to it."""

MODULES = {"numpy": np, "math": math}


class Adapter(ArrayAdapter):
    """Functions compiled by Numba for this CPU, on one thread unless ``numba`` is told otherwise."""

    library = "numba"
    name = "Numba"
    options = ("svml",)

    def begin(self):
        wanted = self.chosen.get("svml")
        if wanted:
            load_svml()
        elif wanted is not None:
            os.environ["NUMBA_DISABLE_INTEL_SVML"] = "1"
        import llvmlite.binding
        import numba

        self.numba, self.binding = numba, llvmlite.binding
        self.compiled = collections.OrderedDict()
        if wanted and not numba.config.USING_SVML:
            built = getattr(llvmlite.binding.targets, "has_svml", bool)()
            why = "the package icc_rt is not installed" if built else "its LLVM is built without it"
            return "Numba {} does not use SVML: {}".format(self.version, why)
        return None

    @property
    def version(self):
        return self.numba.__version__

    def function(self, job):
        names = "xyz"[: job.arity]
        if job.program:
            body = job.program
        else:
            keywords = "".join(", {}={!r}".format(k, v) for k, v in sorted(job.keywords.items()))
            item = "" if job.item is None else "[{}]".format(job.item)
            body = "{}({}{}){}".format(job.path, ", ".join(names), keywords, item)
        return self._vectorized("lambda {}: {}".format(", ".join(names), body), job.path if not job.program else "")

    def _vectorized(self, source, path):
        """The ufunc that Numba makes of a lambda; compiled for a dtype when it is first called with one."""
        if source not in self.compiled:
            if path and not hasattr(MODULES.get(path.partition(".")[0]), path.partition(".")[2]):
                raise UnsupportedError("{} {} has no {}".format(self.name, self.version, path))
            while len(self.compiled) >= KEPT:
                self.compiled.popitem(last=False)
            # The text is the catalogue's own, never a spec's.
            self.compiled[source] = self.numba.vectorize(nopython=True)(eval(source, dict(MODULES)))  # noqa: S307
        self.compiled.move_to_end(source)
        return self.compiled[source]

    def lacks(self, error):
        """Numba says with an error of its own that it cannot compile a function for a dtype."""
        return isinstance(error, (TypeError, NotImplementedError, self.numba.core.errors.NumbaError))

    def product(self, first, second):
        return self._vectorized("lambda x, y: x * y", "")(first, second)

    def described(self):
        import llvmlite

        return {
            "llvmlite": llvmlite.__version__,
            "llvm": ".".join(str(part) for part in self.binding.llvm_version_info),
            "cpu_target": self.numba.config.CPU_NAME or self.binding.get_host_cpu_name(),
            "svml": bool(self.numba.config.USING_SVML),
            "compiled_by": "numba.vectorize",
            "threads": {"elementwise": 1},
        }


def load_svml():
    """Loads SVML from where the package icc_rt puts it; Numba looks for its name only, as after ``ldconfig``."""
    for name in ("libirc.so", "libintlc.so.5", "libsvml.so"):
        try:
            ctypes.CDLL(os.path.join(sys.prefix, "lib", name), mode=ctypes.RTLD_GLOBAL)
        except OSError:
            continue  # Numba says afterwards whether it is there
