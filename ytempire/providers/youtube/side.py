"""Everything of YouTube that an installation uses, put together for one address and one OAuth client."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from ytempire.channels import Credentials, connect_channel
from ytempire.channels.model import Channel
from ytempire.channels.ports import Authoriser
from ytempire.kit.clock import Clock
from ytempire.providers.youtube.consent import GoogleConsent
from ytempire.providers.youtube.endpoints import Endpoints
from ytempire.providers.youtube.platform import YouTubeChannels
from ytempire.providers.youtube.rehearsal import REHEARSAL_CLIENT_ID, REHEARSAL_CLIENT_SECRET, connect_stand_in


@dataclass(frozen=True)
class YouTubeSide:
    """The connected channels, and how one is connected: `sign_in` returns the title of the channel that was picked."""

    platforms: YouTubeChannels
    consent: Authoriser
    sign_in: Callable[[Channel, Callable[[str], None]], Awaitable[str]]


def youtube_side(root: str, client: tuple[str, str], credentials: Credentials, clock: Clock) -> YouTubeSide:
    """YouTube at `root`; `client` is the id and secret of the OAuth client, which a sandbox does not need."""
    endpoints = Endpoints.at(root)
    if endpoints.stand_in:
        client = (REHEARSAL_CLIENT_ID, REHEARSAL_CLIENT_SECRET)
    consent = GoogleConsent(client_id=client[0], client_secret=client[1], endpoints=endpoints, clock=clock)

    async def sign_in(channel: Channel, say: Callable[[str], None]) -> str:
        if endpoints.stand_in:
            return (await connect_stand_in(channel, credentials, endpoints)).title
        return (await connect_channel(channel, consent, credentials, say)).title

    platforms = YouTubeChannels(
        credentials=credentials, client_id=client[0], client_secret=client[1], endpoints=endpoints, clock=clock
    )
    return YouTubeSide(platforms, consent, sign_in)
