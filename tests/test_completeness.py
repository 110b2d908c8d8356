"""Nothing is left out: every public name of the installed libraries is measured or excluded with a reason."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from reportgen.catalogue import exclusions
from reportgen.catalogue.rows import FunctionRow, all_rows
from reportgen.catalogue.surface import CATALOGUE, EXCLUDED, MISSING, Lists, Reason, complaint, judge

WORKER = Path(__file__).resolve().parent.parent / "reportgen" / "worker"
LIBRARIES = ("numpy", "tensorflow", "scipy")
WHY = Reason("Group", "A sentence.")

Walk = dict[str, Any]


def walk_of(library: str) -> Walk:
    """The names of an installed library, found in a process of its own."""
    command = [sys.executable, "-B", str(WORKER / "surface.py"), library]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    found: Walk = json.loads(done.stdout.splitlines()[-1])
    return found


@pytest.fixture(scope="module")
def walks() -> dict[str, Walk]:
    return {library: walk_of(library) for library in LIBRARIES}


@pytest.mark.parametrize("library", LIBRARIES)
def test_every_public_name_is_measured_or_excluded(library: str, walks: dict[str, Walk]) -> None:
    lists = exclusions.lists()
    wrong = complaint(judge([walks[library]], all_rows().values(), lists), lists)
    assert not wrong, wrong


def test_the_walk_finds_what_everybody_knows(walks: dict[str, Walk]) -> None:
    kinds = {
        f"{space['name']}.{name}": kind
        for walk in walks.values()
        for space in walk["namespaces"]
        for name, kind, _ in space["names"]
    }
    known = {
        "numpy.exp": "ufunc", "numpy.round": "function", "numpy.float32": "class", "numpy.emath.sqrt": "function",
        "tensorflow.exp": "function", "tensorflow.math.special.spence": "function", "tensorflow.nn.gelu": "function",
        "tensorflow.bitwise.invert": "function", "tensorflow.cast": "function", "tensorflow.dtypes.cast": "function",
        "tensorflow.experimental.numpy.hypot": "function", "tensorflow.Tensor": "class", "scipy.special.erf": "ufunc",
    }  # fmt: skip
    assert {path: kinds.get(path) for path in known} == known
    assert not any(part.startswith("_") for path in kinds for part in path.split("."))
    assert "numpy.random" not in kinds
    assert "tensorflow.keras" not in kinds
    assert len(kinds) > 1400


def test_names_of_one_object_share_a_number(walks: dict[str, Walk]) -> None:
    numbers = {
        f"{s['name']}.{n}": number for w in walks.values() for s in w["namespaces"] for n, _, number in s["names"]
    }
    assert numbers["tensorflow.exp"] == numbers["tensorflow.math.exp"]
    assert numbers["numpy.asin"] == numbers["numpy.arcsin"]
    assert numbers["tensorflow.experimental.numpy.exp"] != numbers["tensorflow.math.exp"]


# -- planted libraries ---------------------------------------------------------------------------------
FAKE = """
import types
class Thing: pass
class Ufunc:
    nin = nout = 1
    def __call__(self, x): return x
_private = len
constant = 3
module = types.ModuleType("module")
def exp(x): return x
exponential = exp
def concatenate(x): return x
{extra}
"""
WALK = """
import json, sys
sys.path[:0] = sys.argv[1:3]
import surface
print(json.dumps(surface.walk("fakelib", ["fakelib", "fakelib.none"])))
"""


def fake_walk(folder: Path, extra: str = "", version: str = "1.0") -> Walk:
    """The walk of a planted library, by the worker's own code in a process of its own."""
    package = folder / "fakelib"
    package.mkdir(exist_ok=True)
    (package / "__init__.py").write_text(FAKE.format(extra=extra) + f"__version__ = {version!r}\n", encoding="utf-8")
    command = [sys.executable, "-B", "-c", WALK, str(WORKER), str(folder)]
    found: Walk = json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout)
    return found


def row(**calls: str) -> FunctionRow:
    return FunctionRow("exp", "exponentials", 1, "", "", calls.get("numpy"), None, "exp(x)", "exp(x)")


def fake_lists(excluded: Mapping[str, Reason], equivalent: Mapping[str, str] | None = None) -> Lists:
    kinds = {"class": Reason("Types", "A class.")}
    return Lists(excluded, equivalent or {}, kinds, {"fakelib": "1.0"})


ROWS = [row(numpy="fakelib.exp")]
CLEAN = {"fakelib.concatenate": WHY}


