"""Spec files: TOML in, :class:`reportgen.core.model.Spec` out, or one line that says what is wrong and where.

The grammar is in ``docs/specs.md``. Nothing in a spec is ever executed, and no file outside its folder is read.
"""

from __future__ import annotations

import hashlib
import json
import math
import re
import tomllib
from collections.abc import Iterable, Sequence
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from reportgen.catalogue.rows import FunctionRow, lookup, select
from reportgen.catalogue.supported import ALL_DTYPES, applies, dtypes_of
from reportgen.core.errors import RequestError, SpecError
from reportgen.core.floats import FLOAT_DTYPES
from reportgen.core.model import Case, InputSpec, Spec, TargetSpec
from reportgen.measure.positions import Positions, find_positions
from reportgen.measure.specexpect import read_expects
from reportgen.measure.specinputs import default_inputs, inside, read_inputs
from reportgen.measure.spectable import Table, listed, show
from reportgen.measure.spectargets import TargetBook

KEYS = (
    "title", "description", "default", "targets", "dtypes", "functions", "exclude", "seed", "pages", "case", "target",
    "expect",
)  # fmt: skip
CASE_KEYS = ("name", "function", "dtypes", "targets", "inputs", "recorded")
PAGES = ("meaning", "coverage", "determinism")
MAX_BYTES = 4 << 20
MAX_SEED = 2**63 - 1
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9.-]{0,63}")


def load_specs(paths: Sequence[str | Path]) -> list[Spec]:
    """The specs that the command line names, in order; a folder gives its ``*.toml`` files, sorted.

    Files of a folder with ``default = false`` are left out. Raises :class:`RequestError` for paths that hold no
    spec and :class:`SpecError` for everything wrong inside one.
    """
    specs: list[Spec] = []
    seen: set[Path] = set()
    for given in paths:
        folder, files = _files(Path(given))
        found = [read_spec(file) for file in files]
        chosen = [spec for spec in found if spec.default or not folder]
        if not chosen:
            raise RequestError(f"{given}: every spec in it says default = false; name one of the files to run it")
        for spec in chosen:
            if Path(spec.path).resolve() not in seen:
                seen.add(Path(spec.path).resolve())
                specs.append(spec)
    if not specs:
        raise RequestError("no spec was named, expected at least one spec file or folder")
    _compatible(specs)
    return specs


def _files(path: Path) -> tuple[bool, list[Path]]:
    try:
        if path.is_dir():
            files = sorted(file for file in path.iterdir() if file.suffix == ".toml" and file.is_file())
            if not files:
                raise RequestError(f"{path}: no spec file (*.toml) in this folder")
            return True, files
        if path.is_file():
            return False, [path]
    except OSError as error:
        raise RequestError(f"{path}: cannot be read ({error.strerror})") from None
    raise RequestError(f"{path}: no such file or folder, expected a spec file or a folder of them")


def _compatible(specs: list[Spec]) -> None:
    """Refuse two specs of one name, and one target name that means two things."""
    names: dict[str, Spec] = {}
    targets: dict[str, tuple[TargetSpec, Spec]] = {}
    for spec in specs:
        if spec.name in names:
            raise RequestError(f"{spec.path}: the name {spec.name!r} is taken by {names[spec.name].path}")
        names[spec.name] = spec
        for target in spec.targets:
            other, owner = targets.setdefault(target.name, (target, spec))
            if other != target:
                raise RequestError(f"{spec.path}: target {target.name!r} is defined differently in {owner.path}")


def read_spec(path: str | Path) -> Spec:
    """One validated spec. Raises :class:`SpecError` with file, line and key."""
    file = Path(path)
    if not _NAME.fullmatch(file.stem):
        raise SpecError(str(path), 0, "", f"got the name {file.stem!r}, expected letters, digits, dots and dashes")
    raw, text = _text(file)
    data, positions = _parse(str(path), text)
    table = Table(str(path), positions, (), data)
    table.only(KEYS)
    pages = table.choices("pages", PAGES)
    if "functions" not in table.data and not table.data.get("case") and "determinism" not in pages:
        raise SpecError(str(path), 1, "", 'no functions and no cases, expected "functions" or a [[case]]')
    table.require("title")
    book = TargetBook(table)
    cases = _Cases(table, file, book)
    cases.from_functions()
    for case in table.tables("case"):
        cases.from_table(case)
    # A spec that asks for repeated calls only has no cases.
    used = dict.fromkeys([name for case in cases.found for name in case.targets] or cases.targets)
    return Spec(
        name=file.stem,
        path=str(path),
        title=table.text("title"),
        description=table.text("description"),
        default=bool(table.read("default", bool, True)),
        cases=tuple(cases.found),
        targets=tuple(book.known[name] for name in used),
        pages=pages,
        sha256=hashlib.sha256(raw).hexdigest(),
        expects=read_expects(table, file.stem, cases.found),
    )


