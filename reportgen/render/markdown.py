"""``report.md`` and ``release-notes.md`` from the same page data as the HTML."""

from __future__ import annotations

import re
from collections.abc import Sequence

from reportgen.core import formatting as f
from reportgen.render import determinism, extras, gates, machines, specials, subnormal
from reportgen.render.answer import headline
from reportgen.render.coverage import Coverage, coverage
from reportgen.render.fitting import fit
from reportgen.render.history import history_page
from reportgen.render.model import CastPage, Cell, FrontPage, FunctionPage, MeaningGroup, Table
from reportgen.render.releases import line_name
from reportgen.render.stored import Stored

RELEASE_LIMIT = 124_000
"""Bytes, and so at most as many characters: GitHub refuses release notes of more than 125,000 characters."""

RELEASED_GATES = 60
"""Broken gates in the release notes; the report lists all."""

READING = (
    "The largest error in ulp over all paths, normal results only; in brackets the coverage and the number of inputs "
    "of the path where it was found. Only an exhaustive maximum is proven, and for that path."
)

_SPECIAL = re.compile(r"([\\`*_{}\[\]<>#|~])")


def escape(text: str) -> str:
    """Text that Markdown and HTML show literally, on one line. ``&`` is first, so that entities stay text."""
    flat = " ".join(str(text).replace("&", "&amp;").split())
    return _SPECIAL.sub(lambda m: {"<": "&lt;", ">": "&gt;", "|": "\\|"}.get(m[1], "\\" + m[1]), flat)


def code(text: str) -> str:
    """An inline code span that survives a table cell: pipes escaped, fence longer than any run of backticks."""
    flat = " ".join(str(text).split()).replace("|", "\\|")
    fence = "`" * (max((len(run) for run in re.findall(r"`+", flat)), default=0) + 1)
    pad = " " if flat.startswith("`") or flat.endswith("`") else ""
    return f"{fence}{pad}{flat}{pad}{fence}" if flat else ""


def _cell(c: Cell) -> str:
    text = code(c.text) if c.code else escape(c.text)
    note = f" ({escape(c.note)})" if c.note else ""
    marks = "".join(f" *{escape(m.text)}*" for m in c.marks)
    return text + note + marks


def table(t: Table, skip: tuple[str, ...] = ()) -> list[str]:
    """A pipe table; columns named in ``skip`` are left out."""
    if not t.rows:
        return [escape(t.empty), ""] if t.empty else []
    kept = [i for i, c in enumerate(t.columns) if c.key not in skip]
    lines = ["| " + " | ".join(escape(t.columns[i].title) for i in kept) + " |"]
    lines.append("|" + "|".join("--:" if t.columns[i].numeric else "---" for i in kept) + "|")
    lines += ["| " + " | ".join(_cell(r.cells[i]) for i in kept) + " |" for r in t.rows]
    return [*lines, ""]


def report(stored: Stored, front: FrontPage, functions: dict[str, str]) -> str:
    """The whole report as one file; ``functions`` holds each one's section. Every regime's detail stays in the CSV."""
    lines = [f"# Accuracy of NumPy and TensorFlow: {escape(stored.label)}", "", f"**{escape(front.question)}**", ""]
    for sentence in front.sentences:
        lines += [escape(sentence), ""]
    lines += _contents(list(functions), [s.title for s in front.more])
    lines += gates.markdown(stored.gates, len(stored.gates)) if stored.gates else []
    lines += _history(front) + _releases(stored, tables=True)
    lines += ["## The functions that were asked about", ""]
    for a in front.answers:
        lines += [f"**{escape(a.name)}**: {escape(a.lead)}.", "", *table(a.table)]
    lines += _meaning(extras.meaning_groups(stored))
    groups, summary, composed = specials.special_overview(stored)
    lines += ["## Special cases", "", escape(summary), ""] + ([escape(composed), ""] if composed else [])
    for group in groups:
        lines += [f"### {escape(group.title)}", "", escape(group.sentence), "", *table(group.table)]
    lines += [
        "## Agreement",
        "",
        *(line for _, pairs in extras.pair_sections(stored) for line in table(pairs)),
        "### With itself",
        "",
        *table(extras.self_overview(stored)),
    ]
    lines += _repeats(stored)
    lines += _subnormals(stored)
    lines += _coverage(coverage(stored))
    lines += _more(front)
    lines += ["## Functions", "", f"{READING} Only an exhaustive maximum is proven; others are lower bounds.", ""]
    lines += functions.values()
    lines += _provenance(stored)
    return "\n".join(lines).rstrip() + "\n"


