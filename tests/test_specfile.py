"""Spec files: the grammar of docs/specs.md, positions, and one line for every mistake."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reportgen.catalogue.libraries import libraries
from reportgen.catalogue.rows import all_rows
from reportgen.catalogue.targets import builtin_targets
from reportgen.core.errors import ReportgenError, SpecError
from reportgen.measure import specinputs
from reportgen.measure.positions import find_positions
from reportgen.measure.specfile import load_specs, read_spec

FLOATS = {"float16", "bfloat16", "float32", "float64"}

GOOD = """\
title = "A spec"
targets = ["numpy", "tensorflow*"]
dtypes = ["float32", "float64"]
functions = ["exp", "arcsin"]
seed = 7

[[case]]
name = "points"
function = "maximum"
inputs = { values = [["1", "nan"], ["-0", 0x1p0]] }
""".replace("0x1p0", '"0x1p0"')


def write(folder: Path, text: str, name: str = "spec.toml") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def case(inputs: str, function: str = "exp", more: str = "") -> str:
    return (
        f'title = "t"\n[[case]]\nname = "c"\nfunction = "{function}"\ndtypes = ["float32"]\n{more}\ninputs = {inputs}\n'
    )


# -- what a good spec gives ------------------------------------------------------------------------


def test_functions_times_dtypes_then_cases(tmp_path: Path) -> None:
    spec = read_spec(write(tmp_path, GOOD))
    assert [(c.function, c.dtype, c.inputs.name) for c in spec.cases] == [
        ("exp", "float32", "ordinals"),
        ("exp", "float64", "ordinals"),
        ("asin", "float32", "ordinals"),
        ("asin", "float64", "ordinals"),
        ("maximum", "float32", "points"),
        ("maximum", "float64", "points"),
    ]
    assert {c.seed for c in spec.cases} == {7}
    assert spec.cases[-1].inputs.detail == (
        ("values", (("0x1.0000000000000p+0", "nan"), ("-0x0.0p+0", "0x1.0000000000000p+0"))),
    )
    assert "numpy" in spec.cases[0].targets
    assert "numpy-avx2" not in spec.cases[0].targets
    assert [t.name for t in spec.targets] == list(spec.cases[0].targets)
    assert len(spec.sha256) == 64


def test_reductions_get_named_arrays(tmp_path: Path) -> None:
    spec = read_spec(write(tmp_path, 'title = "t"\nfunctions = ["max"]\n'))
    assert {c.inputs.source for c in spec.cases} == {"array"}
    own = read_spec(write(tmp_path, case('{ arrays = ["nan"], sizes = [3] }', "max")))
    assert own.cases[0].inputs.detail == (("arrays", ("nan",)), ("sizes", (3,)))


def test_transforms_get_named_arrays_in_complex_dtypes_too(tmp_path: Path) -> None:
    text = HEAD + '[[case]]\nname = "mine"\nfunction = "fft"\ndtypes = ["complex64"]\n'
    own = read_spec(
        write(tmp_path, text + 'inputs = { arrays = ["mixed"], sizes = [3, 1000000] }\ntargets = ["numpy"]\n')
    )
    assert own.cases[-1].inputs.detail == (("arrays", ("mixed",)), ("sizes", (3, 1000000)))


def test_arrays_for_which_the_machine_is_too_small(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    spec = case('{ arrays = ["mixed"], sizes = [10000000] }', "sum")
    read_spec(write(tmp_path, spec))
    monkeypatch.setattr(specinputs, "machine_bytes", lambda: 2 << 30)
    with pytest.raises(SpecError, match=r"need about .* in all processes, expected at most 2\.0 GiB"):
        read_spec(write(tmp_path, spec))
    monkeypatch.setattr(specinputs, "machine_bytes", lambda: None)
    read_spec(write(tmp_path, spec))


@pytest.mark.parametrize(
    ("function", "dtype", "size"),
    [
        ("sum", "float64", 2_000_000),
        ("cumsum", "float64", 1_000_000),
        ("fft", "complex64", 50_021),
        ("dct", "float32", 30_011),
    ],
)
def test_the_estimate_holds_and_is_no_wild_guess(function: str, dtype: str, size: int) -> None:
    """The peak of a process that finds the exact result of an array, before any library answers."""
    program = f"""
