"""The request ``arrays``: one program on whole arrays of any shape, its results with their shapes.

Runs inside the target's interpreter (Python >= 3.6): standard library and NumPy only.
"""

import numpy as np
from common import STORAGE, RefusedError, UnsupportedError
from programs import Program, flat

ORDERS = ("C", "F", "strided", "offset", "reversed")
"""Memory layouts of an operand: row by row, column by column, every second element of a longer last axis, one element
into an aligned buffer, with negative strides in every axis."""


class ArrayJob(object):
    """One ``arrays`` request, checked. ``repeat``: how many times to evaluate, all results being kept.

    ``mode``: an execution mode in the place of the target's own, for libraries that have several.
    """

    def __init__(self, message):
        self.program = Program(message["program"])
        self.operands = message["operands"]
        self.parameters = dict(message.get("parameters") or {})
        self.input = message["input"]
        self.output = message["output"]
        self.timed = bool(message.get("timed"))
        self.constant = bool(message.get("constant"))
        self.repeat = int(message.get("repeat") or 1)
        self.mode = message.get("mode")
        for operand in self.operands:
            if operand["dtype"] not in STORAGE:
                raise RefusedError("unknown dtype {!r}".format(operand["dtype"]))
            if operand.get("order", "C") not in ORDERS:
                raise RefusedError("unknown layout {!r}".format(operand["order"]))
        if self.repeat < 1:
            raise RefusedError("repeat must be positive")

    @property
    def key(self):
        """What decides the compiled code."""
        operands = tuple((o["name"], o["dtype"], tuple(o["shape"]), o.get("order", "C")) for o in self.operands)
        return (self.program.text, operands, repr(sorted(self.parameters.items())))

    def read(self):
        """``[(name, dtype name, array in storage form, order)]`` of the operands, copied out of the file."""
        out, start = [], 0
        for operand in self.operands:
            dtype, shape = np.dtype(STORAGE[operand["dtype"]]), tuple(operand["shape"])
            count = int(np.prod(shape, dtype=np.int64))
            if count:
                mapped = np.memmap(self.input, dtype=dtype, mode="r", offset=start, shape=(count,))
                array = np.array(mapped).reshape(shape)
            else:
                array = np.empty(shape, dtype)
            start += count * dtype.itemsize
            out.append((operand["name"], operand["dtype"], array, operand.get("order", "C")))
        return out

    def write(self, results):
        """Stores ``[(array in storage form, dtype name)]`` one after another; what the reply says of them."""
        said = []
        with open(self.output, "wb") as stream:
            for values, name in results:
                if name not in STORAGE:
                    raise UnsupportedError("the result has dtype {}, which cannot be passed on".format(name))
                values = np.asarray(values)
                stream.write(np.ascontiguousarray(values).tobytes())
                said.append({"dtype": name, "shape": list(values.shape)})
        return said


def ordered(array, order):
    """The same values in another memory layout."""
    if order == "F":
        return np.asfortranarray(array)
    if order == "strided" and array.ndim:
        return np.repeat(array, 2, axis=-1)[..., ::2]
    if order == "reversed":
        back = tuple(slice(None, None, -1) for _ in range(array.ndim))
        return array[back].copy()[back]
    if order == "offset":
        buffer = np.empty(array.size + 1, array.dtype)
        buffer[1:] = array.reshape(-1)
        return buffer[1:].reshape(array.shape)
    return array


def results_of(result):
    """The results of one call, one by one."""
    found = flat(result)
    if not found:
        raise RefusedError("the program returns nothing")
    return found
