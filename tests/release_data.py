"""Planted results of releases: what each one scored is stated in a line, the documents are of the stored form."""

from __future__ import annotations

import json
from itertools import pairwise
from pathlib import Path
from typing import Any

from reportgen.results.tables import AGREEMENT_COLUMNS, MEASUREMENT_COLUMNS, table
from tests import render_data

SAMPLES = 1000


class Planted:
    """A version under way: targets, and rows for the functions that each of them answered."""

    def __init__(self, functions: tuple[str, ...] = ("exp", "log")) -> None:
        self.document, self.profiles = render_data.build(functions=functions, dtypes=("float32",))
        for name in ("measurements", "agreement", "special", "self_agreement", "determinism"):
            self.document[name]["rows"] = []
        self.document["timing"]["table"]["rows"] = []
        self.document.pop("subnormals", None)
        self.document["targets"] = []
        self.rows: list[dict[str, Any]] = []
        self.pairs: list[dict[str, Any]] = []
        self.times: list[list[Any]] = []
        for profile in self.profiles.values():
            for case in profile["cases"]:
                case["targets"] = {}

    def target(self, line: str, version: str, pinned: bool = True, status: str = "ok", **more: Any) -> str:
        """Add a target; returns its name: ``numpy@1.0``, or the line's for today's."""
        name = f"{line}@{version}" if pinned else line
        entry = {
            "name": name, "library": line.partition("-")[0], "mode": "eager", "device": "CPU", "version": version,
            "status": status, "reason": "" if status == "ok" else "no Python 3.6 here: install it", "sentence": "",
            "env": {}, "options": {}, "provenance": {}, "base": line if pinned else "",
            "pinned": version if pinned else "", "fingerprint": "",
            "environment": {"identity": "abc", "packages": [[line, version]], "asked": []} if pinned else None,
        }  # fmt: skip
        self.document["targets"].append(entry | more)
        return name

    def score(
        self, name: str, function: str = "exp", maximum: float = 0.6, right: int = 900, mean: float = 0.25,
        ns: float = 1.0, status: str = "ok", reason: str = "", case: str = "ordinals", samples: int = SAMPLES,
    ) -> None:  # fmt: skip
        """Rows of one target on one function: regime ``normal`` and the closing one, or one row that says why not."""
        target = next(t for t in self.document["targets"] if t["name"] == name)
        common = {
            "spec": "history", "function": function, "kind": "elementwise", "dtype": "float32", "case": case,
            "result_dtype": "float32", "target": name, "library_version": target["version"], "device": "CPU",
            "depth": "quick", "status": status, "reason": reason or None,
        }  # fmt: skip
        if status != "ok":
            self.rows.append(common | {"regime": "all"})
            return
        own = {
            "path": "body", "metric": "ulp", "coverage": "searched", "samples": samples, "max_ulp": maximum,
            "worst_input": "0x1.8p+1", "worst_output": "0x1p+1", "worst_context": "array of 65600 at 7",
            "exact": "0x1p+1;0x0p+0;0", "settled_by": "mpmath", "mean_ulp": mean, "rms_ulp": mean, "bias_ulp": 0.0,
            "correctly_rounded": right, "faithfully_rounded": samples, "special_mismatches": 0, "undecided": 0,
        }  # fmt: skip
        self.rows += [common | own | {"regime": regime} for regime in ("normal", "all")]
        self.times.append(["history", function, "float32", case, name, ns])

    def pair(
        self, first: str, second: str, equal: int, function: str = "exp", compared: int = SAMPLES, **more: Any
    ) -> None:
        """How many results of two targets have the same bits."""
        row = {
            "spec": "history", "function": function, "dtype": "float32", "case": "ordinals", "first": first,
            "second": second, "equal": equal, "compared": compared, "nan_differs": 0, "max_distance": 1.0,
        }  # fmt: skip
        self.pairs.append(row | more)

    def line(self, line: str, maxima: dict[str, float], function: str = "exp", **more: Any) -> None:
        """A whole line, today last: maxima by version; neighbours with the same maximum have the same bits."""
        known = [t["name"] for t in self.document["targets"]]
        names = []
        for i, (version, maximum) in enumerate(maxima.items()):
            today = i == len(maxima) - 1
            name = line if today else f"{line}@{version}"
            if name not in known:
                self.target(line, version, pinned=not today)
            self.score(name, function, maximum, **more)
            names.append((name, maximum))
        for (a, x), (b, y) in pairwise(names):
            self.pair(a, b, SAMPLES if x == y else SAMPLES - 17, function)

    def write(self, folder: Path) -> Path:
        """Store the version; returns its folder."""
        self.document["measurements"] = table(MEASUREMENT_COLUMNS, self.rows)
        self.document["agreement"] = table(AGREEMENT_COLUMNS, self.pairs)
        self.document["timing"]["table"]["rows"] = self.times
        (folder / "profiles").mkdir(parents=True, exist_ok=True)
        (folder / "results.json").write_text(json.dumps(self.document), encoding="utf-8")
        for name, profile in self.profiles.items():
            (folder / "profiles" / f"{name}.json").write_text(json.dumps(profile), encoding="utf-8")
        return folder
