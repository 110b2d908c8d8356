"""The numbers behind ``promised.py``, as their sources print them, and the sources.

``TABLES`` holds ``(source, dtypes, unit, domain, "function=bound …")``; functions are names or aliases of the
catalogue.
"""

from __future__ import annotations

from typing import NamedTuple


class Source(NamedTuple):
    """Who promises, under what circumstances, and where it is written (document with edition, URL)."""

    implementation: str
    condition: str
    title: str
    url: str


NUMPY = "https://github.com/numpy/numpy/blob/1f90bbb55e65e7de68921bc3f1a2d94492fdf689/numpy/_core/"
NUMPY_AT = "main at 2026-08-21"
JAX_URL = "https://github.com/jax-ml/jax/blob/031068b03451af03f8797eee4c0e0a228fbbd6de/docs/accuracy.md"
JAX = "JAX documentation, Numerical accuracy, reviewed 2026-09-18"
JAX_SAYS = "measured there, subnormals flushed; all inputs of one argument, sampled for two arguments and float64"
EIGEN_URL = (
    "https://github.com/eigen-mirror/eigen/blob/12c9c14bc5d4c4ba28cf41102ea99b7f83f30d04/"
    "doc/CoeffwiseMathFunctionsTable.dox"
)
EIGEN = "Eigen documentation, Accuracy of vectorized math functions, main at 2026-08-21"
CUDA_URL = "https://docs.nvidia.com/cuda/cuda-c-programming-guide/index.html#standard-functions"
CUDA = (
    "CUDA C Programming Guide, appendix Mathematical Functions, as tabulated in intel/llvm, "
    "sycl/doc/cuda/cuda-vs-opencl-math-builtin-precisions.md, commit 3216a580a063"
)
OPENCL_URL = (
    "https://github.com/KhronosGroup/OpenCL-Docs/blob/1fb076bc72bd32e8798fd5e6f2e3ff26fb06402a/OpenCL_C.txt"
    "#relative-error-as-ulps"
)
OPENCL = "The OpenCL C Specification, v3.1, section Relative Error as ULPs"
GLIBC_URL = (
    "https://github.com/bminor/glibc/blob/0003605a54344a459ff756ae5ffe72416a9b64e3/sysdeps/x86_64/fpu/libm-test-ulps"
)
GLIBC = "glibc, Known Maximum Errors in Math Functions for x86_64 (libm-test-ulps), commit 0003605a5434"
CUDA_SAYS = "from extensive but not exhaustive tests; full range where no domain is given"

SOURCES = {
    "numpy-sets": Source(
        "NumPy's tests", "on the listed inputs only",
        f"NumPy, tests/data/umath-validation-set-*.csv (column ulperrortol), {NUMPY_AT}", f"{NUMPY}tests/data",
    ),
    "numpy-half": Source(
        "NumPy's tests", "against the float32 result rounded to float16; all 65536 inputs",
        f"NumPy, tests/test_umath_accuracy.py, test_validate_fp16_transcendentals, {NUMPY_AT}",
        f"{NUMPY}tests/test_umath_accuracy.py",
    ),
    "numpy-avx": Source(
        "NumPy's tests", "uniform random inputs, arrays of 1 to 31",
        f"NumPy, tests/test_umath.py, TestAVXUfuncs, {NUMPY_AT}", f"{NUMPY}tests/test_umath.py",
    ),
    "numpy-avx32": Source(
        "NumPy's tests", "a million uniform random inputs",
        f"NumPy, tests/test_umath.py, TestAVXFloat32Transcendental, {NUMPY_AT}", f"{NUMPY}tests/test_umath.py",
    ),
    "numpy-loops": Source(
        "NumPy's SIMD loops", "AVX2 and AVX512F; all inputs",
        f"NumPy, src/umath/loops_exponent_log.dispatch.c.src, comments, {NUMPY_AT}",
        f"{NUMPY}src/umath/loops_exponent_log.dispatch.c.src",
    ),
    "numpy-trig": Source(
        "NumPy's SIMD loops", "vectorised float32 sine and cosine",
        f"NumPy, src/umath/loops_trigonometric.dispatch.cpp, comments, {NUMPY_AT}",
        f"{NUMPY}src/umath/loops_trigonometric.dispatch.cpp",
    ),
    "jax-cpu": Source("JAX (XLA) on x86-64", JAX_SAYS, JAX, JAX_URL),
    "jax-gpu": Source("JAX (XLA) on NVIDIA H100 and B200", JAX_SAYS, JAX, JAX_URL),
    "eigen": Source("Eigen, SSE2", "all floats; a sample of the doubles", EIGEN, EIGEN_URL),
    "cuda": Source("CUDA", CUDA_SAYS, CUDA, CUDA_URL),
    "opencl": Source("OpenCL, full profile", "required of every implementation", OPENCL, OPENCL_URL),
    "glibc": Source("glibc on x86-64", "the largest error that its tests have shown", GLIBC, GLIBC_URL),
}  # fmt: skip

