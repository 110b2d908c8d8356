"""A number with an absolute error bound, in mpmath's arithmetic."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from mpmath import mpf

Real = Any

GUARD = 48
"""Bits evaluated beyond the bits claimed."""


@dataclass(frozen=True)
class Approx:
    """A number known to within ``error`` (an mpf >= 0): the true value lies in value ± error."""

    value: Real
    error: Real

    @property
    def exact(self) -> bool:
        return bool(self.error == 0)


def signed_parts(value: Real) -> tuple[int, int]:
    """(man, exp) with value = man·2^exp; mpmath's own ``man_exp`` leaves the sign out."""
    sign, man, exp, _ = value._mpf_
    return -int(man) if sign else int(man), int(exp)


def exactly(value: Real) -> Approx:
    return Approx(mpf(value), mpf(0))
