"""Errors of functions of arrays in words: always with the unit that they are counted in and the data they are of."""

from __future__ import annotations

from reportgen.core import formatting as f
from reportgen.core.arraybounds import FEW
from reportgen.render.arrays.data import LARGEST, Score, Trial
from reportgen.render.model import Mark
from reportgen.render.stored import Row

LONGEST_UNIT = 12
"""A condition of more letters is called C in figures; the page says what it is."""
METRIC_NAMES = {
    "backward": "backward error",
    "forward": "forward error",
    "orthogonality": "orthogonality",
    "residual": "residual",
    "right-residual": "residual of A·X",
    "left-residual": "residual of X·A",
    "values": "values",
    "norm2": "error in the 2-norm",
    "max": "worst element",
    "re": "real part",
    "im": "imaginary part",
    "ulp": "error",
    "equal": "right or wrong",
}
ERROR_NAMES = {
    "backward": "a backward error",
    "forward": "a forward error",
    "orthogonality": "an error in orthogonality",
    "residual": "a residual",
    "right-residual": "a residual A·X − I",
    "left-residual": "a residual X·A − I",
    "values": "an error in the values",
}
"""What a ratio of linear algebra is, in a sentence."""
MEANINGS = {
    "backward": "Backward error: by how much, relative to its norm, the matrix would have to be changed for the result "
    "to be exact. It is counted in n·u, n being the side of the matrix: at a few n·u the method is stable, and what is "
    "wrong beyond that is the matrix's doing.",
    "forward": "Forward error: how far the result is from the exact one, relative to it. It is counted in u·κ, κ being "
    "the condition of the problem, by which rounding the data once may already move the exact result: κ is 10⁸ and "
    "more where a matrix is nearly singular.",
    "orthogonality": "Orthogonality: how far the columns are from orthonormal (‖QᵀQ − I‖), counted in n·u.",
    "residual": "Residual: by how much the equation that the result has to satisfy is missed, relative to the norms "
    "in it, counted in n·u.",
    "values": "Values: the error of the worst eigenvalue or singular value, relative to the norm of the matrix, "
    "counted in u (for matrices that are not symmetric also in the condition of the eigenvalue).",
    "norm2": "Error in the 2-norm: ‖computed − exact‖₂ / ‖exact‖₂ over the whole transform, counted in u·log₂ n, as "
    "fast transforms have log₂ n steps.",
}
"""What each metric says, for the page of a function."""
PLAIN_SUMS = ("sum", "mean", "cumsum", "segment_sum", "unsorted_segment_sum", "bincount")
"""Reductions that add their elements and do nothing else: how the error grows tells the order of the additions."""
LINALG_UNITS = {
    "backward": "n·u",
    "residual": "n·u",
    "right-residual": "n·u",
    "left-residual": "n·u",
    "orthogonality": "n·u",
    "forward": "u·κ",
    "values": "u·C",
}
"""What the ratios of linear algebra are counted in; n is the larger side of the matrix, κ its condition."""


def condition_of(function: Row) -> str:
    """C in words as short as a figure can carry: itself, or just C."""
    words = str(function["arrays"]["condition"]).replace(" / ", "/")
    return words if len(words) <= LONGEST_UNIT else "C"


def unit(function: Row, metric: str) -> str:
    """What a ratio is counted in: ``u·Σ|xᵢ|``."""
    kind = function.get("kind")
    if kind == "linalg" and metric in LINALG_UNITS:
        return LINALG_UNITS[metric]
    if kind == "transform":
        return "u·log₂ n"
    return f"u·{condition_of(function)}"


def share(value: float) -> str:
    """A share of C: ``41 %``; ``12 times`` where it is that many times C."""
    return f"{f.maximum(100 * value)} %" if value < 10 else f"{f.maximum(value)} times"


def size_in_words(function: Row, score: Score) -> str:
    """How large an error is, with what it is an error of where there are several: ``a forward error of 9 u·κ``."""
    if function.get("kind") == "linalg" and score.metric in LINALG_UNITS:
        return f"{ERROR_NAMES[score.metric]} of {amount(function, score)}"
    if score.growth and score.growth.key == "lost" and score.ratio is not None and score.ratio < LARGEST:
        relative = score.row.get("max_rel")
        ulp = "" if score.ulp is None else f" ({score.ulp_words})"
        of_it = f"{share(float(relative))} of the exact result" if relative else _share_of_scale(function, score)
        return of_it + ulp
    return amount(function, score)


def _share_of_scale(function: Row, score: Score) -> str:
    """``41 % of Σ|xᵢ|``, however long the words for C are."""
    if score.ratio is None or function.get("kind") in ("linalg", "transform"):
        return amount(function, score)
    return f"{share(score.ratio * score.u)} of {function['arrays']['condition']}"


