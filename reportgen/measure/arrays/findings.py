"""Special cases of functions of arrays: NaN and infinities inside, empty and singular operands, overflow on the way.

The words of the rules (``when`` and ``then`` of :class:`reportgen.catalogue.rows.Special`) are those of
:mod:`reportgen.catalogue.arraypatterns`: the first of a function's rules that applies to a problem gives one row of the
table ``special`` for each target; a problem to which none applies gives none.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from reportgen.catalogue.arraypatterns import MARKS, RESULT_WORDS, operands_fit, parts
from reportgen.catalogue.rows import FunctionRow, Special
from reportgen.core.dtypes import DTYPES, ComplexFormat, Dtype
from reportgen.core.floats import F64, FORMATS, Exact, Format, round_exact, scale
from reportgen.core.problems import Arrays
from reportgen.measure.arrays.elements import bound_ratio
from reportgen.measure.equalrows import is_truth_value
from reportgen.measure.natives import spelled
from reportgen.oracle.arrays.reference import ArrayReference

if TYPE_CHECKING:
    from reportgen.measure.arrays.asking import ArrayReply, Output

References = dict[str, ArrayReference]
UNSPECIFIED = "unspecified"
ZERO_SHARE = 0.125
SHOWN = 4
"""Up to so many elements of a result are shown side by side; of more, the one that matters."""


def finding_rows(
    row: FunctionRow, arrays: Arrays, target: str, reply: ArrayReply, references: References
) -> list[dict[str, Any]]:
    """Rows of the table ``special`` for one target's answer to one problem; none where no rule applies.

    Of a reply that is an error (a problem that is ``refusable``), ``got`` is ``refused`` and the reason. One row
    holds all results of a function that has several, ``NAME = VALUE`` each.
    """
    rule = rule_of(row, arrays, references)
    if rule is None:
        return []
    common = {
        "function": row.name, "dtype": arrays.dtype, "target": target, "path": "body",
        "sentence": rule.sentence, "source": rule.source,
    }  # fmt: skip
    given = input_text(arrays)
    choices = rule.then.split(" or ")
    if not reply.outcome.ok:
        agrees = "refused" in choices or UNSPECIFIED in choices
        wanted = wanted_text(choices, references, arrays)
        return [{**common, "input": given, "expected": wanted, "got": f"refused: {reply.outcome.reason}",
                 "agrees": int(agrees), "result_dtype": arrays.dtype}]  # fmt: skip
    verdicts = [Verdict(choice, arrays, reply.outputs, references) for choice in choices if choice != "refused"]
    shown = next((v for v in verdicts if v.agrees), verdicts[0] if verdicts else None)
    first = next(iter(reply.outputs.values()))
    if shown is None:
        shown = Verdict(UNSPECIFIED, arrays, reply.outputs, references)
        shown.agrees = False
    expected = rule.then if len(choices) > 1 or rule.then == "refused" else shown.expected
    return [{**common, "input": given + shown.where, "expected": expected, "got": shown.got,
             "agrees": int(shown.agrees), "result_dtype": first.fmt.name}]  # fmt: skip


def rule_of(row: FunctionRow, arrays: Arrays, references: References) -> Special | None:
    """The first rule of a function that applies to a problem."""
    return next((s for s in row.specials if applies(s.when[0], arrays, references)), None)


def applies(when: str, arrays: Arrays, references: References) -> bool:
    """Whether a condition holds of a problem. Raises ValueError for a word that is not in the language."""
    for word in when.split(" and "):
        if word in MARKS:
            holds = any(r.extra.get(word, 0.0) for r in references.values())
        elif word in RESULT_WORDS:
            holds = _results_fit(word, arrays, references)
        else:
            holds = operands_fit(word, arrays)
        if not holds:
            return False
    return True


def _results_fit(word: str, arrays: Arrays, references: References) -> bool:
    fmt = DTYPES[arrays.dtype]
    real = fmt.part if isinstance(fmt, ComplexFormat) else fmt if isinstance(fmt, Format) else FORMATS["float64"]
    exacts = [y for r in references.values() for y in (r.exact, r.imag) if y is not None]
    if word == "result nan":
        return any(np.isnan(y.hi).any() for y in exacts)
    if word == "result ±inf":
        return any(np.isinf(y.hi).any() for y in exacts)
    nearest = [(np.isfinite(y.hi), np.isfinite(round_exact(y, real).nearest)) for y in exacts]
    if word == "result overflow":
        return any(bool((number & ~fits).any()) for number, fits in nearest)
    return all(bool(fits.all()) for _, fits in nearest)


def input_text(arrays: Arrays) -> str:
    """The operands as they are spelled, with the parameters of the call."""
    text = arrays.problem.spelling(arrays.seed)
    said = ", ".join(f"{name}={value!r}" for name, value in arrays.problem.parameters if value is not None)
    return f"{text} ({said})" if said else text


def wanted_text(choices: list[str], references: References, arrays: Arrays) -> str:
    """What was expected of a target that refused."""
    if len(choices) > 1 or choices[0] != "value":
        return " or ".join(choices)
    fmt = DTYPES[arrays.dtype]
    said = []
    for name, reference in references.items():
        texts = [expected_text(reference, i, fmt) for i in range(min(len(reference.positions), SHOWN))]
        said.append((f"{name} = " if name else "") + ";".join(texts))
    return ", ".join(said)


class Verdict:
    """Whether results meet one alternative of a rule; ``expected``, ``got`` and ``where`` are what is shown of them."""

    def __init__(self, choice: str, arrays: Arrays, outputs: dict[str, Output], references: References) -> None:
        words = parts(choice)
        names = [name for name in references if name in words or "" in words]
        looked = [
            Look(words.get(name, words.get("", "")), arrays, outputs[name], references[name]) for name in names
        ]  # fmt: skip
        self.agrees = all(look.agrees for look in looked)
        wrong = [(n, k) for n, k in zip(names, looked, strict=True) if not k.agrees]
        shown = wrong or list(zip(names, looked, strict=True))
        self.expected = _joined([(name, look.expected) for name, look in shown])
        self.got = _joined([(name, look.got) for name, look in shown])
        self.where = next((look.where for _, look in shown if look.where), "")


def _joined(pairs: list[tuple[str, str]]) -> str:
    texts = {text for _, text in pairs}
    if len(texts) == 1 and texts <= {UNSPECIFIED}:
        return UNSPECIFIED
    return ", ".join(f"{name} = {text}" if name else text for name, text in pairs)


class Look:
    """One result beside what a word asks of each of its judged elements."""

    def __init__(self, word: str, arrays: Arrays, output: Output, reference: ArrayReference) -> None:
        positions = reference.positions
        self.where = ""
        if output.values.shape != reference.shape:
            self.agrees = False
            self.expected, self.got = f"shape {reference.shape}", f"shape {output.values.shape}"
            return
        if not len(positions):
            self.agrees = word in (UNSPECIFIED, "value")
            self.expected = word
            self.got = ";".join(spelled(v) for v in output.flat[:SHOWN]) or "nothing"
            return
        computed = output.flat[positions]
        good = met(word, computed, output.fmt, reference, arrays.problem.elements())
        self.agrees = bool(good.all())
        places = list(range(len(positions)))
        if len(positions) > SHOWN:
            telling = np.flatnonzero(~good), np.flatnonzero(~np.isfinite(reference.exact.hi))
            places = [int(next((t[0] for t in telling if len(t)), 0))]
            at = np.unravel_index(int(positions[places[0]]), reference.shape)
            self.where = f" element ({', '.join(str(int(k)) for k in at)})"
        self.got = ";".join(spelled(computed[i]) for i in places)
        values = [expected_text(reference, i, output.fmt) for i in places]
        self.expected = ";".join(values) if word == "value" else word


def expected_text(reference: ArrayReference, i: int, fmt: Dtype) -> str:
    """The exact value of a judged element, rounded to the result's dtype."""
    y = reference.exact[i : i + 1]
    if is_truth_value(fmt):
        return str(int(y.hi[0]))
    if isinstance(fmt, ComplexFormat):
        assert reference.imag is not None
        real, imag = (round_exact(part, fmt.part).nearest[0] for part in (y, reference.imag[i : i + 1]))
        return spelled(complex(real, imag))
    assert isinstance(fmt, Format)
    return spelled(round_exact(y, fmt).nearest[0])


