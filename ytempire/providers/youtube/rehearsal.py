"""A rehearsal's owner, who consents by themselves: opens the sandbox's page naming a channel, and is sent back."""

from __future__ import annotations

import urllib.request
from collections.abc import Callable
from urllib.parse import urlencode

from ytempire.channels import Credentials, connect_channel, find_connection
from ytempire.channels.model import Channel, Connection
from ytempire.kit.errors import VendorRefused
from ytempire.providers.youtube.consent import GoogleConsent
from ytempire.providers.youtube.endpoints import Endpoints

VISIT_S = 20.0
REHEARSAL_CLIENT_ID = "1-rehearsal.sandbox"
REHEARSAL_CLIENT_SECRET = "sandbox"  # noqa: S105 - what the sandbox takes from everybody


def approve_by_itself(endpoints: Endpoints, channel_title: str) -> Callable[[str], None]:
    """What to hand to `GoogleConsent.ask` as `show` in rehearsal: all else is the real consent's own code."""
    if not endpoints.stand_in:
        raise ValueError("only a sandbox approves by itself")

    def show(address: str) -> None:
        if not address.startswith(endpoints.consent):
            raise ValueError("not the sandbox's consent page")
        named = f"{address}&{urlencode({'sandbox_channel': channel_title})}"
        try:
            with urllib.request.urlopen(named, timeout=VISIT_S) as page:  # noqa: S310 - checked above
                page.read(100_000)
        except OSError as error:
            raise VendorRefused(
                f"the sandbox's consent page did not answer ({error})",
                vendor="sandbox",
                reason="unreachable",
                retry_after_s=5.0,
            ) from error

    return show


async def connect_stand_in(channel: Channel, credentials: Credentials, endpoints: Endpoints) -> Connection:
    """Connect a channel to the sandbox without anybody at the keyboard; a connection that works is kept."""
    known = await find_connection(credentials.database, channel.user_id, channel.id)
    if known and known.platform == endpoints.platform and not known.broken:
        return known
    consent = GoogleConsent(
        client_id=REHEARSAL_CLIENT_ID,
        client_secret=REHEARSAL_CLIENT_SECRET,
        endpoints=endpoints,
        clock=credentials.clock,
        wait_s=VISIT_S,
    )
    return await connect_channel(channel, consent, credentials, approve_by_itself(endpoints, channel.name))
