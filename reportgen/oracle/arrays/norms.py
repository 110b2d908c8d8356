"""Exact variances, norms, log-sum-exps and softmax."""

from __future__ import annotations

from typing import Any

REFERENCES: dict[str, Any] = {}