def met(word: str, computed: Any, fmt: Dtype, reference: ArrayReference, n: int) -> Any:
    """Where computed elements are what a word of :mod:`reportgen.catalogue.arraypatterns` asks for.

    ``n`` is the number of elements of the operands, by which the bound of any order of evaluation grows.
    """
    if word == "value":
        return _meets_value(computed, fmt, reference, n)
    if word == UNSPECIFIED:
        return np.ones(len(computed), bool)
    if word == "finite":
        return np.isfinite(computed)
    if word == "nan":
        return np.isnan(computed)
    if word == "±inf":
        return np.isinf(computed)
    if word == "either zero":
        return computed == 0
    number = float(word)
    equal = computed == number
    return equal & (np.signbit(computed) == np.signbit(number)) if word in ("+0", "-0") else equal


def _meets_value(computed: Any, fmt: Dtype, reference: ArrayReference, n: int) -> Any:
    if is_truth_value(fmt):
        return computed.astype(np.int64) == reference.exact.hi.astype(np.int64)
    if isinstance(fmt, ComplexFormat):
        assert reference.imag is not None
        pairs = ((computed.real, reference.exact), (computed.imag, reference.imag))
        good = [_meets_real(part, y, fmt.part, reference, n) for part, y in pairs]
        # A complex number is NaN if one of its parts is.
        nan = np.isnan(reference.exact.hi) | np.isnan(reference.imag.hi)
        return np.where(nan, np.isnan(computed), good[0] & good[1])
    assert isinstance(fmt, Format)
    return _meets_real(computed, reference.exact, fmt, reference, n)


