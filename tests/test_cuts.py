"""Short pieces evaluated several lengths to a program give the bits that each gives in a program of its own."""

from __future__ import annotations

import numpy as np
import pytest

from reportgen.catalogue.rows import all_rows
from reportgen.catalogue.targets import builtin_targets
from reportgen.core import sampling
from reportgen.core.floats import FORMATS
from reportgen.measure import selfcheck
from reportgen.measure.bench import Bench, Request

TARGETS = ("tensorflow", "tensorflow-graph", "tensorflow-xla")
SOME = ("exp", "log", "tanh", "sin", "power")


@pytest.fixture(scope="module")
def bench(tmp_path_factory):
    known = builtin_targets()
    with Bench([known[t] for t in (*TARGETS, "numpy")], tmp_path_factory.mktemp("cuts")) as opened:
        yield opened


def differing(bench, name, dtype):
    """Places at which a target answers otherwise in one program for all than in one for each."""
    row, fmt = all_rows()[name], FORMATS[dtype]
    rng = sampling.generator("cuts", name, dtype)
    args = tuple(
        np.concatenate([sampling.uniform(fmt, low, high, 80, rng), sampling.stratified(fmt, 25, rng)[:25]])
        for low, high in row.typical
    )
    base = Request(row, fmt)
    together = bench.ask(selfcheck.in_pieces(args, base), bench.targets)
    cuts = selfcheck.cuts_of(base)
    places = [p for p in selfcheck.PIECE_PLACES if (p.key if p.key == "rank0" else int(p.key)) in (*cuts, "rank0")]
    assert len(places) == len(cuts)
    found = []
    for number, place in enumerate(places):
        for target, reply in bench.ask(selfcheck.placed(place, args, base), bench.targets).items():
            assert reply.outcome.status == together[target].outcome.status
            if not reply.outcome.ok:
                continue
            count = len(args[0])
            one = selfcheck.taken(place, reply.values, count)
            many = together[target].values.reshape(len(cuts), -1)[number, :count]
            if not np.array_equal(one.view(np.int64), many.view(np.int64)):
                found.append((target, name, dtype, place.key))
    return found


@pytest.mark.parametrize("dtype", ["float32", "float64", "float16"])
def test_programs_for_several_lengths_change_no_bit(bench, dtype):
    assert [d for name in SOME for d in differing(bench, name, dtype)] == []


@pytest.mark.full
@pytest.mark.parametrize("dtype", ["float32", "float64", "float16", "bfloat16"])
def test_programs_for_several_lengths_change_no_bit_of_any_function(bench, dtype):
    names = [r.name for r in all_rows().values() if r.kind == "elementwise" and r.mpmath and r.tensorflow]
    assert [d for name in names for d in differing(bench, name, dtype)] == []


def test_the_comparison_can_fail(bench):
    """A length of its own does change bits (XLA's exp in pieces of 7), so the tests above compare something."""
    row, fmt = all_rows()["exp"], FORMATS["float32"]
    args = (sampling.uniform(fmt, -10, 10, 105, sampling.generator("lengths")),)
    pieces = bench.ask(selfcheck.in_pieces(args, Request(row, fmt)), ["tensorflow-xla"])["tensorflow-xla"].values
    rows = pieces.reshape(len(selfcheck.CUTS), -1)
    assert not np.array_equal(rows[0], rows[2])
