"""Planted changes are found and named; a clean pair stays silent; what cannot be compared is never judged."""

from __future__ import annotations

import copy
import json
from pathlib import Path

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reportgen.core.changes import SAME, changes
from reportgen.core.compare import VERDICTS, compare
from reportgen.core.errors import RequestError
from reportgen.results import summaries, tables
from tests.versions import PROVENANCE, agreement, changed, document, everything, measured, row, short, target

FIGURES = 16
AT = {"function": "exp", "dtype": "float32", "target": "numpy", "path": "body"}


def verdicts(data):
    return {k: v for k, v in data["counts"].items() if v and k in VERDICTS}


def against(rows, tolerance=0.0, **options):
    return compare(short(), short(rows, "1.1"), tolerance, **options)


def reasons(data):
    return {(g["verdict"], g["reason"]) for g in data["groups"]}


# -- a clean pair ----------------------------------------------------------------------------------------
def test_a_clean_pair_stays_silent():
    data = compare(short(), short(label="1.1"))
    assert verdicts(data) == {"unchanged": FIGURES}
    assert (data["rows"], data["groups"], data["agreement"], data["specs"], data["oracle"]) == ([], [], [], [], [])
    assert not data["identical"]  # the labels differ


def test_a_version_is_identical_with_itself():
    data = compare(short(), short())
    assert data["identical"]
    assert verdicts(data) == {"unchanged": FIGURES}


def test_what_is_volatile_makes_no_change():
    later = document(label="1.1")
    later["provenance"]["time"] = "2027-01-01T00:00:00+00:00"
    later["timing"]["seconds"] = 99.0
    assert verdicts(compare(short(), summaries.summary(later))) == {"unchanged": FIGURES}


# -- planted changes ---------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("cells", "verdict", "what"),
    [
        ({"max_ulp": 3.0}, "regressed", "max_ulp"),
        ({"max_ulp": 1.0}, "improved", "max_ulp"),
        ({"max_ulp": 2.0 + 1e-9}, "regressed", "max_ulp"),
        ({"special_mismatches": 1}, "regressed", "special_mismatches"),
        ({"correctly_rounded": 4096}, "improved", "correctly_rounded"),
        ({"position_differs": 7}, "regressed", "position_differs"),
        ({"bound_ratio": 3.0}, "unchanged", "bound_ratio"),
        ({"mean_ulp": 0.26}, "unchanged", "mean_ulp"),
        ({"correctly_rounded": 3999}, "unchanged", "correctly_rounded"),
        ({"max_ulp": None}, "unchanged", "max_ulp"),
    ],
)
def test_one_planted_change_is_found_and_nothing_else(cells, verdict, what):
    data = against(changed(AT, **cells))
    wanted = {"unchanged": FIGURES} if verdict == "unchanged" else {"unchanged": FIGURES - 1, verdict: 1}
    assert verdicts(data) == wanted
    (found,) = data["rows"]
    assert {k: found[k] for k in AT} == AT
    assert (found["verdict"], found["what"]) == (verdict, what)
    assert data["counts"]["moved"] == (verdict == "unchanged")


def test_a_change_says_what_it_was_where_and_on_what_it_rests():
    data = against(changed(AT, max_ulp=3.0, worst_input="0x1.5p+4", worst_output="0x1p+30"))
    (found,) = data["rows"]
    assert (found["before"], found["after"], found["factor"], found["regime"]) == (2.0, 3.0, 1.5, "normal")
    assert (found["input"], found["output"], found["basis"]) == ("0x1.5p+4", "0x1p+30", "same inputs")
    back = compare(short(changed(AT, max_ulp=3.0, worst_input="0x1.5p+4")), short(label="1.1"))
    assert (back["rows"][0]["verdict"], back["rows"][0]["input"]) == ("improved", "0x1.5p+4")


