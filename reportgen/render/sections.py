"""The parts of the front page that are no real functions of real numbers: complex, integers and casts, gradients.

Each is counted by itself: its figures mean something else than those of the main matrix.
"""

from __future__ import annotations

from reportgen.core import formatting as f
from reportgen.render import answer, casts, compiler
from reportgen.render.arrays import front as arrays
from reportgen.render.matrix import matrix, matrix_targets
from reportgen.render.model import FrontSection
from reportgen.render.stored import Stored

COMPLEX_MEANING = (
    "Each figure is the largest normwise error: the distance of the computed from the exact number, counted in ulps of "
    "the exact number's absolute value. A part that is much smaller than the other can be wrong altogether and add "
    "nothing to it; the errors of the real and of the imaginary part stand on the function's page."
)
INTEGER_MEANING = (
    "Integer results have no error in ulp: they are right or wrong. A cell counts the wrong ones among the inputs "
    "tried; dtypes with the same findings share a row. Functions of integers whose result is a floating-point number "
    "show an error in ulp."
)
GRADIENT_MEANING = (
    "Derivatives as TensorFlow's GradientTape computes them, against the exact derivative of the mathematical "
    "function. Each figure is the largest error in ulp over all paths in regime normal. NumPy has no gradients."
)


def sections(stored: Stored) -> list[FrontSection]:
    """Those parts for which something was measured, in the order of the page."""
    made = (arrays.section(stored), _complex(stored), _integers(stored), _gradients(stored))
    return [x for x in (*made, compiler.front_section(stored)) if x is not None]


def _agreement(stored: Stored, section: str, what: str) -> str:
    """How many combinations of a section are identical; empty where nothing was compared."""
    pairs = answer.pair_results(stored, section)
    if not pairs:
        return ""
    same = sum(p.identical for p in pairs)
    functions = f.plural(len({p.function for p in pairs}), "function")
    return (
        f"Of {f.plural(len(pairs), 'combination')} of function and dtype ({functions} of {what}) measured on both, "
        f"NumPy and TensorFlow (eager) return the same bits on every input compared in {f.count(same)}."
    )


def _complex(stored: Stored) -> FrontSection | None:
    if not stored.combinations("complex"):
        return None
    table = answer.summary_table(stored, "complex")
    said = [
        _agreement(stored, "complex", "complex numbers"),
        answer.largest_sentence(table, "Among normal results"),
        answer.mismatch_sentence(stored, "complex"),
        COMPLEX_MEANING,
    ]
    caption = "Complex functions: largest normwise error in ulp over all paths, normal results only."
    columns = matrix_targets(stored, "complex")
    return FrontSection(
        "complex",
        "Complex",
        [s for s in said if s],
        [matrix(stored, columns, "complex", "complex-matrix", caption)],
    )


def _integers(stored: Stored) -> FrontSection | None:
    if not stored.combinations("integer") and not stored.combinations("cast"):
        return None
    said, tables = [], []
    if stored.combinations("integer"):
        said += [
            _agreement(stored, "integer", "integers or truth values"),
            answer.mismatch_sentence(stored, "integer"),
            INTEGER_MEANING,
        ]
        columns = matrix_targets(stored, "integer")
        caption = "Integers: wrong results among the inputs tried, over all paths."
        tables.append(matrix(stored, columns, "integer", "integer-matrix", caption))
    if stored.combinations("cast"):
        said.append(casts.front_sentence(stored))
        tables.append(casts.overview_table(stored))
    return FrontSection(
        "integers",
        "Integers and casts",
        [s for s in said if s],
        tables,
        href="functions/cast.html" if stored.combinations("cast") else "",
        link="Every pair of dtypes, on the page of cast",
    )


def _gradients(stored: Stored) -> FrontSection | None:
    if not stored.combinations("gradient"):
        return None
    table = answer.summary_table(stored, "gradient")
    found = {name for name, _ in table}
    said = [
        f"{f.plural(len(found), 'gradient')} in {f.plural(len(table), 'combination')} with a dtype.",
        answer.largest_sentence(table, "Among normal results"),
        answer.mismatch_sentence(stored, "gradient"),
        answer.position_sentence(stored, table),
        GRADIENT_MEANING,
    ]
    caption = "Gradients: largest error in ulp over all paths, normal results only."
    columns = matrix_targets(stored, "gradient")
    return FrontSection(
        "gradients",
        "Gradients",
        [s for s in said if s],
        [matrix(stored, columns, "gradient", "gradient-matrix", caption)],
    )
