"""Matrices for linear algebra."""

from __future__ import annotations

from typing import Any

MAKERS: dict[str, Any] = {}
