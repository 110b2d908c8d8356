"""Generators of named arrays, one module a group of functions; each has a table ``MAKERS``, name to maker.

The names are part of stored results: what one stands for never changes, a change gets a new name.
"""
