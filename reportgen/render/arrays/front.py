"""The part of the front page about functions of arrays, and the page that holds all of them."""

from __future__ import annotations

from dataclasses import dataclass, field

from reportgen.core import formatting as f
from reportgen.core.arraybounds import SCALED, SUMS
from reportgen.render import answer
from reportgen.render.arrays import figures, words
from reportgen.render.arrays.data import Score, array_functions, scaled, trials
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
    "A function that combines many numbers has no error in ulp that would mean anything by itself: data that cancel "
    "make it as large as one likes. Each figure is the largest error over u·C, u being the unit roundoff of the dtype "
    "and C what the data themselves allow (Σ|xᵢ| for a sum); below it stand the data. Colour and chip say how that "
    "compares with the number n of elements."
)
FIGURES_SHOWN = 2
"""Figures of each kind on the page of all functions of arrays."""
TOLD = 4


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
        "arrays", TITLE, [*sentences(stored), READING], tables, href="arrays.html",
        link="All dtypes, error against n, and what each class means",
    )  # fmt: skip


def kinds_of(stored: Stored) -> list[str]:
    """Kinds of functions of arrays that were measured, in the order of the page."""
    present = {str(function["kind"]) for function, _ in array_functions(stored)}
    return [kind for kind in KIND_TITLES if kind in present]


def sentences(stored: Stored) -> list[str]:
    """What the data say about libraries: order of summation, largest growth, special cases, repetition."""
    made = (
        answer.array_agreement(stored),
        *class_sentences(stored),
        largest_sentence(stored),
        answer.mismatch_sentence(stored, "array"),
        repetition_sentence(stored),
    )
    return [text for text in made if text]


def class_sentences(stored: Stored) -> list[str]:
    """How often sums and products stay within what adding in pairs allows, and where not; equal targets together."""
    scores = worst_scores(stored, ("reduction", "contraction"))
    said = ((answer.shown(t), class_words([x for x in scores if x[0] == t])) for t in columns_of(stored))
    out = []
    for names, words_of in joined_by_value((name, text) for name, text in said if text):
        out.append(f"{f.listing(names)} {'keeps' if len(names) == 1 else 'keep'} {words_of}")
    return out


def class_words(found: list[Found]) -> str:
    """The rest of such a sentence about one target; empty where it has no score."""
    if not found:
        return ""
    beyond = [x for x in found if x[3].growth and x[3].growth.rank > 2]
    text = (
        f"{f.count(len(found) - len(beyond))} of {f.plural(len(found), 'combination')} of dtype with sums and products "
        "within what adding in pairs allows"
    )
    if not beyond:
        return text + "."
    by_name: dict[str, list[Found]] = {}
    for x in sorted(beyond, key=badness, reverse=True):
        by_name.setdefault(x[1], []).append(x)
    told = [f"{name} ({', '.join(x[2] for x in xs)})" for name, xs in list(by_name.items())[:TOLD]]
    rest = len(by_name) - len(told)
    more = [f.plural(rest, "more function")] if rest > 0 else []
    return f"{text}; beyond it {'lies' if len(by_name) == 1 else 'lie'} {f.listing([*told, *more])}."


def badness(found: Found) -> tuple[int, float]:
    return found[3].badness


def largest_sentence(stored: Stored) -> str:
    """The worst error of each kind, with target, dtype and data."""
    told = []
    for kind in kinds_of(stored):
        found = [x for x in worst_scores(stored, (kind,)) if x[3].growth and x[3].growth.rank >= 3]
        if found:
            target, name, dtype, score = max(found, key=badness)
            function = stored.function(name)
            told.append(
                f"{words.amount(function, score)} in {name} ({dtype}) of {answer.shown(target)}, on "
                f"{words.with_metric(function, score)}"
            )
    return f"The largest of its kind: {'; '.join(told)}." if told else ""


def repetition_sentence(stored: Stored) -> str:
    """Whether any call gave other bits when it was made again."""
    moving: dict[str, set[str]] = {}
    tested = 0
    for function, dtypes in array_functions(stored):
        for dtype in dtypes:
            for target, trial in trials(stored, str(function["name"]), dtype).items():
                tested += trial.run_tested
                if trial.run_differs:
                    moving.setdefault(target, set()).add(str(function["name"]))
    if not tested:
        return ""
    if not moving:
        return f"Every call was made twice in one process: all {f.count(tested)} results came out with the same bits."
    said = [f"{answer.shown(t)} in {f.listing(sorted(names))}" for t, names in moving.items()]
    return f"The same call, made again in one process, gave other bits: {f.listing(said)}."


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
    look = styles([str(t["name"]) for t in stored.targets])
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
