"""Data of the page of a function of arrays."""

from __future__ import annotations

from reportgen.core import formatting as f
from reportgen.render import answer
from reportgen.render.arrays import tables, words
from reportgen.render.arrays.data import Score, Trial, array_functions, problem_rows, scaled, trials, wider
from reportgen.render.arrays.figures import figure_path
from reportgen.render.arrays.matrix import SHOWN_FIRST, joined_by_target
from reportgen.render.arrays.snippets import snippet
from reportgen.render.model import DtypeSection, Fact, Figure, FunctionPage, Worst
from reportgen.render.promised import promised_table
from reportgen.render.stored import Row, Stored
from reportgen.render.summary import farthest, joined_by_value, pair_counts, pair_rows

WORST_SHOWN = 8
"""Worst problems printed a dtype."""


def array_page(stored: Stored, function: Row, figures: list[Figure], provenance: str) -> FunctionPage:
    """Everything known about one function of arrays, from the stored results."""
    name = str(function["name"])
    order = [str(x["name"]) for x, _ in array_functions(stored)]
    at = order.index(name)
    special, summary = tables.special_table(stored, name)
    agreement, others = tables.agreement_tables(stored, name)
    return FunctionPage(
        name=name,
        sentence=str(function.get("sentence", "")),
        summary=page_summary(stored, function),
        facts=facts(stored, function),
        reading=reading(stored, function),
        sections=[section(stored, function, dtype, figures) for dtype in stored.dtypes(name)],
        figures=[],
        special=special,
        special_summary=summary,
        agreement=agreement,
        other_pairs=others,
        self_agreement=tables.repetition_table(stored, name),
        recorded=None,
        provenance=provenance,
        promised=promised_table(stored, name),
        previous=order[at - 1] if at else "",
        following=order[at + 1] if at + 1 < len(order) else "",
    )


def page_summary(stored: Stored, function: Row) -> str:
    """What the libraries do with the function in float32 (or its first dtype); compilers where they do otherwise."""
    name = str(function["name"])
    dtypes = stored.dtypes(name)
    if not dtypes:
        return ""
    dtype = SHOWN_FIRST if SHOWN_FIRST in dtypes else dtypes[0]
    plain = [t for t in trials(stored, name, dtype) if t in answer.LIBRARIES]
    said = sentences_of(stored, function, dtype, plain)
    text = f"In {dtype}, {'; '.join(said)}." if said else ""
    broken = [(answer.shown(t), len(x.returned)) for t, x in trials(stored, name, dtype).items() if x.returned]
    if broken:
        told = f.listing([f"{f.listing(who)} on {f.plural(n, 'problem')}" for who, n in joined_by_value(broken)])
        text += f" What is documented of NaN, infinities, zeros or extreme numbers is not kept by {told}."
    return text


def reading(stored: Stored, function: Row) -> list[str]:
    """What the figures of a function count, for who does not know."""
    metrics = dict.fromkeys(str(r["metric"]) for r in stored.rows(str(function["name"])) if r.get("metric"))
    if function.get("kind") in ("linalg", "transform"):
        texts = [words.MEANINGS[m if m in words.MEANINGS else "residual"] for m in metrics if m in words.ERROR_NAMES]
        texts += [words.MEANINGS[m] for m in metrics if m == "norm2"]
        return list(dict.fromkeys(texts)) or _sum_reading(function)
    return _sum_reading(function) if function["arrays"]["condition"] else []


def _sum_reading(function: Row) -> list[str]:
    text = (
        f"Errors are counted in {words.unit(function, '')}: u is the unit roundoff (6·10⁻⁸ in float32, 1·10⁻¹⁶ in "
        "float64, 5·10⁻⁴ in float16, 4·10⁻³ in bfloat16), C the scale of what is combined. 1 is one rounding of a "
        "number of that scale."
    )
    if not scaled(function):
        text += (
            " Adding n numbers in pairs stays within log₂ n, adding them one after another within n − 1, mostly near "
            "√n. The condition of the data, C/|y|, is by how much cancellation turns that into ulps of the result."
        )
    return [text]


def sentences_of(stored: Stored, function: Row, dtype: str, targets: list[str] | None = None) -> list[str]:
    """One clause a group of targets of which the same is to be said: ``NumPy stays within …``."""
    found = trials(stored, str(function["name"]), dtype)
    told = ((answer.shown(t), words.stays(function, found[t])) for t in targets or list(found))
    out = []
    for names, said in joined_by_value((who, said) for who, said in told if said):
        out.append(f"{f.listing(names)} {said if len(names) == 1 else plural(said)}")
    return out


def plural(said: str) -> str:
    """A clause of one subject, for several."""
    for one, many in (("stays", "stay"), ("reaches", "reach"), ("is", "are")):
        if said.startswith(one + " "):
            said = many + said[len(one) :]
    return said.replace(" and reaches ", " and reach ")


def facts(stored: Stored, function: Row) -> list[Fact]:
    """What was run, how the exact result is found, and what errors are counted in."""
    told = function["arrays"]
    listed = [Fact("domain", str(function.get("domain", "")))]
    for library, shown in (("numpy", "NumPy"), ("scipy", "SciPy"), ("tensorflow", "TensorFlow")):
        program = told["programs"].get(library)
        if program or library != "scipy":
            listed.append(Fact(shown, program or "no counterpart", code=bool(program)))
    listed += [Fact("exact result", str(told["exact"])), Fact("C", str(told["condition"]))]
    if function.get("aliases"):
        listed.append(Fact("also called", f.listing([str(a) for a in function["aliases"]])))
    listed.append(Fact("kind, family", f"{function.get('kind', '')}, {function.get('family', '')}"))
    return [x for x in listed if x.value]


