"""The questions of the page "same meaning?": one line each, with the text that every library executes.

``same`` and ``differs`` are the two sentences for readers, of which only the measured one is shown. Runs under
Python >= 3.6; texts may use ``np``, and for TensorFlow ``tf`` and ``tnp`` (``tf.experimental.numpy``) too.
"""

from meaning_complex import COMPLEX, LIMITS
from meaning_values import NANS, ROUNDING, ZEROS, line

# fmt: off
DTYPES = (
    line(
        "exp-floats", "Which dtype does exp of a list of Python floats have?",
        "np.exp([1., 2.])", "tf.exp([1., 2.])",
        "Both turn Python floats into the same dtype.",
        "Python floats become numbers of different precision, and everything computed from them inherits it.",
    ),
    line(
        "floats", "Which dtype does an array of Python floats have?",
        "np.array([0.1, 0.2])", "tf.constant([0.1, 0.2])",
        "Both store Python floats in the same dtype.",
        "Python floats are stored in different dtypes, so 0.1 is already another number.",
    ),
    line(
        "ints", "Which dtype does an array of Python integers have?",
        "np.array([1, 2])", "tf.constant([1, 2])",
        "Both store Python integers in the same dtype.",
        "Python integers are stored in different dtypes, so sums overflow at different sizes.",
    ),
    line(
        "large-int", "What becomes of the Python integer 2^40?",
        "np.array(2**40)", "tf.constant(2**40)",
        "Both accept it alike.",
        "The two disagree about an integer that needs more than 32 bits.",
    ),
)
INTEGERS = (
    line(
        "exp-int", "Does exp accept a Python integer?",
        "np.exp(1)", "tf.exp(1)",
        "Both treat it alike.",
        "An integer argument is not treated alike: converted by one, refused or computed differently by the other.",
    ),
    line(
        "sqrt-int", "Does sqrt accept a Python integer?",
        "np.sqrt(4)", "tf.sqrt(4)",
        "Both treat it alike.",
        "An integer argument is not treated alike: converted by one, refused or computed differently by the other.",
    ),
    line(
        "tnp-sqrt-int", "And in TensorFlow's NumPy module?",
        "np.sqrt(4)", "tnp.sqrt(4)",
        "tf.experimental.numpy converts an integer as NumPy does.",
        "Even tf.experimental.numpy does not answer an integer as NumPy does.",
    ),
    line(
        "int-divide", "Which dtype does int32 / int32 have?",
        "np.array([7], 'int32') / np.array([2], 'int32')",
        "tf.constant([7], tf.int32) / tf.constant([2], tf.int32)",
        "Both divide integers into the same dtype.",
        "True division of integers gives different dtypes or values.",
    ),
    line(
        "int-mean", "What is the mean of the integers 1 and 2?",
        "np.mean(np.array([1, 2], 'int32'))", "tf.reduce_mean(tf.constant([1, 2], tf.int32))",
        "Both give the same mean.",
        "The mean of integers is not the same: one may stay in integers and cut the fraction off.",
    ),
    line(
        "uint8-overflow", "What is 200 + 100 in uint8?",
        "np.array([200], 'uint8') + np.array([100], 'uint8')",
        "tf.constant([200], tf.uint8) + tf.constant([100], tf.uint8)",
        "Both wrap around, modulo 256, without a word.",
        "Overflow of small integers is not handled alike.",
    ),
    line(
        "negative-int-power", "What is 2 to the power −1 in integers?",
        "np.array([2], 'int32') ** np.array([-1], 'int32')",
        "tf.constant([2], tf.int32) ** tf.constant([-1], tf.int32)",
        "Both treat a negative integer power alike.",
        "A negative integer power is not treated alike.",
    ),
    line(
        "int-divide-zero", "What is the integer 1 // 0?",
        "np.array([1], 'int32') // np.array([0], 'int32')",
        "tf.constant([1], tf.int32) // tf.constant([0], tf.int32)",
        "Both treat an integer division by zero alike.",
        "An integer division by zero is a value in one and an error, or another value, in the other.",
    ),
    line(
        "sum-int32", "Which dtype does a sum of int32 have?",
        "np.sum(np.array([1, 2], 'int32'))", "tf.reduce_sum(tf.constant([1, 2], tf.int32))",
        "Both accumulate in the same dtype.",
        "The sum of 32-bit integers is accumulated in different dtypes, so one overflows before the other.",
    ),
    line(
        "cumsum-int8", "Where does a running sum of int8 overflow?",
        "np.cumsum(np.array([100, 100], 'int8'))", "tf.cumsum(tf.constant([100, 100], tf.int8))",
        "Both accumulate in the same dtype.",
        "The running sum of small integers is accumulated in different dtypes.",
    ),
    line(
        "shift", "What is 1 shifted left by 40 in int32?",
        "np.left_shift(np.array([1], 'int32'), np.array([40], 'int32'))",
        "tf.bitwise.left_shift(tf.constant([1], tf.int32), tf.constant([40], tf.int32))",
        "Both give the same for a shift by more bits than there are.",
        "A shift by more bits than there are is not the same in both.",
    ),
)
PROMOTION = (
    line(
        "float32-float64", "What is float32 + float64?",
        "np.array([1.], 'float32') + np.array([1.], 'float64')",
        "tf.constant([1.], tf.float32) + tf.constant([1.], tf.float64)",
        "Both promote alike.",
        "Mixed precisions are not treated alike: one promotes where the other refuses or promotes otherwise.",
    ),
    line(
        "int32-float32", "What is int32 + float32?",
        "np.array([1], 'int32') + np.array([1.], 'float32')",
        "tf.constant([1], tf.int32) + tf.constant([1.], tf.float32)",
        "Both promote alike.",
        "An integer array and a float array are not combined alike.",
    ),
    line(
        "tnp-int32-float32", "What is int32 + float32 in TensorFlow's NumPy module?",
        "np.add(np.array([1], 'int32'), np.array([1.], 'float32'))",
        "tnp.add(tf.constant([1], tf.int32), tf.constant([1.], tf.float32))",
        "tf.experimental.numpy promotes as NumPy does.",
        "Even tf.experimental.numpy does not promote as NumPy does.",
    ),
    line(
        "weak-float", "What is a float32 plus the Python float 1e-10?",
        "np.float32(1) + 1e-10", "tf.constant(1., tf.float32) + 1e-10",
        "Both let the float32 decide; the Python number is weak.",
        "A Python float beside a float32 does not lead to the same dtype.",
    ),
    line(
        "int-plus-float", "What is an integer array plus the Python float 0.5?",
        "np.array([1, 2]) + 0.5", "tf.constant([1, 2]) + 0.5",
        "Both treat a Python float beside integers alike.",
        "A Python float beside an integer array is not treated alike.",
    ),
    line(
        "bool-add", "What is True + True in arrays?",
        "np.array([True]) + np.array([True])", "tf.constant([True]) + tf.constant([True])",
        "Both add truth values alike.",
        "The sum of truth values does not mean the same in both.",
    ),
    line(
        "bool-sum", "What is the sum of an array of truth values?",
        "np.sum(np.array([True, True]))", "tf.reduce_sum(tf.constant([True, True]))",
        "Both count the true ones alike.",
        "Summing truth values is not the same in both.",
    ),
)
REDUCTIONS = (
    line(
        "std", "What is the standard deviation of 1, 2, 3, 4?",
        "np.std(np.array([1., 2., 3., 4.]))", "tf.math.reduce_std(tf.constant([1., 2., 3., 4.], tf.float64))",
        "Both divide by n (ddof = 0) by default.",
        "The standard deviation differs with equal inputs and defaults.",
    ),
    line(
        "std-ddof", "Can the divisor be chosen (ddof = 1)?",
        "np.std(np.array([1., 2., 3., 4.]), ddof=1)",
        "tf.math.reduce_std(tf.constant([1., 2., 3., 4.], tf.float64), ddof=1)",
        "Both take ddof and agree.",
        "The sample standard deviation is not to be had alike from both.",
    ),
    line(
        "tnp-std-ddof", "And in TensorFlow's NumPy module?",
        "np.std(np.array([1., 2., 3., 4.]), ddof=1)", "tnp.std(tnp.array([1., 2., 3., 4.]), ddof=1)",
        "tf.experimental.numpy takes ddof and agrees.",
        "Not even tf.experimental.numpy takes ddof as NumPy does.",
    ),
    line(
        "argmax-axis", "Over which axis does argmax look by default?",
        "np.argmax(np.array([[1, 9], [5, 2]]))", "tf.argmax(tf.constant([[1, 9], [5, 2]]))",
        "Both look over the same axis by default.",
        "The default axis of argmax is not the same: the flattened array in one, the first axis in the other.",
    ),
    line(
        "keepdims", "Is the argument called keepdims in both?",
        "np.sum(np.ones((2, 3), 'float32'), axis=1, keepdims=True)",
        "tf.reduce_sum(tf.ones((2, 3)), axis=1, keepdims=True)",
        "axis and keepdims have the same names and meaning.",
        "axis or keepdims is not the same in both.",
    ),
    line(
        "max-empty", "What is the maximum of an empty array?",
        "np.max(np.array([], 'float32'))", "tf.reduce_max(tf.constant([], tf.float32))",
        "Both treat an empty maximum alike.",
        "An empty array has a maximum in one and none, or another, in the other.",
    ),
    line(
        "argmax-ties", "Which of several equal maxima does argmax name?",
        "np.argmax(np.array([1., 3., 3., 2.]))", "tf.argmax(tf.constant([1., 3., 3., 2.]))",
        "Both name the same one, as integers of the same dtype.",
        "Of equal maxima the two do not name the same one, or not in the same dtype.",
    ),
    line(
        "float16-sum", "What is the sum of 4096 ones in float16?",
        "np.sum(np.ones(4096, 'float16'))", "tf.reduce_sum(tf.ones(4096, tf.float16))",
        "Both sums come out the same.",
        "The sums differ: the accumulators of the two are not alike.",
    ),
)
ARRAYS = (
    line(
        "array-in-tensor-function", "May the function of one library be given the array of the other?",
        "np.exp(np.array([0.]))", "tf.exp(np.array([0.]))",
        "TensorFlow's exp takes a NumPy array and keeps its dtype.",
        "TensorFlow's exp of a NumPy array does not give what NumPy gives.",
    ),
    line(
        "tensor-in-numpy-function", "Does NumPy's exp take a tensor?",
        "type(np.exp(np.array([0.]))).__name__", "type(np.exp(tf.constant([0.]))).__name__",
        "It does, and an array comes back.",
        "A tensor given to NumPy's exp does not come back as an array does.",
    ),
    line(
        "scalar-type", "What type has exp of one float32?",
        "type(np.exp(np.float32(0))).__name__",
        "type(tf.exp(tf.constant(0.))).__name__",
        "Both return the same type.",
        "One element comes back as different types: a NumPy scalar is no tensor of rank 0.",
    ),
    line(
        "item-assignment", "Can an element be assigned in place?",
        "np.zeros(2).__setitem__(0, 1.)", "tf.zeros(2).__setitem__(0, 1.)",
        "Both treat assignment alike.",
        "Arrays can be changed in place in one library and not in the other.",
    ),
    line(
        "out-argument", "Is there an out= argument?",
        "np.exp(np.zeros(1, 'float32'), out=np.empty(1, 'float32'))", "tf.exp(tf.zeros(1), out=tf.zeros(1))",
        "Both treat out= alike.",
        "Results can be written into a given array in one library only.",
    ),
    line(
        "broadcasting", "What is the shape of (3, 1) + (4,)?",
        "np.add(np.ones((3, 1)), np.ones(4)).shape", "tf.add(tf.ones((3, 1)), tf.ones(4)).shape",
        "Both broadcast by the same rule.",
        "Shapes are not broadcast alike.",
    ),
    line(
        "matmul-vectors", "What is matmul of two vectors?",
        "np.matmul(np.array([1., 2.]), np.array([3., 4.]))",
        "tf.matmul(tf.constant([1., 2.], tf.float64), tf.constant([3., 4.], tf.float64))",
        "Both treat vectors alike.",
        "matmul of two vectors is their dot product in one and not in the other.",
    ),
    line(
        "transpose", "What does transposing an array of rank 3 do?",
        "np.transpose(np.zeros((2, 3, 4))).shape", "tf.transpose(tf.zeros((2, 3, 4))).shape",
        "Both reverse all axes.",
        "Transposing an array of rank 3 is not the same in both.",
    ),
    line(
        "index-out-of-range", "What is element 5 of an array of 3?",
        "np.take(np.array([1., 2., 3.]), 5)", "tf.gather(tf.constant([1., 2., 3.], tf.float64), 5)",
        "Both treat an index out of range alike.",
        "An index out of range is an error in one and a value in the other.",
    ),
)
# fmt: on
GROUPS = (
    ("Default dtypes", DTYPES),
    ("Integer inputs", INTEGERS),
    ("Promotion and weak scalars", PROMOTION),
    ("Reductions: ddof, axis, ties, empty arrays", REDUCTIONS),
    ("NaN", NANS),
    ("Zeros and infinities", ZEROS),
    ("Remainders, rounding and casts", ROUNDING),
    ("Integers and conversions at their limits", LIMITS),
    ("Complex numbers", COMPLEX),
    ("Arrays and tensors", ARRAYS),
)
LINES = tuple(dict(entry, group=group) for group, lines in GROUPS for entry in lines)
