"""The catalogue of functions: complete, consistent, findable, and about functions that really exist."""

from __future__ import annotations

import importlib
import json
import math
import subprocess
import sys
from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest

from reportgen.catalogue import critical, rows
from reportgen.catalogue.critical import critical_values, nearest, parse_critical
from reportgen.catalogue.rows import FAMILIES, FunctionRow, all_rows, lookup, select
from reportgen.core.calls import parse_call
from reportgen.core.errors import RequestError
from reportgen.core.floats import FLOAT_DTYPES, FORMATS
from reportgen.oracle.namespace import parse

EVERY = list(all_rows().values())
ROWS = [row for row in EVERY if row.mpmath and row.kind != "cast"]
"""Rows that have a meaning for real numbers; the others have tables of their own."""
CALLED = [row for row in ROWS if row.kind != "expression"]
"""Rows that are one call of a library; expressions are programs, which ``test_expressions.py`` runs."""
ELEMENTWISE = [row for row in ROWS if row.kind == "elementwise"]


def resolve(path: str) -> object:
    """The object at the dotted path of a call, modules imported as needed."""
    parts = parse_call(path).path.split(".")
    found: object = importlib.import_module(parts[0])
    for part in parts[1:]:
        found = getattr(found, part)
    return found


def faults(row: FunctionRow) -> list[str]:
    """What is inconsistent about a row; empty for a sound one."""
    found = []
    if row.numpy is None and row.tensorflow is None and row.scipy is None:
        found.append("no library has it")
    if row.arity not in (1, 2, 3) or len(row.typical) != row.arity:
        found.append("typical intervals do not fit the arity")
    if any(not low < high for low, high in row.typical):
        found.append("an empty typical interval")
    if row.kind == "elementwise" and len(row.critical) != row.arity:
        found.append("critical points do not fit the arity")
    if row.parity not in (None, "odd", "even") or row.result not in ("same", "bool"):
        found.append("unknown parity or result")
    if any(not low < high or way not in (1, -1) for low, high, way in row.monotone):
        found.append("a bad interval of monotonicity")
    if not row.specials or any(not (s.sentence.endswith(".") and s.source) for s in row.specials):
        found.append("special cases without sentence or source")
    if not (row.sentence.endswith(".") and row.domain):
        found.append("no sentence or domain")
    return found


def test_every_row_is_sound() -> None:
    assert {row.name: faults(row) for row in ROWS if faults(row)} == {}


@pytest.mark.parametrize(
    "change",
    [
        {"typical": ((1.0, 1.0),)}, {"critical": ()}, {"parity": "both"}, {"monotone": ((1.0, 0.0, 1),)},
        {"specials": ()}, {"sentence": ""}, {"numpy": None, "tensorflow": None}, {"arity": 2},
    ],
)  # fmt: skip
def test_an_unsound_row_is_noticed(change: dict[str, object]) -> None:
    assert faults(replace(lookup("exp"), **change))


def test_at_least_sixty_functions_are_shared() -> None:
    shared = [row for row in ELEMENTWISE if row.shared]
    assert len(shared) >= 60
    assert {row.arity for row in shared} >= {1, 2}
    # Also without those that answer true or false, the elementwise core stands.
    assert len([row for row in shared if row.result == "same"]) >= 50


def test_names_and_aliases_are_unique() -> None:
    words = [word for row in EVERY for word in (row.name, *row.aliases)]
    assert len(words) == len(set(words))
    assert {row.family for row in EVERY} == set(FAMILIES)


def test_a_name_and_its_alias_are_the_same_row() -> None:
    known = {"arcsin": "asin", "arctan2": "atan2", "pow": "power", "mod": "remainder", "amax": "max"}
    for alias, name in known.items():
        assert lookup(alias) is lookup(name) is all_rows()[name]
    assert lookup(" exp ").name == "exp"


def test_an_unknown_name_is_answered_with_the_nearest() -> None:
    with pytest.raises(RequestError, match=r"unknown function 'sqrtt'; did you mean 'sqrt'\?"):
        lookup("sqrtt")
    with pytest.raises(RequestError, match=r"'zzzzzz'$"):
        lookup("zzzzzz")
    with pytest.raises(RequestError, match=r"unknown family 'trigonometry'; did you mean 'trigonometric'\?"):
        select(["family:trigonometry"])
    with pytest.raises(RequestError, match="no function matches"):
        select(["nothing*"])