def _meets_real(computed: Any, y: Exact, fmt: Format, reference: ArrayReference, n: int) -> Any:
    nearest = round_exact(y, fmt).nearest
    same_kind = np.where(np.isfinite(nearest), np.isfinite(computed), computed == nearest)
    good = np.where(np.isnan(nearest), np.isnan(computed), same_kind)
    for i in np.flatnonzero(good & np.isfinite(nearest)):
        one = slice(int(i), int(i) + 1)
        if reference.settled_by == "selection":
            good[i] = computed[i] == nearest[i]
            continue
        good[i] = computed[i] == nearest[i] or _within(computed[one], y[one], reference.condition[one], fmt, n)
    return good | y.undecided


def _within(computed: F64, y: Exact, condition: F64, fmt: Format, n: int) -> bool:
    """Whether one number is as near its exact value as any order of evaluation brings it: n roundings of C.

    With n·u ≥ 1, as soon among 16-bit numbers, that says nothing: an error of C or more is none of rounding. Nor is a
    zero in the place of a number, unless cancellation leaves no more than an eighth of C of it. In the range of
    subnormals every operation may be off by half of the smallest one; but none of these makes a number zero.
    """
    ratio = bound_ratio(computed, y, condition, fmt)
    if ratio is None:
        return True
    whole = 2.0**fmt.p  # the ratio of an error as large as C
    if computed[0] != 0:
        return ratio <= min(n + 8, whole) or bool(abs(computed - scale(y.hi, y.exp2))[0] <= n * fmt.min_subnormal)
    size, most = float(abs(scale(y.hi, y.exp2))[0]), float(condition[0])
    return size <= ZERO_SHARE * most and size <= max((n + 8) / whole * most, n * fmt.min_subnormal)
