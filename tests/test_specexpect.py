"""``[[expect]]`` in spec files: what is read, and that every mistake is one line with its place."""

from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path

import pytest

from reportgen.core import limits
from reportgen.core.errors import ReportgenError
from reportgen.core.gates import judge
from reportgen.core.model import Expect
from reportgen.measure.selection import narrow
from reportgen.measure.specexpect import KEYS
from reportgen.measure.specfile import load_specs, read_spec
from tests.test_gates import AGREEING, CLEAN, document

HEAD = """title = "t"
targets = ["numpy", "tensorflow", "tensorflow-xla"]
dtypes = ["float32", "float64"]
functions = ["exp", "sqrt", "atan2"]

[[case]]
name = "near-one"
function = "log"
inputs = { arange = [1, 5] }
"""
LINE = HEAD.count("\n") + 2
"""The line of the first ``[[expect]]``, after an empty one."""

RECORDED = {
    "function": "sqrt", "dtype": "float32", "inputs": "", "recorded": [{"target": "numpy@1.13.1", "values": [0, 1]}],
}  # fmt: skip


def write(folder: Path, *entries: str, head: str = HEAD) -> Path:
    path = folder / "spec.toml"
    path.write_text(head + "".join(f"\n[[expect]]\n{entry}\n" for entry in entries), encoding="utf-8")
    return path


def read(folder: Path, *entries: str, head: str = HEAD) -> tuple[Expect, ...]:
    return read_spec(write(folder, *entries, head=head)).expects


def bounds(expect: Expect) -> dict[str, Fraction | None]:
    return {x.what: x.bound for x in expect.limits if not x.implied}


