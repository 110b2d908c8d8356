"""Questions about complex numbers and about integers at their limits for the page "same meaning?".

See ``meaning_lines.py``. Runs under Python >= 3.6.
"""

from meaning_values import line

# fmt: off
COMPLEX = (
    line(
        "complex-sqrt-cut", "What is the square root of −4 on either side of the cut (imaginary part +0 and −0)?",
        "np.sqrt(np.array([complex(-4., 0.), complex(-4., -0.)]))",
        "tf.sqrt(tf.constant([complex(-4., 0.), complex(-4., -0.)], tf.complex128))",
        "Both keep the side of the cut that the sign of zero says.",
        "The sign of zero does not choose the same side of the cut.",
    ),
    line(
        "complex-log-cut", "What is the logarithm of −1 on either side of the cut?",
        "np.log(np.array([complex(-1., 0.), complex(-1., -0.)]))",
        "tf.math.log(tf.constant([complex(-1., 0.), complex(-1., -0.)], tf.complex128))",
        "Both give ±πi by the sign of zero.",
        "The sign of zero does not choose the same side of the cut.",
    ),
    line(
        "complex-log-zero", "What is the logarithm of the complex number 0?",
        "np.log(np.array([0j]))", "tf.math.log(tf.constant([0j], tf.complex128))",
        "Both give the same.",
        "The logarithm of 0 is not the same complex number.",
    ),
    line(
        "complex-abs-overflow", "What is the absolute value of 3e200 + 4e200i, whose squares overflow?",
        "np.abs(np.array([3e200 + 4e200j]))", "tf.abs(tf.constant([3e200 + 4e200j], tf.complex128))",
        "Both scale before they square.",
        "One of them overflows on the way to a result that does not.",
    ),
    line(
        "complex-abs-inf-nan", "What is the absolute value of ∞ + NaN·i?",
        "np.abs(np.array([complex(np.inf, np.nan)]))", "tf.abs(tf.constant([complex(np.inf, np.nan)], tf.complex128))",
        "Both give the same.",
        "An infinite part beside NaN does not count alike (C99 Annex G: infinite).",
    ),
    line(
        "complex-divide-zero", "What is (1 + i) / 0?",
        "np.array([1 + 1j]) / np.array([0j])",
        "tf.constant([1 + 1j], tf.complex128) / tf.constant([0j], tf.complex128)",
        "Both give the same.",
        "A complex division by zero is not the same.",
    ),
    line(
        "complex-divide-large", "What is (1 + i) / (1e300 + 1e300i), where |divisor|² overflows?",
        "np.array([1 + 1j]) / np.array([1e300 + 1e300j])",
        "tf.constant([1 + 1j], tf.complex128) / tf.constant([1e300 + 1e300j], tf.complex128)",
        "Both scale before they square.",
        "One of them overflows on the way to a result that does not.",
    ),
    line(
        "complex-inf-times-i", "What is (∞ + 0i) · (0 + i)?",
        "np.array([complex(np.inf, 0)]) * np.array([1j])",
        "tf.constant([complex(np.inf, 0)], tf.complex128) * tf.constant([1j], tf.complex128)",
        "Both give the same.",
        "An infinity times i is not the same (C99 Annex G: infinite).",
    ),
    line(
        "complex-tanh-large", "What is tanh(1000 + i)?",
        "np.tanh(np.array([1000 + 1j]))", "tf.tanh(tf.constant([1000 + 1j], tf.complex128))",
        "Both give 1.",
        "The hyperbolic tangent of a large argument is not the same.",
    ),
    line(
        "complex-tan-large", "What is tan(1 + 1000i)?",
        "np.tan(np.array([1 + 1000j]))", "tf.tan(tf.constant([1 + 1000j], tf.complex128))",
        "Both give i.",
        "The tangent far from the real axis is not the same.",
    ),
    line(
        "complex-power-zero", "What is the complex 0 to the power 0?",
        "np.power(np.array([0j]), np.array([0j]))",
        "tf.pow(tf.constant([0j], tf.complex128), tf.constant([0j], tf.complex128))",
        "Both give the same.",
        "The complex 0 to the power 0 is not the same in both.",
    ),
    line(
        "complex-sign", "What is the sign of 3 + 4i?",
        "np.sign(np.array([3 + 4j]))", "tf.sign(tf.constant([3 + 4j], tf.complex128))",
        "Both give z/|z|.",
        "The sign of a complex number does not mean the same.",
    ),
    line(
        "complex-log1p", "What is log1p(1e-20 + 1e-20i)?",
        "np.log1p(np.array([1e-20 + 1e-20j]))", "tf.math.log1p(tf.constant([1e-20 + 1e-20j], tf.complex128))",
        "Both give the same.",
        "log1p of a small complex number is not the same: one loses what log1p is there to keep.",
    ),
    line(
        "complex-expm1", "What is expm1(1e-20 + 1e-20i)?",
        "np.expm1(np.array([1e-20 + 1e-20j]))", "tf.math.expm1(tf.constant([1e-20 + 1e-20j], tf.complex128))",
        "Both give the same.",
        "expm1 of a small complex number is not the same: one loses what expm1 is there to keep.",
    ),
    line(
        "complex-asin-cut", "What is asin(2 ± 0i)?",
        "np.arcsin(np.array([complex(2., 0.), complex(2., -0.)]))",
        "tf.asin(tf.constant([complex(2., 0.), complex(2., -0.)], tf.complex128))",
        "Both keep the side of the cut that the sign of zero says.",
        "On its cut, asin is not the same.",
    ),
    line(
        "complex-to-real", "What does a complex number become as float32?",
        "np.array([1 + 2j]).astype('float32')", "tf.cast(tf.constant([1 + 2j], tf.complex128), tf.float32)",
        "Both drop the imaginary part.",
        "A complex number does not become the same real number.",
    ),
    line(
        "angle-minus-one", "What is the angle of the real number −1?",
        "np.angle(np.array([-1.]))", "tf.math.angle(tf.constant([-1.], tf.float64))",
        "Both give π in the same dtype.",
        "The angle of a negative real number has not the same value or dtype.",
    ),
)

