"""Small results documents for comparisons: one function on two targets, every cell at hand to be changed."""

from __future__ import annotations

import copy
from typing import Any

from reportgen.results import store, summaries, tables

MACHINE = {"cpu_model": "AMD EPYC", "cpu_features": ["avx", "avx2", "avx512f", "fma", "sse4_2"], "machine": "x86_64"}
PROVENANCE = {
    "python": "3.11.7", "machine": "x86_64", "cpu_model": "AMD EPYC", "libc": "glibc 2.36", "numpy": "2.4.6",
    "threads": {"intra_op": 1}, "blas": {"config": "OpenBLAS 0.3.31"},
}  # fmt: skip
TARGETS = (("numpy", "numpy", "2.4.6"), ("tensorflow", "tensorflow", "2.21.0"))


def target(name: str, library: str, version: str, **changes: Any) -> dict[str, Any]:
    entry = {
        "name": name, "library": library, "mode": "eager", "device": "CPU", "version": version, "status": "ok",
        "reason": "", "sentence": "", "env": {}, "options": {}, "expect": {}, "base": "", "pinned": "",
        "provenance": copy.deepcopy(PROVENANCE),
    }  # fmt: skip
    return entry | changes


def row(**changes: Any) -> dict[str, Any]:
    """A measured row of ``exp`` in float32, regime ``all``."""
    cells = {
        "spec": "core", "function": "exp", "kind": "elementwise", "dtype": "float32", "case": "ordinals",
        "target": "numpy", "path": "body", "metric": "ulp", "regime": "all", "depth": "quick", "coverage": "sampled",
        "samples": 4096, "status": "ok", "max_ulp": 2.0, "worst_input": "0x1p+3", "worst_output": "0x1.74910ep+11",
        "mean_ulp": 0.25, "max_abs": 1.0, "special_mismatches": 0, "undecided": 0, "correctly_rounded": 4000,
        "faithfully_rounded": 4090, "position_differs": 0, "position_tested": 300, "seed": 0, "shape": "",
        "distribution": "ordinals",
    }  # fmt: skip
    return cells | changes


def measured(**changes: Any) -> list[dict[str, Any]]:
    """That row, and the one of regime ``normal`` with the same maximum and half the samples."""
    whole = row(**changes)
    return [whole, {**whole, "regime": "normal", "samples": 2048}] if whole["status"] == "ok" else [whole]


def everything() -> list[dict[str, Any]]:
    """Two functions, two dtypes, two targets, two paths."""
    return [
        r
        for function in ("exp", "sqrt")
        for dtype in ("float32", "float64")
        for name, _, _ in TARGETS
        for path in ("body", "scalar")
        for r in measured(function=function, dtype=dtype, target=name, path=path)
    ]


def document(rows: list[dict[str, Any]] | None = None, label: str = "1.0", **changes: Any) -> dict[str, Any]:
    base: dict[str, Any] = {
        "schema": store.SCHEMA, "label": label, "generator": {"name": "reportgen", "version": "0.1.0"},
        "depth": "quick",
        "specs": [{"name": "core", "file": "core.toml", "title": "Core", "description": "", "sha256": "a" * 64,
                   "pages": []}],
        "functions": [{"name": n, "kind": "elementwise", "specials": [], "mpmath": f"{n}(x)"} for n in ("exp", "sqrt")],
        "targets": [target(*t) for t in TARGETS],
        "measurements": tables.table(tables.MEASUREMENT_COLUMNS, everything() if rows is None else rows),
        "agreement": tables.table(tables.AGREEMENT_COLUMNS, [agreement()]),
        "special": tables.table(tables.SPECIAL_COLUMNS, []),
        "self_agreement": tables.table(tables.SELF_AGREEMENT_COLUMNS, []),
        "subnormals": tables.table(tables.SUBNORMAL_COLUMNS, []),
        "problems": tables.table(tables.PROBLEM_COLUMNS, []),
        "rewrites": tables.table(tables.REWRITE_COLUMNS, []),
        "gates": tables.table(tables.GATE_COLUMNS, []),
        "meaning": [], "surface": None,
        "provenance": {"time": "2026-01-01T00:00:00+00:00", "plan": "p", "machine": copy.deepcopy(MACHINE),
                       "oracle": {"mpmath": "1.4.1"}},
        "determinism": tables.table(tables.DETERMINISM_COLUMNS, []),
        "timing": {"seconds": 1.0, "table": tables.table(tables.TIMING_COLUMNS, [])},
    }  # fmt: skip
    return base | changes


def agreement(**changes: Any) -> dict[str, Any]:
    cells = {
        "spec": "core", "function": "exp", "dtype": "float32", "case": "ordinals", "first": "numpy",
        "second": "tensorflow", "equal": 4096, "compared": 4096, "max_distance": 0,
    }  # fmt: skip
    return cells | changes


def short(rows: list[dict[str, Any]] | None = None, label: str = "1.0", **changes: Any) -> dict[str, Any]:
    """The summary of such a document."""
    return summaries.summary(document(rows, label, **changes))


def changed(wanted: dict[str, Any], **cells: Any) -> list[dict[str, Any]]:
    """Everything, with the rows that ``wanted`` matches (in both regimes) changed."""
    return [r | cells if all(r[k] == v for k, v in wanted.items()) else r for r in everything()]
