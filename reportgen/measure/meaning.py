"""The answers to the literal questions, joined line by line."""

from __future__ import annotations

from typing import Any

from reportgen.core.model import Outcome
from reportgen.measure.launcher import Worker

MEANING_LIMIT = 120.0
APART_LIMIT = 600.0
FIRST, SECOND = "numpy", "tensorflow"
"""The two targets whose answers decide whether a line means the same; the others' answers stand beside them."""


def asked(worker: Worker) -> Outcome:
    """A worker's answers. Where a question ends or hangs the process, each is asked in a process apart."""
    outcome = worker.request({"op": "meaning"}, MEANING_LIMIT)
    if outcome.status in ("failed", "timeout"):
        outcome = worker.request({"op": "meaning", "apart": True}, APART_LIMIT)
    return outcome


def same_answer(first: dict[str, Any], second: dict[str, Any]) -> bool:
    """Equal value and dtype, or both an error."""
    if first["error"] is not None or second["error"] is not None:
        return first["error"] is not None and second["error"] is not None
    return bool(first["value"] == second["value"] and first["dtype"] == second["dtype"])


def join_answers(asked: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Lines of ``results.json``'s ``meaning`` from what each target answered (targets without answers are left out)."""
    answered = {a["target"]: {line["id"]: line for line in a["lines"]} for a in asked if a["lines"]}
    lines: dict[str, dict[str, Any]] = {}
    for by_id in answered.values():
        for name, line in by_id.items():
            lines.setdefault(name, line)
    out = []
    for name, line in lines.items():
        answers = {t: by_id[name] for t, by_id in answered.items() if name in by_id}
        decided = FIRST in answers and SECOND in answers
        same = same_answer(answers[FIRST], answers[SECOND]) if decided else None
        cells = ("code", "value", "dtype", "error")
        out.append(
            {
                "id": name,
                "group": line["group"],
                "question": line["question"],
                "sentence": "" if same is None else line["same"] if same else line["differs"],
                "answers": [{"target": t, **{c: a[c] for c in cells}} for t, a in answers.items()],
                "same": same,
            }
        )
    return out
