"""Reductions with a nonlinear step: variances, norms, log-sum-exps and softmax."""

from __future__ import annotations

from reportgen.catalogue import normproblems as problems
from reportgen.catalogue.arrayrows import ArrayRow
from reportgen.catalogue.rows import FunctionRow, Special
from reportgen.catalogue.sources import INFINITY, INVALID, PROPAGATION, literature, numpy_docs, scipy_docs
from reportgen.core.problems import Problem

# Special cases, in the words of reportgen/catalogue/arraypatterns.py.
SCALED = literature("J. L. Blue, ACM Trans. Math. Softw. 4 (1978); N. J. Higham, Accuracy and Stability, 2nd ed., 27.8")
SHIFTED = literature("P. Blanchard, D. J. Higham & N. J. Higham, IMA J. Numer. Anal. 41 (2021), shifted formulas")
TWO_PASSES = literature("T. F. Chan, G. H. Golub & R. J. LeVeque, Amer. Statist. 37 (1983); Higham, 2nd ed., 1.9")
NAN = Special(("some nan",), "nan", "One NaN anywhere in the array gives NaN.", PROPAGATION)
ON_THE_WAY = Special(
    ("overflow on the way",), "value", "A result within range is a number though a sum on the way overflows.", SCALED
)
BELOW = Special(
    ("underflow on the way",), "value", "A result within range is a number though every square underflows.", SCALED
)
SPREAD = (
    NAN,
    Special(("some ±inf",), "nan", "An infinity's distance from the mean is ∞ − ∞: NaN.", INVALID),
    Special(("empty",), "nan or refused", "The spread of no elements is 0/0: NaN.", numpy_docs("numpy.var")),
    ON_THE_WAY,
    BELOW,
    Special(("data tenths",), "either zero", "Equal numbers do not vary: 0.", numpy_docs("numpy.var")),
    Special(
        ("data large-mean",), "value", "Deviations from the mean, not squares minus a square, survive a large mean.",
        TWO_PASSES,
    ),
)  # fmt: skip
SIZE = (
    Special(("some nan",), "nan or refused", "One NaN anywhere in the array gives NaN.", PROPAGATION),
    Special(("some ±inf",), "+inf or refused", "The norm of an array with an infinity is +∞.", INFINITY),
    Special(("empty",), "+0 or refused", "The norm of no elements is 0.", numpy_docs("numpy.linalg.norm")),
    ON_THE_WAY,
    BELOW,
)
BEYOND = Special(
    ("data logits-*",),
    "value",
    "Exponentials out of range do no harm: the largest is taken out.",
    SHIFTED,
)
LOG_SUM = (
    NAN,
    Special(("some +inf",), "+inf", "+∞ among the elements gives +∞.", scipy_docs("special.logsumexp")),
    Special(("result ±inf",), "-inf", "Nothing but −∞, or no elements: the logarithm of 0 is −∞.",
            scipy_docs("special.logsumexp")),
    Special(("some -inf",), "value", "−∞ counts as a probability of 0.", scipy_docs("special.logsumexp")),
    ON_THE_WAY,
    BEYOND,
)  # fmt: skip
NO_SHARES = (
    Special(("some nan",), "nan", "One NaN makes every share NaN.", PROPAGATION),
    Special(("result nan",), "nan", "Shares of nothing but −∞ are 0/0: NaN.", INVALID),
    Special(("some -inf",), "value", "−∞ gets the share 0 (its logarithm is −∞) and takes none from others.", SHIFTED),
)
SHARE = (*NO_SHARES, Special(BEYOND.when, "finite", BEYOND.sentence, SHIFTED))
LOG_SHARE = (*NO_SHARES, BEYOND)
SCAN = (
    Special(("some nan",), "value", "From a NaN on, every element is NaN; those before it are not.", PROPAGATION),
    Special(("some +inf",), "value", "From a +∞ on, every element is +∞.", numpy_docs("numpy.logaddexp")),
    Special(("some -inf",), "value", "−∞ counts as a probability of 0.", numpy_docs("numpy.logaddexp")),
    BEYOND,
)

ANY = "arrays of at least one element"

