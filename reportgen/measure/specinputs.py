"""The key ``inputs`` of a case: which numbers a function is measured on.

What each form leaves in :attr:`InputSpec.detail` is written down in ``docs/specs.md``.
"""

from __future__ import annotations

import hashlib
import os
from pathlib import Path as File
from typing import Any

import numpy as np

from reportgen.catalogue.arrayrows import ARRAY_KINDS, array_row
from reportgen.catalogue.rows import FunctionRow
from reportgen.core.arrays import VARIANTS
from reportgen.core.dtypes import DTYPES
from reportgen.core.errors import ValueSyntaxError
from reportgen.core.floats import FLOAT_DTYPES, FORMATS, Format
from reportgen.core.model import InputSpec
from reportgen.core.values import describe, parse_value
from reportgen.measure.spectable import Table, listed, show

FORMS = ("arange", "interval", "intervals", "values", "npy", "arrays")
DISTRIBUTIONS = ("uniform", "log-uniform", "ordinals")
ARRAYS = tuple(VARIANTS)
DEFAULT_SIZES = (1, 7, 1000)
DEFAULT_SAMPLES = 4096
MAX_ELEMENTS = 10**9
PROCESS_BYTES = 4 << 30
"""What no process of a run may need."""
ORACLE_BYTES = {"reduction": 120, "transform": 4000}
"""Bytes that the exact result of one element of an array needs at its peak (measured: sums 52, products 115, Fourier
transforms up to 1885, cosine transforms up to 3867; both for prime lengths)."""
WORKER_COPIES = 8
"""Arrays of the operand's size in a worker: the operand as read and as a tensor, two results, scratch space."""

_WITH = {"interval": ("distribution", "samples"), "intervals": ("distribution", "samples"), "arrays": ("sizes",)}


def default_inputs(kind: str) -> InputSpec:
    """Inputs of a case that a spec lists by function alone."""
    if kind in ARRAY_KINDS:
        return InputSpec("arrays", "array")
    return InputSpec("ordinals", "ordinals")


def read_inputs(table: Table, name: str, row: FunctionRow, dtype: str, folder: File, targets: int) -> InputSpec:
    """The inputs of one case in one dtype, on a number of ``targets``.

    ``table`` is the table ``inputs``, ``folder`` the spec's folder, in which files must lie.
    Raises :class:`SpecError` for more or less than one form, for inputs that do not fit the function or dtype, and
    for arrays that need more memory than there is.
    """
    table.only((*FORMS, "distribution", "samples", "sizes"))
    given = [form for form in FORMS if form in table.data]
    if not _takes_inputs(row):
        at = given[0] if given else ()
        raise table.fail(at, f"cannot be named for {row.name}, expected no inputs: the catalogue has its own")
    if len(given) != 1:
        got = f"got {listed(given)} together" if given else "got none of them"
        raise table.fail((), f"{got}, expected exactly one of {listed(FORMS)}")
    form = given[0]
    for key in table.data:
        if key != form and key not in _WITH.get(form, ()):
            raise table.fail(key, f'contradicts "{form}", expected it only with {_companions(key)}')
    _fits(table, form, row)
    if form == "arrays" and row.kind != "reduction":
        return InputSpec(name, "array", _arrays(table, row, dtype, targets))
    if dtype not in FLOAT_DTYPES or row.kind == "cast":
        what = "casts" if row.kind == "cast" else dtype
        raise table.fail(form, f"is for real functions of floating-point dtypes, got {what}, expected no inputs")
    fmt, arity = FORMATS[dtype], row.arity
    if form == "arange":
        return InputSpec(name, "arange", _arange(table, arity, fmt))
    if form in ("interval", "intervals"):
        return InputSpec(name, "interval", _intervals(table, form, arity, fmt))
    if form == "values":
        return InputSpec(name, "values", (("values", _values(table, arity, fmt)),))
    if form == "npy":
        return InputSpec(name, "npy", _npy(table, arity, fmt, folder))
    return InputSpec(name, "array", _arrays(table, row, dtype, targets))


def _takes_inputs(row: FunctionRow) -> bool:
    """Not so a function of whole arrays that needs more than one array (matrices, several operands, lengths that must
    fit)."""
    arrays = array_row(row.name) if row.kind in ARRAY_KINDS else None
    return row.kind not in ARRAY_KINDS or (arrays is not None and arrays.spec_parameters is not None)


def _fits(table: Table, form: str, row: FunctionRow) -> None:
    """Refuse arrays for a function of single numbers, and anything else for one of whole arrays."""
    if row.kind not in ARRAY_KINDS:
        if form == "arrays":
            raise table.fail(form, f"does not fit, expected another form: {row.name} is no function of whole arrays")
        return
    if form != "arrays":
        raise table.fail(form, f'does not fit {row.name}, expected "arrays" for a function of whole arrays')


def _companions(key: str) -> str:
    return " or ".join(f'"{form}"' for form, keys in _WITH.items() if key in keys)


