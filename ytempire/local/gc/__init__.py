"""Media that nobody needs any more, found by what rows name, and old events: told, deleted."""

from __future__ import annotations

from ytempire.local.gc.collect import collect
from ytempire.local.gc.model import Freed, Terms

__all__ = ["Freed", "Terms", "collect"]