# fmt: off
ROWS: tuple[FunctionRow, ...] = (
    FunctionRow(
        name="var", family="norms", kind="reduction", arity=1, aliases=("variance", "reduce_variance"),
        sentence="The variance of an array: the mean of the squared distances from the mean (divided by n).",
        domain=ANY, numpy="numpy.var", tensorflow="tensorflow.math.reduce_variance", mpmath="", arb="", specials=SPREAD,
    ),
    FunctionRow(
        name="std", family="norms", kind="reduction", arity=1, aliases=("reduce_std",),
        sentence="The standard deviation of an array: the square root of its variance.",
        domain=ANY, numpy="numpy.std", tensorflow="tensorflow.math.reduce_std", mpmath="", arb="", specials=SPREAD,
    ),
    FunctionRow(
        name="norm", family="norms", kind="reduction", arity=1, aliases=("norm2", "euclidean_norm"),
        sentence="The 2-norm of a vector: the square root of the sum of its squares.", domain="arrays",
        numpy="numpy.linalg.norm", tensorflow="tensorflow.norm", scipy="scipy.linalg.norm", mpmath="", arb="",
        specials=SIZE,
    ),
    FunctionRow(
        name="norm1", family="norms", kind="reduction", arity=1,
        sentence="The 1-norm of a vector: the sum of its absolute values.", domain="arrays",
        numpy="numpy.linalg.norm", tensorflow="tensorflow.norm", scipy="scipy.linalg.norm", mpmath="", arb="",
        specials=SIZE,
    ),
    FunctionRow(
        name="logsumexp", family="norms", kind="reduction", arity=1, aliases=("reduce_logsumexp",),
        sentence="The logarithm of the sum of the exponentials of an array.", domain="arrays",
        numpy="numpy.logaddexp.reduce", tensorflow="tensorflow.math.reduce_logsumexp", scipy="scipy.special.logsumexp",
        mpmath="", arb="", specials=LOG_SUM,
    ),
    FunctionRow(
        name="softmax", family="norms", kind="reduction", arity=1,
        sentence="The exponentials of an array divided by their sum.", domain=ANY,
        numpy=None, tensorflow="tensorflow.nn.softmax", scipy="scipy.special.softmax", mpmath="", arb="",
        specials=SHARE,
    ),
    FunctionRow(
        name="log_softmax", family="norms", kind="reduction", arity=1,
        sentence="The logarithm of softmax: each element minus the log-sum-exp of all.", domain=ANY,
        numpy=None, tensorflow="tensorflow.nn.log_softmax", scipy="scipy.special.log_softmax", mpmath="", arb="",
        specials=LOG_SHARE,
    ),
    FunctionRow(
        name="cumulative_logsumexp", family="norms", kind="reduction", arity=1,
        sentence="The log-sum-exp of the first elements of an array, for every number of them.", domain=ANY,
        numpy="numpy.logaddexp.accumulate", tensorflow="tensorflow.math.cumulative_logsumexp", mpmath="", arb="",
        specials=SCAN,
    ),
)
# fmt: on

INTEGERS = "Σx and Σx² accumulated as integers, quotient and root by integers"
BALLS = "Arb balls (exponentials, sum, logarithm) at a precision that grows until the value is settled"
FLOOR = ", at least the smallest normal number"


def _row(name: str, programs: dict[str, str], exact: str, condition: str, tried: tuple[Problem, ...]) -> ArrayRow:
    axis = tried[0].parameters
    return ArrayRow(name, tuple(programs.items()), name, exact, condition + FLOOR, tried, spec_parameters=axis)


ARRAYS: dict[str, ArrayRow] = {
    row.name: row
    for row in (
        _row(
            "var",
            {"numpy": "numpy.var(x, axis=axis)", "tensorflow": "tensorflow.math.reduce_variance(x, axis=axis)"},
            INTEGERS, "2·σ·r + u·r², r the root of the mean square (Chan, Golub & LeVeque 1983)", problems.VARIANCES,
        ),
        _row(
            "std",
            {"numpy": "numpy.std(x, axis=axis)", "tensorflow": "tensorflow.math.reduce_std(x, axis=axis)"},
            INTEGERS, "r, the root of the mean square (Chan, Golub & LeVeque 1983)", problems.DEVIATIONS,
        ),
        _row(
            # SciPy returns a Python float, which has no dtype of its own: it is shown in the array's.
            "norm",
            {"numpy": "numpy.linalg.norm(x, axis=axis)", "tensorflow": "tensorflow.norm(x, axis=axis)",
             "scipy": "numpy.asarray(scipy.linalg.norm(x, axis=axis), dtype=x.dtype)"},
            INTEGERS, "|y|", problems.NORMS,
        ),
        _row(
            "norm1",
            {"numpy": "numpy.linalg.norm(x, ord=1, axis=axis)", "tensorflow": "tensorflow.norm(x, ord=1, axis=axis)",
             "scipy": "numpy.asarray(scipy.linalg.norm(x, ord=1, axis=axis), dtype=x.dtype)"},
            "Σ|x| accumulated as integers", "|y|", problems.SIZES,
        ),
        _row(
            "logsumexp",
            {"numpy": "numpy.logaddexp.reduce(x, axis=axis)",
             "tensorflow": "tensorflow.math.reduce_logsumexp(x, axis=axis)",
             "scipy": "scipy.special.logsumexp(x, axis=axis)"},
            BALLS, "|y| + Σpᵢ|xᵢ|, p = softmax(x) (Blanchard, Higham & Higham 2021)", problems.LOG_SUMS,
        ),
        _row(
            "softmax",
            {"tensorflow": "tensorflow.nn.softmax(x, axis=axis)", "scipy": "scipy.special.softmax(x, axis=axis)"},
            BALLS, "pᵢ·(1 + (1 − 2pᵢ)|xᵢ| + Σpⱼ|xⱼ|) (Blanchard, Higham & Higham 2021)", problems.SHARES,
        ),
        _row(
            "log_softmax",
            {"tensorflow": "tensorflow.nn.log_softmax(x, axis=axis)",
             "scipy": "scipy.special.log_softmax(x, axis=axis)"},
            BALLS, "|yᵢ| + (1 − 2pᵢ)|xᵢ| + Σpⱼ|xⱼ| (Blanchard, Higham & Higham 2021)", problems.SHARES,
        ),
        _row(
            "cumulative_logsumexp",
            {"numpy": "numpy.logaddexp.accumulate(x, axis=axis)",
             "tensorflow": "tensorflow.math.cumulative_logsumexp(x, axis=axis)"},
            BALLS, "|y| + Σpᵢ|xᵢ| over the elements so far (Blanchard, Higham & Higham 2021)", problems.SCANNED,
        ),
    )
}  # fmt: skip
