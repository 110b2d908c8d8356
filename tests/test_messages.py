"""docs/messages.md explains every slug that a message can carry, and no other."""

from __future__ import annotations

import importlib
import pkgutil
import re
from pathlib import Path

import pytest

import reportgen
from reportgen.core.errors import ReportgenError, SpecError

LIGHT = (
    "reportgen.core",
    "reportgen.results",
    "reportgen.cli",
    "reportgen.measure",
    "reportgen.oracle",
    "reportgen.render",
)


def slugs_of_code() -> set[str]:
    for package in LIGHT:
        found = importlib.import_module(package)
        for module in pkgutil.iter_modules(found.__path__, package + "."):
            importlib.import_module(module.name)

    def below(kind: type[ReportgenError]) -> set[str]:
        return {kind.slug}.union(*(below(child) for child in kind.__subclasses__()))

    spoken = re.findall(r"\[([a-z]+)\]\"", (Path(reportgen.__file__).parent / "cli" / "shell.py").read_text())
    return below(ReportgenError) | set(spoken)


def slugs_of_page(text: str) -> set[str]:
    return set(re.findall(r"^## (\S+)$", text, re.MULTILINE))


def test_every_slug_is_explained(root: Path) -> None:
    assert slugs_of_page((root / "docs" / "messages.md").read_text()) == slugs_of_code()
    assert {"bug", "usage", "spec", "error"} <= slugs_of_code()


def test_a_new_slug_would_be_missed(root: Path) -> None:
    class Planted(ReportgenError):
        slug = "planted"

    assert "planted" in slugs_of_code() - slugs_of_page((root / "docs" / "messages.md").read_text())
    del Planted
    import gc

    gc.collect()


@pytest.mark.parametrize("message", ["two\nlines", " padded\t", "tab\tand\r\nreturn"])
def test_messages_are_one_line(message: str) -> None:
    assert str(ReportgenError(message)) == " ".join(message.split())
    assert str(SpecError("a.toml", 3, "k", message)).startswith("a.toml:3: k: ")
    assert "\n" not in str(SpecError("a.toml", 0, "", message))
