"""One version's folder: HTML pages, figures, Markdown and assets, written beside the stored results."""

from __future__ import annotations

import base64
import hashlib
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from reportgen.core.errors import StoredResultError
from reportgen.render import (
    comparison,
    comparisonnotes,
    determinism,
    extras,
    history,
    html,
    machines,
    markdown,
    specials,
    subnormal,
    versionlist,
)
from reportgen.render.answer import headline
from reportgen.render.arrays.figures import draw
from reportgen.render.arrays.front import arrays_page
from reportgen.render.arrays.page import array_page
from reportgen.render.cache import PageCache, Rendered
from reportgen.render.cache import key as page_key
from reportgen.render.compiler import compiler_page
from reportgen.render.coverage import coverage
from reportgen.render.figures import draw_figures
from reportgen.render.front import front_page
from reportgen.render.functionpage import function_page, provenance
from reportgen.render.gates import gates_page
from reportgen.render.historyfigures import draw_history
from reportgen.render.palette import Style, styles
from reportgen.render.releases import function_tracks, line_name
from reportgen.render.stored import Stored, is_array, load

HEADLINE_FILE = "headline.txt"
_worker: dict[str, Any] = {}


def render_version(folder: Path, jobs: int = 1, cache: Path | None = None) -> None:
    """Write all pages of the stored version in ``folder`` into it.

    The output depends on the stored results alone, to the byte, whatever ``jobs`` is. ``cache`` is a folder that
    keeps the pages of functions between runs. Raises StoredResultError where the results cannot be read.
    """
    stored = load(folder)
    html.copy_assets(folder)
    for name in ("functions", "figures"):
        (folder / name).mkdir(exist_ok=True)
    names = [str(x["name"]) for x in stored.functions]
    for name in names:
        if Path(name).name != name or name.startswith("."):
            raise StoredResultError(f"{folder / 'results.json'}: {name!r} cannot name a page")
    functions = _functions(stored, names, jobs, PageCache(cache))
    front = front_page(stored)
    changes = _changes(stored)
    told = comparisonnotes.notes(changes) if changes else ()
    _write(folder / "release-notes.md", markdown.release_notes(stored, front, told))
    front.sentences += [changes.verdict] if changes else []
    _write(folder / "index.html", html.render("index.html", page=front, version=stored, root="", here="index"))
    _other_pages(stored)
    _releases(stored)
    _write(folder / "report.md", markdown.report(stored, front, {n: r.markdown for n, r in functions.items()}))
    _write(folder / HEADLINE_FILE, headline(stored) + "\n")


def _changes(stored: Stored) -> comparison.ComparisonPage | None:
    """Write the page about an earlier version, if this one was compared with one."""
    data = comparison.load(stored.folder)
    if data is None:
        return None
    page = comparison.comparison_page(data, frozenset(str(x["name"]) for x in stored.functions))
    shown = html.render("compare.html", layout="base.html", page=page, version=stored, root="", here="compare")
    _write(stored.folder / "compare.html", shown)
    return page


def _other_pages(stored: Stored) -> None:
    groups, summary, composed = specials.special_overview(stored)
    pages: dict[str, dict[str, Any]] = {
        "arrays": {"page": arrays_page(stored)},
        "meaning": {"groups": extras.meaning_groups(stored)},
        "special": {"groups": groups, "summary": summary, "composed": composed},
        "coverage": {"page": coverage(stored)},
        "compiler": {"page": compiler_page(stored)},
        "subnormals": {
            "sentences": subnormal.overview(stored),
            "summary": subnormal.summary_table(stored),
            "sections": subnormal.sections(stored),
        },
        "determinism": {
            "lead": determinism.lead(stored),
            "sentences": determinism.sentences(stored),
            "besides": [x for x in (determinism.of_arrays(stored), determinism.of_batches(stored)) if x],
            "basis": determinism.rests_on(stored),
            "table": determinism.overview(stored),
            "findings": determinism.findings(stored),
        },
        "agreement": {"pairs": extras.pair_sections(stored), "own": extras.self_overview(stored)},
        "provenance": {
            "groups": extras.run_facts(stored),
            "machines": machines.machines_table(stored),
            "contradictions": machines.contradictions_table(stored),
            "targets": extras.target_facts(stored),
            "speed": extras.speed_table(stored),
        },
        "method": {"files": extras.downloads(stored)},
    }
    if gates := gates_page(stored):
        pages["gates"] = {"page": gates}
    for name, data in pages.items():
        _write(stored.folder / f"{name}.html", html.render(f"{name}.html", version=stored, root="", here=name, **data))


