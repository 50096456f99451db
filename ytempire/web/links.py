"""One-time links that people hand out. The token stands behind the #, which browsers send to no server and no log."""

from __future__ import annotations


def link(kind: str, token: str, public_url: str) -> str:
    """The address for an `invitation` or a `reset`."""
    return f"{public_url}/{'join' if kind == 'invitation' else 'reset'}#{token}"