SINGLE_AND_DOUBLE = "float32 float64"
_JAX16 = "acos=1.5 acosh=2 asin=1.5 asinh=1.5 atanh=1.5 reciprocal=0.5 rsqrt=0.5 sqrt=0.5 square=0.5 tanh=0.5 sinc=0.5"
_OPENCL = (
    "add=0.5 subtract=0.5 multiply=0.5 acos=4 asin=4 atan=5 atan2=6 acosh=4 asinh=4 atanh=5 cbrt=2 ceil=0.5 copysign=0 "
    "cos=4 cosh=4 rad2deg=2 erfc=16 erf=16 exp=3 exp2=3 expm1=3 fabs=0 floor=0.5 fmax=0 fmin=0 fmod=0 hypot=4 log=3 "
    "log2=3 log10=3 log1p=2 nextafter=0 power=16 deg2rad=2 rint=0.5 rsqrt=2 sign=0 sin=4 sinh=4 tan=5 tanh=5 gamma=16 "
    "trunc=0.5"
)

TABLES = (
    # -- NumPy ---------------------------------------------------------------------------------------------
    ("numpy-sets", "float32", "ulp-rounded", "",
     ("acos=3 acosh=2 asin=4 asinh=2 atan=3 atanh=2 cbrt=2 cos=2 cosh=3 exp=3 exp2=2 expm1=3 log=4 log10=4 log1p=2 "
     "log2=3 sin=2 sinh=2 tan=4 tanh=2")),
    ("numpy-sets", "float64", "ulp-rounded", "",
     ("acos=1 acosh=1 asin=1 asinh=1 atan=1 atanh=1 cbrt=2 cos=1 cosh=1 exp=1 exp2=1 expm1=1 log=1 log10=1 log1p=1 "
     "log2=1 sin=1 sinh=1 tan=1 tanh=2")),
    ("numpy-half", "float16", "ulp-rounded", "",
     ("abs=1 acos=1 acosh=1 asin=1 asinh=1 atan=1 atanh=1 cbrt=1 ceil=1 cos=1 cosh=1 deg2rad=1 exp=1 exp2=1 expm1=1 "
     "fabs=1 floor=1 log=1 log10=1 log1p=1 log2=1 negative=1 positive=1 rad2deg=1 reciprocal=1 rint=1 sign=1 sin=1 "
     "sinh=1 sqrt=1 square=1 tan=1 tanh=1 trunc=1")),
    ("numpy-avx", SINGLE_AND_DOUBLE, "ulp-rounded", "0 ≤ x ≤ 100", "sqrt=1"),
    ("numpy-avx", SINGLE_AND_DOUBLE, "ulp-rounded", "1 ≤ x ≤ 100", "reciprocal=1"),
    ("numpy-avx", SINGLE_AND_DOUBLE, "ulp-rounded", "-100 ≤ x ≤ 100",
     "abs=0 square=1 rint=0 floor=0 ceil=0 trunc=0"),
    ("numpy-avx32", "float32", "ulp-rounded", "0 ≤ x ≤ 88.1", "exp=3"),
    ("numpy-avx32", "float32", "ulp-rounded", "0 ≤ x ≤ 1000", "log=4"),
    ("numpy-avx32", "float32", "ulp-rounded", "-100 ≤ x ≤ 100, and some beyond 117435.992", "sin=2 cos=2"),
    ("numpy-loops", "float32", "ulp", "", "exp=2.52 log=3.83"),
    ("numpy-trig", "float32", "ulp", "|x| ≤ 117435.992", "sin=1.49"),
    ("numpy-trig", "float32", "ulp", "|x| ≤ 71476.0625", "cos=1.49"),
    # -- JAX -----------------------------------------------------------------------------------------------
    ("jax-cpu", "bfloat16", "ulp", "",
     (f"{_JAX16} atan=0.5 atan2=1 bessel_i0e=0.5 bessel_i1e=0.5 cbrt=0.5 cos=0.5 cosh=0.5 erf=0.5 erfinv=0.5 erfc=0.5 "
     "exp=0.5 exp2=101 expm1=0.5 log=0.5 log1p=0.5 log2=2 sigmoid=2.5 sin=0.5 sinh=0.5 tan=0.5 deg2rad=1 hypot=1.5 "
     "log10=2 rad2deg=1 erfcinv=1")),
    ("jax-cpu", "float16", "ulp", "",
     (f"{_JAX16} atan=1 atan2=1 bessel_i0e=1 bessel_i1e=1 cbrt=1 cos=1 cosh=1 erf=1 erfinv=1 erfc=1 exp=1 exp2=14 "
     "expm1=2.5 log=1 log1p=1 log2=2 sigmoid=2 sin=1 sinh=1 tan=1 deg2rad=1 hypot=1.5 log10=1.5 rad2deg=1.5 "
      "erfcinv=1")),
    ("jax-cpu", "float32", "ulp", "",
     ("acos=1.5 acosh=4.5 asin=2 asinh=3.5 atan=5.5 atan2=0.5 atanh=3 bessel_i0e=7 bessel_i1e=11 cbrt=0.5 cos=0.5 "
     "cosh=25 erf=7 erfinv=65 erfc=66 exp=1.5 exp2=68.5 expm1=6.5 log=1.5 log1p=3 log2=2.5 sigmoid=2.5 reciprocal=0.5 "
     "rsqrt=2 sin=0.5 sinh=25 sqrt=0.5 square=0.5 tan=0.5 tanh=5 deg2rad=1 hypot=1.5 log10=3 rad2deg=1 sinc=2.5 "
     "erfcinv=3 ndtri=2.5")),
    ("jax-cpu", "float64", "ulp", "",
     ("acos=1.5 acosh=3.5 asin=1.5 asinh=2.5 atan=3.5 atan2=0.5 atanh=2.5 bessel_i0e=7.5 bessel_i1e=10.5 cbrt=0.5 "
     "cos=0.5 cosh=496 erf=2.5 erfinv=500000 erfc=350 exp=2 exp2=719 expm1=4.5 log=0.5 log1p=2 log2=1.5 sigmoid=3.5 "
     "reciprocal=0.5 rsqrt=1.5 sin=0.5 sinh=496 sqrt=0.5 square=0.5 tan=0.5 tanh=7 deg2rad=1 hypot=1.5 log10=2 "
     "rad2deg=1 sinc=2 erfcinv=3 ndtri=2")),
    ("jax-gpu", "bfloat16", "ulp", "",
     ("acos=0.5 acosh=0.5 asin=0.5 asinh=0.5 atan=0.5 atan2=1 atanh=0.5 bessel_i0e=0.5 bessel_i1e=0.5 cbrt=0.5 cos=0.5 "
     "cosh=0.5 erf=0.5 erfinv=0.5 erfc=0.5 exp=1 exp2=101 expm1=0.5 log=0.5 log1p=0.5 log2=2 sigmoid=2.5 "
     "reciprocal=0.5 rsqrt=0.5 sin=0.5 sinh=0.5 sqrt=0.5 square=0.5 tan=0.5 tanh=0.5 deg2rad=1 hypot=1.5 log10=2 "
     "rad2deg=1 sinc=0.5 erfcinv=1")),
    ("jax-gpu", "float16", "ulp", "",
     ("acos=1 acosh=1 asin=1 asinh=1 atan=1 atan2=1 atanh=0.5 bessel_i0e=0.5 bessel_i1e=1 cbrt=1 cos=1 cosh=1 erf=1 "
     "erfinv=1 erfc=1 exp=1 exp2=14 expm1=1 log=1 log1p=1 log2=2 sigmoid=2 reciprocal=0.5 rsqrt=0.5 sin=1 sinh=0.5 "
     "sqrt=0.5 square=0.5 tan=1 tanh=0.5 deg2rad=1 hypot=1.5 log10=1.5 rad2deg=1.5 sinc=0.5 erfcinv=1")),
    ("jax-gpu", "float32", "ulp", "",
     ("acos=1.5 acosh=2.5 asin=1.5 asinh=2 atan=1.5 atan2=3 atanh=3.5 bessel_i0e=8 bessel_i1e=15.5 cbrt=1.5 cos=2 "
     "cosh=2.5 erf=6.5 erfinv=65 erfc=66.5 exp=2 exp2=69 expm1=1.5 log=1 log1p=1 log2=2 sigmoid=4 reciprocal=1 rsqrt=2 "
     "sin=1.5 sinh=3 sqrt=1 square=0.5 tan=3.5 tanh=5.5 deg2rad=1 hypot=2 log10=2.5 rad2deg=1 sinc=3.5 erfcinv=3.5 "
     "ndtri=3")),
    ("jax-gpu", "float64", "ulp", "",
     ("acos=1.5 acosh=2.5 asin=2.5 asinh=2.5 atan=2.5 atan2=1.5 atanh=3.5 bessel_i0e=7.5 bessel_i1e=7.5 cbrt=1.5 "
     "cos=1.5 cosh=2.5 erf=2.5 erfinv=500000 erfc=350 exp=1.5 exp2=719 expm1=1.5 log=1.5 log1p=1.5 log2=1.5 "
     "sigmoid=4.5 reciprocal=0.5 rsqrt=1.5 sin=2.5 sinh=2.5 sqrt=0.5 square=0.5 tan=2.5 tanh=3.5 deg2rad=1 hypot=1.5 "
     "log10=2.5 rad2deg=1 sinc=2 erfcinv=3 ndtri=2")),
    # -- Eigen ---------------------------------------------------------------------------------------------
    ("eigen", "float32", "ulp-rounded", "",
     ("sin=2 cos=2 tan=5 asin=4 acos=4 atan=4 sinh=2 cosh=2 tanh=6 asinh=2 acosh=2 atanh=2 exp=1 exp2=6 expm1=5 log=3 "
     "log1p=5 log10=2 log2=5 erf=7 erfc=8 sigmoid=7 sqrt=0 cbrt=2")),
    ("eigen", "float32 float64", "ulp-rounded", "without -0 and negative subnormals", "rsqrt=2"),
    ("eigen", "float64", "ulp-rounded", "",
     ("sin=13879755 cos=2024130 tan=13879755 asin=1 acos=1 atan=5 sinh=2 cosh=2 tanh=8 asinh=2 acosh=2 atanh=2 exp=2 "
     "exp2=214 expm1=3 log=2 log1p=3 log10=2 log2=2 erfc=11 sigmoid=3 sqrt=0 cbrt=2")),
    ("eigen", "float64", "ulp-rounded", "finite x", "erf=3"),
    # -- CUDA ----------------------------------------------------------------------------------------------
    ("cuda", "float32", "ulp-rounded", "",
     ("add=0 multiply=0 acos=3 asin=4 atan=2 atan2=3 acosh=4 asinh=3 atanh=3 cbrt=1 ceil=0 cos=2 cosh=2 bessel_i0=6 "
     "bessel_i1=6 erfc=4 erfcinv=2 erfinv=2 erf=2 exp=2 exp2=2 expm1=1 floor=0 fmod=0 hypot=3 log=1 log2=1 log10=2 "
     "log1p=1 ndtri=5 power=8 rint=0 rsqrt=2 sin=2 sinh=3 tan=4 tanh=2 gamma=11 trunc=0")),
    ("cuda", "float32", "ulp-rounded", "compiled with -prec-div=true", "reciprocal=0 divide=0"),
    ("cuda", "float32", "ulp-rounded", "compiled with -prec-sqrt=true", "sqrt=0"),
    ("cuda", "float32", "ulp-rounded", "|x| < 8", "bessel_j0=9 bessel_j1=9 bessel_y0=9 bessel_y1=9"),
    ("cuda", "float32", "absolute", "|x| ≥ 8", "bessel_j0=2.2e-6 bessel_j1=2.2e-6 bessel_y0=2.2e-6 bessel_y1=2.2e-6"),
    ("cuda", "float32", "ulp-rounded", "outside -10.001 … -2.264", "lgamma=6"),
    ("cuda", "float64", "ulp-rounded", "",
     ("add=0 multiply=0 reciprocal=0 divide=0 acos=1 asin=2 atan=2 atan2=2 acosh=2 asinh=2 atanh=2 cbrt=1 ceil=0 cos=1 "
     "cosh=1 bessel_i0=6 bessel_i1=6 erfc=4 erfcinv=6 erfinv=5 erf=2 exp=1 exp2=1 expm1=1 floor=0 fmod=0 hypot=2 log=1 "
     "log2=1 log10=1 log1p=1 ndtri=7 power=2 rint=0 rsqrt=1 sin=1 sinh=1 sqrt=0 tan=2 tanh=1 gamma=8 trunc=0")),
    ("cuda", "float64", "ulp-rounded", "|x| < 8", "bessel_j0=7 bessel_j1=7 bessel_y0=7 bessel_y1=7"),
    ("cuda", "float64", "absolute", "|x| ≥ 8", "bessel_j0=5e-12 bessel_j1=5e-12 bessel_y0=5e-12 bessel_y1=5e-12"),
    ("cuda", "float64", "ulp-rounded", "outside -11.0001 … -2.2637", "lgamma=4"),
    # -- OpenCL --------------------------------------------------------------------------------------------
    ("opencl", "float32", "ulp", "", f"{_OPENCL} reciprocal=2.5 divide=2.5 sqrt=3"),
    ("opencl", "float64", "ulp", "", f"{_OPENCL} reciprocal=0.5 divide=0.5 sqrt=0.5"),
    ("opencl", "float16", "ulp", "",
     ("add=0.5 subtract=0.5 multiply=0.5 reciprocal=1 divide=1 acos=2 acosh=2 asin=2 asinh=2 atan=2 atanh=2 atan2=2 "
     "cbrt=2 ceil=0.5 copysign=0 cos=2 cosh=2 rad2deg=2 erfc=4 erf=4 exp=2 exp2=2 expm1=2 fabs=0 floor=0.5 fmax=0 "
     "fmin=0 fmod=0 hypot=2 log=2 log2=2 log10=2 log1p=2 nextafter=0 power=4 deg2rad=2 rint=0.5 rsqrt=1 sign=0 sin=2 "
     "sinh=2 sqrt=1.5 tan=2.5 tanh=2 gamma=4 trunc=0.5")),
    # -- glibc ---------------------------------------------------------------------------------------------
    ("glibc", "float32", "ulp-rounded", "",
     ("acos=1 acosh=2 asin=1 asinh=2 atan=1 atan2=2 atanh=2 cos=1 cosh=2 exp=1 exp2=1 hypot=1 bessel_j0=9 bessel_j1=9 "
     "log=1 log10=2 log2=1 power=1 sin=1 sinh=2 tanh=2 bessel_y0=9 bessel_y1=9")),
    ("glibc", "float64", "ulp-rounded", "",
     ("acos=1 acosh=2 asin=1 asinh=2 atan=1 atanh=2 cbrt=4 cos=1 cosh=2 erf=1 erfc=5 exp=1 exp2=1 expm1=1 hypot=1 "
     "bessel_j0=3 bessel_j1=4 lgamma=4 log=1 log10=2 log1p=1 log2=2 power=1 sin=1 sinh=2 tanh=2 gamma=9 bessel_y0=3 "
     "bessel_y1=6")),
)  # fmt: skip
