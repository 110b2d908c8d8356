"""Realistic stored results, made up from a seed, in the form of ``docs/results.md``.

``build(...)`` returns (results, profiles); ``write(folder, ...)`` stores them. Statistics are invented but
coherent (counts add up, worst outputs lie the stated distance from the exact value); nothing of the
measuring side is imported, so that rendering is tested against the documented form alone.
"""

from __future__ import annotations

import copy
import json
import math
import random
from pathlib import Path
from typing import Any

from reportgen.core.floats import FORMATS, SATURATED_SCORE
from tests import render_kinds
from tests.render_tables import (
    FUNCTIONS,
    MEANING,
    MEASUREMENT_COLUMNS,
    PROVENANCE,
    SPECIALS,
    TARGETS,
    function_rows,
)

DTYPES = ("float16", "bfloat16", "float32", "float64")
REGIMES = ("normal", "subnormal-input", "subnormal-result", "overflow-edge", "special")
PATHS = ("body", "tail", "scalar")
LIVE = ("numpy", "tensorflow", "tensorflow-graph", "tensorflow-xla", "numpy-avx2", "tensorflow-no-onednn")
HOSTILE = (
    '<script>window.hacked = 1</script><img src=x onerror="window.hacked=2"> | `tick` ](javascript:alert(1)) "quoted"'
)


def to_format(x: float, dtype: str) -> float:
    """x rounded to the dtype (through its spacing; good enough for made-up values)."""
    fmt = FORMATS[dtype]
    if x == 0 or not math.isfinite(x):
        return x
    exponent = max(math.frexp(abs(x))[1] - 1, fmt.emin) - fmt.p + 1
    rounded = round(x / 2.0**exponent) * 2.0**exponent
    return math.copysign(math.inf, x) if abs(rounded) > fmt.max_finite else rounded


