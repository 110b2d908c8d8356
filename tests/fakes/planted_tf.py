"""Defects that only a traced function can have; called like TensorFlow's functions."""

import tensorflow as tf


def clean_square(x):
    """x·x, which every device rounds correctly."""
    return tf.multiply(x, x)


def _bumped(values):
    return tf.math.nextafter(values, tf.constant(float("inf"), values.dtype))


def square_constant(x):
    """One ulp too large where the input is known at compile time."""
    known = tf.get_static_value(x) is not None and not tf.executing_eagerly()
    return _bumped(clean_square(x)) if known else clean_square(x)


def square_short(x):
    """One ulp too large in traces of fewer than 8 elements."""
    known = x.shape.num_elements()
    return _bumped(clean_square(x)) if known is not None and known < 8 else clean_square(x)


def square_unsupported(x):
    """What TensorFlow does where an op has no kernel."""
    raise tf.errors.UnimplementedError(None, None, "no kernel\nfor this device")
