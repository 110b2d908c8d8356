"""The grammar of library calls, and the dtypes that are exchanged with workers."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest

from reportgen.catalogue.rows import FunctionRow, all_rows
from reportgen.catalogue.targets import builtin_targets
from reportgen.core.calls import LibraryCall, parse_call
from reportgen.core.dtypes import COMPLEX_FORMATS, DTYPES, INTEGER_FORMATS, kind_of
from reportgen.measure.bench import Bench, Request


@pytest.mark.parametrize(
    ("text", "call", "source"),
    [
        ("numpy.exp", LibraryCall("numpy.exp"), "np.exp(x)"),
        ("numpy.modf[1]", LibraryCall("numpy.modf", (), 1), "np.exp(x)[1]"),
        (
            "tensorflow.nn.gelu(approximate=True, name='g')",
            LibraryCall("tensorflow.nn.gelu", (("approximate", True), ("name", "g"))),
            "np.exp(x, approximate=True, name='g')",
        ),
    ],
)
def test_calls_are_read(text: str, call: LibraryCall, source: str) -> None:
    assert parse_call(text) == call
    assert call.text("x", "np.exp") == source


@pytest.mark.parametrize("text", ["", "1x", "a b", "numpy.exp(1)", "numpy.exp(**d)", "numpy.exp(x=open('f'))", "a[b]"])
def test_what_is_no_call_is_refused(text: str) -> None:
    with pytest.raises((ValueError, SyntaxError)):
        parse_call(text)


def test_every_row_of_the_catalogue_is_a_call_of_its_library() -> None:
    for row in all_rows().values():
        for library in ("numpy", "scipy", "tensorflow"):
            text = getattr(row, library)
            if row.kind == "expression" and text is not None:  # a program: arithmetic and calls of its library
                called = {name.split(".")[0] for name in re.findall(r"[a-z_]+(?:\.[a-z_0-9]+)+(?=\()", text)}
                assert called <= {library}, row.name
                continue
            assert text is None or parse_call(text).path.split(".")[0] in (library, "ml_dtypes"), row.name


def test_dtypes_store_what_they_read() -> None:
    nan = float("nan")
    for fmt in COMPLEX_FORMATS.values():
        values = np.array([complex(-0.0, 0.0), complex(1.5, -0.0), complex(nan, -np.inf)])
        stored = fmt.encode(values)
        back = fmt.decode(stored)
        assert stored.dtype == fmt.storage
        assert back.view(np.int64).tolist() == values.view(np.int64).tolist()
    for fmt in INTEGER_FORMATS.values():
        edges = np.array([fmt.low, 0, fmt.high], fmt.storage)
        info = np.iinfo(fmt.storage)
        assert (info.min, info.max) == (fmt.low, fmt.high)
        assert fmt.decode(fmt.encode(edges)).tolist() == [fmt.low, 0, fmt.high]
    assert {kind_of(name) for name in DTYPES} == {"real", "complex", "integer", "bool"}


def row(**paths: str | None) -> FunctionRow:
    given: dict[str, str | None] = {"numpy": None, "tensorflow": None, "scipy": None} | paths
    return FunctionRow(
        "probe", "arithmetic", 1, "s", "d", given["numpy"], given["tensorflow"], "x", "x", given["scipy"]
    )


def ask(bench: Bench, asked: FunctionRow, target: str, values: list[float], dtype: str = "float64"):
    request = Request(asked, DTYPES[dtype]).with_inputs((np.array(values),))
    return bench.ask(request, [target])[target]


def test_keywords_and_numbered_results_reach_the_library(tmp_path: Path) -> None:
    known = builtin_targets()
    with Bench([known["numpy"], known["scipy"]], tmp_path) as bench:
        assert ask(bench, row(numpy="numpy.modf[0]"), "numpy", [1.25]).values.tolist() == [0.25]
        assert ask(bench, row(numpy="numpy.modf[1]"), "numpy", [1.25]).values.tolist() == [1.0]
        clipped = ask(bench, row(numpy="numpy.clip(a_min=0.0, a_max=1.0)"), "numpy", [-1.0, 0.5, 3.0])
        assert clipped.values.tolist() == [0.0, 0.5, 1.0]
        assert ask(bench, row(scipy="scipy.special.fresnel[0]"), "scipy", [0.0]).values.tolist() == [0.0]
        assert ask(bench, row(scipy="scipy.special.gamma"), "scipy", [5.0]).values.tolist() == [24.0]
        assert ask(bench, row(scipy="scipy.special.nothing"), "scipy", [5.0]).outcome.status == "unsupported"
        assert ask(bench, row(numpy="numpy.exp"), "scipy", [5.0]).outcome.reason == "SciPy has no probe"
        hello = bench.hello("scipy").reply
        assert (hello["library"], hello["numpy"]) == ("scipy", np.__version__)


def test_a_result_of_another_kind_is_not_judged(tmp_path: Path) -> None:
    with Bench([builtin_targets()["numpy"]], tmp_path) as bench:
        reply = ask(bench, row(numpy="numpy.frexp[1]"), "numpy", [8.0])
        assert reply.outcome.status == "unsupported"
        assert reply.outcome.reason == "returns int32, where a bool or real result is judged"
        request = Request(row(numpy="numpy.frexp[1]"), DTYPES["float64"], accepted=frozenset({"integer"}))
        assert bench.ask(request.with_inputs((np.array([8.0]),)), ["numpy"])["numpy"].values.tolist() == [4]
        complexes = Request(row(numpy="numpy.conj"), DTYPES["complex64"], accepted=frozenset({"complex"}))
        reply = bench.ask(complexes.with_inputs((np.array([1 + 0j]),)), ["numpy"])["numpy"]
        assert np.signbit(reply.values.imag).tolist() == [True]
