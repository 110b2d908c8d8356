"""Pages of functions of arrays: errors in words with their data, error against n, programs that make the data again."""

from __future__ import annotations

import copy
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from reportgen.core import arraybounds
from reportgen.core.arrays import generate
from reportgen.core.dtypes import DTYPES
from reportgen.render import answer, markdown, site
from reportgen.render.arrays import data, figures, findings, front, matrix, page, snippets, tables, words
from reportgen.render.front import front_page
from reportgen.render.model import Table
from reportgen.render.palette import styles
from reportgen.render.stored import Stored, load
from reportgen.results import tables as stored_tables
from tests import render_data
from tests.render_kinds import append, measured
from tests.render_tables import _row
from tests.test_render_site import broken_links

Document = dict[str, Any]
TARGETS = ("numpy", "tensorflow", "tensorflow-xla")
RULE = {"when": ["some nan"], "then": "nan", "sentence": "One NaN anywhere gives NaN.", "source": "IEEE 754-2019"}


def row(name: str, kind: str, condition: str, programs: dict[str, str], **more: Any) -> Document:
    """A stored function of arrays."""
    told = {"programs": programs, "returns": {}, "exact": "exact accumulation in integers", "condition": condition}
    made = _row(name, kind, f"The {name} of an array.", programs.get("tensorflow"), kind=kind, **more)
    return made | {"arrays": told, "mpmath": "", "arb": "", "specials": [RULE]}


SUM = row("sum", "reduction", "Σ|xᵢ|", {
    "numpy": "numpy.sum(x, axis=axis)", "tensorflow": "tensorflow.math.reduce_sum(x, axis=axis)"})  # fmt: skip
LARGEST = row("maximum_of", "reduction", "", {"numpy": "numpy.max(x, axis=axis)"})
SOLVE = row("solve", "linalg", "‖A‖·‖x‖ + ‖b‖", {"numpy": "numpy.linalg.solve(x, y)"})
FFT = row("fft", "transform", "log2 n · ‖y‖₂", {"numpy": "numpy.fft.fft(x)"})
SIZES = (1, 100, 10_000)
RATIOS = {"numpy": (0.0, 0.5, 0.75), "tensorflow": (0.0, 0.5, 0.75), "tensorflow-xla": (0.0, 2.0, 5000.0)}
"""bound_ratio of sum by size: XLA drifts."""


def problem(results: Document, function: str, case: str, said: str, inputs: str, **cells: Any) -> None:
    shape = ";".join(x.split(":")[-1] for x in inputs.split(";"))
    common = {"function": function, "dtype": "float32", "case": case, "words": said, "series": "", "size": 0}
    common |= {"operands": "x", "shape": shape, "order": "C", "parameters": "axis=None", "inputs": inputs}
    append(results, "problems", **(common | cells))


def scored(results: Document, function: str, case: str, target: str, regime: str = "normal", **cells: Any) -> None:
    """The row of a problem and the one over all regimes that repeats it."""
    kind = next(x["kind"] for x in results["functions"] if x["name"] == function)
    for which in (regime, "all"):
        measured(results, function, kind, "float32", target, case=case, regime=which, samples=1,
                 correctly_rounded=0, faithfully_rounded=0, **cells)  # fmt: skip


