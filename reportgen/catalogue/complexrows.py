"""What the catalogue says of a function of complex numbers beyond its row: cuts, special cases, where to look.

The function keeps its one row (:class:`reportgen.catalogue.rows.FunctionRow`), which names the libraries' calls; a
:class:`ComplexRow` of the same name says what it means in complex64 and complex128.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

Rectangle = tuple[tuple[float, float], tuple[float, float]]
When = tuple[str, str] | str


@dataclass(frozen=True)
class ComplexSpecial:
    """One special case of a complex function; ``source`` names a clause or a page. The first match wins.

    ``when`` and ``then`` are written in the language of :mod:`reportgen.catalogue.complexpatterns`.
    """

    when: tuple[When, ...]
    then: tuple[str, str] | str
    sentence: str
    source: str


@dataclass(frozen=True)
class Cut:
    """A branch cut on the ``real`` or ``imaginary`` axis from ``low`` to ``high`` (texts, see ``critical``).

    ``side`` says which side a zero of positive sign of the other part belongs to: on a cut the value is the limit from
    the side that the sign of that zero names, so with signed zeros the function is continuous from both sides.
    """

    axis: str
    low: str
    high: str
    side: str


@dataclass(frozen=True)
class ComplexRow:
    """The complex side of the function ``name``.

    ``oracle`` is a name of :mod:`reportgen.oracle.complexes`; ``result`` is ``complex``, ``real`` or ``bool``;
    ``formula`` says for readers what is computed, ``domain`` where. ``cuts`` are the branch cuts, ``critical`` points
    (texts of the real and the imaginary part, see :mod:`reportgen.catalogue.critical`) near which libraries go wrong,
    ``specials`` the rules, ``typical`` the rectangle per argument in which users live. ``numpy``, ``tensorflow`` and
    ``scipy`` replace the row's call where the complex one has another name.
    """

    name: str
    oracle: str
    formula: str
    arity: int = 1
    result: str = "complex"
    domain: str = "all complex numbers"
    cuts: tuple[Cut, ...] = ()
    critical: tuple[tuple[str, str], ...] = (("0", "0"), ("1", "0"), ("0", "1"))
    specials: tuple[ComplexSpecial, ...] = ()
    typical: tuple[Rectangle, ...] = (((-10.0, 10.0), (-10.0, 10.0)),)
    numpy: str | None = None
    tensorflow: str | None = None
    scipy: str | None = None


def _swapped(word: str) -> str:
    return word if word == "any" else word.translate(str.maketrans("xy", "yx"))


def negated(word: str) -> str:
    """The result word of the opposite sign."""
    if word in ("any", "nan", "±0", "±inf", "value"):
        return word
    return word[1:] if word.startswith("-") else "-" + word.removeprefix("+")


def turned(rule: ComplexSpecial, identity: str, even: bool = False) -> ComplexSpecial:
    """The rule of f(z) = −i·g(iz) out of g's, for odd g; of f(z) = g(iz) for even g.

    All g here are conjugate-symmetric, so that g(−w̄) = −conj g(w) (odd) or conj g(w) (even); g(y + ix) = a + ib then
    gives f(x + iy) = b + ia (odd), a − ib (even). ``identity`` is quoted before the sentence.
    """
    (when,) = rule.when
    if isinstance(when, str) or isinstance(rule.then, str):
        raise ValueError("only rules by parts can be turned")
    re, im = (_swapped(word) for word in rule.then)
    then = (re, negated(im)) if even else (im, re)
    return replace(rule, when=((when[1], when[0]),), then=then, sentence=f"By {identity}: {rule.sentence}")
