"""What the documentation shows can be copied and run."""

from __future__ import annotations

from pathlib import Path

import pytest

from reportgen.core.errors import SpecError
from reportgen.measure.specfile import load_specs


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