def _text(file: Path) -> tuple[bytes, str]:
    try:
        with open(file, "rb") as stream:
            raw = stream.read(MAX_BYTES + 1)
    except OSError as error:
        raise SpecError(str(file), 0, "", f"cannot be read ({error.strerror})") from None
    if len(raw) > MAX_BYTES:
        raise SpecError(str(file), 0, "", f"is longer than {MAX_BYTES} bytes, expected a spec file")
    try:
        return raw, raw.decode("utf-8")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise SpecError(str(file), line, "", "is not UTF-8 text, expected TOML") from None


def _decimal(text: str) -> Decimal:
    """TOML's float, kept as written; exponents beyond what Decimal holds become infinite or zero."""
    try:
        return Decimal(text)
    except InvalidOperation:
        mantissa, _, exponent = text.lower().partition("e")
        return Decimal(0) if exponent.startswith("-") or not Decimal(mantissa) else Decimal("Infinity")


def _parse(file: str, text: str) -> tuple[dict[str, Any], Positions]:
    try:
        return tomllib.loads(text, parse_float=_decimal), find_positions(text)
    except tomllib.TOMLDecodeError as error:
        message, place = str(error), re.search(r" \(at (?:line (\d+), column \d+|end of document)\)$", str(error))
        line = int(place[1]) if place and place[1] else text.count("\n") + (not text.endswith("\n"))
        what = message[: place.start()] if place else message
        raise SpecError(file, max(line, 1), "", f"not TOML: {what}") from None
    except (RecursionError, ValueError) as error:
        what = "nested too deeply" if isinstance(error, RecursionError) else "a number with too many digits"
        raise SpecError(file, 1, "", f"not readable as TOML: {what}") from None


class _Cases:
    """The cases of one spec, in the order in which it states them."""

    def __init__(self, table: Table, file: Path, book: TargetBook) -> None:
        self.table, self.file, self.book = table, file, book
        self.dtypes = table.choices("dtypes", ALL_DTYPES, FLOAT_DTYPES)
        self.targets = book.expand(table, "targets") or book.everyday()
        self.seed = table.integer("seed", 0, 0, MAX_SEED)
        self.found: list[Case] = []
        self.names: dict[str, int] = {}

    def from_functions(self) -> None:
        rows = _select(self.table, self.table.words("functions"), self.table.words("exclude"))
        for row in rows:
            for dtype in self.dtypes:
                if dtype in dtypes_of(row):
                    self.add(row, dtype, default_inputs(row.kind), self.applying(row, self.targets))
        if rows and not self.found:
            wanted = listed(dtypes_of(rows[0]))
            raise self.table.fail(
                "dtypes", f"none of the functions is measured in {listed(self.dtypes)}, expected some of {wanted}"
            )

    def applying(self, row: FunctionRow, targets: tuple[str, ...]) -> tuple[str, ...]:
        """The targets that can have something to say about a function; all of them where none has."""
        return tuple(name for name in targets if applies(row, self.book.known[name])) or targets

    def from_table(self, case: Table) -> None:
        case.only(CASE_KEYS)
        case.require("name", "function")
        name = self.name(case)
        row = _row(case)
        dtypes = self.case_dtypes(case, row)
        targets = self.book.expand(case, "targets") or self.applying(row, self.targets)
        inputs = case.table("inputs")
        recorded = _recorded(case, row, dtypes, self.file.parent) if "recorded" in case.data else ""
        for dtype in dtypes:
            if inputs is None:
                default = default_inputs(row.kind)
                chosen = InputSpec(name, default.source, default.detail)
            else:
                chosen = read_inputs(inputs, name, row, dtype, self.file.parent, len(targets))
            if recorded:
                _same_length(case, recorded, chosen)
            self.add(row, dtype, chosen, targets, recorded)

    def case_dtypes(self, case: Table, row: FunctionRow) -> tuple[str, ...]:
        """The case's dtypes, each of which the function must have; without any, those of the spec that it has."""
        possible = dtypes_of(row)
        if "dtypes" not in case.data:
            chosen = tuple(d for d in self.dtypes if d in possible)
            if chosen:
                return chosen
            raise case.fail("function", f"{row.name} has none of the spec's dtypes, expected {listed(possible)}")
        chosen = case.choices("dtypes", ALL_DTYPES, self.dtypes)
        for i, dtype in enumerate(chosen):
            if dtype not in possible:
                raise case.fail(("dtypes", i), f"{row.name} has no {dtype}, expected {listed(possible)}")
        return chosen

    def name(self, case: Table) -> str:
        name = case.text("name")
        if not _NAME.fullmatch(name):
            raise case.fail("name", f"got {show(name)}, expected letters, digits, dots and dashes (at most 64)")
        if name in self.names:
            raise case.fail("name", f"got {show(name)}, the case in line {self.names[name]} has it, expected another")
        if name in ("ordinals", "arrays") and "functions" in self.table.data:
            raise case.fail("name", f'got {show(name)}, the name of the cases made by "functions", expected another')
        self.names[name] = self.table.positions.line((*case.at, "name"))
        return name

    def add(
        self, row: FunctionRow, dtype: str, inputs: InputSpec, targets: tuple[str, ...], recorded: str = ""
    ) -> None:
        case = Case(
            self.file.stem, row.name, row.kind, dtype, inputs, targets, seed=self.seed, recorded=recorded
        )  # fmt: skip
        self.found.append(case)


