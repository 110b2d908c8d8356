"""What conversions must give, rule by rule, and the rows that say what they gave."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from reportgen.catalogue.casts import RULES, UNSPECIFIED
from reportgen.core.dtypes import ComplexFormat, Dtype, IntegerFormat
from reportgen.core.floats import F64, FORMATS, Bool, Exact, Format, Rounded, round_exact
from reportgen.core.metrics import REGIME_INDEX
from reportgen.measure.castinputs import EXAMPLES
from reportgen.measure.equalrows import EqualJudged, equal_rows, is_truth_value
from reportgen.measure.natives import native, part_format, real_part, same, spelled
from reportgen.measure.scoredrows import Scored, scored_rows
from reportgen.oracle.casts import IntegerTruth, to_bool, to_integer, wrap

NORMAL, EDGE, SPECIAL = (REGIME_INDEX[name] for name in ("normal", "overflow-edge", "special"))


@dataclass(frozen=True)
class Truth:
    """Required results of converting ``values`` to ``fmt``; ``whole`` for integers and bool, else ``parts``.

    ``parts`` are the exact real and imaginary parts, ``nearest`` the required result as an array of the destination
    (undefined entries 0), ``defined`` says where there is one. ``source`` is the format of the values.
    """

    values: Any
    source: Dtype
    fmt: Dtype
    parts: tuple[Exact, Exact]
    nearest: Any
    defined: Bool
    whole: IntegerTruth | None = None

    @classmethod
    def of(cls, values: Any, source: Dtype, fmt: Dtype, parts: tuple[Exact, Exact]) -> Truth:
        if is_truth_value(fmt):
            whole = to_integer(values, fmt) if isinstance(fmt, IntegerFormat) else to_bool(values)
            return cls(values, source, fmt, parts, native(whole.expected, fmt), whole.defined, whole)
        part = part_format(fmt)
        nearest: Any = round_exact(parts[0], part).nearest
        if isinstance(fmt, ComplexFormat):
            re, nearest = nearest, np.empty(len(values), np.complex128)
            nearest.real, nearest.imag = re, round_exact(parts[1], part).nearest
        return cls(values, source, fmt, parts, nearest, np.ones(len(values), bool))

    def right(self, results: Any, index: int) -> bool | None:
        """Whether the result at an index is the required one; None where nothing is defined."""
        if not self.defined[index]:
            return None
        if self.whole is not None:
            return int(results[index]) == int(self.nearest[index])
        return bool(same(results[index : index + 1], self.nearest[index : index + 1])[0])


def path_rows(
    truth: Truth, path: str, point: Any, computed: Any, context: Callable[[int], str]
) -> list[dict[str, Any]]:
    """The rows of one target on one path; ``point`` holds the index of each result's input."""
    if truth.whole is not None:
        return equal_rows(equal_judged(truth, path, point, computed, context), lambda i: spelled(truth.values[i]))
    if not isinstance(truth.fmt, ComplexFormat):
        return part_rows(truth, path, "ulp", point, computed, truth.parts[0], context)
    rows = part_rows(truth, path, "re", point, np.ascontiguousarray(computed.real), truth.parts[0], context)
    return rows + part_rows(truth, path, "im", point, np.ascontiguousarray(computed.imag), truth.parts[1], context)


def equal_judged(truth: Truth, path: str, point: Any, computed: Any, context: Callable[[int], str]) -> EqualJudged:
    """Results of a conversion to an integer dtype or bool beside the required ones."""
    assert truth.whole is not None
    size = np.abs(real_part(truth.values))
    regime = np.where(truth.whole.wrapped, EDGE, np.where(np.isfinite(size), NORMAL, SPECIAL))
    regime = np.where(truth.whole.defined, regime, -1)
    return EqualJudged(path, point, computed, truth.nearest[point], regime[point], size[point], context)


def part_rows(
    truth: Truth, path: str, metric: str, point: Any, computed: F64, y: Exact, context: Callable[[int], str]
) -> list[dict[str, Any]]:
    """Rows of one real part of the results, scored in ulp; regimes are those of the same part of the input."""
    imaginary = metric == "im" and truth.values.dtype.kind == "c"
    args = (np.ascontiguousarray(truth.values.imag) if imaginary else real_part(truth.values),)
    formats = part_format(truth.fmt), part_format(truth.source)
    return scored_rows(
        Scored(path, metric, args, y, point, computed, *formats, lambda i: spelled(truth.values[i]), context)
    )


# -- special cases -----------------------------------------------------------------------------------
def examples(truth: Truth) -> list[tuple[str, int]]:
    """(name of the rule, index of an input) for every rule that some input falls under."""
    out: list[tuple[str, int]] = []
    for name, mask in rule_masks(truth).items():
        out += [(name, index) for index in picked(truth.values, mask)]
    return out


