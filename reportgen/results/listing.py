"""The order of versions, and what version switchers of documentation sites read of them.

``versions.json`` is one list for all of them. mike and Material for MkDocs read ``version``, ``title``, ``aliases`` and
``properties.hidden`` (mike/versions.py, mike/themes/mkdocs/js/version-select.js); pydata-sphinx-theme reads ``name``,
``version``, ``url`` and ``preferred`` (assets/scripts/pydata-sphinx-theme.js: populateVersionSwitcher).
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from packaging.version import InvalidVersion, Version

from reportgen.core import gatewords
from reportgen.core.errors import RequestError
from reportgen.results import tables


def release(label: str) -> Version | None:
    """The release number that a label is, ``1.0`` or ``v2.0rc1``; None for ``dev``, ``nightly`` and the like."""
    try:
        return Version(label)
    except InvalidVersion:
        return None


def newest_first(versions: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Releases by their numbers, whenever they were measured; each other version where its date puts it among them.

    A release measured again, a release of an older line, or a clock that went back moves no release. Versions without a
    date (damaged ones) come last.
    """
    whole = sorted((v for v in versions if v.get("date")), key=lambda v: (str(v["date"]), v["label"]), reverse=True)
    damaged = sorted((v for v in versions if not v.get("date")), key=lambda v: str(v["label"]))
    numbers = {v["label"]: number for v in whole if (number := release(v["label"])) is not None}
    ordered = sorted((v for v in whole if v["label"] in numbers), key=lambda v: numbers[v["label"]], reverse=True)
    for version in reversed([v for v in whole if v["label"] not in numbers]):
        older = (i for i, other in enumerate(ordered) if str(other["date"]) <= str(version["date"]))
        ordered.insert(next(older, len(ordered)), version)
    return ordered + damaged


def newest(ordered: list[dict[str, Any]]) -> str | None:
    """The label of the newest version that is whole; None where there is none."""
    return next((str(v["label"]) for v in ordered if "error" not in v), None)


def preferred(ordered: list[dict[str, Any]]) -> str | None:
    """The label that readers should be sent to: the newest final release, else the newest version."""
    finals = (
        str(v["label"])
        for v in ordered
        if "error" not in v and (number := release(v["label"])) is not None and not number.is_prerelease
    )
    return next(finals, newest(ordered))


def for_switchers(ordered: list[dict[str, Any]], base: str = "") -> list[dict[str, Any]]:
    """The entries of ``versions.json``: those given, with the keys that version switchers read.

    ``base`` is the address below which the versions' folders lie, with a slash at its end; without it ``url`` is
    relative to ``versions.json`` itself. Damaged versions are hidden where a switcher can hide.
    """
    latest, best = newest(ordered), preferred(ordered)
    entries = []
    for version in ordered:
        label = str(version["label"])
        keys = {
            "aliases": ["latest"] if label == latest else [],
            "name": f"{label} (latest)" if label == latest else label,
            "url": f"{base}{label}/",
            "preferred": label == best,
        }
        hidden = {"properties": {"hidden": True}} if "error" in version else {}
        entries.append(version | keys | hidden)
    return entries


def base_url(text: str) -> str:
    """An address for ``for_switchers``: ``https://…``, ``http://…`` or a path of the server, closed with a slash.

    Raises RequestError for anything else: pydata-sphinx-theme puts it before the current page's name, so that a
    relative one would lead elsewhere on every page.
    """
    scheme = text.startswith(("https://", "http://")) and len(text.split("://", 1)[1].strip("/")) > 0
    path = text.startswith("/") and not text.startswith("//")
    if not (scheme or path) or any(c.isspace() or c in '<>"?#\\' for c in text):
        raise RequestError(
            f"--base-url: got {text!r}, expected the address of the folder of versions, as "
            "https://example.org/accuracy/ or /accuracy/"
        )
    return text.rstrip("/") + "/"


def machines_of(document: dict[str, Any]) -> list[str]:
    """The machines that measured a version, each in a few words."""
    provenance = document["provenance"]
    facts = [run.get("machine") or {} for run in provenance.get("machines") or [provenance]]
    words = [", ".join(str(x[key]) for key in ("cpu_model", "machine", "gpu_driver") if x.get(key)) for x in facts]
    return [word for word in words if word]


def gates_of(document: dict[str, Any]) -> dict[str, int] | None:
    """How many gates of a version hold, are broken, and could not be judged; None where it had none."""
    rows = tables.records(document["gates"])
    broken, unjudged = len(gatewords.broken(rows)), len(gatewords.unjudged(rows))
    return {"hold": len(rows) - broken - unjudged, "broken": broken, "unjudged": unjudged} if rows else None


def baseline_of(folder: Path) -> dict[str, Any] | None:
    """The version that this one was compared with, and the numbers of what changed; None where there was none."""
    try:
        compared = json.loads((folder / "comparison.json").read_text(encoding="utf-8"))
        return {"label": str(compared["before"]), **{key: int(n) for key, n in compared["counts"].items()}}
    except (OSError, ValueError, LookupError, TypeError, AttributeError):
        return None
