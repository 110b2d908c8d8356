"""Small programs that reproduce one stored result and print it in ``float.hex`` form.

The value is put where it stood: alone, in a short piece, or inside a long array at the stated index. The
neighbours hold the same value: what a result depends on is the length of the array and the place in it.
"""

from __future__ import annotations

import re
from typing import Any

from reportgen.core import formatting as f
from reportgen.core.calls import LibraryCall, parse_call
from reportgen.core.dtypes import kind_of
from reportgen.render.expressionsnippets import expression_lines
from reportgen.render.oldsnippets import in_session, session_lines, setup_lines

_INTEGER = re.compile(r"-?\d+")
_PLACES = (
    (re.compile(r"^(?:array of (\d+)) at (\d+)"), "array"),
    (re.compile(r"^(?:piece of (\d+)) at (\d+)"), "array"),
    (re.compile(r"^alone"), "alone"),
)
_MODES = {"eager": "{call}", "graph": "tf.function({call})", "xla": "tf.function({call}, jit_compile=True)"}


def place(context: str | None) -> tuple[int, int] | None:
    """(length, index) of the array the input stood in; None where it stood alone (rank 0).

    A context that says neither (a value printed elsewhere, a generated array) counts as alone.
    """
    for pattern, kind in _PLACES:
        found = pattern.match(context or "")
        if found and kind == "array":
            return int(found[1]), int(found[2])
    return None


def literal(text: str) -> str:
    """A Python expression for one stored input, exact: ``float.hex`` text, ``re,im`` or an integer."""
    if "," in text:
        return f"complex({', '.join(literal(part) for part in text.split(','))})"
    if _INTEGER.fullmatch(text):
        return text
    short = f.hex_text(text)
    return f"float('{short}')" if short in ("nan", "inf", "-inf") else f"float.fromhex('{short}')"


def is_generated(text: str) -> bool:
    return text.startswith("gen:")


def snippet(function: dict[str, Any], target: dict[str, Any], dtype: str, row: dict[str, Any]) -> str:
    """The program for a row with ``input`` (list of hex texts), ``output`` and ``context``; empty where there is none.

    There is none for values printed elsewhere, for generated arrays and for functions the library lacks.
    """
    library = target.get("library")
    path = function.get(str(library)) if library in ("numpy", "scipy", "tensorflow") else None
    inputs = [str(x) for x in row.get("input") or []]
    if not path or not inputs or any(is_generated(x) or not _is_number(x) for x in inputs):
        return ""
    lines = [*setup_lines(target), *environment_lines(target)]
    where = place(row.get("context"))
    if function.get("kind") == "expression":
        lines += expression_lines(str(path), target, dtype, inputs, where)
        lines.append(_print(f"result[{where[1]}]" if where else "result", str(row.get("output")), dtype))
        return "\n".join(lines) + "\n"
    call = parse_call(path)
    if library == "tensorflow":
        derivative = int(function.get("wrt") or 0) if function.get("kind") == "gradient" else None
        if in_session(target):
            if derivative is not None:
                return ""
            lines += session_lines(call, target, _arrays(dtype, inputs, where), _arguments(inputs))
        else:
            lines += _tensorflow(call, target, dtype, inputs, where, derivative)
    else:
        lines += _numpy(call, dtype, inputs, where)
    lines.append(_print(f"y[{where[1]}]" if where else "y", str(row.get("output")), dtype))
    return "\n".join(lines) + "\n"


def _is_number(text: str) -> bool:
    try:
        return all(float.fromhex(part) is not None for part in text.split(","))
    except ValueError:
        return False


def _print(result: str, output: str, dtype: str) -> str:
    """The line that prints a result as it is stored, with the stored output beside it."""
    if "," in output:
        return f"z = complex({result}); print(z.real.hex(), z.imag.hex(), sep=',')  # {_printed(output)}"
    if kind_of(dtype) == "integer":
        return f"print(int({result}))  # {output}"
    return f"print(float({result}).hex())  # {_printed(output)}"


