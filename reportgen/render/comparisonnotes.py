"""A comparison in Markdown: a page by itself, and the section of a release's notes."""

from __future__ import annotations

from typing import Any

from reportgen.core import formatting as f
from reportgen.render.comparison import ComparisonPage, comparison_page
from reportgen.render.markdown import escape, table

LISTED = 10
"""Changes of each kind in the notes."""


def markdown_page(data: dict[str, Any]) -> str:
    """The whole comparison as one Markdown file."""
    page = comparison_page(data)
    lines = [
        f"# What changed from {escape(page.before)} to {escape(page.after)}",
        "",
        f"**{escape(page.verdict)}**",
        "",
    ]
    lines += [
        *(f"- {x.figure} {escape(x.text)}" for x in page.tiles),
        "",
        *(f"- {escape(s)}" for s in page.sentences),
        "",
    ]
    for section in page.sections:
        lines += [f"## {escape(section.title)}", ""]
        for text in section.sentences:
            lines += [escape(text), ""]
        for shown in section.tables:
            lines += table(shown)
    lines += ["## How to read this", "", escape(page.reading)]
    return "\n".join(lines).rstrip() + "\n"


def notes(page: ComparisonPage) -> list[str]:
    """The section of ``release-notes.md``: the verdict, the counts, the worst and the best changes."""
    lines = ["", f"## What changed since {escape(page.before)}", "", escape(page.verdict), ""]
    lines += [f"- {x.figure} {escape(x.text)}" for x in page.tiles]
    lines += [f"- {escape(s)}" for s in page.sentences]
    for title, found in (("Regressed", page.worst), ("Improved", page.best)):
        if found:
            lines += ["", f"**{title}**", "", *(f"- {escape(text)}" for text in found[:LISTED])]
            if len(found) > LISTED:
                lines.append(f"- and {f.plural(len(found) - LISTED, 'more combination')} of function, dtype and target")
    return lines
