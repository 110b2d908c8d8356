"""Published rows, recomputed from the csv alone by code that shares nothing with the oracle or the metrics.

Inputs, outputs and scores are read from ``results.csv``; the truth comes from MPFR (through gmpy2) and rational
arithmetic, the library's answer from NumPy itself. Nothing of reportgen is imported.
"""

from __future__ import annotations

import csv
import json
import math
import os
import random
import re
import subprocess
import sys
from fractions import Fraction
from pathlib import Path

import gmpy2
import ml_dtypes
import numpy as np
import pytest

SPEC = """
title = "Rows to recompute"
description = "A few functions, with all that a row holds."
targets = ["numpy"]
functions = ["exp", "sin", "log1p", "cbrt", "atan2", "multiply", "floor"]
dtypes = ["float16", "bfloat16", "float32", "float64"]
"""
FORMATS = {
    "float16": (11, -14, 15),
    "bfloat16": (8, -126, 127),
    "float32": (24, -126, 127),
    "float64": (53, -1022, 1023),
}
"""Precision, emin, emax."""
DTYPES = {"float16": np.float16, "bfloat16": ml_dtypes.bfloat16, "float32": np.float32, "float64": np.float64}
NUMPY = {"atan2": "arctan2"}
PRECISION = 1300
"""Bits: 1 + 2^-1074 keeps its tail; MPFR itself reduces the argument of sin(2^1023)."""
SWEEP_PRECISION = 240
"""Bits that decide every rounding of a 16-bit dtype: 2^-133 beside 1, and 107 more."""
RELATIVE = Fraction(1, 2**50)
"""A score is a float64, from an exact value that is printed to 107 bits."""
EXHAUSTIVE = {"float16": 2**16 - 2 * (2**10 - 1) + 1, "bfloat16": 2**16 - 2 * (2**7 - 1) + 1}
"""All values of a 16-bit dtype, one NaN for all."""