def test_selection_takes_names_aliases_globs_and_families() -> None:
    assert [row.name for row in select(["arcsin", "exp"])] == ["exp", "asin"]
    assert {"asin", "asinh"} <= {row.name for row in select(["asin*"])}
    assert {row.name for row in select(["arcs*"])} == {"asin", "asinh"}
    assert {"max", "min", "sum", "mean"} < {row.name for row in select(["family:reduction"])}
    assert select(["*"]) == EVERY
    everything_else = select(["*"], exclude=["family:reduction", "arcsin"])
    assert len(everything_else) == len(EVERY) - 1 - len(select(["family:reduction"]))
    with pytest.raises(RequestError):
        select(["*"], exclude=["no_such_function"])


def test_every_expression_is_in_the_namespace_of_the_oracle() -> None:
    for row in ROWS:
        for text in (row.mpmath, row.arb):
            parse(text)
    with pytest.raises(Exception, match="not in the oracle's namespace"):
        parse("system(x)")


def test_numpy_has_every_function_named() -> None:
    for row in CALLED:
        if row.numpy:
            assert callable(resolve(row.numpy)), row.name
            # A function of this arity accepts that many float32 arrays of finite numbers.
            args = [np.array([0.5, 0.25], np.float32)] * row.arity
            with np.errstate(invalid="ignore"):
                resolve(row.numpy)(*args)
    with pytest.raises(AttributeError):
        resolve("numpy.no_such_function")


def test_a_function_that_is_missing_really_is_missing_in_numpy() -> None:
    for row in ROWS:
        if row.numpy is None:
            assert not any(hasattr(np, word) for word in (row.name, *row.aliases)), row.name


TENSORFLOW = """
import json, os, sys
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
import tensorflow as tf
def look(path):
    found = tf
    for part in path.split(".")[1:]:
        found = getattr(found, part, None)
    return found
answer = {}
for name, path, keywords, arity, words in json.load(sys.stdin):
    if path is None:
        places = (tf, tf.math, tf.experimental.numpy)
        answer[name] = "absent" if not any(hasattr(p, w) for p in places for w in words) else "present"
        continue
    found = look(path)
    try:
        result = found(*[tf.constant([0.5, 0.25], tf.float64)] * arity, **dict(keywords))
        answer[name] = tf.convert_to_tensor(result).dtype.name
    except Exception as error:
        answer[name] = "%s: %s" % (type(error).__name__, str(error)[:100])
print("ANSWER" + json.dumps(answer))
"""


def test_tensorflow_has_every_function_named() -> None:
    calls = [parse_call(row.tensorflow) if row.tensorflow else None for row in CALLED]
    request = [
        [row.name, call and call.path, call.keywords if call else (), row.arity, [row.name, *row.aliases]]
        for row, call in zip(CALLED, calls, strict=True)
    ]
    request.append(["planted", "tensorflow.math.no_such_function", (), 1, []])
    done = subprocess.run(
        [sys.executable, "-c", TENSORFLOW], input=json.dumps(request), capture_output=True, text=True, timeout=300
    )
    assert done.returncode == 0, done.stderr[-2000:]
    answer = json.loads(done.stdout.split("ANSWER", 1)[1])
    assert answer.pop("planted").startswith("TypeError")
    expected = {}
    for row in CALLED:
        expected[row.name] = "absent" if row.tensorflow is None else "bool" if row.result == "bool" else "float64"
    # tf.experimental.numpy.angle of a real float64 array is float32: where() of two Python numbers.
    assert {name for name, got in answer.items() if got != expected[name]} == {"angle"}
    assert answer["angle"] == "float32"


def test_importing_the_catalogue_is_cheap() -> None:
    code = (
        "import sys, time; start = time.process_time()\n"
        "from reportgen.catalogue.rows import all_rows; all_rows()\n"
        "spent = time.process_time() - start\n"
        "heavy = {'numpy', 'mpmath', 'gmpy2', 'flint', 'tensorflow', 'matplotlib'} & set(sys.modules)\n"
        "print(spent, sorted(heavy))"
    )
    tries = [subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True) for _ in range(5)]
    texts = [done.stdout.split(None, 1) for done in tries]
    assert {text[1].strip() for text in texts} == {"[]"}
    assert min(float(text[0]) for text in texts) < 0.5, "something heavy is done at import"


