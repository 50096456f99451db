"""Fixtures for everyone."""
