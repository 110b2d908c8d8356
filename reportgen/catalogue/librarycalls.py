"""What the libraries beside those of the question call the catalogue's functions: a table a library.

Only functions that mean the same stand here: C's ``remainder`` rounds its quotient to nearest and is not NumPy's,
Theano's ``hard_sigmoid`` has another slope than Keras's, PyTorch's ``frac`` is no ``modf`` at infinity. What a release
lacks after all, its worker says.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from functools import cached_property


class Calls(Mapping[str, str]):
    """Function of the catalogue → call; gradients and expressions follow from the table's own functions.

    ``derivatives``: the library differentiates, so that a gradient is asked of the call that the table has for the
    function differentiated. ``written`` turns NumPy's text of an expression into the library's (None: it has none).
    """

    def __init__(
        self, table: Mapping[str, str], derivatives: bool = False, written: Callable[[str], str] | None = None
    ) -> None:
        self.table, self.derivatives, self.written = dict(table), derivatives, written

    @cached_property
    def all(self) -> dict[str, str]:
        """The whole table; the catalogue's rows are read when it is first needed."""
        from reportgen.catalogue.rows import all_rows

        rows = all_rows().values()
        found = dict(self.table)
        by_kernel = {r.tensorflow: r.name for r in rows if r.kind == "elementwise" and r.tensorflow}
        for row in rows:
            if row.kind == "gradient" and self.derivatives:
                call = self.table.get(by_kernel.get(row.tensorflow, ""))
                if call is not None:
                    found[row.name] = call
            elif row.kind == "expression" and self.written is not None and row.numpy:
                found[row.name] = self.written(row.numpy)
        return found

    def __getitem__(self, name: str) -> str:
        return self.all[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self.all)

    def __len__(self) -> int:
        return len(self.all)


def _table(groups: Mapping[str, str]) -> dict[str, str]:
    """Words by prefix, a word being ``row`` or ``row=name``; the name may have keywords and the number of a result."""
    found = {}
    for prefix, words in groups.items():
        for word in words.split():
            row, _, name = word.partition("=")
            found[row] = prefix + (name or row)
    return found


def _prefixed(prefix: str, names: Mapping[str, str] | None = None) -> Callable[[str], str]:
    """NumPy's expression with the library's namespace, and its own names where those differ."""
    renamed = names or {}
    return lambda text: re.sub(r"\bnumpy\.(\w+)", lambda m: prefix + renamed.get(m[1], m[1]), text)


_ELEMENTARY = """
sqrt exp exp2 expm1 log log2 log10 log1p sin cos tan asin=arcsin acos=arccos atan=arctan atan2=arctan2 sinh cosh tanh
asinh=arcsinh acosh=arccosh atanh=arctanh floor ceil trunc maximum minimum isnan isinf angle deg2rad rad2deg conj real
imag
"""
_COMMON = f"""
{_ELEMENTARY} add subtract multiply divide negative positive abs sign copysign nextafter floor_divide remainder fmod
square reciprocal float_power logaddexp logaddexp2 sinc hypot round fmax fmin equal not_equal less less_equal greater
greater_equal logical_and logical_or logical_xor logical_not isfinite isposinf isneginf signbit
"""
"""Names that NumPy, JAX, PyTorch and CuPy share."""
_NUMPY = f"""
{_COMMON} power cbrt fabs rint heaviside clip i0 modf_fraction=modf[0] modf_integer=modf[1] frexp_mantissa=frexp[0]
"""

LIBM = Calls(
    _table(
        {
            "libm.": """
            sqrt cbrt rsqrt exp exp2 expm1 log log2 log10 log1p power=pow sin cos tan asin acos atan atan2 sinh cosh
            tanh asinh acosh atanh hypot erf erfc lgamma gamma=tgamma j0 j1 y0 y1 floor ceil trunc rint
            round=roundeven abs=fabs fabs copysign nextafter fmod fmax fmin maximum=fmaximum minimum=fminimum
            modf_fraction=modf[0] modf_integer=modf[1] frexp_mantissa=frexp[0]
            """,
        }
    )
)
"""C's ``fmaximum`` and ``fminimum`` return NaN where an argument is one, as NumPy's ``maximum`` does; ``roundeven``
takes ties to even, as its ``round`` does."""

