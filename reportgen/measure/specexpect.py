"""``[[expect]]`` in spec files: what must hold of the results, read with positions (docs/specs.md, "Expectations")."""

from __future__ import annotations

import fnmatch
import json
import os
import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from itertools import combinations
from typing import Any

from reportgen.catalogue.arrayrows import ARRAY_KINDS
from reportgen.catalogue.rows import select
from reportgen.catalogue.supported import ALL_DTYPES
from reportgen.core import limits as known
from reportgen.core.errors import RequestError
from reportgen.core.model import REGIMES, Case, Expect, Limit
from reportgen.measure.spectable import Table, listed, nearest_name, show

SELECTING = ("functions", "dtypes", "targets", "cases", "paths", "regimes", "metrics", "sentences")
KEYS = (*SELECTING, "agree", *dict.fromkeys((*known.ONE_TARGET, *known.TWO_TARGETS)), "optional", "reason")
PATHS = ("body", "tail", "scalar")
METRICS = (
    "ulp", "equal", "normwise", "re", "im", "sign", "values", "backward", "forward", "residual", "left-residual",
    "right-residual", "orthogonality", "norm2", "max",
)  # fmt: skip
RECORDED = " (recorded)"
ANY = "any"
_OWN_CASES = (*ARRAY_KINDS, "cast")
"""Kinds whose results have more cases than the spec names: a problem or a dtype each."""

_HEX = re.compile(r"0x([0-9a-f]+)(?:\.([0-9a-f]*))?p([+-]?\d{1,4})", re.IGNORECASE | re.ASCII)
_PLAIN = re.compile(r"(?:\d+(?:\.\d*)?|\.\d+)(?:e[+-]?\d{1,3})?|\d{1,40}/0*[1-9]\d{0,39}", re.IGNORECASE | re.ASCII)
_LARGEST = Fraction(2**1023)


def read_expects(table: Table, spec: str, cases: Sequence[Case]) -> tuple[Expect, ...]:
    """The expectations of a spec whose cases are ``cases``, in order. Raises SpecError."""
    return tuple(_read(entry, spec, cases) for entry in table.tables("expect"))


def _read(entry: Table, spec: str, cases: Sequence[Case]) -> Expect:
    entry.only(KEYS)
    agreeing = "agree" in entry.data
    found = _limits(entry, known.TWO_TARGETS if agreeing else known.ONE_TARGET)
    _consistent(entry, found)
    chosen = _functions(entry, cases)
    chosen = _matching(entry, "dtypes", chosen, lambda case: (case.dtype,), ALL_DTYPES)
    patterns, chosen = _cases(entry, chosen)
    measured = sorted({name for case in chosen for name in case.targets})
    printed = sorted({name for case in chosen for name in _recorded(case)})
    agree = _agreeing(entry, chosen, measured, printed) if agreeing else ()
    targets = _targets(entry, "targets", measured, printed) or tuple(measured)
    return Expect(
        spec=spec,
        file=_shown(entry.file),
        line=entry.positions.line(entry.at),
        functions=tuple(dict.fromkeys(case.function for case in chosen)),
        dtypes=tuple(dict.fromkeys(case.dtype for case in chosen)),
        targets=targets,
        cases=patterns,
        limits=found,
        paths=_globs(entry, "paths", PATHS, ("*",)),
        regimes=_globs(entry, "regimes", ("all", *REGIMES), ("all",)),
        metrics=_globs(entry, "metrics", METRICS, ()),
        sentences=_sentences(entry, chosen),
        agree=agree,
        optional=bool(entry.read("optional", bool, False)),
        reason=" ".join(entry.text("reason").split()),
    )


def _shown(file: str) -> str:
    """The file as results name it: from the working folder where it lies below it, and not how the disk is arranged."""
    near = os.path.relpath(file)
    return os.path.basename(file) if near.startswith(os.pardir) else near.replace(os.sep, "/")


