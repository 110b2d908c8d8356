"""Whether results of functions of arrays repeat is asked where a result is defined."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest

from reportgen.core.dtypes import DTYPES
from reportgen.core.model import Case, InputSpec, Outcome
from reportgen.core.problems import Operand, Problem
from reportgen.measure.arrays import case as cases
from reportgen.measure.arrays.asking import ArrayReply, Output


@pytest.mark.parametrize(("rows", "repeats"), [([{"metric": "forward"}], 1), ([], 0)])
def test_memory_that_nobody_wrote_is_not_asked_to_repeat(rows: list[dict[str, str]], repeats: int) -> None:
    fmt = DTYPES["float32"]
    runs = [{"": Output(np.array([[np.nan, left], [0.0, np.nan]]), fmt)} for left in (0.0, 2.0**-130)]
    problem = Problem("indefinite-2x2", "indefinite matrix", (Operand("x", "indefinite", (2, 2)),))
    trial = SimpleNamespace(
        row=SimpleNamespace(kind="linalg"), bench=SimpleNamespace(targets={"a": SimpleNamespace(device="CPU")}),
        result={"rows": [], "runs": [], "timing": []},
    )  # fmt: skip
    case = Case("test", "cholesky", "linalg", "float32", InputSpec("arrays", "array"), ("a",))
    cases.add_rows(trial, case, problem, "a", ArrayReply(Outcome("ok"), runs), rows, False)  # type: ignore[arg-type]
    assert len(trial.result["rows"]) == len(rows)
    assert [r["run_differs"] for r in trial.result["runs"]] == [1] * repeats
