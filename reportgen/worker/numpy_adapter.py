"""NumPy (and any importable module that takes NumPy arrays) behind the worker's small interface."""

import warnings

import arrayjobs
import numpy as np
import provenance
import settings
from common import UNUSUAL_LAYOUTS, RefusedError, UnsupportedError, clocked, one_line, resolve


class Adapter(object):
    """``load()``, ``resolve(path)``, ``evaluate(job)``, ``provenance()``, ``verify(expect)``."""

    name = "NumPy"

    def __init__(self, mode, device, options):
        self.mode, self.device, self.options = mode, device, dict(options)
        self.bfloat16 = None

    def load(self):
        """Silences warnings; returns why the target cannot be had, or ``None``."""
        warnings.simplefilter("ignore")
        np.seterr(all="ignore")
        unknown = sorted(set(self.options) - {"threads"})
        if unknown:
            return "NumPy has no option {!r} here".format(unknown[0])
        if self.device != "CPU" or self.mode != "eager":
            return "NumPy runs eagerly on the CPU only"
        return None

    @property
    def version(self):
        return np.__version__

    def resolve(self, path):
        return resolve(path)

    def evaluate(self, job):
        """``(values, dtype name, seconds)``; values in storage form, shape (job.expected,)."""
        if job.constant:
            raise UnsupportedError("NumPy has no compile-time constants")
        if job.gradient is not None:
            raise UnsupportedError("{} has no gradients".format(self.name))
        function = self._cast(job) if job.to else job.function()
        layouts = UNUSUAL_LAYOUTS if job.layout == "each" else (job.layout,)
        arrays = [self._typed(a, job.dtype) for a in job.read()]
        calls = [
            call for cut in job.cuts for layout in layouts for call in zip(*[_cut(a, layout, cut) for a in arrays])
        ]
        try:
            results, seconds = clocked(lambda: [function(*piece) for piece in calls], job.timed)
        except (TypeError, NotImplementedError) as error:
            # NumPy's way of saying that a ufunc has no loop for these dtypes.
            raise UnsupportedError(one_line(error))
        return _joined(results) + (seconds,)

    def _cast(self, job):
        """The conversion to ``job.to``: ``astype``, which scalars have too, or a function of array and dtype."""
        wanted = self._bfloat16() if job.to == "bfloat16" else np.dtype(job.to)
        if job.path == "numpy.ndarray.astype":
            return lambda x: x.astype(wanted)
        function = resolve(job.path)
        return lambda x: function(x, wanted)

    def arrays(self, job):
        """``([(array in storage form, dtype name)], seconds)`` of a program on whole arrays."""
        if job.constant:
            raise UnsupportedError("NumPy has no compile-time constants")
        operands = {n: self._typed(arrayjobs.ordered(a, order), dtype) for n, dtype, a, order in job.read()}
        values = dict(operands, **job.parameters)

        def call():
            return [arrayjobs.results_of(job.program.run(values)) for _ in range(job.repeat)]

        try:
            results, seconds = clocked(call, job.timed)
        except (TypeError, NotImplementedError) as error:
            raise UnsupportedError(one_line(error))
        except np.linalg.LinAlgError as error:
            raise RefusedError(one_line(error))
        return [_stored(np.asarray(r)) for group in results for r in group], seconds

    def provenance(self):
        return provenance.of_numpy(self)

    def verify(self, expect):
        return settings.unmet_by_numpy(expect)

    def compute(self, name, *arrays):
        """A ufunc of NumPy by name on arrays, for the probes."""
        return np.asarray(getattr(np, name)(*arrays))

    def _bfloat16(self):
        if self.bfloat16 is None:
            self.bfloat16 = _ml_dtypes().bfloat16
        return self.bfloat16

    def _typed(self, array, dtype):
        if dtype == "bfloat16":
            return array.view(self._bfloat16())
        return array.view(np.bool_) if dtype == "bool" else array


class SciPyAdapter(Adapter):
    """SciPy's functions of NumPy arrays."""

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


def _ml_dtypes():
    try:
        import ml_dtypes
    except ImportError:
        raise UnsupportedError("NumPy computes bfloat16 through ml_dtypes, which is not installed")
    return ml_dtypes


def _aligned(size, dtype):
    """An uninitialised array that starts on a 64-byte boundary."""
    dtype = np.dtype(dtype)
    raw = np.empty(size * dtype.itemsize + 64, np.uint8)
    start = -raw.ctypes.data % 64
    return raw[start : start + size * dtype.itemsize].view(dtype)


def _laid_out(array, layout):
    """A view with the same values whose strides or offset are those that ``layout`` names."""
    size = array.size
    if layout == "strided":
        buffer = np.repeat(array, 2)
        return buffer[::2]
    if layout == "offset":
        buffer = _aligned(size + 1, array.dtype)
        buffer[0] = 0
        buffer[1:] = array
        return buffer[1:]
    if layout == "reversed":
        return array[::-1].copy()[::-1]
    buffer = _aligned(size, array.dtype)
    buffer[:] = array
    return buffer


def _cut(array, layout, cut):
    """The pieces, each a view in the layout asked for; contiguous ones start on a 64-byte boundary of their own."""
    if cut is None:
        return [_laid_out(array, layout)]
    if cut == "scalar":
        return list(array)
    if layout != "contiguous":
        return list(_laid_out(array, layout).reshape(-1, cut))
    step = 64 // array.itemsize
    pitch = -(-cut // step) * step
    buffer = _aligned(array.size // cut * pitch, array.dtype).reshape(-1, pitch)[:, :cut]
    buffer[...] = array.reshape(-1, cut)
    return list(buffer)


def _joined(results):
    """One array in storage form out of the results of all calls, and the name of its dtype."""
    if isinstance(results[0], (tuple, list)):
        raise RefusedError("the function returns {} values".format(len(results[0])))
    first = np.asarray(results[0])
    if any(getattr(r, "dtype", first.dtype) != first.dtype for r in results):
        raise RefusedError("results of different pieces have different dtypes")
    if len(results) == 1:
        joined = first
    else:
        joined = np.concatenate([np.atleast_1d(r) for r in results])
    return _stored(joined)


def _stored(array):
    """An array in storage form, and the name of its dtype."""
    name = array.dtype.name
    if name == "bfloat16":
        return np.ascontiguousarray(array).view(np.uint16).reshape(array.shape), name
    return array, name
