"""The rendered site as a whole: golden pages, determinism, links, sizes, hostile text, cases that ended badly."""

from __future__ import annotations

import json
import os
import re
import shutil
import socket
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest

from reportgen.core.errors import StoredResultError
from reportgen.render import cache as cache_module
from reportgen.render import site
from tests import render_data, update_golden

PUBLISHED_LATER = re.compile(r"(results|agreement|special|subnormals)\.csv|SHA256SUMS|reportgen-.*\.zip")
"""Files that the store adds to a version after its pages."""


class Page(HTMLParser):
    """Links, ids and scripts of one page, and its text."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.ids: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        self.tags.append((tag, found))
        self.ids += [found["id"]] if found.get("id") else []
        self.links += [v for k in ("href", "src") if (v := found.get(k)) is not None]

    def handle_data(self, data: str) -> None:
        self.words.append(data)


def snapshot(folder: Path) -> dict[str, bytes]:
    return {str(p.relative_to(folder)): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


@pytest.fixture(scope="module")
def version(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = render_data.write(tmp_path_factory.mktemp("site") / "dev")
    site.render_version(folder)
    return folder


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = render_data.write(tmp_path_factory.mktemp("hostile") / "dev", hostile=True, functions=("exp", "maximum"))
    site.render_version(folder)
    return folder


# -- golden --------------------------------------------------------------------------------------------
def test_pages_are_those_of_the_golden_site(tmp_path: Path) -> None:
    """Any change to a page shows here; ``python -m tests.update_golden`` accepts it."""
    made = update_golden.render(tmp_path / "dev")
    kept = update_golden.stored_pages()
    assert sorted(made) == sorted(kept)
    for name, text in kept.items():
        assert made[name] == text, f"{name} differs from tests/golden; accept it with: python -m tests.update_golden"


def test_the_golden_comparison_can_fail(tmp_path: Path) -> None:
    folder = tmp_path / "dev"
    shutil.copytree(update_golden.INPUT, folder)
    document = json.loads((folder / "results.json").read_text(encoding="utf-8"))
    document["functions"][0]["sentence"] = "Another sentence."
    (folder / "results.json").write_text(json.dumps(document), encoding="utf-8")
    assert update_golden.render(folder, prepared=True) != update_golden.stored_pages()


# -- same in, same out ---------------------------------------------------------------------------------
def test_rendering_twice_gives_the_same_bytes_whatever_the_jobs(version: Path, tmp_path: Path) -> None:
    again = render_data.write(tmp_path / "dev")
    site.render_version(again, jobs=2)
    first, second = snapshot(version), snapshot(again)
    assert sorted(first) == sorted(second)
    assert [n for n in first if first[n] != second[n]] == []


def test_the_cache_changes_nothing_but_the_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A second rendering draws no function, and every byte is that of one without a cache."""
    options = {"functions": ("exp", "sqrt"), "dtypes": ("float32",)}
    plain = render_data.write(tmp_path / "plain" / "dev", **options)
    site.render_version(plain)
    cache = tmp_path / "cache"
    first = render_data.write(tmp_path / "first" / "dev", **options)
    site.render_version(first, cache=cache)
    monkeypatch.setattr(site, "render_function", lambda *_: pytest.fail("rendered although nothing changed"))
    second = render_data.write(tmp_path / "second" / "dev", **options)
    site.render_version(second, cache=cache)
    assert snapshot(plain) == snapshot(first) == snapshot(second)
    assert len(list(cache.iterdir())) == 2


