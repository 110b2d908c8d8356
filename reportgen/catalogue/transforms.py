"""Fourier and cosine transforms."""

from __future__ import annotations

from collections.abc import Callable
from math import prod
from typing import Any

from reportgen.catalogue.arrayrows import ArrayRow
from reportgen.catalogue.rows import FunctionRow, Special
from reportgen.catalogue.sources import PROPAGATION, numpy_docs
from reportgen.core.problems import Operand, Problem

COMPLEX = ("complex64", "complex128")
REAL = ("float32", "float64")

RULES = (
    Special(
        ("some nan",), "value",
        "One NaN in a signal makes every element of its transform NaN, since each depends on all; the other signals of "
        "a batch stay numbers.",
        PROPAGATION,
    ),
    Special(
        ("overflow on the way and result finite",), "value",
        "The transform is in range although the sum of the signal is not: dividing by n at the end is too late.",
        numpy_docs("numpy.fft (implementation details: the definition of the inverse)"),
    ),
    Special(
        ("some subnormal",), "value", "Subnormal numbers in a signal are no zeros.",
        "IEEE 754-2019, 3.3 (sets of floating-point data)",
    ),
)  # fmt: skip

_EXACT = "Arb's discrete Fourier transform in ball arithmetic; rational elements modulo a cyclotomic polynomial"
_CONDITION = "log2 n · ‖y‖₂"

WORDS = {
    "signal": "random signal",
    "signal-offset": "random signal around 100",
    "signal-impulse": "one impulse",
    "signal-tone": "tone of period 4",
    "signal-constant": "constant signal",
    "signal-wide": "random signal over 40 octaves",
    "signal-huge": "positive numbers near the largest finite one",
    "signal-tiny": "subnormal numbers",
    "signal-nan": "random signal with one NaN",
}


Parameters = tuple[tuple[str, Any], ...]


def _problem(
    data: str, shape: tuple[int, ...], size: int, axes: int, parameters: Parameters = (), more: str = ""
) -> Problem:
    """A signal of ``shape`` whose last ``axes`` are transformed; ``size`` is the transform's length."""
    batch = len(shape) > axes
    words = f"{WORDS[data]}, {' × '.join(f'{n:,}' for n in shape)}"
    words += f" ({shape[0]} transforms)" if batch else ""
    words += f", {more.replace('-', ' ')}" if more else ""
    name = f"{data.removeprefix('signal-')}-{'x'.join(map(str, shape))}{'-' if more else ''}{more}"
    series = data
    if data == "signal" and axes == 1 and not batch:
        series = "powers-of-two" if size & (size - 1) == 0 else "other-lengths"
    operands = (Operand("x", data, shape),)
    return Problem(name, words, operands, parameters, series, size, data == "signal-nan")


def _one(*tried: tuple[str, tuple[int, ...]], parameters: Callable[[int], Any] = lambda n: ()) -> tuple[Problem, ...]:
    """Problems of one-dimensional transforms over the last axis."""
    return tuple(_problem(data, shape, shape[-1], 1, parameters(shape[-1])) for data, shape in tried)


def _lengths(n: int) -> tuple[tuple[str, Any], ...]:
    """The length of the transform: NumPy and SciPy take a number, TensorFlow a list."""
    return (("n", n), ("length", [n]))


POWERS = tuple(("signal", (n,)) for n in (1, 2, 8, 64, 1024, 65536))
"""Error against length, in powers of two."""
OTHERS = tuple(("signal", (n,)) for n in (7, 360, 1009, 10007))
"""3²·5·8, and primes, for which libraries take Rader's or Bluestein's detour."""
KINDS = (
    ("signal-tone", (1000,)), ("signal-constant", (1009,)), ("signal-impulse", (360,)), ("signal-offset", (1000,)),
    ("signal-wide", (1024,)), ("signal-nan", (3, 101)),
)  # fmt: skip

