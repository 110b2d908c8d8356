"""Files of a release, copies of the site, and versions that come back from releases."""

from __future__ import annotations

import json
import shutil
import subprocess
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from reportgen.cli import main
from reportgen.core.errors import OutputError, StoredResultError
from reportgen.render import comparison
from reportgen.render.site import render_index
from reportgen.results import publishing, store
from tests.test_store import document, index

Digest = Callable[[Path], str]


def pages(folder: Path) -> None:
    (folder / "index.html").write_text("<p>page")
    (folder / "functions").mkdir()
    (folder / "functions" / "exp.html").write_text("<p>exp")
    (folder / "release-notes.md").write_text("# notes\n")


def version(output: Path, label: str, comparison: dict[str, str] | None = None, **changes: object) -> Path:
    profiles = {"exp": {"function": "exp", "cases": []}}
    return store.write_version(output, document(label, **changes), profiles, store.Pages(pages, index), comparison)


@pytest.fixture
def output(tmp_path: Path) -> Path:
    version(tmp_path / "output", "1.0")
    version(tmp_path / "output", "1.1", {"before": "1.0"})
    return tmp_path / "output"


def sums_hold(folder: Path) -> bool:
    """What a reader of the release runs."""
    command = ["sha256sum", "--check", "--strict", "--quiet", "SHA256SUMS"]
    return subprocess.run(command, cwd=folder, capture_output=True).returncode == 0


# -- the files of a release -----------------------------------------------------------------------------------------


def test_a_release_carries_what_is_there_and_sums_of_it(output: Path, tmp_path: Path) -> None:
    to = tmp_path / "release"
    names = [path.name for path in publishing.attach(output, "1.1", to)]
    assert names[0] == "release-notes.md"
    assert names[-2:] == ["reportgen-1.1.zip", "SHA256SUMS"]
    assert {"results.json", "results.csv", "comparison.json"} <= set(names)
    assert sorted(names) == sorted(path.name for path in to.iterdir())
    assert sums_hold(to)
    listed = {line[66:] for line in (to / "SHA256SUMS").read_text().splitlines()}
    assert listed == set(names) - {"SHA256SUMS"}
    assert "comparison.json" not in [path.name for path in publishing.attach(output, "1.0", to)]
    assert sums_hold(to)
    (to / "results.csv").write_text("other")
    assert not sums_hold(to)


def test_the_sums_of_a_version_cover_every_file_of_it(output: Path) -> None:
    folder = output / "1.1"
    assert sums_hold(folder)
    listed = {line[66:] for line in (folder / "SHA256SUMS").read_text().splitlines()}
    assert listed == {str(p.relative_to(folder)) for p in folder.rglob("*") if p.is_file()} - {"SHA256SUMS"}
    assert {"comparison.json", "reportgen-1.1.zip", "functions/exp.html"} <= listed
    (folder / "functions" / "exp.html").write_text("<p>other")
    assert not sums_hold(folder)


def test_a_changed_file_is_not_attached(output: Path, tmp_path: Path) -> None:
    (output / "1.1" / "release-notes.md").write_text("# better notes\n")
    with pytest.raises(StoredResultError, match=r"release-notes\.md"):
        publishing.attach(output, "1.1", tmp_path / "release")
    assert not (tmp_path / "release").exists()


def test_a_folder_with_something_else_is_left_alone(output: Path, tmp_path: Path, tree_digest: Digest) -> None:
    to = tmp_path / "mine"
    to.mkdir()
    (to / "thesis.tex").write_text("years of work")
    before = tree_digest(to)
    with pytest.raises(OutputError, match=r"thesis\.tex"):
        publishing.attach(output, "1.1", to)
    with pytest.raises(OutputError, match=r"thesis\.tex"):
        publishing.publish(output, to, "", render_index)
    assert tree_digest(to) == before


