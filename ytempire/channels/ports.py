"""What channels need from outside: somebody who asks the owner for consent, somebody who reads feeds."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from ytempire.channels.model import Channel, FeedItem


@dataclass(frozen=True)
class Consent:
    """What the owner granted, and for which of their channels at the platform."""

    platform: str
    """`youtube` or `sandbox`."""
    platform_channel_id: str
    title: str
    scopes: tuple[str, ...]
    refresh_token: str = field(repr=False)


ForgetApiData = Callable[[Channel], Awaitable[None]]
"""Delete what the platform told of the channel, wherever it is kept."""


@dataclass(frozen=True)
class Asking:
    """One question to an owner: where the platform sends their browser back to, and what its answer must fit."""

    redirect: str
    state: str = field(repr=False)
    """Comes back with the answer as it is."""
    verifier: str = field(repr=False)
    """PKCE (RFC 7636): what only who asked can show with the code."""


class Authoriser(Protocol):
    """The platform's consent page and what follows from it."""

    def page(self, asking: Asking) -> str:
        """The consent page's address for a browser."""
        ...

    async def granted(self, asking: Asking, answer: Mapping[str, str]) -> Consent:
        """What the browser brought back (the query, without `state`) turned into a lasting authorisation.

        Raises ConsentRefused, BadInput (the OAuth client), VendorRefused (the platform is in trouble).
        """
        ...

    async def ask(self, show: Callable[[str], None]) -> Consent:
        """Show the consent page's address (`show` may open it) and wait for the owner's answer.

        Raises ConsentRefused, NotConfigured (the OAuth client), VendorRefused (the platform is in trouble).
        """
        ...

    async def revoke(self, refresh_token: str) -> None:
        """End the authorisation at the platform; one that has ended already is no error. Raises VendorRefused."""
        ...


@dataclass(frozen=True)
class FeedContent:
    """What a feed says at the moment."""

    title: str
    items: tuple[FeedItem, ...]
    """Newest first."""


class FeedReader(Protocol):
    """Fetches a feed from an address that a user gave, and reads it."""

    async def read(self, url: str) -> FeedContent:
        """Raises YtempireError (field `url`) with the reason, in bounded time and memory."""
        ...
