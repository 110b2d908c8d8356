"""Data of one function's page."""

from __future__ import annotations

from typing import Any

from reportgen.core import formatting as f
from reportgen.render import answer, casts, detail, parts, subnormal
from reportgen.render.domains import domain_table
from reportgen.render.front import function_lead, history_table
from reportgen.render.model import DtypeSection, Fact, Figure, FunctionPage, Worst
from reportgen.render.promised import promised_table
from reportgen.render.snippets import snippet
from reportgen.render.stored import Row, Stored, regime_key

WORST_SHOWN = 24
"""Worst inputs printed a dtype; the rest stand in the profile."""


def function_page(
    stored: Stored, function: Row, figures: list[Figure], profile: dict[str, Any] | None = None
) -> FunctionPage:
    """Everything known about one catalogue row, from the stored results and its profile (read if not given)."""
    name = str(function["name"])
    profile = profile or stored.profile(name)
    cast = function.get("kind") == "cast"
    # The matrices of a conversion stand in the place of a section a dtype.
    sections = [] if cast else [section(stored, function, dtype, profile) for dtype in stored.dtypes(name)]
    order = [str(x["name"]) for x in stored.functions]
    at = order.index(name)
    special, summary = detail.special_table(stored, name, only_wrong=cast)
    agreement, others = detail.agreement_tables(stored, name, only_differing=cast)
    if cast:  # hundreds of pairs of dtypes: those of further targets stand in agreement.csv
        others.rows = []
    recorded = history_table(stored) if any(key[0] == name for key in stored.recorded_cases()) else None
    return FunctionPage(
        name=name,
        sentence=str(function.get("sentence", "")),
        summary=page_summary(stored, function),
        facts=[*facts(function), *related(stored, function)],
        sections=sections,
        figures=figures,
        special=special,
        special_summary=summary,
        agreement=agreement,
        other_pairs=others,
        casts=casts.cast_page(stored, name) if cast else None,
        self_agreement=detail.self_agreement_table(stored, name),
        recorded=recorded,
        provenance=provenance(stored, name),
        promised=promised_table(stored, name),
        domains=None if cast else domain_table(stored, name),
        previous=order[at - 1] if at else "",
        following=order[at + 1] if at + 1 < len(order) else "",
    )


def page_summary(stored: Stored, function: Row) -> str:
    """What NumPy (or SciPy, where NumPy has no results) and TensorFlow differ in, in one sentence."""
    name = str(function["name"])
    if function.get("kind") in ("gradient", "cast"):
        return ""
    compared = [answer.reference_of(stored, name, dtype) for dtype in stored.dtypes(name)]
    reference = answer.SCIPY if answer.SCIPY in compared and not function.get("numpy") else answer.NUMPY
    found = function_lead(stored, name, reference)
    return f"{answer.shown(reference)} and TensorFlow (eager): {found}." if found else ""


def related(stored: Stored, function: Row) -> list[Fact]:
    """Links between a function and its gradients, either way."""
    name = str(function["name"])
    if function.get("kind") == "gradient":
        base = differentiated(stored, function)
        return [Fact("gradient of", base, code=True, href=f"functions/{base}.html")] if base else []
    own = gradients(stored).get(name, [])
    return [Fact("its gradient", grad, code=True, href=f"functions/{grad}.html") for grad in own]


def gradients(stored: Stored) -> dict[str, list[str]]:
    """Names of the gradients by the function that they are of."""
    if not stored.gradients:
        for row in stored.functions:
            if row.get("kind") == "gradient":
                stored.gradients.setdefault(differentiated(stored, row), []).append(str(row["name"]))
    return stored.gradients


def differentiated(stored: Stored, gradient: Row) -> str:
    """The function that a gradient is of: by its name, else by the call that is differentiated; empty if not here."""
    rest = str(gradient["name"]).removeprefix("grad_")
    known = {str(x["name"]): x for x in stored.functions if x.get("kind") != "gradient"}
    if rest in known:
        return rest
    named = [n for n in known if rest.startswith(n + "_")]
    called = [n for n, x in known.items() if x.get("tensorflow") == gradient.get("tensorflow")]
    return max(named, key=len) if named else next(iter(called), "")