class World:
    """Draws every number of one made-up version from one seed."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.profiles: dict[str, Any] = {}

    def level(self, function: str, dtype: str, target: str) -> float:
        """The maximum in ulp of a target's implementation: equal for targets that share code."""
        shared = "tensorflow" if target in ("tensorflow-graph", "tensorflow-no-onednn") else target
        shared = "numpy" if target == "numpy-avx2" and function != "exp" else shared
        if function in ("sqrt", "maximum", "max", "add", "isnan"):
            return 0.5 if function in ("sqrt", "add") else 0.0
        draw = random.Random(f"{function}/{dtype}/{shared}")
        if dtype in ("float16", "bfloat16"):
            return 0.5 + draw.random() * 0.4
        return 0.50001 + draw.random() ** 3 * 6

    def row(self, function: str, dtype: str, target: str, path: str, regime: str, maximum: float) -> dict[str, Any]:
        samples = {"body": 8452, "tail": 1792, "scalar": 512}[path] // {"normal": 1}.get(regime, 9)
        exhaustive = dtype in ("float16", "bfloat16") and path == "body"
        samples = samples * 7 if exhaustive else samples
        x = to_format(self.random.uniform(0.01, 90), dtype)
        y = to_format(math.exp(x / 17.0), dtype)
        ulp = 2.0 ** (math.frexp(y)[1] - FORMATS[dtype].p)
        exact = y - maximum * ulp if maximum < 1e6 else 0.25
        correct = samples if maximum <= 0.5 else int(samples * (0.6 + 0.39 * self.random.random()))
        mean = 0.0 if maximum == 0 else min(maximum, 0.24999 + 0.01 * self.random.random())
        context = {"body": f"array of 65600 at {samples % 977}", "tail": "piece of 7 at 2", "scalar": "alone (rank 0)"}
        return {
            "path": path,
            "metric": "ulp",
            "regime": regime,
            "depth": "quick",
            "coverage": "exhaustive" if exhaustive else ("searched" if path == "body" else "sampled"),
            "samples": samples,
            "status": "ok",
            "max_ulp": maximum,
            "worst_input": x.hex(),
            "worst_output": y.hex(),
            "worst_context": context[path],
            "exact": f"{exact.hex()};0x0.0p+0;0",
            "settled_by": "mpmath 1.4.1",
            "mean_ulp": mean,
            "rms_ulp": mean * 1.16,
            "bias_ulp": -0.0003,
            "p50_ulp": min(maximum, 0.25),
            "p99_ulp": min(maximum, 0.496),
            "p999_ulp": min(maximum, 0.5),
            "max_abs": maximum * ulp,
            "max_rel": maximum * 2.0 ** -FORMATS[dtype].p,
            "correctly_rounded": correct,
            "faithfully_rounded": samples if maximum < 1 else correct + (samples - correct) // 2,
            "bound_ratio": None,
            "special_mismatches": 0,
            "undecided": 0,
            "seed": 0,
            "shape": str(samples),
            "distribution": "ordinals",
        }

    def rows(self, function: str, dtype: str, target: str) -> list[dict[str, Any]]:
        """All rows of one target: regimes on each path, each path closed by ``all``."""
        base = self.level(function, dtype, target)
        flushes = target.startswith("tensorflow") and dtype in ("float32", "float64") and function in ("exp", "add")
        out = []
        for path in PATHS:
            group = []
            for regime in REGIMES:
                scale = {"normal": 1.0, "special": 0.0}.get(regime, 0.9)
                row = self.row(function, dtype, target, path, regime, base * scale)
                if regime == "subnormal-result" and flushes:
                    row |= {"max_ulp": 8388607.0, "worst_output": "0x0.0p+0", "correctly_rounded": 3}
                if regime == "overflow-edge" and function == "reciprocal":
                    row |= {"max_ulp": SATURATED_SCORE, "correctly_rounded": 0}
                if regime == "special" and function in ("maximum", "max") and target == "tensorflow-xla":
                    row |= {"special_mismatches": 12}
                if function == "digamma" and regime == "normal":
                    row |= {"undecided": 2}
                group.append(row)
            out += [*group, self.closing(group, function, target, path)]
        return out

    def closing(self, group: list[dict[str, Any]], function: str, target: str, path: str) -> dict[str, Any]:
        worst = max(group, key=lambda r: r["max_ulp"])
        total = dict(worst) | {"regime": "all"}
        for key in ("samples", "correctly_rounded", "faithfully_rounded", "special_mismatches", "undecided"):
            total[key] = sum(r[key] for r in group)
        differs = 17 if target == "tensorflow" and function in ("exp", "log") and path != "body" else 0
        constant = 1102 if target == "tensorflow-xla" and function == "exp" else 0
        return total | {
            "position_differs": differs, "position_tested": 264, "layout_differs": 0, "layout_tested": 264,
            "constant_differs": constant if target == "tensorflow-xla" else None,
            "constant_tested": 4096 if target == "tensorflow-xla" else None,
        }  # fmt: skip

    # -- figures' data -----------------------------------------------------------------------------
    def profile_target(self, dtype: str, rows: list[dict[str, Any]]) -> dict[str, Any]:
        normal = next(r for r in rows if r["regime"] == "normal")
        top, n = normal["max_ulp"], 256
        wave = [0.5 * min(top, 0.5) + abs(math.sin(i / 19.0)) * top * 0.5 for i in range(n)]
        maxima = [None if i in (0, n - 1) else round(w, 6) for i, w in enumerate(wave)]
        means = [None if m is None else round(min(m, 0.25), 6) for m in maxima]
        histogram = []
        for k in range(-160, 160):
            c = int(4000 * math.exp(-((k / 60.0) ** 2))) if abs(k) / 256 <= top else 0
            if c:
                histogram.append([k / 256, (k + 1) / 256, c])
        worst = [
            {
                "path": r["path"], "regime": r["regime"], "input": [r["worst_input"]], "output": r["worst_output"],
                "exact": r["exact"], "exact_decimal": repr(float.fromhex(r["exact"].split(";")[0])),
                "ulp": r["max_ulp"], "context": r["worst_context"],
            }
            for r in rows
            if r["regime"] in ("normal", "subnormal-result")
        ]  # fmt: skip
        return {"max": maxima, "mean": means, "count": [33] * n, "histogram": histogram, "worst": worst}

    def axis(self, dtype: str) -> dict[str, Any]:
        top = FORMATS[dtype].inf_ordinal - 1
        ordinals = [-top + 2 * top * i // 256 for i in range(257)]
        import numpy as np

        return {"ordinal": ordinals, "x": [float(v) for v in FORMATS[dtype].from_ordinal(np.array(ordinals))]}


def stopped(function: dict[str, Any], dtype: str, target: dict[str, Any]) -> tuple[str, str] | None:
    """(status, reason) of a target that cannot answer."""
    if target["status"] == "unavailable":
        return "unavailable", target["reason"]
    if function[target["library"]] is None:
        return "unsupported", f"{target['library']} has no counterpart of {function['name']}"
    if function["name"] == "erf" and dtype == "bfloat16" and target["name"] == "tensorflow-xla":
        return "failed", "worker ended with signal 6 (SIGABRT): " + HOSTILE
    if function["name"] == "digamma" and dtype == "float64" and target["name"] == "tensorflow-graph":
        return "timeout", "no answer within 60 s"
    return None


def measurement(common: dict[str, Any], own: dict[str, Any]) -> list[Any]:
    merged = common | own
    return [merged.get(c) for c in MEASUREMENT_COLUMNS]


def common_of(function: dict[str, Any], dtype: str, target: dict[str, Any], case: str, spec: str) -> dict[str, Any]:
    return {
        "spec": spec, "function": function["name"], "kind": function["kind"], "dtype": dtype,
        "result_dtype": "bool" if function["result"] == "bool" else dtype, "case": case, "target": target["name"],
        "library_version": target["version"], "device": target["device"],
    }  # fmt: skip


def measure_function(
    world: World, function: dict[str, Any], dtypes: tuple[str, ...], tables: dict[str, list[Any]]
) -> None:
    """Adds the rows of one function to the tables, and its profile to the world."""
    cases = []
    for dtype in dtypes:
        case = "arrays" if function["kind"] == "reduction" else "ordinals"
        profile: dict[str, Any] = {
            "spec": "core",
            "case": case,
            "dtype": dtype,
            "axis": world.axis(dtype),
            "targets": {},
        }
        for target in TARGETS:
            if target["mode"] == "recorded":
                continue
            common = common_of(function, dtype, target, case, "core")
            ending = stopped(function, dtype, target)
            if ending:
                own = {"regime": "all", "status": ending[0], "reason": ending[1], "depth": "quick"}
                tables["measurements"].append(measurement(common, own))
                continue
            rows = world.rows(function["name"], dtype, target["name"])
            tables["measurements"] += [measurement(common, r) for r in rows]
            profile["targets"][target["name"]] = world.profile_target(dtype, rows)
            self_checks(function, dtype, target, case, tables)
        agreement(world, function, dtype, case, tables)
        cases.append(profile)
    world.profiles[function["name"]] = {"function": function["name"], "cases": cases}


def self_checks(
    function: dict[str, Any], dtype: str, target: dict[str, Any], case: str, tables: dict[str, list[Any]]
) -> None:
    moved = target["name"] == "tensorflow" and function["name"] in ("exp", "log")
    head = ["core", function["name"], dtype, case, target["name"]]
    example = ["0x1.8p+1", "0x1.4p+4", "0x1.4000020000000p+4"] if moved else [None, None, None]
    tables["self_agreement"] += [
        [
            *head,
            "position",
            17 if moved else 0,
            264,
            1.0 if moved else 0.0,
            "piece of 7 at 2" if moved else None,
            *example,
        ],
        [*head, "layout", 0, 264, 0.0, None, None, None, None],
    ]
    if target["mode"] == "xla":
        odd = function["name"] == "exp"
        tables["self_agreement"].append(
            [*head, "constant", 1102 if odd else 0, 4096, 1.0 if odd else 0.0, None, None, None, None]
        )
    tables["determinism"].append([*head, 0, 4096, None, None, None])
    tables["timing"].append([*head, 0.42 + len(function["name"]) / 7])


def agreement(world: World, function: dict[str, Any], dtype: str, case: str, tables: dict[str, list[Any]]) -> None:
    names = [t for t in LIVE if not stopped(function, dtype, next(x for x in TARGETS if x["name"] == t))]
    for i, first in enumerate(names):
        for second in names[i + 1 :]:
            apart = abs(world.level(function["name"], dtype, first) - world.level(function["name"], dtype, second))
            same = apart == 0
            tables["agreement"].append([
                "core", function["name"], dtype, case, first, second, 8452 if same else 8451 - int(apart * 700), 8452,
                0.0 if same else math.ceil(apart), None if same else "0x1.8p+1", None if same else "0x1.4p+4",
                None if same else "0x1.4000020000000p+4", None if same else first, 0.0 if same else 1e-6,
                0.0 if same else 1.2e-7,
            ])  # fmt: skip


def recorded_case(world: World, tables: dict[str, list[Any]]) -> None:
    """sqrt of arange(100): the table printed in 2017, beside today's targets."""
    sqrt = next(x for x in FUNCTIONS if x["name"] == "sqrt")
    for target in TARGETS:
        if target["status"] == "unavailable":
            continue
        row = world.row("sqrt", "float32", target["name"], "body", "all", 0.4991)
        row |= {"samples": 100, "correctly_rounded": 100, "faithfully_rounded": 100, "coverage": "exhaustive"}
        if target["name"] == "tensorflow@1.2.0":
            row |= {"max_ulp": 2.1369, "correctly_rounded": 44, "worst_context": None}
            row |= {
                "worst_input": "0x1.ap+3",
                "worst_output": "0x1.cd82b0p+1",
                "exact": "0x1.cd82b446159f3p+1;0x0p+0;0",
            }
        common = common_of(sqrt, "float32", target, "arange-100", "question")
        tables["measurements"].append(measurement(common, row))


def special_rows(dtypes: tuple[str, ...], names: set[str]) -> list[list[Any]]:
    out = []
    for function, given, expected, wrong, sentence, source in SPECIALS:
        for dtype in dtypes if function in names else ():
            for target in LIVE:
                broken = target == "tensorflow-xla" and wrong is not None
                got = wrong if broken else expected
                for path in PATHS[::2]:
                    own = [function, dtype, target, path, given, expected, got, sentence, source, int(not broken)]
                    out += [own]
    return out


COLUMNS = {
    "agreement": "spec function dtype case first second equal compared max_distance input first_output second_output "
    "nearer max_abs max_rel",
    "special": "function dtype target path input expected got sentence source agrees",
    "self_agreement": "spec function dtype case target check differs tested max_ulp_apart context input first_output "
    "second_output",
    "determinism": "spec function dtype case target run_differs run_tested input first_output second_output",
    "timing": "spec function dtype case target ns_per_element",
}


def build(
    seed: int = 1,
    functions: int | tuple[str, ...] | None = None,
    dtypes: tuple[str, ...] = DTYPES,
    hostile: bool = False,
    label: str = "dev",
    kinds: bool = False,
) -> tuple[dict[str, Any], dict[str, Any]]:
    """(results.json, {function: profile}).

    ``functions``: names, or how many; more than the listed ones are renamed copies (for size tests). ``hostile``
    puts markup where free text comes from elsewhere. ``kinds`` adds SciPy, gradients, complex numbers, integers,
    conversions and subnormals.
    """
    world = World(seed)
    tables: dict[str, list[Any]] = {k: [] for k in ("measurements", *COLUMNS)}
    catalogue = function_rows(functions if isinstance(functions, int) else None)
    if isinstance(functions, tuple):
        catalogue = [x for x in catalogue if x["name"] in functions]
    for function in catalogue:
        measure_function(world, function, dtypes, tables)
    if any(x["name"] == "sqrt" for x in catalogue) and "float32" in dtypes:
        recorded_case(world, tables)
    tables["special"] = special_rows(dtypes, {x["name"] for x in catalogue})
    stored = {name: {"columns": columns.split(), "rows": tables[name]} for name, columns in COLUMNS.items()}
    spec = {
        "name": "core",
        "file": "core.toml",
        "title": "Elementwise core",
        "description": "",
        "sha256": "0" * 64,
        "pages": [],
    }
    results = {
        "schema": 1,
        "label": label,
        "depth": "quick",
        "generator": {"name": "reportgen", "version": "0.1.0"},
        "specs": [spec],
        "functions": catalogue,
        "targets": copy.deepcopy(TARGETS),
        "measurements": {"columns": MEASUREMENT_COLUMNS, "rows": tables["measurements"]},
        **{k: stored[k] for k in ("agreement", "special", "self_agreement")},
        "meaning": copy.deepcopy(MEANING),
        "provenance": copy.deepcopy(PROVENANCE),
        "determinism": stored["determinism"],
        "timing": {"seconds": 181.4, "table": stored["timing"]},
    }
    if kinds:
        render_kinds.add(results)
        for function in results["functions"]:
            world.profiles.setdefault(function["name"], {"function": function["name"], "cases": []})
    if hostile:
        poison(results)
    return results, world.profiles


def poison(results: dict[str, Any]) -> None:
    """Markup in every free text that a page shows."""
    for function in results["functions"]:
        function |= {"sentence": HOSTILE, "domain": HOSTILE, "mpmath": HOSTILE, "family": HOSTILE, "aliases": [HOSTILE]}
    for target in results["targets"]:
        target |= {"sentence": HOSTILE, "env": {HOSTILE: HOSTILE}}
        target["reason"] = HOSTILE if target["status"] != "ok" else ""
    for line in results["meaning"]:
        line |= {"question": HOSTILE, "sentence": HOSTILE, "group": HOSTILE}
        for answer in line["answers"]:
            answer |= {"code": HOSTILE, "value": HOSTILE, "dtype": HOSTILE}
    results["provenance"]["machine"] = {HOSTILE: HOSTILE}
    columns = results["special"]["columns"]
    for row in results["special"]["rows"]:
        row[columns.index("sentence")] = row[columns.index("source")] = HOSTILE


def write(folder: Path, **options: Any) -> Path:
    """Stores a made-up version in ``folder`` (created) and returns it."""
    results, profiles = build(**options)
    (folder / "profiles").mkdir(parents=True, exist_ok=True)
    (folder / "results.json").write_text(json.dumps(results, allow_nan=False), encoding="utf-8")
    for name, profile in profiles.items():
        (folder / "profiles" / f"{name}.json").write_text(json.dumps(profile, allow_nan=False), encoding="utf-8")
    return folder
