"""What ``doctor`` says of releases in environments of their own: the Pythons found, and what is built."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from reportgen.catalogue.releases import HISTORY, release_of
from reportgen.core.formatting import listing, plural, size
from reportgen.measure import pythons, uv, venvs
from reportgen.measure.environments import Finding
from reportgen.measure.provision import FOLDER


def inventory(cache: Path) -> list[Finding]:
    """uv, the Pythons that the releases of ten years need, and the environments in ``cache``."""
    program = uv.find_uv()
    found = Finding("uv (environments of releases)", program is not None, program or "not installed", "pip install uv")
    return [found, _pythons(), _built(cache / FOLDER)]


def _pythons() -> Finding:
    needed = {release_of(library, version).pythons[0] for library, versions in HISTORY.items() for version in versions}
    minors = sorted(needed, key=lambda minor: int(minor.split(".")[1]))
    with ThreadPoolExecutor(4) as pool:
        results = dict(zip(minors, pool.map(pythons.find, minors), strict=True))
    versions = [python.version for python, _ in results.values() if python is not None]
    missing = [minor for minor, (python, _) in results.items() if python is None]
    refused = dict.fromkeys(r.reason for minor in missing for r in results[minor][1] if r.foreign)
    what = listing(versions) if versions else "none"
    text = "; ".join([what, *([f"no {listing(missing, 'or')}"] if missing else []), *refused])
    return Finding("Pythons for old releases", not missing, text, ", ".join(map(pythons.how_to_get, missing)))


def _built(folder: Path) -> Finding:
    """The environments whose markers can be read; their files are not looked at here."""
    count = total = 0
    for marker in folder.glob(f"*/{venvs.MARKER}"):
        try:
            total += int(json.loads(marker.read_text(encoding="utf-8"))["bytes"])
        except (OSError, ValueError, KeyError, TypeError):
            continue
        count += 1
    text = f"{plural(count, 'environment')} in {folder}, {size(total)}" if count else f"none in {folder}"
    return Finding("environments of releases", True, text, "")