# -- what it selects -----------------------------------------------------------------------------------
def _functions(entry: Table, cases: Sequence[Case]) -> list[Case]:
    """The spec's cases of the functions that are named; every pattern must name one of them."""
    names: set[str] = set()
    for i, pattern in enumerate(entry.words("functions", ("*",))):
        at: tuple[Any, ...] = ("functions", i)
        try:
            wanted = {row.name for row in select([pattern])}
        except RequestError as error:
            raise entry.fail(at, f"{error}, expected a name, an alias, a glob or family:NAME") from None
        here = wanted & {case.function for case in cases}
        if not here:
            measured = _few(case.function for case in cases)
            raise entry.fail(at, f"{show(pattern)} matches no case of this spec, expected some of {measured}")
        names |= here
    return [case for case in cases if case.function in names]


def _matching(entry: Table, key: str, cases: Sequence[Case], of: Any, words: Sequence[str]) -> list[Case]:
    """The cases with a name that some pattern under ``key`` matches; every pattern must match."""
    if key not in entry.data:
        return list(cases)
    kept: dict[int, Case] = {}
    for i, pattern in enumerate(entry.words(key)):
        here = [case for case in cases if any(fnmatch.fnmatchcase(name, pattern) for name in of(case))]
        if not here:
            hint = nearest_name(pattern, words)
            names = _few(name for case in cases for name in of(case))
            raise entry.fail((key, i), f"{show(pattern)} matches no case of this spec{hint}, expected some of {names}")
        kept.update((id(case), case) for case in here)
    return [case for case in cases if id(case) in kept]


def _cases(entry: Table, cases: list[Case]) -> tuple[tuple[str, ...], list[Case]]:
    """The patterns of ``cases`` and the cases that they leave; problems of arrays and casts have names of their own."""
    patterns = entry.words("cases", ("*",))
    if any(case.kind in _OWN_CASES for case in cases):
        return patterns, cases
    names = [case.inputs.name for case in cases]
    return patterns, _matching(entry, "cases", cases, lambda case: (case.inputs.name,), names)


def _recorded(case: Case) -> list[str]:
    entries = json.loads(case.recorded)["recorded"] if case.recorded else []
    return [f"{entry['target']}{RECORDED}" for entry in entries]


def _targets(entry: Table, key: str, measured: Sequence[str], printed: Sequence[str]) -> tuple[str, ...]:
    """The targets of the selected cases that the patterns match; values printed elsewhere only if that is written."""
    names: dict[str, None] = {}
    for i, pattern in enumerate(entry.words(key)):
        possible = printed if pattern.endswith(RECORDED) else measured
        here = [name for name in possible if fnmatch.fnmatchcase(name, pattern)]
        if not here:
            hint = nearest_name(pattern, [*measured, *printed])
            raise entry.fail(
                (key, i), f"{show(pattern)} matches no target of the cases meant{hint}, expected some of "
                f"{_few([*measured, *printed])}"
            )  # fmt: skip
        names.update(dict.fromkeys(here))
    return tuple(names)


def _agreeing(entry: Table, cases: Sequence[Case], measured: Sequence[str], printed: Sequence[str]) -> tuple[str, ...]:
    """The targets that are to agree, two at least, some two of which are measured in one case."""
    for key in ("targets", "paths", "regimes", "metrics", "sentences"):
        if key in entry.data:
            raise entry.fail(key, 'contradicts "agree", which compares all results of a case, expected one of them')
    names = _targets(entry, "agree", measured, printed)
    if len(names) < 2:
        raise entry.fail("agree", f"got {listed(names)} alone, expected two targets at least")
    together = [{*case.targets, *_recorded(case)} for case in cases]
    if not any(set(pair) <= both for pair in combinations(names, 2) for both in together):
        raise entry.fail("agree", f"no case is measured on two of {listed(names)}, expected targets of one case")
    return names


