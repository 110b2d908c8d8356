"""Repeated calls: planted functions that waver, follow the threads or the process, and a clean one; page, programs."""

from __future__ import annotations

import dataclasses
import json
import re
import subprocess
import sys
from pathlib import Path

import ml_dtypes
import numpy as np
import pytest

from reportgen.catalogue.arrayrows import array_rows
from reportgen.catalogue.determinism import REPEATED, Repeated, key
from reportgen.catalogue.repeatprograms import Way, operand_lines, run_program, settings_program
from reportgen.catalogue.targets import builtin_targets
from reportgen.core.dtypes import DTYPES
from reportgen.core.model import Outcome, TargetSpec
from reportgen.core.problems import Operand, Problem, made
from reportgen.measure import determinism
from reportgen.measure.determinism import Answer, Apart, Case, Setting, apart
from reportgen.measure.runner import determinism_jobs
from reportgen.render import determinism as page
from reportgen.results import tables

FAKES = Path(__file__).resolve().parent / "fakes"
PLANTED = TargetSpec("planted", "numpy", env=(("PYTHONPATH", str(FAKES)),))
TRIED = [Setting("one", Way(1)), Setting("all", Way(2)), Setting("fresh", Way(2))]
F32 = DTYPES["float32"]


def planted(name, repeats=6):
    problem = Problem("mixed-1000", "1,000 numbers", (Operand("x", "mixed", (1000,)),))
    return Repeated(name, problem, (("numpy", f"planted_repeats.{name}(x)"),), repeats=repeats)


def measured(tmp_path, *names):
    entries = tuple(planted(name) for name in names)
    result = determinism.measure([PLANTED], tmp_path, entries, TRIED)
    assert all(set(row) <= set(tables.DETERMINISM_COLUMNS) for row in result["rows"])
    return {
        name: {(r["check"], r["setting"]): r for r in result["rows"] if r["function"] == name} for name in names
    }, result


@pytest.fixture(scope="module")
def library(tmp_path_factory):
    names = ("steady_sum", "wavering_sum", "threads_sum", "process_sum", "refused_sum")
    return measured(tmp_path_factory.mktemp("planted"), *names)


def test_a_clean_function_repeats_in_every_way(library):
    rows = library[0]["steady_sum"]
    assert set(rows) == {
        ("run", "1 thread"), ("run", "2 threads"), ("fresh", "2 threads"), ("threads", "2 threads"),
    }  # fmt: skip
    assert all((r["differs"], r["distinct"], r["repeats"], r["max_ulp_apart"]) == (0, 1, 6, 0) for r in rows.values())
    assert {check: r["tested"] for (check, _), r in rows.items()} == {"run": 5, "fresh": 6, "threads": 6}
    assert not any(r.get("snippet") or r.get("first_output") for r in rows.values())


def test_results_that_change_from_call_to_call(library):
    rows = library[0]["wavering_sum"]
    for setting in ("1 thread", "2 threads"):
        row = rows["run", setting]
        assert (row["differs"], row["tested"], row["distinct"]) == (1, 5, 2)
        assert (row["max_ulp_apart"], row["bits"], row["context"]) == (3, 2, "element 0")
        first, second = (np.float32(float.fromhex(row[c])) for c in ("first_output", "second_output"))
        assert second == np.nextafter(np.nextafter(np.nextafter(first, np.float32(np.inf)), np.float32(np.inf)),
                                      np.float32(np.inf))  # fmt: skip
        assert "planted_repeats.wavering_sum(x)" in row["snippet"]
    assert not any(r.get("snippet") for (check, _), r in rows.items() if check != "run")


def test_results_that_follow_the_thread_count(library):
    rows = library[0]["threads_sum"]
    assert all(not rows[k]["differs"] for k in rows if k[0] != "threads")
    row = rows["threads", "2 threads"]
    assert (row["differs"], row["tested"], row["distinct"], row["max_ulp_apart"]) == (6, 6, 1, 1)
    assert "subprocess.run" in row["snippet"]


def test_results_that_follow_the_process(library):
    rows = library[0]["process_sum"]
    assert not rows["run", "1 thread"]["differs"]
    assert not rows["run", "2 threads"]["differs"]
    assert rows["fresh", "2 threads"]["differs"] == 6
    assert rows["fresh", "2 threads"]["max_ulp_apart"] > 0


def test_a_refusal_is_a_row_and_is_not_repeated(library):
    assert list(library[0]["refused_sum"]) == [("run", "1 thread")]
    row = library[0]["refused_sum"]["run", "1 thread"]
    assert (row["status"], row["reason"]) == ("unsupported", "TypeError: no loop for float32")


def test_a_process_that_dies_takes_nothing_else_with_it(tmp_path):
    rows, _ = measured(tmp_path, "dying_sum", "steady_sum")
    assert [r["status"] for r in rows["dying_sum"].values()] == ["failed"]
    assert {r["status"] for r in rows["steady_sum"].values()} == {"ok"}


