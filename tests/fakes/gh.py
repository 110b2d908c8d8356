"""Stands where GitHub's command line stands: releases are folders below ``$FAKE_RELEASES``."""

from __future__ import annotations

import fnmatch
import json
import os
import shutil
import sys
from itertools import pairwise
from pathlib import Path

RELEASES = Path(os.environ["FAKE_RELEASES"])


def listed() -> list[dict[str, object]]:
    """As ``GET /repos/OWNER/NAME/releases`` answers: newest first, drafts among them for those who may write."""
    found = []
    for folder in sorted(RELEASES.iterdir(), key=lambda folder: folder.stat().st_mtime, reverse=True):
        assets = [{"name": path.name} for path in sorted(folder.iterdir()) if path.name != "draft"]
        found.append({"tag_name": folder.name, "draft": (folder / "draft").exists(), "assets": assets})
    return found


def download(tag: str, *options: str) -> int:
    values = dict(pairwise(options))
    patterns = [value for option, value in pairwise(options) if option == "--pattern"]
    names = [path.name for path in (RELEASES / tag).iterdir() if any(fnmatch.fnmatch(path.name, p) for p in patterns)]
    if not names:
        print("no assets match the file pattern", file=sys.stderr)
        return 1
    to = Path(values["--dir"])
    to.mkdir(parents=True, exist_ok=True)
    for name in names:
        shutil.copy(RELEASES / tag / name, to / name)
    return 0


def main(*words: str) -> int:
    if words[0] == "api" and words[1].partition("?")[0] == "repos/someone/accuracy/releases":
        print(json.dumps(listed()))
        return 0
    if words[:2] == ("release", "download"):
        return download(*words[2:])
    if words[:2] == ("release", "upload"):
        for name in words[3:]:
            if not name.startswith("--"):
                shutil.copy(name, RELEASES / words[2])
        return 0
    print(f"unknown command {words}", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