def test_a_flushed_subnormal_hides_no_regression_of_normal_results():
    """The maximum over all regimes is that of the flushed subnormals on both sides; only `normal` became worse."""

    def rows(normal):
        whole = row(max_ulp=8388607.0)
        return [whole, row(regime="normal", max_ulp=normal), row(regime="subnormal-result", max_ulp=8388607.0)]

    data = compare(short(rows(1.0)), short(rows(3.0), "1.1"))
    assert verdicts(data) == {"regressed": 1}
    assert (data["rows"][0]["before"], data["rows"][0]["after"]) == (1.0, 3.0)


def test_worse_in_one_regime_outweighs_better_in_another():
    def rows(normal, edge):
        return [row(max_ulp=max(normal, edge)), row(regime="normal", max_ulp=normal),
                row(regime="overflow-edge", max_ulp=edge)]  # fmt: skip

    data = compare(short(rows(4.0, 1.0)), short(rows(2.0, 1.5), "1.1"))
    (found,) = data["rows"]
    assert (found["verdict"], found["regime"]) == ("regressed", "overflow-edge")
    assert [(c["what"], c["regime"], c["direction"]) for c in found["also"]] == [("max_ulp", "normal", -1)]


def test_results_that_do_not_repeat_are_a_regression():
    def version(differs, label):
        runs = [{**{k: row()[k] for k in tables.CASE_KEY}, "run_differs": differs, "run_tested": 300}]
        return short(measured(), label, determinism=tables.table(tables.DETERMINISM_COLUMNS, runs))

    data = compare(version(0, "1.0"), version(4, "1.1"))
    assert [(r["verdict"], r["what"], r["after"]) for r in data["rows"]] == [("regressed", "run_differs", 4)]
    assert compare(version(3, "1.0"), version(4, "1.1"))["counts"]["regressed"] == 0


def test_right_or_wrong_results_are_counted():
    cells = {"kind": "cast", "metric": "equal", "max_ulp": None, "mean_ulp": None, "correctly_rounded": 4096}
    wrong = cells | {"correctly_rounded": 4090, "max_abs": 8.0}
    data = compare(short(measured(**cells)), short(measured(**wrong), "1.1"))
    (found,) = data["rows"]
    assert (found["verdict"], found["what"], found["before"], found["after"]) == ("regressed", "wrong", 0, 6)


def test_ratios_of_functions_of_arrays_are_compared():
    cells = {"kind": "linalg", "metric": "backward", "max_ulp": None, "bound_ratio": 0.5}
    data = compare(short(measured(**cells)), short(measured(**cells | {"bound_ratio": 5.0}), "1.1"))
    assert [(r["what"], r["factor"]) for r in data["rows"]] == [("bound_ratio", 5.0)]


# -- tolerance -----------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("after", "tolerance", "verdict"),
    [
        (2.5, 0.5, "unchanged"), (2.500001, 0.5, "regressed"), (1.5, 0.5, "unchanged"), (1.499999, 0.5, "improved"),
        (2.0 * (1 + SAME / 2), 0.0, "unchanged"), (2.0 * (1 + 4 * SAME), 0.0, "regressed"), (2.0, 0.0, "unchanged"),
    ],
)  # fmt: skip
def test_the_tolerance_is_a_number_of_ulps_and_ends_where_it_says(after, tolerance, verdict):
    assert against(changed(AT, max_ulp=after), tolerance)["counts"][verdict] == (
        FIGURES if verdict == "unchanged" else 1
    )


def test_no_tolerance_excuses_a_mismatch_or_a_wrong_result():
    assert against(changed(AT, special_mismatches=1), 100.0)["counts"]["regressed"] == 1


@given(st.floats(0, 1e308), st.floats(0, 1e308), st.floats(0, 1e6))
def test_a_change_and_its_reverse_are_mirror_images(old, new, tolerance):
    cells = {**dict.fromkeys(summaries.COLUMNS), **row()}
    first, second = ({**cells, "normal_ulp": x, "max_ulp": x} for x in (old, new))
    forth, back = changes(first, second, tolerance), changes(second, first, tolerance)
    assert [c.direction for c in forth] == [-c.direction for c in back]
    assert [c.factor for c in forth] == [c.factor for c in back]
    assert bool(forth) == (abs(old - new) > max(tolerance, SAME * max(old, new)))


