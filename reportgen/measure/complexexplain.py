"""One complex input on every target and path, beside the exact value (``explain`` with a complex dtype)."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

import numpy as np

from reportgen.catalogue.complexes import COMPLEX
from reportgen.catalogue.complexrows import ComplexRow
from reportgen.catalogue.rows import lookup
from reportgen.catalogue.targets import builtin_targets
from reportgen.core.dtypes import COMPLEX_FORMATS, ComplexFormat
from reportgen.core.errors import RequestError, ValueSyntaxError
from reportgen.core.floats import Format, round_exact
from reportgen.core.metrics import rounded_float
from reportgen.core.values import parse_value
from reportgen.measure.bench import Bench, Request
from reportgen.measure.complexcase import KINDS, complex_call, result_part
from reportgen.measure.complexreport import agrees, decimal_pair
from reportgen.measure.complexscores import METRICS, error_at
from reportgen.measure.engine import scratch_folder
from reportgen.measure.judging import hexfloat
from reportgen.measure.provision import prepare
from reportgen.measure.selection import target_specs
from reportgen.measure.selfcheck import PLACES, placed, taken
from reportgen.oracle.complexes.solve import check_complex, confirm_complex, enclose_complex
from reportgen.oracle.complexes.values import ComplexExact, granted

PATH_PLACES = {"body": "reference", "tail": "end", "scalar": "rank0"}
BLANK = {"path": "", "output": None, "output_decimal": None, "ulp": None, "correctly_rounded": None}


def parse_complex(text: str, fmt: ComplexFormat) -> complex:
    """``re,im``, each part as :func:`reportgen.core.values.parse_value` reads it; one number alone is real.

    Raises ValueSyntaxError.
    """
    parts = text.split(",")
    if len(parts) > 2:
        raise ValueSyntaxError(f"{text!r} is not a complex number: expected two parts, as in 1.5,-0")
    re, im = (parse_value(part, fmt.part) for part in (*parts, "0")[:2])
    return complex(re, im)


def complex_row(name: str, dtype: str) -> ComplexRow:
    """What the function is for complex numbers. Raises RequestError where it is nothing."""
    if name not in COMPLEX:
        raise RequestError(f"{name} is not measured in {dtype}")
    return COMPLEX[name]


def explain_complex(
    function: str, dtype: str, values: Sequence[str], targets: Sequence[str] | None = None, cache: Path | None = None
) -> dict[str, Any]:
    """:func:`reportgen.measure.explain.explain` for a complex dtype; ``values`` are texts ``re,im``.

    ``ulp`` is that of the whole (normwise; of the number where the result is real), ``ulp_re`` and ``ulp_im`` those of
    the parts. Raises RequestError, ValueSyntaxError, OracleDisagreement.
    """
    row, fmt = lookup(function), COMPLEX_FORMATS[dtype]
    crow = complex_row(row.name, dtype)
    if len(values) != crow.arity:
        raise RequestError(f"{row.name} takes {crow.arity} arguments, got {len(values)}")
    args = tuple(np.array([parse_complex(text, fmt)]) for text in values)
    exact = settled(crow, args, dtype)
    chosen = target_specs(targets or builtin_targets())
    base = Request(complex_call(row, crow), fmt, accepted=KINDS)
    scratch = scratch_folder()
    try:
        places = prepare(chosen, cache or scratch)
        with Bench(chosen, Path(mkdtemp(dir=scratch)), places) as bench:
            answers = [a for name in bench.targets for a in answers_of(bench, name, crow, base, args, exact)]
    finally:
        shutil.rmtree(scratch, ignore_errors=True)
    return {
        "function": row.name, "dtype": dtype, "input": [hexfloat(complex(a[0])) for a in args],
        "exact": exact_entry(exact, fmt.part, crow), "answers": answers,
    }  # fmt: skip


def settled(crow: ComplexRow, args: tuple[Any, ...], dtype: str) -> ComplexExact:
    """mpmath's value of the one point, Arb's where mpmath is undecided."""
    enclosed = enclose_complex(crow, args, dtype)
    confirmed, _ = confirm_complex(crow, args, dtype)
    check_complex(enclosed, confirmed, crow.name, args)
    confirmed.exponent = enclosed.exponent
    return enclosed if confirmed.undecided[0] else confirmed


def exact_entry(y: ComplexExact, fmt: Format, crow: ComplexRow) -> dict[str, Any]:
    """The exact value: in decimal, rounded, and each part as for real results."""
    from reportgen.measure.explain import exact_entry as of_part

    metric = METRICS[crow.result][0]
    rounded = [hexfloat(float(round_exact(part, fmt).nearest[0])) for part in (y.re, y.im)]
    entry: dict[str, Any] = {
        "decimal": "undecided" if y.undecided[0] else decimal_pair(y, metric),
        "rounded": rounded[0] if metric == "ulp" else ",".join(rounded),
        "undecided": bool(y.undecided[0]),
        "re": of_part(y.re, fmt),
    }
    if metric != "ulp":
        entry["im"] = of_part(y.im, fmt)
    return entry


def answers_of(
    bench: Bench, target: str, crow: ComplexRow, base: Request, args: tuple[Any, ...], exact: ComplexExact
) -> list[dict[str, Any]]:
    """The target's answer on each path, or one entry saying why there is none."""
    out: list[dict[str, Any]] = []
    for path, key in PATH_PLACES.items():
        place = next(p for p in PLACES if p.key == key)
        reply = bench.ask(placed(place, args, base), [target])[target]
        entry: dict[str, Any] = {"target": target, "path": path, "status": reply.outcome.status}
        entry["reason"] = reply.outcome.reason
        if not reply.outcome.ok or reply.fmt is None:
            return [{**entry, **BLANK}]
        entry.update(judged(taken(place, reply.values, 1)[0].item(), exact, reply.fmt, crow))
        out.append(entry)
    return out


def judged(value: Any, exact: ComplexExact, fmt: Any, crow: ComplexRow) -> dict[str, Any]:
    """A result with its errors in each metric."""
    z, part = complex(value), result_part(fmt)
    y = granted(exact, np.array([z]))
    entry: dict[str, Any] = {"output": hexfloat(value), "output_decimal": decimal_of(value), "result_dtype": fmt.name}
    for metric in METRICS[crow.result]:
        error: Fraction | None = error_at(z, y, metric, part)
        entry[f"ulp_{metric}" if metric in ("re", "im") else "ulp"] = None if error is None else rounded_float(error)
    entry["correctly_rounded"] = None if exact.undecided[0] else agrees(value, exact, part)
    return entry


def decimal_of(value: Any) -> str:
    """The value in decimal, parts joined by ``, ``."""
    return f"{value.real!r}, {value.imag!r}" if isinstance(value, complex) else repr(float(value))
