"""reportgen: measured accuracy of NumPy and TensorFlow against a proven high-precision oracle."""

__version__ = "0.1.0"
