"""Log-sum-exp and softmax: exact results against mpmath and MPFR by other formulas, special values, conditions."""

from __future__ import annotations

import math
from fractions import Fraction

import gmpy2
import mpmath
import numpy as np
import pytest

from reportgen.oracle.arrays import exponentials
from tests.normcases import arrays_of, assert_is, generated, solved

DTYPES = ("float16", "bfloat16", "float32", "float64")
# -- log-sum-exp and softmax: mpmath without a shift, and by quotients of exponentials ---------------------
LOGITS = ("logits", "logits-huge", "logits-below", "log-probabilities", "positive")


def log_sum(values):
    """log Σ exp(x), no largest element taken out, at a precision that holds all of it."""
    with mpmath.workprec(9000):
        return mpmath.log(mpmath.fsum(mpmath.exp(mpmath.mpf(v)) for v in values))


def inverse_share(values, v):
    """Σ exp(xⱼ − xᵢ): the inverse of softmax."""
    with mpmath.workprec(9000):
        return mpmath.fsum(mpmath.exp(mpmath.mpf(w) - mpmath.mpf(v)) for w in values)


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("data", LOGITS)
def test_exponentials_against_mpmath(data, dtype):
    arrays = generated(data, (9,), dtype)
    x = arrays.values["x"].tolist()
    assert_is(solved("logsumexp", arrays).exact, 0, log_sum(x))
    share, log_share, scan = (solved(n, arrays).exact for n in ("softmax", "log_softmax", "cumulative_logsumexp"))
    for i, v in enumerate(x):
        inverse = inverse_share(x, v)
        with mpmath.workprec(9000):
            assert_is(share, i, 1 / inverse)
            assert_is(log_share, i, -mpmath.log(inverse))
        assert_is(scan, i, log_sum(x[: i + 1]))


@pytest.mark.parametrize("name", ["logsumexp", "softmax", "log_softmax", "cumulative_logsumexp"])
@pytest.mark.parametrize("axis", [0, 1])
def test_exponentials_along_an_axis(name, axis):
    arrays = generated("logits", (3, 4), "float64", axis)
    x = arrays.values["x"]
    found = solved(name, arrays)
    out = np.empty(x.shape if name != "logsumexp" else np.delete(x.shape, axis), object)
    for k, lane in enumerate(np.moveaxis(x, axis, -1)):
        if name == "logsumexp":
            out[k] = log_sum(lane.tolist())
            continue
        for i, v in enumerate(lane.tolist()):
            at = (k, i) if axis == 1 else (i, k)
            with mpmath.workprec(9000):
                inverse = inverse_share(lane.tolist(), v)
                out[at] = {"softmax": 1 / inverse, "log_softmax": -mpmath.log(inverse)}.get(name)
            if name == "cumulative_logsumexp":
                out[at] = log_sum(lane[: i + 1].tolist())
    assert found.shape == out.shape
    for i, wanted in enumerate(out.reshape(-1)):
        assert_is(found.exact, i, wanted)


def test_a_thousand_logits_against_mpfr():
    x = generated("logits", (1000,), "float32").values["x"]
    arrays = arrays_of(x, "float32")
    with gmpy2.context(precision=400):
        terms = [gmpy2.exp(gmpy2.mpfr(v)) for v in x.tolist()]
        whole = gmpy2.fsum(terms)
        log = gmpy2.log(whole)
        share, scan = solved("softmax", arrays).exact, solved("cumulative_logsumexp", arrays).exact
        for exact, i, value in (
            (solved("logsumexp", arrays).exact, 0, log),
            (share, 17, terms[17] / whole),
            (share, int(np.argmin(x)), min(terms) / whole),
            (scan, 999, log),
            (scan, 400, gmpy2.log(gmpy2.fsum(terms[:401]))),
        ):
            hi = float(value)
            assert exact.hi[i] == hi
            assert exact.lo[i] == float(value - hi)
            assert exact.rem[i] == gmpy2.sign(value - hi - float(value - hi))


def test_chosen_places_of_long_lanes_have_the_values_of_all_places():
    arrays = generated("logits", (300,), "float32")
    for name in ("softmax", "log_softmax", "cumulative_logsumexp"):
        few, every = solved(name, arrays, 20), solved(name, arrays)
        assert len(few.positions) == 20
        for mine, theirs in zip(few.exact.arrays(), every.exact[few.positions].arrays(), strict=True):
            assert np.array_equal(mine, theirs)
        assert np.array_equal(few.condition, every.condition[few.positions])