def test_the_reported_distance_is_the_farthest_and_nans_are_alike():
    base = np.array([1, 2, np.nan, 0], np.float32)
    other = np.array([1, np.nextafter(np.float32(2), np.float32(3)), -np.nan, -0.0], np.float32)
    found = apart(base, [(other, 2), (base.copy(), 1)], F32)
    assert found == Apart(4, 12, 1, 1, ("0x1.0000000000000p+1", "0x1.0000020000000p+1"))
    answer = Answer(Outcome("ok"), F32)
    for values in (base, np.array([1, 2, -np.nan, 0], np.float32), other):
        answer.add(values)
    assert (answer.counts, answer.repeats) == ([2, 1], 3)


def answers(by_role):
    out = {}
    for role, results in by_role.items():
        if isinstance(results, str):
            out[0, "planted", role] = Answer(Outcome("unsupported", results))
            continue
        out[0, "planted", role] = Answer(Outcome("ok"), F32)
        for values in results:
            out[0, "planted", role].add(np.array([values], np.float32))
    return out


def case(by_role):
    tried = [*TRIED, Setting("many", Way(8)), Setting("deterministic", Way(2, True))]
    target = dataclasses.replace(PLANTED, library="tensorflow")
    entry = dataclasses.replace(planted("sum"), programs=(("tensorflow", "tensorflow.reduce_sum(x)"),))
    rows = Case(entry, target, 0, tried, answers(by_role)).rows()
    return {(r["check"], r["setting"]): r for r in rows}


SAME = {"one": [1, 1], "all": [1, 1], "fresh": [1, 1], "many": [1, 1]}


def test_deterministic_mode_that_refuses_that_helps_and_that_does_not():
    rows = case(SAME | {"deterministic": "UnimplementedError: no deterministic kernel"})
    assert rows["deterministic", "2 threads, deterministic"]["status"] == "unsupported"
    assert sum(r["status"] != "ok" for r in rows.values()) == 1
    rows = case(SAME | {"all": [1, 2], "deterministic": [1, 1]})
    assert rows["run", "2 threads"]["distinct"] == 2
    assert not rows["run", "2 threads, deterministic"]["differs"]
    rows = case(SAME | {"deterministic": [1, 4]})
    assert rows["run", "2 threads, deterministic"]["differs"] == 1
    assert "enable_op_determinism" in rows["run", "2 threads, deterministic"]["snippet"]
    rows = case(SAME | {"deterministic": [4, 4]})
    assert not rows["run", "2 threads, deterministic"]["differs"]
    assert rows["deterministic", "2 threads, deterministic"]["differs"] == 2


# -- the entries -----------------------------------------------------------------------------------------
def test_every_entry_has_a_name_of_its_own_and_known_programs():
    assert len({key(e) for e in REPEATED}) == len(REPEATED)
    for entry in REPEATED:
        assert entry.programs
        assert {library for library, _ in entry.programs} <= {"numpy", "tensorflow"}
        assert entry.calls("xla") >= 2
        assert entry.calls("eager") >= 8
    named = " ".join(p for e in REPEATED for _, p in e.programs)
    for wanted in ("sum", "mean", "matmul", "conv2d", "depthwise", "segment_sum", "scatter_nd", "bincount", "cumsum",
                   "softmax", "argmax", "sparse_dense_matmul", "IndexedSlices", "BackpropFilter", "svd", "eigh",
                   "fft"):  # fmt: skip
        assert wanted in named
    assert not re.search(r"random|dropout|shuffle", named)


def test_programs_make_the_measured_numbers():
    for entry in REPEATED:
        if entry.problem.elements() > 2_000_000:
            continue
        arrays, space = made(entry.problem, entry.dtype, 0), {"np": np, "ml_dtypes": ml_dtypes}
        exec("\n".join(operand_lines(entry, 0)), space)
        for o in entry.problem.operands:
            fmt = DTYPES[o.dtype or entry.dtype]
            assert space[o.name].shape == o.shape
            assert space[o.name].tobytes() == fmt.encode(arrays.values[o.name]).tobytes(), (key(entry), o.name)


def test_entries_named_like_a_problem_of_the_catalogue_are_that_problem():
    """``results.csv`` puts their findings about threads beside the accuracy of that problem."""
    shared = 0
    for entry in REPEATED:
        row = array_rows().get(entry.function)
        for problem in row.problems if row else ():
            if problem.name == entry.problem.name:
                first, second = made(entry.problem, entry.dtype, 0), made(problem, entry.dtype, 0)
                pairs = zip(first.values.values(), second.values.values(), strict=True)
                assert all(np.array_equal(a, b) for a, b in pairs), key(entry)
                shared += 1
    assert shared >= 6


