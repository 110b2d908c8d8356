"""Stored rows of functions of arrays by target and problem, and the class in which each error lies."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cached_property

from reportgen.core import formatting as f
from reportgen.core.arraybounds import SELECTION, Growth, growth
from reportgen.core.dtypes import DTYPES, ComplexFormat, IntegerFormat
from reportgen.core.floats import Format
from reportgen.render.stored import Row, Stored, is_defined

LARGEST = 1.7976931348623157e308
"""A ratio this large stands for an error where the condition is 0 and an exact result is due."""
MANY_ULP = 1000.0
"""Errors from here on are so large that a reader asks whose fault they are."""
CANCELS = 64.0
"""Conditions from here on mean that numbers cancel."""
SCALED_KINDS = ("linalg", "transform")
BESIDE = ("max",)
"""Metrics that stand beside another one: no headline, no curve and no row of their own."""


def scaled(function: Row) -> bool:
    """Whether the bound of a function's ratio holds the growth with n already: 1 is then what is promised."""
    condition = str(function["arrays"]["condition"])
    return function.get("kind") in SCALED_KINDS or condition.startswith("n")


def unit_roundoff(dtype: str) -> float:
    """u of a dtype, of the parts of a complex one; 1 for integers and bool."""
    fmt = DTYPES.get(dtype)
    if isinstance(fmt, ComplexFormat):
        fmt = fmt.part
    return 2.0**-fmt.p if isinstance(fmt, Format) and fmt.name != "bool" else 1.0


def wider(row: Row) -> float:
    """By how much finer the result's dtype is than the one asked for: u of the latter over u of the former; else 1.

    A float32 function may return float64 (SciPy's determinants do) without computing in it: what its result is worth
    to who asked for float32 is counted in float32.
    """
    asked, result = str(row["dtype"]), str(row.get("result_dtype") or row["dtype"])
    floating = all(not isinstance(DTYPES.get(d), IntegerFormat) and d != "bool" for d in (asked, result))
    return max(unit_roundoff(asked) / unit_roundoff(result), 1.0) if floating else 1.0


@dataclass(frozen=True)
class Score:
    """What a target scored on one problem by one metric; ``problem`` is a row of the table ``problems``."""

    target: str
    problem: Row
    metric: str
    row: Row
    growth: Growth | None

    @property
    def ratio(self) -> float | None:
        """Error over u·C, u being that of the dtype asked for where the result's is finer (see :func:`wider`)."""
        value = self.row.get("bound_ratio")
        return None if value is None else float(value) / (wider(self.row) if float(value) < LARGEST else 1.0)

    @property
    def ulp(self) -> float | None:
        value = self.row.get("max_ulp")
        return None if value is None else float(value)

    @property
    def condition(self) -> float | None:
        value = self.row.get("condition")
        return None if value is None else float(value)

    @property
    def words(self) -> str:
        return str(self.problem["words"])

    @property
    def size(self) -> int:
        return int(self.problem.get("size") or 0)

    @property
    def wrong(self) -> int | None:
        """How many results are wrong, where they are right or wrong; else None."""
        if self.metric != "equal":
            return None
        return int(self.row["samples"]) - int(self.row["correctly_rounded"])

    @property
    def u(self) -> float:
        """The unit roundoff that :attr:`ratio` is counted in."""
        return unit_roundoff(str(self.row.get("result_dtype") or self.row["dtype"])) * wider(self.row)

    @property
    def ulp_words(self) -> str:
        """The error in ulp of the result; which dtype's ulp, where that is not the dtype asked for."""
        text = f.maximum_with_unit(self.ulp)
        return text if wider(self.row) == 1 or not self.ulp else f"{text} of {self.row['result_dtype']}"

    @property
    def flushed(self) -> bool:
        """Zero came out although the exact value is none and nothing cancels: subnormal numbers taken for zero."""
        cancels = self.condition is None or self.condition >= CANCELS
        return not cancels and f.is_flushed(self.row.get("worst_output"), self.row.get("exact"))

    @property
    def badness(self) -> tuple[int, float]:
        """What scores are ordered by: the class, then the ratio (the error in ulp where there is none)."""
        rank = self.growth.rank if self.growth else -1
        size = (self.ratio if self.ratio is not None else self.ulp) or 0.0
        return rank, min(size, 1.0) if rank == 1 else size

    @property
    def data_at_fault(self) -> bool:
        """Many ulp off, although the order of evaluation added no more than a few roundings."""
        return bool(
            self.ulp is not None and self.ulp / wider(self.row) >= MANY_ULP and self.growth and self.growth.rank <= 2
            and self.condition is not None and self.condition >= CANCELS
        )  # fmt: skip


