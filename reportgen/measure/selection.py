"""What the options ``--only`` and ``--targets`` and the arguments of ``explain`` name, checked before anything runs."""

from __future__ import annotations

import fnmatch
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from reportgen.catalogue.arrayrows import ARRAY_KINDS
from reportgen.catalogue.libraries import why_unknown
from reportgen.catalogue.rows import FunctionRow, lookup, select
from reportgen.catalogue.supported import ALL_DTYPES
from reportgen.catalogue.targets import builtin_targets
from reportgen.core.dtypes import COMPLEX_DTYPES, COMPLEX_FORMATS
from reportgen.core.errors import RequestError, ValueSyntaxError
from reportgen.core.floats import FLOAT_DTYPES, FORMATS
from reportgen.core.model import Case, Spec, TargetSpec
from reportgen.core.values import parse_value
from reportgen.measure.graphreleases import adapted, refusal
from reportgen.measure.specexpect import left_of
from reportgen.measure.spectable import listed, nearest_name
from reportgen.measure.spectargets import is_version, release_target

EXPLAINED = ("elementwise", "gradient", "expression")
Narrowed = tuple[list[Spec], tuple[str, ...] | None, tuple[str, ...]]


def narrow(specs: Sequence[Spec], targets: Iterable[str] | None, only: Iterable[str]) -> Narrowed:
    """The specs with the cases and targets that the options leave, the target names and the canonical globs.

    Raises RequestError for an option that names nothing, and where nothing is left to measure.
    """
    globs = [glob for pattern in only for glob in _globs(pattern)]
    specs = with_releases(specs, targets or ())
    known = dict.fromkeys(name for spec in specs for name in (target.name for target in spec.targets))
    names = target_names(targets, known) if targets is not None else None
    left = []
    for spec in specs:
        cases = [_with_targets(case, names) for case in spec.cases if _matches(case, globs)]
        kept = tuple(case for case in cases if case.targets)
        used = {name for case in kept for name in case.targets}
        if kept:
            expects = tuple(left_of(expect, kept) for expect in spec.expects)
            known_here = tuple(t for t in spec.targets if t.name in used)
            left.append(replace(spec, cases=kept, targets=known_here, expects=expects))
        elif not spec.cases and not globs:  # it asks for a page only
            wanted = tuple(t for t in spec.targets if names is None or t.name in names)
            left += [replace(spec, targets=wanted)] if wanted else []
    for pattern in only:
        if not any(_matches(case, _globs(pattern)) for spec in specs for case in spec.cases):
            raise RequestError(f"--only: {pattern!r} matches no case of these specs")
    if not left:
        raise RequestError("--only and --targets together leave nothing to measure")
    return left, names, tuple(f"{function}:{dtype}" for function, dtype in globs)


def target_names(patterns: Iterable[str], known: Iterable[str] | None = None) -> tuple[str, ...]:
    """The names that patterns stand for, among ``known``.

    Where nothing is given, those are the built-in ones and any ``BASE@VERSION`` of them.
    """
    names = list(builtin_targets() if known is None else known)
    found: dict[str, None] = {}
    for pattern in (word.strip() for word in patterns):
        matching = [name for name in names if fnmatch.fnmatchcase(name, pattern)]
        if not matching and known is None and _release(pattern, builtin_targets()):
            matching = [pattern]
        if not matching:
            hint = why_unknown(pattern) or nearest_name(pattern, names)
            raise RequestError(f"--targets: unknown target {pattern!r}{hint}, expected {listed(names)}")
        found.update(dict.fromkeys(matching))
    return tuple(found)


def target_specs(names: Iterable[str]) -> list[TargetSpec]:
    """The targets of names that :func:`target_names` has checked."""
    known = builtin_targets()
    return [known.get(name) or _release(name, known) or known[name] for name in names]


def with_releases(specs: Sequence[Spec], patterns: Iterable[str]) -> list[Spec]:
    """The specs with each ``BASE@VERSION`` among the patterns added wherever BASE is measured.

    Raises RequestError for a release of a target that no spec measures.
    """
    out = list(specs)
    for pattern in (word.strip() for word in patterns):
        known = {target.name: target for spec in out for target in spec.targets}
        if "@" not in pattern or any(fnmatch.fnmatchcase(name, pattern) for name in known):
            continue
        added = _release(pattern, known)
        if added is None:
            raise RequestError(
                f"--targets: {pattern!r} is no release of a target of these specs, expected BASE@VERSION with BASE one "
                f"of {listed(name for name, target in known.items() if not target.pinned)}"
            )
        out = [_with_release(spec, added) for spec in out]
    return out


