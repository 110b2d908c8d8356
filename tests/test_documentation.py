"""What the documentation shows can be copied and run."""

from __future__ import annotations

import json
import re
from pathlib import Path

import click
import pytest

from reportgen.cli.commands import LATER, cli
from reportgen.core.errors import SpecError
from reportgen.measure.specfile import load_specs
from reportgen.render.markdown import heading_anchor
from reportgen.results import store
from tests.test_store import PAGES, document


def test_the_example_of_the_documentation_is_a_valid_spec(tmp_path: Path, root: Path) -> None:
    """docs/specs.md shows one spec; what a reader copies must load, and a name that is built in must not."""
    example = (root / "docs" / "specs.md").read_text(encoding="utf-8").split("```toml\n")[1].split("```")[0]
    (tmp_path / "data").mkdir()
    recorded = (root / "specs" / "data" / "sqrt-2017.json").read_text(encoding="utf-8")
    (tmp_path / "data" / "sqrt-2017.json").write_text(recorded, encoding="utf-8")
    path = tmp_path / "example.toml"
    path.write_text(example, encoding="utf-8")
    (spec,) = load_specs([str(path)])
    assert spec.title == "Elementwise core"
    path.write_text(example.replace("[target.numpy-without-avx512]", "[target.numpy-avx2]"), encoding="utf-8")
    with pytest.raises(SpecError, match="built in"):
        load_specs([str(path)])


def pages(root: Path) -> dict[Path, str]:
    found = [root / "README.md", root / "CONTRIBUTING.md", *sorted((root / "docs").glob("*.md"))]
    return {path: path.read_text(encoding="utf-8") for path in found}


def commands() -> dict[str, click.Command]:
    """Every command that does something, subcommands with their group's name."""
    found: dict[str, click.Command] = {}
    for name, command in cli.commands.items():
        if isinstance(command, click.Group):
            found |= {f"{name} {sub}": inner for sub, inner in command.commands.items()}
        elif name not in LATER:
            found[name] = command
    return found


def undocumented(text: str) -> list[str]:
    """Commands and options that ``text`` does not show."""
    missing = []
    for name, command in commands().items():
        called = rf"reportgen {re.escape(name)}\b|`{re.escape(name)}[ `]"
        if name != "run" and not re.search(called, text):
            missing.append(name)
        options = {option for param in command.params if isinstance(param, click.Option) for option in param.opts}
        missing += [f"{name} {x}" for x in sorted(options) if not re.search(rf"{re.escape(x)}(?![\w-])", text)]
    return missing


def test_every_command_and_option_is_documented(root: Path) -> None:
    text = "\n".join(pages(root).values())
    assert undocumented(text) == []
    assert undocumented(text.replace("--base-url", "--base")) == ["publish --base-url"]
    assert "restore" in undocumented(text.replace("restore", "fetch"))


def broken_links(root: Path, texts: dict[Path, str]) -> list[str]:
    """Relative links of the documentation that lead to no file or no heading."""
    wrong = []
    for path, text in texts.items():
        for link in re.findall(r"\]\(([^)\s]+)\)", re.sub(r"```.*?```", "", text, flags=re.S)):
            if link.startswith(("http://", "https://")):
                continue
            name, _, anchor = link.partition("#")
            there = path.parent / name if name else path
            headings = re.findall(r"^#+ (.*)$", there.read_text("utf-8"), re.M) if anchor and there.exists() else []
            if not there.exists() or (anchor and anchor not in map(heading_anchor, headings)):
                wrong.append(f"{path.relative_to(root)}: {link}")
    return wrong


def test_links_of_the_documentation_lead_somewhere(root: Path) -> None:
    texts = pages(root)
    assert broken_links(root, texts) == []
    readme = root / "README.md"
    assert broken_links(
        root, {readme: "[a](docs/nothing.md) [b](docs/specs.md#rules) [c](docs/specs.md#no-rules)"}
    ) == [
        "README.md: docs/nothing.md",
        "README.md: docs/specs.md#no-rules",
    ]


def test_what_versions_json_holds_is_documented(root: Path, tmp_path: Path) -> None:
    store.write_version(tmp_path, document("1.0"), {}, PAGES)
    store.write_version(tmp_path, document("1.1"), {}, PAGES)
    (tmp_path / "1.0" / "results.json").write_text("{")
    store.refresh_index(tmp_path, PAGES.index)
    keys = {key for entry in json.loads((tmp_path / "versions.json").read_text()) for key in entry}
    table = (root / "docs" / "publishing.md").read_text(encoding="utf-8").split("## versions.json")[1].split("\n## ")[0]
    assert {key for key in keys if f"`{key}`" not in table} == set()
