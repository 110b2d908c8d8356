"""Targets of a run, and the content hash that names a measured job."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from typing import Any

from reportgen.core.errors import RequestError
from reportgen.core.model import Case, Spec, TargetSpec


def all_targets(specs: Iterable[Spec]) -> dict[str, TargetSpec]:
    """The targets that the specs name, in their order. Raises RequestError where one name has two meanings."""
    targets: dict[str, TargetSpec] = {}
    for spec in specs:
        for target in spec.targets:
            if targets.setdefault(target.name, target) != target:
                raise RequestError(f"{spec.path}: target {target.name!r} is already defined otherwise by another spec")
    return targets


def content_hash(*parts: Any) -> str:
    """SHA-256 over the canonical JSON of dataclasses, mappings, sequences and scalars."""
    text = json.dumps(parts, sort_keys=True, default=_plain, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def _plain(value: Any) -> Any:
    return asdict(value)


def input_digests(spec: Spec) -> dict[str, str]:
    """By the name of its cases, what a spec says of their inputs: two specs may differ otherwise and have the same.

    Inputs over the whole format are the same for every function, so that a function more makes no difference.
    """
    said: dict[str, set[str]] = {}
    for case in spec.cases:
        own = case.inputs.source != "ordinals"
        text = content_hash(case.inputs, case.seed, [case.function, case.dtype] if own else [])
        said.setdefault(case.inputs.name, set()).add(text)
    return {name: content_hash(sorted(texts))[:16] for name, texts in said.items()}


def job_id(case: Case, row: Any, fingerprints: Mapping[str, str], code: str) -> str:
    """Name of the result of one case: all that decides it.

    ``row`` is the catalogue row, ``fingerprints`` those of the case's targets, ``code`` the digest of the
    measuring program. A file of inputs is in the case by its digest.
    """
    return content_hash(case, row, {t: fingerprints[t] for t in case.targets}, code)
