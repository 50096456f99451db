"""How many of a user's model calls the strong role may make."""

from __future__ import annotations

WINDOW = 50
"""The latest calls that count."""
FEWEST = 5
"""Of fewer calls a share says little: they count as so many."""


def strong_fits(cheap: int, strong: int, cheap_percent: int) -> bool:
    """Whether the latest calls, the one to be made among them, leave the cheap role its share."""
    return strong * 100 <= (100 - cheap_percent) * max(FEWEST, cheap + strong)
