"""Questions about values for the page "same meaning?": NaN, zeros and infinities, remainders, rounding, casts.

See ``meaning_lines.py``. Runs under Python >= 3.6.
"""


def line(name, question, numpy, tensorflow, same, differs):
    return {
        "id": name, "question": question, "numpy": numpy, "tensorflow": tensorflow, "same": same, "differs": differs,
    }  # fmt: skip


# fmt: off
NANS = (
    line(
        "maximum-nan", "What is the elementwise maximum of a NaN and a number?",
        "np.maximum(np.array([np.nan, 1.]), np.array([1., np.nan]))",
        "tf.maximum(tf.constant([np.nan, 1.], tf.float64), tf.constant([1., np.nan], tf.float64))",
        "NaN wins in both, in either place.",
        "NaN in an elementwise maximum is not treated alike.",
    ),
    line(
        "max-nan", "What is the maximum of an array of 3 with a NaN in it?",
        "np.max(np.array([1., np.nan, 3.], 'float32'))", "tf.reduce_max(tf.constant([1., np.nan, 3.], tf.float32))",
        "Both give the same.",
        "A NaN in a short array does not decide the maximum alike.",
    ),
    line(
        "max-nan-100", "And of an array of 100 with a NaN in front?",
        "np.max(np.array([np.nan] + [1.] * 99, 'float32'))",
        "tf.reduce_max(tf.constant([np.nan] + [1.] * 99, tf.float32))",
        "Both give the same.",
        "A NaN in front of a long array does not decide the maximum alike.",
    ),
    line(
        "argmax-nan", "Which index does argmax name beside a NaN?",
        "np.argmax(np.array([1., np.nan, 3.]))", "tf.argmax(tf.constant([1., np.nan, 3.], tf.float64))",
        "Both name the same index.",
        "argmax beside a NaN does not name the same index.",
    ),
    line(
        "sign-nan", "What is the sign of NaN?",
        "np.sign(np.array([np.nan]))", "tf.sign(tf.constant([np.nan], tf.float64))",
        "Both give the same.",
        "The sign of NaN is not the same in both.",
    ),
    line(
        "nan-equal", "How does NaN compare with itself (==, !=, <=)?",
        "(np.equal(np.nan, np.nan), np.not_equal(np.nan, np.nan), np.less_equal(np.nan, np.nan))",
        "(tf.equal(np.nan, np.nan), tf.not_equal(np.nan, np.nan), tf.less_equal(np.nan, np.nan))",
        "NaN is unequal to itself and unordered in both.",
        "NaN does not compare alike.",
    ),
    line(
        "log-negative", "What is the logarithm of −1?",
        "np.log(np.array([-1.]))", "tf.math.log(tf.constant([-1.], tf.float64))",
        "Both give NaN rather than a complex number or an error.",
        "The logarithm of a negative number is not the same.",
    ),
)
ZEROS = (
    line(
        "zero-zero-power", "What is 0 to the power 0?",
        "np.power(np.array([0.]), np.array([0.]))",
        "tf.pow(tf.constant([0.], tf.float64), tf.constant([0.], tf.float64))",
        "Both give the same.",
        "0 to the power 0 is not the same in both.",
    ),
    line(
        "negative-base", "What is −8 to the power 1/3?",
        "np.power(np.array([-8.]), 1 / 3)", "tf.pow(tf.constant([-8.], tf.float64), 1 / 3)",
        "Both give NaN: no real power, and no complex one.",
        "A negative base with a fractional power is not treated alike.",
    ),
    line(
        "maximum-zeros", "What is the maximum of −0 and +0, in either order?",
        "np.maximum(np.array([-0., 0.]), np.array([0., -0.]))",
        "tf.maximum(tf.constant([-0., 0.], tf.float64), tf.constant([0., -0.], tf.float64))",
        "Both choose the same zeros.",
        "Of two zeros the libraries do not choose the same.",
    ),
    line(
        "sqrt-minus-zero", "What is the square root of −0?",
        "np.sqrt(np.array([-0.]))", "tf.sqrt(tf.constant([-0.], tf.float64))",
        "Both give the same zero.",
        "The square root of −0 does not have the same sign.",
    ),
    line(
        "sign-minus-zero", "What is the sign of −0?",
        "np.sign(np.array([-0.]))", "tf.sign(tf.constant([-0.], tf.float64))",
        "Both give the same zero.",
        "The sign of −0 is not the same zero in both.",
    ),
    line(
        "signbit-minus-zero", "Is the sign bit of −0 seen?",
        "np.signbit(np.array([-0.]))", "tnp.signbit(tf.constant([-0.], tf.float64))",
        "Both see it alike.",
        "The sign bit of −0 is seen by one and not by the other.",
    ),
    line(
        "divide-zero", "What are 1/0, −1/0 and 0/0 in floats?",
        "np.array([1., -1., 0.]) / 0.", "tf.constant([1., -1., 0.], tf.float64) / 0.",
        "Both follow IEEE 754: infinities and NaN, and no exception.",
        "A division of floats by zero is not the same.",
    ),
    line(
        "floor-divide-inf", "What is infinity // 1?",
        "np.array([np.inf]) // 1.", "tf.constant([np.inf], tf.float64) // 1.",
        "Both give the same.",
        "The floored quotient of an infinity is not the same in both.",
    ),
)
ROUNDING = (
    line(
        "mod-negative", "Which sign has −7 mod 3?",
        "np.mod(np.array([-7., 7.]), np.array([3., -3.]))",
        "tf.math.mod(tf.constant([-7., 7.], tf.float64), tf.constant([3., -3.], tf.float64))",
        "Both give the remainder the sign of the divisor.",
        "mod does not give the remainder the same sign.",
    ),
    line(
        "fmod-negative", "And the truncated remainder?",
        "np.fmod(np.array([-7., 7.]), np.array([3., -3.]))",
        "tf.truncatemod(tf.constant([-7., 7.], tf.float64), tf.constant([3., -3.], tf.float64))",
        "Both give the remainder the sign of the dividend.",
        "The truncated remainder does not have the same sign or value.",
    ),
    line(
        "mod-int-negative", "Which is −7 // 3 and −7 % 3 in integers?",
        "(np.array([-7]) // 3, np.array([-7]) % 3)",
        "(tf.constant([-7], tf.int64) // 3, tf.constant([-7], tf.int64) % 3)",
        "Both floor the quotient.",
        "Integer quotients and remainders of negative numbers are not the same.",
    ),
    line(
        "round-ties", "How are 0.5, 1.5, 2.5 and −0.5 rounded?",
        "np.round(np.array([0.5, 1.5, 2.5, -0.5]))", "tf.round(tf.constant([0.5, 1.5, 2.5, -0.5], tf.float64))",
        "Both round ties to even and keep the sign of zero.",
        "Ties are not rounded alike.",
    ),
    line(
        "rint-ties", "And by rint?",
        "np.rint(np.array([0.5, 1.5, 2.5, -0.5]))", "tf.math.rint(tf.constant([0.5, 1.5, 2.5, -0.5], tf.float64))",
        "Both round ties to even and keep the sign of zero.",
        "Ties are not rounded alike.",
    ),
    line(
        "round-decimals", "What is 2.675 rounded to 2 decimals?",
        "np.round(np.array([2.675]), 2)", "tnp.around(tf.constant([2.675], tf.float64), 2)",
        "Both give the same (2.675 is no binary number, so there is no tie).",
        "Rounding to decimals is not the same in both.",
    ),
    line(
        "cast-trunc", "How do 2.7 and −2.7 become integers?",
        "np.array([2.7, -2.7]).astype('int32')", "tf.cast(tf.constant([2.7, -2.7], tf.float64), tf.int32)",
        "Both cut towards zero.",
        "The conversion of floats to integers is not the same.",
    ),
    line(
        "cast-nan", "Which integer does NaN become?",
        "np.array([np.nan]).astype('int32')", "tf.cast(tf.constant([np.nan], tf.float64), tf.int32)",
        "Both make the same of it here; no standard says what.",
        "NaN does not become the same integer.",
    ),
    line(
        "cast-large", "Which int32 do 1e20 and −1e20 become?",
        "np.array([1e20, -1e20]).astype('int32')", "tf.cast(tf.constant([1e20, -1e20], tf.float64), tf.int32)",
        "Both make the same of numbers out of range here; no standard says what.",
        "Numbers out of range do not become the same integers.",
    ),
)
# fmt: on
