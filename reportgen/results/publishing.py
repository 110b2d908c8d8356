"""What leaves the output folder, the files of a release and the whole site, and versions that come back from a release.

A release carries the whole version as its zip, so that a site with all earlier versions can be put together on a fresh
machine from what the releases hold.
"""

from __future__ import annotations

import hashlib
import html
import os
import shutil
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from reportgen.core.errors import OutputError, StoredResultError
from reportgen.results import files, integrity, listing, store
from reportgen.results.integrity import SUMS

ATTACHED = ("release-notes.md", "results.json", "results.csv", "comparison.json", "summary.json", "junit.xml")
"""Files of a version that a release carries beside the zip, where the version has them."""
NEEDED = ("release-notes.md", "results.json", "results.csv")
PAGES_LIMIT = 1 << 30
"""Bytes of a site that GitHub Pages accepts (docs.github.com, *GitHub Pages limits*)."""
FORWARD = """<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="refresh" content="0; url={there}">
<meta name="robots" content="noindex">
<title>Newest version: {label}</title>
<link rel="canonical" href="{there}">
</head>
<body><p>The newest version is <a href="{there}">{label}</a>.</p></body>
</html>
"""


@dataclass(frozen=True)
class Site:
    """A published copy: its folder, the versions in it (newest first), its size in bytes."""

    folder: Path
    labels: list[str]
    size: int


def whole_versions(output: Path) -> list[dict[str, Any]]:
    """Versions of an output folder, newest first. Raises StoredResultError where there is none, or a damaged one."""
    versions = store.list_versions(output)
    if not versions:
        raise StoredResultError(f"{output}: no version is stored there, expected at least one results.json")
    for version in versions:
        if "error" in version:
            raise StoredResultError(str(version["error"]))
    return versions


# -- the files of a release -----------------------------------------------------------------------------------------


def attach(output: Path, label: str, to: Path) -> list[Path]:
    """Copy what a release carries of version ``label`` into the folder ``to``, with checksums of its own.

    Returns the files, ``release-notes.md`` first, ``SHA256SUMS`` last. Every file is verified against the version's
    list. Raises StoredResultError (missing or changed), OutputError (``to`` holds something else).
    """
    folder = output / label
    store.read_version(output, label)
    archive = f"reportgen-{label}.zip"
    names = [name for name in ATTACHED if name in NEEDED or (folder / name).is_file()]
    _check_replaceable(to, {*ATTACHED, SUMS}, "reportgen-*.zip")
    with files.staging(to.parent, to.name) as staged:
        lines = []
        for name in (*names, archive):
            content = integrity.verified(folder / name)
            (staged / name).write_bytes(content)
            lines.append(f"{hashlib.sha256(content).hexdigest()}  {name}\n")
        (staged / SUMS).write_text("".join(sorted(lines, key=lambda line: line[66:])), encoding="utf-8")
        files.publish_folder(staged, to)
    return [to / name for name in (*names, archive, SUMS)]


def _check_replaceable(to: Path, own: set[str], pattern: str = "") -> None:
    """Raise OutputError unless ``to`` can be made, or holds nothing but what was put there by the same command."""
    store.check_output(to)
    if not to.is_dir():
        return
    for path in sorted(to.iterdir()):
        if path.name not in own and not (pattern and path.match(pattern)):
            raise OutputError(f"{to}: holds {path.name}, which is not of this command; choose another folder with --to")


# -- the whole site ---------------------------------------------------------------------------------------------------


def publish(output: Path, to: Path, base: str, index: Callable[[Path, list[dict[str, Any]]], str]) -> Site:
    """Copy the site into the folder ``to`` in a form that every static host serves: no links, ``latest/`` forwards.

    ``base`` is the address of the site as :func:`reportgen.results.listing.base_url` gives it, or empty. Raises
    StoredResultError (a damaged version), OutputError (``to`` holds something else, or lies inside ``output``).
    """
    inside = to.resolve()
    if inside == output.resolve() or output.resolve() in inside.parents or inside in output.resolve().parents:
        raise OutputError(f"--to: {to} and {output} lie in each other, expected a folder beside the output folder")
    versions = listing.for_switchers(whole_versions(output), base)
    labels = [str(version["label"]) for version in versions]
    _check_replaceable(to, _owned(to) | set(labels))
    with files.staging(to.parent, to.name) as staged:
        for label in labels:
            shutil.copytree(output / label, staged / label)
            for name in integrity.listed_sums(output / label) or ():
                integrity.verified(output / label / name, output / label)
        _forward(staged / str(listing.newest(versions)), staged / "latest")
        (staged / "versions.json").write_text(store.versions_text(versions), encoding="utf-8")
        (staged / "index.html").write_text(index(staged, versions), encoding="utf-8", newline="\n")
        (staged / ".nojekyll").touch()
        size = sum(path.stat().st_size for path in staged.rglob("*") if path.is_file())
        files.publish_folder(staged, to)
    return Site(to, labels, size)


