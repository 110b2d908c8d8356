"""Renders the golden input again and keeps the pages: ``python -m tests.update_golden``.

``tests/golden/input`` is a small stored version; ``tests/golden/site`` its pages (without figures, in which
another processor's logarithm may round a coordinate the other way; their determinism is tested apart).
"""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

from reportgen.render import site
from tests import render_data

GOLDEN = Path(__file__).parent / "golden"
INPUT = GOLDEN / "input"
SITE = GOLDEN / "site"
KEPT = (".html", ".md", ".txt")


def render(folder: Path, prepared: bool = False) -> dict[str, str]:
    """Pages of the golden input, rendered in ``folder``; ``prepared`` says that the input is there already."""
    if not prepared:
        shutil.copytree(INPUT, folder)
    site.render_version(folder)
    return pages(folder)


def pages(folder: Path) -> dict[str, str]:
    found = sorted(p for p in folder.rglob("*") if p.suffix in KEPT)
    return {str(p.relative_to(folder)): p.read_text(encoding="utf-8") for p in found}


def stored_pages() -> dict[str, str]:
    return pages(SITE)


def main() -> None:
    if not INPUT.is_dir():
        render_data.write(INPUT, functions=("exp", "sqrt", "maximum", "erf"), dtypes=("float32",), kinds=True)
    with tempfile.TemporaryDirectory() as scratch:
        made = render(Path(scratch) / "dev")
    shutil.rmtree(SITE, ignore_errors=True)
    for name, text in made.items():
        path = SITE / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="\n")
    print(f"{len(made)} pages kept in {SITE}")


if __name__ == "__main__":
    main()