@pytest.mark.parametrize(
    "table", ["measurements", "agreement", "special", "self_agreement", "determinism", "profile", "targets"]
)
def test_the_cache_sees_every_change(tmp_path: Path, table: str) -> None:
    """A change in anything that a page shows renders that page again."""
    cache, options = tmp_path / "cache", {"functions": ("exp", "sqrt"), "dtypes": ("float32",)}
    site.render_version(render_data.write(tmp_path / "first" / "dev", **options), cache=cache)
    folder = render_data.write(tmp_path / "second" / "dev", **options)
    path = folder / ("profiles/exp.json" if table == "profile" else "results.json")
    document = json.loads(path.read_text(encoding="utf-8"))
    if table == "profile":
        document["cases"][0]["targets"]["numpy"]["max"][100] = 77.0
    elif table == "targets":
        document["targets"][0]["mode"] = "other"
    else:
        document[table]["rows"] = [r for r in document[table]["rows"] if "exp" in r][1:] + [
            r for r in document[table]["rows"] if "exp" not in r
        ]
    path.write_text(json.dumps(document), encoding="utf-8")
    site.render_version(folder, cache=cache)
    assert len(list(cache.iterdir())) == (4 if table == "targets" else 3)


def test_a_damaged_cache_is_no_cache(tmp_path: Path) -> None:
    cache, options = tmp_path / "cache", {"functions": ("sqrt",), "dtypes": ("float32",)}
    folder = render_data.write(tmp_path / "dev", **options)
    site.render_version(folder, cache=cache)
    before = snapshot(folder)
    for entry in cache.iterdir():
        entry.write_text("{", encoding="utf-8")
    site.render_version(folder, cache=cache)
    assert snapshot(folder) == before
    (tmp_path / "file").write_text("in the way", encoding="utf-8")
    site.render_version(folder, cache=tmp_path / "file" / "cache")
    assert snapshot(folder) == before


def test_the_cache_forgets_the_oldest(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cache_module, "MOST_ENTRIES", 2)
    kept = cache_module.PageCache(tmp_path)
    for i, name in enumerate("abc"):
        kept.put(name, cache_module.Rendered("h", "m"))
        os.utime(tmp_path / f"{name}.json", ns=(i, i))
    kept.prune()
    assert sorted(p.stem for p in tmp_path.iterdir()) == ["b", "c"]
    assert kept.get("a") is None
    assert kept.get("c") == cache_module.Rendered("h", "m")


