"""Releases that cannot be had, and TensorFlow before 2.0: one execution mode, not that of today's base target."""

from __future__ import annotations

import re
from dataclasses import replace

from reportgen.catalogue.libraries import libraries
from reportgen.core.model import TargetSpec

SENTENCE = "TensorFlow {} on the CPU: a graph whose placeholders are fed in a session, the only way that it computes."
OPTIONS = ("threads", "inter_threads")
"""What a session can be told."""


def is_graph_release(library: str, version: str) -> bool:
    """Whether a release computes graphs in sessions only: TensorFlow before 2.0."""
    major = re.match(r"\d+", version)
    return library == "tensorflow" and major is not None and int(major[0]) < 2


def refusal(target: TargetSpec) -> str:
    """Why a target cannot be had in the release that it names, with what can; empty where it can be."""
    known = libraries()[target.library]
    if target.pinned and not known.distributions:
        # Whatever the index holds under the library's name is another program.
        return f"{known.title} cannot be installed as a release ({known.install}), expected {target.base}"
    if not is_graph_release(target.library, target.version):
        return ""
    told = f"TensorFlow {target.version} runs graphs in sessions on the CPU"
    plain = f"expected tensorflow@{target.version} or a target with tensorflow as its base"
    if target.device != "CPU" or target.mode != "eager":
        kind = {"graph": "tf.function", "xla": "jit_compile"}.get(target.mode, "")
        lacks = f" and has no {kind}" if kind else ""
        return f"{told} here{lacks}, {plain}"
    unknown = [name for name, _ in target.options if name not in OPTIONS] + [name for name, _ in target.expect]
    if unknown:
        return f"{told} and has no setting {unknown[0]!r}, {plain} without it"
    return ""


def adapted(target: TargetSpec, described: bool = False) -> TargetSpec:
    """The target as its release runs it; ``described``: the sentence is the user's own and stays."""
    if not is_graph_release(target.library, target.version):
        return target
    sentence = target.sentence if described else SENTENCE.format(target.version)
    return replace(target, mode="graph", sentence=sentence)
