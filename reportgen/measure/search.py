"""Where is each target worst? A screened search over far more inputs than the oracle could judge.

The screen (:mod:`reportgen.oracle.screen`) is a fast reference in a wider format. It only proposes: every
proposed input is evaluated again on every target and judged by an enclosure, and what is published is
confirmed by mpmath. Rounds: a global one that goes where the sampled errors are largest, then perturbations
of the worst inputs at all ordinal scales.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from reportgen.core.floats import F64, I64, Exact, Format, ulp_exponent
from reportgen.core.sampling import BODY_LENGTH, draw, generator, stratified

BUCKETS = 512
KEEP = 12
"""Inputs kept per target from all rounds together."""
PARENTS = 12
STALE = 4
"""Rounds in a row without anything worse after which a target's search ends."""
EIGHTH = BODY_LENGTH // 8
PERIODS = (math.log(2), math.pi / 2, 1.0)

Evaluate = Callable[[dict[str, tuple[F64, ...]]], dict[str, F64]]
"""Inputs by target (BODY_LENGTH of them each) → values by target, of those that answered."""
Screen = Callable[[tuple[F64, ...]], Exact | None]


@dataclass
class Found:
    """The worst inputs of one target so far, by screened error, largest first."""

    args: tuple[F64, ...]
    error: F64

    def merge(self, args: tuple[F64, ...], error: F64, keep: int) -> Found:
        columns = tuple(np.concatenate([a, b]) for a, b in zip(self.args, args, strict=True))
        errors = np.concatenate([self.error, error])
        _, first = np.unique(np.stack(columns), axis=1, return_index=True)
        order = first[np.argsort(-errors[first], kind="stable")][:keep]
        return Found(tuple(c[order] for c in columns), errors[order])


@dataclass
class Ruler:
    """|ŷ - hi - lo|·first·second is the error in ulp; ``first`` is 0 outside the regime ``normal``."""

    hi: F64
    lo: F64
    first: F64
    second: F64


def improve(old: Found, args: tuple[F64, ...], values: F64, ruler: Ruler) -> Found:
    """Merge a round's largest errors of the regime ``normal`` into what was found before."""
    with np.errstate(invalid="ignore", over="ignore"):
        error = np.abs((values - ruler.hi) - ruler.lo) * ruler.first * ruler.second
    bar = old.error[-1] if len(old.error) >= PARENTS else 0.0
    above = np.flatnonzero((error > bar) & (error < np.inf))
    top = above[np.argsort(-error[above], kind="stable")[:PARENTS]]
    return old.merge(tuple(a[top] for a in args), error[top], PARENTS)


