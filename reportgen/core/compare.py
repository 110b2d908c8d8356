"""Two versions side by side: what improved, regressed, is new, is gone, and what cannot be compared, and why.

A figure is one row of ``measurements`` with regime ``all``: spec × function × dtype × case × target × path × metric.
Each gets one verdict. ``docs/compare.md`` says what each means and documents the result.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from operator import itemgetter
from typing import Any

from reportgen.core import comparable
from reportgen.core.changes import Change, changes, one_sided
from reportgen.core.errors import RequestError
from reportgen.core.pairing import CASE, Key, Row, Summary, Table, align, companies, mapped, matching_pairs, records

SCHEMA = 1
VERDICTS = ("regressed", "improved", "unchanged", "new", "gone", "incomparable")
KEY = (*CASE, "path", "metric")
BASES = {"exhaustive": "proven", "sampled": "same inputs", "searched": "search"}
"""What a change of a maximum rests on: every value was tried; the same inputs were; a search found what it found."""


class Comparison:
    """The state of one comparison; :meth:`result` is its plain form."""

    def __init__(
        self, before: Summary, after: Summary, tolerance: float, across: bool, whole: tuple[Summary, Summary]
    ) -> None:
        self.before, self.after, self.whole = before, after, whole
        self.together: list[dict[Key, dict[str, str]]] = []
        self.tolerance, self.across = tolerance, across
        self.targets = {s: {t["name"]: t for t in v["targets"]} for s, v in (("b", before), ("a", after))}
        self.inputs = [_inputs(v) for v in (before, after)]
        self.kept_apart: dict[str, str] = {}
        self.rows: list[Row] = []
        self.groups: Counter[tuple[str, str, str, str, str]] = Counter()
        self.counts: Counter[str] = Counter()
        self.agreement: list[Row] = []
        for name in self.targets["b"].keys() & self.targets["a"].keys():
            self.kept_apart[name] = self._target_difference(name)

    def _target_difference(self, name: str) -> str:
        old, new = self.targets["b"][name], self.targets["a"][name]
        other = "" if old.get("mapped") else comparable.definition_difference(old, new)
        return other or ("" if self.across else comparable.machine_difference(old, new))

    def measurements(self, old: Table, new: Table) -> None:
        """Every case × target of either side, in the order of the newer version and then of the older one."""
        align(old, new)
        alike = old.columns == new.columns
        for key, rows in new.cases.items():
            was = old.cases.get(key)
            if was is None:
                self._lonely("new", key, new.records(rows), self.before, "b")
            elif alike and was == rows:
                self._alike(key, new.records(rows))
            else:
                self._case(key, old.records(was), new.records(rows))
        for key, rows in old.cases.items():
            if key not in new.cases:
                self._lonely("gone", key, old.records(rows), self.after, "a")

    def _alike(self, key: Key, rows: list[Row]) -> None:
        """Cases that are all equal, which most are, need no closer look; whether they may be compared does."""
        if rows[0]["status"] == "ok":
            if self._apart(key) or self._other_inputs(rows[0], rows[0]):
                self._both_ran(key, rows, rows)
            else:
                self.counts["unchanged"] += len(rows)

    def _lonely(self, verdict: str, key: Key, rows: list[Row], other: Summary, side: str) -> None:
        """A case that one version lacks: say what of it is missing there. Cases without results count nowhere."""
        spec, function, _, _, target = key
        if target not in self.targets[side]:
            reason = f"target {target} is not in {other['label']}"
        elif function not in other["functions"]:
            reason = f"function {function} is not in {other['label']}"
        elif spec not in other["specs"]:
            reason = f"spec {spec} is not in {other['label']}"
        else:
            reason = f"this case is not in {other['label']}"
        for row in rows:
            if row["status"] == "ok":
                self._group(verdict, reason, row)

    def _group(self, verdict: str, reason: str, row: Row, count: int = 1) -> None:
        self.counts[verdict] += count
        self.groups[verdict, reason, str(row["target"]), str(row["function"]), str(row["dtype"])] += count

    def _case(self, key: Key, old: list[Row], new: list[Row]) -> None:
        ran = (old[0]["status"] == "ok", new[0]["status"] == "ok")
        if ran == (True, True):
            self._both_ran(key, old, new)
        elif ran == (True, False):
            self._stopped(old, new[0])
        elif ran == (False, True):
            self._began(old[0], new)

    def _stopped(self, old: list[Row], refused: Row) -> None:
        status = refused["status"]
        words = f"{status} in {self.after['label']}: {refused['reason'] or 'no reason was given'}"
        for row in old:
            if status in ("failed", "timeout"):
                self._verdict("regressed", row, row, [Change("status", "all", "ok", status, 1, float("inf"))], words)
            else:
                self._group("gone" if status == "unsupported" else "incomparable", words, row)

    def _began(self, refused: Row, new: list[Row]) -> None:
        status = refused["status"]
        words = f"{status} in {self.before['label']}: {refused['reason'] or 'no reason was given'}"
        for row in new:
            if status in ("failed", "timeout"):
                self._verdict("improved", row, row, [Change("status", "all", status, "ok", -1, float("inf"))], words)
            else:
                self._group("new" if status == "unsupported" else "incomparable", words, row)

    def _both_ran(self, key: Key, old: list[Row], new: list[Row]) -> None:
        apart = self._apart(key)
        inputs = "" if apart else self._other_inputs(old[0], new[0])
        known = {(r["path"], r["metric"]): r for r in old}
        for row in new:
            was = known.pop((row["path"], row["metric"]), None)
            if was is None:
                self._group("new", f"this path or metric is not in {self.before['label']}", row)
            elif apart:
                self._group("incomparable", apart, row)
            elif inputs and not _every_value(was, row):
                self._different(was, row, inputs)
            else:
                self._figure(was, row)
        for row in known.values():
            self._group("gone", f"this path or metric is not in {self.after['label']}", row)

    def _apart(self, key: Key) -> str:
        """Why no figure of a case must be compared: its target or its function is another; empty where they may."""
        function = key[1]
        if self.before["functions"].get(function) != self.after["functions"].get(function):
            return f"another catalogue row of {function} (its inputs or its exact values may differ)"
        return self.kept_apart.get(key[4], "")

    def _other_inputs(self, old: Row, new: Row) -> str:
        digests = (_digest_of(self.inputs[0], old), _digest_of(self.inputs[1], new))
        specs = (str(self.before["specs"].get(old["spec"])), str(self.after["specs"].get(new["spec"])))
        return comparable.input_difference(old, new, digests, specs)

    def _different(self, old: Row, new: Row, reason: str) -> None:
        """Rows over other inputs or of another coverage: only an exhaustive maximum can still prove something."""
        proven = one_sided(old, new, self.tolerance)
        if proven:
            self._verdict(_word(proven), old, new, proven, "", "proven")
        else:
            self._group("incomparable", reason, new)

    def _figure(self, old: Row, new: Row) -> None:
        other = comparable.coverage_difference(old, new)
        if other:
            self._different(old, new, other)
            return
        found = changes(old, new, self.tolerance)
        verdict = _word(found)
        if verdict != "unchanged" and (elsewhere := self._other_search(old, new)):
            self._group("incomparable", elsewhere, new)
            return
        basis = "search" if comparable.wanders(new) else BASES.get(str(new["coverage"]), "")
        self._verdict(verdict, old, new, found, "", basis)

    def _other_search(self, old: Row, new: Row) -> str:
        """Why two figures of one and the same software differ: the inputs that were found for other targets are others.

        Empty where the software is another, the samples already tell a difference, or all other targets are as before.
        """
        if not (comparable.wanders(new) and comparable.same_samples(old, new) and self._same_software(new["target"])):
            return ""
        return self._other_company(old, new)

    def _same_software(self, name: str) -> bool:
        old, new = self.targets["b"].get(name), self.targets["a"].get(name)
        return old is not None and new is not None and comparable.same_software(old, new)

    def _other_company(self, old: Row, new: Row) -> str:
        if not self.together:
            self.together = [companies(version) for version in self.whole]
        key = itemgetter(*CASE[:4])
        first, second = (found.get(key(row), {}) for found, row in zip(self.together, (old, new), strict=True))
        return comparable.company_difference(first, second, (self.before["label"], self.after["label"]))

    def _verdict(
        self, verdict: str, old: Row, new: Row, found: list[Change], reason: str = "", basis: str = ""
    ) -> None:
        self.counts[verdict] += 1
        if not found:
            return
        wanted = {"regressed": 1, "improved": -1}.get(verdict, 0)
        lead = max((c for c in found if c.direction == wanted), key=lambda c: c.factor)
        if verdict == "unchanged":
            self.counts["moved"] += 1
        shown = new if wanted == 1 else old
        at, got = _witness(shown, lead, lead.after if wanted == 1 else lead.before)
        self.rows.append(
            {
                "verdict": verdict, **{k: new[k] for k in KEY}, "kind": new["kind"], "what": lead.what,
                "regime": lead.regime, "before": lead.before, "after": lead.after,
                "factor": lead.factor if lead.factor != float("inf") else None,
                "basis": basis, "coverage": new["coverage"], "samples": new["samples"],
                "before_version": self._release("b", old), "after_version": self._release("a", new),
                "input": at, "output": got, "reason": reason,
                "also": [c.stored() | {"factor": None} for c in found if c is not lead],
            }
        )  # fmt: skip

    def _release(self, side: str, row: Row) -> str | None:
        found = self.targets[side].get(str(row["target"]))
        return found["version"] if found else None

    def agreements(self, old: Iterable[Row], new: Iterable[Row]) -> None:
        """Pairs of targets that gave the same bits on every input and no longer do, or the reverse."""
        key = ("spec", "function", "dtype", "case", "first", "second")
        known = {tuple(r[k] for k in key): r for r in old}
        for row in new:
            was = known.get(tuple(row[k] for k in key))
            if was is None or not was["compared"] or not row["compared"]:
                continue
            if any(self.kept_apart.get(str(row[side]), "missing") for side in ("first", "second")):
                continue
            same = (was["equal"] == was["compared"], row["equal"] == row["compared"])
            if same[0] == same[1] or self._other_pair(was, row):
                continue
            if all(self._same_software(str(row[side])) for side in ("first", "second")) and self._other_company(
                was, row
            ):
                continue  # the same two libraries on inputs that were found for others
            cells = {k: row[k] for k in (*key, "input", "first_output", "second_output", "max_distance")}
            counts = {"equal": row["equal"], "compared": row["compared"], "before_equal": was["equal"],
                      "before_compared": was["compared"]}  # fmt: skip
            self.agreement.append({"verdict": "lost" if same[0] else "gained", **cells, **counts})

    def _other_pair(self, old: Row, new: Row) -> bool:
        """Whether the agreement of a pair was tried on other inputs."""
        if self.before["functions"].get(new["function"]) != self.after["functions"].get(new["function"]):
            return True
        digests = (_digest_of(self.inputs[0], old), _digest_of(self.inputs[1], new))
        if all(digests):
            return digests[0] != digests[1]
        return bool(self.before["specs"].get(old["spec"]) != self.after["specs"].get(new["spec"]))

    def result(self, mapping: Mapping[str, str]) -> dict[str, Any]:
        order = {v: i for i, v in enumerate(VERDICTS)}
        # The weightiest first; the sort is stable, so that ties keep the order of the versions.
        self.rows.sort(key=lambda r: (order[r["verdict"]], -(r["factor"] or float("inf")), r["path"] != "body"))
        return {
            "comparison": SCHEMA,
            "before": self.before["label"],
            "after": self.after["label"],
            "tolerance": self.tolerance,
            "across_machines": self.across,
            "map": dict(mapping),
            "identical": self.before["digest"] == self.after["digest"],
            "versions": {"before": _version(self.before), "after": _version(self.after)},
            "oracle": _oracle(self.before, self.after),
            "specs": _specs(self.before, self.after),
            "targets": self._targets(),
            "counts": {v: self.counts[v] for v in (*VERDICTS, "moved")},
            "rows": self.rows,
            "groups": self._groups(),
            "agreement": self.agreement,
        }

    def _targets(self) -> list[Row]:
        """Every target of either side: its library's release before and after, and what else differs."""
        out = []
        for name in dict.fromkeys([*self.targets["a"], *self.targets["b"]]):
            old, new = self.targets["b"].get(name), self.targets["a"].get(name)
            both = old is not None and new is not None
            found = [t["version"] if t else None for t in (old, new)]
            state = [t["status"] if t else None for t in (old, new)]
            said = comparable.remarks(old, new) if old and new else []
            if old and new and self.across and (machine := comparable.machine_difference(old, new)):
                said = [machine, *said]
            out.append(
                {
                    "name": name, "library": (new or old or {})["library"], "before": found[0], "after": found[1],
                    "before_status": state[0], "after_status": state[1],
                    "incomparable": self.kept_apart[name] if both else "", "remarks": said,
                }
            )  # fmt: skip
        return out

    def _groups(self) -> list[Row]:
        """What is new, gone or incomparable, counted by reason, target and function."""
        found: dict[tuple[str, str, str, str], Row] = {}
        for (verdict, reason, target, function, dtype), count in self.groups.items():
            row = found.setdefault(
                (verdict, reason, target, function),
                {"verdict": verdict, "reason": reason, "target": target, "function": function, "dtypes": [],
                 "count": 0},
            )  # fmt: skip
            row["dtypes"].append(dtype)
            row["count"] += count
        order = {v: i for i, v in enumerate(VERDICTS)}
        return sorted(found.values(), key=lambda r: order[r["verdict"]])


