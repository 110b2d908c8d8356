"""Made-up rows beside those of real functions: SciPy, gradients, complex numbers, integers, conversions, subnormals.

``add(results)`` puts a few of each into results of :func:`tests.render_data.build`; shapes as in ``docs/results.md``.
"""

from __future__ import annotations

import copy
from typing import Any

from reportgen.results import tables
from tests.render_tables import MEASUREMENT_COLUMNS, SCIPY, _row

GRADIENT = _row(
    "grad_exp", "gradients", "Derivative of exp.", "tensorflow.math.exp", numpy=None, kind="gradient", wrt=0
)
PRODUCT = _row("multiply", "arithmetic", "Product of x and y.", "tensorflow.math.multiply", arity=2)
QUOTIENT = _row("floor_divide", "division", "Quotient, rounded down.", "tensorflow.math.floordiv", arity=2)
CAST = _row(
    "cast", "casts", "The value in another dtype.", "tensorflow.cast", numpy="numpy.ndarray.astype", kind="cast"
)
UNDEFINED = {
    "when": ["nan"],
    "then": "unspecified",
    "sentence": "NaN to an integer: no value is defined.",
    "source": "C11 6.3.1.4",
}
TARGETS = ("numpy", "tensorflow", "tensorflow-xla")

Document = dict[str, Any]


def append(document: Document, table: str, /, **cells: Any) -> None:
    columns = document[table]["columns"]
    unknown = set(cells) - set(columns)
    assert not unknown, f"{table} has no column {unknown}"
    document[table]["rows"].append([cells.get(c) for c in columns])


def measured(results: Document, function: str, kind: str, dtype: str, target: str, **cells: Any) -> None:
    """A measurement that ended well, of the path body and all its regimes unless the cells say otherwise."""
    common = {
        "spec": "core", "function": function, "kind": kind, "dtype": dtype, "result_dtype": dtype, "case": "ordinals",
        "target": target, "library_version": "1", "device": "CPU", "path": "body", "metric": "ulp", "regime": "all",
        "depth": "quick", "coverage": "sampled", "samples": 1000, "status": "ok", "correctly_rounded": 1000,
        "faithfully_rounded": 1000, "special_mismatches": 0, "undecided": 0, "seed": 0,
    }  # fmt: skip
    append(results, "measurements", **(common | cells))


def agreed(results: Document, function: str, dtype: str, equal: int, first: str = "numpy", **cells: Any) -> None:
    far = {"input": "0x1p+0", "first_output": "0x1p+0", "second_output": "0x1p+1"} if equal < 1000 else {}
    own = {"spec": "core", "function": function, "dtype": dtype, "case": "ordinals", "first": first}
    own |= {"second": "tensorflow", "equal": equal, "compared": 1000, "max_distance": float(equal < 1000)}
    append(results, "agreement", **(own | far | cells))


def add(results: Document) -> Document:
    """The results with SciPy and one function of each further kind."""
    assert results["measurements"]["columns"] == MEASUREMENT_COLUMNS
    results["subnormals"] = tables.table(tables.SUBNORMAL_COLUMNS, ())
    if "result_dtype" not in results["special"]["columns"]:
        results["special"]["columns"].append("result_dtype")
        for row in results["special"]["rows"]:
            row.append(row[results["special"]["columns"].index("dtype")])
    known = {x["name"] for x in results["functions"]}
    added = [x for x in (PRODUCT, QUOTIENT, CAST, GRADIENT) if x["name"] not in known]
    results["functions"] += copy.deepcopy(added)
    results["targets"].insert(1, copy.deepcopy(SCIPY))
    if "erf" in known:
        scipy(results)
    gradients(results)
    complex_numbers(results)
    integers(results)
    casts(results)
    subnormals(results)
    return results


def scipy(results: Document) -> None:
    """erf, which NumPy lacks."""
    for regime in ("normal", "all"):
        worst = {"worst_input": "0x1p-1", "worst_output": "0x1.1p-1", "exact": "0x1.0a7ef5c18edd2p-1;0x0p+0;0"}
        measured(results, "erf", "elementwise", "float32", "scipy", regime=regime, max_ulp=0.75, **worst)
    agreed(results, "erf", "float32", 990, first="scipy", nearer="first")


def gradients(results: Document) -> None:
    for target, maximum in (("tensorflow", 1.5), ("tensorflow-xla", 90.0)):
        for regime in ("normal", "all"):
            measured(
                results, "grad_exp", "gradient", "float32", target, regime=regime, max_ulp=maximum,
                worst_input="0x1p+0", worst_output="0x1.5bf0a8p+1", exact="0x1.5bf0a8b145769p+1;0x0p+0;0",
            )  # fmt: skip


def complex_numbers(results: Document) -> None:
    """multiply in complex64: small errors normwise, large ones in the real part, which cancels."""
    for target, real in (("numpy", 4096.0), ("tensorflow", 0.5)):
        for metric, maximum in (("re", real), ("im", 0.5), ("normwise", 1.25)):
            whole = metric == "normwise"
            for regime in ("normal", "all"):
                measured(
                    results, "multiply", "elementwise", "complex64", target, metric=metric, regime=regime,
                    max_ulp=maximum, worst_input="0x1p+0,0x1p+0;0x1.8p+0,-0x1p+0",
                    worst_output="0x1.4p+1,0x1p-1" if whole else "0x1p-1", correctly_rounded=900,
                    exact="0x1.4p+1;0x0p+0;0,0x1.000002p-1;0x0p+0;0" if whole else "0x1.000002p-1;0x0p+0;0",
                )  # fmt: skip
    agreed(
        results, "multiply", "complex64", 700, input="0x1p+0,0x1p+0;0x1p+0,nan",
        first_output="nan,nan", second_output="inf,nan",
    )  # fmt: skip
    append(
        results, "special", function="multiply", dtype="complex64", target="tensorflow", path="body", agrees=0,
        input="inf,nan;0x1p+0,0x1p+0", expected="inf,nan", got="nan,nan", sentence="Infinity times a number.",
        source="C99 Annex G.5.1", result_dtype="complex64",
    )  # fmt: skip


