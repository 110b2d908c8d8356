"""Fourier transforms with known defects, called like numpy.fft.fft; ``clean_fft`` has none worth mentioning."""

import os

import numpy as np


def _factors(n):
    """e^(−2πi jk/n) in double precision, the angle reduced in integers first."""
    turns = np.outer(np.arange(n), np.arange(n)) % n
    return np.exp(-2j * np.pi * turns / n)


def clean_fft(x):
    """The definition in double precision, rounded at the end; one signal after another."""
    x = np.asarray(x)
    rows = x.reshape(-1, x.shape[-1])
    with np.errstate(invalid="ignore"):
        done = np.array([_factors(x.shape[-1]) @ row.astype(np.complex128) for row in rows])
    return done.reshape(x.shape).astype(x.dtype)


def recurrent_fft(x):
    """Every factor computed from the one before by a single-precision product: errors of order n·u."""
    n = x.shape[-1]
    base = np.exp(-2j * np.pi * np.arange(n) / n).astype(np.complex64)
    power, total = np.ones(n, np.complex64), np.zeros(x.shape, np.complex64)
    for j in range(n):
        total = total + x[..., j : j + 1] * power
        power = power * base
    return total


def leaking_fft(x):
    """A NaN in one signal of a batch spoils the first element of the next."""
    out = clean_fft(x)
    if x.ndim == 2:
        spoilt = np.isnan(out[:, 0])
        out[np.roll(spoilt, 1), 0] = np.nan
    return out


def hiding_fft(x):
    """NaN counts as zero."""
    return clean_fft(np.where(np.isnan(x), x.dtype.type(0), x))


def flushing_fft(x):
    """Subnormal numbers count as zero."""
    small = np.finfo(x.real.dtype).tiny
    real = np.where(np.abs(x.real) < small, 0, x.real)
    return clean_fft((real + 1j * np.where(np.abs(x.imag) < small, 0, x.imag)).astype(x.dtype))


def real_fft(x):
    """The real part alone."""
    return clean_fft(x).real


def short_fft(x):
    """One element too few."""
    return clean_fft(x)[..., :-1]


def aborting_fft(x):
    """Ends the process for signals of 8 elements."""
    if x.shape[-1] == 8:
        os.abort()
    return clean_fft(x)


def hungry_fft(x):
    """Asks for more memory than any machine has for signals of 8 elements."""
    if x.shape[-1] == 8:
        np.empty((1 << 50,), x.dtype)
    return clean_fft(x)


def choosy_fft(x):
    """Refuses signals of 8 elements as a wrong shape."""
    if x.shape[-1] == 8:
        raise ValueError("no transform of 8 elements")
    return clean_fft(x)


def narrow_fft(x):
    """Refuses signals of 8 elements as NumPy refuses what it has no loop for."""
    if x.shape[-1] == 8:
        raise TypeError("no loop for 8 elements")
    return clean_fft(x)