def facts(function: Row) -> list[Fact]:
    """What was called and what it was held against."""
    tensorflow = str(function.get("tensorflow") or "no counterpart")
    if function.get("kind") == "gradient":
        tensorflow = f"GradientTape of {tensorflow}"
        if int(function.get("arity") or 1) > 1:
            tensorflow += f", with respect to {'xyz'[int(function.get('wrt') or 0)]}"
    if function.get("composite"):
        tensorflow += "  (composite: several kernels)"
    numpy = Fact("NumPy", str(function.get("numpy") or "no counterpart"), code=bool(function.get("numpy")))
    listed = [
        Fact("domain", str(function.get("domain", ""))),
        *([numpy] if function.get("kind") != "gradient" else []),
        *([Fact("SciPy", str(function["scipy"]), code=True)] if function.get("scipy") else []),
        Fact("TensorFlow", tensorflow, code=bool(function.get("tensorflow"))),
        Fact("exact value (mpmath)", str(function.get("mpmath", "")), code=True),
        Fact(
            "enclosure (Arb)",
            str(function.get("arb") or "mpmath's own, with its error bound"),
            code=bool(function.get("arb")),
        ),
    ]
    if function.get("aliases"):
        listed.append(Fact("also called", f.listing([str(a) for a in function["aliases"]])))
    listed.append(Fact("kind, family", f"{function.get('kind', '')}, {function.get('family', '')}"))
    if function.get("parity"):
        listed.append(Fact("symmetry", str(function["parity"])))
    return [x for x in listed if x.value]


def section(stored: Stored, function: Row, dtype: str, profile: dict[str, Any]) -> DtypeSection:
    name = str(function["name"])
    worst, omitted = worst_inputs(stored, function, dtype, profile)
    return DtypeSection(
        dtype=dtype,
        sentences=answer.dtype_sentences(stored, name, dtype),
        glance=parts.glance_table(stored, name, dtype),
        detail=parts.detail_table(stored, name, dtype),
        subnormals=subnormal.function_table(stored, name, dtype),
        worst=worst,
        worst_omitted=omitted,
        stopped=detail.stopped(stored, name, dtype),
    )


def worst_inputs(stored: Stored, function: Row, dtype: str, profile: dict[str, Any]) -> tuple[list[Worst], int]:
    """The listed worst inputs, normal results first, largest first; equal findings of several targets are joined."""
    found: dict[tuple[Any, ...], tuple[Row, list[str]]] = {}
    for case in profile["cases"]:
        if case["dtype"] != dtype:
            continue
        for target, data in case["targets"].items():
            for row in data.get("worst") or []:
                if row.get("ulp"):
                    key = (tuple(row["input"]), row["output"], row["regime"], row["path"], row.get("context"))
                    found.setdefault(key, (row, []))[1].append(target)
    ranked = sorted(found.values(), key=lambda item: (regime_key(item[0]["regime"]), -float(item[0]["ulp"])))
    shown = _spread(ranked, WORST_SHOWN)
    out = [_worst(stored, function, dtype, row, list(dict.fromkeys(targets))) for row, targets in shown]
    return out, len(ranked) - len(shown)


def _spread(ranked: list[tuple[Row, list[str]]], limit: int) -> list[tuple[Row, list[str]]]:
    """At most ``limit`` findings, taking every target's and regime's first before anyone's second."""
    seen: dict[tuple[str, str], int] = {}
    scored = []
    for place, (row, targets) in enumerate(ranked):
        depth = min(seen.get((t, row["regime"]), 0) for t in targets)
        for t in targets:
            seen[(t, row["regime"])] = seen.get((t, row["regime"]), 0) + 1
        scored.append((depth, place))
    kept = sorted(place for _, place in sorted(scored)[:limit])
    return [ranked[place] for place in kept]


def _worst(stored: Stored, function: Row, dtype: str, row: Row, targets: list[str]) -> Worst:
    joined = ";".join(row["input"])
    where = ", ".join(str(x) for x in (row.get("regime"), row.get("path"), row.get("context")) if x)
    # A library may compute in another dtype than it was given (SciPy: float16 in, float64 out).
    measured = next(
        (r for r in stored.rows(str(function["name"])) if (r["dtype"], r["target"]) == (dtype, targets[0])), {}
    )
    result = str(measured.get("result_dtype") or dtype)
    return Worst(
        target=f.listing(targets),
        where=where,
        input_text=f.value(joined, dtype),
        input_hex=f.hex_text(joined),
        output_text=f.value(row["output"], result),
        output_hex=f.hex_text(row["output"]),
        exact=f.exact_decimal(row.get("exact"), 25),
        ulp=f.maximum(row["ulp"]),
        snippet=snippet(function, stored.target(targets[0]), dtype, row),
    )


def provenance(stored: Stored, name: str) -> str:
    """One line: what was measured, with which versions, at which depth."""
    rows = [r for r in stored.rows(name) if r.get("status") == "ok"]
    live = {str(t["name"]): str(t.get("library", "")) for t in stored.live_targets}
    versions = sorted(
        {f"{live[r['target']]} {r.get('library_version') or ''}".strip() for r in rows if r["target"] in live}
    )
    settled = sorted({str(r["settled_by"]) for r in rows if r.get("settled_by")})
    seeds = sorted({str(r["seed"]) for r in rows if r.get("seed") is not None})
    words = [f"version {stored.label}", f"depth {stored.depth}", *versions]
    if settled:
        words.append(f"maxima settled by {f.listing(settled)}")
    if seeds:
        words.append(f"seed {f.listing(seeds)}")
    return ", ".join(words)
