"""Functions of two and three arguments: tables without holes, points where it hurts, and the whole measurement."""

from __future__ import annotations

import dataclasses
import itertools
import json
import math
from pathlib import Path

import numpy as np
import pytest

from reportgen.catalogue.patterns import fits, outcome
from reportgen.catalogue.rows import FunctionRow, all_rows
from reportgen.catalogue.specials import EXAMPLE_LIMIT, examples, resolve_specials
from reportgen.core import sampling
from reportgen.core.errors import RequestError
from reportgen.core.floats import FORMATS
from reportgen.core.model import Case, InputSpec, TargetSpec
from reportgen.measure import elementwise
from reportgen.measure.bench import Bench
from reportgen.measure.inputs import inputs_of
from reportgen.measure.selection import one_input
from reportgen.oracle.cache import CachedOracle
from reportgen.oracle.enclosure import enclose

ROWS = {name: row for name, row in all_rows().items() if row.family == "parametric"}
FAKES = Path(__file__).resolve().parent / "fakes"


# -- tables ----------------------------------------------------------------------------------------------------
def in_domain(name: str, values: tuple[float, ...]) -> bool:
    """Whether the function is a finite number other than 0 there, written out from its definition."""
    if not all(map(math.isfinite, values)):
        return False
    whole = [v == math.floor(v) for v in values]
    first, *_, last = values
    if name in ("igamma", "igammac"):
        return first > 0 and last > 0
    if name == "betainc":
        return first > 0 and values[1] > 0 and 0 < last < 1
    if name == "zeta":
        return first > 1 and (last > 0 or (whole[0] and not whole[1]))
    return whole[0] and first >= 0 and not (last <= 0 and whole[1])


def grid(row: FunctionRow, dtype: str) -> tuple[np.ndarray, ...]:
    fmt = FORMATS[dtype]
    sizes = [0.0, fmt.min_subnormal, 0.5, 1.0, 1.5, 2.0, 3.0, 100.0, fmt.max_finite, math.inf]
    values = [math.nan, *sizes, *(-v for v in sizes)]
    return tuple(np.array(c) for c in zip(*itertools.product(values, repeat=row.arity), strict=True))


def holes(row: FunctionRow, dtype: str = "float64") -> list[tuple[float, ...]]:
    """Points that the table leaves open outside the domain, or takes from the oracle inside it."""
    args = grid(row, dtype)
    decided = resolve_specials(row, args, FORMATS[dtype]).decided
    tuples = zip(*(a.tolist() for a in args), strict=True)
    return [v for v, done in zip(tuples, decided.tolist(), strict=True) if done == in_domain(row.name, v)]


@pytest.mark.parametrize("name", ROWS)
@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_the_table_decides_what_is_outside_the_domain_and_nothing_else(name: str, dtype: str) -> None:
    assert holes(ROWS[name], dtype) == []


@pytest.mark.parametrize("name", ROWS)
def test_a_table_without_one_of_its_rules_is_noticed(name: str) -> None:
    row = ROWS[name]
    covered = 0
    for index in range(len(row.specials)):
        rest = dataclasses.replace(row, specials=row.specials[:index] + row.specials[index + 1 :])
        args = grid(row, "float64")
        full, less = (resolve_specials(r, args, FORMATS["float64"]) for r in (row, rest))
        same = (full.value == less.value) | (np.isnan(full.value) & np.isnan(less.value))
        same &= np.signbit(full.value) == np.signbit(less.value)
        # A rule may repeat what a later one says; it must say something of its own all the same.
        assert not (same & (full.decided == less.decided)).all() or row.specials[index].then == "nan"
        covered += not (same & (full.decided == less.decided)).all()
    assert covered > len(row.specials) // 2


@pytest.mark.parametrize("name", [*ROWS, "clip"])
def test_every_rule_has_a_few_examples(name: str) -> None:
    row = all_rows()[name]
    for rule in row.specials:
        found = examples(rule, "float32", row)
        assert 1 <= len(found) <= EXAMPLE_LIMIT
        assert all(len(values) == row.arity for values in found)


def test_the_values_in_the_tables_are_the_limits_of_the_function_beside_them() -> None:
    """Each rule with a finite result against the oracle a little way inside the domain."""
    tiny, huge = 2.0**-900, 2.0**900
    beside = {0.0: tiny, math.inf: huge}
    checked = 0
    for name, row in ROWS.items():
        args = grid(row, "float64")
        said = resolve_specials(row, args, FORMATS["float64"])
        for i in np.flatnonzero(said.decided & np.isfinite(said.value)).tolist():
            point = tuple(float(a[i]) for a in args)
            # One argument at an end, the others of usual size; 1 has no neighbour that is as much nearer.
            if not all(v in beside or 0.5 <= v <= 100 for v in point) or (name == "betainc" and point[2] == 1.0):
                continue
            moved = tuple(np.array([beside.get(v, v)]) for v in point)
            if len({v for v in point if v in beside}) > 1 or not in_domain(name, tuple(float(m[0]) for m in moved)):
                continue
            y = enclose(row, moved, "float64")
            if not y.undecided[0]:
                value = math.ldexp(float(y.hi[0]), max(-1000, min(1000, int(y.exp2[0]))))
                assert value == pytest.approx(float(said.value[i]), abs=1e-9), (name, point)
                checked += 1
    assert checked > 40


