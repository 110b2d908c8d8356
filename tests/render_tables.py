"""The fixed part of the made-up stored results: functions, targets, special cases, literal questions, provenance."""

from __future__ import annotations

from typing import Any

MEASUREMENT_COLUMNS = [
    "spec",
    "function",
    "kind",
    "dtype",
    "result_dtype",
    "case",
    "target",
    "library_version",
    "device",
    "path",
    "metric",
    "regime",
    "depth",
    "coverage",
    "samples",
    "status",
    "reason",
    "max_ulp",
    "worst_input",
    "worst_output",
    "worst_context",
    "exact",
    "settled_by",
    "mean_ulp",
    "rms_ulp",
    "bias_ulp",
    "p50_ulp",
    "p99_ulp",
    "p999_ulp",
    "max_abs",
    "max_rel",
    "correctly_rounded",
    "faithfully_rounded",
    "bound_ratio",
    "special_mismatches",
    "undecided",
    "position_differs",
    "position_tested",
    "layout_differs",
    "layout_tested",
    "constant_differs",
    "constant_tested",
    "seed",
    "shape",
    "distribution",
]


def _row(name: str, family: str, sentence: str, tensorflow: str | None, **more: Any) -> dict[str, Any]:
    arity = more.get("arity", 1)
    return {
        "name": name, "aliases": [], "family": family, "kind": "elementwise", "arity": arity, "sentence": sentence,
        "domain": "all real numbers", "numpy": f"numpy.{name}", "tensorflow": tensorflow, "composite": False,
        "mpmath": f"{name}({'x, y' if arity == 2 else 'x'})", "arb": f"x.{name}()", "parity": None, "result": "same",
        "typical": [[-10.0, 10.0]] * arity, "critical": [["0", "1", "pi/2"]] * arity, "specials": [],
    } | more  # fmt: skip


FUNCTIONS: list[dict[str, Any]] = [
    _row("exp", "exponential", "e raised to the power x.", "tensorflow.math.exp"),
    _row("log", "exponential", "Natural logarithm.", "tensorflow.math.log", domain="x > 0"),
    _row("sqrt", "powers", "Non-negative square root.", "tensorflow.math.sqrt", domain="x ≥ 0"),
    _row("reciprocal", "arithmetic", "One divided by x.", "tensorflow.math.reciprocal", domain="x ≠ 0"),
    _row("sin", "trigonometric", "Sine of x radians.", "tensorflow.math.sin", parity="odd", aliases=["sine"]),
    _row("add", "arithmetic", "Sum of x and y.", "tensorflow.math.add", arity=2, mpmath="x + y", arb="x + y"),
    _row("maximum", "min/max", "The larger of x and y; NaN if either is.", "tensorflow.math.maximum", arity=2),
    _row("max", "min/max", "The largest element of an array.", "tensorflow.math.reduce_max", kind="reduction"),
    _row("erf", "special", "Error function.", "tensorflow.math.erf", numpy=None),
    _row("digamma", "special", "Logarithmic derivative of the gamma function.", "tensorflow.math.digamma", numpy=None),
    _row(
        "hypot",
        "powers",
        "Length of the vector (x, y).",
        "tensorflow.experimental.numpy.hypot",
        arity=2,
        composite=True,
    ),
    _row("isnan", "classification", "True where x is NaN.", "tensorflow.math.is_nan", result="bool"),
]


def function_rows(n: int | None) -> list[dict[str, Any]]:
    """The first n functions; beyond those listed, renamed copies."""
    if n is None or n <= len(FUNCTIONS):
        return [dict(x) for x in FUNCTIONS[:n]]
    copies = [dict(FUNCTIONS[i % 6]) | {"name": f"{FUNCTIONS[i % 6]['name']}_{i}"} for i in range(n - len(FUNCTIONS))]
    return [dict(x) for x in FUNCTIONS] + copies


_FLAGS = ["SSE42", "AVX2", "FMA3", "AVX512F", "AVX512_SKX"]
_NUMPY = {
    "library": "numpy", "version": "2.4.6", "python": "3.11.7", "cpu_model": "Example CPU <b>9000</b>",
    "cpu_features": _FLAGS, "blas": "OpenBLAS 0.3.30", "threads": 2,
    "subnormals": {"float16": "kept", "bfloat16": "kept", "float32": "kept", "float64": "kept"},
}  # fmt: skip
_TF = _NUMPY | {
    "library": "tensorflow", "version": "2.21.0", "onednn": True,
    "subnormals": {"float16": "kept", "bfloat16": "kept", "float32": "flushed", "float64": "flushed"},
}  # fmt: skip


def _target(name: str, library: str, mode: str, sentence: str, **more: Any) -> dict[str, Any]:
    return {
        "name": name, "library": library, "mode": mode, "device": "CPU", "status": "ok", "reason": "",
        "version": "2.4.6" if library == "numpy" else "2.21.0", "sentence": sentence, "env": {}, "options": {},
        "provenance": _NUMPY if library == "numpy" else _TF,
    } | more  # fmt: skip