def test_the_line_to_paste_names_every_file(output: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    to = tmp_path / "a release"
    assert main(["attach", "--output", str(output), "--to", str(to)]) == 0
    line = capsys.readouterr().out.splitlines()[-1]
    assert line.startswith(f"gh release create 1.1 --title 1.1 --notes-file '{to}/release-notes.md' ")
    assert all(f"'{path}'" in line for path in to.iterdir())


def test_the_zip_is_the_same_to_the_byte_and_opens_alone(output: Path, tmp_path: Path) -> None:
    again = version(tmp_path / "again", "1.1", {"before": "1.0"})
    archive = output / "1.1" / "reportgen-1.1.zip"
    assert (again / archive.name).read_bytes() == archive.read_bytes()
    with zipfile.ZipFile(archive) as opened:
        inside = {name.removeprefix("reportgen-1.1/") for name in opened.namelist()}
    folder = output / "1.1"
    assert inside == {str(p.relative_to(folder)) for p in folder.rglob("*") if p.is_file()} - {archive.name}
    shutil.unpack_archive(archive, tmp_path / "opened")
    assert sums_hold(tmp_path / "opened" / "reportgen-1.1")


# -- the whole site ---------------------------------------------------------------------------------------------------


def test_the_copy_has_no_links_and_latest_leads_to_every_page(output: Path, tmp_path: Path) -> None:
    to = tmp_path / "site"
    for _ in range(2):
        site = publishing.publish(output, to, "https://example.org/accuracy/", render_index)
    assert site.labels == ["1.1", "1.0"]
    assert not [path for path in to.rglob("*") if path.is_symlink()]
    assert sums_hold(to / "1.1")
    read = json.loads((to / "versions.json").read_text())
    assert [v["url"] for v in read] == ["https://example.org/accuracy/1.1/", "https://example.org/accuracy/1.0/"]
    assert 'url=../1.1/index.html"' in (to / "latest" / "index.html").read_text()
    forward = to / "latest" / "functions" / "exp.html"
    assert (
        forward.parent / "../../1.1/functions/exp.html"
    ).resolve() == to.resolve() / "1.1" / "functions" / "exp.html"
    assert "url=../../1.1/functions/exp.html" in forward.read_text()
    assert (to / ".nojekyll").exists()
    (to / "1.1" / "index.html").write_text("edited in the copy")
    assert sums_hold(output / "1.1")


def test_a_damaged_version_stops_the_copy(output: Path, tmp_path: Path) -> None:
    (output / "1.0" / "results.json").write_text("{")
    with pytest.raises(StoredResultError, match=r"1\.0"):
        publishing.publish(output, tmp_path / "site", "", render_index)
    assert not (tmp_path / "site").exists()


def test_a_version_without_its_results_is_told_and_stops_the_copy(output: Path, tmp_path: Path) -> None:
    (output / "1.0" / "results.json").unlink()
    (entry,) = [v for v in store.list_versions(output) if v["label"] == "1.0"]
    assert "results.json: not found" in entry["error"]
    with pytest.raises(StoredResultError, match=r"1\.0/results\.json: not found"):
        publishing.publish(output, tmp_path / "site", "", render_index)


@pytest.mark.parametrize("name", ["results.csv", "index.html", "profiles/exp.json", "comparison.json"])
def test_a_version_that_was_edited_by_hand_stops_the_copy(output: Path, tmp_path: Path, name: str) -> None:
    path = output / "1.1" / name
    path.write_bytes(path.read_bytes() + b" ")
    with pytest.raises(StoredResultError, match=rf"1\.1/{name}: is not the file that was stored"):
        publishing.publish(output, tmp_path / "site", "", render_index)
    assert not (tmp_path / "site").exists()


def test_a_place_that_cannot_be_written_is_one_line(output: Path, tmp_path: Path, tree_digest: Digest) -> None:
    before = tree_digest(output)
    (tmp_path / "file").write_text("")
    for where in (Path("/proc/reportgen/site"), tmp_path / "file" / "site"):
        with pytest.raises(OutputError, match=str(where.parent)):
            publishing.publish(output, where, "", render_index)
        with pytest.raises(OutputError, match=str(where.parent)):
            publishing.attach(output, "1.1", where)
    assert tree_digest(output) == before


def test_a_comparison_that_was_edited_by_hand_is_not_read(output: Path) -> None:
    path = output / "1.1" / "comparison.json"
    path.write_text('{"comparison": 1, "before": "1.0", "counts": {"regressed": 0}}')
    with pytest.raises(StoredResultError, match=r"comparison\.json: is not the file that was stored"):
        comparison.load(output / "1.1")


@pytest.mark.parametrize("where", ["output", "output/site", "."])
def test_a_copy_in_its_own_source_is_refused(output: Path, where: str, tree_digest: Digest) -> None:
    before = tree_digest(output)
    with pytest.raises(OutputError, match="--to"):
        publishing.publish(output, output.parent / where, "", render_index)
    assert tree_digest(output) == before


# -- versions that come back ------------------------------------------------------------------------------------------


def test_versions_come_back_whole(output: Path, tmp_path: Path, tree_digest: Digest) -> None:
    archives = []
    for label in ("1.0", "1.1"):
        publishing.attach(output, label, tmp_path / label)
        archives.append(str(tmp_path / label / f"reportgen-{label}.zip"))
    fresh = tmp_path / "fresh"
    assert main(["restore", *archives, "--output", str(fresh)]) == 0
    for label in ("1.0", "1.1"):
        assert tree_digest(fresh / label) == tree_digest(output / label)
    assert (fresh / "latest").readlink() == Path("1.1")
    assert [v["label"] for v in json.loads((fresh / "versions.json").read_text())] == ["1.1", "1.0"]
    before = tree_digest(fresh)
    assert main(["restore", *archives, "--output", str(fresh)]) == 0
    assert tree_digest(fresh) == before


def test_another_version_of_that_label_is_not_overwritten(output: Path, tmp_path: Path, tree_digest: Digest) -> None:
    publishing.attach(output, "1.0", tmp_path / "release")
    version(tmp_path / "other", "1.0", depth="standard")
    before = tree_digest(tmp_path / "other")
    with pytest.raises(OutputError, match="differs"):
        publishing.restore(tmp_path / "release" / "reportgen-1.0.zip", tmp_path / "other")
    assert tree_digest(tmp_path / "other") == before


def rezip(archive: Path, change: Callable[[str, bytes], tuple[str, bytes] | None]) -> None:
    """The archive once more, each member changed or left out."""
    with zipfile.ZipFile(archive) as opened:
        members = [(name, opened.read(name)) for name in opened.namelist()]
    with zipfile.ZipFile(archive, "w") as opened:
        for name, content in filter(None, (change(*member) for member in members)):
            opened.writestr(name, content)


DAMAGE: dict[str, Callable[[Path], None]] = {
    "cut off": lambda a: a.write_bytes(a.read_bytes()[:-200]),
    "no zip": lambda a: a.write_bytes(b"<html>404"),
    "empty": lambda a: a.write_bytes(b""),
    "a byte flipped": lambda a: a.write_bytes(
        bytes([*(raw := bytearray(a.read_bytes()))[:90], raw[90] ^ 1, *raw[91:]])
    ),
    "without results": lambda a: rezip(a, lambda n, c: None if n.endswith("results.json") else (n, c)),
    "results edited": lambda a: rezip(
        a, lambda n, c: (n, c.replace(b'"quick"', b'"quack"') if n.endswith("results.json") else c)
    ),
    "renamed": lambda a: rezip(a, lambda n, c: (n.replace("reportgen-1.0/", "reportgen-2.0/"), c)),
    "two versions": lambda a: rezip(a, lambda n, c: (n.replace("1.0/index", "2.0/index"), c)),
    "outside": lambda a: rezip(a, lambda n, c: (n.replace("index.html", "../../../evil.html"), c)),
    "label outside": lambda a: rezip(a, lambda n, c: (n.replace("reportgen-1.0/", "reportgen-..x/"), c)),
    "gone": lambda a: a.unlink(),
}


@pytest.mark.parametrize("damage", DAMAGE)
@pytest.mark.parametrize("listed", [False, True])
def test_what_is_no_whole_version_does_not_come_in(
    output: Path, tmp_path: Path, damage: str, listed: bool, tree_digest: Digest, capsys: pytest.CaptureFixture[str]
) -> None:
    publishing.attach(output, "1.0", tmp_path / "release")
    archive = tmp_path / "release" / "reportgen-1.0.zip"
    if not listed:
        (tmp_path / "release" / "SHA256SUMS").unlink()
    DAMAGE[damage](archive)
    shutil.rmtree(output / "1.0")
    before = tree_digest(tmp_path)
    assert main(["restore", str(archive), "--output", str(output)]) == 2
    error = capsys.readouterr().err
    assert error.count("\n") == 1
    assert error.startswith(f"reportgen: error: {archive}: ")
    assert ".staged" not in error
    assert tree_digest(tmp_path) == before
    assert not list(output.glob(".staged*"))


def test_a_file_that_the_list_does_not_name_does_not_come_in(output: Path, tmp_path: Path) -> None:
    publishing.attach(output, "1.0", tmp_path / "release")
    archive = tmp_path / "release" / "reportgen-1.0.zip"
    (tmp_path / "release" / "SHA256SUMS").unlink()
    with zipfile.ZipFile(archive, "a") as stream:
        stream.writestr("reportgen-1.0/functions/more.html", "<script>")
    with pytest.raises(StoredResultError, match=r"does not list functions/more\.html"):
        publishing.restore(archive, tmp_path / "fresh")
    assert not (tmp_path / "fresh" / "1.0").exists()


@pytest.mark.parametrize("listed", [False, True])
def test_a_changed_page_is_seen(output: Path, tmp_path: Path, listed: bool) -> None:
    publishing.attach(output, "1.0", tmp_path / "release")
    archive = tmp_path / "release" / "reportgen-1.0.zip"
    if not listed:
        (tmp_path / "release" / "SHA256SUMS").unlink()
    rezip(archive, lambda n, c: (n, c + b"<script>" if n.endswith("index.html") else c))
    with pytest.raises(StoredResultError, match="SHA-256"):
        publishing.restore(archive, tmp_path / "fresh")
