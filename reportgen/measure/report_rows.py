"""The stored rows of one elementwise case: measurements, agreement, special cases, self-agreement, figures' data."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from reportgen.catalogue.rows import FunctionRow
from reportgen.core.agreement import agree
from reportgen.core.agreement import compared_pairs as pairs_of
from reportgen.core.floats import F64, Exact, Format, round_exact
from reportgen.core.model import Case, TargetSpec
from reportgen.measure import subnormals
from reportgen.measure.judging import exact_text, hex_tuple, hexfloat
from reportgen.measure.profile import axis_of, target_profile
from reportgen.measure.selfcheck import PLACES, Finding

if TYPE_CHECKING:
    from reportgen.measure.elementwise import Measurement
    from reportgen.measure.paths import Judgement

CHECK_CELLS = {
    "position": ("position_differs", "position_tested"),
    "layout": ("layout_differs", "layout_tested"),
    "constant": ("constant_differs", "constant_tested"),
}
NOT_RERUN = ("gradient", "expression")
"""Kinds that are not evaluated again in a fresh process."""
SELF_CELLS = tuple(cell for cells in CHECK_CELLS.values() for cell in cells)
SPECIAL_PLACES = (("reference", "body"), ("end", "tail"), ("rank0", "scalar"))


def case_key(case: Case, target: str) -> dict[str, Any]:
    return {
        "spec": case.spec,
        "function": case.function,
        "dtype": case.dtype,
        "case": case.inputs.name,
        "target": target,
    }


def interval_text(row: FunctionRow) -> str:
    """The typical intervals in words: ``uniform [-10, 10]``."""
    return "uniform " + " × ".join(f"[{a:g}, {b:g}]" for a, b in row.typical)


def recorded_values(case: Case, fmt: Format) -> dict[str, F64]:
    """Values printed elsewhere, by target name: each decimal read as the nearest value of the format."""
    if not case.recorded:
        return {}
    recorded = json.loads(case.recorded)["recorded"]
    out = {}
    for entry in recorded:
        printed = Exact.of_values(np.array(entry["values"], dtype=np.float64))
        out[f"{entry['target']} (recorded)"] = round_exact(printed, fmt).nearest
    return out


def common_cells(m: Measurement, target: str, path: str) -> dict[str, Any]:
    """The cells that all rows of one target and path share."""
    spec = m.bench.targets.get(target)
    exhaustive = m.inputs.samples.exhaustive and path == "body"
    searched = m.searched and path == "body"
    cells = dict(
        case_key(m.case, target),
        kind=m.row.kind,
        result_dtype=m.answers.formats[target].name,
        device=spec.device if spec else "",
        depth=m.case.depth,
        coverage="exhaustive" if exhaustive else "searched" if searched else "sampled",
        status="ok",
        seed=m.case.seed,
        distribution=m.inputs.distribution,
        shape=str(len(m.args[0])) if m.inputs.as_given else "",
    )
    check = m.checks.get(target)
    if path == "body" and check is not None:
        for finding in check.findings:
            if finding.check in CHECK_CELLS:
                differs, tested = CHECK_CELLS[finding.check]
                cells[differs], cells[tested] = finding.differs, finding.tested
    return cells


def typical_cells(m: Measurement, target: str) -> dict[str, Any]:
    """The shared cells of the rows over the typical interval: a case of its own, on the path body."""
    cells = common_cells(m, target, "body")
    cells.update(case="typical", coverage="sampled", distribution=interval_text(m.row))
    return {name: value for name, value in cells.items() if name not in SELF_CELLS}


def refused_rows(m: Measurement) -> list[dict[str, Any]]:
    """One row for each target without results, with its status and reason."""
    rows = []
    for target, reply in m.answers.refused.items():
        rows.append(refused_row(m.case, m.row.kind, target, reply.outcome.status, reply.outcome.reason))
    return rows


def refused_row(case: Case, kind: str, target: str, status: str, reason: str) -> dict[str, Any]:
    return dict(
        case_key(case, target), kind=kind, regime="all", depth=case.depth, status=status, reason=reason, seed=case.seed
    )


def compared_pairs(
    case: Case,
    values: dict[str, F64],
    formats: dict[str, Format],
    exact: Exact,
    spelled: Callable[[int], str],
    targets: Mapping[str, TargetSpec],
) -> list[tuple[dict[str, Any], int | None]]:
    """Agreement of the targets that answered in one format: its row, and the index of the input that it prints.

    ``spelled`` gives the text of the input at an index.
    """
    out: list[tuple[dict[str, Any], int | None]] = []
    for first, second in pairs_of(values, targets):
        if formats[first] != formats[second]:
            continue
        a = agree(values[first], values[second], exact, formats[first])
        row = case_key(case, "")
        del row["target"]
        row.update(first=first, second=second, equal=a.equal, compared=a.compared, nan_differs=a.nan_differs)
        row.update(max_distance=a.max_distance, max_abs=a.max_abs, max_rel=a.max_rel, nearer=a.nearer)
        if a.index is not None:
            row["input"] = spelled(a.index)
            row["first_output"] = hexfloat(values[first][a.index])
            row["second_output"] = hexfloat(values[second][a.index])
        out.append((row, a.index))
    return out


def special_rows(m: Measurement, confirmed: dict[int, Exact]) -> list[dict[str, Any]]:
    """Every example of every special case on every target; one row for all paths where they agree."""
    if not m.inputs.special:
        return []
    where = {int(p): i for i, p in enumerate(m.position)}
    points = [point for _, point in m.inputs.special]
    y = Exact.concatenate([confirmed[p] for p in points])
    texts = [hex_tuple([a[p] for a in m.args]) for p in points]
    expected = {fmt.name: round_exact(y, fmt) for fmt in m.answers.formats.values()}
    rows = []
    for target, check in m.checks.items():
        result_dtype = m.answers.formats[target].name
        rounded = expected[result_dtype]
        wanted, faithful = rounded.nearest.tolist(), list(zip(rounded.down.tolist(), rounded.up.tolist(), strict=True))
        for i, (number, point) in enumerate(m.inputs.special):
            rule, either = m.row.specials[number], bool(y.either_zero[i])
            got = {p: float(check.places[k][where[point]]) for k, p in SPECIAL_PLACES if k in check.places}
            for path, value in merged(got).items():
                rows.append(
                    {
                        "function": m.row.name,
                        "dtype": m.fmt.name,
                        "target": target,
                        "path": path,
                        "input": texts[i],
                        "expected": expected_text(wanted[i], either),
                        "got": hexfloat(value),
                        "sentence": rule.sentence,
                        "source": rule.source,
                        "agrees": int(agrees(value, wanted[i], either, faithful[i])),
                        "result_dtype": result_dtype,
                    }
                )
    return rows


def merged(got: dict[str, float]) -> dict[str, float]:
    """``{"body tail scalar": v}`` where all paths gave the same, else one entry a path."""
    values = list(got.values())
    if values and all(same_float(v, values[0]) for v in values):
        return {" ".join(got): values[0]}
    return got


def same_float(a: float, b: float) -> bool:
    """Equal with the sign of zero; all NaNs alike."""
    return (a == b and math.copysign(1.0, a) == math.copysign(1.0, b)) or (a != a and b != b)


def agrees(value: float, expected: float, either_zero: bool, faithful: tuple[float, ...] = ()) -> bool:
    """Whether a result is the required one; a zero of either sign where nothing fixes it.

    ``faithful``: the two floats around the exact value. A rule that says π demands a faithful π, no better: how
    near a number comes is measured in ulp, and no matter of special cases.
    """
    if expected != 0 and math.isfinite(expected) and value in faithful:
        return True
    return same_float(value, expected) or (either_zero and value == 0 and expected == 0)


def expected_text(expected: float, either_zero: bool) -> str:
    return "±0x0.0p+0" if expected == 0 and either_zero else hexfloat(expected)


def self_rows(m: Measurement) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Rows of ``self_agreement``, and those of ``run``, which count as determinism."""
    stored, runs = [], []
    for target, check in m.checks.items():
        for finding in check.findings:
            row = dict(case_key(m.case, target), **finding_cells(m, finding))
            if finding.check == "run":
                row.update(run_differs=finding.differs, run_tested=finding.tested)
                runs.append(row)
            else:
                row.update(check=finding.check, differs=finding.differs, tested=finding.tested)
                row.update(max_ulp_apart=finding.distance, context=finding.context)
                stored.append(row)
    return stored, runs


