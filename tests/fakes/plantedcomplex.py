"""A library of complex functions with known defects, called like NumPy's; clean ones are NumPy's own."""

import numpy as np

clean_sqrt = np.sqrt
clean_square = np.square


def sqrt_cut(z):
    """The negative axis always from above: the sign of a zero imaginary part is lost."""
    z = np.asarray(z)
    lifted = np.empty(z.shape, z.dtype)
    lifted.real, lifted.imag = z.real, z.imag + z.real.dtype.type(0)
    return np.sqrt(lifted)[()]


def divide_naive(z, w):
    """(ac + bd)/(c² + d²) and (bc − ad)/(c² + d²), whose squares overflow and underflow."""
    z, w = np.asarray(z), np.asarray(w)
    out = np.empty(np.broadcast(z, w).shape, z.dtype)
    with np.errstate(all="ignore"):
        size = w.real * w.real + w.imag * w.imag
        out.real = (z.real * w.real + z.imag * w.imag) / size
        out.imag = (z.imag * w.real - z.real * w.imag) / size
    return out[()]


def divide_wide(z, w):
    """The quotient in the widest format of the machine, rounded: clean for complex64."""
    with np.errstate(all="ignore"):
        return np.divide(np.asarray(z).astype(np.clongdouble), np.asarray(w)).astype(np.asarray(z).dtype)[()]


def exp_wide(z):
    """exp in double precision, rounded: clean for complex64."""
    with np.errstate(all="ignore"):
        return np.exp(np.asarray(z).astype(np.complex128)).astype(np.asarray(z).dtype)[()]


def exp_im(z):
    """:func:`exp_wide` with the imaginary part three ulps too large where the real part of the input is above 1."""
    z = np.asarray(z)
    right = np.atleast_1d(exp_wide(z))
    im = right.imag.copy()
    with np.errstate(over="ignore", invalid="ignore"):
        for _ in range(3):
            im = np.nextafter(im, im.dtype.type(np.inf))
    wrong = np.isfinite(im) & np.isfinite(right.real) & (np.atleast_1d(z).real > 1)
    right.imag = np.where(wrong, im, right.imag)
    return right.reshape(z.shape)[()]


def exp_tail(z):
    """:func:`exp_wide`, its imaginary part one ulp too large in the last n mod 8 elements."""
    z = np.asarray(z)
    right = np.atleast_1d(exp_wide(z))
    last = right.size - right.size % 8
    with np.errstate(over="ignore", invalid="ignore"):
        right.imag[last:] = np.nextafter(right.imag[last:], right.imag.dtype.type(np.inf))
    return right.reshape(z.shape)[()]


def square_nan(z):
    """NaN in both parts where a part of the input is infinite."""
    z = np.asarray(z)
    with np.errstate(all="ignore"):
        right = np.square(z)
    infinite = np.isinf(z.real) | np.isinf(z.imag)
    return np.where(infinite, np.array(complex(np.nan, np.nan), z.dtype), right)[()]