def _contents(names: list[str], more: list[str]) -> list[str]:
    """A list of links to the headings; one line holds all functions."""
    heads = (
        "Then and now",
        "The functions that were asked about",
        "Same meaning?",
        "Special cases",
        "Agreement",
        "Does it repeat?",
        "Subnormals",
        "Coverage",
    )
    functions = " · ".join(f"[{escape(name)}](#{heading_anchor('Function ' + name)})" for name in names)
    lines = [f"- [{h}](#{heading_anchor(h)})" for h in (*heads, *more)]
    return ["## Contents", "", *lines, f"- [Functions](#functions): {functions}", "- [Provenance](#provenance)", ""]


def heading_anchor(heading: str) -> str:
    """The anchor that GitHub gives a heading."""
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")


def _history(front: FrontPage) -> list[str]:
    lines = ["## Then and now", ""]
    if front.history is None:
        return [*lines, "Nothing recorded elsewhere was scored in this version.", ""]
    return [*lines, escape(front.history_sentence), "", *table(front.history)]


def _releases(stored: Stored, tables: bool = False) -> list[str]:
    """What the lines of releases tell; with ``tables`` also what each release changed. Every figure is in the CSV."""
    page = history_page(stored)
    if page is None:
        return []
    lines = ["## Through the releases", "", escape(page.lead), ""]
    for answer in page.answers:
        lines += [f"**{escape(answer.title)}** {' '.join(escape(x) for x in answer.sentences)}", ""]
        lines += table(answer.table)
    for section in (s for s in page.sections if s.plain and s.sentences):
        lines += [f"**{escape(section.title)}**", "", *(f"- {escape(x)}" for x in section.sentences), ""]
        lines += table(section.changes) if tables else []
    if page.settings:
        lines += ["**What the CPU decides**", "", *table(page.settings)]
        lines += [*(f"- {escape(x)}" for x in page.feature_sentences), ""] if page.feature_sentences else []
    return lines


def _meaning(groups: list[MeaningGroup]) -> list[str]:
    lines = ["## Same meaning?", ""]
    for group in groups:
        lines += [f"### {escape(group.title)}", "", f"{escape(group.summary)}.", ""]
        for line in group.lines:
            lines += [
                f"**{escape(line.question)}** {escape(line.same)}. {escape(line.sentence)}",
                "",
                *table(line.answers),
            ]
    return lines if groups else [*lines, "No literal question was part of this version.", ""]


def _repeats(stored: Stored) -> list[str]:
    """The sentences and the table; outputs and programs stand on the page."""
    said = determinism.sentences(stored)
    lines = ["## Does it repeat?", ""]
    besides = (determinism.of_arrays(stored), determinism.of_batches(stored))
    said += [text for text in besides if said and text]
    if not said:
        return [*lines, "No call was repeated in this version.", ""]
    lines += [*(f"- {escape(text)}" for text in said), "", escape(determinism.rests_on(stored)), ""]
    return [*lines, *table(determinism.overview(stored))]


def _subnormals(stored: Stored) -> list[str]:
    """The sentences and the table by dtype; each function's section has its own sentence."""
    said = subnormal.overview(stored)
    lines = ["## Subnormals", ""]
    if not said:
        return [*lines, "Nothing about subnormal numbers was stored in this version.", ""]
    return [*lines, *(f"- {escape(x.text)}" for x in said), "", *table(subnormal.summary_table(stored))]


def _more(front: FrontPage) -> list[str]:
    """Complex, integers and casts, gradients: each with what its figures mean."""
    lines = []
    for section in front.more:
        lines += [f"## {escape(section.title)}", ""]
        for text in section.sentences:
            lines += [escape(text), ""]
        for shown in section.tables:
            lines += table(shown)
    return lines


def _casts(page: CastPage) -> list[str]:
    """Matrices stand on the page; here are what is wrong and what is not defined."""
    lines = [line for text in page.sentences for line in (escape(text), "")]
    return [*lines, *table(page.wrong), *table(page.undefined)]