from reportgen.catalogue.arrayrows import array_rows
from reportgen.core.problems import Operand, Problem, made
from reportgen.oracle.arrays import finders
row = array_rows()[{function!r}]
def find(n):
    problem = Problem("p", "", (Operand("x", "mixed", (n,)),), row.spec_parameters)
    finders()[row.reference](made(problem, {dtype!r}, 0), row.pointwise)
    # Unlike ru_maxrss, this peak does not include what the parent had when it made the process.
    peak = next(line for line in open("/proc/self/status") if line.startswith("VmHWM"))
    return int(peak.split()[1]) << 10
before = find(8)
print(find({size}) - before)
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    estimate, _ = specinputs.array_bytes(size, all_rows()[function].kind, dtype, 0)
    assert estimate / 8 < int(done.stdout) < estimate


def test_everything_without_one_family(tmp_path: Path) -> None:
    spec = read_spec(write(tmp_path, 'title = "t"\nfunctions = ["*"]\nexclude = ["family:reduction"]\n'))
    rows = {row.name: row for row in all_rows().values() if row.family != "reduction" and set(row.dtypes) & FLOATS}
    assert {c.function for c in spec.cases} == set(rows)
    assert len(spec.cases) == sum(len(set(row.dtypes) & FLOATS) for row in rows.values())
    for found in spec.cases:
        lacking = {"scipy"} if rows[found.function].scipy is None else set()
        if found.kind == "gradient":
            lacking |= {"numpy", "numpy-avx2"}
        everyday = {name for name, target in builtin_targets().items() if libraries()[target.library].everyday}
        assert set(found.targets) == everyday - lacking


def test_a_dtype_makes_cases_of_the_functions_that_have_it(tmp_path: Path) -> None:
    text = 'title = "t"\nfunctions = ["exp", "floor"]\ndtypes = ["float32", "complex64"]\n'
    made = {(c.function, c.dtype) for c in read_spec(write(tmp_path, text)).cases}
    assert {("exp", "float32"), ("floor", "float32")} <= made
    assert ("floor", "complex64") not in made


def test_dtypes_that_no_function_has_are_refused(tmp_path: Path) -> None:
    with pytest.raises(SpecError, match="none of the functions is measured in complex64, expected some of float16"):
        read_spec(write(tmp_path, 'title = "t"\nfunctions = ["floor"]\ndtypes = ["complex64"]\n'))
    text = 'title = "t"\n[[case]]\nname = "c"\nfunction = "floor"\ndtypes = ["float32", "complex64"]\n'
    with pytest.raises(
        SpecError, match=r":5: case\[0\].dtypes\[1\]: floor has no complex64, expected float16, bfloat16"
    ):
        read_spec(write(tmp_path, text))


@pytest.mark.parametrize(
    ("inputs", "source", "detail"),
    [
        ("{ arange = [0, 100] }", "arange", {"arange": (0.0, 100.0, 1.0)}),
        ("{ arange = [1, 0, -0.25] }", "arange", {"arange": (1.0, 0.0, -0.25)}),
        (
            '{ interval = [0.1, 10], distribution = "log-uniform", samples = 10 }',
            "interval",
            {"intervals": ((0.1, 10.0),), "distribution": "log-uniform", "samples": 10},
        ),
        ("{ values = [-0, 1.5, 0x10, inf] }", None, {}),
        ('{ values = [-0, 1.5, "0x1p4", -inf] }', "values", {}),
        ("{ values = [16777216.0] }", "values", {"values": ("0x1.0000000000000p+24",)}),
    ],
)
def test_forms_of_inputs(tmp_path: Path, inputs: str, source: str | None, detail: dict[str, object]) -> None:
    path = write(tmp_path, case(inputs))
    if source is None:  # a bare hexadecimal integer could be a bit pattern
        with pytest.raises(SpecError, match="can be read in two ways"):
            read_spec(path)
        return
    made = read_spec(path).cases[0].inputs
    assert made.source == source
    if detail:
        assert dict(made.detail) == detail
    else:
        assert dict(made.detail)["values"] == ("-0x0.0p+0", "0x1.8000000000000p+0", "0x1.0000000000000p+4", "-inf")


def test_npy_files(tmp_path: Path) -> None:
    np.save(tmp_path / "x.npy", np.float32([0.5, np.inf, 2]))
    made = read_spec(write(tmp_path, case('{ npy = "x.npy" }'))).cases[0].inputs
    assert dict(made.detail)["npy"] == str(tmp_path / "x.npy")
    np.save(tmp_path / "x.npy", np.array([0.5, 0.1]))
    with pytest.raises(
        SpecError, match=r"spec.toml:7: case\[0\]\.inputs\.npy: element 1 is .*expected values of float32"
    ):
        read_spec(tmp_path / "spec.toml")


