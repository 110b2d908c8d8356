"""Pure building blocks: formats, metrics, plans and text. No I/O, no clock, no mpmath, no TensorFlow."""
