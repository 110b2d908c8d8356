"""Signals for transforms: complex in complex dtypes, real in real ones; the last axis is time."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from reportgen.core.dtypes import ComplexFormat
from reportgen.core.floats import Format

Shape = tuple[int, ...]
Signal = NDArray[Any]

WIDE = 20.0
"""Octaves up and down over which the sizes of wide signals spread."""
OFFSET = 100.0


def _part(fmt: Any) -> Format:
    part = fmt.part if isinstance(fmt, ComplexFormat) else fmt
    assert isinstance(part, Format)
    return part


def random(rng: np.random.Generator, shape: Shape, fmt: Any) -> Signal:
    """Standard normal; complex dtypes in both parts."""
    values = rng.standard_normal(shape)
    return values + 1j * rng.standard_normal(shape) if isinstance(fmt, ComplexFormat) else values


def offset(rng: np.random.Generator, shape: Shape, fmt: Any) -> Signal:
    """Standard normal around 100: nearly all of the spectrum is in its first bin. The imaginary part is zero."""
    return OFFSET + rng.standard_normal(shape)


def impulse(rng: np.random.Generator, shape: Shape, fmt: Any) -> Signal:
    """A one after a third of every axis, zeros elsewhere: the result shows the factors e^(2πik/n) themselves."""
    values = np.zeros(shape)
    values[tuple(n // 3 for n in shape)] = 1.0
    return values


def tone(rng: np.random.Generator, shape: Shape, fmt: Any) -> Signal:
    """A quarter turn a step: 1, i, −1, −i, … (real dtypes: 1, 0, −1, 0, …), exact in every dtype.

    Where the length is a multiple of 4, all bins but one (two) are exactly zero.
    """
    turns = np.arange(shape[-1]) % 4
    real = np.array([1.0, 0.0, -1.0, 0.0])[turns]
    imag = np.array([0.0, 1.0, 0.0, -1.0])[turns]
    return np.broadcast_to(real + 1j * imag if isinstance(fmt, ComplexFormat) else real, shape)


def constant(rng: np.random.Generator, shape: Shape, fmt: Any) -> Signal:
    """The same number everywhere, no power of two: all bins but the first are exactly zero."""
    value = 1.0 + rng.random()
    return np.full(shape, value + 1j * rng.random() if isinstance(fmt, ComplexFormat) else value)


def wide(rng: np.random.Generator, shape: Shape, fmt: Any) -> Signal:
    """Standard normal times powers of two from 2^-20 to 2^20."""
    return np.asarray(random(rng, shape, fmt) * np.exp2(rng.uniform(-WIDE, WIDE, shape)))


def huge(rng: np.random.Generator, shape: Shape, fmt: Any) -> Signal:
    """Positive numbers near a sixteenth of the largest finite one: their sum overflows, their mean does not."""
    return np.ldexp(rng.uniform(0.5, 1.0, shape), _part(fmt).emax - 4)


def tiny(rng: np.random.Generator, shape: Shape, fmt: Any) -> Signal:
    """Standard normal times a sixteenth of the smallest normal number: subnormal numbers in, mostly normal ones out."""
    return np.asarray(random(rng, shape, fmt) * 2.0**-4 * _part(fmt).min_normal)


def nan(rng: np.random.Generator, shape: Shape, fmt: Any) -> Signal:
    """Standard normal with one NaN in the middle (in C order), in both parts of complex numbers."""
    values = random(rng, shape, fmt).reshape(-1)
    values[values.size // 2] = np.nan * (1 + 1j) if isinstance(fmt, ComplexFormat) else np.nan
    return values.reshape(shape)


MAKERS = {
    "signal": random,
    "signal-offset": offset,
    "signal-impulse": impulse,
    "signal-tone": tone,
    "signal-constant": constant,
    "signal-wide": wide,
    "signal-huge": huge,
    "signal-tiny": tiny,
    "signal-nan": nan,
}