def test_own_targets(tmp_path: Path) -> None:
    text = """title = "t"
functions = ["exp"]
targets = ["mine", "numpy"]
[target.mine]
base = "tensorflow"
sentence = "One thread."
env = { TF_ENABLE_ONEDNN_OPTS = "0" }
options = { threads = 1 }
expect = { onednn = false }
"""
    mine = read_spec(write(tmp_path, text)).targets[0]
    assert (mine.name, mine.library, mine.mode) == ("mine", "tensorflow", "eager")
    assert dict(mine.env)["TF_ENABLE_ONEDNN_OPTS"] == "0"
    assert dict(mine.options)["threads"] == 1
    assert dict(mine.expect)["onednn"] is False


def test_the_published_specs(root: Path) -> None:
    specs = {spec.name: spec for spec in load_specs([root / "specs"])}
    assert {"question", "elementwise"} <= set(specs)
    question = specs["question"]
    assert question.pages == ("meaning",)
    assert {c.function for c in question.cases} == {"sqrt", "exp", "maximum", "max"}
    assert {"numpy", "numpy-avx2", "tensorflow-gpu", "tensorflow-xla-gpu", "tensorflow-no-onednn"} <= set(
        question.cases[0].targets
    )
    recorded = [c for c in question.cases if c.recorded]
    assert [(c.function, c.dtype) for c in recorded] == [("sqrt", "float32")]
    assert len({c.function for c in specs["elementwise"].cases}) >= 60


def test_folders_leave_out_what_is_not_default(tmp_path: Path) -> None:
    write(tmp_path, GOOD, "b.toml")
    write(tmp_path, GOOD, "a.toml")
    write(tmp_path, "default = false\n" + GOOD, "slow.toml")
    assert [spec.name for spec in load_specs([tmp_path])] == ["a", "b"]
    assert [spec.name for spec in load_specs([tmp_path / "slow.toml"])] == ["slow"]
    assert [spec.name for spec in load_specs([tmp_path, tmp_path / "a.toml"])] == ["a", "b"]


# -- positions -------------------------------------------------------------------------------------

POSITIONS = '''\
# comment with = and [brackets]
title = "x" # more
a.b."c d" = 1
long = """
[not.a.table]
key = 1
"""
raw = \'\'\'it''s
[[nor.this]]\'\'\'
list = [ # first
  1,
  [2,
   3], { k = "]}", m.n = 0x1F },
]
[t]
k = 'a#b'
[t.u]
k = "\\"] \\u0041"
[[case]]
name = "one"
[case.inputs]
arange = [0, 1]
[[case]]
name = "two"
[[case.sub]]
z = 1979-05-27 07:32:00
[[case.sub]]
z = """a""\\"""""
after = 1
'''


def test_positions_of_every_kind_of_key() -> None:
    lines = find_positions(POSITIONS).lines
    expected = {
        ("title",): 2, ("a",): 3, ("a", "b"): 3, ("a", "b", "c d"): 3, ("long",): 4, ("raw",): 8, ("list",): 10,
        ("list", 0): 11, ("list", 1): 12, ("list", 1, 0): 12, ("list", 1, 1): 13, ("list", 2): 13, ("list", 2, "k"): 13,
        ("list", 2, "m"): 13, ("list", 2, "m", "n"): 13, ("t",): 15, ("t", "k"): 16, ("t", "u"): 17,
        ("t", "u", "k"): 18,
        ("case",): 19, ("case", 0): 19, ("case", 0, "name"): 20, ("case", 0, "inputs"): 21,
        ("case", 0, "inputs", "arange"): 22, ("case", 0, "inputs", "arange", 0): 22,
        ("case", 0, "inputs", "arange", 1): 22, ("case", 1): 23, ("case", 1, "name"): 24, ("case", 1, "sub"): 25,
        ("case", 1, "sub", 0): 25, ("case", 1, "sub", 0, "z"): 26, ("case", 1, "sub", 1): 27,
        ("case", 1, "sub", 1, "z"): 28, ("case", 1, "sub", 1, "after"): 29,
    }  # fmt: skip
    assert lines == expected
    texts = find_positions(POSITIONS).texts
    assert texts["list", 2, "m", "n"] == "0x1F"
    assert texts["case", 1, "sub", 0, "z"] == "1979-05-27 07:32:00"