def _globs(entry: Table, key: str, words: Sequence[str], default: tuple[str, ...]) -> tuple[str, ...]:
    """Patterns each of which matches one of the ``words``."""
    patterns = entry.words(key, default)
    for i, pattern in enumerate(patterns):
        if not any(fnmatch.fnmatchcase(word, pattern) for word in words):
            hint = nearest_name(pattern, words)
            raise entry.fail((key, i), f"got {show(pattern)}{hint}, expected some of {listed(words)}")
    return patterns


def _sentences(entry: Table, cases: Sequence[Case]) -> tuple[str, ...]:
    """Globs over the rules' sentences; each must match a rule of a selected function."""
    if "sentences" in entry.data and known.SPECIAL not in entry.data:
        raise entry.fail("sentences", 'says nothing without "special", expected "special = true" beside it')
    patterns = entry.words("sentences", ("*",))
    if "sentences" not in entry.data:
        return patterns
    rows = select(list(dict.fromkeys(case.function for case in cases)))
    rules = [special.sentence for row in rows for special in row.specials]
    for i, pattern in enumerate(patterns):
        if not any(fnmatch.fnmatchcase(sentence, pattern) for sentence in rules):
            hint = nearest_name(pattern, rules)
            raise entry.fail(("sentences", i), f"{show(pattern)} matches no rule of these functions{hint}")
    return patterns


def _few(names: Iterable[str]) -> str:
    found = list(dict.fromkeys(names))
    return listed(found[:12]) + (f" … ({len(found)} in all)" if len(found) > 12 else "")


# -- what it bounds ------------------------------------------------------------------------------------
def _limits(entry: Table, allowed: Sequence[str]) -> tuple[Limit, ...]:
    """The limits as stated, then those that they imply."""
    agreeing = allowed is known.TWO_TARGETS
    found = []
    for what in entry.data:
        if what not in known.ONE_TARGET and what not in known.TWO_TARGETS:
            continue
        if what not in allowed:
            why = 'bounds one target, which "agree" does not' if agreeing else 'compares targets, expected "agree" too'
            raise entry.fail(what, why)
        found.append(_limit(entry, what))
    if not found:
        example = "equal = true" if agreeing else "max_ulp = 4"
        raise entry.fail((), f'nothing is expected, expected a limit such as "{example}"')
    stated = {limit.what for limit in found}
    strict = any(limit.what in known.ERRORS or (limit.what in known.SHARES and limit.bound == 1) for limit in found)
    if not agreeing and strict and "special_mismatches" not in stated:
        found.append(Limit("special_mismatches", Fraction(0), "0", True))
    if agreeing and stated.isdisjoint(("equal", "nan_differs")):
        found.append(Limit("nan_differs", Fraction(0), "0", True))
    return tuple(found)


def _limit(entry: Table, what: str) -> Limit:
    value = entry.data[what]
    if what == known.STATUS:
        if value != "ok":
            raise entry.fail(what, f'got {show(value)}, expected "ok"')
        return Limit(what, Fraction(0), "ok")
    if what == known.SPECIAL:
        if value is not True:
            raise entry.fail(what, f"got {show(value)}, expected true")
        return Limit(what, Fraction(0), "true")
    if what in known.SHARES or what == "equal":
        return _share(entry, what)
    if value == ANY and what in ("special_mismatches", "nan_differs"):
        return Limit(what, None, ANY)
    bound, text = _number(entry, what)
    if what in known.WHOLE and bound.denominator != 1:
        raise entry.fail(what, f"got {text}, expected a whole number")
    return Limit(what, bound, text)


def _share(entry: Table, what: str) -> Limit:
    if entry.data[what] is True:
        return Limit(what, Fraction(1), "all")
    if entry.data[what] is False:
        raise entry.fail(what, 'got false, expected true (all of them) or a share such as "999/1000"')
    bound, text = _number(entry, what)
    if not 0 < bound <= 1:
        raise entry.fail(what, f'got {text}, expected a share above 0 and at most 1 such as "999/1000", or true')
    return Limit(what, bound, text)