def _releases(stored: Stored) -> None:
    """The page on releases, and its table as a file, where two releases at least can be held against each other."""
    page = history.history_page(stored)
    if page is None:
        return
    look = look_of(stored)
    drawn = ((name, draw_history(name, function_tracks(stored, name), look)) for name in history.moved_most(stored))
    page.figures = [(name, trend[0]) for name, trend in drawn if trend]
    text = html.render("history.html", version=stored, root="", here="history", page=page)
    _write(stored.folder / "history.html", text)
    (stored.folder / history.CSV_FILE).write_text(history.history_csv(stored), encoding="utf-8", newline="")


def look_of(stored: Stored) -> dict[str, Style]:
    """How targets are drawn; lines of releases come last, so that today's look the same with and without them."""
    return styles(list(dict.fromkeys([*stored.styled_names, *(line_name(t) for t in stored.pinned_targets)])))


def _functions(stored: Stored, names: list[str], jobs: int, cache: PageCache) -> dict[str, Rendered]:
    """Render what the cache does not hold, then write all functions' pages and figures."""
    keys = {name: page_key(stored, name) for name in names} if cache.folder else {}
    done = {name: found for name in names if (found := cache.get(keys.get(name, ""))) is not None}
    missing = [name for name in names if name not in done]
    if jobs <= 1 or len(missing) < 4:
        made = [render_function(stored, name) for name in missing]
    else:
        chunk = max(1, len(missing) // (jobs * 4))
        with ProcessPoolExecutor(jobs, get_context("spawn"), _start, (stored.folder,)) as pool:
            made = list(pool.map(_in_worker, missing, chunksize=chunk))
    for name, page in zip(missing, made, strict=True):
        done[name] = page
        if cache.folder:
            cache.put(keys[name], page)
    cache.prune()
    for name in names:
        _write(stored.folder / "functions" / f"{name}.html", done[name].html)
        for path, svg in done[name].figures.items():
            _write(stored.folder / path, svg)
    return {name: done[name] for name in names}


def _start(folder: Path) -> None:
    _worker.update(stored=load(folder))


def _in_worker(name: str) -> Rendered:
    return render_function(_worker["stored"], name)


def render_function(stored: Stored, name: str) -> Rendered:
    """One function's page, Markdown section and figures, as text."""
    look = look_of(stored)
    function = stored.function(name)
    trend = draw_history(name, function_tracks(stored, name), look)
    past = history.function_history(stored, function, trend[0] if trend else None)
    svgs = {figure.path: svg for figure, svg in ([trend] if trend else [])}
    if is_array(function):
        drawn = draw(stored, function, look)
        shown = array_page(stored, function, [figure for figure, _ in drawn], provenance(stored, name))
        shown.history = past
        text = html.render("arrayfunction.html", page=shown, version=stored, root="../", here="functions")
        return Rendered(text, markdown.function_section(shown), svgs | {figure.path: svg for figure, svg in drawn})
    profile = stored.profile(name)
    figures = draw_figures(profile, look)
    page = function_page(stored, function, [shown for shown, _ in figures], profile)
    page.history = past
    text = html.render("function.html", page=page, version=stored, root="../", here="functions")
    return Rendered(text, markdown.function_section(page), svgs | {shown.path: svg for shown, svg in figures})


def _write(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8", newline="\n")


def render_index(output: Path, versions: list[dict[str, Any]]) -> str:
    """``output/index.html``: all versions in the order given; entries with ``error`` are shown as damaged.

    Self-contained: its style sheet is inline and allowed by its hash.
    """
    css = (html.templates_folder() / "assets" / "style.css").read_text(encoding="utf-8")
    digest = base64.b64encode(hashlib.sha256(css.encode()).digest()).decode()
    return html.render(
        "versions.html",
        versions=versionlist.cards(output, versions, HEADLINE_FILE),
        css=css,
        policy=f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'",
    )
