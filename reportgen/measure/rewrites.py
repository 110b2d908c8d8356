"""Did the library do what was written? Its results for an expression beside those of the forms that it may have made.

Each form is carried out step by step: arithmetic rounded by MPFR (:mod:`reportgen.oracle.stepwise`), other functions by
the target itself, called alone on the same array, so that no compiler sees two steps together. A form's values exist
twice, with gradual underflow and with subnormal numbers taken for zero: a target that flushes them has rewritten
nothing.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from reportgen.catalogue.rewrites import FORMS, OTHER, WIDER, WRITTEN, Form
from reportgen.catalogue.rows import lookup
from reportgen.core.agreement import bitwise_equal, distances
from reportgen.core.floats import F64, FORMATS, Bool, Exact, Format, round_exact
from reportgen.core.metrics import REGIME_INDEX, rounded_float, score
from reportgen.core.sampling import GROUPS
from reportgen.measure.bench import Bench, Request
from reportgen.measure.inputs import CHUNK, body_arrays, body_values
from reportgen.measure.judging import exact_text, hex_tuple, hexfloat
from reportgen.measure.report_rows import case_key
from reportgen.oracle.exact import exact_ulp_error
from reportgen.oracle.stepwise import Steps, asks, flushed, parse

if TYPE_CHECKING:
    from reportgen.measure.elementwise import Measurement

WIDER_FORMATS = {"float16": "float32", "bfloat16": "float32", "float32": "float64"}
WIDER_WORDS = "every step in {} and rounded once at the end"


@dataclass
class Values:
    """One form's values at the case's points; ``flushed`` with subnormal numbers taken for zero."""

    form: Form
    plain: F64
    flushed: F64

    def gives(self, output: F64) -> tuple[Bool, Bool]:
        """Where a target's output is the form's value, and where it is so only with subnormals flushed."""
        equal = bitwise_equal(output, self.plain)
        return equal, bitwise_equal(output, self.flushed) & ~equal

    def differs(self, other: Values) -> Bool:
        """Where neither value of this form is one of the other's."""
        same = bitwise_equal(self.plain, other.plain) | bitwise_equal(self.flushed, other.flushed)
        crossed = bitwise_equal(self.plain, other.flushed) | bitwise_equal(self.flushed, other.plain)
        return ~(same | crossed)


class Forms:
    """The forms of one expression at a case's points; those that no library is asked about are shared by targets."""

    def __init__(self, bench: Bench, name: str, args: Sequence[F64], fmt: Format) -> None:
        self.bench, self.forms, self.args, self.fmt = bench, FORMS[name], args, fmt
        self.steps: dict[tuple[str, str, bool], Steps] = {}
        self.answers: dict[tuple[str, ...], F64 | None] = {}

    def of(self, target: str) -> list[Values]:
        """Every form that the target has the functions for, what was written first."""
        made = [self.values(form, target) for form in self.forms]
        return [v for v in [*made, self.wider(target)] if v is not None]

    def values(self, form: Form, target: str) -> Values | None:
        tree = parse(form.program)
        owner = target if asks(tree) else ""
        plain, zeros = (self.made(owner, self.fmt, flush).values(tree) for flush in (False, True))
        return None if plain is None or zeros is None else Values(form, plain, zeros)

    def wider(self, target: str) -> Values | None:
        """What was written, carried out in the next wider dtype; functions are asked in it for 16-bit dtypes only."""
        wide = FORMATS.get(WIDER_FORMATS.get(self.fmt.name, ""))
        tree = parse(self.forms[0].program)
        if wide is None or (asks(tree) and self.fmt.bits > 16):
            return None
        values = self.made(target if asks(tree) else "", wide, False).values(tree)
        if values is None:
            return None
        once = round_exact(Exact.of_values(values), self.fmt).nearest
        form = Form(WIDER, self.forms[0].program, WIDER_WORDS.format(wide.name))
        return Values(form, once, flushed(once, self.fmt))

    def made(self, target: str, fmt: Format, flush: bool) -> Steps:
        """The steps of a target (none: those that no library is asked about), which are computed once each."""
        key = (target, fmt.name, flush)
        if key not in self.steps:
            self.steps[key] = Steps(self.args, fmt, lambda name, columns: self.ask(target, fmt, name, columns), flush)
        return self.steps[key]

    def ask(self, target: str, fmt: Format, name: str, columns: Sequence[F64]) -> F64 | None:
        """A function of the catalogue alone, in a long array like the expression's; asked once for equal arguments."""
        digest = hashlib.sha256(b"".join(c.tobytes() for c in columns)).hexdigest()
        key = (target, fmt.name, name, digest)
        if key not in self.answers:
            request = Request(lookup(name), fmt).with_inputs(body_arrays(tuple(columns)), cut=CHUNK)
            reply = self.bench.ask(request, [target])[target]
            known = reply.outcome.ok and reply.fmt == fmt
            self.answers[key] = body_values(reply.values, len(columns[0])) if known else None
        return self.answers[key]


def rewrite_rows(m: Measurement) -> list[dict[str, Any]]:
    """Rows of the table ``rewrites`` (see ``docs/results.md``): one a target and form, and one for what none gives."""
    forms = Forms(m.bench, m.row.name, m.args, m.fmt)
    groups = preferred(m)
    rows: list[dict[str, Any]] = []
    owns: dict[bytes, dict[str, Any]] = {}
    for target in m.live:
        if m.answers.formats[target] != m.fmt:
            continue
        made = forms.of(target)
        if not made or made[0].form.name != WRITTEN:
            continue
        cells = compared(m.answers.values[target], made, m.fmt, groups)
        bits = made[0].plain.tobytes()
        owns.setdefault(bits, own_error(m, made[0].plain))
        cells[0]["_own"] = owns[bits]
        rows += [dict(case_key(m.case, target), **c) for c in cells]
    return finished(m, rows)