def test_exact_cases_and_nearly_exact_ones():
    for k in (3, 4, 7):
        share = solved("softmax", arrays_of([0.1] * k)).exact
        for i in range(k):
            assert_is(share, i, Fraction(1, k))
    assert_is(solved("logsumexp", arrays_of([-np.inf, 0.1])).exact, 0, Fraction(0.1))
    assert_is(solved("log_softmax", arrays_of([0.1])).exact, 0, Fraction(0))
    near = solved("logsumexp", arrays_of([1.0, -700.0])).exact
    assert (near.hi[0], near.lo[0]) == (1.0, float(mpmath.exp(-701)))
    far = solved("softmax", arrays_of([1000.0, -1000.0])).exact  # 1 − 10^-868.6
    assert (far.hi[0], far.lo[0], far.rem[0]) == (1.0, 0.0, -1)
    assert far.exp2[1] < -2800
    assert far.hi[1] > 0


def test_what_no_precision_settles_is_undecided_and_never_guessed(monkeypatch):
    monkeypatch.setattr(exponentials, "PRECISION_LIMIT", 1000)
    arrays = arrays_of([1000.0, -1000.0])
    for name in ("logsumexp", "softmax", "log_softmax", "cumulative_logsumexp"):
        found = solved(name, arrays).exact
        assert found.undecided.any(), name


NAN, INF = math.nan, math.inf


@pytest.mark.parametrize(
    ("values", "results"),
    [
        ([1.0, NAN, 2.0], {"logsumexp": [NAN], "softmax": [NAN] * 3, "log_softmax": [NAN] * 3,
                           "cumulative_logsumexp": [1.0, NAN, NAN]}),
        ([-INF, -INF], {"logsumexp": [-INF], "softmax": [NAN] * 2, "log_softmax": [NAN] * 2,
                        "cumulative_logsumexp": [-INF, -INF]}),
        ([-INF, 2.0], {"logsumexp": [2.0], "softmax": [0.0, 1.0], "log_softmax": [-INF, 0.0],
                       "cumulative_logsumexp": [-INF, 2.0]}),
        ([3.0, INF, -INF], {"logsumexp": [INF], "softmax": [0.0, NAN, 0.0], "log_softmax": [-INF, NAN, -INF],
                            "cumulative_logsumexp": [3.0, INF, INF]}),
        ([INF, INF, NAN], {"cumulative_logsumexp": [INF, INF, NAN]}),
        ([], {"logsumexp": [-INF], "softmax": [], "log_softmax": [], "cumulative_logsumexp": []}),
    ],
)  # fmt: skip
def test_exponentials_of_what_is_no_number(values, results):
    for name, wanted in results.items():
        found = solved(name, arrays_of(values))
        assert np.array_equal(found.exact.hi, wanted, equal_nan=True), name
        assert not found.exact.undecided.any()


@pytest.mark.parametrize("data", ["logits", "log-probabilities", "positive"])
def test_the_conditions_of_exponentials_are_reached(data):
    """Every element changed by a part δ of itself, each to the side that changes the result most."""
    arrays = generated(data, (30,), "float32")
    x, delta = arrays.values["x"], mpmath.mpf(2) ** -60
    with mpmath.workdps(80):
        v = [mpmath.mpf(t) for t in x.tolist()]

        def lse(values):
            return mpmath.log(mpmath.fsum(map(mpmath.exp, values)))

        base = lse(v)
        moved = (lse([t + delta * abs(t) for t in v]) - base) / delta
        assert float(moved + abs(base)) == pytest.approx(solved("logsumexp", arrays).condition[0], rel=1e-6)
        share, log_share = solved("softmax", arrays).condition, solved("log_softmax", arrays).condition
        for i in (0, int(np.argmax(x)), int(np.argmin(x))):
            other = [t + (delta if k == i else -delta) * abs(t) for k, t in enumerate(v)]
            before, after = v[i] - base, other[i] - lse(other)
            moved = (after - before) / delta
            p = mpmath.exp(before)
            assert float(moved + abs(before)) == pytest.approx(log_share[i], rel=1e-6)
            assert float(p * (1 + moved)) == pytest.approx(share[i], rel=1e-6)
        scan = solved("cumulative_logsumexp", arrays).condition
        head = v[:7]
        moved = (lse([t + delta * abs(t) for t in head]) - lse(head)) / delta
        assert float(moved + abs(lse(head))) == pytest.approx(scan[6], rel=1e-6)