def _owned(to: Path) -> set[str]:
    """The names that an earlier copy of the site put into ``to``."""
    return {"latest", "index.html", "versions.json", ".nojekyll", *(str(v["label"]) for v in store.listed(to))}


def _forward(version: Path, latest: Path) -> None:
    """A page in ``latest`` for every page of ``version``, which leads there."""
    for page in sorted(version.rglob("*.html")):
        name = PurePosixPath(page.relative_to(version).as_posix())
        there = "../" * len(name.parts) + f"{version.name}/{name}"
        forward = latest / name
        forward.parent.mkdir(parents=True, exist_ok=True)
        forward.write_text(
            FORWARD.format(there=html.escape(there), label=html.escape(version.name)), encoding="utf-8", newline="\n"
        )


# -- versions that come back ------------------------------------------------------------------------------------------


def restore(archive: Path, output: Path) -> tuple[str, bool]:
    """Put the version that a release's zip holds into the output folder again; returns its label and whether it is new.

    The zip stays beside its files, as it came. Call :func:`reportgen.results.store.refresh_index` afterwards. Raises
    StoredResultError (no zip of a version, changed, cut off), OutputError (another version of that label is there).
    """
    if archive.name in (integrity.listed_sums(archive.parent) or ()):
        integrity.verified(archive)
    output.mkdir(parents=True, exist_ok=True)
    with files.staging(output, "restored") as staging:
        label = _unpack(archive, staging)
        staged = staging / label
        try:
            document = store.read_version(staging, label)
            if listed := integrity.listed_sums(staged):
                there = {path.relative_to(staged).as_posix() for path in staged.rglob("*") if path.is_file()}
                for name in sorted(there - {SUMS} | listed.keys()):
                    integrity.verified(staged / name, staged)
        except StoredResultError as error:
            raise StoredResultError(f"{archive}: {str(error).replace(f'{staging}{os.sep}', '')}") from None
        final = output / label
        if (final / "results.json").exists():
            if store.settled_digest(store.read_version(output, label)) == store.settled_digest(document):
                return label, False
            raise OutputError(f"{archive}: holds a version {label!r} that differs from {final}; move one of them away")
        shutil.copyfile(archive, staged / f"reportgen-{label}.zip")
        store.list_sums(staged)
        files.publish_folder(staged, final)
    return label, True


def _unpack(archive: Path, staging: Path) -> str:
    """Unpack a version's zip below ``staging``; returns its label. Raises StoredResultError."""
    try:
        with zipfile.ZipFile(archive) as opened:
            names = opened.namelist()
            tops = {PurePosixPath(name).parts[0] for name in names if name.strip("/")}
            label = next(iter(tops), "").removeprefix("reportgen-")
            if len(tops) != 1 or not store.LABEL.fullmatch(label) or f"reportgen-{label}/results.json" not in names:
                raise StoredResultError(f"{archive}: is no version's zip, expected reportgen-VERSION/results.json")
            if any(".." in PurePosixPath(name).parts or name.startswith("/") or "\\" in name for name in names):
                raise StoredResultError(f"{archive}: names a file outside its folder, which no zip of a version does")
            opened.extractall(staging)
    except FileNotFoundError:
        raise StoredResultError(f"{archive}: not found; expected the zip of a version") from None
    except OSError as error:
        raise StoredResultError(f"{archive}: cannot be read ({error.strerror or error})") from None
    except (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError) as error:
        raise StoredResultError(f"{archive}: is cut off or damaged ({error}); fetch it again") from None
    os.rename(staging / f"reportgen-{label}", staging / label)
    return label
