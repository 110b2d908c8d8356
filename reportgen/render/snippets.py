"""Small programs that reproduce one stored result and print it in ``float.hex`` form.

The value is put where it stood: alone, in a short piece, or inside a long array at the stated index. The
neighbours hold the same value: what a result depends on is the length of the array and the place in it.
"""

from __future__ import annotations

import re
from typing import Any

from reportgen.core import formatting as f

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
    """A Python expression for one stored input, exact."""
    short = f.hex_text(text)
    return f"float('{short}')" if short in ("nan", "inf", "-inf") else f"float.fromhex('{short}')"


def is_generated(text: str) -> bool:
    return text.startswith("gen:")


def snippet(function: dict[str, Any], target: dict[str, Any], dtype: str, row: dict[str, Any]) -> str:
    """The program for a row with ``input`` (list of hex texts), ``output`` and ``context``; empty where there is none.

    There is none for values printed elsewhere, for generated arrays and for functions the library lacks.
    """
    library = target.get("library")
    path = function.get(str(library)) if library in ("numpy", "tensorflow") else None
    inputs = [str(x) for x in row.get("input") or []]
    if not path or not inputs or any(is_generated(x) or f.value(x, dtype) == x for x in inputs):
        return ""
    lines = _environment(target)
    where = place(row.get("context"))
    lines += (
        _numpy(path, dtype, inputs, where) if library == "numpy" else _tensorflow(path, target, dtype, inputs, where)
    )
    pick = f"y[{where[1]}]" if where else "y"
    lines.append(f"print(float({pick}).hex())  # {_printed(str(row.get('output')))}")
    return "\n".join(lines) + "\n"


def _printed(text: str) -> str:
    """What ``float.hex`` prints for a stored output."""
    try:
        return float.fromhex(text).hex()
    except ValueError:
        return text


def _environment(target: dict[str, Any]) -> list[str]:
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


def _numpy(path: str, dtype: str, inputs: list[str], where: tuple[int, int] | None) -> list[str]:
    module = path.split(".")[0]
    imports = [] if module == "numpy" else [f"import {module}"]
    call = path.replace("numpy.", "np.", 1) if module == "numpy" else path
    bfloat = ["import ml_dtypes"] if dtype == "bfloat16" else []
    return [
        *imports,
        *bfloat,
        "import numpy as np",
        *_arrays(dtype, inputs, where),
        f"y = {call}({', '.join(_arguments(inputs))})",
    ]


def _tensorflow(
    path: str, target: dict[str, Any], dtype: str, inputs: list[str], where: tuple[int, int] | None
) -> list[str]:
    call = path.replace("tensorflow.", "tf.", 1)
    mode = str(target.get("mode", "eager"))
    wrapped = _MODES.get(mode, "{call}").format(call=call)
    bfloat = ["import ml_dtypes"] if dtype == "bfloat16" else []
    device = "GPU:0" if str(target.get("device", "")).upper().startswith("GPU") else "CPU:0"
    tensors = [f"    t{i} = tf.constant({n})" for i, n in enumerate(_arguments(inputs), 1)]
    names = ", ".join(f"t{i}" for i in range(1, len(inputs) + 1))
    return [
        *bfloat,
        "import numpy as np",
        "import tensorflow as tf",
        *_arrays(dtype, inputs, where),
        f"with tf.device('{device}'):",
        *tensors,
        f"    y = {wrapped}({names}).numpy()",
    ]
