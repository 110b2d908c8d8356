"""What others promise is data: every bound has a function of the catalogue, a dtype, a unit and a cited source."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest

from reportgen.catalogue import promised, promised_tables
from reportgen.catalogue.promised import UNITS, Promise, all_promises, promised_of
from reportgen.catalogue.rows import all_rows, lookup, names
from reportgen.core.errors import RequestError
from reportgen.core.floats import FLOAT_DTYPES
from reportgen.measure.assemble import function_entry
from reportgen.results import store


def faults(promise: Promise) -> list[str]:
    """What is wrong with one bound, in words."""
    found = []
    if promise.function not in names():
        found.append(f"no function {promise.function}")
    if promise.dtype not in FLOAT_DTYPES:
        found.append(f"no dtype {promise.dtype}")
    if promise.unit not in UNITS:
        found.append(f"no unit {promise.unit}")
    if not 0 <= promise.bound < 1e9 or (promise.unit == "absolute" and promise.bound > 1e-3):
        found.append(f"bound {promise.bound}")
    if not promise.url.startswith("https://") or len(promise.source) < 20 or not promise.implementation:
        found.append("no source")
    if promise.unit == "ulp-rounded" and not promise.bound.is_integer():
        found.append(f"{promise.bound} floats apart")
    return found


def test_every_bound_is_well_formed_and_cited() -> None:
    assert len(all_promises()) > 700
    wrong = {(p.function, p.dtype, p.implementation): faults(p) for p in all_promises() if faults(p)}
    assert not wrong


def test_no_bound_stands_twice() -> None:
    keys = [(lookup(p.function).name, p.dtype, p.implementation, p.source, p.domain) for p in all_promises()]
    assert len(set(keys)) == len(keys)


def test_all_sources_are_used_and_say_where() -> None:
    assert {row[0] for row in promised_tables.TABLES} == set(promised_tables.SOURCES)
    implementations = {p.implementation.split()[0] for p in all_promises()}
    assert implementations == {"NumPy's", "JAX", "Eigen,", "CUDA", "OpenCL,", "glibc"}
    for source in promised_tables.SOURCES.values():
        assert source.condition
        assert any(c.isdigit() for c in source.title), f"{source.title}: which edition?"


@pytest.mark.parametrize(
    ("changed", "fault"),
    [
        ({"function": "expo"}, "no function expo"), ({"dtype": "float8"}, "no dtype float8"),
        ({"unit": "percent"}, "no unit percent"), ({"bound": -1.0}, "bound -1.0"), ({"url": ""}, "no source"),
        ({"bound": 1.5}, "1.5 floats apart"), ({"bound": float("nan")}, "bound nan"),
    ],
)  # fmt: skip
def test_a_malformed_bound_is_found(changed: dict[str, object], fault: str) -> None:
    good = promised_of("exp")[0]
    assert not faults(good)
    fields = {f: getattr(good, f) for f in good.__dataclass_fields__} | changed
    assert fault in faults(Promise(**fields))  # type: ignore[arg-type]


def bound(function: str, dtype: str, implementation: str, domain: str = "") -> float:
    """The one bound of that description."""
    (found,) = {
        p.bound
        for p in promised_of(function)
        if p.dtype == dtype and p.implementation.startswith(implementation) and p.domain == domain
    }
    return found


def test_bounds_are_those_of_the_sources() -> None:
    """A few of each source, as the source prints them."""
    assert bound("exp", "float32", "NumPy's SIMD") == 2.52
    assert bound("log", "float32", "NumPy's SIMD") == 3.83
    assert bound("tan", "float64", "OpenCL") == 5
    assert bound("tan", "float16", "OpenCL") == 2.5
    assert bound("power", "float32", "OpenCL") == 16
    assert bound("sin", "float64", "Eigen") == 13879755
    assert bound("exp2", "float64", "Eigen") == 214
    assert bound("cosh", "float64", "JAX (XLA) on x86-64") == 496
    assert bound("exp2", "bfloat16", "JAX (XLA) on NVIDIA") == 101
    assert bound("tan", "float32", "CUDA") == 4
    assert bound("sqrt", "float32", "CUDA", "compiled with -prec-sqrt=true") == 0
    assert bound("cbrt", "float64", "glibc") == 4
    assert bound("asin", "float32", "NumPy's tests") == 4


def test_aliases_lead_to_their_row() -> None:
    assert {p.function for p in promised_of("i0")} == {"bessel_i0"}
    with pytest.raises(RequestError):
        lookup("no-such-function")


def test_the_stored_document_carries_them() -> None:
    schema = json.loads((Path(store.__file__).parent / "results.schema.json").read_text(encoding="utf-8"))
    items = schema["properties"]["functions"]["items"]["properties"]["promised"]
    for row in all_rows().values():
        entry = function_entry(row)["promised"]
        jsonschema.validate(entry, items)
        assert len(entry) == len(promised_of(row.name))
    exp = function_entry(lookup("exp"))["promised"]
    assert {p["dtype"] for p in exp} == set(FLOAT_DTYPES)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate([exp[0] | {"unit": "percent"}], items)


def test_a_bound_that_is_no_number_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(promised, "TABLES", (("cuda", "float32", "ulp", "", "exp=two"),))
    all_promises.cache_clear()
    with pytest.raises(ValueError, match="two"):
        all_promises()
    monkeypatch.undo()
    all_promises.cache_clear()
