"""The adapter of TensorFlow 1.x on the installed TensorFlow 2, which has graphs and sessions in ``tf.compat.v1``."""

import tensorflow as tf

tf.compat.v1.disable_eager_execution()

from tensorflow1 import Adapter  # noqa: E402

__all__ = ["Adapter"]