def add(results: Document) -> Document:
    """Functions of arrays of three kinds: sums that drift on one target, a singular system, a transform."""
    results["functions"] += copy.deepcopy([SUM, LARGEST, SOLVE, FFT])
    results["problems"] = stored_tables.table(stored_tables.PROBLEM_COLUMNS, ())
    for column in set(stored_tables.MEASUREMENT_COLUMNS) - set(results["measurements"]["columns"]):
        results["measurements"]["columns"].append(column)
        for cells in results["measurements"]["rows"]:
            cells.append(None)
    for i, n in enumerate(SIZES):
        problem(
            results, "sum", f"positive-{n}", f"{n:,} positive numbers", f"gen:positive:0:{n}", series="positive", size=n
        )
        for target in TARGETS:
            ratio = RATIOS[target][i]
            scored(results, "sum", f"positive-{n}", target, max_ulp=ratio, bound_ratio=ratio, condition=1.0,
                   worst_input=f"gen:positive:0:{n}", worst_output="0x1p+0", exact="0x1p+0;0x0p+0;0",
                   worst_context="the whole array")  # fmt: skip
    cancelling = "gen:cancelling:0:1000"
    problem(results, "sum", "cancelling-1000", "1,000 numbers that cancel", cancelling, size=1000)
    scored(results, "sum", "cancelling-1000", "numpy", max_ulp=3e7, bound_ratio=0.3, condition=1e8,
           worst_input=cancelling, worst_output="0x0p+0", exact="0x1p-20;0x0p+0;0")  # fmt: skip
    problem(results, "sum", "nan-1001", "1,001 numbers, NaN first", "gen:nan-first:0:1001", size=1001)
    for target in TARGETS:
        scored(results, "sum", "nan-1001", target, regime="special", special_mismatches=int(target != "numpy"))
    append(results, "special", function="sum", dtype="float32", target="tensorflow-xla", path="body",
           input="gen:nan-first:0:1001 element (0)", expected="nan", got="0x1p+0", sentence=RULE["sentence"],
           source=RULE["source"], agrees=0)  # fmt: skip
    selection(results)
    linear(results)
    repeated(results)
    return results


def selection(results: Document) -> None:
    """Elements of an array: exact on NumPy, wrong on TensorFlow."""
    problem(results, "maximum_of", "mixed-7", "7 numbers of both signs", "gen:mixed:0:7", series="mixed", size=7)
    for target, ulp in (("numpy", 0.0), ("tensorflow", 12.0)):
        scored(results, "maximum_of", "mixed-7", target, max_ulp=ulp, worst_output="0x1p+0", exact="0x1.8p+0;0x0p+0;0")


def linear(results: Document) -> None:
    """A system with two metrics, and a transform with the metric that stands beside another."""
    matrices = "gen:hilbert:0:8x8;gen:mixed:0:8x1"
    problem(results, "solve", "hilbert-8", "Hilbert matrix, 8 × 8", matrices, size=8, operands="x;y",
            order="C;C", parameters="")  # fmt: skip
    for metric, ratio, relative in (("backward", 0.25, 1e-8), ("forward", 250.0, 0.5)):
        scored(
            results, "solve", "hilbert-8", "numpy", metric=metric, bound_ratio=ratio, max_rel=relative, condition=1e10
        )
    problem(results, "fft", "signal-64", "random signal, 64", "gen:signal:0:64", size=64, parameters="")
    for metric, ratio in (("norm2", 0.3), ("max", 40.0)):
        scored(results, "fft", "signal-64", "numpy", metric=metric, bound_ratio=ratio, max_rel=1e-7)


def repeated(results: Document) -> None:
    for target, differs in (("numpy", 0), ("tensorflow", 3)):
        append(results, "determinism", spec="core", function="sum", dtype="float32", case="positive-100",
               target=target, run_differs=differs, run_tested=100)  # fmt: skip


def written(folder: Path, change: Any = add) -> Stored:
    """A version with two real functions and those of arrays."""
    made = render_data.write(folder, functions=("exp", "sqrt"), dtypes=("float32",))
    if change:
        path = made / "results.json"
        document = json.loads(path.read_text(encoding="utf-8"))
        change(document)
        path.write_text(json.dumps(document), encoding="utf-8")
    return load(made)


@pytest.fixture(scope="module")
def version(tmp_path_factory: pytest.TempPathFactory) -> Stored:
    return written(tmp_path_factory.mktemp("arrays") / "dev")


@pytest.fixture(scope="module")
def rendered(version: Stored) -> Path:
    site.render_version(version.folder)
    return version.folder


def cells(table: Table, key: str) -> list[Any]:
    at = [c.key for c in table.columns].index(key)
    return [r.cells[at] for r in table.rows]