def _limit(table: Table, key: str, count: float) -> None:
    if count > MAX_ELEMENTS:
        estimate = f"{count:.3g}" if count > 10**12 else f"{int(count)}"
        raise table.fail(key, f"asks for {estimate} elements, expected at most {MAX_ELEMENTS}")


def _arange(table: Table, arity: int, fmt: Format) -> tuple[tuple[str, Any], ...]:
    if arity != 1:
        raise table.fail("arange", f"gives one argument, expected inputs for a function of {arity}")
    numbers = table.read("arange", list)
    if len(numbers) not in (2, 3):
        raise table.fail("arange", f"got {show(numbers)}, expected [start, stop] or [start, stop, step]")
    start, stop = (table.number(("arange", i)) for i in range(2))
    step = table.number(("arange", 2)) if len(numbers) == 3 else 1.0
    if step == 0 or (stop - start) / step <= 0:
        raise table.fail("arange", f"from {start:g} to {stop:g} by {step:g} is empty, expected at least one element")
    _limit(table, "arange", (stop - start) / step)
    largest = max(abs(start), abs(stop))
    if largest > fmt.max_finite:
        raise table.fail("arange", f"reaches {largest:g}, expected at most {fmt.max_finite:g} for {fmt.name}")
    _representable(table, start, stop, step, fmt)
    return (("arange", (start, stop, step)),)


def _representable(table: Table, start: float, stop: float, step: float, fmt: Format) -> None:
    """Refuse an arange of which an element is not a value of the format."""
    whole = start == int(start) and step == int(step)
    if whole and max(abs(start), abs(stop)) <= 2.0**fmt.p:
        return
    count = int(np.ceil((stop - start) / step))
    delta = (start + step) - start  # as numpy.arange does
    for first in range(0, count, 1 << 20):
        part = start + np.arange(first, min(count, first + (1 << 20))) * delta
        bad = np.flatnonzero(~fmt.is_representable(part))
        if bad.size:
            value = describe(float(part[bad[0]]))
            raise table.fail("arange", f"element {first + int(bad[0])} is {value}, expected values of {fmt.name}")


def _intervals(table: Table, form: str, arity: int, fmt: Format) -> tuple[tuple[str, Any], ...]:
    numbers = table.read(form, list)
    if form == "interval" and arity != 1:
        raise table.fail(form, f'gives one argument, expected "intervals" with {arity} pairs')
    rows = [(form,)] if form == "interval" else [(form, i) for i in range(len(numbers))]
    if len(rows) != arity:
        raise table.fail(form, f"got {len(rows)} intervals, expected {arity} for this function")
    distribution = table.text("distribution", "uniform")
    if distribution not in DISTRIBUTIONS:
        raise table.fail("distribution", f"got {show(distribution)}, expected one of {listed(DISTRIBUTIONS)}")
    samples = int(table.read("samples", int, DEFAULT_SAMPLES))
    if samples < 1:
        raise table.fail("samples", f"got {show(samples)}, expected at least 1")
    _limit(table, "samples", float(min(samples, 10**300)))
    pairs = tuple(_interval(table, row, distribution, fmt) for row in rows)
    return (("intervals", pairs), ("distribution", distribution), ("samples", samples))


def _interval(table: Table, row: tuple[str | int, ...], distribution: str, fmt: Format) -> tuple[float, float]:
    pair: Any = table.data
    for part in row:
        pair = pair[part]
    if not isinstance(pair, list) or len(pair) != 2:
        raise table.fail(row, f"got {show(pair)}, expected [low, high]")
    low, high = (table.number((*row, i)) for i in range(2))
    if low >= high:
        raise table.fail(row, f"got [{low:g}, {high:g}], expected low < high")
    if max(abs(low), abs(high)) > fmt.max_finite:
        raise table.fail(row, f"got [{low:g}, {high:g}], expected numbers within ±{fmt.max_finite:g} for {fmt.name}")
    if distribution == "log-uniform" and low <= 0:
        raise table.fail(row, f"got [{low:g}, {high:g}], expected low > 0 for the distribution log-uniform")
    return low, high


def _values(table: Table, arity: int, fmt: Format) -> tuple[str | tuple[str, ...], ...]:
    """The points as ``float.hex`` strings (NaN then equals itself), tuples of them for two arguments."""
    entries = table.read("values", list)
    if not entries:
        raise table.fail("values", "got an empty array, expected at least one value")
    if arity == 1:
        return tuple(_value(table, ("values", i), entry, fmt).hex() for i, entry in enumerate(entries))
    points = []
    for i, entry in enumerate(entries):
        if not isinstance(entry, list) or len(entry) != arity:
            raise table.fail(("values", i), f"got {show(entry)}, expected an array of {arity} numbers")
        points.append(tuple(_value(table, ("values", i, j), item, fmt).hex() for j, item in enumerate(entry)))
    return tuple(points)


def _value(table: Table, at: tuple[str | int, ...], item: Any, fmt: Format) -> float:
    spelled = table.positions.texts.get((*table.at, *at), "").replace("_", "")
    text = item if isinstance(item, str) else spelled
    if isinstance(item, (bool, list, dict)):
        raise table.fail(at, f"got {show(item)}, expected a number or a string that names one")
    try:
        return parse_value(text, fmt)
    except ValueSyntaxError as error:
        raise table.fail(at, str(error)) from None