def _number(entry: Table, key: str) -> tuple[Fraction, str]:
    """The number under ``key``, exactly, and how the spec spells it; it is finite and not negative."""
    value = entry.data[key]
    text = value.strip() if isinstance(value, str) else entry.positions.texts.get((*entry.at, key), str(value))
    exact = _exact(value)
    if exact is None:
        raise entry.fail(key, f'got {show(value)}, expected a number such as 0.5, "0x1p-1" or "1/2"')
    if exact < 0:
        raise entry.fail(key, f"got {text}, expected a number that is not negative")
    if exact > _LARGEST:
        raise entry.fail(key, f"got {show(value)}, expected a number of at most 2^1023")
    return exact, text


def _exact(value: Any) -> Fraction | None:
    """A TOML number, or one written as a decimal, a fraction or ``0x…p…`` in a string; None for anything else."""
    if isinstance(value, bool):
        return None
    if isinstance(value, int):
        return Fraction(value)
    if isinstance(value, Decimal):
        return Fraction(value) if value.is_finite() and abs(value.adjusted()) < 5000 else None
    text = value.strip() if isinstance(value, str) and len(value) < 200 else ""
    sign = -1 if text.startswith("-") else 1
    text = text.removeprefix("-")
    written = _HEX.fullmatch(text)
    if written:
        digits = written[2] or ""
        return sign * int(written[1] + digits, 16) * Fraction(2) ** (int(written[3]) - 4 * len(digits))
    return sign * Fraction(text) if _PLAIN.fullmatch(text) else None


def _consistent(entry: Table, found: Sequence[Limit]) -> None:
    """Refuse limits that another one of the same expectation leaves nothing to say."""
    bounds = {limit.what: limit.bound for limit in found if limit.bound is not None and not limit.implied}
    largest = bounds.get("max_ulp")
    for what in known.DISTRIBUTED:
        if largest is not None and bounds.get(what, Fraction(0)) > largest:
            raise entry.fail(
                what, f'contradicts "max_ulp", which is smaller, expected at most {_text(found, "max_ulp")}'
            )
    correct, faithful = bounds.get("correctly_rounded"), bounds.get("faithfully_rounded")
    if correct is not None and faithful is not None and correct > faithful:
        text = _text(found, "correctly_rounded")
        raise entry.fail(
            "faithfully_rounded", f'contradicts "correctly_rounded", of which each is faithful, expected {text} or more'
        )
    if bounds.get("equal") == 1:
        for what in ("max_distance", "max_abs", "max_rel"):
            if bounds.get(what, Fraction(0)) > 0:
                raise entry.fail(what, 'contradicts "equal = true", which allows no difference, expected one of them')
    if known.SPECIAL in bounds:
        _only_rules(entry)


def _only_rules(entry: Table) -> None:
    for key in ("cases", "regimes", "metrics"):
        if key in entry.data:
            raise entry.fail(key, 'contradicts "special": special cases belong to no case, expected an [[expect]] each')


def _text(found: Sequence[Limit], what: str) -> str:
    return next(limit.text for limit in found if limit.what == what)


def left_of(expect: Expect, cases: Sequence[Case]) -> Expect:
    """The expectation, marked where the ``cases`` that a narrowed run keeps leave nothing of it to judge."""
    meant = [
        case
        for case in cases
        if case.function in expect.functions
        and case.dtype in expect.dtypes
        and (case.kind in _OWN_CASES or any(fnmatch.fnmatchcase(case.inputs.name, glob) for glob in expect.cases))
    ]
    names = [{*case.targets, *_recorded(case)} for case in meant]
    if expect.agree:
        some = any(set(pair) <= here for pair in combinations(expect.agree, 2) for here in names)
    else:
        some = any(here & set(expect.targets) for here in names)
    return expect if some else replace(expect, left_out=True)
