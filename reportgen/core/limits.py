"""What an ``[[expect]]`` can bound: the names of its limits, and how they are worded."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

from reportgen.core.model import Limit

ERRORS = {
    "max_ulp": "maximum error", "mean_ulp": "mean error", "rms_ulp": "root mean square error", "bias_ulp": "bias",
    "p50_ulp": "median error", "p99_ulp": "99th percentile", "p999_ulp": "99.9th percentile",
    "max_abs": "absolute error", "max_rel": "relative error", "bound_ratio": "error over its bound",
}  # fmt: skip
"""Figures of a row of ``measurements``, none of which may exceed its bound; of a bias, neither its magnitude."""

MAXIMA = ("max_ulp", "max_abs", "max_rel", "bound_ratio")
"""Those that one input decides; they are printed rounded up."""

COUNTS = {"special_mismatches": "special mismatches", "undecided": "undecided results"}
CHECKS = {
    "position_differs": "position", "layout_differs": "layout", "constant_differs": "constant",
    "batch_differs": "batch",
}  # fmt: skip
"""Limits on rows of ``self_agreement``, by the check."""

REPEATS = {"run_differs": "repeated calls", "threads_differ": "other thread counts"}
SHARES = {"correctly_rounded": "correctly rounded", "faithfully_rounded": "faithfully rounded"}
PAIRS = {"equal": "equal", "max_distance": "distance", "nan_differs": "NaN on one side only"}
SPECIAL, STATUS = "special", "status"

DISTRIBUTED = ("mean_ulp", "rms_ulp", "bias_ulp", "p50_ulp", "p99_ulp", "p999_ulp")
"""Statistics of the base samples: further inputs may move them either way."""

ONE_TARGET = (*ERRORS, *COUNTS, *CHECKS, *REPEATS, *SHARES, SPECIAL, STATUS)
TWO_TARGETS = (*PAIRS, "max_abs", "max_rel")
WHOLE = (*COUNTS, *CHECKS, *REPEATS, "nan_differs")
"""Limits that are counts."""


@dataclass(frozen=True)
class Figure:
    """A figure that one limit was held against.

    ``excess`` orders figures of one limit: larger is worse; ``holds`` says whether the limit does. ``certainty`` is
    ``proven`` (no further input can change it), ``not refuted`` (a further input could), ``measured`` (a statistic of
    the samples).
    """

    function: str
    dtype: str
    case: str | None
    target: str
    excess: Fraction
    holds: bool
    found: str
    certainty: str
    other: str | None = None
    path: str | None = None
    metric: str | None = None
    regime: str | None = None
    input: str | None = None
    output: str | None = None

    @property
    def group(self) -> tuple[str, str, str | None]:
        return self.function, self.dtype, self.case


@dataclass(frozen=True)
class Unjudged:
    """A target (of a case, where it has one) whose results a limit could not be held against."""

    function: str
    dtype: str
    case: str | None
    target: str
    why: str

    @property
    def group(self) -> tuple[str, str, str | None]:
        return self.function, self.dtype, self.case


def exceeds(x: float | int, bound: Fraction) -> bool:
    """Whether a stored figure lies above an exact bound.

    The figure is known to within its rounding to binary64, and people read its shortest decimal; it exceeds where
    both do, so that no printed figure breaks the bound that it equals.
    """
    if isinstance(x, int):
        return x > bound
    return Fraction(x) > bound and Fraction(Decimal(repr(x))) > bound


def expected_words(limit: Limit) -> str:
    """``at most 4 ulp``, ``none``, ``all correctly rounded`` …"""
    what, bound = limit.what, limit.bound
    if what == STATUS:
        return "measured"
    if what == SPECIAL:
        return "as the rules say"
    if bound is None:
        return "any number"
    if what in SHARES or what == "equal":
        kind = SHARES.get(what, "bitwise equal")
        return f"all {kind}" if bound == 1 else f"at least {limit.text} {kind}"
    if what in WHOLE:
        return "none" if bound == 0 else f"at most {limit.text}"
    return f"at most {limit.text}{unit(what)}"


def unit(what: str) -> str:
    """`` ulp``, `` steps`` or nothing."""
    if what == "max_distance":
        return " steps of the dtype"
    return " ulp" if what.endswith("_ulp") else ""


def title(what: str) -> str:
    """The limit in words, as a heading of a cell: ``maximum error``."""
    words: Mapping[str, Any] = {
        **ERRORS, **COUNTS, **{k: f"{v} differs" for k, v in CHECKS.items()}, **REPEATS, **SHARES, **PAIRS,
        SPECIAL: "special cases", STATUS: "status", "equal": "agreement", "max_distance": "largest distance",
    }  # fmt: skip
    return str(words.get(what, what))