def _select(table: Table, functions: tuple[str, ...], exclude: tuple[str, ...]) -> list[FunctionRow]:
    """Catalogue rows of ``functions`` without ``exclude``; every pattern must name something."""
    if exclude and not functions:
        raise table.fail("exclude", 'contradicts a spec without "functions", expected it only beside them')
    for key, patterns in (("functions", functions), ("exclude", exclude)):
        for i, pattern in enumerate(patterns):
            try:
                select([pattern])
            except RequestError as error:
                raise table.fail((key, i), f"{error}, expected a name, an alias, a glob or family:NAME") from None
    rows = select(functions, exclude) if functions else []
    if functions and not rows:
        raise table.fail("exclude", f"leaves none of the functions {listed(functions)}, expected at least one")
    return rows


def _row(case: Table) -> FunctionRow:
    try:
        return lookup(case.text("function"))
    except RequestError as error:
        raise case.fail("function", f"{error}, expected a function of the catalogue") from None


def _recorded(case: Table, row: FunctionRow, dtypes: Iterable[str], folder: Path) -> str:
    """The recorded values as canonical JSON; they must belong to this function and dtype."""
    path = inside(case, "recorded", folder)
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
        function, dtype, recorded = data["function"], data["dtype"], data["recorded"]
        lengths = [len([float(value) for value in entry["values"]]) for entry in recorded]
        names = [str(entry["target"]) for entry in recorded]
    except (OSError, ValueError, KeyError, TypeError, RecursionError) as error:
        what = f"{type(error).__name__}: {error}"
        raise case.fail("recorded", f"{path} cannot be used ({what}), expected the JSON of docs/specs.md") from None
    if not recorded or len(set(lengths)) != 1 or len(set(names)) != len(names):
        raise case.fail("recorded", f"{path}: expected one list of values per target, all of one length")
    try:
        same = lookup(str(function)).name == row.name
    except RequestError:
        same = False
    if not same or list(dtypes) != [dtype]:
        got = f"{function} in {dtype}"
        raise case.fail("recorded", f"{path} holds {got}, expected {row.name} in {listed(dtypes)}")
    return json.dumps(data, sort_keys=True, separators=(",", ":"))


def _same_length(case: Table, recorded: str, inputs: InputSpec) -> None:
    detail = dict(inputs.detail)
    if inputs.source == "arange":
        start, stop, step = detail["arange"]
        expected = math.ceil((stop - start) / step)
    elif inputs.source == "values":
        expected = len(detail["values"])
    else:
        raise case.fail("recorded", 'contradicts its inputs, expected it only with "arange" or "values"')
    got = len(json.loads(recorded)["recorded"][0]["values"])
    if got != expected:
        raise case.fail("recorded", f"holds {got} values, expected {expected}, one for each input")
