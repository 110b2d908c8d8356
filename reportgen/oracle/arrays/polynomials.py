"""Exact values of polynomials with given coefficients: Horner's scheme in integers."""

from __future__ import annotations

import numpy as np

from reportgen.core.floats import Exact
from reportgen.core.problems import Arrays
from reportgen.oracle.arrays.reference import ArrayReference, chosen_positions
from reportgen.oracle.rationals import put
from reportgen.oracle.settle import settle_interval


def binary(value: float) -> tuple[int, int]:
    """(M, e) with value = M / 2^e, e ≥ 0."""
    top, bottom = value.as_integer_ratio()
    return top, bottom.bit_length() - 1


def polynomial(arrays: Arrays, limit: int) -> dict[str, ArrayReference]:
    """Σ c[i]·x^(d-i) at each ``x``, ``c`` the d + 1 coefficients, the highest power first; C = Σ|c[i]|·|x|^(d-i)."""
    c, x = arrays.values["c"], arrays.values["x"]
    chosen = chosen_positions(x.shape, limit, "polynomial")
    points = x.reshape(-1)[chosen]
    exact = Exact.empty(len(points))
    finite = bool(np.isfinite(c).all())
    for i, at in enumerate(points.tolist()):
        if not finite or not np.isfinite(at):
            exact.hi[i] = np.nan if np.isnan(c).any() or np.isnan(at) else infinite_value(c.tolist(), at)
            continue
        value, exponent = exact_value(c.tolist(), at)
        settled = settle_interval(value, value, exponent)
        assert settled is not None
        put(exact, i, settled)
    condition = np.zeros(len(points))
    with np.errstate(all="ignore"):
        for coefficient in np.abs(c).tolist():
            condition = condition * np.abs(points) + coefficient
    return {"": ArrayReference(x.shape, chosen, exact, np.where(np.isfinite(condition), condition, np.nan), "rational")}


def exact_value(coefficients: list[float], at: float) -> tuple[int, int]:
    """(V, e): the polynomial's value V·2^e."""
    point, down = binary(at)
    pairs = [binary(c) for c in coefficients]
    common = max(e for _, e in pairs)
    value = 0
    for power, (m, e) in enumerate(pairs):
        # value / 2^(common + power·down) is the value of the first power + 1 coefficients.
        value = value * point + ((m << (common - e)) << (down * power))
    return value, -common - down * (len(pairs) - 1)


def infinite_value(coefficients: list[float], at: float) -> float:
    """The value where a coefficient or the point is infinite, by Horner's scheme, in which nothing then rounds."""
    value = 0.0
    for c in coefficients:
        value = value * at + c
    return value if not np.isfinite(value) else float("nan")


REFERENCES = {"polyval": polynomial}