# -- critical points ---------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1", Fraction(1)), ("-0.5", Fraction(-1, 2)), ("0x1.8p-3", Fraction(3, 16)), ("2^-24", Fraction(1, 2**24)),
        ("3/2", Fraction(3, 2)), ("1e22", Fraction(10**22)),
        ("6381956970095103*2^797", Fraction(6381956970095103 * 2**797)),
        ("max", Fraction((2**24 - 1) * 2**104)), ("-min_subnormal", Fraction(-1, 2**149)),
        ("max/2", Fraction((2**24 - 1) * 2**103)),
        ("1/max", Fraction(1, (2**24 - 1) * 2**104)),
    ],
)  # fmt: skip
def test_critical_points_are_read_exactly(text: str, expected: Fraction) -> None:
    assert parse_critical(text, FORMATS["float32"]) == expected


@pytest.mark.parametrize("text", ["", "tau", "2**3", "pi+1", "pi*", "__import__", "1 2"])
def test_text_outside_the_language_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r".*"):
        parse_critical(text, FORMATS["float32"])


def test_constants_are_good_to_sixty_digits() -> None:
    gmpy2 = pytest.importorskip("gmpy2")
    with gmpy2.context(precision=300):
        truth = {
            "pi": gmpy2.const_pi(), "e": gmpy2.exp(1), "ln2": gmpy2.const_log2(),
            "sqrt2": gmpy2.sqrt(2), "sqrt3": gmpy2.sqrt(3),
        }  # fmt: skip
        for name, value in critical.CONSTANTS.items():
            assert abs(gmpy2.mpq(value) - truth[name]) < gmpy2.mpfr("1e-60"), name


def test_rounding_to_a_format_is_to_nearest() -> None:
    half = FORMATS["float16"]
    assert nearest(Fraction(1) + Fraction(1, 2**11), half) == 1.0
    assert nearest(Fraction(1) + Fraction(1, 2**11) + Fraction(1, 2**80), half) == 1.0 + 2.0**-10
    assert nearest(Fraction(10) ** 400, half) == math.inf
    assert nearest(critical.CONSTANTS["pi"], FORMATS["float64"]) == math.pi
    assert nearest(critical.CONSTANTS["pi"], FORMATS["float32"]) == float(np.float32(math.pi))


@pytest.mark.parametrize("dtype", FLOAT_DTYPES)
def test_critical_values_belong_to_the_dtype_and_have_their_neighbours(dtype: str) -> None:
    fmt = FORMATS[dtype]
    for row in ELEMENTWISE:
        columns = critical_values(row, dtype)
        assert len(columns) == row.arity
        for column in columns:
            assert len(column)
            assert fmt.is_representable(column).all()
            assert np.isfinite(column).all()
            ordinals = fmt.ordinal(column)
            assert (np.diff(ordinals) >= 0).all()
            assert len({float(v).hex() for v in column}) == len(column)
    one = critical_values(lookup("log"), dtype)[0]
    step = 2.0 ** (1 - fmt.p)
    for near in (1 - step, 1 - step / 2, 1.0, 1 + step, 1 + 3 * step):
        assert near in one


def test_points_outside_a_format_are_left_out() -> None:
    small, large = critical_values(lookup("exp"), "float16")[0], critical_values(lookup("exp"), "float64")[0]
    assert 709.782712893384 in large
    assert np.abs(small).max() == FORMATS["float16"].max_finite
    assert -0.0 in small
    assert np.signbit(small[small == 0]).tolist() == [True, False]


def test_a_multiple_of_pi_is_not_a_multiple_of_a_rounded_pi() -> None:
    exact = nearest(parse_critical("3*pi", FORMATS["float64"]), FORMATS["float64"])
    assert exact != 3 * math.pi or exact == 9.42477796076938
    assert abs(Fraction(exact) - 3 * critical.CONSTANTS["pi"]) <= Fraction(math.ulp(exact)) / 2


def test_families_are_modules_of_this_package() -> None:
    for family in FAMILIES:
        module = importlib.import_module(f"{rows.__package__}.{family}")
        assert all(row.family == family for row in module.ROWS)
