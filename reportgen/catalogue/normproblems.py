"""What variances, norms, log-sum-exps and softmax are tried on."""

from __future__ import annotations

from reportgen.catalogue.reductionproblems import counted
from reportgen.core.problems import Operand, Problem

WORDS = {
    "positive": "positive numbers",
    "mixed": "numbers of both signs",
    "large-mean": "numbers with a large mean and deviation 1",
    "tenths": "equal numbers (0.1)",
    "squares-overflow": "numbers whose squares overflow",
    "squares-underflow": "numbers whose squares underflow",
    "logits": "logits (deviation 5)",
    "logits-huge": "logits between −1000 and 1000",
    "logits-below": "logits around −1000",
    "log-probabilities": "logarithms of probabilities that add up to 1",
    "nan-middle": "numbers with one NaN",
    "inf-among-finite": "numbers with one +∞",
    "minus-inf-among-finite": "numbers with one −∞",
    "only-minus-inf": "elements, each −∞",
    "only-inf": "elements, each +∞",
}
"""What data are, in the words that follow a count."""

HUGE = 10**7
LONG = (100_000, 8)


def flat(data: str, n: int, axis: int | None = None, dtypes: tuple[str, ...] = (), refusable: bool = False) -> Problem:
    """All of an array of one axis; ``axis`` where the function's result has the operand's shape."""
    words = counted(n, WORDS[data]) if n else "no elements"
    name = f"{data}-{n}" if n else "empty"
    special = "nan" in data or "inf" in data
    operands, parameters = (Operand("x", data, (n,)),), (("axis", axis),)
    refused = refusable or not n
    return Problem(name, words, operands, parameters, data, n, special, refused, dtypes)


def columns(data: str, shape: tuple[int, int], axis: int = 0, dtypes: tuple[str, ...] = ()) -> Problem:
    """Columns (axis 0) or rows (axis 1) of a matrix."""
    lanes = "columns" if axis == 0 else "rows"
    words = f"{lanes} of {shape[0]:,} × {shape[1]:,} {WORDS[data]}"
    name = f"{data}-{shape[0]}x{shape[1]}-axis{axis}"
    operands, parameters = (Operand("x", data, shape),), (("axis", axis),)
    return Problem(name, words, operands, parameters, f"{data}-axis{axis}", shape[axis], dtypes=dtypes)


def growing(data: str, *sizes: int, axis: int | None = None) -> tuple[Problem, ...]:
    """One kind of data at several sizes; ten million elements in float32 only, where they tell most."""
    return tuple(flat(data, n, axis, ("float32",) if n >= HUGE else ()) for n in sizes)


VARIANCES = (
    *growing("positive", 1, 7, 1000, 10**5, HUGE),
    columns("positive", LONG),
    columns("positive", (8, 10_000), 1),
    *growing("large-mean", 1000, 10**5),
    flat("tenths", 1000),
    columns("tenths", (100_000, 4), 0, ("float32",)),
    flat("nan-middle", 100),
    flat("inf-among-finite", 100),
    flat("positive", 0),
)
DEVIATIONS = (
    *growing("positive", 7, 1000, 10**5),
    columns("positive", LONG),
    *growing("large-mean", 1000, 10**5),
    flat("tenths", 1000),
    columns("tenths", (100_000, 4), 0, ("float32",)),
    flat("squares-overflow", 1000),
    flat("squares-underflow", 10),
    flat("nan-middle", 100),
    flat("inf-among-finite", 100),
)
# SciPy refuses NaN and infinities unless it is told not to look for them (check_finite).
NORMS = (
    *growing("mixed", 1, 7, 1000, 10**5, HUGE),
    columns("mixed", LONG),
    flat("squares-overflow", 2),
    flat("squares-overflow", 1000),
    columns("squares-overflow", (100, 8)),
    flat("squares-underflow", 10),
    flat("nan-middle", 100, refusable=True),
    flat("inf-among-finite", 100, refusable=True),
    flat("mixed", 0),
)
SIZES = (
    *growing("mixed", 7, 1000, 10**5),
    columns("mixed", LONG),
    flat("nan-middle", 100, refusable=True),
    flat("inf-among-finite", 100, refusable=True),
    flat("mixed", 0),
)
LOG_SUMS = (
    *growing("logits", 1, 7, 1000, 10**5),
    columns("logits", (10_000, 8)),
    flat("logits-huge", 1000),
    flat("logits-below", 1000),
    flat("log-probabilities", 1000),
    flat("tenths", 10**5),
    flat("nan-middle", 100),
    flat("inf-among-finite", 100),
    flat("minus-inf-among-finite", 100),
    flat("only-minus-inf", 10),
    flat("only-inf", 10),
    flat("mixed", 0),
)
SHARES = (
    *growing("logits", 1, 7, 1000, 10**5, axis=0),
    columns("logits", (1000, 8)),
    columns("logits", (8, 1000), 1),
    flat("logits-huge", 1000, 0),
    flat("logits-below", 1000, 0),
    flat("tenths", 1000, 0),
    flat("nan-middle", 100, 0),
    flat("minus-inf-among-finite", 100, 0),
    flat("only-minus-inf", 10, 0),
)
SCANNED = (
    *growing("logits", 1, 7, 1000, 10**5, axis=0),
    columns("logits", (1000, 8)),
    flat("logits-huge", 1000, 0),
    flat("log-probabilities", 1000, 0),
    flat("tenths", 1000, 0),
    flat("nan-middle", 100, 0),
    flat("minus-inf-among-finite", 100, 0),
    flat("only-minus-inf", 10, 0),
    flat("only-inf", 10, 0),
)
