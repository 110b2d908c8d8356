"""How errors of sums may grow with n, and in which class an error that was found lies. Pure formulas.

With C = Σ|xᵢ|, u the unit roundoff and an error of ρ·u·C, adding one after another has ρ ≤ n − 1, adding in pairs
ρ ≤ ⌈log₂ n⌉ (Higham, *Accuracy and Stability of Numerical Algorithms*, 2nd ed., §4.2, to first order in u); roundings
of random sign add up to about √n (Higham and Mary, *SIAM J. Sci. Comput.* 41(5), 2019). A dot product has one rounding
more, that of the products (§3.1).
"""

from __future__ import annotations

import math
from dataclasses import dataclass

FEW = 4.0
"""Roundings that a function of a few steps may add to those of its sum, whatever n is."""
LOST = 0.1
"""An error of this share of C leaves no decimal digit of a result."""
SCALED_FEW, SCALED_MANY = 10.0, 100.0
"""Classes of ratios whose bound holds the growth with n already, so that 1 is what theory promises up to a constant."""


def naive(n: int) -> float:
    """Bound of n numbers added one after another, in u·Σ|xᵢ|: n − 1."""
    return float(max(n - 1, 0))


def pairwise(n: int) -> float:
    """Bound of n numbers added in pairs, then the pairs in pairs: ⌈log₂ n⌉."""
    return float((n - 1).bit_length()) if n > 1 else 0.0


def random_walk(n: int) -> float:
    """What n roundings of random sign add up to, in the root mean square and up to a constant: √n."""
    return math.sqrt(max(n, 0))


@dataclass(frozen=True)
class Growth:
    """A class of errors: ``key``, the CSS class of its cells, a chip for readers (where the figure does not
    say it by itself), and what it says."""

    key: str
    css: str
    chip: str
    words: str

    @property
    def rank(self) -> int:
        """The larger, the worse."""
        return RANKS.index(self.key)


RANKS = ("exact", "once", "few", "walk", "drift", "lost")
SUMS = (
    Growth("exact", "e0", "", "exact: no error on any data tried"),
    Growth("once", "e1", "1 rounding", "at most u·C: no more than a single rounding does"),
    Growth("few", "e2", "few roundings", "at most ⌈log₂ n⌉ (or 4): what adding in pairs stays within"),
    Growth("walk", "e4", "≤ √n", "at most √n: roundings of either sign, added one after another"),
    Growth("drift", "e5", "> √n", "more than √n: roundings of one sign pile up"),
    Growth("lost", "e6", "no digit left", "a tenth of C or more: no digit of the result is right"),
)
SCALED = (
    Growth("exact", "e0", "", "exact: no error on any data tried"),
    Growth("once", "e1", "", "at most 1: what theory promises, without any constant"),
    Growth("few", "e2", "", "at most 10: stable"),
    Growth("walk", "e4", "", "at most 100: worse than it has to be"),
    Growth("drift", "e5", "", "more than 100: not stable on these data"),
    Growth("lost", "e6", "no digit left", "an error as large as the result, of the library's making"),
)
SELECTION = (SUMS[0], Growth("lost", "e6", "wrong", "not the element that it must be"))
"""Classes of results that are an element of the array."""


def growth(
    ratio: float, n: int, u: float, scaled: bool = False, relative: float | None = None, ulp: float | None = None
) -> Growth:
    """The class of an error of ``ratio``·u·C in a combination of n numbers.

    ``scaled``: the bound of the ratio holds the growth with n (linear algebra, transforms, products); then ``relative``
    is the relative error itself, where it is known. A ratio of exactly 0 is exact, and an error of at most one ``ulp``
    is a rounding, however small C is.
    """
    classes = SCALED if scaled else SUMS
    if ratio <= 0:
        return classes[0]
    if ulp is not None and ulp <= 1:
        return classes[1]
    if scaled:
        if ratio > SCALED_MANY and relative is not None and relative >= LOST:
            return classes[5]
        steps = (1.0, SCALED_FEW, SCALED_MANY)
    else:
        if ratio * u >= LOST:
            return classes[5]
        steps = (1.0, max(FEW, pairwise(n)), max(FEW, random_walk(n)))
    return next((c for c, most in zip(classes[1:4], steps, strict=True) if ratio <= most), classes[4])
