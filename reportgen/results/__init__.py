"""Stored results: one version is one folder, written whole or not at all."""
