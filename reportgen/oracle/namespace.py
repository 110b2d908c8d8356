"""The names that oracle expressions may use, and the compiler for those expressions.

An expression is a string over ``x`` (``y``, ``z``) such as ``"exp(x)"``, ``"x * 180 / pi"`` or ``"remainder(x, y)"``.
The same string is read by each source of the truth: Arb balls, mpmath with stated error bounds, exact rationals and
the float64 screen. Literals are integers, or binary64 floats taken exactly; operators are ``+ - * /``, unary ``-`` and
the comparisons ``< <= > >= == !=`` (1 or 0). The arguments are finite binary64 numbers for which the special-case
table is silent.

Exact names (results are rationals; these are computed exactly and never rounded):

    abs(x) negative(x) positive(x) square(x) reciprocal(x) sign(x) signbit(x)
    isnan(x) isinf(x) isposinf(x) isneginf(x) isfinite(x) logical_not(x)                   1 or 0
    floor(x) ceil(x) trunc(x) rint(x)            rint rounds ties to even
    modf_fraction(x)     x - trunc(x)            frexp_mantissa(x)    x / 2^e in [1/2, 1) by magnitude
    add(x, y) subtract(x, y) multiply(x, y) divide(x, y) squared_difference(x, y)
    floor_divide(x, y)   floor(x / y)            truncatediv(x, y)   trunc(x / y)
    remainder(x, y)      x - floor(x/y)*y, has the sign of y         fmod(x, y)   x - trunc(x/y)*y, has the sign of x
    maximum minimum fmax fmin copysign heaviside(x, y)
    less less_equal greater greater_equal equal not_equal logical_and logical_or logical_xor   1 or 0
    dtype_next(x, y)     the neighbour of x in the direction of y in the dtype under test (alias nextafter)

Irrational names (their error is bounded by the ball, or by the bound that ``reference.py`` states):

    pi
    exp exp2 exp10 expm1 log log1p log2 log10 sqrt rsqrt cbrt hypot(x, y) power(x, y)
    sin cos tan sinc_pi asin acos atan atan2(y, x)                   sinc_pi(x) = sin(pi x)/(pi x), 1 at 0 (alias sinc)
    sinh cosh tanh asinh acosh atanh
    logaddexp(x, y) logaddexp2(x, y)             max + log1p(exp(-|x - y|)), and the same in base 2
    sigmoid softplus log_sigmoid                 1/(1 + exp(-x)), log1p(exp(x)), -softplus(-x)
    radians degrees                              x * pi/180, x * 180/pi (aliases deg2rad, rad2deg)
    angle                                        0 for positive x, pi for negative x
    xlogy(x, y) xlog1py(x, y) xdivy(x, y)        x*log(y), x*log1p(y), x/y; 0 where x is 0
    igamma(a, x) igammac(a, x)                   regularised incomplete gamma functions P and Q, a > 0, x > 0
    betainc(a, b, x)                             regularised incomplete beta function, a > 0, b > 0, 0 < x < 1
    zeta(s, q)                                   the sum of (q + k)^-s, k >= 0; s > 1, and an integer where q < 0
    polygamma(n, x)                              the n-th derivative of digamma, n = 0, 1, 2 …
    i0                                           modified Bessel function of the first kind, order 0
    i1 k0 k1 i0e i1e k0e k1e                     modified Bessel functions; with e: exp(-|x|)·I, exp(x)·K
    j0 j1 y0 y1                                  Bessel functions of the first and second kind
    erf erfc erfinv erfcinv ndtri dawsn          error functions, their inverses, the normal quantile, Dawson's integral
    gamma lgamma digamma                         lgamma is log|gamma|
    expi fresnel_cos fresnel_sin spence          Ei; the integrals of cos and sin of pi·t²/2; the dilogarithm of 1 - x
    silu gelu gelu_tanh elu selu mish tanh_shrink squareplus        activations (``functions/activations.py``)
    d_NAME(x) d_power_x(x, y) d_power_y(x, y) d_hypot(x, y) d_logaddexp(x, y)         derivatives of NAME, by x or y
                                                 (``functions/derivatives.py``, ``slopes.py``, ``specialslopes.py``)

None of them cancels: ``log1p``, ``expm1``, ``asinh``, ``acosh``, ``atanh`` and ``hypot`` are evaluated as such. An
expression must not cancel either: write ``log1p(exp(x))``, never ``log(1 + exp(x))``; better, ``softplus(x)``.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

from reportgen.core.errors import ReportgenError


def words(text: str) -> frozenset[str]:
    """The names in a text, separated by blanks."""
    return frozenset(text.split())


EXACT_UNARY = words(
    """
    abs negative positive square reciprocal sign signbit isnan isinf isposinf isneginf isfinite logical_not
    floor ceil trunc rint modf_fraction frexp_mantissa
    """
)
EXACT_BINARY = words(
    """
    add subtract multiply divide squared_difference floor_divide truncatediv remainder fmod maximum minimum fmax
    fmin copysign heaviside less less_equal greater greater_equal equal not_equal logical_and logical_or
    logical_xor dtype_next xdivy
    """
)
INEXACT_UNARY = words(
    """
    silu gelu gelu_tanh elu selu mish tanh_shrink squareplus
    d_sqrt d_rsqrt d_tan d_asin d_acos d_tanh d_asinh d_acosh d_erf d_erfc d_sigmoid d_log_sigmoid
    d_erfinv d_ndtri d_expi d_fresnel_cos d_fresnel_sin
    d_silu d_gelu d_gelu_tanh d_elu d_selu d_mish d_tanh_shrink d_squareplus
    exp exp2 exp10 expm1 log log1p log2 log10 sqrt rsqrt cbrt sin cos tan sinc_pi asin acos atan sinh cosh tanh
    asinh acosh atanh sigmoid softplus log_sigmoid radians degrees angle i0
    erf erfc erfinv erfcinv ndtri gamma lgamma digamma dawsn expi fresnel_cos fresnel_sin spence
    j0 j1 y0 y1 i1 i0e i1e k0 k1 k0e k1e
    """
)
INEXACT_BINARY = words(
    """
    d_hypot d_logaddexp d_power_x d_power_y
    hypot power atan2 logaddexp logaddexp2 xlogy xlog1py igamma igammac zeta polygamma
    """
)
EXACT_TERNARY: frozenset[str] = words("")
INEXACT_TERNARY: frozenset[str] = words("betainc")
CONSTANTS = frozenset({"pi"})
EXACT = EXACT_UNARY | EXACT_BINARY | EXACT_TERNARY
FUNCTIONS = EXACT | INEXACT_UNARY | INEXACT_BINARY | INEXACT_TERNARY
ARGUMENTS = ("x", "y", "z")


def arity_of(name: str) -> int:
    """How many arguments a name takes."""
    if name in EXACT_TERNARY | INEXACT_TERNARY:
        return 3
    return 2 if name in EXACT_BINARY | INEXACT_BINARY else 1


ALIASES = {"nextafter": "dtype_next", "sinc": "sinc_pi", "deg2rad": "radians", "rad2deg": "degrees"}
SAME_MEANING: dict[Any, Any] = {
    ("divide", 1, "x"): ("reciprocal", "x"),
    ("divide", 1, ("sqrt", "x")): ("rsqrt", "x"),
    ("multiply", "x", "x"): ("square", "x"),
    ("square", ("subtract", "x", "y")): ("squared_difference", "x", "y"),
    ("multiply", "x", ("log", "y")): ("xlogy", "x", "y"),
    ("multiply", "x", ("log1p", "y")): ("xlog1py", "x", "y"),
    ("atan2", ("multiply", 0, "x"), "x"): ("angle", "x"),
    ("atan2", 0, "x"): ("angle", "x"),
    ("equal", "x", 0): ("logical_not", "x"),
    ("multiply", ("not_equal", "x", 0), ("not_equal", "y", 0)): ("logical_and", "x", "y"),
    ("maximum", ("not_equal", "x", 0), ("not_equal", "y", 0)): ("logical_or", "x", "y"),
    ("not_equal", ("not_equal", "x", 0), ("not_equal", "y", 0)): ("logical_xor", "x", "y"),
    ("multiply", ("isinf", "x"), ("greater", "x", 0)): ("isposinf", "x"),
    ("multiply", ("isinf", "x"), ("less", "x", 0)): ("isneginf", "x"),
}
"""Ways of writing a name of this namespace out; the sources have one algorithm for both spellings."""

_BINARY_OPERATORS: dict[type, str] = {
    ast.Add: "add", ast.Sub: "subtract", ast.Mult: "multiply", ast.Div: "divide",
}  # fmt: skip
_COMPARISONS: dict[type, str] = {
    ast.Lt: "less", ast.LtE: "less_equal", ast.Gt: "greater", ast.GtE: "greater_equal",
    ast.Eq: "equal", ast.NotEq: "not_equal",
}  # fmt: skip


class ExpressionError(ReportgenError):
    """An oracle expression that uses a name, operator or literal outside this namespace."""

    slug = "expression"


class Expression:
    """A parsed expression: a tree of ``(name, *children)`` tuples; leaves are arguments, ``pi`` and numbers."""

    def __init__(self, text: str) -> None:
        self.text = text
        try:
            parsed = ast.parse(text, mode="eval")
        except SyntaxError as error:
            raise ExpressionError(f"{text!r}: {error.msg}") from None
        tree = self._convert(parsed.body)
        self.tree = SAME_MEANING.get(tree, tree)
        self.names = frozenset(self._names(self.tree))

    @property
    def exact(self) -> bool:
        """True if the value is a rational number that exact arithmetic gives."""
        return self.names <= EXACT

    @property
    def root(self) -> str | None:
        """The name, if the expression is one name applied to the plain arguments in order, else None."""
        if self.tree == "x":
            return "positive"
        if isinstance(self.tree, tuple) and self.tree[1:] in (("x",), ("x", "y"), ARGUMENTS):
            return str(self.tree[0])
        return None

    def bind(self, table: Mapping[str, Any], number: Callable[[float], Any]) -> Callable[..., Any]:
        """A function of (x), (x, y) or (x, y, z) that evaluates the tree by ``table``; ``number`` converts literals."""
        missing = self.names - set(table)
        if missing:
            raise ExpressionError(f"{self.text!r}: no implementation of {', '.join(sorted(missing))}")
        constants: dict[str, Any] = {}

        def emit(node: Any) -> str:
            if isinstance(node, tuple):
                return f"{node[0]}({', '.join(emit(child) for child in node[1:])})"
            if isinstance(node, str):
                return f"{node}()" if node in CONSTANTS else node
            name = f"c{len(constants)}"
            constants[name] = number(node)
            return name

        body = emit(self.tree)
        scope = {name: table[name] for name in self.names} | constants
        # The text is generated from the checked tree above, so it holds nothing but calls of the table's functions.
        function: Callable[..., Any] = eval(f"lambda x, y=None, z=None: {body}", {"__builtins__": {}} | scope)
        return function

    def _convert(self, node: ast.expr) -> Any:
        match node:
            case ast.Name(id=("x" | "y" | "z" | "pi") as name):
                return name
            case ast.Constant(value=(int() | float()) as value) if not isinstance(value, bool):
                return value
            case ast.UnaryOp(op=ast.USub(), operand=operand):
                return ("negative", self._convert(operand))
            case ast.BinOp(left=left, op=op, right=right) if type(op) in _BINARY_OPERATORS:
                return (_BINARY_OPERATORS[type(op)], self._convert(left), self._convert(right))
            case ast.Compare(left=left, ops=[op], comparators=[right]) if type(op) in _COMPARISONS:
                return (_COMPARISONS[type(op)], self._convert(left), self._convert(right))
            case ast.Call(func=ast.Name(id=name), args=args, keywords=[]) if name in FUNCTIONS | ALIASES.keys():
                name = ALIASES.get(name, name)
                arity = arity_of(name)
                if len(args) != arity:
                    raise ExpressionError(f"{self.text!r}: {name} takes {arity} argument(s), got {len(args)}")
                return (name, *(self._convert(a) for a in args))
        raise ExpressionError(f"{self.text!r}: {ast.unparse(node)!r} is not in the oracle's namespace")

    def _names(self, tree: Any) -> list[str]:
        if isinstance(tree, tuple):
            return [tree[0], *(name for child in tree[1:] for name in self._names(child))]
        return [tree] if tree in CONSTANTS else []


@cache
def parse(text: str) -> Expression:
    """The :class:`Expression` of a string; raises :class:`ExpressionError`."""
    return Expression(text)
