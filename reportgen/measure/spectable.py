"""A table of a spec file that knows where it stands: typed reading with one-line errors.

Every error reads ``file:line: key: what was got, what was expected``.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from reportgen.core.errors import SpecError
from reportgen.measure.positions import Path, Positions, written

_KINDS = {str: "a string", bool: "true or false", int: "an integer", list: "an array", dict: "a table"}


def show(value: Any) -> str:
    """What was got, in TOML's spelling, cut to a readable length."""
    if isinstance(value, str):
        text = '"' + value.replace("\n", "\\n") + '"'
    elif isinstance(value, bool):
        text = str(value).lower()
    elif isinstance(value, dict):
        text = "a table"
    elif isinstance(value, list):
        text = f"an array of {len(value)}"
    elif isinstance(value, int) and value.bit_length() > 200:
        text = f"an integer of {value.bit_length()} bits"
    else:
        text = str(value)
    return text if len(text) <= 60 else f"{text[:57]}…"


def nearest_name(word: str, known: Iterable[str]) -> str:
    """`` (did you mean …?)`` or nothing."""
    near = difflib.get_close_matches(word.lower(), [name for name in known if name != word], n=1, cutoff=0.5)
    return f' (did you mean "{near[0]}"?)' if near else ""


def listed(words: Iterable[str]) -> str:
    return ", ".join(words)


@dataclass(frozen=True)
class Table:
    """One table: the file it stands in, where in the file, and its content."""

    file: str
    positions: Positions
    at: Path
    data: dict[str, Any]

    def fail(self, key: str | Path, message: str) -> SpecError:
        """The error to raise for ``key`` of this table (a path where it stands deeper, ``()`` for the table)."""
        path = (*self.at, *((key,) if isinstance(key, str) else key))
        return SpecError(self.file, self.positions.line(path), written(path), message)

    def only(self, allowed: tuple[str, ...]) -> None:
        """Refuse every key that is not ``allowed``, naming the nearest one that is."""
        for key in self.data:
            if key not in allowed:
                hint = nearest_name(key, allowed)
                raise self.fail(key, f"unknown key{hint}, expected one of {listed(allowed)}")

    def require(self, *keys: str) -> None:
        for key in keys:
            if key not in self.data:
                raise self.fail((), f'"{key}" is missing, expected it in this table')

    def read(self, key: str, kind: type, default: Any = None) -> Any:
        """The value of ``key``, of TOML type ``kind``, or ``default`` where the key is absent."""
        if key not in self.data:
            return default
        value = self.data[key]
        if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
            raise self.fail(key, f"got {show(value)}, expected {_KINDS[kind]}")
        return value

    def text(self, key: str, default: str = "") -> str:
        """A string that is not empty, on one line where it is shown as one."""
        value = str(self.read(key, str, default))
        if key in self.data and not value.strip():
            raise self.fail(key, "got an empty string, expected text")
        return value

    def integer(self, key: str, default: int, low: int, high: int) -> int:
        value = int(self.read(key, int, default))
        if not low <= value <= high:
            raise self.fail(key, f"got {value}, expected an integer from {low} to {high}")
        return value

    def words(self, key: str, default: tuple[str, ...] = ()) -> tuple[str, ...]:
        """An array of strings, none of them twice; not empty where it is given."""
        value = self.read(key, list)
        if value is None:
            return default
        if not value:
            raise self.fail(key, "got an empty array, expected at least one string")
        for i, word in enumerate(value):
            if not isinstance(word, str) or not word.strip():
                raise self.fail((key, i), f"got {show(word)}, expected a string")
            if word in value[:i]:
                raise self.fail((key, i), f"got {show(word)} twice, expected it once")
        return tuple(value)

    def choices(self, key: str, known: tuple[str, ...], default: tuple[str, ...] = ()) -> tuple[str, ...]:
        """An array of strings out of ``known``."""
        words = self.words(key, default)
        for i, word in enumerate(words):
            if word not in known:
                hint = nearest_name(word, known)
                raise self.fail((key, i), f"got {show(word)}{hint}, expected one of {listed(known)}")
        return words

    def number(self, path: Path) -> float:
        """The finite number at ``path`` below this table (integers and decimals alike), rounded to float64."""
        value: Any = self.data
        for part in path:
            value = value[part]
        if isinstance(value, bool) or not isinstance(value, (int, Decimal)) or not Decimal(value).is_finite():
            raise self.fail(path, f"got {show(value)}, expected a finite number")
        if abs(Decimal(value)) > Decimal(2**1023):
            raise self.fail(path, f"got {show(value)}, expected a number of magnitude at most 2^1023")
        return float(value)

    def table(self, key: str) -> Table | None:
        value = self.read(key, dict)
        return None if value is None else Table(self.file, self.positions, (*self.at, key), value)

    def tables(self, key: str) -> list[Table]:
        """The elements of an array of tables."""
        out = []
        for i, value in enumerate(self.read(key, list, [])):
            if not isinstance(value, dict):
                raise self.fail((key, i), f"got {show(value)}, expected a table")
            out.append(Table(self.file, self.positions, (*self.at, key, i), value))
        return out
