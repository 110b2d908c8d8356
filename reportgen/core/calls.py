"""How the catalogue writes a library's function: a dotted path, fixed keyword arguments, and which result is meant.

``numpy.exp`` · ``tensorflow.nn.gelu(approximate=True)`` · ``numpy.modf[0]`` (the first of several results).
Keyword values are Python literals.
"""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass

_CALL = re.compile(r"([A-Za-z_][\w.]*)(?:\((.*)\))?(?:\[(\d+)\])?")


@dataclass(frozen=True)
class LibraryCall:
    """A parsed call: dotted ``path``, ``keywords`` as (name, literal) pairs, and the number of the result or None."""

    path: str
    keywords: tuple[tuple[str, object], ...] = ()
    item: int | None = None

    def text(self, arguments: str, path: str | None = None) -> str:
        """The call as Python source; ``path`` replaces the dotted path (``np.exp`` for ``numpy.exp``)."""
        given = "".join(f", {name}={value!r}" for name, value in self.keywords)
        item = "" if self.item is None else f"[{self.item}]"
        return f"{path or self.path}({arguments}{given}){item}"


def parse_call(text: str) -> LibraryCall:
    """Read a catalogue's call. Raises ValueError for anything that is not one."""
    found = _CALL.fullmatch(text)
    if found is None:
        raise ValueError(f"{text!r} is not a dotted path with keyword arguments and a result number")
    keywords: list[tuple[str, object]] = []
    if found[2] is not None:
        call = ast.parse(f"f({found[2]})", mode="eval").body
        if not isinstance(call, ast.Call) or call.args or any(k.arg is None for k in call.keywords):
            raise ValueError(f"{text!r}: expected keyword arguments only")
        keywords = [(str(k.arg), ast.literal_eval(k.value)) for k in call.keywords]
    return LibraryCall(found[1], tuple(keywords), None if found[3] is None else int(found[3]))
