"""Traced and compiled TensorFlow functions: made once a shape, called with little overhead, dropped in time."""

import gc
from collections import OrderedDict

import numpy as np
from common import UNUSUAL_LAYOUTS

KEPT_PATHS = 2
"""Function × dtype pairs whose traces are kept; a case asks for one pair many times and never comes back to it."""
COLLECT_EVERY = 8


class Functions(object):
    """Callables for one execution mode (``eager``, ``graph``, ``xla``)."""

    def __init__(self, tf, mode):
        self.tf, self.mode = tf, mode
        self.kept = OrderedDict()
        self.dropped = 0
        self.direct = None
        self.probe = (None, None)

    def caller(self, function, tensors, job):
        """A callable over lists of tensors shaped like ``tensors`` that applies ``function`` as ``job`` says."""
        layouts = UNUSUAL_LAYOUTS if job.layout == "each" else (job.layout,)
        bodies = [sliced(function, layout) for layout in layouts] * len(job.cuts)
        body = bodies[0] if len(bodies) == 1 else every(bodies)
        if self.mode == "eager":
            return lambda piece: body(*piece)
        traces = self._traces(job.key)
        key = (job.layout, len(bodies)) + tuple(tuple(t.shape) for t in tensors)
        if key not in traces:
            traces[key] = self._trace(body, tensors)
        return traces[key]

    def whole(self, body, tensors, job):
        """A callable over the tensors of an array job, which gives a list of results; the latest is kept."""
        if self.mode == "eager":
            return lambda piece: body(*piece)
        if job.constant:
            made = self._function(lambda: body(*tensors)).get_concrete_function()
            return lambda piece: made()
        key = ("arrays",) + job.key
        if self.probe[0] != key:
            self.probe = (None, None)  # the old program goes before the new one comes
            specs = [self.tf.TensorSpec(t.shape, t.dtype) for t in tensors]
            made = self._function(body).get_concrete_function(*specs)
            self.probe = (key, lambda piece: made(*piece))
        return self.probe[1]

    def plain(self, function, tensors):
        """Like :meth:`caller` for a whole array; the latest is kept."""
        if self.mode == "eager":
            return lambda piece: function(*piece)
        key = (function,) + tuple((t.dtype, tuple(t.shape)) for t in tensors)
        if self.probe[0] != key:
            self.probe = (key, self._trace(lambda *args: function(*args), tensors))
        return self.probe[1]

    def constant(self, function, arrays, job):
        """A callable without arguments that has the arrays inside, as constants of the graph."""
        tf = self.tf
        body = sliced(function, job.layout)
        dtype = getattr(tf, job.dtype)
        if job.dtype == "bfloat16":
            # A bit pattern would have to be reinterpreted at run time: the constant is the number itself.
            arrays = [tf.bitcast(tf.constant(a), dtype).numpy() for a in arrays]

        def inside():
            return body(*[tf.constant(a, dtype=dtype) for a in arrays])

        return self._function(inside).get_concrete_function()

    def _function(self, body):
        try:
            return self.tf.function(body, jit_compile=self.mode == "xla" or None, autograph=False)
        except TypeError:  # TensorFlow < 2.5
            return self.tf.function(body, experimental_compile=self.mode == "xla" or None, autograph=False)

    def _trace(self, body, tensors):
        specs = [self.tf.TensorSpec(t.shape, t.dtype) for t in tensors]
        concrete = self._function(body).get_concrete_function(*specs)
        if self.direct is None:
            self.direct = self._direct_works(concrete, tensors)
        if not self.direct:
            return lambda piece: concrete(*piece)
        captured = concrete.captured_inputs

        def call(piece):
            return concrete._call_flat(piece, captured)

        return call

    def _direct_works(self, concrete, tensors):
        """Whether this release has the call without argument binding, six times faster for a short array."""
        try:
            direct = self.tf.nest.flatten(concrete._call_flat(list(tensors), concrete.captured_inputs))
            bound = self.tf.nest.flatten(concrete(*tensors))
            return [d.numpy().tobytes() for d in direct] == [b.numpy().tobytes() for b in bound]
        except (AttributeError, TypeError):
            return False

    def _traces(self, key):
        if key in self.kept:
            self.kept.move_to_end(key)
            return self.kept[key]
        while len(self.kept) >= KEPT_PATHS:
            self.kept.popitem(last=False)
            self.dropped += 1
            if self.dropped % COLLECT_EVERY == 0:
                gc.collect()  # traces refer to themselves
        self.kept[key] = {}
        return self.kept[key]


def sliced(function, layout):
    """``function`` of the slices that ``layout`` names, so that a compiler sees slice and function together."""
    if layout == "strided":
        return lambda *args: function(*[t[::2] for t in args])
    if layout == "offset":
        return lambda *args: function(*[t[1:] for t in args])
    if layout == "reversed":
        return lambda *args: function(*[t[::-1] for t in args])
    return lambda *args: function(*args)


def laid_out(array, layout):
    """The longer or turned array out of which :func:`sliced` makes ``array`` again."""
    if layout == "strided":
        return np.repeat(array, 2)
    if layout == "offset":
        return np.concatenate([array[:1], array])
    return array[::-1].copy() if layout == "reversed" else array


def every(bodies):
    """One function of the arguments of all ``bodies``, body by body, with a result for each."""

    def each(*args):
        count = len(args) // len(bodies)
        return [body(*args[i * count : (i + 1) * count]) for i, body in enumerate(bodies)]

    return each


def onednn_enabled():
    """What TensorFlow says of oneDNN in its CPU ops; ``None`` where it cannot be asked."""
    try:
        from tensorflow.python.util import _pywrap_util_port
    except ImportError:
        return None
    asked = getattr(_pywrap_util_port, "IsMklEnabled", None)
    return None if asked is None else bool(asked())


def onednn_rewrites(tf):
    """Whether the graph that TensorFlow really runs for a matrix product uses oneDNN's op; ``None`` if it hides it."""
    try:
        from tensorflow.python.eager import context

        with tf.device("/CPU:0"):
            ones = tf.ones((64, 64))
            product = tf.function(lambda a, b: tf.nn.relu(tf.matmul(a, b)), autograph=False)
            context.enable_run_metadata()
            try:
                product(ones, ones)
                graphs = context.export_run_metadata().partition_graphs
            finally:
                context.disable_run_metadata()
    except Exception:  # private interfaces: any change of them means that the question cannot be asked
        return None
    ops = {node.op for graph in graphs for node in graph.node}
    if not any("MatMul" in op for op in ops):
        return None
    return any(op.startswith("_Mkl") for op in ops)
