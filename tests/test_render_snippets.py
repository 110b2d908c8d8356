"""The programs beside worst inputs are run for real and must print the stored output."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

import numpy as np
import pytest

from reportgen.render.snippets import literal, place, snippet

EXP = {"name": "exp", "numpy": "numpy.exp", "tensorflow": "tensorflow.math.exp"}
MAXIMUM = {"name": "maximum", "numpy": "numpy.maximum", "tensorflow": "tensorflow.math.maximum"}
NUMPY = {"name": "numpy", "library": "numpy", "mode": "eager", "device": "CPU", "env": {}}
TENSORFLOW = {"name": "tensorflow", "library": "tensorflow", "mode": "eager", "device": "CPU", "env": {}}


def run(text: str) -> str:
    done = subprocess.run([sys.executable, "-c", text], capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def row(inputs: list[str], output: float, context: str = "alone (rank 0)") -> dict[str, Any]:
    return {"input": inputs, "output": output.hex(), "context": context}


@pytest.mark.parametrize(
    ("context", "expected"),
    [
        ("array of 65600 at 17", (65600, 17)),
        ("piece of 7 at 2", (7, 2)),
        ("alone (rank 0)", None),
        ("", None),
        (None, None),
    ],
)
def test_where_an_input_stood_is_read_back(context: str | None, expected: tuple[int, int] | None) -> None:
    assert place(context) == expected


@pytest.mark.parametrize("text", ["0x1.8p+1", "-0x0p+0", "inf", "-inf", "0x1p-149", "0x1.fffffffffffffp+1023"])
def test_a_literal_is_exact(text: str) -> None:
    value = eval(literal(text))
    assert value.hex() == float.fromhex(text).hex()


def test_numpy_programs_print_the_stored_output() -> None:
    """Alone, in a piece, in a long array; one and two arguments; every dtype."""
    x = 11.594181060791016
    cases = []
    for dtype, kind in (("float32", np.float32), ("float64", np.float64), ("float16", np.float16)):
        for context, length, index in (
            ("alone (rank 0)", 1, 0),
            ("piece of 7 at 6", 7, 6),
            ("array of 1003 at 1001", 1003, 1001),
        ):
            value = kind(x)
            array = np.full(length, value, dtype=kind)
            got = float(np.exp(value) if "alone" in context else np.exp(array)[index])
            cases.append((snippet(EXP, NUMPY, dtype, row([float(value).hex()], got, context)), got))
    cases.append((snippet(MAXIMUM, NUMPY, "float32", row(["-0x1p+0", "0x1.8p+1"], 3.0, "piece of 3 at 1")), 3.0))
    cases.append((snippet(EXP, NUMPY, "bfloat16", row(["0x1p+0"], 2.71875)), 2.71875))
    for text, got in cases:
        printed = run(text)
        assert printed == got.hex(), text
        assert text.rstrip().endswith("# " + printed)


def test_a_program_that_printed_something_else_would_be_noticed() -> None:
    """The comment holds the stored output, not what the program prints."""
    wrong = snippet(EXP, NUMPY, "float32", row(["0x1p+0"], 3.0))
    assert run(wrong) != wrong.rstrip().rsplit("# ", 1)[1]


def test_tensorflow_programs_print_what_tensorflow_returns() -> None:
    """Eager, graph and XLA in one process each, against results computed there by other means."""
    texts = []
    for mode in ("eager", "graph", "xla"):
        target = TENSORFLOW | {"mode": mode}
        for dtype, context in (
            ("float32", "piece of 7 at 6"),
            ("float32", "array of 4103 at 9"),
            ("bfloat16", "alone (rank 0)"),
        ):
            texts.append(
                snippet(
                    EXP, target, dtype, row(["0x1p+0"], 2.71875 if dtype == "bfloat16" else 2.7182817459106445, context)
                )
            )
    derivative = {"name": "grad_exp", "tensorflow": "tensorflow.math.exp", "kind": "gradient", "wrt": 0}
    second = {"name": "grad_pow_y", "tensorflow": "tensorflow.math.pow", "kind": "gradient", "wrt": 1}
    gelu = {"name": "gelu_tanh", "tensorflow": "tensorflow.nn.gelu(approximate=True)"}
    for mode in ("eager", "xla"):
        target = TENSORFLOW | {"mode": mode}
        texts.append(snippet(derivative, target, "float64", row(["0x1p+0"], 2.718281828459045, "piece of 3 at 2")))
        texts.append(snippet(second, target, "float32", row(["0x1p+1", "0x1p+1"], 2.7725887298583984)))
        texts.append(snippet(gelu, target, "float64", row(["0x1p+0"], 0.8411919906082768, "piece of 7 at 0")))
    texts.append(snippet(MAXIMUM, TENSORFLOW, "float64", row(["nan", "0x1p+0"], float("nan"), "piece of 3 at 1")))
    harness = (
        "import json, io, contextlib, sys\nout = []\n"
        "for text in json.load(sys.stdin):\n"
        "    caught = io.StringIO()\n"
        "    with contextlib.redirect_stdout(caught):\n"
        "        exec(compile(text, 'snippet', 'exec'), {})\n"
        "    out.append(caught.getvalue().strip())\n"
        "print(json.dumps(out))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", harness],
        input=json.dumps(texts),
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    printed = json.loads(done.stdout.strip().splitlines()[-1])
    for text, got in zip(texts, printed, strict=True):
        stored = text.rstrip().rsplit("# ", 1)[1]
        if stored == "nan":
            assert got == "nan"
        else:
            # another machine's TensorFlow may differ from the stored figure in the last place, not in kind
            assert float.fromhex(got) == pytest.approx(float.fromhex(stored), rel=4e-7), text


def test_complex_numbers_keywords_and_numbered_results() -> None:
    """Programs of NumPy and SciPy for what is not one real function of one argument."""
    square = {"name": "square", "numpy": "numpy.square"}
    made = {"input": ["0x1p+0,-0x1p+1"], "output": "-0x1.8p+1,-0x1p+2", "context": "piece of 3 at 1"}
    text = snippet(square, NUMPY, "complex64", made)
    assert run(text) == text.rstrip().rsplit("# ", 1)[1] == "-0x1.8000000000000p+1,-0x1.0000000000000p+2"
    modf = {"name": "modf_integer", "numpy": "numpy.modf[1]"}
    assert run(snippet(modf, NUMPY, "float32", row(["0x1.8p+1"], 3.0))) == (3.0).hex()
    scipy = {"name": "scipy", "library": "scipy", "mode": "eager", "device": "CPU", "env": {}}
    text = snippet({"name": "erf", "scipy": "scipy.special.erf"}, scipy, "float64", row(["0x1p+3"], 1.0))
    assert run(text) == (1.0).hex()
    whole = {"input": ["-9223372036854775808"], "output": "-9223372036854775808", "context": "alone (rank 0)"}
    text = snippet({"name": "abs", "numpy": "numpy.abs"}, NUMPY, "int64", whole)
    assert run(text) == "-9223372036854775808"


def test_environment_variables_come_before_the_import() -> None:
    text = snippet(EXP, NUMPY | {"env": {"NPY_DISABLE_CPU_FEATURES": "AVX512F"}}, "float32", row(["0x1p+0"], 1.0))
    lines = text.splitlines()
    assert lines.index("os.environ['NPY_DISABLE_CPU_FEATURES'] = 'AVX512F'") < lines.index("import numpy as np")


@pytest.mark.parametrize(
    ("function", "target", "given"),
    [
        (EXP | {"numpy": None}, NUMPY, row(["0x1p+0"], 1.0)),
        (EXP, NUMPY | {"library": "recorded"}, row(["0x1p+0"], 1.0)),
        (EXP, NUMPY, row(["gen:mixed:0:1000"], 1.0)),
        (EXP, NUMPY, row([], 1.0)),
    ],
)
def test_no_program_is_made_where_none_can_run(
    function: dict[str, Any], target: dict[str, Any], given: dict[str, Any]
) -> None:
    assert snippet(function, target, "float32", given) == ""


def test_a_gpu_target_runs_on_the_gpu() -> None:
    text = snippet(EXP, TENSORFLOW | {"device": "GPU"}, "float32", row(["0x1p+0"], 1.0))
    assert "tf.device('GPU:0')" in text


def test_a_hostile_input_never_becomes_code() -> None:
    assert snippet(EXP, NUMPY, "float32", row(["__import__('os').system('true')"], 1.0)) == ""
