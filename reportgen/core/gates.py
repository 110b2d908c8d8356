"""Gates: what specs expect of the results, and what must not have become worse than in the baseline."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from reportgen.core.model import Expect


def judge(
    document: dict[str, Any], expects: Iterable[Expect], comparison: dict[str, Any] | None = None
) -> list[dict[str, Any]]:
    """Rows of the table ``gates``: each expectation on each case that it matches, and each regression."""
    return []
