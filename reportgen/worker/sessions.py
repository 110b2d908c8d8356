"""Graphs of TensorFlow 1.x and the sessions that run them: made once a shape, dropped in time."""

from collections import OrderedDict

import numpy as np
from common import UnsupportedError

KEPT_PATHS = 2
"""Function × dtype pairs whose graphs are kept; a case asks for one pair many times and never comes back to it."""


class Built(object):
    """One graph with its session: inputs are fed to placeholders, results fetched as NumPy arrays.

    ``make`` is called inside the graph with the placeholders and returns the results, tensors or what can become one;
    ``shapes`` are (dtype, shape) pairs of the placeholders. No device is named, as in users' programs: what the CPU
    has no kernel for (``sinh`` of float16) TensorFlow 1.15 then runs on a second device, XLA_CPU.
    """

    def __init__(self, tf, config, shapes, make):
        self.graph = tf.Graph()
        with self.graph.as_default():
            self.feeds = [tf.placeholder(dtype, shape) for dtype, shape in shapes]
            results = [tf.convert_to_tensor(r) for r in make(*self.feeds)]
            self.names = [r.dtype.base_dtype.name for r in results]
            # NumPy does not know the dtype: its bits are fetched.
            self.fetches = [tf.bitcast(r, tf.uint16) if n == "bfloat16" else r for r, n in zip(results, self.names)]
        self.session = tf.Session(graph=self.graph, config=config)

    def __call__(self, arrays):
        """The results for one set of arguments, arrays in storage form."""
        return self.session.run(self.fetches, dict(zip(self.feeds, arrays)))

    def ops(self, tf, arrays):
        """Types of the operations that the runtime really executes, after its optimisations."""
        options, told = tf.RunOptions(output_partition_graphs=True), tf.RunMetadata()
        self.session.run(self.fetches, dict(zip(self.feeds, arrays)), options=options, run_metadata=told)
        return {node.op for graph in told.partition_graphs for node in graph.node}

    def close(self):
        self.session.close()


class Sessions(object):
    """The graphs of one worker, by what is computed and by the shapes of the arguments."""

    def __init__(self, tf, config):
        self.tf, self.config = tf, config
        self.kept = OrderedDict()

    def built(self, key, detail, shapes, make):
        """The graph of ``make`` for placeholders of ``shapes``, made if it is not at hand; see :class:`Built`."""
        if key in self.kept:
            self.kept.move_to_end(key)
        else:
            while len(self.kept) >= KEPT_PATHS:
                for graph in self.kept.popitem(last=False)[1].values():
                    graph.close()
            self.kept[key] = {}
        graphs = self.kept[key]
        full = (detail, tuple((str(dtype), tuple(shape)) for dtype, shape in shapes))
        if full not in graphs:
            graphs[full] = self.once(shapes, make)
        return graphs[full]

    def once(self, shapes, make):
        """A graph that is not kept; the caller closes it."""
        return Built(self.tf, self.config, shapes, make)


def rewrites_products(tf, sessions):
    """Whether the graph that TensorFlow really runs for a matrix product uses oneDNN's op."""
    ones = np.ones((64, 64), np.float32)
    graph = sessions.once([("float32", ones.shape)] * 2, lambda a, b: [tf.nn.relu(tf.matmul(a, b))])
    try:
        return any(op.startswith("_Mkl") for op in graph.ops(tf, [ones, ones]))
    finally:
        graph.close()


def devices(sessions):
    """Types of the devices among which a session chooses; ``None`` before 1.3, which does not tell."""
    graph = sessions.once([], lambda: [0.0])
    try:
        listed = getattr(graph.session, "list_devices", None)
        return None if listed is None else sorted({device.device_type for device in listed()})
    finally:
        graph.close()


def folds_constants(tf, sessions):
    """Whether an operation on constants is computed before the graph runs, so that it is no part of it any more."""
    graph = sessions.once([], lambda: [tf.exp(tf.constant([0.5, 1.5])) + 1.0])
    try:
        return "Exp" not in graph.ops(tf, [])
    finally:
        graph.close()


def pieces(arrays, cut, layout):
    """Argument lists, one a call, of arrays in storage form."""
    if cut is None:
        return [arrays]
    if layout != "contiguous":
        raise UnsupportedError("layouts are tried on whole arrays")
    split = [list(a) if cut == "scalar" else list(a.reshape(-1, cut)) for a in arrays]
    return [list(piece) for piece in zip(*split)]


def together(groups):
    """A piece of each cut in every call, so that one graph serves all cuts; and how many pieces each cut has.

    The pieces of a graph have different shapes, so each has operations of its own, as in a graph of its own.
    """
    longest = max(len(group) for group in groups)
    rows = [[a for group in groups for a in group[i % len(group)]] for i in range(longest)]
    return rows, [len(group) for group in groups]