def test_rendering_needs_no_network(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("rendering opened a socket")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    site.render_version(render_data.write(tmp_path / "dev", functions=("sqrt",)))


# -- links ---------------------------------------------------------------------------------------------
def broken_links(folder: Path) -> list[str]:
    pages = {p: Page(p.read_text(encoding="utf-8")) for p in folder.rglob("*.html")}
    broken = []
    for path, page in pages.items():
        for link in page.links:
            parts = urlsplit(link)
            if parts.scheme or parts.netloc or link.startswith("/"):
                broken.append(f"{path.name}: {link} is not relative")
                continue
            target = (path.parent / unquote(parts.path)).resolve() if parts.path else path
            if PUBLISHED_LATER.fullmatch(target.name):
                continue
            if not target.is_file():
                broken.append(f"{path.name}: {link} leads nowhere")
            elif parts.fragment and target in pages and unquote(parts.fragment) not in pages[target].ids:
                broken.append(f"{path.name}: {link} names no place")
    return broken


def test_every_link_and_anchor_leads_somewhere(version: Path) -> None:
    assert broken_links(version) == []


def test_a_broken_link_is_noticed(version: Path, tmp_path: Path) -> None:
    copy = tmp_path / "dev"
    shutil.copytree(version, copy)
    (copy / "functions" / "log.html").unlink()
    page = (copy / "meaning.html").read_text(encoding="utf-8")
    (copy / "meaning.html").write_text(page.replace("</main>", '<a href="#nowhere">x</a></main>'), encoding="utf-8")
    found = broken_links(copy)
    assert any("log.html leads nowhere" in f for f in found)
    assert any("#nowhere names no place" in f for f in found)


def test_ids_are_unique_on_every_page(version: Path) -> None:
    for path in version.rglob("*.html"):
        ids = Page(path.read_text(encoding="utf-8")).ids
        assert len(ids) == len(set(ids)), path


def test_anchors_of_the_markdown_report_exist(version: Path) -> None:
    text = (version / "report.md").read_text(encoding="utf-8")
    headings = {re.sub(r"[^\w\- ]", "", h.lower()).replace(" ", "-") for h in re.findall(r"^#+ (.+)$", text, re.M)}
    wanted = set(re.findall(r"\]\(#([^)]+)\)", text))
    assert wanted - headings == set()
    assert {"function-exp", "functions", "same-meaning"} <= wanted


# -- sizes ---------------------------------------------------------------------------------------------
def test_pages_stay_small(version: Path) -> None:
    for path in (version / "functions").glob("*.html"):
        figures = sum(p.stat().st_size for p in (version / "figures").glob(f"{path.stem}-*.svg"))
        assert path.stat().st_size + figures < 600_000, path
    for path in (version / "figures").glob("*.svg"):
        assert path.stat().st_size < 150_000, path


def test_a_full_catalogue_fits(tmp_path: Path) -> None:
    """75 functions in four dtypes: the front page and both Markdown files stay within what readers and GitHub take."""
    folder = render_data.write(tmp_path / "dev", functions=75)
    for profile in (folder / "profiles").glob("*.json"):
        document = json.loads(profile.read_text(encoding="utf-8"))
        profile.write_text(json.dumps(document | {"cases": []}), encoding="utf-8")
    site.render_version(folder, jobs=2)
    assert (folder / "index.html").stat().st_size < 500_000
    assert (folder / "report.md").stat().st_size < 1_000_000
    notes = (folder / "release-notes.md").read_text(encoding="utf-8")
    assert len(notes) < 125_000
    assert notes.rstrip().endswith("`SHA256SUMS`.")


# -- hostile text --------------------------------------------------------------------------------------
def test_hostile_text_is_shown_and_never_markup(hostile: Path) -> None:
    shown = 0
    for path in hostile.rglob("*.html"):
        page = Page(path.read_text(encoding="utf-8"))
        scripts = [a for tag, a in page.tags if tag == "script"]
        assert [set(a) for a in scripts] == [{"src", "defer"}]
        assert not [tag for tag, a in page.tags if any(k.startswith("on") for k in a)]
        assert {a.get("src", "").split("/")[-1].split(".")[-1] for tag, a in page.tags if tag == "img"} <= {"svg"}
        shown += "<script>window.hacked = 1</script>" in " ".join(page.words)
    assert shown >= 5


def test_hostile_text_stays_text_in_markdown(hostile: Path) -> None:
    text = (hostile / "report.md").read_text(encoding="utf-8")
    assert "hacked" in text
    outside = re.sub(r"(`+).*?\1", "", text)
    assert "<script" not in outside
    assert "<img" not in outside
    for line in text.splitlines():
        if line.startswith("|"):
            cells = len(re.findall(r"(?<!\\)\|", line)) - 1
            assert cells in (3, 4, 5, 6, 7, 8, 9, 12), line


def test_every_page_forbids_foreign_scripts(version: Path) -> None:
    for path in version.rglob("*.html"):
        page = Page(path.read_text(encoding="utf-8"))
        policy = next(a["content"] for t, a in page.tags if a.get("http-equiv") == "Content-Security-Policy") or ""
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert not [a for t, a in page.tags if "style" in a], "inline styles are forbidden by the policy"


# -- what must be told ---------------------------------------------------------------------------------
def test_targets_that_ended_badly_still_get_their_reason(version: Path) -> None:
    erf = " ".join(Page((version / "functions" / "erf.html").read_text(encoding="utf-8")).words)
    assert "SIGABRT" in erf
    assert "numpy has no counterpart of erf" in erf
    digamma = " ".join(Page((version / "functions" / "digamma.html").read_text(encoding="utf-8")).words)
    assert "no answer within 60 s" in digamma
    front = " ".join(Page((version / "index.html").read_text(encoding="utf-8")).words)
    for word in ("unsupported", "failed", "timeout", "unavailable", "TensorFlow sees no GPU on this machine"):
        assert word in front


def test_a_function_that_only_failed_gets_a_page(tmp_path: Path) -> None:
    folder = render_data.write(tmp_path / "dev", functions=("exp",))
    document = json.loads((folder / "results.json").read_text(encoding="utf-8"))
    columns = document["measurements"]["columns"]
    rows = []
    for target in ("numpy", "tensorflow"):
        row = dict.fromkeys(columns) | {"function": "exp", "dtype": "float32", "case": "ordinals", "target": target}
        rows.append(
            [
                (row | {"regime": "all", "status": "failed", "reason": "the worker ended with signal 9"})[c]
                for c in columns
            ]
        )
    document["measurements"]["rows"] = rows
    for key in ("agreement", "special", "self_agreement", "determinism"):
        document[key]["rows"] = []
    document["timing"]["table"]["rows"] = []
    (folder / "results.json").write_text(json.dumps(document), encoding="utf-8")
    (folder / "profiles" / "exp.json").unlink()
    site.render_version(folder)
    text = " ".join(Page((folder / "functions" / "exp.html").read_text(encoding="utf-8")).words)
    assert "the worker ended with signal 9" in text
    assert not (folder / "figures" / "exp-error.svg").exists()
    assert broken_links(folder) == ["exp.html: ../profiles/exp.json leads nowhere"] or broken_links(folder) == []


def test_an_empty_version_renders(tmp_path: Path) -> None:
    folder = render_data.write(tmp_path / "dev", functions=("exp",))
    document = json.loads((folder / "results.json").read_text(encoding="utf-8"))
    for key in ("measurements", "agreement", "special", "self_agreement", "determinism"):
        document[key]["rows"] = []
    document |= {"functions": [], "meaning": [], "targets": []}
    (folder / "results.json").write_text(json.dumps(document), encoding="utf-8")
    site.render_version(folder)
    assert "No function was measured on both" in (folder / "index.html").read_text(encoding="utf-8")


@pytest.mark.parametrize("damage", ["missing", "cut", "list", "newer"])
def test_damaged_results_are_refused_in_one_line(tmp_path: Path, damage: str) -> None:
    folder = render_data.write(tmp_path / "dev", functions=("exp",))
    path = folder / "results.json"
    text = path.read_text(encoding="utf-8")
    if damage == "missing":
        path.unlink()
    else:
        path.write_text(
            {"cut": text[:1000], "list": "[]", "newer": text.replace('"schema": 1', '"schema": 999', 1)}[damage]
        )
    with pytest.raises(StoredResultError) as caught:
        site.render_version(folder)
    assert "\n" not in str(caught.value)
    assert "results.json" in str(caught.value)


def test_a_function_name_that_is_a_path_is_refused(tmp_path: Path) -> None:
    folder = render_data.write(tmp_path / "dev", functions=("exp",))
    text = (folder / "results.json").read_text(encoding="utf-8")
    (folder / "results.json").write_text(text.replace('"name": "exp"', '"name": "../../exp"'), encoding="utf-8")
    with pytest.raises(StoredResultError, match="cannot name a page"):
        site.render_version(folder)


def test_the_list_of_versions(tmp_path: Path) -> None:
    (tmp_path / "1.0").mkdir()
    (tmp_path / "1.0" / "headline.txt").write_text("12 functions; 20 of 40 identical.\n", encoding="utf-8")
    text = site.render_index(
        tmp_path,
        [
            {
                "label": "1.0",
                "date": "2026-01-01",
                "depth": "quick",
                "functions": 12,
                "targets": ["numpy 2.4.6"],
                "aliases": ["latest"],
            },
            {"label": "<b>bad</b>", "error": "results.json: cut <off>"},
        ],
    )
    page = Page(text)
    words = " ".join(page.words)
    assert "20 of 40 identical" in words
    assert "12 functions" in words
    assert "latest" in words
    assert "results.json: cut <off>" in words
    assert "<b>bad</b>" in words
    assert page.links == ["1.0/index.html"]
    assert "No version" in site.render_index(tmp_path, [])
