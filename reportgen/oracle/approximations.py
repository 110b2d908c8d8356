"""The names of the namespace in mpmath, each with a stated error bound.

:class:`Approx` is a value with an absolute error bound. A name asked for P good bits evaluates mpmath's own
function at P plus :data:`GUARD` bits (more where the formula loses more, said beside it) and claims a relative
error of at most 2^-P. mpmath's elementary functions work with 10 to 30 bits more than asked for and round at the
end, so a claim leaves more than 40 bits for what they might lose; the claim is tested against Arb's balls. An
elementary function of mpmath returns 0 for an exact zero only (exponents are unbounded), and what is an exact
dyadic number is checked by integers before any claim.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from math import isqrt

from mpmath import mp, mpf

from reportgen.oracle import functions
from reportgen.oracle.approx import GUARD, Approx, Real, exactly, signed_parts
from reportgen.oracle.namespace import ExpressionError


class Names:
    """The table of functions for P = ``bits`` good bits; every method takes and returns :class:`Approx`."""

    def __init__(self, bits: int) -> None:
        self.bits = bits
        self.slack = mpf(2) ** -bits

    def table(self) -> dict[str, Callable[..., Approx]]:
        """Name to function, for :meth:`Expression.bind`."""
        named: dict[str, Callable[..., Approx]] = {
            name: self._plain(name, function, loss) for name, (function, loss) in (PLAIN | functions.PLAIN).items()
        }
        methods = (
            self.pi, self.negative, self.positive, self.abs, self.add, self.subtract, self.multiply, self.divide,
            self.square, self.reciprocal, self.logaddexp, self.logaddexp2, self.power,
        )  # fmt: skip
        grouped = {name: partial(method, self.bits) for name, method in functions.METHODS.items()}
        return named | {m.__name__: m for m in methods} | grouped

    def claim(self, value: Real) -> Approx:
        """A value with the stated relative error; zero is exact (see above)."""
        return Approx(value, abs(value) * self.slack)

    def _plain(self, name: str, function: Callable[..., Real], loss: int) -> Callable[..., Approx]:
        exact_case = EXACT_CASES.get(name) or functions.EXACT_CASES.get(name)

        def evaluate(*args: Approx) -> Approx:
            numbers = _numbers(name, args)
            with mp.workprec(self.bits + GUARD + loss):
                value = function(*numbers)
            if exact_case is not None and exact_case(value, *numbers):
                return exactly(value)
            return self.claim(value)

        return evaluate

    # -- arithmetic: errors add up, with 2^-bits for each rounding -----------------------------------------
    def _round(self, value: Real, error: Real, was_exact: bool) -> Approx:
        if was_exact:
            return Approx(value, mpf(0))
        # Sixteen slacks cover the roundings of the value and of the error itself.
        return Approx(value, error * (1 + self.slack) + abs(value) * 16 * self.slack)

    def pi(self) -> Approx:
        with mp.workprec(self.bits + GUARD):
            return self.claim(+mp.pi)

    def negative(self, x: Approx) -> Approx:
        return Approx(-x.value, x.error)

    def positive(self, x: Approx) -> Approx:
        return x

    def abs(self, x: Approx) -> Approx:
        return Approx(mp.fabs(x.value), x.error)

    def add(self, x: Approx, y: Approx) -> Approx:
        exact = x.exact and y.exact
        with mp.workprec(self.bits + GUARD):
            value = mp.fadd(x.value, y.value, exact=True) if exact else x.value + y.value
            return self._round(value, x.error + y.error, exact)

    def subtract(self, x: Approx, y: Approx) -> Approx:
        return self.add(x, self.negative(y))

    def multiply(self, x: Approx, y: Approx) -> Approx:
        exact = x.exact and y.exact
        with mp.workprec(self.bits + GUARD):
            value = mp.fmul(x.value, y.value, exact=True) if exact else x.value * y.value
            error = abs(x.value) * y.error + abs(y.value) * x.error + x.error * y.error
            return self._round(value, error, exact)

    def divide(self, x: Approx, y: Approx) -> Approx:
        with mp.workprec(self.bits + GUARD):
            least = abs(y.value) - y.error
            if least <= 0:
                return Approx(mpf(0), mp.inf)
            value = x.value / y.value
            error = (x.error + abs(value) * y.error) / least
            return self._round(value, error, x.exact and y.exact and _is_quotient(value, x.value, y.value))

    def square(self, x: Approx) -> Approx:
        return self.multiply(x, x)

    def reciprocal(self, x: Approx) -> Approx:
        return self.divide(exactly(1), x)

    # -- names whose result may cancel or be exact ----------------------------------------------------------
    def logaddexp(self, x: Approx, y: Approx) -> Approx:
        return self._log_of_sum(x, y, lambda d: mp.log1p(mp.exp(-d)))

    def logaddexp2(self, x: Approx, y: Approx) -> Approx:
        return self._log_of_sum(x, y, lambda d: mp.log1p(mp.power(2, -d)) / mp.ln2)

    def _log_of_sum(self, x: Approx, y: Approx, tail: Callable[[Real], Real]) -> Approx:
        """max + tail(|x - y|): the tail is good to 2^-bits of itself; their sum may cancel, which the error shows."""
        a, b = _numbers("logaddexp", (x, y))
        distance = mp.fsub(a, b, exact=True)
        with mp.workprec(self.bits + GUARD + 32):
            rest = tail(abs(distance))
        return self.add(exactly(max(a, b)), self.claim(rest))

    def power(self, x: Approx, y: Approx) -> Approx:
        base, exponent = _numbers("power", (x, y))
        exact = _exact_power(base, exponent)
        if exact is not None:
            return exactly(exact)
        # mpmath raises a rounded root to the power 2y where 2y is an integer, and loses log2(y) bits.
        loss = 32 + max(0, int(mp.mag(exponent)))
        with mp.workprec(self.bits + GUARD + loss):
            return self.claim(mp.power(base, exponent))


def _numbers(name: str, args: tuple[Approx, ...]) -> list[Real]:
    if any(not a.exact for a in args):
        raise ExpressionError(f"{name}: no error bound is stated for an argument that is not exact")
    return [a.value for a in args]


def _is_quotient(value: Real, x: Real, y: Real) -> bool:
    return bool(mp.fmul(value, y, exact=True) == x)


def _exact_power(x: Real, y: Real) -> Real | None:
    """x^y where y is an integer or x has an exact root, and the result needs at most 4096 bits."""
    if y == 0 or x == 1:
        return mpf(1)
    man, exp = signed_parts(x)
    sign = -1 if man < 0 else 1
    man = abs(man)
    y_man, y_exp = signed_parts(y)
    if man == 1 and exp == 0 and y_exp >= 0:
        return mpf(-1 if sign < 0 and y_exp == 0 else 1)
    if y_exp < 0:
        return None if y_exp != -1 or sign < 0 else _exact_power_of_root(man, exp, y_man)
    if abs(y_man).bit_length() + y_exp > 40:
        return None
    n = y_man << y_exp
    if (n < 0 and man != 1) or (man.bit_length() * abs(n) > 4096 and man != 1):
        return None
    with mp.workprec(4200):
        return mp.ldexp(mpf((-1 if sign < 0 and n & 1 else 1) * man ** max(n, 0)), exp * n)


def _exact_power_of_root(man: int, exp: int, n: int) -> Real | None:
    if exp & 1:
        return None
    root = isqrt(man)
    if root * root != man:
        return None
    return _exact_power(mp.ldexp(mpf(root), exp // 2), mpf(n))


def _squares_to(value: Real, x: Real) -> bool:
    return bool(mp.fmul(value, value, exact=True) == x)


def _is_rsqrt(value: Real, x: Real) -> bool:
    return bool(mp.fmul(mp.fmul(value, value, exact=True), x, exact=True) == 1)


def _is_hypot(value: Real, x: Real, y: Real) -> bool:
    total = mp.fadd(mp.fmul(x, x, exact=True), mp.fmul(y, y, exact=True), exact=True)
    return _squares_to(value, total)


def _at_zero(value: Real, x: Real) -> bool:
    return bool(x == 0)


def _is_power_of(base: int) -> Callable[[Real, Real], bool]:
    """Whether base^x is dyadic, and the value at hand is it: x an integer, not negative unless the base is 2."""

    def check(value: Real, x: Real) -> bool:
        if not mp.isint(x):
            return False
        return base == 2 or (0 <= x <= 60 and value == base ** int(x))

    return check


def _sinc_is_exact(value: Real, x: Real) -> bool:
    return bool(mp.isint(x))


EXACT_CASES: dict[str, Callable[..., bool]] = {
    "sqrt": _squares_to,
    "rsqrt": _is_rsqrt,
    "hypot": _is_hypot,
    "exp": _at_zero,
    "cos": _at_zero,
    "cosh": _at_zero,
    "i0": _at_zero,
    "sigmoid": _at_zero,
    "exp2": _is_power_of(2),
    "exp10": _is_power_of(10),
    "sinc_pi": _sinc_is_exact,
}
"""Where the value is an exact number that mpmath returns exactly; zeros apart, every other value is irrational."""


def _sinc_pi(x: Real) -> Real:
    if x == 0:
        return mpf(1)
    return mp.sinpi(x) / (mp.pi * x)


def _softplus(x: Real) -> Real:
    return x + mp.log1p(mp.exp(-x)) if x > 0 else mp.log1p(mp.exp(x))


def _cbrt(x: Real) -> Real:
    return -mp.cbrt(-x) if x < 0 else mp.cbrt(x)


def _angle(x: Real) -> Real:
    return mp.atan2(0, x)


PLAIN: dict[str, tuple[Callable[..., Real], int]] = {
    "exp": (mp.exp, 0),
    "exp2": (lambda x: mp.power(2, x), 32),  # exp(x ln 2): |x| up to 2^15 costs 15 bits
    "exp10": (lambda x: mp.power(10, x), 32),
    "expm1": (mp.expm1, 0),
    "log": (mp.ln, 0),
    "log1p": (mp.log1p, 0),
    "log2": (lambda x: mp.ln(x) / mp.ln2, 0),
    "log10": (lambda x: mp.ln(x) / mp.ln10, 0),
    "sqrt": (mp.sqrt, 0),
    "rsqrt": (lambda x: 1 / mp.sqrt(x), 0),
    "cbrt": (_cbrt, 0),
    "hypot": (mp.hypot, 0),
    "sin": (mp.sin, 0),
    "cos": (mp.cos, 0),
    "tan": (mp.tan, 0),
    "sinc_pi": (_sinc_pi, 0),
    "asin": (mp.asin, 0),
    "acos": (mp.acos, 32),  # sqrt(1 - x^2) near 1
    "atan": (mp.atan, 0),
    "atan2": (mp.atan2, 0),
    "angle": (_angle, 0),
    "sinh": (mp.sinh, 0),
    "cosh": (mp.cosh, 0),
    "tanh": (mp.tanh, 0),
    "asinh": (mp.asinh, 0),
    "acosh": (mp.acosh, 64),  # log(x + sqrt(x^2 - 1)), x - 1 as small as 2^-52
    "atanh": (mp.atanh, 64),  # log((1 + x)/(1 - x))/2, with 8 bits lost below 2^-8
    "sigmoid": (lambda x: 1 / (1 + mp.exp(-x)), 32),
    "softplus": (_softplus, 32),
    "log_sigmoid": (lambda x: -_softplus(-x), 32),
    "radians": (lambda x: x * mp.pi / 180, 0),
    "degrees": (lambda x: x * 180 / mp.pi, 0),
    "xlogy": (lambda x, y: x * mp.ln(y), 0),
    "xlog1py": (lambda x, y: x * mp.log1p(y), 0),
    "i0": (lambda x: mp.besseli(0, x), 64),
}
"""mpmath's function and the bits that its formula may lose beyond :data:`GUARD`'s allowance."""