# -- new, gone, stopped -----------------------------------------------------------------------------------------
def test_a_row_that_is_new_and_one_that_is_gone():
    fewer = [r for r in everything() if (r["function"], r["dtype"]) != ("exp", "float32")]
    gone = against(fewer)
    assert verdicts(gone) == {"unchanged": FIGURES - 4, "gone": 4}
    assert reasons(gone) == {("gone", "this case is not in 1.1")}
    new = compare(short(fewer), short(label="1.1"))
    assert verdicts(new) == {"unchanged": FIGURES - 4, "new": 4}
    assert [(g["function"], g["dtypes"], g["target"], g["count"]) for g in new["groups"]] == [
        ("exp", ["float32"], "numpy", 2),
        ("exp", ["float32"], "tensorflow", 2),
    ]


def test_what_is_missing_is_named():
    rows = [r for r in everything() if r["target"] == "numpy" and r["function"] == "exp"]
    after = short(rows, "1.1", targets=[target("numpy", "numpy", "2.4.6")], functions=document()["functions"][:1])
    found = reasons(compare(short(), after))
    assert found == {("gone", "target tensorflow is not in 1.1"), ("gone", "function sqrt is not in 1.1")}


@pytest.mark.parametrize(
    ("status", "verdict"),
    [("failed", "regressed"), ("timeout", "regressed"), ("unsupported", "gone"), ("unavailable", "incomparable")],
)
def test_a_target_that_no_longer_answers(status, verdict):
    kept = [r for r in everything() if not (r["function"] == "exp" and r["target"] == "numpy")]
    refused = [
        row(dtype=d, status=status, reason="it said no", path=None, metric=None, coverage=None, samples=None)
        for d in ("float32", "float64")
    ]
    data = against(kept + refused)
    assert verdicts(data) == {"unchanged": FIGURES - 4, verdict: 4}
    text = [r["reason"] for r in data["rows"]] + [g["reason"] for g in data["groups"]]
    assert set(text) == {f"{status} in 1.1: it said no"}
    back = compare(short(kept + refused), short(label="1.1"))
    mirrored = {"regressed": "improved", "gone": "new", "incomparable": "incomparable"}[verdict]
    assert verdicts(back) == {"unchanged": FIGURES - 4, mirrored: 4}


def test_what_ran_in_neither_version_counts_nowhere():
    refused = [row(status="unavailable", reason="no GPU", path=None, metric=None, coverage=None, samples=None)]
    failed = [refused[0] | {"status": "failed"}]
    for first, second in ((refused, refused), (refused, failed), (failed, refused)):
        assert verdicts(compare(short(first), short(second, "1.1"))) == {}


