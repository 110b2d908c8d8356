"""What every adapter shares: the job, the storage forms, the two ways in which a library call can end badly.

Runs inside the target's interpreter (Python >= 3.6): standard library and NumPy only.
"""

import importlib
import inspect
import time

import homes
import numpy as np

STORAGE = {
    "bool": "u1",
    "float16": "<f2",
    "bfloat16": "<u2",
    "float32": "<f4",
    "float64": "<f8",
    "complex64": "<c8",
    "complex128": "<c16",
    "int8": "<i1",
    "int16": "<i2",
    "int32": "<i4",
    "int64": "<i8",
    "uint8": "<u1",
    "uint16": "<u2",
    "uint32": "<u4",
    "uint64": "<u8",
}
"""Dtype in which an array of a format travels; bfloat16 as its 16-bit pattern."""

EXCHANGED = frozenset(STORAGE)
"""Result dtypes that both sides can name and store."""

UNUSUAL_LAYOUTS = ("strided", "offset", "reversed")
LAYOUTS = ("contiguous", "each") + UNUSUAL_LAYOUTS
"""``each`` is the three unusual ones, one result after another."""

MOVED = {}
"""Paths asked for in the request under way that this release has elsewhere, with the path that was used."""

TIMED_REPEATS = 5
TIMED_BUDGET = 0.2


class UnsupportedError(Exception):
    """The library has no such function, dtype or way of calling it: a finding, not a fault."""


class RefusedError(Exception):
    """A request that contradicts itself, or a result that is not what the request promises."""


def one_line(error, kind=None, limit=300):
    """``Kind: text`` of an exception (or of a text and its kind) on one line of at most ``limit`` characters."""
    kind = type(error).__name__ if kind is None else kind
    text = " ".join(str(error).split())
    text = "{}: {}".format(kind, text) if text else kind
    return text if len(text) <= limit else text[: limit - 1] + "…"


