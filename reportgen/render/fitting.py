"""Markdown within a limit: what does not fit is counted, section by section, and never cut in the middle."""

from __future__ import annotations

from reportgen.core import formatting as f

SENTENCE = 120
"""Bytes kept free in a shortened section for the sentence that says what was left out."""


def fit(text: str, limit: int) -> str:
    """``text`` in at most ``limit`` bytes of UTF-8, ending in a line feed.

    Sections (from one heading ``## …`` to the next) that are short stay whole; long ones are shortened to one common
    size, at the ends of lines, and each says how many lines it lost. The last paragraph always stays.
    """
    if _size(text) <= limit:
        return text
    body, _, last = text.rstrip("\n").rpartition("\n\n")
    sections = _sections(body)
    room = limit - _size(last) - SENTENCE
    many = len(sections) - room // (2 * SENTENCE)
    left = ""
    if many > 0:
        sections, left = sections[:-many], f"{f.plural(many, 'more section')} in the report.\n"
    share = _common_size([_size(section) for section in sections], room)
    return "".join(_shortened(section, share) for section in sections) + left + "\n" + last + "\n"


def _size(text: str) -> int:
    return len(text.encode("utf-8"))


def _sections(text: str) -> list[str]:
    """``text`` cut before each heading of the second level outside code; every section ends in a line feed."""
    sections, code = [""], False
    for line in text.split("\n"):
        code ^= line.startswith("```")
        if line.startswith("## ") and not code:
            sections.append("")
        sections[-1] += line + "\n"
    return sections


def _common_size(sizes: list[int], room: int) -> int:
    """The largest size to which the longer ones can be shortened so that all together fit into ``room``."""
    left = room
    for number, size in enumerate(sorted(sizes)):
        share = left // (len(sizes) - number)
        if size > share:
            return max(share, 0)
        left -= size
    return max(sizes, default=0)


def _shortened(section: str, share: int) -> str:
    if _size(section) <= share:
        return section
    lines = section.rstrip("\n").split("\n")
    kept, used = [], 0
    for line in lines:
        if used + _size(line) + 1 > share - SENTENCE:
            break
        kept.append(line)
        used += _size(line) + 1
    lost = [line for line in lines[len(kept) :] if line.strip()]
    rows = [line for line in lost if line.startswith("|")]
    what = f.plural(len(lost), "more row" if len(rows) == len(lost) else "more line")
    fence = ["```"] if sum(line.startswith("```") for line in kept) % 2 else []
    return "\n".join([*kept, *fence, "", f"{what} in the report.", "", ""])
