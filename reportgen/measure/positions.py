"""Line numbers of the keys and values of a TOML document.

:mod:`tomllib` gives values without positions. This scanner walks the same text, which tomllib has already
accepted, and notes the line on which each key (and each element of an array) begins, and how numbers are spelled.
It interprets nothing but structure: headers, keys, strings, arrays and inline tables (TOML 1.0, sections "Keys" to
"Array of Tables").
"""

from __future__ import annotations

from dataclasses import dataclass, field

Path = tuple[str | int, ...]

_ESCAPES = {"b": "\b", "t": "\t", "n": "\n", "f": "\f", "r": "\r", "e": "\x1b", '"': '"', "\\": "\\"}
_BARE = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-")


@dataclass
class Positions:
    """Line (from 1) of every key path, and the spelling of every number; elements of arrays have integer components."""

    lines: dict[Path, int] = field(default_factory=dict)
    texts: dict[Path, str] = field(default_factory=dict)

    def line(self, path: Path) -> int:
        """The line of ``path``, else of its nearest enclosing path, else 1."""
        for length in range(len(path), 0, -1):
            if path[:length] in self.lines:
                return self.lines[path[:length]]
        return 1


def find_positions(text: str) -> Positions:
    """Positions of all keys of a valid TOML document."""
    return _Scanner(text).document()


def written(path: Path) -> str:
    """A key path as people write it: ``case[2].inputs.arange[0]``, elements counted from 0."""
    out = ""
    for part in path:
        if isinstance(part, int):
            out += f"[{part}]"
        else:
            out += ("." if out else "") + part
    return out


class _Scanner:
    def __init__(self, text: str) -> None:
        self.text = text.replace("\r\n", "\n")
        self.at = 0
        self.counted_to = 0
        self.line = 1
        self.found = Positions()
        self.tables: dict[Path, int] = {}

    def here(self) -> int:
        """Line of the present place; counting goes on where it stopped."""
        self.line += self.text.count("\n", self.counted_to, self.at)
        self.counted_to = self.at
        return self.line

    def peek(self, length: int = 1) -> str:
        return self.text[self.at : self.at + length]

    def blank(self, newlines: bool = True) -> None:
        """Skip white space and comments."""
        while self.at < len(self.text):
            char = self.text[self.at]
            if char == "#":
                end = self.text.find("\n", self.at)
                self.at = len(self.text) if end < 0 else end
            elif char in " \t" or (newlines and char == "\n"):
                self.at += 1
            else:
                return

    def document(self) -> Positions:
        prefix: Path = ()
        self.blank()
        while self.at < len(self.text):
            if self.peek() == "[":
                prefix = self.header()
            else:
                self.pair(prefix)
            self.blank()
        return self.found

    def header(self) -> Path:
        line = self.here()
        array = self.peek(2) == "[["
        self.at += 2 if array else 1
        keys = self.key_path()
        self.at += 2 if array else 1
        path: Path = ()
        for i, key in enumerate(keys):
            path = (*path, key)
            last = i == len(keys) - 1
            if array and last:
                index = self.tables.get(path, -1) + 1
                self.tables[path] = index
                self.found.lines.setdefault(path, line)
                path = (*path, index)
            elif path in self.tables:
                path = (*path, self.tables[path])
            else:
                self.found.lines.setdefault(path, line)
        self.found.lines[path] = line
        return path

    def key_path(self) -> list[str]:
        keys = []
        while True:
            self.blank(newlines=False)
            keys.append(self.key())
            self.blank(newlines=False)
            if self.peek() != ".":
                return keys
            self.at += 1

    def key(self) -> str:
        if self.peek() in "\"'":
            return self.string()
        start = self.at
        while self.at < len(self.text) and self.text[self.at] in _BARE:
            self.at += 1
        return self.text[start : self.at]

    def pair(self, prefix: Path) -> None:
        line = self.here()
        path: Path = (*prefix, *self.key_path())
        for length in range(len(prefix) + 1, len(path) + 1):
            self.found.lines.setdefault(path[:length], line)
        self.at += 1
        self.blank(newlines=False)
        self.value(path)

    def value(self, path: Path) -> None:
        char = self.peek()
        if char and char in "\"'":
            self.string()
        elif char == "[":
            self.array(path)
        elif char == "{":
            self.inline_table(path)
        else:
            start = self.at
            while self.at < len(self.text) and self.text[self.at] not in ",]}#\n":
                self.at += 1
            self.found.texts[path] = self.text[start : self.at].strip()

    def array(self, path: Path) -> None:
        self.at += 1
        index = 0
        while True:
            self.blank()
            if self.peek() in ("]", ""):
                self.at += 1
                return
            if self.peek() == ",":
                self.at += 1
                continue
            self.found.lines[(*path, index)] = self.here()
            self.value((*path, index))
            index += 1

    def inline_table(self, path: Path) -> None:
        self.at += 1
        while True:
            self.blank()
            if self.peek() in ("}", ""):
                self.at += 1
                return
            if self.peek() == ",":
                self.at += 1
                continue
            self.pair(path)

    def string(self) -> str:
        """Skip a string and give its content; escapes are resolved, so that quoted keys compare equal."""
        quote = self.peek()
        multiline = self.peek(3) == quote * 3
        end = quote * 3 if multiline else quote
        self.at += len(end)
        out: list[str] = []
        while self.at < len(self.text) and self.peek(len(end)) != end:
            if quote == '"' and self.peek() == "\\":
                out.append(self.escape())
            else:
                out.append(self.peek())
                self.at += 1
        self.at += len(end)
        while multiline and self.peek() == quote:  # up to two quotes may stand before the closing three
            self.at += 1
        return "".join(out)

    def escape(self) -> str:
        kind = self.text[self.at + 1 : self.at + 2]
        digits = {"x": 2, "u": 4, "U": 8}.get(kind, 0)
        code = self.text[self.at + 2 : self.at + 2 + digits]
        self.at += 2 + digits
        return chr(int(code, 16)) if digits else _ESCAPES.get(kind, "")