def finding_cells(m: Measurement, finding: Finding) -> dict[str, Any]:
    if finding.index is None:
        return {}
    point = int(m.position[finding.index])
    return {
        "input": hex_tuple([a[point] for a in m.args]),
        "first_output": hexfloat(finding.first),
        "second_output": hexfloat(finding.second),
    }


def collect(
    m: Measurement, judgement: Judgement, rows: list[dict[str, Any]], confirmed: dict[int, Exact]
) -> dict[str, Any]:
    """What is stored of the case, as JSON-able data (``rerun`` holds arrays, stored beside it)."""
    self_agreement, runs = self_rows(m)
    worst = worst_entries(rows, confirmed, ties=m.inputs.as_given)
    profile = {
        "spec": m.case.spec,
        "case": m.case.inputs.name,
        "dtype": m.fmt.name,
        "axis": axis_of(m.fmt),
        "targets": {
            target: dict(target_profile(d.judged, m.fmt, d.stats), worst=worst.get(target, []))
            for target, d in judgement.body(m.case.inputs.name)
        },
    }
    for row in rows:
        for private in ("_point", "_ties"):
            row.pop(private, None)
    return {
        "rows": rows + refused_rows(m),
        "agreement": [row for row, _ in m.agreement],
        "special": special_rows(m, confirmed),
        "self_agreement": self_agreement,
        "subnormals": subnormals.subnormal_rows(m, judgement, rows),
        "runs": runs,
        "profile": profile,
        "counts": {
            "samples": len(m.args[0]),
            "confirmed": len(confirmed),
            "undecided": int(m.exact.undecided.sum()),
        },
        "failures": {t: c.failures for t, c in m.checks.items() if c.failures},
        "rerun": rerun_arrays(m),
    }