def integers(results: Document) -> None:
    """floor_divide: right in NumPy; wrong for four inputs in TensorFlow's int32, refused by XLA."""
    for dtype in ("int32", "int64"):
        for target in ("numpy", "tensorflow"):
            cells: dict[str, Any] = {"metric": "equal", "max_ulp": None, "max_abs": 0.0}
            if (dtype, target) == ("int32", "tensorflow"):
                cells |= {"correctly_rounded": 996, "max_abs": 4294967295.0, "worst_input": "-2147483648;-1"}
                cells |= {"worst_output": "-2147483648", "exact": "0x1.0p+31;0x0p+0;0", "settled_by": "rational"}
            for regime in ("normal", "all"):
                measured(results, "floor_divide", "elementwise", dtype, target, regime=regime, **cells)
        reason = "InvalidArgumentError: Integer division by zero"
        append(
            results, "measurements", spec="core", function="floor_divide", kind="elementwise", dtype=dtype,
            case="ordinals", target="tensorflow-xla", regime="all", status="unsupported", reason=reason,
        )  # fmt: skip
    agreed(results, "floor_divide", "int32", 996, input="7;-2", first_output="-4", second_output="-3")
    agreed(results, "floor_divide", "int64", 1000)


def casts(results: Document) -> None:
    """float32 and int8 to each other and to bfloat16: a few wrong in TensorFlow; NaN to int8 differs by path."""
    pairs = (("float32", "int8"), ("float32", "bfloat16"), ("int8", "float32"), ("int8", "bfloat16"))
    for source, destination in pairs:
        for target in TARGETS:
            wrong = 12 if (target, destination) == ("tensorflow", "bfloat16") else 0
            cells: dict[str, Any] = {"case": f"to-{destination}", "result_dtype": destination}
            cells |= {"metric": "equal", "max_abs": 0.0} if destination == "int8" else {"max_ulp": 0.5}
            if wrong:
                cells |= {"max_ulp": 0.5000001, "worst_output": "0x1p+7", "exact": "0x1.01p+7;0x1p-60;0"}
                cells |= {"worst_input": "0x1.01p+7" if source == "float32" else "127"}
            measured(results, "cast", "cast", source, target, correctly_rounded=1000 - wrong, **cells)
        agreed(results, "cast", source, 988 if destination == "bfloat16" else 1000, case=f"to-{destination}")
    told = {"numpy": (("body tail scalar", "0 (zero)"),)}
    told["tensorflow"] = (("body", "-128 (the smallest integer)"), ("tail scalar", "0 (zero)"))
    told["tensorflow-xla"] = (("body tail scalar", "0 (zero)"),)
    for target, outcomes in told.items():
        for path, got in outcomes:
            append(
                results, "special", function="cast", dtype="float32", target=target, path=path, input="nan to int8",
                expected="unspecified", got=got, sentence=UNDEFINED["sentence"], source=UNDEFINED["source"], agrees=1,
                result_dtype="int8",
            )  # fmt: skip


def told_of(document: Document, function: str, target: str, path: str, /, **cells: Any) -> None:
    """A row about subnormals: nothing is visible but for the cells given."""
    common: dict[str, Any] = {"spec": "core", "function": function, "dtype": "float32", "case": "ordinals"}
    common |= {"target": target, "path": path, "inputs": "not visible", "results": "not visible"}
    common |= {f"{k}_{c}": 0 for k in ("inputs", "results", "both") for c in ("zero", "told")}
    append(document, "subnormals", **(common | {"max_normal": 0.75, "max_with_subnormals": 0.75} | cells))


def subnormals(results: Document) -> None:
    """sqrt: NumPy keeps inputs, TensorFlow loses them in long arrays; exp: results flushed; erf: either."""
    kept = {"inputs": "kept", "inputs_told": 100}
    lost = {"inputs": "zero", "inputs_told": 100, "inputs_zero": 100, "max_with_subnormals": 8388608.0}
    flushed = {"results": "flushed", "results_told": 30, "results_zero": 30, "max_with_subnormals": 8388608.0}
    either = {"inputs": "either", "results": "either", "both_told": 50, "both_zero": 50}
    names = {x["name"] for x in results["functions"]}
    for path in ("body", "scalar"):
        if "sqrt" in names:
            told_of(results, "sqrt", "numpy", path, **kept)
            given = lost | {"inputs_witness": "0x1.fffffcp-127→0x0.0p+0"} if path == "body" else kept
            told_of(results, "sqrt", "tensorflow", path, **given)
        if "exp" in names:
            told_of(results, "exp", "numpy", path, results="kept", results_told=30)
            told_of(results, "exp", "tensorflow", path, **flushed, results_witness="-0x1.6p+6→0x0.0p+0")
        if "erf" in names:
            told_of(results, "erf", "tensorflow", path, **either, both_witness="0x1p-128→0x0.0p+0")
        if "maximum" in names:
            told_of(results, "maximum", "numpy", path)