def inside(table: Table, key: str, folder: File) -> File:
    """The file that ``key`` names, which must exist inside the spec's folder."""
    name = table.text(key)
    parts = File(name).parts
    if File(name).is_absolute() or ".." in parts or "\\" in name or "\0" in name:
        raise table.fail(key, f"got {show(name)}, expected a file inside the folder of the spec")
    path = folder / name
    try:
        real = path.resolve(strict=True)
    except (OSError, RuntimeError):
        raise table.fail(key, f"got {show(name)}, expected a file that exists in {folder}") from None
    if not real.is_file() or not real.is_relative_to(folder.resolve()):
        raise table.fail(key, f"got {show(name)}, expected a file inside the folder of the spec")
    return path


def _npy(table: Table, arity: int, fmt: Format, folder: File) -> tuple[tuple[str, Any], ...]:
    path = inside(table, "npy", folder)
    try:
        array = np.load(path, mmap_mode="r", allow_pickle=False)
    except (OSError, ValueError, EOFError) as error:
        raise table.fail("npy", f"cannot be read as .npy ({error}), expected a file of numpy.save") from None
    if not isinstance(array, np.ndarray) or array.dtype.kind != "f" or array.dtype.itemsize > 8:
        got = getattr(array, "dtype", "an archive")
        raise table.fail("npy", f"holds {got}, expected float16, float32 or float64")
    wanted = "(n,)" if arity == 1 else f"({arity}, n)"
    fits = array.ndim == 1 if arity == 1 else array.ndim == 2 and array.shape[0] == arity
    if not fits or array.size == 0:
        raise table.fail("npy", f"has shape {array.shape}, expected {wanted} with n > 0")
    _limit(table, "npy", array.size)
    digest = hashlib.sha256(str(array.shape).encode())
    for row in array.reshape(arity, -1):
        for start in range(0, len(row), 1 << 20):
            part = np.asarray(row[start : start + (1 << 20)], dtype=np.float64)
            nan = np.flatnonzero(np.isnan(part))
            if nan.size:
                raise table.fail(
                    "npy", f'element {start + int(nan[0])} is nan, expected numbers (nan may stand in "values")'
                )
            bad = np.flatnonzero(~fmt.is_representable(part))
            if bad.size:
                value = describe(float(part[bad[0]]))
                raise table.fail("npy", f"element {start + int(bad[0])} is {value}, expected values of {fmt.name}")
            digest.update(part.tobytes())
    return (("npy", str(path)), ("sha256", digest.hexdigest()))


def _arrays(table: Table, row: FunctionRow, dtype: str, targets: int) -> tuple[tuple[str, Any], ...]:
    names = table.choices("arrays", ARRAYS)
    sizes = table.read("sizes", list, list(DEFAULT_SIZES))
    if not sizes:
        raise table.fail("sizes", "got an empty array, expected at least one size")
    for i, size in enumerate(sizes):
        if isinstance(size, bool) or not isinstance(size, int) or size < 1:
            raise table.fail(("sizes", i), f"got {show(size)}, expected an integer of at least 1")
        if size in sizes[:i]:
            raise table.fail(("sizes", i), f"got {size} twice, expected it once")
    _limit(table, "sizes", float(min(len(names) * sum(sizes), 10**300)))
    for i, size in enumerate(sizes):
        _memory(table, ("sizes", i), size, row.kind, dtype, targets)
    return (("arrays", names), ("sizes", tuple(sizes)))


def array_bytes(size: int, kind: str, dtype: str, targets: int) -> tuple[int, int]:
    """Estimates for an array of ``size`` elements: bytes of the measuring process, which holds the exact result and
    both results of every target as stored and as float64 (complex128), and of a worker."""
    item = DTYPES[dtype].storage.itemsize
    wide = 16 if dtype.startswith("complex") else 8
    return size * (
        ORACLE_BYTES.get(kind, max(ORACLE_BYTES.values())) + targets * 2 * (item + wide)
    ), size * item * WORKER_COPIES


def machine_bytes() -> int | None:
    """The machine's memory, where it can be asked for."""
    try:
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (AttributeError, ValueError, OSError):
        return None


def _memory(table: Table, at: tuple[str | int, ...], size: int, kind: str, dtype: str, targets: int) -> None:
    """Refuse an array for which a process or the machine has not the memory. Arrays are measured one after another."""
    measuring, worker = array_bytes(size, kind, dtype, targets)
    whole, has = measuring + targets * worker, machine_bytes()
    for what, need, limit in (
        ("in one process", max(measuring, worker), PROCESS_BYTES),
        ("in all processes", whole, has),
    ):
        if limit is not None and need > limit:
            on = f"{size} elements of {dtype} on {targets} target{'s' if targets != 1 else ''}"
            raise table.fail(at, f"{on} need about {_gib(need)} {what}, expected at most {_gib(limit)}")


def _gib(count: int) -> str:
    return f"{count / 2**30:.1f} GiB"
