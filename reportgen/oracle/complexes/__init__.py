"""Exact values of functions of complex numbers.

``values``      :class:`ComplexExact`: both parts, and what a standard leaves open of them
``axes``        symmetry and the axes: signed zeros, branch cuts and exact zeros, for any arithmetic
``pairs``       functions of two numbers: rational ones, powers, products with logarithms
``identities``  values that are short numbers, recognised in integers
``arbs``        Arb's balls in the interior (the enclosure)
``bounded``     mpmath's real functions with error bounds, by formulas of their own (the word of record)
``solve``       :func:`~solve.enclose_complex`, :func:`~solve.confirm_complex`, and their agreement
"""