_NO_GPU = {
    "device": "GPU",
    "status": "unavailable",
    "reason": "TensorFlow sees no GPU on this machine",
    "provenance": {},
}
TARGETS: list[dict[str, Any]] = [
    _target("numpy", "numpy", "eager", "NumPy as installed."),
    _target("tensorflow", "tensorflow", "eager", "TensorFlow, one call at a time."),
    _target("tensorflow-graph", "tensorflow", "graph", "TensorFlow inside tf.function."),
    _target("tensorflow-xla", "tensorflow", "xla", "TensorFlow compiled by XLA."),
    _target(
        "numpy-avx2", "numpy", "eager", "NumPy with nothing above AVX2.", env={"NPY_DISABLE_CPU_FEATURES": "AVX512F"}
    ),
    _target(
        "tensorflow-no-onednn", "tensorflow", "eager", "TensorFlow without oneDNN.", env={"TF_ENABLE_ONEDNN_OPTS": "0"}
    ),
    _target("tensorflow-gpu", "tensorflow", "eager", "TensorFlow on a GPU.", **_NO_GPU),
    _target("tensorflow-xla-gpu", "tensorflow", "xla", "XLA on a GPU.", **_NO_GPU),
    _target("numpy@1.13.1", "recorded", "recorded", "Printed in 2017.", version="1.13.1", provenance={}),
    _target("tensorflow@1.2.0", "recorded", "recorded", "Printed in 2017.", version="1.2.0", provenance={}),
]

SCIPY = _target("scipy", "scipy", "eager", "SciPy as installed.", version="1.17.1")

SPECIALS: list[tuple[str, str, str, str | None, str, str]] = [
    ("exp", "-inf", "0x0.0p+0", None, "exp of −∞ is +0", "C23 F.10.3.1"),
    ("exp", "nan", "nan", None, "exp of NaN is NaN", "C23 F.10"),
    ("sqrt", "-0x0.0p+0", "-0x0.0p+0", None, "the root of −0 is −0", "IEEE 754-2019, 5.4.1"),
    ("sqrt", "-0x1p+0", "nan", None, "the root of a negative number is NaN", "IEEE 754-2019, 7.2"),
    ("maximum", "nan;0x1p+0", "nan", "0x1p+0", "maximum passes NaN on", "NumPy documentation"),
    ("maximum", "-0x0.0p+0;0x0.0p+0", "0x0.0p+0", None, "+0 is larger than −0", "IEEE 754-2019, 9.6"),
]


def _answer(target: str, code: str, value: str | None, dtype: str | None, error: str | None = None) -> dict[str, Any]:
    return {"target": target, "code": code, "value": value, "dtype": dtype, "error": error}


MEANING: list[dict[str, Any]] = [
    {
        "id": "default-dtype", "group": "Types", "question": "What dtype does a list of Python floats become?",
        "sentence": "NumPy takes float64, TensorFlow float32.", "same": False,
        "answers": [
            _answer("numpy", "np.exp([1., 2.])", "[2.71828183 7.3890561 ]", "float64"),
            _answer("tensorflow", "tf.exp([1., 2.])", "[2.7182817 7.389056 ]", "float32"),
        ],
    },
    {
        "id": "integers", "group": "Types", "question": "Does exp take integers?", "same": False,
        "sentence": "NumPy converts, TensorFlow refuses.",
        "answers": [
            _answer("numpy", "np.exp(np.array([1, 2]))", "[2.71828183 7.3890561 ]", "float64"),
            _answer("tensorflow", "tf.exp(tf.constant([1, 2]))", None, None, "InvalidArgumentError: no int32"),
        ],
    },
    {
        "id": "nan-max", "group": "NaN and signed zero", "question": "What is the largest of 1 and NaN?", "same": True,
        "sentence": "Both pass NaN on.",
        "answers": [
            _answer("numpy", "np.max(np.array([1., np.nan]))", "nan", "float64"),
            _answer("tensorflow", "tf.reduce_max(tf.constant([1., np.nan]))", "nan", "float32"),
        ],
    },
]  # fmt: skip

PROVENANCE: dict[str, Any] = {
    "time": {"started": "2026-01-01T00:00:00Z", "seconds": 181.4},
    "machine": {"cpu": "Example CPU <b>9000</b>", "cores": 2, "system": "Linux 6.1 x86_64", "memory": "8 GiB"},
    "oracle": {"mpmath": "1.4.1", "gmpy2": "2.2.1", "python-flint": "0.9.0", "backend": "gmpy"},
    "counts": {"samples": 1234567, "enclosures": 1234567, "confirmed": 12345, "undecided": 6},
    "software": {"reportgen": "0.1.0", "python": "3.11.7", "numpy": "2.4.6"},
}
