"""Where a function of the catalogue lived in earlier releases: other names of the very same function.

The catalogue writes today's names (``tensorflow.math.exp``). A release that is older than a name may have the function
under an earlier one (``tensorflow.exp``); only names of one and the same function stand here, never a function that
merely computes something alike.

Runs inside the target's interpreter (Python >= 3.6): standard library only.
"""

MOVED = {
    # TensorFlow: names of 1.x, for those of 2.x (the table of renamed symbols in tools/compatibility/renames_v2.py)
    "tensorflow.math.softplus": ("tensorflow.nn.softplus",),
    "tensorflow.math.softsign": ("tensorflow.nn.softsign",),
    "tensorflow.math.top_k": ("tensorflow.nn.top_k",),
    "tensorflow.math.in_top_k": ("tensorflow.nn.in_top_k",),
    "tensorflow.math.l2_normalize": ("tensorflow.nn.l2_normalize",),
    "tensorflow.math.zero_fraction": ("tensorflow.nn.zero_fraction",),
    "tensorflow.nn.silu": ("tensorflow.nn.swish",),
    "tensorflow.linalg.det": ("tensorflow.matrix_determinant",),
    "tensorflow.linalg.inv": ("tensorflow.matrix_inverse",),
    "tensorflow.linalg.eigh": ("tensorflow.self_adjoint_eig",),
    "tensorflow.linalg.eigvalsh": ("tensorflow.self_adjoint_eigvals",),
    "tensorflow.linalg.lstsq": ("tensorflow.matrix_solve_ls",),
    "tensorflow.linalg.solve": ("tensorflow.matrix_solve",),
    "tensorflow.linalg.triangular_solve": ("tensorflow.matrix_triangular_solve",),
    "tensorflow.linalg.band_part": ("tensorflow.matrix_band_part",),
    "tensorflow.linalg.diag": ("tensorflow.matrix_diag",),
    "tensorflow.linalg.diag_part": ("tensorflow.matrix_diag_part",),
    "tensorflow.linalg.set_diag": ("tensorflow.matrix_set_diag",),
    # NumPy: names that the Array API brought in 2.0, and one that was changed then
    "numpy.acos": ("numpy.arccos",),
    "numpy.acosh": ("numpy.arccosh",),
    "numpy.asin": ("numpy.arcsin",),
    "numpy.asinh": ("numpy.arcsinh",),
    "numpy.atan": ("numpy.arctan",),
    "numpy.atan2": ("numpy.arctan2",),
    "numpy.atanh": ("numpy.arctanh",),
    "numpy.bitwise_invert": ("numpy.invert",),
    "numpy.bitwise_left_shift": ("numpy.left_shift",),
    "numpy.bitwise_right_shift": ("numpy.right_shift",),
    "numpy.concat": ("numpy.concatenate",),
    "numpy.permute_dims": ("numpy.transpose",),
    "numpy.pow": ("numpy.power",),
    "numpy.trapezoid": ("numpy.trapz",),
}
"""Earlier names of single functions, the latest first; of these the prefixes below would lead elsewhere."""

PREFIXES = (
    ("tensorflow.math.special.", ("tensorflow.math.",)),
    ("tensorflow.math.", ("tensorflow.",)),
    ("tensorflow.linalg.", ("tensorflow.",)),
    ("tensorflow.dtypes.", ("tensorflow.",)),
    ("tensorflow.signal.", ("tensorflow.spectral.", "tensorflow.")),
    ("numpy._core.", ("numpy.core.",)),
)
"""Whole namespaces that moved: what has one name in both is one function."""

TITLES = {
    "numpy": "NumPy",
    "scipy": "SciPy",
    "tensorflow": "TensorFlow",
    "theano": "Theano",
    "jax": "JAX",
    "torch": "PyTorch",
    "cupy": "CuPy",
}
"""Names of libraries in sentences; for any other the name of its module."""


def earlier(path):
    """Dotted paths under which an older release may have the function at ``path``, to be tried in order."""
    if path in MOVED:
        return list(MOVED[path])
    found = []
    for new, olds in PREFIXES:
        if path.startswith(new) and "." not in path[len(new) :]:
            found.extend(old + path[len(new) :] for old in olds)
    return found


def missing(path, module):
    """The sentence about a path that a library does not have: ``TensorFlow 1.2.0 has no math.acosh``."""
    library, _, rest = path.partition(".")
    version = getattr(module, "__version__", "")
    return "{} has no {}".format(" ".join(x for x in (TITLES.get(library, library), str(version)) if x), rest)