Row = dict[str, str]


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a version measured through the command line."""
    folder = tmp_path_factory.mktemp("published")
    spec = folder / "rows.toml"
    spec.write_text(SPEC, encoding="utf-8")
    command = [sys.executable, "-m", "reportgen", str(spec), "--output", str(folder / "output"), "--quiet"]
    env = dict(os.environ, REPORTGEN_CACHE=str(folder / "cache"))
    root = Path(__file__).resolve().parent.parent
    done = subprocess.run(command, env=env, cwd=root, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr
    return folder / "output" / "dev"


@pytest.fixture(scope="module")
def rows(published: Path) -> list[Row]:
    with (published / "results.csv").open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


# -- the truth -------------------------------------------------------------------------------------
def exact_value(function: str, args: list[float], bits: int = PRECISION) -> Fraction | None:
    """f(args); None where it is not a finite number, or too large or small for a rational of sane size."""
    if not all(math.isfinite(a) for a in args):
        return None
    fractions = [Fraction(a) for a in args]
    if function == "multiply":
        return fractions[0] * fractions[1]
    if function == "floor":
        return Fraction(math.floor(fractions[0]))
    with gmpy2.context(precision=bits, emax=2**40, emin=-(2**40)):
        value = getattr(gmpy2, function)(*(gmpy2.mpfr(a) for a in args))
        if not gmpy2.is_finite(value) or (value != 0 and abs(gmpy2.get_exp(value)) > 5000):
            return None
        numerator, denominator = value.as_integer_ratio()
    return Fraction(int(numerator), int(denominator))


def exponent(value: Fraction) -> int:
    """e with 2^e <= |value| < 2^(e+1)."""
    e = abs(value).numerator.bit_length() - value.denominator.bit_length()
    return e if abs(value) >= Fraction(2) ** e else e - 1


def unit(value: Fraction, dtype: str) -> Fraction:
    """ulp(value), the exponent held between emin and emax."""
    precision, emin, emax = FORMATS[dtype]
    e = emin if value == 0 else min(max(exponent(value), emin), emax)
    return Fraction(2) ** (e - precision + 1)


def nearest(value: Fraction, dtype: str) -> float:
    """RN(value), ties to even."""
    top = Fraction(2) ** (FORMATS[dtype][2] + 1)
    step = unit(value, dtype)
    rounded = round(value / step) * step
    return math.copysign(math.inf, rounded) if abs(rounded) >= top else float(rounded)


def score(output: float, value: Fraction, dtype: str) -> Fraction:
    """|output - value| in ulp, an infinity standing at 2^(emax+1) and values beyond it held there."""
    top = Fraction(2) ** (FORMATS[dtype][2] + 1)
    got = Fraction(output) if math.isfinite(output) else (top if output > 0 else -top)
    return abs(got - max(-top, min(top, value))) / unit(value, dtype)


def regime_of(args: list[float], output: float, value: Fraction, dtype: str) -> str:
    smallest = Fraction(2) ** FORMATS[dtype][1]
    if math.isinf(output) or math.isinf(nearest(value, dtype)):
        return "overflow-edge"
    if 0 < abs(value) < smallest:
        return "subnormal-result"
    return "subnormal-input" if any(0 < abs(Fraction(a)) < smallest for a in args) else "normal"


# -- the library -----------------------------------------------------------------------------------
def answer(row: Row, args: list[float]) -> float:
    """What NumPy returns for these arguments in an array of that length, at that place."""
    found = re.search(r"(\d+) at (\d+)", row["worst_context"])
    dtype = DTYPES[row["dtype"]]
    call = getattr(np, NUMPY.get(row["function"], row["function"]))
    with np.errstate(all="ignore"):
        if found is None:
            return float(call(*(np.array(a).astype(dtype) for a in args)))
        length, place = int(found[1]), int(found[2])
        arrays = [np.linspace(0.25, 0.75, length).astype(dtype) for _ in args]
        for array, a in zip(arrays, args, strict=True):
            array[place] = dtype(a)
        return float(call(*arrays)[place])


# -- the comparison --------------------------------------------------------------------------------
def same(a: float, b: float) -> bool:
    return (a == b and math.copysign(1, a) == math.copysign(1, b)) or (math.isnan(a) and math.isnan(b))


def complaints(row: Row) -> list[str]:
    """What the printed row has wrong about its worst input."""
    args = [float.fromhex(text) for text in row["worst_input"].split(";")]
    output = float.fromhex(row["worst_output"])
    found = [] if same(answer(row, args), output) else ["worst_output"]
    value = exact_value(row["function"], args)
    if value is None:
        return found
    hi, lo, exp2 = row["exact"].split(";")
    printed = (Fraction(float.fromhex(hi)) + Fraction(float.fromhex(lo))) * Fraction(2) ** int(exp2)
    if abs(printed - value) > abs(value) / 2**100:
        found.append("exact")
    true = score(output, value, row["result_dtype"])
    if abs(Fraction(row["max_ulp"]) - true) > RELATIVE * true:
        found.append("max_ulp")
    if row["regime"] not in ("all", regime_of(args, output, value, row["result_dtype"])):
        found.append("regime")
    return found


def judged_rows(rows: list[Row]) -> list[Row]:
    return [row for row in rows if row["worst_input"]]


def test_random_rows_say_what_the_library_does_and_how_far_it_is_from_the_truth(rows: list[Row]) -> None:
    judged = judged_rows(rows)
    assert {row["dtype"] for row in judged} == set(FORMATS)
    chosen = random.Random(20).sample(judged, min(240, len(judged)))
    names = ("function", "dtype", "path", "regime", "worst_input")
    wrong = {tuple(row[name] for name in names): found for row in chosen if (found := complaints(row))}
    assert not wrong
    finite = [row for row in chosen if row["regime"] != "special"]
    assert len(finite) > 120
    assert any(float(row["max_ulp"]) > 0.5 for row in finite)


@pytest.mark.parametrize("cell", ["worst_output", "max_ulp", "exact", "worst_input"])
def test_a_changed_digit_is_noticed(rows: list[Row], cell: str) -> None:
    wanted = ("exp", "float32", "body", "normal")
    row = next(r for r in judged_rows(rows) if (r["function"], r["dtype"], r["path"], r["regime"]) == wanted)
    assert complaints(row) == []
    assert complaints(dict(row, **{cell: with_other_digit(row[cell], cell)}))


def with_other_digit(text: str, cell: str) -> str:
    """The text with one digit after the point changed: of a hex number one that its dtype still holds."""
    place = text.index(".") + (3 if cell == "max_ulp" else 4)
    return text[:place] + ("3" if text[place] != "3" else "5") + text[place + 1 :]


# -- every row against the others ------------------------------------------------------------------
def groups(rows: list[Row]) -> list[list[Row]]:
    found: dict[tuple[str, ...], list[Row]] = {}
    for row in rows:
        key = tuple(row[name] for name in ("spec", "function", "dtype", "case", "target", "path", "metric"))
        found.setdefault(key, []).append(row)
    return list(found.values())


def test_regimes_add_up_to_the_row_that_closes_them(rows: list[Row]) -> None:
    for group in groups(rows):
        *regimes, closing = group
        assert [r["regime"] for r in group].count("all") == 1
        assert closing["regime"] == "all"
        for cell in ("samples", "correctly_rounded", "faithfully_rounded", "special_mismatches", "undecided"):
            assert sum(int(r[cell]) for r in regimes) == int(closing[cell]), (closing["function"], cell)
        for cell in ("max_ulp", "max_abs", "max_rel"):
            largest = max((float(r[cell]) for r in regimes if r[cell]), default=None)
            where = (closing["function"], closing["dtype"], closing["path"], cell)
            assert largest == (float(closing[cell]) if closing[cell] else None), where


def test_counts_and_percentiles_are_in_order(rows: list[Row]) -> None:
    for row in rows:
        assert row["status"] == "ok"
        assert row["coverage"] in ("exhaustive", "searched", "sampled")
        assert int(row["correctly_rounded"]) <= int(row["faithfully_rounded"]) <= int(row["samples"])
        assert not {value.lower() for value in row.values()} & {"none", "null"}
        if row["p50_ulp"]:
            p50, p99, p999 = (float(row[name]) for name in ("p50_ulp", "p99_ulp", "p999_ulp"))
            assert p50 <= p99 <= p999 <= float(row["max_ulp"])
            bias, mean, rms = (float(row[name]) for name in ("bias_ulp", "mean_ulp", "rms_ulp"))
            slack = 1 + 2.0**-40
            assert abs(bias) <= mean * slack
            assert mean <= rms * slack
            assert rms <= float(row["max_ulp"]) * slack
        else:
            assert row["mean_ulp"] == row["rms_ulp"] == row["bias_ulp"] == ""


@pytest.mark.parametrize(("function", "dtype"), [("sin", "float16"), ("log1p", "bfloat16")])
def test_every_value_of_a_dtype_recomputed(rows: list[Row], function: str, dtype: str) -> None:
    """All 65536 inputs again: counts equal, means to 12 digits, percentiles and maxima as printed."""
    values = np.arange(2**16, dtype=np.uint16).view(DTYPES[dtype])
    with np.errstate(all="ignore"):
        inputs = values.astype(np.float64).tolist()
        outputs = getattr(np, function)(values).astype(np.float64).tolist()
    errors: dict[str, list[Fraction]] = {}
    correct: dict[str, int] = {}
    for x, output in zip(inputs, outputs, strict=True):
        value = exact_value(function, [x], SWEEP_PRECISION)
        if value is not None:
            regime = regime_of([x], output, value, dtype)
            errors.setdefault(regime, []).append(score(output, value, dtype))
            correct[regime] = correct.get(regime, 0) + (output == nearest(value, dtype))
    wanted = (function, dtype, "body", "ordinals")
    body = [r for r in rows if (r["function"], r["dtype"], r["path"], r["case"]) == wanted]
    assert int(body[-1]["samples"]) == EXHAUSTIVE[dtype]
    assert body[-1]["coverage"] == "exhaustive"
    by_regime = {r["regime"]: r for r in body}
    for regime, scores in errors.items():
        compare_statistics(by_regime[regime], sorted(scores), correct[regime])


def compare_statistics(row: Row, scores: list[Fraction], correct: int) -> None:
    count = len(scores)
    assert (int(row["samples"]), int(row["correctly_rounded"]), int(row["special_mismatches"])) == (count, correct, 0)
    assert float(row["max_ulp"]) == pytest.approx(float(scores[-1]), rel=1e-15)
    assert float(row["mean_ulp"]) == pytest.approx(float(sum(scores) / count), rel=1e-12)
    assert float(row["rms_ulp"]) == pytest.approx(math.sqrt(sum(s * s for s in scores) / count), rel=1e-12)
    for cell, part in (("p50_ulp", 0.5), ("p99_ulp", 0.99), ("p999_ulp", 0.999)):
        assert float(row[cell]) == pytest.approx(float(scores[math.ceil(part * count) - 1]), rel=1e-12, abs=1e-300)


def test_the_csv_is_what_the_json_holds(published: Path, rows: list[Row]) -> None:
    stored = json.loads((published / "results.json").read_text(encoding="utf-8"))["measurements"]
    for name, values in stored["coded"].items():  # decoded here by the documented rule, not by the program's reader
        at = stored["columns"].index(name)
        for cells in stored["rows"]:
            cells[at] = values[cells[at]]
    assert len(stored["rows"]) == len(rows)
    names = [name for name in stored["columns"] if name in rows[0]]
    for row, cells in zip(rows, stored["rows"], strict=True):
        values = dict(zip(stored["columns"], cells, strict=True))
        for name in names:
            assert row[name] == ("" if values[name] is None else str(values[name])), name
