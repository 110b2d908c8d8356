"""The answer in words, drawn from the data: every sentence is computed, with its exceptions."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from reportgen.core import formatting as f
from reportgen.render import subnormal
from reportgen.render.model import Tile
from reportgen.render.stored import Row, Stored, is_defined
from reportgen.render.summary import (
    Summary,
    exact_is_zero,
    farthest,
    joined_by_value,
    nearer,
    pair_counts,
    pair_rows,
    summaries,
)

NUMPY, SCIPY, TENSORFLOW = "numpy", "scipy", "tensorflow"
FLUSHING = "Where an input or the exact result is subnormal, zero comes out instead:"
SHOWN_NAMES = {
    "numpy": "NumPy", "scipy": "SciPy", "tensorflow": "TensorFlow", "tensorflow-graph": "TensorFlow graph",
    "tensorflow-xla": "TensorFlow XLA", "tensorflow-gpu": "TensorFlow GPU",
    "tensorflow-xla-gpu": "TensorFlow XLA GPU", "tensorflow-no-onednn": "TensorFlow without oneDNN",
    "numpy-avx2": "NumPy AVX2",
}  # fmt: skip
"""Targets in sentences; tables and files have their plain names."""
LIBRARIES = (NUMPY, SCIPY, TENSORFLOW)


def shown(target: str) -> str:
    """A target by a proper name, where it has one; a spec's own ``numpy-baseline`` is ``NumPy baseline``."""
    name, on, machine = target.partition("~")  # in merged versions, a target of another machine
    library, dash, rest = name.partition("-")
    own = f"{SHOWN_NAMES[library]} {rest}" if dash and library in LIBRARIES else name
    proper = SHOWN_NAMES.get(name, own)
    return f"{proper} on {machine}" if on else proper


def apart(distance: float) -> str:
    """How far two results are apart, counted in floats of their dtype."""
    if not distance:
        return "no distance: zeros of either sign, or NaN"
    return f"{f.maximum(distance)} {'float' if distance == 1 else 'floats'}"


def point(text: str, dtype: str) -> str:
    """An input with its arguments named: ``x = 0.5`` or ``x = 1, y = −0``."""
    parts = f.value(text, dtype).split("; ")
    if len(parts) > 2:
        return f"x = {'; '.join(parts)}"
    return ", ".join(f"{name} = {part}" for name, part in zip("xy", parts, strict=False))


@dataclass(frozen=True)
class PairResult:
    """NumPy against TensorFlow (eager) on one function and dtype."""

    function: str
    dtype: str
    equal: int
    compared: int
    far: Row | None

    @property
    def identical(self) -> bool:
        return self.equal == self.compared


def pair_results(stored: Stored, section: str = "real", reference: str = NUMPY) -> list[PairResult]:
    """Every function × dtype of one section on which both libraries' results were compared."""
    out = []
    for function, dtype in stored.combinations(section):
        rows = pair_rows(stored, function["name"], dtype, reference, TENSORFLOW)
        equal, compared = pair_counts(rows)
        if compared:
            out.append(PairResult(function["name"], dtype, equal, compared, farthest(rows)))
    return out


def reference_of(stored: Stored, function: str, dtype: str) -> str:
    """The library that TensorFlow is compared with: NumPy, or SciPy where NumPy's results were not compared."""
    if pair_counts(pair_rows(stored, function, dtype, NUMPY, TENSORFLOW))[1]:
        return NUMPY
    return SCIPY if pair_counts(pair_rows(stored, function, dtype, SCIPY, TENSORFLOW))[1] else NUMPY


def summary_table(stored: Stored, section: str) -> dict[tuple[str, str], dict[str, Summary]]:
    """Every target's summary by function and dtype, of one section."""
    return {
        (str(function["name"]), dtype): summaries(stored, function["name"], dtype)
        for function, dtype in stored.combinations(section)
    }


def front_sentences(stored: Stored) -> list[str]:
    """The answer of the front page: agreement, accuracy, special cases, subnormals, position; real functions only."""
    pairs = pair_results(stored)
    table = summary_table(stored, "real")
    makers: tuple[Callable[[], str], ...] = (
        lambda: _agreement_sentence(pairs) if pairs or not array_agreement(stored) else "",
        lambda: "" if pairs else array_agreement(stored),
        lambda: _scipy_sentence(pair_results(stored, reference=SCIPY)),
        lambda: largest_sentence(table),
        lambda: mismatch_sentence(stored, "real"),
        lambda: " ".join(x.text for x in subnormal.overview(stored) if x.target in LIBRARIES) or _flush_sentence(table),
        lambda: position_sentence(stored, table),
    )
    return [text for maker in makers if (text := maker())]