def _printed(text: str) -> str:
    """What ``float.hex`` prints for a stored output."""
    try:
        return ",".join(float.fromhex(part).hex() for part in text.split(","))
    except ValueError:
        return text


def environment_lines(target: dict[str, Any]) -> list[str]:
    """Environment variables must be set before the library is imported."""
    env = target.get("env") or {}
    pairs = sorted(env.items()) if isinstance(env, dict) else sorted((str(k), str(v)) for k, v in env)
    if not pairs:
        return []
    return ["import os", *(f"os.environ[{k!r}] = {str(v)!r}" for k, v in pairs)]


def _arrays(dtype: str, inputs: list[str], where: tuple[int, int] | None) -> list[str]:
    """Lines that make ``x`` (and ``y`` and so on as ``x1``, ``x2``) of the dtype."""
    name = "ml_dtypes.bfloat16" if dtype == "bfloat16" else f"np.{dtype}"
    names = ["x"] if len(inputs) == 1 else [f"x{i + 1}" for i in range(len(inputs))]
    if where:
        return [f"{n} = np.full({where[0]}, {literal(t)}, dtype={name})" for n, t in zip(names, inputs, strict=True)]
    return [f"{n} = np.asarray({literal(t)}, dtype={name})" for n, t in zip(names, inputs, strict=True)]


def _arguments(inputs: list[str]) -> list[str]:
    return ["x"] if len(inputs) == 1 else [f"x{i + 1}" for i in range(len(inputs))]


def _numpy(call: LibraryCall, dtype: str, inputs: list[str], where: tuple[int, int] | None) -> list[str]:
    module = call.path.rpartition(".")[0]
    imports = [] if module.split(".")[0] == "numpy" else [f"import {module}"]
    path = call.path.replace("numpy.", "np.", 1) if call.path.startswith("numpy.") else call.path
    bfloat = ["import ml_dtypes"] if dtype == "bfloat16" else []
    return [
        *imports,
        *bfloat,
        "import numpy as np",
        *_arrays(dtype, inputs, where),
        f"y = {call.text(', '.join(_arguments(inputs)), path)}",
    ]


def _tensorflow(
    call: LibraryCall,
    target: dict[str, Any],
    dtype: str,
    inputs: list[str],
    where: tuple[int, int] | None,
    derivative: int | None,
) -> list[str]:
    """Eager calls are written out; compiled ones, and derivatives, go through a function."""
    names = [f"t{i}" for i in range(1, len(inputs) + 1)]
    listed = ", ".join(names)
    text = call.text(listed, call.path.replace("tensorflow.", "tf.", 1))
    mode = str(target.get("mode", "eager"))
    plain = not call.keywords and call.item is None and derivative is None
    own: list[str] = []
    if plain:
        called = _MODES.get(mode, "{call}").format(call=text.split("(")[0])
    elif derivative is None:
        called = _MODES.get(mode, "{call}").format(call=f"lambda {listed}: {text}")
        called = f"({called})" if mode == "eager" else called
    else:
        own = [
            f"def derivative({listed}):",
            "    with tf.GradientTape() as tape:",
            f"        tape.watch({names[derivative]})",
            f"        result = {text}",
            f"    return tape.gradient(result, {names[derivative]})",
        ]
        called = _MODES.get(mode, "{call}").format(call="derivative")
    bfloat = ["import ml_dtypes"] if dtype == "bfloat16" else []
    device = "GPU:0" if str(target.get("device", "")).upper().startswith("GPU") else "CPU:0"
    tensors = [f"    {t} = tf.constant({n})" for t, n in zip(names, _arguments(inputs), strict=True)]
    return [
        *bfloat,
        "import numpy as np",
        "import tensorflow as tf",
        *own,
        *_arrays(dtype, inputs, where),
        f"with tf.device('{device}'):",
        *tensors,
        f"    y = {called}({listed}).numpy()",
    ]