def test_relations_and_results_name_the_third_argument() -> None:
    args = tuple(np.array(c) for c in ([1.0, 2.0, -0.0], [3.0, 3.0, 0.0], [2.0, 3.0, -1.0]))
    assert fits(("any", "any", "any", "y > z"), args).tolist() == [True, False, True]
    assert fits(("any", "any", "any", "x == z"), args).tolist() == [False, False, False]
    assert fits(("any", "any", "any", "x <= y"), args).tolist() == [True, True, True]
    assert fits(("any", "any", "any", "signs differ"), args).tolist() == [False, False, True]
    assert outcome("z", args).hi.tolist() == [2.0, 3.0, -1.0]
    assert outcome("sign(z)*inf", args).hi.tolist() == [math.inf, math.inf, -math.inf]
    for wrong in ("y > w", "x > y > z", "x near z"):
        with pytest.raises(ValueError, match="relation"):
            fits(("any", "any", "any", wrong), args)
    with pytest.raises(ValueError, match="relation"):
        fits(("any", "any", "y > z"), args[:2])


# the exact values that no ball can settle
def test_rational_values_of_beta_are_exact() -> None:
    a, b, x = (
        np.array(c) for c in ([2.0, 0.5, 1.0, 7.5, 1.5], [3.0, 2.0, 0.5, 7.5, 1.0], [0.5, 0.25, 0.75, 0.5, 0.25])
    )
    y = enclose(ROWS["betainc"], (a, b, x), "float64")
    # I_(1/4)(1/2, 2) = sqrt(x)·(3 - x)/2 = 11/16; I_x(1, 1/2) = 1 - sqrt(1 - x); x^(3/2) = 1/8.
    assert y.hi.tolist() == [0.6875, 0.6875, 0.5, 0.5, 0.125]
    assert not y.rem.any()
    assert not y.lo.any()


# -- points ----------------------------------------------------------------------------------------------------
def samples(name: str, dtype: str):
    case = Case("test", name, "elementwise", dtype, InputSpec(), ("numpy",))
    return inputs_of(case, all_rows()[name]).samples


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_the_ridges_are_sampled_at_all_distances(dtype: str) -> None:
    fmt = FORMATS[dtype]
    for name in ("igamma", "betainc"):
        columns = samples(name, dtype).args
        with np.errstate(all="ignore"):
            middle = columns[0] if name == "igamma" else columns[0] / (columns[0] + columns[1])
            distance = np.abs(columns[-1] / middle - 1)
            usual = (columns[0] > 1) & (columns[0] < 1e6)
            for bits in range(2, fmt.p - 2, 4):
                inside = usual & (distance < 2.0**-bits) & (distance >= 2.0 ** -(bits + 4))
                assert inside.sum() >= 15, (name, bits)


def test_an_interval_between_two_ints_holds_integers_only() -> None:
    fmt, rng = FORMATS["float32"], sampling.generator("ints")
    whole = sampling.draw(fmt, 2, 12, 500, rng)
    assert set(whole.tolist()) == set(map(float, range(2, 13)))
    assert (sampling.draw(fmt, 2.0, 12.0, 500, rng) != np.floor(sampling.draw(fmt, 2.0, 12.0, 500, rng))).any()
    orders = samples("polygamma", "float64")
    for group in ("ordinals", "typical"):
        column = orders.args[0][orders.mask(group)]
        assert (column == np.floor(column)).all()
    negative = [(s, q) for s, q in zip(*samples("zeta", "float64").args, strict=True) if q < 0 and s == np.floor(s) > 1]
    assert len(negative) > 300


@pytest.mark.parametrize("name", ["igamma", "betainc", "clip"])
def test_samples_of_slow_functions_are_few_and_of_the_format(name: str) -> None:
    drawn = samples(name, "float32")
    assert len(drawn) < (20000 if name != "clip" else 40000)
    assert not drawn.exhaustive
    for column in drawn.args:
        assert FORMATS["float32"].is_representable(column).all()
    again = samples(name, "float32")
    assert all(np.array_equal(a, b, equal_nan=True) for a, b in zip(drawn.args, again.args, strict=True))


def test_no_sample_lies_beyond_the_limits_of_its_row() -> None:
    row = all_rows()["zeta"]
    case = Case("test", "zeta", "elementwise", "float64", InputSpec(), ("numpy",))

    def drawn(limited: FunctionRow) -> np.ndarray:
        # The examples of special cases may lie beyond: poles, which cost nothing.
        q = inputs_of(case, limited).samples.args[1]
        return q[np.isfinite(q) & (q != np.floor(q))]

    assert drawn(row).min() >= row.limits[1][0]
    assert drawn(row).min() < -10
    assert drawn(dataclasses.replace(row, limits=())).min() < -1e10