def _coverage(page: Coverage) -> list[str]:
    """The sentence, the table by namespace and what is missing; the exclusions stand on the page and in the JSON."""
    lines = ["## Coverage", "", escape(page.sentence), "", *table(page.overview)] if page.spaces else []
    for space in page.spaces:
        if space.missing:
            lines += [f"Missing from {code(space.title)}: {', '.join(code(n.text) for n in space.missing)}.", ""]
    lines += [f"- {escape(text)}" for text in page.stale] + ([""] if page.stale else [])
    return lines or ["## Coverage", "", escape(page.sentence), ""]


def function_section(page: FunctionPage) -> str:
    """One function of the report."""
    lines = [f"### Function {escape(page.name)}", "", escape(page.sentence), ""]
    if page.summary:
        lines += [escape(page.summary), ""]
    paths = [f"{x.label} {code(x.value)}" for x in page.facts if x.label in ("NumPy", "SciPy", "TensorFlow")]
    if page.casts:
        lines += _casts(page.casts)
    lines += [f"{'; '.join(paths)}. [Page](functions/{page.name}.html).", ""]
    if page.domains:
        lines += ["On inputs of the user's own:", "", *table(page.domains)]
    for s in page.sections:
        lines += [f"**{escape(s.dtype)}** {' '.join(escape(x) for x in s.sentences)}", "", *table(s.glance)]
        if s.stopped:
            lines += table(s.stopped)
    return "\n".join(lines)


def _provenance(stored: Stored) -> list[str]:
    lines = ["## Provenance", ""]
    for found in (machines.machines_table(stored), machines.contradictions_table(stored)):
        lines += [f"**{escape(found.caption)}**", "", *table(found)] if found else []
    for title, facts in extras.run_facts(stored):
        lines += [f"**{escape(title)}**", "", *(f"- {escape(x.label)}: {escape(x.value)}" for x in facts), ""]
    for name, sentence, status, facts in extras.target_facts(stored):
        lines += [
            f"**{escape(name)}** ({escape(status)}). {escape(sentence)}",
            "",
            *(f"- {escape(x.label)}: {escape(x.value)}" for x in facts),
            "",
        ]
    return lines


def _targets(stored: Stored) -> list[str]:
    """A line a target; releases of one target in environments of their own that ended alike share a line."""
    ended = [(name, status) for name, _, status, _ in extras.target_facts(stored)]
    pinned = {str(t["name"]): line_name(t) for t in stored.pinned_targets}
    out: dict[tuple[str, str], list[str]] = {}
    for name, status in ended:
        out.setdefault((pinned.get(name, name), status), []).append(name.partition("@")[2] if name in pinned else "")
    lines = []
    for (line, status), versions in out.items():
        pinned_ones = [v for v in versions if v]
        word = "release" if len(pinned_ones) == 1 else "releases"
        told = [f"{word} {f.listing(pinned_ones)}"] if pinned_ones else []
        # An empty version is the line's target of today.
        lines.append(f"{(' ' if all(versions) else ' and ').join([line, *told])}: {status}")
    return lines


def release_notes(stored: Stored, front: FrontPage, changes: Sequence[str] = ()) -> str:
    """What a release manager pastes; what would exceed GitHub's limit is counted instead of printed.

    ``changes`` are the lines about an earlier version, if it was compared with one.
    """
    lines = [f"# {escape(stored.label)}", "", escape(headline(stored)), ""]
    lines += [f"- {escape(s)}" for s in front.sentences]
    lines += changes
    lines += ["", "## Measured", "", *(f"- {escape(x.label)}: {escape(x.value)}" for x in front.facts)]
    lines += [f"- {escape(text)}" for text in _targets(stored)]
    for section in front.more:
        lines += ["", f"## {escape(section.title)}", "", *(f"- {escape(text)}" for text in section.sentences)]
    lines += ["", *gates.markdown(stored.gates, RELEASED_GATES)] if stored.gates else []
    lines += ["", *_history(front), *_releases(stored), "## Largest errors", "", READING, ""]
    lines += table(front.matrix)
    lines.append(
        "Attached: the report as `report.md`, all figures as `results.json` and `results.csv`, sums as `SHA256SUMS`."
    )
    return fit("\n".join(lines).rstrip() + "\n", RELEASE_LIMIT)
