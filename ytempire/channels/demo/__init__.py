"""The demo's five channels: small, different from each other, with sources of our own writing (Apache-2.0)."""

from __future__ import annotations

import tomllib
from importlib.resources import files
from uuid import UUID

from ytempire.channels.model import Autopilot, Brand, Channel, Source
from ytempire.kit.ids import new_id

ORDER = ("deep-sea", "kitchen-physics", "first-of-its-kind", "plain-pennies", "far-light")
"""The first one is what `make demo` shows."""


def demo_channels(user_id: UUID) -> list[Channel]:
    """The five channels for a user, each with a new id, backlog and sources; on autopilot, which needs a consent."""
    return [_channel(handle, user_id) for handle in ORDER]


def _channel(handle: str, user_id: UUID) -> Channel:
    raw = tomllib.loads(files(__package__).joinpath(f"{handle}.toml").read_text("utf-8"))
    sources = tuple(Source(one["title"], _paragraphs(one["text"]), one.get("url", "")) for one in raw.pop("sources"))
    return Channel(
        id=new_id(),
        user_id=user_id,
        handle=handle,
        autopilot=Autopilot.AUTO,
        brand=Brand(**raw.pop("brand")),
        topics=tuple(raw.pop("topics")),
        sources=sources,
        **raw,
    )


def _paragraphs(text: str) -> str:
    """Wrapped lines joined, paragraphs parted by one blank line."""
    return "\n\n".join(" ".join(block.split()) for block in text.strip().split("\n\n"))