def test_positions_know_every_path_that_tomllib_finds(root: Path) -> None:
    import tomllib

    def paths(value: object, at: tuple[str | int, ...]) -> list[tuple[str | int, ...]]:
        items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
        return [at] * bool(at) + [path for key, item in items for path in paths(item, (*at, key))]

    files = [*root.glob("specs/*.toml"), root / "pyproject.toml"]
    for text in [POSITIONS, GOOD, POSITIONS.replace("\n", "\r\n"), *(file.read_text() for file in files)]:
        found = find_positions(text).lines
        assert set(paths(tomllib.loads(text), ())) <= set(found)
        for path, line in found.items():
            if isinstance(path[-1], str):
                assert path[-1] in text.split("\n")[line - 1]


# -- mistakes --------------------------------------------------------------------------------------

HEAD = 'title = "t"\nfunctions = ["exp"]\n'
MISTAKES = {
    "syntax": ('title = "t"\nfunctions = [\n"exp"\n]]\n', 4, "not TOML"),
    "unclosed string": ('title = "t"\nfunctions = ["exp\n', 2, "not TOML"),
    "end of document": ('title = "t"\nfunctions = ["exp",\n', 2, "not TOML"),
    "a key twice": (HEAD + 'title = "u"\n', 3, "not TOML"),
    "endless nesting": ("a = " + "[" * 5000, 1, "nested too deeply"),
    "huge integer": ("a = " + "9" * 5000, 1, "too many digits"),
    "empty": ("", 1, "no functions and no cases"),
    "only a title": ('title = "t"\n', 1, "no functions and no cases"),
    "empty array of cases": ('title = "t"\ncase = []\n', 1, "no functions and no cases"),
    "no functions in the list": ('title = "t"\nfunctions = []\n', 2, "functions: got an empty array"),
    "no title": ('functions = ["exp"]\n', 1, '"title" is missing'),
    "unknown key": (HEAD + 'dtype = ["float32"]\n', 3, 'dtype: unknown key (did you mean "dtypes"?)'),
    "unknown key in a case": (HEAD + '[[case]]\nname="a"\nfunktion = "exp"\n', 5, 'did you mean "function"?'),
    "unknown key in inputs": (case("{ arrange = [0, 1] }"), 7, 'did you mean "arange"?'),
    "unknown function": ('title = "t"\nfunctions = [\n  "exp",\n  "expp",\n]\n', 4, "did you mean 'exp"),
    "unknown alias in a case": (case("{ arange = [0, 1] }", "arksin"), 4, "did you mean 'arc"),
    "glob without a match": ('title = "t"\nfunctions = ["zz*"]\n', 2, "zz*"),
    "unknown family": ('title = "t"\nfunctions = ["family:power"]\n', 2, "did you mean 'powers'"),
    "unknown dtype": (HEAD + 'dtypes = ["float32", "flaot64"]\n', 3, 'got "flaot64" (did you mean "float64"?'),
    "dtype twice": (HEAD + 'dtypes = ["float32", "float32"]\n', 3, "twice"),
    "unknown target": (HEAD + 'targets = ["nunpy"]\n', 3, 'unknown target "nunpy" (did you mean "numpy"?)'),
    "wrong type": (HEAD + "seed = 1.5\n", 3, "seed: got 1.5, expected an integer"),
    "true is no integer": (HEAD + "seed = true\n", 3, "seed: got true, expected an integer"),
    "negative seed": (HEAD + "seed = -1\n", 3, "seed: got -1"),
    "title is a number": ("title = 3\n" + 'functions = ["exp"]\n', 1, "title: got 3, expected a string"),
    "functions is a string": ('title = "t"\nfunctions = "exp"\n', 2, 'got "exp", expected an array'),
    "a function that is no string": ('title = "t"\nfunctions = ["exp",\n 3]\n', 3, "functions[1]: got 3"),
    "unknown page": (HEAD + 'pages = ["meanings"]\n', 3, 'did you mean "meaning"?'),
    "exclude alone": (case("{ arange = [0, 1] }").replace("[[", 'exclude=["exp"]\n[[', 1), 2, "contradicts"),
    "exclude leaves nothing": (HEAD + 'exclude = ["e*"]\n', 3, "leaves none"),
    "case is a table": (HEAD + '[case]\nname = "a"\n', 3, "case: got a table, expected an array"),
    "case is a list of numbers": ('title = "t"\ncase = [1]\n', 2, "case[0]: got 1, expected a table"),
    "two names alike": (
        case("{ arange = [0, 1] }") + '[[case]]\nname = "c"\nfunction = "exp"\n', 9, "the case in line 3 has it",
    ),
    "a name that would clash": (HEAD + '[[case]]\nname = "ordinals"\nfunction = "exp"\n', 4, "ordinals"),
    "a name with a slash": (HEAD + '[[case]]\nname = "a/b"\nfunction = "exp"\n', 4, "expected letters"),
    "case without function": (HEAD + '[[case]]\nname = "a"\n', 3, '"function" is missing'),
    "two forms of inputs": (case("{ arange = [0, 1], interval = [0, 1] }"), 7, "got arange, interval together"),
    "no form of inputs": (case("{}"), 7, "got none of them"),
    "samples for an arange": (case("{ arange = [0, 1], samples = 3 }"), 7, 'contradicts "arange"'),
    "arange of one": (case("{ arange = [1] }"), 7, "expected [start, stop]"),
    "arange of words": (case('{ arange = [0, "x"] }'), 7, "arange[1]: got"),
    "empty arange": (case("{ arange = [1, 0] }"), 7, "is empty"),
    "arange without a step": (case("{ arange = [0, 1, 0] }"), 7, "is empty"),
    "huge arange": (case("{ arange = [0, 1e12] }"), 7, "asks for 1000000000000 elements, expected at most 1000000000"),
    "arange beyond the dtype": (case("{ arange = [0, 1e39, 1e38] }"), 7, "expected at most 3.40282e+38 for float32"),
    "arange between the values": (case("{ arange = [16777216, 16777220] }"), 7, "element 1 is"),
    "arange for two arguments": (case("{ arange = [0, 1] }", "atan2"), 7, "expected inputs for a function of 2"),
    "interval upside down": (case("{ interval = [1, 0] }"), 7, "expected low < high"),
    "infinite interval": (case("{ interval = [0, inf] }"), 7, "expected a finite number"),
    "interval beyond the dtype": (case("{ interval = [0, 1e40] }"), 7, "expected numbers within"),
    "one interval for two": (case("{ interval = [0, 1] }", "atan2"), 7, '"intervals" with 2 pairs'),
    "three intervals for two": (case("{ intervals = [[0,1],[0,1],[0,1]] }", "atan2"), 7, "got 3 intervals, expected 2"),
    "unknown distribution": (case('{ interval = [0, 1], distribution = "normal" }'), 7, "expected one of uniform"),
    "log of nothing": (case('{ interval = [0, 1], distribution = "log-uniform" }'), 7, "expected low > 0"),
    "no samples": (case("{ interval = [0, 1], samples = 0 }"), 7, "samples: got 0"),
    "too many samples": (case("{ interval = [0, 1], samples = 1000000001 }"), 7, "asks for 1000000001 elements"),
    "empty values": (case("{ values = [] }"), 7, "got an empty array"),
    "ambiguous value": (case('{ values = ["1",\n "0xc2781e37"] }'), 8, "values[1]: 0xc2781e37 can be read in two ways"),
    "unrepresentable value": (case("{ values = [0.1] }"), 7, "values[0]: 0.1 is not a float32 value"),
    "value of a wrong type": (case("{ values = [true] }"), 7, "got true, expected a number"),
    "a date": (case("{ values = [1979-05-27] }"), 7, "is not a number"),
    "one value for two": (case('{ values = ["1"] }', "atan2"), 7, "expected an array of 2 numbers"),
    "two values for one": (case('{ values = [["1", "2"]] }'), 7, "expected a number"),
    "absolute file": (case('{ npy = "/etc/passwd" }'), 7, "inside the folder of the spec"),
    "file above": (case('{ npy = "../x.npy" }'), 7, "inside the folder of the spec"),
    "missing file": (case('{ npy = "x.npy" }'), 7, "expected a file that exists"),
    "not an npy file": (case('{ npy = "spec.toml" }'), 7, "cannot be read as .npy"),
    "arrays for exp": (case('{ arrays = ["nan"] }'), 7, "exp is no function of whole arrays"),
    "arange for max": (case("{ arange = [0, 1] }", "max"), 7, 'expected "arrays" for a function of whole arrays'),
    "arange for fft": (case("{ arange = [0, 1] }", "rfft"), 7, 'does not fit rfft, expected "arrays"'),
    "arrays for a plane": (case('{ arrays = ["nan"] }', "rfft2"), 7, "arrays: cannot be named for rfft2, expected no"),
    "values for a plane": (case("{ values = [1] }", "rfft2"), 7, "values: cannot be named for rfft2, expected no"),
    "sizes for a product": (case("{ sizes = [3] }", "matmul"), 7, "inputs: cannot be named for matmul, expected no"),
    "arrays for a matrix": (case('{ arrays = ["mixed"] }', "inv"), 7, "arrays: cannot be named for inv, expected no"),
    "sizes as a number": (case('{ arrays = ["nan"], sizes = 7 }', "max"), 7, "sizes: got 7, expected an array"),
    "a size as text": (case('{ arrays = ["nan"], sizes = ["7"] }', "max"), 7, 'sizes[0]: got "7", expected an integer'),
    "a shape as a size": (case('{ arrays = ["nan"], sizes = [[7, 7]] }', "max"), 7, "sizes[0]: got an array of 2"),
    "unknown array": (case('{ arrays = ["nans"] }', "max"), 7, 'did you mean "nan"?'),
    "size zero": (case('{ arrays = ["nan"], sizes = [1, 0] }', "max"), 7, "sizes[1]: got 0"),
    "huge size": (case('{ arrays = ["nan"], sizes = [10000000000] }', "max"), 7, "asks for 10000000000 elements"),
    "size beyond a process": (
        case('{ arrays = ["mixed"], sizes = [7, 50000000] }', "sum"), 7,
        "sizes[1]: 50000000 elements of float32 on 10 targets need about 16.8 GiB in one process, expected at most",
    ),
    "transform beyond a process": (
        case('{ arrays = ["mixed"], sizes = [4194304] }', "rfft", more='targets = ["numpy"]'), 7,
        "4194304 elements of float32 on 1 target need about 15.7 GiB in one process",
    ),
    "recorded elsewhere": (case("{ arange = [0, 1] }", more='recorded = "../x"'), 6, "inside the folder"),
    "recorded not JSON": (case("{ arange = [0, 1] }", more='recorded = "spec.toml"'), 6, "cannot be used"),
    "target without base": (HEAD + "[target.mine]\n", 3, '"base" is missing'),
    "target of a base unknown": (HEAD + '[target.mine]\nbase = "nupmy"\n', 4, 'did you mean "numpy"?'),
    "target is built in": (HEAD + '[target.numpy]\nbase = "numpy"\n', 3, "built in"),
    "target that runs code": (
        HEAD + '[target.mine]\nbase = "numpy"\nenv = { PYTHONPATH = "/x" }\n', 5, "env.PYTHONPATH: got a variable",
    ),
    "target that loads code": (
        HEAD + '[target.mine]\nbase = "numpy"\n[target.mine.env]\nTF_PLUGGABLE_DEVICE_LIBRARY_PATH = "/"\n', 6, "got a",
    ),
    "env of numbers": (HEAD + '[target.mine]\nbase = "numpy"\nenv = { OMP_NUM_THREADS = 1 }\n', 5, "expected a string"),
    "unknown option": (HEAD + '[target.mine]\nbase = "numpy"\noptions = { thread = 1 }\n', 5, 'mean "threads"?'),
    "no threads": (HEAD + '[target.mine]\nbase = "numpy"\noptions = { threads = 0 }\n', 5, "threads: got 0"),
    "unknown expectation": (HEAD + '[target.mine]\nbase = "tensorflow"\nexpect = { gpus = true }\n', 5, 'mean "gpu"?'),
    "expectation of another": (HEAD + '[target.mine]\nbase = "numpy"\nexpect = { onednn = false }\n', 5, "unknown key"),
}  # fmt: skip


