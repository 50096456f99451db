"""Verbs: keep, find, describe and put away a channel's own media. The files themselves are in the media store.

Nothing is deleted: a video may show what was put away since, and its file stays as long as a row names it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from ytempire.channels.media import store
from ytempire.channels.model import Channel, ChannelMedia
from ytempire.channels.rules import MEDIA_MAX, check_media
from ytempire.kit.database import Connection
from ytempire.kit.errors import BadInput, NotFound


async def keep_media(conn: Connection, channel: Channel, media: ChannelMedia) -> ChannelMedia:
    """Add to the library. A file that is there already keeps its row, its words, and is put back if it was put away.

    Raises BadInput.
    """
    check_media(media)
    known = await store.same_file(conn, channel.id, media.file.sha256)
    if known is not None:
        await store.write(conn, replace(known, archived_at=None))
        return replace(known, archived_at=None)
    if await store.count(conn, channel.id) >= MEDIA_MAX:
        raise BadInput(
            f"the library holds {MEDIA_MAX} pictures and clips", field="media", fix="Archive some of them first."
        )
    await store.add(conn, media, user_id=channel.user_id, channel_id=channel.id, purpose="library")
    return media


async def keep_logo(conn: Connection, channel: Channel, media: ChannelMedia) -> None:
    """The channel's logo from now on."""
    await store.archive_logo(conn, channel.id, media.added_at)
    await store.add(conn, media, user_id=channel.user_id, channel_id=channel.id, purpose="logo")


async def logo_of(conn: Connection, channel_id: UUID) -> ChannelMedia:
    """The channel's logo. Raises NotFound."""
    found = await store.logo(conn, channel_id)
    if found is None:
        raise NotFound("the channel has no logo", field="logo", fix="PUT one to this address.")
    return found


async def drop_logo(conn: Connection, channel_id: UUID, now: datetime) -> None:
    """Have none from now on. Raises NotFound."""
    await logo_of(conn, channel_id)
    await store.archive_logo(conn, channel_id, now)


async def page_of_media(
    conn: Connection, channel_id: UUID, *, archived: bool, after: tuple[datetime, UUID] | None, limit: int
) -> list[ChannelMedia]:
    """The library's live or archived media after a place in it, oldest first."""
    return await store.page(conn, channel_id, archived=archived, after=after, limit=limit)


async def library_of(conn: Connection, channel_id: UUID, *, most: int) -> list[ChannelMedia]:
    """The live media that were added last: what a video's scenes may show."""
    return await store.newest(conn, channel_id, most)


async def look_at_media(conn: Connection, channel_id: UUID, media_id: UUID, *, lock: bool = False) -> ChannelMedia:
    """One of the library's. Raises NotFound."""
    found = await store.by_id(conn, channel_id, media_id, lock=lock)
    if found is None:
        raise NotFound(f"no picture or clip {media_id}", field="media", fix="List the channel's: GET …/media.")
    return found


async def named_media(conn: Connection, channel_id: UUID, ids: Sequence[UUID]) -> list[ChannelMedia]:
    """The live media of the library that have these ids, in this order. Raises NotFound, BadInput."""
    found = {media.id: media for media in await store.by_ids(conn, channel_id, ids)}
    for wanted in ids:
        if wanted not in found:
            raise NotFound(f"no picture or clip {wanted}", field="media", fix="List the channel's: GET …/media.")
        if found[wanted].archived_at:
            raise BadInput(f"{wanted} was put away", field="media", fix="Bring it back first, or choose another.")
    return [found[wanted] for wanted in dict.fromkeys(ids)]


async def change_media(conn: Connection, changed: ChannelMedia) -> None:
    """Describe it in other words. Raises BadInput."""
    check_media(changed)
    await store.write(conn, changed)


async def archive_media(conn: Connection, media: ChannelMedia, at: datetime | None) -> ChannelMedia:
    """Put it away (None: bring it back); what is away already keeps its date."""
    changed = replace(media, archived_at=at and (media.archived_at or at))
    await store.write(conn, changed)
    return changed
