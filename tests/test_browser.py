"""The pages in a real browser: sorting, filtering, copying, phone width, dark mode, hostile text.

Needs playwright and a Chromium of the system; where either is missing these tests fail and say what to install.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from reportgen.render import site
from tests import render_data

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
MISSING = (
    "no Chromium found: install the package 'chromium' with the system's package manager (apt-get install chromium), "
    "or name a Chromium or Chrome executable in the environment variable REPORTGEN_BROWSER"
)
PAGES = ("index", "meaning", "special", "agreement", "provenance", "method", "functions/exp", "functions/max")


def find_browser() -> str:
    """Path of the browser. Fails the test, with what to install, where there is none."""
    named = os.environ.get("REPORTGEN_BROWSER")
    found = named if named and Path(named).is_file() else next(filter(None, map(shutil.which, BROWSERS)), None)
    if not found:
        pytest.fail(MISSING, pytrace=False)
    return found


@pytest.fixture(scope="module")
def version(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = render_data.write(
        tmp_path_factory.mktemp("browser") / "dev", functions=("exp", "log", "sqrt", "maximum", "max", "erf")
    )
    site.render_version(folder)
    return folder


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = render_data.write(
        tmp_path_factory.mktemp("hostile") / "dev", functions=("exp", "maximum"), dtypes=("float32",), hostile=True
    )
    site.render_version(folder)
    return folder


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        pytest.fail("playwright is missing: pip install playwright (its own browsers are not needed)", pytrace=False)
    executable = find_browser()
    with sync_playwright() as driver:
        launched = driver.chromium.launch(executable_path=executable, args=["--no-sandbox", "--disable-gpu"])
        yield launched
        launched.close()


class Tab:
    """One page with everything it complained about."""

    def __init__(self, browser: Any, url: str, **options: Any) -> None:
        self.context = browser.new_context(**options)
        self.page = self.context.new_page()
        self.problems: list[str] = []
        self.page.on("console", lambda m: self.problems.append(m.text) if m.type in ("error", "warning") else None)
        self.page.on("pageerror", lambda e: self.problems.append(str(e)))
        self.page.on("requestfailed", lambda r: self.problems.append(f"not loaded: {r.url}"))
        self.page.goto(url)

    def close(self) -> None:
        self.context.close()


@pytest.fixture
def tab(browser: Any) -> Iterator[Any]:
    opened: list[Tab] = []

    def visit(url: str, **options: Any) -> Tab:
        opened.append(Tab(browser, url, **options))
        return opened[-1]

    yield visit
    for one in opened:
        one.close()


def url(folder: Path, page: str = "index") -> str:
    return (folder / f"{page}.html").as_uri()


def visible_rows(page: Any) -> list[list[str]]:
    return list(
        page.eval_on_selector_all(
            "#matrix tbody tr",
            "rows => rows.filter(r => !r.hidden).map(r => [r.dataset.f, r.dataset.d, "
            "r.cells[3].dataset.s ?? String(parseFloat(r.cells[3].textContent))])",
        )
    )


def test_a_missing_browser_is_a_failure_that_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    monkeypatch.delenv("REPORTGEN_BROWSER", raising=False)
    with pytest.raises(pytest.fail.Exception, match="install the package 'chromium'"):
        find_browser()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1440])
def test_no_page_complains_or_overflows(version: Path, tab: Any, width: int, scheme: str) -> None:
    for name in PAGES:
        one = tab(url(version, name), viewport={"width": width, "height": 800}, color_scheme=scheme)
        one.page.eval_on_selector_all("details", "all => all.forEach(d => { d.open = true; })")
        over = one.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert over <= 0, f"{name} is {over} pixels too wide at {width}"
        assert one.problems == [], name


def test_an_overflow_would_be_noticed(version: Path, tab: Any) -> None:
    one = tab(url(version), viewport={"width": 360, "height": 800})
    one.page.eval_on_selector("#matrix", "t => { t.parentElement.style.overflow = 'visible'; }")
    assert one.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") > 0


def test_dark_mode_changes_page_and_figures_and_keeps_contrast(version: Path, tab: Any) -> None:
    grounds, figures = [], []
    for scheme in ("light", "dark"):
        one = tab(url(version, "functions/exp"), color_scheme=scheme, viewport={"width": 1200, "height": 900})
        style = one.page.evaluate(
            "[getComputedStyle(document.body).backgroundColor, getComputedStyle(document.body).color]"
        )
        ground, ink = ([int(v) for v in c[4:-1].split(",")[:3]] for c in style)
        grounds.append(sum(ground))
        assert abs(sum(ground) - sum(ink)) > 450
        figures.append(one.page.locator("figure img").first.screenshot())
    assert grounds[0] > 600 > 150 > grounds[1]
    assert figures[0] != figures[1]


def test_figures_are_drawn(version: Path, tab: Any) -> None:
    one = tab(url(version, "functions/exp"))
    widths = one.page.eval_on_selector_all("figure img", "all => all.map(i => [i.naturalWidth, i.alt.length])")
    assert len(widths) == 2
    assert all(width > 300 and length > 50 for width, length in widths)


def test_without_javascript_everything_is_there(version: Path, tab: Any) -> None:
    one = tab(url(version), java_script_enabled=False)
    assert one.page.locator("#matrix tbody tr").count() == 6 * 4
    assert one.page.locator("#matrix tbody tr").last.is_visible()
    assert not one.page.locator("#filters").is_visible()


def test_the_dtype_filter_begins_with_float32(version: Path, tab: Any) -> None:
    one = tab(url(version))
    assert {row[1] for row in visible_rows(one.page)} == {"float32"}
    one.page.select_option("select[name=dtype]", "")
    assert len(visible_rows(one.page)) == 24
    assert "24 of 24" in one.page.locator("#shown").inner_text()


def test_search_family_difference_and_the_address(version: Path, tab: Any) -> None:
    one = tab(url(version))
    one.page.fill("input[name=q]", "max")
    assert [row[0] for row in visible_rows(one.page)] == ["maximum", "max"]
    assert "q=max" in one.page.url
    one.page.fill("input[name=q]", "")
    one.page.select_option("select[name=family]", "exponential")
    assert {row[0] for row in visible_rows(one.page)} == {"exp", "log"}
    one.page.select_option("select[name=family]", "")
    one.page.check("input[name=differ]")
    assert {row[0] for row in visible_rows(one.page)} == {"exp", "log"}
    again = tab(one.page.url)
    assert {row[0] for row in visible_rows(again.page)} == {"exp", "log"}
    assert again.page.is_checked("input[name=differ]")


def test_a_target_hides_the_other_columns(version: Path, tab: Any) -> None:
    one = tab(url(version))
    one.page.select_option("select[name=target]", "tensorflow-xla")
    heads = one.page.eval_on_selector_all("#matrix thead th", "all => all.filter(h => !h.hidden).map(h => h.dataset.k)")
    assert heads == ["function", "dtype", "agree", "tensorflow-xla"]
    one.page.select_option("select[name=target]", "")
    assert one.page.locator("#matrix thead th:visible").count() > 5


def test_sorting_by_a_column_and_the_address(version: Path, tab: Any) -> None:
    one = tab(url(version))
    before = [row[0] for row in visible_rows(one.page)]
    one.page.click("#matrix th[data-k=numpy] button")
    down = [float(row[2]) for row in visible_rows(one.page)]
    assert down == sorted(down, reverse=True)
    assert one.page.get_attribute("#matrix th[data-k=numpy]", "aria-sort") == "descending"
    one.page.click("#matrix th[data-k=numpy] button")
    up = [float(row[2]) for row in visible_rows(one.page)]
    assert up == sorted(up)
    assert "sort=numpy" in one.page.url
    assert "order=up" in one.page.url
    again = tab(one.page.url)
    assert [row[0] for row in visible_rows(again.page)] == [row[0] for row in visible_rows(one.page)]
    one.page.click("#matrix th[data-k=function] button")
    assert [row[0] for row in visible_rows(one.page)] == sorted(before)


def test_a_header_is_sorted_by_keyboard(version: Path, tab: Any) -> None:
    one = tab(url(version))
    one.page.focus("#matrix th[data-k=tensorflow] button")
    one.page.keyboard.press("Enter")
    assert one.page.get_attribute("#matrix th[data-k=tensorflow]", "aria-sort") == "descending"


def test_an_unknown_address_is_harmless(version: Path, tab: Any) -> None:
    one = tab(url(version) + "#dtype=complex9&target=<script>&sort=nothing&q=%00")
    assert one.problems == []
    assert one.page.locator("#matrix tbody tr").count() == 24


def test_a_snippet_is_copied_whole(version: Path, tab: Any) -> None:
    one = tab(url(version, "functions/exp"), permissions=["clipboard-read", "clipboard-write"])
    one.page.eval_on_selector_all("details", "all => all.forEach(d => { d.open = true; })")
    block = one.page.locator("pre.snippet").first
    wanted = block.locator("code").inner_text().rstrip("\n")
    assert wanted.splitlines()[0].startswith("import")
    block.locator("button.copy").click()
    one.page.wait_for_selector("button.copy[data-done=yes]")
    assert one.page.evaluate("navigator.clipboard.readText()").rstrip("\n") == wanted


def test_the_table_header_stays_while_the_table_scrolls(version: Path, tab: Any) -> None:
    one = tab(url(version), viewport={"width": 1200, "height": 400})
    one.page.select_option("select[name=dtype]", "")
    box = one.page.locator(".matrix-scroll")
    box.evaluate("b => { b.scrollTop = 400; }")
    top = one.page.locator("#matrix thead th").first.evaluate("h => h.getBoundingClientRect().top")
    assert abs(top - box.evaluate("b => b.getBoundingClientRect().top")) < 5


def test_hostile_text_never_runs(hostile: Path, tab: Any) -> None:
    for name in ("index", "meaning", "special", "provenance", "functions/exp"):
        one = tab(url(hostile, name), viewport={"width": 360, "height": 800})
        assert one.page.evaluate("window.hacked") is None
        assert one.problems == [], name
        assert one.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0, (
            name
        )
    assert "window.hacked" in one.page.inner_text("main")


def test_the_policy_stops_a_script_that_got_in(version: Path, tab: Any, tmp_path: Path) -> None:
    """The second line of defence, tried with markup planted past the escaping."""
    copy = tmp_path / "dev"
    shutil.copytree(version, copy)
    text = (copy / "index.html").read_text(encoding="utf-8")
    (copy / "index.html").write_text(
        text.replace("</main>", "<script>window.hacked = 1</script></main>"), encoding="utf-8"
    )
    one = tab(url(copy))
    assert one.page.evaluate("window.hacked") is None
    assert any("Content Security Policy" in p for p in one.problems)


def test_the_list_of_versions_is_styled(version: Path, tab: Any, tmp_path: Path) -> None:
    (tmp_path / "index.html").write_text(
        site.render_index(tmp_path, [{"label": "dev", "depth": "quick"}]), encoding="utf-8"
    )
    one = tab((tmp_path / "index.html").as_uri(), viewport={"width": 360, "height": 700})
    assert one.problems == []
    assert one.page.evaluate("getComputedStyle(document.querySelector('.card')).borderRadius") != "0px"
