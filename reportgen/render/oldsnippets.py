"""What a small program needs to run on a release of its own: its environment, and the calls of TensorFlow 1."""

from __future__ import annotations

import re
from typing import Any

from reportgen.core.calls import LibraryCall

SHOWN_PACKAGES = ("numpy", "protobuf")
"""Packages of the lock that are named beside the library itself: those that decide whether it can be imported."""
_MOVED = {
    "tensorflow.math.softplus": "tf.nn.softplus",
    "tensorflow.math.softsign": "tf.nn.softsign",
    "tensorflow.nn.silu": "tf.nn.swish",
}
"""Names of TensorFlow 2 and those of 1 that the rule of :func:`old_path` does not give."""
MATH_SINCE = (1, 13)
"""The first release that has all of ``tf.math``."""


def setup_lines(target: dict[str, Any]) -> list[str]:
    """Comments that say how to make the environment of a pinned target; none for today's."""
    pinned = str(target.get("pinned") or "")
    if not pinned:
        return []
    python = re.match(r"\d+\.\d+", str((target.get("provenance") or {}).get("python") or ""))
    packages = [(str(n), str(v)) for n, v in (target.get("environment") or {}).get("packages") or ()]
    library = str(target.get("library"))
    own = [(n, v) for n, v in packages if n == library or n.startswith(f"{library}-")]
    own = [p for p in own if p[1] == pinned] or [(library, pinned)]
    beside = [p for p in packages if p[0] in SHOWN_PACKAGES and p not in own]
    wanted = " ".join(f"{n}=={v}" for n, v in [*own[:1], *beside])
    return [
        f"# uv venv{f' --python {python[0]}' if python else ''} release",
        f"# uv pip install --python release/bin/python {wanted}",
        "# then run this with release/bin/python",
    ]


def in_session(target: dict[str, Any]) -> bool:
    """Whether the target's release computes graphs in sessions only: TensorFlow before 2.0."""
    pinned = str(target.get("pinned") or "")
    return target.get("library") == "tensorflow" and bool(pinned) and _release(pinned) < (2, 0)


def _release(version: str) -> tuple[int, ...]:
    return tuple(int(x) for x in re.findall(r"\d+", version)[:2])


def old_path(path: str, version: str) -> str:
    """The name that a release before 2.0 has for a function of TensorFlow 2."""
    if path in _MOVED:
        return _MOVED[path]
    if path.startswith("tensorflow.math.") and _release(version) < MATH_SINCE:
        return path.replace("tensorflow.math.", "tf.", 1)
    return path.replace("tensorflow.", "tf.", 1)


def session_lines(call: LibraryCall, target: dict[str, Any], arrays: list[str], inputs: list[str]) -> list[str]:
    """Lines that leave the result in ``y``; ``arrays`` are the lines that make ``inputs``.

    The inputs are fed to placeholders: what is a constant of the graph may be computed in another way beforehand.
    """
    names = [f"t{i}" for i in range(1, len(inputs) + 1)]
    text = call.text(", ".join(names), old_path(call.path, str(target["pinned"])))
    fed = ", ".join(f"{n}: {x}" for n, x in zip(names, inputs, strict=True))
    return [
        "import numpy as np",
        "import tensorflow as tf",
        *arrays,
        "with tf.device('/cpu:0'):",
        *(f"    {n} = tf.placeholder({x}.dtype, {x}.shape)" for n, x in zip(names, inputs, strict=True)),
        f"    result = {text}",
        "with tf.Session() as session:",
        f"    y = session.run(result, {{{fed}}})",
    ]
