"""The coverage page, the table of promises and the table of a user's own domains, from stored results."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from reportgen.render import markdown, site
from reportgen.render.coverage import NOT_ASKED, coverage
from reportgen.render.domains import domain_table
from reportgen.render.promised import allowed, bound_words, promised_table
from reportgen.render.stored import Stored, load
from tests import render_data

Document = dict[str, Any]

NAMES = [
    [0, "exp", "ufunc", "catalogue", ["exp"], None, None],
    [0, "sin", "ufunc", "catalogue", ["sin"], None, None],
    [0, "fromfile", "function", "excluded", [], None, 0],
    [0, "newfunc", "ufunc", "missing", [], None, None],
    [1, "exp", "function", "catalogue", ["exp"], "tensorflow.math.exp", None],
    [1, "DType", "class", "excluded", [], None, 1],
]
SURFACE: Document = {
    "libraries": [
        {"library": "numpy", "version": "2.4.6", "status": "ok", "reason": "", "compared": "2.4.6"},
        {"library": "tensorflow", "version": "2.21.0", "status": "ok", "reason": "", "compared": "2.20.0"},
        {
            "library": "scipy",
            "version": "",
            "status": "unavailable",
            "reason": "SciPy is not installed",
            "compared": "",
        },
    ],
    "namespaces": [
        {"library": "numpy", "name": "numpy"},
        {"library": "tensorflow", "name": "tensorflow.experimental.numpy"},
        {"library": "tensorflow", "name": "tensorflow.none"},
    ],
    "reasons": [
        {"group": "Making arrays", "sentence": "Makes an array from a file."},
        {"group": "Types", "sentence": "A class."},
    ],
    "names": {"columns": ["namespace", "name", "kind", "status", "functions", "via", "reason"], "rows": NAMES},
    "stale": [
        {"path": "numpy.gone", "gone": True, "what": "numpy.gone is excluded, and this release has no such name"}
    ],
    "outside": [{"namespaces": "numpy.linalg", "reason": "Linear algebra."}],
}


def stored(folder: Path, change: Callable[[Document], None] | None = None) -> Stored:
    path = render_data.write(folder / "dev", functions=("exp", "sqrt"), dtypes=("float32",)) / "results.json"
    document = json.loads(path.read_text(encoding="utf-8"))
    document["surface"] = json.loads(json.dumps(SURFACE))
    if change:
        change(document)
    path.write_text(json.dumps(document), encoding="utf-8")
    return load(path.parent)


# -- coverage ------------------------------------------------------------------------------------------
def test_names_are_counted_by_what_became_of_them(tmp_path: Path) -> None:
    page = coverage(stored(tmp_path))
    assert page.sentence == "6 public names of NumPy 2.4.6 and TensorFlow 2.21.0: 1 is neither measured nor excluded."
    assert [[c.text for c in row.cells] for row in page.overview.rows] == [
        ["numpy", "4", "1", "1", "1", "1"], ["tensorflow.experimental.numpy", "2", "1", "0", "1", "0"],
        ["tensorflow.none", "0", "0", "0", "0", "0"],
    ]  # fmt: skip
    first, second, third = page.spaces
    assert [n.text for n in first.missing] == ["newfunc"]
    assert [(n.text, n.href) for n in first.measured] == [("exp", "functions/exp.html")]
    assert [(n.text, n.href) for n in first.elsewhere] == [("sin", "")]
    assert second.measured[0].title == "measured as exp, through tensorflow.math.exp"
    assert [(g.title, g.count, [s for s, _ in g.parts]) for g in first.excluded] == [
        ("Making arrays", "1 name", ["Makes an array from a file."])
    ]
    assert third.summary == "This release has no such namespace."
    assert [(x.label, x.value) for x in page.refused] == [("SciPy", "unavailable: SciPy is not installed")]


def test_it_is_said_plainly_when_nothing_is_missing(tmp_path: Path) -> None:
    def complete(document: Document) -> None:
        document["surface"]["names"]["rows"] = [r for r in NAMES if r[3] != "missing"]

    page = coverage(stored(tmp_path, complete))
    elsewhere = sum(len(s.elsewhere) for s in page.spaces)
    assert elsewhere
    assert f"{elsewhere} stand" in page.sentence
    assert page.sentence.endswith("each of the others is measured, or excluded with a reason.")
    assert not any(s.missing for s in page.spaces)


@pytest.mark.parametrize("absent", [None, "no key"])
def test_a_version_without_the_walk_says_so(tmp_path: Path, absent: str | None) -> None:
    def drop(document: Document) -> None:
        document["surface"] = None
        if absent:
            del document["surface"]

    version = stored(tmp_path, drop)
    assert coverage(version).sentence == NOT_ASKED
    site.render_version(version.folder)
    assert NOT_ASKED in (version.folder / "coverage.html").read_text(encoding="utf-8")
    assert NOT_ASKED in (version.folder / "report.md").read_text(encoding="utf-8")


def test_the_page_and_the_markdown_show_it(tmp_path: Path) -> None:
    version = stored(tmp_path)
    site.render_version(version.folder)
    page = (version.folder / "coverage.html").read_text(encoding="utf-8")
    assert '<a href="functions/exp.html" title="measured as exp">exp</a>' in page
    for text in ("newfunc", "Makes an array from a file.", "numpy.gone is excluded", "SciPy is not installed"):
        assert text in page
    assert 'href="coverage.html" aria-current="page"' in page
    assert 'href="../coverage.html"' in (version.folder / "functions" / "exp.html").read_text(encoding="utf-8")
    report = (version.folder / "report.md").read_text(encoding="utf-8")
    assert "Missing from `numpy`: `newfunc`." in report
    assert "[Coverage](#coverage)" in report


def test_hostile_names_stay_text(tmp_path: Path) -> None:
    def poison(document: Document) -> None:
        surface = document["surface"]
        surface["names"]["rows"][3][1] = render_data.HOSTILE
        surface["reasons"][0] = {"group": render_data.HOSTILE, "sentence": render_data.HOSTILE}
        surface["stale"][0]["what"] = surface["outside"][0]["reason"] = render_data.HOSTILE

    version = stored(tmp_path, poison)
    site.render_version(version.folder)
    page = (version.folder / "coverage.html").read_text(encoding="utf-8")
    assert "hacked" in page
    assert "<script>window" not in page
    assert "<img src=x" not in page
    report = (version.folder / "report.md").read_text(encoding="utf-8")
    assert "hacked" in report
    assert "<script" not in re.sub(r"(`+).*?\1", "", report)


# -- promises ------------------------------------------------------------------------------------------
def promise(**changed: Any) -> Document:
    return {
        "dtype": "float32", "implementation": "Somebody", "bound": 2.0, "unit": "ulp", "domain": "",
        "condition": "tests", "source": "A document, edition 3", "url": "https://example.org/3",
    } | changed  # fmt: skip


def promising(*promises: Document) -> Callable[[Document], None]:
    def change(document: Document) -> None:
        next(x for x in document["functions"] if x["name"] == "exp")["promised"] = list(promises)

    return change


def test_a_bound_stands_beside_what_was_measured(tmp_path: Path) -> None:
    version = stored(tmp_path, promising(promise(bound=1e9), promise(bound=0.25, unit="ulp-rounded")))
    table = promised_table(version, "exp")
    assert table is not None
    loose, tight = table.rows
    assert [c.text for c in loose.cells[:4]] == ["float32", "Somebody", "1000000000 ulp", "all inputs"]
    assert [c.marks for c in loose.cells] == [()] * len(loose.cells)
    assert float(loose.cells[4].text) > 0.5, "NumPy's own maximum"
    assert [m.text for c in tight.cells for m in c.marks] == ["above", "above"]
    assert tight.cells[7].text == "A document, edition 3"


def test_a_verdict_needs_a_bound_for_all_inputs() -> None:
    assert allowed(promise()) == 2.0
    assert allowed(promise(unit="ulp-rounded")) == 2.5
    assert allowed(promise(domain="|x| < 8")) is None
    assert allowed(promise(unit="absolute", bound=5e-12)) is None
    assert bound_words(promise(unit="ulp-rounded", bound=3.0)) == "3 ulp + rounding"
    assert bound_words(promise(unit="absolute", bound=2.2e-6)).endswith(" absolute")


def test_dtypes_that_were_not_measured_have_no_row(tmp_path: Path) -> None:
    version = stored(tmp_path, promising(promise(dtype="float64")))
    assert promised_table(version, "exp") is None
    assert promised_table(version, "sqrt") is None


def test_the_function_page_shows_the_promises(tmp_path: Path) -> None:
    version = stored(tmp_path, promising(promise(implementation="Somebody & Sons")))
    site.render_version(version.folder)
    page = (version.folder / "functions" / "exp.html").read_text(encoding="utf-8")
    assert "Promised elsewhere, measured here" in page
    assert "Somebody &amp; Sons" in page
    assert 'id="promised"' not in (version.folder / "functions" / "sqrt.html").read_text(encoding="utf-8")


# -- a user's own domains ------------------------------------------------------------------------------
def own_case(document: Document) -> None:
    """A case of the user's own: exp on 500 points, by copying the rows of the first case."""
    columns = document["measurements"]["columns"]
    rows = []
    for row in document["measurements"]["rows"]:
        values = dict(zip(columns, row, strict=True))
        if values["function"] == "exp" and values["case"] == "ordinals" and values["target"] in ("numpy", "tensorflow"):
            values |= {"case": "mine", "spec": "my-spec", "distribution": "uniform [-3, 5]", "shape": "500"}
            rows.append([values[c] for c in columns])
    document["measurements"]["rows"] += rows


def test_own_domains_are_shown_in_words(tmp_path: Path) -> None:
    version = stored(tmp_path, own_case)
    table = domain_table(version, "exp")
    assert table is not None
    (row,) = table.rows
    assert [c.text for c in row.cells[:5]] == ["mine", "my-spec", "float32", "uniform [-3, 5]", "500"]
    assert [c.key for c in table.columns[5:]] == ["numpy", "tensorflow"]
    assert float(row.cells[5].text) > 0
    site.render_version(version.folder)
    assert "uniform [-3, 5]" in (version.folder / "functions" / "exp.html").read_text(encoding="utf-8")
    assert markdown.escape("uniform [-3, 5]") in (version.folder / "report.md").read_text(encoding="utf-8")


def test_functions_without_own_cases_have_no_such_table(tmp_path: Path) -> None:
    assert domain_table(stored(tmp_path), "exp") is None


def test_listed_points_are_a_domain_too(tmp_path: Path) -> None:
    table = domain_table(stored(tmp_path), "sqrt")
    assert table is not None
    assert [row.cells[0].text for row in table.rows] == ["arange-100"]
