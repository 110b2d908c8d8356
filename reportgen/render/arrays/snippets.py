"""Programs that make the data of a problem again and run what a target ran, with the result that is stored.

``reportgen.core.arrays.generate`` is the documented generator of the data; everything else is the library's own.
"""

from __future__ import annotations

import ast
import re

from reportgen.core.dtypes import kind_of
from reportgen.render.arrays.data import Score
from reportgen.render.snippets import environment_lines
from reportgen.render.stored import Row

_SPELLED = re.compile(r"gen:([A-Za-z0-9_.-]+):(-?\d+):(\(\)|[0-9]+(?:x[0-9]+)*)")
_ELEMENT = re.compile(r"element (\([0-9, ]*\))")
SHORT = {"numpy.": "np.", "tensorflow.": "tf."}
LAYOUTS = {
    "F": "np.asfortranarray({x})",
    "strided": "np.repeat({x}, 2, axis=-1)[..., ::2]",
    "offset": "np.concatenate([{x}.reshape(-1)[:1], {x}.reshape(-1)])[1:].reshape({x}.shape)",
    "reversed": "np.flip(np.flip({x}).copy())",
}
"""How an operand in C order is brought into another memory layout."""


def snippet(function: Row, target: Row, score: Score) -> str:
    """The program of one score; empty where its data cannot be made again or the library lacks the function."""
    problem = score.problem
    library = str(target.get("library"))
    program = (function["arrays"]["programs"] or {}).get(library)
    if not program or not problem.get("inputs") or target.get("mode") == "recorded":
        return ""
    operands = _operands(problem, str(score.row["dtype"]))
    if operands is None:
        return ""
    names = [name for name, *_ in operands]
    parameters = [f"{name} = {text}" for name, text in keywords(str(problem.get("parameters") or ""))]
    lines = environment_lines(target) + _imports(library, program, [dtype for _, dtype, *_ in operands])
    for name, dtype, spelled, order in operands:
        lines += _made(name, dtype, spelled, order)
    lines += parameters
    lines += _call(library, program, target, names)
    return "\n".join([*lines, _print(function, library, score)]) + "\n"


def keywords(text: str) -> list[tuple[str, str]]:
    """Names and values of ``axis=0, axes=(0, 1)`` as Python writes them; None values stay."""
    if not text:
        return []
    call = ast.parse(f"f({text})", mode="eval").body
    assert isinstance(call, ast.Call)
    return [(str(k.arg), ast.unparse(k.value)) for k in call.keywords]


def _operands(problem: Row, dtype: str) -> list[tuple[str, str, tuple[str, str, str], str]] | None:
    """Name, dtype, (generator, seed, shape as Python) and layout of each operand; None where one is not generated."""
    names, spelled = str(problem["operands"]).split(";"), str(problem["inputs"]).split(";")
    orders = str(problem.get("order") or "").split(";")
    out = []
    for i, (named, text) in enumerate(zip(names, spelled, strict=False)):
        found = _SPELLED.fullmatch(text)
        if not found:
            return None
        name, _, own = named.partition(":")
        order = orders[i] if i < len(orders) else "C"
        out.append((name, own or dtype, (found[1], found[2], _shape(found[3])), order))
    return out if len(names) == len(spelled) else None


def _shape(text: str) -> str:
    if text == "()":
        return "()"
    sizes = text.split("x")
    return f"({sizes[0]},)" if len(sizes) == 1 else f"({', '.join(sizes)})"


def _imports(library: str, program: str, dtypes: list[str]) -> list[str]:
    out = ["import ml_dtypes"] if "bfloat16" in dtypes else []
    out += ["import numpy as np"]
    if library == "scipy":
        out += [f"import {m}" for m in sorted(set(re.findall(r"scipy(?:\.[a-z_]+)*(?=\.[A-Za-z_0-9]+)", program)))]
    out += ["import tensorflow as tf"] if library == "tensorflow" else []
    return [*out, "from reportgen.core.arrays import generate", "from reportgen.core.dtypes import DTYPES"]


def _made(name: str, dtype: str, spelled: tuple[str, str, str], order: str) -> list[str]:
    generator, seed, shape = spelled
    own = "ml_dtypes.bfloat16" if dtype == "bfloat16" else "bool" if dtype == "bool" else f"np.{dtype}"
    lines = [f"{name} = generate({generator!r}, {seed}, {shape}, DTYPES[{dtype!r}]).astype({own})"]
    if order in LAYOUTS:
        lines.append(f"{name} = {LAYOUTS[order].format(x=name)}")
    return lines


def _call(library: str, program: str, target: Row, names: list[str]) -> list[str]:
    text = program
    for long, short in SHORT.items():
        text = re.sub(rf"\b{re.escape(long)}", short, text)
    if library != "tensorflow":
        return [f"result = {text}"]
    device = "GPU:0" if str(target.get("device", "")).upper().startswith("GPU") else "CPU:0"
    mode = str(target.get("mode", "eager"))
    tensors = [f"    {n} = tf.constant({n})" for n in names]
    if mode == "eager":
        return [f"with tf.device('{device}'):", *tensors, f"    result = {text}"]
    options = ", jit_compile=True" if mode == "xla" else ""
    listed = ", ".join(names)
    function = f"tf.function(lambda {listed}: {text}{options})"
    return [f"with tf.device('{device}'):", *tensors, f"    result = {function}({listed})"]


def _print(function: Row, library: str, score: Score) -> str:
    """The line that prints the worst element as it is stored, or all results where the judge has no worst element."""
    output, context = score.row.get("worst_output"), str(score.row.get("worst_context") or "")
    several = len((function["arrays"].get("returns") or {}).get(library, [""])) > 1
    if not output or several or score.ulp is None:
        return "print(result)"
    where = _ELEMENT.search(context)
    element = f"np.asarray(result)[{where[1]}]" if where else "np.asarray(result)"
    if score.metric in ("re", "im"):
        part = {"re": "real", "im": "imag"}[score.metric]
        return f"print(float(complex({element}).{part}).hex())  # {_printed(str(output))}"
    if kind_of(str(score.row.get("result_dtype") or score.row["dtype"])) == "integer":
        return f"print(int({element}))  # {output}"
    return f"print(float({element}).hex())  # {_printed(str(output))}"


def _printed(text: str) -> str:
    try:
        return float.fromhex(text).hex()
    except ValueError:
        return text