def amount(function: Row, score: Score) -> str:
    """An error in its unit: ``61 u·Σ|xᵢ|``; a share of C where no digit is left; words where exactness is due."""
    ratio = score.ratio
    if ratio is None:
        return "exact" if score.ulp == 0 else f"{f.maximum(score.ulp)} ulp off" if score.ulp else f.MISSING
    if ratio == 0:
        return "exact"
    if ratio >= LARGEST:
        return "not 0, as it must be"
    if score.growth and score.growth.key == "once" and ratio > 1:
        return f"one rounding, {score.ulp_words}"
    if score.growth and score.growth.key == "lost" and function.get("kind") not in ("linalg", "transform"):
        return f"{share(ratio * score.u)} of {condition_of(function)}"
    return f"{f.maximum(ratio)} {unit(function, score.metric)}"


def with_metric(function: Row, score: Score) -> str:
    """The problem, behind the metric where a function is judged by several."""
    if function.get("kind") != "linalg" or score.metric not in LINALG_UNITS:
        return score.words
    return f"{METRIC_NAMES.get(score.metric, score.metric)}, {score.words}"


def power(value: float) -> str:
    """A condition as a rough number: ``3·10⁹``; ∞ where the exact result is 0."""
    if value >= LARGEST:
        return "∞"
    return f.number(value, 2)


def blame(score: Score) -> str:
    """Whose fault many ulp are, where it is the data's."""
    condition = score.condition or 0.0
    of = "their exact result is 0" if condition >= LARGEST else f"their condition is {power(condition)}"
    added = f"{f.maximum(score.ratio)} {'rounding' if score.ratio == 1 else 'roundings'} of C"
    return f"{score.ulp_words} on {score.words}: {of}; the order of evaluation added no more than {added}"


def special_words(trial: Trial) -> str:
    """The rules that a target breaks, or what else is wrong with its NaNs and infinities."""
    rules = list(dict.fromkeys(str(r["sentence"]) for r in trial.deviations))
    return " ".join(rules) or "NaN, an infinity or a sign of zero where it is not due"


def marks(trial: Trial) -> tuple[Mark, ...]:
    """Chips of a cell: the class of the error in words, and what else is odd."""
    out = []
    worst = trial.worst
    if worst and worst.growth and worst.growth.chip:
        out.append(Mark(worst.growth.chip, f"m-growth g-{worst.growth.key}", worst.growth.words))
    blamed = trial.blamed_data
    if blamed:
        out.append(Mark(f"condition {power(blamed.condition or 0)}", "m-data", blame(blamed)))
    if trial.mismatched:
        out.append(Mark(f"special {len(trial.mismatched)}", "m-special", special_words(trial)))
    if any(s.flushed for s in trial.scores):
        out.append(Mark("flushed", "m-flushed", "zero comes out of subnormal numbers"))
    if trial.run_differs:
        out.append(Mark("run", "m-run", f"{f.count(trial.run_differs)} of {f.count(trial.run_tested)} differ"))
    return tuple(out)


def stays(function: Row, trial: Trial) -> str:
    """What a target does with a function in a dtype, for a sentence; empty where nothing was measured.

    The series that stay within a few roundings are told together, the worst of the others by its problem.
    """
    if not trial.measured:
        return ""
    counted = trial.counted
    if counted and not trial.rated:
        wrong, tried = counted
        return (
            f"is right for all {f.count(tried)} results" if not wrong else f"is wrong for {f.count(wrong)} of {tried}"
        )
    worst = trial.worst
    if worst is None:
        return ""
    if worst.growth and worst.growth.key == "exact":
        return "is exact on all data tried"
    good = [s for s in trial.rated if s.growth and s.growth.rank <= 2]
    if worst.growth and worst.growth.rank <= 2:
        return f"stays within {amount(function, worst)} (worst: {with_metric(function, worst)})"
    reached = f"reaches {size_in_words(function, worst)} on {worst.words}{explained(function, worst)}"
    others = len({s.row["case"] for s in good} - {s.row["case"] for s in trial.rated if s not in good})
    if not good or not others:
        return reached
    return f"{_elsewhere(function, good, others)} and {reached}"


def _elsewhere(function: Row, good: list[Score], others: int) -> str:
    """What holds on the problems without a large error; metrics of linear algebra have no common unit."""
    best = max(good, key=lambda s: s.badness)
    up_to = max(s.size for s in good)
    problems = f.plural(others, "problem")
    if function.get("kind") == "linalg":
        return f"stays within 10 times the bounds on {problems}"
    size = f" (up to {f.count(up_to)} {'element' if up_to == 1 else 'elements'})" if up_to else ""
    if best.ratio == 0:
        return f"is exact on {problems}{size}"
    return f"stays within {amount(function, best)} on {problems}{size}"


def explained(function: Row, score: Score) -> str:
    """What a class of growth looks like, with the number that bounds it; its usual cause for plain sums."""
    if score.growth is None or score.metric not in ("ulp", "re", "im") or score.size < FEW:
        return ""
    if function["name"] not in PLAIN_SUMS and function.get("kind") != "contraction":
        return {"drift": " (more than √n)", "walk": " (at most √n)", "lost": ": no digit is right"}.get(
            score.growth.key, ""
        )
    if score.growth.key == "drift":
        return " (more than √n, as where roundings of one sign pile up)"
    if score.growth.key == "walk":
        return " (at most √n, as where numbers are added one after another)"
    if score.growth.key == "lost":
        return ": no digit is right, as where a running sum grows so large that its terms no longer count"
    return ""
