"""NumPy (and any importable module that takes NumPy arrays) behind the worker's small interface."""

import numpy as np
import provenance
import settings
from base import ArrayAdapter
from common import resolve


class Adapter(ArrayAdapter):
    """Functions of NumPy arrays, called as they are."""

    library = "numpy"
    name = "NumPy"

    @property
    def version(self):
        return np.__version__

    def cast(self, job):
        """The conversion to ``job.to``: ``astype``, which scalars have too, or a function of array and dtype."""
        wanted = self.bfloat16_dtype() if job.to == "bfloat16" else np.dtype(job.to)
        if job.path == "numpy.ndarray.astype":
            return lambda x: x.astype(wanted)
        function = resolve(job.path)
        return lambda x: function(x, wanted)

    def refuses(self, error):
        return isinstance(error, np.linalg.LinAlgError)

    def provenance(self):
        return provenance.of_numpy(self)

    def verify(self, expect):
        return settings.unmet_by_numpy(expect)

    def compute(self, name, *arrays):
        """A ufunc of NumPy by name on arrays, for the probes."""
        return np.asarray(getattr(np, name)(*arrays))


class SciPyAdapter(Adapter):
    """SciPy's functions of NumPy arrays."""

    library = "scipy"
    name = "SciPy"

    def __init__(self, mode, device, options):
        load_scipy()
        super(SciPyAdapter, self).__init__(mode, device, options)

    @property
    def version(self):
        return load_scipy().__version__

    def provenance(self):
        return provenance.of_scipy(self)


def load_scipy():
    """SciPy with its special functions."""
    import scipy
    import scipy.special

    return scipy
