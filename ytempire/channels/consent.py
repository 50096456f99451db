"""Verbs: the owner's consent to the autopilot, dated and revocable."""

from __future__ import annotations

from ytempire.channels import store
from ytempire.channels.model import Autopilot, AutopilotConsent, Channel
from ytempire.channels.rules import DISCLOSURE
from ytempire.kit.clock import Clock
from ytempire.kit.database import Connection, Database
from ytempire.kit.errors import NotFound


async def consent_to_autopilot(database: Database, clock: Clock, channel: Channel) -> Channel:
    """Switch the autopilot on: the owner agrees, today, to the visibility that `channel` names and to disclosure.

    An earlier consent is revoked by it. Raises NotFound.
    """
    consent = AutopilotConsent(clock.now(), channel.visibility, DISCLOSURE)
    async with database.transaction(channel.user_id) as conn:
        if await store.channel_by_id(conn, channel.id) is None:
            raise _gone(channel)
        await store.add_consent(conn, consent, user_id=channel.user_id, channel_id=channel.id)
        await store.set_autopilot(conn, channel.id, Autopilot.AUTO)
        return await _read(conn, channel)


async def revoke_autopilot(database: Database, clock: Clock, channel: Channel) -> Channel:
    """Switch the autopilot off: from now on videos wait for review, those under way as well. Raises NotFound."""
    async with database.transaction(channel.user_id) as conn:
        await store.revoke_consent(conn, channel.id, clock.now())
        await store.set_autopilot(conn, channel.id, Autopilot.REVIEW)
        return await _read(conn, channel)


async def _read(conn: Connection, channel: Channel) -> Channel:
    found = await store.channel_by_id(conn, channel.id)
    if found is None:
        raise _gone(channel)
    return found


def _gone(channel: Channel) -> NotFound:
    return NotFound(
        f"no channel {channel.id}", field="channel", fix="GET /api/v1/channels and `ytempire channels` list yours."
    )