def _agreement_sentence(pairs: list[PairResult]) -> str:
    if not pairs:
        return "No function was measured on both NumPy and TensorFlow (eager), so this report cannot compare them."
    same = sum(p.identical for p in pairs)
    functions = {p.function for p in pairs}
    whole = {p.function for p in pairs} - {p.function for p in pairs if not p.identical}
    if same == len(pairs):
        return (
            "No difference was found: on every input compared, NumPy and TensorFlow (eager) return the same bits for "
            f"all {f.plural(len(functions), 'function')} in every dtype measured ({f.count(len(pairs))} combinations)."
        )
    return (
        f"Yes. Of {f.count(len(pairs))} combinations of function and real dtype measured on both, NumPy and TensorFlow "
        f"(eager) return the same bits on every input compared in {f.count(same)}; in "
        f"{f.count(len(pairs) - same)} they differ somewhere. {_whole_words(len(whole), len(functions))}"
    )


def array_agreement(stored: Stored) -> str:
    """In how many combinations of dtype and function of whole arrays NumPy and TensorFlow return the same bits."""
    pairs = pair_results(stored, "array")
    if not pairs:
        return ""
    same = sum(p.identical for p in pairs)
    functions = f.plural(len({p.function for p in pairs}), "function")
    return (
        f"Of {f.plural(len(pairs), 'combination')} of dtype and function of whole arrays ({functions}) measured on "
        f"both, NumPy and TensorFlow (eager) return the same bits on all data tried in {f.count(same)}; in "
        f"{f.count(len(pairs) - same)} they differ somewhere."
    )


def _whole_words(same: int, functions: int) -> str:
    if same == 0:
        return "No function is the same in every dtype measured."
    return (
        f"{f.plural(same, 'function')} of {f.count(functions)} {'is' if same == 1 else 'are'} the same in every dtype "
        "measured."
    )


def _scipy_sentence(pairs: list[PairResult]) -> str:
    """SciPy beside TensorFlow, on the functions that NumPy lacks."""
    if not pairs:
        return ""
    functions = len({p.function for p in pairs})
    return (
        f"SciPy stands beside TensorFlow in {f.plural(functions, 'function')}: the same bits on every input compared "
        f"in {f.count(sum(p.identical for p in pairs))} of {f.plural(len(pairs), 'combination')}."
    )


Scored = tuple[float, str, str, Row]
"""(largest error among normal results, function, dtype, its row)"""


def _scored(table: dict[tuple[str, str], dict[str, Summary]], target: str) -> list[Scored]:
    """What a target scored on every function and dtype, largest first."""
    found = [
        (float(s.best["max_ulp"]), function, dtype, s.best)
        for (function, dtype), by in table.items()
        if (s := by.get(target)) and s.measured and s.best and s.best.get("max_ulp") is not None
    ]
    return sorted(found, key=lambda x: (-x[0], x[1], x[2]))


def largest_sentence(table: dict[tuple[str, str], dict[str, Summary]], among: str = "Among normal results") -> str:
    """How often each library stayed within an ulp, and its least accurate functions."""
    parts = []
    for target in LIBRARIES:
        found = _scored(table, target)
        if not found:
            continue
        within = sum(1 for x in found if x[0] <= 1)
        worst: dict[str, Scored] = {}
        for x in found:
            worst.setdefault(x[1], x)
        told = [_largest_words(x) for x in list(worst.values())[:3] if x[0] > 1]
        text = f"{shown(target)} showed no error above 1 ulp in {f.count(within)} of {f.count(len(found))} combinations"
        parts.append(text + (f"; its largest are {f.listing(told)}" if told else ""))
    return f"{among}, {'. '.join(parts)}." if parts else ""


def _largest_words(scored: Scored) -> str:
    """A huge error usually has a cause that the reader should know: there the exact value is 0."""
    value, name, dtype, row = scored
    why = ", where the exact value is 0" if exact_is_zero(row) else ""
    return f"{f.maximum_with_unit(value)} in {name} ({dtype}{why})"


def mismatch_sentence(stored: Stored, section: str) -> str:
    """Special cases (NaN, infinities, signed zeros) answered otherwise than documented."""
    tried: dict[str, int] = {}
    wrong: dict[str, set[str]] = {}
    counted = {(function["name"], dtype) for function, dtype in stored.combinations(section)}
    for row in stored.special:
        if (row["function"], row["dtype"]) not in counted or not is_defined(row):
            continue
        tried[row["target"]] = tried.get(row["target"], 0) + 1
        if not row["agrees"]:
            wrong.setdefault(row["target"], set()).add(row["function"])
    if not tried:
        return ""
    total = f.plural(sum(tried.values()), "check")
    if section == "real":
        total += " of real functions"
    if not wrong:
        return f"All {total} in special cases (NaN, infinities, signed zeros, poles) came out as documented."
    ranked = sorted(wrong.items(), key=lambda item: (-len(item[1]), item[0]))
    words = [f"{shown(t)} in {f.plural(len(names), 'function')}" for t, names in ranked]
    return (
        f"Special cases (NaN, infinities, signed zeros, poles), {total} against the rule that is documented for each: "
        f"answered otherwise by {f.listing(words)}."
    )


