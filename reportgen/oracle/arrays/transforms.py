"""Exact Fourier and cosine transforms by ball arithmetic.

Every transform here is one discrete Fourier transform of an array of binary numbers (:class:`Plan`): cosine transforms
of a longer one with zeros in it, inverse real ones of the half spectrum with its inner bins doubled, whose result's
real part they are. Arb's DFT encloses each element; a ball settles it, or the precision is doubled. Elements that are
rational (the empty bins of a tone, those of an impulse) never settle by themselves: :func:`rational_part` recognises
them by reduction modulo a cyclotomic polynomial.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import gcd, lcm, prod
from typing import Any

import numpy as np
from flint import acb, ctx, fmpz_poly
from numpy.typing import NDArray

from reportgen.core.dtypes import DTYPES, ComplexFormat
from reportgen.core.floats import I64, Exact, Format
from reportgen.core.problems import Arrays
from reportgen.oracle.arrays.reference import ArrayReference, chosen_positions
from reportgen.oracle.enclosure import PRECISION_LIMIT
from reportgen.oracle.rationals import put
from reportgen.oracle.settle import Point, settle_ball, settle_rational, settled_floats

FIRST_PRECISION = 192
"""Bits with which most elements settle: two float64, and what a transform of 2^16 numbers of unlike size costs."""

Axes = tuple[int, ...]


@dataclass
class Plan:
    """Discrete Fourier transforms whose elements, picked and divided by ``divisor``, are the result.

    ``values`` are complex128 of shape (lanes, *sizes). ``picked`` holds an index array for each transformed axis: the
    result of a lane is their outer product. ``sign`` is that of the exponent (−1 forward), ``real`` says that the
    result is the real part. ``length`` is the number of elements that the transform itself is said to have.
    """

    values: NDArray[np.complex128]
    picked: tuple[I64, ...]
    sign: int
    divisor: int
    real: bool
    shape: tuple[int, ...]
    length: int

    @property
    def sizes(self) -> tuple[int, ...]:
        return self.values.shape[1:]

    @property
    def elements(self) -> int:
        """Elements of the result in one lane."""
        return prod(len(p) for p in self.picked)

    def bins(self, within: I64) -> I64:
        """Indices of elements in the transform, of shape (elements, axes), from flat indices inside a lane."""
        places = np.unravel_index(within, tuple(len(p) for p in self.picked))
        return np.stack([p[at] for p, at in zip(self.picked, places, strict=True)], axis=1)


# -- which transform ---------------------------------------------------------------------------------------
def fitted(x: NDArray[Any], sizes: tuple[int, ...]) -> NDArray[Any]:
    """The last axes cut off or filled up with zeros to ``sizes``."""
    lead = x.shape[: x.ndim - len(sizes)]
    out = np.zeros((*lead, *sizes), x.dtype)
    inside = tuple(slice(0, min(a, b)) for a, b in zip(x.shape[x.ndim - len(sizes) :], sizes, strict=True))
    out[(..., *inside)] = x[(..., *inside)]
    return out


def lanes(x: NDArray[Any], axes: int) -> NDArray[np.complex128]:
    """Complex values of shape (lanes, *transformed)."""
    # A real NaN or infinity keeps an imaginary part of zero.
    return np.ascontiguousarray(x).astype(np.complex128).reshape(-1, *x.shape[x.ndim - axes :])


def wanted_sizes(arrays: Arrays, axes: int) -> tuple[int, ...] | None:
    """The sizes that the call asks for: a parameter ``n``, or ``s`` for several axes."""
    parameters = arrays.parameters
    given = parameters.get("s") if "s" in parameters else parameters.get("n")
    if given is None:
        return None
    return tuple(given) if isinstance(given, (list, tuple)) else (int(given),)


def complex_plan(arrays: Arrays, axes: int, sign: int) -> Plan:
    """``fft``, ``ifft`` and theirs in several dimensions, over the last ``axes``."""
    x = arrays.values["x"]
    x = fitted(x, wanted_sizes(arrays, axes) or x.shape[x.ndim - axes :])
    sizes = x.shape[x.ndim - axes :]
    picked = tuple(np.arange(n) for n in sizes)
    return Plan(lanes(x, axes), picked, sign, prod(sizes) if sign > 0 else 1, False, x.shape, prod(sizes))


def half_plan(arrays: Arrays, axes: int, sign: int) -> Plan:
    """``rfft`` and theirs: of the last axis the first n//2 + 1 bins."""
    plan = complex_plan(arrays, axes, sign)
    n = plan.sizes[-1]
    plan.picked = (*plan.picked[:-1], np.arange(n // 2 + 1))
    plan.shape = (*plan.shape[:-1], n // 2 + 1)
    return plan


def back_plan(arrays: Arrays, axes: int, sign: int) -> Plan:
    """``irfft`` and theirs: the real part of the inverse transform of the half spectrum, inner bins twice.

    What is no bin of a real signal's spectrum (the imaginary part of the first bin and of the middle one) drops out
    with the imaginary part, as in the libraries.
    """
    x = np.asarray(arrays.values["x"], np.complex128)
    sizes = wanted_sizes(arrays, axes)
    if sizes is None:
        sizes = (*x.shape[x.ndim - axes : -1], 2 * (x.shape[-1] - 1))
    n = sizes[-1]
    half = fitted(x, (*sizes[:-1], n // 2 + 1))
    inner = slice(1, (n + 1) // 2)
    half[..., inner] *= 2
    picked = tuple(np.arange(k) for k in sizes)
    shape = (*x.shape[: x.ndim - axes], *sizes)
    return Plan(lanes(fitted(half, sizes), axes), picked, sign, prod(sizes), True, shape, prod(sizes))


def cosine_plan(arrays: Arrays, axes: int, sign: int) -> Plan:
    """``dct`` of type 1 to 4 without scale, as scipy.fft.dct and tensorflow.signal.dct define it; type from ``type``.

    ``sign`` > 0 is the inverse type: 3 for 2 and 2 for 3, without scale too.
    """
    x = np.asarray(arrays.values["x"], np.float64)
    kind = int(arrays.parameters.get("type", 2))
    if sign > 0:
        kind = {2: 3, 3: 2}.get(kind, kind)
    n = x.shape[-1]
    size = {1: 2 * (n - 1), 2: 4 * n, 3: 4 * n, 4: 8 * n}[kind]
    v = np.zeros((*x.shape[:-1], size))
    if kind in (1, 3):
        v[..., :n] = 2 * x
        v[..., 0] = x[..., 0]
        if kind == 1:
            v[..., n - 1] = x[..., -1]
    else:
        v[..., 1 : 2 * n : 2] = 2 * x
    picked = np.arange(n) if kind in (1, 2) else 2 * np.arange(n) + 1
    return Plan(lanes(v, 1), (picked,), -1, 1, True, x.shape, n)


# -- enclosures --------------------------------------------------------------------------------------------
def transformed(values: NDArray[np.complex128], sign: int) -> list[Any]:
    """Balls of the DFT without scale over all axes, flat in C order; at ``ctx.prec`` bits."""
    balls = np.empty(values.size, object)
    balls[:] = [acb(a, b) for a, b in zip(values.real.ravel().tolist(), values.imag.ravel().tolist(), strict=True)]
    grid = balls.reshape(values.shape)
    for axis in range(values.ndim):
        moved = np.moveaxis(grid, axis, -1)
        rows = moved.reshape(-1, moved.shape[-1])
        out = np.empty(rows.shape, object)
        for i, row in enumerate(rows):
            # The sum with e^(+2πi…) is the conjugate of the forward transform of the conjugates.
            found = acb.dft([z.conjugate() for z in row] if sign > 0 else row.tolist())
            out[i, :] = [z.conjugate() for z in found] if sign > 0 else found
        grid = np.moveaxis(out.reshape(moved.shape), -1, axis)
    flat: list[Any] = np.ascontiguousarray(grid).ravel().tolist()
    return flat


@dataclass
class Lane:
    """One transform while it is settled: a plan, its values, and the flat positions inside it that are wanted."""

    plan: Plan
    values: NDArray[np.complex128]
    within: I64
    bins: I64

    def settle(self) -> tuple[tuple[Exact, ...], float]:
        """Exact real (and imaginary) parts, and the root mean square of the whole result."""
        parts = (0,) if self.plan.real else (0, 1)
        out = tuple(Exact.empty(len(self.within)) for _ in parts)
        todo = [np.arange(len(self.within)) for _ in parts]
        known: list[dict[bytes, Point | None]] = [{} for _ in parts]
        before, bits, rms = ctx.prec, FIRST_PRECISION, 0.0
        try:
            while any(len(t) for t in todo) and bits <= PRECISION_LIMIT:
                ctx.prec = bits
                balls = transformed(self.values, self.plan.sign)
                places = np.ravel_multi_index(tuple(self.bins.T), self.plan.sizes)
                if bits == FIRST_PRECISION:
                    rms = self._rms(balls)
                for part in parts:
                    chosen = [_part(balls[places[i]], part) / self.plan.divisor for i in todo[part].tolist()]
                    todo[part] = settle_balls(chosen, todo[part], out[part])
                    todo[part] = self._recognise(part, todo[part], out[part], known[part])
                bits *= 2
        finally:
            ctx.prec = before
        for part in parts:
            out[part].undecided[todo[part]] = True
        return out, rms

    def _rms(self, balls: list[Any]) -> float:
        """To float64: only to compare errors with."""
        every = self.plan.bins(np.arange(self.plan.elements))
        flat = np.ravel_multi_index(tuple(every.T), self.plan.sizes)
        picked = np.array([complex(balls[i] / self.plan.divisor) for i in flat.tolist()])
        sizes = np.abs(picked.real) if self.plan.real else np.abs(picked)
        top = float(sizes.max())
        return top * float(np.sqrt(np.mean((sizes / top) ** 2))) if top > 0 and np.isfinite(top) else top

    def _recognise(self, part: int, index: I64, out: Exact, known: dict[bytes, Point | None]) -> I64:
        """Settle the rational ones; their conjugates have the same value. Returns the indices that are irrational."""
        left = []
        for i in index.tolist():
            key = self.bins[i].tobytes()
            if key not in known:
                value = rational_part(self.values, self.bins[i], self.plan.sign, part)
                point = None
                if value is not None:
                    point = settle_rational(value[0], value[1] * self.plan.divisor)
                for conjugate in conjugates(self.bins[i], self.plan.sizes):
                    known[conjugate.tobytes()] = point
            found = known[key]
            if found is None:
                left.append(i)
                continue
            put(out, i, found)
            out.either_zero[i] = found.hi == 0
        return np.array(left, np.int64)


def _part(ball: Any, part: int) -> Any:
    return ball.imag if part else ball.real


def settle_balls(chosen: list[Any], index: I64, out: Exact) -> I64:
    """Store what the balls settle at ``index``; returns the indices that they do not."""
    rows = []
    for y in chosen:
        hi = float(y)
        rest = y - hi
        lo = float(rest)
        rest = rest - lo
        rows.append((hi, lo, float(rest), float(rest.rad())))
    hi_, lo_, rest_, radius = np.asarray(rows, np.float64).reshape(-1, 4).T
    ok, rem = settled_floats(hi_, lo_, rest_, radius)
    good = index[ok]
    out.hi[good], out.lo[good], out.rem[good] = hi_[ok], lo_[ok], rem[ok]
    left = []
    for i in np.flatnonzero(~ok).tolist():
        point = settle_ball(chosen[i])
        if point is None:
            left.append(int(index[i]))
        else:
            put(out, int(index[i]), point)
            out.either_zero[index[i]] = point.hi == 0
    return np.array(left, np.int64)


# -- rational elements -------------------------------------------------------------------------------------
def conjugates(place: I64, sizes: tuple[int, ...]) -> I64:
    """The bins whose values are conjugates of this one's over the rationals with i in them.

    The automorphism that takes each root of unity ω to ω^t, with t ≡ 1 mod 4 (so that i stays), takes bin k to bin t·k.
    """
    order = lcm(4, *sizes)
    t = np.arange(1, order, 4)
    t = t[np.gcd(t, order) == 1]
    return np.unique(t[:, None] * place[None, :] % np.array(sizes), axis=0)


def rational_part(values: NDArray[np.complex128], place: I64, sign: int, part: int) -> tuple[int, int] | None:
    """The real (0) or imaginary (1) part of one element of the DFT of ``values`` if it is rational, as a fraction.

    The part is a sum of binary numbers times powers of ω = e^(2πi/D), D a multiple of 4 and of every size: a polynomial
    in ω. The powers of ω below the degree of the D-th cyclotomic polynomial are independent over the rationals, so
    the value is rational if and only if the remainder modulo that polynomial is a constant, and is then that constant.
    """
    sizes = values.shape
    order = lcm(4, *sizes)
    exponent = np.zeros(sizes, np.int64)
    for axis, (n, k) in enumerate(zip(sizes, place.tolist(), strict=True)):
        along = sign * (np.arange(n, dtype=np.int64) * k % n) * (order // n)
        exponent = exponent + along.reshape([-1 if a == axis else 1 for a in range(len(sizes))])
    exponent = exponent.ravel() - part * (order // 4)  # Im z = Re(−iz)
    terms: list[int] = [0] * order
    scale = 0
    held = []
    for numbers, turn in ((values.real.ravel(), 0), (values.imag.ravel(), order // 4)):
        inside = np.flatnonzero(numbers)
        ratios = [float(v).as_integer_ratio() for v in numbers[inside]]
        scale = max([scale, *(d.bit_length() - 1 for _, d in ratios)])
        held.append((ratios, (exponent[inside] + turn).tolist()))
    for ratios, powers in held:
        for (numerator, denominator), power in zip(ratios, powers, strict=True):
            whole = numerator << (scale - denominator.bit_length() + 1)
            terms[power % order] += whole  # Re z = (z + its conjugate) / 2
            terms[-power % order] += whole
    rest = fmpz_poly(terms) % fmpz_poly.cyclotomic(order)
    if rest.degree() > 0:
        return None
    constant = int(rest[0])
    shrink = gcd(constant, 1 << (scale + 1))
    return constant // shrink, (1 << (scale + 1)) // shrink


# -- references --------------------------------------------------------------------------------------------
def reference(plan: Plan, largest: float, limit: int) -> dict[str, ArrayReference]:
    """Settled elements of a planned transform; ``condition`` is the root mean square of the lane's whole result.

    A lane with a NaN or infinity in it is NaN throughout: no element of its result can be a number. ``extra`` says
    whether a sum of a lane is beyond ``largest``, the largest finite number.
    """
    overflows = False
    chosen = chosen_positions(plan.shape, limit, "transform")
    exact = Exact.empty(len(chosen))
    imag = None if plan.real else Exact.empty(len(chosen))
    condition = np.full(len(chosen), np.nan)
    lane_of, within = np.divmod(chosen, plan.elements)
    for lane in np.unique(lane_of).tolist():
        where = np.flatnonzero(lane_of == lane)
        values = plan.values[lane]
        if not np.isfinite(values).all():
            exact.hi[where] = np.nan
            if imag is not None:
                imag.hi[where] = np.nan
            continue
        with np.errstate(over="ignore"):
            overflows |= bool(abs(values.sum()) > largest)
        parts, condition[where] = Lane(plan, values, within[where], plan.bins(within[where])).settle()
        exact.put(where, parts[0])
        if imag is not None:
            imag.put(where, parts[1])
    extra = {"length": float(plan.length), "lane": float(plan.elements), "overflow on the way": float(overflows)}
    return {"": ArrayReference(plan.shape, chosen, exact, condition, "arb", imag, extra)}


def _finder(make: Callable[[Arrays, int, int], Plan], axes: int, sign: int) -> Any:
    def find(arrays: Arrays, limit: int) -> dict[str, ArrayReference]:
        fmt = DTYPES[arrays.dtype]
        part = fmt.part if isinstance(fmt, ComplexFormat) else fmt
        assert isinstance(part, Format)
        return reference(make(arrays, axes, sign), part.max_finite, limit)

    return find


REFERENCES = {
    **{f"fft{d}": _finder(complex_plan, d, -1) for d in (1, 2, 3)},
    **{f"ifft{d}": _finder(complex_plan, d, 1) for d in (1, 2, 3)},
    **{f"rfft{d}": _finder(half_plan, d, -1) for d in (1, 2, 3)},
    **{f"irfft{d}": _finder(back_plan, d, 1) for d in (1, 2, 3)},
    "dct": _finder(cosine_plan, 1, -1),
    "idct": _finder(cosine_plan, 1, 1),
}