NUMBA = Calls(
    _table({"numpy.": f"{_COMMON} power cbrt fabs rint", "math.": "erf erfc gamma lgamma"}),
    written=str,
)

THEANO = Calls(
    _table(
        {
            "theano.tensor.": f"""
            {_ELEMENTARY} add subtract=sub multiply=mul divide=true_div negative=neg abs=abs_ sign=sgn power=pow
            floor_divide=int_div remainder=mod square=sqr reciprocal=inv round=round(mode='half_to_even') clip equal=eq
            not_equal=neq less=lt less_equal=le greater=gt greater_equal=ge erf erfc erfinv erfcinv gamma
            lgamma=gammaln digamma=psi i0 i1 j0 j1 igamma=gammainc igammac=gammaincc
            """,
            "theano.tensor.nnet.": "sigmoid softplus softsign elu selu relu leaky_relu=relu(alpha=0.2)",
        }
    ),
    derivatives=True,
    written=_prefixed("theano.tensor.", {"greater": "gt", "where": "switch"}),
)

JAX = Calls(
    _table(
        {
            "jax.numpy.": _NUMPY,
            "jax.lax.": "rsqrt cast=convert_element_type",
            "jax.scipy.special.": """
            erf erfc erfinv ndtri gamma lgamma=gammaln digamma dawsn expint=expi fresnel_sin=fresnel[0]
            fresnel_cos=fresnel[1] spence i0e i1 i1e igamma=gammainc igammac=gammaincc betainc zeta xlogy
            xlog1py
            """,
            "jax.nn.": """
            sigmoid log_sigmoid softplus softsign=soft_sign silu gelu=gelu(approximate=False)
            gelu_tanh=gelu(approximate=True) elu selu relu relu6 leaky_relu=leaky_relu(negative_slope=0.2)
            hard_sigmoid hard_silu hard_tanh mish squareplus celu sparse_plus sparse_sigmoid
            """,
        }
    ),
    derivatives=True,
    written=_prefixed("jax.numpy."),
)

TORCH = Calls(
    _table(
        {
            "torch.": f"""
            {_COMMON} power=pow rsqrt heaviside clip truncatediv=div(rounding_mode='trunc') frexp_mantissa=frexp[0]
            equal=eq erf erfc erfinv lgamma digamma i0 xlogy sigmoid cast=Tensor.to
            """,
            "torch.special.": """
            ndtri i0e i1 i1e j0=bessel_j0 j1=bessel_j1 k0=modified_bessel_k0 k0e=scaled_modified_bessel_k0
            k1=modified_bessel_k1 k1e=scaled_modified_bessel_k1 y0=bessel_y0 y1=bessel_y1 igamma=gammainc
            igammac=gammaincc zeta xlog1py
            """,
            "torch.nn.functional.": """
            log_sigmoid=logsigmoid softplus softsign silu gelu=gelu(approximate='none')
            gelu_tanh=gelu(approximate='tanh') elu selu relu relu6 leaky_relu=leaky_relu(negative_slope=0.2)
            hard_sigmoid=hardsigmoid hard_silu=hardswish hard_tanh=hardtanh soft_shrink=softshrink
            hard_shrink=hardshrink tanh_shrink=tanhshrink mish celu
            """,
        }
    ),
    derivatives=True,
    written=_prefixed("torch."),
)

CUPY = Calls(
    _table(
        {
            "cupy.": f"{_NUMPY} cast=ndarray.astype",
            "cupyx.scipy.special.": """
            erf erfc erfinv erfcinv ndtri gamma lgamma=gammaln digamma i0e i1 i1e j0 j1 k0 k0e k1 k1e y0 y1
            igamma=gammainc igammac=gammaincc betainc zeta polygamma expint=expi spence xlogy xlog1py sigmoid=expit
            log_sigmoid=log_expit softplus
            """,
        }
    ),
    written=_prefixed("cupy."),
)
