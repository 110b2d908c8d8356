"""Theano: ``theano.function`` over vectors (scalars where a value stands alone), optimised as by default.

With a C++ compiler Theano turns each operation into a C extension; without one (option ``compiler = false``) it calls
Python functions, mostly NumPy's. What it compiles lies in a folder that ends with the worker, never in the user's home.
"""

import atexit
import collections
import os
import shutil
import tempfile

import numpy as np
from base import ArrayAdapter
from common import UnsupportedError

KEPT = 6
"""Compiled functions that are kept; a case asks for one many times and never comes back to it."""


class Adapter(ArrayAdapter):
    """Functions of ``theano.tensor``, compiled by ``theano.function``."""

    library = "theano"
    name = "Theano"
    options = ("threads", "compiler")
    modes = ("graph",)
    runs = "computes compiled graphs on the CPU only"

    def begin(self):
        self.folder = tempfile.mkdtemp(prefix="theano-", dir=os.getcwd())
        atexit.register(shutil.rmtree, self.folder, True)
        flags = ["base_compiledir=" + self.folder, "openmp=False", "device=cpu"]
        if not self.chosen.get("compiler", True):
            flags.append("cxx=")
        os.environ["THEANO_FLAGS"] = ",".join([f for f in [os.environ.get("THEANO_FLAGS", "")] if f] + flags)
        os.environ["THEANORC"] = os.devnull
        import theano
        import theano.tensor

        self.theano = theano
        self.compiled = collections.OrderedDict()
        if self.chosen.get("compiler") and not theano.config.cxx:
            return "Theano finds no C++ compiler (g++)"
        return None

    @property
    def version(self):
        return self.theano.__version__

    def prepared(self, function, job, layout):
        return lambda *args: self._compiled(function, job.key, args)(*args)

    def _compiled(self, function, key, args):
        """The ``theano.function`` for arguments of these dtypes and ranks."""
        kinds = tuple((str(a.dtype), np.ndim(a)) for a in args)
        if (key, kinds) not in self.compiled:
            while len(self.compiled) >= KEPT:
                self.compiled.popitem(last=False)
            symbols = [self.theano.tensor.TensorType(dtype, (False,) * rank)() for dtype, rank in kinds]
            self.compiled[key, kinds] = self.theano.function(symbols, function(*symbols), allow_input_downcast=False)
        self.compiled.move_to_end((key, kinds))
        return self.compiled[key, kinds]

    def tensor(self, array, layout):
        return np.asarray(array)

    def typed(self, array, dtype):
        if dtype == "bfloat16":
            raise UnsupportedError("Theano has no bfloat16")
        return super(Adapter, self).typed(array, dtype)

    def constant(self, function, arrays, job):
        made = self.theano.function([], function(*[self.theano.tensor.constant(a) for a in arrays]))
        return lambda: made()

    def gradient(self, function, number):
        def gradient(*args):
            return self.theano.grad(function(*args).sum(), args[number])

        return gradient

    def lacks(self, error):
        kinds = (self.theano.tensor.var.AsTensorError, self.theano.gof.utils.MethodNotDefined)
        kinds += (self.theano.gradient.NullTypeGradError, TypeError, NotImplementedError, AttributeError)
        return isinstance(error, kinds)

    def product(self, first, second):
        return self._compiled(lambda x, y: x * y, "product", (first, second))(first, second)

    def described(self):
        config, mode = self.theano.config, self.theano.compile.mode.get_default_mode()
        return {
            "c_code": bool(config.cxx),
            "cxx": os.path.basename(config.cxx),
            "cxxflags": self._flags() if config.cxx else "",
            "theano_mode": type(mode).__name__,
            "optimizer": str(mode.provided_optimizer),
            "linker": str(mode.provided_linker),
            "float_x": config.floatX,
            "cast_policy": config.cast_policy,
            "threads": {"openmp": bool(config.openmp), "elementwise": 1},
        }

    def _flags(self):
        """The options with which the C code is compiled, without the paths of this machine."""
        from theano.gof.cmodule import GCC_compiler

        return " ".join(flag for flag in GCC_compiler.compile_args() if not flag.startswith(("-I", "-L")))

    def unmet(self, expect):
        wanted = expect.pop("c_code", None)
        if wanted is not None and bool(wanted) != bool(self.theano.config.cxx):
            return "Theano {} C code".format("makes no" if wanted else "makes")
        return super(Adapter, self).unmet(expect)
