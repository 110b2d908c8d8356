"""Markdown within GitHub's limit: nothing cut in the middle, what was left out is counted."""

from __future__ import annotations

import json
import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reportgen.render import markdown
from reportgen.render.fitting import fit
from reportgen.render.front import front_page
from reportgen.render.model import FrontPage
from reportgen.render.stored import Stored, load
from tests import render_data

LAST = "Attached: all of it."
GITHUB = 125_000


def text(*sections: list[str]) -> str:
    return "\n".join("\n".join(section) + "\n" for section in sections) + f"\n{LAST}\n"


def rows(n: int) -> list[str]:
    return [f"| function{i} | {i}.25 |" for i in range(n)]


SMALL = ["# 1.0", "", "The answer."]
WIDE = ["## Largest errors", "", "| function | maximum |", "|---|--:|", *rows(500)]
LONG = ["## Gradients", "", *(f"- sentence {i} with – signs ≥ of several bytes" for i in range(300))]


def test_what_fits_is_not_touched() -> None:
    whole = text(SMALL, WIDE, LONG)
    assert fit(whole, len(whole.encode())) == whole
    assert fit(whole, len(whole.encode()) - 1) != whole


def test_long_sections_share_what_short_ones_leave() -> None:
    short = fit(text(SMALL, WIDE, ["## Between", "", "One line."], LONG), 6000)
    assert len(short.encode()) <= 6000
    assert len(short.encode()) > 5500, "room was given away"
    assert "The answer.\n" in short
    assert "## Between\n\nOne line.\n" in short
    kept = len(re.findall(r"^\| function\d", short, re.M))
    assert f"\n\n{500 - kept} more rows in the report.\n" in short
    said = len(re.findall("^- sentence", short, re.M))
    assert f"\n\n{300 - said} more lines in the report.\n" in short
    assert short.endswith(f"\n\n{LAST}\n")
    assert min(kept * 20, said * 40) > 1500


def test_code_is_closed_and_its_headings_are_none() -> None:
    code = ["## Programs", "", "```", *(f"## comment {i}" for i in range(400)), "```"]
    short = fit(text(SMALL, code), 2000)
    assert short.count("```") == 2
    assert "more lines in the report" in short
    assert "sections" not in short


@given(
    st.lists(st.lists(st.text("ab|#`- \u2265", max_size=60), max_size=60), min_size=1, max_size=60),
    st.integers(700, 4000),
)
def test_nothing_exceeds_the_limit_and_every_line_is_whole(sections: list[list[str]], limit: int) -> None:
    whole = text(*[[f"## s{i}", *lines] for i, lines in enumerate(sections)])
    short = fit(whole, limit)
    assert len(short.encode()) <= max(limit, 0)
    assert short.endswith(f"{LAST}\n")
    own = re.compile(r"\d[\d,]* more (row|line|section)s? in the report\.|```|")
    known = set(whole.split("\n"))
    assert all(line in known or own.fullmatch(line) for line in short.split("\n"))
    if short != whole:
        assert "in the report." in short


# -- the notes of a release -------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def version(tmp_path_factory: pytest.TempPathFactory) -> Stored:
    folder = tmp_path_factory.mktemp("fitting") / "dev"
    (folder / "profiles").mkdir(parents=True)
    results, _ = render_data.build()
    (folder / "results.json").write_text(json.dumps(results), encoding="utf-8")
    return load(folder)


@pytest.fixture(scope="module")
def page(version: Stored) -> FrontPage:
    return front_page(version)


def huge(page: FrontPage) -> FrontPage:
    """2,000 functions on 30 targets, a sentence for each function."""
    row = page.matrix.rows[0]
    columns = [page.matrix.columns[0], *[page.matrix.columns[-1]] * 30]
    wide = [replace(row, cells=[row.cells[0], *[row.cells[-1]] * 30]) for _ in range(2000)]
    sentences = [f"Function {i} is said to be ≤ 0.5 ulp on all 30 targets." for i in range(2000)]
    return replace(page, matrix=replace(page.matrix, columns=columns, rows=wide), sentences=sentences)


def test_notes_of_a_small_version_are_whole(version: Stored, page: FrontPage) -> None:
    notes = markdown.release_notes(version, page)
    assert "more rows" not in notes
    assert "more lines" not in notes


@pytest.mark.parametrize("changes", [0, 5000])
def test_notes_of_2000_functions_on_30_targets_fit(version: Stored, page: FrontPage, changes: int) -> None:
    lines = ["", "## Against 1.0", "", *(f"- function {i}: 0.5 → 0.75 ulp" for i in range(changes))] if changes else []
    notes = markdown.release_notes(version, huge(page), lines)
    assert len(notes.encode()) < GITHUB
    assert len(notes.encode()) > 0.9 * GITHUB
    for heading in ("## Measured", "## Then and now", "## Largest errors", *(["## Against 1.0"] if changes else [])):
        assert f"\n{heading}\n" in notes
    shown = len(re.findall(r"^\|", notes.split("## Largest errors")[1], re.M)) - 2
    assert f"{2000 - shown:,} more rows in the report." in notes
    assert "more lines in the report." in notes
    assert notes.rstrip().endswith("sums as `SHA256SUMS`.")