def test_threads_cells_stand_beside_the_problem():
    head = dict.fromkeys(tables.DETERMINISM_COLUMNS)
    own = head | {"spec": "determinism", "function": "sum", "dtype": "float32", "case": "c", "target": "numpy"}
    rows = [own | {"check": "threads", "status": "ok", "differs": d, "tested": 10} for d in (0, 3)]
    rows += [own | {"check": "run", "status": "ok", "differs": 5, "tested": 10}]
    rows += [own | {"check": "threads", "status": "unsupported"}]
    assert tables.threads_cells(rows) == {("sum", "float32", "c", "numpy"): {"threads_differ": 3, "threads_tested": 20}}


def test_modes_of_a_library_share_a_job():
    from reportgen.measure.specfile import read_spec

    spec = read_spec(Path(__file__).resolve().parents[1] / "specs" / "determinism.toml")
    assert spec.cases == ()
    prints = {t.name: t.name for t in spec.targets}
    jobs = determinism_jobs([spec], prints, "code")
    assert [j.targets for j in jobs] == [("numpy",), ("tensorflow", "tensorflow-graph", "tensorflow-xla")]
    assert determinism_jobs([dataclasses.replace(spec, pages=())], prints, "code") == []


# -- programs for readers ----------------------------------------------------------------------------------
def run(text, tmp_path):
    script = tmp_path / "shown.py"
    script.write_text(text)
    env = {"PYTHONPATH": str(FAKES), "PATH": "/usr/bin:/bin", "TF_CPP_MIN_LOG_LEVEL": "3", "OMP_NUM_THREADS": "1"}
    done = subprocess.run([sys.executable, str(script)], capture_output=True, text=True, env=env, timeout=300)
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


def importing(text):
    return text.replace("import numpy as np\n", "import numpy as np\nimport planted_repeats\n", 1)


def test_the_program_shows_what_was_stored(library, tmp_path):
    row = library[0]["wavering_sum"]["run", "2 threads"]
    lines = run(importing(row["snippet"]), tmp_path)
    assert lines == [f"call 1, element 0 {row['first_output']}", f"call 4, element 0 {row['second_output']}"]
    text = run_program(planted("steady_sum"), "numpy", "eager", Way(1), 0).replace("10001", "30")
    assert run(importing(text), tmp_path) == ["all 10,000 results are the same"]


def test_the_program_for_threads_shows_both_outputs(library, tmp_path):
    row = library[0]["threads_sum"]["threads", "2 threads"]
    assert run(importing(row["snippet"]), tmp_path) == [
        f"1 thread: element 0: {row['first_output']}", f"2 threads: element 0: {row['second_output']}",
    ]  # fmt: skip


def test_programs_of_every_entry_and_mode_are_python():
    for entry in REPEATED:
        for library, _ in entry.programs:
            for mode in entry.modes if library == "tensorflow" else ("eager",):
                for deterministic in (False, True) if library == "tensorflow" else (False,):
                    way = Way(2, deterministic)
                    texts = (
                        run_program(entry, library, mode, way, 0),
                        settings_program(entry, library, mode, (Way(1), way), 0, 0),
                    )
                    for text in texts:
                        compile(text, "shown", "exec")
                        assert max(map(len, text.splitlines())) < 240


# -- TensorFlow ----------------------------------------------------------------------------------------------
def test_tensorflow_modes_share_a_process_and_a_known_race_is_seen(tmp_path):
    """``math.bincount`` adds the weights of each thread's part as the parts are done."""
    pytest.importorskip("tensorflow")
    weights = next(e for e in REPEATED if e.function == "bincount" and e.dtype == "float32")
    problem = Problem("mixed-1000", "1,000 numbers", (Operand("x", "mixed", (1000,)),))
    steady = Repeated("sum", problem, (("tensorflow", "tensorflow.reduce_sum(x)"),), repeats=5)
    entries = (dataclasses.replace(weights, modes=("eager",), repeats=200), steady)
    targets = [builtin_targets()[n] for n in ("tensorflow", "tensorflow-graph", "tensorflow-xla")]
    tried = [Setting("one", Way(1)), Setting("many", Way(8))]
    rows = determinism.measure(targets, tmp_path, entries, tried)["rows"]
    plain = {(r["target"], r["check"], r["setting"]): r for r in rows if r["function"] == "sum"}
    assert {target for target, _, _ in plain} == {t.name for t in targets}
    assert all(r["status"] == "ok" and not r["differs"] for r in plain.values())
    race = {(r["check"], r["setting"]): r for r in rows if r["function"] == "bincount"}
    assert not race["run", "1 thread"]["differs"]
    assert race["run", "8 threads"]["distinct"] > 1
    lines = run(race["run", "8 threads"]["snippet"], tmp_path)
    assert lines[0].startswith("call 1, element")
    assert lines[0].split()[-1] != lines[1].split()[-1]


