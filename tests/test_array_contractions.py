"""Products and convolutions: exact sums of products against other sources, planted errors, batches and layouts."""

from __future__ import annotations

import sys
from fractions import Fraction
from pathlib import Path
from typing import Any

import flint
import numpy as np
import pytest
import scipy.signal

from reportgen.catalogue.arraypatterns import is_then, is_when
from reportgen.catalogue.arrayrows import array_row
from reportgen.catalogue.contraction import ARRAYS, ROWS
from reportgen.catalogue.contractionproblems import pair
from reportgen.catalogue.rows import lookup
from reportgen.core.arrays import generate, rounded
from reportgen.core.dtypes import DTYPES, ComplexFormat
from reportgen.core.floats import FORMATS, Exact, round_exact
from reportgen.core.model import Outcome
from reportgen.core.problems import Arrays, Operand, Problem, made
from reportgen.measure.arrays.asking import ArrayReply, Output
from reportgen.measure.arrays.elements import judge
from reportgen.measure.arrays.findings import finding_rows
from reportgen.oracle.arrays import contracted, convolutions, products
from reportgen.oracle.arrays.contracted import contraction, double_sum, integer_sum, sizes, sums
from reportgen.oracle.arrays.products import tensordot_pattern

WORKER = Path(__file__).resolve().parent.parent / "reportgen" / "worker"
FINDERS: dict[str, Any] = {**products.REFERENCES, **convolutions.REFERENCES}
REAL = ("float16", "bfloat16", "float32", "float64")


def given(x: Any, y: Any, dtype: str, second: str = "y", **parameters: Any) -> Arrays:
    """Two operands, as a problem has them."""
    fmt = DTYPES[dtype]
    values = {"x": rounded(np.asarray(x), fmt), second: rounded(np.asarray(y), fmt)}
    operands = tuple(Operand(n, "mixed", v.shape) for n, v in values.items())
    return Arrays(Problem("p", "numbers", operands, tuple(parameters.items())), dtype, 0, values)


def fraction(y: Exact, i: int) -> Fraction:
    """hi + lo of one exact value."""
    return (Fraction(float(y.hi[i])) + Fraction(float(y.lo[i]))) * Fraction(2) ** int(y.exp2[i])


def check(y: Exact, i: int, wanted: Fraction) -> None:
    """An exact value is the two nearest float64 numbers to a rational one, with the right side of the rest."""
    rest = wanted - fraction(y, i)
    assert int(y.rem[i]) == (rest > 0) - (rest < 0)
    if wanted:
        assert abs(rest) <= abs(wanted) / 2**105
        assert float(wanted / Fraction(2) ** int(y.exp2[i])) == y.hi[i]
    else:
        assert y.hi[i] == 0


def rational(a: Any, b: Any) -> Fraction:
    return sum((Fraction(float(p)) * Fraction(float(q)) for p, q in zip(a, b, strict=True)), Fraction(0))


# -- the exact reference against other formulations ------------------------------------------------
@pytest.mark.parametrize("dtype", REAL)
@pytest.mark.parametrize("spread", [0, 5, 60, 900])
def test_sums_of_products_are_those_of_rational_arithmetic(dtype: str, spread: int) -> None:
    fmt = FORMATS[dtype]
    rng = np.random.default_rng(spread)
    reach = min(spread, fmt.emax - 2)
    for n in (1, 2, 7, 50):
        raw = rng.standard_normal((2, n)) * 2.0 ** rng.integers(-reach, reach + 1, (2, n))
        a, b = rounded(np.clip(raw, -fmt.max_finite, fmt.max_finite), fmt)
        # The second half takes back all but a little of the first.
        a, b = np.concatenate([a, -a]), np.concatenate([b, np.nextafter(b, 0.0) if fmt.p == 53 else b])
        a[-1] = fmt.min_subnormal
        check(sums(a[None], b[None], fmt.p), 0, rational(a, b))


@pytest.mark.parametrize("far", [1, 2])
def test_products_beyond_float64_and_far_below_it_are_exact(far: int) -> None:
    largest, tiny = FORMATS["float64"].max_finite, FORMATS["float64"].min_subnormal
    a = np.array([largest, 3.0, tiny, -largest])
    b = np.array([largest, 1 / 3, tiny * 3, largest if far == 1 else np.nextafter(largest, 0)])
    y = double_sum(a, b)
    check(y, 0, rational(a, b))
    only = double_sum(a[2:3], b[2:3])
    assert fraction(only, 0) == Fraction(tiny) ** 2 * 3
    assert round_exact(only, FORMATS["float64"]).nearest[0] == 0
    assert double_sum(np.array([0.0, -0.0]), np.array([1.0, 2.0])).hi[0] == 0


