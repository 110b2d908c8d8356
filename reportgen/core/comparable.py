"""Whether two figures may be held against each other at all, and if not, which field says so."""

from __future__ import annotations

from typing import Any

Facts = dict[str, Any]

DEFINITION = ("library", "mode", "device", "base", "pinned", "env", "options", "expect")
"""What a target's name stands for; under one name these must not differ."""

INPUT_CELLS = (("seed", "another seed"), ("distribution", "other inputs"), ("shape", "another shape of the inputs"))
"""Cells that decide the inputs of a row, where no digest of the inputs themselves is stored."""

LEVELS = (
    ("avx512f", "AVX-512"),
    ("avx2", "AVX2"),
    ("avx", "AVX"),
    ("sse4_2", "SSE4.2"),
    ("sve", "SVE"),
    ("asimd", "NEON"),
)


def against(before: object, after: object) -> str:
    """``(A against B)``: the values of a field that differs; a missing one is ``none``."""
    return f"({_word(before)} against {_word(after)})"


def _word(value: object) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{k}={_word(v)}" for k, v in sorted(value.items())) or "none"
    if isinstance(value, list):
        return ", ".join(map(_word, value)) or "none"
    return "none" if value is None or value == "" else str(value)


def definition_difference(before: Facts, after: Facts) -> str:
    """Why a target's name means something else in the other version; empty where it does not."""
    for field in DEFINITION:
        if before.get(field) != after.get(field):
            return f"another definition of the target: {field} {against(before.get(field), after.get(field))}"
    return ""


def machine_difference(before: Facts, after: Facts) -> str:
    """Why the same library could answer otherwise: CPU, its vector instructions, C library, threads, GPU.

    ``before`` and ``after`` are the targets' facts; a fact that one side does not know decides nothing.
    """
    for field, words in (("machine", "another architecture"), ("cpu_model", "another CPU")):
        if _differ(before, after, field):
            level = (cpu_level(before), cpu_level(after))
            added = f", {level[0]} against {level[1]}" if field == "cpu_model" and all(level) else ""
            return f"{words} {against(before[field], after[field])[:-1]}{added if level[0] != level[1] else ''})"
    if _differ(before, after, "cpu_features"):
        return _features(before, after)
    for field, words in (
        ("libc", "another C library"),
        ("threads", "another number of threads"),
        ("gpus", "another GPU"),
        ("driver", "another GPU driver"),
    ):
        if _differ(before, after, field):
            return f"{words} {against(before[field], after[field])}"
    return ""


def _differ(before: Facts, after: Facts, field: str) -> bool:
    first, second = before.get(field), after.get(field)
    if isinstance(first, dict) and isinstance(second, dict):  # old releases know less of themselves
        return any(_differ(first, second, key) for key in first)
    return first not in (None, "", []) and second not in (None, "", []) and first != second


def cpu_level(facts: Facts) -> str:
    """The widest vector instructions of a target's CPU in words; empty where nothing is known."""
    features = facts.get("cpu_features") or []
    return next((words for name, words in LEVELS if name in features), "")


def _features(before: Facts, after: Facts) -> str:
    first, second = cpu_level(before), cpu_level(after)
    if first != second:
        return f"another CPU {against(first, second)}"
    lost = sorted(set(before["cpu_features"]) - set(after["cpu_features"]))
    gained = sorted(set(after["cpu_features"]) - set(before["cpu_features"]))
    return f"other CPU features {against([f'{x} before' for x in lost], [f'{x} after' for x in gained])}"


def remarks(before: Facts, after: Facts) -> list[str]:
    """What else differs between two targets and does not keep their figures from being compared."""
    out = []
    for field, words in (("python", "Python"), ("build", "build"), ("blas", "BLAS"), ("alongside", "beside it")):
        if _differ(before, after, field):
            out.append(f"{words}: {_word(before[field])} → {_word(after[field])}")
    return out


def input_difference(before: Facts, after: Facts, digests: tuple[str, str], specs: tuple[str, str]) -> str:
    """Why two rows are not over the same inputs; empty where they are.

    ``digests`` are those of what makes the inputs (a spec's words on them, a problem of arrays), ``specs`` those of the
    specs' whole texts, which decide where a version lacks the former.
    """
    known = bool(digests[0] and digests[1])
    if known and digests[0] != digests[1]:
        return "other inputs (what the spec says of them differs)"
    if before["depth"] != after["depth"]:
        return f"another depth {against(before['depth'], after['depth'])}"
    for field, words in INPUT_CELLS:
        if before[field] != after[field]:
            return f"{words}: {field} {against(before[field], after[field])}"
    if not known and specs[0] != specs[1]:
        return f"another spec (the text of {before['spec']} differs, and with it the inputs may)"
    return ""


def wanders(row: Facts) -> bool:
    """Whether a row's maximum is over inputs that depend on what all targets of the run answered: what a search found,
    and the places (paths other than ``body``) where each target's worst inputs are tried once more."""
    return bool(row["coverage"] == "searched" or (row["coverage"] == "sampled" and row["path"] in ("tail", "scalar")))


def same_samples(before: Facts, after: Facts) -> bool:
    """Whether every figure of two rows that is over the base samples alone is the same to the bit."""
    cells = ("samples", "mean_ulp", "correctly_rounded", "faithfully_rounded")
    return all(before[cell] == after[cell] for cell in cells)


def same_software(before: Facts, after: Facts) -> bool:
    """Whether a target is the same release, set up alike, on the same kind of machine, as far as is known."""
    if before["version"] != after["version"] or definition_difference(before, after):
        return False
    return not machine_difference(before, after) and not remarks(before, after)


def company_difference(before: dict[str, str], after: dict[str, str], labels: tuple[str, str]) -> str:
    """Why the search of a case went elsewhere although nothing about a target changed; empty where it did not.

    ``before`` and ``after`` are the releases of all targets that answered the case, by name.
    """
    told = [
        f"{name} {before[name]} → {after[name]}" for name in before if after.get(name, before[name]) != before[name]
    ]
    told += [f"{name} only in {labels[0]}" for name in before if name not in after]
    told += [f"{name} only in {labels[1]}" for name in after if name not in before]
    if not told:
        return ""
    more = f", and {len(told) - 2} more" if len(told) > 2 else ""
    return f"another search (it follows the errors of all targets of a run: {', '.join(told[:2])}{more})"


def coverage_difference(before: Facts, after: Facts) -> str:
    """Why two maxima over the same case do not bound the same thing; empty where they do."""
    for field, words in (("coverage", "another coverage"), ("samples", "another number of samples")):
        if before[field] != after[field]:
            return f"{words} {against(before[field], after[field])}"
    return ""