# -- the page ------------------------------------------------------------------------------------------------
class Stored:
    """What the page reads of a stored version."""

    def __init__(self, rows, batch=()):
        self.determinism = tables.records(tables.table(tables.DETERMINISM_COLUMNS, rows))
        self.self_agreement = list(batch)
        self.targets = [{"name": n} for n in ("numpy", "planted")]


def test_the_page_says_what_was_found(library):
    stored = Stored(json.loads(json.dumps(library[1]["rows"])))
    (said,) = page.sentences(stored)
    assert (
        "from call to call, 1 of 4 problems tried gave different results (6 calls in each process): wavering_sum"
        in said
    )
    assert "in a fresh process gave other results: process_sum (float32)." in said
    assert "(2 threads instead of 1) changes the results of 1 problem" in said
    assert said.endswith("with any one number of threads they repeat: threads_sum (float32).")
    table = page.overview(stored)
    cells = {r.cells[0].text: [c.text for c in r.cells[3:]] for r in table.rows}
    assert cells["steady_sum"] == ["same", "same", "same"]
    assert cells["wavering_sum"][0] == "2 results with 1 thread; 2 results with 2 threads"
    assert cells["threads_sum"] == ["same", "same", "differs with 2 threads"]
    assert cells["process_sum"][1] == "differs"
    assert cells["refused_sum"][0] == "refused"
    assert table.rows[0].cells[0].text in ("wavering_sum", "process_sum")
    parts = {anchor: [x.title for x in found] for anchor, _, found in page.findings(stored)}
    assert parts["calls"] == ["wavering_sum"]
    assert parts["processes"] == ["process_sum"]
    assert parts["threads"] == ["threads_sum"]
    assert "with 1 thread and 2 threads" in page.rests_on(stored)
    answered = page.lead(stored)
    assert answered.startswith("planted did not in ")
    assert "wavering_sum" in answered
    assert "process_sum" in answered
    assert "steady_sum" not in answered
    assert answered.endswith("Another number of threads changes some results of planted.")


def test_the_page_of_a_clean_library_claims_no_difference(tmp_path):
    stored = Stored(measured(tmp_path, "steady_sum")[1]["rows"])
    (said,) = page.sentences(stored)
    assert said == (
        "planted: no result changed from call to call, in 1 problem tried (6 calls in each process). No result depends "
        "on whether there is 1 thread or there are 2 threads."
    )
    assert page.findings(stored) == []


def test_the_page_says_what_deterministic_mode_does():
    rows = list(case(SAME | {"all": [1, 2], "deterministic": [1, 1]}).values())
    assert "makes sum (float32) repeat." in page.sentences(Stored(rows))[0]
    rows = list(case(SAME | {"all": [1, 2], "deterministic": [1, 2]}).values())
    assert "does not make sum (float32) repeat." in page.sentences(Stored(rows))[0]
    rows = list(case(SAME | {"deterministic": [4, 4]}).values())
    assert "changes the results of sum (float32)." in page.sentences(Stored(rows))[0]
    rows = list(case(SAME | {"deterministic": [1, 1]}).values())
    assert "gives the same bits as without it." in page.sentences(Stored(rows))[0]
    rows = list(case(SAME | {"deterministic": "UnimplementedError"}).values())
    assert "refuses sum (float32)." in page.sentences(Stored(rows))[0]
    assert page.overview(Stored(rows)).rows[0].cells[-1].text == "refused"


def test_batches_stand_beside_the_rest_and_nothing_is_said_of_nothing():
    batch = {"spec": "s", "function": "matmul", "dtype": "float32", "case": "c", "target": "numpy", "check": "batch",
             "differs": 3, "tested": 9, "max_ulp_apart": 2, "context": "2 of 8", "input": "i", "first_output": "0x1p0",
             "second_output": "0x1.8p0"}  # fmt: skip
    table = page.overview(Stored([], [batch]))
    assert [c.text for c in table.rows[0].cells] == ["matmul", "c", "numpy", "differs"]
    same = [dict(batch, target="planted", differs=0), dict(batch, target="planted", dtype="float64", differs=0)]
    assert page.of_batches(Stored([], [batch, *same])).endswith(
        "in 3 problems: other bits came out of NumPy in matmul (float32)."
    )
    assert page.of_batches(Stored([], same)).endswith("in 2 problems: the same bits in every one.")
    assert page.of_batches(Stored([])) == ""
    assert page.sentences(Stored([])) == []
    assert page.rests_on(Stored([])) == ""
    failed = determinism.failed(("planted",), "measuring ended with OSError: no space")["rows"]
    assert page.sentences(Stored(failed)) == [
        "planted: nothing could be tried (measuring ended with OSError: no space)."
    ]
