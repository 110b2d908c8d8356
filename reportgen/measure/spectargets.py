"""Targets of a spec: names and globs of known ones, and ``[target.NAME]`` tables that define more."""

from __future__ import annotations

import fnmatch
import re
from dataclasses import replace
from typing import Any

from reportgen.catalogue.libraries import libraries, why_unknown
from reportgen.catalogue.targets import builtin_targets
from reportgen.core.model import TargetSpec
from reportgen.measure.graphreleases import adapted, refusal
from reportgen.measure.spectable import Table, listed, nearest_name, show

KEYS = ("base", "version", "python", "packages", "sentence", "env", "options", "expect")

ENV_PREFIXES = (
    "NPY_", "OPENBLAS_", "TF_", "XLA_", "OMP_", "KMP_", "MKL_", "ONEDNN_", "DNNL_", "GOTO_", "BLIS_", "CUDA_",
    "NVIDIA_",
)  # fmt: skip
"""Variables that a spec may set: those of the libraries. Others (``PYTHONPATH``, ``LD_PRELOAD``) could run code."""

_NAME = re.compile(r"[a-z][a-z0-9.-]{0,63}")
_VERSION = re.compile(r"[0-9][0-9A-Za-z.+!-]{0,31}")
_PYTHON = re.compile(r"3\.[0-9]{1,2}")
_REQUIREMENT = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}(?:(?:==|!=|<=|>=|~=|<|>)[0-9A-Za-z.*+!-]{1,32},?)*")
"""A package of the index with version bounds: no URL, no path, no marker, so that nothing else can be installed."""
_VARIABLE = re.compile(r"[A-Z][A-Z0-9_]{1,63}")


class TargetBook:
    """All targets that one spec can name."""

    def __init__(self, spec: Table) -> None:
        self.builtin = builtin_targets()
        self.known: dict[str, TargetSpec] = dict(self.builtin)
        tables = spec.table("target")
        for name in tables.data if tables else ():
            table = tables.table(name) if tables else None
            assert table is not None
            if name in self.builtin:
                raise table.fail((), f"got {show(name)}, which is built in, expected a name of its own")
            if not _NAME.fullmatch(name):
                raise table.fail((), f"got the name {show(name)}, expected lower-case letters, digits, dots and dashes")
            self.known[name] = self._defined(name, table)

    def expand(self, table: Table, key: str) -> tuple[str, ...]:
        """The target names that the patterns under ``key`` stand for, in the patterns' order; empty if absent."""
        names: dict[str, None] = {}
        for i, pattern in enumerate(table.words(key)):
            if "@" in pattern:
                names[self._released(table, (key, i), pattern)] = None
                continue
            found = [name for name in self.known if fnmatch.fnmatchcase(name, pattern)]
            if not found:
                hint = why_unknown(pattern) or nearest_name(pattern, self.known)
                raise table.fail((key, i), f"unknown target {show(pattern)}{hint}, expected {listed(self.known)}")
            names.update(dict.fromkeys(found))
        return tuple(names)

    def everyday(self) -> tuple[str, ...]:
        """What a spec that names no targets measures: the built-in ones of the libraries that everybody asks about."""
        known = libraries()
        return tuple(name for name, target in self.builtin.items() if known[target.library].everyday)

    def _released(self, table: Table, at: tuple[Any, ...], name: str) -> str:
        """``BASE@VERSION``: one release of a known target, in an environment of its own; returns its name."""
        base, _, version = name.partition("@")
        if name in self.known:
            return name
        if base not in self.known or self.known[base].pinned:
            hint = why_unknown(base) or nearest_name(base, self.known)
            raise table.fail(at, f"unknown target {show(base)}{hint} in {show(name)}, expected {listed(self.known)}")
        if not is_version(version):
            raise table.fail(at, f"got {show(name)}, expected a release behind the @, as in {base}@1.13.1")
        target = release_target(self.known[base], version)
        if reason := refusal(target):
            raise table.fail(at, f"got {show(name)}: {reason}")
        self.known[name] = adapted(target)
        return name

    def _defined(self, name: str, table: Table) -> TargetSpec:
        table.only(KEYS)
        table.require("base")
        base_name = table.text("base")
        if base_name not in self.builtin:
            hint = why_unknown(base_name) or nearest_name(base_name, self.builtin)
            raise table.fail("base", f"unknown target {show(base_name)}{hint}, expected {listed(self.builtin)}")
        base = self.builtin[base_name]
        env = dict(base.env) | _environment(table.table("env"), base.library)
        options = dict(base.options) | _options(table.table("options"), base.library)
        expect = dict(base.expect) | _expectations(table.table("expect"), base.library)
        version, python, packages = _environment_of(table, name)
        target = TargetSpec(
            name=name,
            library=base.library,
            mode=base.mode,
            device=base.device,
            version=version or base.version,
            base=base_name if version else base.base,
            python=python,
            packages=packages,
            env=tuple(sorted(env.items())),
            options=tuple(sorted(options.items())),
            expect=tuple(sorted(expect.items())),
            sentence=table.text("sentence", base.sentence),
        )
        if reason := refusal(target):
            raise table.fail("version", f"got {show(version)}: {reason}")
        return adapted(target, described="sentence" in table.data)