@pytest.mark.parametrize("name", MISTAKES)
def test_every_mistake_is_one_line_with_its_place(tmp_path: Path, name: str) -> None:
    text, line, fragment = MISTAKES[name]
    path = write(tmp_path, text)
    with pytest.raises(ReportgenError) as error:
        load_specs([path])
    message = str(error.value)
    assert error.value.exit_code == 2
    assert "\n" not in message
    assert message.startswith(f"{path}:{line}: "), message
    assert fragment in message


def test_recorded_values_belong_to_their_case(tmp_path: Path) -> None:
    write(
        tmp_path,
        '{"function": "sqrt", "dtype": "float32", "recorded": [{"target": "a@1", "values": [0, 1]}]}',
        "r.json",
    )
    good = case("{ arange = [0, 2] }", "sqrt", 'recorded = "r.json"')
    assert '"a@1"' in read_spec(write(tmp_path, good)).cases[0].recorded
    for text, fragment in [
        (good.replace("[0, 2]", "[0, 3]"), "holds 2 values, expected 3"),
        (good.replace('"sqrt"', '"exp"'), "holds sqrt in float32, expected exp in float32"),
        (good.replace('["float32"]', '["float64"]'), "expected sqrt in float64"),
        (good.replace("arange = [0, 2]", "interval = [0, 2]"), "contradicts its inputs"),
    ]:
        with pytest.raises(SpecError, match=re.escape(fragment)):
            read_spec(write(tmp_path, text))


