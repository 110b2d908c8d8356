"""CuPy: NumPy's functions on the first NVIDIA GPU, and those of ``cupyx.scipy.special``."""

import numpy as np
from base import ArrayAdapter
from common import resolve


class Adapter(ArrayAdapter):
    """CuPy, called eagerly; results are waited for."""

    library = "cupy"
    name = "CuPy"
    options = ()
    devices = ("GPU",)
    runs = "computes on an NVIDIA GPU only"

    def begin(self):
        import cupy

        self.cupy = cupy
        try:
            found = cupy.cuda.runtime.getDeviceCount()
        except Exception as error:  # without a driver: CUDARuntimeError
            return "CuPy sees no GPU ({})".format(" ".join(str(error).split())[:120])
        return None if found else "CuPy sees no GPU"

    @property
    def version(self):
        return self.cupy.__version__

    def tensor(self, array, layout):
        """The array on the GPU, lying there as it lies here: a copy alone would be packed."""
        array = np.asarray(array)
        if array.ndim and layout == "strided":
            return self.cupy.asarray(np.repeat(array, 2))[::2]
        if array.ndim and layout == "reversed":
            return self.cupy.asarray(array[::-1].copy())[::-1]
        if array.ndim and layout == "offset":
            return self.cupy.asarray(np.concatenate([array[:1], array]))[1:]
        return self.cupy.asarray(array)

    def cast(self, job):
        if job.path == "cupy.ndarray.astype":
            return lambda x: x.astype(job.to)
        function = resolve(job.path)
        return lambda x: function(x, job.to)

    def wait(self, results):
        self.cupy.cuda.runtime.deviceSynchronize()

    def back(self, result):
        array = self.cupy.asnumpy(result)
        return array, array.dtype.name

    def described(self):
        runtime = self.cupy.cuda.runtime
        name = runtime.getDeviceProperties(0)["name"]
        return {
            "cuda_runtime": runtime.runtimeGetVersion(),
            "driver": runtime.driverGetVersion(),
            "gpu": name.decode() if isinstance(name, bytes) else str(name),
            "accelerators": [str(a) for a in self.cupy.get_elementwise_accelerators()]
            if hasattr(self.cupy, "get_elementwise_accelerators")
            else [],
        }

    def unmet(self, expect):
        expect.pop("gpu", None)  # begin() has asked
        return super(Adapter, self).unmet(expect)