def picked(values: Any, mask: Bool) -> list[int]:
    """A few of the marked inputs: the smallest positive, the smallest negative, the one in the middle."""
    index = np.flatnonzero(mask)
    if not len(index):
        return []
    x = real_part(values[index])
    order = index[np.argsort(np.abs(x), kind="stable")]
    negative = np.signbit(real_part(values[order]))
    chosen = [*order[~negative][:1].tolist(), *order[negative][:1].tolist(), int(order[len(order) // 2])]
    return list(dict.fromkeys(chosen))[:EXAMPLES]


def rule_masks(truth: Truth) -> dict[str, Bool]:
    """Which inputs fall under which rule of :data:`reportgen.catalogue.casts.RULES`, for this destination."""
    x = real_part(truth.values)
    complex_source = truth.values.dtype.kind == "c"
    integers = truth.values.dtype.kind in "iu"
    im = np.ascontiguousarray(truth.values.imag) if complex_source else np.zeros(len(x))
    out: dict[str, Bool] = {}
    if complex_source and not isinstance(truth.fmt, ComplexFormat) and truth.fmt.name != "bool":
        out["imaginary part dropped"] = truth.defined & (im != 0) & np.isfinite(x) & (x != 0)
    if isinstance(truth.fmt, IntegerFormat):
        assert truth.whole is not None
        if integers:
            return {**out, "integer wraps": truth.whole.wrapped}
        out |= {"nan to integer": np.isnan(x), "inf to integer": np.isinf(x)}
        out["out of range"] = ~truth.defined & np.isfinite(x)
        out["towards zero"] = truth.defined & (x != np.trunc(x))
        return out
    if truth.fmt.name == "bool":
        if complex_source:
            return {"complex to bool": (x == 0) & ~np.isnan(im), "nan to bool": np.isnan(x) & (im == 0)}
        tiny = np.abs(x) <= part_format(truth.source).min_normal
        return {"nan to bool": np.isnan(x), "to bool": (x == 0) | (tiny & ~np.asarray(integers))}
    if isinstance(truth.fmt, ComplexFormat) and not complex_source:
        out["real to complex"] = np.isfinite(x)
    return out | rounding_masks(truth, x, integers)


def rounding_masks(truth: Truth, x: F64, integers: bool) -> dict[str, Bool]:
    """The rules about rounding to a floating-point format (of the real part)."""
    fmt, y = part_format(truth.fmt), truth.parts[0]
    rounded = round_exact(y, fmt)
    out: dict[str, Bool] = {}
    if not integers and truth.source.name != "bool":
        out |= {"nan kept": np.isnan(x), "infinity kept": np.isinf(x), "zero kept": x == 0}
        out["into the subnormals"] = (x != 0) & (np.abs(x) < fmt.min_normal)
    edge = np.isfinite(x) & (np.abs(x) > fmt.max_finite) & (np.abs(x) < 2.0**fmt.emax * 2)
    out["overflow"] = edge & ~rounded.exact if fmt.emax < 1023 else np.zeros(len(x), bool)
    out["tie"] = halfway(y, rounded)
    out["rounded once"] = double_rounded(y, fmt, rounded)
    return out


def halfway(y: Exact, rounded: Rounded) -> Bool:
    """Where the exact value lies in the middle between two neighbours."""
    with np.errstate(invalid="ignore", over="ignore"):
        below, above = (y.hi - rounded.down) + y.lo, (rounded.up - y.hi) - y.lo
    return np.asarray(~rounded.exact & (below == above) & np.isfinite(below) & (below > 0))


def double_rounded(y: Exact, fmt: Format, rounded: Rounded) -> Bool:
    """Where rounding to float32 or to float64 first would give another result."""
    out = np.zeros(len(y), bool)
    for between in (FORMATS["float32"], FORMATS["float64"]):
        if between.p > fmt.p:
            twice = round_exact(Exact.of_values(round_exact(y, between).nearest), fmt).nearest
            out |= ~same(twice, rounded.nearest)
    return out


def special_row(truth: Truth, name: str, index: int, destination: str) -> dict[str, Any]:
    """The cells of a special case that all targets share; ``expected`` is ``unspecified`` where nothing is defined."""
    rule = RULES[name]
    value = truth.nearest[index]
    return {
        "input": f"{spelled(truth.values[index])} to {destination}",
        "expected": result_text(truth, value) if truth.defined[index] else UNSPECIFIED,
        "sentence": rule.sentence,
        "source": rule.source,
        "result_dtype": destination,
    }


def result_text(truth: Truth, value: Any) -> str:
    """A result as text: integers and truth values in decimals."""
    return str(int(value)) if truth.whole is not None else spelled(value)


def got_text(truth: Truth, index: int, result: Any) -> str:
    """A result as text, with what it amounts to where nothing is defined."""
    text = result_text(truth, result)
    return text if truth.defined[index] else f"{text} ({meaning(truth, index, int(result))})"


def meaning(truth: Truth, index: int, result: int) -> str:
    """In words, what an integer is in relation to the number that does not fit."""
    fmt, x = truth.fmt, float(truth.values[index].real)
    assert isinstance(fmt, IntegerFormat)
    if (x > fmt.high and result == fmt.high) or (x < fmt.low and result == fmt.low):
        return "saturated"
    if np.isfinite(x) and result == wrap(int(x), fmt):
        return f"wrapped modulo 2^{fmt.bits}"
    if result in (fmt.low, fmt.high) and result != 0:
        return "the smallest integer" if result == fmt.low else "the largest integer"
    return "zero" if result == 0 else "another integer"
