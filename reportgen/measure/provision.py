"""Environments of their own for targets that ask for a release: interpreter and pinned packages, made once, reused."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

from reportgen.core.model import Place, TargetSpec


def prepare(
    targets: Iterable[TargetSpec], cache: Path, tell: Callable[[str], None] = lambda text: None
) -> dict[str, Place]:
    """Where each target runs, by its name; environments that are missing in ``cache`` are made first.

    Targets without a version of their own run in reportgen's environment (an empty :class:`Place`). ``tell`` is handed
    what is being done, in a few words. Raises RequestError for pins that cannot be resolved; every other trouble is
    the ``reason`` of a place.
    """
    return {t.name: Place(reason="environments cannot be made yet") if t.pinned else Place() for t in targets}