def _flush_sentence(table: dict[tuple[str, str], dict[str, Summary]]) -> str:
    flushing: dict[str, set[str]] = {}
    for (function, _), by in table.items():
        for name, summary in by.items():
            if summary.flushed:
                flushing.setdefault(name, set()).add(function)
    if not flushing:
        return ""
    ranked = sorted(flushing.items(), key=lambda item: (-len(item[1]), item[0]))
    words = [f"{shown(name)} (in {f.plural(len(names), 'function')})" for name, names in ranked]
    return f"{FLUSHING} {f.listing(words)}."


def moving_functions(stored: Stored, table: dict[tuple[str, str], dict[str, Summary]]) -> dict[str, set[str]]:
    """Functions whose result depends on the position in the array, by target, over all cases of the table's pairs."""
    moving: dict[str, set[str]] = {}
    for row in stored.measurements:
        if row.get("position_differs") and row["target"] in table.get((row["function"], row["dtype"]), ()):
            moving.setdefault(str(row["target"]), set()).add(str(row["function"]))
    return moving


def position_sentence(stored: Stored, table: dict[tuple[str, str], dict[str, Summary]]) -> str:
    moving = moving_functions(stored, table)
    tested = any(summary.check("position")[1] for by in table.values() for summary in by.values())
    if not moving:
        return "No result was found to depend on its position in the array." if tested else ""
    ranked = sorted(moving.items(), key=lambda item: (-len(item[1]), item[0]))
    words = [f"{f.plural(len(names), 'function')} of {shown(name)}" for name, names in ranked]
    return f"The same input gives different results at different positions of an array in {f.listing(words)}."


def tiles(stored: Stored) -> list[Tile]:
    """The figures of the answer that stand for themselves."""
    pairs = pair_results(stored)
    table = summary_table(stored, "real")
    out = []
    if pairs:
        same = sum(p.identical for p in pairs)
        text = "combinations of function and real dtype in which both return the same bits for every input compared"
        out.append(Tile(f"{f.count(same)} of {f.count(len(pairs))}", text))
    for target in (NUMPY, TENSORFLOW):
        found = _scored(table, target)
        if found:
            within = sum(1 for x in found if x[0] <= 1)
            text = f"in which {shown(target)} showed no error above 1 ulp among normal results"
            out.append(Tile(f"{f.count(within)} of {f.count(len(found))}", text))
    moving = moving_functions(stored, table).get(TENSORFLOW, set())
    tested = any((s := by.get(TENSORFLOW)) and s.check("position")[1] for by in table.values())
    if tested:
        noun = "function" if len(moving) == 1 else "functions"
        out.append(
            Tile(f.count(len(moving)), f"{noun} of TensorFlow whose result depends on the position in the array")
        )
    return out


# -- one function --------------------------------------------------------------------------------------
def dtype_sentences(stored: Stored, function: str, dtype: str) -> list[str]:
    """What there is to say about one function in one dtype: accuracy, agreement, specials, stability."""
    by = summaries(stored, function, dtype)
    return [
        s
        for s in (
            _accuracy(by, dtype),
            _agreement(stored, function, dtype, by),
            *oddities(stored, function, dtype, by),
            subnormal.sentence(stored, function, dtype),
        )
        if s
    ]


def _accuracy(by: dict[str, Summary], dtype: str) -> str:
    parts = []
    for name in LIBRARIES:
        s = by.get(name)
        if s is None or (name == SCIPY and s.status == "unsupported"):
            continue
        if s.counted_wrong is not None:
            parts.append(_right_or_wrong(name, s, dtype))
        elif not s.measured:
            parts.append(f"{shown(name)}: {s.status}" + (f" ({s.reason})" if s.reason else ""))
        elif s.best is None or s.best.get("max_ulp") is None:
            parts.append(f"{shown(name)}: measured, no error in ulp applies")
        elif float(s.best["max_ulp"]) == 0:
            parts.append(_without_error(name, s))
        else:
            row = s.best
            parts.append(
                f"{shown(name)}: largest error found {f.maximum_with_unit(float(row['max_ulp']))} "
                f"at {point(row['worst_input'], dtype)} ({row['coverage']})"
            )
    return "; ".join(parts) + "." if parts else ""