LIMITS = (
    line(
        "int8-abs-minimum", "What is the absolute value of the int8 −128?",
        "np.abs(np.array([-128], 'int8'))", "tf.abs(tf.constant([-128], tf.int8))",
        "Both give −128: the magnitude does not fit.",
        "The absolute value of the smallest integer is not the same.",
    ),
    line(
        "int32-minimum-divide", "What is −2^31 // −1 in int32?",
        "np.array([-2**31], 'int32') // np.array([-1], 'int32')",
        "tf.constant([-2**31], tf.int32) // tf.constant([-1], tf.int32)",
        "Both give the same.",
        "The only quotient that overflows is not the same, or ends the process.",
    ),
    line(
        "uint8-negative", "What is −x of the uint8 1?",
        "np.negative(np.array([1], 'uint8'))", "tf.negative(tf.constant([1], tf.uint8))",
        "Both wrap around.",
        "The negative of an unsigned integer is not the same, or not to be had.",
    ),
    line(
        "shift-negative", "What is −1 shifted right by 40 in int32?",
        "np.right_shift(np.array([-1], 'int32'), np.array([40], 'int32'))",
        "tf.bitwise.right_shift(tf.constant([-1], tf.int32), tf.constant([40], tf.int32))",
        "Both give the same for a shift by more bits than there are.",
        "A shift by more bits than there are is not the same in both.",
    ),
    line(
        "shift-by-negative", "What is 1 shifted left by −1?",
        "np.left_shift(np.array([1], 'int32'), np.array([-1], 'int32'))",
        "tf.bitwise.left_shift(tf.constant([1], tf.int32), tf.constant([-1], tf.int32))",
        "Both give the same for a shift by a negative number of bits.",
        "A shift by a negative number of bits is not the same in both.",
    ),
    line(
        "int-zero-power", "What is the integer 0 to the power 0?",
        "np.power(np.array([0]), np.array([0]))", "tf.pow(tf.constant([0], tf.int64), tf.constant([0], tf.int64))",
        "Both give 1.",
        "The integer 0 to the power 0 is not the same.",
    ),
    line(
        "int-mod-zero", "What is the integer 7 % 0?",
        "np.array([7], 'int32') % np.array([0], 'int32')",
        "tf.constant([7], tf.int32) % tf.constant([0], tf.int32)",
        "Both treat a remainder by zero alike.",
        "A remainder by zero is a value in one and an error, or another value, in the other.",
    ),
    line(
        "uint8-mean", "What is the mean of the uint8 numbers 255 and 254?",
        "np.mean(np.array([255, 254], 'uint8'))", "tf.reduce_mean(tf.constant([255, 254], tf.uint8))",
        "Both give the same mean.",
        "The mean of small integers is not the same: the sum overflows, or the fraction is cut off.",
    ),
    line(
        "cast-wrap", "Which uint8 does the int32 300 become?",
        "np.array([300], 'int32').astype('uint8')", "tf.cast(tf.constant([300], tf.int32), tf.uint8)",
        "Both keep the low eight bits.",
        "An integer out of range does not become the same.",
    ),
    line(
        "cast-negative-unsigned", "Which uint8 do −1.5 and 300.7 become?",
        "np.array([-1.5, 300.7]).astype('uint8')", "tf.cast(tf.constant([-1.5, 300.7], tf.float64), tf.uint8)",
        "Both make the same of floats out of range here; no standard says what.",
        "Floats out of range do not become the same unsigned integers.",
    ),
    line(
        "cast-inf-int64", "Which int64 do ∞ and −∞ become?",
        "np.array([np.inf, -np.inf]).astype('int64')", "tf.cast(tf.constant([np.inf, -np.inf], tf.float64), tf.int64)",
        "Both make the same of infinities here; no standard says what.",
        "Infinities do not become the same integers.",
    ),
    line(
        "cast-nan-bool", "Which truth value does NaN become?",
        "np.array([np.nan, 0., -0.]).astype('bool')", "tf.cast(tf.constant([np.nan, 0., -0.], tf.float64), tf.bool)",
        "Both call everything true that is not zero.",
        "NaN or a zero does not become the same truth value.",
    ),
    line(
        "cast-tie-float16", "Which float16 do 2049 and 2051, halfway between two of them, become?",
        "np.array([2049, 2051], 'int32').astype('float16')", "tf.cast(tf.constant([2049, 2051], tf.int32), tf.float16)",
        "Both round ties to even.",
        "Ties are not rounded alike on the way to float16.",
    ),
    line(
        "clip-nan", "What becomes of NaN clipped to [0, 1]?",
        "np.clip(np.array([np.nan]), 0., 1.)", "tf.clip_by_value(tf.constant([np.nan], tf.float64), 0., 1.)",
        "NaN stays NaN in both.",
        "NaN does not stay NaN in both.",
    ),
    line(
        "clip-reversed", "What is 0.5 clipped to the empty interval [1, 0]?",
        "np.clip(np.array([0.5]), 1., 0.)", "tf.clip_by_value(tf.constant([0.5], tf.float64), 1., 0.)",
        "Both give the same end.",
        "Of an empty interval the libraries do not give the same end.",
    ),
    line(
        "heaviside-zero", "What is heaviside(0, NaN), and heaviside(NaN, 0.5)?",
        "np.heaviside(np.array([0., np.nan]), np.array([np.nan, 0.5]))",
        "tnp.heaviside(tnp.array([0., np.nan]), tnp.array([np.nan, 0.5]))",
        "Both give the same.",
        "The step function beside NaN is not the same.",
    ),
    line(
        "sinc-zero", "What is sinc(0)?",
        "np.sinc(np.array([0.]))", "tnp.sinc(tnp.array([0.]))",
        "Both give 1.",
        "sinc(0) is not the same.",
    ),
    line(
        "i0-large", "What is the Bessel function I0 at 700?",
        "np.i0(np.array([700.]))", "tf.math.bessel_i0(tf.constant([700.], tf.float64))",
        "Both give the same.",
        "The Bessel function I0 of a large argument is not the same to the last digit.",
    ),
    line(
        "logaddexp-minus-inf", "What is log(exp(−∞) + exp(−∞))?",
        "np.logaddexp(np.array([-np.inf]), np.array([-np.inf]))",
        "tf.reduce_logsumexp(tf.constant([-np.inf, -np.inf], tf.float64))[None]",
        "Both give −∞.",
        "The logarithm of a sum of nothing is not the same.",
    ),
    line(
        "hypot-inf-nan", "What is hypot(∞, NaN)?",
        "np.hypot(np.array([np.inf]), np.array([np.nan]))", "tnp.hypot(tnp.array([np.inf]), tnp.array([np.nan]))",
        "Both give the same.",
        "hypot(∞, NaN) is not the same (IEEE 754: ∞).",
    ),
)
# fmt: on
