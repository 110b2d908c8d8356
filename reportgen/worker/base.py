"""What adapters of libraries share: cutting, layouts, joining, timing, storage forms, programs, refusals.

An adapter derives from :class:`ArrayAdapter` and says what only its library knows; ``docs/adapters.md`` tells how.

Runs inside the target's interpreter (Python >= 3.6): standard library and NumPy only.
"""

import sys
import traceback
import warnings

import arrayjobs
import numpy as np
import provenance
from common import UNUSUAL_LAYOUTS, RefusedError, UnsupportedError, clocked, one_line, resolve


class ArrayAdapter(object):
    """One library in one worker: ``load()``, ``evaluate(job)``, ``arrays(job)``, ``provenance()``, ``verify(expect)``.

    What a library states: ``library`` (its name in targets), ``name`` (its title in sentences), ``options`` that a
    target may set, ``modes`` and ``devices`` of its targets with the sentence ``runs`` for all others; :meth:`begin`,
    :attr:`version`, and of the methods that follow those in which it differs from NumPy.
    """

    library = ""
    name = ""
    options = ("threads",)
    modes = ("eager",)
    devices = ("CPU",)
    runs = "runs eagerly on the CPU only"

    def __init__(self, mode, device, options):
        self.mode, self.device, self.chosen = mode, device, dict(options)
        self.bfloat16 = None

    # -- what a library says ---------------------------------------------------------------------------
    def begin(self):
        """Imports the library and applies ``self.chosen``; returns why the target cannot be had, or ``None``."""
        return

    @property
    def version(self):
        """The release that runs, asked of the library."""
        raise RefusedError("{} does not say its version".format(self.name))

    def resolve(self, path):
        """The callable at a dotted path of the catalogue; :class:`UnsupportedError` if this release has none."""
        return resolve(path)

    def function(self, job):
        """What is evaluated, a function of the library's arrays: ``job.path`` with its keywords, or ``job.program``."""
        return job.function(self.resolve)

    def tensor(self, array, layout):
        """The library's own array for a NumPy array whose memory lies as ``layout`` says (also of rank 0)."""
        return array

    def prepared(self, function, job, layout):
        """``function`` as a user would call it in this target's mode: itself, or compiled and kept by ``job.key``."""
        return function

    def constant(self, function, arrays, job):
        """A callable without arguments that has the arrays inside as compile-time constants."""
        raise UnsupportedError("{} has no compile-time constants".format(self.name))

    def cast(self, job):
        """The conversion to ``job.to``, a function of one array."""
        raise UnsupportedError("{} is not asked for casts".format(self.name))

    def gradient(self, function, number):
        """The derivative by argument ``number`` of the sum of the function's results."""
        raise UnsupportedError("{} has no gradients".format(self.name))

    def back(self, result):
        """A result of the library as ``(NumPy array, dtype name)``; bfloat16 as bits (``uint16``) or of ml_dtypes."""
        array = np.asarray(result)
        return array, array.dtype.name

    def wait(self, results):
        """Waits for asynchronous devices, so that the clock sees the work."""

    def lacks(self, error):
        """Whether an exception means that the library has no such function, dtype or way of calling it."""
        return isinstance(error, (TypeError, NotImplementedError))

    def refuses(self, error):
        """Whether an exception is an answer about the operands (a singular matrix) and no fault."""
        return False

    def product(self, first, second):
        """The product of two arrays of the library, for the probe of subnormals."""
        return first * second

    def described(self):
        """What provenance tells beyond versions and machine: threads, build, settings that change results."""
        return {}

    def unmet(self, expect):
        """One sentence about the first expectation or setting that did not take effect, or ``None``."""
        for key in sorted(expect):
            return "{} cannot be asked whether {!r} holds".format(self.name, key)
        return None

    # -- what is the same for all ----------------------------------------------------------------------
    def load(self):
        """Silences warnings, checks what the target asks for, begins; why it cannot be had, or ``None``."""
        warnings.simplefilter("ignore")
        np.seterr(all="ignore")
        unknown = sorted(set(self.chosen) - set(self.options))
        if unknown:
            return "{} has no option {!r} here".format(self.name, unknown[0])
        if self.mode not in self.modes or self.device not in self.devices:
            return "{} {}".format(self.name, self.runs)
        try:
            return self.begin()
        except Exception as error:  # a library may end its import in any way
            return "{} cannot be started: {}".format(self.name, one_line(error))

    @property
    def threads(self):
        """Threads that the target asks for, one if it does not."""
        return int(self.chosen.get("threads", 1))

    def provenance(self):
        """Everything that is stored of what computed the numbers."""
        found = dict(provenance.common(), library=self.library, version=self.version, mode=self.mode)
        found.update(device=self.device, numpy=np.__version__)
        found.update(self.described())
        try:
            found["subnormals"] = provenance.subnormals(self)
        except Exception:  # a library that cannot multiply has functions all the same
            traceback.print_exc()
            sys.stderr.flush()
        return found

    def compute(self, name, *arrays):
        """What ``provenance.subnormals`` asks for: the function ``multiply`` of NumPy arrays."""
        if name != "multiply":
            raise RefusedError("the probe of subnormals multiplies only")
        return self.back(self.product(*[self.tensor(a, "contiguous") for a in arrays]))[0]

    def verify(self, expect):
        return self.unmet(dict(expect))

    def evaluate(self, job):
        """``(values, dtype name, seconds)``; values in storage form, shape (job.expected,)."""
        return self._guarded(lambda: self._evaluate(job))

    def arrays(self, job):
        """``([(array in storage form, dtype name)], seconds)`` of a program on whole arrays."""
        if job.constant:
            raise UnsupportedError("{} has no compile-time constants".format(self.name))
        return self._guarded(lambda: self._arrays(job))

    def _guarded(self, evaluation):
        try:
            return evaluation()
        except (UnsupportedError, RefusedError):
            raise
        except Exception as error:
            if self.refuses(error):
                raise RefusedError(one_line(error))
            if self.lacks(error):
                raise UnsupportedError(one_line(error))
            raise

    def _evaluate(self, job):
        function = self._function(job)
        arrays = [self.typed(a, job.dtype) for a in job.read()]
        calls = self._constant_calls(function, arrays, job) if job.constant else self._calls(function, arrays, job)
        results, seconds = clocked(lambda: [call(*piece) for call, piece in calls], job.timed, self.wait)
        return self._joined(results) + (seconds,)

    def _function(self, job):
        if job.to:
            return self.cast(job)
        function = self.function(job)
        return function if job.gradient is None else self.gradient(function, job.gradient)

    def _calls(self, function, arrays, job):
        """``[(callable, its arguments)]``, a pair for every piece of every cut and layout."""
        calls = []
        for cut in job.cuts:
            for layout in UNUSUAL_LAYOUTS if job.layout == "each" else (job.layout,):
                call = self.prepared(function, job, layout)
                pieces = zip(*[cut_up(a, layout, cut) for a in arrays])
                calls.extend((call, [self.tensor(part, layout) for part in piece]) for piece in pieces)
        return calls

    def _constant_calls(self, function, arrays, job):
        return [(self.constant(function, [laid_out(a, job.layout) for a in arrays], job), ())]

    def _arrays(self, job):
        read = [(n, self.typed(arrayjobs.ordered(a, order), dtype)) for n, dtype, a, order in job.read()]
        values = dict([(n, self.tensor(a, "contiguous")) for n, a in read], **job.parameters)

        def call():
            return [arrayjobs.results_of(job.program.run(values)) for _ in range(job.repeat)]

        results, seconds = clocked(call, job.timed, lambda groups: self.wait(groups[-1]))
        return [self._stored(r) for group in results for r in group], seconds

    def typed(self, array, dtype):
        """An array in storage form as one of the dtype that it stands for."""
        if dtype == "bfloat16":
            return array.view(self.bfloat16_dtype())
        return array.view(np.bool_) if dtype == "bool" else array

    def bfloat16_dtype(self):
        if self.bfloat16 is None:
            try:
                import ml_dtypes
            except ImportError:
                words = "{} computes bfloat16 through ml_dtypes, which is not installed"
                raise UnsupportedError(words.format(self.name))
            self.bfloat16 = ml_dtypes.bfloat16
        return self.bfloat16

    def _stored(self, result):
        """One result in storage form, and the name of its dtype."""
        array, name = self.back(result)
        if name == "bfloat16":
            return np.ascontiguousarray(array).view(np.uint16).reshape(array.shape), name
        return array, name

    def _joined(self, results):
        """One array in storage form out of the results of all calls, and the name of its dtype."""
        if isinstance(results[0], (tuple, list)):
            raise RefusedError("the function returns {} values".format(len(results[0])))
        stored = [self._stored(r) for r in results]
        name = stored[0][1]
        if any(other != name for _, other in stored):
            raise RefusedError("results of different pieces have different dtypes")
        if len(stored) == 1:
            return stored[0]
        return np.concatenate([np.atleast_1d(array) for array, _ in stored]), name


