"""Numba: functions of NumPy and of ``math`` compiled by ``numba.vectorize``, one loop for every dtype.

``vectorize`` is how Numba's users apply a function element by element: the compiled loop takes arrays of any stride
and scalars. A path names what stands in the compiled function (``numpy.exp``, ``math.erf``); nothing of NumPy's own
code runs.
"""

import collections
import math

import numpy as np
import provenance
from base import ArrayAdapter
from common import UnsupportedError

KEPT = 4
"""Compiled functions that are kept; a case asks for one many times and never comes back to it."""

MODULES = {"numpy": np, "math": math}


class Adapter(ArrayAdapter):
    """Functions compiled by Numba for this CPU, on one thread unless ``numba`` is told otherwise."""

    library = "numba"
    name = "Numba"

    def begin(self):
        import numba

        self.numba = numba
        self.compiled = collections.OrderedDict()

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
        import llvmlite.binding

        return {
            "llvmlite": llvmlite.__version__,
            "llvm": ".".join(str(part) for part in llvmlite.binding.llvm_version_info),
            "cpu_target": self.numba.config.CPU_NAME or llvmlite.binding.get_host_cpu_name(),
            "svml": {
                "in_use": bool(self.numba.config.USING_SVML),
                "files": provenance.loaded_libraries("svml"),
            },
            "compiled_by": "numba.vectorize",
            "threads": {"elementwise": 1},
        }

    def unmet(self, expect):
        wanted = expect.pop("svml", None)
        if wanted is not None and bool(wanted) != bool(self.numba.config.USING_SVML):
            return "SVML (the package icc_rt) is {} in Numba {}".format("off" if wanted else "on", self.version)
        return super(Adapter, self).unmet(expect)
