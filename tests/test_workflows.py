"""GitHub's workflows: what they call exists, and their steps do what they say when they are run one after another."""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import click
import pytest
import yaml

from reportgen.cli.commands import cli

ROOT = Path(__file__).resolve().parent.parent
WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
WRITING = {"report.yml": {"attach": {"contents"}, "pages": {"pages", "id-token"}}}
"""The jobs that may write, and what."""


def workflow(name: str) -> dict[str, Any]:
    return yaml.safe_load((ROOT / ".github" / "workflows" / name).read_text(encoding="utf-8"))


def steps(flow: dict[str, Any]) -> list[dict[str, Any]]:
    return [step for job in flow["jobs"].values() for step in job["steps"]]


def scripts() -> list[str]:
    return [step["run"] for path in WORKFLOWS for step in steps(workflow(path.name)) if "run" in step]


# -- what stands in them ------------------------------------------------------------------------------------------


def unknown_words(script: str) -> list[str]:
    """What a script calls that the command line or the Makefile does not have."""
    targets = re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.M)
    lines = script.replace("\\\n", " ").splitlines()
    wrong = []
    for line in lines:
        words = shlex.split(line)
        if words[:1] == ["make"]:
            wrong += [word for word in words[1:] if "=" not in word and word not in targets]
        if "reportgen" in words and words[words.index("reportgen") - 1] == "-m":
            wrong += _unknown_options(words[words.index("reportgen") + 1 :])
        named = [word for word in words if word.startswith((".github/", "benchmarks/"))]
        wrong += [word for word in named if not (ROOT / word).exists()]
    return wrong


def _unknown_options(words: list[str]) -> list[str]:
    command = cli.commands[words[0]] if words[0] in cli.commands else cli.commands["run"]
    known = {option for param in command.params if isinstance(param, click.Option) for option in param.opts}
    given = {option for word in words for option in re.findall(r"(?:^|\+)(--[a-z-]+)", word)}
    bare = words[0] if words[0] not in cli.commands and not (ROOT / words[0]).exists() else None
    return sorted(given - known) + ([bare] if bare else [])


@pytest.mark.parametrize("script", scripts())
def test_every_command_and_option_exists(script: str) -> None:
    assert unknown_words(script) == []


