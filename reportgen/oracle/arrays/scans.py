"""Exact scans: cumulative sums, products and log-sum-exps at chosen positions."""

from __future__ import annotations

from typing import Any

REFERENCES: dict[str, Any] = {}
