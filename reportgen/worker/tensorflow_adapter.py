"""TensorFlow behind the worker's small interface: from 2.0 on eagerly or compiled, before that graphs in sessions."""

import os

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")

import tensorflow as tf

if int(tf.__version__.partition(".")[0]) < 2:
    from tensorflow1 import Adapter
else:
    from tensorflow2 import Adapter

__all__ = ["Adapter"]
