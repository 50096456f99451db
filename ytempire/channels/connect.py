"""Verbs: connect a channel to the video platform, and disconnect it at once."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from ytempire.channels.credentials import Credentials
from ytempire.channels.model import Channel, Connection
from ytempire.channels.ports import Authoriser, Consent, ForgetApiData
from ytempire.kit.errors import NotConfigured, VendorRefused, YtempireError
from ytempire.kit.outside import outside


class ConsentRefused(YtempireError):  # noqa: N818
    """The owner did not consent, or not to enough, or not in time."""

    code = "consent_refused"


async def connect_channel(
    channel: Channel, authoriser: Authoriser, credentials: Credentials, show: Callable[[str], None]
) -> Connection:
    """Ask the owner, then keep the sealed token. The connection names the channel that was picked at the platform.

    An earlier connection stays until the new one is there; its token is not revoked, because at Google that would end
    every authorisation of the same channel, the new one too.
    """
    return await keep_consent(channel, await authoriser.ask(show), credentials)


async def keep_consent(channel: Channel, consent: Consent, credentials: Credentials) -> Connection:
    """Store what the owner granted, in place of an earlier connection."""
    now = credentials.clock.now()
    connection = Connection(
        channel_id=channel.id,
        platform=consent.platform,
        platform_channel_id=consent.platform_channel_id,
        title=consent.title,
        scopes=consent.scopes,
        connected_at=now,
        checked_at=now,
    )
    await credentials.keep(channel, connection, consent.refresh_token)
    return connection


async def revoke_all(authoriser: Authoriser, tokens: Sequence[tuple[Connection, str]]) -> dict[str, str]:
    """End authorisations whose rows are gone already; by the channels' titles: empty, or why it did not work."""
    told = {}
    for connection, token in tokens:
        try:
            with outside():
                await authoriser.revoke(token)
            told[connection.title] = ""
        except (NotConfigured, VendorRefused) as error:
            told[connection.title] = str(error)
    return told


async def disconnect_channel(
    channel: Channel, authoriser: Authoriser, credentials: Credentials, forget_api_data: ForgetApiData
) -> bool:
    """Revoke the authorisation at the platform, then delete it and what it gave; False if there was none.

    Raises VendorRefused if the platform can't be reached: then nothing is deleted, so that it can be tried again. What
    it gave goes last: a publish that ends meanwhile keeps nothing once the authorisation is gone. If this is broken off
    in between, the next disconnect deletes it.
    """
    try:
        _, refresh_token = await credentials.reveal(channel)
    except NotConfigured:
        refresh_token = ""
    if refresh_token:
        with outside():
            await authoriser.revoke(refresh_token)
        await credentials.forget(channel)
    await forget_api_data(channel)
    return bool(refresh_token)
