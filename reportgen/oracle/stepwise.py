"""Programs carried out step by step, each step rounded once: the one right answer of IEEE 754 arithmetic.

MPFR does the rounding, with the exponent range and the gradual underflow of the format, so that no floating-point unit
of any machine and no library under test takes part. What is no operation of IEEE 754 is asked of a callback.
"""

from __future__ import annotations

import ast
import operator
from collections.abc import Callable, Sequence
from fractions import Fraction
from functools import lru_cache
from typing import Any

import gmpy2
import numpy as np

from reportgen.core.floats import F64, Format
from reportgen.core.values import nearest
from reportgen.oracle.namespace import ExpressionError

Node = Any
"""A number, an argument's name, or ``(operation, node, …)``."""

ARGUMENTS = ("x", "y", "z")
ARITHMETIC = {"add": 2, "sub": 2, "mul": 2, "div": 2, "sqrt": 1, "fma": 3}
"""Operations that round, with the number of their arguments."""
SELECTING = {"neg": 1, "abs": 1, "minimum": 2, "maximum": 2, "greater": 2, "where": 3}
"""Operations that give one of their arguments, its negative, or 1 and 0: none rounds."""
_OPERATORS: dict[type, tuple[str, Callable[[float, float], float]]] = {
    ast.Add: ("add", operator.add),
    ast.Sub: ("sub", operator.sub),
    ast.Mult: ("mul", operator.mul),
    ast.Div: ("div", operator.truediv),
}

Asked = Callable[[str, Sequence[F64]], "F64 | None"]
"""A function's values by its name; None where there are none."""


@lru_cache(maxsize=512)
def parse(program: str) -> Node:
    """The tree of a program; numbers are combined in binary64, as Python does. Raises :class:`ExpressionError`."""
    return _node(ast.parse(program, mode="eval").body, program)


def _node(node: ast.expr, program: str) -> Node:
    match node:
        case ast.Name(id=("x" | "y" | "z") as name):
            return name
        case ast.Constant(value=(int() | float()) as value) if not isinstance(value, bool):
            return float(value)
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            inner = _node(operand, program)
            return -inner if isinstance(inner, float) else ("neg", inner)
        case ast.BinOp(left=left, op=op, right=right) if type(op) in _OPERATORS:
            name, fold = _OPERATORS[type(op)]
            a, b = _node(left, program), _node(right, program)
            return fold(a, b) if isinstance(a, float) and isinstance(b, float) else (name, a, b)
        case ast.Call(func=ast.Name(id=name), args=args, keywords=[]):
            wanted = (ARITHMETIC | SELECTING).get(name)
            if wanted in (None, len(args)):
                return (name, *(_node(a, program) for a in args))
    raise ExpressionError(f"{program!r}: {ast.unparse(node)!r} is not in the language of forms")


def asks(tree: Node) -> bool:
    """Whether a tree names functions that are no operations of IEEE 754."""
    if not isinstance(tree, tuple):
        return False
    return tree[0] not in ARITHMETIC | SELECTING or any(map(asks, tree[1:]))


UNBOUNDED = 1 << 20
CARRIERS = {"bfloat16": 24}
"""Digits of the format in which arithmetic on a shorter one is carried out, and its results found tiny."""


@lru_cache(maxsize=8)
def arithmetic(fmt: Format) -> Any:
    """A context of MPFR that rounds to ``fmt``: to nearest, ties to even, with its overflow and gradual underflow."""
    return gmpy2.context(precision=fmt.p, emax=fmt.emax + 1, emin=fmt.emin - fmt.p + 2, subnormalize=True)


@lru_cache(maxsize=8)
def unbounded(digits: int) -> Any:
    """A context without underflow, by which x86 calls a result tiny (IEEE 754-2019, 7.5: after rounding)."""
    return gmpy2.context(precision=digits, emax=UNBOUNDED, emin=-UNBOUNDED)


def rounded(operation: str, columns: Sequence[F64], fmt: Format, flush: bool = False) -> F64:
    """``add``, ``sub``, ``mul``, ``div``, ``sqrt`` or ``fma`` of columns of values of ``fmt``, rounded once to it.

    With ``flush``, tiny results are zeros of their sign; those are tiny that are below the smallest normal number when
    rounded as if exponents had no lower end, among them a few that gradual underflow rounds up to that number.
    """
    lists = [c.tolist() for c in columns]
    values = np.array(list(map(float, map(getattr(arithmetic(fmt), operation), *lists))), np.float64)
    if flush:
        edge = fmt.min_normal
        function = getattr(unbounded(CARRIERS.get(fmt.name, fmt.p)), operation)
        for i in np.flatnonzero((np.abs(values) <= edge) & (values != 0)).tolist():
            if abs(function(*(column[i] for column in lists))) < edge:
                values[i] = np.copysign(0.0, values[i])
    return values


def selected(operation: str, columns: Sequence[F64]) -> F64:
    """An operation of :data:`SELECTING` on columns; minima and maxima keep NaN, as NumPy's do."""
    first = columns[0]
    if operation == "neg":
        return -first
    if operation == "abs":
        return np.abs(first)
    if operation == "greater":
        return np.where(first > columns[1], 1.0, 0.0)
    if operation == "where":
        return np.where(first != 0, columns[1], columns[2])
    second = columns[1]
    keeps = first >= second if operation == "maximum" else first <= second
    keeps |= np.isnan(first)
    return np.where(keeps, first, second)


def flushed(values: F64, fmt: Format) -> F64:
    """``values`` with subnormal numbers of ``fmt`` replaced by zeros of their sign."""
    return np.where(fmt.is_subnormal(values), np.copysign(0.0, values), values)


class Steps:
    """Programs at one set of arguments, values of ``fmt``; equal parts of programs are computed once.

    With ``flush``, every subnormal argument and result of a step is taken for zero, as some processors do on request.
    ``asked`` gives the functions that IEEE 754 does not define.
    """

    def __init__(self, args: Sequence[F64], fmt: Format, asked: Asked, flush: bool = False) -> None:
        self.fmt, self.asked, self.flush = fmt, asked, flush
        self.count = len(args[0])
        self.known: dict[Node, F64 | None] = {
            name: self._kept(np.asarray(a)) for name, a in zip(ARGUMENTS, args, strict=False)
        }

    def values(self, tree: Node) -> F64 | None:
        """The program's values, None where a function that it needs could not be asked."""
        if isinstance(tree, float):
            number = tree if np.isinf(tree) else nearest(Fraction(tree), self.fmt)
            return np.full(self.count, number)
        if tree not in self.known:
            self.known[tree] = self._step(tree)
        return self.known[tree]

    def _step(self, tree: Node) -> F64 | None:
        columns = [self.values(child) for child in tree[1:]]
        given = [c for c in columns if c is not None]
        if len(given) < len(columns):
            return None
        if tree[0] in SELECTING:
            return selected(tree[0], given)
        if tree[0] in ARITHMETIC:
            return rounded(tree[0], given, self.fmt, self.flush)
        found = self.asked(tree[0], given)
        return None if found is None else self._kept(found)

    def _kept(self, values: F64) -> F64:
        return flushed(values, self.fmt) if self.flush else values
