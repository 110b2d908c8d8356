"""The page "what the compiler may change": two answers a target, and the formula's own fault apart from both."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from reportgen.render import html
from reportgen.render.compiler import compiler_page, front_section, front_sentence, rounding_sentences
from reportgen.render.stored import Stored, _index
from reportgen.render.verdicts import Verdict, all_verdicts, beside, error_words, plain_code

X, Y = "0x1.8p+1", "0x1p+30"
WRITTEN_VALUE = float((np.float32(3.0) + np.float32(2.0**30)) - np.float32(2.0**30))
FUNCTION = {
    "name": "add_subtract", "kind": "expression", "family": "expressions", "sentence": "(x + y) − y, which is x.",
    "numpy": "(x + y) - y", "tensorflow": "(x + y) - y", "mpmath": "x", "arb": "x", "arity": 2, "specials": [],
}  # fmt: skip
TARGETS = [
    {"name": "numpy", "library": "numpy", "mode": "eager", "device": "CPU", "env": {}},
    {"name": "tensorflow-xla", "library": "tensorflow", "mode": "xla", "device": "CPU", "env": {}},
]


def form(name: str, **cells: Any) -> dict[str, Any]:
    row = {
        "spec": "compiler", "function": "add_subtract", "dtype": "float32", "case": "ordinals", "target": "numpy",
        "form": name, "program": "", "words": name, "compared": 1000, "equal": 0, "flushed": 0, "further": 0, "told": 0,
        "taken": 0, "kept": 0, "input": None, "output": None, "written_output": None, "exact": None, "context": None,
        "own_max_ulp": None, "own_max_input": None, "own_typical_ulp": None, "own_typical_input": None,
        "own_broken": None, "own_broken_input": None,
    }  # fmt: skip
    return {**row, **cells}


def as_written(**cells: Any) -> list[dict[str, Any]]:
    own = {
        "own_max_ulp": 2.0**24,
        "own_max_input": f"{X};{Y}",
        "own_typical_ulp": 4.5,
        "own_typical_input": "0x1p+0;0x1p+1",
    }
    own |= {"own_broken": 31, "own_broken_input": "0x1.fffffep+127;0x1.fffffep+127"}
    return [
        form("written", equal=1000, further=1000, **own, **cells),
        form("simplified", words="x itself", equal=300, told=700, kept=700, **cells),
        form("other", equal=None, flushed=None, told=None, taken=None, kept=None, **cells),
    ]


def simplified(equal: int = 1000, taken: int = 700, **cells: Any) -> list[dict[str, Any]]:
    rows = as_written(**cells)
    context = "array of 65600 at 12"
    rows[0] |= {"equal": 300, "input": f"{X};{Y}", "output": X, "written_output": WRITTEN_VALUE.hex()}
    rows[0] |= {"exact": f"{X};0x0p+0;0", "context": context}
    rows[1] |= {"equal": equal, "further": equal - 300, "taken": taken, "kept": 700 - taken}
    rows[2]["further"] = 1000 - equal
    return rows


def measurement(target: str, case: str, ulp: float) -> dict[str, Any]:
    return {
        "spec": "compiler", "function": "add_subtract", "kind": "expression", "dtype": "float32", "path": "body",
        "result_dtype": "float32", "case": case, "target": target, "metric": "ulp", "regime": "normal", "status": "ok",
        "reason": "", "max_ulp": ulp, "worst_input": f"{X};{Y}", "worst_output": X,
    }  # fmt: skip


def stored(rows: list[dict[str, Any]], measurements: list[dict[str, Any]] | None = None) -> Stored:
    columns = list(rows[0]) if rows else ["function"]
    table = {"columns": columns, "rows": [[r[c] for c in columns] for r in rows]}
    raw = {"label": "1", "depth": "standard", "functions": [FUNCTION], "targets": TARGETS, "rewrites": table}
    checks = [{"function": "add_subtract", "dtype": "float32", "target": "tensorflow-xla", "check": "constant",
               "differs": 7, "tested": 300}]  # fmt: skip
    out = Stored(Path(), raw, measurements or [], [], [], checks, [], [], [], [])
    _index(out)
    return out


def both() -> Stored:
    rows = as_written() + simplified(target="tensorflow-xla")
    measured = [measurement("numpy", c, u) for c, u in (("typical", 4.5), ("ordinals", 2.0**24))]
    measured += [measurement("tensorflow-xla", c, 0.0) for c in ("typical", "ordinals")]
    return stored(rows, measured)


def test_without_expressions_there_is_nothing_to_show() -> None:
    assert compiler_page(stored([])) is None
    text = html.render("compiler.html", page=None, version=stored([]), root="", here="compiler")
    assert "No composed expression was measured" in text


def test_each_target_answers_both_questions() -> None:
    page = compiler_page(both())
    assert page is not None
    numpy, xla = ([c.text for c in row.cells] for row in page.sections[0].table.rows)
    assert numpy[2] == "as written on all 1,000 inputs"
    assert numpy[3] == "4.5 ulp"
    assert "no digit is right" in numpy[4]
    assert xla[2] == "x itself, on every input; 700 inputs can tell that from what was written"
    assert xla[3] == xla[4] == "0 ulp"
    assert "7 of 300 differ" in xla[5]
    notes = [c.note for c in page.sections[0].table.rows[1].cells]
    assert "nearer than what was written, 4.5 ulp" in notes[3]


def test_the_formulas_own_fault_is_said_apart() -> None:
    page = compiler_page(both())
    assert page is not None
    (text,) = page.sections[0].own
    assert text.startswith("float32, step by step: up to 4.5 ulp for typical inputs")
    assert "NaN or infinite on 31 finite inputs whose exact value is a number" in text


def test_the_summary_counts_expressions_and_names_what_was_changed() -> None:
    page = compiler_page(both())
    assert page is not None
    first, second = page.sentences
    assert "did what was written in all 1 expression, on every input and dtype" in first
    assert "did something else than what was written in 1 of 1 expression" in second
    assert "Steps that undo each other left out: (x + y) - y" in second
    cells = page.overview.rows[0].cells
    assert [c.text for c in cells] == ["(x + y) - y", "as written", "simplified"]


def test_the_front_page_counts_and_links() -> None:
    part = front_section(both())
    assert part is not None
    assert part.href == "compiler.html"
    assert "did what was written in all 1 expression." in part.sentences[1]
    assert "other results than what was written in 1 of 1." in part.sentences[2]
    assert front_section(stored([])) is None


def test_the_front_page_says_in_a_sentence_how_many_were_carried_out_as_written() -> None:
    said = front_sentence(both())
    total = len(all_verdicts(both()))
    assert said.startswith("Small expressions carried out as they were written: ")
    for target in ("NumPy", "TensorFlow XLA"):
        assert re.search(rf"{target} (all|\d+) of {total}\b", said), said
    assert f"TensorFlow XLA all of {total}" not in said  # the stored rewrites are its own
    assert front_sentence(stored([])) == ""


def test_shares_never_round_onto_a_claim() -> None:
    rows = simplified(equal=999, taken=699)
    words = Verdict("t", "float32", rows).words()
    assert words == "as written on 30.0 %; x itself on further 699 (69.9 %); other on 1 (0.1 %)"
    almost = as_written()
    almost[0] |= {"compared": 10**6, "equal": 10**6 - 1}
    almost[2] |= {"compared": 10**6, "further": 1}
    assert "100 %" not in Verdict("t", "float32", almost).words()


def test_flushed_subnormals_are_no_change() -> None:
    rows = as_written()
    rows[0] |= {"equal": 990, "flushed": 10}
    verdict = Verdict("t", "float32", rows)
    assert not verdict.changed
    assert verdict.words() == "as written on all 1,000 inputs, subnormal numbers taken for zero in 10"


def test_one_form_that_gives_everything_comes_before_two_that_give_parts() -> None:
    rows = simplified(equal=700, taken=400)
    rows.insert(2, form("merged", words="merged", equal=1000, further=300, told=690, taken=690))
    rows[3]["further"] = 0
    assert Verdict("t", "float32", rows).short == "merged"


def test_16_bit_rounding_is_told_from_expressions_that_were_not_rewritten() -> None:
    rows = as_written(dtype="float16")
    rows.insert(2, form("wider", dtype="float16", equal=500, told=500, kept=500))
    (text,) = rounding_sentences({"add_subtract": [Verdict("numpy", "float16", rows)]})
    assert "rounds to float16 after every step: so do all of at least 500 results" in text
    rows = simplified(dtype="float16", equal=300, taken=0)
    rows.insert(2, form("wider", dtype="float16", equal=1000, further=700, told=700, taken=700))
    (text,) = rounding_sentences({"add_subtract": [Verdict("numpy", "float16", rows)]})
    assert "700 float16 results are those of float32 rounded once at the end" in text


@pytest.mark.parametrize(
    ("ulp", "dtype", "words"),
    [
        (0.0, "float32", "0 ulp"),
        (0.5, "float32", "0.5 ulp"),
        (2.0**23, "float32", "no digit is right"),
        (1000.0, "float32", "about 4.2 decimal digits left of 7.2"),
        (2.0**10, "float16", "no digit is right"),
    ],
)
def test_errors_are_said_in_digits_where_they_are_large(ulp: float, dtype: str, words: str) -> None:
    assert words in error_words(ulp, dtype)


def test_nearer_and_farther_are_said_only_where_it_matters() -> None:
    assert beside(1.0, 1.5) == beside(3.0, 3.0) == beside(3.0, None) == ""
    assert "nearer" in beside(0.0, 3.0)
    assert "farther" in beside(9.0, 3.0)


def test_code_is_shown_as_it_would_be_written() -> None:
    assert plain_code({"numpy": "1.0 / (1.0 + numpy.exp(-x))"}) == "1 / (1 + exp(-x))"
    assert plain_code({"numpy": None, "tensorflow": "tensorflow.math.log(x ** 2.5)"}) == "log(x ** 2.5)"
    assert plain_code({"numpy": "x * 0.1"}) == "x * 0.1"


def test_the_page_escapes_and_links() -> None:
    version = both()
    text = html.render("compiler.html", page=compiler_page(version), version=version, root="", here="compiler")
    assert '<a href="functions/add_subtract.html">' in text
    assert '<a href="#add_subtract">' in text
    assert "tf.function(written, jit_compile=True)" in text


def test_the_program_of_an_example_prints_the_stored_output() -> None:
    """NumPy's program for real; what XLA printed stands in a comment and is not what NumPy prints."""
    rows = simplified()
    rows[0]["output"] = WRITTEN_VALUE.hex()
    page = compiler_page(stored(rows))
    assert page is not None
    text = page.sections[0].examples[0].snippet
    assert text.startswith("# Step by step, what was written gives ")
    done = subprocess.run([sys.executable, "-c", text], capture_output=True, text=True, check=True, timeout=120)
    assert done.stdout.strip() == text.rstrip().rsplit("# ", 1)[1] == WRITTEN_VALUE.hex()
    assert WRITTEN_VALUE != 3.0