@dataclass
class Searcher:
    """State of one case's search. ``typical`` is one interval per argument."""

    fmt: Format
    result_fmt: Format
    arity: int
    typical: tuple[tuple[float, float], ...]
    seed: object
    evaluate: Evaluate
    screen: Screen
    screened: bool = False
    """Whether the screen had anything to say: without it nothing is searched."""

    def run(self, start: dict[str, Found], rounds: int, global_rounds: int) -> dict[str, Found]:
        """Search from the sampled worst inputs ``start`` (per target). Returns the worst inputs found per target.

        All targets share the inputs of the global rounds; then each is asked about the surroundings of its own
        worst inputs, until :data:`STALE` rounds in a row have found nothing worse.
        """
        rng = generator("search", self.fmt.name, self.seed)
        found = {t: f.merge(f.args, f.error, PARENTS) for t, f in start.items() if len(f.error)}
        for _ in range(global_rounds):
            if found:
                shared = self.globally(found, rng)
                self.round(found, dict.fromkeys(found, shared))
        stale = dict.fromkeys(found, 0)
        for _ in range(rounds):
            active = [t for t in found if stale[t] < STALE]
            if not active:
                break
            before = {t: found[t].error[0] for t in active}
            self.round(found, {t: self.locally({t: found[t]}, rng) for t in active})
            for t in active:
                stale[t] = 0 if found[t].error[0] > before[t] else stale[t] + 1
        return {t: Found(tuple(a[:KEEP] for a in f.args), f.error[:KEEP]) for t, f in found.items()}

    def round(self, found: dict[str, Found], inputs: dict[str, tuple[F64, ...]]) -> None:
        """Evaluate every target's inputs and keep its worst; nothing is kept where there is no screen."""
        rulers: dict[int, Ruler | None] = {}
        for args in inputs.values():
            if id(args) not in rulers:
                reference = self.screen(args)
                rulers[id(args)] = None if reference is None else self.ruler(args, reference)
        wanted = {t: args for t, args in inputs.items() if rulers[id(args)] is not None}
        if not wanted:
            return
        self.screened = True
        for target, values in self.evaluate(wanted).items():
            ruler = rulers[id(wanted[target])]
            if ruler is not None:
                found[target] = improve(found[target], wanted[target], values, ruler)

    def ruler(self, args: tuple[F64, ...], reference: Exact) -> Ruler:
        """What turns results into errors in ulp, computed once a round for all targets."""
        size = np.abs(reference.hi)
        normal = (size >= self.result_fmt.min_normal) | (size == 0)
        normal &= (size <= self.result_fmt.max_finite) & (reference.exp2 == 0) & ~reference.undecided
        for a in args:
            normal &= np.isfinite(a) & ~self.fmt.is_subnormal(a)
        q = np.where(normal, ulp_exponent(reference, self.result_fmt), 0)
        half = -q // 2  # 2^-q itself would overflow for the smallest results of binary64
        first = np.where(normal, np.ldexp(1.0, half.astype(np.int32)), 0.0)
        return Ruler(
            np.where(normal, reference.hi, 0.0),
            np.where(normal, reference.lo, 0.0),
            first,
            np.ldexp(1.0, (-q - half).astype(np.int32)),
        )

    def globally(self, found: dict[str, Found], rng: np.random.Generator) -> tuple[F64, ...]:
        """Half the inputs from the ordinal neighbourhoods of the worst, a quarter typical, a quarter anywhere."""
        quarter = BODY_LENGTH // 4
        width = (2 * self.fmt.inf_ordinal) // BUCKETS
        parents = self.parents(found, 2 * quarter, rng)
        near = tuple(self.shift(p, rng.integers(-width, width + 1, len(p))) for p in parents)
        usual = tuple(draw(self.fmt, low, high, quarter, rng) for low, high in self.typical)
        anywhere = tuple(self.fill(stratified(self.fmt, quarter, rng), quarter, rng) for _ in range(self.arity))
        return tuple(np.concatenate(parts) for parts in zip(near, usual, anywhere, strict=True))

    def locally(self, found: dict[str, Found], rng: np.random.Generator) -> tuple[F64, ...]:
        """Perturb the worst inputs by up to a binade's ordinals, log-uniformly; sometimes one argument only.

        A quarter keep the significand and change the exponent, or move by a multiple of ln 2, π/2 or 1: where
        errors come from a reduced argument, they come again there.
        """
        parents = self.parents(found, BODY_LENGTH, rng)
        again = rng.integers(-64, 65, EIGHTH) * rng.choice(PERIODS, EIGHTH)
        power = rng.integers(-8, 9, EIGHTH).astype(np.int32)
        moved = []
        for number, parent in enumerate(parents):
            step = self.steps(BODY_LENGTH - 2 * EIGHTH, rng)
            if self.arity > 1:
                step = np.where(rng.random(len(step)) < 0.25, 0, step)
            periodic, scaled, near = parent[:EIGHTH], parent[EIGHTH : 2 * EIGHTH], parent[2 * EIGHTH :]
            periodic = self.near(periodic + again) if number == 0 else periodic
            with np.errstate(over="ignore", under="ignore"):
                scaled = self.near(np.ldexp(scaled, power))
            moved.append(np.concatenate([periodic, scaled, self.shift(near, step)]))
        return tuple(moved)

    def steps(self, count: int, rng: np.random.Generator) -> I64:
        """Signed ordinal distances, every power of two below a binade's length as likely as the next."""
        magnitude = rng.integers(1 << (self.fmt.p - 2), 1 << (self.fmt.p - 1), count)
        step = magnitude >> rng.integers(0, self.fmt.p - 1, count)
        return np.where(rng.random(count) < 0.5, -step, step)

    def near(self, values: F64) -> F64:
        """Values of the format near the given ones, finite."""
        top = self.fmt.max_finite
        return self.fmt.decode(self.fmt.encode(np.clip(values, -top, top)))

    def parents(self, found: dict[str, Found], count: int, rng: np.random.Generator) -> tuple[F64, ...]:
        """``count`` draws with replacement, the same share for each target, worse inputs more often."""
        pools, weights = [], []
        for f in found.values():
            pools.append(f.args)
            rank = 1.0 / np.arange(1, len(f.error) + 1)
            weights.append(rank / rank.sum())
        columns = tuple(np.concatenate(c) for c in zip(*pools, strict=True))
        weight = np.concatenate(weights)
        index = rng.choice(len(weight), count, p=weight / weight.sum())
        return tuple(c[index] for c in columns)

    def shift(self, values: F64, step: I64) -> F64:
        """Values ``step`` ordinals further, but finite (ordinals of binary64 nearly fill int64)."""
        top = self.fmt.inf_ordinal - 1
        o = np.clip(self.fmt.ordinal(values), -top, top)
        over, under = (step > 0) & (o > top - step), (step < 0) & (o < -top - step)
        return self.fmt.from_ordinal(np.where(over, top, np.where(under, -top, o + step)))

    @staticmethod
    def fill(values: F64, count: int, rng: np.random.Generator) -> F64:
        """Exactly ``count`` of ``values`` in random order, some repeated where there are too few."""
        order = rng.permutation(max(len(values), count)) % len(values)
        return values[order[:count]]
