"""TensorFlow before 2.0 behind the worker's small interface: a graph, its placeholders fed in a session.

The session is the one that users had: the runtime optimises the graph as it does by default (constants are folded,
common parts shared), and what is fed to a placeholder is never known to it in advance. Every length has a graph of its
own. ``seconds`` contain what a call of a session costs, the copying of its inputs included.
"""

import os
import sys
import traceback
import warnings

import arrayjobs
import compiled
import numpy as np
import sessions
import settings
import tensorflow as tf
import tensorflow_errors
import tensorflow_provenance
from common import STORAGE, UNUSUAL_LAYOUTS, RefusedError, UnsupportedError, clocked, one_line, resolve

OPTIONS = {"threads", "inter_threads"}


class Adapter(object):
    """``load()``, ``resolve(path)``, ``evaluate(job)``, ``arrays(job)``, ``provenance()``, ``verify(expect)``."""

    name = "TensorFlow"

    def __init__(self, mode, device, options):
        self.tf = getattr(tf.compat, "v1", tf)
        self.mode, self.device, self.options = mode, device, dict(options)
        self.sessions = None

    @property
    def version(self):
        return tf.__version__

    def load(self):
        """Threads and silence; returns why the target cannot be had, or ``None``."""
        warnings.simplefilter("ignore")
        np.seterr(all="ignore")
        self.tf.logging.set_verbosity(self.tf.logging.ERROR)
        unknown = sorted(set(self.options) - OPTIONS)
        if unknown:
            return "TensorFlow {} has no option {!r}".format(self.version, unknown[0])
        if self.device != "CPU" or self.mode != "graph":
            return "TensorFlow {} is measured in graph mode on the CPU only".format(self.version)
        intra = self.options.get("threads", os.environ.get("TF_NUM_INTRAOP_THREADS") or 1)
        inter = self.options.get("inter_threads", os.environ.get("TF_NUM_INTEROP_THREADS") or 1)
        config = self.tf.ConfigProto(
            intra_op_parallelism_threads=int(intra), inter_op_parallelism_threads=int(inter), device_count={"GPU": 0}
        )
        self.sessions = sessions.Sessions(self.tf, config)
        return None

    def resolve(self, path):
        return resolve(path)

    # -- elementwise -------------------------------------------------------------------------------
    def evaluate(self, job):
        """``(values, dtype name, seconds)``; values in storage form, shape (job.expected,)."""
        function = self._cast(job) if job.to else job.function()
        if job.gradient is not None:
            function = self._gradient(function, job.gradient)
        return self._guarded(lambda: self._evaluate(job, function, job.read()))

    def _evaluate(self, job, function, arrays):
        layouts = UNUSUAL_LAYOUTS if job.layout == "each" else (job.layout,)
        bodies = [compiled.sliced(function, layout) for layout in layouts] * len(job.cuts)
        laid_out = [compiled.laid_out(a, layout) for layout in layouts for a in arrays]
        if job.constant:
            return self._constant(job, bodies[0], laid_out)
        make = self._results_of(bodies, job.dtype)
        together, lengths = sessions.together([sessions.pieces(laid_out, cut, job.layout) for cut in job.cuts])
        shapes = [(_fed(job.dtype), piece.shape) for piece in together[0]]
        graph = self.sessions.built(job.key, (job.layout, len(bodies)), shapes, make)
        fed = [[_typed(a, job.dtype) for a in row] for row in together]
        rows, seconds = clocked(lambda: [graph(row) for row in fed], job.timed)
        # The pieces of a cut one after another, then those of the next; of one cut, the layouts one after another.
        counts = lengths if len(job.cuts) > 1 else [len(rows)] * len(bodies)
        return _joined([row[k] for k, n in enumerate(counts) for row in rows[:n]], set(graph.names)) + (seconds,)

    def _constant(self, job, body, arrays):
        def make():
            return [body(*[self._tensor(self.tf.constant(_typed(a, job.dtype)), job.dtype) for a in arrays])]

        graph = self.sessions.once([], self._checked(make))
        try:
            results, seconds = clocked(lambda: graph([]), job.timed)
        finally:
            graph.close()
        return _joined(results, set(graph.names)) + (seconds,)

    def _results_of(self, bodies, dtype):
        """What a graph computes of its placeholders: a result for each of ``bodies``."""
        every = compiled.every(bodies)
        return self._checked(lambda *args: every(*[self._tensor(a, dtype) for a in args]))

    def _checked(self, make):
        """``make`` where no result consists of several: those were not asked for."""

        def checked(*args):
            results = make(*args)
            if isinstance(results[0], (tuple, list)):
                raise RefusedError("the function returns {} values".format(len(results[0])))
            return results

        return checked

    def _tensor(self, tensor, dtype):
        """The tensor of the dtype asked for out of one in storage form."""
        return self.tf.bitcast(tensor, self.tf.bfloat16) if dtype == "bfloat16" else tensor

    def _cast(self, job):
        """The conversion to ``job.to`` by ``tf.cast``, or by another function of tensor and dtype."""
        function = resolve(job.path)
        return lambda x: function(x, self.tf.as_dtype(job.to))

    def _gradient(self, function, number):
        """What ``tf.gradients`` gives for the sum of the function's results: its derivative, element by element."""

        def gradient(*args):
            result = function(*args)
            try:
                found = self.tf.gradients(result, [args[number]])[0]
            except LookupError as error:  # no rule was ever registered for the op
                raise UnsupportedError("TensorFlow has no gradient here ({})".format(one_line(error)))
            if found is None:
                raise UnsupportedError("TensorFlow has no gradient here")
            return found

        return gradient

    # -- whole arrays ------------------------------------------------------------------------------
    def arrays(self, job):
        """``([(array in storage form, dtype name)], seconds)`` of a program on whole arrays."""
        if job.mode not in (None, self.mode):
            raise UnsupportedError("TensorFlow {} is measured in graph mode only".format(self.version))
        return self._guarded(lambda: self._arrays(job))

    def _arrays(self, job):
        read = job.read()
        names, dtypes = [name for name, _, _, _ in read], [dtype for _, dtype, _, _ in read]
        values = [_typed(arrayjobs.ordered(a, order), dtype) for _, dtype, a, order in read]

        def body(*args):
            tensors = [self._tensor(a, dtype) for a, dtype in zip(args, dtypes)]
            return arrayjobs.results_of(job.program.run(dict(zip(names, tensors), **job.parameters)))

        if job.constant:
            graph = self.sessions.once([], lambda: body(*[self.tf.constant(v) for v in values]))
            values = []
        else:
            shapes = [(_fed(dtype), v.shape) for dtype, v in zip(dtypes, values)]
            graph = self.sessions.built(("arrays",) + job.key, (), shapes, body)
        try:
            results, seconds = clocked(lambda: [graph(values) for _ in range(job.repeat)], job.timed)
        finally:
            if job.constant:
                graph.close()
        return [(np.asarray(r), n) for group in results for r, n in zip(group, graph.names)], seconds

    # -- what it is --------------------------------------------------------------------------------
    def compute(self, name, *arrays):
        """``tf.<name>`` of arrays, for the probes."""
        function = getattr(self.tf, name)
        shapes = [(a.dtype.name, a.shape) for a in arrays]
        return self.sessions.built(("probe", name), (), shapes, lambda *args: [function(*args)])(arrays)[0]

    def provenance(self):
        told = tensorflow_provenance.of_tensorflow(self)
        folded = sessions.folds_constants(self.tf, self.sessions)
        devices = sessions.devices(self.sessions)
        return dict(told, execution="session", devices=devices, constants_folded=folded)

    def onednn(self):
        """``{"enabled", "rewrites_graphs"}``: what the library says, and what it does to a matrix product."""
        try:
            from tensorflow.python import pywrap_tensorflow
        except ImportError:
            pywrap_tensorflow = None
        asked = getattr(pywrap_tensorflow, "IsMklEnabled", None)  # in releases from 1.9 to 2.2
        rewrites = sessions.rewrites_products(self.tf, self.sessions)
        return {"enabled": bool(asked()) if asked else None, "rewrites_graphs": rewrites}

    def found(self, what):
        """What holds of ``onednn``, ``gpus`` (their number) or ``threads`` (intra, inter) in the sessions."""
        if what == "onednn":
            return self.onednn()
        if what == "gpus":
            return 0  # the sessions are told to use none
        config = self.sessions.config
        return config.intra_op_parallelism_threads, config.inter_op_parallelism_threads

    def verify(self, expect):
        """One sentence about the first expectation that does not hold, or ``None``."""
        return settings.unmet_by_tensorflow(self.version, expect, self.found)

    def _guarded(self, evaluation):
        """The evaluation's result; whatever TensorFlow raises becomes one of the two ways of ending badly."""
        try:
            return evaluation()
        except (UnsupportedError, RefusedError):
            raise
        except Exception as error:
            if tensorflow_errors.says_unsupported(error):
                raise UnsupportedError(tensorflow_errors.reason(error))
            traceback.print_exc()  # whole, for the log
            sys.stderr.flush()
            raise RefusedError(tensorflow_errors.reason(error))


def _fed(dtype):
    """Name of the dtype in which arrays of ``dtype`` are fed."""
    return dtype if dtype == "bool" else np.dtype(STORAGE[dtype]).name


def _typed(array, dtype):
    return np.asarray(array).view(np.bool_) if dtype == "bool" else array


def _joined(results, names):
    """One array in storage form out of the results of all calls, and the name of its dtype."""
    if len(names) != 1:
        raise RefusedError("results of different pieces have different dtypes")
    name = names.pop()
    if len(results) == 1:
        return np.asarray(results[0]), name
    return np.concatenate([np.atleast_1d(r) for r in results]), name