@pytest.mark.parametrize(
    ("script", "wrong"),
    [
        ("make reports", ["reports"]),
        ("python -m reportgen specs/ --lable 1", ["--lable"]),
        ("python -m reportgen publish --to x --url y", ["--url"]),
        ("python -m reportgen publsh --to x", ["--to", "publsh"]),
        ('python -m reportgen specs/ ${B:+--base "$B"}', ["--base"]),
        ("python .github/later.py", [".github/later.py"]),
    ],
)
def test_what_does_not_exist_is_seen(script: str, wrong: list[str]) -> None:
    assert unknown_words(script) == wrong


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_actions_are_pinned_and_rights_are_few(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    uses = re.findall(r"uses: (.*)", text)
    assert uses
    for use in uses:
        assert re.match(r"actions/[a-z-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+", use), use
    assert len(set(uses)) == len({use.partition("@")[0] for use in uses}), "one action at two versions"
    flow = workflow(path.name)
    assert flow["permissions"] in ({}, {"contents": "read"})
    writing = WRITING.get(path.name, {})
    for name, job in flow["jobs"].items():
        rights = job.get("permissions", {})
        assert {k for k, v in rights.items() if v == "write"} == writing.get(name, set()), name
        assert job["timeout-minutes"] <= 180
        for step in job["steps"]:
            # Text of a release or an input must not become code.
            assert "${{" not in step.get("run", "")
            if str(step.get("uses", "")).startswith("actions/checkout"):
                assert step["with"]["persist-credentials"] is False


def test_the_release_tag_is_the_label_and_triggers_are_as_documented() -> None:
    text = (ROOT / ".github" / "workflows" / "report.yml").read_text(encoding="utf-8")
    assert "LABEL: ${{ github.event.release.tag_name || inputs.label }}" in text
    triggers = workflow("report.yml")[True]  # YAML 1.1 reads the key `on` as true
    assert set(triggers) == {"release", "workflow_dispatch"}
    assert "make test" in "\n".join(scripts())


# -- the steps, run -----------------------------------------------------------------------------------------------

SPEC = """title = "Small"
targets = ["numpy"]
dtypes = ["float16"]
functions = ["sqrt"]
"""
BROKEN = """
[[expect]]
functions = ["sqrt"]
max_ulp = 0.01
"""


class Runner:
    """A machine of GitHub's: a checkout, the command line ``gh``, steps run by bash as GitHub runs them."""

    def __init__(self, folder: Path, cache: Path) -> None:
        self.work, self.releases = folder / "work", folder / "releases"
        self.releases.mkdir(exist_ok=True)
        (self.work / ".venv" / "bin").mkdir(parents=True)
        (self.work / "specs").mkdir()
        self.spec(SPEC)
        shutil.copytree(ROOT / ".github", self.work / ".github")
        self._script(self.work / ".venv" / "bin" / "python", "")
        self._script(self.work / ".venv" / "bin" / "gh", str(ROOT / "tests" / "fakes" / "gh.py"))
        self.flow = workflow("report.yml")
        keep = {"PATH": f"{self.work}/.venv/bin:{os.environ['PATH']}", "PYTHONPATH": str(ROOT)}
        self.env = os.environ | keep | {"FAKE_RELEASES": str(self.releases), "GITHUB_REPOSITORY": "someone/accuracy"}
        self.env |= {"REPORTGEN_CACHE": str(cache), "GITHUB_OUTPUT": str(folder / "github-output")}
        self.env |= {"KEEP": self.flow["env"]["KEEP"], "BASE_URL": "https://someone.example/accuracy"}

    def _script(self, path: Path, script: str) -> None:
        path.write_text(f'#!/bin/sh\nexec {shlex.quote(sys.executable)} {shlex.quote(script) if script else ""} "$@"\n')
        path.chmod(0o755)

    def spec(self, text: str) -> None:
        (self.work / "specs" / "small.toml").write_text(text)

    def run(self, job: str, name: str, **env: str) -> int:
        """Run a step by its name; its exit code. What it wrote is shown where the test fails."""
        (step,) = [step for step in self.flow["jobs"][job]["steps"] if step.get("name") == name]
        assert set(step.get("env", {})) - {"GH_TOKEN"} <= set(env) | {"BASE_URL"}, (
            "the test does not know this variable"
        )
        command = ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"]]
        done = subprocess.run(command, cwd=self.work, env=self.env | env, capture_output=True, text=True)
        print(f"-- {job}/{name}: {done.returncode}\n{done.stdout}{done.stderr}")
        return done.returncode

    def measure(self, label: str) -> int:
        """The jobs ``measure`` and ``attach`` of a release; the exit code that the gates get."""
        self.env["LABEL"] = label
        (self.releases / label).mkdir(exist_ok=True)
        assert self.run("measure", "Earlier versions") == 0
        Path(self.env["GITHUB_OUTPUT"]).write_text("")
        assert self.run("measure", "Measure", BASELINE="") == 0
        written = Path(self.env["GITHUB_OUTPUT"]).read_text()
        assert self.run("measure", "Collect what the release carries") == 0
        assert self.run("attach", "Check that the files arrived whole") == 0
        assert self.run("attach", "Attach") == 0
        return int(re.fullmatch(r"code=(\d+)\n", written)[1])


def machine(folder: Path, number: int) -> Runner:
    """A fresh machine for each run; releases and the cache stay."""
    place = folder / str(number)
    place.mkdir()
    (folder / "releases").mkdir(exist_ok=True)
    (place / "releases").symlink_to(folder / "releases")
    return Runner(place, folder / "cache")


def test_releases_accumulate_and_a_broken_gate_fails_after_everything_is_published(tmp_path: Path) -> None:
    first = machine(tmp_path, 1)
    assert first.measure("v1.0") == 0
    assert not (first.work / "earlier").exists()
    assert {"release-notes.md", "results.json", "reportgen-v1.0.zip"} <= {
        p.name for p in (first.releases / "v1.0").iterdir()
    }
    (first.releases / "planned").mkdir()
    (first.releases / "planned" / "draft").touch()
    (first.releases / "sources-only").mkdir()

    second = machine(tmp_path, 2)
    second.spec(SPEC.replace('["sqrt"]', '["sqrt", "exp"]') + BROKEN)
    assert second.measure("v1.1") == 1, "the planted gate"
    comparison = json.loads((second.work / "release" / "comparison.json").read_text())
    assert "v1.0" in json.dumps(comparison)
    assert (second.work / "junit.xml").read_text().count("<failure") >= 1
    assert second.run("gates", "Gates", CODE="1") == 1
    assert second.run("gates", "Gates", CODE="0") == 0

    pages = machine(tmp_path, 3)
    pages.env["LABEL"] = "v1.1"
    shutil.copytree(second.work / "release", pages.work / "release")
    assert pages.run("pages", "Put the site together") == 0
    site = pages.work / "site"
    read = json.loads((site / "versions.json").read_text())
    assert [v["version"] for v in read] == ["v1.1", "v1.0"]
    assert read[0]["url"] == "https://someone.example/accuracy/v1.1/"
    assert not [path for path in site.rglob("*") if path.is_symlink()]
    assert "v1.1/index.html" in (site / "latest" / "index.html").read_text()

    again = machine(tmp_path, 4)  # the same release once more: its own files must not stand in the way
    assert again.run("measure", "Earlier versions", LABEL="v1.1") == 0
    assert sorted(path.name for path in (again.work / "output").glob("v1*")) == ["v1.0"]


def test_a_release_whose_zip_is_damaged_ends_the_job(tmp_path: Path) -> None:
    runner = machine(tmp_path, 1)
    (runner.releases / "v1.0").mkdir()
    (runner.releases / "v1.0" / "reportgen-v1.0.zip").write_bytes(b"<html>busy")
    assert runner.run("measure", "Earlier versions", LABEL="v1.1") == 2
    assert not (runner.work / "output" / "v1.0").exists()


def test_a_wrong_spec_ends_the_job_before_anything_is_published(tmp_path: Path) -> None:
    runner = machine(tmp_path, 1)
    runner.spec("titel = 1")
    assert runner.run("measure", "Measure", LABEL="v1.0", BASELINE="") == 2
    assert Path(runner.env["GITHUB_OUTPUT"]).read_text() == "code=2\n"