# -- bounds ----------------------------------------------------------------------------------------------
def test_bounds_are_those_of_the_orders_of_summation() -> None:
    """Depths of the trees of additions, counted."""

    def depth(n: int) -> int:
        return 0 if n == 1 else 1 + max(depth(n // 2), depth(n - n // 2))

    for n in (1, 2, 3, 7, 8, 9, 1000, 1024, 1025):
        assert arraybounds.pairwise(n) == depth(n)
        assert arraybounds.naive(n) == n - 1
    assert arraybounds.random_walk(10_000) == 100


def test_sums_stay_within_the_bounds_of_their_order() -> None:
    u = 2.0**-24
    x = generate("positive", 3, 4096, DTYPES["float32"]).astype(np.float32)
    exact = float(np.sum(x.astype(np.float64)))  # 12 spare bits hold 4096 terms exactly
    one_by_one = np.cumsum(x, dtype=np.float32)[-1]
    pairs = x
    while len(pairs) > 1:
        pairs = (pairs[::2] + pairs[1::2]).astype(np.float32)
    assert 0 < abs(float(one_by_one) - exact) <= arraybounds.naive(4096) * u * exact
    assert abs(float(pairs[0]) - exact) <= arraybounds.pairwise(4096) * u * exact


@pytest.mark.parametrize(
    ("ratio", "key"), [(0.0, "exact"), (1.0, "once"), (14.0, "few"), (14.5, "walk"), (101.0, "drift"), (2e6, "lost")]
)
def test_classes_by_the_number_of_elements(ratio: float, key: str) -> None:
    assert arraybounds.growth(ratio, 10_000, 2.0**-24).key == key


def test_a_rounding_is_one_however_small_the_condition_and_few_elements_have_few_roundings() -> None:
    assert arraybounds.growth(3570.0, 1000, 2.0**-24, ulp=0.109).key == "once"
    assert arraybounds.growth(3570.0, 1000, 2.0**-24, ulp=3.0).key == "drift"
    assert arraybounds.growth(3.9, 3, 2.0**-24).key == "few"
    assert arraybounds.growth(60.0, 10_000, 2.0**-8).key == "lost"


def test_ratios_whose_bound_holds_the_growth_have_classes_without_n() -> None:
    keys = [arraybounds.growth(r, 4, 2.0**-24, scaled=True, relative=0.5).key for r in (1, 10, 100, 101)]
    assert keys == ["once", "few", "walk", "lost"]
    assert arraybounds.growth(101, 4, 2.0**-24, scaled=True, relative=1e-5).key == "drift"


# -- cells -----------------------------------------------------------------------------------------------
def trial(version: Stored, name: str, target: str) -> data.Trial:
    return data.trials(version, name, "float32")[target]


def cell(version: Stored, name: str, target: str) -> Any:
    return matrix.cell(version.function(name), target, trial(version, name, target))


def test_a_cell_says_how_much_of_what_and_on_which_data(version: Stored) -> None:
    shown = cell(version, "sum", "tensorflow-xla")
    assert (shown.text, shown.note) == ("5000 u·Σ|xᵢ|", "10,000 positive numbers")
    assert [m.text for m in shown.marks] == ["> √n", "special 1"]
    assert "e5" in shown.css


def test_no_cell_is_a_bare_count_of_ulps(version: Stored) -> None:
    for kind in matrix.KIND_TITLES:
        for table_row in matrix.matrix(version, kind, "m", list(TARGETS)).rows:
            for c in table_row.cells[3:]:
                assert "ulp" not in c.text or "off" in c.text, c
                assert c.note or c.text in (*("unsupported", "unavailable", "not tried"), "–"), c


def test_the_datas_condition_is_told_from_the_order(version: Stored) -> None:
    found = trial(version, "sum", "numpy")
    assert found.worst
    assert found.worst.row["case"] == "positive-10000"
    mark = next(m for m in cell(version, "sum", "numpy").marks if m.css == "m-data")
    assert mark.text == "condition 1·10⁸"
    assert "3·10⁷ ulp on 1,000 numbers that cancel" in mark.title
    assert trial(version, "sum", "tensorflow-xla").blamed_data is None


def test_results_that_are_elements_are_exact_or_wrong(version: Stored) -> None:
    assert cell(version, "maximum_of", "numpy").text == "exact"
    shown = cell(version, "maximum_of", "tensorflow")
    assert (shown.text, "e6" in shown.css) == ("12 ulp off", True)


def test_a_problem_that_breaks_a_rule_is_told_once(tmp_path: Path) -> None:
    def breaks(document: Document) -> None:
        add(document)
        append(document, "special", function="sum", dtype="float32", target="tensorflow-xla", path="body",
               input="gen:positive:0:10000", expected="nan", got="0x0p+0", sentence=RULE["sentence"],
               source=RULE["source"], agrees=0)  # fmt: skip

    shown = cell(written(tmp_path / "dev", breaks), "sum", "tensorflow-xla")
    assert (shown.text, shown.note) == ("2 u·Σ|xᵢ|", "100 positive numbers")
    assert shown.marks[-1].text == "special 2"


def test_linear_algebra_names_its_metric_and_transforms_their_norm(version: Stored) -> None:
    shown = cell(version, "solve", "numpy")
    assert (shown.text, shown.note) == ("250 u·κ", "forward error, Hilbert matrix, 8 × 8")
    assert [m.text for m in shown.marks] == ["no digit left"]
    assert (cell(version, "fft", "numpy").text, cell(version, "fft", "numpy").note) == (
        "0.3 u·log₂ n", "random signal, 64"
    )  # fmt: skip
    glance = tables.problem_table(version, version.function("fft"), "float32")
    assert [c.note for c in cells(glance, "t0")] == ["worst element 40"]
    assert [c.text for c in cells(tables.problem_table(version, version.function("solve"), "float32"), "metric")] == [
        "backward error", "forward error"
    ]  # fmt: skip


# -- sentences -------------------------------------------------------------------------------------------
def test_the_summary_tells_where_a_library_stays_and_what_it_reaches(version: Stored) -> None:
    said = page.page_summary(version, version.function("sum"))
    assert said == (
        "In float32, NumPy and TensorFlow stay within 0.75 u·Σ|xᵢ| (worst: 10,000 positive numbers). What is "
        "documented of NaN, infinities, zeros or extreme numbers is not kept by TensorFlow XLA on 1 problem."
    )
    told = page.dtype_sentences(version, version.function("sum"), "float32")
    assert any(x.startswith("TensorFlow XLA stays within 2 u·Σ|xᵢ| on 2 problems (up to 100 elements) and reaches "
                            "5000 u·Σ|xᵢ| on 10,000 positive numbers (more than √n,") for x in told)  # fmt: skip
    assert any("Off by many ulp through the data" in x for x in told)
    assert any("The same call, made again, gives other bits: TensorFlow (3 of 100)." in x for x in told)


def test_the_front_page_names_who_stays_within_pairs(version: Stored) -> None:
    said = " ".join(front.sentences(version))
    assert "Sums and products, TensorFlow XLA: in 0 of 1 combination of function and dtype, errors are as" in said
    assert "in 1, larger still (sum in float32)" in said
    assert "NumPy: every error in 2 combinations of function and dtype is as small as adding in pairs keeps it." in said
    assert "other bits came out of sum" in said
    assert front.ORDER in said
    assert (
        "Worst of the functions of matrices: solve in float32 (NumPy), off by a forward error of 250 u·κ; data: "
        in said
    )
    short = front.in_short(version)
    assert "Worst of" not in " ".join(short)
    assert "Sums and products" in " ".join(short)


@pytest.mark.parametrize(("expected", "got", "sort"), [
    ("nan", "0x1p+0", findings.LOST), ("nan", "inf", findings.LOST), ("0x1p+0", "nan", findings.MADE),
    ("0x1p+0,0x0p+0", "inf,0x0p+0", findings.MADE), ("0x1p-140", "0x0p+0", findings.FLUSHED),
    ("0x1p-140", "-0x0p+0", findings.FLUSHED), ("0x1p+0", "0x1.8p+0", findings.OTHER), ("inf", "nan", findings.OTHER),
    ("either zero", "0x1p+0", findings.OTHER), ("0x1p+0", "refused: ValueError: no", findings.OTHER),
    ("refused or nan or ±inf", "0x1p+0", findings.OTHER), ("0x0p+0", "-0x0p+0", findings.OTHER),
])  # fmt: skip
def test_what_is_wrong_with_a_special_case(expected: str, got: str, sort: str) -> None:
    assert findings.sort_of({"expected": expected, "got": got}) == sort


def test_broken_rules_are_told_by_what_came_out(version: Stored) -> None:
    said = findings.sentences(version)
    assert said[0].startswith("Of ")
    assert said[1].startswith("NaN is due, and something else comes out. TensorFlow XLA: ")


def test_a_result_wider_than_what_was_asked_for_is_counted_in_what_was_asked_for(tmp_path: Path) -> None:
    """SciPy's float32 determinants come as float64, with the errors of float32."""

    def widen(document: Document) -> None:
        add(document)
        table = document["measurements"]
        place = {c: i for i, c in enumerate(table["columns"])}
        for r in table["rows"]:
            if (r[place["function"]], r[place["target"]], r[place["case"]]) == ("sum", "numpy", "positive-10000"):
                r[place["result_dtype"]], r[place["bound_ratio"]] = "float64", 2.0**29

    stored = written(tmp_path / "dev", widen)
    score = next(s for s in trial(stored, "sum", "numpy").scores if s.row["case"] == "positive-10000")
    assert (score.ratio, score.u, score.growth and score.growth.key) == (1.0, 2.0**-24, "once")
    assert score.ulp_words.endswith("ulp of float64")
    told = page.dtype_sentences(stored, stored.function("sum"), "float32")
    assert any(x.startswith("NumPy returns float64 for float32; errors are counted in u of float32") for x in told)


def test_a_page_says_what_its_figures_count(version: Stored) -> None:
    said = " ".join(page.reading(version, version.function("solve")))
    assert "Backward error: by how much" in said
    assert "κ being the condition" in said
    assert "Errors are counted in u·Σ|xᵢ|" in page.reading(version, version.function("sum"))[0]
    assert not page.reading(version, version.function("maximum_of"))


def test_real_functions_are_counted_without_those_of_arrays(tmp_path: Path, version: Stored) -> None:
    plain = written(tmp_path / "dev", None)
    assert answer.tiles(version) == answer.tiles(plain)
    assert answer.front_sentences(version) == answer.front_sentences(plain)
    assert front_page(version).matrix.rows == front_page(plain).matrix.rows
    assert [s.anchor for s in front_page(version).more] == ["arrays"]
    assert not front_page(plain).more


def test_a_report_of_arrays_alone_leads_with_them(tmp_path: Path) -> None:
    def only(document: Document) -> None:
        add(document)
        names = {x["name"] for x in (SUM, LARGEST, SOLVE, FFT)}
        document["functions"] = [x for x in document["functions"] if x["name"] in names]
        for table in ("measurements", "agreement", "special", "self_agreement", "determinism"):
            at = document[table]["columns"].index("function")
            document[table]["rows"] = [r for r in document[table]["rows"] if r[at] in names]
        for equal in (1, 0):
            append(document, "agreement", spec="core", function="sum", dtype="float32", case=f"positive-{100**equal}",
                   first="numpy", second="tensorflow", equal=equal, compared=1, max_distance=1 - equal)  # fmt: skip

    found = written(tmp_path / "dev", only)
    assert front_page(found).sentences[0].startswith("Of 1 combination of dtype and function of whole arrays")
    site.render_version(found.folder)


# -- figures ---------------------------------------------------------------------------------------------
def test_a_figure_has_its_bounds_and_one_curve_for_equal_targets(version: Stored) -> None:
    look = styles([str(t["name"]) for t in version.targets])
    ((shown, svg),) = figures.draw(version, version.function("sum"), look)
    assert shown.path == "figures/sum-growth-float32.svg"
    for label in ("n − 1: one after another", "√n: random signs", "log₂ n: in pairs", "numpy = tensorflow"):
        assert label in svg, label
    (panel,) = figures.panels(version, version.function("sum"), "float32")
    assert figures.groups_of([panel]) == [["numpy", "tensorflow"], ["tensorflow-xla"]]
    assert "tensorflow-xla 5000 at 10,000" in shown.alt


def test_nothing_is_drawn_where_nothing_errs_or_sizes_are_few(version: Stored) -> None:
    look = styles([str(t["name"]) for t in version.targets])
    for name in ("maximum_of", "solve", "fft"):
        assert figures.draw(version, version.function(name), look) == []


def test_axes_are_logarithmic(version: Stored) -> None:
    """Equal factors are equal distances: the ticks of 1, 10, 100 … stand at equal gaps."""
    import re

    look = styles([str(t["name"]) for t in version.targets])
    ((_, svg),) = figures.draw(version, version.function("sum"), look)
    ticks = {label: float(x) for x, label in re.findall(r'<text x="([\d.]+)"[^>]*text-anchor="middle">([^<]+)<', svg)}
    places = [ticks[label] for label in ("1", "10", "100", "10³", "10⁴")]
    gaps = np.diff(places)
    assert np.allclose(gaps, gaps[0], atol=0.11)
    assert gaps[0] > 10


# -- pages -----------------------------------------------------------------------------------------------
def test_pages_of_arrays_say_nothing_of_positions_and_ordinals(rendered: Path) -> None:
    text = (rendered / "functions" / "sum.html").read_text(encoding="utf-8")
    for word in ("ordinals", "at another position", "mpmath", "enclosure (Arb)", "subnormal-input"):
        assert word not in text, word
    for word in ("numpy.sum(x, axis=axis)", "exact accumulation in integers", "Σ|xᵢ|", "1,001 numbers, NaN first (0)"):
        assert word in text or word.replace(" (0)", " element (0)") in text, word
    assert "from reportgen.core.arrays import generate" in text


def test_links_lead_somewhere_and_the_page_of_arrays_holds_every_kind(rendered: Path) -> None:
    assert broken_links(rendered) == []
    text = (rendered / "arrays.html").read_text(encoding="utf-8")
    for anchor in ("reductions", "linear-algebra", "transforms"):
        assert f'<section id="{anchor}"' in text
    assert 'id="contractions"' not in text
    assert "sum-growth-float32.svg" in text
    assert "5000 u·Σ|xᵢ|" in (rendered / "index.html").read_text(encoding="utf-8")


def test_markdown_holds_the_section_and_the_functions(rendered: Path, version: Stored) -> None:
    text = (rendered / "report.md").read_text(encoding="utf-8")
    assert "## Sums, products, matrices, transforms" in text
    assert "### Function sum" in text
    assert "5000 u·Σ\\|xᵢ\\|" in text
    assert "adding in pairs" in markdown.release_notes(version, front_page(version))


def test_a_version_without_arrays_says_so(tmp_path: Path) -> None:
    found = written(tmp_path / "dev", None)
    site.render_version(found.folder)
    assert "No function of whole arrays was part of this version." in (found.folder / "arrays.html").read_text()


def test_special_cases_are_told_by_their_problem(version: Stored) -> None:
    table, summary = tables.special_table(version, "sum")
    assert [c.text for c in cells(table, "input")] == ["1,001 numbers, NaN first element (0)"]
    assert "1 of 1 check" in summary
    assert data.located("gen:positive:0:100", {"gen:positive:0:10": "a"}) == ("", "gen:positive:0:100")


def test_repetition_is_counted_by_target(version: Stored) -> None:
    table = tables.repetition_table(version, "sum")
    assert [(c.text, r.cells[-1].text) for r in table.rows for c in r.cells[:1]] == [
        ("tensorflow", "3 of 100"), ("numpy", "0 of 100")
    ]  # fmt: skip


# -- programs --------------------------------------------------------------------------------------------
def score(inputs: str, dtype: str = "float32", operands: str = "x", order: str = "C", parameters: str = "axis=None",
          **cells: Any) -> data.Score:  # fmt: skip
    told = {"words": "", "inputs": inputs, "operands": operands, "order": order, "parameters": parameters}
    measured_row = {"dtype": dtype, "regime": "normal", "case": "c", "max_ulp": 1.0} | cells
    return data.Score("numpy", told, str(cells.get("metric", "ulp")), measured_row, None)


def run(text: str) -> str:
    done = subprocess.run([sys.executable, "-c", text], capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, f"{text}\n{done.stderr}"
    return done.stdout.strip()


def made(dtype: str, name: str, seed: int, shape: tuple[int, ...]) -> Any:
    import ml_dtypes

    return generate(name, seed, shape, DTYPES[dtype]).astype(ml_dtypes.bfloat16 if dtype == "bfloat16" else dtype)


@pytest.mark.parametrize("order", ["C", "F", "strided", "offset", "reversed"])
def test_a_program_makes_the_data_again_and_runs_the_library(order: str) -> None:
    result = np.sum(made("float32", "positive", 0, (30, 16)), axis=0, dtype=np.float64)
    found = score("gen:positive:0:30x16", order=order, parameters="axis=0", worst_output=float(result[5]).hex(),
                  worst_context="element (5)")  # fmt: skip
    text = snippets.snippet(SUM, {"library": "numpy"}, found)
    printed = float.fromhex(run(text))
    assert abs(printed - float(result[5])) <= 30 * 2.0**-24 * float(result[5])
    assert f"# {float(result[5]).hex()}" in text


def test_programs_of_other_dtypes_and_several_operands() -> None:
    x = made("bfloat16", "positive", 1, (50,))
    text = snippets.snippet(SUM, {"library": "numpy"}, score("gen:positive:1:50", "bfloat16", worst_output="0x1p+0"))
    assert float.fromhex(run(text)) == float(np.sum(x))
    z = made("complex64", "mixed", 0, (40,))
    found = score("gen:mixed:0:40", "complex64", metric="im", worst_output="0x1p+0")
    assert float.fromhex(run(snippets.snippet(SUM, {"library": "numpy"}, found))) == float(np.sum(z).imag)
    two = score("gen:mixed:0:8x8;gen:mixed.2:0:8x1", operands="x;y", order="C;C", parameters="", max_ulp=None)
    printed = run(snippets.snippet(SOLVE, {"library": "numpy"}, two))
    a, b = made("float32", "mixed", 0, (8, 8)), made("float32", "mixed.2", 0, (8, 1))
    assert printed == str(np.linalg.solve(a, b))


def test_a_program_of_tensorflow_compiles_what_was_compiled() -> None:
    target = {"library": "tensorflow", "mode": "xla", "device": "CPU"}
    found = score("gen:positive:0:100", worst_output="0x1p+0")
    text = snippets.snippet(SUM, target, found)
    assert "tf.function(lambda x: tf.math.reduce_sum(x, axis=axis), jit_compile=True)(x)" in text
    total = float(np.sum(made("float32", "positive", 0, (100,)), dtype=np.float64))
    assert abs(float.fromhex(run(text).splitlines()[-1]) - total) <= 100 * 2.0**-24 * total


def test_there_is_no_program_without_the_data_or_the_function() -> None:
    assert snippets.snippet(SUM, {"library": "scipy"}, score("gen:positive:0:1")) == ""
    assert snippets.snippet(SUM, {"library": "numpy"}, score("values.npy")) == ""
    assert snippets.keywords("axes=(0, 1), name='a, b', axis=None") == [
        ("axes", "(0, 1)"), ("name", "'a, b'"), ("axis", "None")
    ]  # fmt: skip


# -- words -----------------------------------------------------------------------------------------------
def test_units_and_amounts() -> None:
    assert words.unit(SUM, "ulp") == "u·Σ|xᵢ|"
    assert words.unit(SOLVE, "backward") == "n·u"
    assert words.unit(row("x", "reduction", "a condition with very many letters", {}), "ulp") == "u·C"
    lost = data.Score("numpy", {"size": 1000}, "ulp", {"bound_ratio": 250.0, "dtype": "bfloat16"},
                      arraybounds.growth(250.0, 1000, 2.0**-8))  # fmt: skip
    assert words.amount(SUM, lost) == "97.7 % of Σ|xᵢ|"
    infinite = data.Score("numpy", {}, "ulp", {"bound_ratio": data.LARGEST, "dtype": "float32"}, None)
    assert words.amount(SUM, infinite) == "not 0, as it must be"