def is_version(text: str) -> bool:
    """Whether a text can be a release of a library."""
    return _VERSION.fullmatch(text) is not None


def release_target(base: TargetSpec, version: str) -> TargetSpec:
    """The target ``BASE@VERSION``: one release of a target's library, in an environment of its own.

    For one that computes in another way than today's see :mod:`reportgen.measure.graphreleases`.
    """
    return replace(base, name=f"{base.name}@{version}", version=version, base=base.name)


def _environment_of(table: Table, name: str) -> tuple[str, str, tuple[str, ...]]:
    """Release, interpreter and further requirements of a target with an environment of its own."""
    version, python, packages = table.text("version"), table.text("python"), table.words("packages")
    if version and not is_version(version):
        raise table.fail("version", f'got {show(version)}, expected a release such as "1.13.1"')
    if python and not _PYTHON.fullmatch(python):
        raise table.fail("python", f'got {show(python)}, expected a release of Python such as "3.6"')
    for i, package in enumerate(packages):
        if not _REQUIREMENT.fullmatch(package):
            raise table.fail(("packages", i), f'got {show(package)}, expected a requirement such as "protobuf<3.20"')
    for key in ("python", "packages"):
        if key in table.data and not version:
            raise table.fail(key, f'says nothing without "version", expected that beside it in [target.{name}]')
    return version, python, packages


def _environment(table: Table | None, library: str) -> dict[str, str]:
    if table is None:
        return {}
    prefixes = tuple(dict.fromkeys((*ENV_PREFIXES, *libraries()[library].env_prefixes)))
    for key, value in table.data.items():
        if not isinstance(value, str) or "\0" in value:
            raise table.fail(key, f"got {show(value)}, expected a string")
        safe = _VARIABLE.fullmatch(key) and key.startswith(prefixes) and "PATH" not in key and "LIBRARY" not in key
        if not safe:
            wanted = listed(f"{prefix}*" for prefix in prefixes)
            raise table.fail(key, f"got a variable that a spec may not set, expected one of {wanted}, naming no path")
    return dict(table.data)


def _options(table: Table | None, library: str) -> dict[str, Any]:
    if table is None:
        return {}
    table.only(libraries()[library].options)
    found: dict[str, Any] = {}
    for key in table.data:
        threads = key.endswith("threads")
        found[key] = table.integer(key, 1, 1, 4096) if threads else bool(table.read(key, bool))
    return found


def _expectations(table: Table | None, library: str) -> dict[str, Any]:
    if table is None:
        return {}
    table.only(libraries()[library].expectations)
    found: dict[str, Any] = {}
    for key in table.data:
        if key == "cpu_features_off":
            found[key] = table.words(key)
        elif key == "cpu_features_above":
            found[key] = table.text(key)
        else:
            found[key] = bool(table.read(key, bool))
    return found