def compare(
    before: Summary,
    after: Summary,
    tolerance: float = 0.0,
    across_machines: bool = False,
    only: Sequence[str] = (),
    targets: Sequence[str] = (),
    mapping: Mapping[str, str] | None = None,
) -> dict[str, Any]:
    """The comparison of two summaries (:mod:`reportgen.results.summaries`) as plain data for ``comparison.json``.

    ``tolerance``: errors that moved by no more than that many ulp (ratios: units of their bound) are unchanged.
    ``across_machines``: compare although CPU, C library, threads or GPU differ. ``only`` are globs ``FUNCTION`` or
    ``FUNCTION:DTYPE``, ``targets`` globs of names; nothing else is compared. ``mapping`` compares a target of
    ``before`` with one of another name in ``after``, and nothing but these. Raises RequestError where a name or a glob
    fits nothing.
    """
    whole = before, after
    if mapping:
        before, after = mapped(before, mapping), mapped(after, {v: v for v in mapping.values()})
    old, new = (Table(v["rows"], only, targets) for v in (before, after))
    if (only or targets) and not old.cases and not new.cases:
        raise RequestError("the filters leave nothing to compare in either version")
    made = Comparison(before, after, tolerance, across_machines, whole)
    made.measurements(old, new)
    pairs = [matching_pairs(records(v["agreement"]), only, targets) for v in (before, after)]
    made.agreements(*pairs)
    return made.result(mapping or {})


