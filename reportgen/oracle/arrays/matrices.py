"""Exact linear algebra by ball arithmetic."""

from __future__ import annotations

from typing import Any

REFERENCES: dict[str, Any] = {}
