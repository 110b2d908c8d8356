"""The order of versions, and what version switchers find in ``versions.json``."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from reportgen.core.errors import RequestError
from reportgen.render import versionlist
from reportgen.results import listing, store, tables
from tests.test_store import PAGES, document

MIKE = {
    "type": "array",
    "items": {
        "type": "object",
        "required": ["version", "title", "aliases"],
        "properties": {
            "version": {"type": "string", "pattern": r"^(?!\.{1,2}$)[^\\/]+$"},
            "title": {"type": "string"},
            "aliases": {"type": "array", "items": {"type": "string", "pattern": r"^(?!\.{1,2}$)[^\\/]+$"}},
            "properties": {"type": "object"},
        },
    },
}
"""What mike 2.2 demands: VersionInfo.from_json and _check_version in mike/versions.py. Its selector, and that of
Material for MkDocs, look a version up by ``version`` or ``aliases``, show ``title``, skip ``properties.hidden``, and
go to the folder ``version`` beside the present one."""

PYDATA = {
    "type": "array",
    "items": {
        "type": "object",
        "required": ["version", "url"],
        "properties": {
            "version": {"type": "string"},
            "url": {"type": "string", "pattern": "/$"},
            "name": {"type": "string"},
            "preferred": {"type": "boolean"},
        },
    },
}
"""What pydata-sphinx-theme 0.24 reads: update_config in its __init__.py warns unless each entry has ``url`` and
``version``; populateVersionSwitcher in pydata-sphinx-theme.js puts ``url`` before the page's name, so that it closes
with a slash; showVersionWarningBanner asks that exactly one entry be ``preferred``."""


def entries(*pairs: tuple[str, str | None]) -> list[dict[str, Any]]:
    return [{"label": x, "date": date} if date else {"label": x, "error": "cut off"} for x, date in pairs]


def order(*pairs: tuple[str, str | None]) -> list[str]:
    return [v["label"] for v in listing.newest_first(entries(*pairs))]


def check_mike(read: list[dict[str, Any]]) -> None:
    """The schema, and what mike/versions.py refuses beyond it: a name that stands for two versions."""
    jsonschema.validate(read, MIKE)
    names = [v["version"] for v in read] + [alias for v in read for alias in v["aliases"]]
    assert len(set(names)) == len(names), "duplicated version and alias"


def check_pydata(read: list[dict[str, Any]]) -> None:
    jsonschema.validate(read, PYDATA)
    assert sum(v["preferred"] for v in read) == 1


def check_both(read: list[dict[str, Any]]) -> None:
    check_mike(read)
    check_pydata(read)


def test_releases_go_by_number_whatever_the_clock_said() -> None:
    assert order(("1.9", "2026-03"), ("1.10", "2026-01"), ("v2.0rc1", "2025-12")) == ["v2.0rc1", "1.10", "1.9"]
    # An older line that is released later, and a release that is measured again, do not become the newest.
    assert order(("1.0.1", "2027-01"), ("2.0", "2026-01"), ("1.0", "2028-01")) == ["2.0", "1.0.1", "1.0"]


def test_other_versions_stand_where_their_date_puts_them() -> None:
    assert order(("1.0", "2026-01"), ("dev", "2026-05"), ("1.1", "2026-03")) == ["dev", "1.1", "1.0"]
    assert order(("1.0", "2026-01"), ("dev", "2026-02"), ("1.1", "2026-03")) == ["1.1", "dev", "1.0"]
    assert order(("a", "2026-01"), ("b", "2026-02")) == ["b", "a"]
    assert order(("bad", None), ("1.0", "2026-01"), ("0.9", None)) == ["1.0", "0.9", "bad"]


@pytest.mark.parametrize(
    ("labels", "latest", "best"),
    [
        ((("1.0", "2026-01"), ("1.1", "2026-02")), "1.1", "1.1"),
        ((("1.0", "2026-01"), ("dev", "2026-02")), "dev", "1.0"),
        ((("1.0", "2026-01"), ("1.1rc1", "2026-02")), "1.1rc1", "1.0"),
        ((("dev", "2026-02"),), "dev", "dev"),
        ((("1.0", "2026-01"), ("9.9", None)), "1.0", "1.0"),
    ],
)
def test_latest_and_preferred(labels: tuple[tuple[str, str | None], ...], latest: str, best: str) -> None:
    listed = listing.for_switchers(listing.newest_first(entries(*labels)))
    assert [v["label"] for v in listed if v["aliases"]] == [latest]
    assert [v["label"] for v in listed if v["preferred"]] == [best]


def test_a_file_of_several_versions_is_read_by_both_switchers(tmp_path: Path) -> None:
    for label, day in (("1.0", "01"), ("1.10", "02"), ("1.9", "03"), ("dev", "04")):
        changed = {"provenance": {"time": f"2026-01-{day}T00:00:00+00:00", "plan": "p"}}
        store.write_version(tmp_path, document(label, **changed), {}, PAGES)
    (tmp_path / "1.0" / "results.json").write_text("{")
    store.refresh_index(tmp_path, PAGES.index)
    read = json.loads((tmp_path / "versions.json").read_text())
    check_both(read)
    assert [v["version"] for v in read] == ["dev", "1.10", "1.9", "1.0"]
    assert [v["url"] for v in read] == ["dev/", "1.10/", "1.9/", "1.0/"]
    assert [v.get("properties") for v in read] == [None, None, None, {"hidden": True}]
    assert (tmp_path / "latest").readlink() == Path("dev")


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("version", "a/b"),
        ("title", None),
        ("aliases", "latest"),
        ("aliases", ["1.10"]),
        ("url", "1.0"),
        ("preferred", 1),
    ],
)
def test_the_shapes_refuse_what_the_switchers_refuse(key: str, value: Any) -> None:
    good = [v | {"version": v["label"], "title": v["label"]} for v in entries(("1.10", "2026-02"), ("1.9", "2026-01"))]
    listed = listing.for_switchers(good)
    check_both(listed)
    listed[1] = listed[1] | {key: value}
    with pytest.raises((jsonschema.ValidationError, AssertionError)):
        check_both(listed)


def test_entries_written_by_an_earlier_reportgen_are_made_anew(tmp_path: Path) -> None:
    store.write_version(tmp_path, document("1.0"), {}, PAGES)
    (old,) = json.loads((tmp_path / "versions.json").read_text())
    for key in ("machines", "name", "url", "preferred"):
        del old[key]
    (tmp_path / "versions.json").write_text(json.dumps([old]))
    (new,) = store.list_versions(tmp_path)
    assert {"machines", "name", "url", "preferred"} <= set(new)


def test_publishing_an_older_release_again_leaves_latest_alone(tmp_path: Path) -> None:
    for label in ("1.0", "1.1", "1.0"):
        store.write_version(tmp_path, document(label), {}, PAGES)
    assert (tmp_path / "latest").readlink() == Path("1.1")


def test_a_link_to_a_version_that_is_gone_is_mended(tmp_path: Path) -> None:
    for label in ("1.0", "1.1"):
        store.write_version(tmp_path, document(label), {}, PAGES)
    (tmp_path / "1.1").rename(tmp_path.parent / f"{tmp_path.name}-away")
    store.refresh_index(tmp_path, PAGES.index)
    assert (tmp_path / "latest").readlink() == Path("1.0")


@pytest.mark.parametrize(
    "text", ["https://example.org", "https://example.org/a/", "/accuracy", "/", "http://localhost:8000"]
)
def test_addresses_close_with_one_slash(text: str) -> None:
    assert re.fullmatch(r".*[^/]/|/", listing.base_url(text))


@pytest.mark.parametrize(
    "text", ["", "accuracy/", "https://", "//example.org", "javascript:x", "https://a b", "/a?x", "/a#b"]
)
def test_addresses_that_lead_elsewhere_are_refused(text: str) -> None:
    with pytest.raises(RequestError, match="--base-url"):
        listing.base_url(text)


def test_entries_say_what_a_version_was_compared_with_and_what_broke(tmp_path: Path) -> None:
    blank = dict.fromkeys(tables.GATE_COLUMNS, "") | {"what": "max_ulp", "line": 1, "judged": 1, "unjudged": 0}
    gates = tables.table(tables.GATE_COLUMNS, [blank | {"holds": x} for x in (True, False, None, True)])
    counts = {"regressed": 2, "improved": 0, "incomparable": 1}
    comparison = {"before": "1.0", "counts": counts}
    store.write_version(tmp_path, document("1.1", gates=gates), {}, PAGES, comparison)
    (entry,) = store.list_versions(tmp_path)
    assert entry["baseline"] == {"label": "1.0", **counts}
    assert entry["gates"] == {"hold": 2, "broken": 1, "unjudged": 1}
    (tmp_path / "1.1" / "gates.html").touch()
    (card,) = versionlist.cards(tmp_path, [entry], "headline.txt")
    assert [(note.text, note.href) for note in card.notes] == [
        ("Gates: 1 broken, 2 hold and 1 not judged", "1.1/gates.html")
    ]
    (tmp_path / "1.1" / "compare.html").touch()
    (card,) = versionlist.cards(tmp_path, [entry], "headline.txt")
    assert card.notes[0].text == "Compared with 1.0: 2 regressed and 1 not compared"
    assert [file.href for file in card.files] == [
        "1.1/results.csv", "1.1/results.json", "1.1/SHA256SUMS", "1.1/reportgen-1.1.zip",
    ]  # fmt: skip


def test_a_version_with_another_comparison_is_read_again(tmp_path: Path) -> None:
    for before in ("0.8", "0.9"):
        comparison = {"before": before, "counts": {}}
        store.write_version(tmp_path, document("1.0"), {}, PAGES, comparison)
        assert store.list_versions(tmp_path)[0]["baseline"]["label"] == before


def test_targets_are_named_once_and_those_of_today_first() -> None:
    assert versionlist.shortened(["numpy@1.13.1 1.13.1", "numpy 2.4.6", "libm"]) == "numpy 2.4.6, libm and numpy@1.13.1"
    many = [*(f"numpy@1.{i} 1.{i}" for i in range(13)), "numpy 2.4.6"]
    assert versionlist.shortened(many).startswith("numpy 2.4.6, numpy@1.0, numpy@1.1")
    assert versionlist.shortened(many).endswith("numpy@1.10 and 2 more targets")
