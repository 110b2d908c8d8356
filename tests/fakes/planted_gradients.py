"""Functions of TensorFlow tensors with gradients of their own: right, and wrong in one regime each."""

import tensorflow as tf


def _with_slope(function, slope):
    @tf.custom_gradient
    def inner(x):
        return function(x), lambda upstream: upstream * slope(x)

    return inner


def _tanh_slope(x):
    return 1 / tf.square(tf.cosh(x))


def clean_tanh(x):
    """tanh with the derivative 1/cosh^2."""
    return _with_slope(tf.tanh, _tanh_slope)(x)


def doubled_tanh(x):
    """Twice the derivative between 2 and 3."""
    return _with_slope(tf.tanh, lambda t: _tanh_slope(t) * (1 + tf.cast((t > 2) & (t < 3), t.dtype)))(x)


def trapped_tanh(x):
    """NaN for the derivative at infinities: 0 times infinity."""
    return _with_slope(tf.tanh, lambda t: _tanh_slope(t) * (t / t))(x)
