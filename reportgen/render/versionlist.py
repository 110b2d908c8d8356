"""The list of versions as page data: what each is, and where its pages and files are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from reportgen.core import formatting as f

FILES = ("release-notes.md", "report.md", "results.csv", "results.json", "SHA256SUMS")
SHOWN_TARGETS = 12
"""Targets that a card names; a version over many releases has dozens."""


@dataclass(frozen=True)
class Link:
    text: str
    href: str


@dataclass(frozen=True)
class Card:
    """One version. ``notes`` are sentences that lead to a page (comparison, gates)."""

    label: str
    href: str
    latest: bool
    preferred: bool
    date: str
    day: str
    headline: str
    facts: list[str]
    notes: list[Link]
    files: list[Link]
    error: str


def cards(output: Path, versions: list[dict[str, Any]], headline_file: str) -> list[Card]:
    """A card for each entry of ``versions.json``, in its order; only pages and files that are there are linked."""
    return [_card(output / str(v["label"]), v, headline_file) for v in versions]


def _card(folder: Path, v: dict[str, Any], headline_file: str) -> Card:
    label, told = str(v["label"]), folder / headline_file
    latest, date = "latest" in (v.get("aliases") or []), str(v.get("date") or "")
    files = [name for name in (*FILES, f"reportgen-{label}.zip") if (folder / name).is_file()]
    return Card(
        label,
        f"{label}/index.html",
        latest,
        bool(v.get("preferred")) and not latest,
        date,
        date.partition("T")[0],
        str(v.get("headline") or (told.read_text(encoding="utf-8").strip() if told.is_file() else "")),
        _facts(v),
        _notes(folder, v),
        [Link(name, f"{label}/{name}") for name in files],
        str(v.get("error") or ""),
    )


def _facts(v: dict[str, Any]) -> list[str]:
    facts = [f"depth {v['depth']}"] if v.get("depth") else []
    facts += [f.plural(int(v["functions"]), "function")] if v.get("functions") is not None else []
    shown = shortened(v.get("targets") or [])
    return [*facts, *([shown] if shown else []), *(f"on {m}" for m in v.get("machines") or [])]


def shortened(targets: Sequence[str]) -> str:
    """The first targets of a version with their releases, and how many more there are.

    Those in environments of their own say their release once, and come last: a line of releases would hide today's.
    """
    told = [name if name.endswith(f"@{version}") else f"{name} {version}".rstrip()
            for name, _, version in (str(t).partition(" ") for t in targets)]  # fmt: skip
    told.sort(key=lambda t: "@" in t)
    more = len(told) - SHOWN_TARGETS
    return f.listing(told if more <= 1 else [*told[:SHOWN_TARGETS], f"{f.count(more)} more targets"])


def _notes(folder: Path, v: dict[str, Any]) -> list[Link]:
    notes = []
    base, gates = v.get("baseline"), v.get("gates")
    if base and (folder / "compare.html").is_file():
        words = (("regressed", "regressed"), ("improved", "improved"), ("incomparable", "not compared"))
        counted = [f"{f.count(int(base[key]))} {word}" for key, word in words if base.get(key)]
        what = f.listing(counted) if counted else "nothing regressed or improved"
        notes.append(Link(f"Compared with {base['label']}: {what}", f"{folder.name}/compare.html"))
    if gates and (folder / "gates.html").is_file():
        words = (("broken", "broken"), ("hold", "hold"), ("unjudged", "not judged"))
        counted = [f"{f.count(int(gates[key]))} {word}" for key, word in words if gates.get(key)]
        notes.append(Link(f"Gates: {f.listing(counted)}", f"{folder.name}/gates.html"))
    return notes
