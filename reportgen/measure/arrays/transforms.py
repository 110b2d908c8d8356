"""The judge of transforms: the relative error in the 2-norm over u·log2 n, and the largest beside the typical size.

Rounding errors of a fast transform spread evenly over the result (Higham, *Accuracy and Stability of Numerical
Algorithms*, 2nd ed., ch. 24: ‖ŷ − y‖₂ / ‖y‖₂ is about u·log2 n), so that one element counts by the size of the whole:
metric ``norm2`` is the error of a transform as a whole, ``max`` that of its worst element over the root mean square of
the exact result. ``max_rel`` is the relative error and ``bound_ratio`` the same over u·log2 n, u the unit roundoff of
the result's dtype, n the transform's length (log2 n counts as 1 below 2); the root mean square counts as no less than
the smallest normal number there, since no element can come nearer than half a subnormal step. Of a batch, the worst
transform stands.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from reportgen.core.dtypes import ComplexFormat, Dtype
from reportgen.core.floats import F64, Bool, Exact, Format, exponent_of, round_exact, scale
from reportgen.core.problems import Arrays
from reportgen.measure.arrays.asking import Output
from reportgen.measure.arrays.elements import LARGEST, place
from reportgen.measure.judging import TINIEST, exact_text, largest
from reportgen.measure.natives import spelled
from reportgen.oracle.arrays.reference import ArrayReference

LOW, LOWEST = -800, -(1 << 30)
"""Elements all below 2^LOW are enlarged; LOWEST is below every exponent."""


def judge(
    arrays: Arrays, outputs: dict[str, Output], references: dict[str, ArrayReference], spelling: str
) -> list[dict[str, Any]]:
    """Rows (without the case's key) of one target's results for one problem: metrics ``norm2`` and ``max``.

    Raises ValueError where a result has not the shape, or is not complex or real, as it must be.
    """
    rows: list[dict[str, Any]] = []
    for name, reference in references.items():
        output = outputs[name]
        part = part_of(output.fmt, reference)
        if output.values.shape != reference.shape:
            raise ValueError(f"the result has shape {output.values.shape} where {reference.shape} was expected")
        regime = "special" if arrays.problem.special else "normal"
        rows += transform_rows(output, reference, part, regime, spelling)
    return rows


def part_of(fmt: Dtype, reference: ArrayReference) -> Format:
    """The real format of the result's parts."""
    if isinstance(fmt, ComplexFormat) and reference.imag is not None:
        return fmt.part
    if isinstance(fmt, Format) and reference.imag is None:
        return fmt
    wanted = "real" if reference.imag is None else "complex"
    raise ValueError(f"the result is {fmt.name} where {wanted} numbers were expected")


def transform_rows(
    output: Output, reference: ArrayReference, part: Format, regime: str, spelling: str
) -> list[dict[str, Any]]:
    """A row a metric for the regime, and one that closes it."""
    computed = output.flat[reference.positions]
    lift = lifted(reference)
    absolute = errors(computed, reference, lift)
    wrong = mismatches(computed, reference, part)
    undecided = reference.exact.undecided | (reference.imag.undecided if reference.imag is not None else False)
    usable = np.isfinite(absolute) & ~wrong & ~undecided
    worst = int(np.argmax(np.where(usable, absolute, -1.0))) if usable.any() else None
    log = max(1.0, float(np.log2(reference.extra["length"])))
    rows = []
    for metric, found in (
        ("norm2", relative_norms(absolute, reference, usable, lift)),
        ("max", relative_largest(absolute, reference, usable, lift)),
    ):
        # Beside a result that is zero throughout, any error stays as large as can be.
        counted = [relative * min(1.0, typical / part.min_normal or 1.0) for relative, typical in found]
        cells: dict[str, Any] = {
            "path": "body", "metric": metric, "samples": len(computed), "max_abs": unlifted(absolute[usable], lift),
            "max_rel": max((relative for relative, _ in found), default=None),
            "special_mismatches": int(wrong.sum()), "undecided": int(undecided.sum()),
            "bound_ratio": min(max(counted) / (2.0**-part.p * log), LARGEST) if counted else None,
        }  # fmt: skip
        if worst is not None:
            cells |= {
                "worst_input": spelling, "worst_output": spelled(computed[worst]),
                "worst_context": place(reference)(worst), "exact": both_parts(reference, worst),
                "settled_by": reference.settled_by,
            }  # fmt: skip
        rows += [dict(cells, regime=regime), dict(cells, regime="all")]
    return rows


def lifted(reference: ArrayReference) -> int:
    """By how many powers of two errors and sizes are enlarged while they are computed with: 0 of ordinary transforms.

    Of one whose elements are all near the lower end of float64, errors would be rounded to that format's smallest step.
    """
    parts = [y for y in (reference.exact, reference.imag) if y is not None]
    tops = [int(exponent_of(y).max(initial=LOWEST, where=np.isfinite(y.hi) & (y.hi != 0))) for y in parts]
    return max(0, LOW - max(tops)) if max(tops) > LOWEST else 0


def unlifted(absolute: F64, lift: int) -> float | None:
    """The largest absolute error; one below float64's numbers counts as the smallest of them."""
    top = largest(absolute)
    return top if not top or not lift else max(float(np.ldexp(top, -lift)), TINIEST)


def errors(computed: Any, reference: ArrayReference, lift: int) -> F64:
    """|ŷ − y|·2^lift of every judged element; NaN where either is not finite."""
    parts = [apart(np.ascontiguousarray(computed.real), reference.exact, lift)]
    if reference.imag is not None:
        parts.append(apart(np.ascontiguousarray(computed.imag), reference.imag, lift))
    return parts[0] if len(parts) == 1 else np.hypot(*parts)


def apart(computed: F64, y: Exact, lift: int) -> F64:
    """|ŷ − y|·2^lift of one part; where 2^exp2 would take y out of float64's range, ŷ is brought to y's scale."""
    with np.errstate(all="ignore"):
        down = scale(computed, -y.exp2)
        return np.abs(scale(np.abs(down - y.hi - y.lo), y.exp2 + lift))


def mismatches(computed: Any, reference: ArrayReference, part: Format) -> Bool:
    """Numbers where a NaN went in or the exact result is out of range, and no numbers where it is within."""
    finite = np.isfinite(computed.real) & np.isfinite(computed.imag)
    number = np.isfinite(reference.exact.hi)
    fits = np.isfinite(round_exact(reference.exact, part).nearest)
    if reference.imag is not None:
        fits &= np.isfinite(round_exact(reference.imag, part).nearest)
    return np.asarray(finite & ~(number & fits) | ~finite & number & fits)


def sizes(reference: ArrayReference, lift: int) -> F64:
    """|y|·2^lift of every judged element, to float64."""
    with np.errstate(all="ignore"):
        real = np.abs(scale(reference.exact.hi, reference.exact.exp2 + lift))
        if reference.imag is None:
            return real
        return np.hypot(real, scale(reference.imag.hi, reference.imag.exp2 + lift))


def of_lanes(reference: ArrayReference, usable: Bool) -> list[Bool]:
    """The usable elements of each transform of a batch."""
    lane = reference.positions // int(reference.extra["lane"])
    return [usable & (lane == k) for k in np.unique(lane[usable])]


def norm(values: F64) -> tuple[float, float]:
    """The 2-norm as (scaled norm, scale), which overflows nowhere."""
    top = float(values.max(initial=0.0))
    return (float(np.linalg.norm(values / top)), top) if top > 0 else (0.0, 1.0)


def relative_norms(absolute: F64, reference: ArrayReference, usable: Bool, lift: int) -> list[tuple[float, float]]:
    """‖ŷ − y‖₂ / ‖y‖₂ of each transform, and the root mean square of its y."""
    found = []
    for chosen in of_lanes(reference, usable):
        (error, error_scale), (whole, whole_scale) = norm(absolute[chosen]), norm(sizes(reference, lift)[chosen])
        relative = ratio(error / whole * (error_scale / whole_scale) if whole else 0.0, error, whole)
        found.append((relative, float(reference.condition[chosen][0])))
    return found


def relative_largest(absolute: F64, reference: ArrayReference, usable: Bool, lift: int) -> list[tuple[float, float]]:
    """The largest |ŷ − y| over the root mean square of the exact result, of each transform, and the latter."""
    found = []
    for chosen in of_lanes(reference, usable):
        error, typical = float(absolute[chosen].max()), float(reference.condition[chosen][0])
        raised = float(np.ldexp(typical, lift))
        found.append((ratio(error / raised if raised else 0.0, error, raised), typical))
    return found


def ratio(quotient: float, error: float, size: float) -> float:
    """A quotient; errors beside a result that is exactly zero throughout count as the largest float."""
    return min(quotient, LARGEST) if size else (LARGEST if error else 0.0)


def both_parts(reference: ArrayReference, i: int) -> str:
    """The exact value as ``hi;lo;exp2``, of complex ones both separated by a comma."""
    text = exact_text(reference.exact[i : i + 1])
    return text if reference.imag is None else f"{text},{exact_text(reference.imag[i : i + 1])}"