class Job(object):
    """One ``evaluate`` request, checked."""

    def __init__(self, message):
        self.path = str(message["path"])
        self.program = message.get("program") or ""
        self.keywords = dict(message.get("keywords") or {})
        self.item = message.get("item")
        self.gradient = message.get("gradient")
        self.to = message.get("to") or ""
        self.dtype = message["dtype"]
        self.arity = int(message["arity"])
        self.count = int(message["count"])
        self.input = message["input"]
        self.output = message["output"]
        self.cut = message.get("cut")
        self.layout = message.get("layout") or "contiguous"
        self.constant = bool(message.get("constant"))
        self.reduce = bool(message.get("reduce"))
        self.timed = bool(message.get("timed"))
        self._check()

    def _check(self):
        if self.dtype not in STORAGE:
            raise RefusedError("unknown dtype {!r}".format(self.dtype))
        if self.to and self.to not in STORAGE:
            raise RefusedError("unknown dtype {!r} to cast to".format(self.to))
        if self.gradient is not None and not 0 <= self.gradient < self.arity:
            raise RefusedError("a gradient with respect to argument {!r}".format(self.gradient))
        if self.layout not in LAYOUTS:
            raise RefusedError("unknown layout {!r}".format(self.layout))
        if self.arity < 1 or self.count < 1:
            raise RefusedError("arity and count must be positive")
        if self.layout == "each" and (self.reduce or self.constant or self.cut is not None):
            raise RefusedError("each layout is tried on whole arrays that are arguments")
        if isinstance(self.cut, list) and (self.reduce or self.constant or not self.cut):
            raise RefusedError("several cuts are for arguments of functions, and at least one")
        for cut in self.cuts:
            if cut is None or cut == "scalar":
                continue
            if not isinstance(cut, int) or cut < 1 or self.count % cut:
                raise RefusedError("cut {!r} does not divide {} elements".format(cut, self.count))

    @property
    def key(self):
        """What decides the function that is called; calls of one key may share compiled code."""
        called = (self.path, self.program, repr(sorted(self.keywords.items())), self.item)
        return called + (self.dtype, self.gradient, self.to)

    def function(self, find=None):
        """What is evaluated: the library's function at ``path``, or the program over the arguments x, y, z.

        ``find`` is used in the place of :func:`resolve` for ``path``.
        """
        if not self.program:
            return self.called((find or resolve)(self.path))
        import programs

        program, names = programs.Program(self.program), "xyz"[: self.arity]
        return lambda *args: program.run(dict(zip(names, args)))

    def called(self, function):
        """``function`` with the request's keyword arguments, reduced to the one result that is meant."""
        keywords, item = self.keywords, self.item
        named = list(inspect.signature(function).parameters)[: self.arity] if ".raw_ops." in self.path else []
        if not keywords and item is None and not named:
            return function

        def call(*args):
            # TensorFlow's raw ops take arguments by name only.
            result = function(**dict(zip(named, args), **keywords)) if named else function(*args, **keywords)
            return result if item is None else result[item]

        return call

    @property
    def cuts(self):
        """The cuts one after another, usually one."""
        return self.cut if isinstance(self.cut, list) else [self.cut]

    @property
    def expected(self):
        """Number of elements that the result must have."""
        if not self.reduce:
            return self.count * len(self.cuts) * (len(UNUSUAL_LAYOUTS) if self.layout == "each" else 1)
        if self.cut is None:
            return 1
        return self.count if self.cut == "scalar" else self.count // self.cut

    def read(self):
        """The arguments as fresh arrays of shape (count,) in storage form (copied out of the mapped file)."""
        mapped = np.memmap(self.input, dtype=STORAGE[self.dtype], mode="r", shape=(self.arity, self.count))
        return list(np.array(mapped))

    def write(self, values, name):
        """Stores a result of the named dtype in the output file; a wrong size or dtype is a :class:`RefusedError`."""
        if name not in EXCHANGED:
            raise RefusedError("the result has dtype {}, which cannot be passed on".format(name))
        values = np.ascontiguousarray(values).reshape(-1)
        if values.size != self.expected:
            raise RefusedError("the result has {} elements where {} were expected".format(values.size, self.expected))
        mapped = np.memmap(self.output, dtype=values.dtype, mode="w+", shape=values.shape)
        mapped[...] = values
        return values.size


def resolve(path):
    """The callable at a dotted path, or the same function at an earlier path of an older release.

    Submodules are imported on the way; :class:`UnsupportedError` if the release has no such function. A path other
    than the one asked for is noted in :data:`MOVED`.
    """
    try:
        module = importlib.import_module(path.partition(".")[0])
    except ImportError as error:
        raise UnsupportedError("{} cannot be imported ({})".format(path.partition(".")[0], one_line(error)))
    for place in [path] + homes.earlier(path):
        found = _at(place, module)
        if found is not None:
            break
    else:
        raise UnsupportedError(homes.missing(path, module))
    if not callable(found):
        raise UnsupportedError("{} is not a function".format(place))
    if place != path:
        MOVED[path] = place
    return found


def _at(path, found):
    """The object at a dotted path whose first part is the module ``found``; ``None`` where nothing is."""
    parts = path.split(".")
    for i, part in enumerate(parts[1:], 1):
        try:
            found = getattr(found, part)
            continue
        except AttributeError:
            pass
        try:
            found = importlib.import_module(".".join(parts[: i + 1]))
        except ImportError:
            return None
    return found


def clocked(call, timed, settle=None):
    """``(result, seconds)`` of ``call()``; timed: the median of up to five calls after one that is not counted.

    ``settle`` is called with the result before the clock stops (devices that work asynchronously).
    """
    if timed:
        call()
    times = []
    begun = time.perf_counter()
    while True:
        start = time.perf_counter()
        result = call()
        if settle is not None:
            settle(result)
        times.append(time.perf_counter() - start)
        if not timed or len(times) == TIMED_REPEATS or time.perf_counter() - begun > TIMED_BUDGET:
            return result, sorted(times)[len(times) // 2]