def test_a_clean_library_is_silent(tmp_path: Path) -> None:
    surface = judge([fake_walk(tmp_path)], ROWS, fake_lists(CLEAN))
    assert complaint(surface, fake_lists(CLEAN)) == ""
    found = {n.name: (n.status, n.kind, n.functions) for n in surface.names}
    assert found == {
        "Thing": (EXCLUDED, "class", ()), "Ufunc": (EXCLUDED, "class", ()),
        "concatenate": (EXCLUDED, "function", ()),
        "exp": (CATALOGUE, "function", ("exp",)), "exponential": (CATALOGUE, "function", ("exp",)),
    }  # fmt: skip
    assert surface.namespaces == [("fakelib", "fakelib"), ("fakelib", "fakelib.none")]


def test_an_extra_name_is_named(tmp_path: Path) -> None:
    extra = "def newfunction(x): return x\nnewufunc = Ufunc()"
    surface = judge([fake_walk(tmp_path, extra, "2.0")], ROWS, fake_lists(CLEAN))
    told = complaint(surface, fake_lists(CLEAN))
    assert [n.path for n in surface.having(MISSING)] == ["fakelib.newfunction", "fakelib.newufunc"]
    assert "fakelib 2.0 (the lists were last compared with 1.0): neither in the catalogue nor excluded:" in told
    assert "  fakelib.newfunction (function)\n  fakelib.newufunc (ufunc)" in told
    assert "exponential" not in told


def test_a_renamed_copy_is_not_taken_for_an_alias(tmp_path: Path) -> None:
    walk = fake_walk(tmp_path, "def exp_(x): return exp(x)")
    assert "fakelib.exp_" in complaint(judge([walk], ROWS, fake_lists(CLEAN)), fake_lists(CLEAN))
    lists = fake_lists(CLEAN, {"fakelib.exp_": "fakelib.exp"})
    surface = judge([walk], ROWS, lists)
    assert complaint(surface, lists) == ""
    assert next(n for n in surface.names if n.name == "exp_").via == "fakelib.exp"


def test_an_equivalent_of_nothing_measured_is_missing(tmp_path: Path) -> None:
    lists = fake_lists({}, {"fakelib.exp": "fakelib.concatenate"})
    surface = judge([fake_walk(tmp_path)], [], lists)
    assert [n.name for n in surface.having(MISSING)] == ["concatenate", "exp", "exponential"]


def test_a_stale_exclusion_is_named(tmp_path: Path) -> None:
    walk = fake_walk(tmp_path)
    gone = fake_lists({**CLEAN, "fakelib.removed": WHY})
    told = complaint(judge([walk], ROWS, gone), gone)
    assert "fakelib.removed is excluded, and this release has no such name" in told
    measured = fake_lists({**CLEAN, "fakelib.exponential": WHY})
    told = complaint(judge([walk], ROWS, measured), measured)
    assert "fakelib.exponential is excluded, and the catalogue measures it as exp" in told
    both = fake_lists(CLEAN, {"fakelib.concatenate": "fakelib.exp"})
    told = complaint(judge([walk], ROWS, both), both)
    assert "fakelib.concatenate is excluded, and said to be equivalent as well" in told


def test_another_release_may_lack_what_is_listed(tmp_path: Path) -> None:
    """A name that a later release dropped is told among the stale entries and fails nothing."""
    lists = fake_lists({**CLEAN, "fakelib.removed": WHY, "otherlib.name": WHY})
    surface = judge([fake_walk(tmp_path, version="1.1")], ROWS, lists)
    assert complaint(surface, lists) == ""
    assert [(s.path, s.gone) for s in surface.stale] == [("fakelib.removed", True)]


# -- the lists -----------------------------------------------------------------------------------------
def test_the_lists_are_names_with_reasons() -> None:
    lists = exclusions.lists()
    assert len(lists.excluded) > 700
    for path, reason in lists.excluded.items():
        assert all(part.isidentifier() for part in path.split(".")), path
        assert reason.group
        assert reason.sentence.endswith(".")
        assert len(reason.sentence) > 20
    used = {reason.group for reason in lists.excluded.values()} | {r.group for r in lists.kinds.values()}
    assert used == {reason.group for reason in exclusions.REASONS.values()} | {exclusions.SINGLE}
    assert set(lists.kinds) == {"class"}
    assert not set(lists.excluded) & set(lists.equivalent)
    assert all(reason.endswith(".") for reason in exclusions.OUTSIDE.values())


