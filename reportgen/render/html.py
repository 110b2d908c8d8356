"""HTML from page data through Jinja2. Everything is escaped; templates hold no arithmetic."""

from __future__ import annotations

import shutil
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from reportgen.render.releases import told
from reportgen.render.stored import Stored

CSP = (
    "default-src 'none'; style-src 'self' file:; script-src 'self' file:; img-src 'self' file: data:; "
    "base-uri 'none'; form-action 'none'"
)
"""``file:`` stands beside ``'self'`` because Firefox takes no file for the page's own origin."""

ASSETS = ("style.css", "app.js", "icon.svg")


def templates_folder() -> Path:
    """The templates: inside an installed package, or beside it in a working tree."""
    package = Path(__file__).resolve().parents[1]
    installed = package / "_data" / "templates"
    return installed if installed.is_dir() else package.parent / "templates"


@cache
def environment() -> Environment:
    return Environment(
        loader=FileSystemLoader(templates_folder()),
        autoescape=select_autoescape(default=True, default_for_string=True),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        auto_reload=False,
    )


def render(template: str, **data: Any) -> str:
    """One page as text. ``root`` is the relative way up to the version's folder, ``""`` or ``"../"``."""
    version = data.get("version")
    history = isinstance(version, Stored) and told(version)
    return environment().get_template(template).render(csp=CSP, history=history, **data)


def copy_assets(folder: Path) -> None:
    """Style sheet, script and icon into ``folder/assets``."""
    target = folder / "assets"
    target.mkdir(exist_ok=True)
    for name in ASSETS:
        shutil.copyfile(templates_folder() / "assets" / name, target / name)
