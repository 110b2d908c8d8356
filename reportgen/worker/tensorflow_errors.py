"""What TensorFlow's exceptions mean: something that the library lacks, or a failure; and both in one line.

Runs inside the target's interpreter (Python >= 3.6): standard library and the library under test.
"""

import re

import tensorflow as tf
from common import one_line

UNSUPPORTED_WORDS = (
    "not in the list of allowed values",
    "not in list of allowed values",
    "no registered",
    "could not find device for node",
    "unsupported",
    "not supported",
    "not implemented",
    "unimplemented",
    "no opkernel",
    "no kernel",
    "no supported kernel",
    "detected unsupported operations",
    "must be a compile-time constant",
    "does not support",
    "allowed values",
)
"""How TensorFlow's messages say that an op has no kernel for a dtype or device, or no XLA lowering."""

LISTINGS = re.compile(
    r"\s*(;? ?NodeDef:|\[Op:|\[\[|All kernels registered|Registered (devices|kernels)|The op is created at|If you"
    r"|Colocation Debug Info|Caused by op|Original stack trace for|Stack trace for op definition"
    r"|Errors may have originated)"
)
"""Where a message goes on to list what else there is, or where in the program it came about."""
GRAPH_TRACE = re.compile(r"Graph execution error:\s*(Detected at node [^\n]*\n([ \t]+File [^\n]*\n|[ \t]*\n)*)*")
"""Where in which file an op was made: the same failure must have the same reason wherever the program lies."""
INTERNAL_NAMES = (
    (re.compile(r"when trying to compile graph \S+ on (\w+)"), r"for \1"),
    (re.compile(r"\{\{\w+ ([^}]*)\}\}"), r"\1"),
    (re.compile(r"(__inference_)?<lambda>(_\d+)*"), "function"),
    (re.compile(r"__inference_\w+"), "function"),
    (re.compile(r"0x[0-9a-f]{6,}"), "0x…"),
)
"""Names with counters and addresses: the same failure must have the same reason in every run."""


def reason(error):
    """One line that says what TensorFlow said, without lists of kernels, counters and addresses."""
    text = LISTINGS.split(GRAPH_TRACE.sub("", str(error)), 1)[0]
    for pattern, words in INTERNAL_NAMES:
        text = pattern.sub(words, text)
    return one_line(text, type(error).__name__)


def says_unsupported(error):
    """Whether an exception means that the library lacks the op for these dtypes, rather than that it failed."""
    kinds = (TypeError, NotImplementedError, tf.errors.UnimplementedError)
    if isinstance(error, kinds):
        return True
    if isinstance(error, AttributeError):
        # tf.experimental.numpy takes bfloat16 for an integer and calls a method that tensors do not have.
        return "experimental_enable_numpy_behavior" in str(error)
    if isinstance(error, (tf.errors.InvalidArgumentError, tf.errors.NotFoundError, ValueError)):
        text = str(error).lower()
        return any(words in text for words in UNSUPPORTED_WORDS)
    return False
