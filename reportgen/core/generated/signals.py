"""Signals for transforms."""

from __future__ import annotations

from typing import Any

MAKERS: dict[str, Any] = {}
