"""Programs of the catalogue: one Python expression over named operands and parameters, walked instead of executed.

``numpy.linalg.solve(x, y)``, ``tensorflow.math.reduce_sum(x, axis=axis)``, ``(x + y) - y``. Allowed are names that are
given, literals, lists and tuples, dotted paths into the library (called or handed on), arithmetic, comparisons and
subscripts. Nothing of it ever comes from a spec.

Runs inside the target's interpreter (Python >= 3.6): standard library and NumPy only.
"""

import ast
import operator

from common import RefusedError, UnsupportedError, resolve

BINARY = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.Pow: operator.pow,
    ast.MatMult: operator.matmul,
}
UNARY = {ast.USub: operator.neg, ast.UAdd: operator.pos}


class Program(object):
    """A parsed program; :meth:`run` evaluates it with values for its names."""

    def __init__(self, text):
        self.text = text
        self.tree = ast.parse(text, mode="eval").body

    def run(self, values):
        """The result, as the library returns it; ``values`` maps names to operands and parameters."""
        return _value(self.tree, values)


def _value(node, values):
    if isinstance(node, ast.Name):
        if node.id in values:
            return values[node.id]
        raise RefusedError("the program's name {!r} has no value".format(node.id))
    if isinstance(node, ast.Attribute):
        return _attribute(node, values)
    if isinstance(node, ast.Call):
        args = [_value(a, values) for a in node.args]
        return _value(node.func, values)(*args, **{k.arg: _value(k.value, values) for k in node.keywords})
    if isinstance(node, ast.BinOp) and type(node.op) in BINARY:
        return BINARY[type(node.op)](_value(node.left, values), _value(node.right, values))
    if isinstance(node, ast.UnaryOp) and type(node.op) in UNARY:
        return UNARY[type(node.op)](_value(node.operand, values))
    if isinstance(node, (ast.List, ast.Tuple)):
        items = [_value(item, values) for item in node.elts]
        return items if isinstance(node, ast.List) else tuple(items)
    if isinstance(node, ast.Subscript):
        return _value(node.value, values)[_index(node.slice, values)]
    try:
        return ast.literal_eval(node)
    except ValueError:
        raise RefusedError("a program has no {} in it".format(type(node).__name__))


def _attribute(node, values):
    """A dotted path into a library, or an attribute or method of a value."""
    parts, inner = [node.attr], node.value
    while isinstance(inner, ast.Attribute):
        parts.append(inner.attr)
        inner = inner.value
    if isinstance(inner, ast.Name) and inner.id not in values:
        return resolve(".".join([inner.id] + parts[::-1]))
    try:
        return getattr(_value(node.value, values), node.attr)
    except AttributeError as error:
        raise UnsupportedError(str(error))


def _index(node, values):
    if isinstance(node, ast.Slice):
        return slice(*[None if part is None else _value(part, values) for part in (node.lower, node.upper, node.step)])
    if isinstance(node, ast.Tuple):
        return tuple(_index(part, values) for part in node.elts)
    if type(node).__name__ == "ExtSlice":  # Python 3.8 and older
        return tuple(_index(part, values) for part in node.dims)
    if type(node).__name__ == "Index":  # Python 3.8 and older
        return _index(node.value, values)
    return _value(node, values)


def flat(result):
    """The results of a call as a list: a tuple, list or namedtuple one by one, anything else alone."""
    if isinstance(result, (tuple, list)):
        return [part for item in result for part in flat(item)]
    return [result]