def test_bounds_that_cross_are_not_tried() -> None:
    row = all_rows()["clip"]
    case = Case("test", "clip", "elementwise", "float32", InputSpec(), ("numpy",))
    found, loose = (inputs_of(case, r) for r in (row, dataclasses.replace(row, ordered=False)))
    assert not (found.samples.args[1] > found.samples.args[2]).any()
    assert (loose.samples.args[1] > loose.samples.args[2]).sum() > 1000
    assert len(found.samples) > 5000
    crossing = next(number for number, rule in enumerate(row.specials) if "y > z" in rule.when)
    assert crossing in {number for number, _ in loose.special}
    assert {number for number, _ in found.special} == {number for number, _ in loose.special} - {crossing}


def test_a_grid_of_triples_is_all_of_them_or_a_few() -> None:
    sets = tuple(np.arange(float(n)) for n in (3, 4, 5))
    rng = sampling.generator("grid")
    assert len(set(zip(*sampling.grid(sets, 60, rng), strict=True))) == 60
    few = sampling.grid(sets, 17, rng)
    assert len(set(zip(*few, strict=True))) == len(few[0]) == 17


# -- the whole measurement -----------------------------------------------------------------------------------------
CLIP = """
import numpy as np
def clean(x, y, z):
    return np.minimum(np.maximum(x, y), z)
def swapped(x, y, z):
    return clean(x, z, y)
def tail(x, y, z):
    out = np.array(clean(x, y, z))
    if out.ndim and out.shape[0] % 8:
        out[-1:] = np.nextafter(out[-1:], np.float32(np.inf))
    return out
"""


@pytest.fixture
def bench(tmp_path, monkeypatch):
    monkeypatch.setattr(sampling, "BINARY_BASE", 512)
    monkeypatch.setattr(sampling, "TYPICAL", 256)
    (tmp_path / "fake_clip.py").write_text(CLIP)
    target = TargetSpec("planted", "numpy", env=(("PYTHONPATH", str(tmp_path)),))
    (tmp_path / "work").mkdir()
    with Bench([target], tmp_path / "work") as opened:
        yield opened


def measured(bench, function: str):
    row = dataclasses.replace(all_rows()["clip"], numpy=f"fake_clip.{function}")
    case = Case("test", "clip", "elementwise", "float32", InputSpec(), ("planted",))
    return elementwise.measure(case, row, bench, CachedOracle(None))


def test_three_arguments_pass_through_the_whole_measurement(bench) -> None:
    clean, swapped, tail = (measured(bench, name) for name in ("clean", "swapped", "tail"))
    normal = [r for r in clean["rows"] if r["regime"] == "normal"]
    assert {r["path"] for r in normal} == {"body", "tail", "scalar"}
    assert {r["max_ulp"] for r in normal} == {0.0}
    assert [r for r in clean["special"] if not r["agrees"]] == []
    assert not any(r["differs"] for r in clean["self_agreement"] if r["check"] == "layout")
    worst = max(r["max_ulp"] for r in swapped["rows"] if r["max_ulp"] is not None)
    assert worst > 1e6
    listed = next(r for r in swapped["rows"] if r["max_ulp"] == worst)
    x, y, z = (float.fromhex(v) for v in listed["worst_input"].split(";"))
    assert float.fromhex(listed["worst_output"]) == min(max(x, z), y) != min(max(x, y), z)
    assert any(r["differs"] for r in tail["self_agreement"] if r["check"] == "position")
    json.dumps(clean["rows"])


def test_without_a_screen_nothing_is_called_searched(tmp_path, monkeypatch) -> None:
    monkeypatch.setattr(elementwise, "screen", lambda row, args, dtype: None)
    target = TargetSpec("planted", "numpy", env=(("PYTHONPATH", str(FAKES)),))
    case = Case("test", "exp", "elementwise", "float32", InputSpec(), ("planted",))
    with Bench([target], tmp_path) as opened:
        rows = elementwise.measure(case, all_rows()["exp"], opened, CachedOracle(None))["rows"]
    assert {r["coverage"] for r in rows} == {"sampled"}


def test_explain_wants_as_many_arguments_as_the_function_has() -> None:
    assert one_input("betainc", "float64", "1", "2", "0.5") == ("betainc", ["1", "2", "0.5"])
    for given, wanted in ((("1", "2", None), "--x, --x2 and --x3"), (("1", None, "2"), "--x, --x2 and --x3")):
        with pytest.raises(RequestError, match=wanted):
            one_input("betainc", "float64", *given)
    with pytest.raises(RequestError, match="--x and --x2"):
        one_input("igamma", "float64", "1", "2", "3")