COMPLEX_ONES = _one(*POWERS, *OTHERS, ("signal", (16, 1000)), *KINDS, ("signal-tiny", (256,)))
COMPLEX_INVERSES = _one(
    *POWERS[2:], *OTHERS[1:], ("signal-tone", (1000,)), ("signal-impulse", (360,)), ("signal-wide", (1024,)),
    ("signal-nan", (3, 101)), ("signal-huge", (1024,)), ("signal-tiny", (256,)),
)  # fmt: skip
REAL_ONES = (
    *_one(*POWERS, *OTHERS, ("signal", (16, 1000)), *KINDS, ("signal-tiny", (256,)), parameters=_lengths),
    _problem("signal", (1000,), 1024, 1, _lengths(1024), "filled-to-1024"),
    _problem("signal", (1000,), 729, 1, _lengths(729), "cut-to-729"),
)


def _back(data: str, n: int, lead: tuple[int, ...] = ()) -> Problem:
    """A half spectrum for a real signal of n elements, even or odd."""
    return _problem(data, (*lead, n // 2 + 1), n, 1, _lengths(n), f"to-{n}")


HALVES = (
    *(_back("signal", n) for n in (1, 2, 8, 64, 1024, 65536, 7, 360, 1009, 10007, 1001)),
    _back("signal", 1000, (16,)),
    *(_back(data, n) for data, n in (
        ("signal-impulse", 360), ("signal-wide", 1024), ("signal-huge", 1024), ("signal-tiny", 256),
    )),
    _back("signal-nan", 201, (3,)),
)  # fmt: skip

COSINES = _one(
    *POWERS[1:5], *OTHERS[:3], ("signal", (16384,)), ("signal", (16, 1000)), ("signal-constant", (1000,)),
    ("signal-impulse", (360,)), ("signal-offset", (1000,)), ("signal-nan", (3, 101)),
    parameters=lambda n: (("type", 2),),
)  # fmt: skip
OTHER_TYPES = tuple(_problem("signal", (1000,), 1000, 1, (("type", t),), f"type-{t}") for t in (1, 3, 4))


def _several(*shapes: tuple[int, ...], axes: int) -> tuple[Problem, ...]:
    """Problems of transforms over several axes; the first shape also carries a NaN."""
    tried = [*(("signal", s) for s in shapes), ("signal-nan", shapes[0])]
    return tuple(_problem(data, s, prod(s[len(s) - axes :]), axes) for data, s in tried)


def _several_back(*sizes: tuple[int, ...]) -> tuple[Problem, ...]:
    """Half spectra of real signals of several axes."""
    tried = [*(("signal", s) for s in sizes), ("signal-nan", sizes[0])]
    out = []
    for data, s in tried:
        shape, to = (*s[:-1], s[-1] // 2 + 1), "x".join(map(str, s))
        out.append(_problem(data, shape, prod(s), len(s), (("s", list(s)),), f"to-{to}"))
    return tuple(out)


PLANES = ((32, 48), (64, 64), (31, 37), (4, 16, 20))
PLANE_TONE = _problem("signal-tone", (32, 48), 32 * 48, 2)
BOXES = ((8, 12, 16), (7, 11, 13))


def _row(name: str, sentence: str, function: str, tensorflow: str, dtypes: tuple[str, ...], **more: Any) -> FunctionRow:
    """``function`` is the name in numpy.fft and scipy.fft, ``dtypes`` the real dtypes of the operand."""
    values = {
        "family": "transforms", "kind": "transform", "arity": 1, "domain": "arrays of at least one element along each "
        "transformed axis", "numpy": f"numpy.fft.{function}", "tensorflow": f"tensorflow.signal.{tensorflow}",
        "scipy": f"scipy.fft.{function}", "mpmath": "", "arb": "", "specials": RULES,
    }  # fmt: skip
    return FunctionRow(name=name, sentence=sentence, dtypes=dtypes, **(values | more))


ROWS = (
    _row("fft", "The discrete Fourier transform over the last axis.", "fft", "fft", ()),
    _row("ifft", "The inverse discrete Fourier transform over the last axis, divided by n.", "ifft", "ifft", ()),
    _row("rfft", "The first n//2 + 1 bins of the discrete Fourier transform of real numbers.", "rfft", "rfft", REAL),
    _row("irfft", "The real signal of n elements whose spectrum begins with the n//2 + 1 bins given.", "irfft",
         "irfft", ()),
    _row("fft2", "The discrete Fourier transform over the last two axes.", "fft2", "fft2d", (), aliases=("fft2d",)),
    _row("ifft2", "The inverse discrete Fourier transform over the last two axes.", "ifft2", "ifft2d", (),
         aliases=("ifft2d",)),
    _row("rfft2", "The half of the two-dimensional discrete Fourier transform of real numbers that says it all.",
         "rfft2", "rfft2d", REAL, aliases=("rfft2d",)),
    _row("irfft2", "The real plane whose two-dimensional half spectrum is given.", "irfft2", "irfft2d", (),
         aliases=("irfft2d",)),
    _row("fftn", "The discrete Fourier transform over all three axes.", "fftn", "fft3d", (), aliases=("fft3d",)),
    _row("ifftn", "The inverse discrete Fourier transform over all three axes.", "ifftn", "ifft3d", (),
         aliases=("ifft3d",)),
    _row("rfftn", "The half of the three-dimensional discrete Fourier transform of real numbers that says it all.",
         "rfftn", "rfft3d", REAL, aliases=("rfft3d",)),
    _row("irfftn", "The real box whose three-dimensional half spectrum is given.", "irfftn", "irfft3d", (),
         aliases=("irfft3d",)),
    _row("dct", "The cosine transform of type 2 (or 1, 3, 4) over the last axis, without scale.", "dct", "dct", REAL,
         numpy=None),
    _row("idct", "The inverse cosine transform of type 2 over the last axis, which is type 3, without scale.", "idct",
         "idct", REAL, numpy=None),
)  # fmt: skip


def _array(
    name: str, arguments: str, theirs: str, reference: str, problems: tuple[Problem, ...], dtypes: tuple[str, ...],
    spec: tuple[tuple[str, object], ...] | None = None,
) -> ArrayRow:  # fmt: skip
    """``arguments`` are those of NumPy and SciPy, ``theirs`` those of TensorFlow."""
    row = next(r for r in ROWS if r.name == name)
    programs = {
        "numpy": (row.numpy, arguments),
        "tensorflow": (row.tensorflow, theirs),
        "scipy": (row.scipy, arguments),
    }
    return ArrayRow(
        name, tuple((library, f"{path}({said})") for library, (path, said) in programs.items() if path), reference,
        _EXACT, _CONDITION, problems, pointwise=1 << 17, spec_parameters=spec, dtypes=dtypes,
    )  # fmt: skip


_TYPED = (("type", 2),)

ARRAYS = {
    row.name: row
    for row in (
        _array("fft", "x", "x", "fft1", COMPLEX_ONES, COMPLEX, ()),
        _array("ifft", "x", "x", "ifft1", COMPLEX_INVERSES, COMPLEX, ()),
        _array("rfft", "x, n=n", "x, fft_length=length", "rfft1", REAL_ONES, REAL, (("n", None), ("length", None))),
        _array("irfft", "x, n=n", "x, fft_length=length", "irfft1", HALVES, COMPLEX),
        _array("fft2", "x", "x", "fft2", (*_several(*PLANES, axes=2), PLANE_TONE), COMPLEX),
        _array("ifft2", "x", "x", "ifft2", _several(*PLANES[:2], axes=2), COMPLEX),
        _array("rfft2", "x", "x", "rfft2", (*_several(*PLANES, axes=2), PLANE_TONE), REAL),
        _array("irfft2", "x, s=s", "x, fft_length=s", "irfft2", _several_back((32, 48), (31, 37)), COMPLEX),
        _array("fftn", "x", "x", "fft3", _several(*BOXES, axes=3), COMPLEX),
        _array("ifftn", "x", "x", "ifft3", _several(*BOXES[:1], axes=3), COMPLEX),
        _array("rfftn", "x", "x", "rfft3", _several(*BOXES, axes=3), REAL),
        _array("irfftn", "x, s=s, axes=(-3, -2, -1)", "x, fft_length=s", "irfft3",
               _several_back((8, 12, 16), (7, 11, 13)), COMPLEX),
        _array("dct", "x, type=type", "x, type=type", "dct", COSINES + OTHER_TYPES, REAL, _TYPED),
        _array("idct", "x, type=type, norm='forward'", "x, type=type", "idct", COSINES, REAL, _TYPED),
    )
}  # fmt: skip
