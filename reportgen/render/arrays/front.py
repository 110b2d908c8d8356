"""The part of the front page about functions of arrays, and the page that holds all of them."""

from __future__ import annotations

from dataclasses import dataclass, field

from reportgen.core import formatting as f
from reportgen.core.arraybounds import SCALED, SUMS
from reportgen.render import answer
from reportgen.render.arrays import figures, findings, words
from reportgen.render.arrays.data import Score, array_functions, problem_rows, scaled, trials
from reportgen.render.arrays.matrix import KIND_TITLES, MARKS, SHOWN_FIRST, columns_of, matrix
from reportgen.render.model import Figure, FrontSection, Mark, Table
from reportgen.render.palette import styles
from reportgen.render.stored import Row, Stored
from reportgen.render.summary import joined_by_value

TITLE = "Sums, products, matrices, transforms"
ANCHORS = {
    "reduction": "reductions",
    "contraction": "contractions",
    "linalg": "linear-algebra",
    "transform": "transforms",
}
READING = (
    "For a function of many numbers an error in ulp says little: numbers that cancel make it as large as one likes, "
    "whoever adds them. Each figure is therefore the largest error in roundings, u·C: u is half the gap between 1 and "
    "the next number of the dtype (6·10⁻⁸ in float32, 5·10⁻⁴ in float16), C the scale of the data (Σ|xᵢ| for a sum). "
    "1 is a single rounding of numbers of that scale; below the figure stand the data that it is of. Colour and chip "
    "say how it compares with the number n of terms."
)
FIGURES_SHOWN = 2
"""Figures of each kind on the page of all functions of arrays."""
ORDER = (
    "The order of the additions decides how errors grow. Adding n numbers in pairs costs at most log₂ n roundings, "
    "adding them one after another about √n of either sign, and up to n where all err to one side: for a million "
    "numbers 20, 1,000 and 1,000,000."
)
KIND_NOUNS = {
    "reduction": "reductions and scans",
    "contraction": "contractions",
    "linalg": "functions of matrices",
    "transform": "transforms",
}
TOLD = 6
"""So many combinations are named in a sentence."""
DATA_TOLD = 2
"""So many problems of a function whose results change from call to call."""


@dataclass
class Group:
    """One kind of functions on the page of arrays."""

    title: str
    anchor: str
    sentences: list[str]
    table: Table
    legend: list[Mark]
    figures: list[tuple[str, Figure]] = field(default_factory=list)
    """(name of the function, its figure)"""


@dataclass
class ArraysPage:
    """Everything about functions of arrays in one place."""

    lead: str
    sentences: list[str]
    reading: str
    groups: list[Group]
    marks: list[Mark]


Found = tuple[str, str, str, Score]
"""(target, function, dtype, worst score)"""


def worst_scores(stored: Stored, kinds: tuple[str, ...]) -> list[Found]:
    """The worst score of every target on every function and dtype of some kinds."""
    out = []
    for function, dtypes in array_functions(stored):
        if function["kind"] in kinds:
            for dtype in dtypes:
                for target, trial in trials(stored, str(function["name"]), dtype).items():
                    if trial.worst is not None:
                        out.append((target, str(function["name"]), dtype, trial.worst))
    return out


def section(stored: Stored) -> FrontSection | None:
    """Sentences and the rows of one dtype, with the way to the page of all of them; None where nothing was measured."""
    if not stored.combinations("array"):
        return None
    tables = []
    for kind in kinds_of(stored):
        columns = columns_of(stored, (kind,))
        tables.append(matrix(stored, kind, f"{kind}-words-matrix", columns, SHOWN_FIRST))
    return FrontSection(
        "arrays", TITLE, [*in_short(stored), READING], tables, href="arrays.html",
        link="All dtypes, error against n, and what each class means",
    )  # fmt: skip


def kinds_of(stored: Stored) -> list[str]:
    """Kinds of functions of arrays that were measured, in the order of the page."""
    present = {str(function["kind"]) for function, _ in array_functions(stored)}
    return [kind for kind in KIND_TITLES if kind in present]


def sentences(stored: Stored) -> list[str]:
    """What the data say about libraries: agreement, order of summation, largest errors, NaNs, repetition."""
    made = (
        answer.array_agreement(stored),
        *class_sentences(stored),
        *largest_sentences(stored),
        *findings.sentences(stored),
        repetition_sentence(stored),
    )
    return [text for text in made if text]


def in_short(stored: Stored) -> list[str]:
    """Those of the front page; the rest stands on the page of arrays."""
    made = (
        answer.array_agreement(stored),
        *class_sentences(stored),
        *findings.sentences(stored)[:3],
        repetition_sentence(stored),
    )
    return [text for text in made if text]


def class_sentences(stored: Stored) -> list[str]:
    """How the errors of sums and products grow with the number of terms; targets with equal findings together."""
    scores = worst_scores(stored, ("reduction", "contraction"))
    said = ((answer.shown(t), class_words([x for x in scores if x[0] == t])) for t in columns_of(stored))
    found = [(name, text) for name, text in said if text]
    said = [f"Sums and products, {f.listing(names)}: {text}" for names, text in joined_by_value(found)]
    return [ORDER, *said] if said else []


def class_words(found: list[Found]) -> str:
    """The rest of such a sentence about one target; empty where it has no score."""
    if not found:
        return ""
    of: dict[str, list[Found]] = {}
    for x in sorted(found, key=badness, reverse=True):
        if x[3].growth:
            of.setdefault(x[3].growth.key, []).append(x)
    small = sum(len(of.get(key, ())) for key in ("exact", "once", "few"))
    whole = f"{f.plural(len(found), 'combination')} of function and dtype"
    if small == len(found):
        return f"every error in {whole} is as small as adding in pairs keeps it."
    told = [f"in {f.count(small)} of {whole}, errors are as small as adding in pairs keeps them"]
    if "walk" in of:
        told.append(f"in {f.count(len(of['walk']))}, as large as where numbers are added one after another")
    if "drift" in of:
        told.append(f"in {f.count(len(of['drift']))}, larger still ({_named(of['drift'])})")
    if "lost" in of:
        told.append(f"in {f.count(len(of['lost']))}, no digit of some result is right ({_named(of['lost'])})")
    return "; ".join(told) + "."