def _release(name: str, known: Mapping[str, TargetSpec]) -> TargetSpec | None:
    """The target that ``BASE@VERSION`` stands for; None where it is none of a known BASE.

    Raises RequestError for a release in which the library does not compute in BASE's way.
    """
    base, _, version = name.partition("@")
    if base not in known or known[base].pinned or not is_version(version):
        return None
    target = release_target(known[base], version)
    if reason := refusal(target):
        raise RequestError(f"--targets: got {name!r}: {reason}")
    return adapted(target)


def _with_release(spec: Spec, added: TargetSpec) -> Spec:
    """The spec with a release wherever its base is measured."""
    if all(target.name != added.base for target in spec.targets):
        return spec
    cases = tuple(
        replace(case, targets=(*case.targets, added.name)) if added.base in case.targets else case
        for case in spec.cases
    )
    return replace(spec, cases=cases, targets=(*spec.targets, added))


def parse_input(text: str, dtype: str) -> None:
    """Raise ValueSyntaxError unless ``text`` is a value of the dtype; a complex one is ``re,im``."""
    if dtype not in COMPLEX_DTYPES:
        parse_value(text, FORMATS[dtype])
        return
    from reportgen.measure.complexexplain import parse_complex

    parse_complex(text, COMPLEX_FORMATS[dtype])


def explainable(row: FunctionRow) -> None:
    """Raise RequestError for a function of which no single input can be asked."""
    if row.kind in EXPLAINED:
        return
    what = {"cast": "converts between dtypes", "integer": "is a function of integers"}.get(row.kind, "")
    what = "is a function of whole arrays" if row.kind in ARRAY_KINDS else what
    raise RequestError(f"{row.name} {what}; explain takes elementwise functions, gradients and expressions")


def one_input(
    function: str, dtype: str, first: str, second: str | None, third: str | None = None
) -> tuple[str, list[str]]:
    """The canonical function name and the argument texts of ``explain``; RequestError where they do not fit."""
    row = lookup(function)
    explainable(row)
    allowed = (*FLOAT_DTYPES, *COMPLEX_DTYPES)
    if dtype not in allowed:
        hint = nearest_name(dtype, allowed)
        raise RequestError(f"--dtype: got {dtype!r}{hint}, expected one of {listed(allowed)}")
    texts = {"--x": first, "--x2": second, "--x3": third}
    given = {option: text for option, text in texts.items() if text is not None}
    if list(given) != list(texts)[: row.arity]:
        what = ("--x alone", "--x and --x2", "--x, --x2 and --x3")[row.arity - 1]
        raise RequestError(f"{row.name} takes {row.arity} argument{'s' * (row.arity > 1)}, expected {what}")
    for option, text in given.items():
        try:
            parse_input(text, dtype)
        except ValueSyntaxError as error:
            raise ValueSyntaxError(f"{option}: {error}") from None
    return row.name, list(given.values())


def _globs(pattern: str) -> list[tuple[str, str]]:
    """``arcsin:float*`` as [("asin", "float*")]; aliases and globs become the names of rows."""
    function, colon, dtype = pattern.partition(":")
    dtype = dtype if colon else "*"
    if not any(fnmatch.fnmatchcase(name, dtype) for name in ALL_DTYPES):
        hint = nearest_name(dtype, ALL_DTYPES)
        raise RequestError(f"--only: unknown dtype {dtype!r}{hint}, expected one of {listed(ALL_DTYPES)}")
    try:
        return [(row.name, dtype) for row in select([function])]
    except RequestError as error:
        raise RequestError(f"--only: {error}") from None


def _matches(case: Case, globs: list[tuple[str, str]]) -> bool:
    return not globs or any(case.function == name and fnmatch.fnmatchcase(case.dtype, dtype) for name, dtype in globs)


def _with_targets(case: Case, names: tuple[str, ...] | None) -> Case:
    return case if names is None else replace(case, targets=tuple(name for name in case.targets if name in names))
