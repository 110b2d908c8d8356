"""Do NumPy and TensorFlow mean the same? The literal questions, line by line, each one executed.

Runs inside the target's interpreter (Python >= 3.6) with the standard library and the library under test. The
questions stand in ``meaning_lines.py``; nothing but their own texts is ever evaluated. :func:`answer` is what the
worker calls; ``python meaning.py numpy`` prints the lines as JSON.
"""

import json
import re
import sys

import meaning_lines

LIMIT = 200
"""Longest text of a value or an error, in characters."""

LIBRARIES = ("numpy", "tensorflow")
MODES = ("eager", "graph", "xla")


def namespace(library):
    """The names that code may use: ``np``; for TensorFlow ``tf`` and ``tnp`` (``tf.experimental.numpy``) as well."""
    import numpy as np

    names = {"np": np}
    if library == "tensorflow":
        import tensorflow as tf

        names["tf"] = tf
        # TensorFlow before 2.4 has no such module; the lines that use it then end in an error, which is their answer.
        if hasattr(tf, "experimental") and hasattr(tf.experimental, "numpy"):
            names["tnp"] = tf.experimental.numpy
    return names


# -- describing results ------------------------------------------------------------------------------------
def _clip(text):
    text = " ".join(str(text).split())
    return text if len(text) <= LIMIT else text[: LIMIT - 1] + "…"


def _number(value):
    """Shortest text that identifies a number in its own dtype; every NaN is ``nan``, zeros keep their sign."""
    import numpy as np

    name = getattr(getattr(value, "dtype", None), "name", "")
    if name.startswith(("complex", "bool", "str", "bytes", "object")):
        return str(value)
    text = str(value)
    # NumPy writes the float16 4096 as 4.096e+03; readers should not have to.
    if "e" in text and 1e-4 <= abs(float(value)) < 1e16 and hasattr(np, "format_float_positional"):
        text = np.format_float_positional(value, unique=True, trim="0")
    return "nan" if text.lstrip("-") == "nan" else text


def _array(value):
    """Nested lists of numbers as text, so that rank and order can be read off."""
    if value.ndim == 0:
        return _number(value[()])
    return "[" + ", ".join(_array(part) for part in value) + "]"


def describe(result):
    """``(value, dtype)`` as text for whatever a library returned: arrays, tensors, Python values, tuples of them."""
    import numpy as np

    if isinstance(result, (tuple, list)):
        parts = [describe(part) for part in result]
        kinds = []
        for _, kind in parts:
            if kind not in kinds:
                kinds.append(kind)
        inside = ", ".join(value for value, _ in parts)
        return "(" + inside + (",)" if len(parts) == 1 else ")"), ", ".join(kinds)
    if isinstance(result, str):
        return result, "text"
    if result is None or isinstance(result, (bool, int, float, complex)) and not isinstance(result, np.generic):
        return repr(result), "Python " + type(result).__name__
    if hasattr(result, "as_list"):
        return describe(tuple(result.as_list()))
    if isinstance(result, np.dtype) or hasattr(result, "as_numpy_dtype"):
        return result.name, "dtype"
    if hasattr(result, "numpy"):
        return _array(np.asarray(result.numpy())), result.dtype.name
    array = np.asarray(result)
    return _array(array), array.dtype.name


def _first_line(error):
    # TensorFlow puts the name of a graph node, with a running number, around the message: noise that changes.
    bare = re.sub(r"\{\{.*?\}\}", "", str(error)).split(" [Op:")[0]
    text = bare.strip().splitlines()
    return _clip(type(error).__name__ + (": " + text[0] if text else ""))


# -- running -----------------------------------------------------------------------------------------------
def _parts(result):
    return list(result) if isinstance(result, tuple) else [result]


def _call(code, names, library, mode):
    if library != "tensorflow" or mode == "eager":
        return eval(code, dict(names))
    tf = names["tf"]
    if int(tf.__version__.partition(".")[0]) < 2:
        return _in_session(code, names)
    found = []

    def body():
        result = eval(code, dict(names))
        found[:] = [result]
        return [part for part in _parts(result) if tf.is_tensor(part)]

    options = {"jit_compile": True} if mode == "xla" else {}
    tensors = list(tf.function(body, autograph=False, **options)())
    # What is no tensor (a shape, the name of a type) is known when the function is traced and needs no running.
    parts = [tensors.pop(0) if tf.is_tensor(part) else part for part in _parts(found[0])]
    return tuple(parts) if isinstance(found[0], tuple) else parts[0]


def _in_session(code, names):
    """TensorFlow 1.x: what the code makes of a graph, its tensors fetched in a session."""
    tf = names["tf"]
    with tf.Graph().as_default(), tf.Session() as session:
        result = eval(code, dict(names))
        parts = [session.run(part) if isinstance(part, tf.Tensor) else part for part in _parts(result)]
    return tuple(parts) if isinstance(result, tuple) else parts[0]


def execute(code, names, library, mode):
    """``{"code", "value", "dtype", "error"}`` of one text of the table; an exception is an answer like any other."""
    import numpy as np

    told = {"code": code, "value": None, "dtype": None, "error": None}
    try:
        with np.errstate(all="ignore"):
            told["value"], told["dtype"] = describe(_call(code, names, library, mode))
        told["value"] = _clip(told["value"])
    except Exception as error:  # the library may raise anything at all
        told["error"] = _first_line(error)
    return told


def run(library, mode="eager", lines=None):
    """Every line answered by one library.

    Returns a list of dictionaries ``id, group, question, same, differs, code, value, dtype, error``: ``same`` and
    ``differs`` are the sentences that hold if the measured answers agree or do not; ``value`` and ``dtype`` are
    texts, ``error`` is the exception's class and first line, and either ``error`` or the other two are None.

    Raises ValueError for a library or mode that is not known.
    """
    import warnings

    if library not in LIBRARIES or mode not in MODES:
        raise ValueError("no questions for {!r} in mode {!r}".format(library, mode))
    names = namespace(library)
    answers = []
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for line in meaning_lines.LINES if lines is None else lines:
            told = {key: line[key] for key in ("id", "group", "question", "same", "differs")}
            told.update(execute(line[library], names, library, mode))
            answers.append(told)
    return answers


def answer(library, mode="eager", message=None):
    """What the worker sends back for ``{"op": "meaning"}``; with ``"apart": true`` see :mod:`meaning_apart`."""
    if message and message.get("apart"):
        import meaning_apart

        return meaning_apart.run(library, mode)
    return run(library, mode)


# -- comparing ---------------------------------------------------------------------------------------------
def same(first, second):
    """Whether two answers to one line mean the same: equal value and dtype, or both an error."""
    if first["error"] is not None or second["error"] is not None:
        return first["error"] is not None and second["error"] is not None
    return first["value"] == second["value"] and first["dtype"] == second["dtype"]


def compare(first, second):
    """``{id: True or False}`` for two lists of answers; ValueError unless both answer the same lines in order."""
    ids = [line["id"] for line in first]
    if ids != [line["id"] for line in second]:
        raise ValueError("the two lists answer different questions")
    return {a["id"]: same(a, b) for a, b in zip(first, second)}


if __name__ == "__main__":
    json.dump(run(sys.argv[1], *sys.argv[2:3]), sys.stdout, ensure_ascii=True, indent=1)
    sys.stdout.write("\n")