def _right_or_wrong(name: str, s: Summary, dtype: str) -> str:
    """Results of integers and truth values: how many are wrong, and by how much."""
    assert s.counted_wrong is not None
    wrong, samples = s.counted_wrong
    body = s.body or {}
    if not wrong:
        return f"{shown(name)}: right for all {f.count(samples)} inputs tried ({body.get('coverage', '')})"
    text = f"{shown(name)}: wrong for {f.count(wrong)} of {f.count(samples)} inputs tried"
    worst = s.farthest_wrong
    if worst is None:
        return text
    result = str(worst.get("result_dtype") or dtype)
    return (
        f"{text}, farthest at {point(worst['worst_input'], dtype)}: {f.value(worst['worst_output'], result)} instead "
        f"of {f.exact_decimal(worst['exact'], 25)}"
    )


def _without_error(name: str, s: Summary) -> str:
    """No distance from the exact value; exact only if every sign of zero is right as well."""
    regime = str(s.best["regime"]) if s.best else ""
    where = "all inputs tried" if regime == "all" else f"all inputs tried of regime {regime}"
    wrong = max((int(r.get("special_mismatches") or 0) for r in s.normal or s.closing), default=0)
    if wrong:
        return f"{shown(name)}: error 0 ulp on {where}, but {f.plural(wrong, 'special mismatch', 'special mismatches')}"
    return f"{shown(name)} is exact on {where}"


def _agreement(stored: Stored, function: str, dtype: str, by: dict[str, Summary]) -> str:
    rows = pair_rows(stored, function, dtype, reference_of(stored, function, dtype), TENSORFLOW)
    equal, compared = pair_counts(rows)
    if not compared:
        return ""
    if equal == compared:
        return f"Their results are identical in all {f.count(compared)} comparisons."
    far = farthest(rows)
    text = f"Their results differ in {f.count(compared - equal)} of {f.count(compared)} comparisons"
    if far is None or not far.get("input"):
        return text + "."
    first, second = shown(far["first"]), shown(far["second"])
    distance = float(far["max_distance"])
    text += (
        f", by {'up to ' if distance else ''}{apart(distance)}: at {point(far['input'], dtype)}, "
        f"{first} gives {f.value(far['first_output'], dtype)} and {second} {f.value(far['second_output'], dtype)}"
    )
    return text + (f"; {shown(nearer(far))} is nearer the exact value." if nearer(far) else ".")


def oddities(stored: Stored, function: str, dtype: str, by: dict[str, Summary]) -> list[str]:
    """Deviations of any target: special cases, position, constants, layout, flushed subnormals."""
    out = []
    for check, words in (
        ("position", "depends on the position in the array"),
        ("layout", "depends on the memory layout"),
        ("constant", "changes when the input is a compile-time constant"),
    ):
        found = [(name, s.check(check)) for name, s in by.items() if s.check(check)[0]]
        if found:
            each = [f"{shown(name)} ({f.count(d)} of {f.count(n)})" for name, (d, n) in found]
            out.append(f"The result {words}: {f.listing(each)}.")
    flushed = [shown(name) for name, s in by.items() if s.flushed]
    if flushed and not subnormal.told(stored, function, dtype):
        out.append(f"{FLUSHING} {f.listing(flushed)}.")
    return out + broken_rules(stored, function, dtype)


def broken_rules(stored: Stored, function: str, dtype: str) -> list[str]:
    """A sentence for every set of special-case rules that targets break."""
    out = []
    wrong: dict[str, set[str]] = {}
    for row in stored.of("special", function):
        if row["dtype"] == dtype and not row["agrees"]:
            wrong.setdefault(row["target"], set()).add(row["sentence"])
    for targets, sentences in joined_by_value(wrong.items()):
        rules = "”, “".join(sorted(sentences))
        verb = "breaks" if len(targets) == 1 else "break"
        who = f.listing([shown(target) for target in targets])
        out.append(f"{who} {verb} {f.plural(len(sentences), 'special-case rule')}: “{rules}”.")
    return out


def headline(stored: Stored) -> str:
    """One line for the list of versions."""
    pairs = pair_results(stored)
    functions = f.plural(len(stored.counted_functions()), "function")
    if not pairs:
        return f"{functions} measured; nothing to compare between NumPy and TensorFlow."
    same = sum(p.identical for p in pairs)
    return (
        f"{functions}; NumPy and TensorFlow (eager) identical in {f.count(same)} of "
        f"{f.plural(len(pairs), 'function × dtype combination')}."
    )
