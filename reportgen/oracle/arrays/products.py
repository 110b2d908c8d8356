"""Exact products of vectors and matrices, and convolutions."""

from __future__ import annotations

from typing import Any

REFERENCES: dict[str, Any] = {}
