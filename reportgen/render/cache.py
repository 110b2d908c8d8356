"""Finished pages of functions by the content they were made from: an unchanged function is not drawn again."""

from __future__ import annotations

import hashlib
import json
import marshal
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import jinja2
import numpy

from reportgen.core import arraybounds, floats, formatting
from reportgen.render.functionpage import related
from reportgen.render.html import templates_folder
from reportgen.render.stored import Stored, is_array

MOST_ENTRIES = 600
"""Entries kept; the least recently used ones beyond are removed."""


@dataclass(frozen=True)
class Rendered:
    """What one function becomes: its page, its section of the Markdown report, its figures by path."""

    html: str
    markdown: str
    figures: dict[str, str] = field(default_factory=dict)


@cache
def code_digest() -> str:
    """SHA-256 of everything that turns results into pages: this package, the templates, the libraries' releases."""
    digest = hashlib.sha256(f"{numpy.__version__} {jinja2.__version__}".encode())
    sources = [*Path(__file__).parent.rglob("*.py"), *templates_folder().glob("*.html")]
    for path in sorted([*sources, *(Path(str(m.__file__)) for m in (arraybounds, formatting, floats))]):
        digest.update(path.name.encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()


def key(stored: Stored, name: str) -> str:
    """Content hash of one function's page: its rows, its profile, the targets, its neighbours, the code."""
    profile = stored.folder / "profiles" / f"{name}.json"
    order = [str(x["name"]) for x in stored.functions]
    at = order.index(name)
    if is_array(stored.function(name)):
        # Pages of arrays lead to one another: which of them were measured decides what comes before and after.
        order = [x for x in order if is_array(stored.function(x)) and (x == name or stored.dtypes(x))]
        at = order.index(name)
    content: list[Any] = [
        code_digest(),
        [stored.label, stored.depth, stored.targets, bool(stored.gates), stored.compared],
        [stored.function(name), order[max(at - 1, 0) : at + 2]],
        [asdict(fact) for fact in related(stored, stored.function(name))],
        stored.rows(name),
        stored.releases.content(name),
        [stored.pairs.get((name, d)) for d in stored.dtypes(name)],
        [stored.of(x, name) for x in ("special", "self_agreement", "subnormals", "problems", "determinism")],
        profile.read_text(encoding="utf-8") if profile.is_file() else "",
    ]
    # Version 2 of the format is the last without references between equal objects: the same content, the same bytes.
    return hashlib.sha256(marshal.dumps(content, 2)).hexdigest()


class PageCache:
    """Rendered functions in a folder; ``None`` keeps nothing. Damaged entries count as missing."""

    def __init__(self, folder: Path | None) -> None:
        self.folder = folder

    def get(self, wanted: str) -> Rendered | None:
        if self.folder is None:
            return None
        path = self.folder / f"{wanted}.json"
        try:
            entry = json.loads(path.read_text(encoding="utf-8"))
            found = Rendered(str(entry["html"]), str(entry["markdown"]), dict(entry["figures"]))
            path.touch()
        except (OSError, ValueError, KeyError, TypeError):
            return None
        return found

    def put(self, wanted: str, page: Rendered) -> None:
        """Keep a page. A cache that cannot be written costs time, not the report."""
        if self.folder is None:
            return
        staged = self.folder / f"{wanted}.tmp"
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            staged.write_text(json.dumps(asdict(page)), encoding="utf-8")
            staged.replace(staged.with_suffix(".json"))
        except OSError:
            with suppress(OSError):
                staged.unlink(missing_ok=True)

    def prune(self) -> None:
        """Remove the least recently used entries beyond ``MOST_ENTRIES``."""
        if self.folder is None or not self.folder.is_dir():
            return
        entries = sorted(self.folder.glob("*.json"), key=lambda p: p.stat().st_mtime_ns, reverse=True)
        for old in entries[MOST_ENTRIES:]:
            old.unlink(missing_ok=True)
