"""TensorFlow behind the worker's small interface: eager, ``tf.function``, ``tf.function(jit_compile=True)``.

Inputs are traced arguments unless a compile-time constant is asked for: the two give different results (XLA folds
constants with its own evaluator). Every length is traced and compiled for itself, as a user's call would be.
"""

import os
import sys
import traceback
import warnings

import arrayjobs
import compiled
import numpy as np
import settings
import tensorflow as tf
import tensorflow_errors
import tensorflow_provenance
from common import UNUSUAL_LAYOUTS, RefusedError, UnsupportedError, clocked, one_line, resolve

OPTIONS = {"threads", "inter_threads", "deterministic", "tf32"}


class Adapter(object):
    """``load()``, ``resolve(path)``, ``evaluate(job)``, ``provenance()``, ``verify(expect)``."""

    name = "TensorFlow"

    def __init__(self, mode, device, options):
        self.tf = tf
        self.mode, self.device = mode, device
        self.options = dict(options)
        self.functions = compiled.Functions(tf, mode)
        self.others = {}
        self.place = "/{}:0".format(device)

    @property
    def version(self):
        return tf.__version__

    def load(self):
        """Threads, visible devices, silence; returns why the target cannot be had, or ``None``."""
        warnings.simplefilter("ignore")
        np.seterr(all="ignore")
        tf.get_logger().setLevel("ERROR")
        unknown = sorted(set(self.options) - OPTIONS)
        if unknown:
            return "TensorFlow has no option {!r} here".format(unknown[0])
        if self.device == "GPU":
            if not self._devices().list_physical_devices("GPU"):
                return "TensorFlow sees no GPU"
        else:
            self._devices().set_visible_devices([], "GPU")
        intra = self.options.get("threads", os.environ.get("TF_NUM_INTRAOP_THREADS") or 1)
        inter = self.options.get("inter_threads", os.environ.get("TF_NUM_INTEROP_THREADS") or 1)
        tf.config.threading.set_intra_op_parallelism_threads(int(intra))
        tf.config.threading.set_inter_op_parallelism_threads(int(inter))
        switches = (("deterministic", "enable_op_determinism"), ("tf32", "enable_tensor_float_32_execution"))
        for option, name in switches:
            if option in self.options and not hasattr(tf.config.experimental, name):
                return "TensorFlow {} has no option {!r}".format(tf.__version__, option)
        if self.options.get("deterministic"):
            tf.config.experimental.enable_op_determinism()
        if "tf32" in self.options:
            tf.config.experimental.enable_tensor_float_32_execution(bool(self.options["tf32"]))
        return None

    def _devices(self):
        """Where the functions about devices are: TensorFlow 2.0 has them among the experimental ones only."""
        return tf.config if hasattr(tf.config, "set_visible_devices") else tf.config.experimental

    def resolve(self, path):
        return resolve(path)

    def evaluate(self, job):
        """``(values, dtype name, seconds)``; values in storage form, shape (job.expected,)."""
        if job.constant and self.mode == "eager":
            raise UnsupportedError("eager execution has no compile-time constants")
        function = self._cast(job) if job.to else job.function()
        if job.gradient is not None:
            function = self._gradient(function, job.gradient)
        arrays = job.read()
        return self._guarded(lambda: self._evaluate(job, function, arrays))

    def arrays(self, job):
        """``([(array in storage form, dtype name)], seconds)`` of a program on whole arrays."""
        if job.constant and self.mode == "eager":
            raise UnsupportedError("eager execution has no compile-time constants")
        return self._guarded(lambda: self._arrays(job))

    def _arrays(self, job):
        read = job.read()
        names = [name for name, _, _, _ in read]
        tensors = [self._tensor(arrayjobs.ordered(a, order), dtype) for _, dtype, a, order in read]

        def body(*args):
            return arrayjobs.results_of(job.program.run(dict(zip(names, args), **job.parameters)))

        call = self._functions_of(job.mode).whole(body, tensors, job)
        results, seconds = clocked(lambda: [call(tensors) for _ in range(job.repeat)], job.timed, self._waited)
        return [self._stored(r) for group in results for r in group], seconds

    def _functions_of(self, mode):
        """Callables for the mode that a request names, the target's own where it names none."""
        if mode in (None, self.mode):
            return self.functions
        if mode not in ("eager", "graph", "xla"):
            raise RefusedError("unknown mode {!r}".format(mode))
        if mode not in self.others:
            self.others[mode] = compiled.Functions(tf, mode)
        return self.others[mode]

    def _waited(self, results):
        """Waits for an asynchronous device, so that the clock sees the work."""
        if self.device == "GPU":
            for result in results[-1]:
                tf.convert_to_tensor(result).numpy()

    def _stored(self, result):
        """One result in storage form, and the name of its dtype."""
        result = tf.convert_to_tensor(result)
        name = result.dtype.name
        if name == "bfloat16":
            result = tf.bitcast(result, tf.uint16)
        return result.numpy(), name

    def _guarded(self, evaluation):
        """The evaluation's result; whatever TensorFlow raises becomes one of the two ways of ending badly."""
        try:
            with tf.device(self.place):
                return evaluation()
        except (UnsupportedError, RefusedError):
            raise
        except Exception as error:
            if tensorflow_errors.says_unsupported(error):
                raise UnsupportedError(tensorflow_errors.reason(error))
            traceback.print_exc()  # whole, for the log
            sys.stderr.flush()
            raise RefusedError(tensorflow_errors.reason(error))

    def _cast(self, job):
        """The conversion to ``job.to`` by ``tf.cast``, or by another function of tensor and dtype."""
        function, wanted = resolve(job.path), tf.as_dtype(job.to)
        return lambda x: function(x, wanted)

    def _gradient(self, function, number):
        """What ``GradientTape`` gives for the sum of the function's results: its derivative, element by element."""

        def gradient(*args):
            with tf.GradientTape(watch_accessed_variables=False) as tape:
                tape.watch(args[number])
                result = function(*args)
            try:
                found = tape.gradient(result, args[number])
            except LookupError as error:  # no rule was ever registered for the op
                raise UnsupportedError("TensorFlow has no gradient here ({})".format(one_line(error)))
            if found is None:
                raise UnsupportedError("TensorFlow has no gradient here")
            return found

        return gradient

    def _evaluate(self, job, function, arrays):
        if job.constant:
            call = self.functions.constant(function, [compiled.laid_out(a, job.layout) for a in arrays], job)
            results, seconds = clocked(lambda: [call()], job.timed, self._settle)
            return self._joined(results) + (seconds,)
        layouts = UNUSUAL_LAYOUTS if job.layout == "each" else (job.layout,)
        laid_out = [compiled.laid_out(a, layout) for layout in layouts for a in arrays]
        tensors = [self._tensor(a, job.dtype) for a in laid_out]
        if isinstance(job.cut, list):
            return self._in_several_cuts(job, function, tensors)
        pieces = self._pieces(tensors, job.cut, job.layout)
        call = self.functions.caller(function, pieces[0], job)
        results, seconds = clocked(lambda: [call(piece) for piece in pieces], job.timed, self._settle)
        return self._joined(results[0] if job.layout == "each" else results) + (seconds,)

    def _in_several_cuts(self, job, function, tensors):
        """The pieces of all cuts; compiled, one program takes a piece of each, because programs and calls are dear.

        The pieces of a program have different shapes, so each has code of its own, as in a program of its own.
        """
        groups = [self._pieces(tensors, cut, job.layout) for cut in job.cuts]
        if self.mode == "eager":
            results, seconds = clocked(lambda: [function(*p) for g in groups for p in g], job.timed, self._settle)
            return self._joined(results) + (seconds,)
        together = [
            [t for group in groups for t in group[i % len(group)]] for i in range(max(len(group) for group in groups))
        ]
        call = self.functions.caller(function, together[0], job)
        rows, seconds = clocked(lambda: [call(piece) for piece in together], job.timed, self._settle)
        results = [row[k] for k, group in enumerate(groups) for row in rows[: len(group)]]
        return self._joined(results) + (seconds,)

    def compute(self, name, *arrays):
        """``tf.math``'s function of that name on arrays, in this target's mode, for the probes."""
        with tf.device(self.place):
            tensors = [tf.constant(a) for a in arrays]
            return self.functions.plain(getattr(tf.math, name), tensors)(tensors).numpy()

    def provenance(self):
        return tensorflow_provenance.of_tensorflow(self)

    def onednn(self):
        """``{"enabled", "rewrites_graphs"}``: what the library says, and what it does to a matrix product."""
        return {"enabled": compiled.onednn_enabled(), "rewrites_graphs": compiled.onednn_rewrites(tf)}

    def found(self, what):
        """What the running library says of ``onednn``, ``gpus`` (their number) or ``threads`` (intra, inter)."""
        if what == "onednn":
            return self.onednn()
        if what == "gpus":
            return len(self._devices().list_physical_devices("GPU"))
        threading = tf.config.threading
        return threading.get_intra_op_parallelism_threads(), threading.get_inter_op_parallelism_threads()

    def verify(self, expect):
        """One sentence about the first expectation that does not hold, or ``None``."""
        return settings.unmet_by_tensorflow(tf.__version__, expect, self.found)

    def _tensor(self, array, dtype):
        if dtype == "bfloat16":
            return tf.bitcast(tf.constant(array), tf.bfloat16)
        return tf.constant(array.view(np.bool_) if dtype == "bool" else array)

    def _pieces(self, tensors, cut, layout):
        """Argument lists, one a call."""
        if cut is None:
            return [tensors]
        if layout != "contiguous":
            raise UnsupportedError("layouts are tried on whole arrays")
        if cut == "scalar":
            split = [tf.unstack(t) for t in tensors]
        else:
            split = [tf.unstack(tf.reshape(t, (-1, cut))) for t in tensors]
        return [list(piece) for piece in zip(*split)]

    def _settle(self, results):
        """Waits for an asynchronous device, so that the clock sees the work."""
        if self.device == "GPU":
            results[-1].numpy()

    def _joined(self, results):
        """One array in storage form out of the results of all calls, and the name of its dtype."""
        if not all(tf.is_tensor(r) for r in results):
            if isinstance(results[0], (tuple, list)):
                raise RefusedError("the function returns {} values".format(len(results[0])))
            results = [tf.convert_to_tensor(r) for r in results]
        if any(r.dtype != results[0].dtype for r in results):
            raise RefusedError("results of different pieces have different dtypes")
        if len(results) == 1:
            joined = results[0]
        else:
            joined = tf.concat([r if r.shape.rank else tf.reshape(r, (1,)) for r in results], 0)
        name = joined.dtype.name
        if name == "bfloat16":
            joined = tf.bitcast(joined, tf.uint16)
        return joined.numpy(), name