def section(stored: Stored, function: Row, dtype: str, figures: list[Figure]) -> DtypeSection:
    """One dtype: sentences, error against n, problem × target, all figures, the worst problems with their programs."""
    name = str(function["name"])
    worst, omitted = worst_problems(stored, function, dtype)
    return DtypeSection(
        dtype=dtype,
        sentences=dtype_sentences(stored, function, dtype),
        glance=tables.problem_table(stored, function, dtype),
        detail=tables.figure_table(stored, function, dtype),
        worst=worst,
        worst_omitted=omitted,
        stopped=tables.stopped_table(stored, function, dtype),
        figures=[x for x in figures if x.path == figure_path(name, dtype)],
    )


def dtype_sentences(stored: Stored, function: Row, dtype: str) -> list[str]:
    """What there is to say about a function in a dtype: errors, whose fault they are, special cases, repetition."""
    name = str(function["name"])
    out = [f"{said}." for said in sentences_of(stored, function, dtype)]
    found = trials(stored, name, dtype)
    blamed = [(answer.shown(t), trial.blamed_data) for t, trial in found.items()]
    worst = max(((s, who) for who, s in blamed if s), key=lambda x: x[0].ulp or 0.0, default=None)
    if worst:
        said = f"{worst[1]}, {words.blame(worst[0])}"
        out.append(f"Off by many ulp through the data, not the library: {said}.")
    out += finer_results(found, dtype)
    out += [s for s in (agreement(stored, name, dtype), *answer.broken_rules(stored, name, dtype)) if s]
    again = ((answer.shown(t), x.run_differs, x.run_tested) for t, x in found.items())
    moving = [f"{who} ({f.count(differs)} of {f.count(tested)})" for who, differs, tested in again if differs]
    if moving:
        out.append(f"The same call, made again, gives other bits: {f.listing(moving)}.")
    return out


def finer_results(found: dict[str, Trial], dtype: str) -> list[str]:
    """Who returns a finer dtype than the one asked for, and what the errors are counted in then."""
    said = (
        (answer.shown(t), f.listing(sorted({str(s.row["result_dtype"]) for s in x.scores if wider(s.row) > 1})))
        for t, x in found.items()
    )
    counted = f"errors are counted in u of {dtype} here, and in that of the result in results.csv"
    return [
        f"{f.listing(names)} {'returns' if len(names) == 1 else 'return'} {result} for {dtype}; {counted}."
        for names, result in joined_by_value((who, result) for who, result in said if result)
    ]


def agreement(stored: Stored, name: str, dtype: str) -> str:
    """How many results of NumPy (or SciPy) and TensorFlow have the same bits, and the data they differ most on."""
    reference = answer.reference_of(stored, name, dtype)
    rows = pair_rows(stored, name, dtype, reference, answer.TENSORFLOW)
    equal, compared = pair_counts(rows)
    if not compared:
        return ""
    pair = f"{answer.shown(reference)} and TensorFlow (eager)"
    if equal == compared:
        return f"{pair} return the same bits in all {f.count(compared)} results."
    text = f"{pair} return other bits in {f.count(compared - equal)} of {f.count(compared)} results"
    far = farthest(rows)
    if far is None or not far.get("first_output"):
        return text + "."
    problem = problem_rows(stored, name, dtype).get(str(far["case"]))
    ends = f"{f.value(far['first_output'], dtype)} and {f.value(far['second_output'], dtype)}"
    return f"{text}; farthest apart on {problem['words'] if problem else far['case']}: {ends}."


def worst_problems(stored: Stored, function: Row, dtype: str) -> tuple[list[Worst], int]:
    """The worst problem of every group of targets, then the next ones, each with a program that runs it."""
    ranked: list[tuple[int, Score, list[str]]] = []
    for names, trial in joined_by_target(stored, function, dtype):
        errs = [s for s in trial.scores if s.badness[1] or s.wrong]
        errs.sort(key=lambda s: (bool(s.wrong), s.badness), reverse=True)
        ranked += [(i, s, names) for i, s in enumerate(errs)]
    ranked.sort(key=lambda item: item[0])
    shown = ranked[:WORST_SHOWN]
    return [_worst(stored, function, dtype, s, names) for _, s, names in shown], len(ranked) - len(shown)


def _worst(stored: Stored, function: Row, dtype: str, score: Score, names: list[str]) -> Worst:
    row = score.row
    result = str(row.get("result_dtype") or dtype)
    output = row.get("worst_output")
    where = ", ".join(str(x) for x in (words.with_metric(function, score), row.get("worst_context")) if x)
    wrong = f"{f.count(score.wrong)} wrong" if score.wrong else ""
    return Worst(
        target=f.listing(names),
        where=where,
        input_text=str(score.problem.get("inputs") or ""),
        input_hex=str(score.problem.get("parameters") or ""),
        output_text=f.value(output, result) if output else "",
        output_hex=f.hex_text(output) if output else "",
        exact=f.exact_decimal(row.get("exact"), 25) if output else "",
        ulp=f.maximum(score.ulp),
        snippet=snippet(function, stored.target(names[0]), score),
        measure=wrong or words.amount(function, score),
    )