def worst_entries(
    rows: list[dict[str, Any]], confirmed: dict[int, Exact], ties: bool
) -> dict[str, list[dict[str, Any]]]:
    """Per target the settled worst inputs of each path and regime; with ``ties`` all that share the maximum."""
    out: dict[str, list[dict[str, Any]]] = {}
    for row in rows:
        if row.get("max_ulp") is None or row["regime"] == "all":
            continue
        for worst in row["_ties"][: None if ties else 1]:
            y = confirmed[worst.point]
            entry = {
                "case": row["case"],
                "path": row["path"],
                "regime": row["regime"],
                "input": list(worst.inputs),
                "output": worst.output,
                "exact": exact_text(y),
                "exact_decimal": decimal_text(y),
                "ulp": row["max_ulp"],
                "context": worst.context,
            }
            out.setdefault(row["target"], []).append(entry)
    return out


def decimal_text(y: Exact, digits: int = 25) -> str:
    """The exact value in decimals, for reading; 25 significant digits."""
    from decimal import Context, Decimal

    if not np.isfinite(y.hi[0]):
        return str(float(y.hi[0]))
    context = Context(prec=digits + 30)
    value = context.add(Decimal(float(y.hi[0])), Decimal(float(y.lo[0])))
    exponent = int(y.exp2[0])
    value = context.multiply(value, context.power(Decimal(2), exponent)) if exponent else value
    return str(Context(prec=digits).plus(value))


def rerun_arrays(m: Measurement) -> dict[str, Any]:
    """The position inputs and each target's results inside the 4096-element array, for the check in a fresh process.

    Nothing for gradients and expressions: they compose functions that are checked, each combination with a program of
    its own that would have to be compiled once more, and they are repeated in one process as everything is.
    """
    if m.row.kind in NOT_RERUN:
        return {}
    reference = PLACES[0].key
    arrays: dict[str, Any] = {f"x{i}": a[m.position] for i, a in enumerate(m.args)}
    for target, check in m.checks.items():
        if reference in check.places and target in m.bench.targets:
            arrays[f"target:{target}"] = check.places[reference]
    return arrays