def test_a_name_twice_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    exclusions.lists.cache_clear()
    monkeypatch.setitem(exclusions.exclusions_numpy.SINGLE, "numpy.append", "Twice.")
    with pytest.raises(ValueError, match=r"numpy\.append is excluded twice"):
        exclusions.lists()
    monkeypatch.undo()
    exclusions.lists.cache_clear()


EQUAL = """
import json, os, sys, warnings
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
sys.path.insert(0, sys.argv[1])
import numpy as np
from common import resolve
warnings.simplefilter("ignore")
np.seterr(all="ignore")
pairs = json.load(sys.stdin)

def told(function, args):
    result = function(*args)
    found = np.asarray(result)
    return [found.dtype.name, found.shape, found.tobytes().hex()]

def arguments(library, dtype):
    rng = np.random.default_rng(7)
    x = np.concatenate([rng.uniform(-3, 3, 301), [0.0, -0.0, np.inf, -np.inf, np.nan, 0.5, 1.5, 2.5, -0.5, 1e-40]])
    if dtype == "bool":
        arrays = [x > 0, x[::-1] > 1]
    elif dtype.startswith("complex"):
        arrays = [(x + 1j * x[::-1]).astype(dtype), (x[::-1] - 2j * x).astype(dtype)]
    elif dtype.startswith(("int", "uint")):
        arrays = [rng.integers(0, 100, 50).astype(dtype), rng.integers(0, 100, 50).astype(dtype)]
    else:
        arrays = [x.astype(dtype), x[::-1].astype(dtype)]
    if library == "tensorflow":
        import tensorflow as tf
        arrays = [tf.constant(a) for a in arrays]
    return arrays + arrays[:1]

def dtypes_of(path):
    name = path.split(".")[-1]
    if "logical" in name:
        return ("bool",)
    if "bitwise" in name:
        return ("int32", "uint8", "int64")
    if name in ("angle", "conj", "conjugate", "imag", "real"):
        return ("complex64", "complex128")
    return ("float32", "float64")

wrong = []
for one, other in pairs:
    first, second = resolve(one), resolve(other)
    library = one.split(".")[0]
    for dtype in dtypes_of(one):
        args = arguments(library, dtype)
        for count in (1, 2, 3):
            try:
                a = told(first, args[:count])
            except Exception:
                continue
            b = told(second, args[:count])
            if a != b:
                wrong.append([one, other, dtype])
            break
        else:
            wrong.append([one, other, "refuses " + dtype])
print("WRONG" + json.dumps(wrong))
"""


def differing(pairs: list[tuple[str, str]]) -> list[list[str]]:
    """The pairs of paths whose results are not the same, bit for bit, with the dtype."""
    done = subprocess.run(
        [sys.executable, "-B", "-c", EQUAL, str(WORKER)], input=json.dumps(pairs), capture_output=True, text=True,
        timeout=300, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-2000:]
    found: list[list[str]] = json.loads(done.stdout.split("WRONG", 1)[1])
    return found


def test_what_is_said_to_be_equivalent_gives_the_same_bits() -> None:
    assert differing(list(exclusions.lists().equivalent.items())) == []


def test_two_functions_that_differ_are_found_out() -> None:
    planted = [
        ("numpy.rint", "numpy.trunc"),
        ("numpy.sin", "numpy.sin"),
        ("tensorflow.math.sin", "tensorflow.math.tan"),
    ]
    found = differing(planted)
    assert {(one, other) for one, other, _ in found} == {planted[0], planted[2]}


def test_the_pair_of_divmod_is_what_the_exclusion_says() -> None:
    """numpy.divmod is excluded because its parts are those of two functions that are measured."""
    rng = np.random.default_rng(11)
    edge = [0.0, -0.0, 1.0, -1.0, np.inf, -np.inf, np.nan, 5e-324, 1e-310, 1.5, -2.5, 1e300]
    pairs = np.array([(x, y) for x in edge for y in edge]).T
    drawn = rng.uniform(-50, 50, (2, 4000))
    for dtype in (np.float16, np.float32, np.float64):
        for x, y in (pairs, drawn, np.round(drawn)):
            with np.errstate(all="ignore"):
                args = x.astype(dtype), y.astype(dtype)
                quotient, rest = np.divmod(*args)
                assert quotient.tobytes() == np.floor_divide(*args).tobytes()
                assert rest.tobytes() == np.remainder(*args).tobytes()
    for dtype in (np.int8, np.int64, np.uint16):
        args = tuple(rng.integers(1, 100, (2, 500)).astype(dtype))
        quotient, rest = np.divmod(*args)
        assert np.array_equal(quotient, np.floor_divide(*args))
        assert np.array_equal(rest, np.remainder(*args))