@dataclass
class Trial:
    """One target on one function and dtype: ``scores`` in the order of the problems."""

    target: str
    status: str
    reason: str = ""
    scores: list[Score] = field(default_factory=list)
    deviations: list[Row] = field(default_factory=list)
    """Rows of the table ``special`` that are not as required."""
    excused: set[str] = field(default_factory=set)
    """Problems that break a special-case rule, which is told as such and not as a large error."""
    returned: dict[str, Row] = field(default_factory=dict)
    """The first deviation of each such problem."""
    run_differs: int = 0
    run_tested: int = 0

    @property
    def measured(self) -> bool:
        return bool(self.scores)

    @cached_property
    def rated(self) -> list[Score]:
        """Scores with a class; not those of problems that break a special-case rule, or come out as zero.

        These are told by chips of their own; where there are no others they are all there is.
        """
        found = [s for s in self.scores if s.growth is not None and s.metric not in BESIDE]
        return [s for s in found if s.row["case"] not in self.excused and not s.flushed] or found

    @cached_property
    def worst(self) -> Score | None:
        """The score of the worst class, in it the one with the largest error; None where there is no class."""
        return max(self.rated, key=lambda s: s.badness, default=None)

    @property
    def blamed_data(self) -> Score | None:
        """The score with the largest error in ulp that is the data's doing."""
        return max((s for s in self.scores if s.data_at_fault), key=lambda s: s.ulp or 0.0, default=None)

    @property
    def counted(self) -> tuple[int, int] | None:
        """(wrong, tried), added over problems that break no special-case rule, where results are right or wrong."""
        found = [s for s in self.scores if s.wrong is not None]
        found = [s for s in found if s.row["case"] not in self.excused] or found
        return (sum(s.wrong or 0 for s in found), sum(int(s.row["samples"]) for s in found)) if found else None

    @property
    def mismatched(self) -> set[str]:
        """Names of the problems answered with NaN, infinity, a sign of zero or a refusal that is not due."""
        return self.excused | {str(s.row["case"]) for s in self.scores if int(s.row.get("special_mismatches") or 0)}


def trials(stored: Stored, name: str, dtype: str) -> dict[str, Trial]:
    """Every target's trial on a function in a dtype, in the order of the targets."""
    known: dict[str, Trial] | None = stored.condensed.get((f"arrays {name}", dtype))
    if known is not None:
        return known
    function, problems = stored.function(name), problem_rows(stored, name, dtype)
    places = {case: i for i, case in enumerate(problems)}
    grouped: dict[str, list[Row]] = {}
    for row in stored.rows(name):
        if row["dtype"] == dtype:
            grouped.setdefault(str(row["target"]), []).append(row)
    order = {t["name"]: i for i, t in enumerate(stored.targets)}
    found = {}
    for target in sorted(grouped, key=lambda t: order.get(t, 999)):
        trial = trial_of(target, grouped[target], function, problems)
        trial.scores.sort(key=lambda s: places.get(str(s.row["case"]), len(places)))
        found[target] = trial
    spelled = spelled_cases(problems)
    for row in stored.of("special", name):
        if row["dtype"] == dtype and not row["agrees"] and is_defined(row) and row["target"] in found:
            case, _ = located(str(row["input"]), spelled)
            found[row["target"]].deviations.append(row)
            found[row["target"]].excused.add(case or str(row["input"]))
            found[row["target"]].returned.setdefault(case or str(row["input"]), row)
    for row in stored.of("determinism", name):
        if row["dtype"] == dtype and row["target"] in found:
            found[row["target"]].run_differs += int(row["run_differs"] or 0)
            found[row["target"]].run_tested += int(row["run_tested"] or 0)
    stored.condensed[f"arrays {name}", dtype] = found
    return found


