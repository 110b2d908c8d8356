"""The truth: enclosures (Arb), the word of record (mpmath), screens, and their cache."""