def test_a_link_out_of_the_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "specs").mkdir()
    np.save(tmp_path / "x.npy", np.float32([1]))
    (tmp_path / "specs" / "x.npy").symlink_to(tmp_path / "x.npy")
    with pytest.raises(SpecError, match="inside the folder of the spec"):
        read_spec(write(tmp_path / "specs", case('{ npy = "x.npy" }')))


def test_paths_that_hold_no_spec(tmp_path: Path) -> None:
    for path, fragment in [
        (tmp_path / "nowhere", "no such file or folder"),
        (tmp_path, "no spec file"),
        ("a\0b", "no such file or folder"),
    ]:
        with pytest.raises(ReportgenError, match=fragment):
            load_specs([path])
    write(tmp_path, "default = false\n" + GOOD)
    with pytest.raises(ReportgenError, match="default = false"):
        load_specs([tmp_path])
    (tmp_path / "bytes.toml").write_bytes(b'title = "t"\nx = "\xff"\n')
    with pytest.raises(SpecError, match=r"bytes.toml:2: is not UTF-8"):
        load_specs([tmp_path / "bytes.toml"])
    with pytest.raises(SpecError, match="got the name"):
        read_spec(write(tmp_path, GOOD, "a b.toml"))


def test_specs_that_cannot_run_together(tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    first, second = write(tmp_path, GOOD), write(tmp_path / "other", GOOD)
    with pytest.raises(ReportgenError, match="is taken by"):
        load_specs([first, second])
    target = 'targets = ["mine"]\n[target.mine]\nbase = "numpy"\noptions = { threads = %d }\n'
    for i in (1, 2):
        write(tmp_path, HEAD + target % i, f"t{i}.toml")
    with pytest.raises(ReportgenError, match="defined differently"):
        load_specs([tmp_path / "t1.toml", tmp_path / "t2.toml"])


# -- anything at all -------------------------------------------------------------------------------

PIECES = [
    "[", "]", "{", "}", '"', "'''", '"""', "=", ",", ".", "\n", "#", "\\", "inf", "nan", "0x1", "1e999", "-",
    "[[case]]", "case", "target", "inputs", "values", "true", "1979-05-27",
    "\0", "\ufeff", "[target.x]", "arange", "npy",
]  # fmt: skip


@st.composite
def mutated(draw: st.DrawFn) -> str:
    text = draw(st.sampled_from([GOOD, POSITIONS, *(entry[0] for entry in MISTAKES.values() if len(entry[0]) < 2000)]))
    for _ in range(draw(st.integers(1, 4))):
        at, length = draw(st.integers(0, len(text))), draw(st.integers(0, 12))
        text = text[:at] + draw(st.sampled_from(PIECES) | st.text(max_size=4)) + text[at + length :]
    return text


@settings(max_examples=600)
@given(mutated())
def test_no_mutation_gives_a_traceback(tmp_path: Path, text: str) -> None:
    path = tmp_path / "m.toml"
    path.write_bytes(text.encode("utf-8", "surrogatepass"))
    refusal, spec = None, None
    try:
        spec = read_spec(path)
    except ReportgenError as error:
        refusal = error
    if refusal:
        assert refusal.exit_code == 2
        assert str(refusal).startswith(str(path))
        assert "\n" not in str(refusal)
    else:
        assert spec is not None
        assert spec.cases
