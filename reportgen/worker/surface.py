"""What a library offers: every public callable of the namespaces that hold its numeric functions.

Runs inside the target's interpreter (Python >= 3.6) with the standard library and the library under test.
:func:`answer` is what the worker calls for ``{"op": "surface"}``; ``python surface.py numpy`` prints it as JSON.
"""

import importlib
import json
import sys
import types
import warnings

NAMESPACES = {
    "numpy": ("numpy", "numpy.emath", "numpy.linalg", "numpy.fft"),
    "tensorflow": (
        "tensorflow",
        "tensorflow.math",
        "tensorflow.math.special",
        "tensorflow.nn",
        "tensorflow.bitwise",
        "tensorflow.dtypes",
        "tensorflow.experimental.numpy",
        "tensorflow.linalg",
        "tensorflow.signal",
    ),
    "scipy": ("scipy.special",),
}
"""The namespaces that are walked; a release that lacks one has no names in it."""


def kind_of(value):
    """``class``, ``ufunc``, ``function`` or, for what cannot be called and for modules, ``None``."""
    # Lazily loaded modules may answer any question about themselves by loading: ask the type, never the object.
    if issubclass(type(value), types.ModuleType) or not callable(value):
        return None
    if isinstance(value, type):
        return "class"
    return "ufunc" if hasattr(value, "nin") and hasattr(value, "nout") else "function"


def public_callables(module):
    """``[(name, object, kind)]`` of a namespace, sorted by name."""
    found = []
    for name in sorted(set(dir(module))):
        if name.startswith("_"):
            continue
        try:
            value = getattr(module, name)
        except Exception:  # a name that exists only to explain that it is gone
            continue
        kind = kind_of(value)
        if kind is not None:
            found.append((name, value, kind))
    return found


def namespace(path):
    """The module or namespace object at a dotted path, or ``None`` where the library has no such namespace."""
    first, _, rest = path.partition(".")
    found = importlib.import_module(first)
    for i, part in enumerate(rest.split(".") if rest else []):
        if not hasattr(found, part):
            try:
                importlib.import_module(".".join(path.split(".")[: i + 2]))
            except ImportError:
                return None
        found = getattr(found, part)
    return found


def walk(library, paths):
    """``{"library", "version", "namespaces": [{"name", "names": [[name, kind, object]]}]}``.

    ``object`` is a number that two names share if and only if they name one and the same object.
    """
    numbers = {}
    kept = []
    told = []
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for path in paths:
            module = namespace(path)
            names = []
            for name, value, kind in [] if module is None else public_callables(module):
                number = numbers.setdefault(id(value), len(numbers))
                kept.append(value)  # an id is that of this object only as long as it lives
                names.append([name, kind, number])
            told.append({"name": path, "names": names})
    version = getattr(importlib.import_module(library), "__version__", "")
    return {"library": library, "version": str(version), "namespaces": told}


def answer(library):
    """What the worker sends back. Raises ValueError for a library that has no list of namespaces."""
    if library not in NAMESPACES:
        raise ValueError("no namespaces are known for {!r}".format(library))
    return walk(library, NAMESPACES[library])


if __name__ == "__main__":
    json.dump(answer(sys.argv[1]), sys.stdout)
    sys.stdout.write("\n")