def test_what_an_expectation_selects(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    first, second = read(
        Path(),
        'functions = ["arctan2", "s*"]\ndtypes = ["*32"]\ntargets = ["tensorflow*"]\npaths = ["body"]\n'
        'regimes = ["normal", "sub*"]\nmax_ulp = 4\nreason = """why\nnot"""',
        "max_ulp = 4\noptional = true",
    )
    assert (first.spec, first.file, first.line) == ("spec", "spec.toml", LINE)
    assert first.functions == ("sqrt", "atan2")
    assert (first.dtypes, first.targets) == (("float32",), ("tensorflow", "tensorflow-xla"))
    assert (first.paths, first.regimes, first.reason) == (("body",), ("normal", "sub*"), "why not")
    assert set(second.functions) == {"exp", "sqrt", "atan2", "log"}
    assert second.targets == ("numpy", "tensorflow", "tensorflow-xla")
    assert (second.cases, second.regimes, second.metrics, second.optional) == (("*",), ("all",), (), True)
    assert second.line == LINE + 10


def test_a_file_elsewhere_is_named_without_its_folder(tmp_path: Path) -> None:
    assert read(tmp_path, "max_ulp = 4")[0].file == "spec.toml"


@pytest.mark.parametrize(
    ("written", "exact"),
    [
        ("4", Fraction(4)),
        ("0.1", Fraction(1, 10)),
        ("1e-30", Fraction(1, 10**30)),
        ('"0x1.8p-1"', Fraction(3, 4)),
        ('"0x1.00000000000000000000001p0"', 1 + Fraction(1, 16**23)),
        ('"1/3"', Fraction(1, 3)),
        ('" 2.5e-3 "', Fraction(1, 400)),
        ("0", Fraction(0)),
    ],
)
def test_numbers_are_read_exactly(tmp_path: Path, written: str, exact: Fraction) -> None:
    (found,) = read(tmp_path, f"max_ulp = {written}")
    assert bounds(found) == {"max_ulp": exact}


def test_shares_words_and_what_errors_imply(tmp_path: Path) -> None:
    found = read(
        tmp_path,
        "correctly_rounded = true\nfaithfully_rounded = true",
        'correctly_rounded = "999/1000"',
        'max_ulp = 1\nspecial_mismatches = "any"',
        'status = "ok"\nspecial = true\nsentences = ["*NaN*"]',
        'agree = ["numpy", "tensorflow*"]\nequal = true\nnan_differs = "any"',
        'agree = ["numpy", "tensorflow"]\nmax_distance = 2',
    )
    assert bounds(found[0]) == {"correctly_rounded": 1, "faithfully_rounded": 1}
    assert [x.what for x in found[0].limits if x.implied] == ["special_mismatches"]
    assert bounds(found[1]) == {"correctly_rounded": Fraction(999, 1000)}
    assert not any(x.implied for x in found[1].limits + found[2].limits + found[3].limits + found[4].limits)
    assert bounds(found[2]) == {"max_ulp": 1, "special_mismatches": None}
    assert found[3].sentences == ("*NaN*",)
    assert found[4].agree == ("numpy", "tensorflow", "tensorflow-xla")
    assert [(x.what, x.implied) for x in found[5].limits] == [("max_distance", False), ("nan_differs", True)]
    assert [limits.expected_words(x) for x in found[0].limits] == [
        "all correctly rounded", "all faithfully rounded", "none",
    ]  # fmt: skip


def test_values_printed_elsewhere_are_meant_only_where_they_are_named(tmp_path: Path) -> None:
    (tmp_path / "r.json").write_text(json.dumps(RECORDED))
    head = 'title = "t"\ntargets = ["numpy"]\n[[case]]\nname = "a"\nfunction = "sqrt"\ndtypes = ["float32"]\n'
    head += 'inputs = { arange = [0, 2] }\nrecorded = "r.json"\n'
    every, old, pair = read(
        tmp_path,
        'targets = ["*"]\nmax_ulp = 1',
        'targets = ["numpy@* (recorded)"]\nmax_ulp = 1',
        'agree = ["numpy", "numpy@1.13.1 (recorded)"]\nequal = true',
        head=head,
    )
    assert every.targets == ("numpy",)
    assert old.targets == ("numpy@1.13.1 (recorded)",)
    assert pair.agree == ("numpy", "numpy@1.13.1 (recorded)")


MISTAKES: dict[str, tuple[str, int, str]] = {
    "no table": ("", 0, 'expect[0]: nothing is expected, expected a limit such as "max_ulp = 4"'),
    "unknown key": ("max_ulps = 4", 1, 'max_ulps: unknown key (did you mean "max_ulp"?)'),
    "unknown function": ('functions = ["exq"]\nmax_ulp = 4', 1, "functions[0]: unknown function 'exq'"),
    "function of another spec": (
        'functions = ["exp", "tan"]\nmax_ulp = 4', 1, 'functions[1]: "tan" matches no case of this spec, expected some',
    ),
    "dtype": ('dtypes = ["float23"]\nmax_ulp = 4', 1, 'matches no case of this spec (did you mean "float32"?)'),
    "dtype that is not measured": ('dtypes = ["float16"]\nmax_ulp = 4', 1, '"float16" matches no case of this spec'),
    "target": ('targets = ["nunpy"]\nmax_ulp = 4', 1, '(did you mean "numpy"?)'),
    "target glob": ('targets = ["scipy*"]\nmax_ulp = 4', 1, '"scipy*" matches no target of the cases meant'),
    "case": ('cases = ["near-two"]\nmax_ulp = 4', 1, '(did you mean "near-one"?)'),
    "path": ('paths = ["bodies"]\nmax_ulp = 4', 1, 'paths[0]: got "bodies" (did you mean "body"?)'),
    "regime": ('regimes = ["subnormal"]\nmax_ulp = 4', 1, "expected some of all, special, overflow-edge"),
    "metric": ('metrics = ["ulps"]\nmax_ulp = 4', 1, '(did you mean "ulp"?)'),
    "not an array": ('functions = "exp"\nmax_ulp = 4', 1, 'got "exp", expected an array'),
    "empty array": ("functions = []\nmax_ulp = 4", 1, "got an empty array"),
    "negative": ("max_ulp = -1", 1, "max_ulp: got -1, expected a number that is not negative"),
    "negative zero and a bit": ('max_ulp = "-0x1p-9"', 1, "expected a number that is not negative"),
    "a word": ('max_ulp = "four"', 1, 'got "four", expected a number such as'),
    "a bare hexadecimal": ('max_ulp = "0x4"', 1, "expected a number such as"),
    "nan": ("max_ulp = nan", 1, "expected a number such as"),
    "infinite": ("max_ulp = inf", 1, "expected a number such as"),
    "huge": ("max_ulp = 1e400", 1, "expected a number of at most 2^1023"),
    "enormous": ("max_ulp = 1e99999999", 1, "expected a number"),
    "division by zero": ('max_ulp = "1/0"', 1, "expected a number such as"),
    "true": ("max_ulp = true", 1, "got true, expected a number"),
    "any": ('max_ulp = "any"', 1, 'got "any", expected a number'),
    "half a mismatch": ("special_mismatches = 0.5", 1, "expected a whole number"),
    "share above one": ("correctly_rounded = 1.5", 1, "expected a share above 0"),
    "no share": ("correctly_rounded = 0", 1, "expected a share above 0"),
    "a share of false": ("correctly_rounded = false", 1, "got false, expected true"),
    "status": ('status = "failed"', 1, 'got "failed", expected "ok"'),
    "special": ("special = 1", 1, "got 1, expected true"),
    "sentences alone": ('sentences = ["*"]\nmax_ulp = 4', 1, 'expected "special = true" beside it'),
    "unknown rule": ('functions = ["exp"]\nspecial = true\nsentences = ["no such*"]', 3, "matches no rule"),
    "special in cases": ('special = true\ncases = ["near-one"]', 2, "special cases belong to no case"),
    "mean above the maximum": ("max_ulp = 1\nmean_ulp = 2", 2, 'mean_ulp: contradicts "max_ulp", which is smaller'),
    "faithful below correct": (
        'correctly_rounded = true\nfaithfully_rounded = "1/2"', 2, "of which each is faithful, expected all or more",
    ),
    "equal with a distance": (
        'agree = ["numpy", "tensorflow"]\nequal = true\nmax_distance = 1', 3, "which allows no difference",
    ),
    "agreement of one": ('agree = ["numpy"]\nequal = true', 1, "got numpy alone, expected two targets at least"),
    "agreement without a limit": ('agree = ["numpy", "tensorflow"]', 0, 'expected a limit such as "equal = true"'),
    "agreement, paths": ('agree = ["numpy", "tensorflow"]\nequal = true\npaths = ["body"]', 3, 'paths: contradicts'),
    "agreement with a maximum": ('agree = ["numpy", "tensorflow"]\nmax_ulp = 4', 2, "bounds one target"),
    "equal without agree": ("equal = true", 1, 'compares targets, expected "agree" too'),
    "optional in words": ('max_ulp = 4\noptional = "yes"', 2, "expected true or false"),
    "a reason of nothing": ('max_ulp = 4\nreason = " "', 2, "got an empty string"),
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
    assert message.startswith(f"{path}:{LINE + line}: expect[0]"), message
    assert fragment in message


def test_agreement_of_targets_that_share_no_case(tmp_path: Path) -> None:
    head = HEAD + 'targets = ["numpy"]\n[[case]]\nname = "x"\nfunction = "log"\ntargets = ["tensorflow"]\n'
    with pytest.raises(ReportgenError, match=r"no case is measured on two of numpy, tensorflow"):
        read(tmp_path, 'functions = ["log"]\nagree = ["numpy", "tensorflow"]\nequal = true', head=head)


def test_problems_of_arrays_may_be_named(tmp_path: Path) -> None:
    head = 'title = "t"\ntargets = ["numpy"]\nfunctions = ["sum"]\n'
    assert read(tmp_path, 'cases = ["mixed-*"]\nbound_ratio = 1', head=head)[0].cases == ("mixed-*",)


def test_options_leave_out_what_they_leave_nothing_of(tmp_path: Path) -> None:
    spec = read_spec(
        write(
            tmp_path,
            'functions = ["exp"]\nmax_ulp = 1',
            'targets = ["tensorflow*"]\nmax_ulp = 1',
            'agree = ["numpy", "tensorflow"]\nequal = true',
            'cases = ["near-one"]\nmax_ulp = 1',
        )
    )
    left = lambda targets, only: [x.left_out for x in narrow([spec], targets, only)[0][0].expects]  # noqa: E731
    assert left(None, ()) == [False, False, False, False]
    assert left(None, ("sqrt",)) == [True, False, False, True]
    assert left(("numpy",), ()) == [False, True, True, False]
    assert left(("numpy", "tensorflow"), ("log",)) == [True, False, False, False]


def test_the_seed_question_would_have_caught_the_roots_of_2017(root: Path) -> None:
    """Were TensorFlow of today to give what TensorFlow 1.2.0 printed, or were its maxima others than NumPy's."""
    expects = read_spec(root / "specs" / "question.toml").expects
    row = CLEAN | {"spec": "question", "case": "arange-100", "target": "tensorflow", "samples": 100}
    as_printed = {"max_ulp": 2.1369, "correctly_rounded": 44}
    agreeing = AGREEING | {"spec": "question", "function": "maximum", "case": "maximum-specials"}
    for planted, expected in (({"correctly_rounded": 100}, []), (as_printed, ["correctly_rounded"])):
        found = judge(document([row | planted], [agreeing]), [x for x in expects if "sqrt" in x.functions or x.agree])
        assert [r["what"] for r in found if r["holds"] is False] == expected
    found = judge(document([row], [agreeing | {"equal": 999}]), [x for x in expects if x.agree])
    assert [r["what"] for r in found if r["holds"] is False] == ["equal"]


def test_every_limit_is_a_key_and_has_words() -> None:
    for what in (*limits.ONE_TARGET, *limits.TWO_TARGETS):
        assert what in KEYS
        assert limits.title(what) != what or what in ("equal", "status")


def test_every_key_is_documented(root: Path) -> None:
    text = (root / "docs" / "specs.md").read_text(encoding="utf-8")
    missing = [key for key in KEYS if f"`{key}`" not in text]
    assert not missing
