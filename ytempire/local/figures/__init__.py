"""What is true of the whole platform right now, asked of the database and handed to Prometheus."""

from __future__ import annotations

from ytempire.local.figures.refresh import refresh

__all__ = ["refresh"]