# -- what cannot be compared ---------------------------------------------------------------------------------------
def moved_to(**facts):
    """A version whose numpy ran elsewhere and is worse there."""
    rows = changed(AT, max_ulp=9.0)
    after = document(rows, "1.1")
    after["targets"][0]["provenance"].update(facts)
    return after


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        ({"cpu_model": "Intel Xeon"}, "another CPU (AMD EPYC against Intel Xeon)"),
        ({"machine": "aarch64"}, "another architecture (x86_64 against aarch64)"),
        ({"libc": "glibc 2.39"}, "another C library (glibc 2.36 against glibc 2.39)"),
        ({"threads": {"intra_op": 8}}, "another number of threads (intra_op=1 against intra_op=8)"),
        ({"threads": {"intra_op": None, "blas": 4}}, None),
        ({"gpus": ["H200"]}, None),
        ({"python": "3.12.0"}, None),
    ],
)
def test_another_machine_is_named_and_judged_only_when_asked_to(facts, words):
    after = summaries.summary(moved_to(**facts))
    data = compare(short(), after)
    if words is None:  # unknown before, or no matter
        assert verdicts(data) == {"unchanged": FIGURES - 1, "regressed": 1}
        return
    assert verdicts(data) == {"unchanged": FIGURES // 2, "incomparable": FIGURES // 2}
    assert reasons(data) == {("incomparable", words)}
    assert {g["target"] for g in data["groups"]} == {"numpy"}
    across = compare(short(), after, across_machines=True)
    assert verdicts(across) == {"unchanged": FIGURES - 1, "regressed": 1}
    assert across["targets"][0]["remarks"][0] == words


def test_another_cpu_says_which_instructions_it_has():
    after = document(label="1.1")
    after["provenance"]["machine"]["cpu_features"] = ["avx", "avx2", "fma", "sse4_2"]
    assert reasons(compare(short(), summaries.summary(after))) == {
        ("incomparable", "another CPU (AVX-512 against AVX2)")
    }
    for entry in after["targets"]:
        entry["provenance"]["cpu_model"] = "Intel Core"
    after["provenance"]["machine"]["cpu_model"] = "Intel Core"
    assert reasons(compare(short(), summaries.summary(after))) == {
        ("incomparable", "another CPU (AMD EPYC against Intel Core, AVX-512 against AVX2)")
    }


def test_another_release_of_the_library_is_what_comparing_is_for():
    after = document(changed(AT, max_ulp=3.0), "1.1", targets=[target("numpy", "numpy", "2.5.0"),
                     target("tensorflow", "tensorflow", "2.21.0")])  # fmt: skip
    data = compare(short(), summaries.summary(after))
    assert verdicts(data) == {"unchanged": FIGURES - 1, "regressed": 1}
    assert (data["rows"][0]["before_version"], data["rows"][0]["after_version"]) == ("2.4.6", "2.5.0")


def test_a_name_that_means_another_target_is_not_compared():
    other = target("numpy", "numpy", "2.4.6", env={"NPY_DISABLE_CPU_FEATURES": "AVX512F"})
    after = short(label="1.1", targets=[other, target("tensorflow", "tensorflow", "2.21.0")])
    words = "another definition of the target: env (none against NPY_DISABLE_CPU_FEATURES=AVX512F)"
    assert reasons(compare(short(), after)) == {("incomparable", words)}
    assert reasons(compare(short(), after, across_machines=True)) == {("incomparable", words)}


@pytest.mark.parametrize(
    ("cells", "words"),
    [
        ({"seed": 1}, "another seed: seed (0 against 1)"),
        ({"distribution": "uniform [0, 1]"}, "other inputs: distribution (ordinals against uniform [0, 1])"),
        ({"depth": "standard"}, "another depth (quick against standard)"),
        ({"samples": 8192}, "another number of samples (4096 against 8192)"),
        ({"coverage": "searched"}, "another coverage (sampled against searched)"),
    ],
)
def test_other_inputs_are_not_compared(cells, words):
    data = against([r | cells | {"max_ulp": 9.0} for r in everything()])
    assert verdicts(data) == {"incomparable": FIGURES}
    assert reasons(data) == {("incomparable", words)}


def test_another_text_of_the_spec_is_not_compared_unless_the_inputs_are_known_to_be_the_same():
    specs = [document()["specs"][0] | {"sha256": "b" * 64}]
    after = document(changed(AT, max_ulp=3.0), "1.1", specs=specs)
    data = compare(short(), summaries.summary(after))
    assert verdicts(data) == {"incomparable": FIGURES}
    assert reasons(data) == {("incomparable", "another spec (the text of core differs, and with it the inputs may)")}
    assert data["specs"] == [{"name": "core", "what": "changed"}]

    def with_inputs(summary, digest):
        rows = [["core", f, d, "ordinals", digest] for f in ("exp", "sqrt") for d in ("float32", "float64")]
        return summary | {"inputs": {"columns": list(summaries.INPUTS), "rows": rows}}

    same = compare(with_inputs(short(), "x"), with_inputs(summaries.summary(after), "x"))
    assert verdicts(same) == {"unchanged": FIGURES - 1, "regressed": 1}
    other = compare(with_inputs(short(), "x"), with_inputs(short(label="1.1"), "y"))
    assert reasons(other) == {("incomparable", "other inputs (what the spec says of them differs)")}


def test_a_function_more_in_a_spec_changes_no_inputs(tmp_path: Path):
    """What a spec says of the inputs of its cases is what counts: a seed or an interval, not a comment."""
    from reportgen.core.plan import input_digests
    from reportgen.measure.specfile import read_spec

    def digests(text):
        path = tmp_path / "core.toml"
        path.write_text('title = "T"\ntargets = ["numpy"]\ndtypes = ["float32"]\n' + text)
        return input_digests(read_spec(str(path)))

    own = '[[case]]\nname = "mine"\nfunction = "exp"\ninputs = { interval = [0, %d] }\n'
    first = digests('functions = ["exp"]\n' + own % 9)
    assert first == digests('description = "d"\nfunctions = ["exp", "sqrt"]\n' + own % 9)
    other = digests('functions = ["exp"]\n' + own % 8)
    assert (other["ordinals"], other["mine"] == first["mine"]) == (first["ordinals"], False)
    assert digests('seed = 1\nfunctions = ["exp"]\n')["ordinals"] != first["ordinals"]

    def version(inputs, sha, rows, label):
        return short(rows, label, specs=[document()["specs"][0] | {"sha256": sha * 64, "inputs": inputs}])

    rows = changed(AT, max_ulp=3.0)
    same = compare(version(first, "a", None, "1.0"), version(first, "b", rows, "1.1"))
    assert verdicts(same) == {"unchanged": FIGURES - 1, "regressed": 1}
    apart = compare(version(first, "a", None, "1.0"), version({"ordinals": "x"}, "a", rows, "1.1"))
    assert verdicts(apart) == {"incomparable": FIGURES}


def test_another_catalogue_row_is_not_compared():
    functions = copy.deepcopy(document()["functions"])
    functions[0]["mpmath"] = "exp(x) + 0"
    data = compare(short(), short(label="1.1", functions=functions))
    assert verdicts(data) == {"unchanged": FIGURES // 2, "incomparable": FIGURES // 2}
    assert {g["function"] for g in data["groups"]} == {"exp"}


def test_a_renamed_spec_keeps_its_cases():
    specs = [document()["specs"][0] | {"name": "elementwise"}]
    rows = [r | {"spec": "elementwise"} for r in changed(AT, max_ulp=3.0)]
    data = compare(short(), short(rows, "1.1", specs=specs))
    assert verdicts(data) == {"unchanged": FIGURES - 1, "regressed": 1}


def test_another_oracle_is_told_and_forbids_nothing():
    after = document(label="1.1")
    after["provenance"]["oracle"] = {"mpmath": "1.5.0"}
    data = compare(short(), summaries.summary(after))
    assert verdicts(data) == {"unchanged": FIGURES}
    assert data["oracle"] == [{"name": "mpmath", "before": "1.4.1", "after": "1.5.0"}]


# -- exhaustive against sampled ---------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("before", "after", "verdict"),
    [
        (("exhaustive", 2.0), ("sampled", 3.0), "regressed"),  # beyond every value's error before
        (("exhaustive", 2.0), ("sampled", 1.0), "incomparable"),  # a sample proves no improvement
        (("sampled", 3.0), ("exhaustive", 2.0), "improved"),
        (("sampled", 2.0), ("exhaustive", 3.0), "incomparable"),  # the worst input may have been missed before
        (("exhaustive", 2.0), ("exhaustive", 3.0), "regressed"),
        (("exhaustive", 2.0), ("exhaustive", 2.0), "unchanged"),
    ],
)
def test_what_an_exhaustive_maximum_proves(before, after, verdict):
    sizes = {"exhaustive": 65536, "sampled": 4096}
    sides = [
        measured(dtype="float16", coverage=c, max_ulp=u, samples=sizes[c], correctly_rounded=9) for c, u in
        (before, after)
    ]  # fmt: skip
    data = compare(short(sides[0]), short(sides[1], "1.1"))
    assert verdicts(data) == {verdict: 1}
    assert all(r["basis"] == "proven" for r in data["rows"])


def test_every_value_is_every_value_whatever_the_seed():
    """Only the path that is exhaustive: the case's other paths are sampled with that seed."""
    cells = {"dtype": "float16", "coverage": "exhaustive", "samples": 65536}
    sides = [measured(**cells, seed=s) + measured(dtype="float16", path="tail", seed=s) for s in (0, 1)]
    data = compare(short(sides[0]), short(sides[1], "1.1"))
    assert verdicts(data) == {"unchanged": 1, "incomparable": 1}


def test_an_exhaustive_maximum_proves_nothing_about_another_machine():
    before = short(measured(coverage="exhaustive", samples=65536))
    after = document(measured(max_ulp=9.0), "1.1")
    after["targets"][0]["provenance"]["cpu_model"] = "Intel Xeon"
    assert verdicts(compare(before, summaries.summary(after))) == {"incomparable": 1}


# -- agreement ---------------------------------------------------------------------------------------------------
def test_agreement_lost_and_gained():
    apart = agreement(equal=4000, input="0x1p+0", first_output="0x1p+1", second_output="0x1.000002p+1")
    after = short(label="1.1", agreement=tables.table(tables.AGREEMENT_COLUMNS, [apart]))
    (lost,) = compare(short(), after)["agreement"]
    assert (lost["verdict"], lost["before_equal"], lost["equal"], lost["input"]) == ("lost", 4096, 4000, "0x1p+0")
    (gained,) = compare(after, short(label="1.2"))["agreement"]
    assert gained["verdict"] == "gained"
    moved = moved_to(cpu_model="Intel Xeon")
    moved["agreement"] = tables.table(tables.AGREEMENT_COLUMNS, [apart])
    assert compare(short(), summaries.summary(moved))["agreement"] == []


# -- filters and names ---------------------------------------------------------------------------------------------
def test_filters_and_a_map_of_targets():
    assert verdicts(against(None, only=["exp:float32"])) == {"unchanged": 4}
    assert verdicts(against(None, only=["exp"], targets=["tensor*"])) == {"unchanged": 4}
    with pytest.raises(RequestError, match="leave nothing"):
        against(None, only=["nothing"])
    rows = changed({"target": "tensorflow", "path": "body"}, max_ulp=5.0)
    both = compare(short(rows), short(rows), mapping={"numpy": "tensorflow"})
    assert verdicts(both) == {"unchanged": 4, "regressed": 4}
    assert both["map"] == {"numpy": "tensorflow"}
    with pytest.raises(RequestError, match="no target 'jax', expected one of numpy, tensorflow"):
        against(None, mapping={"jax": "numpy"})


# -- the form ---------------------------------------------------------------------------------------------------
def test_every_comparison_fits_the_documented_schema(root: Path):
    schema = json.loads((root / "reportgen" / "results" / "comparison.schema.json").read_text())
    refused = [row(status="failed", reason="it said no", path=None, metric=None, coverage=None, samples=None)]
    apart = tables.table(tables.AGREEMENT_COLUMNS, [agreement(equal=1)])
    samples = [
        against(changed(AT, max_ulp=3.0, mean_ulp=1.0)),
        against(refused, only=["exp"]),
        compare(short(), summaries.summary(moved_to(libc="musl")), across_machines=True),
        compare(short(), short(label="1.1", agreement=apart, specs=[])),
    ]
    for data in samples:
        text = json.dumps(data, allow_nan=False)
        jsonschema.validate(json.loads(text), schema)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(samples[0] | {"rows": [{"verdict": "better"}]}, schema)


def test_two_numbers_of_provenance_are_not_shared():
    assert document()["targets"][0]["provenance"] is not PROVENANCE