def compared(output: F64, made: Sequence[Values], fmt: Format, groups: Sequence[Bool]) -> list[dict[str, Any]]:
    """A target's output beside the forms, in their order; ``_at`` is the place of a row's example, None without one.

    ``equal``: results that are the form's; ``flushed``: those that are so only with subnormals taken for zero;
    ``further``: results that no earlier form gives. Where the form differs from what was written (``told`` results),
    ``taken`` are the form's and ``kept`` those of what was written. ``groups``: where to look for examples, best first.
    """
    written = made[0]
    as_written = np.logical_or(*written.gives(output))
    covered = np.zeros(len(output), bool)
    rows = []
    for values in made:
        equal, zeros = values.gives(output)
        hit = equal | zeros
        told = np.zeros(len(output), bool) if values is written else values.differs(written)
        shown = ~hit if values is written else hit & told
        beside = values if values is written else written
        row = {
            "form": values.form.name, "program": values.form.program, "words": values.form.words,
            "compared": len(output), "equal": int(equal.sum()), "flushed": int(zeros.sum()),
            "further": int((hit & ~covered).sum()), "told": int(told.sum()), "taken": int((told & hit).sum()),
            "kept": int((told & as_written).sum()),
        }  # fmt: skip
        rows.append({**row, **example(output, beside.plain, shown, fmt, groups)})
        covered |= hit
    none = {"form": OTHER, "program": "", "words": "none of these", "compared": len(output)}
    rows.append({**none, "further": int((~covered).sum()), **example(output, written.plain, ~covered, fmt, groups)})
    return rows


def example(output: F64, beside: F64, shown: Bool, fmt: Format, groups: Iterable[Bool]) -> dict[str, Any]:
    """The place among ``shown`` where output and ``beside`` are farthest apart, in the first group that has one."""
    for group in groups:
        index = np.flatnonzero(shown & group)
        if len(index):
            apart = distances(output[index], beside[index], fmt)
            apart = np.where(apart < 0, np.iinfo(np.int64).max, apart)  # NaN beside a number is farthest
            at = int(index[np.argmax(apart)])
            return {"_at": at, "output": hexfloat(output[at]), "written_output": hexfloat(beside[at])}
    return {"_at": None}


def preferred(m: Measurement) -> list[Bool]:
    """Where examples are looked for: typical inputs, then normal results, then finite inputs, then everywhere."""
    finite = np.logical_and.reduce([np.isfinite(a) for a in m.args])
    typical = m.group == GROUPS.index("typical")
    ordinary = np.isfinite(m.exact.hi) & (np.abs(m.exact.hi) >= m.fmt.min_normal)
    return [typical & ordinary, finite & ordinary, finite, np.ones(len(finite), bool)]


def own_error(m: Measurement, written: F64) -> dict[str, Any]:
    """How far what was written is from what it means: the formula's own error, whoever computes it.

    ``own_max``: the place of the largest error among results in regime ``normal``; ``own_typical``: among typical
    inputs; ``own_broken``: how many finite inputs give NaN or an infinity where the exact value rounds to a number,
    the first of them at ``broken_at``. ``values``: the formula's.
    """
    scores = score(m.args, written, m.exact, m.fmt, m.fmt)
    finite = np.logical_and.reduce([np.isfinite(a) for a in m.args])
    broken = finite & ~np.isfinite(written) & np.isfinite(round_exact(m.exact, m.fmt).nearest) & ~m.exact.undecided
    usable = (scores.regime == REGIME_INDEX["normal"]) & ~scores.mismatch & np.isfinite(scores.signed)
    found: dict[str, Any] = {"values": written, "own_broken": int(broken.sum())}
    found["broken_at"] = int(np.flatnonzero(broken)[0]) if broken.any() else None
    for name, chosen in (("own_max", usable), ("own_typical", usable & (m.group == GROUPS.index("typical")))):
        index = np.flatnonzero(chosen)
        found[name] = int(index[np.argmax(scores.magnitude[index])]) if len(index) else None
    return found


def finished(m: Measurement, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The rows with inputs, and with exact values and maxima as mpmath has them, all points settled together.

    Raises OracleDisagreement where mpmath contradicts the enclosure.
    """
    owns = [r["_own"] for r in rows if "_own" in r]
    places = [r["_at"] for r in rows] + [own[name] for own in owns for name in ("own_max", "own_typical")]
    points = sorted({at for at in places if at is not None})
    settled: dict[int, Exact] = {}
    if points:
        columns = tuple(a[points] for a in m.args)
        exact, _ = m.oracle.settle(m.row, columns, m.fmt.name, m.exact[np.array(points)])
        settled = {at: exact[i : i + 1] for i, at in enumerate(points)}

    def spelled(at: int) -> str:
        return hex_tuple([a[at] for a in m.args])

    for row in rows:
        at, own = row.pop("_at"), row.pop("_own", None)
        if at is not None:
            row.update(input=spelled(at), exact=exact_text(settled[at]), context=m.context(at))
        if own is None:
            continue
        row["own_broken"] = own["own_broken"]
        if own["broken_at"] is not None:
            row["own_broken_input"] = spelled(own["broken_at"])
        for name in ("own_max", "own_typical"):
            place = own[name]
            if place is not None:
                error = exact_ulp_error(float(own["values"][place]), settled[place], m.fmt)
                row[f"{name}_ulp"] = None if error is None else rounded_float(error)
                row[f"{name}_input"] = spelled(place)
    return rows