def test_both_ways_of_adding_float64_products_agree() -> None:
    rng = np.random.default_rng(3)
    a, b = rng.standard_normal((2, 40)) * 2.0 ** rng.integers(-50, 50, (2, 40))
    (ma, ea), (mb, eb) = np.frexp(a), np.frexp(b)
    slow, fast = integer_sum(ma, mb, (ea + eb).astype(np.int64)), double_sum(a, b)
    assert fraction(slow, 0) == fraction(fast, 0)
    assert slow.rem[0] == fast.rem[0]
    check(slow, 0, rational(a, b))


@pytest.mark.parametrize("dtype", ["bfloat16", "float64", "complex64", "complex128"])
def test_matrix_products_lie_in_the_enclosures_of_arb(dtype: str) -> None:
    data = "complex-mixed" if dtype.startswith("complex") else "mixed"
    arrays = made(pair(data, (7, 33), (33, 5)), dtype, 0)
    reference = FINDERS["matmul"](arrays, 1000)[""]
    x, y = arrays.values["x"], arrays.values["y"]
    with flint.ctx.workprec(400):
        kind, entry = (flint.acb_mat, complex) if data == "complex-mixed" else (flint.arb_mat, float)
        product = kind([[entry(v) for v in row] for row in x]) * kind([[entry(v) for v in row] for row in y])
        for i, position in enumerate(reference.positions.tolist()):
            ball = product[position // 5, position % 5]
            parts = [(ball.real, reference.exact), (ball.imag, reference.imag)] if entry is complex else [
                (ball, reference.exact)]  # fmt: skip
            for part, exact in parts:
                assert exact is not None
                value = fraction(exact, i)
                mid = flint.arb(flint.fmpq(value.numerator, value.denominator))
                assert part.rad() < 1e-100
                assert abs(part - mid) <= 2.0**-105 * abs(part)
    modulus = (np.abs(x) @ np.abs(y)).reshape(-1)
    assert np.allclose(reference.condition, modulus[reference.positions], rtol=1e-12)


def test_the_first_operand_of_vdot_is_conjugated() -> None:
    arrays = made(pair("complex-mixed", (9,), (9,)), "complex64", 0)
    x, y = arrays.values["x"], arrays.values["y"]
    found = FINDERS["vdot"](arrays, 10)[""]
    real = rational([*x.real, *x.imag], [*y.real, *y.imag])
    imag = rational([*x.real, *-x.imag], [*y.imag, *y.real])
    check(found.exact, 0, real)
    check(found.imag, 0, imag)


# -- which products are summed: against NumPy, SciPy and loops on whole numbers --------------------
def whole(*shape: int, seed: int = 0) -> Any:
    """Small integers, of which every sum of products is exact in float64."""
    return np.random.default_rng(seed).integers(-9, 10, shape).astype(np.float64)


def found_values(name: str, arrays: Arrays) -> Any:
    reference = FINDERS[name](arrays, 10**6)[""]
    assert len(reference.positions) == np.prod(reference.shape, dtype=int)
    return np.ldexp(reference.exact.hi, reference.exact.exp2).reshape(reference.shape)


def test_products_sum_what_numpy_sums() -> None:
    x, y = whole(4, 6, 5), whole(4, 5, 3, seed=1)
    assert np.array_equal(found_values("matmul", given(x, y, "float32")), x @ y)
    assert np.array_equal(found_values("matmul", given(x[0], y[0], "float32")), x[0] @ y[0])
    assert np.array_equal(found_values("matvec", given(x[0], y[0, :, 0], "float64")), x[0] @ y[0, :, 0])
    assert np.array_equal(found_values("outer", given(x[0, 0], y[0, 0], "float16")), np.outer(x[0, 0], y[0, 0]))
    assert found_values("dot", given(x[0, 0], x[1, 0], "float32")) == x[0, 0] @ x[1, 0]
    for pattern, right in (("bij,bjk->bki", y), ("bij,bij->", x), ("bij,bij->j", x), ("bij,bjk->ikb", y)):
        arrays = given(x, right, "float32", pattern=pattern)
        assert np.array_equal(found_values("einsum", arrays), np.einsum(pattern, x, right)), pattern
    for axes in (((1,), (1,)), ((0, 2), (0, 1)), ((2, 0), (1, 0))):
        right = y if axes[0] != (1,) else whole(2, 6, 3)
        arrays = given(x, right, "float32", axes=axes)
        assert np.array_equal(found_values("tensordot", arrays), np.tensordot(x, right, axes)), axes
    assert tensordot_pattern((2, 2), ((1,), (0,))) == "ab,bB->aB"


def test_convolutions_do_not_turn_the_kernel_round() -> None:
    x, w = whole(20), whole(4, seed=1)
    assert np.array_equal(found_values("correlation", given(x, w, "float32", "w")), np.correlate(x, w, "valid"))
    assert not np.array_equal(found_values("correlation", given(x, w, "float32", "w")), np.convolve(x, w, "valid"))
    image, kernel = whole(9, 8), whole(3, 2, seed=1)
    wanted = scipy.signal.correlate2d(image, kernel, "valid")
    assert np.array_equal(found_values("correlation2d", given(image, kernel, "float64", "w")), wanted)


@pytest.mark.parametrize("strides", [1, 2])
def test_convolutions_of_images_are_those_of_loops(strides: int) -> None:
    x, w, several = whole(2, 7, 8, 3), whole(3, 2, 3, 4, seed=1), whole(3, 2, 3, 2, seed=2)
    rows, columns = len(range(0, 5, strides)), len(range(0, 7, strides))
    dense, deep = np.zeros((2, rows, columns, 4)), np.zeros((2, rows, columns, 6))
    for n, i, j in np.ndindex(2, rows, columns):
        window = x[n, i * strides : i * strides + 3, j * strides : j * strides + 2]
        for o in range(4):
            dense[n, i, j, o] = sum(window[p] * w[(*p, o)] for p in np.ndindex(3, 2, 3))
        for c in range(3):
            for m in range(2):
                deep[n, i, j, 2 * c + m] = sum(window[(*p, c)] * several[(*p, c, m)] for p in np.ndindex(3, 2))
    assert np.array_equal(found_values("conv2d", given(x, w, "float32", "w", strides=strides)), dense)
    assert np.array_equal(found_values("depthwise", given(x, several, "float32", "w", strides=strides)), deep)


def test_shapes_that_do_not_fit_the_pattern_are_refused() -> None:
    for left, right in ((whole(3, 4), whole(3, 4)), (whole(3), whole(3, 4))):
        with pytest.raises(ValueError, match="does not fit"):
            sizes(left, right, "ij,jk->ik")


def test_a_sum_of_nothing_is_zero_and_long_sums_are_judged_in_few_places(monkeypatch: pytest.MonkeyPatch) -> None:
    empty = FINDERS["matmul"](given(np.empty((3, 0)), np.empty((0, 4)), "float32"), 100)[""]
    assert empty.shape == (3, 4)
    assert empty.exact.either_zero.all()
    assert not empty.condition.any()
    monkeypatch.setattr(contracted, "WORK", 40)
    assert len(FINDERS["matmul"](given(whole(5, 10), whole(10, 5), "float32"), 100)[""].positions) == 4


def test_nan_and_infinities_reach_what_they_are_factors_of() -> None:
    x, y = whole(3, 4), np.zeros((4, 2))
    x[1, 2], x[2, 0] = np.nan, np.inf
    found = contraction(x, y, "ij,jk->ik", given(x, y, "float32"), 10)[""]
    assert np.isnan(found.exact.hi.reshape(3, 2)).all(axis=1).tolist() == [False, True, True]
    assert np.isnan(found.condition.reshape(3, 2)).all(axis=1).tolist() == [False, True, True]
    y[0] = (2.0, -3.0)
    found = contraction(x, y, "ij,jk->ik", given(x, y, "float32"), 10)[""]
    assert found.exact.hi.reshape(3, 2)[2].tolist() == [np.inf, -np.inf]
    # Finite products that overflow float64 are no infinities: beside one of the other sign they give no NaN.
    huge = np.array([[1e300, -np.inf]]), np.array([[1e300], [1.0]])
    assert contraction(*huge, "ij,jk->ik", given(*huge, "float64"), 10)[""].exact.hi[0] == -np.inf


# -- planted errors --------------------------------------------------------------------------------
def answer(values: Any, dtype: str) -> dict[str, Output]:
    fmt = DTYPES[dtype]
    return {"": Output(np.asarray(rounded(values, fmt)).reshape(np.shape(values)), fmt)}


def ratio(arrays: Arrays, name: str, values: Any) -> float:
    """The largest |error| / (u·C) of a result, over the parts of complex ones."""
    rows = judge(answer(values, arrays.dtype), FINDERS[name](arrays, 1000), arrays.problem.special, "here")
    return max(float(row["bound_ratio"]) for row in rows if row["regime"] == "all")


def nearest(arrays: Arrays, name: str) -> Any:
    """The correctly rounded result."""
    reference = FINDERS[name](arrays, 10**6)[""]
    fmt = DTYPES[arrays.dtype]
    if isinstance(fmt, ComplexFormat):
        assert reference.imag is not None
        real, imag = (round_exact(y, fmt.part).nearest for y in (reference.exact, reference.imag))
        return (real + 1j * imag).reshape(reference.shape)
    return round_exact(reference.exact, fmt).nearest.reshape(reference.shape)


def test_correct_results_are_within_the_bound_and_rounded_operands_are_not() -> None:
    arrays = made(pair("mixed", (20, 64), (64, 20)), "float32", 0)
    assert ratio(arrays, "matmul", nearest(arrays, "matmul")) <= 1
    x, y = arrays.values["x"], arrays.values["y"]
    assert ratio(arrays, "matmul", (x.astype(np.float32) @ y.astype(np.float32)).astype(np.float64)) < 64
    # TF32 keeps 11 bits of the operands, bfloat16 8.
    for p, least in ((11, 100.0), (8, 1000.0)):
        cut = [np.ldexp(np.rint(np.ldexp(m, p)), e - p) for m, e in (np.frexp(v) for v in (x, y))]
        assert ratio(arrays, "matmul", cut[0] @ cut[1]) > least


@pytest.mark.parametrize("dtype", ["float16", "float64", "complex64"])
def test_one_wrong_element_is_found_and_a_clean_result_is_silent(dtype: str) -> None:
    data = "complex-mixed" if dtype.startswith("complex") else "mixed"
    arrays = made(pair(data, (6, 40), (40, 6)), dtype, 0)
    clean = nearest(arrays, "matmul")
    assert ratio(arrays, "matmul", clean) <= 1
    clean[3, 4] -= arrays.values["x"][3, 7] * arrays.values["y"][7, 4]  # one product was forgotten
    assert ratio(arrays, "matmul", clean) > 2


def test_a_turned_kernel_and_a_forgotten_conjugate_are_found() -> None:
    arrays = given(generate("mixed", 0, 50, FORMATS["float32"]), whole(5), "float32", "w")
    x, w = arrays.values["x"], arrays.values["w"]
    assert ratio(arrays, "correlation", np.correlate(x, w, "valid")) < 8
    assert ratio(arrays, "correlation", np.convolve(x, w, "valid")) > 1e5
    arrays = made(pair("complex-mixed", (50,), (50,)), "complex128", 0)
    x, y = arrays.values["x"], arrays.values["y"]
    assert ratio(arrays, "vdot", np.vdot(x, y)) < 50
    assert ratio(arrays, "vdot", np.dot(x, y)) > 1e10


# -- generated operands ----------------------------------------------------------------------------
@pytest.mark.parametrize("dtype", REAL)
def test_ill_conditioned_vectors_have_about_the_condition_that_they_promise(dtype: str) -> None:
    fmt = FORMATS[dtype]
    for share, name in ((0.5, "gendot-half"), (1.0, "gendot-full")):
        found = []
        for seed in range(5):
            x, y = (generate(f"{name}-{side}", seed, 100, fmt) for side in ("left", "right"))
            assert np.isfinite(x).all()
            assert np.isfinite(y).all()
            total = rational(x, y)
            found.append(float("inf") if total == 0 else float(2 * rational(abs(x), abs(y)) / abs(total)))
        assert 2 ** (share * fmt.p - 3) < np.median(found) < 2 ** (share * fmt.p + 9), (name, found)


@pytest.mark.parametrize("dtype", REAL)
def test_operands_for_over_and_underflow_are_what_they_say(dtype: str) -> None:
    fmt = FORMATS[dtype]
    x, y = (generate(f"running-{side}", 0, 4096, fmt) for side in ("left", "right"))
    assert Fraction(fmt.max_finite) > max(abs(Fraction(a) * Fraction(b)) for a, b in zip(x, y, strict=True))
    assert rational(x[:64], y[:64]) > Fraction(fmt.max_finite)
    assert 0 < rational(x, y) < Fraction(fmt.max_finite)
    # Sixty-four lanes of a vectorised sum overflow too.
    assert all(rational(x[i:2048:64], y[i:2048:64]) > Fraction(fmt.max_finite) for i in range(64))
    a, b = (generate(f"small-factor{end}", 0, 32, fmt) for end in ("", ".2"))
    assert all(Fraction(p) * Fraction(q) < Fraction(fmt.min_normal) for p, q in zip(a, b, strict=True))
    assert rational(a, b) > Fraction(fmt.min_normal)
    tiny, large = generate("subnormal", 0, 100, fmt), generate("large-factor", 0, 100, fmt)
    assert fmt.is_subnormal(tiny).all()
    assert Fraction(fmt.max_finite) > rational(tiny, large) > Fraction(fmt.min_normal)


# -- the catalogue ---------------------------------------------------------------------------------
def cases() -> list[tuple[str, str, Problem]]:
    """Every function of NumPy and SciPy with its problems in one dtype each, the largest left out."""
    return [
        (row.name, dtype, problem)
        for row in ROWS
        for dtype in ("float64", "complex128")
        if dtype in row.dtypes
        for problem in ARRAYS[row.name].tried(dtype)
        if problem.elements() < 50_000
    ]


@pytest.mark.parametrize(("name", "dtype", "problem"), cases(), ids=lambda v: getattr(v, "name", v))
def test_the_programs_of_numpy_and_scipy_compute_what_is_judged(name: str, dtype: str, problem: Problem) -> None:
    sys.path.insert(0, str(WORKER))
    try:
        from programs import Program  # type: ignore[import-not-found]
    finally:
        sys.path.remove(str(WORKER))
    arrays = made(problem, dtype, 0)
    values = {**arrays.values, **arrays.parameters}
    reference = FINDERS[ARRAYS[name].reference](arrays, 100)
    for library in ("numpy", "scipy"):
        program = ARRAYS[name].program(library)
        if program is None:
            continue
        with np.errstate(all="ignore"):
            found = np.asarray(Program(program).run(values))
        rows = judge({"": Output(found, DTYPES[dtype])}, reference, problem.special, "here")
        assert found.shape == reference[""].shape
        bounds = [row["bound_ratio"] for row in rows if row["bound_ratio"] is not None]
        spread = name == "conv1d" and library == "scipy"  # may go through a Fourier transform
        assert spread or all(b <= max(problem.elements(), 4) for b in bounds), (library, bounds)


def test_rules_are_in_the_language_and_sentences_end() -> None:
    for row in ROWS:
        assert array_row(row.name) is ARRAYS[row.name]
        assert lookup(row.name) is row
        for rule in row.specials:
            assert is_when(rule.when[0])
            assert is_then(rule.then)
            assert rule.sentence.endswith(".")


def finding(arrays: Arrays, name: str, values: Any) -> list[int]:
    reply = ArrayReply(Outcome("ok"), [answer(values, arrays.dtype)])
    rows = finding_rows(lookup(name), arrays, "planted", reply, FINDERS[ARRAYS[name].reference](arrays, 100))
    return [row["agrees"] for row in rows]


def problem_of(name: str, case: str) -> Problem:
    return next(p for p in ARRAYS[name].problems if p.name == case)


def test_shortcuts_for_zero_factors_and_flushed_products_are_found() -> None:
    arrays = made(problem_of("matmul", "nan-times-zero"), "float32", 0)
    right = nearest(arrays, "matmul")
    assert finding(arrays, "matmul", right) == [1]
    assert finding(arrays, "matmul", np.zeros((8, 8))) == [0]
    assert finding(arrays, "matmul", np.full((8, 8), np.nan)) == [0]
    for case in ("small-factor-32-32", "subnormal-operand"):
        arrays = made(problem_of("dot", case), "float32", 0)
        assert finding(arrays, "dot", nearest(arrays, "dot")) == [1]
        assert finding(arrays, "dot", np.zeros(())) == [0]
    arrays = made(problem_of("dot", "mixed-0-0"), "float32", 0)
    assert finding(arrays, "dot", np.zeros(())) == [1]
    assert finding(arrays, "dot", np.full((), np.nan)) == [0]
    arrays = made(problem_of("dot", "overflow-on-the-way"), "float16", 0)
    assert finding(arrays, "dot", np.full((), np.nan)) == [1]
    assert finding(made(problem_of("dot", "mixed-10-10"), "float32", 0), "dot", np.zeros(())) == []