def problem_rows(stored: Stored, name: str, dtype: str) -> dict[str, Row]:
    """The problems of a function in a dtype by their names, in the order in which they were tried."""
    return {str(r["case"]): r for r in stored.of("problems", name) if r["dtype"] == dtype}


def trial_of(target: str, rows: list[Row], function: Row, problems: dict[str, Row]) -> Trial:
    """A trial of the rows of one target, all of one function and dtype."""
    answered = [r for r in rows if r.get("status") == "ok"]
    if not answered:
        return Trial(target, str(rows[0]["status"]), str(rows[0].get("reason") or ""))
    # The row over all regimes repeats the only one that a problem has.
    single = {(r["case"], r["metric"]) for r in answered if r["regime"] != "all"}
    kept = [r for r in answered if r["regime"] != "all" or (r["case"], r["metric"]) not in single]
    trial = Trial(target, "ok")
    for row in kept:
        unknown = {"words": row.get("distribution") or row["case"], "size": 0, "series": ""}
        problem = problems.get(str(row["case"]), unknown)
        trial.scores.append(Score(target, problem, str(row["metric"]), row, class_of(function, problem, row)))
    return trial


def class_of(function: Row, problem: Row, row: Row) -> Growth | None:
    """The class of a row's error; None where it has none, or where NaN and infinities are what the problem is about.

    A result without a condition (an element of the array) is exact or wrong.
    """
    ulp = None if row.get("max_ulp") is None else float(row["max_ulp"])
    if row.get("bound_ratio") is None:
        if ulp is None or row["regime"] == "special" or function["arrays"]["condition"]:
            return None
        return SELECTION[0] if ulp == 0 else SELECTION[1]
    finer, ratio = wider(row), float(row["bound_ratio"])
    u = unit_roundoff(str(row.get("result_dtype") or row["dtype"])) * finer
    relative = None if row.get("max_rel") is None else float(row["max_rel"])
    ratio = ratio if ratio >= LARGEST else ratio / finer
    return growth(ratio, combined_count(problem), u, scaled(function), relative, ulp)


def combined_count(problem: Row) -> int:
    """How many numbers are combined: the problem's size, the longest side of an operand where that is not told."""
    sides = re.findall(r"\d+", str(problem.get("shape") or ""))
    return int(problem.get("size") or 0) or max(map(int, sides), default=0)


def array_functions(stored: Stored) -> list[tuple[Row, list[str]]]:
    """Functions of arrays with the dtypes they were tried in, in the catalogue's order."""
    found: dict[str, tuple[Row, list[str]]] = {}
    for function, dtype in stored.combinations("array"):
        found.setdefault(str(function["name"]), (function, []))[1].append(dtype)
    return list(found.values())


def spelled_cases(problems: dict[str, Row]) -> dict[str, str]:
    """Names of problems by how their operands (and parameters, in brackets) are spelled in the table ``special``."""
    out: dict[str, str] = {}
    for case, r in problems.items():
        said = ", ".join(p for p in _parameters(str(r["parameters"])) if not p.endswith("=None"))
        out[str(r["inputs"]) + (f" ({said})" if said else "")] = case
    return out


def located(given: str, spelled: dict[str, str]) -> tuple[str, str]:
    """(name of the problem that an input of a special case spells, what follows it); no name where there is none."""
    for text in sorted(spelled, key=len, reverse=True):
        if given == text or given.startswith((text + " ", text + ",")):
            return spelled[text], given[len(text) :].strip()
    return "", given


def in_words(stored: Stored, name: str, dtype: str, given: str) -> str:
    """The input of a special case: its problem in words, and the element."""
    problems = problem_rows(stored, name, dtype)
    case, rest = located(given, spelled_cases(problems))
    return f"{problems[case]['words']} {rest}".strip() if case else given


def _parameters(text: str) -> list[str]:
    """``axis=0, axes=(0, 1)`` at its commas outside of brackets."""
    out, depth = [""], 0
    for letter in text:
        depth += (letter in "([{") - (letter in ")]}")
        if letter == "," and not depth:
            out.append("")
        else:
            out[-1] += letter
    return [part.strip() for part in out if part.strip()]