def _word(found: list[Change]) -> str:
    """One verdict for all changes of a figure: a regression is one whatever else improved."""
    directions = {c.direction for c in found}
    return "regressed" if 1 in directions else "improved" if -1 in directions else "unchanged"


def _every_value(old: Row, new: Row) -> bool:
    """Whether both rows are over every value of the dtype, and so over the same inputs, whatever chose them."""
    return bool(old["coverage"] == new["coverage"] == "exhaustive" and old["samples"] == new["samples"])


def _witness(row: Row, lead: Change, value: Any) -> tuple[str | None, str | None]:
    """Where the larger of two maxima was found and what came out; known for the regime ``normal`` and for all."""
    if lead.what not in ("max_ulp", "bound_ratio", "max_abs", "wrong"):
        return None, None
    if lead.regime == "normal" and row["normal_input"] is not None:
        return row["normal_input"], row["normal_output"]
    if lead.regime in ("normal", "all") or value == row["max_ulp"]:
        return row["worst_input"], row["worst_output"]
    return None, None


def _inputs(version: Summary) -> dict[Key, str]:
    key = itemgetter("spec", "function", "dtype", "case")
    return {key(r): r["digest"] for r in records(version["inputs"])}


def _digest_of(inputs: dict[Key, str], row: Row) -> str:
    """The digest of a row's inputs: its case's, or its problem's; empty where none is stored.

    ``typical`` is the part of a case's inputs that its row states, and changes with them.
    """
    short = (row["function"], row["dtype"])
    case = "ordinals" if row["case"] == "typical" else row["case"]
    keys = ((row["spec"], *short, case), ("", *short, case), (row["spec"], "", "", case))
    return next((inputs[key] for key in keys if key in inputs), "")


def _version(version: Summary) -> Row:
    return {k: version.get(k) for k in ("label", "digest", "time", "depth", "generator")}


def _oracle(before: Summary, after: Summary) -> list[Row]:
    """Versions of what the exact values stand on, where they differ."""
    old, new = before.get("oracle") or {}, after.get("oracle") or {}
    names = sorted(set(old) | set(new))
    return [{"name": n, "before": old.get(n), "after": new.get(n)} for n in names if old.get(n) != new.get(n)]


def _specs(before: Summary, after: Summary) -> list[Row]:
    """Specs that one version lacks, or whose text differs."""
    old, new = before["specs"], after["specs"]
    names = dict.fromkeys([*new, *old])
    words = {(False, True): "new", (True, False): "gone", (True, True): "changed"}
    return [{"name": n, "what": words[n in old, n in new]} for n in names if old.get(n) != new.get(n)]