def aligned(size, dtype):
    """An uninitialised array that starts on a 64-byte boundary."""
    dtype = np.dtype(dtype)
    raw = np.empty(size * dtype.itemsize + 64, np.uint8)
    start = -raw.ctypes.data % 64
    return raw[start : start + size * dtype.itemsize].view(dtype)


def laid_out(array, layout):
    """A view with the same values whose strides or offset are those that ``layout`` names."""
    size = array.size
    if layout == "strided":
        buffer = np.repeat(array, 2)
        return buffer[::2]
    if layout == "offset":
        buffer = aligned(size + 1, array.dtype)
        buffer[0] = 0
        buffer[1:] = array
        return buffer[1:]
    if layout == "reversed":
        return array[::-1].copy()[::-1]
    buffer = aligned(size, array.dtype)
    buffer[:] = array
    return buffer


def cut_up(array, layout, cut):
    """The pieces, each a view in the layout asked for; contiguous ones start on a 64-byte boundary of their own."""
    if cut is None:
        return [laid_out(array, layout)]
    if cut == "scalar":
        return list(array)
    if layout != "contiguous":
        return list(laid_out(array, layout).reshape(-1, cut))
    step = 64 // array.itemsize
    pitch = -(-cut // step) * step
    buffer = aligned(array.size // cut * pitch, array.dtype).reshape(-1, pitch)[:, :cut]
    buffer[...] = array.reshape(-1, cut)
    return list(buffer)
