"""Releases on the command line: ``numpy@1.13.1`` beside the names and globs of targets."""

from __future__ import annotations

from pathlib import Path

import pytest

from reportgen.core.errors import RequestError
from reportgen.core.model import Spec
from reportgen.measure.selection import narrow, target_names, target_specs
from reportgen.measure.specfile import load_specs

SPEC = """
title = "t"
targets = ["numpy", "tensorflow", "numpy@1.13.1", "numpy@2.0.2"]
functions = ["sqrt", "exp"]
dtypes = ["float32"]
"""


@pytest.fixture
def specs(tmp_path: Path) -> list[Spec]:
    (tmp_path / "one.toml").write_text(SPEC)
    (tmp_path / "two.toml").write_text(SPEC.replace('targets = ["numpy", "tensorflow"', 'targets = ["scipy"'))
    return load_specs([str(tmp_path / "one.toml"), str(tmp_path / "two.toml")])


def test_globs_take_releases_of_specs(specs: list[Spec]) -> None:
    left, names, _ = narrow(specs, ["numpy@*"], [])
    assert names == ("numpy@1.13.1", "numpy@2.0.2")
    assert {name for spec in left for case in spec.cases for name in case.targets} == set(names)
    assert all(target.pinned for spec in left for target in spec.targets)


def test_a_release_takes_part_wherever_its_base_is_measured(specs: list[Spec]) -> None:
    left, names, _ = narrow(specs, ["numpy", "numpy@1.17.5"], [])
    assert names == ("numpy", "numpy@1.17.5")
    (spec,) = left
    assert [case.targets for case in spec.cases] == [names, names]
    added = spec.targets[-1]
    assert (added.name, added.version, added.base, added.pinned) == ("numpy@1.17.5", "1.17.5", "numpy", True)


@pytest.mark.parametrize("name", ["scipy-x@1.0", "numpy@", "numpy@../..", "numpy@1.13.1@2", "tensorflow-xla@2.4.4"])
def test_what_is_no_release_of_the_specs_is_refused(specs: list[Spec], name: str) -> None:
    with pytest.raises(RequestError, match=r"--targets: .* is no release of a target of these specs, expected BASE@"):
        narrow(specs, [name], [])


def test_explain_takes_releases_of_built_in_targets() -> None:
    names = target_names(["numpy", "tensorflow-xla@2.4.4"])
    assert names == ("numpy", "tensorflow-xla@2.4.4")
    ours, theirs = target_specs(names)
    assert not ours.pinned
    assert (theirs.mode, theirs.version, theirs.base) == ("xla", "2.4.4", "tensorflow-xla")
    for wrong in ("nump@1.0", "numpy@x y", "numpy@1.0@2.0"):
        with pytest.raises(RequestError, match="unknown target"):
            target_names([wrong])


def test_what_no_index_holds_has_no_releases() -> None:
    """``libm`` of the package index, if somebody puts one there, is another program."""
    with pytest.raises(RequestError, match=r"'libm@2\.31': The C library cannot be installed as a release .*libm"):
        target_names(["libm@2.31"])