def _named(found: list[Found]) -> str:
    """``sum and mean in float16, var in bfloat16``: dtypes with their functions, the worst first."""
    by: dict[str, list[str]] = {}
    for _, name, dtype, _ in found[:TOLD]:
        by.setdefault(dtype, []).append(name)
    rest = len(found) - TOLD
    more = [f"{f.count(rest)} more"] if rest > 0 else []
    return ", ".join([*(f"{f.listing(names)} in {dtype}" for dtype, names in by.items()), *more])


def badness(found: Found) -> tuple[int, float]:
    return found[3].badness


def largest_sentences(stored: Stored) -> list[str]:
    """The worst error of each kind of functions, with target, dtype and data; kinds that stay small are left out."""
    out = []
    for kind in kinds_of(stored):
        found = [x for x in worst_scores(stored, (kind,)) if x[3].growth and x[3].growth.rank >= 3]
        if found:
            _, name, dtype, score = max(found, key=badness)
            equal = [x for x in found if x[1:3] == (name, dtype) and x[3].badness == score.badness]
            who = f.listing([answer.shown(x[0]) for x in equal])
            function = stored.function(name)
            out.append(
                f"Worst of the {KIND_NOUNS[kind]}: {name} in {dtype} ({who}), off by "
                f"{words.size_in_words(function, score)}; data: {score.words}."
            )
    return out


def repetition_sentence(stored: Stored) -> str:
    """Whether any call gave other bits when it was made again."""
    moving: dict[str, dict[str, dict[str, None]]] = {}
    tested = 0
    for function, dtypes in array_functions(stored):
        name = str(function["name"])
        known = {dtype: problem_rows(stored, name, dtype) for dtype in dtypes}
        for row in stored.of("determinism", name):
            tested += int(row["run_tested"] or 0)
            if row["run_differs"]:
                problem = known.get(str(row["dtype"]), {}).get(str(row["case"]))
                data = moving.setdefault(str(row["target"]), {}).setdefault(name, {})
                data[str(problem["words"] if problem else row["case"])] = None
    if not tested:
        return ""
    if not moving:
        calls = "Every call was made twice in one process"
        return f"Does it repeat? {calls}: all {f.count(tested)} results came out with the same bits."
    said = joined_by_value(
        (answer.shown(t), "; ".join(f"{name} ({'; '.join(list(data)[:DATA_TOLD])})" for name, data in by.items()))
        for t, by in moving.items()
    )
    told = [f"{what} of {f.listing(who)}" for who, what in said]
    return (
        f"Does it repeat? Every call was made twice in one process, and {f.count(tested)} results were compared: other "
        f"bits came out of {f.listing(told)}."
    )


# -- the page of its own ---------------------------------------------------------------------------------
def arrays_page(stored: Stored) -> ArraysPage:
    """All functions of arrays, kind by kind: matrices over every dtype, the most telling figures."""
    found = sentences(stored)
    lead = found[0] if found else "No function of whole arrays was part of this version."
    groups = [_group(stored, kind) for kind in kinds_of(stored)]
    return ArraysPage(lead, found[1:], READING if found else "", groups, list(MARKS))


def _group(stored: Stored, kind: str) -> Group:
    columns = columns_of(stored, (kind,))
    table = matrix(stored, kind, f"{ANCHORS[kind]}-matrix", columns)
    steps = SCALED if kind in ("linalg", "transform") else SUMS
    legend = [Mark(step.words, step.css) for step in steps]
    return Group(KIND_TITLES[kind], ANCHORS[kind], _conditions(stored, kind), table, legend, telling(stored, kind))


def _conditions(stored: Stored, kind: str) -> list[str]:
    """What C is, by function; functions with the same C together."""
    by: dict[str, list[str]] = {}
    for function, _ in array_functions(stored):
        if function["kind"] == kind:
            by.setdefault(str(function["arrays"]["condition"]), []).append(str(function["name"]))
    return [f"C = {condition}: {', '.join(names)}." for condition, names in by.items()]


def telling(stored: Stored, kind: str) -> list[tuple[str, Figure]]:
    """The figures of a kind in which targets lie farthest apart, one a function."""
    look = styles(stored.styled_names)
    found: list[tuple[float, str, Row, str]] = []
    for function, dtypes in array_functions(stored):
        if function["kind"] == kind and not scaled(function):
            spreads = [(spread(stored, function, dtype), dtype) for dtype in dtypes]
            best = max(spreads, key=lambda x: x[0])
            if best[0] > 1:
                found.append((best[0], str(function["name"]), function, best[1]))
    found.sort(key=lambda x: (-x[0], x[1]))
    out = []
    for _, name, function, dtype in found[:FIGURES_SHOWN]:
        shown, _ = figures.figure(function, dtype, figures.panels(stored, function, dtype), look)
        out.append((name, shown))
    return out


def spread(stored: Stored, function: Row, dtype: str) -> float:
    """How many times larger the largest ratio of one target is than that of another, over the panels of a figure."""
    most = 0.0
    for panel in figures.panels(stored, function, dtype):
        tops = [max(curve.values()) for curve in panel.curves.values()]
        if max(tops) > 0:
            most = max(most, max(tops) / max(min(tops), 1.0))
    return most
