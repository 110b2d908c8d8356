"""Gates: every kind of limit on a planted result on which it fires and on a clean one where it stays silent."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest

from reportgen.core import gatewords, limits
from reportgen.core.gates import judge
from reportgen.core.model import Expect, Limit
from reportgen.results import store, tables

Row = dict[str, Any]

CLEAN: Row = {
    "spec": "s", "function": "sqrt", "kind": "elementwise", "dtype": "float32", "result_dtype": "float32",
    "case": "ordinals", "target": "numpy", "library_version": "1", "device": "CPU", "path": "body", "metric": "ulp",
    "regime": "all", "depth": "quick", "coverage": "sampled", "samples": 1000, "status": "ok", "reason": "",
    "max_ulp": 0.4921875, "worst_input": "0x1.8p+0", "worst_output": "0x1.4p+0", "mean_ulp": 0.25, "rms_ulp": 0.3,
    "bias_ulp": 0.0, "p50_ulp": 0.2, "p99_ulp": 0.4, "p999_ulp": 0.45, "max_abs": 1e-8, "max_rel": 1e-8,
    "correctly_rounded": 1000, "faithfully_rounded": 1000, "bound_ratio": 0.5, "special_mismatches": 0, "undecided": 0,
}  # fmt: skip
AGREEING: Row = {
    "spec": "s", "function": "sqrt", "dtype": "float32", "case": "ordinals", "first": "numpy", "second": "tensorflow",
    "equal": 1000, "compared": 1000, "nan_differs": 0, "max_distance": 0, "input": None, "first_output": None,
    "second_output": None, "nearer": "same", "max_abs": 0.0, "max_rel": 0.0,
}  # fmt: skip
SPECIAL: Row = {
    "function": "sqrt", "dtype": "float32", "target": "numpy", "path": "body tail scalar", "input": "-0x0.0p+0",
    "expected": "-0x0.0p+0", "got": "-0x0.0p+0", "sentence": "A zero gives itself.", "source": "", "agrees": 1,
    "result_dtype": "float32",
}  # fmt: skip
OWN: Row = {
    "spec": "s", "function": "sqrt", "dtype": "float32", "case": "ordinals", "target": "numpy", "check": "position",
    "differs": 0, "tested": 256, "max_ulp_apart": 0, "context": "", "input": None, "first_output": None,
    "second_output": None,
}  # fmt: skip
AGAIN: Row = {
    "spec": "s", "function": "sqrt", "dtype": "float32", "case": "ordinals", "target": "numpy", "run_differs": 0,
    "run_tested": 512, "input": None, "first_output": None, "second_output": None, "check": None, "status": None,
}  # fmt: skip
THREADS: Row = AGAIN | {
    "spec": "determinism",
    "run_differs": None,
    "run_tested": None,
    "check": "threads",
    "status": "ok",
    "differs": 0,
    "tested": 64,
}


def document(
    measured: list[Row] | None = None, pairs: list[Row] | None = None, special: list[Row] | None = None,
    own: list[Row] | None = None, again: list[Row] | None = None,
) -> Row:  # fmt: skip
    return {
        "measurements": tables.table(tables.MEASUREMENT_COLUMNS, [CLEAN] if measured is None else measured),
        "agreement": tables.table(tables.AGREEMENT_COLUMNS, pairs or []),
        "special": tables.table(tables.SPECIAL_COLUMNS, special or []),
        "self_agreement": tables.table(tables.SELF_AGREEMENT_COLUMNS, own or []),
        "determinism": tables.table(tables.DETERMINISM_COLUMNS, again or []),
    }


def limit(what: str, bound: Any, text: str = "", implied: bool = False) -> Limit:
    exact = None if bound is None else Fraction(bound)
    return Limit(what, exact, text or str(bound), implied)


def expect(*found: Limit, **more: Any) -> Expect:
    return Expect(
        **{
            "spec": "s", "file": "s.toml", "line": 7, "functions": ("sqrt",), "dtypes": ("float32",),
            "targets": ("numpy",), "cases": ("*",), "limits": found, "reason": "as it was",
        }
        | more
    )  # fmt: skip


def judged(doc: Row, *found: Limit, **more: Any) -> list[Row]:
    rows = judge(doc, [expect(*found, **more)])
    assert all(set(row) <= set(tables.GATE_COLUMNS) for row in rows)
    return tables.records(tables.table(tables.GATE_COLUMNS, rows))


MEASURED = {
    "max_ulp": (limit("max_ulp", "0.5"), {"max_ulp": 2.1369}, "2.14 ulp"),
    "mean_ulp": (limit("mean_ulp", "0.3"), {"mean_ulp": 0.31}, "0.31 ulp"),
    "rms_ulp": (limit("rms_ulp", "0.3"), {"rms_ulp": 0.4}, "0.4 ulp"),
    "bias above": (limit("bias_ulp", "0.1"), {"bias_ulp": 0.2}, "0.2 ulp"),
    "bias below": (limit("bias_ulp", "0.1"), {"bias_ulp": -0.2}, "−0.2 ulp"),
    "p50_ulp": (limit("p50_ulp", "0.2"), {"p50_ulp": 0.21}, "0.21 ulp"),
    "p99_ulp": (limit("p99_ulp", "0.4"), {"p99_ulp": 0.5}, "0.5 ulp"),
    "p999_ulp": (limit("p999_ulp", "0.5"), {"p999_ulp": 1.5}, "1.5 ulp"),
    "max_abs": (limit("max_abs", "1e-8"), {"max_abs": 1.5e-8}, "1.5·10⁻⁸"),
    "max_rel": (limit("max_rel", "1e-8"), {"max_rel": 2e-8}, "2·10⁻⁸"),
    "bound_ratio": (limit("bound_ratio", 1), {"bound_ratio": 1.0001}, "1.01"),
    "special_mismatches": (limit("special_mismatches", 0), {"special_mismatches": 2}, "2"),
    "undecided": (limit("undecided", 0), {"undecided": 1}, "1"),
    "all correctly rounded": (limit("correctly_rounded", 1), {"correctly_rounded": 999}, "99.9 % (999 of 1,000)"),
    "found by the search": (limit("correctly_rounded", 1), {"max_ulp": 0.500001}, "an error of 0.501 ulp"),
    "a share": (limit("correctly_rounded", "999/1000"), {"correctly_rounded": 998}, "99.8 % (998 of 1,000)"),
    "all faithful": (limit("faithfully_rounded", 1), {"max_ulp": 1.25}, "an error of 1.25 ulp"),
    "failed": (limit("max_ulp", "0.5"), {"status": "failed", "reason": "it crashed"}, "failed: it crashed"),
    "out of time": (limit("status", 0), {"status": "timeout", "reason": "600 s"}, "timeout: 600 s"),
    "unavailable and demanded": (limit("status", 0), {"status": "unavailable", "reason": "gone"}, "unavailable: gone"),
}


@pytest.mark.parametrize("name", MEASURED)
def test_a_limit_fires_on_a_planted_figure_and_is_silent_on_a_clean_one(name: str) -> None:
    bound, planted, found = MEASURED[name]
    (clean,) = judged(document(), bound)
    assert clean["holds"] is True, clean
    assert (clean["judged"], clean["reason"]) == (1, "")
    broken = judged(document([CLEAN | planted]), bound)
    assert [row["holds"] for row in broken] == [False], broken
    assert found in broken[0]["found"]
    assert broken[0]["reason"] == "as it was"
    assert (broken[0]["file"], broken[0]["line"], broken[0]["target"]) == ("s.toml", 7, "numpy")


def test_the_worst_input_stands_beside_a_broken_maximum() -> None:
    (row,) = judged(document([CLEAN | {"max_ulp": 4.0}]), limit("max_ulp", 1))
    assert (row["input"], row["output"], row["certainty"]) == ("0x1.8p+0", "0x1.4p+0", "proven")
    assert gatewords.message(row) == (
        "sqrt float32 ordinals on numpy: maximum error (body): expected at most 1 ulp, found 4 ulp at 0x1.8p+0 gives "
        "0x1.4p+0. as it was"
    )


def test_every_path_regime_and_target_is_judged_and_the_worst_listed() -> None:
    rows = [
        CLEAN | {"path": path, "regime": regime, "target": target, "max_ulp": error}
        for target, shift in (("numpy", 0.0), ("tensorflow", 2.0))
        for path, regime, error in (
            ("body", "all", 1.0 + shift),
            ("tail", "all", 3.0 + shift),
            ("tail", "normal", 9.0),
        )
    ]
    found = judged(document(rows), limit("max_ulp", 2), targets=("numpy", "tensorflow"))
    assert [(r["target"], r["path"], r["found"]) for r in found] == [
        ("numpy", "tail", "3 ulp"),
        ("tensorflow", "tail", "5 ulp"),
    ]
    (one,) = judged(document(rows), limit("max_ulp", 2), paths=("body",))
    assert (one["holds"], one["judged"]) == (True, 1)
    (normal,) = judged(document(rows), limit("max_ulp", 2), regimes=("normal",))
    assert normal["regime"] == "normal"


def test_a_target_that_breaks_it_does_not_hide_one_that_keeps_it() -> None:
    rows = [CLEAN, CLEAN | {"target": "tensorflow", "max_ulp": 3.0}]
    found = judged(document(rows), limit("max_ulp", 1), targets=("numpy", "tensorflow"))
    assert [(r["holds"], r["target"]) for r in found] == [(False, "tensorflow"), (True, "numpy")]


def test_what_holds_is_one_row_a_case_with_the_figure_nearest_to_the_limit() -> None:
    rows = [CLEAN | {"target": f"t{i}", "max_ulp": i / 8} for i in range(5)]
    (row,) = judged(document(rows), limit("max_ulp", 1), targets=tuple(f"t{i}" for i in range(5)))
    assert (row["target"], row["found"], row["judged"]) == ("t4", "0.5 ulp", 5)


def test_only_an_exhaustive_maximum_without_undecided_results_is_proven_to_hold() -> None:
    every = CLEAN | {"coverage": "exhaustive"}
    assert judged(document([CLEAN]), limit("max_ulp", 1))[0]["certainty"] == "not refuted"
    assert judged(document([every]), limit("max_ulp", 1))[0]["certainty"] == "proven"
    (open_,) = judged(document([every | {"undecided": 3}]), limit("max_ulp", 1))
    assert (open_["certainty"], open_["holds"]) == ("not refuted", True)
    assert "(3 undecided)" in open_["found"]
    both = [every, CLEAN | {"target": "tensorflow", "max_ulp": 0.1}]
    (row,) = judged(document(both), limit("max_ulp", 1), targets=("numpy", "tensorflow"))
    assert row["certainty"] == "not refuted"
    assert judged(document([CLEAN]), limit("mean_ulp", 1))[0]["certainty"] == "measured"


def test_undecided_results_alone_do_not_refute_that_all_are_correct() -> None:
    (row,) = judged(document([CLEAN | {"correctly_rounded": 998, "undecided": 2}]), limit("correctly_rounded", 1))
    assert (row["holds"], row["certainty"]) == (True, "not refuted")
    (row,) = judged(document([CLEAN | {"correctly_rounded": 997, "undecided": 2}]), limit("correctly_rounded", 1))
    assert row["holds"] is False


def test_cells_that_do_not_apply_are_not_judged() -> None:
    rows = [CLEAN, CLEAN | {"path": "tail", "max_ulp": None, "mean_ulp": None, "samples": 0}]
    assert judged(document(rows), limit("max_ulp", 1))[0]["judged"] == 1
    (row,) = judged(document([CLEAN | {"bound_ratio": None}]), limit("bound_ratio", 1))
    assert row["holds"] is False
    assert row["found"] == "nothing was judged: numpy: its results have no such figure"


def test_parts_of_complex_results_are_judged_where_they_are_named() -> None:
    rows = [CLEAN | {"metric": metric, "max_ulp": error} for metric, error in (("normwise", 1.0), ("re", 50.0))]
    assert judged(document(rows), limit("max_ulp", 2))[0]["holds"] is True
    assert judged(document(rows), limit("max_ulp", 2), metrics=("re",))[0]["holds"] is False
    assert judged(document(rows[1:]), limit("max_ulp", 2))[0]["holds"] is False


def test_what_was_not_measured_is_not_judged_and_counted() -> None:
    gone = CLEAN | {
        "target": "tensorflow", "status": "unavailable", "reason": "not installed", "path": None, "metric": None,
        "max_ulp": None,
    }  # fmt: skip
    both = ("numpy", "tensorflow")
    (row,) = judged(document([CLEAN, gone]), limit("max_ulp", 1), targets=both)
    assert (row["holds"], row["judged"], row["unjudged"]) == (True, 1, 1)
    (row,) = judged(document([gone]), limit("max_ulp", 1), targets=both)
    assert row["holds"] is False
    assert row["found"] == "nothing was judged: tensorflow: unavailable: not installed"
    (row,) = judged(document([gone]), limit("max_ulp", 1), targets=both, optional=True)
    assert row["holds"] is None
    (row,) = judged(document([gone]), limit("status", 0, "ok"), targets=both, optional=True)
    assert row["holds"] is False
    other = CLEAN | {"function": "exp"}
    found = judged(document([other, gone]), limit("max_ulp", 1), targets=both, functions=("exp", "sqrt"))
    assert [(r["function"], r["holds"]) for r in found] == [("exp", True), ("sqrt", None)]


def test_problems_of_arrays_stand_under_the_name_of_the_spec_case_where_they_could_not_run() -> None:
    gone = CLEAN | {"kind": "reduction", "case": "max-arrays", "status": "unavailable", "reason": "x", "max_ulp": None}
    (row,) = judged(document([gone]), limit("max_ulp", 1), cases=("mixed-*",))
    assert row["found"] == "nothing was judged: numpy: unavailable: x"
    ran = CLEAN | {"kind": "reduction", "case": "mixed-7"}
    assert judged(document([ran]), limit("max_ulp", 1), cases=("mixed-*",))[0]["holds"] is True


def test_nothing_selected_is_broken_and_left_out_is_not_judged() -> None:
    (row,) = judged(document([]), limit("max_ulp", 1))
    assert (row["holds"], row["judged"]) == (False, 0)
    (row,) = judged(document([]), limit("max_ulp", 1), left_out=True)
    assert (row["holds"], row["found"]) == (None, "left out by --only or --targets")
    assert judged(document([CLEAN | {"spec": "other"}]), limit("max_ulp", 1))[0]["holds"] is False


def test_an_implied_limit_that_nothing_can_be_held_against_says_nothing() -> None:
    row = CLEAN | {"metric": "equal", "special_mismatches": None}
    implied = limit("special_mismatches", 0, implied=True)
    assert [r["what"] for r in judged(document([row]), limit("max_abs", 1), implied)] == ["max_abs"]
    broken = judged(document([CLEAN | {"special_mismatches": 4}]), limit("max_ulp", 1), implied)
    assert [(r["what"], r["holds"]) for r in broken] == [("max_ulp", True), ("special_mismatches", False)]


def test_a_mismatch_comes_with_an_example() -> None:
    wrong = SPECIAL | {"got": "0x0.0p+0", "agrees": 0}
    doc = document([CLEAN | {"special_mismatches": 1}], special=[SPECIAL | {"input": "nan"}, wrong])
    (row,) = judged(doc, limit("special_mismatches", 0))
    assert (row["input"], row["output"]) == ("-0x0.0p+0", "0x0.0p+0")
    assert judged(doc, limit("special_mismatches", None, "any"))[0]["holds"] is True


# -- special cases, checks, repetition ---------------------------------------------------------------------
def test_special_cases() -> None:
    rules = limit("special", 0, "true")
    (clean,) = judged(document(special=[SPECIAL]), rules)
    assert (clean["holds"], clean["found"]) == (True, "1 right")
    wrong = [SPECIAL | {"got": "0x0.0p+0", "agrees": 0}, SPECIAL | {"got": "nan", "agrees": 0, "path": "scalar"}]
    (row,) = judged(document(special=[SPECIAL, *wrong]), rules)
    assert row["holds"] is False
    assert row["found"] == "0x0.0p+0 for -0x0.0p+0: A zero gives itself. (and 1 other)"
    assert judged(document(special=[SPECIAL, wrong[1]]), rules, paths=("body",))[0]["holds"] is True
    other = SPECIAL | {"sentence": "NaN gives NaN."}
    found = judged(document(special=[other, *wrong]), rules, sentences=("NaN*",))
    assert [row["holds"] for row in found] == [True]
    assert judged(document(special=[]), rules)[0]["holds"] is False


@pytest.mark.parametrize("what", limits.CHECKS)
def test_checks_of_a_target_against_itself(what: str) -> None:
    own = OWN | {"check": limits.CHECKS[what]}
    bad = own | {"differs": 3, "input": "0x1p+0", "first_output": "0x1p+0", "second_output": "0x1.1p+0"}
    assert judged(document(own=[own]), limit(what, 0))[0]["holds"] is True
    (row,) = judged(document(own=[bad]), limit(what, 0))
    assert (row["holds"], row["found"], row["output"]) == (False, "3 of 256", "0x1p+0 and 0x1.1p+0")
    assert judged(document(own=[bad]), limit(what, 3))[0]["holds"] is True
    unchecked = own | {"check": "another"}
    assert judged(document(own=[unchecked]), limit(what, 0))[0]["holds"] is False


@pytest.mark.parametrize(
    ("what", "row", "cell"), [("run_differs", AGAIN, "run_differs"), ("threads_differ", THREADS, "differs")]
)
def test_repetition(what: str, row: Row, cell: str) -> None:
    assert judged(document(again=[row]), limit(what, 0))[0]["holds"] is True
    assert judged(document(again=[row | {cell: 1}]), limit(what, 0))[0]["holds"] is False
    other = THREADS if row is AGAIN else AGAIN
    assert "nothing was judged" in judged(document(again=[other]), limit(what, 0))[0]["found"]


def test_gates_on_repetition_do_not_make_two_runs_different() -> None:
    doc = document(again=[AGAIN]) | {"schema": 1, "label": "x", "provenance": {"time": ""}, "timing": {}}
    expected = [expect(limit("run_differs", 0), limit("max_ulp", 1))]
    quiet = judge(doc, expected)
    loud = judge(doc | document(again=[AGAIN | {"run_differs": 2}]), expected)
    other = judge(doc | document([CLEAN | {"max_ulp": 2.0}]), expected)
    digests = [
        store.settled_digest(doc | {"gates": tables.table(tables.GATE_COLUMNS, rows)}) for rows in (quiet, loud, other)
    ]
    assert digests[0] == digests[1] != digests[2]


# -- agreement ------------------------------------------------------------------------------------------------
PAIRS = {
    "equal": (limit("equal", 1), {"equal": 999}, "999 of 1,000 equal"),
    "a share": (limit("equal", "999/1000"), {"equal": 998}, "998 of 1,000 equal"),
    "distance": (limit("max_distance", 1), {"max_distance": 2}, "2 steps of the dtype"),
    "nan": (limit("nan_differs", 0), {"nan_differs": 1}, "1"),
    "max_abs": (limit("max_abs", "1e-8"), {"max_abs": 2e-8}, "2·10⁻⁸"),
    "max_rel": (limit("max_rel", "1e-8"), {"max_rel": 2e-8}, "2·10⁻⁸"),
}


@pytest.mark.parametrize("name", PAIRS)
def test_agreement(name: str) -> None:
    bound, planted, found = PAIRS[name]
    agree = ("numpy", "tensorflow")
    (clean,) = judged(document(pairs=[AGREEING]), bound, agree=agree)
    assert clean["holds"] is True
    assert (clean["target"], clean["other"]) == agree
    (row,) = judged(document(pairs=[AGREEING | planted]), bound, agree=agree)
    assert (row["holds"], row["found"]) == (False, found)
    assert judged(document(pairs=[AGREEING | planted | {"second": "scipy"}]), bound, agree=agree)[0]["found"] == (
        "nothing was judged: no two of these targets were compared"
    )


def test_agreement_outside_nan() -> None:
    """NaN on one side only is left out of ``equal`` where it has a limit of its own."""
    pairs = [AGREEING | {"equal": 990, "nan_differs": 10}]
    agree = ("numpy", "tensorflow")
    anything = limit("nan_differs", None, "any")
    assert [r["holds"] for r in judged(document(pairs=pairs), limit("equal", 1), agree=agree)] == [False]
    assert [r["holds"] for r in judged(document(pairs=pairs), limit("equal", 1), anything, agree=agree)] == [True, True]
    worse = [AGREEING | {"equal": 989, "nan_differs": 10}]
    found = judged(document(pairs=worse), limit("equal", 1), anything, agree=agree)
    assert [(r["what"], r["holds"]) for r in found] == [("equal", False), ("nan_differs", True)]
    assert judged(document(pairs=[AGREEING | {"compared": 0}]), limit("equal", 1), agree=agree)[0]["holds"] is False


def test_distances_beyond_binary64_are_compared_exactly() -> None:
    far = 2**63 + 1
    pairs = [AGREEING | {"max_distance": far}]
    agree = ("numpy", "tensorflow")
    assert judged(document(pairs=pairs), limit("max_distance", far), agree=agree)[0]["holds"] is True
    assert judged(document(pairs=pairs), limit("max_distance", far - 1), agree=agree)[0]["holds"] is False


def test_every_pair_is_judged() -> None:
    pairs = [
        AGREEING,
        AGREEING | {"second": "scipy", "equal": 5},
        AGREEING | {"first": "tensorflow", "second": "scipy"},
    ]
    found = judged(document(pairs=pairs), limit("equal", 1), agree=("scipy", "numpy", "tensorflow"))
    assert [(r["holds"], r["target"], r["other"]) for r in found] == [
        (False, "numpy", "scipy"),
        (True, "numpy", "tensorflow"),
    ]
    assert found[1]["judged"] == 2


# -- bounds ---------------------------------------------------------------------------------------------------
def test_bounds_are_exact() -> None:
    tenth = 0.1  # binary64 holds a little more than a tenth
    assert not limits.exceeds(tenth, Fraction(1, 10))
    assert not limits.exceeds(tenth, Fraction(tenth))
    assert limits.exceeds(0.10000000000000002, Fraction(1, 10))
    assert limits.exceeds(tenth, Fraction(1, 10) - Fraction(1, 10**30))
    assert limits.exceeds(float(2**1023), Fraction(2**1023 - 1))


def test_what_was_found_never_rounds_onto_what_was_expected() -> None:
    (row,) = judged(document([CLEAN | {"max_ulp": 4.0000001}]), limit("max_ulp", 4))
    assert row["found"] == "4.01 ulp"  # maxima are rounded up
    (row,) = judged(document([CLEAN | {"mean_ulp": 4.0000001}]), limit("mean_ulp", 4))
    assert row["found"] == "4.0000001 ulp"
    (row,) = judged(document([CLEAN | {"max_ulp": 3.9999999}]), limit("max_ulp", 4))
    assert (row["found"], row["holds"]) == ("3.9999999 ulp", True)


# -- the baseline ---------------------------------------------------------------------------------------------
def comparison(rows: list[Row], judged_: int = 10, incomparable: int = 0, reason: str = "") -> Row:
    counts = {"regressed": len(rows), "improved": 0, "unchanged": judged_ - len(rows), "incomparable": incomparable}
    groups = [{"verdict": "incomparable", "reason": reason}] if reason else []
    return {"before": "1.0", "after": "2.0", "rows": rows, "counts": counts, "groups": groups}


def test_a_regression_is_a_broken_gate() -> None:
    worse = {key: CLEAN[key] for key in ("spec", "function", "dtype", "case", "target", "path", "metric")} | {
        "verdict": "regressed", "what": "max_ulp", "regime": "normal", "before": 0.5, "after": 2.25, "basis": "proven",
        "input": "0x1p+0", "output": "0x1.1p+0", "reason": "",
    }  # fmt: skip
    better = worse | {"verdict": "improved", "before": 3.0, "after": 1.0}
    (row,) = judge(document(), [], comparison([worse, better]))
    assert (row["gate"], row["holds"], row["expected"], row["found"]) == (
        "baseline", False, "as in 1.0: 0.5 ulp", "2.25 ulp",
    )  # fmt: skip
    failed = worse | {"what": "status", "before": "ok", "after": "failed", "reason": "failed in 2.0: it crashed"}
    (row,) = judge(document(), [], comparison([failed]))
    assert (row["expected"], row["found"]) == ("as in 1.0: ok", "failed")
    counted = worse | {"what": "special_mismatches", "before": 0, "after": 3}
    assert judge(document(), [], comparison([counted]))[0]["found"] == "3"


def test_without_regressions_the_baseline_holds_unless_nothing_could_be_compared() -> None:
    (row,) = judge(document(), [], comparison([]))
    assert (row["holds"], row["found"]) == (True, "none among 10 figures")
    (row,) = judge(document(), [], comparison([], 0, 10, "another CPU"))
    assert (row["holds"], row["found"]) == (None, "nothing was judged: another CPU")
    assert judge(document(), [], None) == []
