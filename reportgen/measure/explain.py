"""One input on every target and path, beside the exact value."""

from __future__ import annotations

import math
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

import numpy as np

from reportgen.catalogue.rows import FunctionRow, lookup
from reportgen.catalogue.supported import applies, dtypes_of
from reportgen.catalogue.targets import builtin_targets
from reportgen.core.dtypes import kind_of
from reportgen.core.errors import RequestError
from reportgen.core.floats import FORMATS, Exact, Format, round_exact
from reportgen.core.formatting import MINUS, shortest
from reportgen.core.metrics import rounded_float
from reportgen.core.values import parse_value
from reportgen.measure.bench import Bench, Request
from reportgen.measure.engine import scratch_folder
from reportgen.measure.judging import hexfloat
from reportgen.measure.provision import prepare
from reportgen.measure.report_rows import agrees, decimal_text
from reportgen.measure.selection import explainable, target_specs
from reportgen.measure.selfcheck import PLACES, placed, taken
from reportgen.oracle.cache import CachedOracle
from reportgen.oracle.exact import exact_ulp_error

PATH_PLACES = {"body": "reference", "tail": "end", "scalar": "rank0"}


@dataclass
class Question:
    """One input of one function in one dtype."""

    row: FunctionRow
    fmt: Format
    args: tuple[Any, ...]


def explain(
    function: str, dtype: str, values: Sequence[str], targets: Sequence[str] | None = None, cache: Path | None = None
) -> dict[str, Any]:
    """Evaluate ``function`` at ``values`` (texts, one per argument) on the targets (all built-in ones by default).

    ``cache`` is where environments of targets ``BASE@VERSION`` are kept; without it they are made for this call alone.
    Returns the document described in ``docs/explain.md``. Raises RequestError for an unknown function, dtype or
    target and for packages that do not exist, ValueSyntaxError for a value that is ambiguous or not in the dtype,
    OracleDisagreement.
    """
    row = lookup(function)
    explainable(row)
    if dtype not in dtypes_of(row):
        raise RequestError(f"{row.name} is not measured in {dtype}, expected one of {', '.join(explained(row))}")
    if kind_of(dtype) == "complex":
        from reportgen.measure.complexexplain import explain_complex

        return explain_complex(function, dtype, values, targets, cache)
    fmt = FORMATS[dtype]
    args = tuple(np.array([parse_value(text, fmt)]) for text in values)
    if len(args) != row.arity:
        raise RequestError(f"{row.name} takes {row.arity} arguments, got {len(args)}")
    known = builtin_targets()
    chosen = target_specs(targets or (name for name in known if applies(row, known[name])))
    oracle = CachedOracle(None)
    exact = oracle.confirm(row, args, dtype, oracle.enclose(row, args, dtype))
    question = Question(row, fmt, args)
    scratch = scratch_folder()
    try:
        places = prepare(chosen, cache or scratch)
        with Bench(chosen, Path(mkdtemp(dir=scratch)), places) as bench:
            answers = [a for name in bench.targets for a in answers_of(bench, name, question, exact)]
    finally:
        shutil.rmtree(scratch, ignore_errors=True)
    return {
        "function": row.name,
        "dtype": dtype,
        "input": [hexfloat(a[0]) for a in args],
        "exact": exact_entry(exact, FORMATS["bool"] if row.result == "bool" else fmt),
        "answers": answers,
    }


def explained(row: FunctionRow) -> tuple[str, ...]:
    """The dtypes in which ``explain`` takes a row: those of floating point and complex numbers."""
    return tuple(dtype for dtype in dtypes_of(row) if kind_of(dtype) in ("real", "complex"))


def exact_entry(y: Exact, fmt: Format) -> dict[str, Any]:
    """The exact value in every form that a reader may want."""
    undecided = bool(y.undecided[0])
    return {
        "hi": hexfloat(y.hi[0]),
        "lo": hexfloat(y.lo[0]),
        "exp2": int(y.exp2[0]),
        "remainder": int(y.rem[0]),
        "decimal": "undecided" if undecided else decimal_text(y),
        "rounded": hexfloat(round_exact(y, fmt).nearest[0]),
        "either_zero": bool(y.either_zero[0]),
        "undecided": undecided,
    }


def answers_of(bench: Bench, target: str, question: Question, exact: Exact) -> list[dict[str, Any]]:
    """The target's answer on each path, or one entry saying why there is none."""
    out: list[dict[str, Any]] = []
    base = Request(question.row, question.fmt)
    for path, key in PATH_PLACES.items():
        place = next(p for p in PLACES if p.key == key)
        reply = bench.ask(placed(place, question.args, base), [target])[target]
        entry: dict[str, Any] = {"target": target, "path": path, "status": reply.outcome.status}
        entry["reason"] = reply.outcome.reason
        if not reply.outcome.ok or reply.fmt is None:
            blank = {"path": "", "output": None, "output_decimal": None, "ulp": None, "correctly_rounded": None}
            return [{**entry, **blank}]
        value = float(taken(place, reply.values, 1)[0])
        entry.update(judged(value, exact, reply.fmt))
        out.append(entry)
    return out


def decimal_of(value: float, fmt: Format) -> str:
    """The shortest decimal that reads back as ``value`` in its own dtype, in ASCII; ``nan``, ``inf``, ``-inf``."""
    return shortest(value, fmt.name).replace(MINUS, "-") if math.isfinite(value) else repr(value)


def judged(value: float, exact: Exact, fmt: Format) -> dict[str, Any]:
    error = None if exact.undecided[0] else exact_ulp_error(value, exact, fmt)
    rounded = float(round_exact(exact, fmt).nearest[0])
    return {
        "output": hexfloat(value),
        "output_decimal": decimal_of(value, fmt),
        "ulp": None if error is None else rounded_float(error),
        "correctly_rounded": None if exact.undecided[0] else agrees(value, rounded, bool(exact.either_zero[0])),
        "result_dtype": fmt.name,
    }
