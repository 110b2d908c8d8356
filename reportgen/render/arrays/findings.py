"""NaNs, infinities and zeros that functions of arrays return where something else is due, in words."""

from __future__ import annotations

from reportgen.core import formatting as f
from reportgen.render import answer
from reportgen.render.arrays.data import array_functions
from reportgen.render.stored import Row, Stored, is_defined
from reportgen.render.summary import joined_by_value

LOST, MADE, FLUSHED, OTHER = "lost", "made", "flushed", "other"
LEADS = {
    LOST: "NaN is due, and something else comes out",
    MADE: "A number is due, and NaN or an infinity comes out",
    FLUSHED: "A number other than 0 is due, and 0 comes out, of subnormal numbers or where a step underflows",
    OTHER: "Other listed rules are broken",
}
TOLD = 8
"""So many functions are named for each target."""


def sort_of(row: Row) -> str:
    """What is wrong with a special case: NaN lost, NaN or infinity made, a number taken for zero, or something else."""
    expected, got = str(row["expected"]), str(row["got"])
    if expected == "nan":
        return LOST
    if not _number(expected) or not got:
        return OTHER
    if not _number(got):
        return MADE if "nan" in got or "inf" in got else OTHER
    return FLUSHED if _zero(got) and not _zero(expected) else OTHER


def _parts(text: str) -> list[float]:
    try:
        return [float.fromhex(part) if "0x" in part else float(part) for part in text.split(",")]
    except (ValueError, OverflowError):
        return []


def _number(text: str) -> bool:
    """Whether all parts are finite numbers."""
    parts = _parts(text)
    return bool(parts) and all(abs(x) < float("inf") for x in parts)


def _zero(text: str) -> bool:
    return all(x == 0 for x in _parts(text))


def sentences(stored: Stored) -> list[str]:
    """How many checks of documented rules fail, then a sentence for every sort of failure: targets and functions."""
    tried = wrong = 0
    found: dict[str, dict[str, dict[str, None]]] = {}
    names = {str(function["name"]) for function, _ in array_functions(stored)}
    for name in sorted(names):
        for row in stored.of("special", name):
            tried += is_defined(row)
            if is_defined(row) and not row["agrees"]:
                wrong += 1
                by = found.setdefault(sort_of(row), {})
                by.setdefault(str(row["target"]), {})[name] = None
    if not tried:
        return []
    what = "of NaNs, infinities, zeros and refusals against the rules listed with their sources"
    checks = f"{f.plural(tried, 'check')} {what}"
    if not wrong:
        return [f"All {checks} came out as required."]
    told = [_sentence(stored, sort, found[sort]) for sort in LEADS if sort in found]
    return [f"Of {checks}, {f.count(wrong)} fail.", *told]


def _sentence(stored: Stored, sort: str, by: dict[str, dict[str, None]]) -> str:
    order = [str(t["name"]) for t in stored.targets]
    said = ((answer.shown(t), _names(list(by[t]))) for t in sorted(by, key=order.index))
    told = [f"{', '.join(who)}: {what}" for who, what in joined_by_value(said)]
    return f"{LEADS[sort]}. {'; '.join(told)}."


def _names(names: list[str]) -> str:
    rest = len(names) - TOLD
    return f.listing(names) if rest <= 0 else f"{', '.join(names[:TOLD])} and {f.count(rest)} more"
