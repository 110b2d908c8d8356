"""A part of a batch alone against the same part inside it, and operands in other memory layouts."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from reportgen.catalogue.contraction import ARRAYS
from reportgen.catalogue.contractionproblems import pair
from reportgen.core.arrays import rounded
from reportgen.core.dtypes import DTYPES
from reportgen.core.model import Case, InputSpec, Outcome
from reportgen.core.problems import Arrays, made
from reportgen.measure.arrays import batches
from reportgen.measure.arrays.asking import ArrayReply, Output


def answer(values: Any, dtype: str) -> dict[str, Output]:
    """A library's only result."""
    fmt = DTYPES[dtype]
    return {"": Output(np.asarray(rounded(values, fmt)).reshape(np.shape(values)), fmt)}


class Bench:
    """What ``agreement_rows`` asks of a bench: which library a target has."""

    class Target:
        library = "numpy"

    def __init__(self) -> None:
        self.targets = {"planted": self.Target}


def self_agreement(monkeypatch: pytest.MonkeyPatch, library: Any) -> list[dict[str, Any]]:
    """The rows of a library whose matrix product is a function of two arrays and the layout."""
    arrays = made(pair("mixed", (12, 8), (8, 6), batch=("x",)), "float32", 0)

    def reply(given: Arrays) -> ArrayReply:
        order = given.problem.operands[0].order
        return ArrayReply(Outcome("ok"), [answer(library(given.values["x"], given.values["y"], order), "float32")])

    monkeypatch.setattr(batches, "_asked", lambda bench, row, given, targets: dict.fromkeys(targets, reply(given)))
    case = Case("spec", "matmul", "contraction", "float32", InputSpec("p", "array"), ("planted",))
    return batches.agreement_rows(Bench(), ARRAYS["matmul"], case, arrays, {"planted": reply(arrays)})  # type: ignore[arg-type]


def test_a_row_alone_that_differs_is_found_and_a_clean_library_is_silent(monkeypatch: pytest.MonkeyPatch) -> None:
    def clean(x: Any, y: Any, order: str) -> Any:
        return np.einsum("ij,jk->ik", x, y)

    rows = {row["check"]: row for row in self_agreement(monkeypatch, clean)}
    assert rows["batch"]["differs"] == rows["layout"]["differs"] == 0
    assert rows["batch"]["tested"] == 3 * 6
    assert rows["layout"]["tested"] == 4 * 12 * 6

    def by_batch(x: Any, y: Any, order: str) -> Any:
        result = clean(x, y, order)
        result[0, 2] *= 1 + (len(x) == 1) * 2.0**-21
        return result

    rows = {row["check"]: row for row in self_agreement(monkeypatch, by_batch)}
    assert rows["batch"]["differs"] == 3
    assert 4 <= rows["batch"]["max_ulp_apart"] <= 8
    assert "element 2" in rows["batch"]["context"]
    assert rows["layout"]["differs"] == 0

    def by_layout(x: Any, y: Any, order: str) -> Any:
        return clean(x, y, order) * (1 + (order == "reversed") * 2.0**-20)

    rows = {row["check"]: row for row in self_agreement(monkeypatch, by_layout)}
    assert rows["batch"]["differs"] == 0
    assert rows["layout"]["differs"] == 12 * 6
    assert "stored backwards" in rows["layout"]["context"]


def test_operands_of_a_batch_have_one_length() -> None:
    arrays = made(pair("mixed", (3, 4), (4, 5), batch=("x", "y")), "float32", 0)
    with pytest.raises(ValueError, match=r"\[3, 4\]"):
        batches.batch_size(arrays)
    arrays = made(pair("mixed", (4, 3, 5), (4, 5, 2), batch=("x", "y")), "float32", 0)
    assert batches.chosen(arrays) == [0, 2, 3]
    one = batches.alone(arrays, 2)
    assert one.problem.shape_text() == "1x3x5;1x5x2"
    assert np.array_equal(one.values["y"][0], arrays.values["y"][2])
    made_once = made(pair("mixed", (4, 3), (3, 4)), "float32", 0)
    assert batches.agreement_rows(Bench(), ARRAYS["matmul"], None, made_once, {}) == []  # type: ignore[arg-type]
