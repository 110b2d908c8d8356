"""JAX: functions of ``jax.numpy``, ``jax.scipy.special``, ``jax.nn`` and ``jax.lax``, eagerly or through ``jax.jit``.

64-bit dtypes are switched on, without which JAX computes float64 in float32. An array of JAX has no strides: an unusual
layout is a longer or turned array with the slice inside the function, as a user would write it.
"""

import collections
import os

import compiled
import numpy as np
import provenance
from base import ArrayAdapter
from common import RefusedError, resolve

KEPT = 2
"""Functions whose compiled programs are kept; a case asks for one many times and never comes back to it."""


class Adapter(ArrayAdapter):
    """JAX on the CPU or the first GPU."""

    library = "jax"
    name = "JAX"
    modes = ("eager", "xla")
    devices = ("CPU", "GPU")
    runs = "computes eagerly and by XLA"

    def begin(self):
        platform = {"CPU": "cpu", "GPU": "cuda"}[self.device]
        os.environ["JAX_PLATFORMS"] = platform
        if self.threads == 1 and self.device == "CPU":
            flags = [os.environ.get("XLA_FLAGS", ""), "--xla_cpu_multi_thread_eigen=false"]
            os.environ["XLA_FLAGS"] = " ".join(f for f in flags if f)
        import jax

        jax.config.update("jax_enable_x64", True)
        self.jax = jax
        self.jitted = collections.OrderedDict()
        try:
            self.place = jax.devices()[0]
        except RuntimeError as error:
            return "JAX sees no {} ({})".format(self.device, " ".join(str(error).split())[:120])
        return None

    @property
    def version(self):
        return self.jax.__version__

    def tensor(self, array, layout):
        return self.jax.device_put(compiled.laid_out(np.array(array), layout), self.place)

    def prepared(self, function, job, layout):
        body = compiled.sliced(function, layout)
        if self.mode == "eager":
            return body
        key = job.key
        if key not in self.jitted:
            while len(self.jitted) >= KEPT:
                self.jitted.popitem(last=False)
            self.jitted[key] = {}
        self.jitted.move_to_end(key)
        return self.jitted[key].setdefault(layout, self.jax.jit(body))

    def constant(self, function, arrays, job):
        if self.mode == "eager":
            return super(Adapter, self).constant(function, arrays, job)
        inside = [compiled.laid_out(np.array(a), job.layout) for a in arrays]
        body = compiled.sliced(function, job.layout)
        return self.jax.jit(lambda: body(*[self.jax.numpy.asarray(a) for a in inside]))

    def cast(self, job):
        function, wanted = resolve(job.path), self.dtype(job.to)
        return lambda x: function(x, wanted)

    def dtype(self, name):
        """JAX's dtype of that name."""
        return self.jax.numpy.dtype(getattr(self.jax.numpy, "bool_" if name == "bool" else name))

    def gradient(self, function, number):
        def gradient(*args):
            def along(x):
                return function(*(args[:number] + (x,) + args[number + 1 :]))

            value, back = self.jax.vjp(along, args[number])
            return back(self.jax.numpy.ones_like(value))[0]

        return gradient

    def wait(self, results):
        self.jax.block_until_ready(results)

    def described(self):
        import jaxlib

        return {
            "jaxlib": jaxlib.__version__,
            "ml_dtypes": provenance.ml_dtypes_version(),
            "x64": bool(self.jax.config.jax_enable_x64),
            "platform": self.place.platform,
            "device_kind": self.place.device_kind,
            "matmul_precision": self.jax.config.jax_default_matmul_precision,
            "threads": {"asked": self.threads},
        }

    def unmet(self, expect):
        if expect.pop("gpu", False) and self.place.platform not in ("gpu", "cuda"):
            return "JAX sees no GPU"
        return super(Adapter, self).unmet(expect)

    def back(self, result):
        if isinstance(result, (list, tuple)):
            raise RefusedError("the function returns {} values".format(len(result)))
        array = np.asarray(result)
        return array, array.dtype.name
