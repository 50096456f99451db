"""One-time links that people hand out. Their page takes the token out of the address before anything is shown."""

from __future__ import annotations

_PAGES = {"invitation": "join", "reset": "reset", "email": "confirm"}


def link(kind: str, token: str, public_url: str) -> str:
    """The address for an `invitation`, a `reset`, or a new `email` to confirm."""
    return f"{public_url}/{_PAGES[kind]}/{token}"


CAME_BACK = "/connected"
"""Where Google's consent page sends the browser back to; the OAuth client of a server has to name it."""


def came_back(public_url: str) -> str:
    """The whole address of that page."""
    return f"{public_url}{CAME_BACK}"
