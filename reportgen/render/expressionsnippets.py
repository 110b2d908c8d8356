"""Small programs that reproduce one result of an expression: what was written, as it was written."""

from __future__ import annotations

import re
from typing import Any

from reportgen.core import formatting as f

_MODES = {
    "eager": "written",
    "graph": "tf.function(written)",
    "xla": "tf.function(written, jit_compile=True)",
}
ARGUMENTS = ("x", "y", "z")


def source(program: str) -> str:
    """A program with the usual short names of the libraries: ``np.log(np.exp(x))``."""
    return re.sub(r"\btensorflow\.", "tf.", re.sub(r"\bnumpy\.", "np.", program))


def number(text: str) -> str:
    """A Python expression for a stored number, exact."""
    short = f.hex_text(text)
    return f"float('{short}')" if short in ("nan", "inf", "-inf") else f"float.fromhex('{short}')"


def expression_lines(
    program: str, target: dict[str, Any], dtype: str, inputs: list[str], where: tuple[int, int] | None
) -> list[str]:
    """Lines that leave the program's value on ``target`` in ``result``; the inputs fill an array, or stand alone."""
    kind = "ml_dtypes.bfloat16" if dtype == "bfloat16" else f"np.{dtype}"
    names = ARGUMENTS[: len(inputs)]
    listed = ", ".join(names)
    tensorflow = target.get("library") == "tensorflow"
    lines = [*(["import ml_dtypes"] if dtype == "bfloat16" else []), "import numpy as np"]
    lines += ["import tensorflow as tf"] if tensorflow else []
    lines += [f"def written({listed}):", f"    return {source(program)}"]
    for name, text in zip(names, inputs, strict=True):
        made = f"np.full({where[0]}, {number(text)}, dtype={kind})" if where else f"np.asarray({number(text)}, {kind})"
        lines.append(f"{name} = {made}")
    if not tensorflow:
        return [*lines, f"result = written({listed})"]
    device = "GPU:0" if str(target.get("device", "")).upper().startswith("GPU") else "CPU:0"
    called = _MODES.get(str(target.get("mode", "eager")), "written")
    given = ", ".join(f"tf.constant({name})" for name in names)
    return [*lines, f"with tf.device('{device}'):", f"    result = {called}({given}).numpy()"]
