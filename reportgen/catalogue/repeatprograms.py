"""Complete programs that show a result that does not repeat: the measured data, the call, both outputs."""

from __future__ import annotations

import re
from dataclasses import dataclass

from reportgen.catalogue.determinism import Repeated
from reportgen.core.arrays import pcg64_seed
from reportgen.core.dtypes import DTYPES, kind_of
from reportgen.core.generated.repeats import EXPRESSIONS

MOST_CALLS = 10_000
"""After so many equal results a program gives up and says so."""


@dataclass(frozen=True)
class Way:
    """How the function is called: ``threads`` of the library, with or without ``deterministic`` mode."""

    threads: int
    deterministic: bool = False

    @property
    def words(self) -> str:
        threads = "1 thread" if self.threads == 1 else f"{self.threads} threads"
        return f"{threads}, deterministic" if self.deterministic else threads


def operand_lines(entry: Repeated, seed: int) -> list[str]:
    """Lines of NumPy that make the operands, number for number those that were measured."""
    lines = []
    for o in entry.problem.operands:
        dtype = o.dtype or entry.dtype
        cast = "np.float32).astype(ml_dtypes.bfloat16" if dtype == "bfloat16" else f"np.{dtype}"
        shape = str(o.shape[0]) if len(o.shape) == 1 else str(o.shape)
        values = EXPRESSIONS[o.data.partition(".")[0]].format(shape=shape)
        if "rng." in values:
            number = pcg64_seed(o.data, seed, o.shape, DTYPES[dtype])
            lines.append(f"rng = np.random.Generator(np.random.PCG64({number}))")
        lines.append(f"{o.name} = ({values}).astype({cast})")
    return lines


def _call(entry: Repeated, library: str, mode: str) -> list[str]:
    """Lines that define ``call``, which takes nothing and returns an array."""
    names = ", ".join(o.name for o in entry.problem.operands)
    short = {"numpy": "np.", "tensorflow": "tf."}
    program = re.sub(r"\b(numpy|tensorflow)\.", lambda m: short[m[1]], entry.program(library) or "")
    if library != "tensorflow":
        return ["", "def call():", f"    return np.asarray({program})", ""]
    lines = [", ".join(f"{o.name}" for o in entry.problem.operands) + " = "]
    lines[0] += ", ".join(f"tf.constant({o.name})" for o in entry.problem.operands)
    if mode == "eager":
        return [*lines, "", "def call():", f"    return {program}.numpy()", ""]
    compiled = "@tf.function(jit_compile=True)" if mode == "xla" else "@tf.function"
    return [
        *lines, "", compiled, f"def compiled({names}):", f"    return {program}", "",
        "def call():", f"    return compiled({names}).numpy()", "",
    ]  # fmt: skip


def _imports(entry: Repeated, library: str, first: tuple[str, ...] = ()) -> list[str]:
    bfloat = ["import ml_dtypes"] if entry.dtype == "bfloat16" else []
    own = ["import tensorflow as tf"] if library == "tensorflow" else []
    return [*first, *([""] if first else []), *bfloat, "import numpy as np", *own, ""]


def _shown(entry: Repeated, value: str) -> str:
    """Text of an expression that prints a number exactly."""
    return f"complex({value})" if kind_of(entry.dtype) == "complex" else f"float({value}).hex()"


def run_program(entry: Repeated, library: str, mode: str, way: Way, seed: int) -> str:
    """Calls in one process until a result differs from the first, then prints both."""
    lines = _imports(entry, library, ("import os",) if library != "tensorflow" else ())
    if library == "tensorflow":
        lines += [f"tf.config.threading.set_intra_op_parallelism_threads({way.threads})"]
        lines += ["tf.config.experimental.enable_op_determinism()"] if way.deterministic else []
    else:
        lines.insert(1, f'os.environ["OPENBLAS_NUM_THREADS"] = "{way.threads}"')
    lines += [*operand_lines(entry, seed), *_call(entry, library, mode)]
    lines += [
        "first = call()",
        f"for number in range(2, {MOST_CALLS + 1}):",
        "    again = call()",
        "    differs = np.flatnonzero(again != first)",
        "    if len(differs):",
        "        at = differs[0]",
        f'        print("call 1, element", at, {_shown(entry, "first.flat[at]")})',
        f'        print(f"call {{number}}, element", at, {_shown(entry, "again.flat[at]")})',
        "        break",
        "else:",
        f'    print("all {MOST_CALLS:,} results are the same")',
    ]
    return "\n".join(lines) + "\n"


def settings_program(
    entry: Repeated, library: str, mode: str, ways: tuple[Way, Way], seed: int, element: int
) -> str:  # fmt: skip
    """Starts itself once for each of two ways of calling, each of which prints one element of its result."""
    labels = ["same setting"] * 2 if ways[0] == ways[1] else [way.words for way in ways]
    asked = [f'("{label}", "{way.threads}", "{"on" if way.deterministic else "off"}")'
             for label, way in zip(labels, ways, strict=True)]  # fmt: skip
    numpy = library != "tensorflow"
    modes = any(way.deterministic for way in ways)
    own = ', env={**os.environ, "OPENBLAS_NUM_THREADS": threads}' if numpy else ""
    first = ("import os", "import subprocess", "import sys") if numpy else ("import subprocess", "import sys")
    lines = _imports(entry, library, first)
    lines += [
        "if len(sys.argv) == 1:",
        f"    for label, threads, deterministic in ({asked[0]}, {asked[1]}):",
        '        print(label, end=": ", flush=True)',
        f"        subprocess.run([sys.executable, sys.argv[0], threads, deterministic], check=True{own})",
        "    sys.exit()",
        "",
    ]
    if not numpy:
        lines += ["tf.config.threading.set_intra_op_parallelism_threads(int(sys.argv[1]))"]
        if modes:
            lines += ['if sys.argv[2] == "on":', "    tf.config.experimental.enable_op_determinism()"]
    lines += [*operand_lines(entry, seed), *_call(entry, library, mode)]
    lines += [f'print("element {element}:", {_shown(entry, f"call().flat[{element}]")})']
    return "\n".join(lines) + "\n"
