"""Operands of products and convolutions, and index arrays."""

from __future__ import annotations

from typing import Any

MAKERS: dict[str, Any] = {}
