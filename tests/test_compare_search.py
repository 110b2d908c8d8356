"""An unchanged library is not accused of what a search found because other targets took part in the run."""

from __future__ import annotations

import pytest

from reportgen.core.compare import compare
from tests.versions import measured, short, target

NUMPY, OLD = ("numpy", "numpy", "2.4.6"), ("numpy", "numpy", "2.3.5")
OTHER, NEWER = ("tensorflow", "tensorflow", "2.21.0"), ("tensorflow", "tensorflow", "2.22.0")


@pytest.mark.parametrize(
    ("first", "second", "cells", "verdict"),
    [
        ([NUMPY], [NUMPY], {}, "regressed"),  # nothing else ran: the search was the same
        ([NUMPY], [NUMPY, OTHER], {}, "incomparable"),  # it followed another target's errors, too
        ([NUMPY, OTHER], [NUMPY], {}, "incomparable"),
        ([NUMPY, OTHER], [NUMPY, NEWER], {}, "incomparable"),
        ([NUMPY, OTHER], [NUMPY, OTHER], {}, "regressed"),
        ([OLD, OTHER], [NUMPY, NEWER], {}, "regressed"),  # the software is another
        ([NUMPY], [NUMPY, OTHER], {"mean_ulp": 0.3}, "regressed"),  # the samples tell, too
        ([NUMPY], [NUMPY, OTHER], {"max_ulp": 2.0}, "unchanged"),
    ],
)
@pytest.mark.parametrize("place", [{"coverage": "searched"}, {"path": "scalar"}])
def test_a_search_that_followed_other_targets_accuses_nobody(first, second, cells, verdict, place):
    """The same library on the same machine: only what was found for others, and tried on it, differs."""
    found = [{"special_mismatches": 0}, {"max_ulp": 3.0, "special_mismatches": 1, "position_differs": 4} | cells]
    found[1] |= {"special_mismatches": 0, "position_differs": 0} if verdict == "unchanged" else {}
    sides = []
    for label, targets, own in zip(("1.0", "1.1"), (first, second), found, strict=True):
        rows = measured(**place, **own) + [r for name, _, _ in targets[1:] for r in measured(target=name)]
        sides.append(short(rows, label, targets=[target(*t) for t in targets]))
    data = compare(*sides)
    of_numpy = {r["verdict"] for r in data["rows"] if r["target"] == "numpy"}
    of_numpy |= {g["verdict"] for g in data["groups"] if g["target"] == "numpy"}
    assert (of_numpy or {"unchanged"}) == {verdict}
    assert {r["basis"] for r in data["rows"]} <= {"search"}
    if verdict == "incomparable":
        reasons = [g["reason"] for g in data["groups"]]
        assert any("(it follows the errors of all targets of a run: tensorflow" in r for r in reasons)
